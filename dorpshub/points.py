"""Times between points, for notebooks and the command: any streets and timetables, no region needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from accessibility.asked import modes_named
from accessibility.assumptions import Assumptions
from accessibility.od_matrix import OdTimes, matrix_table, od_network, od_times, profiles_used
from accessibility.travel_network import (
    Points,
    TravelNetwork,
    no_service,
    ready_search,
    snap_points,
    travel_network,
)
from accessibility.travel_times import TravelMode, refuse_out_of_reach
from accessibility.world import silent
from data.build_report import BuildReport, finding
from data.clock import parse_clock
from data.columns import Floats, Strings
from data.errors import InputError
from data.files.kept import kept
from data.files.long_table import LongTable
from data.files.points import points_of, read_points, refuse_far_points
from data.memory import refuse_beyond_memory
from data.osm.graphs import from_networkx
from data.osm.street_files import read_streets
from data.progress import Progress
from data.projection import Projection, utm_projection
from data.study_area.public_transport import read_public_transport
from data.study_area.region_toml import digest
from data.units import MPS_PER_KMH
from data.user_cache import user_cache
from dorpshub.cli.choices import MOST_TERMINAL_MIN
from dorpshub.regions import Names, Region, arrivals, day_of, modes_asked, names_of, slack_of
from network.hierarchy.search import StreetSearch
from network.modes.modes import CAR, PROFILES, Profile, with_speed
from network.streets.snap import on_passed
from network.transit.departures import Window

if TYPE_CHECKING:
    import pandas as pd

    from data.osm.graphs import Graph


BYTES_PER_TIME = 60
"""Of the seconds of a search, and of the columns of the table that say between what they are."""

Between: TypeAlias = Callable[[Points, Points], Sequence[OdTimes]]
"""Finds the times from origins to destinations, by every mode."""


class Moment(NamedTuple):
    """When seasonal streets, ferries and conditional rules are judged: a day, None for none, and a clock time in seconds."""

    day: dt.date | None
    start_s: int


class Ground(NamedTuple):
    """What points are asked about: a network, and where its streets are, (N,) degrees."""

    network: TravelNetwork
    projection: Projection
    lon_deg: Floats
    lat_deg: Floats
    report: BuildReport


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
    arrive_by: str = "",
    percentiles: Sequence[float] = (25, 50, 75),
    max_min: float = 240,
    max_access_min: float | None = None,
    max_rides: int = 0,
    speeds_kmh: Mapping[str, float] | None = None,
    car_terminal_min: float = 0.0,
    boarding_slack_s: int = 0,
    crs: str = "",
    keep: bool = True,
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
        GTFS feeds, for modes that ride, and the service date, for these and for what of the streets holds on some days
        only; a region has its own.
    depart, window_min
        A departure each minute from HH:MM on, for so many minutes.
    arrive_by
        Instead of these when people must be there, "08:30", or "08:00-09:00" for every minute of a span; they leave as late
        as they can.
    percentiles
        Over these departures or times of arrival, 0 to 100.
    max_min
        Longer, in minutes, is not reached.
    max_access_min
        Minutes to the first stop, and from the last; those of the modes when left out.
    max_rides
        Vehicles boarded at most; 0 for any number.
    speeds_kmh
        Speeds by mode other than the usual ones: {"walk": 4.0}; not for a region, whose traveller has a pace.
    car_terminal_min
        Minutes at each end of a drive, for getting in, finding a place and parking; not for a region.
    boarding_slack_s
        Seconds to be at the first stop before the departure, as in `open_region`; a region has its own.
    crs
        Projected coordinate system, such as "EPSG:28992"; the UTM zone of the streets when left out. A region has its own.
    keep
        Whether the network of a file is kept in your cache folder, for the next time.

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
    if max_rides < 0 or (max_access_min is not None and max_access_min < 0):
        msg = f"max_rides {max_rides} and max_access_min {max_access_min} must be 0 or more."
        raise InputError(msg)
    window = arrivals(arrive_by) if arrive_by else Window(parse_clock(depart), 60, window_min)
    limits = {"travel_max_s": round(max_min * 60), "max_rides": max_rides}
    if isinstance(streets, Region):
        if timetables or date is not None or speeds_kmh or car_terminal_min or boarding_slack_s or crs:
            msg = (
                "A region has its own timetable, date, pace, slack and coordinate system: leave out timetables, date, "
                "speeds_kmh, car_terminal_min, boarding_slack_s and crs, or open the region with others."
            )
            raise InputError(msg)
        by, world = modes_asked(modes, streets.world), streets.world
        network = replace(world.network, assumptions=replace(world.network.assumptions, **limits))
        nodes = network.streets
        lonlat = world.projection.to_lonlat(nodes.node_x_m, nodes.node_y_m)
        ground = Ground(network, world.projection, *lonlat, world.report)
    else:
        by = modes_named(names_of(modes))
        riding = ", ".join(mode.name for mode in by if mode.is_timed)
        if riding and (not timetables or date is None):
            msg = f"Going by {riding} needs timetables (GTFS) and a date."
            raise InputError(msg)
        feeds = [Path(feed) for feed in timetables] if riding else []
        moment = Moment(None if date is None else day_of(date), window.first)
        assumed = replace(Assumptions(), **limits, first_boarding_slack_s=slack_of(boarding_slack_s))
        profiles = profiles_with(speeds_kmh or {}, car_terminal_min)
        ground = ground_of(
            streets,
            feeds,
            moment,
            profiles,
            by,
            assumed,
            crs,
            silent,
            user_cache("networks") if keep else None,
        )
    if max_access_min is not None:
        by = with_access(by, max_access_min)
    return times_between(ground, origins, destinations, by, window, shares)[0].to_pandas()


def with_access(modes: Sequence[TravelMode], max_access_min: float) -> list[TravelMode]:
    """Modes with so many minutes at most to the first stop, and from the last."""
    limit_s = round(max_access_min * 60)
    return [replace(mode, access_max_s=limit_s, egress_max_s=limit_s) for mode in modes]


def profiles_with(speeds_kmh: Mapping[str, float], car_terminal_min: float) -> tuple[Profile, ...]:
    """Profiles of all modes, some with another speed, and cars with so many minutes at each end of a drive.

    Raises
    ------
    InputError
        When there is no such mode, or nobody has such a speed.

    """
    known = [profile.name for profile in PROFILES]
    wrong = [f"{name}: {kmh}" for name, kmh in speeds_kmh.items() if name not in known or not 0 < kmh < 300]
    if wrong:
        msg = f"speeds_kmh {', '.join(wrong)}: give km/h above 0 for some of {', '.join(known)}."
        raise InputError(msg)
    if not 0 <= car_terminal_min <= MOST_TERMINAL_MIN:
        msg = f"car_terminal_min {car_terminal_min}: give minutes from 0 to {MOST_TERMINAL_MIN}."
        raise InputError(msg)
    parked = tuple(
        replace(profile, terminal_s=car_terminal_min * 60) if profile is CAR else profile
        for profile in PROFILES
    )
    return tuple(
        with_speed(profile, speeds_kmh[profile.name] * MPS_PER_KMH) if profile.name in speeds_kmh else profile
        for profile in parked
    )


class ReadyStreets(NamedTuple):
    """Streets of a file made ready for searches, as they are kept from one time to the next."""

    search: StreetSearch
    crs: str
    lon_deg: Floats
    lat_deg: Floats
    report: list[dict[str, object]]


def ground_of(
    streets: str | Path | Graph,
    feeds: Sequence[Path],
    moment: Moment,
    profiles: tuple[Profile, ...],
    modes: Sequence[TravelMode],
    assumptions: Assumptions,
    crs: str,
    progress: Progress,
    cache: Path | None,
) -> Ground:
    """Network of streets for some modes, and of timetables, at a moment; without feeds it needs no day.

    Streets of a file are kept in `cache`, and opened from there while the file, the moment, the speeds, the coordinate
    system and the program are the same; None keeps nothing.

    Raises
    ------
    InputError
        When a file or coordinate system cannot be used.

    """
    transport = read_public_transport(feeds, moment.day or dt.date.min)
    used = profiles_used(modes, profiles)

    def make() -> ReadyStreets:
        progress("reading the streets", 0.0)
        mapped, read = (
            read_streets(Path(streets), *moment)
            if isinstance(streets, str | Path)
            else from_networkx(streets)
        )
        projection = Projection(crs) if crs else utm_projection(mapped.lon_deg, mapped.lat_deg)
        progress("streets to network", 0.0)
        search, built = ready_search(mapped, profiles, projection, used)
        return ReadyStreets(search, projection.crs, mapped.lon_deg, mapped.lat_deg, (read + built).to_rows())

    if cache is not None and isinstance(streets, str | Path) and Path(streets).is_file():
        paces = [(of.name, of.speed.cruise_mps, of.off_street_mps, of in used) for of in profiles]
        key = digest([Path(streets)], repr((moment, paces, crs)))
        ready, met = kept(ReadyStreets, cache, key, make)
    else:
        ready, met = make(), BuildReport()
    network = travel_network(ready.search, no_service(), used, assumptions)
    projection, report = Projection(ready.crs), met + BuildReport.from_rows(ready.report)
    if feeds:
        network, more = od_network(network, transport, projection, progress)
        report += more
    return Ground(network, projection, ready.lon_deg, ready.lat_deg, report)


def times_between(
    ground: Ground,
    origins: pd.DataFrame | str | Path,
    destinations: pd.DataFrame | str | Path,
    modes: Sequence[TravelMode],
    window: Window,
    percents: tuple[float, ...],
    between: Between | None = None,
) -> tuple[LongTable, BuildReport]:
    """Times from every origin to every destination, see `matrix`, and which of them stand where nobody gets onto a street.

    `between` finds the times of all modes, where that is not done in this process.

    Raises
    ------
    InputError
        When the points cannot be used, or none of the stops is in reach.

    """
    origin_id, start = _points("origins", origins, ground)
    destination_id, end = _points("destinations", destinations, ground)
    n_columns = sum(len(percents) if mode.is_timed else 1 for mode in modes)
    refuse_beyond_memory(
        f"A matrix of {len(origin_id):,} x {len(destination_id):,} points",
        len(origin_id) * len(destination_id) * n_columns * BYTES_PER_TIME,
        "Ask for fewer origins at a time, and put the tables together.",
    )
    refuse_out_of_reach(ground.network, modes, start)
    if between is None:
        found = [od_times(ground.network, mode, start, end, window, percents) for mode in modes]
    else:
        found = list(between(start, end))
    report = _on_passed(ground, modes, "origin", origin_id, start)
    report += _on_passed(ground, modes, "destination", destination_id, end)
    return matrix_table(origin_id, destination_id, found, percents), report


def _on_passed(
    ground: Ground, modes: Sequence[TravelMode], which: str, ids: Sequence[str], points: Points
) -> BuildReport:
    """Points of which all that is in reach by some mode is a bridge, tunnel, ferry or motorway: they were put on it."""
    report = BuildReport()
    for street in dict.fromkeys(mode.street for mode in modes):
        passed = on_passed(ground.network.streets, snap_points(ground.network, street, points))
        what = f"{which} points with nothing in reach by {street} but what is passed: a bridge, tunnel, ferry or motorway"
        report += finding("points", "assumed", what, [ids[row] for row in passed.nonzero()[0].tolist()])
    return report


def _points(what: str, table: pd.DataFrame | str | Path, ground: Ground) -> tuple[Strings, Points]:
    """Ids and points of a table, all of them near the streets; messages call a table that is no file `what`."""
    if isinstance(table, str | Path):
        path = Path(table)
        ids, lon_deg, lat_deg = read_points(path)
    else:
        path = Path(what)
        ids, lon_deg, lat_deg = points_of(path, table)
    refuse_far_points(path, ids, lon_deg, lat_deg, ground)
    return ids, Points(*ground.projection.to_metres(lon_deg, lat_deg))
