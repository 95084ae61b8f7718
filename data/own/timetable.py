"""Timetables of somebody's own: each feed read for the service day, and all of them together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.errors import InputError
from data.files.faults import Fault, OwnFaultError, refuse_no_feed
from data.gtfs.calendar import date_of, day_number
from data.gtfs.days import busiest, trips_per_day
from data.gtfs.tables import read_tables
from data.live.area import Box
from data.names import slug
from data.own.region import OwnFile, free_name
from data.own.streets import LARGE_BYTES
from data.progress import Progress
from data.study_area.public_transport import PublicTransport, read_public_transport
from data.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Days:
    """When a timetable runs: first and last day, and an ordinary day, of the weekday asked for where there is one."""

    first: dt.date
    last: dt.date
    usual: dt.date


class NoServiceError(OwnFaultError):
    """A timetable runs, but not on the service day."""

    def __init__(self, fault: Fault, days: Days) -> None:
        super().__init__(fault)
        self.days = days


@dataclass(frozen=True, slots=True, eq=False)
class OwnTimetable:
    """Files in the folder, the timetable of the day that they make, with what is beside them and alone, and what was met in either step."""

    files: tuple[str, ...]
    timetable: Timetable
    own: Timetable
    preparing: BuildReport
    report: BuildReport


def prepare_timetables(
    files: Sequence[OwnFile],
    day: dt.date,
    reach: Box,
    out: Path,
    progress: Progress,
    beside: Sequence[Path] = (),
) -> OwnTimetable:
    """Put feeds into the folder `out` and read them for `day`, each by itself and all together, with those that stay `beside` them.

    Raises
    ------
    OwnFaultError, InputError
        For the first feed that is none, runs on other days only, or has no stop in `reach`; or because they do not go
        together.

    """
    paths: list[Path] = []
    report = BuildReport()
    for file in files:
        refuse_no_feed(file.path, file.name)
        taken = {path.name for path in (*beside, *paths)}
        path = out / free_name(f"own-{slug(Path(file.name).stem)}", ".zip", taken)
        if file.path.stat().st_size > LARGE_BYTES:
            report += _cut(file, reach, path, progress)
        else:
            path.hardlink_to(file.path)
        paths.append(path)
    read = [_read_one(file, path, day, reach) for file, path in zip(files, paths, strict=True)]
    own = read[0] if len(read) == 1 else read_public_transport(paths, day)
    both = read_public_transport([*beside, *paths], day) if beside else own
    return OwnTimetable(tuple(path.name for path in paths), both.timetable, own.timetable, report, own.report)


def _cut(file: OwnFile, reach: Box, path: Path, progress: Progress) -> BuildReport:
    from data.live.timetable import NoTripHereError, cut_timetable  # noqa: PLC0415 -- only for the few large feeds

    try:
        report = cut_timetable(file.path, reach, path, progress)
    except NoTripHereError as error:
        raise OwnFaultError(Fault("no trip here", file.name, {}, str(error))) from error
    what = "timetables of more than 30 MB, of which only trips that call in the region are used"
    return report + finding("timetable", "dropped", what, [file.name])


def _read_one(file: OwnFile, path: Path, day: dt.date, reach: Box) -> PublicTransport:
    try:
        read = read_public_transport([path], day)
    except InputError as error:
        days = _days(path, day)
        if days is None:
            raise
        # No other day helps a timetable of another area.
        _refuse_elsewhere(file.name, *_stops(path), reach)
        raise NoServiceError(Fault("no service", file.name, {}, str(error)), days) from error
    _refuse_elsewhere(file.name, read.timetable.stops.lon_deg, read.timetable.stops.lat_deg, reach)
    return read


def _refuse_elsewhere(name: str, lon_deg: Floats, lat_deg: Floats, reach: Box) -> None:
    # A feed of rides on order alone has no stops.
    if len(lon_deg) and not reach.holds(lon_deg, lat_deg).any():
        middle = f"{float(np.nanmedian(lat_deg)):.2f}, {float(np.nanmedian(lon_deg)):.2f}"
        raise OwnFaultError(Fault("elsewhere", name, {"where": middle}))


def _stops(path: Path) -> tuple[Floats, Floats]:
    """Longitude and latitude of all stops of a feed, whatever the day."""
    stops = read_tables(path, "").stops
    return stops["stop_lon"].to_numpy(np.float64), stops["stop_lat"].to_numpy(np.float64)


def _days(path: Path, day: dt.date) -> Days | None:
    """When a feed runs that does not on `day`; None where it does, or cannot be read at all."""
    try:
        days = trips_per_day(path)
        service = days.service_days
        if not len(service) or day_number(day) in service:
            return None
        weekdays = [day.weekday(), *(other for other in range(7) if other != day.weekday())]
        usual = next(found for weekday in weekdays if (found := _busiest(busiest, days, weekday)) is not None)
    except InputError:
        return None
    first, last = map(date_of, (service[0], service[-1]))
    return Days(first, last, usual)


def _busiest(busiest: Callable[..., dt.date], days: object, weekday: int) -> dt.date | None:
    try:
        return busiest(days, weekday)
    except InputError:
        return None
