"""Oracle for the event graph: earliest arrivals by one scan over the day's connections, many departures side by side.

The plainest right search (connection scan, Dibbelt et al. 2013), with two labels per stop because a walk may follow a
ride but not another walk: the earliest arrival *by vehicle*, and the earliest time one is *ready* to board.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Int32s, Int64s
from data.timetable import Trips
from network.changes import NEVER, Changes


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
