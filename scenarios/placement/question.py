"""A person's question of placement, and what it comes to for the solver: who travels, sites, years, rules and the task.

Whoever asks, in whatever way, makes a `PlacementQuestion`; what follows from it in a world is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from accessibility.groups import whole_persons
from accessibility.origins import Origins, place_origins
from accessibility.population import in_year
from accessibility.round_trips import WHOLE_DAY
from accessibility.travel_times import MODES, TAKING_ALONG, TravelMode
from accessibility.world import World
from data.build_report import BuildReport
from data.columns import Floats, Int64s
from data.errors import InputError
from data.parameters.behaviour import WithoutCar
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.population import POPULATION, PopulationTotals, read_population_totals
from data.places import AGE_BANDS
from data.progress import Progress
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import Scenario
from scenarios.measures.round_trips import visit_of
from scenarios.placement.sites import building_sites, closed_sites, listed_sites, place_sites, usable
from scenarios.placement.task import (
    CapacityConstraint,
    Fewest,
    LeastTime,
    LeastWorst,
    MostWithin,
    Objective,
    Rules,
    ShareConstraint,
    Sites,
    Task,
)
from scenarios.placement.times import (
    Group,
    RoundTrip,
    Times,
    counted,
    demand,
    origin_names,
    some_origins,
    times,
    tour_times,
)

Goal: TypeAlias = Literal["median", "excess", "equity", "coverage", "worst", "fewest", "cheapest"]
GOALS: tuple[Goal, ...] = get_args(Goal)
Start: TypeAlias = Literal["places", "cells"]
ByAge: TypeAlias = tuple[float, ...]
"""A number for each band of `data.places.AGE_BANDS`."""
EVERY_AGE: ByAge = (1.0,) * len(AGE_BANDS)
CLOSED = "closed:"
TABLES = (".csv", ".parquet")


class CarShare(NamedTuple):
    """Those without a car among some people, or the others."""

    without: WithoutCar
    has_car: bool

    def of(self, origins: Origins) -> Floats:
        """(O, A) float64, share of each age at each origin."""
        shares = self.without.shares(origins.cars_per_household)
        return 1 - shares if self.has_car else shares


class TravelGroup(NamedTuple):
    """People who travel alike.

    Attributes
    ----------
    name
        For messages.
    modes
        Names; each takes the quickest.
    asked
        Share of each age that is in the group and asked about.
    everybody
        Share of each age that is in the group, asked about or not: a hub lives of all of them.
    asked_car, everybody_car
        Only those of them with a car, or without; None for both.

    """

    name: str
    modes: tuple[str, ...]
    asked: ByAge = EVERY_AGE
    everybody: ByAge = EVERY_AGE
    asked_car: CarShare | None = None
    everybody_car: CarShare | None = None


@dataclass(frozen=True, slots=True)
class PlacementQuestion:
    """What somebody wants to know, in plain values.

    Attributes
    ----------
    kind
        What people go to a hub for.
    groups
        Who travels.
    goal
        Least time in all, least time beyond the limit, least time where long trips count more, most people within the
        limit, the least longest trip, fewest hubs, or least cost.
    limit_s
        Seconds, for the goal and for `share`.
    hubs
        At most so many; None for as many as there are sites.
    sites
        Lists of candidate sites: "places", a kind of building, "closed:KIND", or a table of points.
    cost, budget
        Euros per year, of a hub where its list says nothing else, and for all of them.
    fixed, forbidden
        Ids of sites that must, or may not, have a hub.
    apart_m
        Metres between two hubs, as the crow flies.
    longest_s
        Nobody may have further than this.
    unreached_s
        What reaching none counts as; inf when everybody must reach one.
    share, share_label, share_ages
        This share of the people asked about must be within the limit: of those of some ages, and what they are called; None
        where nothing is said.
    min_people, max_people
        Persons for whom a hub must, and may, be the nearest.
    year, later_year
        Whose people are counted, and of which other year a hub must have enough as well; None for that of the data, and
        for no other.
    age_weights
        What a visit counts.
    start
        Whether people leave from their places or their population cells.
    is_whole
        Whether persons are whole: those of all groups together are rounded, so that groups add up to everybody.
    percent
        Of the departures, for a mode that rides.
    round_trips, stay_min
        Whether time away from home counts, and the minutes of the visit; None for those of its kind.

    """

    kind: str
    groups: tuple[TravelGroup, ...]
    goal: Goal = "median"
    limit_s: float = 900.0
    hubs: int | None = 1
    sites: tuple[str, ...] = ("places",)
    cost: float = 0.0
    budget: float = np.inf
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    apart_m: float = 0.0
    longest_s: float = np.inf
    unreached_s: float = np.inf
    share: float | None = None
    share_label: str = "all"
    share_ages: ByAge = EVERY_AGE
    min_people: float = 0.0
    max_people: float = np.inf
    year: int | None = None
    later_year: int | None = None
    age_weights: ByAge = EVERY_AGE
    start: Start = "places"
    is_whole: bool = False
    percent: float = 50.0
    round_trips: bool = False
    stay_min: int | None = None

    @property
    def modes(self) -> tuple[str, ...]:
        """Names of all modes of all groups, each once."""
        return tuple(dict.fromkeys(name for group in self.groups for name in group.modes))


class Travellers(NamedTuple):
    """People who travel alike, counted: (O,) float64 persons at each origin.

    Attributes
    ----------
    name, modes
        As in `TravelGroup`.
    asked
        Those asked about, times what a visit of theirs counts.
    in_share
        Those of whom a share must be within the limit.
    everybody
        All who travel like this.

    """

    name: str
    modes: tuple[str, ...]
    asked: Floats
    in_share: Floats
    everybody: Floats


def travellers(question: PlacementQuestion, origins: Origins) -> tuple[Travellers, ...]:
    """Count the groups of a question where they start."""
    asked = [(group.asked, group.asked_car) for group in question.groups]
    everybody = [(group.everybody, group.everybody_car) for group in question.groups]
    columns = (
        _persons(question, origins, asked, question.age_weights),
        _persons(question, origins, asked, question.share_ages),
        _persons(question, origins, everybody, EVERY_AGE),
    )
    return tuple(
        Travellers(group.name, group.modes, *of)
        for group, of in zip(question.groups, zip(*columns, strict=True), strict=True)
    )


def _persons(
    question: PlacementQuestion,
    origins: Origins,
    shares: list[tuple[ByAge, CarShare | None]],
    weights: ByAge,
) -> list[Floats]:
    """(O,) persons of each group: shares of each age, times a number for each age."""
    expected = []
    for by_age, car in shares:
        people = origins.people_by_age if car is None else origins.people_by_age * car.of(origins)
        expected.append(people @ (np.array(by_age) * np.array(weights)))
    if not question.is_whole:
        return expected
    running = [whole_persons(of) for of in np.cumsum(expected, axis=0)]
    return list(np.diff(np.array(running, np.float64), axis=0, prepend=0.0))


def origins_of(question: PlacementQuestion, world: World) -> Origins:
    """Where people start."""
    return world.residents if question.start == "cells" else place_origins(world.places)


def inhabited(origins: Origins) -> Origins:
    """Those of the region where anybody lives."""
    return some_origins(origins, counted(origins))


def mode_named(world: World, name: str) -> TravelMode:
    """Mode of the world's traveller, or as everybody has it where he or she does not."""
    return next(mode for mode in (*world.modes, *MODES, *TAKING_ALONG) if mode.name == name)


