"""Edits of a timetable, on a line that fits on one screen.

    line 1, operator A          Aa ── 10 min ── Bee ── 10 min ── Cee         out: every hour from 7:00 to 10:00
                                                                             back: from Cee at 7:30, 8:30, 9:30
Dee is north of the middle between Bee and Cee. The stops lie 5 km apart along a parallel; Dee is 2.5 km off the line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import InputError, ScenarioError
from data.timetable import Headways, InSeatTransfers, Stops, Timetable
from scenarios.edits.find_lines import OnLine
from scenarios.edits.line_courses import AddStop, ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine, TimetableEdit, edited
from scenarios.edits.trip_tables import with_runs
from support.toys.networks import NO_RULES, clock, trips

AA, BEE, CEE, DEE = range(4)
NAMES = ("Aa", "Bee", "Cee", "Dee")
# At 52.8 degrees north 5 km are 0.0742 degrees of longitude, 2.5 km are 0.02247 degrees of latitude.
STOPS = Stops(
    id=("a", "b", "c", "d"),
    name=NAMES,
    station=np.arange(4, dtype=np.int32),
    lon_deg=np.array([6.9, 6.9742, 7.0484, 7.0113]),
    lat_deg=np.array([52.8, 52.8, 52.8, 52.82247]),
)
OUT = [clock(text) for text in ("7:00", "8:00", "9:00", "10:00")]
BACK = [clock(text) for text in ("7:30", "8:30", "9:30")]


def ride(start: int, *stops: int) -> list[tuple[int, int, int]]:
    """Ten minutes from stop to stop, no dwell."""
    return [(stop, start + 600 * place, start + 600 * place) for place, stop in enumerate(stops)]


def valley() -> Timetable:
    runs = [ride(start, AA, BEE, CEE) for start in OUT] + [ride(start, CEE, BEE, AA) for start in BACK]
    made = trips(runs)
    n_trips = len(runs)
    made = replace(made, route=("1",) * n_trips, agency=("A",) * n_trips, headsign=("",) * n_trips)
    return Timetable("2026-10-06", STOPS, made, NO_RULES)


def by_road(one: int, other: int) -> float:
    """Roads of 5 km between neighbours by number, none to Dee."""
    return np.inf if DEE in {one, other} else 5000.0 * abs(one - other)


def after(edit: TimetableEdit, timetable: Timetable | None = None) -> Timetable:
    return edited(timetable or valley(), edit, by_road)


def runs(timetable: Timetable) -> list[list[tuple[str, str]]]:
    """Name of each stop with the minute of departure, of each trip, sorted."""
    made = timetable.trips
    found = []
    for trip in range(len(made.id)):
        rows = range(made.call_offset[trip], made.call_offset[trip + 1])
        found.append(
            [
                (timetable.stops.name[made.call_stop[call]], f"{made.call_departure[call] / 60:g}")
                for call in rows
            ]
        )
    return sorted(found)


def starts(timetable: Timetable, first_stop: str) -> list[float]:
    """Minutes after midnight at which trips leave this first stop."""
    return sorted(float(run[0][1]) for run in runs(timetable) if run[0][0] == first_stop)


def test_half_the_headway_keeps_all_runs_and_puts_one_between_each_two() -> None:
    changed = after(ChangeHeadway(line="1", headway_min=30))
    assert starts(changed, "Aa") == [420, 450, 480, 510, 540, 570, 600]
    # The way back ran from 7:30 to 9:30, every hour.
    assert starts(changed, "Cee") == [450, 480, 510, 540, 570]
    # A run in between goes as the one before it.
    assert [("Aa", "450"), ("Bee", "460"), ("Cee", "470")] in runs(changed)
    assert set(valley().trips.id) <= set(changed.trips.id)


def test_the_same_headway_changes_nothing() -> None:
    assert runs(after(ChangeHeadway(line="1", headway_min=60))) == runs(valley())


def test_a_headway_may_hold_for_a_period_and_one_direction() -> None:
    changed = after(ChangeHeadway(line="1", towards="Cee", headway_min=120, first="08:00", last="10:00"))
    # From 8:00 to 10:00 every two hours, at the minute of the first run of the period; 7:00 lies before it.
    assert starts(changed, "Aa") == [420, 480, 600]
    assert starts(changed, "Cee") == starts(valley(), "Cee")


def test_a_period_may_begin_before_the_first_run() -> None:
    changed = after(ChangeHeadway(line="1", towards="Cee", headway_min=60, first="05:30", last="07:30"))
    # At the minute of 7:00: 6:00 and not 5:30.
    assert starts(changed, "Aa") == [360, 420, 480, 540, 600]


def test_runs_of_the_night_before_are_left_alone() -> None:
    # A run that left Aa ten minutes before midnight of the day before is no first run of today.
    night = trips([ride(-600, AA, BEE, CEE)])
    before = valley()
    both = replace(
        before,
        trips=with_runs(
            before.trips, replace(night, id=("night",), route=("1",), agency=("A",), headsign=("",))
        ),
    )
    assert starts(after(ChangeHeadway(line="1", towards="Cee", headway_min=60), both), "Aa") == [
        -10,
        420,
        480,
        540,
        600,
    ]


def test_runs_of_different_length_are_counted_at_a_stop_they_share() -> None:
    # Out at 7:00 and 8:00 from Aa, at 7:40 and 8:40 from Bee only: at Bee every half hour, 7:10, 7:40, 8:10, 8:40.
    made = trips(
        [ride(clock("7:00"), AA, BEE, CEE), ride(clock("8:00"), AA, BEE, CEE)]
        + [ride(clock(text), BEE, CEE) for text in ("7:40", "8:40")]
    )
    short = replace(valley(), trips=replace(made, route=("1",) * 4, agency=("A",) * 4, headsign=("",) * 4))
    changed = after(ChangeHeadway(line="1", headway_min=15), short)
    # At Bee every quarter of an hour from 7:10 to 8:40; each as the last before it: two long ones, two short ones.
    assert starts(changed, "Aa") == [420, 435, 480, 495]
    assert starts(changed, "Bee") == [460, 475, 520]


def test_what_is_only_a_headway_stays_only_a_headway() -> None:
    published = Headways(
        np.arange(4, dtype=np.int32),
        ("x",) * 4,
        np.full(4, 3600, np.int32),
        np.full(4, clock("11:00"), np.int32),
    )
    before = valley()
    before = replace(before, trips=replace(before.trips, headways=published))
    made = after(ChangeHeadway(line="1", towards="Cee", headway_min=30), before).trips
    assert len(made.headways.trip) == 7
    assert set(made.headways.headway_s.tolist()) == {1800}
    assert len(set(made.headways.group)) == 1
    # The last run, 10:00, may come up to half an hour later.
    assert set(made.headways.end.tolist()) == {clock("10:30")}


def test_a_span_adds_runs_at_the_lines_own_interval_and_drops_those_outside() -> None:
    changed = after(ChangeSpan(line="1", towards="Cee", first="07:30", last="12:15"))
    # 7:00 goes; after 10:00 comes 11:00 and 12:00, and 13:00 would be too late.
    assert starts(changed, "Aa") == [480, 540, 600, 660, 720]


def test_a_dropped_line_is_gone_with_both_directions() -> None:
    assert runs(after(DropLine(line="1"))) == []
    assert starts(after(DropLine(line="1", towards="Aa")), "Cee") == []
    assert starts(after(DropLine(line="1", towards="Aa")), "Aa") == starts(valley(), "Aa")


def test_a_faster_line_leaves_as_before_and_arrives_earlier() -> None:
    changed = after(ChangeLineSpeed(line="1", speed_share=1.25))
    # Ten minutes at a quarter more speed are eight.
    assert [("Aa", "420"), ("Bee", "428"), ("Cee", "436")] in runs(changed)


def test_a_stop_is_added_with_its_detour() -> None:
    changed = after(AddStop(line="1", towards="Cee", stop="Dee", after="Bee"))
    run = runs(changed)[0]
    assert [name for name, _ in run] == ["Aa", "Bee", "Dee", "Cee"]
    # By Dee 3.54 + 3.54 km instead of 5 km in straight lines; at 10 min per 5 km that is 4 min 9 s more, and 30 s to stop.
    assert float(run[3][1]) == pytest.approx(440 + 4.14 + 0.5, abs=0.05)
    # Half of the way lies before Dee, 7.07 min after 7:10; it leaves half a minute after it arrives.
    assert float(run[2][1]) == pytest.approx(430 + 7.07 + 0.5, abs=0.05)
    assert starts(changed, "Cee") == starts(valley(), "Cee")


def test_a_line_may_go_on_beyond_its_last_stop() -> None:
    changed = after(AddStop(line="1", towards="Cee", stop="Dee", after="Cee")).trips
    calls = slice(changed.call_offset[0], changed.call_offset[1])
    assert changed.call_stop[calls].tolist() == [AA, BEE, CEE, DEE]
    assert changed.call_departure[calls][-1] - clock("7:20") == pytest.approx(7.07 * 60, abs=2)
    assert changed.call_pickup[calls].tolist() == [True, True, True, False]


def test_a_skipped_stop_saves_the_time_it_is_said_to() -> None:
    assert [("Aa", "420"), ("Cee", "440")] in runs(after(SkipStop(line="1", stop="Bee")))
    assert [("Aa", "420"), ("Cee", "439")] in runs(after(SkipStop(line="1", stop="Bee", saves_s=60)))
    # Not even a bus that skips a stop arrives before it has left.
    assert ("Cee", "420.017") in runs(after(SkipStop(line="1", stop="Bee", saves_s=9999)))[0]


def test_a_trip_without_a_second_stop_is_dropped() -> None:
    short = after(SkipStop(line="1", stop="Bee"))
    assert runs(after(SkipStop(line="1", stop="Aa"), short)) == []


def test_a_line_takes_another_way_between_two_stops() -> None:
    changed = after(Reroute(line="1", from_stop="Aa", to_stop="Cee", via=("Dee",)))
    run = next(run for run in runs(changed) if run[0][0] == "Aa")
    assert [name for name, _ in run] == ["Aa", "Dee", "Cee"]
    # Dee lies 7.91 km from Aa in a straight line, 15.8 min at two minutes a kilometre.
    assert float(run[1][1]) == pytest.approx(420 + 15.81, abs=0.05)
    # The way back passes Cee before Aa: it stays.
    assert starts(changed, "Cee") == starts(valley(), "Cee")


def test_a_new_line_runs_both_ways_at_its_speed() -> None:
    changed = after(
        AddLine(name="X", stops=("Aa", "b", "Cee"), headway_min=60, first="08:00", last="09:59", speed_kmh=30)
    )
    new = [run for run in runs(changed) if run not in runs(valley())]
    # 5 km at 30 km/h are ten minutes: from 8:00 and 9:00, out like line 1, so only the way back is new to this list.
    assert new == [
        [("Cee", "480"), ("Bee", "490"), ("Aa", "500")],
        [("Cee", "540"), ("Bee", "550"), ("Aa", "560")],
    ]
    assert len(changed.trips.id) == 7 + 4


def test_seats_are_kept_as_long_as_the_next_trip_has_not_left() -> None:
    # The bus of 7:00, in Cee at 7:20, goes back at 7:30.
    before = valley()
    stay = InSeatTransfers(np.array([0], np.int32), np.array([4], np.int32))
    before = replace(before, trips=replace(before.trips, in_seat_transfers=stay))
    assert (
        len(
            after(
                AddStop(line="1", towards="Cee", stop="Dee", after="Bee"), before
            ).trips.in_seat_transfers.to_trip
        )
        == 1
    )
    # At half the speed it arrives at 7:40, when the other is gone.
    slow = after(ChangeLineSpeed(line="1", towards="Cee", speed_share=0.5), before)
    assert len(slow.trips.in_seat_transfers.to_trip) == 0


def test_runs_take_bicycles_along_where_those_do_that_they_are_made_after() -> None:
    # The runs from Aa at 7:00 and 9:00 take bicycles; so do those put half an hour after them, and no others.
    before = valley()
    before = replace(before, trips=replace(before.trips, with_bikes=np.array([0, 2], np.int32)))
    changed = after(ChangeHeadway(line="1", headway_min=30), before)
    assert bikes_from(changed, AA) == [420, 450, 540, 570]
    assert bikes_from(changed, CEE) == []
    # Rows move up when trips before them go.
    assert bikes_from(after(ChangeSpan(line="1", first="07:30", last="10:00"), before), AA) == [540]
    line = AddLine(name="X", stops=("a", "b"), headway_min=60, first="8:00", last="9:00", speed_kmh=30)
    assert bikes_from(after(line, before), AA) == [420, 540]


def bikes_from(timetable: Timetable, stop: int) -> list[float]:
    """Minutes after midnight at which trips that take bicycles along leave this first stop."""
    made = timetable.trips
    first = made.call_offset[made.with_bikes]
    return sorted((made.call_departure[first[made.call_stop[first] == stop]] / 60).tolist())


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (DropLine(line="2"), "no line '2'; lines are 1"),
        (DropLine(line="1", agency="B"), "run by A, not by 'B'"),
        (DropLine(line="1", towards="Dee"), "heads for Cee, Aa"),
        (ChangeHeadway(line="1", headway_min=30, first="09:00", last="08:00"), "period from 09:00 to 08:00"),
        (ChangeSpan(line="1", first="12:00", last="13:00"), "no run from 12:00 to 13:00"),
        (AddStop(line="1", stop="Eel", after="Bee"), "no stop 'Eel'"),
        (AddStop(line="1", stop="Dee", after="d"), "no trip of line '1' calls at 'd'"),
        (AddStop(line="1", stop="Cee", after="Bee"), "not yet at 'Cee'"),
        (SkipStop(line="1", stop="Dee"), "no trip of line '1' calls at 'Dee'"),
        (Reroute(line="1", from_stop="Aa", to_stop="Dee"), "and later at 'Dee'"),
        (
            AddLine(
                name="1", agency="A", stops=("a", "b"), headway_min=9, first="8:00", last="9:00", speed_kmh=9
            ),
            "a line '1' already",
        ),
        (
            AddLine(name="X", stops=("a", "d"), headway_min=9, first="8:00", last="9:00", speed_kmh=9),
            "no road leads from stop 'a' to stop 'd'",
        ),
        (
            AddLine(name="X", stops=("a", "a"), headway_min=9, first="8:00", last="9:00", speed_kmh=9),
            "no road leads",
        ),
        (
            AddLine(name="X", stops=("a", "b"), headway_min=9, first="9:00", last="8:00", speed_kmh=9),
            "from 9:00 to 8:00",
        ),
    ],
)
def test_what_cannot_be_done_is_said(edit: TimetableEdit, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        after(edit)


def test_an_operator_is_asked_for_only_where_two_have_the_line() -> None:
    before = valley()
    two = replace(before, trips=replace(before.trips, agency=("A",) * 4 + ("B",) * 3))
    with pytest.raises(ScenarioError, match="as agency: A, B"):
        after(DropLine(line="1"), two)
    assert len(after(DropLine(line="1", agency="b"), two).trips.id) == 4


def test_the_timetable_that_was_stays_as_it_was() -> None:
    before = valley()
    columns = {
        name: getattr(before.trips, name).copy() for name in ("call_stop", "call_arrival", "call_departure")
    }
    for edit in (
        ChangeHeadway(line="1", headway_min=7),
        ChangeLineSpeed(line="1", speed_share=2),
        AddStop(line="1", stop="Dee", after="Bee"),
        SkipStop(line="1", stop="Bee"),
    ):
        assert isinstance(edit, OnLine)
        after(edit, before)
    for name, column in columns.items():
        assert np.array_equal(getattr(before.trips, name), column)


def test_trips_are_counted_before_they_are_made() -> None:
    # A run a minute from 0:00 to 99:59 is 6,000 runs each way; with 8,000 made before, that is the most there may be.
    often = AddLine(name="X", stops=("a", "b"), headway_min=1, first="0:00", last="99:59", speed_kmh=30)
    assert len(edited(valley(), often, by_road, 8_000).trips.id) == len(valley().trips.id) + 12_000
    with pytest.raises(InputError, match="line 'X': 20,001 new trips in all, and at most 20,000 can be used"):
        edited(valley(), often, by_road, 8_001)
    busier = ChangeHeadway(line="1", headway_min=1, first="0:00", last="99:59")
    with pytest.raises(InputError, match=r"line '1': .* new trips in all"):
        edited(valley(), busier, by_road, 19_000)
