"""What changes cost, by hand and by plain loops; the valley of three villages is drawn in toys/region.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accessibility.world import World, open_world
from data.parameters.hub_services import load_hub_services
from data.parameters.rates import Rates, load_rates
from data.timetable import Timetable
from scenarios.costs.costs import Costs, costs_of, difference, region_costs, together
from scenarios.costs.euros import Euros, exactly
from scenarios.costs.tables import cost_lines, costs_table
from scenarios.costs.vehicle_hours import YearDay, kind_of, year_of
from scenarios.edits.facilities import ChangeOpening, CloseFacility, PlaceHub
from scenarios.edits.line_courses import ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine, edited, road_metres
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import CloseStreets, DrawPath
from support.toys.region import lonlat, write_toy_region, write_week

RATES, HUBS = load_rates(None), load_hub_services(None)
TAXI: dict[str, Any] = {
    "name": "Taxi",
    "municipalities": ("Valley",),
    "hours": "24/7",
    "lead_min": 30,
    "margin_min": 5,
    "detour": 1.2,
}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Line 1 each half hour from 9:00 to 13:30, Monday to Friday, 8 minutes a run; line 2 once on Saturday; no bus on Sunday."""
    return open_world(write_week(tmp_path_factory.mktemp("week") / "valley"))


@cache
def days(world: World) -> tuple[YearDay, ...]:
    """Its days of a year, read once."""
    return year_of(world)


def costs(world: World, *edits: Edit, rates: Rates = RATES) -> Costs:
    scenario = Scenario("", "", edits)
    return costs_of(world, days(world), scenario, rates, HUBS)


def hours(found: Costs) -> list[tuple[float, float]]:
    return [
        (round(line.before, 6), round(line.after, 6))
        for line in found.lines
        if line.item == "vehicle_hours" and not line.unknown
    ]


# --- the days of a year ----------------------------------------------------------------------------------------------


def test_a_year_is_the_nearest_day_of_each_kind(week: World) -> None:
    # The usual date is Tuesday 6 October 2026; Saturday the 3rd is as near as no other. The calendar goes on over Sundays and has
    # no bus on any: that is known, and no hour.
    year = year_of(week)
    assert [(day.kind, day.date.isoformat(), day.timetable is not None) for day in year] == [
        ("weekday", "2026-10-06", True),
        ("saturday", "2026-10-03", True),
        ("sunday", "2026-10-04", True),
    ]
    assert year[2].timetable is not None
    assert not year[2].timetable.trips.id


def test_days_that_no_calendar_tells_of_are_unknown_which_is_not_no_bus(tmp_path: Path) -> None:
    # This feed is of one Tuesday.
    world = open_world(write_toy_region(tmp_path / "valley"))
    assert [day.timetable is None for day in year_of(world)] == [False, True, True]
    found = costs(world, DropLine(line="1"))
    (line, others) = found.lines
    assert line.per_year is not None
    assert (others.unknown, others.unknown_days, others.per_year) == ("days", ("saturday", "sunday"), None)
    assert found.whole_per_year is None
    told = "\n".join(cost_lines(found, RATES.days, days(world)))
    assert "A year is 255 weekdays as 2026-10-06; holidays count as Sundays." in told
    assert "What is known saves € 40,800" in told
    assert (
        "Unknown, and in no total: edit 1 (DropLine 1) (it is unknown what runs on Saturdays and Sundays)."
        in told
    )


def test_of_several_feeds_a_day_without_all_of_them_is_unknown(week: World) -> None:
    both = replace(
        week, region=replace(week.region, layers=(*week.region.layers, *week.region.layer("timetable")))
    )
    assert year_of(both)[2].timetable is None


def test_a_holiday_stands_for_no_day(week: World) -> None:
    holidays = week.region.holidays
    days = {
        "2026-12-24": "weekday",
        "2026-12-25": None,
        "2026-12-26": None,
        "2026-12-27": "sunday",
        "2027-01-02": "saturday",
    }
    assert {day: kind_of(dt.date.fromisoformat(day), holidays) for day in days} == days


def test_another_date_of_the_region_costs_the_same(week: World) -> None:
    # What is looked at is another matter than what a year is made of.
    on_friday = replace(week, region=replace(week.region, service_date=dt.date(2026, 10, 9)))
    drop = DropLine(line="1")
    assert hours(costs(on_friday, drop)) == hours(costs(week, drop))


# --- hours of the timetable ------------------------------------------------------------------------------------------


