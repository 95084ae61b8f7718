"""What more costs, and what it costs the worst-off: all answers of which none is better than another in both respects.

Each is found by the epsilon-constraint method: the best in one respect under a limit to the other, then the least of the
other with which that best can be had, then a limit just below it (Haimes, Lasdon & Wismer 1971). Both halves are exact, so
that no such answer is left out between two others; where time runs out, the answer says how far it is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from data.columns import Floats
from data.errors import ScenarioError
from scenarios.placement.incumbent import TimeLimit
from scenarios.placement.solve import Answer, best_answer
from scenarios.placement.task import Fewest, LeastWorst, MostWithin, ShareConstraint, Task, rows_of_ids


class Point(NamedTuple):
    """One answer on the frontier."""

    answer: Answer
    people_within: float
    """Persons within the limit."""
    n_hubs: int
    cost_per_year: float
    worst_s: float
    """Seconds of the worst-off with people; inf where somebody reaches none."""
    is_proved: bool
    """Whether both halves are; if not, an answer may be missing or be bettered."""


def coverage_against_cost(task: Task, time_limit: TimeLimit) -> Iterator[Point]:
    """Most people within the limit against euros per year, from the dearest to the cheapest answer, each as it is found.

    The task's objective must be `MostWithin`; where all costs are 0, hubs are counted instead. `time_limit` is for each half
    of each point.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or no answer is found in time.

    """
    by: Literal["cost", "hubs"] = "cost" if task.sites.cost_per_year.any() else "hubs"
    is_first = True
    while True:
        most = best_answer(task, time_limit)
        if most.value <= 0 and not is_first:
            return
        least = best_answer(replace(_at_least(task, most.value), objective=Fewest(by)), time_limit)
        point = _point(task, least, is_proved=most.is_proved and least.is_proved)
        yield point
        is_first, rules = False, task.rules
        if by == "cost":
            cheaper = point.cost_per_year - _step(task.sites.cost_per_year)
            task = replace(task, rules=replace(rules, budget=cheaper))
        else:
            task = replace(task, rules=replace(rules, n_hubs=point.n_hubs - 1))
        if task.rules.n_hubs < max(1, len(rules.fixed)) or task.rules.budget < _least_cost(task):
            return


def coverage_against_worst(task: Task, time_limit: TimeLimit, step_s: float) -> Iterator[Point]:
    """Most people within the limit against the time of the worst-off, from the most people to the least worst time.

    The task's objective must be `MostWithin`. `time_limit` is for each half of each point. An answer that helps the worst-off
    by less than `step_s` seconds more than the one before it is passed over; with 0 none is.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or no first answer is found in time.

    """
    limit_s, is_first = np.inf, True
    while True:
        limited = replace(task, rules=replace(task.rules, longest_s=min(limit_s, task.rules.longest_s)))
        try:
            most = best_answer(limited, time_limit)
        except ScenarioError:
            # Nobody's worst time can be shorter; the first question of all must have an answer.
            if is_first:
                raise
            return
        asked = replace(_at_least(limited, most.value), objective=LeastWorst())
        try:
            least = best_answer(asked, time_limit)
        except ScenarioError:
            # Somebody reaches none whatever is built: then there is no worst time to shorten.
            yield _point(task, most, is_proved=most.is_proved)
            return
        point = _point(task, least, is_proved=most.is_proved and least.is_proved)
        yield point
        is_first, limit_s = False, min(float(np.nextafter(point.worst_s, 0.0)), point.worst_s - step_s)


def _at_least(task: Task, value: float) -> Task:
    """The same question with at least as many people within the limit as `value`."""
    assert isinstance(task.objective, MostWithin)  # noqa: S101 -- said in the docstrings
    everybody = float(task.demand.people.sum())
    # Half a person less: shares are floating point numbers.
    share = max(value - 0.5, 0.0) / everybody
    rule = ShareConstraint("the people", task.demand.people, task.objective.limit_s, share)
    return replace(task, rules=replace(task.rules, shares=(*task.rules.shares, rule)))


def _point(task: Task, answer: Answer, *, is_proved: bool) -> Point:
    assert isinstance(task.objective, MostWithin)  # noqa: S101 -- said in the docstrings
    people, seconds = task.demand.people, answer.seconds
    return Point(
        answer=answer,
        people_within=float(people[seconds <= task.objective.limit_s].sum()),
        n_hubs=len(answer.chosen),
        cost_per_year=float(task.sites.cost_per_year[answer.chosen].sum()),
        worst_s=float(seconds[people > 0].max(initial=0.0)),
        is_proved=is_proved,
    )


def _step(cost: Floats) -> float:
    """What two different sums of these costs differ by at least, in whole euros or else in a millionth of the dearest."""
    return 1.0 if not (cost % 1).any() else float(cost.max()) * 1e-6


def _least_cost(task: Task) -> float:
    """What the fixed sites cost, or the cheapest site where none is."""
    sites = task.sites
    fixed = sites.cost_per_year[rows_of_ids(sites.id, task.rules.fixed)]
    return float(fixed.sum() if len(fixed) else sites.cost_per_year.min())
