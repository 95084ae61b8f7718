"""Changes of streets: a speed, a closure, a new path. Each takes mapped streets and returns others.

`network.streets.network.assemble` makes a network of the result and `network.hierarchy.incremental.edited_search` makes that ready for searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Literal, TypeAlias

import numpy as np

from data.columns import Floats, Int32s
from data.errors import InputError
from network.streets.mapped import MappedStreets

Direction: TypeAlias = Literal["forward", "backward", "both"]
_SIDES: dict[Direction, list[int]] = {"forward": [0], "backward": [1], "both": [0, 1]}


def set_speed(
    streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction, speed_mps: float
) -> MappedStreets:
    """Give edges a speed for some modes, which opens them where they were closed.

    Parameters
    ----------
    streets
        Streets to change.
    edge
        (C,) int32, mapped edges.
    modes
        Rows of the modes.
    direction
        From tail to head, from head to tail, or both.
    speed_mps
        Metres per second.

    Raises
    ------
    InputError
        When the speed is not a positive number.

    """
    speeds_mps = _speeds_of(streets, edge)
    speeds_mps[np.ix_(modes, range(len(edge)), _SIDES[direction])] = _checked(speed_mps)
    return with_speeds(streets, edge, speeds_mps)


def limit_speed(
    streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction, limit_mps: float
) -> MappedStreets:
    """Let some modes go at most `limit_mps` along edges; what is slower or closed stays so. Arguments as `set_speed`."""
    speeds_mps = _speeds_of(streets, edge)
    chosen = np.ix_(modes, range(len(edge)), _SIDES[direction])
    speeds_mps[chosen] = np.minimum(speeds_mps[chosen], _checked(limit_mps))
    return with_speeds(streets, edge, speeds_mps)


def close(streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction) -> MappedStreets:
    """Close edges for some modes. Arguments as `set_speed`."""
    speeds_mps = _speeds_of(streets, edge)
    speeds_mps[np.ix_(modes, range(len(edge)), _SIDES[direction])] = 0.0
    return with_speeds(streets, edge, speeds_mps)


def speed_rows(streets: MappedStreets, speeds_mps: Floats) -> tuple[Floats, Int32s]:
    """Speed table with rows for `speeds_mps`, (M, C, 2), and the (C,) int32 row of each; equal speeds share a new row."""
    n_modes, n_edges, _ = speeds_mps.shape
    flat = np.moveaxis(speeds_mps, 1, 0).reshape(n_edges, 2 * n_modes)
    new, row = np.unique(flat, axis=0, return_inverse=True)
    table_mps = np.moveaxis(new.reshape(len(new), n_modes, 2), 0, 1)
    both = np.concatenate([streets.speed_mps, table_mps], axis=1)
    return both, (streets.speed_mps.shape[1] + row).astype(np.int32)


def _checked(speed_mps: float) -> float:
    if not (isfinite(speed_mps) and speed_mps > 0):
        msg = f"A street cannot have a speed of {speed_mps} m/s. Give a number above 0, or close the street."
        raise InputError(msg)
    return speed_mps


def _speeds_of(streets: MappedStreets, edge: Int32s) -> Floats:
    """(M, C, 2) float64, a copy of the speeds on edges; ValueError where there is no such edge."""
    if len(edge) and not (edge.min() >= 0 and edge.max() < streets.n_edges):
        msg = f"edges are numbered from 0 to {streets.n_edges - 1}"
        raise ValueError(msg)
    return streets.speed_mps[:, streets.edge_speed[edge]]


def with_speeds(streets: MappedStreets, edge: Int32s, speeds_mps: Floats) -> MappedStreets:
    """Give edges speeds of their own, (M, C, 2): of each mode from tail to head and from head to tail."""
    table_mps, row = speed_rows(streets, speeds_mps)
    edge_speed = streets.edge_speed.copy()
    edge_speed[edge] = row
    return replace(streets, speed_mps=table_mps, edge_speed=edge_speed)
