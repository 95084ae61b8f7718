"""Hours of the timetable per year, before and after each change of a line.

An hour of the timetable is one vehicle under way for an hour, from the first departure of a run to its last arrival. A year is
put together of one weekday, one Saturday and one Sunday, each as often as it comes; what a scenario changes it changes on
each of these days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility.world import World, timetable_on
from data.columns import Int64s
from data.errors import InputError, ScenarioError
from data.opening_hours.holidays import Holidays
from data.parameters.rates import DAY_KINDS, DayKind, Days, Vehicle, vehicle_of
from data.timetable import YESTERDAY, Timetable, Trips, picked
from scenarios.edits.find_lines import trips_of
from scenarios.edits.lines import LINES, AddLine, TimetableEdit, edited, road_metres
from scenarios.edits.scenario import Scenario

SATURDAY, SUNDAY = 5, 6
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class YearDay:
    """One day that stands for all days of its kind; `timetable` is None where it is unknown what runs on such days."""

    kind: DayKind
    date: dt.date
    timetable: Timetable | None


class LineHours(NamedTuple):
    """Hours of the timetable per year of the line that an edit is about, by one kind of vehicle.

    Attributes
    ----------
    edit
        Number of the edit in its scenario, from 1.
    vehicle
        Kind of vehicle.
    before, after
        Hours per year without this edit and with it, those before it in the scenario made.
    unknown
        Kinds of day of which it is unknown what runs, in none of these hours.
    refused
        Kinds of day on which the edit cannot be made, and why: it changes nothing then.

    """

    edit: int
    vehicle: Vehicle
    before: float
    after: float
    unknown: tuple[DayKind, ...]
    refused: tuple[tuple[DayKind, str], ...]


def year_of(world: World) -> tuple[YearDay, ...]:
    """The weekday, Saturday and Sunday nearest to the usual date of a region, with their timetables.

    Public holidays stand for none of them. Where the calendar of the one feed of a region has no trip on any Sunday, none runs on
    Sundays. Without a calendar only the usual date is known, and a day that cannot be read is unknown.

    Parameters
    ----------
    world
        Without scenario.

    """
    known, day = world.known_dates, world.region.service_date
    usual = known.usual if known.dates else day
    by_nearness = sorted(set(known.dates) | {usual}, key=lambda date: (abs(date - usual), date))
    found = []
    for kind in DAY_KINDS:
        date = next((date for date in by_nearness if kind_of(date, world.region.holidays) == kind), None)
        if date is None:
            found.append(_without_trips(world, kind, usual))
            continue
        try:
            found.append(YearDay(kind, date, timetable_on(world, date)))
        except InputError:
            found.append(YearDay(kind, date, None))
    return tuple(found)


def _without_trips(world: World, kind: DayKind, usual: dt.date) -> YearDay:
    """Day of a kind on which there is no trip: none runs where the calendar of one feed goes on beyond it, else that is unknown.

    Of several feeds only days are known on which all of them run.
    """
    dates = world.known_dates.dates
    if len(world.region.layer("timetable")) != 1 or not dates:
        return YearDay(kind, usual, None)
    between = (dates[0] + dt.timedelta(days) for days in range((dates[-1] - dates[0]).days))
    date = next((date for date in between if kind_of(date, world.region.holidays) == kind), None)
    if date is None:
        return YearDay(kind, usual, None)
    timetable = world.network.service.timetable
    return YearDay(kind, date, replace(timetable, trips=picked(timetable.trips, np.empty(0, np.int64))))


def kind_of(date: dt.date, holidays: Holidays) -> DayKind | None:
    """Kind of an ordinary day; None for a public holiday, when nobody knows what runs."""
    if date.weekday() == SUNDAY:
        return "sunday"
    if holidays.is_public(date):
        return None
    return "saturday" if date.weekday() == SATURDAY else "weekday"


def hours_of(trips: Trips, rows: Int64s) -> dict[Vehicle, float]:
    """Hours from first departure to last arrival of those trips of `rows` that belong to the day itself, by vehicle."""
    found: dict[Vehicle, float] = {}
    for row in rows.tolist():
        if trips.id[row].endswith(YESTERDAY):
            continue
        first, end = trips.call_offset[row], trips.call_offset[row + 1]
        seconds = int(trips.call_arrival[end - 1]) - int(trips.call_departure[first])
        vehicle = vehicle_of(int(trips.route_type[row]))
        found[vehicle] = found.get(vehicle, 0.0) + seconds / HOUR_S
    return found


def line_hours(
    world: World, year: tuple[YearDay, ...], scenario: Scenario, days: Days
) -> tuple[LineHours, ...]:
    """Hours per year before and after each edit of a line that holds, one after the other as they are applied.

    Together the differences are exactly what the scenario changes of all hours of the timetable.

    Parameters
    ----------
    world
        Without scenario: new lines run along its roads.
    year
        What `year_of` gives for it.
    scenario, days
        What changes, and how often each kind of day comes.

    """
    own = [
        (number, edit)
        for number, edit in enumerate(scenario.edits, start=1)
        if isinstance(edit, LINES.kinds) and scenario.holds(edit)
    ]
    # As a scenario is applied: what holds from an earlier year goes before.
    edits = dict(sorted(own, key=lambda item: item[1].from_year or 0))
    before: dict[tuple[int, Vehicle], float] = {}
    after: dict[tuple[int, Vehicle], float] = {}
    refused: dict[int, list[tuple[DayKind, str]]] = {number: [] for number in edits}
    unknown = tuple(day.kind for day in year if day.timetable is None)
    for day in year:
        if day.timetable is None:
            continue
        for number, sides in _steps(world, day.timetable, edits, refused, day.kind).items():
            for side, hours in zip((before, after), sides, strict=True):
                for vehicle, per_day in hours.items():
                    side[number, vehicle] = side.get((number, vehicle), 0.0) + per_day * days.of(day.kind)
    return tuple(
        LineHours(
            number,
            vehicle,
            before.get((number, vehicle), 0.0),
            after.get((number, vehicle), 0.0),
            unknown,
            tuple(refused[number]),
        )
        for number in edits
        for vehicle in (dict.fromkeys(of for at, of in (*before, *after) if at == number) or {"bus": None})
    )


def _steps(
    world: World,
    timetable: Timetable,
    edits: Mapping[int, TimetableEdit],
    refused: Mapping[int, list[tuple[DayKind, str]]],
    kind: DayKind,
) -> dict[int, tuple[dict[Vehicle, float], dict[Vehicle, float]]]:
    """Hours of one day before and after each edit of those that can be made on it; the others are told in `refused`."""
    found = {}
    stops, n_trips = timetable.stops, len(timetable.trips.id)
    road_m = road_metres(world.network, *world.projection.to_metres(stops.lon_deg, stops.lat_deg))
    for number, edit in edits.items():
        own = _own_hours(timetable, edit)
        try:
            timetable = edited(timetable, edit, road_m, len(timetable.trips.id) - n_trips)
        except ScenarioError as error:
            refused[number].append((kind, str(error)))
            found[number] = (own, own)
            continue
        found[number] = (own, _own_hours(timetable, edit))
    return found


def _own_hours(timetable: Timetable, edit: TimetableEdit) -> dict[Vehicle, float]:
    """Hours of the trips that an edit is about; none where there is no such line."""
    trips = timetable.trips
    if isinstance(edit, AddLine):
        wanted = (edit.name.casefold(), edit.agency.casefold())
        names = zip(trips.route, trips.agency, strict=True)
        rows = [
            row
            for row, (route, agency) in enumerate(names)
            if (route.casefold(), agency.casefold()) == wanted
        ]
        return hours_of(trips, np.array(rows, np.int64))
    try:
        return hours_of(trips, trips_of(timetable, edit))
    except ScenarioError:
        return {}
