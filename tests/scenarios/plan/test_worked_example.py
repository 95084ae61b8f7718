"""A plan over years on the embedded region, as somebody there would ask it: what comes first when a practice closes in 2029."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from accessibility.world import World, open_world, silent
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import Scenario
from scenarios.placement.question import PlacementQuestion, TravelGroup, inhabited, mode_named, origins_of
from scenarios.placement.times import times
from scenarios.plan.question import PlanQuestion, setting_of, task_in
from scenarios.plan.regret import regret
from scenarios.plan.solve import PlanAnswer, best_plan
from scenarios.plan.tables import as_scenario, people_within_before, years_table
from support.toys.placement import PATIENT

CLOSING = Scenario(edits=(CloseFacility("gp-sleen", from_year=2029),))
YEARS = (2027, 2028, 2029, 2030)
QUESTION = PlanQuestion(
    PlacementQuestion("gp", (TravelGroup("all", ("bike",)),), "coverage", 600.0, None, cost=30_000.0),
    YEARS[0],
    YEARS[-1],
    budget=110_000.0,
    opening_cost=50_000.0,
    discount_rate=0.0225,
)
"""Of 110,000 euros a year a hub opens (80,000) in 2027, and beside it a second one (30,000 + 80,000) in 2028; a third never."""


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("zuid-oost-drenthe", silent)


@pytest.fixture(scope="module")
def answer(world: World) -> PlanAnswer:
    task = task_in(setting_of(QUESTION, world, CLOSING, load_facility_kinds()), silent)
    return best_plan(task, PATIENT)


def test_the_first_hub_and_the_second_are_those_that_no_pair_beats(answer: PlanAnswer) -> None:
    # Whatever the first and the second, counted person by person and year by year.
    task, best = answer.task, (0.0, "", "")
    helped = [
        ((demand.seconds <= 600) & (demand.existing_s > 600)) * demand.people for demand in task.demands
    ]
    alone = np.array([table.sum(axis=1) for table in helped])
    useful = np.flatnonzero(alone.max(axis=0) > 0.2 * alone.max())
    for first, second in itertools.permutations(useful.tolist(), 2):
        both = [np.maximum(table[first], table[second]).sum() for table in helped]
        value = float(alone[0, first] + sum(both[row] / 1.0225**row for row in (1, 2, 3)))
        best = max(best, (value, task.sites.id[first], task.sites.id[second]))
    assert answer.is_proved
    assert answer.value == pytest.approx(best[0], rel=1e-9)
    assert dict(zip(answer.ids, answer.opening_years, strict=True)) == {best[1]: 2027, best[2]: 2028}
    assert answer.spent.tolist() == [80_000, 110_000, 60_000, 60_000]


def test_the_plan_as_a_scenario_of_each_year_has_as_many_people_within_reach(
    world: World, answer: PlanAnswer
) -> None:
    plan = as_scenario(world, answer, CLOSING, ("gp",), "Plan", "")
    table = years_table(answer, CLOSING).set_index("year")
    before = people_within_before(answer)
    for row, year in enumerate(YEARS):
        counts = []
        for scenario in (CLOSING, plan):
            after = apply(world, scenario.at(year), load_facility_kinds())
            origins = inhabited(origins_of(QUESTION.placement, after))
            found = times(after, "gp", answer.task.sites, origins, mode_named(after, "bike"), 50.0)
            counts.append(int(origins.people[found.existing <= 600].sum()))
        assert counts[0] == before[row]
        assert counts[1] == table.loc[year, "people_within"]
    assert table.loc[2029, "other_changes"] == "CloseFacility gp-sleen"


def test_the_closure_is_felt_and_knowing_the_end_only_is_no_better(answer: PlanAnswer) -> None:
    before = people_within_before(answer)
    # In 2029 the practice is gone: thousands fall out of reach, where the year before it were some hundreds fewer people.
    assert before[1] - before[2] > 2 * (before[0] - before[1])
    found = regret(answer, PATIENT)
    assert found is not None
    assert 0 <= found.of(found.ordered) <= found.of(found.greedy)
    assert found.end >= answer.helped[-1]
