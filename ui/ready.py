"""Regions made ready, and scenarios worked out: the only caches of the app, shared by all visitors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd
import streamlit as st

from accessibility.closures import closures
from accessibility.travel_network import Progress
from accessibility.travel_times import TravelMode
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller, open_world
from data.control import Control, read_control
from data.errors import ScenarioError
from data.features import load_facility_kinds
from data.uncertainty import load_ranges
from network.departures import Window
from scenarios.apply import apply
from scenarios.edits import EMPTY, Scenario
from scenarios.evaluate import Comparison, Outcome, Starts, compare, outcome, starts
from scenarios.placement import best_answer, first_answer
from scenarios.placement_search import Patience, never_told
from scenarios.shelf import Shelf
from scenarios.stress import stress_singles, stress_table
from scenarios.uncertainty import bands
from ui import maps
from ui.compare_views import Sureness, sureness
from ui.day_views import DayView, day_view
from ui.i18n import Texts
from ui.links import Choices
from ui.quality_views import QualityView, quality_view
from ui.regions import regions
from ui.views import DesignView, design_view
from ui.village_views import Summary, summary
from ui.where_ask import SiteList
from ui.where_search import Search, Tell
from ui.where_views import CurvePoint, Found, Question, Reach, curve, found_of, reach, task_of
from ui.words import HOURS

PROFILES = {traveller.id: traveller for traveller in TRAVELLERS}
BY_SCENARIO: dict[str | type[Any], Callable[[Any], Any]] = {Scenario: lambda scenario: scenario.key}
"""How caches tell scenarios apart: by what they change, not by their names."""
HOUR_S = 3600
LIBRARY = Path.home() / ".dorpshub" / "library.sqlite"
"""Where the library of scenarios is kept: outside the program, so that an update leaves it alone."""
N_OUTCOMES, N_STARTS, N_SUMMARIES = 60, 24, 400
"""How many results are kept: some 3 MB for an outcome of 36,000 cells, 20 MB for the ways to the stops."""


N_REACHES = 6
"""Times to all sites: 37 MB for 16,500 inhabited cells and 280 sites."""
QUICK_S, EXACT_S, CURVE_S = 5.0, 60.0, 4.0
"""Seconds that a first answer may take, an exact search, and each point of a curve."""


@dataclass(slots=True)
class Opened:
    """The opened regions, each as each traveller finds it, shared by all visitors; the lock lets only one build."""

    lock: Lock = field(default_factory=Lock)
    worlds: dict[tuple[str, str], World] = field(default_factory=dict)
    sure: dict[tuple[object, ...], Sureness] = field(default_factory=dict)
    searching: Lock = field(default_factory=Lock)
    """Lets only one exact search run: the other core is for everybody's clicks."""
    best: dict[tuple[object, ...], Found] = field(default_factory=dict)
    quality: dict[str, QualityView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class WorkedOut:
    """A scenario worked out: the world it makes, and the comparison with the world as it is."""

    after: World
    comparison: Comparison


@st.cache_resource(show_spinner=False)
def _opened() -> Opened:
    return Opened()


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """Open the library of scenarios."""
    return Shelf(LIBRARY)


def opened(choices: Choices, texts: Texts) -> World:
    """Open a region for a traveller and hours, building it once on the very first visit, with its progress on the page."""
    store, key = _opened(), (choices.region, choices.traveller)
    if key not in store.worlds:
        waiting = texts.say(
            "The region is being prepared. This happens once and takes a few minutes at most."
        )
        with _waiting(waiting, texts) as progress, store.lock:
            if key not in store.worlds:
                worlds = (world for (region, _), world in store.worlds.items() if region == choices.region)
                world = next(worlds, None) or open_world(regions()[choices.region], progress)
                store.worlds[key] = for_traveller(world, PROFILES[choices.traveller])
    world = store.worlds[key]
    return replace(world, window=window_of(choices.hours)) if choices.hours else world


def window_of(hours: str) -> Window:
    """Every minute of the hours that are called so in a link."""
    first, last = HOURS[hours]
    return Window(first * HOUR_S, 60, (last - first) * 60)


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


def _key(world: World) -> tuple[str, str, str, int, int, int]:
    """What tells the results of two worlds without scenario apart."""
    return (world.region.name, world.digest, world.traveller.id, *world.window)


@st.cache_resource(show_spinner=False, max_entries=N_STARTS)
def _starts(key: tuple[object, ...], mode: str, network: str, _world: World, _mode: TravelMode) -> Starts:
    """How people set out by one mode; `network` tells edited streets or timetables from those of the region."""
    del key, mode, network
    return starts(_world, _mode)


@st.cache_resource(show_spinner=False, max_entries=N_OUTCOMES, hash_funcs=BY_SCENARIO)
def _applied(key: tuple[object, ...], scenario: Scenario, _world: World) -> World:
    del key
    return apply(_world, scenario, load_facility_kinds())


@st.cache_resource(show_spinner=False, max_entries=N_OUTCOMES, hash_funcs=BY_SCENARIO)
def _outcome(key: tuple[object, ...], scenario: Scenario, kind: str, mode: str, _world: World) -> Outcome:
    after, by = _applied(key, scenario, _world), mode_of(_world, mode)
    edited = scenario.key if after.network is not _world.network else ""
    return outcome(after, kind, by, _starts(key, mode, edited, after, by))


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES, hash_funcs=BY_SCENARIO)
def _summary(key: tuple[object, ...], scenario: Scenario, kind: str, mode: str, _world: World) -> Summary:
    # Not through the cache of outcomes: a page of thirty of them would push all others out.
    after, by = _applied(key, scenario, _world), mode_of(_world, mode)
    edited = scenario.key if after.network is not _world.network else ""
    return summary(outcome(after, kind, by, _starts(key, mode, edited, after, by)))


