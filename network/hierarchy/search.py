"""Shortest times over the streets, door to door, by sweeps over the hierarchy of the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s, freeze
from data.files.ready_arrays import open_table, save_fields, save_table
from network.hierarchy.arcs import ArcMask, Arcs, all_arcs, arcs_between, arcs_in_runs, needed_arc_mask
from network.hierarchy.hierarchy import Hierarchy, Weights, build_hierarchy, customise
from network.hierarchy.packing import pack, seconds_of, unpack
from network.hierarchy.sweep import Exits, Lanes, Seeds, merge, search, search_many, search_several
from network.lanes import UNREACHED_INT32, UNREACHED_INT64, UNREACHED_UINT16, as_seconds
from network.streets.network import CLOSED_S, StreetNetwork
from network.streets.snap import Snapped, same_edge
from network.streets.turns import rows_along

Number = TypeVar("Number", bound=np.generic)


NETWORK = "network"
"""Folder of the network beside what is worked out from it."""


class ModeSearch(NamedTuple):
    """What the searches of one mode read."""

    weights: Weights
    """Of all arcs, seconds and metres packed, see `network.hierarchy.packing`."""
    arc_mask: ArcMask
    """Arcs that sweeps need."""
    sweep: Arcs
    """These arcs with their weights, for one lane."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetSearch:
    """A network made ready for searches: its order and fill, and what each of its M modes needs."""

    network: StreetNetwork
    hierarchy: Hierarchy
    modes: tuple[ModeSearch, ...]

    def __post_init__(self) -> None:
        freeze(self, len(self.network.speed_mps), "hierarchy")


def build_street_search(network: StreetNetwork) -> StreetSearch:
    """Order the junctions once, customise every mode, and leave out the arcs that it does not need."""
    hierarchy = build_hierarchy(network.n_nodes, network.edge_tail, network.edge_head)
    return StreetSearch(network, hierarchy, tuple(_modes(network, hierarchy)))


def write_street_search(folder: Path) -> StreetSearch:
    """Build a search beside its network, which `folder` holds as "network", and open both by memory map.

    As if `save_table` had written what `build_street_search` gives, but a mode that is done is not held in memory.
    """
    network = open_table(StreetNetwork, folder / NETWORK)
    hierarchy = build_hierarchy(network.n_nodes, network.edge_tail, network.edge_head)
    save_table(folder / "hierarchy", hierarchy)
    save_fields(folder, {"modes": _modes(network, hierarchy)})
    return open_table(StreetSearch, folder)


