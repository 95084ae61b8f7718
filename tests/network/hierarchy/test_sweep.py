"""Sweeps against Dijkstra, value by value.

The valley of the hand-made cases; every street is walked at a metre a second unless marked:

    Aa ── 100 m ── Bee ── 300 m ── Cee      Eel
     └─────────── 400 m ────────────┘
    Dee ── 50 m, one way from Dee to Bee
"""

from __future__ import annotations

import heapq
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike, NDArray
from scipy.sparse.csgraph import dijkstra

from network.hierarchy.arcs import (
    ArcMask,
    Arcs,
    all_arcs,
    arcs_between,
    arcs_in_runs,
    full_arc_mask,
    masked_arcs,
    needed_arc_mask,
)
from network.hierarchy.hierarchy import Hierarchy, Weights, build_hierarchy, customise
from network.hierarchy.incremental import extended
from network.hierarchy.packing import Unpacked, pack, seconds_of, unpack
from network.hierarchy.sweep import LANES_PER_PASS, Exits, Seeds, at_nodes, search, search_many
from network.lanes import as_seconds
from support.files import ROOT, SHARED, file_of
from support.toys.sweeps import CLOSED, Streets, customised, quickest_arcs, street_networks, streets_of

AA, BEE, CEE, DEE, EEL = range(5)
NEWPORT = SHARED / "newport" / "newport-2023-06-13.osm.pbf"
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
compiled_only = pytest.mark.skipif(INTERPRETED, reason="too slow without the compiler")


def arcs_of(streets: Streets) -> Arcs:
    return all_arcs(*customised(streets))


def all_kinds(streets: Streets) -> tuple[Arcs, ...]:
    """All arcs; the needed ones; the same with the rows in runs; all of them with the rows in runs."""
    hierarchy, weights = customised(streets)
    arc_mask, every = needed_arc_mask(hierarchy, weights), full_arc_mask(hierarchy)
    return (
        all_arcs(hierarchy, weights),
        masked_arcs(hierarchy, weights, arc_mask),
        arcs_in_runs(hierarchy, weights, arc_mask),
        arcs_in_runs(hierarchy, weights, every),
    )


def choices(hierarchy: Hierarchy, weights: Weights) -> tuple[ArcMask, ArcMask]:
    """Every arc, and those that are needed."""
    return full_arc_mask(hierarchy), needed_arc_mask(hierarchy, weights)


VALLEY = streets_of(
    5, [(AA, BEE, 100, 100), (BEE, CEE, 300, 300), (CEE, AA, 400, 400), (DEE, BEE, 50, CLOSED)]
)
VALLEY_M = np.array([100.0, 300.0, 400.0, 50.0])


def from_each(node: NDArray[np.int64]) -> Seeds:
    """One lane per node."""
    return Seeds(node, np.arange(len(node)), np.zeros(len(node), np.int64))


def all_seconds(arcs: Arcs, n_nodes: int, dtype: DTypeLike) -> NDArray[np.float64]:
    """(N, N) seconds from the first index to the second."""
    every = np.arange(n_nodes)
    return as_seconds(search_many(arcs, from_each(every), at_nodes(every), (len(every), n_nodes), dtype)).T


def test_seconds_over_the_valley_from_and_to() -> None:
    # To Cee one walks 300 from Bee, 400 from Aa, and 50 + 300 from Dee. Nobody gets to Dee, and Eel is an island.
    arcs = arcs_of(VALLEY)
    every = np.arange(5)
    to_cee = search(arcs.turned(), from_each(np.array([CEE])), 1, np.int32)
    assert as_seconds(to_cee[arcs.rows_of(every), 0]).tolist() == [400, 300, 0, 350, np.inf]
    from_cee = search(arcs, from_each(np.array([CEE])), 1, np.int32)
    assert as_seconds(from_cee[arcs.rows_of(every), 0]).tolist() == [400, 300, 0, np.inf, np.inf]


@given(street_networks())
@settings(deadline=None)
@pytest.mark.parametrize("dtype", [np.int32, np.uint16])
def test_every_pair_equals_dijkstra(dtype: DTypeLike, streets: Streets) -> None:
    expected = dijkstra(quickest_arcs(streets))
    for arcs in all_kinds(streets):
        assert np.array_equal(all_seconds(arcs, streets.n_nodes, dtype), expected)
        assert np.array_equal(all_seconds(arcs.turned(), streets.n_nodes, dtype), expected.T)


