"""Shortest times over a hierarchy: one pass up its arcs from the sources, one pass down to everybody.

The passes of PHAST (Delling, Goldberg, Nowatzyk and Werneck 2011) over the elimination order instead of a contraction
order. There is no heap and no queue: every arc is looked at once, in a fixed order, for many searches side by side.

A search runs in a *lane*, one column of a table with a row per position. Lanes hold whole seconds (int32, or uint16 for
twice the speed and at most 65,534 s, 18 hours), or the int64 values of `network.packing`, with which one lane finds
the nearest of many targets.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from data.columns import Bools, Floats, Int32s, Int64s
from network.hierarchy import Hierarchy, Weights, unreached
from network.jit import kernel

LANES_PER_PASS = 64
"""Rows of 64 int32 are four cache lines: wider tables fall out of the cache, narrower ones waste the arcs."""

Lanes: TypeAlias = NDArray[np.integer[Any]]


class Arcs(NamedTuple):
    """What a sweep reads: the arcs of a hierarchy, or of the part of it between some nodes, with one mode's weights.

    Attributes
    ----------
    row
        (N,) int32, row of each node in the tables; -1 for a node left out.
    first
        (R + 1,) int64; the arcs up from row r are `first[r]:first[r + 1]`.
    high
        (A,) int32, the row that each arc leads to, above r.
    up, down
        (A,) int32 or int64, weight of each arc upwards and downwards.

    """

    row: Int32s
    first: Int64s
    high: Int32s
    up: NDArray[np.signedinteger[Any]]
    down: NDArray[np.signedinteger[Any]]

    @property
    def n_rows(self) -> int:
        """Number of rows R of the tables."""
        return len(self.first) - 1

    def turned(self) -> Arcs:
        """Return the same streets with every direction of travel reversed: searches from sources become searches to them."""
        return self._replace(up=self.down, down=self.up)

    def rows_of(self, node: NDArray[np.integer[Any]]) -> Int32s:
        """Rows of nodes; ValueError for a node left out."""
        rows: Int32s = self.row[node]
        if (rows < 0).any():
            msg = "these arcs do not reach all of the nodes asked for"
            raise ValueError(msg)
        return rows


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


def all_arcs(hierarchy: Hierarchy, weights: Weights) -> Arcs:
    """Arcs for searches that answer at every node."""
    return Arcs(hierarchy.rank, hierarchy.arc_first, hierarchy.high, weights.up, weights.down)


def arcs_between(hierarchy: Hierarchy, weights: Weights, node: NDArray[np.integer[Any]]) -> Arcs:
    """Arcs for searches that start and answer at the given nodes only, in either direction.

    Those up from the nodes and from what lies above them (restricted PHAST, Delling, Goldberg and Werneck 2011), without
    those that the mode may use in neither direction: the fewer nodes and streets, the fewer arcs. Answers at the given
    nodes are the same.
    """
    is_open = np.minimum(weights.up, weights.down) < unreached(weights.up.dtype)
    is_kept = np.zeros(hierarchy.n_nodes, np.bool_)
    is_kept[hierarchy.rank[node]] = True
    _mark_above(hierarchy.arc_first, hierarchy.high, is_open, is_kept)
    row = np.where(is_kept, np.cumsum(is_kept, dtype=np.int32) - np.int32(1), np.int32(-1))
    arc = np.flatnonzero(np.repeat(is_kept, np.diff(hierarchy.arc_first)) & is_open)
    n_open = np.diff(np.append(0, np.cumsum(is_open))[hierarchy.arc_first])
    first = np.append(0, np.cumsum(n_open[is_kept]))
    return Arcs(row[hierarchy.rank], first, row[hierarchy.high[arc]], weights.up[arc], weights.down[arc])


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
    table: Lanes = np.empty((arcs.n_rows, min(LANES_PER_PASS, n_lanes)), dtype)
    order = np.argsort(seeds.lane, kind="stable")
    lanes = seeds.lane[order]
    for start in range(0, n_lanes, LANES_PER_PASS):
        width = min(LANES_PER_PASS, n_lanes - start)
        begin, end = np.searchsorted(lanes, (start, start + width))
        chosen = order[begin:end]
        block = Seeds(seeds.node[chosen], lanes[begin:end] - start, seeds.value[chosen])
        if width < table.shape[1]:
            table = np.empty((arcs.n_rows, width), dtype)
        _sweep(arcs, block, table)
        _leave(table, rows, exits.point, more, found[:, start : start + width])
    return found


def _sweep(arcs: Arcs, seeds: Seeds, table: Lanes) -> None:
    """Fill `table`, (n_rows, K), with what `search` returns."""
    if (table.dtype == np.int64) != (arcs.up.dtype == np.int64):
        msg = "int64 lanes go with int64 weights, and the smaller lanes with int32 weights"
        raise ValueError(msg)
    top = table.dtype.type(unreached(table.dtype))
    table.fill(top)
    rows = arcs.rows_of(seeds.node)
    np.minimum.at(table, (rows, seeds.lane), np.minimum(seeds.value, top).astype(table.dtype))
    if table.shape[1] == 1 and table.dtype == arcs.up.dtype:
        lane = table.reshape(-1)
        _climb_lane(arcs.first, arcs.high, arcs.up, lane, top)
        descend_lane(arcs.first, arcs.high, arcs.down, lane)
    else:
        is_reached = np.zeros(arcs.n_rows, np.bool_)
        is_reached[rows] = True
        _climb_lanes(arcs.first, arcs.high, arcs.up, is_reached, table, top)
        descend_lanes(arcs.first, arcs.high, arcs.down, table, top)


def as_seconds(values: Lanes) -> Floats:
    """float64 seconds of plain lanes; inf where not reached."""
    seconds: Floats = np.where(values < unreached(values.dtype), values, np.inf)
    return seconds


# In the kernels, unsigned indices spare a test for negative ones, and every sum is cast back to the type of the lanes:
# numba would widen it, and a vector instruction would take half the lanes or fewer.


@kernel
def _mark_above(first: Int64s, high: Int32s, is_open: Bools, is_kept: Bools) -> None:
    """Extend `is_kept`, by position, to all ends of open arcs up from kept positions, in place."""
    for position in range(len(is_kept)):
        if is_kept[position]:
            for arc in range(first[position], first[position + 1]):
                if is_open[arc]:
                    is_kept[high[arc]] = True


@kernel
def _leave(table: Lanes, rows: Int32s, point: NDArray[np.integer[Any]], more: Lanes, found: Lanes) -> None:
    """Lower `found`, (points, K), in place, to what leads over each exit; values from unreached on stay above it."""
    as_lane = table.dtype.type
    for way in range(len(rows)):
        row, to, step = np.uint32(rows[way]), np.uint32(point[way]), more[way]
        for lane in range(table.shape[1]):
            found[to, lane] = min(found[to, lane], as_lane(table[row, lane] + step))


@kernel
def _climb_lane(
    first: Int64s, high: Int32s, weight: NDArray[np.signedinteger[Any]], lane: Lanes, top: np.integer[Any]
) -> None:
    """Carry one lane, as wide as the weights, up: every reached row lowers the rows above it, in place."""
    as_lane = lane.dtype.type
    for row in range(len(lane)):
        value = lane[row]
        if value < top:
            for arc in range(np.uint32(first[row]), np.uint32(first[row + 1])):
                above = np.uint32(high[arc])
                lane[above] = min(lane[above], as_lane(value + weight[arc]))


@kernel
def descend_lane(first: Int64s, high: Int32s, weight: NDArray[np.signedinteger[Any]], lane: Lanes) -> None:
    """Carry one climbed lane down: every row takes the best of itself and the rows above it, in place.

    The time goes into loops whose end the processor cannot foresee. So the many rows of one to three arcs have none:
    they look at their first, middle and last arc, the same one twice or thrice where they have fewer. The others take
    two arcs at a time.
    """
    for row in range(len(lane) - 1, -1, -1):
        least = lane[row]
        start, arc = first[row], first[row + 1]
        if start < arc <= start + 3:
            by_first = _over(start, high, weight, lane)
            by_middle = _over(start + (arc - start) // 2, high, weight, lane)
            by_last = _over(arc - 1, high, weight, lane)
            least = min(least, min(by_first, min(by_middle, by_last)))  # noqa: PLW3301 -- numba's min of two is quicker
        else:
            while arc > start + 1:
                arc -= 2
                by_either = min(_over(arc, high, weight, lane), _over(arc + 1, high, weight, lane))
                least = min(least, by_either)
            if arc > start:
                least = min(least, _over(start, high, weight, lane))
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
    """Carry climbed lanes down: every row takes the best of itself and the rows above it, in place; sums end at `top`."""
    as_lane = table.dtype.type
    for row in range(len(table) - 1, -1, -1):
        for arc in range(np.uint32(first[row]), np.uint32(first[row + 1])):
            below, above = np.uint32(row), np.uint32(high[arc])
            step = as_lane(min(weight[arc], top))
            room = as_lane(top - step)
            for lane in range(table.shape[1]):
                by_arc = as_lane(min(table[above, lane], room) + step)
                table[below, lane] = min(table[below, lane], by_arc)
