"""The question of the page "Where a hub?" in the terms of the solver: sites, people, their times, and the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from accessibility.groups import BANDS, people_of, whole_persons
from accessibility.population import in_year
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World
from data.columns import Floats, Int32s, Int64s, stacked
from data.parameters.behaviour import load_behaviour
from data.parameters.population import POPULATION, read_population_totals
from scenarios.edits.base import Spot
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import Scenario
from scenarios.placement.sites import building_sites, place_sites, point_sites, usable
from scenarios.placement.task import (
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
from scenarios.placement.times import Group, Times, counted, demand, origin_names, some_origins, times
from ui.views.design import SECONDS_PER_MINUTE, nearest_inside
from ui.views.placement_link import Ask, SiteList, point_id

ORDINARY = 50.0
"""Percentile of the departures."""
CAR = "car"
WITHOUT_CAR, WITH_CAR = ("bike", "transit"), ("bike", "transit", CAR)
"""Modes of a mix: who has no car takes the quicker of the first, the others the quickest of the second."""
METRES_PER_KM = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """All that is asked: the choices that the pages share, those of this page, and the key of the scenario it starts from."""

    kind: str
    mode: str
    limit_min: int
    offers: tuple[str, ...]
    ask: Ask
    base: str = ""

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


class Travellers(NamedTuple):
    """People who travel alike: (O,) those asked about and all inhabitants where they live, and names of their modes."""

    name: str
    asked: Int32s
    everybody: Int32s
    modes: tuple[str, ...]


def last_year(world: World) -> int:
    """Year for which there are totals of the population, 0 where there are none."""
    if not (world.region.folder / POPULATION).is_file():
        return 0
    return read_population_totals(world.region.folder).last_year


def is_known(world: World, year: int) -> bool:
    """Whether the inhabitants of a year are known; 0 is the year of the data."""
    if not year or not last_year(world):
        return not year
    return read_population_totals(world.region.folder).base_year <= year <= last_year(world)


def tells_year(scenario: Scenario) -> bool:
    """Whether the people are of a year that the scenario says: then the question cannot say another."""
    return any(isinstance(edit, ChangeYear) for edit in scenario.edits)


def later_years(world: World, scenario: Scenario, ask: Ask) -> tuple[int, ...]:
    """Years that a choice should stand up to: the last one known of, and the one halfway; none where a year is said."""
    last = last_year(world)
    if not last or ask.year or tells_year(scenario):
        return ()
    return ((read_population_totals(world.region.folder).base_year + last) // 2, last)


def may_mix(modes: Sequence[str]) -> bool:
    """Whether there are a car and something else to mix."""
    return CAR in modes and any(name in modes for name in WITHOUT_CAR)


def travel_mode(world: World, name: str) -> TravelMode:
    """Mode of the world's traveller, or of an adult where a scenario has everybody travel as one who has it not."""
    return next(mode for mode in (*world.modes, *MODES) if mode.name == name)


def site_list(world: World, name: SiteList) -> Sites:
    """Sites of a list, without a cost; none of the list of points alone."""
    if name == "points":
        return spot_sites(world, ())
    return place_sites(world, 0.0) if name == "places" else building_sites(world, (name,), 0.0)


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
    residents = some_origins(world.residents, counted(world.residents))
    return Reach(sites, (), {mode.name: times(world, kind, sites, residents, mode, ORDINARY)})


