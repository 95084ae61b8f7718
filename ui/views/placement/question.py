"""What the page "Where a hub?" asks, as the question of the solver: sites, people, their times, and the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from accessibility.groups import BANDS
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import stacked
from data.packed import joined
from data.parameters.behaviour import load_behaviour
from scenarios.edits.base import Spot
from scenarios.placement import question as placement
from scenarios.placement.question import EVERY_AGE, CarShare, Goal, PlacementQuestion, TravelGroup, Travellers
from scenarios.placement.sites import point_sites, usable
from scenarios.placement.task import LeastTime, LeastWorst, Sites, Task
from scenarios.placement.times import Times, times
from ui.views.design import SECONDS_PER_MINUTE, nearest_inside
from ui.views.placement.link import LEAST_EUROS, Aim, PlacementChoices, SiteList, point_id

ORDINARY = 50.0
"""Percentile of the departures."""
CAR = "car"
WITHOUT_CAR, WITH_CAR = ("bike", "transit"), ("bike", "transit", CAR)
"""Modes of a mix: those without a car take the quicker of the first, the others the quickest of the second."""
METRES_PER_KM = 1000
GOALS: dict[Aim, Goal] = {"within": "coverage", "time": "median", "worst": "worst", "fewest": "fewest"}


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """All that is asked: the choices that the pages share, what a hub offers, and the choices of this page."""

    kind: str
    mode: str
    limit_min: int
    offers: tuple[str, ...]
    chosen: PlacementChoices

    @property
    def limit_s(self) -> float:
        """The limit in seconds."""
        return self.limit_min * SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Times by name of the mode from where people live to a list of sites, shared by all questions about them.

    Attributes
    ----------
    sites
        The usable ones.
    left_out
        Why others cannot be used, and how many.
    times
        By name of the mode.

    """

    sites: Sites
    left_out: tuple[tuple[str, int], ...]
    times: Mapping[str, Times] = field(default_factory=dict)


def euros_or(chosen: int, usual: int) -> int:
    """Budget of a question that needs one: as it was chosen, or the usual one."""
    return max(chosen, LEAST_EUROS) if chosen else usual


def may_mix(modes: Sequence[str]) -> bool:
    """Whether there are a car and something else to mix."""
    return CAR in modes and any(name in modes for name in WITHOUT_CAR)


def site_list(world: World, name: SiteList) -> Sites:
    """Sites of a list, without a cost; none of the list of points alone."""
    return spot_sites(world, ()) if name == "points" else placement.site_list(name, world, world, 0.0)


def spot_sites(world: World, points: tuple[Spot, ...]) -> Sites:
    """Clicked points as sites."""
    lon_deg, lat_deg = (np.array([spot[axis] for spot in points], np.float64) for axis in (0, 1))
    return point_sites(world, lon_deg, lat_deg, 0.0)


def reach(world: World, kind: str, mode: TravelMode, sites: Sites) -> Reach:
    """Times from where anybody lives to all usable sites of a list."""
    found, report = usable(world, sites)
    left_out = tuple((each.what, each.count) for each in report.findings)
    return replace(reach_of(world, kind, mode, found), left_out=left_out)


def reach_of(world: World, kind: str, mode: TravelMode, sites: Sites) -> Reach:
    """Times from where anybody lives to these very sites."""
    residents = placement.inhabited(world.residents)
    return Reach(sites, (), {mode.name: times(world, kind, sites, residents, mode, ORDINARY)})


def with_sites(one: Reach, other: Reach) -> Reach:
    """Times by the same modes to two lists of sites."""
    left_out = Counter(dict(one.left_out)) + Counter(dict(other.left_out))
    both = {
        mode: Times(joined((found.to_sites, other.times[mode].to_sites)), found.existing)
        for mode, found in one.times.items()
    }
    return Reach(stacked(one.sites, other.sites), tuple(left_out.items()), both)


def with_modes(one: Reach, other: Reach) -> Reach:
    """Times to the same sites by the modes of both."""
    return replace(one, times={**one.times, **other.times})


def numbered(known: Reach, world: World, points: tuple[Spot, ...]) -> Reach:
    """The same with clicked points called by the place that is nearest and their number."""
    names = spot_names(world, points)
    sites = known.sites
    called = tuple(names.get(id_, name) for id_, name in zip(sites.id, sites.name, strict=True))
    return replace(known, sites=replace(sites, name=called))


