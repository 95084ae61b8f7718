"""Helpers for tables kept as columns: frozen arrays of equal length, checked once."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Int8s: TypeAlias = NDArray[np.int8]
Int32s: TypeAlias = NDArray[np.int32]
Int64s: TypeAlias = NDArray[np.int64]
Strings: TypeAlias = tuple[str, ...]
Scalar = TypeVar("Scalar", bound=np.generic)
Table = TypeVar("Table", bound="DataclassInstance")
Columns = TypeVar("Columns", bound=tuple[Any, ...])


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


def read_only(columns: Columns) -> Columns:
    """Return a NamedTuple of arrays, and of others of its kind, with every array made read-only."""
    for column in columns:
        if isinstance(column, tuple):
            read_only(column)
        else:
            column.setflags(write=False)
    return columns


def offsets(n_values: NDArray[np.integer[Any]]) -> Int64s:
    """(rows + 1,) int64, where the values of each ragged row begin, from how many each has."""
    return np.concatenate([[0], np.cumsum(n_values)]).astype(np.int64)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Sorted values without repeats; `np.unique` finds those of integers by a hash table, which takes 20 times as long."""
    ordered = np.sort(values, axis=None)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def take(table: Table, rows: NDArray[np.integer[Any]]) -> Table:
    """Some rows of a table whose every field is a column, in the order given."""
    columns: dict[str, Any] = {field.name: getattr(table, field.name) for field in fields(table)}
    return replace(
        table,
        **{
            name: tuple(column[row] for row in rows) if isinstance(column, tuple) else column[rows]
            for name, column in columns.items()
        },
    )


def stacked(table: Table, more: Table) -> Table:
    """Rows of `more` below those of `table`, every field a column."""
    both: dict[str, Any] = {}
    for field in fields(table):
        above, below = getattr(table, field.name), getattr(more, field.name)
        both[field.name] = above + below if isinstance(above, tuple) else np.concatenate([above, below])
    return replace(table, **both)
