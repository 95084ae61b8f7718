"""The timetable of one service day as flat columns: stops, trips and their calls, and transfers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, Strings, freeze

YESTERDAY = "@-1"
"""End of the id of a trip of the day before."""


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Where vehicles stop: one row per GTFS stop or platform that a trip calls at.

    Attributes
    ----------
    id, name
        (S,) strings; ids are prefixed with the feed's name when several feeds are read together. A stop with transfer
        rules for certain trips or routes has a row for each set of trips that share their rules, all with one id.
    station
        (S,) int32; stops of one parent station share a number, a stop without a station has its own.
    lon_deg, lat_deg
        (S,) float64, WGS84.

    """

    id: Strings
    name: Strings
    station: Int32s
    lon_deg: Floats
    lat_deg: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class InSeatTransfers:
    """Where passengers may stay in their seats while the vehicle becomes the next trip.

    Attributes
    ----------
    from_trip, to_trip
        (L,) int32, rows of Trips, sorted, `from_trip` the lower; the first trip is over before the second starts. A
        trip may go on as several (a train that is divided), and several as one.

    """

    from_trip: Int32s
    to_trip: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.from_trip))
        if (self.from_trip >= self.to_trip).any():
            msg = "a trip on which passengers stay must come before the one that it becomes"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class Headways:
    """Runs of which only the headway is published: they come at regular times, from an unknown time on.

    Attributes
    ----------
    trip
        (F,) int32, rows of Trips, rising; their times are those of a first run at the very start of the period.
    group
        (F,) strings, the period of a trip pattern; its runs come earlier or later together.
    headway_s
        (F,) int32, the same for all runs of a group.
    end
        (F,) int32, clock time of the end of the period, before which a run must start.

    """

    trip: Int32s
    group: Strings
    headway_s: Int32s
    end: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.trip))


NO_ROWS = np.empty(0, np.int32)
NO_IN_SEAT_TRANSFERS = InSeatTransfers(NO_ROWS, NO_ROWS)
NO_HEADWAYS = Headways(NO_ROWS, (), NO_ROWS, NO_ROWS)


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """Vehicle runs of the service day, those of the day before that are still on the road included.

    Attributes
    ----------
    id, route, headsign, agency
        (T,) strings; `route` is the short name shown to passengers (the long name where that is blank).
    route_type
        (T,) int32, GTFS route type (extended types as given).
    block
        (T,) strings, the vehicle's block, "" where unknown.
    call_offset
        (T + 1,) int64; the calls of trip t are rows `call_offset[t]:call_offset[t + 1]`, at least two.
    call_stop
        (C,) int32, row of Stops.
    call_arrival, call_departure
        (C,) int32, seconds after midnight of the service day, possibly negative (the day before) or past 86,400;
        never decreasing along a trip.
    call_pickup, call_dropoff
        (C,) bool, whether passengers may board or alight.
    in_seat_transfers, headways
        What is known of some trips only.
    with_bikes
        (B,) int32, rows of the trips that surely take bicycles along, rising.

    """

    id: Strings
    route: Strings
    headsign: Strings
    agency: Strings
    route_type: Int32s
    block: Strings
    call_offset: Int64s
    call_stop: Int32s
    call_arrival: Int32s
    call_departure: Int32s
    call_pickup: Bools
    call_dropoff: Bools
    in_seat_transfers: InSeatTransfers = NO_IN_SEAT_TRANSFERS
    headways: Headways = NO_HEADWAYS
    with_bikes: Int32s = field(default_factory=lambda: NO_ROWS)

    def __post_init__(self) -> None:
        calls = ("call_stop", "call_arrival", "call_departure", "call_pickup", "call_dropoff")
        freeze(self, len(self.id), "call_offset", *calls, "with_bikes")
        if len(self.call_offset) != len(self.id) + 1:
            msg = "Trips.call_offset must have one row more than there are trips"
            raise ValueError(msg)


