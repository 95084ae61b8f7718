"""Answers to questions of rounds: one plan, or one before and one after a change, that are held against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.world import World
from data.columns import Floats, Int64s
from scenarios.rounds.clients import Demand
from scenarios.rounds.question import CareQuestion, refuse_faults, task_of
from scenarios.rounds.solve import STEPS_PER_VISIT, OnShare, ignore_share, solve
from scenarios.rounds.task import NOT_PLANNED, Plan, Reason, RoundsTask
from scenarios.rounds.verify import Costs, costs, refuse_broken


@dataclass(frozen=True, slots=True, eq=False)
class CareAnswer:
    """A plan, and what it answers."""

    world: World
    question: CareQuestion
    demand: Demand
    task: RoundsTask
    plan: Plan
    costs: Costs

    @property
    def n_visited(self) -> int:
        """Clients with a visit at least."""
        return int(np.count_nonzero(self.planned_by_client))

    @property
    def planned_by_client(self) -> Int64s:
        """(K,) int64, planned visits of each client."""
        made = self.plan.begin_s != NOT_PLANNED
        n_clients = len(self.demand.clients.id)
        return np.bincount(self.demand.visits.client[made], minlength=n_clients).astype(np.int64)

    @property
    def travel_per_client_s(self) -> float:
        """Seconds of travel for each client who is visited; nan where nobody is."""
        return self.costs.total_s / self.n_visited if self.n_visited else float("nan")

    def n_left_out(self, reason: Reason) -> int:
        """Visits that are not planned for this reason."""
        return self.plan.reason.count(reason)

    def by_place(self, values: Floats | Int64s) -> Floats:
        """(P,) float64, sums over the clients of each place of (K,) values."""
        places = self.demand.clients.place
        inside = places >= 0
        return np.bincount(places[inside], values[inside], minlength=len(self.world.places.id)).astype(
            np.float64
        )


def answered(
    world: World,
    question: CareQuestion,
    demand: Demand,
    steps_per_visit: int = STEPS_PER_VISIT,
    on_share: OnShare = ignore_share,
) -> CareAnswer:
    """Plan the rounds.

    Raises
    ------
    DorpshubError
        When the question contradicts itself, nothing can be planned, or the plan that was found breaks a rule.

    """
    refuse_faults(question)
    task = task_of(world, question, demand)
    return _answer(world, question, demand, task, solve(task, steps_per_visit, None, on_share))


def compared(
    before: tuple[World, CareQuestion],
    after: tuple[World, CareQuestion],
    demand: Demand,
    steps_per_visit: int = STEPS_PER_VISIT,
    on_share: OnShare = ignore_share,
) -> tuple[CareAnswer, CareAnswer]:
    """Plans of the same clients before and after a change; errors as `answered`.

    Each is sought afresh, and again from the other's plan. A search proves nothing: without this a better road might seem to
    make rounds longer, only because the search for the first plan had more luck.
    """
    for _, question in (before, after):
        refuse_faults(question)
    old, new = (task_of(world, question, demand) for world, question in (before, after))

    def part(number: int) -> OnShare:
        return lambda share: on_share((number + share) / 4)

    first = solve(old, steps_per_visit, None, part(0))
    second = _better(
        new, solve(new, steps_per_visit, None, part(1)), solve(new, steps_per_visit, first, part(2))
    )
    first = _better(old, first, solve(old, steps_per_visit, second, part(3)))
    # What the first became may do for the second too, as it stands.
    second = _better(new, second, solve(new, 1, first))
    return _answer(*before, demand, old, first), _answer(*after, demand, new, second)


def _better(task: RoundsTask, one: Plan, other: Plan) -> Plan:
    """The plan with more visits, and of plans with as many the one with less travel; the first of two alike."""
    return min(one, other, key=lambda plan: (-plan.n_planned, costs(task, plan).total_s))


def _answer(world: World, question: CareQuestion, demand: Demand, task: RoundsTask, plan: Plan) -> CareAnswer:
    refuse_broken(task, plan)
    return CareAnswer(world, question, demand, task, plan, costs(task, plan))
