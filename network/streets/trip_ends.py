"""Streets that may be the first or the last part of a trip but no way through: drives, private roads, closed streets.

A trip leads over such streets from its origin, then over streets for everybody, then over such streets to its target.
For a search that is a network of layers. Whatever touches a street for ends only has two copies: in the first layer one
is still on the way out, in the last already at one's destination. From the first layer one comes to the middle at every
junction, from there at every junction to the last, and never back:

    first layer    a' --- b'          streets for ends only, from origins on these
                   |      |
    middle         a      b --- c     streets for everybody
                   |      |
    last layer     a''--- b''         streets for ends only, to targets on these

Origins on a street for ends only stand in the first layer, targets on it in the last, all others in the middle. Streets
that an edit has closed have layers of their own, between the middle and those of private streets: whoever lives on a closed
street must not pass over private land that was no way for him or her before. Where streets for ends only lead on nowhere
else (a drive), nobody passes anyway: these are `BLIND` and need no copies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int8s, Int32s, Int64s
from network.jit import kernel
from network.streets.components import main_component
from network.streets.mapped import BLIND, ENDS_ONLY, SHUT, MappedStreets, first_alike, rows_by
from network.streets.turns import CONNECTOR, Expanded, expand


class Rows(NamedTuple):
    """All rows of a network: the E mapped edges, what turns add to them, and the first and the last layer.

    Attributes
    ----------
    copied_node, tail, head, mapped_edge, is_open
        As in `network.streets.turns.Expanded`.
    layer
        (R,) int8: -2 in the first layer of private streets, -1 in that of closed ones, 0 in the middle, 1 and 2 in the last
        ones; what leads from one to the next is in the middle.
    begin_row
        (E, 3) int32, rows of each mapped edge by layer, where trips begin: in the middle, the first of closed streets and
        the first of private ones; `CONNECTOR` for none.

    """

    copied_node: Int32s
    tail: Int32s
    head: Int32s
    mapped_edge: Int32s
    is_open: Bools
    layer: Int8s
    begin_row: Int32s


def with_uses(streets: MappedStreets, edge: Int32s, speeds_mps: Floats, use: Int8s) -> MappedStreets:
    """Give edges speeds and uses of their own, (M, C, 2) each; what is equal shares a new row of the speed table."""
    if not len(edge):
        return streets
    n_modes, n_edges, _ = speeds_mps.shape
    doors = np.repeat(streets.has_doors[streets.edge_speed[edge]][None, :, None], 2, axis=2)
    flat = np.moveaxis(np.concatenate([speeds_mps, use, doors]), 1, 0).reshape(n_edges, -1)
    new, row = np.unique(flat, axis=0, return_inverse=True)
    table = np.moveaxis(new.reshape(len(new), -1, 2), 0, 1)
    edge_speed = streets.edge_speed.copy()
    edge_speed[edge] = streets.speed_mps.shape[1] + row
    return replace(
        streets,
        edge_speed=edge_speed,
        speed_mps=np.concatenate([streets.speed_mps, table[:n_modes]], axis=1),
        use=np.concatenate([streets.use, table[n_modes:-1].astype(np.int8)], axis=1),
        has_doors=np.append(streets.has_doors, table[-1, :, 0] > 0),
    )


def settled(streets: MappedStreets, node_private: Bools) -> MappedStreets:
    """Streets with what their place in the network says of their use.

    - What can be reached only over streets for ends only, or through a private gate, is itself for ends only.
    - What is for ends only and touches other streets in one junction at most is `BLIND`.
    - A private gate between streets for everybody stays shut.

    `node_private` is (M, N) bool, nodes that a mode passes at the ends of a trip only.
    """
    expanded, use = expand(streets, streets.ends_at()), streets.use[:, streets.edge_speed]
    closed = streets.node_closed.copy()
    restricted = np.zeros(streets.n_nodes, np.bool_)
    restricted[streets.end_node[np.append(streets.forbidden.ravel(), streets.forbidden_over)]] = True
    passing = streets.passing_mps[:, streets.edge_speed] > 0
    at_ends = streets.ends_mps[:, streets.edge_speed] > 0
    for mode, like in enumerate(first_alike(use, passing, at_ends, closed, node_private, streets.is_bound)):
        if like < mode:
            use[mode], closed[mode] = use[like], closed[like]
            continue
        shut = closed[mode] | node_private[mode]
        if node_private[mode].any() or (at_ends[mode] & ~passing[mode]).any():
            is_main = _attached(streets, expanded, mode, passing[mode], shut)
            inner = ~is_main & _attached(streets, expanded, mode, at_ends[mode], closed[mode])
            use[mode, inner] = ENDS_ONLY
            passing[mode, inner] = False
        n_through = _per_node(streets, passing[mode].any(axis=1))
        closed[mode] |= node_private[mode] & (n_through >= 2)
        is_blind = _blind(streets, (at_ends[mode] & ~passing[mode]).any(axis=1), n_through, restricted)
        use[mode, is_blind] = np.where(use[mode, is_blind] == ENDS_ONLY, BLIND, use[mode, is_blind])
    edge = np.flatnonzero((use != streets.use[:, streets.edge_speed]).any(axis=(0, 2))).astype(np.int32)
    changed = replace(streets, node_closed=closed)
    return with_uses(changed, edge, streets.speed_mps[:, streets.edge_speed[edge]], use[:, edge])


def attached(streets: MappedStreets) -> Bools:
    """(M, E) bool, edges from and to which a mode comes over the largest part of the network, at the ends of a trip too."""
    expanded = expand(streets, streets.ends_at())
    is_open = streets.ends_mps[:, streets.edge_speed] > 0
    found = np.empty(is_open.shape[:2], np.bool_)
    for mode, like in enumerate(first_alike(is_open, streets.node_closed, streets.is_bound)):
        found[mode] = (
            _attached(streets, expanded, mode, is_open[mode], streets.node_closed[mode])
            if like == mode
            else found[like]
        )
    return found


def _attached(streets: MappedStreets, expanded: Expanded, mode: int, is_open: Bools, shut: Bools) -> Bools:
    """(E,) bool, edges from and to which a mode comes over the largest set of nodes that reach each other.

    `is_open` is (E, 2) bool, from tail to head and back; `shut` is (N,) bool, junctions that one may reach but not leave.
    """
    along = expanded.mapped_edge
    is_line = along != CONNECTOR
    may_go = np.where(is_line[:, None], is_open[along], True)
    may_go[streets.n_edges :] &= expanded.is_open[int(streets.is_bound[mode])]
    end_node = np.column_stack([expanded.tail, expanded.head]).ravel()
    junction = _junctions(streets, expanded)
    leaves = may_go.ravel() & ~shut[junction[end_node]]
    main = main_component(*rows_by(end_node, len(junction)), end_node, leaves)
    comes = np.zeros(streets.n_edges, np.bool_)
    comes[along[is_line & np.any((leaves & main[end_node]).reshape(-1, 2), axis=1)]] = True
    # A point may be left over a barrier's end, which one may reach but not leave.
    own = slice(streets.n_edges)
    goes = (main[expanded.head[own]] & is_open[:, 0]) | (main[expanded.tail[own]] & is_open[:, 1])
    found: Bools = comes & goes
    return found


def without_blind(streets: MappedStreets, node: Int32s) -> MappedStreets:
    """Streets of which those that are `BLIND` and hang together with some nodes are `ENDS_ONLY`: more may touch them now."""
    edges = streets.n_nodes, streets.edge_tail, streets.edge_head, streets.edge_speed
    is_blind = (streets.use == BLIND).any(axis=2)
    hanging: list[Int32s] = []
    for mode, like in enumerate(first_alike(is_blind)):
        hanging.append(hanging[like] if like < mode else _hanging_on(*edges, is_blind[mode], node))
    changed = np.unique(np.concatenate(hanging))
    speed = streets.edge_speed[changed]
    use = streets.use[:, speed]
    for mode, edge in enumerate(hanging):
        row = np.searchsorted(changed, edge)
        use[mode, row] = np.where(use[mode, row] == BLIND, ENDS_ONLY, use[mode, row])
    return with_uses(streets, changed, streets.speed_mps[:, speed], use)


@kernel
def _hanging_on(
    n_nodes: int, tail: Int32s, head: Int32s, edge_speed: Int32s, is_blind: Bools, node: Int32s
) -> Int32s:
    """Edges that are blind, of which (K,) tells by rows of the speed table, and lead to some nodes over such edges alone."""
    # Nodes of one piece lead to one of them; at first each is a piece by itself.
    toward = np.arange(n_nodes).astype(np.int32)
    for edge in range(len(tail)):
        if is_blind[edge_speed[edge]]:
            toward[_piece(tail[edge], toward)] = _piece(head[edge], toward)
    is_asked = np.zeros(n_nodes, np.bool_)
    for at in node:
        is_asked[_piece(at, toward)] = True
    found = np.empty(len(tail), np.int32)
    n_found = 0
    for edge in range(len(tail)):
        if is_blind[edge_speed[edge]] and is_asked[_piece(tail[edge], toward)]:
            found[n_found] = edge
            n_found += 1
    return found[:n_found].copy()


@kernel
def _piece(node: int, toward: Int32s) -> int:
    """The node to which all of its piece lead; the way there is halved in place."""
    while toward[node] != node:
        toward[node] = toward[toward[node]]
        node = toward[node]
    return node


def _per_node(streets: MappedStreets, is_chosen: Bools) -> Int64s:
    """(N,) int64, ends of the chosen edges at each node."""
    chosen = np.concatenate([streets.edge_tail[is_chosen], streets.edge_head[is_chosen]])
    return np.bincount(chosen, minlength=streets.n_nodes)


def _blind(streets: MappedStreets, is_end: Bools, n_through: Int64s, restricted: Bools) -> Bools:
    """(E,) bool, edges for ends only that hang on the others by one junction at most, at which every turn is allowed."""
    edge = np.flatnonzero(is_end)
    label = _components(streets, edge)
    ends = np.concatenate([streets.edge_tail[edge], streets.edge_head[edge]])
    both = np.unique(np.stack([np.tile(label, 2), ends]), axis=1)
    is_gate = n_through[both[1]] > 0
    n_gates = np.bincount(both[0], is_gate, minlength=len(edge))
    n_restricted = np.bincount(both[0], is_gate & restricted[both[1]], minlength=len(edge))
    found = np.zeros(streets.n_edges, np.bool_)
    found[edge] = (n_gates[label] <= 1) & (n_restricted[label] == 0)
    return found


def _components(streets: MappedStreets, edge: Int64s) -> Int32s:
    """(C,) int32, number of the piece that each of some edges belongs to."""
    if not len(edge):
        return np.zeros(0, np.int32)
    ends = np.stack([streets.edge_tail[edge], streets.edge_head[edge]])
    nodes, row = np.unique(ends, return_inverse=True)
    row = row.reshape(2, -1)
    from scipy.sparse import coo_array  # noqa: PLC0415 -- only for who builds
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    joined = coo_array((np.ones(len(edge)), (row[0], row[1])), shape=(len(nodes), len(nodes)))
    label: Int32s = connected_components(joined, directed=False)[1][row[0]]
    return label


def layer_mps(streets: MappedStreets) -> Floats:
    """(3, M, K, 2) float64, metres per second in the middle, the layers of closed and those of private streets.

    0 where a mode is as quick in a layer further in, where it may go just the same.
    """
    middle, shut, private = streets.passing_mps, streets.mps_as(SHUT), streets.mps_as(ENDS_ONLY)
    private[private <= np.maximum(middle, shut)] = 0.0
    shut[shut <= middle] = 0.0
    return np.stack([middle, shut, private])


def layered(streets: MappedStreets, expanded: Expanded, by_layer_mps: Floats) -> Rows:
    """Put the first and the last layers above and below the rows of a network, see the top of this module.

    `by_layer_mps` is as `layer_mps` gives it.
    """
    n_middle, junction = len(expanded.tail), _junctions(streets, expanded)
    always = np.ones((2, streets.n_edges, 2), np.bool_)
    is_open = np.concatenate([always, expanded.is_open], axis=1)
    begin_row = np.full((streets.n_edges, 3), CONNECTOR, np.int32)
    begin_row[:, 0] = np.arange(streets.n_edges)
    parts = [
        _Part(
            junction, expanded.tail, expanded.head, expanded.mapped_edge, is_open, np.zeros(n_middle, np.int8)
        )
    ]
    # Where one comes to from a layer further out, and from where one goes there: a node of the middle, or its last copies.
    out, home = (np.arange(len(junction), dtype=np.int32) for _ in range(2))
    n_nodes, n_rows = len(junction), n_middle
    for layer in (1, 2):
        is_used = np.any(by_layer_mps[layer] > 0, axis=(0, 2))
        row, node = _copied(expanded, streets.edge_speed, is_used, len(junction))
        if not len(node):
            continue
        first, last = (out.copy() for _ in range(2))
        first[node] = n_nodes + np.arange(len(node))
        last[node] = first[node] + len(node)
        tail, head = expanded.tail[row], expanded.head[row]
        connector = np.full(2 * len(node), CONNECTOR, np.int32)
        onward = np.broadcast_to(np.array([True, False]), (2, 2 * len(node), 2))
        parts.append(
            _Part(
                np.tile(junction[node], 2),
                np.concatenate([first[tail], last[tail], first[node], home[node]]),
                np.concatenate([first[head], last[head], out[node], last[node]]),
                np.concatenate([np.tile(expanded.mapped_edge[row], 2), connector]),
                np.concatenate([is_open[:, row], is_open[:, row], onward], axis=1),
                np.repeat(np.array([-layer, layer, 0], np.int8), [len(row), len(row), 2 * len(node)]),
            )
        )
        is_own = row < streets.n_edges
        begin_row[row[is_own], layer] = n_rows + np.flatnonzero(is_own)
        out[node], home[node] = first[node], last[node]
        n_nodes, n_rows = n_nodes + 2 * len(node), n_rows + 2 * len(row) + 2 * len(node)
    opened = np.concatenate([part.is_open for part in parts], axis=1)
    columns = [part._replace(is_open=part.is_open[0]) for part in parts]
    copied_node, tail, head, mapped_edge, _, layers = (
        np.concatenate(column) for column in zip(*columns, strict=True)
    )
    return Rows(
        copied_node[streets.n_nodes :],
        tail,
        head,
        mapped_edge,
        opened[:, streets.n_edges :],
        layers,
        begin_row,
    )


class _Part(NamedTuple):
    """Nodes and rows that a layer adds; the columns as in `Rows`."""

    junction: Int32s
    tail: Int32s
    head: Int32s
    mapped_edge: Int32s
    is_open: Bools
    layer: Int8s


def _junctions(streets: MappedStreets, expanded: Expanded) -> Int32s:
    """(N,) int32, junction of each node of the middle."""
    return np.concatenate([np.arange(streets.n_nodes, dtype=np.int32), expanded.copied_node])


@kernel
def _copied(expanded: Expanded, edge_speed: Int32s, is_used: Bools, n_nodes: int) -> tuple[Int64s, Int64s]:
    """Rows and nodes of the middle that a layer copies, where `is_used` tells whether a row of the speed table is in it."""
    tail, head, mapped_edge = expanded.tail, expanded.head, expanded.mapped_edge
    is_row, touched = np.zeros(len(tail), np.bool_), np.zeros(n_nodes, np.bool_)
    for row in range(len(tail)):
        if mapped_edge[row] != CONNECTOR and is_used[edge_speed[mapped_edge[row]]]:
            is_row[row] = touched[tail[row]] = touched[head[row]] = True
    # Between junctions and their copies for turns one comes as in the middle.
    for row in range(len(tail)):
        if mapped_edge[row] == CONNECTOR:
            is_row[row] = touched[tail[row]] and touched[head[row]]
    return np.flatnonzero(is_row), np.flatnonzero(touched)
