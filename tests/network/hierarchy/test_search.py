"""The street engine equals SciPy's Dijkstra to the second: all modes, directed, on random maps and on real networks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.files.ready_arrays import save_table
from data.streets import StreetMap
from data.study_area.region_toml import embedded_regions
from network.hierarchy.search import (
    NearestK,
    StreetSearch,
    build_street_search,
    matrix,
    nearest,
    nearest_k,
    write_street_search,
)
from network.modes.modes import PROFILES
from network.streets.network import CLOSED_S
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from support.oracles import streets as street_oracle
from support.real_networks import NETWORKS, real_search, scattered
from support.toys.networks import street_map
from support.toys.streets import at, built, random_maps


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("mode", range(len(PROFILES)), ids=[profile.name for profile in PROFILES])
def test_real_networks_equal_dijkstra(name: str, mode: int) -> None:
    streets = real_search(name)
    index = snap_indexes(streets.network.mapped)[mode]
    origins, targets, few = (
        snap(streets.network, mode, PROFILES[mode], index, *scattered(streets, n_points, seed))
        for n_points, seed in ((2000, 1), (40, 2), (12, 3))
    )
    found = nearest(streets, mode, origins, targets)
    expected = street_oracle.nearest(streets.network, mode, origins, targets)
    assert np.array_equal(found.seconds, expected.seconds)
    # Which target is nearest may differ only where two are equally quick: then the engine takes the one with fewer
    # metres, so its metres are never more (a decimetre of rounding per edge aside).
    agree = found.target == expected.target
    assert agree.mean() > 0.95
    reached = np.isfinite(found.seconds)
    assert (found.metres[reached] <= expected.metres[reached] + 0.05 * streets.network.n_nodes**0.5).all()
    for one, other in ((targets, few), (few, targets)):
        table = matrix(streets, mode, one, other, np.inf)
        assert np.array_equal(table, street_oracle.matrix(streets.network, mode, one, other, np.inf))
    # Both agree on which target it is wherever no tie is possible: the nearest is strictly nearer than the others.
    table = matrix(streets, mode, origins, targets, np.inf)
    assert np.array_equal(table.min(axis=1), found.seconds)
    is_unique = (table == found.seconds[:, None]).sum(axis=1) == 1
    assert np.array_equal(found.target[is_unique], table[is_unique].argmin(axis=1))


@settings(deadline=None, max_examples=100)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6),
    st.sampled_from(range(len(PROFILES))),
    st.sampled_from([np.inf, 120.0]),
)
def test_random_maps_equal_dijkstra(
    streets: StreetMap, where: list[tuple[int, int]], mode: int, limit_s: float
) -> None:
    network = built(streets)
    ready = build_street_search(network)
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    for origins, targets in (
        (points, at(network, mode, (0.0, 0.0))),
        (at(network, mode, (99.0, 5.0)), points),
    ):
        found = matrix(ready, mode, origins, targets, limit_s)
        assert np.array_equal(found, street_oracle.matrix(network, mode, origins, targets, limit_s))
        quickest = nearest(ready, mode, origins, targets)
        expected = street_oracle.nearest(network, mode, origins, targets)
        assert np.array_equal(quickest.seconds, expected.seconds)
        reached = np.isfinite(quickest.seconds)
        assert (quickest.metres[reached] <= expected.metres[reached] + 1).all()
        assert np.isinf(quickest.metres[~reached]).all()


@settings(deadline=None, max_examples=100)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=8),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=8),
    st.sampled_from(range(len(PROFILES))),
)
def test_ways_of_more_than_18_hours_and_streets_that_nobody_reaches_equal_dijkstra(
    streets: StreetMap, origins: list[tuple[int, int]], targets: list[tuple[int, int]], mode: int
) -> None:
    # A thousand times as slow, 100 m on foot take 75,000 s: more than 65,535, the most that short lanes hold.
    usual = built(streets)
    ahead_s, back_s = (
        np.where(seconds < CLOSED_S, 1000 * seconds, seconds).astype(np.int32)
        for seconds in (usual.forward_s, usual.backward_s)
    )
    network = replace(usual, forward_s=ahead_s, backward_s=back_s)
    some, others = (
        at(network, mode, *((float(x), float(y)) for x, y in where)) for where in (origins, targets)
    )
    found = matrix(build_street_search(network), mode, some, others, np.inf)
    np.testing.assert_array_equal(found, street_oracle.matrix(network, mode, some, others, np.inf))


def assert_several(
    ready: StreetSearch, mode: int, origins: Snapped, targets: Snapped, n_nearest: int
) -> None:
    """The n nearest are the n least of the matrix, the first is the nearest, and no target comes twice."""
    found = nearest_k(ready, mode, origins, targets, n_nearest)
    table = matrix(ready, mode, origins, targets, np.inf)
    padded = np.pad(table, ((0, 0), (0, n_nearest)), constant_values=np.inf)
    assert np.array_equal(found.seconds, np.sort(padded, axis=1)[:, :n_nearest])
    first = nearest(ready, mode, origins, targets)
    for field in NearestK._fields:
        assert np.array_equal(getattr(found, field)[:, 0], getattr(first, field))
    for row, chosen in enumerate(found.target):
        named = chosen[chosen >= 0]
        assert len(set(named.tolist())) == len(named)
        assert np.array_equal(table[row, named], found.seconds[row, : len(named)])
        assert np.isinf(found.seconds[row, len(named) :]).all()


@settings(deadline=None, max_examples=60)
@given(
    random_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=1, max_size=8),
    st.sampled_from(range(len(PROFILES))),
    st.integers(1, 4),
)
def test_the_several_nearest_are_the_least_of_the_matrix(
    streets: StreetMap, where: list[tuple[int, int]], mode: int, n_nearest: int
) -> None:
    network = built(streets)
    targets = at(network, mode, *[(float(x), float(y)) for x, y in where])
    origins = at(network, mode, (0.0, 0.0), (99.0, 5.0), (300.0, 200.0))
    assert_several(build_street_search(network), mode, origins, targets, n_nearest)


@pytest.mark.parametrize("name", embedded_regions())
def test_more_targets_than_lanes_make_no_difference(name: str) -> None:
    streets, mode = real_search(name), 1
    index = snap_indexes(streets.network.mapped)[mode]
    origins, targets = (
        snap(streets.network, mode, PROFILES[mode], index, *scattered(streets, n_points, seed))
        for n_points, seed in ((300, 1), (150, 2))
    )
    assert_several(streets, mode, origins, targets, 3)


def test_ways_of_more_than_eighteen_hours_are_told_and_ways_beyond_the_limit_are_not() -> None:
    # 400 km of street, to and fro, are walked in more than the 65,534 s that narrow lanes hold; the point at 1 km is near.
    turns = {
        "A": (0, 0),
        "B": (80_000, 0),
        "C": (0, 900),
        "D": (80_000, 1800),
        "E": (0, 2700),
        "F": (80_000, 3600),
    }
    network = built(street_map(turns, [("ABCDEF", {"highway": "residential"})]))
    ready, start = build_street_search(network), at(network, 0, (10.0, 0.0))
    ends = at(network, 0, (1000.0, 0.0), (80_000.0, 3600.0))
    for limit_s in (np.inf, 1e6, 7200.0):
        found = matrix(ready, 0, start, ends, limit_s)
        assert np.array_equal(found, street_oracle.matrix(network, 0, start, ends, limit_s))
        assert found[0, 0] < 1000
        assert found[0, 1] > 100_000
        assert np.isinf(found[0, 1]) == (limit_s == 7200)


def test_no_points_give_empty_answers() -> None:
    network = built(street_map({"A": (0, 0), "B": (100, 0)}, [("AB", {"highway": "residential"})]))
    ready, nobody, one = build_street_search(network), at(network, 0), at(network, 0, (50.0, 0.0))
    assert matrix(ready, 0, nobody, one, np.inf).shape == (0, 1)
    assert matrix(ready, 0, one, nobody, np.inf).shape == (1, 0)
    assert np.isinf(nearest(ready, 0, one, nobody).seconds).all()
    assert nearest(ready, 0, nobody, one).seconds.shape == (0,)
    assert np.isinf(nearest_k(ready, 0, one, nobody, 2).seconds).all()
    assert nearest_k(ready, 0, nobody, one, 2).target.shape == (0, 2)


def test_a_search_written_mode_by_mode_is_the_one_that_is_held_whole(tmp_path: Path) -> None:
    words = {"ABCD": {"highway": "residential"}, "BD": {"highway": "footway"}}
    points = {"A": (0, 0), "B": (100, 0), "C": (100, 100), "D": (0, 100)}
    network = built(street_map(points, list(words.items())))
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    save_table(whole, build_street_search(network))
    save_table(parts / "network", network)
    opened = write_street_search(parts)
    files = [sorted(file.relative_to(top) for file in top.rglob("*.*")) for top in (whole, parts)]
    assert files[0] == files[1]
    assert all((whole / file).read_bytes() == (parts / file).read_bytes() for file in files[0])
    assert len(opened.modes) == len(PROFILES)
    assert isinstance(opened.modes[0].weights.up, np.memmap)
