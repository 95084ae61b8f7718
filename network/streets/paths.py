"""A new path drawn on the map: joined to the streets at its ends and at every street it crosses.

Edges cut in pieces: a new junction on the line of an edge, everything else as it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import accumulate, pairwise
from math import dist
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s, Int64s
from data.errors import InputError
from network.streets.mapped import THROUGH, MappedStreets
from network.streets.trip_ends import with_uses, without_blind
from network.streets.turns import ragged


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
            _lines_of(streets, cut_edge), np.split(along, np.flatnonzero(is_first)[1:]), strict=True
        )
    ]
    cut_xy = np.empty((len(at), 2))
    cut_xy[order] = [piece[0] for line in cut_lines for piece in line[1:]]
    lines = [*(line[0] for line in cut_lines), *(piece for line in cut_lines for piece in line[1:])]
    vertex_offset, xy = _with_lines(streets, np.concatenate([cut_edge, new_row]), lines)
    over, over_offset = ragged(_in_pieces(streets.courses_over(), last_row, at, new_row))
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
        base_edge=np.append(streets.base_edge, streets.base_edge[at]),
        base_span=_spans(streets, at, along, is_first, is_last),
        forbidden=_moved(streets.forbidden, last_row),
        forbidden_over=over,
        forbidden_over_offset=over_offset,
        vertex_offset=vertex_offset,
        vertex_x_m=xy[0],
        vertex_y_m=xy[1],
    )


def _spans(streets: MappedStreets, at: Int32s, along: Floats, is_first: Bools, is_last: Bools) -> Floats:
    """(E + S, 2) the base spans of all edges, with the cut ones up to their first cut and their pieces after them."""
    start, stop = streets.base_span[at].T
    cut = start + along * (stop - start)
    spans = np.concatenate(
        [streets.base_span, np.column_stack([cut, np.where(is_last, stop, np.roll(cut, -1))])]
    )
    spans[at[is_first], 1] = cut[is_first]
    return spans


def _moved(forbidden: Int64s, last_row: Int64s) -> Int64s:
    """Forbidden turns after the heads of edges have moved to the last pieces; `last_row` is (E,)."""
    is_head = forbidden % 2
    moved = np.where(is_head == 1, 2 * last_row[forbidden // 2] + 1, forbidden)
    ascending: Int64s = moved[np.lexsort((moved[:, 1], moved[:, 0]))]
    return ascending


def _in_pieces(
    courses: list[tuple[int, ...]], last_row: Int64s, cut_edge: Int32s, new_row: Int64s
) -> list[tuple[int, ...]]:
    """Forbidden courses over streets that are cut: `cut_edge` and `new_row` are (S,), ascending along each edge."""

    def moved(end: int) -> int:
        return int(2 * last_row[end // 2] + 1) if end % 2 else end

    def along(end: int) -> list[int]:
        rows = [end // 2, *new_row[cut_edge == end // 2].tolist()]
        return [2 * row + 1 for row in reversed(rows)] if end % 2 else [2 * row for row in rows]

    return [
        (moved(start), *(piece for end in between for piece in along(end)), moved(stop))
        for start, *between, stop in courses
    ]


def _lines_of(streets: MappedStreets, edge: Int32s) -> list[Floats]:
    """(V, 2) vertices of each of some edges."""
    # Every look into a memory map costs more than a line's few vertices do.
    x_m, y_m = np.asarray(streets.vertex_x_m), np.asarray(streets.vertex_y_m)
    starts, stops = streets.vertex_offset[edge].tolist(), streets.vertex_offset[edge + 1].tolist()
    return [
        np.stack([x_m[start:stop], y_m[start:stop]], axis=1)
        for start, stop in zip(starts, stops, strict=True)
    ]


def pieces(line: Floats, cuts: Floats) -> list[Floats]:
    """Line, (V, 2), cut at fractions of its drawn length, (S,) ascending: S + 1 lines of two vertices or more."""
    # Of most lines there are a few vertices and one cut, for which every call of numpy takes longer than all of this.
    points: list[tuple[float, float]] = [(x, y) for x, y in line.tolist()]
    along_m = [0.0, *accumulate(dist(*step) for step in pairwise(points))]
    cuts_m = [cut * along_m[-1] for cut in cuts.tolist()]
    ends = [points[0], *(_point_at(points, along_m, cut_m) for cut_m in cuts_m), points[-1]]
    # Strictly within each piece, so that a cut on a vertex does not repeat it.
    begin = [bisect_right(along_m, start_m) for start_m in (0.0, *cuts_m)]
    stop = [bisect_left(along_m, stop_m) for stop_m in (*cuts_m, along_m[-1])]
    return [
        np.array([ends[piece], *points[begin[piece] : stop[piece]], ends[piece + 1]])
        for piece in range(len(cuts_m) + 1)
    ]


def _point_at(points: list[tuple[float, float]], along_m: list[float], place_m: float) -> tuple[float, float]:
    """Point of a line at a distance along it; `along_m` is that of its vertices."""
    after = bisect_right(along_m, place_m)
    if after == len(points):
        return points[-1]
    (x, y), (next_x, next_y) = points[after - 1 : after + 1]
    share = (place_m - along_m[after - 1]) / (along_m[after] - along_m[after - 1])
    return x + share * (next_x - x), y + share * (next_y - y)


def _with_lines(streets: MappedStreets, row: Int64s, lines: list[Floats]) -> tuple[Int64s, Floats]:
    """Where each edge's vertices start and the (2, X) vertices, with the lines of some rows replaced or appended."""
    n_vertices = np.append(
        np.diff(streets.vertex_offset), np.zeros(row.max() + 1 - streets.n_edges, np.int64)
    )
    n_vertices[row] = [len(line) for line in lines]
    first = np.concatenate([[0], np.cumsum(n_vertices)])
    xy = np.empty((2, first[-1]))  # as one: to be given memory takes longer than to fill it
    order = np.argsort(row)
    done = 0
    for at in [*row[order], len(n_vertices)]:
        # What lies between two lines that change is copied in one piece.
        stop = min(at, streets.n_edges)
        if done < stop:
            old = slice(streets.vertex_offset[done], streets.vertex_offset[stop])
            xy[0, first[done] : first[stop]] = streets.vertex_x_m[old]
            xy[1, first[done] : first[stop]] = streets.vertex_y_m[old]
        done = at + 1
    for place in order:
        xy[:, first[row[place]] : first[row[place] + 1]] = lines[place].T
    return first, xy


