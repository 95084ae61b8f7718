"""The dates that a region can be looked at; what runs on one of them is read by `data.study_area.service_day`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from data.errors import InputError
from data.study_area.region_toml import Region
from data.timetable import Timetable


@dataclass(frozen=True, slots=True)
class ServiceDates:
    """Dates that a region can be looked at.

    Attributes
    ----------
    dates
        In order; on each of them every feed of the region has a trip. None where the region has no feed with a
        calendar: mapped routes tell of weekdays only, and without a timetable no date differs from another.
    usual
        The service date that region.toml names.
    usual_trips
        Trips that begin on that day.

    """

    dates: tuple[dt.date, ...]
    usual: dt.date
    usual_trips: int

    def is_other(self, day: dt.date) -> bool:
        """Whether a day can be chosen and is not the usual one."""
        return day != self.usual and day in self.dates

    def nearest(self, day: dt.date) -> tuple[dt.date, ...]:
        """The last date before `day` and the first one after it, as far as there are such."""
        before, after = (
            [date for date in self.dates if (date < day) == is_before] for is_before in (True, False)
        )
        return (*before[-1:], *after[:1])


NO_DATES = ServiceDates((), dt.date.min, 0)


def refuse_other_date(region: Region, known: ServiceDates, day: dt.date) -> None:
    """Raise InputError unless the timetable of the region has trips on `day`; the message names the nearest days."""
    if day == known.usual or day in known.dates:
        return
    if not known.dates:
        msg = f"{region.title} has no timetable with a calendar: only its own date, {known.usual.isoformat()}, can be used."
        raise InputError(msg)
    nearest = " and ".join(date.isoformat() for date in known.nearest(day))
    msg = (
        f"The timetable of {region.title} has no trips on {day.isoformat()}: it runs from {known.dates[0].isoformat()} to "
        f"{known.dates[-1].isoformat()}. The nearest days with service are {nearest}: choose one of them."
    )
    raise InputError(msg)


def trips_of_day(timetable: Timetable) -> int:
    """Trips that begin on the service day itself, not on the evening before."""
    trips = timetable.trips
    return int((trips.call_departure[trips.call_offset[:-1]] >= 0).sum())
