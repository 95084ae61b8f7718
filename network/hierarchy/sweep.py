"""Shortest times over a hierarchy: one pass up its arcs from the sources, one pass down to everybody.

The passes of PHAST (Delling, Goldberg, Nowatzyk and Werneck 2011) over the elimination order instead of a contraction
order. There is no heap and no queue: every arc is looked at once, in a fixed order, for many searches side by side.

A search runs in a *lane*, one column of a table with a row per position. Lanes hold whole seconds (int32, or uint16 for
twice the speed and at most 65,534 s, 18 hours), or the int64 values of `network.hierarchy.packing`, with which one lane finds
the nearest of many targets.

The several nearest of many targets in one sweep: every row of the table holds the n least values of different targets.

A row takes over values from a neighbour with the arc's weight added; the n least of different targets at a row are made
of the n least at its neighbours, because what n others beat at the neighbour they beat beyond it as well. So the passes
are those of `network.hierarchy.sweep`, and their cost does not depend on the number of targets.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from data.columns import Bools, Int32s, Int64s
from network.hierarchy.arcs import Arcs, Side
from network.jit import kernel
from network.lanes import TARGET_BITS, UNREACHED_INT64, unreached

LANES_PER_PASS = 64
"""Rows of 64 int32, or 128 of half the width, are four cache lines: wider tables fall out of the cache, narrower ones
waste the arcs."""

Lanes: TypeAlias = NDArray[np.integer[Any]]


class Seeds(NamedTuple):
    """Where searches start: S nodes, each with a lane and the value it starts with there."""

    node: NDArray[np.integer[Any]]
    lane: NDArray[np.integer[Any]]
    value: NDArray[np.integer[Any]]
    """(S,) seconds or packed values, not negative; a node may be seeded more than once."""


class Exits(NamedTuple):
    """Where searches are read: X ways from a node on to a point; a point may have several, or none."""

    node: NDArray[np.integer[Any]]
    point: NDArray[np.integer[Any]]
    value: NDArray[np.integer[Any]]
    """(X,) seconds from the node to the point, not negative."""


def at_nodes(node: NDArray[np.integer[Any]]) -> Exits:
    """Exits to points that are the nodes themselves."""
    return Exits(node, np.arange(len(node)), np.zeros(len(node), np.int32))


def search(arcs: Arcs, seeds: Seeds, n_lanes: int, dtype: DTypeLike) -> Lanes:
    """Least value from the seeds of each lane to every row.

    Parameters
    ----------
    arcs
        Turned round for searches towards the seeds.
    seeds
        Lanes below `n_lanes`; values in the terms of the weights.
    n_lanes
        Number of searches K.
    dtype
        Of the lanes: int64 where the weights are packed.

    Returns
    -------
    (n_rows, K) table; the row of a node is `arcs.rows_of(node)`. `unreached(dtype)` where no seed reaches.

    """
    table: Lanes = np.empty((arcs.n_rows, n_lanes), dtype)
    _sweep(arcs, seeds, table)
    return table


def search_many(arcs: Arcs, seeds: Seeds, exits: Exits, shape: tuple[int, int], dtype: DTypeLike) -> Lanes:
    """Least value from the seeds of each lane to each point, for any number of lanes, a block of them at a time.

    Parameters
    ----------
    arcs, seeds, dtype
        As in `search`.
    exits
        From the nodes to the points.
    shape
        Number of points and number of lanes, the shape of the result.

    """
    n_points, n_lanes = shape
    rows, top = arcs.rows_of(exits.node), unreached(dtype)
    more = np.minimum(exits.value, top).astype(dtype)
    found: Lanes = np.full((n_points, n_lanes), top, dtype)
    n_per_pass = LANES_PER_PASS * max(1, 4 // found.itemsize)
    table: Lanes = np.empty((arcs.n_rows, min(n_per_pass, n_lanes)), dtype)
    order = np.argsort(seeds.lane, kind="stable")
    lanes = seeds.lane[order]
    for start in range(0, n_lanes, n_per_pass):
        width = min(n_per_pass, n_lanes - start)
        begin, end = np.searchsorted(lanes, (start, start + width))
        chosen = order[begin:end]
        block = Seeds(seeds.node[chosen], lanes[begin:end] - start, seeds.value[chosen])
        if width < table.shape[1]:
            table = np.empty((arcs.n_rows, width), dtype)
        _sweep(arcs, block, table)
        _leave(table, rows, exits.point, more, found[:, start : start + width], table.dtype.type(top))
    return found


def _sweep(arcs: Arcs, seeds: Seeds, table: Lanes) -> None:
    """Fill `table`, (n_rows, K), with what `search` returns."""
    if (table.dtype == np.int64) != (arcs.up.weight.dtype == np.int64):
        msg = "int64 lanes go with int64 weights, and the smaller lanes with int32 weights"
        raise ValueError(msg)
    top = table.dtype.type(unreached(table.dtype))
    rows = arcs.rows_of(seeds.node)
    values = np.minimum(seeds.value, top).astype(table.dtype)
    if table.shape[1] == 1 and table.dtype == arcs.up.weight.dtype:
        _sweep_lane(arcs.up, arcs.down, Seeds(rows, seeds.lane, values), table.reshape(-1), top)
    else:
        table.fill(top)
        np.minimum.at(table, (rows, seeds.lane), values)
        is_reached = np.zeros(arcs.n_rows, np.bool_)
        is_reached[rows] = True
        _climb_lanes(*arcs.up, is_reached, table, top)
        descend_lanes(*arcs.down, table, top)


# In the kernels, unsigned indices spare a test for negative ones, and every sum is cast back to the type of the lanes:
# numba would widen it, and a vector instruction would take half the lanes or fewer.


@kernel
def _leave(
    table: Lanes,
    rows: Int32s,
    point: NDArray[np.integer[Any]],
    more: Lanes,
    found: Lanes,
    top: np.integer[Any],
) -> None:
    """Lower `found`, (points, K), in place, to what leads over each exit; sums end at `top`."""
    as_lane = table.dtype.type
    for way in range(len(rows)):
        row, to, step = np.uint32(rows[way]), np.uint32(point[way]), more[way]
        room = as_lane(top - step)
        for lane in range(table.shape[1]):
            by_way = as_lane(min(table[row, lane], room) + step)
            found[to, lane] = min(found[to, lane], by_way)


@kernel
def _sweep_lane(up: Side, down: Side, seeds: Seeds, lane: Lanes, top: np.integer[Any]) -> None:
    """Fill one lane, as wide as the weights: with `top`, with the seeds, whose nodes are rows, and with both passes."""
    lane[:] = top
    for seed in range(len(seeds.node)):
        row = np.uint32(seeds.node[seed])
        lane[row] = min(lane[row], seeds.value[seed])
    _climb_lane(up, lane, top)
    _descend_lane(down, lane)


@kernel
def _climb_lane(side: Side, lane: Lanes, top: np.integer[Any]) -> None:
    """Carry one lane up: every reached row lowers the rows above it, in place."""
    first, high, weight = side
    as_lane = lane.dtype.type
    for row in range(len(lane)):
        value = lane[row]
        if value < top:
            for arc in range(np.uint32(first[row]), np.uint32(first[row + 1])):
                above = np.uint32(high[arc])
                lane[above] = min(lane[above], as_lane(value + weight[arc]))


@kernel
def _descend_lane(side: Side, lane: Lanes) -> None:
    """Carry a climbed lane down: every row takes the best of itself and the rows above it, in place.

    The time goes into loops whose end the processor cannot foresee, so rows of one to four arcs have none, and the others
    take two arcs at a time. It foresees which of these comes next where rows with equally many arcs follow each other.
    """
    first, high, weight = side
    arc = np.uint32(len(high))
    for below in range(len(lane), 0, -1):
        row = np.uint32(below - 1)
        n_arcs = np.uint32(arc - first[row])
        if n_arcs == 2:
            arc = np.uint32(arc - 2)
            lane[row] = min(lane[row], _over_two(arc, high, weight, lane))
        elif n_arcs == 3:
            arc = np.uint32(arc - 3)
            by_last = _over(arc + 2, high, weight, lane)
            lane[row] = min(min(lane[row], by_last), _over_two(arc, high, weight, lane))  # noqa: PLW3301 -- numba's min of two is quicker
        elif n_arcs == 1:
            arc = np.uint32(arc - 1)
            lane[row] = min(lane[row], _over(arc, high, weight, lane))
        elif n_arcs == 4:
            arc = np.uint32(arc - 4)
            by_last = _over_two(arc + 2, high, weight, lane)
            lane[row] = min(lane[row], min(_over_two(arc, high, weight, lane), by_last))  # noqa: PLW3301 -- as above
        elif n_arcs > 0:
            least = lane[row]
            while arc > first[row] + 1:
                arc = np.uint32(arc - 2)
                least = min(least, _over_two(arc, high, weight, lane))
            if arc > first[row]:
                arc = np.uint32(arc - 1)
                least = min(least, _over(arc, high, weight, lane))
            lane[row] = least


@kernel
def _over(
    arc: np.integer[Any], high: Int32s, weight: NDArray[np.signedinteger[Any]], lane: Lanes
) -> np.integer[Any]:
    """Value of the row above an arc and the arc's weight."""
    at = np.uint32(arc)
    value: np.integer[Any] = lane.dtype.type(lane[np.uint32(high[at])] + weight[at])
    return value


