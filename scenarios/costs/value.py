"""What people get for the euros of a scenario: who comes within a limit, and hours of travel saved, by one kind and mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from accessibility.digital import digital_share
from accessibility.groups import people_of
from accessibility.indicators import people_within, visits_per_year
from accessibility.world import World
from data.columns import Floats
from data.parameters.behaviour import Behaviour
from data.parameters.norms import Group
from scenarios.comparison.compare import Comparison, Outcome
from scenarios.costs.euros import Euros
from scenarios.measures.measures import Limit, Yardsticks

HOUR_S = 3600.0
WAYS = 2
"""There and back: the way back is taken to be as long as the way there."""
Why: TypeAlias = Literal["", "cost unknown", "times unknown", "visits unknown", "saves money", "nobody gains"]
"""Why there is no cost for each: it or what it is held against is unknown, nothing is spent, or nobody gains."""


class Hours(NamedTuple):
    """Travel of all visits to one kind by one mode, in hours per year; all by this mode.

    Attributes
    ----------
    saved
        Fewer hours on the way, there and back, of all who reach one before and after; below 0 where it takes longer.
    visits_won, visits_lost
        Visits per year of those who reach one at last, or no longer: in no sum of hours.

    """

    saved: float
    visits_won: float
    visits_lost: float


class Value(NamedTuple):
    """What one scenario brings, and at what cost.

    Attributes
    ----------
    kind, mode, limit
        Of what, how, and within which limit people of which group are counted.
    within_before, within_after
        People of afterwards who are within the limit with the times of before, and of after; None where times are unknown.
    hours
        Travel saved; None where times are unknown, or how often people come.
    cost
        Euros per year; None where part of it is unknown.

    """

    kind: str
    mode: str
    limit: Limit
    within_before: int | None
    within_after: int | None
    hours: Hours | None
    cost: Euros | None

    @property
    def gained(self) -> int | None:
        """People more within the limit; below 0 where it is fewer."""
        if self.within_before is None or self.within_after is None:
            return None
        return self.within_after - self.within_before

    @property
    def why_not_person(self) -> Why:
        """Why there is no cost per person, "" where there is one."""
        return _why(self.cost, self.gained, "times unknown")

    @property
    def per_person(self) -> Euros | None:
        """Euros per year for each person brought within the limit."""
        return _each(self.cost, self.gained, self.why_not_person)

    @property
    def why_not_hour(self) -> Why:
        """Why there is no cost per hour, "" where there is one."""
        missing: Why = "times unknown" if self.gained is None else "visits unknown"
        return _why(self.cost, self.hours.saved if self.hours else None, missing)

    @property
    def per_hour(self) -> Euros | None:
        """Euros for each hour of travel saved."""
        return _each(self.cost, self.hours.saved if self.hours else None, self.why_not_hour)


def _why(cost: Euros | None, gained: float | None, missing: Why) -> Why:
    if cost is None:
        return "cost unknown"
    if gained is None:
        return missing
    if gained <= 0:
        return "nobody gains"
    return "saves money" if cost.used < 0 else ""


def _each(cost: Euros | None, gained: float | None, why_not: Why) -> Euros | None:
    return None if why_not or cost is None or not gained else cost.times(1 / gained)


def value_of(
    worlds: tuple[World, World],
    comparison: Comparison,
    limit: Limit,
    cost: Euros | None,
    behaviour: Behaviour,
) -> Value:
    """Hold a cost against what a comparison shows, for the inhabitants of the region as they are afterwards.

    So a scenario that asks about another year counts the same people with the times of before and of after.
    """
    before, after = comparison.before, comparison.after
    kind, mode = after.times.kind, after.times.mode.name
    if not comparison.known:
        return Value(kind, mode, limit, None, None, None, cost)
    people = people_of(after.residents, limit.people, behaviour)
    inside = after.residents.in_region
    within = [people_within(_beyond(side, limit)[inside], people[inside], 0.0) for side in (before, after)]
    return Value(kind, mode, limit, within[0], within[1], hours_saved(worlds, comparison, behaviour), cost)


def values_of(
    worlds: tuple[World, World], comparisons: Sequence[Comparison], cost: Euros | None, yardsticks: Yardsticks
) -> list[Value]:
    """One value per comparison and limit: those of the norms, then the others that are looked at."""
    return [
        value_of(worlds, comparison, limit, cost, yardsticks.behaviour)
        for comparison in comparisons
        for limit in yardsticks.limits_of(comparison.after.times.kind, comparison.after.times.mode)
    ]


def limit_of(limit_min: float, people: Group = "all") -> Limit:
    """Limit of minutes that is no norm."""
    return Limit(limit_min * 60, np.inf, people, "none", "")


def _beyond(side: Outcome, limit: Limit) -> Floats:
    """(O,) 0 within the limit, inf beyond it."""
    times = side.resident_times
    beyond = times.metres > limit.limit_m if np.isfinite(limit.limit_m) else times.seconds > limit.limit_s
    return np.where(beyond, np.inf, 0.0)


def hours_saved(worlds: tuple[World, World], comparison: Comparison, behaviour: Behaviour) -> Hours | None:
    """Hours of travel per year that a comparison saves the inhabitants of the region; None where visits are unknown.

    People x visits x seconds, before less after, over those who reach one in both. Visits that go online, where there is internet for it, are saved as well.
    """
    contacts = behaviour.contacts_with(comparison.after.times.kind)
    if contacts is None:
        return None
    before, after = comparison.before, comparison.after
    inside = after.residents.in_region
    per_year = visits_per_year(np.array(contacts.per_year), contacts.on_site_share, 0.0)
    by_person = after.residents.people_by_age[inside] @ per_year
    kind = after.times.kind
    visits = [by_person * (1 - digital_share(world, kind, after.residents)[inside]) for world in worlds]
    seconds = [side.resident_times.seconds[inside] for side in (before, after)]
    reached = [np.isfinite(side) for side in seconds]
    both = reached[0] & reached[1]
    spent = [float((visit[both] * side[both]).sum()) for visit, side in zip(visits, seconds, strict=True)]
    return Hours(
        saved=(spent[0] - spent[1]) * WAYS / HOUR_S,
        visits_won=float(visits[1][~reached[0] & reached[1]].sum()),
        visits_lost=float(visits[1][reached[0] & ~reached[1]].sum()),
    )
