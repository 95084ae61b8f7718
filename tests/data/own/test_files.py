"""Files of somebody's own: what is understood, what is told, what is refused; and the region made of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from accessibility.world import World, open_world
from data.build_report import BuildReport
from data.errors import InputError
from data.files.faults import OwnFaultError
from data.live.area import Box
from data.own.check import Checked
from data.own.region import fill_own_folder
from data.own.streets import refuse_too_small
from data.study_area.region_toml import embedded_regions, load_region
from support.files import SHARED
from support.toys.own_files import Valley, brought, checked, feed, services_csv, valley, write
from support.toys.region import lonlat, write_toy_region

WEST, MID, EAST = lonlat("west"), lonlat("mid"), lonlat("east")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return valley(tmp_path_factory.mktemp("valley")).world


@pytest.fixture
def here(tmp_path: Path, world: World) -> Valley:
    return Valley(tmp_path, world)


def whats(report: BuildReport) -> dict[str, int]:
    """Findings by their words."""
    return {found.what: found.count for found in report.findings}


def fault(found: Checked) -> tuple[str, dict[str, str]]:
    """The only fault."""
    (wrong,) = [layer.fault for layer in found.layers if layer.fault is not None]
    assert found.prepared is None
    return wrong.kind, wrong.blanks


def made(of: Valley, found: Checked, title: str = "Own") -> World:
    """Region made of checked files, built and opened."""
    assert found.prepared is not None
    folder = of.folder / "own-region"
    folder.mkdir()
    fill_own_folder(of.world.region, found.prepared, title, folder)
    return open_world(folder, lambda _step, _share: None)


# ---- Tables


def test_a_plain_table_is_read_and_set_beside_the_layer(here: Valley) -> None:
    file = write(here.folder / "mine.csv", services_csv(("gp", "New GP", "west"), ("gp", "Other GP", "east")))
    found = checked(here, brought(file, "facilities"))
    (layer,) = found.layers
    # The valley has one GP and one supermarket; the file has two GPs.
    assert layer.before == {"services": 2, "gp": 1, "supermarket": 1}
    assert layer.after == {"services": 2, "gp": 2}
    assert whats(layer.report) == {"columns that are missing or have blanks, filled in": 3}
    assert layer.report.findings[0].examples == ("units = 1", "origin = observed", "id")


def test_a_table_as_a_dutch_spreadsheet_saves_it_is_understood_and_all_is_told(here: Valley) -> None:
    lon, lat = (str(degrees).replace(".", ",") for degrees in WEST)
    text = f"Naam;Soort;lon;lat\r\nCaf\u00e9;huisarts;{lon};{lat}\r\n;;;\r\n"
    file = write(here.folder / "mine.csv", text.encode("cp1252"))
    found = checked(here, brought(file, "facilities"))
    (layer,) = found.layers
    assert layer.after == {"services": 1, "gp": 1}
    told = whats(layer.report)
    assert told["files whose columns are not separated by a comma, read as such"] == 1
    assert told["files in another alphabet code than UTF-8, read as such"] == 1
    assert told["columns with another name, read as those meant"] == 2  # naam and soort
    assert told["kinds of service in words, read as those meant"] == 1  # huisarts
    assert told["numbers with a decimal comma, read as such"] == 2  # lon and lat of the one row
    assert told["blank rows"] == 1
    world = made(here, found)
    assert world.facilities.name == ("Caf\u00e9",)
    assert world.projection.to_lonlat(world.facilities.x_m, world.facilities.y_m)[0] == pytest.approx(WEST[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_alphabets_make_no_difference(here: Valley, encoding: str, separator: str) -> None:
    text = services_csv(("gp", "Doctor \u00c9l", "west")).replace(",", separator)
    file = write(here.folder / "mine.csv", text.encode(encoding))
    found = checked(here, brought(file, "facilities"))
    assert made(here, found).facilities.name == ("Doctor \u00c9l",)


def test_geojson_gives_points_and_a_point_inside_outlines(here: Valley) -> None:
    lon, lat = WEST
    corners = [[lon, lat], [lon + 0.001, lat], [lon + 0.001, lat + 0.001], [lon, lat + 0.001], [lon, lat]]
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "gp", "name": "A"},
            "geometry": {"type": "Point", "coordinates": list(MID)},
        },
        {
            "type": "Feature",
            "properties": {"kind": "library", "name": "B"},
            "geometry": {"type": "Polygon", "coordinates": [corners]},
        },
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = checked(here, brought(write(here.folder / "mine.geojson", text), "facilities"))
    (layer,) = found.layers
    assert whats(layer.report)["outlines, of which a point inside is taken"] == 1
    world = made(here, found)
    lons, lats = world.projection.to_lonlat(world.facilities.x_m, world.facilities.y_m)
    assert lon < lons[1] < lon + 0.001
    assert lat < lats[1] < lat + 0.001


def test_a_shape_with_an_infinite_corner_has_no_position(here: Valley) -> None:
    shapes = ([list(MID), [float("inf"), 52.7]], [list(WEST), list(EAST)])
    features = [
        {"properties": {"kind": "gp", "name": name}, "geometry": {"type": "LineString", "coordinates": shape}}
        for name, shape in zip(("A", "B"), shapes, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (layer,) = checked(here, brought(write(here.folder / "mine.geojson", text), "facilities")).layers
    assert whats(layer.report)["rows without a position on the map"] == 1


def test_geoparquet_in_a_system_that_cannot_be_is_damaged(here: Valley) -> None:
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    path = here.folder / "mine.parquet"
    points = gpd.points_from_xy([MID[0]], [MID[1]])
    gpd.GeoDataFrame({"kind": ["gp"], "name": ["A"]}, geometry=points, crs="EPSG:28992").to_parquet(path)
    table = pq.read_table(path)
    notes = dict(table.schema.metadata)
    notes[b"geo"] = notes[b"geo"].replace(b"ProjectedCRS", b"ProjectedCRZ")
    pq.write_table(table.replace_schema_metadata(notes), path)
    assert fault(checked(here, brought(path, "facilities")))[0] == "damaged"


def test_metres_are_read_in_the_coordinate_system_of_the_region(here: Valley) -> None:
    x_m, y_m = (float(here.world.places.x_m[0]), float(here.world.places.y_m[0]))
    file = write(here.folder / "mine.csv", f"kind,name,x,y\ngp,A,{x_m:.2f},{y_m:.2f}\n")
    found = checked(here, brought(file, "facilities"))
    world = made(here, found)
    assert world.facilities.x_m[0] == pytest.approx(x_m, abs=0.1)


def test_the_second_of_two_columns_that_mean_the_same_is_left_out_by_name(here: Valley) -> None:
    # The names of the first column count; "naam" says the same in Dutch.
    lon, lat = WEST
    file = write(here.folder / "mine.csv", f"kind,name,lon,lat,naam\ngp,First,{lon},{lat},Second\n")
    (layer,) = checked(here, brought(file, "facilities")).layers
    dropped = {one.what: one.examples for one in layer.report.findings if one.action == "dropped"}
    assert dropped == {"columns that mean the same as one before them": ("naam",)}
    assert layer.after == {"services": 1, "gp": 1}


def test_rows_far_away_and_of_unknown_kinds_are_left_out_by_name(here: Valley) -> None:
    text = services_csv(("gp", "A", "west"), ("hairdresser", "B", "west")) + "gp,Far,4.9,52.3\n"
    found = checked(here, brought(write(here.folder / "mine.csv", text), "facilities"))
    (layer,) = found.layers
    assert layer.after == {"services": 1, "gp": 1}
    left_out = {one.what: one.examples for one in layer.report.findings if one.action == "dropped"}
    assert left_out == {
        "services of a kind that is not known here": ("B (hairdresser)",),
        "rows far from any street of the region": ("Far",),
    }


def test_the_lines_of_wrong_rows_are_those_of_the_file(here: Valley) -> None:
    text = services_csv(("gp", "A", "west")) + "gp,B,east,52.7\n"
    file = write(here.folder / "raw", text)
    found = checked(here, brought(file, "facilities", "mine.csv"))
    (layer,) = found.layers
    assert layer.fault is not None
    assert layer.fault.kind == "rows"
    # A is on line 2, below the header; B on line 3. The name is the owner's, and no folder of the machine is told.
    assert "mine.csv: lon is no number in 1 of 2 rows (line 3: lon='east')" in layer.fault.detail
    assert str(here.folder) not in layer.fault.detail


@pytest.mark.parametrize(
    ("content", "kind", "blanks"),
    [
        (b"", "empty", {}),
        (b"kind,name,lon,lat\n", "empty", {}),
        (b"%PDF-1.7 ...", "other kind", {"found": "a PDF"}),
        (b"\x89PNG\r\n", "other kind", {"found": "a picture"}),
        (b"<!DOCTYPE html><html>", "other kind", {"found": "a web page"}),
        (b"PK\x03\x04broken", "other kind", {"found": "a damaged zip file"}),
        (b"\x00\x01\x02\x03", "other kind", {"found": "an unknown kind of file"}),
        (b"{not json", "damaged", {}),
        (b'{"type": "FeatureCollection"}', "damaged", {}),
        (b"a;b\n1;2\n", "columns", {"missing": "kind, name, lon, lat", "found": "a, b"}),
        (b"kind,name,lon,lat\ngp,A,4.9,52.3\n", "elsewhere", {"where": "52.30, 4.90"}),
        (b"kind,name,lon,lat\nhairdresser,A,6.8,52.75\n", "unknown kinds", {"found": "hairdresser"}),
    ],
)
def test_a_file_that_is_no_table_of_services_says_what_it_is(
    here: Valley, content: bytes, kind: str, blanks: dict[str, str]
) -> None:
    found = checked(here, brought(write(here.folder / "mine", content), "facilities"))
    assert fault(found) == (kind, blanks)


def test_swapped_columns_are_named(here: Valley) -> None:
    file = write(here.folder / "mine.csv", f"kind,name,lat,lon\ngp,A,{WEST[0]},{WEST[1]}\n")
    assert fault(checked(here, brought(file, "facilities")))[0] == "swapped"


def test_people_in_total_are_divided_over_the_ages_to_the_person(here: Valley) -> None:
    text = f"naam,inwoners,lon,lat\nWest,1.000,{WEST[0]},{WEST[1]}\nEast,7,{EAST[0]},{EAST[1]}\n"
    found = checked(here, brought(write(here.folder / "mine.csv", text), "places", origin="modelled"))
    (layer,) = found.layers
    # 402 in West, 201 in Mid, 100 in East and 4 in Lone: 400 + 200 + 100 + 4.
    assert layer.before == {"places": 4, "inhabitants": 704}
    assert layer.after == {"places": 2, "inhabitants": 1_007}
    world = made(here, found)
    assert world.places.inhabitants.tolist() == [1_000, 7]
    assert world.places.modelled.all()
    assert "age bands of a place from the shares of the Netherlands in 2018" in whats(world.report)


# ---- Timetables


def test_a_timetable_is_counted_on_the_service_day(here: Valley) -> None:
    file = feed(here.folder / "mine.zip", (WEST, EAST), ("20261006",), n_trips=3)
    found = checked(here, brought(file, "timetable"))
    (layer,) = found.layers
    # The valley has ten trips of one line along three stops; the feed three along two.
    assert layer.before == {"lines": 1, "stops": 3, "trips": 10}
    assert layer.after == {"lines": 1, "stops": 2, "trips": 3}
    world = made(here, found)
    assert len(world.network.service.timetable.trips.id) == 3
    assert world.region.layer("timetable")[0].source == "own file mine.zip, uploaded 2026-11-26"


def test_two_timetables_go_together(here: Valley) -> None:
    files = [
        feed(here.folder / name, (WEST, EAST), ("20261006",), n_trips=number)
        for number, name in ((1, "one.zip"), (2, "two.zip"))
    ]
    found = checked(here, *(brought(file, "timetable", "same name.zip") for file in files))
    assert found.layers[0].after["trips"] == 3
    assert len(made(here, found).network.service.timetable.trips.id) == 3


def test_a_timetable_of_other_days_says_when_it_runs_and_another_day_may_be_taken(here: Valley) -> None:
    # 2025-03-04 and 2025-03-11 are Tuesdays, as 2026-10-06 is; 2025-03-05 a Wednesday.
    file = feed(here.folder / "mine.zip", (WEST, EAST), ("20250304", "20250305", "20250311"))
    found = checked(here, brought(file, "timetable"))
    assert fault(found)[0] == "no service"
    days = found.layers[0].days
    assert days is not None
    assert (days.first, days.last, days.usual) == (date(2025, 3, 4), date(2025, 3, 11), date(2025, 3, 4))
    again = checked(here, brought(file, "timetable"), day=days.usual, out="again")
    world = made(here, again)
    assert world.region.service_date == date(2025, 3, 4)
    assert len(world.network.service.timetable.trips.id) == 2


def test_a_timetable_without_the_weekday_offers_another_one(here: Valley) -> None:
    file = feed(here.folder / "mine.zip", (WEST, EAST), ("20250305",))  # a Wednesday only
    days = checked(here, brought(file, "timetable")).layers[0].days
    assert days is not None
    assert days.usual == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("entries", "kind", "missing"),
    [
        ({"readme.txt": "hello"}, "not gtfs", "stops.txt, routes.txt, trips.txt, stop_times.txt"),
        ({"xl/workbook.xml": "<a/>"}, "other kind", ""),
        ({"stops.txt": "0" * 3_000_000}, "damaged", ""),
    ],
    ids=["other zip", "excel", "bomb"],
)
def test_a_zip_that_is_no_timetable_says_so(
    here: Valley, entries: dict[str, str], kind: str, missing: str
) -> None:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(here.folder / "mine.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    found = fault(checked(here, brought(here.folder / "mine.zip", "timetable")))
    assert found[0] == kind
    assert found[1].get("missing", "") == missing


def test_a_timetable_of_another_region_is_refused_and_a_stop_outside_is_told(here: Valley) -> None:
    abroad = ((4.9, 52.3), (4.95, 52.3))
    file = feed(here.folder / "abroad.zip", abroad, ("20261006",))
    assert fault(checked(here, brought(file, "timetable")))[0] == "elsewhere"
    # Another day would not help it.
    other_day = feed(here.folder / "late.zip", abroad, ("20250304",))
    assert fault(checked(here, brought(other_day, "timetable"), out="late")) == (
        "elsewhere",
        {"where": "52.30, 4.93"},  # 4.925, the middle of 4.9 and 4.95, rounded
    )
    both = feed(here.folder / "both.zip", (WEST, EAST, abroad[0]), ("20261006",))
    (layer,) = checked(here, brought(both, "timetable"), out="both").layers
    what = "stops outside the region: rides go on there, but nobody of the region gets on or off"
    assert whats(layer.report)[what] == 1


# ---- Streets


def test_streets_of_the_region_are_counted_and_used(here: Valley) -> None:
    osm = (here.world.region.folder / "streets.osm").read_text()
    # A second street from Mid to a new node: Mid becomes a junction of three ways out.
    lon, lat = MID
    extra = f'<node id="9" lat="{lat + 0.01}" lon="{lon}" version="1"/>'
    way = '<way id="2" version="1"><nd ref="2"/><nd ref="9"/><tag k="highway" v="residential"/></way>'
    text = osm.replace("<way", extra + "<way", 1).replace("</osm>", way + "</osm>")
    found = checked(here, brought(write(here.folder / "raw", text), "streets", "my map.osm.xml"))
    (layer,) = found.layers
    # The valley is a road of 4 km without a junction; 0.01 degrees of latitude are 1.1 km.
    assert (layer.before, layer.after) == (
        {"junctions": 0, "kilometres": 4},
        {"junctions": 1, "kilometres": 5},
    )
    assert made(here, found).region.layer("streets")[0].file == "own-my-map.osm"


def test_streets_elsewhere_and_streets_that_are_too_few_are_refused(here: Valley) -> None:
    def road(lon: float, lat: float) -> str:
        nodes = "".join(
            f'<node id="{n}" lat="{lat}" lon="{lon + n / 1000:.3f}" version="1"/>' for n in (1, 2)
        )
        way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>'
        return f'<osm version="0.6">{nodes}{way}</osm>'

    file = write(here.folder / "elsewhere", road(4.9, 52.3))
    assert fault(checked(here, brought(file, "streets")))[0] == "elsewhere"
    text = (here.world.region.folder / "streets.osm").read_text()
    assert (
        fault(checked(here, brought(write(here.folder / "cut.osm", text[:300]), "streets"), out="cut"))[0]
        == "unusable"
    )
    pdf = write(here.folder / "a.pdf", b"%PDF-1.4")
    assert fault(checked(here, brought(pdf, "streets"), out="pdf"))[0] == "other kind"


def test_a_map_that_leaves_places_far_outside_is_too_small() -> None:
    box = Box(6.7, 52.7, 6.8, 52.8)
    # Up to 0.1 degree outside a place may still be one at the edge; of three, one is further out.
    with pytest.raises(OwnFaultError) as refused:
        refuse_too_small("map.osm", box, np.array([6.75, 6.89, 6.95]), np.array([52.75, 52.89, 52.75]))
    assert (refused.value.fault.kind, refused.value.fault.blanks) == ("too small", {"n": "1", "total": "3"})
    refuse_too_small("map.osm", box, np.array([6.75, 6.89]), np.array([52.75, 52.89]))


def test_a_large_timetable_is_cut_to_the_region(here: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.own.timetable.LARGE_BYTES", 0)
    file = feed(here.folder / "nl.zip", (WEST, EAST, (4.9, 52.3)), ("20261006",))
    found = checked(here, brought(file, "timetable"))
    (layer,) = found.layers
    what = "timetables of more than 30 MB, of which only trips that call in the region are used"
    assert whats(layer.report)[what] == 1
    # Both trips call in West and East, and stay whole: with the stop further on.
    assert layer.after == {"lines": 1, "stops": 3, "trips": 2}
    assert what in whats(made(here, found).report)
    abroad = feed(here.folder / "abroad.zip", ((4.9, 52.3), (4.95, 52.3)), ("20261006",))
    assert fault(checked(here, brought(abroad, "timetable"), out="abroad"))[0] == "no trip here"


def test_a_large_map_is_cut_to_the_region(here: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.own.streets.LARGE_BYTES", 0)
    osm = (here.world.region.folder / "streets.osm").read_text()
    far = '<node id="8" lat="52.3" lon="4.9" version="1"/><node id="9" lat="52.3" lon="4.91" version="1"/>'
    way = '<way id="2" version="1"><nd ref="8"/><nd ref="9"/><tag k="highway" v="residential"/></way>'
    text = osm.replace("<way", far + "<way", 1).replace("</osm>", way + "</osm>")
    found = checked(here, brought(write(here.folder / "raw", text), "streets", "nl.osm"))
    (layer,) = found.layers
    assert layer.after == layer.before == {"junctions": 0, "kilometres": 4}
    assert found.prepared is not None
    assert [path.name for path in found.prepared.folder.iterdir()] == ["own-nl.osm.pbf"]


# ---- Together


def test_one_wrong_file_of_two_makes_nothing_usable_and_is_the_one_that_is_told(here: Valley) -> None:
    right = write(here.folder / "mine.csv", services_csv(("gp", "A", "west")))
    wrong = write(here.folder / "bad.zip", b"no zip at all")
    found = checked(here, brought(right, "facilities"), brought(wrong, "timetable"))
    assert found.prepared is None
    assert {layer.layer: layer.fault is None for layer in found.layers} == {
        "facilities": True,
        "timetable": False,
    }


def test_what_is_not_replaced_stays_to_the_number(here: Valley) -> None:
    file = write(here.folder / "mine.csv", services_csv(("gp", "A", "west")))
    world = made(here, checked(here, brought(file, "facilities")), title='Valley "two"')
    old = here.world
    assert world.region.title == 'Valley "two"'
    assert world.places.id == old.places.id
    assert np.array_equal(world.places.inhabitants_by_age, old.places.inhabitants_by_age)
    assert world.network.service.timetable.trips.id == old.network.service.timetable.trips.id
    assert world.digest != old.digest
    origins = {source.layer: source.file for source in world.region.layers}
    assert origins == {
        "streets": "streets.osm",
        "timetable": "timetable.zip",
        "places": "places.csv",
        "facilities": "own-facilities.csv",
    }


def test_an_own_region_can_be_the_base_of_another(here: Valley) -> None:
    first = write(here.folder / "mine.csv", services_csv(("gp", "A", "west")))
    world = made(here, checked(here, brought(first, "facilities")))
    timetable = feed(here.folder / "mine.zip", (WEST, EAST), ("20261006",))
    second = Valley(here.folder / "again", world)
    second.folder.mkdir()
    both = made(second, checked(second, brought(timetable, "timetable")))
    assert both.facilities.name == ("A",)
    assert len(both.network.service.timetable.trips.id) == 2


def test_services_are_added_and_the_ready_region_has_both(here: Valley) -> None:
    # One GP stands where that of the valley does, and one in West; a pharmacy is a new kind.
    text = services_csv(("gp", "Twin", "mid"), ("gp", "New", "west"), ("pharmacy", "Pills", "east"))
    found = checked(here, brought(write(here.folder / "mine.csv", text), "facilities", adds=True))
    (layer,) = found.layers
    assert layer.before == {"services": 2, "gp": 1, "supermarket": 1}
    assert layer.after == {"services": 5, "gp": 3, "pharmacy": 1, "supermarket": 1}
    assert layer.added == {"services": 3, "gp": 2, "pharmacy": 1}
    (twice,) = (one for one in layer.report.findings if one.action == "kept")
    assert (twice.what, twice.examples) == (
        "services of which the region has one of that kind within 150 m: both count",
        ("Twin",),
    )
    world = made(here, found)
    assert world.facilities.name == (*here.world.facilities.name, "Twin", "New", "Pills")
    assert [source.file for source in world.region.layer("facilities")] == [
        "facilities.csv",
        "own-facilities.csv",
    ]
    assert twice in world.report.findings


def test_what_was_added_can_be_added_to_with_ids_of_its_own(here: Valley) -> None:
    text = services_csv(("gp", "A", "west"))
    world = made(here, checked(here, brought(write(here.folder / "a.csv", text), "facilities", adds=True)))
    second = Valley(here.folder / "again", world)
    second.folder.mkdir()
    more = services_csv(("gp", "B", "east"))
    found = checked(second, brought(write(second.folder / "b.csv", more), "facilities", adds=True))
    # Both files are without ids, so that both first rows would be called alike.
    assert "ids that the region has already, with a number behind them" in whats(found.layers[0].report)
    both = made(second, found)
    assert both.facilities.name == (*here.world.facilities.name, "A", "B")
    assert both.facilities.id[-2:] == ("own-gp-1", "own-gp-1-2")
    assert [source.file for source in both.region.layer("facilities")] == [
        "facilities.csv", "own-facilities.csv", "own-facilities-2.csv",
    ]  # fmt: skip


def test_places_are_added_with_their_inhabitants(here: Valley) -> None:
    lon, lat = lonlat("mid")
    rows = f"name,lon,lat,inhabitants\nTwin,{lon},{lat},50\nNew,{lon + 0.008},{lat},7\n"  # 540 m east of it
    found = checked(here, brought(write(here.folder / "mine.csv", rows), "places", adds=True))
    (layer,) = found.layers
    assert layer.after["inhabitants"] == layer.before["inhabitants"] + 57
    assert layer.added == {"places": 2, "inhabitants": 57}
    told = {one.what: one.examples for one in layer.report.findings if one.action == "kept"}
    assert told == {
        "places that lie within 500 m of one of the region: the inhabitants of both count": ("Twin",)
    }
    world = made(here, found)
    assert world.places.name == (*here.world.places.name, "Twin", "New")


def test_a_timetable_is_added_and_lines_that_run_already_are_told(here: Valley) -> None:
    old = here.world.network.service.timetable
    file = feed(here.folder / "mine.zip", (WEST, EAST), ("20261006",))
    found = checked(here, brought(file, "timetable", adds=True))
    (layer,) = found.layers
    assert layer.added == {"lines": 1, "stops": 2, "trips": 2}
    assert layer.after["trips"] == layer.before["trips"] + 2
    world = made(here, found)
    assert len(world.network.service.timetable.trips.id) == len(old.trips.id) + 2
    # The same file once more: its line 9 runs along the same stops already.
    second = Valley(here.folder / "again", world)
    second.folder.mkdir()
    again = checked(second, brought(file, "timetable", adds=True))
    (twice,) = (one for one in again.layers[0].report.findings if one.what.startswith("lines of which"))
    assert twice.examples == ("9",)
    assert again.prepared is not None
    assert [file for _, file in again.prepared.files] == ["own-mine-2.zip"]


def test_services_are_added_to_those_of_the_map(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    toml = (folder / "region.toml").read_text()
    start = toml.index('[[layer]]\nname = "facilities"')
    end = toml.find("[[layer]]", start + 1)
    (folder / "region.toml").write_text(toml[:start] + (toml[end:] if end > 0 else ""))
    here = Valley(tmp_path, open_world(folder, lambda _step, _share: None))
    text = services_csv(("gp", "New", "west"))
    found = checked(here, brought(write(tmp_path / "mine.csv", text), "facilities", adds=True))
    world = made(here, found)
    assert world.facilities.name == (*here.world.facilities.name, "New")
    assert [source.file for source in world.region.layer("facilities")] == [
        "streets.osm",
        "own-facilities.csv",
    ]


def test_one_id_in_two_tables_of_a_layer_is_refused_with_both_files(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (folder / "more.csv").write_bytes((folder / "facilities.csv").read_bytes())
    with (folder / "region.toml").open("a") as toml:
        toml.write(
            '\n[[layer]]\nname = "facilities"\nfile = "more.csv"\norigin = "observed"\nsource = "s"\n'
            'date = "2026"\nlicence = "CC0"\n'
        )
    with pytest.raises(
        InputError, match=r"more\.csv: 2 ids stand in facilities\.csv as well, for example 'gp-0'"
    ):
        open_world(folder, lambda _step, _share: None)


def test_generated_layers_stay_generated_and_the_replaced_one_is_told_of_no_more(tmp_path: Path) -> None:
    name = embedded_regions()[0]
    old = open_world(name, lambda _step, _share: None)
    of = Valley(tmp_path, old)
    rows = "kind,name,lon,lat\ngp,Exloo,6.8665,52.8815\nsupermarket,Valthe,6.8973,52.8475\n"
    found = checked(of, brought(write(tmp_path / "mine.csv", rows), "facilities"))
    world = made(of, found)
    assert world.facilities.name == ("Exloo", "Valthe")
    assert world.grid is not None
    assert world.places.inhabitants.sum() == old.places.inhabitants.sum()
    assert len(world.network.service.timetable.trips.id) == len(old.network.service.timetable.trips.id)
    assert world.region.on_demand == old.region.on_demand
    # The generator placed the facilities of the region by a rule; those of the file it did not.
    told = {(one.layer, one.what) for one in world.report.findings}
    assert ("facilities", "facility placed by a rule") not in told
    assert ("facilities", "facility placed by a rule") in {
        (one.layer, one.what) for one in old.report.findings
    }
    assert any(layer == "streets" for layer, _ in told)
    # Beside a file that is added the generated layer stays, and so does what is told of it.
    added = checked(of, brought(tmp_path / "mine.csv", "facilities", adds=True), out="added")
    assert added.prepared is not None
    folder = tmp_path / "both"
    folder.mkdir()
    fill_own_folder(old.region, added.prepared, "Both", folder)
    sources = load_region(folder).layer("facilities")
    assert [(source.file, source.generated) for source in sources] == [
        ("facilities.csv", True), ("own-facilities.csv", False),
    ]  # fmt: skip
    assert added.layers[0].after["services"] == len(old.facilities.id) + 2
    assert load_region(name).layer("facilities")[0].generated


def test_places_that_do_not_fit_the_cells_go_without_them(tmp_path: Path) -> None:
    name = embedded_regions()[0]
    of = Valley(tmp_path, open_world(name, lambda _step, _share: None))
    rows = "name,inhabitants,lon,lat\nExloo,1600,6.8665,52.8815\n"
    found = checked(of, brought(write(tmp_path / "mine.csv", rows), "places"))
    assert found.prepared is not None
    assert found.prepared.gone == ("population",)
    folder = tmp_path / "whole"
    folder.mkdir()
    fill_own_folder(of.world.region, found.prepared, "Exloo", folder)
    region = load_region(folder)
    assert not region.layer("population")
    assert not (folder / "population.toml").exists()  # a forecast for other places


@pytest.mark.skipif(not (SHARED / "newport").is_dir(), reason="no real map and timetable at hand")
def test_a_real_map_and_a_real_timetable(tmp_path: Path) -> None:
    # The base is Newport by its map alone; a map of Heidelberg belongs elsewhere.
    folder = tmp_path / "base"
    folder.mkdir()
    pbf = SHARED / "newport" / "newport-2023-06-13.osm.pbf"
    (folder / "streets.osm.pbf").symlink_to(pbf)
    (folder / "region.toml").write_text(
        'title = "Newport"\ncrs = "EPSG:27700"\nservice_date = 2026-10-06\nwindow = ["09:00", "10:00"]\n\n'
        '[[layer]]\nname = "streets"\nfile = "streets.osm.pbf"\norigin = "observed"\nsource = "OpenStreetMap"\n'
        'date = "2023"\nlicence = "ODbL"\n'
    )
    of = Valley(tmp_path, open_world(folder, lambda _step, _share: None))
    gtfs = SHARED / "newport" / "newport-20230613_gtfs.zip"
    late = checked(of, brought(gtfs, "timetable"))
    days = late.layers[0].days
    assert days is not None
    assert (days.first, days.last) == (date(2023, 6, 5), date(2024, 3, 1))
    assert days.usual.weekday() == 1  # a Tuesday, as the service day of the region is
    strange = checked(of, brought(SHARED / "heidelberg" / "heidelberg.test.pbf", "streets"), out="strange")
    assert fault(strange)[0] == "elsewhere"
    found = checked(
        of, brought(gtfs, "timetable"), brought(pbf, "streets"), day=date(2023, 6, 13), out="found"
    )
    counts = {layer.layer: layer.after for layer in found.layers}
    assert counts["timetable"]["trips"] > 100  # 176 trips in the feed, nearly all on a weekday
    assert counts["streets"]["junctions"] > 1_000
    world = made(of, found)
    assert world.region.service_date == date(2023, 6, 13)
    assert len(world.network.service.timetable.trips.id) == counts["timetable"]["trips"]
