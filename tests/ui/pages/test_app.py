"""The whole app, run as Streamlit runs it but without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from accessibility.world import World
from data.errors import RegionError
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import Scenario
from support.files import APP
from support.toys.app import over_toys, shown
from support.toys.ui import begin_at
from ui.pages.village.actions import CORRECTED, NOTHING_CHOSEN
from ui.pages.village.view import UNKNOWN_VILLAGE
from ui.state import cache, session
from ui.state.cached import forget_all
from ui.state.link import Choices, pack
from ui.widgets.tables import TableFilter
from ui.words.i18n import Texts, texts_in

NL = texts_in("nl")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """Return the app over the made-up region."""
    over_toys(monkeypatch, tmp_path)
    yield AppTest.from_file(str(APP), default_timeout=60)
    forget_all()


@pytest.fixture
def design(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the app at the page of the planner."""
    begin_at(monkeypatch, "ontwerp")
    return app


def close_gp(app: AppTest) -> None:
    """Close the one GP of the made-up region."""
    app.selectbox(key="tool").select("close").run()
    app.selectbox(key="close").select("gp-aa").run()


def test_the_first_screen_holds_a_whole_answer_in_dutch(design: AppTest) -> None:
    app = design
    app.run()
    assert not app.exception
    assert not app.error
    assert "1 van de 1.261 inwoners (0%) kan binnen 10 minuten naar een huisarts fietsen." in shown(app)
    assert len(app.dataframe[0].value) == 3
    # Besides the map the page asks the browser which scenarios of the library are its own.
    names = [component.proto.component_name for component in app.get("bidi_component")]
    assert names == ["dorpshub_map", "dorpshub_owner_keys"]


def test_a_link_brings_language_choices_and_scenario(design: AppTest) -> None:
    app = design
    app.query_params["lang"] = "en"
    app.query_params["limit"] = "10"
    app.query_params["s"] = pack(Scenario("", "", (PlaceHub(place_id="bee", kinds=("gp",)),)))
    app.run()
    assert "With a hub in Bee, 1,260 more inhabitants can get to a GP within 10 minutes by bike." in shown(
        app
    )


def test_a_damaged_link_is_explained_and_the_page_still_works(design: AppTest) -> None:
    app = design
    app.query_params["s"] = "damaged"
    app.run()
    assert [error.value for error in app.error] == [NL.say(session.BAD_LINK)]
    assert "Klik op de kaart" in shown(app)


def test_a_scenario_of_another_region_is_refused_in_words(design: AppTest) -> None:
    app = design
    app.query_params["s"] = pack(Scenario("", "", (CloseFacility("elsewhere"),)))
    app.run()
    assert [error.value for error in app.error] == [NL.say(session.BAD_LINK)]
    assert "s" not in app.query_params


def test_closing_undoing_and_removing_change_the_link_and_the_sentence(design: AppTest) -> None:
    app = design
    app.run()
    close_gp(app)
    assert "Zonder GP Aa" in shown(app)
    assert "s" in app.query_params
    app.button(key="undo").click().run()
    assert "Zonder GP Aa" not in shown(app)
    close_gp(app)
    app.button(key="remove-0").click().run()
    assert "Zonder GP Aa" not in shown(app)
    app.button(key="undo").click().run()
    assert "Zonder GP Aa" in shown(app)


def test_a_saved_scenario_can_be_opened_again(design: AppTest) -> None:
    app = design
    app.run()
    scenario = Scenario("Test", "", (PlaceHub(place_id="bee", kinds=("gp",)),))
    app.file_uploader[0].upload("test.json", to_json(scenario).encode(), "application/json").run()
    assert not app.error
    assert "Met een hub in Bee" in shown(app)
    assert app.text_input(key="name").value == "Test"


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"[]",
        b"\xff\xfe",
        b'{"edits": [{"edit": "BuildTower"}]}',
        b'{"edits": [{"edit": "CloseFacility", "facility_id": "x"}]}',
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_words(design: AppTest, content: bytes) -> None:
    app = design
    app.run()
    app.file_uploader[0].upload("test.json", content, "application/json").run()
    assert [error.value for error in app.error] == [NL.say(session.BAD_FILE)]
    assert "Klik op de kaart" in shown(app)
    assert not app.exception


