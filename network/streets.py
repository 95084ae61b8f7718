"""The street network: mapped ways contracted to edges between junctions, with seconds per mode.

A node of degree two says nothing about the way through it. Chains of such nodes become one edge, broken only where
the speeds change or where a barrier stops some mode, so that every edge has one pair of speeds per mode along its
whole length and any point on it is found by a fraction. Forbidden turns add copies of junctions and edges without a
place of their own, see `network.turns`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Int64s, freeze
from data.errors import InputError
from data.projection import GEOD, Projection
from data.streets import StreetMap
from network.chains import trace_chains
from network.modes import Profile, barrier_table, speed_table, tag_report
from network.speeds import ferry_seconds
from network.turns import CONNECTOR, Expanded, edge_ends, expand, forbidden_turns

CLOSED_S = np.int32(2**30 - 1)
"""Seconds of an arc that a mode may not use: larger than any real time, and twice it still fits an int32."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetNetwork:
    """Edges between junctions, for M modes (the rows of the profiles the network was built with).

    Attributes
    ----------
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
        repeats for a shadow and `CONNECTOR` for a connector of `network.turns`. These two have no line, nothing is
        attached to them, and their speeds are those of the last row of the speed table: none.
    speed_mps
        (M, K, 2) float64, metres per second from tail to head and from head to tail; 0 where not allowed.
    forward_s, backward_s
        (M, E) int32, seconds from tail to head and from head to tail, rounded once per edge; `CLOSED_S` where the
        mode may not go, also where it may not pass the node it would leave from (a barrier).
    snappable
        (M, E) bool, whether a point on the edge can leave to and be reached from the mode's main component.
    vertex_first
        (E + 1,) int64; the line of edge e is the vertices `vertex_first[e]:vertex_first[e + 1]`, tail first.
    vertex_x_m, vertex_y_m
        (X,) float64, projected metres.

    """

    node_x_m: Floats
    node_y_m: Floats
    edge_tail: Int32s
    edge_head: Int32s
    edge_length_m: Floats
    edge_speed: Int32s
    mapped_edge: Int32s
    speed_mps: Floats
    forward_s: Int32s
    backward_s: Int32s
    snappable: Bools
    vertex_first: Int64s
    vertex_x_m: Floats
    vertex_y_m: Floats

    def __post_init__(self) -> None:
        nodes = ("node_x_m", "node_y_m")
        modes = ("speed_mps", "forward_s", "backward_s", "snappable")
        freeze(self, len(self.edge_tail), *nodes, *modes, "vertex_first", "vertex_x_m", "vertex_y_m")

    @property
    def n_nodes(self) -> int:
        """Number of junctions and copies of them."""
        return len(self.node_x_m)

    @property
    def n_edges(self) -> int:
        """Number of edges, added ones included."""
        return len(self.edge_tail)


