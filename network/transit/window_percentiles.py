"""Door to door over a window of departures: the time of each departure, or percentiles that never hold the times.

An origin leaves at the latest departure of the window with which it still catches a departure worth waiting for; the
minimum over what it catches then or later is its earliest arrival. So the work per origin is one step per worthwhile
departure at its access stops and one per departure of the window, whatever the number of stops.

The times are counted without holding them. Departures of the window that arrive at the same time form a *step* of the
staircase of arrivals: leaving a departure earlier takes as much longer. With bins as wide as the time between departures,
a step has one time in each bin from its shortest to its longest, and always the same offset within the bin. So counting
steps finds the bin of a percentile, and counting offsets the time in it.

For one target, or the nearest of many, over any window; many targets side by side: `network.transit.window_lanes`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import target_bits, unreached
from network.transit.departures import (
    Departing,
    ParetoDepartures,
    Pool,
    Window,
    caught_in,
    pareto_departures,
    pooled,
)
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import Clocks, sweep, sweep_rides
from network.transit.headway_samples import Graphs

FEW = 32


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
    """What the kernel finds for O origins."""

    values: Clocks
    """(O, Q)."""
    n_served: Int64s
    """(O,), departures of all samples with a connection, as the two below."""
    planned: Clocks
    missed: Clocks


class Statistics(NamedTuple):
    """What a window of departures comes to, for O origins; with headways, of all samples together."""

    values: Clocks
    """(O, Q) seconds of each percentile, of the lane's type; unreached where not that many departures are served."""
    served_share: Floats
    """(O,) float64, share of the departures that arrive within the longest time, 0 to 1."""
    planned: Clocks
    """(O,) seconds of the best departure in the hour, of the lane's type: the median over the hours of the window."""
    missed: Clocks
    """(O,) the same of the worst departure in the hour."""


def window_values(found: ParetoDepartures, lane: int, departing: Departing, direct: Clocks) -> Clocks:
    """Seconds of every departure, or every time of arrival, in one lane.

    Parameters
    ----------
    found, lane
        Departures worth waiting for, and which lane of theirs.
    departing
        O origins, D departures or times of arrival.
    direct
        (O,) seconds without public transport, of the lanes' type.

    Returns
    -------
    (O, D) seconds, plain or packed with the target; of equal times the lowest target.

    """
    _check_type(found.arrival, direct)
    values = np.empty((len(direct), departing.window.n), direct.dtype)
    _every_departure(
        found, lane, departing, departing.window.forward, direct, _scale(direct, departing), values
    )
    return values[:, ::-1] if departing.window.arrives else values


def to_nearest(
    graphs: EventGraph | Graphs,
    egress: Clocks,
    departing: Departing,
    direct: Clocks,
    percents: tuple[float, ...],
    max_rides: int = 0,
) -> Statistics:
    """Sweep in one lane, and come to statistics of each origin.

    Parameters
    ----------
    graphs
        One, or several samples of the same timetable that count alike, of S stops.
    egress
        (S,) `plain` or `packed` seconds from each stop to the nearest target.
    departing
        O origins, D departures or times of arrival.
    direct
        (O,) seconds without public transport, of the egress's type.
    percents
        Q percentages, see `window_statistics`.
    max_rides
        Vehicles boarded at most, 0 for any number.

    """
    samples = (graphs,) if isinstance(graphs, EventGraph) else graphs
    found, lane = [], np.ascontiguousarray(egress[:, None])
    for graph in samples:
        table = sweep_rides(graph, lane, max_rides) if max_rides else sweep(graph, lane)
        found.append(caught_in(pareto_departures(graph, table), departing))
    return window_statistics(pooled(found), departing, direct, percents)


def window_statistics(
    pool: Pool, departing: Departing, direct: Clocks, percents: tuple[float, ...]
) -> Statistics:
    """Percentiles over the departures, or the times of arrival, of all samples.

    Parameters
    ----------
    pool
        Departures worth waiting for, of M samples.
    departing
        O origins, D departures or times of arrival.
    direct
        (O,) seconds without public transport, of the lane's type.
    percents
        Q percentages; 0 is the best departure, 100 the worst. Each percentile is a time that occurs, the next higher
        one between two departures, as NumPy's method "higher"; a target is one that is reached in that time.

    """
    _check_type(pool.arrival, direct)
    n_times, window = departing.window.n * len(pool.offset), departing.window.forward
    rank = ranks_of(percents, n_times)
    rising = np.argsort(rank, kind="stable")
    found = Ranked(
        np.empty((len(direct), len(rank)), direct.dtype),
        np.empty(len(direct), np.int64),
        np.empty_like(direct),
        np.empty_like(direct),
    )
    _ranked(pool, departing, window, direct, _scale(direct, departing), window.hours, rank[rising], found)
    values = found.values[:, np.argsort(rising)]
    return Statistics(values, found.n_served / n_times, found.planned, found.missed)


