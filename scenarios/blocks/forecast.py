"""How long blocks take on more workers than there are, from how long each of them took."""

from __future__ import annotations

import heapq
from collections.abc import Sequence


def makespan_s(work_s: Sequence[float], n_workers: int, start_s: float = 0.0) -> float:
    """Seconds until the last block is done when each worker takes the next block as it is free, after `start_s` to open the region.

    Never below the longest block, nor below the whole work shared evenly (list scheduling, Graham 1969).
    """
    free_at = [start_s] * n_workers
    for seconds in work_s:
        heapq.heapreplace(free_at, free_at[0] + seconds)
    return max(free_at)
