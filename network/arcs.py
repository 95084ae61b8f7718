"""What a sweep reads: arcs of a hierarchy with the weights of one mode, all of them or those that are needed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Int32s, Int64s
from network.hierarchy import Hierarchy, Weights
from network.jit import kernel


class Side(NamedTuple):
    """Arcs in one direction of travel, by the lower of their two rows.

    Attributes
    ----------
    first
        (R + 1,) int64; the arcs between row r and rows above it are `first[r]:first[r + 1]`.
    high
        (A,) int32, the row at the other end of each arc, above r.
    weight
        (A,) int32 or int64.

    """

    first: Int64s
    high: Int32s
    weight: NDArray[np.signedinteger[Any]]


class Arcs(NamedTuple):
    """What a sweep reads: arcs of a hierarchy, or of the part of it between some nodes, with one mode's weights.

    Attributes
    ----------
    row
        (N,) int32, row of each node in the tables; -1 for a node left out.
    up, down
        Arcs travelled from their lower row to the higher one, and those travelled the other way.

    """

    row: Int32s
    up: Side
    down: Side

    @property
    def n_rows(self) -> int:
        """Number of rows R of the tables."""
        return len(self.up.first) - 1

    def turned(self) -> Arcs:
        """Return the same streets with every direction of travel reversed: searches from sources become searches to them."""
        return self._replace(up=self.down, down=self.up)

    def rows_of(self, node: NDArray[np.integer[Any]]) -> Int32s:
        """Rows of nodes; ValueError for a node left out."""
        rows: Int32s = self.row[node]
        if (rows < 0).any():
            msg = "these arcs do not reach all of the nodes asked for"
            raise ValueError(msg)
        return rows


class Needed(NamedTuple):
    """Which arcs of a hierarchy the sweeps of a mode need, see `network.thinning`."""

    up: Bools
    """(A,) from the lower to the higher position."""
    down: Bools
    """(A,) from the higher to the lower position."""


def all_needed(hierarchy: Hierarchy) -> Needed:
    """Every arc: enough for any weights."""
    is_needed = np.ones(len(hierarchy.high), np.bool_)
    is_needed.setflags(write=False)
    return Needed(is_needed, is_needed)


def all_arcs(hierarchy: Hierarchy, weights: Weights) -> Arcs:
    """Arcs for searches that answer at every node, with no thought of which are needed."""
    up, down = (Side(hierarchy.arc_first, hierarchy.high, weight) for weight in weights)
    return Arcs(hierarchy.rank, up, down)


def chosen(hierarchy: Hierarchy, is_chosen: Bools) -> tuple[Int64s, Int32s]:
    """Ragged rows: the heads of the chosen arcs, of which (A,) tells, up from each position."""
    return np.append(0, np.cumsum(is_chosen))[hierarchy.arc_first], hierarchy.high[is_chosen]


def needed_arcs(hierarchy: Hierarchy, weights: Weights, needed: Needed) -> Arcs:
    """Arcs for searches that answer at every node, those that are needed, in elimination order, which suits many lanes."""
    up, down = (
        Side(*chosen(hierarchy, is_needed), weight[is_needed])
        for weight, is_needed in zip(weights, needed, strict=True)
    )
    return Arcs(hierarchy.rank, up, down)


def arcs_between(
    hierarchy: Hierarchy, weights: Weights, needed: Needed, node: NDArray[np.integer[Any]]
) -> Arcs:
    """Arcs for searches that start and answer at the given nodes only, in either direction.

    Those up from the nodes and from what lies above them (restricted PHAST, Delling, Goldberg and Werneck 2011) that are
    needed: the fewer nodes and streets, the fewer arcs. Answers at the given nodes are the same.
    """
    is_kept = np.zeros(hierarchy.n_positions, np.bool_)
    is_kept[hierarchy.rank[node]] = True
    _mark_above(hierarchy.arc_first, hierarchy.high, needed.up | needed.down, is_kept)
    row = np.where(is_kept, np.cumsum(is_kept, dtype=np.int32) - np.int32(1), np.int32(-1))
    is_up_from_kept = np.repeat(is_kept, np.diff(hierarchy.arc_first))
    sides = []
    for weight, is_needed in zip(weights, needed, strict=True):
        arc = np.flatnonzero(is_up_from_kept & is_needed)
        n_arcs = np.diff(np.append(0, np.cumsum(is_needed))[hierarchy.arc_first])
        first = np.append(0, np.cumsum(n_arcs[is_kept]))
        sides.append(Side(first, row[hierarchy.high[arc]], weight[arc]))
    return Arcs(row[hierarchy.rank], *sides)


@kernel
def _mark_above(first: Int64s, high: Int32s, is_open: Bools, is_kept: Bools) -> None:
    """Extend `is_kept`, by position, to all ends of open arcs up from kept positions, in place."""
    for position in range(len(is_kept)):
        if is_kept[position]:
            for arc in range(first[position], first[position + 1]):
                if is_open[arc]:
                    is_kept[high[arc]] = True
