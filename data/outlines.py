"""Outlines of municipalities, for drawing and for naming where a point lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import shapely

from data.errors import InputError
from data.json_text import json_of

Ring: TypeAlias = tuple[tuple[float, float], ...]
Rings: TypeAlias = tuple[Ring, ...]
"""(longitude, latitude) pairs of each ring of an outline, the outer ones and the holes alike."""
LEAST_CORNERS = 4
"""Of a ring, of which the last is the first again (RFC 7946)."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One municipality: its rings as (longitude, latitude) pairs in degrees, the outer ones and the holes alike."""

    name: str
    rings: Rings


def read_outlines(path: Path) -> tuple[Outline, ...]:
    """Read a GeoJSON FeatureCollection of Polygons and MultiPolygons with a property `name`.

    Raises
    ------
    InputError
        When the file is no such GeoJSON.

    """
    try:
        features = json_of(path.read_bytes())["features"]
        return tuple(
            Outline(
                str(feature["properties"]["name"]),
                tuple(ring for rings in polygons_of(feature["geometry"]) for ring in rings),
            )
            for feature in features
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: expected a GeoJSON FeatureCollection of named (multi)polygons in WGS84 ({error!r})."
        raise InputError(msg) from error


def polygons_of(geometry: Any) -> tuple[Rings, ...]:  # noqa: ANN401 -- whatever the file holds
    """Rings of each polygon of a GeoJSON Polygon or MultiPolygon.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is no such geometry, or has corners that are no degrees.

    """
    coordinates = geometry["coordinates"]
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[geometry["type"]]
    return tuple(tuple(_ring(ring) for ring in polygon) for polygon in polygons)


def area_of(geometry: Any) -> shapely.MultiPolygon:  # noqa: ANN401 -- whatever the file holds
    """Valid or not, the shape of a GeoJSON Polygon or MultiPolygon in degrees; raises as `polygons_of`."""
    polygons = polygons_of(geometry)
    if not polygons or not all(polygons):
        msg = "an outline has no rings"
        raise ValueError(msg)
    return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in polygons])


def _ring(points: Any) -> Ring:  # noqa: ANN401 -- as above
    ring = tuple(_corner(point) for point in points)
    if len(ring) < LEAST_CORNERS:
        msg = f"a ring has {len(ring)} corners"
        raise ValueError(msg)
    return ring


def _corner(point: Any) -> tuple[float, float]:  # noqa: ANN401 -- as above
    if not isinstance(point, list) or not all(type(of) in (int, float) for of in point) or len(point) < 2:
        msg = f"{point!r} is no corner"
        raise TypeError(msg)
    lon_deg, lat_deg = point[:2]
    if not (-180 <= lon_deg <= 180 and -90 <= lat_deg <= 90):
        msg = f"{point!r} are no degrees"
        raise ValueError(msg)
    return float(lon_deg), float(lat_deg)
