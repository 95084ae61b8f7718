"""What the report of a municipality tells: who lives there, how near services are, what hubs would change, now and later.

All of it is worked out for the whole region, and counted among the inhabitants of the area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from time import perf_counter

import numpy as np

from accessibility.asked import mode_of, mode_or_none
from accessibility.indicators import mean_seconds, people_within
from accessibility.world import World, silent
from data.columns import Int32s
from data.errors import InputError, ScenarioError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from data.progress import Progress
from scenarios.comparison.compare import Outcome, WorldAccess, compare, outcome, world_access
from scenarios.comparison.uncertainty import bands
from scenarios.costs.costs import region_costs
from scenarios.edits.apply import apply
from scenarios.edits.scenario import Scenario
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.question import (
    PlacementQuestion,
    TravelGroup,
    data_year,
    last_year,
    of_year,
    refuse_years,
    sites_of,
    task_of,
    tells_year,
    times_by_mode,
)
from scenarios.placement.sites import as_scenario
from scenarios.placement.solve import best_answer
from ui.views.compare import CompareView, Sureness, Within, compare_view, sureness
from ui.views.design import SECONDS_PER_MINUTE, hub_kinds

SERVICES = ("gp", "pharmacy", "supermarket", "primary_school")
BUS, BUS_LIMIT_MIN = "transit", 30
SEARCH_S = 20.0
"""Seconds that the search for sites may take; what is best by then is proposed."""


@dataclass(frozen=True, slots=True)
class AreaQuestion:
    """What a report is about.

    Attributes
    ----------
    kind, mode, limit_min
        The service of the hubs, how people get there, and within how many minutes.
    n_hubs
        How many hubs are proposed where no scenario is given.
    year
        The later year; None for the last one known.

    """

    kind: str = "gp"
    mode: str = "bike"
    limit_min: int = 10
    n_hubs: int = 2
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """How near a service is: mean minutes of those who reach one (None where nobody does), and shares within limits."""

    kind: str
    mean_min: float | None
    near: float
    near_later: float | None
    by_bus: float | None
    by_bus_later: float | None


@dataclass(frozen=True, slots=True)
class AreaView:
    """A report of one area.

    Attributes
    ----------
    name
        Of the municipality; "" for the whole region.
    year, later_year
        Of the inhabitants; None where it is not known, or nothing is known of a later one.
    ages, ages_later
        Persons in the bands of `data.places.AGE_BANDS`; none where there is no later year.
    services
        Those of which it is known where they are.
    compare
        What the hubs change, with the inhabitants of now.
    later
        Inhabitants of the later year within the limit, without and with the hubs.
    is_proposal
        Whether the hubs were searched for here, not given as a scenario.
    sure
        How sure the change is; None where that was not worked out.

    """

    name: str
    year: int | None
    later_year: int | None
    ages: tuple[int, ...]
    ages_later: tuple[int, ...]
    services: tuple[Service, ...]
    compare: CompareView
    later: Within | None
    is_proposal: bool
    sure: Sureness | None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What reports of all areas of a region share.

    Attributes
    ----------
    world, later
        The region as it is, with the inhabitants of now and of the later year (None where nothing is known of one).
    question, later_year
        What is asked.
    access
        How everybody sets out by the mode of the question.
    found
        Outcomes by kind and mode.

    """

    world: World
    later: World | None
    question: AreaQuestion
    later_year: int | None
    access: WorldAccess
    found: Mapping[tuple[str, str], Outcome]


def area_named(world: World, name: str) -> str:
    """Municipality of that name, as the region writes it; "" for the whole region.

    Raises
    ------
    InputError
        When there is none, with those there are.

    """
    names = municipalities(world)
    by_case = {known.casefold(): known for known in names}
    if not name or name.casefold() in by_case:
        return by_case.get(name.casefold(), "")
    like = get_close_matches(name.casefold(), by_case, 1)
    meant = f" Did you mean {by_case[like[0]]}?" if like else ""
    msg = f"There is no municipality '{name}' in {world.region.title}.{meant} There are {', '.join(names)}."
    raise InputError(msg)


def municipalities(world: World) -> tuple[str, ...]:
    """Names of the municipalities of the region, in the order of the alphabet."""
    places = world.places
    return tuple(sorted({places.municipality[row] for row in np.flatnonzero(places.in_region)} - {""}))


def only(world: World, name: str) -> World:
    """World of which only the people of a municipality count, and the map shows that; "" for all of the region."""
    if not name:
        return world
    inside = world.places.in_region & np.array([of == name for of in world.places.municipality], np.bool_)
    outlines = tuple(outline for outline in world.outlines if outline.name == name)
    return replace(
        world,
        region=replace(world.region, title=name),
        places=replace(world.places, in_region=inside),
        outlines=outlines or world.outlines,
    )


def ground_of(world: World, question: AreaQuestion) -> Ground:
    """Work out what the reports of all areas of a region share.

    Raises
    ------
    InputError
        When a kind or mode is unknown, or nothing is known of the year.

    """
    mode = mode_of(world, question.mode)
    year = last_year(world) if question.year is None else question.year
    access = world_access(world, mode)
    kinds = dict.fromkeys((*(kind for kind in SERVICES if world.knows(kind)), question.kind))
    found = {(kind, mode.name): outcome(world, kind, mode, access) for kind in kinds}
    bus = mode_or_none(world, BUS)
    if bus is not None and bus != mode:
        by_bus = world_access(world, bus)
        found |= {(kind, BUS): outcome(world, kind, bus, by_bus) for kind in kinds}
    later = None if year is None else of_year(world, year)
    return Ground(world, later, question, year, access, found)


