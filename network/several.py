"""The several nearest of many targets in one sweep: every row of the table holds the n least values of different targets.

A row takes over values from a neighbour with the arc's weight added; the n least of different targets at a row are made
of the n least at its neighbours, because what n others beat at the neighbour they beat beyond it as well. So the passes
are those of `network.sweep`, and their cost does not depend on the number of targets.
"""

from __future__ import annotations

import numpy as np

from data.columns import Int32s, Int64s
from network.arcs import Arcs, Side
from network.hierarchy import unreached
from network.jit import kernel
from network.packing import TARGET_BITS
from network.sweep import Exits, Seeds

TARGET_MASK = np.int64((1 << TARGET_BITS) - 1)


def search_several(arcs: Arcs, seeds: Seeds, exits: Exits, n_points: int, n_nearest: int) -> Int64s:
    """Search to the seeds, and read the result at points.

    Parameters
    ----------
    arcs
        Turned round, with packed weights.
    seeds
        Packed values, each with its target; lanes do not count.
    exits
        From the nodes to the points, with packed values.
    n_points, n_nearest
        Shape of the result.

    Returns
    -------
    (n_points, n_nearest) packed values, ascending, each of another target; unreached where there are not so many.

    """
    top = np.int64(unreached(np.int64))
    table = np.full((arcs.n_rows, n_nearest), top)
    found = np.full((n_points, n_nearest), top)
    merge(table, arcs.rows_of(seeds.node), np.minimum(seeds.value, top).astype(np.int64))
    _climb(arcs.up, table, top)
    _descend(arcs.down, table, top)
    value = np.minimum(exits.value, top).astype(np.int64)
    _leave(table, arcs.rows_of(exits.node), exits.point.astype(np.int64), value, found)
    return found


@kernel
def merge(table: Int64s, row: Int32s, value: Int64s) -> None:
    """Take each value into its row of a table of ascending values of different targets, in place."""
    for number in range(len(row)):
        _take(table, row[number], value[number])


@kernel
def _take(table: Int64s, row: int, value: np.int64) -> None:
    """Take one value into a row: in the place of a greater one of its own target, else of the greatest of all."""
    last = table.shape[1] - 1
    # Also true of what is not reached.
    if value >= table[row, last]:
        return
    at = last
    for place in range(last):
        if (table[row, place] ^ value) & TARGET_MASK == 0:
            at = place
            break
    if value >= table[row, at]:
        return
    while at > 0 and table[row, at - 1] > value:
        table[row, at] = table[row, at - 1]
        at -= 1
    table[row, at] = value


@kernel
def _carry(table: Int64s, here: int, there: int, weight: np.int64, found: Int64s) -> None:
    """Take the values of a row of `table`, each with a weight added, into a row of `found`."""
    for place in range(table.shape[1]):
        value = table[here, place] + weight
        if value >= found[there, found.shape[1] - 1]:
            break
        _take(found, there, value)


@kernel
def _climb(side: Side, table: Int64s, top: np.int64) -> None:
    """Carry the values up: every reached row lowers the rows above it, in place."""
    for row in range(len(table)):
        if table[row, 0] < top:
            for arc in range(side.first[row], side.first[row + 1]):
                if side.weight[arc] < top:
                    _carry(table, row, side.high[arc], side.weight[arc], table)


@kernel
def _descend(side: Side, table: Int64s, top: np.int64) -> None:
    """Carry climbed values down: every row takes from the rows above it, in place."""
    for row in range(len(table) - 1, -1, -1):
        for arc in range(side.first[row], side.first[row + 1]):
            if side.weight[arc] < top:
                _carry(table, side.high[arc], row, side.weight[arc], table)


@kernel
def _leave(table: Int64s, row: Int32s, point: Int64s, value: Int64s, found: Int64s) -> None:
    """Take what leads over each exit into its point's row of `found`, in place."""
    for way in range(len(row)):
        _carry(table, row[way], point[way], value[way], found)
