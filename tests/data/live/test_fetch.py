"""A region from live sources, start to map: from a server of our own that has small files of all of them."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.data_quality.calibration import calibrate
from accessibility.data_quality.check import check_quality
from accessibility.world import open_world
from data.download.sources import Patience, load_sources
from data.errors import InputError
from data.files.tables import read_table
from data.live.area import Box, Municipalities
from data.live.fetch import fetch_region
from data.live.job import Delivery, Order
from data.live.published import compared_areas
from data.outlines import read_outlines
from data.study_area.observed_flows import NO_FLOWS
from data.study_area.published_figures import read_control
from data.study_area.region_toml import load_region
from support.command import dorpshub
from support.files import SHARED
from support.live_server import Behaviour, Server, cut_off, html, instead, serve, short, silent, status
from support.toys.live_world import (
    CELL_PEOPLE,
    SPOTS,
    VILLAGES,
    full_postcodes,
    lonlat,
    overpass_answer,
    put_online,
    registered,
    sources_of,
)
from ui.map import layers

NAMES = ("Het Hogeland", "Eemsdelta")
FEED = "/nl/gtfs-nl.zip"
SQUARES = "/vierkant/100/2026-cbs_vk100_2025_v1.zip"
POSTCODES = "/postcode/2026-cbs_pc4_2025_v1.zip"
OUTLINES = "/cbs/gebiedsindelingen/ogc/v1/collections/gemeente_gegeneraliseerd/items"
STREETS = "/groningen-latest.osm.pbf"


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        yield server


def fetch(own: Path, folder: Path, *, offline: bool = False, names: tuple[str, ...] = NAMES) -> Delivery:
    order = Order("Noord-Groningen", folder, Municipalities(names), None)
    sources = replace(load_sources(own), patience=Patience(2, 0.4, 1, 0.01))
    return fetch_region(order, sources, lambda *_: None, offline=offline)


def test_a_second_region_from_its_name_to_the_map(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = put_online(site, tmp_path / "online")
    monkeypatch.chdir(tmp_path)
    names = "Het Hogeland, eemsdelta"
    asked = ["fetch", "Noord-Groningen", "--municipalities", names, "--sources", own]
    assert dorpshub(monkeypatch, *asked) == 0
    assert "timetable: National timetable, NDOV through OVapi of 2026-10-06" in capsys.readouterr().out
    for verb in (["build"], ["times"]):
        assert dorpshub(monkeypatch, *verb, "noord-groningen", "--quiet") == 0
    times = pd.read_csv("times.csv").set_index(["place_id", "kind", "mode"])
    # Bedum is 7.3 km from Winsum by the one road there is; the bus of Bedum at 9:12, 9:42 ... goes to Loppersum.
    assert times.loc[("bedum", "gp", "car"), "facility"] == "Huisartsen Winsum"
    assert times.loc[("bedum", "gp", "transit"), "facility"] == "Huisarts Loppersum"
    world = open_world("noord-groningen", lambda *_: None)
    assert world.region.title == "Noord-Groningen"
    assert not [layer.layer for layer in world.region.layers if layer.origin == "modelled"]
    # The map draws both municipalities and every place with its people.
    assert [outline.name for outline in world.outlines] == ["Het Hogeland", "Eemsdelta"]
    assert len(layers.base_layers(world)["outlines"]["features"]) == 2
    people = dict(zip(world.places.name, world.places.inhabitants.tolist(), strict=True))
    # Four squares each; the farm whose number is secret counts as two people of Baflo, the nearest.
    assert people == {name: 4 * each for name, each in CELL_PEOPLE.items()} | {"Baflo": 82, "Ditzum": 0}
    assert dict(zip(world.places.name, world.places.in_region.tolist(), strict=True)) == {
        name: name not in ("Groningen", "Ditzum") for name in people
    }
    # The shop across the border is there, with its country's.
    assert "Dorfladen" in world.facilities.name
    assert (
        dict(zip(world.facilities.name, world.facilities.opening, strict=True))["Dorpsmarkt"]
        == "Mo-Sa 08:00-20:00"
    )


def test_what_is_written_says_where_it_came_from(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    text = (folder / "SOURCES.md").read_text(encoding="utf-8")
    for path in (FEED, SQUARES, OUTLINES, STREETS, "/niedersachsen-latest.osm.pbf"):
        assert site.url(path) in text
    assert "squares whose number of inhabitants is secret: counted as 2 (E2312N5993)" in text
    region = load_region(folder)
    assert region.service_date.isoformat() == "2026-10-06"  # the busier of the two Tuesdays
    assert {layer.licence for layer in region.layers} == {"ODbL 1.0", "CC BY 4.0", "CC0 1.0 (NDOV/OVapi)"}
    figures = {(one.indicator, one.area): (one.value, one.year) for one in read_control(region)}
    # The distances of 2025 are still empty, those of 2024 are not.
    assert figures[("mean distance to GP practice", "Het Hogeland")] == (3.1, "2024")
    assert figures[("mean distance to large supermarket", "Winsum")] == (0.5, "2024")
    assert figures[("inhabitants", "Eemsdelta")] == (45650, "2025")
    assert not any(area == "Groningen" for _, area in figures)
    # Of a postcode both totals are published, unless one is secret; the postcode of Groningen is not of the region.
    assert figures[("inhabitants", "postcode 9951")] == (250, "2025")
    assert figures[("inhabitants aged 65 and over", "postcode 9951")] == (60, "2025")
    assert [area for what, area in figures if what == "inhabitants" and "postcode" in area] == [
        "postcode 9951",
        "postcode 9919",
    ]
    assert ("inhabitants aged 65 and over", "postcode 9919") not in figures
    # Winsum lies in the neighbourhood of which the cars are known, the others have the figure of their municipality.
    places = read_table(folder / "places.csv", ("name", "municipality", "cars_per_household"))
    assert set(zip(places["municipality"], places["cars_per_household"], strict=True)) == {
        ("Het Hogeland", "1.4"),
        ("Het Hogeland", "1.2"),
        ("Eemsdelta", "1.1"),
        ("", ""),
    }
    assert places.set_index("name").loc["Winsum", "cars_per_household"] == "1.4"
    with zipfile.ZipFile(folder / "timetable.zip") as feed:
        assert "Maastricht" not in feed.read("stops.txt").decode()
    assert not list(folder.glob(".fetch-*"))


def test_a_region_is_renewed_by_its_name_alone(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = put_online(site, tmp_path / "online")
    monkeypatch.chdir(tmp_path)
    assert dorpshub(monkeypatch, "fetch", "noord-groningen", "--sources", own) == 2
    assert "Nothing was fetched to noord-groningen before" in capsys.readouterr().err
    asked = ["--municipalities", "Eemsdelta", "--sources", own, "--quiet"]
    assert dorpshub(monkeypatch, "fetch", "Noord-Groningen", *asked) == 0
    assert dorpshub(monkeypatch, "fetch", "noord-groningen", "--sources", own, "--date", "2026-10-13") == 0
    region = load_region("noord-groningen")
    assert (region.title, region.service_date.isoformat()) == ("Noord-Groningen", "2026-10-13")
    both = ["--municipalities", "Eemsdelta", "--bbox", "6,53,7,54"]
    assert dorpshub(monkeypatch, "fetch", "x", *both) == 2
    assert dorpshub(monkeypatch, "fetch", "x", "--bbox", "6;53;7;54") == 2
    assert "write west,south,east,north in degrees" in capsys.readouterr().err


def test_asking_again_downloads_only_what_changed(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before = (folder / "places.csv").read_bytes()
    again = fetch(own, folder)
    assert {one.state for one in again.taken} == {"unchanged"}
    assert (folder / "places.csv").read_bytes() == before


def test_offline_makes_the_same_region_again(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before, asked = (folder / "places.csv").read_bytes(), len(site.asked)
    again = fetch(own, folder, offline=True)
    assert {(one.state, one.trouble) for one in again.taken} == {("kept", "not asked: offline")}
    assert ((folder / "places.csv").read_bytes(), len(site.asked)) == (before, asked)


LAYER_OF = {
    FEED: ("timetable", "timetable.zip"),
    SQUARES: ("inhabitants per square of 100 m", "population_grid.parquet"),
    STREETS: ("streets and services", "streets.osm.pbf"),
    OUTLINES: ("municipal outlines", "outlines.geojson"),
}


BAD = (status(404), status(500), silent, cut_off(0.5), short, html, instead(b"{}"))


@pytest.mark.parametrize(
    ("path", "behaviour"),
    [(FEED, bad) for bad in BAD]
    + [(path, bad) for path in (SQUARES, OUTLINES, STREETS) for bad in (status(404), html)],
)
def test_a_source_that_fails_leaves_the_layer_as_it_was(
    site: Server, tmp_path: Path, path: str, behaviour: Behaviour
) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    what, file = LAYER_OF[path]
    before = (folder / file).read_bytes()
    # Somebody emptied the downloads: only the region's own files are left.
    shutil.rmtree(load_sources(own).folder)
    site.behaviours[path] = [behaviour] * 9
    made = fetch(own, folder)
    (kept,) = (one for one in made.taken if one.what == what)
    assert kept.state == "kept"
    assert site.url(path) in kept.trouble
    assert (folder / file).read_bytes() == before
    assert (folder / "SOURCES.md").read_text(encoding="utf-8").count("| kept: ") == 1
    load_region(folder)


def test_a_feed_that_is_a_zip_but_no_timetable_leaves_the_earlier_one(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before = (folder / "timetable.zip").read_bytes()
    for content, says in (
        (b"x" * 99, "no trip that calls in the region"),
        (b"0" * 50_000_000, "would unpack to"),
    ):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("agency.txt", "agency_id\n")
            archive.writestr("stops.txt", "stop_id,stop_lat,stop_lon\n")
            archive.writestr("routes.txt", "route_id\n")
            archive.writestr("trips.txt", "trip_id,route_id\n")
            archive.writestr("stop_times.txt", b"trip_id,stop_id\n" + content.replace(b"x", b"t,s\n"))
        site.files[FEED] = out.getvalue()
        made = fetch(own, folder)
        (kept,) = (one for one in made.taken if one.what == "timetable")
        assert kept.state == "kept"
        assert says in kept.trouble
        assert (folder / "timetable.zip").read_bytes() == before


def test_a_table_of_figures_that_fails_leaves_its_own_rows(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before = {row.control_id: row.value for row in read_control(load_region(folder))}
    shutil.rmtree(load_sources(own).folder)
    for path in [path for path in site.files if "86134NED" in path or "85830NED" in path]:
        del site.files[path]
    made = fetch(own, folder)
    states = {one.source: one.state for one in made.taken if one.what == "published figures"}
    # The cars stand in the table of the key figures, which was fetched a moment before.
    assert states == {"nearby": "kept", "key_figures": "new", "cars": "unchanged"}
    assert {row.control_id: row.value for row in read_control(load_region(folder))} == before


def test_postcodes_are_compared_with_the_people_who_live_there(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    world = open_world(folder, lambda *_: None)
    people = calibrate(world, read_control(world.region), *compared_areas(world.region), NO_FLOWS).people
    found = {
        (row.control.area, row.control.indicator): (row.persons, row.control.value)
        for row in people
        if row.level == "postcode"
    }
    # Four squares of 40 in Winsum and of 20 in Baflo, 5 of them of 65 and over in each; the farm lies further east.
    assert found == {
        ("postcode 9951", "inhabitants"): (240, 250),
        ("postcode 9951", "inhabitants aged 65 and over"): (40, 60),
        ("postcode 9919", "inhabitants"): (140, 140),
    }


def test_postcodes_that_fail_leave_their_own_figures(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before = read_control(load_region(folder))
    shutil.rmtree(load_sources(own).folder)
    del site.files[POSTCODES]
    made = fetch(own, folder)
    (kept,) = (one for one in made.taken if one.source == "postcodes")
    assert kept.state == "kept"
    assert site.url(POSTCODES) in kept.trouble
    after = read_control(load_region(folder))
    assert {row.control_id: row.value for row in after} == {row.control_id: row.value for row in before}


def test_without_squares_people_live_at_their_full_postcode(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    del site.files[SQUARES]
    assert not any("cbs_pc6" in path for path in site.files)
    site.files["/postcode/2026-cbs_pc6_2025_v1.zip"] = full_postcodes(tmp_path)
    made = fetch(own, folder)
    assert {one.source: one.state for one in made.taken}["full_postcodes"] == "new"
    world = open_world(folder, lambda *_: None)
    people = dict(zip(world.places.name, world.places.inhabitants.tolist(), strict=True))
    # The number of Baflo is secret: two people, as for a square.
    assert people == {name: 4 * each for name, each in CELL_PEOPLE.items()} | {"Baflo": 2, "Ditzum": 0}
    (layer,) = load_region(folder).layer("population")
    assert layer.source == "CBS, key figures per full postcode"
    text = (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert "full postcodes whose number of inhabitants is secret: counted as 2" in text


def test_full_postcodes_are_not_asked_for_where_there_are_squares(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    assert not [path for path, _ in site.asked if "pc6" in path]


def test_places_of_the_register_hold_the_people_inside_their_outline(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = put_online(site, tmp_path / "online")
    site.files["/kadaster/bag/ogc/v2/collections/woonplaats/items"] = registered()
    monkeypatch.chdir(tmp_path)
    asked = [
        "fetch",
        "region",
        "--municipalities",
        ",".join(NAMES),
        "--sources",
        own,
        "--place-names",
        "register",
    ]
    assert dorpshub(monkeypatch, *asked, "--quiet") == 0
    places = pd.read_csv("region/places.csv").set_index("name")
    # Rasquert is not on the map: it lies in the middle of its only square, where the farm is, and has its two people.
    assert (places.loc["Rasquert", "lon"], places.loc["Rasquert", "lat"]) == pytest.approx(
        lonlat(231_250, 599_350), abs=1e-6
    )
    columns = [name for name in places.columns if name.startswith("inhabitants")]
    people = places[columns].sum(axis=1)
    assert (people["Rasquert"], people["Baflo"]) == (2, 80)
    # Where the map has the place, it lies as mapped; abroad nothing is registered, and the map alone tells.
    assert places.loc["Winsum", "lon"] == pytest.approx(lonlat(*VILLAGES["Winsum"])[0], abs=1e-6)
    assert "Ditzum" in places.index
    text = Path("region/SOURCES.md").read_text(encoding="utf-8")
    assert "registered places that are not on the map: put where most people live (Rasquert)" in text


def test_without_the_register_places_are_those_of_the_map(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    text = own.read_text(encoding="utf-8").replace('place_names = "map"', 'place_names = "register"')
    own.write_text(text, encoding="utf-8")
    made = fetch(own, folder)
    (missing,) = (one for one in made.taken if one.source == "registered_places")
    assert missing.state == "missing"
    assert "/kadaster/bag/ogc/v2/collections/woonplaats/items" in missing.trouble
    assert "Places are those of the map." in missing.trouble
    assert "Rasquert" not in (folder / "places.csv").read_text(encoding="utf-8")


def test_a_date_without_service_is_refused_and_the_region_stays(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    before = (folder / "region.toml").read_bytes()
    order = Order("Noord-Groningen", folder, Municipalities(NAMES), dt.date(2027, 1, 5))
    with pytest.raises(InputError, match="valid from 2026-10-06 to 2026-10-13; 2027-01-05 is outside"):
        fetch_region(order, load_sources(own), lambda *_: None, offline=True)
    assert (folder / "region.toml").read_bytes() == before


def test_a_box_without_outlines_is_its_own_outline(site: Server, tmp_path: Path) -> None:
    own = put_online(site, tmp_path / "online")
    for path in (OUTLINES, "/kadaster/bestuurlijkegebieden/ogc/v1/collections/gemeentegebied/items"):
        site.files.pop(path, None)
    order = Order("Midden", tmp_path / "midden", Box(6.4, 53.25, 6.8, 53.42), None)
    sources = replace(load_sources(own), patience=Patience(2, 0.4, 1, 0.01))
    fetch_region(order, sources, lambda *_: None, offline=False)
    assert [outline.name for outline in read_outlines(tmp_path / "midden" / "outlines.geojson")] == ["Midden"]
    (layer,) = load_region(tmp_path / "midden").layer("outlines")
    assert layer.source == "The box that was asked for"
    world = open_world(tmp_path / "midden", lambda *_: None)
    assert world.places.inhabitants[world.places.in_region].sum() > 0


def test_a_region_does_without_what_it_never_had(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    del site.files[FEED], site.files[SQUARES]
    made = fetch(own, folder)
    missing = {one.what for one in made.taken if one.state == "missing"}
    assert missing == {"timetable", "inhabitants per square of 100 m", "inhabitants per full postcode"}
    world = open_world(folder, lambda *_: None)
    assert world.grid is None
    # Population tags of the map instead, and the layer says that this is a rule.
    assert set(world.places.inhabitants.tolist()) == {500}
    assert world.region.is_modelled("places")


def test_without_a_timetable_the_mapped_routes_stand_in(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    del site.files[FEED]
    fetch(own, folder)
    (layer,) = load_region(folder).layer("timetable")
    assert (layer.file, layer.origin) == ("streets.osm.pbf", "modelled")
    # The map is of Monday 5 October: the first Tuesday after that.
    assert load_region(folder).service_date.isoformat() == "2026-10-06"
    world = open_world(folder, lambda *_: None)
    assert len(world.network.service.timetable.trips.id) > 0
    assert [name.split(",")[0] for name in dict.fromkeys(world.network.service.timetable.stops.name)] == [
        "Winsum",
        "Bedum",
        "Loppersum",
    ]


def test_without_streets_nothing_is_made_and_nothing_is_lost(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    site.behaviours[STREETS] = [status(404)] * 9
    with pytest.raises(InputError, match=r"\[source.extracts\] in"):
        fetch(own, folder)
    assert list(folder.iterdir()) == []


def test_files_of_another_area_never_stand_in(site: Server, tmp_path: Path) -> None:
    own, folder = put_online(site, tmp_path / "online"), tmp_path / "region"
    fetch(own, folder)
    del site.files[FEED]
    shutil.rmtree(load_sources(own).folder)
    made = fetch(own, folder, names=("Eemsdelta",))
    assert [one.state for one in made.taken if one.what == "timetable"] == ["missing"]
    assert not (folder / "timetable.zip").exists()
    assert [outline.name for outline in read_outlines(folder / "outlines.geojson")] == ["Eemsdelta"]


def test_a_municipality_that_does_not_exist_is_named_with_what_looks_like_it(
    site: Server, tmp_path: Path
) -> None:
    own = put_online(site, tmp_path / "online")
    with pytest.raises(InputError, match=r"'Emsdelta' \(did you mean Eemsdelta\?\), 'Xyz'"):
        fetch(own, tmp_path / "region", names=("Emsdelta", "Groningen", "Xyz"))


def test_a_box_cuts_municipalities(site: Server, tmp_path: Path) -> None:
    own = put_online(site, tmp_path / "online")
    west, south = lonlat(227_000, 589_000)
    east, north = lonlat(246_000, 597_000)
    order = Order("Midden", tmp_path / "midden", Box(west, south, east, north), None)
    fetch_region(order, load_sources(own), lambda *_: None, offline=False)
    places = pd.read_csv(tmp_path / "midden" / "places.csv").set_index("id")
    inside = places.index[places["in_region"]].tolist()
    assert sorted(inside) == ["bedum", "loppersum", "winsum"]
    assert places.loc["loppersum", "municipality"] == "Eemsdelta"
    # Warffum lies within the buffer, so its people still travel there, outside the totals.
    assert places["inhabitants_20_64"].to_dict()["warffum"] > 0


def test_a_small_box_asks_overpass(site: Server, tmp_path: Path) -> None:
    own = put_online(site, tmp_path / "online")
    text = own.read_text(encoding="utf-8").replace("buffer_km = 12", "buffer_km = 1")
    own.write_text(text, encoding="utf-8")
    west, south = lonlat(228_000, 595_000)
    east, north = lonlat(229_400, 596_000)
    corner = [lonlat(228_700 + 100 * column, 595_500) for column in range(3)]
    nodes = [{"type": "node", "id": 1 + at, "lon": lon, "lat": lat} for at, (lon, lat) in enumerate(corner)]
    nodes[0]["tags"] = {"place": "village", "name": "Winsum", "population": "40"}
    nodes[2]["tags"] = {"shop": "supermarket", "name": "Dorpsmarkt"}
    way = {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": {"highway": "residential", "lit": "yes"}}
    answer = {
        "version": 0.6,
        "osm3s": {"timestamp_osm_base": "2026-11-01T10:00:00Z"},
        "elements": [*nodes, way],
    }
    site.posts["/api/interpreter"] = lambda _: json.dumps(answer).encode()
    site.files["/api/status"] = STATUS
    order = Order("Winsum", tmp_path / "winsum", Box(west, south, east, north), None)
    made = fetch_region(order, load_sources(own), lambda *_: None, offline=False)
    (streets,) = (one for one in made.taken if one.what == "streets and services")
    assert (streets.source, streets.date) == ("overpass", "2026-11-01")
    facilities = pd.read_csv(tmp_path / "winsum" / "facilities.csv")
    assert facilities["name"].tolist() == ["Dorpsmarkt"]
    # Whole extracts are not touched.
    assert site.count("/index-v1.json") == 0


STATUS = b"Connected as: 1\nTime: x\nEndpoint: none\nRate limit: 2\n2 slots available now.\n"
ABROAD = "/niedersachsen-latest.osm.pbf"


def across_a_large_extract(site: Server, tmp_path: Path) -> Path:
    """Sources of which the extract across the border says that it is as large as the real one."""
    own = put_online(site, tmp_path / "online")
    answer = overpass_answer(tmp_path / "online" / "niedersachsen.osm.pbf")
    site.sizes[ABROAD] = 700_000_000
    site.posts["/api/interpreter"] = lambda _: answer
    site.files["/api/status"] = STATUS
    return own


def across(folder: Path) -> tuple[set[str], int]:
    """Names of the services of a region, and how many streets end at Ditzum, across the border."""
    world = open_world(folder, lambda *_: None)
    x_m, y_m = world.projection.to_metres(*(np.array([of]) for of in lonlat(*SPOTS["Ditzum"])))
    streets = world.network.streets
    near = np.hypot(streets.node_x_m - x_m, streets.node_y_m - y_m) < 300
    return set(world.facilities.name), int((near[streets.edge_tail] | near[streets.edge_head]).sum())


def test_of_a_large_extract_across_the_border_only_the_strip_is_asked(site: Server, tmp_path: Path) -> None:
    whole = put_online(site, tmp_path / "online")
    fetch(whole, tmp_path / "whole")
    assert site.count(ABROAD) == 1
    own = across_a_large_extract(site, tmp_path)
    shutil.rmtree(load_sources(own).folder)
    site.asked.clear()
    made = fetch(own, tmp_path / "strip")
    assert site.count(ABROAD) == 0
    (strip,) = (one for one in made.taken if one.what == "streets and services beyond the border")
    assert (strip.source, strip.date, strip.state) == ("overpass", "2026-10-07", "new")
    # The same shop and the same streets as out of the whole extract; the road across the border is there once.
    assert across(tmp_path / "strip") == across(tmp_path / "whole")
    services, n_streets = across(tmp_path / "strip")
    assert "Dorfladen" in services
    assert n_streets > 0
    # Without servers the strip is the one that was asked for before.
    again = fetch(own, tmp_path / "strip", offline=True)
    assert {one.state for one in again.taken} == {"kept"}
    assert across(tmp_path / "strip") == across(tmp_path / "whole")


def test_without_overpass_the_strip_is_left_out_and_said(site: Server, tmp_path: Path) -> None:
    own, folder = across_a_large_extract(site, tmp_path), tmp_path / "region"
    site.posts["/api/interpreter"] = lambda _: b"no JSON"
    made = fetch(own, folder)
    assert site.count(ABROAD) == 0
    (missing,) = (one for one in made.taken if one.what == "streets and services beyond the border")
    assert missing.state == "missing"
    assert site.url(ABROAD) in missing.trouble
    assert "has 700 MB" in missing.trouble
    assert "--abroad whole downloads the extract" in missing.trouble
    assert "Dorfladen" not in across(folder)[0]
    found = {one.what: one.examples for one in made.report.findings}
    assert found["streets and services of the buffer: left out, beyond the border"] == (site.url(ABROAD),)


@pytest.mark.parametrize(("abroad", "asked", "services"), [("whole", 1, {"Dorfladen"}), ("skip", 0, set())])
def test_a_user_chooses_what_becomes_of_the_far_side(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abroad: str, asked: int, services: set[str]
) -> None:
    own = across_a_large_extract(site, tmp_path)
    site.posts.clear()
    monkeypatch.chdir(tmp_path)
    names = ["--municipalities", ",".join(NAMES), "--sources", own, "--abroad", abroad, "--quiet"]
    assert dorpshub(monkeypatch, "fetch", "region", *names) == 0
    assert site.count(ABROAD) == asked
    assert across(tmp_path / "region")[0] & {"Dorfladen"} == services


@pytest.mark.skipif(not SHARED.is_dir(), reason="real files are not at hand")
def test_real_streets_and_a_real_timetable_go_all_the_way(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The middle of Newport, out of files that hold more; no Dutch source knows it, so these are missing."""
    site.files |= {
        "/wales-latest.osm.pbf": (SHARED / "newport" / "newport-2023-06-13.osm.pbf").read_bytes(),
        FEED: (SHARED / "newport" / "newport-20230613_gtfs.zip").read_bytes(),
    }
    site.md5 = True
    text = sources_of(site, tmp_path / "downloads").replace("EPSG:28992", "EPSG:27700")
    text = text.replace("buffer_km = 12", "buffer_km = 1").replace("small_km2 = 100", "small_km2 = 0")
    text = text.replace("addresses = []", f'addresses = ["{site.url("/wales-latest.osm.pbf")}"]')
    own = tmp_path / "my.toml"
    own.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = ["fetch", "Newport", "--bbox=-3.04,51.56,-2.95,51.60", "--sources", own]
    assert dorpshub(monkeypatch, *asked, "--quiet") == 0
    assert (
        dorpshub(monkeypatch, "times", "newport", "--modes", "walk,transit", "--kinds", "pharmacy", "--quiet")
        == 0
    )
    world = open_world("newport", lambda *_: None)
    assert world.region.service_date.weekday() == 1
    assert len(world.network.service.stop_x_m) > 50
    assert sum(kind == "pharmacy" for kind in world.facilities.kind) > 5
    times = pd.read_csv("times.csv")
    on_foot, by_bus = (times[times["mode"] == mode].set_index("place_id") for mode in ("walk", "transit"))
    here = on_foot["travel_time_s"].notna()
    # The bus is an offer: nobody in town is later than on foot.
    assert here.sum() > 3
    assert (by_bus["travel_time_s"][here] <= on_foot["travel_time_s"][here]).all()
    quality = check_quality(world)
    counts = {check.what: check.count for check in quality.checks}
    # Real maps have what mappers left open.
    assert counts["ways open to cars whose speed limit follows from their kind"] > 0
    assert counts["streets cut off from the main network of mode walk"] > 0
    assert counts["facilities without opening hours"] > 0
