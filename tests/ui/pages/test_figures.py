"""What the app says about the embedded region is what `dorpshub compare` works out: one scenario by bike, one by bus."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.parameters.facility_kinds import load_facility_kinds
from dorpshub.cli.commands import commands
from scenarios.comparison.compare import Comparison, compare, outcome, world_access
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import Scenario
from support.files import APP
from support.toys.ui import begin_at
from ui.state.link import pack
from ui.words.i18n import texts_in

REGION = "zuid-oost-drenthe"
NL = texts_in("nl")
KINDS = ("gp", "pharmacy", "supermarket")
HUB = Scenario("", "", (PlaceHub(place_id="valthe", kinds=KINDS),))
OUTSKIRTS = Scenario("", "", (PlaceHub(place_id="hoogeveen-zuid", kinds=KINDS),))


@cache
def region() -> World:
    """Open the embedded region."""
    return open_world(REGION, lambda _step, _share: None)


def computed(scenario: Scenario, mode_name: str) -> Comparison:
    """Compare by the scenarios layer, without any code of the app."""
    world = region()
    mode = next(mode for mode in MODES if mode.name == mode_name)
    after, access = apply(world, scenario, load_facility_kinds()), world_access(world, mode)
    return compare(outcome(world, "gp", mode, access), outcome(after, "gp", mode, access))


@pytest.fixture(autouse=True)
def at_the_page_of_the_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app begin at the page whose figures are compared."""
    begin_at(monkeypatch, "ontwerp")


def shown(scenario: Scenario, mode: str, limit: int) -> str:
    """Return all sentences the design page shows for a link."""
    app = AppTest.from_file(str(APP), default_timeout=240)
    app.query_params["mode"], app.query_params["limit"] = mode, str(limit)
    app.query_params["s"] = pack(scenario)
    app.run()
    assert not app.exception
    assert not app.error
    return " ".join(str(element.proto.body) for element in app.get("html"))


@pytest.mark.parametrize(
    ("mode", "limit", "travelling"), [("bike", 10, "fietsen"), ("transit", 15, "reizen met bus of trein")]
)
def test_the_headline_counts_what_the_scenario_layer_counts(mode: str, limit: int, travelling: str) -> None:
    comparison = computed(HUB, mode)
    before, after = (side.totals(limit * 60.0) for side in (comparison.before, comparison.after))
    gained = after.people_within - before.people_within
    assert gained > 0
    page = shown(HUB, mode, limit)
    assert (
        f"Met een hub in Valthe kunnen {NL.number(gained)} inwoners meer dan nu "
        f"binnen {limit} minuten naar een huisarts {travelling}."
    ) in page
    assert f"Dat zijn er dan {NL.number(after.people_within)} van de {NL.number(after.people)} " in page
    assert f"nu zijn het er {NL.number(before.people_within)}." in page


def test_people_for_whom_the_service_comes_closer_are_counted_with_their_mean_gain() -> None:
    # By hand, over the arrays: those of the region whose time falls by at least 60 s, and their mean gain. Everybody
    # has a GP within 45 minutes already, so the headline is about who comes closer.
    comparison = computed(OUTSKIRTS, "bike")
    residents = comparison.after.residents
    people, gain_s = (
        residents.people[residents.in_region],
        -comparison.resident_difference_s[residents.in_region],
    )
    closer = gain_s >= 60.0
    count = int(people[closer].sum())
    minutes = round(float(np.average(gain_s[closer], weights=people[closer])) / 60.0)
    before, after = (side.totals(2700.0) for side in (comparison.before, comparison.after))
    assert before.people_within == after.people_within
    unit = "minuut" if minutes == 1 else "minuten"
    assert (
        f"Met een hub in Hoogeveen \N{EN DASH} Zuid is de huisarts voor {NL.number(count)} inwoners dichterbij, "
        f"gemiddeld {minutes} {unit}."
    ) in shown(OUTSKIRTS, "bike", 45)


def test_the_command_line_says_the_same_people(tmp_path: Path) -> None:
    scenario, table = tmp_path / "valthe.json", tmp_path / "compare.csv"
    scenario.write_text(to_json(HUB), encoding="utf-8")
    arguments = ["compare", REGION, str(scenario), "--kinds", "gp", "--modes", "bike", "--out", str(table)]
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 0, result.output
    said = re.search(
        r"gp by bike: ([\d,]+) of [\d,]+ inhabitants within 10 min \(before ([\d,]+)\)", result.output
    )
    assert said is not None
    after, before = (int(number.replace(",", "")) for number in said.groups())
    page = shown(HUB, "bike", 10)
    assert f"Met een hub in Valthe kunnen {NL.number(after - before)} inwoners meer dan nu" in page
    assert f"Dat zijn er dan {NL.number(after)} van de" in page
