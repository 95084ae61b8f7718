"""A network of edited streets from the one before: times are worked out again only beside the edges that changed."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Int32s, Int64s
from network.streets.mapped import EndsAt, MappedStreets
from network.streets.network import RowTimes, StreetNetwork, assemble, network_of, work_out
from network.streets.trip_ends import layer_mps, layered
from network.streets.turns import expand

Scalar = TypeVar("Scalar", bound=np.generic)


def reassemble(before: StreetNetwork, mapped: MappedStreets) -> StreetNetwork:
    """Network of streets that came from those of `before` by street edits, equal to `network.streets.network.assemble`."""
    if not _is_edited(before.mapped, mapped):
        return assemble(mapped)
    ends_at = mapped.ends_at()
    changed = _changed(before.mapped, mapped)
    by_layer_mps = layer_mps(mapped)
    rows = layered(mapped, expand(mapped, ends_at), by_layer_mps)
    kept, n_rows = before.mapped.n_edges, len(rows.tail)
    times = RowTimes(
        _copied(before.forward_delay, kept, n_rows),
        _copied(before.backward_delay, kept, n_rows),
        _copied(before.forward_s, kept, n_rows),
        _copied(before.backward_s, kept, n_rows),
    )
    # Who gives way depends on all edges that meet; added rows are few.
    beside = _beside(before.mapped, mapped, changed, ends_at)
    work_out(times, mapped, rows, by_layer_mps, beside, ends_at)
    return network_of(mapped, rows, by_layer_mps, times)


def _copied(column: NDArray[Scalar], n_kept: int, n_rows: int) -> NDArray[Scalar]:
    """(M, `n_rows`) column with its first rows, the others empty."""
    longer = np.empty((len(column), n_rows), column.dtype)
    longer[:, :n_kept] = column[:, :n_kept]
    return longer


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
                (before.use, after.use[:, :n_speeds]),
                (before.node_closed, after.node_closed[:, :n_nodes]),
                (before.has_signals, after.has_signals[:n_nodes]),
                (before.pushed_as, after.pushed_as),
                (before.is_bound, after.is_bound),
                (before.signals_s, after.signals_s),
                (before.give_way_s, after.give_way_s),
            )
        )
    )


def _changed(before: MappedStreets, after: MappedStreets) -> Int64s:
    """Mapped edges that are new, or have other ends, another length, other speeds or another use."""
    n_kept = before.n_edges
    is_changed: Bools = np.ones(after.n_edges, np.bool_)
    is_changed[:n_kept] = before.edge_speed != after.edge_speed[:n_kept]
    at = np.flatnonzero(is_changed[:n_kept])
    was, now = before.edge_speed[at], after.edge_speed[at]
    is_changed[at] = (before.speed_mps[:, was] != after.speed_mps[:, now]).any(axis=(0, 2))
    is_changed[at] |= (before.use[:, was] != after.use[:, now]).any(axis=(0, 2))
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
        for start, stop in zip(ends_at.offset[node].tolist(), ends_at.offset[node + 1].tolist(), strict=True)
    ]
    return np.unique(np.concatenate([changed, *(end // 2 for end in ends)]))


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
