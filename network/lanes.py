"""Values in the lanes of searches, whole seconds or clock times as integers: what is not reached, and the way out.

Lanes are uint16 or int32 and plain, or int64 and packed: the number of a target stands below the seconds. Streets pack
metres as well, see `network.hierarchy.packing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from data.columns import Floats

TARGET_BITS = 20
"""Low bits of a packed value that hold the number of the target."""


def unreached(dtype: DTypeLike) -> int:
    """Value of what is not reached, in lanes and weights of an integer type; whatever is above it counts as the same.

    Half the top of a signed type, so that the sum of two fits; the very top of an unsigned one, where sweeps saturate.
    """
    limits = np.iinfo(dtype)
    return int(limits.max) if limits.min == 0 else int(limits.max) // 2


UNREACHED_UINT16 = np.uint16(unreached(np.uint16))
UNREACHED_INT32 = np.int32(unreached(np.int32))
UNREACHED_INT64 = np.int64(unreached(np.int64))


def target_bits(dtype: DTypeLike) -> int:
    """Number of low bits that hold the target in lanes of this type."""
    return TARGET_BITS if np.dtype(dtype) == np.int64 else 0


def as_seconds(values: NDArray[np.integer[Any]]) -> Floats:
    """float64 seconds or clock times of plain values, and of int64 ones with nothing but a target below; inf where not reached."""
    bits = target_bits(values.dtype)
    seconds = np.array(values >> bits if bits else values, np.float64)
    seconds[values >= unreached(values.dtype)] = np.inf
    return seconds
