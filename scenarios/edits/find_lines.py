"""Lines of a timetable found by name: their trips, directions and stops."""

from __future__ import annotations

import numpy as np

from data.columns import Floats, Int64s, Strings
from data.errors import ScenarioError
from data.projection import geod
from data.timetable import Stops, Timetable
from scenarios.edits.base import EditBase

N_LIKE = 8
ONE_STOP_M = 300.0
"""Stops of one name within this distance are poles of one stop, whichever of them is meant: an assumption."""


class OnLine(EditBase, frozen=True, kw_only=True):
    """Something about a line.

    Attributes
    ----------
    line
        Short name of the line, as passengers see it.
    agency
        Its operator; needed only where several have a line of that name.
    towards
        Headsign of the direction; "" for all directions. A trip without a headsign heads for its last stop.

    """

    line: str
    agency: str = ""
    towards: str = ""


def trips_of(timetable: Timetable, line: OnLine) -> Int64s:
    """Rows of the trips of a line, in the directions asked for.

    Raises
    ------
    ScenarioError
        When there is no such line or direction, or several operators have one.

    """
    trips = timetable.trips
    rows = [row for row, route in enumerate(trips.route) if route.casefold() == line.line.casefold()]
    if not rows:
        names = tuple(dict.fromkeys(trips.route))
        raise ScenarioError(f"there is no line '{line.line}'; {_known('lines are', names, line.line)}.")
    agencies = tuple(dict.fromkeys(trips.agency[row] for row in rows))
    if line.agency:
        rows = [row for row in rows if trips.agency[row].casefold() == line.agency.casefold()]
        if not rows:
            raise ScenarioError(
                f"line '{line.line}' is run by {', '.join(agencies)}, not by '{line.agency}'."
            )
    elif len(agencies) > 1:
        raise ScenarioError(
            f"several operators have a line '{line.line}'; say which as agency: {', '.join(agencies)}."
        )
    if line.towards:
        headings = tuple(dict.fromkeys(heading(timetable, row) for row in rows))
        rows = [row for row in rows if heading(timetable, row).casefold() == line.towards.casefold()]
        if not rows:
            raise ScenarioError(
                f"line '{line.line}' does not head for '{line.towards}'; it heads for {', '.join(headings)}."
            )
    return np.array(rows, np.int64)


def heading(timetable: Timetable, trip: int) -> str:
    """Headsign of a trip, the name of its last stop where it has none."""
    trips = timetable.trips
    last = trips.call_stop[trips.call_offset[trip + 1] - 1]
    return trips.headsign[trip] or timetable.stops.name[last]


def directions(timetable: Timetable, rows: Int64s) -> list[Int64s]:
    """Trips of a line by operator and headsign."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows.tolist():
        found.setdefault((timetable.trips.agency[row], heading(timetable, row)), []).append(row)
    return [np.array(direction, np.int64) for direction in found.values()]


def stop_rows(stops: Stops, text: str) -> Int64s:
    """Rows of the stops with this id, or with this name; several rows may be poles of one stop.

    Raises
    ------
    ScenarioError
        When there is none.

    """
    rows = [row for row, stop in enumerate(stops.id) if stop == text]
    rows = rows or [row for row, name in enumerate(stops.name) if name.casefold() == text.casefold()]
    if not rows:
        known = _known("stops like it are", tuple(dict.fromkeys(stops.name)), text)
        raise ScenarioError(f"there is no stop '{text}'; {known}.")
    return np.array(rows, np.int64)


def one_stop(stops: Stops, text: str) -> int:
    """Row of the one stop where a vehicle will call.

    Raises
    ------
    ScenarioError
        When there is none, or several far apart have that name.

    """
    rows = stop_rows(stops, text)
    away_m = metres(stops, np.full(len(rows), rows[0]), rows)
    if away_m.max() > ONE_STOP_M:
        ids = ", ".join(dict.fromkeys(stops.id[row] for row in rows.tolist()))
        raise ScenarioError(f"several stops are called '{text}'; give the id of one of them: {ids}.")
    return int(rows[0])


def metres(stops: Stops, one: Int64s, other: Int64s) -> Floats:
    """(N,) float64 metres in a straight line between stops."""
    lon, lat = stops.lon_deg, stops.lat_deg
    return np.asarray(geod().inv(lon[one], lat[one], lon[other], lat[other])[2], dtype=np.float64)


def _known(words: str, names: Strings, text: str) -> str:
    """A few names, those that hold the text or its first word first."""
    word = text.casefold().split(",")[0].split(" ")[0]
    like = [name for name in names if word and word in name.casefold()] or list(names)
    more = ", ..." if len(like) > N_LIKE else ""
    return f"{words} {', '.join(sorted(like)[:N_LIKE]) or 'none'}{more}"