def with_sites(one: Reach, other: Reach) -> Reach:
    """Times by the same modes to two lists of sites."""
    left_out = Counter(dict(one.left_out)) + Counter(dict(other.left_out))
    both = {
        mode: Times(np.concatenate([found.to_sites, other.times[mode].to_sites]), found.existing)
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


def modes_asked(asked: Question, modes: Sequence[str]) -> tuple[str, ...]:
    """Names of all modes that a question is about, of those that the traveller has."""
    if asked.ask.by == "mode":
        return (asked.mode,)
    return tuple(name for name in WITH_CAR if name in modes)


def travellers(world: World, asked: Question, modes: Sequence[str], year: int) -> tuple[Travellers, ...]:
    """Groups who travel alike, of a year; 0 for that of the world. A group without anybody is left out."""
    ask, behaviour = asked.ask, load_behaviour(world.region.folder)
    residents = (in_year(world, year) if year else world).residents
    group, everybody = people_of(residents, ask.who, behaviour), residents.people
    if ask.by == "mode":
        return (Travellers(ask.who, group, everybody, (asked.mode,)),)
    without = people_of(residents, "without_car", behaviour)
    # Of the people asked about those without a car, and the others.
    share = np.array(behaviour.without_car.share)
    bands = np.array(BANDS["all" if ask.who == "without_car" else ask.who])
    carless = whole_persons(residents.people_by_age[:, bands] @ share[bands])
    parts = (
        Travellers("without a car", carless, without, tuple(of for of in WITHOUT_CAR if of in modes)),
        Travellers("others", group - carless, everybody - without, modes_asked(asked, modes)),
    )
    return parts[:1] if ask.who == "without_car" and not ask.least and not ask.most else parts


def task_of(world: World, asked: Question, known: Reach) -> Task:
    """Put a question in the terms of the solver."""
    ask, rows = asked.ask, counted(world.residents)
    modes = {mode.name: mode for mode in MODES if mode.name in known.times}
    parts = travellers(world, asked, tuple(modes), ask.year)
    groups = [
        Group(part.name, _persons(part.asked, rows), tuple(modes[name] for name in part.modes))
        for part in parts
    ]
    sites = replace(known.sites, cost_per_year=np.full(len(known.sites.id), float(ask.cost)))
    names = origin_names(world, some_origins(world.residents, rows))
    people = np.concatenate([group.people for group in groups])
    rules = Rules(
        n_hubs=len(sites.id) - len(ask.forbidden) if ask.aim == "fewest" else ask.hubs,
        budget=float(ask.budget) if ask.budget and ask.cost else np.inf,
        fixed=ask.fixed,
        forbidden=ask.forbidden,
        apart_m=float(ask.apart * METRES_PER_KM),
        # Who reaches no service at all counts as travelling the longest time that is looked at.
        unreached_s=float(world.network.assumptions.travel_max_s),
        shares=(Share("the people", people, asked.limit_s, ask.share / 100),) if ask.aim == "fewest" else (),
        loads=_loads(world, asked, tuple(modes), rows, len(sites.id)),
    )
    return Task(sites, demand(names, groups, dict(known.times)), objective(asked), rules)


def _persons(people: Int32s, rows: Int64s) -> Floats:
    return people[rows].astype(np.float64)


def _loads(
    world: World, asked: Question, modes: tuple[str, ...], rows: Int64s, n_sites: int
) -> tuple[Load, ...]:
    """How many inhabitants a hub needs and can take, in the year asked for and in a later one."""
    ask = asked.ask
    if not ask.least and not ask.most:
        return ()
    years = {ask.year: "now"} | ({ask.later: str(ask.later)} if ask.later and ask.least else {})
    most = np.full(n_sites, float(ask.most) if ask.most else np.inf)
    return tuple(
        Load(
            label,
            np.concatenate([_persons(of.everybody, rows) for of in travellers(world, asked, modes, year)]),
            float(ask.least),
            most,
        )
        for year, label in years.items()
    )


def objective(asked: Question) -> Objective:
    """What is to be best."""
    match asked.ask.aim:
        case "within":
            return MostWithin(asked.limit_s)
        case "time":
            return LeastTime()
        case "worst":
            return LeastWorst()
        case "fewest":
            return Fewest("hubs")


def said_value(task: Task, value: float) -> float:
    """A value of the objective as it is told: persons, minutes on average, minutes, or hubs."""
    match task.objective:
        case LeastTime():
            return value / max(float(task.demand.people.sum()), 1.0) / SECONDS_PER_MINUTE
        case LeastWorst():
            return value / SECONDS_PER_MINUTE
        case _:
            return value
