"""Edits of the timetable: how often and from when to when lines run, lines dropped and new ones.

Those of the course of a line are in `line_courses`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from msgspec import Meta

from accessibility.travel_network import Points, TravelNetwork, street_nearest, with_timetable
from data.clock import parse_clock
from data.columns import Floats, Int32s, Int64s
from data.errors import ScenarioError
from data.limits import NEW_TRIPS
from data.timetable import NO_HEADWAYS, NO_IN_SEAT_TRANSFERS, Timetable, Trips
from data.units import MPS_PER_KMH
from scenarios.edits.base import Clock, ClockOrBlank, EditBase, Group, Positive
from scenarios.edits.find_lines import OnLine, directions, one_stop, trips_of
from scenarios.edits.line_courses import COURSES, CourseEdit, recoursed
from scenarios.edits.trip_tables import copies, regular, with_runs, without

MOST_STOPS = 200
"""Of a new line."""
Minutes: TypeAlias = Annotated[float, Meta(ge=1, le=24 * 60)]
Route: TypeAlias = Annotated[tuple[str, ...], Meta(min_length=2, max_length=MOST_STOPS)]


class ChangeHeadway(OnLine, frozen=True, kw_only=True):
    """Let a line leave at even intervals within a period, in each direction.

    Runs of the period are replaced; they keep the minute of the first of them. Each new run goes as the last one before
    it went that day: same stops, same times between them. Where the runs of a direction differ, the interval is that
    of the first stop which all of them share; without such a stop every pattern of stops has its own. An interval that
    divides the one before only adds runs.

    Attributes
    ----------
    headway_min
        Minutes between two runs.
    first, last
        First and last departure of the period, both within it; "" for the line's own first and last of the day.

    """

    headway_min: Minutes
    first: ClockOrBlank = ""
    last: ClockOrBlank = ""


class ChangeSpan(OnLine, frozen=True, kw_only=True):
    """Let a line run from a first to a last departure, in each direction.

    Runs outside are dropped. Towards both ends runs are added at the line's own most common interval, as in
    `ChangeHeadway`.
    """

    first: Clock
    last: Clock


class DropLine(OnLine, frozen=True, kw_only=True):
    """Take a line out of service, in one direction or all."""


class AddLine(EditBase, frozen=True, kw_only=True):
    """Run a new line along roads through stops of the timetable.

    Attributes
    ----------
    name, agency
        No line of this operator has the name yet.
    stops
        Ids or names of the stops, in order.
    headway_min, first, last
        From the first to the last departure a run at every so many minutes.
    speed_kmh
        Mean speed over the road by car, stopping included.
    both_ways
        Whether it comes back along the same stops, leaving at the same times.

    """

    name: str
    stops: Route
    headway_min: Minutes
    first: Clock
    last: Clock
    speed_kmh: Positive
    agency: str = ""
    both_ways: bool = True


TimetableEdit: TypeAlias = ChangeHeadway | ChangeSpan | DropLine | CourseEdit | AddLine

DAY_STARTS = 4 * 3600
"""What leaves earlier belongs to the evening before, unless a period begins earlier: an assumption."""
DAY_S = 24 * 3600
CAR = "car"
BUS = 3
"""GTFS route type."""

RoadMetres: TypeAlias = Callable[[int, int], float]
"""Metres by car from one row of the stops to another, inf where no road leads there."""


def edited(timetable: Timetable, edit: TimetableEdit, road_m: RoadMetres, n_made: int = 0) -> Timetable:
    """Timetable after an edit, where edits before it made `n_made` trips more than there were.

    Raises
    ------
    ScenarioError
        When the edit is not possible here, with the reason and what to do.

    """
    match edit:
        case ChangeHeadway():
            return _with_headway(timetable, edit, n_made)
        case ChangeSpan():
            return _with_span(timetable, edit, n_made)
        case DropLine():
            return replace(timetable, trips=without(timetable.trips, trips_of(timetable, edit)))
        case AddLine():
            return _with_line(timetable, edit, road_m, n_made)
        case _:
            return recoursed(timetable, edit)


class _Departures(NamedTuple):
    """Trips of one direction by their departure from the stop that stands for it, (T,) each, ascending."""

    trip: Int64s
    at: Int64s

    def of(self, chosen: Int64s) -> _Departures:
        return _Departures(self.trip[chosen], self.at[chosen])


class _Plan(NamedTuple):
    """Runs to make: copies of trips, `shift_s` later, and the headway they are made for."""

    row: Int64s
    shift_s: Int64s
    headway_s: int


def _with_headway(timetable: Timetable, edit: ChangeHeadway, n_made: int) -> Timetable:
    headway_s = round(edit.headway_min * 60)
    gone: list[Int64s] = []
    plans: list[_Plan] = []
    for departures in _by_direction(timetable, trips_of(timetable, edit)):
        today = departures.of(np.flatnonzero(departures.at >= DAY_STARTS))
        if not len(today.at):
            continue
        first = parse_clock(edit.first) if edit.first else int(today.at[0])
        last = parse_clock(edit.last) if edit.last else int(today.at[-1])
        if first > last:
            raise ScenarioError(f"the period from {edit.first} to {edit.last} is none.")
        inside = np.flatnonzero((departures.at >= first) & (departures.at <= last))
        anchor = int(departures.at[inside[0] if len(inside) else np.argmin(np.abs(departures.at - first))])
        at = np.arange(anchor - (anchor - first) // headway_s * headway_s, last + 1, headway_s)
        model, new_at = _models(departures, at)
        plan = _Plan(departures.trip[model], new_at - departures.at[model], headway_s)
        # A run that is there already stays what it is, unless its clock times stand for a headway.
        fixed = ~np.isin(plan.row, timetable.trips.headways.trip)
        stays_as_it_is = (plan.shift_s == 0) & fixed
        gone.append(np.setdiff1d(departures.trip[inside], plan.row[stays_as_it_is]))
        plans.append(_Plan(plan.row[~stays_as_it_is], plan.shift_s[~stays_as_it_is], headway_s))
    if not plans:
        raise ScenarioError(f"line '{edit.line}' runs at night only; there is no day service to change.")
    NEW_TRIPS.refuse_beyond(f"line '{edit.line}'", n_made + sum(len(plan.row) for plan in plans))
    return _renewed(timetable, gone, plans)


def _with_span(timetable: Timetable, edit: ChangeSpan, n_made: int) -> Timetable:
    first, last = parse_clock(edit.first), parse_clock(edit.last)
    if first > last:
        raise ScenarioError(f"a line cannot run from {edit.first} to {edit.last}.")
    gone: list[Int64s] = []
    plans: list[_Plan] = []
    for departures in _by_direction(timetable, trips_of(timetable, edit)):
        # Runs of the evening before are cut like those of this evening.
        of_day = np.where(departures.at < min(first, DAY_STARTS), departures.at + DAY_S, departures.at)
        gone.append(departures.trip[(of_day < first) | (of_day > last)])
        today = departures.of(np.flatnonzero(departures.at >= min(first, DAY_STARTS)))
        inside = today.of(np.flatnonzero((today.at >= first) & (today.at <= last)))
        if not len(inside.at):
            raise ScenarioError(
                f"line '{edit.line}' has no run from {edit.first} to {edit.last} to go by; use ChangeHeadway there."
            )
        steps = Counter(np.diff(np.unique(today.at)).tolist())
        if not steps:
            raise ScenarioError(
                f"line '{edit.line}' runs once a day, so there is no interval to go on with; use ChangeHeadway."
            )
        headway_s = min(steps, key=lambda step: (-steps[step], step))
        before = np.arange(inside.at[0] - headway_s, first - 1, -headway_s)[::-1]
        after = np.arange(inside.at[-1] + headway_s, last + 1, headway_s)
        early, early_at = _models(inside, before)
        late, late_at = _models(inside, after)
        model, at = np.concatenate([early, late]), np.concatenate([early_at, late_at])
        plans.append(_Plan(inside.trip[model], at - inside.at[model], headway_s))
    NEW_TRIPS.refuse_beyond(f"line '{edit.line}'", n_made + sum(len(plan.row) for plan in plans))
    return _renewed(timetable, gone, plans)


def _renewed(timetable: Timetable, gone: list[Int64s], plans: list[_Plan]) -> Timetable:
    """Timetable without some trips and with new runs."""
    trips = timetable.trips
    taken, made = set(trips.id), trips
    for plan in plans:
        if len(plan.row):
            pairs = zip(plan.row.tolist(), plan.shift_s.tolist(), strict=True)
            ids = tuple(_free_id(f"{trips.id[row]}{shift_s:+d}s", taken) for row, shift_s in pairs)
            runs = copies(trips, plan.row, plan.shift_s, ids)
            made = with_runs(made, regular(trips, plan.row, runs, plan.headway_s))
    # The trips to go are rows of the first trips, which still come first.
    return replace(timetable, trips=without(made, np.concatenate(gone)) if gone else made)


def _free_id(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    taken.add(name)
    return name


def _by_direction(timetable: Timetable, rows: Int64s) -> list[_Departures]:
    """Trips of each direction at the first stop that all of them share, else by their pattern of stops."""
    trips = timetable.trips
    found = []
    for direction in directions(timetable, rows):
        patterns = Counter(_stops(trips, row) for row in direction.tolist())
        main = max(patterns, key=lambda pattern: (patterns[pattern], len(pattern)))
        shared = [stop for stop in main[:-1] if all(stop in pattern[:-1] for pattern in patterns)]
        groups = [direction]
        if not shared:
            groups = [
                np.array([row for row in direction.tolist() if _stops(trips, row) == pattern], np.int64)
                for pattern in patterns
            ]
        for group in groups:
            place = [_stops(trips, row).index(shared[0]) if shared else 0 for row in group.tolist()]
            at = trips.call_departure[trips.call_offset[group] + place].astype(np.int64)
            order = np.argsort(at, kind="stable")
            found.append(_Departures(group[order], at[order]))
    return found


def _stops(trips: Trips, row: int) -> tuple[int, ...]:
    return tuple(trips.call_stop[trips.call_offset[row] : trips.call_offset[row + 1]].tolist())


def _models(departures: _Departures, at: Int64s) -> tuple[Int64s, Int64s]:
    """Rows of the departures that new ones at the clock times `at` are made after, and the clock time of each.

    They are the last at or before it, all of those that leave together, and the first ones where it is earlier than all.
    """
    clock, first, n_together = np.unique(departures.at, return_index=True, return_counts=True)
    place = np.maximum(np.searchsorted(clock, at, side="right") - 1, 0)
    n = n_together[place]
    row = np.repeat(first[place] - (np.cumsum(n) - n), n) + np.arange(n.sum())
    return row, np.repeat(at, n)


def _with_line(timetable: Timetable, edit: AddLine, road_m: RoadMetres, n_made: int) -> Timetable:
    trips, stops = timetable.trips, timetable.stops
    if any(
        route.casefold() == edit.name.casefold() and agency.casefold() == edit.agency.casefold()
        for route, agency in zip(trips.route, trips.agency, strict=True)
    ):
        raise ScenarioError(f"there is a line '{edit.name}' already; give the new one another name.")
    first, last = parse_clock(edit.first), parse_clock(edit.last)
    if first > last:
        raise ScenarioError(f"a line cannot run from {edit.first} to {edit.last}.")
    course = [one_stop(stops, text) for text in edit.stops]
    starts = np.arange(first, last + 1, round(edit.headway_min * 60))
    NEW_TRIPS.refuse_beyond(f"line '{edit.name}'", n_made + len(starts) * (1 + edit.both_ways))
    added = trips
    for number, way in enumerate([course, course[::-1]] if edit.both_ways else [course]):
        seconds = [0.0]
        for one, other in pairwise(way):
            leg_m = road_m(one, other)
            if one == other or not np.isfinite(leg_m):
                raise ScenarioError(
                    f"no road leads from stop '{stops.id[one]}' to stop '{stops.id[other]}'; choose other stops."
                )
            seconds.append(seconds[-1] + leg_m / (edit.speed_kmh * MPS_PER_KMH))
        clocks = (starts[:, None] + np.rint(seconds)).astype(np.int32)
        added = with_runs(added, _runs(edit, number, way, clocks, stops.name[way[-1]]))
    return replace(timetable, trips=added)


def _runs(edit: AddLine, number: int, way: list[int], clocks: Int32s, headsign: str) -> Trips:
    """Runs of a new line, (T, C) clock times at its stops."""
    n_trips, n_calls = clocks.shape
    may = np.ones(n_trips * n_calls, np.bool_)
    may_board, may_alight = may.copy(), may.copy()
    may_board[n_calls - 1 :: n_calls] = False
    may_alight[::n_calls] = False
    return Trips(
        id=tuple(f"new-{edit.agency}-{edit.name}-{number}-{run}" for run in range(n_trips)),
        route=(edit.name,) * n_trips,
        headsign=(headsign,) * n_trips,
        agency=(edit.agency,) * n_trips,
        route_type=np.full(n_trips, BUS, np.int32),
        block=("",) * n_trips,
        call_offset=np.arange(n_trips + 1, dtype=np.int64) * n_calls,
        call_stop=np.tile(np.array(way, np.int32), n_trips),
        call_arrival=clocks.ravel(),
        call_departure=clocks.ravel().copy(),
        call_pickup=may_board,
        call_dropoff=may_alight,
        in_seat_transfers=NO_IN_SEAT_TRANSFERS,
        headways=NO_HEADWAYS,
    )


def road_metres(network: TravelNetwork, x_m: Floats, y_m: Floats) -> RoadMetres:
    """Metres by car between stops that lie at these points, (S,) each."""

    def metres(one: int, other: int) -> float:
        start, end = (Points(x_m[[row]], y_m[[row]]) for row in (one, other))
        return float(np.asarray(street_nearest(network, CAR, start, end).metres)[0])

    return metres


def _between_stops(network: TravelNetwork, timetable: Timetable) -> RoadMetres:
    """Metres by car between the stops of a network, of which edits of the timetable add none."""
    assert timetable.stops is network.service.timetable.stops  # noqa: S101
    return road_metres(network, *network.service.stops)


LINES: Group[Timetable, TimetableEdit] = Group(
    kinds=(ChangeHeadway, ChangeSpan, DropLine, *COURSES, AddLine),
    part=lambda world: world.network.service.timetable,
    step=lambda timetable, edit, given: edited(
        timetable,
        edit,
        _between_stops(given.world.network, timetable),
        len(timetable.trips.id) - len(given.world.network.service.timetable.trips.id),
    ),
    put=lambda world, timetable: replace(
        world, network=with_timetable(world.network, timetable, world.projection)
    ),
)
