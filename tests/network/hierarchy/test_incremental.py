"""Fill that grows with new streets: against elimination by plain loops, and by hand.

Aa ── Bee ── Cee ── Dee      eliminated in this order
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from network.hierarchy.hierarchy import NO_ARC, Hierarchy, build_hierarchy, symbolic
from network.hierarchy.incremental import ExtendedFill, extended
from support.oracles.elimination import Ends, arcs_of, eliminated, ints

AA, BEE, CEE, DEE = range(4)
STREET_TAIL, STREET_HEAD = ints(AA, BEE, CEE), ints(BEE, CEE, DEE)


def street() -> Hierarchy:
    return symbolic(np.arange(4, dtype=np.int32), STREET_TAIL, STREET_HEAD)


def with_streets(old: Hierarchy, origin: Ends, tail: Ends, head: Ends, n_same: int) -> ExtendedFill:
    """Hierarchy with streets of which the first `n_same` are as they were."""
    edge_was = np.where(np.arange(len(tail)) < n_same, np.arange(len(tail)), -1).astype(np.int32)
    found = extended(old, origin, tail, head, edge_was)
    assert found is not None
    return found


def positions(hierarchy: Hierarchy) -> list[tuple[int, int]]:
    low = np.repeat(np.arange(hierarchy.n_positions), np.diff(hierarchy.arc_offset))
    return list(zip(low.tolist(), hierarchy.high.tolist(), strict=True))


def test_a_new_junction_goes_right_above_what_it_is_joined_to() -> None:
    # Eel joins Aa and Bee: above both is Bee, at position 1, so Eel takes position 2, and Cee and Dee move on.
    tail, head = np.append(STREET_TAIL, ints(4, 4)), np.append(STREET_HEAD, ints(AA, BEE))
    more = with_streets(street(), ints(0, 1, 2, 3, -1), tail, head, 3)
    assert more.hierarchy.rank.tolist() == [0, 1, 3, 4, 2]
    # New are Aa-Eel, Bee-Eel, and Eel-Cee: eliminating Bee joins its neighbours Eel and Cee.
    assert arcs_of(more.hierarchy) == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (3, 4)]
    assert more.was.tolist() == [0, NO_ARC, NO_ARC, 1, NO_ARC, 2]
    assert more.now.tolist() == [0, 3, 5, NO_ARC]


def test_a_street_on_an_arc_that_is_there_keeps_the_columns() -> None:
    old = street()
    more = with_streets(
        old, ints(0, 1, 2, 3), np.append(STREET_TAIL, ints(BEE)), np.append(STREET_HEAD, ints(AA)), 3
    )
    assert more.hierarchy.high is old.high
    assert more.hierarchy.edge_arc.tolist() == [0, 1, 2, 0]
    assert more.hierarchy.edge_is_up.tolist() == [True, True, True, False]


def test_who_goes_leaves_the_position_empty() -> None:
    # Without Bee and its streets there are Aa, Cee and Dee, as nodes 0, 1 and 2, at the positions they had.
    more = with_streets(street(), ints(0, 2, 3), ints(1), ints(2), 0)
    assert more.hierarchy.rank.tolist() == [0, 2, 3]
    assert more.hierarchy.n_positions == 4
    assert more.hierarchy.edge_arc.tolist() == [2]


def test_where_most_is_new_nothing_is_grown() -> None:
    # Sixty new junctions, each joined to all others, beside a street of four.
    one, other = np.triu_indices(60, 1)
    tail, head = (
        np.append(STREET_TAIL, 4 + one).astype(np.int32),
        np.append(STREET_HEAD, 4 + other).astype(np.int32),
    )
    edge_was = np.append(np.arange(3), np.full(len(one), -1)).astype(np.int32)
    origin = np.append(np.arange(4), np.full(60, -1)).astype(np.int32)
    assert extended(street(), origin, tail, head, edge_was) is None


class Edit(NamedTuple):
    """Streets before, and which of them are left with what is new after."""

    n_before: int
    tail: Ends
    head: Ends
    kept: Ends
    n_new: int
    new_tail: Ends
    new_head: Ends


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    n_before, n_new = draw(st.integers(1, 12)), draw(st.integers(0, 3))
    before, after = st.integers(0, n_before - 1), st.integers(0, n_before + n_new - 1)
    rows = np.array(draw(st.lists(st.tuples(before, before), max_size=24)), np.int32).reshape(-1, 2)
    new = np.array(draw(st.lists(st.tuples(after, after), max_size=6)), np.int32).reshape(-1, 2)
    is_kept = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    kept = np.flatnonzero(is_kept).astype(np.int32)
    return Edit(n_before, rows[:, 0], rows[:, 1], kept, n_new, new[:, 0], new[:, 1])


@given(edits())
@settings(deadline=None, max_examples=300)
def test_the_fill_holds_what_eliminating_node_by_node_asks_for(edit: Edit) -> None:
    old = build_hierarchy(edit.n_before, edit.tail, edit.head)
    origin = np.append(np.arange(edit.n_before), np.full(edit.n_new, -1)).astype(np.int32)
    tail = np.append(edit.tail[edit.kept], edit.new_tail)
    head = np.append(edit.head[edit.kept], edit.new_head)
    edge_was = np.append(edit.kept, np.full(len(edit.new_tail), -1)).astype(np.int32)
    found = extended(old, origin, tail, head, edge_was)
    assert found is not None
    hierarchy, was, now = found
    arcs = positions(hierarchy)
    assert arcs == sorted(arcs)
    assert sorted(hierarchy.rank) == list(range(len(origin)))
    # The old streets are kept in the fill, so it is that of old and new streets together.
    every_tail = np.append(edit.tail, edit.new_tail)
    every_head = np.append(edit.head, edit.new_head)
    assert set(arcs) == eliminated(hierarchy.rank, every_tail, every_head)
    # Old nodes keep their order, and every arc knows which it was.
    assert (np.argsort(hierarchy.rank[: edit.n_before]) == np.argsort(old.rank)).all()
    node = np.argsort(hierarchy.rank)
    before = np.argsort(old.rank)
    for arc, (low, high) in enumerate(arcs):
        if was[arc] != NO_ARC:
            assert [node[low], node[high]] == [before[end] for end in positions(old)[was[arc]]]
            assert now[was[arc]] == arc
    for edge, arc in enumerate(hierarchy.edge_arc):
        ends = hierarchy.rank[tail[edge]], hierarchy.rank[head[edge]]
        assert (arc == NO_ARC) == (ends[0] == ends[1])
        if arc != NO_ARC:
            assert arcs[arc] == (ends if hierarchy.edge_is_up[edge] else ends[::-1])
