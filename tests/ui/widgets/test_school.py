"""In time at school, on the pages: chosen like hours, told of a village and of the region; the valley is drawn in toys/region.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from accessibility.world import World, open_world
from data.parameters.school_days import SCHOOL_DAYS
from network.transit.departures import Window
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import Scenario
from support.toys.app import app_over
from support.toys.region import lonlat, write_toy_region
from support.toys.ui import begin_at
from ui.sentences.school import basis_sentence, region_sentences, village_sentences
from ui.state import cache
from ui.state.cached import forget_all
from ui.state.link import Choices, pack, read_choices, to_query
from ui.views.design import as_departures, basis_of, departures_of
from ui.views.school import region_school, village_school
from ui.widgets.school import moves_table
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
KIND = "primary_school"
CLOSED = Scenario("", "", (CloseFacility("school-west"),))
WEST, LONE = 0, 3


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy valley with a school in West, where 30 pupils were counted, and one in East whose pupils nobody counted."""
    region = write_toy_region(tmp_path_factory.mktemp("regions") / "valley")
    with (region / "facilities.csv").open("a") as file:
        for spot, pupils in (("west", 30), ("east", 1)):
            lon, lat = lonlat(spot)
            file.write(f"school-{spot},{KIND},School {spot},{lon},{lat},{pupils},observed\n")
    return region


@pytest.fixture
def world(valley: Path) -> World:
    forget_all()
    return open_world(valley, lambda _step, _share: None)


def test_a_village_is_told_who_goes_to_school_and_how(world: World) -> None:
    # As in tests/scenarios/school: 40 pupils, 25 of them younger than nine, all beside the school; without it 15 minutes by bike
    # and an hour on foot.
    view = village_school(cache.school_answer(world, CLOSED, KIND), WEST)
    assert village_sentences(view, NL) == (
        "In West wonen ongeveer 40 leerlingen voor de basisschool.",
        "Voor de meesten is School west het dichtstbij; gemiddeld is het minder dan een minuut fietsen.",
        "25 van hen zijn jonger dan 9 jaar en fietsen niet alleen: lopend binnen 15 minuten 25, gebracht 0. Zelf op de fiets: 15.",
        "Met deze wijzigingen: meer dan 15 minuten fietsen voor 40 van de 40 leerlingen (nu 0), gebracht: 25 (nu 0).",
        "Dan kunnen van wie zo ver moet er 0 met bus of trein op school zijn voor de bel, sneller dan lopend.",
        "Voor de meesten is School east dan het dichtstbij; gemiddeld is het 15 minuten fietsen.",
    )
    assert "Leeftijden en bel zijn aangenomen" in basis_sentence(view.basis, NL)
    assert "5 minutes before the bell of 8:30" in basis_sentence(view.basis, EN)


def test_a_village_without_children_is_told_so(world: World) -> None:
    view = village_school(cache.school_answer(world, Scenario(), KIND), LONE)
    assert village_sentences(view, NL) == ("In Lone wonen geen leerlingen van deze leeftijd.",)


def test_the_region_is_told_who_moves_and_where_the_bell_comes_before_the_bus(world: World) -> None:
    view = region_school(cache.school_answer(world, CLOSED, KIND))
    assert region_sentences(view, NL) == (
        "Voor 40 van de 68 leerlingen is de basisschool meer dan 15 minuten fietsen; nu is dat zo voor 0.",
        "Jonger dan 9 jaar, meer dan 15 minuten lopen, en dus gebracht: 38 van de leerlingen; nu 12.",
        "60 leerlingen krijgen een andere dichtstbijzijnde school.",
        (
            "Bij 1 van de 1 scholen met een halte in de buurt gaat de bel voordat de eerste bus er is: "
            "School east (bel 8.30 uur, eerste bus 9.08 uur)."
        ),
        "Op de scholen van het gebied zijn 30 leerlingen geteld; volgens deze cijfers zouden het er 60 zijn.",
    )
    table = moves_table(view, NL).reset_index()
    # The 20 of Mid are 7.6 minutes from either, the 40 of West 0 and 15.2: 2.5 and 12.7 minutes on average.
    assert table.to_numpy().tolist() == [["School west", "School east", "60", "30", "3 min", "13 min"]]


def test_to_be_in_time_is_chosen_in_place_of_hours(world: World) -> None:
    assert read_choices({"hours": "school"}) == Choices(hours="school")
    assert to_query(Choices(hours="school"), Scenario())["hours"] == "school"
    window = cache.school_window(world, "gp")
    # Five minutes before half past eight; trips there and back are those of the hour before.
    assert window == Window(30_300, 60, 1, arrives=True)
    assert departures_of(window) == Window(26_700, 60, 60)
    assert departures_of(world.window) == world.window
    basis = as_departures(basis_of(world, "transit"))
    assert (basis.window_start, basis.arrives) == (32_400, False)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, valley: Path) -> Iterator[AppTest]:
    with app_over(monkeypatch, tmp_path, valley) as app:
        yield app


def shown(app: AppTest) -> str:
    assert not app.exception
    assert [error.value for error in app.error] == []
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_the_pages_tell_of_school_when_one_must_be_in_time(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.query_params.update({"hours": "school", "traveller": "pupil", "place": "west", "s": pack(CLOSED)})
    page = shown(app.run())
    assert "In West wonen ongeveer 40 leerlingen" in page
    assert "aankomst uiterlijk 8.25 uur, vertrek zo laat mogelijk" in page
    assert "op school om 8.25 uur" in app.selectbox(key="choose-hours").options[-1]
    assert [element.value for element in app.subheader if "school" in element.value] == ["Op tijd op school"]
    begin_at(monkeypatch, "vergelijk")
    page = shown(app.run())
    assert "60 leerlingen krijgen een andere dichtstbijzijnde school." in page


def test_one_click_closes_the_school_of_the_village(app: AppTest) -> None:
    app.query_params.update({"hours": "school", "place": "west"})
    app.run()
    app.button(key="what-if-close-primary_school").click()
    page = shown(app.run())
    assert "meer dan 15 minuten fietsen voor 40 van de 40 leerlingen (nu 0)" in page


def test_nothing_is_told_of_school_where_it_is_not_asked(app: AppTest) -> None:
    app.query_params.update({"place": "west", "kind": "gp"})
    assert "leerlingen" not in shown(app.run())


def test_a_table_of_bells_that_cannot_be_used_is_told(app: AppTest, valley: Path) -> None:
    own = valley / SCHOOL_DAYS.name
    own.write_text("[[kind]]\nkind = 1\n")
    try:
        app.run()
        (error,) = app.error
        assert SCHOOL_DAYS.name in error.value.replace("\\", "")
    finally:
        own.unlink()
