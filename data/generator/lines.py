"""Bus lines of the facts tables: where they stop, when, and how often."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.columns import Strings
from data.generator.tables import Problems, facts_table, floats, strings


class Headways(NamedTuple):
    """Seconds between departures per kind of day; 0 is no service."""

    weekday_s: int
    evening_s: int
    saturday_s: int
    sunday_s: int


class Line(NamedTuple):
    """One public line, seen in its first direction; clock times are seconds after midnight."""

    id: str
    number: str
    name: str
    operator: str
    stops: Strings
    """(K,) stop ids in order."""
    offset_s: tuple[int, ...]
    """(K,) seconds from the first stop, increasing."""
    headways: Headways
    first_departure: int
    last_departure: int
    headsigns: tuple[str, str]
    """What the vehicle shows there and back."""


def read_lines(folder: Path, known_stops: set[str], problems: Problems) -> tuple[Line, ...]:
    """Bus lines in the order of the table; contradictions are added to `problems`."""
    headways = [f"headway_{period}_min" for period in ("weekday", "evening", "saturday", "sunday")]
    columns = "line_id number name operator destinations start_stop_name end_stop_name outside_terminus"
    table = facts_table(folder, "bus_lines", " ".join([columns, "first_departure last_departure", *headways]))
    calls = facts_table(folder, "bus_line_stops", "line_id seq stop_id minutes_from_start")
    minutes = np.column_stack([floats(table, "bus_lines", column, problems) for column in headways])
    courses = _courses(calls, "bus_line_stops", "line_id", "stop_id", known_stops, problems)
    lines = []
    for row, line_id in enumerate(strings(table, "line_id")):
        cells = {column: str(table[column].iloc[row]) for column in table.columns}
        if line_id not in courses:
            problems.append(f"bus_lines.csv row {row + 2}: bus_line_stops.csv has no stops of '{line_id}'")
            continue
        stops, offset_s = courses[line_id]
        first, last = (_clock(cells[column], "bus_lines", row, problems) for column in _ENDS)
        line_headways = Headways(*(int(value * 60) for value in np.nan_to_num(minutes[row])))
        signs = headsigns(cells["destinations"], cells["start_stop_name"], cells["end_stop_name"])
        lines.append(
            Line(
                line_id,
                cells["number"],
                cells["name"],
                cells["operator"],
                stops,
                offset_s,
                line_headways,
                first,
                last,
                signs,
            )
        )
    return tuple(lines)


_ENDS = ("first_departure", "last_departure")


def _courses(
    table: pd.DataFrame, name: str, line: str, stop: str, known_stops: set[str], problems: Problems
) -> dict[str, tuple[Strings, tuple[int, ...]]]:
    """Stops and seconds of every line; a stop repeated at once is one call."""
    minutes = floats(table, name, "minutes_from_start", problems)
    calls: dict[str, list[tuple[str, int]]] = {}
    for row, (line_id, stop_id) in enumerate(zip(strings(table, line), strings(table, stop), strict=True)):
        if stop_id not in known_stops:
            problems.append(f"{name}.csv row {row + 2}: {stop} '{stop_id}' is unknown")
        course = calls.setdefault(line_id, [])
        seconds = round(float(np.nan_to_num(minutes[row])) * 60)
        if course and course[-1][0] == stop_id:
            continue
        if course and seconds <= course[-1][1]:
            problems.append(
                f"{name}.csv row {row + 2}: '{line_id}' must reach '{stop_id}' later than the stop before"
            )
        course.append((stop_id, seconds))
    return {
        line_id: (tuple(stop_id for stop_id, _ in course), tuple(seconds for _, seconds in course))
        for line_id, course in calls.items()
    }


def _clock(text: str, name: str, row: int, problems: Problems) -> int:
    if not re.fullmatch(r"\d\d:\d\d", text):
        problems.append(f"{name}.csv row {row + 2}: '{text}' is no time of day such as 06:30")
        return 0
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def headsigns(destinations: str, start: str, end: str) -> tuple[str, str]:
    """Match the destinations of a line ("Assen | Emmen") to its two directions by the words they share with the ends.

    A direction without a destination of its own shows the name of its last stop.
    """
    texts = [text.strip() for text in destinations.split("|") if text.strip()]
    if len(texts) == 1:
        return (texts[0], start) if _alike(texts[0], end) > _alike(texts[0], start) else (end, texts[0])
    first, second = texts[:2]
    as_listed = _alike(first, start) + _alike(second, end)
    crossed = _alike(first, end) + _alike(second, start)
    return (second, first) if as_listed > crossed else (first, second)


def _alike(text: str, stop_name: str) -> int:
    words = set(re.findall(r"\w+", text.casefold()))
    return len(words & set(re.findall(r"\w+", stop_name.casefold())))
