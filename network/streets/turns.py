"""Turn restrictions on the contracted network: copies of junctions from which the forbidden turn is missing.

One set of nodes and edges serves all modes, so a restriction may only add to it. Where coming over edge e to junction v
leaves some turns forbidden, e no longer ends in v but in a copy w of v:

- A *connector* leads from v to w, for bound modes in this direction only, so that whoever may turn into e still can.
- A *shadow* leads from w to the far end of every edge that one may turn into, for bound modes only. It repeats that edge
  instead of leading back to v, from where the forbidden turns are open. Where a bound traveller finds only one street
  that leads on (a footpath crosses, the speed changes), the next shadow follows, from a node that has no other edge.
- A shadow along a street *between*, over which a restriction leads, ends in a copy of its own: there one is known to have
  come over both. From it shadows lead on as from w, without the turns that the streets come over forbid by now.

A bound traveller who comes over e is thus at w and has only the shadows and the way back over e. One who stands at v has
come by an unrestricted edge; over v and w they reach nothing that v does not offer as well. The others pass the connector
both ways and notice nothing. Whoever travels along a shadow travels along the edge that it repeats: a point on this edge
is reached along its shadows too.

Turning back into the edge one came over stays possible at every junction, restricted ones included: both directions of an
edge end in one node, and a node cannot tell who has just arrived from who is about to leave. Only along shadows nobody
turns back; otherwise the first crossing beyond a junction would do away with its restrictions.

Source: expanded nodes for forbidden turns as in Geisberger and Vetter 2011, Efficient routing in road networks with turn
costs, kept to the junctions and the approaches that need them. What one must not have travelled in a row is recognised by
the automaton of Aho and Corasick 1975, Efficient string matching: its states are the copies.

Turn restrictions of the map as *courses* of ends of edges: the end by which one arrives at a junction, then the ends by
which one leaves junction after junction. Whoever has travelled all of a course but the last must not take that.
"""

from __future__ import annotations

from operator import eq
from typing import NamedTuple, TypeAlias

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int8s, Int32s, Int64s
from data.streets import StreetMap
from network.jit import kernel
from network.streets.mapped import EndsAt, MappedStreets, rows_by

