"""Places and facilities found in an OSM file: points and areas, with what is mapped twice merged."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely

from data.build_report import BuildReport, Finding, finding, summed
from data.columns import Floats, Int32s, Strings, freeze
from data.osm import presence
from data.osm.mapped_twice import Mapped, Names, names_of, same_services
from data.parameters.facility_kinds import FacilityKind, FacilityKinds, Tags

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

SAME_PLACE_M = 15.0
"""Two places of one kind and name this close are one."""

_TELLING_KEYS = (
    "name",
    "brand",
    "operator",
    "opening_hours",
    "phone",
    "contact:phone",
    "website",
    "contact:website",
    "addr:housenumber",
    "wheelchair",
)
"""Keys by which one feature says more of a service than another."""


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
        (F,) float64, WGS84: an entrance, else the node, else a point inside the area.
    opening
        (F,) strings, the tag opening_hours; "" where there is none.
    also
        (F,) strings, ids of the features that are the same service, with semicolons between them.

    """

    id: Strings
    kind: Strings
    name: Strings
    lon_deg: Floats
    lat_deg: Floats
    opening: Strings
    also: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


class Feature(NamedTuple):
    """A tagged node or area; `outline` is None for a node and for an area of which only a point is known.

    The point of an area is an entrance on its outline where `has_door` says so.
    """

    id: str
    tags: Tags
    lon_deg: float
    lat_deg: float
    outline: shapely.Geometry | None
    has_door: bool = False

    @property
    def name(self) -> str:
        """Name, else brand, else ""."""
        return (self.tags.get("name") or self.tags.get("brand") or "").strip()

    @property
    def shape(self) -> shapely.Geometry:
        """Its outline, else its point, degrees."""
        return shapely.Point(self.lon_deg, self.lat_deg) if self.outline is None else self.outline

    @property
    def is_node(self) -> bool:
        """Whether it is mapped as a point."""
        return self.id.startswith("node/")


class _Service(NamedTuple):
    """One service with all the features that it is mapped as, the one that it is known by first."""

    kind: str
    id: str
    mapped: tuple[_Candidate, ...]

    @property
    def door(self) -> Feature:
        """The feature that is nearest to a door: an entrance, else a node, else an area."""
        return min(
            (one.feature for one in self.mapped),
            key=lambda feature: (not feature.has_door, not feature.is_node),
        )

    @property
    def name(self) -> str:
        """First name among the features."""
        return next(filter(None, (one.feature.name for one in self.mapped)), "")

    @property
    def opening(self) -> str:
        """First opening hours among the features."""
        texts = (one.feature.tags.get("opening_hours", "").strip() for one in self.mapped)
        return next(filter(None, texts), "")


def osm_places(features: Sequence[Feature]) -> tuple[OsmPlaces, BuildReport]:
    """Settlements among `features`; places without a name are dropped, a node takes over its area's population."""
    places = [feature for feature in features if feature.tags.get("place") in PLACE_KINDS]
    nameless = [place.id for place in places if not place.name]
    rows: list[list[Feature]] = []
    for kind in PLACE_KINDS:
        found = [place for place in places if place.tags["place"] == kind and place.name]
        mapped = [Mapped(place.shape, _whole_name(place)) for place in found]
        rows += [
            sorted((found[number] for number in members), key=lambda place: not place.is_node)
            for members in same_services(mapped, SAME_PLACE_M, shares_ground=False).services
        ]
    order = {place.id: number for number, place in enumerate(places)}
    rows.sort(key=lambda row: order[row[0].id])
    population = [max(_population(place.tags) for place in row) for row in rows]
    unreadable = [
        row[0].id
        for row, persons in zip(rows, population, strict=True)
        if persons < 0 and any("population" in place.tags for place in row)
    ]
    columns = OsmPlaces(
        id=tuple(row[0].id for row in rows),
        name=tuple(row[0].name for row in rows),
        kind=tuple(row[0].tags["place"] for row in rows),
        lon_deg=np.array([row[0].lon_deg for row in rows], dtype=np.float64),
        lat_deg=np.array([row[0].lat_deg for row in rows], dtype=np.float64),
        population=np.array(population, dtype=np.int32),
    )
    twice = [place.id for row in rows for place in row[1:]]
    report = (
        finding("places", "dropped", "places without a name", nameless)
        + finding("places", "repaired", "places mapped twice, merged", twice)
        + finding("places", "dropped", "populations that are not a number", unreadable)
    )
    return columns, report


def osm_facilities(
    features: Sequence[Feature], kinds: FacilityKinds, day: dt.date
) -> tuple[OsmFacilities, BuildReport]:
    """Facilities of `kinds` among `features` that are there on `day`, each service once.

    A service is known by the feature that says the most of it, a node where two say as much; what that one leaves out
    (name, opening hours) is taken from the others. Its place is an entrance, else a node, else a point in the area.
    """
    present, report = _present(features, kinds, day)
    order = {feature.id: number for number, feature in enumerate(features)}
    rows: list[_Service] = []
    findings: list[Finding] = []
    for kind in kinds.kinds:
        services, told = _services(present[kind.id], kind)
        rows += services
        findings += told.findings
    rows.sort(key=lambda row: order[row.mapped[0].feature.id])
    columns = OsmFacilities(
        id=tuple(row.id for row in rows),
        kind=tuple(row.kind for row in rows),
        name=tuple(row.name for row in rows),
        lon_deg=np.array([row.door.lon_deg for row in rows], dtype=np.float64),
        lat_deg=np.array([row.door.lat_deg for row in rows], dtype=np.float64),
        opening=tuple(row.opening for row in rows),
        also=tuple(";".join(one.id for one in row.mapped[1:]) for row in rows),
    )
    return columns, report + summed(findings) + _doubts(rows)


