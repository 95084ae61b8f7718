"""Places and facilities found in an OSM file: points and areas, with what is mapped twice merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import shapely

from data.build_report import BuildReport, finding
from data.columns import Floats, Int32s, Strings, freeze
from data.parameters.facility_kinds import FacilityKinds, Tags

PLACE_KINDS = (
    "city",
    "town",
    "village",
    "hamlet",
    "suburb",
    "quarter",
    "neighbourhood",
    "isolated_dwelling",
)
"""Values of place=* where people live, see https://wiki.openstreetmap.org/wiki/Key:place."""

SAME_SPOT_M = 15.0
"""Two features of one kind and name this close are one: a front door and a building's middle are this far apart."""

_DEGREE_M = 111_195.0
"""Metres per degree of latitude on a sphere of 6,371 km; good to half a percent, for a distance of some metres."""


@dataclass(frozen=True, slots=True, eq=False)
class OsmPlaces:
    """Settlements: one row per place.

    Attributes
    ----------
    id
        (P,) strings, such as "node/123".
    name, kind
        (P,) strings; `kind` is one of `PLACE_KINDS`.
    lon_deg, lat_deg
        (P,) float64, WGS84: the node, else a point inside the area.
    population
        (P,) int32, -1 where unknown.

    """

    id: Strings
    name: Strings
    kind: Strings
    lon_deg: Floats
    lat_deg: Floats
    population: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class OsmFacilities:
    """Facilities: one row per feature and kind.

    Attributes
    ----------
    id
        (F,) strings, such as "way/2"; where a feature is of several kinds, the second and later kinds add themselves:
        "way/2#post".
    kind, name
        (F,) strings; `name` is the brand, or "", where none is mapped.
    lon_deg, lat_deg
        (F,) float64, WGS84: the node, else a point inside the area.
    opening
        (F,) strings, the tag opening_hours; "" where there is none.

    """

    id: Strings
    kind: Strings
    name: Strings
    lon_deg: Floats
    lat_deg: Floats
    opening: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


class Feature(NamedTuple):
    """A tagged node or area; `outline` is None for a node and for an area of which only a point is known."""

    id: str
    tags: Tags
    lon_deg: float
    lat_deg: float
    outline: shapely.Geometry | None

    @property
    def name(self) -> str:
        """Name, else brand, else ""."""
        return (self.tags.get("name") or self.tags.get("brand") or "").strip()


class _Row(NamedTuple):
    """A feature as one of a kind, under the name it gets after merging."""

    id: str
    kind: str
    name: str
    feature: Feature
    merged: tuple[Feature, ...]


def osm_places(features: Sequence[Feature]) -> tuple[OsmPlaces, BuildReport]:
    """Settlements among `features`; places without a name are dropped, a node takes over its area's population."""
    places = [feature for feature in features if feature.tags.get("place") in PLACE_KINDS]
    rows = [
        _Row(place.id, place.tags["place"], place.name, place, (place,)) for place in places if place.name
    ]
    nameless = [place.id for place in places if not place.name]
    rows, twice = _merged(rows)
    population = [max(_population(feature.tags) for feature in row.merged) for row in rows]
    unreadable = [
        row.id for row, persons in zip(rows, population, strict=True) if persons < 0 and _counted(row)
    ]
    columns = OsmPlaces(
        id=tuple(row.id for row in rows),
        name=tuple(row.name for row in rows),
        kind=tuple(row.kind for row in rows),
        lon_deg=np.array([row.feature.lon_deg for row in rows], dtype=np.float64),
        lat_deg=np.array([row.feature.lat_deg for row in rows], dtype=np.float64),
        population=np.array(population, dtype=np.int32),
    )
    report = (
        finding("places", "dropped", "places without a name", nameless)
        + finding("places", "repaired", "places mapped twice, merged", twice)
        + finding("places", "dropped", "populations that are not a number", unreadable)
    )
    return columns, report


