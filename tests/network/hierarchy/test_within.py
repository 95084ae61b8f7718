"""All targets within a limit, against the table of every origin by every target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.streets import StreetMap
from network.hierarchy import search
from network.hierarchy.packing import MAX_SECONDS
from network.hierarchy.search import StreetSearch, build_street_search
from network.hierarchy.within import as_within, within
from network.streets.snap import Snapped
from support.toys.networks import street_map
from support.toys.streets import LINE, STREET, WALK, at, built, random_maps


def assert_same(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped, limit_s: float) -> None:
    expected = as_within(search.matrix(streets, mode, origins, targets, limit_s))
    for name, column in within(streets, mode, origins, targets, limit_s)._asdict().items():
        assert np.array_equal(column, getattr(expected, name)), name


def test_a_target_at_the_limit_is_within_and_one_a_second_farther_is_not() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)]))
    streets = build_street_search(network)
    home = at(network, WALK, (0, 0))
    shops = at(network, WALK, (250, 0), (100, 0))
    # 100 m and 250 m at 1.33 m/s along a straight street: 75 s and 188 s.
    for limit_s, target, seconds in ((188, [0, 1], [188, 75]), (187, [1], [75]), (74, [], [])):
        found = within(streets, WALK, home, shops, limit_s)
        assert found.offset.tolist() == [0, len(target)]
        assert (found.target.tolist(), found.seconds.tolist()) == (target, seconds)


def test_nobody_and_nothing() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)]))
    streets = build_street_search(network)
    home, nowhere = at(network, WALK, (0, 0)), at(network, WALK)
    assert within(streets, WALK, home, nowhere, 900).offset.tolist() == [0, 0]
    assert within(streets, WALK, nowhere, home, 900).offset.tolist() == [0]


def test_a_limit_beyond_what_a_packed_value_holds_is_refused() -> None:
    network = built(street_map(LINE, [("ABCD", STREET)]))
    home = at(network, WALK, (0, 0))
    with pytest.raises(ValueError, match="limit"):
        within(build_street_search(network), WALK, home, home, MAX_SECONDS)


@settings(deadline=None, max_examples=150)
@given(
    random_maps(), st.integers(0, 3), st.sampled_from([0, 30, 90, 200, 100_000]), st.integers(0, 2**32 - 1)
)
def test_equal_to_the_table_of_all_pairs(streets: StreetMap, mode: int, limit_s: int, seed: int) -> None:
    network = built(streets)
    random = np.random.default_rng(seed)
    origins, targets = (at(network, mode, *map(tuple, random.uniform(-50, 350, (n, 2)))) for n in (7, 9))
    assert_same(build_street_search(network), mode, origins, targets, limit_s)


@given(st.integers(0, 2**32 - 1))
def test_pairs_are_found_turned_and_added_as_in_the_table(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = np.where(random.random((4, 6)) < 0.5, random.integers(0, 99, (4, 6)), np.inf)
    found = as_within(table)
    assert np.array_equal(found.between(np.repeat(np.arange(4), 6), np.tile(np.arange(6), 4)), table.ravel())
    back = found.turned(6)
    assert np.array_equal(back.between(np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6)), table.T.ravel())
    odd = np.arange(24).reshape(4, 6) % 2 == 1
    even, (origin, target) = as_within(np.where(odd, np.inf, table)), np.nonzero(odd & np.isfinite(table))
    whole = even.merged(origin, target, table[origin, target].astype(np.int32))
    for name, column in whole._asdict().items():
        assert np.array_equal(column, getattr(found, name)), name
