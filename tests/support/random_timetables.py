"""Small timetables full of mischief, made from a seed, and a plain search round by round to compare with."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.timetable import InSeatTransfers, Trips
from network.lanes import UNREACHED_INT32
from network.transit.transfers import TransferTimes
from support.toys.networks import trips

N_STOPS = 5


class Case(NamedTuple):
    trips: Trips
    transfer_times: TransferTimes
    egress: np.ndarray
    """(N_STOPS, K) int32."""


def random_case(rng: np.random.Generator) -> Case:
    """Up to six lines of one to three runs over five stops in a quarter of an hour around midnight.

    Ties, zero hops, stops called at twice, overtaking, calls without boarding or alighting; vehicles that go on as
    another trip, as several, and several as one; walks are neither symmetric nor closed, and at some stops one cannot
    change at all.
    """
    runs, pickup, dropoff = [], [], []
    for _ in range(rng.integers(1, 7)):
        stops = rng.integers(0, N_STOPS, rng.integers(2, 6))
        may_alight = rng.random(len(stops)) < 0.85
        for _ in range(rng.integers(1, 4)):
            steps_s = rng.choice([0, 0, 30, 60, 200], 2 * len(stops)) * rng.choice([1, 1, 1, 2])
            steps_s[0] = rng.integers(-400, 500)
            arrival, departure = np.cumsum(steps_s).reshape(-1, 2).T
            runs.append(list(zip(stops, arrival, departure, strict=True)))
            pickup.append(rng.random(len(stops)) < 0.85)
            dropoff.append(may_alight if rng.random() < 0.8 else rng.random(len(stops)) < 0.85)
    timetable = replace(trips(runs), call_pickup=np.concatenate(pickup), call_dropoff=np.concatenate(dropoff))
    timetable = replace(timetable, in_seat_transfers=random_stays(rng, timetable))
    seconds = rng.choice([1, 20, 60, 110], (N_STOPS, N_STOPS))
    walked = rng.random((N_STOPS, N_STOPS)) < 0.2
    np.fill_diagonal(walked, rng.random(N_STOPS) < 0.9)
    from_stop, to_stop = np.nonzero(walked)
    first = np.searchsorted(from_stop, np.arange(N_STOPS + 1))
    ways = TransferTimes(first, to_stop.astype(np.int32), seconds[from_stop, to_stop].astype(np.int32))
    n_lanes = rng.integers(1, 4)
    reached = rng.random((N_STOPS, n_lanes)) < 0.4
    egress = np.where(reached, rng.integers(0, 100, reached.shape), UNREACHED_INT32).astype(np.int32)
    return Case(timetable, ways, egress)


def random_stays(rng: np.random.Generator, timetable: Trips) -> InSeatTransfers:
    """Some pairs of trips of which one is over when the other starts, wherever that is."""
    starts = timetable.call_departure[timetable.call_offset[:-1]]
    ends = timetable.call_arrival[timetable.call_offset[1:] - 1]
    may_follow = np.triu(ends[:, None] <= starts, k=1)
    from_trip, to_trip = np.nonzero(may_follow & (rng.random(may_follow.shape) < rng.choice([0, 0.1, 0.5])))
    return InSeatTransfers(from_trip.astype(np.int32), to_trip.astype(np.int32))


def arrivals_by_rounds(
    timetable: Trips, ways: TransferTimes, ready: np.ndarray, max_rides: int
) -> np.ndarray:
    """Earliest arrival by vehicle at each stop from (S,) ready times: per ride, look at every trip."""
    arrived = np.full(len(ready), UNREACHED_INT32)
    best_ready = ready.copy()
    for _ in range(max_rides):
        next_ready, before = best_ready.copy(), arrived.copy()
        stayed = np.zeros(len(timetable.id), np.bool_)
        for trip in range(len(timetable.id)):
            aboard = bool(stayed[trip])
            first = timetable.call_offset[trip]
            for call in range(first, timetable.call_offset[trip + 1]):
                stop = timetable.call_stop[call]
                arrival = timetable.call_arrival[call]
                # Who stayed on board from the trip before could have left that, but does not leave this at its start.
                may_leave = aboard and call > first and timetable.call_dropoff[call]
                if may_leave and arrival < arrived[stop]:
                    arrived[stop] = arrival
                    for way in range(ways.offset[stop], ways.offset[stop + 1]):
                        to = ways.to_stop[way]
                        next_ready[to] = min(next_ready[to], arrival + ways.seconds[way])
                if timetable.call_pickup[call] and best_ready[stop] <= timetable.call_departure[call]:
                    aboard = aboard or call + 1 < timetable.call_offset[trip + 1]
            stayed[timetable.in_seat_transfers.to_trip[timetable.in_seat_transfers.from_trip == trip]] |= (
                aboard
            )
        if (arrived == before).all():
            break
        best_ready = next_ready
    return arrived


def walked_on(arrived: np.ndarray, egress: np.ndarray) -> np.ndarray:
    """(K,) clock times at the destinations from (S,) arrivals by vehicle."""
    reached = (arrived[:, None] < UNREACHED_INT32) & (egress < UNREACHED_INT32)
    clocks: np.ndarray = np.where(reached, arrived[:, None] + egress.astype(np.int64), UNREACHED_INT32).min(
        axis=0
    )
    return clocks
