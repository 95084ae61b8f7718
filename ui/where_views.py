"""Where hubs should go, as plain values: the question in the terms of the solver, and what its answer means for people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accessibility.groups import people_of
from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.behaviour import load_behaviour
from data.columns import Floats, Int32s
from data.population import POPULATION, read_population_totals
from scenarios.edits import PlaceHub, Scenario
from scenarios.evaluate import Comparison
from scenarios.placement import AS_GOOD, Answer, RunnersUp, best_answer
from scenarios.placement_search import Patience, Step
from scenarios.placement_sites import building_sites, hub_at, place_sites, usable
from scenarios.placement_task import (
    Fewest,
    LeastTime,
    LeastWorst,
    Load,
    MostWithin,
    Objective,
    Rules,
    Share,
    Sites,
    Task,
)
from scenarios.placement_times import Group, Times, counted, demand, origin_names, some_origins, times
from ui.views import SECONDS_PER_MINUTE, DesignView, minutes
from ui.where_ask import MOST_HUBS, Ask, SiteList

ORDINARY = 50.0
"""Percentile of the departures."""
N_RUNNERS_UP = 8


@dataclass(frozen=True, slots=True)
class Question:
    """All that is asked: the choices that the pages share, and those of this page."""

    kind: str
    mode: str
    limit_min: int
    offers: tuple[str, ...]
    ask: Ask

    @property
    def limit_s(self) -> float:
        """The limit in seconds."""
        return self.limit_min * SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Times of one mode from where people live to a list of sites, shared by all questions about them."""

    sites: Sites
    left_out: tuple[tuple[str, int], ...]
    """Why sites cannot be used, and how many."""
    times: Times


@dataclass(frozen=True, slots=True)
class SiteView:
    """A proposed site, with the persons asked about for whom it is the nearest."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A site that is as good within 1 %: instead of which one, and by which share the answer gets worse."""

    name: str
    instead_of: str
    loss_share: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search.

    Attributes
    ----------
    hubs
        Edits that open the proposed hubs.
    sites, runners_up
        The proposed sites, and others that would do as well.
    n_as_good
        How many others would, those not told included.
    n_sites
        Sites that were looked at.
    bound
        What no answer can better: persons within the limit, mean minutes, minutes of the worst-off, or hubs.
    gap_share
        By how much a better answer could be better at most; 0 when it is proved that there is none.
    taken_s
        Seconds the search took.
    is_quick
        Whether only swaps were tried.

    """

    hubs: tuple[PlaceHub, ...]
    sites: tuple[SiteView, ...]
    runners_up: tuple[RunnerUp, ...]
    n_as_good: int
    n_sites: int
    bound: float
    gap_share: float
    taken_s: float
    is_quick: bool

    @property
    def scenario(self) -> Scenario:
        """The hubs as a scenario like any other."""
        return Scenario("", "", self.hubs)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the proposed hubs mean to the people asked about, counted as on the other pages.

    Attributes
    ----------
    people, within_before, within_after
        Persons: all, and those within the limit.
    mean_before_min, mean_after_min
        Over those who reach a service in both cases; None where nobody does.
    worst_before_min, worst_after_min
        From where it takes longest; None where somebody reaches none.
    worst_before, worst_after
        Names of the places of which it is.

    """

    people: int
    within_before: int
    within_after: int
    mean_before_min: float | None
    mean_after_min: float | None
    worst_before_min: float | None
    worst_after_min: float | None
    worst_before: str
    worst_after: str


