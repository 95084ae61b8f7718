"""Area within reach by car: reached roads, and the land between them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.data_quality.road_distance import CAR
from accessibility.travel_network import Points, TravelNetwork, snap_points
from data.columns import Bools, Floats, Int32s, Int64s
from network.hierarchy.search import matrix
from network.streets.network import CLOSED_S
from network.streets.snap import Snapped

GAP_M = 1000.0
"""Land counts as reached where no disc of this radius fits on it without touching a reached road: the meshes of rural
roads are up to two kilometres wide. An assumption; `car_area` is told, and reports give, others beside it."""
PIXEL_M = 50.0
LAND_M = 2000.0
"""Land further than this from any road of the data is not taken for anybody's."""
DIRECTIONS, OPEN_SHARE = 36, 0.1
"""Slices around a centre; one is open when less than this share of the rim in it lies where the roads of the data end."""
FAR_M = 200_000.0

Lines: TypeAlias = NDArray[np.object_]
"""(L,) shapely lines in metres."""


class CarArea(NamedTuple):
    """What is reached within a time."""

    km2: float
    edge_share: float
    """Share of the area's rim that lies where the roads of the data end: there it would go on."""


def car_area(network: TravelNetwork, centre: Points, limit_s: float, gap_m: float) -> CarArea:
    """Area that a car reaches from a point within `limit_s`.

    Roads reached, the last stretch up to where the time is over, are drawn on squares of 50 m; then every gap between
    them that is narrower than 2 x `gap_m` is filled (a morphological closing, which adds nothing outside the roads), and
    so are holes: published areas have none.

    Parameters
    ----------
    network
        Roads.
    centre
        One point.
    limit_s
        Driving seconds.
    gap_m
        Half the width of the widest gap that is filled, metres.

    """
    reached = _points_on(_reached(network, centre, limit_s))
    if not len(reached):
        return CarArea(0.0, 0.0)
    roads = _points_on(_all_roads(network)[1])
    corner = roads.min(axis=0) - 2 * gap_m
    shape = np.ceil((roads.max(axis=0) + 2 * gap_m - corner) / PIXEL_M).astype(np.int64)
    filled = _closed(_drawn(reached, corner, shape), gap_m)
    everything = _closed(_drawn(roads, corner, shape), gap_m)
    rim = filled & (_distance(filled) <= 1)
    # The roads of the data end where land without any road begins.
    at_end = rim & (_distance(everything) * PIXEL_M <= 2 * gap_m)
    return CarArea(float(filled.sum()) * PIXEL_M**2 / 1e6, float(at_end.sum() / max(rim.sum(), 1)))


class CarOutlines(NamedTuple):
    """What is reached within a time, drawn in other ways; km2."""

    nearest_km2: float
    """Land within `LAND_M` of a road whose nearest road is reached."""
    hull_km2: float
    """Land inside a band around all roads reached: the convex hull."""
    n_open: int
    """Directions of the `DIRECTIONS` in which the roads of the data go on beyond what is reached."""
    open_hull_km2: float
    """The hull if it were everywhere as in these directions; nan where there are none."""


def car_outlines(network: TravelNetwork, centre: Points, limit_s: float) -> CarOutlines:
    """Areas that a car reaches by other definitions than that of `car_area`, with the same parameters.

    Published outlines go around the roads reached rather than along them, and roads that end with the data are missing from
    ours: side by side these tell how much either makes.
    """
    reached = _points_on(_reached(network, centre, limit_s))
    if not len(reached):
        return CarOutlines(0.0, 0.0, 0, np.nan)
    roads = _points_on(_all_roads(network)[1])
    corner = roads.min(axis=0) - 2 * LAND_M
    shape = np.ceil((roads.max(axis=0) + 2 * LAND_M - corner) / PIXEL_M).astype(np.int64)
    to_reached, to_road = (_distance(~_drawn(points, corner, shape)) * PIXEL_M for points in (reached, roads))
    nearest = (to_reached <= to_road) & (to_road <= LAND_M)
    hull = shapely.convex_hull(shapely.multipoints(reached))
    slices = _directions(centre)
    in_slice = shapely.area(shapely.intersection(hull, slices)) / 1e6
    filled = _closed(to_reached == 0, GAP_M)
    rim = filled & (_distance(filled) <= 1)
    at_end = rim & (_distance(_closed(to_road == 0, GAP_M)) * PIXEL_M <= 2 * GAP_M)
    middle = np.array([centre.x_m[0], centre.y_m[0]])
    ends, all_of_rim = (
        _by_direction(np.argwhere(mask) * PIXEL_M + corner - middle) for mask in (at_end, rim)
    )
    is_open = ends < OPEN_SHARE * np.maximum(all_of_rim, 1)
    return CarOutlines(
        float(nearest.sum()) * PIXEL_M**2 / 1e6,
        float(in_slice.sum()),
        int(is_open.sum()),
        float(in_slice[is_open].mean() * DIRECTIONS) if is_open.any() else np.nan,
    )


def _directions(centre: Points) -> Lines:
    """(DIRECTIONS,) triangles from the centre outwards."""
    turn = 2 * np.pi * np.arange(DIRECTIONS + 1) / DIRECTIONS
    x_m, y_m = centre.x_m[0] + FAR_M * np.cos(turn), centre.y_m[0] + FAR_M * np.sin(turn)
    middle = (centre.x_m[0], centre.y_m[0])
    corners = [
        [middle, (x_m[one], y_m[one]), (x_m[one + 1], y_m[one + 1]), middle] for one in range(DIRECTIONS)
    ]
    return np.asarray(shapely.polygons(corners))