def test_twice_as_many_buses_by_hand(week: World) -> None:
    # Ten runs of 8 minutes, 9:00 to 13:30; every quarter of an hour there are nineteen. A year has 255 such days.
    found = costs(week, ChangeHeadway(line="1", headway_min=15))
    before, after = 255 * 10 * 8 / 60, 255 * 19 * 8 / 60
    (line,) = found.lines
    assert [line.before, line.after] == pytest.approx([before, after])
    assert line.per_year is not None
    # 120 euros an hour, 90 to 160: an assumption, and told as one.
    assert line.per_year == pytest.approx(tuple((after - before) * rate for rate in (120, 90, 160)))
    assert line.basis == "assumed"
    # On Saturdays and Sundays line 1 does not run, so there the edit does nothing, and says so.
    assert [kind for kind, _ in line.refused] == ["saturday", "sunday"]
    assert "there is no line '1'" in line.refused[0][1]
    assert found.whole_per_year == line.per_year


def test_a_line_of_saturdays_counts_on_saturdays(week: World) -> None:
    # One run of 8 minutes on 52 Saturdays.
    (line,) = costs(week, DropLine(line="2")).lines
    assert [line.before, line.after] == pytest.approx([52 * 8 / 60, 0])
    assert line.per_year is not None
    assert line.per_year == pytest.approx(tuple(-52 * 8 / 60 * rate for rate in (120, 160, 90)))
    assert [kind for kind, _ in line.refused] == ["weekday", "sunday"]


def test_a_new_line_runs_every_day(week: World) -> None:
    new = AddLine(name="9", stops=("West", "East"), headway_min=60, first="08:00", last="10:00", speed_kmh=40)
    (line,) = costs(week, new).lines
    # 4 km at 40 km/h is 6 minutes; three runs each way.
    assert line.before == 0
    assert line.after == pytest.approx(365 * 6 * 6 / 60, rel=0.01)


def random_edits(seed: int) -> tuple[Edit, ...]:
    """A few changes of lines after each other, some of which undo others."""
    draw = np.random.default_rng(seed)
    line = str(draw.integers(1, 3))
    of_line: list[Edit] = [
        ChangeHeadway(line=line, headway_min=float(draw.choice([10, 20, 45]))),
        ChangeSpan(line="1", first="08:00", last=str(draw.choice(["10:00", "15:00"]))),
        ChangeLineSpeed(line=line, speed_share=float(draw.choice([0.8, 1.25]))),
        SkipStop(line=line, stop="Mid", saves_s=60.0),
        Reroute(line="1", from_stop="West", to_stop="East"),
        DropLine(line=line),
        AddLine(name="7", stops=("East", "Mid"), headway_min=30, first="07:00", last="09:00", speed_kmh=30),
    ]
    return tuple(of_line[row] for row in draw.permutation(len(of_line))[: draw.integers(1, 6)])


def all_hours(timetable: Timetable) -> float:
    """Hours of all runs of a day: by a plain loop over calls."""
    trips, seconds = timetable.trips, 0
    for row, name in enumerate(trips.id):
        if not name.endswith("@-1"):
            calls = range(trips.call_offset[row], trips.call_offset[row + 1])
            seconds += max(trips.call_arrival[call] for call in calls) - min(
                trips.call_departure[call] for call in calls
            )
    return float(seconds) / 3600


@pytest.mark.parametrize("seed", range(12))
def test_the_changes_add_up_to_what_the_whole_timetable_changes(week: World, seed: int) -> None:
    edits, expected = random_edits(seed), 0.0
    for day in days(week):
        if day.timetable is None:
            continue
        after, stops = day.timetable, day.timetable.stops
        road_m = road_metres(week.network, *week.projection.to_metres(stops.lon_deg, stops.lat_deg))
        for edit in edits:
            try:
                after = edited(after, edit, road_m)  # type: ignore[arg-type]
            except Exception:  # noqa: BLE001, S112 -- it changes nothing then
                continue
        expected += (all_hours(after) - all_hours(day.timetable)) * RATES.days.of(day.kind)
    changed = sum(after - before for before, after in hours(costs(week, *edits)))
    assert changed == pytest.approx(expected, abs=1e-3)


def test_a_run_of_the_evening_before_is_not_counted_twice(week: World) -> None:
    timetable = week.network.service.timetable
    trips = timetable.trips
    late = replace(timetable, trips=replace(trips, id=(f"{trips.id[0]}@-1", *trips.id[1:])))
    year = (YearDay("weekday", dt.date(2026, 10, 6), late),)
    (line,) = costs_of(week, year, Scenario("", "", (DropLine(line="1"),)), RATES, HUBS).lines
    assert line.before == pytest.approx(255 * 9 * 8 / 60)


