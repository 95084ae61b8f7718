"""Indicators on a handful of places, worked out by hand, and against plain loops over persons one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.groups import whole_persons
from accessibility.indicators import (
    cost_per_person,
    curve,
    gini,
    mean_of_worst,
    mean_seconds,
    palma,
    people_of_nearest,
    people_unreached,
    people_within,
    seconds_of_share,
    travel_per_day,
    visits_per_year,
    worst_served,
)
from data.columns import Floats, Int32s

SECONDS = np.array([60.0, 600.0, 601.0, np.inf])
# Powers of two: a sum names the places that were counted.
PEOPLE = np.array([1, 2, 4, 8], np.int32)

# Places with a time (0 to an hour, or none) and up to nine people.
PLACES = st.lists(
    st.tuples(st.one_of(st.integers(0, 3600), st.just(np.inf)), st.integers(0, 9)), min_size=1, max_size=12
)


def columns(places: list[tuple[float, int]]) -> tuple[Floats, Int32s]:
    seconds, people = zip(*places, strict=True)
    return np.array(seconds, np.float64), np.array(people, np.int32)


def one_by_one(seconds: Floats, people: Int32s) -> Floats:
    """The time of every single person, shortest first."""
    return np.sort(np.repeat(seconds, people))


def test_the_limit_itself_is_within() -> None:
    assert people_within(SECONDS, PEOPLE, 600) == 1 + 2
    assert people_within(SECONDS, PEOPLE, 601) == 1 + 2 + 4
    assert people_within(SECONDS, PEOPLE, 59) == 0


def test_the_curve_rises_where_somebody_comes_within_and_never_to_those_who_reach_none() -> None:
    stair = curve(SECONDS, PEOPLE)
    assert stair.limit_s.tolist() == [60, 600, 601]
    assert stair.people.tolist() == [1, 3, 7]


@given(PLACES, st.integers(0, 3700))
def test_the_curve_says_for_every_limit_how_many_are_within(
    places: list[tuple[float, int]], limit_s: int
) -> None:
    seconds, people = columns(places)
    stair = curve(seconds, people)
    row = np.searchsorted(stair.limit_s, limit_s, side="right")
    assert np.append(0, stair.people)[row] == people_within(seconds, people, limit_s)


def test_the_mean_is_over_those_who_reach_one() -> None:
    assert mean_seconds(SECONDS, PEOPLE) == pytest.approx((60 + 2 * 600 + 4 * 601) / 7)
    assert people_unreached(SECONDS, PEOPLE) == 8
    assert mean_seconds(np.array([np.inf]), np.array([5], np.int32)) == np.inf


def test_the_median_is_a_time_that_occurs_and_who_reaches_none_is_last() -> None:
    # Of 15 persons the eighth is the first of the eight who reach none; without them, of 7, the fourth takes 601 s.
    assert seconds_of_share(SECONDS, PEOPLE, 0.5) == np.inf
    assert seconds_of_share(SECONDS, np.array([1, 2, 4, 0], np.int32), 0.5) == 601
    # 3 of 30 persons are a tenth, exactly.
    assert seconds_of_share(np.array([1.0, 2.0]), np.array([3, 27], np.int32), 0.1) == 1
    assert seconds_of_share(SECONDS, np.zeros(4, np.int32), 0.5) == np.inf


@given(PLACES, st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
def test_a_share_is_reached_as_in_a_queue_of_persons(places: list[tuple[float, int]], share: float) -> None:
    seconds, people = columns(places)
    queue = one_by_one(seconds, people)
    if not len(queue):
        return
    # The last of the first so many persons, counted in tenths of a hundred to keep the count exact.
    n_first = -(-round(share * 100) * len(queue) // 100)
    assert seconds_of_share(seconds, people, share) == queue[n_first - 1]


def test_the_worst_tenth_is_met_exactly() -> None:
    # A tenth of 20 persons are two: the one who needs 100 s and one of those who need 40.
    seconds, people = np.array([10.0, 40.0, 100.0]), np.array([10, 9, 1], np.int32)
    assert mean_of_worst(seconds, people, 0.1) == pytest.approx((100 + 40) / 2)
    # Of 5 persons a tenth is half a person, the worst off.
    assert mean_of_worst(seconds, np.array([2, 2, 1], np.int32), 0.1) == pytest.approx(100)
    assert mean_of_worst(seconds, people, 1.0) == pytest.approx((100 + 360 + 100) / 20)
    assert mean_of_worst(SECONDS, PEOPLE, 0.1) == np.inf
    assert mean_of_worst(SECONDS, np.zeros(4, np.int32), 0.1) == np.inf


@given(PLACES, st.sampled_from([0.1, 0.5, 1.0]))
def test_the_worst_are_those_at_the_end_of_the_queue(places: list[tuple[float, int]], share: float) -> None:
    seconds, people = columns(places)
    # Ten copies of each person, so that a tenth is whole.
    queue = np.repeat(one_by_one(seconds, people), 10)
    if not len(queue):
        return
    worst = queue[len(queue) - round(share * len(queue)) :]
    assert mean_of_worst(seconds, people, share) == pytest.approx(worst.mean())


def test_gini_and_palma_of_times_worked_out_by_hand() -> None:
    alike, people = np.array([300.0, 300.0]), np.array([7, 3], np.int32)
    # All alike: no difference, and a tenth has a quarter of what four tenths have.
    assert gini(alike, people) == pytest.approx(0)
    assert palma(alike, people) == pytest.approx(0.25)
    # Of two persons one bears it all: half the mean difference (T / 2 over all pairs, self included) over the mean T / 2.
    assert gini(np.array([0.0, 60.0]), np.array([1, 1], np.int32)) == pytest.approx(0.5)
    # Ten persons of 1, 2, ... 10 minutes: the last has 10, the first four 1 + 2 + 3 + 4 = 10.
    minutes = np.arange(60.0, 601.0, 60.0)
    assert palma(minutes, np.ones(10, np.int32)) == pytest.approx(1)
    # The mean difference of 1 to n is (n * n - 1) / 3 n = 3.3; half of it over the mean of 5.5 is 0.3.
    assert gini(minutes, np.ones(10, np.int32)) == pytest.approx(0.3)


def test_gini_and_palma_of_nobody_or_of_no_time() -> None:
    nobody, one = np.zeros(1, np.int32), np.ones(1, np.int32)
    for seconds, people in ((np.array([60.0]), nobody), (np.array([np.inf]), one), (np.array([0.0]), one)):
        assert gini(seconds, people) == 0
        assert palma(seconds, people) == 0
    assert palma(np.array([0.0, 60.0]), np.array([5, 5], np.int32)) == np.inf


@given(PLACES)
def test_gini_is_half_the_mean_difference_between_persons_over_the_mean(
    places: list[tuple[float, int]],
) -> None:
    seconds, people = columns(places)
    queue = one_by_one(seconds, people)
    queue = queue[np.isfinite(queue)]
    mean = queue.mean() if len(queue) else 0
    expected = np.abs(queue[:, None] - queue).mean() / 2 / mean if mean else 0
    assert gini(seconds, people) == pytest.approx(expected, abs=1e-12)


@given(PLACES, st.integers(2, 5))
def test_fairness_does_not_depend_on_the_unit_or_on_how_rows_are_cut(
    places: list[tuple[float, int]], times: int
) -> None:
    seconds, people = columns(places)
    cut = np.concatenate([seconds, seconds]), np.concatenate([people, people])
    for measure in (gini, palma):
        assert measure(seconds * times, people) == pytest.approx(measure(seconds, people))
        assert measure(*cut) == pytest.approx(measure(seconds, people))


def test_the_worst_served_is_who_reaches_none_and_empty_places_do_not_count() -> None:
    assert worst_served(SECONDS, PEOPLE, 2).tolist() == [3, 2]
    assert worst_served(SECONDS, np.array([1, 2, 4, 0], np.int32), 1).tolist() == [2]


def test_a_facility_lives_on_those_whose_nearest_it_is() -> None:
    # Facility 2 is the nearest of the first and third place, facility 0 of the second; the last reaches none.
    assert people_of_nearest(np.array([2, 0, 2, -1], np.int32), PEOPLE, 4).tolist() == [2, 0, 1 + 4, 0]


def test_time_on_the_way_is_there_and_back_for_every_visit() -> None:
    # 365 young who go once a year and 73 old who go ten times: 1 + 2 visits a day, ten minutes each way.
    by_age = np.array([[365, 73], [0, 73]], np.int32)
    travel = travel_per_day(np.array([600.0, np.inf]), by_age, np.array([1.0, 10.0]))
    assert travel.person_minutes == pytest.approx(3 * 2 * 10)
    assert travel.visits == pytest.approx(3)
    assert travel.visits_unreached == pytest.approx(2)


def test_telephone_and_broadband_save_the_way() -> None:
    # Of ten contacts six are on site, and a quarter of these becomes digital.
    assert visits_per_year(np.array([10.0]), 0.6, 0.25).tolist() == pytest.approx([4.5])


def test_the_cost_is_shared_by_those_who_come_within() -> None:
    assert cost_per_person(12_000, 100, 160) == 200
    assert cost_per_person(12_000, 160, 100) == np.inf
    assert cost_per_person(12_000, 100, 100) == np.inf
    assert cost_per_person(0, 100, 100) == 0


@settings(deadline=None)
@given(st.lists(st.floats(0, 20), min_size=1, max_size=40))
def test_whole_persons_are_right_over_any_stretch(expected: list[float]) -> None:
    whole = whole_persons(np.array(expected))
    for begin in range(len(expected)):
        stretch = sum(expected[begin:])
        assert abs(whole[begin:].sum() - stretch) <= 1 + 1e-9
    assert (whole >= 0).all()
