"""Opening hours of a week: Monday 5 to Sunday 11 October 2026, no holiday of any kind in the north of the Netherlands."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.opening_hours.hours import hours_on, hours_report, merged, opening_s, read_hours, readable
from data.opening_hours.rules import DAY_S
from support.toys.networks import clock

MONDAY = dt.date(2026, 10, 5)
TUESDAY = MONDAY + dt.timedelta(1)
SATURDAY, SUNDAY = MONDAY + dt.timedelta(5), MONDAY + dt.timedelta(6)
KINGS_DAY = dt.date(2025, 4, 26)
"""The 27th was a Sunday in that year, so the king's birthday was kept a day earlier."""
AUTUMN = dt.date(2026, 10, 13)
"""A Tuesday in the autumn holidays of the north."""
WORDS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def spans(text: str, day: dt.date = TUESDAY, holidays: Holidays = DUTCH_NORTH) -> list[tuple[int, int]]:
    return list(opening_s(text, day, holidays))


def written(hours: str) -> list[tuple[int, int]]:
    """Spans of "8:00-12:00 13:00-17:00"."""
    return [(clock(opens), clock(closes)) for opens, closes in (span.split("-") for span in hours.split())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo-Fr 08:00-17:00", "8:00-17:00"),
        ("Mo-Fr 08:00-12:00,13:00-17:30; Sa 09:00-12:00", "8:00-12:00 13:00-17:30"),
        ("Mo-Su 08:00-20:00;", "8:00-20:00"),
        ("08:00-09:00,08:30-10:00", "8:00-10:00"),
        ("We-Sa 08:00-17:00", ""),
        ("off", ""),
        ("17:00+", "17:00-24:00"),
        ("Oct Tu 08:00-17:00", "8:00-17:00"),
        ("Nov-Mar Tu 08:00-17:00", ""),
        ("week 41 Tu 08:00-17:00", "8:00-17:00"),
        ("2026 Oct 06 10:00-12:00", "10:00-12:00"),
        ("Tu[1] 10:00-12:00", "10:00-12:00"),
        ("Tu[2] 10:00-12:00", ""),
        # Case and missing spaces do not matter.
        ("MO-FR 09:00-17:00; TU OFF", ""),
        ("Mo-Fr 08:00-12:00,Tu 14:00-15:00", "8:00-12:00 14:00-15:00"),
        ("Mo-Su 24/7; Tu off", ""),
    ],
)
def test_times_of_a_tuesday(text: str, expected: str) -> None:
    assert spans(text) == written(expected)


# --- how rules go together -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A later rule replaces the whole day, one that closes takes out its own times only.
        ("Mo-Fr 08:00-17:00; Tu 10:00-12:00", "10:00-12:00"),
        ("Mo-Fr 08:00-17:00; Tu 12:00-13:00 off", "8:00-12:00 13:00-17:00"),
        ("Mo-Fr 08:00-17:00; 12:00-13:00 closed", "8:00-12:00 13:00-17:00"),
        # After a comma it adds, also where it repeats what is open.
        ("Mo-Fr 08:00-12:00, Tu 14:00-16:00", "8:00-12:00 14:00-16:00"),
        ("Mo-Fr 08:00-12:00, Tu 10:00-11:00 unknown", "8:00-12:00"),
        ("Mo-Fr 08:00-12:00, Tu off", ""),
        # A fallback fills up what is closed, on a day that is partly open as well, and takes nothing away.
        ("Tu 10:00-12:00 || Tu 14:00-16:00", "10:00-12:00 14:00-16:00"),
        ("Tu 10:00-12:00 || Mo-Fr 09:00-11:00", "9:00-12:00"),
        ("Tu 10:00-12:00 || 11:00-13:00 off", "10:00-12:00"),
        ('Tu 10:00-12:00 || "by appointment"', "10:00-12:00"),
        ("We 10:00-12:00 || Tu 14:00-16:00 || unknown", "14:00-16:00"),
        ('"by appointment" || Tu 10:00-12:00', ""),  # nothing is closed there any more
        # Lists with spaces are lists, of days as of times.
        ("Mo, Tu, Fr 08:00-12:00", "8:00-12:00"),
        ("Mo, We, Fr 08:00-12:00", ""),
        ('Tu, Th 09:00-11:00, 14:00-16:00 || "by appointment"', "9:00-11:00 14:00-16:00"),
        ("Mo-We, Fr 08:00-12:00 , 13:00-14:00; Th off", "8:00-12:00 13:00-14:00"),
    ],
)
def test_rules_replace_add_or_fill_up(text: str, expected: str) -> None:
    assert spans(text) == written(expected)


