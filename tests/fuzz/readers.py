"""Every reader of files from outside: what it is given, how that is damaged, and what must hold of whatever it reads."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import shutil
import zipfile
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import shapely
from fuzz.made import (
    DAY,
    FACTS_REGION,
    FLEX,
    GTFS,
    PARAMETERS,
    SCENARIO,
    Made,
    database_cells,
    packed,
    parquet_cells,
    zipped,
)
from fuzz.mutate import Hand, Mutate, any_bytes, json_text, mostly, table_text, toml_text, xml_text

from data.columns import Floats
from data.download.download import Downloader
from data.download.sources import load_sources
from data.files.any_table import TableLayer
from data.files.broadband import read_broadband
from data.files.care_visits import read_care_visits
from data.files.kept import kept
from data.files.points import read_points
from data.files.tables import facilities_of, places_of, read_facilities, read_grid, read_places
from data.gtfs.days import trips_per_day
from data.live.area import Box
from data.live.areas import load_areas, read_areas
from data.live.extracts import needed_extracts
from data.live.odata import read_figures
from data.live.squares import read_squares
from data.osm.extract import read_osm
from data.osm.routes_times import RouteAssumptions
from data.osm.routes_timetable import read_osm_timetable
from data.outlines import read_outlines
from data.own.region_file import read_region_file, region_files
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.home_care import load_home_care
from data.parameters.hub_services import load_hub_services
from data.parameters.norms import load_norms
from data.parameters.plan import load_plan
from data.parameters.population import read_population_totals
from data.parameters.rates import load_rates
from data.parameters.school_days import load_school_days
from data.parameters.uncertainty import load_ranges
from data.places import Facilities, Places
from data.projection import Projection
from data.study_area.public_transport import read_public_transport
from data.study_area.published_figures import read_control
from data.study_area.region_toml import load_region
from data.study_area.tables import read_rows
from data.study_area.yearly_figures import read_yearly
from data.timetable import Timetable
from scenarios.comparison.run_file import read_run
from scenarios.edits.json_text import from_json, read_scenario, to_json
from scenarios.library import Library
from support.files import ROOT
from support.toys.region import lonlat
from ui.state.link import pack, unpack

RD = Projection("EPSG:28992")
KINDS = load_facility_kinds()
ONE_SCHOOL = b"""
[[school]]
id = "school-west"
bell = "08:15"
room = 60
assumed = true
source = "made by hand"
"""
YEARLY = """year,area,code,indicator,value,unit,definition,source
2021,Coevorden,,mean distance to GP practice,2.4,km,by road,CBS
2023,Coevorden,,mean distance to GP practice,2.1,km,by road,CBS
2024,West,west,visits to the hub,,visits a year,,own count
2025,West,west,visits to the hub,310,visits a year,,own count
"""
BOX = Box(6.0, 53.0, 7.5, 53.6)
ALL = Box(-180.0, -90.0, 180.0, 90.0)


class Reader(NamedTuple):
    """A reader under test.

    Attributes
    ----------
    file
        What the file is called, and so what a message must name.
    make
        The whole file.
    read
        Reads a file and asserts what must hold of anything that was read.
    named
        What else a message may call the file.

    """

    name: str
    file: str
    make: Callable[[Made], bytes]
    mutate: Mutate
    read: Callable[[Path, Made], None]
    named: str = ""


def _timetable(path: Path, _made: Made) -> None:
    read = read_public_transport([path], DAY)
    _check_timetable(read.timetable)
    for service in read.on_demand:
        assert service.lead_s >= 0
        assert service.detour >= 0
        assert all(start < end for start, end in service.periods)
    if len(read.timetable.trips.id):
        trips_per_day(path)


def _check_timetable(timetable: Timetable) -> None:
    trips, stops = timetable.trips, timetable.stops
    _check_degrees(stops.lon_deg, stops.lat_deg)
    same_trip = np.ones(len(trips.call_arrival), np.bool_)
    same_trip[trips.call_offset[:-1]] = False
    assert (trips.call_departure >= trips.call_arrival).all()
    assert (trips.call_arrival[1:] >= trips.call_departure[:-1])[same_trip[1:]].all()
    assert (np.diff(trips.call_offset) >= 2).all()


def _check_degrees(lon_deg: Floats, lat_deg: Floats) -> None:
    assert (np.abs(lon_deg) <= 180).all()
    assert (np.abs(lat_deg) <= 90).all()


def _osm(path: Path, _made: Made) -> None:
    found = read_osm(path, KINDS, DAY)
    for table in (found.streets, found.places, found.facilities):
        _check_degrees(table.lon_deg, table.lat_deg)
    assert (found.places.population >= -1).all()


def _routes(path: Path, _made: Made) -> None:
    _check_timetable(read_osm_timetable(path, DAY, RouteAssumptions())[0])


def _own(layer: TableLayer, path: Path, _made: Made) -> None:
    rows, _ = read_rows(path, path.name, layer, "observed", RD, KINDS)
    if layer == "facilities":
        _check_facilities(facilities_of(rows, RD))
    else:
        _check_places(places_of(rows, RD))


def _check_places(places: Places) -> None:
    assert (places.inhabitants_by_age >= 0).all()
    assert np.isfinite(places.x_m).all()
    assert np.isfinite(places.y_m).all()
    assert len(set(places.id)) == len(places.id)
    assert all(isinstance(text, str) for text in places.name + places.id)


def _check_facilities(facilities: Facilities) -> None:
    assert ((facilities.units > 0) & (facilities.units <= 1e6)).all()
    assert np.isfinite(facilities.x_m).all()
    assert all(isinstance(text, str) for text in facilities.name + facilities.id + facilities.opening)


def _tables(path: Path, made: Made) -> None:
    """Tables as a region's folder has them: places, facilities, cells and points by the first word of the name."""
    match path.name.partition("-")[0]:
        case "places":
            _check_places(read_places(path, RD))
        case "facilities":
            _check_facilities(read_facilities(path, RD))
        case "points":
            _check_degrees(*read_points(path)[1:])
        case _:
            places = made.folder / "grid-places.csv"
            places.write_bytes(made.table("places"))
            grid = read_grid(path, read_places(places, RD))
            assert (grid.inhabitants_by_age >= 0).all()


