"""Points to their place on an edge: where a traveller leaves the door and enters the network."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s, Int64s
from network.modes.modes import Profile
from network.streets.delays import delay_table
from network.streets.mapped import MappedStreets
from network.streets.network import CLOSED_S, StreetNetwork
from network.streets.snap_index import DoorStreets, KnownDoors, Lines, Parts, SnapIndex

REACHES_M = (30.0, 60.0, 120.0, 250.0)
"""Half-widths of the squares in which the nearest street is looked for first; they decide about time alone."""
ON_M = 5.0
"""What lies so close to the middle of a bridge or tunnel is on it, as a stop at its kerb: an assumption, half a road's width.
Doors beside it are farther away."""


class Snapped(NamedTuple):
    """Doors of P points to the network of one mode, with the seconds between each point and its edges' two ends.

    Columns by door are (P, 2): the door to the main network first, and the nearer one to a piece apart, if there is such a
    piece (an island, or an error of the map): by it one reaches what lies on that piece, and by the other the rest.

    Attributes
    ----------
    x_m, y_m
        (P,) float64, the points.
    edge
        int32; -1 where there is no door within the mode's reach.
    fraction
        float64, place along the edge, 0 at its tail and 1 at its head.
    off_street_m
        float64, straight distance to the edge, walked; also where that was too far; inf where there is no edge at all.
    off_street_s
        int32, seconds of that walk and of what the mode takes at an end of a trip (`Profile.terminal_s`).
    to_tail_s, to_head_s
        int32, from the point to the ends of its edge, off-street walk and the delay at that end included; `CLOSED_S`
        where not allowed.
    from_tail_s, from_head_s
        int32, from the ends to the point: who stops short of a junction loses nothing there.

    """

    x_m: Floats
    y_m: Floats
    edge: Int32s
    fraction: Floats
    off_street_m: Floats
    off_street_s: Int32s
    to_tail_s: Int32s
    to_head_s: Int32s
    from_tail_s: Int32s
    from_head_s: Int32s

    @property
    def is_attached(self) -> Bools:
        """(P,) bool, whether a point has a door at all."""
        attached: Bools = np.any(self.edge >= 0, axis=1)
        return attached

    @property
    def walked_m(self) -> Floats:
        """(P,) float64, straight distance to the nearest door; of a point without, to the nearest street that has doors."""
        away_m: Floats = np.where(self.edge >= 0, self.off_street_m, np.inf).min(axis=1)
        return np.where(np.isfinite(away_m), away_m, self.off_street_m.min(axis=1)).astype(np.float64)


def snap(
    network: StreetNetwork, mode: int, profile: Profile, index: SnapIndex, x_m: Floats, y_m: Floats
) -> Snapped:
    """Attach points to the nearest edges that the mode may use.

    Parameters
    ----------
    network, mode, index
        Network, before or after edits, row of the mode, and the index of that mode before all edits.
    profile
        Walking speed off the street and the reach.
    x_m, y_m
        (P,) float64, projected metres.

    """
    x_m, y_m = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
    doors = copy.deepcopy(_doors(index, profile.max_snap_m, x_m.tobytes(), y_m.tobytes()))
    is_door = doors.off_m <= profile.max_snap_m
    edge, fraction = _edited(network.mapped, np.where(is_door, doors.edge, 0), doors.fraction)
    return doors_at(network, mode, profile, (x_m, y_m), np.where(is_door, edge, -1), fraction, doors.off_m)


@lru_cache(maxsize=64)
def _doors(index: SnapIndex, max_m: float, x_m: bytes, y_m: bytes) -> _Doors:
    """(P, 2) doors of points on the streets before all edits.

    The same points are asked about for every kind, every mode of the same streets and before and after an edit: that
    is why they come as bytes, (P,) float64 each, which tell what is kept.
    """
    place, known = _places(np.frombuffer(x_m), np.frombuffer(y_m)), index.known
    row = np.searchsorted(known.place, place)
    is_known = (row < len(known.place)) & (known.max_m == max_m)
    is_known[is_known] = known.place[row[is_known]] == place[is_known]
    shape = len(place), 2
    doors = _Doors(np.empty(shape, np.int64), np.empty(shape), np.empty(shape))
    for column, kept in zip(doors, known[2:], strict=True):
        column[is_known] = kept[row[is_known]]
    if not is_known.all():
        left = place[~is_known]
        found = _looked_for(
            index.streets, index.streets.like(index.mode), max_m, left.real.tobytes(), left.imag.tobytes()
        )
        for column, new in zip(doors, found, strict=True):
            column[~is_known] = new
    return doors


def known_doors(index: SnapIndex, profile: Profile, x_m: Floats, y_m: Floats) -> KnownDoors:
    """Doors of (P,) points, to be kept."""
    place = np.unique(_places(x_m, y_m))
    return KnownDoors(
        profile.max_snap_m,
        place,
        *_doors(index, profile.max_snap_m, place.real.tobytes(), place.imag.tobytes()),
    )


def _places(x_m: Floats, y_m: Floats) -> NDArray[np.complex128]:
    place = np.empty(len(x_m), np.complex128)
    place.real, place.imag = x_m, y_m
    return place


@lru_cache(maxsize=64)
def _looked_for(streets: DoorStreets, mode: int, max_m: float, x_m: bytes, y_m: bytes) -> _Doors:
    """(P, 2) doors of points that are not known, kept for all modes that go the same ways."""
    index, points = streets.parts(mode), np.asarray(shapely.points(np.frombuffer(x_m), np.frombuffer(y_m)))
    main, is_main_seen = _main_doors(index, points, max_m)
    nearer_m = np.nextafter(np.minimum(main.off_m, max_m), 0.0)
    nearest = _located(index.apart, *_lines_within(index.apart, points, nearer_m), points)
    apart, is_seen = _seen_instead(index.apart, nearest, points, nearer_m, index.water)
    apart.off_m[is_main_seen & ~is_seen] = np.inf
    return _Doors(*(np.stack(both, axis=1) for both in zip(main, apart, strict=True)))


def doors_at(
    network: StreetNetwork,
    mode: int,
    profile: Profile,
    points: tuple[Floats, Floats],
    edge: Int32s | Int64s,
    fraction: Floats,
    off_street_m: Floats,
) -> Snapped:
    """Work out the seconds to and from doors that are known: (P, 2) edge, -1 for none, fraction and metres to it."""
    is_door = edge >= 0
    of_edge = np.where(is_door, edge, 0)
    ahead_mps, back_mps = np.moveaxis(network.speed_mps[mode, network.edge_speed[of_edge]], -1, 0)
    length_m = network.edge_length_m[of_edge]
    walk_s = np.where(is_door, off_street_m, 0.0) / profile.off_street_mps
    off_street_s = np.rint(walk_s + profile.terminal_s).astype(np.int32)
    delay_s = delay_table(network.mapped)[mode]
    at_tail_s, at_head_s = (
        delay_s[delay[mode, of_edge]] for delay in (network.backward_delay, network.forward_delay)
    )

    def seconds(share: Floats, speed_mps: Floats, lost_s: Floats | float) -> Int32s:
        with np.errstate(divide="ignore", invalid="ignore"):
            ride_s = np.rint(share * length_m / speed_mps + lost_s) + off_street_s
        return np.where(is_door & (speed_mps > 0), np.minimum(ride_s, CLOSED_S), CLOSED_S).astype(np.int32)

    return Snapped(
        x_m=points[0],
        y_m=points[1],
        edge=edge.astype(np.int32),
        fraction=fraction,
        off_street_m=off_street_m,
        off_street_s=off_street_s,
        to_tail_s=seconds(fraction, back_mps, at_tail_s),
        to_head_s=seconds(1 - fraction, ahead_mps, at_head_s),
        # Whether an end may be left for the point is a matter of the row by which one comes.
        from_tail_s=seconds(fraction, ahead_mps, 0.0),
        from_head_s=seconds(1 - fraction, back_mps, 0.0),
    )


class _Doors(NamedTuple):
    """Where points meet edges of the streets before all edits: edge, fraction along it and metres to it, inf for none."""

    edge: Int64s
    fraction: Floats
    off_m: Floats


def _main_doors(index: Parts, points: NDArray[np.object_], max_m: float) -> tuple[_Doors, Bools]:
    """(P,) doors to the main network, and whether they are seen: behind water only where no other is seen within reach.

    On what is passed there is a door only for what lies on it, or where nothing else is in reach.
    """
    nearest = _located(index.main, *_nearest_lines(index.main, points), points)
    reach_m = np.where(nearest.off_m <= max_m, max_m, -np.inf)
    doors, is_seen = _seen_instead(index.main, nearest, points, reach_m, index.water)
    far_m = np.where(doors.off_m > max_m, max_m, -np.inf)
    for lines, within_m in ((index.built, np.minimum(ON_M, doors.off_m)), (index.passed, far_m)):
        others = _located(lines, *_lines_within(lines, points, within_m), points)
        taken = np.isfinite(others.off_m)
        for column, other in zip(doors, others, strict=True):
            column[taken] = other[taken]
    return doors, is_seen


def _located(lines: Lines, row: Int64s, off_m: Floats, points: NDArray[np.object_]) -> _Doors:
    """Doors on some rows of an index; where `off_m` is inf the row is of no meaning."""
    if not len(lines.edge):
        return _Doors(np.zeros(len(row), np.int64), np.zeros(len(row)), off_m)
    line = lines.line[row]
    return _Doors(
        lines.edge[row].astype(np.int64), _share(line, shapely.line_locate_point(line, points)), off_m
    )


def _share(line: NDArray[np.object_], along_m: Floats) -> Floats:
    """Metres along lines as shares of their length, 0 on lines without any."""
    drawn_m = shapely.length(line)
    return np.divide(along_m, drawn_m, out=np.zeros_like(drawn_m), where=drawn_m > 0)


def _seen_instead(
    lines: Lines, nearest: _Doors, points: NDArray[np.object_], reach_m: Floats, water: shapely.STRtree
) -> tuple[_Doors, Bools]:
    """Replace doors behind water by the nearest that are seen, of all straight pieces within a reach of each point.

    Returns
    -------
    doors, is_seen
        (P,) doors, the nearest where none is seen, and (P,) bool.

    """
    asked = np.flatnonzero((reach_m >= 0) & np.isfinite(nearest.off_m))
    doors, is_seen = copy.deepcopy(nearest), np.ones(len(points), bool)
    if not len(water) or not len(asked):
        return doors, is_seen
    line = lines.line[np.searchsorted(lines.edge, nearest.edge[asked])]
    spot = shapely.get_coordinates(
        shapely.line_interpolate_point(line, nearest.fraction[asked], normalized=True)
    )
    hidden = asked[_is_across(water, points[asked], spot)]
    for ring_m in (*REACHES_M, np.inf):
        at, others, spots = _places_within(lines, points[hidden], np.minimum(reach_m[hidden], ring_m))
        seen = np.flatnonzero(~_is_across(water, points[hidden[at]], spots))
        found, first = np.unique(at[seen], return_index=True)
        for column, other in zip(doors, others, strict=True):
            column[hidden[found]] = other[seen[first]]
        hidden = np.delete(hidden, found)
    is_seen[hidden] = False
    return doors, is_seen


def _is_across(water: shapely.STRtree, points: NDArray[np.object_], spots: Floats) -> Bools:
    """(P,) bool, whether water lies between each point and a place, (P, 2) projected metres."""
    across = np.zeros(len(points), bool)
    ends = np.stack([shapely.get_coordinates(points), spots], axis=1)
    across[water.query(shapely.linestrings(ends), predicate="intersects")[0]] = True
    return across


def _places_within(
    lines: Lines, points: NDArray[np.object_], reach_m: Floats
) -> tuple[Int64s, _Doors, Floats]:
    """The nearest place on every straight piece of every line within a reach, the nearest first.

    Returns
    -------
    at, doors, spots
        (Q,) int64 row of the point, (Q,) doors, and (Q, 2) float64 where they are.

    """
    x_m, y_m = shapely.get_x(points), shapely.get_y(points)
    boxes = shapely.box(x_m - reach_m, y_m - reach_m, x_m + reach_m, y_m + reach_m)
    at, line = lines.tree.query(boxes)
    xy, pair = shapely.get_coordinates(lines.line[line], return_index=True)
    piece = np.flatnonzero(pair[1:] == pair[:-1])
    start, step, of = xy[piece], xy[piece + 1] - xy[piece], pair[piece]
    here = np.column_stack([x_m, y_m])[at[of]]
    squared = (step**2).sum(axis=1)
    along = ((here - start) * step).sum(axis=1)
    share = np.divide(along, squared, out=np.zeros(len(of)), where=squared > 0).clip(0.0, 1.0)
    spot = start + share[:, None] * step
    off_m = np.hypot(*(spot - here).T)
    order = np.lexsort((line[of], off_m, at[of]))
    order = order[off_m[order] <= reach_m[at[of[order]]]]
    row, spot = line[of[order]], spot[order]
    along_m = shapely.line_locate_point(lines.line[row], shapely.points(spot))
    doors = _Doors(lines.edge[row].astype(np.int64), _share(lines.line[row], along_m), off_m[order])
    return at[of[order]], doors, spot


def _edited(mapped: MappedStreets, edge: Int64s, fraction: Floats) -> tuple[Int64s, Floats]:
    """Edges and fractions after the edits that have split edges; each piece holds what lies before its end."""
    if mapped.n_edges == 0 or (mapped.base_span[:, 1] - mapped.base_span[:, 0] >= 1.0).all():
        return edge, fraction
    start, stop = mapped.base_span.T
    order = np.lexsort((start, mapped.base_edge))
    # Shares are from 0 to 1: two to the number of an edge keeps those of different edges apart.
    place = (
        np.searchsorted(2.0 * mapped.base_edge[order] + start[order], 2.0 * edge + fraction, side="right") - 1
    )
    piece = order[place]
    width = stop[piece] - start[piece]
    within = np.divide(fraction - start[piece], width, out=np.zeros_like(fraction), where=width > 0)
    return piece, np.clip(within, 0.0, 1.0)


def _nearest_lines(lines: Lines, points: NDArray[np.object_]) -> tuple[Int64s, Floats]:
    """(P,) row of the nearest line of the index, of equally near ones the first, and (P,) its distance in metres.

    Whatever lies within a reach is met by the square of that half-width, and asking for a square is ten times as quick
    as asking for the nearest: most points have a street close by, and only the rest are asked for the nearest one.
    """
    found, distance = np.full(len(points), -1, np.int64), np.full(len(points), np.inf)
    if not len(lines.edge):
        return found, distance
    for reach_m in REACHES_M:
        left = np.flatnonzero(found < 0)
        found[left], distance[left] = _lines_within(lines, points[left], np.full(len(left), reach_m))
    left = np.flatnonzero(found < 0)
    (row, line), away_m = lines.tree.query_nearest(points[left], return_distance=True, all_matches=True)
    order = np.lexsort((line, row))
    far, first = np.unique(row[order], return_index=True)
    found[left[far]], distance[left[far]] = line[order[first]], away_m[order[first]]
    return found, distance


def _lines_within(lines: Lines, points: NDArray[np.object_], reach_m: Floats) -> tuple[Int64s, Floats]:
    """(P,) row of the nearest line within a reach of each point, below 0 for no reach, and metres to it; -1 and inf for none."""
    found, distance = np.full(len(points), -1, np.int64), np.full(len(points), np.inf)
    asked = np.flatnonzero(reach_m >= 0)
    if not len(lines.edge) or not len(asked):
        return found, distance
    x_m, y_m, half_m = shapely.get_x(points[asked]), shapely.get_y(points[asked]), reach_m[asked]
    at, line = lines.tree.query(shapely.box(x_m - half_m, y_m - half_m, x_m + half_m, y_m + half_m))
    away_m = shapely.distance(lines.line[line], points[asked[at]])
    within = np.flatnonzero(away_m <= half_m[at])
    order = within[np.lexsort((line[within], away_m[within], at[within]))]
    near, first = np.unique(at[order], return_index=True)
    found[asked[near]], distance[asked[near]] = line[order[first]], away_m[order[first]]
    return found, distance


def on_passed(network: StreetNetwork, points: Snapped) -> Bools:
    """(P,) bool, points whose door is on a bridge, in a tunnel, on a ferry or motorway, for want of anything else."""
    edge = points.edge[:, 0]
    return (edge >= 0) & ~network.mapped.has_doors[network.mapped.edge_speed[edge]]


class SameEdge(NamedTuple):
    """Pairs of an origin and a target on one edge, where the way between them need not touch a junction."""

    origin: Int32s
    target: Int32s
    seconds: Int32s
    """(Q,) int32, off-street walks included; `CLOSED_S` against the direction."""
    metres: Floats
    """(Q,) float64, along the street."""


def same_edge(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> SameEdge:
    """All pairs of snapped points with doors on one edge, with the direct way between them; none to where one is."""
    leave, arrive = np.flatnonzero(origins.edge >= 0), np.flatnonzero(targets.edge >= 0)
    arrive = arrive[np.argsort(targets.edge.ravel()[arrive], kind="stable")]
    sorted_edge, edge = targets.edge.ravel()[arrive], origins.edge.ravel()[leave]
    first = np.searchsorted(sorted_edge, edge, side="left")
    n_shared = np.searchsorted(sorted_edge, edge, side="right") - first
    origin = np.repeat(np.arange(len(n_shared)), n_shared)
    within = np.arange(len(origin)) - np.repeat(np.cumsum(n_shared) - n_shared, n_shared)
    edge, target, origin = edge[origin], arrive[first[origin] + within], leave[origin]
    step = targets.fraction.ravel()[target] - origins.fraction.ravel()[origin]
    ahead_mps, back_mps = np.moveaxis(network.speed_mps[mode, network.edge_speed[edge]], -1, 0)
    speed_mps = np.where(step >= 0, ahead_mps, back_mps)
    metres = np.abs(step) * network.edge_length_m[edge]
    with np.errstate(divide="ignore", invalid="ignore"):
        ride_s = np.where(metres > 0, np.rint(metres / speed_mps), 0)
    seconds = ride_s + origins.off_street_s.ravel()[origin] + targets.off_street_s.ravel()[target]
    origin, target = origin // origins.edge.shape[1], target // targets.edge.shape[1]
    is_there = (origins.x_m[origin] == targets.x_m[target]) & (origins.y_m[origin] == targets.y_m[target])
    seconds[is_there] = 0.0
    return SameEdge(
        origin.astype(np.int32),
        target.astype(np.int32),
        np.minimum(seconds, CLOSED_S).astype(np.int32),
        metres,
    )