@given(street_networks(), st.integers(0, 11))
@settings(deadline=None)
@pytest.mark.parametrize("dtype", [np.int32, np.uint16])
def test_a_lane_on_its_own_equals_dijkstra(dtype: DTypeLike, streets: Streets, number: int) -> None:
    source, every = number % streets.n_nodes, np.arange(streets.n_nodes)
    expected = dijkstra(quickest_arcs(streets))
    for arcs in all_kinds(streets):
        found = search(arcs, from_each(np.array([source])), 1, dtype)[arcs.rows_of(every), 0]
        assert np.array_equal(as_seconds(found), expected[source])
        back = search(arcs.turned(), from_each(np.array([source])), 1, dtype)[arcs.rows_of(every), 0]
        assert np.array_equal(as_seconds(back), expected[:, source])


@given(street_networks(), st.lists(st.integers(0, 11), min_size=1, max_size=4))
@settings(deadline=None)
def test_arcs_between_some_nodes_answer_as_all_arcs_do(streets: Streets, numbers: list[int]) -> None:
    chosen = np.array(numbers) % streets.n_nodes
    hierarchy, weights = customised(streets)
    expected = dijkstra(quickest_arcs(streets), indices=chosen)[:, chosen]
    shape = (len(chosen), len(chosen))
    for arc_mask in choices(hierarchy, weights):
        arcs = arcs_between(hierarchy, weights, arc_mask, chosen)
        found = as_seconds(search_many(arcs, from_each(chosen), at_nodes(chosen), shape, np.int32))
        assert np.array_equal(found.T, expected)
        back = as_seconds(search_many(arcs.turned(), from_each(chosen), at_nodes(chosen), shape, np.int32))
        assert np.array_equal(back, expected)


@given(street_networks(), st.integers(0, 29), st.integers(0, 20))
@settings(deadline=None)
def test_changed_seconds_need_no_new_hierarchy(streets: Streets, number: int, seconds: int) -> None:
    hierarchy = build_hierarchy(streets.n_nodes, streets.tail, streets.head)
    forward_s = streets.forward_s.copy()
    forward_s[number : number + 1] = seconds
    edited = streets._replace(forward_s=forward_s)
    arcs = all_arcs(hierarchy, customise(hierarchy, forward_s, streets.backward_s))
    assert np.array_equal(all_seconds(arcs, streets.n_nodes, np.int32), dijkstra(quickest_arcs(edited)))


@given(street_networks(), st.integers(0, 11), st.integers(0, 11), st.integers(0, 20))
@settings(deadline=None)
def test_a_new_street_is_found_and_makes_nobody_later(
    streets: Streets, one: int, other: int, seconds: int
) -> None:
    n_nodes = streets.n_nodes
    new = np.array([[one % n_nodes], [other % n_nodes], [seconds], [CLOSED]], np.int32)
    edited = Streets(n_nodes, *(np.append(column, row) for column, row in zip(streets[1:], new, strict=True)))
    same = np.arange(n_nodes, dtype=np.int32)
    edge_was = np.append(np.arange(len(streets.tail)), -1).astype(np.int32)
    old = build_hierarchy(n_nodes, streets.tail, streets.head)
    more = extended(old, same, edited.tail, edited.head, edge_was)
    assert more is not None
    hierarchy = more.hierarchy
    arcs = all_arcs(hierarchy, customise(hierarchy, edited.forward_s, edited.backward_s))
    after = all_seconds(arcs, n_nodes, np.int32)
    assert np.array_equal(after, dijkstra(quickest_arcs(edited)))
    assert (after <= dijkstra(quickest_arcs(streets))).all()


def test_nearest_names_the_target_and_the_metres() -> None:
    # From Aa, Bee's shop is 100 m away and Cee's 400 m. From Dee it is 50 m. No shop is reached from Eel.
    found = nearest(VALLEY, VALLEY_M, [CEE, BEE])
    assert found.seconds.tolist() == [100, 0, 0, 50, np.inf]
    assert found.metres.tolist() == [100, 0, 0, 50, np.inf]
    assert found.target.tolist() == [1, 1, 0, 1, -1]


def test_of_equally_quick_ways_the_shortest_counts_and_then_the_lowest_number() -> None:
    # Aa to Cee takes 400 s both ways; over Bee it is only 350 m here. Then two shops share Cee: the first one counts.
    found = nearest(VALLEY, np.array([100.0, 250.0, 400.0, 50.0]), [CEE, CEE])
    assert (found.seconds[AA], found.metres[AA], found.target[AA]) == (400, 350, 0)


def test_a_seed_may_start_late() -> None:
    # The shop lies 30 s beyond Cee and 350 s beyond Bee: Bee walks 300 + 30, Dee 50 more.
    arcs = arcs_of(VALLEY).turned()
    seeds = Seeds(np.array([CEE, BEE]), np.zeros(2, np.int64), np.array([30, 350]))
    found = search(arcs, seeds, 1, np.int32)
    assert as_seconds(found[arcs.rows_of(np.array([BEE, DEE])), 0]).tolist() == [330, 380]


