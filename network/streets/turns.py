"""Turn restrictions on the contracted network: copies of junctions from which the forbidden turn is missing.

One set of nodes and edges serves all modes, so a restriction may only add to it. Where coming over edge e to junction v
leaves some turns forbidden, e no longer ends in v but in a copy w of v:

- A *connector* leads from v to w, for bound modes in this direction only, so that whoever may turn into e still can.
- A *shadow* leads from w to the far end of every edge that one may turn into, for bound modes only. It repeats that edge
  instead of leading back to v, from where the forbidden turns are open. Where a bound traveller finds only one street
  that leads on (a footpath crosses, the speed changes), the next shadow follows, from a node that has no other edge.

A bound traveller who comes over e is thus at w and has only the shadows and the way back over e. One who stands at v has
come by an unrestricted edge; over v and w they reach nothing that v does not offer as well. The others pass the connector
both ways and notice nothing. Whoever travels along a shadow travels along the edge that it repeats: a point on this edge
is reached along its shadows too.

Turning back into the edge one came over stays possible at every junction, restricted ones included: both directions of an
edge end in one node, and a node cannot tell who has just arrived from who is about to leave. Only along shadows nobody
turns back; otherwise the first crossing beyond a junction would do away with its restrictions.

Source: expanded nodes for forbidden turns as in Geisberger and Vetter 2011, Efficient routing in road networks with turn
costs, kept to the junctions and the approaches that need them.

Turn restrictions of the map as pairs of ends of edges: coming by one, one must not go on by the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int8s, Int32s, Int64s
from data.streets import StreetMap
from network.jit import kernel
from network.streets.mapped import EndsAt, MappedStreets, rows_by

CONNECTOR = -1


class Ends(NamedTuple):
    """The two ends of each of E edges: row 2 e is the tail of edge e and row 2 e + 1 its head.

    Attributes
    ----------
    node
        (2 E,) int32, junction.
    departs
        (2 E,) bool, whether some bound mode may go along the edge from this end.
    arrives
        (2 E,) bool, whether some bound mode may go along the edge to this end.

    """

    node: Int32s
    departs: Bools
    arrives: Bools


class Expanded(NamedTuple):
    """Edges with their ends moved to copies where turns are forbidden, and after these E edges the A added ones.

    Attributes
    ----------
    copied_node
        (C,) int32, junction of which each added node is a copy.
    tail, head
        (E + A,) int32, junctions and copies.
    mapped_edge
        (E + A,) int32, edge that a row repeats; the row itself for the first E, `CONNECTOR` for those without length.
    is_open
        (2, A, 2) bool, whether an added edge is open from tail to head and from head to tail, first for modes that are
        not bound by restrictions, then for those that are.

    """

    copied_node: Int32s
    tail: Int32s
    head: Int32s
    mapped_edge: Int32s
    is_open: Bools


def edge_ends(end_node: Int32s, edge_speed: Int32s, speed_mps: Floats, is_bound: Bools) -> Ends:
    """Ends of the edges, of which (2 E,) are the junctions; the others as in `network.streets.mapped.MappedStreets`."""
    departs: Bools = np.any(speed_mps[is_bound] > 0, axis=0)[
        edge_speed
    ]  # (E, 2): from the tail, from the head
    return Ends(end_node, departs.ravel(), departs[:, ::-1].ravel())


def expand(streets: MappedStreets, ends_at: EndsAt) -> Expanded:
    """Add a copy of the junction for every end that is part of a forbidden turn, with its connector and shadows.

    Copy c of the N junctions becomes node N + c. A turn that no bound mode can make anyway needs nothing.
    """
    if not len(streets.forbidden):
        return _as_mapped(streets)
    ends = edge_ends(streets.end_node, streets.edge_speed, streets.speed_mps, streets.is_bound)
    is_felt = ends.arrives[streets.forbidden[:, 0]] & ends.departs[streets.forbidden[:, 1]]
    turns = np.ascontiguousarray(streets.forbidden[is_felt])
    approach = np.unique(turns[:, 0])
    copy = np.arange(streets.n_nodes, streets.n_nodes + len(approach), dtype=np.int32)
    node = ends.node.copy()
    node[approach] = copy
    start, onward, stop, passed = _shadows(ends, turns, node, *ends_at)
    from_tail = onward % 2 == 0
    tails = [node[::2], ends.node[approach], np.where(from_tail, start, stop)]
    heads = [node[1::2], copy, np.where(from_tail, stop, start)]
    mapped = [np.arange(streets.n_edges), np.full(len(approach), CONNECTOR), onward // 2]
    return Expanded(
        copied_node=np.concatenate([ends.node[approach], passed]).astype(np.int32),
        tail=np.concatenate(tails).astype(np.int32),
        head=np.concatenate(heads).astype(np.int32),
        mapped_edge=np.concatenate(mapped).astype(np.int32),
        is_open=np.stack([_open_to_free(approach, onward), _open_to_bound(approach, from_tail)]),
    )


def _as_mapped(streets: MappedStreets) -> Expanded:
    """Edges with nothing added to them."""
    return Expanded(
        copied_node=np.zeros(0, np.int32),
        tail=streets.edge_tail,
        head=streets.edge_head,
        mapped_edge=np.arange(streets.n_edges, dtype=np.int32),
        is_open=np.zeros((2, 0, 2), np.bool_),
    )


@kernel
def _shadows(
    ends: Ends, turns: Int64s, node: Int32s, first: Int64s, by_node: Int32s
) -> tuple[Int64s, Int64s, Int64s, Int64s]:
    """Lay shadows from every copy up to the next junction where a bound mode has a choice.

    Parameters
    ----------
    ends
        Ends of the E edges.
    turns
        (F, 2) int64 ascending, forbidden turns; none goes back by the end it came from.
    node
        (2 E,) int32, junction or copy of each end.
    first, by_node
        Ragged rows: the ends at each junction.

    Returns
    -------
    start, onward, stop, passed
        (S,) int64 node a shadow starts from, end of the edge that it repeats, node where it stops; junction of which each
        node between two shadows is a copy. These are numbered after the copies in `node`.

    """
    # Numba learns the type of an empty list from what it would hold.
    starts, onward = [0 for _ in range(0)], [0 for _ in range(0)]
    stops, passed = [0 for _ in range(0)], [0 for _ in range(0)]
    n_nodes = len(first) - 1 + len(np.unique(turns[:, 0]))
    row = 0
    while row < len(turns):
        approach, begin = turns[row, 0], row
        while row < len(turns) and turns[row, 0] == approach:
            row += 1
        junction = ends.node[approach]
        for out in by_node[first[junction] : first[junction + 1]]:
            if out == approach or not ends.departs[out] or (turns[begin:row, 1] == out).any():
                continue
            trail = _trail(int(out), ends, node, first, by_node)
            starts.append(int(node[approach]))
            for end in trail[:-1]:
                stops.append(n_nodes + len(passed))
                starts.append(n_nodes + len(passed))
                passed.append(int(ends.node[end ^ 1]))
            stops.append(int(node[trail[-1] ^ 1]))
            onward.extend(trail)
    return (
        np.array(starts, np.int64),
        np.array(onward, np.int64),
        np.array(stops, np.int64),
        np.array(passed, np.int64),
    )


@kernel
def _trail(out: int, ends: Ends, node: Int32s, first: Int64s, by_node: Int32s) -> list[int]:
    """Ends by which one leaves junction after junction, from `out` on, as long as a single other edge leads on."""
    trail = [out]
    while True:
        far = trail[-1] ^ 1
        junction = ends.node[far]
        n_others, onward = 0, out
        for end in by_node[first[junction] : first[junction + 1]]:
            if end != far and (ends.departs[end] or ends.arrives[end]):
                n_others += 1
                onward = int(end)
        if node[far] != junction or n_others != 1 or not ends.departs[onward] or onward in trail:
            return trail
        trail.append(onward)


def _open_to_free(approach: Int64s, onward: Int64s) -> Bools:
    """(A, 2) bool; connectors are open both ways, shadows are not there."""
    return np.repeat([True, False], [len(approach), len(onward)])[:, None].repeat(2, axis=1)


def _open_to_bound(approach: Int64s, from_tail: Bools) -> Bools:
    """(A, 2) bool; connectors are open from the junction to the copy, shadows away from the copy."""
    ahead = np.concatenate([np.ones(len(approach), np.bool_), from_tail])
    return np.column_stack([ahead, ~ahead])


def rows_along(mapped_edge: Int32s, layer: Int8s, edge: Int32s) -> tuple[Int64s, Int32s]:
    """Rows of the network that run along the edges of P points: by these one arrives at a point.

    Parameters
    ----------
    mapped_edge
        (E,) int32, as in `Expanded`.
    layer
        (E,) int8, as in `network.streets.trip_ends.Rows`: nobody arrives in the first layer.
    edge
        (P,) int32, mapped edge of each point, -1 for none.

    Returns
    -------
    point, row
        (Q,) int64 and int32; each attached point with its own edge, then with every row that repeats it.

    """
    attached = np.flatnonzero(edge >= 0)
    is_other = (mapped_edge != CONNECTOR) & (mapped_edge != np.arange(len(mapped_edge))) & (layer >= 0)
    other = np.flatnonzero(is_other).astype(np.int32)
    order = np.argsort(edge, kind="stable")
    first, last = (np.searchsorted(edge[order], mapped_edge[other], side) for side in ("left", "right"))
    n_points = last - first
    within = np.arange(n_points.sum()) - np.repeat(np.cumsum(n_points) - n_points, n_points)
    point = order[np.repeat(first, n_points) + within]
    return np.concatenate([attached, point]), np.concatenate([edge[attached], other.repeat(n_points)])


_NO_APPROACH = "turn restrictions on a way that no car can come from"
_NO_EXIT = "turn restrictions to a way that no car can take anyway"
_SEVERAL = "turn restrictions on a way that passes the junction: it is unclear which side is meant"
_TURNING_BACK = "turn restrictions against turning back into the same street: turning is possible everywhere"


def forbidden_turns(
    streets: StreetMap, junction_row: Int32s, ends: Ends, way: Int32s
) -> tuple[Int64s, BuildReport]:
    """Turns that restrictions forbid.

    A restriction counts if exactly one end at the junction lies on the way to come from and may be arrived by, and
    exactly one on the way to go to may be departed by; the others are reported. Of several `only_*` for one approach each
    leaves its own turn open.

    Parameters
    ----------
    streets
        Map with restrictions.
    junction_row
        (N,) int32 ascending, mapped node of each junction.
    ends
        Ends of the edges.
    way
        (2 E,) int32, row of the mapped way that the edge follows at each end.

    Returns
    -------
    turns, report
        (F, 2) int64 ascending: end by which one arrives, end by which one must not go on. An `only_*` forbids streets that
        are closed today as well, so that it holds when an edit opens one.

    """
    first, by_node = rows_by(ends.node, len(junction_row))
    no: set[tuple[int, int]] = set()
    only: dict[int, set[int]] = {}
    left_out: dict[str, list[str]] = {}
    for turn, via in enumerate(streets.turn_via_node.tolist()):
        junction = int(np.searchsorted(junction_row, via))
        is_junction = junction < len(junction_row) and junction_row[junction] == via
        here = by_node[first[junction] : first[junction + 1]] if is_junction else by_node[:0]
        approach = here[ends.arrives[here] & (way[here] == streets.turn_from_way[turn])].tolist()
        onward = here[ends.departs[here] & (way[here] == streets.turn_to_way[turn])].tolist()
        reason = _why_not(approach, onward, is_only=bool(streets.turn_only[turn]))
        if reason:
            left_out.setdefault(reason, []).append(f"relation/{streets.turn_relation[turn]}")
        elif streets.turn_only[turn]:
            only.setdefault(approach[0], set()).add(onward[0])
        else:
            no.add((approach[0], onward[0]))
    for approach, wanted in only.items():
        node = ends.node[approach]
        others = set(by_node[first[node] : first[node + 1]].tolist()) - wanted - {approach}
        no.update((approach, other) for other in others)
    report = BuildReport()
    for reason, relations in left_out.items():
        report += finding("streets", "dropped", reason, relations)
    return np.array(sorted(no), np.int64).reshape(-1, 2), report


def _why_not(approach: list[int], onward: list[int], *, is_only: bool) -> str:
    """Reason why a restriction cannot be held to, if any, from the ends that it may mean."""
    if not approach:
        return _NO_APPROACH
    if not onward:
        return _NO_EXIT
    if approach == onward and not is_only:
        return _TURNING_BACK
    if len(approach) > 1 or len(onward) > 1:
        return _SEVERAL
    return ""
