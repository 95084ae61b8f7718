"""`dorpshub matrix` without a feed: routes of the streets file, on the toy valley (drawn in toys/region.py)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from data.errors import InputError
from dorpshub.cli.commands import commands
from support.toys.region import lonlat, write_toy_region
from support.toys.routes import with_route


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    folder = with_route(write_toy_region(tmp_path / "valley"))
    rows = "".join(f"{spot},{lonlat(spot)[0]},{lonlat(spot)[1]}\n" for spot in ("west", "east"))
    (folder / "points.csv").write_text(f"id,lon,lat\n{rows}")
    return folder


def matrix(folder: Path, *options: str) -> pd.DataFrame:
    points, out = str(folder / "points.csv"), folder / "out.csv"
    files = ["--streets", str(folder / "streets.osm"), "--origins", points, "--destinations", points]
    command = ["matrix", *files, "--crs", "EPSG:28992", "--quiet", "--out", str(out), *options]
    CliRunner().invoke(commands, command, catch_exceptions=False, standalone_mode=False)
    return pd.read_csv(out)


def test_mapped_routes_stand_in_for_a_feed(valley: Path) -> None:
    options = (
        "--modes",
        "walk,transit",
        "--date",
        "2026-10-06",
        "--percentiles",
        "0,100",
        "--routes-from-osm",
    )
    table = matrix(valley, *options)
    by_bus = table[(table["mode"] == "transit") & (table["origin_id"] == "west")]
    column = next(name for name in table.columns if name.endswith("p0_s"))
    seconds = by_bus.set_index("destination_id")[column]
    # Twice 2 km at 37 km/h and 35 s at Mid are 424 s; on foot 3,008 s. A bus every twenty minutes, at unknown minutes:
    # in a thousand samples somebody meets it within a minute.
    assert 424 <= seconds["east"] <= 424 + 60


def test_rides_of_a_feed_that_are_ordered_have_percentiles_of_their_own(valley: Path) -> None:
    flex = valley / "flex"
    flex.mkdir()
    west, east = (",".join(str(degrees) for degrees in reversed(lonlat(spot))) for spot in ("west", "east"))
    window = "start_pickup_drop_off_window,end_pickup_drop_off_window"
    tables = {
        "stops": f"stop_id,stop_name,stop_lat,stop_lon\nw,West,{west}\ne,East,{east}\n",
        "routes": "route_id,route_type\nr,3\n",
        "trips": "trip_id,route_id,service_id,safe_duration_factor,safe_duration_offset\nt,r,s,2,300\n",
        "calendar_dates": "service_id,date,exception_type\ns,20261006,1\n",
        "stop_times": f"trip_id,stop_sequence,stop_id,{window}\nt,1,w,09:30:00,18:00:00\nt,2,e,09:30:00,18:00:00\n",
    }
    for name, text in tables.items():
        (flex / f"{name}.txt").write_text(text)
    options = ("--modes", "walk,on_demand", "--date", "2026-10-06", "--percentiles", "0,100")
    table = matrix(valley, *options, "--timetable", str(flex))
    ordered = table[(table["mode"] == "on_demand") & (table["destination_id"] == "east")]
    by_origin = ordered.set_index("origin_id")
    # 4 km at 24 km/h take a car 600 s, the ride twice that, and five minutes until it leaves; it starts at half past.
    assert by_origin.loc["west", "travel_time_p0_s"] == 1500
    assert by_origin.loc["west", "travel_time_p100_s"] == 1500 + 1800
    assert by_origin["travel_time_p0_s"].isna()["east"]
    assert ordered["travel_time_s"].isna().all()


def test_nothing_is_taken_from_the_map_unasked(valley: Path) -> None:
    with pytest.raises(InputError, match="needs --timetable and --date; --routes-from-osm may stand in"):
        matrix(valley, "--modes", "transit", "--date", "2026-10-06")
    with pytest.raises(InputError, match="Going by on_demand needs --timetable and --date"):
        matrix(valley, "--modes", "on_demand", "--routes-from-osm")
