"""Streets while they are being drawn: nodes in metres and ways over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.columns import Bools, Floats, Int32s, Int64s
from data.streets import TagSet

PATHS = ("cycleway", "footway", "path")
CLOSED = ("no", "use_sidepath")


class Way(NamedTuple):
    """One way as it will be written: at least two rows of the node columns, and sorted tags.

    Ways are rows, not columns, because each is made once, written once and never searched.
    """

    nodes: tuple[int, ...]
    tags: TagSet


class Edges(NamedTuple):
    """Straight pieces of ways as columns: (E,) each; `oneway` ones are open from a to b only."""

    a: Int64s
    b: Int64s
    length_m: Floats
    oneway: Bools

    def graph(self, n_nodes: int) -> coo_array[np.float64, tuple[int, int]]:
        """Sparse (n_nodes, n_nodes) matrix of lengths, two-way pieces in both directions."""
        back = ~self.oneway
        a = np.concatenate([self.a, self.b[back]])
        b = np.concatenate([self.b, self.a[back]])
        length_m = np.concatenate([self.length_m, self.length_m[back]])
        return coo_array((np.maximum(length_m, 1e-3), (a, b)), shape=(n_nodes, n_nodes))


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Nodes, (N,) float64 metres of the national grid, and the ways over them."""

    x_m: Floats
    y_m: Floats
    ways: tuple[Way, ...] = ()

    def with_nodes(self, x_m: Floats, y_m: Floats) -> tuple[Draft, Int64s]:
        """Draft with more nodes, and the rows they got."""
        rows = np.arange(len(self.x_m), len(self.x_m) + len(x_m), dtype=np.int64)
        grown = replace(self, x_m=np.concatenate([self.x_m, x_m]), y_m=np.concatenate([self.y_m, y_m]))
        return grown, rows

    def with_ways(self, ways: Iterable[Way]) -> Draft:
        """Draft with more ways."""
        return replace(self, ways=(*self.ways, *ways))

    def edges(self, mode: str) -> Edges:
        """Pieces open to `mode`: car, bike or walk."""
        is_open_oneway: dict[TagSet, tuple[bool, bool]] = {}
        for tags in {way.tags for way in self.ways}:
            said = dict(tags)
            is_open_oneway[tags] = open_to(mode, said), mode == "car" and said.get("oneway") == "yes"
        ways = [way for way in self.ways if is_open_oneway[way.tags][0]]
        n_nodes = np.array([len(way.nodes) for way in ways], dtype=np.int64)
        nodes = np.fromiter(chain.from_iterable(way.nodes for way in ways), np.int64, int(n_nodes.sum()))
        is_last = np.zeros(len(nodes), dtype=np.bool_)
        is_last[np.cumsum(n_nodes) - 1] = True
        rows_a, rows_b = nodes[:-1][~is_last[:-1]], nodes[1:][~is_last[:-1]]
        length_m = np.hypot(self.x_m[rows_a] - self.x_m[rows_b], self.y_m[rows_a] - self.y_m[rows_b])
        oneway = np.repeat(
            np.array([is_open_oneway[way.tags][1] for way in ways], dtype=np.bool_), n_nodes - 1
        )
        return Edges(rows_a, rows_b, length_m, oneway)

    def components(self, mode: str) -> tuple[Int32s, Bools]:
        """Strongly connected component of every node for `mode`, and whether any way of that mode touches it."""
        edges = self.edges(mode)
        _, label = connected_components(edges.graph(len(self.x_m)), directed=True, connection="strong")
        used = np.zeros(len(self.x_m), dtype=np.bool_)
        used[edges.a] = used[edges.b] = True
        return np.asarray(label, dtype=np.int32), used

    def way_lengths(self) -> Iterator[float]:
        """Planar metres of each way."""
        for way in self.ways:
            rows = np.array(way.nodes)
            yield float(np.hypot(np.diff(self.x_m[rows]), np.diff(self.y_m[rows])).sum())


def open_to(mode: str, tags: dict[str, str]) -> bool:
    """Whether the generated tags leave a way open to `mode` (only the tags that the generator writes are known)."""
    match mode:
        case "car":
            return tags["highway"] not in PATHS
        case "bike":
            return tags.get("bicycle") not in CLOSED and tags["highway"] != "footway"
        case "walk":
            return True
        case _:
            msg = f"unknown mode {mode}"
            raise ValueError(msg)


def tag_set(tags: dict[str, str]) -> TagSet:
    """Tags in the order in which they are written."""
    return tuple(sorted(tags.items()))
