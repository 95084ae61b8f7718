"""Whom a figure is about: everybody, an age, or those without a car."""

from __future__ import annotations

from typing import get_args

import numpy as np

from accessibility.origins import Origins
from data.columns import Floats, Int32s
from data.parameters.behaviour import Behaviour
from data.parameters.norms import Group

GROUPS: tuple[Group, ...] = get_args(Group)
BANDS: dict[Group, tuple[int, ...]] = {
    "all": (0, 1, 2, 3),
    "under20": (0,),
    "65plus": (2, 3),
    "75plus": (3,),
}
"""Columns of `data.places.AGE_BANDS` that a group is made of."""
MODELLED_GROUPS: tuple[Group, ...] = ("without_car",)
"""Groups that nobody has counted here: shares of the country, shifted by district, applied to the ages of a cell."""


def people_of(origins: Origins, group: Group, behaviour: Behaviour, odds: float = 1.0) -> Int32s:
    """(O,) int32, persons of a group at each origin; `odds` as of `data.parameters.behaviour.WithoutCar.shares`."""
    if group == "without_car":
        return whole_persons(people_by_age_of(origins, group, behaviour, odds).sum(axis=1))
    total: Int32s = origins.people_by_age[:, BANDS[group]].sum(axis=1, dtype=np.int32)
    return total


def people_by_age_of(origins: Origins, group: Group, behaviour: Behaviour, odds: float = 1.0) -> Floats:
    """(O, 4) float64, expected persons of a group by age, as `people_of` before they are made whole."""
    if group == "without_car":
        return origins.people_by_age * behaviour.without_car.shares(origins.cars_per_household, odds)
    found = np.zeros(origins.people_by_age.shape)
    found[:, BANDS[group]] = origins.people_by_age[:, BANDS[group]]
    return found


def whole_persons(expected: Floats) -> Int32s:
    """Whole persons for expected ones: the running total is rounded, so that any stretch of rows is right to a person."""
    total = np.rint(np.cumsum(expected))
    return np.diff(total, prepend=0.0).astype(np.int32)
