"""A table that is being read: its columns as text and numbers, and the rows that cannot be used, told all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from pandas.api.types import is_numeric_dtype

from data.build_report import N_EXAMPLES
from data.columns import Bools, Floats, Int32s, Strings
from data.errors import InputError
from data.places import PERSONS_MAX

WORLD_PERSONS = 8_300_000_000
"""People on earth (United Nations, World Population Prospects 2024: 8.23 billion in the middle of 2025), rounded up."""
_ROW_NUMBERS = re.compile(r"__index_level_\d+__")
"""What pandas calls a column of names of the rows that have none of their own."""
UNITS_MAX = 1e6
"""Of one facility: more than any has practices, tills or beds."""


def parquet_frame(path: Path) -> pd.DataFrame:
    """Parquet table whose columns are numbers, or else text as `as_text` writes it.

    The notes of pandas in the file are not read, as other writers have none: what pandas keeps as names of the rows is a
    column, and mere numbers of the rows are left out.
    """
    with pq.ParquetFile(path) as file:
        table: pd.DataFrame = file.read().replace_schema_metadata(None).to_pandas()
    table = table.loc[:, [not _ROW_NUMBERS.fullmatch(str(name)) for name in table.columns]]
    plain: pd.DataFrame = table.apply(lambda column: column if is_numeric_dtype(column) else as_text(column))
    return plain


def as_text(column: pd.Series) -> pd.Series:
    """Text of each value, "" for none.

    Numbers with decimals get nine of them, so that nobody takes their point for one between thousands.
    """
    return pd.Series([value_text(value) for value in column], column.index, object, column.name)


def value_text(value: object) -> str:
    """One value as text, see `as_text`."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return ""
        return f"{value:.0f}" if value == np.rint(value) else f"{value:.9f}"
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def numbered(table: pd.DataFrame, what: str, first: int) -> pd.DataFrame:
    """Table whose rows are called by a word and a number: line 2, line 3, ..."""
    return table.set_axis(pd.RangeIndex(first, first + len(table), name=what), axis="index")


@dataclass(slots=True)
class Rows:
    """A table and what is wrong with its rows.

    Attributes
    ----------
    name
        What messages call the table.
    table
        Its columns; the index calls the rows, see `numbered`.
    called
        Names of columns in the file, where those are other names.
    faults
        What was found so far.

    """

    name: str
    table: pd.DataFrame
    called: Mapping[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def refuse(self) -> None:
        """Raise InputError with all faults, if there are any."""
        if self.faults:
            msg = f"{self.name}: {'; '.join(self.faults)}. Mend these rows and try again."
            raise InputError(msg)

    def add(self, wrong: Bools, what: str, *columns: str) -> None:
        """Add a fault of the rows that are wrong, the first few by number and content."""
        rows = np.flatnonzero(wrong)
        if not len(rows):
            return
        shown = "; ".join(
            f"{self.table.index.name or 'row'} {self.table.index[row]}: "
            + ", ".join(f"{self.name_of(column)}='{self.table[column].iloc[row]}'" for column in columns)
            for row in rows[:N_EXAMPLES]
        )
        self.faults.append(f"{what} in {len(rows)} of {len(self.table)} rows ({shown})")

    def name_of(self, column: str) -> str:
        """Name that the column has in the file."""
        return self.called.get(column, column)

    def texts(self, column: str) -> Strings:
        """Text of each row."""
        return tuple(as_text(self.table[column]))

    def ids(self) -> Strings:
        """Ids; blank ones and those that occur again are faults."""
        ids = as_text(self.table["id"])
        self.add(np.asarray(ids == ""), "the id is blank", "id")
        self.add(np.asarray((ids != "") & ids.duplicated()), "the id occurs more than once", "id")
        return tuple(ids)

    def numbers(self, column: str) -> Floats:
        """(N,) float64; what is no number is a fault, and nan."""
        numbers: Floats = pd.to_numeric(self.table[column], errors="coerce").to_numpy(
            np.float64, na_value=np.nan
        )
        finite = np.isfinite(numbers)
        if not finite.all():
            blank = np.asarray(as_text(self.table[column]).str.strip() == "")
            self.add(blank, f"{self.name_of(column)} is blank", column)
            self.add(~finite & ~blank, f"{self.name_of(column)} is no number", column)
        return np.where(finite, numbers, np.nan)

    def optional(self, column: str) -> Floats:
        """(N,) float64, nan where it is blank or there is no such column; what is no number is a fault."""
        if column not in self.table:
            return np.full(len(self.table), np.nan)
        texts = as_text(self.table[column]).str.strip()
        numbers: Floats = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        blank = np.asarray(texts.isin(["", "nan", "None"]))
        self.add(~np.isfinite(numbers) & ~blank, f"{self.name_of(column)} is no number", column)
        return np.where(np.isfinite(numbers), numbers, np.nan)

    def lonlat(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes; what is none is a fault."""
        lon, lat = self.numbers("lon"), self.numbers("lat")
        outside = (np.abs(lon) > 180) | (np.abs(lat) > 90)
        self.add(outside, "lon and lat must be degrees (WGS84)", "lon", "lat")
        return lon, lat

    def persons(self, columns: Sequence[str]) -> Int32s:
        """(N, K) int32 persons; what is no number of them is a fault, and 0."""
        found = np.stack([self._persons(column) for column in columns], axis=1)
        of_row = found.sum(axis=1)
        if len(columns) > 1:
            self.add(of_row > PERSONS_MAX, f"more than {PERSONS_MAX:,} persons together", *columns)
        if of_row.sum() > WORLD_PERSONS:
            self.add(
                of_row == of_row.max(),
                f"{of_row.sum():,.0f} persons in all, more than the world has; most of them",
                *columns,
            )
        return np.where(of_row[:, None] > PERSONS_MAX, 0, found).astype(np.int32)

    def _persons(self, column: str) -> Floats:
        numbers, name = self.numbers(column), self.name_of(column)
        fraction, too_many = numbers != np.rint(numbers), numbers > PERSONS_MAX
        self.add(numbers < 0, f"{name} is negative", column)
        self.add(fraction & np.isfinite(numbers), f"{name} is no whole number", column)
        self.add(too_many, f"{name} is more than {PERSONS_MAX:,}", column)
        return np.where((numbers >= 0) & ~fraction & ~too_many, numbers, 0.0)

    def choices(self, column: str, choices: tuple[str, str]) -> Bools:
        """(N,) bool, whether a row has the second of two words; another word is a fault."""
        values = as_text(self.table[column]).str.lower()
        known = np.asarray(values.isin(choices))
        self.add(~known, f"{self.name_of(column)} must be {choices[0]} or {choices[1]}", column)
        return np.asarray(values == choices[1])
