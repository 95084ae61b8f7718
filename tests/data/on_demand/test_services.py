"""Services that run when they are ordered: what region.toml and GTFS-Flex say, and timetables that only look like one."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.build_report import BuildReport
from data.errors import InputError, RegionError
from data.gtfs.timetable import read_timetable
from data.on_demand.gtfs_flex import Flex, FlexAssumptions, read_flex
from data.on_demand.region_toml import read_on_demand
from data.on_demand.rules import parse_on_demand
from data.on_demand.services import (
    NO_LIMIT_M,
    Area,
    OnDemand,
    Pole,
    from_json,
    looks_on_demand,
    to_json,
    within,
)
from data.outlines import Outline
from data.study_area.public_transport import read_public_transport
from data.study_area.region_toml import load_region
from data.timetable import Stops, Timetable
from support.files import SHARED
from support.toys.networks import NO_RULES, clock, run, trips

TUESDAY = dt.date(2026, 10, 6)
HOUR = 3600


def square(west: float, south: float, size: float) -> tuple[tuple[float, float], ...]:
    east, north = west + size, south + size
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


RULES: dict[str, Any] = {
    "id": "taxi",
    "name": "Taxi",
    "area": {"outlines": ["Valley"]},
    "hours": "Mo-Fr 07:00-19:00",
    "lead_s": 3600,
    "margin_s": 600,
    "min_m": 3000,
    "max_m": 15000,
    "detour": 1.5,
    "source": "made by hand",
    "date": "2026",
    "assumed": ["detour"],
}
VALLEY = Outline("Valley", (square(6.0, 52.0, 1.0), square(6.4, 52.4, 0.2)))
"""With a hole in the middle."""
NO_STOPS = Stops((), (), np.empty(0, np.int32), np.empty(0), np.empty(0))
THREE = Stops(
    ("a", "b", "c"),
    ("Aa", "Bee", "Cee"),
    np.arange(3, dtype=np.int32),
    np.array([6.1, 6.5, 8.0]),
    np.full(3, 52.5),
)


def parse(*rows: dict[str, Any]) -> tuple[Any, ...]:
    return parse_on_demand(Path("region.toml"), list(rows), TUESDAY)


def read(
    folder: Path, *rows: dict[str, Any], stops: Stops = NO_STOPS
) -> tuple[tuple[OnDemand, ...], BuildReport]:
    return read_on_demand(parse(*rows), folder, [VALLEY], stops, TUESDAY)


# --- areas -----------------------------------------------------------------------------------------------------------


def test_a_hole_is_outside_and_an_edge_inside() -> None:
    lon_deg = np.array([6.1, 6.5, 6.0, 5.9, 6.39])
    lat_deg = np.array([52.1, 52.5, 52.3, 52.5, 52.5])
    # In the zone; in its hole; on its western edge; west of it; just beside the hole.
    assert within((VALLEY.rings,), lon_deg, lat_deg).tolist() == [True, False, True, False, True]


def test_zones_that_overlap_do_not_cancel_each_other() -> None:
    zones = ((square(6.0, 52.0, 1.0),), (square(6.5, 52.5, 1.0),))
    assert within(zones, np.array([6.7]), np.array([52.7])).tolist() == [True]


def test_an_area_is_doors_or_stops_never_both_nor_neither() -> None:
    for outlines, stops in (((), ()), (((square(6, 52, 1),),), (Pole("Aa", 6.1, 52.1),))):
        with pytest.raises(ValueError, match="either outlines or stops"):
            Area(outlines, stops)


# --- region.toml -----------------------------------------------------------------------------------------------------


def test_a_service_of_region_toml_and_back_from_json(tmp_path: Path) -> None:
    (service,), report = read(tmp_path, RULES)
    zone = Area(outlines=(VALLEY.rings,))
    assert (service.pickup, service.dropoff) == (zone, zone)
    assert service.periods == ((7 * HOUR, 19 * HOUR),)
    assert (service.lead_s, service.margin_s, service.min_m, service.max_m) == (3600, 600, 3000, 15000)
    assert [(found.action, found.examples) for found in report.findings] == [("assumed", ("taxi: detour",))]
    assert from_json(to_json((service,))) == (service,)


def test_stops_of_the_timetable_are_those_in_the_zone(tmp_path: Path) -> None:
    # Aa lies in the zone, Bee in its hole, Cee far east.
    (service,), _ = read(
        tmp_path, RULES | {"area": {"outlines": ["Valley"], "stops": "timetable"}}, stops=THREE
    )
    assert service.pickup == Area(stops=(Pole("Aa", 6.1, 52.5),))
    (service,), _ = read(tmp_path, RULES | {"area": {"stops": "timetable"}}, stops=THREE)
    assert [pole.name for pole in service.pickup.stops] == ["Aa", "Bee", "Cee"]


def test_from_doors_to_the_stops_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "hubs.csv").write_text("id,lon,lat\nhub,6.2,52.2\n")
    row = {name: value for name, value in RULES.items() if name != "area"}
    row |= {"pickup": {"outlines": ["Valley"]}, "dropoff": {"stops_file": "hubs.csv"}}
    (service,), _ = read(tmp_path, row)
    assert service.pickup == Area(outlines=(VALLEY.rings,))
    assert service.dropoff == Area(stops=(Pole("hub", 6.2, 52.2),))


def test_a_service_without_hours_on_the_day_is_left_out_and_counted(tmp_path: Path) -> None:
    services, report = read(tmp_path, RULES | {"hours": "Sa-Su 07:00-19:00"}, RULES | {"id": "other"})
    assert [service.id for service in services] == ["other"]
    assert report.findings[0].what == "services without hours on 2026-10-06"
    assert report.findings[0].examples == ("taxi",)


def test_all_mistakes_of_all_services_are_told_at_once() -> None:
    wrong = RULES | {
        "lead_s": -1,
        "margin_s": "ten",
        "min_m": 20_000,
        "detour": float("inf"),
        "hours": "when needed",
        "assumed": ["name"],
        "colour": "red",
        "date": dt.datetime(2018, 5, 26, 9),  # noqa: DTZ001 -- as TOML gives a date with a time
        "area": {"outlines": ["Valley"], "file": "zone.geojson", "stops": "all", "radius": 5},
    }
    del wrong["source"]
    nowhere = {name: value for name, value in RULES.items() if name != "area"} | {"max_m": True}
    with pytest.raises(RegionError) as error:
        parse(wrong, nowhere, RULES | {"area": {}})
    for fault in (
        "on_demand 1 (taxi): the field 'source' is missing",
        "there is no field 'colour'",
        "'date' has the value datetime.datetime(2018, 5, 26, 9, 0), which is of the wrong type",
        "'margin_s' has the value 'ten', which is of the wrong type",
        "'lead_s' is -1, it must be a number from 0 to 2678400",
        "'detour' is inf",
        "max_m 15000 is less than min_m 20000",
        "the hours 'when needed' cannot be read",
        "assumed names 'name'",
        "'area' has no field 'radius'",
        "the stops of 'area' are 'all'",
        "'area' has outlines and a file",
        "on_demand 2 (taxi): 'max_m' has the value True, which is of the wrong type",
        "on_demand 2 (taxi): it needs either an area, or a pickup and a dropoff",
        "on_demand 3 (taxi): 'area' says nothing",
        "the id 'taxi' is used more than once",
    ):
        assert fault in str(error.value)


def test_an_id_that_is_a_list_is_told_with_its_service() -> None:
    with pytest.raises(
        RegionError, match=r"region\.toml.*'id' has the value \['a'\], which is of the wrong type"
    ):
        parse({"id": ["a"]}, {"id": ["a"]})


def test_what_is_no_table_is_refused() -> None:
    nonsense: tuple[object, ...] = ([], {}, "taxi", [5])
    for rows in nonsense:
        with pytest.raises(RegionError, match=r"one or more \[\[on_demand\]\] tables"):
            parse_on_demand(Path("region.toml"), rows, TUESDAY)


def test_unknown_outlines_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"does not have: Dale, Hill\. It has Valley"):
        read(tmp_path, RULES | {"area": {"outlines": ["Hill", "Valley", "Dale"]}})


def test_a_zone_without_stops_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'taxi' has no stop in its zone"):
        read(tmp_path, RULES | {"area": {"outlines": ["Valley"], "stops": "timetable"}})


def test_the_hub_taxi_of_the_embedded_region_says_what_is_assumed() -> None:
    (hubtaxi,) = load_region("zuid-oost-drenthe").on_demand
    # Published: two hours ahead, not below 3 km, public fare up to 15 km. Assumed: hours, margin, detour, outlines.
    assert (hubtaxi.lead_s, hubtaxi.min_m, hubtaxi.max_m) == (7200, 3000, 15_000)
    assert hubtaxi.assumed == ("area", "hours", "margin_s", "detour")
    assert "Hardenberg" not in hubtaxi.pickup.outlines  # in Overijssel


# --- GTFS-Flex -------------------------------------------------------------------------------------------------------

FLEX_TIMES = (
    "trip_id,stop_sequence,stop_id,location_id,location_group_id,start_pickup_drop_off_window,"
    "end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id,arrival_time,departure_time"
)
FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nQ,Q,https://example.org,Europe/Amsterdam\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Aa,52.5,6.1\nB,Bee,52.5,6.2\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,Q,Ruf,3\n",
    "trips.txt": "trip_id,route_id,service_id,safe_duration_factor,safe_duration_offset\nT,R,WK,1.5,600\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WK,1,1,1,1,1,0,0,20260101,20261231\n"
    ),
    "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day\nhour,1,60,\nday,2,,2\nnow,0,,\n",
    "location_group_stops.txt": "location_group_id,stop_id\ng,A\ng,B\n",
    "locations.geojson": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "id": "zone",
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Polygon", "coordinates": VALLEY.rings},
                }
            ],
        }
    ),
}
IN_ZONE = "T,1,,zone,,08:00:00,18:00:00,2,1,hour,,\nT,2,,zone,,08:00:00,18:00:00,1,2,hour,,"


def feed(folder: Path, times: str = IN_ZONE, **tables: str) -> Path:
    path = folder / "feed"
    path.mkdir()
    others = {name.replace("__", "."): text for name, text in tables.items()}
    for name, text in {**FEED, "stop_times.txt": f"{FLEX_TIMES}\n{times}\n", **others}.items():
        (path / name).write_text(text)
    return path


def flex(path: Path, day: dt.date = TUESDAY) -> Flex:
    return read_flex(path, day, FlexAssumptions())


def test_a_zone_of_a_feed_with_all_its_rules(tmp_path: Path) -> None:
    found = flex(feed(tmp_path))
    zone = Area(outlines=(VALLEY.rings,))
    assert found.services == (
        OnDemand(
            id="T:1-2",
            name="Ruf",
            pickup=zone,
            dropoff=zone,
            hours="08:00-18:00",
            periods=((8 * HOUR, 18 * HOUR),),
            lead_s=3600,
            margin_s=600,
            min_m=0,
            max_m=NO_LIMIT_M,
            detour=1.5,
            source="feed",
            date="",
        ),
    )
    assert not found.has_timetable
    assert found.report == BuildReport()


@pytest.mark.parametrize(
    ("rule", "lead_s"),
    [("hour", 3600), ("now", 0), ("day", 2 * 86_400)],
)
def test_a_booking_rule_is_the_time_from_ordering_to_riding(tmp_path: Path, rule: str, lead_s: int) -> None:
    (service,) = flex(feed(tmp_path, IN_ZONE.replace("hour", rule))).services
    assert service.lead_s == lead_s
    assert service.assumed == ()


def test_what_the_feed_does_not_say_is_assumed_and_counted(tmp_path: Path) -> None:
    trips_txt = "trip_id,route_id,service_id\nT,R,WK\n"
    found = flex(feed(tmp_path, IN_ZONE.replace("hour", ""), trips__txt=trips_txt))
    (service,) = found.services
    assert (service.lead_s, service.margin_s, service.detour) == (0, 900, 1.3)
    assert service.assumed == ("lead_s", "detour", "margin_s")
    assert found.report.findings[0].count == 3


@pytest.mark.parametrize(
    ("times", "tables"),
    [
        ("T,1,,,g,08:00:00,18:00:00,2,1,hour,,\nT,2,,,g,08:00:00,18:00:00,1,2,hour,,", {}),
        # Before 2024 such a group was an area, named in the place of a stop.
        (
            "T,1,g,,,08:00:00,18:00:00,2,1,hour,,\nT,2,g,,,08:00:00,18:00:00,1,2,hour,,",
            {
                "stop_areas__txt": "area_id,stop_id\ng,A\ng,B\n",
                "location_group_stops__txt": "location_group_id\n",
            },
        ),
    ],
)
def test_a_group_of_stops(tmp_path: Path, times: str, tables: dict[str, str]) -> None:
    (service,) = flex(feed(tmp_path, times, **tables)).services
    assert service.pickup == service.dropoff == Area(stops=(Pole("Aa", 6.1, 52.5), Pole("Bee", 6.2, 52.5)))


def test_trips_that_differ_in_their_hours_are_one_service(tmp_path: Path) -> None:
    trips_txt = "trip_id,route_id,service_id\nT,R,WK\nU,R,WK\n"
    afternoon = IN_ZONE.replace("T,", "U,").replace("08:00:00,18", "20:00:00,26")
    (service,) = flex(feed(tmp_path, f"{IN_ZONE}\n{afternoon}", trips__txt=trips_txt)).services
    # Monday's hours last until 2:00 on Tuesday morning.
    assert service.periods == ((-4 * HOUR, 2 * HOUR), (8 * HOUR, 18 * HOUR), (20 * HOUR, 26 * HOUR))
    assert service.hours == "00:00-02:00, 08:00-18:00, 20:00-26:00"


def test_other_days_have_no_service(tmp_path: Path) -> None:
    dates = {"calendar_dates__txt": "service_id,date,exception_type\nWK,20261007,2\nWK,20261010,1\n"}
    path = feed(tmp_path, **dates)
    # The Wednesday is taken out, the Saturday put in, the Sunday never had any.
    days = [dt.date(2026, 10, day) for day in (6, 7, 10, 11)]
    assert [len(flex(path, day).services) for day in days] == [1, 0, 1, 0]


def test_what_cannot_be_used_is_counted(tmp_path: Path) -> None:
    trips_txt = "trip_id,route_id,service_id\n" + "".join(f"{trip},R,WK\n" for trip in "TUVW")
    times = (
        f"{IN_ZONE}\n"
        "U,1,,zone,,08:00:00,18:00:00,2,1,hour,,\nU,2,A,,,,,0,0,,9:00:00,9:00:00\n"  # also stops at Aa at nine
        "V,1,,zone,,08:00:00,18:00:00,2,2,hour,,\n"  # a single call
        "W,1,,zone,,08:00:00,18:00:00,2,2,hour,,\nW,2,,elsewhere,,08:00:00,18:00:00,2,2,hour,,"
    )
    found = flex(feed(tmp_path, times, trips__txt=trips_txt))
    assert len(found.services) == 1
    assert found.has_timetable
    assert {
        finding.what: finding.examples for finding in found.report.findings if finding.action == "dropped"
    } == {
        "trips with fixed times, of which the calls to book are left out": ("U",),
        "booked trips that one cannot both board and leave": ("V",),
        "zones and stops of booked trips that the feed lacks": ("W: elsewhere",),
    }


def test_all_mistakes_of_a_feed_are_told_at_once(tmp_path: Path) -> None:
    path = feed(
        tmp_path,
        IN_ZONE.replace("T,2,,zone,,08:00:00", "T,2,,zone,,eight").replace("hour", "day"),
        locations__geojson="{}",
    )
    with pytest.raises(InputError) as error:
        flex(path)
    assert "stop_times.txt row 3 has no window" in str(error.value)
    assert "locations.geojson is no collection of polygons" in str(error.value)


def test_an_unreadable_position_of_a_stop_is_told(tmp_path: Path) -> None:
    path = feed(tmp_path, stops__txt="stop_id,stop_name,stop_lat,stop_lon\nA,Aa,52.9 N,6.7\n")
    with pytest.raises(InputError, match=r"stops.txt row 2 has a position that is no number"):
        flex(path)


def test_an_unreadable_number_of_a_booking_rule_is_told(tmp_path: Path) -> None:
    path = feed(tmp_path, booking_rules__txt=FEED["booking_rules.txt"].replace("60", "-60"))
    with pytest.raises(InputError, match="prior_notice_duration_min of T is '-60'"):
        flex(path)


def test_a_feed_of_booked_trips_alone_is_no_timetable_and_no_mistake(tmp_path: Path) -> None:
    transport = read_public_transport([feed(tmp_path)], TUESDAY)
    assert len(transport.timetable.trips.id) == 0
    assert [service.name for service in transport.on_demand] == ["Ruf"]


def test_a_zip_with_a_folder_in_it_reads_the_same(tmp_path: Path) -> None:
    folder = feed(tmp_path)
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            # As a spreadsheet saves it: with a mark in front, and spaces around.
            text = file.read_text().replace("trip_id,", " trip_id ,", 1)
            archive.writestr(f"inner/{file.name}", text.encode("utf-8-sig"))
    inside = tmp_path / "outer"
    inside.mkdir()
    folder.rename(inside / "feed")
    expected = flex(inside / "feed").services[0]
    for path in (tmp_path / "feed.zip", inside):
        assert flex(path).services == (replace(expected, source=path.name),)


def test_a_feed_with_both_has_both_and_neither_twice(tmp_path: Path) -> None:
    trips_txt = FEED["trips.txt"] + "F,R,WK,,\n"
    fixed = "F,1,A,,,,,0,0,,9:00:00,9:00:00\nF,2,B,,,,,0,0,,9:10:00,9:10:00"
    transport = read_public_transport([feed(tmp_path, f"{IN_ZONE}\n{fixed}", trips__txt=trips_txt)], TUESDAY)
    assert transport.timetable.trips.id == ("F",)
    assert len(transport.on_demand) == 1


# --- timetables that look on demand ----------------------------------------------------------------------------------


def timetable(n_stops: int, pairs: list[tuple[int, int]]) -> Timetable:
    """A trip from the first stop of each pair to the second."""
    runs = [run((start, "8:00"), (end, "8:10")) for start, end in pairs]
    names = tuple(f"s{stop}" for stop in range(n_stops))
    places = np.arange(n_stops, dtype=np.float64) / 100
    stops = Stops(names, names, np.arange(n_stops, dtype=np.int32), 6 + places, 52 + places)
    return Timetable("2026-10-06", stops, trips(runs), NO_RULES)


def every_pair(stops: range) -> list[tuple[int, int]]:
    return list(itertools.permutations(stops, 2))


def test_every_stop_to_every_stop_is_told_beside_ordinary_lines() -> None:
    shuttles = [(7, 8), (8, 7), (8, 9)]
    report = looks_on_demand(timetable(10, every_pair(range(6)) + shuttles))
    (found,) = report.findings
    assert (found.action, found.count) == ("kept", 6)
    assert "group of 6" in found.what
    assert found.examples == ("s0", "s1", "s2", "s3", "s4")


def test_four_stops_are_too_few_and_five_enough() -> None:
    assert looks_on_demand(timetable(4, every_pair(range(4)))) == BuildReport()
    assert len(looks_on_demand(timetable(5, every_pair(range(5)))).findings) == 1


def test_nearly_every_pair_is_enough_and_one_way_is_not() -> None:
    pairs = every_pair(range(6))
    # Each of six stops has five others; 80 % are four: a missing ring of six pairs leaves each with four.
    ring = [(stop, (stop + 1) % 6) for stop in range(6)]
    assert len(looks_on_demand(timetable(6, [pair for pair in pairs if pair not in ring])).findings) == 1
    # Only from lower to higher numbers: nobody comes back, as on a line with express runs.
    assert looks_on_demand(timetable(6, [pair for pair in pairs if pair[0] < pair[1]])) == BuildReport()


def test_two_groups_are_two_findings_even_with_a_link() -> None:
    report = looks_on_demand(
        timetable(12, every_pair(range(6)) + every_pair(range(6, 12)) + [(0, 6), (6, 0)])
    )
    assert [found.count for found in report.findings] == [6, 6]


def test_a_line_with_stops_in_between_is_a_line() -> None:
    # Every stop is connected with every other, by one line there and back.
    there = run(*((stop, f"8:{10 + stop}") for stop in range(6)))
    back = run(*((stop, f"9:{30 - stop}") for stop in reversed(range(6))))
    line = replace(timetable(6, [(0, 1)]), trips=trips([there, back]))
    assert looks_on_demand(line) == BuildReport()
    assert clock("8:10") == there[0][1]


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared test data")
@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("newport/newport-20230613_gtfs.zip", dt.date(2023, 6, 13)),
        ("heidelberg/vrn_gtfs_cut.zip", dt.date(2022, 6, 14)),
    ],
)
def test_real_timetables_do_not_look_on_demand(file: str, day: dt.date) -> None:
    real, _ = read_timetable([SHARED / file], day)
    assert looks_on_demand(real) == BuildReport()


# --- GTFS-Flex, damaged ----------------------------------------------------------------------------------------------


def test_a_damaged_zip_is_told_by_its_name(tmp_path: Path) -> None:
    folder = feed(tmp_path)
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    content = (tmp_path / "feed.zip").read_bytes()
    at = content.index(b"booking_rules.txt") + 40  # in what is stored under that name
    (tmp_path / "feed.zip").write_bytes(content[:at] + b"?" + content[at + 1 :])
    with pytest.raises(
        InputError, match=r"feed\.zip is not a zip file, or a damaged one .*booking_rules.*Download it"
    ):
        flex(tmp_path / "feed.zip")


@pytest.mark.parametrize(
    ("table", "damage", "says"),
    [
        (
            "trips.txt",
            lambda text: text.replace("T,R", "T\u00e9,R").encode("cp1252"),
            "trips.txt is not text in UTF-8",
        ),
        (
            "stop_times.txt",
            lambda text: text.replace("\n", "\r").encode(),
            "stop_times.txt ends its lines with carriage",
        ),
        (
            "calendar.txt",
            lambda text: text.replace("start_date", "begin").encode(),
            "calendar.txt lacks start_date; it has",
        ),
        (
            "trips.txt",
            lambda text: text.replace("trip_id", "id").encode(),
            "trips.txt lacks trip_id; it has id, route_id",
        ),
        (
            "stops.txt",
            lambda text: text.replace("52.5", "Infinity", 1).encode(),
            "stops.txt row 2 has a position",
        ),
        (
            "stops.txt",
            lambda text: text.replace("52.5", "1e20", 1).encode(),
            "stops.txt row 2 has a position",
        ),
        (
            "locations.geojson",
            lambda text: text.replace("[", "[" * 5000, 1).encode(),
            "locations.geojson is no collection",
        ),
        ("locations.geojson", lambda _text: b"\xff", "locations.geojson is no collection"),
    ],
)
def test_each_table_is_checked_where_it_is_read(
    table: str, damage: Callable[[str], bytes], says: str, tmp_path: Path
) -> None:
    folder = feed(tmp_path)
    (folder / table).write_bytes(damage((folder / table).read_text()))
    with pytest.raises(InputError) as error:
        flex(folder)
    assert str(error.value).startswith("feed: ")
    assert says in str(error.value)


def test_a_row_without_the_last_values_has_blanks_there(tmp_path: Path) -> None:
    short = IN_ZONE.replace("1,2,hour,,", "1,2,hour").replace("2,1,hour,,", "2,1,hour")
    assert flex(feed(tmp_path, short)).services[0].name == "Ruf"


def test_a_blank_trip_id_beside_booked_trips_is_no_trip(tmp_path: Path) -> None:
    fixed = ",1,A,,,,,0,0,,9:00:00,9:00:00\nF,1,A,,,,,0,0,,9:00:00,9:00:00\nF,2,B,,,,,0,0,,9:10:00,9:10:00"
    blank = IN_ZONE.replace("T,2,", ",2,")
    trips_txt = FEED["trips.txt"] + "F,R,WK,,\n"
    transport = read_public_transport([feed(tmp_path, f"{blank}\n{fixed}", trips__txt=trips_txt)], TUESDAY)
    assert transport.timetable.trips.id == ("F",)
