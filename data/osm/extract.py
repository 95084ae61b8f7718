"""OpenStreetMap files in: streets, places and facilities of an extract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from xml.sax import SAXParseException

import numpy as np
import osmium
import shapely
from osmium.osm import Area, Changeset, Node, Relation
from osmium.osm import Way as OsmWay

from data.build_report import BuildReport, finding
from data.columns import Int64s, distinct
from data.errors import InputError, no_file
from data.osm.conditions import judge_streets
from data.osm.countries import with_country_rules
from data.osm.features import (
    PLACE_KINDS,
    Feature,
    OsmFacilities,
    OsmPlaces,
    is_facility,
    osm_facilities,
    osm_places,
)
from data.osm.ferries import FerryRoutes, read_ferry_routes, with_ferry_routes
from data.osm.file_names import SUFFIXES, is_osm_file
from data.osm.presence import FORMER, FORMER_KEYS, former_kinds
from data.osm.readable import merged, readable
from data.osm.sites import SITE, Site, site_tags, sites_placed
from data.osm.streets import (
    NODE_KEYS,
    NODE_TAGS,
    RawWays,
    build_street_map,
    deciding_node_tags,
    is_street,
    way_kind,
)
from data.osm.turns import TURN_KEYS, RawTurns, with_turns
from data.osm.water import WATER_KEYS, RawWater, is_course, is_surface, with_water
from data.osm.written import Locations, WayBlock, read_ways, storage_in, writer_of_lines
from data.parameters.facility_kinds import FacilityKinds, Tags
from data.streets import StreetMap

NINE_S = 9 * 3600
"""When departures begin where nobody says when: that of the command's `--depart`."""
ENTRANCE = "entrance"
DOORS = ("main", "yes", "shop", "secondary")
"""Entrances that visitors use, the best first: https://wiki.openstreetmap.org/wiki/Key:entrance."""

STREET_KEYS = frozenset(["highway", "route", "railway", "public_transport"])
AREA_RELATIONS = ("multipolygon", "boundary")
"""Of which libosmium makes areas, besides closed ways."""
IN_ORDER = "Type_then_ID"
"""What the head of a file says that is sorted by type and id."""
_TYPES = {"n": "node", "w": "way", "r": "relation"}
_FORMAT_PROBLEMS = (RuntimeError, ValueError, osmium.InvalidLocationError, SAXParseException)
"""What libosmium raises for a file it cannot read to the end."""


@dataclass(frozen=True, slots=True)
class OsmExtract:
    """What an OSM file holds for this project, and what was left out or mended on the way.

    Attributes
    ----------
    streets, places, facilities, report
        Contents.
    is_dated
        Whether streets hold on some days only, so that those of another date are others.

    """

    streets: StreetMap
    places: OsmPlaces
    facilities: OsmFacilities
    report: BuildReport
    is_dated: bool


@dataclass(slots=True)
class _Contents:
    """What one pass over the file collects.

    Areas have ids as libosmium counts them: `expected` are those that it should make, `made` those that came, and
    `outlined` those of them of which a place or facility has its outline.
    """

    ways: RawWays = field(default_factory=RawWays)
    squares: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    surfaces: list[tuple[int, list[int]]] = field(default_factory=list)
    turns: RawTurns = field(default_factory=RawTurns)
    water: RawWater = field(default_factory=RawWater)
    ferries: FerryRoutes = field(default_factory=FerryRoutes)
    features: list[Feature] = field(default_factory=list)
    telling_ways: dict[int, tuple[Tags, list[int]]] = field(default_factory=dict)
    telling_relations: dict[int, Tags] = field(default_factory=dict)
    expected: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    outlined: set[int] = field(default_factory=set)
    sites: list[Site] = field(default_factory=list)
    doors: dict[int, str] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)

    @property
    def pending_ways(self) -> dict[int, tuple[Tags, list[int]]]:
        """Places and facilities that are ways, of which there is no outline."""
        return {way: told for way, told in self.telling_ways.items() if 2 * way not in self.outlined}

    @property
    def pending_relations(self) -> list[int]:
        """Those that are relations."""
        return [one for one in self.telling_relations if 2 * one + 1 not in self.outlined]


