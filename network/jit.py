"""The one place that touches numba: how the inner loops of the network layer are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use for the argument types it meets, keep the machine code on disk, free the GIL.

    Kernels stay plain Python: with ``NUMBA_DISABLE_JIT=1`` they run as they stand and give the same result. No
    fast-math, which would assume infinity away; no signatures, which read-only arrays would not match.
    """
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return compiled
