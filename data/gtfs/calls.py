"""Stops, and the calls of the trips wanted: stop_times.txt in order, with all times, at stops with a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.build_report import BuildReport
from data.columns import Bools, Floats, Int64s
from data.errors import InputError
from data.gtfs.tables import FIRST_ROW, FeedTables, unreadable
from data.gtfs.times import clock_seconds, interpolate, repair
from data.gtfs.trips import FeedTrips, Frequencies, rows_of

DAY_S = 86_400
MAX_LON_DEG, MAX_LAT_DEG = 180.0, 90.0
NOT_ALLOWED = 1
ON_REQUEST = (2, 3)
ALWAYS_OR_ON_REQUEST = (0, 2, 3)
MIN_CALLS = 2
NUMBERS_OF_CALLS = [
    "stop_sequence",
    "pickup_type",
    "drop_off_type",
    "shape_dist_traveled",
    "continuous_pickup",
    "continuous_drop_off",
]


@dataclass(frozen=True, slots=True, eq=False)
class FeedStops:
    """All rows of stops.txt that have an id of their own, stations and entrances included.

    Attributes
    ----------
    id
        (S,) unique.
    name
        (S,) "" where blank.
    lon_deg, lat_deg
        (S,) float64, nan where blank, out of range or at 0, 0.
    station
        (S,) int64, row of the station a stop belongs to, its own row where it has none.

    """

    id: pd.Index[str]
    name: pd.Series[str]
    lon_deg: Floats
    lat_deg: Floats
    station: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class FeedCalls:
    """Calls, (C,) columns: trips in rising order, each in the order of its calls and with at least two of them.

    Attributes
    ----------
    trip, stop
        int64, rows of FeedTrips and FeedStops.
    arrival, departure
        int64, seconds after midnight of the trip's own service day.
    pickup, dropoff
        bool, whether passengers may board or alight.

    """

    trip: Int64s
    stop: Int64s
    arrival: Int64s
    departure: Int64s
    pickup: Bools
    dropoff: Bools


def read_stops(tables: FeedTables) -> tuple[FeedStops, BuildReport]:
    """Stops with their places and stations; whether a place is missing matters only for those with calls."""
    blank = tables.stops["stop_id"].isna().to_numpy(np.bool_)
    again = tables.stops["stop_id"].duplicated().to_numpy(np.bool_) & ~blank
    stops = tables.stops[~blank & ~again].reset_index(drop=True)
    ids = pd.Index(stops["stop_id"])
    lon, lat = stops["stop_lon"].to_numpy(), stops["stop_lat"].to_numpy()
    placed = (np.abs(lon) <= MAX_LON_DEG) & (np.abs(lat) <= MAX_LAT_DEG) & ((lon != 0) | (lat != 0))
    parent = rows_of(ids, stops["parent_station"])
    orphan = (parent < 0) & stops["parent_station"].notna().to_numpy()
    parent = np.where(parent < 0, np.arange(len(ids)), parent)
    given_ids = tables.stops["stop_id"].to_numpy()
    report = (
        tables.note("dropped", "stops without an id", blank, lambda row: f"row {row + FIRST_ROW}")
        + tables.note("dropped", "second stops with the same id", again, given_ids.__getitem__)
        + tables.note(
            "repaired",
            "stops of a station that stops.txt lacks, taken to be on their own",
            orphan,
            ids.__getitem__,
        )
    )
    return FeedStops(
        id=ids,
        name=stops["stop_name"].fillna(""),
        lon_deg=np.where(placed, lon, np.nan),
        lat_deg=np.where(placed, lat, np.nan),
        # A boarding area belongs to a platform and that to a station: twice is up all the way.
        station=parent[parent],
    ), report


def read_calls(
    tables: FeedTables,
    trips: FeedTrips,
    stops: FeedStops,
    frequencies: Frequencies,
    today: Bools,
    yesterday: Bools,
) -> tuple[FeedCalls, BuildReport]:
    """Calls of the trips of `today`, (T,) bool, and of those of `yesterday` that last until midnight or longer.

    Raises
    ------
    InputError
        A time is unreadable.

    """
    calls, report = _calls_of_trips(tables, trips, stops, today | yesterday)
    wanted = today | (yesterday & _late(calls, frequencies))
    calls = _only(calls, wanted[calls["trip"].to_numpy()])
    # Trips without any call here may be booked as a whole.
    booked = _is_flexible(tables, trips) & (np.bincount(calls["trip"], minlength=len(trips.id)) == 0)
    calls, order_report = _in_order(tables, calls)
    calls, one_time_report = _with_both_times(tables, calls)
    calls, untimed, end_report = _with_timed_ends(tables, calls, trips)
    calls, time_report = _with_all_times(tables, calls, stops)
    calls, stop_report = _at_stops(tables, calls, stops)
    n_calls = np.bincount(calls["trip"], minlength=len(trips.id))
    short = wanted & ~untimed & ~booked & (n_calls < MIN_CALLS)
    calls = _only(calls, n_calls[calls["trip"]] >= MIN_CALLS)
    boarding_report = _boarding_report(tables, calls)
    report += order_report + one_time_report + end_report + time_report + stop_report + boarding_report
    report += tables.note(
        "dropped", "trips of the day with fewer than two calls", short, trips.id.__getitem__
    )
    return FeedCalls(
        trip=calls["trip"].to_numpy(np.int64),
        stop=calls["stop"].to_numpy(np.int64),
        arrival=calls["arrival"].to_numpy(np.int64),
        departure=calls["departure"].to_numpy(np.int64),
        pickup=(calls["pickup_type"] != NOT_ALLOWED).to_numpy(np.bool_),
        dropoff=(calls["drop_off_type"] != NOT_ALLOWED).to_numpy(np.bool_),
    ), report


def _only(calls: pd.DataFrame, is_kept: Bools) -> pd.DataFrame:
    """Calls that are kept: almost always all of them, which then need not be copied."""
    return calls if is_kept.all() else calls[is_kept]


def _label(calls: pd.DataFrame) -> Callable[[int], str]:
    """Name of a call, by its place in `calls`."""
    trip_id, sequence, row = (calls[column] for column in ("trip_id", "stop_sequence", "row"))
    return lambda call: (
        f"trip {trip_id.iloc[call]}, stop_sequence {sequence.iloc[call]:g} (row {row.iloc[call]})"
    )


def _calls_of_trips(
    tables: FeedTables, trips: FeedTrips, stops: FeedStops, selected: Bools
) -> tuple[pd.DataFrame, BuildReport]:
    """Rows of stop_times.txt of the `selected` trips, with `trip`, `stop`, `row` and the times in seconds.

    A day of a country has millions: of what stands in the table as text only the trip is kept, by its number. Calls that
    are made when booked, in a window of time, are left to `data.on_demand.gtfs_flex`.
    """
    table = tables.stop_times
    trip = rows_of(trips.id, table["trip_id"])
    labels = table["trip_id"]
    report = tables.note(
        "dropped",
        "stop_times of a trip that trips.txt lacks",
        trip < 0,
        lambda row: f"row {row + FIRST_ROW}: {labels.iloc[row]}",
    )
    is_timed = table["start_pickup_drop_off_window"].isna().to_numpy(np.bool_)
    used = np.flatnonzero((trip >= 0) & selected[trip] & is_timed)
    calls = table[NUMBERS_OF_CALLS].iloc[used].assign(trip=trip[used], row=used + FIRST_ROW)
    calls["trip_id"] = pd.Categorical.from_codes(trip[used], trips.id)
    calls["stop"] = rows_of(stops.id, table["stop_id"].iloc[used])
    faults = []
    for column in ("arrival", "departure"):
        texts = table[f"{column}_time"].iloc[used]
        calls[column], bad = clock_seconds(texts)
        if bad.any():
            advice = "Write times as HH:MM:SS; hours may go past 24."
            faults.append(unreadable("stop_times", f"{column}_time", texts, bad, advice))
    if faults:
        raise InputError(f"{tables.path.name}: {' '.join(faults)}")
    return calls, report


def _is_flexible(tables: FeedTables, trips: FeedTrips) -> Bools:
    """(T,) bool, trips with a call in a window of time."""
    has_window = tables.stop_times["start_pickup_drop_off_window"].notna()
    flexible: Bools = np.isin(trips.id, tables.stop_times.loc[has_window, "trip_id"].dropna())
    return flexible


def _late(calls: pd.DataFrame, frequencies: Frequencies) -> Bools:
    """(T,) bool, trips with a call at 24:00 or later, a run of their frequencies included."""
    first, last = np.full((2, len(frequencies.end)), np.nan)
    for column in ("arrival", "departure"):
        np.fmin.at(first, calls["trip"], calls[column])
        np.fmax.at(last, calls["trip"], calls[column])
    last = np.where(frequencies.is_pattern, frequencies.end + last - first, last)
    late: Bools = last >= DAY_S
    return late


def _in_order(tables: FeedTables, calls: pd.DataFrame) -> tuple[pd.DataFrame, BuildReport]:
    blank = calls["stop_sequence"].isna().to_numpy(np.bool_)
    report = tables.note("dropped", "calls without a stop_sequence", blank, _label(calls))
    calls = _only(calls, ~blank)
    if not _is_in_order(calls):
        calls = calls.sort_values(["trip", "stop_sequence", "row"])
    again = calls.duplicated(["trip", "stop_sequence"]).to_numpy(np.bool_)
    report += tables.note(
        "dropped", "second calls with the same trip and stop_sequence", again, _label(calls)
    )
    return _only(calls, ~again), report


def _is_in_order(calls: pd.DataFrame) -> bool:
    """Whether calls that stand in the order of the file are in that of trips and their calls."""
    onward, later = np.diff(calls["trip"]), np.diff(calls["stop_sequence"])
    return bool(((onward > 0) | ((onward == 0) & (later >= 0))).all())


def _with_both_times(tables: FeedTables, calls: pd.DataFrame) -> tuple[pd.DataFrame, BuildReport]:
    one_time = (calls["arrival"].isna() != calls["departure"].isna()).to_numpy(np.bool_)
    report = tables.note(
        "assumed", "calls with one of arrival and departure, taken for both", one_time, _label(calls)
    )
    arrival = calls["arrival"].fillna(calls["departure"])
    return calls.assign(arrival=arrival, departure=calls["departure"].fillna(arrival)), report


def _with_timed_ends(
    tables: FeedTables, calls: pd.DataFrame, trips: FeedTrips
) -> tuple[pd.DataFrame, Bools, BuildReport]:
    trip = calls["trip"].to_numpy()
    is_end = (np.diff(trip, prepend=-1) != 0) | (np.diff(trip, append=-1) != 0)
    untimed = np.zeros(len(trips.id), np.bool_)
    untimed[trip[is_end & calls["arrival"].isna().to_numpy()]] = True
    report = tables.note(
        "dropped", "trips without a time at the first or last call", untimed, trips.id.__getitem__
    )
    return _only(calls, ~untimed[trip]), untimed, report


def _with_all_times(
    tables: FeedTables, calls: pd.DataFrame, stops: FeedStops
) -> tuple[pd.DataFrame, BuildReport]:
    """Calls with times that never decrease along a trip and none of them blank."""
    repaired = repair(calls["arrival"].to_numpy(), calls["departure"].to_numpy(), calls["trip"].to_numpy())
    stop = calls["stop"].to_numpy()
    lon, lat = (np.append(degrees, np.nan)[stop] for degrees in (stops.lon_deg, stops.lat_deg))
    shape_dist = calls["shape_dist_traveled"].to_numpy()
    times = interpolate(repaired.arrival, repaired.departure, shape_dist, lon, lat)
    label = _label(calls)
    report = (
        tables.note("repaired", "times earlier than a call before, raised to it", repaired.backwards, label)
        + tables.note("repaired", "departures before the arrival, raised to it", repaired.swapped, label)
        + tables.note("assumed", "blank times filled in by shape_dist_traveled", times.by_shape, label)
        + tables.note("assumed", "blank times filled in by the distance between stops", times.by_stops, label)
        + tables.note("assumed", "blank times filled in by the number of calls", times.by_index, label)
    )
    return calls.assign(arrival=times.arrival, departure=times.departure), report


def _at_stops(tables: FeedTables, calls: pd.DataFrame, stops: FeedStops) -> tuple[pd.DataFrame, BuildReport]:
    """Calls at stops that are known and have a place."""
    stop = calls["stop"].to_numpy()
    unknown = stop < 0
    unplaced = ~unknown & np.isnan(np.append(stops.lon_deg, np.nan)[stop])
    unplaced_stops = np.unique(stop[unplaced])
    report = (
        tables.note("dropped", "calls at a stop that stops.txt lacks", unknown, _label(calls))
        + tables.note(
            "dropped",
            "stops without coordinates, or at 0, 0 or out of range",
            unplaced_stops,
            stops.id.__getitem__,
        )
        + tables.note("dropped", "calls at stops without usable coordinates", unplaced, _label(calls))
    )
    return _only(calls, ~unknown & ~unplaced), report


def _boarding_report(tables: FeedTables, calls: pd.DataFrame) -> BuildReport:
    report = BuildReport()
    for column, deed in (("pickup_type", "board"), ("drop_off_type", "alight")):
        kind = calls[column]
        strange = (kind.notna() & ~kind.isin([0, NOT_ALLOWED, *ON_REQUEST])).to_numpy(np.bool_)
        on_request = kind.isin(ON_REQUEST).to_numpy(np.bool_)
        report += tables.note(
            "assumed",
            f"calls where passengers {deed} after phoning or asking, taken to be open to all",
            on_request,
            _label(calls),
        ) + tables.note(
            "assumed", f"calls with an unknown {column}, taken to be open to all", strange, _label(calls)
        )
    continuous = np.zeros(len(calls), np.bool_)
    for column in ("continuous_pickup", "continuous_drop_off"):
        continuous |= calls[column].isin(ALWAYS_OR_ON_REQUEST).to_numpy(np.bool_)
    second = (calls["departure"] >= 2 * DAY_S).to_numpy(np.bool_)
    report += tables.note(
        "kept", "calls at 48:00 or later, which the timetable of that day lacks", second, _label(calls)
    )
    return report + tables.note(
        "dropped", "continuous boarding and alighting between a call and the next", continuous, _label(calls)
    )
