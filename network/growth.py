"""A hierarchy for edited streets, made from the one before: only the rows that new streets reach are filled anew.

Nodes that have gone leave their position empty. New ones go right above the lowest position that lies above all they are
joined to in the elimination tree: put first, the junctions of a new path would make a clique of everything beside it, and
put between their neighbours they would chain together what was apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Int32s, Int64s
from network.hierarchy import NO_ARC, Hierarchy
from network.jit import kernel

FEW, MOST_NEW_SHARE = 1000, 0.2
"""Arcs that may always be new, and share of all arcs; from there on an order of their own is better for the new streets."""


class Grown(NamedTuple):
    """A hierarchy for other streets.

    Attributes
    ----------
    hierarchy
        The new one, with the very columns of the old where they are the same.
    was
        (A,) int32, arc of the old one that each arc was, `NO_ARC` for a new one.
    now
        (old A + 1,) int32, arc of the new one that each arc is; the last, for `NO_ARC`, is `NO_ARC`.

    """

    hierarchy: Hierarchy
    was: Int32s
    now: Int32s


def grown(old: Hierarchy, origin: Int32s, tail: Int32s, head: Int32s, edge_was: Int32s) -> Grown | None:
    """Hierarchy of edited streets; None where so much is new that it should be built from scratch.

    Parameters
    ----------
    old
        Hierarchy of the streets before.
    origin
        (N,) int32, node that each node was, -1 for a new one.
    tail, head
        (E,) int32, ends of all edges.
    edge_was
        (E,) int32, edge that each edge was, between the same nodes in the same direction; -1 for one that is new there.

    """
    other = np.flatnonzero(edge_was < 0)
    rank, moved = _placed(old, origin, tail[other], head[other])
    first, high = old.arc_first, old.high
    if moved is not None:
        first, high = _moved(first, high, moved, int(np.count_nonzero(origin < 0)))
    one, two = rank[tail[other]], rank[head[other]]
    low, top = np.minimum(one, two), np.maximum(one, two)
    new_low, new_high = _new_arcs(
        first, high, low, top, max(FEW, int(MOST_NEW_SHARE * len(high))) + len(other)
    )
    if len(new_low) and new_low[0] < 0:
        return None
    if len(new_low):
        first, high, was = _merged(first, high, new_low, new_high)
    else:
        was = np.arange(len(high), dtype=np.int32)
    now = np.full(len(old.high) + 1, NO_ARC, np.int32)
    kept = np.flatnonzero(was != NO_ARC)
    now[was[kept]] = kept
    edge_arc = now[np.append(old.edge_arc, NO_ARC)[edge_was]]
    edge_arc[other] = _arcs(first, high, low, top)
    is_up = np.append(old.edge_is_up, False)[edge_was]
    is_up[other] = one < two
    hierarchy = Hierarchy(rank, first, high, edge_arc, is_up)
    for column in hierarchy:
        column.setflags(write=False)
    return Grown(hierarchy, was, now)


def _placed(old: Hierarchy, origin: Int32s, tail: Int32s, head: Int32s) -> tuple[Int32s, Int32s | None]:
    """Position of each node, and where the old positions have moved to; None if they have not moved.

    `tail` and `head` are the ends of the edges that are new.
    """
    new = np.flatnonzero(origin < 0)
    if not len(new):
        return old.rank[origin], None
    n_before = old.n_positions
    ends = origin[np.stack([tail, head])]
    beside = ends[::-1][ends < 0]
    above = _meeting(old.arc_first, old.high, old.rank[beside[beside >= 0]])
    moved = np.arange(n_before, dtype=np.int32)
    moved[above + 1 :] += np.int32(len(new))
    rank = np.append(moved, np.int32(0))[old.rank[origin]]
    rank[new] = above + 1 + np.arange(len(new), dtype=np.int32)
    return rank, moved


@kernel
def _meeting(first: Int64s, high: Int32s, position: Int32s) -> int:
    """Lowest position that is above all of some in the elimination tree, or one of them; the last if there is none."""
    n_positions = len(first) - 1
    n_below = np.zeros(n_positions, np.int32)
    for at in position:
        n_below[at] += 1
    for at in range(n_positions):
        if n_below[at] == len(position):
            return at
        if first[at] < first[at + 1]:
            n_below[high[first[at]]] += n_below[at]
    return n_positions - 1


@kernel
def _moved(first: Int64s, high: Int32s, moved: Int32s, n_new: int) -> tuple[Int64s, Int32s]:
    """Rows after positions have moved to make room for `n_new` without arcs."""
    n_before = len(first) - 1
    n_arcs = np.zeros(n_before + n_new + 1, np.int64)
    for at in range(n_before):
        n_arcs[moved[at] + 1] = first[at + 1] - first[at]
    new_high = np.empty_like(high)
    for arc in range(len(high)):
        new_high[arc] = moved[high[arc]]
    return np.cumsum(n_arcs), new_high


@kernel
def _new_arcs(first: Int64s, high: Int32s, low: Int32s, top: Int32s, most: int) -> tuple[Int32s, Int32s]:
    """Ends of the arcs that must be added for edges between positions `low` and `top`; a lone -1 if there are too many.

    Eliminating a position joins its parent, the first of its row, to the rest of the row. So what is new in a row goes
    on to the parent, and the whole row does where the parent is new.
    """
    n_positions = len(first) - 1
    waiting = np.full(n_positions, -1, np.int32)
    value, after = np.empty(most, np.int32), np.empty(most, np.int32)
    n_values = n_new = 0
    for edge in range(len(low)):
        if low[edge] < top[edge]:
            n_values = _ask(low[edge], top[edge : edge + 1], waiting, value, after, n_values)
    new_low, new_high = np.empty(most, np.int32), np.empty(most, np.int32)
    seen = np.full(n_positions, -1, np.int32)
    for at in range(n_positions):
        item, begin = waiting[at], n_new
        if item < 0:
            continue
        row = high[first[at] : first[at + 1]]
        seen[row] = at
        while item >= 0 and n_new < most:
            if seen[value[item]] != at:
                seen[value[item]] = at
                new_low[n_new], new_high[n_new] = at, value[item]
                n_new += 1
            item = after[item]
        if n_new == begin:
            continue
        ends = new_high[begin:n_new]
        ends.sort()
        parent = ends[0]
        if len(row) and row[0] < parent:
            parent, row = row[0], row[:0]
        if n_values + len(ends) + len(row) > most or n_new == most:
            return np.full(1, -1, np.int32), np.full(1, -1, np.int32)
        n_values = _ask(parent, ends, waiting, value, after, n_values)
        n_values = _ask(parent, row, waiting, value, after, n_values)
    return new_low[:n_new].copy(), new_high[:n_new].copy()


@kernel
def _ask(at: int, ends: Int32s, waiting: Int32s, value: Int32s, after: Int32s, n_values: int) -> int:
    """Ask, in place, for arcs from a position to others; how many have been asked for by now."""
    for above in ends:
        if above != at:
            value[n_values], after[n_values] = above, waiting[at]
            waiting[at] = n_values
            n_values += 1
    return n_values


@kernel
def _merged(first: Int64s, high: Int32s, new_low: Int32s, new_high: Int32s) -> tuple[Int64s, Int32s, Int32s]:
    """Rows with new arcs, which ascend by both ends, and which arc each was, `NO_ARC` for a new one."""
    n_positions, n_arcs = len(first) - 1, len(high) + len(new_low)
    both_first = np.empty(n_positions + 1, np.int64)
    both_high, was = np.empty(n_arcs, np.int32), np.empty(n_arcs, np.int32)
    arc = new = 0
    for at in range(n_positions):
        both_first[at] = arc
        old = first[at]
        while old < first[at + 1] or (new < len(new_low) and new_low[new] == at):
            is_new = new < len(new_low) and new_low[new] == at
            if is_new and (old == first[at + 1] or new_high[new] < high[old]):
                both_high[arc], was[arc] = new_high[new], NO_ARC
                new += 1
            else:
                both_high[arc], was[arc] = high[old], old
                old += 1
            arc += 1
    both_first[n_positions] = arc
    return both_first, both_high, was


@kernel
def _arcs(first: Int64s, high: Int32s, low: Int32s, top: Int32s) -> Int32s:
    """Arc between two positions each, `NO_ARC` where they are the same."""
    found = np.full(len(low), NO_ARC, np.int32)
    for edge in range(len(low)):
        for arc in range(first[low[edge]], first[low[edge] + 1]):
            if high[arc] == top[edge]:
                found[edge] = arc
    return found
