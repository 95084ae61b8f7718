"""The data dictionary has every column of every output, and no other; the valley is drawn in toys/region.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from click.testing import CliRunner

from data.metadata.columns import TYPES, dictionary, markdown
from dorpshub.cli.commands import commands
from support.files import DOCS
from support.toys.networks import CORNER_M
from support.toys.region import PEOPLE, SPOTS, lonlat, write_toy_region

HUB = '{"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"], "cost_per_year": 40000}]}'
CLOSE = '{"name": "One school", "edits": [{"edit": "CloseFacility", "facility_id": "school-east"}]}'
FIGURES = """year,area,indicator,value,unit,source
2024,Valley,mean distance to GP practice,1.2,km,made by hand
2026,Valley,mean distance to GP practice,0.4,km,made by hand
"""
SCHOOLS = ("west", "east")
GRID = """
[[layer]]
name = "population"
file = "cells.csv"
origin = "modelled"
source = "made by hand"
date = "2026"
licence = "CC0"
"""
OF_FILE = {
    "times.csv": "times",
    "comparison.csv": "comparison",
    "comparison-cells.csv": "cells",
    "comparison-winners.csv": "winners",
    "comparison-contributions.csv": "contributions",
    "comparison-band.csv": "band",
    "comparison-equity.csv": "equity",
    "comparison-costs.csv": "costs",
    "comparison-value.csv": "value",
    "costs.csv": "costs",
    "value.csv": "value",
    "plain.csv": "comparison",
    "measures.csv": "measures",
    "curves.csv": "curves",
    "facilities.csv": "facilities",
    "nearest.csv": "nearest",
    "gains.csv": "gains",
    "stress.csv": "stress",
    "pairs.csv": "stress",
    "rounds.csv": "rounds",
    "appointment.csv": "appointment",
    "care.csv": "care",
    "reach.geojson": "reach",
    "hubs.csv": "hubs",
    "alternatives.csv": "alternatives",
    "robustness.csv": "robustness",
    "frontier.csv": "frontier",
    "services.csv": "services",
    "school.csv": "school",
    "schools.csv": "schools",
    "moves.csv": "school_moves",
    "monitor.csv": "monitor",
    "years.csv": "monitor_years",
    "plan.csv": "plan",
    "plan_years.csv": "plan_years",
    "hours.csv": "plan",
    "hours_years.csv": "plan_years",
    "care-rounds.csv": "care-rounds",
    "care-changed.csv": "care-rounds",
    "care-plan.csv": "care-plan",
    "matrix.csv": "matrix",
}
"""Table of the dictionary that each file holds."""
BY_BIKE = ("--kinds", "gp", "--modes", "bike")
PLACE = ("place", "valley", "--unreached-min", "60", "--hubs")
PLAN = ("plan", "valley", "--budget-per-year", "100000", "--from", "2026", "--to", "2026")
RUNS: tuple[tuple[str, ...], ...] = (
    ("times", "valley", "--kinds", "gp", "--modes", "bike,transit", "--out", "times.csv"),
    ("compare", "valley", "hub.json", *BY_BIKE, "--cells", "--legs", "--contributions", "--band", "--equity", "--costs",
     "--out", "comparison.csv"),
    ("compare", "valley", "hub.json", *BY_BIKE, "--out", "plain.csv"),
    ("compare", "valley", "hub.json", *BY_BIKE, "--cells", "--out", "layers.gpkg"),
    ("cost", "valley", "hub.json", "--out", "costs.csv", "--value-out", "value.csv"),
    ("measures", "valley", "--scenario", "hub.json", *BY_BIKE, "--out", "measures.csv", "--curves-out", "curves.csv",
     "--facilities-out", "facilities.csv", "--nearest-out", "nearest.csv", "--gains-out", "gains.csv"),
    ("stress", "valley", "--kind", "gp", "--out", "stress.csv"),
    ("stress", "valley", "--scenario", "hub.json", "--kind", "gp", "--pairs", "--out", "pairs.csv"),
    ("rounds", "valley", "--out", "rounds.csv"),
    ("rounds", "valley", "--appointment", "10:00", "--out", "appointment.csv"),
    ("rounds", "valley", "--from-base", "west", "--mode", "bike", "--out", "care.csv"),
    ("reach", "valley", "--of", "gp", "--mode", "transit", "--within-min", "10,20", "--out", "reach.geojson"),
    (*PLACE, "1", "--out", "hubs.csv", "--alternatives-out", "alternatives.csv", "--robust", "1", "--robust-out", "robustness.csv"),
    (*PLACE, "2", "--objective", "coverage", "--frontier", "cost", "--out", "frontier.csv"),
    (*PLAN, "--goal", "people", "--out", "plan.csv", "--years-out", "plan_years.csv"),
    (*PLAN, "--goal", "time", "--unreached-min", "60", "--out", "hours.csv", "--years-out", "hours_years.csv"),
    ("place-services", "valley", "--services", "gp", "--budget", "200000", "--out", "services.csv"),
    ("school", "valley", "--scenario", "close.json", "--out", "school.csv", "--schools-out", "schools.csv",
     "--moves-out", "moves.csv"),
    ("monitor", "valley", "figures.csv", "--scenario", "hub.json", "--out", "monitor.csv", "--years-out", "years.csv"),
    ("care-rounds", "valley", "--base", "west", "--staff", "1", "--mode", "bike", "--n-clients", "3", "--steps", "500",
     "--out", "care-rounds.csv", "--plan-out", "care-plan.csv"),
    ("care-rounds", "valley", "--base", "west", "--staff", "1", "--mode", "bike", "--n-clients", "3", "--steps", "500",
     "--then-base", "mid", "--out", "care-changed.csv"),
    ("matrix", "--streets", "valley/streets.osm", "--timetable", "valley/timetable.zip", "--origins", "points.csv",
     "--destinations", "points.csv", "--modes", "walk,transit", "--date", "2026-10-06", "--no-cache", "--out", "matrix.csv"),
)  # fmt: skip


class Outputs(NamedTuple):
    """A folder in which every verb has written what it writes."""

    folder: Path

    def table(self, file: str) -> pd.DataFrame:
        path = self.folder / file
        if path.suffix == ".geojson":
            rows = json.loads(path.read_text(encoding="utf-8"))["features"]
            return pd.DataFrame([row["properties"] for row in rows])
        return pd.read_csv(path)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder = tmp_path_factory.mktemp("outputs")
    valley = write_toy_region(folder / "valley")
    (valley / "region.toml").write_text((valley / "region.toml").read_text() + GRID)
    cells = ["x_m,y_m,place_id,inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,inhabitants_75plus"]
    for spot, people in PEOPLE.items():
        x_m, y_m = (at + corner for at, corner in zip(SPOTS[spot], CORNER_M, strict=True))
        cells.append(f"{x_m},{y_m},{spot},{','.join(map(str, people))}")
    (valley / "cells.csv").write_text("\n".join(cells) + "\n")
    with (valley / "facilities.csv").open("a") as file:
        for spot in SCHOOLS:
            file.write(
                f"school-{spot},primary_school,School {spot},{lonlat(spot)[0]},{lonlat(spot)[1]},20,observed\n"
            )
    (folder / "hub.json").write_text(HUB)
    (folder / "close.json").write_text(CLOSE)
    (folder / "figures.csv").write_text(FIGURES)
    points = [f"{spot},{lonlat(spot)[0]},{lonlat(spot)[1]}" for spot in SPOTS]
    (folder / "points.csv").write_text("\n".join(["id,lon,lat", *points]) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for arguments in RUNS:
            ran = CliRunner().invoke(commands, arguments, standalone_mode=False)
            assert ran.exception is None, (arguments, ran.exception)
    return Outputs(folder)


def test_every_table_of_the_dictionary_is_written_by_some_verb() -> None:
    assert set(OF_FILE.values()) == set(dictionary())


@pytest.mark.parametrize("file", OF_FILE)
def test_a_file_has_the_columns_of_the_dictionary_and_no_other(file: str, outputs: Outputs) -> None:
    table, found = dictionary()[OF_FILE[file]], list(outputs.table(file).columns)
    asked = {of.name for of in table.sometimes}
    # One of a percentile stands in the dictionary once, under N.
    known = [table.column(name) for name in found]
    assert {of.name for of in known} == set(found)
    stands = {name if "_p" not in name or not name[-3].isdigit() else "travel_time_pN_s" for name in found}
    assert {of.name for of in table.columns} - asked == stands - asked


def test_what_is_there_when_asked_for_is_written_by_some_verb(outputs: Outputs) -> None:
    import pyogrio  # noqa: PLC0415 -- takes a second

    written: dict[str, set[str]] = {}
    for file, name in OF_FILE.items():
        written.setdefault(name, set()).update(outputs.table(file).columns)
    for layer, name in (("places gp bike", "comparison"), ("cells gp bike", "cells")):
        written[name] |= set(pyogrio.read_info(outputs.folder / "layers.gpkg", layer=layer)["fields"])
    for name, table in dictionary().items():
        assert {of.name for of in table.sometimes} <= written[name]


@pytest.mark.parametrize("file", OF_FILE)
def test_values_are_of_the_type_that_is_told(file: str, outputs: Outputs) -> None:
    table, values = dictionary()[OF_FILE[file]], outputs.table(file)
    for name in values.columns:
        column = values[name].dropna()
        kind = table.column(name).kind
        if kind in {"integer", "number"}:
            assert column.dtype.kind in "if" or column.empty, name
        if kind == "integer":
            assert (column.astype(float) % 1 == 0).all(), name
        if kind == "yes/no":
            assert column.dtype == bool, name
        if kind == "clock":
            assert column.astype(str).str.fullmatch(r"\d\d:\d\d").all(), name
        if kind == "date":
            assert column.astype(str).str.fullmatch(r"\d{4}-\d\d-\d\d").all(), name


@pytest.mark.parametrize("file", [name for name in OF_FILE if name.endswith(".csv")])
def test_beside_a_csv_stands_what_it_is(file: str, outputs: Outputs) -> None:
    told = json.loads((outputs.folder / f"{file}-metadata.json").read_text(encoding="utf-8"))
    columns = told["tableSchema"]["columns"]
    # As the standard asks: the context first, the table by its name, the columns in their order with their header first.
    assert told["@context"][0] == "http://www.w3.org/ns/csvw"
    assert told["url"] == file
    assert [column["name"] for column in columns] == list(outputs.table(file).columns)
    assert all(column["titles"][0] == column["name"] and column["dc:description"] for column in columns)
    assert told["dc:title"].startswith(dictionary()[OF_FILE[file]].title)
    if file != "matrix.csv":
        # The region's own words: its newest source, and every licence.
        assert (told["dc:modified"], set(told["dc:rights"])) == ("2026", {"MIT", "CC0"})


def test_the_digests_of_a_run_are_those_of_its_tables_alone(outputs: Outputs) -> None:
    # So that a run of before, when nothing stood beside a table, is still the same run.
    run = json.loads((outputs.folder / "plain.run.json").read_text(encoding="utf-8"))
    assert set(run["files"]) == {"plain.csv", "plain-winners.csv"}


def test_entries_are_whole_and_none_is_left_over() -> None:
    entries = [of for table in dictionary().values() for of in (*table.columns, *table.sometimes)]
    for of in entries:
        assert of.kind in TYPES
        assert of.title
        assert of.meaning
        assert of.meaning[0].isupper() or of.name in {"sign", "sure", "change"}, of
    for table in dictionary().values():
        titles = [of.label for of in (*table.columns, *table.sometimes)]
        # A GeoPackage takes no two columns with one alias.
        assert len(titles) == len(set(titles)), table.name


def test_a_percentile_is_told_with_its_number() -> None:
    column = dictionary()["matrix"].column("travel_time_p25_s")
    assert column.title == "Travel time, percentile 25"
    assert column.meaning.startswith("25 per cent of the departures")
    with pytest.raises(KeyError):
        dictionary()["matrix"].column("colour")


def test_the_document_is_that_of_the_table() -> None:
    # Written by `python -m data.metadata.columns`.
    assert (DOCS / "data-dictionary.md").read_text(encoding="utf-8") == markdown()
