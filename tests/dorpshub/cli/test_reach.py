"""`dorpshub reach` and `dorpshub.reach` on the toy valley (drawn in toys/region.py): 2 km on foot are 25 min 4 s."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

import dorpshub
from data.errors import InputError
from dorpshub.cli.commands import commands
from support.toys.region import lonlat, write_toy_region

HUB = {"name": "Hub West", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("toy") / "valley")


def reach(folder: Path, *options: str) -> Result:
    command = ["reach", str(folder), *options]
    return CliRunner().invoke(commands, command, catch_exceptions=False, standalone_mode=False)


def test_before_and_after_a_scenario_stand_in_one_file(valley: Path, tmp_path: Path) -> None:
    scenario, out = tmp_path / "hub.json", tmp_path / "reach.geojson"
    scenario.write_text(json.dumps(HUB))
    options = ["--of", "gp", "--mode", "walk", "--within-min", "10,30", "--scenario", str(scenario)]
    result = reach(valley, *options, "--out", str(out))
    table = gpd.read_file(out)
    # Mid alone within ten minutes of its GP, West as well with a hub; half an hour takes in the three villages.
    assert table["inhabitants"].tolist() == [200, 700, 600, 700]
    assert table["inhabitants_75plus"].tolist() == [25, 85, 75, 85]
    assert table["scenario"].tolist() == ["as it is"] * 2 + ["Hub West"] * 2
    assert table.crs == "EPSG:4326"
    assert table.geometry.is_valid.all()
    assert table.geometry[1].contains(gpd.points_from_xy(*zip(lonlat("east"), strict=True))[0])
    assert "Hub West: within 10 min by walk to gp live 600, 75 of them of 75 or older." in result.output
    assert "4 areas in" in result.output


def test_a_geopackage_is_in_metres_and_the_same_every_time(valley: Path, tmp_path: Path) -> None:
    files = [tmp_path / "one.gpkg", tmp_path / "two.gpkg"]
    for file in files:
        reach(
            valley,
            "--of",
            "Mid",
            "--mode",
            "bike",
            "--direction",
            "from",
            "--within-min",
            "5",
            "--out",
            str(file),
        )
    table = gpd.read_file(files[0], layer="reach")  # beside it stands its style
    assert table.crs == "EPSG:28992"
    assert table["area_km2"].tolist() == [round(table.geometry[0].area / 1e6, 2)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_by_bus_there_are_three_readings_or_one_departure(valley: Path, tmp_path: Path) -> None:
    out = tmp_path / "reach.geojson"
    by_bus = ["--of", "supermarket", "--mode", "transit", "--within-min", "8", "--out", str(out)]
    reach(valley, *by_bus)
    assert gpd.read_file(out)["reading"].tolist() == ["best", "ordinary", "worst"]
    reach(valley, *by_bus, "--at", "09:00")
    # The 9:00 from West is in East at 9:08.
    (feature,) = json.loads(out.read_text())["features"]
    assert (feature["properties"]["reading"], feature["properties"]["inhabitants"]) == ("09:00", 700)
    from_west = [*by_bus, "--of", "West", "--direction", "from"]
    for departure, people in (("09:00", 700), ("09:01", 400)):
        # A minute later the bus has gone: in 8 minutes nobody but who lives in West is met.
        reach(valley, *from_west, "--at", departure)
        (feature,) = json.loads(out.read_text())["features"]
        assert feature["properties"]["inhabitants"] == people


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--of", "nowhere"), "There must be one place called 'nowhere'"),
        (("--of", "gp", "--within-min", "10,5"), "each more than the one before it"),
        (("--of", "gp", "--within-min", "soon"), "write numbers separated by commas"),
        (("--of", "gp", "--at", "09:00", "--depart", "10:00"), "leave out --depart"),
        (("--of", "gp", "--out", "reach.csv"), ".geojson or .gpkg"),
    ],
)
def test_what_cannot_be_asked_is_told(valley: Path, options: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        reach(valley, "--mode", "walk", *options)


def test_the_library_gives_a_frame_in_degrees(valley: Path) -> None:
    areas = dorpshub.reach(dorpshub.open_region(valley), "gp-0", "walk", within_min=(10, 30))
    assert areas["inhabitants"].tolist() == [200, 700]
    assert areas.crs == "EPSG:4326"
    with pytest.raises(InputError, match="Directions are to, from"):
        dorpshub.reach(dorpshub.open_region(valley), "gp", direction="up")  # type: ignore[arg-type]
