"""Oracles for the event graph: two plain searches that have nothing in common but the rules of travelling.

One scans the day's connections once, many departures side by side (connection scan, Dibbelt et al. 2013), with two labels
per stop because a walk may follow a ride but not another walk: the earliest arrival *by vehicle*, and the earliest time
one is *ready* to board. The other has no labels: it tries every call of every trip, for tiny timetables.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Int32s, Int64s
from data.timetable import Trips
from network.lanes import UNREACHED_INT32
from network.transit.transfers import TransferTimes


class Connections(NamedTuple):
    """Rides from one call to the next, by departure; along a trip in the order of its calls."""

    trip: Int32s
    from_call: Int64s


def connections(trips: Trips, earliest: int, latest: int) -> Connections:
    """The rides that leave between two clock times, both included."""
    n_calls = np.diff(trips.call_offset)
    trip = np.repeat(np.arange(len(n_calls), dtype=np.int32), n_calls)
    call = np.arange(len(trip), dtype=np.int64)
    leaves = np.ones(len(trip), np.bool_)
    leaves[trips.call_offset[1:] - 1] = False
    leaves &= (trips.call_departure >= earliest) & (trips.call_departure <= latest)
    order = np.lexsort((call[leaves], trips.call_departure[leaves]))
    return Connections(trip[leaves][order], call[leaves][order])


def vehicle_arrivals(
    trips: Trips, transfer_times: TransferTimes, ready: NDArray[np.int32], latest: int
) -> NDArray[np.int32]:
    """Earliest arrival by vehicle at every stop.

    Parameters
    ----------
    trips, transfer_times
        The timetable and the ways to change.
    ready
        (S, L) int32, clock time at which lane l (one traveller leaving at one minute) can first board at each stop,
        `UNREACHED_INT32` where it cannot walk to; left unchanged.
    latest
        Last departure looked at.

    Returns
    -------
    (S, L) int32 clock times, `UNREACHED_INT32` where no vehicle brings anyone. Exact: equal to the best over all sequences of
    rides and changes, since along a trip calls come in order and every change takes at least a second.

    """
    ready = ready.copy()
    arrived = np.full_like(ready, UNREACHED_INT32)
    if not ready.size:
        return arrived
    rides = connections(trips, int(ready.min()), latest)
    used, row = np.unique(rides.trip, return_inverse=True)
    aboard = np.zeros((len(used), ready.shape[1]), np.bool_)
    row_of = {int(trip): number for number, trip in enumerate(used)}
    goes_on = _goes_on(trips)
    for trip, call in zip(row, rides.from_call, strict=True):
        if trips.call_pickup[call]:
            aboard[trip] |= ready[trips.call_stop[call]] <= trips.call_departure[call]
        stop, arrival = trips.call_stop[call + 1], trips.call_arrival[call + 1]
        if call + 2 == trips.call_offset[used[trip] + 1]:
            onward = [row_of[after] for after in goes_on.get(int(used[trip]), []) if after in row_of]
            aboard[onward] |= aboard[trip]
        if not trips.call_dropoff[call + 1]:
            continue
        earlier = np.flatnonzero(aboard[trip] & (arrived[stop] > arrival))
        if not len(earlier):
            continue
        arrived[stop, earlier] = arrival
        for way in range(transfer_times.offset[stop], transfer_times.offset[stop + 1]):
            at, ready_at = transfer_times.to_stop[way], arrival + transfer_times.seconds[way]
            ready[at, earlier] = np.minimum(ready[at, earlier], ready_at)
    return arrived


def _goes_on(trips: Trips) -> dict[int, list[int]]:
    """Trips that the vehicle of a trip goes on as."""
    found: dict[int, list[int]] = {}
    for start, end in zip(
        trips.in_seat_transfers.from_trip.tolist(), trips.in_seat_transfers.to_trip.tolist(), strict=True
    ):
        found.setdefault(start, []).append(end)
    return found


def arrivals_by_states(trips: Trips, transfer_times: TransferTimes, ready: Int32s, max_rides: int) -> Int64s:
    """(S,) earliest arrival by vehicle at every stop with so many rides, `UNREACHED_INT32` for none; `ready` is (S,).

    A state is being on board when a trip comes to one of its calls. From any state one may ride on, stay on the vehicle
    as another trip, or change to any departure that is in time.
    """
    n_calls, n_stops = len(trips.call_stop), len(ready)
    ends = trips.call_offset[1:] - 1
    may_board = trips.call_pickup.copy()
    may_board[ends] = False
    way_s = np.full((n_stops, n_stops), np.inf)
    for stop in range(n_stops):
        ways = slice(transfer_times.offset[stop], transfer_times.offset[stop + 1])
        way_s[stop, transfer_times.to_stop[ways]] = transfer_times.seconds[ways]
    there = trips.call_arrival[:, None] + way_s[trips.call_stop][:, trips.call_stop]
    may_change = trips.call_dropoff[:, None] & may_board & (there <= trips.call_departure)
    next_calls = [[call + 1] for call in range(n_calls)]
    for end in ends:
        next_calls[end] = []
    for start, onward in zip(trips.in_seat_transfers.from_trip, trips.in_seat_transfers.to_trip, strict=True):
        next_calls[ends[start]].append(int(trips.call_offset[onward]) + 1)
    on_board, board = (
        np.zeros(n_calls, np.bool_),
        may_board & (ready[trips.call_stop] <= trips.call_departure),
    )
    for _ in range(max_rides):
        before = on_board.copy()
        on_board[np.flatnonzero(board) + 1] = True
        for call in range(n_calls):
            on_board[next_calls[call]] |= on_board[call]
        if (on_board == before).all():
            break
        board = may_change[on_board].any(axis=0)
    arrived = np.full(n_stops, int(UNREACHED_INT32), np.int64)
    there_by = np.flatnonzero(on_board & trips.call_dropoff)
    np.minimum.at(arrived, trips.call_stop[there_by], trips.call_arrival[there_by])
    return arrived
