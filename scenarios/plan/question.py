"""A person's question of a plan over years, and what it comes to for the solver.

Hubs, travellers and sites are those of a question of placement, and the scenario says what opens and closes meanwhile: each
year has the scenario as it is then, its own inhabitants, and its own cars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility.origins import Origins
from accessibility.world import World
from data.build_report import BuildReport, finding
from data.columns import Floats, Int64s
from data.errors import InputError
from data.parameters.facility_kinds import FacilityKinds
from data.progress import Progress
from scenarios.edits.apply import apply
from scenarios.edits.scenario import Scenario
from scenarios.placement import question as placement
from scenarios.placement.question import Goal, PlacementQuestion, data_year, tells_year
from scenarios.placement.sites import usable
from scenarios.placement.task import Demand, LeastTime, MostWithin, Sites
from scenarios.placement.times import Group, Times, counted, demand, origin_names, some_origins
from scenarios.plan.task import MOST_RATE, PlanRules, PlanTask

GOALS: tuple[Goal, ...] = ("coverage", "median", "excess")
"""Goals of a placement that can be added up over years."""
MOST_YEARS = 60
MOST_CHANGE = 0.5
"""Of cars per household, a year."""


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What somebody wants to know, in plain values.

    Attributes
    ----------
    placement
        What people go to a hub for, who travels, the goal, and where hubs could stand; its `hubs` is how many there are in
        the last year at most, its `cost` what an open hub costs a year. It says no year and no budget.
    first_year, last_year
        Of the plan, both included.
    budget
        Euros of each year.
    carry_over
        Whether what is left of a year can be spent later.
    opening_cost
        Euros of a hub in the year in which it opens, beside what it costs that year.
    discount_rate
        By how much a year counts for less than the one before it.
    per_year
        At most so many hubs open in one year; None for any number.
    opens
        Ids of sites with the year in which they must open.
    cars_change
        By which share the cars per household change every year, from the year of the data on; 0 where they stay as they are.

    """

    placement: PlacementQuestion
    first_year: int
    last_year: int
    budget: float
    carry_over: bool = False
    opening_cost: float = 0.0
    discount_rate: float = 0.0
    per_year: int | None = None
    opens: tuple[tuple[str, int], ...] = ()
    cars_change: float = 0.0

    @property
    def years(self) -> tuple[int, ...]:
        """All years of the plan."""
        return tuple(range(self.first_year, self.last_year + 1))


def _year_faults(question: PlanQuestion) -> list[str]:
    first, last = question.first_year, question.last_year
    if first > last:
        return [f"the plan begins in {first} and ends in {last}: turn them round"]
    if len(question.years) > MOST_YEARS:
        return [f"the plan has {len(question.years)} years: ask for {MOST_YEARS} at most"]
    return []


def _number_faults(question: PlanQuestion) -> list[str]:
    faults = []
    if not 0 < question.budget < np.inf:
        faults.append(f"the budget is {question.budget:g} euros a year: it must be above 0")
    for what, amount in (
        ("a hub costs", question.placement.cost),
        ("opening a hub costs", question.opening_cost),
    ):
        if not 0 <= amount < np.inf:
            faults.append(f"{what} {amount:g} euros: give 0 or more")
    if not 0 <= question.discount_rate <= MOST_RATE:
        faults.append(f"the rate of discounting is {question.discount_rate:g}: give a share from 0 to 1")
    if not abs(question.cars_change) <= MOST_CHANGE:
        faults.append(
            f"cars per household change by {question.cars_change:g} a year: give a share from -0.5 to 0.5"
        )
    return faults


def planned_years(world: World) -> tuple[int, int]:
    """Usual first and last year of a plan: the one after the date of the region, and the last one that is known of."""
    first = world.region.service_date.year + 1
    return first, max(placement.last_year(world) or first, first)


class State(NamedTuple):
    """What there is beside the hubs of the plan, from a year of it on.

    Attributes
    ----------
    row
        Of the first year in which it is so.
    scenario
        With the edits that hold then, and without their years.

    """

    row: int
    scenario: Scenario


