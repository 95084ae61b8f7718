"""Street graphs of OSMnx in and out: networkx.MultiDiGraph with x, y on nodes and osmid, highway, oneway on edges.

What OSMnx writes on nodes and edges of a graph, checked and brought into OSM's own terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyproj
import shapely

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.extras import of_extra
from data.osm.countries import with_country_rules
from data.osm.streets import NODE_KEYS, NODE_TAGS, WAY_KEYS, WAY_TAGS, deciding_node_tags, deciding_way_tags
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap, TagSet

Point: TypeAlias = tuple[float, float]
Node: TypeAlias = tuple[int, dict[str, Any]]
Edge: TypeAlias = tuple[int, int, int, dict[str, Any]]
"""From node to node, its key among those between the two, and its attributes."""


def whole(value: object, what: str) -> int:
    """Return `value` as an int, also where it is a numpy integer or text."""
    try:
        number = int(str(value))
    except ValueError as error:
        msg = f"{what} is {value!r}, which is not a whole number; use the OSM ids, as OSMnx does."
        raise InputError(msg) from error
    return number


def osmids(data: dict[str, Any], where: str) -> tuple[int, ...]:
    """OSM ids of an edge, sorted: simplification merges several ways, in no particular order."""
    value = data.get("osmid")
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({whole(osmid, f"The osmid of {where}") for osmid in values}))


def position(data: dict[str, Any], node: object) -> Point:
    """Coordinates x and y of a node, in the graph's own coordinates."""
    try:
        x, y = float(data["x"]), float(data["y"])
    except (KeyError, TypeError, ValueError):
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        msg = f"Node {node!r} of the graph has no usable x and y; every node needs its coordinates (lon and lat)."
        raise InputError(msg)
    return x, y


def inner_points(geometry: object, start: Point, end: Point, where: str) -> list[Point]:
    """Points of an edge's line between its ends, in the direction of travel; none where there is no geometry."""
    if geometry is None:
        return []
    if not isinstance(geometry, shapely.LineString):
        msg = f"The geometry of {where} is no shapely LineString; load saved graphs with osmnx.load_graphml."
        raise InputError(msg)
    points = [(point[0], point[1]) for point in geometry.coords]
    as_drawn = math.dist(points[0], start) + math.dist(points[-1], end)
    turned = math.dist(points[0], end) + math.dist(points[-1], start)
    return points[-2:0:-1] if turned < as_drawn else points[1:-1]


def texts(data: dict[str, Any], keys: frozenset[str]) -> tuple[dict[str, str], list[str]]:
    """Attributes under `keys` as OSM would write them, and the keys that had several values."""
    texts: dict[str, str] = {}
    several = []
    for key in sorted(keys & data.keys()):
        value = data[key]
        values = sorted(
            {_text(one) for one in (value if isinstance(value, list) else [value])} - {""}, key=_rank
        )
        if values:
            texts[key] = values[0]
        if len(values) > 1:
            several.append(key)
    return texts, several


