"""What the page "My village" shows: the village with what is tried out, or with the visitor's scenario."""

from __future__ import annotations

from dataclasses import replace

from accessibility.asked import modes_in
from accessibility.world import World
from scenarios.edits.scenario import EMPTY, Scenario
from ui.state import cache
from ui.state.scenario_actions import NextHub
from ui.state.session import NOT_HERE, Message, visit
from ui.state.settle import misfit
from ui.views.village import VillageView, place_row, village_view, what_if
from ui.words.words import VILLAGE_KINDS, VILLAGE_MODES


def settle_village(world: World) -> None:
    """Take a village that there is, and let go of what cannot be tried out there."""
    state = visit()
    place_id = world.places.id[place_row(world, state.choices.place)]
    state.choices = replace(state.choices, place=place_id)
    if state.choices.what_if and (reason := misfit(world, tried_out(world))):
        state.message = Message(NOT_HERE, str(reason))
        state.choices = replace(state.choices, what_if="")


def shown(world: World) -> Scenario:
    """Scenario of the page."""
    state = visit()
    return tried_out(world) if state.choices.what_if else state.scenario


def tried_out(world: World) -> Scenario:
    """Scenario that is tried out for the chosen village; empty where there is nothing to try."""
    state = visit()
    return what_if(state.choices.what_if, village(world, EMPTY), state.of(NextHub).kinds(world)) or EMPTY


def village(world: World, scenario: Scenario) -> VillageView:
    """View of the chosen village."""
    choices = visit().choices
    row = place_row(world, choices.place)
    modes = tuple(mode for mode in modes_in(world) if mode in VILLAGE_MODES)
    found = {
        kind: tuple(
            (cache.summed_up(world, EMPTY, kind, mode), cache.summed_up(world, scenario, kind, mode))
            for mode in modes
        )
        for kind in VILLAGE_KINDS
        if kind in (*world.facilities.kind, "hub")
    }
    days = tuple(
        cache.day_of(world, scenario, row, kind, "transit")
        for kind in dict.fromkeys(("supermarket", choices.kind))
        if "transit" in modes and kind in found and kind in world.facilities.kind
    )
    worlds = (world, cache.with_scenario(world, scenario))
    return village_view(worlds, row, found, days, cache.published(world))
