"""OpenStreetMap extracts: the streets, features and routes of a box cut out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import osmium
from osmium.osm import Node, Relation, Way

from data.download.download import SourceError
from data.files.whole import write_file
from data.live.area import Box
from data.osm.features import PLACE_KINDS, is_facility
from data.osm.presence import FORMER_KEYS
from data.osm.routes_times import RouteAssumptions
from data.osm.routes_timetable import ON_DEMAND
from data.osm.sites import SITE, site_tags
from data.osm.streets import NODE_KEYS, NODE_TAGS
from data.osm.turns import TURN_KEYS
from data.parameters.facility_kinds import FacilityKinds
from data.progress import Progress

_STREET_KEYS = frozenset({"highway", "route", "railway", "public_transport"})
_AREA_TYPES = ("multipolygon", "boundary")
ROUTE_KINDS = frozenset({ON_DEMAND, *(vehicle.route for vehicle in RouteAssumptions().vehicles)})
"""Values of route=* that `data.osm.routes_timetable` reads."""
_FAR_DEG = 0.5
"""No street or service is longer than this between two of its nodes: a way that starts further off need not be looked at."""


def cut_extracts(
    files: Sequence[Path], box: Box, kinds: FacilityKinds, out: Path, progress: Progress
) -> None:
    """Write streets, places, facilities and turn restrictions with a node in `box`, complete, to one file.

    Public transport routes that stop in the box are there as well, each with all members in its list; of these the
    file holds those in the box. What several extracts hold is written once, in its newest version.

    Raises
    ------
    SourceError
        When a file is damaged.

    """
    with TemporaryDirectory(dir=out.parent, prefix=".cut-") as folder:
        parts = []
        ordered = Path(folder) / "sorted.osm.pbf"
        for number, file in enumerate(files):
            progress("cutting the extracts", number / len(files))
            parts.append(Path(folder) / f"{number}.osm.pbf")
            try:
                in_order = _in_order(file)
                if not in_order:
                    merge_files([file], ordered)
                _cut(file if in_order else ordered, box, kinds, parts[-1])
            except RuntimeError as error:
                msg = f"The extract {file.name} cannot be read to its end ({error}). Download it again later."
                raise SourceError(msg) from error
        write_file(out, lambda beside: merge_files(parts, beside))
    progress("cutting the extracts", 1.0)


def merge_files(parts: Sequence[Path], out: Path) -> None:
    """Write the objects of all parts in the order nodes, ways, relations, each id once."""
    merge = osmium.MergeInputReader()
    for part in parts:
        merge.add_file(str(part))
    nothing = osmium.io.FileBuffer(b'<osm version="0.6"></osm>', "osm")
    writer = osmium.io.Writer(osmium.io.File(str(out), "osm.pbf"), overwrite=True)
    with osmium.io.Reader(nothing) as reader:
        merge.apply_to_reader(reader, writer)
    writer.close()


def _in_order(file: Path) -> bool:
    """Whether the file says that it holds nodes, ways, relations, each by id: those of the known publishers do."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        return reader.header().get("sorting") == "Type_then_ID"


