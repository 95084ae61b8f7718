"""Streets with what the rules of their country imply.

The country is known by the time zone in which a way lies: the `opening_hours` library brings the zones of the world along.
Borders of zones are those of countries wherever `data/parameters/access_by_country.toml` has a row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.osm.streets import deciding_way_tags
from data.parameters.access_by_country import Country, load_countries
from data.streets import StreetMap, TagSet

_ANY_DAY = dt.date(2000, 1, 1)
_CELL_DEG = 0.1
"""Where all cells of this size lie in one zone, so do the ways between."""


def with_country_rules(streets: StreetMap) -> tuple[StreetMap, BuildReport]:
    """Streets whose ways say themselves who may use them where their country has rules of its own for their kind."""
    is_ruled = np.array([bool(_kind(tags)) for tags in streets.tag_sets])[streets.way_tags]
    ways = np.flatnonzero(is_ruled)
    if not len(ways):
        return streets, BuildReport()
    node = streets.way_node[streets.way_offset[ways]]
    zone = _zones(streets.lon_deg[node], streets.lat_deg[node])
    country_of = {name: country for country in load_countries() for name in country.zones}
    tag_sets = {tags: number for number, tags in enumerate(streets.tag_sets)}
    way_tags = streets.way_tags.copy()
    told: dict[str, list[int]] = {}
    for way, name in zip(ways.tolist(), zone, strict=True):
        before = streets.tag_sets[way_tags[way]]
        after = _ruled(before, country_of[name]) if name in country_of else before
        if after != before:
            way_tags[way] = tag_sets.setdefault(after, len(tag_sets))
            told.setdefault(_kind(before), []).append(int(streets.way_id[way]))
    report = BuildReport()
    for kind in sorted(told):
        report += finding("streets", "assumed", _TOLD[kind], sorted(set(told[kind])))
    if not told:
        return streets, report
    return replace(streets, way_tags=way_tags, tag_sets=tuple(tag_sets)), report


_TOLD = {
    "trunk": "trunk roads that do not say who may use them, closed to walkers and cyclists by the rules of the country",
    "track": "tracks that do not say who may use them, for farm traffic only by the rules of the country",
}


def _kind(tags: TagSet) -> str:
    """Kind of street that some country has rules for, else nothing."""
    kind = dict(tags).get("highway", "").removesuffix("_link")
    return kind if kind in _TOLD else ""


def _ruled(tags: TagSet, country: Country) -> TagSet:
    """Tags with those that the country implies; a key that is there, for one direction too, goes before."""
    said = {key.partition(":")[0] for key, _ in tags}
    # Who names a kind of motor vehicle has thought of the others.
    said |= {"motor_vehicle"} if "motorcar" in said else set()
    implied = country.trunk if _kind(tags) == "trunk" else country.track
    new = {key: value for key, value in implied.items() if key not in said}
    return deciding_way_tags({**dict(tags), **new}) if new else tags


def _zones(lon_deg: Floats, lat_deg: Floats) -> list[str]:
    """Time zone of each place."""
    cells = {
        (round(lon / _CELL_DEG), round(lat / _CELL_DEG)): (lon, lat)
        for lon, lat in zip(lon_deg, lat_deg, strict=True)
    }
    found = {_zone(*place) for place in cells.values()}
    if len(found) == 1:
        return [*found] * len(lon_deg)
    return [_zone(lon, lat) for lon, lat in zip(lon_deg, lat_deg, strict=True)]


def _zone(lon_deg: float, lat_deg: float) -> str:
    """IANA name of the time zone at a place, "" if there is none."""
    from opening_hours import OpeningHours  # noqa: PLC0415 -- its map of the world takes half a second to load

    change = OpeningHours("12:00-13:00", coords=(float(lat_deg), float(lon_deg))).next_change(
        dt.datetime.combine(_ANY_DAY, dt.time())
    )
    return str(change.tzinfo) if change is not None and change.tzinfo is not None else ""
