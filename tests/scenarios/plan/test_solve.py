"""A plan over years: against every plan tried, and in cases worked out in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import ScenarioError
from scenarios.placement.incumbent import Incumbent, Step, TimeLimit
from scenarios.placement.task import Demand, LeastTime, MostWithin
from scenarios.plan import solve
from scenarios.plan.problem import reduce_task
from scenarios.plan.program import PlanProgram
from scenarios.plan.regret import regret
from scenarios.plan.solve import PlanAnswer, best_plan, blocks, quick_plan
from scenarios.plan.task import PlanObjective, PlanRules, PlanTask
from support.toys.placement import PATIENT, demand_of, sites_at
from support.toys.plan import Plan, every_plan, random_plan, worth


def plan_of(answer: PlanAnswer) -> Plan:
    years = dict(zip(answer.site.tolist(), answer.opening_years, strict=True))
    return tuple(years.get(site) for site in range(len(answer.task.sites.id)))


@pytest.mark.parametrize("block", range(6))
def test_the_best_plan_is_that_of_trying_every_plan(block: int) -> None:
    n_answers = n_wrong = 0
    for seed in range(30 * block, 30 * block + 30):
        task = random_plan(seed)
        plans = every_plan(task)
        try:
            answer = best_plan(task, PATIENT)
        except ScenarioError as error:
            # A budget that buys nothing is refused, where the oracle has the plan of doing nothing.
            n_wrong += any(plans.values()) and "buys nothing" not in str(error)
            continue
        n_answers += 1
        best = max(plans.values())
        assert plans[plan_of(answer)] == pytest.approx(best, abs=1e-6), seed
        assert answer.value == pytest.approx(best, abs=1e-6), seed
        assert answer.is_proved, seed
        # What is told of each year adds up to the whole.
        assert float(answer.helped @ task.weights) == pytest.approx(answer.value, abs=1e-6), seed
    assert n_answers > 15
    assert n_wrong == 0


@pytest.mark.parametrize("most_pairs", [solve.QUICK_PAIRS, 12, 0])
def test_a_quick_plan_is_one_and_its_bound_is_true(most_pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # With few pairs years are taken together for the bound; with none there is only what everybody would gain.
    monkeypatch.setattr(solve, "QUICK_PAIRS", most_pairs)
    n_answers = n_proved = 0
    for seed in range(60):
        task = random_plan(seed)
        try:
            answer = quick_plan(task, PATIENT)
        except ScenarioError:
            continue
        plans = every_plan(task)
        assert plans[plan_of(answer)] == pytest.approx(answer.value, abs=1e-6), seed
        assert answer.bound >= max(plans.values()) - 1e-6, seed
        n_answers, n_proved = n_answers + 1, n_proved + answer.is_proved
    assert n_answers > 30
    # Bounds that are true and say nothing would pass too.
    assert n_proved > n_answers / (3 if most_pairs else 8)


def test_years_taken_together_allow_more_and_never_less() -> None:
    # The program of two blocks is a relaxation of that of all years, for every number of blocks.
    for seed in range(25):
        task = random_plan(seed)
        try:
            best = best_plan(task, PATIENT).value
        except ScenarioError:
            continue
        problem = reduce_task(task)
        for n_blocks in range(1, problem.n_years):
            ends = (np.arange(1, n_blocks + 1) * problem.n_years) // n_blocks - 1
            solution = PlanProgram(problem, ends, 1.0).whole(Incumbent(PATIENT, 0.0))
            assert solution is not None
            assert solution.most >= best - 1e-6, seed


def test_blocks_end_with_the_last_year_and_are_about_alike() -> None:
    problem = reduce_task(random_plan(3))
    n_pairs, n_years = len(problem.cover.site), problem.n_years
    assert blocks(problem, n_pairs * n_years).tolist() == list(range(n_years))
    assert blocks(problem, n_pairs).tolist() == [n_years - 1]
    assert blocks(problem, n_pairs - 1).tolist() == []


# --- by hand: two villages, three years, a limit of ten minutes --------------------------------------------------------

NORTH_AND_SOUTH = sites_at(["north", "south"], np.zeros(2), np.zeros(2), np.full(2, 10.0))


def village_years(north: list[float], south: list[float], existing: float = np.inf) -> tuple[Demand, ...]:
    """People of each year; each village is next door to its own site, and half an hour from the other."""
    seconds = [[60.0, 1800.0], [1800.0, 60.0]]
    return tuple(demand_of([a, b], [existing, existing], seconds) for a, b in zip(north, south, strict=True))


def question(
    demands: tuple[Demand, ...],
    rules: PlanRules,
    objective: PlanObjective | None = None,
    opening: float = 20.0,
) -> PlanTask:
    nothing = np.zeros(2, np.int64)
    years = tuple(range(2030, 2030 + len(demands)))
    goal = MostWithin(600.0) if objective is None else objective
    return PlanTask(NORTH_AND_SOUTH, np.full(2, opening), nothing, years, demands, goal, rules)


def test_the_village_that_shrinks_is_helped_first_where_that_brings_more_years() -> None:
    # 30 euros open one hub in 2030 (20 + 10), and 40 keep it and open the other in 2031 (10 + 10 + 20). North has
    # 100, 40 and 10 people, south 60, 60 and 60: north first brings 100 + 100 + 70, south first 60 + 100 + 70.
    task = question(village_years([100, 40, 10], [60, 60, 60]), PlanRules((30.0, 40.0, 40.0)))
    answer = best_plan(task, PATIENT)
    assert (answer.ids, answer.opening_years, answer.value) == (("north", "south"), (2030, 2031), 270)
    assert answer.helped.tolist() == [100, 100, 70]
    assert answer.spent.tolist() == [30, 40, 20]
    # With money for one hub alone south is right: 180 person-years, and north 150.
    poor = best_plan(replace(task, rules=PlanRules((30.0, 20.0, 20.0))), PATIENT)
    assert (poor.ids, poor.value) == (("south",), 180)


def test_discounting_makes_soon_worth_more_than_late() -> None:
    # One hub. Undiscounted south's 180 beat north's 150; where a year counts half of the one before, north has
    # 100 + 40 / 2 + 10 / 4 = 122.5, and south 60 + 30 + 15 = 105.
    rules = PlanRules((30.0, 20.0, 20.0), discount_rate=1.0)
    answer = best_plan(question(village_years([100, 40, 10], [60, 60, 60]), rules), PATIENT)
    assert (answer.ids, answer.value) == (("north",), 122.5)


def test_what_is_left_can_be_kept_for_later_or_not() -> None:
    # 20 euros a year never pay for opening (30); kept, they do in the second year: 40 of 20 + 20 have been given by then.
    demands = village_years([100, 100, 100], [0, 0, 0])
    with pytest.raises(
        ScenarioError, match=r"buys nothing: the cheapest hub costs € 30 .* there is € 20 in the best"
    ):
        best_plan(question(demands, PlanRules((20.0, 20.0, 20.0))), PATIENT)
    kept = best_plan(question(demands, PlanRules((20.0, 20.0, 20.0), carry_over=True)), PATIENT)
    assert (kept.ids, kept.opening_years, kept.spent.tolist()) == (("north",), (2031,), [0, 30, 10])


def test_savings_do_not_keep_hubs_open_after_the_end() -> None:
    # Two hubs cost 20 a year for good, and the last year has 10: one hub, whatever was saved.
    demands = village_years([100, 100], [90, 90])
    answer = best_plan(question(demands, PlanRules((500.0, 10.0), carry_over=True)), PATIENT)
    assert answer.ids == ("north",)


def test_a_service_that_closes_makes_a_village_need_a_hub_from_then_on() -> None:
    # North has its own GP until 2031; from then on 50 people need one. South's 30 need one all the time.
    open_, closed = village_years([50, 50, 50], [30, 30, 30], 60.0)[0], np.array([np.inf, np.inf])
    demands = (
        replace(open_, existing_s=np.array([60.0, np.inf])),
        replace(open_, existing_s=closed),
        replace(open_, existing_s=closed),
    )
    task = question(demands, PlanRules((40.0, 40.0, 40.0)))
    answer = best_plan(task, PATIENT)
    # South first: in 2030 a hub in north helps nobody; its money is there in 2031.
    assert (answer.ids, answer.opening_years, answer.value) == (
        ("south", "north"),
        (2030, 2031),
        30 + 80 + 80,
    )


def test_hours_are_those_that_everybody_saves_on_one_trip() -> None:
    # 100 people in north are 30 minutes from the nearest, and one minute with a hub: 29 minutes for 100 people a year.
    demands = village_years([100, 100], [0, 0], 1800.0)
    answer = best_plan(question(demands, PlanRules((30.0, 10.0)), LeastTime()), PATIENT)
    assert answer.value == pytest.approx(2 * 100 * 29 / 60)
    # Beyond ten minutes it is 20 minutes.
    beyond = best_plan(question(demands, PlanRules((30.0, 10.0)), LeastTime(beyond_s=600.0)), PATIENT)
    assert beyond.value == pytest.approx(2 * 100 * 20 / 60)


def test_given_years_fixed_sites_and_how_many_open_in_a_year() -> None:
    demands = village_years([100, 100, 100], [60, 60, 60])
    rich = (1000.0,) * 3
    assert best_plan(question(demands, PlanRules(rich)), PATIENT).opening_years == (2030, 2030)
    one = best_plan(question(demands, PlanRules(rich, per_year=1)), PATIENT)
    assert (one.ids, one.opening_years) == (("north", "south"), (2030, 2031))
    given = best_plan(question(demands, PlanRules(rich, opens=(("north", 2032),))), PATIENT)
    assert (given.ids, given.opening_years) == (("south", "north"), (2030, 2032))
    fixed = best_plan(question(demands, PlanRules((30.0, 10.0, 10.0), fixed=("south",))), PATIENT)
    assert fixed.ids == ("south",)


def test_nobody_lacks_anything() -> None:
    answer = best_plan(question(village_years([100, 100], [60, 60], 60.0), PlanRules((50.0, 50.0))), PATIENT)
    assert (answer.ids, answer.value, answer.is_proved, answer.spent.tolist()) == ((), 0, True, [0, 0])


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (PlanRules((29.0, 9.0)), "costs € 10 a year, and there is € 9 in the last one"),
        (
            PlanRules((50.0, 50.0), fixed=("mid",), forbidden=("north",), opens=(("north", 2031),)),
            "(?s)unknown sites mid.*north must have a hub and may not",
        ),
        (
            PlanRules((50.0, 50.0), opens=(("north", 2041),)),
            "north opens in 2041, and the plan is of 2030 to 2031",
        ),
        (
            PlanRules((50.0, 50.0), opens=(("north", 2030), ("north", 2031))),
            "north opens in more than one year",
        ),
        (PlanRules((50.0, 50.0), n_hubs=1, fixed=("north", "south")), "1 hubs at most, but 2 at least"),
        (
            PlanRules((50.0, 50.0), per_year=0, discount_rate=2.0),
            "(?s)0 hubs may open.*rate of discounting is 2",
        ),
        (PlanRules((50.0, 50.0), forbidden=("north", "south")), "every site is forbidden"),
        (PlanRules((30.0, 10.0), fixed=("north", "south")), "cannot all be paid for in time"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused_in_words(rules: PlanRules, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        best_plan(question(village_years([100, 100], [60, 60]), rules), PATIENT)


def test_a_hub_cannot_open_before_its_building_is_empty() -> None:
    demands = village_years([100, 100, 100], [0, 0, 0])
    task = replace(question(demands, PlanRules((50.0,) * 3)), first=np.array([1, 0]))
    assert best_plan(task, PATIENT).opening_years == (2031,)
    early = replace(task, rules=PlanRules((50.0,) * 3, opens=(("north", 2030),)))
    with pytest.raises(ScenarioError, match="north opens in 2030, but a hub can stand there from 2031 on"):
        best_plan(early, PATIENT)


# --- what it costs to know the end only ---------------------------------------------------------------------------------


def test_regret_of_the_best_end_is_that_of_its_best_order_and_of_greedy() -> None:
    # One hub for all three years: in the last one south has more, over all years north has.
    demands = village_years([100, 100, 10], [60, 60, 60])
    best = best_plan(question(demands, PlanRules((30.0, 10.0, 10.0))), PATIENT)
    found = regret(best, PATIENT)
    assert found is not None
    assert (best.ids, best.value) == (("north",), 210)
    assert (found.end, found.ordered.ids, found.ordered.value) == (60, ("south",), 180)
    assert found.of(found.ordered) == found.of(found.greedy) == pytest.approx(30 / 210)


def test_greedy_loses_where_a_village_grows_before_there_is_money_for_both() -> None:
    # Both are there in the end, and money for the second comes in 2032. Greedy opens south first, for 61 people against 60
    # in 2030: 61 + 61 + 161. Its best order is north first: 60 + 100 + 161.
    task = question(village_years([60, 100, 100], [61, 61, 61]), PlanRules((30.0, 10.0, 40.0)))
    best = best_plan(task, PATIENT)
    found = regret(best, PATIENT)
    assert found is not None
    assert (best.ids, best.value, found.ordered.value, found.greedy.value) == (
        ("north", "south"),
        321,
        321,
        283,
    )
    assert found.of(found.ordered) == 0
    assert found.most(found.greedy) == pytest.approx(38 / 321)


def test_regret_is_never_negative_and_the_end_is_the_best_end() -> None:
    n_regrets = 0
    for seed in range(60):
        task = random_plan(seed)
        try:
            best = best_plan(task, PATIENT)
        except ScenarioError:
            continue
        found = regret(best, PATIENT)
        assert found is not None
        plans = every_plan(task)
        last = replace(task, demands=tuple(_nobody(of) for of in task.demands[:-1]) + task.demands[-1:])
        in_the_end = max(worth(last, plan) for plan in plans) / task.weights[-1]
        assert found.end == pytest.approx(in_the_end, abs=1e-6), seed
        assert best.value >= found.ordered.value - 1e-6, seed
        assert found.ordered.value >= found.greedy.value - 1e-6, seed
        # The best order is the best of all plans that have just these hubs.
        hubs = {site for site, year in enumerate(plan_of(found.ordered)) if year is not None}
        same = [
            value for plan, value in plans.items() if {s for s, y in enumerate(plan) if y is not None} == hubs
        ]
        assert found.ordered.value == pytest.approx(max(same), abs=1e-6), seed
        n_regrets += found.of(found.ordered) > 1e-9
    assert n_regrets > 0


def _nobody(demand: Demand) -> Demand:
    return replace(demand, people=np.zeros(len(demand.people)))


def test_a_search_that_is_stopped_gives_what_it_has_with_a_true_bound() -> None:
    def stop(_step: Step) -> bool:
        return False

    for seed in range(20):
        task = random_plan(seed)
        try:
            answer = best_plan(task, TimeLimit(60.0, PATIENT.clock, stop))
        except ScenarioError:
            continue
        plans = every_plan(task)
        assert plans[plan_of(answer)] == pytest.approx(answer.value, abs=1e-6)
        assert answer.bound >= max(plans.values()) - 1e-6
