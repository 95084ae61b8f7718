"""Places and services as somebody wrote them down, made the tables that the readers of `data.files.tables` know.

Nothing is guessed silently: whatever is understood in another way than it is written, filled in or left out is a
finding. What stays wrong after that is told by the rows of the file, all at once.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from data.build_report import BuildReport, finding
from data.files.any_table import TableLayer, load_table
from data.files.faults import Fault, OwnFaultError
from data.files.rows import Rows
from data.files.tables import AGE_COLUMNS, CARS, WITHOUT_CAR
from data.names import slug
from data.parameters.facility_kinds import LANGUAGES, FacilityKinds
from data.places import AGE_SHARES
from data.projection import Projection

NEEDED: dict[TableLayer, tuple[str, ...]] = {
    "facilities": ("kind", "name", "lon", "lat"),
    "places": ("name", "lon", "lat", "inhabitants"),
}
"""Columns that only the owner of the file can fill."""
OTHER_NAMES = {
    "naam": "name",
    "soort": "kind",
    "type": "kind",
    "gemeente": "municipality",
    "inwoners": "inhabitants",
    "longitude": "lon",
    "lng": "lon",
    "lengtegraad": "lon",
    "latitude": "lat",
    "breedtegraad": "lat",
    "x": "x_m",
    "y": "y_m",
    "x_rd": "x_m",
    "y_rd": "y_m",
    "rd_x": "x_m",
    "rd_y": "y_m",
    "openingstijden": "opening_hours",
    "grootte": "units",
    "plaats_id": "id",
    "autos_per_huishouden": "cars_per_household",
    "zonder_auto": "without_car_share",
}
METRES = ("x_m", "y_m")
COUNTS = ("inhabitants", *AGE_COLUMNS)
NUMBERS = ("lon", "lat", *METRES, "units", *COUNTS, CARS, WITHOUT_CAR)
AGES_ASSUMED = "age bands of a place from the shares of the Netherlands in 2018"
_COMMA = re.compile(r"-?\d+,\d+")
_GROUPS = ".,'\u2019 \u00a0\u202f"
_GROUPED = re.compile(rf"-?\d{{1,3}}([{_GROUPS}])\d{{3}}(?:\1\d{{3}})*(?:(?!\1)[.,](\d+))?")
"""Whole thousands between dots, commas, apostrophes or spaces, and perhaps decimals behind the other sign."""


def read_rows(
    path: Path, name: str, layer: TableLayer, origin: str, projection: Projection, kinds: FacilityKinds
) -> tuple[Rows, BuildReport]:
    """Read a table of services or places as text columns, with all that `facilities_of` or `places_of` asks for.

    Rows that cannot be used are faults of the rows that are returned; those readers add theirs, and refuse them all.

    Parameters
    ----------
    path, name
        The file, and what messages call it.
    origin
        ``observed`` or ``modelled``, of rows that do not say.
    projection
        Of the region: metres in columns x and y are taken to be in it.

    Raises
    ------
    OwnFaultError
        When the file is no table, has no rows, or lacks a column.

    """
    table, report = load_table(path, name, layer)
    rows, named = _known_names(name, table, layer)
    given = set(rows.table.columns) | ({"lon", "lat"} if set(METRES) <= set(rows.table.columns) else set())
    given |= {"inhabitants"} if set(AGE_COLUMNS) <= given else set()
    missing = [column for column in NEEDED[layer] if column not in given]
    if missing:
        found = ", ".join(map(str, table.columns))
        raise OwnFaultError(Fault("columns", name, {"missing": ", ".join(missing), "found": found}))
    blank = (rows.table == "").all(axis=1)
    report += named + finding(layer, "dropped", "blank rows", rows.table.index[blank])
    rows.table = rows.table[~blank].copy()
    if rows.table.empty:
        raise OwnFaultError(Fault("empty", name))
    report += _plain_numbers(rows.table, layer) + _degrees(rows, layer, projection)
    filled = (
        _filled_facilities(rows, origin, kinds) if layer == "facilities" else _filled_places(rows, origin)
    )
    return rows, report + filled


def _known_names(name: str, table: pd.DataFrame, layer: TableLayer) -> tuple[Rows, BuildReport]:
    """Columns by the names that the readers know; of two alike the one with that name counts, else the first."""
    names = {column: str(column).strip().lower() for column in table.columns}
    names = dict(sorted(names.items(), key=lambda pair: pair[1] in OTHER_NAMES))
    table = table[list(names)]
    known = {column: OTHER_NAMES.get(name, name) for column, name in names.items()}
    other = [str(column) for column, name in known.items() if name != names[column]]
    report = finding(layer, "repaired", "columns with another name, read as those meant", other)
    renamed = table.rename(columns=known)
    again = renamed.columns.duplicated()
    twice = [str(column) for column, is_again in zip(known, again, strict=True) if is_again]
    report += finding(layer, "dropped", "columns that mean the same as one before them", twice)
    called = {own: str(column) for column, own in reversed(known.items())}
    return Rows(name, renamed.loc[:, ~again].apply(lambda column: column.str.strip()), called), report


def _plain_numbers(table: pd.DataFrame, layer: TableLayer) -> BuildReport:
    """Write numbers with a decimal point and nothing between thousands, in place.

    Persons are whole, so that what looks like thousands is. Metres are where all of a column looks so: no system of
    coordinates has a region within 1 km of its origin.
    """
    grouped: list[str] = []
    commas: list[str] = []
    for column in [column for column in NUMBERS if column in table]:
        texts = table[column].tolist()
        signed = [text for text in texts if any(sign in text for sign in _GROUPS)]
        if column in COUNTS or (column in METRES and all(map(_GROUPED.fullmatch, signed))):
            grouped += [text for text in texts if _GROUPED.fullmatch(text)]
            texts = [_without_groups(text) for text in texts]
        commas += [text for text in texts if _COMMA.fullmatch(text)]
        table[column] = [text.replace(",", ".") if _COMMA.fullmatch(text) else text for text in texts]
    what = "numbers with signs between their thousands, read as such"
    return finding(layer, "repaired", what, grouped) + finding(
        layer, "repaired", "numbers with a decimal comma, read as such", commas
    )


def _without_groups(text: str) -> str:
    found = _GROUPED.fullmatch(text)
    if found is None:
        return text
    whole = text[: found.start(2) - 1] if found[2] else text
    return whole.replace(found[1], "") + (f".{found[2]}" if found[2] else "")


def _degrees(rows: Rows, layer: TableLayer, projection: Projection) -> BuildReport:
    """Fill lon and lat from metres, where there are no degrees."""
    table = rows.table
    if {"lon", "lat"} <= set(table.columns):
        return BuildReport()
    x_m, y_m = (rows.numbers(column) for column in METRES)
    names = table["name"]
    if (np.abs(x_m) <= 180).all() and (np.abs(y_m) <= 90).all():
        table["lon"], table["lat"] = table["x_m"], table["y_m"]
        return finding(
            layer, "repaired", "positions in columns x and y that are degrees, read as such", names
        )
    lon_deg, lat_deg = projection.to_lonlat(x_m, y_m)
    reached = np.isfinite(lon_deg) & np.isfinite(lat_deg)
    rows.add(
        np.isfinite(x_m) & np.isfinite(y_m) & ~reached,
        "the metres lie where the coordinate system has no place",
        *METRES,
    )
    for column, degrees in (("lon", lon_deg), ("lat", lat_deg)):
        table[column] = [f"{value:.7f}" for value in np.where(reached, degrees, 0.0)]
    return finding(
        layer, "repaired", "positions in metres, read in the coordinate system of the region", names
    )


def _filled_facilities(rows: Rows, origin: str, kinds: FacilityKinds) -> BuildReport:
    """Kinds by their ids, and the columns that can be filled in."""
    table = rows.table
    ids = {
        **{
            kind.names[number].casefold(): kind.id for kind in kinds.kinds for number in range(len(LANGUAGES))
        },
        **{kind: kind for kind in kinds.ids},
    }
    found = [ids.get(text.casefold(), "") for text in table["kind"]]
    words = [text for text, kind in zip(table["kind"], found, strict=True) if kind and kind != text]
    report = finding("facilities", "repaired", "kinds of service in words, read as those meant", words)
    table["kind"] = [kind or text for kind, text in zip(found, table["kind"], strict=True)]
    defaults = {"units": "1", "origin": origin}
    return report + _filled(table, "facilities", defaults, [slug(kind) for kind in table["kind"]])


def _filled_places(rows: Rows, origin: str) -> BuildReport:
    table, report = rows.table, BuildReport()
    if not set(AGE_COLUMNS) <= set(table.columns):
        total = rows.persons(("inhabitants",))[:, 0]
        by_age = np.floor(total[:, None] * np.array(AGE_SHARES)).astype(np.int64)
        by_age[:, 1] += total - by_age.sum(axis=1)
        for number, column in enumerate(AGE_COLUMNS):
            table[column] = by_age[:, number].astype(str)
        report = finding("places", "assumed", AGES_ASSUMED, table["name"])
    defaults = {"kind": "village", "municipality": "", "in_region": "true", "origin": origin}
    return report + _filled(table, "places", defaults, [slug(name) for name in table["name"]])


def _filled(table: pd.DataFrame, layer: str, defaults: dict[str, str], stems: list[str]) -> BuildReport:
    """Fill columns that are missing, or blank in some rows, with what is taken for granted; ids made of `stems`."""
    filled = []
    made = [f"own-{stem}-{number}" for number, stem in enumerate(stems, start=1)]
    for column, value in {**defaults, "id": made}.items():
        before = table[column] if column in table else pd.Series("", table.index, dtype=object)
        if (before == "").any() and value:
            filled.append(column if column == "id" else f"{column} = {value}")
        table[column] = before.mask(before == "", pd.Series(value, table.index, dtype=object))
    return finding(layer, "assumed", "columns that are missing or have blanks, filled in", filled)
