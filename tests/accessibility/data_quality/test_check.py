"""Checks of a region's data: what is wrong is counted, named and put on the map; what is right is not."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from accessibility.data_quality.calibration import calibrate
from accessibility.data_quality.check import check_quality
from accessibility.data_quality.findings import Check, Quality
from accessibility.world import World, open_world
from data.live.areas import NO_AREAS, Areas
from data.parameters.expected_density import load_densities
from data.parameters.facility_kinds import load_facility_kinds
from data.study_area.observed_flows import Flows
from data.study_area.published_figures import read_control
from scenarios.reports.data_quality import calibration_blocks, quality_blocks
from scenarios.reports.document import ENGLISH, Block, Drawing, Grid, Heading, Paragraph, html, markdown
from scenarios.reports.drawings import Dot, scatter
from support.command import dorpshub
from support.toys.region import SPOTS, lonlat, write_toy_region
from ui.words.i18n import report_words, texts_in


def quiet(_label: str, _share: float) -> None:
    """Tell nobody."""


def opened(folder: Path) -> tuple[World, Quality]:
    world = open_world(folder, quiet)
    return world, check_quality(world)


def check(quality: Quality, *words: str) -> Check:
    (found,) = (one for one in quality.checks if all(word in one.what for word in words))
    return found


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_toy_region(tmp_path / "valley")


def outlines(folder: Path) -> None:
    """Give the valley a municipality around West and Mid with a hole at Mid, as rings alike."""
    west, south = lonlat("west")
    east = lonlat("east")[0]
    middle = lonlat("mid")[0]
    square = [
        [west - 0.01, south - 0.01],
        [east - 0.01, south - 0.01],
        [east - 0.01, south + 0.01],
        [west - 0.01, south + 0.01],
        [west - 0.01, south - 0.01],
    ]
    hole = [
        [middle + dx, south + dy]
        for dx, dy in ((-0.005, -0.005), (0.005, -0.005), (0.005, 0.005), (-0.005, 0.005), (-0.005, -0.005))
    ]
    shape = {"type": "Polygon", "coordinates": [square, hole]}
    text = json.dumps({"features": [{"properties": {"name": "Westerveld"}, "geometry": shape}]})
    (folder / "outlines.geojson").write_text(text)
    layer = '\n[[layer]]\nname = "outlines"\nfile = "outlines.geojson"\norigin = "observed"\nsource = "hand"\ndate = "2026"\nlicence = "MIT"\n'
    with (folder / "region.toml").open("a") as stream:
        stream.write(layer)


def change_feed(folder: Path, table: str, change: Callable[[str], str]) -> None:
    path = folder / "timetable.zip"
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts[table] = change(texts[table])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)


def test_a_sound_region_has_nothing_but_its_farm(valley: Path) -> None:
    _, quality = opened(valley)
    counts = {one.what: one.count for one in quality.checks if one.count and not one.action}
    # Lone lies 2.5 km from the road, and without a road there is no way to a stop either; no service has hours.
    assert counts == {
        "places further than 250 m from any street one may walk on": 1,
        "places without a stop within 30 min on foot": 1,
        "inhabited cells further than 250 m from any street one may walk on": 1,
        "facilities without opening hours": 2,
    }
    lone = check(quality, "places further than 250 m")
    assert lone.examples == ("Lone (4 inhabitants)",)
    assert (lone.spots[0].lon_deg, lone.spots[0].lat_deg) == pytest.approx(lonlat("lone"), abs=1e-5)
    assert (lone.total, lone.share) == (len(SPOTS), 1 / len(SPOTS))


def test_a_bus_that_flies_and_times_that_were_forgotten_are_found(valley: Path) -> None:
    """Trip 0 is in Mid after a minute, and in East at once, which moreover lies 700 m from where it was."""
    change_feed(
        valley,
        "stop_times.txt",
        lambda text: text.replace("t0,09:04:00,09:04:00,mid", "t0,09:01:00,09:01:00,mid").replace(
            "t0,09:08:00,09:08:00,east", "t0,09:01:00,09:01:00,east"
        ),
    )
    change_feed(
        valley, "stops.txt", lambda text: text.replace(str(lonlat("east")[0]), str(lonlat("east")[0] + 0.01))
    )
    _, quality = opened(valley)
    # 2.7 km from Mid to East in no time, a minute granted, are 160 km/h; 2 km from West to Mid in two minutes 60.
    fast = check(quality, "faster than a vehicle goes")
    assert (fast.count, fast.total) == (1, 20)
    assert fast.examples == ("line 1: Mid - East",)
    assert check(quality, "take no time").examples == ("line 1: Mid - East",)
    far = check(quality, "stops further than 100 m")
    assert far.examples == ("East",)


def test_services_mapped_twice_or_without_a_name_are_found(valley: Path) -> None:
    lon, lat = lonlat("mid")
    with (valley / "facilities.csv").open("a") as stream:
        stream.write(f"gp-x,gp,,{lon + 0.0004},{lat},1,observed\n")  # 27 m further, another door?
        stream.write(f"gp-y,gp,GP MID,{lon + 0.002},{lat},1,observed\n")  # 134 m further, the same name
        stream.write(f"ph,pharmacy,Gp mid,{lon},{lat},1,modelled\n")  # another kind
    _, quality = opened(valley)
    twice = check(quality, "of one kind within 50 m")
    assert twice.examples == ("gp", "gp GP MID")
    assert check(quality, "without a name").examples == ("gp",)


def test_facilities_are_counted_by_municipality_beside_what_the_country_has(valley: Path) -> None:
    outlines(valley)
    _, quality = opened(valley)
    (table,) = (one for one in quality.tables if one.title.startswith("Facilities per kind"))
    rows = {row[0]: row for row in table.rows}
    # Mid lies in the hole, so its GP is not in the municipality, and of the people only the 400 of West are.
    assert rows["gp"][:4] == ("gp", "Westerveld", 0, 0)
    assert rows["gp"][4] == pytest.approx(400 * 5028 / 17_000_000, abs=0.06)
    (lines,) = (one for one in quality.tables if one.title == "Lines per municipality")
    # Ten trips call once at West.
    assert lines.rows == (("Westerveld", 1, 1, 10, "1"),)


def test_what_the_readers_assumed_is_part_of_the_report(valley: Path) -> None:
    world, quality = opened(valley)
    assumed = [one for one in quality.checks if one.action]
    assert len(assumed) == len(world.report.findings)
    assert check(quality, "speed limit follows from their kind").action == "assumed"
    assert {row["what"] for row in quality.to_rows()} == {one.what for one in quality.checks}


def test_validity_tells_the_days_of_the_feed(valley: Path) -> None:
    change_feed(valley, "calendar_dates.txt", lambda text: text + "s,20261008,1\n")
    _, quality = opened(valley)
    (table,) = (one for one in quality.tables if one.title == "Validity")
    assert table.rows == (("timetable.zip", "2026-10-06", "2026-10-08", 2, 10, 10),)


def test_every_line_says_whether_its_timetable_is_observed(valley: Path) -> None:
    """The ten trips of line 1 once more, in a feed that somebody saw."""
    (valley / "seen.zip").write_bytes((valley / "timetable.zip").read_bytes())
    layer = '\n[[layer]]\nname = "timetable"\nfile = "seen.zip"\norigin = "observed"\nsource = "hand"\ndate = "2026"\nlicence = "MIT"\n'
    with (valley / "region.toml").open("a") as stream:
        stream.write(layer)
    _, quality = opened(valley)
    (table,) = (one for one in quality.tables if one.title == "Lines")
    assert [(row[0], row[2], row[3]) for row in table.rows] == [("1", "modelled", 10), ("1", "observed", 10)]


def test_roads_with_a_number_are_listed_by_each_of_their_numbers(valley: Path) -> None:
    osm = (valley / "streets.osm").read_text()
    (valley / "streets.osm").write_text(
        osm.replace('<tag k="highway"', '<tag k="ref" v="N34;E233"/><tag k="highway"')
    )
    _, quality = opened(valley)
    (table,) = (one for one in quality.tables if one.title == "Roads with a number")
    assert [row[0] for row in table.rows] == ["E233", "N34"]
    # West, Mid and East are 4 km of road in all, open to bicycles.
    assert {row[1:] for row in table.rows} == {(4.0, 4.0)}


def test_a_region_without_a_timetable_says_so(valley: Path) -> None:
    text = (valley / "region.toml").read_text()
    start, end = text.index('[[layer]]\nname = "timetable"'), text.index('[[layer]]\nname = "places"')
    (valley / "region.toml").write_text(text[:start] + text[end:])
    _, quality = opened(valley)
    assert check(quality, "regions without a timetable").count == 1


def test_expected_numbers_are_of_kinds_that_exist_and_have_a_source() -> None:
    densities = load_densities()
    assert set(densities) <= set(load_facility_kinds().ids)
    for one in densities.values():
        assert str(one.year) in one.source
        # Between a village and a town per facility: a slip of a digit would show.
        assert 2_000 < one.inhabitants_each < 20_000


# --- as something to read ---


def test_the_report_is_one_page_that_loads_nothing(valley: Path) -> None:
    outlines(valley)
    world, quality = opened(valley)
    blocks = quality_blocks(world, quality, ENGLISH)
    page = html(blocks, ENGLISH)
    assert "<h1>Quality of the data: Toy valley</h1>" in page
    assert "src=" not in page
    assert page.count("http") == page.count("http://www.w3.org/2000/svg")
    drawings = [ET.fromstring(block.svg) for block in blocks if isinstance(block, Drawing)]  # noqa: S314 -- our own
    assert len(drawings) == 4
    assert "Lone (4 inhabitants)" in page
    # Every map but the first refers to what the first one draws.
    assert page.count('<g id="region">') == 1
    assert page.count('<use href="#region"/>') == 3


def test_text_of_others_is_no_markup() -> None:
    blocks: list[Block] = [
        Heading("A <b>", 1),
        Paragraph("x & y"),
        Grid(("a",), (("1 | 2",), ("<script>",))),
        Drawing("<svg/>", "c <i>"),
    ]
    page = html(blocks, ENGLISH)
    assert "<script>" not in page
    assert "A &lt;b&gt;" in page
    assert "| 1 / 2 |" in markdown(blocks, ENGLISH)


def test_numbers_read_as_people_write_them() -> None:
    row: tuple[str | float, ...] = (1234567, 0.5, float("nan"), float("inf"), "2019")
    grid: list[Block] = [Grid(tuple("abcde"), (row,))]
    assert "| 1,234,567 | 0.50 |  | not reached | 2019 |" in markdown(grid, ENGLISH)


def test_a_report_speaks_dutch_through_and_through(valley: Path) -> None:
    """No text of the two reports is left in English, but for names and ids of the data."""
    with (valley / "control.csv").open("w") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["control_id", "indicator", "area", "year", "value", "unit", "source", "note", "origin"]
        )
        for indicator, unit in (("mean distance to GP practice", "km"), ("inhabitants", "persons")):
            writer.writerow([unit, indicator, "Valley", "2025", "1.0", unit, "CBS", "", "observed"])
    outlines(valley)
    world, quality = opened(valley)
    words = report_words(texts_in("nl"))
    postcode = Areas(
        ("Valley",), ("PC1",), np.array([shapely.box(*lonlat("west"), *lonlat("east")).buffer(0.005)], object)
    )
    flows = Flows(
        ("PC1", "PC2"),
        ("gp-0", "gp-0"),
        np.array([30, 5], np.int32),
        ("", ""),
        ("2024", "2024"),
        ("CBS",) * 2,
    )
    calibration = calibrate(world, read_control(world.region), postcode, NO_AREAS, flows)
    text = markdown(quality_blocks(world, quality, words) + calibration_blocks(calibration, words), words)
    english = re.compile(r"\b(the|and|with|without|which|from|than|by|are|not|here|found)\b", re.IGNORECASE)
    # The source of the toy's layers is its own.
    lines = text.replace("made by hand", "").splitlines()
    assert [line for line in lines if english.search(line)] == []
    assert "Kwaliteit van de gegevens: Toy valley" in text
    assert "Waargenomen reizen naar: huisarts" in text
    # Written as the Dutch do: 1.43 km is 1,43 km.
    assert "| huisarts | Valley | 2025 | 1 | 1,43 |" in text


def test_equal_values_lie_on_the_line() -> None:
    svg = ET.fromstring(scatter("t", "x", "y", [Dot("a", 1, 1), Dot("b", 3, 3)]))  # noqa: S314 -- our own
    dots = [node for node in svg if node.tag.endswith("circle")]
    xy = np.array([[float(dot.attrib["cx"]), float(dot.attrib["cy"])] for dot in dots])
    (line,) = (node.attrib["d"] for node in svg if node.attrib.get("class") == "same")
    (x0, y0), (x1, y1) = (tuple(map(float, part.split())) for part in line[1:].split("L"))
    assert (xy[:, 0] - x0) * (y1 - y0) == pytest.approx((xy[:, 1] - y0) * (x1 - x0), abs=60)


@pytest.mark.parametrize("verb", ["check", "calibrate"])
def test_the_command_writes_markdown_and_html(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    monkeypatch.chdir(valley.parent)
    with (valley / "control.csv").open("w") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["control_id", "indicator", "area", "year", "value", "unit", "source", "note", "origin"]
        )
        writer.writerow(
            ["gp", "mean distance to GP practice", "Valley", "2025", "1.0", "km", "CBS", "", "observed"]
        )
    for file in ("r.md", "r.html"):
        assert dorpshub(monkeypatch, verb, valley, "--out", file) == 0
        assert "Toy valley" in Path(file).read_text(encoding="utf-8")
    assert dorpshub(monkeypatch, verb, valley, "--out", "r.html", "--lang", "nl") == 0
    assert '<html lang="nl">' in Path("r.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert dorpshub(monkeypatch, verb, valley) == 0
    shown = io.StringIO(capsys.readouterr().out)
    assert shown.readline().startswith("# ")
    assert dorpshub(monkeypatch, verb, valley, "--out", "r.pdf") == 2
    assert ".md or .html" in capsys.readouterr().err
    if verb == "calibrate":
        # 500 of 700 persons go 2 km: 1.43 km, against 1.0.
        assert "| gp | Valley | 2025 | 1 | 1.43 | +0.43 km (+43%) | 700 | CBS |" in Path("r.md").read_text()
