"""Points on edges, and what it takes from there to the ends."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.columns import offsets
from data.streets import StreetMap
from network.modes.modes import PROFILES
from network.streets.mapped import MappedStreets
from network.streets.network import CLOSED_S, build_street_network
from network.streets.snap import known_doors, same_edge, snap
from network.streets.snap_index import edge_lines, snap_indexes
from support.toys.networks import CORNER_M, RD, street_map
from support.toys.streets import CAR, LIGHTS, LINE, STREET, WALK, at, built, matrix, random_maps


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


def test_doors_that_are_kept_are_those_of_the_same_streets_whatever_was_done_with_them() -> None:
    # The point lies 30 of the 100 m along AB and 4 m beside it, however often one asks and whatever was written over the
    # first answer. Where A and B have changed places, the same point lies 70 m along.
    x_m, y_m = (np.array([metres]) + corner_m for metres, corner_m in zip((30.0, 4.0), CORNER_M, strict=True))
    for start_m, share in ((0.0, 0.3), (100.0, 0.7)):
        ends = {"A": (start_m, 0.0), "B": (100.0 - start_m, 0.0)}
        network = built(street_map(ends, [("AB", STREET)]))
        index = snap_indexes(network.mapped)[WALK]
        for _ in range(2):
            found = snap(network, WALK, PROFILES[WALK], index, x_m, y_m)
            assert found.fraction[0, 0] == pytest.approx(share, abs=1e-4)
            assert found.off_street_m[0, 0] == pytest.approx(4, abs=0.01)
            for column in (found.edge, found.fraction, found.off_street_m):
                column[:] = 0


@settings(deadline=None, max_examples=40)
@given(random_maps(), st.integers(0, 5), st.sampled_from(range(4)))
def test_doors_that_were_found_before_are_those_that_would_be_found(
    streets: StreetMap, n_known: int, mode: int
) -> None:
    """Whichever of five points are known, in another order and one of them twice, all have the doors of a first look."""
    network, profile = built(streets), PROFILES[mode]
    x_m, y_m = np.array([10.0, 210.0, 10.0, -40.0, 5000.0]), np.array([4.0, 90.0, -30.0, 0.0, 5000.0])
    x_m, y_m = x_m + CORNER_M[0], y_m + CORNER_M[1]
    index = snap_indexes(network.mapped)[mode]
    rows = [*range(n_known)][::-1] + [0] * bool(n_known)
    known = (known_doors(index, profile, x_m[rows], y_m[rows]),) * 4
    again = snap_indexes(network.mapped, known)[mode]
    first, second = (snap(network, mode, profile, one, x_m, y_m) for one in (index, again))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_door_that_is_known_is_not_looked_for() -> None:
    # On AB the points 30 and 60 m along have been looked for, and what is known of the first is made 0.9, which no look
    # would find: it is what is told, as long as the reach is that of the first look.
    network, walk = built(street_map({"A": (0, 0), "B": (100, 0)}, [("AB", STREET)])), PROFILES[WALK]
    x_m, y_m = np.array([30.0, 60.0]) + CORNER_M[0], np.zeros(2) + CORNER_M[1]
    known = known_doors(snap_indexes(network.mapped)[WALK], walk, x_m, y_m)
    known = known._replace(fraction=np.array([[0.9, 0.9], known.fraction[1]]))
    index = snap_indexes(network.mapped, (known,))[WALK]
    assert snap(network, WALK, walk, index, x_m, y_m).fraction[:, 0] == pytest.approx([0.9, 0.6], abs=1e-4)
    nearer = replace(walk, max_snap_m=500.0)
    assert snap(network, WALK, nearer, index, x_m, y_m).fraction[:, 0] == pytest.approx([0.3, 0.6], abs=1e-4)


def test_who_asks_for_known_doors_only_never_makes_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    network, walk = built(street_map({"A": (0, 0), "B": (100, 0)}, [("AB", STREET)])), PROFILES[WALK]
    x_m, y_m = np.array([30.0]) + CORNER_M[0], np.zeros(1) + CORNER_M[1]
    known = known_doors(snap_indexes(network.mapped)[WALK], walk, x_m, y_m)
    made: list[MappedStreets] = []

    def noted(mapped: MappedStreets) -> Any:
        made.append(mapped)
        return edge_lines(mapped)

    monkeypatch.setattr("network.streets.snap_index.edge_lines", noted)
    index = snap_indexes(network.mapped, (known,))[WALK]
    assert snap(network, WALK, walk, index, x_m, y_m).fraction[0, 0] == pytest.approx(0.3, abs=1e-4)
    assert not made
    for away_m in (10.0, 20.0):
        snap(network, WALK, walk, index, x_m + away_m, y_m)
    assert made == [network.mapped]


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


NORTH = {"A": (0, 100), "B": (300, 100), "C": (0, -20), "D": (300, -20)}
BANKS = street_map(NORTH, [("AB", STREET), ("CD", STREET), ("AC", STREET)])
"""A street 100 m north of the origin and one 20 m south of it, joined in the west."""


def with_lines(streets: StreetMap, *lines: list[tuple[float, float]]) -> StreetMap:
    """Add water along some lines, metres from the corner of the toys."""
    xy = np.array([point for line in lines for point in line], np.float64).reshape(-1, 2) + CORNER_M
    lon_deg, lat_deg = RD.to_lonlat(xy[:, 0], xy[:, 1])
    return replace(
        streets,
        water_offset=offsets(np.array([len(line) for line in lines])),
        water_lon_deg=lon_deg,
        water_lat_deg=lat_deg,
    )


def test_a_door_is_on_the_own_side_of_the_water() -> None:
    river = [(100.0, -10.0), (400.0, -10.0)]
    # 20 m to the street over the river, 100 m to the one on this side.
    assert at(built(BANKS), WALK, (200, 0)).walked_m[0] == pytest.approx(20, abs=0.1)
    assert at(built(with_lines(BANKS, river)), WALK, (200, 0)).walked_m[0] == pytest.approx(100, abs=0.1)
    # Where the river has not begun yet the nearer one is seen: from (80, 0) straight down.
    assert at(built(with_lines(BANKS, river)), WALK, (80, 0)).walked_m[0] == pytest.approx(20, abs=0.1)


def test_over_water_all_the_same_where_no_street_is_seen_in_reach() -> None:
    # Three rivers shut the point in; over the southern one is the nearest street.
    rivers = [[(-500.0, y), (500.0, y)] for y in (-10.0, 50.0)] + [[(50.0, -500.0), (50.0, 500.0)]]
    assert at(built(with_lines(BANKS, *rivers)), WALK, (200, 0)).walked_m[0] == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize(("half_m", "walked_m"), [(4.0, 20), (60.0, 100)], ids=["pond", "lake"])
def test_one_walks_round_a_pond_but_not_round_a_lake(half_m: float, walked_m: float) -> None:
    shore = [(200 - half_m, -15.0), (200 + half_m, -15.0), (200 + half_m, -5.0), (200 - half_m, -5.0)]
    network = built(with_lines(BANKS, [*shore, shore[0]]))
    assert at(network, WALK, (200, 0)).walked_m[0] == pytest.approx(walked_m, abs=0.1)


def test_a_piece_apart_behind_water_takes_nobody_who_sees_the_network() -> None:
    # An island of one street 10 m away over the river; the main network is seen at 100 m.
    streets = street_map(
        NORTH | {"E": (150.0, -10.0), "F": (250.0, -10.0)}, [("AB", STREET), ("AC", STREET), ("EF", STREET)]
    )
    river = [(-500.0, -5.0), (500.0, -5.0)]
    assert (at(built(streets), WALK, (200, 0)).edge[0] >= 0).all(), "without water it has both doors"
    assert (at(built(with_lines(streets, river)), WALK, (200, 0)).edge[0] >= 0).tolist() == [True, False]


spots = st.tuples(st.integers(-20, 330), st.integers(-20, 230))


@settings(deadline=None, max_examples=80)
@given(random_maps(), spots, st.lists(st.tuples(spots, spots), max_size=4), st.sampled_from(range(4)))
def test_the_door_is_the_nearest_of_those_that_are_seen_else_the_nearest(
    streets: StreetMap,
    spot: tuple[int, int],
    rivers: list[tuple[tuple[int, int], tuple[int, int]]],
    mode: int,
) -> None:
    """Held against a look at every straight piece of every edge in turn."""
    lines = [[(float(x), float(y)) for x, y in river] for river in rivers if river[0] != river[1]]
    network = built(with_lines(streets, *lines))
    point = at(network, mode, (float(spot[0]), float(spot[1])))
    xy = np.column_stack([network.mapped.water_x_m, network.mapped.water_y_m])
    water = shapely.MultiLineString(np.split(xy, network.mapped.water_offset[1:-1]) if lines else [])
    here = shapely.Point(spot[0] + CORNER_M[0], spot[1] + CORNER_M[1])
    courses = [shapely.get_coordinates(line) for line in snap_indexes(network.mapped)[mode].parts.main.line]
    pieces = np.array(
        [shapely.LineString(pair) for line in courses for pair in itertools.pairwise(line)], object
    )
    if len(pieces):
        between = shapely.shortest_line(here, pieces)
        seen = ~shapely.intersects(between, water)
        expected = shapely.length(between[seen] if seen.any() else between).min()
        assert point.off_street_m[0, 0] == pytest.approx(expected, abs=1e-6)
