"""Seconds and metres from everywhere to everywhere equal one search per target, which Dijkstra checks in test_search."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.streets import StreetMap
from network.hierarchy.packing import unpack
from network.hierarchy.search import StreetSearch, build_street_search, matrix, measured_matrix, nearest
from network.modes.modes import PROFILES
from network.streets.snap import Snapped
from support.toys.networks import street_map
from support.toys.streets import at, built, random_maps

CAR = [profile.name for profile in PROFILES].index("car")


def check(ready: StreetSearch, mode: int, origins: Snapped, targets: Snapped) -> None:
    found = unpack(measured_matrix(ready, mode, origins, targets))
    assert np.array_equal(found.seconds, matrix(ready, mode, origins, targets, np.inf))
    for target in range(len(targets.edge)):
        alone = targets._replace(**{name: column[[target]] for name, column in targets._asdict().items()})
        one = nearest(ready, mode, origins, alone)
        assert np.array_equal(found.seconds[:, target], one.seconds)
        assert np.array_equal(found.metres[:, target], one.metres)


@settings(deadline=None, max_examples=60)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6),
    st.sampled_from(range(len(PROFILES))),
)
def test_random_maps_equal_one_search_per_target(
    streets: StreetMap, where: list[tuple[int, int]], mode: int
) -> None:
    network = built(streets)
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    few = at(network, mode, (0.0, 0.0))
    ready = build_street_search(network)
    # Lanes are the targets where these are fewer, else the origins.
    check(ready, mode, points, few)
    check(ready, mode, few, points)


def test_of_two_equally_quick_ways_the_shorter_is_measured() -> None:
    # From A to C 200 m at 36 km/h (0.8 of 45) by B, or 400 m at 72 km/h (0.9 of 80) by D: both 20 s.
    points = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (100.0, 173.2051)}
    slow, quick = {"highway": "secondary", "maxspeed": "45"}, {"highway": "secondary", "maxspeed": "80"}
    network = built(street_map(points, [("ABC", slow), ("ADC", quick)]))
    ends = at(network, CAR, (0.0, 0.0)), at(network, CAR, (200.0, 0.0))
    found = unpack(measured_matrix(build_street_search(network), CAR, *ends))
    assert found.seconds.tolist() == [[20]]
    assert abs(found.metres[0, 0] - 200) < 0.2


def test_nobody_and_nothing_give_empty_tables() -> None:
    network = built(street_map({"A": (0, 0), "B": (100, 0)}, [("AB", {"highway": "residential"})]))
    ready, nobody, one = build_street_search(network), at(network, 0), at(network, 0, (50.0, 0.0))
    assert measured_matrix(ready, 0, nobody, one).shape == (0, 1)
    assert measured_matrix(ready, 0, one, nobody).shape == (1, 0)
