"""OSMnx graphs: in, out, and back again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import cKDTree
from shapely import LineString

from data.errors import InputError
from data.osm.extract import read_osm
from data.osm.graphs import from_networkx, to_networkx
from data.parameters.facility_kinds import load_facility_kinds
from data.streets import StreetMap
from support.files import SHARED

if TYPE_CHECKING:
    from data.osm.graphs import Graph

NEWPORT = SHARED / "newport" / "newport-2023-06-13.osm.pbf"

Directed = tuple[tuple[float, float], tuple[float, float], int]


def square() -> Graph:
    """Four corners: 1-2 both ways with a bend, 2->3 one way, 3-4 both ways straight, 4-1 both ways.

    4 ─── 3
    │     ↑
    1 ~~~ 2
    """
    graph: Graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in {1: (6.0, 52.0), 2: (6.01, 52.0), 3: (6.01, 52.01), 4: (6.0, 52.01)}.items():
        graph.add_node(node, x=x, y=y)
    graph.nodes[2]["highway"] = "crossing"
    graph.nodes[3]["street_count"] = 2
    bend = [(6.0, 52.0), (6.004, 51.999), (6.007, 51.999), (6.01, 52.0)]
    road = {
        "osmid": [12, 11],
        "highway": ["tertiary", "residential"],
        "oneway": False,
        "maxspeed": ["100", "50"],
    }
    graph.add_edge(1, 2, **road, reversed=False, geometry=LineString(bend))
    road = {
        "osmid": [11, 12],
        "highway": ["residential", "tertiary"],
        "oneway": False,
        "maxspeed": ["50", "100"],
    }
    graph.add_edge(2, 1, **road, reversed=True, geometry=LineString(bend[::-1]))
    graph.add_edge(
        2, 3, osmid=13, highway="primary", oneway=True, reversed=False, name="High Street", lanes=2.0
    )
    for start, end, osmid in ((3, 4, 14), (4, 1, 15)):
        graph.add_edge(start, end, osmid=osmid, highway="path", oneway=False, reversed=False)
        graph.add_edge(end, start, osmid=osmid, highway="path", oneway=False, reversed=True)
    return graph


def ways(streets: StreetMap) -> list[tuple[int, list[int], dict[str, str]]]:
    """Id, node ids and tags of each way."""
    bounds = zip(streets.way_offset[:-1], streets.way_offset[1:], strict=True)
    return [
        (
            int(streets.way_id[way]),
            streets.node_id[streets.way_node[first:end]].tolist(),
            dict(streets.tag_sets[streets.way_tags[way]]),
        )
        for way, (first, end) in enumerate(bounds)
    ]


def directed(streets: StreetMap) -> list[Directed]:
    """Every way one may drive between neighbouring nodes, with the way's id, by plain loops."""
    place = dict(
        zip(
            streets.node_id.tolist(),
            zip(streets.lon_deg.tolist(), streets.lat_deg.tolist(), strict=True),
            strict=True,
        )
    )
    found = []
    for osmid, nodes, tags in ways(streets):
        oneway = tags.get("oneway")
        round_and_round = tags.get("junction") in ("roundabout", "circular")
        motorway = tags["highway"] in ("motorway", "motorway_link") if "highway" in tags else False
        for one, other in pairwise(nodes):
            if oneway not in ("-1", "reverse"):
                found.append((place[one], place[other], osmid))
            if oneway in ("-1", "reverse", "no") or (oneway is None and not (round_and_round or motorway)):
                found.append((place[other], place[one], osmid))
    return sorted(found)


