"""The library for notebooks: thin functions over the layers, from names and tables to tables; `dorpshub` offers them.

Times in tables are whole seconds, empty where nothing is reached; coordinates are degrees (WGS84).
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np
import pandas as pd

from accessibility import round_trips as trips
from accessibility.asked import (
    kinds_named,
    mode_of,
    modes_in,
    modes_named,
    place_row,
    targets_named,
    traveller_named,
)
from accessibility.assumptions import Assumptions
from accessibility.explain import legs_in_words, typical_in_words, way_arriving, way_leaving
from accessibility.od_matrix import od_network, od_times
from accessibility.origins import place_origins
from accessibility.travel_network import Points
from accessibility.travel_times import TravelMode, refuse_out_of_reach
from accessibility.world import World, for_traveller, on_date, open_world, silent
from data.clock import clock_text, parse_clock
from data.columns import Floats, Strings
from data.errors import InputError
from data.files.tables import geo_frame, points_of, read_points, refuse_far_points
from data.osm.graphs import from_networkx
from data.osm.street_files import read_streets
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.visits import load_visits
from data.projection import Projection, utm_projection
from data.study_area.public_transport import read_public_transport
from data.units import MPS_PER_KMH
from network.modes.modes import PROFILES, with_speed
from network.streets.graph import street_graph
from network.transit.departures import Window
from scenarios.comparison.compare import compare_worlds, outcomes
from scenarios.comparison.report import matrix_table, place_columns, times_table
from scenarios.comparison.run import AS_IT_IS
from scenarios.comparison.tables import Compared, places_table
from scenarios.edits import apply as edits
from scenarios.edits.json_text import from_json, read_scenario
from scenarios.edits.scenario import Scenario
from scenarios.measures.round_trips import rounds_table
from scenarios.placement.incumbent import TimeLimit, never_told
from scenarios.placement.question import PlacementQuestion, TravelGroup, sites_of, task_of, times_by_mode
from scenarios.placement.solve import best_answer
from scenarios.placement.tables import chosen_table

if TYPE_CHECKING:
    import geopandas as gpd

    from data.osm.graphs import Graph

Names: TypeAlias = str | Sequence[str] | None
"""One name, several, or None for all there are."""
Objective: TypeAlias = Literal["median", "coverage", "worst"]
DAY_START, DAY_END = "07:00", "22:00"


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A region on a date, as a traveller finds it, as it is or with a scenario; it never changes.

    Attributes
    ----------
    world
        What the layers below work with.
    scenario
        Name of the scenario in force; "as it is" without one.

    Examples
    --------
    >>> from dorpshub import open_region
    >>> open_region("zuid-oost-drenthe")
    Region('zuid-oost-drenthe', 407 places, 382 facilities, Tuesday 2026-10-06, adult)

    """

    world: World
    scenario: str = AS_IT_IS

    def __repr__(self) -> str:
        world, day = self.world, self.world.region.service_date
        told = [
            repr(world.region.name),
            f"{len(world.places.id)} places",
            f"{len(world.facilities.id)} facilities",
            _weekday(day),
            world.traveller.id,
        ]
        told += [] if self.scenario == AS_IT_IS else [f"scenario {self.scenario!r}"]
        return f"Region({', '.join(told)})"

    @property
    def places(self) -> gpd.GeoDataFrame:
        """One row per village, hamlet or quarter: place_id, place, municipality, in_region, inhabitants, lon, lat."""
        return geo_frame(pd.DataFrame(place_columns(self.world)))

    @property
    def facilities(self) -> gpd.GeoDataFrame:
        """One row per service and location: facility_id, kind, facility, units, opening, modelled, lon, lat."""
        of = self.world.facilities
        lon_deg, lat_deg = self.world.projection.to_lonlat(of.x_m, of.y_m)
        columns = {"facility_id": of.id, "kind": of.kind, "facility": of.name, "units": of.units}
        columns |= {"opening": of.opening, "modelled": of.modelled}
        return geo_frame(pd.DataFrame(columns | {"lon": lon_deg.round(5), "lat": lat_deg.round(5)}))

    def to_networkx(self, mode: str, *, geometry: bool = True) -> Graph:
        """Streets that a mode may use, as OSMnx has them after simplification.

        Nodes have x, y and street_count; edges have length (metres), travel_time (seconds), highway, name, oneway, and
        with `geometry` their line: write such a graph with osmnx.save_graphml. Without it networkx.write_graphml takes
        it. The `osmid` is the number of the edge here, not of a way. Turn restrictions are left out.

        Raises
        ------
        InputError
            When the traveller does not have the mode.

        """
        network = self.world.network
        row = network.row(mode_of(self.world, mode).street)
        return street_graph(network.streets, row, self.world.projection, with_lines=geometry)


