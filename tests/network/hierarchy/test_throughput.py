"""The wide sweep must stay vectorised: its speed as a ratio to that of plain numpy over as many bytes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import pytest

from network.hierarchy.sweep import LANES_PER_PASS, descend_lanes

N_ROWS = 20_000
ARCS_PER_ROW = 4
ROUNDS = 15
LEAST_SHARE = 1 / 6
"""Of numpy's speed. A sweep that is well compiled reaches about half of it and more: numpy moves three rows where the
sweep moves two and keeps one at hand, but the sweep must look up every row, add a weight and stop at the top. Without
vector instructions, for example because a sum is widened to int64 or a lane count known to the compiler spoils the loop,
it falls to a tenth or less. The best of many rounds counts on both sides, so a busy machine does not fail this test.
"""


def best_s(work: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


@pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="only the compiler makes it quick"
)
@pytest.mark.parametrize("dtype", [np.int32, np.uint16])
def test_the_wide_sweep_runs_near_the_speed_of_numpy(dtype: type[np.int32 | np.uint16]) -> None:
    # A ladder: row r has arcs to the rows 1, 2, 3 and 4 above it, a second each, and the top row has the answer 0. Every
    # arc lowers one row of lanes to another; numpy's minimum of as many rows of the same bytes is the yardstick.
    top = dtype(60_000)
    row = np.arange(N_ROWS)
    high = np.minimum(row[:, None] + np.arange(1, ARCS_PER_ROW + 1), N_ROWS - 1)[:-1].ravel().astype(np.int32)
    first = np.minimum(np.arange(N_ROWS + 1) * ARCS_PER_ROW, len(high)).astype(np.int64)
    weight = np.ones(len(high), np.int32)
    table = np.full((N_ROWS, LANES_PER_PASS), top, dtype)
    table[-1] = 0
    one, other = np.zeros((2, N_ROWS, LANES_PER_PASS), dtype)

    sweep_s = best_s(lambda: descend_lanes(first, high, weight, table, top))
    numpy_s = best_s(lambda: np.minimum(one, other, out=one)) * ARCS_PER_ROW

    # The farthest row is 19,999 rows down, four at a time.
    assert (table[0] == 5_000).all()
    assert numpy_s / sweep_s >= LEAST_SHARE
