"""Where hubs should go, as plain values: the question from the choices of a visitor, and the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from accessibility.origins import place_origins
from accessibility.travel_times import TravelMode
from accessibility.world import World
from scenarios.edits import Scenario
from scenarios.placement import Answer, best_answer, first_answer
from scenarios.placement_search import Patience, Step, never_told
from scenarios.placement_sites import as_scenario, building_sites, place_sites, usable
from scenarios.placement_task import LeastTime, LeastWorst, MostWithin, Objective, Rules, Sites, Task
from scenarios.placement_times import Group, counted, demand, origin_names, some_origins, times
from ui.views import SECONDS_PER_MINUTE

ORDINARY = 50.0
QUICK_S, THOROUGH_S = 3.0, 25.0
N_RUNNERS_UP = 5


@dataclass(frozen=True, slots=True)
class Site:
    """One chosen site: its name, and the inhabitants for whom it is the nearest."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A site that is nearly as good: instead of which, and by which share the answer gets worse."""

    name: str
    instead_of: str
    loss_share: float


@dataclass(frozen=True, slots=True)
class PlaceView:
    """The answer to where hubs should go.

    Attributes
    ----------
    kind, mode, aim, n_hubs
        The question.
    n_sites
        Sites that were looked at.
    scenario
        The hubs as a scenario like any other.
    sites, runners_up
        The chosen sites, and those that would do nearly as well.
    is_proved, gap_share
        Whether no other set is better, and by how much one could be at most.
    taken_s
        Seconds the search took.
    mean_before_min, mean_after_min, worst_before_min, worst_after_min
        Minutes to the nearest service, over the inhabitants at the points of their places, and of the worst-off place.

    """

    kind: str
    mode: str
    aim: str
    n_hubs: int
    n_sites: int
    scenario: Scenario
    sites: tuple[Site, ...]
    runners_up: tuple[RunnerUp, ...]
    is_proved: bool
    gap_share: float
    taken_s: float
    mean_before_min: float | None
    mean_after_min: float | None
    worst_before_min: float | None
    worst_after_min: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor asks: for which service and mode, how many hubs, with which aim, and where they may stand."""

    kind: str
    mode: TravelMode
    aim: str
    n_hubs: int
    sites: str
    limit_min: int
    cost_per_year: float


def task_of(world: World, asked: Question) -> Task:
    """Put the question in the terms of the solver; inhabitants start at the points of their places."""
    found = (
        place_sites(world, asked.cost_per_year)
        if asked.sites == "places"
        else building_sites(world, (asked.sites,), asked.cost_per_year)
    )
    sites, _ = usable(world, found)
    everywhere = place_origins(world.places)
    origins = some_origins(everywhere, counted(everywhere))
    people = origins.people.astype(np.float64)
    by_mode = {asked.mode.name: times(world, asked.kind, sites, origins, asked.mode, ORDINARY)}
    aims: dict[str, Objective] = {
        "median": LeastTime(),
        "coverage": MostWithin(asked.limit_min * SECONDS_PER_MINUTE),
        "worst": LeastWorst(),
    }
    rules = Rules(n_hubs=asked.n_hubs, unreached_s=float(world.network.assumptions.travel_max_s))
    group = Group("all", people, (asked.mode,))
    return Task(sites, demand(origin_names(world, origins), [group], by_mode), aims[asked.aim], rules)


def answered(task: Task, *, thorough: bool) -> Answer:
    """Find a good answer at once, or the best with its proof within the time that a visitor waits."""
    if not thorough:
        return first_answer(task, Patience(QUICK_S, time.perf_counter, never_told))

    def go_on(_step: Step) -> bool:
        return True

    return best_answer(task, Patience(THOROUGH_S, time.perf_counter, go_on))


def place_view(
    world: World, asked: Question, answer: Answer, offers: tuple[str, ...], name: str
) -> PlaceView:
    """Put together what the page shows."""
    task, sites = answer.task, answer.task.sites
    people = task.demand.people
    before, after = task.demand.existing_s, answer.seconds
    return PlaceView(
        kind=asked.kind,
        mode=asked.mode.name,
        aim=asked.aim,
        n_hubs=asked.n_hubs,
        n_sites=len(sites.id),
        scenario=as_scenario(world, sites, answer.chosen, offers, name, ""),
        sites=tuple(
            Site(sites.name[row], round(count))
            for row, count in zip(answer.chosen.tolist(), answer.people_nearest(people).tolist(), strict=True)
        ),
        runners_up=_runners_up(answer, sites),
        is_proved=answer.is_proved,
        gap_share=answer.gap_share,
        taken_s=answer.taken_s,
        mean_before_min=_mean(before, people),
        mean_after_min=_mean(after, people),
        worst_before_min=_finite(before.max(initial=0.0)),
        worst_after_min=_finite(after.max(initial=0.0)),
    )


def _runners_up(answer: Answer, sites: Sites) -> tuple[RunnerUp, ...]:
    found, name_of = answer.runners_up, dict(zip(sites.id, sites.name, strict=True))
    rows = [
        row for row in range(len(found.id)) if np.isfinite(found.loss_share[row]) and found.instead_of[row]
    ]
    return tuple(
        RunnerUp(name_of[found.id[row]], name_of[found.instead_of[row]], float(found.loss_share[row]))
        for row in rows[:N_RUNNERS_UP]
    )


def _mean(seconds: np.ndarray, people: np.ndarray) -> float | None:
    reached = np.isfinite(seconds)
    total = float(people[reached].sum())
    return float((seconds[reached] * people[reached]).sum()) / total / SECONDS_PER_MINUTE if total else None


def _finite(seconds: float) -> float | None:
    return seconds / SECONDS_PER_MINUTE if np.isfinite(seconds) else None
