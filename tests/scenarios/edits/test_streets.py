"""Edits of streets, on a map that fits on one screen; letters are 1 km apart.

A ══ B ══ C ── D      A-C is the N34, a secondary road of 80 km/h, C-D the Dorpsstraat, residential.
          │           C-E is a cycle path, and E-F a street like the Dorpsstraat, without a name.
          E ── F
"""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.travellers import ALL_PROFILES
from data.columns import Floats
from data.errors import DorpshubError, ScenarioError
from data.streets import StreetMap
from network.streets.mapped import MappedStreets
from network.streets.network import CLOSED_S, assemble, build_street_network
from scenarios.edits.base import Spot
from scenarios.edits.streets import (
    ChangeSpeedLimit,
    CloseStreets,
    DrawPath,
    OnStreets,
    StreetEdit,
    chosen,
    edited,
)
from support.toys.networks import CORNER_M, RD, street_map

POINTS = {"A": (0, 0), "B": (1000, 0), "C": (2000, 0), "D": (3000, 0), "E": (2000, -1000), "F": (3000, -1000)}
MAIN = {"highway": "secondary", "maxspeed": "80", "surface": "asphalt"}
STREET = {"highway": "residential", "maxspeed": "50", "surface": "asphalt"}
CYCLEWAY = {"highway": "cycleway", "foot": "yes", "surface": "asphalt"}
NAMES = (("", ""), ("N34;E 233", "Rijksweg"), ("", "Dorpsstraat"))
ROWS = {profile.name: row for row, profile in enumerate(ALL_PROFILES)}


def at(x_m: float, y_m: float) -> Spot:
    """Longitude and latitude of a point of the map."""
    lon_deg, lat_deg = RD.to_lonlat(np.array([x_m + CORNER_M[0]]), np.array([y_m + CORNER_M[1]]))
    return float(lon_deg[0]), float(lat_deg[0])


def streets() -> MappedStreets:
    bare = street_map(POINTS, [("ABC", MAIN), ("CD", STREET), ("CE", CYCLEWAY), ("EF", STREET)])
    columns = {name: getattr(bare, name) for name in StreetMap.__slots__}
    named = StreetMap(**columns | {"way_name": np.array([1, 2, 0, 0], np.int32), "names": NAMES})
    return build_street_network(named, ALL_PROFILES, RD)[0].mapped


def pairs(of: MappedStreets, edges: np.ndarray) -> set[str]:
    """Edges by the letters of their ends."""
    letter = {tuple(np.round(np.array(xy) + CORNER_M, 0)): name for name, xy in POINTS.items()}
    ends = zip(of.edge_tail[edges], of.edge_head[edges], strict=True)
    return {
        "".join(sorted(letter[round(of.node_x_m[node]), round(of.node_y_m[node])] for node in pair))
        for pair in ends
    }


def seconds(of: MappedStreets, mode: str) -> Floats:
    """(E,) seconds along each edge from tail to head."""
    found: Floats = assemble(of).forward_s[ROWS[mode]].astype(np.float64)
    return found


def after(edit: StreetEdit) -> MappedStreets:
    return edited(streets(), edit, ALL_PROFILES, RD)


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        (OnStreets(road="N34"), {"AC"}),
        (OnStreets(road="e233"), {"AC"}),
        (OnStreets(road="dorpsstraat"), {"CD"}),
        (OnStreets(classes=("residential",)), {"CD", "EF"}),
        (OnStreets(classes=("residential",), area=(at(2500, -1500), at(2600, -500))), {"EF"}),
        (
            OnStreets(area=(at(1500, 100), at(2600, 100), at(2600, -700), at(1900, -700), at(1500, 50))),
            {"CD", "CE"},
        ),
        (OnStreets(at=at(2010, -480)), {"CE"}),
        (OnStreets(classes=("residential",), at=at(2450, -20)), {"CD"}),
    ],
)
def test_streets_are_meant_by_road_class_area_or_point(means: OnStreets, expected: set[str]) -> None:
    # A-C is one edge, as nothing happens at B.
    assert pairs(streets(), chosen(streets(), means, RD)) == expected


def test_a_lower_limit_slows_cars_and_nobody_else() -> None:
    # At 30 km/h four fifths are driven, 24 km/h: a kilometre in 150 s.
    before, slower = streets(), after(ChangeSpeedLimit(road="Dorpsstraat", limit_kmh=30))
    edge = chosen(before, OnStreets(road="Dorpsstraat"), RD)
    assert seconds(slower, "car")[edge] == pytest.approx(150, abs=5)
    assert seconds(slower, "car")[edge] > seconds(before, "car")[edge]
    for mode in ("walk", "bike", "ebike", "walk_frame"):
        assert np.array_equal(seconds(slower, mode), seconds(before, mode))
    others = np.setdiff1d(np.arange(before.n_edges), edge)
    assert np.array_equal(seconds(slower, "car")[others], seconds(before, "car")[others])