def spot_names(world: World, points: tuple[Spot, ...]) -> dict[str, str]:
    """Name of each clicked point by its id as a site."""
    return {
        point_id(spot): f"{world.places.name[nearest_inside(world, *spot)]} ({number})"
        for number, spot in enumerate(points, start=1)
    }


def modes_asked(question: PageQuestion, modes: Sequence[str]) -> tuple[str, ...]:
    """Names of all modes that a question is about, of those that the traveller has."""
    if question.chosen.by == "mode":
        return (question.mode,)
    return tuple(name for name in WITH_CAR if name in modes)


def travellers(world: World, question: PageQuestion, modes: Sequence[str]) -> tuple[Travellers, ...]:
    """Groups who travel alike, counted where they live."""
    whole = placement_question(world, question, modes)
    return placement.travellers(whole, placement.of_year(world, whole.year).residents)


def task_of(world: World, question: PageQuestion, known: Reach) -> Task:
    """Put a question in the terms of the solver."""
    whole = placement_question(world, question, tuple(known.times))
    cost = np.full(len(known.sites.id), whole.cost)
    return placement.task_of(whole, world, replace(known.sites, cost_per_year=cost), known.times)


def placement_question(world: World, question: PageQuestion, modes: Sequence[str]) -> PlacementQuestion:
    """What a visitor asks, whatever the way it is asked in; `modes` are names of those that the traveller has."""
    chosen = question.chosen
    return PlacementQuestion(
        kind=question.kind,
        groups=_groups(world, question, modes),
        goal=GOALS[chosen.aim],
        limit_s=question.limit_s,
        hubs=None if chosen.aim == "fewest" else chosen.hubs,
        cost=float(chosen.cost),
        budget=float(chosen.budget) if chosen.budget and chosen.cost else np.inf,
        fixed=chosen.fixed,
        forbidden=chosen.forbidden,
        apart_m=float(chosen.apart * METRES_PER_KM),
        # Anyone who reaches no service at all counts as travelling the longest time that is looked at.
        unreached_s=float(world.network.assumptions.travel_max_s),
        share=chosen.share / 100 if chosen.aim == "fewest" else None,
        share_label="the people",
        min_people=float(chosen.least),
        max_people=float(chosen.most) if chosen.most else np.inf,
        year=chosen.year or None,
        later_year=chosen.later if chosen.later and chosen.least else None,
        start="cells",
        is_whole=True,
        percent=ORDINARY,
    )


def _groups(world: World, question: PageQuestion, modes: Sequence[str]) -> tuple[TravelGroup, ...]:
    """Everybody by one mode, or those without a car and the others; a group of whom nothing is asked is left out."""
    chosen = question.chosen
    known = load_behaviour(world.region.folder).without_car
    without, with_car = CarShare(known, has_car=False), CarShare(known, has_car=True)
    bands = BANDS["all" if chosen.who == "without_car" else chosen.who]
    is_asked = tuple(float(band in bands) for band in range(len(EVERY_AGE)))
    if chosen.by == "mode":
        car = without if chosen.who == "without_car" else None
        return (TravelGroup(chosen.who, (question.mode,), is_asked, asked_car=car),)
    nobody = (0.0,) * len(EVERY_AGE)
    groups = (
        TravelGroup(
            "without a car",
            tuple(name for name in WITHOUT_CAR if name in modes),
            is_asked,
            asked_car=without,
            everybody_car=without,
        ),
        TravelGroup(
            "others",
            modes_asked(question, modes),
            nobody if chosen.who == "without_car" else is_asked,
            asked_car=with_car,
            everybody_car=with_car,
        ),
    )
    return groups[:1] if chosen.who == "without_car" and not chosen.least and not chosen.most else groups


def said_value(task: Task, value: float) -> float:
    """A value of the objective as it is told: persons, minutes on average, minutes, or hubs."""
    match task.objective:
        case LeastTime():
            return value / max(float(task.demand.people.sum()), 1.0) / SECONDS_PER_MINUTE
        case LeastWorst():
            return value / SECONDS_PER_MINUTE
        case _:
            return value
