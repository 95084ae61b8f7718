"""There and back: the time away from home for every departure, with a visit within opening hours in between.

The way out is read from a backward sweep with a lane per destination, the way home from one with a lane per home: a
destination is left at a time that only the way out and the opening hours tell, so both profiles are needed whole.
Nothing is gained by arriving or leaving later than one can, as every profile is first in, first out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data.columns import Int32s
from network.departures import Access, Departing, Window, Worthwhile, worthwhile
from network.event_sweep import sweep, sweep_rides
from network.events import EventGraph
from network.hierarchy.sweep import LANES_PER_PASS
from network.round_ends import NEVER_S, Appointments, Away, Back, Bases, Destinations, Limits
from network.round_kernels import go_round, keep_appointments


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


def _profile(graph: EventGraph, egress: Int32s, max_rides: int) -> Worthwhile:
    """Departures worth waiting for, a lane per column of `egress`."""
    return worthwhile(graph, sweep_rides(graph, egress, max_rides) if max_rides else sweep(graph, egress))


def _blocks(
    graph: EventGraph, destinations: Destinations, max_rides: int
) -> Iterator[tuple[int, Destinations, Worthwhile]]:
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
