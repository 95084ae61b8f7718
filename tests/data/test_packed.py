"""What is kept small is given back as it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from data.packed import TOGETHER, blocks, joined, least, packed, unpacked

INF = np.inf


@given(
    arrays(
        np.float64,
        (3, 4),
        elements=st.one_of(st.integers(0, 70_000).map(float), st.just(INF), st.floats()),
    )
)
def test_nothing_is_lost(seconds: NDArray[np.float64]) -> None:
    back = unpacked(packed(seconds))
    assert back.dtype == np.float64
    np.testing.assert_array_equal(back, seconds)


def test_whole_seconds_take_a_quarter() -> None:
    # Four hours is the longest trip that is looked at; a number takes two bytes instead of eight.
    seconds = np.array([[0.0, 14_400.0, INF]])
    assert packed(seconds).nbytes * 4 == seconds.nbytes
    np.testing.assert_array_equal(unpacked(packed(packed(seconds))), seconds)


@pytest.mark.parametrize("odd", [0.5, -1.0, 65_535.0, -INF, np.nan])
def test_what_does_not_fit_stays_as_it_is(odd: float) -> None:
    # 65,535 itself stands for inf.
    assert packed(np.array([1.0, odd])).dtype == np.float64


def test_rows_are_joined_whichever_way_they_are_kept() -> None:
    whole, odd = np.array([[60.0, INF]]), np.array([[0.5, 7.0]])
    for above, below in ((whole, whole), (whole, odd), (odd, whole)):
        for axis in (0, 1):
            both = unpacked(joined((packed(above), packed(below)), axis))
            np.testing.assert_array_equal(both, np.concatenate([above, below], axis))


def test_rows_lie_one_after_the_other() -> None:
    # Of a table that was turned over: the kernels are compiled for rows that do.
    assert unpacked(packed(np.arange(6.0).reshape(2, 3).T)).flags.c_contiguous


def test_the_least_of_tables_is_that_of_every_two_numbers_whichever_way_they_are_kept() -> None:
    rng = np.random.default_rng(3)
    whole = rng.integers(0, 9, (5, TOGETHER // 2)).astype(float)
    whole[rng.random(whole.shape) < 0.3] = INF
    odd = rng.random(whole.shape) * 9
    for tables in ([whole, odd], [whole, whole[::-1]], [whole]):
        found = least([packed(table) for table in tables])
        np.testing.assert_array_equal(unpacked(found), np.minimum.reduce(tables))


@given(st.integers(0, 9), st.sampled_from([0, 1, TOGETHER // 3, TOGETHER, 2 * TOGETHER]))
def test_blocks_are_all_rows_once_and_in_order(n_rows: int, n_columns: int) -> None:
    # An empty table is looked at too: its result has columns and no rows.
    parts = list(blocks((n_rows, n_columns)))
    assert parts
    assert [row for part in parts for row in range(n_rows)[part]] == list(range(n_rows))
