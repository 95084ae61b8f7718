"""Helpers for tables kept as columns: frozen arrays of equal length, checked once."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Int32s: TypeAlias = NDArray[np.int32]
Int64s: TypeAlias = NDArray[np.int64]
Strings: TypeAlias = tuple[str, ...]


def freeze(table: DataclassInstance, n_rows: int, *ragged: str) -> None:
    """Make the arrays of `table` read-only and check that each column has `n_rows` rows, except the `ragged` ones.

    Scalar fields and None are left alone; a column of the wrong length is a programming mistake (ValueError).
    """
    for field in fields(table):
        column: Any = getattr(table, field.name)
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
        elif not isinstance(column, tuple):
            continue
        if field.name not in ragged and len(column) != n_rows:
            msg = f"{type(table).__name__}.{field.name} has {len(column)} rows, expected {n_rows}"
            raise ValueError(msg)
