"""What OSMnx writes on nodes and edges of a graph, checked and brought into OSM's own terms."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import shapely

from data.errors import InputError

Point: TypeAlias = tuple[float, float]


def whole(value: object, what: str) -> int:
    """Return `value` as an int, also where it is a numpy integer or text."""
    try:
        number = int(str(value))
    except ValueError as error:
        msg = f"{what} is {value!r}, which is not a whole number; use the OSM ids, as OSMnx does."
        raise InputError(msg) from error
    return number


def osmids(data: dict[str, Any], where: str) -> tuple[int, ...]:
    """OSM ids of an edge, sorted: simplification merges several ways, in no particular order."""
    value = data.get("osmid")
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({whole(osmid, f"The osmid of {where}") for osmid in values}))


def position(data: dict[str, Any], node: object) -> Point:
    """Coordinates x and y of a node, in the graph's own coordinates."""
    try:
        x, y = float(data["x"]), float(data["y"])
    except (KeyError, TypeError, ValueError):
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        msg = f"Node {node!r} of the graph has no usable x and y; every node needs its coordinates (lon and lat)."
        raise InputError(msg)
    return x, y


def inner_points(geometry: object, start: Point, end: Point, where: str) -> list[Point]:
    """Points of an edge's line between its ends, in the direction of travel; none where there is no geometry."""
    if geometry is None:
        return []
    if not isinstance(geometry, shapely.LineString):
        msg = f"The geometry of {where} is no shapely LineString; load saved graphs with osmnx.load_graphml."
        raise InputError(msg)
    points = [(point[0], point[1]) for point in geometry.coords]
    as_drawn = math.dist(points[0], start) + math.dist(points[-1], end)
    turned = math.dist(points[0], end) + math.dist(points[-1], start)
    return points[-2:0:-1] if turned < as_drawn else points[1:-1]


def texts(data: dict[str, Any], keys: frozenset[str]) -> tuple[dict[str, str], list[str]]:
    """Attributes under `keys` as OSM would write them, and the keys that had several values."""
    texts: dict[str, str] = {}
    several = []
    for key in sorted(keys & data.keys()):
        value = data[key]
        values = sorted(
            {_text(one) for one in (value if isinstance(value, list) else [value])} - {""}, key=_rank
        )
        if values:
            texts[key] = values[0]
        if len(values) > 1:
            several.append(key)
    return texts, several


def _text(value: object) -> str:
    """One attribute value as OSM would write it, "" for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if math.isnan(value) else f"{value:g}"
        case _:
            return str(value)


def _rank(text: str) -> tuple[float, str]:
    """Order numbers by size and before words."""
    number, _, _ = text.partition(" ")
    return (float(number) if number.isdecimal() else math.inf, text)
