"""The times of a window of departures, counted without holding them: stairs, and the best and worst of each hour.

Departures of the window that arrive at the same time form a stair: leaving a step earlier takes a step longer. With
bins as wide as the step between departures, a stair has one time in each bin from its shortest to its longest, and
always the same rest within the bin. So counting stairs finds the bin of a percentile, and counting rests the time in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from data.columns import Int32s, Int64s
from network.departures import Window
from network.event_sweep import Clocks
from network.jit import kernel

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
