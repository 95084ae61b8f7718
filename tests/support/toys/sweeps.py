"""Random streets as the sweeps take them, and the oracle's arcs of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from network.hierarchy.hierarchy import Hierarchy, Weights, build_hierarchy, customise
from network.lanes import unreached

CLOSED = unreached(np.int32)


class Streets(NamedTuple):
    """What the engine is given."""

    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forward_s: NDArray[np.int32]
    backward_s: NDArray[np.int32]


def streets_of(n_nodes: int, rows: list[tuple[int, int, int, int]]) -> Streets:
    """Streets from rows of (tail, head, seconds ahead, seconds back)."""
    columns = np.array(rows, np.int32).reshape(-1, 4)
    return Streets(n_nodes, *(columns[:, column].copy() for column in range(4)))


def customised(streets: Streets) -> tuple[Hierarchy, Weights]:
    hierarchy = build_hierarchy(streets.n_nodes, streets.tail, streets.head)
    return hierarchy, customise(hierarchy, streets.forward_s, streets.backward_s)


@st.composite
def street_networks(draw: st.DrawFn) -> Streets:
    """Random streets: loops, parallel edges, zero seconds, closed directions, several components, lone nodes."""
    n_nodes = draw(st.integers(1, 12))
    node = st.integers(0, n_nodes - 1)
    seconds = st.one_of(st.integers(0, 20), st.just(CLOSED))
    return streets_of(n_nodes, draw(st.lists(st.tuples(node, node, seconds, seconds), max_size=30)))


def quickest_arcs(streets: Streets) -> csr_array:
    """SciPy's graph: of parallel arcs the quickest, closed ones left out, arcs of zero seconds kept."""
    rows = np.concatenate([streets.tail, streets.head])
    columns = np.concatenate([streets.head, streets.tail])
    seconds = np.concatenate([streets.forward_s, streets.backward_s])
    order = np.lexsort((seconds, columns, rows))
    order = order[seconds[order] < CLOSED]
    again = (np.diff(rows[order], prepend=-1) == 0) & (np.diff(columns[order], prepend=-1) == 0)
    kept = order[~again]
    first = np.searchsorted(rows[kept], np.arange(streets.n_nodes + 1))
    graph = (seconds[kept].astype(np.float64), columns[kept], first)
    return csr_array(graph, shape=(streets.n_nodes, streets.n_nodes))
