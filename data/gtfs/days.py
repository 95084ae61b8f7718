"""On which days a timetable runs, and how many trips."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from data.errors import InputError
from data.gtfs.calendar import EPOCH_WEEKDAY, N_WEEKDAYS, WEEKDAYS, TripsPerDay, date_of, read_calendar
from data.gtfs.tables import read_tables
from data.gtfs.trips import read_trips


def trips_per_day(feed: Path) -> TripsPerDay:
    """Trips on each day of a GTFS zip or folder.

    Raises
    ------
    InputError
        When the feed cannot be read.

    """
    tables = read_tables(feed, "")
    calendar, _ = read_calendar(tables)
    trips, _ = read_trips(tables, calendar)
    return calendar.trips_per_day(trips.per_service(len(calendar.service_id)))


def busiest(days: TripsPerDay, weekday: int) -> dt.date:
    """Day with most trips among those that fall on `weekday`, 0 for Monday; of equally busy ones the first.

    Holidays and days at the edge of a feed's validity have fewer trips, so that this is an ordinary day in term time.

    Raises
    ------
    InputError
        When no trip runs on that weekday.

    """
    day = np.arange(days.first_day, days.first_day + len(days.trips))
    trips = np.where((day + EPOCH_WEEKDAY) % N_WEEKDAYS == weekday, days.trips, 0)
    if not trips.any():
        msg = f"The timetable has no trip on any {WEEKDAYS[weekday]}. Choose another weekday, or name a date."
        raise InputError(msg)
    return date_of(day[np.argmax(trips)])
