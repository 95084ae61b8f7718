"""Yearly figures beside the model: plain loops, every verdict by hand, and the toy valley (see toys/region.py) with a hub."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dorpshub as library
from accessibility.world import World, open_world
from data.errors import InputError
from data.study_area.yearly_figures import read_yearly
from scenarios.monitoring.series import (
    DEFINITIONS,
    NO_LIKE,
    NO_SCENARIO,
    OTHER_AREA,
    Modelled,
    Series,
    followed,
)
from scenarios.monitoring.tables import years_table
from support.command import dorpshub
from support.toys.region import write_toy_region

HEAD = "year,area,code,indicator,value,unit,definition,source\n"
GP, ALL = "mean distance to GP practice", "inhabitants"
HUB = {"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}


def table(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hub.json").write_text(json.dumps(HUB))
    return write_toy_region(tmp_path / "valley")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The toy valley, of which the figures of the loops ask nothing."""
    folder = write_toy_region(tmp_path_factory.mktemp("loops") / "valley")
    return open_world(folder, lambda _step, _share: None)


# --- the file ------------------------------------------------------------------------------------------------------


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    rows = (f"2021,M,,{GP},2.40,km,,CBS", f"2022,M,,{GP},,km,,CBS", f"2023,M,,{ALL},300,persons,,CBS")
    found = read_yearly(table(tmp_path / "f.csv", *rows))
    assert found.year.tolist() == [2021, 2022, 2023]
    # An empty figure is unknown and not 0; 2.40 is known to a hundredth, 300 to one.
    assert np.isnan(found.value[1])
    assert found.value[[0, 2]].tolist() == [2.4, 300]
    assert found.step[[0, 2]].tolist() == [0.01, 1]
    assert np.isnan(found.step[1])


def test_parquet_says_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "year": [2021, 2023],
            "area": "M",
            "indicator": GP,
            "value": [2.4, np.nan],
            "unit": "km",
            "source": "CBS",
        }
    )
    frame.to_parquet(tmp_path / "f.parquet")
    found = read_yearly(tmp_path / "f.parquet")
    assert found.value[0] == 2.4
    assert found.step[0] == pytest.approx(0.1)
    assert np.isnan(found.value[1])
    assert found.code == found.definition == ("", "")


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    rows = (
        f"21,M,,{GP},2.4,km,,CBS",
        f'2021,M,,{GP},"2,4",km,,CBS',
        f"2021,,,{GP},2.4,km,,",
        f"2022,M,,{GP},1e999,km,,CBS",
        f"2023,M,,{GP},2.0,km,,CBS",
        f"2023,M,,{GP},2.1,km,,CBS",
    )
    with pytest.raises(InputError) as refused:
        read_yearly(table(tmp_path / "f.csv", *rows))
    said = str(refused.value)
    for part in (
        "line 2: year '21' is no year from 1900 to 2100",
        "line 3: value '2,4' is no number: write 2.4",
        "line 4: area is empty",
        "line 4: source is empty",
        "line 5: value '1e999' is no number",
        "line 7: the same area, year and indicator as line 6",
    ):
        assert part in said, said


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("year,area,value\n2021,M,1\n")
    with pytest.raises(InputError, match="'indicator', 'unit', 'source'"):
        read_yearly(tmp_path / "f.csv")


# --- verdicts ------------------------------------------------------------------------------------------------------


def series(first: float, last: float, promised: float | None, step: float = 0.1) -> Series:
    """A figure of two years, and what a scenario changes of the model's 2.0."""
    after = None if promised is None else Modelled(2.0 + promised, "municipality", "")
    known = Modelled(2.0, "municipality", "")
    return Series("M", "", GP, "km", "", (2021, 2025), (first, last), (step, step), ("CBS",), (), 0, known, after, "2021")  # fmt: skip


@pytest.mark.parametrize(
    ("last", "promised", "verdict"),
    [
        # From 2.4 to 2.1: each figure may be 0.05 off, so the change is between -0.4 and -0.2.
        (2.1, -0.3, "as promised"),
        (2.1, -0.4, "as promised"),
        (2.1, -0.2, "as promised"),
        (2.1, -0.41, "less"),
        (2.1, -0.19, "more"),
        (2.1, 0.3, "opposite"),
        (2.1, 0.0, "not promised"),
        # No change to be seen: between -0.1 and 0.1.
        (2.4, 0.0, "as promised"),
        (2.4, -0.1, "as promised"),
        (2.4, -0.3, "not seen"),
        (2.3, -0.5, "not seen"),
        (2.4, 0.3, "not seen"),
    ],
)
def test_a_verdict_leaves_room_for_rounding(last: float, promised: float, verdict: str) -> None:
    of = series(2.4, last, promised)
    assert of.rounding == pytest.approx(0.1)
    assert of.verdict == verdict


def test_without_a_scenario_nothing_was_promised() -> None:
    of = series(2.4, 2.1, None)
    assert (of.verdict, of.reasons) == ("", (NO_SCENARIO,))
    assert np.isnan(of.promised)


