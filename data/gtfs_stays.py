"""Where passengers may stay in their seats while the vehicle becomes another trip: blocks and in-seat transfers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Int64s
from data.gtfs_calls import FeedStops
from data.gtfs_tables import FIRST_ROW, FeedTables
from data.gtfs_trips import FeedTrips, rows_of
from data.timetable import Stays, Trips, sorted_stays

MAY_STAY, MUST_ALIGHT = 4, 5
"""GTFS transfer types of transfers between the trips of one vehicle."""


@dataclass(frozen=True, slots=True, eq=False)
class DayRuns:
    """What each row of Trips was made of.

    Attributes
    ----------
    trip
        (R,) int64, row of FeedTrips.
    is_single
        (R,) bool, whether the trip is driven once, not by a frequency.
    today
        (R,) bool, whether it belongs to the service date, not to the day before.

    """

    trip: Int64s
    is_single: Bools
    today: Bools


def read_stays(
    tables: FeedTables, trips: FeedTrips, made: Trips, runs: DayRuns, stops: FeedStops
) -> tuple[Stays, BuildReport]:
    """Stays between the trips of `made`, which are in order of departure and count their stops in `stops`.

    Trips of one block that follow each other do so with their passengers if the second starts at the stop or station
    where the first ended. Rows of transfers.txt allow more of them (type 4: also between other blocks, from any stop to
    any other) or forbid them (type 5). Both trips must be of the same service day.
    """
    start, end, report = _of_blocks(tables, made, stops)
    allowed, allowed_report = _ruled(tables, trips, runs, MAY_STAY)
    forbidden, forbidden_report = _ruled(tables, trips, runs, MUST_ALIGHT)
    report += allowed_report + forbidden_report
    pairs = np.unique(np.concatenate([np.column_stack([start, end]), allowed]), axis=0)
    banned = {(int(one), int(other)) for one, other in forbidden}
    kept = np.array([(int(one), int(other)) not in banned for one, other in pairs], np.bool_)
    pairs = pairs[kept]
    in_time = (pairs[:, 0] < pairs[:, 1]) & _over_before(made, pairs[:, 0], pairs[:, 1])
    report += tables.note(
        "dropped",
        "stays from a trip to one that starts before it is over",
        np.flatnonzero(~in_time),
        lambda row: f"{made.id[pairs[row, 0]]} to {made.id[pairs[row, 1]]}",
    )
    start, end = pairs[in_time].astype(np.int32).T
    return sorted_stays(start, end), report


def _of_blocks(tables: FeedTables, made: Trips, stops: FeedStops) -> tuple[Int64s, Int64s, BuildReport]:
    """Trips of a block and the next of it, where the place is the same."""
    codes, _ = pd.factorize(np.array(made.block, object))
    order = np.argsort(codes, kind="stable")
    named = np.array([made.block[row] != "" for row in order[:-1]], np.bool_)
    follows = named & (codes[order[:-1]] == codes[order[1:]])
    start, end = order[:-1][follows], order[1:][follows]
    last, first = made.call_first[1:][start] - 1, made.call_first[end]
    same = stops.station[made.call_stop[last]] == stops.station[made.call_stop[first]]
    report = tables.note(
        "assumed",
        "trips of one vehicle that start elsewhere than the trip before ended: passengers are taken to get off",
        start[~same],
        lambda trip: f"after {made.id[trip]}",
    )
    return start[same], end[same], report


def _ruled(tables: FeedTables, trips: FeedTrips, runs: DayRuns, kind: int) -> tuple[Int64s, BuildReport]:
    """(L, 2) rows of Trips that rules of one type speak of, both of the same day."""
    rules = tables.transfers[tables.transfers["transfer_type"] == kind]
    start, end = (rows_of(trips.id, rules[column]) for column in ("from_trip_id", "to_trip_id"))
    unknown = (start < 0) | (end < 0)
    number = rules.index.to_numpy()[unknown]
    what = f"in-seat rules (transfer_type {kind}) without two trips that trips.txt has"
    report = tables.note("dropped", what, number, lambda row: f"row {row + FIRST_ROW}")
    often = np.zeros(len(trips.id), np.bool_)
    often[runs.trip[~runs.is_single]] = True
    by_frequency = ~unknown & (often[start] | often[end])
    what = f"in-seat rules (transfer_type {kind}) of trips with frequencies"
    report += tables.note(
        "dropped", what, rules.index.to_numpy()[by_frequency], lambda row: f"row {row + FIRST_ROW}"
    )
    pairs = pd.DataFrame({"from": start, "to": end})[~unknown]
    once = pd.DataFrame({"trip": runs.trip, "row": np.arange(len(runs.trip)), "today": runs.today})
    once = once[runs.is_single]
    found = pairs.merge(once, left_on="from", right_on="trip").merge(
        once, left_on=["to", "today"], right_on=["trip", "today"], suffixes=("_from", "_to")
    )
    return found[["row_from", "row_to"]].to_numpy(np.int64).reshape(-1, 2), report


def _over_before(made: Trips, start: Int64s, end: Int64s) -> Bools:
    """Whether the first trip of each pair has arrived when the second leaves."""
    arrival = made.call_arrival[made.call_first[1:][start] - 1]
    over: Bools = arrival <= made.call_departure[made.call_first[end]]
    return over
