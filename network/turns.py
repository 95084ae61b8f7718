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
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Int32s, Int64s
from data.streets import StreetMap

CONNECTOR = -1

_NO_APPROACH = "turn restrictions on a way that no car can come from"
_NO_EXIT = "turn restrictions to a way that no car can take anyway"
_SEVERAL = "turn restrictions on a way that passes the junction: it is unclear which side is meant"
_TURNING_BACK = "turn restrictions against turning back into the same street: turning is possible everywhere"


class Ends(NamedTuple):
    """The two ends of each of E edges: row 2 e is the tail of edge e and row 2 e + 1 its head.

    Attributes
    ----------
    node
        (2 E,) int32, junction.
    way
        (2 E,) int32, row of the mapped way that the edge follows at this end.
    departs
        (2 E,) bool, whether some bound mode may go along the edge from this end.
    arrives
        (2 E,) bool, whether some bound mode may go along the edge to this end.
    is_used
        (2 E,) bool, either of them.

    """

    node: Int32s
    way: Int32s
    departs: Bools
    arrives: Bools
    is_used: Bools


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


def edge_ends(node: Int32s, way: Int32s, may_go: Bools) -> Ends:
    """Put (E, 2) columns of edges, tail before head, as ends; `may_go` is whether a bound mode goes ahead and back."""
    departs, arrives = may_go.ravel(), may_go[:, ::-1].ravel()
    return Ends(node.ravel(), way.ravel(), departs, arrives, departs | arrives)