def test_a_limit_does_not_open_a_street_to_cars() -> None:
    cycleway = chosen(streets(), OnStreets(classes=("cycleway",)), RD)
    assert (
        seconds(after(ChangeSpeedLimit(area=(at(-100, -2000), at(4000, 500)), limit_kmh=100)), "car")[
            cycleway
        ]
        == CLOSED_S
    ).all()


def test_a_closure_holds_for_its_modes_and_every_pace_of_them() -> None:
    before = streets()
    edge = chosen(before, OnStreets(classes=("cycleway",)), RD)
    closed = after(CloseStreets(classes=("cycleway",), modes=("walk",)))
    for mode in ("walk", "walk_75plus", "walk_frame"):
        assert seconds(closed, mode)[edge] == CLOSED_S
    assert seconds(closed, "bike")[edge] == seconds(before, "bike")[edge]
    everybody = after(CloseStreets(road="N34"))
    edge = chosen(before, OnStreets(road="N34"), RD)
    assert all(seconds(everybody, mode)[edge] == CLOSED_S for mode in ROWS)


def test_a_cycle_path_is_for_cyclists_and_walkers_and_a_road_for_all() -> None:
    line = (at(3000, -990), at(3000, -10))
    path, road = (after(DrawPath(line=line, kind=kind)) for kind in ("cycle_path", "road"))
    new = streets().n_edges
    # A kilometre at 1.33 m/s is 752 s, at 15.8 km/h 228 s.
    assert seconds(path, "walk")[new:].sum() == pytest.approx(752, abs=2)
    assert seconds(path, "bike")[new:].sum() == pytest.approx(228, abs=2)
    assert (seconds(path, "car")[new:] == CLOSED_S).all()
    assert (seconds(road, "car")[new:] < CLOSED_S).all()
    # 60 km/h on a rural road of one lane: nine tenths of it driven, 54 km/h, 67 s and what giving way costs.
    assert 60 < seconds(road, "car")[new:].sum() < 80


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (CloseStreets(), "say which streets"),
        (CloseStreets(road="N37"), "no road is called 'N37'; roads like it are"),
        (
            CloseStreets(classes=("motorway",)),
            "no streets of class motorway; there are cycleway, residential, secondary",
        ),
        (CloseStreets(road="N34", area=(at(2500, -1500), at(2600, -500))), "no street meets all"),
        (CloseStreets(area=(at(0, 0),)), "three corners or more"),
        (CloseStreets(area=(at(0, 0), at(10, 10), at(10, 0), at(0, 10))), "crosses itself"),
        (CloseStreets(at=at(1000, 400)), "is 400 m from the point"),
        (DrawPath(line=(at(3000, -500), at(3000, 0)), kind="road"), "more than 50 m from every street"),
        (
            DrawPath(line=(at(0, 0), at(60_000, 0), at(0, 0)), kind="road"),
            "the line: 120 km of one line, and at most 100",
        ),
    ],
)
def test_what_cannot_be_done_is_said(edit: StreetEdit, says: str) -> None:
    with pytest.raises(DorpshubError, match=says):
        after(edit)


def test_a_map_without_names_says_so() -> None:
    bare = street_map(POINTS, [("ABC", MAIN)])
    unnamed = build_street_network(bare, ALL_PROFILES, RD)[0].mapped
    with pytest.raises(ScenarioError, match="the map names no roads"):
        chosen(unnamed, OnStreets(road="N34"), RD)


def test_an_edge_takes_the_road_that_most_of_it_is_part_of() -> None:
    # From A to D nothing but the name changes, at B: two thirds of the edge are Long Lane.
    bare = street_map({**POINTS, "G": (3000, 10)}, [("AB", STREET), ("BCD", STREET)])
    columns = {name: getattr(bare, name) for name in StreetMap.__slots__}
    names = (("", ""), ("", "Short Lane"), ("", "Long Lane"))
    lanes = StreetMap(**columns | {"way_name": np.array([1, 2], np.int32), "names": names})
    mapped = build_street_network(lanes, ALL_PROFILES, RD)[0].mapped
    assert mapped.n_edges == 1
    assert mapped.road_name[mapped.edge_road[0]] == "Long Lane"
