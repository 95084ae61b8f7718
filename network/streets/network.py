"""The street network: seconds per mode over edges between junctions, with copies of these where turns are forbidden.

`network.streets.contraction` reads the map, `network.streets.street_edits` changes what it found; whichever it was, `assemble` makes the
network of it. Forbidden turns add copies of junctions and edges without a place of their own, see `network.streets.turns`;
delays at junctions belong to the end of the edge by which one arrives, see `network.streets.delays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.build_report import N_EXAMPLES, BuildReport, Finding
from data.columns import Bools, Floats, Int8s, Int32s, Int64s, freeze
from data.projection import Projection
from data.streets import StreetMap
from network.jit import kernel
from network.modes.modes import Profile, tag_report
from network.streets.contraction import contract
from network.streets.delays import NO_DELAY, delay_table, end_delays
from network.streets.mapped import THROUGH, EndsAt, MappedStreets, first_alike
from network.streets.trip_ends import Rows, attached, layer_mps, layered
from network.streets.turns import CONNECTOR, expand

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
        repeats for a shadow of `network.streets.turns` and in the layers of `network.streets.trip_ends`, and `CONNECTOR`
        for what connects these. Only mapped edges have lines, and points are attached to no others.
    layer
        (E,) int8, layer of each row, see `network.streets.trip_ends`.
    begin_row
        (mapped edges, 3) int32, rows of an edge where trips begin, by layer, see `network.streets.trip_ends.Rows`.
    speed_mps
        (M, K, 2) float64, metres per second at the ends of a trip from tail to head and from head to tail; 0 where not
        allowed. The last row of the table, without speeds, is that of connectors.
    begin_layer
        (M, K, 2) int8, layer in which trips begin: 0 in the middle, 1 on closed streets, 2 on private ones.
    forward_delay, backward_delay
        (M, E) int8, what is lost at the head by who comes from the tail, and at the tail by who comes from the head:
        columns of `network.streets.delays.delay_table`.
    forward_s, backward_s
        (M, E) int32, seconds from tail to head and from head to tail with that delay, rounded once per edge; `CLOSED_S`
        where the mode may not go, also where it may not pass the node it would leave from (a barrier).

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
    layer: Int8s
    begin_row: Int32s
    speed_mps: Floats
    begin_layer: Int8s
    forward_delay: Int8s
    backward_delay: Int8s
    forward_s: Int32s
    backward_s: Int32s

    def __post_init__(self) -> None:
        delays = ("forward_delay", "backward_delay")
        modes = ("speed_mps", "begin_layer", *delays, "forward_s", "backward_s")
        freeze(self, len(self.edge_tail), "node_junction", "node_x_m", "node_y_m", "begin_row", *modes)

    @property
    def n_nodes(self) -> int:
        """Number of junctions and copies of them."""
        return len(self.node_x_m)

    @property
    def n_edges(self) -> int:
        """Number of edges, added ones included."""
        return len(self.edge_tail)

    @property
    def vertex_offset(self) -> Int64s:
        """The line of mapped edge e is the vertices `vertex_offset[e]:vertex_offset[e + 1]`, tail first."""
        return self.mapped.vertex_offset

    @property
    def vertex_x_m(self) -> Floats:
        """(X,) float64, projected metres."""
        return self.mapped.vertex_x_m

    @property
    def vertex_y_m(self) -> Floats:
        """(X,) float64, projected metres."""
        return self.mapped.vertex_y_m


def build_street_network(
    streets: StreetMap,
    profiles: tuple[Profile, ...],
    projection: Projection,
    kept: tuple[Profile, ...] | None = None,
) -> tuple[StreetNetwork, BuildReport]:
    """Contract a street map for the modes of `profiles`; the network has those `kept`, None for all.

    Who is kept needs those as which he or she goes on where that is quicker, see `Profile.pushed_as`. Times are the same,
    whoever else is kept.

    Raises
    ------
    InputError
        When no way may be used by any mode, or the map lies outside the reach of the projection.

    """
    kept = kept or profiles
    mapped, turn_report = contract(streets, profiles, projection, kept)
    return assemble(mapped), _report(streets, kept, mapped) + turn_report


def assemble(mapped: MappedStreets) -> StreetNetwork:
    """Network of mapped streets: copies for turns and for the ends of trips, and seconds."""
    ends_at = mapped.ends_at()
    by_layer_mps = layer_mps(mapped)
    rows = layered(mapped, expand(mapped, ends_at), by_layer_mps)
    shape = len(mapped.speed_mps), len(rows.tail)
    times = RowTimes(
        np.empty(shape, np.int8),
        np.empty(shape, np.int8),
        np.empty(shape, np.int32),
        np.empty(shape, np.int32),
    )
    work_out(times, mapped, rows, by_layer_mps, np.arange(mapped.n_edges), ends_at)
    return network_of(mapped, rows, by_layer_mps, times)


class RowTimes(NamedTuple):
    """Times along R rows of a network, in the terms of `StreetNetwork`."""

    forward_delay: Int8s
    backward_delay: Int8s
    forward_s: Int32s
    backward_s: Int32s


def network_of(mapped: MappedStreets, rows: Rows, by_layer_mps: Floats, times: RowTimes) -> StreetNetwork:
    """Put the parts of a network together; `by_layer_mps` is as `layer_mps` gives it and `times` are of all rows."""
    is_line = rows.mapped_edge != CONNECTOR
    no_speed = np.int32(mapped.speed_mps.shape[1])
    node_row = np.concatenate([np.arange(mapped.n_nodes, dtype=np.int32), rows.copied_node])
    none = np.zeros((len(mapped.speed_mps), 1, 2), np.int8)
    begin_layer = np.where(by_layer_mps[2] > 0, 2, by_layer_mps[1] > 0).astype(np.int8)
    return StreetNetwork(
        mapped=mapped,
        node_junction=node_row,
        node_x_m=mapped.node_x_m[node_row],
        node_y_m=mapped.node_y_m[node_row],
        edge_tail=rows.tail,
        edge_head=rows.head,
        edge_length_m=np.where(is_line, mapped.edge_length_m[rows.mapped_edge], 0.0),
        edge_speed=np.where(is_line, mapped.edge_speed[rows.mapped_edge], no_speed).astype(np.int32),
        mapped_edge=rows.mapped_edge,
        layer=rows.layer,
        begin_row=rows.begin_row,
        speed_mps=np.concatenate([mapped.ends_mps, none], axis=1),
        begin_layer=np.concatenate([begin_layer, none], axis=1),
        forward_delay=times.forward_delay,
        backward_delay=times.backward_delay,
        forward_s=times.forward_s,
        backward_s=times.backward_s,
    )


def work_out(
    times: RowTimes, mapped: MappedStreets, rows: Rows, by_layer_mps: Floats, edge: Int64s, ends_at: EndsAt
) -> None:
    """Fill in `times`, (M, R) of all rows, for some mapped edges and for all that repeat one; those of the others must be there.

    `by_layer_mps` is as `layer_mps` gives it.
    """
    times.backward_delay[:, edge], times.forward_delay[:, edge] = end_delays(mapped, edge, ends_at)[::-1]
    row = np.append(edge, np.arange(mapped.n_edges, len(rows.tail)))
    junction = np.append(np.arange(mapped.n_nodes, dtype=np.int32), rows.copied_node)
    streets = _Timed(
        mapped.edge_length_m,
        mapped.edge_speed,
        by_layer_mps,
        delay_table(mapped),
        mapped.node_closed,
        mapped.is_bound,
        junction,
    )
    for side, from_node in enumerate((rows.tail, rows.head)):
        of_side = times.forward_delay, times.forward_s
        if side:
            of_side = times.backward_delay, times.backward_s
        _work_out_side(*of_side, streets, rows, from_node, row, side)


class _Timed(NamedTuple):
    """Of mapped streets, what times are made of: columns of these, of `layer_mps`, of `delay_table`, and each node's junction."""

    length_m: Floats
    speed: Int32s
    by_layer_mps: Floats
    delay_s: Floats
    node_closed: Bools
    is_bound: Bools
    junction: Int32s


