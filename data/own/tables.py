"""Services or places as somebody wrote them down, made the table that the readers of `data.files.tables` know.

Nothing is guessed silently: whatever is understood in another way than it is written, filled in or left out is a
finding. What stays wrong after that is left to the readers, who name the lines.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.tables import AGE_COLUMNS, read_facilities, read_places
from data.live.area import Box
from data.live.names import slug
from data.own.faults import Fault, OwnFaultError
from data.own.loading import TableLayer, load_table
from data.parameters.facility_kinds import LANGUAGES, FacilityKinds
from data.places import AGE_BANDS, AGE_SHARES
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
}
NUMBERS = ("lon", "lat", "x_m", "y_m", "units", "inhabitants", *AGE_COLUMNS)
COUNTS = ("inhabitants", *AGE_COLUMNS)
_COMMA = re.compile(r"-?\d+,\d+")
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def write_own_table(
    path: Path, name: str, layer: TableLayer, origin: str, projection: Projection, kinds: FacilityKinds
) -> tuple[pd.DataFrame, BuildReport]:
    """Read a table of services or places as text columns that the readers know, complete and checked by them.

    Parameters
    ----------
    path, name
        The file, and what its owner calls it.
    origin
        ``observed`` or ``modelled``, of rows that do not say.
    projection
        Of the region: metres in columns x and y are taken to be in it.

    Raises
    ------
    OwnFaultError
        When the file is no table, lacks a column, or has rows that the reader refuses; lines are those of the file.

    """
    table, report = load_table(path, name, layer)
    table, named = _known_names(table, layer)
    table, cleaned = _clean(table, layer, projection)
    report += named + cleaned
    missing = [column for column in NEEDED[layer] if column not in table and not _stands_in(table, column)]
    if missing:
        found = ", ".join(map(str, table.columns))
        raise OwnFaultError(Fault("columns", name, {"missing": ", ".join(missing), "found": found}))
    if table.empty:
        raise OwnFaultError(Fault("empty", name))
    if layer == "facilities":
        table, filled = _filled_facilities(table, origin, kinds)
    else:
        table, filled = _filled_places(table, origin)
    _refuse_rows(table, name, layer, projection)
    return table, report + filled


def without_far_rows(
    table: pd.DataFrame, name: str, layer: TableLayer, box: Box
) -> tuple[pd.DataFrame, BuildReport]:
    """Leave out rows outside `box`, which holds all that the streets lead to.

    Raises
    ------
    OwnFaultError
        When no row is inside.

    """
    lon, lat = (np.asarray(table[column].astype(float), np.float64) for column in ("lon", "lat"))
    inside = box.holds(lon, lat)
    if not inside.any():
        swapped = bool(box.holds(lat, lon).all())
        middle = f"{float(np.median(lat)):.2f}, {float(np.median(lon)):.2f}"
        raise OwnFaultError(Fault("swapped" if swapped else "elsewhere", name, {"where": middle}))
    names = table["name"].to_numpy()[~inside]
    return table[inside], finding(layer, "dropped", "rows far from any street of the region", names)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as the readers expect it."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _known_names(table: pd.DataFrame, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Columns by the names that the readers know; the first of two alike counts."""
    names = {column: str(column).strip().lower() for column in table.columns}
    known = {column: OTHER_NAMES.get(name, name) for column, name in names.items()}
    other = [str(column) for column, name in known.items() if name != names[column]]
    report = finding(layer, "repaired", "columns with another name, read as those meant", other)
    table = table.rename(columns=known)
    again = table.columns.duplicated()
    twice = [str(column) for column, is_again in zip(known, again, strict=True) if is_again]
    report += finding(layer, "dropped", "columns that mean the same as one before them", twice)
    return table.loc[:, ~again].apply(lambda column: column.str.strip()), report


def _clean(
    table: pd.DataFrame, layer: TableLayer, projection: Projection
) -> tuple[pd.DataFrame, BuildReport]:
    """Without blank rows, numbers with a decimal point, positions in degrees."""
    blank = (table == "").all(axis=1)
    report = finding(layer, "dropped", "blank rows", np.flatnonzero(blank) + 2)
    table = table[~blank].reset_index(drop=True)
    commas: list[str] = []
    for column in set(NUMBERS) & set(table.columns):
        if column in COUNTS:
            table[column] = [
                text.replace(".", "") if _THOUSANDS.fullmatch(text) else text for text in table[column]
            ]
        commas += [text for text in table[column] if _COMMA.fullmatch(text)]
        table[column] = [text.replace(",", ".") if _COMMA.fullmatch(text) else text for text in table[column]]
    report += finding(layer, "repaired", "numbers with a decimal comma, read as such", commas)
    if {"x_m", "y_m"} <= set(table.columns) and not {"lon", "lat"} <= set(table.columns):
        x_m, y_m = (
            pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64) for column in ("x_m", "y_m")
        )
        lon, lat = projection.to_lonlat(x_m, y_m)
        table["lon"], table["lat"] = ([f"{value:.7f}" for value in values] for values in (lon, lat))
        what = "positions in metres, read in the coordinate system of the region"
        report += finding(layer, "repaired", what, table["name"] if "name" in table else range(len(table)))
    return table, report


