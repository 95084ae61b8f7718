"""Door to door over a window of departures: the time of each departure, or percentiles that never hold the times.

An origin leaves at the latest departure of the window with which it still catches a departure worth waiting for; the
minimum over what it catches then or later is its earliest arrival. So the work per origin is one step per worthwhile
departure at its access stops and one per departure of the window, whatever the number of stops. Percentiles and the best and worst of each hour are then counted, see `network.transit.window_percentiles`.

The times of a window of departures, counted without holding them: stairs, and the best and worst of each hour.

Departures of the window that arrive at the same time form a stair: leaving a step earlier takes a step longer. With
bins as wide as the step between departures, a stair has one time in each bin from its shortest to its longest, and
always the same rest within the bin. So counting stairs finds the bin of a percentile, and counting rests the time in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.hierarchy.sweep import LANES_PER_PASS
from network.jit import kernel
from network.transit.departures import Departing, ParetoDepartures, Window, pareto_departures
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import (
    SHORT_MAX_S,
    Clocks,
    never,
    sweep_into,
    sweep_rides,
    sweep_short_into,
    target_bits,
)

FEW = 32


class Scale(NamedTuple):
    """How values are read: `top` is never, targets take the low `bits`, what is longer than the longest is never."""

    top: np.signedinteger[Any]
    bits: int
    travel_max_s: int


class Counted(NamedTuple):
    """The times of one origin.

    Attributes
    ----------
    low, high, rest, target
        int32, one value per stair: its times are `bin * step_s + rest` for the bins from low to high, to a target; those
        beyond the longest are left out.
    best, worst
        Of the lanes' type, the shortest and the longest time of each hour, never if it is beyond the longest.

    """

    low: Int32s
    high: Int32s
    rest: Int32s
    target: Int32s
    best: Clocks
    worst: Clocks


@kernel
def inverse_of(step_s: int) -> np.uint64:
    """What `quotient` multiplies with."""
    return (np.uint64(1 << 32) + np.uint64(step_s) - np.uint64(1)) // np.uint64(step_s)


@kernel
def quotient(number: np.uint64, step_s: np.uint64, inverse: np.uint64) -> np.uint64:
    """`number // step_s` by a multiplication, several times quicker: exact as their product stays below 2**32."""
    if number < np.uint64(1 << 20) and step_s < np.uint64(1 << 12):
        return number * inverse >> np.uint64(32)
    return number // step_s


@kernel
def stairs_of(
    window: Window, hours: Int64s, scale: Scale, arrival: Clocks, result: Counted, start: tuple[int, int]
) -> int:
    """Sum up the times of one origin and draw from what `catch` left in `arrival`, which becomes never again.

    Fills `result` from the stair and the hour of `start` on, and returns the number of stairs so far.
    """
    low, high, rest, target = result.low, result.high, result.rest, result.target
    best, worst = result.best, result.worst
    travel_max_s, top, bits = scale.travel_max_s, scale.top, scale.bits
    step_s, inverse, as_lane = np.uint64(window.step_s), inverse_of(window.step_s), best.dtype.type
    longest_bin, longest_rest = travel_max_s // window.step_s, travel_max_s % window.step_s
    n_stairs, first_hour = start
    hour = len(hours) - 2
    best[first_hour : first_hour + hour + 1], worst[first_hour : first_hour + hour + 1] = top, as_lane(0)
    earliest, departure = top, window.n - 1
    while departure >= 0:
        earliest = min(earliest, arrival[departure])
        last = departure
        departure -= 1
        while departure >= 0 and arrival[departure] >= earliest:
            departure -= 1
        if earliest < top:
            shortest = np.uint64((earliest >> bits) - (window.first + window.step_s * last))
            shortest_bin = np.int64(quotient(shortest, step_s, inverse))
            left = np.int64(shortest) - shortest_bin * window.step_s
            longest = min(shortest_bin + last - departure - 1, longest_bin - (left > longest_rest))
            if shortest_bin <= longest:
                low[n_stairs], high[n_stairs], rest[n_stairs] = shortest_bin, longest, left
                target[n_stairs] = earliest - (earliest >> bits << bits)
                n_stairs += 1
        # The part of the stair in each hour: its last departure has the shortest time, its first the longest.
        while last > departure:
            begin, at = max(hours[hour], departure + 1), first_hour + hour
            if earliest < top:
                clock = as_lane(window.first + window.step_s * last) << bits
                best[at] = min(best[at], earliest - clock)
                clock = as_lane(window.first + window.step_s * begin) << bits
                worst[at] = max(worst[at], earliest - clock)
            else:
                worst[at] = top
            last = begin - 1
            hour -= begin == hours[hour]
    arrival[:] = top
    for at in range(first_hour, first_hour + len(hours) - 1):
        best[at] = best[at] if best[at] >> bits <= travel_max_s else top
        worst[at] = worst[at] if worst[at] >> bits <= travel_max_s else top
    return n_stairs


@kernel
def count(low: Int32s, high: Int32s, n_per_bin: Int32s) -> int:
    """Fill `n_per_bin` with the number of times in each bin, and return the number in all."""
    n_per_bin[:] = 0
    for stair in range(len(low)):
        n_per_bin[np.uint32(low[stair])] += np.int32(1)
        n_per_bin[np.uint32(high[stair]) + np.uint32(1)] -= np.int32(1)
    n_open, n_times = np.int32(0), 0
    for row in range(len(n_per_bin)):
        n_open += n_per_bin[row]
        n_per_bin[row] = n_open
        n_times += n_open
    return n_times


@kernel
def by_rest(
    counted: Counted, n_stairs: int, place: Int32s, ordered: tuple[Int32s, Int32s, Int32s, Int32s]
) -> None:
    """Fill `ordered` with low, high, rest and target of the stairs in order of their rest; `place` is (step_s,)."""
    low, high, rest, target = ordered
    place[:] = 0
    from_low, from_high, from_rest, from_target = counted.low, counted.high, counted.rest, counted.target
    for stair in range(n_stairs):
        place[np.uint32(from_rest[stair])] += np.int32(1)
    n_before = np.int32(0)
    for left in range(len(place)):
        n_here = place[left]
        place[left] = n_before
        n_before += n_here
    for stair in range(n_stairs):
        row = np.uint32(from_rest[stair])
        at = np.uint32(place[row])
        place[row] += np.int32(1)
        low[at], high[at], rest[at], target[at] = (
            from_low[stair],
            from_high[stair],
            from_rest[stair],
            from_target[stair],
        )


@kernel
def stair_in_bin(low: Int32s, high: Int32s, at: int, rank: int) -> int:
    """Stair that has a time in bin `at` with so many before it that have one too."""
    bin_, left = np.int32(at), np.int32(rank)
    stair = 0
    while True:
        left -= np.int32((low[stair] <= bin_) & (bin_ <= high[stair]))
        if left < 0:
            return stair
        stair += 1


@kernel
def middle(values: Clocks) -> Any:  # noqa: ANN401 -- one of the values
    """Middle one of the values, of two the greater: by counting where there are few, as almost always."""
    rank = len(values) >> 1
    if len(values) > FEW:
        return np.sort(values)[rank]
    found = values[0]
    for value in values:
        n_less, n_more = np.int32(0), np.int32(0)
        for other in values:
            n_less += np.int32(other < value)
            n_more += np.int32(other > value)
        if n_less <= rank < len(values) - n_more:
            found = value
    return found


class Statistics(NamedTuple):
    """What a window of departures comes to, for O origins and K lanes; with drawn times, of all draws together."""

    values: Clocks
    """(O, K, Q) seconds of each percentile, of the lanes' type; never where not that many departures are served."""
    served_share: Floats
    """(O, K) float64, share of the departures that arrive within the longest time, 0 to 1."""
    planned: Clocks
    """(O, K) seconds of the best departure in the hour, of the lanes' type: the median over the hours of the window."""
    missed: Clocks
    """(O, K) the same of the worst departure in the hour."""