def read_osm(
    path: Path, kinds: FacilityKinds, day: dt.date | None = None, start_s: int = NINE_S
) -> OsmExtract:
    """Read streets with their turn restrictions, places and the facilities of `kinds` from an `.osm.pbf`, `.osm` or `.osm.gz` file.

    Facilities are those that are there on `day`; None is the day of the map, see `map_day`.

    Areas are closed ways and multipolygon or boundary relations; their place is an entrance on their outline, else a
    point certain to be inside them. A site relation is the area that its members span. A
    way whose outline does not close or crosses itself is placed at the mean of its nodes, a relation without a
    complete outline is dropped; both are counted. A file that is not in the order nodes, ways, relations is sorted
    first. Objects that were deleted in an editor are left out.

    What holds at certain times only (turns, access, limits, seasons and hours of ferries) is judged on `day` at
    `start_s`, when the departures begin; without a day it does not hold.

    Raises
    ------
    InputError
        If the file is missing, of another format, damaged, without streets, or has objects that were never uploaded
        (negative ids).

    """
    streets, report, is_dated, (contents, features) = _read(path, kinds, day, start_s)
    places, place_report = osm_places(features)
    facilities, facility_report = osm_facilities(features, kinds, day or map_day(path))
    report += place_report + facility_report
    former = sorted(contents.former, key=_type_order)
    report += finding("facilities", "dropped", FORMER, former)
    return OsmExtract(streets, places, facilities, report, is_dated)


def read_osm_streets(
    path: Path, day: dt.date | None = None, start_s: int = NINE_S
) -> tuple[StreetMap, BuildReport]:
    """Read the streets of an OSM file alone, as `read_osm`; what else is in it is not looked at."""
    return _read(path, FacilityKinds(()), day, start_s)[:2]


def _read(
    path: Path, kinds: FacilityKinds, day: dt.date | None, start_s: int
) -> tuple[StreetMap, BuildReport, bool, tuple[_Contents, list[Feature]]]:
    """Streets, what was met, whether they hold on some days only; and all places and features of `kinds`, if any."""
    _check_path(path)
    at = None if day is None else dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=start_s)
    try:
        with readable(path) as (file, deleted):
            contents, locations, in_order = _read_in_order(file, kinds, at)
            features, feature_report = _placed(file, contents, locations)
    except _FORMAT_PROBLEMS as error:
        msg = (
            f"{path.name} cannot be read as an OSM file: {error}. It may be incomplete or not what its name says; "
            "download or export it again."
        )
        raise InputError(msg) from error
    _refuse_negative_ids(path, locations.ids)
    streets, report = build_street_map(contents.ways, locations)
    if len(streets.way_id) == 0:
        msg = f"{path.name} contains no streets; is it an OSM extract of ways and nodes?"
        raise InputError(msg)
    streets = with_water(streets, contents.water, locations)
    streets, turn_report = with_turns(streets, contents.turns)
    streets, ferry_report = with_ferry_routes(streets, contents.ferries)
    streets, country_report = with_country_rules(streets)
    streets, time_report = judge_streets(streets, at)
    report += finding("streets", "dropped", "objects that were deleted in the editor", deleted)
    report += turn_report + ferry_report + country_report + time_report + feature_report
    report += finding(
        "streets",
        "repaired",
        "files not in the order nodes, ways, relations",
        [] if in_order else [path.name],
    )
    is_dated = bool(time_report.findings or contents.turns.judged)
    return streets, report, is_dated, (contents, features)