def _text(value: object) -> str:
    """One attribute value as OSM would write it, "" for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if math.isnan(value) else f"{value:g}"
        case _:
            return str(value)


def _rank(text: str) -> tuple[float, str]:
    """Order numbers by size and before words."""
    number, _, _ = text.partition(" ")
    return (float(number) if number.isdecimal() else math.inf, text)


if TYPE_CHECKING:
    import networkx as nx

    Graph: TypeAlias = nx.MultiDiGraph[Any]

WGS84 = "epsg:4326"
_SAME_DECIMALS = 9
"""Decimals of a degree up to which a twin edge repeats the shape of its counterpart: a tenth of a millimetre."""

_WAY_ATTRIBUTES = (WAY_KEYS | {key for key, _ in WAY_TAGS}) - {"oneway"}
_NODE_ATTRIBUTES = NODE_KEYS | {key for key, _ in NODE_TAGS}


class _Edge(NamedTuple):
    """A directed edge: end nodes, OSM ids, shape from end to end (lon, lat) and deciding tags without oneway.

    `against` tells that it runs against its way, so that tags like maxspeed:forward mean the other direction.
    """

    start: int
    end: int
    osmids: tuple[int, ...]
    shape: tuple[Point, ...]
    tags: TagSet
    against: bool

    def turned(self) -> _Edge:
        """The same edge written from its end to its start."""
        return self._replace(start=self.end, end=self.start, shape=self.shape[::-1])

    def key(self) -> tuple[object, ...]:
        """Identity: ends, ways and shape."""
        shape = tuple((round(lon, _SAME_DECIMALS), round(lat, _SAME_DECIMALS)) for lon, lat in self.shape)
        return self.start, self.end, self.osmids, shape


def from_networkx(graph: Graph) -> tuple[StreetMap, BuildReport]:
    """Streets of an OSMnx graph, simplified or not, in any coordinate reference system.

    Every edge becomes a way; an edge and its twin in the other direction (same OSM ids and shape) become one way with
    `oneway=no`, an edge without a twin one with `oneway=yes`: the graph itself says which direction is open. The points
    of an edge's geometry become nodes with made-up negative ids. The way's id is the lowest `osmid`. Where an edge
    of several ways has several values of a tag, the lowest number or the first in the alphabet is taken (OSMnx does
    not keep their order) and counted as assumed. Such a graph has no turn restrictions.

    Raises
    ------
    InputError
        If the graph is not directed with parallel edges, has no edge, no `crs`, nodes without x and y or with ids that
        are not whole numbers, edges without `osmid` or with a geometry that is no line, or was made with `all_oneway`.

    """
    _check_graph(graph)
    ids = {node: whole(node, f"The id of node {node!r}") for node in graph.nodes}
    to_wgs84 = _Projection(graph.graph["crs"])
    place = dict(zip(ids, to_wgs84([position(graph.nodes[node], node) for node in ids]), strict=True))
    mixed: list[str] = []
    edges = []
    for start, end, data in graph.edges(data=True):
        where = f"the edge from {start} to {end}"
        inner = inner_points(
            data.get("geometry"), position(graph.nodes[start], start), position(graph.nodes[end], end), where
        )
        tags, several = texts(data, _WAY_ATTRIBUTES)
        mixed += [f"{start}-{end} {key}" for key in several]
        edges.append(
            _Edge(
                start=ids[start],
                end=ids[end],
                osmids=osmids(data, where),
                shape=(place[start], *to_wgs84(inner), place[end]),
                tags=deciding_way_tags(tags),
                against=data.get("reversed") is True,
            )
        )
    node_tags = {
        ids[node]: deciding_node_tags(texts(data, _NODE_ATTRIBUTES)[0])
        for node, data in graph.nodes(data=True)
    }
    streets, report = with_country_rules(_street_map(_ways(edges), node_tags))
    what = "one value chosen where an edge has several values of a tag"
    return streets, finding("streets", "assumed", what, mixed) + report


def to_networkx(streets: StreetMap) -> Graph:
    """Return the streets as an OSMnx graph before simplification: one edge per direction and pair of neighbouring nodes.

    Nodes have x, y (lon, lat in degrees); edges have osmid, oneway, reversed, length (metres on the WGS84 ellipsoid)
    and the deciding tags. Directions are those of vehicles: oneway=*, else one way on motorways and roundabouts.
    """
    with of_extra("graphs"):
        import networkx as nx  # noqa: PLC0415 - only who exports waits for it

    graph: Graph = nx.MultiDiGraph(crs=WGS84, simplified=False, created_with="dorpshub")
    for row, (node, lon, lat) in enumerate(
        zip(streets.node_id.tolist(), streets.lon_deg.tolist(), streets.lat_deg.tolist(), strict=True)
    ):
        graph.add_node(node, x=lon, y=lat, **dict(streets.tag_sets[streets.node_tags[row]]))
    tail, head, way = streets.segments()
    geod = pyproj.Geod(ellps="WGS84")
    lon_deg, lat_deg = streets.lon_deg, streets.lat_deg
    _, _, length_m = geod.inv(lon_deg[tail], lat_deg[tail], lon_deg[head], lat_deg[head])
    for u, v, row, length in zip(
        streets.node_id[tail].tolist(),
        streets.node_id[head].tolist(),
        way.tolist(),
        length_m.tolist(),
        strict=True,
    ):
        tags = dict(streets.tag_sets[streets.way_tags[row]])
        forward, backward = _directions(tags)
        data = tags | {"osmid": int(streets.way_id[row]), "length": length, "oneway": forward != backward}
        if forward:
            graph.add_edge(u, v, **(data | {"reversed": False}))
        if backward:
            graph.add_edge(v, u, **(data | {"reversed": forward}))
    return graph


def graph_of(nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
    """Return a graph as OSMnx has it after simplification; nodes have x and y in degrees."""
    with of_extra("graphs"):
        import networkx as nx  # noqa: PLC0415 - only who exports waits for it

    graph: Graph = nx.MultiDiGraph(crs=WGS84, simplified=True, created_with="dorpshub")
    graph.add_nodes_from(nodes)
    for start, end, key, data in edges:
        graph.add_edge(start, end, key, **data)
    return graph


def _check_graph(graph: Graph) -> None:
    if not (graph.is_directed() and graph.is_multigraph()):
        msg = "The graph must be a networkx.MultiDiGraph as OSMnx makes it; an undirected graph does not say where one may drive."
        raise InputError(msg)
    if graph.number_of_edges() == 0:
        msg = "The graph contains no streets: it has no edge."
        raise InputError(msg)
    if any(isinstance(data.get("oneway"), str) for _, _, data in graph.edges(data=True)):
        msg = (
            "The graph's edges carry OSM's own oneway texts instead of true and false, so it was made with OSMnx's "
            "setting all_oneway and lacks the second direction of its streets; make it again without."
        )
        raise InputError(msg)
    if "crs" not in graph.graph:
        msg = f"The graph does not say in which coordinates it is; set graph.graph['crs'] (lon and lat: '{WGS84}')."
        raise InputError(msg)


class _Projection:
    """Brings points of a coordinate reference system to lon, lat."""

    def __init__(self, crs: object) -> None:
        try:
            source = pyproj.CRS.from_user_input(crs)
        except pyproj.exceptions.CRSError as error:
            msg = f"The graph's crs {crs!r} is unknown; set graph.graph['crs'] to a code like '{WGS84}'."
            raise InputError(msg) from error
        self._transform = pyproj.Transformer.from_crs(source, WGS84, always_xy=True)
        self._is_wgs84 = source == pyproj.CRS.from_user_input(WGS84)

    def __call__(self, points: list[Point]) -> list[Point]:
        if self._is_wgs84 or not points:
            return points
        lon, lat = self._transform.transform(*np.array(points).T)
        return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _ways(edges: list[_Edge]) -> list[_Edge]:
    """Join the two directions of a street, and write into the tags of each which direction is open."""
    ways: list[_Edge] = []
    without_twin: dict[tuple[object, ...], list[int]] = {}
    for edge in sorted(edges, key=lambda edge: edge.against):
        twins = without_twin.get(edge.turned().key())
        if twins:
            number = twins.pop()
            ways[number] = _with_oneway(ways[number], "no")
        else:
            without_twin.setdefault(edge.key(), []).append(len(ways))
            ways.append(_with_oneway(edge, "yes"))
    return [
        _with_oneway(way.turned(), "-1") if way.against and ("oneway", "yes") in way.tags else way
        for way in ways
    ]


def _with_oneway(edge: _Edge, value: str) -> _Edge:
    return edge._replace(tags=deciding_way_tags(dict(edge.tags) | {"oneway": value}))


def _street_map(ways: list[_Edge], node_tags: dict[int, TagSet]) -> StreetMap:
    """Lay the ways out as columns; points between their ends get negative ids that no node has."""
    place: dict[int, Point] = {}
    made_up = min(0, *(min(way.start, way.end) for way in ways))
    refs: list[int] = []
    first = [0]
    for way in ways:
        inner = range(made_up - 1, made_up - 1 - len(way.shape[1:-1]), -1)
        made_up -= len(inner)
        path = (way.start, *inner, way.end)
        place.update(zip(path, way.shape, strict=True))
        refs += path
        first.append(len(refs))
    numbers: dict[TagSet, int] = {(): 0}
    way_tags = [numbers.setdefault(way.tags, len(numbers)) for way in ways]
    ids, way_node = np.unique(np.array(refs, dtype=np.int64), return_inverse=True)
    tags = [numbers.setdefault(node_tags.get(node, ()), len(numbers)) for node in ids.tolist()]
    lon_lat = np.array([place[node] for node in ids.tolist()], dtype=np.float64)
    return StreetMap(
        node_id=ids,
        lon_deg=lon_lat[:, 0].copy(),
        lat_deg=lon_lat[:, 1].copy(),
        node_tags=np.array(tags, dtype=np.int32),
        way_id=np.array([way.osmids[0] for way in ways], dtype=np.int64),
        way_offset=np.array(first, dtype=np.int64),
        way_node=way_node.astype(np.int32),
        way_tags=np.array(way_tags, dtype=np.int32),
        tag_sets=tuple(numbers),
    )


def _directions(tags: Tags) -> tuple[bool, bool]:
    """Whether vehicles may go along and against a way, see https://wiki.openstreetmap.org/wiki/Key:oneway."""
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") in (
        "motorway",
        "motorway_link",
    )
    return True, not (oneway in ("yes", "true", "1") or (implied and oneway not in ("no", "false", "0")))
