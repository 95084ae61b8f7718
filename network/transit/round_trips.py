"""There and back: how long a tour takes for every departure, with a visit within opening hours in between.

The way out is read from a backward sweep with a lane per destination, the way home from one with a lane per home: a
destination is left at a time that only the way out and the opening hours tell, so both profiles are needed whole.
Nothing is gained by arriving or leaving later than one can, as every profile is first in, first out.

A *tour start* is one way to set out and come back: a home with all its stops for those who go on foot, and a home with
one stop for those who park a bicycle there and must come back to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from data.columns import Int32s, Int64s
from network.hierarchy.sweep import LANES_PER_PASS
from network.jit import kernel
from network.lanes import UNREACHED_INT32
from network.transit.departures import Access, Departing, ParetoDepartures, Window, pareto_departures
from network.transit.event_graph import EventGraph
from network.transit.event_sweep import sweep, sweep_rides
from network.transit.window_percentiles import catch


class TourStarts(NamedTuple):
    """B ways to set out and come back.

    Attributes
    ----------
    row
        (B,) int32, row of the result that each belongs to, before `Destinations.row` is added.
    outbound
        From each tour start to the stops.
    inbound
        Ways from the stops to the ends of L searches for the way back, as `Access` from the ends would be.
    inbound_end, inbound_last_s
        (B,) int32, never decreasing: the end that each tour start is reached by, and the seconds from there home.
    outbound_direct_s, inbound_direct_s
        (B, F) int32, without public transport to and from each destination; unreached where that is not possible.

    """

    row: Int32s
    outbound: Access
    inbound: Access
    inbound_end: Int32s
    inbound_last_s: Int32s
    outbound_direct_s: Int32s
    inbound_direct_s: Int32s


class Destinations(NamedTuple):
    """F places to visit.

    Attributes
    ----------
    row
        (F,) int32, what to add to the row of a tour start to come to the row of the result: all 0 to take the best of them.
    egress_s
        (S, F) int32, from each stop to each; unreached where too far.
    access
        From each to the stops.
    open_offset
        (F + 1,) int64; destination f is open in the spans `open_offset[f]:open_offset[f + 1]`.
    opens, closes
        (T,) int32 clock times, rising and apart.

    """

    row: Int32s
    egress_s: Int32s
    access: Access
    open_offset: Int64s
    opens: Int32s
    closes: Int32s

    def block(self, start: int, end: int) -> Destinations:
        """Only the destinations from `start` to before `end`."""
        first, last = self.access.offset[start], self.access.offset[end]
        ways = Access(
            self.access.offset[start : end + 1] - first,
            self.access.stop[first:last],
            self.access.seconds[first:last],
        )
        spans = self.open_offset[start : end + 1]
        return Destinations(
            self.row[start:end],
            np.ascontiguousarray(self.egress_s[:, start:end]),
            ways,
            spans - spans[0],
            self.opens[spans[0] : spans[-1]],
            self.closes[spans[0] : spans[-1]],
        )


class Limits(NamedTuple):
    """Longest travel time of either way, in seconds, and vehicles boarded at most on either, 0 for any number."""

    travel_max_s: int
    max_rides: int


class TourTimes(NamedTuple):
    """Seconds from leaving home until being back.

    Attributes
    ----------
    seconds
        (R, D) int32 for each row of the result and departure; unreached where it cannot be done.
    destination, start
        (R, D) int32, row of Destinations and of TourStarts with that time; -1 where it cannot be done.

    """

    seconds: Int32s
    destination: Int32s
    start: Int32s


class InboundProfile(NamedTuple):
    """How to get from the destinations of a block to B tour starts: one lane of `found` per end of the way back."""

    found: ParetoDepartures
    lane: Int32s
    last_s: Int32s
    direct_s: Int32s
    access: Access


class TourBlock(NamedTuple):
    """A block of tour starts and one of destinations, each with its first row, and what leads there and back."""

    first_start: int
    first_destination: int
    row_of_start: Int32s
    """(B,) of all tour starts."""
    there: Destinations
    outbound: ParetoDepartures
    """A lane per destination of the block."""
    outbound_direct_s: Int32s
    inbound: InboundProfile


class Appointments(NamedTuple):
    """The way to an appointment and back, for each row of the result: int32 clock times, unreached where it cannot be done.

    `destination` and `start` are -1 there.
    """

    departure: Int32s
    home: Int32s
    destination: Int32s
    start: Int32s


class Visit(NamedTuple):
    """Clock times between which one must be there."""

    start: np.int32
    end: np.int32


def tour_times(
    graph: EventGraph,
    starts: TourStarts,
    destinations: Destinations,
    window: Window,
    stay_s: int,
    limits: Limits,
) -> TourTimes:
    """Least time from leaving home until being back, for every departure of `window`.

    Parameters
    ----------
    graph
        Of S stops.
    starts, destinations
        Between which people go there and back, always to and from the same of both.
    window
        When they leave.
    stay_s
        Seconds that the visit takes; it must lie within one span of opening hours. Those who come too early wait.
    limits
        Of either way.

    """
    shape = (_n_rows(starts, destinations), window.n)
    times = TourTimes(
        np.full(shape, UNREACHED_INT32, np.int32), np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
    )
    departing = Departing(starts.outbound, window, limits.travel_max_s)
    for block in _blocks(graph, starts, destinations, limits.max_rides):
        go_round(block, departing, np.int32(stay_s), times)
    return times


def _n_rows(starts: TourStarts, destinations: Destinations) -> int:
    """Rows of the result: every row of it has a tour start."""
    return int(starts.row.max(initial=-1)) + 1 + int(destinations.row.max(initial=0))


def appointments(
    graph: EventGraph, starts: TourStarts, destinations: Destinations, visit: tuple[int, int], limits: Limits
) -> Appointments:
    """Leave home as late as possible, be there from one clock time of `visit` to the other, and go home at once.

    The other arguments are those of `tour_times`; a destination that is not open during the whole visit is left out.
    """
    n_rows = _n_rows(starts, destinations)
    found = Appointments(
        np.full(n_rows, UNREACHED_INT32, np.int32),
        np.full(n_rows, UNREACHED_INT32, np.int32),
        np.full(n_rows, -1, np.int32),
        np.full(n_rows, -1, np.int32),
    )
    there_from_to = Visit(np.int32(visit[0]), np.int32(visit[1]))
    for block in _blocks(graph, starts, destinations, limits.max_rides):
        keep_appointments(block, starts.outbound, there_from_to, np.int32(limits.travel_max_s), found)
    return found


def _profile(graph: EventGraph, egress: Int32s, max_rides: int) -> ParetoDepartures:
    """Departures worth waiting for, a lane per column of `egress`."""
    return pareto_departures(
        graph, sweep_rides(graph, egress, max_rides) if max_rides else sweep(graph, egress)
    )


def _blocks(
    graph: EventGraph, starts: TourStarts, destinations: Destinations, max_rides: int
) -> Iterator[TourBlock]:
    """Blocks of tour starts for each block of destinations, with what is worth waiting for between them."""
    n_stops, n_ends = len(graph.wait_offset) - 1, len(starts.inbound.offset) - 1
    for first in range(0, len(destinations.row), LANES_PER_PASS):
        there = destinations.block(first, min(first + LANES_PER_PASS, len(destinations.row)))
        part = slice(first, first + len(there.row))
        outbound = _profile(graph, there.egress_s, max_rides)
        for first_end in range(0, n_ends, LANES_PER_PASS):
            last_end = min(first_end + LANES_PER_PASS, n_ends)
            begin, end = np.searchsorted(starts.inbound_end, (first_end, last_end)).tolist()
            way_offset = starts.inbound.offset[first_end : last_end + 1]
            ways = slice(way_offset[0], way_offset[-1])
            egress = np.full((n_stops, last_end - first_end), UNREACHED_INT32, np.int32)
            lane = np.repeat(np.arange(last_end - first_end), np.diff(way_offset))
            egress[starts.inbound.stop[ways], lane] = starts.inbound.seconds[ways]
            inbound = InboundProfile(
                _profile(graph, egress, max_rides),
                starts.inbound_end[begin:end] - np.int32(first_end),
                starts.inbound_last_s[begin:end],
                np.ascontiguousarray(starts.inbound_direct_s[begin:end, part]),
                there.access,
            )
            direct_s = np.ascontiguousarray(starts.outbound_direct_s[begin:end, part])
            yield TourBlock(begin, first, starts.row, there, outbound, direct_s, inbound)


Whole: TypeAlias = int | np.int32


@kernel
def _home(
    inbound: InboundProfile, start: int, destination: int, leave: Whole, travel_max_s: Whole
) -> np.int32:
    """Clock time of being back when `destination` is left at `leave`; unreached where no way leads back in time."""
    home = UNREACHED_INT32
    direct_s = inbound.direct_s[start, destination]
    if direct_s < UNREACHED_INT32:
        home = np.int32(leave + direct_s)
    ways, found, lane = inbound.access, inbound.found, inbound.lane[start]
    for way in range(ways.offset[destination], ways.offset[destination + 1]):
        stop = ways.stop[way]
        begin, end = found.begin[lane, stop], found.end[stop]
        row = begin + np.searchsorted(found.departure[lane, begin:end], leave + ways.seconds[way])
        if row < end:
            home = min(home, np.int32(found.arrival[lane, row] + inbound.last_s[start]))
    return home if home - leave <= travel_max_s else UNREACHED_INT32


@kernel
def _visit(there: Destinations, destination: int, arrival: Whole, stay_s: Whole) -> np.int32:
    """Clock time at which a visit of `stay_s` that starts at `arrival` or later is over; unreached if all close too early."""
    for span in range(there.open_offset[destination], there.open_offset[destination + 1]):
        begin = max(np.int32(arrival), there.opens[span])
        if begin + stay_s <= there.closes[span]:
            return np.int32(begin + stay_s)
    return UNREACHED_INT32


@kernel
def _least_rides(found: ParetoDepartures) -> Int32s:
    """(K, S) int32, least seconds from any departure of a stop to the destination of a lane; unreached without any."""
    least = np.full(found.begin.shape, UNREACHED_INT32, np.int32)
    for lane in range(len(found.begin)):
        for stop in range(len(found.end)):
            for row in range(found.begin[lane, stop], found.end[stop]):
                ride_s = np.int32(found.arrival[lane, row] - found.departure[lane, row])
                least[lane, stop] = min(least[lane, stop], ride_s)
    return least


@kernel
def _least(ways: Access, row: int, rides_s: Int32s, direct_s: np.int32) -> np.int32:
    """Seconds that the way takes at least, whenever one leaves."""
    least = direct_s
    for way in range(ways.offset[row], ways.offset[row + 1]):
        least = min(least, np.int32(ways.seconds[way] + rides_s[ways.stop[way]]))
    return least


@kernel
def _may_help(
    known_s: Int32s,
    there: Destinations,
    destination: int,
    window: Window,
    out_least_s: Whole,
    stay_s: Whole,
    after_s: Whole,
) -> bool:
    """Whether a pair can be quicker than what is known for any departure that reaches the destination before it closes."""
    last_span = there.open_offset[destination + 1] - 1
    if last_span < there.open_offset[destination] or out_least_s >= UNREACHED_INT32:
        return False
    latest = there.closes[last_span] - stay_s - out_least_s
    n_in_time = min((latest - window.first) // window.step_s + 1, window.n)
    worst = np.int32(0)
    for departure in range(n_in_time):
        worst = max(worst, known_s[departure])
    return bool(out_least_s + after_s < worst)


@kernel
def go_round(block: TourBlock, departing: Departing, stay_s: np.int32, times: TourTimes) -> None:
    """Lower `times` by all pairs of the tour starts and the destinations of a block."""
    there, outbound, inbound = block.there, block.outbound, block.inbound
    window, travel_max_s = departing.window, departing.travel_max_s
    arrival = np.full(window.n, UNREACHED_INT32, np.int32)
    outbound_rides_s, inbound_rides_s = _least_rides(outbound), _least_rides(inbound.found)
    for block_row in range(len(block.outbound_direct_s)):
        start = block.first_start + block_row
        for destination in range(len(there.row)):
            row = block.row_of_start[start] + there.row[destination]
            direct_s = block.outbound_direct_s[block_row, destination]
            out_least_s = _least(departing.access, start, outbound_rides_s[destination], direct_s)
            back_least_s = _least(
                inbound.access, destination, inbound_rides_s[inbound.lane[block_row]], UNREACHED_INT32
            )
            back_least_s = min(
                np.int32(back_least_s + inbound.last_s[block_row]), inbound.direct_s[block_row, destination]
            )
            after_s = stay_s + back_least_s
            if not _may_help(times.seconds[row], there, destination, window, out_least_s, stay_s, after_s):
                continue
            arrival[:] = UNREACHED_INT32
            catch(
                outbound.departure[destination],
                outbound.arrival[destination],
                outbound.begin[destination],
                outbound.end,
                departing,
                start,
                arrival,
            )
            by_ride, known, home = UNREACHED_INT32, UNREACHED_INT32, UNREACHED_INT32
            for departure in range(window.n - 1, -1, -1):
                by_ride = min(by_ride, arrival[departure])
                clock = np.int32(window.first + window.step_s * departure)
                at = min(by_ride, np.int32(clock + direct_s)) if direct_s < UNREACHED_INT32 else by_ride
                least = times.seconds[row, departure]
                if at - clock > travel_max_s or at - clock + after_s >= least:
                    continue
                if at != known:
                    known, home = at, UNREACHED_INT32
                    leave = _visit(there, destination, at, stay_s)
                    if leave < UNREACHED_INT32:
                        home = _home(inbound, block_row, destination, leave, travel_max_s)
                if home < UNREACHED_INT32 and home - clock < least:
                    times.seconds[row, departure] = home - clock
                    times.destination[row, departure] = block.first_destination + destination
                    times.start[row, departure] = start


@kernel
def keep_appointments(
    block: TourBlock, ways: Access, visit: Visit, travel_max_s: np.int32, found: Appointments
) -> None:
    """Lower `found` by all pairs of the tour starts and the destinations of a block, where the shortest tour counts."""
    there, outbound, inbound = block.there, block.outbound, block.inbound
    for block_row in range(len(block.outbound_direct_s)):
        start = block.first_start + block_row
        for destination in range(len(there.row)):
            if _visit(there, destination, visit.start, visit.end - visit.start) != visit.end:
                continue
            latest = -UNREACHED_INT32
            if block.outbound_direct_s[block_row, destination] < UNREACHED_INT32:
                latest = np.int32(visit.start - block.outbound_direct_s[block_row, destination])
            for way in range(ways.offset[start], ways.offset[start + 1]):
                stop = ways.stop[way]
                begin, last = outbound.begin[destination, stop], outbound.end[stop]
                arrivals = outbound.arrival[destination, begin:last]
                row = begin + np.searchsorted(arrivals, visit.start, side="right") - 1
                if row >= begin:
                    latest = max(latest, np.int32(outbound.departure[destination, row] - ways.seconds[way]))
            if visit.start - latest > travel_max_s:
                continue
            home = _home(inbound, block_row, destination, visit.end, travel_max_s)
            row = block.row_of_start[start] + there.row[destination]
            if home < UNREACHED_INT32 and (
                found.home[row] >= UNREACHED_INT32 or home - latest < found.home[row] - found.departure[row]
            ):
                found.departure[row], found.home[row] = latest, home
                found.destination[row] = block.first_destination + destination
                found.start[row] = start
