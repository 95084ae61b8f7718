"""A small OSM file drawn in metres: what a test puts on it is all there is, besides one street."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, radians
from pathlib import Path
from xml.sax.saxutils import quoteattr

from data.osm.extract import OsmExtract, read_osm
from data.parameters.facility_kinds import load_facility_kinds

KINDS = load_facility_kinds()
DAY = dt.date(2026, 6, 2)
LON_DEG, LAT_DEG = 6.8, 52.8
DEGREE_M = 111_195.0
"""Of latitude, on the sphere of 6,371 km by which the reader measures."""


@dataclass
class OsmMap:
    """Objects in the order in which they were put; keys of tags are written with __ for the colon."""

    nodes: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.way([self.node(0, -500), self.node(900, -500)], highway="residential")

    def node(self, x_m: float, y_m: float, **tags: str) -> int:
        """Put a point, metres east and north of the origin."""
        number = len(self.nodes) + 1
        lat = LAT_DEG + y_m / DEGREE_M
        lon = LON_DEG + x_m / DEGREE_M / cos(radians(LAT_DEG))
        self.nodes.append(f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}">{_tags(tags)}</node>')
        return number

    def way(self, refs: list[int], **tags: str) -> int:
        """Put a way through nodes."""
        number = len(self.ways) + 1
        members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self.ways.append(f'<way id="{number}">{members}{_tags(tags)}</way>')
        return number

    def area(self, x_m: float, y_m: float, width_m: float, height_m: float, **tags: str) -> int:
        """Put a rectangle by its south-west corner."""
        east, north = x_m + width_m, y_m + height_m
        corners = [self.node(*spot) for spot in ((x_m, y_m), (east, y_m), (east, north), (x_m, north))]
        return self.way([*corners, corners[0]], **tags)

    def relation(self, members: list[tuple[str, int, str]], **tags: str) -> int:
        """Put a relation of members (type, id, role)."""
        number = len(self.relations) + 1
        parts = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        self.relations.append(f'<relation id="{number}">{parts}{_tags(tags)}</relation>')
        return number

    def read(
        self, folder: Path, arrange: Callable[[list[str]], list[str]] = list, day: dt.date = DAY
    ) -> OsmExtract:
        """Write the file, its objects as `arrange` puts them, and read it."""
        path = folder / "map.osm"
        objects = arrange([*self.nodes, *self.ways, *self.relations])
        path.write_text(f'<osm version="0.6">{"".join(objects)}</osm>', encoding="utf-8")
        return read_osm(path, KINDS, day)


def _tags(tags: dict[str, str]) -> str:
    return "".join(
        f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(value)}/>" for key, value in tags.items()
    )
