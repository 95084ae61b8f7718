"""What is within reach, and how much of it there is for everybody: cumulative, gravity and floating catchments."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accessibility.catchments import Catchments
from data.columns import Floats, Int32s
from data.parameters.behaviour import Decay

MINUTE_S = 60


def weights(decay: Decay, seconds: Floats) -> Floats:
    """What a facility counts at each time, 0 to 1; data/parameters/behaviour.toml says what the forms are."""
    minutes = seconds / MINUTE_S
    relative = minutes / decay.minutes
    match decay.form:
        case "negative_exponential":
            return np.exp2(-relative)
        case "power":
            return np.maximum(relative, 1.0) ** -decay.power
        case "gaussian":
            return np.exp(-0.5 * relative**2)
        case "log_logistic":
            return 1 / (1 + relative**decay.power)
        case "steps":
            return np.append(decay.weights, 0.0)[np.searchsorted(decay.steps_min, minutes)]


def cumulative(reach: Catchments, size: Floats, limit_s: float) -> Floats:
    """(O,) float64, sum of the sizes of the facilities within `limit_s`, at most the limit of the catchments.

    `size` is (T,), of each facility of the kind: 1 to count them, units to count practices.
    """
    within = reach.seconds <= limit_s
    return _summed(reach.origin[within], size[reach.target[within]], reach.n_origins)


def gravity(reach: Catchments, size: Floats, decay: Decay) -> Floats:
    """(O,) float64, sum of the sizes of the facilities in the catchments, each weighed by its time (Hansen 1959)."""
    worth = size[reach.target] * weights(decay, reach.seconds)
    return _summed(reach.origin, worth, reach.n_origins)


class Floating(NamedTuple):
    """Supply set against everybody who reaches it."""

    per_person: Floats
    """(O,) float64, places per person of the demand: 1 is a place for everybody."""
    per_facility: Floats
    """(T,) float64, places of the facility per person in its catchment; 0 where there is nobody."""


def floating_catchment(reach: Catchments, capacity: Floats, demand: Floats, decay: Decay | None) -> Floating:
    """Two-step floating catchment area (Luo and Wang 2003), enhanced where there is a decay (Luo and Qi 2009).

    Parameters
    ----------
    reach
        Who reaches what within the catchment.
    capacity
        (T,) persons that each facility can serve.
    demand
        (O,) persons, by age counted as heavily as they need it, see `demand_by_age`.
    decay
        What a person counts at a distance; None for all alike within the catchment.

    Returns
    -------
    Demand times places per person, summed over the origins, is the capacity of all facilities that anybody reaches.

    """
    weight = np.ones(len(reach.target)) if decay is None else weights(decay, reach.seconds)
    wanted = _summed(reach.target, weight * demand[reach.origin], len(capacity))
    ratio = np.divide(capacity, wanted, out=np.zeros(len(capacity)), where=wanted > 0)
    per_person = _summed(reach.origin, weight * ratio[reach.target], reach.n_origins)
    return Floating(per_person, ratio)


def demand_by_age(people_by_age: Int32s, per_year: Floats, average: float) -> Floats:
    """(O,) float64, persons who need as much as the average: a person with twice the contacts counts double.

    `per_year` is (B,), contacts of each band, and `average` those of the people for whom the capacity is meant.
    """
    return people_by_age @ (per_year / average)


def _summed(row: NDArray[np.integer[Any]], worth: Floats, n_rows: int) -> Floats:
    """(n_rows,) float64, sum of what belongs to each row."""
    return np.bincount(row, worth, minlength=n_rows).astype(np.float64)
