"""Areas drawn on the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from data.columns import Floats
from data.errors import ScenarioError
from data.projection import Projection
from scenarios.edits.base import Spot


def corners_of(area: Sequence[Spot], projection: Projection) -> tuple[Spot, ...]:
    """All corners of an area that is given by them, or by two opposite ones of a box.

    Raises
    ------
    ScenarioError
        When they make no area.

    """
    if len(area) < 2:
        raise ScenarioError("an area needs three corners or more, or two opposite ones of a box.")
    corners = tuple(area)
    if len(corners) == 2:
        (west, south), (east, north) = corners
        corners = ((west, south), (east, south), (east, north), (west, north))
    drawn = shapely.Polygon(to_metres(corners, projection))
    if not (drawn.is_valid and drawn.area > 0):
        raise ScenarioError("the corners make no area: its border crosses itself or encloses nothing.")
    return corners


def polygon(area: Sequence[Spot], projection: Projection) -> shapely.Polygon:
    """Area of `corners_of` in projected metres."""
    return shapely.Polygon(to_metres(corners_of(area, projection), projection))


def to_metres(line: Sequence[Spot], projection: Projection) -> Floats:
    """(V, 2) projected metres."""
    lon_deg, lat_deg = np.array(line, np.float64).reshape(-1, 2).T
    return np.column_stack(projection.to_metres(lon_deg, lat_deg))
