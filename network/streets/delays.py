"""Seconds lost at junctions: at traffic lights, and where one gives way to a faster road.

The delay belongs to the end of an edge by which one arrives: who goes over several edges pays at every junction passed,
who stops short of a junction pays nothing there. Where there are lights nobody gives way. At the end of a walk the mode's
profile decides what that costs, see `network.modes.modes.Profile`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int8s, Int32s
from network.jit import kernel
from network.streets.mapped import EndsAt, MappedStreets

NO_DELAY, SIGNALS, GIVES_WAY = range(3)
"""What is lost at the end of an edge: columns of `delay_table`."""
JUNCTION = 3
"""Ends of edges that the mode may use, from which on a node is a junction where somebody gives way."""


def delay_table(streets: MappedStreets) -> Floats:
    """(M, 3) float64 seconds that each mode loses: nowhere, at signals, and where it gives way."""
    return np.column_stack([np.zeros_like(streets.signals_s), streets.signals_s, streets.give_way_s])


def end_delays(streets: MappedStreets, edge: NDArray[np.integer[Any]], ends_at: EndsAt) -> Int8s:
    """(2, M, D) int8, what is lost on arrival at the head and on arrival at the tail of (D,) edges, see `delay_table`."""
    ends = np.stack([2 * edge + 1, 2 * edge])
    has_signals = streets.has_signals[np.stack([streets.edge_head[edge], streets.edge_tail[edge]])]
    at_signals = np.where(has_signals, SIGNALS, NO_DELAY).astype(np.int8)
    delay = np.repeat(at_signals[:, None], len(streets.speed_mps), axis=1)
    for mode, give_way_s in enumerate(streets.give_way_s):
        if give_way_s > 0:
            fastest_mps = streets.speed_mps[mode].max(axis=1)[streets.edge_speed]
            gives_way = _gives_way(ends.ravel(), streets.end_node, ends_at, fastest_mps).reshape(ends.shape)
            delay[:, mode][gives_way & ~has_signals] = GIVES_WAY
    return delay


@kernel
def _gives_way(end: NDArray[np.integer[Any]], end_node: Int32s, ends_at: EndsAt, speed_mps: Floats) -> Bools:
    """(D,) bool, whether edges faster than that of the end meet at it, in a junction; `speed_mps` is (E,), 0 for closed."""
    gives_way = np.zeros(len(end), np.bool_)
    for row in range(len(end)):
        node, n_open, fastest_mps = end_node[end[row]], 0, 0.0
        for beside in ends_at.end[ends_at.offset[node] : ends_at.offset[node + 1]]:
            if speed_mps[beside // 2] > 0:
                n_open += 1
                fastest_mps = max(fastest_mps, speed_mps[beside // 2])
        gives_way[row] = n_open >= JUNCTION and speed_mps[end[row] // 2] < fastest_mps
    return gives_way
