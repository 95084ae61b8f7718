"""A region made of a map and timetables: what is proposed, what is assumed, and nothing half-written."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import dorpshub as library
from data.errors import InputError
from data.gtfs.calendar import TripsPerDay, day_number
from data.live.area import Box
from data.osm.features import OsmPlaces
from data.own.new_region import Given, Made, busiest_day, make_region, places_table
from data.projection import Projection
from data.study_area.region_toml import load_region
from support.command import dorpshub
from support.toys.region import lonlat, write_toy_region, write_week

TODAY = date(2026, 11, 29)
"""A Sunday."""
BY_KIND = {"city": 100_000, "town": 10_000, "village": 1_000, "hamlet": 100}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Streets with two villages and two services of OpenStreetMap on them, and a week of buses."""
    folder = write_week(tmp_path / "files")
    osm = folder / "streets.osm"
    nodes = "".join(
        f'<node id="{number}" lat="{lonlat(spot)[1]}" lon="{lonlat(spot)[0]}" version="1">{tags}</node>'
        for number, spot, tags in (
            (11, "west", tag(place="village", name="West", population="1.200")),
            (12, "mid", tag(place="hamlet", name="Mid")),
            (13, "mid", tag(amenity="doctors", name="Practice")),
            (14, "east", tag(shop="supermarket", name="Shop", opening_hours="Mo-Sa 08:00-20:00")),
        )
    )
    osm.write_text(osm.read_text().replace("<way", nodes + "<way", 1))
    return folder


def tag(**tags: str) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def given(files: Path, **other: object) -> Given:
    streets, timetables = files / "streets.osm", (files / "timetable.zip",)
    fields: dict[str, object] = {
        "title": "New",
        "streets": streets,
        "timetables": timetables,
        "places": None,
        "facilities": None,
    }
    return Given(**{**fields, **other})  # type: ignore[arg-type]


def made(of: Given, folder: Path, *, force: bool = False) -> Made:
    return make_region(of, folder, TODAY, lambda _step, _share: None, force=force)


def test_an_empty_folder_becomes_a_region_that_opens(files: Path, tmp_path: Path) -> None:
    found = made(given(files), tmp_path / "new")
    region = load_region(tmp_path / "new")
    assert (region.title, region.crs) == ("New", "EPSG:28992")  # Drenthe lies in the Netherlands
    # Line 1 runs ten times from Monday to Friday, line 2 once on Saturday: the first Tuesday of October 2026 is the 6th.
    assert region.service_date == date(2026, 10, 6)
    # Departures at 9:00, 9:30, ... 13:30: every two hours from 9 to 13 have as many, and the first of them are taken.
    assert found.service.window == ("09:00", "11:00")
    opened = library.open_region(tmp_path / "new")
    assert opened.places.set_index("place")["inhabitants"].to_dict() == {"West": 1_200, "Mid": 100}
    assert sorted(opened.facilities["kind"]) == ["gp", "supermarket"]
    times = library.travel_times(opened, "gp", "transit").set_index("place")
    # The bus of 9:00 and each half hour takes 4 minutes from West to the practice at Mid.
    assert times["travel_time_well_planned_s"]["West"] == 240


def test_what_was_assumed_is_told_and_stands_in_a_table_that_can_be_mended(
    files: Path, tmp_path: Path
) -> None:
    found = made(given(files), tmp_path / "new")
    assert {one.what: one.examples for one in found.report.findings} == {
        "place without a population tag: as many people as its kind usually has": ("Mid",)
    }
    assert load_region(tmp_path / "new").is_modelled("places")
    table = tmp_path / "new" / "places.csv"
    table.write_text(table.read_text().replace(",100,modelled", ",75,observed"))
    assert library.open_region(tmp_path / "new").places["inhabitants"].tolist() == [1_200, 75]


def test_tables_take_the_place_of_the_map(files: Path, tmp_path: Path) -> None:
    people = tmp_path / "dorpen.csv"
    people.write_text("naam;inwoners;x;y\nWest;1.000;250.000;530.000\nEast;20;254.000;530.000\n")
    services = tmp_path / "s.csv"
    services.write_text(f"kind,name,lon,lat\nlibrary,Books,{lonlat('mid')[0]},{lonlat('mid')[1]}\n")
    area = made(given(files, places=people, facilities=services), tmp_path / "new").area
    assert area.places.inhabitants.tolist() == [1_000, 20]
    assert area.facilities.kind == ("library",)
    assert not (tmp_path / "new" / "places.csv").exists()


def test_without_a_timetable_the_next_tuesday_is_taken(files: Path, tmp_path: Path) -> None:
    found = made(given(files, timetables=()), tmp_path / "new")
    assert found.service.date == date(2026, 12, 1)
    assert load_region(tmp_path / "new").layer("timetable") == ()


