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
from scenarios.placement.solve import AS_GOOD, best_answer
from scenarios.placement.task import MostWithin, Task
from ui.views.design import minutes
from ui.views.placement.link import MOST_HUBS
from ui.views.placement.question import PageQuestion

MOST_TRADES = 8
STEP_S = 60.0
"""Answers that help the worst-off by less than a minute more are passed over."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Most persons within the limit with so many hubs, and what they cost a year; `now` without, `most` is the bound."""

    hubs: int
    now: int
    people: int
    most: int
    euros: float


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


@dataclass(slots=True)
class Parts:
    """How many parts of long work are done, and whether it goes on; each part has the same time."""

    limit: TimeLimit
    total: int
    done: int = 0
    goes_on: bool = True

    def tell(self, step: Step) -> bool:
        """Tell how far the whole is."""
        self.goes_on = self.limit.on_progress(Step(self.done, self.total, step.taken_s))
        return self.goes_on

    @property
    def each(self) -> TimeLimit:
        """Time limit of a part."""
        return replace(self.limit, on_progress=self.tell)


def _within_now(task: Task, question: PageQuestion) -> int:
    return round(float(task.demand.people[task.demand.existing_s <= question.limit_s].sum()))


def curve(task: Task, question: PageQuestion, limit: TimeLimit) -> tuple[CurvePoint, ...]:
    """Most persons within the limit with 1 to 10 hubs; `limit` is for each, and is told how many are done.

    Raises
    ------
    ScenarioError
        When a number of hubs does not go with the other rules.

    """
    first = max(1, len(task.rules.fixed))
    last = min(MOST_HUBS, len(task.sites.id) - len(task.rules.forbidden))
    parts, points, now = Parts(limit, last), [], _within_now(task, question)
    for n_hubs in range(first, last + 1):
        parts.done = n_hubs - 1
        rules = replace(task.rules, n_hubs=n_hubs, budget=np.inf, shares=())
        asking = replace(task, objective=MostWithin(question.limit_s), rules=rules)
        answer = best_answer(asking, parts.each)
        if not parts.goes_on:
            break
        euros = float(len(answer.chosen) * question.chosen.cost)
        points.append(CurvePoint(n_hubs, now, round(answer.value), round(answer.bound), euros))
    return tuple(points)


def trades(task: Task, question: PageQuestion, limit: TimeLimit) -> tuple[Trade, ...]:
    """Most persons within the limit against the longest trip; `limit` is for each half, and is told how many are done.

    Raises
    ------
    ScenarioError
        When the number of hubs does not go with the other rules.

    """
    parts, found, now = Parts(limit, MOST_TRADES), [], _within_now(task, question)
    rules = replace(task.rules, shares=())
    asking = replace(task, objective=MostWithin(question.limit_s), rules=rules)
    for point in coverage_against_worst(asking, parts.each, STEP_S):
        if not parts.goes_on:
            break
        names = tuple(sorted(task.sites.name[row] for row in point.answer.chosen))
        found.append(Trade(round(point.people_within), now, minutes(point.worst_s), names, point.is_proved))
        parts.done = len(found)
        if parts.done == MOST_TRADES:
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
    limit: TimeLimit,
) -> RobustView:
    """Ask again in every case; `again` applies the scenario and makes the question, `limit` is for each."""
    parts = Parts(limit, len(cases))

    def told() -> Iterator[Variant]:
        for variant in variants(region, cases, ranges, *again):
            if not parts.tell(Step(0.0, 0.0, 0.0)):
                return
            yield variant
            parts.done += 1

    found = robustness(judge.task, judge.chosen, told(), parts.each)
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
