"""Hubs placed in a world, from its sites and times to a scenario that opens them, on the toy valley (see toys/region.py)."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.nearest_times import MEDIAN
from accessibility.origins import place_origins
from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.visits import Visit
from network.transit.departures import Window
from scenarios.comparison.compare import outcome, world_access
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.json_text import read_scenario, to_json
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import Scenario
from scenarios.placement.sites import (
    as_scenario,
    building_sites,
    closed_sites,
    listed_sites,
    place_sites,
    point_sites,
    usable,
)
from scenarios.placement.solve import Answer, best_answer
from scenarios.placement.tables import alternatives_table, answer_lines, chosen_table
from scenarios.placement.task import LeastTime, MostWithin, Rules, Sites, Task
from scenarios.placement.times import (
    Group,
    RoundTrip,
    Times,
    counted,
    demand,
    origin_names,
    some_origins,
    times,
    tour_times,
)
from support.command import dorpshub
from support.toys.placement import PATIENT
from support.toys.region import lonlat, write_toy_region

KINDS = load_facility_kinds()
BY_NAME = {mode.name: mode for mode in MODES}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(
        write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), lambda _label, _share: None
    )


def asked(world: World, sites: Sites, modes: tuple[str, ...], percent: float = 50.0) -> Task:
    """Least time to a supermarket for the villages on the road, one group with these modes."""
    origins = some_origins(place_origins(world.places), np.arange(3))
    by_mode = {name: times(world, "supermarket", sites, origins, BY_NAME[name], percent) for name in modes}
    group = Group("all", origins.people.astype(np.float64), tuple(BY_NAME[name] for name in modes))
    return Task(sites, demand(origin_names(world, origins), [group], by_mode), LeastTime(), Rules(1))


def test_the_hub_goes_to_the_largest_village_without_a_supermarket(world: World) -> None:
    sites, report = usable(world, place_sites(world, 1000.0))
    # Lone has no street, so nothing can be opened there, and the report says so.
    assert sites.id == ("west", "mid", "east")
    assert [(found.count, found.examples) for found in report.findings] == [(1, ("Lone",))]
    answer = best_answer(asked(world, sites, ("walk",)), PATIENT)
    # The supermarket is in East. West has 400 people, Mid 200: a hub in West spares its people 4 km, in Mid it would
    # spare 600 people 2 km each. 400 * 2 * 1,504 against 600 * 1,504 person-seconds: with a hub in West Mid stays at 2 km.
    assert answer.ids == ("west",)
    assert answer.value == pytest.approx(200 * 1504, rel=1e-3)
    assert answer.nearest.tolist() == [0, -1, -1]


@pytest.mark.parametrize("mode", ["walk", "bike", "car"])
def test_the_scenario_of_an_answer_gives_the_times_that_were_promised(world: World, mode: str) -> None:
    lon, lat = zip(*(lonlat(spot) for spot in ("west", "mid")), strict=True)
    lists = (
        place_sites(world, 0.0),
        building_sites(world, ("gp",), 0.0),
        point_sites(world, np.array(lon), np.array(lat), 0.0),
    )
    for some in lists:
        sites, _ = usable(world, some)
        answer = best_answer(asked(world, sites, (mode,)), PATIENT)
        scenario = as_scenario(world, sites, answer.chosen, ("supermarket",), "Hubs", "")
        after = apply(world, scenario, KINDS)
        found = outcome(after, "supermarket", BY_NAME[mode], world_access(after, BY_NAME[mode]))
        # A point rounded to seven decimals lies within a centimetre of where it was.
        assert found.times.seconds[:3] == pytest.approx(answer.seconds, abs=1)


def test_by_bus_the_scenario_is_never_later_than_promised(world: World) -> None:
    sites, _ = usable(world, place_sites(world, 0.0))
    answer = best_answer(asked(world, sites, ("transit",)), PATIENT)
    after = apply(world, as_scenario(world, sites, answer.chosen, ("supermarket",), "Hubs", ""), KINDS)
    found = outcome(after, "supermarket", BY_NAME["transit"], world_access(after, BY_NAME["transit"]))
    assert (found.times.percentiles_s[:3, MEDIAN] <= answer.seconds).all()


def test_of_several_modes_the_quickest_counts_and_a_ready_matrix_serves_as_well(world: World) -> None:
    sites, _ = usable(world, place_sites(world, 0.0))
    walk, both = (asked(world, sites, modes).demand for modes in (("walk",), ("walk", "bike")))
    bike = asked(world, sites, ("bike",)).demand
    assert np.array_equal(both.seconds, np.minimum(walk.seconds, bike.seconds))
    assert np.array_equal(both.existing_s, bike.existing_s)
    # Round trips, or any other times, come as they are: here everybody takes a quarter of an hour to West alone.
    ready = Times(np.array([[900.0] * 3, [np.inf] * 3, [np.inf] * 3]), np.full(3, np.inf))
    group = Group("all", np.ones(3), (BY_NAME["walk"],))
    made = demand(["West", "Mid", "East"], [group], {"walk": ready})
    assert best_answer(Task(sites, made, LeastTime(), Rules(1)), PATIENT).ids == ("west",)


def test_time_away_is_the_way_there_the_visit_and_the_way_back(world: World) -> None:
    sites, _ = usable(world, place_sites(world, 0.0))
    origins, walk = some_origins(place_origins(world.places), np.arange(3)), BY_NAME["walk"]
    visit = Visit(stay_min=20, opening_hours="Mo-Su 08:00-20:00", source="made up")
    # Planned best nobody waits for the door: 2 km at 1.33 m/s are 1,504 s, both ways and 20 minutes there 4,208 s.
    best = RoundTrip(visit, Window(9 * 3600, 60, 120), 0.0)
    away = tour_times(world, "supermarket", sites, origins, walk, best, lambda _label, _share: None)
    assert away.to_sites[sites.id.index("mid"), 0] == pytest.approx(2 * 1504 + 1200, abs=3)
    assert away.to_sites[sites.id.index("west"), 0] == 1200
    # The supermarket that is there already is in East, 4 km from West.
    assert away.existing[0] == pytest.approx(4 * 1504 + 1200, abs=6)
    # Leaving at any minute from 6 to 8, the best that can be done from next door is to wait until 8: 0 to 120 minutes.
    early = RoundTrip(visit, Window(6 * 3600, 60, 121), 100.0)
    waited = tour_times(world, "supermarket", sites, origins, walk, early, lambda _label, _share: None)
    assert waited.to_sites[sites.id.index("west"), 0] == 7200 + 1200


def test_groups_have_a_row_each_and_only_inhabited_origins_of_the_region_count(world: World) -> None:
    origins = place_origins(world.places)
    assert counted(origins).tolist() == [0, 1, 2, 3]
    empty = replace(origins, people_by_age=np.where(np.arange(4)[:, None] == 1, 0, origins.people_by_age))
    assert counted(empty).tolist() == [0, 2, 3]
    sites, _ = usable(world, place_sites(world, 0.0))
    by_mode = {name: times(world, "gp", sites, origins, BY_NAME[name], 50.0) for name in ("walk", "car")}
    groups = [
        Group("with a car", np.full(4, 3.0), (BY_NAME["walk"], BY_NAME["car"])),
        Group("without", np.full(4, 1.0), (BY_NAME["walk"],)),
    ]
    made = demand(origin_names(world, origins), groups, by_mode)
    assert made.name[0] == "West (with a car)"
    assert made.name[4] == "West (without)"
    assert made.people.tolist() == [3.0] * 4 + [1.0] * 4
    assert made.existing_s[0] < made.existing_s[4]


def test_shops_that_a_scenario_closes_are_sites(world: World) -> None:
    after = apply(world, Scenario(edits=(CloseFacility("supermarket-1"),)), KINDS)
    sites, _ = usable(after, closed_sites(world, after, ("supermarket", "gp"), 500.0))
    assert sites.id == ("supermarket-1",)
    # It is a point now: the building is no longer in the table of facilities.
    edit = as_scenario(after, sites, np.array([0]), ("supermarket",), "", "").edits[0]
    assert isinstance(edit, PlaceHub)
    assert (edit.building_id, edit.cost_per_year) == (None, 500.0)
    assert edit.lon_deg == pytest.approx(lonlat("east")[0], abs=1e-6)


def test_sites_of_a_list_have_their_own_names_and_costs(world: World, tmp_path: Path) -> None:
    lon, lat = lonlat("mid")
    path = tmp_path / "sites.csv"
    path.write_text(
        f"id,lon,lat,name,cost_per_year\nbarn,{lon},{lat},The barn,700\nshed,{lon},{lat},Shed,0\n"
    )
    sites = listed_sites(world, path, 9.0)
    assert sites.name == ("The barn", "Shed")
    assert sites.cost_per_year.tolist() == [700, 0]
    path.write_text(f"id,lon,lat,cost_per_year\nbarn,{lon},{lat},cheap\nshed,{lon},{lat},-1\n")
    with pytest.raises(InputError, match="it is not for barn, shed"):
        listed_sites(world, path, 9.0)


def test_a_site_with_a_hub_and_one_listed_twice_are_dropped_and_counted(world: World) -> None:
    after = apply(world, Scenario(edits=(PlaceHub(place_id="mid", kinds=("gp",)),)), KINDS)
    places = place_sites(after, 0.0)
    sites, report = usable(after, places, places)
    assert sites.id == ("west", "east")
    assert {found.what for found in report.findings} >= {
        "sites that have a hub already",
        "sites listed twice: the first counts",
    }


def test_tables_and_sentences_of_an_answer(world: World) -> None:
    sites, _ = usable(world, place_sites(world, 1000.0))
    task = asked(world, sites, ("walk",))
    answers: list[Answer] = [best_answer(replace(task, rules=Rules(number)), PATIENT) for number in (1, 2)]
    table = chosen_table(world, answers, task.demand.people)
    assert table["n_hubs"].tolist() == [1, 2, 2]
    assert table["site"].tolist() == ["West", "Mid", "West"]
    # With both everybody has one in the village.
    assert table["mean_s"].tolist()[1:] == [0, 0]
    assert table["people_nearest"].tolist() == [400, 200, 400]
    assert set(alternatives_table(answers)["site_id"]) == {"mid", "east"}
    lines = answer_lines(answers[0])
    assert lines[0] == "1 hubs: West."
    assert "proved" in lines[1]
    within = best_answer(replace(task, objective=MostWithin(600.0)), PATIENT)
    # West's 400 and the 100 of East, of 700.
    assert "500 people (71.4%) within 10.0 min" in answer_lines(within)[1]


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_toy_region(tmp_path / "valley")


def test_from_the_command_line_to_a_scenario(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    more = ["--hubs", "1..2", "--kind", "supermarket", "--modes", "walk", "--unreached-min", "120"]
    more += ["--offers", "supermarket,gp", "--scenario-out", "best.json", "--alternatives-out", "others.csv"]
    assert dorpshub(monkeypatch, "place", valley, *more) == 0
    table = pd.read_csv("hubs.csv")
    assert table["site_id"].tolist() == ["west", "mid", "west"]
    scenario = read_scenario(Path("best.json"))
    assert scenario.edits == tuple(
        PlaceHub(place_id=name, kinds=("supermarket", "gp")) for name in ("mid", "west")
    )
    assert len(pd.read_csv("others.csv")) == 2 + 1
    said = capfd.readouterr().out
    assert "2 hubs: Mid, West." in said
    assert "sites: dropped 1 x sites without a street near (Lone)" in said
    # The solver has a banner of its own, which is not for users.
    assert "HiGHS" not in said


def test_groups_shares_and_loads_from_the_command_line(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = ["--group", "0_19+20_64+65_74:1:walk+bike", "--group", "75plus:1:walk", "--kind", "supermarket"]
    rules = [
        "--share",
        "0.9",
        "--share-of",
        "75plus",
        "--limit-min",
        "10",
        "--min-people",
        "50",
        "--max-people",
        "500",
    ]
    assert (
        dorpshub(
            monkeypatch, "place", valley, "--objective", "fewest", "--hubs", "3", *groups, *rules, "--quiet"
        )
        == 0
    )
    # Of 87 people of 75 and over, West has 50, Mid 25 and East, with the supermarket, 10; Lone's 2 reach none.
    # 90 % are 78.3: on foot that takes hubs in both.
    assert pd.read_csv("hubs.csv")["site_id"].tolist() == ["mid", "west"]


@pytest.mark.parametrize("objective", ["fewest", "cheapest"])
def test_a_goal_that_is_met_already_is_told_in_a_sentence(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], objective: str
) -> None:
    # The GP is in Mid and West 25 minutes' walk from it: half of all people have one within half an hour as it is.
    more = [
        "--objective",
        objective,
        "--share",
        "0.5",
        "--limit-min",
        "30",
        "--kind",
        "gp",
        "--modes",
        "walk",
    ]
    assert dorpshub(monkeypatch, "place", valley, *more) == 0
    said = capfd.readouterr().out
    assert "The goal is met without a new hub." in said
    assert "no site." not in said


def test_one_answer_per_objective_from_the_command_line(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for objective in ("median", "excess", "equity", "coverage", "worst"):
        more = [
            "--objective",
            objective,
            "--hubs",
            "1",
            "--unreached-min",
            "60",
            "--kind",
            "supermarket",
            "--quiet",
        ]
        assert (
            dorpshub(monkeypatch, "place", valley, *more, "--out", f"{objective}.csv", "--modes", "walk") == 0
        )
        assert len(pd.read_csv(f"{objective}.csv")) == 1


@pytest.mark.parametrize(
    ("frontier", "people", "hubs"),
    [
        # 10 minutes are 800 m: who has a hub in the village. With both hubs that is all 700; West's 400 and East's 100 with one.
        ("cost", [700, 500], [2, 1]),
        # With both everybody has one in the village: nothing left to trade.
        ("worst", [700], [2]),
    ],
)
def test_a_frontier_from_the_command_line(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    frontier: str,
    people: list[int],
    hubs: list[int],
) -> None:
    more = ["--objective", "coverage", "--limit-min", "10", "--hubs", "2", "--kind", "supermarket"]
    more += ["--modes", "walk", "--cost", "1000", "--frontier", frontier]
    assert dorpshub(monkeypatch, "place", valley, *more) == 0
    table = pd.read_csv("hubs.csv")
    assert table["people_within"].tolist() == people
    assert table["n_hubs"].tolist() == hubs
    assert table["cost_per_year"].tolist() == [1000.0 * n for n in hubs]
    assert table["is_proved"].all()
    assert f"{people[0]} people within, {hubs[0]} hubs" in capfd.readouterr().out


def test_a_choice_under_other_assumptions_from_the_command_line(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    more = ["--hubs", "1", "--kind", "supermarket", "--modes", "walk", "--unreached-min", "120"]
    assert dorpshub(monkeypatch, "place", valley, *more, "--robust", "2", "--robust-out", "robust.csv") == 0
    table = pd.read_csv("robust.csv")
    # As used, slow and fast walkers, modelled facilities elsewhere, and two drawn; people of other years are not known here.
    assert len(table) == 6
    # Whoever walks how fast, West has the most people farthest away.
    assert set(table["site_ids"]) == {"west"}
    assert table["regret_share"].max() == 0
    said = capfd.readouterr().out
    assert "Under 6 sets of assumptions the best 1 hubs are (* chosen): West * 6." in said
    assert "The chosen set is the best, or worse by at most 1%, in 6 of them." in said


def test_time_away_from_home_is_the_distance_where_that_is_asked(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [
        "--hubs",
        "1",
        "--kind",
        "supermarket",
        "--modes",
        "walk",
        "--unreached-min",
        "300",
        "--percentile",
        "0",
    ]
    more += ["--round-trips", "--stay-min", "0", "--quiet"]
    assert dorpshub(monkeypatch, "place", valley, *more) == 0
    table = pd.read_csv("hubs.csv")
    assert table["site_id"].tolist() == ["west"]
    # Mid's 200 people walk 2 km both ways; of the 702 only Lone's 2 reach none, and the mean is over the others.
    assert table["mean_s"].iloc[0] == pytest.approx(200 * 2 * 1504 / 700, rel=0.01)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--hubs", "3..1"], "the lower first"),
        (["--hubs", "many"], "1..10"),
        (["--hubs", "4"], "4 hubs are asked for, but there are 3 sites"),
        (["--sites", "castles"], "write places, a kind of building"),
        (["--sites", ","], "--sites is empty"),
        (["--group", "75plus:2:walk"], "AGES:SHARE:MODES"),
        (["--group", "old:1:walk"], "unknown ages 'old'"),
        (["--group", "all:0.1.2:walk"], "AGES:SHARE:MODES"),
        (["--kind", "gp,supermarket"], "--kind 'gp,supermarket': write one kind"),
        (["--kind", ""], "write one kind"),
        (["--age-weights", "75plus:many"], "--age-weights '75plus:many'"),
        (["--age-weights", "75plus:-1"], "--age-weights '75plus:-1'"),
        (["--year", "2040"], "the population of other years is not known here"),
        (["--fix", "atlantis"], "no site atlantis to be fixed"),
        (["--modes", "walk"], "Lone"),
        (["--frontier", "cost"], "--objective coverage"),
        (["--frontier", "cost", "--objective", "coverage", "--robust", "2"], "Ask either for"),
        (["--robust-out", "robust.csv"], "--robust-out needs --robust"),
        (["--stay-min", "10"], "--stay-min needs --round-trips"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    more: list[str],
    says: str,
) -> None:
    assert dorpshub(monkeypatch, "place", valley, "--hubs", "1", *more) == 2
    assert says in capfd.readouterr().err


FORECAST = """
base_year = 2020
[[total]]
year = 2040
municipalities = []
inhabitants = 351
age_shares = { }
origin = "modelled"
source = "made by hand"
"""
"""Half of the 702 of now."""
TO_2030 = to_json(Scenario(edits=(ChangeYear(year=2030),)))


def without_year(valley: Path) -> Path:
    """The valley, of whose places the year is not told."""
    text = (valley / "region.toml").read_text()
    (valley / "region.toml").write_text(text.replace('date = "2026"', 'date = "unknown"'))
    return valley


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize(
    ("forecast", "more", "says"),
    [
        ("", ["--year", "2030"], "Add a file population.toml"),
        ("", ["--later-year", "2030", "--min-people", "1"], "Add a file population.toml"),
        ("", ["--later-year", "2030"], "Add a file population.toml"),
        (FORECAST, ["--year", "2019"], "known for 2020 to 2040, not for 2019; choose a year in between"),
        (FORECAST, ["--year", "2041"], "known for 2020 to 2040, not for 2041; choose a year in between"),
        (FORECAST, ["--year", "0"], "known for 2020 to 2040, not for 0"),
        (FORECAST, ["--later-year", "2041"], "known for 2020 to 2040, not for 2041"),
        (FORECAST, ["--scenario", "2030.json", "--year", "2030"], "leave the year out of one of the two"),
        (
            FORECAST,
            ["--scenario", "2030.json", "--later-year", "2040"],
            "leave the year out of one of the two",
        ),
    ],
)
def test_a_year_of_which_nothing_is_known_is_refused(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    dated: bool,  # noqa: FBT001
    forecast: str,
    more: list[str],
    says: str,
) -> None:
    if not dated:
        without_year(valley)
    if forecast:
        (valley / "population.toml").write_text(forecast)
    Path("2030.json").write_text(TO_2030)
    assert dorpshub(monkeypatch, "place", valley, "--hubs", "1", *more) == 2
    said = capfd.readouterr().err
    assert says in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("dated", "year", "people"),
    [(False, 2020, 400), (False, 2040, 200), (True, 2030, 300), (True, 2040, 200)],
)
def test_people_of_a_year_that_is_known_are_counted(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    dated: bool,  # noqa: FBT001
    year: int,
    people: int,
) -> None:
    if not dated:
        without_year(valley)
    (valley / "population.toml").write_text(FORECAST)
    more = ["--hubs", "1", "--kind", "supermarket", "--mode", "walk", "--unreached-min", "120", "--quiet"]
    more += ["--min-people", "100", "--later-year", "2040"]
    assert dorpshub(monkeypatch, "place", valley, *more, "--year", year) == 0
    # West's 400 become 200 in 2040, and 300 halfway.
    assert pd.read_csv("hubs.csv")["people_nearest"].tolist() == pytest.approx([people], abs=2)


def test_the_year_of_the_places_needs_no_forecast(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ["--hubs", "1", "--kind", "supermarket", "--mode", "walk", "--unreached-min", "120", "--quiet"]
    assert dorpshub(monkeypatch, "place", valley, *more, "--year", "2026") == 0
    assert pd.read_csv("hubs.csv")["people_nearest"].tolist() == [400]


def test_a_list_of_sites_and_a_written_table(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat = lonlat("mid")
    Path("own.csv").write_text(f"id,lon,lat,name\nbarn,{lon},{lat},Barn\n")
    more = [
        "--sites",
        "own.csv,gp",
        "--hubs",
        "1",
        "--kind",
        "supermarket",
        "--unreached-min",
        "60",
        "--quick",
        "--quiet",
    ]
    assert dorpshub(monkeypatch, "place", valley, *more, "--out", "hubs.geojson") == 0
    (hub,) = json.loads(Path("hubs.geojson").read_text())["features"]
    assert hub["properties"]["site"] in {"Barn", "Gp mid"}
    assert sys.argv[1] == "place"
