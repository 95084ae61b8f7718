"""Changes of streets: a speed, a closure, a new path. Each takes mapped streets and returns others.

`network.streets.network.assemble` makes a network of the result and `network.hierarchy.incremental.edited_search` makes that ready for searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Literal, TypeAlias

import numpy as np

from data.columns import Floats, Int32s
from data.errors import InputError
from network.streets.mapped import SHUT, THROUGH, MappedStreets
from network.streets.trip_ends import with_uses, without_blind

Direction: TypeAlias = Literal["forward", "backward", "both"]
_SIDES: dict[Direction, list[int]] = {"forward": [0], "backward": [1], "both": [0, 1]}


def set_speed(
    streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction, speed_mps: float
) -> MappedStreets:
    """Give edges a speed for some modes, which opens them to traffic where they were closed or the ends of trips only.

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
    speeds_mps, use = _speeds_of(streets, edge), streets.use[:, streets.edge_speed[edge]]
    chosen = np.ix_(modes, range(len(edge)), _SIDES[direction])
    speeds_mps[chosen], use[chosen] = _checked(speed_mps), THROUGH
    return with_uses(streets, edge, speeds_mps, use)


def limit_speed(
    streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction, limit_mps: float
) -> MappedStreets:
    """Let some modes go at most `limit_mps` along edges; what is slower or closed stays so. Arguments as `set_speed`."""
    speeds_mps = _speeds_of(streets, edge)
    chosen = np.ix_(modes, range(len(edge)), _SIDES[direction])
    speeds_mps[chosen] = np.minimum(speeds_mps[chosen], _checked(limit_mps))
    return with_speeds(streets, edge, speeds_mps)


def close(streets: MappedStreets, edge: Int32s, modes: Sequence[int], direction: Direction) -> MappedStreets:
    """Close edges to the traffic of some modes. Arguments as `set_speed`.

    Whoever has a door there still comes and goes along them, so that nobody changes doors: a closure takes ways away and
    never makes anybody quicker.
    """
    speeds_mps, use = _speeds_of(streets, edge), streets.use[:, streets.edge_speed[edge]]
    chosen = np.ix_(modes, range(len(edge)), _SIDES[direction])
    use[chosen] = np.where(use[chosen] == THROUGH, SHUT, use[chosen])
    ends = np.concatenate([streets.edge_tail[edge], streets.edge_head[edge]])
    return without_blind(with_uses(streets, edge, speeds_mps, use), ends)


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
    return with_uses(streets, edge, speeds_mps, streets.use[:, streets.edge_speed[edge]])