def _stands_in(table: pd.DataFrame, column: str) -> bool:
    """Whether other columns say the same: inhabitants by age instead of in total."""
    return column == "inhabitants" and set(AGE_COLUMNS) <= set(table.columns)


def _filled_facilities(
    table: pd.DataFrame, origin: str, kinds: FacilityKinds
) -> tuple[pd.DataFrame, BuildReport]:
    """Kinds by their ids, and the columns that can be filled in."""
    ids = {
        **{
            kind.names[number].casefold(): kind.id for kind in kinds.kinds for number in range(len(LANGUAGES))
        },
        **{kind: kind for kind in kinds.ids},
    }
    found = [ids.get(text.casefold(), "") for text in table["kind"]]
    words = [text for text, kind in zip(table["kind"], found, strict=True) if kind and kind != text]
    report = finding("facilities", "repaired", "kinds of service in words, read as those meant", words)
    # The reader names the lines of unknown kinds; they are left out only after it has seen all others.
    table["kind"] = [kind or text for kind, text in zip(found, table["kind"], strict=True)]
    defaults = {"units": "1", "origin": origin}
    table, filled = _filled(table, "facilities", defaults, table["kind"].tolist())
    return table, report + filled


def without_unknown_kinds(
    table: pd.DataFrame, name: str, kinds: FacilityKinds
) -> tuple[pd.DataFrame, BuildReport]:
    """Leave out services of kinds that the app does not know; OwnFaultError when it knows none of them."""
    unknown = ~table["kind"].isin(kinds.ids).to_numpy()
    names = sorted(set(table["kind"].to_numpy()[unknown]))
    if unknown.all():
        raise OwnFaultError(Fault("unknown kinds", name, {"found": ", ".join(names[:5])}))
    what = "services of a kind that is not known here"
    labels = [f"{row['name']} ({row['kind']})" for _, row in table[unknown].iterrows()]
    return table[~unknown], finding("facilities", "dropped", what, labels)


def _filled_places(table: pd.DataFrame, origin: str) -> tuple[pd.DataFrame, BuildReport]:
    report = BuildReport()
    if not set(AGE_COLUMNS) <= set(table.columns):
        total = pd.to_numeric(table["inhabitants"], errors="coerce").to_numpy(np.float64)
        known = np.where(np.isfinite(total), total, 0.0)
        by_age = np.floor(known[:, None] * np.array(AGE_SHARES))
        by_age[:, 1] += known - by_age.sum(axis=1)
        for number, band in enumerate(AGE_BANDS):
            # What is no number stays as it is, so that the reader can name it.
            table[f"inhabitants_{band}"] = [
                f"{count:g}" if np.isfinite(value) else text
                for count, value, text in zip(by_age[:, number], total, table["inhabitants"], strict=True)
            ]
        what = "age bands of a place from the shares of the Netherlands in 2018"
        report += finding("places", "assumed", what, table["name"])
    defaults = {"kind": "village", "municipality": "", "in_region": "true", "origin": origin}
    table, filled = _filled(table, "places", defaults, [slug(name) for name in table["name"]])
    return table, report + filled


def _filled(
    table: pd.DataFrame, layer: TableLayer, defaults: dict[str, str], stems: list[str]
) -> tuple[pd.DataFrame, BuildReport]:
    """Columns that are missing, or blank in some rows, with what is taken for granted; ids made of `stems`."""
    filled = []
    for column, value in defaults.items():
        before = table[column] if column in table else pd.Series([""] * len(table), index=table.index)
        if (before == "").any() and value:
            filled.append(f"{column} = {value}")
        table[column] = before.mask(before == "", value)
    if "id" not in table or (table["id"] == "").any():
        filled.append("id")
        table["id"] = [f"own-{stem}-{number}" for number, stem in enumerate(stems, start=1)]
    return table, finding(layer, "assumed", "columns that are missing or have blanks, filled in", filled)


def _refuse_rows(table: pd.DataFrame, name: str, layer: TableLayer, projection: Projection) -> None:
    """Let the reader itself look at every row."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer}.csv"
        write_csv(path, table)
        try:
            (read_facilities if layer == "facilities" else read_places)(path, projection)
        except InputError as error:
            detail = str(error).replace(str(path), name)
            raise OwnFaultError(Fault("rows", name, {}, detail)) from error
