"""Tables of results as columns: texts by code, whole and other numbers; written without pandas, which takes a second to load."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s, Int64s, Strings
from data.files.csv_text import harmless
from data.metadata.about import About
from data.metadata.parquet import described

if TYPE_CHECKING:
    import pandas as pd

_STRUCTURE = frozenset(',"\r\n')
"""What a value of a CSV table must be put in quotes for."""


class Texts(NamedTuple):
    """(R,) texts, each by the row of `texts` that it has."""

    texts: Strings
    code: Int32s


class Whole(NamedTuple):
    """(R,) whole numbers; empty where `is_empty`."""

    number: Int64s
    is_empty: Bools


Column: TypeAlias = Texts | Whole | NDArray[Any]
"""Besides texts: numbers, or whether something is so."""


@dataclass(frozen=True, slots=True, eq=False)
class LongTable:
    """Columns of R rows by name."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        if not self.columns:
            return 0
        column = next(iter(self.columns.values()))
        return len(column if isinstance(column, np.ndarray) else column[1])

    def harmless(self) -> LongTable:
        """The same with texts that no spreadsheet runs."""
        return LongTable(
            {
                name: Texts(tuple(map(harmless, column.texts)), column.code)
                if isinstance(column, Texts)
                else column
                for name, column in self.columns.items()
            }
        )

    def to_pandas(self) -> pd.DataFrame:
        """The same as a data frame: texts as such, whole numbers with gaps as nullable integers."""
        import pandas as pd  # noqa: PLC0415 -- takes half a second

        def series(column: Column) -> object:
            if isinstance(column, Texts):
                return np.array(column.texts, object)[column.code]
            return pd.arrays.IntegerArray(*column) if isinstance(column, Whole) else column

        return pd.DataFrame({name: series(column) for name, column in self.columns.items()})


def long_table(columns: Mapping[str, str | Sequence[str] | Column]) -> LongTable:
    """Table of columns, some of which are texts, or one text for all rows."""
    n_rows = max(_n_rows(values) for values in columns.values() if not isinstance(values, str))
    every = np.zeros(n_rows, np.int32)
    return LongTable(
        {
            name: Texts((values,), every)
            if isinstance(values, str)
            else values
            if isinstance(values, Texts | Whole | np.ndarray)
            else _coded(values)
            for name, values in columns.items()
        }
    )


def _n_rows(values: Sequence[str] | Column) -> int:
    return len(values[1] if isinstance(values, Texts | Whole) else values)


def _coded(texts: Sequence[str]) -> Texts:
    rows: dict[str, int] = {}
    code = np.array([rows.setdefault(text, len(rows)) for text in texts], np.int32)
    return Texts(tuple(rows), code)


def whole_numbers(values: Floats) -> Whole:
    """(R,) numbers rounded to whole ones, empty where they are infinite."""
    is_empty = ~np.isfinite(values)
    return Whole(np.rint(np.where(is_empty, 0.0, values)).astype(np.int64), is_empty)


def stacked_tables(tables: Sequence[LongTable]) -> LongTable:
    """Tables of the same columns, one below the other."""
    if not tables:
        return LongTable({})
    return LongTable(
        {name: _stacked([table.columns[name] for table in tables]) for name in tables[0].columns}
    )


def _stacked(columns: Sequence[Column]) -> Column:
    if isinstance(columns[0], Whole):
        return Whole(*(np.concatenate(part) for part in zip(*columns, strict=True)))
    if not isinstance(columns[0], Texts):
        return np.concatenate([np.asarray(column) for column in columns])
    rows: dict[str, int] = {}
    codes = []
    for column in columns:
        assert isinstance(column, Texts)  # noqa: S101 -- columns of one name are of one kind
        row = np.array([rows.setdefault(text, len(rows)) for text in column.texts], np.int32)
        codes.append(row[column.code])
    return Texts(tuple(rows), np.concatenate(codes))


