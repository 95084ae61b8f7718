"""The legs of a journey: through a valley with a choice of where to change, and through random mischief.

line 1   Aa 8:00 ── Bee 8:10 ── Cee 8:20
line 2              Bee 8:30 ── Cee 8:40 ── Dee 8:50      a change at Bee takes 240 s, one at Cee 60 s
line 3   Aa 8:05 ─────────────────────────── Dee 8:50
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from data.timetable import InSeatTransfers, Trips
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit.event_graph import build_events
from network.transit.event_sweep import packed, plain, sweep, sweep_rides
from network.transit.journeys import Journey, Lane, Leg, Timetabled, explain
from network.transit.transfers import TransferTimes
from support.random_timetables import N_STOPS, Case, random_case
from support.toys.networks import clock, run, trips
from support.transit_cases import FEEDS, N_CASES, N_SLOW_CASES, at_stop, real_case

AA, BEE, CEE, DEE = range(4)
CHANGES = TransferTimes(
    np.array([0, 0, 1, 2, 2]), np.array([BEE, CEE], np.int32), np.array([240, 60], np.int32)
)
LINE_1 = run((AA, "8:00"), (BEE, "8:10"), (CEE, "8:20"))
LINE_2 = run((BEE, "8:30"), (CEE, "8:40"), (DEE, "8:50"))
LINE_3 = run((AA, "8:05"), (DEE, "8:50"))
TO_DEE = plain(np.array([np.inf, np.inf, np.inf, 20.0]))


def from_aa(timetable: Trips, egress_s: np.ndarray, max_rides: int = 0) -> Journey | None:
    """Journey of someone who lives 30 s from Aa and leaves at 7:55."""
    access_s = plain(np.array([30.0, np.inf, np.inf, np.inf]))
    timetabled = Timetabled(build_events(timetable, CHANGES), timetable, CHANGES)
    lane = Lane(egress_s, sweep(timetabled.graph, egress_s[:, None])[:, 0])
    return explain(timetabled, lane, access_s, clock("7:55"), max_rides)


def test_a_change_is_made_where_it_takes_least_walking() -> None:
    journey = from_aa(trips([LINE_1, LINE_2]), TO_DEE)
    assert journey == Journey(
        departure=clock("7:55"),
        legs=(
            # Calls 0 to 2: from Aa to Cee.
            Leg(walk_s=30, trip=0, from_call=0, to_call=2, departure=clock("8:00"), arrival=clock("8:20")),
            # Calls 4 to 5: from Cee to Dee.
            Leg(walk_s=60, trip=1, from_call=4, to_call=5, departure=clock("8:40"), arrival=clock("8:50")),
        ),
        egress_s=20,
        arrival=clock("8:50") + 20,
    )


def test_one_ride_is_better_than_two_in_the_same_time() -> None:
    journey = from_aa(trips([LINE_1, LINE_2, LINE_3]), TO_DEE)
    assert journey is not None
    assert [leg.trip for leg in journey.legs] == [2]


def test_no_journey_is_none() -> None:
    assert from_aa(trips([LINE_2]), TO_DEE) is None
    assert from_aa(trips([LINE_1]), TO_DEE) is None


def test_with_one_ride_at_most_the_slower_line_without_a_change_is_taken() -> None:
    # With line 3 ten minutes later two rides are quicker, unless one is all that is allowed.
    late = run((AA, "8:05"), (DEE, "9:00"))
    for max_rides, expected in ((0, [0, 1]), (2, [0, 1]), (1, [2])):
        journey = from_aa(trips([LINE_1, LINE_2, late]), TO_DEE, max_rides)
        assert journey is not None
        assert [leg.trip for leg in journey.legs] == expected
        assert journey.n_rides == len(expected)


def test_who_stays_seated_does_not_change() -> None:
    # The vehicle of line 1 goes on from Cee, 8:20, as line 4 to Dee: one ride of two legs, without a walk in between.
    line_4 = run((CEE, "8:21"), (DEE, "8:31"))
    in_seat_transfers = InSeatTransfers(np.array([0], np.int32), np.array([1], np.int32))
    journey = from_aa(replace(trips([LINE_1, line_4]), in_seat_transfers=in_seat_transfers), TO_DEE, 1)
    assert journey is not None
    assert journey.legs == (
        Leg(walk_s=30, trip=0, from_call=0, to_call=2, departure=clock("8:00"), arrival=clock("8:20")),
        Leg(
            0,
            trip=1,
            from_call=3,
            to_call=4,
            departure=clock("8:21"),
            arrival=clock("8:31"),
            is_in_seat=True,
        ),
    )
    assert (journey.n_rides, journey.arrival) == (1, clock("8:31") + 20)
    # Without that one changes, for which a minute is just enough; with one ride there is no way.
    assert from_aa(trips([LINE_1, line_4]), TO_DEE, 1) is None
    journey = from_aa(trips([LINE_1, line_4]), TO_DEE)
    assert journey is not None
    assert (journey.n_rides, [leg.is_in_seat for leg in journey.legs]) == (2, [False, False])


def check_legs(timetable: Trips, ways: TransferTimes, access_s: np.ndarray, journey: Journey) -> None:
    """Every leg must be in the timetable, in order, with enough time to walk."""
    ready, at_stop_before = journey.departure, -1
    for before, leg in zip((None, *journey.legs), journey.legs, strict=False):
        calls = range(timetable.call_offset[leg.trip], timetable.call_offset[leg.trip + 1])
        assert leg.from_call in calls
        assert leg.to_call in calls
        assert leg.from_call < leg.to_call
        assert leg.departure == timetable.call_departure[leg.from_call]
        assert leg.arrival == timetable.call_arrival[leg.to_call]
        assert timetable.call_dropoff[leg.to_call] or leg.to_call == calls[-1]
        if leg.is_in_seat:
            # The vehicle was left at its end, and goes on from there as one of the trips it may go on as.
            assert before is not None
            assert before.to_call == timetable.call_offset[before.trip + 1] - 1
            onward = timetable.in_seat_transfers.to_trip[timetable.in_seat_transfers.from_trip == before.trip]
            assert leg.trip in onward
            assert (leg.walk_s, leg.from_call) == (0, calls[0])
            ready, at_stop_before = leg.arrival, timetable.call_stop[leg.to_call]
            continue
        assert before is None or timetable.call_dropoff[before.to_call]
        assert timetable.call_pickup[leg.from_call]
        stop = timetable.call_stop[leg.from_call]
        if at_stop_before < 0:
            assert leg.walk_s == access_s[stop]
        else:
            rows = slice(ways.offset[at_stop_before], ways.offset[at_stop_before + 1])
            assert leg.walk_s in ways.seconds[rows][ways.to_stop[rows] == stop]
        assert ready + leg.walk_s <= leg.departure
        ready, at_stop_before = leg.arrival, timetable.call_stop[leg.to_call]


def check_journey(case: Case, rng: np.random.Generator, *, is_packed: bool) -> bool:
    """Explain one journey of a case, and compare it with the sweeps; whether there was any."""
    graph = build_events(case.trips, case.transfer_times)
    egress = case.egress[:, 0]
    if is_packed:
        egress = packed(as_seconds(egress), rng.integers(0, 4, N_STOPS, dtype=np.int32))
    near = rng.random(N_STOPS) < 0.5
    access_s = plain(np.where(near, rng.integers(0, 200, N_STOPS), np.inf))
    start = int(rng.integers(-450, 300))

    def arrival(table: np.ndarray) -> float:
        found = [at_stop(graph, table, stop, start + access_s[stop])[0] for stop in np.flatnonzero(near)]
        return min((float(as_seconds(value)) for value in found), default=np.inf)

    table = sweep(graph, egress[:, None])
    timetabled = Timetabled(graph, case.trips, case.transfer_times)
    lane = Lane(egress, table[:, 0])
    journey = explain(timetabled, lane, access_s, start)
    if journey is None:
        assert arrival(table) == np.inf
        return False
    assert journey.arrival == arrival(table)
    check_legs(case.trips, case.transfer_times, access_s, journey)
    last_stop = case.trips.call_stop[journey.legs[-1].to_call]
    assert journey.egress_s == case.egress[last_stop, 0]
    assert journey.arrival == journey.legs[-1].arrival + journey.egress_s
    assert case.trips.call_dropoff[journey.legs[-1].to_call]
    n_rides = journey.n_rides
    assert arrival(sweep_rides(graph, egress[:, None], n_rides)) == journey.arrival
    if n_rides > 1 and not is_packed:
        fewer = sweep_rides(graph, egress[:, None], n_rides - 1)
        assert arrival(fewer) > journey.arrival
        slower = explain(timetabled, lane, access_s, start, n_rides - 1)
        assert (np.inf if slower is None else slower.arrival) == arrival(fewer)
        if slower is not None:
            check_legs(case.trips, case.transfer_times, access_s, slower)
            assert slower.n_rides < n_rides
    return True


@pytest.mark.parametrize("is_packed", [False, True])
def test_journeys_take_the_time_of_the_sweep_with_the_fewest_rides(*, is_packed: bool) -> None:
    rng = np.random.default_rng(31)
    n_found = sum(check_journey(random_case(rng), rng, is_packed=is_packed) for _ in range(N_SLOW_CASES))
    assert n_found > N_SLOW_CASES // 5


@pytest.mark.skipif(N_CASES < 5000, reason="too slow without compilation")
@pytest.mark.parametrize(("feed", "day"), FEEDS)
def test_journeys_on_real_feeds(feed: str, day: dt.date) -> None:
    timetable, ways = real_case(feed, day)
    rng = np.random.default_rng(32)
    n_stops = len(timetable.stops.id)
    egress = plain(np.where(rng.random(n_stops) < 0.01, rng.integers(0, 900, n_stops), np.inf))
    graph = build_events(timetable.trips, ways)
    clocks = sweep(graph, egress[:, None])
    timetabled = Timetabled(graph, timetable.trips, ways)
    lane = Lane(egress, clocks[:, 0])
    n_found, n_rides = 0, 0
    for _ in range(150):
        near = rng.choice(n_stops, 3)
        access_s = np.full(n_stops, UNREACHED_INT32, np.int32)
        access_s[near] = rng.integers(0, 900, 3)
        start = int(rng.integers(6 * 3600, 20 * 3600))
        journey = explain(timetabled, lane, access_s, start)
        found = [at_stop(graph, clocks, stop, start + access_s[stop])[0] for stop in near]
        if journey is None:
            assert min(found) == UNREACHED_INT32
            continue
        assert journey.arrival == min(found)
        check_legs(timetable.trips, ways, access_s, journey)
        n_found += 1
        n_rides += len(journey.legs)
    assert n_found > 75
    assert n_rides > n_found
