"""When a service is open: texts of OSM's `opening_hours` read for one day.

Source: OSM wiki, Key:opening_hours/specification; read by the `opening_hours` library, which knows Dutch holidays.
"""

from __future__ import annotations

import datetime as dt
import re

from opening_hours import OpeningHours, State, validate

from data.errors import InputError

DAY_S = 86_400
_BY_THE_SUN = re.compile(r"\b(dawn|sunrise|sunset|dusk)\b", re.IGNORECASE)


def opening_s(text: str, day: dt.date) -> tuple[tuple[int, int], ...]:
    """Return the times (opens, closes) of one day: rising, apart, clock times after midnight of `day`.

    What is open past midnight closes past 86,400, within the next day; what is still open from the day before opens
    at 0. What is only perhaps open ("unknown") counts as closed, `PH` are the Dutch public holidays, an open end
    ("17:00+") lasts until midnight.

    Raises
    ------
    InputError
        When the text cannot be read, or gives no clock times: a comment alone, or times that follow the sun.

    """
    rule = text.strip().removesuffix(";")
    if rule.startswith('"') or _BY_THE_SUN.search(rule):
        raise InputError(f"opening hours '{text}' give no clock times. {_WRITE}")
    if not validate(rule):
        raise InputError(f"opening hours '{text}' cannot be read. {_WRITE}")
    hours = OpeningHours(rule, country="NL")
    midnight = dt.datetime.combine(day, dt.time())
    spans = [
        (int((start - midnight).total_seconds()), int((end - midnight).total_seconds()))
        for start, end, state, _ in hours.intervals(midnight, midnight + dt.timedelta(days=2))
        if state == State.OPEN
    ]
    # A change of comment parts what is open all the same.
    joined: list[tuple[int, int]] = []
    for opens, closes in spans:
        if joined and joined[-1][1] == opens:
            joined[-1] = joined[-1][0], closes
        else:
            joined.append((opens, closes))
    return tuple(span for span in joined if span[0] < DAY_S)


_WRITE = (
    "Write them as OpenStreetMap does, with English days and times of two digits, "
    "for example 'Mo-Fr 08:00-17:30; Sa 09:00-13:00; PH off' or '24/7'."
)