CARE_VISITS = """client,place,lon,lat,minutes,from,until
alie,west,,,30,07:30,09:00
alie,west,,,20,18:00,21:30
bea,,{lon},{lat},45,08:00,12:00
cor,Mid,,,30,10:00,10:00
""".format(**dict(zip(("lon", "lat"), lonlat("east"), strict=True)))


def _care_visits(path: Path, made: Made) -> None:
    """Visits of home care, in the places of the toy valley."""
    places = made.folder / "care-places.csv"
    places.write_bytes(made.table("places"))
    known = read_places(places, RD)
    found = read_care_visits(path, known, RD)
    assert all(found.client)
    assert (found.care_s > 0).all()
    assert (
        (found.earliest_s >= 0) & (found.earliest_s <= found.latest_s) & (found.latest_s <= 24 * 3600)
    ).all()
    assert np.isfinite(found.x_m).all()
    assert np.isfinite(found.y_m).all()
    assert (found.place < len(known.id)).all()


def _control(path: Path, _made: Made) -> None:
    region = load_region(FACTS_REGION)
    folder = path.parent / "control"
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder / "control.csv")
    for row in read_control(
        type(region)(
            **{name: getattr(region, name) for name in region.__slots__} | {"folder": folder, "facts": ""}
        )
    ):
        assert not np.isinf(row.value)


def _yearly(path: Path, _made: Made) -> None:
    found = read_yearly(path)
    assert not np.isinf(found.value).any()
    assert (np.isnan(found.step) == np.isnan(found.value)).all()
    assert (found.step[~np.isnan(found.step)] > 0).all()
    assert all(found.area)
    assert all(found.indicator)


def _outlines(path: Path, _made: Made) -> None:
    for outline in read_outlines(path):
        assert all(len(ring) >= 4 for ring in outline.rings)
        corners = np.array([point for ring in outline.rings for point in ring]).reshape(-1, 2)
        _check_degrees(corners[:, 0], corners[:, 1])


