"""Indicators on a handful of places, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.indicators import mean_seconds, people_unreached, people_within, worst_served

SECONDS = np.array([60.0, 600.0, 601.0, np.inf])
# Powers of two: a sum names the places that were counted.
PEOPLE = np.array([1, 2, 4, 8], np.int32)


def test_the_limit_itself_is_within() -> None:
    assert people_within(SECONDS, PEOPLE, 600) == 1 + 2
    assert people_within(SECONDS, PEOPLE, 601) == 1 + 2 + 4
    assert people_within(SECONDS, PEOPLE, 59) == 0


def test_the_mean_is_over_those_who_reach_one() -> None:
    assert mean_seconds(SECONDS, PEOPLE) == pytest.approx((60 + 2 * 600 + 4 * 601) / 7)
    assert people_unreached(SECONDS, PEOPLE) == 8
    assert mean_seconds(np.array([np.inf]), np.array([5], np.int32)) == np.inf


def test_the_worst_served_is_who_reaches_none_and_empty_places_do_not_count() -> None:
    assert worst_served(SECONDS, PEOPLE, 2).tolist() == [3, 2]
    assert worst_served(SECONDS, np.array([1, 2, 4, 0], np.int32), 1).tolist() == [2]
