"""Points along streets: where they lie, and the seconds to and from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.streets import StreetMap
from network.hierarchy.search import build_street_search, reached_from
from network.modes.modes import PROFILES
from network.streets.points_along import doors_on, points_along
from support.oracles import streets as street_oracle
from support.toys.networks import CORNER_M, street_map
from support.toys.streets import BIKE, CAR, STREET, WALK, at, built, has_streets, random_maps


def test_a_bent_street_is_cut_in_equal_pieces_each_with_its_middle() -> None:
    # 100 m east and 50 m north: pieces of at most 60 m are three of 50 m, their middles at 25, 75 and 125 m.
    network = built(street_map({"A": (0, 0), "B": (100, 0), "C": (100, 50)}, [("ABC", STREET)]))
    points = points_along(network.mapped, np.zeros(1, np.int32), 60.0)
    xy = np.column_stack([points.x_m, points.y_m]) - CORNER_M
    tail_first = xy if points.x_m[0] < points.x_m[-1] else xy[::-1]
    assert tail_first == pytest.approx(np.array([(25, 0), (75, 0), (100, 25)]), abs=0.1)
    assert points.fraction == pytest.approx([1 / 6, 1 / 2, 5 / 6])


def test_no_edges_give_no_points() -> None:
    network = built(street_map({"A": (0, 0), "B": (100, 0)}, [("AB", STREET)]))
    assert len(points_along(network.mapped, np.empty(0, np.int32), 50.0).edge) == 0


@settings(deadline=None, max_examples=60)
@given(random_maps(), st.sampled_from([WALK, BIKE, CAR]), st.integers(0, 300), st.integers(0, 200))
def test_from_a_point_to_everywhere_in_the_streets_as_dijkstra_goes(
    streets: StreetMap, mode: int, x_m: int, y_m: int
) -> None:
    network = built(streets)
    if not has_streets(network, mode):
        return
    edges = np.flatnonzero(network.mapped.ends_mps[mode, network.mapped.edge_speed].max(axis=1) > 0)
    points = points_along(network.mapped, edges.astype(np.int32), 40.0)
    doors = doors_on(network, mode, PROFILES[mode], points)
    # Two origins: each point counts from the nearer.
    origins = at(network, mode, (x_m, y_m), (x_m + 90, y_m))
    found = reached_from(build_street_search(network), mode, origins, doors)
    expected = street_oracle.matrix(network, mode, origins, doors, np.inf).min(axis=0)
    np.testing.assert_array_equal(found, expected)
