"""Contraction of streets to edges, and points on them, on maps small enough to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.projection import Projection, geod
from data.streets import StreetMap
from network.modes.modes import PROFILES
from network.streets.delays import delay_table
from network.streets.network import CLOSED_S, StreetNetwork, build_street_network
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from support.toys.networks import CORNER_M, RD, street_map
from support.toys.streets import (
    BIKE,
    CAR,
    LIGHTS,
    LINE,
    STREET,
    WALK,
    at,
    built,
    has_streets,
    matrix,
    nearest,
    random_maps,
    straight,
)


def test_nodes_that_only_lead_on_disappear() -> None:
    # A-B-C-D is one street of 300 m: one edge between its two ends.
    network = built(street_map(LINE, [("ABCD", STREET)]))
    assert network.n_edges == 1
    assert network.n_nodes == 2
    assert network.edge_length_m[0] == pytest.approx(300, abs=0.1)
    assert np.diff(network.vertex_offset).tolist() == [4]


def test_two_ways_in_opposite_directions_join_to_one_edge() -> None:
    # The second way is mapped from D to B; for a street of equal speed both ways that makes no difference.
    assert built(street_map(LINE, [("AB", STREET), ("DCB", STREET)])).n_edges == 1


def test_an_edge_ends_where_the_speed_changes() -> None:
    # The footway is slower for bikes and closed to cars, so B stays a junction although only two ways meet there.
    network = built(street_map(LINE, [("AB", STREET), ("BCD", {"highway": "footway"})]))
    assert sorted(network.edge_length_m.round().tolist()) == [100, 200]


def test_a_one_way_street_is_closed_against_its_direction_for_cars_and_open_on_foot() -> None:
    network = built(street_map(LINE, [("ABCD", STREET | {"oneway": "yes"})]))
    both = np.array([network.forward_s[:, 0], network.backward_s[:, 0]])
    assert (both[:, WALK] < CLOSED_S).all()
    assert sorted(both[:, CAR] < CLOSED_S) == [False, True]


def test_seconds_are_rounded_once_per_edge() -> None:
    # 300 m at 1.33 m/s are 225.6 s; three pieces of 75.2 s rounded one by one would give 225.
    network = built(street_map(LINE, [("ABCD", STREET)]))
    assert network.forward_s[WALK, 0] == 226


def test_a_ring_without_a_junction_is_one_edge_from_a_node_to_itself() -> None:
    square = {"A": (0, 0), "B": (100, 0), "C": (100, 100), "D": (0, 100)}
    network = built(street_map(square, [("ABCDA", STREET)]))
    assert network.edge_tail.tolist() == network.edge_head.tolist() == [0]
    assert network.edge_length_m[0] == pytest.approx(400, abs=0.1)


def test_a_bollard_lets_bikes_pass_and_stops_cars_from_both_sides() -> None:
    # The points lie 50 m on either side of the bollard at B; the way round over E and F is 600 m longer.
    ring = LINE | {"E": (0, 100), "F": (300, 100), "G": (400, 0)}
    ways = [("ABCD", STREET), ("AEFD", STREET), ("DG", STREET)]
    network = built(street_map(ring, ways, {"B": {"barrier": "bollard"}}))
    for mode, metres in ((WALK, 100), (BIKE, 100), (CAR, 700)):
        points = at(network, mode, (50, 0), (150, 0))
        for origin, target in ((0, 1), (1, 0)):
            ends = [Snapped._make(column[[row]] for column in points) for row in (origin, target)]
            assert nearest(network, mode, *ends).metres[0] == pytest.approx(metres, abs=0.2)


def test_a_map_without_a_street_for_one_mode_attaches_nobody_in_that_mode() -> None:
    network = built(street_map(LINE, [("ABCD", {"highway": "cycleway"})]))
    point = at(network, CAR, (100, 0))
    assert not point.is_attached.any()
    assert np.isinf(matrix(network, CAR, point, point)).all()
    assert np.isinf(nearest(network, CAR, point, point).seconds).all()


def test_a_street_file_without_streets_for_anyone_is_refused() -> None:
    with pytest.raises(InputError, match="no way that may be"):
        built(street_map(LINE, [("ABCD", {"highway": "construction"})]))


def test_streets_outside_the_reach_of_the_coordinate_system_are_refused() -> None:
    far = street_map({"A": (0, 0), "B": (100, 0)}, [("AB", STREET)])
    with pytest.raises(InputError, match="outside the reach"):
        build_street_network(far, PROFILES, Projection("EPSG:2193"))  # New Zealand


def test_a_point_stands_on_its_edge_and_walks_to_it() -> None:
    # 40 m north of a point 100 m along the street: a third of the edge, and 40 m off the street.
    network = built(street_map(LINE, [("ABCD", STREET)]))
    point = at(network, WALK, (100, 40))
    assert point.fraction[0, 0] == pytest.approx(1 / 3, abs=1e-3)
    assert point.off_street_m[0, 0] == pytest.approx(40, abs=0.1)
    # 40 m at 1.33 m/s are 30.1 s; the 100 m to one end are 75.2 s, the 200 m to the other 150.4 s.
    assert point.off_street_s[0, 0] == 30
    assert sorted([point.to_tail_s[0, 0], point.to_head_s[0, 0]]) == [105, 180]


def test_two_points_on_one_edge_go_straight() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)]))
    points = at(network, WALK, (100, 0), (160, 0))
    # 60 m at 1.33 m/s are 45.1 s; by way of an end it would be at least 75 + 120 s.
    assert matrix(network, WALK, points, points)[0, 1] == 45
    assert nearest(network, WALK, at(network, WALK, (100, 0)), at(network, WALK, (160, 0))).metres[
        0
    ] == pytest.approx(60, abs=0.1)


def test_on_a_one_way_edge_the_way_back_goes_round() -> None:
    # A one-way street of 300 m and a way round of 500 m: a car 60 m further back must go 240 + 500 m less nothing.
    around = LINE | {"E": (0, 100), "F": (300, 100)}
    network = built(street_map(around, [("ABCD", STREET | {"oneway": "yes"}), ("AEFD", STREET)]))
    points = at(network, CAR, (100, 0), (160, 0))
    seconds = matrix(network, CAR, points, points)
    assert seconds[0, 1] < seconds[1, 0]
    speed_mps = 60 / seconds[0, 1]
    assert seconds[1, 0] == pytest.approx((140 + 500 + 100) / speed_mps, rel=0.1)


def test_an_island_does_not_swallow_a_village() -> None:
    # The point lies 10 m from a path that leads nowhere, 90 m from the street that leads everywhere: it has a door to each.
    points = LINE | {"X": (100, 100), "Y": (120, 100)}
    network = built(street_map(points, [("ABCD", STREET), ("XY", {"highway": "path"})]))
    assert at(network, WALK, (110, 90)).off_street_m[0] == pytest.approx([90, 10], abs=0.1)


def test_a_point_beyond_the_reach_is_not_attached() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)]))
    far = PROFILES[WALK].max_snap_m + 100
    point = at(network, WALK, (100, far))
    assert not point.is_attached.any()
    assert point.walked_m[0] == pytest.approx(far, abs=0.5)
    assert np.isinf(matrix(network, WALK, point, at(network, WALK, (0, 0)))).all()


# --- delays at junctions ---------------------------------------------------------------------------------------------

SIDE_ROAD = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (100, -100)}
MAIN = {"highway": "tertiary", "maxspeed": "80"}
SIDE_WAYS = [("ABC", MAIN), ("DB", STREET)]


def edge_between(
    network: StreetNetwork, one: tuple[float, float], other: tuple[float, float]
) -> tuple[int, bool]:
    """Mapped edge between two places, and whether it leads from the one to the other."""

    def node(place: tuple[float, float]) -> int:
        x_m, y_m = np.array(place) + CORNER_M
        return int(np.argmin(np.hypot(network.node_x_m - x_m, network.node_y_m - y_m)))

    ends = node(one), node(other)
    for edge in range(network.mapped.n_edges):
        pair = int(network.edge_tail[edge]), int(network.edge_head[edge])
        if set(pair) == set(ends):
            return edge, pair == ends
    pytest.fail("no such edge")


def seconds_from_to(
    network: StreetNetwork, mode: int, one: tuple[float, float], other: tuple[float, float]
) -> int:
    edge, is_ahead = edge_between(network, one, other)
    return int((network.forward_s if is_ahead else network.backward_s)[mode, edge])


def test_lights_keep_their_junction_and_cost_time_on_arrival() -> None:
    # Lights at B on the street A-D, 100 m from A: 75.2 s on foot and 6 s of waiting to B, 150.4 s from there to D. Back
    # again 150.4 + 6 s to B and 75.2 s to A. A car does 100 m at 40 km/h in 9.0 s; the mean
    # speed of a bike has the waiting in it.
    network = built(street_map(LINE, [("ABCD", {"highway": "residential", "maxspeed": "50"})], {"B": LIGHTS}))
    assert network.n_edges == 2
    a, b, d = LINE["A"], LINE["B"], LINE["D"]
    assert seconds_from_to(network, WALK, a, b) == 81
    assert seconds_from_to(network, WALK, b, d) == 150
    assert seconds_from_to(network, WALK, d, b) == 156
    assert seconds_from_to(network, WALK, b, a) == 75
    assert seconds_from_to(network, CAR, a, b) == 15
    assert seconds_from_to(network, CAR, b, a) == 9
    assert seconds_from_to(network, BIKE, a, b) == seconds_from_to(network, BIKE, b, a)


def test_a_car_gives_way_to_a_faster_road_and_nobody_else_does() -> None:
    network = built(street_map(SIDE_ROAD, SIDE_WAYS))
    a, b, d = (SIDE_ROAD[name] for name in "ABD")
    # The side street is as quick away from B as towards it, but for the 10 s. On the main road, and for walkers and
    # cyclists, both ways are equal.
    assert seconds_from_to(network, CAR, d, b) == seconds_from_to(network, CAR, b, d) + 10
    assert seconds_from_to(network, CAR, a, b) == seconds_from_to(network, CAR, b, a)
    for mode in (WALK, BIKE):
        assert seconds_from_to(network, mode, d, b) == seconds_from_to(network, mode, b, d)


def test_where_there_are_lights_nobody_gives_way() -> None:
    network = built(street_map(SIDE_ROAD, SIDE_WAYS, {"B": LIGHTS}))
    b, d = SIDE_ROAD["B"], SIDE_ROAD["D"]
    assert seconds_from_to(network, CAR, d, b) == seconds_from_to(network, CAR, b, d) + 6


def test_where_two_roads_meet_end_to_end_nobody_gives_way() -> None:
    # The slow street only goes over into the faster road; a footpath there is no road for cars.
    ways = [("AB", STREET), ("BC", MAIN), ("BD", {"highway": "footway"})]
    network = built(street_map(SIDE_ROAD, ways))
    a, b = SIDE_ROAD["A"], SIDE_ROAD["B"]
    assert seconds_from_to(network, CAR, a, b) == seconds_from_to(network, CAR, b, a)


def test_who_stops_short_of_the_junction_loses_nothing_there() -> None:
    network = built(street_map(SIDE_ROAD, SIDE_WAYS))
    edge, is_ahead = edge_between(network, SIDE_ROAD["D"], SIDE_ROAD["B"])
    point = at(network, CAR, (100, -50))
    assert point.edge[0].tolist() == [edge, -1]
    to_b_s, from_b_s = (
        (point.to_head_s[0, 0], point.from_head_s[0, 0])
        if is_ahead
        else (point.to_tail_s[0, 0], point.from_tail_s[0, 0])
    )
    assert to_b_s == from_b_s + 10
    assert (
        point.to_tail_s[0, 0] + point.to_head_s[0, 0]
        == point.from_tail_s[0, 0] + point.from_head_s[0, 0] + 10
    )
    # From one place on the side road to another one nobody comes to the junction.
    points = at(network, CAR, (100, -80), (100, -20))
    there, back = matrix(network, CAR, points, points)[[0, 1], [1, 0]]
    assert there == back


def test_a_shadow_costs_what_its_street_costs() -> None:
    # From A no left turn at B into B-D, so that cars from A follow a shadow of B-C; there are lights at C.
    points = SIDE_ROAD | {"E": (300, 0), "F": (200, 100)}
    ways = [("AB", STREET), ("BC", STREET), ("DB", STREET), ("CE", STREET), ("CF", STREET)]
    network = built(street_map(points, ways, {"C": LIGHTS}, turns=[(0, "B", 2, False)]))
    edge, is_ahead = edge_between(network, points["B"], points["C"])
    (shadow,) = np.flatnonzero(network.mapped_edge[network.mapped.n_edges :] == edge) + network.mapped.n_edges
    ahead_s = (network.forward_s if is_ahead else network.backward_s)[CAR]
    assert ahead_s[shadow] == ahead_s[edge]
    delay = (network.forward_delay if is_ahead else network.backward_delay)[CAR]
    assert delay_table(network.mapped)[CAR, delay[[shadow, edge]]].tolist() == [6, 6]


# --- input of every shape --------------------------------------------------------------------------------------------


def test_a_map_of_one_node_is_refused() -> None:
    # A way needs two nodes: what is left is a map without streets.
    with pytest.raises(InputError, match="no way that may be"):
        built(street_map({"A": (0, 0)}, []))


def test_of_two_components_each_serves_those_beside_it() -> None:
    points = LINE | {"X": (0, 300), "Y": (100, 300)}
    network = built(street_map(points, [("AB", STREET), ("BC", {"highway": "footway"}), ("XY", STREET)]))
    place = at(network, WALK, (50, 290), (50, 0), (0, 295))
    # The first and the last reach the larger component over 290 m and more of field, and each other along X-Y.
    assert place.off_street_m == pytest.approx(np.array([[290, 10], [0, np.inf], [295, 5]]), abs=0.2)
    seconds = matrix(network, WALK, place, place)
    assert np.isfinite(seconds).all()
    # 10 m, 50 m and 5 m at 1.33 m/s, each rounded.
    assert seconds[0, 2] == 8 + 38 + 4


def test_a_loop_and_parallel_edges_are_kept_apart() -> None:
    # From B a loop of 300 m over C and E, and two streets from A to B, one of 100 m and one of 200 m over D.
    points = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "E": (150, 86.6), "D": (50, -86.6), "F": (-100, 0)}
    ways = [("AB", STREET), ("ADB", STREET), ("BCEB", STREET), ("FA", STREET)]
    network = built(street_map(points, ways))
    assert sorted(network.edge_length_m.round().tolist()) == [100, 100, 200, 300]
    (loop,) = np.flatnonzero(network.edge_tail == network.edge_head)
    assert network.edge_length_m[loop] == pytest.approx(300, abs=0.2)
    # From A to the far side of the loop: 100 m to B and half of the loop.
    corner, start = at(network, WALK, (175, 43.3)), at(network, WALK, (0, 0))
    assert nearest(network, WALK, start, corner).metres[0] == pytest.approx(250, abs=0.3)


def test_an_edge_without_length_costs_nothing_and_holds_points() -> None:
    # B and C are two nodes at one place; B-C, a footway, is an edge of 0 m.
    points = {"A": (0, 0), "B": (100, 0), "C": (100, 0), "D": (200, 0)}
    network = built(street_map(points, [("AB", STREET), ("BC", {"highway": "footway"}), ("CD", STREET)]))
    (edge,) = np.flatnonzero(network.edge_length_m == 0)
    assert network.forward_s[WALK, edge] == network.backward_s[WALK, edge] == 0
    ends = at(network, WALK, (0, 0), (200, 0))
    assert matrix(network, WALK, ends, ends)[0, 1] == 150  # 75.2 s and 75.2 s, rounded one by one
    assert np.isfinite(at(network, WALK, (100, 30)).fraction[:, 0]).all()


def test_a_map_of_edges_without_length_only_has_an_answer() -> None:
    network = built(street_map({"A": (0, 0), "B": (0, 0)}, [("AB", STREET)]))
    points = at(network, WALK, (0, 40), (0, -40))
    # 40 m to the street and from it: 30 s each. Who is there already goes nowhere.
    assert matrix(network, WALK, points, points).tolist() == [[0, 60], [60, 0]]


def test_an_edge_of_ten_kilometres_is_walked_in_two_hours() -> None:
    network = built(street_map({"A": (0, 0), "B": (10_000, 0)}, [("AB", STREET)]))
    # 10,000 m at 1.33 m/s are 7,518.8 s; on the ground it is within 0.1 per mille of that.
    assert network.forward_s[WALK, 0] == pytest.approx(7519, abs=1)
    ends = at(network, WALK, (0, 0), (10_000, 0))
    assert nearest(network, WALK, ends, Snapped._make(column[1:] for column in ends)).metres[
        0
    ] == pytest.approx(10_000, abs=1)


def test_ids_beyond_32_bits_make_no_difference() -> None:
    streets = street_map(SIDE_ROAD, [("AB", STREET), ("BC", STREET | {"oneway": "yes"}), ("BD", STREET)])
    large = replace(streets, node_id=streets.node_id + 2**40, way_id=streets.way_id + 2**40)
    one, other = built(streets), built(large)
    assert np.array_equal(one.forward_s, other.forward_s)
    assert np.array_equal(one.edge_tail, other.edge_tail)


# --- random maps -----------------------------------------------------------------------------------------------------


def raw_metres(streets: StreetMap) -> nx.Graph[int]:
    """Oracle for contraction: every segment of every way, undirected, with its geodesic length."""
    graph: nx.Graph[int] = nx.Graph()
    for way in range(len(streets.way_id)):
        nodes = streets.way_node[streets.way_offset[way] : streets.way_offset[way + 1]]
        for one, other in pairwise(nodes):
            length = geod().inv(
                streets.lon_deg[one], streets.lat_deg[one], streets.lon_deg[other], streets.lat_deg[other]
            )[2]
            graph.add_edge(int(one), int(other), metres=length)
    return graph


@settings(deadline=None, max_examples=150)
@given(random_maps())
def test_contraction_keeps_every_distance_between_junctions(streets: StreetMap) -> None:
    network, raw = built(streets), raw_metres(streets)
    x_m, y_m = RD.to_metres(streets.lon_deg, streets.lat_deg)
    row = [
        int(np.argmin(np.hypot(x_m - x, y_m - y)))
        for x, y in zip(network.node_x_m, network.node_y_m, strict=True)
    ]
    contracted: nx.MultiGraph[int] = nx.MultiGraph()
    for edge in range(network.n_edges):
        tail, head = row[network.edge_tail[edge]], row[network.edge_head[edge]]
        contracted.add_edge(tail, head, metres=network.edge_length_m[edge])
    expected = dict(nx.all_pairs_dijkstra_path_length(raw, weight="metres"))
    found = dict(nx.all_pairs_dijkstra_path_length(contracted, weight="metres"))
    for one, lengths in found.items():
        assert set(lengths) == set(expected[one]) & set(row)
        for other, length in lengths.items():
            assert length == pytest.approx(expected[one][other], abs=1e-6)


def door_to_door(network: StreetNetwork, mode: int, points: Snapped) -> nx.MultiDiGraph[Any]:
    """Oracle for searches: the same edges in networkx, with the points as nodes of their own."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for edge in range(network.n_edges):
        tail, head = int(network.edge_tail[edge]), int(network.edge_head[edge])
        for one, other, seconds in (
            (tail, head, network.forward_s[mode, edge]),
            (head, tail, network.backward_s[mode, edge]),
        ):
            if seconds < CLOSED_S:
                graph.add_edge(one, other, s=int(seconds))
    for (point, door), on_edge in np.ndenumerate(points.edge):
        edge = int(on_edge)
        if edge < 0:
            continue
        ends = int(network.edge_tail[edge]), int(network.edge_head[edge])
        for node, to_s, from_s, leave_s in zip(
            ends,
            (points.to_tail_s[point, door], points.to_head_s[point, door]),
            (points.from_tail_s[point, door], points.from_head_s[point, door]),
            (network.forward_s[mode, edge], network.backward_s[mode, edge]),
            strict=True,
        ):
            if to_s < CLOSED_S:
                graph.add_edge(("from", point), node, s=int(to_s))
            # A barrier at the end forbids to set out from there.
            if from_s < CLOSED_S and leave_s < CLOSED_S:
                graph.add_edge(node, ("to", point), s=int(from_s))
    return graph


