"""Points to their place on an edge: where a traveller leaves the door and enters the network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s, Int64s
from network.modes.modes import Profile
from network.streets.network import CLOSED_S, StreetNetwork

REACHES_M = (30.0, 60.0, 120.0, 250.0)
"""Half-widths of the squares in which the nearest street is looked for first; they decide about time alone."""


class Snapped(NamedTuple):
    """Place of P points on the network of one mode, with the seconds between the point and its edge's two ends.

    Attributes
    ----------
    edge
        (P,) int32; -1 where no usable edge lies within the mode's reach.
    fraction
        (P,) float64, place along the edge, 0 at its tail and 1 at its head.
    off_street_m
        (P,) float64, straight distance to the edge, walked; also where that was too far; inf where the mode has no edge at all.
    off_street_s
        (P,) int32, seconds of that walk.
    to_tail_s, to_head_s
        (P,) int32, from the point to the ends of its edge, off-street walk and the delay at that end included;
        `CLOSED_S` where not allowed.
    from_tail_s, from_head_s
        (P,) int32, from the ends to the point: who stops short of a junction loses nothing there.

    """

    edge: Int32s
    fraction: Floats
    off_street_m: Floats
    off_street_s: Int32s
    to_tail_s: Int32s
    to_head_s: Int32s
    from_tail_s: Int32s
    from_head_s: Int32s


class SnapIndex(NamedTuple):
    """The edges a point may be attached to in one mode, searchable by place."""

    edge: Int32s
    """(L,) int32, edges in the tree."""
    line: NDArray[np.object_]
    """(L,) shapely LineStrings."""
    tree: shapely.STRtree


def edge_lines(network: StreetNetwork) -> NDArray[np.object_]:
    """(M,) shapely LineStrings of all mapped edges, projected metres; the indexes of all modes share them."""
    n_vertices = np.diff(network.vertex_first)
    edge_of_vertex = np.repeat(np.arange(len(n_vertices)), n_vertices)
    xy = np.column_stack([network.vertex_x_m, network.vertex_y_m])
    return np.asarray(shapely.linestrings(xy, indices=edge_of_vertex))


def snap_index(network: StreetNetwork, mode: int, lines: NDArray[np.object_]) -> SnapIndex:
    """Index of the edges of the main component of `mode`, of which `lines` are the `edge_lines`."""
    edge = np.flatnonzero(network.snappable[mode]).astype(np.int32)
    line = lines[edge]
    return SnapIndex(edge, line, shapely.STRtree(line))


def snap(
    network: StreetNetwork, mode: int, profile: Profile, index: SnapIndex, x_m: Floats, y_m: Floats
) -> Snapped:
    """Attach points to the nearest edge that the mode may use and that belongs to its main component.

    Parameters
    ----------
    network, mode, index
        Network, row of the mode, and the index of that mode.
    profile
        Walking speed off the street and the reach.
    x_m, y_m
        (P,) float64, projected metres.

    """
    if not len(index.edge):
        return _nowhere(len(x_m))
    points = np.asarray(shapely.points(x_m, y_m))
    found, distance = _nearest_lines(index, points)
    edge, line = index.edge[found], index.line[found]
    drawn_m = shapely.length(line)
    along_m = shapely.line_locate_point(line, points)
    fraction = np.divide(along_m, drawn_m, out=np.zeros_like(drawn_m), where=drawn_m > 0)
    too_far = distance > profile.max_snap_m
    off_street_s = np.rint(distance / profile.off_street_mps).astype(np.int32)
    ahead_mps, back_mps = np.moveaxis(network.speed_mps[mode, network.edge_speed[edge]], -1, 0)
    length_m = network.edge_length_m[edge]
    # A way to the point starts by leaving an end, which a barrier there forbids; a way from it may end at the barrier.
    leaves_tail = network.forward_s[mode, edge] < CLOSED_S
    leaves_head = network.backward_s[mode, edge] < CLOSED_S

    at_tail_s, at_head_s = network.backward_delay_s[mode, edge], network.forward_delay_s[mode, edge]
    none_s = np.zeros(len(edge))

    def seconds(share: Floats, speed_mps: Floats, delay_s: Floats, may_go: Bools) -> Int32s:
        with np.errstate(divide="ignore", invalid="ignore"):
            ride_s = np.rint(share * length_m / speed_mps + delay_s) + off_street_s
        return np.where(may_go & ~too_far, np.minimum(ride_s, CLOSED_S), CLOSED_S).astype(np.int32)

    return Snapped(
        edge=np.where(too_far, -1, edge).astype(np.int32),
        fraction=fraction,
        off_street_m=distance,
        off_street_s=off_street_s,
        to_tail_s=seconds(fraction, back_mps, at_tail_s, back_mps > 0),
        to_head_s=seconds(1 - fraction, ahead_mps, at_head_s, ahead_mps > 0),
        from_tail_s=seconds(fraction, ahead_mps, none_s, leaves_tail),
        from_head_s=seconds(1 - fraction, back_mps, none_s, leaves_head),
    )


def _nearest_lines(index: SnapIndex, points: NDArray[np.object_]) -> tuple[Int64s, Floats]:
    """(P,) row of the nearest line of the index, of equally near ones the first, and (P,) its distance in metres.

    Whatever lies within a reach is met by the square of that half-width, and asking for a square is ten times as quick
    as asking for the nearest: most points have a street close by, and only the rest are asked for the nearest one.
    """
    found, distance = np.full(len(points), -1, np.int64), np.full(len(points), np.inf)
    for reach_m in REACHES_M:
        left = np.flatnonzero(found < 0)
        x_m, y_m = shapely.get_x(points[left]), shapely.get_y(points[left])
        at, line = index.tree.query(shapely.box(x_m - reach_m, y_m - reach_m, x_m + reach_m, y_m + reach_m))
        away_m = shapely.distance(index.line[line], points[left[at]])
        within = np.flatnonzero(away_m <= reach_m)
        order = within[np.lexsort((line[within], away_m[within], at[within]))]
        near, first = np.unique(at[order], return_index=True)
        found[left[near]], distance[left[near]] = line[order[first]], away_m[order[first]]
    left = np.flatnonzero(found < 0)
    (row, line), away_m = index.tree.query_nearest(points[left], return_distance=True, all_matches=True)
    order = np.lexsort((line, row))
    far, first = np.unique(row[order], return_index=True)
    found[left[far]], distance[left[far]] = line[order[first]], away_m[order[first]]
    return found, distance


def _nowhere(n_points: int) -> Snapped:
    """Points on a network without any edge for the mode."""
    closed, far = np.full(n_points, CLOSED_S, np.int32), np.full(n_points, np.inf)
    return Snapped(
        np.full(n_points, -1, np.int32), np.zeros(n_points), far, closed, closed, closed, closed, closed
    )


class SameEdge(NamedTuple):
    """Pairs of an origin and a target on one edge, where the way between them need not touch a junction."""

    origin: Int32s
    target: Int32s
    seconds: Int32s
    """(Q,) int32, off-street walks included; `CLOSED_S` against the direction."""
    metres: Floats
    """(Q,) float64, along the street."""


def same_edge(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> SameEdge:
    """All pairs of snapped points that share an edge, with the direct way between them."""
    order = np.argsort(targets.edge, kind="stable")
    sorted_edge = targets.edge[order]
    first = np.searchsorted(sorted_edge, origins.edge, side="left")
    n_shared = np.where(
        origins.edge >= 0, np.searchsorted(sorted_edge, origins.edge, side="right") - first, 0
    )
    origin = np.repeat(np.arange(len(n_shared)), n_shared)
    within = np.arange(len(origin)) - np.repeat(np.cumsum(n_shared) - n_shared, n_shared)
    target = order[first[origin] + within]
    edge = origins.edge[origin]
    step = targets.fraction[target] - origins.fraction[origin]
    ahead_mps, back_mps = np.moveaxis(network.speed_mps[mode, network.edge_speed[edge]], -1, 0)
    speed_mps = np.where(step >= 0, ahead_mps, back_mps)
    metres = np.abs(step) * network.edge_length_m[edge]
    with np.errstate(divide="ignore", invalid="ignore"):
        ride_s = np.where(metres > 0, np.rint(metres / speed_mps), 0)
    seconds = ride_s + origins.off_street_s[origin] + targets.off_street_s[target]
    return SameEdge(
        origin.astype(np.int32),
        target.astype(np.int32),
        np.minimum(seconds, CLOSED_S).astype(np.int32),
        metres,
    )
