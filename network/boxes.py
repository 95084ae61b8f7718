"""Boxes searchable by place: a packed R-tree in arrays, with which a region is opened by memory map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Floats, Int32s, Int64s, read_only
from network.jit import kernel

CHILDREN = 16
"""Boxes below each box of the levels above; decides about time alone."""
HIGH = 16
"""Levels that a tree may have: far more than there can be boxes for."""


class BoxTree(NamedTuple):
    """L boxes and the boxes around every 16 of them, and so on up to one around all.

    Attributes
    ----------
    item
        (L,) int32, the box of each leaf.
    box
        (B, 4) float64, least x and y, greatest x and y: those of the leaves, then those of each level above.
    level
        (H + 1,) int64; the boxes of level h are rows `level[h]:level[h + 1]`, of which the first is of the leaves.

    """

    item: Int32s
    box: Floats
    level: Int64s


def box_tree(box: Floats) -> BoxTree:
    """Tree of (L, 4) boxes, sorted into strips by x and within these by y (Leutenegger, Lopez and Edgington 1997)."""
    n_strips = max(1, int(np.ceil(np.sqrt(len(box) / CHILDREN))))
    x, y = box[:, 0] + box[:, 2], box[:, 1] + box[:, 3]
    strip = np.empty(len(box), np.int64)
    strip[np.argsort(x, kind="stable")] = np.arange(len(box)) * n_strips // max(len(box), 1)
    item = np.lexsort((y, strip))
    levels = [box[item]]
    while len(levels[-1]) > 1:
        first = np.arange(0, len(levels[-1]), CHILDREN)
        least, greatest = levels[-1][:, :2], levels[-1][:, 2:]
        levels.append(np.hstack([np.minimum.reduceat(least, first), np.maximum.reduceat(greatest, first)]))
    level = np.cumsum([0, *map(len, levels)])
    return read_only(BoxTree(item.astype(np.int32), np.concatenate(levels), level))


def meeting(tree: BoxTree, window: Floats) -> tuple[Int64s, Int32s]:
    """Pairs of a window, (P, 4) as boxes, and a box that it meets, touching included: rows of both, in order of the windows."""
    return _meeting(tree, window) if len(tree.item) else (np.empty(0, np.int64), np.empty(0, np.int32))


@kernel
def _meeting(tree: BoxTree, window: Floats) -> tuple[Int64s, Int32s]:
    found, at, n_found = np.empty(1024, np.int32), np.empty(1024, np.int64), 0
    n_levels = len(tree.level) - 1
    levels, rows = np.empty(CHILDREN * HIGH, np.int64), np.empty(CHILDREN * HIGH, np.int64)
    for of in range(len(window)):
        levels[0], rows[0], n_open = n_levels - 1, 0, 1
        while n_open > 0:
            n_open -= 1
            level, row = levels[n_open], rows[n_open]
            box = tree.box[tree.level[level] + row]
            if (
                box[0] > window[of, 2]
                or box[2] < window[of, 0]
                or box[1] > window[of, 3]
                or box[3] < window[of, 1]
            ):
                continue
            if level == 0:
                if n_found == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                    at = np.concatenate((at, np.empty_like(at)))
                found[n_found], at[n_found] = tree.item[row], of
                n_found += 1
            else:
                n_below = tree.level[level] - tree.level[level - 1]
                for child in range(CHILDREN * row, min(CHILDREN * (row + 1), n_below)):
                    levels[n_open], rows[n_open] = level - 1, child
                    n_open += 1
    return at[:n_found].copy(), found[:n_found].copy()
