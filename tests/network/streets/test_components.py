"""The main component after an edit, against a search over everything.

A ─── B ─── C ─── D
│     │     │
E ─── F ─── G
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.columns import Bools
from network.streets.components import Open, edited_component
from network.streets.mapped import EndsAt, rows_by

Rows = list[tuple[int, int, bool, bool]]
"""From, to, open that way, open back."""
A, B, C, D, E, F, G = range(7)
BLOCKS: Rows = [
    (*ends, True, True) for ends in ((A, B), (B, C), (C, D), (A, E), (B, F), (C, G), (E, F), (F, G))
]


def streets_of(n_nodes: int, rows: Rows) -> Open:
    end_node = np.array([node for one, other, _, _ in rows for node in (one, other)], np.int32)
    leaves = np.array([may_go for _, _, ahead, back in rows for may_go in (ahead, back)], np.bool_)
    return Open(EndsAt(*rows_by(end_node, n_nodes)), end_node, leaves)


def components(n_nodes: int, rows: Rows) -> list[set[int]]:
    """Strongly connected components, the largest first, by networkx."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(n_nodes))
    graph.add_edges_from((one, other) for one, other, ahead, _ in rows if ahead)
    graph.add_edges_from((other, one) for one, other, _, back in rows if back)
    return sorted(nx.strongly_connected_components(graph), key=len, reverse=True)


def edited(n_nodes: int, before: Rows, after: Rows) -> Bools | None:
    """The component after rows of the same number have changed; the rows of `after` that `before` has not are new."""
    main = np.zeros(n_nodes, np.bool_)
    main[list(components(n_nodes, before)[0])] = True
    changed = [row for row in range(len(after)) if row >= len(before) or before[row] != after[row]]
    closed = []
    for row in changed:
        if row < len(before):
            one, other, ahead, back = before[row]
            closed += [(one, other)] * ahead + [(other, one)] * back
    ways = np.array(closed, np.int32).reshape(-1, 2)
    return edited_component(streets_of(n_nodes, after), main, np.array(changed, np.int64), ways)


def nodes(found: Bools | None) -> set[int]:
    assert found is not None
    return set(np.flatnonzero(found).tolist())


def without(*names: tuple[int, int]) -> Rows:
    return [(one, other, (one, other) not in names, (one, other) not in names) for one, other, _, _ in BLOCKS]


def test_a_closed_street_with_a_way_round_cuts_nobody_off() -> None:
    assert nodes(edited(7, BLOCKS, without((B, C)))) == {A, B, C, D, E, F, G}


def test_a_closed_dead_end_is_outside() -> None:
    assert nodes(edited(7, BLOCKS, without((C, D)))) == {A, B, C, E, F, G}


def test_two_closures_cut_off_what_each_alone_does_not() -> None:
    # Without B-C one reaches C over G; without F-G too, C, D and G are apart.
    assert nodes(edited(7, BLOCKS, without((B, C), (F, G)))) == {A, B, E, F}


def test_where_less_than_half_is_left_a_search_over_everything_must_tell() -> None:
    assert edited(7, BLOCKS, without((A, B), (E, F), (B, C), (F, G))) is None


def test_whoever_went_over_what_is_cut_off_needs_a_way_round_too() -> None:
    # From B one goes to D only over C, which nobody may enter any more: B to C is closed. D leads back over E.
    # Without a way round D and E, which lead on to A, can no longer be reached either.
    ring: Rows = [
        (A, B, True, True),
        (B, C, True, False),
        (C, D, True, False),
        (D, E, True, False),
        (E, A, True, False),
    ]
    cut = [ring[0], (B, C, False, False), *ring[2:]]
    more: Rows = [(A, F, True, True), (F, G, True, True)]
    assert nodes(edited(7, ring + more, cut + more)) == {A, B, F, G}
    # With a street from B to D besides, only C is left out.
    besides: Rows = [*more, (B, D, True, False)]
    assert nodes(edited(7, ring + besides, cut + besides)) == {A, B, D, E, F, G}


def test_a_new_street_takes_in_what_it_leads_to_and_back_from() -> None:
    # D is joined to the blocks by a street in one direction; the new one leads back.
    before = [*without((C, D)), (C, D, True, False)]
    assert nodes(edited(7, before, before)) == {A, B, C, E, F, G}
    assert nodes(edited(7, before, [*before, (D, G, True, False)])) == {A, B, C, D, E, F, G}


@st.composite
def edits(draw: st.DrawFn) -> tuple[int, Rows, Rows]:
    n_nodes = draw(st.integers(1, 10))
    node, may_go = st.integers(0, n_nodes - 1), st.booleans()
    before = draw(st.lists(st.tuples(node, node, may_go, st.just(value=True)), min_size=n_nodes, max_size=30))
    after = [
        draw(st.one_of(st.just(row), st.just(row), st.tuples(st.just(row[0]), node, may_go, may_go)))
        for row in before
    ]
    return n_nodes, before, after + draw(st.lists(st.tuples(node, node, may_go, may_go), max_size=4))


@given(edits())
@settings(deadline=None, max_examples=300)
def test_what_is_told_equals_a_search_over_everything(case: tuple[int, Rows, Rows]) -> None:
    n_nodes, before, after = case
    found = edited(n_nodes, before, after)
    largest = components(n_nodes, after)[0]
    if found is not None:
        assert nodes(found) == largest
    else:
        # It may be left open only where the component has less than half of the nodes, before or after.
        assert min(len(largest), len(components(n_nodes, before)[0])) <= n_nodes / 2


@pytest.mark.parametrize("n_nodes", [0, 1])
def test_hardly_any_streets(n_nodes: int) -> None:
    streets, none = streets_of(n_nodes, []), np.zeros(0, np.int64)
    found = edited_component(streets, np.ones(n_nodes, np.bool_), none, np.zeros((0, 2), np.int32))
    assert found is None or found.all()
