"""Timetables of mapped routes, on a line of four stops that fits on one screen.

    Aa (node 1) ── 1,113 m ── Bee (2) ── 1,113 m ── Cee (3) ── 1,113 m ── Dee (4)

The stops lie 0.01 degrees of latitude apart; the day asked for is Tuesday 6 October 2026.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from data.build_report import BuildReport
from data.clock import span_s
from data.errors import InputError
from data.on_demand.periods import service_periods
from data.opening_hours.holidays import DUTCH_NORTH
from data.osm.routes_times import RouteAssumptions, Stretch, conditional_headways, stretches
from data.osm.routes_timetable import read_osm_timetable
from data.timetable import Timetable
from support.files import SHARED

TUESDAY = dt.date(2026, 10, 6)
HOUR = 3600
STOPS = "".join(
    f'<node id="{number}" lon="6.8" lat="{52.8 + number / 100}"><tag k="name" v="{name}"/></node>'
    for number, name in enumerate(("Aa", "Bee", "Cee", "Dee"), start=1)
)


def tags(**values: str) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in values.items())


def route(number: int, members: str, **values: str) -> str:
    """Relation whose members are written "1 2 3/role 4"; a stop by default."""
    lines = ""
    for member in members.split():
        ref, _, role = member.partition("/")
        kind = {"w": "way", "r": "relation"}.get(ref[0], "node")
        lines += f'<member type="{kind}" ref="{ref.strip("wr")}" role="{role or "stop"}"/>'
    own = {"type": "route", "route": "bus", "public_transport__version": "2"} | values
    return f'<relation id="{number}">{lines}{tags(**own)}</relation>'


def read(tmp_path: Path, *parts: str, nodes: str = STOPS) -> tuple[Timetable, BuildReport]:
    path = tmp_path / "town.osm"
    path.write_text(f'<osm version="0.6">{nodes}{"".join(parts)}</osm>')
    return read_osm_timetable(path, TUESDAY, RouteAssumptions())


def runs(timetable: Timetable) -> dict[str, list[tuple[str, int, int]]]:
    """Per trip its calls: name of the stop, arrival and departure."""
    trips = timetable.trips
    found = {}
    for trip, name in enumerate(trips.id):
        calls = range(trips.call_offset[trip], trips.call_offset[trip + 1])
        found[name] = [
            (
                timetable.stops.name[trips.call_stop[call]],
                int(trips.call_arrival[call]),
                int(trips.call_departure[call]),
            )
            for call in calls
        ]
    return found


def names(timetable: Timetable, trip: str) -> list[str]:
    return [stop for stop, _, _ in runs(timetable)[trip]]


def counted(report: BuildReport) -> dict[str, int]:
    return {f"{found.action} {found.what}": found.count for found in report.findings}


# --- a route with all its tags ---------------------------------------------------------------------------------------


def test_tags_make_a_timetable_with_nothing_assumed_but_the_phase(tmp_path: Path) -> None:
    timetable, report = read(
        tmp_path,
        route(
            5, "1 2 3", ref="12", to="Cee", interval="30", duration="0:10", opening_hours="Mo-Fr 08:00-10:00"
        ),
    )
    # Half-hourly in two hours are four departures: 8:00, 8:30, 9:00 and 9:30, if the first leaves at once. Ten minutes
    # in all: 1,113 m at 37 km/h are 108 s, twice, and 35 s at Bee: 252 s, stretched to 600 s: in Bee after
    # 108 / 252 x 600 = 258 s, and on after 83 s.
    times = runs(timetable)
    assert list(times) == [
        f"relation/5@{clock}" for clock in ("08:00:00", "08:30:00", "09:00:00", "09:30:00")
    ]
    eight = 8 * HOUR
    (_, _, left), (_, arrived, departed), (_, end, _) = times["relation/5@08:00:00"]
    assert (left, end) == (eight, eight + 600)
    assert arrived == pytest.approx(eight + 258, abs=1)
    assert departed == pytest.approx(eight + 342, abs=1)
    assert timetable.service_date == "2026-10-06"
    assert set(timetable.trips.route) == {"12"}
    assert set(timetable.trips.headsign) == {"Cee"}
    assert counted(report) == {
        "assumed trips made up from the map at even headways: their times are drawn, several ways": 4
    }


def test_only_the_headway_of_a_mapped_line_is_known_never_its_minutes(tmp_path: Path) -> None:
    timetable, _ = read(tmp_path, route(5, "1 2", interval="30", opening_hours="Mo-Fr 08:00-09:00"))
    headways = timetable.trips.headways
    # Both runs of the hour come earlier or later together, half an hour apart, and none starts at nine or later.
    assert headways.trip.tolist() == [0, 1]
    assert headways.group == ("relation/5@08:00:00",) * 2
    assert headways.headway_s.tolist() == [1800, 1800]
    assert headways.end.tolist() == [9 * HOUR, 9 * HOUR]


def test_without_tags_distance_and_assumptions_tell_and_each_is_reported(tmp_path: Path) -> None:
    timetable, report = read(tmp_path, route(5, "1 2 3", ref="12"))
    # From 7 to 19 every hour; 1,113 m at 37 km/h are 108 s, then 35 s at the stop.
    assert len(timetable.trips.id) == 12
    calls = runs(timetable)["relation/5@07:00:00"]
    seven = 7 * HOUR
    assert [arrival - seven for _, arrival, _ in calls] == pytest.approx([0, 108, 252], abs=1)
    assert [departure - seven for _, _, departure in calls] == pytest.approx([0, 143, 252], abs=1)
    assert counted(report) == {
        "assumed routes without opening_hours that can be read, taken to run Mo-Fr 07:00-19:00": 1,
        "assumed lines without an interval that can be read, taken to run every 60 min": 1,
        "assumed routes without a usable duration, or not whole in the file: timed by distance and stops": 1,
        "assumed trips made up from the map at even headways: their times are drawn, several ways": 12,
    }


def test_the_night_before_belongs_to_the_day_as_far_as_it_lasts(tmp_path: Path) -> None:
    timetable, _ = read(
        tmp_path, route(5, "1 2", interval="60", duration="0:30", opening_hours="Mo-Su 22:00-01:00")
    )
    # Of Monday's 22:00, 23:00 and 0:00 the first may leave as late as 23:00 and is there at 23:30: over. The second
    # may leave at midnight, the third is Tuesday's own hour; Tuesday night has three of its own, up to past midnight.
    assert list(runs(timetable)) == [
        "relation/5@23:00:00@-1",
        "relation/5@00:00:00",
        "relation/5@22:00:00",
        "relation/5@23:00:00",
        "relation/5@24:00:00",
    ]


# --- which stops, in which order -------------------------------------------------------------------------------------


def test_a_single_old_relation_is_driven_both_ways_and_says_so(tmp_path: Path) -> None:
    old = route(5, "1/stop_entry_only 2 3/stop_exit_only", ref="12", public_transport__version="1")
    timetable, report = read(tmp_path, old)
    assert names(timetable, "relation/5/forward@07:00:00") == ["Aa", "Bee", "Cee"]
    assert names(timetable, "relation/5/backward@07:00:00") == ["Cee", "Bee", "Aa"]
    # Where one only gets on ahead, one only gets off on the way back.
    trips = timetable.trips
    assert trips.id[:2] == ("relation/5/backward@07:00:00", "relation/5/forward@07:00:00")
    assert trips.call_pickup[:6].tolist() == [True, True, False, True, True, False]
    assert trips.call_dropoff[:6].tolist() == [False, True, True, False, True, True]
    assert counted(report)["assumed lines mapped in one direction only, driven in both alike"] == 1


@pytest.mark.parametrize(
    "relations",
    [
        route(5, "1 2 3", ref="12"),  # version 2: one direction by definition
        route(5, "1 2 3", ref="12", public_transport__version="1", roundtrip="yes"),
        route(5, "1 2 3 1", ref="12", public_transport__version="1"),  # a loop
    ],
)
def test_one_direction_stays_one_where_the_map_says_so(tmp_path: Path, relations: str) -> None:
    timetable, _ = read(tmp_path, relations)
    assert {trip.split("@")[0] for trip in timetable.trips.id} == {"relation/5"}


def test_two_relations_of_a_line_are_its_two_directions(tmp_path: Path) -> None:
    timetable, report = read(
        tmp_path,
        route(5, "1 2 3", ref="12", public_transport__version="1"),
        route(6, "3 2 1", ref="12", public_transport__version="1"),
    )
    assert names(timetable, "relation/5@07:00:00") == ["Aa", "Bee", "Cee"]
    assert names(timetable, "relation/6@07:00:00") == ["Cee", "Bee", "Aa"]
    assert "assumed lines mapped in one direction only, driven in both alike" not in counted(report)


@pytest.mark.parametrize(
    "members",
    [
        "1/forward_stop 2/forward_stop 3/forward_stop 3/backward_stop 2/backward_stop 1/backward_stop",
        # The stops of the way back in the order of the map instead of that of the drive.
        "1/forward_stop 2/forward_stop 3/forward_stop 1/backward_stop 2/backward_stop 3/backward_stop",
        # Numbers go before the order in the relation, and one stop may serve both ways.
        "2/forward_stop_1;backward_stop_1 3/forward_stop_2;backward_stop_0 1/forward_stop_0;backward_stop_2",
        # Bee in between for both.
        "1/forward:stop 2/stop 3/forward:stop 1/backward:stop 3/backward:stop",
    ],
)
def test_forward_and_backward_stops_in_one_relation_are_two_directions(tmp_path: Path, members: str) -> None:
    timetable, _ = read(tmp_path, route(5, members, ref="12", public_transport__version="1"))
    assert names(timetable, "relation/5/forward@07:00:00") == ["Aa", "Bee", "Cee"]
    assert names(timetable, "relation/5/backward@07:00:00") == ["Cee", "Bee", "Aa"]


def test_a_stop_mapped_as_position_and_as_platform_counts_once(tmp_path: Path) -> None:
    # Platforms 20 m beside Aa and Bee; a way as platform 4 km away has no stop position: left out, and told.
    platforms = (
        '<node id="11" lon="6.8003" lat="52.81"/><node id="12" lon="6.8003" lat="52.82"/>'
        '<node id="21" lon="6.85" lat="52.85"/><node id="22" lon="6.8501" lat="52.85"/>'
    )
    way = '<way id="7"><nd ref="21"/><nd ref="22"/></way>'
    timetable, report = read(
        tmp_path,
        way,
        route(5, "1 11/platform 2 12/platform 3 w7/platform", ref="12"),
        nodes=STOPS + platforms,
    )
    assert names(timetable, "relation/5@07:00:00") == ["Aa", "Bee", "Cee"]
    stray = "dropped stops or platforms without the other within 75 m, on a route mapped by the other"
    assert counted(report)[stray] == 1


def test_platforms_serve_where_positions_are_not_mapped_even_as_ways_and_areas(tmp_path: Path) -> None:
    nodes = STOPS + '<node id="21" lon="6.8" lat="52.9"/><node id="22" lon="6.8" lat="52.902"/>'
    way = f'<way id="7"><nd ref="21"/><nd ref="22"/>{tags(name="Eel")}</way>'
    area = (
        f'<relation id="9"><member type="way" ref="7" role="outer"/>'
        f"{tags(public_transport='platform', name='Eel station')}</relation>"
    )
    relation = route(5, "1/platform w7/platform r9/platform", ref="12")
    timetable, _ = read(tmp_path, way, relation, area, nodes=nodes)
    # The way lies in the middle of its two nodes; so does the area, a stop of another name and id.
    assert names(timetable, "relation/5@07:00:00") == ["Aa", "Eel", "Eel station"]
    assert timetable.stops.lat_deg[list(timetable.stops.name).index("Eel")] == pytest.approx(52.901)


def test_stops_cut_off_by_the_file_are_counted_and_the_duration_no_longer_holds(tmp_path: Path) -> None:
    timetable, report = read(tmp_path, route(5, "1 2 99", ref="12", duration="0:30"))
    # Half an hour is for the whole way, of which two stops are left: 108 s by distance.
    calls = runs(timetable)["relation/5@07:00:00"]
    assert calls[-1][1] - 7 * HOUR == pytest.approx(108, abs=1)
    assert counted(report)["dropped stops and platforms of routes that the file lacks"] == 1
    timed = "assumed routes without a usable duration, or not whole in the file: timed by distance and stops"
    assert counted(report)[timed] == 1


# --- lines of several relations --------------------------------------------------------------------------------------


def master(number: int, *members: int, **values: str) -> str:
    lines = "".join(f'<member type="relation" ref="{member}" role=""/>' for member in members)
    return f'<relation id="{number}">{lines}{tags(type="route_master", **values)}</relation>'


def test_variants_take_turns_so_that_a_line_is_not_counted_twice(tmp_path: Path) -> None:
    hours = {"opening_hours": "Mo-Fr 08:00-12:00"}
    timetable, report = read(
        tmp_path,
        route(5, "1 2 3 4", ref="12", **hours),
        route(6, "1 2 3", ref="12", **hours),
        route(7, "4 3 2 1", ref="12", **hours),
    )
    # Hourly from 8 to 12: the long variant at 8 and 10, the short one at 9 and 11; the way back has all four.
    starts: dict[str, list[str]] = {number: [] for number in "567"}
    for trip in timetable.trips.id:
        starts[trip[len("relation/")]].append(trip.split("@")[1][:2])
    assert starts == {"5": ["08", "10"], "6": ["09", "11"], "7": ["08", "09", "10", "11"]}
    # Both variants come earlier or later together: they are the same vehicles' hours.
    headways = timetable.trips.headways
    assert set(headways.group) == {"relation/5@08:00:00", "relation/7@08:00:00"}
    assert set(headways.headway_s.tolist()) == {HOUR}
    assert (
        counted(report)["assumed variants of a line in one direction, which share its departures in turn"]
        == 2
    )


def test_the_interval_of_a_route_master_is_that_of_the_line_and_an_own_one_is_not(tmp_path: Path) -> None:
    hours = {"opening_hours": "Mo-Fr 08:00-10:00"}
    both = (
        route(5, "1 2 3 4", **hours),
        route(6, "1 2 3", **hours),
        master(8, 5, 6, ref="12", interval="30"),
    )
    timetable, _ = read(tmp_path, *both)
    # Four half-hours in two hours, in turn: two each, not four each.
    assert [trip[:10] for trip in timetable.trips.id] == ["relation/5", "relation/6"] * 2
    assert set(timetable.trips.route) == {"12"}
    own = both[0].replace("</relation>", f"{tags(interval='30')}</relation>")
    timetable, _ = read(tmp_path, own, *both[1:])
    assert [trip[:10] for trip in timetable.trips.id].count("relation/5") == 4
    assert [trip[:10] for trip in timetable.trips.id].count("relation/6") == 4


# --- what cannot be used ---------------------------------------------------------------------------------------------


def test_routes_that_a_guess_would_misrepresent_are_left_out_and_counted(tmp_path: Path) -> None:
    _, report = read(
        tmp_path,
        route(5, "1 2 3"),
        route(6, "1 2 3", route="share_taxi"),
        route(7, "1 2 3", state="proposed"),
        route(8, "1 2 3", route="coach"),
        route(9, "1"),
        route(10, "1 2 3", opening_hours="Sa 08:00-10:00"),
    )
    left_out = {what: count for what, count in counted(report).items() if what.startswith("dropped")}
    assert left_out == {
        "dropped routes of shared taxis, which run on demand": 1,
        "dropped routes that are only proposed": 1,
        "dropped coaches, long-distance, school and holiday routes without a usable interval": 1,
        "dropped routes with fewer than two stops in the file": 1,
        "dropped routes without service on 2026-10-06": 1,
    }


def test_a_coach_with_an_interval_runs(tmp_path: Path) -> None:
    timetable, _ = read(tmp_path, route(8, "1 2 3", route="coach", interval="4:00"))
    assert len(timetable.trips.id) == 3  # between 7 and 19
    assert timetable.trips.route_type.tolist() == [200] * 3


def test_a_file_without_routes_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"no bus, tram or train route.*1 routes that are only proposed.*GTFS"
    ):
        read(tmp_path, route(5, "1 2 3", state="proposed"))


def test_a_day_without_service_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"None of the 1 routes of town\.osm runs on 2026-10-06"):
        read(tmp_path, route(5, "1 2 3", opening_hours="Sa 08:00-10:00"))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text("<html>")
    with pytest.raises(InputError, match=r"town\.osm cannot be read as an OSM file"):
        read_osm_timetable(path, TUESDAY, RouteAssumptions())


# --- when a route runs -----------------------------------------------------------------------------------------------

IN_HOLIDAYS = dt.date(2026, 10, 13)
"""A Tuesday in the autumn holidays of the north of the Netherlands."""
IN_DOUBT = (
    "assumed routes whose opening_hours are unknown, or only a comment, at times: no service where they hold"
)


def starts(tmp_path: Path, day: dt.date = TUESDAY, **values: str) -> list[str]:
    """Departures of an hourly route with these tags, if the first leaves at once; none where it does not run."""
    path = tmp_path / "town.osm"
    other = route(9, "3 4", interval="60", opening_hours="Mo-Su 12:00-13:00")
    path.write_text(
        f'<osm version="0.6">{STOPS}{route(5, "1 2", **({"interval": "60"} | values))}{other}</osm>'
    )
    timetable, _ = read_osm_timetable(path, day, RouteAssumptions())
    return [trip.split("@")[1][:5] for trip in timetable.trips.id if trip.startswith("relation/5")]


def hourly(first: int, end: int) -> list[str]:
    return [f"{hour:02d}:00" for hour in range(first, end)]


def test_hours_in_school_holidays_hold_on_weekdays_in_them_and_nothing_else(tmp_path: Path) -> None:
    hours = "Mo-Fr 06:00-10:00; SH Mo-Fr 12:00-14:00"
    assert starts(tmp_path, opening_hours=hours) == starts(tmp_path, opening_hours="Mo-Fr 06:00-10:00")
    assert starts(tmp_path, opening_hours=hours) == hourly(6, 10)
    assert starts(tmp_path, IN_HOLIDAYS, opening_hours=hours) == hourly(12, 14)


def test_hours_by_the_school_holidays_are_told_and_more_so_where_these_are_not_known(tmp_path: Path) -> None:
    hours = route(5, "1 2", opening_hours="Mo-Fr 06:00-22:00; SH Mo-Fr 12:00-14:00")
    known = "assumed routes that follow the school holidays, taken to be those of NL-Noord"
    assert counted(read(tmp_path, hours)[1])[known] == 1
    later = read_osm_timetable(tmp_path / "town.osm", dt.date(2031, 10, 7), RouteAssumptions())[1]
    unknown = "assumed routes that follow school holidays of NL-Noord, unknown on 2031-10-07: none"
    assert counted(later)[unknown] == 1
    assert known not in counted(later)


def test_a_day_that_is_only_a_comment_has_no_service_and_is_told(tmp_path: Path) -> None:
    hours = {"opening_hours": "Mo-Fr 06:00-10:00; Sa,Su &quot;op afspraak&quot;"}
    saturday = TUESDAY + dt.timedelta(4)
    assert starts(tmp_path, TUESDAY, **hours) == hourly(6, 10)
    assert starts(tmp_path, saturday, **hours) == []
    assert counted(read(tmp_path, route(5, "1 2", **hours))[1])[IN_DOUBT] == 1
    with pytest.raises(InputError, match=r"None of the 1 routes.*\(1 routes whose opening_hours are unknown"):
        read_osm_timetable(tmp_path / "town.osm", saturday, RouteAssumptions())


def test_hours_in_the_words_of_an_owner_are_read_and_told(tmp_path: Path) -> None:
    assert starts(tmp_path, opening_hours="ma t/m vr 6.00 - 10.00 uur") == hourly(6, 10)
    _, report = read(tmp_path, route(5, "1 2", opening_hours="ma t/m vr 6.00 - 10.00 uur"))
    told = "assumed routes whose opening_hours are written in another way than OpenStreetMap's"
    assert counted(report)[told] == 1


@pytest.mark.parametrize(
    "values",
    [
        {"bus": "on_demand"},
        {"on_demand": "yes"},
        {"on_demand": "only"},
        {"service": "on_demand"},
        {"interval": "on demand"},
        {"route": "minibus", "minibus": "on_demand"},
    ],
)
def test_what_runs_on_demand_is_no_fixed_route(tmp_path: Path, values: dict[str, str]) -> None:
    assert starts(tmp_path, TUESDAY, **values) == []
    _, report = read(tmp_path, route(5, "1 2", **values), route(6, "1 2"))
    assert counted(report)["dropped routes that run on demand only"] == 1


def test_a_line_on_demand_takes_its_routes_along(tmp_path: Path) -> None:
    _, report = read(
        tmp_path,
        route(5, "1 2"),
        route(6, "3 4"),
        master(7, 5, ref="12", bus="on_demand"),
        master(8, 6, ref="13", on_demand="no"),
    )
    assert counted(report)["dropped routes that run on demand only"] == 1


@pytest.mark.parametrize(
    ("seasonal", "months"),
    [
        ("no", "July October"),
        ("autumn", "October"),
        ("summer", "July"),
        ("spring;summer", "July"),
        ("Apr-Sep", "July"),
        ("yes", ""),  # which season it is nobody knows
        ("wet_season", ""),
    ],
)
def test_a_seasonal_route_runs_in_its_season(tmp_path: Path, seasonal: str, months: str) -> None:
    hours = {"opening_hours": "Mo-Fr 08:00-10:00", "seasonal": seasonal}
    days = {"July": dt.date(2026, 7, 14), "October": TUESDAY}
    found = {month: starts(tmp_path, day, **hours) for month, day in days.items()}
    assert found == {month: hourly(8, 10) if month in months else [] for month in days}


def test_hours_with_months_say_which_season_it_is(tmp_path: Path) -> None:
    hours = {"opening_hours": "Apr-Sep 08:00-10:00", "seasonal": "yes"}
    assert starts(tmp_path, dt.date(2026, 7, 14), **hours) == hourly(8, 10)
    assert starts(tmp_path, TUESDAY, **hours) == []


def test_seasons_are_counted_by_what_is_known_of_them(tmp_path: Path) -> None:
    _, report = read(
        tmp_path, route(5, "1 2", seasonal="yes"), route(6, "1 2", seasonal="summer"), route(7, "3 4")
    )
    assert counted(report)["dropped seasonal routes that do not say which season is theirs"] == 1
    assert counted(report)["dropped seasonal routes out of season on 2026-10-06"] == 1


def test_hail_and_ride_is_told_as_only_mapped_stops_count(tmp_path: Path) -> None:
    way = '<way id="7"><nd ref="1"/><nd ref="2"/></way>'
    _, report = read(
        tmp_path,
        way,
        route(5, "1 2", hail_and_ride="partial"),
        route(6, "1 2 w7/hail_and_ride"),
        route(7, "1 2", hail_and_ride="no"),
    )
    told = "assumed routes that also stop where one asks (hail and ride): only their mapped stops count"
    assert counted(report)[told] == 2


def test_no_service_under_a_condition_takes_the_hours_out(tmp_path: Path) -> None:
    values = {
        "opening_hours": "Mo-Fr 06:00-10:00",
        "interval__conditional": "no @ (SH); 30 @ (Mo-Fr 07:00-08:00)",
    }
    assert starts(tmp_path, TUESDAY, **values) == ["06:00", "07:00", "07:30", "08:00", "09:00"]
    # The last condition that holds counts.
    assert starts(tmp_path, IN_HOLIDAYS, **values) == ["07:00", "07:30"]


# --- values of tags --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15", 900),
        ("00:15", 900),
        ("1:30", 5400),
        ("00:07:30", 450),
        ("PT1H25M", 5100),
        ("PT90S", 90),
        ("0", None),
        ("weekly", None),
        ("PT", None),
        ("", None),
    ],
)
def test_spans_are_minutes_clock_or_iso(text: str, seconds: int | None) -> None:
    assert span_s(text) == seconds


def test_a_condition_changes_the_headway_within_the_hours() -> None:
    conditional = conditional_headways(
        "10 @ (Mo-Fr 07:00-09:00); 60 @ (Mo-Fr 19:00-24:00)", TUESDAY, DUTCH_NORTH
    )
    assert conditional is not None
    periods = service_periods("Mo-Su 06:00-20:00", TUESDAY)
    assert periods is not None
    # Half-hourly, but every ten minutes from 7 to 9, and hourly from 19 on.
    assert stretches(periods, 1800, conditional) == [
        Stretch(6 * HOUR, 7 * HOUR, 1800),
        Stretch(7 * HOUR, 9 * HOUR, 600),
        Stretch(9 * HOUR, 19 * HOUR, 1800),
        Stretch(19 * HOUR, 20 * HOUR, 3600),
    ]


def test_a_condition_may_do_without_brackets() -> None:
    assert conditional_headways("10 @ Mo-Fr 07:00-09:00", TUESDAY, DUTCH_NORTH) == (
        (600, ((7 * HOUR, 9 * HOUR),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", "10", "10 @ (Mo-Fr", "often @ (Mo-Fr 07:00-09:00)", "10 @ (now and then)"),
        *('10 @ ("rush hour")', "10 @ (Mo-Fr AND SH)", "0 @ (SH)"),
    ],
)
def test_a_condition_that_cannot_be_read_is_none_at_all(text: str) -> None:
    assert conditional_headways(text, TUESDAY, DUTCH_NORTH) is None


def test_a_condition_outside_the_hours_cuts_nothing_and_a_day_line_runs_once() -> None:
    periods = ((6 * HOUR, 8 * HOUR),)
    assert stretches(periods, 1800, ((1800, ((7 * HOUR, 9 * HOUR),)),)) == [Stretch(6 * HOUR, 8 * HOUR, 1800)]
    # Once a day, some time between 6 and 8.
    assert stretches(periods, 86_400, ()) == [Stretch(6 * HOUR, 8 * HOUR, 2 * HOUR)]
    assert len(stretches(periods, 86_400, ())[0].starts) == 1


# --- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared test data")
@pytest.mark.parametrize(
    ("file", "n_routes", "n_stops"),
    [
        ("heidelberg/heidelberg.test.pbf", 150, 721),
        ("newport/newport-2023-06-13.osm.pbf", 5, 7),
        ("liechtenstein/liechtenstein.osm.pbf", 25, 335),
    ],
)
def test_real_routes_are_plausible_and_every_relation_is_accounted_for(
    file: str, n_routes: int, n_stops: int
) -> None:
    timetable, report = read_osm_timetable(SHARED / file, TUESDAY, RouteAssumptions())
    trips, stops = timetable.trips, timetable.stops
    assert len({trip.split("@")[0] for trip in trips.id}) >= n_routes
    assert len(stops.id) == n_stops
    first = trips.call_offset
    ride_s = trips.call_arrival[first[1:] - 1] - trips.call_departure[first[:-1]]
    assert (np.diff(first) >= 2).all()
    assert (ride_s > 0).all()
    assert ride_s.max() < 4 * HOUR
    within = np.ones(len(trips.call_stop) - 1, np.bool_)
    within[first[1:-1] - 1] = False
    assert (trips.call_arrival[1:] >= trips.call_departure[:-1])[within].all()
    # All departures are headways, in order of departure.
    assert trips.headways.trip.tolist() == list(range(len(trips.id)))
    assert (np.diff(trips.call_departure[first[:-1]]) >= 0).all()
    assert any(found.what.startswith("trips made up from the map") for found in report.findings)
