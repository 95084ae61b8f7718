"""Scenarios on the toy valley (drawn in toys/region.py): what changes, what does not, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World, open_world
from data.errors import ScenarioError
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import Comparison, compare, outcome, world_access
from scenarios.comparison.report import times_table, totals_line
from scenarios.comparison.tables import Compared, places_table
from scenarios.edits.apply import apply
from scenarios.edits.facilities import (
    ChangeCapacity,
    ChangeOpening,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    PlaceHub,
)
from scenarios.edits.json_text import KINDS_OF_EDIT, from_json, read_scenario, to_json
from scenarios.edits.line_courses import AddStop, ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import EMPTY, Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath
from support.toys.region import lonlat, write_toy_region

WEST, MID, EAST, LONE = range(4)
KINDS = load_facility_kinds()
BY_NAME = {mode.name: mode for mode in MODES}
HUB_IN_WEST = PlaceHub(place_id="west", kinds=("gp", "supermarket"))


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


def scenario(*edits: Edit) -> Scenario:
    return Scenario("Try", "", edits)


def compared(before: World, after: World, kind: str, mode: TravelMode) -> Comparison:
    old = world_access(before, mode)
    new = old if after.network is before.network else world_access(after, mode)
    return compare(outcome(before, kind, mode, old), outcome(after, kind, mode, new))


def test_a_hub_brings_its_services_to_its_place(world: World) -> None:
    after = apply(world, scenario(HUB_IN_WEST), KINDS)
    comparison = compared(world, after, "gp", BY_NAME["walk"])
    # West had its GP 2 km off (1,504 s) and now has one in the village; Mid and East keep the one in Mid.
    assert comparison.difference_s[[WEST, MID, EAST]] == pytest.approx([-1504, 0, 0], abs=1)
    before, now = comparison.before.totals(600), comparison.after.totals(600)
    # Within ten minutes: the 200 of Mid before, and the 400 of West as well now.
    assert (before.people_within, now.people_within) == (200, 600)
    assert (before.people, before.people_unreached) == (704, 4)


def test_a_hub_at_a_point_is_named_after_the_nearest_place(world: World) -> None:
    lon, lat = lonlat("east")
    after = apply(world, scenario(PlaceHub(lon_deg=lon, lat_deg=lat, kinds=("gp",))), KINDS)
    assert after.facilities.name[-1] == "Hub East"
    assert after.facilities.kind[-2:] == ("hub", "gp")
    assert compared(world, after, "gp", BY_NAME["bike"]).after.times.seconds[EAST] == 0


def test_a_closure_sends_people_on_or_leaves_them_without(world: World) -> None:
    after = apply(world, scenario(CloseFacility("gp-0")), KINDS)
    comparison = compared(world, after, "gp", BY_NAME["walk"])
    assert np.isinf(comparison.after.times.seconds).all()
    # Those who reached one are infinitely worse off; Lone reached none before either, so nothing changes there.
    assert comparison.difference_s.tolist() == [np.inf, np.inf, np.inf, 0]


def test_a_scenario_that_changes_nothing_survives_its_file() -> None:
    assert from_json(to_json(EMPTY)) == EMPTY


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_an_empty_scenario_is_the_baseline_exactly(world: World, mode: TravelMode) -> None:
    comparison = compared(world, apply(world, EMPTY, KINDS), "gp", mode)
    before, after = comparison.before.times, comparison.after.times
    for field in fields(before):
        assert np.array_equal(getattr(before, field.name), getattr(after, field.name))


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_a_hub_never_makes_anyone_later_and_the_baseline_stays_as_it_was(
    world: World, mode: TravelMode
) -> None:
    ids = world.facilities.id
    comparison = compared(world, apply(world, scenario(HUB_IN_WEST), KINDS), "supermarket", mode)
    assert (comparison.after.times.percentiles_s <= comparison.before.times.percentiles_s).all()
    assert world.facilities.id == ids


def test_a_hub_moves_with_all_it_offers(world: World) -> None:
    after = apply(world, scenario(HUB_IN_WEST, MoveFacility(facility_id="hub-west", place_id="east")), KINDS)
    rows = [row for row, name in enumerate(after.facilities.id) if name.startswith("hub-west")]
    assert len(rows) == 3
    assert set(after.facilities.x_m[rows].tolist()) == {world.places.x_m[EAST]}
    # What stood there before the hub has not moved.
    assert np.array_equal(after.facilities.x_m[:2], world.facilities.x_m[:2])


def test_a_hub_in_an_existing_building_stands_where_that_stands(world: World) -> None:
    after = apply(world, scenario(PlaceHub(building_id="supermarket-1", kinds=("gp",))), KINDS)
    assert after.facilities.id[-2:] == ("hub-supermarket-1", "hub-supermarket-1/gp")
    assert after.facilities.x_m[-1] == world.facilities.x_m[1]


def test_a_hub_opens_on_its_days_only(world: World) -> None:
    # The service day of the valley is a Tuesday.
    hub = PlaceHub(place_id="west", kinds=("gp",), opening="Tu,Th 09:00-12:00", cost_per_year=80_000)
    after = apply(world, scenario(hub, ChangeOpening("gp-0", "Mo-Fr 08:00-17:00")), KINDS)
    assert after.facilities.opening == ("Mo-Fr 08:00-17:00", "", "Tu,Th 09:00-12:00", "Tu,Th 09:00-12:00")


def test_a_hub_and_all_it_offers_get_other_hours(world: World) -> None:
    after = apply(world, scenario(HUB_IN_WEST, ChangeOpening("hub-west", "We 09:00-12:00")), KINDS)
    assert after.facilities.opening == ("", "", *["We 09:00-12:00"] * 3)


def test_a_practice_grows(world: World) -> None:
    after = apply(world, scenario(ChangeCapacity("gp-0", 2.5)), KINDS)
    assert after.facilities.units.tolist() == [2.5, 1.0]
    assert world.facilities.units.tolist() == [1.0, 1.0]


def test_contacts_become_digital(world: World) -> None:
    after = apply(world, scenario(DigitalContacts("gp", 0.3)), KINDS)
    assert after.digital_share == (("gp", 0.3),)


def test_a_traveller_of_75_walks_slower_and_has_no_car(world: World) -> None:
    after = apply(world, scenario(ChangeTraveller("75plus")), KINDS)
    walked = compared(world, after, "gp", BY_NAME["walk"])
    # 2 km at 0.94 m/s instead of 1.33.
    assert walked.after.times.seconds[WEST] == pytest.approx(2000 / 0.94, abs=2)
    assert [mode.name for mode in after.modes] == ["walk", "transit", "on_demand"]


def test_opening_and_closing_the_same_hub_gives_the_first_numbers_back(world: World) -> None:
    undone = scenario(HUB_IN_WEST, CloseFacility("hub-west"))
    assert apply(world, undone, KINDS).facilities.id == world.facilities.id


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (CloseFacility("gp-9"), "no open facility 'gp-9'"),
        (PlaceHub(place_id="atlantis", kinds=("gp",)), "no place 'atlantis'"),
        (PlaceHub(place_id="west", lon_deg=6.9, lat_deg=52.8, kinds=("gp",)), "give either a place"),
        (PlaceHub(place_id="west", building_id="gp-0", kinds=("gp",)), "give either a place"),
        (PlaceHub(lon_deg=6.9, kinds=("gp",)), "give either a place"),
        (PlaceHub(kinds=("gp",)), "give either a place"),
        (PlaceHub(building_id="barn", kinds=("gp",)), "no open facility 'barn'"),
        (PlaceHub(place_id="west", kinds=("gp",), opening="when we like"), "opening"),
        (OpenFacility(place_id="west", kind="casino", name="Royal"), "the kind casino cannot be opened"),
        (MoveFacility(facility_id="gp-9", place_id="west"), "no open facility 'gp-9'"),
        (ChangeCapacity("gp-9", 2.0), "no open facility 'gp-9'"),
        (PlaceHub(place_id="west", kinds=("casino",)), "the kind casino cannot be offered"),
        (ChangeOpening("gp-9", "24/7"), "no open facility 'gp-9'"),
        (ChangeOpening("gp-0", "when we like"), "cannot be read"),
        (DigitalContacts("casino", 0.5), "no kind 'casino'"),
        (ChangeYear(2040), "population.toml"),
        (DropLine(line="9"), "no line '9'"),
        (CloseStreets(road="N34"), "no road is called"),
        (PlaceHub(place_id="west", kinds=("hub",)), "the kind hub cannot be offered"),
        (PlaceHub(place_id="lone", kinds=("gp",)), "no street is near"),
        (PlaceHub(lon_deg=5.0, lat_deg=51.0, kinds=("gp",)), "no street is near"),
        (PlaceHub(lon_deg=float("nan"), lat_deg=51.0, kinds=("gp",)), "no street is near"),
    ],
)
def test_a_bad_edit_is_refused_with_its_reason(world: World, edit: Edit, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        apply(world, scenario(edit), KINDS)


def test_all_bad_edits_are_reported_at_once_by_number(world: World) -> None:
    edits = (HUB_IN_WEST, HUB_IN_WEST, CloseFacility("gp-0"), CloseFacility("gp-0"))
    with pytest.raises(ScenarioError) as error:
        apply(world, scenario(*edits), KINDS)
    assert "edit 2 (PlaceHub): there is one here already" in str(error.value)
    assert "edit 4 (CloseFacility): there is no open facility" in str(error.value)
    assert "edit 1" not in str(error.value)


def test_bad_edits_of_all_groups_are_reported_together_in_the_order_of_the_scenario(world: World) -> None:
    edits = (ChangeYear(2040), CloseFacility("gp-9"), DropLine(line="9"), CloseStreets(), ChangeYear(2030))
    with pytest.raises(ScenarioError) as error:
        apply(world, scenario(*edits), KINDS)
    places = [str(error.value).index(f"edit {number} (") for number in range(1, 6)]
    assert places == sorted(places)
    assert "edit 5 (ChangeYear): edit 1 says this already" in str(error.value)


def test_two_kinds_of_edit_with_equal_fields_have_different_keys() -> None:
    keys = {scenario(CloseFacility("x")).key, scenario(PlaceHub(place_id="x", kinds=())).key, EMPTY.key}
    assert len(keys) == 3
    # The name is no part of what changes.
    assert Scenario("A", "", (HUB_IN_WEST,)).key == Scenario("B", "note", (HUB_IN_WEST,)).key


def test_json_comes_back_as_it_went() -> None:
    there = Scenario(
        "Hub in Wést",
        "a note",
        (HUB_IN_WEST, PlaceHub(lon_deg=6.9, lat_deg=52.8, kinds=("gp",)), CloseFacility("gp-0")),
    )
    text = to_json(there)
    assert from_json(text) == there
    assert "Wést" in text
    assert "null" not in text


EVERY_KIND: tuple[Edit, ...] = (
    PlaceHub(place_id="west", kinds=("gp",), opening="Tu 09:00-12:00", cost_per_year=1.5),
    OpenFacility(building_id="gp-0", kind="gp", name="Wést", units=2.0),
    MoveFacility(facility_id="gp-0", lon_deg=6.9, lat_deg=52.8),
    CloseFacility("gp-0"),
    ChangeOpening("gp-0", "24/7"),
    ChangeCapacity("gp-0", 2.0),
    ChangeHeadway(line="1", agency="A", towards="East", headway_min=20, first="07:00", last="25:00"),
    ChangeSpan(line="1", first="06:00", last="24:30"),
    DropLine(line="1"),
    ChangeLineSpeed(line="1", speed_share=1.2),
    AddStop(line="1", stop="mid", after="west"),
    SkipStop(line="1", stop="mid", saves_s=30),
    Reroute(line="1", from_stop="west", to_stop="east", via=("mid",)),
    AddLine(
        name="2",
        stops=("west", "east"),
        headway_min=30,
        first="7:00",
        last="9:00",
        speed_kmh=30,
        both_ways=False,
    ),
    CloseStreets(road="N34", modes=("car",)),
    ChangeSpeedLimit(classes=("primary",), area=((6.8, 52.7), (6.9, 52.8)), at=(6.8, 52.7), limit_kmh=60),
    DrawPath(line=((6.8, 52.7), (6.9, 52.8)), kind="road", limit_kmh=50),
    AddOnDemand(
        name="Taxi", municipalities=("Emmen",), hours="24/7", lead_min=60, margin_min=5, max_km=15, detour=1.3
    ),
    DropOnDemand("hubtaxi"),
    ChangeYear(2040),
    DigitalContacts("gp", 0.3),
    ChangeTraveller("frame"),
)


def test_every_kind_of_edit_comes_back_from_json_as_it_went() -> None:
    kinds = [type(edit).__name__ for edit in EVERY_KIND]
    assert kinds == list(KINDS_OF_EDIT)
    there = scenario(*EVERY_KIND)
    assert from_json(to_json(there)) == there
    assert len({scenario(edit).key for edit in EVERY_KIND}) == len(kinds)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no valid JSON"),
        ('{"edits": [{"edit": "ChangeHeadway", "line": "1", "headway_min": 0}]}', ">= 1"),
        ('{"edits": [{"edit": "ChangeSpan", "line": "1", "first": "7h", "last": "9:00"}]}', "matching regex"),
        ('{"edits": [{"edit": "DrawPath", "line": [[6, 52]], "kind": "road"}]}', "length >= 2"),
        ('{"edits": [{"edit": "ChangeTraveller", "traveller": "horse"}]}', "Invalid enum value 'horse'"),
        ("[1]", "JSON object"),
        ('{"edits": {}}', "JSON object"),
        ('{"edits": [], "author": 1}', "unknown field `author`"),
        (
            '{"edits": [1, {"edit": "Fly"}]}',
            "edit 1: Expected `object`, got `int`.\nedit 2: Invalid value 'Fly'",
        ),
        ('{"edits": [{"edit": "CloseFacility"}]}', "edit 1: Object missing required field `facility_id`"),
        (
            '{"edits": [{"edit": "CloseFacility", "facility_id": 5}]}',
            "Expected `str`, got `int` in `facility_id`",
        ),
        ('{"edits": [{"edit": "PlaceHub", "place_id": "a", "kinds": "gp"}]}', "Expected `array`"),
        ('{"edits": [{"edit": "PlaceHub", "place_id": "a", "kinds": [1]}]}', "in `kinds[0]`"),
        ('{"edits": [{"edit": "PlaceHub", "place_id": "a", "kinds": [], "x": 1}]}', "unknown field `x`"),
        ('{"edits": [{"edit": "PlaceHub", "lon_deg": true, "lat_deg": 1, "kinds": []}]}', "Expected `float"),
        ('{"edits": [{"edit": "PlaceHub", "lon_deg": 200, "lat_deg": 1, "kinds": []}]}', "<= 180"),
    ],
)
def test_a_bad_scenario_file_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(ScenarioError) as error:
        from_json(text)
    assert says in str(error.value)


def test_a_missing_scenario_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"gone\.json: there is no such file"):
        read_scenario(tmp_path / "gone.json")


def test_tables_keep_every_place_and_say_what_they_rest_on(world: World) -> None:
    after = apply(world, scenario(HUB_IN_WEST), KINDS)
    comparison = compared(world, after, "gp", BY_NAME["transit"])
    table = places_table([Compared("", "", world, after, [comparison])], with_legs=False).to_pandas()
    assert table["place_id"].tolist() == ["west", "mid", "east", "lone"]
    assert table["after_facility"].tolist() == ["Hub West", "Gp mid", "Gp mid", ""]
    assert table["before_s"].isna().tolist() == [False, False, False, True]
    assert set(table["service_date"]) == {"2026-10-06"}
    assert set(table["window"]) == {"09:00-10:00"}
    # Of the toy's layers only the timetable is modelled, and only modes that ride rest on it.
    assert set(table["modelled_layers"]) == {"timetable"}
    on_foot = times_table(world, [compared(world, after, "gp", BY_NAME["walk"]).before]).to_pandas()
    assert set(on_foot["modelled_layers"]) == {""}
    assert on_foot["travel_time_p50_s"].isna().all()
    assert on_foot["travel_time_s"].iloc[MID] == 0


def test_totals_in_one_line(world: World) -> None:
    after = apply(world, scenario(HUB_IN_WEST), KINDS)
    line = totals_line(compared(world, after, "gp", BY_NAME["walk"]), 600)
    assert "600 of 704 inhabitants within 10 min (before 200)" in line
    assert "Lone (not reached)" in line