def test_a_vehicle_without_rate_is_unknown_unless_nothing_changes(week: World) -> None:
    timetable = week.network.service.timetable
    trips = timetable.trips
    by_train = replace(timetable, trips=replace(trips, route_type=np.full_like(trips.route_type, 2)))
    year = (YearDay("weekday", dt.date(2026, 10, 6), by_train),)
    dropped, same = (
        costs_of(week, year, Scenario("", "", (edit,)), RATES, HUBS).lines[0]
        for edit in (DropLine(line="1"), ChangeHeadway(line="1", headway_min=30))
    )
    assert (dropped.unknown, dropped.per_year, dropped.unit) == ("rate", None, "train hours per year")
    assert (same.unknown, same.per_year) == ("", exactly(0))


# --- paths, hubs, rides ----------------------------------------------------------------------------------------------


def test_a_path_is_paid_once_and_kept_up(week: World) -> None:
    (build, upkeep) = costs(week, DrawPath(line=(lonlat("west"), lonlat("mid")), kind="cycle_path")).lines
    # 2 km at 350 euros a metre (250 to 600), and 6.25 euros a metre a year.
    assert build.after == pytest.approx(2_000, abs=0.1)
    assert build.once == pytest.approx((700_000, 500_000, 1_200_000), rel=1e-4)
    assert upkeep.per_year == pytest.approx((12_500,) * 3, rel=1e-4)
    # Spread over 30 years at 2.25 %: what is left of a loan after 30 years is nothing.
    left = 700_000.0
    assert build.per_year is not None
    for _ in range(30):
        left = left * 1.0225 - build.per_year.used * 700_000 / build.once.used
    assert left == pytest.approx(0, abs=1)


def test_what_somebody_filled_in_stands_and_0_is_not_unknown(week: World) -> None:
    typed, free = (
        costs(week, PlaceHub(place_id="west", kinds=("gp",), cost_per_year=euros))
        for euros in (80_000.0, 0.0)
    )
    assert (typed.whole_per_year, typed.bases) == (exactly(80_000), ("typed",))
    assert (free.whole_per_year, free.bases) == (exactly(0), ("typed",))


def test_what_does_not_hold_yet_costs_nothing_yet(week: World) -> None:
    """In 2030 there is the hub of 2027 alone; of no year in particular, as at the end of the plan, both are paid."""
    first = PlaceHub(place_id="west", kinds=("gp",), cost_per_year=100.0, from_year=2027)
    second = PlaceHub(place_id="east", kinds=("gp",), cost_per_year=1_000.0, from_year=2035)
    line = ChangeHeadway(line="1", headway_min=15, from_year=2035)
    in_2030 = costs(week, line, first, second, ChangeYear(year=2030))
    assert [(told.edit, told.per_year.used) for told in in_2030.lines if told.per_year] == [(2, 100.0)]
    at_the_end = costs(week, first, second)
    assert at_the_end.whole_per_year is not None
    assert at_the_end.whole_per_year.used == 1_100.0


def test_a_hub_of_which_nobody_said_what_it_costs_goes_by_the_table(week: World) -> None:
    found = costs(week, PlaceHub(place_id="west", kinds=("gp", "post")))
    # 30,000 for the hub, a GP from 4 hours (27,600) to 12 hours (82,800); nobody knows of a post office.
    assert found.per_year == (57_600, 57_600, 112_800)
    assert [(line.about, line.unknown) for line in found.unknown] == [("post", "rate")]
    assert found.bases == ("assumed",)


def test_rides_are_unknown_until_somebody_says_how_many(week: World) -> None:
    unknown, some, none = (
        costs(week, AddOnDemand(**TAXI, rides_per_year=rides)) for rides in (None, 2_000.0, 0.0)
    )
    assert (unknown.whole_per_year, unknown.lines[0].unknown, unknown.lines[0].rate) == (
        None,
        "rides",
        Euros(25, 15, 40),
    )
    assert some.whole_per_year == (50_000, 30_000, 80_000)
    assert none.whole_per_year == (0, 0, 0)
    # What stops riding saves nobody knows how much.
    assert costs(week, DropOnDemand("hubtaxi")).lines[0].unknown == "rides"


