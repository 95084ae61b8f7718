"""The school of Exloo closes: worked out on the embedded region, and held against the pupils that were counted."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.world import World, open_world
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import Edit, Scenario
from scenarios.school.counted import observed
from scenarios.school.day import school_day
from scenarios.school.question import question_of
from scenarios.school.tables import SchoolAnswer, answered, counts, moves_table, places_table, schools_table
from scenarios.school.words import school_lines

KIND = "primary_school"
DE_ZWENG = "school-18wq00"
"""The only school of Exloo, where 71 pupils were counted on 1 October 2024 (DUO)."""


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("zuid-oost-drenthe", lambda _step, _share: None)


def day_with(world: World, *edits: Edit, bell: str = "") -> SchoolAnswer:
    question = question_of(world, KIND, bell=bell)
    after = apply(world, Scenario("", "", edits), load_facility_kinds()) if edits else world
    before = school_day(world, question)
    return answered(before, school_day(after, question) if edits else before)


def test_without_its_school_exloo_goes_to_odoorn(world: World) -> None:
    answer = day_with(world, CloseFacility(DE_ZWENG))
    # 26,000 pupils of whom one in sixty has more than a quarter of an hour: villages have their school. Three in five of Exloo's
    # would have to cycle longer than that, and all who are younger than nine would be brought.
    before, after = counts(answer.before), counts(answer.after)
    assert 26_000 < before.pupils < 26_500
    assert 0.01 < before.far / before.pupils < 0.02
    assert 60 < after.far - before.far < 85
    exloo = places_table(answer).set_index("place_id").loc["exloo"]
    assert exloo["far"] == 0
    assert exloo["far_after"] / exloo["pupils"] > 0.6
    assert exloo["brought"] < 5 < exloo["brought_after"] == exloo["too_young"]
    assert 120 < exloo["bike_s"] < 200
    assert 900 < exloo["bike_after_s"] < 1000
    # A bus does bring most of those who are far, before half past eight.
    assert exloo["far_with_bus_after"] > 0.9 * exloo["far_after"]
    moved = moves_table(answer)
    assert set(moved["from_id"]) == {DE_ZWENG}
    first = moved.iloc[0]
    assert first["to"] == "Basisschool De Weiert, Odoorn"
    # 67 of the 71 that were counted, to 177 in Odoorn.
    assert 64 < first["pupils_counted"] < 70
    assert moved["pupils_counted"].sum() == pytest.approx(71, abs=0.3)
    schools = schools_table(answer).set_index("facility_id")
    odoorn = schools.loc[first["to_id"]]
    assert odoorn["pupils_counted"] == 177
    assert odoorn["pupils_counted_after"] == pytest.approx(177 + first["pupils_counted"], abs=0.1)
    assert np.isnan(odoorn["room"])
    # Every pupil who moved is at another school now.
    changed = schools["pupils_after"].fillna(0) - schools["pupils"].fillna(0)
    assert changed.sum() == pytest.approx(0, abs=0.5)
    assert changed[DE_ZWENG] == pytest.approx(-moved["pupils"].sum(), abs=0.3)


def test_the_model_stands_beside_what_was_counted(world: World) -> None:
    # 24,146 pupils at the schools of the region (DUO, 2024); eight of twenty years of all from 0 to 19 of 2021 are 15 % more.
    answer = day_with(world)
    schools = schools_table(answer)
    inside = schools[schools["in_region"]]
    assert inside["pupils_counted"].sum() == 24_146
    assert 1.1 < inside["pupils"].sum() / 24_146 < 1.2
    flows = observed(world, KIND)
    assert flows is not None
    assert flows.persons == 17_061
    assert 0.74 < flows.nearest_share < 0.76
    told = school_lines(answered(answer.before, answer.after, flows), changed=False)
    assert any("at most 75% go where the model sends them" in line for line in told)
    # Some schools lie where the first bus comes after half past eight.
    assert 2 <= inside["bell_before_first_ride"].sum() <= 6


def test_a_bell_before_the_bus_is_told_at_most_schools(world: World) -> None:
    answer = day_with(world, bell="06:30")
    early = schools_table(answer)["bell_before_first_ride"]
    assert early.mean() > 0.5
    (line,) = [line for line in school_lines(answer, changed=False) if line.startswith("Bells before")]
    assert line.endswith("Let the bell ring later, or a bus come earlier.")


def test_in_2040_there_are_fewer_pupils_and_the_same_ways(world: World) -> None:
    answer = day_with(world, ChangeYear(2040))
    assert counts(answer.after).pupils < counts(answer.before).pupils
    assert len(answer.moved.pupils) == 0
    for mode, way in answer.before.ways.items():
        assert (way.seconds == answer.after.ways[mode].seconds).all()
