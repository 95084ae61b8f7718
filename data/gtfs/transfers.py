"""Rules of transfers.txt, written out from stations to the stops in use, and from trips and routes to rows of stops.

A rule for certain trips or routes at a stop needs no search of its own: the stop gets a row for each set of trips there
that share their rules, as if each set had a platform to itself.

Where passengers may stay in their seats while the vehicle becomes another trip: blocks and in-seat transfers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Int32s, Int64s
from data.gtfs.calls import DAY_S, FeedStops
from data.gtfs.tables import FIRST_ROW, FeedTables
from data.gtfs.trips import FeedTrips, rows_of
from data.timetable import InSeatTransfers, Transfers, Trips, sorted_in_seat

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


def read_in_seat_transfers(
    tables: FeedTables, trips: FeedTrips, made: Trips, runs: DayRuns, stops: FeedStops
) -> tuple[InSeatTransfers, BuildReport]:
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
    return sorted_in_seat(start, end), report


def _of_blocks(tables: FeedTables, made: Trips, stops: FeedStops) -> tuple[Int64s, Int64s, BuildReport]:
    """Trips of a block and the next of it, where the place is the same."""
    codes, _ = pd.factorize(np.array(made.block, object))
    order = np.argsort(codes, kind="stable")
    named = np.array([made.block[row] != "" for row in order[:-1]], np.bool_)
    follows = named & (codes[order[:-1]] == codes[order[1:]])
    start, end = order[:-1][follows], order[1:][follows]
    last, first = made.call_offset[1:][start] - 1, made.call_offset[end]
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
    arrival = made.call_arrival[made.call_offset[1:][start] - 1]
    over: Bools = arrival <= made.call_departure[made.call_offset[end]]
    return over


RECOMMENDED, TIMED, MIN_TIME, FORBIDDEN = 0, 1, 2, 3
NO_TIME_S = -1
ANY = -1
"""Instead of a trip or route: the rule holds for all."""
SIDES = ("from", "to")
TRIP_WEIGHT, ROUTE_WEIGHT = 3, 1
"""Of two rules the one with the greater sum over both sides holds: the order of specificity in the GTFS reference."""


@dataclass(frozen=True, slots=True, eq=False)
class StopRows:
    """Rows of Stops, in order of the stop; first those of trips without rules of their own.

    Attributes
    ----------
    stop
        (S,) int64, row of FeedStops.
    call
        (C,) int32, row for each call.

    """

    stop: Int64s
    call: Int32s


def read_transfers(
    tables: FeedTables, stops: FeedStops, trips: FeedTrips, call_stop: Int32s, call_trip: Int64s
) -> tuple[StopRows, Transfers, BuildReport]:
    """Rows for the stops in use, and the rules between them.

    Of the rules for the same two trips the most specific holds, as the GTFS reference has it: trips before routes, and
    then a stop before its station. `call_stop` and `call_trip` are (C,) rows of `stops` and `trips`.
    """
    sides = {side: _side(tables, stops, trips, side) for side in SIDES}
    rule, report = _rules(tables, sides)
    pairs = pd.DataFrame({"stop": call_stop, "trip": call_trip})
    of_call, pairs = _numbered(pairs)
    pairs["route"] = trips.route_row[pairs["trip"]]
    places = _places(stops, pairs)
    held = pd.concat([_held(sides[side].loc[rule], places).assign(side=side) for side in SIDES])
    row_of_pair, row_stop = _rows(pairs, held)
    between = _between(held.assign(row=row_of_pair[held["pair"]]))
    between["weight"] = (sides["from"]["weight"] + sides["to"]["weight"])[between["rule"]].to_numpy()
    between = between.sort_values(
        ["from_row", "to_row", "weight", "whole", "rule"], ascending=[True, True, False, True, True]
    )
    again = between.duplicated(["from_row", "to_row", "weight", "whole"])
    second = np.unique(between["rule"][again])
    report += tables.note("dropped", "second transfer rules for the same two stops", second, _label(tables))
    best = between[~between.duplicated(["from_row", "to_row"])]
    return StopRows(row_stop, row_of_pair[of_call]), _transfers(tables, row_stop, best), report


def _side(tables: FeedTables, stops: FeedStops, trips: FeedTrips, side: str) -> pd.DataFrame:
    """Where one end of each row of transfers.txt holds: `place`, `trip` and `route` with `ANY`, and its `weight`."""
    table = tables.transfers
    found = pd.DataFrame({"place": rows_of(stops.id, table[f"{side}_stop_id"])})
    found["is_known"] = found["place"] >= 0
    for column, ids, weight in (("trip", trips.id, TRIP_WEIGHT), ("route", trips.route_ids, ROUTE_WEIGHT)):
        given = table[f"{side}_{column}_id"]
        found[column] = rows_of(ids, given)
        found[f"{column}_lost"] = (given.notna() & (found[column] < 0)).to_numpy()
        found[f"{column}_weight"] = np.where(given.notna(), weight, 0)
    # A trip says more than its route, which is then left aside.
    found["route"] = np.where(found["trip_weight"] > 0, ANY, found["route"])
    found["weight"] = found[["trip_weight", "route_weight"]].max(axis=1)
    return found


def _rules(tables: FeedTables, sides: dict[str, pd.DataFrame]) -> tuple[Int64s, BuildReport]:
    """Rows of transfers.txt that are rules between two places; each other row is counted for its first reason."""
    table = tables.transfers
    kind = table["transfer_type"].fillna(RECOMMENDED)
    rules = ~kind.isin([MAY_STAY, MUST_ALIGHT]).to_numpy(np.bool_)
    unknown = ~(sides["from"]["is_known"] & sides["to"]["is_known"])
    lost = pd.concat([sides[side][["trip_lost", "route_lost"]] for side in SIDES], axis=1).any(axis=1)
    timeless = (kind == MIN_TIME) & ~(table["min_transfer_time"] >= 0)
    report = BuildReport()
    for what, reason in (
        ("transfer rules for a stop that stops.txt lacks", unknown),
        ("transfer rules for a trip or route that the feed lacks", lost),
        ("transfer rules of an unknown type", ~kind.isin([RECOMMENDED, TIMED, MIN_TIME, FORBIDDEN])),
        ("transfer rules without a least time", timeless),
    ):
        found = rules & reason.to_numpy(np.bool_)
        report += tables.note("dropped", what, found, _label(tables))
        rules &= ~found
    long = (
        rules
        & (kind == MIN_TIME).to_numpy(np.bool_)
        & (table["min_transfer_time"] > DAY_S).to_numpy(np.bool_)
    )
    report += tables.note(
        "assumed", "transfer times of more than a day, taken to be one", long, _label(tables)
    )
    # They still overrule what is said for more trips or for the whole station.
    for what, of_kind in (("recommended", RECOMMENDED), ("timed", TIMED)):
        found = rules & (kind == of_kind).to_numpy(np.bool_)
        report += tables.note(
            "dropped", f"{what} transfers, which follow the general rule", found, _label(tables)
        )
    return np.flatnonzero(rules), report


def _numbered(pairs: pd.DataFrame) -> tuple[Int64s, pd.DataFrame]:
    """Number of the pair of each row, and the pairs, sorted."""
    number = pairs.groupby(list(pairs.columns), sort=True).ngroup()
    return np.asarray(number, np.int64), pairs.drop_duplicates().sort_values(list(pairs.columns)).reset_index(
        drop=True
    )


def _places(stops: FeedStops, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs by the place a rule may name: the stop itself, or with `whole` its station."""
    here = pairs.assign(pair=pairs.index, place=pairs["stop"], whole=0)
    station = here.assign(place=stops.station[pairs["stop"]], whole=1)
    return pd.concat([here, station[station["place"] != station["stop"]]])