JOIN_M = 1.0
"""What lies this close along a line counts as one place: shorter than any street, longer than any rounding."""


class NewPath(NamedTuple):
    """A path to draw.

    Attributes
    ----------
    x_m, y_m
        (V,) float64, its line in projected metres, two points or more.
    speed_mps
        (M, 2) float64, metres per second of each mode along the line and against it; 0 where not allowed.

    """

    x_m: Floats
    y_m: Floats
    speed_mps: Floats


class Drawn(NamedTuple):
    """Streets with a path.

    Attributes
    ----------
    streets
        The mapped streets after it.
    edge
        (D,) int32, the edges of the path, in the direction of its line.
    off_start_m, off_end_m
        How far the path was drawn on, straight, to meet the streets.

    """

    streets: MappedStreets
    edge: Int32s
    off_start_m: float
    off_end_m: float


def draw_path(streets: MappedStreets, path: NewPath, reach_m: float) -> Drawn:
    """Add a path and join it to the streets that one of its modes may use as a way through.

    It is joined where it starts and where it ends, to the nearest such street, and at every such street it meets on the
    way, *at grade*: a bridge or a tunnel has to be drawn in parts. Streets are split there, or joined at their junction
    if that is within a metre. Streets that none of its modes may use are passed over, and where the path crosses itself
    there is no junction. Restrictions on turns say nothing about it. Its length is that of the drawn line.

    Parameters
    ----------
    streets
        Streets to add it to.
    path
        Line and speeds.
    reach_m
        Farthest straight distance from an end of the line to the street it is joined to.

    Raises
    ------
    InputError
        When the line or the speeds make no path, or an end lies beyond the reach of every street.

    """
    _check(path, streets)
    is_used = (path.speed_mps > 0).any(axis=1)
    passes = (streets.speed_mps > 0) & (streets.use == THROUGH)
    usable = np.any(passes[is_used], axis=(0, 2))[streets.edge_speed]
    lines = _lines(streets, np.flatnonzero(usable & _is_near(streets, path, reach_m)).astype(np.int32))
    ends = [_nearest(lines, path, row, reach_m) for row in (0, -1)]
    xy = np.concatenate([[ends[0].xy], np.column_stack([path.x_m, path.y_m]), [ends[1].xy]])
    met = _meetings(lines, xy, ends)
    joined, node = _joined(streets, met)
    with_path, edge = _laid(joined, path, xy, met.along_m, node)
    # A dead end for destinations only that walkers pass may have got a second end for cars.
    return Drawn(without_blind(with_path, node), edge, ends[0].off_m, ends[1].off_m)


