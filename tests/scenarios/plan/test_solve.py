"""A plan over years: against every plan tried, and in cases worked out in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from placement_toys import PATIENT, demand_of, sites_at
from plan_toys import Plan, every_plan, random_plan, worth

from data.errors import ScenarioError
from scenarios.placement.incumbent import Step, TimeLimit
from scenarios.placement.task import Demand, LeastTime, MostWithin
from scenarios.plan import solve
from scenarios.plan.problem import reduce_task
from scenarios.plan.program import PlanProgram
from scenarios.plan.regret import regret
from scenarios.plan.solve import PlanAnswer, best_plan, blocks, quick_plan
from scenarios.plan.task import PlanObjective, PlanRules, PlanTask


def plan_of(answer: PlanAnswer) -> Plan:
    years = dict(zip(answer.site.tolist(), answer.opening_years, strict=True))
    return tuple(years.get(site) for site in range(len(answer.task.sites.id)))


@pytest.mark.parametrize("block", range(6))
def test_the_best_plan_is_that_of_trying_every_plan(block: int) -> None:
    n_answers = 0
    for seed in range(30 * block, 30 * block + 30):
        task = random_plan(seed)
        plans = every_plan(task)
        try:
            answer = best_plan(task, PATIENT)
        except ScenarioError as error:
            # A budget that buys nothing is refused, where the oracle has the plan of doing nothing.
            assert not any(plans.values()) or "buys nothing" in str(error), seed
            continue
        n_answers += 1
        best = max(plans.values())
        assert plans[plan_of(answer)] == pytest.approx(best, abs=1e-6), seed
        assert answer.value == pytest.approx(best, abs=1e-6), seed
        assert answer.is_proved, seed
        # What is told of each year adds up to the whole.
        assert float(answer.helped @ task.weights) == pytest.approx(answer.value, abs=1e-6), seed
    assert n_answers > 15
