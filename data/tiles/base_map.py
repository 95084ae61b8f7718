"""The base map as vector tiles: which streets and land are drawn at which zoom, cut from what the OSM file holds.

Layers: `roads` (class, number; names at the deepest zoom), `lines` and `areas` of the land (class).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Floats, Int64s
from data.land import Land
from data.progress import Progress
from data.streets import StreetMap
from data.tiles.archive import Address, write_archive
from data.tiles.vector_tile import EXTENT, TileFeature, encode_tile

Shapes = NDArray[np.object_]
ZOOMS = range(6, 14)
"""The deepest is drawn larger beyond: a unit is then two metres."""
BUFFER = 64
"""Units beyond the border of a tile that are drawn too, so that wide lines meet."""
TOLERANCE = 6.0
"""Units by which a course may be straightened; a tenth of a point on the screen."""
SMALLEST = 150.0
"""Square units below which an area is not drawn."""
_LINK = "_link"
ROAD_CLASS = {
    **dict.fromkeys(("motorway", "trunk"), "motorway"),
    **dict.fromkeys(("primary", "secondary"), "main"),
    "tertiary": "road",
    **dict.fromkeys(("unclassified", "residential", "living_street", "pedestrian", "road"), "street"),
    **dict.fromkeys(("service", "track", "busway"), "track"),
    **dict.fromkeys(("footway", "cycleway", "path", "bridleway", "steps"), "path"),
}
"""By highway=*, see https://wiki.openstreetmap.org/wiki/Key:highway; corridors, platforms and the like are not drawn."""
FERRY = "ferry"
FIRST_ZOOM = {
    "motorway": 6,
    "main": 8,
    "road": 9,
    "ferry": 9,
    "street": 12,
    "track": 13,
    "path": 13,
    "water": 7,
    "wood": 8,
    "built": 8,
    "river": 8,
    "stream": 12,
    "rail": 8,
}
NAMED_FROM, NUMBERED_FROM = 13, 9


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Shapes in units of the world at zoom 0 tiles of `EXTENT`, with what is told of each."""

    name: str
    shapes: Shapes
    properties: tuple[tuple[tuple[str, str], ...], ...]
    is_area: bool


class _Cut(NamedTuple):
    """Shapes of one layer at one zoom."""

    layer: _Layer
    shapes: Shapes
    tree: shapely.STRtree


def write_base_map(path: Path, streets: StreetMap, land: Land, progress: Progress) -> None:
    """Draw streets and land as tiles into the PMTiles file `path`; without anything to draw there is no file."""
    layers = (_areas(land), _lines(land), _roads(streets))
    drawn = np.concatenate([layer.shapes for layer in layers])
    if not len(drawn):
        return
    bounds = shapely.total_bounds(drawn)
    tiles: list[tuple[Address, bytes]] = []
    for number, zoom in enumerate(ZOOMS):
        progress("drawing the base map", number / len(ZOOMS))
        tiles += _tiles(layers, zoom, bounds)
    progress("drawing the base map", 1.0)
    named = {"class": "String", "ref": "String", "name": "String"}
    about: dict[str, Any] = {
        "name": "Base map",
        "attribution": "\u00a9 OpenStreetMap contributors",
        "vector_layers": [
            {"id": layer.name, "fields": named if layer.name == "roads" else {"class": "String"}}
            for layer in layers
        ],
    }
    (west, east), (north, south) = _degrees(bounds[[0, 2]], bounds[[1, 3]])
    write_archive(path, tiles, (west, south, east, north), about)


def _world(points: Floats) -> Floats:
    """(P, 2) longitude and latitude to units of Web Mercator at zoom 0, y downwards from the north."""
    sine = np.clip(np.sin(np.radians(points[:, 1])), -0.9999, 0.9999)
    x = (points[:, 0] + 180.0) / 360.0
    y = 0.5 - np.arctanh(sine) / (2 * np.pi)
    return np.column_stack([x, y]) * EXTENT


def _degrees(x: Floats, y: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    latitude = np.degrees(np.arcsin(np.tanh((0.5 - y / EXTENT) * 2 * np.pi)))
    return tuple((x / EXTENT * 360.0 - 180.0).tolist()), tuple(latitude.tolist())


def _roads(streets: StreetMap) -> _Layer:
    """Ways that are drawn, each with its class, number and name."""
    road_class = [_class_of(dict(tags)) for tags in streets.tag_sets]
    drawn = np.flatnonzero(
        np.array([bool(road_class[tags]) for tags in streets.way_tags.tolist()], dtype=bool)
    )
    length = np.diff(streets.way_offset)[drawn]
    node = streets.way_node[
        np.repeat(streets.way_offset[:-1][drawn] - _starts(length), length) + np.arange(length.sum())
    ]
    points = _world(np.column_stack([streets.lon_deg, streets.lat_deg]))[node]
    shapes = shapely.linestrings(points, indices=np.repeat(np.arange(len(drawn)), length))
    number = streets.way_name[drawn].tolist() if len(streets.way_name) else [0] * len(drawn)
    properties = tuple(
        (("class", road_class[tags]), ("ref", streets.names[name][0]), ("name", streets.names[name][1]))
        for tags, name in zip(streets.way_tags[drawn].tolist(), number, strict=True)
    )
    return _Layer("roads", shapes, properties, is_area=False)


def _starts(length: Int64s) -> Int64s:
    return np.cumsum(length) - length


def _class_of(tags: dict[str, str]) -> str:
    """Class of a way, "" for what is not drawn."""
    if tags.get("route") == FERRY and "highway" not in tags:
        return FERRY
    return (
        "" if tags.get("area") == "yes" else ROAD_CLASS.get(tags.get("highway", "").removesuffix(_LINK), "")
    )


def _areas(land: Land) -> _Layer:
    return _of_land("areas", land, is_area=True)


def _lines(land: Land) -> _Layer:
    return _of_land("lines", land, is_area=False)


def _of_land(name: str, land: Land, *, is_area: bool) -> _Layer:
    rows = np.flatnonzero((shapely.get_dimensions(land.shape) == 2) == is_area)
    properties = tuple((("class", land.kind[row]),) for row in rows.tolist())
    return _Layer(name, shapely.transform(land.shape[rows], _world), properties, is_area=is_area)


def _tiles(layers: tuple[_Layer, ...], zoom: int, bounds: Floats) -> Iterator[tuple[Address, bytes]]:
    """Tiles of one zoom that have something to draw."""
    scale = float(1 << zoom)
    cuts = [_at_zoom(layer, zoom) for layer in layers]
    west, north, east, south = np.floor(bounds * scale / EXTENT).astype(int).tolist()
    places = [(column, row) for column in range(west, east + 1) for row in range(north, south + 1)]
    near = [list(_near(cut, places)) for cut in cuts]
    for tile, (column, row) in enumerate(places):
        if data := encode_tile(
            _cut(cut, column, row, of[tile]) for cut, of in zip(cuts, near, strict=True) if len(of[tile])
        ):
            yield (zoom, column, row), data


def _near(cut: _Cut, places: list[tuple[int, int]]) -> Iterator[Int64s]:
    """Ascending rows of the shapes of a layer whose box meets each tile."""
    origin = np.array(places) * EXTENT
    boxes = shapely.box(*(origin - BUFFER).T, *(origin + EXTENT + BUFFER).T)
    tile, shape = cut.tree.query(boxes)
    order = np.lexsort((shape, tile))
    ends = np.searchsorted(tile[order], np.arange(len(places) + 1))
    for start, stop in pairwise(ends.tolist()):
        yield shape[order[start:stop]]


def _at_zoom(layer: _Layer, zoom: int) -> _Cut:
    """What of a layer is drawn at a zoom: lines that are told the same joined, all simplified."""
    told = [_told(dict(properties), zoom) for properties in layer.properties]
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for row, properties in enumerate(told):
        if properties:
            groups.setdefault(properties, []).append(row)
    shapes, properties_of = [], []
    for properties, rows in groups.items():
        some = shapely.transform(layer.shapes[rows], lambda points: points * float(1 << zoom))
        if not layer.is_area:
            some = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(some))))
        else:
            some = some[shapely.area(some) >= SMALLEST]
        # Below the deepest zoom a course may lose its bends.
        some = shapely.simplify(
            some, TOLERANCE if zoom < ZOOMS[-1] else TOLERANCE / 4, preserve_topology=layer.is_area
        )
        shapes.append(some)
        properties_of += [properties] * len(some)
    joined = np.concatenate(shapes) if shapes else np.empty(0, dtype=object)
    return _Cut(
        _Layer(layer.name, joined, tuple(properties_of), layer.is_area), joined, shapely.STRtree(joined)
    )


def _told(properties: dict[str, str], zoom: int) -> tuple[tuple[str, str], ...]:
    """What a tile says of a shape at a zoom; nothing where it is not drawn yet."""
    if zoom < FIRST_ZOOM[properties["class"]]:
        return ()
    numbered = zoom >= NUMBERED_FROM and properties["class"] in {"motorway", "main", "road"}
    keys = ("class", *(("ref",) if numbered else ()), *(("name",) if zoom >= NAMED_FROM else ()))
    return tuple((key, properties[key]) for key in keys if properties.get(key))


def _cut(cut: _Cut, column: int, row: int, near: Int64s) -> tuple[str, list[TileFeature]]:
    """Features of a layer in a tile, of the shapes `near`: one for all that are told the same."""
    origin = np.array([column, row]) * EXTENT
    box = (*(origin - BUFFER), *(origin + EXTENT + BUFFER))
    inside = shapely.clip_by_rect(cut.shapes[near], *box)
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for at, shape in enumerate(near.tolist()):
        groups.setdefault(cut.layer.properties[shape], []).append(at)
    features = (
        _feature(properties, inside[rows], origin, is_area=cut.layer.is_area)
        for properties, rows in groups.items()
    )
    return cut.layer.name, [feature for feature in features if len(feature.points)]


def _feature(
    properties: tuple[tuple[str, str], ...], shapes: Shapes, origin: Int64s, *, is_area: bool
) -> TileFeature:
    parts = shapely.get_parts(shapely.get_parts(shapes)) if len(shapes) else shapes
    parts = parts[(shapely.get_dimensions(parts) == (2 if is_area else 1)) & ~shapely.is_empty(parts)]
    if is_area:
        # The first ring of a polygon counts as its outside when it turns with x towards y.
        parts = shapely.get_rings(shapely.orient_polygons(parts))
    points, part = shapely.get_coordinates(parts, return_index=True)
    offset = np.searchsorted(part, np.arange(len(parts) + 1))
    return TileFeature(properties, np.rint(points).astype(np.int64) - origin, offset, is_area)