def forbidden_turns(streets: StreetMap, junction_row: Int32s, ends: Ends) -> tuple[Int64s, BuildReport]:
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

    Returns
    -------
    turns, report
        (F, 2) int64 ascending: end by which one arrives, end by which one must not go on.

    """
    at = _ends_by_node(ends.node, len(junction_row))
    no: set[tuple[int, int]] = set()
    only: dict[int, set[int]] = {}
    left_out: dict[str, list[str]] = {}
    for turn, via in enumerate(streets.turn_via_node.tolist()):
        junction = int(np.searchsorted(junction_row, via))
        is_junction = junction < len(junction_row) and junction_row[junction] == via
        here = at[junction] if is_junction else np.empty(0, np.int64)
        approach = here[ends.arrives[here] & (ends.way[here] == streets.turn_from_way[turn])].tolist()
        onward = here[ends.departs[here] & (ends.way[here] == streets.turn_to_way[turn])].tolist()
        reason = _why_not(approach, onward, is_only=bool(streets.turn_only[turn]))
        if reason:
            left_out.setdefault(reason, []).append(f"relation/{streets.turn_relation[turn]}")
        elif streets.turn_only[turn]:
            only.setdefault(approach[0], set()).add(onward[0])
        else:
            no.add((approach[0], onward[0]))
    for approach, wanted in only.items():
        here = at[ends.node[approach]]
        others = set(here[ends.departs[here]].tolist()) - wanted - {approach}
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


def _ends_by_node(node: Int32s, n_nodes: int) -> list[Int64s]:
    """Ends at each node, ascending."""
    order = np.argsort(node, kind="stable")
    return np.split(order, np.cumsum(np.bincount(node, minlength=n_nodes))[:-1])


def expand(ends: Ends, turns: Int64s, n_nodes: int) -> Expanded:
    """Add a copy of the junction for every end that is part of a forbidden turn, with its connector and shadows.

    Parameters
    ----------
    ends
        Ends of the E edges.
    turns
        (F, 2) int64, as `forbidden_turns` gives them; no turn goes back by the end it came from.
    n_nodes
        Number of junctions, N; copy c becomes node N + c.

    """
    n_edges = len(ends.node) // 2
    approach = np.unique(turns[:, 0])
    copy = np.arange(n_nodes, n_nodes + len(approach), dtype=np.int32)
    node = ends.node.copy()
    node[approach] = copy
    start, onward, stop, passed = _shadows(ends, turns, node, n_nodes + len(approach))
    from_tail = onward % 2 == 0
    tails = [node[::2], ends.node[approach], np.where(from_tail, start, stop)]
    heads = [node[1::2], copy, np.where(from_tail, stop, start)]
    mapped = [np.arange(n_edges), np.full(len(approach), CONNECTOR), onward // 2]
    return Expanded(
        copied_node=np.concatenate([ends.node[approach], passed]).astype(np.int32),
        tail=np.concatenate(tails).astype(np.int32),
        head=np.concatenate(heads).astype(np.int32),
        mapped_edge=np.concatenate(mapped).astype(np.int32),
        is_open=np.stack([_open_to_free(approach, onward), _open_to_bound(approach, from_tail)]),
    )


def _shadows(ends: Ends, turns: Int64s, node: Int32s, n_nodes: int) -> tuple[Int64s, Int64s, Int64s, Int64s]:
    """Lay shadows from every copy up to the next junction where a bound mode has a choice.

    Parameters
    ----------
    ends, turns
        As in `expand`.
    node
        (2 E,) int32, junction or copy of each end.
    n_nodes
        Number of junctions and copies; the nodes between two shadows are numbered from here.

    Returns
    -------
    start, onward, stop, passed
        (S,) int64 node a shadow starts from, end of the edge that it repeats, node where it stops; junction of which each
        node between two shadows is a copy.

    """
    at = _ends_by_node(ends.node, int(ends.node.max()) + 1)
    forbidden = {tuple(turn) for turn in turns.tolist()}
    shadows: list[tuple[int, int, int]] = []
    passed: list[int] = []
    for approach in np.unique(turns[:, 0]).tolist():
        for first in at[ends.node[approach]].tolist():
            if first == approach or (approach, first) in forbidden or not ends.departs[first]:
                continue
            trail = _trail(first, ends, at, node)
            between = [n_nodes + len(passed) + step for step in range(len(trail) - 1)]
            passed += [int(ends.node[end ^ 1]) for end in trail[:-1]]
            starts, stops = [int(node[approach]), *between], [*between, int(node[trail[-1] ^ 1])]
            shadows += zip(starts, trail, stops, strict=True)
    columns = np.array(shadows, np.int64).reshape(-1, 3).T
    return columns[0], columns[1], columns[2], np.array(passed, np.int64)


def _trail(first: int, ends: Ends, at: list[Int64s], node: Int32s) -> list[int]:
    """Ends by which one leaves junction after junction, from `first` on, as long as a single other edge leads on."""
    trail = [first]
    while True:
        far = trail[-1] ^ 1
        others = [end for end in at[ends.node[far]].tolist() if end != far and ends.is_used[end]]
        is_copy = node[far] != ends.node[far]
        if is_copy or len(others) != 1 or not ends.departs[others[0]] or others[0] in trail:
            return trail
        trail.append(others[0])


def _open_to_free(approach: Int64s, onward: Int64s) -> Bools:
    """(A, 2) bool; connectors are open both ways, shadows are not there."""
    return np.repeat([True, False], [len(approach), len(onward)])[:, None].repeat(2, axis=1)


def _open_to_bound(approach: Int64s, from_tail: Bools) -> Bools:
    """(A, 2) bool; connectors are open from the junction to the copy, shadows away from the copy."""
    ahead = np.concatenate([np.ones(len(approach), np.bool_), from_tail])
    return np.column_stack([ahead, ~ahead])


def rows_along(mapped_edge: Int32s, edge: Int32s) -> tuple[Int64s, Int32s]:
    """Rows of the network that run along the edges of P points: by these one arrives at a point.

    Parameters
    ----------
    mapped_edge
        (E,) int32, as in `Expanded`.
    edge
        (P,) int32, mapped edge of each point, -1 for none.

    Returns
    -------
    point, row
        (Q,) int64 and int32; each attached point with its own edge, then with every shadow of it.

    """
    attached = np.flatnonzero(edge >= 0)
    is_shadow = (mapped_edge != CONNECTOR) & (mapped_edge != np.arange(len(mapped_edge)))
    shadow = np.flatnonzero(is_shadow).astype(np.int32)
    order = np.argsort(edge, kind="stable")
    first, last = (np.searchsorted(edge[order], mapped_edge[shadow], side) for side in ("left", "right"))
    point = [order[start:end] for start, end in zip(first.tolist(), last.tolist(), strict=True)]
    return np.concatenate([attached, *point]), np.concatenate([edge[attached], shadow.repeat(last - first)])
