"""The timetable of one service day as flat columns: stops, trips and their calls, and transfers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, Strings, freeze


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Where vehicles stop: one row per GTFS stop or platform that a trip calls at.

    Attributes
    ----------
    id, name
        (S,) strings; ids are prefixed with the feed's name when several feeds are read together.
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
    call_first
        (T + 1,) int64; the calls of trip t are rows `call_first[t]:call_first[t + 1]`, at least two.
    call_stop
        (C,) int32, row of Stops.
    call_arrival, call_departure
        (C,) int32, seconds after midnight of the service day, possibly negative (the day before) or past 86,400;
        never decreasing along a trip.
    call_pickup, call_dropoff
        (C,) bool, whether passengers may board or alight.

    """

    id: Strings
    route: Strings
    headsign: Strings
    agency: Strings
    route_type: Int32s
    block: Strings
    call_first: Int64s
    call_stop: Int32s
    call_arrival: Int32s
    call_departure: Int32s
    call_pickup: Bools
    call_dropoff: Bools

    def __post_init__(self) -> None:
        calls = ("call_stop", "call_arrival", "call_departure", "call_pickup", "call_dropoff")
        freeze(self, len(self.id), "call_first", *calls)
        if len(self.call_first) != len(self.id) + 1:
            msg = "Trips.call_first must have one row more than there are trips"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class Transfers:
    """Rules of transfers.txt between two stops that differ from the general rule (walk plus minimum change time).

    Attributes
    ----------
    from_stop, to_stop
        (X,) int32, rows of Stops; stations are written out to their platforms.
    min_s
        (X,) int32, least seconds between arrival and departure; -1 where no time is prescribed.
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
        call_first=np.zeros(1, np.int64),
        call_stop=np.empty(0, np.int32),
        call_arrival=np.empty(0, np.int32),
        call_departure=np.empty(0, np.int32),
        call_pickup=np.empty(0, np.bool_),
        call_dropoff=np.empty(0, np.bool_),
    ),
    transfers=Transfers(*(np.empty(0, np.int32),) * 3, forbidden=np.empty(0, np.bool_)),
)
"""No public transport: a timetable without stops and trips."""