def map_date(path: Path) -> str:
    """ISO date of the data of an OSM file as its header tells it, "" where it does not."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        return reader.header().get("osmosis_replication_timestamp", "")[:10]


def map_day(path: Path) -> dt.date:
    """Day of the map data by the head of the file; where that says nothing, the day on which the file was written."""
    try:
        return dt.date.fromisoformat(map_date(path))
    except ValueError:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()


def _check_path(path: Path) -> None:
    """Refuse what is certainly no OSM file before libosmium sees it."""
    if path.is_dir():
        msg = f"{path} is a folder; name the OSM file inside it ({', '.join(SUFFIXES)})."
    elif not path.exists():
        msg = no_file(path)
    elif not is_osm_file(path.name):
        msg = f"{path.name} is not an OSM file by its name; give one that ends in {', '.join(SUFFIXES)}."
    elif path.stat().st_size == 0:
        msg = f"{path.name} is empty; download or export it again."
    else:
        return
    raise InputError(msg)


def _with_ferries(path: Path, at: dt.datetime | None) -> _Contents:
    """Nothing yet but the routes of ferries, and the ways that are ferries by their route only."""
    contents = _Contents(turns=RawTurns(at), ferries=read_ferry_routes(path))
    for unsaid in contents.ferries.unsaid():
        contents.ways.add(*unsaid)
    return contents


class _Telling(NamedTuple):
    """Keys by which objects are looked at; without kinds only what is or concerns a street tells something."""

    kinds: FacilityKinds
    features: frozenset[str]
    """Keys of places and facilities."""
    former: frozenset[str]
    """Keys of what was a facility once."""
    nodes: frozenset[str]
    """Keys of nodes: fences, parking places and shops have keys of access too, which only tell something on a street."""
    areas: frozenset[str]
    """Keys of areas, as which relations matter: platforms and squares, places and facilities, water."""

    def is_feature(self, tags: Tags) -> bool:
        """Whether something is a place or a facility of the kinds."""
        is_place = tags.get("place") in PLACE_KINDS
        return not self.features.isdisjoint(tags) and (is_place or is_facility(tags, self.kinds))

    def is_former(self, tags: Tags) -> bool:
        """Whether something was a facility once, or will be one."""
        return not FORMER_KEYS.isdisjoint(tags) and bool(former_kinds(tags, self.kinds))


def _telling(kinds: FacilityKinds) -> _Telling:
    features = kinds.keys | {"place", SITE} if kinds.kinds else frozenset[str]()
    former = FORMER_KEYS if kinds.kinds else frozenset[str]()
    doors = {ENTRANCE} if kinds.kinds else set[str]()
    nodes = features | former | NODE_KEYS | {key for key, _ in NODE_TAGS} | doors
    return _Telling(kinds, features, former, nodes, features | STREET_KEYS | WATER_KEYS)


def _collect(path: Path, kinds: FacilityKinds, at: dt.datetime | None) -> tuple[_Contents, Locations]:
    """Go through the file once (libosmium looks at the relations before that), only at objects with a telling key.

    Ways, which are most of them, are taken from lines of text afterwards.
    """
    contents, telling = _with_ferries(path, at), _telling(kinds)
    of_nodes, of_others, of_areas = (
        osmium.filter.KeyFilter(*sorted(keys))
        for keys in (telling.nodes, telling.areas | telling.former | TURN_KEYS, telling.areas)
    )
    of_nodes.enable_for(osmium.osm.NODE)
    of_others.enable_for(osmium.osm.WAY | osmium.osm.RELATION | osmium.osm.AREA)
    no_ways = osmium.filter.EntityFilter(~osmium.osm.WAY)
    # Where files cannot be removed while they are mapped into memory, they stay until the system removes them.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines, places = Path(folder) / "ways.opl", Path(folder) / "places"
        with writer_of_lines(lines) as writer:
            processor = osmium.FileProcessor(path).with_locations(storage_in(places)).with_areas(of_areas)
            for told in (of_nodes, of_others, writer, no_ways):
                processor.with_filter(told)
            for entity in processor:
                if not isinstance(entity, Changeset | OsmWay) and entity.visible:
                    _take(entity, contents, telling)
        for block in read_ways(lines):
            _take_ways(block, contents, telling)
        # When areas come depends on how many there are of any kind.
        for square in sorted(contents.squares, key=itemgetter(0)):
            contents.ways.add(*square)
        for _, refs in sorted(contents.surfaces, key=itemgetter(0)):
            contents.water.add(refs)
        return contents, Locations(places, _refs(contents))


def _take(entity: Node | Relation | Area, contents: _Contents, telling: _Telling) -> None:
    """Keep what an object tells that is no way."""
    tags = dict(entity.tags)
    if isinstance(entity, Area):
        contents.made.add(entity.id)
        _take_area(entity, tags, contents, telling)
        return
    if isinstance(entity, Relation):
        tags = site_tags(tags)
    if telling.is_former(tags):
        contents.former.append(f"{_TYPES[entity.type_str()]}/{entity.id}")
    if isinstance(entity, Node):
        _take_node(entity, tags, contents, telling)
    else:
        _take_relation(entity, tags, contents, telling)


def _take_node(node: Node, tags: dict[str, str], contents: _Contents, telling: _Telling) -> None:
    """Keep what a node says of a street it may lie on, and the node itself if it is a place or facility."""
    deciding = deciding_node_tags(tags)
    if deciding:
        contents.ways.node_tags[node.id] = deciding
    door = tags.get(ENTRANCE, "no")
    if door in DOORS:
        contents.doors[node.id] = door
    if node.location.valid() and telling.is_feature(tags):
        contents.features.append(
            Feature(f"node/{node.id}", tags, node.lon, node.lat, None, has_door=door in DOORS)
        )


def _take_ways(block: WayBlock, contents: _Contents, telling: _Telling) -> None:
    """Keep streets, courses of water, and the tags of places and facilities in case that they have no outline."""

    def ways_of(tells: Callable[[Tags], bool]) -> Int64s:
        is_told = np.array([tells(tags) for tags in block.tag_sets])
        return np.flatnonzero(is_told[block.tags])

    def refs_of(way: int) -> list[int]:
        refs: list[int] = block.refs[block.offset[way] : block.offset[way + 1]].tolist()
        return refs

    may_be_areas = ways_of(lambda tags: tags.get("area") != "no" and not telling.areas.isdisjoint(tags))
    areas = may_be_areas[block.is_closed[may_be_areas]]
    contents.expected.update((2 * block.id[areas]).tolist())
    contents.former.extend(f"way/{way}" for way in block.id[ways_of(telling.is_former)].tolist())
    contents.ways.extend(block, [way_kind(tags) for tags in block.tag_sets])
    for row in ways_of(is_course).tolist():
        contents.water.add(refs_of(row))
    for row in ways_of(telling.is_feature).tolist():
        contents.telling_ways[int(block.id[row])] = block.tag_sets[block.tags[row]], refs_of(row)


def _take_area(area: Area, tags: dict[str, str], contents: _Contents, telling: _Telling) -> None:
    """Keep a place or facility with its outline, and the rings of a square that is mapped as a relation."""
    if area.num_rings()[0] == 0:
        return
    if not area.from_way() and is_street(tags):
        for refs in _rings(area):
            contents.squares.append((-area.orig_id(), refs, tags | {"area": "yes"}))
    if is_surface(tags):
        for refs in _rings(area):
            contents.surfaces.append((area.id, refs))
    if telling.is_feature(tags):
        contents.outlined.add(area.id)
        outline = shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(area))
        doors = [
            (DOORS.index(contents.doors[node.ref]), node.ref, node.lon, node.lat)
            for ring in area.outer_rings()
            for node in ring
            if node.ref in contents.doors
        ]
        inside = shapely.point_on_surface(outline)
        lon_deg, lat_deg = min(doors)[2:] if doors else (inside.x, inside.y)
        name = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        contents.features.append(Feature(name, tags, lon_deg, lat_deg, outline, has_door=bool(doors)))


def _take_relation(relation: Relation, tags: dict[str, str], contents: _Contents, telling: _Telling) -> None:
    """Keep a turn restriction, a site, and the tags of a place or facility in case that it has no outline."""
    if tags.get("type") in AREA_RELATIONS and not telling.areas.isdisjoint(tags):
        contents.expected.add(2 * relation.id + 1)
    members = ((member.type, member.ref, member.role) for member in relation.members)
    if tags.get("type") == SITE and telling.is_feature(tags):
        contents.sites.append(Site(relation.id, tags, list(members)))
        return
    contents.turns.add(relation.id, tags, members)
    if telling.is_feature(tags):
        contents.telling_relations[relation.id] = tags


def _rings(area: Area) -> Iterator[list[int]]:
    """Node ids of each outer and inner ring."""
    for outer in area.outer_rings():
        yield [node.ref for node in outer]
        for inner in area.inner_rings(outer):
            yield [node.ref for node in inner]


def _read_in_order(
    path: Path, kinds: FacilityKinds, at: dt.datetime | None
) -> tuple[_Contents, Locations, bool]:
    """Read the file, by way of a sorted copy if need be, and tell whether it was in order.

    Libosmium refuses ways that are out of order, but does not always notice when nodes are, or when they follow the
    ways: it then just does not find them, or only once their areas should have been put together.
    """
    try:
        contents, locations = _collect(path, kinds, at)
        is_whole = contents.expected <= contents.made or _nodes_come_first(path)
        if is_whole and not _overlooked_nodes(path, locations.missing):
            return contents, locations, True
    except RuntimeError as error:
        if "out of order" not in str(error):
            raise
    with TemporaryDirectory() as folder:
        return *_collect(merged([path], Path(folder) / "sorted.osm.pbf"), kinds, at), False


def _nodes_come_first(path: Path) -> bool:
    """Whether no node follows a way or relation; where the file does not tell its order, all of it is looked at."""
    with osmium.io.Reader(str(path)) as reader:
        if reader.header().get("sorting") == IN_ORDER:
            return True
    only_nodes = True
    for entity in osmium.FileProcessor(path):
        if not isinstance(entity, Node):
            only_nodes = False
        elif not only_nodes:
            return False
    return True


def _overlooked_nodes(path: Path, missing: Int64s) -> bool:
    """Whether the file does hold some of the nodes that were not found."""
    missing = missing[missing > 0]
    if len(missing) == 0:
        return False
    nodes = osmium.FileProcessor(path, osmium.osm.NODE).with_filter(osmium.filter.IdFilter(missing.tolist()))
    return any(isinstance(node, Node) and node.visible and node.location.valid() for node in nodes)


def _refuse_negative_ids(path: Path, ids: Int64s) -> None:
    if len(ids) and ids[0] < 0:
        msg = (
            f"{path.name} has nodes with negative ids (such as {ids[0]}), drawn in an editor but never uploaded. "
            "Renumber them first, for example with `osmium renumber`."
        )
        raise InputError(msg)


def _refs(contents: _Contents) -> Int64s:
    """Ids of all nodes that a street, water or a way still without an outline refers to, sorted."""
    pending = [ref for _, refs in contents.pending_ways.values() for ref in refs]
    refs = [np.array(some, np.int64) for some in (contents.ways.refs, contents.water.refs, pending)]
    return distinct(np.concatenate(refs))


def _placed(path: Path, contents: _Contents, locations: Locations) -> tuple[list[Feature], BuildReport]:
    """All places and facilities, nodes before ways before relations; outlines that were not found are made up for."""
    sites, without_place = sites_placed(path, contents.sites, locations)
    features = contents.features + sites
    approximate = []
    lost = [f"relation/{relation}" for relation in contents.pending_relations] + without_place
    for way, (tags, refs) in contents.pending_ways.items():
        lon_deg, lat_deg, known = locations(distinct(np.array(refs, dtype=np.int64)))
        if known.any():
            features.append(
                Feature(f"way/{way}", tags, float(lon_deg[known].mean()), float(lat_deg[known].mean()), None)
            )
            approximate.append(f"way/{way}")
        else:
            lost.append(f"way/{way}")
    features.sort(key=_file_order)
    report = finding(
        "features", "repaired", "areas without a proper outline, placed at their nodes' mean", approximate
    )
    return features, report + finding(
        "features", "dropped", "areas of which the file lacks the outline", lost
    )


def _file_order(feature: Feature) -> tuple[int, int]:
    return _type_order(feature.id), int(feature.id.partition("/")[2])


def _type_order(name: str) -> int:
    return ("node", "way", "relation").index(name.partition("/")[0])
