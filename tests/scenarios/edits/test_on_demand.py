"""Edits of rides on demand, on the toy valley (drawn in toys/region.py), which has none of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.errors import ScenarioError
from data.outlines import Outline
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import outcome, world_access
from scenarios.edits.apply import apply
from scenarios.edits.base import Spot
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.scenario import EMPTY, Edit, Scenario
from support.toys.region import lonlat, write_toy_region

KINDS = load_facility_kinds()
WEST, MID, EAST, LONE = range(4)
BY_NAME = {mode.name: mode for mode in MODES}


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


def box(one: str, other: str) -> tuple[Spot, Spot]:
    """Two corners around two spots, about a hundred metres beyond them."""
    (west, south), (east, north) = lonlat(one), lonlat(other)
    return (west - 0.0015, south - 0.001), (east + 0.0015, north + 0.001)


def ride(**other: object) -> AddOnDemand:
    fields = {
        "name": "Valley taxi", "zone": box("west", "east"), "hours": "Mo-Su 06:00-24:00",
        "lead_min": 60, "margin_min": 10, "detour": 1.5,
    }  # fmt: skip
    return AddOnDemand(**fields | other)  # type: ignore[arg-type]


def seconds(of: World, mode: str) -> np.ndarray:
    return outcome(of, "gp", BY_NAME[mode], world_access(of, BY_NAME[mode])).times.seconds


def changed(of: World, *edits: Edit) -> World:
    return apply(of, Scenario("Try", "", edits), KINDS)


def test_a_zone_takes_people_from_door_to_door_by_its_rules(world: World) -> None:
    assert np.isinf(seconds(world, "on_demand")).all()
    after = changed(world, ride())
    by_car, ordered = seconds(world, "car"), seconds(after, "on_demand")
    # Ordered ahead: ten minutes of margin and one and a half times the way by car; Lone lies outside the zone.
    assert ordered[[WEST, EAST]] == pytest.approx(600 + 1.5 * by_car[[WEST, EAST]], abs=1)
    assert np.isinf(ordered[LONE])
    assert world.network.on_demand.services == ()


def test_short_and_long_rides_are_refused(world: World) -> None:
    # West and East are 2 km from the GP in Mid.
    assert np.isinf(seconds(changed(world, ride(min_km=3)), "on_demand")).all()
    assert np.isinf(seconds(changed(world, ride(max_km=1)), "on_demand")[[WEST, EAST]]).all()
    assert np.isfinite(seconds(changed(world, ride(min_km=1, max_km=3)), "on_demand")[[WEST, EAST]]).all()


def test_a_zone_may_be_that_of_municipalities_or_of_the_stops_in_it(world: World) -> None:
    (west, south), (east, north) = box("west", "east")
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    known = replace(world, outlines=(Outline("Valley", (ring,)),))
    by_name = changed(known, ride(zone=(), municipalities=("Valley",)))
    assert np.array_equal(seconds(by_name, "on_demand"), seconds(changed(world, ride()), "on_demand"))
    (service,) = changed(world, ride(at_stops=True)).network.on_demand.services
    assert [pole.name for pole in service.pickup.stops] == ["West", "Mid", "East"]


def test_a_dropped_service_is_gone(world: World) -> None:
    after = changed(world, ride(), DropOnDemand("valley taxi"))
    assert after.network.on_demand.services == ()
    assert np.isinf(seconds(after, "on_demand")).all()


def test_other_modes_and_an_empty_scenario_keep_their_numbers(world: World) -> None:
    for mode in ("walk", "car", "transit"):
        assert np.array_equal(seconds(world, mode), seconds(changed(world, ride()), mode))
    assert apply(world, EMPTY, KINDS).network is world.network


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ((ride(), ride()), "edit 2 .*a service 'Valley taxi' already"),
        ((DropOnDemand("hubtaxi"),), "no service 'hubtaxi'.*there are: none"),
        ((ride(zone=()),), "either municipalities, or the corners"),
        ((ride(municipalities=("Valley",)),), "either municipalities, or the corners"),
        ((ride(zone=(), municipalities=("Valley",)),), "no outlines of Valley; there are those of none"),
        ((ride(hours="when we like"),), "cannot be read"),
        ((ride(hours="Su 09:00-12:00"),), "no ride on the day"),
        ((ride(min_km=5, max_km=3),), "longer than 5 km and shorter than 3 km"),
        ((ride(zone=(lonlat("lone"), lonlat("lone"))),), "make no area"),
        ((ride(zone=box("lone", "lone"), at_stops=True),), "no stop of the timetable"),
    ],
)
def test_what_cannot_be_done_is_said(world: World, edits: tuple[Edit, ...], says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        changed(world, *edits)
