"""On-demand services of a GTFS feed: the part of the standard that is called GTFS-Flex.

An on-demand trip has a window of time instead of an arrival and a departure, and in place of a stop a zone of
locations.geojson, a group of stops, or a single stop. `data.gtfs.timetable` reads the other trips and reports these as dropped.

Source: GTFS Schedule reference (stop_times.txt, booking_rules.txt, location_groups.txt, location_group_stops.txt,
locations.geojson; safe_duration_factor and _offset of trips.txt), adopted in March 2024, and its draft before that, in
which a group of stops was an area (stop_areas.txt).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TypeAlias

from data.build_report import BuildReport, finding
from data.clock import clock_text
from data.errors import InputError
from data.gtfs.tables import columns_of, find_file, opened, text_rows
from data.json_text import json_of
from data.on_demand.services import NO_LIMIT_M, Area, OnDemand, Pole
from data.opening_hours.hours import merged
from data.opening_hours.rules import DAY_S
from data.outlines import polygons_of

Row: TypeAlias = Mapping[str, str]
WINDOW = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
LOCATIONS = "locations.geojson"
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
    if WINDOW[0] not in columns_of(path, "stop_times"):
        return Flex((), has_timetable=True, report=BuildReport())
    faults: list[str] = []
    calls, mixed, has_timetable = _calls(path, faults)
    feed = _Feed(
        name=path.name,
        trips={
            row["trip_id"]: row
            for row in text_rows(path, "trips", ("trip_id", "service_id"))
            if row["trip_id"] in calls
        },
        routes={row["route_id"]: _name(row) for row in text_rows(path, "routes", ("route_id",))},
        rules={row["booking_rule_id"]: row for row in text_rows(path, "booking_rules", ("booking_rule_id",))},
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
    for number, row in enumerate(text_rows(path, "stop_times", ("trip_id", *WINDOW)), start=2):
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
    for number, row in enumerate(text_rows(path, "stops", ("stop_id",)), start=2):
        if row.get("stop_lon") and row.get("stop_lat"):
            try:
                lon_deg, lat_deg = float(row["stop_lon"]), float(row["stop_lat"])
            except ValueError:
                lon_deg = lat_deg = math.nan
            if not (abs(lon_deg) <= 180 and abs(lat_deg) <= 90):
                faults.append(f"stops.txt row {number} has a position that is no number of degrees")
                continue
            poles[row["stop_id"]] = Pole(row.get("stop_name", ""), lon_deg, lat_deg)
    areas = {stop: Area(stops=(pole,)) for stop, pole in poles.items()}
    for table, column in (("stop_areas", "area_id"), ("location_group_stops", "location_group_id")):
        members: dict[str, list[Pole]] = defaultdict(list)
        for row in text_rows(path, table, (column, "stop_id")):
            if row.get("stop_id") in poles:
                members[row[column]].append(poles[row["stop_id"]])
        areas |= {group: Area(stops=tuple(dict.fromkeys(of))) for group, of in members.items()}
    with opened(path) as top:
        file = find_file(top, LOCATIONS)
        text = b"" if file is None else file.read_bytes()
    try:
        for feature in json_of(text)["features"] if text else ():
            areas[str(feature["id"])] = Area(outlines=polygons_of(feature["geometry"]))
    except (ValueError, KeyError, TypeError) as error:
        faults.append(f"{LOCATIONS} is no collection of polygons with ids ({error!r})")
    return areas


def _on(path: Path, day: dt.date) -> set[str]:
    """Services that run on a day."""
    date, weekday = day.isoformat().replace("-", ""), day.strftime("%A").lower()
    running = {
        row["service_id"]
        for row in text_rows(path, "calendar", ("service_id", "start_date", "end_date"))
        if row.get(weekday) == "1" and row["start_date"] <= date <= row["end_date"]
    }
    exceptions = [
        row
        for row in text_rows(path, "calendar_dates", ("service_id", "date", "exception_type"))
        if row.get("date") == date
    ]
    added = {row["service_id"] for row in exceptions if row["exception_type"] == "1"}
    return (running | added) - {row["service_id"] for row in exceptions if row["exception_type"] == "2"}


def _seconds(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds)


def _name(route: Row) -> str:
    return route.get("route_short_name") or route.get("route_long_name") or route["route_id"]


def _words(periods: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{clock_text(max(start, 0))}-{clock_text(end)}" for start, end in periods)
