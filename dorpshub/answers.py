"""Answers for notebooks about a region, as tables: times, comparisons, hubs and what they offer, trips there and back, and observed journeys.

Times in tables are whole seconds, empty where nothing is reached; coordinates are degrees (WGS84).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from accessibility import round_trips as trips
from accessibility.asked import kinds_named, mode_of, modes_in
from accessibility.data_quality.flows import flow_table
from accessibility.origins import place_origins
from accessibility.world import silent
from data.errors import InputError
from data.files.output import geo_frame
from data.live.published import compared_areas
from data.parameters.behaviour import load_behaviour
from data.parameters.hub_services import load_hub_services
from data.parameters.uncertainty import load_ranges
from data.study_area.observed_flows import read_flows
from dorpshub.cli.choices import DAY_END, DAY_START
from dorpshub.regions import Names, Region, arriving, departures, kinds_asked, modes_asked, names_of
from scenarios.comparison.compare import compare_worlds, outcomes
from scenarios.comparison.equity import equity_table
from scenarios.comparison.report import times_table
from scenarios.comparison.tables import Compared, places_table
from scenarios.measures.round_trips import rounds_table, visit_of
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.question import PlacementQuestion, TravelGroup, sites_of, task_of, times_by_mode
from scenarios.placement.solve import best_answer
from scenarios.placement.tables import chosen_table
from scenarios.services.question import ServicesQuestion, refuse_faults, services_named, times_by_kind
from scenarios.services.question import sites_of as services_sites
from scenarios.services.question import task_of as services_task
from scenarios.services.solve import best_answer as best_services
from scenarios.services.tables import offered_table

if TYPE_CHECKING:
    import geopandas as gpd

Objective: TypeAlias = Literal["median", "coverage", "worst"]


def travel_times(
    region: Region, kinds: Names = None, modes: Names = None, *, arrive_by: str = ""
) -> gpd.GeoDataFrame:
    """Time of every place to its nearest facility.

    Parameters
    ----------
    region
        Of P places.
    kinds
        K kinds of facility; all that occur when left out.
    modes
        M modes; all that the traveller has when left out.
    arrive_by
        When people must be there, "08:30", or "08:00-09:00" for every minute of a span, and leave as late as they can; they
        leave in the window of the region when left out.

    Returns
    -------
    P * K * M rows: place, kind, mode, the facility, travel_time_s, percentiles over the departures, and the reason where
    none is reached. The geometry is the point of the place.

    Raises
    ------
    InputError
        When there is no such kind, mode or time, or the traveller does not have the mode.

    Examples
    --------
    >>> from dorpshub import open_region, travel_times
    >>> by_bike = travel_times(open_region("zuid-oost-drenthe"), "gp", "bike")
    >>> by_bike[["kind", "mode"]].drop_duplicates().values.tolist()
    [['gp', 'bike']]

    """
    world = arriving(region.world, arrive_by)
    asked = kinds_asked(kinds, world)
    return geo_frame(times_table(world, outcomes(world, asked, modes_asked(modes, world))).to_pandas())


def compare(
    before: Region, after: Region, kinds: Names = None, modes: Names = None, *, arrive_by: str = ""
) -> pd.DataFrame:
    """Times before and after, place by place.

    Parameters
    ----------
    before, after
        The same region of P places, with other scenarios, dates or travellers.
    kinds
        K kinds of facility; all that occur in either when left out.
    modes
        M modes; all that both travellers have when left out.
    arrive_by
        When people must be there, "08:30", or "08:00-09:00" for every minute of a span, and leave as late as they can; they
        leave in the window of the region when left out.

    Returns
    -------
    P * K * M rows: before_s, after_s, difference_s, and the change: shorter, longer, same, won, lost, never or
    unknown (a kind that is not in the data of the region).

    Raises
    ------
    InputError
        When the regions are not the same, or a kind or mode is unknown or not within reach of both travellers.

    Examples
    --------
    >>> from dorpshub import apply, compare, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> hub = {"edit": "PlaceHub", "lon_deg": 6.9, "lat_deg": 52.8, "kinds": ["gp"]}
    >>> table = compare(region, apply(region, {"edits": [hub]}), "gp", "bike")
    >>> set(table["change"]) == {"same", "shorter"}
    True

    """
    return places_table([_compared(before, after, kinds, modes, arrive_by)], with_legs=False).to_pandas()


def _compared(before: Region, after: Region, kinds: Names, modes: Names, arrive_by: str = "") -> Compared:
    """Compare two regions; errors as `compare`."""
    old, new = (arriving(region.world, arrive_by) for region in (before, after))
    if old.places.id != new.places.id:
        msg = f"{before} and {after} do not have the same places: compare one region with itself."
        raise InputError(msg)
    names = [mode for mode in modes_in(old) if mode in modes_in(new)] if modes is None else names_of(modes)
    for world in (old, new):
        modes_asked(names, world)
    (results,) = compare_worlds(old, [new], kinds_asked(kinds, old, new), names)
    return Compared(before.scenario, after.scenario, old, new, results)


def equity(
    before: Region,
    after: Region,
    kinds: Names = None,
    modes: Names = None,
    *,
    limit_min: float = 10,
    same_below_min: float = 1,
) -> pd.DataFrame:
    """How much of what a change brings goes to people without a car, in the region and in each municipality.

    Parameters
    ----------
    before, after
        The same region, with other scenarios, dates or travellers.
    kinds, modes
        As of `compare`.
    limit_min
        Minutes within which people without a car are counted.
    same_below_min
        A smaller difference makes nobody win or lose.

    Returns
    -------
    A row per area, kind and mode: people, without_car, gain, gain_without_car, gain_without_car_share and so on, those of
    people without a car with `_low` and `_high` at the ends of what their number may be, and a verdict: whether they have
    more of the gain than their part of the people, less, even, or unsure. People without a car are those who have none to
    drive, children included; where they are is modelled from the cars per household.

    Raises
    ------
    InputError
        As of `compare`.

    Examples
    --------
    >>> from dorpshub import apply, equity, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> hub = {"edit": "PlaceHub", "lon_deg": 6.9, "lat_deg": 52.8, "kinds": ["gp"]}
    >>> table = equity(region, apply(region, {"edits": [hub]}), "gp", "bike").set_index("area")
    >>> bool(0 < table.loc["region", "gain_without_car"] < table.loc["region", "gain"])
    True

    """
    pair = _compared(before, after, kinds, modes)
    behaviour, span = load_behaviour(pair.before.region.folder), load_ranges().without_car
    return equity_table([pair], behaviour, span, limit_min * 60, same_below_min * 60)


def place_hubs(
    region: Region,
    n_hubs: int,
    kind: str = "gp",
    mode: str = "bike",
    *,
    objective: Objective = "median",
    limit_min: float = 15,
    unreached_min: float | None = None,
    fixed: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    arrive_by: str = "",
    time_limit_s: float = 60,
) -> pd.DataFrame:
    """Where hubs should come, among the places of the region, beside the facilities of the kind that there are.

    Parameters
    ----------
    region
        Whose inhabitants count.
    n_hubs
        At most so many.
    kind, mode
        What people go to a hub for, and how.
    objective
        median: least time of all together; coverage: most people within the limit; worst: least time of the worst off.
    limit_min
        Minutes, for coverage.
    unreached_min
        Minutes that reaching none counts as; everybody must reach one when left out.
    fixed, forbidden
        Ids of places that must, or may not, get one.
    arrive_by
        When people must be there, "08:30", or "08:00-09:00" for every minute of a span, and leave as late as they can; they
        leave in the window of the region when left out.
    time_limit_s
        Seconds; the best answer by then is given, with its gap.

    Returns
    -------
    A row per hub: site_id (the id of the place), people_nearest, and of the whole answer value, bound, gap_share, mean_s.

    Raises
    ------
    InputError
        When a name is unknown.
    ScenarioError
        When no choice of places meets what is asked; it says why.

    Examples
    --------
    >>> from dorpshub import open_region, place_hubs
    >>> len(place_hubs(open_region("zuid-oost-drenthe"), 2))
    2

    """
    if objective not in get_args(Objective):
        msg = f"Unknown objective '{objective}'. Objectives are {', '.join(get_args(Objective))}."
        raise InputError(msg)
    if n_hubs < 1:
        msg = f"n_hubs is {n_hubs}: ask for one hub or more."
        raise InputError(msg)
    world, by = arriving(region.world, arrive_by), mode_of(region.world, mode)
    question = PlacementQuestion(
        kind=kinds_named([kind])[0],
        groups=(TravelGroup("all", (by.name,)),),
        goal=objective,
        limit_s=limit_min * 60,
        hubs=n_hubs,
        fixed=tuple(fixed),
        forbidden=tuple(forbidden),
        unreached_s=np.inf if unreached_min is None else unreached_min * 60,
    )
    sites, _ = sites_of(question, world, world)
    task = task_of(question, world, sites, times_by_mode(question, world, sites, silent))
    answer = best_answer(task, TimeLimit(time_limit_s, time.perf_counter, ignore_progress))
    return chosen_table(world, [answer], task.demand.people)


def place_services(
    region: Region,
    budget: float,
    services: Names = None,
    *,
    hub_cost: float | None = None,
    weights: Mapping[str, float] | None = None,
    n_hubs: int | None = None,
    fixed: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    time_limit_s: float = 60,
) -> pd.DataFrame:
    """Where hubs should come and what each should offer, among the places of the region, so that most people get a service.

    Costs, room, least use, mode and limit of each service are those of data/parameters/hub_services.toml, or of a file of that
    name in the folder of the region.

    Parameters
    ----------
    region
        Whose inhabitants count, in their cells.
    budget
        Euros per year, for hubs and services together.
    services
        Kinds that a hub may offer; all that can be offered when left out.
    hub_cost
        Euros per year of a hub itself; that of the table when left out.
    weights
        What a person who gets a service counts, by kind; 1 for those left out.
    n_hubs
        At most so many; any number when left out.
    fixed, forbidden
        Ids of places that must, or may not, get a hub.
    time_limit_s
        Seconds; the best answer by then is given, with its gap.

    Returns
    -------
    A row per hub and service: site_id (the id of the place), kind, hours_per_week, counters, costs, people_served, and of the
    whole answer value, bound, gap_share and cost_per_year. No rows where no service has people enough who lack it.

    Raises
    ------
    InputError
        When a name is unknown, or a number means nothing.
    ScenarioError
        When the budget buys nothing, or the rules contradict each other; it says how.

    Examples
    --------
    >>> from dorpshub import open_region, place_services
    >>> table = place_services(open_region("zuid-oost-drenthe"), 100_000, ["pharmacy", "supermarket"])
    >>> table[["site", "kind"]].to_numpy().tolist()
    [['Erm', 'pharmacy'], ['Erm', 'supermarket']]

    """
    world = region.world
    known = load_hub_services(world.region.folder)
    question = ServicesQuestion(
        services=services_named(known, tuple(known.kinds if services is None else names_of(services))),
        budget=budget,
        hub_cost=known.hub.cost_per_year if hub_cost is None else hub_cost,
        weights=tuple((weights or {}).items()),
        hubs=n_hubs,
        fixed=tuple(fixed),
        forbidden=tuple(forbidden),
    )
    refuse_faults(question)
    sites, _ = services_sites(question, world, world)
    task = services_task(question, world, sites, times_by_kind(question, world, sites))
    answer = best_services(task, TimeLimit(time_limit_s, time.perf_counter, ignore_progress))
    return offered_table(world, question, answer)


def round_trips(
    region: Region,
    kind: str,
    mode: str = "transit",
    *,
    stay_min: int | None = None,
    depart: str = DAY_START,
    until: str = DAY_END,
) -> pd.DataFrame:
    """How long people are away from home for a visit, there and back, within opening hours.

    Parameters
    ----------
    region
        Of P places.
    kind, mode
        What is visited, and how.
    stay_min
        Minutes of the visit; those of its kind when left out.
    depart, until
        Departures each minute between these times, HH:MM.

    Returns
    -------
    P rows: away_best_s, away_ordinary_s, away_worst_s, and the share of departures from which it cannot be done.

    Raises
    ------
    InputError
        When a name or time cannot be used, or the mode's ride is on demand.

    Examples
    --------
    >>> from dorpshub import open_region, round_trips
    >>> table = round_trips(open_region("zuid-oost-drenthe"), "supermarket", "bike")
    >>> bool((table["away_best_s"] <= table["away_worst_s"]).dropna().all())
    True

    """
    world, by = region.world, mode_of(region.world, mode)
    (of,) = kinds_named([kind])
    window = departures(depart, until)
    visit = visit_of(of, stay_min)
    day, holidays = world.region.service_date, world.region.holidays
    visited = trips.facilities_visited(world.facilities, of, visit, day, holidays)
    found = trips.round_trips(world.network, by, place_origins(world.places).points, visited, window)
    return rounds_table(world, of, visit, found)


def flows(region: Region) -> pd.DataFrame:
    """Observed journeys of a region, beside where everybody would go by two models.

    Parameters
    ----------
    region
        With a table flows.csv in its folder or among its facts, and outlines of the areas that they come from.

    Returns
    -------
    A row per area and facility between which people were counted, or are sent by the nearest: kind, origin, facility_id,
    facility, persons (counted), nearest (persons, had all gone to the nearest by bike) and decay (persons, had all been
    drawn less by what is further away, by the decay that fits what was counted best), km (mean over the area). No rows
    where nothing was counted.

    Raises
    ------
    InputError
        When the table or the outlines cannot be read.

    Examples
    --------
    >>> from dorpshub import flows, open_region
    >>> pupils = flows(open_region("zuid-oost-drenthe")).query("kind == 'primary_school'")
    >>> pupils.query("origin == 'PC7693'")[["facility", "persons"]].values.tolist()
    [['Cantecleer, Kloosterhaar', 0], ['Christelijke Nationale School Windesheim, Sibculo', 113]]

    """
    of = region.world.region
    areas, _ = compared_areas(of)
    return flow_table(region.world, read_flows(of), areas)
