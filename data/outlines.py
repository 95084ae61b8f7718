"""Outlines of municipalities, for drawing and for naming where a point lies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import InputError


@dataclass(frozen=True, slots=True)
class Outline:
    """One municipality: its rings as (longitude, latitude) pairs in degrees, the outer ones and the holes alike."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


def read_outlines(path: Path) -> tuple[Outline, ...]:
    """Read a GeoJSON FeatureCollection of Polygons and MultiPolygons with a property `name`.

    Raises
    ------
    InputError
        When the file is no such GeoJSON.

    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return tuple(_outline(feature) for feature in features)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: expected a GeoJSON FeatureCollection of named (multi)polygons in WGS84 ({error!r})."
        raise InputError(msg) from error


def _outline(feature: dict[str, Any]) -> Outline:
    geometry = feature["geometry"]
    coordinates = geometry["coordinates"]
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}
    rings = tuple(
        tuple((float(point[0]), float(point[1])) for point in ring)
        for polygon in polygons[geometry["type"]]
        for ring in polygon
    )
    return Outline(str(feature["properties"]["name"]), rings)
