"""Order, fill and customisation, against elimination by plain loops.

The ring that the hand-made cases use, weights from tail to head / from head to tail:

    Aa ── 10/10 ── Bee
    │               │
   40/40           20/5
    │               │
    Dee ── 30/30 ── Cee
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.hierarchy.hierarchy import NO_ARC, build_hierarchy, customise, elimination_order, symbolic
from network.lanes import unreached
from support.oracles.elimination import Ends, arcs_of, eliminated, ints

AA, BEE, CEE, DEE = range(4)
RING_TAIL = np.array([AA, BEE, CEE, DEE], np.int32)
RING_HEAD = np.array([BEE, CEE, DEE, AA], np.int32)
RING_AHEAD = np.array([10, 20, 30, 40], np.int32)
RING_BACK = np.array([10, 5, 30, 40], np.int32)
CLOSED = unreached(np.int32)


@st.composite
def patterns(draw: st.DrawFn) -> tuple[int, Ends, Ends]:
    """Nodes and edges: loops, parallel edges, several components and lone nodes included."""
    n_nodes = draw(st.integers(1, 14))
    node = st.integers(0, n_nodes - 1)
    edges = draw(st.lists(st.tuples(node, node), max_size=30))
    ends = np.array(edges, np.int32).reshape(-1, 2)
    return n_nodes, ends[:, 0].copy(), ends[:, 1].copy()


@given(patterns())
@settings(deadline=None)
def test_the_fill_is_that_of_eliminating_node_by_node(pattern: tuple[int, Ends, Ends]) -> None:
    n_nodes, tail, head = pattern
    hierarchy = build_hierarchy(n_nodes, tail, head)
    assert sorted(hierarchy.rank) == list(range(n_nodes))
    assert arcs_of(hierarchy) == sorted(eliminated(hierarchy.rank, tail, head))


@given(patterns())
@settings(deadline=None)
def test_every_edge_knows_its_arc_and_its_direction(pattern: tuple[int, Ends, Ends]) -> None:
    n_nodes, tail, head = pattern
    hierarchy = build_hierarchy(n_nodes, tail, head)
    for edge, arc in enumerate(hierarchy.edge_arc):
        ends = hierarchy.rank[tail[edge]], hierarchy.rank[head[edge]]
        if ends[0] == ends[1]:
            assert arc == NO_ARC
        else:
            lower_upper = ends if hierarchy.edge_is_up[edge] else ends[::-1]
            assert arcs_of(hierarchy)[arc] == lower_upper


@given(patterns())
@settings(deadline=None)
def test_positions_are_a_postorder_every_subtree_is_one_run(pattern: tuple[int, Ends, Ends]) -> None:
    n_nodes, tail, head = pattern
    hierarchy = build_hierarchy(n_nodes, tail, head)
    below = {position: {position} for position in range(n_nodes)}
    for position in range(n_nodes):
        assert max(below[position]) == position
        assert len(below[position]) == position - min(below[position]) + 1
        first, end = hierarchy.arc_offset[position : position + 2]
        if first < end:
            below[int(hierarchy.high[first])] |= below[position]


@given(patterns(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_does_not_depend_on_how_edges_are_listed(
    pattern: tuple[int, Ends, Ends], random: Random
) -> None:
    n_nodes, tail, head = pattern
    edges = list(range(len(tail)))
    random.shuffle(edges)
    chosen = np.array(edges, np.int64)
    listed = elimination_order(n_nodes, tail, head)
    shuffled = elimination_order(n_nodes, head[chosen], tail[chosen])
    assert listed.tolist() == shuffled.tolist()


def test_a_grid_fills_in_far_less_than_row_by_row() -> None:
    # Eliminated row by row, a 30 x 30 grid would join nearly every node to 30 later ones; minimum degree needs a third of that.
    side = 30
    node = np.arange(side * side, dtype=np.int32).reshape(side, side)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    by_row = symbolic(np.arange(side * side, dtype=np.int32), tail, head)
    assert len(by_row.high) > 28 * side * side
    assert len(build_hierarchy(side * side, tail, head).high) < 11 * side * side


def test_a_ring_of_four_needs_one_shortcut() -> None:
    # Whoever goes first joins its two neighbours, which were not joined: 4 streets + 1. After that all are joined.
    assert len(build_hierarchy(4, RING_TAIL, RING_HEAD).high) == 5


def test_a_shortcut_costs_the_way_through_the_eliminated_node() -> None:
    # Bee first: the shortcut Aa-Cee costs 10 + 20 that way and 5 + 10 back. Dee offers 30 + 40 = 70 either way.
    hierarchy = symbolic(ints(2, 0, 3, 1), RING_TAIL, RING_HEAD)
    weights = customise(hierarchy, RING_AHEAD, RING_BACK)
    assert arcs_of(hierarchy) == [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert weights.up.tolist() == [10, 20, 40, 30, 30]
    assert weights.down.tolist() == [10, 5, 40, 30, 15]


def test_a_closed_street_leaves_the_other_way_round() -> None:
    # Closed from Bee to Cee, the shortcut from Aa to Cee must use Dee: 40 + 30. Back nothing changes.
    hierarchy = symbolic(ints(2, 0, 3, 1), RING_TAIL, RING_HEAD)
    weights = customise(hierarchy, ints(10, CLOSED, 30, 40), RING_BACK)
    assert (weights.up[-1], weights.down[-1]) == (70, 15)


def test_weights_above_the_closed_value_are_closed_too_and_do_not_overflow() -> None:
    most = np.iinfo(np.int32).max
    hierarchy = build_hierarchy(4, RING_TAIL, RING_HEAD)
    weights = customise(hierarchy, np.full(4, most, np.int32), np.full(4, most - 1, np.int32))
    assert set(weights.up.tolist()) | set(weights.down.tolist()) == {CLOSED}


def test_of_parallel_streets_the_least_counts_per_direction_and_loops_do_not() -> None:
    hierarchy = build_hierarchy(2, ints(0, 1, 0, 0), ints(1, 0, 1, 0))
    weights = customise(hierarchy, ints(9, 7, 8, 0), ints(3, 6, 5, 0))
    # From 0 to 1: 9, 6 or 8. From 1 to 0: 3, 7 or 5.
    there, back = (weights.up, weights.down) if hierarchy.rank[0] == 0 else (weights.down, weights.up)
    assert (there.tolist(), back.tolist()) == ([6], [3])


def test_packed_weights_stay_int64() -> None:
    hierarchy = symbolic(ints(2, 0, 3, 1), RING_TAIL, RING_HEAD)
    weights = customise(hierarchy, RING_AHEAD.astype(np.int64) << 44, RING_BACK.astype(np.int64) << 44)
    assert (weights.up[-1], weights.down[-1]) == (30 << 44, 15 << 44)


def test_negative_weights_are_refused() -> None:
    hierarchy = build_hierarchy(4, RING_TAIL, RING_HEAD)
    with pytest.raises(ValueError, match="negative"):
        customise(hierarchy, RING_AHEAD, -RING_BACK)


def test_the_arrays_are_read_only() -> None:
    hierarchy = build_hierarchy(4, RING_TAIL, RING_HEAD)
    weights = customise(hierarchy, RING_AHEAD, RING_BACK)
    assert not any(column.flags.writeable for column in (*hierarchy, *weights))


@pytest.mark.parametrize("n_nodes", [0, 1, 3])
def test_no_streets_at_all(n_nodes: int) -> None:
    hierarchy = build_hierarchy(n_nodes, ints(), ints())
    assert hierarchy.n_nodes == n_nodes
    assert len(customise(hierarchy, ints(), ints()).up) == 0
