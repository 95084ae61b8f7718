"""Door to door over a window of departures: the time of each departure, or percentiles that never hold the times.

An origin leaves at the latest departure of the window with which it still catches a departure worth waiting for; the
minimum over what it catches then or later is its earliest arrival. So the work per origin is one step per worthwhile
departure at its access stops and one per departure of the window, whatever the number of stops.

Departures of the window that arrive at the same time form a stair: leaving a step earlier takes a step longer. With
bins as wide as the step between departures, a stair has one time in each bin from its shortest to its longest, and
always the same rest within the bin. So counting stairs finds the bin of a percentile, and counting rests the time in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.departures import Departing, Window, Worthwhile, worthwhile
from network.event_sweep import Clocks, never, sweep_into, target_bits
from network.events import EventGraph
from network.jit import kernel
from network.sweep import LANES_PER_PASS


class Statistics(NamedTuple):
    """What a window of departures comes to, for O origins and K lanes."""

    values: Clocks
    """(O, K, Q) seconds of each percentile, of the lanes' type; never where not that many departures are served."""
    served_share: Floats
    """(O, K) float64, share of the departures that arrive within the longest time, 0 to 1."""


def window_values(found: Worthwhile, lane: int, departing: Departing, direct: Clocks) -> Clocks:
    """Seconds of every departure, in one lane.

    Parameters
    ----------
    found, lane
        Departures worth waiting for, and which lane of theirs.
    departing
        O origins, D departures.
    direct
        (O,) seconds without public transport, of the lanes' type.

    Returns
    -------
    (O, D) seconds, plain or packed with the target; of equal times the lowest target.

    """
    _check_type(found, direct)
    values = np.empty((len(direct), departing.window.n), direct.dtype)
    top, bits = direct.dtype.type(never(direct.dtype)), target_bits(direct.dtype)
    _every_departure(found, lane, departing, (direct, top, bits), values)
    return values


def door_to_door(
    graph: EventGraph, egress: Clocks, departing: Departing, direct: Clocks, percents: tuple[float, ...]
) -> Statistics:
    """Sweep for any number of destinations, a block of lanes at a time, and come to statistics of each.

    Parameters
    ----------
    graph
        Of S stops.
    egress
        (S, K) `plain` or `packed` seconds from each stop to the destination of each lane.
    departing
        O origins, D departures.
    direct
        (O, K) seconds without public transport, of the egress's type.
    percents
        Q percentages, see `window_statistics`.

    """
    n_origins, n_lanes = direct.shape
    values = np.empty((n_origins, n_lanes, len(percents)), direct.dtype)
    served_share = np.empty((n_origins, n_lanes))
    table = np.empty((graph.n_events + 1, min(LANES_PER_PASS, n_lanes)), egress.dtype)
    for start in range(0, n_lanes, LANES_PER_PASS):
        block = slice(start, min(start + LANES_PER_PASS, n_lanes))
        if block.stop - start < table.shape[1]:
            table = np.empty((len(table), block.stop - start), egress.dtype)
        sweep_into(graph, np.ascontiguousarray(egress[:, block]), table)
        found = worthwhile(graph, table)
        result = window_statistics(found, departing, np.ascontiguousarray(direct[:, block]), percents)
        values[:, block], served_share[:, block] = result
    return Statistics(values, served_share)


