"""GTFS feeds and a service date to the timetable of that day.

Clock times count from noon minus 12 hours, as GTFS has it: that is midnight, except on the two days a year on which the
clocks change, when it is an hour off. Trips of such a day keep the times the feed gives them.

Timetables of single feeds put together into one, with the trips in a fixed order.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.build_report import BuildReport, finding
from data.columns import Bools, Int64s
from data.errors import InputError
from data.gtfs.calendar import check_service_date, day_number, read_calendar
from data.gtfs.calls import DAY_S, FeedCalls, FeedStops, read_calls, read_stops
from data.gtfs.tables import FeedTables, read_tables
from data.gtfs.times import clock_text
from data.gtfs.transfers import DayRuns, read_in_seat_transfers, read_transfers
from data.gtfs.trips import FeedTrips, Frequencies, read_frequencies, read_trips
from data.gtfs.zones import check_clocks
from data.timetable import (
    YESTERDAY,
    Headways,
    InSeatTransfers,
    Stops,
    Timetable,
    Transfers,
    Trips,
    picked,
    ragged_rows,
)

Table = TypeVar("Table", Stops, Trips, Transfers, InSeatTransfers, Headways)


@dataclass(frozen=True, slots=True, eq=False)
class FeedDay:
    """One service day of one feed: the stops and stations of each feed are numbered from 0."""

    stops: Stops
    trips: Trips
    transfers: Transfers


def joined(service_date: dt.date, days: Sequence[FeedDay]) -> Timetable:
    """One timetable of one or more feeds; stops and transfers stay in order, trips go by first departure, then id."""
    stop_shift = np.cumsum([0, *(len(day.stops.id) for day in days)])
    station_shift = np.cumsum([0, *(day.stops.station.max() + 1 for day in days)])
    n_calls = [np.diff(day.trips.call_offset) for day in days]
    stops = _stacked(
        [day.stops for day in days],
        {"station": _shifted([day.stops.station for day in days], station_shift)},
    )
    trip_shift = np.cumsum([0, *(len(day.trips.id) for day in days)])
    in_seat_transfers, headways = (
        [day.trips.in_seat_transfers for day in days],
        [day.trips.headways for day in days],
    )
    trips = _stacked(
        [day.trips for day in days],
        {
            "call_offset": np.cumsum(np.concatenate([[0], *n_calls])),
            "call_stop": _shifted([day.trips.call_stop for day in days], stop_shift),
            "with_bikes": _shifted([day.trips.with_bikes for day in days], trip_shift),
            "in_seat_transfers": InSeatTransfers(
                _shifted([of_feed.from_trip for of_feed in in_seat_transfers], trip_shift),
                _shifted([of_feed.to_trip for of_feed in in_seat_transfers], trip_shift),
            ),
            "headways": _stacked(
                headways, {"trip": _shifted([of_feed.trip for of_feed in headways], trip_shift)}
            ),
        },
    )
    transfers = _stacked(
        [day.transfers for day in days],
        {
            "from_stop": _shifted([day.transfers.from_stop for day in days], stop_shift),
            "to_stop": _shifted([day.transfers.to_stop for day in days], stop_shift),
        },
    )
    return Timetable(service_date.isoformat(), stops, picked(trips, by_departure(trips)), transfers)


def by_departure(trips: Trips) -> Int64s:
    """Rows of the trips by first departure, then id."""
    departure = trips.call_departure[trips.call_offset[:-1]].tolist()
    order = sorted(range(len(trips.id)), key=lambda trip: (departure[trip], trips.id[trip]))
    return np.array(order, np.int64)


def _stacked(tables: Sequence[Table], own: Mapping[str, Any]) -> Table:
    """All rows of `tables` under each other, with the columns in `own` as given."""
    columns = {
        field.name: [getattr(table, field.name) for table in tables]
        for field in fields(tables[0])
        if field.name not in own
    }
    stacked: dict[str, Any] = {
        name: np.concatenate(parts) if isinstance(parts[0], np.ndarray) else tuple(itertools.chain(*parts))
        for name, parts in columns.items()
    }
    return type(tables[0])(**stacked, **own)


def _shifted(columns: Sequence[NDArray[np.int32]], shifts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Columns under each other, each with its own shift added."""
    parts = [column + shift for column, shift in zip(columns, shifts[:-1], strict=True)]
    return np.concatenate(parts).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Trips as they are driven: one row per vehicle run, in no particular order.

    Attributes
    ----------
    trip
        (R,) int64, row of FeedTrips.
    shift
        (R,) int64, seconds to add to the times of its calls.
    start
        (R,) int64, departure at the first call that frequencies.txt gives, on the run's own service day; -1 for a
        trip that is driven once, as it stands.
    frequency
        (R,) int64, row of the runs of Frequencies, -1 for a trip that is driven once.
    today
        (R,) bool, whether the run belongs to the service date, not to the day before.

    """

    trip: Int64s
    shift: Int64s
    start: Int64s
    frequency: Int64s
    today: Bools

    def picked(self, rows: Int64s) -> Runs:
        """Only the runs of `rows`, in that order."""
        return Runs(*(getattr(self, field.name)[rows] for field in fields(self)))


def read_timetable(feeds: Sequence[Path], service_date: dt.date) -> tuple[Timetable, BuildReport]:
    """Timetable of `service_date` of one or more GTFS feeds, zip files or folders.

    It holds the trips of that day, and those of the day before that are under way at or after midnight, with times
    86,400 s less and "@-1" at the end of their ids; so a trip of the day itself may run past 86,400 s. Trips of
    frequencies.txt are written out to one per departure, "<id>@08:30:00". With more than one feed all ids start with
    the file's name and a colon. Trips are sorted by first departure, then id; stops stay in the order of the feeds.

    The report counts what is wrong with stop_times.txt for the trips of this day only, and with all other tables in
    full.

    Raises
    ------
    InputError
        With the mistakes of all feeds: one cannot be read, has a table or column too few or a value that cannot be
        read, or has no trip on the service date; or the clocks of their time zones differ on that date.

    References
    ----------
    GTFS Schedule reference, https://gtfs.org/documentation/schedule/reference/

    """
    if not feeds:
        raise InputError("No timetable was given. Give at least one GTFS zip file or folder.")
    days: list[FeedDay] = []
    zones: dict[str, str] = {}
    faults: list[str] = []
    report = BuildReport()
    for path, name in zip(feeds, feed_names(feeds), strict=True):
        try:
            tables = read_tables(path, name)
            zones_here = tables.agency["agency_timezone"].dropna().unique().tolist()
            zones |= dict.fromkeys(zones_here, path.name)
            if not zones_here:
                what = "feeds that do not name their time zone, taken to be in that of the region"
                report += finding("timetable", "assumed", what, [path.name])
            day, day_report = _read_feed(tables, service_date)
            days.append(day)
            report += day_report
        except InputError as error:
            faults.append(str(error))
    try:
        report += check_clocks(zones, service_date)
    except InputError as error:
        faults.append(str(error))
    if faults:
        raise InputError("\n".join(faults))
    return joined(service_date, days), report


def feed_names(feeds: Sequence[Path]) -> list[str]:
    """Name of each feed in ids: none for a single feed, else its file's stem, numbered if any two are the same."""
    if len(feeds) == 1:
        return [""]
    stems = [path.stem if path.is_file() else path.name for path in feeds]
    if len(set(stems)) == len(stems):
        return stems
    return [f"{number}-{stem}" for number, stem in enumerate(stems, start=1)]


