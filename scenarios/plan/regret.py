"""What it costs to think of the end only: the hubs that are best in the last year, and the best order of these.

Knowing the end only, one chooses the hubs that help most in the last year and then opens them: one after the other, each time
the one that helps most at once (greedy), or in the order that is best over all years. Either is a plan, so the best plan is
never worse; the difference is the regret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.columns import Floats, Int64s
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.plan.problem import PlanProblem, reduce_task
from scenarios.plan.search import filled, opens_of
from scenarios.plan.solve import PlanAnswer, solved, told


@dataclass(frozen=True, slots=True)
class Regret:
    """Plans that know the end only, beside the best plan.

    Attributes
    ----------
    best
        The best plan.
    end
        Persons or hours of the last year by the hubs that are best in it.
    end_bound
        No hubs bring more in the last year.
    greedy, ordered
        These hubs, one by one what helps most at once, and in their best order.

    """

    best: PlanAnswer
    end: float
    end_bound: float
    greedy: PlanAnswer
    ordered: PlanAnswer

    def of(self, plan: PlanAnswer) -> float:
        """Share of what the best plan brings that another loses."""
        return (self.best.value - plan.value) / self.best.value if self.best.value else 0.0

    def most(self, plan: PlanAnswer) -> float:
        """The same against the bound: no plan that nobody has found yet makes it more."""
        return (self.best.bound - plan.value) / self.best.bound if self.best.bound else 0.0


def regret(best: PlanAnswer, time_limit: TimeLimit) -> Regret | None:
    """What knowing the end only costs; None where no plan for the end was found in time.

    Each of the two searches has the time of `time_limit`.
    """
    task = best.task
    problem = reduce_task(task)
    silent = replace(time_limit, on_progress=ignore_progress)
    only_end = np.zeros(problem.weight.shape)
    only_end[:, -1] = problem.weight[:, -1]
    at_end = solved(_weighed(problem, only_end), silent, exact=True)
    if at_end.best is None:
        return None
    chosen = opens_of(at_end.best) < problem.n_years
    # Those hubs and no others, every one of them there in the end.
    never = problem.n_years
    last = np.where(chosen & ~problem.must, never - 1, problem.last)
    those = replace(problem, first=np.where(chosen, problem.first, never), last=last)
    ordered = solved(those, silent, exact=True)
    plans = [one_by_one(those), opens_of(at_end.best)]
    if ordered.best is not None:
        plans.append(opens_of(ordered.best))
    greedy = plans[0] if those.keeps_to_rules(plans[0]) else plans[1]
    best_order = max((plan for plan in plans if those.keeps_to_rules(plan)), key=problem.value)
    weight = float(task.weights[-1])
    return Regret(
        best,
        -at_end.value / weight,
        -at_end.least / weight,
        told(task, problem, greedy, np.inf, at_end.taken_s),
        told(task, problem, best_order, np.inf, ordered.taken_s),
    )


def _weighed(problem: PlanProblem, weight: Floats) -> PlanProblem:
    tail = np.zeros((len(weight), problem.n_years + 1))
    tail[:, :-1] = np.cumsum(weight[:, ::-1], axis=1)[:, ::-1]
    return replace(problem, weight=weight, tail=tail)


def one_by_one(problem: PlanProblem) -> Int64s:
    """Plan that opens, each time there is money, the hub that brings most that very year."""
    opens = problem.never
    for year in range(problem.n_years):
        # Of this year alone, in which all of them may open that there is money for.
        now = np.zeros(problem.weight.shape)
        now[:, year] = problem.weight[:, year]
        first = np.where(problem.first <= year, year, problem.n_years)
        this_year = replace(_weighed(problem, now), first=first, last=np.full(len(first), year))
        opens = filled(this_year, opens)
    return opens
