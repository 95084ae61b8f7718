"""Public transport routes of an OSM file: their relations, and where the stops and platforms in them lie."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import osmium
from osmium.osm import Node, Relation, Way

from data.errors import InputError
from data.osm.extract import _FORMAT_PROBLEMS, _check_path
from data.osm.readable import readable
from data.parameters.facility_kinds import Tags

OsmObject: TypeAlias = Node | Way | Relation
TYPES = {"n": "node", "w": "way", "r": "relation"}
FROM_MASTER = (
    *("ref", "operator", "network", "interval", "headway", "opening_hours", "by_night", "service"),
    *("interval:conditional", "on_demand", "seasonal", "hail_and_ride"),
)
"""Keys that a route takes over from its route_master where it lacks them."""


class Member(NamedTuple):
    """A stop or platform in a route: its id, such as "node/12", and its role, of which it may have two."""

    id: str
    role: str


class Route(NamedTuple):
    """A route relation with the tags of its route_master where its own are missing; `line` is shared by its variants."""

    id: str
    line: str
    tags: Tags
    members: tuple[Member, ...]
    inherited: frozenset[str] = frozenset()
    """Keys of the tags that are those of the route_master."""
    stops_anywhere: bool = False
    """Whether vehicles also stop where one asks, on all of the way or on the ways of that role."""


class Spot(NamedTuple):
    """Where a stop or platform lies, and its name, "" where it has none."""

    name: str
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class RouteFile:
    """Routes in the order of the file, and the spots of their members by id, as far as the file has them."""

    routes: tuple[Route, ...]
    spots: dict[str, Spot]


class _Relations(NamedTuple):
    """Relations of one pass: routes, the route_masters of each, and the members of platforms mapped as relations."""

    routes: list[Route]
    masters: dict[str, tuple[str, Tags]]
    platforms: dict[str, tuple[str, tuple[str, ...]]]


class _Outline(NamedTuple):
    """Name of a stop or platform that is no node, and the ids of its nodes."""

    name: str
    nodes: frozenset[int]


def read_routes(path: Path, kinds: Collection[str]) -> RouteFile:
    """Read the relations type=route whose `route` is one of `kinds`, with where their stops and platforms lie.

    Relations, ways and nodes are read one after the other, each only where the one before asks for it: the order of
    the file does not matter, and no other nodes are kept. A way or relation lies at the mean of its nodes.

    Raises
    ------
    InputError
        If the file is missing, of another format or damaged.

    """
    _check_path(path)
    try:
        with readable(path) as (file, _):
            relations = _relations(file, kinds)
            wanted = {member.id for route in relations.routes for member in route.members}
            outlines = _outlines(file, wanted, relations.platforms)
            spots = _spots(file, wanted, outlines)
    except _FORMAT_PROBLEMS as error:
        msg = (
            f"{path.name} cannot be read as an OSM file: {error}. It may be incomplete or not what its name says; "
            "download or export it again."
        )
        raise InputError(msg) from error
    return RouteFile(tuple(_with_master(route, relations.masters) for route in relations.routes), spots)


def _relations(path: Path, kinds: Collection[str]) -> _Relations:
    tags = (("type", "route"), ("type", "route_master"), ("public_transport", "platform"))
    found = _Relations([], {}, {})
    for relation in _objects(path, osmium.osm.RELATION, osmium.filter.TagFilter(*tags)):
        if not isinstance(relation, Relation):
            continue
        own = dict(relation.tags)
        members = [
            Member(f"{TYPES[member.type]}/{member.ref}", member.role.strip()) for member in relation.members
        ]
        name = f"relation/{relation.id}"
        if own.get("type") == "route_master":
            found.masters.update({member.id: (name, own) for member in members})
        elif own.get("type") != "route":
            found.platforms[name] = (own.get("name", ""), tuple(member.id for member in members))
        elif own.get("route") in kinds:
            stops = (member for member in members if "stop" in member.role or "platform" in member.role)
            anywhere = any("hail_and_ride" in member.role for member in members)
            found.routes.append(Route(name, "", own, tuple(stops), stops_anywhere=anywhere))
    return found


def _outlines(
    path: Path, wanted: Collection[str], platforms: dict[str, tuple[str, tuple[str, ...]]]
) -> dict[str, _Outline]:
    """Nodes of the ways and relations in `wanted`."""
    areas = {name: platforms[name] for name in wanted if name in platforms}
    ways = {
        way.id: _Outline(way.tags.get("name") or "", frozenset(node.ref for node in way.nodes))
        for way in _objects(
            path,
            osmium.osm.WAY,
            _filter("way", [*wanted, *(id_ for _, ids in areas.values() for id_ in ids)]),
        )
        if isinstance(way, Way)
    }
    outlines = {f"way/{way}": outline for way, outline in ways.items()}
    for area, (name, members) in areas.items():
        parts = [outlines[member].nodes for member in members if member in outlines]
        outlines[area] = _Outline(name, frozenset().union(*parts))
    return outlines


def _spots(path: Path, wanted: Collection[str], outlines: dict[str, _Outline]) -> dict[str, Spot]:
    refs = {ref for outline in outlines.values() for ref in outline.nodes}
    nodes: dict[int, Spot] = {}
    for node in _objects(path, osmium.osm.NODE, _filter("node", [*wanted, *(f"node/{ref}" for ref in refs)])):
        if isinstance(node, Node) and node.location.valid():
            nodes[node.id] = Spot(node.tags.get("name") or "", node.location.lon, node.location.lat)
    spots = {f"node/{node}": spot for node, spot in nodes.items()}
    for name, outline in outlines.items():
        places = [nodes[ref][1:] for ref in sorted(outline.nodes) if ref in nodes]
        if places:
            lon_deg, lat_deg = np.mean(places, axis=0).tolist()
            spots[name] = Spot(outline.name, lon_deg, lat_deg)
    return {name: spot for name, spot in spots.items() if name in wanted}


def _filter(kind: str, ids: Iterable[str]) -> object:
    """Filter that lets through the objects of `kind` in `ids`; what was never uploaded has no place in the file."""
    numbers = {int(id_.partition("/")[2]) for id_ in ids if id_.startswith(f"{kind}/")}
    return osmium.filter.IdFilter(sorted(number for number in numbers if number > 0))


def _objects(path: Path, kind: osmium.osm.osm_entity_bits, only: object) -> Iterator[OsmObject]:
    for entity in osmium.FileProcessor(path, kind).with_filter(only):
        if isinstance(entity, Node | Way | Relation) and entity.visible:
            yield entity


def _with_master(route: Route, masters: dict[str, tuple[str, Tags]]) -> Route:
    """Complete the tags of a route; its line is its master, else its kind, number and operator, else itself."""
    own, line, taken_over = route.tags, route.id, {}
    if route.id in masters:
        line, above = masters[route.id]
        taken_over = {key: above[key] for key in (*FROM_MASTER, own["route"]) if key in above}
    elif "ref" in own:
        line = " ".join([own["route"], own["ref"], own.get("operator", own.get("network", ""))])
    tags = {**taken_over, **own}
    anywhere = route.stops_anywhere or tags.get("hail_and_ride", "no") != "no"
    inherited = frozenset(taken_over) - set(own)
    return route._replace(line=line, tags=tags, inherited=inherited, stops_anywhere=anywhere)
