"""Closures worked out without redoing everything equal really closing and asking again: the toy valley and the region.

West ──── 2 km ──── Mid ──── 2 km ──── East: a GP in each, so that everybody has one next door, another and a third.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest

from accessibility.catchments import catchments, k_nearest, part
from accessibility.closures import Closures, closures
from accessibility.nearest_times import OriginAccess, nearest_times, origin_access
from accessibility.travel_times import MODES, TAKING_ALONG, TravelMode
from accessibility.world import World, open_world
from data.columns import Floats, Int32s, take
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import apply
from scenarios.edits.facilities import OpenFacility
from scenarios.edits.scenario import Scenario
from scenarios.measures.closures import StressTest, stress_lines, stress_pairs, stress_singles, stress_table
from support.toys.headways import at_unknown_times
from support.toys.region import TAXI, write_toy_region

WEST, MID, EAST, LONE = range(4)
BY_NAME = {mode.name: mode for mode in MODES}
REGION_MODES = ("walk", "bike", "transit", "bike_transit")


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The valley with a GP in each village: Mid 0, West 1, East 2."""
    folder = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + TAXI)
    valley = open_world(folder, silent)
    more = [OpenFacility(place_id=place, kind="gp", name=f"Gp {place}") for place in ("west", "east")]
    return apply(valley, Scenario(edits=tuple(more)), load_facility_kinds())


@lru_cache(maxsize=1)
def region() -> World:
    return open_world("zuid-oost-drenthe", silent)


@lru_cache(maxsize=1)
def region_start(mode: str) -> OriginAccess:
    return access_of(region(), BY_NAME[mode])


def access_of(world: World, mode: TravelMode) -> OriginAccess:
    return origin_access(world.network, world.residents, mode, world.window)


def really_closed(world: World, access: OriginAccess, mode: TravelMode, rows: Int32s) -> Floats:
    """Times after the rows of Facilities are gone, asked anew."""
    left = take(world.facilities, np.delete(np.arange(len(world.facilities.id)), rows))
    return nearest_times(world.network, access, left, "gp", mode).seconds


def told(found: Closures, *closed: int) -> Floats:
    """Times after closing one or two facilities, put together from what `closures` tells."""
    seconds = found.seconds.copy()
    for number in closed:
        rows = found.closed == number
        seconds[found.origin[rows]] = found.after_s[rows]
    if len(closed) == 2:
        rows = (found.pair == sorted(closed)).all(axis=1)
        seconds[found.pair_origin[rows]] = found.pair_after_s[rows]
    return seconds


def one_ride(world: World) -> World:
    """Nobody changes vehicles."""
    few = replace(world.network.assumptions, max_rides=1)
    return replace(world, network=replace(world.network, assumptions=few))


def two_samples(world: World) -> World:
    """The bus at unknown times within every half hour, in two samples that count alike."""
    return at_unknown_times(world, 2)


def bikes_on_board(world: World) -> World:
    """Every bus takes bicycles along."""
    service = world.network.service
    return replace(
        world, network=replace(world.network, service=replace(service, events_with_bikes=service.events))
    )


def as_it_is(world: World) -> World:
    return world


CASES = [(mode, as_it_is) for mode in MODES if not mode.on_demand]
CASES += [
    (BY_NAME["transit"], one_ride),
    (BY_NAME["bike_transit"], two_samples),
    (TAKING_ALONG[0], bikes_on_board),
]


@pytest.mark.parametrize(("mode", "other"), CASES, ids=lambda case: getattr(case, "name", ""))
def test_closing_one_or_two_of_three_in_the_valley(
    world: World, mode: TravelMode, other: Callable[[World], World]
) -> None:
    here = other(world)
    leaving = access_of(here, mode)
    found = closures(here.network, leaving, here.facilities, "gp", mode, pairs=True)
    base = nearest_times(here.network, leaving, here.facilities, "gp", mode).seconds
    assert np.array_equal(found.seconds, base)
    for closed in [(0,), (1,), (2,), *combinations(range(3), 2)]:
        expected = really_closed(here, leaving, mode, found.facility[list(closed)])
        assert np.array_equal(told(found, *closed), expected)


def test_closing_for_those_who_order_a_ride(world: World) -> None:
    mode = BY_NAME["on_demand"]
    leaving = access_of(world, mode)
    found = closures(world.network, leaving, world.facilities, "gp", mode, pairs=False)
    # Rides of 2 km are allowed, those of nothing are not: Mid is driven to West or East, and these to Mid.
    assert np.isfinite(found.seconds).tolist() == [True, True, True, False]
    for closed in range(3):
        expected = really_closed(world, leaving, mode, found.facility[[closed]])
        assert np.array_equal(told(found, closed), expected)
    with pytest.raises(InputError, match="two by two are not worked out for on_demand"):
        closures(world.network, leaving, world.facilities, "gp", mode, pairs=True)
    with pytest.raises(ValueError, match="not told apart"):
        part(leaving, np.array([0]))
    near = k_nearest(world.network, leaving, world.facilities, "gp", mode, 1)
    assert np.array_equal(near.seconds[:, 0], found.seconds)


