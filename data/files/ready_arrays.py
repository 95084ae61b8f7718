"""Ready arrays on disk: a folder of .npy columns (memory-mapped when opened) and Parquet columns of text.

A store is written beside its final name and renamed when it is complete, so that a folder that exists is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError

Table = TypeVar("Table")
META = "meta.json"


def save_table(folder: Path, table: Any) -> None:  # noqa: ANN401 -- any frozen dataclass or NamedTuple of columns
    """Write each field of `table` below `folder`: arrays, text columns, nested tables, and the rest as JSON."""
    folder.mkdir(parents=True)
    plain: dict[str, Any] = {}
    for name in _field_names(type(table)):
        value = getattr(table, name)
        if isinstance(value, np.ndarray):
            np.save(folder / f"{name}.npy", value)
        elif type(value) is tuple and all(isinstance(item, str) for item in value):
            column = pa.table({name: pa.array(value, type=pa.string())})
            pq.write_table(column, folder / f"{name}.parquet")
        elif _is_table(value):
            save_table(folder / name, value)
        elif type(value) is tuple and all(_is_table(item) for item in value):
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


def write_folder(target: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a new folder and rename it to `target`; an existing complete `target` is left as it is.

    Raises
    ------
    InputError
        When the folder above `target` cannot be written to.

    """
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        msg = f"Cannot write to {target.parent}: {error.strerror}. Copy the region to a folder you may write to."
        raise InputError(msg) from error
    try:
        write(beside)
        beside.chmod(0o755)  # a temporary folder is its maker's alone; a build is for everyone
        try:
            beside.rename(target)
        except OSError:
            # Another process finished the same build first: its result is equal, ours goes.
            if not target.exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def write_file(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `target`, then rename it, so that `target` is never half-written.

    Raises
    ------
    InputError
        When the folder does not exist or cannot be written to.

    """
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        msg = f"Cannot write {target}: {error.strerror}. Choose another file with --out."
        raise InputError(msg) from error
    os.close(handle)
    beside = Path(name)
    try:
        write(beside)
        beside.chmod(0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
