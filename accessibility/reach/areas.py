"""Areas within reach, drawn from where people stand: along the streets reached, and around the homes reached.

A canvas of square pixels holds for every pixel the least time of whoever stands near: of a point in the street to
which one walks a little way over the land, and of a home. What is at most a limit is the area of that limit. So areas hug
the streets that are reached, take in every home that is counted, and an area of more minutes holds that of fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s
from network.jit import kernel

BAND_M = 100.0
"""Land counts along a street as far from its middle: the side of a population cell, so that no cell is left between. An
assumption, as nobody's plot is known; the walk over it takes its time."""
HOME_M = 50.0
"""Half the side of the square of a home: that of a population cell."""
FINEST_M, MOST_PIXELS = 25.0, 2_000_000
"""Of a canvas: 25 m a pixel within some 18 km of a place, 50 m within 35 km."""
NOWHERE_S = np.int32(2**31 - 1)

Areas: TypeAlias = NDArray[np.object_]
"""(L,) shapely MultiPolygons in projected metres, one per limit."""


class Standing(NamedTuple):
    """Where people may stand, and how long it takes them; inf where not reached.

    Attributes
    ----------
    street_x_m, street_y_m, street_s
        (P,) float64, points in the streets.
    home_x_m, home_y_m, home_s
        (O,) float64, homes.

    """

    street_x_m: Floats
    street_y_m: Floats
    street_s: Floats
    home_x_m: Floats
    home_y_m: Floats
    home_s: Floats


class Canvas(NamedTuple):
    """Pixels whose middles lie at whole multiples of `pixel_m`, so that canvases of equal pixels lie on each other."""

    pixel_m: float
    column: int
    """Of the leftmost pixels: their middles are at `column * pixel_m`."""
    row: int
    n_columns: int
    n_rows: int


def reach_areas(
    sides: Sequence[Standing], limits_s: Sequence[float], land_mps: float, most_pixels: int = MOST_PIXELS
) -> list[Areas]:
    """Areas of several sides, as of before and after a change, on pixels of one size.

    Parameters
    ----------
    sides
        Where people stand.
    limits_s
        L limits, seconds; what takes just as long is inside.
    land_mps
        Speed from the street over the land.
    most_pixels
        Pixels are as fine as `FINEST_M`, or twice, four times, ... as wide where there would be more of them.

    Returns
    -------
    For each side (L,) MultiPolygons, valid, empty where nothing is reached; their corners lie halfway between pixels.

    """
    longest_s = max(limits_s)
    canvas = _canvas_over(sides, longest_s, most_pixels)
    if canvas is None:
        return [np.array([shapely.MultiPolygon()] * len(limits_s), object) for _ in sides]
    fields = [_field(canvas, side, longest_s, land_mps) for side in sides]
    return [
        np.array([_outlined(canvas, field <= limit_s) for limit_s in limits_s], object) for field in fields
    ]


def _canvas_over(sides: Sequence[Standing], longest_s: float, most_pixels: int) -> Canvas | None:
    """Canvas that takes in all that is reached, None where nothing is."""
    x_m = np.concatenate(
        [part for side in sides for part in _reached(side, longest_s, side.street_x_m, side.home_x_m)]
    )
    y_m = np.concatenate(
        [part for side in sides for part in _reached(side, longest_s, side.street_y_m, side.home_y_m)]
    )
    if not len(x_m):
        return None
    west, south, east, north = x_m.min(), y_m.min(), x_m.max(), y_m.max()
    pixel_m = FINEST_M
    while (east - west + 4 * BAND_M) * (north - south + 4 * BAND_M) / pixel_m**2 > most_pixels:
        pixel_m *= 2
    # A pixel all around the outermost land stays empty, so that every outline closes.
    margin_m = BAND_M + 2 * pixel_m
    column, row = (int(np.floor((edge - margin_m) / pixel_m)) for edge in (west, south))
    last_column, last_row = (int(np.ceil((edge + margin_m) / pixel_m)) for edge in (east, north))
    return Canvas(pixel_m, column, row, last_column - column + 1, last_row - row + 1)


def _reached(side: Standing, longest_s: float, street: Floats, home: Floats) -> tuple[Floats, Floats]:
    return street[side.street_s <= longest_s], home[side.home_s <= longest_s]


