"""Comparisons of scenarios on the toy valley (drawn in toys/region.py): tables, files, and runs made again."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas
import msgspec
import numpy as np
import pandas as pd
import pytest

from accessibility.explain import way_leaving
from accessibility.travel_network import Points
from accessibility.travel_times import MODES
from accessibility.ways import leg_names, ways_leaving
from accessibility.world import World, open_world
from data.clock import parse_clock
from data.errors import InputError, ScenarioError
from data.files.long_table import framed
from data.files.output import BESIDE
from data.files.qgis_project import ENDING as PROJECT
from data.parameters.facility_kinds import load_facility_kinds
from data.places import PopulationGrid
from scenarios.comparison.compare import change_of, compare_worlds, outcome, world_access
from scenarios.comparison.contributions import variants
from scenarios.comparison.files import change_class, write_comparison
from scenarios.comparison.run import compared, tables_of
from scenarios.comparison.run_file import Spec, fill_run, read_run, run_file
from scenarios.comparison.tables import places_table, winners_table
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.lines import ChangeHeadway, DropLine
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Edit, Scenario
from support.command import dorpshub
from support.toys.region import write_toy_region, write_week

KINDS = load_facility_kinds()
BY_NAME = {mode.name: mode for mode in MODES}
HUB = PlaceHub(place_id="west", kinds=("gp",))
SHUT = CloseFacility("gp-0")
WEST, EAST = 0, 2


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


def spec(*scenarios: Scenario, **other: object) -> Spec:
    fields = {
        "region": "valley", "kinds": ("gp",), "modes": ("walk",), "traveller": "adult", "max_rides": 0,
        "limit_min": 10.0, "same_below_min": 1.0, "cells": False, "legs": False, "contributions": False, "band": False,
    }  # fmt: skip
    return Spec(scenarios=(Scenario(), *scenarios), **fields | other)  # type: ignore[arg-type]


def scenario(*edits: Edit, name: str = "Try") -> Scenario:
    return Scenario(name, "", edits)


def test_what_happens_to_a_time_has_a_name() -> None:
    before_s = np.array([600, 600, 600, np.inf, 600, np.inf])
    after_s = np.array([540, 660, 610, 600, np.inf, np.inf])
    assert change_of(before_s, after_s, 60).tolist() == ["shorter", "longer", "same", "won", "lost", "never"]


def test_an_unknown_kind_or_mode_is_refused_with_those_there_are(world: World) -> None:
    walk = BY_NAME["walk"]
    access = world_access(world, walk)
    with pytest.raises(InputError, match=r"Unknown kinds 'doctor'\. Kinds are .*gp"):
        outcome(world, "doctor", walk, access)
    with pytest.raises(InputError, match=r"Unknown modes 'hovercraft'\. Modes are walk"):
        outcome(world, "gp", replace(walk, name="hovercraft"), access)
    with pytest.raises(InputError, match="Unknown kinds 'doctor'"):
        compare_worlds(world, [world], ["doctor"], ["walk"])
    with pytest.raises(InputError, match="Unknown modes 'hovercraft'"):
        compare_worlds(world, [world], ["gp"], ["hovercraft"])


def test_several_scenarios_are_compared_with_the_first(world: World) -> None:
    found = compared(world, spec(scenario(HUB, name="A"), scenario(SHUT, name="B")), KINDS)
    table = places_table(found, with_legs=False).to_pandas()
    assert table["after_scenario"].unique().tolist() == ["A", "B"]
    west = table[table["place_id"] == "west"].set_index("after_scenario")
    assert west["difference_s"].tolist()[0] == -1504
    assert west["change"].tolist() == ["shorter", "lost"]
    winners = winners_table(found, 60).to_pandas().set_index(["after_scenario", "change"])["inhabitants"]
    # West has 400 inhabitants and wins by A; by B all 700 who reached the GP lose it, and the 4 of Lone never had one.
    assert winners["A", "shorter"] == 400
    assert winners["A", "same"] == 300
    assert (winners["B", "lost"], winners["B", "never"]) == (700, 4)


def test_the_legs_that_changed_are_told(world: World) -> None:
    by_bus = spec(scenario(HUB), modes=("transit",), legs=True)
    table = places_table(compared(world, by_bus, KINDS), with_legs=True).to_pandas().set_index("place_id")
    # From 9:30, the middle of the window, a bus leaves West at once; a hub in West makes it needless.
    assert (
        table.loc["west", "before_legs"]
        == "walk 0 min to West; wait 0 min; line 1 4 min to Mid; walk 0 min to Gp mid"
    )
    assert table.loc["west", "after_legs"] == "walk 0 min to Hub West"
    changed = str(table.loc["west", "changed_legs"])
    assert changed.startswith("- walk 0 min to West; - wait 0 min; - line 1 4 min to Mid")
    assert changed.endswith("+ walk 0 min to Hub West")
    # Mid has its GP still.
    assert table.loc["mid", "changed_legs"] == ""


@pytest.mark.parametrize("mode", ["walk", "bike_transit", "transit"])
@pytest.mark.parametrize("departure", ["8:59", "9:00", "9:17", "23:00"])
def test_ways_of_many_are_those_of_each(world: World, mode: str, departure: str) -> None:
    places, targets = world.places, world.facilities
    every = Points(targets.x_m, targets.y_m)
    clock = parse_clock(departure)
    together = ways_leaving(world.network, BY_NAME[mode], Points(places.x_m, places.y_m), every, clock)
    for row, way in enumerate(together):
        alone = Points(places.x_m[[row]], places.y_m[[row]])
        expected = way_leaving(world.network, BY_NAME[mode], alone, every, clock)
        stop_name = world.network.service.timetable.stops.name
        assert leg_names(way, stop_name, "X") == leg_names(expected, stop_name, "X")
        assert (way and way.arrival) == (expected and expected.arrival)


def test_modes_that_one_of_the_travellers_lacks_are_left_out(world: World) -> None:
    after = apply(world, scenario(ChangeTraveller("75plus")), KINDS)
    (results,) = compare_worlds(world, [after], ["gp"], ["walk", "car"])
    assert [result.after.times.mode.name for result in results] == ["walk"]
    with pytest.raises(ScenarioError, match="has the use of car"):
        compared(world, spec(scenario(ChangeTraveller("75plus")), modes=("car",)), KINDS)


def test_every_edit_of_a_bundle_has_its_part(world: World) -> None:
    bundle = scenario(HUB, SHUT)
    asked = spec(bundle, contributions=True, limit_min=10.0)
    found = compared(world, asked, KINDS)
    table = framed(tables_of(world, asked, found, KINDS, silent).more["contributions"]).set_index("edit")
    # Alone the hub brings the 400 of West within ten minutes; added to the closure, which left nobody, the same 400.
    assert table.loc[1, "alone_people_within"] == 400
    assert table.loc[1, "added_people_within"] == 400
    # The closure takes the GP from the 200 of Mid, with the hub or without it.
    assert table.loc[2, "alone_people_within"] == -200
    assert table.loc[2, "added_people_within"] == -200
    # Without the hub the closure leaves all 700 without a GP; with it they go to West.
    assert table.loc[2, "alone_people_unreached"] == 700
    assert table.loc[2, "added_people_unreached"] == 0


def test_an_edit_that_needs_another_says_so(world: World) -> None:
    both = variants(world, scenario(HUB, CloseFacility("hub-west")), KINDS)
    assert both[1].alone is None
    assert "no open facility 'hub-west'" in both[1].why_not
    assert both[0].without is None
    assert both[0].alone is not None


@pytest.mark.parametrize(
    ("change", "difference_s", "expected"),
    [
        ("shorter", -59, "same"), ("shorter", -60, "shorter 1"), ("shorter", -899, "shorter 5"),
        ("longer", 900, "longer 15"), ("won", None, "won"), ("never", 0, "never"),
    ],
)  # fmt: skip
def test_colours_go_by_minutes(change: str, difference_s: int | None, expected: str) -> None:
    rows = pd.DataFrame({"change": [change], "difference_s": pd.array([difference_s], "Int64")})
    assert change_class(rows) == [expected]


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy region beside the working folder, and two scenarios."""
    monkeypatch.chdir(tmp_path)
    Path("hub.json").write_text(
        '{"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]},'
        ' {"edit": "ChangeHeadway", "line": "1", "headway_min": 10}]}'
    )
    Path("shut.json").write_text('{"edits": [{"edit": "CloseFacility", "facility_id": "gp-0"}]}')
    return write_toy_region(tmp_path / "valley")


