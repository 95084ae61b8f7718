"""The rules of OSM's opening_hours: split into parts, and what each says about a day.

Source: OSM wiki, Key:opening_hours/specification. Dates and times are read by the `opening_hours` library, one rule at
a time; how rules go together, what a holiday is and what only a comment means is ours. The library (2.1.4) takes a
comment for open, holidays before weekdays for "or", a fallback for a new rule, and "Mo, We" for all of Monday.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, cast

from opening_hours import OpeningHours, validate
from opening_hours import State as Reading

from data.opening_hours.holidays import NOON, Holidays

DAY_S = 86_400
Join: TypeAlias = Literal[";", ",", "||"]
Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Start and end of each span, in seconds after midnight: rising, apart."""

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_HOLIDAY = r"\b(PH|SH)\b(?: ([+-]\d+) days?)?"
QUOTED = r'"[^"]*"'
SEPARATOR = re.compile(rf"({QUOTED})|(;|\|\||,)")
DATES = re.compile(rf"(?:{_DAY}|{_MONTH}|PH|SH|week|easter|[12]\d\d\d)\b|\"")
TIMES = re.compile(r"\b\d{1,2}:\d\d|24/7|\(|\b(?:dawn|sunrise|sunset|dusk)\b")
BY_THE_SUN = re.compile(r"\b(?:dawn|sunrise|sunset|dusk)\b")
_STATE = re.compile(r"(?:^|\s)(open|closed|off|unknown)$", re.IGNORECASE)
_ENDED = re.compile(r'(?:"|\b(?:open|closed|off|unknown))\s*$', re.IGNORECASE)
_WEEK = re.compile(rf"\b(?:{_DAY}|PH|SH)\b.*$")
_WITHIN = re.compile(rf"{_HOLIDAY} {_DAY}|(?:{_DAY}|\]) (?:PH|SH)\b")
_SAYS_CLOSED = re.compile(
    r"(?:closed|gesloten|dicht)(?: (?:wegens|vanwege|door|in verband met|i\.?v\.?m\.?|due to|for)\b.*)?[.!]?",
    re.IGNORECASE,
)
_SAYS_ON_REQUEST = re.compile(
    r"(?<!\book )(?<!\bof )(?<!\ben )(?<!\bor )(?<!\band )(?<!\balso )"
    r"\b(?:op|na|volgens|by|on|upon) (?:telephone |telefonische )?"
    r"(?:afspraak|aanvraag|afroep|oproep|reservering|bestelling|appointment|appoinment|request|demand|reservation|booking)\b",
    re.IGNORECASE,
)
"""What a comment beside times says that makes them closed, or open only to people who have asked."""


class State(IntEnum):
    """What a rule says about its times; of two rules that go together the higher one counts."""

    CLOSED = 0
    UNKNOWN = 1
    OPEN = 2


class Rule(NamedTuple):
    """One rule.

    Attributes
    ----------
    text
        As it was written.
    join
        How it goes with the rules before it: ";" replaces them on its days, "," adds to them, "||" fills up what they
        leave closed.
    dates
        Years, months, weeks and weekdays, in the language of the library; "" for all days.
    holidays
        "PH" and "SH" with the number of days that they are shifted.
    within
        Whether it holds on weekdays within the holidays (`SH Mo-Fr`) instead of on both (`SH,Mo-Fr`).
    times
        Of the day, in the language of the library; "" for all of it.
    comment
        Without quotes; "" where there is none.

    """

    text: str
    join: Join
    dates: str
    wide: str
    holidays: tuple[tuple[str, int], ...]
    within: bool
    times: str
    state: State
    comment: str

    def holds(self, day: dt.date, holidays: Holidays) -> bool:
        """Whether the rule is about `day`; unknown school holidays are none."""
        if not self.holidays:
            return _matches(self.dates, day)
        free = any(_is_free(holidays, what, day - dt.timedelta(shift)) for what, shift in self.holidays)
        if self.within:
            return free and _matches(self.dates, day)
        return (free and _matches(self.wide, day)) or (self.dates != self.wide and _matches(self.dates, day))

    @property
    def spans_s(self) -> Spans:
        """Times of a day on which the rule holds; what lasts past midnight ends above 86,400."""
        return _spans_s(self.times)


def rules_of(text: str) -> tuple[Rule, ...]:
    """Read a text rule by rule.

    Raises
    ------
    ValueError
        When a part is not in the language of OSM.

    """
    rules = tuple(_rule(part, join) for part, join in _parts(text))
    if not rules:
        msg = "no rule"
        raise ValueError(msg)
    return rules


def states_on(rules: tuple[Rule, ...], day: dt.date, holidays: Holidays) -> list[tuple[int, int, State]]:
    """Start, end and state of all that begins on `day` and is not closed, rising and apart, in seconds after its midnight.

    The hours of a night belong to the day on which they begin, whatever the rules say about the next.
    """
    found: list[tuple[int, int, State]] = []
    for rule in rules:
        if not rule.holds(day, holidays):
            continue
        if rule.join == ";" and rule.state is not State.CLOSED:
            found = []
        for start, end in rule.spans_s:
            found = _painted(found, start, end, rule)
    return found


