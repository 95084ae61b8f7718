"""What is asked when hubs are to open one after the other: sites, who travels in each year, money, and rules.

A hub that is open stays open: residents count on it, and what its opening cost is spent. What else opens and closes, and in
which year, is given: it is in the times and the people of each year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from data.columns import Floats, Int64s, freeze
from data.errors import ScenarioError
from scenarios.placement.task import Demand, LeastTime, MostWithin, Sites

PlanObjective: TypeAlias = MostWithin | LeastTime
MOST_RATE = 1.0
"""Of discounting, a year."""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What every plan must keep to.

    Attributes
    ----------
    budget
        Euros of each year.
    carry_over
        Whether what is left of a year can be spent later, without interest. Hubs that are open in the end are still paid from
        the budget of the last year alone: what was saved is spent once, and they stay.
    discount_rate
        By how much a year counts for less than the one before it: 0.0225 is 2.25 per cent.
    n_hubs, per_year
        At most so many, and so many that open in one year; None for any number.
    fixed, forbidden
        Ids of sites that must have a hub in the last year, or never.
    opens
        Ids of sites with the very year in which they open.

    """

    budget: tuple[float, ...]
    carry_over: bool = False
    discount_rate: float = 0.0
    n_hubs: int | None = None
    per_year: int | None = None
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    opens: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PlanTask:
    """A question about T years, one after the other.

    Attributes
    ----------
    sites
        C sites, with what an open hub costs a year.
    opening_cost
        (C,) float64, euros in the year in which it opens, beside what it costs that year.
    first
        (C,) int64, row of the first year in which a hub could open there.
    years
        The T years.
    demands
        Of each year: D rows, who travels then and how long it takes then. Years with the same times share their arrays.
    objective
        Most people within a limit, or least time, which every year counts anew.
    rules
        See there.

    """

    sites: Sites
    opening_cost: Floats
    first: Int64s
    years: tuple[int, ...]
    demands: tuple[Demand, ...]
    objective: PlanObjective
    rules: PlanRules

    def __post_init__(self) -> None:
        freeze(self, len(self.sites.id), "years", "demands")
        shapes = {demand.to_sites.shape for demand in self.demands}
        if len(shapes) != 1 or {shape[0] for shape in shapes} != {len(self.sites.id)}:
            msg = f"{len(self.sites.id)} sites, but times of {sorted(shapes)}"
            raise ValueError(msg)
        n_years = len(self.years)
        if len(self.demands) != n_years or len(self.rules.budget) != n_years:
            msg = f"{n_years} years, but {len(self.demands)} demands and {len(self.rules.budget)} budgets"
            raise ValueError(msg)
        if isinstance(self.objective, LeastTime) and self.objective.inequality_aversion:
            msg = "what is saved is added up over people: an aversion to inequality has no meaning here"
            raise ValueError(msg)

    @property
    def weights(self) -> Floats:
        """(T,) what a person counts in each year; 1 in the first."""
        return np.asarray((1.0 + self.rules.discount_rate) ** -np.arange(len(self.years), dtype=np.float64))


def check(task: PlanTask) -> None:
    """Refuse a question that contradicts itself, with everything that is wrong.

    Raises
    ------
    ScenarioError
        One fault on a line.

    """
    faults = [*_site_faults(task), *_number_faults(task.rules)]
    if not faults:
        faults += _late_faults(task) or _money_faults(task)
    if faults:
        raise ScenarioError("\n".join(["No plan was made.", *faults]))


def _site_faults(task: PlanTask) -> list[str]:
    """Sites that are not there, or of which two things are said."""
    rules, known, faults = task.rules, set(task.sites.id), []
    given = tuple(name for name, _ in rules.opens)
    if not known:
        faults.append("there is no site where a hub could stand.")
    if unknown := [name for name in (*rules.fixed, *rules.forbidden, *given) if name not in known]:
        faults.append(f"unknown sites {', '.join(unknown)}: take ids of the sites.")
    if both := sorted({*rules.fixed, *given} & {*rules.forbidden}):
        faults.append(f"{', '.join(both)} must have a hub and may not have one: keep one of the two.")
    if again := sorted({name for name in given if given.count(name) > 1}):
        faults.append(f"{', '.join(again)} opens in more than one year: keep one.")
    span = f"{task.years[0]} to {task.years[-1]}"
    faults += [
        f"{name} opens in {year}, and the plan is of {span}: take a year in between."
        for name, year in rules.opens
        if year not in task.years
    ]
    return faults


def _number_faults(rules: PlanRules) -> list[str]:
    """Numbers that no plan can keep to."""
    n_fixed, faults = len({*rules.fixed, *(name for name, _ in rules.opens)}), []
    if rules.n_hubs is not None and (rules.n_hubs < 1 or rules.n_hubs < n_fixed):
        faults.append(f"{rules.n_hubs} hubs at most, but {max(n_fixed, 1)} at least: ask for more.")
    if rules.per_year is not None and rules.per_year < 1:
        faults.append(f"{rules.per_year} hubs may open in a year: ask for one or more.")
    if not 0 <= rules.discount_rate <= MOST_RATE:
        faults.append(f"the rate of discounting is {rules.discount_rate:g}: give a share from 0 to 1.")
    if not all(0 <= budget < np.inf for budget in rules.budget):
        faults.append("the budget of every year must be a number of euros, 0 or more.")
    return faults


def _late_faults(task: PlanTask) -> list[str]:
    """Sites that must open before there is room for a hub."""
    first = dict(zip(task.sites.id, task.first.tolist(), strict=True))
    return [
        f"{name} opens in {year}, but a hub can stand there from {task.years[first[name]]} on: give a later year."
        for name, year in task.rules.opens
        if task.years[first[name]] > year
    ]


def _money_faults(task: PlanTask) -> list[str]:
    """Whether any year has money for the cheapest hub there can be."""
    rules = task.rules
    allowed = np.array([name not in rules.forbidden for name in task.sites.id], bool)
    if not allowed.any():
        return ["every site is forbidden: leave one where a hub may stand."]
    together = (task.opening_cost + task.sites.cost_per_year)[allowed]
    if (least := float(task.sites.cost_per_year[allowed].min())) > rules.budget[-1] + 1e-6:
        said = f"the cheapest hub costs {_euros(least)} a year, and there is {_euros(rules.budget[-1])} in the last one"
        return [f"The budget buys nothing: {said}. Raise it, or say what a hub costs."]
    most = sum(rules.budget) if rules.carry_over else max(rules.budget)
    if (needed := float(together.min())) > most + 1e-6:
        there = "all years together" if rules.carry_over else "the best year"
        said = f"the cheapest hub costs {_euros(needed)} in its first year, and there is {_euros(most)} in {there}"
        return [f"The budget buys nothing: {said}. Raise it, or say what a hub costs."]
    return []


def _euros(amount: float) -> str:
    return f"€ {amount:,.0f}"