@pytest.mark.parametrize("seed", range(12))
def test_changes_are_those_of_plain_loops(seed: int, tmp_path: Path, world: World) -> None:
    rng = np.random.default_rng(seed)
    written = {
        (area, year): None if rng.random() < 0.2 else int(rng.integers(0, 50))
        for area in ("A", "B", "C")
        for year in range(2015, 2027)
        if rng.random() < 0.7
    }
    rows = [
        f"{year},{area},,visits,{'' if value is None else value},visits,,own"
        for (area, year), value in written.items()
    ]
    figures = read_yearly(table(tmp_path / "f.csv", *rng.permutation(rows).tolist()))
    first, last = 2017, 2025
    found = {of.area: of for of in followed(figures, world, None, from_year=first, to_year=last)}
    for area in "ABC":
        known = [
            (year, value)
            for (at, year), value in sorted(written.items())
            if at == area and first <= year <= last and value is not None
        ]
        if area not in found:
            assert not [year for at, year in written if at == area and first <= year <= last]
            continue
        of = found[area]
        assert list(zip(of.years, of.figures, strict=True)) == known
        if len(known) > 1:
            assert of.change == known[-1][1] - known[0][1]
        else:
            assert np.isnan(of.change)
        steps = years_table([of])["change"].tolist()[1:]
        assert steps == [now - then for (_, then), (_, now) in pairwise(known)]


# --- the valley ----------------------------------------------------------------------------------------------------


def test_a_hub_brought_what_it_promised(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # The GP is in Mid: 400 of West and 100 of East are 2 km away, 200 of Mid 0, the 4 of Lone are on no street near: a mean of
    # 1,000 / 700 = 1.4 km. A GP in West leaves East's 200: 0.3 km. Of the village itself 2 km become 0.
    rows = (
        f"2024,Valley,,{GP},1.5,km,,CBS",
        f"2026,Valley,,{GP},0.4,km,,CBS",
        f"2024,West,west,{GP},2.0,km,,own",
        f"2026,West,west,{GP},0.8,km,,own",
        f"2024,Valley,,{ALL},704,persons,,CBS",
        f"2025,Valley,,{ALL},,persons,,CBS",
        f"2026,Valley,,{ALL},690,persons,,CBS",
        "2026,Valley,,visits to the hub,310,visits,,own",
        f"2024,Drenthe,,{GP},1.9,km,,CBS",
        f"2026,Drenthe,,{GP},1.8,km,,CBS",
        f"2024,East,east,{GP},2.0,km,by road,own",
        f"2026,East,east,{GP},1.4,km,straight line,own",
        f"2024,Mid,mid,{GP},100,m,,own",
        f"2026,Mid,mid,{GP},100,m,,own",
    )
    table(Path("figures.csv"), *rows)
    more = ["--scenario", "hub.json", "--years-out", "years.csv"]
    assert dorpshub(monkeypatch, "monitor", valley, "figures.csv", *more) == 0
    found = pd.read_csv("monitor.csv", keep_default_na=False)
    by = {(row["area"], row["indicator"], row["definition"]): row for row in found.to_dict("records")}
    valley_gp = by["Valley", GP, ""]
    assert float(valley_gp["modelled"]) == pytest.approx(1.4286, abs=0.02)
    assert float(valley_gp["promised_change"]) == pytest.approx(-1.143, abs=0.02)
    assert (valley_gp["level"], valley_gp["verdict"]) == ("municipality", "as promised")
    assert (by["West", GP, ""]["level"], by["West", GP, ""]["verdict"]) == ("place", "less")
    people = by["Valley", ALL, ""]
    assert (people["verdict"], people["years_unknown"], float(people["published_change"])) == (
        "not promised",
        "2025",
        -14,
    )
    assert int(float(people["modelled"])) == 704
    visits = by["Valley", "visits to the hub", ""]
    assert (visits["verdict"], visits["promised_change"]) == ("", "")
    assert NO_LIKE in visits["why_not"]
    assert OTHER_AREA in by["Drenthe", GP, ""]["why_not"]
    for definition in ("by road", "straight line"):
        assert DEFINITIONS in by["East", GP, definition]["why_not"]
    assert "the unit is not that of the model (km)" in by["Mid", GP, ""]["why_not"]
    told = capfd.readouterr().out
    assert (
        "8 series of figures; 3 can be put beside what the scenario promised: 1 as promised, 1 less than promised, "
        "1 a change that was not promised." in told
    )
    assert (
        "Of 3 series nothing can be said about a change: one year is known, or none, measured in another way"
        in told
    )
    assert "Whatever else happened in those years is in the published change as well." in told
    years = pd.read_csv("years.csv")
    assert years.loc[
        years["area"] == "West", ["year", "value", "change", "change_share"]
    ].to_numpy().tolist()[1] == [
        2026,
        0.8,
        -1.2,
        -0.6,
    ]


def test_the_library_answers_the_same(valley: Path) -> None:
    file = table(Path("figures.csv"), f"2024,West,west,{GP},2.0,km,,own", f"2026,West,west,{GP},0.0,km,,own")
    region = library.open_region(valley)
    after = library.apply(region, HUB)
    (row,) = library.monitor(region, file, after=after).to_dict("records")
    assert row["promised_change"] == pytest.approx(-2, abs=0.03)
    assert row["verdict"] == "as promised"
    assert library.monitor(region, file, rows="year")["change"].tolist()[1] == -2
    with pytest.raises(InputError, match="no figures from 2030 to 2026: the table has those of 2024 to 2026"):
        library.monitor(region, file, from_year=2030)
    with pytest.raises(InputError, match="rows 'place'"):
        library.monitor(region, file, rows="place")  # type: ignore[arg-type]


def test_a_file_that_is_not_there_is_told(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "monitor", valley, "figure.csv") == 2
    assert "figure.csv" in capfd.readouterr().err
