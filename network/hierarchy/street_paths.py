"""Ways over the streets as lines: which streets a quickest way takes, for drawing it and for its length.

Searches over the hierarchy give times alone. For the few ways that are drawn Dijkstra's search over the plain network does
(SciPy), and gives the same seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from data.columns import Floats, Int64s, offsets
from network.hierarchy.search import origin_ends, target_ends
from network.streets.network import CLOSED_S, StreetNetwork
from network.streets.paths import pieces
from network.streets.snap import Snapped, same_edge
from network.streets.turns import CONNECTOR, rows_along

SAME_M = 1e-3


class StreetPath(NamedTuple):
    """A way from a point to another.

    Attributes
    ----------
    seconds
        Whole seconds.
    metres
        Length of the line: along the streets, and the straight walks between them and the two points.
    xy
        (N, 2) float64, its line in projected metres, from point to point.

    """

    seconds: float
    metres: float
    xy: Floats


class _Arcs(NamedTuple):
    """Arcs between nodes, origins (from N on) and targets (after these), sorted by row; of parallel ones the quickest.

    `row` says of each arc along which row of the network it leads, or by which end of a door: `kind` is 0 for rows from tail
    to head, 1 for rows from head to tail, 2 for ends of origins and 3 for those of targets.
    """

    offset: Int64s
    column: Int64s
    seconds: Floats
    metres: Floats
    kind: Int64s
    row: Int64s


def street_paths(
    network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped, pairs: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], StreetPath]:
    """Quickest way of each pair of an origin and a target, by rows; pairs without a way are left out."""
    from scipy.sparse import csr_array  # noqa: PLC0415 -- for who draws ways
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    arcs = _arcs(network, mode, origins, targets)
    n_nodes, n_origins = network.n_nodes, len(origins.edge)
    size = n_nodes + n_origins + len(targets.edge)
    graph = csr_array(
        (arcs.seconds, arcs.column.astype(np.int32), arcs.offset.astype(np.int32)), shape=(size, size)
    )
    direct = _direct(network, mode, origins, targets)
    wanted: dict[int, list[int]] = {}
    for origin, target in dict.fromkeys(pairs):
        wanted.setdefault(origin, []).append(target)
    found = {}
    for origin, ends in wanted.items():
        reached_s, before = dijkstra(graph, indices=np.array([n_nodes + origin]), return_predecessors=True)
        reached_s, before = reached_s[0], before[0]
        for target in ends:
            node = n_nodes + n_origins + target
            along_s = float(reached_s[node])
            on_edge = direct.get((origin, target))
            if on_edge is not None and on_edge[0] <= along_s:
                found[origin, target] = _on_one_edge(network, origins, targets, (origin, target), on_edge)
            elif np.isfinite(along_s):
                nodes = [node]
                while nodes[-1] != n_nodes + origin:
                    nodes.append(int(before[nodes[-1]]))
                found[origin, target] = _path(
                    network, arcs, (origins, targets), (origin, target), nodes[::-1], along_s
                )
    return found


def _arcs(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> _Arcs:
    starts, ends = origin_ends(network, mode, origins), target_ends(network, mode, targets)
    tail, head, length_m = network.edge_tail, network.edge_head, network.edge_length_m
    first_target = network.n_nodes + len(origins.edge)
    each = np.arange(network.n_edges)
    rows = np.concatenate([tail, head, network.n_nodes + starts.point, ends.node]).astype(np.int64)
    column = np.concatenate([head, tail, starts.node, first_target + ends.point]).astype(np.int64)
    seconds = np.concatenate(
        [network.forward_s[mode], network.backward_s[mode], starts.seconds, ends.seconds]
    )
    metres = np.concatenate([length_m, length_m, starts.metres, ends.metres])
    of = [each, each, np.arange(len(starts.node)), np.arange(len(ends.node))]
    kind = np.repeat(np.arange(4), [len(part) for part in of])
    order = np.lexsort((metres, seconds, column, rows))
    order = order[seconds[order] < CLOSED_S]
    again = (np.diff(rows[order], prepend=-1) == 0) & (np.diff(column[order], prepend=-1) == 0)
    kept = order[~again]
    n_rows = first_target + len(targets.edge)
    return _Arcs(
        offsets(np.bincount(rows[kept], minlength=n_rows)),
        column[kept],
        seconds[kept].astype(np.float64),
        metres[kept],
        kind[kept],
        np.concatenate(of)[kept],
    )


def _path(
    network: StreetNetwork,
    arcs: _Arcs,
    points: tuple[Snapped, Snapped],
    pair: tuple[int, int],
    nodes: list[int],
    seconds: float,
) -> StreetPath:
    """Way over the nodes, from an origin to a target."""
    origins, targets = points
    leaving = np.flatnonzero(origins.edge.ravel() >= 0)
    arriving, _ = rows_along(network.mapped_edge, network.layer, targets.edge.ravel())
    lines = list[Floats]()
    for one, other in pairwise(nodes):
        own = slice(arcs.offset[one], arcs.offset[one + 1])
        arc = int(own.start + np.searchsorted(arcs.column[own], other))
        kind, row = int(arcs.kind[arc]), int(arcs.row[arc])
        if kind < 2:
            edge = int(network.mapped_edge[row])
            if edge != CONNECTOR:
                line = _line(network, edge)
                lines.append(line[::-1] if kind == 1 else line)
            continue
        # Ends of doors follow each other: that at the tail of its street, then that at the head.
        snapped, door = (origins, leaving) if kind == 2 else (targets, arriving)
        at = int(door[row // 2])
        before, after = pieces(_line(network, int(snapped.edge.ravel()[at])), snapped.fraction.ravel()[[at]])
        part = before if row % 2 == 0 else after
        # Out to the tail and in from the head run against the line.
        lines.append(part[::-1] if (kind == 2) == (row % 2 == 0) else part)
    origin, target = pair
    ends = [np.array([[side.x_m[at], side.y_m[at]]]) for side, at in ((origins, origin), (targets, target))]
    return _drawn(seconds, np.concatenate([ends[0], *lines, ends[1]]))


def _direct(
    network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped
) -> dict[tuple[int, int], tuple[float, float]]:
    """Seconds and metres of the ways along one street, of the pairs that have one."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    direct = same_edge(network, mode, origins, targets)
    for origin, target, seconds, metres in zip(*(column.tolist() for column in direct), strict=True):
        if seconds < CLOSED_S:
            found[origin, target] = min(found.get((origin, target), (np.inf, 0.0)), (float(seconds), metres))
    return found