def window_values(found: ParetoDepartures, lane: int, departing: Departing, direct: Clocks) -> Clocks:
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
    graphs: EventGraph | Sequence[EventGraph],
    egress: Clocks,
    departing: Departing,
    direct: Clocks,
    percents: tuple[float, ...],
    max_rides: int = 0,
) -> Statistics:
    """Sweep for any number of destinations, a block of lanes at a time, and come to statistics of each.

    Parameters
    ----------
    graphs
        One, or several draws of the same timetable that count alike, of S stops.
    egress
        (S, K) `plain` or `packed` seconds from each stop to the destination of each lane.
    departing
        O origins, D departures.
    direct
        (O, K) seconds without public transport, of the egress's type.
    percents
        Q percentages, see `window_statistics`.
    max_rides
        Vehicles boarded at most, 0 for any number.

    """
    draws = (graphs,) if isinstance(graphs, EventGraph) else tuple(graphs)
    n_origins, n_lanes = direct.shape
    values = np.empty((n_origins, n_lanes, len(percents)), direct.dtype)
    served_share = np.empty((n_origins, n_lanes))
    planned, missed = np.empty_like(direct), np.empty_like(direct)
    # The departures of all draws are held at once: the more draws, the fewer lanes.
    n_per_pass = max(1, LANES_PER_PASS // len(draws))
    window = departing.window
    ahead_s = window.step_s * window.n + departing.travel_max_s
    is_short = egress.dtype == np.int32 and n_lanes > 1 and ahead_s <= SHORT_MAX_S
    n_rows = max(graph.n_events for graph in draws) + 1
    table = np.empty((n_rows, min(n_per_pass, n_lanes)), np.uint16 if is_short else egress.dtype)
    for start in range(0, n_lanes, n_per_pass):
        block = slice(start, min(start + n_per_pass, n_lanes))
        if block.stop - start < table.shape[1]:
            table = np.empty((n_rows, block.stop - start), table.dtype)
        to_lanes = np.ascontiguousarray(egress[:, block])
        found = tuple(_swept(graph, to_lanes, window.first, max_rides, table) for graph in draws)
        result = window_statistics(found, departing, np.ascontiguousarray(direct[:, block]), percents)
        values[:, block], served_share[:, block], planned[:, block], missed[:, block] = result
    return Statistics(values, served_share, planned, missed)


def _swept(
    graph: EventGraph, egress: Clocks, first: int, max_rides: int, table: NDArray[Any]
) -> ParetoDepartures:
    """Departures worth waiting for of one draw; `table` is room enough for its sweep, short or not."""
    if max_rides:
        return pareto_departures(graph, sweep_rides(graph, egress, max_rides))
    room = table[: graph.n_events + 1]
    if room.dtype == np.uint16:
        sweep_short_into(graph, egress, first, room)
        return pareto_departures(graph, room, first)
    sweep_into(graph, egress, room)
    return pareto_departures(graph, room)


def window_statistics(
    draws: tuple[ParetoDepartures, ...], departing: Departing, direct: Clocks, percents: tuple[float, ...]
) -> Statistics:
    """Percentiles over the departures of all draws, in all lanes.

    Parameters
    ----------
    draws
        Departures worth waiting for, in K lanes, by draw.
    departing
        O origins, D departures.
    direct
        (O, K) seconds without public transport, of the lanes' type.
    percents
        Q percentages; 0 is the best departure, 100 the worst. Each percentile is a time that occurs, the next higher
        one between two departures, as NumPy's method "higher"; a target is one that is reached in that time.

    """
    _check_type(draws[0], direct)
    quantiles = np.true_divide(percents, 100)
    if (quantiles < 0).any() or (quantiles > 1).any():
        msg = f"percentages must be between 0 and 100, not {percents}"
        raise ValueError(msg)
    n_times = departing.window.n * len(draws)
    rank = np.ceil(quantiles * (n_times - 1)).astype(np.int64)
    values = np.empty((*direct.shape, len(rank)), direct.dtype)
    n_served = np.empty(direct.shape, np.int64)
    planned, missed = np.empty_like(direct), np.empty_like(direct)
    scale = Scale(direct.dtype.type(never(direct.dtype)), target_bits(direct.dtype), departing.travel_max_s)
    rules, rising = (direct, scale, departing.window.hours), np.argsort(rank, kind="stable")
    _ranked(draws, departing, rules, rank[rising], (values, n_served, planned, missed))
    return Statistics(values[..., np.argsort(rising)], n_served / n_times, planned, missed)


def _check_type(found: ParetoDepartures, direct: Clocks) -> None:
    """ValueError unless the direct times are of the lanes' type."""
    if direct.dtype != found.arrival.dtype:
        msg = f"lanes of {found.arrival.dtype} need direct times of that type, not {direct.dtype}"
        raise ValueError(msg)


@kernel
def catch(found: ParetoDepartures, lane: int, departing: Departing, origin: int, arrival: Clocks) -> None:
    """Lower `arrival`, (D,), at the last departure of the window with which each worthwhile departure is caught."""
    departures, arrivals = found.departure[lane], found.arrival[lane]
    ways, window = departing.access, departing.window
    last = window.n - 1
    last_s, step_s, inverse = last * window.step_s, np.uint64(window.step_s), inverse_of(window.step_s)
    for way in range(ways.first[origin], ways.first[origin + 1]):
        stop, at_stop = ways.stop[way], window.first + ways.seconds[way]
        begin, end = found.begin[lane, stop], found.end[stop]
        for row in range(first_at(departures, begin, end, at_stop), end):
            late_s = np.int64(departures[row]) - at_stop
            if late_s >= last_s:
                # Whatever leaves later is for the last departure too, and arrives later.
                arrival[last] = min(arrival[last], arrivals[row])
                break
            minute = quotient(np.uint64(late_s), step_s, inverse)
            arrival[minute] = min(arrival[minute], arrivals[row])


@kernel
def _every_departure(
    found: ParetoDepartures,
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
    draws: tuple[ParetoDepartures, ...],
    departing: Departing,
    rules: tuple[Clocks, Scale, Int64s],
    rank: Int64s,
    result: tuple[Clocks, Int64s, Clocks, Clocks],
) -> None:
    """Fill `values`, (O, K, Q), and `n_served`, `planned` and `missed`, (O, K), of `result`; `rank` rises."""
    direct, scale, hours = rules
    values, n_served, planned, missed = result
    window, top, n_hours = departing.window, scale.top, len(hours) - 1
    arrival, n_times = np.full(window.n, top, values.dtype), window.n * len(draws)
    low, high, rest, target = np.empty((4, n_times), np.int32)
    best, worst = np.empty((2, n_hours * len(draws)), values.dtype)
    counted = Counted(low, high, rest, target, best, worst)
    n_per_bin = np.empty(scale.travel_max_s // window.step_s + 2, np.int32)
    row_low, row_high, row_rest, row_target = np.empty((4, n_times), np.int32)
    ordered, place = (row_low, row_high, row_rest, row_target), np.empty(window.step_s, np.int32)
    as_lane = values.dtype.type
    for lane in range(direct.shape[1]):
        for origin in range(len(direct)):
            n_stairs = 0
            for draw in range(len(draws)):
                catch(draws[draw], lane, departing, origin, arrival)
                n_stairs = stairs_of(window, hours, scale, arrival, counted, (n_stairs, draw * n_hours))
            n_rides = count(low[:n_stairs], high[:n_stairs], n_per_bin)
            on_foot = direct[origin, lane]
            walks = on_foot >> scale.bits <= scale.travel_max_s
            n_served[origin, lane] = n_times if walks else n_rides
            # The r-th of the minima with a constant is the minimum of the constant and the r-th.
            otherwise = on_foot if walks else top
            by_rest(counted, n_stairs, place, ordered)
            at, before = 0, 0
            for row in range(len(rank)):
                value = top
                if rank[row] < n_rides:
                    while rank[row] >= before + n_per_bin[at]:
                        before += n_per_bin[at]
                        at += 1
                    stair = stair_in_bin(ordered[0], ordered[1], at, rank[row] - before)
                    seconds = as_lane(at * window.step_s + ordered[2][stair])
                    value = as_lane(seconds << scale.bits) + as_lane(ordered[3][stair])
                values[origin, lane, row] = min(value, otherwise)
            planned[origin, lane] = min(middle(best), otherwise)
            missed[origin, lane] = min(middle(worst), otherwise)