def nearest(streets: Streets, length_m: NDArray[np.float64], targets: list[int]) -> Unpacked:
    """Quickest target of every node, with metres."""
    hierarchy = build_hierarchy(streets.n_nodes, streets.tail, streets.head)
    forward, backward = (pack(seconds, length_m, 0) for seconds in (streets.forward_s, streets.backward_s))
    weights = customise(hierarchy, forward, backward)
    arcs = arcs_in_runs(hierarchy, weights, needed_arc_mask(hierarchy, weights)).turned()
    number = np.arange(len(targets))
    seeds = Seeds(
        np.array(targets, np.int64), np.zeros_like(number), pack(np.zeros_like(number), 0.0, number)
    )
    return unpack(search(arcs, seeds, 1, np.int64)[arcs.rows_of(np.arange(streets.n_nodes)), 0])


def plain_nearest(
    streets: Streets, length_m: NDArray[np.float64], targets: list[int]
) -> dict[int, tuple[int, int, int]]:
    """Seconds, decimetres and number of the best target per node that has one: Dijkstra's search over such triples."""
    near: dict[int, list[tuple[int, int, int]]] = {node: [] for node in range(streets.n_nodes)}
    for tail, head, ahead_s, back_s, metres in zip(
        *(column.tolist() for column in streets[1:]), length_m.tolist(), strict=True
    ):
        near[head] += [(tail, ahead_s, round(metres * 10))] * (ahead_s < CLOSED)
        near[tail] += [(head, back_s, round(metres * 10))] * (back_s < CLOSED)
    best: dict[int, tuple[int, int, int]] = {}
    queue = [((0, 0, number), node) for number, node in enumerate(targets)]
    heapq.heapify(queue)
    while queue:
        reached, node = heapq.heappop(queue)
        if node not in best:
            best[node] = reached
            for other, seconds, decimetres in near[node]:
                heapq.heappush(queue, ((reached[0] + seconds, reached[1] + decimetres, reached[2]), other))
    return best


