"""Opening hours of a Tuesday, unless another day is named."""

from __future__ import annotations

import datetime as dt

import pytest
from toys import clock

from data.errors import InputError
from data.opening_hours.hours import opening_s
from data.opening_hours.rules import DAY_S

TUESDAY = dt.date(2026, 10, 6)
KINGS_DAY = dt.date(2025, 4, 26)
"""The 27th was a Sunday in that year, so the king's birthday was kept a day earlier."""


def spans(text: str, day: dt.date = TUESDAY) -> list[tuple[int, int]]:
    return list(opening_s(text, day))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo-Fr 08:00-17:00", [("8:00", "17:00")]),
        ("Mo-Fr 08:00-12:00,13:00-17:30; Sa 09:00-12:00", [("8:00", "12:00"), ("13:00", "17:30")]),
        ("Mo-Su 08:00-20:00;", [("8:00", "20:00")]),
        ("08:00-09:00,08:30-10:00", [("8:00", "10:00")]),
        ("We-Sa 08:00-17:00", []),
        ("off", []),
        ("Mo-Fr 08:00-17:00 unknown", []),
        ("17:00+", [("17:00", "24:00")]),
        ('Mo-Fr 08:00-12:00 "till", 12:00-13:00 "no till"', [("8:00", "13:00")]),
    ],
)
def test_times_of_a_tuesday(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == [(clock(opens), clock(closes)) for opens, closes in expected]


def test_what_is_open_past_midnight_belongs_to_both_days() -> None:
    # Tuesday's night lasts until 2:00 on Wednesday, and Monday's until 2:00 on Tuesday.
    assert spans("22:00-02:00") == [(0, clock("2:00")), (clock("22:00"), clock("26:00"))]
    assert spans("Mo 22:00-26:00") == [(0, clock("2:00"))]
    assert spans("24/7") == [(0, 2 * DAY_S)]


def test_public_holidays_are_dutch() -> None:
    assert spans("Mo-Su 08:00-20:00; PH off", KINGS_DAY) == []
    assert spans("Mo-Su 08:00-20:00; PH 10:00-12:00", KINGS_DAY) == [(clock("10:00"), clock("12:00"))]
    # 14 July is a holiday in France.
    assert spans("PH off; Mo-Su 08:00-20:00", dt.date(2026, 7, 14)) == [(clock("8:00"), clock("20:00"))]


@pytest.mark.parametrize("text", ["", "Ma-Vr 08:00-17:00", "Mo-Fr 8-17", "24/24", "Mo-Fr 25:00-9:00"])
def test_what_cannot_be_read_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"cannot be read.*Mo-Fr 08:00-17:30"):
        opening_s(text, TUESDAY)


@pytest.mark.parametrize("text", ['"on appointment"', "sunrise-sunset", "Mo-Fr 08:00-(sunset-01:00)"])
def test_what_gives_no_clock_times_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no clock times"):
        opening_s(text, TUESDAY)