def open_region(
    name_or_folder: str | Path, *, date: dt.date | str | None = None, traveller: str | None = None
) -> Region:
    """Open a region, building it first where that was not done yet (less than a minute).

    Parameters
    ----------
    name_or_folder
        Name of a region that comes along, or a folder with a region.toml.
    date
        Service date of public transport, also as "2026-10-06"; that of the region when left out.
    traveller
        adult, 75plus, ebike, no_car, frame or pupil; an adult when left out.

    Raises
    ------
    InputError
        When there is no such region or traveller, nothing runs on that date, or a file cannot be used.

    Examples
    --------
    >>> from dorpshub import open_region
    >>> open_region("zuid-oost-drenthe", traveller="75plus")
    Region('zuid-oost-drenthe', 407 places, 382 facilities, Tuesday 2026-10-06, 75plus)

    """
    who = None if traveller is None else traveller_named(traveller)
    day = None if date is None else _day(date)
    world = open_world(name_or_folder)
    if day is not None:
        world = on_date(world, day)
    return Region(world if who is None else for_traveller(world, who))


def travel_times(region: Region, kinds: Names = None, modes: Names = None) -> gpd.GeoDataFrame:
    """Time of every place to its nearest facility.

    Parameters
    ----------
    region
        Of P places.
    kinds
        K kinds of facility; all that occur when left out.
    modes
        M modes; all that the traveller has when left out.

    Returns
    -------
    P * K * M rows: place, kind, mode, the facility, travel_time_s, percentiles over the departures, and the reason where
    none is reached. The geometry is the point of the place.

    Raises
    ------
    InputError
        When there is no such kind or mode, or the traveller does not have it.

    Examples
    --------
    >>> from dorpshub import open_region, travel_times
    >>> by_bike = travel_times(open_region("zuid-oost-drenthe"), "gp", "bike")
    >>> by_bike[["kind", "mode"]].drop_duplicates().values.tolist()
    [['gp', 'bike']]

    """
    world = region.world
    asked = _kinds(kinds, world)
    return geo_frame(times_table(world, outcomes(world, asked, _modes(modes, world))))