@settings(deadline=None, max_examples=150)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6),
    st.sampled_from([WALK, BIKE, CAR]),
)
def test_times_between_points_equal_networkx(
    streets: StreetMap, where: list[tuple[int, int]], mode: int
) -> None:
    network = built(streets)
    if not has_streets(network, mode):
        return
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    seconds = matrix(network, mode, points, points)
    oracle = door_to_door(network, mode, points)
    for one in range(len(where)):
        lengths = (
            nx.single_source_dijkstra_path_length(oracle, ("from", one), weight="s")
            if ("from", one) in oracle
            else {}
        )
        for other in range(len(where)):
            direct = straight(network, mode, points, one, other)
            expected = min(lengths.get(("to", other), np.inf), direct)
            assert seconds[one, other] == expected
    found = nearest(network, mode, points, Snapped._make(column[1:] for column in points))
    assert (found.seconds == seconds[:, 1:].min(axis=1)).all()
    reached = np.flatnonzero(np.isfinite(found.seconds))
    assert (seconds[reached, found.target[reached] + 1] == found.seconds[reached]).all()


@settings(deadline=None)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6),
    st.sampled_from([(WALK,), (CAR,), (WALK, BIKE), (WALK, CAR)]),
)
def test_times_do_not_depend_on_which_other_modes_a_network_is_kept_for(
    streets: StreetMap, where: list[tuple[int, int]], kept: tuple[int, ...]
) -> None:
    every, some = (
        built(streets),
        build_street_network(streets, PROFILES, RD, tuple(PROFILES[mode] for mode in kept))[0],
    )
    assert some.n_nodes <= every.n_nodes
    xy = np.array(where, np.float64) + CORNER_M
    for row, mode in enumerate(kept):
        if has_streets(every, mode):
            points = (
                snap(
                    network, at_row, PROFILES[mode], snap_indexes(network.mapped)[at_row], xy[:, 0], xy[:, 1]
                )
                for network, at_row in ((every, mode), (some, row))
            )
            one, other = (
                matrix(network, at_row, snapped, snapped)
                for network, at_row, snapped in zip((every, some), (mode, row), points, strict=True)
            )
            np.testing.assert_array_equal(one, other)
