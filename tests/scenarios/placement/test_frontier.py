"""Frontiers and robustness of placement, against every set of sites tried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accessibility.travel_times import MODES
from data.errors import ScenarioError
from data.parameters.uncertainty import load_ranges
from scenarios.placement.frontier import coverage_against_cost, coverage_against_worst
from scenarios.placement.robustness import Variant, case_name, cases, robustness
from scenarios.placement.solve import AS_GOOD, best_answer, resolved
from scenarios.placement.task import LeastTime, MostWithin, Rules, Task
from support.toys.placement import PATIENT, demand_of, every_set, random_task, sites_at, times

LIMIT_S = 400.0


def covering_task(seed: int) -> Task:
    """Random question of coverage with budget and distance only."""
    task = random_task(seed)
    rules = Rules(len(task.sites.id), budget=9000.0, apart_m=800.0)
    return replace(task, objective=MostWithin(LIMIT_S), rules=rules)


def undominated(points: set[tuple[float, float]]) -> set[tuple[float, float]]:
    """Pairs (people, the other) with no pair that has more people and no more of the other, or as many and less."""
    return {
        (people, other)
        for people, other in points
        if not any((p >= people and o < other) or (p > people and o <= other) for p, o in points)
    }


@pytest.mark.parametrize("seed", range(12))
def test_the_frontier_against_cost_holds_every_undominated_answer(seed: int) -> None:
    task = covering_task(seed)
    sets = every_set(task)
    everything = {(-of, float(task.sites.cost_per_year[list(chosen)].sum())) for chosen, of in sets.items()}
    found = {(point.people_within, point.cost_per_year) for point in coverage_against_cost(task, PATIENT)}
    # No hubs at all is no answer to where hubs should go, unless what exists already serves just as many.
    assert found | {min(undominated(everything), key=lambda pair: pair[1])} == undominated(everything)


@pytest.mark.parametrize("seed", range(12))
def test_the_frontier_against_the_worst_off_holds_every_undominated_answer(seed: int) -> None:
    task = covering_task(seed)
    counted = task.demand.people > 0
    everything = {
        (-of, float(times(task, chosen)[counted].max(initial=0.0))) for chosen, of in every_set(task).items()
    }
    points = list(coverage_against_worst(task, PATIENT, 0.0))
    assert {(point.people_within, point.worst_s) for point in points} == undominated(everything)
    assert all(point.is_proved for point in points)


def test_how_often_a_site_is_chosen_and_what_the_choice_costs_elsewhere() -> None:
    #   a ── 10 min ── b ── 10 min ── c, with 50, 10 and 40 people now.
    seconds = np.abs(np.arange(3)[:, None] - np.arange(3)) * 600.0
    sites = sites_at(["a", "b", "c"], np.arange(3) * 3000.0, np.zeros(3), np.zeros(3))

    def demand(*people: float) -> Variant:
        return Variant("", demand_of(people, [np.inf] * 3, seconds.tolist()), (), ())

    now = demand(50, 10, 40)
    answer = best_answer(Task(sites, now.demand, LeastTime(), Rules(1)), PATIENT)
    # In b it is 900 person-minutes, ten for each of a and c; in a it is 100 + 800.
    assert answer.value == 900 * 60
    as_now = replace(now, name="as now")
    # In 2040 a holds 20, b 10, c 90: in c 100 + 400 = 500 person-minutes; a comes to 100 + 1,800, b to 1,100.
    later = replace(demand(20, 10, 90), name="2040")
    # Where a supermarket stands in a already, c is what helps most: 400 are saved there, and in b 100 + 400.
    nowhere = replace(
        demand(0, 0, 0),
        name="nobody left",
    )
    found = robustness(answer.task, answer.chosen, [as_now, later, nowhere], PATIENT)
    assert found.variant == ("as now", "2040", "nobody left")
    chosen = answer.ids[0]
    then = {"a": 1900, "b": 1100}[chosen]
    assert found.best_value[:2].tolist() == [900 * 60, 500 * 60]
    assert found.chosen_value[1] == then * 60
    assert found.regret_share[:2].tolist() == pytest.approx([0, then / 500 - 1])
    assert dict(zip(found.site_id, found.chosen_share.tolist(), strict=True)) == {chosen: 0.5, "c": 0.5}
    # A variant without an answer says why, and is not counted.
    assert "Nobody is counted" in found.problem[2]
    assert np.isnan(found.regret_share[2])


def test_a_choice_that_leaves_somebody_without_is_infinitely_regretted() -> None:
    sites = sites_at(["a", "b"], np.zeros(2), np.zeros(2), np.zeros(2))
    now = demand_of([9, 1], [np.inf, np.inf], [[0, 900], [900, 0]])
    answer = best_answer(Task(sites, now, LeastTime(), Rules(1)), PATIENT)
    # The bus from a's side no longer runs: only b is reached by both.
    cut_off = Variant("no bus", demand_of([9, 1], [np.inf, np.inf], [[0, np.inf], [900, 0]]), (), ())
    found = robustness(answer.task, answer.chosen, [cut_off], PATIENT)
    assert answer.ids == ("a",)
    assert found.regret_share.tolist() == [np.inf]
    assert found.keeps_rules.tolist() == [False]


def test_a_question_without_any_answer_is_refused_by_the_frontier() -> None:
    task = covering_task(0)
    with pytest.raises(ScenarioError):
        next(coverage_against_worst(replace(task, rules=Rules(99)), PATIENT, 0.0))


def test_answers_that_hardly_help_the_worst_off_more_are_passed_over() -> None:
    #  a ─ 100 s ─ b ─ 100 s ─ c ─ 100 s ─ d, with 90, 5, 5 and 40 people, and one hub; 0 s counts as near.
    seconds = np.abs(np.arange(4)[:, None] - np.arange(4)) * 100.0
    sites = sites_at(["a", "b", "c", "d"], np.zeros(4), np.zeros(4), np.zeros(4))
    demand = demand_of([90, 5, 5, 40], [np.inf] * 4, seconds.tolist())
    task = Task(sites, demand, MostWithin(0.0), Rules(1))
    # In a it is near for 90 and the worst has 300 s; in b or c for 5, with 200 s. The gain is 100 s: no less than a step of 100.
    for step_s, expected in ((0.0, [300.0, 200.0]), (100.0, [300.0, 200.0]), (101.0, [300.0])):
        assert [point.worst_s for point in coverage_against_worst(task, PATIENT, step_s)] == expected


@pytest.mark.parametrize("seed", range(30))
def test_settled_alternatives_are_those_of_trying_every_set(seed: int) -> None:
    task = covering_task(seed)
    if seed % 2:
        task = replace(task, objective=LeastTime(), rules=replace(task.rules, n_hubs=2, unreached_s=1800.0))
    sets = every_set(task)
    answer = resolved(best_answer(task, PATIENT), 99, PATIENT)
    best, others = min(sets.values()), answer.alternatives
    truth = {
        name: min((value for chosen, value in sets.items() if row in chosen), default=np.inf)
        for row, name in enumerate(task.sites.id)
    }
    as_good = {name for name, value in truth.items() if value - best <= AS_GOOD * abs(best)}
    assert set(others.as_good) == as_good - set(answer.ids)
    # What is left open is in no set at all: then the search has no answer to compare.
    assert {name for name, is_open in zip(others.id, others.undecided, strict=True) if is_open} <= {
        name for name, value in truth.items() if np.isinf(value)
    }


def test_assumptions_that_no_mode_depends_on_are_left_as_they_are() -> None:
    ranges, by_name = load_ranges(), {mode.name: mode for mode in MODES}
    # As used, both ends of three ranges, modelled sites elsewhere, and the drawn ones: all matter by car and by bus.
    both = cases(ranges, (by_name["car"], by_name["transit"]), (2040,))
    assert len(both) == 1 + 6 + 1 + ranges.runs + 1
    # By bike only the walk off the street is left of the three: four ends fewer.
    bike = cases(ranges, (by_name["bike"],), (2029, 2040))
    assert len(bike) == 1 + 2 + 1 + ranges.runs + 2
    assert {(case.draw.car_speed, case.draw.change_time) for case in bike} == {(1.0, 1.0)}
    assert case_name(bike[0]) == "as used"
    assert case_name(bike[1]) == "walking speed 85%"
    assert case_name(bike[-1]) == "people of 2040"
    assert "modelled facilities elsewhere" in [case_name(case) for case in bike]
