"""Where a map looks: at the village with its service, at the changes and whom they reach, else at the whole region."""

from __future__ import annotations

import numpy as np

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from support.toys.ui import toy_view, toy_world
from ui.map.focus import FAR_M, NEAR_M, focus


def size_m(bounds: list[float]) -> tuple[float, float]:
    world = toy_world()
    west, south, east, north = bounds
    x_m, y_m = world.projection.to_metres(np.array([west, east]), np.array([south, north]))
    return float(x_m[1] - x_m[0]), float(y_m[1] - y_m[0])


def test_without_a_village_or_a_change_it_is_the_whole_region() -> None:
    assert focus(toy_world(), toy_view(), None) is None


def test_a_village_is_shown_with_the_nearest_service_around_it() -> None:
    world, view = toy_world(), toy_view()
    found = focus(world, view, 0)
    assert found is not None
    assert not found["gently"]
    place = world.projection.to_lonlat(world.places.x_m[[0]], world.places.y_m[[0]])
    west, south, east, north = found["bounds"]
    assert west < place[0][0] < east
    assert south < place[1][0] < north
    assert all(2 * NEAR_M * 0.95 <= side <= 2 * NEAR_M + FAR_M * 1.05 for side in size_m(found["bounds"]))
    another = focus(world, view, 1)
    assert another is not None
    assert another["id"] != found["id"]


def test_a_hub_is_shown_with_those_it_reaches_and_moves_the_map_only_when_out_of_sight() -> None:
    world = toy_world()
    scenario = Scenario("", "", (PlaceHub(place_id="bee", kinds=("gp",)),))
    found = focus(world, toy_view(scenario), None)
    assert found is not None
    assert found["gently"]
    row = world.places.id.index("bee")
    lon, lat = world.projection.to_lonlat(world.places.x_m[[row]], world.places.y_m[[row]])
    west, south, east, north = found["bounds"]
    assert west < lon[0] < east
    assert south < lat[0] < north
