"""A region out of a map and timetables: what is not given is proposed from what they hold, and told."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import CRS
from scipy.spatial import cKDTree

from data.build_report import BuildReport, finding
from data.columns import Bools, Int32s, Int64s, take
from data.errors import InputError, no_file
from data.files.faults import refuse_no_feed, refuse_other_content
from data.files.output import write_table
from data.files.whole import new_folder, renewed, sweep
from data.gtfs.calendar import N_WEEKDAYS, TripsPerDay, date_of
from data.live.area import Box
from data.names import ids_of
from data.osm.extract import OsmExtract, map_date, read_osm
from data.osm.features import OsmPlaces
from data.osm.file_names import osm_ending
from data.own.region import UNKNOWN_LICENCE, toml
from data.own.streets import StreetFacts, street_facts
from data.parameters.facility_kinds import load_facility_kinds
from data.progress import Progress
from data.projection import Projection, utm_projection
from data.study_area.public_transport import read_public_transport
from data.study_area.read_layers import StudyArea, study_area_of
from data.study_area.region_toml import load_region
from data.timetable import Timetable

RD, DUTCH_TIME = "EPSG:28992", "Europe/Amsterdam"
OPEN_H = (9, 17)
"""Between these hours a window is looked for: services are open, and people without work or school are on the way."""
WINDOW_H = 2
HOUR_S = 3600
TOWNS, QUARTERS = ("city", "town"), ("suburb", "quarter", "neighbourhood")
QUARTER_MAX_M = 10_000.0
"""A quarter belongs to the nearest town within this distance: that of its centre to the edge of a large one."""
ASSUMED_INHABITANTS = {
    "city": 100_000,
    "town": 10_000,
    "village": 1_000,
    "suburb": 1_000,
    "quarter": 1_000,
    "neighbourhood": 200,
    "hamlet": 100,
    "isolated_dwelling": 5,
}
"""Persons of a place whose number is not mapped. Of settlements the lower end of what the OpenStreetMap wiki (Key:place)
takes each to have; of two households, 5. Quarters, of which it says nothing, as villages and hamlets."""
OSM_LICENCE = "ODbL 1.0 (OpenStreetMap contributors)"
TOML, PLACES = "region.toml", "places.csv"


@dataclass(frozen=True, slots=True)
class Given:
    """Files that a region is made of; None, and no timetables, where there are none."""

    title: str
    streets: Path
    timetables: tuple[Path, ...]
    places: Path | None
    facilities: Path | None


@dataclass(frozen=True, slots=True)
class Service:
    """A service date and window, and in words why they are proposed."""

    date: dt.date
    window: tuple[str, str]
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A new region, as it was read, and what was proposed and assumed."""

    area: StudyArea
    service: Service
    report: BuildReport
    """Of the places that were taken from the map."""


def make_region(given: Given, folder: Path, today: dt.date, progress: Progress, *, force: bool) -> Made:
    """Write a folder with region.toml and all files that it names; it is whole and was read, or nothing is written.

    Parameters
    ----------
    given
        Files; they are copied.
    folder
        New, or one that lacks these files; with `force` they are written over.
    today
        Names the date where no timetable does.

    Raises
    ------
    InputError
        When a file cannot be used, they lie apart, or the folder has such files.

    """
    if (folder / TOML).exists() and not force:
        msg = f"{folder} is a region already; choose another folder, or write over it with --force."
        raise InputError(msg)
    sweep(folder.parent)  # whoever made it may have been ended
    if not folder.exists():
        with new_folder(folder) as beside:
            return _filled(given, beside, folder, today, progress)
    with renewed(folder, TOML) as beside:
        made = _filled(given, beside, folder, today, progress)
        _refuse_taken(beside, folder, given, force=force)
    return made


def _filled(given: Given, beside: Path, folder: Path, today: dt.date, progress: Progress) -> Made:
    """Fill the new folder `beside`, which messages call `folder`."""
    try:
        return _fill(given, beside, today, progress)
    except InputError as error:
        raise InputError(str(error).replace(f"{beside}/", "").replace(str(beside), str(folder))) from error