COMMENTS = (
    'Tu "op afspraak"',
    'Tu "gesloten"',
    'Mo,Tu "bel eerst"',
    '"on appointment"',
    'Tu closed "renovation"',
    "Tu unknown",
    'Tu unknown "perhaps"',
    'Tu off "holiday"',
    'Tu 09:00-12:00 "op afspraak"',
    'Tu 09:00-12:00 "by appointment only"',
    'Tu 09:00-12:00 unknown "summer"',
    '"summer": Tu 09:00-12:00',
)


@pytest.mark.parametrize("rule", COMMENTS)
def test_what_is_only_a_comment_or_unknown_is_closed_where_it_holds_and_told(rule: str) -> None:
    assert spans(rule) == []
    assert spans(f"Mo-Fr 08:00-17:00; {rule}") in ([], written("8:00-17:00"))
    assert read_hours(f"Mo-Fr 08:00-17:00; {rule}").in_doubt == (rule,)
    assert hours_on(f"Mo-Fr 08:00-17:00; {rule}", TUESDAY).notes == (f"{rule} counts as closed",)


def test_a_comment_without_times_takes_the_whole_of_its_days_and_no_other() -> None:
    text = 'Mo-Fr 09:00-17:00; Tu "gesloten"; Sa,Su "op afspraak"'
    found = [spans(text, MONDAY + dt.timedelta(day)) for day in range(7)]
    assert found == [written(hours) for hours in ("9:00-17:00", "", *["9:00-17:00"] * 3, "", "")]
    # Closed for lunch, says the comment, and the afternoon is not.
    assert spans('Mo-Fr 09:00-17:00; Tu 12:00-13:00 "gesloten"') == written("9:00-12:00 13:00-17:00")


def test_times_with_a_remark_are_open_unless_it_says_otherwise() -> None:
    assert spans('Mo-Fr 08:00-12:00 "till", 12:00-13:00 "no till"') == written("8:00-13:00")
    assert read_hours('Mo-Fr 08:00-12:00 "till"').remarks == ('Mo-Fr 08:00-12:00 "till"',)
    for remark in (
        "ook op afspraak",
        "reserveren aanbevolen",
        "dinsdag gesloten tussen 12 en 13",
        "zonder afspraak",
    ):
        assert spans(f'Tu 08:00-12:00 "{remark}"') == written("8:00-12:00")
    for closed in ("gesloten wegens verbouwing", "Closed!", "alleen op telefonische afspraak"):
        assert spans(f'Tu 08:00-12:00 "{closed}"') == []
    assert spans('Tu 08:00-12:00 open "by appointment"') == written("8:00-12:00")


@given(
    rules=st.lists(st.sampled_from(COMMENTS), min_size=1, max_size=4),
    joins=st.sampled_from((";", ",", " ||")),
)
def test_comments_never_open_anything(rules: list[str], joins: str) -> None:
    text = f"{joins} ".join(rules)
    assert all(not spans(text, MONDAY + dt.timedelta(day)) for day in range(7))


