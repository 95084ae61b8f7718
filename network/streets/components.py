"""The largest set of nodes in which everybody reaches everybody.

The main component after an edit, from the one before: a few short searches instead of one over everything.

Nobody outside the component joins it but over a street that is new, and within it nobody is cut off as long as each street
that closed has a way round. Where one has none, the few nodes that the short search ends in are outside from now on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Int32s, Int64s
from network.jit import kernel
from network.streets.mapped import EndsAt


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


MOST_SEEN = 4000
"""Nodes that a search for a way round may see, and ways round that may be asked for, before it is given up."""


class Open(NamedTuple):
    """Streets as one mode may go along them: E rows between N nodes."""

    ends_at: EndsAt
    end_node: Int32s
    """(2 E,) int32, node of each end; end ^ 1 is the other end of the same row."""
    leaves: Bools
    """(2 E,) bool, whether one may go along the row from this end."""


def edited_component(streets: Open, main: Bools, changed: Int64s, closed: Int32s) -> Bools | None:
    """Nodes of the largest strongly connected component; None where it takes a search over everything to tell.

    Parameters
    ----------
    streets
        Streets after the edit.
    main
        (N,) bool, the component before; new nodes are outside.
    changed
        Rows that are new or other than they were.
    closed
        (C, 2) int32, where one could go before over changed rows: from and to.

    """
    main = main.copy()
    _join(streets, main, changed)
    if not _leave(streets, main, closed) or 2 * np.count_nonzero(main) <= len(main):
        return None
    return main


@kernel
def _join(streets: Open, main: Bools, changed: Int64s) -> None:
    """Add to `main`, in place, the nodes beside changed rows from which and to which there is a way now."""
    first, by_node, end_node = streets.ends_at.first, streets.ends_at.end, streets.end_node
    leaves = streets.leaves
    is_near = np.zeros(len(main), np.bool_)
    near = [np.int32(0) for _ in range(0)]
    for row in changed:
        if leaves[2 * row] or leaves[2 * row + 1]:
            for node in (end_node[2 * row], end_node[2 * row + 1]):
                if not main[node] and not is_near[node]:
                    is_near[node] = True
                    near.append(node)
    at = 0
    while at < len(near):
        for end in by_node[first[near[at]] : first[near[at] + 1]]:
            other = end_node[end ^ 1]
            if (leaves[end] or leaves[end ^ 1]) and not main[other] and not is_near[other]:
                is_near[other] = True
                near.append(other)
        at += 1
    goes, comes = main.copy(), main.copy()
    _spread(streets, near, goes, 0)
    _spread(streets, near, comes, 1)
    for node in near:
        main[node] = goes[node] and comes[node]


@kernel
def _spread(streets: Open, near: list[np.int32], reached: Bools, side: int) -> None:
    """Mark the nodes of `near`, in place, that reach marked ones, or with `side` 1 those that are reached from them."""
    first, by_node, end_node = streets.ends_at.first, streets.ends_at.end, streets.end_node
    waits = [node for node in near]  # noqa: C416 -- numba has no list of a list
    while len(waits) > 0:
        node = waits.pop()
        if reached[node]:
            continue
        for end in by_node[first[node] : first[node + 1]]:
            if streets.leaves[end ^ side] and reached[end_node[end ^ 1]]:
                reached[node] = True
        if reached[node]:
            for end in by_node[first[node] : first[node + 1]]:
                if streets.leaves[end ^ 1 ^ side] and not reached[end_node[end ^ 1]]:
                    waits.append(end_node[end ^ 1])  # noqa: PERF401 -- numba cannot extend by a comprehension


@kernel
def _leave(streets: Open, main: Bools, closed: Int32s) -> bool:
    """Take from `main`, in place, what has no way round the closed streets any more; whether that could be told."""
    asked = [(np.int32(0), np.int32(0)) for _ in range(0)]
    for row in range(len(closed)):
        if main[closed[row, 0]] and main[closed[row, 1]]:
            asked.append((closed[row, 0], closed[row, 1]))  # noqa: PERF401 -- as above
    seen = np.zeros((2, len(main)), np.int32)
    stamp = 0
    while len(asked) > 0:
        start, stop = asked.pop()
        if start == stop:
            continue
        stamp += 1
        apart, is_told = _apart(streets, main, (start, stop), seen, stamp)
        if not is_told or stamp > MOST_SEEN or len(asked) > MOST_SEEN:
            return False
        if len(apart) > 0:
            asked.append((start, stop))
            asked = _without(streets, main, apart, asked)
    return True


@kernel
def _apart(
    streets: Open, main: Bools, way: tuple[np.int32, np.int32], seen: Int32s, stamp: int
) -> tuple[list[np.int32], bool]:
    """Nodes that one end of a way without way round is left with, empty if there is one; and whether that was told.

    Both ends are searched from in turn; `seen`, (2, N), marks what either search has met with `stamp`.
    """
    first, by_node, end_node = streets.ends_at.first, streets.ends_at.end, streets.end_node
    met = ([way[0]], [way[1]])
    seen[0, way[0]] = seen[1, way[1]] = stamp
    at = np.zeros(2, np.int64)
    nothing = [np.int32(0) for _ in range(0)]
    while len(met[0]) + len(met[1]) < MOST_SEEN:
        for side in range(2):
            found = met[0] if side == 0 else met[1]
            if at[side] == len(found):
                return found, True
            node = found[at[side]]
            at[side] += 1
            for end in by_node[first[node] : first[node + 1]]:
                other = end_node[end ^ 1]
                if streets.leaves[end ^ side] and main[other] and seen[side, other] != stamp:
                    if seen[1 - side, other] == stamp:
                        return nothing, True
                    seen[side, other] = stamp
                    found.append(other)
    return nothing, False


@kernel
def _without(
    streets: Open, main: Bools, apart: list[np.int32], asked: list[tuple[np.int32, np.int32]]
) -> list[tuple[np.int32, np.int32]]:
    """Take nodes from `main`, in place; ways round to ask for, so that who went over these nodes is not forgotten.

    Nobody goes over them by open streets alone, or they would not be apart. So every way over them begins or ends with one
    that is asked for, and from wherever one came to them a way round must lead to wherever one went from them.
    """
    for node in apart:
        main[node] = False
    entries, exits = _beside(streets, main, apart, 1), _beside(streets, main, apart, 0)
    left = [(np.int32(0), np.int32(0)) for _ in range(0)]
    for start, stop in asked:
        if main[start] and main[stop]:
            left.append((start, stop))
        elif main[start]:
            entries.append(start)
        elif main[stop]:
            exits.append(stop)
    for start in entries:
        for stop in exits:
            left.append((start, stop))  # noqa: PERF401 -- numba has no comprehension over two lists
    return left


@kernel
def _beside(streets: Open, main: Bools, apart: list[np.int32], side: int) -> list[np.int32]:
    """Nodes of `main` to which an open street leads from some nodes, or with `side` 1 from which one leads to them."""
    first, by_node, end_node = streets.ends_at.first, streets.ends_at.end, streets.end_node
    found = [np.int32(0) for _ in range(0)]
    for node in apart:
        for end in by_node[first[node] : first[node + 1]]:
            if main[end_node[end ^ 1]] and streets.leaves[end ^ side]:
                found.append(end_node[end ^ 1])  # noqa: PERF401 -- numba cannot extend by a comprehension
    return found
