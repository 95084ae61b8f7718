"""Streets as a hierarchy: an order of the nodes, the arcs that fill in when they are eliminated, weights per mode.

This is a customisable contraction hierarchy (Dibbelt, Strasser and Wagner 2014), in the terms of its twin, the sparse
Cholesky factorisation over (min, +): order and fill follow from the pattern of the streets alone and serve every mode
and both directions; `customise` then puts the weights of one mode on the arcs. A search over the result is a pass over
the arcs in a fixed order, see `network.hierarchy.sweep`.

A *position* is a node's place in the elimination order; arcs lead from a position to a higher one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Int32s, Int64s, read_only
from network.jit import kernel
from network.lanes import unreached

NO_ARC = -1


class Hierarchy(NamedTuple):
    """Order and fill of N nodes and E edges, with A arcs between P positions.

    Attributes
    ----------
    rank
        (N,) int32, position of each node; where an edit took nodes away, there are more positions than nodes.
    arc_offset
        (P + 1,) int64; the arcs up from position p are rows `arc_offset[p]:arc_offset[p + 1]`.
    high
        (A,) int32, the position that each arc leads to, ascending from each p. The first is the parent of p in the
        elimination tree, the others are ancestors of p too.
    edge_arc
        (E,) int32, arc of each street edge, `NO_ARC` for a loop.
    edge_is_up
        (E,) bool, whether the edge's tail is its lower end.

    """

    rank: Int32s
    arc_offset: Int64s
    high: Int32s
    edge_arc: Int32s
    edge_is_up: Bools

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def n_positions(self) -> int:
        """Number of positions."""
        return len(self.arc_offset) - 1


class Weights(NamedTuple):
    """Cost of each arc of a hierarchy in one mode, in its two directions; int32 seconds or int64 packed values."""

    up: NDArray[np.signedinteger[Any]]
    """(A,) from the lower to the higher position."""
    down: NDArray[np.signedinteger[Any]]
    """(A,) from the higher to the lower position."""


def build_hierarchy(n_nodes: int, tail: Int32s, head: Int32s) -> Hierarchy:
    """Order and fill of the streets.

    Parameters
    ----------
    n_nodes
        Number of nodes N.
    tail, head
        (E,) int32, ends of the edges; loops, parallel edges, several components and lone nodes may occur.

    """
    return symbolic(elimination_order(n_nodes, tail, head), tail, head)


def elimination_order(n_nodes: int, tail: Int32s, head: Int32s) -> Int32s:
    """(N,) int32, position of each node in an order that gives little fill.

    A multiple minimum degree order (Liu 1985) as SuperLU computes it, then sorted to a postorder of its elimination
    tree, which leaves the fill as it is and puts every subtree in one run of positions. The same edges in any order
    give the same positions.
    """
    if n_nodes == 0:
        return np.zeros(0, np.int32)
    proper = tail != head
    low, high = np.minimum(tail, head)[proper], np.maximum(tail, head)[proper]
    from scipy.sparse import coo_array, eye_array  # noqa: PLC0415 -- only for who builds
    from scipy.sparse.linalg import splu  # noqa: PLC0415

    pattern = coo_array((np.ones(len(low)), (low, high)), shape=(n_nodes, n_nodes)).tocsr()
    # SuperLU has no call for the order alone; a diagonally dominant matrix lets it factorise without pivoting.
    pattern.data[:] = -1 / n_nodes
    options = {"SymmetricMode": True, "Equil": False}
    matrix = (pattern + pattern.T + eye_array(n_nodes)).tocsc()
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0, options=options)
    rank = factors.perm_c.astype(np.int32)
    first, lower = _lower_neighbours(rank, tail, head)
    postorder: Int32s = _postorder(_elimination_tree(first, lower))[rank]
    return postorder


def symbolic(rank: Int32s, tail: Int32s, head: Int32s) -> Hierarchy:
    """Fill of the streets in the order `rank`, (N,) int32, which must be a permutation."""
    first, lower = _lower_neighbours(rank, tail, head)
    parent = _elimination_tree(first, lower)
    arc_offset = np.zeros(len(rank) + 1, np.int64)
    np.cumsum(_count_fill(first, lower, parent), out=arc_offset[1:])
    high = _fill(first, lower, parent, arc_offset)
    edge_arc = _arcs_of(rank, arc_offset, high, tail, head)
    return read_only(Hierarchy(rank, arc_offset, high, edge_arc, rank[tail] < rank[head]))


def customise(
    hierarchy: Hierarchy,
    forward: NDArray[np.signedinteger[Any]],
    backward: NDArray[np.signedinteger[Any]],
) -> Weights:
    """Put the weights of one mode on the arcs, so that sweeps find shortest times.

    Parameters
    ----------
    hierarchy
        Built or updated for the same edges.
    forward, backward
        (E,) int32 or int64, not negative, from tail to head and from head to tail; `unreached` and everything above
        it is closed. Of parallel edges the least counts.

    """
    if len(forward) and min(forward.min(), backward.min()) < 0:
        msg = "the weights of streets must not be negative"
        raise ValueError(msg)
    top = unreached(forward.dtype)
    n_arcs = len(hierarchy.high)
    up = np.full(n_arcs, top, forward.dtype)
    down = np.full(n_arcs, top, forward.dtype)
    is_arc = hierarchy.edge_arc != NO_ARC
    arc, is_up = hierarchy.edge_arc[is_arc], hierarchy.edge_is_up[is_arc]
    ahead, back = forward[is_arc], backward[is_arc]
    np.minimum.at(up, arc, np.where(is_up, ahead, back))
    np.minimum.at(down, arc, np.where(is_up, back, ahead))
    _relax_triangles(hierarchy.arc_offset, hierarchy.high, up, down)
    return read_only(Weights(up, down))


def _lower_neighbours(rank: Int32s, tail: Int32s, head: Int32s) -> tuple[Int64s, Int32s]:
    """Ragged rows: for each position the lower positions it shares an edge with, parallel edges repeated."""
    low, high = np.minimum(rank[tail], rank[head]), np.maximum(rank[tail], rank[head])
    proper = low < high
    low, high = low[proper], high[proper]
    first = np.zeros(len(rank) + 1, np.int64)
    np.cumsum(np.bincount(high, minlength=len(rank)), out=first[1:])
    return first, low[np.argsort(high, kind="stable")]


def _arcs_of(rank: Int32s, arc_offset: Int64s, high: Int32s, tail: Int32s, head: Int32s) -> Int32s:
    """(E,) int32, row of the arc between the ends of each edge, `NO_ARC` where there is none."""
    n_nodes = len(rank)
    low = np.repeat(np.arange(n_nodes, dtype=np.int64), np.diff(arc_offset))
    key = low * n_nodes + high
    wanted = np.minimum(rank[tail], rank[head]).astype(np.int64) * n_nodes + np.maximum(
        rank[tail], rank[head]
    )
    arc = np.searchsorted(key, wanted)
    found = np.append(key, -1)[arc] == wanted
    return np.where(found, arc, NO_ARC).astype(np.int32)


@kernel
def _elimination_tree(first: Int64s, lower: Int32s) -> Int32s:
    """Parent of each position, -1 for a root (Liu 1986: climb from each lower neighbour, shortening the way)."""
    n_nodes = len(first) - 1
    parent = np.full(n_nodes, -1, np.int32)
    shortcut = np.full(n_nodes, -1, np.int32)
    for node in range(n_nodes):
        for row in range(first[node], first[node + 1]):
            at = lower[row]
            while shortcut[at] not in (-1, node):
                above = shortcut[at]
                shortcut[at] = node
                at = above
            if shortcut[at] == -1:
                shortcut[at] = node
                parent[at] = node
    return parent


@kernel
def _postorder(parent: Int32s) -> Int32s:
    """Number of each position in a postorder of the tree; a subtree is numbered without a gap, its root last."""
    n_nodes = len(parent)
    size = np.ones(n_nodes, np.int32)
    for node in range(n_nodes):
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    start = np.empty(n_nodes, np.int32)
    taken = np.zeros(n_nodes, np.int32)
    n_taken = 0
    # Parents are higher than their children, so downwards every subtree finds its own start known.
    for node in range(n_nodes - 1, -1, -1):
        above = parent[node]
        if above < 0:
            start[node] = n_taken
            n_taken += size[node]
        else:
            start[node] = start[above] + taken[above]
            taken[above] += size[node]
    return start + size - np.int32(1)


@kernel
def _count_fill(first: Int64s, lower: Int32s, parent: Int32s) -> Int64s:
    """Arcs of each position."""
    n_nodes = len(parent)
    n_arcs = np.zeros(n_nodes, np.int64)
    seen = np.full(n_nodes, -1, np.int32)
    for node in range(n_nodes):
        seen[node] = node
        for row in range(first[node], first[node + 1]):
            at = lower[row]
            while seen[at] != node:
                seen[at] = node
                n_arcs[at] += 1
                at = parent[at]
    return n_arcs


@kernel
def _fill(first: Int64s, lower: Int32s, parent: Int32s, arc_offset: Int64s) -> Int32s:
    """Heads of the arcs: `node` is one for every position on the tree's way up from its lower neighbours."""
    n_nodes = len(parent)
    high = np.empty(arc_offset[-1], np.int32)
    free = arc_offset[:-1].copy()
    seen = np.full(n_nodes, -1, np.int32)
    for node in range(n_nodes):
        seen[node] = node
        for row in range(first[node], first[node + 1]):
            at = lower[row]
            while seen[at] != node:
                seen[at] = node
                high[free[at]] = node
                free[at] += 1
                at = parent[at]
    return high


@kernel
def _relax_triangles(
    arc_offset: Int64s,
    high: Int32s,
    up: NDArray[np.signedinteger[Any]],
    down: NDArray[np.signedinteger[Any]],
) -> None:
    """Lower each arc between two higher neighbours of a position to the way through that position, in place."""
    for node in range(len(arc_offset) - 1):
        end = arc_offset[node + 1]
        for one in range(arc_offset[node], end):
            arc = arc_offset[high[one]]
            for other in range(one + 1, end):
                while high[arc] != high[other]:
                    arc += 1
                up[arc] = min(up[arc], down[one] + up[other])
                down[arc] = min(down[arc], down[other] + up[one])