def _check(path: NewPath, streets: MappedStreets) -> None:
    if path.speed_mps.shape != (len(streets.speed_mps), 2):
        msg = f"a path needs a speed for each of {len(streets.speed_mps)} modes, both ways"
        raise ValueError(msg)
    if len(path.x_m) < 2 or not (np.isfinite(path.x_m).all() and np.isfinite(path.y_m).all()):
        msg = "A path needs two points or more within the map. Draw its line again."
        raise InputError(msg)
    if not (np.isfinite(path.speed_mps).all() and (path.speed_mps >= 0).all() and path.speed_mps.any()):
        msg = (
            "A path needs a speed above 0 for one mode at least, and no speed below 0. Choose who may use it."
        )
        raise InputError(msg)


def _is_near(streets: MappedStreets, path: NewPath, reach_m: float) -> Bools:
    """(E,) bool, whether the box around an edge comes within reach of the box around the path."""
    low = path.x_m.min() - reach_m, path.y_m.min() - reach_m
    high = path.x_m.max() + reach_m, path.y_m.max() + reach_m
    return streets.touching(*low, *high)


class _Lines(NamedTuple):
    """Edges a path may be joined to, searchable by place."""

    edge: Int32s
    line: NDArray[np.object_]
    tree: shapely.STRtree


def _lines(streets: MappedStreets, edge: Int32s) -> _Lines:
    n_vertices = np.diff(streets.vertex_offset)
    is_chosen: Bools = np.zeros(streets.n_edges, np.bool_)
    is_chosen[edge] = True
    vertex = np.flatnonzero(np.repeat(is_chosen, n_vertices))
    xy = np.column_stack([streets.vertex_x_m[vertex], streets.vertex_y_m[vertex]])
    line = np.asarray(shapely.linestrings(xy, indices=np.repeat(np.arange(len(edge)), n_vertices[edge])))
    return _Lines(edge, line, shapely.STRtree(line))


class _End(NamedTuple):
    """Where an end of a path meets the streets."""

    edge: int
    fraction: float
    xy: tuple[float, float]
    off_m: float


def _nearest(lines: _Lines, path: NewPath, row: int, reach_m: float) -> _End:
    """Place of the nearest line to the first (row 0) or last (row -1) point of a path."""
    point = shapely.Point(path.x_m[row], path.y_m[row])
    found = lines.tree.query_nearest(point, all_matches=False)
    if not len(found) or shapely.distance(lines.line[found[0]], point) > reach_m:
        which = "starts" if row == 0 else "ends"
        msg = (
            f"The path {which} at ({point.x:.0f}, {point.y:.0f}) m, more than {reach_m:.0f} m from every street that "
            "lets its users through. Draw it on to such a street; private and closed streets do not count."
        )
        raise InputError(msg)
    line = lines.line[found[0]]
    fraction = float(shapely.line_locate_point(line, point, normalized=True))
    at = shapely.line_interpolate_point(line, fraction, normalized=True)
    return _End(int(lines.edge[found[0]]), fraction, (at.x, at.y), float(shapely.distance(at, point)))


class _Meetings(NamedTuple):
    """Places where a path meets edges, in the order along the path."""

    along_m: Floats
    edge: Int32s
    fraction: Floats


