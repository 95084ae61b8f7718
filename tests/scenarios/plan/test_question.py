"""A plan over years in the toy valley (see toys/region.py): who lacks what in which year, and the verb."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dorpshub as library
from accessibility.world import World, open_world, silent
from data.errors import InputError
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.plan import PLAN, load_plan
from scenarios.edits.facilities import CloseFacility, OpenFacility, PlaceHub
from scenarios.edits.json_text import read_scenario, to_json
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import EMPTY, Edit, Scenario
from scenarios.placement.question import CarShare, PlacementQuestion, TravelGroup
from scenarios.plan.question import (
    PlanQuestion,
    refuse_faults,
    setting_of,
    states,
    task_in,
)
from scenarios.plan.task import PlanTask
from support.command import dorpshub
from support.toys.region import write_toy_region

POPULATION = """
base_year = 2026

[[total]]
year = 2036
inhabitants = 1408
origin = "modelled"
source = "made by hand: twice as many"
"""
"""Twice the 704 of now, so that every year adds a tenth."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    region = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    (region / "population.toml").write_text(POPULATION, encoding="utf-8")
    return region


@pytest.fixture
def valley(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return built


@pytest.fixture(scope="module")
def world(built: Path) -> World:
    return open_world(built)


def on_foot(**more: object) -> PlacementQuestion:
    usual = PlacementQuestion("gp", (TravelGroup("all", ("walk",)),), "coverage", 600.0, None, cost=10.0)
    return replace(usual, **more)  # type: ignore[arg-type]


def put(world: World, question: PlanQuestion, scenario: Scenario = EMPTY) -> PlanTask:
    return task_in(setting_of(question, world, scenario, load_facility_kinds()), silent)


def plan_of(*edits: Edit) -> Scenario:
    return Scenario(edits=edits)


def test_what_comes_along_says_where_it_is_from() -> None:
    known = load_plan(None)
    assert (known.discount.rate_share, known.discount.assumed) == (0.0225, False)
    assert "2020" in known.discount.source
    assert known.opening.assumed
    assert (known.cars.change_share, known.cars.assumed) == (0, True)


def test_a_table_of_ones_own_replaces_one_and_all_faults_are_told(tmp_path: Path) -> None:
    own = tmp_path / PLAN.name
    own.write_text('[opening]\ncost = 5.0\nassumed = false\nsource = "an offer"\n', encoding="utf-8")
    known = load_plan(tmp_path)
    assert (known.opening.cost, known.discount.rate_share) == (5, 0.0225)
    own.write_text(
        '[opening]\ncost = -5.0\nassumed = true\nsource = ""\n[discount]\nrate_share = 3.0\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"discount 1: .*opening 1: "):
        load_plan(tmp_path)


def test_every_year_has_its_own_people(world: World) -> None:
    task = put(world, PlanQuestion(on_foot(), 2026, 2036, 100.0))
    people = [demand.people.sum() for demand in task.demands]
    # 704 now, a tenth of that more every year.
    assert people == pytest.approx([704 + 70.4 * year for year in range(11)], abs=1)
    # Nothing else changes, so that all years share the times.
    assert len({id(demand.to_sites) for demand in task.demands}) == 1


def test_what_closes_is_lacked_from_its_year_on(world: World) -> None:
    (gp,) = (
        name for name in world.facilities.id if world.facilities.kind[world.facilities.id.index(name)] == "gp"
    )
    scenario = plan_of(CloseFacility(gp, from_year=2029))
    question = PlanQuestion(on_foot(), 2027, 2031, 100.0)
    assert [part.row for part in states(question, scenario)] == [0, 2]
    task = put(world, question, scenario)
    mid = task.demands[0].name.index("Mid")
    assert [demand.existing_s[mid] <= 600 for demand in task.demands] == [True, True, False, False, False]
    # What began before the plan is there in its first year, and what begins after it is not.
    early = put(world, question, plan_of(CloseFacility(gp, from_year=2020)))
    assert [demand.existing_s[mid] <= 600 for demand in early.demands] == [False] * 5
    late = put(world, question, plan_of(CloseFacility(gp, from_year=2032)))
    assert [demand.existing_s[mid] <= 600 for demand in late.demands] == [True] * 5


def test_a_hub_moves_into_what_has_closed_and_not_before(world: World) -> None:
    (shop,) = (
        name
        for name, kind in zip(world.facilities.id, world.facilities.kind, strict=True)
        if kind == "supermarket"
    )
    question = PlanQuestion(on_foot(sites=("closed:supermarket",)), 2027, 2031, 100.0)
    task = put(world, question, plan_of(CloseFacility(shop, from_year=2030)))
    assert (task.sites.id, task.first.tolist()) == ((shop,), [3])


def test_a_building_that_closes_is_no_site(world: World) -> None:
    hall = OpenFacility(place_id="west", kind="village_hall", name="Hall")
    closing = CloseFacility(hall.facility_id, from_year=2030)
    question = PlanQuestion(on_foot(sites=("village_hall", "places")), 2027, 2031, 100.0)
    setting = setting_of(question, world, scenario := plan_of(hall, closing), load_facility_kinds())
    assert hall.facility_id not in setting.found.sites.id
    assert any("until the end of the plan" in of.what for of in setting.report.findings)
    assert scenario.years == (2030,)


def test_a_hub_that_is_planned_already_leaves_no_room_for_another(world: World) -> None:
    question = PlanQuestion(on_foot(), 2027, 2031, 100.0)
    task = put(world, question, plan_of(PlaceHub(place_id="west", kinds=("gp",), from_year=2030)))
    assert "west" not in task.sites.id
    west = task.demands[0].name.index("West")
    assert [demand.existing_s[west] <= 600 for demand in task.demands] == [False, False, False, True, True]


def test_cars_stay_as_they_are_or_change_by_a_share_every_year(world: World) -> None:
    cars = np.array([1.0, 1.0, 1.0, 1.0])
    owning = replace(world, places=replace(world.places, cars_per_household=cars))
    share = CarShare(load_behaviour(None).without_car, has_car=False)
    asked = on_foot(groups=(TravelGroup("without", ("walk",), asked_car=share),))
    kept = put(owning, PlanQuestion(asked, 2026, 2036, 100.0))
    # Twice as many people of the same ages: twice as many without a car.
    assert kept.demands[-1].people.sum() == pytest.approx(2 * kept.demands[0].people.sum(), rel=2e-3)
    more_cars = put(owning, PlanQuestion(asked, 2026, 2036, 100.0, cars_change=0.02))
    assert more_cars.demands[0].people.sum() == pytest.approx(kept.demands[0].people.sum())
    assert more_cars.demands[-1].people.sum() < 0.95 * kept.demands[-1].people.sum()


@pytest.mark.parametrize(
    ("question", "scenario", "said"),
    [
        (PlanQuestion(on_foot(), 2031, 2027, -1.0), EMPTY, "begins in 2031 and ends in 2027.*budget is -1"),
        (PlanQuestion(on_foot(goal="worst"), 2027, 2031, 1.0), EMPTY, "goal worst cannot be added up over years"),
        (PlanQuestion(on_foot(), 2027, 2031, 1.0), plan_of(ChangeYear(year=2030)), "scenario says which year it is"),
        (PlanQuestion(on_foot(), 2027, 2041, 1.0), EMPTY, "known for 2026 to 2036, not for 2041"),
        (PlanQuestion(on_foot(cost=-1.0), 2027, 2031, 1.0, opening_cost=-2.0, discount_rate=9.0), EMPTY,
         "a hub costs -1.*opening a hub costs -2.*discounting is 9"),
    ],
)  # fmt: skip
def test_a_question_that_means_nothing_is_refused(
    world: World, question: PlanQuestion, scenario: Scenario, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        refuse_faults(question, world, scenario)


def test_time_needs_to_know_what_reaching_none_counts_as(world: World) -> None:
    with pytest.raises(InputError, match="say how many minutes that counts as"):
        put(world, PlanQuestion(on_foot(goal="median", kind="pharmacy"), 2027, 2031, 100.0))
    task = put(
        world, PlanQuestion(on_foot(goal="median", kind="pharmacy", unreached_s=3600.0), 2027, 2031, 100.0)
    )
    assert (task.demands[0].existing_s == 3600).all()


def test_the_verb_says_what_comes_first_and_writes_the_plan_as_a_scenario(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # West has 400 people without a GP within ten minutes on foot, East 100, ten and a tenth more every year. 30 euros pay for
    # one hub in its first year (20 + 10), and in the next for keeping it and for nothing else; so West, for good.
    usual = [
        "--kind",
        "gp",
        "--modes",
        "walk",
        "--hub-cost",
        "10",
        "--opening-cost",
        "20",
        "--discount-rate",
        "0",
    ]
    more = ["--from", "2027", "--to", "2028", "--years-out", "y.csv", "--scenario-out", "s.json"]
    assert dorpshub(monkeypatch, "plan", valley, *usual, *more, "--budget-per-year", "30") == 0
    hubs, years = pd.read_csv("plan.csv"), pd.read_csv("y.csv")
    assert hubs[["site_id", "opens_in", "gap_share"]].to_numpy().tolist() == [["west", 2027, 0]]
    assert years["people_gained"].tolist() == [440, 480]
    assert years[["spent", "left"]].to_numpy().tolist() == [[30, 0], [10, 20]]
    scenario = read_scenario(Path("s.json"))
    assert scenario.edits == (PlaceHub(place_id="west", kinds=("gp",), cost_per_year=10, from_year=2027),)
    told = capfd.readouterr().out
    assert "1 hub in 2027 to 2028: 920 person-years within the limit (no plan brings more: proved" in told
    # 40 euros pay for the second hub in the second year; East first would be 100 people less for a year.
    assert dorpshub(monkeypatch, "plan", valley, *usual, *more, "--budget-per-year", "40") == 0
    hubs = pd.read_csv("plan.csv")
    assert hubs[["site_id", "opens_in"]].to_numpy().tolist() == [["west", 2027], ["east", 2028]]
    # The scenario of a year, compared with the region in that year: the second hub is there in 2028 alone.
    gained = []
    for year in ("2027", "2028"):
        more = ["--in-year", year, "--kinds", "gp", "--modes", "walk", "--out", "c.csv"]
        assert dorpshub(monkeypatch, "compare", valley, Path("s.json"), *more) == 0
        table = pd.read_csv("c.csv").set_index("place_id")
        gained.append(table.loc[["west", "east"], "change"].tolist())
        assert table.loc["west", "inhabitants"] == (440 if year == "2027" else 480)
    assert gained == [["shorter", "same"], ["shorter", "shorter"]]


def test_a_closure_of_the_scenario_is_told_in_its_year(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    gp = next(name for name in library.open_region(valley).world.facilities.id if name.startswith("gp"))
    Path("closing.json").write_text(to_json(plan_of(CloseFacility(gp, from_year=2028))), encoding="utf-8")
    more = ["--scenario", "closing.json", "--modes", "walk", "--hub-cost", "1", "--opening-cost", "1"]
    more += ["--from", "2027", "--to", "2029", "--budget-per-year", "100", "--scenario-out", "s.json"]
    assert dorpshub(monkeypatch, "plan", valley, *more) == 0
    assert f"also CloseFacility {gp}" in capfd.readouterr().out
    table = pd.read_csv("plan.csv").set_index("site_id")
    # Mid needs a hub when its GP has gone, and not before.
    assert table["opens_in"].to_dict() == {"west": 2027, "east": 2027, "mid": 2028}
    assert json.loads(Path("s.json").read_text(encoding="utf-8"))["edits"][0]["from_year"] == 2028


def test_a_plan_of_the_library_is_that_of_the_verb(valley: Path) -> None:
    region = library.open_region(valley)
    costs = {"hub_cost": 10, "opening_cost": 20, "discount_rate": 0.0}
    found = library.plan(region, 40, mode="walk", first_year=2027, last_year=2028, **costs)  # type: ignore[arg-type]
    assert found.hubs[["site_id", "opens_in"]].to_numpy().tolist() == [["west", 2027], ["east", 2028]]
    in_2027 = library.apply(region, found.scenario, year=2027)
    assert "hub-west" in in_2027.world.facilities.id
    assert "hub-east" not in in_2027.world.facilities.id
    with pytest.raises(InputError, match="Unknown goal 'all'"):
        library.plan(region, 40, goal="all")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--budget-per-year", "5"], "The budget buys nothing"),
        (
            ["--budget-per-year", "500", "--fix", "west:2050"],
            "west opens in 2050, and the plan is of 2027 to 2036",
        ),
        (["--budget-per-year", "500", "--fix", "nowhere"], "unknown sites nowhere"),
        (["--budget-per-year", "500", "--in-year", "2030"], "scenario says which year it is"),
        (["--budget-per-year", "500", "--to", "2040"], "known for 2026 to 2036"),
        (["--budget-per-year", "500", "--sites", ""], "--sites is empty"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    usual = ["--modes", "walk", "--hub-cost", "10", "--opening-cost", "20"]
    assert dorpshub(monkeypatch, "plan", valley, *usual, *options) == 2
    assert said in capfd.readouterr().err
