"""Door to door over a window of departures: the time of each departure, or percentiles that never hold the times.

An origin leaves at the latest departure of the window with which it still catches a departure worth waiting for; the
minimum over what it catches then or later is its earliest arrival. So the work per origin is one step per worthwhile
departure at its access stops and one per departure of the window, whatever the number of stops.

The times are counted without holding them. Departures of the window that arrive at the same time form a *step* of the
staircase of arrivals: leaving a departure earlier takes as much longer. With bins as wide as the time between departures,
a step has one time in each bin from its shortest to its longest, and always the same offset within the bin. So counting
steps finds the bin of a percentile, and counting offsets the time in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.hierarchy.sweep import LANES_PER_PASS
from network.jit import kernel
from network.lanes import target_bits, unreached
from network.transit.departures import (
    Departing,
    ParetoDepartures,
    Pool,
    Window,
    boarding_span,
    caught_in,
    pareto_departures,
    pooled,
)
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import SHORT_MAX_S, Clocks, sweep_into, sweep_rides, sweep_short_into
from network.transit.headway_samples import Graphs

FEW = 32
POOL_BYTES = 2**28
"""What is worth waiting for in all samples at once may take so much memory: the more of it, the fewer lanes."""


class Scale(NamedTuple):
    """How values are read: `top` is unreached, targets take the low `bits`, what is longer than the longest too."""

    top: np.signedinteger[Any]
    bits: int
    travel_max_s: int


class Steps(NamedTuple):
    """Steps of one origin, int32, one value each.

    The times of a step are `bin * step_s + offset_in_bin` for the bins from low to high, to a target; those beyond the
    longest are left out.
    """

    low: Int32s
    high: Int32s
    offset_in_bin: Int32s
    target: Int32s


class Hourly(NamedTuple):
    """Of the lanes' type, the shortest and the longest time of each hour, unreached if it is beyond the longest."""

    best: Clocks
    worst: Clocks


@kernel
def inverse_for(step_s: int) -> np.uint64:
    """What `fast_div` multiplies with."""
    return (np.uint64(1 << 32) + np.uint64(step_s) - np.uint64(1)) // np.uint64(step_s)


@kernel
def fast_div(number: np.uint64, step_s: np.uint64, inverse: np.uint64) -> np.uint64:
    """`number // step_s` by a multiplication, several times quicker: exact as their product stays below 2**32."""
    if number < np.uint64(1 << 20) and step_s < np.uint64(1 << 12):
        return number * inverse >> np.uint64(32)
    return number // step_s


@kernel
def steps_of(
    window: Window,
    hours: Int64s,
    scale: Scale,
    arrival: Clocks,
    steps: Steps,
    n_steps: int,
    hourly: Hourly,
    first_hour: int,
) -> int:
    """Sum up the times of one origin in one sample from what `catch` left in `arrival`, which becomes unreached again.

    Fills `steps` from `n_steps` and `hourly` from `first_hour` on, and returns the number of steps so far.
    """
    low, high, offset_in_bin, target = steps
    best, worst = hourly
    travel_max_s, top, bits = scale.travel_max_s, scale.top, scale.bits
    step_s, inverse, as_lane = np.uint64(window.step_s), inverse_for(window.step_s), best.dtype.type
    longest_bin, longest_offset = travel_max_s // window.step_s, travel_max_s % window.step_s
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
            shortest_bin = np.int64(fast_div(shortest, step_s, inverse))
            offset = np.int64(shortest) - shortest_bin * window.step_s
            longest = min(shortest_bin + last - departure - 1, longest_bin - (offset > longest_offset))
            if shortest_bin <= longest:
                low[n_steps], high[n_steps], offset_in_bin[n_steps] = shortest_bin, longest, offset
                target[n_steps] = earliest - (earliest >> bits << bits)
                n_steps += 1
        # The part of the step in each hour: its last departure has the shortest time, its first the longest.
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
    return n_steps