def build_street_network(
    streets: StreetMap, profiles: tuple[Profile, ...], projection: Projection
) -> tuple[StreetNetwork, BuildReport]:
    """Contract a street map for the modes of `profiles`.

    Raises
    ------
    InputError
        When no way may be used by any mode, or the map lies outside the reach of the projection.

    """
    x_m, y_m = projection.to_metres(streets.lon_deg, streets.lat_deg)
    if not projection.reaches(streets.lon_deg, streets.lat_deg):
        msg = f"The streets lie outside the reach of {projection.crs}. Name a coordinate system of that area."
        raise InputError(msg)
    segments = _segments(streets, profiles)
    if not len(segments.tail):
        msg = "The street file has no way that may be walked, cycled or driven on."
        raise InputError(msg)
    closed = ~barrier_table(streets.tag_sets, profiles)[:, streets.node_tags]  # (M, mapped nodes)
    is_break = np.any(closed, axis=0)
    is_break[streets.turn_via_node] = True
    chain_first, chain_segment = trace_chains(
        len(streets.node_id),
        segments.tail,
        segments.head,
        segments.speed,
        segments.mirror,
        is_break,
    )
    segment = np.where(chain_segment < 0, ~chain_segment, chain_segment)
    reversed_ = chain_segment < 0
    start = np.where(reversed_, segments.head[segment], segments.tail[segment])
    end = np.where(reversed_, segments.tail[segment], segments.head[segment])
    speed = np.where(reversed_, segments.mirror[segments.speed[segment]], segments.speed[segment])
    way = segments.way[segment]
    tail_row, head_row = start[chain_first[:-1]], end[chain_first[1:] - 1]
    junction_row, ends = np.unique(np.concatenate([tail_row, head_row]), return_inverse=True)
    n_edges = len(tail_row)
    vertex_row, vertex_first = _vertices(chain_first, start, head_row)
    length_m = np.add.reduceat(segments.length_m[segment], chain_first[:-1])
    edge_speed = speed[chain_first[:-1]].astype(np.int32)
    edge_mps = segments.speed_mps[:, edge_speed]
    is_bound = np.array([profile.obeys_turn_restrictions for profile in profiles])
    ends_of_edges = edge_ends(
        ends.reshape(2, n_edges).T.astype(np.int32),
        np.column_stack([way[chain_first[:-1]], way[chain_first[1:] - 1]]),
        np.any(edge_mps[is_bound] > 0, axis=0),
    )
    turns, turn_report = forbidden_turns(streets, junction_row, ends_of_edges)
    expanded = expand(ends_of_edges, turns, len(junction_row))
    node_row = np.concatenate([junction_row, junction_row[expanded.copied_node]])
    n_added = len(expanded.mapped_edge) - n_edges
    row_length_m = np.where(expanded.mapped_edge == CONNECTOR, 0.0, length_m[expanded.mapped_edge])
    arcs = _arcs(expanded, row_length_m, _row_speeds(edge_mps, expanded, is_bound), closed[:, node_row])
    network = StreetNetwork(
        node_x_m=x_m[node_row],
        node_y_m=y_m[node_row],
        edge_tail=expanded.tail,
        edge_head=expanded.head,
        edge_length_m=row_length_m,
        edge_speed=np.append(edge_speed, np.full(n_added, len(segments.mirror), np.int32)),
        mapped_edge=expanded.mapped_edge,
        speed_mps=np.pad(segments.speed_mps, ((0, 0), (0, 1), (0, 0))),
        forward_s=arcs[0],
        backward_s=arcs[1],
        snappable=arcs[2],
        vertex_first=np.append(vertex_first, np.full(n_added, vertex_first[-1])),
        vertex_x_m=x_m[vertex_row],
        vertex_y_m=y_m[vertex_row],
    )
    return network, _report(streets, profiles, network) + turn_report


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """Straight pieces of way that some mode may use; `speed_mps[:, mirror[k]]` is `speed_mps[:, k]` turned round."""

    tail: Int32s
    head: Int32s
    way: Int32s
    length_m: Floats
    speed: Int32s
    speed_mps: Floats
    mirror: Int32s


def _segments(streets: StreetMap, profiles: tuple[Profile, ...]) -> _Segments:
    n_in_way = np.diff(streets.way_first)
    way_of_node = np.repeat(np.arange(len(n_in_way)), n_in_way)
    starts = np.flatnonzero(way_of_node[:-1] == way_of_node[1:])
    way = way_of_node[starts]
    tail, head = streets.way_node[starts], streets.way_node[starts + 1]
    lon, lat = streets.lon_deg, streets.lat_deg
    length_m = np.asarray(GEOD.inv(lon[tail], lat[tail], lon[head], lat[head])[2], dtype=np.float64)
    way_speed_mps = _way_speeds(
        streets, profiles, np.bincount(way, length_m, len(n_in_way)).astype(np.float64)
    )
    usable = np.any(way_speed_mps > 0, axis=(0, 2))
    # One row per combination of speeds in use, together with the same combination turned round.
    flat = np.moveaxis(way_speed_mps, 1, 0)
    both = np.concatenate([flat, flat[:, :, ::-1]]).reshape(2 * len(n_in_way), -1)
    rows, row = np.unique(both, axis=0, return_inverse=True)
    mirror = np.empty(len(rows), np.int32)
    mirror[row[: len(n_in_way)]] = row[len(n_in_way) :]
    mirror[row[len(n_in_way) :]] = row[: len(n_in_way)]
    kept = usable[way]
    return _Segments(
        tail=tail[kept],
        head=head[kept],
        way=way[kept].astype(np.int32),
        length_m=length_m[kept],
        speed=row[way[kept]].astype(np.int32),
        speed_mps=np.ascontiguousarray(np.moveaxis(rows.reshape(len(rows), len(profiles), 2), 0, 1)),
        mirror=mirror,
    )


