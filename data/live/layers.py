"""The layers of a region, one after the other, each from its source or from what stands in for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.build_report import BuildReport
from data.columns import take
from data.control import read_control, write_control
from data.download import NeverDownloadedError, SourceError
from data.errors import InputError
from data.features import load_facility_kinds
from data.gtfs_calendar import check_service_date
from data.gtfs_days import busiest, trips_per_day
from data.live import control
from data.live.area import Box, Municipalities
from data.live.areas import NO_AREAS, Areas, load_areas, read_areas, write_areas
from data.live.job import (
    CELLS,
    CONTROL,
    FACILITIES,
    MUNICIPALITIES,
    NEIGHBOURHOODS,
    OUTLINES,
    PLACES,
    STREETS,
    TIMETABLE,
    Job,
)
from data.live.odata import CODE
from data.live.osm import cut_extracts, extract_date, needed_extracts
from data.live.overpass import fetch_overpass
from data.live.places import Where, facility_table, outlines_of, place_tables, where
from data.live.region_files import Taken
from data.live.squares import RD, Squares, read_squares
from data.live.timetable import cut_timetable
from data.osm import OsmExtract, read_osm
from data.projection import GEOD, Projection
from data.sources import Source
from data.stored import Fetched
from data.tables import write_table


def area_of(job: Job) -> Where:
    """Shape of the area, by the outlines of the municipalities."""
    source = job.sources.source("outlines")
    try:
        areas, fetched = read_areas(job.download, source)
        job.take(source, "municipal outlines", fetched)
    except SourceError as error:
        if job.keep(source, "municipal outlines", str(error), (MUNICIPALITIES,)):
            areas = load_areas(job.scratch / MUNICIPALITIES)
        elif isinstance(job.order.area, Municipalities):
            msg = (
                f"{error} Without outlines municipalities cannot be found; name the area with --bbox instead."
            )
            raise InputError(msg) from error
        else:
            areas = NO_AREAS
    used = job.taken[-1]
    if not len(areas.name):
        used = replace(used, credit="The box that was asked for", licence="none needed")
    job.layer("outlines", OUTLINES, used)
    return where(job.order.area, areas)


def streets(job: Job, box: Box) -> OsmExtract:
    """Streets, places and services of the box: of Overpass where it is small, else out of whole extracts."""
    out, kinds = job.scratch / STREETS, load_facility_kinds()
    overpass, extracts = job.sources.source("overpass"), job.sources.source("extracts")
    small = _km2(box) <= overpass.small_km2 and not job.download.offline
    troubles = []
    for source, fetch in ((overpass, _from_overpass), (extracts, _from_extracts)):
        if source is overpass and not small:
            continue
        try:
            fetch(job, source, box, out)
            break
        except SourceError as error:
            troubles.append(str(error))
    else:
        if not job.keep(extracts, "streets and services", " ".join(troubles), (STREETS,)):
            raise InputError(" ".join(troubles))
    job.layer("streets", STREETS, job.taken[-1])
    extract = read_osm(out, kinds)
    job.report += extract.report
    return extract


def _from_overpass(job: Job, source: Source, box: Box, out: Path) -> None:
    def use(address: str) -> Fetched:
        if not job.download.asking:
            raise NeverDownloadedError(f"Answers of {address} are not kept.")
        date = fetch_overpass(address, job.download.agent, box, load_facility_kinds(), out)
        return Fetched(address, out, date, "new")

    job.take(source, "streets and services", job.download.first(source, use))


def _from_extracts(job: Job, source: Source, box: Box, out: Path) -> None:
    """Cut the extracts that a user named, else those of the index that cover the box."""
    addresses = source.addresses
    if not addresses:
        index = job.sources.source("extract_index")

        def use(address: str) -> tuple[str, ...]:
            return needed_extracts(job.download.get(index, address, "json").path, box)

        addresses = job.download.first(index, use)
    files = [_file_at(job, source, address) for address in addresses]
    cut_extracts([one.path for one in files], box, load_facility_kinds(), out, job.progress)
    for one in files:
        job.take(source, "streets and services", one, extract_date(one.path))


def _file_at(job: Job, source: Source, address: str) -> Fetched:
    return job.download.first(source.only(address), lambda one: job.download.get(source, one, "osm"))


def people(job: Job, place: Where, extract: OsmExtract, box: Box, projection: Projection) -> None:
    """Places with their inhabitants, the cells these live in, and facilities."""
    streets = _streets_taken(job)
    source, squares = job.sources.source("squares"), None
    kept = False
    if projection.crs == RD:
        try:
            squares, fetched = read_squares(job.download, source, box, job.scratch)
            job.take(source, "inhabitants per square of 100 m", fetched)
        except SourceError as error:
            kept = job.keep(source, "inhabitants per square of 100 m", str(error), (PLACES, CELLS))
    people = job.taken[-1]
    if squares is not None and not len(squares.x_m):
        squares = None
    if not kept:
        _write_places(job, place, extract, squares, projection)
    from_squares = kept or squares is not None
    edition = f"{people.url.rsplit('/', 1)[-1]}. " if from_squares and people.url else ""
    note = (
        f"{edition}Inhabitants are those of the squares nearest to the place, in the same municipality."
        if from_squares
        else "Inhabitants are the population tags of the map; there are no cells."
    )
    job.layer("places", PLACES, people if from_squares else streets, note, observed=from_squares)
    if from_squares:
        note = f"{edition}15 to 25 and 65 and over are split by the ages of the country; secret numbers are assumed."
        job.layer("population", CELLS, people, note)
    table = facility_table(extract.facilities)
    if len(table):
        write_table(job.scratch / FACILITIES, table)
        job.layer("facilities", FACILITIES, streets, "As mapped; what nobody mapped is missing.")


def _streets_taken(job: Job) -> Taken:
    return next(one for one in job.taken if one.what == "streets and services")


def _write_places(
    job: Job, place: Where, extract: OsmExtract, squares: Squares | None, projection: Projection
) -> None:
    wanted = np.flatnonzero([kind in job.sources.place_kinds for kind in extract.places.kind])
    found = take(extract.places, wanted)
    if not place.inside(found.lon_deg, found.lat_deg).any():
        kinds = ", ".join(job.sources.place_kinds)
        msg = f"The map has no place ({kinds}) in the area. Name a larger area, or more kinds in the file of sources."
        raise InputError(msg)
    table, grid, report = place_tables(found, place, squares, projection, job.sources.secret_persons)
    job.report += report
    write_table(job.scratch / PLACES, table)
    if grid is not None:
        write_table(job.scratch / CELLS, grid)


def timetable(job: Job, box: Box) -> dt.date:
    """Timetable of the box, and the day that shows an ordinary weekday of it."""
    source, out, wanted = job.sources.source("timetable"), job.scratch / TIMETABLE, job.order.service_date

    def use(address: str) -> tuple[Fetched, BuildReport]:
        fetched = job.download.get(source, address, "zip")
        report = cut_timetable(fetched.path, box, out, job.progress)
        try:
            trips_per_day(out)
        except InputError as error:
            raise SourceError(f"{fetched.url} cannot be used: {error}") from error
        return fetched, report

    there = True
    try:
        fetched, report = job.download.first(source, use)
        job.take(source, "timetable", fetched)
        job.report += report
    except SourceError as error:
        there = job.keep(source, "timetable", str(error), (TIMETABLE,))
    if there:
        job.layer("timetable", TIMETABLE, job.taken[-1])
        days = trips_per_day(out)
        if wanted:
            check_service_date("The timetable", wanted, days)
        return wanted or busiest(days, job.sources.weekday)
    # Without a timetable the date decides nothing; the region must have one all the same.
    date = wanted.isoformat() if wanted else _streets_taken(job).date
    if not date:
        raise InputError("Neither the timetable nor the map tells a date; name one with --date.")
    return dt.date.fromisoformat(date)


def published(job: Job, place: Where, box: Box) -> None:
    """Published figures to compare with, and the neighbourhoods that some of them are of."""
    inside = outlines_of(place, job.order.title)
    codes = [code for code in inside.code if code.startswith("GM")]
    if not codes:
        return
    areas = inside
    source = job.sources.source("neighbourhoods").within(_text(box))
    try:
        hoods, fetched = read_areas(job.download, source)
        own = [row for row, code in enumerate(hoods.code) if _belongs(code, codes)]
        write_areas(job.scratch / NEIGHBOURHOODS, hoods.picked(own))
        job.take(source, "outlines of neighbourhoods", fetched)
    except SourceError as error:
        job.keep(source, "outlines of neighbourhoods", str(error), (NEIGHBOURHOODS,))
    if (job.scratch / NEIGHBOURHOODS).is_file():
        hoods = load_areas(job.scratch / NEIGHBOURHOODS)
        areas = Areas(
            inside.name + hoods.name, inside.code + hoods.code, np.concatenate([inside.shape, hoods.shape])
        )
    figures = control.rows_from(job.download, job.sources, areas, lambda code: _belongs(code, codes))
    earlier = read_control(job.before) if job.before else ()
    new = {row.control_id for row in figures.rows}
    for one, trouble, source in figures.used:
        if one is not None:
            job.take(source, "published figures", one)
            continue
        indicators = {control.INDICATORS[ours].indicator for ours, _ in source.columns if ours != CODE}
        rows = [row for row in earlier if row.indicator in indicators and row.control_id not in new]
        figures.rows.extend(rows)
        state = "kept" if rows else "missing"
        job.taken.append(
            Taken(source.id, "published figures", "", "", source.licence, source.credit, state, trouble)
        )
    if figures.rows:
        write_control(job.scratch / CONTROL, figures.rows)


def _belongs(code: str, municipalities: list[str]) -> bool:
    """Whether a code is of one of these municipalities or of a neighbourhood in one."""
    return code in municipalities or (code.startswith("BU") and f"GM{code[2:6]}" in municipalities)


def _km2(box: Box) -> float:
    area_m2, _ = GEOD.geometry_area_perimeter(box.polygon)
    return abs(area_m2) / 1e6


def _text(box: Box) -> str:
    return ",".join(f"{value:.5f}" for value in (box.west, box.south, box.east, box.north))