def _on_one_edge(
    network: StreetNetwork,
    origins: Snapped,
    targets: Snapped,
    pair: tuple[int, int],
    way: tuple[float, float],
) -> StreetPath:
    origin, target = pair
    ends = [np.array([[side.x_m[at], side.y_m[at]]]) for side, at in ((origins, origin), (targets, target))]
    shared = [
        (float(origins.off_street_m[origin, one] + targets.off_street_m[target, other]), one, other)
        for one in range(origins.edge.shape[1])
        for other in range(targets.edge.shape[1])
        if origins.edge[origin, one] >= 0 and origins.edge[origin, one] == targets.edge[target, other]
    ]
    _, one, other = min(shared)
    begin, stop = float(origins.fraction[origin, one]), float(targets.fraction[target, other])
    if np.array_equal(ends[0], ends[1]):
        return StreetPath(way[0], 0.0, ends[0])
    line = _line(network, int(origins.edge[origin, one]))
    between = pieces(line, np.array(sorted((begin, stop))))[1]
    part = between if begin <= stop else between[::-1]
    return _drawn(way[0], np.concatenate([ends[0], part, ends[1]]))


def _line(network: StreetNetwork, edge: int) -> Floats:
    """(V, 2) vertices of a mapped edge, tail first."""
    own = slice(network.vertex_offset[edge], network.vertex_offset[edge + 1])
    return np.column_stack([network.vertex_x_m[own], network.vertex_y_m[own]])


def _drawn(seconds: float, xy: Floats) -> StreetPath:
    line = _without_repeats(xy)
    return StreetPath(seconds, float(np.hypot(*np.diff(line, axis=0).T).sum()), line)


def _without_repeats(xy: Floats) -> Floats:
    """Line without points that stand where the one before stands, to a millimetre."""
    is_new = np.append(True, np.any(np.abs(np.diff(xy, axis=0)) > SAME_M, axis=1))
    kept: Floats = xy[is_new]
    return kept
