"""Elimination of nodes by plain loops, which the hierarchy is compared with."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.hierarchy import (
    Hierarchy,
)

Ends = NDArray[np.int32]


def ints(*numbers: int) -> Ends:
    return np.array(numbers, np.int32)


def eliminated(rank: Ends, tail: Ends, head: Ends) -> set[tuple[int, int]]:
    """Arcs of the filled graph by definition: eliminating a position joins all its remaining neighbours."""
    near: list[set[int]] = [set() for _ in rank]
    for one, other in zip(rank[tail].tolist(), rank[head].tolist(), strict=True):
        if one != other:
            near[one].add(other)
            near[other].add(one)
    for position in range(len(rank)):
        later = [other for other in near[position] if other > position]
        for one, other in combinations(later, 2):
            near[one].add(other)
            near[other].add(one)
    return {(low, high) for low, others in enumerate(near) for high in others if low < high}


def arcs_of(hierarchy: Hierarchy) -> list[tuple[int, int]]:
    low = np.repeat(np.arange(hierarchy.n_nodes), np.diff(hierarchy.arc_offset))
    return list(zip(low.tolist(), hierarchy.high.tolist(), strict=True))
