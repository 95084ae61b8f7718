"""The timetable as a time-ordered graph of events, on which one backward pass finds the best way on from every event.

An event is a call seen by a passenger: *wait*, ready to board this departure, or *arrive*, on board when the vehicle
comes to the stop (the time-expanded graph of Schulz, Wagner and Weihe 2000, in the order of the connection scan of
Dibbelt et al. 2013). A third kind, *stay*, is a wait that only those reach who are on board: at the last call of a trip
that the vehicle goes on from as another.

Events are numbered by time, of equal times waits first, then by call, stays after the last call of their trip. As every
change takes at least a second, every arc leads to a higher number, whatever else ties: loops, zero hops, overtaking.
`build_events` asserts it, so that every graph proves itself; `network.transit.event_sweep` passes over it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s, read_only
from data.timetable import NO_HEADWAYS, NO_IN_SEAT_TRANSFERS, Trips, picked, sorted_in_seat
from network.jit import kernel
from network.transit.transfers import TransferTimes

NOWHERE, STAYING = -1, -2
"""Instead of the stop where one may alight: at no stop, and at none because the event is a stay."""


class EventGraph(NamedTuple):
    """N events of one service day, with A arcs besides the rides.

    Attributes
    ----------
    call
        (N,) int32, row of the calls of Trips; of a stay the first call of the trip that the vehicle becomes.
    is_wait
        (N,) bool, whether the event is a wait or stay, not an arrive.
    clock
        (N,) int32, departure of a wait, arrival of an arrive or before a stay; never decreasing.
    ride
        (N,) int32, the arrive event at the trip's next call, by boarding or staying on; at the last call its first stay,
        N where it has none.
    alight
        (N,) int32, the stop of an arrive event where passengers may leave the vehicle; `STAYING` for a stay, `NOWHERE`
        for all others.
    offset
        (N + 1,) int64; the other ways on from event n are rows `offset[n]:offset[n + 1]` of `head`.
    head
        (A,) int32: from a wait the next wait at its stop; from a stay the next of its trip; from an arrive the first wait
        after each change.
    wait_offset
        (S + 1,) int64; the waits at stop s are rows `wait_offset[s]:wait_offset[s + 1]`.
    wait_event, wait_departure
        (W,) int32, the waits in order of stop, then time: their event and their clock time.

    """

    call: Int32s
    is_wait: Bools
    clock: Int32s
    ride: Int32s
    alight: Int32s
    offset: Int64s
    head: Int32s
    wait_offset: Int64s
    wait_event: Int32s
    wait_departure: Int32s

    @property
    def n_events(self) -> int:
        """Number of events N."""
        return len(self.call)


class Events(NamedTuple):
    """All events in their order, as in EventGraph, and which of them is each of the L stays."""

    call: Int32s
    clock: Int32s
    is_wait: Bools
    stay: Int64s
    """(L,) in the order of Stays."""


class Runs(NamedTuple):
    """What the search for changes reads of T trips and their C calls, as in Trips."""

    offset: Int64s
    stop: Int32s
    arrival: Int32s
    dropoff: Bools


class Waits(NamedTuple):
    """Departures by stop, as in EventGraph."""

    offset: Int64s
    event: Int32s
    departure: Int32s


def build_events(trips: Trips, transfer_times: TransferTimes) -> EventGraph:
    """Event graph of all trips.

    A trip's first call has no arrive event and its last no wait; where boarding is forbidden there is no wait, where
    alighting is forbidden only staying on is left.

    Parameters
    ----------
    trips
        Calls in order of time along each trip.
    transfer_times
        For all stops of the timetable; each takes at least a second. Ways from a call that a later call of the same
        trip makes at least as well are left out: no time changes, nor the number of rides.

    """
    events = _in_order(trips)
    n_events, n_stops = len(events.call), len(transfer_times.offset) - 1
    is_stay = np.zeros(n_events, np.bool_)
    is_stay[events.stay] = True
    waits = _waits(trips, events, np.flatnonzero(events.is_wait & ~is_stay), n_stops)
    runs = Runs(trips.call_offset, trips.call_stop, trips.call_arrival, trips.call_dropoff)
    ways = _useful_transfers(
        runs, waits, transfer_times.offset, transfer_times.to_stop, transfer_times.seconds
    )
    first, head = _collect(events.call, events.is_wait, _ways_on(trips, events, waits), *ways)
    alight = np.where(trips.call_dropoff, trips.call_stop, np.int32(NOWHERE))[events.call]
    alight[events.is_wait] = NOWHERE
    alight[events.stay] = STAYING
    graph = EventGraph(
        call=events.call,
        is_wait=events.is_wait,
        clock=events.clock,
        ride=_rides(trips, events),
        alight=alight,
        offset=first,
        head=head,
        wait_offset=waits.offset,
        wait_event=waits.event,
        wait_departure=waits.departure,
    )
    _assert_ordered(graph)
    return read_only(graph)


def mirrored(trips: Trips, transfer_times: TransferTimes) -> tuple[Trips, TransferTimes]:
    """Return the timetable with time running backward: arriving by a clock time becomes leaving at minus that time.

    Trips come in reverse order and run from their last call to their first at negated times, boarding and alighting
    swap, changes turn round. Headways have no mirror image: mirror samples of the timetable.
    """
    n_trips, in_seat_transfers = len(trips.id), trips.in_seat_transfers
    turned = replace(
        picked(
            replace(trips, in_seat_transfers=NO_IN_SEAT_TRANSFERS, headways=NO_HEADWAYS),
            np.arange(n_trips)[::-1],
        ),
        call_stop=trips.call_stop[::-1],
        call_arrival=-trips.call_departure[::-1],
        call_departure=-trips.call_arrival[::-1],
        call_pickup=trips.call_dropoff[::-1],
        call_dropoff=trips.call_pickup[::-1],
        in_seat_transfers=sorted_in_seat(
            n_trips - 1 - in_seat_transfers.to_trip, n_trips - 1 - in_seat_transfers.from_trip
        ),
    )
    n_stops = len(transfer_times.offset) - 1
    from_stop = np.repeat(np.arange(n_stops, dtype=np.int32), np.diff(transfer_times.offset))
    order = np.argsort(transfer_times.to_stop, kind="stable")
    first = _first_rows(transfer_times.to_stop, n_stops)
    return turned, TransferTimes(first, from_stop[order], transfer_times.seconds[order])


def _first_rows(key: Int32s, n_keys: int) -> Int64s:
    """(n_keys + 1,) int64, where the rows of each key begin once sorted by key."""
    first = np.zeros(n_keys + 1, np.int64)
    np.cumsum(np.bincount(key, minlength=n_keys), out=first[1:])
    return first


def _in_order(trips: Trips) -> Events:
    """All events by (time, waits before the others, call; stays behind the last call of their trip)."""
    n_calls, in_seat_transfers = len(trips.call_stop), trips.in_seat_transfers
    is_last, is_first = np.zeros(n_calls, np.bool_), np.zeros(n_calls, np.bool_)
    is_first[trips.call_offset[:-1]] = True
    is_last[trips.call_offset[1:] - 1] = True
    waits, arrives = ~is_last & trips.call_pickup, ~is_first
    # Among the calls each stay gets a place of its own.
    last = trips.call_offset[1:][in_seat_transfers.from_trip] - 1
    n_places = n_calls + len(last)
    is_stay = np.zeros(max(n_places, 1), np.bool_)
    is_stay[last + 1 + np.arange(len(last))] = True
    call_of = np.empty(len(is_stay), np.int32)
    call_of[is_stay] = trips.call_offset[in_seat_transfers.to_trip]
    call_of[:n_places][~is_stay[:n_places]] = np.arange(n_calls)
    place = np.flatnonzero(~is_stay[:n_places])
    place = np.concatenate([place[waits], place[arrives], np.flatnonzero(is_stay)])
    clock = np.concatenate(
        [trips.call_departure[waits], trips.call_arrival[arrives], trips.call_arrival[last]]
    ).astype(np.int64)
    is_later_kind = np.arange(len(place)) >= np.count_nonzero(waits)
    start = clock.min(initial=0)
    # All three keys in one number: sorting numbers is several times quicker than sorting by columns.
    key = ((clock - start) * 2 + is_later_kind) * len(is_stay) + place
    key.sort()
    time_and_kind, place = np.divmod(key, len(is_stay))
    stay = np.flatnonzero(is_stay[place])
    is_wait = (time_and_kind & 1) == 0
    is_wait[stay] = True
    clock = (time_and_kind >> 1) + start
    return Events(call_of[place], clock.astype(np.int32), is_wait, stay[np.argsort(place[stay])])


def _rides(trips: Trips, events: Events) -> Int32s:
    """(N,) int32, the arrive event at the next call; from the last call the first stay, N where there is none."""
    n_events, arrive = len(events.call), np.flatnonzero(~events.is_wait)
    on_board = np.full(len(trips.call_stop) + 1, n_events, np.int32)
    on_board[events.call[arrive]] = arrive
    ride = on_board[events.call + 1]
    from_trip, first = np.unique(trips.in_seat_transfers.from_trip, return_index=True)
    ride[on_board[trips.call_offset[1:][from_trip] - 1]] = events.stay[first]
    return ride


def _ways_on(trips: Trips, events: Events, waits: Waits) -> Int32s:
    """(N,) int32, the next wait at the stop of each wait and the next stay of the trip of each; else `NOWHERE`."""
    following = np.full(len(events.call), NOWHERE, np.int32)
    for event, first in (
        (waits.event, waits.offset),
        (events.stay, _first_rows(trips.in_seat_transfers.from_trip, len(trips.id))),
    ):
        onward = np.append(event[1:], np.int32(NOWHERE))
        onward[first[1:][np.diff(first) > 0] - 1] = NOWHERE
        following[event] = onward[: len(event)]
    return following


def _waits(trips: Trips, events: Events, wait: Int64s, n_stops: int) -> Waits:
    """Sort the waits, whose calls come in order of time, by stop."""
    stop = trips.call_stop[events.call[wait]]
    event = wait[np.argsort(stop, kind="stable")]
    return Waits(_first_rows(stop, n_stops), event.astype(np.int32), events.clock[event])


def _assert_ordered(graph: EventGraph) -> None:
    """Prove that every arc leads to a later event."""
    event = np.arange(graph.n_events)
    if (graph.ride <= event).any() or (graph.head <= np.repeat(event, np.diff(graph.offset))).any():
        msg = "an arc of the event graph does not lead to a later event: is a change shorter than a second?"
        raise AssertionError(msg)


@kernel
def first_at(values: Int32s, begin: int, end: int, bound: int) -> int:
    """Row in `begin:end` of the first value at or above `bound`, `end` if there is none; values never decrease."""
    while begin < end:
        middle = (begin + end) >> 1
        if values[middle] < bound:
            begin = middle + 1
        else:
            end = middle
    return begin


@kernel
def _useful_transfers(
    runs: Runs, waits: Waits, way_offset: Int64s, way_to: Int32s, way_s: Int32s
) -> tuple[Int64s, Int64s, Int32s]:
    """Changes from each call: rows `begin[call]:end[call]` of the events they lead to.

    Along a trip from its last call to its first: as whoever stays on may change later, a change is kept only if it
    reaches an earlier wait of its stop than the later calls do. That leaves out one half to three quarters of them.
    """
    begin, end = np.zeros(len(runs.stop), np.int64), np.zeros(len(runs.stop), np.int64)
    head, n_heads = np.empty(1024, np.int32), 0
    by_later_calls, seen = np.empty(len(way_offset), np.int64), np.full(len(way_offset), -1, np.int64)
    for trip in range(len(runs.offset) - 1):
        for call in range(runs.offset[trip + 1] - 1, runs.offset[trip], -1):
            begin[call] = n_heads
            ways = range(way_offset[runs.stop[call]], way_offset[runs.stop[call] + 1])
            if n_heads + len(ways) > len(head):
                head = np.concatenate((head, np.empty(len(head) + len(ways), np.int32)))
            if runs.dropoff[call]:
                for way in ways:
                    stop = way_to[way]
                    bound = by_later_calls[stop] if seen[stop] == trip else waits.offset[stop + 1]
                    ready = runs.arrival[call] + way_s[way]
                    wait = first_at(waits.departure, waits.offset[stop], bound, ready)
                    if wait < bound:
                        by_later_calls[stop], seen[stop] = wait, trip
                        head[n_heads] = waits.event[wait]
                        n_heads += 1
            end[call] = n_heads
    return begin, end, head


@kernel
def _collect(
    call: Int32s, is_wait: Bools, next_wait: Int32s, begin: Int64s, end: Int64s, head: Int32s
) -> tuple[Int64s, Int32s]:
    """Arcs in the order of the events: to the next wait from a wait, changes from an arrive."""
    first = np.zeros(len(call) + 1, np.int64)
    for event in range(len(call)):
        n_arcs = next_wait[event] >= 0 if is_wait[event] else end[call[event]] - begin[call[event]]
        first[event + 1] = first[event] + n_arcs
    arcs = np.empty(first[-1], np.int32)
    for event in range(len(call)):
        if not is_wait[event]:
            arcs[first[event] : first[event + 1]] = head[begin[call[event]] : end[call[event]]]
        elif next_wait[event] >= 0:
            arcs[first[event]] = next_wait[event]
    return first, arcs