def _region(path: Path, made: Made) -> None:
    folder = made.folder / "region"
    if not folder.is_dir():
        shutil.copytree(made.valley, folder)
    shutil.copy(path, folder / "region.toml")
    region = load_region(folder)
    _finite(region)
    assert 0 <= region.window_start < region.window_end
    assert all(
        isinstance(text, str)
        for source in region.layers
        for text in (source.file, source.source, source.date)
    )


def _parameters(read: Callable[[Path], object], path: Path, made: Made) -> None:
    """A table of a region's folder."""
    folder = made.folder / "parameters"
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    shutil.copy(path, folder / path.name)
    _finite(read(folder))


def _scenario(path: Path, _made: Made) -> None:
    scenario = read_scenario(path)
    path.write_text(to_json(scenario), encoding="utf-8")
    assert read_scenario(path) == scenario


def _link(path: Path, _made: Made) -> None:
    scenario = unpack(path.read_text(encoding="utf-8", errors="replace"))
    assert unpack(pack(scenario)) == scenario


def _packed_link(mutate: Mutate) -> Mutate:
    def damaged(content: bytes, hand: Hand) -> bytes:
        if hand.random() < 0.3:
            return any_bytes(content.rstrip(b"="), hand)
        inside = mutate(zlib.decompress(urlsafe_b64decode(content)), hand)
        return urlsafe_b64encode(zlib.compress(inside)).rstrip(b"=")

    return damaged


def _run(path: Path, _made: Made) -> None:
    run = read_run(path)
    assert run.departures.step_s > 0
    assert run.departures.n > 0


def _library(path: Path, _made: Made) -> None:
    library = Library(path)
    for saved in library.rows("valley"):
        assert library.get(saved.id) == saved
    assert all(path.name in damaged.fault for damaged in library.damaged("valley"))
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()


def _downloader() -> Downloader:
    return Downloader(load_sources(), lambda _step, _share: None, offline=True)


def _areas(path: Path, _made: Made) -> None:
    with _downloader() as download:
        areas, _ = read_areas(download, load_sources().source("outlines").only(str(path)))
    assert len(areas.name)
    assert shapely.is_valid(areas.shape).all()


def _figures(path: Path, _made: Made) -> None:
    with _downloader() as download:
        figures, _ = read_figures(
            download,
            load_sources().source("key_figures").only(str(path)),
            lambda code: code.startswith(("GM", "BU")),
        )
    assert not np.isinf(figures.figures).any()
    assert not (figures.figures < 0).any()


def _squares(path: Path, made: Made) -> None:
    with _downloader() as download:
        squares, _ = read_squares(
            download, load_sources().source("squares").only(str(path)), BOX, made.folder
        )
    assert (squares.inhabitants >= -1).all()
    assert np.isfinite(squares.x_m).all()


def _index(path: Path, _made: Made) -> None:
    assert needed_extracts(path, BOX.polygon, BOX)


def _run_text(_made: Made) -> bytes:
    spec = {"region": "valley", "scenarios": [{}, SCENARIO], "kinds": ["gp"], "modes": ["walk"], "traveller": "adult", "max_rides": 0, "limit_min": 15.0, "same_below_min": 0.5, "cells": False, "legs": False, "contributions": False, "band": False}  # fmt: skip
    run = {"format": 1, "spec": spec, "version": "0.1.0", "code": "0" * 64, "inputs": {"a": "b"}, "service_date": "2026-10-06", "window": [32400, 60, 60], "assumptions": {"x": 1}, "files": {"out.csv": "c"}}  # fmt: skip
    return json.dumps(run).encode()


def _with_layer(inner: Mutate) -> Mutate:
    return zipped({".gpkg": inner}, ".gpkg")


def _gz(made: Made) -> bytes:
    return gzip.compress(made.osm())


def _region_file(path: Path, made: Made) -> None:
    """Whatever happened to it, what is unpacked is what was packed."""
    target = made.folder / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    folder, _ = read_region_file(path, target, from_json)
    for name, file in region_files(load_region(made.valley)).items():
        assert (folder / name).read_bytes() == file.read_bytes()