def test_the_name_of_the_first_page_leads_to_it_with_the_link_whole(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_at(monkeypatch, "mijn-dorp")
    app.query_params["place"] = "cee"
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    assert app.selectbox(key="choose-place").value == "cee"
    assert app.session_state[session.STATE].page == "village"
    assert app.session_state[session.STATE].choices.lang == "en"


def test_choices_go_into_the_link(design: AppTest) -> None:
    app = design
    app.run()
    app.selectbox(key="choose-mode").select("transit").run()
    app.select_slider(key="choose-limit").set_value(30).run()
    assert app.query_params["mode"] in ("transit", ["transit"])
    assert app.query_params["limit"] in ("30", ["30"])


def test_the_language_can_be_switched_and_all_else_stays(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The link still holds the old language while the switch is handled; the names of the pages must not follow it.
    begin_at(monkeypatch, "ontwerp")
    app.query_params["limit"] = "30"
    app.run()
    app.session_state["language"] = "en"
    app.session_state[session.STATE].choices = Choices(lang="en", limit=30)
    app.session_state[session.STATE].acted = True
    titles: list[str] = []
    real = st.Page

    def noted(page: Callable[[], None], *, title: str, **more: Any) -> object:
        titles.append(title)
        return real(page, title=title, **more)

    monkeypatch.setattr(st, "Page", noted)
    app.run()
    assert titles[0] == "My village"
    assert "About the data" in titles
    assert "inhabitants" in shown(app)
    assert "inwoners" not in shown(app)
    assert app.select_slider(key="choose-limit").value == 30


def test_an_error_a_visitor_can_mend_is_shown_as_it_is(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_choices: Choices, _texts: Texts) -> World:
        raise RegionError("region.toml: the field 'title' is missing.")

    monkeypatch.setattr(cache, "opened", broken)
    app.run()
    assert [error.value for error in app.error] == ["region.toml: the field 'title' is missing."]
    assert not app.exception


def test_our_own_mistake_is_never_a_traceback(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_choices: Choices, _texts: Texts) -> World:
        raise ZeroDivisionError

    monkeypatch.setattr(cache, "opened", broken)
    app.run()
    assert "ligt aan ons" in app.error[0].value
    assert not app.exception


def test_the_village_page_answers_at_once_and_follows_the_choice(app: AppTest) -> None:
    # Of Aa, Bee and Cee, Cee is the one nearest in size to a usual village; by bike it reaches no GP now.
    app.run()
    assert not app.exception
    assert app.selectbox(key="choose-place").value == "cee"
    app.selectbox(key="choose-place").select("bee").run()
    assert "Vanuit Bee is de huisarts 20 minuten fietsen" in shown(app)
    assert app.query_params["place"] in ("bee", ["bee"])


def test_one_click_tries_a_change_out_and_another_keeps_it(app: AppTest) -> None:
    app.query_params["place"] = "bee"
    app.run()
    app.button(key="what-if-hub").click().run()
    assert (
        "Met een hub in Bee is vanuit Bee de huisarts 3 minuten fietsen (nu 20 minuten) en de supermarkt 3 minuten fietsen (nu 20 minuten)."
        in shown(app)
    )
    assert app.query_params["what_if"] in ("hub", ["hub"])
    assert app.session_state[session.STATE].scenario.edits == ()
    app.button(key="what-if-keep").click().run()
    assert [type(edit).__name__ for edit in app.session_state[session.STATE].scenario.edits] == ["PlaceHub"]
    assert "Met een hub in Bee" in shown(app)
    app.button(key="what-if-back").click().run()
    assert "Met een hub in Bee" not in shown(app)


def test_a_correction_becomes_an_edit_with_its_note(app: AppTest) -> None:
    app.query_params["place"] = "bee"
    app.run()
    app.selectbox(key="correct").select("gp-aa")
    app.text_input(key="correct-note").input("dicht sinds mei")
    app.button(key="FormSubmitter:correction-Bewaar de correctie").click().run()
    scenario = app.session_state[session.STATE].scenario
    assert scenario.edits == (CloseFacility("gp-aa"),)
    assert scenario.note == "gp-aa: dicht sinds mei"
    assert [told.value for told in app.success] == [NL.say(CORRECTED)]


def test_a_correction_of_nothing_asks_what_has_closed(app: AppTest) -> None:
    app.query_params["place"] = "bee"
    app.run()
    app.button(key="FormSubmitter:correction-Bewaar de correctie").click().run()
    assert [told.value for told in app.error] == [NL.say(NOTHING_CHOSEN)]
    assert app.session_state[session.STATE].scenario.edits == ()


def test_what_a_link_says_that_is_unknown_is_told(app: AppTest) -> None:
    app.query_params["place"], app.query_params["mode"] = "atlantis", "hovercraft"
    app.run()
    # The village is told last; both are not silently another one.
    assert [told.value for told in app.error] == [NL.say(UNKNOWN_VILLAGE)]
    assert "atlantis" in [text.value for text in app.text]
    app.query_params["place"], app.query_params["mode"] = "bee", "rocket"
    app.run()
    assert [told.value for told in app.error] == [NL.say(session.UNKNOWN_WORDS)]
    assert "mode=rocket" in [text.value for text in app.text]


def test_a_mistake_is_written_down_for_whoever_keeps_the_data(app: AppTest) -> None:
    app.query_params["place"] = "bee"
    app.run()
    app.text_input(key="report-told").input("de winkel is *dicht*").run()
    letter = next(text.value for text in app.text if "Dorp: Bee (M)" in text.value)
    assert "Het gaat over: GP Aa" in letter
    assert "Het moet zijn: de winkel is *dicht*" in letter
    # This region gives no address: the text can be copied.
    assert "mailto:" not in shown(app)


def test_the_guide_is_for_a_first_visit_and_can_be_closed(app: AppTest) -> None:
    app.run()
    app.button(key="guide-next").click().run()
    app.button(key="guide-close").click().run()
    assert [button.key for button in app.button if str(button.key).startswith("guide")] == []


def test_a_visitor_who_comes_by_a_link_gets_no_guide(app: AppTest) -> None:
    app.query_params["place"] = "bee"
    app.run()
    assert [button.key for button in app.button if str(button.key).startswith("guide")] == []


def test_a_traveller_without_a_bike_gets_the_bus(design: AppTest) -> None:
    design.run()
    design.selectbox(key="choose-traveller").select("75plus").run()
    assert design.selectbox(key="choose-mode").value == "transit"
    assert "voor iemand van 75 jaar of ouder te voet" in shown(design)
    design.selectbox(key="choose-hours").select("17-19").run()
    assert design.query_params["hours"] in ("17-19", ["17-19"])


def test_the_page_for_councillors_needs_nothing_set(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_at(monkeypatch, "vergelijk")
    app.query_params["s"] = pack(Scenario("", "", (PlaceHub(place_id="bee", kinds=("gp",)),)))
    app.run()
    assert not app.exception
    assert not app.error
    assert "1.260 inwoners gaan erop vooruit" in shown(app)
    assert not app.info


def test_without_a_scenario_councillors_see_an_example(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_at(monkeypatch, "vergelijk")
    app.run()
    assert not app.error
    assert "voorbeeld" in app.info[0].value
    assert "s" not in app.query_params


def test_scenarios_are_compared_beside_each_other(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_at(monkeypatch, "vergelijk")
    one, other = (Scenario(name, "", (PlaceHub(place_id=name, kinds=("gp",)),)) for name in ("bee", "cee"))
    app.query_params["s"], app.query_params["others"] = pack(one), pack(other)
    app.run()
    assert not app.error
    maps_drawn = [each.proto.component_name for each in app.get("bidi_component")]
    assert maps_drawn.count("dorpshub_map") == 2
    # Both gain the same in the made-up comparison; the page tells of the one that is chosen, all else stays.
    assert "Alle scenario's helpen evenveel mensen: bij elk gaan er 1.260 op vooruit." in unescape(shown(app))
    assert "<b>A</b><small>bee</small>" in shown(app)
    assert "Met een hub in Bee kunnen" in shown(app)
    app.segmented_control(key="choose-letter").select("B").run()
    assert "Met een hub in Cee kunnen" in shown(app)
    assert "Met een hub in Bee kunnen" not in shown(app)
    assert app.query_params["letter"] in ("B", ["B"])


def test_what_is_picked_on_the_map_is_ticked_in_the_table_and_marked_on_the_curve(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_at(monkeypatch, "vergelijk")
    app.run()
    assert app.dataframe[-1].value["Plaats"].tolist()[-1] == "Aa"  # nothing changes there
    state = app.session_state[session.STATE]
    state.of(TableFilter).picked = state.of(TableFilter).on_top = (0,)
    app.run()
    assert app.dataframe[-1].value["Plaats"].tolist()[0] == "Aa"
    marked = json.loads(app.get("vega_lite_chart")[0].proto.spec)["layer"][2]["data"]["values"]
    # Two minutes before and after.
    assert [(spot["name"], spot["when"], spot["Minuten"]) for spot in marked] == [
        ("Aa", "Nu", 2.0),
        ("Aa", "Straks", 2.0),
    ]


def about_page() -> None:
    """Draw the page about the data, as a script of its own."""
    from dataclasses import replace as replaced  # noqa: PLC0415

    from data.build_report import finding as a_finding  # noqa: PLC0415
    from support.toys.ui import toy_world as a_world  # noqa: PLC0415
    from ui.pages.data.page import render  # noqa: PLC0415
    from ui.words.i18n import texts_in as texts_of  # noqa: PLC0415

    report = a_finding("places", "assumed", "inhabitants unknown", ["aa", "bee"])
    render(replaced(a_world(), report=report), texts_of("en"))


def test_the_page_about_the_data_lists_sources_and_findings() -> None:
    app = AppTest.from_function(about_page, default_timeout=60).run()
    assert not app.exception
    sources, findings = app.table[2].value, app.dataframe[0].value
    assert sources["Origin"].tolist() == ["modelled", "modelled", "observed"]
    assert findings["How often"].tolist() == [2]
    assert findings["For example"].tolist() == ["aa, bee"]


def test_a_name_filters_the_table_and_its_file_on_every_page(design: AppTest) -> None:
    app = design
    app.run()
    app.text_input(key="places-text").set_value("be").run()
    assert app.dataframe[0].value["Plaats"].tolist() == ["Bee"]
    assert "U ziet 1 van de 3 plaatsen. In de download staat alleen deze plaats." in [
        told.value for told in app.caption
    ]
    names = [button.proto.label for button in app.get("download_button")]
    assert "Download deze plaatsen (CSV met puntkomma's)" in names
    # Another choice on the page draws everything anew; the name stays.
    close_gp(app)
    assert app.text_input(key="places-text").value == "be"
    assert app.dataframe[0].value["Plaats"].tolist() == ["Bee"]
    assert "be" not in app.query_params.values()
    app.text_input(key="places-text").set_value("").run()
    assert len(app.dataframe[0].value) == 3


def test_a_name_that_no_place_has_is_said_in_words(design: AppTest) -> None:
    app = design
    app.run()
    app.text_input(key="places-text").set_value("Amsterdam").run()
    assert not app.exception
    assert len(app.dataframe) == 0
    assert [told.value for told in app.info] == [
        "Geen enkele plaats past bij deze keuze. Maak het zoekvak leeg, of kies alle, om weer alle 3 plaatsen te zien."
    ]


def test_who_gains_can_be_seen_apart_once_something_changes(design: AppTest) -> None:
    app = design
    app.run()
    assert "places-which" not in [group.key for group in app.segmented_control]
    app.query_params["s"] = pack(Scenario("", "", (PlaceHub(place_id="bee", kinds=("gp",)),)))
    app.run()
    app.segmented_control(key="places-which").set_value("better").run()
    # Bee is quicker, Cee is reached for the first time; Aa stays at two minutes.
    assert app.dataframe[0].value["Plaats"].tolist() == ["Cee", "Bee"]
    app.segmented_control(key="places-which").set_value("worse").run()
    assert len(app.dataframe) == 0
