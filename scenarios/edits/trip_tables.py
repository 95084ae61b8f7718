"""Tables of trips rearranged: runs added, calls exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s, Strings, stacked
from data.timetable import NO_HEADWAYS, NO_IN_SEAT_TRANSFERS, NO_ROWS, Headways, Trips, picked, sorted_in_seat


class Calls(NamedTuple):
    """The calls of one trip, (C,) each, as in Trips."""

    stop: Int32s
    arrival: Int32s
    departure: Int32s
    pickup: Bools
    dropoff: Bools


def calls_of(trips: Trips, trip: int) -> Calls:
    """Calls of a trip."""
    rows = slice(trips.call_offset[trip], trips.call_offset[trip + 1])
    return Calls(
        trips.call_stop[rows],
        trips.call_arrival[rows],
        trips.call_departure[rows],
        trips.call_pickup[rows],
        trips.call_dropoff[rows],
    )


def copies(trips: Trips, rows: Int64s, shift_s: Int64s, ids: Strings) -> Trips:
    """Runs like those of `rows`, a row perhaps more than once, `shift_s` later, under other ids; no stays, no headways.

    A run takes bicycles along where the trip does that it is a copy of.
    """
    alike = picked(
        replace(trips, in_seat_transfers=NO_IN_SEAT_TRANSFERS, headways=NO_HEADWAYS, with_bikes=NO_ROWS), rows
    )
    later = np.repeat(shift_s, np.diff(alike.call_offset)).astype(np.int32)
    return replace(
        alike,
        id=ids,
        call_arrival=alike.call_arrival + later,
        call_departure=alike.call_departure + later,
        block=("",) * len(rows),
        with_bikes=np.flatnonzero(np.isin(rows, trips.with_bikes)).astype(np.int32),
    )


def with_runs(trips: Trips, more: Trips) -> Trips:
    """Trips with those of `more`, which have no stays, after them."""
    columns: dict[str, Any] = {}
    for field in fields(trips):
        above, below = getattr(trips, field.name), getattr(more, field.name)
        if isinstance(above, tuple):
            columns[field.name] = above + below
        elif isinstance(above, np.ndarray) and field.name not in {"call_offset", "with_bikes"}:
            columns[field.name] = np.concatenate([above, below])
    n_before = np.int32(len(trips.id))
    return replace(
        trips,
        **columns,
        call_offset=np.concatenate([trips.call_offset, trips.call_offset[-1] + more.call_offset[1:]]),
        with_bikes=np.concatenate([trips.with_bikes, more.with_bikes + n_before]),
        headways=stacked(trips.headways, replace(more.headways, trip=more.headways.trip + n_before)),
    )


def without(trips: Trips, rows: Int64s) -> Trips:
    """Trips without those of `rows`."""
    return picked(trips, np.setdiff1d(np.arange(len(trips.id)), rows))


def with_calls(trips: Trips, changed: Mapping[int, Calls]) -> Trips:
    """Trips of which some have other calls.

    Passengers stay seated where a vehicle goes on as another trip, unless that one has left by the time the first arrives.
    """
    if not changed:
        return trips
    rows = np.array(list(changed), np.int64)
    n_calls, start = np.diff(trips.call_offset), trips.call_offset[:-1].copy()
    n_new = np.array([len(calls.stop) for calls in changed.values()])
    start[rows] = trips.call_offset[-1] + np.cumsum(n_new) - n_new
    n_calls[rows] = n_new
    first = np.concatenate([[0], np.cumsum(n_calls)]).astype(np.int64)
    call = np.arange(first[-1]) + np.repeat(start - first[:-1], n_calls)
    columns: dict[str, Any] = {
        f"call_{name}": np.concatenate(
            [getattr(trips, f"call_{name}"), *(getattr(calls, name) for calls in changed.values())]
        )[call]
        for name in Calls._fields
    }
    after = replace(trips, **columns, call_offset=first, in_seat_transfers=NO_IN_SEAT_TRANSFERS)
    in_seat_transfers = trips.in_seat_transfers
    ends = after.call_arrival[first[1:][in_seat_transfers.from_trip] - 1]
    holds = ends <= after.call_departure[first[:-1][in_seat_transfers.to_trip]]
    return replace(
        after,
        in_seat_transfers=sorted_in_seat(
            in_seat_transfers.from_trip[holds], in_seat_transfers.to_trip[holds]
        ),
    )


def regular(model: Trips, rows: Int64s, runs: Trips, headway_s: int) -> Trips:
    """Runs that are copies of the `rows` of a model: of headways alone, where those are only headways.

    The periods of the model come again with the new headway; a run must start before the last of its period, and one
    headway more.
    """
    group_of = dict(zip(model.headways.trip.tolist(), model.headways.group, strict=True))
    trip = np.array([run for run, row in enumerate(rows.tolist()) if row in group_of], np.int32)
    if not len(trip):
        return runs
    group = tuple(f"{group_of[int(rows[run])]} every {headway_s} s" for run in trip)
    start = runs.call_departure[runs.call_offset[trip]]
    latest = {name: max(start[np.array(group) == name].tolist()) for name in set(group)}
    return replace(
        runs,
        headways=Headways(
            trip,
            group,
            np.full(len(trip), headway_s, np.int32),
            np.array([latest[name] + headway_s for name in group], np.int32),
        ),
    )