def window_statistics(
    found: Worthwhile, departing: Departing, direct: Clocks, percents: tuple[float, ...]
) -> Statistics:
    """Percentiles over the departures, in all lanes.

    Parameters
    ----------
    found
        Departures worth waiting for, in K lanes.
    departing
        O origins, D departures.
    direct
        (O, K) seconds without public transport, of the lanes' type.
    percents
        Q percentages; 0 is the best departure, 100 the worst. Each percentile is a time that occurs, the next higher
        one between two departures, as NumPy's method "higher"; a target is one that is reached in that time.

    """
    _check_type(found, direct)
    quantiles = np.true_divide(percents, 100)
    if (quantiles < 0).any() or (quantiles > 1).any():
        msg = f"percentages must be between 0 and 100, not {percents}"
        raise ValueError(msg)
    n_departures = departing.window.n
    rank = np.ceil(quantiles * (n_departures - 1)).astype(np.int64)
    values = np.empty((*direct.shape, len(rank)), direct.dtype)
    n_served = np.empty(direct.shape, np.int64)
    limits = (direct.dtype.type(never(direct.dtype)), target_bits(direct.dtype))
    _ranked(found, departing, (direct, *limits), rank, (values, n_served))
    return Statistics(values, n_served / n_departures)


def _check_type(found: Worthwhile, direct: Clocks) -> None:
    """ValueError unless the direct times are of the lanes' type."""
    if direct.dtype != found.arrival.dtype:
        msg = f"lanes of {found.arrival.dtype} need direct times of that type, not {direct.dtype}"
        raise ValueError(msg)


@kernel
def catch(found: Worthwhile, lane: int, departing: Departing, origin: int, arrival: Clocks) -> None:
    """Lower `arrival`, (D,), at the last departure of the window with which each worthwhile departure is caught."""
    departures, arrivals = found.departure[lane], found.arrival[lane]
    ways, window = departing.access, departing.window
    last = window.n - 1
    for way in range(ways.first[origin], ways.first[origin + 1]):
        stop, at_stop = ways.stop[way], window.first + ways.seconds[way]
        end = found.end[stop]
        begin = found.begin[lane, stop]
        for row in range(begin + np.searchsorted(departures[begin:end], at_stop), end):
            # Unsigned and of 32 bits: by far the cheapest division.
            minute = np.uint32(departures[row] - at_stop) // np.uint32(window.step_s)
            if minute >= last:
                # Whatever leaves later is for the last departure too, and arrives later.
                arrival[last] = min(arrival[last], arrivals[row])
                break
            arrival[minute] = min(arrival[minute], arrivals[row])


@kernel
def _every_departure(
    found: Worthwhile,
    lane: int,
    departing: Departing,
    rules: tuple[Clocks, np.signedinteger[Any], int],
    values: Clocks,
) -> None:
    """Fill `values`, (O, D): the best of the direct way and of what is caught at this departure or later."""
    direct, top, bits = rules
    window = departing.window
    for origin in range(len(direct)):
        row = values[origin]
        row[:] = top
        catch(found, lane, departing, origin, row)
        arrival = top
        for departure in range(window.n - 1, -1, -1):
            arrival = min(arrival, row[departure])
            clock = row.dtype.type(window.first + window.step_s * departure)
            value = arrival - (clock << bits) if arrival < top else top
            value = min(value, direct[origin])
            row[departure] = value if value >> bits <= departing.travel_max_s else top


