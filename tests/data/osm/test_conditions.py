"""Tags that hold at times only, judged at moments that are worked out with a calendar."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from data.osm.conditions import in_season, judge, judge_streets
from data.streets import StreetMap
from support.toys.networks import street_map

TUESDAY_9 = dt.datetime.combine(dt.date(2026, 6, 2), dt.time(9))
TUESDAY_23 = TUESDAY_9.replace(hour=23)
SUNDAY_9 = dt.datetime.combine(dt.date(2026, 6, 7), dt.time(9))
JANUARY_9 = dt.datetime.combine(dt.date(2026, 1, 13), dt.time(9))


@pytest.mark.parametrize(
    ("condition", "holds_at"),
    [
        ("no @ (Mo-Fr 07:00-19:00)", {TUESDAY_9, JANUARY_9}),
        ("no @ Mo-Fr 07:00-19:00", {TUESDAY_9, JANUARY_9}),
        ("no @ (22:00-06:00)", {TUESDAY_23}),
        ("no @ (Nov-Mar)", {JANUARY_9}),
        ("no @ (Nov 15-Mar 15)", {JANUARY_9}),
        ("no @ (Su)", {SUNDAY_9}),
        ("no @ (Su,PH)", {SUNDAY_9}),
        ("no @ (Mo-Fr 07:00-09:30,16:00-19:00; Sa 10:00-12:00)", {TUESDAY_9, JANUARY_9}),
        ("no@(Mo-Fr 07:00-19:00)", {TUESDAY_9, JANUARY_9}),
        # Both must hold.
        ("no @ (Apr-Sep AND Mo-Fr)", {TUESDAY_9, TUESDAY_23}),
        # Two conditions, either of which is enough.
        ("no @ (Nov-Mar); no @ (Su)", {JANUARY_9, SUNDAY_9}),
    ],
)
def test_conditions_of_days_and_hours(condition: str, holds_at: set[dt.datetime]) -> None:
    for moment in (TUESDAY_9, TUESDAY_23, SUNDAY_9, JANUARY_9):
        said = judge({"access": "yes", "access:conditional": condition}, moment)
        assert (said.tags["access"], said.is_unread) == ("no" if moment in holds_at else "yes", False), moment
        assert said.is_conditional
        assert "access:conditional" not in said.tags


def test_of_conditions_that_hold_the_last_one_decides() -> None:
    text = "30 @ (Mo-Fr 07:00-19:00); 10 @ (Tu 08:00-10:00)"
    assert judge({"maxspeed:conditional": text}, TUESDAY_9).tags == {"maxspeed": "10"}
    assert judge({"maxspeed:conditional": text}, JANUARY_9).tags == {"maxspeed": "10"}
    assert judge({"maxspeed:conditional": text}, TUESDAY_9.replace(hour=12)).tags == {"maxspeed": "30"}
    assert judge({"maxspeed:conditional": text}, SUNDAY_9).tags == {}


@pytest.mark.parametrize(
    "condition",
    [
        "no @ (weight>3.5)",
        "no @ wet",
        "no @ (Mo-Fr AND length>12)",
        "no",
        "no @",
        "no @ (destination)",
        "no @ ((",
    ],
)
def test_other_conditions_do_not_hold_and_are_told(condition: str) -> None:
    said = judge({"access:conditional": condition}, TUESDAY_9)
    assert said.tags == {}
    assert said.is_unread


def test_a_condition_that_can_be_read_holds_beside_one_that_cannot() -> None:
    said = judge({"access:conditional": "no @ (weight>7.5); no @ (Mo-Fr)"}, TUESDAY_9)
    assert (said.tags, said.is_unread) == ({"access": "no"}, True)


def test_without_a_date_nothing_is_in_force() -> None:
    said = judge({"oneway": "yes", "oneway:conditional": "no @ (00:00-24:00)"}, None)
    assert (said.tags, said.is_conditional, said.is_unread) == ({"oneway": "yes"}, True, False)


SUMMER_DAY, WINTER_DAY = TUESDAY_9.date(), JANUARY_9.date()


@pytest.mark.parametrize(
    ("tags", "in_summer", "in_winter"),
    [
        ({"opening_hours": "Apr-Sep 09:00-18:00"}, True, False),
        ({"opening_hours": "Apr-Sep sunrise-sunset"}, True, False),
        ({"opening_hours": "Apr-Sep (sunrise+01:00)-(sunset-00:30)"}, True, False),
        ({"opening_hours": "24/7"}, True, True),
        ({"opening_hours": "when the captain is awake"}, None, None),
        ({"seasonal": "summer"}, True, False),
        ({"seasonal": "spring;summer;autumn"}, True, False),
        ({"seasonal": "winter"}, False, True),
        ({"seasonal": "Apr-Sep"}, True, False),
        # There is a season, and nobody knows when.
        ({"seasonal": "yes"}, None, None),
        ({"seasonal": "dry_season"}, None, None),
        ({"seasonal": "no"}, True, True),
        ({"seasonal": "yes", "opening_hours": "May-Oct Mo-Su 10:00-17:00"}, True, False),
        # A Tuesday in June, in season, on which it does not sail.
        ({"seasonal": "summer", "opening_hours": "Sa,Su 10:00-17:00"}, False, False),
    ],
)
def test_seasons_and_hours_of_a_day(
    tags: dict[str, str],
    in_summer: bool | None,  # noqa: FBT001
    in_winter: bool | None,  # noqa: FBT001
) -> None:
    assert in_season(tags, SUMMER_DAY, is_north=True) is in_summer
    assert in_season(tags, WINTER_DAY, is_north=True) is in_winter


def test_seasons_of_the_south_are_the_other_way_round() -> None:
    assert in_season({"seasonal": "summer"}, WINTER_DAY, is_north=False) is True
    assert in_season({"seasonal": "summer"}, SUMMER_DAY, is_north=False) is False
    assert in_season({"seasonal": "autumn"}, dt.date(2026, 4, 1), is_north=False) is True


def conditional_streets() -> StreetMap:
    points = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (300, 0)}
    ways = [
        ("AB", {"highway": "service", "access:conditional": "no @ (Nov-Mar)"}),
        ("BC", {"route": "ferry", "seasonal": "summer"}),
        ("CD", {"highway": "service", "motor_vehicle:conditional": "no @ (weight>3.5)"}),
        ("BD", {"highway": "service"}),
    ]
    return street_map(points, ways, {"B": {"barrier": "gate", "foot:conditional": "no @ (Nov-Mar)"}})


def tags_of(streets: StreetMap) -> list[dict[str, str]]:
    return [dict(streets.tag_sets[row]) for row in streets.way_tags]


def told(streets: StreetMap, at: dt.datetime | None) -> dict[str, tuple[str, ...]]:
    return {row.what: row.examples for row in judge_streets(streets, at)[1].findings}


def test_streets_in_winter() -> None:
    streets, _ = judge_streets(conditional_streets(), JANUARY_9)
    assert tags_of(streets) == [
        {"highway": "service", "access": "no"},
        {"highway": "no"},  # nobody travels on what is not there
        {"highway": "service"},
        {"highway": "service"},
    ]
    assert dict(streets.tag_sets[streets.node_tags[1]]) == {"barrier": "gate", "foot": "no"}
    # Ways that have become alike share a row.
    assert len(np.unique(streets.way_tags)) == len(set(map(str, tags_of(streets))))
    assert told(conditional_streets(), JANUARY_9) == {
        "conditional tags, judged at the service date and the first departure": ("way/1", "node/2"),
        "ferries and ways that are out of season or closed on the service date": ("way/2",),
        "conditional tags of which a condition is not about days and hours: taken as not in force": (
            "way/3",
        ),
    }


def test_streets_without_a_date() -> None:
    streets, _ = judge_streets(conditional_streets(), None)
    assert tags_of(streets)[:2] == [{"highway": "service"}, {"route": "ferry", "seasonal": "summer"}]
    assert told(conditional_streets(), None) == {
        "conditional tags, taken as not in force: there is no date to judge them by": (
            "way/1",
            "way/3",
            "node/2",
        ),
        "ferries and ways with a season or opening hours, taken as open: there is no date to judge them by": (
            "way/2",
        ),
    }


def test_streets_without_conditions_are_left_alone() -> None:
    streets = street_map({"A": (0, 0), "B": (100, 0)}, [("AB", {"highway": "service"})])
    judged, report = judge_streets(streets, TUESDAY_9)
    assert judged is streets
    assert report.findings == ()
