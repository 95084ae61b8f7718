"""A plan over years as plain values: what is asked on the page "Where a hub?", and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from msgspec import structs

from accessibility.world import World
from data.parameters.hub_services import load_hub_services
from data.parameters.plan import load_plan
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.placement.question import last_year, tells_year
from scenarios.placement.times import Times
from scenarios.plan.question import PlanQuestion, PlanSites, State, planned_years, task_of
from scenarios.plan.regret import Regret
from scenarios.plan.solve import PlanAnswer
from scenarios.plan.tables import hub_edits, opening_in, people_within_before
from scenarios.plan.task import PlanTask
from ui.views.edits import EditView, edit_views
from ui.views.placement.question import PageQuestion, euros_or, placement_question

USUAL_EUROS = 150_000


@dataclass(frozen=True, slots=True)
class PlanYear:
    """One year of a plan.

    Attributes
    ----------
    year
        Which.
    opens
        Names of the sites whose hub opens.
    changes
        What the visitor's scenario changes from then on.
    within
        Persons asked about within the limit; None where time is counted.
    gained
        Persons who are within it because of the hubs, or hours saved if everybody goes once.
    euros
        Spent.

    """

    year: int
    opens: tuple[str, ...]
    changes: tuple[EditView, ...]
    within: int | None
    gained: int
    euros: int


@dataclass(frozen=True, slots=True)
class PlanFound:
    """The best plan.

    Attributes
    ----------
    hubs
        Edits that open them, each from its year on.
    years
        One by one.
    budget, opening, cost
        Euros of each year, and of a hub: to open it, and a year.
    carries_over
        Whether what is left of a year is kept.
    rate
        By how much a year counts for less than the one before.
    gap_share
        By how much a better plan could be better at most; 0 when it is proved that there is none.
    end
        Persons or hours of the last year by the hubs that are best in it; None where that was not found in time.
    lost_greedy, lost_ordered
        Shares of what the plan brings that those hubs lose, opened one by one and in their best order.

    """

    hubs: tuple[PlaceHub, ...]
    years: tuple[PlanYear, ...]
    budget: int
    opening: int
    cost: int
    carries_over: bool
    rate: float
    gap_share: float
    end: int | None
    lost_greedy: float
    lost_ordered: float

    def added_to(self, scenario: Scenario) -> Scenario:
        """The visitor's scenario with the hubs, from their years on."""
        return structs.replace(scenario, edits=(*scenario.edits, *self.hubs))


def can_plan(world: World, scenario: Scenario) -> bool:
    """Whether there are years to plan: their population is known, and the scenario is not in one of them."""
    return last_year(world) is not None and not tells_year(scenario)


def euros_asked(question: PageQuestion) -> int:
    """Euros of each year."""
    return euros_or(question.chosen.yearly, USUAL_EUROS)


def years_asked(world: World, question: PageQuestion) -> tuple[int, int]:
    """First and last year: those that are asked for as far as they are known, else the usual ones."""
    first, last = planned_years(world)
    begin, end = (
        year if first <= year <= last else usual
        for year, usual in ((question.chosen.years_from, first), (question.chosen.years_to, last))
    )
    return (begin, end) if begin <= end else (first, last)


def plan_question(world: World, question: PageQuestion, modes: Sequence[str]) -> PlanQuestion:
    """What a visitor asks: who travels how, within the limit and among the sites of the page; as much time or as many people."""
    chosen, folder = question.chosen, world.region.folder
    known, (first, last) = load_plan(folder), years_asked(world, question)
    usual = placement_question(world, question, modes)
    asked = replace(
        usual,
        goal="median" if chosen.aim == "time" else "coverage",
        hubs=None,
        cost=usual.cost or load_hub_services(folder).hub.cost_per_year,
        budget=np.inf,
        apart_m=0.0,
        share=None,
        min_people=0.0,
        max_people=np.inf,
        year=None,
        later_year=None,
    )
    return PlanQuestion(
        asked,
        first,
        last,
        float(euros_asked(question)),
        bool(chosen.keep),
        known.opening.cost,
        known.discount.rate_share,
        cars_change=known.cars.change_share,
    )


def plan_task(
    world: World,
    question: PlanQuestion,
    states: Sequence[State],
    by_mode: Sequence[dict[str, Times]],
    found: PlanSites,
) -> PlanTask:
    """Put the question in the terms of the solver; every site costs as much."""
    cost = np.full(len(found.sites.id), question.placement.cost)
    return task_of(
        question, world, states, by_mode, found._replace(sites=replace(found.sites, cost_per_year=cost))
    )


def plan_found(
    world: World,
    question: PlanQuestion,
    kinds: tuple[str, ...],
    scenario: Scenario,
    answer: PlanAnswer,
    regret: Regret | None,
) -> PlanFound:
    """What was found, as it is shown; `world` is the region as it is, `scenario` the visitor's."""
    changes = edit_views(world, scenario)
    before = people_within_before(answer) if answer.counts_people else None
    years = tuple(
        PlanYear(
            year,
            tuple(opening_in(answer, year)),
            tuple(replace(edit, from_year=None) for edit in changes if edit.from_year == year),
            None if before is None else round(float(before[row] + answer.helped[row])),
            round(float(answer.helped[row])),
            round(float(answer.spent[row])),
        )
        for row, year in enumerate(question.years)
    )
    return PlanFound(
        hub_edits(world, answer, kinds),
        years,
        round(question.budget),
        round(question.opening_cost),
        round(question.placement.cost),
        question.carry_over,
        question.discount_rate,
        answer.gap_share,
        None if regret is None else round(regret.end),
        0.0 if regret is None else regret.of(regret.greedy),
        0.0 if regret is None else regret.of(regret.ordered),
    )
