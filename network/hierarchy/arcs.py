"""What a sweep reads: arcs of a hierarchy with the weights of one mode, all of them or those that are needed.

Arcs without which every quickest way is still found, so that the sweeps of a mode read fewer of them.

An arc from position v up to x is not needed where the mode may not use it, or where a way v, y, x over an arc that is
kept and a position y above v takes no longer; likewise downwards. The first test is that of perfect customisation
(Dibbelt, Strasser and Wagner 2014), and ties count too. Exact because it goes from the top down: among the positions
above v every time is already kept, so the way from y to x is found, and whatever leaves an arc of v out, an arc of v that
is kept in its place at that moment.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Int32s, Int64s, read_only
from network.hierarchy.hierarchy import Hierarchy, Weights
from network.jit import kernel
from network.lanes import unreached


class Side(NamedTuple):
    """Arcs in one direction of travel, by the lower of their two rows.

    Attributes
    ----------
    offset
        (R + 1,) int64; the arcs between row r and rows above it are `offset[r]:offset[r + 1]`.
    high
        (A,) int32, the row at the other end of each arc, above r.
    weight
        (A,) int32 or int64.

    """

    offset: Int64s
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
        return len(self.up.offset) - 1

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


class ArcMask(NamedTuple):
    """Which arcs of a hierarchy the sweeps of a mode need, see `network.hierarchy.arcs`."""

    up: Bools
    """(A,) from the lower to the higher position."""
    down: Bools
    """(A,) from the higher to the lower position."""


def full_arc_mask(hierarchy: Hierarchy) -> ArcMask:
    """Every arc: enough for any weights."""
    is_needed = np.ones(len(hierarchy.high), np.bool_)
    return read_only(ArcMask(is_needed, is_needed))


def all_arcs(hierarchy: Hierarchy, weights: Weights) -> Arcs:
    """Arcs for searches that answer at every node, with no thought of which are needed."""
    up, down = (Side(hierarchy.arc_offset, hierarchy.high, weight) for weight in weights)
    return Arcs(hierarchy.rank, up, down)


def chosen(hierarchy: Hierarchy, is_chosen: Bools) -> tuple[Int64s, Int32s]:
    """Ragged rows: the heads of the chosen arcs, of which (A,) tells, up from each position."""
    return np.append(0, np.cumsum(is_chosen))[hierarchy.arc_offset], hierarchy.high[is_chosen]


def masked_arcs(hierarchy: Hierarchy, weights: Weights, arc_mask: ArcMask) -> Arcs:
    """Arcs for searches that answer at every node, those that are needed, in elimination order, which suits many lanes."""
    up, down = (
        Side(*chosen(hierarchy, is_needed), weight[is_needed])
        for weight, is_needed in zip(weights, arc_mask, strict=True)
    )
    return Arcs(hierarchy.rank, up, down)


def arcs_between(
    hierarchy: Hierarchy, weights: Weights, arc_mask: ArcMask, node: NDArray[np.integer[Any]]
) -> Arcs:
    """Arcs for searches that start and answer at the given nodes only, in either direction.

    Those up from the nodes and from what lies above them (restricted PHAST, Delling, Goldberg and Werneck 2011) that are
    needed: the fewer nodes and streets, the fewer arcs. Answers at the given nodes are the same.
    """
    is_kept = np.zeros(hierarchy.n_positions, np.bool_)
    is_kept[hierarchy.rank[node]] = True
    _mark_above(hierarchy.arc_offset, hierarchy.high, arc_mask.up | arc_mask.down, is_kept)
    row = np.where(is_kept, np.cumsum(is_kept, dtype=np.int32) - np.int32(1), np.int32(-1))
    is_up_from_kept = np.repeat(is_kept, np.diff(hierarchy.arc_offset))
    sides = []
    for weight, is_needed in zip(weights, arc_mask, strict=True):
        arc = np.flatnonzero(is_up_from_kept & is_needed)
        n_arcs = np.diff(np.append(0, np.cumsum(is_needed))[hierarchy.arc_offset])
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


MOST_TOLD_APART = 16
"""Rows with at least as many arcs count as alike."""
LONG_RUN = 64
"""Rows from which on a run of them is long enough to be taken before rows with more arcs. Both decide about time alone."""


def needed_arc_mask(hierarchy: Hierarchy, weights: Weights) -> ArcMask:
    """Arcs that are needed with customised weights, int32 seconds or int64 packed values.

    Whatever is needed for packed values is enough for their seconds.
    """
    top = unreached(weights.up.dtype)
    arc_mask = ArcMask(weights.up < top, weights.down < top)
    _leave_out(hierarchy.arc_offset, hierarchy.high, weights, arc_mask)
    return read_only(arc_mask)


def arcs_in_runs(hierarchy: Hierarchy, weights: Weights, arc_mask: ArcMask) -> Arcs:
    """Arcs that are needed, with the rows in an order that suits one lane swept towards its seeds.

    Rows with equally many arcs up follow each other, as far as every arc must lead to a later row. So the processor
    foresees where the arcs of a row end, and may begin with the next one: such rows seldom wait for each other.
    """
    first, high = chosen(hierarchy, arc_mask.up | arc_mask.down)
    n_up = np.diff(np.append(0, np.cumsum(arc_mask.up))[hierarchy.arc_offset])
    row = _in_runs(first, high, np.minimum(n_up, MOST_TOLD_APART).astype(np.int32))
    position = np.empty_like(row)
    position[row] = np.arange(len(row), dtype=np.int32)
    sides = []
    for weight, is_needed in zip(weights, arc_mask, strict=True):
        first, high = chosen(hierarchy, is_needed)
        n_arcs = np.diff(first)[position]
        moved_offset = np.append(0, np.cumsum(n_arcs))
        arc = np.arange(len(high)) + np.repeat(first[position] - moved_offset[:-1], n_arcs)
        sides.append(Side(moved_offset, row[high[arc]], weight[is_needed][arc]))
    return read_only(Arcs(row[hierarchy.rank], *sides))


@kernel
def _leave_out(arc_offset: Int64s, high: Int32s, weights: Weights, arc_mask: ArcMask) -> None:
    """Take from `arc_mask`, in place, what another way from or to the lower position of an arc beats or ties."""
    up, down = weights.up, weights.down
    # Least times between the ends of the arcs; the weights themselves are ways over lower positions only.
    least_up, least_down = up.copy(), down.copy()
    for node in range(len(arc_offset) - 2, -1, -1):
        end = arc_offset[node + 1]
        for one in range(arc_offset[node], end):
            arc = arc_offset[high[one]]
            for other in range(one + 1, end):
                while high[arc] != high[other]:
                    arc += 1
                ahead, back = least_up[arc], least_down[arc]  # from `one` to `other`, and back
                by_other, by_one = up[other] + back, up[one] + ahead
                least_up[one], least_up[other] = min(least_up[one], by_other), min(least_up[other], by_one)
                if arc_mask.up[other] and by_other <= up[one]:
                    arc_mask.up[one] = False
                if arc_mask.up[one] and by_one <= up[other]:
                    arc_mask.up[other] = False
                by_other, by_one = down[other] + ahead, down[one] + back
                least_down[one] = min(least_down[one], by_other)
                least_down[other] = min(least_down[other], by_one)
                if arc_mask.down[other] and by_other <= down[one]:
                    arc_mask.down[one] = False
                if arc_mask.down[one] and by_one <= down[other]:
                    arc_mask.down[other] = False


@kernel
def _in_runs(first: Int64s, high: Int32s, kind: Int32s) -> Int32s:
    """(N,) int32 row of each position, so that every arc leads to a later row and rows of one kind form long runs.

    Rows are given from the last one down. Positions whose arcs all lead to rows that are given wait in a queue of their
    kind; a queue is emptied before the next is begun, the long ones first, of these the highest kind.
    """
    n_nodes = len(first) - 1
    n_kinds = MOST_TOLD_APART + 1
    n_open = np.diff(first)
    below_offset, below = _below(first, high)
    begin, last = np.full(n_kinds, -1, np.int32), np.full(n_kinds, -1, np.int32)
    n_waiting = np.zeros(n_kinds, np.int64)
    after = np.full(n_nodes, -1, np.int32)
    for node in range(n_nodes - 1, -1, -1):
        if n_open[node] == 0:
            _queue(node, kind[node], begin, last, after)
            n_waiting[kind[node]] += 1
    row = np.empty(n_nodes, np.int32)
    n_left = n_nodes
    while n_left > 0:
        taken, enough = 0, LONG_RUN if n_waiting.max() >= LONG_RUN else 1
        for one in range(n_kinds):
            if n_waiting[one] >= enough:
                taken = one
        while n_waiting[taken] > 0:
            node = begin[taken]
            begin[taken] = after[node]
            n_waiting[taken] -= 1
            n_left -= 1
            row[node] = n_left
            for place in range(below_offset[node], below_offset[node + 1]):
                lower = below[place]
                n_open[lower] -= 1
                if n_open[lower] == 0:
                    _queue(lower, kind[lower], begin, last, after)
                    n_waiting[kind[lower]] += 1
    return row


@kernel
def _below(first: Int64s, high: Int32s) -> tuple[Int64s, Int32s]:
    """Ragged rows: the positions from which an arc leads to each position, from the highest down."""
    n_nodes = len(first) - 1
    below_offset = np.zeros(n_nodes + 1, np.int64)
    for above in high:
        below_offset[above + 1] += 1
    below_offset = np.cumsum(below_offset)
    free = below_offset[:-1].copy()
    below = np.empty(len(high), np.int32)
    for node in range(n_nodes - 1, -1, -1):
        for arc in range(first[node], first[node + 1]):
            below[free[high[arc]]] = node
            free[high[arc]] += 1
    return below_offset, below


@kernel
def _queue(node: int, kind: int, begin: Int32s, last: Int32s, after: Int32s) -> None:
    """Put a position at the end of the queue of its kind, in place."""
    if begin[kind] < 0:
        begin[kind] = node
    else:
        after[last[kind]] = node
    last[kind] = node
