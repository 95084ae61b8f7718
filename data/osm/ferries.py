"""Ferries: what the relation of a route says about its ways.

Source: OSM wiki, Tag:route=ferry, Key:duration, Key:interval. A route is a way, or a relation whose ways are one crossing
together. What a way says itself goes before what its route says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
from osmium.osm import Relation, Way

from data.build_report import Action, BuildReport, finding
from data.clock import span_s
from data.osm.streets import ACCESS_KEYS, SEASON_KEYS, deciding_way_tags, is_street
from data.parameters.facility_kinds import Tags
from data.projection import geod
from data.streets import StreetMap, TagSet

_FERRY = ("route", "ferry")
_NO_LINE = ("platform", "stop", "landing")
"""How roles of members begin that are no part of the line."""
_NOT_WATER = frozenset(
    ["highway", "railway", "public_transport", "man_made", "building", "area", "amenity", "landuse"]
)
"""Keys of a way that is part of a ferry's relation and no ferry itself."""
_WHEN_AND_WHO = (*SEASON_KEYS, *ACCESS_KEYS, *(f"{key}:conditional" for key in ACCESS_KEYS))


class FerryRoute(NamedTuple):
    """A relation of a ferry: its tags, and the ways of its line with their roles."""

    relation: int
    tags: Tags
    ways: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FerryRoutes:
    """Relations of ferries in the order of the file, with nodes and tags of their ways as far as the file has them."""

    routes: tuple[FerryRoute, ...] = ()
    ways: Mapping[int, tuple[list[int], Tags]] = field(default_factory=dict)

    def unsaid(self) -> Iterator[tuple[int, list[int], dict[str, str]]]:
        """Ways that are ferries by their route only, with the tag that they lack."""
        for way, (refs, tags) in self.ways.items():
            if not is_street(tags) and _NOT_WATER.isdisjoint(tags):
                yield way, refs, {**tags, "route": "ferry"}


def read_ferry_routes(path: Path) -> FerryRoutes:
    """Read the relations type=route, route=ferry and their ways; the order of the file does not matter."""
    relations = osmium.FileProcessor(path, osmium.osm.RELATION).with_filter(osmium.filter.TagFilter(_FERRY))
    routes = tuple(
        FerryRoute(
            entity.id,
            dict(entity.tags),
            tuple(
                (member.ref, member.role)
                for member in entity.members
                if member.type == "w" and not member.role.startswith(_NO_LINE)
            ),
        )
        for entity in relations
        if isinstance(entity, Relation) and entity.visible and entity.tags.get("type") == "route"
    )
    wanted = {way for route in routes for way, _ in route.ways}
    if not wanted:
        return FerryRoutes(routes)
    ways = osmium.FileProcessor(path, osmium.osm.WAY).with_filter(osmium.filter.IdFilter(wanted))
    return FerryRoutes(
        routes,
        {
            entity.id: ([node.ref for node in entity.nodes], dict(entity.tags))
            for entity in ways
            if isinstance(entity, Way) and entity.visible
        },
    )


def with_ferry_routes(streets: StreetMap, ferries: FerryRoutes) -> tuple[StreetMap, BuildReport]:
    """Streets whose ferry ways say themselves how long they take, how often they sail, when, and whom they carry.

    Duration and interval of a route are shared by its ways by length, those of a way that the extract cuts by its
    pieces, so that half of the interval is waited once for the whole line. Ways of one direction (roles `forward` and
    `backward`) share with those of both. Of several routes the quickest and the most frequent count. Who may board is
    told by the route only where the way says nothing about it. A route of which the file lacks ways has no known
    duration.
    """
    is_ferry = np.array([_FERRY in tags for tags in streets.tag_sets])[streets.way_tags]
    if not is_ferry.any():
        return streets, BuildReport()
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(is_ferry).tolist():
        rows.setdefault(int(streets.way_id[row]), []).append(row)
    length_m = {row: _length_m(streets, row) for pieces in rows.values() for row in pieces}
    way_m = {way: sum(length_m[row] for row in pieces) for way, pieces in rows.items()}
    told = _Told()
    from_route = _by_way(ferries, way_m, told)
    tag_sets = {tags: number for number, tags in enumerate(streets.tag_sets)}
    way_tags = streets.way_tags.copy()
    for way, pieces in rows.items():
        own = dict(streets.tag_sets[streets.way_tags[pieces[0]]])
        said = from_route.get(way, {})
        told.unsaid += [way] if way in ferries.ways and _FERRY not in ferries.ways[way][1].items() else []
        told.timed += [way] if "duration" in said and "duration" not in own else []
        tags = {
            key: value
            for key, value in said.items()
            if key not in ACCESS_KEYS or own.keys().isdisjoint(ACCESS_KEYS)
        }
        tags |= own
        told.waited += [way] if span_s(tags.get("interval", "")) else []
        told.unread += [way] if "interval" in tags and not span_s(tags["interval"]) else []
        for row in pieces:
            share = length_m[row] / way_m[way] if len(pieces) > 1 and way_m[way] > 0 else 1.0
            way_tags[row] = tag_sets.setdefault(_shared(tags, share), len(tag_sets))
    return replace(streets, way_tags=way_tags, tag_sets=tuple(tag_sets)), told.report()


