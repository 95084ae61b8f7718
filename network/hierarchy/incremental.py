"""A search made ready for an edited network from the one before: what did not change is not worked out again.

The order of the nodes stays, and the fill grows where new streets ask for it, see `network.hierarchy.incremental`. Of the weights only
those are worked out again whose edges changed or that a changed weight can reach (Dibbelt, Strasser and Wagner 2014,
partial customisation); they come out as a full customisation would have them.

A hierarchy for edited streets, made from the one before: only the rows that new streets reach are filled anew.

Nodes that have gone leave their position empty. New ones go right above the lowest position that lies above all old ones
that they are joined to in the elimination tree: put first, the junctions of a new path would make a clique of everything
beside it. Of two new ones that are joined, one goes above what the other is joined to as well; so both lie on one way up the
tree, and their street chains nothing together that was apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int8s, Int32s, Int64s, read_only
from network.hierarchy.arcs import full_arc_mask
from network.hierarchy.hierarchy import NO_ARC, Hierarchy, Weights
from network.hierarchy.packing import packed_weight
from network.hierarchy.search import ModeSearch, StreetSearch, build_street_search, unthinned
from network.jit import kernel
from network.lanes import UNREACHED_INT64
from network.streets.incremental import origins
from network.streets.mapped import rows_by
from network.streets.network import StreetNetwork

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
    now, edge_arc, is_up = _kept(was, len(old.high), old.edge_arc, old.edge_is_up, edge_was)
    edge_arc[other] = _arcs(first, high, low, top)
    is_up[other] = one < two
    return ExtendedFill(read_only(Hierarchy(rank, first, high, edge_arc, is_up)), was, now)


def _placed(old: Hierarchy, origin: Int32s, tail: Int32s, head: Int32s) -> tuple[Int32s, Int32s | None]:
    """Position of each node, and where the old positions have moved to; None if they have not moved.

    `tail` and `head` are the ends of the edges that are new.
    """
    new = np.flatnonzero(origin < 0)
    if not len(new):
        return old.rank[origin], None
    n_before = old.n_positions
    position = np.append(old.rank, np.int32(-1))[origin]
    row = np.full(len(origin), -1, np.int32)
    row[new] = np.arange(len(new), dtype=np.int32)
    above = _above(
        old.arc_offset, old.high, len(new), np.stack([row[tail], row[head]]), position[[tail, head]]
    )
    # All that is old moves up by as many new ones as come below it.
    n_below = np.cumsum(np.bincount(above + 1, minlength=n_before + 1))[:n_before]
    moved = (np.arange(n_before) + n_below).astype(np.int32)
    rank = np.append(moved, np.int32(0))[position]
    order = np.lexsort((new, above))
    rank[new[order]] = (above[order] + 1 + np.arange(len(new))).astype(np.int32)
    return rank, moved


@kernel
def _above(first: Int64s, high: Int32s, n_new: int, row: Int32s, position: Int32s) -> Int32s:
    """(n_new,) int32, position right above which each new node goes.

    Of the two ends of the new edges, (2, E) each, `row` is the number among the new nodes and `position` that of an old
    one; -1 for the others. A node has its *anchor* right above its old neighbours; where it has none, that of a neighbour
    will do.
    """
    anchor = np.full(n_new, -1, np.int32)
    for edge in range(row.shape[1]):
        for end in range(2):
            node, beside = row[end, edge], position[1 - end, edge]
            if node >= 0 and beside >= 0:
                anchor[node] = _meeting(first, high, anchor[node], beside)
    is_spreading = True
    while is_spreading:
        is_spreading = False
        for edge in range(row.shape[1]):
            one, other = row[0, edge], row[1, edge]
            if (
                one >= 0
                and other >= 0
                and min(anchor[one], anchor[other]) < 0 <= max(anchor[one], anchor[other])
            ):
                anchor[one] = anchor[other] = max(anchor[one], anchor[other])
                is_spreading = True
    above = np.maximum(anchor, np.int32(0))
    for edge in range(row.shape[1]):
        one, other = min(row[0, edge], row[1, edge]), max(row[0, edge], row[1, edge])
        if one >= 0 and one != other:
            both = _meeting(first, high, anchor[one], anchor[other])
            if both != anchor[other]:
                above[one] = _meeting(first, high, above[one], both)
    return above


@kernel
def _meeting(first: Int64s, high: Int32s, one: np.int32, other: np.int32) -> np.int32:
    """Lowest position above two in the elimination tree, or one of them; the last if there is none, -1 says nothing."""
    low, top = min(one, other), max(one, other)
    while low != top and low >= 0:
        if first[low] == first[low + 1]:
            return np.int32(len(first) - 2)
        above = high[first[low]]
        low, top = min(above, top), max(above, top)
    return top


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
def _kept(
    was: Int32s, n_before: int, old_arc: Int32s, old_is_up: Bools, edge_was: Int32s
) -> tuple[Int32s, Int32s, Bools]:
    """Column `now` of an extended fill, and the arcs and directions of the edges that were there before."""
    now = np.full(n_before + 1, NO_ARC, np.int32)
    for arc in range(len(was)):
        if was[arc] != NO_ARC:
            now[was[arc]] = arc
    edge_arc, is_up = np.full(len(edge_was), NO_ARC, np.int32), np.zeros(len(edge_was), np.bool_)
    for edge in range(len(edge_was)):
        if edge_was[edge] >= 0:
            edge_arc[edge], is_up[edge] = now[old_arc[edge_was[edge]]], old_is_up[edge_was[edge]]
    return now, edge_arc, is_up


@kernel
def _arcs(first: Int64s, high: Int32s, low: Int32s, top: Int32s) -> Int32s:
    """Arc between two positions each, `NO_ARC` where they are the same."""
    found = np.full(len(low), NO_ARC, np.int32)
    for edge in range(len(low)):
        if low[edge] < top[edge]:
            found[edge] = _arc(first[low[edge]], first[low[edge] + 1], high, top[edge])
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
    """Mapped edges keep their row while they last, and an added row is the one that repeated the same edge there."""
    origin = origins(before, after.mapped.n_nodes, after.node_junction[after.mapped.n_nodes :])
    added = before.mapped.n_edges
    by_tail = rows_by(before.edge_tail[added:], before.n_nodes)
    edge_was, is_gone = _paired(_ends(before), _ends(after), origin, by_tail)
    is_same = np.array_equal(origin, np.arange(before.n_nodes)) and np.array_equal(
        edge_was, np.arange(before.n_edges)
    )
    return _Rows(origin, edge_was, np.flatnonzero(is_gone), is_same)


class _Ends(NamedTuple):
    """Of a network, what its rows are told apart by, and how many of them are mapped edges."""

    tail: Int32s
    head: Int32s
    mapped_edge: Int32s
    n_mapped: int


def _ends(network: StreetNetwork) -> _Ends:
    return _Ends(network.edge_tail, network.edge_head, network.mapped_edge, network.mapped.n_edges)


@kernel
def _paired(
    before: _Ends, after: _Ends, origin: Int32s, by_tail: tuple[Int64s, Int32s]
) -> tuple[Int32s, Bools]:
    """Row that each row was, -1 for a new one, and whether each row before is no more.

    `by_tail` is ragged: the added rows before that leave from each node, counted from the first of them.
    """
    edge_was = np.full(len(after.tail), -1, np.int32)
    is_gone = np.ones(len(before.tail), np.bool_)
    for edge in range(len(after.tail)):
        tail, head = origin[after.tail[edge]], origin[after.head[edge]]
        if edge < after.n_mapped:
            if edge < before.n_mapped and before.tail[edge] == tail and before.head[edge] == head:
                edge_was[edge], is_gone[edge] = edge, False
        elif tail >= 0:
            for added in by_tail[1][by_tail[0][tail] : by_tail[0][tail + 1]]:
                was = before.n_mapped + added
                is_same = before.head[was] == head and before.mapped_edge[was] == after.mapped_edge[edge]
                if is_same and is_gone[was]:
                    edge_was[edge], is_gone[was] = was, False
                    break
    return edge_was, is_gone


class _Fill(NamedTuple):
    """Order and fill with the ways back through it: what a repair reads, whatever the mode. -1 is for none.

    Attributes
    ----------
    offset, high
        As in `network.hierarchy.hierarchy.Hierarchy`.
    low
        (A,) int32, lower end of each arc.
    entering_offset, entering, entering_low
        Ragged rows: the arcs that lead up to each position, and their lower ends, ascending.
    edge, edge_before
        (A,) and (E,) int32, the last edge on each arc, and the one before each edge.
    was
        (A,) int32, arc before the edit.

    """

    offset: Int64s
    high: Int32s
    low: Int32s
    entering_offset: Int64s
    entering: Int32s
    entering_low: Int32s
    edge: Int32s
    edge_before: Int32s
    was: Int32s


class _Edges(NamedTuple):
    """Edges with what a mode's weights are made of.

    Attributes
    ----------
    arc, is_up
        (E,) as `edge_arc` and `edge_is_up` of `network.hierarchy.hierarchy.Hierarchy`.
    ahead_s, back_s
        (E,) int32, along every edge and back.
    length_m
        (E,) float64.

    """

    arc: Int32s
    is_up: Bools
    ahead_s: Int32s
    back_s: Int32s
    length_m: Floats


class _Marks(NamedTuple):
    """How far a repair is."""

    state: Int8s
    """(A,) what is known of each arc: `KEPT`, `LOWERED`, `STALE` or `CHANGED`."""
    is_marked: Bools
    """(P,) whether any arc up from a position is not `KEPT`."""


def _repaired(
    old: StreetSearch, network: StreetNetwork, more: ExtendedFill, rows: _Rows
) -> tuple[ModeSearch, ...]:
    """Every mode, with weights worked out anew from the arcs whose own edges changed."""
    hierarchy = more.hierarchy
    is_same = hierarchy.high is old.hierarchy.high and not len(rows.gone)
    of_both = (old.network, old.hierarchy), (network, hierarchy)
    new = np.flatnonzero(rows.edge_was < 0)
    modes = list(old.modes)
    edges = [(_edges(*of_both[0], mode), _edges(*of_both[1], mode)) for mode in range(len(modes))]
    changed = [np.append(_changed(before, after, rows.edge_was), new) for before, after in edges]
    touched = [mode for mode in range(len(modes)) if not is_same or len(changed[mode])]
    if not touched:
        return old.modes
    fill, arc_mask = _fill(more), full_arc_mask(hierarchy)
    # One table for all: many tables of this size come and go page by page, which takes longer than to fill them.
    table = np.empty((len(touched), 2, len(hierarchy.high)), np.int64)
    for mode, (up, down) in zip(touched, table, strict=True):
        before, after = edges[mode]
        known, weights = old.modes[mode].weights, Weights(up, down)
        for old_weight, weight in zip(known, weights, strict=True):
            _carry(old_weight, more.was, weight)
        marks = _Marks(np.full(len(hierarchy.high), KEPT, np.int8), np.zeros(hierarchy.n_positions, np.bool_))
        _mark_gone(fill, before, (rows.gone, more.now), known, marks)
        _mark_changed(fill, edges[mode], (changed[mode], rows.edge_was[changed[mode]]), known, weights, marks)
        _repair(fill, after, known, weights, marks)
        modes[mode] = unthinned(hierarchy, weights, arc_mask)
    return tuple(modes)


def _edges(network: StreetNetwork, hierarchy: Hierarchy, mode: int) -> _Edges:
    both_s = network.forward_s[mode], network.backward_s[mode]
    return _Edges(hierarchy.edge_arc, hierarchy.edge_is_up, *both_s, network.edge_length_m)


@kernel
def _changed(before: _Edges, after: _Edges, edge_was: Int32s) -> Int64s:
    """Rows that were there before, with another length or other seconds."""
    found = np.empty(len(edge_was), np.int64)
    n_found = 0
    for edge in range(len(edge_was)):
        was = edge_was[edge]
        if was >= 0 and (
            before.ahead_s[was] != after.ahead_s[edge]
            or before.back_s[was] != after.back_s[edge]
            or before.length_m[was] != after.length_m[edge]
        ):
            found[n_found] = edge
            n_found += 1
    return found[:n_found].copy()


def _fill(more: ExtendedFill) -> _Fill:
    hierarchy = more.hierarchy
    offset, high = hierarchy.arc_offset, hierarchy.high
    edge_rows = _chained(hierarchy.edge_arc, len(high))
    return _Fill(offset, high, *_entering(offset, high), *edge_rows, more.was)


@kernel
def _entering(offset: Int64s, high: Int32s) -> tuple[Int32s, Int64s, Int32s, Int32s]:
    """Columns of a fill: `low` and those of the arcs that lead up to each position."""
    n_positions = len(offset) - 1
    first = np.zeros(n_positions + 1, np.int64)
    for above in high:
        first[above + 1] += 1
    for node in range(n_positions):
        first[node + 1] += first[node]
    free = first[:-1].astype(np.int32)
    low, entering, entering_low = np.empty_like(high), np.empty_like(high), np.empty_like(high)
    for node in range(n_positions):
        for arc in range(offset[node], offset[node + 1]):
            place = free[high[arc]]
            low[arc], entering[place], entering_low[place] = node, arc, node
            free[high[arc]] = place + 1
    return low, first, entering, entering_low


@kernel
def _chained(arc: Int32s, n_arcs: int) -> tuple[Int32s, Int32s]:
    """Columns `edge` and `edge_before` of a fill."""
    last, before = np.full(n_arcs, -1, np.int32), np.full(len(arc), -1, np.int32)
    for edge in range(len(arc)):
        if arc[edge] >= 0:
            before[edge] = last[arc[edge]]
            last[arc[edge]] = edge
    return last, before


@kernel
def _carry(weight: Int64s, was: Int32s, carried: Int64s) -> None:
    """Fill in weights by new arcs, unreached on those that are new."""
    for arc in range(len(was)):
        carried[arc] = weight[was[arc]] if was[arc] >= 0 else UNREACHED_INT64


KEPT, LOWERED, STALE, CHANGED = range(4)
"""What a repair knows of an arc: nothing new; a new way gave it the weight that it has; a way that gave it its weight takes
longer now, so that it must be worked out; it is final and not what it was."""


@kernel
def _both(edges: _Edges, edge: int) -> tuple[np.int64, np.int64]:
    """Weights that an edge gives to its arc, up and down."""
    ahead = packed_weight(edges.ahead_s[edge], edges.length_m[edge])
    back = packed_weight(edges.back_s[edge], edges.length_m[edge])
    return (ahead, back) if edges.is_up[edge] else (back, ahead)


@kernel
def _mark_gone(
    fill: _Fill, edges: _Edges, gone: tuple[Int64s, Int32s], before: Weights, marks: _Marks
) -> None:
    """Mark, in place, the arcs that had their weight from edges that are no more.

    `edges` and `before` are those before the edit; `gone` is the rows and the arc that each arc is now.
    """
    for edge in gone[0]:
        arc = edges.arc[edge]
        if arc >= 0:
            up, down = _both(edges, edge)
            if up == before.up[arc] or down == before.down[arc]:
                _mark(gone[1][arc], STALE, fill, marks)


@kernel
def _mark_changed(
    fill: _Fill,
    edges: tuple[_Edges, _Edges],
    changed: tuple[Int64s, Int32s],
    before: Weights,
    weights: Weights,
    marks: _Marks,
) -> None:
    """Lower the arcs of changed edges to these, in place, and mark those that had their weight from them.

    `edges` is before and after; `changed` is the rows after and the rows they were, -1 for new ones.
    """
    for row in range(len(changed[0])):
        edge, was = changed[0][row], changed[1][row]
        arc = edges[1].arc[edge]
        if arc < 0:
            continue
        up, down = _both(edges[1], edge)
        _lower(arc, (up, down), fill, weights, marks)
        if was >= 0:
            old_arc = edges[0].arc[was]
            old_up, old_down = _both(edges[0], was)
            if (up > old_up == before.up[old_arc]) or (down > old_down == before.down[old_arc]):
                _mark(arc, STALE, fill, marks)


@kernel
def _mark(arc: int, state: int, fill: _Fill, marks: _Marks) -> None:
    """Say of an arc, in place, that it is `LOWERED` or `STALE`; a stale one stays so."""
    marks.state[arc] = max(marks.state[arc], state)
    marks.is_marked[fill.low[arc]] = True


@kernel
def _lower(arc: int, way: tuple[np.int64, np.int64], fill: _Fill, weights: Weights, marks: _Marks) -> None:
    """Let an arc weigh no more than a way does up and down, in place."""
    up, down = way
    if up < weights.up[arc] or down < weights.down[arc]:
        weights.up[arc], weights.down[arc] = min(up, weights.up[arc]), min(down, weights.down[arc])
        _mark(arc, LOWERED, fill, marks)


@kernel
def _repair(fill: _Fill, edges: _Edges, before: Weights, weights: Weights, marks: _Marks) -> None:
    """Work out, in place, the weights of marked arcs and of the arcs that a change of these can reach.

    From the lowest position up: what is below an arc is final when its turn comes. What a change makes quicker it lowers
    at once; only where it makes a way longer that an arc had its weight from, all ways over lower positions are
    looked at again.

    Parameters
    ----------
    fill
        Order and fill.
    edges
        After the edit.
    before
        Weights before the edit, by the arcs of then.
    weights
        The same by the arcs of now, unreached on new ones and lowered to changed edges; changed.
    marks
        `LOWERED` and `STALE` arcs to begin with; changed.

    """
    was, state = fill.was, marks.state
    for node in range(len(marks.is_marked)):
        if not marks.is_marked[node]:
            continue
        begin, end = fill.offset[node], fill.offset[node + 1]
        for arc in range(begin, end):
            if state[arc] == STALE:
                _work_out(fill, arc, edges, weights)
            is_same = was[arc] >= 0 and (
                weights.up[arc] == before.up[was[arc]] and weights.down[arc] == before.down[was[arc]]
            )
            if state[arc] != KEPT:
                state[arc] = KEPT if is_same else CHANGED
        _hand_on(fill, (begin, end), before, weights, marks)


@kernel
def _work_out(fill: _Fill, arc: int, edges: _Edges, weights: Weights) -> None:
    """Weights of an arc, in place: the least of its own edges and of the ways over lower positions."""
    least_up = least_down = UNREACHED_INT64
    edge = fill.edge[arc]
    while edge >= 0:
        up, down = _both(edges, edge)
        least_up, least_down = min(up, least_up), min(down, least_down)
        edge = fill.edge_before[edge]
    first, low = fill.entering_offset, fill.entering_low
    one, end = first[fill.low[arc]], first[fill.low[arc] + 1]
    two, two_end = first[fill.high[arc]], first[fill.high[arc] + 1]
    while one < end and two < two_end:
        lower, other_lower = low[one], low[two]
        if lower == other_lower:
            below, other = fill.entering[one], fill.entering[two]
            least_up = min(least_up, weights.down[below] + weights.up[other])
            least_down = min(least_down, weights.down[other] + weights.up[below])
        # Without a branch: which of the two is lower cannot be foreseen.
        one += lower <= other_lower
        two += other_lower <= lower
    weights.up[arc], weights.down[arc] = least_up, least_down


@kernel
def _hand_on(fill: _Fill, row: tuple[int, int], before: Weights, weights: Weights, marks: _Marks) -> None:
    """Lower or mark, in place, every arc between the ends of two arcs of a row of which one has changed.

    `row` is where the row begins and ends. One kernel for all of it: handing tables to another takes longer than a triangle.
    """
    high, was, state, is_marked = fill.high, fill.was, marks.state, marks.is_marked
    all_up, all_down, was_up, was_down = weights.up, weights.down, before.up, before.down
    begin, end = row
    for one in range(begin, end):
        onward, is_changed, one_was = fill.offset[high[one]], state[one] == CHANGED, was[one]
        for other in range(one + 1, end):
            if not is_changed and state[other] != CHANGED:
                continue
            while high[onward] != high[other]:
                onward += 1
            up, down = all_down[one] + all_up[other], all_down[other] + all_up[one]
            least_up, least_down, other_was = all_up[onward], all_down[onward], was[other]
            if one_was >= 0 and other_was >= 0:
                # What had its weight from this way, unless it weighs less by now: then it has another.
                is_stale_up = up > least_up == was_down[one_was] + was_up[other_was]
                is_stale_down = down > least_down == was_down[other_was] + was_up[one_was]
                if is_stale_up or is_stale_down:
                    state[onward], is_marked[high[one]] = STALE, True
            if up < least_up or down < least_down:
                all_up[onward], all_down[onward] = min(up, least_up), min(down, least_down)
                state[onward], is_marked[high[one]] = max(state[onward], LOWERED), True


@kernel
def _arc(start: int, end: int, high: Int32s, top: int) -> int:
    """Arc to position `top` among those from `start` up to `end`, of one row, which must hold it."""
    while start < end - 1:
        middle = (start + end) // 2
        if high[middle] <= top:
            start = middle
        else:
            end = middle
    return start
