"""Water, woods, built-up areas and railways of an OSM file: for the base map only, they count for no travel time."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import osmium
import shapely
from osmium.osm import Area, Way

from data.land import Land, LandKind
from data.osm.readable import merged, readable

AREAS: dict[tuple[str, str], LandKind] = {
    ("natural", "water"): "water",
    ("natural", "bay"): "water",
    ("waterway", "riverbank"): "water",
    ("landuse", "reservoir"): "water",
    ("landuse", "basin"): "water",
    ("natural", "wood"): "wood",
    ("landuse", "forest"): "wood",
    ("landuse", "residential"): "built",
    ("landuse", "commercial"): "built",
    ("landuse", "industrial"): "built",
    ("landuse", "retail"): "built",
}
LINES: dict[tuple[str, str], LandKind] = {
    ("waterway", "river"): "river",
    ("waterway", "canal"): "river",
    ("waterway", "stream"): "stream",
    ("railway", "rail"): "rail",
    ("railway", "light_rail"): "rail",
    ("railway", "narrow_gauge"): "rail",
    ("railway", "tram"): "rail",
    ("railway", "subway"): "rail",
}
"""Single tags by https://wiki.openstreetmap.org/wiki/Map_features; what is planned or gone has other values of these keys."""
HIDDEN = (("service", None), ("tunnel", None), ("usage", "industrial"))
"""Sidings and yards, and what runs below ground, are no marks in the land."""
SMALLEST_DEG2 = 1e-7
"""Areas below some 800 square metres are left out: ponds in gardens."""


def read_land(path: Path) -> Land:
    """Read the areas and lines for the base map from a file that `read_osm` accepts; a file without any gives none.

    An area without a complete outline is left out, and in a file that is not in the order nodes, ways, relations all that
    libosmium overlooks: nothing but the picture rests on it.
    """
    with readable(path) as (file, _deleted):
        try:
            found = _collect(file)
        except RuntimeError as error:
            if "out of order" not in str(error):
                raise
            with TemporaryDirectory() as folder:
                found = _collect(merged([file], Path(folder) / "sorted.osm.pbf"))
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = shapely.from_wkb([wkb for _, wkb in found]) if found else []
    is_line = np.array([kind in LINES.values() for kind, _ in found], dtype=bool)
    kept = np.flatnonzero(is_line | (shapely.area(shapes) >= SMALLEST_DEG2)).tolist()
    return Land(tuple(found[row][0] for row in kept), shapes[kept])


def _collect(path: Path) -> list[tuple[LandKind, str]]:
    """Kind and outline or course (WKB) of everything the map shows."""
    keys = [key for key, _ in (*AREAS, *LINES)]
    areas = osmium.filter.TagFilter(*AREAS)
    processor = osmium.FileProcessor(path).with_areas(areas).with_filter(osmium.filter.KeyFilter(*keys))
    write = osmium.geom.WKBFactory()
    found: list[tuple[LandKind, str]] = []
    for entity in processor:
        if isinstance(entity, Area):
            if (kind := _kind(dict(entity.tags), AREAS)) and entity.num_rings()[0]:
                found.append((kind, write.create_multipolygon(entity)))
        elif isinstance(entity, Way) and entity.visible and (kind := _kind(dict(entity.tags), LINES)):
            places = [node.location for node in entity.nodes]
            if len({(place.x, place.y) for place in places}) > 1 and all(place.valid() for place in places):
                found.append((kind, write.create_linestring(entity)))
    return found


def _kind(tags: dict[str, str], kinds: dict[tuple[str, str], LandKind]) -> LandKind | None:
    is_hidden = any(key in tags and value in {None, tags[key]} for key, value in HIDDEN)
    return None if is_hidden else next((kinds[tag] for tag in tags.items() if tag in kinds), None)
