"""Regions made ready, and scenarios worked out: the only caches of the app, shared by all visitors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import streamlit as st

from accessibility.travel_network import Progress
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World, open_world
from data.features import load_facility_kinds
from scenarios.apply import apply
from scenarios.edits import EMPTY, Scenario
from scenarios.evaluate import Comparison, Outcome, Starts, compare, outcome, starts
from ui import maps
from ui.i18n import Texts

TRAVEL_MODES = {mode.name: mode for mode in MODES}
REGION = "zuid-oost-drenthe"


@dataclass(slots=True)
class Shelf:
    """The opened region and the ways to its stops, shared by all visitors; the lock lets only the first one build."""

    lock: Lock = field(default_factory=Lock)
    worlds: dict[str, World] = field(default_factory=dict)
    starts: dict[tuple[str, str], Starts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class WorkedOut:
    """A scenario worked out: the world it makes, and the comparison with the world as it is."""

    after: World
    comparison: Comparison


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


def opened(texts: Texts) -> World:
    """Open the region, building it once on the very first visit, with its progress on the page."""
    shelf = _shelf()
    if REGION not in shelf.worlds:
        waiting = texts.say(
            "The region is being prepared. This happens once and takes a few minutes at most."
        )
        with _waiting(waiting, texts) as progress, shelf.lock:
            if REGION not in shelf.worlds:
                shelf.worlds[REGION] = open_world(REGION, progress)
    return shelf.worlds[REGION]


def _starts(world: World, mode: TravelMode) -> Starts:
    """How people set out, worked out once per mode."""
    shelf, key = _shelf(), (world.region.name, mode.name)
    if key not in shelf.starts:
        shelf.starts[key] = starts(world, mode)
    return shelf.starts[key]


@contextmanager
def _waiting(sentence: str, texts: Texts) -> Iterator[Progress]:
    """Show a sentence and a bar that moves while something long is done, and nothing afterwards."""
    place = st.empty()
    with place.container(border=True):
        st.write(sentence)
        bar = st.progress(0.0)

    def progress(step: str, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=texts.say_data(step))

    try:
        yield progress
    finally:
        place.empty()


@st.cache_resource(show_spinner=False, max_entries=300, hash_funcs={Scenario: lambda scenario: scenario.key})
def _outcome(
    region: str, _world: World, scenario: Scenario, kind: str, mode: str, _starts: Starts
) -> tuple[World, Outcome]:
    del region  # only there to tell the cache entries of two regions apart
    after = apply(_world, scenario, load_facility_kinds())
    return after, outcome(after, kind, TRAVEL_MODES[mode], _starts)


@st.cache_resource(show_spinner=False)
def base_layers(region: str, _world: World) -> dict[str, Any]:
    """Map layers that never change, made once per region."""
    del region
    return maps.base_layers(_world)


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> WorkedOut:
    """Work out a scenario for one kind and mode, or take it from the cache.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.

    """
    setting_out = _starts(world, TRAVEL_MODES[mode])
    (_, before), (after_world, after) = (
        _outcome(world.region.name, world, applied, kind, mode, setting_out) for applied in (EMPTY, scenario)
    )
    return WorkedOut(after_world, compare(before, after))
