"""Tags that hold under a condition only: which of them are in force at one moment.

Source: OSM wiki, Conditional restrictions: `<key>:conditional=<value> @ (<condition>); ...`, of conditions that hold the
last one decides; Key:seasonal; Key:opening_hours.

An edge has one speed for all departures. A condition is therefore judged once, at the service date and the clock time at
which the departures begin; what sails or is in season at any time of that date does so all day. Where no date is known, no
condition is in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.build_report import Action, BuildReport, finding
from data.columns import Int32s
from data.errors import InputError
from data.opening_hours.hours import opening_s
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap, TagSet

SUFFIX = ":conditional"
_PART = re.compile(r"([^@;()]+)@\s*(\((?:[^()]|\([^()]*\))*\)|[^;()]+)\s*(?:;|$)")
_AND = re.compile(r"\s+AND\s+")
_SUN = re.compile(r"\(?\b(dawn|sunrise|sunset|dusk)\b(?:[+-]\d\d:\d\d\))?", re.IGNORECASE)
_SUN_CLOCK = {"dawn": "06:00", "sunrise": "07:00", "sunset": "19:00", "dusk": "20:00"}
"""Any clock times in their order: only the day is asked for where they stand in."""

_SEASONS = ("winter", "spring", "summer", "autumn")
_CLOSED: TagSet = (("highway", "no"),)


class Judged(NamedTuple):
    """Tags at one moment, without conditions; whether there were any, and any that are not about days and hours."""

    tags: dict[str, str]
    is_conditional: bool
    is_unread: bool


def judge(tags: Tags, at: dt.datetime | None) -> Judged:
    """Put what holds at a moment in the place of conditional tags; a condition that cannot be read does not hold."""
    plain = {key: value for key, value in tags.items() if not key.endswith(SUFFIX)}
    is_unread = False
    for key in tags.keys() - plain.keys():
        value, read = _value(tags[key], at)
        is_unread |= not read
        if value is not None:
            plain[key.removesuffix(SUFFIX)] = value
    return Judged(plain, len(plain.keys() & tags.keys()) < len(tags), is_unread)


def _value(text: str, at: dt.datetime | None) -> tuple[str | None, bool]:
    """Value that holds at a moment, None for none, and whether every condition could be read."""
    parts = _PART.findall(text)
    held = [(value.strip(), _holds(condition, at)) for value, condition in parts]
    is_read = bool(parts) and not _PART.sub("", text).strip() and all(holds is not None for _, holds in held)
    return next((value for value, holds in reversed(held) if holds), None), is_read


def _holds(condition: str, at: dt.datetime | None) -> bool | None:
    """Whether a condition of days and hours holds; None where it is of another kind. No date: it does not."""
    text = condition.strip()
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    if at is None:
        return False
    clock_s = (at - dt.datetime.combine(at.date(), dt.time())).total_seconds()
    try:
        spans = [opening_s(part.strip("() "), at.date()) for part in _AND.split(inner)]
    except InputError:
        return None
    return all(any(opens <= clock_s < closes for opens, closes in hours) for hours in spans)


def in_season(tags: Tags, day: dt.date, *, is_north: bool) -> bool | None:
    """Whether a way can be used at any time of a day by its season and, for a ferry, its hours; None if they do not say.

    Seasons are those of the weather: winter is December to February in the north, June to August in the south.
    """
    seasonal, hours = tags.get("seasonal", "no"), tags.get("opening_hours", "")
    season = None if seasonal == "no" else _season(seasonal, day, is_north=is_north)
    opens = _opens(hours, day) if hours else None
    if season is False or opens is False:
        return False
    # Some time of the year, and the hours say when.
    unknown = (seasonal not in ("no", "yes") and season is None) or (seasonal == "yes" and not hours)
    return None if unknown or (hours and opens is None) else True


def _season(text: str, day: dt.date, *, is_north: bool) -> bool | None:
    names = {name.strip().lower().replace("fall", "autumn") for name in re.split("[;,]", text)}
    if names <= set(_SEASONS):
        quarter = day.month % 12 // 3
        return _SEASONS[quarter if is_north else (quarter + 2) % 4] in names
    return None if text == "yes" else _opens(text, day)


def _opens(text: str, day: dt.date) -> bool | None:
    """Whether anything is open on a day; None where the text cannot be read."""
    try:
        return bool(opening_s(_SUN.sub(lambda found: _SUN_CLOCK[found[1].lower()], text), day))
    except InputError:
        return None


def judge_streets(streets: StreetMap, at: dt.datetime | None) -> tuple[StreetMap, BuildReport]:
    """Streets at one moment: conditional tags are obeyed, and what is out of season or closed that day is closed."""
    tag_sets: list[TagSet] = []
    told: dict[str, list[int]] = {}
    is_north = bool(np.median(streets.lat_deg) >= 0)
    for row, tags in enumerate(streets.tag_sets):
        lookup = dict(tags)
        judged = judge(lookup, at)
        tag_sets.append(tuple(sorted(judged.tags.items())) if judged.is_conditional else tags)
        if judged.is_conditional:
            told.setdefault(_CONDITIONS[at is not None, judged.is_unread], []).append(row)
        if lookup.get("seasonal", "no") != "no" or "opening_hours" in lookup:
            is_open = None if at is None else in_season(lookup, at.date(), is_north=is_north)
            told.setdefault(_SEASONAL[at is not None, is_open], []).append(row)
            if is_open is False:
                tag_sets[row] = _CLOSED
    report = BuildReport()
    for what, rows in told.items():
        report += finding("streets", _ACTIONS[what], what, _objects(streets, rows))
    return _with_tag_sets(streets, tag_sets), report


_NO_DATE = "conditional tags, taken as not in force: there is no date to judge them by"
_AT_DATE = "conditional tags, judged at the service date and the first departure"
_UNREAD = "conditional tags of which a condition is not about days and hours: taken as not in force"
_CONDITIONS = {
    (False, False): _NO_DATE,
    (False, True): _NO_DATE,
    (True, False): _AT_DATE,
    (True, True): _UNREAD,
}
_NO_DAY = "ferries and ways with a season or opening hours, taken as open: there is no date to judge them by"
_OUT = "ferries and ways that are out of season or closed on the service date"
_IN = "ferries and ways with a season or opening hours, taken as open all day on the service date"
_NOT_SAID = "ferries and ways whose season or opening hours do not tell days: taken as open"
_SEASONAL = {(False, None): _NO_DAY, (True, True): _IN, (True, False): _OUT, (True, None): _NOT_SAID}
_ACTIONS: dict[str, Action] = {
    **dict.fromkeys((_NO_DATE, _UNREAD, _NO_DAY, _IN, _NOT_SAID), "assumed"),
    _AT_DATE: "kept",
    _OUT: "dropped",
}


def _objects(streets: StreetMap, rows: Iterable[int]) -> list[str]:
    """Ways and nodes that have one of some combinations of tags."""
    wanted = np.zeros(len(streets.tag_sets), np.bool_)
    wanted[list(rows)] = True
    ways, nodes = (
        np.unique(streets.way_id[wanted[streets.way_tags]]),
        streets.node_id[wanted[streets.node_tags]],
    )
    return [f"way/{way}" for way in ways.tolist()] + [f"node/{node}" for node in nodes.tolist()]


def _with_tag_sets(streets: StreetMap, tag_sets: list[TagSet]) -> StreetMap:
    """The map with other combinations in the place of its own; those that became equal are one."""
    if tuple(tag_sets) == streets.tag_sets:
        return streets
    numbers: dict[TagSet, int] = {}
    row: Int32s = np.array([numbers.setdefault(tags, len(numbers)) for tags in tag_sets], np.int32)
    return replace(
        streets,
        way_tags=row[streets.way_tags],
        node_tags=row[streets.node_tags],
        tag_sets=tuple(numbers),
    )
