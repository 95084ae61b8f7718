"""What the live sources are cut down to: streets, timetable, squares, tables and people."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.columns import Bools, Floats
from data.download.download import Downloader, SourceError
from data.download.sources import Source, Sources, load_sources
from data.errors import InputError
from data.gtfs.calendar import TripsPerDay
from data.gtfs.days import busiest, trips_per_day
from data.gtfs.timetable import read_timetable
from data.live.area import Box, Municipalities, box_around
from data.live.areas import load_areas, read_areas
from data.live.columns import find_column
from data.live.extracts import needed_extracts
from data.live.geopackages import BANDS, SECRET
from data.live.odata import read_figures
from data.live.osm import ROUTE_KINDS, cut_extracts
from data.live.people import settle
from data.live.squares import Squares, read_squares
from data.live.timetable import cut_timetable
from data.names import ids_of
from data.osm.extract import read_osm
from data.osm.routes_read import read_routes
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import Projection
from support.files import SHARED
from support.live_server import Server, serve
from support.toys.osm_map import DAY, LAT_DEG, LON_DEG, OsmMap

HEIDELBERG = SHARED / "heidelberg"
needs_heidelberg = pytest.mark.skipif(not HEIDELBERG.is_dir(), reason="real files are not at hand")
TOWN = Box(8.66, 49.40, 8.70, 49.42)


def quiet(_label: str, _share: float) -> None:
    """Tell nobody."""


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return replace(load_sources(), folder=tmp_path / "downloads")


# --- streets ---


@needs_heidelberg
def test_what_lies_in_the_box_is_cut_out_whole(tmp_path: Path) -> None:
    """Every way, restriction, place and facility of the box is there as in the whole file, and little else."""
    file, kinds = HEIDELBERG / "heidelberg.test.pbf", load_facility_kinds()
    cut_extracts([file], TOWN, kinds, tmp_path / "cut.osm.pbf", quiet)
    whole, cut = read_osm(file, kinds), read_osm(tmp_path / "cut.osm.pbf", kinds)

    def inside(lon_deg: Floats, lat_deg: Floats) -> Bools:
        return (
            (lon_deg >= TOWN.west)
            & (lon_deg <= TOWN.east)
            & (lat_deg >= TOWN.south)
            & (lat_deg <= TOWN.north)
        )

    here = inside(whole.streets.lon_deg, whole.streets.lat_deg)
    of_node = np.repeat(np.arange(len(whole.streets.way_id)), np.diff(whole.streets.way_offset))
    own = set(whole.streets.way_id[np.unique(of_node[here[whole.streets.way_node]])].tolist())
    assert len(own) > 1000
    # What is more came as a member: the far side of a restriction, the rest of an area.
    assert own <= set(cut.streets.way_id.tolist())
    assert len(cut.streets.way_id) <= 1.001 * len(own)
    n_nodes = dict(
        zip(whole.streets.way_id.tolist(), np.diff(whole.streets.way_offset).tolist(), strict=True)
    )
    assert [n_nodes[way] for way in cut.streets.way_id.tolist()] == np.diff(cut.streets.way_offset).tolist()
    near = inside(whole.facilities.lon_deg, whole.facilities.lat_deg)
    wanted = {name for name, there in zip(whole.facilities.id, near, strict=True) if there}
    assert wanted
    assert wanted <= set(cut.facilities.id)
    # Restrictions at junctions whose ways are all there.
    ways = whole.streets.way_id
    both = np.isin(ways[whole.streets.turn_from_way], cut.streets.way_id) & np.isin(
        ways[whole.streets.turn_to_way], cut.streets.way_id
    )
    assert set(whole.streets.turn_relation[both].tolist()) == set(cut.streets.turn_relation.tolist())


@needs_heidelberg
def test_routes_that_stop_in_the_box_are_cut_out_with_their_stops_there(tmp_path: Path) -> None:
    """Each route with a stop or platform in the box, no other, with all tags and members; its stops where they were."""
    file = HEIDELBERG / "heidelberg.test.pbf"
    cut_extracts([file], TOWN, load_facility_kinds(), tmp_path / "cut.osm.pbf", quiet)
    whole, cut = read_routes(file, ROUTE_KINDS), read_routes(tmp_path / "cut.osm.pbf", ROUTE_KINDS)
    here = {
        name: spot
        for name, spot in whole.spots.items()
        if TOWN.west <= spot.lon_deg <= TOWN.east and TOWN.south <= spot.lat_deg <= TOWN.north
    }
    wanted = [route for route in whole.routes if any(member.id in here for member in route.members)]
    assert 50 < len(wanted) < len(whole.routes)
    # With what they take over from their route_master, so these are there too.
    assert cut.routes == tuple(wanted)
    of_routes = {member.id for route in wanted for member in route.members}
    assert {name: cut.spots[name] for name in of_routes & set(here)} == {
        name: here[name] for name in of_routes & set(here)
    }


def test_a_site_is_cut_out_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    """A site of two plain buildings, one of them beyond the box, and one of points: both as in the whole file."""
    village = OsmMap()
    one, other = village.area(0, 0, 20, 20, building="yes"), village.area(80, 0, 20, 20, building="yes")
    village.relation([("way", one, ""), ("way", other, "")], type="site", site="school", name="OBS De Berk")
    points = [village.node(0, 300, shop="supermarket", name="Coop"), village.node(0, 310, entrance="yes")]
    village.relation(
        [("node", ref, "") for ref in points], type="site", shop="supermarket", name="Coop Dalen"
    )
    village.node(0, 600, disused__shop="supermarket")
    whole = village.read(tmp_path)
    # The box ends some 34 m east of the origin.
    box = Box(LON_DEG - 0.001, LAT_DEG - 0.01, LON_DEG + 0.0005, LAT_DEG + 0.01)
    cut_extracts([tmp_path / "map.osm"], box, load_facility_kinds(), tmp_path / "cut.osm.pbf", quiet)
    cut = read_osm(tmp_path / "cut.osm.pbf", load_facility_kinds(), DAY)
    assert whole.facilities.id == ("node/11", "relation/1")
    assert cut.facilities.id == whole.facilities.id
    assert cut.facilities.also == whole.facilities.also == ("relation/2", "")
    assert cut.facilities.lon_deg.tolist() == whole.facilities.lon_deg.tolist()
    of_services = [row for row in whole.report.findings if row.layer == "facilities"]
    assert len(of_services) == 2
    assert [row for row in cut.report.findings if row.layer == "facilities"] == of_services


@needs_heidelberg
def test_what_two_extracts_share_is_there_once(tmp_path: Path) -> None:
    file, kinds = HEIDELBERG / "heidelberg.test.pbf", load_facility_kinds()
    cut_extracts([file], TOWN, kinds, tmp_path / "one.osm.pbf", quiet)
    cut_extracts([file, file], TOWN, kinds, tmp_path / "two.osm.pbf", quiet)
    one, two = (read_osm(tmp_path / name, kinds) for name in ("one.osm.pbf", "two.osm.pbf"))
    assert one.streets.way_id.tolist() == two.streets.way_id.tolist()
    assert one.facilities.id == two.facilities.id


@needs_heidelberg
def test_a_damaged_extract_is_named(tmp_path: Path) -> None:
    half = tmp_path / "half.osm.pbf"
    half.write_bytes((HEIDELBERG / "heidelberg.test.pbf").read_bytes()[:1_000_000])
    with pytest.raises(SourceError, match=r"half\.osm\.pbf cannot be read to its end"):
        cut_extracts([half], TOWN, load_facility_kinds(), tmp_path / "cut.osm.pbf", quiet)
    assert not (tmp_path / "cut.osm.pbf").exists()


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def index(path: Path, areas: dict[str, tuple[str, tuple[float, float, float, float]]]) -> Path:
    features = [
        {
            "properties": {"id": name, "parent": parent, "urls": {"pbf": f"https://x/{name}"}},
            "geometry": square(*bounds),
        }
        for name, (parent, bounds) in areas.items()
    ]
    path.write_text(json.dumps({"features": features}))
    return path


PROVINCES: dict[str, tuple[str, tuple[float, float, float, float]]] = {
    "netherlands": ("europe", (3, 50, 7, 54)),
    "drenthe": ("netherlands", (6, 52.5, 7, 53.2)),
    "overijssel": ("netherlands", (6, 52, 7, 52.5)),
    "zeeland": ("netherlands", (3, 51, 4, 52)),
    "niedersachsen": ("germany", (6.9, 51, 11, 54)),
}


def test_the_smallest_extracts_that_cover_the_box_are_chosen(tmp_path: Path) -> None:
    listed = index(tmp_path / "index.json", PROVINCES)
    # The area is in Drenthe; a quarter of the box is in Overijssel, a tenth across the border; the whole country is
    # never needed. Across the border only what lies beyond 7 degrees is needed, where Drenthe ends.
    box = Box(6.1, 52.3, 7.1, 53.1)
    found = needed_extracts(listed, Box(6.2, 52.6, 6.8, 53.0).polygon, box)
    assert [(one.address, one.of_buffer) for one in found] == [
        ("https://x/drenthe", False),
        ("https://x/overijssel", True),
        ("https://x/niedersachsen", True),
    ]
    assert shapely.bounds(found[2].part).tolist() == [7.0, 52.3, 7.1, 53.1]
    with pytest.raises(SourceError, match=r"None of the extracts in index\.json covers the region"):
        needed_extracts(listed, Box(20, 52.3, 21, 53.1).polygon, Box(20, 52.3, 21, 53.1))
    (tmp_path / "index.json").write_text('{"features": [{"properties": {}}]}')
    with pytest.raises(SourceError, match="not Geofabrik's list"):
        needed_extracts(tmp_path / "index.json", box.polygon, box)


def test_an_extract_that_became_spare_is_left_out(tmp_path: Path) -> None:
    """The middle covers most and is taken first, but west and east, needed for the ends, cover the middle as well."""
    listed = index(
        tmp_path / "index.json",
        {
            "middle": ("x", (6.2, 52, 6.8, 53)),
            "west": ("x", (6.0, 52, 6.5, 53)),
            "east": ("x", (6.5, 52, 7.0, 53)),
        },
    )
    box = Box(6.0, 52.2, 7.0, 52.8)
    assert {one.address for one in needed_extracts(listed, box.polygon, box)} == {
        "https://x/west",
        "https://x/east",
    }


# --- timetable ---


@needs_heidelberg
def test_the_trips_of_the_box_are_cut_out_whole(tmp_path: Path) -> None:
    """On a day of the feed, trips that call in the box have all their calls, at the same times, and no other is left."""
    file, day = HEIDELBERG / "vrn_gtfs_cut.zip", dt.date(2022, 9, 20)
    report = cut_timetable(file, TOWN, tmp_path / "cut.zip", quiet)
    whole, _ = read_timetable([file], day)
    cut, _ = read_timetable([tmp_path / "cut.zip"], day)
    stops, trips = whole.stops, whole.trips
    here = (stops.lon_deg >= TOWN.west) & (stops.lon_deg <= TOWN.east)
    here &= (stops.lat_deg >= TOWN.south) & (stops.lat_deg <= TOWN.north)
    trip = np.repeat(np.arange(len(trips.id)), np.diff(trips.call_offset))
    wanted = [trips.id[row] for row in np.unique(trip[here[trips.call_stop]])]
    assert 100 < len(wanted) < len(trips.id)
    assert sorted(cut.trips.id) == sorted(wanted)
    row_of = {name: row for row, name in enumerate(trips.id)}
    for row, name in enumerate(cut.trips.id):
        calls = slice(*cut.trips.call_offset[row : row + 2])
        before = slice(*trips.call_offset[row_of[name] : row_of[name] + 2])
        assert (cut.trips.call_departure[calls] == trips.call_departure[before]).all()
        assert [cut.stops.id[stop] for stop in cut.trips.call_stop[calls]] == [
            stops.id[stop] for stop in trips.call_stop[before]
        ]
    assert report.findings == () or "not used" in report.findings[0].what


def feed(path: Path, **tables: str) -> Path:
    texts = {
        "agency": "agency_id,agency_name,agency_url,agency_timezone\na,A,https://a.example,Europe/Amsterdam\n",
        "stops": '\ufeff"stop_id", stop_name,stop_lat,stop_lon,parent_station\nin,In,53.0,6.5,hall\nout,"Out, of it",50.0,4.0,\nhall,Hall,53.0,6.5,\n',
        "routes": "route_id,agency_id,route_short_name,route_type\nr,a,1,3\nq,a,2,3\n",
        "trips": "route_id,service_id,trip_id,shape_id\nr,s,near,x\nq,s,far,x\n",
        "stop_times": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nnear,08:00:00,08:00:00,out,0\n"
            "near,09:00:00,09:00:00,in,1\nfar,08:00:00,08:00:00,out,0\nfar,09:00:00,09:00:00,out,1\n"
        ),
        "calendar_dates": "service_id,date,exception_type\ns,20261006,1\n",
    } | tables
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"folder/{name}.txt", text)
    return path


HERE = Box(6.4, 52.9, 6.6, 53.1)


def rows(path: Path, table: str) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive, archive.open(f"{table}.txt") as stream:
        return pd.read_csv(stream, dtype=str)


def test_trips_keep_their_calls_outside_the_box_and_stops_their_stations(tmp_path: Path) -> None:
    transfers = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nin,hall,2,60\nin,out,2,90\nout,elsewhere,2,60\n"
    source = feed(tmp_path / "feed.zip", transfers=transfers)
    cut_timetable(source, HERE, tmp_path / "cut.zip", quiet)
    assert rows(tmp_path / "cut.zip", "stop_times")["stop_id"].tolist() == ["out", "in"]
    assert rows(tmp_path / "cut.zip", "stops")["stop_id"].tolist() == ["in", "out", "hall"]
    assert rows(tmp_path / "cut.zip", "stops")["stop_name"].tolist() == ["In", "Out, of it", "Hall"]
    assert rows(tmp_path / "cut.zip", "routes")["route_id"].tolist() == ["r"]
    assert rows(tmp_path / "cut.zip", "trips")["shape_id"].isna().all()
    # Rules between stops that are left stay; one that leads to a stop that went, goes.
    assert rows(tmp_path / "cut.zip", "transfers")["to_stop_id"].tolist() == ["hall", "out"]


def test_a_feed_as_publishers_write_it_is_cut_like_a_neat_one(tmp_path: Path) -> None:
    # Blanks around ids and before quotes, a row that ends early, one with commas too many, and ids such as NA.
    source = feed(
        tmp_path / "feed.zip",
        stops="stop_id,stop_name,stop_lat,stop_lon,parent_station\nNA , In,53.0,6.5\n null,Out,50.0,4.0,\nx,No,NA,4.0,\n",
        trips='route_id,service_id,trip_id,shape_id\n r ,s, "near",x\nq,s,far,x,,\n',
        stop_times=(
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nnear,08:00:00,08:00:00, null,0\n"
            "near ,09:00:00,09:00:00,NA,1\nfar,08:00:00,08:00:00,null,0\nfar,09:00:00,09:00:00,null,1,what\n"
        ),
    )
    report = cut_timetable(source, HERE, tmp_path / "cut.zip", quiet)
    timetable, _ = read_timetable(
        [tmp_path / "cut.zip"],
        dt.date(2026, 10, 6),
    )
    assert timetable.trips.id == ("near",)
    assert [(found.action, found.examples) for found in report.findings] == [
        ("repaired", ("stops.txt row 2",)),
        ("repaired", ("trips.txt row 3",)),
        ("dropped", ("stop_times.txt row 5",)),
    ]


def test_what_a_cut_timetable_leaves_out_is_said(tmp_path: Path) -> None:
    source = feed(tmp_path / "feed.zip", booking_rules="booking_rule_id\nb\n", shapes="shape_id\nx\n")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("folder/locations.geojson", "{}")
    (found,) = cut_timetable(source, HERE, tmp_path / "cut.zip", quiet).findings
    assert (found.action, found.examples) == (
        "dropped",
        ("booking_rules", "shapes", "folder/locations.geojson"),
    )


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"stop_times": "trip_id,stop_id\nfar,out\n"}, "no trip that calls in the region"),
        ({"stops": "stop_id,stop_name\nin,In\n"}, "lacks the column stop_lon"),
        ({"stops": "stop_id,stop_lat,stop_lon\nin,fifty,6.5\n"}, "cannot be read"),
        (
            {"stop_times": 'trip_id,stop_id\n"near,in\nfar,out\n'},
            "opens a quote in line 2 that is not closed",
        ),
        ({"more/stops": "stop_id\n"}, "holds more than one timetable"),
    ],
)
def test_a_timetable_that_cannot_be_cut_says_why(tmp_path: Path, tables: dict[str, str], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        cut_timetable(feed(tmp_path / "feed.zip", **tables), HERE, tmp_path / "cut.zip", quiet)
    assert not (tmp_path / "cut.zip").exists()


def test_the_service_date_is_the_busiest_of_its_weekday(tmp_path: Path) -> None:
    # Days 0 to 13 from Thursday 1 January 1970: Tuesdays are days 5 and 12.
    trips = np.array([9, 9, 9, 9, 9, 4, 9, 9, 9, 9, 9, 9, 5, 9])
    assert busiest(TripsPerDay(0, trips), 1).isoformat() == "1970-01-13"
    with pytest.raises(InputError, match="no trip on any monday"):
        busiest(TripsPerDay(0, np.array([1, 1, 1])), 0)
    source = feed(tmp_path / "feed.zip")
    assert busiest(trips_per_day(source), 1).isoformat() == "2026-10-06"


# --- tables of CBS ---


def table_source(*addresses: str) -> Source:
    columns = (("code", ("Codering", "RegioS")), ("gp_km", ("AfstandTotHuisartsenpraktijk",)))
    return Source("nearby", "[source.nearby] in my.toml", addresses, 1, "CBS", "CC BY 4.0", "", 0, 0, columns)


def test_columns_are_found_by_their_stem() -> None:
    source = table_source()
    assert (
        find_column(source, "gp_km", ["ID", "AfstandTotHuisartsenpraktijk_110"])
        == "AfstandTotHuisartsenpraktijk_110"
    )
    assert find_column(source, "code", ["RegioS", "codering_3"]) == "codering_3"
    # A longer name is another column.
    with pytest.raises(SourceError, match=r"Add the new name to columns.gp_km of \[source.nearby\]"):
        find_column(source, "gp_km", ["AfstandTotHuisartsenpraktijkMetApotheek_111"])


def test_full_pages_are_followed_by_the_next(site: Server, sources: Sources) -> None:
    """Where the server says nothing of a next page, 10,000 rows are a full one."""
    first = [{"RegioS": f"BU{row:08d}", "AfstandTotHuisartsenpraktijk_5": "1.5"} for row in range(10_000)]
    second = [{"RegioS": "BU99999999", "AfstandTotHuisartsenpraktijk_5": "  2,5"}]
    site.files |= {
        "/t/TypedDataSet": json.dumps({"value": first}).encode(),
        "/t/TypedDataSet?$skip=10000": json.dumps({"value": second}).encode(),
    }
    with Downloader(sources, quiet, offline=False) as download:
        source = table_source(site.url("/t/TypedDataSet"))
        found, _ = read_figures(download, source, lambda code: code in ("BU00000007", "BU99999999"))
    assert found.code == ("BU00000007", "BU99999999")
    assert found.figures[:, 0].tolist() == [1.5, 2.5]
    assert (found.title, found.year) == ("", "")


@pytest.mark.parametrize("content", [b"[]", b'{"error": 1}', b'{"value": [1]}'])
def test_what_is_no_table_is_refused(site: Server, sources: Sources, content: bytes) -> None:
    site.files["/t/TypedDataSet"] = content
    with (
        Downloader(sources, quiet, offline=False) as download,
        pytest.raises(SourceError, match="no table of OData"),
    ):
        read_figures(download, table_source(site.url("/t/TypedDataSet")), lambda _: True)


def test_a_figure_that_is_not_finite_is_none(tmp_path: Path, sources: Sources) -> None:
    path = tmp_path / "table.json"
    rows = [
        {"RegioS": f"BU{row}", "AfstandTotHuisartsenpraktijk_5": km}
        for row, km in enumerate(("1e999", "inf", "2"))
    ]
    path.write_text(json.dumps({"value": rows}))
    with Downloader(sources, quiet, offline=True) as download:
        found, _ = read_figures(download, table_source(str(path)), lambda _: True)
    np.testing.assert_equal(found.figures[:, 0], [np.nan, np.nan, 2.0])


def test_a_message_names_the_publisher_and_the_file(tmp_path: Path, sources: Sources) -> None:
    path = tmp_path / "table.json"
    path.write_text('{"value": [{"RegioS": "BU1"}]}')
    with (
        Downloader(sources, quiet, offline=True) as download,
        pytest.raises(
            SourceError, match=r"^CBS: \S*table\.json: There is no column AfstandTotHuisartsenpraktijk"
        ),
    ):
        read_figures(download, table_source(str(path)), lambda _: True)


def test_a_next_page_that_is_no_address_is_told(tmp_path: Path, sources: Sources) -> None:
    path = tmp_path / "table.json"
    row = {"RegioS": "BU1", "AfstandTotHuisartsenpraktijk_5": 1}
    path.write_text(json.dumps({"value": [row], "odata.nextLink": ["x"]}))
    with (
        Downloader(sources, quiet, offline=True) as download,
        pytest.raises(SourceError, match=r"table\.json has a next page that is no address"),
    ):
        read_figures(download, table_source(str(path)), lambda _: True)


# --- outlines of a publisher ---


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        (square(float("inf"), 52, 7, 53), "are no degrees"),
        (square(230_000, 560_000, 231_000, 561_000), "are no degrees"),
        ({"type": "Polygon", "coordinates": [[[6, 52], [7, 52], [6, 52]]]}, "a ring has 3 corners"),
        ({"type": "MultiPolygon", "coordinates": []}, "an outline has no rings"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "an outline has no rings"),
        ({"type": "Point", "coordinates": [6, 52]}, "'Point'"),
        (None, "NoneType"),
    ],
)
def test_an_outline_that_is_none_is_refused_with_its_file(
    tmp_path: Path, sources: Sources, geometry: object, says: str
) -> None:
    path = tmp_path / "areas.json"
    path.write_text(
        json.dumps({"features": [{"properties": {"naam": "Aa", "code": "1"}, "geometry": geometry}]})
    )
    columns = (("name", ("naam",)), ("code", ("code",)))
    source = Source("outlines", "", (str(path),), 1, "PDOK", "", "", 0, 0, columns)
    with Downloader(sources, quiet, offline=True) as download, pytest.raises(SourceError) as error:
        read_areas(download, source)
    assert "areas.json has an area without a readable outline" in str(error.value)
    assert says in str(error.value)
    path.write_text(path.read_text().replace("naam", "name"))
    with pytest.raises(InputError, match=r"areas\.json: expected a GeoJSON"):
        load_areas(path)


def test_an_extract_with_an_infinite_corner_is_no_list(tmp_path: Path) -> None:
    listed = index(tmp_path / "index.json", PROVINCES | {"sea": ("europe", (float("inf"), 52, 7, 53))})
    with pytest.raises(SourceError, match=r"index\.json is not Geofabrik's list"):
        needed_extracts(listed, TOWN.polygon, TOWN)


# --- squares of a publisher ---


def read_square(folder: Path, sources: Sources, cell: str, people: float | str, sql: str = "") -> Squares:
    """What is read of a GeoPackage with one square; `sql` changes it before it is zipped."""
    names = ("crs28992res100m", "aantal_inwoners", *(f"age_{number}" for number in range(5)))
    column = np.array([people], object if isinstance(people, str) else np.float64)
    path = folder / "squares.gpkg"
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(shapely.box(236_700, 593_000, 236_800, 593_100))], object),
        [np.array([cell], object), *[column] * 6], list(names), layer="squares", geometry_type="Polygon", crs="EPSG:28992",
    )  # fmt: skip
    if sql:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(sql)
    with zipfile.ZipFile(folder / "squares.zip", "w") as archive:
        archive.write(path, path.name)
    ours = ("cell", "inhabitants", *BANDS)
    columns = tuple((one, (theirs,)) for one, theirs in zip(ours, names, strict=True))
    source = Source("squares", "", (str(folder / "squares.zip"),), 1, "CBS", "", "", 0, 0, columns)
    with Downloader(sources, quiet, offline=True) as download:
        return read_squares(download, source, Box(6.0, 53.0, 7.5, 53.6), folder)[0]


def test_what_gdal_warns_of_and_is_not_read_does_no_harm(tmp_path: Path, sources: Sources) -> None:
    # A fourth coordinate that the layer says it has: only the columns are read, and the square is where its name says.
    found = read_square(tmp_path, sources, "E2367N5930", 15, "update gpkg_geometry_columns set m = 1")
    assert (found.x_m.tolist(), found.y_m.tolist(), found.inhabitants.tolist()) == (
        [236_750],
        [593_050],
        [15],
    )


@pytest.mark.parametrize(
    ("cell", "people", "says"),
    [
        ("E2367", 15, "A square is called E2367, not like E2345N5678"),
        ("E1e400N5930", 15, "A square is called E1e400N5930"),
        ("E2367N5930", float("inf"), "The column of inhabitants in the GeoPackage holds inf"),
        ("E2367N5930", 2.0**40, "holds 1.09951e\\+12, which is no number of persons"),
        ("E2367N5930", "many", "The column of inhabitants in the GeoPackage holds no numbers"),
    ],
)
def test_a_square_that_cannot_be_is_told_with_its_publisher_and_file(
    tmp_path: Path, sources: Sources, cell: str, people: float | str, says: str
) -> None:
    with pytest.raises(SourceError, match=rf"^CBS: \S*squares\.zip: .*{says}"):
        read_square(tmp_path, sources, cell, people)


# --- people ---


def squares(totals: list[int], by_age: list[list[int]]) -> Squares:
    middle = np.full(len(totals), 250_050.0)
    return Squares(middle, middle, np.array(totals, np.int32), np.array(by_age, np.int32).reshape(-1, 5))


def test_secret_bands_share_what_the_others_leave() -> None:
    # 30 people, of whom 10 under 15 and 10 over 65: the other 10 are in the three secret bands, all between 15 and 65.
    cells, report = settle(squares([30], [[10, SECRET, SECRET, SECRET, 10]]), np.zeros(1, np.int32), 2)
    under_20, to_64, to_74, older = cells.inhabitants_by_age[0].tolist()
    assert under_20 >= 10
    assert under_20 + to_64 == 20
    # 65 and over is split 0.109 to 0.080, as in the country: 5.8 and 4.2.
    assert (to_74, older) == (6, 4)
    assert [found.count for found in report.findings] == [1, 1]


def test_a_secret_number_counts_as_few_people() -> None:
    cells, report = settle(squares([SECRET, 0], [[SECRET] * 5, [0] * 5]), np.zeros(2, np.int32), 2)
    assert cells.inhabitants_by_age.sum() == 2
    assert report.findings[0].what == "squares whose number of inhabitants is secret: counted as 2"


counts = st.integers(SECRET, 40)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(counts, st.lists(counts, min_size=5, max_size=5), st.integers(0, 2)),
        min_size=1,
        max_size=30,
    )
)
def test_nobody_is_lost_or_made_up(drawn: list[tuple[int, list[int], int]]) -> None:
    """Totals of squares are kept whatever their bands say; nobody is negative; rounding does not drift."""
    totals, by_age, place = zip(*drawn, strict=True)
    at = np.array(place, np.int32)
    cells, _ = settle(squares(list(totals), list(by_age)), at, 2)
    people = np.where(np.array(totals) == SECRET, 2, totals)
    assert (cells.inhabitants_by_age >= 0).all()
    assert cells.inhabitants_by_age.sum(axis=1).tolist() == people[people > 0].tolist()
    by_place = np.zeros(3, np.int64)
    np.add.at(by_place, at, people)
    assert cells.by_place(3).sum(axis=1).tolist() == by_place.tolist()


def test_small_squares_do_not_all_round_the_same_way() -> None:
    """A hundred squares of one person each over 65: by the shares of the country 42 or 43 of them are over 75."""
    cells, _ = settle(squares([1] * 100, [[0, 0, 0, 0, 5]] * 100), np.zeros(100, np.int32), 2)
    assert cells.inhabitants_by_age.sum(axis=0)[3] == pytest.approx(100 * 0.080 / 0.189, abs=1)


def test_places_of_one_name_get_ids_of_their_own() -> None:
    names = ("Valthe", "Odoorn", "Valthe", "Valthe", "'t Haantje", "Ödeby")
    municipalities = ("Borger-Odoorn", "Borger-Odoorn", "Emmen", "Emmen", "Coevorden", "")
    assert ids_of(names, municipalities) == [
        "valthe-borger-odoorn",
        "odoorn",
        "valthe-emmen",
        "valthe-emmen-2",
        "t-haantje",
        "odeby",
    ]


# --- areas and sources ---


def test_a_box_is_checked() -> None:
    with pytest.raises(InputError, match="is no box: write west,south,east,north"):
        Box(7, 52, 6, 53)
    with pytest.raises(InputError, match="Name one or more municipalities"):
        Municipalities(())


def test_the_box_around_holds_every_point_of_the_buffer() -> None:
    projection = Projection("EPSG:28992")
    box = box_around(Box(6.4, 52.6, 7.0, 53.0).polygon, projection, 12_000)
    angle = np.linspace(0, 2 * np.pi, 50)
    for lon, lat in ((6.4, 52.6), (7.0, 52.6), (7.0, 53.0), (6.4, 53.0)):
        x_m, y_m = projection.to_metres(np.array([lon]), np.array([lat]))
        lon_deg, lat_deg = projection.to_lonlat(x_m + 12_000 * np.cos(angle), y_m + 12_000 * np.sin(angle))
        assert (lon_deg >= box.west).all()
        assert (lon_deg <= box.east).all()
        assert (lat_deg >= box.south).all()
        assert (lat_deg <= box.north).all()


def test_editions_are_tried_from_the_newest(tmp_path: Path) -> None:
    addresses = load_sources().source("squares").addresses
    assert [address.rsplit("/", 1)[1] for address in addresses[:3]] == [
        "2027-cbs_vk100_2026_v2.zip",
        "2027-cbs_vk100_2026_v1.zip",
        "2026-cbs_vk100_2025_v2.zip",
    ]
    own = tmp_path / "my.toml"
    own.write_text(
        Path("data/download/sources.toml")
        .read_text(encoding="utf-8")
        .replace(
            '[source.timetable]\naddresses = ["https://gtfs.ovapi.nl/nl/gtfs-nl.zip"]',
            '[source.timetable]\naddresses = ["feeds/nl.zip"]',
        )
    )
    # A path is one beside the file of sources.
    assert load_sources(own).source("timetable").addresses == (str(tmp_path / "feeds" / "nl.zip"),)


def test_all_mistakes_in_a_file_of_sources_are_told_at_once(tmp_path: Path) -> None:
    own = tmp_path / "my.toml"
    text = Path("data/download/sources.toml").read_text(encoding="utf-8")
    text = text.replace("attempts = 5", 'attempts = "many"').replace('crs = "EPSG:28992"', "")
    own.write_text(text.replace("[source.overpass]", "[source.underpass]"))
    with pytest.raises(InputError) as caught:
        load_sources(own)
    for part in (
        "attempts = 'many' is of the wrong type",
        "[region] lacks crs",
        "no source 'underpass'",
        "[source.overpass] lacks",
    ):
        assert part in str(caught.value)
