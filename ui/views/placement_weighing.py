"""What a choice of hubs is weighed against, as plain values: the worst-off, and other assumptions and years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from accessibility.world import World
from data.columns import Int64s
from data.parameters.uncertainty import Ranges
from scenarios.placement.frontier import coverage_against_worst
from scenarios.placement.incumbent import Step, TimeLimit
from scenarios.placement.robustness import Case, Variant, robustness, variants
from scenarios.placement.solve import AS_GOOD
from scenarios.placement.task import MostWithin, Task
from ui.views.design import minutes
from ui.views.placement_question import PageQuestion

MOST_TRADES = 8
STEP_S = 60.0
"""Answers that help the worst-off by less than a minute more are passed over."""


@dataclass(frozen=True, slots=True)
class Trade:
    """An answer of which no other has more people within the limit and a shorter longest trip.

    Attributes
    ----------
    people, now
        Persons within the limit, and without any of the hubs.
    worst_min
        The longest trip; None where somebody reaches none.
    sites
        Names, in order.
    is_proved
        Whether it is proved that none is better in both.

    """

    people: int
    now: int
    worst_min: float | None
    sites: tuple[str, ...]
    is_proved: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """The proposal in one case: by which share it is worse than the best there, and the sites that are best.

    The share is inf where the proposal leaves somebody without or breaks a condition; None where the case has no answer.
    """

    case: Case
    regret_share: float | None
    best: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RobustView:
    """How a proposal does when assumptions, years and modelled services are others.

    Attributes
    ----------
    counts
        Name of each site that is best in any case, whether it is proposed, and in how many cases; most often first.
    cases
        Each case.
    n_answered, n_as_good
        Cases that have an answer, and those in which the proposal is the best or worse by at most 1 %.
    n_asked
        Cases in all: more than were looked at when the search was stopped.

    """

    counts: tuple[tuple[str, bool, int], ...]
    cases: tuple[CaseView, ...]
    n_answered: int
    n_as_good: int
    n_asked: int

    @property
    def worst(self) -> CaseView | None:
        """The case in which the proposal loses most; None where it never loses anything."""
        losing = [case for case in self.cases if case.regret_share]
        return max(losing, key=lambda case: case.regret_share or 0.0, default=None)


def trades(task: Task, question: PageQuestion, patience: TimeLimit) -> tuple[Trade, ...]:
    """Most persons within the limit against the longest trip; `patience` is for each half, and is told how many are done.

    Raises
    ------
    ScenarioError
        When the number of hubs does not go with the other rules.

    """
    now = round(float(task.demand.people[task.demand.existing_s <= question.limit_s].sum()))
    found: list[Trade] = []
    goes_on = True

    def tell(step: Step) -> bool:
        nonlocal goes_on
        goes_on = patience.tell(Step(len(found), MOST_TRADES, step.taken_s))
        return goes_on

    rules = replace(task.rules, shares=())
    asking = replace(task, objective=MostWithin(question.limit_s), rules=rules)
    for point in coverage_against_worst(asking, replace(patience, tell=tell), STEP_S):
        if not goes_on:
            break
        names = tuple(sorted(task.sites.name[row] for row in point.answer.chosen))
        worst_min = minutes(point.worst_s)
        found.append(Trade(round(point.people_within), now, worst_min, names, point.is_proved))
        if len(found) == MOST_TRADES:
            break
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A question and the rows of the sites that are proposed for it."""

    task: Task
    chosen: Int64s


def judged(task: Task, ids: Sequence[str]) -> Judged:
    """Judge the sites with these ids, in any order."""
    row_of = {name: row for row, name in enumerate(task.sites.id)}
    return Judged(task, np.array(sorted(row_of[name] for name in ids), np.int64))


def robust_view(
    region: World,
    judge: Judged,
    cases: Sequence[Case],
    ranges: Ranges,
    again: tuple[Callable[[World], World], Callable[[World], Task]],
    patience: TimeLimit,
) -> RobustView:
    """Ask again in every case; `again` applies the scenario and makes the question, `patience` is for each."""
    change, make_task = again
    done, goes_on = 0, True

    def tell(step: Step) -> bool:
        nonlocal goes_on
        goes_on = patience.tell(Step(done, len(cases), step.taken_s))
        return goes_on

    def told() -> Iterator[Variant]:
        nonlocal done
        for variant in variants(region, cases, ranges, change, make_task):
            if not tell(Step(0.0, 0.0, 0.0)):
                return
            yield variant
            done += 1

    found = robustness(judge.task, judge.chosen, told(), replace(patience, tell=tell))
    name_of = dict(zip(judge.task.sites.id, judge.task.sites.name, strict=True))
    proposed = {judge.task.sites.id[row] for row in judge.chosen}
    n_answered = found.n_answered
    return RobustView(
        counts=tuple(
            (name_of[site], site in proposed, round(share * n_answered))
            for site, share in zip(found.site_id, found.chosen_share.tolist(), strict=True)
        ),
        cases=tuple(
            CaseView(case, _regret(regret, keeps=keeps), tuple(name_of[site] for site in ids))
            for case, regret, keeps, ids in zip(
                cases, found.regret_share.tolist(), found.keeps_rules.tolist(), found.best_ids, strict=False
            )
        ),
        n_answered=n_answered,
        n_as_good=found.n_as_good(AS_GOOD),
        n_asked=len(cases),
    )


def _regret(share: float, *, keeps: bool) -> float | None:
    if isnan(share):
        return None
    return share if keeps else np.inf
