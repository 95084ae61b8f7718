"""When something is open: a text of OSM's `opening_hours` read for one day.

Three steps: what owners write is turned into the language of OSM (`written`), the text is split into rules and these
are put together (`rules`), with the holidays of the place (`holidays`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.opening_hours.rules import BY_THE_SUN, DAY_S, QUOTED, Rule, Spans, State, rules_of, states_on
from data.opening_hours.written import as_osm


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours that could be read.

    Attributes
    ----------
    rules
        In their order.
    read_as
        The text in the language of OSM where it was written in another way, else "".

    """

    rules: tuple[Rule, ...]
    read_as: str

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Rules that do not say when it is open for everybody: unknown, or a comment alone; closed where they hold."""
        return tuple(
            rule.text
            for rule in self.rules
            if rule.state is State.UNKNOWN or (rule.comment and rule.state is State.CLOSED)
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Rules whose times count as open though a comment comes with them."""
        return tuple(rule.text for rule in self.rules if rule.comment and rule.state is State.OPEN)

    def follow(self, what: Literal["PH", "SH"]) -> bool:
        """Whether a rule names the public ("PH") or the school holidays ("SH")."""
        return any(word == what for rule in self.rules for word, _ in rule.holidays)


class DayHours(NamedTuple):
    """Hours of one day: spans in seconds after its midnight, rising and apart, and what must be told about them."""

    spans: Spans
    notes: tuple[str, ...]


@lru_cache(maxsize=4096)
def read_hours(text: str) -> Hours:
    """Read opening hours, whatever the day.

    Raises
    ------
    InputError
        When they cannot be read, or name no clock times: days alone that an owner wrote, or times that follow the sun.

    """
    try:
        return Hours(rules_of(text), "")
    except ValueError:
        written = as_osm(text)
    if BY_THE_SUN.search(re.sub(QUOTED, "", written)):
        msg = f"opening hours '{text}' give no clock times. {_WRITE}"
        raise InputError(msg)
    try:
        rules = rules_of(written)
    except ValueError:
        rules = ()
    if not rules or any(rule.state is State.OPEN and not rule.times for rule in rules):
        msg = f"opening hours '{text}' cannot be read. {_WRITE}"
        raise InputError(msg)
    return Hours(rules, written)


def hours_on(text: str, day: dt.date, holidays: Holidays = DUTCH_NORTH) -> DayHours:
    """Return the times of one day, and what had to be assumed about them.

    What is open past midnight closes past 86,400, within the next day; what is still open from the day before opens
    at 0. What is only perhaps open counts as closed, an open end ("17:00+") lasts until midnight.

    Raises
    ------
    InputError
        When the text cannot be read, or gives no clock times.

    """
    hours = read_hours(text)
    opened: list[tuple[int, int]] = []
    for shift in (-1, 0, 1):
        for start, end, state in states_on(hours.rules, day + dt.timedelta(shift), holidays):
            if state is State.OPEN:
                opened.append((start + shift * DAY_S, end + shift * DAY_S))
    within = [(max(start, 0), min(end, 2 * DAY_S)) for start, end in merged(opened) if end > 0]
    notes = [f"read as {hours.read_as}"] if hours.read_as else []
    notes += [f"{rule} counts as closed" for rule in hours.in_doubt]
    if hours.follow("SH") and holidays.is_school(day) is None:
        notes.append(
            f"school holidays of {holidays.place} on {day.isoformat()} are not known: counted as none"
        )
    return DayHours(tuple(span for span in within if span[0] < DAY_S), tuple(notes))


def opening_s(text: str, day: dt.date, holidays: Holidays = DUTCH_NORTH) -> Spans:
    """Return the times (opens, closes) of one day alone; see `hours_on`."""
    return hours_on(text, day, holidays).spans


def merged(periods: Sequence[tuple[int, int]]) -> Spans:
    """Periods in order, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(periods):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def readable(text: str) -> bool:
    """Whether the opening hours can be read."""
    try:
        read_hours(text)
    except InputError:
        return False
    return True


def hours_report(layer: str, named: Sequence[tuple[str, str]], holidays: Holidays) -> BuildReport:
    """Tell how the opening hours of a layer were read: `named` are pairs of a name and its text, none of them blank."""
    read = [(name, text, read_hours(text)) for name, text in named if readable(text)]
    unread = [f"{name}: {text}" for name, text in named if not readable(text)]
    what = "opening hours that cannot be read: the usual hours of the kind count"
    report = finding(layer, "assumed", what, unread)
    as_written = [f"{name}: {text} = {hours.read_as}" for name, text, hours in read if hours.read_as]
    report += finding(
        layer, "repaired", "opening hours written in another way than OpenStreetMap's", as_written
    )
    doubts = [f"{name}: {rule}" for name, _, hours in read for rule in hours.in_doubt]
    what = "opening hours that are unknown, or only a comment: closed where they hold"
    report += finding(layer, "assumed", what, doubts)
    remarks = [f"{name}: {rule}" for name, _, hours in read for rule in hours.remarks]
    report += finding(layer, "assumed", "opening hours with a comment, taken as open", remarks)
    public = [f"{name}: {text}" for name, text, hours in read if hours.follow("PH")]
    what = f"opening hours that follow the public holidays, taken to be those of {holidays.country}"
    report += finding(layer, "assumed", what, public)
    school = [f"{name}: {text}" for name, text, hours in read if hours.follow("SH")]
    what = f"opening hours that follow the school holidays, taken to be those of {holidays.place}"
    return report + finding(layer, "assumed", what, school)


_WRITE = (
    "Write them as OpenStreetMap does, with English days and times of two digits, "
    "for example 'Mo-Fr 08:00-17:30; Sa 09:00-13:00; PH off' or '24/7'."
)