def matrix(
    streets: str | Path | Region | Graph,
    origins: pd.DataFrame | str | Path,
    destinations: pd.DataFrame | str | Path,
    *,
    modes: Names = ("walk",),
    timetables: Sequence[str | Path] = (),
    date: dt.date | str | None = None,
    depart: str = "09:00",
    window_min: int = 60,
    percentiles: Sequence[float] = (25, 50, 75),
    max_min: float = 240,
    speeds_kmh: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Times from every origin to every destination.

    Parameters
    ----------
    streets
        File of OpenStreetMap (.osm.pbf, .osm, .osm.gz) or of OSMnx (.graphml), a graph of OSMnx, or a region.
    origins, destinations
        O and D points: tables, or CSV or Parquet files, with the columns id, lon and lat.
    modes
        M modes.
    timetables, date
        GTFS feeds and the service date, for modes that ride; a region has its own.
    depart, window_min
        A departure each minute from HH:MM on, for so many minutes.
    percentiles
        Over these departures, 0 to 100.
    max_min
        Longer, in minutes, is not reached.
    speeds_kmh
        Speeds by mode other than the usual ones: {"walk": 4.0}; not for a region, whose traveller has a pace.

    Returns
    -------
    O * D * M rows: origin_id, destination_id, mode, travel_time_s, or a column for each percentile of a mode that rides.

    Raises
    ------
    InputError
        When a name, date, file or row cannot be used; it says which, and what to do.

    Examples
    --------
    >>> import pandas as pd
    >>> from dorpshub import matrix, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> some = region.places.rename(columns={"place_id": "id"}).head(3)
    >>> len(matrix(region, some, some, modes=["walk", "bike"]))
    18

    """
    shares = tuple(float(percent) for percent in percentiles)
    if not shares or len(set(shares)) < len(shares) or not all(0 <= share <= 100 for share in shares):
        msg = f"percentiles {list(percentiles)}: give numbers between 0 and 100, none of them twice."
        raise InputError(msg)
    if isinstance(streets, Region):
        if timetables or date is not None or speeds_kmh:
            msg = "A region has its own timetable, date and pace: leave out timetables, date and speeds_kmh, or open the region on another date or for another traveller."
            raise InputError(msg)
        network, projection = streets.world.network, streets.world.projection
        by = _modes(modes, streets.world)
        nodes = network.streets
        area = _Area(*projection.to_lonlat(nodes.node_x_m, nodes.node_y_m))
    else:
        by = modes_named(_names(modes))
        day, feeds = _service(by, timetables, date)
        known = None if date is None else _day(date)
        mapped, _ = (
            read_streets(Path(streets), known, parse_clock(depart))
            if isinstance(streets, str | Path)
            else from_networkx(streets)
        )
        projection = utm_projection(mapped.lon_deg, mapped.lat_deg)
        area = _Area(mapped.lon_deg, mapped.lat_deg)
        transport = read_public_transport(feeds, day)
        profiles = _profiles(speeds_kmh or {})
        network, _ = od_network(mapped, transport, projection, profiles, Assumptions(), silent)
    limits = replace(network.assumptions, travel_max_s=round(max_min * 60))
    network = replace(network, assumptions=limits)
    window = Window(parse_clock(depart), 60, window_min)
    origin_id, start = _points("origins", origins, area, projection)
    destination_id, end = _points("destinations", destinations, area, projection)
    refuse_out_of_reach(network, by, start)
    found = [od_times(network, mode, start, end, window, shares) for mode in by]
    return matrix_table(origin_id, destination_id, found, shares)


def apply(region: Region, scenario: Scenario | Mapping[str, Any] | str | Path) -> Region:
    """Region with a scenario; the region itself stays as it is.

    Parameters
    ----------
    region
        Before.
    scenario
        A Scenario, its JSON as a mapping or as text, or the path of a JSON file.

    Raises
    ------
    ScenarioError
        When it cannot be read or does not fit: every bad edit by number and reason.

    Examples
    --------
    >>> from dorpshub import apply, open_region
    >>> hub = {"edit": "PlaceHub", "lon_deg": 6.9, "lat_deg": 52.8, "kinds": ["gp"]}
    >>> apply(open_region("zuid-oost-drenthe"), {"name": "Hub", "edits": [hub]})
    Region('zuid-oost-drenthe', 407 places, 384 facilities, Tuesday 2026-10-06, adult, scenario 'Hub')

    """
    read = _scenario(scenario)
    name = read.name or "unnamed"
    if region.scenario != AS_IT_IS:
        name = f"{region.scenario} + {name}"
    return Region(edits.apply(region.world, read, load_facility_kinds()), name)


def compare(before: Region, after: Region, kinds: Names = None, modes: Names = None) -> pd.DataFrame:
    """Times before and after, place by place.

    Parameters
    ----------
    before, after
        The same region of P places, with other scenarios, dates or travellers.
    kinds
        K kinds of facility; all that occur in either when left out.
    modes
        M modes; all that both travellers have when left out.

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
    old, new = before.world, after.world
    if old.places.id != new.places.id:
        msg = f"{before} and {after} do not have the same places: compare one region with itself."
        raise InputError(msg)
    names = [mode for mode in modes_in(old) if mode in modes_in(new)] if modes is None else _names(modes)
    for world in (old, new):
        _modes(names, world)
    (results,) = compare_worlds(old, [new], _kinds(kinds, old, new), names)
    pair = Compared(before.scenario, after.scenario, old, new, results)
    return places_table([pair], with_legs=False)


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
    world, by = region.world, mode_of(region.world, mode)
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
    answer = best_answer(task, TimeLimit(time_limit_s, time.perf_counter, never_told))
    return chosen_table(world, [answer], task.demand.people)


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
        When a name or time cannot be used, or the mode's ride is ordered.

    Examples
    --------
    >>> from dorpshub import open_region, round_trips
    >>> table = round_trips(open_region("zuid-oost-drenthe"), "supermarket", "bike")
    >>> bool((table["away_best_s"] <= table["away_worst_s"]).dropna().all())
    True

    """
    world, by = region.world, mode_of(region.world, mode)
    (of,) = kinds_named([kind])
    first, end = parse_clock(depart), parse_clock(until)
    if end <= first:
        msg = f"until {until} is not after depart {depart}: no departure lies between them."
        raise InputError(msg)
    visit = load_visits().of_kind(of)
    if stay_min is not None:
        visit = msgspec.structs.replace(visit, stay_min=stay_min, source="chosen")
    visited = trips.facilities_visited(
        world.facilities, of, visit, world.region.service_date, world.region.holidays
    )
    window = Window(first, 60, -(-(end - first) // 60))
    found = trips.round_trips(world.network, by, place_origins(world.places).points, visited, window)
    return rounds_table(world, of, visit, found)


@dataclass(frozen=True, slots=True)
class Explained:
    """One way from door to door, in numbers and words; as text it is what `dorpshub explain` prints.

    Attributes
    ----------
    origin, target, mode
        Names.
    date
        Service day.
    departure_s, arrival_s
        Seconds after midnight of that day; None without a connection.
    legs
        A line for each leg.
    note
        What must be said beside it.

    """

    origin: str
    target: str
    mode: str
    date: dt.date
    departure_s: int | None
    arrival_s: int | None
    legs: Strings
    note: str

    def __str__(self) -> str:
        if self.departure_s is None or self.arrival_s is None:
            return self.note
        head = (
            f"{self.origin} to {self.target}, {self.mode}, {_weekday(self.date)}: {round((self.arrival_s - self.departure_s) / 60)} min, "
            f"{clock_text(self.departure_s)} to {clock_text(self.arrival_s)}"
        )
        return "\n".join([head, *(f"  {leg}" for leg in self.legs), *([self.note] if self.note else [])])


def explain(
    region: Region,
    origin: str,
    target: str,
    mode: str = "transit",
    *,
    at: str | None = None,
    arrive_by: str | None = None,
) -> Explained:
    """Tell the legs of one way: walks, waits, rides and changes.

    Parameters
    ----------
    region
        Where.
    origin
        Id or name of a place.
    target
        Id or name of a place, or a kind of facility: the nearest in time.
    mode
        How one travels.
    at, arrive_by
        One of them, HH:MM: when one leaves, or must be there, leaving as late as possible.

    Raises
    ------
    InputError
        When a name or time cannot be used, or the mode's ride is ordered.

    Examples
    --------
    >>> from dorpshub import explain, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> way = explain(region, region.places["place_id"][0], "gp", "bike", at="09:00")
    >>> way.departure_s
    32400

    """
    if (at is None) == (arrive_by is None):
        raise InputError("Say either when to leave (at) or when to be there (arrive_by), as HH:MM.")
    world, by = region.world, mode_of(region.world, mode)
    row = place_row(world, origin)
    start = Points(world.places.x_m[[row]], world.places.y_m[[row]])
    names, targets = targets_named(world, target)
    home, date = world.places.name[row], world.region.service_date
    find, clock = (way_leaving, at) if at is not None else (way_arriving, arrive_by)
    seconds = parse_clock(clock or "")
    way = find(world.network, by, start, targets, seconds)
    if way is None:
        hours = world.network.assumptions.travel_max_s / 3600
        when = f"{'leaving at' if at is not None else 'to be there by'} {clock_text(seconds)}"
        note = f"There is no connection from {home} within {hours:g} hours on {_weekday(date)}, {when}."
        return Explained(home, target, by.name, date, None, None, (), note)
    there = names[way.target]
    legs = legs_in_words(way, world.network.service.timetable.stops.name, there)
    return Explained(home, there, by.name, date, way.departure, way.arrival, legs, typical_in_words(way))


def _weekday(date: dt.date) -> str:
    """Tuesday 2026-10-06."""
    return f"{date:%A} {date.isoformat()}"


def _names(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())


def _kinds(kinds: Names, *worlds: World) -> list[str]:
    """Kinds asked for, or all that occur; InputError where that is none."""
    found = kinds_named(_names(kinds), *worlds)
    if not found:
        msg = f"No kind is named, and {worlds[0].region.title} has no facility. Name the kinds you ask for."
        raise InputError(msg)
    return found


def _modes(modes: Names, world: World) -> list[TravelMode]:
    """Modes asked for within the traveller's limits, or all that he or she has."""
    names = modes_in(world) if modes is None else [mode.name for mode in modes_named(_names(modes))]
    return [mode_of(world, name) for name in names]


def _day(date: dt.date | str) -> dt.date:
    if isinstance(date, dt.datetime):
        return date.date()
    if isinstance(date, dt.date):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError as error:
        msg = f"'{date}' is no date. Write it as YYYY-MM-DD, for example 2026-10-06."
        raise InputError(msg) from error


def _scenario(scenario: Scenario | Mapping[str, Any] | str | Path) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Mapping):
        return from_json(json.dumps(dict(scenario)))
    if isinstance(scenario, str) and scenario.lstrip().startswith("{"):
        return from_json(scenario)
    return read_scenario(Path(scenario))


