"""The street network: seconds per mode over edges between junctions, with copies of these where turns are forbidden.

`network.streets.contraction` reads the map, `network.streets.street_edits` changes what it found; whichever it was, `assemble` makes the
network of it. Forbidden turns add copies of junctions and edges without a place of their own, see `network.streets.turns`;
delays at junctions belong to the end of the edge by which one arrives, see `network.streets.delays`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Int64s, freeze
from data.projection import Projection
from data.streets import StreetMap
from network.jit import kernel
from network.modes.modes import Profile, tag_report
from network.streets.components import main_component
from network.streets.contraction import contract
from network.streets.delays import end_delays
from network.streets.mapped import EndsAt, MappedStreets, rows_by
from network.streets.turns import CONNECTOR, Expanded, expand

CLOSED_S = np.int32(2**30 - 1)
"""Seconds of an arc that a mode may not use: larger than any real time, and twice it still fits an int32."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetNetwork:
    """Edges between junctions, for M modes (the rows of the profiles the network was built with).

    Attributes
    ----------
    mapped
        The streets it was assembled from; their edges are the first rows here, their junctions the first nodes.
    node_junction
        (N,) int32, the junction that a node is a copy of; its own row for the junctions, which come first.
    node_x_m, node_y_m
        (N,) float64, projected metres.
    edge_tail, edge_head
        (E,) int32, junctions at the two ends; parallel edges and loops occur.
    edge_length_m
        (E,) float64, geodesic length along the mapped line.
    edge_speed
        (E,) int32, row of the speed table.
    mapped_edge
        (E,) int32, the edge along which a row leads: its own row for the mapped edges, which come first; the edge it
        repeats for a shadow and `CONNECTOR` for a connector of `network.streets.turns`. These two have no line, nothing is
        attached to them, and their speeds are those of the last row of the speed table: none.
    speed_mps
        (M, K, 2) float64, metres per second from tail to head and from head to tail; 0 where not allowed.
    forward_delay_s, backward_delay_s
        (M, E) float64, seconds lost at the head by who comes from the tail, and at the tail by who comes from the head.
    forward_s, backward_s
        (M, E) int32, seconds from tail to head and from head to tail with that delay, rounded once per edge; `CLOSED_S`
        where the mode may not go, also where it may not pass the node it would leave from (a barrier).
    main
        (N,) int64, bit m tells whether a node belongs to the largest set of nodes in which everybody in mode m reaches
        everybody.
    snappable
        (M, E) bool, whether a point on the edge can leave to and be reached from the mode's main component.

    """

    mapped: MappedStreets
    node_junction: Int32s
    node_x_m: Floats
    node_y_m: Floats
    edge_tail: Int32s
    edge_head: Int32s
    edge_length_m: Floats
    edge_speed: Int32s
    mapped_edge: Int32s
    speed_mps: Floats
    forward_delay_s: Floats
    backward_delay_s: Floats
    forward_s: Int32s
    backward_s: Int32s
    main: Int64s
    snappable: Bools

    def __post_init__(self) -> None:
        delays = ("forward_delay_s", "backward_delay_s")
        modes = ("speed_mps", *delays, "forward_s", "backward_s", "snappable")
        freeze(self, len(self.edge_tail), "node_junction", "node_x_m", "node_y_m", "main", *modes)

    @property
    def n_nodes(self) -> int:
        """Number of junctions and copies of them."""
        return len(self.node_x_m)

    @property
    def n_edges(self) -> int:
        """Number of edges, added ones included."""
        return len(self.edge_tail)

    @property
    def vertex_first(self) -> Int64s:
        """The line of mapped edge e is the vertices `vertex_first[e]:vertex_first[e + 1]`, tail first."""
        return self.mapped.vertex_first

    @property
    def vertex_x_m(self) -> Floats:
        """(X,) float64, projected metres."""
        return self.mapped.vertex_x_m

    @property
    def vertex_y_m(self) -> Floats:
        """(X,) float64, projected metres."""
        return self.mapped.vertex_y_m


def build_street_network(
    streets: StreetMap, profiles: tuple[Profile, ...], projection: Projection
) -> tuple[StreetNetwork, BuildReport]:
    """Contract a street map for the modes of `profiles`.

    Raises
    ------
    InputError
        When no way may be used by any mode, or the map lies outside the reach of the projection.

    """
    mapped, turn_report = contract(streets, profiles, projection)
    network = assemble(mapped)
    return network, _report(streets, profiles, network) + turn_report


