"""A question of placement in the terms of the solver, on the toy valley (see toys/region.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.origins import place_origins
from accessibility.world import World, open_world
from data.errors import InputError
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.placement.question import (
    PlacementQuestion,
    TravelGroup,
    is_known,
    last_year,
    later_years,
    of_year,
    refuse_years,
    sites_of,
    task_of,
    times_by_mode,
    travellers,
)
from scenarios.placement.task import Fewest, MostWithin, Task
from support.toys.region import write_toy_region

FORECAST = """
base_year = 2020
[[total]]
year = 2030
municipalities = []
inhabitants = 1404
age_shares = { }
origin = "modelled"
source = "made by hand"
[[total]]
year = 2040
municipalities = []
inhabitants = 351
age_shares = { }
origin = "modelled"
source = "made by hand"
"""
"""Twice the 702 of now, then half."""
ALL = PlacementQuestion("supermarket", (TravelGroup("all", ("walk",)),))
IN_2030 = Scenario(edits=(ChangeYear(year=2030),))


def silent(_label: str, _share: float) -> None:
    pass


def opened(folder: Path, forecast: str) -> World:
    write_toy_region(folder)
    if forecast:
        (folder / "population.toml").write_text(forecast)
    return open_world(folder, silent)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> World:
    return opened(tmp_path_factory.mktemp("plain") / "valley", "")


@pytest.fixture(scope="module")
def foreseen(tmp_path_factory: pytest.TempPathFactory) -> World:
    return opened(tmp_path_factory.mktemp("foreseen") / "valley", FORECAST)


def asked(question: PlacementQuestion, world: World) -> Task:
    sites, _ = sites_of(question, world, world)
    return task_of(question, world, sites, times_by_mode(question, world, sites, silent))


def test_whole_persons_of_all_groups_add_up_to_everybody(plain: World) -> None:
    parts = ((0.13, 0.27, 0.31, 0.48), (0.4, 0.4, 0.4, 0.4), (0.47, 0.33, 0.29, 0.12))
    groups = tuple(
        TravelGroup(str(number), ("walk",), part, part) for number, part in enumerate(parts, start=1)
    )
    origins = place_origins(plain.places)
    whole, exact = (
        np.array([of.asked for of in travellers(replace(ALL, groups=groups, is_whole=is_whole), origins)])
        for is_whole in (True, False)
    )
    assert np.array_equal(whole, np.rint(whole))
    assert whole.sum(axis=0).tolist() == origins.people.tolist() == [400, 200, 100, 4]
    assert exact[1].tolist() == pytest.approx([160, 80, 40, 1.6])
    assert (np.abs(whole - exact) < 2).all()


def test_weights_count_for_who_is_asked_about_and_ages_for_the_share(plain: World) -> None:
    question = replace(
        ALL,
        age_weights=(1, 1, 1, 2),
        share=0.5,
        share_label="75plus",
        share_ages=(0, 0, 0, 1),
        min_people=1.0,
    )
    rules = asked(replace(question, goal="fewest", hubs=None, forbidden=("mid",)), plain).rules
    (part,) = travellers(question, place_origins(plain.places))
    assert part.asked.tolist() == [450, 225, 110, 6]
    assert rules.shares[0].people.tolist() == [50, 25, 10, 2]
    assert rules.loads[0].people.tolist() == [400, 200, 100, 4]
    # As many as there are sites: West, Mid and East, of which one is forbidden.
    assert rules.n_hubs == 2


def test_goal_and_limit_make_the_objective(plain: World) -> None:
    assert asked(replace(ALL, goal="coverage", limit_s=600.0), plain).objective == MostWithin(600.0)
    assert asked(replace(ALL, goal="cheapest"), plain).objective == Fewest("cost")


def test_each_load_has_the_people_of_its_own_year(foreseen: World) -> None:
    loads = asked(replace(ALL, min_people=1.0, year=2030, later_year=2035), foreseen).rules.loads
    assert [load.label for load in loads] == ["2030", "2035"]
    # Halfway between 1,408 and 352 for West's 400 of 704: whatever year comes first, it is foreseen from that of the data.
    assert [load.people[0] for load in loads] == pytest.approx([798, 499], abs=2)
    once = asked(replace(ALL, max_people=9.0, year=2030, later_year=2030), foreseen).rules.loads
    assert [load.label for load in once] == ["2030"]


def test_years_are_known_from_the_first_to_the_last_of_the_totals(plain: World, foreseen: World) -> None:
    assert (last_year(plain), last_year(foreseen)) == (None, 2040)
    assert [is_known(foreseen, year) for year in (None, 2019, 2020, 2040, 2041)] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert [is_known(plain, year) for year in (None, 2026)] == [True, False]
    assert later_years(foreseen, EMPTY, None) == (2030, 2040)
    assert later_years(foreseen, EMPTY, 2030) == later_years(foreseen, IN_2030, None) == ()
    assert later_years(plain, EMPTY, None) == ()
    # Places have a date, and with totals the base year of these.
    assert of_year(plain, 2026) is plain
    assert of_year(foreseen, 2020) is foreseen


def test_a_year_is_said_once(foreseen: World) -> None:
    refuse_years(ALL, foreseen, IN_2030)
    refuse_years(replace(ALL, year=2030, later_year=2040), foreseen, EMPTY)
    with pytest.raises(InputError, match="asks for 2030 and 2040: leave the year out"):
        refuse_years(replace(ALL, year=2030, later_year=2040), foreseen, IN_2030)
