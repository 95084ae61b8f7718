"""What must hold of scenarios whatever the world: on random small ones, see `random_worlds`."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.nearest_times import NearestTimes
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import outcome, world_access
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, OpenFacility, PlaceHub
from scenarios.edits.line_courses import SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import EMPTY, Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets
from support.random_worlds import FAR, KINDS, LINES, random_world

FACILITY_KINDS = load_facility_kinds()
WORLDS = range(12)
RIDING = [mode for mode in MODES if mode.rides]
MORE: tuple[Edit, ...] = (
    PlaceHub(place_id="place 1", kinds=KINDS),
    OpenFacility(place_id="place 2", kind="gp", name="New"),
    *(ChangeHeadway(line=line, headway_min=minutes) for line in LINES for minutes in (10, 20)),
    *(ChangeSpan(line=line, first="05:00", last="23:00") for line in LINES),
    AddLine(name="X", stops=("A", "F", "P"), headway_min=15, speed_kmh=40, first="07:00", last="20:30"),
)
LESS: tuple[Edit, ...] = (
    CloseFacility("gp-0"),
    *(DropLine(line=line) for line in LINES),
    *(ChangeSpan(line=line, first="08:30", last="09:30") for line in LINES),
)
SELDOM: tuple[Edit, ...] = tuple(ChangeHeadway(line=line, headway_min=120) for line in LINES)
APART: tuple[Edit, ...] = (
    PlaceHub(place_id="place 1", kinds=KINDS),
    CloseFacility("gp-0"),
    ChangeHeadway(line="1", headway_min=10),
    DropLine(line="2"),
    ChangeSpeedLimit(classes=("tertiary",), limit_kmh=30),
    CloseStreets(classes=("residential",), modes=("bike", "ebike")),
    ChangeTraveller("75plus"),
)
"""Edits of which no two touch the same thing."""


@cache
def world(seed: int) -> World:
    return random_world(seed)


def changed(seed: int, *edits: Edit) -> World:
    return apply(world(seed), Scenario("Try", "", edits), FACILITY_KINDS)


def times(of: World, kind: str, mode: TravelMode) -> NearestTimes:
    return outcome(of, kind, mode, world_access(of, mode)).times


def assert_equal(one: World, other: World) -> None:
    """All kinds and modes have the same numbers, to the last digit."""
    for kind in KINDS:
        for mode in MODES:
            first, second = (times(of, kind, mode) for of in (one, other))
            assert np.array_equal(first.percentiles_s, second.percentiles_s), (kind, mode.name)
            assert np.array_equal(first.served_share, second.served_share)
            ids = [
                [of.facilities.id[row] if row >= 0 else "" for row in found.facility]
                for of, found in ((one, first), (other, second))
            ]
            assert ids[0] == ids[1]


def frozen(value: Any) -> Any:
    """Contents of a world, nested tables and all, as something to compare."""
    if isinstance(value, np.ndarray):
        return value.tobytes() if value.dtype != object else len(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: frozen(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [frozen(item) for item in value]
    return repr(value)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(WORLDS), st.sampled_from(MORE), st.sampled_from(MODES))
def test_more_service_never_makes_anyone_later(seed: int, edit: Edit, mode: TravelMode) -> None:
    after = changed(seed, edit)
    for kind in KINDS:
        before_s, after_s = (times(of, kind, mode).percentiles_s for of in (world(seed), after))
        assert (after_s <= before_s).all()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(WORLDS), st.sampled_from(LESS), st.sampled_from(MODES))
def test_less_service_never_makes_anyone_earlier(seed: int, edit: Edit, mode: TravelMode) -> None:
    after = changed(seed, edit)
    for kind in KINDS:
        before_s, after_s = (times(of, kind, mode).percentiles_s for of in (world(seed), after))
        assert (after_s >= before_s).all()


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(WORLDS), st.sampled_from(RIDING), st.sampled_from(LINES), st.data())
def test_a_skipped_stop_without_time_saved_never_makes_anyone_earlier(
    seed: int, mode: TravelMode, line: str, data: st.DataObject
) -> None:
    trips = world(seed).network.service.timetable.trips
    row = trips.route.index(line)
    called = trips.call_stop[trips.call_offset[row] : trips.call_offset[row + 1]].tolist()
    stop = world(seed).network.service.timetable.stops.id[data.draw(st.sampled_from(called))]
    after = changed(seed, SkipStop(line=line, stop=stop))
    before_s, after_s = (times(of, "gp", mode).percentiles_s for of in (world(seed), after))
    assert (after_s >= before_s).all()


@pytest.mark.parametrize("seed", WORLDS)
def test_two_hours_between_runs_are_never_better_than_the_runs_there_were(seed: int) -> None:
    # The headways were 20, 40 and 60 minutes, so that every run at 120 minutes was there before.
    for edit in SELDOM:
        after = changed(seed, edit)
        before_s, after_s = (times(of, "gp", RIDING[0]).percentiles_s for of in (world(seed), after))
        assert (after_s >= before_s).all()


@pytest.mark.parametrize("seed", WORLDS)
def test_an_edit_out_of_reach_changes_nothing(seed: int) -> None:
    far = (
        DropLine(line="far"),
        ChangeHeadway(line="far", headway_min=5),
        AddLine(name="Far X", stops=FAR, headway_min=5, speed_kmh=90, first="07:00", last="20:30"),
    )
    for edit in far:
        assert_equal(world(seed), changed(seed, edit))


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(WORLDS), st.lists(st.sampled_from(APART), min_size=2, max_size=3, unique=True))
def test_the_order_of_edits_that_touch_different_things_does_not_matter(seed: int, edits: list[Edit]) -> None:
    first, *others = (changed(seed, *order) for order in permutations(edits))
    for other in others:
        assert_equal(first, other)


@pytest.mark.parametrize("seed", WORLDS)
def test_undoing_gives_the_first_numbers_back(seed: int) -> None:
    before = world(seed)
    new_line = AddLine(name="X", stops=("A", "P"), headway_min=15, speed_kmh=40, first="07:00", last="20:30")
    undone = changed(seed, MORE[0], CloseFacility("hub-place 1"), new_line, DropLine(line="X"))
    assert undone.facilities.id == before.facilities.id
    assert undone.network.service.timetable.trips.id == before.network.service.timetable.trips.id
    assert_equal(before, undone)


@pytest.mark.parametrize("seed", WORLDS)
def test_an_empty_scenario_is_the_baseline_exactly(seed: int) -> None:
    assert changed(seed).network is world(seed).network
    assert_equal(world(seed), apply(world(seed), EMPTY, FACILITY_KINDS))


def test_a_world_is_the_same_after_every_edit() -> None:
    before = random_world(3)
    contents = frozen(before)
    for edit in (*MORE, *LESS, *SELDOM, *APART):
        apply(before, Scenario("Try", "", (edit,)), FACILITY_KINDS)
    assert frozen(before) == contents