def refuse_faults(question: PlanQuestion, world: World, scenario: Scenario) -> None:
    """Refuse numbers that mean nothing, and years of which nothing is known, all at once.

    Raises
    ------
    InputError
        With one fault after the other; also when the population of the years is not known.

    """
    faults = [*_year_faults(question), *_number_faults(question)]
    if question.placement.goal not in GOALS:
        named = ", ".join(GOALS)
        faults.append(
            f"the goal {question.placement.goal} cannot be added up over years: take one of {named}"
        )
    if not question.placement.sites:
        faults.append("no list of sites is named: say where hubs could stand")
    if tells_year(scenario):
        faults.append(
            "the scenario says which year it is, and a plan is about all of its years: take that edit out"
        )
    if faults:
        raise InputError(f"Mend the question: {'; '.join(faults)}.")
    for year in (question.first_year, question.last_year):
        placement.of_year(world, year)


def states(question: PlanQuestion, scenario: Scenario) -> tuple[State, ...]:
    """What there is beside the hubs, by year; what begins before the plan is there in its first year."""
    begins = {question.first_year, *(year for year in scenario.years if year in question.years)}
    return tuple(State(year - question.first_year, until(scenario, year)) for year in sorted(begins))


def until(scenario: Scenario, year: int) -> Scenario:
    """Edits that hold in a year, without the years from which they do."""
    edits = sorted(
        (edit for edit in scenario.edits if edit.from_year is None or edit.from_year <= year),
        key=lambda edit: edit.from_year or 0,
    )
    return Scenario(scenario.name, scenario.note, tuple(edit.from_then_on(None) for edit in edits))


def worlds_of(before: World, states: Sequence[State], kinds: FacilityKinds) -> tuple[World, ...]:
    """The world of each state; raises as `apply`."""
    return tuple(apply(before, state.scenario, kinds) for state in states)


class PlanSites(NamedTuple):
    """Where hubs could stand, and (C,) row of the first year from which on they could."""

    sites: Sites
    first: Int64s


def sites_of(
    question: PlanQuestion, before: World, states: Sequence[State], worlds: Sequence[World]
) -> tuple[PlanSites, BuildReport]:
    """Sites that can be used from some year on until the end, and what was left out; raises as `placement.site_list`."""
    found = [placement.sites_of(question.placement, before, world) for world in worlds]
    (sites, report), earlier = found[-1], found[:-1]
    first = _first(sites, states, [there for there, _ in found])
    gone = {
        name: of
        for there, _ in earlier
        for name, of in zip(there.id, there.name, strict=True)
        if name not in sites.id
    }
    report += finding(
        "sites", "dropped", "sites that cannot be used until the end of the plan", list(gone.values())
    )
    return PlanSites(sites, first), report


def lasting(sites: Sites, states: Sequence[State], worlds: Sequence[World]) -> PlanSites:
    """Those of some sites that can be used from some year on until the end."""
    there = [usable(world, sites)[0] for world in worlds]
    return PlanSites(there[-1], _first(there[-1], states, there))


def _first(sites: Sites, states: Sequence[State], there: Sequence[Sites]) -> Int64s:
    """(C,) row of the first year from which on each site is among those that are there in every state."""
    first, still = np.full(len(sites.id), states[-1].row), set(sites.id)
    for state, of in zip(reversed(states[:-1]), reversed(there[:-1]), strict=True):
        still &= set(of.id)
        first[[name in still for name in sites.id]] = state.row
    return first


