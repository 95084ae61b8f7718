"""Time to spare before the first boarding, on the toy valley (drawn in toys/region.py) and over two lines in a row.

The bus leaves West, where a stop is at the door, at 9:00, 9:30 ... and is at Mid four minutes and at East eight minutes later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accessibility.day_line import day_line
from accessibility.explain import Way, legs_in_words, way_arriving, way_leaving
from accessibility.nearest_times import nearest_times, origin_access
from accessibility.od_matrix import od_times
from accessibility.origins import place_origins
from accessibility.round_trips import Visited, appointment_trips, round_trips
from accessibility.travel_network import Points, TravelNetwork
from accessibility.travel_times import MODES
from accessibility.ways import ways_leaving
from accessibility.world import World, open_world
from network.hierarchy.within import as_within
from network.transit.departures import Departing, Window, access, pareto_departures
from network.transit.event_graph import build_events
from network.transit.event_sweep import plain, sweep
from network.transit.journeys import Lane, Timetabled, explain
from network.transit.transfers import transfer_times
from network.transit.window_percentiles import window_values
from support.toys.networks import NO_RULES, clock, run, trips
from support.toys.region import write_toy_region

WEST, MID, EAST = range(3)
TRANSIT = next(mode for mode in MODES if mode.name == "transit")
NINE = clock("9:00")
LONG_WALK_S = 3008
"""From West to East: longer than waiting half an hour for the bus."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    return open_world(folder, lambda _label, _share: None)


def with_slack(world: World, slack_s: int) -> TravelNetwork:
    network = world.network
    return replace(network, assumptions=replace(network.assumptions, first_boarding_slack_s=slack_s))


def spot(world: World, row: int) -> Points:
    return Points(world.places.x_m[[row]], world.places.y_m[[row]])


def leaving_at(world: World, slack_s: int, departure: int) -> Way:
    way = way_leaving(with_slack(world, slack_s), TRANSIT, spot(world, WEST), spot(world, EAST), departure)
    assert way is not None
    return way


# Leaving a minute before the bus one has a minute to spare, and with a second more to spare it is gone.
SLACKS = pytest.mark.parametrize(("slack_s", "seconds"), [(0, 9 * 60), (60, 9 * 60), (61, 39 * 60)])


@SLACKS
def test_a_second_more_to_spare_misses_the_bus(world: World, slack_s: int, seconds: int) -> None:
    way = leaving_at(world, slack_s, NINE - 60)
    assert way.arrival - way.departure == seconds
    (same,) = ways_leaving(
        with_slack(world, slack_s), TRANSIT, spot(world, WEST), spot(world, EAST), NINE - 60
    )
    assert same is not None
    assert (same.arrival, same.journey) == (way.arrival, way.journey)


@SLACKS
def test_so_do_the_matrix_and_the_nearest(world: World, slack_s: int, seconds: int) -> None:
    network, window = with_slack(world, slack_s), Window(NINE - 60, 60, 1)
    found = od_times(network, TRANSIT, spot(world, WEST), spot(world, EAST), window, (50.0,))
    assert found.seconds[0, 0, 0] == seconds
    # The supermarket is in East.
    leaving = origin_access(network, place_origins(world.places), TRANSIT, window)
    times = nearest_times(network, leaving, world.facilities, "supermarket", TRANSIT)
    assert times.seconds[WEST] == seconds


def test_time_to_spare_is_waited_and_not_walked(world: World) -> None:
    stops = world.network.service.timetable.stops.name
    way = leaving_at(world, 300, NINE - 300)
    assert way.arrival == NINE + 8 * 60
    told = legs_in_words(way, stops, "East")
    assert told[0] == "08:55  on foot 0 min to West, wait 5 min"


@pytest.mark.parametrize(("slack_s", "latest"), [(0, NINE), (60, NINE - 60), (1800, NINE - 1800)])
def test_to_be_there_in_time_one_leaves_so_much_earlier(world: World, slack_s: int, latest: int) -> None:
    network = with_slack(world, slack_s)
    way = way_arriving(network, TRANSIT, spot(world, WEST), spot(world, EAST), NINE + 8 * 60)
    assert way is not None
    assert way.departure == latest


def errand(world: World) -> Visited:
    """A visit of half an hour in East, at any time."""
    return Visited(np.zeros(1, np.int32), spot(world, EAST), (((0, 2 * 86_400),),), 1800)


@SLACKS
def test_round_trips_and_the_day_line_wait_as_long(world: World, slack_s: int, seconds: int) -> None:
    # Out as above, half an hour there, and home on foot as no bus goes west.
    network, window = with_slack(world, slack_s), Window(NINE - 60, 60, 1)
    found = round_trips(network, TRANSIT, spot(world, WEST), errand(world), window)
    assert found.tour_s[0, 0] == pytest.approx(seconds + 1800 + LONG_WALK_S, abs=2)
    told = day_line(network, TRANSIT, spot(world, WEST), errand(world), NINE - 60)
    assert told is not None
    assert told.tour_s == found.tour_s[0, 0]


def test_the_way_home_is_a_first_boarding_too(world: World) -> None:
    # From East there is no bus, so somebody who lives in East visits West: there on foot, and back with the bus of 9:30 if
    # out of the door as long before it as is to be spared.
    there = Visited(np.zeros(1, np.int32), spot(world, WEST), (((0, 2 * 86_400),),), 0)
    window = Window(clock("9:29") - LONG_WALK_S, 1, 1)
    for slack_s, home in ((0, clock("9:38")), (50, clock("9:38")), (70, clock("10:08"))):
        found = round_trips(with_slack(world, slack_s), TRANSIT, spot(world, EAST), there, window)
        assert found.tour_s[0, 0] == home - window.first


def test_for_an_appointment_one_leaves_so_much_earlier(world: World) -> None:
    for slack_s in (0, 60, 600):
        network = with_slack(world, slack_s)
        found = appointment_trips(network, TRANSIT, spot(world, WEST), errand(world), NINE + 10 * 60)
        assert found.departure[0] == NINE - slack_s


def test_changes_have_no_more_time_to_spare() -> None:
    # Aa 8:00, Bee 8:10; Bee 8:11, Cee 8:20: with a minute to change that is just caught, whatever is spared at Aa.
    table = trips([run((0, "8:00"), (1, "8:10")), run((1, "8:11"), (2, "8:20"))])
    ways = transfer_times(as_within(np.full((3, 3), np.inf)), NO_RULES, 60)
    graph, egress = build_events(table, ways), plain(np.array([np.inf, np.inf, 0.0]))
    clocks = sweep(graph, egress[:, None])
    for slack_s, latest in ((0, clock("8:00")), (1800, clock("7:30"))):
        out = access(as_within(np.array([[0.0, np.inf, np.inf]])), slack_s)
        for departure, seconds in ((latest, clock("8:20") - latest), (latest + 1, np.inf)):
            leaving = Departing(out, Window(departure, 60, 1), 7200)
            nowhere = plain(np.array([np.inf]))
            value = window_values(pareto_departures(graph, clocks), 0, leaving, nowhere)[0, 0]
            assert value == plain(np.array([float(seconds)]))[0]
        to_stops = plain(np.array([float(slack_s), np.inf, np.inf]))
        timetabled = Timetabled(graph, table, ways)
        journey = explain(timetabled, Lane(egress, clocks[:, 0]), to_stops, latest, slack_s=slack_s)
        assert journey is not None
        assert [leg.walk_s for leg in journey.legs] == [0, 60]
