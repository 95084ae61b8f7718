"""Edits of the course of a line: stops added and skipped, another way, another speed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, TypeAlias, assert_never

import numpy as np
from msgspec import Meta

from data.columns import Floats, Int64s
from data.errors import ScenarioError
from data.timetable import Stops, Timetable
from scenarios.edits.base import NotNegative
from scenarios.edits.find_lines import OnLine, metres, one_stop, stop_rows, trips_of
from scenarios.edits.trip_tables import Calls, calls_of, with_calls, without


class ChangeLineSpeed(OnLine, frozen=True, kw_only=True):
    """Let a line go faster or slower: 1.25 means that it takes four fifths of the time between stops.

    Departures from the first stop and the time spent at stops stay.
    """

    speed_share: Annotated[float, Meta(ge=0.1, le=10)]


class AddStop(OnLine, frozen=True, kw_only=True):
    """Call at one more stop, right after another one; after the last one the line goes on to it.

    The detour, in a straight line, is made at the trip's own mean speed, and stopping takes a while; all later calls
    come later by that. Trips that do not call at `after`, and those that call at the new stop already, stay as they are.
    """

    stop: str
    after: str


class SkipStop(OnLine, frozen=True, kw_only=True):
    """Call no longer at a stop; later calls come earlier by `saves_s` seconds, as far as the time between stops allows.

    A trip of which one call would be left is dropped.
    """

    stop: str
    saves_s: NotNegative = 0.0


class Reroute(OnLine, frozen=True, kw_only=True):
    """Go another way between two stops: `via` some stops, or none, instead of those between.

    That part is gone, in straight lines from stop to stop, at the trip's own mean speed. Trips that do not call at the
    two stops in this order stay as they are.
    """

    from_stop: str
    to_stop: str
    via: tuple[str, ...] = ()


CourseEdit: TypeAlias = ChangeLineSpeed | AddStop | SkipStop | Reroute
COURSES = (ChangeLineSpeed, AddStop, SkipStop, Reroute)

STOPPING_S = 30
"""What one more stop costs beside the way to it: braking, doors, pulling away; an assumption for buses out of town."""


def recoursed(timetable: Timetable, edit: CourseEdit) -> Timetable:
    """Timetable after an edit of a line's course.

    Raises
    ------
    ScenarioError
        When no trip of the line can be changed so.

    """
    trips, stops = timetable.trips, timetable.stops
    rows = trips_of(timetable, edit)
    changed: dict[int, Calls] = {}
    for row in rows.tolist():
        calls = calls_of(trips, row)
        after = _edited(stops, calls, edit)
        if after is not calls:
            changed[row] = after
    if not changed and not isinstance(edit, ChangeLineSpeed):
        raise ScenarioError(f"no trip of line '{edit.line}' {_lacking(edit)}; look at the stops of the line.")
    too_short = np.array([row for row, calls in changed.items() if len(calls.stop) < 2], np.int64)
    kept = {row: calls for row, calls in changed.items() if len(calls.stop) >= 2}
    return replace(timetable, trips=without(with_calls(trips, kept), too_short))


def _lacking(edit: AddStop | SkipStop | Reroute) -> str:
    match edit:
        case AddStop():
            return f"calls at '{edit.after}' and not yet at '{edit.stop}'"
        case SkipStop():
            return f"calls at '{edit.stop}'"
        case Reroute():
            return f"calls at '{edit.from_stop}' and later at '{edit.to_stop}'"
        case _:
            assert_never(edit)


def _edited(stops: Stops, calls: Calls, edit: CourseEdit) -> Calls:
    """Calls of a trip after an edit, the very same where it does not concern the trip."""
    match edit:
        case AddStop():
            return _with_stop(stops, calls, edit)
        case SkipStop():
            return _skipping(stops, calls, edit)
        case Reroute():
            return _rerouted(stops, calls, edit)
        case ChangeLineSpeed():
            return _at_speed(calls, edit.speed_share)
        case _:
            assert_never(edit)


def _with_stop(stops: Stops, calls: Calls, edit: AddStop) -> Calls:
    stop, after = one_stop(stops, edit.stop), stop_rows(stops, edit.after)
    at = np.flatnonzero(np.isin(calls.stop, after))
    if not len(at) or np.isin(calls.stop, stop_rows(stops, edit.stop)).any():
        return calls
    place = int(at[0])
    there_s = _seconds(stops, calls, [int(calls.stop[place]), stop])[0]
    if place == len(calls.stop) - 1:
        arrival = round(calls.departure[place] + there_s)
        longer = _inserted(calls, place + 1, [stop], [arrival], [arrival])
        # Where the trip used to end, passengers may board now.
        pickup = longer.pickup.copy()
        pickup[place] = calls.dropoff[place]
        pickup[-1] = False
        return longer._replace(pickup=pickup)
    onward = int(calls.stop[place + 1])
    on_s, direct_s = (
        _seconds(stops, calls, [stop, onward])[0],
        _seconds(stops, calls, [int(calls.stop[place]), onward])[0],
    )
    later_s = round(max(there_s + on_s - direct_s, 0.0)) + STOPPING_S
    run_s = int(calls.arrival[place + 1] - calls.departure[place]) + later_s - STOPPING_S
    share = there_s / (there_s + on_s) if there_s + on_s > 0 else 0.5
    arrival = int(calls.departure[place]) + round(run_s * share)
    delayed = _shifted(calls, place + 1, later_s)
    return _inserted(delayed, place + 1, [stop], [arrival], [arrival + STOPPING_S])


def _skipping(stops: Stops, calls: Calls, edit: SkipStop) -> Calls:
    at = np.flatnonzero(np.isin(calls.stop, stop_rows(stops, edit.stop)))
    if not len(at):
        return calls
    for place in at[::-1].tolist():
        last = len(calls.stop) - 1
        if 0 < place < last:
            room_s = int(calls.arrival[place + 1] - calls.departure[place - 1])
            calls = _shifted(calls, place + 1, -min(round(edit.saves_s), max(room_s - 1, 0)))
        calls = _without(calls, np.array([place]))
    return calls


def _rerouted(stops: Stops, calls: Calls, edit: Reroute) -> Calls:
    start = np.flatnonzero(np.isin(calls.stop, stop_rows(stops, edit.from_stop)))
    end = np.flatnonzero(np.isin(calls.stop, stop_rows(stops, edit.to_stop)))
    via = [one_stop(stops, text) for text in edit.via]
    if not len(start) or not (end > start[0]).any():
        return calls
    one, other = int(start[0]), int(end[end > start[0]][0])
    if calls.stop[one + 1 : other].tolist() == via:
        return calls
    way = [int(calls.stop[one]), *via, int(calls.stop[other])]
    at = np.rint(calls.departure[one] + np.cumsum(_seconds(stops, calls, way))).astype(np.int64)
    kept = _without(calls, np.arange(one + 1, other))
    moved = _shifted(kept, one + 1, int(at[-1] - calls.arrival[other]))
    return _inserted(moved, one + 1, via, at[:-1].tolist(), at[:-1].tolist())


def _at_speed(calls: Calls, share: float) -> Calls:
    ride_s = np.append(0, calls.arrival[1:] - calls.departure[:-1]) / share
    dwell_s = (calls.departure - calls.arrival).astype(np.float64)
    dwell_s[0] = 0.0  # before the first departure
    departed = np.cumsum(ride_s + dwell_s)
    departure = np.rint(calls.departure[0] + departed).astype(np.int32)
    arrival = np.rint(calls.departure[0] + departed - dwell_s).astype(np.int32)
    arrival[0] = calls.arrival[0]
    return calls._replace(arrival=arrival, departure=departure)


def _seconds(stops: Stops, calls: Calls, way: list[int]) -> Floats:
    """(W - 1,) seconds along straight lines from stop to stop at the mean speed of a trip, along straight lines too."""
    total_m = metres(stops, calls.stop[:-1].astype(np.int64), calls.stop[1:].astype(np.int64)).sum()
    total_s = float(calls.arrival[-1] - calls.departure[0])
    if not (total_m > 0 and total_s > 0):
        raise ScenarioError("a trip of the line takes no time, so its speed is unknown; choose another line.")
    legs: Int64s = np.array(way, np.int64)
    seconds: Floats = metres(stops, legs[:-1], legs[1:]) * (total_s / float(total_m))
    return seconds


def _without(calls: Calls, places: Int64s) -> Calls:
    """Calls of which some are left out."""
    return Calls._make(np.delete(column, places) for column in calls)


def _shifted(calls: Calls, place: int, later_s: int) -> Calls:
    """Calls of which those from `place` on are later."""
    arrival, departure = calls.arrival.copy(), calls.departure.copy()
    arrival[place:] += later_s
    departure[place:] += later_s
    return calls._replace(arrival=arrival, departure=departure)


def _inserted(calls: Calls, place: int, stop: list[int], arrival: list[int], departure: list[int]) -> Calls:
    """Calls with more of them before `place`, boarding and alighting allowed."""
    may = np.ones(len(stop), np.bool_)
    return Calls(
        np.insert(calls.stop, place, np.array(stop, np.int32)),
        np.insert(calls.arrival, place, np.array(arrival, np.int32)),
        np.insert(calls.departure, place, np.array(departure, np.int32)),
        np.insert(calls.pickup, place, may),
        np.insert(calls.dropoff, place, may),
    )