@kernel
def _over_two(
    arc: np.integer[Any], high: Int32s, weight: NDArray[np.signedinteger[Any]], lane: Lanes
) -> np.integer[Any]:
    """Lesser value over an arc and the next."""
    return min(_over(arc, high, weight, lane), _over(arc + 1, high, weight, lane))


@kernel
def _climb_lanes(
    first: Int64s,
    high: Int32s,
    weight: NDArray[np.signedinteger[Any]],
    is_reached: Bools,
    table: Lanes,
    top: np.integer[Any],
) -> None:
    """Carry the lanes up from the reached rows, in place, marking the rows above them as reached; sums end at `top`."""
    as_lane = table.dtype.type
    for row in range(len(is_reached)):
        if is_reached[row]:
            for arc in range(np.uint32(first[row]), np.uint32(first[row + 1])):
                below, above = np.uint32(row), np.uint32(high[arc])
                is_reached[above] = True
                step = as_lane(min(weight[arc], top))
                room = as_lane(top - step)
                for lane in range(table.shape[1]):
                    by_arc = as_lane(min(table[below, lane], room) + step)
                    table[above, lane] = min(table[above, lane], by_arc)


@kernel
def descend_lanes(
    first: Int64s, high: Int32s, weight: NDArray[np.signedinteger[Any]], table: Lanes, top: np.integer[Any]
) -> None:
    """Carry climbed lanes down: every row takes the best of itself and the rows above it, in place; sums end at `top`.

    Two arcs at a time, so that a row is read and written half as often; of an odd number the last counts twice.
    """
    as_lane = table.dtype.type
    fits = 2 * int(top) < 1 << (8 * table.itemsize - 1)  # then no sum of two needs to be stopped
    for row in range(len(table) - 1, -1, -1):
        below, end = np.uint32(row), np.uint32(first[row + 1])
        for arc in range(np.uint32(first[row]), end, 2):
            last = np.uint32(arc + 1 if arc + 1 < end else arc)
            one, other = np.uint32(high[arc]), np.uint32(high[last])
            step, last_step = as_lane(min(weight[arc], top)), as_lane(min(weight[last], top))
            if fits:
                for lane in range(table.shape[1]):
                    by_one, by_other = (
                        as_lane(table[one, lane] + step),
                        as_lane(table[other, lane] + last_step),
                    )
                    table[below, lane] = min(table[below, lane], min(by_one, by_other))  # noqa: PLW3301 -- numba's min of two is quicker
            else:
                room, last_room = as_lane(top - step), as_lane(top - last_step)
                for lane in range(table.shape[1]):
                    by_one = as_lane(min(table[one, lane], room) + step)
                    by_other = as_lane(min(table[other, lane], last_room) + last_step)
                    table[below, lane] = min(table[below, lane], min(by_one, by_other))  # noqa: PLW3301 -- as above


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
    top = UNREACHED_INT64
    table = np.full((arcs.n_rows, n_nearest), top)
    found = np.full((n_points, n_nearest), top)
    merge(table, arcs.rows_of(seeds.node), np.minimum(seeds.value, top).astype(np.int64))
    _climb(arcs.up, table, top)
    _descend(arcs.down, table, top)
    value = np.minimum(exits.value, top).astype(np.int64)
    _leave_k(table, arcs.rows_of(exits.node), exits.point.astype(np.int64), value, found)
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
            for arc in range(side.offset[row], side.offset[row + 1]):
                if side.weight[arc] < top:
                    _carry(table, row, side.high[arc], side.weight[arc], table)


@kernel
def _descend(side: Side, table: Int64s, top: np.int64) -> None:
    """Carry climbed values down: every row takes from the rows above it, in place."""
    for row in range(len(table) - 1, -1, -1):
        for arc in range(side.offset[row], side.offset[row + 1]):
            if side.weight[arc] < top:
                _carry(table, side.high[arc], row, side.weight[arc], table)


@kernel
def _leave_k(table: Int64s, row: Int32s, point: Int64s, value: Int64s, found: Int64s) -> None:
    """Take what leads over each exit into its point's row of `found`, in place."""
    for way in range(len(row)):
        _carry(table, row[way], point[way], value[way], found)
