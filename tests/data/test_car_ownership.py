"""Households without a car by cars per household, and what that does to the shares of people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.car_ownership import households_without, shifted
from data.parameters.behaviour import load_behaviour


def test_households_get_their_first_car_twice_as_easily_as_the_next() -> None:
    """One household in a simulation of many: each gets cars at random, the first at twice the rate of the next."""
    rng = np.random.default_rng(1)
    for years in (0.2, 0.6, 1.1):
        first = rng.exponential(1 / 2, 200_000)
        more = rng.poisson(np.maximum(years - first, 0.0))
        cars = np.where(first < years, 1 + more, 0)
        found = households_without(np.array([cars.mean()]))[0]
        assert found == pytest.approx((cars == 0).mean(), abs=0.004)


def test_the_netherlands_of_2010_come_out() -> None:
    # CBS: three in ten households had no car. By the relation there were 0.95 per household then; of district 2023
    # figures 1.4 is a village and 0.7 the middle of Emmen.
    village, town, country = households_without(np.array([1.4, 0.7, 0.952]))
    assert country == pytest.approx(0.30, abs=0.001)
    assert village == pytest.approx(0.143, abs=0.002)
    assert town == pytest.approx(0.435, abs=0.003)


@given(cars=st.lists(st.floats(0.05, 4.0), min_size=2, max_size=8, unique=True))
def test_more_cars_leave_fewer_without(cars: list[float]) -> None:
    without = households_without(np.array(sorted(cars)))
    assert (np.diff(without) <= 0).all()
    assert ((without > 0) & (without < 1)).all()


def test_shares_move_in_order_and_stay_where_nothing_is_known() -> None:
    share = np.array([0.16, 0.46])
    as_the_country, unknown, village = shifted(share, np.array([0.952, np.nan, 1.4]), 0.30)
    assert as_the_country == pytest.approx(share, abs=0.001)
    assert unknown.tolist() == share.tolist()
    # The odds of a household are 0.143 / 0.857 against 0.3 / 0.7: 0.39 times, and so are those of people:
    # 0.16 / 0.84 * 0.39 = 0.0743, which is a share of 0.069; 0.46 / 0.54 * 0.39 = 0.332, a share of 0.249.
    assert village == pytest.approx([0.069, 0.249], abs=0.002)


def test_those_under_twenty_are_without_a_car_by_their_age() -> None:
    without = load_behaviour(None).without_car
    shares = without.shares(np.array([0.7, np.nan, 1.7]))
    assert shares[:, 0].tolist() == [without.share[0]] * 3
    assert (np.diff(shares[[0, 1, 2], 1]) < 0).all()


def test_shares_of_a_region_that_knows_nothing_of_households_stay_as_they_are_written(tmp_path: Path) -> None:
    # As such a table was written before districts had cars: read as it was meant, whatever cars are known now.
    (tmp_path / "behaviour.toml").write_text(
        '[without_car]\nshare = [0.9, 0.1, 0.2, 0.5]\nassumed = true\nsource = "own count"\n'
    )
    shares = load_behaviour(tmp_path).without_car.shares(np.array([0.7, np.nan, 1.7]))
    assert shares.tolist() == [[0.9, 0.1, 0.2, 0.5]] * 3
