"""Arcs that no quickest way needs: which ones by hand, and the order of rows that the lone lane likes.

That every time stays as it was is tested in `test_sweep`, which asks all its questions of thinned arcs too.

    Aa ── 10 ── Bee ── 10 ── Cee      Bee goes first, then Aa, Cee and Dee: besides the five streets no arc is needed
     └────── x ───────────────┤       to fill. Over Bee it takes 20 s from Aa to Cee, by the street x.
                             10
     └────── y ────────────  Dee      Over Cee it takes 30 s from Aa to Dee, by the street y.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from network.hierarchy.arcs import ArcMask, Arcs, Side, arcs_in_runs, masked_arcs, needed_arc_mask
from network.hierarchy.hierarchy import Hierarchy, build_hierarchy, customise, symbolic
from support.toys.sweeps import CLOSED, Streets, customised, quickest_arcs, street_networks, streets_of

AA, BEE, CEE, DEE = range(4)
RANK = np.array([1, 0, 2, 3], np.int32)
ARCS = [(BEE, AA), (BEE, CEE), (AA, CEE), (AA, DEE), (CEE, DEE)]
"""In the order of the hierarchy: by the lower end, then by the upper."""


def square(x: tuple[int, int], y: tuple[int, int], back_s: int = 10) -> tuple[Hierarchy, ArcMask]:
    """The streets above with seconds for x and y there and back, and for the way from Dee to Cee; which arcs they need."""
    rows = [(AA, BEE, 10, 10), (BEE, CEE, 10, 10), (CEE, DEE, 10, back_s), (AA, CEE, *x), (AA, DEE, *y)]
    streets = streets_of(4, rows)
    hierarchy = symbolic(RANK, streets.tail, streets.head)
    return hierarchy, needed_arc_mask(hierarchy, customise(hierarchy, streets.forward_s, streets.backward_s))


def named(is_needed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    return [arc for arc, is_kept in zip(ARCS, is_needed.tolist(), strict=True) if is_kept]


@pytest.mark.parametrize(("y_s", "is_needed"), [(29, True), (30, False), (31, False)])
def test_an_arc_is_needed_only_where_it_is_quicker_than_the_way_over_higher_nodes(
    y_s: int, *, is_needed: bool
) -> None:
    # From Aa over Cee to Dee it takes 20 + 10; a street y of 30 s is a tie. Back the street of 99 s is never needed.
    _, arc_mask = square((20, 20), (y_s, 99))
    assert ((AA, DEE) in named(arc_mask.up)) == is_needed
    assert (AA, DEE) not in named(arc_mask.down)


def test_a_way_over_a_lower_node_needs_its_arc() -> None:
    # Nobody takes x at 50 s, but the arc from Aa to Cee stands for the way over Bee, 20 s, and Aa is above Bee.
    _, arc_mask = square((50, 50), (99, 99))
    assert (AA, CEE) in named(arc_mask.up)
    # From Bee to Cee there is the street of 10 s; over Aa, which is higher, it would take 10 + 20.
    assert (BEE, CEE) in named(arc_mask.up)


def test_each_direction_is_looked_at_for_itself() -> None:
    # Dee to Cee takes 60 s, so back from Dee to Aa the street of 70 s is quicker than 60 + 20; there it is 30 against 70.
    _, arc_mask = square((20, 20), (70, 70), back_s=60)
    assert (AA, DEE) not in named(arc_mask.up)
    assert (AA, DEE) in named(arc_mask.down)


def test_a_closed_arc_is_not_needed() -> None:
    _, arc_mask = square((20, 20), (25, CLOSED), back_s=CLOSED)
    assert (AA, DEE) in named(arc_mask.up)
    assert (CEE, DEE) not in named(arc_mask.down)
    assert (AA, DEE) not in named(arc_mask.down)


def test_of_two_arcs_that_could_stand_in_for_each_other_one_is_kept() -> None:
    # Cee and Dee are no second apart, so Aa reaches Dee as quickly over Cee as Cee over Dee.
    streets = streets_of(3, [(0, 1, 10, 10), (0, 2, 10, 10), (1, 2, 0, 0)])
    hierarchy = symbolic(np.arange(3, dtype=np.int32), streets.tail, streets.head)
    arc_mask = needed_arc_mask(hierarchy, customise(hierarchy, streets.forward_s, streets.backward_s))
    for is_needed in arc_mask:
        assert is_needed[:2].sum() == 1
        assert is_needed[2]


@given(street_networks())
@settings(deadline=None)
def test_what_is_needed_takes_the_least_time_and_no_other_arc_beats_it(streets: Streets) -> None:
    hierarchy, weights = customised(streets)
    arc_mask = needed_arc_mask(hierarchy, weights)
    node = np.argsort(hierarchy.rank)
    low = node[np.repeat(np.arange(streets.n_nodes), np.diff(hierarchy.arc_offset))]
    high = node[hierarchy.high]
    least = dijkstra(quickest_arcs(streets))
    assert (weights.up[arc_mask.up] == least[low, high][arc_mask.up]).all()
    assert (weights.down[arc_mask.down] == least[high, low][arc_mask.down]).all()


def links(side: Side) -> list[tuple[int, int, int]]:
    """Row below, row above and weight of every arc."""
    below = np.repeat(np.arange(len(side.offset) - 1), np.diff(side.offset))
    return list(zip(below.tolist(), side.high.tolist(), side.weight.tolist(), strict=True))


def renamed(arcs: Arcs, side: Side) -> list[tuple[int, int, int]]:
    """The same with nodes in place of rows."""
    node = np.argsort(arcs.row).tolist()
    return sorted((node[below], node[above], weight) for below, above, weight in links(side))


@given(street_networks())
@settings(deadline=None)
def test_rows_in_runs_hold_the_same_arcs_and_each_leads_to_a_later_row(streets: Streets) -> None:
    hierarchy, weights = customised(streets)
    arc_mask = needed_arc_mask(hierarchy, weights)
    arcs = arcs_in_runs(hierarchy, weights, arc_mask)
    assert sorted(arcs.row.tolist()) == list(range(streets.n_nodes))
    position = np.repeat(np.arange(streets.n_nodes), np.diff(hierarchy.arc_offset))
    node = np.argsort(hierarchy.rank)
    for side, weight, is_needed in zip((arcs.up, arcs.down), weights, arc_mask, strict=True):
        assert all(below < above for below, above, _ in links(side))
        expected = zip(node[position], node[hierarchy.high], weight, strict=True)
        kept = [arc for arc, is_kept in zip(expected, is_needed.tolist(), strict=True) if is_kept]
        assert renamed(arcs, side) == sorted(kept)


def test_a_town_of_blocks_has_rows_in_long_runs() -> None:
    # 30 x 30 crossings: the number of arcs changes at most half as often from row to row as in elimination order.
    node = np.arange(900, dtype=np.int32).reshape(30, 30)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    second = np.random.default_rng(5).integers(10, 90, len(tail), dtype=np.int32)
    hierarchy = build_hierarchy(900, tail, head)
    weights = customise(hierarchy, second, second)
    arc_mask = needed_arc_mask(hierarchy, weights)
    ordered = [order(hierarchy, weights, arc_mask) for order in (masked_arcs, arcs_in_runs)]
    one_by_one, in_runs = (np.count_nonzero(np.diff(np.diff(arcs.up.offset))) for arcs in ordered)
    assert in_runs <= one_by_one / 2


def test_the_arrays_are_read_only() -> None:
    hierarchy, weights = customised(streets_of(3, [(0, 1, 1, 1), (1, 2, 1, CLOSED)]))
    arc_mask = needed_arc_mask(hierarchy, weights)
    arcs = arcs_in_runs(hierarchy, weights, arc_mask)
    assert not any(column.flags.writeable for column in (*arc_mask, arcs.row, *arcs.up, *arcs.down))