def osm_facilities(features: Sequence[Feature], kinds: FacilityKinds) -> tuple[OsmFacilities, BuildReport]:
    """Facilities of `kinds` among `features`; those that are closed for good are dropped."""
    rows: list[_Row] = []
    closed: list[str] = []
    assumed: list[tuple[str, str]] = []
    for feature in features:
        matches = kinds.matches(feature.tags)
        if matches and feature.tags.get("opening_hours", "").strip().lower() in ("closed", "off"):
            closed.append(feature.id)
            continue
        for number, (kind, reason) in enumerate(matches):
            row_id = f"{feature.id}#{kind}" if number else feature.id
            rows.append(_Row(row_id, kind, feature.name, feature, (feature,)))
            if reason:
                assumed.append((reason, row_id))
    rows, twice = _merged(rows)
    left = {row.id for row in rows}
    columns = OsmFacilities(
        id=tuple(row.id for row in rows),
        kind=tuple(row.kind for row in rows),
        name=tuple(row.name for row in rows),
        lon_deg=np.array([row.feature.lon_deg for row in rows], dtype=np.float64),
        lat_deg=np.array([row.feature.lat_deg for row in rows], dtype=np.float64),
        opening=tuple(row.feature.tags.get("opening_hours", "").strip() for row in rows),
    )
    report = finding("facilities", "dropped", "facilities whose opening hours say closed", closed)
    report += finding("facilities", "repaired", "facilities mapped twice, merged", twice)
    for reason in dict.fromkeys(reason for reason, _ in assumed):
        report += finding(
            "facilities",
            "assumed",
            reason,
            [row_id for why, row_id in assumed if why == reason and row_id in left],
        )
    return columns, report


def _population(tags: Tags) -> int:
    """Persons, with or without separators of thousands; -1 where there is no number that fits an int32."""
    value = tags.get("population", "").strip()
    if re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}([., ][0-9]{3}){1,2}", value):
        return int(re.sub(r"[., ]", "", value))
    return -1


def _counted(row: _Row) -> bool:
    return any("population" in feature.tags for feature in row.merged)


def _merged(rows: list[_Row]) -> tuple[list[_Row], list[str]]:
    """Rows left after merging what is mapped twice, in the given order, and the ids of the rows that went."""
    order = {row.id: number for number, row in enumerate(rows)}
    left: list[_Row] = []
    for _, group in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind):
        left += _merged_kind(list(group))
    left.sort(key=lambda row: order[row.id])
    remaining = {row.id for row in left}
    return left, [row.id for row in rows if row.id not in remaining]


def _merged_kind(rows: list[_Row]) -> list[_Row]:
    """Merge rows of one kind: areas with what lies inside them, then same names on the same spot."""
    names = [row.name for row in rows]
    into = list(range(len(rows)))
    _merge_areas(rows, names, into)
    _merge_spots(rows, names, into)
    members: dict[int, list[Feature]] = {}
    for number, row in enumerate(rows):
        members.setdefault(_root(into, number), []).append(row.feature)
    return [
        rows[number]._replace(name=names[number], merged=tuple(features))
        for number, features in members.items()
    ]


def _root(into: list[int], number: int) -> int:
    while into[number] != number:
        number = into[number]
    return number


def _merge_areas(rows: list[_Row], names: list[str], into: list[int]) -> None:
    """Let each area give way to the features inside it that have its name, or where one of the two has none.

    What lies inside is the more precise: a shop in a mall, the label of a village. Inside an area one feature is left
    per name, so that a health centre without a name leaves its two practices, and a school its only node. Works from
    the smallest area up; changes `names` and `into` (row that stands for each row) in place.
    """
    outlines = {number: row.feature.outline for number, row in enumerate(rows)}
    sizes = [0.0 if outline is None else shapely.area(outline) for outline in outlines.values()]
    tree = shapely.STRtree(shapely.points([[row.feature.lon_deg, row.feature.lat_deg] for row in rows]))
    by_size = sorted(outlines, key=lambda number: sizes[number])
    rank = {number: place for place, number in enumerate(by_size)}
    for area in by_size:
        outline = outlines[area]
        if outline is None:
            continue
        inside = [
            number
            for number in sorted(tree.query(outline, predicate="intersects").tolist())
            if rank[number] < rank[area]
            and into[number] == number
            and (not names[number] or not names[area] or _same(names[number], names[area]))
        ]
        first: dict[str, int] = {}
        for number in inside:
            names[number] = names[number] or names[area]
            into[number] = first.setdefault(names[number].casefold(), number)
        if inside:
            into[area] = inside[0]


def _merge_spots(rows: list[_Row], names: list[str], into: list[int]) -> None:
    """Merge rows of the same name (or both without) within `SAME_SPOT_M` into the earliest; changes `into`."""
    lon_lat = np.array([[row.feature.lon_deg, row.feature.lat_deg] for row in rows])
    scale = [_DEGREE_M * np.cos(np.radians(lon_lat[:, 1].mean())), _DEGREE_M]
    points = shapely.points(lon_lat * scale)
    pairs = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_SPOT_M)
    for one, other in sorted(zip(*pairs.tolist(), strict=True)):
        if one < other and into[one] == one and into[other] == other and _same(names[one], names[other]):
            into[other] = one


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
