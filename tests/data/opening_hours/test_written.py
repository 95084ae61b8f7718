"""What owners write, beside what OpenStreetMap writes for it."""

from __future__ import annotations

import pytest

from data.opening_hours.hours import read_hours, readable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma-vr 8:00-18:00", "Mo-Fr 08:00-18:00"),
        ("ma t/m vr 8.00 - 18.00 uur", "Mo-Fr 08:00-18:00"),
        ("Ma. t/m vr. van 8.30 tot 17.00 uur", "Mo-Fr 08:30-17:00"),
        ("van maandag tot en met vrijdag van 8 tot 17 uur", "Mo-Fr 08:00-17:00"),
        ("maandag t/m vrijdag: 08:00 - 18:00 uur", "Mo-Fr 08:00-18:00"),
        ("08.00-20.00", "08:00-20:00"),
        ("09:00 \u2013 17:00", "09:00-17:00"),
        ("09:00 \u2014 17:00", "09:00-17:00"),
        ("8-17", "08:00-17:00"),
        ("22-2", "22:00-02:00"),
        ("8u30-17u", "08:30-17:00"),
        ("8h30 - 17h", "08:30-17:00"),
        ("Mo-Fr 0830-1700", "Mo-Fr 08:30-17:00"),
        ("9am-5:30pm", "09:00-17:30"),
        ("Monday to Friday: 9:00 AM - 5:30 PM", "Mo-Fr 09:00-17:30"),
        ("za 9-12", "Sa 09:00-12:00"),
        ("zo gesloten", "Su off"),
        ("gesloten op zondag", "Su off"),
        ("dagelijks 9-17", "Mo-Su 09:00-17:00"),
        ("elke dag van 7 tot 23 uur", "Mo-Su 07:00-23:00"),
        ("werkdagen 8-17", "Mo-Fr 08:00-17:00"),
        ("24 uur per dag", "24/7"),
        # Lists.
        ("ma di wo 9-12", "Mo,Tu,We 09:00-12:00"),
        ("ma, wo en vr 9-12", "Mo,We,Fr 09:00-12:00"),
        ("ma/di 9:00-12:00/13:00-17:00", "Mo,Tu 09:00-12:00,13:00-17:00"),
        ("ma-vr 8.30-12.00 en 13.00-17.00 uur", "Mo-Fr 08:30-12:00,13:00-17:00"),
        # Rules: an owner's comma, bar, line or space between two days parts them.
        ("ma-vr 8:00-18:00, za 9-12, zo gesloten", "Mo-Fr 08:00-18:00; Sa 09:00-12:00; Su off"),
        ("ma 13:00-18:00 | di-vr 9:00-18:00", "Mo 13:00-18:00; Tu-Fr 09:00-18:00"),
        ("ma-do 8-18\nvr 8-21", "Mo-Th 08:00-18:00; Fr 08:00-21:00"),
        ("Mo 10:00-12:00 Th 09:30-11:30, Sa Off Su Off", "Mo 10:00-12:00; Th 09:30-11:30; Sa off; Su off"),
        ("dagelijks 9-17, ma gesloten", "Mo-Su 09:00-17:00; Mo off"),
        # Holidays, dates and appointments.
        ("ma-vr 9-17 (feestdagen gesloten)", "Mo-Fr 09:00-17:00; PH off"),
        ("schoolvakanties ma-vr 10-12", "SH Mo-Fr 10:00-12:00"),
        ("1 april t/m 30 september ma-vr 9-17", "Apr 1-Sep 30 Mo-Fr 09:00-17:00"),
        ("op afspraak", '"op afspraak"'),
        ("ma-vr 9-17; op afspraak", 'Mo-Fr 09:00-17:00 || "op afspraak"'),
        ("ma-vr 9-17, alleen op afspraak", 'Mo-Fr 09:00-17:00 "op afspraak"'),
        ("ma-vr 9-12 en op afspraak", 'Mo-Fr 09:00-12:00 || "op afspraak"'),
        ("Mo-Fr 9-12; Sa \u201cop afspraak\u201d", 'Mo-Fr 09:00-12:00; Sa "op afspraak"'),
    ],
)
def test_owners_write_in_many_ways(text: str, expected: str) -> None:
    assert read_hours(text).read_as == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-18:00",
        "Oct 5-9 10:00-12:00",  # days of a month, no hours
        "week 1-53/2 Mo 10:00-12:00",
        "2024-2026 Mo[-1] 10:00-12:00",
        'Mo 8:00-9:00 "ma t/m vr 8-9"',
        "PH -1 day 10:00-12:00",
    ],
)
def test_what_is_in_the_language_of_openstreetmap_stays_as_it_is(text: str) -> None:
    assert read_hours(text).read_as == ""


@pytest.mark.parametrize(
    "text",
    [
        "9-5",  # of a clock of twelve hours, most likely
        "ma-vr",  # the days are known, the hours are not
        "geopend",
        "even weken ma 9-12",
        "vanaf 9 uur",
    ],
)
def test_what_would_be_a_guess_is_not_read(text: str) -> None:
    assert not readable(text)
