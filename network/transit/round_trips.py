"""There and back: the time away from home for every departure, with a visit within opening hours in between.

The way out is read from a backward sweep with a lane per destination, the way home from one with a lane per home: a
destination is left at a time that only the way out and the opening hours tell, so both profiles are needed whole.
Nothing is gained by arriving or leaving later than one can, as every profile is first in, first out.

Both ends of trips there and back, and what comes out of them: the tables that `network.transit.round_trips` and its kernels share.

A *base* is one way to set out and come back: a home with all its stops for who goes on foot, and a home with one stop
for who parks a bicycle there and must come back to it.

The inner loops of trips there and back, see `network.transit.round_trips`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from data.columns import Int32s, Int64s
from network.hierarchy.sweep import LANES_PER_PASS
from network.jit import kernel
from network.transit.departures import Access, Departing, ParetoDepartures, Window, pareto_departures
from network.transit.event_graph import EventGraph
from network.transit.event_sweep import sweep, sweep_rides
from network.transit.transfers import NEVER
from network.transit.window_percentiles import catch

NEVER_S = np.int32(NEVER)
"""Seconds, and clock time, of what cannot be done."""


class Bases(NamedTuple):
    """B ways to set out and come back.

    Attributes
    ----------
    row
        (B,) int32, row of the result that each belongs to, before `Destinations.row` is added.
    out
        From each base to the stops.
    back
        Ways from the stops to the ends of L searches for the way back, as `Access` from the ends would be.
    back_end, back_last_s
        (B,) int32, never decreasing: the end that each base is reached by, and the seconds from there home.
    out_direct_s, back_direct_s
        (B, F) int32, without public transport to and from each destination; never where that is not possible.

    """

    row: Int32s
    out: Access
    back: Access
    back_end: Int32s
    back_last_s: Int32s
    out_direct_s: Int32s
    back_direct_s: Int32s


class Destinations(NamedTuple):
    """F places to visit.

    Attributes
    ----------
    row
        (F,) int32, what to add to the row of a base to come to the row of the result: all 0 to take the best of them.
    egress_s
        (S, F) int32, from each stop to each; never where too far.
    access
        From each back to the stops.
    open_first
        (F + 1,) int64; destination f is open in the spans `open_first[f]:open_first[f + 1]`.
    opens, closes
        (T,) int32 clock times, rising and apart.

    """

    row: Int32s
    egress_s: Int32s
    access: Access
    open_first: Int64s
    opens: Int32s
    closes: Int32s

    def block(self, start: int, end: int) -> Destinations:
        """Only the destinations from `start` to before `end`."""
        first, last = self.access.first[start], self.access.first[end]
        ways = Access(
            self.access.first[start : end + 1] - first,
            self.access.stop[first:last],
            self.access.seconds[first:last],
        )
        spans = self.open_first[start : end + 1]
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


class Away(NamedTuple):
    """Times away from home.

    Attributes
    ----------
    seconds
        (R, D) int32 for each row of the result and departure; never where it cannot be done.
    destination, base
        (R, D) int32, row of Destinations and of Bases with that time; -1 where it cannot be done.

    """

    seconds: Int32s
    destination: Int32s
    base: Int32s


class Back(NamedTuple):
    """How to get from the destinations of a block to B bases: one lane of `found` per end of the way back."""

    found: ParetoDepartures
    lane: Int32s
    last_s: Int32s
    direct_s: Int32s
    access: Access


class Appointments(NamedTuple):
    """The way to an appointment and back, for each row of the result: int32 clock times, never where it cannot be done.

    `destination` and `base` are -1 there.
    """

    departure: Int32s
    home: Int32s
    destination: Int32s
    base: Int32s


def times_away(
    graph: EventGraph, bases: Bases, destinations: Destinations, window: Window, stay_s: int, limits: Limits
) -> Away:
    """Least time from leaving home until being back, for every departure of `window`.

    Parameters
    ----------
    graph
        Of S stops.
    bases, destinations
        Between which people go there and back, always to and from the same of both.
    window
        When they leave.
    stay_s
        Seconds that the visit takes; it must lie within one span of opening hours. Who comes too early waits.
    limits
        Of either way.

    """
    shape = (_n_rows(bases, destinations), window.n)
    away = Away(np.full(shape, NEVER_S, np.int32), np.full(shape, -1, np.int32), np.full(shape, -1, np.int32))
    departing = Departing(bases.out, window, limits.travel_max_s)
    for first, there, out in _blocks(graph, destinations, limits.max_rides):
        part = slice(first, first + len(there.row))
        for begin, end, back in _back_blocks(graph, bases, limits.max_rides, (there.access, part)):
            go_round(
                out,
                back,
                departing,
                np.ascontiguousarray(bases.out_direct_s[begin:end, part]),
                (there, bases.row, np.int32(stay_s)),
                (begin, first),
                away,
            )
    return away


def _n_rows(bases: Bases, destinations: Destinations) -> int:
    """Rows of the result: every row of it has a base."""
    return int(bases.row.max(initial=-1)) + 1 + int(destinations.row.max(initial=0))


def appointments(
    graph: EventGraph, bases: Bases, destinations: Destinations, visit: tuple[int, int], limits: Limits
) -> Appointments:
    """Leave home as late as possible, be there from one clock time of `visit` to the other, and go home at once.

    The other arguments are those of `times_away`; a destination that is not open during the whole visit is left out.
    """
    n_rows = _n_rows(bases, destinations)
    found = Appointments(
        np.full(n_rows, NEVER_S, np.int32),
        np.full(n_rows, NEVER_S, np.int32),
        np.full(n_rows, -1, np.int32),
        np.full(n_rows, -1, np.int32),
    )
    for first, there, out in _blocks(graph, destinations, limits.max_rides):
        part = slice(first, first + len(there.row))
        for begin, end, back in _back_blocks(graph, bases, limits.max_rides, (there.access, part)):
            keep_appointments(
                out,
                back,
                bases.out,
                np.ascontiguousarray(bases.out_direct_s[begin:end, part]),
                (there, bases.row),
                (begin, first, np.int32(visit[0]), np.int32(visit[1]), np.int32(limits.travel_max_s)),
                found,
            )
    return found


def _profile(graph: EventGraph, egress: Int32s, max_rides: int) -> ParetoDepartures:
    """Departures worth waiting for, a lane per column of `egress`."""
    return pareto_departures(
        graph, sweep_rides(graph, egress, max_rides) if max_rides else sweep(graph, egress)
    )


def _blocks(
    graph: EventGraph, destinations: Destinations, max_rides: int
) -> Iterator[tuple[int, Destinations, ParetoDepartures]]:
    """Blocks of destinations, each with its first row and what is worth waiting for on the way there."""
    for start in range(0, len(destinations.row), LANES_PER_PASS):
        block = destinations.block(start, min(start + LANES_PER_PASS, len(destinations.row)))
        yield start, block, _profile(graph, block.egress_s, max_rides)


def _back_blocks(
    graph: EventGraph, bases: Bases, max_rides: int, block: tuple[Access, slice]
) -> Iterator[tuple[int, int, Back]]:
    """Blocks of bases, from one row to before another, with the ways back to them from a block of the destinations.

    Of the block it needs the ways to the stops, and the rows.
    """
    leaving, part = block
    n_stops, n_ends = len(graph.wait_first) - 1, len(bases.back.first) - 1
    for start in range(0, n_ends, LANES_PER_PASS):
        last = min(start + LANES_PER_PASS, n_ends)
        begin, end = np.searchsorted(bases.back_end, (start, last)).tolist()
        first = bases.back.first[start : last + 1]
        ways = slice(first[0], first[-1])
        egress = np.full((n_stops, last - start), NEVER_S, np.int32)
        lane = np.repeat(np.arange(last - start), np.diff(first))
        egress[bases.back.stop[ways], lane] = bases.back.seconds[ways]
        yield (
            begin,
            end,
            Back(
                _profile(graph, egress, max_rides),
                bases.back_end[begin:end] - np.int32(start),
                bases.back_last_s[begin:end],
                np.ascontiguousarray(bases.back_direct_s[begin:end, part]),
                leaving,
            ),
        )


Whole: TypeAlias = int | np.int32


@kernel
def _home(back: Back, base: int, destination: int, leave: Whole, travel_max_s: Whole) -> np.int32:
    """Clock time of being back when `destination` is left at `leave`; never where no way leads back in time."""
    home = NEVER_S
    direct_s = back.direct_s[base, destination]
    if direct_s < NEVER_S:
        home = np.int32(leave + direct_s)
    ways, found, lane = back.access, back.found, back.lane[base]
    for way in range(ways.first[destination], ways.first[destination + 1]):
        stop = ways.stop[way]
        begin, end = found.begin[lane, stop], found.end[stop]
        row = begin + np.searchsorted(found.departure[lane, begin:end], leave + ways.seconds[way])
        if row < end:
            home = min(home, np.int32(found.arrival[lane, row] + back.last_s[base]))
    return home if home - leave <= travel_max_s else NEVER_S


@kernel
def _visit(there: Destinations, destination: int, arrival: Whole, stay_s: Whole) -> np.int32:
    """Clock time at which a visit of `stay_s` that starts at `arrival` or later is over; never if all close too early."""
    for span in range(there.open_first[destination], there.open_first[destination + 1]):
        start = max(np.int32(arrival), there.opens[span])
        if start + stay_s <= there.closes[span]:
            return np.int32(start + stay_s)
    return NEVER_S


@kernel
def _least_rides(found: ParetoDepartures) -> Int32s:
    """(K, S) int32, least seconds from any departure of a stop to the destination of a lane; never without any."""
    least = np.full(found.begin.shape, NEVER_S, np.int32)
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
    for way in range(ways.first[row], ways.first[row + 1]):
        least = min(least, np.int32(ways.seconds[way] + rides_s[ways.stop[way]]))
    return least


@kernel
def _may_help(
    known_s: Int32s, there: Destinations, destination: int, window: Window, least: tuple[Whole, Whole, Whole]
) -> bool:
    """Whether a pair can be quicker than what is known for any departure that reaches the destination before it closes."""
    out_least_s, stay_s, after_s = least
    last_span = there.open_first[destination + 1] - 1
    if last_span < there.open_first[destination] or out_least_s >= NEVER_S:
        return False
    latest = there.closes[last_span] - stay_s - out_least_s
    n_in_time = min((latest - window.first) // window.step_s + 1, window.n)
    worst = np.int32(0)
    for departure in range(n_in_time):
        worst = max(worst, known_s[departure])
    return bool(out_least_s + after_s < worst)


@kernel
def go_round(
    out: ParetoDepartures,
    back: Back,
    departing: Departing,
    out_direct_s: Int32s,
    rules: tuple[Destinations, Int32s, np.int32],
    begins: tuple[int, int],
    away: Away,
) -> None:
    """Lower `away` by all pairs of a block of bases and a block of destinations; `begins` are their first rows."""
    there, row_of_base, stay_s = rules
    begin_base, begin_destination = begins
    window, travel_max_s = departing.window, departing.travel_max_s
    arrival = np.full(window.n, NEVER_S, np.int32)
    out_rides_s, back_rides_s = _least_rides(out), _least_rides(back.found)
    for block_row in range(len(out_direct_s)):
        base = begin_base + block_row
        for destination in range(len(there.row)):
            row = row_of_base[base] + there.row[destination]
            out_least_s = _least(
                departing.access, base, out_rides_s[destination], out_direct_s[block_row, destination]
            )
            back_least_s = _least(back.access, destination, back_rides_s[back.lane[block_row]], NEVER_S)
            back_least_s = min(
                np.int32(back_least_s + back.last_s[block_row]), back.direct_s[block_row, destination]
            )
            after_s = stay_s + back_least_s
            if not _may_help(away.seconds[row], there, destination, window, (out_least_s, stay_s, after_s)):
                continue
            arrival[:] = NEVER_S
            catch(out, destination, departing, base, arrival)
            direct_s = out_direct_s[block_row, destination]
            by_ride, known, home = NEVER_S, NEVER_S, NEVER_S
            for departure in range(window.n - 1, -1, -1):
                by_ride = min(by_ride, arrival[departure])
                clock = np.int32(window.first + window.step_s * departure)
                at = min(by_ride, np.int32(clock + direct_s)) if direct_s < NEVER_S else by_ride
                least = away.seconds[row, departure]
                if at - clock > travel_max_s or at - clock + after_s >= least:
                    continue
                if at != known:
                    known, home = at, NEVER_S
                    leave = _visit(there, destination, at, stay_s)
                    if leave < NEVER_S:
                        home = _home(back, block_row, destination, leave, travel_max_s)
                if home < NEVER_S and home - clock < least:
                    away.seconds[row, departure] = home - clock
                    away.destination[row, departure] = begin_destination + destination
                    away.base[row, departure] = base


@kernel
def keep_appointments(
    out: ParetoDepartures,
    back: Back,
    ways: Access,
    out_direct_s: Int32s,
    rules: tuple[Destinations, Int32s],
    times: tuple[int, int, np.int32, np.int32, np.int32],
    found: Appointments,
) -> None:
    """Lower `found` by all pairs of a block of bases and of destinations, where the least time away counts."""
    there, row_of_base = rules
    begin_base, begin_destination, start, end, travel_max_s = times
    for block_row in range(len(out_direct_s)):
        base = begin_base + block_row
        for destination in range(len(there.row)):
            if _visit(there, destination, start, end - start) != end:
                continue
            latest = -NEVER_S
            if out_direct_s[block_row, destination] < NEVER_S:
                latest = np.int32(start - out_direct_s[block_row, destination])
            for way in range(ways.first[base], ways.first[base + 1]):
                stop = ways.stop[way]
                begin, last = out.begin[destination, stop], out.end[stop]
                row = begin + np.searchsorted(out.arrival[destination, begin:last], start, side="right") - 1
                if row >= begin:
                    latest = max(latest, np.int32(out.departure[destination, row] - ways.seconds[way]))
            if start - latest > travel_max_s:
                continue
            home = _home(back, block_row, destination, end, travel_max_s)
            row = row_of_base[base] + there.row[destination]
            if home < NEVER_S and (
                found.home[row] >= NEVER_S or home - latest < found.home[row] - found.departure[row]
            ):
                found.departure[row], found.home[row] = latest, home
                found.destination[row] = begin_destination + destination
                found.base[row] = base
