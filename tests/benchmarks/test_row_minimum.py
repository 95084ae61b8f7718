"""Many choices of sites against one table: compared with plain loops, and with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
from benchmarks.row_minimum import BLOCK, Choices, as_table, sums
from hypothesis import given, settings
from hypothesis import strategies as st

from network.lanes import UNREACHED_UINT16

#                     Aa   Bee  Cee  Dee
SITES = np.array([[0, 600, 900, np.inf], [900, 60, 60, np.inf]])
ELSEWHERE = np.array([1200, 1200, np.inf, np.inf])
PEOPLE = np.array([1, 20, 300, 4000], np.int32)


def choices(*chosen: list[int]) -> Choices:
    first = np.cumsum([0, *(len(sites) for sites in chosen)]).astype(np.int64)
    return Choices(first, np.array([site for sites in chosen for site in sites], np.int32))


def test_four_villages_and_two_sites() -> None:
    found = sums(as_table(SITES), as_table(ELSEWHERE), PEOPLE, choices([], [0], [1], [0, 1], [1, 1, 0]), 600)
    # Without a site nobody is within ten minutes; the first brings Aa and Bee, the limit included; the second Bee and Cee.
    assert found.people_within.tolist() == [0, 21, 320, 321, 321]
    # Dee is reached by no site, Cee by any.
    assert found.people_reached.tolist() == [21, 321, 321, 321, 321]
    assert found.person_s.tolist() == [
        21 * 1200, 20 * 600 + 300 * 900, 900 + 320 * 60, 320 * 60, 320 * 60,
    ]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5]))
def test_sums_are_those_of_plain_loops(seed: int, n_origins: int) -> None:
    rng = np.random.default_rng(seed)
    n_sites = int(rng.integers(1, 6))
    table = rng.integers(0, 65_536, (n_sites, n_origins)).astype(np.uint16)
    table[rng.random(table.shape) < 0.2] = UNREACHED_UINT16
    elsewhere = rng.integers(0, 65_536, n_origins).astype(np.uint16)
    elsewhere[rng.random(n_origins) < rng.choice([0, 0.5])] = UNREACHED_UINT16
    people = rng.integers(0, rng.choice([65_536, 300_000]), n_origins).astype(np.int32)
    chosen = [rng.integers(0, n_sites, rng.integers(0, 4)).tolist() for _ in range(7)]
    limit_s = int(rng.integers(0, 70_000))
    found = sums(table, elsewhere, people, choices(*chosen), limit_s)
    for row, sites in enumerate(chosen):
        best = [
            min([int(elsewhere[at]), *(int(table[site, at]) for site in sites)]) for at in range(n_origins)
        ]
        reached = [(int(people[at]), s) for at, s in enumerate(best) if s < UNREACHED_UINT16]
        assert found.people_within[row] == sum(persons for persons, s in reached if s <= limit_s)
        assert found.people_reached[row] == sum(persons for persons, _ in reached)
        assert found.person_s[row] == sum(persons * s for persons, s in reached)


def test_the_largest_numbers_do_not_overflow() -> None:
    n_origins = 3 * BLOCK
    longest = np.full((1, n_origins), 65_534.0)
    people = np.full(n_origins, 65_535, np.int32)
    found = sums(as_table(longest), as_table(np.full(n_origins, np.inf)), people, choices([0]), 65_534)
    assert found.people_within[0] == 65_535 * n_origins
    assert found.person_s[0] == 65_535 * 65_534 * n_origins


def test_no_origins_come_to_nothing() -> None:
    found = sums(
        np.empty((2, 0), np.uint16), np.empty(0, np.uint16), np.empty(0, np.int32), choices([0], [1]), 600
    )
    assert [column.tolist() for column in found] == [[0, 0]] * 3
