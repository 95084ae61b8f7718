"""The timetable: departures of buses and of trains by kind of day, as the tables of a GTFS feed each."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias
from zlib import crc32

from data.columns import Strings
from data.generator.facts import Facts
from data.generator.lines import Headways, Line
from data.generator.rules import Rules
from data.generator.tables import Points
from data.generator.trains import WINDOWS
from data.generator.trains import departures as train_departures

HOUR_S = 3600
BUS, RAIL = 3, 2
"""GTFS route types."""
TRAINS = "Treinen"
"""Operator of the trains: the facts name none."""
DAYS = {"weekday": "1111100", "saturday": "0000010", "sunday": "0000001"}
"""Service ids and the days, Monday first, on which they run; holidays are not known to the facts."""
AGENCY_URLS = {
    "Qbuzz": "https://www.qbuzz.nl",
    "Arriva": "https://www.arriva.nl",
    "RRReis (IJssel-Vecht)": "https://www.rrreis.nl",
    TRAINS: "https://9292.nl",
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

    So lines do not all leave on the hour, and the two directions differ.
    """
    headway_min = headway_at(line.headways, day, evening=False) // 60
    if headway_min == 0:
        return line.first_departure
    return line.first_departure + crc32(f"{line.id}/{direction}".encode()) % headway_min * 60


class Trip(NamedTuple):
    """One vehicle run: what its row of trips.txt says, and its calls as (stop, arrival, departure)."""

    route: str
    service: str
    id: str
    headsign: str
    direction: int
    shape: str
    calls: list[tuple[str, int, int]]


def bus_feed(facts: Facts, rules: Rules) -> Feed:
    """All tables of the buses; both directions of every line, the way back in reverse order with the same times."""
    trips = []
    for line in facts.lines:
        course = list(zip(line.stops, line.offset_s, line.offset_s, strict=True))
        for direction, calls in enumerate((course, _reversed(course))):
            for day in DAYS:
                for clock in departures(line, day, first_departure(line, day, direction), rules):
                    name = f"{line.id}-{direction}-{day}-{_clock(clock)[:5]}"
                    trips.append(
                        Trip(line.id, day, name, line.headsigns[direction], direction, "", _at(clock, calls))
                    )
    routes = [Route(line.id, line.operator, line.number, line.name, BUS) for line in facts.lines]
    return _feed("modelled timetable, not for travel", routes, trips, facts.stops, DAYS, rules)


def train_feed(facts: Facts, rules: Rules) -> Feed:
    """All tables of the trains, with their tracks; the way back in reverse order with the same times."""
    title = {
        one: name.removeprefix("Station ")
        for one, name in zip(facts.stations.id, facts.stations.name, strict=True)
    }
    routes = {
        train.series: Route(
            f"rail-{train.series}",
            TRAINS,
            train.line,
            f"{train.product} {title[train.stations[0]]} - {title[train.stations[-1]]}",
            RAIL,
        )
        for train in facts.trains
    }
    trips = []
    for name, window in WINDOWS.items():
        here = tuple(train for train in facts.trains if train.window == name)
        for direction in (0, 1):
            for train, clock in train_departures(here, direction, rules):
                course = list(zip(train.stations, train.arrival_s, train.departure_s, strict=True))
                calls = _reversed(course) if direction else course
                trips.append(
                    Trip(
                        routes[train.series].id,
                        window.service_id,
                        f"rail-{train.series}-{direction}-{window.service_id}-{_clock(clock)[:5]}",
                        title[calls[-1][0]],
                        direction,
                        f"{train.series}-{direction}" if train.series in facts.tracks else "",
                        _at(clock, calls),
                    )
                )
    days = {window.service_id: window.days for window in WINDOWS.values()}
    what = "trains as counted, with observed minutes at modelled times, not for travel"
    feed = _feed(what, list(routes.values()), trips, facts.stations, days, rules)
    points: list[Strings] = [
        (f"{series}-{direction}", f"{lat:.5f}", f"{lon:.5f}", str(number))
        for series, line in facts.tracks.items()
        for direction in (0, 1)
        for number, (lon, lat) in enumerate(reversed(line) if direction else line, start=1)
    ]
    shapes = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
    return feed | {"shapes": GtfsTable(shapes, points)}


def _reversed(calls: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Calls the other way round: as long between stops, and as long at them."""
    end = calls[-1][1]
    return [(stop, end - departure, end - arrival) for stop, arrival, departure in reversed(calls)]


def _at(clock: int, calls: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    return [(stop, clock + arrival, clock + departure) for stop, arrival, departure in calls]


class Route(NamedTuple):
    """One row of routes.txt."""

    id: str
    operator: str
    number: str
    name: str
    route_type: int


def _feed(
    what: str, routes: list[Route], trips: list[Trip], stops: Points, days: dict[str, str], rules: Rules
) -> Feed:
    """All tables of a feed; stops no line calls at are kept for new lines."""
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    info = {
        "feed_publisher_name": f"dorpshub generator: {what}",
        "feed_publisher_url": UNKNOWN_URL,
        "feed_lang": "nl",
        "feed_start_date": rules.first_day,
        "feed_end_date": rules.last_day,
        "feed_version": "1",
    }
    calls: list[Strings] = [
        (trip.id, _clock(arrival), _clock(departure), stop, str(place))
        for trip in trips
        for place, (stop, arrival, departure) in enumerate(trip.calls, start=1)
    ]
    columns = ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id")
    operators = sorted({route.operator for route in routes})
    return {
        "agency": GtfsTable(
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            [
                (_slug(one), one, AGENCY_URLS.get(one, UNKNOWN_URL), "Europe/Amsterdam", "nl")
                for one in operators
            ],
        ),
        "routes": GtfsTable(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
            [
                (route.id, _slug(route.operator), route.number, route.name, str(route.route_type))
                for route in routes
            ],
        ),
        "trips": GtfsTable(
            columns,
            [
                (trip.route, trip.service, trip.id, trip.headsign, str(trip.direction), trip.shape)
                for trip in trips
            ],
        ),
        "stop_times": GtfsTable(
            ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), calls
        ),
        "stops": GtfsTable(
            ("stop_id", "stop_name", "stop_lat", "stop_lon"),
            [
                (stops.id[row], stops.name[row], f"{stops.lat_deg[row]:.5f}", f"{stops.lon_deg[row]:.5f}")
                for row in range(len(stops.id))
            ],
        ),
        "calendar": GtfsTable(
            ("service_id", *week, "start_date", "end_date"),
            [(day, *flags, rules.first_day, rules.last_day) for day, flags in days.items()],
        ),
        "feed_info": GtfsTable(tuple(info), [tuple(info.values())]),
    }


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.casefold()).strip("-")


def _clock(seconds: int) -> str:
    return f"{seconds // HOUR_S:02d}:{seconds % HOUR_S // 60:02d}:{seconds % 60:02d}"