def ranks_of(percents: tuple[float, ...], n_times: int) -> Int64s:
    """(Q,) int64, places of percentages, 0 to 100, among so many times in their order."""
    quantiles = np.true_divide(percents, 100)
    if (quantiles < 0).any() or (quantiles > 1).any():
        msg = f"percentages must be between 0 and 100, not {percents}"
        raise ValueError(msg)
    rank: Int64s = np.ceil(quantiles * (n_times - 1)).astype(np.int64)
    return rank


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
def catch_by(
    departures: Int32s,
    arrivals: Clocks,
    begin: Int64s,
    end: Int64s,
    departing: Departing,
    origin: int,
    bits: int,
    arrival: Clocks,
) -> None:
    """As `catch`, where the window is of times of arrival: backward in time, one arrives at home and leaves there last.

    So it lowers `arrival`, (D,), at minus the first time by which each worthwhile departure brings one there.
    """
    ways, window, as_lane = departing.access, departing.window, arrivals.dtype.type
    for way in range(ways.offset[origin], ways.offset[origin + 1]):
        stop = ways.stop[way]
        # Of all that are there by the first of the times only the last counts.
        later = first_at(arrivals, begin[stop], end[stop], (window.first + 1) << bits)
        for row in range(max(later - 1, begin[stop]), end[stop]):
            late_s = max(int(arrivals[row] >> bits) - window.first, 0)
            minute = -(-late_s // window.step_s)
            if minute >= window.n:
                break
            target = arrivals[row] - (arrivals[row] >> bits << bits)
            home = as_lane((as_lane(ways.seconds[way] - departures[row]) << bits) + target)
            arrival[window.n - 1 - minute] = min(arrival[window.n - 1 - minute], home)


@kernel
def _every_departure(
    found: ParetoDepartures,
    lane: int,
    departing: Departing,
    window: Window,
    direct: Clocks,
    scale: Scale,
    values: Clocks,
) -> None:
    """Fill `values`, (O, D): the best of the direct way and of what is caught at this departure of `window` or later."""
    top, bits = scale.top, scale.bits
    departures, arrivals, begin = found.departure[lane], found.arrival[lane], found.begin[lane]
    for origin in range(len(direct)):
        row = values[origin]
        row[:] = top
        if departing.window.arrives:
            catch_by(departures, arrivals, begin, found.end, departing, origin, bits, row)
        else:
            catch(departures, arrivals, begin, found.end, departing, origin, row)
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
    window: Window,
    direct: Clocks,
    scale: Scale,
    hours: Int64s,
    rank: Int64s,
    found: Ranked,
) -> None:
    """Fill what is `found` over the departures of `window`; `rank` rises."""
    values, n_served, planned, missed = found
    top, n_hours = scale.top, len(hours) - 1
    arrival, n_times = np.full(window.n, top, values.dtype), window.n * len(pool.offset)
    best, worst = np.empty((2, n_hours * len(pool.offset)), values.dtype)
    hourly = Hourly(best, worst)
    low, high, offset_in_bin, target = np.empty((4, n_times), np.int32)
    steps = Steps(low, high, offset_in_bin, target)
    low, high, offset_in_bin, target = np.empty((4, n_times), np.int32)
    ordered, place = Steps(low, high, offset_in_bin, target), np.empty(window.step_s, np.int32)
    n_per_bin = np.empty(scale.travel_max_s // window.step_s + 2, np.int32)
    as_lane, departures, arrivals = values.dtype.type, pool.departure, pool.arrival
    for origin in range(len(direct)):
        n_steps = 0
        for sample in range(len(pool.offset)):
            begin, end = pool.offset[sample, :-1], pool.offset[sample, 1:]
            if departing.window.arrives:
                catch_by(departures, arrivals, begin, end, departing, origin, scale.bits, arrival)
            else:
                catch(departures, arrivals, begin, end, departing, origin, arrival)
            n_steps = steps_of(window, hours, scale, arrival, steps, n_steps, hourly, sample * n_hours)
        n_rides = count(steps.low[:n_steps], steps.high[:n_steps], n_per_bin)
        on_foot = direct[origin]
        walks = on_foot >> scale.bits <= scale.travel_max_s
        n_served[origin] = n_times if walks else n_rides
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
            values[origin, row] = min(value, otherwise)
        planned[origin] = min(median(best), otherwise)
        missed[origin] = min(median(worst), otherwise)