@given(
    rules=st.lists(
        st.tuples(st.sampled_from(WORDS), st.integers(0, 22), st.integers(1, 23)).filter(
            lambda of: of[1] < of[2]
        ),
        min_size=1,
        max_size=4,
    ),
    day=st.integers(0, 6),
)
def test_rules_that_add_are_open_on_the_union_and_rules_that_replace_on_the_last(
    rules: list[tuple[str, int, int]], day: int
) -> None:
    texts = [f"{word} {start:02d}:00-{end:02d}:00" for word, start, end in rules]
    of_day = [(start * 3600, end * 3600) for word, start, end in rules if word == WORDS[day]]
    date = MONDAY + dt.timedelta(day)
    assert spans(", ".join(texts), date) == list(merged(of_day))
    assert spans(" || ".join(texts), date) == list(merged(of_day))
    assert spans("; ".join(texts), date) == of_day[-1:]


# --- nights ----------------------------------------------------------------------------------------------------------


def test_what_is_open_past_midnight_belongs_to_both_days() -> None:
    # Tuesday's night lasts until 2:00 on Wednesday, and Monday's until 2:00 on Tuesday.
    assert spans("22:00-02:00") == [(0, clock("2:00")), (clock("22:00"), clock("26:00"))]
    assert spans("Mo 22:00-26:00") == [(0, clock("2:00"))]
    assert spans("24/7") == [(0, 2 * DAY_S)]


def test_a_night_ends_by_the_rules_of_the_day_on_which_it_began() -> None:
    assert spans("Mo 22:00-02:00; Tu off") == [(0, clock("2:00"))]
    assert spans("Mo 22:00-02:00; Tu 10:00-12:00") == [(0, clock("2:00")), *written("10:00-12:00")]


# --- holidays --------------------------------------------------------------------------------------------------------


def test_public_holidays_are_those_of_the_country() -> None:
    assert spans("Mo-Su 08:00-20:00; PH off", KINGS_DAY) == []
    assert spans("Mo-Su 08:00-20:00; PH 10:00-12:00", KINGS_DAY) == written("10:00-12:00")
    # 14 July is a holiday in France, 3 October one in Germany.
    assert spans("Mo-Su 08:00-20:00; PH off", dt.date(2026, 7, 14)) == written("8:00-20:00")
    assert spans("08:00-20:00; PH off", dt.date(2026, 7, 14), Holidays("FR")) == []
    assert spans("08:00-20:00; PH off", dt.date(2026, 10, 3), Holidays("DE")) == []
    # The day before one.
    assert spans("08:00-20:00; PH -1 day 08:00-17:00", KINGS_DAY - dt.timedelta(1)) == written("8:00-17:00")


@pytest.mark.parametrize(
    ("text", "autumn", "tuesday", "saturday"),
    [
        # Without a comma: weekdays within the holidays. The Saturday of the table lies in no holiday.
        ("Mo-Fr 06:00-22:00; SH Mo-Fr 12:00-14:00", "12:00-14:00", "6:00-22:00", ""),
        ("SH Mo-Fr 12:00-14:00", "12:00-14:00", "", ""),
        ("SH We 12:00-14:00", "", "", ""),
        ("PH,SH Tu 12:00-14:00", "12:00-14:00", "", ""),
        ("Oct SH Tu 12:00-14:00", "12:00-14:00", "", ""),
        ("Nov SH Tu 12:00-14:00", "", "", ""),
        # With a comma: on both.
        ("SH,Sa 12:00-14:00", "12:00-14:00", "", "12:00-14:00"),
        ("Sa,SH 12:00-14:00", "12:00-14:00", "", "12:00-14:00"),
        ("Sa, SH 12:00-14:00", "12:00-14:00", "", "12:00-14:00"),
        ("SH 12:00-14:00", "12:00-14:00", "", ""),
        ("Mo-Sa 08:00-12:00; SH off", "", "8:00-12:00", "8:00-12:00"),
        ("Mo-Sa 08:00-12:00; SH,PH off", "", "8:00-12:00", "8:00-12:00"),
        ("SH off; Mo-Sa 08:00-12:00", "8:00-12:00", "8:00-12:00", "8:00-12:00"),
    ],
)
def test_school_holidays(text: str, autumn: str, tuesday: str, saturday: str) -> None:
    saturday_before = dt.date(2026, 10, 3)
    for day, hours in ((AUTUMN, autumn), (TUESDAY, tuesday), (saturday_before, saturday)):
        assert spans(text, day) == written(hours), day


