"""Points on edges, and what it takes from there to the ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_toys import CAR, LIGHTS, LINE, STREET, WALK, at, built, matrix, random_maps
from toys import CORNER_M, RD, street_map

from data.streets import StreetMap
from network.modes.modes import PROFILES
from network.streets.network import CLOSED_S, build_street_network
from network.streets.snap import edge_lines, same_edge, snap, snap_indexes


def test_who_goes_to_the_lights_waits_and_who_comes_from_them_does_not() -> None:
    # Lights at B. From 40 m short of it a walker needs 30.1 s and 6 s of waiting; from B to there 30.1 s.
    network = built(street_map(LINE, [("ABCD", STREET)], {"B": LIGHTS}))
    point = at(network, WALK, (60, 0))
    assert sorted([point.to_tail_s[0, 0], point.to_head_s[0, 0]]) == [36, 45]  # 60 m back to A are 45.1 s
    assert sorted([point.from_tail_s[0, 0], point.from_head_s[0, 0]]) == [30, 45]


def test_the_direct_way_along_an_edge_waits_nowhere() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)], {"A": LIGHTS, "D": LIGHTS}))
    points = at(network, WALK, (100, 0), (166.5, 0))
    direct = same_edge(network, WALK, points, points)
    # 66.5 m at 1.33 m/s.
    assert direct.seconds[(direct.origin == 0) & (direct.target == 1)] == pytest.approx(50)
    assert direct.seconds[direct.origin == direct.target].tolist() == [0, 0]


def test_a_trip_takes_the_terminal_time_at_both_ends() -> None:
    # By car 200 m at 40 km/h are 18 s, on one edge and over the junction B alike, and 45 s at either end; none to where one is.
    parked = tuple(replace(profile, terminal_s=45.0 * (profile.name == "car")) for profile in PROFILES)
    street = STREET | {"maxspeed": "50"}
    for ways in ([("ABCD", street)], [("AB", street), ("BCD", street), ("BE", street)]):
        streets = street_map(LINE | {"E": (100.0, 90.0)}, ways)
        network, _ = build_street_network(streets, parked, RD)
        index = snap_indexes(network.mapped)[CAR]
        x_m, y_m = np.array([40.0, 240.0]) + CORNER_M[0], np.zeros(2) + CORNER_M[1]
        points = snap(network, CAR, parked[CAR], index, x_m, y_m)
        assert matrix(network, CAR, points, points).tolist() == [[0, 108], [108, 0]]


def test_a_one_way_street_is_entered_at_its_start_and_left_at_its_end() -> None:
    ways = [("AB", STREET | {"oneway": "yes"}), ("BC", STREET), ("CA", STREET)]
    network = built(street_map({"A": (0, 0), "B": (100, 0), "C": (50, 80)}, ways))
    point = at(network, CAR, (50, 0))
    assert sorted([point.to_tail_s[0, 0] < CLOSED_S, point.to_head_s[0, 0] < CLOSED_S]) == [False, True]
    assert (point.to_tail_s[0, 0] < CLOSED_S) == (point.from_head_s[0, 0] < CLOSED_S)


@settings(deadline=None, max_examples=80)
@given(random_maps(), st.integers(-20, 330), st.integers(-20, 230), st.sampled_from(range(4)))
def test_a_point_lies_on_the_nearest_edge_that_may_be_used(
    streets: StreetMap, x: int, y: int, mode: int
) -> None:
    network = built(streets)
    point = at(network, mode, (float(x), float(y)))
    usable = np.flatnonzero((network.speed_mps[mode, network.edge_speed] > 0).any(axis=1))
    if not len(usable):
        assert not point.is_attached.any()
        assert np.isinf(point.off_street_m).all()
        return
    # The nearest of all usable edges is one of the doors, or as near.
    lines = edge_lines(network.mapped)[usable]
    away_m = shapely.distance(lines, shapely.Point(x + CORNER_M[0], y + CORNER_M[1])).min()
    assert point.walked_m[0] == pytest.approx(away_m)
    for door in np.flatnonzero(point.edge[0] >= 0):
        assert 0 <= point.fraction[0, door] <= 1
        assert point.off_street_s[0, door] == round(
            point.off_street_m[0, door] / PROFILES[mode].off_street_mps
        )
        # It can be left and reached by one end at least.
        assert min(point.to_tail_s[0, door], point.to_head_s[0, door]) < CLOSED_S