def _read_feed(tables: FeedTables, service_date: dt.date) -> tuple[FeedDay, BuildReport]:
    """Timetable of one feed, with its own stop and station numbers."""
    calendar, calendar_report = read_calendar(tables)
    trips, trip_report = read_trips(tables, calendar)
    n_trips = trips.per_service(len(calendar.service_id))
    check_service_date(tables.path.name, service_date, calendar.trips_per_day(n_trips))
    day = day_number(service_date)
    today, yesterday = trips.on(calendar, day), trips.on(calendar, day - 1)
    stops, stop_report = read_stops(tables)
    frequencies, frequency_report = read_frequencies(tables, trips)
    calls, call_report = read_calls(tables, trips, stops, frequencies, today, yesterday)
    runs, run_report = _runs(tables, trips, frequencies, calls, today, yesterday)
    report = (
        tables.report
        + calendar_report
        + trip_report
        + stop_report
        + frequency_report
        + call_report
        + run_report
    )
    if not runs.today.any():
        lost = "; ".join(f"{found.what} ({found.count})" for found in report.findings)
        raise InputError(
            f"None of the {int(today.sum())} trips of {tables.path.name} on {service_date.isoformat()} can be used: "
            f"{lost}. Ask the publisher for a repaired feed."
        )
    prefix = f"{tables.name}:" if tables.name else ""
    made = _made_trips(prefix, trips, calls, runs)
    order = by_departure(made)
    made, runs = picked(made, order), runs.picked(order)
    in_seat_transfers, in_seat_report = read_in_seat_transfers(
        tables, trips, made, DayRuns(runs.trip, runs.start < 0, runs.today), stops
    )
    made = replace(
        made, in_seat_transfers=in_seat_transfers, headways=_headways(prefix, trips, frequencies, runs)
    )
    call_trip = np.repeat(runs.trip, np.diff(made.call_offset))
    rows, transfers, transfer_report = read_transfers(tables, stops, trips, made.call_stop, call_trip)
    report += in_seat_report + transfer_report
    made = replace(made, call_stop=rows.call)
    return FeedDay(_used_stops(prefix, stops, rows.stop), made, transfers), report


