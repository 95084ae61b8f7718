"""How far people come, as the pages show it: on the toy valley (drawn in toys/region.py), 2 km on foot being 25 minutes.

People: West 400 (50 of 75 or older), Mid 200 (25), East 100 (10), Lone 4 (2).
"""

from __future__ import annotations

import pytest
import shapely

from accessibility.asked import mode_of
from accessibility.nearest_times import origin_access
from accessibility.reach.times import Direction, Ground, ground_of
from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from network.transit.departures import Window
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Edit, Scenario
from support.toys.region import lonlat, write_toy_region
from ui.map.layers import with_areas
from ui.map.legend import BETTER_COLOURS, MINUTE_COLOURS, SAME_COLOUR, WORSE_COLOURS
from ui.sentences.reach import reach_basis, reach_sentence
from ui.views.reach import ReachView, reach_view, target_at, target_names
from ui.views.reach_link import AT_A_TIME, Reaching, reach_query, read_reaching, unknown_reaching
from ui.words.i18n import texts_in

DUTCH, ENGLISH = texts_in("nl"), texts_in("en")
NO_PLACES = {"places": {"type": "FeatureCollection", "features": [{"properties": {"colour": "#000"}}]}}


def ground(world: World, mode: TravelMode, direction: Direction) -> Ground:
    residents = origin_access(world.network, world.residents, mode, world.window)
    return ground_of(world, mode, residents, direction)


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("reach") / "valley"))


def view_of(
    world: World,
    target: str,
    *edits: Edit,
    mode: str = "walk",
    reading: str = "",
    window: Window | None = None,
    direction: Direction = "to",
) -> ReachView:
    after = apply(world, Scenario(edits=edits), load_facility_kinds()) if edits else world
    worlds, by = (world, after), mode_of(world, mode)
    grounds = (ground(world, by, direction), ground(after, by, direction))
    return reach_view(worlds, grounds, direction, target, window or world.window, reading, (5, 10, 30), 30)


def colours(view: ReachView, show: str) -> list[str]:
    data = with_areas(NO_PLACES, view, show)  # type: ignore[arg-type]
    assert data["places"]["features"][0]["properties"]["colour"] == SAME_COLOUR
    return [feature["properties"]["colour"] for feature in data["areas"]["features"]]


def test_people_before_and_after_are_the_same_without_changes(valley: World) -> None:
    view = view_of(valley, "gp-0")
    assert [(row.within_min, row.before, row.after, row.after_75plus) for row in view.rows] == [
        (5, 200, 200, 25),
        (10, 200, 200, 25),
        (30, 700, 700, 85),
    ]
    assert reach_sentence(view, ENGLISH) == (
        "Within 30 minutes on foot, 700 inhabitants can be at Gp mid; 85 of them are 75 or older."
    )
    assert colours(view, "before") == colours(view, "after") == list(MINUTE_COLOURS[:3])
    assert reach_basis(view, ENGLISH).startswith("On foot, for an adult")


def test_bands_lie_beside_each_other_and_hold_the_places(valley: World) -> None:
    near, middle, far = view_of(valley, "gp-0").after
    assert near.contains(shapely.Point(*lonlat("mid")))
    assert far.contains(shapely.Point(*lonlat("west")))
    for one, other in ((near, middle), (middle, far), (near, far)):
        assert one.intersection(other).area < 1e-12


def test_a_hub_that_is_new_and_a_service_that_closes_say_so(valley: World) -> None:
    hub = PlaceHub(place_id="west", kinds=("gp",))
    hub_id = next(
        id_
        for id_ in apply(valley, Scenario(edits=(hub,)), load_facility_kinds()).facilities.id
        if "hub" in id_
    )
    placed = view_of(valley, hub_id, hub)
    assert (placed.row.before, placed.row.after) == (0, 600)
    assert reach_sentence(placed, ENGLISH).endswith("Now it is not there yet.")
    assert (colours(placed, "before"), colours(placed, "difference")) == ([], [BETTER_COLOURS[1]])
    closed = view_of(valley, "gp-0", CloseFacility("gp-0"))
    assert (closed.row.before, closed.row.after) == (700, 0)
    assert reach_sentence(closed, DUTCH) == (
        "Met deze wijzigingen is Gp mid er niet meer. Nu zijn dat er 700, van wie 85 75 of ouder."
    )
    assert (colours(closed, "after"), colours(closed, "difference")) == ([], [WORSE_COLOURS[1]])


def test_by_bus_a_departure_or_a_reading_is_told(valley: World) -> None:
    at_nine = view_of(valley, "supermarket-1", mode="transit", reading="at", window=Window(9 * 3600, 60, 1))
    assert at_nine.reading == "09:00"
    assert at_nine.row.after == 700
    assert "als ze om 9.00 uur vertrekken" in reach_sentence(at_nine, DUTCH)
    assert "leaving at 9:00" in reach_basis(at_nine, ENGLISH)
    worst = view_of(valley, "supermarket-1", mode="transit", reading="worst")
    # Who has just missed the bus in Mid walks 25 minutes; West waits 29 minutes and rides 8.
    assert worst.row.after == 300
    assert "if the bus has just been missed" in reach_sentence(worst, ENGLISH)
    assert "departures 9:00 to 10:00" in reach_basis(worst, ENGLISH)


def test_from_a_place_it_is_told_where_one_gets(valley: World) -> None:
    # From West one is in Mid after 4 minutes and in East after 8, with the bus of 9:00.
    at_nine = Window(9 * 3600, 60, 1)
    view = view_of(valley, "west", mode="transit", reading="at", window=at_nine, direction="from")
    assert [(row.within_min, row.after) for row in view.rows] == [(5, 600), (10, 700), (30, 700)]
    assert reach_sentence(view, DUTCH) == (
        "Binnen 30 minuten reizen met bus of trein komt u vanaf West bij de huizen van 700 inwoners als u om 9.00 uur vertrekt; "
        "85 van hen zijn 75 of ouder."
    )


@pytest.mark.parametrize(
    "chosen",
    [
        Reaching(),
        Reaching("to"),
        Reaching("from", "gp-0", "worst"),
        Reaching("from", "west", AT_A_TIME, 9 * 3600 + 600),
    ],
)
def test_what_is_shown_travels_in_the_link(chosen: Reaching) -> None:
    query = reach_query(chosen)
    assert read_reaching(query) == chosen
    assert unknown_reaching(query) == ()
    assert bool(query) == bool(chosen.direction)


def test_what_a_link_says_wrongly_is_as_usual_and_said() -> None:
    query = {"reach": "up", "reach_of": "west", "reach_when": "9:03"}
    assert read_reaching(query) == Reaching(target="west")
    assert unknown_reaching(query)[0] == "reach=up"
    # The slider goes by ten minutes.
    assert unknown_reaching({"reach": "to", "reach_when": "09:03"}) == ("reach_when=09:03",)


def test_a_click_takes_the_nearest_and_far_from_all_nothing(valley: World) -> None:
    assert target_at(valley, "gp", *lonlat("west")) == "west"
    assert target_at(valley, "gp", *lonlat("mid")) == "gp-0"
    assert target_at(valley, "gp", 6.0, 52.0) == ""
    assert list(target_names(valley, "gp")) == ["gp-0", "east", "lone", "mid", "west"]


def test_an_unknown_place_is_refused(valley: World) -> None:
    with pytest.raises(InputError, match="There must be one place called 'nowhere'"):
        view_of(valley, "nowhere")
