"""The times of a window of departures, counted without holding them: stairs, and the best and worst of each hour.

Departures of the window that arrive at the same time form a stair: leaving a step earlier takes a step longer. With
bins as wide as the step between departures, a stair has one time in each bin from its shortest to its longest, and
always the same rest within the bin. So counting stairs finds the bin of a percentile, and counting rests the time in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Int32s, Int64s
from network.departures import Window
from network.event_sweep import Clocks
from network.jit import kernel


class Scale(NamedTuple):
    """How values are read: `top` is never, targets take the low `bits`, what is longer than the longest is never."""

    top: np.signedinteger[Any]
    bits: int
    travel_max_s: int


@kernel
def hourly(
    window: Window, hours: Int64s, scale: Scale, arrival: Clocks, result: tuple[Clocks, Clocks]
) -> None:
    """Fill `best` and `worst`, (H,), of `result`: the shortest and the longest time among the departures of each hour.

    `arrival` is what `catch` left. In one hour the times of departures with the same arrival fall, so only the last and
    the first of them are looked at.
    """
    best, worst = result
    top, bits = scale.top, scale.bits
    earliest = top
    for hour in range(len(best) - 1, -1, -1):
        shortest, longest = top, best.dtype.type(0)
        departure, begin = hours[hour + 1] - 1, hours[hour]
        while departure >= begin:
            earliest = min(earliest, arrival[departure])
            last = departure
            departure -= 1
            while departure >= begin and arrival[departure] >= earliest:
                departure -= 1
            if earliest < top:
                clock = best.dtype.type(window.first + window.step_s * last)
                shortest = min(shortest, earliest - (clock << bits))
                clock = best.dtype.type(window.first + window.step_s * (departure + 1))
                longest = max(longest, earliest - (clock << bits))
            else:
                longest = top
        best[hour] = shortest if shortest >> bits <= scale.travel_max_s else top
        worst[hour] = longest if longest >> bits <= scale.travel_max_s else top


@kernel
def stairs_of(window: Window, scale: Scale, arrival: Clocks, stairs: NDArray[np.int32]) -> int:
    """Fill `stairs` with low and high bin, rest and target, a column each, and return their number.

    The times of a stair are `bin * step_s + rest` for the bins from low to high; those beyond the longest are left
    out. `arrival` is left at never for the next origin.
    """
    travel_max_s, top, bits = scale.travel_max_s, scale.top, scale.bits
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
def count(low: Int32s, high: Int32s, n_per_bin: Int32s) -> int:
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
def find(numbers: Int32s, rank: int) -> tuple[int, int]:
    """Row that holds what `rank` others come before, and how many of these others are in the same row."""
    row = 0
    while rank >= numbers[row]:
        rank -= numbers[row]
        row += 1
    return row, rank


@kernel
def count_rests(low: Int32s, high: Int32s, rest: Int32s, at: int, n_per_rest: Int32s) -> None:
    """Fill `n_per_rest` with the number of times in bin `at` of each rest; no branches, which nobody could foresee."""
    n_per_rest[:] = 0
    for stair in range(len(low)):
        n_per_rest[rest[stair]] += (low[stair] <= at) & (at <= high[stair])


@kernel
def least_target(stairs: tuple[Int32s, Int32s, Int32s, Int32s], at: int, left: int) -> np.int32:
    """Lowest target with a time of rest `left` in bin `at`."""
    low, high, rest, target = stairs
    least = np.int32(2**31 - 1)
    bin_, rest_ = np.int32(at), np.int32(left)
    for stair in range(len(low)):
        is_it = (low[stair] <= bin_) & (bin_ <= high[stair]) & (rest[stair] == rest_)
        least = min(least, target[stair] if is_it else least)
    return least
