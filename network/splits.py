"""Edges cut in pieces: a new junction on the line of an edge, everything else as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.columns import Floats, Int32s, Int64s
from network.mapped import MappedStreets


def split(streets: MappedStreets, edge: Int32s, fraction: Floats) -> MappedStreets:
    """Put a junction on edges, S times.

    The pieces add up to the edge's length and keep its speeds, and the forbidden turns at its two ends. The first piece,
    from the tail, keeps the row of the edge; the others follow after the last edge. The new junctions follow after the
    last one, in the order asked for. As seconds are rounded once per edge, each cut may shift a way by a second.

    Parameters
    ----------
    streets
        Streets to split.
    edge
        (S,) int32, edges; one may be split several times.
    fraction
        (S,) float64, place along the edge, 0 at its tail and 1 at its head.

    """
    if not len(edge):
        return streets
    order = np.lexsort((fraction, edge))
    at, along = edge[order], fraction[order]
    is_first, is_last = np.diff(at, prepend=-1) != 0, np.diff(at, append=-1) != 0
    node = (streets.n_nodes + order).astype(np.int32)
    cut_edge, new_row = at[is_first], streets.n_edges + np.arange(len(at))
    head = np.append(streets.edge_head, np.where(is_last, streets.edge_head[at], np.roll(node, -1)))
    head[cut_edge] = node[is_first]
    length_m = np.append(
        streets.edge_length_m,
        (np.where(is_last, 1.0, np.roll(along, -1)) - along) * streets.edge_length_m[at],
    )
    length_m[cut_edge] *= along[is_first]
    last_row = np.arange(streets.n_edges)
    last_row[cut_edge] = new_row[is_last]
    cut_lines = [
        pieces(line, cuts)
        for line, cuts in zip(
            _lines(streets, cut_edge), np.split(along, np.flatnonzero(is_first)[1:]), strict=True
        )
    ]
    cut_xy = np.empty((len(at), 2))
    cut_xy[order] = [piece[0] for line in cut_lines for piece in line[1:]]
    lines = [*(line[0] for line in cut_lines), *(piece for line in cut_lines for piece in line[1:])]
    vertex_first, xy = _with_lines(streets, np.concatenate([cut_edge, new_row]), lines)
    return replace(
        streets,
        node_x_m=np.append(streets.node_x_m, cut_xy[:, 0]),
        node_y_m=np.append(streets.node_y_m, cut_xy[:, 1]),
        node_closed=np.pad(streets.node_closed, ((0, 0), (0, len(at)))),
        has_signals=np.pad(streets.has_signals, (0, len(at))),
        edge_tail=np.append(streets.edge_tail, node),
        edge_head=head,
        edge_length_m=length_m,
        edge_speed=np.append(streets.edge_speed, streets.edge_speed[at]),
        edge_road=np.append(streets.edge_road, streets.edge_road[at]),
        forbidden=_moved(streets.forbidden, last_row),
        vertex_first=vertex_first,
        vertex_x_m=xy[:, 0].copy(),
        vertex_y_m=xy[:, 1].copy(),
    )


def _moved(forbidden: Int64s, last_row: Int64s) -> Int64s:
    """Forbidden turns after the heads of edges have moved to the last pieces; `last_row` is (E,)."""
    is_head = forbidden % 2
    moved = np.where(is_head == 1, 2 * last_row[forbidden // 2] + 1, forbidden)
    ascending: Int64s = moved[np.lexsort((moved[:, 1], moved[:, 0]))]
    return ascending


def _lines(streets: MappedStreets, edge: Int32s) -> list[Floats]:
    """(V, 2) vertices of each of some edges."""
    # Every look into a memory map costs more than a line's few vertices do.
    x_m, y_m = np.asarray(streets.vertex_x_m), np.asarray(streets.vertex_y_m)
    starts, stops = streets.vertex_first[edge].tolist(), streets.vertex_first[edge + 1].tolist()
    return [
        np.stack([x_m[start:stop], y_m[start:stop]], axis=1)
        for start, stop in zip(starts, stops, strict=True)
    ]


def pieces(line: Floats, cuts: Floats) -> list[Floats]:
    """Line, (V, 2), cut at fractions of its drawn length, (S,) ascending: S + 1 lines of two vertices or more."""
    step_m = np.hypot(*np.diff(line, axis=0).T)
    along_m = np.concatenate([[0.0], np.cumsum(step_m)])
    cuts_m = cuts * along_m[-1]
    at = np.stack([np.interp(cuts_m, along_m, line[:, axis]) for axis in (0, 1)], axis=1)
    ends = np.concatenate([line[:1], at, line[-1:]])
    # Strictly within each piece, so that a cut on a vertex does not repeat it.
    begin = np.searchsorted(along_m, np.append(0.0, cuts_m), "right").tolist()
    stop = np.searchsorted(along_m, np.append(cuts_m, along_m[-1]), "left").tolist()
    return [
        np.concatenate(
            [ends[piece : piece + 1], line[begin[piece] : stop[piece]], ends[piece + 1 : piece + 2]]
        )
        for piece in range(len(cuts) + 1)
    ]


def _with_lines(streets: MappedStreets, row: Int64s, lines: list[Floats]) -> tuple[Int64s, Floats]:
    """Where each edge's vertices start and the (X, 2) vertices, with the lines of some rows replaced or appended."""
    n_vertices = np.append(np.diff(streets.vertex_first), np.zeros(row.max() + 1 - streets.n_edges, np.int64))
    n_vertices[row] = [len(line) for line in lines]
    first = np.concatenate([[0], np.cumsum(n_vertices)])
    xy = np.empty((first[-1], 2))
    order = np.argsort(row)
    done = 0
    for at in [*row[order], len(n_vertices)]:
        # What lies between two lines that change is copied in one piece.
        stop = min(at, streets.n_edges)
        if done < stop:
            old = slice(streets.vertex_first[done], streets.vertex_first[stop])
            xy[first[done] : first[stop], 0] = streets.vertex_x_m[old]
            xy[first[done] : first[stop], 1] = streets.vertex_y_m[old]
        done = at + 1
    for place in order:
        xy[first[row[place]] : first[row[place] + 1]] = lines[place]
    return first, xy
