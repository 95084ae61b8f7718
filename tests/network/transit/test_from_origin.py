"""From one origin to everywhere, held against plain rounds over every trip for each departure by itself."""

from __future__ import annotations

import numpy as np
import pytest

from network.hierarchy.within import as_within
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit.departures import Window, access
from network.transit.event_graph import build_events, mirrored
from network.transit.from_origin import stop_arrivals, times_to_doors
from network.transit.transfers import transfer_times
from support.random_timetables import N_STOPS, Case, arrivals_by_rounds, random_case
from support.toys.networks import NO_RULES, clock, run, trips
from support.transit_cases import N_SLOW_CASES

ANY_NUMBER = 20
"""Of rides: more than any of these timetables has trips."""


def arrivals(case: Case, ready_s: np.ndarray, window: Window, max_rides: int) -> np.ndarray:
    """(S, D) by the rules of travelling: those who leave at each clock time, ready to board so many seconds later."""
    ready = np.where(ready_s < UNREACHED_INT32, ready_s, 0)
    return np.column_stack(
        [
            arrivals_by_rounds(
                case.trips,
                case.transfer_times,
                np.where(ready_s < UNREACHED_INT32, leaves + ready, UNREACHED_INT32),
                max_rides or ANY_NUMBER,
            )
            for leaves in window.clocks.tolist()
        ]
    )


@pytest.mark.parametrize("seed", range(N_SLOW_CASES))
def test_every_arrival_is_that_of_plain_rounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = random_case(rng)
    window = Window(int(rng.integers(-500, 400)), int(rng.choice([1, 7, 60])), 9)
    mirror = build_events(*mirrored(case.trips, case.transfer_times))
    for max_rides in (0, 1, 2):
        found = stop_arrivals(mirror, as_seconds(case.egress[:, 0]), window, max_rides)
        np.testing.assert_array_equal(found, arrivals(case, case.egress[:, 0], window, max_rides))


@pytest.mark.parametrize("seed", range(N_SLOW_CASES))
def test_percentiles_are_those_of_all_departures_of_all_samples(seed: int) -> None:
    rng = np.random.default_rng(seed)
    window, percents, longest_s = Window(100, 60, 7), (0.0, 30.0, 50.0, 100.0), 400
    # Two samples of a timetable; some doors are near no stop, some stops are reached by no vehicle.
    by_stop = rng.integers(100, 900, (2, N_STOPS, window.n)).astype(np.int32)
    by_stop[rng.random(by_stop.shape) < 0.3] = UNREACHED_INT32
    walks = np.where(rng.random((6, N_STOPS)) < 0.4, rng.integers(0, 90, (6, N_STOPS)), np.inf)
    direct = np.where(rng.random(6) < 0.5, rng.integers(0, 600, 6), np.inf)
    found = times_to_doors(by_stop, access(as_within(walks)), direct, window, percents, longest_s)
    arrived = np.where(by_stop < UNREACHED_INT32, by_stop, np.inf)
    for door in range(6):
        ridden = (arrived + walks[door][None, :, None]).min(axis=1) - window.clocks
        seconds = np.minimum(ridden, direct[door])
        seconds[seconds > longest_s] = np.inf
        expected = np.percentile(seconds, percents, method="higher")
        np.testing.assert_array_equal(found[door], expected)


def test_one_may_leave_early_and_wait() -> None:
    # A bus at 8:00 and one at 8:30, ten minutes on the way; 2 minutes from the door to the stop. Who leaves at 7:58 is there
    # at 8:10, and so is who leaves at 7:50; at 7:59 it is the bus of half past, and after 8:28 there is none.
    line = trips([run((0, "8:00"), (1, "8:10")), run((0, "8:30"), (1, "8:40"))])
    mirror = build_events(*mirrored(line, transfer_times(as_within(np.full((2, 2), np.inf)), NO_RULES, 60)))
    for leaves, there in (("7:50", "8:10"), ("7:58", "8:10"), ("7:59", "8:40"), ("8:28", "8:40")):
        found = stop_arrivals(mirror, np.array([120.0, np.inf]), Window(clock(leaves), 60, 1))
        assert found.tolist() == [[UNREACHED_INT32], [clock(there)]]
    late = stop_arrivals(mirror, np.array([120.0, np.inf]), Window(clock("8:29"), 60, 1))
    assert (late == UNREACHED_INT32).all()