def _fill(given: Given, beside: Path, today: dt.date, progress: Progress) -> Made:
    """Fill the new folder `beside`, and read it as a region is read."""
    kinds = load_facility_kinds()
    progress("reading the layers", 0.0)
    streets = _copied(given.streets, beside, _osm_name(given.streets))
    extract = read_osm(streets, kinds)
    facts = street_facts(extract.streets)
    progress("reading the layers", 0.4)
    feeds = [_copied(feed, beside, _feed_name(feed)) for feed in given.timetables]
    service = _service(feeds, facts, today)
    crs = proposed_crs(extract, feeds)
    mapped = {"licence": OSM_LICENCE, "date": map_date(streets)}
    layers, report = [_layer("streets", given.streets, streets.name, **mapped)], BuildReport()
    layers += [_layer("timetable", of, feed.name) for of, feed in zip(given.timetables, feeds, strict=True)]
    if given.places is not None:
        layers.append(_layer("places", given.places, _copied(given.places, beside).name))
    else:
        table, report = places_table(extract.places, facts.reach, Projection(crs))
        write_table(beside / PLACES, table, keep_formulas=True)
        modelled = (table["origin"] == "modelled").any()
        origin = "modelled" if modelled else "observed"
        layers.append(_layer("places", given.streets, PLACES, origin=origin, **mapped))
    if given.facilities is not None:
        layers.append(_layer("facilities", given.facilities, _copied(given.facilities, beside).name))
    fields = {
        "title": given.title,
        "crs": crs,
        "service_date": service.date,
        "window": list(service.window),
        "layer": layers,
    }
    head = "# Made by `dorpshub init`. Change what you know better; the region is built anew when it is next opened.\n\n"
    (beside / TOML).write_text(head + toml(fields), encoding="utf-8")
    progress("reading the layers", 0.8)
    return Made(study_area_of(load_region(beside), beside, extract), service, report)


def _layer(
    name: str,
    given: Path,
    file: str,
    *,
    origin: str = "observed",
    licence: str = UNKNOWN_LICENCE,
    date: str = "",
) -> dict[str, str]:
    fields = {"name": name, "file": file, "origin": origin, "source": f"file {given.name}"}
    return {**fields, "date": date or _saved(given), "licence": licence}