def _painted(
    found: list[tuple[int, int, State]], start: int, end: int, rule: Rule
) -> list[tuple[int, int, State]]:
    """Put the state of a rule over a span of a day."""
    edges = sorted({start, end, *(edge for begin, until, _ in found for edge in (begin, until))})
    painted: list[tuple[int, int, State]] = []
    for begin, until in itertools.pairwise(edges):
        state = next((state for first, last, state in found if first <= begin < last), State.CLOSED)
        if start <= begin < end:
            if rule.state is State.CLOSED and rule.join != "||":
                state = State.CLOSED
            elif rule.join != "||" or state is State.CLOSED:
                state = max(state, rule.state)
        if state is State.CLOSED:
            continue
        if painted and painted[-1][1:] == (begin, state):
            begin = painted.pop()[0]  # noqa: PLW2901 -- the two are one
        painted.append((begin, until, state))
    return painted


def _parts(text: str) -> Iterator[tuple[str, Join]]:
    """Rules of a text with what stands before each; a comma parts two rules only where dates follow upon times."""
    part, at = "", 0
    join: Join = ";"
    for found in SEPARATOR.finditer(text):
        if found[1]:
            continue
        part, at, after = part + text[at : found.start()], found.end(), text[found.end() :].lstrip()
        if found[2] == "," and not (_ENDED.search(part) or (TIMES.search(part) and DATES.match(after))):
            part += ","
            continue
        if part.strip():
            yield part.strip(), join
        part, join = "", cast("Join", found[2])
    if (part + text[at:]).strip():
        yield (part + text[at:]).strip(), join


def _rule(text: str, join: Join) -> Rule:
    comment = " ".join(quoted.strip('"').strip() for quoted in re.findall(QUOTED, text))
    body = " ".join(re.sub(QUOTED, " ", text).split()).rstrip(":").strip(" ,")
    if '"' in body:
        msg = f"a quotation mark without its other in {text}"
        raise ValueError(msg)
    body = re.sub(r"\s*,\s*", ",", body)
    word = _STATE.search(body)
    body = body[: word.start()].strip() if word else body
    clock = TIMES.search(body)
    dates, times = (body[: clock.start()], body[clock.start() :]) if clock else (body, "")
    dates = dates.strip().rstrip(":").strip()
    week = _WEEK.search(dates)
    wide, days = (dates[: week.start()].strip(), week[0]) if week else (dates, "")
    weekdays = re.sub(",+", ",", re.sub(_HOLIDAY, "", days).strip(" ,"))
    rule = Rule(
        text=text,
        join=join,
        dates=f"{wide} {weekdays}".strip(),
        wide=wide,
        holidays=tuple((found[1], int(found[2] or 0)) for found in re.finditer(_HOLIDAY, days)),
        within=bool(_WITHIN.search(days)),
        times=times,
        state=_state(word[1].lower() if word else "", times, comment, starts=text[0] == '"'),
        comment=comment,
    )
    _matches(rule.dates, dt.date(2000, 1, 1))
    _spans_s(rule.times)
    return rule


def _state(word: str, times: str, comment: str, *, starts: bool) -> State:
    """State of a rule by its word, else by its comment: alone, or as a condition before it, that makes it unknown."""
    if word:
        return {"open": State.OPEN, "unknown": State.UNKNOWN}.get(word, State.CLOSED)
    if not comment:
        return State.OPEN
    if _SAYS_CLOSED.fullmatch(comment):
        return State.CLOSED
    return State.UNKNOWN if not times or starts or _SAYS_ON_REQUEST.search(comment) else State.OPEN


def _is_free(holidays: Holidays, what: str, day: dt.date) -> bool:
    return holidays.is_public(day) if what == "PH" else bool(holidays.is_school(day))


def _matches(dates: str, day: dt.date) -> bool:
    return not dates or _read(f"{dates} 12:00-12:01").is_open(dt.datetime.combine(day, NOON))


@lru_cache(maxsize=4096)
def _spans_s(times: str) -> Spans:
    """Seconds after midnight of times without dates: of one day alone, so that no night before mixes in."""
    if not times or times == "24/7":
        return ((0, DAY_S),)
    if BY_THE_SUN.search(times):
        msg = f"{times} follows the sun"
        raise ValueError(msg)
    midnight = dt.datetime(2024, 1, 2)  # noqa: DTZ001 -- a clock on the wall
    hours = _read(f"2024 Jan 02 {times}").intervals(midnight, midnight + dt.timedelta(days=2))
    return tuple(
        (int((start - midnight).total_seconds()), int((end - midnight).total_seconds()))
        for start, end, state, _ in hours
        if state == Reading.OPEN
    )


@lru_cache(maxsize=4096)
def _read(rule: str) -> OpeningHours:
    """Rule in the language of the library; ValueError for another."""
    if not validate(rule):
        msg = f"{rule} cannot be read"
        raise ValueError(msg)
    return OpeningHours(rule)
