"""On-demand services of a GTFS feed: the part of the standard that is called GTFS-Flex.

An on-demand trip has a window of time instead of an arrival and a departure, and in place of a stop a zone of
locations.geojson, a group of stops, or a single stop. `data.gtfs.timetable` reads the other trips and reports these as dropped.

Source: GTFS Schedule reference (stop_times.txt, booking_rules.txt, location_groups.txt, location_group_stops.txt,
locations.geojson; safe_duration_factor and _offset of trips.txt), adopted in March 2024, and its draft before that, in
which a group of stops was an area (stop_areas.txt).
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from data.build_report import BuildReport, finding
from data.clock import clock_text
from data.errors import InputError
from data.on_demand.services import NO_LIMIT_M, Area, OnDemand, Pole, Rings
from data.opening_hours.hours import merged
from data.opening_hours.rules import DAY_S

Row: TypeAlias = Mapping[str, str]
WINDOW = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
NOT_ALLOWED = "1"
SAME_DAY, EARLIER_DAY = "1", "2"
"""Values of booking_type; 0 is booking in real time."""


@dataclass(frozen=True, slots=True)
class FlexAssumptions:
    """What is taken for granted of an on-demand ride whose feed does not say it.

    Attributes
    ----------
    detour
        An assumption: others are picked up on the way, but most rides of a rural service carry one or two.
    margin_s
        An assumption: a quarter of an hour between the agreed time and the departure, at most.

    """

    detour: float = 1.3
    margin_s: int = 900


class Flex(NamedTuple):
    """What a feed holds of on-demand rides on one day."""

    services: tuple[OnDemand, ...]
    has_timetable: bool
    """Whether any of its calls has a time of its own."""
    report: BuildReport


class _Call(NamedTuple):
    """Row of stop_times.txt with a window."""

    sequence: int
    place: str
    start: int
    end: int
    pickup: bool
    dropoff: bool
    rule: str


class _Feed(NamedTuple):
    """Tables of a feed by their ids, as far as on-demand trips need them."""

    name: str
    trips: Mapping[str, Row]
    routes: Mapping[str, str]
    rules: Mapping[str, Row]
    areas: Mapping[str, Area]


def read_flex(path: Path, service_date: dt.date, assumptions: FlexAssumptions) -> Flex:
    """Services of a feed, a zip file or folder, that run on `service_date`.

    Each pair of a call where passengers may get on and a later one where they may get off is a service; pairs of the
    same route, places, booking rule and pace are one, in all their windows. A file that is no feed has none: to say so is
    left to `data.gtfs.timetable.read_timetable`.

    Raises
    ------
    InputError
        If times, numbers or zones of on-demand trips cannot be read; with all of them.

    """
    header = next(_rows(path, "stop_times.txt"), {})
    if WINDOW[0] not in header:
        return Flex((), has_timetable=True, report=BuildReport())
    faults: list[str] = []
    calls, mixed, has_timetable = _calls(path, faults)
    feed = _Feed(
        name=path.name,
        trips={row["trip_id"]: row for row in _rows(path, "trips.txt") if row["trip_id"] in calls},
        routes={row["route_id"]: _name(row) for row in _rows(path, "routes.txt")},
        rules={row["booking_rule_id"]: row for row in _rows(path, "booking_rules.txt")},
        areas=_areas(path, faults),
    )
    days = [(0, _on(path, service_date)), (DAY_S, _on(path, service_date - dt.timedelta(days=1)))]
    services: dict[OnDemand, OnDemand] = {}
    lost, short = [], []
    for trip, of_trip in calls.items():
        service = feed.trips.get(trip, {}).get("service_id")
        shifts = [shift for shift, running in days if service in running]
        pairs = [(on, off) for on, off in combinations(sorted(of_trip), 2) if on.pickup and off.dropoff]
        short += [trip] if shifts and not pairs else []
        for on, off in pairs if shifts else ():
            absent = [f"{trip}: {call.place}" for call in (on, off) if call.place not in feed.areas]
            lost += absent
            if not absent:
                _add(services, _service(feed, trip, (on, off), assumptions, faults), (on, off), shifts)
    if faults:
        msg = f"{path.name}: booked trips have mistakes to mend: {'; '.join(dict.fromkeys(faults))}."
        raise InputError(msg)
    report = (
        finding(
            "on demand", "dropped", "trips with fixed times, of which the calls to book are left out", mixed
        )
        + finding("on demand", "dropped", "booked trips that one cannot both board and leave", short)
        + finding(
            "on demand", "dropped", "zones and stops of booked trips that the feed lacks", dict.fromkeys(lost)
        )
        + finding(
            "on demand",
            "assumed",
            "rules of on-demand services that no source gives",
            [f"{service.id}: {name}" for service in services.values() for name in service.assumed],
        )
    )
    return Flex(tuple(services.values()), has_timetable, report)


def _add(
    services: dict[OnDemand, OnDemand], made: OnDemand, ride: tuple[_Call, _Call], shifts: list[int]
) -> None:
    """Add the windows of a ride, `shifts` seconds earlier each, to the service that is the same but for the id."""
    on, off = ride
    windows = [(on.start - shift, min(on.end, off.end) - shift) for shift in shifts]
    same = services.get(key := replace(made, id=""), made)
    periods = merged([*same.periods, *(window for window in windows if 0 < window[1] > window[0])])
    if periods:
        services[key] = replace(same, periods=periods, hours=_words(periods))


def _service(
    feed: _Feed, trip: str, ride: tuple[_Call, _Call], assumptions: FlexAssumptions, faults: list[str]
) -> OnDemand:
    """Service between two calls of a trip, still without hours."""
    on, off = ride
    row, rule = feed.trips[trip], feed.rules.get(on.rule, {})

    def number(of: Row, column: str, otherwise: float) -> float:
        text = of.get(column, "")
        try:
            value = float(text or otherwise)
        except ValueError:
            value = -1.0
        if not 0 <= value < NO_LIMIT_M:
            faults.append(f"the {column} of {trip} is '{text}', which is no such number")
        return value

    kind = rule.get("booking_type", "")
    lead_s = 0.0
    if kind == SAME_DAY:
        lead_s = 60 * number(rule, "prior_notice_duration_min", 0)
    elif kind == EARLIER_DAY:
        lead_s = DAY_S * number(rule, "prior_notice_last_day", 1)
    given = {
        "lead_s": kind,
        "detour": row.get("safe_duration_factor"),
        "margin_s": row.get("safe_duration_offset"),
    }
    return OnDemand(
        id=f"{trip}:{on.sequence}-{off.sequence}",
        name=feed.routes.get(row.get("route_id", ""), ""),
        pickup=feed.areas[on.place],
        dropoff=feed.areas[off.place],
        hours="",
        periods=(),
        lead_s=round(lead_s),
        margin_s=round(number(row, "safe_duration_offset", assumptions.margin_s)),
        min_m=0.0,
        max_m=NO_LIMIT_M,
        detour=number(row, "safe_duration_factor", assumptions.detour),
        source=feed.name,
        date="",
        assumed=tuple(name for name, text in given.items() if not text),
    )


def _calls(path: Path, faults: list[str]) -> tuple[dict[str, list[_Call]], list[str], bool]:
    """On-demand calls of each trip, the trips that have other calls too, and whether there are other calls at all."""
    calls: dict[str, list[_Call]] = defaultdict(list)
    timed: set[str] = set()
    for number, row in enumerate(_rows(path, "stop_times.txt"), start=2):
        if not row.get(WINDOW[0]):
            timed.add(row["trip_id"])
            continue
        place = row.get("location_id") or row.get("location_group_id") or row.get("stop_id") or ""
        try:
            start, end = (_seconds(row[name]) for name in WINDOW)
            sequence = int(row["stop_sequence"])
        except (ValueError, KeyError):
            faults.append(f"stop_times.txt row {number} has no window such as 08:00:00, or no stop_sequence")
            continue
        pickup, dropoff = (row.get(f"{deed}_type", "") != NOT_ALLOWED for deed in ("pickup", "drop_off"))
        rule = row.get("pickup_booking_rule_id") or row.get("drop_off_booking_rule_id") or ""
        calls[row["trip_id"]].append(_Call(sequence, place, start, end, pickup, dropoff, rule))
    mixed = [trip for trip in calls if trip in timed]
    return {trip: of_trip for trip, of_trip in calls.items() if trip not in timed}, mixed, bool(timed)


def _areas(path: Path, faults: list[str]) -> dict[str, Area]:
    """Zones, groups of stops and single stops by their ids."""
    poles: dict[str, Pole] = {}
    for number, row in enumerate(_rows(path, "stops.txt"), start=2):
        if row.get("stop_lon") and row.get("stop_lat"):
            try:
                lon_deg, lat_deg = float(row["stop_lon"]), float(row["stop_lat"])
            except ValueError:
                faults.append(f"stops.txt row {number} has a position that is no number")
                continue
            poles[row["stop_id"]] = Pole(row.get("stop_name", ""), lon_deg, lat_deg)
    areas = {stop: Area(stops=(pole,)) for stop, pole in poles.items()}
    for table, column in (("stop_areas.txt", "area_id"), ("location_group_stops.txt", "location_group_id")):
        members: dict[str, list[Pole]] = defaultdict(list)
        for row in _rows(path, table):
            if row.get("stop_id") in poles:
                members[row[column]].append(poles[row["stop_id"]])
        areas |= {group: Area(stops=tuple(dict.fromkeys(of))) for group, of in members.items()}
    for text in _texts(path, "locations.geojson"):
        try:
            for feature in json.load(text)["features"]:
                areas[str(feature["id"])] = Area(outlines=_outlines(feature["geometry"]))
        except (ValueError, KeyError, TypeError) as error:
            faults.append(f"locations.geojson is no collection of polygons with ids ({error!r})")
    return areas


def _outlines(geometry: Mapping[str, Any]) -> tuple[Rings, ...]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[
        geometry["type"]
    ]
    return tuple(
        tuple(tuple((float(point[0]), float(point[1])) for point in ring) for ring in polygon)
        for polygon in polygons
    )


def _on(path: Path, day: dt.date) -> set[str]:
    """Services that run on a day."""
    date, weekday = day.strftime("%Y%m%d"), day.strftime("%A").lower()
    running = {
        row["service_id"]
        for row in _rows(path, "calendar.txt")
        if row.get(weekday) == "1" and row["start_date"] <= date <= row["end_date"]
    }
    exceptions = [row for row in _rows(path, "calendar_dates.txt") if row.get("date") == date]
    added = {row["service_id"] for row in exceptions if row["exception_type"] == "1"}
    return (running | added) - {row["service_id"] for row in exceptions if row["exception_type"] == "2"}


def _rows(path: Path, table: str) -> Iterator[Row]:
    """Rows of a table, texts without surrounding spaces; none where the feed lacks it."""
    for text in _texts(path, table):
        lines = csv.reader(text)
        header = [name.strip().lower() for name in next(lines, [])]
        for line in lines:
            if line:
                yield dict(zip(header, (value.strip() for value in line), strict=False))


def _texts(path: Path, name: str) -> Iterator[TextIOWrapper]:
    """The file of that name, at the top or in a sub-folder; none where there is none."""
    if path.is_dir():
        for file in sorted([*path.glob(name), *path.glob(f"*/{name}")])[:1]:
            with file.open("rb") as stream:
                yield TextIOWrapper(stream, "utf-8-sig", newline="")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in [entry for entry in archive.namelist() if entry.rpartition("/")[2] == name][:1]:
                with archive.open(entry) as stream:
                    yield TextIOWrapper(stream, "utf-8-sig", newline="")


def _seconds(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds)


def _name(route: Row) -> str:
    return route.get("route_short_name") or route.get("route_long_name") or route["route_id"]


def _words(periods: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{clock_text(max(start, 0))}-{clock_text(end)}" for start, end in periods)
