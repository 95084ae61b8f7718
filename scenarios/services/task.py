"""What is asked when hubs may offer several services: sites, who lacks what, sizes and costs, and rules.

Who has a service within reach already does not come to a hub for it. The others go to any hub within reach that has room:
one registers with the practice that takes people, not with the nearest. A person counts for as many as he or she comes more
often than the average, so that room is never kept for those who need it least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, freeze
from data.errors import ScenarioError
from scenarios.placement.task import Sites


class Size(NamedTuple):
    """How large a service can be: euros per year, people it has room for, and people without whom it is not kept up."""

    cost_per_year: float
    room: float
    least_people: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A service that hubs may offer.

    Attributes
    ----------
    kind
        Kind of facility.
    sizes
        Those that a hub can choose from; a hub has one of them, or does not offer the service.
    people
        (D,) float64, people without the service within reach, by how often they come: an average person is 1.
    within
        (C, D) bool, which sites are within reach of whom.
    weight
        What a person who gets this service counts, beside one who gets another.

    """

    kind: str
    sizes: tuple[Size, ...]
    people: Floats
    within: Bools
    weight: float = 1.0

    def __post_init__(self) -> None:
        freeze(self, len(self.people), "within", "sizes")
        if self.within.shape[1:] != (len(self.people),):
            msg = f"reach is {self.within.shape}, expected a column for each of {len(self.people)} demands"
            raise ValueError(msg)
        if not (self.people >= 0).all() or not np.isfinite(self.people).all():
            msg = "people must be 0 or more in every row"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """What every answer must keep to.

    Attributes
    ----------
    budget
        Euros per year, for hubs and services together.
    n_hubs
        At most so many; None for any number.
    fixed, forbidden
        Ids of sites that must, or may not, have a hub; a fixed one offers something.

    """

    budget: float
    n_hubs: int | None = None
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceTask:
    """C sites, whose cost is that of the hub itself, what they may offer, and the rules."""

    sites: Sites
    offers: tuple[Offer, ...]
    rules: ServiceRules

    def __post_init__(self) -> None:
        if any(len(offer.within) != len(self.sites.id) for offer in self.offers):
            msg = f"{len(self.sites.id)} sites, but reach of {[len(offer.within) for offer in self.offers]}"
            raise ValueError(msg)


def check(task: ServiceTask) -> None:
    """Refuse a question that contradicts itself, with everything that is wrong.

    Raises
    ------
    ScenarioError
        One fault on a line.

    """
    rules, sites = task.rules, task.sites
    known, faults = set(sites.id), []
    if not task.offers:
        faults.append("no service is named: say what a hub may offer.")
    if not sites.id:
        faults.append("there is no site where a hub could stand.")
    if unknown := [name for name in (*rules.fixed, *rules.forbidden) if name not in known]:
        faults.append(f"unknown sites {', '.join(unknown)}: take ids of the sites.")
    if both := sorted({*rules.fixed} & {*rules.forbidden}):
        faults.append(f"{', '.join(both)} must have a hub and may not have one: keep one of the two.")
    n_fixed = len(set(rules.fixed))
    if rules.n_hubs is not None and (rules.n_hubs < 1 or rules.n_hubs < n_fixed):
        faults.append(f"{rules.n_hubs} hubs at most, but {max(n_fixed, 1)} at least: ask for more.")
    faults += [f"{offer.kind} is named twice." for offer in _again(task.offers)]
    faults += [
        f"{offer.kind} has room for {size.room:,.0f} people and needs {size.least_people:,.0f}: give it more hours, or a lower need."
        for offer in task.offers
        for size in offer.sizes
        if size.least_people > size.room
    ]
    if not faults and task.offers:
        faults += _money_faults(task)
    if faults:
        raise ScenarioError("\n".join(["No hubs were placed.", *faults]))


def _again(offers: tuple[Offer, ...]) -> list[Offer]:
    kinds = [offer.kind for offer in offers]
    return [offer for row, offer in enumerate(offers) if offer.kind in kinds[:row]]


def _money_faults(task: ServiceTask) -> list[str]:
    """Whether the budget pays for the cheapest hub there can be, and for the fixed ones."""
    rules, cost = task.rules, dict(zip(task.sites.id, task.sites.cost_per_year.tolist(), strict=True))
    cheapest = min(size.cost_per_year for offer in task.offers for size in offer.sizes)
    fixed = set(rules.fixed)
    if fixed and (needed := sum(cost[name] + cheapest for name in fixed)) > rules.budget:
        said = f"cost {_euros(needed)} with the cheapest service in each, and the budget is {_euros(rules.budget)}"
        return [f"The {len(fixed)} fixed hubs {said}: raise it, or fix fewer."]
    allowed = [of for name, of in cost.items() if name not in rules.forbidden]
    if not allowed:
        return ["every site is forbidden: leave one where a hub may stand."]
    if (needed := min(allowed) + cheapest) > rules.budget:
        said = f"the cheapest hub with the cheapest service costs {_euros(needed)}"
        return [f"A budget of {_euros(rules.budget)} buys nothing: {said}."]
    return []


def _euros(amount: float) -> str:
    return f"€ {amount:,.0f} a year"