def test_twins_become_one_way_and_single_edges_are_one_way() -> None:
    streets, report = from_networkx(square())
    assert ways(streets) == [
        # The bend's two points are made-up nodes; 11 is the lower id; 50 the lower speed.
        (11, [1, -1, -2, 2], {"highway": "residential", "maxspeed": "50", "oneway": "no"}),
        (13, [2, 3], {"highway": "primary", "oneway": "yes"}),
        (14, [3, 4], {"highway": "path", "oneway": "no"}),
        (15, [4, 1], {"highway": "path", "oneway": "no"}),
    ]
    assert streets.node_id.tolist() == [-2, -1, 1, 2, 3, 4]
    assert streets.lon_deg.tolist() == [6.007, 6.004, 6.0, 6.01, 6.01, 6.0]
    assert [streets.tag_sets[row] for row in streets.node_tags] == [
        (),
        (),
        (),
        (("highway", "crossing"),),
        (),
        (),
    ]
    # Both directions of the merged road have two values of highway and of maxspeed.
    assert [(row.action, row.count) for row in report.findings] == [("assumed", 4)]


def test_parallel_edges_stay_apart() -> None:
    graph = square()
    graph.add_edge(2, 3, osmid=20, highway="footway")
    graph.add_edge(
        3, 2, osmid=20, highway="footway", geometry=LineString([(6.01, 52.01), (6.02, 52.0), (6.01, 52.0)])
    )
    streets, _ = from_networkx(graph)
    # The same id, but one is straight and the other goes round: two one-way streets.
    assert [nodes for osmid, nodes, tags in ways(streets) if osmid == 20 and tags["oneway"] == "yes"] == [
        [2, 3],
        [3, -3, 2],
    ]


def test_a_single_edge_against_its_way_keeps_the_direction_of_the_tags() -> None:
    graph: Graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=6.0, y=52.0)
    graph.add_node(2, x=6.1, y=52.0)
    graph.add_edge(2, 1, osmid=9, highway="residential", reversed=True, **{"maxspeed:backward": "30"})
    streets, _ = from_networkx(graph)
    assert ways(streets) == [
        (9, [1, 2], {"highway": "residential", "maxspeed:backward": "30", "oneway": "-1"})
    ]


def test_a_line_drawn_the_other_way_round_is_turned() -> None:
    graph = square()
    line = [(6.01, 52.01), (6.02, 52.007), (6.02, 52.003), (6.01, 52.0)]
    graph.edges[2, 3, 0]["geometry"] = LineString(line)
    streets, _ = from_networkx(graph)
    nodes = next(nodes for osmid, nodes, _ in ways(streets) if osmid == 13)
    latitude = dict(zip(streets.node_id.tolist(), streets.lat_deg.tolist(), strict=True))
    assert [latitude[node] for node in nodes] == [52.0, 52.003, 52.007, 52.01]


def test_a_projected_graph_is_brought_back() -> None:
    graph = square()
    # The Dutch grid point (155000, 463000) is the tower at Amersfoort, at 5.38720621 E, 52.15517440 N in WGS84.
    graph.graph["crs"] = "EPSG:28992"
    for node in graph.nodes:
        graph.nodes[node].update(x=155000.0 + 100 * (node > 1), y=463000.0)
    for edge in graph.edges:
        graph.edges[edge].pop("geometry", None)
    streets, _ = from_networkx(graph)
    row = streets.node_id.tolist().index(1)
    assert streets.lon_deg[row] == pytest.approx(5.38720621, abs=2e-5)
    assert streets.lat_deg[row] == pytest.approx(52.15517440, abs=2e-5)


def test_out_gives_edges_per_direction_with_lengths() -> None:
    streets, _ = from_networkx(square())
    graph = to_networkx(streets)
    assert graph.graph["crs"] == "epsg:4326"
    assert graph.nodes[2] == {"x": 6.01, "y": 52.0, "highway": "crossing"}
    assert sorted((start, end) for start, end in graph.edges() if start > 0 and end > 0) == [
        (1, 4),
        (2, 3),
        (3, 4),
        (4, 1),
        (4, 3),
    ]
    edge = graph.edges[2, 3, 0]
    assert (edge["osmid"], edge["highway"], edge["oneway"], edge["reversed"]) == (13, "primary", True, False)
    assert (graph.edges[4, 1, 0]["reversed"], graph.edges[1, 4, 0]["reversed"]) == (False, True)
    # A hundredth of a degree of latitude at 52 degrees north on the ellipsoid: 111,267 m per degree.
    assert edge["length"] == pytest.approx(1112.67, abs=0.2)


