"""A timetable from the public transport routes of an OSM file, where there is no GTFS feed.

The map tells where a line stops, and at times how often it runs; the rest rests on `RouteAssumptions`. All trips are
therefore modelled, none is observed: the report says which tags were missing, and region.toml must call such a layer
modelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.clock import span_s
from data.errors import InputError
from data.gtfs.times import clock_text
from data.on_demand.periods import service_periods
from data.opening_hours.holidays import Holidays
from data.opening_hours.hours import read_hours, readable
from data.opening_hours.rules import DAY_S
from data.osm.routes_read import Route, Spot, read_routes
from data.osm.routes_stops import Pattern, lon_lat, patterns_of, same_way
from data.osm.routes_times import (
    RouteAssumptions,
    Stretch,
    conditional_headways,
    in_season,
    running_times,
    stretches,
)
from data.parameters.facility_kinds import Tags
from data.timetable import NO_TIMETABLE, YESTERDAY, Headways, Stops, Timetable, Trips

ON_DEMAND = "share_taxi"
"""Value of route=* for vehicles that run when they are full, or when they are called."""
ON_REQUEST = frozenset({"on_demand", "on demand", "demand_responsive", "on_request", "share_taxi"})
"""Values of the vehicle's own key (`bus=on_demand`), of `service` and of the interval, for the same."""
NOT_HOURLY = frozenset({"long_distance", "high_speed", "international", "tourism", "school", "holiday"})
"""Values of service=* for which a headway like that of a local line would be far too short."""
HEADWAY_KEYS = ("interval", "headway")
"""Keys for minutes between departures; the second is the older one."""


@dataclass(frozen=True, slots=True)
class Service:
    """One pattern and when it runs.

    Attributes
    ----------
    stretches
        Hours with one headway each.
    line, turn, n_turns
        The pattern whose departures it shares, and of these it has `turn`, `turn + n_turns` and so on; alone it has
        all of its own.
    shares
        Whether the headway is that of the line, which its variants keep together.
    duration_s
        Seconds from the first stop to the last, None where only the distance tells.
    assumed
        What was taken for granted where it runs, in the words of the report.
    told
        What its hours did not simply say, whether it runs or not.

    """

    pattern: Pattern
    stretches: tuple[Stretch, ...]
    shares: bool
    duration_s: int | None
    assumed: tuple[str, ...]
    told: tuple[str, ...] = ()
    line: str = ""
    turn: int = 0
    n_turns: int = 1


class Run(NamedTuple):
    """One vehicle run, if the first of its stretch leaves at the very start; sorted by departure, then id."""

    start: int
    id: str
    service: int
    stretch: Stretch


def read_osm_timetable(
    path: Path, service_date: dt.date, assumptions: RouteAssumptions
) -> tuple[Timetable, BuildReport]:
    """Timetable of `service_date` after the route relations of an OSM file; every trip in it is modelled.

    Stops are the stop positions of a route, or its platforms where the file has more of these; each is a station of
    its own. Vehicles leave at even headways in the hours of the line, from an unknown time on: all trips are among
    the `Headways` of the timetable, their times those of a first run at the very start. They are called after their
    relation, direction and such departure, "relation/12/forward@08:00:00", with "@-1" where that was the day before;
    they are sorted by it, then id. Without an `interval` of their own the variants of a line in one direction take
    turns, so that together they keep the headway of the line.

    Raises
    ------
    InputError
        If the file cannot be read, or has no route that can be used on that day.

    """
    file = read_routes(path, {ON_DEMAND, *(vehicle.route for vehicle in assumptions.vehicles)})
    routes, report = _scheduled(file.routes, service_date, assumptions)
    patterns, pattern_report = patterns_of(routes, file.spots)
    report += pattern_report
    if not patterns:
        msg = (
            f"{path.name} has no bus, tram or train route with at least two stops{_reasons(report)}. "
            "Map the stops of the routes, use a larger extract, or give a GTFS feed."
        )
        raise InputError(msg)
    services = _taking_turns(
        [_service(pattern, service_date, assumptions) for pattern in patterns], file.spots
    )
    idle = [service.pattern.id for service in services if not service.stretches]
    report += finding("timetable", "dropped", f"routes without service on {service_date.isoformat()}", idle)
    told = BuildReport()
    for what in dict.fromkeys(what for service in services for what in service.told):
        ids = [service.pattern.id for service in services if what in service.told]
        told += finding("timetable", "assumed", what, ids)
    if len(idle) == len(services):
        msg = (
            f"None of the {len(services)} routes of {path.name} runs on {service_date.isoformat()}{_reasons(told)}; those "
            f"without opening_hours are taken to run {assumptions.hours}. Choose another date, or give a GTFS feed."
        )
        raise InputError(msg)
    running = [service for service in services if service.stretches]
    report += told
    for what in dict.fromkeys(what for service in running for what in service.assumed):
        ids = [service.pattern.id for service in running if what in service.assumed]
        report += finding("timetable", "assumed", what, ids)
    timetable, time_report = _timetable(running, file.spots, service_date, assumptions)
    return timetable, report + time_report


