"""How much of a change goes to those without a car, on the toy valley (drawn in toys/region.py), worked out by hand.

Without a car are 94, 16, 16 and 46 % by age. West, 100, 200, 50 and 50 people: 94 + 32 + 8 + 23 = 157. Mid half of that, 78.5.
East, 20, 60, 10 and 10: 34.6. Lone, 2 and 2: 1.24. Rounded as they run on that is 157, 79, 34 and 1: 271 of 704 people.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dorpshub
from accessibility.world import World, open_world
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from scenarios.comparison.compare import compare_worlds
from scenarios.comparison.equity import Equity, Spread, WithoutCars, equity, odds_of
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import EMPTY, Scenario
from support.command import dorpshub as run
from support.toys.region import write_toy_region

HUB = Scenario("Hub in West", "", (PlaceHub(place_id="west", kinds=("gp",)),))
WEST_LOW, WEST_HIGH = 145, 171
"""Three quarters of the odds make 16 % 12.5 and 46 % 39.0: 94 + 25 + 6.25 + 19.5; 1.33 times them 20.2 and 53.1."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("toy") / "valley")


@pytest.fixture(scope="module")
def world(folder: Path) -> World:
    return open_world(folder, lambda _step, _share: None)


def found(world: World, scenario: Scenario, mode: str, used: float = 1.0) -> Equity:
    after = apply(world, scenario, load_facility_kinds())
    ((comparison,),) = compare_worlds(world, [after], ["gp"], [mode])
    without_cars = WithoutCars(comparison, load_behaviour(None), odds_of(load_ranges().without_car, used))
    everybody = np.ones(len(world.residents.place), np.bool_)
    return equity(comparison, without_cars, everybody, 600.0, 60.0)


def test_who_gains_of_those_without_a_car(world: World) -> None:
    on_foot = found(world, HUB, "walk")
    # The 400 of West no longer walk the 2 km to Mid.
    assert (on_foot.gain, on_foot.lose) == (400, 0)
    assert on_foot.gain_without_car == (157, WEST_LOW, WEST_HIGH)
    assert (on_foot.people, on_foot.without_car.used) == (704, 271)
    # Within ten minutes were those of Mid, and come those of West.
    assert (on_foot.within_before.used, on_foot.within_after.used) == (79, 79 + 157)
    # Each of the 400 saves the 2,000 m at 1.33 m/s.
    assert on_foot.saved_min == pytest.approx(400 * 2000 / 1.33 / 60, rel=1e-3)
    assert on_foot.saved_min_without_car.used == pytest.approx(157 * 2000 / 1.33 / 60, rel=1e-3)
    # 157 of 400 is 39.3 %, where 271 of 704 is 38.5 %: alike, whatever their number is.
    assert on_foot.gain_share.used == pytest.approx(0.3925)
    assert on_foot.verdict == "even"


def test_nobody_without_a_car_gains_by_car(world: World) -> None:
    by_car = found(world, HUB, "car")
    assert by_car.gain == 400
    assert by_car.gain_without_car == (0, 0, 0)
    assert by_car.saved_min_without_car == (0, 0, 0)
    # They still live there, so that their part of the gain is less than their part of the people.
    assert by_car.without_car.used == 271
    assert by_car.verdict == "less"


def test_an_empty_scenario_gives_nobody_anything(world: World) -> None:
    nothing = found(world, EMPTY, "walk")
    assert (nothing.gain, nothing.gain_without_car, nothing.saved_min) == (0, (0, 0, 0), 0)
    assert nothing.within_before == nothing.within_after
    assert nothing.verdict == "even"


def test_more_people_without_a_car_are_more_at_every_end(world: World) -> None:
    fewer, used, more = (found(world, HUB, "walk", odds).gain_without_car for odds in (0.5, 1.0, 2.0))
    assert all(one < other < another for one, other, another in zip(fewer, used, more, strict=True))
    # Those under 20 have no car whatever stands at the door, and no odds make anybody more than himself.
    assert fewer.low > 94
    assert more.high < 400


def test_a_verdict_that_the_range_turns_is_none() -> None:
    nobody, some = Spread(0, 0, 0), Spread(100, 80, 130)
    turned = Equity(1000, some, some, nobody, nobody, 10, Spread(2, 1, 1), 0, nobody, 0.0, nobody)
    # Of the gain 20 % with the shares as used, twice their part; at both ends 10 %, more than 8 but less than 13 %.
    assert turned.verdict == "unsure"
    assert turned._replace(gain_without_car=Spread(3, 2, 4)).verdict == "more"


def test_the_table_has_every_municipality(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = dorpshub.open_region(str(folder))
    after = dorpshub.apply(region, to_json(HUB))
    table = dorpshub.equity(region, after, "gp", ["walk", "car"])
    assert table["area"].tolist() == ["region", "Valley"] * 2
    assert table["gain_without_car"].tolist() == [157, 157, 0, 0]
    assert table["gain_without_car_high"].tolist() == [WEST_HIGH] * 2 + [0] * 2
    (tmp_path / "hub.json").write_text(to_json(HUB))
    monkeypatch.chdir(tmp_path)
    asked = ("compare", folder, "hub.json", "--kinds", "gp", "--modes", "walk", "--equity", "--quiet")
    assert run(monkeypatch, *asked) == 0
    written = (tmp_path / "comparison-equity.csv").read_text().splitlines()
    assert written[1].startswith("as it is,Hub in West,region,gp,walk,704,271.0,")
