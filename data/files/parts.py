"""Parts of a long calculation, each a Parquet file of number columns that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data.files.whole import write_file

Columns: TypeAlias = Mapping[str, NDArray[Any]]
WORK_S = b"work_s"


class Part(NamedTuple):
    """What one block came to."""

    columns: Columns
    """(R,) numbers each."""
    work_s: float
    """Seconds that it took."""


def encoded(part: Part) -> bytes:
    """Part as the bytes of a Parquet file."""
    table = pa.table({name: pa.array(column) for name, column in part.columns.items()})
    buffer = BytesIO()
    pq.write_table(table.replace_schema_metadata({WORK_S: str(part.work_s)}), buffer, compression="zstd")
    return buffer.getvalue()


def keep_part(path: Path, part: bytes) -> None:
    """Write an encoded part, whole or not at all."""
    write_file(path, lambda beside: _write(beside, part))


def _write(path: Path, part: bytes) -> None:
    path.write_bytes(part)


def kept_part(path: Path) -> Part | None:
    """Read a part; None where there is none, or none that can be read: it is then to be worked out again."""
    try:
        table = pq.read_table(path)
        work_s = float((table.schema.metadata or {})[WORK_S])
    except (OSError, KeyError, ValueError, pa.ArrowException):
        return None
    return Part({name: table[name].to_numpy() for name in table.column_names}, work_s)
