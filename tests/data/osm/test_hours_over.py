"""Opening hours of services that are closed for good, beside those that look much like them and are not."""

import datetime as dt

import pytest

from data.osm.hours_over import HOURS_CLOSED, HOURS_ENDED, hours_over

DAY = dt.date(2026, 6, 2)


@pytest.mark.parametrize(
    "text",
    [
        "closed",
        "Off",
        'off "wegens brand"',
        'closed "gesloten"',
        "Mo-Su off",
        "24/7 closed",
        "Mo-Su,PH off",
        "00:00-24:00 off",
        "gesloten",
        '"definitief gesloten"',
        "permanently closed",
        "closed since 2024",
        # The day lies in the only days that are named.
        "2024 Jan 01-2027 Dec 31 off",
        "2026 off",
    ],
)
def test_no_rule_but_closed_is_closed(text: str) -> None:
    assert hours_over(text, DAY) == HOURS_CLOSED


@pytest.mark.parametrize(
    "text",
    [
        "2015 Jan 01-2024 Dec 31 Mo-Sa 08:00-20:00",
        "2020-2024 Mo-Fr 08:00-18:00; PH off",
        "2020,2022 Mo-Fr 08:00-18:00",
        "2024 Mo-Fr 08:00-12:00; 2025 Mo-Fr 08:00-18:00",
        # A day before the day itself.
        "2026 Jan 01-Jun 01 Mo-Fr 09:00-12:00",
        "2026 Jan-May Mo-Fr 09:00-12:00",
        "Mo-Sa 08:00-20:00; 2025 Jan 01+ off",
        'Mo-Sa 08:00-20:00; 2026 Jun 02+ closed "verhuisd"',
    ],
)
def test_years_that_have_passed_have_ended(text: str) -> None:
    assert hours_over(text, DAY) == HOURS_ENDED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24/7",
        "Mo-Sa 08:00-20:00; Su off",
        # Exceptions alone say nothing of the other days.
        "Su off",
        "PH off",
        "Jan-Mar off",
        "Mo-Sa 08:00-20:00; off",
        "Mo-Sa 08:00-20:00 || closed",
        '"op afspraak"',
        "closed Mo; Tu-Su 10:00-18:00",
        "zondag gesloten",
        "Apr-Oct 10:00-17:00",
        # Closed for the holidays, or later, is not gone.
        "Mo-Sa 08:00-20:00; 2026 May 01-2026 Aug 31 off",
        "Mo-Sa 08:00-20:00; 2027 Jan 01+ off",
        "2024+ Mo-Fr 09:00-17:00",
        "2015-2026 Mo-Fr 08:00-18:00",
        "2026 Jan 01-Jun 02 Mo-Fr 09:00-12:00",
        # November to February runs into the next year.
        "2026 Nov-Feb Mo 10:00-12:00",
        "2024 Mo-Fr 08:00-12:00; Mo-Fr 08:00-18:00",
        "2024 off",
    ],
)
def test_everything_else_is_open_some_day(text: str) -> None:
    assert hours_over(text, DAY) == ""