@kernel
def _work_out_side(
    delay: Int8s, seconds: Int32s, streets: _Timed, rows: Rows, from_node: Int32s, row: Int64s, side: int
) -> None:
    """Fill in `seconds` of one direction for some rows, and `delay` for those that are not mapped edges; (M, R) each."""
    n_edges = len(streets.length_m)
    for mode in range(len(seconds)):
        bound = int(streets.is_bound[mode])
        for at in row:
            along = rows.mapped_edge[at]
            is_open = not streets.node_closed[mode, streets.junction[from_node[at]]]
            if at >= n_edges:
                delay[mode, at] = delay[mode, along] if along != CONNECTOR else NO_DELAY
                is_open &= rows.is_open[bound, at - n_edges, side]
            ride_s = 0.0
            if along != CONNECTOR:
                speed_mps = streets.by_layer_mps[abs(rows.layer[at]), mode, streets.speed[along], side]
                is_open &= speed_mps > 0
                ride_s = streets.length_m[along] / speed_mps if is_open else 0.0
            lost_s = streets.delay_s[mode, delay[mode, at]]
            seconds[mode, at] = min(np.rint(ride_s + lost_s), CLOSED_S) if is_open else CLOSED_S


def _report(streets: StreetMap, profiles: tuple[Profile, ...], mapped: MappedStreets) -> BuildReport:
    """What the tags left open, what no one passes, and the edges that belong to no mode's main network."""
    report = tag_report(streets.tag_sets, np.bincount(streets.way_tags, minlength=len(streets.tag_sets)))
    usable = np.any(mapped.ends_mps[:, mapped.edge_speed] > 0, axis=2)
    use, speed_mps = mapped.use[:, mapped.edge_speed], mapped.speed_mps[:, mapped.edge_speed]
    apart = usable & ~attached(mapped)
    ends_only = np.any((use != THROUGH) & (speed_mps > 0), axis=2)
    names = [profile.name for profile in profiles]
    for edges, alike in _alike(apart, names):
        what = f"edges cut off from the main network of mode {alike}: for trips among themselves only"
        report += _edges_told(mapped, what, edges)
    for edges, alike in _alike(ends_only, names):
        what = f"edges that mode {alike} uses at the beginning and end of a trip, not as a way through"
        report += _edges_told(mapped, what, edges)
    return report


