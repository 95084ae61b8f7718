"""The trips of a GTFS feed with their routes, and the runs that frequencies make of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Floats, Int64s
from data.gtfs.calendar import Calendar
from data.gtfs.tables import FIRST_ROW, FeedTables
from data.gtfs.times import clock_text, runs_of_frequencies

NO_TYPE = -1
"""Route type where routes.txt leaves it blank."""
BIKES_ALLOWED = 1
MIN_HEADWAY_S = 30
"""The densest metros run every 90 s; less is a slip, often of minutes for seconds."""
BASIC_TYPES = (0, 1, 2, 3, 4, 5, 6, 7, 11, 12)
EXTENDED_TYPES = (
    *((100, 117), (200, 209), (300, 300), (400, 405), (500, 500), (600, 600), (700, 717), (800, 800)),
    *((900, 906), (1000, 1021), (1100, 1114), (1200, 1200), (1300, 1307), (1400, 1402), (1500, 1507)),
    *((1600, 1604), (1700, 1702)),
)
"""First and last kind of each group: https://developers.google.com/transit/gtfs/reference/extended-route-types, with
groups and kinds that only the list behind it has (hierarchical vehicle types of TPEG)."""
OTHER_TRAVEL = ((1100, 1114), (1600, 1604))
"""Flights and self-drive vehicles: no public transport that one walks to and boards."""
TOLD_TYPES = {
    "routes that run only when booked, taken to run": ((715, 715),),
    "routes for pupils or registered passengers, taken to be open to all": ((709, 709), (712, 712)),
    "taxis with a route and times of their own, taken to be open to all like a bus": (
        (717, 717),
        (1500, 1507),
    ),
}
"""Kinds whose timetable may promise more than a passenger gets."""


@dataclass(frozen=True, slots=True, eq=False)
class FeedTrips:
    """All trips of trips.txt that have an id of their own, whatever day they run.

    Attributes
    ----------
    id
        (T,) unique.
    route_ids
        Unique ids of the routes, of which `route_row`, (T,) int64, is that of each trip; -1 where unknown.
    route, headsign, agency, block
        (T,) str objects, "" where unknown; route is the short name, else the long name, else the id.
    route_type
        (T,) int32.
    service
        (T,) int64, row of the calendar, -1 where unknown.
    with_bikes
        (T,) bool, whether it surely takes at least one bicycle along.
    usable
        (T,) bool, whether the trip is public transport with a known route and service.

    """

    id: pd.Index[str]
    route_ids: pd.Index[str]
    route_row: Int64s
    route: pd.Series[str]
    headsign: pd.Series[str]
    agency: pd.Series[str]
    block: pd.Series[str]
    route_type: Int64s
    service: Int64s
    with_bikes: Bools
    usable: Bools

    def per_service(self, n_services: int) -> Int64s:
        """(S,) int64, number of usable trips of each service."""
        return np.bincount(self.service[self.usable], minlength=n_services).astype(np.int64)

    def on(self, calendar: Calendar, day: int) -> Bools:
        """(T,) bool, usable trips whose service runs on `day`."""
        runs = calendar.runs(day)
        selected: Bools = self.usable & runs[self.service]
        return selected


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """Runs that frequencies.txt writes a trip out to.

    Attributes
    ----------
    is_pattern
        (T,) bool, trips that run only as often as frequencies.txt says.
    end
        (T,) float64, end of the last period of each trip, nan where it has none.
    trip, start
        (R,) int64, row of the trip and departure at its first call, seconds; no pair occurs twice.
    headway_s
        (R,) int64, seconds between the runs where only that is published; 0 where the start is (exact_times 1).
    period_start, period_end
        (R,) int64, the period of frequencies.txt that the run belongs to.

    """

    is_pattern: Bools
    end: Floats
    trip: Int64s
    start: Int64s
    headway_s: Int64s
    period_start: Int64s
    period_end: Int64s


def rows_of(ids: pd.Index[str], values: pd.Series[str]) -> Int64s:
    """Row in `ids`, which are unique, of each of `values`; -1 where there is none."""
    # A table of calls names each trip and stop many times: only those that differ are looked up.
    code, unique = pd.factorize(values)
    rows: Int64s = np.append(ids.get_indexer(pd.Index(unique)), -1).astype(np.int64)
    return rows[code]


def read_trips(tables: FeedTables, calendar: Calendar) -> tuple[FeedTrips, BuildReport]:
    """Trips with the facts of their routes, agencies and services."""
    routes, route_report = _routes(tables)
    labels = tables.trips["trip_id"].fillna("(blank)").to_numpy()
    blank = tables.trips["trip_id"].isna().to_numpy()
    again = tables.trips["trip_id"].duplicated().to_numpy() & ~blank
    trips = tables.trips[~blank & ~again].reset_index(drop=True)
    ids = trips["trip_id"].to_numpy()
    route_ids = pd.Index(routes["route_id"])
    route = rows_of(route_ids, trips["route_id"])
    service = rows_of(calendar.service_id, trips["service_id"])
    idle = (service >= 0) & (np.append(calendar.days_per_service(), 0)[service] == 0)
    of_route = routes.reindex(route).reset_index(drop=True)
    other_travel = _is_one_of(of_route["route_type"], OTHER_TRAVEL)
    report = (
        route_report
        + tables.note("dropped", "trips without an id", blank, lambda row: f"row {row + FIRST_ROW}")
        + tables.note("dropped", "second trips with the same id", again, labels.__getitem__)
        + tables.note("dropped", "trips of a route that routes.txt lacks", route < 0, ids.__getitem__)
        + tables.note("dropped", "trips of a service that the calendar lacks", service < 0, ids.__getitem__)
        + tables.note("dropped", "trips of a service that runs on no day", idle, ids.__getitem__)
        + tables.note("dropped", "trips of flights and self-drive vehicles", other_travel, ids.__getitem__)
    )
    trips_of_feed = FeedTrips(
        id=pd.Index(trips["trip_id"]),
        route_ids=route_ids,
        route_row=route,
        route=of_route["name"].fillna(""),
        headsign=trips["trip_headsign"].fillna(""),
        agency=of_route["agency"].fillna(""),
        block=trips["block_id"].fillna(""),
        route_type=of_route["route_type"].fillna(NO_TYPE).to_numpy(np.int64),
        service=service,
        with_bikes=(trips["bikes_allowed"] == BIKES_ALLOWED).to_numpy(np.bool_),
        usable=(route >= 0) & (service >= 0) & ~other_travel,
    )
    return trips_of_feed, report


def read_frequencies(tables: FeedTables, trips: FeedTrips) -> tuple[Frequencies, BuildReport]:
    """Runs of frequencies.txt; where only the headway is published, as if the first came with the start of the period."""
    table = tables.frequencies
    trip = rows_of(trips.id, table["trip_id"])
    start, end = (table[column].to_numpy() for column in ("start_time", "end_time"))
    headway = table["headway_secs"].to_numpy()
    unknown = trip < 0
    useless = ~unknown & ~((headway >= MIN_HEADWAY_S) & (start < end))
    used = np.flatnonzero(~unknown & ~useless)

    def label(row: int) -> str:
        return f"{table['trip_id'].iloc[row]} from {clock_text(int(start[row]))}"

    row, run_start = runs_of_frequencies(
        start[used].astype(np.int64), end[used].astype(np.int64), headway[used].astype(np.int64)
    )
    row = used[row]
    again = pd.DataFrame({"trip": trip[row], "start": run_start}).duplicated().to_numpy(np.bool_)
    report = (
        tables.note("dropped", "frequencies of a trip that trips.txt lacks", unknown, label)
        + tables.note(
            "dropped",
            "frequencies without a headway of 30 s or more, or that end before they start",
            useless,
            label,
        )
        + tables.note(
            "dropped",
            "runs that two frequencies of a trip start at the same time",
            again,
            lambda run: f"{table['trip_id'].iloc[row[run]]} at {clock_text(int(run_start[run]))}",
        )
    )
    last_end = np.full(len(trips.id), np.nan)
    np.fmax.at(last_end, trip[used], end[used])
    is_pattern = np.zeros(len(trips.id), np.bool_)
    is_pattern[trip[~unknown]] = True
    row, run_start = row[~again], run_start[~again]
    exact = (table["exact_times"] == 1).to_numpy(np.bool_)[row]
    return Frequencies(
        is_pattern=is_pattern,
        end=last_end,
        trip=trip[row],
        start=run_start,
        headway_s=np.where(exact, 0, headway[row]).astype(np.int64),
        period_start=start[row].astype(np.int64),
        period_end=end[row].astype(np.int64),
    ), report


def _routes(tables: FeedTables) -> tuple[pd.DataFrame, BuildReport]:
    """Routes with unique `route_id`, and the `name` and `agency` that passengers see."""
    again = tables.routes["route_id"].duplicated().to_numpy(np.bool_)
    routes = tables.routes[~again].reset_index(drop=True)
    names = routes["route_short_name"].fillna(routes["route_long_name"]).fillna(routes["route_id"])
    kind = routes["route_type"]
    known = kind.isin(BASIC_TYPES).to_numpy(np.bool_) | _is_one_of(kind, EXTENDED_TYPES)
    continuous = np.zeros(len(routes), np.bool_)
    for column in ("continuous_pickup", "continuous_drop_off"):
        continuous |= routes[column].isin([0, 2, 3]).to_numpy(np.bool_)
    ids = routes["route_id"].to_numpy()
    agency, agency_report = _agency_names(tables, routes["agency_id"], ids)
    report = (
        tables.note(
            "dropped",
            "second routes with the same id",
            again,
            tables.routes["route_id"].to_numpy().__getitem__,
        )
        + agency_report
        + tables.note(
            "assumed", "routes of an unknown type, taken for public transport", ~known, ids.__getitem__
        )
        + sum(
            (
                tables.note("assumed", what, _is_one_of(kind, types), ids.__getitem__)
                for what, types in TOLD_TYPES.items()
            ),
            BuildReport(),
        )
        + tables.note(
            "dropped",
            "continuous boarding and alighting between the stops of a route",
            continuous,
            ids.__getitem__,
        )
    )
    return routes.assign(name=names, agency=agency), report


def _is_one_of(route_type: pd.Series[float], ranges: Iterable[tuple[int, int]]) -> Bools:
    """Whether a type is within one of `ranges`, both ends included."""
    within = [route_type.between(first, last).to_numpy(np.bool_) for first, last in ranges]
    found: Bools = np.logical_or.reduce(within)
    return found


def _agency_names(
    tables: FeedTables, agency_id: pd.Series[str], route_ids: np.ndarray
) -> tuple[pd.Series[str], BuildReport]:
    """Name of the agency of each route; the id may be blank where a feed has a single agency."""
    again = tables.agency["agency_id"].duplicated().to_numpy(np.bool_)
    agencies = tables.agency[~again]
    row = rows_of(pd.Index(agencies["agency_id"]), agency_id)
    if len(agencies) == 1:
        row = np.where(agency_id.isna(), 0, row)
    names = agencies["agency_name"].fillna(agencies["agency_id"]).reset_index(drop=True)
    report = tables.note(
        "dropped", "second agencies with the same id", again, tables.agency["agency_name"].iloc.__getitem__
    ) + tables.note("kept", "routes of an unknown agency", row < 0, route_ids.__getitem__)
    return names.reindex(row).reset_index(drop=True).fillna(""), report
