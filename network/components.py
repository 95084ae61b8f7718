"""The largest set of nodes in which everybody reaches everybody, for many modes at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s
from network.jit import kernel

MOST_MODES = 63
"""Modes that are looked at together: a bit of an int64 each."""


def main_components(
    node_first: Int64s, node_end: Int32s, end_node: Int32s, leaves: Int64s, n_modes: int
) -> Int64s:
    """(N,) int64, bit m of which tells whether a node belongs to the largest component of mode m.

    What a busy node reaches and is reached from is its component. If that is more than half of the nodes with a way in
    and a way out, it is the largest; else Tarjan's search decides. Arguments as `main_component`, but `leaves` is (2 E,)
    int64 with a bit for each mode.
    """
    if n_modes > MOST_MODES:
        msg = f"at most {MOST_MODES} modes fit in one search for components"
        raise ValueError(msg)
    arrives = leaves.reshape(-1, 2)[:, ::-1].ravel()
    hub, n_used = _hubs(node_first, node_end, leaves, arrives, n_modes)
    main = _reached(node_first, node_end, end_node, leaves, hub)
    main &= _reached(node_first, node_end, end_node, arrives, hub)
    for mode in range(n_modes):
        bit = np.int64(1 << mode)
        if 2 * np.count_nonzero(main & bit) <= n_used[mode]:
            largest = main_component(node_first, node_end, end_node, (leaves & bit) != 0)
            main = np.where(largest, main | bit, main & ~bit)
    return main


@kernel
def _hubs(
    node_first: Int64s, node_end: Int32s, leaves: Int64s, arrives: Int64s, n_modes: int
) -> tuple[Int32s, Int64s]:
    """Node of each mode with the most ways, in or out, whichever are fewer, and how many nodes have both."""
    hub, most = np.zeros(n_modes, np.int32), np.zeros(n_modes, np.int64)
    n_used = np.zeros(n_modes, np.int64)
    n_out, n_in = np.empty(n_modes, np.int64), np.empty(n_modes, np.int64)
    for node in range(len(node_first) - 1):
        n_out[:], n_in[:] = 0, 0
        for end in node_end[node_first[node] : node_first[node + 1]]:
            for mode in range(n_modes):
                n_out[mode] += leaves[end] >> mode & 1
                n_in[mode] += arrives[end] >> mode & 1
        for mode in range(n_modes):
            n_both = min(n_out[mode], n_in[mode])
            n_used[mode] += n_both > 0
            if n_both > most[mode]:
                hub[mode], most[mode] = node, n_both
    return hub, n_used


@kernel
def _reached(node_first: Int64s, node_end: Int32s, end_node: Int32s, leaves: Int64s, hub: Int32s) -> Int64s:
    """(N,) int64, modes in which each node is reached from the hub of the mode."""
    n_nodes = len(node_first) - 1
    reached = np.zeros(n_nodes, np.int64)
    waits = np.zeros(n_nodes, np.bool_)
    queue = np.empty(n_nodes + 1, np.int32)
    begin = stop = 0
    for mode in range(len(hub)):
        reached[hub[mode]] |= np.int64(1) << mode
    for node in hub:
        if not waits[node]:
            waits[node] = True
            queue[stop] = node
            stop += 1
    while begin != stop:
        node = queue[begin]
        begin = (begin + 1) % len(queue)
        waits[node] = False
        for end in node_end[node_first[node] : node_first[node + 1]]:
            other = end_node[end ^ 1]
            more = reached[node] & leaves[end] & ~reached[other]
            if more:
                reached[other] |= more
                if not waits[other]:
                    waits[other] = True
                    queue[stop] = other
                    stop = (stop + 1) % len(queue)
    return reached


@kernel
def main_component(node_first: Int64s, node_end: Int32s, end_node: Int32s, may_leave: Bools) -> Bools:
    """Nodes of the largest strongly connected component; of equally large ones, any.

    Tarjan's search of 1972, with a stack of its own instead of calls.

    Parameters
    ----------
    node_first, node_end
        Ragged rows: the ends at each of N nodes.
    end_node
        (2 E,) int32, node of each end; end ^ 1 is the other end of the same edge.
    may_leave
        (2 E,) bool, whether one may go along the edge from this end.

    Returns
    -------
    (N,) bool.

    """
    n_nodes = len(node_first) - 1
    streets = _Streets(node_first[:-1].copy(), node_first[1:], node_end, end_node, may_leave)
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