def assemble(mapped: MappedStreets) -> StreetNetwork:
    """Network of mapped streets: turn copies, seconds, and where points may be attached."""
    ends_at = mapped.ends_at()
    expanded = expand(mapped, ends_at)
    times = row_times(mapped, expanded, np.arange(len(expanded.tail)), ends_at)
    return network_of(mapped, expanded, times, attach(mapped, expanded, times))


class RowTimes(NamedTuple):
    """Times along R rows of a network, in the terms of `StreetNetwork`."""

    forward_delay_s: Floats
    backward_delay_s: Floats
    forward_s: Int32s
    backward_s: Int32s


def network_of(mapped: MappedStreets, expanded: Expanded, times: RowTimes, found: Attached) -> StreetNetwork:
    """Put the parts of a network together; `times` are of all rows."""
    is_line = expanded.mapped_edge != CONNECTOR
    n_speeds, n_added = mapped.speed_mps.shape[1], len(is_line) - mapped.n_edges
    node_row = np.concatenate([np.arange(mapped.n_nodes, dtype=np.int32), expanded.copied_node])
    return StreetNetwork(
        mapped=mapped,
        node_junction=node_row,
        node_x_m=mapped.node_x_m[node_row],
        node_y_m=mapped.node_y_m[node_row],
        edge_tail=expanded.tail,
        edge_head=expanded.head,
        edge_length_m=np.where(is_line, mapped.edge_length_m[expanded.mapped_edge], 0.0),
        edge_speed=np.append(mapped.edge_speed, np.full(n_added, n_speeds, np.int32)),
        mapped_edge=expanded.mapped_edge,
        speed_mps=np.pad(mapped.speed_mps, ((0, 0), (0, 1), (0, 0))),
        forward_delay_s=times.forward_delay_s,
        backward_delay_s=times.backward_delay_s,
        forward_s=times.forward_s,
        backward_s=times.backward_s,
        main=found.main,
        snappable=found.snappable,
    )


def row_times(mapped: MappedStreets, expanded: Expanded, row: Int64s, ends_at: EndsAt) -> RowTimes:
    """(M, R) times of each mode along some rows."""
    edge = expanded.mapped_edge[row]
    is_line = edge != CONNECTOR
    along = np.where(is_line, edge, 0)
    delay_s = end_delays(mapped, along, ends_at)
    is_open = np.ascontiguousarray(np.moveaxis(mapped.speed_mps > 0, 2, 0))[..., mapped.edge_speed[along]]
    delay_s[..., ~is_line], is_open[..., ~is_line] = 0.0, True
    added = np.flatnonzero(row >= mapped.n_edges)
    added_open = expanded.is_open[:, row[added] - mapped.n_edges][mapped.is_bound.astype(np.intp)]
    is_open[..., added] &= np.moveaxis(added_open, 2, 0)
    junction = np.append(np.arange(mapped.n_nodes, dtype=np.int32), expanded.copied_node)
    length_m = np.where(is_line, mapped.edge_length_m[along], 0.0)
    seconds = [
        _seconds(
            length_m,
            mapped.edge_speed[along],
            np.ascontiguousarray(mapped.speed_mps[..., side]),
            delay_s[side],
            is_open[side] & ~mapped.node_closed[:, junction[from_node[row]]],
        )
        for side, from_node in enumerate((expanded.tail, expanded.head))
    ]
    return RowTimes(*delay_s, *seconds)


@kernel
def _seconds(length_m: Floats, speed: Int32s, speed_mps: Floats, delay_s: Floats, is_open: Bools) -> Int32s:
    """(M, E) int32 seconds of one direction: `speed_mps` is (M, K), `delay_s` and `is_open` are (M, E)."""
    seconds = np.full(is_open.shape, CLOSED_S, np.int32)
    for mode in range(len(is_open)):
        for row in range(len(length_m)):
            if is_open[mode, row]:
                # A connector has no length and no speed either.
                ride_s = length_m[row] / speed_mps[mode, speed[row]] if length_m[row] > 0 else 0.0
                seconds[mode, row] = min(np.rint(ride_s + delay_s[mode, row]), CLOSED_S)
    return seconds


def main_bits(leaves: Int64s, n_modes: int, find: Callable[[int, Bools], Bools]) -> Int64s:
    """(N,) int64, bits of the modes whose main component a node belongs to.

    `leaves` is as `open_ends` gives it; `find` is asked with a mode and its part of these for the (N,) nodes.
    """
    main = np.zeros(1, np.int64)
    for mode in range(n_modes):
        # Bikes and e-bikes go the same ways.
        if mode == 0 or _differ(leaves, mode, mode - 1):
            found = find(mode, _of_mode(leaves, mode))
        main = main | found.astype(np.int64) << mode
    return main