EVERYTHING = (
    "--cells",
    "--legs",
    "--contributions",
    "--band",
    "--modes",
    "walk,transit",
    "--kinds",
    "gp",
    "--quiet",
)


@pytest.mark.parametrize("ending", ["csv", "parquet", "geojson", "gpkg"])
def test_a_run_file_gives_the_same_files_to_the_byte(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    Path("one").mkdir()
    assert dorpshub(monkeypatch, "compare", valley, "hub.json", *EVERYTHING, "--out", f"one/c.{ending}") == 0
    Path("two").mkdir()
    assert dorpshub(monkeypatch, "rerun", "one/c.run.json", "--out", f"two/d.{ending}") == 0
    assert "The same to the last byte" in capsys.readouterr().out
    # What stands beside a table, and the project of QGIS, name it, so these differ by that name and nothing else.
    first, second = (
        {
            path.name[1:]: path.read_bytes()
            for path in Path(folder).iterdir()
            if ".run" not in path.name and not path.name.endswith((BESIDE, PROJECT))
        }
        for folder in ("one", "two")
    )
    assert first == second
    assert len(first) == (1 if ending == "gpkg" else 4)
    beside = {path.name[1:] for path in Path("one").iterdir()} - set(first)
    n_csv = {"csv": 4, "geojson": 3}.get(ending, 0)
    assert len(beside) == 1 + (1 if ending == "gpkg" else n_csv)


def test_a_run_of_another_date_is_made_again_on_that_date(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_week(valley)
    asked = ("compare", valley, "shut.json", "--kinds", "gp", "--modes", "transit", "--quiet")
    assert dorpshub(monkeypatch, *asked, "--out", "usual.csv") == 0
    assert dorpshub(monkeypatch, *asked, "--date", "2026-10-10", "--out", "saturday.csv") == 0
    # On Saturday nine of ten buses stay away, so that the two days cannot be mistaken for each other.
    assert Path("usual.csv").read_bytes() != Path("saturday.csv").read_bytes()
    assert read_run(Path("saturday.run.json")).service_date == dt.date(2026, 10, 10)
    assert dorpshub(monkeypatch, "rerun", "saturday.run.json", "--out", "again.csv") == 0
    assert "The same to the last byte" in capsys.readouterr().out
    assert Path("again.csv").read_bytes() == Path("saturday.csv").read_bytes()


def test_a_run_of_other_hours_is_made_again_in_those_hours(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("compare", valley, "shut.json", "--kinds", "gp", "--modes", "transit", "--quiet")
    assert dorpshub(monkeypatch, *asked) == 0
    run = read_run(Path("comparison.run.json"))
    fill_run(Path("noon.run.json"), msgspec.structs.replace(run, window=(12 * 3600, 60, 30)))
    # The hours are others than those of the region, so the numbers are too; the rerun says so and keeps the hours.
    assert dorpshub(monkeypatch, "rerun", "noon.run.json", "--out", "again.csv") == 2
    assert read_run(Path("again.run.json")).window == (12 * 3600, 60, 30)


def test_a_run_file_tells_what_numbers_rest_on(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        dorpshub(monkeypatch, "compare", valley, "hub.json", "--kinds", "gp", "--modes", "walk", "--quiet")
        == 0
    )
    run = read_run(Path("comparison.run.json"))
    assert set(run.inputs) == {"region.toml", "streets.osm", "timetable.zip", "places.csv", "facilities.csv"}
    assert run.assumptions["min_transfer_s"] == 60
    assert run.assumptions["cruise_mps"]["walk"] == 1.33
    assert run.window == (9 * 3600, 60, 60)
    assert run.spec.scenarios[1].name == "Hub"
    # No path of this machine.
    assert run.spec.region == "valley"
    assert set(run.files) == {"comparison.csv", "comparison-winners.csv"}


def test_other_inputs_are_refused_by_name(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        dorpshub(monkeypatch, "compare", valley, "shut.json", "--kinds", "gp", "--modes", "walk", "--quiet")
        == 0
    )
    (valley / "places.csv").write_text((valley / "places.csv").read_text().replace("West", "Wast"))
    assert dorpshub(monkeypatch, "rerun", "comparison.run.json", "--out", "again.csv") == 2
    assert "not those of this run: places.csv changed" in capsys.readouterr().err


def test_a_run_is_not_written_over_itself(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        dorpshub(monkeypatch, "compare", valley, "shut.json", "--kinds", "gp", "--modes", "walk", "--quiet")
        == 0
    )
    assert dorpshub(monkeypatch, "rerun", "comparison.run.json", "--out", "comparison.csv") == 2
    assert "overwrite the first run" in capsys.readouterr().err
    # Another kind of file cannot be the same.
    assert dorpshub(monkeypatch, "rerun", "comparison.run.json", "--out", "again.parquet") == 2
    assert "files are of another kind" in capsys.readouterr().err


def test_a_comparison_without_its_run_file_is_never_left_behind(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("compare", valley, "--kinds", "gp", "--modes", "walk", "--quiet")
    assert dorpshub(monkeypatch, *asked, "shut.json") == 0
    before = {path.name: path.read_bytes() for path in Path().glob("comparison*")}

    def full(_path: Path, _run: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("scenarios.comparison.files.fill_run", full)
    assert dorpshub(monkeypatch, *asked, "hub.json") == 2
    assert (
        "Cannot write comparison.csv: No space left on device. Everything is as it was"
        in capsys.readouterr().err
    )
    assert {path.name: path.read_bytes() for path in Path().glob("comparison*")} == before
    assert list(Path().glob(".comparison*")) == []


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "\xff\xfe", "[" * 5000])
def test_what_is_no_run_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="no run file"):
        read_run(tmp_path / "x.run.json")


def test_layers_bring_their_colours(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dorpshub(
        monkeypatch, "compare", valley, "hub.json", "shut.json", "--kinds", "gp", "--modes", "walk,bike", "--out", "c.gpkg", "--quiet",
        "--with-first",
    ) == 0  # fmt: skip
    with closing(sqlite3.connect("c.gpkg")) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        layers = {
            name
            for (name,) in database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            )
        }
        others = {
            name
            for (name,) in database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes'"
            )
        }
        found = dict(database.execute('SELECT place_id, change_class FROM "places gp walk"'))
    assert layers == {"places gp walk", "places gp bike"}
    assert others == {"winners", "layer_styles"}
    assert set(styles) == layers | {"winners"}
    style = ET.fromstring(styles["places gp walk"])  # noqa: S314 -- just written by this program
    values = {category.get("value") for category in style.iter("category")}
    # Every value of the column has a colour.
    assert set(found.values()) <= values
    assert len(values) == len(list(style.iter("symbol")))
    # The closure, after the hub: Mid had its GP and now has none, nor has anybody else.
    assert found == {"west": "lost", "mid": "lost", "east": "lost", "lone": "never"}


def test_the_run_file_is_json_that_a_person_can_read(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        dorpshub(monkeypatch, "compare", valley, "hub.json", "--kinds", "gp", "--modes", "walk", "--quiet")
        == 0
    )
    text = Path("comparison.run.json").read_text()
    assert json.loads(text)["spec"]["scenarios"][1]["edits"][0] == {
        "edit": "PlaceHub",
        "place_id": "west",
        "kinds": ["gp"],
    }
    assert text.count("\n") > 40


def test_an_unknown_ending_is_refused_before_anything_is_worked_out(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "compare", valley, "hub.json", "--out", "c.xlsx", "--quiet") == 2
    assert "comparisons are written as .csv" in capsys.readouterr().err


def test_the_edits_of_the_line_are_used(world: World) -> None:
    # Without its line nobody rides: West walks 25 minutes whatever the headway was.
    gone = compared(world, spec(scenario(DropLine(line="1")), modes=("transit",)), KINDS)[0]
    assert gone.results[0].after.times.seconds[0] == 1504
    often = compared(
        world, spec(scenario(ChangeHeadway(line="1", headway_min=10)), modes=("transit",)), KINDS
    )[0]
    # A bus every ten minutes, four on the way: between 4 and 13 minutes, in the middle 8 or 9.
    assert often.results[0].after.times.seconds[0] in {480, 540}


def test_cells_have_their_own_times_and_legs(world: World) -> None:
    # Two cells of West: at the village itself, and 600 m along the road to Mid; and one of no place by the shop in East.
    places = world.places
    grid = PopulationGrid(
        x_m=places.x_m[[WEST, WEST, EAST]] + np.array([0.0, 600.0, 0.0]),
        y_m=places.y_m[[WEST, WEST, EAST]],
        place=np.array([WEST, WEST, -1], np.int32),
        inhabitants_by_age=np.array([[1, 2, 3, 4], [10, 20, 30, 40], [5, 0, 0, 0]], np.int32),
    )
    asked = spec(scenario(HUB), cells=True, legs=True)
    gridded = replace(world, grid=grid)
    table = tables_of(gridded, asked, compared(gridded, asked, KINDS), KINDS, silent).cells.to_pandas()
    assert table["place_id"].tolist() == ["west", "west", ""]
    assert table["inhabitants"].tolist() == [10, 100, 5]
    # On foot at 1.33 m/s: 2,000 and 1,400 m to Mid, and nothing and 600 m to the hub in West.
    assert table["before_s"].tolist() == pytest.approx([1504, 1053, 1504], abs=2)
    assert table["after_s"].tolist() == pytest.approx([0, 451, 1504], abs=2)
    assert table["changed_legs"].tolist() == [
        "- walk 25 min to Gp mid; + walk 0 min to Hub West",
        "- walk 18 min to Gp mid; + walk 8 min to Hub West",
        "",
    ]
    # A cell of no place counts in no total.
    assert table["in_region"].tolist() == [True, True, False]


def test_cells_are_squares_in_the_geopackage(world: World, tmp_path: Path) -> None:
    places = world.places
    grid = PopulationGrid(
        places.x_m[[WEST]], places.y_m[[WEST]], np.array([WEST], np.int32), np.array([[1, 0, 0, 0]], np.int32)
    )
    gridded, asked = replace(world, grid=grid), spec(scenario(HUB), cells=True)
    found = compared(gridded, asked, KINDS)
    tables = tables_of(gridded, asked, found, KINDS, silent)
    write_comparison(tmp_path / "c.gpkg", found, tables, lambda files: run_file(gridded, asked, files))
    cells = geopandas.read_file(tmp_path / "c.gpkg", layer="cells gp walk")
    assert cells.crs.to_epsg() == 28992
    assert cells.geometry.area.tolist() == pytest.approx([10_000])
    assert cells["change_class"].tolist() == ["shorter 15"]
