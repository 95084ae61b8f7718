"""The largest set of nodes in which everybody reaches everybody."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s
from network.jit import kernel


@kernel
def main_component(node_offset: Int64s, node_end: Int32s, end_node: Int32s, may_leave: Bools) -> Bools:
    """Nodes of the largest strongly connected component; of equally large ones, any.

    Tarjan's search of 1972, with a stack of its own instead of calls.

    Parameters
    ----------
    node_offset, node_end
        Ragged rows: the ends at each of N nodes.
    end_node
        (2 E,) int32, node of each end; end ^ 1 is the other end of the same edge.
    may_leave
        (2 E,) bool, whether one may go along the edge from this end.

    Returns
    -------
    (N,) bool.

    """
    n_nodes = len(node_offset) - 1
    streets = _Streets(node_offset[:-1].copy(), node_offset[1:], node_end, end_node, may_leave)
    number = np.full(n_nodes, -1, np.int32)
    lowest = np.empty(n_nodes, np.int32)
    component = np.full(n_nodes, -1, np.int32)
    path, waiting = np.empty(n_nodes, np.int32), np.empty(n_nodes, np.int32)
    n_waiting = n_numbered = n_components = largest = most = 0
    for root in range(n_nodes):
        depth = 0 if number[root] < 0 else -1
        path[0] = root
        while depth >= 0:
            node = path[depth]
            if number[node] < 0:
                number[node] = lowest[node] = n_numbered
                waiting[n_waiting] = node
                n_numbered, n_waiting = n_numbered + 1, n_waiting + 1
            onward = _next_unnumbered(streets, node, number, lowest, component)
            if onward >= 0:
                depth += 1
                path[depth] = onward
                continue
            if lowest[node] == number[node]:
                size = _close(node, waiting[:n_waiting], component, n_components)
                n_waiting -= size
                if size > most:
                    largest, most = n_components, size
                n_components += 1
            depth -= 1
            if depth >= 0:
                lowest[path[depth]] = min(lowest[path[depth]], lowest[node])
    is_main: Bools = component == largest
    return is_main


class _Streets(NamedTuple):
    """Ends at each node that are not followed yet: `node_end[free[node]:stop[node]]`."""

    free: Int64s
    stop: Int64s
    node_end: Int32s
    end_node: Int32s
    may_leave: Bools


@kernel
def _next_unnumbered(streets: _Streets, node: int, number: Int32s, lowest: Int32s, component: Int32s) -> int:
    """Follow the ends at `node`, in place, up to the first that leads to a new node; that node, or -1 for none."""
    while streets.free[node] < streets.stop[node]:
        end = streets.node_end[streets.free[node]]
        streets.free[node] += 1
        if streets.may_leave[end]:
            other = streets.end_node[end ^ 1]
            if number[other] < 0:
                return int(other)
            if component[other] < 0:
                lowest[node] = min(lowest[node], number[other])
    return -1


@kernel
def _close(node: int, waiting: Int32s, component: Int32s, label: int) -> int:
    """Label the nodes that wait from `node` on, in place; how many they are."""
    size = 0
    while component[node] < 0:
        size += 1
        component[waiting[-size]] = label
    return size