@st.cache_resource(show_spinner=False)
def _published(key: tuple[object, ...], _world: World) -> tuple[Control, ...]:
    del key
    return read_control(_world.region)


def published(world: World) -> tuple[Control, ...]:
    """Published figures of a region, read once."""
    return _published((world.region.name, world.digest), world)


def mode_of(world: World, name: str) -> TravelMode:
    """Mode of the world's traveller with this name."""
    return next(mode for mode in world.modes if mode.name == name)


@st.cache_resource(show_spinner=False)
def base_layers(region: str, _world: World) -> dict[str, Any]:
    """Map layers that never change, made once per region."""
    del region
    return maps.base_layers(_world)


def with_scenario(world: World, scenario: Scenario) -> World:
    """World with a scenario, ScenarioError where it does not fit."""
    return _applied(_key(world), scenario, world)


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> WorkedOut:
    """Work out a scenario for one kind and mode, or take it from the cache.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.

    """
    before, after = (_outcome(_key(world), applied, kind, mode, world) for applied in (EMPTY, scenario))
    return WorkedOut(with_scenario(world, scenario), compare(before, after))


def summed_up(world: World, scenario: Scenario, kind: str, mode: str) -> Summary:
    """Times of all places and means of the municipalities, or from the cache; ScenarioError as `worked_out`."""
    return _summary(_key(world), scenario, kind, mode, world)


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES, hash_funcs=BY_SCENARIO)
def _day(
    key: tuple[object, ...], scenario: Scenario, row: int, kind: str, mode: str, _world: World
) -> DayView:
    return day_view(_applied(key, scenario, _world), row, kind, mode_of(_world, mode))


def day_of(world: World, scenario: Scenario, row: int, kind: str, mode: str) -> DayView:
    """Trip from a place to a service and back, or from the cache; ScenarioError as `worked_out`."""
    return _day(_key(world), scenario, row, kind, mode, world)


def sure(world: World, scenario: Scenario, kind: str, mode: str, texts: Texts) -> Sureness:
    """Say how sure the differences of a scenario are, with its progress on the page, or from memory."""
    store, key = _opened(), (*_key(world), scenario.key, kind, mode)
    if key not in store.sure:
        facility_kinds = load_facility_kinds()

        def change(drawn: World) -> tuple[World, World]:
            return drawn, apply(drawn, scenario, facility_kinds)

        waiting = texts.say(
            "The comparison is made again with other assumptions. You can leave this page meanwhile."
        )
        with _waiting(waiting, texts) as progress:
            (band,) = bands(world, change, (kind,), (mode,), load_ranges(), progress)
        store.sure[key] = sureness(world, band)
    return store.sure[key]