def _alike(of_modes: Bools, names: list[str]) -> list[tuple[Bools, str]]:
    """Rows of (M, E) that differ, with the modes of which they are."""
    first = first_alike(of_modes)
    return [
        (of_modes[row], _named(names, [mode for mode, like in enumerate(first) if like == row]))
        for row in sorted(set(first))
    ]


def _named(names: list[str], rows: list[int]) -> str:
    """Modes of some rows; a traveller's own pace (walk_frame) is not named beside the mode itself."""
    group = [names[row] for row in rows]
    return ", ".join(
        name for name in group if name == name.partition("_")[0] or name.partition("_")[0] not in group
    )


def _edges_told(mapped: MappedStreets, what: str, is_so: Bools) -> BuildReport:
    """Report of some edges, with what and where the first of them are: class, name and a point in metres."""
    n_edges = int(np.count_nonzero(is_so))
    if not n_edges:
        return BuildReport()
    edge = np.flatnonzero(is_so)[:N_EXAMPLES]
    vertex = (mapped.vertex_offset[edge] + mapped.vertex_offset[edge + 1] - 1) // 2
    places = zip(mapped.edge_road[edge], mapped.vertex_x_m[vertex], mapped.vertex_y_m[vertex], strict=True)
    examples = tuple(
        f"{mapped.road_class[road]} {mapped.road_name[road]}".strip() + f" at {x:.0f}, {y:.0f}"
        for road, x, y in places
    )
    return BuildReport((Finding("streets", "kept", what, n_edges, examples),))