def extract_date(file: Path) -> str:
    """ISO date of the map data, "" where the file does not say."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        return reader.header().get("osmosis_replication_timestamp")[:10]


class _Wanted(NamedTuple):
    """Relations of a file that may be needed, wherever they are, and what decides whether they are.

    Attributes
    ----------
    whole
        Ids of areas, sites and turn restrictions; kept with all they consist of when they enter the box.
    ways
        Ids of the ways that these consist of.
    routes
        Stops and platforms of each public transport route, ways of each ferry too, as type and id; kept when one of them is.
    masters
        Routes of each route_master; kept when one of them is.

    """

    whole: set[int]
    ways: set[int]
    routes: dict[int, list[tuple[str, int]]]
    masters: dict[int, list[int]]


def _cut(file: Path, box: Box, kinds: FacilityKinds, out: Path) -> None:
    keys = (
        kinds.keys
        | FORMER_KEYS
        | {SITE}
        | _STREET_KEYS
        | NODE_KEYS
        | {key for key, _ in NODE_TAGS}
        | TURN_KEYS
        | {"place"}
    )
    wanted = _relations(file, kinds)
    stops = {member for members in wanted.routes.values() for member in members}
    telling = osmium.filter.KeyFilter(*sorted(keys))
    telling.enable_for(osmium.osm.NODE)
    kept, near, in_box = osmium.IdTracker(), set[int](), set[tuple[str, int]]()
    for entity in osmium.FileProcessor(file).with_locations().with_filter(telling):
        if isinstance(entity, Node):
            if entity.location.valid() and _inside(box, entity.lon, entity.lat):
                kept.add_node(entity.id)
                in_box.add(("n", entity.id))
        elif isinstance(entity, Way):
            if not _starts_near(box, entity):
                continue
            told = ("w", entity.id) in stops or not keys.isdisjoint(key for key, _ in entity.tags)
            if (told or entity.id in wanted.ways) and _enters(box, entity):
                near.add(entity.id)
                in_box.add(("w", entity.id))
                if told:
                    kept.add_way(entity.id)
        elif isinstance(entity, Relation) and entity.id in wanted.whole and _reaches(entity, near, in_box):
            in_box.add(("r", entity.id))
            kept.add_relation(entity.id)
            kept.add_references(entity)
    kept.complete_backward_references(str(file))
    for route in _stopping(wanted, in_box):
        kept.add_relation(route)
    with osmium.io.Reader(str(file)) as reader, osmium.SimpleWriter(str(out), overwrite=True) as writer:
        osmium.apply(reader, kept.id_filter(), writer)


def _stopping(wanted: _Wanted, in_box: set[tuple[str, int]]) -> Iterator[int]:
    """Ids of the routes with a stop in the box, and of their route_masters."""
    routes = {route for route, members in wanted.routes.items() if not in_box.isdisjoint(members)}
    yield from routes
    yield from (master for master, members in wanted.masters.items() if not routes.isdisjoint(members))


def _relations(file: Path, kinds: FacilityKinds) -> _Wanted:
    wanted = _Wanted(set(), set(), {}, {})
    for relation in osmium.FileProcessor(file, osmium.osm.RELATION):
        if not isinstance(relation, Relation):
            continue
        tags = site_tags(dict(relation.tags))
        is_area = tags.get("type") in _AREA_TYPES and (
            tags.get("place") in PLACE_KINDS or not _STREET_KEYS.isdisjoint(tags)
        )
        is_service = tags.get("type") in (*_AREA_TYPES, SITE) and is_facility(tags, kinds)
        is_platform = tags.get("public_transport") == "platform"
        is_ferry = tags.get("route") == "ferry"
        if is_area or is_service or is_platform or not TURN_KEYS.isdisjoint(tags):
            wanted.whole.add(relation.id)
            wanted.ways.update(_ways(relation))
        elif tags.get("type") == "route" and (is_ferry or tags.get("route") in ROUTE_KINDS):
            wanted.routes[relation.id] = [
                (member.type, member.ref)
                for member in relation.members
                if "stop" in member.role or "platform" in member.role or (is_ferry and member.type == "w")
            ]
        elif tags.get("type") == "route_master":
            wanted.masters[relation.id] = [member.ref for member in relation.members if member.type == "r"]
    return wanted


def _reaches(relation: Relation, near: set[int], in_box: set[tuple[str, int]]) -> bool:
    """Whether a way of the relation enters the box, or a node of it stands there by itself."""
    return not near.isdisjoint(_ways(relation)) or any(
        ("n", member.ref) in in_box for member in relation.members if member.type == "n"
    )


def _ways(relation: Relation) -> set[int]:
    return {member.ref for member in relation.members if member.type == "w"}


def _starts_near(box: Box, way: Way) -> bool:
    """Whether the way is worth a closer look: most ways of a large extract are not."""
    first = next((node.location for node in way.nodes if node.location.valid()), None)
    return first is not None and _inside(box, first.lon, first.lat, _FAR_DEG)


def _enters(box: Box, way: Way) -> bool:
    """Whether a node of the way is in the box."""
    return any(
        _inside(box, node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()
    )


def _inside(box: Box, lon: float, lat: float, margin: float = 0.0) -> bool:
    in_width = box.west - margin <= lon <= box.east + margin
    return in_width and box.south - margin <= lat <= box.north + margin
