"""Seconds kept small while nobody reads them: the same numbers in a quarter of the memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats

Packed: TypeAlias = NDArray[np.uint16] | Floats
"""What `packed` gives: whole numbers, or the seconds as they are where they are not all whole."""
UNREACHED = np.iinfo(np.uint16).max
"""Stands for inf; eighteen hours, which is more than anything is looked at."""


def packed(seconds: Packed) -> Packed:
    """Seconds as uint16, read-only, if `unpacked` gives the very same; else as they are, as are those packed already.

    Rows come to lie one after the other.
    """
    if seconds.dtype == np.uint16:
        return seconds
    in_rows: Floats = np.ascontiguousarray(seconds, np.float64)
    reached = np.where(np.isinf(in_rows), UNREACHED, in_rows)
    if not bool(((reached >= 0) & (reached <= UNREACHED)).all()):
        return in_rows
    small = reached.astype(np.uint16)
    if not np.array_equal(unpacked(small), in_rows):
        return in_rows
    small.setflags(write=False)
    return small


def unpacked(kept: Packed) -> Floats:
    """Seconds that `packed` was given, as float64, read-only."""
    if kept.dtype != np.uint16:
        return kept.astype(np.float64, copy=False)
    seconds = kept.astype(np.float64)
    seconds[kept == UNREACHED] = np.inf
    seconds.setflags(write=False)
    return seconds


def joined(kept: Sequence[Packed]) -> Packed:
    """Rows of the first, then those of the next."""
    alike = len({one.dtype for one in kept}) == 1
    return np.concatenate(kept if alike else [unpacked(one) for one in kept])
