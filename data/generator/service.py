"""The timetable: departures of every line by kind of day, as the tables of a GTFS feed."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias
from zlib import crc32

from data.columns import Strings
from data.generator.facts import Facts
from data.generator.lines import RAIL, Headways, Line
from data.generator.rules import Rules

HOUR_S = 3600
DAYS = {"weekday": "1111100", "saturday": "0000010", "sunday": "0000001"}
"""Service ids and the days, Monday first, on which they run; holidays are not known to the facts."""
AGENCY_URLS = {
    "Qbuzz": "https://www.qbuzz.nl",
    "Arriva": "https://www.arriva.nl",
    "RRReis (IJssel-Vecht)": "https://www.rrreis.nl",
    "Treinen": "https://9292.nl",
}
UNKNOWN_URL = "https://9292.nl"
"""The national journey planner, for operators without an address here: GTFS wants one."""


class GtfsTable(NamedTuple):
    """One file of the feed: its columns and rows of text."""

    columns: Strings
    rows: list[Strings]


Feed: TypeAlias = dict[str, GtfsTable]


def departures(line: Line, day: str, first: int, rules: Rules) -> list[int]:
    """Departures, seconds after midnight, from `first` to the line's last departure.

    Each is followed by the next one after the headway of the period it falls in; a headway of 0 ends the service.
    """
    found, clock = [], first
    evening = rules.evening_from_h * HOUR_S
    while clock <= line.last_departure:
        headway_s = headway_at(line.headways, day, clock >= evening)
        if headway_s == 0:
            break
        found.append(clock)
        clock += headway_s
    return found


def headway_at(headways: Headways, day: str, evening: bool) -> int:  # noqa: FBT001 -- a period has two values
    """Seconds between departures; the evening of a weekday has its own."""
    match day:
        case "weekday":
            return headways.evening_s if evening else headways.weekday_s
        case "saturday":
            return headways.saturday_s
        case "sunday":
            return headways.sunday_s
        case _:
            msg = f"unknown kind of day {day}"
            raise ValueError(msg)


def first_departure(line: Line, day: str, direction: int) -> int:
    """First departure of a day: whole minutes after the stated one, drawn by the name of the line within one headway.

    So lines do not all leave on the hour, and the two directions differ. Trains keep the stated minute, because two
    services share the track half an hour apart.
    """
    headway_min = headway_at(line.headways, day, evening=False) // 60
    if line.route_type == RAIL or headway_min == 0:
        return line.first_departure
    return line.first_departure + crc32(f"{line.id}/{direction}".encode()) % headway_min * 60


def make_feed(facts: Facts, rules: Rules) -> Feed:
    """All tables of the feed; both directions of every line, the way back in reverse order with the same times."""
    trips: list[Strings] = []
    stop_times: list[Strings] = []
    for line in facts.lines:
        ends = line.offset_s[-1]
        there = list(zip(line.stops, line.offset_s, strict=True))
        back = [(stop, ends - offset_s) for stop, offset_s in reversed(there)]
        for direction, course in enumerate((there, back)):
            for day in DAYS:
                for clock in departures(line, day, first_departure(line, day, direction), rules):
                    trip = f"{line.id}-{direction}-{day}-{_clock(clock)[:5]}"
                    trips.append((line.id, day, trip, line.headsigns[direction], str(direction)))
                    stop_times.extend(
                        (trip, _clock(clock + offset_s), _clock(clock + offset_s), stop, str(place))
                        for place, (stop, offset_s) in enumerate(course, start=1)
                    )
    return {
        **_fixed_tables(facts, rules),
        "trips": GtfsTable(("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"), trips),
        "stop_times": GtfsTable(
            ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), stop_times
        ),
    }


def _fixed_tables(facts: Facts, rules: Rules) -> Feed:
    """Tables that do not depend on single departures; stops no line calls at are kept for new lines."""
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    days: list[Strings] = [(day, *flags, rules.first_day, rules.last_day) for day, flags in DAYS.items()]
    info = {
        "feed_publisher_name": "dorpshub generator: modelled timetable, not for travel",
        "feed_publisher_url": UNKNOWN_URL,
        "feed_lang": "nl",
        "feed_start_date": rules.first_day,
        "feed_end_date": rules.last_day,
        "feed_version": "1",
    }
    return {
        **_line_tables(facts),
        "calendar": GtfsTable(("service_id", *week, "start_date", "end_date"), days),
        "feed_info": GtfsTable(tuple(info), [tuple(info.values())]),
    }


def _line_tables(facts: Facts) -> Feed:
    operators = sorted({line.operator for line in facts.lines})
    routes: list[Strings] = [
        (line.id, _slug(line.operator), line.number, line.name, str(line.route_type)) for line in facts.lines
    ]
    stops: list[Strings] = [
        (points.id[row], points.name[row], f"{points.lat_deg[row]:.5f}", f"{points.lon_deg[row]:.5f}")
        for points in (facts.stops, facts.stations)
        for row in range(len(points.id))
    ]
    return {
        "agency": GtfsTable(
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            [
                (_slug(one), one, AGENCY_URLS.get(one, UNKNOWN_URL), "Europe/Amsterdam", "nl")
                for one in operators
            ],
        ),
        "routes": GtfsTable(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"), routes
        ),
        "stops": GtfsTable(("stop_id", "stop_name", "stop_lat", "stop_lon"), stops),
    }


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.casefold()).strip("-")


def _clock(seconds: int) -> str:
    return f"{seconds // HOUR_S:02d}:{seconds % HOUR_S // 60:02d}:{seconds % 60:02d}"
