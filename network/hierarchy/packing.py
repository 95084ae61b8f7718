"""Seconds, metres and target in one number, so that a minimum over numbers finds the nearest of many targets.

From high bits to low: seconds, decimetres, number of the target. The least value is therefore the quickest way, of
equally quick ways the shortest, and of equally short ones the way to the lowest number. Adding a weight, which has
target 0, adds seconds and metres and keeps the target.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import TARGET_BITS, UNREACHED_INT32, UNREACHED_INT64

METRE_BITS = 24
SECOND_SHIFT = METRE_BITS + TARGET_BITS
MAX_SECONDS = int(UNREACHED_INT64) >> SECOND_SHIFT
"""262,143 s, 72 hours: what takes longer counts as not reached."""


def pack(
    seconds: NDArray[np.integer[Any]], metres: Floats | float, target: NDArray[np.integer[Any]] | int
) -> Int64s:
    """Pack weights or seeds into int64; arrays that broadcast together.

    Parameters
    ----------
    seconds
        Not negative; from `MAX_SECONDS` on it is closed.
    metres
        Kept to a decimetre; a whole way may have at most 1,677 km.
    target
        Number of the target of a seed, below 2**20; 0 for a weight.

    """
    if np.size(target) and np.max(target) >= 1 << TARGET_BITS:
        msg = f"at most {1 << TARGET_BITS} targets can be told apart in one search"
        raise ValueError(msg)
    decimetres = np.rint(np.multiply(metres, 10)).astype(np.int64)
    if decimetres.size and decimetres.max() >= 1 << METRE_BITS:
        msg = "a weight has more metres than a packed value can hold"
        raise ValueError(msg)
    high = np.minimum(seconds, MAX_SECONDS).astype(np.int64) << SECOND_SHIFT
    packed: Int64s = np.where(
        np.less(seconds, MAX_SECONDS), high | decimetres << TARGET_BITS | target, UNREACHED_INT64
    )
    return packed


@kernel
def packed_weight(seconds: int, metres: float) -> np.int64:
    """One weight as `pack` makes it."""
    decimetres = np.int64(np.rint(metres * 10))
    if decimetres >= 1 << METRE_BITS:
        raise ValueError("a weight has more metres than a packed value can hold")
    if seconds >= MAX_SECONDS:
        return UNREACHED_INT64
    return np.int64(seconds) << SECOND_SHIFT | decimetres << TARGET_BITS


class Unpacked(NamedTuple):
    """What packed values say, in arrays of their shape."""

    seconds: Floats
    """float64, inf where not reached."""
    metres: Floats
    """float64, to a decimetre per edge; inf where not reached."""
    target: Int32s
    """int32, -1 where not reached."""


def unpack(values: Int64s) -> Unpacked:
    """Take packed values apart."""
    reached = values < UNREACHED_INT64
    decimetres = (values >> TARGET_BITS) & ((1 << METRE_BITS) - 1)
    target = np.where(reached, values & ((1 << TARGET_BITS) - 1), -1)
    return Unpacked(
        np.where(reached, values >> SECOND_SHIFT, np.inf),
        np.where(reached, decimetres / 10, np.inf),
        target.astype(np.int32),
    )


@kernel
def lower_by_detours(
    best: Int64s, direct: Int64s, onward: Int64s, detour: float, length_m: tuple[float, float]
) -> None:
    """Lower `best`, (P, K), to the least of a way, (P, Q), and what comes after it, (Q, K); all packed, `direct` a weight.

    A way takes `detour` times as long, in whole seconds, and counts only if it is at least and at most so long.
    """
    top = UNREACHED_INT64
    for row in range(len(direct)):
        for via in range(direct.shape[1]):
            way = direct[row, via]
            if way >= top:
                continue
            decimetres = (way >> TARGET_BITS) & ((1 << METRE_BITS) - 1)
            seconds = np.int64(np.rint((way >> SECOND_SHIFT) * detour))
            is_allowed = length_m[0] <= decimetres / 10 <= length_m[1]
            if not is_allowed or seconds >= MAX_SECONDS:
                continue
            ridden = seconds << SECOND_SHIFT | decimetres << TARGET_BITS
            for lane in range(best.shape[1]):
                if onward[via, lane] < top:
                    best[row, lane] = min(best[row, lane], ridden + onward[via, lane])


def seconds_of(weights: Int64s) -> Int32s:
    """Seconds alone, int32, of packed weights: least packed values have the least seconds."""
    reached = weights < UNREACHED_INT64
    return np.where(reached, weights >> SECOND_SHIFT, UNREACHED_INT32).astype(np.int32)