def _held(side: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Which `rule`, the index of `side`, holds at which `pair`, whether by the `whole` station, and if `specific`."""
    rules = side.reset_index(names="rule")
    found = []
    for only, keys in (
        ((rules["trip"] >= 0), ["place", "trip"]),
        ((rules["route"] >= 0), ["place", "route"]),
        ((rules["weight"] == 0), ["place"]),
    ):
        chosen = rules.loc[only, ["rule", "weight", *keys]].merge(places, on=keys)
        found.append(chosen[["rule", "weight", "pair", "whole"]])
    held = pd.concat(found)
    return held.assign(specific=held["weight"] > 0).drop(columns="weight")


def _rows(pairs: pd.DataFrame, held: pd.DataFrame) -> tuple[Int32s, Int64s]:
    """Row of each pair of stop and trip, and the stop of each row."""
    own: dict[Hashable, list[str]] = {}
    for pair, rule, side in held.loc[held["specific"], ["pair", "rule", "side"]].itertuples(index=False):
        own.setdefault(pair, []).append(f"{side}{rule}")
    rules = ["+".join(sorted(own.get(pair, []))) for pair in range(len(pairs))]
    row, rows = _numbered(pd.DataFrame({"stop": pairs["stop"], "rules": rules}))
    return row.astype(np.int32), rows["stop"].to_numpy(np.int64)


def _between(held: pd.DataFrame) -> pd.DataFrame:
    """Rules by the rows they lead from and to; `whole` counts the stations among both."""
    ends = [
        held.loc[held["side"] == side, ["rule", "row", "whole"]]
        .drop_duplicates()
        .rename(columns={"row": f"{side}_row"})
        for side in SIDES
    ]
    both = ends[0].merge(ends[1], on="rule", suffixes=("_from", "_to"))
    return both.assign(whole=both["whole_from"] + both["whole_to"]).drop(columns=["whole_from", "whole_to"])


def _transfers(tables: FeedTables, row_stop: Int64s, best: pd.DataFrame) -> Transfers:
    """First which rows are one stop, then the rules that differ from the general one."""
    chosen = tables.transfers.iloc[best["rule"].to_numpy()]
    kind = chosen["transfer_type"].to_numpy()
    ruled: Bools = np.isin(kind, [MIN_TIME, FORBIDDEN])
    forbidden = kind[ruled] == FORBIDDEN
    least_s = np.minimum(chosen["min_transfer_time"].to_numpy()[ruled], DAY_S)
    min_s = np.ceil(np.where(forbidden, NO_TIME_S, least_s))
    one, other = np.nonzero(np.triu(row_stop[:, None] == row_stop, k=1))
    same = 2 * len(one)
    return Transfers(
        from_stop=np.concatenate([one, other, best["from_row"].to_numpy()[ruled]]).astype(np.int32),
        to_stop=np.concatenate([other, one, best["to_row"].to_numpy()[ruled]]).astype(np.int32),
        min_s=np.concatenate([np.full(same, NO_TIME_S), min_s]).astype(np.int32),
        forbidden=np.concatenate([np.zeros(same, np.bool_), forbidden]),
    )


def _label(tables: FeedTables) -> Callable[[int], str]:
    start, end = (tables.transfers[column] for column in ("from_stop_id", "to_stop_id"))
    return lambda row: f"row {row + FIRST_ROW}: {start.iloc[row]} to {end.iloc[row]}"
