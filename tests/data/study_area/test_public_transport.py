"""Where a region's public transport comes from: feeds, mapped routes, booked rides, on the toy valley of toys/region.py."""

from __future__ import annotations

import datetime as dt
import itertools
import zipfile
from pathlib import Path

import pytest

from accessibility.world import open_world
from data.errors import InputError, RegionError
from data.osm.file_names import is_osm_file
from data.study_area.public_transport import read_public_transport
from data.study_area.region_toml import load_region, on_demand_files
from data.study_area.service_day import read_service_day
from support.toys.region import lonlat, write_toy_region
from support.toys.routes import with_route

TUESDAY = dt.date(2026, 10, 6)
TAXI = """
[[on_demand]]
id = "taxi"
name = "Taxi"
area = { stops = "timetable" }
hours = "Mo-Fr 07:00-19:00"
lead_s = 3600
margin_s = 600
min_m = 0
max_m = 15000
detour = 1.5
source = "made by hand"
date = "2026"
assumed = []
"""


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


def edit(folder: Path, before: str, after: str) -> Path:
    region = folder / "region.toml"
    text = region.read_text()
    assert before in text
    region.write_text(text.replace(before, after, 1))
    return folder


def test_a_region_without_a_feed_lives_on_its_mapped_routes(tmp_path: Path) -> None:
    folder = edit(with_route(write_toy_region(tmp_path / "valley")), '"timetable.zip"', '"streets.osm"')
    world = open_world(folder, silent)
    trips = world.network.service.timetable.trips
    # From 7 to 19 every twenty minutes.
    assert len(trips.id) == 36
    assert set(trips.route) == {"9"}
    assert world.region.is_modelled("timetable")
    assert any(found.what.startswith("trips made up from the map") for found in world.report.findings)


def test_mapped_routes_are_never_called_observed(tmp_path: Path) -> None:
    folder = edit(with_route(write_toy_region(tmp_path / "valley")), '"timetable.zip"', '"streets.osm"')
    edit(folder, 'origin = "modelled"', 'origin = "observed"')
    with pytest.raises(
        RegionError, match=r'streets\.osm is made of the routes mapped there.*must be "modelled"'
    ):
        load_region(folder)


def test_a_feed_and_mapped_routes_make_one_timetable(tmp_path: Path) -> None:
    folder = with_route(write_toy_region(tmp_path / "valley"))
    osm, gtfs = folder / "streets.osm", folder / "timetable.zip"
    both = read_public_transport([osm, gtfs], TUESDAY)
    feed, mapped = read_public_transport([gtfs], TUESDAY), read_public_transport([osm], TUESDAY)
    trips, stops = both.timetable.trips, both.timetable.stops
    assert sorted(trips.id) == sorted(feed.timetable.trips.id + mapped.timetable.trips.id)
    assert stops.id == (*feed.timetable.stops.id, *mapped.timetable.stops.id)
    assert len(set(stops.station.tolist())) == 6
    # Only the mapped trips are headways, wherever they stand among the others.
    assert {trips.id[trip][:8] for trip in trips.headways.trip} == {"relation"}
    assert len(trips.headways.trip) == 36
    starts = trips.call_departure[trips.call_offset[:-1]].tolist()
    assert starts == sorted(starts)


def test_without_any_file_there_is_no_public_transport() -> None:
    nothing = read_public_transport([], TUESDAY)
    assert (len(nothing.timetable.trips.id), nothing.on_demand, nothing.report.findings) == (0, (), ())


def test_a_missing_feed_is_still_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no timetable at"):
        read_public_transport([tmp_path / "absent.zip"], TUESDAY)
    (tmp_path / "page.zip").write_text("<html>")
    with pytest.raises(InputError, match=r"page\.zip is not a zip file"):
        read_public_transport([tmp_path / "page.zip"], TUESDAY)


def test_a_timetable_is_of_osm_by_its_name() -> None:
    assert all(is_osm_file(name) for name in ("a.osm.pbf", "A.OSM", "a.osm.gz"))
    assert not any(is_osm_file(name) for name in ("a.zip", "osm", "a.osm.zip"))


def test_an_on_demand_service_of_region_toml_takes_the_stops_of_the_timetable(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + TAXI)
    (taxi,) = read_service_day(load_region(folder), folder, ()).on_demand
    assert [pole.name for pole in taxi.pickup.stops] == ["West", "Mid", "East"]
    assert taxi.pickup.stops[0][1:] == lonlat("west")


def test_a_file_of_an_on_demand_service_must_be_there(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    taxi = TAXI.replace('stops = "timetable"', 'file = "zone.geojson", stops_file = "hubs.csv"')
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + taxi)
    with pytest.raises(RegionError, match=r"name hubs\.csv, zone\.geojson, which is not in"):
        load_region(folder)
    (folder / "zone.geojson").touch()
    (folder / "hubs.csv").touch()
    assert on_demand_files(load_region(folder)) == ("zone.geojson", "hubs.csv")


def test_trips_from_everywhere_to_everywhere_are_told_when_a_region_is_read(tmp_path: Path) -> None:
    # Five stops around Mid, and a trip of two calls for each of the twenty pairs.
    lon, lat = lonlat("mid")
    stops = "".join(f"s{stop},S{stop},{lat + stop / 1000},{lon}\n" for stop in range(5))
    rows, calls = "", ""
    for number, (start, end) in enumerate(itertools.permutations(range(5), 2)):
        rows += f"r,s,p{number}\n"
        calls += f"p{number},10:00:00,10:00:00,s{start},0\np{number},10:10:00,10:10:00,s{end},1\n"
    folder = write_toy_region(tmp_path / "valley")
    added = {"stops.txt": stops, "trips.txt": rows, "stop_times.txt": calls}
    with zipfile.ZipFile(folder / "timetable.zip") as feed:
        tables = {name: feed.read(name).decode() + added.get(name, "") for name in feed.namelist()}
    with zipfile.ZipFile(folder / "timetable.zip", "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    report = read_service_day(load_region(folder), folder, ()).report
    assert [
        found.count for found in report.findings if "on-demand service written as trips" in found.what
    ] == [5]
