"""The population of another year, spread so that every total is met to the person."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.population import apportion, population_in, without_forecast
from accessibility.world import open_world
from data.errors import InputError, RegionError
from data.parameters.population import PopulationTotals, read_population_totals
from data.places import Places, PopulationGrid
from support.toys.region import write_toy_region

# Ash and Birch lie in Dale, Cliff in Hill, and Far outside the region.
PLACES = Places(
    id=("ash", "birch", "cliff", "far"),
    name=("Ash", "Birch", "Cliff", "Far"),
    municipality=("Dale", "Dale", "Hill", ""),
    kind=("village",) * 4,
    x_m=np.zeros(4),
    y_m=np.zeros(4),
    inhabitants_by_age=np.array([[20, 50, 20, 10], [60, 100, 20, 20], [5, 5, 5, 5], [9, 9, 9, 9]], np.int32),
    in_region=np.array([True, True, True, False]),
    modelled=np.zeros(4, np.bool_),
    cars_per_household=np.full(4, np.nan),
)
# Ash has two cells of equal people, the others have one; the last cell belongs to no place.
GRID = PopulationGrid(
    x_m=np.zeros(6),
    y_m=np.zeros(6),
    place=np.array([0, 0, 1, 2, 3, -1], np.int32),
    inhabitants_by_age=np.array(
        [[10, 25, 10, 5], [10, 25, 10, 5], [60, 100, 20, 20], [5, 5, 5, 5], [9, 9, 9, 9], [3, 0, 0, 0]],
        np.int32,
    ),
)
DALE_2040 = """
base_year = 2020
[[total]]
year = 2040
municipalities = ["Dale"]
inhabitants = 200
age_shares = { "65_74" = 0.2, "75plus" = 0.25 }
origin = "modelled"
source = "made by hand"
"""


def totals(folder: Path, text: str = DALE_2040) -> PopulationTotals:
    (folder / "population.toml").write_text(text)
    return read_population_totals(folder)


def test_the_base_year_is_the_population_itself(tmp_path: Path) -> None:
    places, grid = population_in(PLACES, GRID, totals(tmp_path), 2020)
    assert places is PLACES
    assert grid is GRID


def test_the_last_year_meets_its_total_and_its_ages(tmp_path: Path) -> None:
    places, _ = population_in(PLACES, None, totals(tmp_path), 2040)
    # Of 200 people a fifth is 40 and a quarter 50; the other 110 stay divided as 80 to 150: 38.26 and 71.74, so 38 and 72.
    assert places.inhabitants_by_age[:2].sum(axis=0).tolist() == [38, 72, 40, 50]
    # Of the 30 who were 75 and over Ash had a third: 16.67 of 50. Of the young a quarter, 9.57 of 38.
    assert places.inhabitants_by_age[0].tolist() == [10, 24, 20, 17]
    # Nothing is said of Hill, and Far is none of the region's business.
    assert places.inhabitants_by_age[2:].tolist() == PLACES.inhabitants_by_age[2:].tolist()
    assert places.modelled.tolist() == [True, True, False, False]
    assert without_forecast(PLACES, totals(tmp_path)) == ("Hill",)


def test_half_way_the_line_is_straight(tmp_path: Path) -> None:
    places, _ = population_in(PLACES, None, totals(tmp_path), 2030)
    # 300 people on the way to 200: 250; of 75 and over 30 on the way to 50: 40.
    assert places.inhabitants[:2].sum() == 250
    assert places.inhabitants_by_age[:2, 3].sum() == 40


def test_cells_add_up_to_their_places_and_share_alike(tmp_path: Path) -> None:
    places, grid = population_in(PLACES, GRID, totals(tmp_path), 2040)
    assert grid is not None
    for place in range(3):
        assert (
            grid.inhabitants_by_age[grid.place == place].sum(axis=0) == places.inhabitants_by_age[place]
        ).all()
    # The two cells of Ash were equal and stay so but for one person who cannot be halved.
    assert np.abs(grid.inhabitants_by_age[0] - grid.inhabitants_by_age[1]).max() <= 1
    assert grid.inhabitants_by_age[5].tolist() == [3, 0, 0, 0]


def test_one_total_for_the_whole_region_needs_no_municipalities(tmp_path: Path) -> None:
    text = DALE_2040.replace('municipalities = ["Dale"]', "").replace(
        "inhabitants = 200", "inhabitants = 640"
    )
    places, _ = population_in(PLACES, None, totals(tmp_path, text), 2040)
    # 320 in the region become 640, those outside stay.
    assert places.inhabitants.tolist()[3] == 36
    assert places.inhabitants[:3].sum() == 640
    assert without_forecast(PLACES, totals(tmp_path, text)) == ()


def test_equal_cells_take_turns_in_losing_somebody() -> None:
    base, group = np.ones(8, np.int32), np.array([0, 0, 0, 0, 1, 1, 1, 1], np.int32)
    # Two of four: every other cell, not the first two. Four of four: as they are.
    assert apportion(base, group, np.array([2, 4])).tolist() == [1, 0, 1, 0, 1, 1, 1, 1]
    # The rows of a group need not stand together.
    assert apportion(base, group[::-1].copy(), np.array([4, 0])).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), min_size=1, max_size=30),
    st.lists(st.integers(0, 500), min_size=4, max_size=4),
)
def test_shares_are_whole_exact_and_within_one_of_their_exact_value(
    rows: list[tuple[int, int]], goals: list[int]
) -> None:
    base = np.array([persons for persons, _ in rows], np.int32)
    group = np.array([of for _, of in rows], np.int32)
    in_group = [sum(persons for persons, of in rows if of == number) for number in range(4)]
    goals = [goal if there else 0 for goal, there in zip(goals, in_group, strict=True)]
    shares = apportion(base, group, np.array(goals))
    for number in range(4):
        assert shares[group == number].sum() == goals[number]
    for (persons, of), share in zip(rows, shares.tolist(), strict=True):
        exact = Fraction(persons * goals[of], max(in_group[of], 1))
        assert abs(share - exact) < 1
        assert share >= 0


def test_a_group_without_anybody_cannot_grow() -> None:
    with pytest.raises(ValueError, match="without anybody"):
        apportion(np.zeros(2, np.int32), np.zeros(2, np.int32), np.array([1]))


@pytest.mark.parametrize("year", [2019, 2041])
def test_a_year_that_is_not_known_is_refused(tmp_path: Path, year: int) -> None:
    with pytest.raises(InputError, match=f"known for 2020 to 2040, not for {year}"):
        population_in(PLACES, None, totals(tmp_path), year)


def test_another_forecast_makes_another_world(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    digests = {open_world(folder, lambda _label, _share: None).digest}
    for inhabitants in (200, 300):
        totals(folder, DALE_2040.replace("inhabitants = 200", f"inhabitants = {inhabitants}"))
        digests.add(open_world(folder, lambda _label, _share: None).digest)
    # Whatever is kept by the digest of a world is not taken for that of another forecast.
    assert len(digests) == 3


def test_a_region_without_the_file_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(RegionError, match=r"Add a file population\.toml"):
        read_population_totals(tmp_path)


def test_all_faults_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    text = """
base_year = 2020
[[total]]
year = 2010
inhabitants = -1
age_shares = { "65_74" = 0.9, "75plus" = 0.25 }
colour = "red"
[[total]]
year = 2040
municipalities = ["Dale"]
inhabitants = 5
origin = "guessed"
"""
    with pytest.raises(RegionError) as error:
        totals(tmp_path, text)
    for says in (
        "total 1 has unknown fields colour",
        "total 1 needs a year after the base year",
        "total 1 needs inhabitants",
        "total 1 age_shares must be between 0 and 1",
        "total 1 needs an origin",
        "total 1 needs a source",
        "total 2 needs an origin",
        "total 2 needs a source",
    ):
        assert says in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("base_year = 2020", "base_year = 'x'"), "must hold base_year"),
        (("base_year", "= base_year"), "not valid TOML"),
        (('["Dale"]', '"Dale"'), "list of names"),
        (('"75plus"', '"80plus"'), "may name the bands"),
        (("0.25", '"many"'), "must be numbers"),
    ],
)
def test_a_fault_of_the_file_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(RegionError) as error:
        totals(tmp_path, DALE_2040.replace(*change, 1))
    assert says in str(error.value)


def test_groups_may_not_overlap(tmp_path: Path) -> None:
    second = DALE_2040.split("\n", 2)[2]
    for other, says in (
        (second.replace('"Dale"', '"Dale", "Hill"'), "overlap"),
        (second, "more than one total"),
    ):
        with pytest.raises(RegionError, match=says):
            totals(tmp_path, DALE_2040 + other)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"Dale"', '"Dale", "Atlantis"'), "no place of the region lies in 'Atlantis'"),
        (('["Dale"]', '["Marsh"]'), "no place of the region lies in 'Marsh'"),
    ],
)
def test_totals_of_municipalities_that_are_not_here_are_refused(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        population_in(PLACES, None, totals(tmp_path, DALE_2040.replace(*change)), 2030)


def test_people_of_an_age_that_nobody_has_cannot_be_placed(tmp_path: Path) -> None:
    young = PLACES.inhabitants_by_age.copy()
    young[:2, 3] = 0
    nobody_old = Places(
        **{**{name: getattr(PLACES, name) for name in Places.__slots__}, "inhabitants_by_age": young}
    )
    with pytest.raises(InputError, match="cannot be given a place"):
        population_in(nobody_old, None, totals(tmp_path), 2030)


def test_the_embedded_region_in_2040_is_the_forecast_to_the_person() -> None:
    world = open_world("zuid-oost-drenthe", lambda _label, _share: None)
    known = read_population_totals(world.region.folder)
    places, grid = population_in(world.places, world.grid, known, 2040)
    assert grid is not None
    four = np.isin(np.array(places.municipality), ["Emmen", "Coevorden", "Aa en Hunze", "Borger-Odoorn"])
    # The Regio Deal: 175,400; 33 % of them are 65 and over, 18 % 75 and over.
    assert places.inhabitants[four].sum() == 175_400
    assert places.inhabitants_by_age[four, 2:].sum() == 57_882
    assert places.inhabitants_by_age[four, 3].sum() == 31_572
    assert without_forecast(world.places, known) == ()
    per_place = np.zeros_like(places.inhabitants_by_age)
    np.add.at(per_place, grid.place, grid.inhabitants_by_age)
    assert (per_place == places.inhabitants_by_age).all()
    half, _ = population_in(world.places, None, known, 2029)
    # 2029 is 8 of the 19 years from 193,180 in 2021 to 175,400 in 2040: 185,693.7.
    assert half.inhabitants[four].sum() == 185_694