def _totals(world: World) -> PopulationTotals | None:
    """Population of other years; None where nothing is known of them."""
    folder = world.region.folder
    return read_population_totals(folder) if (folder / POPULATION).is_file() else None


def data_year(world: World) -> int | None:
    """Year of the inhabitants themselves; None where nothing says it."""
    if totals := _totals(world):
        return totals.base_year
    text = str(world.region.layer("places")[0].date)[:4]
    return int(text) if text.isascii() and text.isdigit() else None


def last_year(world: World) -> int | None:
    """Last year of which the inhabitants are known; None where there are no totals."""
    totals = _totals(world)
    return totals.last_year if totals else None


def is_known(world: World, year: int | None) -> bool:
    """Whether the inhabitants of a year are known; those of the data, None, always are."""
    totals = _totals(world)
    return year is None or (totals is not None and totals.base_year <= year <= totals.last_year)


def tells_year(scenario: Scenario) -> bool:
    """Whether the people are of a year that the scenario says: then the question cannot say another."""
    return any(isinstance(edit, ChangeYear) for edit in scenario.edits)


def later_years(world: World, scenario: Scenario, year: int | None) -> tuple[int, ...]:
    """Years that a choice should stand up to: the one halfway, and the last one known of; none where a year is said."""
    totals = _totals(world)
    if totals is None or year is not None or tells_year(scenario):
        return ()
    return ((totals.base_year + totals.last_year) // 2, totals.last_year)


def of_year(world: World, year: int | None) -> World:
    """World, as its region's files have it, with the people of a year; None for that of the data.

    Raises
    ------
    InputError
        As `accessibility.population.in_year`, when nothing is known of the year.

    """
    return world if year is None or year == data_year(world) else in_year(world, year)


def refuse_years(question: PlacementQuestion, world: World, scenario: Scenario) -> None:
    """Refuse years of which nothing is known, and those beside a year that the scenario says.

    Raises
    ------
    InputError
        With what to do.

    """
    years = [year for year in (question.year, question.later_year) if year is not None]
    if years and tells_year(scenario):
        msg = (
            f"The scenario says of which year the people are, and the question asks for {' and '.join(map(str, years))}: "
            "leave the year out of one of the two."
        )
        raise InputError(msg)
    for year in years:
        of_year(world, year)


def site_list(name: str, before: World, world: World, cost: float) -> Sites:
    """Candidate sites of one list; `before` is without the scenario that closed a building.

    Raises
    ------
    InputError
        When there is no such list, or its table cannot be read.

    """
    known, kind = load_facility_kinds().ids, name.removeprefix(CLOSED)
    if name == "places":
        return place_sites(world, cost)
    if name in known:
        return building_sites(world, (name,), cost)
    if name.startswith(CLOSED) and kind in known:
        return closed_sites(before, world, (kind,), cost)
    if Path(name).suffix in TABLES:
        return listed_sites(world, Path(name), cost)
    msg = (
        f"sites '{name}': write places, a kind of building ({', '.join(known)}), closed:KIND, or a .csv file."
    )
    raise InputError(msg)


def sites_of(question: PlacementQuestion, before: World, world: World) -> tuple[Sites, BuildReport]:
    """Usable sites of all lists of a question, and what was left out; raises as `site_list`."""
    return usable(world, *(site_list(name, before, world, question.cost) for name in question.sites))


def times_by_mode(
    question: PlacementQuestion, world: World, sites: Sites, progress: Progress
) -> dict[str, Times]:
    """Times of each mode to the sites: there, or away from home where round trips are asked for.

    Raises
    ------
    InputError
        For round trips by a mode whose ride is on demand.

    """
    origins = inhabited(origins_of(question, world))
    modes = {name: mode_named(world, name) for name in question.modes}
    kind, percent = question.kind, question.percent
    if not question.round_trips:
        return {name: times(world, kind, sites, origins, mode, percent) for name, mode in modes.items()}
    trip = RoundTrip(visit_of(kind, question.stay_min), WHOLE_DAY, percent)
    return {
        name: tour_times(world, kind, sites, origins, mode, trip, progress) for name, mode in modes.items()
    }


def objective_of(question: PlacementQuestion) -> Objective:
    """What is to be best."""
    made: dict[Goal, Objective] = {
        "median": LeastTime(),
        "excess": LeastTime(beyond_s=question.limit_s),
        "equity": LeastTime(inequality_aversion=1.0),
        "coverage": MostWithin(question.limit_s),
        "worst": LeastWorst(),
        "fewest": Fewest("hubs"),
        "cheapest": Fewest("cost"),
    }
    return made[question.goal]


def task_of(question: PlacementQuestion, world: World, sites: Sites, by_mode: Mapping[str, Times]) -> Task:
    """Put a question in the terms of the solver.

    Parameters
    ----------
    question
        What is asked.
    world
        With the people of the data's year, unless the question says none.
    sites
        C candidate sites.
    by_mode
        By name of the mode, from the inhabited origins of `world` to the sites: see `times_by_mode`.

    Raises
    ------
    InputError
        When nothing is known of a year.

    """
    start = origins_of(question, world)
    rows = counted(start)
    parts = travellers(question, origins_of(question, of_year(world, question.year)))
    groups = [
        Group(part.name, part.asked[rows], tuple(mode_named(world, name) for name in part.modes))
        for part in parts
    ]
    names = origin_names(world, some_origins(start, rows))
    share, within = question.share, _stacked((part.in_share for part in parts), rows)
    rules = Rules(
        n_hubs=len(sites.id) - len(question.forbidden) if question.hubs is None else question.hubs,
        budget=question.budget,
        fixed=question.fixed,
        forbidden=question.forbidden,
        apart_m=question.apart_m,
        longest_s=question.longest_s,
        unreached_s=question.unreached_s,
        shares=()
        if share is None
        else (ShareConstraint(question.share_label, within, question.limit_s, share),),
        loads=_loads(question, world, rows, len(sites.id)),
    )
    return Task(sites, demand(names, groups, dict(by_mode)), objective_of(question), rules)


def _stacked(persons: Iterable[Floats], rows: Int64s) -> Floats:
    """(D,) persons of all groups at some origins, a block for each group."""
    return np.concatenate([of[rows] for of in persons])


def _loads(
    question: PlacementQuestion, world: World, rows: Int64s, n_sites: int
) -> tuple[CapacityConstraint, ...]:
    """How many people a hub needs and can take, in the year asked for and in the later one."""
    if not question.min_people and question.max_people == np.inf:
        return ()
    later = () if question.later_year is None else (question.later_year,)
    at_most, loads = np.full(n_sites, float(question.max_people)), []
    for year in dict.fromkeys((question.year, *later)):
        parts = travellers(question, origins_of(question, of_year(world, year)))
        people = _stacked((part.everybody for part in parts), rows)
        loads.append(
            CapacityConstraint(
                "now" if year is None else str(year), people, float(question.min_people), at_most
            )
        )
    return tuple(loads)
