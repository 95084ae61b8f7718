"""Dates as mappers write them: each form with the days it may mean, worked out by hand."""

import datetime as dt

import pytest

from data.osm.dates import date_span

MIN, MAX = dt.date.min.isoformat(), dt.date.max.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-12-31", "2024-12-31", "2024-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("0897", "0897-01-01", "0897-12-31"),
        ("2024/12/31", "2024-12-31", "2024-12-31"),
        ("2024-12-31T10:00:00Z", "2024-12-31", "2024-12-31"),
        # Only a day can be 31; 4-5 is 4 May to a European and 5 April to an American.
        ("31-12-2024", "2024-12-31", "2024-12-31"),
        ("4-5-2024", "2024-04-05", "2024-05-04"),
        ("~1990", "1990-01-01", "1990-12-31"),
        ("ca. 1990", "1990-01-01", "1990-12-31"),
        ("before 2010", MIN, "2009-12-31"),
        ("before 1910-01-20", MIN, "1910-01-19"),
        ("after 2010", "2010-01-01", MAX),
        ("1860s", "1860-01-01", "1869-12-31"),
        ("late 1920s", "1920-01-01", "1929-12-31"),
        ("C19", "1801-01-01", "1900-12-31"),
        ("mid C17..late C18", "1601-01-01", "1800-12-31"),
        ("2008-08-08..2008-08-24", "2008-08-08", "2008-08-24"),
        # The example of the wiki: Julian Day 2,455,511 was 10 November 2010.
        ("jd:2455511", "2010-11-10", "2010-11-10"),
        ("j:1918-01-31", "1918-01-31", "1918-01-31"),
        ("480 BC", MIN, MIN),
    ],
)
def test_a_date_is_the_days_it_may_mean(text: str, first: str, last: str) -> None:
    assert date_span(text) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2024-13",
        "2023-02-29",
        "..",
        "1..2..3",
        "0",
        "before",
        "0-0-2024",
        "13-13-2024",
        "jd:0",
        "C0",
        "jd:9999999",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_span(text) is None