def picked(trips: Trips, rows: Int64s) -> Trips:
    """Only the trips of `rows`, (R,) each at most once, in that order; stays where both trips are among them."""
    call_offset, call = ragged_rows(trips.call_offset, rows)
    columns: dict[str, Any] = {}
    for of in fields(trips):
        column = getattr(trips, of.name)
        if isinstance(column, tuple):
            columns[of.name] = tuple(column[row] for row in rows)
        elif isinstance(column, np.ndarray) and of.name not in ("call_offset", "with_bikes"):
            columns[of.name] = column[call if of.name.startswith("call_") else rows]
    new_row = np.full(len(trips.id), -1, np.int32)
    new_row[rows] = np.arange(len(rows))
    with_bikes = np.sort(new_row[trips.with_bikes])
    return replace(
        trips,
        **columns,
        call_offset=call_offset,
        with_bikes=with_bikes[with_bikes >= 0],
        in_seat_transfers=_moved_in_seat(trips.in_seat_transfers, new_row),
        headways=_moved_headways(trips.headways, new_row),
    )


def ragged_rows(first: Int64s, rows: Int64s) -> tuple[Int64s, Int64s]:
    """Pick `rows`, (R,), of ragged rows that start at `first`: the new `first`, (R + 1,), and the values to take."""
    n_values = np.diff(first)[rows]
    new_offset = np.concatenate([[0], np.cumsum(n_values)]).astype(np.int64)
    value = np.arange(new_offset[-1]) + np.repeat(first[rows] - new_offset[:-1], n_values)
    return new_offset, value


def sorted_in_seat(from_trip: Int32s, to_trip: Int32s) -> InSeatTransfers:
    """Stays in their order."""
    order = np.lexsort((to_trip, from_trip))
    return InSeatTransfers(from_trip[order], to_trip[order])


def _moved_in_seat(in_seat_transfers: InSeatTransfers, new_row: Int32s) -> InSeatTransfers:
    """Stays of the trips that have a new row, -1 where they are gone."""
    start, end = new_row[in_seat_transfers.from_trip], new_row[in_seat_transfers.to_trip]
    kept = (start >= 0) & (end >= 0)
    return sorted_in_seat(start[kept], end[kept])


def _moved_headways(headways: Headways, new_row: Int32s) -> Headways:
    """Headways of the trips that have a new row, -1 where they are gone."""
    trip = new_row[headways.trip]
    order = np.argsort(trip, kind="stable")
    order = order[trip[order] >= 0]
    group = tuple(headways.group[row] for row in order)
    return Headways(trip[order], group, headways.headway_s[order], headways.end[order])


@dataclass(frozen=True, slots=True, eq=False)
class Transfers:
    """Rules of transfers.txt between two stops that differ from the general rule (walk plus minimum change time).

    Attributes
    ----------
    from_stop, to_stop
        (X,) int32, rows of Stops; stations are written out to their platforms.
    min_s
        (X,) int32, least seconds between arrival and departure; -1 where no time is prescribed. A row without a time
        that forbids nothing says that both rows are one stop: there is no walk. Such rows come first, and a rule for
        the same two may follow.
    forbidden
        (X,) bool, GTFS transfer_type 3.

    """

    from_stop: Int32s
    to_stop: Int32s
    min_s: Int32s
    forbidden: Bools

    def __post_init__(self) -> None:
        freeze(self, len(self.from_stop))


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """One service day of one or more feeds."""

    service_date: str
    """ISO date, for example 2025-10-07."""
    stops: Stops
    trips: Trips
    transfers: Transfers


NO_TIMETABLE = Timetable(
    service_date="",
    stops=Stops((), (), np.empty(0, np.int32), np.empty(0), np.empty(0)),
    trips=Trips(
        *((),) * 4,
        route_type=np.empty(0, np.int32),
        block=(),
        call_offset=np.zeros(1, np.int64),
        call_stop=np.empty(0, np.int32),
        call_arrival=np.empty(0, np.int32),
        call_departure=np.empty(0, np.int32),
        call_pickup=np.empty(0, np.bool_),
        call_dropoff=np.empty(0, np.bool_),
    ),
    transfers=Transfers(*(np.empty(0, np.int32),) * 3, forbidden=np.empty(0, np.bool_)),
)
"""No public transport: a timetable without stops and trips."""
