"""Where local streets meet through roads: corners moved onto the road, and crossings made into junctions."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from data.columns import Bools, Floats, Int64s
from data.generator.bends import Roads
from data.generator.near import distance_m
from data.generator.rules import Rules
from data.generator.villages import Pattern


class Cuts(NamedTuple):
    """Nodes put between the ends of pieces: (K,) piece, share of the way along it, node."""

    piece: Int64s
    share: Floats
    node: Int64s

    def by_piece(self) -> dict[int, list[int]]:
        """Nodes of each cut piece, in order along it."""
        nodes: dict[int, list[int]] = {}
        for row in np.lexsort((self.share, self.piece)):
            nodes.setdefault(int(self.piece[row]), []).append(int(self.node[row]))
        return nodes


class Joined(NamedTuple):
    """Through roads and local streets over one set of nodes.

    Attributes
    ----------
    x_m, y_m
        (N,) float64: the nodes of the roads, the corners, the crossings.
    corner
        (C,) int64, node of each corner of the pattern.
    sides
        Nodes along each side of the pattern; fewer than two where a through road took its place.
    road_cuts
        Junctions on the pieces of the roads.

    """

    x_m: Floats
    y_m: Floats
    corner: Int64s
    sides: tuple[tuple[int, ...], ...]
    road_cuts: Cuts


class Pieces(NamedTuple):
    """The straight pieces of all roads: (S,) node rows of their ends, (S, 2, 2) positions, and a search tree."""

    a: Int64s
    b: Int64s
    ends: Floats
    tree: shapely.STRtree


def join(roads: Roads, pattern: Pattern, rules: Rules) -> Joined:
    """Join `pattern` to `roads` where they touch; the course and length of the roads stay as they are."""
    a, b, _ = roads.pieces()
    road_xy = np.column_stack([roads.x_m, roads.y_m])
    ends = np.stack([road_xy[a], road_xy[b]], 1)
    pieces = Pieces(a, b, ends, shapely.STRtree(np.asarray(shapely.linestrings(ends))))
    corner, corner_xy, snapped, corner_cuts = _move_corners(road_xy, pattern, pieces, rules)
    side_xy = np.stack([corner_xy[pattern.a], corner_xy[pattern.b]], 1)
    along = _along_road(side_xy, snapped[pattern.a] & snapped[pattern.b], pieces, rules)
    first_crossing = len(road_xy) + len(corner_xy)
    crossing_xy, side_cuts, crossing_cuts = _crossings(side_xy, along, pieces, first_crossing, rules)
    inner = side_cuts.by_piece()
    sides = [
        () if along[side] else _without_repeats([int(corner[one]), *inner.get(side, ()), int(corner[other])])
        for side, (one, other) in enumerate(zip(pattern.a, pattern.b, strict=True))
    ]
    xy = np.concatenate([road_xy, corner_xy, crossing_xy])
    road_cuts = Cuts(*(np.concatenate(columns) for columns in zip(corner_cuts, crossing_cuts, strict=True)))
    return Joined(xy[:, 0], xy[:, 1], corner, tuple(sides), road_cuts)


def _without_repeats(nodes: list[int]) -> tuple[int, ...]:
    """Nodes without immediate repeats; empty for a side that comes back to where it was."""
    kept = [nodes[0], *(node for before, node in pairwise(nodes) if node != before)]
    return tuple(kept) if len(set(kept)) == len(kept) else ()


def _move_corners(
    road_xy: Floats, pattern: Pattern, pieces: Pieces, rules: Rules
) -> tuple[Int64s, Floats, Bools, Cuts]:
    """Node, position and whether it moved of every corner; corners beside a road become points of it."""
    xy = np.column_stack([pattern.x_m, pattern.y_m])
    corner = np.arange(len(road_xy), len(road_xy) + len(xy), dtype=np.int64)
    rows, piece = pieces.tree.query_nearest(shapely.points(xy), max_distance=rules.snap_m, all_matches=False)
    ends = pieces.ends[piece]
    share = _foot(xy[rows], ends)
    corner[rows], cuts = _on_road(pieces, piece, share, corner[rows], rules)
    xy[rows] = ends[:, 0] + share[:, None] * (ends[:, 1] - ends[:, 0])
    on_point = corner < len(road_xy)
    xy[on_point] = road_xy[corner[on_point]]
    snapped = np.zeros(len(xy), dtype=np.bool_)
    snapped[rows] = True
    return corner, xy, snapped, cuts


def _foot(points: Floats, ends: Floats) -> Floats:
    """Share along each piece, (K, 2, 2), at which it is nearest to its point."""
    vector = ends[:, 1] - ends[:, 0]
    share: Floats = ((points - ends[:, 0]) * vector).sum(1) / (vector**2).sum(1)
    return np.clip(share, 0.0, 1.0)


def _on_road(
    pieces: Pieces, piece: Int64s, share: Floats, fresh: Int64s, rules: Rules
) -> tuple[Int64s, Cuts]:
    """Node for each point on a piece: its near end, or the `fresh` node, which then cuts the piece."""
    length_m = distance_m(pieces.ends[piece, 1], pieces.ends[piece, 0])
    at_a, at_b = share * length_m < rules.vertex_snap_m, (1 - share) * length_m < rules.vertex_snap_m
    node = np.where(at_a, pieces.a[piece], np.where(at_b, pieces.b[piece], fresh))
    cut = ~(at_a | at_b)
    return node, Cuts(piece[cut], share[cut], fresh[cut])


def _along_road(side_xy: Floats, both_snapped: Bools, pieces: Pieces, rules: Rules) -> Bools:
    """(E,) whether a side between two moved corners runs along the road itself."""
    along = np.zeros(len(side_xy), dtype=np.bool_)
    rows = np.flatnonzero(both_snapped)
    middle = shapely.points(side_xy[rows].mean(axis=1))
    found, _ = pieces.tree.query_nearest(middle, max_distance=rules.vertex_snap_m, all_matches=False)
    along[rows[found]] = True
    return along


def _crossings(
    side_xy: Floats, along: Bools, pieces: Pieces, first_node: int, rules: Rules
) -> tuple[Floats, Cuts, Cuts]:
    """Positions of new nodes where a side crosses a piece of road, and the cuts of sides and of pieces."""
    side, piece = pieces.tree.query(shapely.linestrings(side_xy), predicate="intersects")
    ends = pieces.ends[piece]
    vector, road = side_xy[side, 1] - side_xy[side, 0], ends[:, 1] - ends[:, 0]
    between = ends[:, 0] - side_xy[side, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        on_side = _cross(between, road) / _cross(vector, road)
        on_road = _cross(between, vector) / _cross(vector, road)
    # Near its own corners a side has met the road already, or meets it there.
    near_m = np.minimum(on_side, 1 - on_side) * distance_m(side_xy[side, 1], side_xy[side, 0])
    kept = np.flatnonzero((near_m > rules.vertex_snap_m / 2) & np.isfinite(on_road) & ~along[side])
    side, piece, ends, road = side[kept], piece[kept], ends[kept], road[kept]
    share = np.clip(on_road[kept], 0, 1)
    fresh = np.arange(first_node, first_node + len(kept), dtype=np.int64)
    node, road_cuts = _on_road(pieces, piece, share, fresh, rules)
    return ends[:, 0] + share[:, None] * road, Cuts(side, on_side[kept], node), road_cuts


def _cross(one: Floats, other: Floats) -> Floats:
    """Signed area spanned by pairs of vectors, (K, 2) each."""
    area: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return area