@kernel
def count(low: Int32s, high: Int32s, n_per_bin: Int32s) -> int:
    """Fill `n_per_bin` with the number of times in each bin, and return the number in all."""
    n_per_bin[:] = 0
    for step in range(len(low)):
        n_per_bin[np.uint32(low[step])] += np.int32(1)
        n_per_bin[np.uint32(high[step]) + np.uint32(1)] -= np.int32(1)
    n_open, n_times = np.int32(0), 0
    for row in range(len(n_per_bin)):
        n_open += n_per_bin[row]
        n_per_bin[row] = n_open
        n_times += n_open
    return n_times


@kernel
def by_offset(steps: Steps, n_steps: int, place: Int32s, ordered: Steps) -> None:
    """Fill `ordered` with the steps in order of their offsets; `place` is (step_s,)."""
    low, high, offset_in_bin, target = ordered
    from_low, from_high, from_offset, from_target = steps
    place[:] = 0
    for step in range(n_steps):
        place[np.uint32(from_offset[step])] += np.int32(1)
    n_before = np.int32(0)
    for offset in range(len(place)):
        n_here = place[offset]
        place[offset] = n_before
        n_before += n_here
    for step in range(n_steps):
        row = np.uint32(from_offset[step])
        at = np.uint32(place[row])
        place[row] += np.int32(1)
        low[at], high[at], offset_in_bin[at], target[at] = (
            from_low[step],
            from_high[step],
            from_offset[step],
            from_target[step],
        )


@kernel
def step_in_bin(low: Int32s, high: Int32s, at: int, rank: int) -> int:
    """Stair that has a time in bin `at` with so many before it that have one too."""
    bin_, n_left = np.int32(at), np.int32(rank)
    step = 0
    while True:
        n_left -= np.int32((low[step] <= bin_) & (bin_ <= high[step]))
        if n_left < 0:
            return step
        step += 1


@kernel
def median(values: Clocks) -> Any:  # noqa: ANN401 -- one of the values
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


class Ranked(NamedTuple):
    """What the kernel finds for O origins and K lanes."""

    values: Clocks
    """(O, K, Q)."""
    n_served: Int64s
    """(O, K), departures of all samples with a connection, as the two below."""
    planned: Clocks
    missed: Clocks


class Statistics(NamedTuple):
    """What a window of departures comes to, for O origins and K lanes; with headways, of all samples together."""

    values: Clocks
    """(O, K, Q) seconds of each percentile, of the lanes' type; unreached where not that many departures are served."""
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
    _check_type(found.arrival, direct)
    values = np.empty((len(direct), departing.window.n), direct.dtype)
    _every_departure(found, lane, departing, direct, _scale(direct, departing), values)
    return values


