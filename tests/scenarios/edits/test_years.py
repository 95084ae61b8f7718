"""A plan over years: edits that hold from a year on, and the scenario as it is in a year."""

from __future__ import annotations

import json
from functools import cache
from itertools import permutations

import numpy as np
import pytest

from accessibility.world import World, open_world
from data.errors import ScenarioError
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.contributions import variants
from scenarios.edits.amend import tidied, with_edit
from scenarios.edits.apply import apply
from scenarios.edits.facilities import ChangeOpening, CloseFacility, MoveFacility, PlaceHub
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.people import ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from support.random_worlds import random_world
from ui.state.link import pack, unpack

HUB = PlaceHub(place_id="place 1", kinds=("gp",))
HUB_IN_2030 = PlaceHub(place_id="place 1", kinds=("gp",), from_year=2030)
CLOSED_IN_2035 = CloseFacility("gp-0", from_year=2035)
PLAN = Scenario("Plan", "", (HUB_IN_2030, CLOSED_IN_2035))


@cache
def world() -> World:
    return random_world(0)


@pytest.fixture(scope="module")
def drenthe() -> World:
    return open_world("zuid-oost-drenthe", lambda _label, _share: None)


def kinds_of(scenario: Scenario) -> list[str]:
    return [type(edit).__name__ for edit in scenario.in_force.edits]


def test_the_scenario_of_a_year_has_what_began_by_then() -> None:
    assert PLAN.years == (2030, 2035)
    assert kinds_of(PLAN.at(2029)) == ["ChangeYear"]
    assert kinds_of(PLAN.at(2030)) == ["PlaceHub", "ChangeYear"]
    assert kinds_of(PLAN.at(2035)) == ["PlaceHub", "CloseFacility", "ChangeYear"]
    # Nothing says which year it is: the whole plan, as at its end.
    assert PLAN.year is None
    assert PLAN.in_force == PLAN
    # One year after the other, back and forth: the plan itself stays whole.
    assert PLAN.at(2040).at(2029).at(2035) == PLAN.at(2035)


def test_a_plan_without_a_year_is_applied_whole_and_one_in_a_year_as_far_as_it_is() -> None:
    def facilities(scenario: Scenario) -> set[str]:
        return set(apply(world(), scenario, load_facility_kinds()).facilities.id)

    now = set(world().facilities.id)
    assert facilities(PLAN) == (now | {"hub-place 1", "hub-place 1/gp"}) - {"gp-0"}


def test_in_the_region_a_hub_is_there_from_its_year_on(drenthe: World) -> None:
    plan = Scenario(edits=(PlaceHub(place_id="exloo", kinds=("gp",), from_year=2030),))
    for year, is_there in ((2029, False), (2030, True), (2040, True)):
        after = apply(drenthe, plan.at(year), load_facility_kinds())
        assert ("hub-exloo" in after.facilities.id) == is_there
        # The people are those of the year, whatever else there is.
        same = apply(drenthe, Scenario(edits=(ChangeYear(year=year),)), load_facility_kinds())
        assert np.array_equal(after.places.inhabitants_by_age, same.places.inhabitants_by_age)


def test_years_round_trip_through_json_and_links_and_others_are_written_as_before() -> None:
    assert from_json(to_json(PLAN.at(2032))) == PLAN.at(2032)
    assert unpack(pack(PLAN)) == PLAN
    assert json.loads(to_json(PLAN))["edits"][0]["from_year"] == 2030
    # A scenario that knows no years is written to the byte as it was before there were any.
    assert to_json(Scenario("A", "", (HUB,))) == (
        '{\n  "name": "A",\n  "note": "",\n  "edits": [\n    {\n      "edit": "PlaceHub",\n      "place_id": "place 1",\n'
        '      "kinds": [\n        "gp"\n      ]\n    }\n  ]\n}'
    )


@pytest.mark.parametrize("year", ['"2030"', "30", "2030.5", "true", "99999"])
def test_a_year_that_is_none_is_refused(year: str) -> None:
    text = f'{{"edits": [{{"edit": "CloseFacility", "facility_id": "x", "from_year": {year}}}]}}'
    with pytest.raises(ScenarioError, match=r"edit 1: .*from_year"):
        from_json(text)


def test_the_year_itself_has_no_year() -> None:
    with pytest.raises(ScenarioError, match=r"edit 1 \(ChangeYear\): .*leave out its from_year"):
        apply(world(), Scenario(edits=(ChangeYear(year=2030, from_year=2030),)), load_facility_kinds())


def test_a_fault_keeps_the_number_of_its_edit() -> None:
    wrong = Scenario(edits=(HUB_IN_2030, CloseFacility("no such", from_year=2031)))
    with pytest.raises(ScenarioError, match=r"edit 2 \(CloseFacility\)"):
        apply(world(), wrong, load_facility_kinds())


def test_earlier_years_come_first_whatever_the_order_in_the_file() -> None:
    # Moved in 2030 and closed in 2035: the other way round there would be nothing to move.
    edits: tuple[Edit, ...] = (
        CloseFacility("gp-0", from_year=2035),
        MoveFacility(facility_id="gp-0", place_id="place 1", from_year=2030),
        ChangeOpening("gp-0", "24/7"),
    )
    for some in permutations(edits):
        after = apply(world(), Scenario(edits=some), load_facility_kinds())
        assert "gp-0" not in after.facilities.id


def test_what_ends_later_overrules_nothing_of_before() -> None:
    later = CloseFacility("hub-place 1", from_year=2035)
    # A hub that closes in 2035 is there until then; one that is closed for good was never placed.
    assert with_edit(Scenario(edits=(HUB,)), later).edits == (HUB, later)
    assert with_edit(Scenario(edits=(HUB_IN_2030,)), later).edits == (HUB_IN_2030, later)
    assert with_edit(Scenario(edits=(HUB_IN_2030,)), CloseFacility("hub-place 1")).edits == ()
    same_year = CloseFacility("hub-place 1", from_year=2030)
    assert with_edit(Scenario(edits=(HUB_IN_2030,)), same_year).edits == ()
    # Hours that change in 2031 say nothing about those of before.
    hours = (ChangeOpening("gp-0", "Mo 09:00-10:00"), ChangeOpening("gp-0", "24/7", from_year=2031))
    assert tidied(Scenario(edits=hours)).edits == hours
    less = DigitalContacts("gp", 0.1, from_year=2030)
    assert tidied(Scenario(edits=(less, DigitalContacts("gp", 0.2)))).edits == (DigitalContacts("gp", 0.2),)


def test_an_edit_that_does_not_hold_yet_contributes_nothing(drenthe: World) -> None:
    plan = Scenario(edits=(PlaceHub(place_id="exloo", kinds=("gp",), from_year=2030),)).at(2026)
    hub, _ = variants(drenthe, plan, load_facility_kinds())
    assert hub.alone is not None
    assert hub.alone.facilities.id == drenthe.facilities.id