def _whole_build(made: Made) -> bytes:
    """Ready places of the toy valley, as a zip of their folder."""
    folder = made.folder / "build"
    kept(Places, folder, "key", lambda: read_places(made.valley / "places.csv", RD))
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return _zip({str(file.relative_to(folder / "key")): file.read_bytes() for file in files})


def _build(path: Path, made: Made) -> None:
    """Whatever happened to it, what is opened is what was made."""
    cache = made.folder / "opened"
    shutil.rmtree(cache, ignore_errors=True)
    # What cannot be unpacked leaves a part of it.
    with (
        suppress(
            zipfile.BadZipFile, OSError, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError
        ),
        zipfile.ZipFile(path) as archive,
    ):
        archive.extractall(cache / "key")
    true = read_places(made.valley / "places.csv", RD)
    found, _ = kept(Places, cache, "key", lambda: true)
    assert (found.id, found.name) == (true.id, true.name)
    assert (found.inhabitants_by_age == true.inhabitants_by_age).all()
    assert (found.x_m == true.x_m).all()


def _check_areas(path: Path) -> None:
    assert shapely.is_valid(load_areas(path).shape).all()


def _finite(value: object) -> None:
    """No number in whatever was read is infinite or absurd."""
    match value:
        case float() | int():
            assert abs(value) <= 1e15
        case msgspec.Struct():
            _finite(msgspec.structs.astuple(value))
        case dict():
            _finite(tuple(value.values()))
        case tuple() | list() | set() | frozenset():
            for part in value:
                _finite(part)
        case _ if is_dataclass(value):
            for of in fields(value):
                _finite(getattr(value, of.name))


BROADBAND = "place,share\nwest,0.9\nMid,1\neast,\n"


def _broadband(path: Path, made: Made) -> None:
    table = made.folder / "broadband-places.csv"
    table.write_bytes(made.table("places"))
    places = read_places(table, RD)
    share = read_broadband(path, places, RD)[0].share
    known = share[np.isfinite(share)]
    assert len(share) == len(places.id)
    assert ((known >= 0) & (known <= 1)).all()