def _field(canvas: Canvas, side: Standing, longest_s: float, land_mps: float) -> Int32s:
    """(n_rows, n_columns) int32, least seconds at the middle of each pixel."""
    field = np.full((canvas.n_rows, canvas.n_columns), NOWHERE_S, np.int32)
    in_street, at_home = side.street_s <= longest_s, side.home_s <= longest_s
    _paint_streets(
        field,
        canvas,
        side.street_x_m[in_street],
        side.street_y_m[in_street],
        side.street_s[in_street],
        1 / land_mps,
    )
    # At least the pixels around its middle, so that the home itself lies inside whatever the pixels.
    half_m = max(HOME_M, canvas.pixel_m)
    _paint_homes(field, canvas, side.home_x_m[at_home], side.home_y_m[at_home], side.home_s[at_home], half_m)
    return field


@kernel
def _around(middle_m: float, half_m: float, pixel_m: float, begin: int) -> tuple[int, int]:
    """First column, or row, of the pixels whose middle is within `half_m`, and the one after the last, counted from `begin`."""
    first = int(np.ceil((middle_m - half_m) / pixel_m)) - begin
    return first, int(np.floor((middle_m + half_m) / pixel_m)) - begin + 1


@kernel
def _paint_streets(
    field: Int32s, canvas: Canvas, x_m: Floats, y_m: Floats, seconds: Floats, land_s_per_m: float
) -> None:
    """Lower the pixels within `BAND_M` of each point to its seconds and those of the way over the land."""
    pixel_m, column, row, _, _ = canvas
    for point in range(len(x_m)):
        first_column, end_column = _around(x_m[point], BAND_M, pixel_m, column)
        first_row, end_row = _around(y_m[point], BAND_M, pixel_m, row)
        for at_row in range(first_row, end_row):
            north_m = (at_row + row) * pixel_m - y_m[point]
            for at_column in range(first_column, end_column):
                east_m = (at_column + column) * pixel_m - x_m[point]
                off_m = np.sqrt(east_m * east_m + north_m * north_m)
                if off_m <= BAND_M:
                    there_s = np.int32(np.ceil(seconds[point] + off_m * land_s_per_m))
                    field[at_row, at_column] = min(field[at_row, at_column], there_s)


@kernel
def _paint_homes(
    field: Int32s, canvas: Canvas, x_m: Floats, y_m: Floats, seconds: Floats, half_m: float
) -> None:
    """Lower the pixels in the square around each home to its seconds."""
    pixel_m, column, row, _, _ = canvas
    for home in range(len(x_m)):
        first_column, end_column = _around(x_m[home], half_m, pixel_m, column)
        first_row, end_row = _around(y_m[home], half_m, pixel_m, row)
        there_s = np.int32(np.ceil(seconds[home]))
        for at_row in range(first_row, end_row):
            for at_column in range(first_column, end_column):
                field[at_row, at_column] = min(field[at_row, at_column], there_s)


def _outlined(canvas: Canvas, inside: Bools) -> shapely.MultiPolygon:
    """Outline of some pixels, halfway to those beside them: so larger sets of pixels have larger outlines."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return shapely.MultiPolygon()
    first_row, first_column = rows[0] - 1, columns[0] - 1
    part = inside[first_row : rows[-1] + 2, first_column : columns[-1] + 2]
    # Between 0 and 1, as `filled` leaves out what is equal to its lower bound.
    drawn = contourpy.contour_generator(z=part.astype(np.float64), fill_type="OuterOffset").filled(0.5, 2.0)
    corner = np.array([canvas.column + first_column, canvas.row + first_row])
    polygons = [
        _polygon((points + corner) * canvas.pixel_m, ring_offset)
        for points, ring_offset in zip(*drawn, strict=True)
    ]
    return shapely.MultiPolygon(polygons)


def _polygon(points: Floats, ring_offset: NDArray[np.unsignedinteger[Any]]) -> shapely.Polygon:
    """Polygon of its outer ring and holes, without the points that lie on a straight line."""
    rings = [_corners(points[start:stop]) for start, stop in pairwise(ring_offset.tolist())]
    return shapely.Polygon(rings[0], rings[1:])


def _corners(ring: Floats) -> Floats:
    """Points of a closed ring where it turns; steps along pixels are whole, so that straight is exactly straight."""
    step = np.diff(ring, axis=0)
    before = np.roll(step, 1, axis=0)
    turns = step[:, 0] * before[:, 1] != step[:, 1] * before[:, 0]
    corners: Floats = ring[:-1][turns]
    return corners
