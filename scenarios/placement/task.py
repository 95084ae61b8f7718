"""What is asked when hubs are to be placed: sites, people and their times, an objective, and rules.

Rows of sites and of demand are the identity here; answers name sites by their ids. `scenarios.placement.solve` finds the answer,
`sites` and `times` make sites and demand from a world. `Disutility` says what a travel time counts for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from data.columns import Bools, Floats, Strings, freeze
from data.packed import Packed, packed, unpacked


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where a hub could stand: one row per site.

    Attributes
    ----------
    id, name
        (C,) strings, ids differ.
    x_m, y_m
        (C,) float64, projected metres.
    cost_per_year
        (C,) float64, euros; 0 where nothing is said about it.
    place_id, building_id
        (C,) strings, the place or the facility that it stands in; "" for a point.

    """

    id: Strings
    name: Strings
    x_m: Floats
    y_m: Floats
    cost_per_year: Floats
    place_id: Strings
    building_id: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Who travels, and how long it takes: one row per group of people who start together and travel alike.

    Attributes
    ----------
    name
        (D,) strings, for messages: the place, and the group where there are several.
    people
        (D,) float64, persons, or persons times what a visit of theirs counts; 0 or more.
    existing_s
        (D,) float64, seconds to the nearest facility that is open already; inf where none.
    to_sites
        (C, D) packed seconds to each site, see `data.packed`: door to door, by whatever is quickest for them; inf where not reached.

    """

    name: Strings
    people: Floats
    existing_s: Floats
    to_sites: Packed

    def __post_init__(self) -> None:
        object.__setattr__(self, "to_sites", packed(self.to_sites))
        freeze(self, len(self.name), "to_sites")
        if self.to_sites.shape[1:] != (len(self.name),):
            msg = f"seconds are {self.to_sites.shape}, expected a column for each of {len(self.name)} demands"
            raise ValueError(msg)
        if not (self.people >= 0).all() or not np.isfinite(self.people).all():
            msg = "people must be 0 or more in every row"
            raise ValueError(msg)

    @property
    def seconds(self) -> Floats:
        """(C, D) float64, the times to the sites, taken out for whoever asks."""
        return unpacked(self.to_sites)


@dataclass(frozen=True, slots=True)
class LeastTime:
    """Least person-seconds in all: the p-median (Hakimi 1964).

    Attributes
    ----------
    beyond_s
        Only what a journey takes longer than this counts; 0 for all of it.
    inequality_aversion
        Above 0, long times count more: the least equally distributed equivalent of Kolm and Pollak, the time that would
        be as bad if everybody had it (Logan and others 2021, Measuring inequalities in urban systems; Horton and others
        2024). 0 gives the mean; 1 is usual.

    """

    beyond_s: float = 0.0
    inequality_aversion: float = 0.0


@dataclass(frozen=True, slots=True)
class MostWithin:
    """Most people within a limit, which itself counts as within: maximal coverage (Church & ReVelle 1974)."""

    limit_s: float


@dataclass(frozen=True, slots=True)
class LeastWorst:
    """Least time of the worst-off demand with any people: the p-center (Hakimi 1964)."""


@dataclass(frozen=True, slots=True)
class Fewest:
    """Fewest hubs, or least cost, with which the rules hold: set cover (Toregas and others 1971)."""

    by: Literal["hubs", "cost"] = "hubs"


Objective: TypeAlias = LeastTime | MostWithin | LeastWorst | Fewest


@dataclass(frozen=True, slots=True, eq=False)
class ShareConstraint:
    """At least a share of some people must be within a limit.

    Attributes
    ----------
    label
        Who they are, for messages.
    people
        (D,) float64, persons: those of 75 and over, for instance.
    limit_s
        The limit itself counts as within.
    share
        0 to 1; 1 for everybody.

    """

    label: str
    people: Floats
    limit_s: float
    share: float

    def __post_init__(self) -> None:
        freeze(self, len(self.people))


@dataclass(frozen=True, slots=True, eq=False)
class CapacityConstraint:
    """How many persons may have a hub as their nearest facility, each going to the nearest one that is open.

    Of equally near ones a facility that exists already goes first, then the site with the first id.

    Attributes
    ----------
    label
        Of which year, for messages.
    people
        (D,) float64, persons.
    at_least
        Every hub needs so many: what keeps it going.
    at_most
        (C,) float64, what each hub can take; inf where it does not matter.

    """

    label: str
    people: Floats
    at_least: float
    at_most: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.people), "at_most")


@dataclass(frozen=True, slots=True)
class Rules:
    """What every answer must keep to.

    Attributes
    ----------
    n_hubs
        At most so many, the fixed ones included.
    budget
        Euros per year for all of them, the fixed ones included.
    fixed, forbidden
        Ids of sites that must, or may not, get a hub.
    apart_m
        Metres, as the crow flies, that two hubs must at least be apart.
    longest_s
        Nobody may have further than this to the nearest facility.
    unreached_s
        What it counts as when somebody reaches none, and the most that any journey counts as; inf when everybody must
        reach one.
    shares, loads
        See there.

    """

    n_hubs: int
    budget: float = np.inf
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    apart_m: float = 0.0
    longest_s: float = np.inf
    unreached_s: float = np.inf
    shares: tuple[ShareConstraint, ...] = field(default=())
    loads: tuple[CapacityConstraint, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Task:
    """A question of placement."""

    sites: Sites
    demand: Demand
    objective: Objective
    rules: Rules

    def __post_init__(self) -> None:
        n_sites, n_demands = self.demand.to_sites.shape
        vectors = [rule.people for rule in self.rules.shares] + [rule.people for rule in self.rules.loads]
        lengths = [len(load.at_most) for load in self.rules.loads]
        if n_sites != len(self.sites.id) or any(length != n_sites for length in lengths):
            msg = f"{len(self.sites.id)} sites, but times to {n_sites} and capacities of {lengths}"
            raise ValueError(msg)
        if any(len(vector) != n_demands for vector in vectors):
            msg = f"people of a rule must have one row for each of {n_demands} demands"
            raise ValueError(msg)


def rows_of_ids(ids: tuple[str, ...], wanted: tuple[str, ...]) -> Bools:
    """(C,) bool, which of `ids` are wanted; unknown ones are passed over (`infeasibility.check` refuses them)."""
    chosen = set(wanted)
    return np.array([name in chosen for name in ids], bool)


class Disutility(NamedTuple):
    """What a time counts for: beyond a limit, or as Kolm and Pollak have it."""

    beyond_s: float
    kappa: float
    longest_s: float

    def __call__(self, seconds: Floats) -> Floats:
        """Cost of one person."""
        counted = np.maximum(seconds - self.beyond_s, 0.0)
        if self.kappa == 0:
            return counted
        # Relative to the longest time, so that the exponential stays within 0 and 1; it need not end there.
        disutility: Floats = np.exp(self.kappa * (counted - self.longest_s))
        return disutility

    def equivalent(self, mean: float) -> float:
        """Seconds that everybody would have, of the same mean cost."""
        return self.longest_s + float(np.log(mean)) / self.kappa if self.kappa else mean


def disutility_of(task: Task) -> Disutility:
    """Of the objective. The scale of an aversion is that of the times as they are now (Logan and others 2021).

    Who has nothing now has what not reaching any counts as, or else the time to the farthest site.
    """
    objective = task.objective
    assert isinstance(objective, LeastTime)  # noqa: S101 -- only this one is asked
    if objective.inequality_aversion == 0:
        return Disutility(objective.beyond_s, 0.0, 0.0)
    seconds = task.demand.seconds
    farthest_s = np.where(np.isfinite(seconds), seconds, 0.0).max(axis=0, initial=0.0)
    now_s = np.minimum(task.demand.existing_s, task.rules.unreached_s)
    counted = np.maximum(np.where(np.isfinite(now_s), now_s, farthest_s) - objective.beyond_s, 0.0)
    fine = np.isfinite(counted) & (task.demand.people > 0)
    counted, people = counted[fine], task.demand.people[fine]
    squares = float((people * counted**2).sum())
    kappa = objective.inequality_aversion * float((people * counted).sum()) / squares if squares else 0.0
    return Disutility(objective.beyond_s, kappa, float(counted.max(initial=0.0)))