def _zip(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


READERS = (
    Reader("timetable (GTFS)", "feed.zip", Made.feed, zipped(GTFS), _timetable),
    Reader("on-demand rides (GTFS-Flex)", "flex.zip", lambda _made: _zip(FLEX), zipped(GTFS), _timetable),
    Reader("map, .osm", "map.osm", Made.osm, mostly(xml_text), _osm),
    Reader("map, .osm.gz", "map.osm.gz", _gz, packed(gzip.compress, gzip.decompress), _osm),
    Reader("map, .osm.bz2", "map.osm.bz2", lambda made: bz2.compress(made.osm()), packed(bz2.compress, bz2.decompress), _osm),
    Reader("map, .osm.pbf", "map.osm.pbf", Made.pbf, any_bytes, _osm),
    Reader("mapped bus routes", "routes.osm", Made.osm, mostly(xml_text), _routes),
    Reader("own services, CSV", "facilities.csv", lambda made: made.table("facilities"), mostly(table_text), partial(_own, "facilities")),
    Reader("own places, CSV", "places.csv", lambda made: made.table("places"), mostly(table_text), partial(_own, "places")),
    Reader("own places, GeoJSON", "places.geojson", lambda made: made.geojson("places"), mostly(json_text), partial(_own, "places")),
    Reader("own services, Parquet", "facilities.parquet", lambda made: made.parquet("facilities"), parquet_cells, partial(_own, "facilities")),
    Reader("own places, GeoParquet", "places.parquet", lambda made: made.parquet("places", geo=True), parquet_cells, partial(_own, "places")),
    Reader("places of a region, CSV", "places-r.csv", lambda made: made.table("places"), mostly(table_text), _tables),
    Reader("services of a region, Parquet", "facilities-r.parquet", lambda made: made.parquet("facilities"), parquet_cells, _tables),
    Reader("population cells", "grid-r.csv", Made.grid, mostly(table_text), _tables),
    Reader("points that are asked about", "points-r.csv", lambda made: made.table("places"), mostly(table_text), _tables),
    Reader("visits of home care", "visits.csv", lambda _made: CARE_VISITS.encode(), mostly(table_text), _care_visits),
    Reader("published figures", "control.csv", lambda _made: (FACTS_REGION / "facts" / "control.csv").read_bytes(), mostly(table_text), _control),
    Reader("outlines, GeoJSON", "outlines.geojson", Made.outlines, mostly(json_text), _outlines),
    Reader("fast internet, CSV", "broadband.csv", lambda _made: BROADBAND.encode(), mostly(table_text), _broadband),
    Reader("fast internet, GeoJSON", "broadband.geojson", lambda made: made.outlines().replace(b'"name"', b'"served": true, "name"'), mostly(json_text), _broadband),
    Reader("region.toml", "region.toml", Made.region, mostly(toml_text), _region),
    Reader("norms.toml", "norms.toml", lambda _made: (PARAMETERS / "norms.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_norms)),
    Reader("behaviour.toml", "behaviour.toml", lambda _made: (PARAMETERS / "behaviour.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_behaviour)),
    Reader("hub_services.toml", "hub_services.toml", lambda _made: (PARAMETERS / "hub_services.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_hub_services)),
    Reader("school_days.toml", "school_days.toml", lambda _made: (PARAMETERS / "school_days.toml").read_bytes() + ONE_SCHOOL, mostly(toml_text), partial(_parameters, load_school_days)),
    Reader("yearly figures, CSV", "yearly.csv", lambda _made: YEARLY.encode(), mostly(table_text), _yearly),
    Reader("rates.toml", "rates.toml", lambda _made: (PARAMETERS / "rates.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_rates)),
    Reader("plan.toml", "plan.toml", lambda _made: (PARAMETERS / "plan.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_plan)),
    Reader("home_care.toml", "home_care.toml", lambda _made: (PARAMETERS / "home_care.toml").read_bytes(), mostly(toml_text), partial(_parameters, load_home_care)),
    Reader("population.toml", "population.toml", lambda _made: (FACTS_REGION / "population.toml").read_bytes(), mostly(toml_text), partial(_parameters, read_population_totals)),
    Reader("uncertainty.toml", "uncertainty.toml", lambda _made: (PARAMETERS / "uncertainty.toml").read_bytes(), mostly(toml_text), lambda path, _made: _finite(load_ranges(path))),
    Reader("facility_kinds.toml", "facility_kinds.toml", lambda _made: (PARAMETERS / "facility_kinds.toml").read_bytes(), mostly(toml_text), lambda path, _made: _finite(load_facility_kinds(path))),
    Reader("sources.toml", "sources.toml", lambda _made: (ROOT / "data" / "download" / "sources.toml").read_bytes(), mostly(toml_text), lambda path, _made: _finite(load_sources(path))),
    Reader("scenario", "scenario.json", lambda _made: json.dumps(SCENARIO).encode(), mostly(json_text), _scenario),
    Reader("link", "link.txt", lambda _made: urlsafe_b64encode(zlib.compress(json.dumps(SCENARIO).encode())), _packed_link(mostly(json_text)), _link, "scenario"),
    Reader("run file", "out.run.json", _run_text, mostly(json_text), _run),
    Reader("region as one file", "valley.dorpshub", Made.region_file, zipped({}), _region_file),
    Reader("library of scenarios", "library.sqlite", Made.library, database_cells, _library),
    Reader("ready build", "build.zip", _whole_build, zipped({}), _build),
    Reader("fetched outlines", "areas.json", lambda made: made.ending("gemeente_gegeneraliseerd/items"), mostly(json_text), _areas),
    Reader("fetched figures", "figures.json", lambda made: made.ending("86165NED/TypedDataSet"), mostly(json_text), _figures),
    Reader("fetched squares, GeoPackage", "squares.zip", lambda made: made.ending("vk100_2025_v1.zip"), _with_layer(database_cells), _squares),
    Reader("fetched list of extracts", "index.json", lambda made: made.ending("index-v1.json"), mostly(json_text), _index),
    Reader("kept outlines", "kept.geojson", Made.outlines, mostly(json_text), lambda path, _made: _check_areas(path)),
)  # fmt: skip