def _whole_name(place: Feature) -> Names:
    """Name of a place, to be compared as a whole: Noord-Sleen is not Sleen."""
    return Names(frozenset({frozenset({place.name.casefold()})}))


def _population(tags: Tags) -> int:
    """Persons, with or without separators of thousands; -1 where there is no number that fits an int32."""
    value = tags.get("population", "").strip()
    if re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}([., ][0-9]{3}){1,2}", value):
        return int(re.sub(r"[., ]", "", value))
    return -1


def is_facility(tags: Tags, kinds: FacilityKinds) -> bool:
    """Whether `osm_facilities` has to know of a feature: one of `kinds`, or one that looks like it."""
    return bool(kinds.matches(tags) or kinds.left_out(tags))


class _Candidate(NamedTuple):
    """A feature as one of a kind, under the id that its row would have.

    `assumed` is "" where the tags leave no doubt; `is_none` where they say it is none, which settles its twins.
    """

    id: str
    feature: Feature
    assumed: str = ""
    is_none: bool = False


def _present(
    features: Sequence[Feature], kinds: FacilityKinds, day: dt.date
) -> tuple[dict[str, list[_Candidate]], BuildReport]:
    """Sort out what is there on `day`, by the kind it may be of; all else is reported by the reason."""
    present: dict[str, list[_Candidate]] = {kind: [] for kind in kinds.ids}
    reasons: dict[str, list[str]] = {}
    doubtful = []
    for feature in features:
        tags, matches, left_out = feature.tags, kinds.matches(feature.tags), kinds.left_out(feature.tags)
        why = [found.why for found in left_out]
        if absent := presence.why_absent(tags, day):
            why, matches, left_out = [absent] * bool(matches), [], []
        elif matches and presence.has_unreadable_date(tags):
            doubtful.append(feature.id)
        for number, (kind, assumed) in enumerate(matches):
            if presence.lets_nobody_in(tags) and not kinds.kind(kind).any_access:
                why.append(presence.NO_ACCESS)
            else:
                row_id = f"{feature.id}#{kind}" if number else feature.id
                present[kind].append(_Candidate(row_id, feature, assumed))
        for found in left_out:
            if found.settles:
                present[found.kind].append(_Candidate(feature.id, feature, is_none=True))
        for reason in dict.fromkeys(why):
            reasons.setdefault(reason, []).append(feature.id)
    report = finding("facilities", "assumed", presence.UNREADABLE_DATE, doubtful)
    for reason, ids in reasons.items():
        report += finding("facilities", "dropped", reason, ids)
    return present, report


def _services(found: Sequence[_Candidate], kind: FacilityKind) -> tuple[list[_Service], BuildReport]:
    """Services of one kind, each with all that it is mapped as; what was merged, and what was not, is reported."""
    mapped = [
        Mapped(
            one.feature.shape,
            names_of(one.feature.tags, kind.twins.words),
            is_house=any(rule.holds(one.feature.tags) for rule in kind.twins.houses),
            is_one=False if one.is_none else None if one.assumed else True,
        )
        for one in found
    ]
    twins = same_services(mapped, kind.twins.reach_m, shares_ground=kind.twins.shares_ground)
    services, settled = [], []
    for members in twins.services:
        by_worth = sorted(members, key=lambda number: (mapped[number].is_house, *_says_less(found[number])))
        ranked = [found[number] for number in by_worth]
        if any(one.is_none for one in ranked):
            settled += [one.id for one in ranked if not one.is_none]
        else:
            services.append(_Service(kind.id, ranked[0].id, tuple(ranked)))
    counted = [number for number, one in enumerate(found) if not one.is_none]
    twice = [
        f"{one.id} = {service.id} {service.name}".rstrip()
        for service in services
        for one in service.mapped[1:]
    ]
    grounds = [found[number].id for number in twins.gave_way if number in counted]
    nested = [
        f"{found[one].id} > {found[two].id}" for one, two in twins.nested if {one, two}.issubset(counted)
    ]
    report = (
        finding("facilities", "repaired", "facilities mapped twice, merged", twice)
        + finding(
            "facilities", "repaired", "grounds and buildings of several facilities of one kind", grounds
        )
        + finding("facilities", "dropped", "facilities mapped twice, once as none of the kind", settled)
        + finding("facilities", "kept", "facilities in the outline of another of their kind", nested)
    )
    return services, report


def _says_less(one: _Candidate) -> tuple[int, bool]:
    """Sort key: what says the most of a service comes first, a node where two say as much."""
    return -sum(key in one.feature.tags for key in _TELLING_KEYS), not one.feature.is_node


def _doubts(rows: Sequence[_Service]) -> BuildReport:
    """What had to be assumed of services that none of their features settles."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if all(one.assumed for one in row.mapped):
            by_reason.setdefault(row.mapped[0].assumed, []).append(row.id)
    report = BuildReport()
    for reason, ids in by_reason.items():
        report += finding("facilities", "assumed", reason, ids)
    return report