def task_of(
    question: PlanQuestion,
    before: World,
    states: Sequence[State],
    by_mode: Sequence[dict[str, Times]],
    found: PlanSites,
) -> PlanTask:
    """Put a question in the terms of the solver.

    Parameters
    ----------
    question
        What is asked.
    before
        The region with the people of the data's year.
    states, by_mode
        What there is beside the hubs, and times by name of the mode in each, from the inhabited origins to the sites.
    found
        C sites.

    Raises
    ------
    InputError
        When nothing is known of a year, or somebody reaches no service and nothing says what that counts as.

    """
    asked = question.placement
    start = placement.origins_of(asked, before)
    rows = counted(start)
    names = origin_names(before, some_origins(start, rows))
    modes = {name: placement.mode_named(before, name) for name in asked.modes}
    groups = [
        Group(of.name, np.zeros(len(rows)), tuple(modes[name] for name in of.modes)) for of in asked.groups
    ]
    of_state = [_capped(question, demand(names, groups, times)) for times in by_mode]
    begins = [state.row for state in states]
    people = [_people(question, before, year, rows) for year in question.years]
    at = np.searchsorted(begins, np.arange(len(people)), side="right") - 1
    demands = tuple(
        replace(of_state[state], people=of) for state, of in zip(at.tolist(), people, strict=True)
    )
    rules = PlanRules(
        budget=(question.budget,) * len(people),
        carry_over=question.carry_over,
        discount_rate=question.discount_rate,
        n_hubs=asked.hubs,
        per_year=question.per_year,
        fixed=asked.fixed,
        forbidden=asked.forbidden,
        opens=question.opens,
    )
    goal = placement.objective_of(asked)
    assert isinstance(goal, MostWithin | LeastTime)  # noqa: S101 -- `refuse_faults` lets no other pass
    opening = np.full(len(found.sites.id), question.opening_cost)
    return PlanTask(found.sites, opening, found.first, question.years, demands, goal, rules)


def _capped(question: PlanQuestion, found: Demand) -> Demand:
    """Times of which none is longer than what reaching nothing counts as."""
    asked = question.placement
    if asked.goal == "coverage":
        return found
    existing = np.minimum(found.existing_s, asked.unreached_s)
    if not np.isfinite(existing).all():
        n_rows = int((~np.isfinite(existing)).sum())
        msg = (
            f"From {n_rows} starting points no {asked.kind} is reached now, so that nobody can say how much time a hub saves "
            "there: say how many minutes that counts as, or count people within the limit."
        )
        raise InputError(msg)
    return replace(found, existing_s=existing)


def _people(question: PlanQuestion, before: World, year: int, rows: Int64s) -> Floats:
    """(D,) persons asked about in a year, times what a visit of theirs counts, a block for each group."""
    asked = question.placement
    origins = placement.origins_of(asked, placement.of_year(before, year))
    if question.cars_change:
        origins = _with_cars(origins, (1 + question.cars_change) ** (year - (data_year(before) or year)))
    return np.concatenate([of.asked[rows] for of in placement.travellers(asked, origins)])


def _with_cars(origins: Origins, factor: float) -> Origins:
    return replace(origins, cars_per_household=origins.cars_per_household * factor)


def times_of(
    question: PlanQuestion, worlds: Sequence[World], sites: Sites, progress: Progress
) -> list[dict[str, Times]]:
    """Times of each mode to the sites in each state; raises as `placement.times_by_mode`."""
    return [placement.times_by_mode(question.placement, world, sites, progress) for world in worlds]


class Setting(NamedTuple):
    """What a plan is made in.

    Attributes
    ----------
    question, before
        What is asked, of the region with the people of the data's year.
    states, worlds
        What there is beside the hubs of the plan, from year to year.
    found, report
        Where hubs could stand, and what was left out of that.

    """

    question: PlanQuestion
    before: World
    states: tuple[State, ...]
    worlds: tuple[World, ...]
    found: PlanSites
    report: BuildReport

    @property
    def at_end(self) -> World:
        """The world in the last year, without the hubs."""
        return self.worlds[-1]


def setting_of(question: PlanQuestion, before: World, scenario: Scenario, kinds: FacilityKinds) -> Setting:
    """Work out what a plan is made in.

    Raises
    ------
    InputError
        As `refuse_faults`, `apply` and `placement.site_list`.

    """
    refuse_faults(question, before, scenario)
    parts = states(question, scenario)
    worlds = worlds_of(before, parts, kinds)
    return Setting(question, before, parts, worlds, *sites_of(question, before, parts, worlds))


def task_in(setting: Setting, progress: Progress) -> PlanTask:
    """Put a question in the terms of the solver; raises as `placement.times_by_mode` and `task_of`."""
    question, found = setting.question, setting.found
    by_mode = times_of(question, setting.worlds, found.sites, progress)
    return task_of(question, setting.before, setting.states, by_mode, found)
