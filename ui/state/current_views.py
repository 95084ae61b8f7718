"""What the pages ask for: the views that belong to the state of this visitor, worked out or taken from the caches."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from accessibility.asked import modes_in
from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.base import Spot
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from ui.state.cache import day_of, opened, published, summed_up, with_scenario, worked_out
from ui.state.date_actions import keep_day
from ui.state.session import BAD_LINK, NOT_HERE, OTHER_REGION, Message, hub_kinds, texts, visit
from ui.views.compare import CompareView, compare_view
from ui.views.design import DesignView, design_view
from ui.views.village import VillageView, place_row, village_view, what_if
from ui.words.words import VILLAGE_KINDS, VILLAGE_MODES


@dataclass(frozen=True, slots=True)
class Compared:
    """Scenarios beside each other, each compared with the region as it is."""

    scenarios: tuple[Scenario, ...]
    views: tuple[CompareView, ...]
    is_example: bool


def design(world: World) -> DesignView:
    """View of the visitor's scenario; one that does not fit the region is undone, with the reason as message."""
    fit(world)
    return design_of(world, visit().scenario)


def fit(world: World) -> None:
    """Undo changes that do not fit the region, with the reason as message."""
    state = visit()
    while True:
        try:
            with_scenario(world, state.scenario)
        except ScenarioError as error:
            if state.scenario == EMPTY:
                raise
            keep_day(str(error))
            state.message = Message(state.if_impossible, str(error))
            if state.if_impossible == OTHER_REGION:
                state.scenario = _fitting(world, state.scenario)
            else:
                state.scenario = state.past.pop() if state.past else EMPTY
        else:
            return


def _fitting(world: World, scenario: Scenario) -> Scenario:
    """Scenario with those of its changes that fit the region, in their order."""
    kept = structs.replace(scenario, edits=())
    for edit in scenario.edits:
        more = structs.replace(kept, edits=(*kept.edits, edit))
        kept = more if _fits(world, more) else kept
    return kept


def design_of(world: World, scenario: Scenario) -> DesignView:
    """View of any scenario that fits the region, for the kind, mode and limit that are chosen."""
    choices = visit().choices
    found = worked_out(world, scenario, choices.kind, choices.mode)
    return design_view(world, found.after, scenario, found.comparison, choices.limit)


def compared(world: World) -> Compared:
    """Views of the visitor's scenario and of those beside it; an example as long as there is none."""
    fit(world)
    state, choices = visit(), visit().choices
    others = tuple(other for other in state.others if _fits(world, other))
    if others != state.others:
        keep_day("")
        state.message, state.others = Message(BAD_LINK, ""), others
    is_example = state.scenario == EMPTY and not others
    first = example(world) if is_example else state.scenario
    scenarios = (first, *others) if first.edits or is_example else others
    found = [(of, worked_out(world, of, choices.kind, choices.mode)) for of in scenarios]
    views = tuple(compare_view(world, made.after, of, made.comparison, choices.limit) for of, made in found)
    return Compared(scenarios, views, is_example)


def _fits(world: World, scenario: Scenario) -> bool:
    try:
        with_scenario(world, scenario)
    except ScenarioError:
        return False
    return True


def example(world: World) -> Scenario:
    """Scenario for who has none yet: a hub in the village that the app begins with."""
    place_id = world.places.id[place_row(world, visit().choices.place)]
    return Scenario("", "", (PlaceHub(place_id=place_id, kinds=hub_kinds(world)),))


def drawing(world: World) -> tuple[Spot, ...]:
    """Points of what is being drawn on the map of the planner."""
    state = visit()
    if not state.route:
        return state.drawn
    stops = world.network.service.timetable.stops
    rows = [stops.id.index(stop) for stop in state.route if stop in stops.id]
    return tuple((float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in rows)


def village(world: World) -> tuple[VillageView, DesignView]:
    """View of the chosen village, and of all places around it, with what is tried out or the visitor's scenario."""
    fit(world)
    state = visit()
    state.choices = replace(state.choices, place=world.places.id[place_row(world, state.choices.place)])
    scenario = tried_out() if state.choices.what_if else state.scenario
    try:
        with_scenario(world, scenario)
    except ScenarioError as error:
        state.message = Message(NOT_HERE, str(error))
        state.choices, scenario = replace(state.choices, what_if=""), state.scenario
    return _village(world, scenario), design_of(world, scenario)


def _village(world: World, scenario: Scenario) -> VillageView:
    row = place_row(world, visit().choices.place)
    modes = tuple(mode for mode in modes_in(world) if mode in VILLAGE_MODES)
    found = {
        kind: tuple(
            (summed_up(world, EMPTY, kind, mode), summed_up(world, scenario, kind, mode)) for mode in modes
        )
        for kind in VILLAGE_KINDS
        if kind in (*world.facilities.kind, "hub")
    }
    days = tuple(
        day_of(world, scenario, row, kind, "transit")
        for kind in dict.fromkeys(("supermarket", visit().choices.kind))
        if "transit" in modes and kind in found and kind in world.facilities.kind
    )
    return village_view((world, with_scenario(world, scenario)), row, found, days, published(world))


def tried_out() -> Scenario:
    """Scenario that is tried out for the chosen village; empty where there is nothing to try."""
    state = visit()
    found = opened(state.choices, texts())
    kinds = tuple(kind for kind in hub_kinds(found) if kind in state.offers)
    return what_if(state.choices.what_if, _village(found, EMPTY), kinds) or EMPTY
