"""Public transport of one day from whatever says something about it: GTFS feeds, their on-demand part, and mapped routes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from data.build_report import BuildReport
from data.on_demand.services import OnDemand, looks_on_demand
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.osm.file_names import is_osm_file
from data.timetable import NO_TIMETABLE, Timetable


class PublicTransport(NamedTuple):
    """What runs by the clock, what runs on demand, and what was assumed or left out."""

    timetable: Timetable
    on_demand: tuple[OnDemand, ...]
    report: BuildReport


def read_public_transport(
    files: Sequence[Path], service_date: dt.date, holidays: Holidays = DUTCH_NORTH
) -> PublicTransport:
    """Timetable and on-demand services of `service_date`; without any file there is neither.

    Files that are named as OSM files stand for the routes mapped in them, all others are GTFS feeds. The ids of trips
    and stops are those of `read_timetable` and `read_osm_timetable`.

    Raises
    ------
    InputError
        If a file cannot be used, or holds nothing for that day.

    """
    if not files:
        return PublicTransport(NO_TIMETABLE, (), BuildReport())
    # Readers of timetables take pandas, and that half a second.
    from data.gtfs.timetable import FeedDay, joined, read_timetable  # noqa: PLC0415
    from data.on_demand.gtfs_flex import FlexAssumptions, read_flex  # noqa: PLC0415
    from data.osm.routes_times import RouteAssumptions  # noqa: PLC0415
    from data.osm.routes_timetable import read_osm_timetable  # noqa: PLC0415

    feeds = [path for path in files if not is_osm_file(path.name)]
    on_demand = [read_flex(path, service_date, FlexAssumptions()) for path in feeds]
    report = sum((flex.report for flex in on_demand), BuildReport())
    timetables = []
    timed = [path for path, flex in zip(feeds, on_demand, strict=True) if flex.has_timetable]
    if timed:
        timetable, timetable_report = read_timetable(timed, service_date)
        timetables.append(timetable)
        report += timetable_report
    for path in files:
        if is_osm_file(path.name):
            timetable, timetable_report = read_osm_timetable(
                path, service_date, RouteAssumptions(holidays=holidays)
            )
            timetables.append(timetable)
            report += timetable_report
    days = [FeedDay(of.stops, of.trips, of.transfers) for of in timetables]
    both = NO_TIMETABLE if not days else timetables[0] if len(days) == 1 else joined(service_date, days)
    services = tuple(
        replace(service, id=f"{path.stem}:{service.id}") if len(feeds) > 1 else service
        for path, flex in zip(feeds, on_demand, strict=True)
        for service in flex.services
    )
    return PublicTransport(both, services, report + looks_on_demand(both))