def _by_direction(away_m: Floats) -> Int64s:
    """(DIRECTIONS,) how many points lie in each direction."""
    turn = np.arctan2(away_m[:, 1], away_m[:, 0]) % (2 * np.pi)
    direction = np.minimum((turn / (2 * np.pi) * DIRECTIONS).astype(np.int64), DIRECTIONS - 1)
    return np.bincount(direction, minlength=DIRECTIONS).astype(np.int64)


def _closed(is_road: Bools, gap_m: float) -> Bools:
    """(X, Y) bool, roads and the gaps between them."""
    from scipy.ndimage import binary_fill_holes  # noqa: PLC0415 -- as in `_distance`

    grown = _distance(~is_road) * PIXEL_M <= gap_m
    filled = (_distance(grown) * PIXEL_M > gap_m) | is_road
    solid: Bools = np.asarray(binary_fill_holes(filled), np.bool_)
    return solid


def _distance(is_open: Bools) -> Floats:
    """(X, Y) float64, pixels from each open one to the nearest that is not."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415 -- 10 MB that no other question needs

    # Distances made of where the nearest are take less than half the memory of those that SciPy makes.
    away: NDArray[np.int32] = distance_transform_edt(is_open, return_distances=False, return_indices=True)
    for axis, n_pixels in enumerate(is_open.shape):
        away[axis] -= np.arange(n_pixels, dtype=np.int32).reshape(-1, *[1] * (1 - axis))
    away *= away
    away[0] += away[1]
    return np.asarray(np.sqrt(away[0], dtype=np.float64))


def _drawn(points: Floats, corner: Floats, shape: Int64s) -> Bools:
    cell = np.floor((points - corner) / PIXEL_M).astype(np.int64)
    drawn = np.zeros(shape, np.bool_)
    drawn[tuple(cell.T)] = True
    return drawn


def _points_on(lines: Lines) -> Floats:
    """(P, 2) float64, points along lines, closer to each other than a pixel is wide."""
    # A stretch of a road may be so short that it has no second point.
    whole = lines[shapely.get_num_points(lines) > 1]
    points: Floats = shapely.get_coordinates(shapely.segmentize(whole, PIXEL_M / 2))
    return points


def _all_roads(network: TravelNetwork) -> tuple[Int32s, Lines]:
    """(L,) edges of the main network of cars and their lines."""
    of_car = network.indexes[network.row(CAR)].parts
    parts = of_car.main, of_car.passed
    return np.concatenate([part.edge for part in parts]), np.concatenate([part.line for part in parts])


def _reached(network: TravelNetwork, centre: Points, limit_s: float) -> Lines:
    """Lines of the roads reached, cut where the time is over."""
    row, streets = network.row(CAR), network.streets
    edges, line = _all_roads(network)
    tail_s, head_s = _seconds_to_ends(network, edges, centre)
    ahead_mps, back_mps = np.moveaxis(streets.speed_mps[row, streets.edge_speed[edges]], -1, 0)
    length_m = streets.edge_length_m[edges]
    drawn_m = shapely.length(line)
    with np.errstate(invalid="ignore"):
        from_tail = np.clip(np.nan_to_num((limit_s - tail_s) * ahead_mps / length_m, nan=0.0), 0, 1)
        from_head = np.clip(np.nan_to_num((limit_s - head_s) * back_mps / length_m, nan=0.0), 0, 1)
    whole = from_tail + from_head >= 1
    pieces = [line[whole]]
    for share, backward in ((from_tail, False), (from_head, True)):
        for edge in np.flatnonzero((share > 0) & ~whole):
            end = share[edge] * drawn_m[edge]
            start, stop = (drawn_m[edge] - end, drawn_m[edge]) if backward else (0.0, end)
            pieces.append(np.array([_stretch(line[edge], start, stop)], object))
    return np.concatenate(pieces)


def _stretch(line: shapely.LineString, start: float, stop: float) -> shapely.Geometry:
    """Part of a line between two distances along it."""
    from shapely.ops import substring  # noqa: PLC0415 -- only here

    return substring(line, start, stop)


def _seconds_to_ends(network: TravelNetwork, edges: Int32s, centre: Points) -> tuple[Floats, Floats]:
    """(L,) seconds from the centre to the tail and to the head of some edges; inf where not reached."""
    edge, still = edges[:, None], np.zeros((len(edges), 1))
    none, closed = np.zeros_like(edge), np.full_like(edge, CLOSED_S)
    start = snap_points(network, CAR, centre)
    seconds = []
    for fraction, from_tail_s, from_head_s in ((0.0, none, closed), (1.0, closed, none)):
        # Ends of edges, which stand nowhere else: nobody is there yet.
        nowhere = np.full(len(edges), np.nan)
        ends = Snapped(
            nowhere, nowhere, edge, still + fraction, still, none, closed, closed, from_tail_s, from_head_s
        )
        seconds.append(matrix(network.search, network.row(CAR), start, ends, np.inf)[0])
    return seconds[0], seconds[1]