def _scheduled(
    routes: Sequence[Route], service_date: dt.date, assumptions: RouteAssumptions
) -> tuple[list[Route], BuildReport]:
    """Routes that run to a timetable that may be guessed, in their season."""
    left_out: dict[str, list[str]] = {}
    scheduled = []
    for route in routes:
        reason = _why_not(route.tags) or _out_of_season(route.tags, service_date, assumptions)
        if reason:
            left_out.setdefault(reason, []).append(route.id)
        else:
            scheduled.append(route)
    report = BuildReport()
    for reason, ids in left_out.items():
        report += finding("timetable", "dropped", reason, ids)
    return scheduled, report


def _why_not(tags: Tags) -> str:
    if tags["route"] == ON_DEMAND:
        return "routes of shared taxis, which run on demand"
    on_request = (tags.get(key, "").strip().lower() for key in (tags["route"], "service", *HEADWAY_KEYS))
    if tags.get("on_demand", "no").strip().lower() != "no" or not ON_REQUEST.isdisjoint(on_request):
        return "routes that run on demand only"
    if tags.get("state") == "proposed":
        return "routes that are only proposed"
    seldom = tags["route"] == "coach" or tags.get("service") in NOT_HOURLY
    if seldom and not any(span_s(tags.get(key, "")) for key in HEADWAY_KEYS):
        return "coaches, long-distance, school and holiday routes without a usable interval"
    return ""


def _out_of_season(tags: Tags, service_date: dt.date, assumptions: RouteAssumptions) -> str:
    """Why a seasonal route does not run; hours that name months or weeks themselves go before a bare `seasonal=yes`."""
    text, hours = tags.get("seasonal", ""), tags.get("opening_hours", "")
    season = in_season(text, service_date, assumptions)
    if season is None:
        says_when = readable(hours) and any(rule.wide for rule in read_hours(hours).rules)
        return "" if says_when else "seasonal routes that do not say which season is theirs"
    return "" if season else f"seasonal routes out of season on {service_date.isoformat()}"


def _reasons(report: BuildReport) -> str:
    found = "; ".join(f"{found.count} {found.what}" for found in report.findings)
    return f" ({found})" if found else ""


def _service(pattern: Pattern, service_date: dt.date, assumptions: RouteAssumptions) -> Service:
    """Hours and headways by the tags of the route, or by assumption where they are missing or cannot be read."""
    tags, holidays = pattern.route.tags, assumptions.holidays
    assumed = []
    periods = service_periods(tags.get("opening_hours", ""), service_date, holidays)
    if periods is None:
        hours = _assumed_hours(pattern.route, assumptions)
        periods = service_periods(hours, service_date, holidays) or ()
        assumed.append(f"routes without opening_hours that can be read, taken to run {hours}")
    key = next((key for key in HEADWAY_KEYS if span_s(tags.get(key, ""))), "")
    if not key:
        minutes = assumptions.headway_s / 60
        assumed.append(f"lines without an interval that can be read, taken to run every {minutes:g} min")
    conditional = conditional_headways(tags.get("interval:conditional", ""), service_date, holidays)
    if conditional is None and "interval:conditional" in tags:
        assumed.append("routes with an interval:conditional that cannot be read, left aside")
    duration_s = span_s(tags.get("duration", "")) if pattern.whole else None
    if duration_s is None:
        assumed.append(
            "routes without a usable duration, or not whole in the file: timed by distance and stops"
        )
    if pattern.route.stops_anywhere:
        assumed.append("routes that also stop where one asks (hail and ride): only their mapped stops count")
    headway_s = span_s(tags.get(key, "")) or assumptions.headway_s
    of_line = not conditional and (not key or key in pattern.route.inherited)
    hours_of_headway = tuple(stretches(periods, headway_s, conditional or ()))
    told = _told_hours(tags.get("opening_hours", ""), service_date, holidays)
    return Service(pattern, hours_of_headway, of_line, duration_s, tuple(assumed), told, pattern.id)


def _told_hours(text: str, service_date: dt.date, holidays: Holidays) -> tuple[str, ...]:
    """What had to be made of the hours of a route, in the words of the report."""
    if not readable(text):
        return ()
    hours, told = read_hours(text), []
    if hours.read_as:
        told.append("routes whose opening_hours are written in another way than OpenStreetMap's")
    if hours.in_doubt:
        told.append(
            "routes whose opening_hours are unknown, or only a comment, at times: no service where they hold"
        )
    if hours.follow("PH"):
        told.append(f"routes that follow the public holidays, taken to be those of {holidays.country}")
    if hours.follow("SH") and holidays.is_school(service_date) is None:
        told.append(
            f"routes that follow school holidays of {holidays.place}, unknown on {service_date.isoformat()}: none"
        )
    elif hours.follow("SH"):
        told.append(f"routes that follow the school holidays, taken to be those of {holidays.place}")
    return tuple(told)


