"""Dates and times of GTFS: read; the times of calls repaired where they go backwards, filled in where blank; and frequencies.

Everything here works on whole columns. Times are float64 seconds after noon minus 12 hours of the service day (GTFS's
own zero: midnight, except on the two days a year when the clocks change), nan where blank. The rows of all trips follow
each other, each trip in the order of its calls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.columns import Bools, Floats, Int64s

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""
LONGEST_S = 1e7
"""More than any time of three-digit hours, so that trips laid end to end cannot meet."""


@dataclass(frozen=True, slots=True, eq=False)
class Interpolated:
    """Times without blanks, and which rows were filled in by which measure of distance.

    Attributes
    ----------
    arrival, departure
        (C,) float64, whole seconds.
    by_shape, by_stops, by_index
        (C,) bool; at most one holds in a row, none where the time was given.

    """

    arrival: Floats
    departure: Floats
    by_shape: Bools
    by_stops: Bools
    by_index: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """Times that never decrease along a trip, and which rows had to be raised.

    Attributes
    ----------
    arrival, departure
        (C,) float64, nan where they were.
    backwards
        (C,) bool, calls earlier than a call before them.
    swapped
        (C,) bool, calls that departed before they arrived.

    """

    arrival: Floats
    departure: Floats
    backwards: Bools
    swapped: Bools


def clock_seconds(texts: pd.Series[str]) -> tuple[Floats, Bools]:
    """Seconds of times such as 8:05:00 or 25:10:30, and the rows that are neither blank nor such a time.

    Returns
    -------
        (C,) float64, nan where blank or unreadable, and (C,) bool.

    """
    codes, unique = pd.factorize(texts.fillna(""))
    times = pd.Series(unique, dtype="string")
    parts = times.str.extract(r"^(\d{1,3}):([0-5]\d):([0-5]\d)$").astype("Float64")
    seconds = parts.to_numpy(np.float64, na_value=np.nan) @ np.array([3600.0, 60.0, 1.0])
    unreadable = np.isnan(seconds) & (times != "").to_numpy(np.bool_)
    return seconds[codes], unreadable[codes]


def day_numbers(texts: pd.Series[str]) -> tuple[Int64s, Bools]:
    """Days since 1970-01-01 of dates such as 20250131, however far in the future, and the rows that are no date.

    Returns
    -------
        (R,) int64, and (R,) bool.

    """
    codes, unique = pd.factorize(texts.fillna(""))
    parts = (
        pd.Series(unique, dtype="string").str.extract(r"^(\d{4})(\d{2})(\d{2})$").fillna("0").astype("int64")
    )
    year, month, day = parts.to_numpy(np.int64).T
    months = (year - 1970) * 12 + month - 1
    first_of_month = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_month = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = first_of_month + day - 1
    bad = (month < 1) | (month > 12) | (day < 1) | (days >= next_month)
    return days[codes], bad[codes]


def clock_text(seconds: int) -> str:
    """Time as GTFS writes it, hours past 24 included: 90,000 is 25:00:00."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def repair(arrival: Floats, departure: Floats, trip: Int64s) -> Repaired:
    """Raise each time that is earlier than one before it in its trip; `trip` is (C,), equal along a trip.

    The first call of each trip must have a time.
    """
    # Trips are laid end to end, each later than all before it, so that one running maximum serves them all.
    offset = np.cumsum(np.diff(trip, prepend=trip[:1]) != 0) * LONGEST_S
    times = np.stack([arrival, departure], axis=1)
    latest = np.fmax.accumulate((times + offset[:, np.newaxis]).ravel()).reshape(times.shape)
    latest -= offset[:, np.newaxis]
    raised = times < latest
    swapped = departure < arrival
    return Repaired(
        arrival=np.where(raised[:, 0], latest[:, 0], arrival),
        departure=np.where(raised[:, 1], latest[:, 1], departure),
        backwards=raised[:, 0] | (raised[:, 1] & ~swapped),
        swapped=swapped,
    )


def interpolate(
    arrival: Floats, departure: Floats, shape_dist: Floats, lon_deg: Floats, lat_deg: Floats
) -> Interpolated:
    """Fill in blank times between the last departure before and the next arrival after them.

    Time passes in proportion to `shape_dist` where each row of the gap and both its ends have one that does not
    decrease; else to the straight lines from stop to stop, where all have coordinates; else to the number of calls.
    The first and last call of each trip must have both times; the others have both or none.
    """
    n_calls = len(arrival)
    number = np.arange(n_calls)
    known = ~np.isnan(arrival)
    before = np.maximum.accumulate(np.where(known, number, 0))
    after = np.minimum.accumulate(np.where(known, number, n_calls - 1)[::-1])[::-1]
    hop_m = _hops_m(lon_deg, lat_deg)
    shape_hop = np.diff(shape_dist, prepend=np.nan)
    by_shape = _share_of_gap(shape_dist, ~(shape_hop >= 0), before, after)
    by_stops = _share_of_gap(np.nancumsum(hop_m), np.isnan(hop_m), before, after)
    by_index = _share_of_gap(number.astype(np.float64), np.zeros(n_calls, np.bool_), before, after)
    has_shape, has_stops = ~np.isnan(by_shape), ~np.isnan(by_stops)
    share = np.where(has_shape, by_shape, np.where(has_stops, by_stops, by_index))
    start = departure[before]
    filled = np.rint(start + share * (arrival[after] - start))
    return Interpolated(
        arrival=np.where(known, arrival, filled),
        departure=np.where(known, departure, filled),
        by_shape=~known & has_shape,
        by_stops=~known & ~has_shape & has_stops,
        by_index=~known & ~has_shape & ~has_stops,
    )


def runs_of_frequencies(start: Int64s, end: Int64s, headway_s: Int64s) -> tuple[Int64s, Int64s]:
    """Row and start time of every run of frequencies: at `start` and each `headway_s` after it, before `end`.

    Returns
    -------
        (R,) int64 rows of the arguments, and (R,) int64 start times.

    """
    n_runs = np.maximum(0, -((start - end) // headway_s))
    row = np.repeat(np.arange(len(start)), n_runs)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(n_runs) - n_runs, n_runs)
    return row, start[row] + turn * headway_s[row]


def _share_of_gap(position: Floats, broken: Bools, before: Int64s, after: Int64s) -> Floats:
    """Part of the way from row `before` to row `after` at each row, nan where a hop on the way is `broken` or none leads on."""
    n_broken = np.cumsum(broken)
    length = position[after] - position[before]
    allowed = (length > 0) & (n_broken[after] == n_broken[before])
    share: Floats = np.full(len(position), np.nan)
    return np.divide(position - position[before], length, out=share, where=allowed)


def _hops_m(lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Metres as the crow flies from the row before, on a sphere; nan in the first row (haversine formula)."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    half_lon, half_lat = (np.diff(angle, prepend=np.nan) / 2 for angle in (lon, lat))
    chord = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(np.roll(lat, 1)) * np.sin(half_lon) ** 2
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
    return metres