@given(street_networks(), st.lists(st.integers(0, 11), max_size=4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_nearest_equals_a_search_over_triples(streets: Streets, numbers: list[int], seed: int) -> None:
    # Few lengths, so that ties in seconds and in metres are common.
    length_m = np.random.default_rng(seed).integers(0, 4, len(streets.tail)) / 2
    targets = [number % streets.n_nodes for number in numbers]
    found = nearest(streets, length_m, targets)
    best = plain_nearest(streets, length_m, targets)
    for node in range(streets.n_nodes):
        seconds, decimetres, target = best.get(node, (np.inf, np.inf, -1))
        assert found.seconds[node] == seconds
        assert found.metres[node] == decimetres / 10
        assert found.target[node] == target


@given(street_networks())
@settings(deadline=None)
def test_plain_seconds_come_out_of_packed_weights(streets: Streets) -> None:
    hierarchy = build_hierarchy(streets.n_nodes, streets.tail, streets.head)
    packed = customise(hierarchy, pack(streets.forward_s, 7.5, 0), pack(streets.backward_s, 7.5, 0))
    plain = customise(hierarchy, streets.forward_s, streets.backward_s)
    assert [seconds_of(column).tolist() for column in packed] == [column.tolist() for column in plain]


def test_narrow_lanes_hold_65534_seconds_and_no_more() -> None:
    # 0 -> 1 takes 65,534 s, one second less than the top; 0 -> 2 one second more, 3 far more than the lanes hold.
    arcs = arcs_of(streets_of(4, [(0, 1, 65_534, CLOSED), (1, 2, 1, CLOSED), (2, 3, 70_000, CLOSED)]))
    every = np.arange(4)
    narrow = search_many(arcs, from_each(every[:2]), at_nodes(every), (len(every), 2), np.uint16)
    assert as_seconds(narrow[:, 0]).tolist() == [0, 65_534, np.inf, np.inf]
    assert as_seconds(narrow[:, 1]).tolist() == [np.inf, 0, 1, np.inf]
    wide = search_many(arcs, from_each(every[:2]), at_nodes(every), (len(every), 2), np.int32)
    assert as_seconds(wide[:, 0]).tolist() == [0, 65_534, 65_535, 135_535]


def test_more_lanes_than_one_pass_takes() -> None:
    # A street of 150 nodes, a second apart: from node i to node j it takes |i - j|.
    n_nodes = 4 * LANES_PER_PASS + 22
    streets = streets_of(n_nodes, [(node, node + 1, 1, 1) for node in range(n_nodes - 1)])
    every = np.arange(n_nodes)
    for dtype in (np.uint16, np.int32):
        assert np.array_equal(all_seconds(arcs_of(streets), n_nodes, dtype), np.abs(every[:, None] - every))


def test_a_way_out_of_narrow_lanes_ends_at_the_top_as_well() -> None:
    # One second to the next node, and from there 65,533 to the point or one more: the first sum fits, the second does not,
    # and the node that is not reached stays so whatever its way out.
    arcs = arcs_of(streets_of(3, [(0, 1, 1, CLOSED)]))
    exits = Exits(np.array([1, 1, 2]), np.arange(3), np.array([65_533, 65_534, 10]))
    found = search_many(arcs, from_each(np.array([0])), exits, (3, 1), np.uint16)
    assert as_seconds(found[:, 0]).tolist() == [65_534, np.inf, np.inf]


def test_misuse_is_refused() -> None:
    arcs = arcs_of(VALLEY)
    with pytest.raises(ValueError, match="int64"):
        search(arcs, from_each(np.array([AA])), 1, np.int64)
    hierarchy, weights = customised(VALLEY)
    some = arcs_between(hierarchy, weights, full_arc_mask(hierarchy), np.array([EEL]))
    with pytest.raises(ValueError, match="nodes"):
        search(some, from_each(np.array([AA])), 1, np.int32)


def test_without_sources_or_nodes_nothing_is_reached() -> None:
    nobody = from_each(np.zeros(0, np.int64))
    assert np.isinf(as_seconds(search(arcs_of(VALLEY), nobody, 2, np.int32))).all()
    assert search(arcs_of(streets_of(0, [])), nobody, 3, np.int32).shape == (0, 3)
    assert search_many(
        arcs_of(VALLEY), nobody, at_nodes(np.arange(5)), (len(np.arange(5)), 0), np.int32
    ).shape == (5, 0)


@compiled_only
def test_a_town_of_blocks_with_one_way_streets() -> None:
    # 40 x 40 crossings, every street 10 to 90 s, every fourth closed in one direction.
    rng = np.random.default_rng(7)
    node = np.arange(1600, dtype=np.int32).reshape(40, 40)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    forward_s, backward_s = rng.integers(10, 90, (2, len(tail)), dtype=np.int32)
    backward_s[::4] = CLOSED
    streets = Streets(1600, tail, head, forward_s, backward_s)
    expected = dijkstra(quickest_arcs(streets))
    for arcs in all_kinds(streets):
        assert np.array_equal(all_seconds(arcs, 1600, np.int32), expected)
        assert np.array_equal(all_seconds(arcs, 1600, np.uint16), expected)


def read_newport() -> Streets:
    """Every straight piece of every highway, both ways, at walking speed; straight metres on a sphere are near enough."""
    osmium = pytest.importorskip("osmium")
    number: dict[int, int] = {}
    place: list[tuple[float, float]] = []
    ends: list[tuple[int, int]] = []
    reader = osmium.FileProcessor(str(NEWPORT), osmium.osm.WAY | osmium.osm.NODE).with_locations()
    for entity in reader:
        if not entity.is_way() or "highway" not in entity.tags:
            continue
        before = -1
        for point in entity.nodes:
            here = number.setdefault(point.ref, len(number)) if point.location.valid() else -1
            if here == len(place):
                place.append((point.location.lon, point.location.lat))
            if before >= 0 and here >= 0:
                ends.append((before, here))
            before = here
    lon, lat = np.radians(np.array(place)).T
    tail, head = np.array(ends, np.int32).T.copy()
    east, north = (lon[tail] - lon[head]) * np.cos(lat[tail]), lat[tail] - lat[head]
    seconds = np.rint(6_371_000 * np.hypot(east, north) / 1.33).astype(np.int32)
    return Streets(len(number), tail, head, seconds, seconds)


@compiled_only
@pytest.mark.skipif(not NEWPORT.exists(), reason="the shared data are not here")
def test_every_street_of_newport_from_200_places() -> None:
    streets = read_newport()
    assert streets.n_nodes > 40_000
    source = np.random.default_rng(11).choice(streets.n_nodes, 200, replace=False)
    expected = dijkstra(quickest_arcs(streets), indices=source)
    every = np.arange(streets.n_nodes)
    found = search_many(
        arcs_of(streets), from_each(source), at_nodes(every), (len(every), len(source)), np.int32
    )
    assert np.array_equal(as_seconds(found).T, expected)


@pytest.mark.skipif(INTERPRETED, reason="is already so")
def test_the_kernels_mean_the_same_without_the_compiler() -> None:
    tests = [str(file_of(name)) for name in ("test_hierarchy.py", "test_arcs.py", "test_sweep.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 -- our own tests
    assert run.returncode == 0, run.stdout
