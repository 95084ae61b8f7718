"""Percentiles over a window of departures to many destinations side by side, one lane each.

What an origin can board, and the last departure of the window with which it still catches that, is the same for all
destinations: only the arrivals differ. So the times of a block of lanes are rows of vectors: the least arrival of what each
departure is the last to catch, a running minimum from the last departure back, and the departure itself taken off.

Percentiles are then found in all lanes at once: few times by a sorting network (the odd-even merge of Batcher 1968), whose
comparisons do not depend on the values, and many, as those of a whole day or of several samples, by bisection, counting
in each step how many times lie below.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import UNREACHED_INT32, unreached
from network.transit.departures import Access, Departing, boarding_span, caught_rows
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import (
    SHORT_MAX_S,
    Lanes,
    Span,
    part_of_day,
    sweep_part,
)
from network.transit.headway_samples import Graphs
from network.transit.window_percentiles import fast_div, inverse_for, ranks_of

LANES = 64
"""Columns of every table of times: a number known when kernels are compiled lets whole rows stay in vectors."""
SORTED_AT_MOST = 256
"""More times than this are counted rather than sorted, which grows no faster than they do."""
COUNTED_TOGETHER, COUNTED_IN_LANES = 8, 2**15
"""Rows of times per loop over the lanes, and as many as 16 bits surely count."""
POOL_BYTES = 2**28
"""What can be boarded in all samples at once may take so much memory: the more of it, the fewer lanes."""
ROOM_BYTES = 2**32
"""Tables of all threads together."""


class Boardings(NamedTuple):
    """Departures that somebody may board, of M samples, in L lanes; those of a stop in order of time.

    Attributes
    ----------
    offset
        (M, S + 1) int64; those of a sample at stop s are rows `offset[s]:offset[s + 1]`.
    departure
        (R,) int32 clock times at the stop.
    arrival
        (R, L) clock times at the destination by this or a later departure of the stop,
        counted from the first of the window on, uint16 or int32.

    """

    offset: Int64s
    departure: Int32s
    arrival: Lanes


class EachTimes(NamedTuple):
    """What a window of departures comes to, for O origins and K destinations."""

    seconds: Int32s
    """(O, K, Q) int32, of each percentile; unreached where not that many departures are served."""
    served_share: Floats
    """(O, K) float64, share of the departures that arrive within the longest time, 0 to 1."""


class Ranks(NamedTuple):
    """Which of the times in their order are asked for, and what finds them."""

    rank: Int64s
    """(Q,)."""
    is_sorted: bool
    """Whether by a sorting network rather than by counting."""
    comparators: Int32s
    """(C, 2) rows to compare and swap in turn."""


def to_each(
    graphs: EventGraph | Graphs,
    egress: Access,
    departing: Departing,
    direct_s: Int32s,
    percents: tuple[float, ...],
    max_rides: int = 0,
) -> EachTimes:
    """Sweep for any number of destinations, a block of lanes at a time, blocks on all cores.

    For times of arrival give all of it backward in time: mirrored graphs, destinations that leave and origins for lanes.

    Parameters
    ----------
    graphs
        One, or several samples of the same timetable that count alike, of S stops.
    egress
        Ways between the stops and each of K destinations.
    departing
        O origins, D departures.
    direct_s
        (O, K) `plain` seconds without public transport.
    percents
        Q percentages, see `network.transit.window_percentiles.to_nearest`.
    max_rides
        Vehicles boarded at most, 0 for any number.

    """
    samples = (graphs,) if isinstance(graphs, EventGraph) else graphs
    n_times = departing.window.n * len(samples)
    rank, is_sorted = ranks_of(percents, n_times), n_times <= SORTED_AT_MOST
    ranks = Ranks(rank, is_sorted, sorting_network(n_times if is_sorted else 0, tuple(rank.tolist())))
    seconds = np.empty((len(percents), *direct_s.shape), np.int32)
    n_served = np.empty(direct_s.shape, np.int32)
    n_stops = len(samples[0].wait_offset) - 1
    first, last = departing.window.first, departing.window.last + departing.travel_max_s
    lane_type = np.dtype(np.uint16 if last - first <= SHORT_MAX_S else np.int32)
    n_per_block = _lanes_per_block(samples, departing, lane_type)
    blocks = [slice(begin, begin + n_per_block) for begin in range(0, direct_s.shape[1], n_per_block)]

    def work(mine: Sequence[slice]) -> None:
        room = np.empty(0, lane_type)
        for block in mine:
            to_lanes, found = _from_stops(egress, block, n_stops), []
            for graph in samples:
                span = part_of_day(graph, first, last)
                room, table = _table(room, (span.end - span.begin + 1, to_lanes.shape[1]))
                found.append(
                    _boardings(graph, departing, span, sweep_part(graph, to_lanes, span, table, max_rides))
                )
            _rank(_joined(found), departing, direct, block.start, ranks, top, seconds, n_served)

    top = np.full(1, unreached(lane_type), lane_type)[0]
    direct = np.where(direct_s <= departing.travel_max_s, direct_s, top).astype(lane_type)
    n_bytes = (samples[0].n_events + n_times) * LANES * lane_type.itemsize
    n_threads = max(1, min(os.cpu_count() or 1, len(blocks), ROOM_BYTES // n_bytes))
    with ThreadPoolExecutor(n_threads) as threads:
        for _ in threads.map(work, [blocks[thread::n_threads] for thread in range(n_threads)]):
            pass
    return EachTimes(np.moveaxis(seconds, 0, -1), n_served / n_times)


def _from_stops(egress: Access, block: slice, n_stops: int) -> Int32s:
    """(S, L) int32 seconds from each stop to the destinations of a block, unreached where there is no way."""
    offset = egress.offset[block.start : block.stop + 1]
    ways, lane = slice(offset[0], offset[-1]), np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    seconds = np.full((n_stops, len(offset) - 1), UNREACHED_INT32)
    seconds[egress.stop[ways], lane] = egress.seconds[ways]
    return seconds


def _table(room: Lanes, shape: tuple[int, int]) -> tuple[Lanes, Lanes]:
    """Room that is large enough, and a table in it: fresh memory costs about as much as a sweep."""
    size = math.prod(shape)
    if len(room) < size:
        # Samples differ little in their events: with some more room one serves all.
        room = np.empty(size + size // 16, room.dtype)
    return room, room[:size].reshape(shape)


@lru_cache(maxsize=16)
def sorting_network(n: int, wanted: tuple[int, ...]) -> Int32s:
    """(C, 2) int32, rows to compare and swap in turn so that of n rows the wanted ones hold what sorting would put there.

    Batcher's odd-even merge, without comparisons from which no wanted row follows.
    """
    pairs = [
        (low, low + step)
        for run in (1 << bit for bit in range(max(n - 1, 0).bit_length()))
        for step in (run >> bit for bit in range(run.bit_length()))
        for begin in range(step % run, n - step, 2 * step)
        for low in range(begin, min(begin + step, n - step))
        if low // (2 * run) == (low + step) // (2 * run)
    ]
    needed, kept = set(wanted), []
    for pair in reversed(pairs):
        if not needed.isdisjoint(pair):
            needed.update(pair)
            kept.append(pair)
    return np.array(kept[::-1], np.int32).reshape(-1, 2)


def _lanes_per_block(samples: Graphs, departing: Departing, lane_type: np.dtype[Any]) -> int:
    """So many lanes that what can be boarded in all samples at once fits `POOL_BYTES`."""
    first, last = boarding_span(departing)
    departure, n_stops = samples[0].wait_departure, len(samples[0].wait_offset) - 1
    n_rows = int(np.count_nonzero((departure >= first) & (departure <= last))) + n_stops
    return max(1, min(LANES, POOL_BYTES // (len(samples) * n_rows * lane_type.itemsize + 1)))


def _boardings(graph: EventGraph, departing: Departing, span: Span, table: Lanes) -> Boardings:
    """What somebody may board who leaves in the window, in the table of a sweep of one sample."""
    begin, end = graph.wait_offset[:-1], graph.wait_offset[1:]
    offset, rows = caught_rows(begin, end, graph.wait_departure, *boarding_span(departing))
    event = np.minimum(graph.wait_event[rows], span.end) - span.begin
    return Boardings(offset[None], graph.wait_departure[rows], table[event])


def _joined(samples: Sequence[Boardings]) -> Boardings:
    if len(samples) == 1:
        return samples[0]
    n_rows = np.cumsum([0, *(len(of.departure) for of in samples)])[:-1]
    return Boardings(
        np.concatenate([of.offset + before for of, before in zip(samples, n_rows, strict=True)]),
        np.concatenate([of.departure for of in samples]),
        np.concatenate([of.arrival for of in samples]),
    )


# In the kernels every sum is cast back to the type of the lanes: numba would widen it and halve the vectors.


@kernel
def _rank(
    boardings: Boardings,
    departing: Departing,
    direct: Lanes,
    first: int,
    ranks: Ranks,
    top: np.integer[Any],
    seconds: Int32s,
    n_served: Int32s,
) -> None:
    """Fill `seconds`, (Q, O, K), and `n_served`, (O, K), in the columns from `first` on that the lanes stand for."""
    n, n_lanes, longest = departing.window.n, boardings.arrival.shape[1], departing.travel_max_s
    n_times, as_lane = n * len(boardings.offset), boardings.arrival.dtype.type
    # Rows that stand for no departure are later than all.
    n_rows = -(-n_times // COUNTED_TOGETHER) * COUNTED_TOGETHER
    times = np.full((n_rows, LANES), top, boardings.arrival.dtype)
    too_long, found = np.full(LANES, as_lane(longest + 1)), np.empty(LANES, times.dtype)
    n_below, served = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for origin in range(len(direct)):
        for sample in range(len(boardings.offset)):
            of_sample = times[sample * n : (sample + 1) * n]
            _catch(boardings, sample, departing, origin, top, of_sample)
            _as_durations(departing.window.step_s, direct[origin][first : first + n_lanes], of_sample)
        _count_below(times, too_long, served)
        n_served[origin][first : first + n_lanes] = served[:n_lanes]
        if ranks.is_sorted:
            _sort(ranks.comparators, times)
        for row in range(len(ranks.rank)):
            rank, into = int(ranks.rank[row]), seconds[row, origin][first : first + n_lanes]
            of_rank = times[rank] if ranks.is_sorted else found
            if not ranks.is_sorted:
                _select(times, rank, longest, found, n_below)
            for lane in range(n_lanes):
                into[lane] = np.int32(of_rank[lane]) if served[lane] > rank else UNREACHED_INT32


@kernel
def _catch(
    boardings: Boardings, sample: int, departing: Departing, origin: int, top: np.integer[Any], times: Lanes
) -> None:
    """Fill `times`, (D, LANES): the least arrival of what this departure of the window is the last to catch."""
    ways, window, arrival = departing.access, departing.window, boardings.arrival
    last, n_lanes = window.n - 1, arrival.shape[1]
    step_s, inverse = np.uint64(window.step_s), inverse_for(window.step_s)
    times[:] = top
    for way in range(ways.offset[origin], ways.offset[origin + 1]):
        stop, at_stop = ways.stop[way], window.first + ways.seconds[way]
        end, before = boardings.offset[sample, stop + 1], -1
        for row in range(first_at(boardings.departure, boardings.offset[sample, stop], end, at_stop), end):
            late_s = np.uint64(boardings.departure[row] - at_stop)
            minute = min(int(np.int64(fast_div(late_s, step_s, inverse))), last)
            # A row holds what is caught later at this stop as well: the first of a minute is enough.
            if minute > before:
                into, there = times[minute], arrival[row]
                for lane in range(n_lanes):
                    into[lane] = min(into[lane], there[lane])
                before = minute
            if minute == last:
                break


@kernel
def _as_durations(step_s: int, direct: Lanes, times: Lanes) -> None:
    """Turn what `_catch` found into the seconds of each departure; all above the longest time are as good as never."""
    as_lane, n, n_lanes = times.dtype.type, len(times), len(direct)
    for departure in range(n - 2, -1, -1):
        row, later = times[departure], times[departure + 1]
        for lane in range(n_lanes):
            row[lane] = min(row[lane], later[lane])
    for departure in range(n):
        # What is not reached stays above the longest time whatever is taken off.
        clock, row = as_lane(step_s * departure), times[departure]
        for lane in range(n_lanes):
            row[lane] = min(as_lane(row[lane] - clock), direct[lane])


@kernel
def _sort(comparators: Int32s, times: Lanes) -> None:
    """Run the sorting network in every column."""
    for pair in range(len(comparators)):
        low, high = times[np.uint32(comparators[pair, 0])], times[np.uint32(comparators[pair, 1])]
        for lane in range(LANES):
            one, other = low[lane], high[lane]
            low[lane], high[lane] = min(one, other), max(one, other)


@kernel
def _select(times: Lanes, rank: int, longest: int, found: Lanes, n_below: Int32s) -> None:
    """Fill `found`, (LANES,), with the time of a rank by bisection: the greatest with no more than `rank` below it."""
    as_lane, low, bit = times.dtype.type, np.zeros(LANES, times.dtype), 1
    while bit <= longest:
        bit <<= 1
    while bit:
        for lane in range(LANES):
            found[lane] = as_lane(low[lane] + as_lane(bit))
        _count_below(times, found, n_below)
        for lane in range(LANES):
            if n_below[lane] <= rank:
                low[lane] = found[lane]
        bit >>= 1
    found[:] = low


@kernel
def _count_below(times: Lanes, bound: Lanes, n_below: Int32s) -> None:
    """Fill `n_below`, (LANES,), with the number of times below the bound of each column."""
    as_lane, n_lanes = times.dtype.type, times.shape[1]
    n_here = np.empty(n_lanes, times.dtype)
    n_below[:] = 0
    for begin in range(0, len(times), COUNTED_IN_LANES):
        n_here[:] = 0
        for first in range(begin, min(begin + COUNTED_IN_LANES, len(times)), COUNTED_TOGETHER):
            rows = times[first : first + COUNTED_TOGETHER]
            for lane in range(n_lanes):
                n_lower = n_here[lane]
                for row in range(COUNTED_TOGETHER):
                    n_lower = as_lane(n_lower + as_lane(rows[row, lane] < bound[lane]))
                n_here[lane] = n_lower
        for lane in range(n_lanes):
            n_below[lane] += np.int32(n_here[lane])
