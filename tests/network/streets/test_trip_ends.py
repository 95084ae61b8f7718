"""Streets for the ends of trips only, closures, and bikes that are pushed: hand-made cases, an oracle, properties.

The oracle knows no copies and no layers. It walks over directed edges of the uncontracted map with a phase: *out* over
streets for ends only, *through* over all others, *in* over streets for ends only again, and never back to a phase before.
"""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.columns import Floats
from data.streets import StreetMap
from network.hierarchy import search
from network.hierarchy.incremental import edited_search
from network.hierarchy.search import build_street_search
from network.modes.modes import PROFILES
from network.streets.delays import delay_table
from network.streets.incremental import reassemble
from network.streets.mapped import BLIND, ENDS_ONLY, SHUT, THROUGH, MappedStreets
from network.streets.network import CLOSED_S, StreetNetwork, assemble, build_street_network
from network.streets.paths import NewPath, draw_path
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from network.streets.street_edits import Direction, close
from support.toys.networks import CORNER_M, RD, street_map
from support.toys.streets import BIKE, CAR, EBIKE, STREET, WALK, at, built, matrix, straight

PRIVATE = {"highway": "service", "access": "private"}
DESTINATION = {"highway": "residential", "motor_vehicle": "destination"}
FOOTWAY = {"highway": "footway"}
WALK_MPS, BIKE_MPS = 1.33, 15.8 / 3.6
TAGS = (
    STREET,
    STREET | {"oneway": "yes"},
    FOOTWAY,
    PRIVATE,
    PRIVATE | {"oneway": "yes"},
    DESTINATION,
    {"highway": "cycleway"},
    {"highway": "path", "bicycle": "no"},
)
NODES = ({"barrier": "gate", "access": "private"}, {"barrier": "bollard"}, {"barrier": "stile"})
POINTS = {
    name: (100.0 * (row % 4) + 3 * row, 100.0 * (row // 4) - 2 * row)
    for row, name in enumerate("ABCDEFGHIJKL")
}


def seconds(streets: StreetMap, mode: int, *where: tuple[float, float]) -> Floats:
    network = built(streets)
    points = at(network, mode, *where)
    return matrix(network, mode, points, points)


def ride(metres: float, kmh: float) -> float:
    return metres / (kmh / 3.6)


# --- hand-made -----------------------------------------------------------------------------------------------------

LADDER = {"A": (0, 0), "B": (1000, 0), "C": (0, 400), "D": (1000, 400), "E": (500, 0), "F": (500, 400)}


def test_a_private_way_is_no_short_cut_but_the_end_of_a_trip() -> None:
    # A-E-B below and C-F-D above are public and joined at A-C only; E-F is private. From B to D the public way is
    # 1,000 + 400 + 1,000 m, and over E-F it would be 500 + 400 + 500 m.
    streets = street_map(LADDER, [("AEB", STREET), ("CFD", STREET), ("AC", STREET), ("EF", PRIVATE)])
    found = seconds(streets, WALK, (1000, 0), (1000, 400), (500, 200))
    assert found[0, 1] == pytest.approx(2400 / WALK_MPS, abs=2)
    # Who lives half-way along E-F leaves and arrives by either end.
    assert found[2].tolist() == pytest.approx([700 / WALK_MPS, 700 / WALK_MPS, 0], abs=2)
    assert found[:, 2].tolist() == pytest.approx([700 / WALK_MPS, 700 / WALK_MPS, 0], abs=2)


def test_through_traffic_goes_round_a_street_for_destinations_and_walkers_do_not() -> None:
    streets = street_map(LADDER, [("AEB", STREET), ("CFD", STREET), ("AC", STREET), ("EF", DESTINATION)])
    around, short = (
        matrix_s[0, 1] for matrix_s in (seconds(streets, mode, (600, 0), (600, 400)) for mode in (CAR, WALK))
    )
    assert short == pytest.approx(600 / WALK_MPS, abs=2)
    assert around == pytest.approx(ride(1600, 24), rel=0.1)


def test_drives_of_any_length_and_what_lies_behind_a_private_gate_are_reached() -> None:
    # A-B public, B-C a private drive, C-D an untagged road behind it; B-E a road behind a private gate at B's neighbour F.
    points = {"A": (0, 0), "B": (1000, 0), "C": (1700, 0), "D": (2300, 0), "F": (1000, 100), "E": (1000, 900)}
    gate = {"F": {"barrier": "gate", "access": "private"}}
    streets = street_map(points, [("AB", STREET), ("BC", PRIVATE), ("CD", STREET), ("BFE", STREET)], gate)
    for mode in (WALK, BIKE, CAR):
        assert np.isfinite(seconds(streets, mode, (0, 0), (2300, 0), (1000, 900))).all()


def test_nobody_passes_over_the_land_behind_two_private_gates() -> None:
    # The road E-F is public as mapped, but there is a private gate at either end: only who is on it passes them.
    points = LADDER | {"G": (500, 20), "H": (500, 380)}
    gates = {name: {"barrier": "gate", "access": "private"} for name in "GH"}
    streets = street_map(points, [("AEB", STREET), ("CFD", STREET), ("AC", STREET), ("EGHF", STREET)], gates)
    found = seconds(streets, CAR, (600, 0), (600, 400), (500, 200))
    assert found[0, 1] == pytest.approx(ride(1600, 24), rel=0.1)
    assert found[2, 0] < found[0, 1] / 3 > found[2, 1]


def test_cyclists_push_against_the_traffic_and_where_they_may_not_ride() -> None:
    points = {"A": (0, 0), "B": (300, 0), "C": (0, 3000), "D": (300, 3000)}
    round_about = [("ACDB", STREET)]
    for way in (
        STREET | {"oneway": "yes"},
        {"highway": "path", "bicycle": "no"},
        {"highway": "footway", "bicycle": "no"},
        {"highway": "steps"},
    ):
        streets = street_map(points, [("AB", way), *round_about])
        back = {mode: seconds(streets, mode, (300, 0), (0, 0))[0, 1] for mode in (WALK, BIKE, EBIKE)}
        assert back[BIKE] == back[EBIKE] == back[WALK]


@pytest.mark.parametrize(("bicycle", "boards"), [("no", False), ("dismount", True), ("yes", True)])
def test_a_ferry_that_takes_no_bicycles_is_for_walkers(bicycle: str, boards: bool) -> None:  # noqa: FBT001
    # One rides off the ferry again: who may not take the bicycle along goes round, 3,000 + 1,000 + 3,000 m.
    points = {"A": (0, 0), "B": (0, 1000), "C": (3000, 0), "D": (3000, 1000), "E": (0, -500), "F": (0, 1500)}
    ferry = {"route": "ferry", "foot": "yes", "bicycle": bicycle, "duration": "00:05"}
    streets = street_map(points, [("AB", ferry), ("EACDBF", STREET)])
    walk, bike, ebike = (seconds(streets, mode, (0, 0), (0, 1000))[0, 1] for mode in (WALK, BIKE, EBIKE))
    assert walk == 300
    assert (bike < 310) == (ebike < 310) == boards
    assert boards or bike == pytest.approx(7000 / BIKE_MPS, rel=0.05)


def test_ferries_of_equal_tags_take_the_same_time_over_any_water() -> None:
    # Five minutes are five minutes: 3 km are crossed three times as fast as 1 km, though the tags say the same.
    ferry = {"route": "ferry", "foot": "yes", "duration": "00:05"}
    points = {
        "A": (0, 0),
        "B": (2000, 0),
        "C": (0, 1000),
        "D": (2000, 3000),
        "G": (100, 1000),
        "H": (2100, 3000),
    }
    streets = street_map(
        points, [("AC", ferry), ("AB", STREET), ("CG", STREET), ("BD", ferry), ("DH", STREET)]
    )
    for shore, other in (((0, 0), (0, 1000)), ((2000, 0), (2000, 3000))):
        assert seconds(streets, WALK, shore, other)[0, 1] == 300


def test_nobody_changes_doors_when_the_street_is_closed() -> None:
    # A person at (50, 5) on A-B; A-B is closed to walkers. A second street 60 m away leads away more quickly, but the
    # door stays: along A-B to B, as before.
    points = {"A": (0, 0), "B": (100, 0), "C": (100, 65), "D": (0, 65), "E": (400, 0)}
    streets = street_map(points, [("AB", STREET), ("BC", STREET), ("CD", STREET), ("BE", STREET)])
    network = built(streets)
    closed = close(network.mapped, np.array([0], np.int32), [WALK], "both")
    before, after = times(network, network.mapped, WALK), times(network, closed, WALK)
    assert (after >= before).all()
    assert np.array_equal(before, after)


def test_a_closed_bridge_leaves_both_sides_their_own_streets() -> None:
    # Five junctions in a line, the bridge C-D closed to all: who lives on D-E still reaches the GP on D-E.
    points = {"A": (0, 0), "B": (200, 0), "C": (400, 0), "D": (500, 0), "E": (900, 0)}
    bridge = STREET | {"bridge": "yes"}
    streets = street_map(points, [("AB", STREET), ("BC", STREET), ("CD", bridge), ("DE", STREET)])
    network = built(streets)
    edge = np.flatnonzero(~network.mapped.has_doors[network.mapped.edge_speed]).astype(np.int32)
    closed = close(network.mapped, edge, range(4), "both")
    where = ((100, 0), (600, 0), (850, 0))
    before = times(network, network.mapped, WALK, *where)
    after = times(network, closed, WALK, *where)
    assert after[1, 2] == before[1, 2] == pytest.approx(250 / WALK_MPS, abs=1)
    assert np.isinf(after[0, 1:]).all()


def test_a_road_drawn_from_a_dead_end_for_destinations_makes_it_no_way_through() -> None:
    # B-C is for destinations only and leads nowhere else; a road from C to H beside it would make it a short cut from E
    # to H: 50 + 300 + 10 m instead of 1,950 + 300 + 1,890 m. Walkers, who pass B-C as they like, take it.
    points = {"A": (0, 0), "B": (100, 0), "C": (100, 300), "F": (2000, 0), "G": (2000, 300), "H": (110, 300)}
    ways = [("AB", STREET), ("BF", STREET), ("FGH", STREET), ("BC", DESTINATION)]
    network = built(street_map(points, ways))
    xy_m = np.array([(100, 300), (110, 300)], np.float64) + CORNER_M
    speeds_mps = np.full((len(PROFILES), 2), WALK_MPS)
    drawn = draw_path(network.mapped, NewPath(xy_m[:, 0].copy(), xy_m[:, 1].copy(), speeds_mps), 5.0).streets
    where = ((50, 0), (120, 300))
    assert times(network, drawn, WALK, *where)[0, 1] == pytest.approx(370 / WALK_MPS, abs=2)
    assert times(network, drawn, CAR, *where)[0, 1] == times(network, network.mapped, CAR, *where)[0, 1] > 500


def test_the_report_names_what_is_for_the_ends_of_trips_once_for_modes_that_go_alike() -> None:
    # E-F is private for all; whoever reads the report finds it by its class and a point in metres.
    streets = street_map(LADDER, [("AEB", STREET), ("CFD", STREET), ("AC", STREET), ("EF", PRIVATE)])
    _, report = build_street_network(streets, PROFILES, RD)
    (found,) = (one for one in report.findings if "beginning and end" in one.what)
    assert "mode walk, bike, ebike, car" in found.what
    assert found.count == 1
    assert found.examples[0].startswith("service at 2505")


# --- doors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "enters"),
    [
        ({"route": "ferry"}, False),
        (STREET | {"bridge": "viaduct"}, False),
        (STREET | {"tunnel": "yes"}, False),
        (STREET | {"motorroad": "yes", "foot": "yes", "bicycle": "yes"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "trunk"}, True),
        ({"highway": "trunk_link", "foot": "no"}, False),
        (FOOTWAY | {"location": "underground"}, False),
        (FOOTWAY | {"tunnel": "building_passage"}, True),
        (FOOTWAY | {"covered": "yes"}, True),
        ({"highway": "corridor", "indoor": "yes"}, True),
        ({"highway": "corridor", "level": "0;1"}, True),
        ({"highway": "corridor", "level": "2"}, False),
        (FOOTWAY | {"covered": "arcade", "layer": "1"}, False),
        (STREET | {"bridge": "no"}, True),
    ],
)
def test_doors_open_where_one_can_get_onto_a_way(way: dict[str, str], enters: bool) -> None:  # noqa: FBT001
    # The way runs 10 m south of the door, a street 40 m north of it, joined at one end.
    points = {"A": (0, 0), "B": (500, 0), "C": (0, 50), "D": (500, 50)}
    network = built(street_map(points, [("AB", way), ("CD", STREET), ("AC", STREET)]))
    mode = CAR if str(way.get("highway")).endswith("_link") else WALK
    door = at(network, mode, (250, 10))
    assert door.off_street_m[0, 0] == pytest.approx(10 if enters else 40, abs=0.1)


def test_a_stop_at_the_kerb_of_a_viaduct_is_on_it_and_a_house_beside_it_is_not() -> None:
    # The viaduct crosses over a street 8 m south of the points; the street runs along y = 0.
    points = {
        "A": (0, 0),
        "B": (500, 0),
        "C": (200, -300),
        "D": (200, 300),
        "E": (500, -300),
        "F": (500, 300),
    }
    ways = [
        ("AB", STREET),
        ("CD", STREET | {"bridge": "yes"}),
        ("CE", STREET),
        ("DF", STREET),
        ("EBF", STREET),
    ]
    network = built(street_map(points, ways))
    doors = at(network, WALK, (203, 8), (210, 40), (203, 1))
    # 3 m from its middle; a house 10 m beside it goes 40 m down to the street; who is nearer to the street is on that.
    assert doors.off_street_m[:, 0] == pytest.approx([3, 40, 1], abs=0.1)


def test_what_is_passed_is_entered_where_there_is_nothing_else() -> None:
    points = {"A": (0, 0), "B": (5000, 0), "C": (10000, 0)}
    network = built(street_map(points, [("AB", STREET | {"bridge": "yes"}), ("BC", STREET)]))
    assert at(network, WALK, (100, 10)).off_street_m[0, 0] == pytest.approx(10, abs=0.1)


# --- the oracle ------------------------------------------------------------------------------------------------------


@st.composite
def maps(draw: st.DrawFn) -> StreetMap:
    """Up to twelve nodes, up to ten ways of two or three nodes, some gates, posts and stiles."""
    names = "ABCDEFGHIJKL"[: draw(st.integers(3, 12))]
    ways = []
    for _ in range(draw(st.integers(2, 10))):
        word = draw(st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True))
        ways.append(("".join(word), draw(st.sampled_from(TAGS))))
    nodes = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(NODES), max_size=2))
    return street_map({name: POINTS[name] for name in names}, ways, nodes)