def test_what_has_no_rate_is_unknown_and_what_asks_what_if_costs_nothing(week: World) -> None:
    unknown = (
        CloseFacility("gp-0"),
        ChangeOpening("gp-0", "24/7"),
        CloseStreets(road="N1"),
        DigitalContacts("gp", 0.3),
    )
    found = costs(week, *unknown, ChangeYear(2040), ChangeTraveller("75plus"))
    assert [(line.edit, line.about, line.unknown) for line in found.lines] == [
        (1, "gp-0", "rate"), (2, "gp-0", "rate"), (3, "N1", "rate"), (4, "gp", "rate"),
    ]  # fmt: skip
    assert costs(week, ChangeYear(2040)).whole_per_year == (0, 0, 0)


# --- sums ------------------------------------------------------------------------------------------------------------


def test_one_rate_is_not_unsure_twice(week: World) -> None:
    # Nine runs more, then all nineteen gone: ten runs fewer, by one rate, and not nine at 160 euros less nineteen at 90.
    found = costs(week, ChangeHeadway(line="1", headway_min=15), DropLine(line="1"))
    gone = 255 * 10 * 8 / 60
    assert found.per_year == pytest.approx((-gone * 120, -gone * 160, -gone * 90))
    # Of two different rates both are low or both high.
    two = together((*found.lines, *costs(week, AddOnDemand(**TAXI, rides_per_year=1_000.0)).lines))
    assert two == pytest.approx((-gone * 120 + 25_000, -gone * 160 + 15_000, -gone * 90 + 40_000))


def test_two_scenarios_differ_by_what_they_do_not_share(tmp_path: Path) -> None:
    world = open_world(write_toy_region(tmp_path / "valley"))
    path = DrawPath(line=(lonlat("west"), lonlat("mid")), kind="cycle_path")
    hub = PlaceHub(place_id="west", kinds=("gp",), cost_per_year=1_000.0)
    one, both = (region_costs(world, Scenario("", "", edits)) for edits in ((path,), (path, hub)))
    # The path is in both: how unsure its price is does not matter.
    assert difference(one, both) == pytest.approx((1_000,) * 3)
    assert difference(both, one) == pytest.approx((-1_000,) * 3)
    assert difference(one, region_costs(world, Scenario("", "", (CloseFacility("gp-0"),)))) is None


@pytest.mark.parametrize(
    ("euros", "rounded"),
    [
        (Euros(957_301.2, 717_975.9, 1_276_401.6), (957_000, 718_000, 1_280_000)),
        (Euros(12_345.6, 12_345.6, 12_345.6), (12_346, 12_346, 12_346)),
        (Euros(9.87, 1.23, 45.67), (9.9, 1.2, 45.7)),
        (Euros(-0.01, -4_444, 12.34), (0, -4_440, 12.3)),
    ],
)
def test_no_more_digits_than_anybody_knows(euros: Euros, rounded: tuple[float, ...]) -> None:
    assert euros.rounded() == rounded


# --- tables and words ------------------------------------------------------------------------------------------------


def test_the_table_leaves_empty_what_is_unknown_and_totals_what_is_known(week: World) -> None:
    found = costs(week, PlaceHub(place_id="west", kinds=("gp",), cost_per_year=100.0), AddOnDemand(**TAXI))
    table = costs_table([("plan", found)]).set_index("item")
    assert table["per_year_eur"].fillna(-1).to_dict() == {"hub": 100, "rides": -1, "total": 100}
    assert (
        table.loc["total", "unknown"]
        == "edit 2 (AddOnDemand Taxi): nobody has said how many rides there will be"
    )


def test_the_lines_say_what_is_saved_and_what_is_assumed(week: World) -> None:
    year = days(week)
    told = "\n".join(cost_lines(costs(week, DropLine(line="1")), RATES.days, year))
    assert (
        "edit 1 (DropLine 1): 340 -> 0 bus hours per year, saves € 40,800 (30,600 to 54,400) a year, assumed."
        in told
    )
    assert (
        "A year is 255 weekdays as 2026-10-06, 52 Saturdays as 2026-10-03, 58 Sundays as 2026-10-04; holidays count as "
        "Sundays." in told
    )
    assert "It saves € 40,800 (30,600 to 54,400) a year." in told
    assert cost_lines(costs(week, ChangeYear(2040)), RATES.days, year) == [
        "Nothing in this scenario costs anything."
    ]


def test_a_region_has_rates_of_its_own(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    rates = '[ride]\neuros = 10.0\nlow = 10.0\nhigh = 10.0\nassumed = false\nsource = "Contract, 2026"\n'
    (folder / "rates.toml").write_text(rates)
    scenario = Scenario("", "", (AddOnDemand(**TAXI, rides_per_year=7.0),))
    (line,) = region_costs(open_world(folder), scenario).lines
    assert (line.per_year, line.basis, line.source) == (exactly(70), "sourced", "Contract, 2026")
