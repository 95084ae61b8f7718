"""How far one gets on the toy valley (drawn in toys/region.py), where 2 km on foot take 1504 s at 1.33 m/s.

People: West 400 (50 of 75 or older), Mid 200 (25), East 100 (10), Lone 4 (2); all in the region, no cells.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from accessibility.asked import mode_of, targets_named
from accessibility.nearest_times import origin_access
from accessibility.reach.reach import Reach, Side, reach
from accessibility.reach.times import Direction, Ground, ground_of, readings
from accessibility.travel_network import Points, snap_points, street_nearest
from accessibility.travel_times import TravelMode, departing, egress_to_nearest, window_to_nearest
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller, open_world
from data.columns import Floats
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from network.transit.departures import Window
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import DrawPath
from support.oracles import streets as street_oracle
from support.toys.networks import CORNER_M, clock
from support.toys.region import write_toy_region

EAST = 2
HOUR = Window(clock("9:00"), 60, 60)


def ground(world: World, mode: TravelMode, direction: Direction = "to") -> Ground:
    residents = origin_access(world.network, world.residents, mode, world.window)
    return ground_of(world, mode, residents, direction)


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("reach") / "valley"))


def of(
    world: World,
    target: str,
    mode: str,
    limits_min: tuple[float, ...],
    direction: Direction = "to",
    window: Window = HOUR,
) -> tuple[Reach, ...]:
    by = mode_of(world, mode)
    side = Side(world, ground(world, by, direction), targets_named(world, target)[1])
    return reach([side], direction, window, [60 * limit for limit in limits_min])[0]


def here(x_m: float, y_m: float) -> shapely.Point:
    return shapely.Point(x_m + CORNER_M[0], y_m + CORNER_M[1])


def test_people_are_counted_to_the_second_by_the_time_from_their_own_home(valley: World) -> None:
    # The GP is in Mid; West and East are 1504 s away, the limit itself is within. No street leads to Lone.
    (found,) = of(valley, "gp", "walk", (1, 1503 / 60, 1504 / 60, 240))
    assert found.reading == ""
    assert found.within.people.tolist() == [200, 200, 700, 700]
    assert found.within.people_75plus.tolist() == [25, 25, 85, 85]


def test_the_area_is_a_band_along_the_street_as_far_as_one_comes(valley: World) -> None:
    (found,) = of(valley, "gp", "walk", (10,))
    (area,) = found.areas
    # Ten minutes are 798 m on foot to either side of Mid, at 2000 m.
    for side in (-1, 1):
        assert area.covers(here(2000 + side * 760, 0))
        assert not area.intersects(here(2000 + side * 860, 0))
    # The land beside the street for 100 m and half a pixel, and no further.
    assert area.covers(here(2000, 90))
    assert not area.intersects(here(2000, 115))
    # A band of 2 x 798 by 200 m. The way over the land takes time as well: of the last 100 m at either end two triangles
    # of 100 by 100 m are cut off. The edges lie halfway between pixels of 25 m, up to an eighth of the width off.
    assert area.area == pytest.approx(2 * (798 * 200 - 100 * 100), rel=1 / 8)


def test_whoever_is_counted_stands_in_the_area_and_areas_are_nested(valley: World) -> None:
    homes = shapely.points(valley.places.x_m, valley.places.y_m)
    limits = (1, 5, 10, 20, 26, 60)
    for mode in ("walk", "bike", "car", "transit"):
        for found in of(valley, "supermarket", mode, limits):
            assert shapely.is_valid(found.areas).all()
            for one, other in zip(found.areas[:-1], found.areas[1:], strict=True):
                assert other.covers(one)
            for area, people in zip(found.areas, found.within.people, strict=True):
                inside = shapely.covers(area, homes)
                assert valley.places.inhabitants[inside].sum() >= people


def test_by_bus_the_reach_is_that_of_each_departure(valley: World) -> None:
    # The bus leaves West at 9:00 and 9:30 and is in East 8 minutes later. Who leaves at 9:00 is there in 8 minutes, who
    # leaves at 9:01 waits 29 minutes; on foot it takes 50.
    limits = (8, 36, 37)
    (at_nine,), (later,) = (
        of(valley, "supermarket", "transit", limits, window=Window(clock(text), 60, 1))
        for text in ("9:00", "9:01")
    )
    assert (at_nine.reading, later.reading) == ("09:00", "09:01")
    # From Mid the bus goes at 9:04: after 4 minutes of waiting, 8 in all, or 3 from 9:01 on, 7 in all.
    assert at_nine.within.people.tolist() == [700, 700, 700]
    assert later.within.people.tolist() == [300, 300, 700]


def test_best_ordinary_and_worst_are_over_the_departures_of_the_window(valley: World) -> None:
    best, ordinary, worst = of(valley, "supermarket", "transit", (8, 25, 37))
    assert [found.reading for found in (best, ordinary, worst)] == ["best", "ordinary", "worst"]
    # West, at best 8 minutes, in the middle 23 (the 31st of the 60 waits is 15), at worst 37 (a wait of 29).
    assert best.within.people.tolist() == [700, 700, 700]
    assert ordinary.within.people.tolist() == [100, 700, 700]
    # At worst one waits 29 minutes in Mid as well, more than the 25 min 4 s of the walk.
    assert worst.within.people.tolist() == [100, 100, 700]
    for one, other in ((best, ordinary), (ordinary, worst)):
        assert all(larger.covers(smaller) for larger, smaller in zip(one.areas, other.areas, strict=True))


def test_along_the_streets_and_from_the_homes_the_seconds_are_those_of_dijkstra(valley: World) -> None:
    network, by = valley.network, mode_of(valley, "bike")
    stands, row = ground(valley, by), valley.network.row("bike")
    targets = Points(valley.places.x_m[[EAST]] - 700, valley.places.y_m[[EAST]] + 20)
    there = snap_points(network, "bike", targets)
    cases: tuple[tuple[Direction, Floats], ...] = (
        ("to", street_oracle.matrix(network.streets, row, stands.doors, there, np.inf)[:, 0]),
        ("from", street_oracle.matrix(network.streets, row, there, stands.doors, np.inf)[0]),
    )
    for direction, expected in cases:
        (found,) = readings(network, ground(valley, by, direction), targets, direction, HOUR)
        seconds = np.concatenate([found.standing.street_s, found.standing.home_s])
        assert np.isfinite(seconds).sum() == len(seconds) - 1
        np.testing.assert_array_equal(seconds, expected)


def test_nobody_reaches_what_is_not_there_and_the_area_is_empty(valley: World) -> None:
    by = mode_of(valley, "transit")
    side = Side(valley, ground(valley, by), Points(np.empty(0), np.empty(0)))
    for found in reach([side], "to", HOUR, [300, 3600])[0]:
        assert found.within.people.tolist() == [0, 0]
        assert all(area.is_empty and area.is_valid for area in found.areas)


def test_from_a_place_without_streets_nobody_gets_anywhere(valley: World) -> None:
    # Who lives in Lone is there already, but no street within reach leads away.
    (found,) = of(valley, "Lone", "walk", (30,), "from")
    assert found.within.people.tolist() in ([0], [4])
    assert found.areas[0].area <= 150**2


def edited(world: World, *edits: Edit) -> World:
    return apply(world, Scenario(edits=edits), load_facility_kinds())


def both(before: World, after: World, target: str, mode: str, limit_min: float) -> tuple[Reach, Reach]:
    by = mode_of(before, mode)
    sides = [Side(world, ground(world, by), targets_named(world, target)[1]) for world in (before, after)]
    (one,), (other,) = reach(sides, "to", HOUR, [60 * limit_min])
    return one, other


def test_a_hub_adds_its_village_and_an_empty_scenario_changes_nothing(valley: World) -> None:
    one, same = both(valley, edited(valley), "gp", "walk", 10)
    assert one.within.people.tolist() == same.within.people.tolist() == [200]
    assert one.areas[0].equals_exact(same.areas[0], 0)
    _, with_hub = both(valley, edited(valley, PlaceHub(place_id="west", kinds=("gp",))), "gp", "walk", 10)
    assert with_hub.within.people.tolist() == [600]
    assert with_hub.areas[0].covers(one.areas[0])
    assert with_hub.areas[0].covers(here(0, 0))


def test_a_path_between_villages_makes_no_area_smaller(valley: World) -> None:
    # From Mid by way of a point 1,800 m off to East: 20 minutes on a bike are 5.2 km.
    corner = valley.projection.to_lonlat(
        np.array([2000.0, 3000.0, 4000.0]) + CORNER_M[0], np.array([0.0, 1500.0, 0.0]) + CORNER_M[1]
    )
    line = tuple(zip(*(column.tolist() for column in corner), strict=True))
    path = DrawPath(line=line, kind="cycle_path")
    one, other = both(valley, edited(valley, path), "gp", "bike", 20)
    assert other.areas[0].covers(here(3000, 1450))
    assert not one.areas[0].intersects(here(3000, 1450))
    # The road is another edge since the path joins it, and cut in other pieces of 50 m: a pixel more or less.
    assert other.areas[0].buffer(25).covers(one.areas[0])


def test_a_traveller_with_a_frame_reaches_less(valley: World) -> None:
    frame = for_traveller(valley, next(who for who in TRAVELLERS if who.id == "frame"))
    # 0.6 m/s: 360 m in ten minutes.
    (slow,), (quick,) = of(frame, "gp", "walk", (10,)), of(valley, "gp", "walk", (10,))
    assert quick.areas[0].covers(slow.areas[0])
    assert not slow.areas[0].intersects(here(2000 - 450, 0))


@pytest.mark.parametrize("direction", ["to", "from"])
def test_rides_that_are_ordered_are_refused(valley: World, direction: Direction) -> None:
    with pytest.raises(InputError, match="Choose another mode"):
        of(valley, "gp", "on_demand", (10,), direction)


def test_by_bus_one_gets_from_a_place_what_each_departure_allows(valley: World) -> None:
    # Buses leave West at 9:00 and 9:30; Mid is 4 minutes on, and East 8. Who leaves at 9:01 waits 29 minutes: on foot it is
    # 25 minutes 4 s to Mid, and by bus 37 to East.
    limits = (4, 8, 25, 26, 37)
    (at_nine,), (later,) = (
        of(valley, "West", "transit", limits, "from", Window(clock(text), 60, 1)) for text in ("9:00", "9:01")
    )
    assert at_nine.within.people.tolist() == [600, 700, 700, 700, 700]
    assert later.within.people.tolist() == [400, 400, 400, 600, 700]


@pytest.mark.parametrize("mode", ["transit", "bike_transit"])
def test_from_a_place_the_seconds_are_those_of_each_trip_to_each_door(valley: World, mode: str) -> None:
    # Asked the other way round: from West to every home as a target of its own, one departure at a time.
    network, by = valley.network, mode_of(valley, mode)
    west, homes = targets_named(valley, "West")[1], valley.residents.points
    for text in ("9:00", "9:17"):
        window = Window(clock(text), 60, 1)
        (found,) = readings(network, ground(valley, by, "from"), west, "from", window)
        leaving = departing(network, by, snap_points(network, by.street, west), window)
        for home in range(len(homes.x_m)):
            there = Points(homes.x_m[[home]], homes.y_m[[home]])
            direct = street_nearest(network, by.street, west, there)
            single = window_to_nearest(
                network, leaving, egress_to_nearest(network, by, there), direct, (0.0,)
            )
            assert found.standing.home_s[home] == single.percentiles_s[0, 0]
