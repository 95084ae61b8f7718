"""Timetables of single feeds put together into one, with the trips in a fixed order."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.columns import Int64s
from data.timetable import Headways, Stays, Stops, Timetable, Transfers, Trips, picked

Table = TypeVar("Table", Stops, Trips, Transfers, Stays, Headways)


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
    n_calls = [np.diff(day.trips.call_first) for day in days]
    stops = _stacked(
        [day.stops for day in days],
        {"station": _shifted([day.stops.station for day in days], station_shift)},
    )
    trip_shift = np.cumsum([0, *(len(day.trips.id) for day in days)])
    stays, headways = [day.trips.stays for day in days], [day.trips.headways for day in days]
    trips = _stacked(
        [day.trips for day in days],
        {
            "call_first": np.cumsum(np.concatenate([[0], *n_calls])),
            "call_stop": _shifted([day.trips.call_stop for day in days], stop_shift),
            "with_bikes": _shifted([day.trips.with_bikes for day in days], trip_shift),
            "stays": Stays(
                _shifted([of_feed.from_trip for of_feed in stays], trip_shift),
                _shifted([of_feed.to_trip for of_feed in stays], trip_shift),
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
    departure = trips.call_departure[trips.call_first[:-1]].tolist()
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
