"""All targets within a limit of each origin, without a table of every origin by every target.

Ways in a hierarchy go up and then down. So every target climbs once, against the direction of travel, and leaves its number
and its seconds at each row within the limit; every origin climbs as well, and what it finds at the rows it comes to is within
the limit or is not (the many-to-many search with buckets of Knopp, Sanders, Schultes, Schulz and Wagner 2007, over the
elimination order). The work is in proportion to what is near, whatever the size of the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from data.columns import Floats, Int32s, Int64s, offsets
from network.hierarchy.arcs import Side
from network.hierarchy.packing import MAX_SECONDS, SECOND_SHIFT
from network.hierarchy.search import DoorEnds, StreetSearch, origin_ends, target_ends
from network.jit import kernel
from network.lanes import TARGET_BITS, UNREACHED_INT32
from network.streets.snap import Snapped, same_edge

ORIGINS_PER_BLOCK = 16_384
"""So many origins at a time are told which targets share their edge."""
ROW_SHIFT = 38
"""What a target leaves at a row is one number, which sorts by row and by seconds: row, seconds (18 bits), target (20 bits)."""
MAX_ROWS = 1 << (63 - ROW_SHIFT)
TOP = UNREACHED_INT32


class Within(NamedTuple):
    """The targets that O origins reach within a limit.

    Attributes
    ----------
    offset
        (O + 1,) int64; those of origin o are rows `offset[o]:offset[o + 1]`.
    target
        (W,) int32, ascending per origin.
    seconds
        (W,) int32, whole seconds.

    """

    offset: Int64s
    target: Int32s
    seconds: Int32s

    @property
    def origin(self) -> Int64s:
        """(W,) int64, the origin of each row."""
        return np.repeat(np.arange(len(self.offset) - 1, dtype=np.int64), np.diff(self.offset))

    def between(self, origin: Int64s, target: Int64s) -> Floats:
        """(P,) float64 seconds of P pairs; inf where the target is not within the limit."""
        n_targets = int(max(self.target.max(initial=0), target.max(initial=0))) + 1
        there, asked = self.origin * n_targets + self.target, origin * n_targets + target
        row = np.searchsorted(there, asked)
        is_there = np.append(there, -1)[row] == asked
        return np.where(is_there, np.append(self.seconds, 0)[row], np.inf)

    def turned(self, n_targets: int) -> Within:
        """The same pairs by target: what was an origin is a target."""
        order = np.argsort(self.target, kind="stable")
        n_origins = np.bincount(self.target, minlength=n_targets)
        return Within(offsets(n_origins), self.origin[order].astype(np.int32), self.seconds[order])

    def merged(self, origin: Int64s, target: Int64s, seconds: Int32s) -> Within:
        """With more pairs, none of which are there yet."""
        every = np.concatenate([self.origin, origin])
        targets = np.concatenate([self.target, target.astype(np.int32)])
        order = np.lexsort((targets, every))
        return Within(
            offsets(np.bincount(every, minlength=len(self.offset) - 1)),
            targets[order],
            np.concatenate([self.seconds, seconds])[order],
        )


def nobody(n_origins: int) -> Within:
    """Nothing within reach of any origin."""
    return Within(np.zeros(n_origins + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))


def as_within(seconds: Floats) -> Within:
    """What is reached in an (O, T) table of whole seconds, inf where it is not."""
    origin, target = np.nonzero(np.isfinite(seconds))
    n_targets = np.bincount(origin, minlength=len(seconds))
    return Within(offsets(n_targets), target.astype(np.int32), seconds[origin, target].astype(np.int32))


def joined(blocks: Sequence[Within]) -> Within:
    """Blocks of origins, one after the other."""
    return Within(
        offsets(np.concatenate([np.diff(block.offset) for block in blocks])),
        np.concatenate([block.target for block in blocks]),
        np.concatenate([block.seconds for block in blocks]),
    )


class Ends(NamedTuple):
    """Where P points enter the rows, or leave them: those of point p are `offset[p]:offset[p + 1]`."""

    offset: Int64s
    row: Int32s
    seconds: Int32s


class Buckets(NamedTuple):
    """What targets leave at the rows they climb to, see `ROW_SHIFT`: at row r these are `offset[r]:offset[r + 1]`, the nearest first."""

    offset: Int64s
    left: Int64s


class Targets(NamedTuple):
    """Targets that have climbed, for any number of blocks of origins."""

    at: Snapped
    buckets: Buckets
    limit_s: int


def targets_within(streets: StreetSearch, mode: int, targets: Snapped, limit_s: float) -> Targets:
    """Let targets climb as far as a limit.

    ValueError for a limit above `packing.MAX_SECONDS`, or a network of more rows than can be told apart.
    """
    arcs = streets.modes[mode].sweep
    if not 0 <= limit_s < MAX_SECONDS:
        msg = f"a limit must be below {MAX_SECONDS} seconds, not {limit_s}"
        raise ValueError(msg)
    if arcs.n_rows > MAX_ROWS or len(targets.edge) > 1 << TARGET_BITS:
        msg = (
            f"at most {MAX_ROWS:,} junctions and {1 << TARGET_BITS:,} targets can be told apart in one search"
        )
        raise ValueError(msg)
    ends = _ends(arcs.row, target_ends(streets.network, mode, targets), len(targets.edge))
    left = _leave(arcs.down, ends, int(limit_s))
    left.sort()
    buckets = Buckets(offsets(np.bincount(left >> ROW_SHIFT, minlength=arcs.n_rows)), left)
    return Targets(targets, buckets, int(limit_s))


def reached_from(streets: StreetSearch, mode: int, origins: Snapped, targets: Targets) -> Within:
    """Seconds from origins to every target within its limit, those of `search.matrix`."""
    arcs, n_targets = streets.modes[mode].sweep, len(targets.at.edge)
    blocks = []
    for begin in range(0, max(len(origins.edge), 1), ORIGINS_PER_BLOCK):
        block = Snapped._make(column[begin : begin + ORIGINS_PER_BLOCK] for column in origins)
        n_origins = len(block.edge)
        starts = _ends(arcs.row, origin_ends(streets.network, mode, block), n_origins)
        direct = same_edge(streets.network, mode, block, targets.at)
        order = np.argsort(direct.origin, kind="stable")
        shared = Within(
            offsets(np.bincount(direct.origin, minlength=n_origins)),
            direct.target[order],
            direct.seconds[order],
        )
        found = _collect(arcs.up, starts, targets.buckets, shared, targets.limit_s, n_targets)
        blocks.append(Within(*found))
    return joined(blocks)


def within(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped, limit_s: float) -> Within:
    """Both at once: seconds to every target within a limit; raises as `targets_within`."""
    return reached_from(streets, mode, origins, targets_within(streets, mode, targets, limit_s))


class Room(NamedTuple):
    """What a climb works in, (R,) each: labels, all of them `TOP` between climbs, a heap of rows, and the rows it came to."""

    label: Int32s
    heap: Int32s
    reached: Int32s


def _ends(row: Int32s, doors: DoorEnds, n_points: int) -> Ends:
    order = np.argsort(doors.point, kind="stable")
    n_ends = np.bincount(doors.point, minlength=n_points)
    return Ends(offsets(n_ends), row[doors.node[order]], doors.seconds[order])


@kernel
def _room(n_rows: int) -> Room:
    return Room(np.full(n_rows, TOP, np.int32), np.empty(n_rows, np.int32), np.empty(n_rows, np.int32))


@kernel
def _climb(side: Side, ends: Ends, point: int, limit: int, room: Room) -> int:
    """Label every row within the limit above a point, and return how many there are; the caller puts the labels back."""
    label, heap, reached = room
    n_heap, n_reached = 0, 0
    for end in range(ends.offset[point], ends.offset[point + 1]):
        row, seconds = ends.row[end], ends.seconds[end]
        if seconds <= limit:
            if label[row] == TOP:
                n_heap = _push(heap, n_heap, row)
            label[row] = min(label[row], seconds)
    # Arcs lead to later rows only: the least row waiting has its final label.
    while n_heap > 0:
        row = heap[0]
        n_heap = _pop(heap, n_heap)
        reached[n_reached] = row
        n_reached += 1
        for arc in range(side.offset[row], side.offset[row + 1]):
            seconds = np.int32(label[row] + (side.weight[arc] >> SECOND_SHIFT))
            if seconds <= limit:
                above = side.high[arc]
                if label[above] == TOP:
                    n_heap = _push(heap, n_heap, above)
                label[above] = min(label[above], seconds)
    return n_reached


@kernel
def _push(heap: Int32s, n: int, row: int) -> int:
    """Put a row on a binary heap of `n`, the least on top; returns how many there are then."""
    at = n
    while at > 0 and heap[(at - 1) >> 1] > row:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = row
    return n + 1


@kernel
def _pop(heap: Int32s, n: int) -> int:
    """Take the least row off a heap of `n`; returns how many are left."""
    last, at, below = heap[n - 1], 0, 1
    while below < n - 1:
        if below + 1 < n - 1 and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[at] = heap[below]
        at, below = below, 2 * below + 1
    heap[at] = last
    return n - 1


@kernel
def _leave(down: Side, ends: Ends, limit: int) -> Int64s:
    """What every target leaves at the rows from which it is reached within the limit, in any order."""
    room, left, n_left = _room(len(down.offset) - 1), np.empty(1024, np.int64), 0
    for target in range(len(ends.offset) - 1):
        n_reached = _climb(down, ends, target, limit, room)
        if n_left + n_reached > len(left):
            left = np.concatenate((left, np.empty(len(left) + n_reached, np.int64)))
        for row in room.reached[:n_reached]:
            seconds = np.int64(room.label[row]) << np.int64(TARGET_BITS)
            left[n_left] = np.int64(row) << np.int64(ROW_SHIFT) | seconds | np.int64(target)
            room.label[row] = TOP
            n_left += 1
    return left[:n_left].copy()


@kernel
def _collect(
    up: Side, starts: Ends, buckets: Buckets, shared: Within, limit: int, n_targets: int
) -> tuple[Int64s, Int32s, Int32s]:
    """Columns of Within: the least over all rows where an origin and a target meet, and over the edge that they share."""
    room, n_origins = _room(len(up.offset) - 1), len(starts.offset) - 1
    best, found = np.full(n_targets, TOP, np.int32), np.empty(n_targets, np.int32)
    offset, n_ways = np.zeros(n_origins + 1, np.int64), 0
    targets, seconds = np.empty(1024, np.int32), np.empty(1024, np.int32)
    for origin in range(n_origins):
        n_found = 0
        n_reached = _climb(up, starts, origin, limit, room)
        for row in room.reached[:n_reached]:
            label = np.int64(room.label[row])
            room.label[row] = TOP
            for at in range(buckets.offset[row], buckets.offset[row + 1]):
                both = label + (buckets.left[at] >> np.int64(TARGET_BITS) & np.int64(MAX_SECONDS))
                if both > limit:
                    break
                target = buckets.left[at] & np.int64((1 << TARGET_BITS) - 1)
                n_found += _lower(best, found, n_found, target, both)
        for at in range(shared.offset[origin], shared.offset[origin + 1]):
            if shared.seconds[at] <= limit:
                n_found += _lower(best, found, n_found, shared.target[at], shared.seconds[at])
        if n_ways + n_found > len(targets):
            room_for = np.empty(len(targets) + n_found, np.int32)
            targets, seconds = np.concatenate((targets, room_for)), np.concatenate((seconds, room_for))
        found[:n_found].sort()
        for target in found[:n_found]:
            targets[n_ways], seconds[n_ways] = target, best[target]
            best[target] = TOP
            n_ways += 1
        offset[origin + 1] = n_ways
    return offset, targets[:n_ways].copy(), seconds[:n_ways].copy()


@kernel
def _lower(best: Int32s, found: Int32s, n_found: int, target: int, seconds: int) -> int:
    """Lower the time to a target, and note it among the `n_found` if it is new: 1, else 0."""
    is_new = best[target] == TOP
    if is_new:
        found[n_found] = target
    best[target] = min(best[target], np.int32(seconds))
    return int(is_new)