def _way_speeds(streets: StreetMap, profiles: tuple[Profile, ...], way_length_m: Floats) -> Floats:
    """(M, W, 2) float64; a ferry with a duration goes as fast as its duration says, in every mode that may board."""
    speed_mps = speed_table(streets.tag_sets, profiles)[:, streets.way_tags]
    for row, tags in enumerate(streets.tag_sets):
        duration_s = ferry_seconds(tags)
        if duration_s is not None:
            ways = np.flatnonzero(streets.way_tags == row)
            sailing_mps = (way_length_m[ways] / duration_s)[:, None]
            speed_mps[:, ways] = np.where(speed_mps[:, ways] > 0, sailing_mps, 0.0)
    return speed_mps


def _vertices(chain_first: Int64s, start: Int32s, head_row: Int32s) -> tuple[Int32s, Int64s]:
    """Map node of every vertex of every edge, and where each edge's vertices start: its segments' starts, its head."""
    first = chain_first + np.arange(len(chain_first))
    row = np.empty(first[-1], np.int32)
    last = first[1:] - 1
    inner = np.ones(len(row), np.bool_)
    inner[last] = False
    row[inner], row[last] = start, head_row
    return row, first


def _row_speeds(edge_mps: Floats, expanded: Expanded, is_bound: Bools) -> Floats:
    """(M, E, 2) float64: `edge_mps` of the mapped edges, then those of the added ones, where they are open to the mode."""
    added = expanded.mapped_edge[edge_mps.shape[1] :]
    # A connector has no length, so that any speed will do.
    along_mps = np.where((added == CONNECTOR)[:, None], 1.0, edge_mps[:, added])
    is_open = expanded.is_open[is_bound.astype(np.intp)]
    return np.concatenate([edge_mps, np.where(is_open, along_mps, 0.0)], axis=1)


def _arcs(
    expanded: Expanded, length_m: Floats, speed_mps: Floats, closed: Bools
) -> tuple[Int32s, Int32s, Bools]:
    """Forward and backward seconds and what may be snapped to, each (M, E).

    `speed_mps` is (M, E, 2); `closed` is (M, N), the barriers that the mode may reach but not leave. A point is attached
    to mapped edges only, but reached along their shadows too.
    """
    n_nodes = closed.shape[1]
    tail, head, mapped = expanded.tail, expanded.head, expanded.mapped_edge
    repeats = np.flatnonzero(mapped != CONNECTOR)
    is_mapped = mapped == np.arange(len(mapped))
    may_go = speed_mps > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        seconds = np.rint(length_m[:, None] / speed_mps)
    seconds = np.where(may_go, np.minimum(seconds, CLOSED_S), CLOSED_S).astype(np.int32)
    forward_s = np.where(closed[:, tail], CLOSED_S, seconds[..., 0])
    backward_s = np.where(closed[:, head], CLOSED_S, seconds[..., 1])
    snappable = np.empty(forward_s.shape, np.bool_)
    for mode in range(len(speed_mps)):
        main = _main_component(n_nodes, tail, head, forward_s[mode] < CLOSED_S, backward_s[mode] < CLOSED_S)
        ahead, back = may_go[mode, :, 0], may_go[mode, :, 1]
        leaves = (back & main[tail]) | (ahead & main[head])
        is_reached = ((forward_s[mode] < CLOSED_S) & main[tail]) | (
            (backward_s[mode] < CLOSED_S) & main[head]
        )
        np.logical_or.at(is_reached, mapped[repeats], is_reached[repeats])
        snappable[mode] = leaves & is_reached & is_mapped
    return forward_s, backward_s, snappable


def _main_component(n_nodes: int, tail: Int32s, head: Int32s, ahead: Bools, back: Bools) -> Bools:
    """(N,) bool, the nodes of the largest set in which every node reaches every other."""
    rows = np.concatenate([tail[ahead], head[back]])
    columns = np.concatenate([head[ahead], tail[back]])
    graph = coo_array((np.ones(len(rows), np.int32), (rows, columns)), shape=(n_nodes, n_nodes))
    label = connected_components(graph.tocsr(), directed=True, connection="strong")[1]
    main: Bools = label == np.bincount(label).argmax()
    return main


def _report(streets: StreetMap, profiles: tuple[Profile, ...], network: StreetNetwork) -> BuildReport:
    """What the tags left open, and the edges that belong to no mode's main network."""
    report = tag_report(streets.tag_sets, np.bincount(streets.way_tags, minlength=len(streets.tag_sets)))
    for mode, profile in enumerate(profiles):
        usable = (network.speed_mps[mode, network.edge_speed] > 0).any(axis=1)
        apart = np.flatnonzero(usable & ~network.snappable[mode])
        what = f"edges cut off from the main network of mode {profile.name}: no point is attached to them"
        report += finding("streets", "kept", what, apart)
    return report
