"""Earliest arrivals from every event of a day: one pass over the event graph, from its last event to its first.

A pass fills a table with a row per event and a *lane* per search, that is per destination, and a last row for "no
event". Lanes hold clock times: plain ones (int32), short ones counted from a clock time on (uint16, for 18 hours), or
packed with the number of the target reached (int64, clock time above `TARGET_BITS` bits of number), with which one lane
finds the nearest of many targets and names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s
from network.jit import kernel
from network.lanes import (
    TARGET_BITS,
    UNREACHED_INT32,
    UNREACHED_INT64,
    UNREACHED_UINT16,
    target_bits,
    unreached,
)
from network.transit.event_graph import EventGraph

Lanes: TypeAlias = NDArray[np.integer[Any]]
Clocks: TypeAlias = NDArray[np.signedinteger[Any]]
"""Clock times or seconds: int32, or int64 packed with a target; from `network.lanes.unreached` on they do not happen."""
SHORT_MAX_S = int(UNREACHED_UINT16) - 1
"""Longest that lanes of uint16 can look ahead."""


class Scale(NamedTuple):
    """How lanes are read: `top` is unreached, targets take the low `bits`."""

    top: np.integer[Any]
    bits: int


class Span(NamedTuple):
    """Which events a pass fills: rows of its table from 0 on; and which clock time counts as 0."""

    zero: int
    begin: int
    end: int


def plain(seconds: Floats) -> Int32s:
    """Int32 values of whole seconds; inf becomes unreached."""
    return np.where(np.isfinite(seconds), seconds, UNREACHED_INT32).astype(np.int32)


def packed(seconds: Floats, target: Int32s) -> NDArray[np.int64]:
    """Int64 values of whole seconds and the row of the target reached, below 2**20; inf becomes unreached."""
    if target.size and target.max() >= 1 << TARGET_BITS:
        msg = f"at most {1 << TARGET_BITS} targets can be told apart in one search"
        raise ValueError(msg)
    reached = np.isfinite(seconds)
    whole = np.where(reached, seconds, 0).astype(np.int64)
    return np.where(reached, whole << TARGET_BITS | target, UNREACHED_INT64)


def as_targets(values: NDArray[np.int64]) -> Int32s:
    """int32 rows of the targets in packed values; -1 for unreached."""
    target = values & ((1 << TARGET_BITS) - 1)
    return np.where(values < UNREACHED_INT64, target, -1).astype(np.int32)


def sweep(graph: EventGraph, egress: Clocks) -> Clocks:
    """Earliest arrival from every event, with any number of rides.

    Parameters
    ----------
    graph
        Of S stops and N events.
    egress
        (S, K) `plain` or `packed` seconds from each stop to the destination of each lane, not by vehicle.

    Returns
    -------
    (N + 1, K) clock times of the egress's type. From a wait: leaving by this or a later departure of the stop. From an
    arrive: being on board. The last row, of no event, is unreached.

    """
    table = np.empty((graph.n_events + 1, egress.shape[1]), egress.dtype)
    sweep_into(graph, egress, table)
    return table


def part_of_day(graph: EventGraph, first: int, last: int) -> Span:
    """Events from clock time `first` to `last`, counted from `first` on."""
    begin, end = np.searchsorted(graph.clock, [first, last + 1])
    return Span(first, int(begin), int(end))


def sweep_part(graph: EventGraph, egress_s: Int32s, span: Span, table: Lanes, max_rides: int = 0) -> Lanes:
    """`sweep` of many plain lanes over a part of the day, into a table that is there already.

    Parameters
    ----------
    graph, egress_s
        As for `sweep`, (S, K) and plain.
    span
        E events, see `part_of_day`; what arrives after the last of them may count as unreached.
    table
        (E + 1, K), int32, or uint16 for at most `SHORT_MAX_S` and little more than half the time.
    max_rides
        Rides at most, 0 for any number.

    Returns
    -------
    (E + 1, K) seconds after the first clock time, a row for each event of the span and one for no event: in `table`, or
    in another one where rides are counted.

    """
    top = table.dtype.type(unreached(table.dtype))
    egress, scale = np.minimum(egress_s, int(top)).astype(table.dtype), Scale(top, 0)
    before = np.full_like(table, top) if max_rides else table
    _pass_lanes(graph, egress, before, table, scale, span)
    for _ in range(1, max_rides):
        table, before = before, table
        _pass_lanes(graph, egress, before, table, scale, span)
    return table


def sweep_into(graph: EventGraph, egress: Clocks, table: Clocks) -> None:
    """`sweep` into a table that is there already: fresh memory costs about as much as the pass itself."""
    _pass(graph, egress, table, table)


def sweep_rides(graph: EventGraph, egress: Clocks, max_rides: int) -> Clocks:
    """`sweep` with at most `max_rides` >= 1 rides, counted from a wait; from an arrive, the ride one is on included.

    One pass per ride: in pass r a change leads to what r - 1 rides can do.
    """
    if max_rides < 1:
        msg = f"the limit must leave at least one ride, not {max_rides}"
        raise ValueError(msg)
    shape = (graph.n_events + 1, egress.shape[1])
    table, before = np.empty(shape, egress.dtype), np.full(shape, unreached(egress.dtype), egress.dtype)
    _pass(graph, egress, before, table)
    for _ in range(1, max_rides):
        table, before = before, table
        _pass(graph, egress, before, table)
    return table


def ride_passes(graph: EventGraph, egress: Clocks) -> Iterator[Clocks]:
    """`sweep_rides` with at most one ride, with at most two, and so on without end, each in a table of its own."""
    before = np.full((graph.n_events + 1, egress.shape[1]), unreached(egress.dtype), egress.dtype)
    while True:
        table = np.empty_like(before)
        _pass(graph, egress, before, table)
        yield table
        before = table


def _pass(graph: EventGraph, egress: Clocks, changed: Clocks, table: Clocks) -> None:
    """Fill `table`; changes lead to rows of `changed`, which is `table` itself when rides are not counted."""
    scale = Scale(table.dtype.type(unreached(table.dtype)), target_bits(table.dtype))
    if table.shape[1] == 1:
        _pass_lane(graph, egress.reshape(-1), changed.reshape(-1), table.reshape(-1), scale)
    else:
        _pass_lanes(graph, egress, changed, table, scale, Span(0, 0, graph.n_events))


# In the kernels every sum is cast back to the type of the lanes: numba would widen it and halve the vectors.


@kernel
def _pass_lane(
    graph: EventGraph,
    egress: Clocks,
    changed: Clocks,
    lane: Clocks,
    scale: Scale,
) -> None:
    """Fill one lane."""
    top, bits = scale
    n_events = len(graph.ride)
    lane[n_events] = top
    for event in range(n_events - 1, -1, -1):
        best = lane[np.uint32(graph.ride[event])]
        start, end = np.uint64(graph.offset[event]), np.uint64(graph.offset[event + 1])
        if graph.is_wait[event]:
            for arc in range(start, end):
                best = min(best, lane[np.uint32(graph.head[arc])])
        else:
            stop = graph.alight[event]
            if stop >= 0 and egress[stop] < top:
                best = min(best, egress[stop] + (lane.dtype.type(graph.clock[event]) << bits))
            for arc in range(start, end):
                best = min(best, changed[np.uint32(graph.head[arc])])
        lane[event] = best


@kernel
def _pass_lanes(
    graph: EventGraph,
    egress: NDArray[np.integer[Any]],
    changed: NDArray[np.integer[Any]],
    table: NDArray[np.integer[Any]],
    scale: Scale,
    span: Span,
) -> None:
    """Fill many lanes side by side, as many arcs at a time as one loop over the lanes can take."""
    as_lane = table.dtype.type
    (top, bits), n_lanes, begin, end = scale, table.shape[1], span.begin, span.end
    # Whatever leads out of the span leads to the last row, of no event.
    table[end - begin, :] = top
    for event in range(end - 1, begin - 1, -1):
        onward = table if graph.is_wait[event] else changed
        arc, last_arc, stop = graph.offset[event], graph.offset[event + 1], graph.alight[event]
        row, ride = np.uint32(event - begin), np.uint32(min(graph.ride[event], end) - begin)
        one = np.uint32(min(graph.head[arc], end) - begin if arc < last_arc else end - begin)
        if stop >= 0:
            clock, at = as_lane(as_lane(graph.clock[event] - span.zero) << bits), np.uint32(stop)
            longest = min(top, as_lane(top - clock))
            for lane in range(n_lanes):
                on_foot = egress[at, lane]
                there = as_lane(on_foot + clock) if on_foot < longest else top
                table[row, lane] = min(there, table[ride, lane], onward[one, lane])
        else:
            for lane in range(n_lanes):
                table[row, lane] = min(table[ride, lane], onward[one, lane])
        for pair in range(arc + 1, last_arc, 2):
            one = np.uint32(min(graph.head[pair], end) - begin)
            other = np.uint32(min(graph.head[min(pair + 1, last_arc - 1)], end) - begin)
            for lane in range(n_lanes):
                table[row, lane] = min(table[row, lane], onward[one, lane], onward[other, lane])
