"""Why a time is what it is: the rides and walks of one journey with that time.

The fewest rides: the clock times with one ride, with two and so on, until one arrives as early as with any number. From
there events on a best journey hold the same clock time, which leads to the sequence of rides. For that sequence a second
search, over the timetable itself, picks the stops to board and alight with the least time on foot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s
from data.timetable import Trips
from network.lanes import UNREACHED_INT32, target_bits, unreached
from network.transit.event_graph import STAYING, EventGraph
from network.transit.event_sweep import Clocks, ride_passes
from network.transit.transfers import TransferTimes


@dataclass(frozen=True, slots=True)
class Leg:
    """A trip, and the way to it on foot: from the origin, or from the stop of the trip before."""

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
    is_in_seat: bool = False
    """Whether one stays seated: the vehicle of the leg before goes on as this trip. It is no new ride."""


@dataclass(frozen=True, slots=True)
class Journey:
    """From leaving to arriving, clock times; at least one leg."""

    departure: int
    legs: tuple[Leg, ...]
    egress_s: int
    """Seconds from the last stop to the destination."""
    arrival: int

    @property
    def n_rides(self) -> int:
        """Number of vehicles boarded."""
        return sum(not leg.is_in_seat for leg in self.legs)


class Ride(NamedTuple):
    """The trips of one vehicle that one may stay on, as if they were a single trip.

    Where the vehicle goes over from a trip to the next one alights from the first and boards the second.
    """

    calls: Int64s
    """Rows of the calls of Trips, in order."""
    pickup: Bools
    dropoff: Bools


class Boarded(NamedTuple):
    """Ways to be on one ride: least seconds on foot so far, when boarded at each of its calls."""

    ride: Ride
    on_foot_s: Int64s
    """(calls of the ride,) `UNREACHED_INT32` where it cannot be boarded."""
    walk_s: Int64s
    """(calls of the ride,) the last of these walks."""
    alighted: Int64s
    """(calls of the ride,) place along the ride before where that is left for this one; -1 for the first ride."""


class Lane(NamedTuple):
    """One search: what went into its sweep and what came out."""

    egress: Clocks
    """(S,) `plain` or `packed` seconds from each stop to the destination."""
    clocks: Clocks
    """(N + 1,) column of the table of `sweep`."""


class Timetabled(NamedTuple):
    """The timetable that an event graph was built from."""

    graph: EventGraph
    trips: Trips
    transfer_times: TransferTimes


def explain(
    timetabled: Timetabled,
    lane: Lane,
    access_s: Int32s,
    departure: int,
    max_rides: int = 0,
    slack_s: int = 0,
) -> Journey | None:
    """Earliest journey by public transport.

    Parameters
    ----------
    timetabled
        The graph and what it was built from.
    lane
        A search without a limit on rides.
    access_s
        (S,) int32 seconds from the origin to being ready to board at each stop, `UNREACHED_INT32` where too far.
    departure
        Clock time of leaving the origin.
    max_rides
        Vehicles boarded at most, 0 for any number.
    slack_s
        So much of each access is time to spare at the stop; it counts as waiting there, not as walking.

    Returns
    -------
    A journey that arrives at the time the sweep tells, with the fewest rides in that time; None if there is none.

    """
    starts = _first_waits(timetabled.graph, access_s, departure)
    passes = _passes(timetabled.graph, lane, starts, max_rides)
    if not passes:
        return None
    start = starts[np.argmin(passes[-1][starts])]
    rides = [
        _ride(timetabled.trips, chain) for chain in _trips_along(timetabled, lane.egress, passes, int(start))
    ]
    journey = _least_walking(timetabled, lane.egress, rides, access_s, (departure, int(passes[-1][start])))
    first, *others = journey.legs
    return replace(journey, legs=(replace(first, walk_s=first.walk_s - slack_s), *others))


def _first_waits(graph: EventGraph, access_s: Int32s, departure: int) -> Int64s:
    """Events of the first departure that is caught at each stop within reach."""
    starts = []
    for stop in np.flatnonzero(access_s < UNREACHED_INT32):
        begin, end = graph.wait_offset[stop], graph.wait_offset[stop + 1]
        row = begin + np.searchsorted(graph.wait_departure[begin:end], departure + access_s[stop])
        if row < end:
            starts.append(graph.wait_event[row])
    return np.array(starts, np.int64)


def _passes(graph: EventGraph, lane: Lane, starts: Int64s, max_rides: int) -> list[Clocks]:
    """(N + 1,) clock times with one ride, with two and so on, until `starts` arrive first of all; none if never."""
    top = unreached(lane.clocks.dtype)
    earliest = lane.clocks[starts].min(initial=top)
    passes: list[Clocks] = []
    if earliest < top:
        for table in ride_passes(graph, lane.egress[:, None]):
            passes.append(table[:, 0])
            if len(passes) == max_rides or passes[-1][starts].min() == earliest:
                break
    arrivals = [clocks[starts].min() for clocks in passes]
    return passes[: arrivals.index(min(arrivals)) + 1] if arrivals and min(arrivals) < top else []


def _trips_along(timetabled: Timetabled, egress: Clocks, passes: list[Clocks], event: int) -> list[list[int]]:
    """Trips from the wait `event` on, those of one vehicle together: events of a best journey hold the same time."""
    graph, left = timetabled.graph, len(passes) - 1
    value, found = passes[left][event], list[list[int]]()
    while not _alights(graph, egress, event, int(value)):
        onward = graph.head[graph.offset[event] : graph.offset[event + 1]]
        ride = int(graph.ride[event])
        if passes[left][ride] != value:
            left -= not graph.is_wait[event]
            event = int(onward[passes[left][onward] == value][0])
            continue
        if graph.is_wait[event]:
            trip = int(np.searchsorted(timetabled.trips.call_offset, graph.call[event], side="right")) - 1
            if graph.alight[event] == STAYING:
                found[-1].append(trip)
            else:
                found.append([trip])
        event = ride
    return found


def _alights(graph: EventGraph, egress: Clocks, event: int, value: int) -> bool:
    """Whether the value of an event comes from leaving the vehicle there."""
    stop = graph.alight[event]
    if stop < 0 or egress[stop] >= unreached(egress.dtype):
        return False
    clock = int(graph.clock[event]) << target_bits(egress.dtype)
    return bool(clock + egress[stop] == value)


def _ride(trips: Trips, chain: list[int]) -> Ride:
    """Calls of the trips of `chain` one after the other."""
    first, end = trips.call_offset[chain], trips.call_offset[1:][chain]
    calls = np.concatenate([np.arange(begin, stop) for begin, stop in zip(first, end, strict=True)])
    pickup, dropoff = trips.call_pickup[calls], trips.call_dropoff[calls]
    return Ride(calls, pickup & ~np.isin(calls, end - 1), dropoff & ~np.isin(calls, first))


def _least_walking(
    timetabled: Timetabled, egress: Clocks, rides: list[Ride], access_s: Int32s, times: tuple[int, int]
) -> Journey:
    """Where to board and alight along a sequence of rides, with the least seconds on foot, to arrive in time.

    `times` are the clock time of leaving, and of arriving in the terms of `egress`.
    """
    trips, transfer_times = timetabled.trips, timetabled.transfer_times
    departure, value = times
    boarded = [_boarded_from_origin(trips, rides[0], access_s, departure)]
    for ride in rides[1:]:
        boarded.append(_boarded_from_ride(trips, transfer_times, boarded[-1], ride))
    bits, calls = target_bits(egress.dtype), rides[-1].calls
    arrivals = trips.call_arrival[calls].astype(np.int64) << bits
    to_go = egress[trips.call_stop[calls]].astype(np.int64)
    ends_well = rides[-1].dropoff & (to_go < unreached(egress.dtype)) & (arrivals + to_go == value)
    _, so_far = _aboard(boarded[-1])
    to_place = int(np.argmin(np.where(ends_well, so_far + (to_go >> bits), UNREACHED_INT32)))
    return Journey(departure, _legs(trips, boarded, to_place), int(to_go[to_place] >> bits), value >> bits)


def _boarded_from_origin(trips: Trips, ride: Ride, access_s: Int32s, departure: int) -> Boarded:
    walk_s = access_s[trips.call_stop[ride.calls]].astype(np.int64)
    caught = ride.pickup & (departure + walk_s <= trips.call_departure[ride.calls])
    on_foot_s = np.where(caught & (walk_s < UNREACHED_INT32), walk_s, int(UNREACHED_INT32))
    return Boarded(ride, on_foot_s, walk_s, np.full(len(walk_s), -1))


def _boarded_from_ride(trips: Trips, transfer_times: TransferTimes, before: Boarded, ride: Ride) -> Boarded:
    n_calls, stop_of = len(ride.calls), trips.call_stop[ride.calls]
    found = Boarded(
        ride, np.full(n_calls, int(UNREACHED_INT32)), np.zeros(n_calls, np.int64), np.full(n_calls, -1)
    )
    _, so_far = _aboard(before)
    for place in np.flatnonzero((so_far < UNREACHED_INT32) & before.ride.dropoff):
        call = before.ride.calls[place]
        ways = slice(
            transfer_times.offset[trips.call_stop[call]], transfer_times.offset[trips.call_stop[call] + 1]
        )
        for stop, walk_s in zip(transfer_times.to_stop[ways], transfer_times.seconds[ways], strict=True):
            caught = (stop_of == stop) & ride.pickup
            caught &= trips.call_arrival[call] + walk_s <= trips.call_departure[ride.calls]
            better = caught & (so_far[place] + walk_s < found.on_foot_s)
            found.on_foot_s[better] = so_far[place] + walk_s
            found.walk_s[better] = walk_s
            found.alighted[better] = place
    return found


def _aboard(boarded: Boarded) -> tuple[Int64s, Int64s]:
    """Where best to have boarded, as a place along the ride, and the seconds on foot, for being on board at each call."""
    n_calls = len(boarded.on_foot_s)
    where, so_far = np.full(n_calls, -1), np.full(n_calls, int(UNREACHED_INT32))
    for place in range(1, n_calls):
        earlier = boarded.on_foot_s[place - 1] < so_far[place - 1]
        where[place] = place - 1 if earlier else where[place - 1]
        so_far[place] = min(boarded.on_foot_s[place - 1], so_far[place - 1])
    return where, so_far


def _legs(trips: Trips, boarded: list[Boarded], to_place: int) -> tuple[Leg, ...]:
    """Legs of all rides, found from the last back to the first."""
    legs: list[Leg] = []
    for on in reversed(boarded):
        place = int(_aboard(on)[0][to_place])
        legs[:0] = _legs_of(trips, on.ride.calls[place : to_place + 1], int(on.walk_s[place]))
        to_place = int(on.alighted[place])
    return tuple(legs)


def _legs_of(trips: Trips, calls: Int64s, walk_s: int) -> list[Leg]:
    """Legs of one ride from its first call to its last, one per trip."""
    of_trip = np.searchsorted(trips.call_offset, calls, side="right") - 1
    legs: list[Leg] = []
    for trip in np.unique(of_trip).tolist():
        start, *_, end = calls[of_trip == trip].tolist()
        departure, arrival = int(trips.call_departure[start]), int(trips.call_arrival[end])
        legs.append(Leg(0 if legs else walk_s, trip, start, end, departure, arrival, is_in_seat=bool(legs)))
    return legs
