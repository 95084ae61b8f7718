"""What runs on one service date: the timetable and the on-demand services; and on which dates anything does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.build_report import BuildReport
from data.gtfs.calendar import date_of
from data.gtfs.days import trips_per_day
from data.on_demand.gtfs_flex import FlexAssumptions, read_flex
from data.on_demand.region_toml import read_on_demand
from data.on_demand.services import OnDemand
from data.osm.file_names import is_osm_file
from data.outlines import Outline
from data.study_area.public_transport import read_public_transport
from data.study_area.region_toml import Region
from data.timetable import Timetable


@dataclass(frozen=True, slots=True, eq=False)
class ServiceDay:
    """Public transport of a region on its service date, and what was assumed or left out."""

    timetable: Timetable
    on_demand: tuple[OnDemand, ...]
    report: BuildReport


def read_service_day(region: Region, generated: Path, outlines: Sequence[Outline]) -> ServiceDay:
    """Timetable of the region's service date, and the on-demand services of region.toml and of the feeds.

    Parameters
    ----------
    region
        What region.toml says; for another date, with that as its service date.
    generated
        Folder with the generator's output, for the layers that name it.
    outlines
        Of the region.

    Raises
    ------
    InputError
        When a file cannot be used, or nothing runs on that date.

    """
    transport = read_public_transport(_feeds(region, generated), region.service_date, region.holidays)
    on_demand, report = read_on_demand(
        region.on_demand,
        region.folder,
        outlines,
        transport.timetable.stops,
        region.service_date,
        region.holidays,
    )
    return ServiceDay(transport.timetable, on_demand + transport.on_demand, transport.report + report)


def read_dates(region: Region, generated: Path) -> tuple[dt.date, ...]:
    """Dates on which each feed of the region has a trip, in order; none where no feed has a calendar.

    Raises
    ------
    InputError
        When a feed cannot be read.

    """
    common: set[int] | None = None
    for feed in _feeds(region, generated):
        if (
            is_osm_file(feed.name)
            or not read_flex(feed, region.service_date, FlexAssumptions()).has_timetable
        ):
            continue
        days = set(trips_per_day(feed).service_days.tolist())
        common = days if common is None else common & days
    return tuple(date_of(day) for day in sorted(common or ()))


def _feeds(region: Region, generated: Path) -> list[Path]:
    return [source.path(region.folder, generated) for source in region.layer("timetable")]
