"""Earliest arrivals by public transport: one scan over the day's connections, many departures side by side.

The plainest right search (connection scan, Dibbelt et al. 2013), with two labels per stop because a walk may follow a
ride but not another walk: the earliest arrival *by vehicle*, and the earliest time one is *ready* to board.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s, freeze
from data.timetable import Transfers, Trips

NEVER = np.int32(2**30 - 1)
"""Clock time of what does not happen: later than any call, and twice it still fits an int32."""


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """From arriving at a stop to being ready to board at this or another stop.

    Attributes
    ----------
    first
        (S + 1,) int64; the ways on from stop s are rows `first[s]:first[s + 1]`.
    to_stop
        (W,) int32, the stop itself included where changing there is allowed.
    seconds
        (W,) int32, walk and minimum change time together, at least 1.

    """

    first: Int64s
    to_stop: Int32s
    seconds: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.to_stop), "first")


def changes(walk_s: Floats, transfers: Transfers, min_change_s: int) -> Changes:
    """Ways to change from walks between stops and the rules of transfers.txt.

    Parameters
    ----------
    walk_s
        (S, S) float64, seconds on foot from stop to stop; inf where further than one walks for a change.
    transfers
        A rule with a time holds also between stops too far apart to walk, and never makes the walk itself quicker.
    min_change_s
        Seconds needed on top of the walk, at least 1: with 0 the order of a tie would decide who makes a connection.

    """
    if min_change_s < 1:
        msg = f"the minimum change time must be at least one second, not {min_change_s}"
        raise ValueError(msg)
    seconds = np.array(walk_s, dtype=np.float64)
    np.fill_diagonal(seconds, 0.0)
    seconds += min_change_s
    from_stop, to_stop = transfers.from_stop, transfers.to_stop
    timed = transfers.min_s >= 0
    walk = np.where(np.isfinite(walk_s), walk_s, 0.0)[from_stop[timed], to_stop[timed]]
    walk[from_stop[timed] == to_stop[timed]] = 0.0
    seconds[from_stop[timed], to_stop[timed]] = np.maximum(np.maximum(walk, transfers.min_s[timed]), 1.0)
    seconds[from_stop[transfers.forbidden], to_stop[transfers.forbidden]] = np.inf
    rows, to = np.nonzero(np.isfinite(seconds))
    first = np.zeros(len(seconds) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(seconds)), out=first[1:])
    return Changes(first, to.astype(np.int32), seconds[rows, to].astype(np.int32))


class Connections(NamedTuple):
    """Rides from one call to the next, by departure; along a trip in the order of its calls."""

    trip: Int32s
    from_call: Int64s


def connections(trips: Trips, earliest: int, latest: int) -> Connections:
    """The rides that leave between two clock times, both included."""
    n_calls = np.diff(trips.call_first)
    trip = np.repeat(np.arange(len(n_calls), dtype=np.int32), n_calls)
    call = np.arange(len(trip), dtype=np.int64)
    leaves = np.ones(len(trip), np.bool_)
    leaves[trips.call_first[1:] - 1] = False
    leaves &= (trips.call_departure >= earliest) & (trips.call_departure <= latest)
    order = np.lexsort((call[leaves], trips.call_departure[leaves]))
    return Connections(trip[leaves][order], call[leaves][order])


def vehicle_arrivals(
    trips: Trips, changes: Changes, ready: NDArray[np.int32], latest: int
) -> NDArray[np.int32]:
    """Earliest arrival by vehicle at every stop.

    Parameters
    ----------
    trips, changes
        The timetable and the ways to change.
    ready
        (S, L) int32, clock time at which lane l (one traveller leaving at one minute) can first board at each stop,
        `NEVER` where it cannot walk to; left unchanged.
    latest
        Last departure looked at.

    Returns
    -------
    (S, L) int32 clock times, `NEVER` where no vehicle brings anyone. Exact: equal to the best over all sequences of
    rides and changes, since along a trip calls come in order and every change takes at least a second.

    """
    ready = ready.copy()
    arrived = np.full_like(ready, NEVER)
    if not ready.size:
        return arrived
    rides = connections(trips, int(ready.min()), latest)
    used, row = np.unique(rides.trip, return_inverse=True)
    aboard = np.zeros((len(used), ready.shape[1]), np.bool_)
    for trip, call in zip(row, rides.from_call, strict=True):
        if trips.call_pickup[call]:
            aboard[trip] |= ready[trips.call_stop[call]] <= trips.call_departure[call]
        stop, arrival = trips.call_stop[call + 1], trips.call_arrival[call + 1]
        if not trips.call_dropoff[call + 1]:
            continue
        earlier = np.flatnonzero(aboard[trip] & (arrived[stop] > arrival))
        if not len(earlier):
            continue
        arrived[stop, earlier] = arrival
        for way in range(changes.first[stop], changes.first[stop + 1]):
            at, ready_at = changes.to_stop[way], arrival + changes.seconds[way]
            ready[at, earlier] = np.minimum(ready[at, earlier], ready_at)
    return arrived
