"""The layers of a region, one after the other, each from its source or from what stands in for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from data.build_report import BuildReport
from data.download import NeverDownloadedError, SourceError
from data.errors import InputError
from data.features import load_facility_kinds
from data.gtfs_calendar import check_service_date
from data.gtfs_days import busiest, trips_per_day
from data.live.area import Box, Municipalities
from data.live.areas import NO_AREAS, load_areas, read_areas
from data.live.job import (
    MUNICIPALITIES,
    OUTLINES,
    STREETS,
    TIMETABLE,
    Job,
)
from data.live.osm import cut_extracts, extract_date, needed_extracts
from data.live.overpass import fetch_overpass
from data.live.places import Where, where
from data.live.region_files import Taken
from data.live.timetable import cut_timetable
from data.osm import OsmExtract, read_osm
from data.projection import GEOD
from data.sources import Source
from data.stored import Fetched


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


def streets_taken(job: Job) -> Taken:
    """Where the map came from."""
    return next(one for one in job.taken if one.what == "streets and services")


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
    date = wanted.isoformat() if wanted else streets_taken(job).date
    if not date:
        raise InputError("Neither the timetable nor the map tells a date; name one with --date.")
    return dt.date.fromisoformat(date)


def _km2(box: Box) -> float:
    area_m2, _ = GEOD.geometry_area_perimeter(box.polygon)
    return abs(area_m2) / 1e6
