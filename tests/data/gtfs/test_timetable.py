"""GTFS to the timetable of a day, on a feed of three stops that fits on one screen.

    line 1     Aa (lon 6.0) ────── Bee (6.1) ────── Cee (6.4)
    trip T1    8:00                 8:10            8:40
    trip T2    9:00                 9:10            9:40

Monday to Friday, 6 to 31 January 2025; the day asked for is Wednesday the 8th.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.build_report import BuildReport, Finding
from data.errors import InputError
from data.gtfs.calendar import Calendar, TripsPerDay, valid_period
from data.gtfs.times import clock_text, interpolate, repair, runs_of_frequencies
from data.gtfs.timetable import read_timetable
from data.timetable import Timetable
from support.files import SHARED
from support.toys.gtfs import STOPS, TIMES, TRIPS, VALID, WEDNESDAY, lines, read, tally, write

NEWPORT = SHARED / "newport" / "newport-20230613_gtfs.zip"
HEIDELBERG = SHARED / "heidelberg" / "vrn_gtfs_cut.zip"


def clock(text: str) -> int:
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return hours * 3600 + minutes * 60 + sum(seconds)


def calls(timetable: Timetable, trip_id: str) -> list[tuple[str, int, int]]:
    """Stop id, arrival and departure of each call of a trip."""
    trips = timetable.trips
    trip = trips.id.index(trip_id)
    return [
        (
            timetable.stops.id[trips.call_stop[call]],
            int(trips.call_arrival[call]),
            int(trips.call_departure[call]),
        )
        for call in range(trips.call_offset[trip], trips.call_offset[trip + 1])
    ]


def arrivals(timetable: Timetable, trip_id: str) -> list[int]:
    return [arrival for _, arrival, _ in calls(timetable, trip_id)]


def found(report: BuildReport, words: str) -> Finding:
    """The only finding whose text holds `words`."""
    (finding,) = [finding for finding in report.findings if words in finding.what]
    return finding


# ---------------------------------------------------------------------------------------------- a plain feed


def test_a_plain_feed_comes_through_as_it_is(tmp_path: Path) -> None:
    timetable, report = read(tmp_path, {})
    assert report == BuildReport()
    assert timetable.service_date == "2025-01-08"
    trips, stops = timetable.trips, timetable.stops
    assert trips.id == ("T1", "T2")
    assert (trips.route, trips.headsign, trips.agency) == (("1", "1"), ("Cee", "Cee"), ("Qbus", "Qbus"))
    assert trips.block == ("b7", "")
    assert trips.route_type.tolist() == [3, 3]
    assert calls(timetable, "T1") == [
        ("A", clock("8:00"), clock("8:00")),
        ("B", clock("8:10"), clock("8:11")),
        ("C", clock("8:40"), clock("8:40")),
    ]
    assert trips.call_arrival.dtype == trips.call_departure.dtype == trips.call_stop.dtype == np.int32
    assert trips.call_pickup.all()
    assert trips.call_dropoff.all()
    assert (stops.id, stops.name) == (("A", "B", "C"), ("Aa", "Bee", "Cee"))
    assert len(set(stops.station.tolist())) == 3
    assert stops.lon_deg.tolist() == [6.0, 6.1, 6.4]
    assert len(timetable.transfers.min_s) == 0


def test_folder_sub_folder_and_odd_spelling_read_the_same(tmp_path: Path) -> None:
    plain, _ = read(tmp_path, {})
    folder = tmp_path / "folder"
    folder.mkdir()
    for table, text in VALID.items():
        (folder / f"{table}.txt").write_text(text)
    nested: dict[str, str | bytes] = {f"gtfs-2025/{table}": text for table, text in VALID.items()}
    nested["__MACOSX/gtfs-2025/._stops"] = "\0"
    inside = write(tmp_path / "inside.zip", nested)
    # A byte order mark, blank first line, quotes in the header, blanks around all, Windows line ends.
    odd: dict[str, str | bytes] = {
        table: ("\ufeff" + text.replace(",", " , ").replace("\n", "\r\n")).encode()
        for table, text in VALID.items()
    }
    odd["calendar"] = "\n" + VALID["calendar"].replace("service_id", '"service_id"')
    for path in (folder, inside, write(tmp_path / "odd.zip", odd)):
        timetable, report = read_timetable([path], WEDNESDAY)
        assert report == BuildReport()
        assert timetable.trips.id == plain.trips.id
        assert timetable.stops.name == plain.stops.name
        assert np.array_equal(timetable.trips.call_departure, plain.trips.call_departure)


def test_ids_of_digits_keep_their_zeros_whatever_the_header_looks_like(tmp_path: Path) -> None:
    trips = lines(" trip_id ,route_id, service_id", "007,R,WK")
    times = lines(TIMES.replace(",", " , "), "007,8:00:00,8:00:00,A,1", "007,8:10:00,8:10:00,B,2")
    timetable, _ = read(tmp_path, {"trips": trips, "stop_times": times})
    assert timetable.trips.id == ("007",)


def test_a_comma_at_the_end_of_each_row_and_odd_unused_columns_do_no_harm(tmp_path: Path) -> None:
    rows = VALID["stop_times"].splitlines()
    times = lines(rows[0], *(f"{row}," for row in rows[1:]))
    stops = lines("wheelchair_boarding,stop_id,stop_lat,stop_lon", "yes,A,52,6", "?,B,52,7", ",C,52,8")
    timetable, _ = read(tmp_path, {"stop_times": times, "stops": stops})
    assert arrivals(timetable, "T1") == [clock("8:00"), clock("8:10"), clock("8:40")]


def test_order_is_by_first_departure_then_id(tmp_path: Path) -> None:
    rows = [
        f"{trip},{time},{time},{stop},{number}"
        for trip, first in (("z", 9), ("b", 10), ("a", 10), ("y", 8))
        for number, (stop, time) in enumerate((("A", f"{first}:00:00"), ("B", f"{first}:30:00")))
    ]
    trips = lines(TRIPS, *(f"R,WK,{trip}," for trip in "zbay"))
    timetable, _ = read(tmp_path, {"trips": trips, "stop_times": lines(TIMES, *rows)})
    assert timetable.trips.id == ("y", "z", "a", "b")


# ------------------------------------------------------------------------------------------------ service days


def dates(*rows: str) -> str:
    return lines("service_id,date,exception_type", *rows)


def test_calendar_dates_alone_or_on_top_of_the_calendar(tmp_path: Path) -> None:
    alone = {table: text for table, text in VALID.items() if table != "calendar"}
    path = write(tmp_path / "alone.zip", {**alone, "calendar_dates": dates("WK,20250108,1")})
    assert read_timetable([path], WEDNESDAY)[0].trips.id == ("T1", "T2")
    # Removed on Wednesday, added on Saturday the 11th.
    changed = {"calendar_dates": dates("WK,20250108,2", "WK,20250111,1")}
    assert read(tmp_path, changed, dt.date(2025, 1, 11))[0].trips.id == ("T1", "T2")
    with pytest.raises(InputError, match=r"no trip on 2025-01-08.* 2025-01-07 and 2025-01-09"):
        read(tmp_path, changed)


def test_outside_the_validity_the_message_names_the_period_with_service(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"valid from 2025-01-06 to 2025-01-31; 2025-02-01 is outside"):
        read(tmp_path, {}, dt.date(2025, 2, 1))
    with pytest.raises(InputError, match="2025-01-05 is outside"):
        read(tmp_path, {}, dt.date(2025, 1, 5))
    # The calendar runs until Friday the 31st, but the last two days are taken out: the period ends on the 29th.
    removed = {"calendar_dates": dates("WK,20250130,2", "WK,20250131,2")}
    with pytest.raises(InputError, match="to 2025-01-29; 2025-01-30 is outside"):
        read(tmp_path, removed, dt.date(2025, 1, 30))


def test_a_day_without_trips_names_the_nearest_days_with_some(tmp_path: Path) -> None:
    # Saturday the 11th lies between Friday the 10th and Monday the 13th.
    with pytest.raises(InputError, match=r"no trip on 2025-01-11.* 2025-01-10 and 2025-01-13"):
        read(tmp_path, {}, dt.date(2025, 1, 11))


def test_services_without_trips_do_not_make_a_service_day(tmp_path: Path) -> None:
    calendar = VALID["calendar"] + "IDLE,1,1,1,1,1,1,1,20240101,99991231\n"
    with pytest.raises(InputError, match="valid from 2025-01-06 to 2025-01-31"):
        read(tmp_path, {"calendar": calendar}, dt.date(2026, 1, 1))
    with pytest.raises(InputError, match="has no trip on any day"):
        read(tmp_path, {"trips": VALID["trips"].replace("WK", "NONE")})


def test_irregular_calendars_are_counted_or_refused(tmp_path: Path) -> None:
    calendar = (
        VALID["calendar"] + "WK,0,0,0,0,0,0,0,20250106,20250131\nBACK,1,1,1,1,1,1,1,20250131,20250106\n"
    )
    exceptions = dates("WK,20250109,2", "WK,20250109,1", "WK,20250110,7")
    timetable, report = read(tmp_path, {"calendar": calendar, "calendar_dates": exceptions})
    assert timetable.trips.id == ("T1", "T2")
    assert tally(report) == {
        "calendar rows that end before they start": ("dropped", 1),
        "second calendar rows of a service": ("dropped", 1),
        "calendar_dates with an exception_type other than 1 and 2": ("dropped", 1),
        "second calendar_dates of a service and day": ("dropped", 1),
    }
    for wrong in ("20250230", "2025-01-06", ""):
        with pytest.raises(InputError, match=rf"calendar_dates.txt .* row 3 has '{wrong}'.*YYYYMMDD"):
            read(tmp_path, {"calendar_dates": dates("WK,20250106,1", f"WK,{wrong},1")})


def test_days_per_service_are_those_of_a_plain_count() -> None:
    rng = np.random.default_rng(11)
    n = 40
    first = rng.integers(-40, 20_000, n)
    last = first + rng.integers(0, 30, n)
    pairs = sorted({(int(rng.integers(n)), int(first[0] + rng.integers(-5, 40))) for _ in range(60)})
    service, day = np.array(pairs, np.int64).T
    calendar = Calendar(
        pd.Index([str(number) for number in range(n)]), rng.random((n, 7)) < 0.3, first, last, service, day,
        rng.random(len(pairs)) < 0.5,
    )  # fmt: skip
    days = range(int(first.min()) - 50, int(last.max()) + 50)
    assert (
        calendar.days_per_service().tolist() == np.sum([calendar.runs(day) for day in days], axis=0).tolist()
    )


def test_a_service_without_days_is_told(tmp_path: Path) -> None:
    # NONE runs on no weekday, SUN only on Sundays of a week without one, OUT on a Wednesday that is taken out.
    calendar = VALID["calendar"] + lines(
        "NONE,0,0,0,0,0,0,0,20250106,20250131", "SUN,0,0,0,0,0,0,1,20250106,20250111",
        "OUT,0,0,1,0,0,0,0,20250106,20250112",
    )  # fmt: skip
    trips = VALID["trips"] + "".join(f"R,{service},{service},,\n" for service in ("NONE", "SUN", "OUT"))
    timetable, report = read(
        tmp_path, {"calendar": calendar, "trips": trips, "calendar_dates": dates("OUT,20250108,2")}
    )
    assert timetable.trips.id == ("T1", "T2")
    assert tally(report) == {"trips of a service that runs on no day": ("dropped", 3)}


def test_valid_period_of_counts_per_day() -> None:
    # Day 0 is 1970-01-01; the trips run on days 11 and 13.
    assert valid_period(TripsPerDay(10, np.array([0, 2, 0, 5, 0]))) == ("1970-01-12", "1970-01-14")
    assert valid_period(TripsPerDay(10, np.array([0, 0]))) is None


def test_trips_of_the_day_before_that_last_past_midnight(tmp_path: Path) -> None:
    # NIGHT leaves at 23:50 and arrives at 24:10. EVE ends at 23:59:59, one second short; MID ends at 24:00 sharp.
    times = lines(
        TIMES,
        "NIGHT,23:50:00,23:50:00,A,1", "NIGHT,24:10:00,24:10:00,B,2",
        "EVE,23:00:00,23:00:00,A,1", "EVE,23:59:59,23:59:59,B,2",
        "MID,23:00:00,23:00:00,A,1", "MID,24:00:00,24:00:00,B,2",
    )  # fmt: skip
    trips = lines(TRIPS, "R,WK,NIGHT,b1", "R,WK,EVE,", "R,WK,MID,")
    timetable, report = read(tmp_path, {"trips": trips, "stop_times": times})
    assert timetable.trips.id == ("MID@-1", "NIGHT@-1", "EVE", "MID", "NIGHT")
    assert calls(timetable, "NIGHT@-1") == [("A", -600, -600), ("B", 600, 600)]
    assert arrivals(timetable, "NIGHT") == [clock("23:50"), clock("24:10")]
    assert dict(zip(timetable.trips.id, timetable.trips.block, strict=True))["NIGHT@-1"] == "b1@-1"
    assert report == BuildReport()
    # On Monday nothing is left of Sunday, on which there is no service.
    assert read(tmp_path, {"trips": trips, "stop_times": times}, dt.date(2025, 1, 6))[0].trips.id == (
        "EVE", "MID", "NIGHT",
    )  # fmt: skip
    # On Saturday Friday's last buses still run, but it is no service day.
    with pytest.raises(InputError, match="no trip on 2025-01-11"):
        read(tmp_path, {"trips": trips, "stop_times": times}, dt.date(2025, 1, 11))


def test_trips_of_the_day_before_need_not_run_on_the_day_itself(tmp_path: Path) -> None:
    # Tuesday only: MID arrives at 24:00 sharp, EVE a second before, OFTEN leaves at 23:30 and takes 40 minutes.
    times = [f"{trip},23:00:00,23:00:00,A,1" for trip in ("MID", "EVE", "OFTEN")]
    ends = ["MID,24:00:00,24:00:00,B,2", "EVE,23:59:59,23:59:59,B,2", "OFTEN,23:40:00,23:40:00,B,2"]
    timetable, report = read(
        tmp_path,
        {
            "trips": VALID["trips"] + "R,TUE,MID,,\nR,TUE,EVE,,\nR,TUE,OFTEN,,\n",
            "stop_times": VALID["stop_times"] + lines(*times, *ends),
            "frequencies": frequencies("OFTEN,23:30:00,23:31:00,600,1"),
            "calendar_dates": dates("TUE,20250107,1"),
        },
    )
    assert timetable.trips.id == ("MID@-1", "OFTEN@23:30:00@-1", "T1", "T2")
    assert report == BuildReport()


# -------------------------------------------------------------------------------------------------- frequencies


def frequencies(*rows: str) -> str:
    return lines("trip_id,start_time,end_time,headway_secs,exact_times", *rows)


def test_frequencies_are_written_out_and_the_end_is_exclusive(tmp_path: Path) -> None:
    # 7:00, 7:20 and 7:40; at 8:00 the period is over. T2 is not in frequencies.txt and runs once.
    timetable, report = read(tmp_path, {"frequencies": frequencies("T1,07:00:00,08:00:00,1200,1")})
    assert timetable.trips.id == ("T1@07:00:00", "T1@07:20:00", "T1@07:40:00", "T2")
    assert calls(timetable, "T1@07:20:00") == [
        ("A", clock("7:20"), clock("7:20")),
        ("B", clock("7:30"), clock("7:31")),
        ("C", clock("8:00"), clock("8:00")),
    ]
    assert timetable.trips.block == ("", "", "", "")
    assert tally(report) == {"blocks of trips with frequencies": ("dropped", 3)}


@pytest.mark.parametrize("exact", ["0", ""])
def test_headways_without_times_are_an_assumption(tmp_path: Path, exact: str) -> None:
    timetable, report = read(tmp_path, {"frequencies": frequencies(f"T2,07:00:00,07:21:00,600,{exact}")})
    assert timetable.trips.id == ("T2@07:00:00", "T2@07:10:00", "T2@07:20:00", "T1")
    finding = found(report, "only the headway is published: their times are drawn")
    assert (finding.action, finding.count, finding.examples[0]) == ("assumed", 3, "T2 every 00:10:00")
    # All three come earlier or later together, and none of them starts at 7:21 or later.
    headways = timetable.trips.headways
    assert headways.trip.tolist() == [0, 1, 2]
    assert headways.group == ("T2@07:00:00",) * 3
    assert headways.headway_s.tolist() == [600] * 3
    assert headways.end.tolist() == [clock("7:21")] * 3


def test_frequencies_of_the_day_before_run_on_after_midnight(tmp_path: Path) -> None:
    # Each run takes 40 minutes. Of 23:00, 23:30 and 24:00 those that end at 24:10 and 24:40 reach into Wednesday.
    timetable, _ = read(tmp_path, {"frequencies": frequencies("T2,23:00:00,24:20:00,1800,1")})
    assert timetable.trips.id == (
        "T2@23:30:00@-1", "T2@24:00:00@-1", "T1", "T2@23:00:00", "T2@23:30:00", "T2@24:00:00",
    )  # fmt: skip
    assert arrivals(timetable, "T2@24:00:00@-1") == [0, 600, 2400]


def test_irregular_frequencies(tmp_path: Path) -> None:
    rows = frequencies(
        "T2,07:00:00,07:20:00,600,1", "T2,07:10:00,07:20:00,600,1", "T2,09:00:00,08:00:00,600,1",
        "T2,10:00:00,11:00:00,0,1", "X,07:00:00,08:00:00,600,1", "T2,12:00:00,23:00:00,36000,1",
        "T2,10:00:00,11:00:00,15,1",
    )  # fmt: skip
    timetable, report = read(tmp_path, {"frequencies": rows})
    # A bus each 15 seconds is one each 15 minutes, miswritten: not to be guessed. The second row starts its only run when the first row does; the last, every ten hours, runs at 12:00 and 22:00.
    assert timetable.trips.id == ("T2@07:00:00", "T2@07:10:00", "T1", "T2@12:00:00", "T2@22:00:00")
    assert tally(report) == {
        "runs that two frequencies of a trip start at the same time": ("dropped", 1),
        "frequencies without a headway of 30 s or more, or that end before they start": ("dropped", 3),
        "frequencies of a trip that trips.txt lacks": ("dropped", 1),
    }
    with pytest.raises(InputError, match=r"frequencies.txt has 1 unreadable start_time: row 2 has '7 uur'"):
        read(tmp_path, {"frequencies": frequencies("T2,7 uur,08:00:00,600,1")})


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 300))
def test_runs_of_frequencies_are_those_of_a_range(start: int, end: int, headway: int) -> None:
    row, time = runs_of_frequencies(np.array([0, start]), np.array([0, end]), np.array([1, headway]))
    assert time.tolist() == list(range(start, end, headway))
    assert set(row.tolist()) <= {1}


# ---------------------------------------------------------------------------------------------- times of calls


def timed(*rows: str) -> dict[str, str | bytes]:
    """Stop times of T1; T2 keeps its own."""
    t2 = [row + "," for row in VALID["stop_times"].splitlines() if row.startswith("T2")]
    return {"stop_times": lines(TIMES + ",shape_dist_traveled", *rows, *t2)}


def test_blank_times_follow_shape_dist_traveled(tmp_path: Path) -> None:
    # 40 minutes for 4 km of shape, Bee is at 1 km: 8:10, wherever the stops lie.
    timetable, report = read(
        tmp_path, timed("T1,8:00:00,8:00:00,A,1,1.5", "T1,,,B,2,2.5", "T1,8:40:00,8:40:00,C,3,5.5")
    )
    assert arrivals(timetable, "T1") == [clock("8:00"), clock("8:10"), clock("8:40")]
    assert tally(report) == {"blank times filled in by shape_dist_traveled": ("assumed", 1)}
    assert report.findings[0].examples == ("trip T1, stop_sequence 2 (row 3)",)


@pytest.mark.parametrize("dist", ["", "9"])
def test_blank_times_follow_the_stops_where_the_shape_does_not_allow_it(tmp_path: Path, dist: str) -> None:
    # Bee lies a quarter of the way (6.0, 6.1, 6.4 on one parallel), so after 10 of 40 minutes.
    # The dwell of two minutes at Aa is not travelled: 8:02 to 8:42. A distance of 9 is past that of Cee.
    timetable, report = read(
        tmp_path, timed("T1,8:00:00,8:02:00,A,1,1", f"T1,,,B,2,{dist}", "T1,8:42:00,8:45:00,C,3,5")
    )
    assert arrivals(timetable, "T1") == [clock("8:00"), clock("8:12"), clock("8:42")]
    assert tally(report) == {"blank times filled in by the distance between stops": ("assumed", 1)}


def test_blank_times_follow_the_number_of_calls_where_nothing_else_is_known(tmp_path: Path) -> None:
    # Bee has no place, so its call goes after it helped to count: Aa 8:00, Bee 8:10, Bee, Aa 8:20, Cee 8:30.
    stops = VALID["stops"].replace("52.8,6.1", ",")
    times = timed("T1,8:00:00,8:00:00,A,1,", "T1,,,B,2,", "T1,,,A,3,", "T1,8:30:00,8:30:00,C,4,")
    timetable, report = read(tmp_path, {**times, "stops": stops})
    assert calls(timetable, "T1") == [
        ("A", clock("8:00"), clock("8:00")),
        ("A", clock("8:20"), clock("8:20")),
        ("C", clock("8:30"), clock("8:30")),
    ]
    assert tally(report) == {
        "blank times filled in by the number of calls": ("assumed", 2),
        "stops without coordinates, or at 0, 0 or out of range": ("dropped", 1),
        "calls at stops without usable coordinates": ("dropped", 2),
    }


def test_a_trip_without_a_time_at_an_end_is_dropped(tmp_path: Path) -> None:
    timetable, report = read(
        tmp_path, timed("T1,,,A,1,", "T1,8:10:00,8:10:00,B,2,", "T1,8:40:00,8:40:00,C,3,")
    )
    assert timetable.trips.id == ("T2",)
    assert tally(report) == {"trips without a time at the first or last call": ("dropped", 1)}


WINDOW = ",start_pickup_drop_off_window,end_pickup_drop_off_window"


def flexible(*rows: str) -> dict[str, str | bytes]:
    """Stop times of T1; T2 keeps its own."""
    t2 = [row + ",," for row in VALID["stop_times"].splitlines() if row.startswith("T2")]
    return {"stop_times": lines(TIMES + WINDOW, *rows, *t2)}


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_trip_with_a_flexible_call_keeps_its_other_calls(tmp_path: Path, place: int) -> None:
    # In the window the vehicle comes when booked: at Bee, wherever that call stands, also as the first or last.
    fixed = ["T1,8:00:00,8:00:00,A,{n},,", "T1,8:20:00,8:20:00,B,{n},,", "T1,8:40:00,8:40:00,C,{n},,"]
    fixed.insert(place, "T1,,,B,{n},08:00:00,09:00:00")
    timetable, report = read(
        tmp_path, flexible(*(row.format(n=number) for number, row in enumerate(fixed, start=1)))
    )
    assert calls(timetable, "T1") == [
        ("A", clock("8:00"), clock("8:00")),
        ("B", clock("8:20"), clock("8:20")),
        ("C", clock("8:40"), clock("8:40")),
    ]
    assert report == BuildReport()


def test_blank_times_beside_a_flexible_call_are_still_filled_in(tmp_path: Path) -> None:
    # Bee lies a quarter of the way from Aa to Cee; the zone between has no place of its own.
    timetable, _ = read(
        tmp_path,
        flexible(
            "T1,8:00:00,8:00:00,A,1,,", "T1,,,,2,08:00:00,09:00:00", "T1,,,B,3,,", "T1,8:40:00,8:40:00,C,4,,"
        ),
    )
    assert arrivals(timetable, "T1") == [clock("8:00"), clock("8:10"), clock("8:40")]


def test_trips_that_are_booked_as_a_whole_are_no_trips_of_the_timetable(tmp_path: Path) -> None:
    windows = ["T1,,,A,1,08:00:00,09:00:00", "T1,,,B,2,08:00:00,09:00:00"]
    timetable, report = read(tmp_path, flexible(*windows))
    assert timetable.trips.id == ("T2",)
    assert report == BuildReport()
    # One fixed call beside a window is no ride.
    timetable, report = read(tmp_path, flexible(windows[0], "T1,8:30:00,8:30:00,B,2,,"))
    assert timetable.trips.id == ("T2",)
    assert tally(report) == {"trips of the day with fewer than two calls": ("dropped", 1)}


def test_one_of_two_times_stands_for_both(tmp_path: Path) -> None:
    timetable, report = read(
        tmp_path, timed("T1,,8:00:00,A,1,", "T1,8:10:00,8:12:00,B,2,", "T1,8:40:00,,C,3,")
    )
    assert calls(timetable, "T1") == [
        ("A", clock("8:00"), clock("8:00")),
        ("B", clock("8:10"), clock("8:12")),
        ("C", clock("8:40"), clock("8:40")),
    ]
    assert tally(report) == {"calls with one of arrival and departure, taken for both": ("assumed", 2)}


def test_times_that_go_backwards_are_raised(tmp_path: Path) -> None:
    # Bee: leaves at 8:05 before it comes at 8:10. Cee: comes at 8:09, a minute before the call at Bee.
    timetable, report = read(
        tmp_path, timed("T1,8:00:00,8:00:00,A,1,", "T1,8:10:00,8:05:00,B,2,", "T1,8:09:00,8:20:00,C,3,")
    )
    assert calls(timetable, "T1") == [
        ("A", clock("8:00"), clock("8:00")),
        ("B", clock("8:10"), clock("8:10")),
        ("C", clock("8:10"), clock("8:20")),
    ]
    assert tally(report) == {
        "times earlier than a call before, raised to it": ("repaired", 1),
        "departures before the arrival, raised to it": ("repaired", 1),
    }
    assert found(report, "earlier than").examples == ("trip T1, stop_sequence 3 (row 4)",)


def test_absurd_values_are_told_or_refused(tmp_path: Path) -> None:
    # T1 runs for two days and ends at 48:40: on the third day the timetable, of that day and the day before, lacks it.
    late = VALID["stop_times"].replace("T1,08:40:00,08:40:00", "T1,48:40:00,48:40:00")
    timetable, report = read(tmp_path, {"stop_times": late})
    assert arrivals(timetable, "T1")[-1] == clock("48:40")
    assert tally(report) == {"calls at 48:00 or later, which the timetable of that day lacks": ("kept", 1)}
    with pytest.raises(InputError, match=r"unreadable stop_sequence: row 2 has '1e99'"):
        read(tmp_path, {"stop_times": VALID["stop_times"].replace("A,1", "A,1e99", 1)})
    with pytest.raises(InputError, match=r"unreadable departure_time: row 2 has '1008:00:00'"):
        read(tmp_path, {"stop_times": VALID["stop_times"].replace("8:00:00,A", "1008:00:00,A", 1)})


def test_a_second_agency_of_the_same_id_is_told(tmp_path: Path) -> None:
    agency = VALID["agency"] + "Q,Kubus,https://example.org,Europe/Amsterdam\n"
    timetable, report = read(tmp_path, {"agency": agency})
    assert timetable.trips.agency == ("Qbus", "Qbus")
    assert [(found.what, found.examples) for found in report.findings] == [
        ("second agencies with the same id", ("Kubus",))
    ]


@pytest.mark.parametrize("wrong", ["8:61:00", "8:10", "half nine", "-1:00:00"])
def test_an_unreadable_time_is_named_with_its_row(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InputError, match=rf"1 unreadable departure_time: row 3 has '{wrong}'.*HH:MM:SS"):
        read(
            tmp_path, timed("T1,8:00:00,8:00:00,A,1,", f"T1,8:10:00,{wrong},B,2,", "T1,8:40:00,8:40:00,C,3,")
        )


def test_stop_sequence_decides_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    # In the file Cee comes first and the numbers have gaps; as text "10" would come before "9".
    rows = timed(
        "T1,8:40:00,8:40:00,C,10,", "T1,8:00:00,8:00:00,A,0,", "T1,8:10:00,8:10:00,B,9,",
        "T1,8:30:00,8:30:00,A,9,", "T1,8:35:00,8:35:00,A,,",
    )  # fmt: skip
    timetable, report = read(tmp_path, rows)
    assert [stop for stop, _, _ in calls(timetable, "T1")] == ["A", "B", "C"]
    assert tally(report) == {
        "calls without a stop_sequence": ("dropped", 1),
        "second calls with the same trip and stop_sequence": ("dropped", 1),
    }


def test_repair_and_interpolation_agree_with_plain_loops() -> None:
    rng = np.random.default_rng(7)
    trip = np.repeat(np.arange(200), rng.integers(2, 9, 200))
    end = (np.diff(trip, prepend=-1) != 0) | (np.diff(trip, append=-1) != 0)
    blank = (rng.random(len(trip)) < 0.5) & ~end
    arrival = np.where(blank, np.nan, rng.integers(0, 90_000, len(trip)))
    departure = np.add(arrival, rng.integers(-50, 100, len(trip)), dtype=np.float64)
    repaired = repair(arrival, departure, trip)
    dist = np.where(rng.random(len(trip)) < 0.1, np.nan, np.cumsum(rng.integers(-1, 9, len(trip))))
    nowhere = np.full(len(trip), np.nan)
    filled = interpolate(repaired.arrival, repaired.departure, dist, nowhere, nowhere)
    latest, current = 0.0, -1
    for call in range(len(trip)):
        if trip[call] != current:
            latest, current = -np.inf, trip[call]
        if not blank[call]:
            for given_s, got_s in ((arrival, filled.arrival), (departure, filled.departure)):
                latest = max(latest, given_s[call])
                assert got_s[call] == latest
            continue
        before, after = call, call
        while blank[before]:
            before -= 1
        while blank[after]:
            after += 1
        gap = dist[before : after + 1]
        usable = bool((np.diff(gap) >= 0).all()) and gap[-1] > gap[0]
        done, whole = (dist[call] - gap[0], gap[-1] - gap[0]) if usable else (call - before, after - before)
        start, stop = filled.departure[before], filled.arrival[after]
        assert (
            filled.arrival[call] == filled.departure[call] == np.rint(start + done / whole * (stop - start))
        )
        assert (filled.by_shape[call], filled.by_index[call]) == (usable, not usable)
    assert filled.by_shape.any()
    assert filled.by_index.any()


def test_clock_text_goes_past_midnight() -> None:
    assert [clock_text(seconds) for seconds in (0, 29_105, 90_061)] == ["00:00:00", "08:05:05", "25:01:01"]


# ------------------------------------------------------------------------------------------ ids that do not fit


def test_rows_that_belong_to_nothing_are_dropped_and_counted(tmp_path: Path) -> None:
    tables = {
        "stops": VALID["stops"] + "A,Aa again,1,1\n,Nameless,1,1\n",
        "routes": VALID["routes"] + "R,Q,2,again,3\n",
        "trips": VALID["trips"] + "R,WK,T1,again,\nZ,WK,T3,,\nR,NO,T4,,\nR,WK,,,\nR,WK,T5,,\nR,WK,T6,,\n",
        "stop_times": VALID["stop_times"]
        + "T9,8:00:00,8:00:00,A,1\nT2,09:50:00,09:50:00,NOWHERE,4\nT6,09:50:00,09:50:00,A,4\n",
    }
    timetable, report = read(tmp_path, tables)
    assert timetable.trips.id == ("T1", "T2")
    assert timetable.trips.route == ("1", "1")
    assert timetable.stops.name[0] == "Aa"
    assert tally(report) == {
        "stops without an id": ("dropped", 1),
        "second stops with the same id": ("dropped", 1),
        "second routes with the same id": ("dropped", 1),
        "second trips with the same id": ("dropped", 1),
        "trips without an id": ("dropped", 1),
        "trips of a route that routes.txt lacks": ("dropped", 1),
        "trips of a service that the calendar lacks": ("dropped", 1),
        "stop_times of a trip that trips.txt lacks": ("dropped", 1),
        "calls at a stop that stops.txt lacks": ("dropped", 1),
        "trips of the day with fewer than two calls": ("dropped", 2),
    }
    assert found(report, "fewer than two").examples == ("T5", "T6")


@pytest.mark.parametrize("place", ["0,0", ",", "91,6", "52,-181"])
def test_a_stop_without_a_place_goes_but_its_trips_stay(tmp_path: Path, place: str) -> None:
    timetable, report = read(tmp_path, {"stops": VALID["stops"].replace("52.8,6.1", place)})
    assert [stop for stop, _, _ in calls(timetable, "T1")] == ["A", "C"]
    assert timetable.stops.id == ("A", "C")
    assert tally(report) == {
        "stops without coordinates, or at 0, 0 or out of range": ("dropped", 1),
        "calls at stops without usable coordinates": ("dropped", 2),
    }


def test_a_day_of_which_no_trip_can_be_used_says_why(tmp_path: Path) -> None:
    stops = lines("stop_id,stop_lat,stop_lon", "A,0,0", "B,0,0", "C,52.8,6.4")
    with pytest.raises(InputError, match=r"None of the 2 trips .* fewer than two calls \(2\)"):
        read(tmp_path, {"stops": stops})


def test_platforms_of_a_station_share_its_number(tmp_path: Path) -> None:
    stops = lines(
        STOPS,
        "S,Station,52.8,6.0,1,", "A,Platform A,52.8,6.0,0,S", "B,Bay B,52.8,6.1,4,A", "C,Cee,52.8,6.4,,LOST",
        "E,Entrance,,,2,S", "N,Node,,,3,S",
    )  # fmt: skip
    # T2 ends at the station itself.
    times = VALID["stop_times"].replace("T2,09:40:00,09:40:00,C", "T2,09:40:00,09:40:00,S")
    timetable, report = read(tmp_path, {"stops": stops, "stop_times": times})
    assert timetable.stops.id == ("S", "A", "B", "C")
    station, platform, bay, other = timetable.stops.station.tolist()
    assert station == platform == bay != other
    assert tally(report) == {
        "stops of a station that stops.txt lacks, taken to be on their own": ("repaired", 1)
    }


def test_pickup_and_drop_off(tmp_path: Path) -> None:
    times = lines(
        TIMES + ",pickup_type,drop_off_type,continuous_pickup",
        "T1,8:00:00,8:00:00,A,1,0,1,1", "T1,8:10:00,8:10:00,B,2,2,3,0", "T1,8:40:00,8:40:00,C,3,1,,9",
        "T2,8:00:00,8:00:00,A,1,,,", "T2,8:10:00,8:10:00,B,2,8,,",
    )  # fmt: skip
    timetable, report = read(tmp_path, {"stop_times": times})
    assert timetable.trips.call_pickup.tolist() == [True, True, False, True, True]
    assert timetable.trips.call_dropoff.tolist() == [False, True, True, True, True]
    assert tally(report) == {
        "calls where passengers board after phoning or asking, taken to be open to all": ("assumed", 1),
        "calls where passengers alight after phoning or asking, taken to be open to all": ("assumed", 1),
        "calls with an unknown pickup_type, taken to be open to all": ("assumed", 1),
        "continuous boarding and alighting between a call and the next": ("dropped", 1),
    }


def test_route_types_names_and_agencies(tmp_path: Path) -> None:
    kinds = {"3": 3, "200": 200, "1700": 1700, "715": 715, "": -1, "42": 42, "1100": None, "1604": None}
    routes = lines(
        "route_id,agency_id,route_short_name,route_long_name,route_type,continuous_pickup",
        *(f"r{kind},,,Long {kind},{kind},{'0' if kind == '3' else ''}" for kind in kinds),
    )
    trips = lines(TRIPS, *(f"r{kind},WK,t{kind}," for kind in kinds))
    times = lines(
        TIMES, *(f"t{kind},8:0{n}:00,8:0{n}:00,{stop},{n}" for kind in kinds for n, stop in enumerate("AB"))
    )
    timetable, report = read(tmp_path, {"routes": routes, "trips": trips, "stop_times": times})
    got = dict(zip(timetable.trips.id, timetable.trips.route_type.tolist(), strict=True))
    assert got == {f"t{kind}": number for kind, number in kinds.items() if number is not None}
    assert set(timetable.trips.route) == {
        f"Long {kind}".strip() for kind, number in kinds.items() if number is not None
    }
    # The routes name no agency, but there is only one.
    assert set(timetable.trips.agency) == {"Qbus"}
    assert tally(report) == {
        "trips of flights and self-drive vehicles": ("dropped", 2),
        "routes of an unknown type, taken for public transport": ("assumed", 2),
        "routes that run only when booked, taken to run": ("assumed", 1),
        "continuous boarding and alighting between the stops of a route": ("dropped", 1),
    }


TAXIS = "taxis with a route and times of their own, taken to be open to all like a bus"


@pytest.mark.parametrize(
    ("kinds", "runs", "told"),
    [
        # Basic types, and the main groups and kinds of the European list: trains to trams, boats, cable cars, lifts.
        ((0, 1, 2, 3, 4, 5, 6, 7, 11, 12), True, None),
        ((100, 109, 117, 200, 209, 300, 400, 405, 500, 600, 700, 704, 714, 716, 800, 900, 906), True, None),
        ((1000, 1021, 1200, 1300, 1307, 1400, 1402, 1700, 1702), True, None),
        ((717, 1500, 1501, 1502, 1503, 1505, 1506, 1507), True, TAXIS),
        ((715,), True, "routes that run only when booked, taken to run"),
        ((709, 712), True, "routes for pupils or registered passengers, taken to be open to all"),
        ((1100, 1105, 1114, 1600, 1601, 1604), False, "trips of flights and self-drive vehicles"),
        ((8, 13, 42, 99, 118, 210, 718, 1022, 1508, 1703, 9999, -1), True, "routes of an unknown type, taken for public transport"),
    ],
)  # fmt: skip
def test_every_kind_of_vehicle_runs_unless_it_is_no_public_transport(
    tmp_path: Path, kinds: tuple[int, ...], *, runs: bool, told: str | None
) -> None:
    routes = lines("route_id,route_short_name,route_type", "bus,,3", *(f"r{kind},,{kind}" for kind in kinds))
    trips = lines(TRIPS, "bus,WK,bus,", *(f"r{kind},WK,r{kind}," for kind in kinds))
    times = lines(
        TIMES,
        *(
            f"{trip},8:0{n}:00,8:0{n}:00,{stop},{n}"
            for trip in ("bus", *(f"r{kind}" for kind in kinds))
            for n, stop in enumerate("AB")
        ),
    )
    timetable, report = read(tmp_path, {"routes": routes, "trips": trips, "stop_times": times})
    assert set(timetable.trips.id) == {"bus", *(f"r{kind}" for kind in kinds if runs)}
    assert {what: n for what, (_, n) in tally(report).items()} == ({told: len(kinds)} if told else {})


def test_without_an_agency_the_routes_have_none(tmp_path: Path) -> None:
    tables = {table: text for table, text in VALID.items() if table != "agency"}
    timetable, report = read_timetable([write(tmp_path / "feed.zip", tables)], WEDNESDAY)
    assert timetable.trips.agency == ("", "")
    assert tally(report) == {
        "routes of an unknown agency": ("kept", 1),
        "feeds that do not name their time zone, taken to be in that of the region": ("assumed", 1),
    }


# ---------------------------------------------------------------------------------------------------- transfers


def transfers(tmp_path: Path, *rows: str) -> tuple[dict[tuple[str, str], tuple[int, bool]], BuildReport]:
    """Rules by pair of stop ids; Aa and Bee are platforms of station S, Cee stands alone, Dee is not in use."""
    stops = lines(
        STOPS,
        "S,Station,52.8,6,1,",
        "A,Aa,52.8,6.0,0,S",
        "B,Bee,52.8,6.1,0,S",
        "C,Cee,52.8,6.4,0,",
        "D,Dee,52,6,0,",
    )
    table = lines("from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_route_id", *rows)
    timetable, report = read(tmp_path, {"stops": stops, "transfers": table})
    rules = timetable.transfers
    ids = timetable.stops.id
    pairs = [(ids[start], ids[end]) for start, end in zip(rules.from_stop, rules.to_stop, strict=True)]
    assert len(pairs) == len(set(pairs))
    return dict(
        zip(pairs, zip(rules.min_s.tolist(), rules.forbidden.tolist(), strict=True), strict=True)
    ), report


def test_transfer_times_and_bans(tmp_path: Path) -> None:
    rules, report = transfers(tmp_path, "A,C,2,300,,", "C,A,3,,,", "D,A,2,60,,", "C,C,2,40000,,")
    assert rules == {("A", "C"): (300, False), ("C", "A"): (-1, True), ("C", "C"): (40_000, False)}
    assert report == BuildReport()


def test_a_transfer_time_of_more_than_a_day_is_one_day(tmp_path: Path) -> None:
    rules, report = transfers(tmp_path, "A,C,2,999999999,,")
    assert rules == {("A", "C"): (86_400, False)}
    assert tally(report) == {"transfer times of more than a day, taken to be one": ("assumed", 1)}


def test_a_rule_for_a_station_holds_for_its_platforms_unless_they_have_their_own(tmp_path: Path) -> None:
    rules, report = transfers(tmp_path, "S,S,2,120,,", "A,B,2,30,,", "A,B,2,99,,", "S,C,2,240,,")
    assert rules == {
        ("A", "A"): (120, False), ("A", "B"): (30, False), ("B", "A"): (120, False), ("B", "B"): (120, False),
        ("A", "C"): (240, False), ("B", "C"): (240, False),
    }  # fmt: skip
    assert tally(report) == {"second transfer rules for the same two stops": ("dropped", 1)}


def test_transfers_that_are_no_rule_are_counted(tmp_path: Path) -> None:
    rules, report = transfers(
        tmp_path, "A,C,0,,,", "B,C,,,,", "C,C,1,,,", "A,C,2,,,", "A,C,2,60,T9,", "A,C,3,,,Z", "A,X,2,60,,",
        "A,B,4,,T1,", ",,5,,T1,", "A,C,9,,,",
    )  # fmt: skip
    assert rules == {}
    assert tally(report) == {
        "in-seat rules (transfer_type 4) without two trips that trips.txt has": ("dropped", 1),
        "in-seat rules (transfer_type 5) without two trips that trips.txt has": ("dropped", 1),
        "transfer rules for a trip or route that the feed lacks": ("dropped", 2),
        "transfer rules for a stop that stops.txt lacks": ("dropped", 1),
        "recommended transfers, which follow the general rule": ("dropped", 2),
        "timed transfers, which follow the general rule": ("dropped", 1),
        "transfer rules of an unknown type": ("dropped", 1),
        "transfer rules without a least time": ("dropped", 1),
    }


# ------------------------------------------------------------------------------------------------ several feeds


def test_several_feeds_are_told_apart_by_their_names(tmp_path: Path) -> None:
    shared = {
        **VALID,
        "transfers": lines("from_stop_id,to_stop_id,transfer_type,min_transfer_time", "A,C,2,60"),
    }
    north = write(tmp_path / "north.zip", shared)
    stops = VALID["stops"].replace("52.8", "52.9")
    south = write(
        tmp_path / "south.zip",
        {**shared, "stops": stops, "stop_times": VALID["stop_times"].replace("C,3", "X,3")},
    )
    timetable, report = read_timetable([north, south], WEDNESDAY)
    assert timetable.trips.id == ("north:T1", "south:T1", "north:T2", "south:T2")
    assert timetable.trips.block == ("north:b7", "south:b7", "", "")
    assert timetable.stops.id == ("north:A", "north:B", "north:C", "south:A", "south:B")
    assert len(set(timetable.stops.station.tolist())) == 5
    assert [stop for stop, _, _ in calls(timetable, "south:T1")] == ["south:A", "south:B"]
    assert [stop for stop, _, _ in calls(timetable, "north:T2")] == ["north:A", "north:B", "north:C"]
    # The rule from A to C of the south is void, as no trip calls there.
    assert (timetable.transfers.from_stop.tolist(), timetable.transfers.to_stop.tolist()) == ([0], [2])
    (finding,) = report.findings
    assert (finding.layer, finding.count) == ("timetable south", 2)


def test_feeds_of_the_same_name_are_numbered(tmp_path: Path) -> None:
    paths = []
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        paths.append(write(tmp_path / folder / "gtfs.zip", VALID))
    timetable, _ = read_timetable(paths, WEDNESDAY)
    assert timetable.trips.id == ("1-gtfs:T1", "2-gtfs:T1", "1-gtfs:T2", "2-gtfs:T2")


def test_every_feed_must_have_service_on_the_day(tmp_path: Path) -> None:
    good = write(tmp_path / "good.zip", VALID)
    old = write(tmp_path / "old.zip", {**VALID, "calendar": VALID["calendar"].replace("2025", "2024")})
    with pytest.raises(InputError, match=r"old.zip is valid from 2024-01-08 to 2024-01-31"):
        read_timetable([good, old], WEDNESDAY)


def in_zone(zone: str) -> dict[str, str | bytes]:
    return {**VALID, "agency": VALID["agency"].replace("Europe/Amsterdam", zone)}


def test_zones_with_the_same_clock_on_the_day_are_read_together(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here.zip", VALID), write(tmp_path / "there.zip", in_zone("Europe/Berlin"))
    timetable, report = read_timetable([here, there], WEDNESDAY)
    first = timetable.trips.call_departure[timetable.trips.call_offset[:-1]]
    assert first.tolist() == [clock("8:00")] * 2 + [clock("9:00")] * 2
    named = found(report, "same clock")
    assert (named.action, named.examples) == (
        "kept", ("Europe/Amsterdam (here.zip)", "Europe/Berlin (there.zip)"),
    )  # fmt: skip
    # In one feed as well.
    both = {"agency": VALID["agency"] + "L,Bahn,https://example.org,Europe/Berlin\n"}
    assert read(tmp_path, both)[0].trips.id == ("T1", "T2")


@pytest.mark.parametrize(
    ("zone", "date", "agree"),
    [
        # Lagos is an hour ahead of UTC all year, as Amsterdam is in winter only.
        ("Africa/Lagos", dt.date(2025, 1, 8), True),
        ("Africa/Lagos", dt.date(2025, 7, 9), False),
        # The clocks go forward in the night to 30 March: at noon, from which GTFS counts, it is summer time.
        ("Africa/Lagos", dt.date(2025, 3, 28), True),
        ("Africa/Lagos", dt.date(2025, 3, 30), False),
        ("Africa/Johannesburg", dt.date(2025, 7, 9), True),
        ("Europe/London", dt.date(2025, 7, 9), False),
        # A zone that nobody knows is compared by its name alone.
        ("Europe/Emmen", dt.date(2025, 1, 8), False),
    ],
)
def test_zones_are_refused_where_the_clocks_differ_on_the_day(
    tmp_path: Path, zone: str, date: dt.date, *, agree: bool
) -> None:
    calendar = VALID["calendar"].replace("1,1,1,1,1,0,0,20250106,20250131", "1,1,1,1,1,1,1,20250101,20251231")
    here = write(tmp_path / "here.zip", {**VALID, "calendar": calendar})
    there = write(tmp_path / "there.zip", {**in_zone(zone), "calendar": calendar})
    if agree:
        assert len(read_timetable([here, there], date)[0].trips.id) == 4
        return
    words = rf"clocks differ on {date}: (.* and )?{zone} \(there.zip\)( and .*)?\. Read"
    with pytest.raises(InputError, match=words) as caught:
        read_timetable([here, there], date)
    assert "Europe/Amsterdam (here.zip)" in str(caught.value)
    two = {**VALID, "calendar": calendar, "agency": VALID["agency"] + f"L,Other,https://example.org,{zone}\n"}
    with pytest.raises(InputError, match=zone):
        read(tmp_path, two, date)


def test_a_single_zone_of_an_unknown_name_is_told(tmp_path: Path) -> None:
    timetable, report = read(tmp_path, in_zone("Europe/Emmen"))
    assert timetable.trips.id == ("T1", "T2")
    assert tally(report) == {
        "time zones of an unknown name, taken to be that of the region": ("assumed", 1),
    }


# ------------------------------------------------------------------------------------------------- bad input


def test_what_is_no_feed_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no timetable at"):
        read_timetable([tmp_path / "missing.zip"], WEDNESDAY)
    with pytest.raises(InputError, match="No timetable was given"):
        read_timetable([], WEDNESDAY)
    page = tmp_path / "page.zip"
    page.write_text("<html>Not found</html>")
    with pytest.raises(InputError, match=r"page.zip is not a zip file"):
        read_timetable([page], WEDNESDAY)
    photos = write(tmp_path / "photos.zip", {"readme": "hello"})
    with pytest.raises(InputError, match=r"stops.txt, routes.txt, trips.txt, stop_times.txt are missing"):
        read_timetable([photos], WEDNESDAY)
    two = write(
        tmp_path / "two.zip", {f"{folder}/{table}": text for folder in "xy" for table, text in VALID.items()}
    )
    with pytest.raises(InputError, match="holds 2 folders with timetables"):
        read_timetable([two], WEDNESDAY)
    damaged = write(tmp_path / "damaged.zip", VALID)
    damaged.write_bytes(damaged.read_bytes().replace(b"T1,8:00:00", b"T1,9:99:99"))
    with pytest.raises(InputError, match=r"damaged.zip is not a zip file, or a damaged one"):
        read_timetable([damaged], WEDNESDAY)


@pytest.mark.parametrize("table", ["stops", "routes", "trips", "stop_times"])
def test_missing_and_empty_tables_are_named(tmp_path: Path, table: str) -> None:
    without = {name: text for name, text in VALID.items() if name != table}
    with pytest.raises(InputError, match=rf"not a complete GTFS feed: {table}.txt is missing"):
        read_timetable([write(tmp_path / "feed.zip", without)], WEDNESDAY)
    for empty in (VALID[table].splitlines()[0], ""):
        with pytest.raises(InputError, match=rf"{table}.txt hold"):
            read(tmp_path, {table: empty})


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"stop_times.txt lacks the column departure_time; it has trip_id, arrival_time, leaves",
    ):
        read(tmp_path, {"stop_times": VALID["stop_times"].replace("departure_time", "leaves")})
    without = {name: text for name, text in VALID.items() if name != "calendar"}
    with pytest.raises(InputError, match=r"neither calendar.txt nor calendar_dates.txt"):
        read_timetable([write(tmp_path / "feed.zip", without)], WEDNESDAY)


def test_numbers_text_and_rows_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"stops.txt has 1 unreadable stop_lat: row 3 has '52o8'"):
        read(tmp_path, {"stops": VALID["stops"].replace("Bee,52.8", "Bee,52o8")})
    with pytest.raises(InputError, match=r"frequencies.txt has 1 unreadable headway_secs: row 2 has 'ten'"):
        read(tmp_path, {"frequencies": frequencies("T1,07:00:00,08:00:00,ten,1")})
    for bad in (VALID["stops"].replace("Bee", "Bée").encode("latin-1"), VALID["stops"].encode("utf-16")):
        with pytest.raises(InputError, match=r"stops.txt is not .* UTF-8"):
            read(tmp_path, {"stops": bad})


# -------------------------------------------------------------------------------------------------- real feeds


def plain_reading(path: Path, date: dt.date) -> dict[str, list[dict[str, str]]]:
    """Calls of the trips of `date`, by trip id, in order: the standard library only."""
    tables: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name != "shapes.txt":
                with archive.open(name) as file:
                    tables[name] = list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))
    day = date.strftime("%Y%m%d")
    services = {
        row["service_id"]
        for row in tables["calendar.txt"]
        if row["start_date"] <= day <= row["end_date"] and row[date.strftime("%A").lower()] == "1"
    }
    for row in tables.get("calendar_dates.txt", []):
        if row["date"] == day:
            (services.add if row["exception_type"] == "1" else services.discard)(row["service_id"])
    trips: dict[str, list[dict[str, str]]] = defaultdict(list)
    wanted = {row["trip_id"] for row in tables["trips.txt"] if row["service_id"] in services}
    for row in tables["stop_times.txt"]:
        if row["trip_id"] in wanted:
            trips[row["trip_id"]].append(row)
    return {trip: sorted(rows, key=lambda row: int(row["stop_sequence"])) for trip, rows in trips.items()}


def check_stays(path: Path, timetable: Timetable, report: BuildReport) -> None:
    """Passengers stay on a vehicle that starts its next trip where the last ended, once that is over."""
    with zipfile.ZipFile(path) as archive, archive.open("trips.txt") as file:
        rows = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig"))
        block = {row["trip_id"]: row.get("block_id", "") for row in rows}
    vehicles: dict[str, list[int]] = defaultdict(list)
    for trip, name in enumerate(timetable.trips.id):
        if block[name.removesuffix("@-1")]:
            vehicles[block[name.removesuffix("@-1")] + name[-3:] * name.endswith("@-1")].append(trip)
    pairs, elsewhere, early = [], 0, 0
    for trips in vehicles.values():
        for one, other in itertools.pairwise(trips):
            ends, starts = (calls(timetable, timetable.trips.id[trip]) for trip in (one, other))
            station = [
                timetable.stops.station[timetable.stops.id.index(stop)]
                for stop in (ends[-1][0], starts[0][0])
            ]
            if station[0] != station[1]:
                elsewhere += 1
            elif ends[-1][1] > starts[0][2]:
                early += 1
            else:
                pairs.append((one, other))
    in_seat_transfers = timetable.trips.in_seat_transfers
    assert sorted(pairs) == list(zip(in_seat_transfers.from_trip, in_seat_transfers.to_trip, strict=True))
    what = "trips of one vehicle that start elsewhere than the trip before ended: passengers are taken to get off"
    expected = {
        what: ("assumed", elsewhere),
        "stays from a trip to one that starts before it is over": ("dropped", early),
    }
    assert tally(report) == {what: count for what, count in expected.items() if count[1]}


@pytest.mark.parametrize(
    ("path", "date", "n_trips"),
    [
        (NEWPORT, dt.date(2023, 6, 13), 176),
        (HEIDELBERG, dt.date(2022, 9, 13), 748),
        (HEIDELBERG, dt.date(2022, 11, 20), 205),
    ],
    ids=["newport", "heidelberg", "heidelberg-sunday"],
)
def test_real_feeds_agree_with_a_plain_reading(path: Path, date: dt.date, n_trips: int) -> None:
    if not path.exists():
        pytest.skip("no real feeds here")
    timetable, report = read_timetable([path], date)
    for days, suffix in ((0, ""), (1, "@-1")):
        expected = plain_reading(path, date - dt.timedelta(days=days))
        if days:
            expected = {
                trip: rows
                for trip, rows in expected.items()
                if clock(rows[-1]["departure_time"]) >= clock("24:00")
            }
        ids = [trip for trip in timetable.trips.id if trip.endswith("@-1") == bool(days)]
        assert sorted(ids) == sorted(trip + suffix for trip in expected)
        assert days or len(ids) == n_trips
        for trip, rows in expected.items():
            got = calls(timetable, trip + suffix)
            assert [stop for stop, _, _ in got] == [row["stop_id"] for row in rows]
            for (_, arrival, departure), row in zip(got, rows, strict=True):
                assert not row["arrival_time"] or arrival == clock(row["arrival_time"]) - days * 86_400
                assert not row["departure_time"] or departure == clock(row["departure_time"]) - days * 86_400
    check_stays(path, timetable, report)
    first = timetable.trips.call_departure[timetable.trips.call_offset[:-1]]
    assert (np.diff(first) >= 0).all()


def test_two_real_feeds_of_different_years_are_refused() -> None:
    if not (NEWPORT.exists() and HEIDELBERG.exists()):
        pytest.skip("no real feeds here")
    with pytest.raises(InputError, match=r"vrn_gtfs_cut.zip is valid from 2022-06-12 to 2022-12-10"):
        read_timetable([NEWPORT, HEIDELBERG], dt.date(2023, 6, 13))
