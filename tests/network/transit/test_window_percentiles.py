"""Windows of departures over a line with a bus at 8:00 and 8:30, and over random mischief.

Aa ───────── Bee     A house 120 s from Aa, a shop 60 s beyond Bee; on foot all the way it takes 20 minutes.
8:00         8:10
8:30         8:40
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from data.timetable import Trips
from network.hierarchy.within import as_within
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit import window_lanes
from network.transit.departures import (
    Access,
    Departing,
    ParetoDepartures,
    Window,
    access,
    pareto_departures,
)
from network.transit.event_graph import build_events, mirrored
from network.transit.event_sweep import SHORT_MAX_S, Clocks, as_targets, packed, plain, sweep
from network.transit.transfers import transfer_times
from network.transit.window_lanes import EachTimes, sorting_network, to_each
from network.transit.window_percentiles import to_nearest, window_values
from support.files import ROOT, file_of
from support.random_timetables import N_STOPS, Case, arrivals_by_rounds, random_case, walked_on
from support.toys.networks import NO_RULES, clock, run, trips
from support.transit_cases import N_SLOW_CASES

AA, BEE = range(2)
HOUR_S = 3600
LINE = build_events(
    trips([run((AA, "8:00"), (BEE, "8:10")), run((AA, "8:30"), (BEE, "8:40"))]),
    transfer_times(as_within(np.full((2, 2), np.inf)), NO_RULES, 60),
)
HOUSE = access(as_within(np.array([[120.0, np.inf]])))
ON_FOOT_S = 1200.0
TIMES_AT = ("8:00", "8:30", "10:15", "11:50")
TIMES_TO = ("8:10", "8:40", "10:25", "12:00")


def shop() -> ParetoDepartures:
    return pareto_departures(LINE, sweep(LINE, plain(np.array([[np.inf], [60.0]]))))


def test_one_leaves_as_late_as_the_bus_allows() -> None:
    # 7:58 + 120 s catches the 8:00, at the shop at 8:11: 13 minutes. From 7:59 on the 8:30 would be 52 minutes away, so
    # on foot it is, until at 8:19 the bus (8:41, 22 minutes) is nearly as quick and at 8:21 it is as quick.
    found = window_values(
        shop(), 0, Departing(HOUSE, Window(clock("7:57"), 60, 33), HOUR_S), plain(np.array([ON_FOOT_S]))
    )
    minutes = (as_seconds(found[0]) / 60).tolist()
    assert minutes == [14, 13, *[20] * 22, 20, 19, 18, 17, 16, 15, 14, 13, 20]


def test_what_takes_too_long_is_no_connection() -> None:
    nowhere = plain(np.array([np.inf]))
    found = window_values(shop(), 0, Departing(HOUSE, Window(clock("7:56"), 60, 3), 14 * 60), nowhere)
    # 7:56 to 8:11 is 15 minutes, one too many; 7:57 takes 14, 7:58 13.
    assert as_seconds(found[0]).tolist() == [np.inf, 14 * 60, 13 * 60]


TO_SHOP = plain(np.array([np.inf, 60.0]))
NOWHERE = plain(np.array([np.inf]))


def test_best_median_worst_and_the_share_served() -> None:
    # Leaving at 7:57, 7:58, 7:59 for the bus alone: 14, 13 and 42 + 60 s beyond the last (8:41 - 7:59 = 42 minutes).
    window = Window(clock("7:57"), 60, 3)
    found = to_nearest(LINE, TO_SHOP, Departing(HOUSE, window, HOUR_S), NOWHERE, (0, 50, 100))
    assert (as_seconds(found.values) / 60).tolist() == [[13, 14, 42]]
    assert found.served_share.tolist() == [1.0]
    # If 41 minutes is the longest that counts, the worst of the three has no connection.
    found = to_nearest(LINE, TO_SHOP, Departing(HOUSE, window, 41 * 60), NOWHERE, (0, 50, 100))
    assert (as_seconds(found.values) / 60).tolist() == [[13, 14, np.inf]]
    assert found.served_share.tolist() == [2 / 3]


def test_one_who_must_be_there_takes_the_last_bus_in_time() -> None:
    # The buses are at the shop at 8:11 and 8:41, and one leaves home for them at 7:58 and 8:28. Who must be there at 8:10
    # can only walk, 20 minutes; at 8:11 the bus takes 13 minutes, at 8:18 and 8:19 with the time until then 20 and 21: so
    # from 8:18 on it is as quick to walk, until the next bus is there at 8:41.
    arriving = Departing(HOUSE, Window(clock("8:10"), 60, 33, arrives=True), HOUR_S)
    found = window_values(shop(), 0, arriving, plain(np.array([ON_FOOT_S])))
    minutes = (as_seconds(found[0]) / 60).tolist()
    assert minutes == [20, *range(13, 20), *[20] * 23, 13, 14]
    # Only by bus nobody is there by 8:10, and by 8:40 those who took the first: 42 minutes.
    found = window_values(shop(), 0, arriving, NOWHERE)
    assert (as_seconds(found[0]) / 60).tolist() == [np.inf, *range(13, 43), 13, 14]


def test_three_readings_of_six_hours_with_four_buses() -> None:
    # Buses at 8:00, 8:30, 10:15 and 11:50, for six hours from 6:00.
    line = build_events(
        trips([run((AA, at), (BEE, to)) for at, to in zip(TIMES_AT, TIMES_TO, strict=True)]),
        transfer_times(as_within(np.full((2, 2), np.inf)), NO_RULES, 60),
    )
    departing = Departing(HOUSE, Window(clock("6:00"), 60, 6 * 60), 4 * HOUR_S)
    result = to_nearest(line, TO_SHOP, departing, NOWHERE, (0.0, 50.0, 100.0))
    # The bus takes 10 minutes and the walks 3. The best of each hour, in minutes: leaving at 6:59 for the 8:00 72, at 7:58
    # 13, at 8:28 13, at 9:59 for the 10:15 27, at 10:13 13, at 11:48 13. The middle of them is 13.
    assert as_seconds(result.planned[0]) == 13 * 60
    # The worst: 6:00 for the 8:00 131, 7:00 for the 8:00 71, 8:29 for the 10:15 117, 9:00 for it 86, 10:14 for the 11:50
    # 107, from 11:49 on never. In order 71, 86, 107, 117, 131, never: of the two in the middle the longer is 117.
    assert as_seconds(result.missed[0]) == 117 * 60
    assert as_seconds(result.values[0, 0]) == 13 * 60


def test_of_two_shops_the_one_reached_is_named() -> None:
    # Shop 5 beyond Bee, shop 2 twenty minutes on foot; the best time, by bus, is to 5 and the worst to 2.
    egress = packed(np.array([np.inf, 60.0]), np.array([-1, 5], np.int32))
    direct = packed(np.array([ON_FOOT_S]), np.array([2], np.int32))
    found = to_nearest(
        LINE, egress, Departing(HOUSE, Window(clock("7:58"), 60, 10), HOUR_S), direct, (0, 100)
    )
    assert as_seconds(found.values[0]).tolist() == [13 * 60, 20 * 60]
    assert as_targets(found.values[0]).tolist() == [5, 2]


def test_lanes_and_direct_times_of_different_types_are_refused() -> None:
    with pytest.raises(ValueError, match="need direct times of that type"):
        window_values(
            shop(), 0, Departing(HOUSE, Window(0, 60, 1), HOUR_S), packed(np.zeros(1), np.zeros(1, np.int32))
        )


def test_percentages_beyond_hundred_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        to_nearest(LINE, TO_SHOP, Departing(HOUSE, Window(0, 60, 1), HOUR_S), NOWHERE, (101,))


def test_times_of_arrival_are_departures_backward_in_time() -> None:
    window = Window(clock("8:00"), 60, 5, arrives=True)
    assert (-window.forward.clocks[::-1] == window.clocks).all()
    assert not window.forward.arrives


def random_access(rng: np.random.Generator, n_origins: int) -> tuple[np.ndarray, Access]:
    near = rng.random((n_origins, N_STOPS)) < 0.5
    seconds = np.where(near, rng.integers(0, 200, near.shape), np.inf)
    return seconds, access(as_within(seconds))


def test_every_departure_is_equal_to_the_plain_search() -> None:
    rng = np.random.default_rng(21)
    for _ in range(N_SLOW_CASES // 4):
        case = random_case(rng)
        graph = build_events(case.trips, case.transfer_times)
        found = pareto_departures(graph, sweep(graph, case.egress))
        seconds, ways = random_access(rng, 3)
        window = Window(int(rng.integers(-500, 400)), int(rng.choice([1, 7, 60])), int(rng.integers(1, 9)))
        direct_s = rng.choice([50.0, 300.0, np.inf], (3, case.egress.shape[1]))
        for lane in range(case.egress.shape[1]):
            values = window_values(found, lane, Departing(ways, window, 600), plain(direct_s[:, lane]))
            for origin in range(3):
                for column, departure in enumerate(window.clocks):
                    ready = np.where(
                        np.isfinite(seconds[origin]), departure + seconds[origin], UNREACHED_INT32
                    )
                    by_vehicle = arrivals_by_rounds(
                        case.trips, case.transfer_times, ready.astype(np.int32), 99
                    )
                    by_ride = walked_on(by_vehicle, case.egress)[lane] - departure
                    best = min(by_ride, direct_s[origin, lane])
                    assert as_seconds(values[origin, column]) == (best if best <= 600 else np.inf)


def test_the_latest_departure_is_the_last_that_arrives_in_time() -> None:
    # Whoever leaves at any second before is asked when he or she arrives: of those in time the last counts.
    rng = np.random.default_rng(24)
    n_found = 0
    for _ in range(N_SLOW_CASES // 4):
        case = random_case(rng)
        graph = build_events(case.trips, case.transfer_times)
        found = pareto_departures(graph, sweep(graph, case.egress))
        _, ways = random_access(rng, 3)
        by_then = Window(int(rng.integers(-300, 800)), int(rng.choice([1, 7, 60])), 9, arrives=True)
        seconds_before = Window(by_then.first - 300, 1, by_then.last - by_then.first + 301)
        direct = plain(rng.choice([50.0, 250.0, np.inf], (3, case.egress.shape[1])))
        for lane in range(case.egress.shape[1]):
            latest = window_values(found, lane, Departing(ways, by_then, 300), direct[:, lane])
            leaving = Departing(ways, seconds_before, 300)
            arrival = seconds_before.clocks + as_seconds(window_values(found, lane, leaving, direct[:, lane]))
            in_time = arrival[:, None, :] <= by_then.clocks[:, None]
            soon_enough = seconds_before.clocks >= by_then.clocks[:, None] - 300
            expected = np.where(
                in_time & soon_enough, by_then.clocks[:, None] - seconds_before.clocks, np.inf
            )
            assert (as_seconds(latest) == expected.min(axis=2)).all()
            n_found += int(np.isfinite(as_seconds(latest)).sum())
    assert n_found > N_SLOW_CASES


def moved(timetable: Trips, seconds: int) -> Trips:
    arrival, departure = timetable.call_arrival + seconds, timetable.call_departure + seconds
    return replace(timetable, call_arrival=arrival, call_departure=departure)


def in_hours(seconds: np.ndarray, window: Window, n_samples: int) -> np.ndarray:
    """(O, samples x hours, departures of an hour) of (O, samples x departures); a window below an hour is one."""
    n_hours = max(1, window.n * window.step_s // HOUR_S)
    return seconds.reshape(len(seconds), n_samples * n_hours, -1)


def random_window(rng: np.random.Generator) -> Window:
    step_s = int(rng.choice([1, 7, 60, 600]))
    n = int(rng.integers(1, 99)) if step_s < 600 else 6 * int(rng.integers(1, 6))
    return Window(
        int(rng.integers(-500, 400)) - step_s // 600 * 7200, step_s, n, arrives=bool(rng.random() < 0.5)
    )


def random_samples(rng: np.random.Generator, case: Case) -> list[Trips]:
    """The lines, and now and then another sample of them, as many minutes later."""
    later = [moved(case.trips, int(rng.integers(-300, 300)))] if rng.random() < 0.3 else []
    return [case.trips, *later]


@pytest.mark.parametrize("is_packed", [False, True])
def test_statistics_are_those_of_every_departure(*, is_packed: bool) -> None:
    rng = np.random.default_rng(22)
    percents = (0.0, 5.0, 12.5, 25.0, 50.0, 75.0, 95.0, 100.0)
    n_unserved = 0
    for _ in range(N_SLOW_CASES):
        case = random_case(rng)
        egress: Clocks = case.egress
        direct: Clocks = plain(rng.choice([50.0, 300.0, 700.0, np.inf], (3, egress.shape[1])))
        if is_packed:
            egress = packed(as_seconds(egress), rng.integers(0, 4, egress.shape, dtype=np.int32))
            direct = packed(as_seconds(direct), rng.integers(0, 4, direct.shape, dtype=np.int32))
        window = random_window(rng)
        graphs = tuple(build_events(sample, case.transfer_times) for sample in random_samples(rng, case))
        samples = [pareto_departures(graph, sweep(graph, egress)) for graph in graphs]
        _, ways = random_access(rng, 3)
        departing = Departing(ways, window, 600)
        for lane in range(egress.shape[1]):
            result = to_nearest(graphs, egress[:, lane], departing, direct[:, lane], percents)
            by_sample = [window_values(found, lane, departing, direct[:, lane]) for found in samples]
            # The hours of times of arrival begin with the last.
            values = np.hstack([of[:, ::-1] if window.arrives else of for of in by_sample])
            seconds = as_seconds(values)
            expected = np.percentile(seconds, percents, axis=-1, method="higher").T
            assert (as_seconds(result.values) == expected).all()
            assert (result.served_share == np.isfinite(seconds).mean(axis=1)).all()
            by_hour = in_hours(seconds, window, len(samples))
            best = np.percentile(by_hour.min(axis=2), 50, axis=-1, method="higher")
            worst = np.percentile(by_hour.max(axis=2), 50, axis=-1, method="higher")
            assert (as_seconds(result.planned) == best).all()
            assert (as_seconds(result.missed) == worst).all()
            assert (result.planned <= result.values[:, percents.index(50.0)]).all()
            assert (as_seconds(result.missed) >= expected[:, percents.index(50.0)]).all()
            n_unserved += int(np.count_nonzero(np.isinf(seconds)))
            if is_packed:
                told = [*result.values.T, result.planned, result.missed]
                for origin, value in ((origin, value[origin]) for value in told for origin in range(3)):
                    same = values[origin][seconds[origin] == as_seconds(value)]
                    assert value in same
    assert n_unserved > N_SLOW_CASES


@pytest.mark.parametrize("max_rides", [0, 1])
@pytest.mark.parametrize("sorted_at_most", [0, 256])
def test_lanes_side_by_side_find_what_one_by_one_is_found(
    monkeypatch: pytest.MonkeyPatch, sorted_at_most: int, max_rides: int
) -> None:
    # Sorted or counted, of one sample or two, with lanes of 16 bits or, above 18 hours, of 32.
    monkeypatch.setattr(window_lanes, "SORTED_AT_MOST", sorted_at_most)
    rng = np.random.default_rng(23)
    percents = (75.0, 0.0, 50.0, 100.0)
    for travel_max_s in [600] * (N_SLOW_CASES // 4) + [SHORT_MAX_S + 1] * 5:
        case, window = random_case(rng), random_window(rng)
        samples, ways = random_samples(rng, case), case.transfer_times
        direct = plain(rng.choice([50.0, 300.0, 700.0, np.inf], (3, case.egress.shape[1])))
        _, to_stops = random_access(rng, 3)
        departing = Departing(to_stops, window, travel_max_s)
        graphs = tuple(build_events(sample, ways) for sample in samples)
        to_lanes = access(as_within(as_seconds(case.egress).T))
        if window.arrives:
            # Backward in time the destinations leave, and the origins are the lanes.
            backward = tuple(build_events(*mirrored(sample, ways)) for sample in samples)
            leaving = Departing(to_lanes, window.forward, travel_max_s)
            back = to_each(backward, to_stops, leaving, np.ascontiguousarray(direct.T), percents, max_rides)
            found = EachTimes(back.seconds.swapaxes(0, 1), back.served_share.T)
        else:
            found = to_each(graphs, to_lanes, departing, direct, percents, max_rides)
        for lane in range(direct.shape[1]):
            one = to_nearest(graphs, case.egress[:, lane], departing, direct[:, lane], percents, max_rides)
            assert (found.seconds[:, lane] == one.values).all()
            assert (found.served_share[:, lane] == one.served_share).all()


def test_more_lanes_than_one_pass_takes() -> None:
    # 150 shops take three passes of 64 lanes; shop k lies k seconds beyond Bee, and its time is that much longer.
    egress = access(as_within(np.column_stack([np.full(150, np.inf), np.arange(150.0)])))
    direct = plain(np.full((1, 150), np.inf))
    departing = Departing(HOUSE, Window(clock("7:58"), 60, 31), HOUR_S)
    found = to_each(LINE, egress, departing, direct, (0, 100))
    assert (as_seconds(found.seconds[0, :, 0]) == 12 * 60 + np.arange(150)).all()
    # The worst departure is 7:59, which waits for the 8:30 and arrives at 8:40.
    assert (as_seconds(found.seconds[0, :, 1]) == 41 * 60 + np.arange(150)).all()
    # Of 33 departures the last two, 8:29 and 8:30, miss the 8:30.
    longer = departing._replace(window=Window(clock("7:58"), 60, 33))
    assert (to_each(LINE, egress, longer, direct, (0,)).served_share == 31 / 33).all()


@pytest.mark.parametrize("n", range(1, 40))
def test_the_sorting_network_sorts_all_that_is_only_low_and_high(n: int) -> None:
    # What sorts every row of zeros and ones sorts everything (Knuth's 0-1 principle); above a dozen some of them must do.
    rng = np.random.default_rng(n)
    columns = np.arange(2**n) >> np.arange(n)[:, None] & 1 if n < 13 else rng.integers(0, 2, (n, 4096))
    for low, high in sorting_network(n, tuple(range(n))):
        columns[[low, high]] = np.sort(columns[[low, high]], axis=0)
    assert (np.diff(columns, axis=0) >= 0).all()


def test_a_row_that_is_wanted_alone_takes_fewer_comparisons() -> None:
    # The least of eight needs no more than seven comparisons, all of them nineteen (Knuth).
    assert len(sorting_network(8, (0,))) == 7
    assert len(sorting_network(8, tuple(range(8)))) == 19


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="is already so")
def test_the_kernels_mean_the_same_without_the_compiler() -> None:
    tests = [str(file_of(name)) for name in ("test_window_percentiles.py", "test_headway_samples.py")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *tests,
        "-k",
        "not plain_search",
    ]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 -- our own tests
    assert run.returncode == 0, run.stdout
