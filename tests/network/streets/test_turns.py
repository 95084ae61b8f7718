"""Forbidden turns, on maps small enough to work out by hand, against a search over directed edges, and in Heidelberg.

      G
      │
      E ───── F       All streets are 100 m but B-H, which is 200 m. B-C is one-way, so that nobody turns back in it.
      │       │
A ─── B ──>── C
      │
      H
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.build_report import BuildReport
from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import utm_projection
from data.streets import StreetMap
from network.hierarchy import search
from network.hierarchy.search import build_street_search
from network.modes.modes import PROFILES
from network.streets.network import CLOSED_S, StreetNetwork, build_street_network
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from network.streets.turns import CONNECTOR, expand
from support.files import SHARED
from support.toys.networks import RD, street_map
from support.toys.streets import (
    BIKE,
    CAR,
    LINE,
    STREET,
    WALK,
    at,
    built,
    has_streets,
    matrix,
    nearest,
    straight,
)
from support.toys.turns import (
    AB,
    BC,
    BE,
    CF,
    EG,
    HB,
    NO_LEFT,
    ONE_WAY,
    POINTS,
    WAYS,
    A,
    C,
    E,
    G,
    H,
    Turn,
    about,
    metres,
    restricted_maps,
)

HEIDELBERG = SHARED / "heidelberg" / "heidelberg.test.pbf"

ONLY_STRAIGHT_ON: Turn = (AB, "B", BC, True)


def block(*turns: Turn) -> StreetNetwork:
    return built(street_map(POINTS, WAYS, turns=turns))


def some(points: Snapped, rows: slice) -> Snapped:
    """Some of the points."""
    columns: tuple[Any, ...] = points
    return Snapped(*(column[rows] for column in columns))


def test_without_restrictions_nothing_is_added() -> None:
    network = block()
    # F only leads on: of the seven streets C-F and F-E are one edge.
    assert network.mapped_edge.tolist() == list(range(6))
    assert metres(network, CAR, A, G) == about(300)


def test_a_car_that_may_not_turn_left_goes_round_the_block_and_a_bike_turns() -> None:
    network = block(NO_LEFT)
    # A-B-E-G is 300 m: the car goes A-B-C-F-E-G.
    assert metres(network, BIKE, A, G) == about(300)
    assert metres(network, WALK, A, G) == about(300)
    assert metres(network, CAR, A, G) == about(500)


def test_only_who_comes_over_the_street_is_bound() -> None:
    network = block(NO_LEFT)
    # From the south straight on to the north; from the north to the west, over the street one may not come from.
    assert metres(network, CAR, H, G) == about(400)
    assert metres(network, CAR, G, A) == about(300)
    assert metres(network, CAR, A, C) == about(200)
    assert metres(network, CAR, A, H) == about(300)


def test_only_straight_on_forbids_both_other_turns() -> None:
    network = block(ONLY_STRAIGHT_ON)
    assert metres(network, CAR, A, C) == about(200)
    assert metres(network, CAR, A, G) == about(500)
    # To the south round the block: A-B-C-F-E-B-H.
    assert metres(network, CAR, A, H) == about(700)
    assert metres(network, BIKE, A, H) == about(300)


def test_two_restrictions_for_one_approach_add_up() -> None:
    network = block(NO_LEFT, (AB, "B", HB, False))
    assert metres(network, CAR, A, G) == about(500)
    assert metres(network, CAR, A, H) == about(700)


def test_two_only_restrictions_for_one_approach_leave_both_turns() -> None:
    network = block(ONLY_STRAIGHT_ON, (AB, "B", HB, True))
    assert metres(network, CAR, A, C) == about(200)
    assert metres(network, CAR, A, H) == about(300)
    assert metres(network, CAR, A, G) == about(500)


def test_restrictions_of_two_approaches_do_not_open_each_other() -> None:
    # From the west not to the north, from the south not to the west.
    network = block(NO_LEFT, (HB, "B", AB, False))
    assert metres(network, CAR, A, G) == about(500)
    assert metres(network, CAR, A, H) == about(300)
    assert metres(network, CAR, H, G) == about(400)
    # On to E, where one turns back, and from there to the right: H-B-E-B-A.
    assert metres(network, CAR, H, A) == about(500)


def test_points_on_the_street_one_comes_from_are_bound_from_the_junction_on() -> None:
    network = block(NO_LEFT)
    assert metres(network, CAR, (30, 0), (80, 0)) == about(50)
    assert metres(network, CAR, (60, 0), G) == about(440)
    assert metres(network, CAR, G, (60, 0)) == about(240)


def test_points_on_the_streets_beyond_are_reached_by_the_allowed_turns_only() -> None:
    network = block(NO_LEFT)
    # A place half-way B-C lies straight on; B-C is one-way, so nobody can come back to it from C.
    assert metres(network, CAR, A, (150, 0)) == about(150)
    assert metres(network, CAR, A, (100, -50)) == about(150)
    # A place half-way B-E has to be reached from E: A-B-C-F-E and 50 m back.
    assert metres(network, CAR, A, (100, 50)) == about(450)
    assert metres(network, BIKE, A, (100, 50)) == about(150)


def test_every_way_into_a_one_way_street_may_be_restricted() -> None:
    # Whoever comes to B, from A, H or E, has some turn forbidden; B-C is open to all.
    network = block(NO_LEFT, (HB, "B", BE, False), (BE, "B", AB, False))
    assert metres(network, CAR, (50, 0), (150, 0)) == about(100)
    assert metres(network, CAR, H, (150, 0)) == about(250)
    assert metres(network, CAR, G, (150, 0)) == about(250)


def test_a_street_between_two_restricted_junctions() -> None:
    # A ── B ──> C ── D, and E, F, G 100 m north of B, C, D: at B and at C one may not turn left.
    points = LINE | {"E": (100, 100), "F": (200, 100), "G": (300, 100)}
    words = ["AB", "BC", "CD", "BE", "CF", "EF", "FG", "DG"]
    ways = [(word, ONE_WAY if word in ("BC", "CD") else STREET) for word in words]
    turns = [(0, "B", 3, False), (1, "C", 4, False)]
    network = built(street_map(points, ways, turns=turns))
    a, f = points["A"], points["F"]
    # Left at B or at C would be 300 m; the car goes on to D: A-B-C-D-G-F. From B-C on one is bound at C only.
    assert metres(network, BIKE, a, f) == about(300)
    assert metres(network, CAR, a, f) == about(500)
    assert metres(network, CAR, (150, 0), f) == about(350)
    assert metres(network, CAR, a, (150, 0)) == about(150)
    # From E, who is not bound at B, too: E-B-C-D-G. Only 200 m remain over F.
    assert metres(network, CAR, (100, 50), (150, 0)) == about(100)


def test_a_footpath_across_the_street_is_no_place_to_turn_back() -> None:
    # A ── B ── X ── C, left to E at B is forbidden, and a footpath crosses at X, 10 m beyond B. Cars turn back at C, where
    # a side street begins: A-B-X-C-X-B-E.
    points = LINE | {"E": (100, 100), "X": (110, 0), "N": (110, 50), "S": (110, -50), "Y": (200, 80)}
    ways = [("AB", STREET), ("BE", STREET), ("BXC", STREET), ("CD", STREET), ("CY", STREET)]
    footpath = ("NXS", {"highway": "footway"})
    network = built(street_map(points, [*ways, footpath], turns=[(0, "B", 1, False)]))
    assert metres(network, CAR, A, points["E"]) == about(400)
    assert metres(network, CAR, A, (150, 0)) == about(150)
    assert metres(network, WALK, A, points["N"]) == about(160)


def test_a_barrier_on_the_junction_stops_cars_whatever_the_restriction() -> None:
    points = LINE | {"E": (0, 100), "F": (300, 100), "G": (100, -50), "H": (400, 0)}
    ways = [("AB", STREET), ("BCD", STREET), ("AEFD", STREET), ("BG", STREET), ("DH", STREET)]
    network = built(street_map(points, ways, {"B": {"barrier": "bollard"}}, turns=[(0, "B", 3, False)]))
    # As without the restriction: 100 m by bike, by car back to A and round over E, F and D.
    assert metres(network, BIKE, (50, 0), (150, 0)) == about(100)
    assert metres(network, CAR, (50, 0), (150, 0)) == about(50 + 500 + 150)
    assert metres(network, CAR, (150, 0), (50, 0)) == about(50 + 500 + 150)


LADDER = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (300, 0)} | {
    "E": (0, 100),
    "F": (100, 100),
    "G": (200, 100),
    "H": (300, 100),
}
"""Two one-way carriageways, A to D and back from H to E, with links B-F and C-G between them, and D-H at the end."""
CARRIAGEWAYS = [
    *((word, ONE_WAY) for word in ("AB", "BC", "CD", "DH", "HG", "GF", "FE")),
    *((word, STREET) for word in ("BF", "CG", "EA")),
]
A_B, B_C, C_D, _, _, G_F, F_E, B_F, C_G, E_A = range(10)


def ladder(*turns: Turn) -> StreetNetwork:
    return built(street_map(LADDER, CARRIAGEWAYS, turns=turns))


def test_a_turn_over_a_link_is_forbidden_to_who_comes_from_the_one_street_only() -> None:
    # Over B-F back is 50 + 100 + 50 m. Who may not goes on to the next link, 100 m farther on both carriageways.
    start, end = (50, 0), (50, 100)
    assert metres(ladder(), CAR, start, end) == about(200)
    network = ladder((A_B, "BF", (B_F, F_E), False))
    assert metres(network, CAR, start, end) == about(400)
    assert metres(network, BIKE, start, end) == about(200)
    # The link itself may be driven, and left in that direction by who comes from elsewhere.
    assert metres(network, CAR, start, (100, 50)) == about(100)
    assert metres(network, CAR, (100, 50), end) == about(100)
    assert metres(network, CAR, (150, 100), end) == about(100)


def test_turns_over_links_and_at_their_ends_add_up() -> None:
    # From the link one must not turn at F at all, over the next one not from B: round over D and H.
    network = ladder((B_F, "F", F_E, False), (B_C, "CG", (C_G, G_F), False))
    assert metres(network, CAR, (50, 0), (50, 100)) == about(50 + 200 + 100 + 200 + 50)


def test_only_a_turn_over_a_link_leaves_no_other_way_from_its_first_junction_on() -> None:
    network = ladder((A_B, "BF", (B_F, F_E), True))
    assert metres(network, CAR, (50, 0), (50, 100)) == about(200)
    # Straight on is 100 m; who must take the link turns back at its end, as one may at every junction.
    assert metres(ladder(), CAR, (50, 0), (150, 0)) == about(100)
    assert metres(network, CAR, (50, 0), (150, 0)) == about(300)
    assert metres(network, BIKE, (50, 0), (150, 0)) == about(100)


def test_a_footpath_across_the_link_does_not_end_the_restriction() -> None:
    # The link B-F is of two edges, because a footpath crosses at X.
    points = LADDER | {"X": (100, 50), "Y": (130, 50), "Z": (70, 50)}
    ways = [("BXF", tags) if word == "BF" else (word, tags) for word, tags in CARRIAGEWAYS]
    streets = street_map(
        points, [*ways, ("YXZ", {"highway": "footway"})], turns=[(A_B, "BF", (B_F, F_E), False)]
    )
    assert metres(built(streets), CAR, (50, 0), (50, 100)) == about(400)
    assert metres(built(streets), BIKE, (50, 0), (50, 100)) == about(200)


def test_a_turn_over_two_links_is_known_by_all_of_them() -> None:
    # From A over B-F and on to E is allowed to all but those who came over the street A-B from E-A; they go on to C.
    network = ladder((E_A, "ABF", (A_B, B_F, F_E), False))
    assert metres(network, CAR, (0, 50), (50, 100)) == about(50 + 200 + 100 + 100 + 50)
    assert metres(network, CAR, (50, 0), (50, 100)) == about(200)


def test_streets_between_that_cannot_be_followed_are_reported() -> None:
    # F-B against C-B: the carriageway is one-way, nobody comes from F over B-C back to B.
    streets = street_map(LADDER, CARRIAGEWAYS, turns=[(C_D, "CB", (B_C, B_F), False)])
    _, report = build_street_network(streets, PROFILES, RD)
    assert list(findings(report)) == ["turn restrictions on a way that no car can come from"]
    streets = street_map(LADDER, CARRIAGEWAYS, turns=[(C_G, "CB", (B_C, B_F), False)])
    _, report = build_street_network(streets, PROFILES, RD)
    assert list(findings(report)) == ["turn restrictions over ways that no car can follow"]


def test_added_edges_have_no_place_and_let_the_others_pass() -> None:
    network = block(NO_LEFT)
    added = network.mapped_edge[6:]
    # One approach gives one connector; of the three other streets at B two stay open, B-C and B-H. At C only C-F-E leads
    # on: a second shadow, with a node before it.
    assert Counter((added == CONNECTOR).tolist()) == {True: 1, False: 3}
    assert network.n_nodes == 6 + 2
    assert (np.diff(network.vertex_offset)[6:] == 0).all()
    assert max(index.parts.main.edge.max() for index in snap_indexes(network.mapped)) < 6
    assert not network.speed_mps[:, network.edge_speed[6:][added == CONNECTOR]].any()
    (connector,) = np.flatnonzero(network.mapped_edge == CONNECTOR)
    both = np.stack([network.forward_s, network.backward_s])
    assert (both[:, [WALK, BIKE], connector] == 0).all()
    assert both[:, CAR, connector].tolist() == [0, CLOSED_S]
    shadows = 6 + np.flatnonzero(added != CONNECTOR)
    assert (both[:, [WALK, BIKE]][..., shadows] == CLOSED_S).all()
    assert (both[:, CAR, shadows].min(axis=0) == both[:, CAR, network.mapped_edge[shadows]].min(axis=0)).all()
    assert (both[:, CAR, shadows].max(axis=0) == CLOSED_S).all()


def findings(report: BuildReport) -> dict[str, tuple[str, ...]]:
    return {row.what: row.examples for row in report.findings if row.what.startswith("turn restrictions")}


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        # B-C is one-way: nobody comes to B over it, and nobody takes it from C.
        ((BC, "B", BE, False), "that no car can come from"),
        ((CF, "C", BC, False), "that no car can take anyway"),
        ((CF, "C", BC, True), "that no car can take anyway"),
        # A-B at G: not the same place.
        ((AB, "G", EG, False), "that no car can come from"),
        ((AB, "B", AB, False), "against turning back"),
    ],
)
def test_restrictions_that_bind_nobody_are_reported(turn: Turn, reason: str) -> None:
    network, report = build_street_network(street_map(POINTS, WAYS, turns=[turn]), PROFILES, RD)
    ((what, examples),) = findings(report).items()
    assert reason in what
    assert examples == ("relation/1",)
    assert (network.mapped_edge == np.arange(6)).all()


def test_a_street_that_passes_the_junction_is_unclear_unless_it_is_one_way() -> None:
    # A-B-C is one way over the junction B: from which side? A one-way street leads from C back to A.
    points = {name: POINTS[name] for name in "ABCEFH"}
    for tags, n_reported, expected in ((STREET, 1, 200), (ONE_WAY, 0, 400)):
        ways = [("ABC", tags), ("BE", STREET), ("CF", STREET), ("FE", STREET), ("CHA", ONE_WAY)]
        network, report = build_street_network(
            street_map(points, ways, turns=[(0, "B", 1, False)]), PROFILES, RD
        )
        assert len(findings(report)) == n_reported
        assert metres(network, CAR, A, E) == about(expected)


# --- every pair of points against a search over directed edges -----------------------------------------------------


def back(edge: Edge) -> Edge:
    """The same edge in the other direction."""
    return edge[0], 1 - edge[1]


Edge = tuple[int, int]
"""An edge and the direction in which it is travelled."""
State = tuple[tuple[Edge, ...], bool]
"""Edges travelled in a row, the last of them where one is, and whether one must go on where only one street leads on."""


class DirectedEdges:
    """Oracle: a search over the edges travelled in a row, where some rows of edges are forbidden.

    Turning back is a step that is never forbidden by name. But who has come over a junction by an approach with a forbidden
    turn must go on, as long as there is exactly one street to go on by; and who is on the way over the streets between of a
    restriction goes on, whatever there is.
    """

    def __init__(self, streets: StreetMap, network: StreetNetwork, mode: int) -> None:
        x_m, y_m = RD.to_metres(streets.lon_deg, streets.lat_deg)
        node = {(x, y): row for row, (x, y) in enumerate(zip(x_m.tolist(), y_m.tolist(), strict=True))}
        self.start: dict[Edge, int] = {}
        self.seconds: dict[Edge, int] = {}
        self.first_way: dict[Edge, int] = {}
        self.drivable: set[Edge] = set()
        self.streets = streets
        for edge in np.flatnonzero(network.mapped_edge == np.arange(network.n_edges)).tolist():
            vertices = range(network.vertex_offset[edge], network.vertex_offset[edge + 1])
            line = [node[network.vertex_x_m[row], network.vertex_y_m[row]] for row in vertices]
            for direction, path in ((0, line), (1, line[::-1])):
                self.start[edge, direction] = path[0]
                self.first_way[edge, direction] = self.way_of(path[0], path[1])
                table = network.forward_s if direction == 0 else network.backward_s
                self.seconds[edge, direction] = int(table[mode, edge])
                if network.speed_mps[mode, network.edge_speed[edge], direction] > 0:
                    self.drivable.add((edge, direction))
        named = self.named() if PROFILES[mode].obeys_turn_restrictions else set()
        # Only what can be driven at all makes an approach a restricted one.
        self.forbidden = {row for row in named if self.drivable.issuperset(row)}
        self.begun = {row[:n] for row in self.forbidden for n in range(1, len(row))}

    def way_of(self, one: int, other: int) -> int:
        first = self.streets.way_offset
        (found,) = (
            way
            for way in range(len(self.streets.way_id))
            if {one, other}
            in [set(pair) for pair in pairwise(self.streets.way_node[first[way] : first[way + 1]].tolist())]
        )
        return found

    def named(self) -> set[tuple[Edge, ...]]:
        """Rows of edges, by the wording of the restrictions that name one row."""
        no, only = set(), dict[tuple[Edge, ...], set[Edge]]()
        for turn in range(len(self.streets.turn_only)):
            rows = self.rows(turn)
            if len(rows) != 1:
                continue
            (row,) = rows
            if not self.streets.turn_only[turn]:
                no |= {row} - {(row[0], back(row[0]))}
                continue
            for n in range(1, len(row)):
                only.setdefault(row[:n], set()).add(row[n])
        for row, wanted in only.items():
            here = [edge for edge, node in self.start.items() if node == self.end(row[-1])]
            no |= {(*row, other) for other in here if other not in wanted and other != back(row[-1])}
        return no

    def rows(self, turn: int) -> list[tuple[Edge, ...]]:
        """Every row of edges that a restriction may mean."""
        steps = slice(self.streets.turn_offset[turn], self.streets.turn_offset[turn + 1])
        vias = self.streets.turn_via_node[steps].tolist()
        ways = self.streets.turn_to_way[steps].tolist()
        come_from = self.streets.turn_from_way[turn]
        rows: list[tuple[Edge, ...]] = [
            (edge,)
            for edge in sorted(self.drivable)
            if self.end(edge) == vias[0] and self.first_way[back(edge)] == come_from
        ]
        for way, to in zip(ways, [*vias[1:], None], strict=True):
            turns_back = len(ways) == 1
            rows = [longer for row in rows for longer in self.further(row, way, to, turns_back=turns_back)]
        return rows

    def further(
        self, row: tuple[Edge, ...], way: int, to: int | None, *, turns_back: bool = False, begun: int = 0
    ) -> list[tuple[Edge, ...]]:
        """The row with more edges along a way up to a node, or with just one.

        No edge is passed twice along the way, but the street that one came over may be named again where one comes round.
        """
        found, begun = [], begun or len(row)
        for edge in sorted(self.drivable):
            is_next = self.start[edge] == self.end(row[-1]) and self.first_way[edge] == way
            if is_next and (turns_back or edge != back(row[-1])) and edge not in row[begun:]:
                more = (*row, edge)
                found += [more] if to in (None, self.end(edge)) else self.further(more, way, to, begun=begun)
        return found

    def end(self, edge: Edge) -> int:
        return self.start[back(edge)]

    def onward(self, state: State) -> list[State]:
        """What may follow, and whether one has to go on at the ends of that where only one street leads on."""
        row, must_go_on = state
        here = [other for other, node in self.start.items() if node == self.end(row[-1])]
        ahead = [
            other
            for other in here
            if other != back(row[-1]) and (other in self.drivable or back(other) in self.drivable)
        ]
        is_bound = row in self.begun
        leads_on = must_go_on and not is_bound and len(ahead) == 1 and ahead[0] in self.drivable
        steps = [
            (self.remembered((*row, other)), leads_on or is_bound)
            for other in ahead
            if not any((*row, other)[at:] in self.forbidden for at in range(len(row)))
        ]
        if not leads_on and not (is_bound and len(row) > 1):
            steps.append((self.remembered((back(row[-1]),)), False))
        return [step for step in steps if self.seconds[step[0][-1]] < CLOSED_S]

    def remembered(self, row: tuple[Edge, ...]) -> tuple[Edge, ...]:
        """As much of the last edges as some restriction may still speak of, and always the last."""
        return next((row[at:] for at in range(len(row)) if row[at:] in self.begun), row[-1:])

    def times(self, points: Snapped, origin: int) -> list[float]:
        """Seconds to every point on another edge, or on the same edge by way of one of its ends."""
        best = [np.inf] * len(points.edge)
        done: set[State] = set()
        queue: list[tuple[int, State]] = [
            (int(to_s[origin, door]), (((int(points.edge[origin, door]), direction),), False))
            for direction, to_s in ((0, points.to_head_s), (1, points.to_tail_s))
            for door in range(2)
            if to_s[origin, door] < CLOSED_S
        ]
        heapq.heapify(queue)
        while queue:
            reached_s, state = heapq.heappop(queue)
            if state in done:
                continue
            done.add(state)
            for step in self.onward(state):
                edge, direction = step[0][-1]
                heapq.heappush(queue, (reached_s + self.seconds[edge, direction], step))
                from_s = points.from_tail_s if direction == 0 else points.from_head_s
                for target, door in np.argwhere((points.edge == edge) & (from_s < CLOSED_S)).tolist():
                    best[target] = min(best[target], reached_s + int(from_s[target, door]))
        return best


@settings(deadline=None, max_examples=400)
@given(
    restricted_maps(),
    st.lists(st.tuples(st.integers(-20, 330), st.integers(-40, 230)), min_size=2, max_size=6),
    st.sampled_from([BIKE, CAR, CAR]),
)
def test_times_between_points_equal_a_search_over_directed_edges(
    streets: StreetMap, where: list[tuple[int, int]], mode: int
) -> None:
    network = built(streets)
    assume(has_streets(network, mode))
    points = at(network, mode, *[(float(x), float(y)) for x, y in where])
    seconds = matrix(network, mode, points, points)
    oracle = DirectedEdges(streets, network, mode)
    for one in range(len(where)):
        expected = oracle.times(points, one)
        for other in range(len(where)):
            expected[other] = min(expected[other], straight(network, mode, points, one, other))
        assert seconds[one].tolist() == expected
    # All points with a door to the main component reach each other.
    is_main = points.off_street_m[:, 0] <= PROFILES[mode].max_snap_m
    assert np.isfinite(seconds[np.ix_(is_main, is_main)]).all()
    found = nearest(network, mode, points, some(points, slice(1, None)))
    assert (found.seconds == seconds[:, 1:].min(axis=1)).all()


@settings(deadline=None, max_examples=50)
@given(restricted_maps())
def test_a_restriction_never_makes_a_car_quicker_and_leaves_the_others_alone(streets: StreetMap) -> None:
    # The junctions of restrictions stay: the same edges, the same rounding.
    without = built(replace(streets, turn_to_way=np.zeros_like(streets.turn_to_way) - 1))
    assert (without.mapped_edge == np.arange(without.n_edges)).all()
    network = built(streets)
    for mode in (WALK, BIKE, CAR):
        if not has_streets(network, mode):
            continue
        points = at(network, mode, (10, 10), (120, 90), (200, 160))
        free = at(without, mode, (10, 10), (120, 90), (200, 160))
        if not (points.edge == free.edge).all():
            continue
        before, after = matrix(without, mode, free, free), matrix(network, mode, points, points)
        assert (after >= before).all() if PROFILES[mode].obeys_turn_restrictions else (after == before).all()


# --- Heidelberg ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def heidelberg() -> tuple[StreetMap, StreetNetwork, BuildReport]:
    if not HEIDELBERG.exists():
        pytest.skip("needs the shared test data")
    streets = read_osm(HEIDELBERG, load_facility_kinds()).streets
    projection = utm_projection(streets.lon_deg, streets.lat_deg)
    return streets, *build_street_network(streets, PROFILES, projection)


def test_heidelbergs_restrictions_are_held_to_or_reported() -> None:
    streets, network, report = heidelberg()
    # Of 470 restrictions on the map 12 begin on footways, cycleways and streets closed to cars (one of them only in this
    # direction, by access:backward=no on way 29993649), 4 end on such a street
    # or on a one-way street against its direction, and 2 forbid turning back into the same street (looked up one by one;
    # three more of the first and of the second kind are private and forestry ways, on which trips begin and end).
    assert len(streets.turn_only) == 470
    dropped = {row.what: row.count for row in report.findings if row.what.startswith("turn restrictions")}
    assert sorted(dropped.values()) == [2, 4, 12]
    # Every approach that needs a copy belongs to a restriction; most `only_*` leave out a turn, some forbid nothing.
    expanded = expand(network.mapped, network.mapped.ends_at())
    n_copies = int((expanded.mapped_edge == CONNECTOR).sum())
    assert 400 < n_copies <= 470 - 18


def test_who_may_not_turn_right_from_bergheimer_strasse_goes_round() -> None:
    # Relation 3599271: on node 269790779 no right turn from Bergheimer Straße to Karl-Metz-Straße. The two segments that
    # meet there are 29 m together, so 15 m from the middle of one to the middle of the other.
    streets, network, _ = heidelberg()
    assert 3599271 in streets.turn_relation
    projection = utm_projection(streets.lon_deg, streets.lat_deg)
    row = np.searchsorted(streets.node_id, [465589305, 269790779, 2379716050])
    x_m, y_m = projection.to_metres(streets.lon_deg[row], streets.lat_deg[row])
    middle_x_m, middle_y_m = (x_m[:2] + x_m[1:]) / 2, (y_m[:2] + y_m[1:]) / 2
    ready = build_street_search(network)
    found = []
    for mode in (WALK, CAR):
        points = snap(
            network,
            mode,
            PROFILES[mode],
            snap_indexes(network.mapped)[mode],
            middle_x_m,
            middle_y_m,
        )
        start, end = some(points, slice(0, 1)), some(points, slice(1, 2))
        found.append(float(search.nearest(ready, mode, start, end).metres[0]))
    assert found[0] == pytest.approx(15, abs=2)
    assert found[1] > 300
