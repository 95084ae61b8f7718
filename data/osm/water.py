"""Rivers, canals, lakes and the sea of an OSM file: nobody walks straight over them to a street on the other side.

Streams and ditches are left out: there are planks and culverts over them that no map shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from data.osm.streets import Locate, known_runs
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap

WATER_KEYS = frozenset(["waterway", "natural"])
COURSES = frozenset([("waterway", "river"), ("waterway", "canal"), ("natural", "coastline")])
"""Single tags of ways along which water lies: https://wiki.openstreetmap.org/wiki/Key:waterway."""
SURFACES = frozenset([("natural", "water"), ("waterway", "riverbank")])
"""Single tags of areas that are water: https://wiki.openstreetmap.org/wiki/Tag:natural%3Dwater."""
BELOW_KEYS = frozenset(["tunnel", "covered"])
"""Water below ground is walked over."""


@dataclass(slots=True)
class RawWater:
    """Courses and outlines as they are read, one entry per line (`refs` flat)."""

    n_refs: list[int] = field(default_factory=list)
    refs: list[int] = field(default_factory=list)

    def add(self, refs: Sequence[int]) -> None:
        """Keep a line."""
        self.n_refs.append(len(refs))
        self.refs.extend(refs)


def is_course(tags: Tags) -> bool:
    """Whether a way with `tags` is a course of open water."""
    return not COURSES.isdisjoint(tags.items()) and _is_open(tags)


def is_surface(tags: Tags) -> bool:
    """Whether an area with `tags` is open water."""
    return not SURFACES.isdisjoint(tags.items()) and _is_open(tags)


def _is_open(tags: Tags) -> bool:
    return all(tags.get(key, "no") == "no" for key in BELOW_KEYS)


def with_water(streets: StreetMap, raw: RawWater, locate: Locate) -> StreetMap:
    """Add the lines of water to a street map, cut where their nodes are missing."""
    ids, row = np.unique(np.array(raw.refs, dtype=np.int64), return_inverse=True)
    lon_deg, lat_deg, known = locate(ids)
    line = np.repeat(np.arange(len(raw.n_refs), dtype=np.int64), raw.n_refs)
    keep, offset, _ = known_runs(line, known[row])
    return replace(
        streets, water_offset=offset, water_lon_deg=lon_deg[row[keep]], water_lat_deg=lat_deg[row[keep]]
    )
