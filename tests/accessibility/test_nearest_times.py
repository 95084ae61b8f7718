"""From every place to its nearest facility, on the toy valley (drawn in toys/region.py)."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.nearest_times import (
    PERCENTS,
    NearestTimes,
    OriginAccess,
    nearest_times,
    origin_access,
    reasons,
)
from accessibility.origins import place_origins
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World, open_world
from support.toys.region import write_toy_region

WEST, MID, EAST, LONE = range(4)
BY_NAME = {mode.name: mode for mode in MODES}


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


def access_of(world: World, mode: TravelMode) -> OriginAccess:
    return origin_access(world.network, place_origins(world.places), mode, world.window)


def times_to(world: World, kind: str, mode: TravelMode) -> NearestTimes:
    return nearest_times(world.network, access_of(world, mode), world.facilities, kind, mode)


def test_on_foot_every_metre_counts(world: World) -> None:
    times = times_to(world, "gp", BY_NAME["walk"])
    # 2 km at 1.33 m/s are 1,504 s; Mid has the GP itself; nobody walks from Lone, 2.5 km from any street.
    assert times.seconds[[WEST, EAST]] == pytest.approx([1504, 1504], abs=1)
    assert times.seconds[MID] == 0
    assert np.isinf(times.seconds[LONE])
    assert times.metres[WEST] == pytest.approx(2000, abs=1)
    assert reasons(access_of(world, BY_NAME["walk"]), world.facilities, times) == (
        "",
        "",
        "",
        "no street within reach",
    )
    assert times.facility.tolist() == [0, 0, 0, -1]


def test_a_kind_that_does_not_occur_reaches_nobody_and_says_so(world: World) -> None:
    times = times_to(world, "hub", BY_NAME["bike"])
    assert np.isinf(times.seconds).all()
    assert set(reasons(access_of(world, BY_NAME["bike"]), world.facilities, times)) == {
        "no facility of this kind"
    }


def test_by_bus_waiting_counts_and_the_walk_wins_where_it_is_quicker(world: World) -> None:
    mode = BY_NAME["transit"]
    times = times_to(world, "gp", mode)
    # Leaving West at 9:00 sharp the bus is at Mid at 9:04: 4 minutes. Leaving at 9:01 one waits for the 9:30 and
    # arrives 33 minutes later; walking takes 25. So of sixty departures the walk wins for those with more than
    # 25 min 4 s to go: 9:01 to 9:08 (33 to 26 minutes), likewise 9:31 to 9:38: sixteen times 1,504 s, and the rest
    # are 4, 5, ... 25 minutes, twice each.
    expected = sorted([1504] * 16 + [60 * minutes for minutes in range(4, 26)] * 2)
    for column, percent in enumerate(PERCENTS):
        rank = int(np.ceil(percent / 100 * 59))
        assert times.percentiles_s[WEST, column] == pytest.approx(expected[rank], abs=1)
    assert times.served_share[WEST] == 1
    # No bus goes west: from East one walks.
    assert times.seconds[EAST] == pytest.approx(1504, abs=1)
    assert times.served_share[LONE] == 0


def test_with_the_bike_to_the_bus_it_never_takes_longer_than_by_bike_alone(world: World) -> None:
    mode = BY_NAME["bike_transit"]
    with_bus = times_to(world, "supermarket", mode)
    alone = times_to(world, "supermarket", BY_NAME["bike"])
    assert (with_bus.percentiles_s[:, -1] <= alone.seconds).all()
    # 4 km from West take a quarter of an hour by bike, the bus eight minutes: the best departures are quicker.
    assert with_bus.percentiles_s[WEST, 0] < alone.seconds[WEST]


def test_a_mode_that_rides_must_be_given_its_departures(world: World) -> None:
    with pytest.raises(ValueError, match="needs its departures"):
        nearest_times(
            world.network, access_of(world, BY_NAME["walk"]), world.facilities, "gp", BY_NAME["transit"]
        )
