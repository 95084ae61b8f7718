"""Which services of a GTFS feed run on which days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Int64s
from data.errors import InputError
from data.gtfs.tables import REQUIRED, FeedTables

WEEKDAYS = REQUIRED["calendar"][1:8]
ADDED, REMOVED = 1, 2
N_WEEKDAYS = 7
EPOCH = dt.date(1970, 1, 1)
EPOCH_WEEKDAY = 3
"""1970-01-01, day 0, was a Thursday; Monday is 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Weekly pattern and exceptions of each service; days count from 1970-01-01.

    Attributes
    ----------
    service_id
        The S services of calendar.txt and calendar_dates.txt.
    on_weekday
        (S, 7) bool, from Monday.
    first_day, last_day
        (S,) int64, both inclusive.
    exception_service, exception_day
        (E,) int64, row of `service_id` and day; no pair occurs twice.
    exception_added
        (E,) bool, whether the service runs on that day, whatever the weekly pattern says.

    """

    service_id: pd.Index[str]
    on_weekday: Bools
    first_day: Int64s
    last_day: Int64s
    exception_service: Int64s
    exception_day: Int64s
    exception_added: Bools

    def runs(self, day: int) -> Bools:
        """(S,) bool, which services run on `day`."""
        services = np.arange(len(self.service_id))
        runs = self._in_week(services, np.full(len(services), day))
        today = self.exception_day == day
        runs[self.exception_service[today]] = self.exception_added[today]
        return runs

    def trips_per_day(self, n_trips: Int64s) -> TripsPerDay:
        """Trips on each day of the feed, where `n_trips`, (S,), is the number of trips of each service."""
        bounds = [self.first_day, self.last_day, self.exception_day]
        days = np.concatenate(bounds)
        if not len(days):
            return TripsPerDay(0, np.zeros(0, np.int64))
        start, end = int(days.min()), int(days.max()) + 1
        weekday = (np.arange(start, end) + EPOCH_WEEKDAY) % N_WEEKDAYS
        trips = np.zeros(end - start, np.int64)
        for number in range(N_WEEKDAYS):
            change = np.zeros(end - start + 1, np.int64)
            weight = n_trips * self.on_weekday[:, number]
            np.add.at(change, self.first_day - start, weight)
            np.add.at(change, self.last_day - start + 1, -weight)
            on_day = weekday == number
            trips[on_day] = np.cumsum(change)[:-1][on_day]
        was_running = self._in_week(self.exception_service, self.exception_day)
        turned = self.exception_added.astype(np.int64) - was_running
        np.add.at(trips, self.exception_day - start, turned * n_trips[self.exception_service])
        return TripsPerDay(start, trips)

    def days_per_service(self) -> Int64s:
        """(S,) int64, number of days on which each service runs."""
        # A weekday's days are seven apart, counted from its first in 1970.
        first_in_1970 = (np.arange(N_WEEKDAYS) - EPOCH_WEEKDAY) % N_WEEKDAYS
        last, before = (
            (day[:, np.newaxis] - first_in_1970) // N_WEEKDAYS for day in (self.last_day, self.first_day - 1)
        )
        days: Int64s = ((last - before) * self.on_weekday).sum(axis=1)
        turned = self.exception_added.astype(np.int64) - self._in_week(
            self.exception_service, self.exception_day
        )
        np.add.at(days, self.exception_service, turned)
        return days

    def _in_week(self, services: Int64s, days: Int64s) -> Bools:
        in_period = (self.first_day[services] <= days) & (days <= self.last_day[services])
        runs: Bools = in_period & self.on_weekday[services, (days + EPOCH_WEEKDAY) % N_WEEKDAYS]
        return runs


@dataclass(frozen=True, slots=True, eq=False)
class TripsPerDay:
    """Number of trips on each day: `trips[d]` on day `first_day + d`, counted from 1970-01-01."""

    first_day: int
    trips: Int64s

    @property
    def service_days(self) -> Int64s:
        """Days with at least one trip, in order."""
        days: Int64s = np.flatnonzero(self.trips) + self.first_day
        return days


def day_number(date: dt.date) -> int:
    """Days from 1970-01-01 to `date`."""
    return (date - EPOCH).days


def date_of(day: int) -> dt.date:
    """Date so many days from 1970-01-01."""
    return EPOCH + dt.timedelta(int(day))


def valid_period(days: TripsPerDay) -> tuple[str, str] | None:
    """First and last ISO date with service, None where there is none at all."""
    service_days = days.service_days
    return (_iso(service_days[0]), _iso(service_days[-1])) if len(service_days) else None


def check_service_date(feed: str, service_date: dt.date, days: TripsPerDay) -> None:
    """Raise InputError unless the feed has a trip on `service_date`; the message names the days that have."""
    period = valid_period(days)
    if period is None:
        raise InputError(
            f"{feed} has no trip on any day: no calendar row or added date belongs to a trip of public transport. "
            "Ask the publisher for a complete feed."
        )
    first, last = period
    service_days, day = days.service_days, day_number(service_date)
    if not service_days[0] <= day <= service_days[-1]:
        raise InputError(
            f"{feed} is valid from {first} to {last}; {service_date.isoformat()} is outside that period. "
            "Choose a date within it, or another edition of the timetable."
        )
    place = int(np.searchsorted(service_days, day))
    if service_days[place] != day:
        before, after = _iso(service_days[place - 1]), _iso(service_days[place])
        raise InputError(
            f"{feed} is valid from {first} to {last}, but has no trip on {service_date.isoformat()}. "
            f"The nearest days with service are {before} and {after}: choose one of them."
        )


def read_calendar(tables: FeedTables) -> tuple[Calendar, BuildReport]:
    """Calendar of a feed, from calendar.txt, calendar_dates.txt or both."""
    weeks, week_report = _usable_weeks(tables)
    dates, date_report = _usable_dates(tables)
    services = pd.Index(pd.concat([weeks["service_id"], dates["service_id"]]).unique())
    row = services.get_indexer(pd.Index(weeks["service_id"]))
    on_weekday = np.zeros((len(services), N_WEEKDAYS), np.bool_)
    on_weekday[row] = weeks[list(WEEKDAYS)].to_numpy() == 1
    # A service without a weekly pattern gets an empty one, within the days the feed has anyway.
    days = np.concatenate([weeks["start_date"], dates["date"]])
    some_day = days.min() if len(days) else 0
    first_day, last_day = np.full((2, len(services)), some_day, np.int64)
    first_day[row], last_day[row] = weeks["start_date"], weeks["end_date"]
    calendar = Calendar(
        service_id=services,
        on_weekday=on_weekday,
        first_day=first_day,
        last_day=last_day,
        exception_service=services.get_indexer(pd.Index(dates["service_id"])).astype(np.int64),
        exception_day=dates["date"].to_numpy(np.int64),
        exception_added=(dates["exception_type"] == ADDED).to_numpy(np.bool_),
    )
    return calendar, week_report + date_report


def _usable_weeks(tables: FeedTables) -> tuple[pd.DataFrame, BuildReport]:
    """Rows of calendar.txt, one per service."""
    weeks = tables.calendar
    reverse = (weeks["end_date"] < weeks["start_date"]).to_numpy(np.bool_)
    again = weeks["service_id"].duplicated().to_numpy(np.bool_) & ~reverse
    services = weeks["service_id"].to_numpy()
    report = tables.note(
        "dropped", "calendar rows that end before they start", reverse, services.__getitem__
    ) + tables.note("dropped", "second calendar rows of a service", again, services.__getitem__)
    return weeks[~reverse & ~again], report


def _usable_dates(tables: FeedTables) -> tuple[pd.DataFrame, BuildReport]:
    """Rows of calendar_dates.txt, one per service and day."""
    dates = tables.calendar_dates
    strange = ~dates["exception_type"].isin([ADDED, REMOVED]).to_numpy(np.bool_)
    again = dates.duplicated(["service_id", "date"]).to_numpy(np.bool_) & ~strange

    def label(row: int) -> str:
        return f"{dates['service_id'].iloc[row]} on {_iso(dates['date'].iloc[row])}"

    report = tables.note(
        "dropped", "calendar_dates with an exception_type other than 1 and 2", strange, label
    ) + tables.note("dropped", "second calendar_dates of a service and day", again, label)
    return dates[~strange & ~again], report


def _iso(day: np.int64) -> str:
    return str(np.datetime64(int(day), "D"))
