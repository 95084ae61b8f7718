"""Which days are holidays: Dutch ones by decision 19, those of other countries by the library."""

from __future__ import annotations

import datetime as dt

import pytest

from data.errors import InputError
from data.opening_hours.holidays import DUTCH_NORTH, Holidays


def public_days(holidays: Holidays, year: int) -> list[str]:
    days = (dt.date(year, 1, 1) + dt.timedelta(number) for number in range(366))
    return [day.strftime("%m-%d") for day in days if day.year == year and holidays.is_public(day)]


def test_dutch_public_holidays_are_without_good_friday_and_with_5_may_every_five_years() -> None:
    # Easter was 20 April in 2025 and 5 April in 2026. New Year, two days of Easter, King's Day (not on a Sunday),
    # Ascension, two days of Whitsun, two of Christmas.
    assert public_days(DUTCH_NORTH, 2025) == (
        ["01-01", "04-20", "04-21", "04-26", "05-05", "05-29", "06-08", "06-09", "12-25", "12-26"]
    )
    assert public_days(DUTCH_NORTH, 2026) == [
        "01-01",
        "04-05",
        "04-06",
        "04-27",
        "05-14",
        "05-24",
        "05-25",
        "12-25",
        "12-26",
    ]


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [
        ("NL-Noord", dt.date(2026, 7, 4), dt.date(2026, 8, 16)),
        ("NL-Midden", dt.date(2026, 7, 18), dt.date(2026, 8, 30)),
        ("NL-Zuid", dt.date(2026, 7, 11), dt.date(2026, 8, 23)),
    ],
)
def test_the_summer_of_2026_by_region(place: str, first: dt.date, last: dt.date) -> None:
    holidays, day = Holidays(place), dt.timedelta(1)
    found = [holidays.is_school(at) for at in (first - day, first, last, last + day)]
    assert found == [False, True, True, False]


@pytest.mark.parametrize("place", ["NL-Noord", "NL-Midden", "NL-Zuid"])
def test_holidays_begin_on_a_saturday_end_on_a_sunday_and_last_as_long_as_the_law_says(place: str) -> None:
    # One week in autumn, spring and May, two at Christmas, six in summer, each with the weekend before and behind it.
    holidays = Holidays(place)
    days = [dt.date(2024, 9, 2) + dt.timedelta(number) for number in range(1099)]
    states = [holidays.is_school(day) for day in days]
    assert {
        day.weekday()
        for day, on, before in zip(days[1:], states[1:], states, strict=False)
        if on and not before
    } == {5}
    assert {
        day.weekday()
        for day, on, after in zip(days, states, states[1:], strict=False)
        if on and after is False
    } == {6}
    # Three school years of 9 + 16 + 9 + 9 + 44 days, the last until 5 September 2027 at most.
    assert states.count(True) == 3 * 87


@pytest.mark.parametrize("day", [dt.date(2024, 6, 1), dt.date(2027, 9, 30)])
def test_what_lies_outside_the_table_is_not_known(day: dt.date) -> None:
    assert DUTCH_NORTH.is_school(day) is None


def test_another_country_has_the_public_holidays_of_the_library_and_unknown_school_holidays() -> None:
    assert Holidays("DE").is_public(dt.date(2026, 10, 3))
    assert not DUTCH_NORTH.is_public(dt.date(2026, 10, 3))
    assert Holidays("DE").is_school(dt.date(2026, 7, 20)) is None


@pytest.mark.parametrize("place", ["NL-Oost", "XX", "", "Drenthe"])
def test_a_place_without_a_calendar_is_refused(place: str) -> None:
    with pytest.raises(InputError, match="NL-Noord, NL-Midden, NL-Zuid"):
        Holidays(place)
