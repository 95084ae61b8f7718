"""How far one gets, worked out for all visitors; and what one visitor has chosen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from accessibility.asked import mode_of
from accessibility.reach.times import Ground, ground_of
from accessibility.world import World
from network.transit.departures import Window
from scenarios.edits.scenario import EMPTY, Scenario
from ui.map.legend import breaks_for
from ui.state import cache
from ui.state.cached import cached
from ui.state.session import act, region, visit
from ui.views.reach import ReachView, reach_view, target_at

N_GROUNDS, N_VIEWS = 8, 60
"""Of an embedded region a ground is some 30 MB, a view below 1."""
AT_A_TIME = "at"
"""Reading of one departure."""


@dataclass(slots=True)
class Reaching:
    """What is shown of how far one gets."""

    is_on: bool = False
    target: str = ""
    """Id of a hub, service or village; "" for what the page begins with."""
    reading: str = "ordinary"
    departure: int = 9 * 3600


@cached(N_GROUNDS)
def _ground(world: World, network_edits: Scenario, mode: str) -> Ground:
    edited = cache.with_scenario(world, network_edits)
    return ground_of(edited, mode_of(edited, mode), cache.access(world, network_edits, mode).residents)


@cached(N_VIEWS)
def reached(
    world: World, scenario: Scenario, target: str, mode: str, reading: str, departure: int, limit_min: int
) -> ReachView:
    """How far people come to a facility or place with a scenario, and without.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.
    InputError
        When there is no such facility or place, before or after.

    """
    changed = scenario if scenario.edits else EMPTY
    worlds = (world, cache.with_scenario(world, changed) if changed.edits else world)
    grounds = (_ground(world, EMPTY, mode), _ground(world, cache.of_network(changed), mode))
    window = Window(departure, 60, 1) if reading == AT_A_TIME else world.window
    return reach_view(worlds, grounds, target, window, reading, breaks_for(mode), limit_min)


def first_target(world: World, scenario: Scenario) -> str:
    """Id of what a page about a scenario begins with: its last hub, or else the first service of the kind that is shown."""
    facilities, kind = cache.with_scenario(world, scenario).facilities, visit().choices.kind
    hubs = [id_ for id_, of in zip(facilities.id, facilities.kind, strict=True) if of == "hub"]
    services = [id_ for id_, of in zip(facilities.id, facilities.kind, strict=True) if of == kind]
    return (hubs[-1:] or services[:1] or [""])[0]


def show(widget: str) -> None:
    """Show how far one gets, or no longer."""
    act().of(Reaching).is_on = bool(st.session_state[widget])


def choose(name: str, widget: str) -> None:
    """Choose the place, the reading or the departure."""
    value = st.session_state[widget]
    if value is not None:
        setattr(act().of(Reaching), name, value)


def on_click(map_key: str, otherwise: Callable[[], None]) -> Callable[[], None]:
    """What a click on a map does: choose what was clicked while it is shown how far one gets, and else as the page has it."""

    def clicked() -> None:
        state = visit()
        if not state.of(Reaching).is_on:
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
            act().of(Reaching).target = target

    return clicked
