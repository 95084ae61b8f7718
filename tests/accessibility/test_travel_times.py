"""Door to door on the toy valley (drawn in toys/region.py), its bus by headway, with bicycles on board, with few rides."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.explain import Way, legs_in_words, typical_in_words, way_arriving, way_leaving
from accessibility.nearest_times import NearestTimes, nearest_times, origin_access
from accessibility.od_matrix import od_times
from accessibility.origins import place_origins
from accessibility.travel_network import Points
from accessibility.travel_times import MODES, TAKING_ALONG, refuse_out_of_reach
from accessibility.world import World, open_world
from data.errors import InputError
from network.transit.departures import Window
from support.toys.networks import clock
from support.toys.region import write_toy_region

WEST, MID, EAST, LONE = range(4)
BY_NAME = {mode.name: mode for mode in (*MODES, *TAKING_ALONG)}
HALF_HOURLY = "trip_id,start_time,end_time,headway_secs,exact_times\nt0,08:00:00,14:00:00,1800,0\n"


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


def changed(folder: Path, change: Callable[[dict[str, str]], None]) -> World:
    """Open the valley with some tables of its feed changed."""
    write_toy_region(folder)
    with zipfile.ZipFile(folder / "timetable.zip") as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    change(tables)
    with zipfile.ZipFile(folder / "timetable.zip", "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    return open_world(folder, silent)


def by_headway(tables: dict[str, str]) -> None:
    tables["frequencies.txt"] = HALF_HOURLY
    rows = tables["trips.txt"].splitlines()
    tables["trips.txt"] = "\n".join([rows[0], rows[1]]) + "\n"
    first = [row for row in tables["stop_times.txt"].splitlines() if row.startswith(("trip_id", "t0,"))]
    tables["stop_times.txt"] = "\n".join(first) + "\n"


def with_bikes(tables: dict[str, str]) -> None:
    """Every other trip, those of the full hours, takes bicycles."""
    rows = tables["trips.txt"].splitlines()
    marked = [f"{row},{2 if number % 2 else 1}" for number, row in enumerate(rows[1:])]
    tables["trips.txt"] = "\n".join([f"{rows[0]},bikes_allowed", *marked]) + "\n"


def in_two(tables: dict[str, str]) -> None:
    """The buses from West end at Mid, where after a minute others leave for East; those of 9:30 and on are one vehicle."""
    trips, times = (
        ["route_id,service_id,trip_id,block_id"],
        ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"],
    )
    for number in range(10):
        start_min = 9 * 60 + 30 * number
        block = f"b{number}" if number else ""
        trips += [f"r,s,a{number},{block}", f"r,s,z{number},{block}"]
        for trip, calls in (("a", (("west", 0), ("mid", 4))), ("z", (("mid", 5), ("east", 9)))):
            for sequence, (stop, minute) in enumerate(calls):
                at = f"{(start_min + minute) // 60:02d}:{(start_min + minute) % 60:02d}:00"
                times.append(f"{trip}{number},{at},{at},{stop},{sequence}")
    tables["trips.txt"], tables["stop_times.txt"] = "\n".join(trips) + "\n", "\n".join(times) + "\n"


def far_away(tables: dict[str, str]) -> None:
    lines = tables["stops.txt"].splitlines()
    moved = [",".join([*line.split(",")[:2], "48.1", "11.5"]) for line in lines[1:]]
    tables["stops.txt"] = "\n".join([lines[0], *moved]) + "\n"


def times_to(world: World, kind: str, mode: str) -> NearestTimes:
    by = BY_NAME[mode]
    leaving = origin_access(world.network, place_origins(world.places), by, world.window)
    return nearest_times(world.network, leaving, world.facilities, kind, by)


def spot(world: World, row: int) -> Points:
    return Points(world.places.x_m[[row]], world.places.y_m[[row]])


def told(world: World, way: Way | None, target: str) -> list[str]:
    assert way is not None
    return list(legs_in_words(way, world.network.service.timetable.stops.name, target))


@pytest.fixture(scope="module")
def headway_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return changed(tmp_path_factory.mktemp("headway") / "valley", by_headway)


def test_three_readings_of_a_bus_every_half_hour_at_unknown_times(headway_world: World) -> None:
    # From West to the GP at Mid: 4 minutes on the bus, 25 min 4 s on foot. Departures are on whole minutes, so the best of
    # the hour from 9:00 waits for the seconds that the bus comes after one: anything below a minute, in the middle 30 s.
    times = times_to(headway_world, "gp", "transit")
    assert times.n_samples == 1007
    assert times.planned_s[WEST] == pytest.approx(240 + 30, abs=3)
    # Who just missed it walks, 1,504 s: half an hour of waiting is longer.
    assert times.missed_s[WEST] == pytest.approx(1504, abs=1)
    # Waiting is even over 30 minutes, so the middle is 15 minutes and 4 on the bus.
    assert times.seconds[WEST] == pytest.approx(19 * 60, abs=2)
    assert (times.planned_s[[WEST]] <= times.seconds[[WEST]]).all()
    street = times_to(headway_world, "gp", "walk")
    assert street.n_samples == 1
    assert (street.planned_s == street.seconds).all()


def test_the_matrix_tells_over_how_many_samples_it_is_taken(headway_world: World) -> None:
    west, mid, window = spot(headway_world, WEST), spot(headway_world, MID), Window(clock("9:00"), 60, 60)
    found = od_times(headway_world.network, BY_NAME["transit"], west, mid, window, (50.0,))
    assert found.n_samples == 1007
    assert found.seconds[0, 0, 0] == times_to(headway_world, "gp", "transit").seconds[WEST]
    assert od_times(headway_world.network, BY_NAME["bike"], west, mid, window, (50.0,)).n_samples == 1


def test_explaining_a_headway_takes_the_sample_with_the_middle_time(headway_world: World) -> None:
    network, west, mid = headway_world.network, spot(headway_world, WEST), spot(headway_world, MID)
    way = way_leaving(network, BY_NAME["transit"], west, mid, clock("9:00"))
    assert way is not None
    # At 9:00 the next bus comes after anything up to half an hour, evenly, and where that is longer one walks. The middle
    # is a quarter of an hour, give or take the 1,800 / 1,007 s that a sample stands for, and four minutes on the bus.
    assert way.arrival - way.departure == pytest.approx(900 + 240, abs=2)
    assert way.n_samples == 1007
    assert "middle time" in typical_in_words(way)
    assert told(headway_world, way, "Mid")[0] == "09:00  on foot 0 min to West, wait 15 min"
    # To be there at 10:00 one leaves up to half an hour before, in the middle a quarter, and 240 s on the bus.
    back = way_arriving(network, BY_NAME["transit"], west, mid, clock("10:00"))
    assert back is not None
    assert back.arrival <= clock("10:00")
    assert clock("10:00") - back.departure == pytest.approx(240 + 900, abs=2)


def test_arriving_is_the_same_to_many_destinations_one_by_one_and_to_the_nearest(tmp_path: Path) -> None:
    write_toy_region(tmp_path / "valley")
    world, by_then = open_world(tmp_path / "valley", silent), Window(clock("9:00"), 60, 45, arrives=True)
    x_m, y_m = world.places.x_m, world.places.y_m
    percents = (0.0, 25.0, 50.0, 100.0)
    for name in ("transit", "bike_transit"):
        origins, by = Points(x_m, y_m), BY_NAME[name]
        few = od_times(world.network, by, origins, origins, by_then, percents).seconds
        # Eight or more go side by side, backward in time.
        thrice = Points(np.tile(x_m, 3), np.tile(y_m, 3))
        many = od_times(world.network, by, origins, thrice, by_then, percents).seconds
        assert (many == np.tile(few, (1, 3, 1))).all()
        # The only GP is at Mid.
        leaving = origin_access(world.network, place_origins(world.places), by, by_then)
        times = nearest_times(world.network, leaving, world.facilities, "gp", by)
        assert (times.seconds == few[:, MID, percents.index(50.0)]).all()
        # Who leaves at that second is there in time, who leaves a second later is not.
        for arrive_by in (clock("9:10"), clock("9:33"), clock("9:40")):
            once = Window(arrive_by, 60, 1, arrives=True)
            latest_s = od_times(world.network, by, origins, origins, once, (50.0,)).seconds[WEST, EAST, 0]
            for later_s, is_in_time in ((0, True), (1, False)):
                departure = arrive_by - int(latest_s) + later_s
                way = way_leaving(world.network, by, spot(world, WEST), spot(world, EAST), departure)
                assert way is not None
                assert (way.arrival <= arrive_by) == is_in_time


def test_a_bicycle_comes_along_in_the_trips_that_take_it(tmp_path: Path) -> None:
    # From West to East, 4 km: by bike a quarter of an hour; the bus takes 8 minutes. The bus of 9:30 takes no bicycles:
    # leaving at 9:30 with a bicycle that is to come along one rides all the way, at 10:00 one takes the bus.
    world = changed(tmp_path / "valley", with_bikes)
    west, east, by = spot(world, WEST), spot(world, EAST), BY_NAME["bike_on_board"]
    for at, lines in (("9:30", 1), ("10:00", 3)):
        assert len(told(world, way_leaving(world.network, by, west, east, clock(at)), "East")) == lines
        assert (
            len(
                told(
                    world, way_leaving(world.network, BY_NAME["bike_transit"], west, east, clock(at)), "East"
                )
            )
            == 3
        )
    assert times_to(world, "supermarket", "bike_on_board").served_share[WEST] == 1
    assert told(world, way_leaving(world.network, by, west, east, clock("10:00")), "East")[-1].startswith(
        "10:08  by bike"
    )


def test_staying_seated_is_no_ride_and_is_told(tmp_path: Path) -> None:
    world = changed(tmp_path / "valley", in_two)
    west, east, by = spot(world, WEST), spot(world, EAST), BY_NAME["transit"]
    # At 9:00 one changes at Mid, which takes a minute; at 9:30 the vehicle goes on.
    assert (
        told(world, way_leaving(world.network, by, west, east, clock("9:00")), "East")[2]
        == "09:04  change at Mid, wait 1 min"
    )
    words = "09:35  stay seated, the vehicle goes on as line 1 towards East, at East 09:39"
    assert told(world, way_leaving(world.network, by, west, east, clock("9:30")), "East")[2] == words
    # With one ride at most one walks on from Mid, 2 km at 1.33 m/s, which is sooner than the vehicle of 9:30.
    once = replace(world.network, assumptions=replace(world.network.assumptions, max_rides=1))
    way = way_leaving(once, by, west, east, clock("9:00"))
    assert way is not None
    assert way.arrival == clock("9:04") + 1504
    assert way.journey is not None
    assert way.journey.n_rides == 1
    # The same by arrival: to be in East by 9:30 one must take the same bus, with one ride or two.
    assert [
        None if found is None else round((found.arrival - found.departure) / 60)
        for found in (
            way_arriving(network, by, west, east, clock("9:30")) for network in (world.network, once)
        )
    ] == [9, 29]
    limited = replace(world, network=once)
    assert (
        times_to(limited, "supermarket", "transit").missed_s[WEST]
        >= times_to(world, "supermarket", "transit").missed_s[WEST]
    )


def test_a_timetable_of_another_region_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"None of the 3 stops .* another region"):
        changed(tmp_path / "valley", far_away)


def test_a_mode_that_does_not_ride_needs_no_stop_within_reach(headway_world: World) -> None:
    refuse_out_of_reach(headway_world.network, [BY_NAME["walk"]], spot(headway_world, LONE))
    with pytest.raises(InputError, match="within 30 minutes of any of the 1 origins"):
        refuse_out_of_reach(headway_world.network, [BY_NAME["transit"]], spot(headway_world, LONE))
    assert np.isinf(times_to(headway_world, "gp", "transit").planned_s[LONE])
