"""How sure a difference is: on the toy valley (drawn in toys/region.py) and on random worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from accessibility.origins import Origins
from accessibility.travel_network import Points
from accessibility.world import World, open_world
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import UNCERTAINTY, Ranges, load_ranges
from scenarios.comparison.uncertainty import AS_USED, Band, bands, draws, latin_hypercube
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, OpenFacility, PlaceHub
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Edit, Scenario
from support.random_worlds import random_world
from support.toys.region import write_toy_region

KINDS = load_facility_kinds()
RANGES = load_ranges()
WEST, MID, EAST, LONE = range(4)


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


def band(world: World, mode: str, *edits: Edit, ranges: Ranges = RANGES) -> Band:
    """Band of the times to a GP, with the edits against without."""

    def change(drawn: World) -> tuple[World, World]:
        return drawn, apply(drawn, Scenario("Try", "", edits), KINDS)

    (found,) = bands(world, change, ["gp"], [mode], ranges, silent)
    return found


def test_the_draws_are_the_ends_of_each_range_and_then_all_together() -> None:
    found = draws(RANGES)
    assert len(found) == 1 + 6 + 1 + RANGES.runs
    assert found[0] == AS_USED
    assert {draw.walking_speed for draw in found[1:3]} == {
        RANGES.walking_speed.low,
        RANGES.walking_speed.high,
    }
    assert draws(RANGES) == found
    for draw in found:
        assert RANGES.change_time.low <= draw.change_time <= RANGES.change_time.high
        assert RANGES.car_speed.low <= draw.car_speed <= RANGES.car_speed.high
    # A Latin hypercube: one draw in each twelfth of the range.
    drawn = np.sort([draw.car_speed for draw in found[-RANGES.runs :]])
    edges = np.linspace(RANGES.car_speed.low, RANGES.car_speed.high, RANGES.runs + 1)
    assert ((drawn >= edges[:-1]) & (drawn <= edges[1:])).all()


@pytest.mark.parametrize(("n", "d", "seed"), [(1, 1, 0), (12, 3, 1), (7, 2, 5)])
def test_the_numbers_are_those_of_scipy(n: int, d: int, seed: int) -> None:
    theirs = qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(n)
    np.testing.assert_array_equal(latin_hypercube(n, d, seed), theirs)


def test_a_band_may_be_that_of_residents_elsewhere(world: World) -> None:
    def change(drawn: World) -> tuple[World, World]:
        return drawn, apply(drawn, Scenario("Try", "", (PlaceHub(place_id="west", kinds=("gp",)),)), KINDS)

    def half_way(of: World) -> Origins:
        # One cell of the people of West, half-way along the 2 km to Mid.
        x_m, y_m = ((axis[[WEST]] + axis[[MID]]) / 2 for axis in (of.places.x_m, of.places.y_m))
        ages = of.places.inhabitants_by_age[[WEST]]
        return Origins(
            Points(x_m, y_m), np.array([WEST], np.int32), ages, np.array([True]), np.array([np.nan])
        )

    (found,) = bands(world, change, ["gp"], ["walk"], RANGES, silent, half_way)
    # 1 km either way, so that nothing changes: 752 s at the pace as used.
    assert found.before_s[:, 0] == pytest.approx([752], abs=2)
    assert np.abs(found.difference_s[0]).max() <= 2


def test_walking_speed_widens_times_on_foot(world: World) -> None:
    found = band(world, "walk", PlaceHub(place_id="west", kinds=("gp",)))
    # West walked 2 km, 1,504 s: at 0.85 of the speed 1,769 s, at 1.08 of it 1,392 s. The facilities are observed.
    assert found.before_s[WEST] == pytest.approx([1504, 1392, 1769], abs=3)
    assert found.after_s[WEST].tolist() == [0, 0, 0]
    assert found.difference_s[WEST] == pytest.approx([-1504, -1769, -1392], abs=3)
    assert (found.sign[WEST], found.sure[WEST]) == ("shorter", "certain")
    # Nothing changes for Mid, whatever is assumed; Lone reaches none either way.
    assert (found.sign[MID], found.sure[MID]) == ("same", "certain")
    assert (found.sign[LONE], found.sure[LONE]) == ("same", "certain")
    assert np.isinf(found.before_s[LONE]).all()


def test_driving_speed_widens_times_by_car_only(world: World) -> None:
    by_car, by_bike = (
        band(world, mode, PlaceHub(place_id="west", kinds=("gp",))) for mode in ("car", "bike")
    )
    assert by_car.before_s[WEST, 1] < by_car.before_s[WEST, 0] < by_car.before_s[WEST, 2]
    assert by_bike.before_s[WEST, 1] == by_bike.before_s[WEST, 0] == by_bike.before_s[WEST, 2]


def test_a_modelled_practice_may_be_the_nearer_or_the_farther_one(world: World) -> None:
    # The only GP of the baseline, in Mid, is put by rule: it may stand anywhere within 500 m. The new one, 100 m nearer
    # to East than Mid is, is meant to be there: for East the difference is small and not sure.
    facilities = world.facilities
    by_rule = np.array([True, False])
    modelled = replace(facilities, modelled=by_rule, position_modelled=by_rule)
    guessed = replace(world, facilities=modelled)
    x_m, y_m = world.places.x_m[[MID]] + 100, world.places.y_m[[MID]]
    (lon,), (lat,) = world.projection.to_lonlat(x_m, y_m)
    new = OpenFacility(lon_deg=float(lon), lat_deg=float(lat), kind="gp", name="New")
    swap = (CloseFacility("gp-0"), new)
    found = band(guessed, "walk", *swap)
    assert found.difference_s[EAST, 0] == pytest.approx(-75, abs=2)
    assert found.difference_s[EAST, 1] < -75 < 0 < found.difference_s[EAST, 2]
    assert found.sure[EAST] != "certain"
    # Were the old one surely in Mid, it would be certain.
    assert band(world, "walk", *swap).sure[EAST] == "certain"


def test_a_new_facility_stands_where_the_scenario_puts_it(world: World) -> None:
    # Facilities of edits are marked as modelled, but where they come is decided.
    found = band(world, "walk", PlaceHub(place_id="west", kinds=("gp",)))
    assert found.after_s[WEST].tolist() == [0, 0, 0]


def test_without_any_range_the_band_is_a_line(world: World) -> None:
    one = replace_ranges(RANGES, 1.0, 1.0, 0.0)
    found = band(world, "transit", PlaceHub(place_id="west", kinds=("gp",)), ranges=one)
    for of in (found.before_s, found.after_s, found.difference_s):
        assert (of == of[:, :1]).all()
    assert set(found.sure.tolist()) == {"certain"}


def test_the_change_time_of_any_traveller_varies() -> None:
    # Two lines meet somewhere in a random world; for who changes more slowly no time gets shorter.
    world = random_world(5)
    slow = replace_ranges(RANGES, 1.0, 3.0, 0.0)
    found = band(world, "transit", ChangeTraveller("75plus"), ranges=slow)
    assert (found.after_s[:, 1] == found.after_s[:, 0]).all()
    assert (found.after_s[:, 2] >= found.after_s[:, 0]).all()


def test_the_same_seed_gives_the_same_band(world: World) -> None:
    one, other = (band(world, "transit", PlaceHub(place_id="east", kinds=("gp",))) for _ in range(2))
    assert np.array_equal(one.difference_s, other.difference_s)
    assert np.array_equal(one.sure, other.sure)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("low = 0.85", "low = 1.2"), "at least 1"),
        (("runs = 12", "runs = -1"), "runs"),
        (("seed = 1", ""), "seed"),
    ],
)
def test_ranges_that_cannot_be_used_are_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    (tmp_path / "own.toml").write_text(UNCERTAINTY.read_text().replace(*change))
    with pytest.raises(InputError, match=says):
        load_ranges(tmp_path / "own.toml")


def replace_ranges(ranges: Ranges, low: float, high: float, radius_m: float) -> Ranges:
    """Ranges of the change time from `low` to `high`, all others without any width."""
    point = type(ranges.car_speed)(1.0, 1.0, assumed=True, source="a test")
    return Ranges(
        ranges.seed,
        ranges.runs,
        ranges.likely_share,
        point,
        type(point)(low, high, assumed=True, source="a test"),
        point,
        point,
        type(ranges.modelled_sites)(radius_m, assumed=True, source="a test"),
    )
