"""How far one gets, worked out for all visitors; and what one visitor has chosen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from accessibility.asked import mode_of
from accessibility.reach.times import Direction, Ground, ground_of
from accessibility.world import World
from network.transit.departures import Window
from scenarios.edits.scenario import EMPTY, Scenario
from ui.map.legend import breaks_for
from ui.state import cache
from ui.state.cached import cached
from ui.state.session import act, region, visit
from ui.views.design import departures_of
from ui.views.reach import ReachView, reach_view, target_at
from ui.views.reach_link import AT_A_TIME

N_GROUNDS, N_VIEWS, GROUNDS_MB = 8, 60, 60
"""Of an embedded region a ground is some 30 MB, a view below 1."""


@cached(N_GROUNDS, most_mb=GROUNDS_MB)
def _ground(world: World, network_edits: Scenario, mode: str, direction: Direction) -> Ground:
    edited = cache.with_scenario(world, network_edits)
    residents = cache.access(world, network_edits, mode).residents
    return ground_of(edited, mode_of(edited, mode), residents, direction)


@cached(N_VIEWS)
def reached(
    world: World,
    scenario: Scenario,
    direction: Direction,
    target: str,
    mode: str,
    reading: str,
    departure: int,
    limit_min: int,
) -> ReachView:
    """How far people come to a facility or place, or get from it, with a scenario and without.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.
    InputError
        When there is no such facility or place, before or after.

    """
    changed = scenario if scenario.edits else EMPTY
    worlds = (world, cache.with_scenario(world, changed) if changed.edits else world)
    # Whoever rides has other ways to the stops than from them; all others stand on the same ground.
    way: Direction = direction if mode_of(worlds[1], mode).rides else "to"
    grounds = (_ground(world, EMPTY, mode, way), _ground(world, cache.of_network(changed), mode, way))
    window = Window(departure, 60, 1) if reading == AT_A_TIME else departures_of(world.window)
    return reach_view(worlds, grounds, direction, target, window, reading, breaks_for(mode), limit_min)


def first_target(world: World, scenario: Scenario) -> str:
    """Id of what a page about a scenario begins with: its last hub, or else the first service of the kind that is shown."""
    facilities, kind = cache.with_scenario(world, scenario).facilities, visit().choices.kind
    hubs = [id_ for id_, of in zip(facilities.id, facilities.kind, strict=True) if of == "hub"]
    services = [id_ for id_, of in zip(facilities.id, facilities.kind, strict=True) if of == kind]
    return (hubs[-1:] or services[:1] or [""])[0]


def show(widget: str) -> None:
    """Show how far one gets, or no longer."""
    state = act()
    state.reaching = replace(state.reaching, direction="to" if st.session_state[widget] else "")


def choose(name: str, widget: str) -> None:
    """Choose the direction, the place, the reading or the departure."""
    state, value = act(), st.session_state[widget]
    if value is not None:
        state.reaching = replace(state.reaching, **{name: value})


def on_click(map_key: str, otherwise: Callable[[], None]) -> Callable[[], None]:
    """What a click on a map does: choose what was clicked while it is shown how far one gets, and else as the page has it."""

    def clicked() -> None:
        state = visit()
        if not state.reaching.direction:
            otherwise()
            return
        click = st.session_state[map_key].click
        if click is None:
            return
        world = cache.with_scenario(region(), state.scenario)
        is_place = click["layer"] == "places"
        place = world.places.id[int(click["id"])] if is_place else ""
        target = (
            click.get("facility") or place or target_at(world, state.choices.kind, click["lng"], click["lat"])
        )
        if target:
            state = act()
            state.reaching = replace(state.reaching, target=target)

    return clicked
