"""What is within reach: worked out by hand on three homes and two practices, and against plain loops.

home 0 ── 5 min ── practice 0 (one unit)
home 1 ── 10 min ── practice 0,  20 min ── practice 1 (three units)
home 2 reaches nothing
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.catchments import Catchments
from accessibility.opportunities import cumulative, demand_by_age, floating_catchment, gravity, weights
from data.columns import Floats
from data.parameters.behaviour import Decay, load_behaviour

DECAYS = load_behaviour(None).decays
E2SFCA = load_behaviour(None).decay("e2sfca")
UNITS = np.array([1.0, 3.0])


def caught(seconds: Floats, limit_s: float) -> Catchments:
    """Catchments of an (O, T) table."""
    origin, target = np.nonzero(seconds <= limit_s)
    first = np.append(0, np.cumsum(np.bincount(origin, minlength=len(seconds)))).astype(np.int64)
    facility = np.arange(seconds.shape[1], dtype=np.int32)
    return Catchments(facility, first, target.astype(np.int32), seconds[origin, target])


TABLE = np.array([[300.0, np.inf], [600.0, 1200.0], [np.inf, np.inf]])
REACH = caught(TABLE, 1800)


def test_what_is_within_a_limit_counts_by_its_size() -> None:
    assert cumulative(REACH, UNITS, 600).tolist() == [1, 1, 0]
    assert cumulative(REACH, UNITS, 1200).tolist() == [1, 4, 0]
    assert cumulative(REACH.within(1199), UNITS, 1200).tolist() == [1, 1, 0]


def decay(form: str, **numbers: object) -> Decay:
    return Decay(name=form, form=form, assumed=True, source="made by hand", **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shape", "minutes", "expected"),
    [
        # Half at ten minutes, a quarter at twenty.
        (decay("negative_exponential", minutes=10.0), 20, 0.25),
        # Four times as far as five minutes, to the power of a half: half.
        (decay("power", minutes=5.0, power=0.5), 20, 0.5),
        (decay("power", minutes=5.0, power=0.5), 3, 1),
        # One standard deviation off.
        (decay("gaussian", minutes=12.0), 12, math.exp(-0.5)),
        # Half at its middle; at twice as far 1 in 1 + 2 ** 3.
        (decay("log_logistic", minutes=15.0, power=3.0), 15, 0.5),
        (decay("log_logistic", minutes=15.0, power=3.0), 30, 1 / 9),
        # Ten minutes are in the first zone, a second more in the next, beyond the last nothing.
        (E2SFCA, 10, 1),
        (E2SFCA, 10 + 1 / 60, 0.68),
        (E2SFCA, 30, 0.22),
        (E2SFCA, 30.1, 0),
    ],
)
def test_a_decay_is_what_its_form_says(shape: Decay, minutes: float, expected: float) -> None:
    assert weights(shape, np.array([minutes * 60]))[0] == pytest.approx(expected)


@pytest.mark.parametrize("shape", DECAYS, ids=lambda shape: shape.name)
def test_a_decay_starts_at_one_and_never_rises(shape: Decay) -> None:
    found = weights(shape, np.arange(0.0, 7200.0, 30.0))
    assert found[0] == 1
    assert (np.diff(found) <= 0).all()
    assert (found >= 0).all()


def test_gravity_adds_what_each_practice_is_worth_at_its_distance() -> None:
    half_in_ten = decay("negative_exponential", minutes=10.0)
    # 2 ** -0.5 of one unit; half a unit and a quarter of three.
    assert gravity(REACH, UNITS, half_in_ten) == pytest.approx([2**-0.5, 0.5 + 0.75, 0])


def test_a_floating_catchment_shares_each_practice_among_all_who_reach_it() -> None:
    # Practice 0 has 100 places for 40 + 60 people: one each. Practice 1 has 300 for the 60: five each.
    found = floating_catchment(REACH, UNITS * 100, np.array([40.0, 60.0, 5.0]), None)
    assert found.per_facility.tolist() == [1, 5]
    assert found.per_person.tolist() == [1, 6, 0]
    # With zones home 1 counts 0.68 at practice 1, for itself and against itself: 300 / (60 * 0.68) * 0.68 is 5 again.
    zones = floating_catchment(REACH, UNITS * 100, np.array([40.0, 60.0, 5.0]), E2SFCA)
    assert zones.per_person == pytest.approx([1, 6, 0])


def test_who_goes_twice_as_often_counts_double() -> None:
    by_age = np.array([[10, 1], [0, 5]], np.int32)
    assert demand_by_age(by_age, np.array([3.0, 12.0]), 6.0).tolist() == [5 + 2, 10]


def test_a_practice_that_nobody_reaches_serves_nobody() -> None:
    found = floating_catchment(caught(TABLE, 600), UNITS, np.array([1.0, 1.0, 1.0]), None)
    assert found.per_facility.tolist() == [0.5, 0]
    # Nor does one in whose catchment nobody lives.
    empty = floating_catchment(REACH, UNITS, np.zeros(3), None)
    assert empty.per_person.tolist() == [0, 0, 0]


TABLES = st.integers(1, 4).flatmap(
    lambda n_targets: st.lists(
        st.lists(st.one_of(st.integers(0, 3000), st.just(np.inf)), min_size=n_targets, max_size=n_targets),
        min_size=1,
        max_size=6,
    )
)


@settings(deadline=None)
@given(TABLES, st.sampled_from([None, *DECAYS]), st.integers(300, 2400), st.integers(0, 99))
def test_floating_catchments_equal_the_two_steps_in_plain_loops(
    table: list[list[float]], shape: Decay | None, limit_s: int, seed: int
) -> None:
    seconds = np.array(table, np.float64)
    n_origins, n_targets = seconds.shape
    numbers = np.random.default_rng(seed)
    people: Floats = np.asarray(numbers.integers(0, 50, n_origins), np.float64)
    places: Floats = np.asarray(numbers.integers(1, 100, n_targets), np.float64)

    def weight(origin: int, target: int) -> float:
        if seconds[origin, target] > limit_s:
            return 0.0
        return 1.0 if shape is None else float(weights(shape, seconds[origin : origin + 1, target])[0])

    ratio = []
    for target in range(n_targets):
        wanted = sum(people[origin] * weight(origin, target) for origin in range(n_origins))
        ratio.append(places[target] / wanted if wanted > 0 else 0.0)
    expected = [
        sum(ratio[target] * weight(origin, target) for target in range(n_targets))
        for origin in range(n_origins)
    ]
    found = floating_catchment(caught(seconds, limit_s), places, people, shape)
    assert found.per_facility == pytest.approx(ratio)
    assert found.per_person == pytest.approx(expected)
    # Nothing is lost and nothing made: the people's places are those of the practices that anybody reaches.
    used = sum(places[target] for target in range(n_targets) if ratio[target] > 0)
    assert (found.per_person * people).sum() == pytest.approx(used)
