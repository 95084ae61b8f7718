"""Seconds kept small while nobody reads them: the same numbers in a quarter of the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    small = _small(seconds.shape, lambda rows: unpacked(seconds[rows]))
    return np.ascontiguousarray(seconds, np.float64) if small is None else small


def packed_rows(shape: tuple[int, ...], of: Callable[[slice], Floats]) -> Packed:
    """What `packed` gives of a table of this shape that is made a few rows at a time and never is there as a whole."""
    small = _small(shape, of)
    return np.concatenate([of(rows) for rows in blocks(shape)]) if small is None else small


def _small(shape: tuple[int, ...], of: Callable[[slice], Floats]) -> NDArray[np.uint16] | None:
    small = np.empty(shape, np.uint16)
    for rows in blocks(shape):
        part = np.ascontiguousarray(of(rows), np.float64)
        reached = np.where(np.isinf(part), UNREACHED, part)
        if not bool(((reached >= 0) & (reached <= UNREACHED)).all()):
            return None
        small[rows] = reached
        if not np.array_equal(unpacked(small[rows]), part):
            return None
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


def least(kept: Sequence[Packed]) -> Packed:
    """(R, C) packed, the least of tables of the same rows and columns."""
    if len(kept) == 1:
        return kept[0]
    return packed_rows(kept[0].shape, lambda rows: np.minimum.reduce([unpacked(one[rows]) for one in kept]))


def joined(kept: Sequence[Packed], axis: int = 0) -> Packed:
    """Rows of the first, then those of the next; along axis 1 columns."""
    alike = len({one.dtype for one in kept}) == 1
    return np.concatenate(kept if alike else [unpacked(one) for one in kept], axis=axis)
