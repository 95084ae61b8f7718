"""Whether a service is there on 2 June 2026: every way to say that it is gone, yet to come or closed."""

import datetime as dt

import pytest

from data.osm import presence
from data.osm.hours_over import HOURS_CLOSED, HOURS_ENDED
from data.osm.presence import former_kinds, has_unreadable_date, lets_nobody_in, why_absent
from data.parameters.facility_kinds import load_facility_kinds

DAY = dt.date(2026, 6, 2)
KINDS = load_facility_kinds()


def why(**tags: str) -> str:
    shop = {"shop": "supermarket", "name": "Coop"}
    return why_absent(shop | {key.replace("__", ":"): value for key, value in tags.items()}, DAY)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"disused": "yes"}, presence.STAGE_GONE),
        ({"abandoned": "yes"}, presence.STAGE_GONE),
        ({"demolished": "2024"}, presence.STAGE_GONE),
        ({"razed": "yes"}, presence.STAGE_GONE),
        ({"ruins": "yes"}, presence.STAGE_GONE),
        ({"building": "collapsed"}, presence.STAGE_GONE),
        ({"demolished__building": "yes"}, presence.STAGE_GONE),
        ({"operational_status": "closed"}, presence.STAGE_GONE),
        ({"construction": "yes"}, presence.STAGE_TO_COME),
        ({"proposed": "yes"}, presence.STAGE_TO_COME),
        ({"building": "construction"}, presence.STAGE_TO_COME),
        ({"construction__building": "retail"}, presence.STAGE_TO_COME),
        ({"end_date": "2024-12-31"}, presence.ENDED),
        ({"end_date": "before 2010"}, presence.ENDED),
        ({"end_date": "2026-06-01"}, presence.ENDED),
        ({"end_date": "C19"}, presence.ENDED),
        ({"opening_date": "2031-01-01"}, presence.NOT_YET),
        ({"opening_date": "2026-07"}, presence.NOT_YET),
        ({"start_date": "2027"}, presence.NOT_YET),
        ({"opening_hours": "closed"}, HOURS_CLOSED),
        ({"opening_hours": "2019 Mo-Sa 08:00-20:00"}, HOURS_ENDED),
        ({"name": "Coop (gesloten)"}, presence.NAME_CLOSED),
        ({"name": "Coop - permanently closed"}, presence.NAME_CLOSED),
        ({"name": "GESLOTEN: Coop"}, presence.NAME_CLOSED),
        ({"name": "Coop gesloten"}, presence.NAME_CLOSED),
    ],
)
def test_what_is_not_there_says_why(tags: dict[str, str], reason: str) -> None:
    assert why(**tags) == reason


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"disused": "no"},
        {"abandoned": "no"},
        # What was there before has no say in what is there now.
        {"was__shop": "convenience"},
        {"disused__amenity": "fuel"},
        {"historic": "yes"},
        # A new building stands where the old one was.
        {"building": "retail", "demolished__building": "yes"},
        # It closes on the day itself, some day of the year, or later.
        {"end_date": "2026-06-02"},
        {"end_date": "2026"},
        {"end_date": "after 2020"},
        {"end_date": "2030-01-01"},
        # It has opened on the day, some day of the year, or long ago.
        {"opening_date": "2026-06-02"},
        {"start_date": "2026"},
        {"start_date": "~1990"},
        {"start_date": "C19"},
        {"opening_hours": "Mo-Sa 08:00-20:00; Su off"},
        {"name": "Coop (zondag gesloten)"},
        {"name": "De Gesloten Deur"},
    ],
)
def test_what_is_there_is_there(tags: dict[str, str]) -> None:
    assert why(**tags) == ""


def test_only_a_date_that_decides_must_be_readable() -> None:
    assert has_unreadable_date({"end_date": "soon"})
    assert has_unreadable_date({"start_date": "when it is ready"})
    assert not has_unreadable_date({"start_date": "~1990", "check_date": "soon"})


def test_the_public_is_let_in_unless_access_says_no() -> None:
    assert [
        value for value in ("private", "no", "yes", "customers", "") if lets_nobody_in({"access": value})
    ] == [
        "private",
        "no",
    ]
    assert not lets_nobody_in({})


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({"disused:shop": "supermarket"}, ["supermarket"]),
        ({"was:amenity": "school", "amenity": "community_centre"}, ["primary_school"]),
        ({"construction:amenity": "library"}, ["library"]),
        # A supermarket that was a convenience store is a shop as ever; a former barn is nothing.
        ({"shop": "supermarket", "disused:amenity": "fuel"}, []),
        ({"amenity": "library", "was:building": "barn"}, []),
        ({"shop": "supermarket"}, []),
    ],
)
def test_a_lifecycle_prefix_tells_what_it_was(tags: dict[str, str], kinds: list[str]) -> None:
    assert former_kinds(tags, KINDS) == kinds
