"""Ways as lines: as quick as the searches say, and lines that hang together from point to point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.columns import Floats
from data.streets import StreetMap
from data.study_area.region_toml import embedded_regions
from network.hierarchy.search import build_street_search, matrix
from network.hierarchy.street_paths import street_paths
from network.modes.modes import PROFILES
from network.streets.snap import snap
from network.streets.snap_index import snap_indexes
from support.real_networks import real_search, scattered
from support.toys.networks import CORNER_M, street_map
from support.toys.streets import at, built, random_maps

MODES = [profile.name for profile in PROFILES]


def length_m(xy: Floats) -> float:
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())


@pytest.mark.parametrize("mode", ["bike", "car"])
def test_ways_of_a_region_are_as_quick_as_the_search_says_and_as_long_as_they_are_drawn(mode: str) -> None:
    streets, row = real_search(embedded_regions()[0]), MODES.index(mode)
    index = snap_indexes(streets.network.mapped)[row]
    one, other = (
        snap(streets.network, row, PROFILES[row], index, *scattered(streets, n_points, seed))
        for n_points, seed in ((4, 1), (8, 2))
    )
    seconds = matrix(streets, row, one, other, np.inf)
    pairs = [
        (int(origin), int(target)) for origin, target in zip(*np.nonzero(np.isfinite(seconds)), strict=True)
    ]
    found = street_paths(streets.network, row, one, other, pairs)
    assert len(found) == len(pairs) > 20
    for (origin, target), path in found.items():
        assert path.seconds == seconds[origin, target]
        assert path.xy[0].tolist() == [one.x_m[origin], one.y_m[origin]]
        assert path.xy[-1] == pytest.approx([other.x_m[target], other.y_m[target]], abs=0.01)
        # Lengths are those on the ellipsoid, the line is drawn on a map: they differ by a part in a thousand at most.
        assert path.metres == pytest.approx(length_m(path.xy), rel=2e-3, abs=2)


@settings(deadline=None, max_examples=60)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6),
    st.sampled_from(range(len(PROFILES))),
)
def test_ways_of_random_maps_are_as_quick_as_the_search_says(
    streets: StreetMap, where: list[tuple[int, int]], mode: int
) -> None:
    network = built(streets)
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    seconds = matrix(build_street_search(network), mode, points, points, np.inf)
    every = [(origin, target) for origin in range(len(where)) for target in range(len(where))]
    found = street_paths(network, mode, points, points, every)
    assert {pair for pair in every if np.isfinite(seconds[pair])} == set(found)
    for pair, path in found.items():
        assert path.seconds == seconds[pair]
        assert path.metres == pytest.approx(length_m(path.xy), rel=2e-3, abs=1)


def test_a_way_round_a_corner_goes_round_the_corner() -> None:
    # 100 m east, then 100 m north; from the middle of the first street to the middle of the second it is 100 m.
    network = built(
        street_map(
            {"a": (0, 0), "b": (100, 0), "c": (100, 100)},
            [("ab", {"highway": "residential"}), ("bc", {"highway": "residential"})],
        )
    )
    points = at(network, MODES.index("bike"), (50.0, 0.0), (100.0, 50.0))
    path = street_paths(network, MODES.index("bike"), points, points, [(0, 1)])[0, 1]
    assert (path.xy - CORNER_M).round().tolist() == [[50, 0], [100, 0], [100, 50]]
    assert path.metres == pytest.approx(100, rel=1e-3)