def _assumed_hours(route: Route, assumptions: RouteAssumptions) -> str:
    if route.tags.get("by_night") == "only" or route.tags.get("service") == "night":
        return assumptions.night_hours
    return assumptions.peak_hours if route.tags.get("service") == "peak" else assumptions.hours


def _taking_turns(services: Sequence[Service], spots: Mapping[str, Spot]) -> list[Service]:
    """Let the variants of a line in one direction share its departures in turn, the longest first."""
    variants: list[list[Service]] = []
    for service in sorted(services, key=lambda service: -len(service.pattern.calls)):
        for group in variants if service.shares else ():
            main = group[0]
            alike = (main.pattern.route.line, main.stretches) == (
                service.pattern.route.line,
                service.stretches,
            )
            if main.shares and alike and same_way(main.pattern, service.pattern, spots):
                group.append(service)
                break
        else:
            variants.append([service])
    what = "variants of a line in one direction, which share its departures in turn"
    return [
        replace(
            service,
            line=group[0].pattern.id,
            turn=turn,
            n_turns=len(group),
            assumed=(*service.assumed, what) if len(group) > 1 else service.assumed,
        )
        for group in variants
        for turn, service in enumerate(group)
    ]


def _timetable(
    services: Sequence[Service],
    spots: Mapping[str, Spot],
    service_date: dt.date,
    assumptions: RouteAssumptions,
) -> tuple[Timetable, BuildReport]:
    """Write the departures out to trips, those that were over before the day began left out."""
    kinds = {vehicle.route: vehicle for vehicle in assumptions.vehicles}
    stop_ids = sorted({call.stop for service in services for call in service.pattern.calls})
    row = {stop: number for number, stop in enumerate(stop_ids)}
    times = [
        running_times(
            *lon_lat(service.pattern.calls, spots),
            kinds[service.pattern.route.tags["route"]],
            service.duration_s,
        )
        for service in services
    ]
    runs = _runs(services, [int(arrival[-1]) for arrival, _ in times])
    made = [services[run.service].pattern for run in runs]
    calls = [call for pattern in made for call in pattern.calls]
    arrival, departure = (
        np.concatenate([run.start + times[run.service][side] for run in runs]).astype(np.int32)
        for side in (0, 1)
    )
    trips = Trips(
        id=tuple(run.id for run in runs),
        route=tuple(_name(pattern.route) for pattern in made),
        headsign=tuple(pattern.headsign for pattern in made),
        agency=tuple(
            pattern.route.tags.get("operator", pattern.route.tags.get("network", "")) for pattern in made
        ),
        route_type=np.array([kinds[pattern.route.tags["route"]].route_type for pattern in made], np.int32),
        block=("",) * len(made),
        call_offset=np.cumsum([0, *(len(pattern.calls) for pattern in made)], dtype=np.int64),
        call_stop=np.array([row[call.stop] for call in calls], np.int32),
        call_arrival=arrival,
        call_departure=departure,
        call_pickup=np.array([call.pickup for call in calls], np.bool_),
        call_dropoff=np.array([call.dropoff for call in calls], np.bool_),
        headways=Headways(
            trip=np.arange(len(runs), dtype=np.int32),
            group=tuple(_run_id(services[run.service].line, run.stretch.start) for run in runs),
            headway_s=np.array([run.stretch.headway_s for run in runs], np.int32),
            end=np.array([run.stretch.end for run in runs], np.int32),
        ),
    )
    what = "trips made up from the map at even headways: their times are drawn, several ways"
    report = finding("timetable", "assumed", what, trips.id)
    stops = _stops(stop_ids, spots)
    return Timetable(service_date.isoformat(), stops, trips, NO_TIMETABLE.transfers), report


def _runs(services: Sequence[Service], ride_s: Sequence[int]) -> list[Run]:
    """Runs that may still be on the road at or after midnight, where `ride_s` is how long each takes."""
    return sorted(
        Run(start, _run_id(service.pattern.id, start), number, stretch)
        for number, service in enumerate(services)
        for stretch in service.stretches
        for start in stretch.starts[service.turn :: service.n_turns]
        if start + stretch.headway_s + ride_s[number] >= 0
    )


def _stops(stop_ids: Sequence[str], spots: Mapping[str, Spot]) -> Stops:
    lon_deg, lat_deg = (np.array([spots[stop][axis] for stop in stop_ids], np.float64) for axis in (1, 2))
    return Stops(
        id=tuple(stop_ids),
        name=tuple(spots[stop].name for stop in stop_ids),
        station=np.arange(len(stop_ids), dtype=np.int32),
        lon_deg=lon_deg,
        lat_deg=lat_deg,
    )


def _run_id(pattern: str, start: int) -> str:
    return (
        f"{pattern}@{clock_text(start % DAY_S)}{YESTERDAY}" if start < 0 else f"{pattern}@{clock_text(start)}"
    )


def _name(route: Route) -> str:
    return route.tags.get("ref") or route.tags.get("name") or route.id