OUT, OUT_SHUT, ALONG, HOME_SHUT, HOME = range(5)
"""Phases of a trip: over private streets, over closed ones, over all others, over closed ones, over private ones."""
PHASES = {THROUGH: (ALONG,), SHUT: (OUT_SHUT, HOME_SHUT), ENDS_ONLY: (OUT, HOME)}
"""In which phases one may go along a street, by its use."""


class Phases:
    """The mapped edges of one mode as directed steps: (edge, side) with its use, how fast, and from where to where."""

    def __init__(self, network: StreetNetwork, mode: int) -> None:
        mapped = network.mapped
        self.ends = np.stack([mapped.edge_tail, mapped.edge_head], axis=1)
        delay_s = delay_table(mapped)[mode]
        delay = delay_s[np.stack([network.forward_delay[mode], network.backward_delay[mode]], axis=1)]
        use = np.where(mapped.use == BLIND, ENDS_ONLY, mapped.use)
        rows = {mode, int(mapped.pushed_as[mode])}
        self.closed = mapped.node_closed[mode]
        self.first_phase: dict[tuple[int, int], int] = {}
        self.last_phase: dict[tuple[int, int], int] = {}
        self.steps: dict[int, list[tuple[int, int, int]]] = {node: [] for node in range(mapped.n_nodes)}
        for edge, side in np.ndindex(mapped.n_edges, 2):
            of = mapped.edge_speed[edge]
            best_mps = 0.0
            # The further in a layer is, the more people it is for: what is no quicker further out is not needed there.
            for kind in (THROUGH, SHUT, ENDS_ONLY):
                mps = max(
                    mapped.speed_mps[row, of, side] if use[row, of, side] == kind else 0.0 for row in rows
                )
                if mps > best_mps:
                    best_mps = mps
                    self.first_phase[edge, side], self.last_phase[edge, side] = (
                        PHASES[kind][0],
                        PHASES[kind][-1],
                    )
                    start, stop = (int(node) for node in (self.ends[edge, side], self.ends[edge, 1 - side]))
                    if not self.closed[start]:
                        ride_s = round(mapped.edge_length_m[edge] / mps + delay[edge, side])
                        self.steps[start] += [(stop, phase, ride_s) for phase in PHASES[kind]]

    def reached(self, queue: list[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
        """Seconds to every (junction, phase) from (seconds, junction, phase) on: a phase is never gone back to."""
        best: dict[tuple[int, int], int] = {}
        heapq.heapify(queue)
        while queue:
            reached_s, node, phase = heapq.heappop(queue)
            if (node, phase) not in best:
                best[node, phase] = reached_s
                for stop, next_phase, ride_s in self.steps[node]:
                    if next_phase >= phase:
                        heapq.heappush(queue, (reached_s + ride_s, stop, next_phase))
        return best


def phase_times(network: StreetNetwork, mode: int, points: Snapped) -> Floats:
    """(P, P) float64 seconds, by Dijkstra over (junction, phase) of the mapped edges; inf where not reached."""
    phases = Phases(network, mode)
    doors = [
        (int(point), int(door), int(points.edge[point, door]))
        for point, door in np.argwhere(points.edge >= 0)
    ]
    found = np.full((len(points.edge), len(points.edge)), np.inf)
    for origin, target in np.ndindex(found.shape):
        queue = [
            (int(to_s[origin, door]), int(phases.ends[edge, 1 - side]), phases.first_phase[edge, side])
            for point, door, edge in doors
            for side, to_s in ((0, points.to_head_s), (1, points.to_tail_s))
            if point == origin and to_s[origin, door] < CLOSED_S
        ]
        best = phases.reached(queue)
        total_s = [
            best[node, phase] + int(from_s[target, door])
            for point, door, edge in doors
            for side, from_s in ((0, points.from_tail_s), (1, points.from_head_s))
            for node in [int(phases.ends[edge, side])]
            for phase in range(phases.last_phase.get((edge, side), -1) + 1)
            if point == target
            and from_s[target, door] < CLOSED_S
            and not phases.closed[node]
            and (node, phase) in best
        ]
        found[origin, target] = min([*total_s, straight(network, mode, points, origin, target)])
    return found


where_they_live = st.lists(st.tuples(st.integers(-20, 330), st.integers(-20, 230)), min_size=2, max_size=6)


def test_a_private_one_way_behind_a_stile_is_pushed_along_against() -> None:
    """No bike passes the stile at A, so the two streets that end there hang together by the private one alone."""
    private = STREET | {"highway": "service", "access": "private", "oneway": "yes"}
    places = {"A": (0, 0), "B": (103, -2), "C": (206, -4), "D": (309, -6)}
    ways = [("AB", STREET), ("CD", STREET), ("DA", STREET), ("ABC", private)]
    network = built(street_map(places, ways, {"A": {"barrier": "stile"}}))
    points = at(network, BIKE, (0, 0), (0, -1))
    assert points.edge[0, 0] != points.edge[1, 0], "one lives on AB, the other on ADC"
    seconds = matrix(network, BIKE, points, points)
    # ADC is 309 + 103 m: 94 s to C with the step out of the door; 103 m pushed at 1.33 m/s are 77 s; BA ridden is 23 s.
    assert seconds[1, 0] == pytest.approx(94 + 77 + 23, abs=2)


@settings(deadline=None, max_examples=300)
@given(maps(), where_they_live, st.sampled_from([WALK, BIKE, CAR]))
def test_times_equal_a_search_with_phases(
    streets: StreetMap, where: list[tuple[int, int]], mode: int
) -> None:
    network = built(streets)
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    assert np.array_equal(matrix(network, mode, points, points), phase_times(network, mode, points))


@settings(deadline=None, max_examples=150)
@given(maps(), where_they_live)
def test_a_bike_is_never_slower_than_walking_the_same_way(
    streets: StreetMap, where: list[tuple[int, int]]
) -> None:
    # A stile lets nobody with a bike through: there is none on these maps.
    assume(not any(("barrier", "stile") in tags for tags in streets.tag_sets))
    walk, bike, ebike = (seconds(streets, mode, *where) for mode in (WALK, BIKE, EBIKE))
    # Each edge is rounded to a second by itself, and lights cost walkers only.
    assert (bike <= walk).all()
    assert (ebike <= walk).all()


def times(network: StreetNetwork, edited: MappedStreets, mode: int, *where: tuple[float, float]) -> Floats:
    """(P, P) seconds after an edit, over the network made ready from the one before."""
    xy = np.array(where or [(50, 5), (100, 60), (390, 0)], np.float64) + CORNER_M
    after = edited_search(build_street_search(network), reassemble(network, edited))
    profile, index = PROFILES[mode], snap_indexes(network.mapped)[mode]
    points = snap(after.network, mode, profile, index, xy[:, 0], xy[:, 1])
    return search.matrix(after, mode, points, points, np.inf)


@settings(deadline=None, max_examples=200)
@given(
    maps(),
    where_they_live,
    st.sampled_from([WALK, BIKE, CAR]),
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.lists(st.sampled_from(range(4)), min_size=1, max_size=4),
    st.sampled_from(["forward", "backward", "both"]),
)
def test_closing_never_makes_anyone_quicker_and_equals_a_network_made_anew(
    streets: StreetMap,
    where: list[tuple[int, int]],
    mode: int,
    chosen: list[int],
    modes: list[int],
    direction: Direction,
) -> None:
    network = built(streets)
    edge = np.unique(np.array(chosen) % network.mapped.n_edges).astype(np.int32)
    closed = close(network.mapped, edge, modes, direction)
    before, after = (times(network, mapped, mode, *where) for mapped in (network.mapped, closed))
    assert (after >= before).all()
    if mode not in modes and not (mode in (BIKE, EBIKE) and WALK in modes):
        assert np.array_equal(after, before)
    points = snap(
        assemble(closed),
        mode,
        PROFILES[mode],
        snap_indexes(network.mapped)[mode],
        *(np.array(where, np.float64) + CORNER_M).T,
    )
    assert np.array_equal(after, phase_times(assemble(closed), mode, points))


@settings(deadline=None, max_examples=60)
@given(maps(), where_they_live, st.sampled_from([WALK, BIKE, CAR]), st.integers(0, 30))
def test_a_closure_leaves_every_door_where_it_is(
    streets: StreetMap, where: list[tuple[int, int]], mode: int, chosen: int
) -> None:
    network = built(streets)
    edge = np.array([chosen % network.mapped.n_edges], np.int32)
    edited = assemble(close(network.mapped, edge, range(4), "both"))
    index, (x_m, y_m) = snap_indexes(network.mapped)[mode], (np.array(where, np.float64) + CORNER_M).T
    one, other = (snap(of, mode, PROFILES[mode], index, x_m, y_m) for of in (network, edited))
    for column in one._fields:
        assert np.array_equal(getattr(one, column), getattr(other, column))
