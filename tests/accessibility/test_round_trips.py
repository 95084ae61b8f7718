"""There and back on the toy valley (drawn in toys/region.py), where the bus only goes east."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from accessibility.day_line import day_line
from accessibility.round_trips import (
    WHOLE_DAY,
    RoundTrips,
    Visited,
    appointment_trips,
    facilities_visited,
    round_trips,
    round_trips_to_each,
    shared_out,
    told_hours,
)
from accessibility.travel_network import Points
from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.opening_hours.holidays import DUTCH_NORTH
from data.opening_hours.hours import opening_s
from data.parameters.visits import Visit, load_visits
from network.transit.departures import Window
from support.toys.headways import at_unknown_times
from support.toys.networks import clock
from support.toys.region import write_toy_region

WEST, MID, EAST, LONE = range(4)
BY_NAME = {mode.name: mode for mode in MODES}
SHOPPING = Visit(stay_min=30, opening_hours="Mo-Sa 08:00-20:00", source="made up")
WALK_S = 3008
"""The 4 km from West to East at 1.33 m/s."""
HALF_HOUR_S = 30 * 60


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    return open_world(folder, lambda _label, _share: None)


def places(world: World, *rows: int) -> Points:
    return Points(world.places.x_m[list(rows)], world.places.y_m[list(rows)])


def shop(world: World, visit: Visit = SHOPPING) -> Visited:
    return facilities_visited(world.facilities, "supermarket", visit, world.region.service_date, DUTCH_NORTH)


def from_west(world: World, mode: str, window: Window, visit: Visit = SHOPPING) -> RoundTrips:
    return round_trips(world.network, BY_NAME[mode], places(world, WEST), shop(world, visit), window)


def test_out_by_bus_and_back_on_foot_as_no_bus_goes_west(world: World) -> None:
    found = from_west(world, "transit", Window(clock("9:00"), 60, 2))
    # The 9:00 is in East at 9:08. At 9:01 the next bus (9:30, there at 9:38) takes 37 minutes, the walk 50.
    assert found.tour_s[0] == pytest.approx(
        [8 * 60 + HALF_HOUR_S + WALK_S, 37 * 60 + HALF_HOUR_S + WALK_S], abs=2
    )
    assert found.visited[0].tolist() == [1, 1]


def test_by_street_it_is_twice_the_way_and_the_visit(world: World) -> None:
    found = from_west(world, "walk", Window(clock("9:00"), 60, 1))
    assert found.tour_s[0, 0] == pytest.approx(2 * WALK_S + HALF_HOUR_S, abs=2)


def test_who_leaves_the_bicycle_at_a_stop_has_to_come_back_to_it(world: World) -> None:
    # By bicycle to the bus at West would mean to walk back to West for it: 50 minutes; cycling both ways is quicker.
    found = from_west(world, "bike_transit", WHOLE_DAY)
    by_bike = from_west(world, "bike", WHOLE_DAY)
    assert found.tour_s.tolist() == by_bike.tour_s.tolist()


def test_the_whole_day_ends_when_the_shop_closes(world: World) -> None:
    found = from_west(world, "walk", WHOLE_DAY)
    # One must be there by 19:30, so leave by 18:39:52: the departures from 18:40 on cannot be done, 200 of 900, and
    # those before 7:09:52 wait until 8:00.
    assert found.undone_share[0] == 200 / 900
    assert (
        found.percentile_s(0)[0]
        == found.percentile_s(50)[0]
        == pytest.approx(2 * WALK_S + HALF_HOUR_S, abs=2)
    )
    assert found.tour_s[0, 0] == pytest.approx(3600 + HALF_HOUR_S + WALK_S, abs=2)
    assert found.percentile_s(100)[0] == found.tour_s[0, 0]


@pytest.mark.parametrize("hours", ["when the flag is out", "dawn-dusk", "ma-vr"])
def test_hours_that_cannot_be_read_stand_for_the_usual_ones_and_are_named(world: World, hours: str) -> None:
    # A region in which one shop has such hours is worked out like any other, with 8 to 20 for that shop.
    facilities = replace(world.facilities, opening=("", hours))
    asked = (facilities, "supermarket", SHOPPING, dt.date(2026, 10, 6), DUTCH_NORTH)
    assert facilities_visited(*asked).hours == (((clock("8:00"), clock("20:00")),),)
    name = world.facilities.name[1]
    assert told_hours(*asked) == (f"{name}: '{hours}' cannot be read; usual hours count, Mo-Sa 08:00-20:00.",)


def test_hours_that_had_to_be_interpreted_are_told_with_the_name(world: World) -> None:
    name = world.facilities.name[1]

    def told(hours: str) -> tuple[str, ...]:
        facilities = replace(world.facilities, opening=("", hours))
        return told_hours(facilities, "supermarket", SHOPPING, dt.date(2026, 10, 6), DUTCH_NORTH)

    assert told("ma-za 8-20") == (f"{name}: read as Mo-Sa 08:00-20:00.",)
    assert told('Mo-Sa 08:00-20:00; Tu "gesloten"') == (f'{name}: Tu "gesloten" counts as closed.',)
    # Nothing is to be told of hours as they should be, nor of none at all.
    assert told("Mo-Sa 08:00-20:00") == told("") == ()


def test_a_day_with_nothing_but_a_comment_cannot_be_done(world: World) -> None:
    facilities = replace(world.facilities, opening=("", 'Mo-Fr 09:00-17:00; Tu "gesloten"'))
    visited = facilities_visited(facilities, "supermarket", SHOPPING, dt.date(2026, 10, 6), DUTCH_NORTH)
    found = round_trips(world.network, BY_NAME["walk"], places(world, WEST), visited, WHOLE_DAY)
    assert found.undone_share[0] == 1


def test_what_is_known_of_a_facility_counts_before_the_table(world: World) -> None:
    hours = ("", "Mo-Fr 10:00-10:30")
    facilities = replace(world.facilities, opening=hours)
    visited = facilities_visited(facilities, "supermarket", SHOPPING, dt.date(2026, 10, 6), DUTCH_NORTH)
    assert visited.hours == (((36_000, 37_800),),)
    found = round_trips(
        world.network, BY_NAME["walk"], places(world, WEST), visited, Window(clock("9:00"), 60, 60)
    )
    # The half hour fits only at 10:00 sharp, so one must leave by 9:09:52, the ten departures 9:00 to 9:09.
    assert np.isfinite(found.tour_s[0]).sum() == 10
    assert found.tour_s[0, 9] == pytest.approx(51 * 60 + HALF_HOUR_S + WALK_S, abs=2)


def test_a_place_without_a_street_cannot_do_it(world: World) -> None:
    found = round_trips(world.network, BY_NAME["transit"], places(world, LONE), shop(world), WHOLE_DAY)
    assert found.undone_share[0] == 1
    assert np.isinf(found.percentile_s(50)[0])
    assert (found.visited == -1).all()


def test_an_appointment_leaves_the_latest_bus_that_is_in_time(world: World) -> None:
    found = appointment_trips(
        world.network, BY_NAME["transit"], places(world, WEST), shop(world), clock("9:40")
    )
    # The 9:30 is there at 9:38. Out at 10:10, home on foot.
    assert found.departure[0] == clock("9:30")
    assert found.tour_s[0] == pytest.approx(40 * 60 + WALK_S, abs=2)
    closed = appointment_trips(
        world.network, BY_NAME["transit"], places(world, WEST), shop(world), clock("19:40")
    )
    assert np.isinf(closed.tour_s[0])


def test_rounds_from_a_base_have_a_row_for_each_village(world: World) -> None:
    rows = np.array([WEST, MID, EAST, LONE], np.int32)
    every_day = ((0, 86_400),)
    villages = Visited(rows, places(world, *rows), (every_day,) * 4, HALF_HOUR_S)
    found = round_trips_to_each(
        world.network, BY_NAME["walk"], places(world, MID), villages, Window(clock("9:00"), 60, 1)
    )
    # From Mid 2 km either way; in Mid itself there is only the visit, and no street leads to Lone.
    assert found.tour_s[:3, 0] == pytest.approx(
        [WALK_S + HALF_HOUR_S, HALF_HOUR_S, WALK_S + HALF_HOUR_S], abs=2
    )
    assert np.isinf(found.tour_s[3, 0])
    assert found.visited[:, 0].tolist() == [WEST, MID, EAST, -1]


def test_statistics_are_over_what_can_be_done_and_shares_over_all() -> None:
    tour_s = np.array([[60.0, np.inf, 120.0, 300.0], [np.inf] * 4])
    window = Window(0, 60, 4)
    trips = RoundTrips(BY_NAME["walk"], window, 0, window.clocks, tour_s, np.zeros((2, 4), np.int32))
    # Of 60, 120 and 300 the middle one is 120; of all four departures one takes longer than 120.
    assert [trips.percentile_s(percent)[0] for percent in (0, 50, 100)] == [60, 120, 300]
    assert trips.share_above(120).tolist() == [0.25, 0]
    assert trips.undone_share.tolist() == [0.25, 1]
    assert np.isinf(trips.percentile_s(50)[1])


def test_departures_are_shared_out_among_samples() -> None:
    # Of 1,007 = 19 x 53 samples each takes every nineteenth of the 900 minutes, so that every minute is asked 53 times.
    shares = shared_out(WHOLE_DAY, 1007)
    times, n_asked = np.unique(np.concatenate([share.clocks for share in shares]), return_counts=True)
    assert times.tolist() == WHOLE_DAY.clocks.tolist()
    assert set(n_asked.tolist()) == {53}
    assert {share.step_s for share in shares} == {19 * 60}
    # One sample takes all of them, and three samples a third each; a single departure is asked of everyone.
    assert shared_out(WHOLE_DAY, 1) == [WHOLE_DAY]
    assert [share.n for share in shared_out(Window(0, 60, 7), 3)] == [3, 2, 2]
    assert shared_out(Window(0, 60, 1), 3) == [Window(0, 60, 1)] * 3


def test_round_trips_of_several_samples_are_those_of_each_at_its_departures(world: World) -> None:
    network, window = at_unknown_times(world, 3).network, Window(clock("7:00"), 60, 100)
    found = round_trips(network, BY_NAME["transit"], places(world, WEST), shop(world), window)
    assert sorted(found.departure.tolist()) == window.clocks.tolist()
    n_different = 0
    for sample, graph in enumerate(network.service.graphs(with_bikes=False)):
        alone = replace(network, service=replace(network.service, events=graph, n_samples=1))
        all_day = round_trips(alone, BY_NAME["transit"], places(world, WEST), shop(world), window)
        mine = slice(sum([34, 33, 33][:sample]), sum([34, 33, 33][: sample + 1]))
        minute = (found.departure[mine] - window.first) // 60
        assert (minute % 3 == sample).all()
        assert (found.tour_s[:, mine] == all_day.tour_s[:, minute]).all()
        n_different += int((all_day.tour_s[0] != found.tour_s[0, np.argsort(found.departure)]).sum())
    assert n_different > 0


@pytest.mark.parametrize("mode", ["walk", "transit", "bike_transit"])
def test_every_day_told_takes_the_time_that_was_found(world: World, mode: str) -> None:
    window = Window(clock("7:00"), 420, 110)
    found = from_west(world, mode, window)
    told = [
        day_line(world.network, BY_NAME[mode], places(world, WEST), shop(world), departure)
        for departure in window.clocks.tolist()
    ]
    assert [line.tour_s if line else np.inf for line in told] == found.tour_s[0].tolist()
    assert any(line is not None for line in told)


def test_a_day_is_told_with_its_bus_and_its_visit(world: World) -> None:
    line = day_line(world.network, BY_NAME["transit"], places(world, WEST), shop(world), clock("8:55"))
    assert line is not None
    assert line.out.journey is not None
    (ride,) = line.out.journey.legs
    assert (ride.departure, ride.arrival) == (clock("9:00"), clock("9:08"))
    assert (line.visit_start, line.visit_end) == (clock("9:08"), clock("9:38"))
    assert line.back.journey is None
    assert line.visited == 1


def test_every_visit_of_the_table_can_be_read() -> None:
    visits = load_visits()
    day = dt.date(2026, 10, 6)
    for visit in (*visits.visit, visits.other):
        spans = opening_s(visit.opening_hours, day)
        # Every visit fits into the hours of a working day.
        assert any(opens + visit.stay_s <= closes for opens, closes in spans)
        assert visit.source
    assert visits.of_kind("library") == visits.other
