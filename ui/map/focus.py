"""Where a map looks at first: at the chosen village with its services, or at the changes and whom they reach."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from accessibility.world import World
from ui.views.design import DesignView

NEAR_M = 2_000.0
"""Shown around what matters at least."""
ROOM_DEG = 0.01
"""Some hundred metres around points, so that none lies at the edge."""
FAR_M = 15_000.0
"""A service farther from the village than this is left out of sight: the village itself would be a dot."""


def focus(world: World, view: DesignView, chosen: int | None) -> dict[str, Any] | None:
    """Box in degrees around what matters, and what it is, so that the map goes there when that changes; None: the region.

    With changes the map moves only when they are out of sight: who places a hub by a click sees it already.
    """
    changed = [row.row for row in view.rows if row.change not in {"same", "never"}]
    spots = [
        point
        for edit in view.in_force
        for point in (
            *chain.from_iterable(edit.lines),
            *(() if edit.lon_deg is None else ((edit.lon_deg, edit.lat_deg),)),
        )
    ]
    if chosen is not None:
        x_m, y_m = _around_village(world, view.kind, chosen)
        id_ = f"place {chosen} {view.kind}"
    elif spots:
        x_m, y_m = world.projection.to_metres(*np.array(spots, dtype=np.float64).T)
        near = _near(world, changed, x_m, y_m)
        x_m, y_m = np.append(x_m, world.places.x_m[near]), np.append(y_m, world.places.y_m[near])
        id_ = repr([(edit.action, edit.name, edit.lines, edit.lon_deg, edit.lat_deg) for edit in view.edits])
    else:
        return None
    box = np.array([[x_m.min() - NEAR_M, x_m.max() + NEAR_M], [y_m.min() - NEAR_M, y_m.max() + NEAR_M]])
    lon, lat = world.projection.to_lonlat(box[0], box[1])
    bounds = [round(float(degrees), 5) for degrees in (lon[0], lat[0], lon[1], lat[1])]
    return {"id": id_, "bounds": bounds, "gently": chosen is None}


def around(spots: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Box in degrees around points (lon, lat), with some room; another box is another thing to go to."""
    lon, lat = zip(*spots, strict=True)
    bounds = [min(lon) - ROOM_DEG, min(lat) - ROOM_DEG, max(lon) + ROOM_DEG, max(lat) + ROOM_DEG]
    box = [round(degrees, 5) for degrees in bounds]
    return {"id": repr(box), "bounds": box, "gently": False}


def together(found: Sequence[dict[str, Any] | None]) -> dict[str, Any] | None:
    """One box around several, for maps that move together; those that look at the whole region leave it to the others."""
    boxes = [focus for focus in found if focus is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*(box["bounds"] for box in boxes), strict=True)
    return {
        "id": " ".join(box["id"] for box in boxes),
        "bounds": [min(west), min(south), max(east), max(north)],
        "gently": all(box["gently"] for box in boxes),
    }


def _around_village(world: World, kind: str, place: int) -> tuple[Any, Any]:
    """Point of a village and of the nearest service of a kind, in metres."""
    places, facilities = world.places, world.facilities
    x_m, y_m = places.x_m[[place]], places.y_m[[place]]
    rows = np.flatnonzero(np.array(facilities.kind) == kind)
    if not len(rows):
        return x_m, y_m
    away_m = np.hypot(facilities.x_m[rows] - x_m, facilities.y_m[rows] - y_m)
    if away_m.min() > FAR_M:
        return x_m, y_m
    nearest = rows[away_m.argmin()]
    return np.append(x_m, facilities.x_m[nearest]), np.append(y_m, facilities.y_m[nearest])


def _near(world: World, rows: list[int], x_m: Any, y_m: Any) -> list[int]:  # noqa: ANN401 -- arrays of metres
    """Those of the places that lie within `FAR_M` of one of the points."""
    places = world.places
    away_m = np.hypot(places.x_m[rows][:, None] - x_m, places.y_m[rows][:, None] - y_m)
    return [row for row, nearest_m in zip(rows, away_m.min(axis=1), strict=True) if nearest_m <= FAR_M]
