"""Why a time is what it is: the rides and walks of one journey with that time.

The fewest rides: events on a best journey hold the same clock time, so a search along arcs between equal values, on
which only a change costs anything (0-1 breadth-first), finds the sequence of trips. For that sequence a second search,
over the timetable itself, picks the stops to board and alight with the least time on foot.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.columns import Int32s, Int64s
from data.timetable import Trips
from network.changes import NEVER, Changes
from network.event_sweep import Clocks, never, target_bits
from network.events import EventGraph


@dataclass(frozen=True, slots=True)
class Leg:
    """A ride, and the way to it on foot: from the origin, or from the stop of the ride before."""

    walk_s: int
    """Seconds to the stop; for a change, the walk and the minimum change time together."""
    trip: int
    """Row of Trips."""
    from_call: int
    """Row of the calls of Trips; boarding at its departure."""
    to_call: int
    """Row of the calls of Trips; alighting at its arrival."""
    departure: int
    arrival: int


@dataclass(frozen=True, slots=True)
class Journey:
    """From leaving to arriving, clock times; at least one leg."""

    departure: int
    legs: tuple[Leg, ...]
    egress_s: int
    """Seconds from the last stop to the destination."""
    arrival: int


class Lane(NamedTuple):
    """One search: what went into its sweep and what came out."""

    egress: Clocks
    """(S,) seconds from each stop to the destination."""
    clocks: Clocks
    """(N + 1,) column of the swept table."""


class Boarded(NamedTuple):
    """Ways to be on one trip: least seconds on foot so far, when boarded at each of its calls."""

    trip: int
    on_foot_s: Int64s
    """(calls of the trip,) `NEVER` where it cannot be boarded."""
    walk_s: Int64s
    """(calls of the trip,) the last of these walks."""
    alighted: Int64s
    """(calls of the trip,) the call where the trip before is left for this one; -1 for the first trip."""


class Timetabled(NamedTuple):
    """The timetable that an event graph was built from."""

    graph: EventGraph
    trips: Trips
    changes: Changes


def explain(timetabled: Timetabled, lane: Lane, access_s: Int32s, departure: int) -> Journey | None:
    """Earliest journey by public transport.

    Parameters
    ----------
    timetabled
        The graph and what it was built from.
    lane
        A search without a limit on rides.
    access_s
        (S,) int32 seconds from the origin to each stop, `NEVER` where too far.
    departure
        Clock time of leaving the origin.

    Returns
    -------
    A journey that arrives at the time the sweep tells, with the fewest rides in that time; None if there is none.

    """
    starts = _first_waits(timetabled.graph, access_s, departure)
    arrival = lane.clocks[starts].min() if len(starts) else never(lane.clocks.dtype)
    if arrival >= never(lane.clocks.dtype):
        return None
    sequence = _fewest_rides(timetabled, lane, starts[lane.clocks[starts] == arrival])
    return _least_walking(timetabled, lane.egress, sequence, access_s, (departure, arrival))


def _first_waits(graph: EventGraph, access_s: Int32s, departure: int) -> Int64s:
    """Events of the first departure that is caught at each stop within reach."""
    starts = []
    for stop in np.flatnonzero(access_s < NEVER):
        begin, end = graph.wait_first[stop], graph.wait_first[stop + 1]
        row = begin + np.searchsorted(graph.wait_departure[begin:end], departure + access_s[stop])
        if row < end:
            starts.append(graph.wait_event[row])
    return np.array(starts, np.int64)


def _fewest_rides(timetabled: Timetabled, lane: Lane, starts: Int64s) -> list[int]:
    """Trips of a journey along events with the value of `starts`, boarding as rarely as possible."""
    graph, clocks = timetabled.graph, lane.clocks
    value = clocks[starts[0]]
    # Breadth-first; free arcs put their head in front of the queue, and what is settled first stays.
    queue = deque((int(start), -1) for start in starts)
    came_from: dict[int, int] = {}
    while queue:
        event, before = queue.popleft()
        if event in came_from:
            continue
        came_from[event] = before
        if _alights(graph, lane, event):
            return _trips_along(timetabled, came_from, event)
        onward = [int(head) for head in graph.head[graph.first[event] : graph.first[event + 1]]]
        free = [int(graph.ride[event]), *(onward if graph.is_wait[event] else [])]
        queue.extendleft((head, event) for head in free if clocks[head] == value)
        if not graph.is_wait[event]:
            queue.extend((head, event) for head in onward if clocks[head] == value)
    msg = "the clock times are not those of this graph and egress"
    raise ValueError(msg)


def _alights(graph: EventGraph, lane: Lane, event: int) -> bool:
    """Whether the value of an event comes from leaving the vehicle there."""
    stop = graph.alight[event]
    if stop < 0 or lane.egress[stop] >= never(lane.egress.dtype):
        return False
    clock = int(graph.clock[event]) << target_bits(lane.egress.dtype)
    return bool(clock + lane.egress[stop] == lane.clocks[event])


def _trips_along(timetabled: Timetabled, came_from: dict[int, int], event: int) -> list[int]:
    """Trips of the boarded waits on the way to `event`: of the waits of one stop, the last before an arrive."""
    graph, found = timetabled.graph, []
    while event >= 0:
        before = came_from[event]
        if before >= 0 and graph.is_wait[before] and not graph.is_wait[event]:
            call = graph.call[before]
            found.append(int(np.searchsorted(timetabled.trips.call_first, call, side="right")) - 1)
        event = before
    return found[::-1]


def _least_walking(
    timetabled: Timetabled, egress: Clocks, sequence: list[int], access_s: Int32s, times: tuple[int, int]
) -> Journey:
    """Where to board and alight along a sequence of trips, with the least seconds on foot, to arrive in time.

    `times` are the clock time of leaving, and of arriving in the terms of `egress`.
    """
    trips, changes = timetabled.trips, timetabled.changes
    departure, value = times
    boarded = [_boarded_from_origin(trips, sequence[0], access_s, departure)]
    for trip in sequence[1:]:
        boarded.append(_boarded_from_trip(trips, changes, boarded[-1], trip))
    bits = target_bits(egress.dtype)
    begin, end = trips.call_first[sequence[-1]], trips.call_first[sequence[-1] + 1]
    arrivals = trips.call_arrival[begin:end].astype(np.int64) << bits
    to_go = egress[trips.call_stop[begin:end]].astype(np.int64)
    ends_well = trips.call_dropoff[begin:end] & (to_go < never(egress.dtype)) & (arrivals + to_go == value)
    _, so_far = _aboard(boarded[-1])
    on_foot = np.where(ends_well, so_far + (to_go >> bits), NEVER)
    to_call = int(begin + np.argmin(on_foot))
    egress_s = int(to_go[to_call - begin] >> bits)
    return Journey(departure, _legs(trips, boarded, to_call), egress_s, int(value >> bits))


def _boarded_from_origin(trips: Trips, trip: int, access_s: Int32s, departure: int) -> Boarded:
    begin, end = trips.call_first[trip], trips.call_first[trip + 1]
    walk_s = access_s[trips.call_stop[begin:end]].astype(np.int64)
    caught = trips.call_pickup[begin:end] & (departure + walk_s <= trips.call_departure[begin:end])
    on_foot_s = np.where(caught & (walk_s < NEVER), walk_s, int(NEVER))
    return Boarded(trip, on_foot_s, walk_s, np.full(len(walk_s), -1))


def _boarded_from_trip(trips: Trips, changes: Changes, before: Boarded, trip: int) -> Boarded:
    begin, end = trips.call_first[trip], trips.call_first[trip + 1]
    n_calls = int(end - begin)
    found = Boarded(trip, np.full(n_calls, int(NEVER)), np.zeros(n_calls, np.int64), np.full(n_calls, -1))
    _, so_far = _aboard(before)
    first = trips.call_first[before.trip]
    for call in np.flatnonzero((so_far < NEVER) & trips.call_dropoff[first : first + len(so_far)]) + first:
        way_begin, way_end = changes.first[trips.call_stop[call]], changes.first[trips.call_stop[call] + 1]
        for stop, walk_s in zip(
            changes.to_stop[way_begin:way_end], changes.seconds[way_begin:way_end], strict=True
        ):
            caught = (trips.call_stop[begin:end] == stop) & trips.call_pickup[begin:end]
            caught &= trips.call_arrival[call] + walk_s <= trips.call_departure[begin:end]
            better = caught & (so_far[call - first] + walk_s < found.on_foot_s)
            found.on_foot_s[better] = so_far[call - first] + walk_s
            found.walk_s[better] = walk_s
            found.alighted[better] = call
    return found


def _aboard(boarded: Boarded) -> tuple[Int64s, Int64s]:
    """Where best to have boarded, as a place along the trip, and the seconds on foot, for being on board at each call."""
    n_calls = len(boarded.on_foot_s)
    where, so_far = np.full(n_calls, -1), np.full(n_calls, int(NEVER))
    for place in range(1, n_calls):
        earlier = boarded.on_foot_s[place - 1] < so_far[place - 1]
        where[place] = place - 1 if earlier else where[place - 1]
        so_far[place] = min(boarded.on_foot_s[place - 1], so_far[place - 1])
    return where, so_far


def _legs(trips: Trips, boarded: list[Boarded], to_call: int) -> tuple[Leg, ...]:
    """Legs from the last back to the first."""
    legs = []
    for ride in reversed(boarded):
        begin = int(trips.call_first[ride.trip])
        place = _aboard(ride)[0][to_call - begin]
        from_call = begin + int(place)
        departure, arrival = int(trips.call_departure[from_call]), int(trips.call_arrival[to_call])
        legs.append(Leg(int(ride.walk_s[place]), ride.trip, from_call, to_call, departure, arrival))
        to_call = int(ride.alighted[place])
    return tuple(legs[::-1])