@kernel
def _ranked(
    found: Worthwhile,
    departing: Departing,
    rules: tuple[Clocks, np.signedinteger[Any], int],
    rank: Int64s,
    result: tuple[Clocks, Int64s],
) -> None:
    """Fill `values`, (O, K, Q), and `n_served`, (O, K), of `result`."""
    direct, top, bits = rules
    values, n_served = result
    window, travel_max_s = departing.window, departing.travel_max_s
    arrival = np.full(window.n, top, values.dtype)
    stairs = np.empty((4, window.n), np.int32)
    n_per_bin = np.empty(travel_max_s // window.step_s + 2, np.int32)
    n_per_rest = np.empty(window.step_s, np.int32)
    for lane in range(direct.shape[1]):
        for origin in range(len(direct)):
            catch(found, lane, departing, origin, arrival)
            n_stairs = _stairs(window, (travel_max_s, top, bits), arrival, stairs)
            low, high = stairs[0, :n_stairs], stairs[1, :n_stairs]
            rest, target = stairs[2, :n_stairs], stairs[3, :n_stairs]
            n_rides = _count(low, high, n_per_bin)
            on_foot = direct[origin, lane]
            walks = on_foot >> bits <= travel_max_s
            n_served[origin, lane] = window.n if walks else n_rides
            for row in range(len(rank)):
                value = top
                if rank[row] < n_rides:
                    at, others = _find(n_per_bin, rank[row])
                    _count_rests(low, high, rest, at, n_per_rest)
                    left, _ = _find(n_per_rest, others)
                    named = _least_target((low, high, rest, target), at, left)
                    seconds = at * window.step_s + left
                    value = (values.dtype.type(seconds) << bits) + named
                # The r-th of the minima with a constant is the minimum of the constant and the r-th.
                values[origin, lane, row] = min(value, on_foot) if walks else value


@kernel
def _stairs(
    window: Window, limits: tuple[int, np.signedinteger[Any], int], arrival: Clocks, stairs: NDArray[np.int32]
) -> int:
    """Fill `stairs` with low and high bin, rest and target, a column each, and return their number.

    The times of a stair are `bin * step_s + rest` for the bins from low to high; those beyond the longest are left
    out. `arrival` is left at never for the next origin.
    """
    travel_max_s, top, bits = limits
    step_s = np.uint32(window.step_s)
    longest_bin, longest_rest = travel_max_s // window.step_s, travel_max_s % window.step_s
    n_stairs, earliest, departure = 0, top, window.n - 1
    while departure >= 0:
        earliest = min(earliest, arrival[departure])
        arrival[departure] = top
        last = departure
        departure -= 1
        while departure >= 0 and arrival[departure] >= earliest:
            arrival[departure] = top
            departure -= 1
        if earliest < top:
            shortest = np.uint32((earliest >> bits) - (window.first + window.step_s * last))
            low, rest = np.int64(shortest // step_s), np.int64(shortest % step_s)
            high = min(low + last - departure - 1, longest_bin - (rest > longest_rest))
            if low <= high:
                stairs[0, n_stairs], stairs[1, n_stairs], stairs[2, n_stairs] = low, high, rest
                stairs[3, n_stairs] = earliest - (earliest >> bits << bits)
                n_stairs += 1
    return n_stairs


@kernel
def _count(low: Int32s, high: Int32s, n_per_bin: Int32s) -> int:
    """Fill `n_per_bin` with the number of times in each bin, and return the number in all."""
    n_per_bin[:] = 0
    for stair in range(len(low)):
        n_per_bin[low[stair]] += 1
        n_per_bin[high[stair] + 1] -= 1
    n_open, n_times = 0, 0
    for row in range(len(n_per_bin)):
        n_open += n_per_bin[row]
        n_per_bin[row] = n_open
        n_times += n_open
    return n_times


@kernel
def _find(numbers: Int32s, rank: int) -> tuple[int, int]:
    """Row that holds what `rank` others come before, and how many of these others are in the same row."""
    row = 0
    while rank >= numbers[row]:
        rank -= numbers[row]
        row += 1
    return row, rank


@kernel
def _count_rests(low: Int32s, high: Int32s, rest: Int32s, at: int, n_per_rest: Int32s) -> None:
    """Fill `n_per_rest` with the number of times in bin `at` of each rest; no branches, which nobody could foresee."""
    n_per_rest[:] = 0
    for stair in range(len(low)):
        n_per_rest[rest[stair]] += (low[stair] <= at) & (at <= high[stair])


@kernel
def _least_target(stairs: tuple[Int32s, Int32s, Int32s, Int32s], at: int, left: int) -> np.int32:
    """Lowest target with a time of rest `left` in bin `at`."""
    low, high, rest, target = stairs
    least = np.int32(2**31 - 1)
    bin_, rest_ = np.int32(at), np.int32(left)
    for stair in range(len(low)):
        is_it = (low[stair] <= bin_) & (bin_ <= high[stair]) & (rest[stair] == rest_)
        least = min(least, target[stair] if is_it else least)
    return least