@dataclass(slots=True)
class _Told:
    """Ways and relations that the report tells of."""

    unsaid: list[int] = field(default_factory=list)
    timed: list[int] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    several: list[int] = field(default_factory=list)
    routes_cut: list[int] = field(default_factory=list)
    routes_unread: list[int] = field(default_factory=list)

    def report(self) -> BuildReport:
        """Findings about ferries."""
        ways: tuple[tuple[Action, str, list[int]], ...] = (
            ("assumed", "ways that are ferries by their route only", self.unsaid),
            ("kept", "ferries that take their share of the duration of their route", self.timed),
            ("assumed", "ferries of which half the interval is waited", self.waited),
            ("assumed", "ferries with an interval that cannot be read: boarded without waiting", self.unread),
            ("assumed", "ferries of several routes: the quickest and the most frequent count", self.several),
        )
        routes: tuple[tuple[Action, str, list[int]], ...] = (
            ("dropped", "durations of ferry routes of which the file lacks ways", self.routes_cut),
            ("dropped", "durations and intervals of ferry routes that cannot be read", self.routes_unread),
        )
        report = BuildReport()
        for kind, rows in (("way", ways), ("relation", routes)):
            for action, what, ids in rows:
                report += finding("streets", action, what, [f"{kind}/{number}" for number in ids])
        return report


def _by_way(ferries: FerryRoutes, way_m: Mapping[int, float], told: _Told) -> dict[int, dict[str, str]]:
    """What the routes say about each way."""
    found: dict[int, dict[str, str]] = {}
    for route in ferries.routes:
        line = {way: role for way, role in route.ways if way in way_m}
        there_m, back_m = (
            sum(way_m[way] for way, role in line.items() if role != other)
            for other in ("backward", "forward")
        )
        total_m = {"forward": there_m, "backward": back_m}
        spans = {key: span_s(route.tags[key]) for key in ("duration", "interval") if key in route.tags}
        told.routes_unread += [route.relation] if None in spans.values() else []
        if "duration" in spans and any(way not in ferries.ways for way, _ in route.ways):
            del spans["duration"]
            told.routes_cut.append(route.relation)
        for way, role in line.items():
            all_m = total_m.get(role, max(there_m, back_m))
            share = way_m[way] / all_m if all_m > 0 else 1.0
            said = found.setdefault(way, {})
            told.several += [way] if said else []
            for key in _WHEN_AND_WHO:
                if key in route.tags:
                    said.setdefault(key, route.tags[key])
            for key, span in spans.items():
                before = span_s(said.get(key, ""))
                if span and (before is None or share * span < before):
                    said[key] = _minutes(share * span)
    return found


def _shared(tags: Tags, share: float) -> TagSet:
    """Deciding tags of a piece of a way, with its share of the way's duration and interval."""
    spans = {key: span_s(tags[key]) for key in ("duration", "interval") if key in tags and share < 1}
    return deciding_way_tags({**tags, **{key: _minutes(share * span) for key, span in spans.items() if span}})


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.6f}".rstrip("0").rstrip(".")


def _length_m(streets: StreetMap, way: int) -> float:
    """Length of a way."""
    node = streets.way_node[streets.way_offset[way] : streets.way_offset[way + 1]]
    return float(geod().line_length(streets.lon_deg[node], streets.lat_deg[node]))
