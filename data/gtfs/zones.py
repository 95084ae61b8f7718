"""Time zones of feeds: those that have the same clock on a day can be read together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from data.build_report import BuildReport, finding
from data.errors import InputError

NOON = dt.time(12)
"""Times of GTFS count from twelve hours before noon, so that at noon the clocks must agree."""


def check_clocks(files: Mapping[str, str], service_date: dt.date) -> BuildReport:
    """Report of time zones by name, each with the file of an agency there, that are read as one.

    Raises
    ------
    InputError
        Their clocks differ on `service_date`; the message names them all.

    """
    clocks = {zone: _ahead_of_utc(zone, service_date) for zone in files}
    named = [f"{zone} ({files[zone]})" for zone in sorted(files)]
    different = {zone if clock is None else clock for zone, clock in clocks.items()}
    if len(different) > 1:
        raise InputError(
            f"The agencies are in time zones whose clocks differ on {service_date.isoformat()}: "
            f"{' and '.join(named)}. Read feeds of one clock together, and leave the others out."
        )
    unknown = [name for name, zone in zip(named, sorted(files), strict=True) if clocks[zone] is None]
    what = "time zones with the same clock on this day, read as one"
    return finding("timetable", "kept", what, named if len(named) > 1 else []) + finding(
        "timetable", "assumed", "time zones of an unknown name, taken to be that of the region", unknown
    )


def _ahead_of_utc(zone: str, day: dt.date) -> dt.timedelta | None:
    """Time that the clock of a zone is ahead of UTC at noon; None where nobody knows the zone."""
    try:
        return dt.datetime.combine(day, NOON, ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError):
        return None