def door_to_door(
    graphs: EventGraph | Graphs,
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
        One, or several samples of the same timetable that count alike, of S stops.
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
    samples = (graphs,) if isinstance(graphs, EventGraph) else graphs
    n_origins, n_lanes = direct.shape
    values = np.empty((n_origins, n_lanes, len(percents)), direct.dtype)
    served_share = np.empty((n_origins, n_lanes))
    planned, missed = np.empty_like(direct), np.empty_like(direct)
    window = departing.window
    ahead_s = window.step_s * window.n + departing.travel_max_s
    is_short = egress.dtype == np.int32 and n_lanes > 1 and ahead_s <= SHORT_MAX_S
    n_per_pass = min(_lanes_per_pass(samples, departing), n_lanes)
    table = np.empty((0, n_per_pass), np.uint16 if is_short else egress.dtype)
    for start in range(0, n_lanes, max(n_per_pass, 1)):
        block = slice(start, min(start + n_per_pass, n_lanes))
        to_lanes = np.ascontiguousarray(egress[:, block])
        found = []
        for graph in samples:
            if table.shape[1] != to_lanes.shape[1] or len(table) <= graph.n_events:
                # Samples differ little in their events: with some room one table serves all.
                n_rows = graph.n_events + 1 + (graph.n_events // 16 if len(samples) > 1 else 0)
                table = np.empty((n_rows, to_lanes.shape[1]), table.dtype)
            swept = _swept(graph, to_lanes, window.first, max_rides, table)
            found.append(swept if len(samples) == 1 else caught_in(swept, departing))
        result = window_statistics(pooled(found), departing, np.ascontiguousarray(direct[:, block]), percents)
        values[:, block], served_share[:, block], planned[:, block], missed[:, block] = result
    return Statistics(values, served_share, planned, missed)


def _lanes_per_pass(samples: Graphs, departing: Departing) -> int:
    """So many lanes that what is caught in all samples at once fits `POOL_BYTES`; with one sample as a pass is quickest."""
    if len(samples) == 1:
        return LANES_PER_PASS
    first, last = boarding_span(departing)
    departure, n_stops = samples[0].wait_departure, len(samples[0].wait_offset) - 1
    n_rows = int(((departure >= first) & (departure <= last)).sum()) + n_stops
    n_bytes = len(samples) * (n_rows * 8 + n_stops * 16)
    return max(1, min(LANES_PER_PASS, POOL_BYTES // n_bytes))


def _swept(
    graph: EventGraph, egress: Clocks, first: int, max_rides: int, table: NDArray[Any]
) -> ParetoDepartures:
    """Departures worth waiting for of one sample; `table` is room enough for its sweep, short or not."""
    if max_rides:
        return pareto_departures(graph, sweep_rides(graph, egress, max_rides))
    room = table[: graph.n_events + 1]
    if room.dtype == np.uint16:
        sweep_short_into(graph, egress, first, room)
        return pareto_departures(graph, room, first)
    sweep_into(graph, egress, room)
    return pareto_departures(graph, room)


def window_statistics(
    pool: Pool, departing: Departing, direct: Clocks, percents: tuple[float, ...]
) -> Statistics:
    """Percentiles over the departures of all samples, in all lanes.

    Parameters
    ----------
    pool
        Departures worth waiting for, in K lanes, of M samples.
    departing
        O origins, D departures.
    direct
        (O, K) seconds without public transport, of the lanes' type.
    percents
        Q percentages; 0 is the best departure, 100 the worst. Each percentile is a time that occurs, the next higher
        one between two departures, as NumPy's method "higher"; a target is one that is reached in that time.

    """
    _check_type(pool.arrival, direct)
    quantiles = np.true_divide(percents, 100)
    if (quantiles < 0).any() or (quantiles > 1).any():
        msg = f"percentages must be between 0 and 100, not {percents}"
        raise ValueError(msg)
    n_times = departing.window.n * len(pool.begin)
    rank = np.ceil(quantiles * (n_times - 1)).astype(np.int64)
    rising, hours = np.argsort(rank, kind="stable"), departing.window.hours
    found = Ranked(
        np.empty((*direct.shape, len(rank)), direct.dtype),
        np.empty(direct.shape, np.int64),
        np.empty_like(direct),
        np.empty_like(direct),
    )
    _ranked(pool, departing, direct, _scale(direct, departing), hours, rank[rising], found)
    values = found.values[..., np.argsort(rising)]
    return Statistics(values, found.n_served / n_times, found.planned, found.missed)


def _scale(direct: Clocks, departing: Departing) -> Scale:
    top = direct.dtype.type(unreached(direct.dtype))
    return Scale(top, target_bits(direct.dtype), departing.travel_max_s)


def _check_type(arrival: Clocks, direct: Clocks) -> None:
    """ValueError unless the direct times are of the lanes' type."""
    if direct.dtype != arrival.dtype:
        msg = f"lanes of {arrival.dtype} need direct times of that type, not {direct.dtype}"
        raise ValueError(msg)


@kernel
def catch(
    departures: Int32s,
    arrivals: Clocks,
    begin: Int64s,
    end: Int64s,
    departing: Departing,
    origin: int,
    arrival: Clocks,
) -> None:
    """Lower `arrival`, (D,), at the last departure of the window with which each worthwhile departure is caught.

    Those of stop s are rows `begin[s]:end[s]`.
    """
    ways, window = departing.access, departing.window
    last = window.n - 1
    last_s, step_s, inverse = last * window.step_s, np.uint64(window.step_s), inverse_for(window.step_s)
    for way in range(ways.offset[origin], ways.offset[origin + 1]):
        stop, at_stop = ways.stop[way], window.first + ways.seconds[way]
        for row in range(first_at(departures, begin[stop], end[stop], at_stop), end[stop]):
            late_s = np.int64(departures[row]) - at_stop
            if late_s >= last_s:
                # Whatever leaves later is for the last departure too, and arrives later.
                arrival[last] = min(arrival[last], arrivals[row])
                break
            minute = fast_div(np.uint64(late_s), step_s, inverse)
            arrival[minute] = min(arrival[minute], arrivals[row])


@kernel
def _every_departure(
    found: ParetoDepartures,
    lane: int,
    departing: Departing,
    direct: Clocks,
    scale: Scale,
    values: Clocks,
) -> None:
    """Fill `values`, (O, D): the best of the direct way and of what is caught at this departure or later."""
    window, top, bits = departing.window, scale.top, scale.bits
    for origin in range(len(direct)):
        row = values[origin]
        row[:] = top
        catch(
            found.departure[lane], found.arrival[lane], found.begin[lane], found.end, departing, origin, row
        )
        arrival = top
        for departure in range(window.n - 1, -1, -1):
            arrival = min(arrival, row[departure])
            clock = row.dtype.type(window.first + window.step_s * departure)
            value = arrival - (clock << bits) if arrival < top else top
            value = min(value, direct[origin])
            row[departure] = value if value >> bits <= departing.travel_max_s else top


@kernel
def _ranked(
    pool: Pool,
    departing: Departing,
    direct: Clocks,
    scale: Scale,
    hours: Int64s,
    rank: Int64s,
    found: Ranked,
) -> None:
    """Fill what is `found`; `rank` rises."""
    values, n_served, planned, missed = found
    window, top, n_hours = departing.window, scale.top, len(hours) - 1
    arrival, n_times = np.full(window.n, top, values.dtype), window.n * len(pool.begin)
    best, worst = np.empty((2, n_hours * len(pool.begin)), values.dtype)
    hourly = Hourly(best, worst)
    low, high, offset_in_bin, target = np.empty((4, n_times), np.int32)
    steps = Steps(low, high, offset_in_bin, target)
    low, high, offset_in_bin, target = np.empty((4, n_times), np.int32)
    ordered, place = Steps(low, high, offset_in_bin, target), np.empty(window.step_s, np.int32)
    n_per_bin = np.empty(scale.travel_max_s // window.step_s + 2, np.int32)
    as_lane = values.dtype.type
    for lane in range(direct.shape[1]):
        of_rows, of_end = lane % len(pool.departure), lane % pool.end.shape[1]
        departures, arrivals = pool.departure[of_rows], pool.arrival[of_rows]
        for origin in range(len(direct)):
            n_steps = 0
            for sample in range(len(pool.begin)):
                begin, end = pool.begin[sample, lane], pool.end[sample, of_end]
                catch(departures, arrivals, begin, end, departing, origin, arrival)
                n_steps = steps_of(window, hours, scale, arrival, steps, n_steps, hourly, sample * n_hours)
            n_rides = count(steps.low[:n_steps], steps.high[:n_steps], n_per_bin)
            on_foot = direct[origin, lane]
            walks = on_foot >> scale.bits <= scale.travel_max_s
            n_served[origin, lane] = n_times if walks else n_rides
            # The r-th of the minima with a constant is the minimum of the constant and the r-th.
            otherwise = on_foot if walks else top
            by_offset(steps, n_steps, place, ordered)
            at, before = 0, 0
            for row in range(len(rank)):
                value = top
                if rank[row] < n_rides:
                    while rank[row] >= before + n_per_bin[at]:
                        before += n_per_bin[at]
                        at += 1
                    step = step_in_bin(ordered.low, ordered.high, at, rank[row] - before)
                    seconds = as_lane(at * window.step_s + ordered.offset_in_bin[step])
                    value = as_lane(seconds << scale.bits) + as_lane(ordered.target[step])
                values[origin, lane, row] = min(value, otherwise)
            planned[origin, lane] = min(median(best), otherwise)
            missed[origin, lane] = min(median(worst), otherwise)
