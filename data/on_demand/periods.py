"""Hours of a service as whole periods that touch one service day, those from the night before included."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from data.errors import InputError
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.opening_hours.hours import merged, opening_s
from data.opening_hours.rules import DAY_S

Periods: TypeAlias = tuple[tuple[int, int], ...]
"""Start and end of each period, seconds after midnight of the service day: rising, apart; negative on the day before."""


def service_periods(text: str, service_date: dt.date, holidays: Holidays = DUTCH_NORTH) -> Periods | None:
    """Whole periods in which opening_hours `text` is open that touch the service day, None if it cannot be read.

    One of the night before starts below 0, and one past midnight ends above 86,400 seconds.
    """
    try:
        before, today = (opening_s(text, service_date - dt.timedelta(days=days), holidays) for days in (1, 0))
    except InputError:
        return None
    # What is open at midnight is there twice: from its start on the day before, and from 0.
    joined = merged([(start - DAY_S, end - DAY_S) for start, end in before] + list(today))
    return tuple(period for period in joined if period[1] > 0)