def _saved(path: Path) -> str:
    """Date on which a file was saved, where it does not tell of when it is."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()


def _osm_name(path: Path) -> str:
    """Name of a map by which its readers know its format, whatever it was called."""
    if not path.is_file():
        raise InputError(no_file(path))
    refuse_other_content(path, path.name, ("an OpenStreetMap file", "a packed file"))
    ending = osm_ending(path)
    if path.name.lower().endswith(ending):
        return path.name
    return f"{path.name.removesuffix(path.suffix).removesuffix('.osm')}{ending}"


def _feed_name(path: Path) -> str:
    if not path.is_file():
        what = "is a folder; pack its files in a zip first" if path.is_dir() else "is not there"
        msg = f"The timetable {path} {what}."
        raise InputError(msg)
    refuse_no_feed(path, path.name)
    return path.name if path.suffix.lower() == ".zip" else f"{path.name}.zip"


def _copied(path: Path, folder: Path, name: str = "") -> Path:
    """Copy of a file in the folder, under another name where that one is taken."""
    if not path.is_file():
        raise InputError(no_file(path))
    name = name or path.name
    target, number = folder / name, 1
    while target.exists() or target.name in (TOML, PLACES):
        number += 1
        target = folder / f"{number}-{name}"
    shutil.copyfile(path, target)
    return target


def _refuse_taken(beside: Path, folder: Path, given: Given, *, force: bool) -> None:
    """Refuse to put the files of `beside` into `folder` where others are in their place."""
    own = {of.resolve() for of in (given.streets, *given.timetables, given.places, given.facilities) if of}
    taken = [
        file.name
        for file in sorted(beside.iterdir())
        if (folder / file.name).exists() and (folder / file.name).resolve() not in own
    ]
    if taken and not force:
        msg = f"{folder} has {', '.join(taken)} already; choose another folder, or write over them with --force."
        raise InputError(msg)


def proposed_crs(extract: OsmExtract, feeds: Sequence[Path]) -> str:
    """Coordinate system for where the streets lie: that of the Netherlands there, else the UTM zone of their middle.

    The Dutch system reaches over the border; a timetable that runs by the clock of another country tells.
    """
    from data.gtfs.tables import read_tables  # noqa: PLC0415 -- gtfs-kit takes two seconds

    lon_deg, lat_deg = extract.streets.lon_deg, extract.streets.lat_deg
    lon, lat = float(np.median(lon_deg)), float(np.median(lat_deg))
    area = CRS.from_user_input(RD).area_of_use
    zones = {zone for feed in feeds for zone in read_tables(feed, "").agency["agency_timezone"].dropna()}
    inside = area is not None and area.west <= lon <= area.east and area.south <= lat <= area.north
    return RD if inside and zones <= {DUTCH_TIME} else utm_projection(lon_deg, lat_deg).crs


def places_table(mapped: OsmPlaces, reach: Box, projection: Projection) -> tuple[pd.DataFrame, BuildReport]:
    """Places of a map within reach of its streets with their inhabitants, in columns that a person can mend.

    A place without a number has as many as its kind usually has. The number of a town holds its quarters: what those
    with a number leave is divided evenly over the others and its middle.
    """
    inside = reach.holds(mapped.lon_deg, mapped.lat_deg)
    far = finding(
        "places", "dropped", "places far from any street of the map", np.array(mapped.name, object)[~inside]
    )
    places = take(mapped, np.flatnonzero(inside))
    if not len(places.id):
        msg = "The map has no places (place=village and the like). Give a table of them with --places: name, lon, lat, inhabitants."
        raise InputError(msg)
    kind = np.array(places.kind, object)
    known = places.population >= 0
    usual = np.array([ASSUMED_INHABITANTS[of] for of in places.kind])
    people = np.where(known, places.population, usual).astype(np.int64)
    divided = _divide(places, projection, people, known, np.isin(kind, TOWNS), np.isin(kind, QUARTERS))
    names = np.array(places.name, object)
    table = pd.DataFrame(
        {
            "id": ids_of(places.name, ("",) * len(places.id)),
            "name": places.name,
            "kind": places.kind,
            "municipality": "",
            "lon": np.round(places.lon_deg, 7),
            "lat": np.round(places.lat_deg, 7),
            "inhabitants": people,
            "origin": np.where(known & ~divided, "observed", "modelled"),
        }
    )
    what = "place without a population tag: as many people as its kind usually has"
    return table, far + finding("places", "assumed", what, names[~known & ~divided]) + finding(
        "places", "assumed", "people of a town, divided over its quarters and its middle", names[divided]
    )


def _divide(
    places: OsmPlaces, projection: Projection, people: Int64s, known: Bools, town: Bools, quarter: Bools
) -> Bools:
    """Divide the people of towns, in place; (P,) whose number is made by that."""
    divided = np.zeros(len(people), np.bool_)
    if not town.any() or not quarter.any():
        return divided
    towns, quarters = np.flatnonzero(town), np.flatnonzero(quarter)
    xy_m = np.column_stack(projection.to_metres(places.lon_deg, places.lat_deg))
    away_m, nearest = cKDTree(xy_m[towns]).query(xy_m[quarters])
    for number, row in enumerate(towns):
        of_town = quarters[(nearest == number) & (away_m <= QUARTER_MAX_M)]
        if not len(of_town):
            continue
        without = of_town[~known[of_town]]
        rest = max(int(people[row] - people[of_town[known[of_town]]].sum()), 0)
        people[without] = rest // (len(without) + 1)
        people[row] = rest - people[without].sum()
        divided[[row, *without]] = True
    return divided


def _service(feeds: Sequence[Path], facts: StreetFacts, today: dt.date) -> Service:
    """Date and window proposed from timetables; without any, the Tuesday after today and usual hours."""
    if not feeds:
        tuesday = today + dt.timedelta((1 - today.weekday()) % N_WEEKDAYS)
        return Service(
            tuesday, _window(OPEN_H[0]), "a Tuesday; without a timetable no date differs from another"
        )
    from data.gtfs.days import trips_per_day  # noqa: PLC0415 -- gtfs-kit takes two seconds

    date, n_trips, which = busiest_day([trips_per_day(feed) for feed in feeds])
    timetable = read_public_transport(feeds, date).timetable
    departs_h = _departure_hours(timetable, facts)
    if not len(departs_h):
        msg = "No trip of the timetable calls where the streets are. Use streets and timetable of the same area."
        raise InputError(msg)
    starts = range(OPEN_H[0], OPEN_H[1] - WINDOW_H + 1)
    counts = [int(((departs_h >= start) & (departs_h < start + WINDOW_H)).sum()) for start in starts]
    start = starts[int(np.argmax(counts))]
    why = (
        f"the {which} with most trips ({n_trips:,}), and of its hours between {OPEN_H[0]} and {OPEN_H[1]} the "
        f"{WINDOW_H} with most departures ({max(counts):,})"
    )
    return Service(date, _window(start), why)


def busiest_day(feeds: Sequence[TripsPerDay]) -> tuple[dt.date, int, str]:
    """Day on which all feeds run with most trips together, from Monday to Friday if there is any; of equal ones a Tuesday.

    Raises
    ------
    InputError
        When there is no such day.

    """
    common = sorted(set.intersection(*(set(feed.service_days.tolist()) for feed in feeds)))
    if not common:
        msg = "The timetables have no day on which all of them run. Use editions of the same period."
        raise InputError(msg)
    trips = {day: sum(int(feed.trips[day - feed.first_day]) for feed in feeds) for day in common}
    working = [day for day in common if date_of(day).weekday() < 5]
    day = max(working or common, key=lambda day: (trips[day], date_of(day).weekday() == 1, -day))
    return date_of(day), trips[day], "working day" if working else "day"


def _departure_hours(timetable: Timetable, facts: StreetFacts) -> Int32s:
    """Hour of each departure at a stop near the streets."""
    stops, trips = timetable.stops, timetable.trips
    near = facts.reach.holds(stops.lon_deg, stops.lat_deg)[trips.call_stop] & trips.call_pickup
    hours: Int32s = trips.call_departure[near] // HOUR_S
    return hours


def _window(start_h: int) -> tuple[str, str]:
    return f"{start_h:02d}:00", f"{start_h + WINDOW_H:02d}:00"