def test_a_region_that_is_there_is_only_written_over_with_force(files: Path, tmp_path: Path) -> None:
    made(given(files), tmp_path / "new")
    before = (tmp_path / "new" / "region.toml").read_text()
    with pytest.raises(InputError, match=r"is a region already.*--force"):
        made(given(files, title="Other"), tmp_path / "new")
    assert (tmp_path / "new" / "region.toml").read_text() == before
    made(given(files, title="Other"), tmp_path / "new", force=True)
    assert load_region(tmp_path / "new").title == "Other"


def test_a_folder_with_the_files_themselves_becomes_the_region(files: Path) -> None:
    for name in ("region.toml", "places.csv", "facilities.csv"):
        (files / name).unlink()
    made(given(files), files)
    assert load_region(files).layer("streets")[0].file == "streets.osm"
    assert sorted(path.name for path in files.iterdir()) == [
        "places.csv",
        "region.toml",
        "streets.osm",
        "timetable.zip",
    ]


def test_other_files_of_the_folder_are_not_written_over(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "places.csv").write_text("mine")
    with pytest.raises(InputError, match=r"has places\.csv already"):
        made(given(files), folder)
    assert [path.name for path in folder.iterdir()] == ["places.csv"]
    assert (folder / "places.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"streets": "absent.osm"}, "absent.osm: there is no such file"),
        ({"streets": "timetable.zip"}, "timetable.zip is a zip file"),
        ({"timetables": "streets.osm"}, "streets.osm is an OpenStreetMap file"),
        ({"timetables": "absent.zip"}, "absent.zip is not there"),
        ({"places": "absent.csv"}, "there is no such file"),
        ({"places": "streets.osm"}, "streets.osm is an OpenStreetMap file"),
        ({"facilities": "bad.csv"}, r"bad\.csv: lon is no number in 1 of 1 rows \(line 2"),
    ],
)
def test_what_cannot_be_used_is_said_by_its_name_and_nothing_is_left(
    files: Path, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    (files / "bad.csv").write_text("kind,name,lon,lat\ngp,A,here,52.7\n")
    other = {
        name: (files / value,) if name == "timetables" else files / value for name, value in change.items()
    }
    with pytest.raises(InputError, match=says) as error:
        made(given(files, **other), tmp_path / "new")
    assert ".new-" not in str(error.value)  # the folder beside it, in which it was put together
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


def test_streets_and_timetable_of_two_areas_do_not_go_together(files: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(files / "timetable.zip") as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    lines = tables["stops.txt"].splitlines()
    tables["stops.txt"] = "\n".join([lines[0], *(f"{line.split(',')[0]},S,48.1,11.5" for line in lines[1:])])
    with zipfile.ZipFile(files / "timetable.zip", "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    with pytest.raises(InputError, match="same area"):
        made(given(files), tmp_path / "new")


def test_a_map_is_known_by_what_is_in_it(files: Path, tmp_path: Path) -> None:
    (files / "streets.osm").rename(files / "map.test.xml")
    made(given(files, streets=files / "map.test.xml"), tmp_path / "new")
    assert load_region(tmp_path / "new").layer("streets")[0].file == "map.test.osm"


@pytest.mark.parametrize(
    ("lon", "lat", "zone", "crs"),
    [
        (6.8, 52.8, "Europe/Amsterdam", "EPSG:28992"),
        (5.9, 50.85, "Europe/Berlin", "EPSG:32631"),  # within reach of the Dutch system, but not of its clock
        (9.52, 47.14, "Europe/Vaduz", "EPSG:32632"),
        (-3.0, 51.6, "Europe/London", "EPSG:32630"),
        (-46.6, -23.5, "America/Sao_Paulo", "EPSG:32723"),
    ],
)
def test_the_coordinate_system_is_that_of_where_the_streets_lie(
    files: Path, tmp_path: Path, lon: float, lat: float, zone: str, crs: str
) -> None:
    west, south = lonlat("west")
    osm = files / "streets.osm"
    text = osm.read_text()
    for spot in ("west", "mid", "east"):
        at = lonlat(spot)
        text = text.replace(
            f'lat="{at[1]}" lon="{at[0]}"', f'lat="{at[1] - south + lat:.7f}" lon="{at[0] - west + lon:.7f}"'
        )
    osm.write_text(text)
    with zipfile.ZipFile(files / "timetable.zip") as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    tables["agency.txt"] = tables["agency.txt"].replace("Europe/Amsterdam", zone)
    tables["stops.txt"] = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"{spot},{spot},{lonlat(spot)[1] - south + lat:.7f},{lonlat(spot)[0] - west + lon:.7f}\n"
        for spot in ("west", "mid", "east")
    )
    with zipfile.ZipFile(files / "timetable.zip", "w") as feed:
        for name, content in tables.items():
            feed.writestr(name, content)
    assert made(given(files), tmp_path / "new").area.projection.crs == crs


# ---- Parts


def places(*rows: tuple[str, str, float, int]) -> OsmPlaces:
    """Places by name, kind, kilometres east of the first and population tag."""
    names, kinds, km, people = zip(*rows, strict=True)
    lon_deg, lat_deg = Projection("EPSG:28992").to_lonlat(
        240_000 + 1_000 * np.array(km, np.float64), np.full(len(km), 530_000.0)
    )
    ids = tuple(f"node/{row}" for row in range(len(rows)))
    return OsmPlaces(ids, names, kinds, lon_deg, lat_deg, np.array(people, np.int32))


def people(*rows: tuple[str, str, float, int]) -> dict[str, tuple[int, str]]:
    table, _ = places_table(places(*rows), Box(5.0, 51.0, 8.0, 54.0), Projection("EPSG:28992"))
    return {
        name: (count, origin)
        for name, count, origin in zip(table["name"], table["inhabitants"], table["origin"], strict=True)
    }


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_place_without_a_number_has_that_of_its_kind(kind: str) -> None:
    assert people(("A", kind, 0, -1), ("B", kind, 50, 7)) == {
        "A": (BY_KIND[kind], "modelled"),
        "B": (7, "observed"),
    }


def test_nobody_of_a_town_counts_twice() -> None:
    found = people(
        ("Town", "town", 0, 10_000),
        ("Known", "suburb", 1, 4_000),
        ("Old", "quarter", 2, -1),
        ("New", "suburb", 3, -1),
        ("Apart", "suburb", 40, -1),
    )
    # 6,000 are left for the two quarters without a number and the middle: 2,000 each. Apart lies 40 km off.
    assert found == {
        "Town": (2_000, "modelled"),
        "Known": (4_000, "observed"),
        "Old": (2_000, "modelled"),
        "New": (2_000, "modelled"),
        "Apart": (1_000, "modelled"),
    }


def test_quarters_with_more_people_than_their_town_leave_none_to_the_others() -> None:
    found = people(("Town", "town", 0, 1_000), ("Known", "suburb", 1, 4_000), ("Old", "quarter", 2, -1))
    assert [count for count, _ in found.values()] == [0, 4_000, 0]


def test_a_map_without_places_asks_for_a_table() -> None:
    with pytest.raises(InputError, match="--places"):
        places_table(places(("Far", "village", 900, 5)), Box(5.0, 51.0, 8.0, 54.0), Projection("EPSG:28992"))


def days(first: date, *trips: int) -> TripsPerDay:
    return TripsPerDay(day_number(first), np.array(trips, np.int64))


def test_the_busiest_working_day_is_proposed() -> None:
    monday = date(2026, 10, 5)
    # Saturday is busier, and so is the Sunday before; of the working days Wednesday.
    found = busiest_day([days(date(2026, 10, 4), 90, 10, 10, 12, 10, 10, 80)])
    assert found == (date(2026, 10, 7), 12, "working day")
    assert busiest_day([days(monday, 10, 10, 10, 10, 10)])[0] == date(
        2026, 10, 6
    )  # of equal ones the Tuesday
    assert busiest_day([days(date(2026, 10, 10), 5, 7)]) == (date(2026, 10, 11), 7, "day")  # at weekends only
    # The second feed begins on Wednesday.
    assert busiest_day([days(monday, 30, 30, 10, 11, 10), days(date(2026, 10, 7), 1, 1, 1)])[0] == date(
        2026, 10, 8
    )
    with pytest.raises(InputError, match="no day on which all"):
        busiest_day([days(monday, 1), days(date(2026, 11, 2), 1)])


# ---- The verb


def test_the_command_says_what_it_did(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "init",
        tmp_path / "my-region",
        "--streets",
        files / "streets.osm",
        "--timetable",
        files / "timetable.zip",
    ]
    assert dorpshub(monkeypatch, *arguments) == 0
    said = capsys.readouterr().out
    for words in (
        "My region is a region now",
        "Coordinate system: EPSG:28992 (Amersfoort / RD New)",
        "Service date: Tuesday 2026-10-06, departures 09:00-11:00: the working day with most trips (10)",
        "Places: 2, 1,300 inhabitants, of the map",
        "Services: 1 gp, 1 supermarket, of the map.",
        "Unknown, as there is no data of them: pharmacy,",
        "assumed 1 x place without a population tag: as many people as its kind usually has (Mid)",
    ):
        assert words in said
    assert dorpshub(monkeypatch, *arguments) == 2
    assert "--force" in capsys.readouterr().err
    assert dorpshub(monkeypatch, "build", tmp_path / "my-region") == 0
    assert dorpshub(monkeypatch, *arguments, "--force", "--quiet", "--title", "Ours") == 0
    assert load_region(tmp_path / "my-region").title == "Ours"


def test_the_toy_region_needs_no_region_toml(tmp_path: Path) -> None:
    # Its own tables say what its region.toml says, but for the dates of the sources.
    folder = write_toy_region(tmp_path / "valley")
    written = load_region(folder)
    made(given(folder, places=folder / "places.csv", facilities=folder / "facilities.csv"), tmp_path / "new")
    proposed = load_region(tmp_path / "new")
    assert (proposed.crs, proposed.service_date) == (written.crs, written.service_date)
