"""From the outcome of a scenario to plain minutes and persons."""

from __future__ import annotations

import pytest

from scenarios.comparison.compare import Change
from scenarios.edits.facilities import ChangeCapacity, CloseFacility, MoveFacility, PlaceHub
from scenarios.edits.people import ChangeYear, DigitalContacts
from scenarios.edits.scenario import Scenario
from support.toys.ui import INF, row, toy_view, toy_world
from ui.views.design import basis_of, minutes
from ui.views.edits import edit_views, nearest_place


def test_infinity_is_none_and_seconds_are_minutes() -> None:
    assert minutes(INF) is None
    assert minutes(90.0) == 1.5


@pytest.mark.parametrize(
    ("before", "after", "change", "difference"),
    [
        (9.0, 8.01, "same", -0.99),
        (9.0, 8.0, "shorter", -1.0),
        (8.0, 9.0, "longer", 1.0),
        (None, 3.0, "won", None),
        (3.0, None, "lost", None),
        (None, None, "never", None),
    ],
)
def test_a_change_of_a_minute_counts(
    before: float | None, after: float | None, change: Change, difference: float | None
) -> None:
    place = row(before, after)
    assert place.change == change
    assert place.difference_min == (None if difference is None else pytest.approx(difference))


def test_the_view_counts_the_region_only() -> None:
    # Within 10 minutes: before only Aa (1); after Aa, Bee at 3 and Cee at 9 minutes (1 + 20 + 1,240). Elders is outside.
    view = toy_view()
    assert [place.name for place in view.rows] == ["Aa", "Bee", "Cee"]
    assert (view.within_before, view.within_after, view.inhabitants) == (1, 1_261, 1_261)
    assert view.inhabitants_with("won") == 1_240
    assert view.inhabitants_with("shorter", "won") == 1_260


def test_a_row_says_where_people_go_and_why_not() -> None:
    cee = toy_view().rows[2]
    assert (cee.before_min, cee.after_min) == (None, 9.0)
    assert (cee.facility_before, cee.facility_after) == ("", "GP Aa")


def test_edits_get_names_and_positions() -> None:
    scenario = Scenario(
        "",
        "",
        (
            PlaceHub(place_id="bee", kinds=("gp",)),
            PlaceHub(lon_deg=6.79, lat_deg=52.81, kinds=("gp",)),
            CloseFacility("gp-aa"),
        ),
    )
    in_bee, near_cee, closed = edit_views(toy_world(), scenario)
    assert (in_bee.name, in_bee.near, near_cee.name, near_cee.near) == ("Bee", False, "Cee", True)
    assert (closed.action, closed.name, closed.kinds) == ("closure", "GP Aa", ("gp",))
    assert [edit.lon_deg for edit in (in_bee, near_cee, closed)] == pytest.approx([6.7, 6.79, 6.6], abs=5e-4)


def test_an_edit_may_be_about_what_the_scenario_itself_brings() -> None:
    hub = PlaceHub(place_id="bee", kinds=("gp",))
    scenario = Scenario("", "", (hub, MoveFacility(facility_id=hub.hub_id, place_id="cee")))
    placed, moved = edit_views(toy_world(), scenario)
    # The hub is called after where it ends up, in both.
    assert (placed.action, placed.name) == ("hub", "Cee")
    assert placed.lon_deg == pytest.approx(6.8, abs=5e-4)
    assert (moved.action, moved.value, moved.name, moved.kinds) == ("move", "Hub Cee", "Cee", ("gp",))


def test_edits_of_people_stand_nowhere_on_the_map() -> None:
    scenario = Scenario("", "", (ChangeYear(2040), DigitalContacts("gp", 0.3), ChangeCapacity("gp-aa", 2.5)))
    year, online, size = edit_views(toy_world(), scenario)
    assert (year.value, year.lon_deg) == ("2040", None)
    assert (online.value, online.kinds) == ("0.3", ("gp",))
    assert (size.name, size.value) == ("GP Aa", "2.5")


def test_the_nearest_place_may_lie_outside_the_region() -> None:
    assert nearest_place(toy_world(), 6.95, 52.8) == "Elders"


def test_the_basis_leaves_out_what_a_mode_does_not_use() -> None:
    assert [layer.layer for layer in basis_of(toy_world(), "bike").layers] == ["places"]
    assert [layer.layer for layer in basis_of(toy_world(), "transit").layers] == ["places", "timetable"]