CONNECTOR = -1
Course: TypeAlias = tuple[int, ...]


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
    if not len(streets.forbidden) and not len(streets.forbidden_over):
        return _as_mapped(streets)
    ends = edge_ends(streets.end_node, streets.edge_speed, streets.speed_mps, streets.is_bound)
    is_felt = ends.arrives[streets.forbidden[:, 0]] & ends.departs[streets.forbidden[:, 1]]
    over = [
        course
        for course in streets.courses_over()
        if ends.arrives[course[0]] and ends.departs[[*course[1:]]].all()
    ]
    states = _states(np.ascontiguousarray(streets.forbidden[is_felt]), over)
    approach = states.arrived_by[: states.n_approaches]
    node = ends.node.copy()
    node[approach] = np.arange(streets.n_nodes, streets.n_nodes + len(approach), dtype=np.int32)
    start, onward, stop, passed = _shadows(ends, states, node, *ends_at)
    from_tail = onward % 2 == 0
    tails = [node[::2], ends.node[approach], np.where(from_tail, start, stop)]
    heads = [node[1::2], node[approach], np.where(from_tail, stop, start)]
    mapped = [np.arange(streets.n_edges), np.full(len(approach), CONNECTOR), onward // 2]
    return Expanded(
        copied_node=np.concatenate([ends.node[states.arrived_by], passed]).astype(np.int32),
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


class States(NamedTuple):
    """What bound travellers at a junction have come over, as far as it matters there: state s stands at copy s.

    Attributes
    ----------
    n_approaches
        The first states have come over one edge, to which both directions of the edge lead; the others over several.
    arrived_by
        (S,) int64, end by which one arrived.
    state, onward
        (R,) int64 ascending by state; rows of ends that are special to who leaves in that state:
    then
        (R,) int64, the state in which one then arrives, -1 where one must not leave by this end.

    """

    n_approaches: int
    arrived_by: Int64s
    state: Int64s
    onward: Int64s
    then: Int64s


def _states(turns: Int64s, over: list[Course]) -> States:
    """States for forbidden turns, (F, 2) int64 ascending, and longer forbidden courses."""
    approach = np.unique(np.concatenate([turns[:, 0], np.array([course[0] for course in over], np.int64)]))
    plain = np.column_stack([np.searchsorted(approach, turns[:, 0]), turns[:, 1], np.full(len(turns), -1)])
    longer = sorted({course[:stop] for course in over for stop in range(2, len(course))})
    rows = _with_longer(approach, plain, longer, over) if over else plain
    arrived_by = np.concatenate([approach, np.array([course[-1] ^ 1 for course in longer], np.int64)])
    return States(len(approach), arrived_by, *(np.ascontiguousarray(column) for column in rows.T))


def _with_longer(approach: Int64s, plain: Int64s, longer: list[Course], over: list[Course]) -> Int64s:
    """(R, 3) int64 ascending, state, end and what follows: `plain` of the approaches, with the courses `over`."""
    number: dict[Course, int] = {(end,): row for row, end in enumerate(approach.tolist())}
    number |= {course: len(approach) + row for row, course in enumerate(longer)}
    special = {(state, end): then for state, end, then in plain.tolist()}
    banned: dict[Course, list[int]] = {}
    for state, end in special:
        banned.setdefault((int(approach[state]),), []).append(end)
    for course in over:
        banned.setdefault(course[:-1], []).append(course[-1])
    children: dict[Course, list[Course]] = {}
    for course in longer:
        children.setdefault(course[:-1], []).append(course)
    for course in {*children, *longer, *(course[:-1] for course in over)}:
        state = number[course]
        # The longest memory first: what one came over says more than its last part does.
        for part in _parts(course):
            for child in children.get(part, ()):
                special.setdefault((state, child[-1]), number[child])
        special |= {(state, end): -1 for part in _parts(course) for end in banned.get(part, ())}
    return np.array([(*key, then) for key, then in sorted(special.items())], np.int64)


def _parts(course: Course) -> list[Course]:
    """A course and its last parts, each of them with the end by which one arrived first."""
    return [course, *((course[at] ^ 1, *course[at + 1 :]) for at in range(1, len(course)))]


@kernel
def _shadows(
    ends: Ends, states: States, node: Int32s, first: Int64s, by_node: Int32s
) -> tuple[Int64s, Int64s, Int64s, Int64s]:
    """Lay shadows from every copy up to the next junction where a bound mode has a choice.

    Parameters
    ----------
    ends
        Ends of the E edges.
    states
        The copies and what is special there.
    node
        (2 E,) int32, junction or copy of each end.
    first, by_node
        Ragged rows: the ends at each junction.

    Returns
    -------
    start, onward, stop, passed
        (S,) int64 node a shadow starts from, end of the edge that it repeats, node where it stops; junction of which each
        node between two shadows is a copy. These are numbered after the copies of the states.

    """
    # Numba learns the type of an empty list from what it would hold.
    starts, onward = [0 for _ in range(0)], [0 for _ in range(0)]
    stops, passed = [0 for _ in range(0)], [0 for _ in range(0)]
    n_junctions = len(first) - 1
    n_nodes = n_junctions + len(states.arrived_by)
    row = 0
    for state in range(len(states.arrived_by)):
        arrived_by, begin = states.arrived_by[state], row
        while row < len(states.state) and states.state[row] == state:
            row += 1
        junction = ends.node[arrived_by]
        for out in by_node[first[junction] : first[junction + 1]]:
            if out == arrived_by or not ends.departs[out]:
                continue
            found = begin
            while found < row and states.onward[found] != out:
                found += 1
            if found < row and states.then[found] < 0:
                continue
            starts.append(n_junctions + state)
            if found < row:
                onward.append(int(out))
                stops.append(n_junctions + states.then[found])
                continue
            trail = _trail(int(out), ends, node, first, by_node)
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
_NOT_BETWEEN = "turn restrictions over ways that no car can follow"
_NO_EXIT = "turn restrictions to a way that no car can take anyway"
_SEVERAL = "turn restrictions on a way that passes the junction: it is unclear which side is meant"
_TURNING_BACK = "turn restrictions against turning back into the same street: turning is possible everywhere"


class Forbidden(NamedTuple):
    """What restrictions forbid to bound modes.

    An `only_*` forbids streets that are closed today as well, so that it holds when an edit opens one.
    """

    turns: Int64s
    """(F, 2) int64 ascending: end by which one arrives at a junction, end by which one must not go on."""
    over: Int64s
    """Courses over streets between, one after the other: all but their last ends, then that which one must not take."""
    over_offset: Int64s
    """(Q + 1,) int64, where each course starts in `over`."""


def forbidden_turns(
    streets: StreetMap, junction_row: Int32s, ends: Ends, way: Int32s
) -> tuple[Forbidden, BuildReport]:
    """Turns that restrictions forbid.

    A restriction counts if exactly one end at the junction lies on the way to come from and may be arrived by, exactly
    one on the way to go to may be departed by, and the ways between, if any, lead from the one to the other in exactly
    one way; the others are reported. An `only_*` over ways binds from the first junction on: it allows no other way to
    its last. Of several `only_*` for one approach each leaves its own turn open.

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

    """
    here = _EndsOfWays(junction_row, ends, way, *rows_by(ends.node, len(junction_row)))
    no: set[Course] = set()
    only: dict[Course, set[int]] = {}
    left_out: dict[str, list[str]] = {}
    first = streets.turn_offset.tolist()
    for turn, is_only in enumerate(streets.turn_only.tolist()):
        steps = slice(first[turn], first[turn + 1])
        vias, ways = streets.turn_via_node[steps].tolist(), streets.turn_to_way[steps].tolist()
        course = _course(here, int(streets.turn_from_way[turn]), vias, ways, is_only=is_only)
        if isinstance(course, str):
            left_out.setdefault(course, []).append(f"relation/{streets.turn_relation[turn]}")
        elif is_only:
            for at in range(1, len(course)):
                only.setdefault(course[:at], set()).add(course[at])
        else:
            no.add(course)
    for course, wanted in only.items():
        arrived_by = course[0] if len(course) == 1 else course[-1] ^ 1
        others = set(here.at(int(ends.node[arrived_by]))) - wanted - {arrived_by}
        no.update((*course, other) for other in others)
    report = BuildReport()
    for reason, relations in left_out.items():
        report += finding("streets", "dropped", reason, relations)
    turns = sorted(course for course in no if len(course) == 2)
    over = ragged(sorted(course for course in no if len(course) > 2))
    return Forbidden(np.array(turns, np.int64).reshape(-1, 2), *over), report


def ragged(courses: list[Course]) -> tuple[Int64s, Int64s]:
    """Courses one after the other, and where each starts."""
    first = np.cumsum([0, *(len(course) for course in courses)]).astype(np.int64)
    return np.array([end for course in courses for end in course], np.int64), first


class _EndsOfWays(NamedTuple):
    """Ends of the edges by mapped way and junction."""

    junction_row: Int32s
    ends: Ends
    way: Int32s
    offset: Int64s
    by_node: Int32s

    def at(self, junction: int) -> list[int]:
        """Ends at a junction."""
        found: list[int] = self.by_node[self.offset[junction] : self.offset[junction + 1]].tolist()
        return found

    def on(self, way: int, via: int) -> list[int]:
        """Ends on a way at a mapped node, none where that is no junction."""
        # A number of another type would have the whole column converted to that.
        junction = int(np.searchsorted(self.junction_row, self.junction_row.dtype.type(via)))
        is_junction = junction < len(self.junction_row) and self.junction_row[junction] == via
        return [end for end in self.at(junction) if self.way[end] == way] if is_junction else []

    def along(self, out: int, via: int) -> Course | None:
        """Ends by which one leaves junctions from `out` on along its way up to a mapped node; None if it does not get there."""
        course, way = [out], self.way[out]
        while True:
            far = course[-1] ^ 1
            junction = int(self.ends.node[far])
            if self.junction_row[junction] == via:
                return tuple(course)
            onward = [
                end
                for end in self.at(junction)
                if end != far and self.way[end] == way and self.ends.departs[end]
            ]
            if len(onward) != 1 or onward[0] in course:
                return None
            course += onward


def _course(
    here: _EndsOfWays, come_from: int, vias: list[int], ways: list[int], *, is_only: bool
) -> Course | str:
    """Course of a restriction, or the reason why it cannot be held to."""
    approach = [end for end in here.on(come_from, vias[0]) if here.ends.arrives[end]]
    between: list[list[Course]] = [
        [found for out in here.on(way, via) if here.ends.departs[out] and (found := here.along(out, to))]
        for way, via, to in zip(ways[:-1], vias[:-1], vias[1:], strict=True)
    ]
    onward = [end for end in here.on(ways[-1], vias[-1]) if here.ends.departs[end]]
    if not approach:
        return _NO_APPROACH
    if not all(between):
        return _NOT_BETWEEN
    if not onward:
        return _NO_EXIT
    if not between and approach == onward and not is_only:
        return _TURNING_BACK
    if max(len(approach), len(onward), *map(len, between)) > 1:
        return _SEVERAL
    course: Course = (approach[0], *(end for (found,) in between for end in found), onward[0])
    arrivals = (course[0], *(end ^ 1 for end in course[1:-1]))
    return _TURNING_BACK if between and any(map(eq, arrivals, course[1:])) else course
