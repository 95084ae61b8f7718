"""Rules of transfers.txt, written out from stations to the stops in use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Int32s, Int64s
from data.gtfs_calls import FeedStops
from data.gtfs_stays import MAY_STAY, MUST_ALIGHT
from data.gtfs_tables import FIRST_ROW, FeedTables
from data.gtfs_trips import rows_of
from data.timetable import Transfers

RECOMMENDED, TIMED, MIN_TIME, FORBIDDEN = 0, 1, 2, 3
NO_TIME_S = -1
SPECIFIC = ("from_trip_id", "to_trip_id", "from_route_id", "to_route_id")


def read_transfers(tables: FeedTables, stops: FeedStops, used: Int64s) -> tuple[Transfers, BuildReport]:
    """Rules between the stops in use: `used`, (S,) int64 rows of `stops` in rising order, are the rows of the result.

    Where a rule for a stop and one for its station meet, the one for the stop holds.
    """
    table = tables.transfers
    start, end = (rows_of(stops.id, table[column]) for column in ("from_stop_id", "to_stop_id"))
    rules, report = _rules(tables, (start < 0) | (end < 0))
    start, end = start[rules], end[rules]
    start_rule, start_stop, start_whole = _stops_in_use(stops, used, start)
    end_rule, end_stop, end_whole = _stops_in_use(stops, used, end)
    starts = pd.DataFrame({"rule": start_rule, "from_stop": start_stop, "from_whole": start_whole})
    ends = pd.DataFrame({"rule": end_rule, "to_stop": end_stop, "to_whole": end_whole})
    pairs = starts.merge(ends, on="rule")
    pairs["n_whole"] = pairs["from_whole"].astype("int64") + pairs["to_whole"]
    pairs = pairs.sort_values(["from_stop", "to_stop", "n_whole", "rule"], kind="stable")
    again = pairs.duplicated(["from_stop", "to_stop", "n_whole"]).to_numpy(np.bool_)
    row = rules[pairs["rule"].to_numpy()]
    report += tables.note(
        "dropped", "second transfer rules for the same two stops", row[again], _label(tables)
    )
    best = ~pairs.duplicated(["from_stop", "to_stop"]).to_numpy(np.bool_)
    chosen = table.iloc[row[best]]
    forbidden = (chosen["transfer_type"] == FORBIDDEN).to_numpy(np.bool_)
    min_s = np.where(forbidden, NO_TIME_S, chosen["min_transfer_time"].to_numpy())
    return Transfers(
        from_stop=_int32(pairs["from_stop"][best]),
        to_stop=_int32(pairs["to_stop"][best]),
        min_s=np.ceil(min_s).astype(np.int32),
        forbidden=forbidden,
    ), report


def _rules(tables: FeedTables, unknown: Bools) -> tuple[Int64s, BuildReport]:
    """Rows of transfers.txt that are rules between two places; each other row is counted for its first reason."""
    table = tables.transfers
    kind = table["transfer_type"].fillna(RECOMMENDED)
    rules = ~kind.isin([MAY_STAY, MUST_ALIGHT]).to_numpy(np.bool_)
    report = BuildReport()
    for what, reason in (
        ("transfer rules for certain trips or routes only", table[list(SPECIFIC)].notna().any(axis=1)),
        ("transfer rules for a stop that stops.txt lacks", pd.Series(unknown)),
        ("recommended transfers, which follow the general rule", kind == RECOMMENDED),
        ("timed transfers, which follow the general rule", kind == TIMED),
        ("transfer rules of an unknown type", ~kind.isin([MIN_TIME, FORBIDDEN])),
        ("transfer rules without a least time", (kind == MIN_TIME) & ~(table["min_transfer_time"] >= 0)),
    ):
        found = rules & reason.to_numpy(np.bool_)
        report += tables.note("dropped", what, found, _label(tables))
        rules &= ~found
    return np.flatnonzero(rules), report


def _stops_in_use(stops: FeedStops, used: Int64s, places: Int64s) -> tuple[Int64s, Int64s, Bools]:
    """Write `places`, rows of `stops`, out to stops in use: number of the place, row of `used`, came from a station.

    A station stands for all its stops, itself included; any other place for itself.
    """
    rows = pd.DataFrame({"place": places, "rule": np.arange(len(places))})
    here = pd.DataFrame({"place": used, "stop": np.arange(len(used)), "whole": False})
    inside = pd.DataFrame({"place": stops.station[used], "stop": np.arange(len(used)), "whole": True})
    both = pd.concat([here, inside[inside["place"] != used]])
    found = rows.merge(both, on="place")
    return found["rule"].to_numpy(), found["stop"].to_numpy(), found["whole"].to_numpy(np.bool_)


def _label(tables: FeedTables) -> Callable[[int], str]:
    start, end = (tables.transfers[column] for column in ("from_stop_id", "to_stop_id"))
    return lambda row: f"row {row + FIRST_ROW}: {start.iloc[row]} to {end.iloc[row]}"


def _int32(values: pd.Series[int]) -> Int32s:
    return np.asarray(values, dtype=np.int32)
