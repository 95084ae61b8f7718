"""Opening hours that say a service is never open any more: the simple forms, judged without reading the rest.

Source: OSM wiki, Key:opening_hours/specification (years, modifiers "off" and "closed", comments).
"""

from __future__ import annotations

import datetime as dt
import re

from data.osm.dates import Span, date_span

HOURS_CLOSED = "facilities whose opening hours say closed"
HOURS_ENDED = "facilities whose opening hours have ended"

_FOR_GOOD = r"(?:permanently|temporarily|currently|definitief|voorgoed|tijdelijk|dauerhaft|vorübergehend)"
_SINCE = r"(?:since|due|sinds|wegens|vanwege|seit|wegen)\b[^;)]*"
SAYS_CLOSED = (
    rf"(?:{_FOR_GOOD} )?(?:closed|gesloten|geschlossen|dicht|fermée?|opgeheven)(?: {_FOR_GOOD}| {_SINCE})?"
)
"""Pattern of "closed" written out, in the languages around."""
_OFF = re.compile(r"(?:^|.*[\s:])(?:off|closed)")
_EVERY_DAY = r"(?:24/7|(?:(?:mo-su|mo-su,ph|ph,mo-su) ?)?(?:0?0:00-24:00)?)"
_ALWAYS_OFF = re.compile(rf"{_EVERY_DAY}[ :]*(?:off|closed)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PART = rf"[0-9]{{4}}|{'|'.join(_MONTHS)}|[0-9]{{1,2}}(?![0-9:])|\+"
_DATES = re.compile(rf"[0-9]{{4}}(?![0-9:])(?:{_PART}|[-, ])*")


def hours_over(text: str, day: dt.date) -> str:
    """Why nobody is served on `day` or later by these opening hours; "" where they do not say so.

    Closed are: no rule but "off" or "closed", for all days, with or without a comment, or the word written out. Ended
    are: every rule for years, or days of years, before `day`, and "off" from a day on. A rule of exceptions alone
    ("Su off") says nothing of the other days.
    """
    value = text.strip()
    if re.fullmatch(SAYS_CLOSED, value.strip('"'), re.IGNORECASE):
        return HOURS_CLOSED
    rules = [rule.strip().lower() for rule in re.split(r";|\|\|", re.sub(r'"[^"]*"', "", value))]
    off = [rule for rule in rules if _OFF.fullmatch(rule)]
    rules = [rule for rule in rules if rule and rule not in off]
    since = [span for rule in off if (span := _closed_days(rule)) and span[0] <= day <= span[1]]
    if not rules:
        return HOURS_CLOSED if since or any(map(_ALWAYS_OFF.fullmatch, off)) else ""
    for_good = any(last == dt.date.max for _, last in since)
    return HOURS_ENDED if for_good or all(_last_day(rule) < day for rule in rules) else ""


def _closed_days(rule: str) -> Span | None:
    """Days on which a rule that says no more than dates and "off" closes."""
    found = _DATES.match(rule)
    return _span(found[0]) if found and rule[found.end() :] in ("off", "closed") else None


def _last_day(rule: str) -> dt.date:
    """Last day of the years that a rule begins with; no end where it names none."""
    found = _DATES.match(rule)
    span = _span(found[0]) if found else None
    return span[1] if span else dt.date.max


def _span(dates: str) -> Span | None:
    """First and last day of a list of years, months and days; a year holds for the months after it."""
    named: list[list[int]] = []
    for part in re.findall(_PART, dates.rstrip("+, -")):
        if len(part) == 4:
            named.append([int(part), 0, 0])
        elif part in _MONTHS:
            if named[-1][1]:
                named.append([named[-1][0], 0, 0])
            named[-1][1] = _MONTHS.index(part) + 1
        elif named[-1][1]:
            if named[-1][2]:
                named.append([*named[-1][:2], 0])
            named[-1][2] = int(part)
    texts = ["-".join(f"{number:02}" for number in one if number) for one in (named[0], named[-1])]
    first, last = map(date_span, texts)
    if first is None or last is None:
        return None
    # Months that run past the end of the year, and an open end.
    is_open = "+" in dates or last[1] < first[0]
    return first[0], dt.date.max if is_open else last[1]