@st.cache_resource(show_spinner=False, max_entries=N_REACHES)
def _reach(key: tuple[object, ...], kind: str, mode: str, sites: SiteList, _world: World) -> Reach:
    del key
    return reach(_world, kind, mode_of(_world, mode), sites)


def reached(world: World, asked: Question, texts: Texts) -> Reach:
    """Sites of the list asked for and the times to them, worked out once for all questions about them."""
    with st.spinner(texts.say("The times from every home to every site are being worked out.")):
        return _reach(_key(world), asked.kind, asked.mode, asked.ask.sites, world)


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES)
def _quick(key: tuple[object, ...], asked: Question, _world: World, _known: Reach) -> Found:
    del key
    task = task_of(_world, asked, mode_of(_world, asked.mode), _known)
    patience = Patience(QUICK_S, time.perf_counter, never_told)
    try:
        answer = first_answer(task, patience)
    except ScenarioError:
        # Swaps alone seldom find a set that reaches a share; the exact search does, and says why when there is none.
        answer = best_answer(task, patience)
    return found_of(_world, asked, answer, is_quick=True)


def quick_answer(world: World, asked: Question, known: Reach) -> Found:
    """Answer a question of placement at once, or from the cache.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or a quick answer does not do.

    """
    return _quick(_key(world), asked, world, known)


def best_known(world: World, asked: Question) -> Found | None:
    """Return what an exact search has found before, for whomever; None where there was none."""
    return _opened().best.get((*_key(world), asked))


def exact_search(world: World, asked: Question, texts: Texts) -> Search[Found]:
    """Make ready a search for the best answer, whose result all visitors share."""
    store, known, mode = _opened(), reached(world, asked, texts), mode_of(world, asked.mode)
    key = (*_key(world), asked)

    def work(tell: Tell) -> Found:
        earlier = store.best.get(key)
        if earlier is not None and not earlier.gap_share:
            return earlier
        answer = best_answer(task_of(world, asked, mode, known), Patience(EXACT_S, time.perf_counter, tell))
        found = found_of(world, asked, answer, is_quick=False)
        while len(store.best) >= N_SUMMARIES:
            store.best.pop(next(iter(store.best)))
        store.best[key] = found
        return found

    return Search(asked, work, store.searching)


def curve_search(world: World, asked: Question, texts: Texts) -> Search[tuple[CurvePoint, ...]]:
    """Make ready the answers for every number of hubs."""
    known, mode = reached(world, asked, texts), mode_of(world, asked.mode)

    def work(tell: Tell) -> tuple[CurvePoint, ...]:
        patience = Patience(CURVE_S, time.perf_counter, tell)
        return curve(task_of(world, asked, mode, known), asked, patience)

    return Search(asked, work, _opened().searching)


def quality_known(world: World) -> QualityView | None:
    """Return what was found when the data of the region were checked; None before that."""
    return _opened().quality.get(world.digest)


def quality_search(world: World) -> Search[QualityView]:
    """Make ready the check of a region's data, of which all visitors see the result."""
    store = _opened()

    def work(tell: Tell) -> QualityView:
        del tell
        if world.digest not in store.quality:
            store.quality[world.digest] = quality_view(world)
        return store.quality[world.digest]

    return Search(world.digest, work, store.searching)


def design_of_hubs(world: World, found: Found, asked: Question) -> DesignView:
    """View of the proposed hubs for the map and the table of places."""
    made = worked_out(world, found.scenario, asked.kind, asked.mode)
    return design_view(world, made.after, found.scenario, made.comparison, asked.limit_min)


@st.cache_resource(show_spinner=False, max_entries=N_STARTS, hash_funcs=BY_SCENARIO)
def _stressed(
    key: tuple[object, ...], scenario: Scenario, kind: str, mode: str, _world: World
) -> pd.DataFrame:
    after, by = _applied(key, scenario, _world), mode_of(_world, mode)
    edited = scenario.key if after.network is not _world.network else ""
    setting_out = _starts(key, mode, edited, after, by).residents
    found = closures(after.network, setting_out, after.facilities, kind, by, pairs=False)
    return stress_table(after, kind, by, stress_singles(after, found))


def stressed(world: World, scenario: Scenario, kind: str, mode: str) -> pd.DataFrame:
    """Every facility of a kind closed by itself, the worst first, or from the cache."""
    return _stressed(_key(world), scenario, kind, mode, world)
