"""Several services in the toy valley (see toys/region.py): who lacks what, what a table of services says, and the verb."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import dorpshub as library
from data.errors import InputError
from data.parameters.behaviour import load_behaviour
from data.parameters.hub_services import HUB_SERVICES, load_hub_services
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import read_scenario
from scenarios.services.question import ServicesQuestion, refuse_faults
from support.command import dorpshub
from support.toys.region import write_toy_region

OWN = """
[hub]
cost_per_year = 100.0
assumed = true
source = "made by hand"

[[service]]
kind = "gp"
mode = "walk"
limit_min = 10.0
visits_per_hour = 2.0
weeks_per_year = 50.0
per_year = [1.0, 1.0, 1.0, 1.0]
assumed = true
source = "made by hand"
size = [
    { hours_per_week = 3.0, counters = 1, cost_per_year = 50.0 },
    { hours_per_week = 2.0, counters = 2, cost_per_year = 60.0, least_people = 100.0 },
]
"""


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    region = write_toy_region(tmp_path / "valley")
    (region / HUB_SERVICES.name).write_text(OWN, encoding="utf-8")
    return region


def test_the_table_that_comes_along_can_be_read() -> None:
    known = load_hub_services(None)
    assert known.kinds == ("gp", "pharmacy", "supermarket", "library")
    gp = known.services[0]
    # 4 hours of 6 visits in 46 weeks.
    assert gp.visits_per_year(gp.size[0]) == 4 * 6 * 46
    # 11.7 contacts a year of those of 75 and over, 67 % of them in the practice.
    assert gp.visits_by_age(load_behaviour(None))[3] == pytest.approx(11.7 * 0.67)


def test_every_fault_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    text = OWN.replace("weeks_per_year = 50.0", "weeks_per_year = 60.0").replace(
        "cost_per_year = 100.0", "cost_per_year = -1.0"
    )
    (tmp_path / HUB_SERVICES.name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"(?s)hub 1: .*>= 0.*service 1: .*weeks_per_year"):
        load_hub_services(tmp_path)


def test_a_service_that_nobody_comes_for_is_refused(tmp_path: Path) -> None:
    nobody = OWN.replace("per_year = [1.0, 1.0, 1.0, 1.0]", "per_year = [0.0, 0.0, 0.0, 0.0]")
    (tmp_path / HUB_SERVICES.name).write_text(nobody, encoding="utf-8")
    with pytest.raises(InputError, match="per_year must be above 0 for some age"):
        load_hub_services(tmp_path)


def test_a_service_of_unknown_visits_is_refused() -> None:
    service = load_hub_services(None).services[3]
    with pytest.raises(InputError, match="how often people come for 'library'"):
        type(service)(
            kind="library",
            mode="walk",
            limit_min=10.0,
            visits_per_hour=1.0,
            weeks_per_year=50.0,
            size=service.size,
            assumed=True,
            source="made by hand",
        ).visits_by_age(load_behaviour(None))


def test_numbers_that_mean_nothing_are_refused_together() -> None:
    (gp, *_) = load_hub_services(None).services
    question = ServicesQuestion((gp,), -5.0, -1.0, (("library", 1.0), ("gp", 0.0)))
    with pytest.raises(InputError, match=r"budget is -5.*hub costs -1.*for library.*weight of gp is 0"):
        refuse_faults(question)


def test_the_verb_places_what_the_villages_lack(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # The GP is in Mid, 2 km from the others: on foot West's 400, East's 100 and the 4 of Lone are beyond ten minutes. A visit a year each:
    # 3 hours of 2 visits in 50 weeks are room for 300, 2 hours at two counters for 400. So West gets the larger one for 160
    # euros; what is left of 170 pays for nothing in East.
    more = ["--services", "gp", "--budget", "170", "--demand", "places", "--scenario-out", "s.json"]
    assert dorpshub(monkeypatch, "place-services", valley, *more) == 0
    table = pd.read_csv("services.csv")
    assert table[["site_id", "kind", "hours_per_week", "counters", "people_served"]].to_numpy().tolist() == [
        ["west", "gp", 2, 2, 400]
    ]
    assert table["gap_share"].tolist() == [0]
    (hub,) = read_scenario(Path("s.json")).edits
    assert hub == PlaceHub(place_id="west", kinds=("gp",), cost_per_year=160)
    told = capfd.readouterr().out
    assert "1 hub for € 160 of € 170 a year (no choice serves more: proved" in told
    assert "gp: 400 of the 504 people without one within 10 min by walk get one." in told
    assert json.loads(Path("s.json").read_text(encoding="utf-8"))["name"] == "1 hub with gp"


def test_a_budget_that_buys_both_villages_a_gp(valley: Path) -> None:
    # The larger one in West (160) and the smaller one in East (150): 310 euros, all 500 people.
    table = library.place_services(library.open_region(valley), 310, "gp")
    assert table[["site_id", "people_served"]].to_numpy().tolist() == [["east", 100], ["west", 400]]
    # One euro less pays for two small ones, for 300 and 100 people, or for the large one alone: 400 either way.
    poorer = library.place_services(library.open_region(valley), 309, "gp")
    assert set(poorer["value"]) == {400}
    assert poorer["cost_per_year"].max() <= 309


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--budget", "149"], "A budget of € 149 a year buys nothing"),
        (["--budget", "500", "--services", "bakery"], "A hub cannot offer bakery: name some of gp, "),
        (["--budget", "500", "--weights", "gp=2"], "write a kind, a colon and a number"),
        (["--budget", "500", "--weights", "library:2"], "a weight is given for library"),
        (["--budget", "500", "--modes", "walk,bike"], "name one mode"),
        (["--budget", "500", "--fix", "nowhere"], "unknown sites nowhere"),
        (["--budget", "500", "--sites", ""], "no list of sites"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    usual = ["--services", "gp", "--demand", "places"]
    assert dorpshub(monkeypatch, "place-services", valley, *usual, *options) == 2
    assert said in capfd.readouterr().err