def _runs(
    tables: FeedTables,
    trips: FeedTrips,
    frequencies: Frequencies,
    calls: FeedCalls,
    today: Bools,
    yesterday: Bools,
) -> tuple[Runs, BuildReport]:
    """Runs of the trips that have calls: those of `today`, and of `yesterday`'s those with a call at 0:00 or later."""
    number = np.arange(len(trips.id))
    first_call = np.searchsorted(calls.trip, number)
    end_call = np.searchsorted(calls.trip, number, side="right")
    has_calls = end_call > first_call
    departs = np.concatenate([calls.departure, [0]])
    lasts_until = departs[end_call - 1]
    parts = []
    for of_day, shift, is_today in ((today, 0, True), (yesterday, -DAY_S, False)):
        driven = of_day & has_calls
        once = np.flatnonzero(driven & ~frequencies.is_pattern)
        often = driven[frequencies.trip]
        trip = np.concatenate([once, frequencies.trip[often]])
        frequency = np.concatenate([np.full(len(once), -1), np.flatnonzero(often)])
        start = np.where(frequency >= 0, np.append(frequencies.start, -1)[frequency], -1)
        to_start = np.where(start >= 0, start - departs[first_call[trip]], 0)
        part = pd.DataFrame({"trip": trip, "shift": to_start + shift, "start": start, "frequency": frequency})
        parts.append(part.assign(today=is_today)[is_today | (lasts_until[trip] + part["shift"] >= 0)])
    runs = pd.concat(parts, ignore_index=True)
    headway_s = np.append(frequencies.headway_s, 0)[runs["frequency"]]
    report = tables.note(
        "assumed",
        "runs of which only the headway is published: their times are drawn, several ways",
        headway_s > 0,
        lambda run: f"{trips.id[runs['trip'][run]]} every {clock_text(int(headway_s[run]))}",
    )
    blocked = (runs["start"] >= 0).to_numpy(np.bool_) & (trips.block.to_numpy()[runs["trip"]] != "")
    report += tables.note(
        "dropped", "blocks of trips with frequencies", blocked, lambda run: trips.id[runs["trip"][run]]
    )
    trip, shift, start, frequency = (
        runs[column].to_numpy(np.int64) for column in ("trip", "shift", "start", "frequency")
    )
    return Runs(trip, shift, start, frequency, runs["today"].to_numpy(np.bool_)), report


def _headways(prefix: str, trips: FeedTrips, frequencies: Frequencies, runs: Runs) -> Headways:
    """Runs whose times within their headway are unknown; `trip` is the row of Runs."""
    run = np.flatnonzero(np.append(frequencies.headway_s, 0)[runs.frequency] > 0)
    row, is_today = runs.frequency[run], runs.today[run]
    groups = zip(runs.trip[run], frequencies.period_start[row].tolist(), is_today, strict=True)
    return Headways(
        trip=run.astype(np.int32),
        group=tuple(
            f"{prefix}{trips.id[trip]}@{clock_text(start)}{'' if today else YESTERDAY}"
            for trip, start, today in groups
        ),
        headway_s=frequencies.headway_s[row].astype(np.int32),
        end=(frequencies.period_end[row] - np.where(is_today, 0, DAY_S)).astype(np.int32),
    )


def _made_trips(prefix: str, trips: FeedTrips, calls: FeedCalls, runs: Runs) -> Trips:
    """Trips of one feed, sorted; `call_stop` still counts in FeedStops."""
    first = np.searchsorted(calls.trip, np.arange(len(trips.id) + 1))
    call_offset, call = ragged_rows(first, runs.trip)
    shift = np.repeat(runs.shift, np.diff(call_offset))
    ends = ["" if today else YESTERDAY for today in runs.today]
    starts = [f"@{clock_text(start)}" if start >= 0 else "" for start in runs.start.tolist()]
    blocks = trips.block.to_numpy()[runs.trip]
    own_block = (blocks != "") & (runs.start < 0)

    def texts(column: pd.Series[str]) -> tuple[str, ...]:
        return tuple(column.to_numpy()[runs.trip].tolist())

    ids = trips.id.to_numpy()[runs.trip]
    return Trips(
        id=tuple(f"{prefix}{trip}{start}{end}" for trip, start, end in zip(ids, starts, ends, strict=True)),
        route=texts(trips.route),
        headsign=texts(trips.headsign),
        agency=texts(trips.agency),
        route_type=trips.route_type[runs.trip].astype(np.int32),
        block=tuple(
            f"{prefix}{block}{end}" if own else ""
            for block, end, own in zip(blocks, ends, own_block, strict=True)
        ),
        call_offset=call_offset,
        call_stop=calls.stop[call].astype(np.int32),
        call_arrival=(calls.arrival[call] + shift).astype(np.int32),
        call_departure=(calls.departure[call] + shift).astype(np.int32),
        call_pickup=calls.pickup[call],
        call_dropoff=calls.dropoff[call],
        with_bikes=np.flatnonzero(trips.with_bikes[runs.trip]).astype(np.int32),
    )


def _used_stops(prefix: str, stops: FeedStops, used: Int64s) -> Stops:
    _, station = np.unique(stops.station[used], return_inverse=True)
    return Stops(
        id=tuple(f"{prefix}{stop}" for stop in stops.id[used]),
        name=tuple(stops.name.to_numpy()[used].tolist()),
        station=station.astype(np.int32),
        lon_deg=stops.lon_deg[used],
        lat_deg=stops.lat_deg[used],
    )
