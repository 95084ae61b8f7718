"""Households without a car in a district, from its cars per household, and what that does to shares by age."""

from __future__ import annotations

import numpy as np

from data.columns import Floats

N_HALVINGS = 60
"""Enough for the last bit of a share."""


def households_without(cars_per_household: Floats) -> Floats:
    """Share of households without a car, (N,) float64, where there are so many cars per household; nan stays nan.

    A household is twice as likely to get its first car as any next one (J. D. Downes, The distribution of household car
    ownership, TRRL Supplementary Report 250, 1976). As a birth process with the rates 2, 1, 1 ... that makes
    `cars = -ln(without) / 2 + (1 - without) / 2`, which falls steadily and is solved by halving.
    """
    # Known by district: a few hundred numbers for tens of thousands of cells.
    cars, row = np.unique(cars_per_household, return_inverse=True)
    low, high = np.zeros(len(cars)), np.ones(len(cars))
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        is_low = cars_of(middle) > cars
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    without: Floats = np.where(np.isnan(cars), np.nan, (low + high) / 2)[row]
    return without


def cars_of(without: Floats) -> Floats:
    """Cars per household where such a share of the households, (N,) float64, has none: the inverse of `households_without`."""
    return -np.log(without) / 2 + (1 - without) / 2


def with_odds(share: Floats, factor: Floats | float) -> Floats:
    """Shares of which the odds are so many times as large."""
    moved: Floats = share * factor / (share * factor + 1 - share)
    return moved


def shifted(share: Floats, cars_per_household: Floats, households_share: float) -> Floats:
    """Shares by age, (N, A) float64, where `share`, (A,), holds for a country with `households_share` without a car.

    The odds of being without a car change as those of a household do, by the same factor at every age; where nothing is
    known of the cars, the share stays.
    """
    without = households_without(np.asarray(cars_per_household, dtype=np.float64))
    factor = without / (1 - without) / (households_share / (1 - households_share))
    return np.where(np.isnan(factor)[:, None], share, with_odds(share, factor[:, None]))