@kernel
def _differ(leaves: Int64s, one: int, other: int) -> bool:
    """Whether two modes may leave by different ends."""
    for end in range(len(leaves)):  # noqa: SIM110 -- numba has no any() of a generator
        if (leaves[end] >> one ^ leaves[end] >> other) & 1:
            return True
    return False


@kernel
def _of_mode(leaves: Int64s, mode: int) -> Bools:
    """(2 E,) bool, ends by which a mode may leave."""
    may_leave = np.empty(len(leaves), np.bool_)
    for end in range(len(leaves)):
        may_leave[end] = leaves[end] >> mode & 1
    return may_leave


def attach(mapped: MappedStreets, expanded: Expanded, times: RowTimes) -> Attached:
    """Where points are attached; `times` are of all rows."""
    n_modes, n_nodes = len(mapped.speed_mps), mapped.n_nodes + len(expanded.copied_node)
    end_node = np.column_stack([expanded.tail, expanded.head]).ravel()
    ends_at = EndsAt(*rows_by(end_node, n_nodes))
    leaves = open_ends(times)
    main = main_bits(leaves, n_modes, lambda _, leave: main_component(*ends_at, end_node, leave))
    return attached(mapped, expanded, leaves, main)


class Attached(NamedTuple):
    """Main components, and where points are attached.

    An edge takes points if it leads to the main component and is reached from it, also along its shadows.
    """

    main: Int64s
    """(N,) int64, bits of the modes whose main component a node belongs to."""
    snappable: Bools
    """(M, E) bool."""


def attached(mapped: MappedStreets, expanded: Expanded, leaves: Int64s, main: Int64s) -> Attached:
    """Where points are attached, with the main components known; `leaves` is (2 E,) int64, see `open_ends`."""
    return Attached(main, _attached(expanded, mapped.edge_speed, mapped.speed_mps, leaves, main))


def open_ends(times: RowTimes) -> Int64s:
    """(2 E,) int64, bits of the modes that may go along a row from each of its ends."""
    return _leaves(times.forward_s, times.backward_s)


@kernel
def _leaves(forward_s: Int32s, backward_s: Int32s) -> Int64s:
    """(2 E,) int64, bits of the modes that may go along an edge from each of its ends; the seconds are (M, E)."""
    leaves = np.zeros(2 * forward_s.shape[1], np.int64)
    for mode in range(len(forward_s)):
        bit = np.int64(1) << mode
        for row in range(forward_s.shape[1]):
            if forward_s[mode, row] < CLOSED_S:
                leaves[2 * row] |= bit
            if backward_s[mode, row] < CLOSED_S:
                leaves[2 * row + 1] |= bit
    return leaves


@kernel
def _attached(
    expanded: Expanded, edge_speed: Int32s, speed_mps: Floats, leaves: Int64s, main: Int64s
) -> Bools:
    """(M, E) bool, see `Attached`; `main` is (N,) int64, bits of the modes whose main component a node belongs to."""
    n_modes, n_mapped, n_rows = len(speed_mps), len(edge_speed), len(expanded.tail)
    reached = np.zeros(n_rows, np.int64)
    for row in range(n_rows):
        at_tail, at_head = main[expanded.tail[row]], main[expanded.head[row]]
        along = row if row < n_mapped else expanded.mapped_edge[row]
        if along >= 0:
            reached[along] |= (leaves[2 * row] & at_tail) | (leaves[2 * row + 1] & at_head)
    found = np.zeros((n_modes, n_rows), np.bool_)
    for mode in range(n_modes):
        for edge in range(n_mapped):
            # A point may be left over a barrier's end, which one may reach but not leave.
            ahead = main[expanded.head[edge]] >> mode & 1 and speed_mps[mode, edge_speed[edge], 0] > 0
            back = main[expanded.tail[edge]] >> mode & 1 and speed_mps[mode, edge_speed[edge], 1] > 0
            found[mode, edge] = reached[edge] >> mode & 1 and (ahead or back)
    return found


def _report(streets: StreetMap, profiles: tuple[Profile, ...], network: StreetNetwork) -> BuildReport:
    """What the tags left open, and the edges that belong to no mode's main network."""
    report = tag_report(streets.tag_sets, np.bincount(streets.way_tags, minlength=len(streets.tag_sets)))
    for mode, profile in enumerate(profiles):
        usable = (network.speed_mps[mode, network.edge_speed] > 0).any(axis=1)
        apart = np.flatnonzero(usable & ~network.snappable[mode])
        what = f"edges cut off from the main network of mode {profile.name}: no point is attached to them"
        report += finding("streets", "kept", what, apart)
    return report
