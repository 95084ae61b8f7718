"""Columns of a facts table, with every bad value noted instead of raised one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from data.columns import Floats, Int32s, Strings, freeze
from data.files.tables import read_table
from data.projection import Projection

CRS = "EPSG:28992"

Problems: TypeAlias = list[str]
"""What is wrong, one line per row; readers append, the caller raises them together."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Named positions: ids and names, WGS84 degrees and metres of the national grid, (R,) each."""

    id: Strings
    name: Strings
    lon_deg: Floats
    lat_deg: Floats
    x_m: Floats
    y_m: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


def facts_table(folder: Path, name: str, columns: str) -> pd.DataFrame:
    """Read ``<folder>/<name>.csv``, which must have the `columns` (a blank-separated list); InputError if not."""
    return read_table(folder / f"{name}.csv", tuple(columns.split()))


def strings(table: pd.DataFrame, column: str) -> Strings:
    """Text of a column."""
    return tuple(str(value) for value in table[column])


def floats(table: pd.DataFrame, name: str, column: str, problems: Problems) -> Floats:
    """Numbers of a column, float64; nan and a problem where a value is none."""
    values = np.asarray(pd.to_numeric(table[column], errors="coerce"), dtype=np.float64)
    for row in np.flatnonzero(~np.isfinite(values)):
        problems.append(f"{name}.csv row {row + 2}: {column} '{table[column].iloc[int(row)]}' is no number")
    return values


def index_of(table: pd.DataFrame, name: str, column: str, ids: Strings, problems: Problems) -> Int32s:
    """Row of `ids` for each value of a column, int32; -1 and a problem where there is none."""
    rows = {one: row for row, one in enumerate(ids)}
    found = np.array([rows.get(value, -1) for value in strings(table, column)], dtype=np.int32)
    for row in np.flatnonzero(found < 0):
        problems.append(f"{name}.csv row {row + 2}: {column} '{table[column].iloc[int(row)]}' is unknown")
    return found


def origins(table: pd.DataFrame, name: str, column: str, problems: Problems) -> Strings:
    """Text of a column that says `observed` or `modelled`."""
    values = strings(table, column)
    for row, value in enumerate(values):
        if value not in ("observed", "modelled"):
            problems.append(f"{name}.csv row {row + 2}: {column} '{value}' is neither observed nor modelled")
    return values


def points_of(table: pd.DataFrame, name: str, id_column: str, problems: Problems) -> Points:
    """Positions of a table with the columns name, lon and lat; ids must be there once only."""
    ids = strings(table, id_column)
    seen: set[str] = set()
    for row, one in enumerate(ids):
        if one in seen:
            problems.append(f"{name}.csv row {row + 2}: '{one}' appears twice")
        seen.add(one)
    lon_deg, lat_deg = floats(table, name, "lon", problems), floats(table, name, "lat", problems)
    x_m, y_m = Projection(CRS).to_metres(lon_deg, lat_deg)
    return Points(ids, strings(table, "name"), lon_deg, lat_deg, x_m, y_m)
