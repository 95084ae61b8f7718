"""Ready arrays on disk: a folder of .npy columns (memory-mapped when opened) and Parquet columns of text.

`data.files.whole` writes the folders in which they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Table = TypeVar("Table")
META = "meta.json"


def save_table(folder: Path, table: Any) -> None:  # noqa: ANN401 -- any frozen dataclass or NamedTuple of columns
    """Write each field of `table` below `folder`: arrays, text columns, nested tables, and the rest as JSON."""
    folder.mkdir(parents=True)
    save_fields(folder, {name: getattr(table, name) for name in _field_names(type(table))})


def save_fields(folder: Path, fields_of: Mapping[str, Any]) -> None:
    """Write fields into a folder that is there, as `save_table` would; tables of one kind may come one by one."""
    plain: dict[str, Any] = {}
    for name, value in fields_of.items():
        if isinstance(value, np.ndarray):
            np.save(folder / f"{name}.npy", value)
        elif type(value) is tuple and all(isinstance(item, str) for item in value):
            column = pa.table({name: pa.array(value, type=pa.string())})
            pq.write_table(column, folder / f"{name}.parquet")
        elif _is_table(value):
            save_table(folder / name, value)
        elif isinstance(value, Iterator) or (type(value) is tuple and all(_is_table(item) for item in value)):
            for number, item in enumerate(value):
                save_table(folder / name / str(number), item)
        else:
            plain[name] = value
    (folder / META).write_text(json.dumps(plain), encoding="utf-8")


def open_table(cls: type[Table], folder: Path) -> Table:
    """Open what `save_table` wrote; arrays are read-only memory maps."""
    values: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
    hints = get_type_hints(cls)
    for name in _field_names(cls):
        if (array := folder / f"{name}.npy").exists():
            values[name] = np.load(array, mmap_mode="r")
        elif (column := folder / f"{name}.parquet").exists():
            # `read_table` would import pandas, by way of data sets of many files.
            values[name] = tuple(pq.ParquetFile(column).read()[name].to_pylist())
        elif (folder / name).is_dir():
            values[name] = _open_nested(hints[name], folder / name)
    return cls(**values)


def _open_nested(hint: Any, folder: Path) -> Any:  # noqa: ANN401 -- a table, or a tuple of tables of one kind
    if get_origin(hint) is not tuple:
        return open_table(hint, folder)
    return tuple(
        open_table(get_args(hint)[0], folder / str(number)) for number in range(len(list(folder.iterdir())))
    )


def _is_table(value: Any) -> bool:  # noqa: ANN401 -- whatever a field may hold
    return is_dataclass(value) or hasattr(value, "_fields")


def _field_names(cls: type) -> tuple[str, ...]:
    return cls._fields if hasattr(cls, "_fields") else tuple(field.name for field in fields(cls))