@pytest.mark.parametrize("mode", REGION_MODES)
def test_closing_practices_of_the_embedded_region(mode: str) -> None:
    world, by, leaving = region(), BY_NAME[mode], region_start(mode)
    found = closures(world.network, leaving, world.facilities, "gp", by, pairs=True)
    busiest = np.bincount(found.closed).argsort()[-3:]
    for closed in busiest.tolist():
        expected = really_closed(world, leaving, by, found.facility[[closed]])
        assert (expected > found.seconds).any()
        assert np.array_equal(told(found, closed), expected)
    pairs, n_felt = np.unique(found.pair, axis=0, return_counts=True)
    # The pairs that most origins feel together, and one that nobody does.
    apart = np.array([found.closed.min(), found.closed.max()])
    assert not (pairs == apart).all(axis=1).any()
    for closed in (*pairs[n_felt.argsort()[-2:]].tolist(), apart.tolist()):
        expected = really_closed(world, leaving, by, found.facility[closed])
        assert np.array_equal(told(found, *closed), expected)


def test_without_pairs_there_are_none(world: World) -> None:
    for mode in (BY_NAME["walk"], BY_NAME["transit"]):
        found = closures(world.network, access_of(world, mode), world.facilities, "gp", mode, pairs=False)
        assert found.pair.shape == (0, 2)


@pytest.mark.parametrize("mode", [mode for mode in MODES if not mode.on_demand], ids=lambda mode: mode.name)
def test_a_kind_that_does_not_occur_closes_nowhere(world: World, mode: TravelMode) -> None:
    found = closures(world.network, access_of(world, mode), world.facilities, "hub", mode, pairs=True)
    assert len(found.closed) == len(found.pair) == len(found.facility) == 0
    assert np.isinf(found.seconds).all()
    assert len(stress_pairs(world, found).people) == 0


def test_the_last_one_leaves_people_without(world: World) -> None:
    mode = BY_NAME["walk"]
    found = closures(world.network, access_of(world, mode), world.facilities, "supermarket", mode, pairs=True)
    tested = stress_singles(world, found)
    # 400 in West, 200 in Mid and 100 in East have no other; the four of Lone never had one.
    assert (tested.people.tolist(), tested.people_lost.tolist()) == ([700], [700])
    assert tested.people_75plus.tolist() == [50 + 25 + 10]
    assert (tested.added_s.tolist(), tested.worst_added_s.tolist()) == ([0], [np.inf])
    assert world.residents.place[tested.worst_origin[0]] == WEST


def test_on_foot_every_closure_of_the_valley_by_hand(world: World) -> None:
    mode = BY_NAME["walk"]
    found = closures(world.network, access_of(world, mode), world.facilities, "gp", mode, pairs=True)
    one, two = stress_singles(world, found), stress_pairs(world, found)
    step_s = 2000 / 1.33
    # Without their own each village walks 2 km to the next: Mid 200 people, West 400, East 100.
    assert one.people.tolist() == [200, 400, 100]
    assert one.added_s == pytest.approx([step_s] * 3, abs=1)
    # Mid and West closed: West walks 4 km, Mid 2. Mid and East: East 4, Mid 2. West and East: each 2.
    assert two.closed.tolist() == found.facility[[[0, 1], [0, 2], [1, 2]]].tolist()
    assert two.people.tolist() == [600, 300, 500]
    mean = [(400 * 2 + 200) / 600, (100 * 2 + 200) / 300, 1]
    assert two.added_s == pytest.approx([step_s * steps for steps in mean], abs=1)
    assert world.residents.place[two.worst_origin].tolist() == [WEST, EAST, WEST]
    assert two.worst_added_s == pytest.approx([2 * step_s, 2 * step_s, step_s], abs=2)


def summed(world: World, before_s: Floats, after_s: Floats) -> tuple[int, int, int, int, float]:
    """People with a longer time, of 75 and over, left without, person-seconds, most added: over the residents in a loop."""
    people = oldest = lost = person_s = 0
    most_s = 0.0
    residents = world.residents
    for row in np.flatnonzero(residents.in_region & (residents.people > 0) & (after_s > before_s)):
        number = int(residents.people[row])
        people += number
        oldest += int(residents.people_by_age[row, 3])
        most_s = max(most_s, after_s[row] - before_s[row])
        if np.isinf(after_s[row]):
            lost += number
        else:
            person_s += number * int(after_s[row] - before_s[row])
    return people, oldest, lost, person_s, most_s


