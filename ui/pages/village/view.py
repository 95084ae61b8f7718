"""What the page "My village" shows: the village with what is tried out, or with the visitor's scenario."""

from __future__ import annotations

from dataclasses import replace

from accessibility.asked import modes_in
from accessibility.world import World
from scenarios.edits.amend import with_edit
from scenarios.edits.facilities import FacilityEdit
from scenarios.edits.scenario import EMPTY, Scenario
from ui.state import cache
from ui.state.scenario_actions import NextHub
from ui.state.session import NOT_HERE, Message, visit
from ui.state.settle import misfit
from ui.views.design import kinds_in
from ui.views.village import VillageView, place_row, village_view, what_if
from ui.words.i18n import mark
from ui.words.words import VILLAGE_KINDS, VILLAGE_MODES

UNKNOWN_VILLAGE = mark(
    "The village of this link is not in this region, so you see another one. Choose yours in the list."
)


def settle_village(world: World) -> None:
    """Take a village that there is, and let go of what cannot be tried out there."""
    state = visit()
    asked, place_id = state.choices.place, world.places.id[place_row(world, state.choices.place)]
    if asked and asked != place_id:
        state.message = Message(UNKNOWN_VILLAGE, asked)
    state.choices = replace(state.choices, place=place_id)
    if state.choices.what_if and (reason := misfit(world, tried_out(world))):
        state.message = Message(NOT_HERE, str(reason))
        state.choices = replace(state.choices, what_if="")


def shown(world: World) -> Scenario:
    """Scenario of the page."""
    return tried_out(world)


def tried_out(world: World) -> Scenario:
    """The visitor's scenario with what is tried out for the chosen village."""
    state = visit()
    edit = tried_edit(world)
    return state.scenario if edit is None else with_edit(state.scenario, edit)


def tried_edit(world: World) -> FacilityEdit | None:
    """What is tried out for the chosen village; None where there is nothing to try."""
    state = visit()
    if not state.choices.what_if:
        return None
    now = village(world, state.scenario)
    return what_if(state.choices.what_if, now, state.of(NextHub).kinds(world))


def village(world: World, scenario: Scenario) -> VillageView:
    """View of the chosen village."""
    choices = visit().choices
    row = place_row(world, choices.place)
    kinds = cache.choosable(world, scenario, kinds_in)
    modes = tuple(mode for mode in cache.choosable(world, scenario, modes_in) if mode in VILLAGE_MODES)
    found = {
        kind: tuple(
            (cache.summed_up(world, EMPTY, kind, mode), cache.summed_up(world, scenario, kind, mode))
            for mode in modes
        )
        for kind in VILLAGE_KINDS
        if kind in kinds
    }
    days = tuple(
        cache.day_of(world, scenario, row, kind, "transit")
        for kind in dict.fromkeys(("supermarket", choices.kind))
        if "transit" in modes and kind in found and kind in world.facilities.kind
    )
    worlds = (world, cache.with_scenario(world, scenario))
    return village_view(worlds, row, found, days, cache.published(world))
