"""Tables of places and services as people have them: nulls, maps, metres, thousands; and rows that cannot be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from accessibility.world import open_world
from data.build_report import BuildReport
from data.errors import InputError
from data.files.any_table import TableLayer
from data.files.faults import OwnFaultError
from data.files.rows import Rows
from data.files.tables import facilities_of, places_of
from data.parameters.facility_kinds import load_facility_kinds
from data.places import Facilities, Places
from data.study_area.tables import read_rows
from support.toys.networks import RD
from support.toys.region import lonlat, write_toy_region

KINDS = load_facility_kinds()
WEST, MID, EAST = lonlat("west"), lonlat("mid"), lonlat("east")
DUTCH_METRES = "positions in metres, read in the coordinate system of the region"


def rows(path: Path, layer: TableLayer) -> tuple[Rows, dict[str, int]]:
    found, report = read_rows(path, path.name, layer, "observed", RD, KINDS)
    return found, told(report)


def told(report: BuildReport) -> dict[str, int]:
    return {one.what: one.count for one in report.findings}


def services(path: Path) -> Facilities:
    return facilities_of(rows(path, "facilities")[0], RD)


def places(path: Path) -> Places:
    return places_of(rows(path, "places")[0], RD)


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


# ---- Nulls are blanks


@pytest.mark.parametrize("null", [None, np.nan, pd.NA, float("nan")])
def test_a_null_in_parquet_is_a_blank_as_in_a_csv(tmp_path: Path, null: object) -> None:
    table = frame(
        kind=["gp", "supermarket"],
        name=["Practice", null],
        lon=[WEST[0], EAST[0]],
        lat=[WEST[1], EAST[1]],
        opening_hours=[null, "Mo-Sa 08:00-20:00"],
        units=pd.array([2, None], "Int64").tolist(),
    ).astype({"units": "Int64"})
    table.to_parquet(tmp_path / "mine.parquet")
    found = services(tmp_path / "mine.parquet")
    assert found.name == ("Practice", "")
    assert found.opening == ("", "Mo-Sa 08:00-20:00")
    assert found.units.tolist() == [2.0, 1.0]  # one unit where nothing is said, and that is told
    table.to_csv(tmp_path / "mine.csv", index=False)
    same = services(tmp_path / "mine.csv")
    assert (same.name, same.opening, same.units.tolist()) == (found.name, found.opening, found.units.tolist())


def test_a_null_where_something_must_be_is_refused_with_its_row(tmp_path: Path) -> None:
    at: dict[str, list[object]] = {"lon": [WEST[0], EAST[0]], "lat": [WEST[1], EAST[1]]}
    frame(kind=["gp", None], name=["A", "B"], **at).to_parquet(tmp_path / "kind.parquet")
    with pytest.raises(InputError, match=r"the kind is blank in 1 of 2 rows \(row 2: kind=''\)"):
        services(tmp_path / "kind.parquet")
    frame(name=["W", "E"], inhabitants=[120.0, None], **at).to_parquet(tmp_path / "people.parquet")
    with pytest.raises(InputError, match=r"inhabitants is blank in 1 of 2 rows \(row 2: inhabitants=''\)"):
        places(tmp_path / "people.parquet")


def test_a_region_reads_the_parquet_that_the_app_reads(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    frame(
        kind=["gp", "supermarket"],
        name=[None, "Shop"],
        lon=[MID[0], EAST[0]],
        lat=[MID[1], EAST[1]],
        opening_hours=["Mo-Fr 08:00-17:00", None],
    ).to_parquet(folder / "services.parquet")
    frame(
        name=["West", "East"], lon=[WEST[0], EAST[0]], lat=[WEST[1], EAST[1]], inhabitants=[400, 100]
    ).to_parquet(folder / "villages.parquet")
    toml = (folder / "region.toml").read_text()
    toml = toml.replace("facilities.csv", "services.parquet").replace("places.csv", "villages.parquet")
    (folder / "region.toml").write_text(toml)
    world = open_world(folder)
    assert world.facilities.name == ("", "Shop")
    assert world.facilities.opening == ("Mo-Fr 08:00-17:00", "")
    assert world.places.inhabitants.tolist() == [400, 100]
    # The shares of the Netherlands are 22.2, 58.9, 10.9 and 8.0 %: 88, 235, 43 and 32 of 400, and the 2 left with the adults.
    assert world.places.inhabitants_by_age[0].tolist() == [88, 237, 43, 32]
    said = told(world.report)
    assert said["age bands of a place from the shares of the Netherlands in 2018"] == 2
    assert said["columns that are missing or have blanks, filled in"] > 0


def test_names_of_the_rows_are_a_column_as_well(tmp_path: Path) -> None:
    frame(name=["W"], lon=[WEST[0]], lat=[WEST[1]], inhabitants=[5]).set_index("name").to_parquet(
        tmp_path / "p.parquet"
    )
    assert places(tmp_path / "p.parquet").name == ("W",)


# ---- Maps


@pytest.mark.parametrize("with_degrees", [True, False])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:28992"])
def test_geoparquet_is_read_where_its_geometry_lies(tmp_path: Path, crs: str, with_degrees: bool) -> None:  # noqa: FBT001
    table = frame(kind=["gp", "gp"], name=["A", "B"])
    if with_degrees:
        table = table.assign(lon=[WEST[0], EAST[0]], lat=[WEST[1], EAST[1]])
    points = gpd.points_from_xy([WEST[0], EAST[0]], [WEST[1], EAST[1]], crs="EPSG:4326")
    gpd.GeoDataFrame(table, geometry=points).to_crs(crs).to_parquet(tmp_path / "mine.parquet")
    found = services(tmp_path / "mine.parquet")
    # West and East lie 4 km apart on the x axis of the toys.
    assert found.x_m[1] - found.x_m[0] == pytest.approx(4_000, abs=0.1)
    assert found.y_m[1] - found.y_m[0] == pytest.approx(0, abs=0.1)


def collection(*features: tuple[Mapping[str, object], object], **more: object) -> str:
    rows = [{"type": "Feature", "properties": of, "geometry": shape} for of, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": rows, **more})


def point(x: float, y: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [x, y]}


@pytest.mark.parametrize("nowhere", [None, {}, {"type": "Point", "coordinates": []}, {"type": "Ball"}])
def test_a_feature_without_geometry_is_told_and_the_rest_is_read(tmp_path: Path, nowhere: object) -> None:
    file = text(
        tmp_path / "mine.geojson",
        collection(({"kind": "gp", "name": "A"}, point(*WEST)), ({"kind": "gp", "name": "B"}, nowhere)),
    )
    found, said = rows(file, "facilities")
    assert facilities_of(found, RD).name == ("A",)
    assert said["rows without a position on the map"] == 1


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        {"type": "name", "properties": {"name": "EPSG:28992"}},
        {"type": "EPSG", "properties": {"code": 28992}},
    ],
)
def test_a_geojson_that_names_its_system_is_read_in_it(tmp_path: Path, crs: object) -> None:
    # The corner of the toys lies at 250,000 and 530,000 of the Dutch system.
    x_m, y_m = RD.to_metres(np.array([WEST[0]]), np.array([WEST[1]]))
    file = text(
        tmp_path / "mine.geojson",
        collection(({"kind": "gp", "name": "A"}, point(float(x_m[0]), float(y_m[0]))), crs=crs),
    )
    found, said = rows(file, "facilities")
    assert float(found.table["lon"].iloc[0]) == pytest.approx(WEST[0], abs=1e-6)
    assert said["positions in the coordinate system that the file names, read in it"] == 1


def test_a_geojson_of_degrees_that_says_so_is_as_one_that_does_not(tmp_path: Path) -> None:
    degrees = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    feature = ({"kind": "gp", "name": "A"}, point(*WEST))
    plain = rows(text(tmp_path / "a.geojson", collection(feature)), "facilities")[1]
    assert rows(text(tmp_path / "b.geojson", collection(feature, crs=degrees)), "facilities")[1] == plain


def test_a_geojson_of_an_unknown_system_is_refused_with_its_name(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "local grid"}}
    file = text(tmp_path / "mine.geojson", collection(({"kind": "gp", "name": "A"}, point(1, 2)), crs=crs))
    with pytest.raises(OwnFaultError, match="'local grid' is no coordinate system"):
        rows(file, "facilities")


# ---- Numbers as people write them


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("250.000", "530.000"),
        ("250.000,0", "530.000,0"),
        ("250,000", "530,000"),
        ("250 000", "530 000"),
        ("250000,0", "530000,0"),
        ("250000.0", "530000.0"),
    ],
)
def test_metres_with_signs_between_their_thousands_are_metres(tmp_path: Path, x: str, y: str) -> None:
    found, said = rows(text(tmp_path / "rd.csv", f"kind;name;x;y\ngp;A;{x};{y}\n"), "facilities")
    assert facilities_of(found, RD).x_m[0] == pytest.approx(250_000, abs=0.1)
    assert facilities_of(found, RD).y_m[0] == pytest.approx(530_000, abs=0.1)
    assert said[DUTCH_METRES] == 1


def test_decimals_of_metres_stay_decimals_where_another_row_shows_them(tmp_path: Path) -> None:
    # 250123.456 has no thousands that are written apart, so neither has 250.125.
    found, _ = rows(
        text(tmp_path / "rd.csv", "kind,name,x,y\ngp,A,250123.456,530000.5\ngp,B,250.125,530000\n"),
        "facilities",
    )
    assert found.table["x_m"].tolist() == ["250123.456", "250.125"]
    frame(kind=["gp"], name=["A"], x=[250.125], y=[530.25]).to_parquet(tmp_path / "rd.parquet")
    assert float(rows(tmp_path / "rd.parquet", "facilities")[0].table["x_m"].iloc[0]) == 250.125


@pytest.mark.parametrize("written", ["1.234", "1,234", "1 234", "1'234", "1234", "1234.0"])
def test_people_with_a_sign_between_their_thousands_are_as_many(tmp_path: Path, written: str) -> None:
    file = text(tmp_path / "p.csv", f"naam;inwoners;lon;lat\nWest;{written};{WEST[0]};{WEST[1]}\n")
    assert places(file).inhabitants.tolist() == [1_234]


def test_x_and_y_in_degrees_are_degrees(tmp_path: Path) -> None:
    found, said = rows(text(tmp_path / "q.csv", f"kind,name,x,y\ngp,A,{WEST[0]},{WEST[1]}\n"), "facilities")
    assert facilities_of(found, RD).x_m[0] == pytest.approx(250_000, abs=0.1)
    assert said["positions in columns x and y that are degrees, read as such"] == 1


# ---- What cannot be


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ("2147483648", "inhabitants is more than 2,147,483,647"),
        ("1e12", "inhabitants is more than 2,147,483,647"),
        ("-5", "inhabitants is negative"),
        ("12.5", "inhabitants is no whole number"),
        ("many", "inhabitants is no number"),
        ("inf", "inhabitants is no number"),
        ("2026-01-01 09:00", "inhabitants is no number"),
    ],
)
def test_a_number_of_people_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, people: str, says: str
) -> None:
    file = text(
        tmp_path / "p.csv",
        f"name,inhabitants,lon,lat\nW,10,{WEST[0]},{WEST[1]}\n\nE,{people},{EAST[0]},{EAST[1]}\n",
    )
    with pytest.raises(InputError) as error:
        places(file)
    # The blank line counts: E stands on the fourth line of the file.
    assert f"{says} in 1 of 2 rows (line 4: inhabitants='{people}')" in str(error.value)


def test_more_people_than_the_world_has_are_refused(tmp_path: Path) -> None:
    lines = "".join(f"P{row},2000000000,{WEST[0]},{WEST[1]}\n" for row in range(5))
    with pytest.raises(InputError, match="10,000,000,000 persons in all, more than the world has"):
        places(text(tmp_path / "p.csv", f"name,inhabitants,lon,lat\n{lines}"))
    ages = "inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,inhabitants_75plus"
    with pytest.raises(InputError, match=r"more than 2,147,483,647 persons together in 1 of 1 rows \(line 2"):
        places(
            text(
                tmp_path / "a.csv",
                f"name,{ages},lon,lat\nW,1000000000,1000000000,1000000000,1,{WEST[0]},{WEST[1]}\n",
            )
        )


def test_all_rows_that_cannot_be_used_are_told_at_once_by_the_names_of_the_file(tmp_path: Path) -> None:
    file = text(
        tmp_path / "p.csv",
        f"naam,inwoners,lengtegraad,lat,in_region\nW,-1,{WEST[0]},north,perhaps\nE,x,200,{EAST[1]},true\n",
    )
    with pytest.raises(InputError) as error:
        places(file)
    for fault in (
        "inwoners is no number in 1 of 2 rows (line 3: inwoners='x')",
        "inwoners is negative in 1 of 2 rows (line 2: inwoners='-1')",
        "lat is no number in 1 of 2 rows (line 2: lat='north')",
        "must be degrees (WGS84) in 1 of 2 rows (line 3: lengtegraad='200'",
        "in_region must be false or true in 1 of 2 rows (line 2",
    ):
        assert fault in str(error.value)


@pytest.mark.parametrize(
    ("units", "says"), [("0", "above 0"), ("3e9", "at most 1,000,000"), ("big", "no number")]
)
def test_a_size_that_cannot_be_is_refused_with_its_line(tmp_path: Path, units: str, says: str) -> None:
    file = text(tmp_path / "s.csv", f"kind,name,lon,lat,units\ngp,A,{WEST[0]},{WEST[1]},{units}\n")
    with pytest.raises(InputError, match=rf"units .*{says} in 1 of 1 rows \(line 2"):
        services(file)


def test_a_column_with_the_name_itself_goes_before_one_that_only_means_the_same(tmp_path: Path) -> None:
    # "type" may say anything where there is a kind.
    file = text(tmp_path / "s.csv", f"type,kind,name,lon,lat\nbrick,gp,A,{WEST[0]},{WEST[1]}\n")
    found, said = rows(file, "facilities")
    assert facilities_of(found, RD).kind == ("gp",)
    assert said["columns that mean the same as one before them"] == 1


def test_only_blank_ids_are_made_up(tmp_path: Path) -> None:
    at = f"{WEST[0]},{WEST[1]}"
    found = places(text(tmp_path / "p.csv", f"id,name,inhabitants,lon,lat\nw,West,1,{at}\n,East,1,{at}\n"))
    assert found.id == ("w", "own-east-2")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "p.csv is empty"),
        ("name,lon,lat\nW,6,52\n", "p.csv lacks inhabitants; it has name, lon, lat"),
        ("%PDF-1.7", "p.csv is a PDF, and that cannot be used here"),
        ("{not json", "p.csv is damaged or incomplete"),
    ],
)
def test_a_table_that_cannot_be_used_says_why_in_a_sentence(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        places(text(tmp_path / "p.csv", content))


def test_values_that_have_no_column_are_told_by_their_line_and_never_dropped(tmp_path: Path) -> None:
    table = "name,kind,lon,lat\nAa,gp,6.8,52.8\nBee, the GP,gp,6.8,52.8\n\nCee,gp,6.8,52.8,x\n"
    with pytest.raises(
        OwnFaultError, match="line 3 has 5 values; line 5 has 5 values, and the header 4 names"
    ):
        services(text(tmp_path / "s.csv", table))
    # Commas too many at the end, as spreadsheets write them, hold nothing.
    assert services(text(tmp_path / "t.csv", "name,kind,lon,lat\nAa,gp,6.8,52.8,,\n")).name == ("Aa",)


def test_lines_are_called_as_an_editor_calls_them(tmp_path: Path) -> None:
    # The name of Aa goes over two lines, so that Bee stands on line 5 of the file.
    table = 'name,kind,lon,lat\n\n"Aa\nand so on",gp,6.8,52.8\nBee,gp,x,52.8\n'
    with pytest.raises(InputError, match="line 5: lon='x'"):
        services(
            text(
                tmp_path / "s.csv", table.replace("\n\n", "\n", 1).replace("lat\n", "lat\nDee,gp,6.8,52.8\n")
            )
        )


@pytest.mark.parametrize("number", ["Infinity", "1e400", "-inf", "nan", "1e20"])
def test_a_position_that_is_no_place_is_refused(number: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: lon="):
        services(text(tmp_path / "s.csv", f"name,kind,lon,lat\nAa,gp,{number},52.8\n"))