def test_out_and_back_is_the_same() -> None:
    first, _ = from_networkx(square())
    second, report = from_networkx(to_networkx(first))
    assert directed(second) == directed(first)
    assert report.findings == ()


def edges(graph: Graph) -> list[Directed]:
    """The same list as `directed`, from the graph itself."""
    place = {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    return sorted((place[start], place[end], data["osmid"]) for start, end, data in graph.edges(data=True))


@pytest.fixture(scope="module")
def newport() -> StreetMap:
    if not NEWPORT.exists():
        pytest.skip("needs the shared test data")
    return read_osm(NEWPORT, load_facility_kinds()).streets


@pytest.fixture(scope="module")
def town(newport: StreetMap) -> Graph:
    return to_networkx(newport)


def test_a_whole_town_goes_out(newport: StreetMap, town: Graph) -> None:
    assert edges(town) == directed(newport)


def test_a_town_centre_comes_back(town: Graph) -> None:
    centre = [
        node
        for node, data in town.nodes(data=True)
        if abs(data["x"] - -2.995) < 0.015 and abs(data["y"] - 51.588) < 0.01
    ]
    graph = town.subgraph(centre)
    back, _ = from_networkx(graph)
    assert directed(back) == edges(graph)
    # Every segment is one way, not one per direction.
    both = sum(not data["oneway"] for _, _, data in graph.edges(data=True))
    assert len(back.way_id) == graph.number_of_edges() - both // 2
    assert both > 1000


def test_what_osmnx_simplifies_keeps_its_streets(town: Graph) -> None:
    import osmnx as ox  # noqa: PLC0415 - takes seconds

    graph = town.subgraph([node for node in town if town.nodes[node]["x"] < -3.06]).copy()
    simple = ox.simplify_graph(graph)
    streets, _ = from_networkx(simple)
    shape, _ = from_networkx(ox.project_graph(simple))
    plain = edges(graph)
    # Simplification removes nodes without a junction; the points between stay where they were, both ways or one.
    assert {(one, other) for one, other, _ in directed(streets)} <= {(one, other) for one, other, _ in plain}
    assert len(directed(streets)) > 0.99 * len(plain)
    # And projected to metres and back every node lies where one lay, to a millimetre.
    assert len(shape.way_id) == len(streets.way_id)
    there = np.column_stack([streets.lon_deg, streets.lat_deg])
    back = np.column_stack([shape.lon_deg, shape.lat_deg])
    assert there.shape == back.shape
    assert np.max(cKDTree(back).query(there)[0]) < 1e-8
    assert np.max(cKDTree(there).query(back)[0]) < 1e-8


def test_bad_graphs_are_refused() -> None:
    def refuse(graph: Graph, complaint: str) -> None:
        with pytest.raises(InputError, match=complaint):
            from_networkx(graph)

    refuse(nx.MultiGraph(square()), "must be a networkx.MultiDiGraph")  # type: ignore[arg-type]
    refuse(nx.MultiDiGraph(crs="epsg:4326"), "no streets")
    graph = square()
    del graph.graph["crs"]
    refuse(graph, "in which coordinates")
    graph.graph["crs"] = "epsg:nonsense"
    refuse(graph, "epsg:nonsense")
    graph = square()
    del graph.nodes[3]["x"]
    refuse(graph, "Node 3 .* no usable x and y")
    graph = square()
    graph.nodes[3]["y"] = float("nan")
    refuse(graph, "Node 3 .* no usable x and y")
    graph = square()
    del graph.edges[2, 3, 0]["osmid"]
    refuse(graph, "osmid of the edge from 2 to 3 is None")
    graph = square()
    graph.edges[2, 3, 0]["geometry"] = "LINESTRING (0 0, 1 1)"
    refuse(graph, "geometry of the edge from 2 to 3")
    graph = square()
    graph.edges[2, 3, 0]["oneway"] = "yes"
    refuse(graph, "all_oneway")
    refuse(nx.relabel_nodes(square(), {1: "Aa"}), "'Aa'")
