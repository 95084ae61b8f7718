"""The event graph and its sweep: the same five-stop valley as in test_transfers, random mischief, real feeds.

    line 1  every half hour            line 2  once, at 8:30
Aa ────────── Bee ────────── Cee      Dee ────────── Eel
 8:00          8:10           8:25     8:30           8:45
 8:30          8:40           8:55
                               └─ 4 min walk ─┘
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import SupportsIndex

import numpy as np
import pytest

from data.files.ready_arrays import open_table, save_table
from data.timetable import Trips
from network.hierarchy.within import as_within
from network.lanes import UNREACHED_INT32, as_seconds, unreached
from network.transit.event_graph import NOWHERE, EventGraph, build_events, mirrored
from network.transit.event_sweep import (
    SHORT_MAX_S,
    as_targets,
    packed,
    part_of_day,
    plain,
    sweep,
    sweep_part,
    sweep_rides,
)
from network.transit.transfers import TransferTimes, transfer_times
from support.oracles.transit import arrivals_by_states, vehicle_arrivals
from support.random_timetables import N_STOPS, arrivals_by_rounds, random_case, walked_on
from support.toys.networks import NO_RULES, clock, run, trips
from support.transit_cases import FEEDS, N_CASES, N_SLOW_CASES, at_stop, real_case

AA, BEE, CEE, DEE, EEL = range(5)
VALLEY = trips(
    [
        run((AA, "8:00"), (BEE, "8:10"), (CEE, "8:25")),
        run((AA, "8:30"), (BEE, "8:40"), (CEE, "8:55")),
        run((DEE, "8:30"), (EEL, "8:45")),
    ]
)


def valley_changes(change_s: int) -> TransferTimes:
    walk_s = np.full((5, 5), np.inf)
    walk_s[CEE, DEE] = walk_s[DEE, CEE] = 240
    return transfer_times(as_within(walk_s), NO_RULES, change_s)


def walking_only_at(stop: SupportsIndex) -> np.ndarray:
    return plain(np.where(np.arange(5) == int(stop), 0.0, np.inf))[:, None]


def test_events_stand_in_order_of_time_and_every_call_has_its_events() -> None:
    graph = build_events(VALLEY, valley_changes(60))
    # Eight calls: a wait at all but the three last ones, an arrive at all but the three first ones.
    assert np.count_nonzero(graph.is_wait) == 5
    assert graph.n_events == 10
    assert (np.diff(graph.clock) >= 0).all()
    # The waits at 8:30, at Aa and Dee, follow each other in the order of their calls.
    assert graph.call[graph.is_wait].tolist() == [0, 1, 3, 6, 4]
    # One may leave line 1 at Bee and Cee, line 2 at Eel.
    assert sorted(graph.alight[~graph.is_wait].tolist()) == [BEE, BEE, CEE, CEE, EEL]
    assert (graph.alight[graph.is_wait] == NOWHERE).all()


def test_a_change_that_a_later_call_makes_as_well_is_left_out() -> None:
    # Ten minutes on foot from Bee to Dee: getting off the 8:00 there, at 8:10, catches the 8:30 at Dee. So does staying
    # on to Cee, 8:25 and four minutes on foot. With a change a second longer only Bee is left.
    walk_s = np.full((5, 5), np.inf)
    walk_s[CEE, DEE] = 240
    walk_s[BEE, DEE] = 600
    for change_s, last_stop in ((60, CEE), (61, BEE)):
        graph = build_events(VALLEY, transfer_times(as_within(walk_s), NO_RULES, change_s))
        at_dee = graph.wait_event[graph.wait_offset[DEE]]
        from_event = np.repeat(np.arange(graph.n_events), np.diff(graph.offset))[graph.head == at_dee]
        assert VALLEY.call_stop[graph.call[from_event]].tolist() == [last_stop]


@pytest.mark.parametrize(("change_s", "expected"), [(60, clock("8:45")), (61, UNREACHED_INT32)])
def test_a_change_takes_the_walk_and_the_minimum_time(change_s: int, expected: int) -> None:
    # 8:25 at Cee + 240 s walk + 60 s is exactly the 8:30 at Dee; one second more misses the only bus.
    graph = build_events(VALLEY, valley_changes(change_s))
    table = sweep(graph, walking_only_at(EEL))
    assert at_stop(graph, table, AA, clock("7:55"))[0] == expected
    assert at_stop(graph, table, AA, clock("8:01"))[0] == UNREACHED_INT32


def test_the_walk_from_the_last_stop_counts() -> None:
    # To a shop three minutes from Cee and twenty from Bee: 8:28 by Cee. With Cee closed to feet, 8:30 by Bee.
    graph = build_events(VALLEY, valley_changes(60))
    on_foot = np.array([[np.inf, 1200, 180, np.inf, np.inf], [np.inf, 1200, np.inf, np.inf, np.inf]]).T
    found = at_stop(graph, sweep(graph, plain(on_foot)), AA, clock("8:00"))
    assert found.tolist() == [clock("8:28"), clock("8:30")]


def two_runs(*, overtakes: bool) -> Trips:
    """Two runs of one line over Aa, Bee, Cee, Dee; nobody may board the second at Aa.

    The second leaves Bee ten minutes after the first. If it overtakes, it is at Cee before the first and at Dee after
    it; otherwise it stays behind, and only from the second may one alight at Cee.
    """
    at_cee = ("8:50", "8:30") if overtakes else ("8:20", "8:30")
    timetable = trips(
        [
            run((AA, "8:00"), (BEE, "8:10"), (CEE, at_cee[0]), (DEE, "8:55")),
            run((AA, "8:05"), (BEE, "8:20"), (CEE, at_cee[1]), (DEE, "9:00")),
        ]
    )
    pickup, dropoff = timetable.call_pickup.copy(), timetable.call_dropoff.copy()
    pickup[4] = False
    dropoff[2] = overtakes
    return replace(timetable, call_pickup=pickup, call_dropoff=dropoff)


@pytest.mark.parametrize("overtakes", [False, True])
def test_changing_to_another_run_of_the_line_may_be_worth_it(*, overtakes: bool) -> None:
    # From Aa with the first run to Bee at 8:10, and on with the second at 8:20: at Cee at 8:30. Staying on brings one
    # there at 8:50, or not at all.
    graph = build_events(two_runs(overtakes=overtakes), valley_changes(60))
    assert at_stop(graph, sweep(graph, walking_only_at(CEE)), AA, clock("8:00"))[0] == clock("8:30")


def test_a_packed_lane_names_the_target_reached() -> None:
    graph = build_events(VALLEY, valley_changes(60))
    # Target 7 lies at Bee, target 3 at Eel: from Aa at 8:00 seven is reached first, at 8:10; from Dee only three is.
    seconds = np.array([np.inf, 0.0, np.inf, np.inf, 0.0])
    table = sweep(graph, packed(seconds, np.array([-1, 7, -1, -1, 3], np.int32))[:, None])
    found = np.array([at_stop(graph, table, stop, clock("8:00"))[0] for stop in (AA, DEE, EEL)])
    assert as_seconds(found).tolist() == [clock("8:10"), clock("8:45"), np.inf]
    assert as_targets(found).tolist() == [7, 3, -1]


def test_too_many_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 1048576 targets"):
        packed(np.zeros(1), np.array([2**20], np.int32))


def test_a_limit_of_no_ride_is_refused() -> None:
    graph = build_events(VALLEY, valley_changes(60))
    with pytest.raises(ValueError, match="at least one ride"):
        sweep_rides(graph, walking_only_at(EEL), 0)


def test_a_change_of_no_time_is_caught() -> None:
    # Two trips that meet at Bee at 8:10: with a change of no time neither order of the events is right for both.
    meet = trips(
        [run((AA, "8:00"), (BEE, "8:10"), (CEE, "8:20")), run((DEE, "8:00"), (BEE, "8:10"), (EEL, "8:20"))]
    )
    ways = valley_changes(60)
    with pytest.raises(AssertionError, match="shorter than a second"):
        build_events(meet, replace(ways, seconds=np.zeros_like(ways.seconds)))


def test_no_trips_and_no_lanes() -> None:
    nothing = build_events(trips([]), valley_changes(60))
    assert (nothing.n_events, nothing.wait_offset.tolist()) == (0, [0] * 6)
    assert sweep(nothing, walking_only_at(EEL)).tolist() == [[UNREACHED_INT32]]
    graph = build_events(VALLEY, valley_changes(60))
    assert sweep(graph, np.empty((5, 0), np.int32)).shape == (11, 0)


def test_a_graph_survives_a_folder(tmp_path: Path) -> None:
    graph = build_events(VALLEY, valley_changes(60))
    save_table(tmp_path / "events", graph)
    opened = open_table(EventGraph, tmp_path / "events")
    assert (sweep(opened, walking_only_at(EEL)) == sweep(graph, walking_only_at(EEL))).all()


def test_equal_to_the_plain_search_on_thousands_of_small_timetables() -> None:
    rng = np.random.default_rng(7)
    n_reached = 0
    for _ in range(N_CASES):
        case = random_case(rng)
        graph = build_events(case.trips, case.transfer_times)
        tables = [
            sweep(graph, case.egress),
            np.column_stack([sweep(graph, case.egress[:, [lane]]) for lane in range(case.egress.shape[1])]),
            sweep_rides(graph, case.egress, len(case.trips.id) + 5),
        ]
        starts = rng.integers(-450, 900, 4)
        ready = np.full((N_STOPS, N_STOPS * len(starts)), UNREACHED_INT32, np.int32)
        ready.reshape(N_STOPS, N_STOPS, -1)[np.arange(N_STOPS), np.arange(N_STOPS)] = starts
        arrived = vehicle_arrivals(case.trips, case.transfer_times, ready, 100_000)
        for column, by_vehicle in enumerate(arrived.T):
            assert (
                by_vehicle == arrivals_by_states(case.trips, case.transfer_times, ready[:, column], 99)
            ).all()
            stop, start = divmod(column, len(starts))
            expected = walked_on(by_vehicle, case.egress)
            n_reached += int(np.count_nonzero(expected < UNREACHED_INT32))
            for table in tables:
                assert (at_stop(graph, table, stop, starts[start]) == expected).all()
    assert n_reached > 4 * N_CASES


def test_packed_lanes_are_the_least_of_plain_lanes() -> None:
    rng = np.random.default_rng(8)
    for _ in range(N_SLOW_CASES):
        case = random_case(rng)
        graph = build_events(case.trips, case.transfer_times)
        by_lane = as_seconds(sweep(graph, case.egress))
        nearest = np.argmin(case.egress, axis=1)
        egress = packed(as_seconds(case.egress.min(axis=1)), nearest.astype(np.int32))
        found = sweep(graph, egress[:, None])[:, 0]
        assert (as_seconds(found) == by_lane.min(axis=1)).all()
        reached = np.flatnonzero(found < unreached(np.int64))
        assert (by_lane[reached, as_targets(found)[reached]] == by_lane.min(axis=1)[reached]).all()
        wide = sweep(graph, np.column_stack([egress, egress]))
        assert (wide == found[:, None]).all()


def test_short_lanes_are_those_of_the_sweep_as_far_as_they_look_ahead() -> None:
    rng = np.random.default_rng(14)
    n_never, n_reached = 0, 0
    for _ in range(N_SLOW_CASES):
        case = random_case(rng)
        # Half of the cases are stretched to days of a hundred thousand seconds and more, longer than a short lane.
        factor = int(rng.choice([1, 200]))
        timetable = replace(
            case.trips,
            call_arrival=case.trips.call_arrival * factor,
            call_departure=case.trips.call_departure * factor,
        )
        graph = build_events(timetable, case.transfer_times)
        first = int(rng.integers(-450, 600)) * factor
        span = part_of_day(graph, first, first + SHORT_MAX_S)
        whole = sweep(graph, case.egress)[[*range(span.begin, span.end), -1]]
        short = sweep_part(graph, case.egress, span, np.empty(whole.shape, np.uint16))
        counts = whole - first <= SHORT_MAX_S
        assert (short[counts].astype(np.int64) + first == whole[counts]).all()
        assert (short[~counts] == SHORT_MAX_S + 1).all()
        n_reached += int(np.count_nonzero(counts))
        n_never += int(np.count_nonzero(~counts & (whole < UNREACHED_INT32)))
    assert min(n_reached, n_never) > N_SLOW_CASES


def test_a_limit_on_rides_is_equal_to_that_many_rounds() -> None:
    rng = np.random.default_rng(9)
    n_limited = 0
    for _ in range(N_SLOW_CASES):
        case = random_case(rng)
        graph = build_events(case.trips, case.transfer_times)
        start, stop = rng.integers(-450, 300), rng.integers(0, N_STOPS)
        ready = np.full(N_STOPS, UNREACHED_INT32)
        ready[stop] = start
        unlimited = at_stop(graph, sweep(graph, case.egress), stop, start)
        for max_rides in (1, 2, 3):
            found = at_stop(graph, sweep_rides(graph, case.egress, max_rides), stop, start)
            by_vehicle = arrivals_by_rounds(case.trips, case.transfer_times, ready, max_rides)
            assert (by_vehicle == arrivals_by_states(case.trips, case.transfer_times, ready, max_rides)).all()
            assert (found == walked_on(by_vehicle, case.egress)).all()
            n_limited += int(np.count_nonzero(found > unlimited))
    assert n_limited > N_SLOW_CASES // 10


def test_mirrored_twice_is_the_timetable_itself() -> None:
    case = random_case(np.random.default_rng(10))
    timetable, ways = mirrored(*mirrored(case.trips, case.transfer_times))
    for name in ("call_stop", "call_arrival", "call_departure", "call_pickup", "call_dropoff"):
        assert (getattr(timetable, name) == getattr(case.trips, name)).all()
    assert (ways.to_stop == case.transfer_times.to_stop).all()
    assert (ways.seconds == case.transfer_times.seconds).all()


def test_arriving_by_a_time_in_the_valley() -> None:
    # To be at Eel by 9:00 one leaves Aa at 8:00, by 8:45 too; by 8:44 there is no way.
    graph = build_events(*mirrored(VALLEY, valley_changes(60)))
    table = sweep(graph, walking_only_at(AA))
    found = [at_stop(graph, table, EEL, -clock(text))[0] for text in ("9:00", "8:45", "8:44")]
    assert found == [-clock("8:00"), -clock("8:00"), UNREACHED_INT32]


def test_arriving_by_is_the_latest_departure_that_arrives_in_time() -> None:
    # Brute force: from every stop leave at every second at which anything leaves, and keep the last that is in time.
    rng = np.random.default_rng(11)
    n_reached = 0
    for _ in range(N_SLOW_CASES):
        case = random_case(rng)
        forward = build_events(case.trips, case.transfer_times)
        clocks = sweep(forward, case.egress)
        graph = build_events(*mirrored(case.trips, case.transfer_times))
        deadline = int(rng.integers(0, 900))
        origin = rng.integers(0, N_STOPS)
        table = sweep(graph, walking_only_at(origin))
        starts = np.unique(case.trips.call_departure)
        for lane in range(case.egress.shape[1]):
            in_time = [start for start in starts if at_stop(forward, clocks, origin, start)[lane] <= deadline]
            expected = -in_time[-1] if in_time else UNREACHED_INT32
            n_reached += bool(in_time)
            by_stop = [
                at_stop(graph, table, stop, -(deadline - int(case.egress[stop, lane])))[0]
                for stop in np.flatnonzero(case.egress[:, lane] < UNREACHED_INT32)
            ]
            assert min(by_stop, default=UNREACHED_INT32) == expected
    assert n_reached > N_SLOW_CASES // 4


@pytest.mark.skipif(N_CASES < 5000, reason="too slow without compilation")
@pytest.mark.parametrize(("feed", "day"), FEEDS)
def test_real_feeds_forward_and_backward(feed: str, day: dt.date) -> None:
    timetable, ways = real_case(feed, day)
    rng = np.random.default_rng(12)
    n_stops, n_lanes = len(timetable.stops.id), 6
    near = rng.random((n_stops, n_lanes)) < 0.02
    egress = np.where(near, rng.integers(0, 900, near.shape), UNREACHED_INT32).astype(np.int32)
    graph = build_events(timetable.trips, ways)
    table = sweep(graph, egress)
    n_reached = 0
    for start in rng.integers(5 * 3600, 22 * 3600, 8):
        # A lane of the plain search for each stop to start from.
        ready = np.full((n_stops, n_stops), UNREACHED_INT32, np.int32)
        np.fill_diagonal(ready, start)
        arrived = vehicle_arrivals(timetable.trips, ways, ready, 200_000)
        for stop in range(n_stops):
            expected = walked_on(arrived[:, stop], egress)
            n_reached += int(np.count_nonzero(expected < UNREACHED_INT32))
            assert (at_stop(graph, table, stop, start) == expected).all()
    assert n_reached > 8 * n_stops


@pytest.mark.skipif(N_CASES < 5000, reason="too slow without compilation")
@pytest.mark.parametrize(("feed", "day"), FEEDS)
def test_real_feeds_by_arrival_time(feed: str, day: dt.date) -> None:
    # Whoever leaves at the latest departure for a deadline arrives in time, and with the next departure does not.
    timetable, ways = real_case(feed, day)
    rng = np.random.default_rng(13)
    n_stops = len(timetable.stops.id)
    forward, backward = build_events(timetable.trips, ways), build_events(*mirrored(timetable.trips, ways))
    origins, goals = rng.choice(n_stops, 8, replace=False), rng.choice(n_stops, 8, replace=False)
    to_goal = np.full((n_stops, 8), UNREACHED_INT32, np.int32)
    to_goal[goals, np.arange(8)] = 0
    to_origin = np.full((n_stops, 8), UNREACHED_INT32, np.int32)
    to_origin[origins, np.arange(8)] = 0
    arrivals, leaving = sweep(forward, to_goal), sweep(backward, to_origin)
    n_reached = 0
    for deadline in rng.integers(8 * 3600, 20 * 3600, 20):
        for row, goal in enumerate(goals):
            latest = -at_stop(backward, leaving, goal, -deadline)
            for column, origin in enumerate(origins):
                if latest[column] == -UNREACHED_INT32:
                    assert at_stop(forward, arrivals, origin, -100_000)[row] > deadline
                    continue
                n_reached += 1
                assert at_stop(forward, arrivals, origin, latest[column])[row] <= deadline
                assert at_stop(forward, arrivals, origin, latest[column] + 1)[row] > deadline
    assert n_reached > 200
