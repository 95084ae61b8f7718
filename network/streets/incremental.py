"""A network of edited streets from the one before: times are worked out again only beside the edges that changed."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Int32s, Int64s
from network.streets.components import Open, edited_component, main_component
from network.streets.mapped import EndsAt, MappedStreets, rows_by
from network.streets.network import (
    CLOSED_S,
    Attached,
    RowTimes,
    StreetNetwork,
    assemble,
    attached,
    main_bits,
    network_of,
    open_ends,
    row_times,
)
from network.streets.turns import Expanded, expand

Scalar = TypeVar("Scalar", bound=np.generic)


def reassemble(before: StreetNetwork, mapped: MappedStreets) -> StreetNetwork:
    """Network of streets that came from those of `before` by street edits, equal to `network.streets.network.assemble`."""
    if not _is_edited(before.mapped, mapped):
        return assemble(mapped)
    ends_at = mapped.ends_at()
    changed = _changed(before.mapped, mapped)
    expanded = expand(mapped, ends_at)
    # Who gives way depends on all edges that meet; added rows are few.
    row = np.append(
        _beside(before.mapped, mapped, changed, ends_at), np.arange(mapped.n_edges, len(expanded.tail))
    )
    part = row_times(mapped, expanded, row, ends_at)
    n_kept, n_rows = before.mapped.n_edges, len(expanded.tail)

    def renewed(old: NDArray[Scalar], new: NDArray[Scalar]) -> NDArray[Scalar]:
        if n_rows == old.shape[1] and np.array_equal(old[:, row], new):
            return old
        column = np.empty((len(old), n_rows), old.dtype)
        column[:, :n_kept] = old[:, :n_kept]
        column[:, row] = new
        return column

    times = RowTimes(
        renewed(before.forward_delay_s, part.forward_delay_s),
        renewed(before.backward_delay_s, part.backward_delay_s),
        renewed(before.forward_s, part.forward_s),
        renewed(before.backward_s, part.backward_s),
    )
    if _opens_alike(before, mapped, expanded, times, row):
        found = Attached(before.main, before.snappable)
    else:
        found = _attached(before, mapped, expanded, times, row)
    return network_of(mapped, expanded, times, found)


def _attached(
    before: StreetNetwork, mapped: MappedStreets, expanded: Expanded, times: RowTimes, row: Int64s
) -> Attached:
    """Where points are attached, from the main components before; `row` are all rows that may be others now."""
    # A copy of a junction that has gone is still there, without streets, so that who went over it is not forgotten.
    origin = origins(before, mapped.n_nodes, expanded.copied_node)
    n_nodes, number = len(origin), np.full(before.n_nodes, -1, np.int32)
    number[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
    gone = np.flatnonzero(number < 0)
    number[gone] = n_nodes + np.arange(len(gone))
    main_was = np.zeros(n_nodes + len(gone), np.int64)
    main_was[number] = before.main
    ways = _ways_before(before, mapped, expanded, row, number)
    end_node = np.column_stack([expanded.tail, expanded.head]).ravel()
    ends_at = EndsAt(*rows_by(end_node, len(main_was)))
    leaves = open_ends(times)

    def find(mode: int, leave: Bools) -> Bools:
        still_goes = np.append(leave, False)[ways.end]
        closed = ways.nodes[ways.could_go[mode] & ~still_goes]
        streets = Open(ends_at, end_node, leave)
        main = edited_component(streets, (main_was >> mode & 1).astype(np.bool_), row, closed)
        return main_component(*ends_at, end_node, leave) if main is None else main

    return attached(mapped, expanded, leaves, main_bits(leaves, len(ways.could_go), find)[:n_nodes])


class _Ways(NamedTuple):
    """Directions of travel before an edit, along W rows that may be others now.

    Attributes
    ----------
    nodes
        (W, 2) int32, from and to, numbered as after the edit.
    could_go
        (M, W) bool, whether a mode could go there.
    end
        (W,) int64, the same way after the edit, by the end where it begins; -1 where there is none.

    """

    nodes: Int32s
    could_go: Bools
    end: Int64s


def _ways_before(
    before: StreetNetwork, mapped: MappedStreets, expanded: Expanded, row: Int64s, number: Int32s
) -> _Ways:
    """Ways along the rows `row`, as far as they were there, and along all added ones; `number` is that of each node now."""
    n_edges = before.mapped.n_edges
    was = np.append(row[row < n_edges], np.arange(n_edges, before.n_edges))
    nodes = number[np.column_stack([before.edge_tail[was], before.edge_head[was]])]
    now = np.where(was < n_edges, was, was + mapped.n_edges - n_edges)
    is_there = now < len(expanded.tail)
    now[~is_there] = 0
    is_there &= (nodes[:, 0] == expanded.tail[now]) & (nodes[:, 1] == expanded.head[now])
    could_go = np.concatenate([before.forward_s[:, was], before.backward_s[:, was]], axis=1) < CLOSED_S
    end = np.concatenate([np.where(is_there, 2 * now, -1), np.where(is_there, 2 * now + 1, -1)])
    return _Ways(np.concatenate([nodes, nodes[:, ::-1]]), could_go, end)


def _is_edited(before: MappedStreets, after: MappedStreets) -> bool:
    """Whether junctions and edges have only been added, and speeds too, as street edits do."""
    n_nodes, n_speeds = before.n_nodes, before.speed_mps.shape[1]
    return (
        after.n_nodes >= n_nodes
        and after.n_edges >= before.n_edges
        and len(after.speed_mps) == len(before.speed_mps)
        and after.speed_mps.shape[1] >= n_speeds
        and all(
            one is other or np.array_equal(one, other)
            for one, other in (
                (before.speed_mps, after.speed_mps[:, :n_speeds]),
                (before.node_closed, after.node_closed[:, :n_nodes]),
                (before.has_signals, after.has_signals[:n_nodes]),
                (before.is_bound, after.is_bound),
                (before.signals_s, after.signals_s),
                (before.give_way_s, after.give_way_s),
            )
        )
    )


def _changed(before: MappedStreets, after: MappedStreets) -> Int64s:
    """Mapped edges that are new, or have other ends, another length or other speeds."""
    n_kept = before.n_edges
    is_changed: Bools = np.ones(after.n_edges, np.bool_)
    is_changed[:n_kept] = before.edge_speed != after.edge_speed[:n_kept]
    at = np.flatnonzero(is_changed[:n_kept])
    was, now = before.speed_mps[:, before.edge_speed[at]], after.speed_mps[:, after.edge_speed[at]]
    is_changed[at] = (was != now).any(axis=(0, 2))
    for one, other in (
        (before.edge_tail, after.edge_tail),
        (before.edge_head, after.edge_head),
        (before.edge_length_m, after.edge_length_m),
    ):
        is_changed[:n_kept] |= one != other[:n_kept]
    return np.flatnonzero(is_changed)


def _beside(before: MappedStreets, after: MappedStreets, changed: Int64s, ends_at: EndsAt) -> Int64s:
    """Edges that changed and all that meet them at a junction, before or after."""
    kept = changed[changed < before.n_edges]
    node = np.unique(
        np.concatenate(
            [
                before.edge_tail[kept],
                before.edge_head[kept],
                after.edge_tail[changed],
                after.edge_head[changed],
            ]
        )
    )
    ends = [
        ends_at.end[start:stop]
        for start, stop in zip(ends_at.first[node].tolist(), ends_at.first[node + 1].tolist(), strict=True)
    ]
    return np.unique(np.concatenate([changed, *(end // 2 for end in ends)]))


def _opens_alike(
    before: StreetNetwork, mapped: MappedStreets, expanded: Expanded, times: RowTimes, row: Int64s
) -> bool:
    """Whether the rows are the same and every mode may use the same of them: then points attach to the same edges."""
    if mapped.n_edges != before.mapped.n_edges:
        return False
    edge = row[row < mapped.n_edges]
    was, now = (streets.speed_mps[:, streets.edge_speed[edge]] > 0 for streets in (before.mapped, mapped))
    return (
        np.array_equal(was, now)
        and np.array_equal(before.mapped_edge, expanded.mapped_edge)
        and np.array_equal(before.edge_tail, expanded.tail)
        and np.array_equal(before.edge_head, expanded.head)
        and np.array_equal(before.forward_s[:, row] < CLOSED_S, times.forward_s[:, row] < CLOSED_S)
        and np.array_equal(before.backward_s[:, row] < CLOSED_S, times.backward_s[:, row] < CLOSED_S)
    )


def origins(before: StreetNetwork, n_junctions: int, copied_node: Int32s) -> Int32s:
    """(N,) int32, node of `before` that each node was, -1 for a new one; copies of a junction in their order.

    `n_junctions` is the number of junctions now, `copied_node` the junction of each copy that follows them.
    """
    n_before = before.mapped.n_nodes
    junctions = np.arange(n_junctions, dtype=np.int32)
    junctions[n_before:] = -1
    keys = [_copy_keys(copied) for copied in (before.node_junction[n_before:], copied_node)]
    order = np.argsort(keys[0])
    place = np.searchsorted(keys[0][order], keys[1])
    found = np.append(keys[0][order], -1)[place] == keys[1]
    copies = np.where(found, n_before + np.append(order, 0)[place], -1)
    return np.concatenate([junctions, copies]).astype(np.int32)


def _copy_keys(copied_node: Int32s) -> Int64s:
    """(C,) int64, junction and running number among its copies, in one number per copy."""
    junction = copied_node.astype(np.int64)
    order = np.argsort(junction, kind="stable")
    ordered = junction[order]
    number = np.empty(len(junction), np.int64)
    number[order] = np.arange(len(junction)) - np.searchsorted(ordered, ordered)
    return junction << 32 | number
