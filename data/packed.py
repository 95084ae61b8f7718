"""Seconds kept small while nobody reads them: the same numbers in a quarter of the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats

Packed: TypeAlias = NDArray[np.uint16] | Floats
"""What `packed` gives: whole numbers, or the seconds as they are where they are not all whole."""
UNREACHED = np.iinfo(np.uint16).max
"""Stands for inf; eighteen hours, which is more than anything is looked at."""
TOGETHER = 2**17
"""Numbers that are looked at together: a MB, which a processor keeps at hand."""


def packed(seconds: Packed) -> Packed:
    """Seconds as uint16, read-only, if `unpacked` gives the very same; else as they are, as are those packed already.

    Rows come to lie one after the other.
    """
    if seconds.dtype == np.uint16:
        return seconds
    small = np.empty(seconds.shape, np.uint16)
    for rows in blocks(seconds.shape):
        part: Floats = np.ascontiguousarray(seconds[rows], np.float64)
        reached = np.where(np.isinf(part), UNREACHED, part)
        if not bool(((reached >= 0) & (reached <= UNREACHED)).all()):
            return np.ascontiguousarray(seconds, np.float64)
        small[rows] = reached
        if not np.array_equal(unpacked(small[rows]), part):
            return np.ascontiguousarray(seconds, np.float64)
    small.setflags(write=False)
    return small


def blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    """Rows of a table that are looked at together, so that no whole one stands beside another for it; at least one slice."""
    n_rows, together = shape[0], max(TOGETHER // max(prod(shape[1:]), 1), 1)
    for begin in range(0, max(n_rows, 1), together):
        yield slice(begin, begin + together)


def unpacked(kept: Packed) -> Floats:
    """Seconds that `packed` was given, as float64, read-only."""
    if kept.dtype != np.uint16:
        return kept.astype(np.float64, copy=False)
    seconds = kept.astype(np.float64)
    seconds[kept == UNREACHED] = np.inf
    seconds.setflags(write=False)
    return seconds


def least(kept: Sequence[Packed]) -> Floats:
    """(R, C) float64, the least of tables of the same rows and columns."""
    found = np.empty(kept[0].shape)
    for rows in blocks(found.shape):
        found[rows] = np.minimum.reduce([unpacked(one[rows]) for one in kept])
    return found


def joined(kept: Sequence[Packed]) -> Packed:
    """Rows of the first, then those of the next."""
    alike = len({one.dtype for one in kept}) == 1
    return np.concatenate(kept if alike else [unpacked(one) for one in kept])