@pytest.mark.parametrize("mode", ["bike", "transit"])
def test_the_sums_of_the_region_equal_a_loop_over_its_residents(mode: str) -> None:
    world, by, leaving = region(), BY_NAME[mode], region_start(mode)
    found = closures(world.network, leaving, world.facilities, "gp", by, pairs=True)
    one, two = stress_singles(world, found), stress_pairs(world, found)
    pairs, n_felt = np.unique(found.pair, axis=0, return_counts=True)
    busy_pair = pairs[n_felt.argmax()]
    busy = int(np.bincount(found.closed).argmax())
    pair_row = np.flatnonzero((two.closed == found.facility[busy_pair]).all(axis=1))[0]
    for tested, row, closed in ((one, busy, (busy,)), (two, pair_row, tuple(busy_pair.tolist()))):
        assert row_of(tested, row) == pytest.approx(summed(world, found.seconds, told(found, *closed)))


def row_of(tested: StressTest, row: int) -> tuple[float, ...]:
    people, lost = int(tested.people[row]), int(tested.people_lost[row])
    person_s = tested.added_s[row] * (people - lost)
    return people, int(tested.people_75plus[row]), lost, person_s, float(tested.worst_added_s[row])


def test_two_closures_are_never_better_than_the_worse_of_them() -> None:
    world, leaving = region(), region_start("bike")
    found = closures(world.network, leaving, world.facilities, "gp", BY_NAME["bike"], pairs=True)
    one, two = stress_singles(world, found), stress_pairs(world, found)
    number = np.searchsorted(found.facility, two.closed)
    for column in ("people", "people_lost", "worst_added_s"):
        alone, together = getattr(one, column), getattr(two, column)
        assert (together >= alone[number].max(axis=1)).all()


def test_the_table_ranks_the_worst_first_and_says_what_it_rests_on(world: World) -> None:
    mode = BY_NAME["walk"]
    found = closures(world.network, access_of(world, mode), world.facilities, "gp", mode, pairs=True)
    table = stress_table(world, "gp", mode, stress_singles(world, found))
    assert table["closed"].tolist() == ["Gp west", "Gp mid", "Gp east"]
    assert table["worst_place"].tolist() == ["West", "Mid", "East"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["traveller"].unique().tolist() == ["adult"]
    pairs = stress_table(world, "gp", mode, stress_pairs(world, found))
    assert pairs["closed"].tolist()[0] + pairs["closed_too"].tolist()[0] == "Gp midGp west"
    (line, *_) = stress_lines(table)
    assert line == (
        "1. Gp west: 400 people (50 of 75 and over), on average 25.1 min more, 0 left without; worst in West"
    )


@pytest.mark.parametrize("mode", ["bike", "bike_transit"])
def test_the_several_nearest_are_the_least_of_each_by_itself(world: World, mode: str) -> None:
    by, leaving = BY_NAME[mode], access_of(world, BY_NAME[mode])
    near = k_nearest(world.network, leaving, world.facilities, "gp", by, 2)
    alone = []
    for row in (0, 2, 3):
        only = take(world.facilities, np.array([row]))
        alone.append(nearest_times(world.network, leaving, only, "gp", by).seconds)
    expected = np.sort(np.stack(alone, axis=1), axis=1)[:, :2]
    assert np.array_equal(near.seconds, expected)
    assert near.facility[LONE].tolist() == [-1, -1]
    # The best of the medians is no better than the median of the best.
    to_nearest = nearest_times(world.network, leaving, world.facilities, "gp", by).seconds
    assert (to_nearest <= near.seconds[:, 0]).all()


@pytest.mark.parametrize("mode", ["walk", "transit"])
def test_a_catchment_holds_all_within_its_limit_and_nothing_else(world: World, mode: str) -> None:
    by, leaving = BY_NAME[mode], access_of(world, BY_NAME[mode])
    near = k_nearest(world.network, leaving, world.facilities, "gp", by, 3)
    limit_s = float(np.sort(near.seconds[WEST])[1])
    found = catchments(world.network, leaving, world.facilities, "gp", by, limit_s)
    for origin in range(4):
        rows = slice(found.offset[origin], found.offset[origin + 1])
        expected = near.facility[origin][near.seconds[origin] <= limit_s]
        assert sorted(found.facility[found.target[rows]].tolist()) == sorted(expected.tolist())
        assert sorted(found.seconds[rows].tolist()) == near.seconds[origin, : len(expected)].tolist()


@pytest.mark.parametrize("mode", ["walk", "transit"])
def test_some_of_the_origins_in_another_order_have_the_same_times(world: World, mode: str) -> None:
    by, leaving = BY_NAME[mode], access_of(world, BY_NAME[mode])
    everybody = nearest_times(world.network, leaving, world.facilities, "gp", by)
    chosen = np.array([EAST, LONE, WEST])
    some = nearest_times(world.network, part(leaving, chosen), world.facilities, "gp", by)
    assert np.array_equal(some.percentiles_s, everybody.percentiles_s[chosen])


def test_closing_in_a_world_whose_people_have_changed_counts_the_new_people(world: World) -> None:
    older = world.places.inhabitants_by_age * 2
    grown = replace(world, places=replace(world.places, inhabitants_by_age=older))
    mode = BY_NAME["walk"]
    found = closures(grown.network, access_of(grown, mode), grown.facilities, "gp", mode, pairs=False)
    assert stress_singles(grown, found).people.tolist() == [400, 800, 200]