def proposed(ground: Ground, name: str) -> Scenario:
    """Hubs that bring most people of an area within the limit; no edits where none brings anybody, or no site can be used."""
    asked, part = ground.question, only(ground.world, name)
    question = PlacementQuestion(
        kind=asked.kind,
        groups=(TravelGroup("all", (asked.mode,)),),
        goal="coverage",
        limit_s=asked.limit_min * SECONDS_PER_MINUTE,
        hubs=asked.n_hubs,
        start="cells",
        unreached_s=24 * 3600.0,
    )
    sites, _ = sites_of(question, part, part)
    if not len(sites.id):
        return Scenario()
    task = task_of(question, part, sites, times_by_mode(question, part, sites, silent))
    answer = best_answer(task, TimeLimit(SEARCH_S, perf_counter, ignore_progress))
    kinds = tuple(dict.fromkeys((asked.kind, *hub_kinds(part))))
    return as_scenario(part, sites, answer.chosen, kinds, "", "")


def area_view(
    ground: Ground,
    name: str,
    scenario: Scenario | None,
    *,
    progress: Progress | None = None,
    sure: Sureness | None = None,
) -> AreaView:
    """Put together what the report of an area tells.

    Parameters
    ----------
    ground, name
        Of `ground_of`, and the municipality, "" for the whole region.
    scenario
        What is to change; hubs are proposed where None is given.
    progress
        Told how far the work is on how sure the change is; None leaves that work undone.
    sure
        How sure it is, where that is known.

    Raises
    ------
    InputError
        When the scenario says another year than the question.
    ScenarioError
        When it does not fit the region.

    """
    asked = ground.question
    plan = proposed(ground, name) if scenario is None else scenario
    if asked.year is not None and tells_year(plan):
        refuse_years(PlacementQuestion("gp", (), year=asked.year), ground.world, plan)
    kinds = load_facility_kinds()
    after = apply(ground.world, plan, kinds)
    mode = mode_or_none(after, asked.mode)
    if mode is None:
        msg = f"The scenario makes the traveller one who cannot go by {asked.mode}: choose another mode for the report."
        raise ScenarioError(msg)
    same = after.network is ground.world.network
    then = outcome(after, asked.kind, mode, ground.access if same else world_access(after, mode))
    part, part_after = only(ground.world, name), only(after, name)
    now = _counted(ground.found[asked.kind, asked.mode], part)
    later = None if ground.later is None or tells_year(plan) else only(ground.later, name)
    if progress is not None and plan.edits:
        drawn = bands(
            ground.world,
            lambda of: (of, apply(of, plan, kinds)),
            (asked.kind,),
            (asked.mode,),
            load_ranges(),
            progress,
            lambda of: of.residents,
        )
        sure = sureness(part_after.residents, drawn[0])
    comparison = compare(now, _counted(then, part_after))
    return AreaView(
        name=name,
        year=data_year(ground.world),
        later_year=None if later is None else ground.later_year,
        ages=_ages(part),
        ages_later=() if later is None else _ages(later),
        services=tuple(_service(ground, kind, part, later) for kind in SERVICES if ground.world.knows(kind)),
        compare=compare_view(
            part, part_after, plan, comparison, region_costs(ground.world, plan), asked.limit_min
        ),
        later=None if later is None else _later(comparison.before, comparison.after, later, asked.limit_min),
        is_proposal=scenario is None,
        sure=sure,
    )


def _counted(found: Outcome, part: World) -> Outcome:
    """Outcome of the whole region, counted among the people of a part of it."""
    return replace(found, places=part.places, residents=part.residents)


def _ages(part: World) -> tuple[int, ...]:
    inside = part.residents.in_region
    return tuple(part.residents.people_by_age[inside].sum(axis=0, dtype=np.int64).tolist())


def _inside(part: World) -> Int32s:
    """(O,) persons who count."""
    return np.where(part.residents.in_region, part.residents.people, 0).astype(np.int32)


def _service(ground: Ground, kind: str, part: World, later: World | None) -> Service:
    asked = ground.question
    seconds = ground.found[kind, asked.mode].resident_times.seconds
    by_bus = ground.found.get((kind, BUS))
    mean_s = mean_seconds(seconds, _inside(part))

    def within(found: Outcome | None, limit_min: int, of: World | None) -> float | None:
        if found is None or of is None:
            return None
        people = _inside(of)
        near = people_within(found.resident_times.seconds, people, limit_min * SECONDS_PER_MINUTE)
        return near / max(int(people.sum(dtype=np.int64)), 1)

    here = ground.found[kind, asked.mode]
    return Service(
        kind,
        mean_s / SECONDS_PER_MINUTE if np.isfinite(mean_s) else None,
        within(here, asked.limit_min, part) or 0.0,
        within(here, asked.limit_min, later),
        within(by_bus, BUS_LIMIT_MIN, part),
        within(by_bus, BUS_LIMIT_MIN, later),
    )


def _later(before: Outcome, after: Outcome, later: World, limit_min: int) -> Within:
    people = _inside(later)
    total = int(people.sum(dtype=np.int64))
    limit_s = limit_min * SECONDS_PER_MINUTE
    near = [people_within(side.resident_times.seconds, people, limit_s) for side in (before, after)]
    return Within(near[0], near[1], total, total)
