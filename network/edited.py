"""A search made ready for an edited network from the one before: what did not change is not worked out again.

The order of the nodes stays, new ones go first. The fill stays where all edges fall on arcs that exist, else it is worked
out anew in that order. Of the weights only those are worked out again whose edges changed or that a changed weight can
reach (Dibbelt, Strasser and Wagner 2014, partial customisation); they come out as a full customisation would have them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s
from network.hierarchy import NO_ARC, Hierarchy, Weights, symbolic, unreached, with_edges
from network.jit import kernel
from network.mapped import rows_by
from network.packing import pack
from network.search import ModeSearch, StreetSearch, build_street_search, customised, unthinned
from network.streets import StreetNetwork

TOP = unreached(np.int64)
FULL_FROM_SHARE = 0.01
"""Share of changed arcs from which a full customisation is quicker; it decides about time alone."""


def edited_search(old: StreetSearch, network: StreetNetwork) -> StreetSearch:
    """Make a network ready that came from that of `old` by street edits.

    Weights are equal to those that a full customisation in the same order gives, so that times are equal to a full build.
    Where nodes or edges have gone, as on the way back from a new path, everything is built from scratch.
    """
    before, after = old.network.mapped, network.mapped
    if after.n_nodes < before.n_nodes or after.n_edges < before.n_edges:
        return build_street_search(network)
    origin = _origins(old.network, network)
    is_same = len(origin) == old.network.n_nodes and np.array_equal(origin, np.arange(len(origin)))
    if is_same:
        hierarchy = _with_edges(old, network)
    else:
        hierarchy = symbolic(_extended(old.hierarchy.rank, origin), network.edge_tail, network.edge_head)
    was = np.arange(len(hierarchy.high), dtype=np.int32)
    if hierarchy.high is not old.hierarchy.high:
        was = _arcs_before(old.hierarchy, hierarchy, _positions_before(old.hierarchy, hierarchy, origin))
        n_kept = np.count_nonzero(was != NO_ARC)
        if n_kept < len(old.hierarchy.high) or n_kept < (1 - FULL_FROM_SHARE) * len(was):
            modes = [unthinned(hierarchy, weights) for weights in customised(network, hierarchy)]
            return StreetSearch(network, hierarchy, tuple(modes))
    return StreetSearch(network, hierarchy, _repaired(old, network, hierarchy, was))


def _with_edges(old: StreetSearch, network: StreetNetwork) -> Hierarchy:
    """Hierarchy of the same nodes, its very columns where the edges are the same."""
    before = old.network
    is_same = np.array_equal(before.edge_tail, network.edge_tail) and np.array_equal(
        before.edge_head, network.edge_head
    )
    return old.hierarchy if is_same else with_edges(old.hierarchy, network.edge_tail, network.edge_head)


def _origins(before: StreetNetwork, after: StreetNetwork) -> Int32s:
    """(N,) int32, node of `before` that each node of `after` was, -1 for a new one; copies of a junction in their order."""
    kept = np.arange(before.mapped.n_nodes, dtype=np.int32)
    new = np.full(after.mapped.n_nodes - len(kept), -1, np.int32)
    keys = [_copy_keys(network) for network in (before, after)]
    order = np.argsort(keys[0])
    place = np.searchsorted(keys[0][order], keys[1])
    found = np.append(keys[0][order], -1)[place] == keys[1]
    copies = np.where(found, before.mapped.n_nodes + np.append(order, 0)[place], -1)
    return np.concatenate([kept, new, copies]).astype(np.int32)


def _copy_keys(network: StreetNetwork) -> Int64s:
    """(C,) int64, junction and running number among its copies, in one number per copy."""
    junction = network.node_junction[network.mapped.n_nodes :].astype(np.int64)
    order = np.argsort(junction, kind="stable")
    ordered = junction[order]
    number = np.empty(len(junction), np.int64)
    number[order] = np.arange(len(junction)) - np.searchsorted(ordered, ordered)
    return junction << 32 | number


def _extended(rank: Int32s, origin: Int32s) -> Int32s:
    """(N,) int32, positions with the new nodes first and the others in the order they had."""
    before = np.where(origin >= 0, rank[origin], -1)
    position = np.empty(len(origin), np.int32)
    position[np.argsort(before, kind="stable")] = np.arange(len(origin), dtype=np.int32)
    return position


def _positions_before(before: Hierarchy, after: Hierarchy, origin: Int32s) -> Int32s:
    """(N,) int32, position that each position of `after` had, -1 for a new node."""
    position = np.empty(len(origin), np.int32)
    position[after.rank] = np.where(origin >= 0, before.rank[origin], -1)
    return position


@kernel
def _arcs_before(before: Hierarchy, after: Hierarchy, position: Int32s) -> Int32s:
    """(A,) int32, arc of `before` that each arc of `after` was, `NO_ARC` for a new one; `position` keeps the order."""
    was = np.full(len(after.high), NO_ARC, np.int32)
    for node in range(len(after.arc_first) - 1):
        at = position[node]
        if at < 0:
            continue
        old, end = before.arc_first[at], before.arc_first[at + 1]
        for arc in range(after.arc_first[node], after.arc_first[node + 1]):
            high = position[after.high[arc]]
            while old < end and before.high[old] < high:
                old += 1
            if old < end and before.high[old] == high:
                was[arc] = old
    return was


class _Rows(NamedTuple):
    """Rows of the network before and after that are the same piece of street, and all others of either."""

    before: Int64s
    after: Int64s
    gone: Int64s
    new: Int64s


def _rows(before: StreetNetwork, after: StreetNetwork) -> _Rows:
    """Mapped edges keep their row; the added rows are paired if there are as many of them."""
    kept = np.arange(before.mapped.n_edges)
    gone = np.arange(before.mapped.n_edges, before.n_edges)
    added = np.arange(after.mapped.n_edges, after.n_edges)
    new = np.arange(before.mapped.n_edges, after.mapped.n_edges)
    if len(gone) != len(added):
        return _Rows(kept, kept, gone, np.concatenate([new, added]))
    return _Rows(np.concatenate([kept, gone]), np.concatenate([kept, added]), gone[:0], new)


def _repaired(
    old: StreetSearch, network: StreetNetwork, hierarchy: Hierarchy, was: Int32s
) -> tuple[ModeSearch, ...]:
    """Every mode, with weights worked out anew from the arcs whose own edges changed; `was` is (A,)."""
    before = old.network
    is_new = was == NO_ARC
    has_new = bool(is_new.any())
    rows = _rows(before, network)
    now = np.empty(len(old.hierarchy.high) + 1, np.int32)  # the last for `NO_ARC`
    now[-1] = NO_ARC
    now[was[~is_new]] = np.flatnonzero(~is_new)
    arc_was, arc_is = now[old.hierarchy.edge_arc[rows.before]], hierarchy.edge_arc[rows.after]
    has_moved = (arc_was != arc_is) | (
        old.hierarchy.edge_is_up[rows.before] != hierarchy.edge_is_up[rows.after]
    )
    has_moved |= before.edge_length_m[rows.before] != network.edge_length_m[rows.after]
    entering: tuple[Int64s, Int32s] | None = None
    modes = []
    for mode, ready in enumerate(old.modes):
        is_changed = has_moved.copy()
        for one, other in ((before.forward_s, network.forward_s), (before.backward_s, network.backward_s)):
            is_changed |= one[mode][rows.before] != other[mode][rows.after]
        touched = [arc_was[is_changed], arc_is[is_changed]]
        touched += [now[old.hierarchy.edge_arc[rows.gone]], hierarchy.edge_arc[rows.new]]
        is_dirty = np.append(is_new, False)
        is_dirty[np.concatenate(touched)] = True
        is_dirty[-1] = False  # loops have no arc
        if not is_dirty.any():
            modes.append(ready)
            continue
        entering = entering or rows_by(hierarchy.high, hierarchy.n_nodes)
        weights = Weights(*(np.where(is_new, TOP, of[was]) if has_new else of.copy() for of in ready.weights))
        _repair(hierarchy, entering, _own_weights(network, hierarchy, mode), weights, is_dirty)
        modes.append(unthinned(hierarchy, weights))
    return tuple(modes)


def _own_weights(network: StreetNetwork, hierarchy: Hierarchy, mode: int) -> Weights:
    """(A,) packed weights of the edges that lie on each arc themselves, `TOP` where there is none."""
    edge = np.flatnonzero(hierarchy.edge_arc != NO_ARC)
    arc, is_up = hierarchy.edge_arc[edge], hierarchy.edge_is_up[edge]
    ahead, back = (
        pack(seconds[mode, edge], network.edge_length_m[edge], 0)
        for seconds in (network.forward_s, network.backward_s)
    )
    up, down = (np.full(len(hierarchy.high), TOP) for _ in range(2))
    np.minimum.at(up, arc, np.where(is_up, ahead, back))
    np.minimum.at(down, arc, np.where(is_up, back, ahead))
    return Weights(up, down)


@kernel
def _repair(
    hierarchy: Hierarchy, entering: tuple[Int64s, Int32s], own: Weights, weights: Weights, is_dirty: Bools
) -> None:
    """Work out again, in place, the weights of dirty arcs and of the arcs that a change can reach.

    Parameters
    ----------
    hierarchy
        Order and fill.
    entering
        Ragged rows: the arcs that lead up to each position.
    own
        Weights of the arcs' own edges.
    weights
        Weights of one mode.
    is_dirty
        (A + 1,) bool, arcs to begin with; changed.

    """
    first, high = hierarchy.arc_first, hierarchy.high
    entering_first, entering_arc = entering
    low = np.empty(len(high), np.int32)
    for node in range(len(first) - 1):
        low[first[node] : first[node + 1]] = node
    for node in range(len(first) - 1):
        for arc in range(first[node], first[node + 1]):
            if not is_dirty[arc]:
                continue
            up, down = own.up[arc], own.down[arc]
            for below in entering_arc[entering_first[node] : entering_first[node + 1]]:
                other = _arc(first, high, low[below], high[arc])
                if other >= 0:
                    up = min(up, weights.down[below] + weights.up[other])
                    down = min(down, weights.down[other] + weights.up[below])
            if up == weights.up[arc] and down == weights.down[arc]:
                continue
            weights.up[arc], weights.down[arc] = up, down
            for beside in range(first[node], first[node + 1]):
                if beside != arc:
                    ends = high[arc], high[beside]
                    is_dirty[_arc(first, high, min(ends), max(ends))] = True


@kernel
def _arc(first: Int64s, high: Int32s, low: int, top: int) -> int:
    """Arc from position `low` to position `top`, -1 where there is none."""
    for arc in range(first[low], first[low + 1]):
        if high[arc] >= top:
            return arc if high[arc] == top else -1
    return -1
