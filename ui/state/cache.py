"""Regions made ready, and scenarios worked out: the caches of the app, shared by all visitors."""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd
import streamlit as st

from accessibility.asked import mode_of
from accessibility.closures import closures
from accessibility.travel_times import TravelMode
from accessibility.travellers import ADULT, TRAVELLERS
from accessibility.world import World, for_traveller, on_date, open_world
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from data.progress import Progress
from data.study_area.published_figures import Control, read_control
from network.transit.departures import Window
from scenarios.comparison.compare import Comparison, Outcome, Starts, compare, outcome, starts
from scenarios.comparison.uncertainty import bands
from scenarios.edits.apply import apply
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.library import Shelf
from scenarios.measures.closures import stress_singles, stress_table
from ui.map import layers
from ui.state.link import Choices
from ui.state.regions import own_regions, regions, where
from ui.views.compare import Sureness, sureness
from ui.views.day import DayView, day_view
from ui.views.village import Summary, summary
from ui.words.i18n import Texts
from ui.words.words import HOURS

PROFILES = {traveller.id: traveller for traveller in TRAVELLERS}
BY_SCENARIO: dict[str | type[Any], Callable[[Any], Any]] = {Scenario: lambda scenario: scenario.key}
"""How caches tell scenarios apart: by what they change, not by their names."""
HOUR_S = 3600
LIBRARY = Path.home() / ".dorpshub" / "library.sqlite"
"""Where the library of scenarios is kept: outside the program, so that an update leaves it alone."""
N_OWN = 12
"""How many regions of visitors stay open."""
N_OUTCOMES, N_STARTS, N_SUMMARIES = 60, 24, 400
"""How many results are kept: some 3 MB for an outcome of 36,000 cells, 20 MB for the ways to the stops."""
N_DATES = 6
"""How many other dates than the usual ones stay open, of all regions together."""


@dataclass(slots=True)
class Opened:
    """The opened regions, each as each traveller finds it on each date ("" for the usual one), shared by all visitors."""

    lock: Lock = field(default_factory=Lock)
    """Lets only one build."""
    worlds: dict[tuple[str, str, str], World] = field(default_factory=dict)
    sure: dict[tuple[object, ...], Sureness] = field(default_factory=dict)


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
    """Open a region for a traveller, date and hours; what is asked for the first time is built, with its progress shown.

    A date that the timetable does not cover is the usual one.
    """
    own_regions().opened(choices.region)
    waiting = texts.say("The region is being prepared. This happens once and takes a few minutes at most.")
    world = _world(choices.region, choices.traveller, "", waiting, texts)
    if choices.date in map(dt.date.isoformat, world.known_dates.dates):
        waiting = texts.say("The timetable of this day is being read. This happens once.")
        world = _world(choices.region, choices.traveller, choices.date, waiting, texts)
    return replace(world, window=window_of(choices.hours)) if choices.hours else world


def _world(region: str, traveller: str, date: str, waiting: str, texts: Texts) -> World:
    """Region as a traveller finds it on a date, from memory or made ready."""
    store, key = _opened(), (region, traveller, date)
    if (known := store.worlds.get(key)) is not None:
        return known
    with _waiting(waiting, texts) as progress, store.lock:
        if key not in store.worlds:
            adults = (region, ADULT.id, date)
            if adults not in store.worlds:
                usual = store.worlds.get((region, ADULT.id, "")) or open_world(where(region), progress)
                day = dt.date.fromisoformat(date) if date else usual.region.service_date
                store.worlds[adults] = on_date(usual, day, progress)
            store.worlds[key] = for_traveller(store.worlds[adults], PROFILES[traveller])
            if region in regions() and not date:
                # Streamlit looks for garbage after every click; what stays for ever need not be looked through each time.
                gc.collect()
                gc.freeze()
        world = store.worlds[key]
        _close_oldest(store.worlds)
    return world


def _close_oldest(worlds: dict[tuple[str, str, str], World]) -> None:
    """Close the dates, and the regions of visitors, that were opened first, until `N_DATES` and `N_OWN` are left."""
    dates = list(dict.fromkeys((region, date) for region, _, date in worlds if date))
    own = list(dict.fromkeys(region for region, _, _ in worlds if region not in regions()))
    no_date, no_region = set(dates[: max(len(dates) - N_DATES, 0)]), set(own[: max(len(own) - N_OWN, 0)])
    for key in [key for key in worlds if (key[0], key[2]) in no_date or key[0] in no_region]:
        del worlds[key]


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


def key_of(world: World) -> tuple[str, str, str, int, int, int]:
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


@st.cache_resource(show_spinner=False, max_entries=2 * N_DATES)
def _base_layers(region: str, digest: str, _world: World) -> bytes:
    del region, digest
    return json.dumps(layers.base_layers(_world)).encode()


def base_layers(region: str, world: World) -> bytes:
    """Map layers that no choice but the date changes, as JSON, made once."""
    return _base_layers(region, world.digest, world)


def with_scenario(world: World, scenario: Scenario) -> World:
    """World with a scenario, ScenarioError where it does not fit."""
    return _applied(key_of(world), scenario, world)


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> WorkedOut:
    """Work out a scenario for one kind and mode, or take it from the cache.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.

    """
    before, after = (_outcome(key_of(world), applied, kind, mode, world) for applied in (EMPTY, scenario))
    return WorkedOut(with_scenario(world, scenario), compare(before, after))


def summed_up(world: World, scenario: Scenario, kind: str, mode: str) -> Summary:
    """Times of all places and means of the municipalities, or from the cache; ScenarioError as `worked_out`."""
    return _summary(key_of(world), scenario, kind, mode, world)


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES, hash_funcs=BY_SCENARIO)
def _day(
    key: tuple[object, ...], scenario: Scenario, row: int, kind: str, mode: str, _world: World
) -> DayView:
    return day_view(_applied(key, scenario, _world), row, kind, mode_of(_world, mode))


def day_of(world: World, scenario: Scenario, row: int, kind: str, mode: str) -> DayView:
    """Trip from a place to a service and back, or from the cache; ScenarioError as `worked_out`."""
    return _day(key_of(world), scenario, row, kind, mode, world)


def sure(world: World, scenario: Scenario, kind: str, mode: str, texts: Texts) -> Sureness:
    """Say how sure the differences of a scenario are, with its progress on the page, or from memory."""
    store, key = _opened(), (*key_of(world), scenario.key, kind, mode)
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


@st.cache_resource(show_spinner=False, max_entries=N_STARTS, hash_funcs=BY_SCENARIO)
def _stressed(
    key: tuple[object, ...], scenario: Scenario, kind: str, mode: str, _world: World
) -> pd.DataFrame:
    after, by = _applied(key, scenario, _world), mode_of(_world, mode)
    edited = scenario.key if after.network is not _world.network else ""
    access = _starts(key, mode, edited, after, by).residents
    found = closures(after.network, access, after.facilities, kind, by, pairs=False)
    return stress_table(after, kind, by, stress_singles(after, found))


def stressed(world: World, scenario: Scenario, kind: str, mode: str) -> pd.DataFrame:
    """Every facility of a kind closed by itself, the worst first, or from the cache."""
    return _stressed(key_of(world), scenario, kind, mode, world)
