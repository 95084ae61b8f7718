"""Seconds lost at junctions: at traffic lights, and where one gives way to a faster road.

The delay belongs to the end of an edge by which one arrives: who goes over several edges pays at every junction passed,
who stops short of a junction pays nothing there. Where there are lights nobody gives way. At the end of a walk the mode's
profile decides what that costs, see `network.modes.Profile`.
"""

from __future__ import annotations

import numpy as np

from data.columns import Bools, Floats, Int32s
from network.jit import kernel
from network.mapped import MappedStreets

JUNCTION = 3
"""Ends of edges that the mode may use, from which on a node is a junction where somebody gives way."""


def end_delays(streets: MappedStreets) -> Floats:
    """(2, M, E) float64 seconds lost on arrival at the head and on arrival at the tail of each edge."""
    ends = (streets.edge_head, streets.edge_tail)
    delay_s = np.zeros((2, len(streets.speed_mps), streets.n_edges))
    for mode, (signals_s, give_way_s) in enumerate(zip(streets.signals_s, streets.give_way_s, strict=True)):
        if signals_s > 0:
            for side, node in enumerate(ends):
                delay_s[side, mode, streets.has_signals[node]] = signals_s
        if give_way_s > 0:
            fastest_mps = streets.speed_mps[mode].max(axis=1)[streets.edge_speed]
            _give_way(*ends, fastest_mps, streets.has_signals, give_way_s, delay_s[:, mode])
    return delay_s


@kernel
def _give_way(
    head: Int32s, tail: Int32s, speed_mps: Floats, has_signals: Bools, give_way_s: float, delay_s: Floats
) -> None:
    """Add the delay to (2, E), in place, at ends of edges slower than the fastest that meets there; `speed_mps` is (E,)."""
    fastest_mps = np.zeros(len(has_signals))
    n_ends = np.zeros(len(has_signals), np.int64)
    for edge in range(len(tail)):
        if speed_mps[edge] > 0:
            for node in (tail[edge], head[edge]):
                fastest_mps[node] = max(fastest_mps[node], speed_mps[edge])
                n_ends[node] += 1
    for edge in range(len(tail)):
        for side, node in ((0, head[edge]), (1, tail[edge])):
            if n_ends[node] >= JUNCTION and not has_signals[node] and speed_mps[edge] < fastest_mps[node]:
                delay_s[side, edge] += give_way_s