@dataclass(frozen=True, slots=True)
class WhereView:
    """Everything the page shows; `design` is of the hubs alone, for the map and the table of places."""

    question: Question
    found: Found
    figures: Figures
    design: DesignView
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Most persons within the limit with so many hubs, and what they cost a year; `now` without, `most` is the bound."""

    hubs: int
    now: int
    people: int
    most: int
    euros: float


def last_year(world: World) -> int:
    """Year for which there are totals of the population, 0 where there are none."""
    if not (world.region.folder / POPULATION).is_file():
        return 0
    return read_population_totals(world.region.folder).last_year


def site_list(world: World, name: SiteList) -> Sites:
    """Sites of a list, without a cost."""
    return place_sites(world, 0.0) if name == "places" else building_sites(world, (name,), 0.0)


def reach(world: World, kind: str, mode: TravelMode, name: SiteList) -> Reach:
    """Times from where anybody lives to all usable sites of a list."""
    sites, report = usable(world, site_list(world, name))
    residents = world.residents
    rows = counted(residents)
    found = times(world, kind, sites, some_origins(residents, rows), mode, ORDINARY)
    return Reach(sites, tuple((each.what, each.count) for each in report.findings), found)


def people_asked(world: World, ask: Ask) -> tuple[Int32s, Int32s]:
    """(O,) persons asked about where they live, and all inhabitants, of the year asked for."""
    residents = (in_year(world, ask.year) if ask.year else world).residents
    return people_of(residents, ask.who, load_behaviour(world.region.folder)), residents.people


def task_of(world: World, asked: Question, mode: TravelMode, known: Reach) -> Task:
    """Put a question in the terms of the solver."""
    ask, rows = asked.ask, counted(world.residents)
    group, everybody = (of[rows].astype(np.float64) for of in people_asked(world, ask))
    sites = replace(known.sites, cost_per_year=np.full(len(known.sites.id), float(ask.cost)))
    names = origin_names(world, some_origins(world.residents, rows))
    shares = (Share("the people", group, asked.limit_s, ask.share / 100),) if ask.aim == "fewest" else ()
    no_limit = np.full(len(sites.id), np.inf)
    rules = Rules(
        n_hubs=len(sites.id) - len(ask.forbidden) if ask.aim == "fewest" else ask.hubs,
        budget=float(ask.budget) if ask.budget and ask.cost else np.inf,
        fixed=ask.fixed,
        forbidden=ask.forbidden,
        # Who reaches no service at all counts as travelling the longest time that is looked at.
        unreached_s=float(world.network.assumptions.travel_max_s),
        shares=shares,
        loads=(Load("now", everybody, float(ask.least), no_limit),) if ask.least else (),
    )
    asking = demand(names, [Group(ask.who, group, (mode,))], {mode.name: known.times})
    return Task(sites, asking, _objective(asked), rules)


def _objective(asked: Question) -> Objective:
    match asked.ask.aim:
        case "within":
            return MostWithin(asked.limit_s)
        case "time":
            return LeastTime()
        case "worst":
            return LeastWorst()
        case "fewest":
            return Fewest("hubs")


def found_of(world: World, asked: Question, answer: Answer, *, is_quick: bool) -> Found:
    """Keep of an answer what people read, and let go of its tables."""
    task, sites = answer.task, answer.task.sites
    served = answer.people_nearest(task.demand.people).tolist()
    return Found(
        hubs=tuple(hub_at(world, sites, int(row), asked.offers) for row in answer.chosen),
        sites=tuple(
            SiteView(sites.id[row], sites.name[row], round(people))
            for row, people in zip(answer.chosen.tolist(), served, strict=True)
        ),
        runners_up=_runners_up(answer.runners_up, dict(zip(sites.id, sites.name, strict=True))),
        n_as_good=len(answer.runners_up.as_good),
        n_sites=len(sites.id),
        bound=said_value(task, answer.bound),
        gap_share=answer.gap_share,
        taken_s=answer.taken_s,
        is_quick=is_quick,
    )


def said_value(task: Task, value: float) -> float:
    """A value of the objective as it is told: persons, minutes on average, minutes, or hubs."""
    match task.objective:
        case LeastTime():
            return value / max(float(task.demand.people.sum()), 1.0) / SECONDS_PER_MINUTE
        case LeastWorst():
            return value / SECONDS_PER_MINUTE
        case _:
            return value


def _runners_up(found: RunnersUp, name_of: dict[str, str]) -> tuple[RunnerUp, ...]:
    rows = [row for row, loss in enumerate(found.loss_share.tolist()) if loss <= AS_GOOD]
    return tuple(
        RunnerUp(name_of[found.id[row]], name_of[found.instead_of[row]], float(found.loss_share[row]))
        for row in rows[:N_RUNNERS_UP]
        if found.instead_of[row]
    )


def figures(world: World, asked: Question, comparison: Comparison) -> Figures:
    """Count the people asked about, where they live, before and after."""
    people, _ = people_asked(world, asked.ask)
    residents = world.residents
    rows = np.flatnonzero(residents.in_region & (people > 0))
    weights, names = people[rows], [*world.places.name, ""]
    before_s, after_s = (side.resident_times.seconds[rows] for side in (comparison.before, comparison.after))
    both = np.isfinite(before_s)
    worst = [_worst(seconds) for seconds in (before_s, after_s)]
    place = residents.place[rows]
    return Figures(
        people=int(weights.sum(dtype=np.int64)),
        within_before=int(weights[before_s <= asked.limit_s].sum(dtype=np.int64)),
        within_after=int(weights[after_s <= asked.limit_s].sum(dtype=np.int64)),
        mean_before_min=_mean_min(before_s[both], weights[both]),
        mean_after_min=_mean_min(after_s[both], weights[both]),
        worst_before_min=minutes(float(before_s.max(initial=0.0))),
        worst_after_min=minutes(float(after_s.max(initial=0.0))),
        worst_before=names[place[worst[0]]] if len(rows) else "",
        worst_after=names[place[worst[1]]] if len(rows) else "",
    )


def _worst(seconds: Floats) -> int:
    return int(seconds.argmax()) if len(seconds) else 0


def _mean_min(seconds: Floats, people: Int32s) -> float | None:
    total = int(people.sum(dtype=np.int64))
    return float((seconds * people).sum()) / total / SECONDS_PER_MINUTE if total else None


def curve(task: Task, asked: Question, patience: Patience) -> tuple[CurvePoint, ...]:
    """Most persons within the limit with 1 to 10 hubs; `patience` is for each, and is told how many are done.

    Raises
    ------
    ScenarioError
        When a number of hubs does not go with the other rules.

    """
    first = max(1, len(task.rules.fixed))
    last = min(MOST_HUBS, len(task.sites.id) - len(task.rules.forbidden))
    points: list[CurvePoint] = []
    now = round(float(task.demand.people[task.demand.existing_s <= asked.limit_s].sum()))
    goes_on = True
    for number in range(first, last + 1):

        def tell(step: Step, done: int = number - 1) -> bool:
            nonlocal goes_on
            goes_on = patience.tell(Step(done, last, step.taken_s))
            return goes_on

        rules = replace(task.rules, n_hubs=number, budget=np.inf, shares=())
        asking = replace(task, objective=MostWithin(asked.limit_s), rules=rules)
        answer = best_answer(asking, replace(patience, tell=tell))
        if not goes_on:
            break
        n_hubs = len(answer.chosen)
        points.append(
            CurvePoint(number, now, round(answer.value), round(answer.bound), float(n_hubs * asked.ask.cost))
        )
    return tuple(points)
