"""Earliest arrivals over a timetable.

A five-stop valley that fits on one screen:

        line 1  every half hour            line 2  once, at 8:30
    Aa ────────── Bee ────────── Cee      Dee ────────── Eel
     8:00          8:10           8:25     8:30           8:45
     8:30          8:40           8:55
                                   └─ 4 min walk ─┘
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.timetable import Transfers, Trips, picked
from network.hierarchy.within import as_within
from network.lanes import UNREACHED_INT32
from network.transit.transfers import transfer_times
from support.oracles.transit import vehicle_arrivals
from support.random_timetables import arrivals_by_rounds
from support.toys.networks import NO_RULES, clock, run, trips

AA, BEE, CEE, DEE, EEL = range(5)
VALLEY = trips(
    [
        run((AA, "8:00"), (BEE, "8:10"), (CEE, "8:25")),
        run((AA, "8:30"), (BEE, "8:40"), (CEE, "8:55")),
        run((DEE, "8:30"), (EEL, "8:45")),
    ]
)
LATEST = clock("12:00")


def walks(n_stops: int, *pairs: tuple[int, int, float]) -> np.ndarray:
    seconds = np.full((n_stops, n_stops), np.inf)
    for one, other, walk_s in pairs:
        seconds[one, other] = seconds[other, one] = walk_s
    return seconds


def arrivals(start: str, *, change_s: int = 60, stop: int = AA, timetable: Trips = VALLEY) -> np.ndarray:
    """Earliest arrivals by vehicle of one traveller who stands at `stop` at `start`."""
    ready = np.full((5, 1), UNREACHED_INT32, np.int32)
    ready[stop] = clock(start)
    ways = transfer_times(as_within(walks(5, (CEE, DEE, 240))), NO_RULES, change_s)
    return vehicle_arrivals(timetable, ways, ready, LATEST)[:, 0]


def test_the_first_bus_that_can_be_caught_is_taken() -> None:
    # Standing at Aa at 8:00 sharp catches the 8:00; a minute later it has to be the 8:30.
    assert arrivals("8:00")[BEE] == clock("8:10")
    assert arrivals("8:01")[BEE] == clock("8:40")


@pytest.mark.parametrize(("change_s", "expected"), [(60, clock("8:45")), (61, UNREACHED_INT32)])
def test_a_change_takes_the_walk_and_the_minimum_time(change_s: int, expected: int) -> None:
    # 8:25 at Cee + 240 s walk + 60 s is exactly the 8:30 at Dee; one second more misses the only bus.
    assert arrivals("7:55", change_s=change_s)[EEL] == expected


def test_a_stop_where_one_stands_is_not_reached_by_vehicle() -> None:
    assert arrivals("7:00")[AA] == UNREACHED_INT32


def test_no_pickup_and_no_dropoff() -> None:
    # Nobody may board the 8:00 at Aa, so the 8:30 it is; nobody may leave it at Bee, so Bee stays out of reach.
    no_pickup, no_dropoff = VALLEY.call_pickup.copy(), VALLEY.call_dropoff.copy()
    no_pickup[0] = False
    no_dropoff[4] = False
    found = arrivals("7:55", timetable=replace(VALLEY, call_pickup=no_pickup, call_dropoff=no_dropoff))
    assert found[CEE] == clock("8:55")
    assert found[BEE] == UNREACHED_INT32


def test_a_transfer_rule_may_forbid_or_prescribe_a_time() -> None:
    ready = np.full((5, 1), UNREACHED_INT32, np.int32)
    ready[AA] = clock("7:55")
    for min_s, forbidden, expected in (
        (-1, True, UNREACHED_INT32),
        (300, False, clock("8:45")),
        (301, False, UNREACHED_INT32),
    ):
        rule = Transfers(
            np.array([CEE], np.int32),
            np.array([DEE], np.int32),
            np.array([min_s], np.int32),
            np.array([forbidden]),
        )
        ways = transfer_times(as_within(walks(5, (CEE, DEE, 240))), rule, 60)
        # 8:25 + 300 s is 8:30, one second more is too late; and where the change is forbidden nobody makes it.
        assert vehicle_arrivals(VALLEY, ways, ready, LATEST)[EEL, 0] == expected


def test_a_change_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one second"):
        transfer_times(as_within(walks(2)), NO_RULES, 0)


@st.composite
def small_timetables(draw: st.DrawFn) -> tuple[Trips, np.ndarray]:
    """Up to eight trips over five stops within fifteen minutes: ties, zero hops, loops and overtaking abound."""
    runs = []
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, 600))
        calls = []
        for stop in draw(st.lists(st.integers(0, 4), min_size=2, max_size=5)):
            arrival = at + draw(st.sampled_from([0, 0, 30, 60, 200]))
            at = arrival + draw(st.sampled_from([0, 0, 30]))
            calls.append((stop, arrival, at))
        runs.append(calls)
    timetable = trips(runs)
    n_calls = len(timetable.call_stop)
    allowed = st.lists(st.sampled_from([True, True, True, False]), min_size=n_calls, max_size=n_calls)
    timetable = replace(timetable, call_pickup=np.array(draw(allowed)), call_dropoff=np.array(draw(allowed)))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.0, 20.0, 90.0])), max_size=4
        )
    )
    return timetable, walks(5, *[pair for pair in pairs if pair[0] != pair[1]])


@settings(deadline=None, max_examples=300)
@given(
    small_timetables(), st.sampled_from([1, 30, 60]), st.lists(st.integers(0, 700), min_size=1, max_size=4)
)
def test_equal_to_plain_rounds_on_small_timetables(
    case: tuple[Trips, np.ndarray], change_s: int, starts: list[int]
) -> None:
    timetable, walk_s = case
    ways = transfer_times(as_within(walk_s), NO_RULES, change_s)
    ready = np.full((5, len(starts)), UNREACHED_INT32, np.int32)
    ready[0], ready[1] = starts, np.array(starts) + 45
    found = vehicle_arrivals(timetable, ways, ready, 10_000)
    for lane in range(len(starts)):
        assert (found[:, lane] == arrivals_by_rounds(timetable, ways, ready[:, lane], 99)).all()


@settings(deadline=None, max_examples=100)
@given(small_timetables(), st.integers(0, 700))
def test_one_trip_less_never_brings_anyone_earlier(case: tuple[Trips, np.ndarray], start: int) -> None:
    timetable, walk_s = case
    ways = transfer_times(as_within(walk_s), NO_RULES, 60)
    ready = np.full((5, 1), UNREACHED_INT32, np.int32)
    ready[0] = start
    fewer = picked(timetable, np.arange(len(timetable.id) - 1))
    assert (
        vehicle_arrivals(fewer, ways, ready, 10_000) >= vehicle_arrivals(timetable, ways, ready, 10_000)
    ).all()


def table_of_changes(walk_s: np.ndarray, rules: Transfers, min_change_s: int) -> np.ndarray:
    """Changes as a table of every stop by every stop, one rule after the other."""
    walk_s = walk_s.copy()
    np.fill_diagonal(walk_s, 0.0)
    rows = list(zip(rules.from_stop, rules.to_stop, rules.min_s, rules.forbidden, strict=True))
    for one, other, min_s, forbidden in rows:
        if min_s < 0 and not forbidden:
            walk_s[one, other] = 0.0
    seconds = walk_s + min_change_s
    for one, other, min_s, _ in rows:
        if min_s >= 0:
            seconds[one, other] = max(walk_s[one, other], min_s, 1.0)
    for one, other, _, forbidden in rows:
        if forbidden:
            seconds[one, other] = np.inf
    return seconds


@given(st.integers(0, 2**32 - 1))
def test_changes_are_those_of_the_table_of_all_pairs(seed: int) -> None:
    random = np.random.default_rng(seed)
    n_stops = int(random.integers(0, 6))
    n_rules = int(random.integers(0, 9)) if n_stops else 0
    walk_s = np.where(
        random.random((n_stops, n_stops)) < 0.4, random.integers(0, 500, (n_stops, n_stops)), np.inf
    )
    forbidden = random.random(n_rules) < 0.2
    rules = Transfers(
        random.integers(max(n_stops, 1), size=n_rules).astype(np.int32),
        random.integers(max(n_stops, 1), size=n_rules).astype(np.int32),
        np.where(forbidden, -1, random.choice([-1, 0, 90, 600], n_rules)).astype(np.int32),
        forbidden,
    )
    expected = as_within(table_of_changes(walk_s, rules, 60))
    found = transfer_times(as_within(walk_s), rules, 60)
    assert np.array_equal(found.offset, expected.offset)
    assert np.array_equal(found.to_stop, expected.target)
    assert np.array_equal(found.seconds, expected.seconds)