def _meetings(lines: _Lines, xy: Floats, ends: list[_End]) -> _Meetings:
    """Both ends of the path, (V, 2), and where its straight parts meet a street; on a stretch along a street its corners."""
    straight = np.asarray(shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)))
    start_m = np.concatenate([[0.0], np.cumsum(shapely.length(straight))])
    part, row = lines.tree.query(straight, predicate="intersects")
    shared, pair = shapely.get_parts(shapely.intersection(straight[part], lines.line[row]), return_index=True)
    corners, place = shapely.get_coordinates(shared, return_index=True)
    part, row, points = part[pair[place]], row[pair[place]], shapely.points(corners)
    along_m = start_m[part] + shapely.line_locate_point(straight[part], points)
    fraction = shapely.line_locate_point(lines.line[row], points, normalized=True)
    order = np.argsort(along_m, kind="stable")
    return _Meetings(
        along_m=np.concatenate([[0.0], along_m[order], start_m[-1:]]),
        edge=np.concatenate([[ends[0].edge], lines.edge[row[order]], [ends[1].edge]]).astype(np.int32),
        fraction=np.concatenate([[ends[0].fraction], fraction[order], [ends[1].fraction]]),
    )


def _joined(streets: MappedStreets, met: _Meetings) -> tuple[MappedStreets, Int32s]:
    """Streets split where the path meets them, and the (J,) int32 junction of each meeting."""
    length_m = streets.edge_length_m[met.edge]
    at_m = met.fraction * length_m
    node = np.where(at_m <= length_m / 2, streets.edge_tail[met.edge], streets.edge_head[met.edge])
    inner = np.flatnonzero(np.minimum(at_m, length_m - at_m) > JOIN_M)
    order = inner[np.lexsort((at_m[inner], met.edge[inner]))]
    is_new = (np.diff(met.edge[order], prepend=-1) != 0) | (np.diff(at_m[order], prepend=-np.inf) > JOIN_M)
    cuts = order[is_new]
    node[order] = streets.n_nodes + np.cumsum(is_new) - 1
    return split(streets, met.edge[cuts], met.fraction[cuts]), node.astype(np.int32)


def _laid(
    streets: MappedStreets, path: NewPath, line: Floats, along_m: Floats, node: Int32s
) -> tuple[MappedStreets, Int32s]:
    """Streets with the pieces of the path, (V, 2), between its meetings, whose junctions exist by now, and their edges."""
    leads_on = (node[1:] != node[:-1]) | (np.diff(along_m) > 2 * JOIN_M)
    piece = np.flatnonzero(leads_on)
    if not len(piece):
        msg = "The path begins and ends at one place of the streets. Draw it to another one."
        raise InputError(msg)
    between = pieces(line, along_m[1:-1] / along_m[-1])
    drawn = [between[number] for number in piece.tolist()]
    lines = np.concatenate(drawn)
    n_vertices: Int64s = np.array([len(vertices) for vertices in drawn], np.int64)
    n_before = len(streets.vertex_x_m)
    xy = np.empty((2, n_before + len(lines)))
    xy[0, :n_before], xy[1, :n_before], xy[:, n_before:] = streets.vertex_x_m, streets.vertex_y_m, lines.T
    with_path = replace(
        streets,
        edge_tail=np.append(streets.edge_tail, node[piece]),
        edge_head=np.append(streets.edge_head, node[piece + 1]),
        edge_length_m=np.append(streets.edge_length_m, np.diff(along_m)[piece]),
        edge_speed=np.append(streets.edge_speed, np.zeros(len(piece), np.int32)),
        edge_road=np.append(streets.edge_road, np.zeros(len(piece), np.int32)),
        base_edge=np.append(streets.base_edge, np.full(len(piece), -1, np.int32)),
        base_span=np.concatenate([streets.base_span, np.tile([0.0, 1.0], (len(piece), 1))]),
        vertex_offset=np.append(streets.vertex_offset, streets.vertex_offset[-1] + np.cumsum(n_vertices)),
        vertex_x_m=xy[0],
        vertex_y_m=xy[1],
    )
    edge = streets.n_edges + np.arange(len(piece), dtype=np.int32)
    speeds_mps = np.repeat(path.speed_mps[:, None], len(piece), axis=1)
    return with_uses(with_path, edge, speeds_mps, np.full(speeds_mps.shape, THROUGH, np.int8)), edge
