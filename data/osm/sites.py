"""Site relations: a school or a health centre mapped as the things that belong to it, without an outline of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
import shapely
from osmium.osm import Way

from data.columns import Bools, Floats, Int64s, distinct
from data.osm.features import Feature

SITE = "site"
"""The type of these relations, and the key by which some say what they are."""
_DOOR_ROLES = ("entrance", "main_entrance")


class Site(NamedTuple):
    """A relation of type=site, each member as type ("n", "w", "r"), id and role."""

    id: int
    tags: dict[str, str]
    members: list[tuple[str, int, str]]


def site_tags(tags: dict[str, str]) -> dict[str, str]:
    """Tags of a relation; a site that says what it is by site=* alone is that amenity.

    Source: https://wiki.openstreetmap.org/wiki/Relation:site.
    """
    if tags.get("type") == SITE and SITE in tags and "amenity" not in tags:
        return tags | {"amenity": tags[SITE]}
    return tags


def sites_placed(
    path: Path, sites: Sequence[Site], locations: Callable[[Int64s], tuple[Floats, Floats, Bools]]
) -> tuple[list[Feature], list[str]]:
    """Sites as the area that their members in the file span, and the ids of those of which it has none.

    Members of members are not looked for. A member in the role of an entrance is the door.
    """
    ways = {ref for site in sites for kind, ref, _ in site.members if kind == "w"}
    of_way: dict[int, list[int]] = {}
    if ways:
        only = osmium.filter.IdFilter(sorted(ways))
        for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(only):
            if isinstance(way, Way) and way.visible:
                of_way[way.id] = [node.ref for node in way.nodes]
    features, lost = [], []
    for site in sites:
        name = f"relation/{site.id}"
        refs = [ref for kind, member, _ in site.members if kind == "w" for ref in of_way.get(member, [])]
        refs += [ref for kind, ref, _ in site.members if kind == "n"]
        doors = [ref for kind, ref, role in site.members if kind == "n" and role in _DOOR_ROLES]
        spots, door = _spots(refs, locations), _spots(doors, locations)
        if len(spots) == 0:
            lost.append(name)
            continue
        outline = shapely.convex_hull(shapely.MultiPoint(spots))
        at = shapely.Point(door[0]) if len(door) else shapely.point_on_surface(outline)
        features.append(Feature(name, site.tags, at.x, at.y, outline, has_door=len(door) > 0))
    return features, lost


def _spots(refs: Sequence[int], locations: Callable[[Int64s], tuple[Floats, Floats, Bools]]) -> Floats:
    """(N, 2) degrees of the nodes that the file has."""
    lon_deg, lat_deg, known = locations(distinct(np.array(refs, dtype=np.int64)))
    return np.column_stack([lon_deg, lat_deg])[known]