def _modes(network: StreetNetwork, hierarchy: Hierarchy) -> Iterator[ModeSearch]:
    """Every mode, as many side by side as there are processors."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        yield from threads.map(
            lambda mode: pruned(hierarchy, _weights(network, hierarchy, mode)), range(len(network.forward_s))
        )


def customised(network: StreetNetwork, hierarchy: Hierarchy) -> Iterator[Weights]:
    """Packed weights of every mode, one after the other: all of them at once take more than the network does."""
    return (_weights(network, hierarchy, mode) for mode in range(len(network.forward_s)))


def _weights(network: StreetNetwork, hierarchy: Hierarchy, mode: int) -> Weights:
    seconds = network.forward_s[mode], network.backward_s[mode]
    return customise(hierarchy, *(pack(one_way_s, network.edge_length_m, 0) for one_way_s in seconds))


def pruned(hierarchy: Hierarchy, weights: Weights) -> ModeSearch:
    """Searches of a mode over no more arcs than they need; it takes about as long as to customise the mode."""
    arc_mask = needed_arc_mask(hierarchy, weights)
    return ModeSearch(weights, arc_mask, arcs_in_runs(hierarchy, weights, arc_mask))


def unthinned(hierarchy: Hierarchy, weights: Weights, every: ArcMask) -> ModeSearch:
    """Searches of a mode over all arcs, which `every` says: ready at once, for who asks few of them."""
    return ModeSearch(weights, every, all_arcs(hierarchy, weights))


class Nearest(NamedTuple):
    """The target reached first from each of O origins; of equally quick ones the nearest in metres, then the first."""

    seconds: Floats
    """(O,) float64, whole seconds; inf where none is reached."""
    target: Int32s
    """(O,) int32, row of the targets; -1 where none is reached."""
    metres: Floats
    """(O,) float64, along the street to a decimetre per edge, without the walks off the street; inf likewise."""


def nearest(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped) -> Nearest:
    """Search backward from all targets at once and read the result at the origins."""
    network = streets.network
    seeds = target_ends(network, mode, targets)
    packed = pack(seeds.seconds, seeds.metres, seeds.point)
    arcs = streets.modes[mode].sweep.turned()
    lane = np.zeros(len(seeds.node), np.int32)
    table = search(arcs, Seeds(seeds.node, lane, packed), 1, np.int64)[:, 0]
    best = np.full(len(origins.edge), UNREACHED_INT64)
    starts = origin_ends(network, mode, origins)
    reached = table[arcs.rows_of(starts.node)] + pack(starts.seconds, starts.metres, 0)
    np.minimum.at(best, starts.point, reached)
    direct = same_edge(network, mode, origins, targets)
    np.minimum.at(best, direct.origin, pack(direct.seconds, direct.metres, direct.target))
    found = unpack(best)
    return Nearest(found.seconds, found.target, found.metres)


def reached_from(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped) -> Floats:
    """(T,) float64 seconds to every target from the origin nearest to it; inf where no origin leads there."""
    network = streets.network
    starts, ends = origin_ends(network, mode, origins), target_ends(network, mode, targets)
    arcs = streets.modes[mode].sweep
    lane = np.zeros(len(starts.node), np.int32)
    table = search(arcs, Seeds(starts.node, lane, pack(starts.seconds, starts.metres, 0)), 1, np.int64)[:, 0]
    best = np.full(len(targets.edge), UNREACHED_INT64)
    np.minimum.at(best, ends.point, table[arcs.rows_of(ends.node)] + pack(ends.seconds, ends.metres, 0))
    direct = same_edge(network, mode, origins, targets)
    np.minimum.at(best, direct.target, pack(direct.seconds, direct.metres, 0))
    return unpack(best).seconds


class NearestK(NamedTuple):
    """The n targets reached first from each of O origins, the first as in `Nearest`."""

    seconds: Floats
    """(O, n) float64, whole seconds, ascending; inf where not so many are reached."""
    target: Int32s
    """(O, n) int32, row of the targets; -1 likewise."""
    metres: Floats
    """(O, n) float64, as in `Nearest`."""


def nearest_k(
    streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped, n_nearest: int
) -> NearestK:
    """Search backward from all targets at once and keep the n nearest at every junction."""
    network = streets.network
    ends, starts = target_ends(network, mode, targets), origin_ends(network, mode, origins)
    arcs = streets.modes[mode].sweep.turned()
    seeds = Seeds(ends.node, ends.point, pack(ends.seconds, ends.metres, ends.point))
    exits = Exits(starts.node, starts.point, pack(starts.seconds, starts.metres, 0))
    values = search_several(arcs, seeds, exits, len(origins.edge), n_nearest)
    direct = same_edge(network, mode, origins, targets)
    merge(values, direct.origin, pack(direct.seconds, direct.metres, direct.target))
    found = unpack(values)
    return NearestK(found.seconds, found.target, found.metres)


def matrix(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped, limit_s: float) -> Floats:
    """(O, T) float64 seconds from every origin to every target; inf where not reached within `limit_s`."""
    network = streets.network
    starts, ends = origin_ends(network, mode, origins), target_ends(network, mode, targets)
    weights, arc_mask, _ = streets.modes[mode]
    ends_of_ways = np.concatenate([starts.node, ends.node])
    arcs = in_seconds(arcs_between(streets.hierarchy, weights, arc_mask, ends_of_ways))
    n_origins, n_targets = len(origins.edge), len(targets.edge)
    # Each lane costs a sweep, each row only a look-up: the fewer points become lanes.
    if n_targets <= n_origins:
        seconds = _by_lanes(arcs.turned(), ends, n_targets, starts, n_origins, limit_s)
    else:
        seconds = _by_lanes(arcs, starts, n_origins, ends, n_targets, limit_s).T
    direct = same_edge(network, mode, origins, targets)
    direct_s = np.where(direct.seconds < CLOSED_S, direct.seconds, np.inf)
    np.minimum.at(seconds, (direct.origin, direct.target), direct_s)
    if limit_s < np.inf:
        seconds[seconds > limit_s] = np.inf
    return seconds


def in_seconds(arcs: Arcs) -> Arcs:
    """Arcs with packed weights, in seconds alone."""
    up, down = (side._replace(weight=seconds_of(side.weight)) for side in (arcs.up, arcs.down))
    return arcs._replace(up=up, down=down)


def measured_matrix(streets: StreetSearch, mode: int, origins: Snapped, targets: Snapped) -> Int64s:
    """(O, T) packed values from every origin to every target; of equally quick ways the shortest in metres."""
    network = streets.network
    starts, ends = origin_ends(network, mode, origins), target_ends(network, mode, targets)
    weights, arc_mask, _ = streets.modes[mode]
    nodes = np.concatenate([starts.node, ends.node])
    arcs = arcs_between(streets.hierarchy, weights, arc_mask, nodes)
    shape = len(origins.edge), len(targets.edge)
    leaving, arriving = (pack(side.seconds, side.metres, 0) for side in (starts, ends))
    if shape[1] <= shape[0]:
        seeds, exits = Seeds(ends.node, ends.point, arriving), Exits(starts.node, starts.point, leaving)
        values = search_many(arcs.turned(), seeds, exits, shape, np.int64).astype(np.int64, copy=False)
    else:
        seeds, exits = Seeds(starts.node, starts.point, leaving), Exits(ends.node, ends.point, arriving)
        values = search_many(arcs, seeds, exits, shape[::-1], np.int64).T.astype(np.int64)
    direct = same_edge(network, mode, origins, targets)
    np.minimum.at(values, (direct.origin, direct.target), pack(direct.seconds, direct.metres, 0))
    return values


class DoorEnds(NamedTuple):
    """Ends of the rows of the network by which doors are left or reached: two per row.

    Attributes
    ----------
    point
        (B,) int64, point whose door it is.
    node, seconds, metres
        (B,) node at the end, and how far it is between there and the point.

    """

    point: Int64s
    node: Int32s
    seconds: Int32s
    metres: Floats


def origin_ends(network: StreetNetwork, mode: int, origins: Snapped) -> DoorEnds:
    """Where one enters the network from the points: at the ends of their edges, in the layer in which a trip begins."""
    door = np.flatnonzero(origins.edge >= 0)
    edge = origins.edge.ravel()[door]
    layer = network.begin_layer[mode, network.edge_speed[edge]].astype(np.int64)
    to_head, to_tail = np.take_along_axis(network.begin_row[edge], layer, axis=1).T
    ends = network.edge_tail[to_tail], network.edge_head[to_head]
    return _door_ends(
        network, origins, door, ends, (origins.to_tail_s.ravel()[door], origins.to_head_s.ravel()[door])
    )


def target_ends(network: StreetNetwork, mode: int, targets: Snapped) -> DoorEnds:
    """Where one leaves the network for the points: at the ends of their edges and of the rows that repeat these."""
    door, row = rows_along(network.mapped_edge, network.layer, targets.edge.ravel())
    tail_s = np.where(network.forward_s[mode, row] < CLOSED_S, targets.from_tail_s.ravel()[door], CLOSED_S)
    head_s = np.where(network.backward_s[mode, row] < CLOSED_S, targets.from_head_s.ravel()[door], CLOSED_S)
    return _door_ends(
        network, targets, door, (network.edge_tail[row], network.edge_head[row]), (tail_s, head_s)
    )


def _door_ends(
    network: StreetNetwork,
    points: Snapped,
    door: Int64s,
    nodes: tuple[Int32s, Int32s],
    seconds: tuple[Int32s, Int32s],
) -> DoorEnds:
    share, length_m = points.fraction.ravel()[door], network.edge_length_m[points.edge.ravel()[door]]
    # Both ends of a door follow each other, so that what is known of it stays at hand between them.
    return DoorEnds(
        point=np.repeat(door // points.edge.shape[1], 2),
        node=_by_turns(*nodes),
        seconds=_by_turns(*seconds),
        metres=_by_turns(share * length_m, (1 - share) * length_m),
    )


def _by_turns(one: NDArray[Number], other: NDArray[Number]) -> NDArray[Number]:
    return np.column_stack([one, other]).ravel()


def _by_lanes(
    arcs: Arcs, seeds: DoorEnds, n_lanes: int, rows: DoorEnds, n_rows: int, limit_s: float
) -> Floats:
    """(n_rows, n_lanes) float64 seconds between the points of the seeds, a lane each, and the points of the rows.

    Short lanes are quicker and hold all up to 18 hours; what they leave out is asked again when it is within the limit.
    """
    starts = Seeds(seeds.node, seeds.point, seeds.seconds)
    exits, shape = Exits(rows.node, rows.point, rows.seconds), (n_rows, n_lanes)
    values = search_many(arcs, starts, exits, shape, np.uint16)
    if limit_s >= UNREACHED_UINT16:
        values = _with_far(arcs, seeds, rows, values)
    return as_seconds(values)


def _with_far(arcs: Arcs, seeds: DoorEnds, rows: DoorEnds, values: Lanes) -> Lanes:
    """Values of short lanes with what they may have been too short for asked again.

    Mostly that is some points on a street that leads nowhere, which nobody reaches: these are asked about one by one, not
    all others with them.
    """
    is_far = values == UNREACHED_UINT16
    for axis, ends in enumerate((rows, seeds)):
        has_door = np.zeros(values.shape[axis], np.bool_)
        has_door[ends.point] = True
        is_far &= has_door[:, None] if axis == 0 else has_door
    far_lane = np.flatnonzero(np.count_nonzero(is_far, axis=0) * 2 > len(values))
    is_far[:, far_lane] = False
    far_row = np.flatnonzero(is_far.any(axis=1))
    n_lanes = values.shape[1]
    if len(far_lane) + len(far_row) > n_lanes:
        far_lane, far_row = np.arange(n_lanes), far_row[:0]
    found = values.astype(np.int32)
    found[values == UNREACHED_UINT16] = UNREACHED_INT32
    for towards, chosen, ends, others, onward in (
        (arcs, far_lane, seeds, rows, found),
        (arcs.turned(), far_row, rows, seeds, found.T),
    ):
        if len(chosen):
            place = np.full(onward.shape[1], -1)
            place[chosen] = np.arange(len(chosen))
            lane = place[ends.point]
            starts = Seeds(*(column[lane >= 0] for column in (ends.node, lane, ends.seconds)))
            exits, shape = Exits(others.node, others.point, others.seconds), (len(onward), len(chosen))
            onward[:, chosen] = search_many(towards, starts, exits, shape, np.int32)
    return found
