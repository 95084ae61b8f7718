"""Figures that were published or counted year after year, to be kept beside the model: an own file in a documented format."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.columns import Floats, Int32s, Strings, freeze
from data.errors import InputError
from data.files.rows import value_text
from data.files.tables import read_table

REQUIRED = ("year", "area", "indicator", "value", "unit", "source")
OPTIONAL = ("code", "definition")
YEARS = (1900, 2100)
LARGEST = 1e12
MOST_ROWS = 200_000
MOST_SHOWN = 20
_NUMBER = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")


@dataclass(frozen=True, slots=True, eq=False)
class YearlyFigures:
    """Figures of areas by year, (R,) rows.

    Attributes
    ----------
    year
        (R,) int32.
    area
        (R,) name of the area.
    code
        (R,) its code by CBS, or the id of a place of the region; "" where only the name is known.
    indicator, unit
        (R,) what was measured, and in what.
    value
        (R,) float64; nan where a figure is unknown, which is not 0.
    step
        (R,) float64, the last digit that was published: 0.1 for 2.4, 1 for 310; nan where the figure is unknown.
    definition
        (R,) how it was measured, in words; "" where nothing is said. Figures of different definitions are not compared.
    source
        (R,) who says so.

    """

    year: Int32s
    area: Strings
    code: Strings
    indicator: Strings
    unit: Strings
    value: Floats
    step: Floats
    definition: Strings
    source: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.year))


def read_yearly(path: Path) -> YearlyFigures:
    """Read a CSV or Parquet table of yearly figures: `REQUIRED` columns, and those of `OPTIONAL` that it has.

    Raises
    ------
    InputError
        When the table lacks a column, or with all rows that cannot be used, by number and reason.

    """
    table = read_table(path, REQUIRED)
    if len(table) > MOST_ROWS:
        msg = f"{path}: {len(table)} rows are more than the {MOST_ROWS} that are read. Leave out areas or years."
        raise InputError(msg)
    text = {
        name: [value_text(value).strip() for value in table[name]] if name in table else [""] * len(table)
        for name in (*REQUIRED, *OPTIONAL)
    }
    faults = _faults(table, text)
    if faults:
        more = f"; and {len(faults) - MOST_SHOWN} more" if len(faults) > MOST_SHOWN else ""
        msg = f"{path}: {'; '.join(faults[:MOST_SHOWN])}{more}. Mend these rows and try again."
        raise InputError(msg)
    return YearlyFigures(
        year=np.array([int(year) for year in text["year"]], np.int32),
        value=np.array([float(value) if value else np.nan for value in text["value"]]),
        step=np.array([_step(value) for value in text["value"]]),
        **{name: tuple(text[name]) for name in ("area", "code", "indicator", "unit", "definition", "source")},
    )


def _faults(table: pd.DataFrame, text: dict[str, list[str]]) -> list[str]:
    """What is wrong, row by row; of the same area, year and indicator there may be one figure."""
    faults, seen = [], dict[tuple[str, ...], str]()
    for row, number in enumerate(table.index):
        called = f"{table.index.name} {number}"
        of = {name: column[row] for name, column in text.items()}
        faults += [f"{called}: {fault}" for fault in _row_faults(of)]
        key = (of["code"] or of["area"], of["year"], of["indicator"], of["unit"], of["definition"])
        if key in seen:
            faults.append(f"{called}: the same area, year and indicator as {seen[key]}")
        seen.setdefault(key, called)
    return faults


def _row_faults(of: dict[str, str]) -> list[str]:
    faults = []
    year = of["year"]
    if not (year.isascii() and year.isdigit() and len(year) == 4 and YEARS[0] <= int(year) <= YEARS[1]):
        faults.append(f"year '{year}' is no year from {YEARS[0]} to {YEARS[1]}")
    value = of["value"]
    if value and (not (value.isascii() and _NUMBER.fullmatch(value)) or abs(float(value)) > LARGEST):
        faults.append(f"value '{value}' is no number: write 2.4, or leave it empty where it is unknown")
    faults += [f"{name} is empty" for name in ("area", "indicator", "unit", "source") if not of[name]]
    return faults


def _step(value: str) -> float:
    """One in the last digit of a number as it was written; trailing noughts of a Parquet number say nothing."""
    if not value:
        return math.nan
    found = _NUMBER.fullmatch(value)
    decimals = (found["decimals"] or "") if found else ""
    # Nine decimals are how a number of a Parquet file is written out: its own digits end before the noughts.
    return 10.0 ** -len(decimals.rstrip("0") if len(decimals) == 9 else decimals)
