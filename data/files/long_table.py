"""Tables of many rows that say little each: texts by code and whole numbers, written by pyarrow and never made of objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from data.columns import Bools, Int32s, Int64s, Strings
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


Column: TypeAlias = Texts | Whole | Int64s


@dataclass(frozen=True, slots=True, eq=False)
class LongTable:
    """Columns of R rows by name."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
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


def write_long_csv(path: Path, table: LongTable) -> None:
    """Write a table as pandas would write its data frame, byte for byte."""
    texts = {text for column in table.columns.values() if isinstance(column, Texts) for text in column.texts}
    if not _STRUCTURE.isdisjoint("".join(texts)) or "" in texts:
        # Arrow puts all texts in quotes, or none.
        table.to_pandas().to_csv(path, index=False, lineterminator="\n")
        return
    from pyarrow import csv  # noqa: PLC0415 -- for this alone

    with path.open("wb") as file:
        file.write((",".join(table.columns) + "\n").encode())
        how = csv.WriteOptions(include_header=False, quoting_style="none")
        csv.write_csv(_arrow(table), file, how)


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
    return _buffered(*column) if isinstance(column, Whole) else _buffered(column)


def _strings(texts: Strings) -> pa.Array:
    encoded = [text.encode() for text in texts]
    offset = np.zeros(len(texts) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=offset[1:])
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offset), pa.py_buffer(b"".join(encoded)))


def _buffered(values: Int32s | Int64s, is_empty: Bools | None = None) -> pa.Array:
    """Array on the memory of `values`: `pa.array` would import pandas, to see whether they are of its kind."""
    bits = None if is_empty is None else pa.py_buffer(np.packbits(~is_empty, bitorder="little"))
    kind = pa.int32() if values.dtype == np.int32 else pa.int64()
    return pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(np.ascontiguousarray(values))])


def _for_pandas(table: LongTable) -> dict[str, str]:
    """What pandas writes into a file for itself, so that numbers with gaps do not become fractions."""
    kinds = {Texts: ("unicode", "object"), Whole: ("int64", "Int64"), np.ndarray: ("int64", "int64")}
    columns = [
        {"name": name, "field_name": name, "pandas_type": read, "numpy_type": kept, "metadata": None}
        for name, column in table.columns.items()
        for read, kept in [kinds[type(column)]]
    ]
    told = {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "2.3.0"}
    return {"pandas": json.dumps(told)}
