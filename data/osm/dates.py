"""Dates as OpenStreetMap writes them: days, years, decades, centuries, before and after, and what lies between two.

Source: https://wiki.openstreetmap.org/wiki/Key:start_date#Formatting
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

Span = tuple[dt.date, dt.date]

_ROUGHLY = re.compile(r"^(?:~|c\.|ca\.?|circa|about|early|mid|late)\s*")
_DAY_OF_JULIAN_DAY_0 = 1_721_425
"""What `date.toordinal` is short of the Julian Day number at noon."""


def date_span(text: str) -> Span | None:
    """First and last day that a date may mean, both included; None where it cannot be read.

    How rough "~" and "early" are is nowhere said: they change nothing. Days of the Julian calendar are taken as they
    are, some days early.
    """
    value = text.strip().lower()
    if ".." in value:
        spans = [date_span(part) for part in value.split("..")]
        first, last = spans[0], spans[-1]
        return None if len(spans) != 2 or first is None or last is None else (first[0], last[1])
    word, _, rest = value.partition(" ")
    if word in ("before", "after") and (span := date_span(rest)):
        if word == "after":
            return span[0], dt.date.max
        return dt.date.min, max(span[0], dt.date.min + dt.timedelta(days=1)) - dt.timedelta(days=1)
    rough = _ROUGHLY.sub("", value)
    return date_span(rough) if rough != value else _plain(value.removeprefix("j:"))


def _plain(value: str) -> Span | None:
    if re.fullmatch(r"[0-9]{1,4} ?bce?", value):
        return dt.date.min, dt.date.min
    if found := re.fullmatch(r"c([0-9]{1,2})", value):
        century = int(found[1])
        return _years(100 * century - 99, 100 * century)
    if found := re.fullmatch(r"([0-9]{3}0)s", value):
        return _years(int(found[1]), int(found[1]) + 9)
    if found := re.fullmatch(r"jd:([0-9]{1,7})", value):
        day = int(found[1]) - _DAY_OF_JULIAN_DAY_0
        return (dt.date.fromordinal(day),) * 2 if 0 < day <= dt.date.max.toordinal() else None
    if found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", value):
        # Day before month as in Europe, or month before day: where both can be read, it may be either.
        one, other, year = (int(part) for part in found.groups())
        readings = [
            span
            for span in (_calendar(year, other, one), _calendar(year, one, other))
            if span and one and other
        ]
        return (min(readings)[0], max(readings)[1]) if readings else None
    found = re.fullmatch(
        r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2})(?:t.*)?)?)?(?: ?(?:ad|ce))?", value
    )
    return _calendar(*(int(part) if part else 0 for part in found.groups())) if found else None


def _calendar(year: int, month: int, day: int) -> Span | None:
    """Span of a day, of a month (day 0), of a year (month 0)."""
    if month == 0:
        return _years(year, year)
    try:
        if day:
            return (dt.date(year, month, day),) * 2
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def _years(first: int, last: int) -> Span | None:
    if not 0 < first <= last < dt.MAXYEAR:
        return None
    return dt.date(first, 1, 1), dt.date(last, 12, 31)