@dataclass(frozen=True, slots=True, eq=False)
class _Area:
    """Where the streets are, (N,) degrees."""

    lon_deg: Floats
    lat_deg: Floats


def _points(
    what: str, table: pd.DataFrame | str | Path, area: _Area, projection: Projection
) -> tuple[Strings, Points]:
    """Ids and points of a table, all of them near the streets; messages call a table that is no file `what`."""
    if isinstance(table, pd.DataFrame):
        path = Path(what)
        ids, lon_deg, lat_deg = points_of(path, table)
    else:
        path = Path(table)
        ids, lon_deg, lat_deg = read_points(path)
    refuse_far_points(path, ids, lon_deg, lat_deg, area)
    return ids, Points(*projection.to_metres(lon_deg, lat_deg))


def _service(
    modes: Sequence[TravelMode], timetables: Sequence[str | Path], date: dt.date | str | None
) -> tuple[dt.date, list[Path]]:
    """Date and feeds, neither of which is looked at where no mode needs a timetable."""
    riding = ", ".join(mode.name for mode in modes if mode.is_timed)
    if not riding:
        return dt.date.min, []
    if not timetables or date is None:
        msg = f"Going by {riding} needs timetables (GTFS) and a date."
        raise InputError(msg)
    return _day(date), [Path(feed) for feed in timetables]


def _profiles(speeds_kmh: Mapping[str, float]) -> tuple[Any, ...]:
    """Profiles of all modes, some with another speed."""
    known = [profile.name for profile in PROFILES]
    wrong = [f"{name}: {kmh}" for name, kmh in speeds_kmh.items() if name not in known or not 0 < kmh < 300]
    if wrong:
        msg = f"speeds_kmh {', '.join(wrong)}: give km/h above 0 for some of {', '.join(known)}."
        raise InputError(msg)
    return tuple(
        with_speed(profile, speeds_kmh[profile.name] * MPS_PER_KMH) if profile.name in speeds_kmh else profile
        for profile in PROFILES
    )
