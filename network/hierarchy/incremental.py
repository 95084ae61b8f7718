"""A search made ready for an edited network from the one before: what did not change is not worked out again.

The order of the nodes stays, and the fill grows where new streets ask for it, see `network.hierarchy.incremental`. Of the weights only
those are worked out again whose edges changed or that a changed weight can reach (Dibbelt, Strasser and Wagner 2014,
partial customisation); they come out as a full customisation would have them.

A hierarchy for edited streets, made from the one before: only the rows that new streets reach are filled anew.

Nodes that have gone leave their position empty. New ones go, piece by piece, right above the lowest position that lies above
all that the piece is joined to in the elimination tree: put first, the junctions of a new path would make a clique of everything beside it, and
put between their neighbours they would chain together what was apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, read_only
from network.hierarchy.arcs import full_arc_mask
from network.hierarchy.hierarchy import NO_ARC, Hierarchy, Weights
from network.hierarchy.packing import MAX_SECONDS, SECOND_SHIFT, pack
from network.hierarchy.search import ModeSearch, StreetSearch, build_street_search, unthinned
from network.jit import kernel
from network.lanes import UNREACHED_INT64
from network.streets.incremental import origins
from network.streets.mapped import rows_by
from network.streets.network import StreetNetwork

MOST_PIECES = 100
"""Pieces of new nodes that are placed one by one."""
FEW, MOST_NEW_SHARE = 1000, 0.2
"""Arcs that may always be new, and share of all arcs; from there on an order of their own is better for the new streets."""


class ExtendedFill(NamedTuple):
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


def extended(
    old: Hierarchy, origin: Int32s, tail: Int32s, head: Int32s, edge_was: Int32s
) -> ExtendedFill | None:
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
    first, high = old.arc_offset, old.high
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
    return ExtendedFill(read_only(Hierarchy(rank, first, high, edge_arc, is_up)), was, now)


def _placed(old: Hierarchy, origin: Int32s, tail: Int32s, head: Int32s) -> tuple[Int32s, Int32s | None]:
    """Position of each node, and where the old positions have moved to; None if they have not moved.

    `tail` and `head` are the ends of the edges that are new.
    """
    new = np.flatnonzero(origin < 0)
    if not len(new):
        return old.rank[origin], None
    n_before, nodes = old.n_positions, np.stack([tail, head])
    piece = _pieces(new, nodes, len(origin))
    above = np.empty(piece.max() + 1, np.int64)
    beside = origin[nodes[::-1]]
    for number in range(len(above)):
        joined = beside[(piece[nodes] == number) & (beside >= 0)]
        above[number] = _meeting(old.arc_offset, old.high, old.rank[joined])
    above_of = above[piece[new]]
    # All that is old moves up by as many new ones as come below it.
    n_below = np.cumsum(np.bincount(above_of + 1, minlength=n_before + 1))[:n_before]
    moved = (np.arange(n_before) + n_below).astype(np.int32)
    rank = np.append(moved, np.int32(0))[old.rank[origin]]
    order = np.lexsort((new, piece[new], above_of))
    rank[new[order]] = (above_of[order] + 1 + np.arange(len(new))).astype(np.int32)
    return rank, moved


def _pieces(new: Int64s, nodes: Int32s, n_nodes: int) -> Int64s:
    """(N,) int64, number of the piece that a new node belongs to by edges between new ones, -1 for the others.

    `nodes` is (2, E), the ends of the new edges. Many pieces are taken for one: each costs a look at all positions.
    """
    row = np.full(n_nodes, -1, np.int64)
    row[new] = np.arange(len(new))
    between = row[nodes[:, (row[nodes] >= 0).all(axis=0)]]
    from scipy.sparse import coo_array  # noqa: PLC0415 -- only for who edits streets
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    joined = coo_array((np.ones(between.shape[1]), (between[0], between[1])), shape=(len(new), len(new)))
    n_pieces, label = connected_components(joined, directed=False)
    row[new] = label if n_pieces <= MOST_PIECES else 0
    return row


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
    both_offset = np.empty(n_positions + 1, np.int64)
    both_high, was = np.empty(n_arcs, np.int32), np.empty(n_arcs, np.int32)
    arc = new = 0
    for at in range(n_positions):
        both_offset[at] = arc
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
    both_offset[n_positions] = arc
    return both_offset, both_high, was


@kernel
def _arcs(first: Int64s, high: Int32s, low: Int32s, top: Int32s) -> Int32s:
    """Arc between two positions each, `NO_ARC` where they are the same."""
    found = np.full(len(low), NO_ARC, np.int32)
    for edge in range(len(low)):
        for arc in range(first[low[edge]], first[low[edge] + 1]):
            if high[arc] == top[edge]:
                found[edge] = arc
    return found


def edited_search(old: StreetSearch, network: StreetNetwork) -> StreetSearch:
    """Make a network ready that came from that of `old` by street edits.

    Weights are equal to those that a full customisation in the same order gives, so that times are equal to a full build.
    A mode whose weights changed sweeps all its arcs, see `network.hierarchy.search.unthinned`.
    """
    before = old.network
    rows = _rows(before, network)
    if rows.is_same:
        n_arcs = len(old.hierarchy.high)
        arc = np.arange(n_arcs, dtype=np.int32)
        more = ExtendedFill(old.hierarchy, arc, np.append(arc, np.int32(NO_ARC)))
    else:
        made = extended(old.hierarchy, rows.origin, network.edge_tail, network.edge_head, rows.edge_was)
        if made is None:
            return build_street_search(network)
        more = made
    return StreetSearch(network, more.hierarchy, _repaired(old, network, more, rows))


class _Rows(NamedTuple):
    """What nodes and rows of a network were in the one before.

    Attributes
    ----------
    origin
        (N,) int32, node that each node was, -1 for a new one.
    edge_was
        (E,) int32, row between the same nodes along the same mapped edge that each row was, -1 for a new one.
    gone
        Rows of the one before that are not among these.
    is_same
        Whether all rows are what they were.

    """

    origin: Int32s
    edge_was: Int32s
    gone: Int64s
    is_same: bool


def _rows(before: StreetNetwork, after: StreetNetwork) -> _Rows:
    """Mapped edges keep their row while they last, and the added rows are paired if there are as many of them."""
    origin = origins(before, after.mapped.n_nodes, after.node_junction[after.mapped.n_nodes :])
    n_mapped = min(before.mapped.n_edges, after.mapped.n_edges)
    edge_was = np.full(after.n_edges, -1, np.int32)
    edge_was[:n_mapped] = np.arange(n_mapped)
    n_added = before.n_edges - before.mapped.n_edges
    if n_added == after.n_edges - after.mapped.n_edges:
        edge_was[after.mapped.n_edges :] = np.arange(before.mapped.n_edges, before.n_edges)
    for one, other in ((before.edge_tail, after.edge_tail), (before.edge_head, after.edge_head)):
        edge_was[origin[other] != one[edge_was]] = -1
    is_gone = np.ones(before.n_edges + 1, np.bool_)  # the last for rows that are new
    is_gone[edge_was] = False
    is_same = np.array_equal(origin, np.arange(before.n_nodes)) and np.array_equal(
        edge_was, np.arange(before.n_edges)
    )
    return _Rows(origin, edge_was, np.flatnonzero(is_gone[:-1]), is_same)


class _Fill(NamedTuple):
    """Order and fill with the ways back through it: what a repair reads, whatever the mode.

    Attributes
    ----------
    offset, high
        As in `network.hierarchy.hierarchy.Hierarchy`.
    low
        (A,) int32, lower end of each arc.
    entering_offset, entering
        Ragged rows: the arcs that lead up to each position.
    edge_offset, edge
        Ragged rows: the edges on each arc.
    edge_is_up
        (E,) bool.
    metres
        (E,) int64, packed.
    was
        (A,) int32, arc before the edit.

    """

    offset: Int64s
    high: Int32s
    low: Int32s
    entering_offset: Int64s
    entering: Int32s
    edge_offset: Int64s
    edge: Int32s
    edge_is_up: Bools
    metres: Int64s
    was: Int32s


def _repaired(
    old: StreetSearch, network: StreetNetwork, more: ExtendedFill, rows: _Rows
) -> tuple[ModeSearch, ...]:
    """Every mode, with weights worked out anew from the arcs whose own edges changed."""
    hierarchy = more.hierarchy
    others = [
        np.flatnonzero(more.was == NO_ARC),
        more.now[old.hierarchy.edge_arc[rows.gone]],
        hierarchy.edge_arc[np.flatnonzero(rows.edge_was < 0)],
    ]
    is_changed = _changed(_columns(old.network), _columns(network), rows.edge_was)
    arc_mask = full_arc_mask(hierarchy)
    fill: _Fill | None = None
    modes = []
    for mode, ready in enumerate(old.modes):
        dirty = np.concatenate([*others, hierarchy.edge_arc[np.flatnonzero(is_changed[mode])]])
        dirty = dirty[dirty != NO_ARC]  # loops have no arc
        if not len(dirty) and hierarchy.high is old.hierarchy.high:
            modes.append(ready)
            continue
        fill = fill or _fill(network, more)
        weights = Weights(*(_carried(weight, more.was) for weight in ready.weights))
        is_dirty = np.zeros(len(hierarchy.high), np.bool_)
        is_dirty[dirty] = True
        seconds = network.forward_s[mode], network.backward_s[mode]
        _repair(fill, seconds, ready.weights, weights, is_dirty)
        modes.append(unthinned(hierarchy, weights, arc_mask))
    return tuple(modes)


class _Columns(NamedTuple):
    """Of a network, what weights are made of."""

    length_m: Floats
    forward_s: Int32s
    backward_s: Int32s


def _columns(network: StreetNetwork) -> _Columns:
    return _Columns(network.edge_length_m, network.forward_s, network.backward_s)


@kernel
def _changed(before: _Columns, after: _Columns, edge_was: Int32s) -> Bools:
    """(M, E) bool, whether a row that was there before has another length, or other seconds in a mode."""
    is_changed = np.zeros(after.forward_s.shape, np.bool_)
    for mode in range(len(is_changed)):
        for edge in range(len(edge_was)):
            was = edge_was[edge]
            is_changed[mode, edge] = was >= 0 and (
                before.forward_s[mode, was] != after.forward_s[mode, edge]
                or before.backward_s[mode, was] != after.backward_s[mode, edge]
                or before.length_m[was] != after.length_m[edge]
            )
    return is_changed


def _fill(network: StreetNetwork, more: ExtendedFill) -> _Fill:
    hierarchy = more.hierarchy
    n_positions = hierarchy.n_positions
    low = np.repeat(np.arange(n_positions, dtype=np.int32), np.diff(hierarchy.arc_offset))
    entering_offset, entering = rows_by(hierarchy.high, n_positions)
    # Loops, on no arc, come before those on the first one.
    edge_offset, edge = rows_by(hierarchy.edge_arc + np.int32(1), len(hierarchy.high) + 1)
    metres = pack(np.zeros(1, np.int32), network.edge_length_m, 0)
    return _Fill(
        offset=hierarchy.arc_offset,
        high=hierarchy.high,
        low=low,
        entering_offset=entering_offset,
        entering=entering,
        edge_offset=edge_offset[1:],
        edge=edge,
        edge_is_up=hierarchy.edge_is_up,
        metres=metres,
        was=more.was,
    )


@kernel
def _carried(weight: Int64s, was: Int32s) -> Int64s:
    """Weights by new arcs, unreached on those that are new."""
    carried = np.empty(len(was), np.int64)
    for arc in range(len(was)):
        carried[arc] = weight[was[arc]] if was[arc] >= 0 else UNREACHED_INT64
    return carried


@kernel
def _repair(
    fill: _Fill, seconds: tuple[Int32s, Int32s], before: Weights, weights: Weights, is_dirty: Bools
) -> None:
    """Work out again, in place, the weights of dirty arcs and of the arcs that a change of these can reach.

    Parameters
    ----------
    fill
        Order and fill.
    seconds
        (E,) int32 each, along every edge and back.
    before
        Weights before the edit, by the arcs of then.
    weights
        The same by the arcs of now, unreached on new ones; changed.
    is_dirty
        (A,) bool, arcs to begin with; changed.

    """
    first, high = fill.offset, fill.high
    for node in range(len(first) - 1):
        for arc in range(first[node], first[node + 1]):
            if not is_dirty[arc]:
                continue
            up, down = _over_lower(fill, arc, seconds, weights)
            if up == weights.up[arc] and down == weights.down[arc]:
                continue
            weights.up[arc], weights.down[arc] = up, down
            for beside in range(first[node], first[node + 1]):
                if beside != arc:
                    one, other = min(arc, beside), max(arc, beside)
                    onward = _arc(first[high[one] + 1], high, first[high[one]], high[other])
                    if not is_dirty[onward]:
                        is_dirty[onward] = _is_felt(fill.was, (one, other, onward), before, weights)


@kernel
def _over_lower(
    fill: _Fill, arc: int, seconds: tuple[Int32s, Int32s], weights: Weights
) -> tuple[np.int64, np.int64]:
    """Weights of an arc up and down: the least of its own edges and the ways over lower positions."""
    up = down = UNREACHED_INT64
    for place in range(fill.edge_offset[arc], fill.edge_offset[arc + 1]):
        edge = fill.edge[place]
        ahead, back = seconds[0][edge], seconds[1][edge]
        if not fill.edge_is_up[edge]:
            ahead, back = back, ahead
        if ahead < MAX_SECONDS:
            up = min(up, np.int64(ahead) << SECOND_SHIFT | fill.metres[edge])
        if back < MAX_SECONDS:
            down = min(down, np.int64(back) << SECOND_SHIFT | fill.metres[edge])
    node = fill.low[arc]
    for below in fill.entering[fill.entering_offset[node] : fill.entering_offset[node + 1]]:
        other = _arc(fill.offset[fill.low[below] + 1], fill.high, below + 1, fill.high[arc])
        if other >= 0:
            up = min(up, weights.down[below] + weights.up[other])
            down = min(down, weights.down[other] + weights.up[below])
    return up, down


@kernel
def _is_felt(was: Int32s, triangle: tuple[int, int, int], before: Weights, weights: Weights) -> bool:
    """Whether a changed arc matters to the weight of another: the way over it was as good as that, or is better now.

    `triangle` is the arcs from one position to two others, the lower first, and the arc between these.
    """
    one, other, onward = triangle
    if was[onward] < 0:
        return True
    old_up, old_down = before.up[was[onward]], before.down[was[onward]]
    if weights.down[one] + weights.up[other] < old_up or weights.down[other] + weights.up[one] < old_down:
        return True
    if was[one] < 0 or was[other] < 0:
        return False
    was_up = before.down[was[one]] + before.up[was[other]]
    was_down = before.down[was[other]] + before.up[was[one]]
    return bool(was_up == old_up or was_down == old_down)


@kernel
def _arc(end: int, high: Int32s, start: int, top: int) -> int:
    """Arc to position `top` among those from `start` up to `end`, of one row; -1 where there is none."""
    for arc in range(start, end):
        if high[arc] >= top:
            return arc if high[arc] == top else -1
    return -1
