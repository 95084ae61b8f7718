"""Streets edited: by hand, against a build from scratch, and on real networks against SciPy.

E ───────────── F      A-D and E-F are streets of 300 m, 100 m apart, joined by the street A-E of 100 m.
│
A ── B ── C ─── D
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.columns import Floats, Int32s
from data.errors import InputError
from data.files.ready_arrays import open_table, save_table
from data.streets import StreetMap
from network.hierarchy.incremental import edited_search
from network.hierarchy.search import StreetSearch, build_street_search, customised, matrix, nearest
from network.modes.modes import PROFILES
from network.streets.incremental import reassemble
from network.streets.mapped import MappedStreets
from network.streets.network import CLOSED_S, StreetNetwork, assemble
from network.streets.paths import Drawn, NewPath, draw_path, split
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from network.streets.street_edits import Direction, close, limit_speed, set_speed
from network.streets.trip_ends import attached
from support.oracles import streets as street_oracle
from support.real_networks import NETWORKS, real_search, scattered
from support.toys.networks import CORNER_M, street_map
from support.toys.streets import BIKE, CAR, EBIKE, LINE, STREET, WALK, at, built, random_maps
from support.toys.turns import AB, BC, CF, NO_LEFT, POINTS, WAYS, A, G, about, metres, restricted_maps

LADDER = LINE | {"E": (0, 100), "F": (300, 100), "W": (-100, 0), "X": (-100, 100)}
STREETS = [("ABCD", STREET), ("EF", STREET), ("AE", STREET), ("WA", STREET), ("XE", STREET)]
CYCLEWAY = np.array([[0, 0], [4, 4], [5, 5], [0, 0]], np.float64)
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward", "both")
EDGE = np.array([0], np.int32)


def ladder() -> MappedStreets:
    return built(street_map(LADDER, STREETS)).mapped


def drawn(
    streets: MappedStreets, points: Sequence[tuple[float, float]], speed_mps: Floats = CYCLEWAY
) -> Drawn:
    xy = np.array(points, np.float64) + CORNER_M
    return draw_path(streets, NewPath(xy[:, 0].copy(), xy[:, 1].copy(), speed_mps), 25.0)


def long_edge(streets: MappedStreets) -> Int32s:
    """The edge A-D."""
    south = np.maximum.reduceat(streets.vertex_y_m, streets.vertex_offset[:-1]) < CORNER_M[1] + 50
    return np.flatnonzero(south & (streets.edge_length_m > 200)).astype(np.int32)


def test_a_speed_holds_for_its_modes_and_directions_only() -> None:
    # 300 m at 2 m/s are 150 s; a limit of 3 m/s leaves 100 s, but does not make the slower walkers (226 s) quicker.
    streets = ladder()
    edge = long_edge(streets)
    faster = assemble(set_speed(streets, edge, [WALK], "forward", 2.0))
    assert faster.forward_s[WALK, edge] == 150
    assert faster.backward_s[WALK, edge] == 226
    limited = assemble(limit_speed(streets, edge, [WALK, CAR], "both", 3.0))
    assert limited.forward_s[[WALK, CAR], edge].tolist() == [226, 100]
    before = assemble(streets)
    assert (limited.forward_s[[BIKE, EBIKE]] == before.forward_s[[BIKE, EBIKE]]).all()


@pytest.mark.parametrize("speed_mps", [0.0, -1.0, np.inf, np.nan])
def test_a_speed_must_be_a_positive_number(speed_mps: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        set_speed(ladder(), EDGE, [WALK], "both", speed_mps)


def test_an_edge_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        close(ladder(), np.array([5], np.int32), [WALK], "both")


def test_a_closed_street_lets_nobody_pass_and_keeps_its_doors() -> None:
    streets = ladder()
    closed = assemble(close(streets, long_edge(streets), [CAR], "both"))
    assert closed.forward_s[CAR, long_edge(streets)] == CLOSED_S
    for mode in (CAR, BIKE):
        assert at(closed, mode, (100, 5)).walked_m[0] == pytest.approx(5, abs=0.1)


def test_a_split_keeps_length_speeds_and_line() -> None:
    streets = ladder()
    edge = long_edge(streets)
    row = int(edge[0])
    halves = split(streets, np.array([row, row], np.int32), np.array([0.75, 0.25]))
    pieces = [row, 5, 6]
    assert halves.edge_length_m[pieces].sum() == pytest.approx(streets.edge_length_m[row], abs=1e-9)
    assert halves.edge_length_m[pieces] == pytest.approx([75, 150, 75], abs=0.1)
    assert (halves.edge_speed[pieces] == streets.edge_speed[row]).all()
    # The pieces follow each other; the junctions are numbered as they were asked for: first the one at three quarters.
    n = streets.n_nodes
    assert halves.edge_head[pieces].tolist() == [n + 1, n, streets.edge_head[row]]
    assert halves.edge_tail[pieces].tolist() == [streets.edge_tail[row], n + 1, n]
    # The middle piece runs over B and C: four vertices; each of the others has no inner one.
    assert np.diff(halves.vertex_offset)[pieces].tolist() == [2, 4, 2]
    for piece in pieces:
        ends = halves.vertex_offset[piece], halves.vertex_offset[piece + 1] - 1
        for vertex, node in zip(ends, (halves.edge_tail[piece], halves.edge_head[piece]), strict=True):
            assert halves.vertex_x_m[vertex] == pytest.approx(halves.node_x_m[node], abs=1e-6)
            assert halves.vertex_y_m[vertex] == pytest.approx(halves.node_y_m[node], abs=1e-6)


def test_a_cycle_path_between_two_streets_is_for_cyclists() -> None:
    streets = ladder()
    new = drawn(streets, [(200, 0), (200, 100)])
    network = assemble(new.streets)
    # Two streets are split; before, everybody went 200 + 100 + 200 m by A and E.
    assert new.streets.n_nodes == streets.n_nodes + 2
    assert new.streets.n_edges == streets.n_edges + 3
    assert metres(network, BIKE, (200, -1), (200, 101)) == about(100)
    assert metres(network, WALK, (200, -1), (200, 101)) == about(500)
    assert metres(network, CAR, (200, -1), (200, 101)) == about(500)
    # 100 m at 4 m/s, with half a second at each end of the way at most.
    points = at(network, BIKE, (200, 0), (200, 100))
    assert matrix(build_street_search(network), BIKE, points, points, np.inf)[0, 1] == pytest.approx(
        25, abs=1
    )


def test_a_path_is_joined_where_it_crosses_a_street() -> None:
    # From 10 m south of A-D to 10 m north of E-F and both streets crossed: the ends are drawn back to the streets.
    new = drawn(ladder(), [(150, -10), (150, 110)])
    assert new.off_start_m == pytest.approx(10, abs=0.1)
    network = assemble(new.streets)
    assert new.streets.n_nodes == ladder().n_nodes + 2
    assert metres(network, BIKE, (100, 0), (100, 100)) == about(50 + 100 + 50)
    # From one street's end over the other street's middle: a crossing between the two ends.
    middle = street_map(LADDER | {"G": (0, 50), "H": (300, 50)}, [*STREETS, ("GH", STREET)])
    across = drawn(built(middle).mapped, [(150, 0), (150, 100)])
    assert len(across.edge) == 2
    assert metres(assemble(across.streets), BIKE, (150, 25), (200, 50)) == about(75)


def test_a_street_that_no_user_of_the_path_may_take_is_passed_over() -> None:
    # A motorway lies between the two streets: cyclists pass it without a junction.
    motorway = ("GH", {"highway": "motorway"})
    streets = built(street_map(LADDER | {"G": (50, 50), "H": (250, 50)}, [*STREETS, motorway])).mapped
    assert len(drawn(streets, [(150, 0), (150, 100)]).edge) == 1


def test_a_path_ends_at_the_junction_within_a_metre() -> None:
    streets = ladder()
    new = drawn(streets, [(0.5, 0.2), (299.5, 99.8)])
    assert new.streets.n_nodes == streets.n_nodes
    assert len(new.edge) == 1
    assert metres(assemble(new.streets), BIKE, (0, 0), (300, 100)) == about(316)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(150, 50), (150, 100)], "starts at .* more than 25 m"),
        ([(150, 0), (150, 50)], "ends at .* more than 25 m"),
        ([(150, 0)], "two points"),
        ([(150, 0), (np.inf, 0)], "two points"),
        ([(150, 0), (150, 0.4)], "one place"),
    ],
)
def test_lines_that_make_no_path_are_refused(points: list[tuple[float, float]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        drawn(ladder(), points)


@pytest.mark.parametrize("speed_mps", [0.0, -1.0, np.nan])
def test_a_path_needs_a_speed(speed_mps: float) -> None:
    with pytest.raises(InputError, match="speed above 0"):
        drawn(ladder(), [(200, 0), (200, 100)], np.full((4, 2), speed_mps))


def test_forbidden_turns_outlive_a_split() -> None:
    # From A one may not turn left at B to G: 500 m round the block instead of 300. A-B and B-E are both split.
    network = built(street_map(POINTS, WAYS, turns=[NO_LEFT]))
    path = NewPath(
        np.array([50.0, 50.0, 100.0]) + CORNER_M[0], np.array([0.0, 50.0, 50.0]) + CORNER_M[1], CYCLEWAY
    )
    split_there = assemble(draw_path(network.mapped, path, 10.0).streets)
    assert split_there.n_nodes == network.n_nodes + 2
    assert metres(split_there, CAR, A, G) == about(500)
    assert metres(split_there, WALK, A, G) == about(300)


def test_turns_forbidden_over_a_link_outlive_a_path_that_cuts_it() -> None:
    # B-C-F: from A one may not go over B-C on to F. A path from the middle of B-C cuts it in two.
    network = built(street_map(POINTS, WAYS, turns=[(AB, "BC", (BC, CF), False)]))
    e = POINTS["E"]
    near_f = (200.0, 50.0)
    assert metres(network, CAR, A, near_f) == about(100 + 100 + 100 + 50)
    path = NewPath(np.array([150.0, 150.0]) + CORNER_M[0], np.array([0.0, 100.0]) + CORNER_M[1], CYCLEWAY)
    cut = assemble(draw_path(network.mapped, path, 10.0).streets)
    assert cut.n_nodes > network.n_nodes
    assert metres(cut, CAR, A, near_f) == about(100 + 100 + 100 + 50)
    assert metres(cut, BIKE, A, near_f) == about(250)
    assert metres(cut, CAR, e, near_f) == about(150)


@st.composite
def edited_maps(draw: st.DrawFn) -> tuple[StreetMap, MappedStreets, MappedStreets]:
    """A random map, its streets, and these after up to four edits."""
    streets = draw(random_maps() | restricted_maps())
    before = after = built(streets).mapped
    for kind in draw(st.lists(st.sampled_from(["set", "limit", "close", "path"]), min_size=1, max_size=4)):
        edge = np.array(draw(st.lists(st.integers(0, after.n_edges - 1), max_size=3)), np.int32)
        modes = draw(st.lists(st.sampled_from(range(4)), min_size=1, unique=True))
        direction = draw(st.sampled_from(DIRECTIONS))
        if kind == "set":
            after = set_speed(after, edge, modes, direction, draw(st.sampled_from([0.5, 3.0, 20.0])))
        elif kind == "limit":
            after = limit_speed(after, edge, modes, direction, 2.0)
        elif kind == "close":
            after = close(after, edge, modes, direction)
        else:
            place = st.tuples(st.integers(-20, 330), st.integers(-20, 230))
            xy = np.array(draw(st.lists(place, min_size=2, max_size=4)), np.float64) + CORNER_M
            path = NewPath(xy[:, 0].copy(), xy[:, 1].copy(), CYCLEWAY)
            try:
                after = draw_path(after, path, 150.0).streets
            except InputError:
                continue
    return streets, before, after


def check_same(found: StreetNetwork, expected: StreetNetwork) -> None:
    """Every column is that of a network assembled from scratch."""
    for field in fields(StreetNetwork):
        if field.name != "mapped":
            one, other = getattr(found, field.name), getattr(expected, field.name)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other), field.name


def check_equal(ready: StreetSearch) -> None:
    """The weights are those of a full customisation in the same order."""
    for mode, expected in zip(ready.modes, customised(ready.network, ready.hierarchy), strict=True):
        assert np.array_equal(mode.weights.up, expected.up)
        assert np.array_equal(mode.weights.down, expected.down)


@settings(deadline=None, max_examples=200)
@given(edited_maps(), st.sampled_from(range(4)))
def test_an_edited_search_equals_a_build_from_scratch(
    case: tuple[StreetMap, MappedStreets, MappedStreets], mode: int
) -> None:
    _, before, after = case
    old = build_street_search(assemble(before))
    network = reassemble(old.network, after)
    check_same(network, assemble(after))
    new = edited_search(old, network)
    check_equal(new)
    points = at(network, mode, (10, 10), (120, 90), (200, 160), (320, 10))
    expected = street_oracle.matrix(network, mode, points, points, np.inf)
    assert np.array_equal(matrix(new, mode, points, points, np.inf), expected)
    # And back again.
    undone = edited_search(new, reassemble(network, before))
    there = at(old.network, mode, (10, 10), (120, 90), (200, 160), (320, 10))
    assert np.array_equal(matrix(undone, mode, there, there, np.inf), matrix(old, mode, there, there, np.inf))


@settings(deadline=None, max_examples=50)
@given(random_maps(), st.sampled_from(range(4)))
def test_an_edit_that_changes_nothing_gives_the_same_numbers(streets: StreetMap, mode: int) -> None:
    network = built(streets)
    old = build_street_search(network)
    same = limit_speed(network.mapped, np.arange(network.mapped.n_edges, dtype=np.int32), [mode], "both", 99)
    new = edited_search(old, assemble(same))
    assert new.hierarchy is old.hierarchy
    assert all(one is other for one, other in zip(new.modes, old.modes, strict=True))


def real_edits(network: StreetNetwork) -> dict[str, MappedStreets]:
    """A limit for cars, a closure for all, and a cycle path of some hundred metres on a real network."""
    streets = network.mapped
    random = np.random.default_rng(7)
    edge = random.choice(np.flatnonzero(attached(network.mapped)[CAR]), 8, replace=False).astype(np.int32)
    start = streets.edge_tail[edge[0]]
    away_m = np.hypot(streets.node_x_m - streets.node_x_m[start], streets.node_y_m - streets.node_y_m[start])
    both = [start, int(np.argmin(np.abs(away_m - 500)))]
    speed_mps = np.zeros((len(streets.speed_mps), 2))
    speed_mps[: len(CYCLEWAY)] = (
        CYCLEWAY  # walkers at another pace, who follow where there are any, may not take it
    )
    path = NewPath(streets.node_x_m[both] + 3, streets.node_y_m[both] + 3, speed_mps)
    return {
        "limit": limit_speed(streets, edge, [CAR], "both", 5.0),
        "closure": close(streets, edge, range(len(streets.speed_mps)), "both"),
        "path": draw_path(streets, path, 300.0).streets,
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_edited_real_networks_equal_dijkstra(name: str) -> None:
    old = real_search(name)
    for edited in real_edits(old.network).values():
        network = reassemble(old.network, edited)
        check_same(network, assemble(edited))
        new = edited_search(old, network)
        check_equal(new)
        for mode in range(len(PROFILES)):
            index = snap_indexes(old.network.mapped)[mode]
            origins, targets = (
                snap(network, mode, PROFILES[mode], index, *scattered(new, n_points, seed))
                for n_points, seed in ((300, 1), (10, 2))
            )
            assert np.array_equal(
                matrix(new, mode, origins, targets, np.inf),
                street_oracle.matrix(network, mode, origins, targets, np.inf),
            )


def test_threads_share_one_memory_mapped_search(tmp_path: Path) -> None:
    # Forty streets in a grid; eight threads ask the same at once and must get what one gets alone.
    names = [chr(65 + row) for row in range(25)]
    points = {name: (100.0 * (row % 5), 90.0 * (row // 5)) for row, name in enumerate(names)}
    rows = ["".join(names[start : start + 5]) for start in range(0, 25, 5)]
    columns = ["".join(names[start::5]) for start in range(5)]
    words = ["".join(pair) for line in (*rows, *columns) for pair in pairwise(line)]
    save_table(
        tmp_path / "search", build_street_search(built(street_map(points, [(w, STREET) for w in words])))
    )
    ready = open_table(StreetSearch, tmp_path / "search")
    assert isinstance(ready.network.mapped.vertex_x_m, np.memmap)
    assert isinstance(ready.modes[CAR].sweep.up.weight, np.memmap)
    assert not ready.modes[CAR].weights.up.flags.writeable
    spots: list[tuple[float, float]] = [(13.0 * row, 17.0 * row) for row in range(20)]

    def ask(mode: int) -> tuple[Floats, Floats]:
        here = at(ready.network, mode, *spots)
        few = Snapped._make(column[:7] for column in here)
        edited = edited_search(ready, assemble(close(ready.network.mapped, EDGE, [mode], "both")))
        return nearest(ready, mode, here, few).seconds, matrix(edited, mode, here, few, np.inf)

    modes = [WALK, BIKE, EBIKE, CAR] * 4
    alone = [ask(mode) for mode in modes[:4]] * 4
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ask, modes))
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])
        assert np.isfinite(one[1]).all()
