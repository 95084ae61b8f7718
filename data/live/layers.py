"""The layers of a region, one after the other, each from its source or from what stands in for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from data.build_report import BuildReport
from data.download.cache import Fetched
from data.download.download import SourceError
from data.errors import InputError
from data.gtfs.calendar import check_service_date
from data.gtfs.days import busiest, trips_per_day
from data.live.area import Box, Municipalities
from data.live.areas import NO_AREAS, load_areas, read_areas
from data.live.job import (
    MUNICIPALITIES,
    OUTLINES,
    STREETS,
    TIMETABLE,
    Job,
)
from data.live.places import Where, where
from data.live.streets_layer import streets_taken
from data.live.timetable import cut_timetable
from data.osm.routes_times import RouteAssumptions
from data.osm.routes_timetable import read_osm_timetable


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
    return _mapped_routes(job, wanted)


def _mapped_routes(job: Job, wanted: dt.date | None) -> dt.date:
    """Let the routes of the map stand in for a timetable, if it has any that run on the day; return the day."""
    streets = streets_taken(job)
    if not (wanted or streets.date):
        raise InputError("Neither the timetable nor the map tells a date; name one with --date.")
    mapped = dt.date.fromisoformat(streets.date) if streets.date else dt.date.min
    day = wanted or mapped + dt.timedelta((job.sources.weekday - mapped.weekday()) % 7)
    try:
        read_osm_timetable(job.scratch / STREETS, day, RouteAssumptions())
    except InputError:
        return day  # the region does without buses
    note = (
        "No timetable could be had: the routes of the map, at even headways; minutes and hours are assumed."
    )
    job.layer("timetable", STREETS, streets, note, observed=False)
    return day
