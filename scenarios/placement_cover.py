"""Sets of sites that are near enough, one per group of demands for which they are the same."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from data.columns import Bools, Floats, Int32s, Int64s
from network.placement_kernels import Lists


class Cover(NamedTuple):
    """Sets of sites, G of them, as ragged rows."""

    first: Int64s
    site: Int32s

    def hit(self, is_open: Bools) -> Bools:
        """(G,) bool, whether any site of each set is open."""
        hits = np.concatenate([[0], np.cumsum(is_open[self.site])])
        return np.asarray(hits[self.first[1:]] > hits[self.first[:-1]])


def covering(nearness: Lists, limit_s: float, counted: Bools) -> tuple[Cover, Int64s]:
    """Different sets of sites within a limit of the `counted` demands, and the set of each demand; -1 where none."""
    n_demands, n_sites = len(nearness.elsewhere), int(nearness.site.max(initial=-1)) + 1
    demand = np.repeat(np.arange(n_demands), np.diff(nearness.first))
    within = (nearness.cost <= limit_s) & counted[demand]
    table = np.zeros((n_demands, n_sites), bool)
    table[demand[within], nearness.site[within]] = True
    some = np.flatnonzero(table.any(axis=1))
    of = np.full(n_demands, -1, np.int64)
    if not len(some):
        return Cover(np.zeros(1, np.int64), np.empty(0, np.int32)), of
    bits = np.packbits(table[some], axis=1)
    rows = np.ascontiguousarray(bits).view(np.dtype((np.void, bits.shape[1])))[:, 0]
    _, kept, of[some] = np.unique(rows, return_index=True, return_inverse=True)
    sparse = csr_array(table[some[kept]])
    return Cover(sparse.indptr.astype(np.int64), sparse.indices.astype(np.int32)), of


def joined(covers: list[Cover]) -> Cover:
    """The sets of several covers, one after the other."""
    sizes = [np.diff(cover.first) for cover in covers]
    first = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, np.int64), *sizes]))]).astype(np.int64)
    return Cover(first, np.concatenate([np.empty(0, np.int32), *(cover.site for cover in covers)]))


def summed(row: NDArray[np.integer[Any]], values: Floats, n_rows: int) -> Floats:
    """(n_rows,) float64, sums of the values by row."""
    sums: Floats = np.bincount(row, values, n_rows).astype(np.float64, copy=False)
    return sums
