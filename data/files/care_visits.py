"""Lists of visits of home care: one row per visit, clients known by a number or a code, never by a name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.clock import parse_clock
from data.columns import Bools, Floats, Int32s, Int64s, Strings, freeze
from data.errors import InputError
from data.files.rows import Rows, as_text
from data.files.tables import read_table
from data.places import Places
from data.projection import Projection

COLUMNS = ("client", "minutes", "from", "until")
"""Needed; besides them `place`, or `lon` and `lat`, or both."""
MOST_MIN = 600
SAME_HOME_M = 1.0
FAR_M = 20_000.0
"""Nobody of a region lives as far from every place of it: lon and lat are wrong, or swapped."""


@dataclass(frozen=True, slots=True, eq=False)
class CareVisitRows:
    """Visits of a list: one row per visit.

    Attributes
    ----------
    client
        (V,) strings; two visits a day are two rows of one client.
    place
        (V,) int32, row of Places; -1 where a row gives a point alone.
    x_m, y_m
        (V,) float64, projected metres.
    care_s
        (V,) int64, seconds at the client's.
    earliest_s, latest_s
        (V,) int64, clock times between which the visit must begin.

    """

    client: Strings
    place: Int32s
    x_m: Floats
    y_m: Floats
    care_s: Int64s
    earliest_s: Int64s
    latest_s: Int64s

    def __post_init__(self) -> None:
        freeze(self, len(self.client))


def read_care_visits(path: Path, places: Places, projection: Projection) -> CareVisitRows:
    """Visits of a table: client, place (id or name) or lon and lat, minutes, from, until (HH:MM).

    Raises
    ------
    InputError
        With every row that cannot be used.

    """
    return care_visits_of(Rows(str(path), read_table(path, COLUMNS)), places, projection)


def care_visits_of(rows: Rows, places: Places, projection: Projection) -> CareVisitRows:
    """Visits of a table with all columns of `COLUMNS`; InputError as `read_care_visits`."""
    has_point = {"lon", "lat"} <= set(rows.table.columns)
    if not has_point and "place" not in rows.table.columns:
        msg = f"{rows.name}: it says nowhere where the clients live. Give a column place, or the columns lon and lat."
        raise InputError(msg)
    client = tuple(text.strip() for text in rows.texts("client"))
    rows.add(np.array([not text for text in client]), "the client is blank", "client")
    minutes = rows.numbers("minutes")
    rows.add(
        (minutes <= 0) | (minutes > MOST_MIN), f"minutes must be above 0, and {MOST_MIN} at most", "minutes"
    )
    (earliest_s, early_wrong), (latest_s, late_wrong) = (_clock(rows, column) for column in ("from", "until"))
    rows.add((earliest_s > latest_s) & ~early_wrong & ~late_wrong, "until comes before from", "from", "until")
    place, x_m, y_m = _where(rows, places, projection, has_point=has_point)
    _, first, of = np.unique(client, return_index=True, return_inverse=True)
    home = first[of.ravel()]
    moved = np.hypot(x_m - x_m[home], y_m - y_m[home]) > SAME_HOME_M
    rows.add(moved, "the client lives elsewhere in another row", "client")
    rows.refuse()
    care_s = np.ceil(minutes * 60).astype(np.int64)
    return CareVisitRows(client, place, x_m, y_m, care_s, earliest_s, latest_s)


def _clock(rows: Rows, column: str) -> tuple[Int64s, Bools]:
    """Seconds after midnight of a column, and which rows have none."""
    seconds, wrong = np.zeros(len(rows.table), np.int64), np.zeros(len(rows.table), np.bool_)
    for row, text in enumerate(rows.texts(column)):
        try:
            seconds[row] = parse_clock(text.strip())
        except InputError:
            wrong[row] = True
    wrong |= seconds > 24 * 3600
    rows.add(wrong, f"{column} is no clock time (HH:MM) of the day", column)
    return seconds, wrong


def _where(
    rows: Rows, places: Places, projection: Projection, *, has_point: bool
) -> tuple[Int32s, Floats, Floats]:
    """Place, and point in metres, of every row: lon and lat where both are given, else the point of the place."""
    n_rows = len(rows.table)
    named = _stripped(rows, "place") if "place" in rows.table.columns else [""] * n_rows
    known: dict[str, list[int]] = {}
    for row, (id_, name) in enumerate(zip(places.id, places.name, strict=True)):
        known.setdefault(name.casefold(), []).append(row)
        if id_.casefold() != name.casefold():
            known.setdefault(id_.casefold(), []).append(row)
    matches = [known.get(text.casefold(), []) for text in named]
    place = np.array([found[0] if len(found) == 1 else -1 for found in matches], np.int32)
    if "place" in rows.table.columns:
        unclear = np.array([bool(text) and len(of) != 1 for text, of in zip(named, matches, strict=True)])
        rows.add(unclear, "no place, or more than one, has this id or name", "place")
    lon, lat = (rows.optional(column) if has_point else np.full(n_rows, np.nan) for column in ("lon", "lat"))
    given = np.isfinite(lon) & np.isfinite(lat)
    outside = given & ((np.abs(lon) > 180) | (np.abs(lat) > 90))
    if has_point:
        rows.add(outside, "lon and lat must be degrees (WGS84)", "lon", "lat")
    nowhere = ~given & np.array([not text for text in named])
    rows.add(nowhere, "neither a place nor lon and lat are given", "client")
    x_m, y_m = places.x_m[np.maximum(place, 0)].copy(), places.y_m[np.maximum(place, 0)].copy()
    usable = given & ~outside
    if usable.any() and not rows.faults:
        x_m[usable], y_m[usable] = projection.to_metres(lon[usable], lat[usable])
    if usable.any() and len(places.id):
        away_m = np.hypot(x_m[:, None] - places.x_m, y_m[:, None] - places.y_m).min(axis=1)
        if not rows.faults:
            rows.add(usable & ~(away_m < FAR_M), "lon and lat lie far from every place", "lon", "lat")
    return place, x_m, y_m


def _stripped(rows: Rows, column: str) -> list[str]:
    return [text.strip() for text in as_text(pd.Series(rows.table[column]))]