def framed(table: pd.DataFrame | LongTable) -> pd.DataFrame:
    """Table as a data frame."""
    return table.to_pandas() if isinstance(table, LongTable) else table


def write_long_csv(path: Path, table: LongTable) -> None:
    """Write a table as pandas would write its data frame, byte for byte."""
    if _is_plain(table):
        from pyarrow import csv as arrow_csv  # noqa: PLC0415 -- for this alone

        with path.open("wb") as file:
            file.write((",".join(table.columns) + "\n").encode())
            how = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
            arrow_csv.write_csv(_arrow(table), file, how)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(zip(*map(_cells, table.columns.values()), strict=True))


def _is_plain(table: LongTable) -> bool:
    """Whether Arrow writes the same: it puts all texts in quotes or none, and has numbers of its own with decimals."""
    columns = table.columns.values()
    texts = {text for column in columns if isinstance(column, Texts) for text in column.texts}
    has_own = all(isinstance(column, Texts | Whole) or column.dtype.kind == "i" for column in columns)
    return has_own and _STRUCTURE.isdisjoint("".join(texts)) and "" not in texts


def _cells(column: Column) -> list[object]:
    """What stands in each row; nothing for a gap."""
    if isinstance(column, Texts):
        return [column.texts[code] for code in column.code.tolist()]
    if isinstance(column, Whole):
        return [
            "" if empty else number
            for number, empty in zip(column.number.tolist(), column.is_empty.tolist(), strict=True)
        ]
    return ["" if number != number else number for number in column.tolist()]  # noqa: PLR0124 -- NaN is a gap


def write_long_parquet(path: Path, table: LongTable, about: About | None = None) -> None:
    """Write a table that pandas reads as it would read that of its data frame."""
    import pyarrow.parquet as pq  # noqa: PLC0415 -- for this alone

    arrow = _arrow(table)
    plain = [
        field.with_type(pa.large_string()) if pa.types.is_dictionary(field.type) else field
        for field in arrow.schema
    ]
    pq.write_table(described(arrow.cast(pa.schema(plain)), about, _for_pandas(table)), path)


def _arrow(table: LongTable) -> pa.Table:
    return pa.table({name: _arrow_column(column) for name, column in table.columns.items()})


def _arrow_column(column: Column) -> pa.Array:
    if isinstance(column, Texts):
        return pa.DictionaryArray.from_arrays(_buffered(column.code), _strings(column.texts))
    if isinstance(column, Whole):
        return _buffered(*column)
    if column.dtype.kind == "b":
        return _bits(column)
    return _buffered(column, np.isnan(column)) if column.dtype.kind == "f" else _buffered(column)


def _strings(texts: Strings) -> pa.Array:
    encoded = [text.encode() for text in texts]
    offset = np.zeros(len(texts) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=offset[1:])
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offset), pa.py_buffer(b"".join(encoded)))


def _buffered(values: NDArray[Any], is_empty: Bools | None = None) -> pa.Array:
    """Array on the memory of `values`: `pa.array` would import pandas, to see whether they are of its kind."""
    bits = None if is_empty is None else pa.py_buffer(np.packbits(~is_empty, bitorder="little"))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(np.ascontiguousarray(values))])


def _bits(values: Bools) -> pa.Array:
    return pa.Array.from_buffers(
        pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))]
    )


def _for_pandas(table: LongTable) -> dict[str, str]:
    """What pandas writes into a file for itself, so that numbers with gaps do not become fractions."""

    def kinds(column: Column) -> tuple[str, str]:
        if isinstance(column, Texts):
            return "unicode", "object"
        return ("int64", "Int64") if isinstance(column, Whole) else (column.dtype.name, column.dtype.name)

    columns = [
        {"name": name, "field_name": name, "pandas_type": read, "numpy_type": kept, "metadata": None}
        for name, column in table.columns.items()
        for read, kept in [kinds(column)]
    ]
    told = {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "2.3.0"}
    return {"pandas": json.dumps(told)}
