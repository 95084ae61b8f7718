"""Results beside published figures: distances by hand and by Dijkstra, areas of a grid of roads."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from accessibility.assumptions import Assumptions
from accessibility.data_quality.calibration import Calibration, calibrate
from accessibility.data_quality.car_area import car_area, car_outlines
from accessibility.data_quality.road_distance import RoadDistances
from accessibility.travel_network import Points, TravelNetwork, build_travel_network, street_matrix
from accessibility.world import World, open_world
from data.errors import InputError
from data.live.areas import NO_AREAS, Areas
from data.live.published import compared_areas
from data.streets import StreetMap
from data.study_area.observed_flows import NO_FLOWS, read_flows
from data.study_area.published_figures import Control, read_control, write_control
from data.timetable import NO_TIMETABLE
from network.modes.modes import PROFILES
from support.files import DOCS, FACTS
from support.toys.networks import CORNER_M, RD, street_map
from support.toys.region import lonlat, write_toy_region


def quiet(_label: str, _share: float) -> None:
    """Tell nobody."""


def network_of(streets: StreetMap) -> TravelNetwork:
    return build_travel_network(streets, NO_TIMETABLE, RD, PROFILES, Assumptions(), quiet)[0]


def at(*spots: tuple[float, float]) -> Points:
    xy = np.array(spots, np.float64) + CORNER_M
    return Points(xy[:, 0].copy(), xy[:, 1].copy())


def test_the_shortest_way_counts_not_the_quickest() -> None:
    r"""A lane of 1 km from A to B, and a fast road of 1.4 km round by C: the car takes the road, CBS the lane.

      C
    /   \
      A --- B
    """
    streets = street_map(
        {"A": (0, 0), "B": (1000, 0), "C": (500, 500)},
        [
            ("AB", {"highway": "residential", "maxspeed": "15"}),
            ("ACB", {"highway": "primary", "maxspeed": "100"}),
        ],
    )
    network = network_of(streets)
    metres = RoadDistances(network).to_nearest_m(at((0, 0)), at((1000, 0)))
    assert metres[0] == pytest.approx(1000, abs=1)


def test_distances_are_those_of_dijkstra() -> None:
    """A grid of 6 x 6 with lengths and speeds of its own and three targets."""
    rng = np.random.default_rng(8)
    letters = [chr(0x100 + row) for row in range(36)]
    spots = {
        letter: (500.0 * (row % 6) + rng.uniform(-90, 90), 500.0 * (row // 6) + rng.uniform(-90, 90))
        for row, letter in enumerate(letters)
    }
    ways, pairs = [], []
    for row in range(36):
        for other in ([row + 1] if row % 6 < 5 else []) + ([row + 6] if row < 30 else []):
            ways.append(
                (
                    letters[row] + letters[other],
                    {"highway": "tertiary", "maxspeed": str(rng.choice([30, 80]))},
                )
            )
            metres = np.hypot(*(np.array(spots[letters[row]]) - spots[letters[other]]))
            pairs += [(row, other, metres), (other, row, metres)]
    tail, head, metres = (np.array(column) for column in zip(*pairs, strict=True))
    all_pairs = dijkstra(coo_array((metres, (tail, head)), shape=(36, 36)).tocsr())
    targets = [3, 17, 30]
    expected = all_pairs[:, targets].min(axis=1)
    found = RoadDistances(network_of(street_map(spots, ways))).to_nearest_m(
        at(*spots.values()), at(*(spots[letters[row]] for row in targets))
    )
    # Lengths on the ground and on the map differ by less than a per mille here; each of some ten edges is rounded.
    assert found == pytest.approx(expected, rel=0.002, abs=8)


def grid(n_lines: int, mesh_m: float) -> StreetMap:
    """Roads every `mesh_m`, all alike, so that nobody gives way."""
    letters = {(x, y): chr(0x4E00 + n_lines * x + y) for x in range(n_lines) for y in range(n_lines)}
    road = {"highway": "unclassified", "maxspeed": "60"}
    lines = ["".join(letters[x, y] for x in range(n_lines)) for y in range(n_lines)]
    lines += ["".join(letters[x, y] for y in range(n_lines)) for x in range(n_lines)]
    spots = {letter: (mesh_m * x, mesh_m * y) for (x, y), letter in letters.items()}
    return street_map(spots, [(line, road) for line in lines])


def test_the_area_reached_on_a_grid_is_a_diamond() -> None:
    """After a time worth r metres of driving one is r metres away over the streets: |x| + |y| = r holds 2 r^2."""
    network = network_of(grid(25, 500.0))
    centre, next_to = at((6000, 6000)), at((7000, 6000))
    s_per_km = float(street_matrix(network, "car", centre, next_to, np.inf)[0, 0])
    found = car_area(network, centre, 4 * s_per_km, 1000.0)
    # The roads end in tips along the rim of the diamond: a mesh is the precision.
    assert found.km2 == pytest.approx(2 * 4.0**2, rel=0.08)
    assert found.edge_share == 0
    # Twice the time, four times the area, but the roads end at 6 km: the corners of the diamond are missing.
    larger = car_area(network, centre, 8 * s_per_km, 1000.0)
    assert larger.km2 == pytest.approx(2 * 8.0**2 - 4 * 2.0**2, rel=0.05)
    assert larger.edge_share > 0.3


def test_other_outlines_of_the_diamond() -> None:
    """A diamond is its own hull, 2 r^2; the land nearest to its roads reaches half a mesh further at most."""
    network = network_of(grid(25, 500.0))
    centre, next_to = at((6000, 6000)), at((7000, 6000))
    s_per_km = float(street_matrix(network, "car", centre, next_to, np.inf)[0, 0])
    found = car_outlines(network, centre, 4 * s_per_km)
    assert found.hull_km2 == pytest.approx(2 * 4.0**2, rel=0.02)
    assert 2 * 4.0**2 < found.nearest_km2 < 2 * 4.25**2
    # The roads go on beyond the diamond in every direction.
    assert found.n_open == 36
    assert found.open_hull_km2 == pytest.approx(found.hull_km2)
    # At 7 km the tips of the diamond are cut where the roads end, at 6 km: 4 x 1^2 of its 98 km2. Along the diagonals it
    # is whole and the roads go on; there it is at its narrowest, so all round as there it is less.
    larger = car_outlines(network, centre, 7 * s_per_km)
    assert larger.hull_km2 == pytest.approx(98 - 4, rel=0.03)
    assert 0 < larger.n_open < 36
    assert 0.7 * 98 < larger.open_hull_km2 < larger.hull_km2
    assert car_outlines(network, at((90_000, 90_000)), 3600)[:3] == (0.0, 0.0, 0)


def test_holes_are_land_and_an_unreached_centre_has_no_area() -> None:
    network = network_of(grid(3, 4000.0))
    # All twelve roads of the square of 8 km are reached; the four fields of 4 km between them are filled.
    assert car_area(network, at((4000, 4000)), 3600, 500.0).km2 == pytest.approx(64, rel=0.03)
    assert car_area(network, at((90_000, 90_000)), 3600, 500.0) == (0.0, 0.0)


def control(indicator: str, area: str, value: float, **more: str | float) -> Control:
    base = Control("id", indicator, area, "", "2025", value, "km", "CBS", "", "observed", np.nan, np.nan)
    return replace(base, **more)  # type: ignore[arg-type]


GP = "mean distance to GP practice"


@pytest.fixture
def valley(tmp_path: Path) -> World:
    return open_world(write_toy_region(tmp_path / "valley"), quiet)


def compared(
    world: World, *controls: Control, hoods: Areas = NO_AREAS, country: Areas = NO_AREAS
) -> Calibration:
    return calibrate(world, controls, hoods, country, NO_FLOWS)


def around(name: str, code: str, *spots: str) -> Areas:
    """Area of 500 m around some spots of the valley."""
    shape = shapely.union_all([shapely.Point(lonlat(spot)).buffer(0.005) for spot in spots])
    return Areas((name,), (code,), np.array([shape], object))


def test_means_are_weighted_by_persons(valley: World) -> None:
    """West (400 persons) and East (100) are 2 km from the GP in Mid (200); the 4 of Lone reach no road."""
    (row,) = compared(valley, control(GP, "Valley", 1.0)).deviations
    assert (row.kind, row.level, row.people) == ("gp", "municipality", 700)
    assert row.modelled_km == pytest.approx((400 * 2 + 100 * 2) / 700, rel=0.001)
    assert row.share == pytest.approx(0.4286, rel=0.01)
    assert row.is_outlier
    assert "nobody mapped" in row.reason


def test_a_neighbourhood_is_its_residents_alone(valley: World) -> None:
    hoods = around("Mid", "BU00000001", "mid")
    (row,) = compared(valley, control(GP, "Mid", 0.1, code="BU00000001"), hoods=hoods).deviations
    assert (row.level, row.people) == ("neighbourhood", 200)
    assert row.modelled_km == pytest.approx(0, abs=0.001)
    # A neighbourhood without an outline is compared with nothing, least of all with the region.
    lost = compared(valley, control(GP, "Elsewhere", 0.1, code="BU00000002"), hoods=hoods)
    assert lost.deviations == ()
    assert len(lost.left_out) == 1


def test_services_across_the_border_do_not_count(valley: World) -> None:
    country = around("country", "", "west", "east")
    # The GP of Mid is abroad, so nobody has one.
    found = compared(valley, control(GP, "Valley", 1.0), country=country)
    assert found.deviations == ()
    assert len(found.left_out) == 1


def test_what_is_not_the_like_is_left_out_and_said(valley: World) -> None:
    rows = [
        control(GP, "Netherlands", 1.0),
        control("inhabitants", "Netherlands", 17.3, unit="million persons"),
        control("inhabitants", "Valley", 700, unit="persons"),
        control("inhabitants aged 65 and over", "Valley", 170, unit="persons"),
    ]
    found = compared(valley, *rows)
    assert len(found.left_out) == 2
    # 50 + 50, 25 + 25, 10 + 10 and 2 are 65 and over.
    assert [check.persons for check in found.people] == [704, 172]


def test_the_table_is_read_as_it_was_written(valley: World) -> None:
    rows = [
        control(GP, "Valley", 1.5, note='with, comma and "quotes"'),
        control("x", "Y", 2.0, lon_deg=6.5, lat_deg=52.5),
    ]
    write_control(valley.region.folder / "control.csv", rows)
    again = read_control(valley.region)
    assert [row.note for row in again] == ['with, comma and "quotes"', ""]
    assert (again[1].lon_deg, again[1].lat_deg) == (6.5, 52.5)
    assert np.isnan(again[0].lon_deg)
    text = (valley.region.folder / "control.csv").read_text().replace("1.5", "much")
    (valley.region.folder / "control.csv").write_text(text)
    with pytest.raises(InputError, match=r"control\.csv: line 2: .*much"):
        read_control(valley.region)


def test_the_embedded_region_fits_the_figures_as_published_in_trust_md() -> None:
    """Distances that the text tells, in km: each stands there with the same number, the misfits too."""
    world = open_world("zuid-oost-drenthe", quiet)
    found = calibrate(
        world, read_control(world.region), *compared_areas(world.region), read_flows(world.region)
    )
    distances = {(row.kind, row.control.area): f"{row.modelled_km:.2f}" for row in found.deviations}
    trust = (DOCS / "trust.md").read_text(encoding="utf-8")
    published = {
        (cells[0], cells[1]): cells[4]
        for line in trust.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("| ").split("|")]) >= 6 and cells[2] == "2019"
    }
    assert published == distances
    areas = {
        (row.control.area, str(row.minutes)): tuple(
            f"{km2 / row.control.value - 1:+.0%}".replace("%", " %")
            for km2 in (row.km2, row.outlines.nearest_km2, row.outlines.hull_km2, row.outlines.open_hull_km2)
        )
        for row in found.areas
    }
    told = {
        (f"{cells[0].partition(',')[0]} hospital,{cells[0].partition(',')[2]}", cells[1]): tuple(cells[3:7])
        for line in trust.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("| ").split("|")]) == 8
        and cells[1] in ("25", "30")
    }
    assert told == areas
    # Pupils: the shares within each distance, and of those whom a model sends where they do go.
    pupils = next(check for check in found.flows if check.kind == "primary_school")
    told_within = {
        cells[0]: tuple(cells[1:])
        for line in trust.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("| ").split("|")]) == 5 and cells[0][1:] == " km"
    }
    assert told_within == {
        f"{row.limit_km:.0f} km": tuple(f"{share:.1%}".replace("%", " %") for share in row[1:])
        for row in pupils.within
    }
    assert f"At most {pupils.nearest_share:.1%}".replace("%", " %") in trust
    assert f"{pupils.persons:,} pupils" in trust
    # Inhabitants of the municipalities are those of CBS to the person, of 65 and over to three per mille; more by those of
    # 2018 in De Krim (2,001), Nieuweroord and 't Noorden (640 + 30) and Eeserveen (20), which no postcode of 2021 covers.
    by_2018 = {"Hardenberg": 2001, "Hoogeveen": 670, "Borger-Odoorn": 20}
    for check in found.people:
        more = by_2018.get(
            check.control.area, sum(by_2018.values()) if "six" in check.control.control_id else 0
        )
        if "65" not in check.control.indicator:
            assert check.persons == check.control.value + more
        else:
            assert (
                -0.003 * check.control.value
                < check.persons - check.control.value
                < 0.003 * check.control.value + more
            )


def test_the_control_figures_name_their_centres() -> None:
    facts = FACTS / "control.csv"
    with facts.open(encoding="utf-8") as stream:
        areas = [row for row in csv.DictReader(stream) if row["indicator"].startswith("area")]
    assert len(areas) == 6
    assert all(f"centre lon {row['lon']} lat {row['lat']}" in row["note"] for row in areas)