def test_public_holidays_with_a_weekday_are_only_those_on_it() -> None:
    second_christmas_day = dt.date(2025, 12, 26)  # a Friday
    assert spans("PH Fr 10:00-12:00", second_christmas_day) == written("10:00-12:00")
    assert spans("PH Mo 10:00-12:00", second_christmas_day) == []
    assert spans("PH Mo 10:00-12:00", MONDAY) == []
    assert spans("PH,Mo 10:00-12:00", MONDAY) == written("10:00-12:00")


def test_a_day_without_known_school_holidays_is_told() -> None:
    text, far = "Mo-Fr 06:00-22:00; SH Mo-Fr 12:00-14:00", dt.date(2031, 7, 22)
    found = hours_on(text, far)
    assert list(found.spans) == written("6:00-22:00")
    assert found.notes == ("school holidays of NL-Noord on 2031-07-22 are not known: counted as none",)
    assert hours_on(text, AUTUMN).notes == ()
    assert hours_on("Mo-Fr 06:00-22:00", far).notes == ()


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "when the flag is out", "Mo-Fr 25:00-9:00", "ma-vr", 'Mo-Fr "open', "+31 591 123456", "9 tot 5"],
)
def test_what_cannot_be_read_is_told_with_an_example(text: str) -> None:
    assert not readable(text)
    with pytest.raises(InputError, match=r"cannot be read.*Mo-Fr 08:00-17:30"):
        opening_s(text, TUESDAY)


@pytest.mark.parametrize(
    "text", ["sunrise-sunset", "Mo-Fr 08:00-(sunset-01:00)", "dagelijks van zonsopgang tot zonsondergang"]
)
def test_what_gives_no_clock_times_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no clock times"):
        opening_s(text, TUESDAY)


def test_the_report_names_each_place_with_what_was_made_of_its_hours() -> None:
    named = [
        ("a Shop", "Mo-Sa 08.00-20.00"),
        ("b Bakery", "when the flag is out"),
        ("c GP", 'Mo-Fr 08:00-17:00; Tu "gesloten"'),
        ("d Pool", 'Mo-Fr 08:00-17:00 "cash only"; SH Mo-Fr 08:00-12:00'),
        ("e Library", "Mo-Fr 09:00-17:00"),
        ("f Post", "Mo-Fr 09:00-17:00; PH off"),
    ]
    found = {
        of.what: (of.action, of.examples) for of in hours_report("facilities", named, DUTCH_NORTH).findings
    }
    assert found == {
        "opening hours that cannot be read: the usual hours of the kind count": (
            "assumed",
            ("b Bakery: when the flag is out",),
        ),
        "opening hours written in another way than OpenStreetMap's": (
            "repaired",
            ("a Shop: Mo-Sa 08.00-20.00 = Mo-Sa 08:00-20:00",),
        ),
        "opening hours that are unknown, or only a comment: closed where they hold": (
            "assumed",
            ('c GP: Tu "gesloten"',),
        ),
        "opening hours with a comment, taken as open": (
            "assumed",
            ('d Pool: Mo-Fr 08:00-17:00 "cash only"',),
        ),
        "opening hours that follow the public holidays, taken to be those of NL": (
            "assumed",
            ("f Post: Mo-Fr 09:00-17:00; PH off",),
        ),
        "opening hours that follow the school holidays, taken to be those of NL-Noord": (
            "assumed",
            (f"d Pool: {named[3][1]}",),
        ),
    }
