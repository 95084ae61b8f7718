"""The page "Where a hub?": its question in the link, its answer, what it says, and its searches in the background.

    Aa (1, has the GP) --- Bee (20) --- Cee (1,240)

By bike Bee is 20 minutes from Aa, and Cee reaches no GP now.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_ui_app import APP, shown, with_scenario
from test_ui_app import opened as opened_without_network
from ui_toys import HUB_IN_BEE, HUB_NEAR_CEE, begin_at, toy_comparison, toy_world, view_of

from accessibility.assumptions import Assumptions
from accessibility.world import World
from data.errors import ScenarioError
from data.on_demand import NOTHING_BOOKED
from scenarios.edits import PlaceHub, Scenario
from scenarios.evaluate import Comparison
from scenarios.placement import best_answer
from scenarios.placement_search import Patience, Step, never_told
from scenarios.placement_sites import place_sites
from scenarios.placement_times import Times
from ui import acts, ready, searched, session
from ui import asked as asked_for
from ui.i18n import Texts, texts_in
from ui.links import Choices
from ui.where_acts import NO_ANSWER
from ui.where_ask import Ask, Who, ask_query, read_ask
from ui.where_notes import left_out_sentence
from ui.where_search import Search
from ui.where_sentences import (
    bound_in_words,
    curve_sentence,
    gap_in_words,
    progress_sentence,
    proof,
    where_headline,
)
from ui.where_task import Question, Reach, said_value, task_of, travellers
from ui.where_views import CurvePoint, Figures, Found, Part, WhereView, curve, figures, found_of, part_of

NL, EN = texts_in("nl"), texts_in("en")
INF = float("inf")
PATIENT = Patience(60.0, time.perf_counter, never_told)
ASKED = Question("gp", "bike", 10, ("gp",), Ask(hubs=1))


def valley() -> World:
    """The toy region with the one number of its network that a question needs."""
    return replace(
        toy_world(), network=cast("Any", SimpleNamespace(assumptions=Assumptions(), booked=NOTHING_BOOKED))
    )


def valley_reach() -> Reach:
    """Own village 0 s; Aa - Bee 20 min, Bee - Cee 25 min, Aa - Cee 45 min. The GP in Aa is 2 min away in Aa itself."""
    seconds = np.array([[0.0, 1200.0, 2700.0], [1200.0, 0.0, 1500.0], [2700.0, 1500.0, 0.0]])
    return Reach(place_sites(valley(), 0.0), (), {"bike": Times(seconds, np.array([120.0, 1200.0, INF]))})


def asked(**changes: Any) -> Question:
    return replace(ASKED, ask=replace(ASKED.ask, **changes))


def answer_of(question: Question) -> Found:
    answer = best_answer(task_of(valley(), question, valley_reach()), PATIENT)
    return found_of(valley(), question, answer, is_quick=False)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        # 1,240 people in Cee come within 10 minutes; one in Aa is there already, Bee has 20.
        ({}, {"Cee"}),
        ({"hubs": 2}, {"Bee", "Cee"}),
        ({"aim": "time"}, {"Cee"}),
        # The longest trip is that of Cee with a hub in Aa or Bee (25 min), of Bee (20 min) with one in Cee.
        ({"aim": "worst"}, {"Cee"}),
        # 1 + 1,240 of 1,261 is 98 %: one hub does for 90 %, not for 100 %.
        ({"aim": "fewest", "share": 90}, {"Cee"}),
        ({"aim": "fewest", "share": 100}, {"Bee", "Cee"}),
        ({"fixed": ("bee",), "hubs": 1}, {"Bee"}),
        ({"forbidden": ("cee",)}, {"Bee"}),
        # Two hubs at 100 euros each are more than the budget.
        ({"hubs": 2, "cost": 100, "budget": 150}, {"Cee"}),
        # Bee is the nearest for 20 people only.
        ({"hubs": 2, "least": 100}, {"Cee"}),
    ],
)
def test_sites_follow_aim_and_conditions(changes: dict[str, Any], names: set[str]) -> None:
    found = answer_of(asked(**changes))
    assert {site.name for site in found.sites} == names
    assert found.gap_share == 0


def test_conditions_that_contradict_are_refused() -> None:
    with pytest.raises(ScenarioError):
        answer_of(asked(least=5_000))


def test_an_answer_tells_sites_people_and_bound() -> None:
    found = answer_of(asked())
    assert [(site.name, site.people) for site in found.sites] == [("Cee", 1_240)]
    assert found.hubs == (PlaceHub(place_id="cee", kinds=("gp",)),)
    assert found.bound == 1_241
    # By time: 1 x 120 s in Aa, 20 x 1,200 s in Bee, 0 in Cee: 24,120 s for 1,261 people.
    task = task_of(valley(), asked(aim="time"), valley_reach())
    assert said_value(task, 24_120.0) == pytest.approx(24_120 / 1_261 / 60)
    assert answer_of(asked(aim="worst")).bound == 20.0


def test_a_curve_has_a_point_for_each_number_and_never_falls() -> None:
    task = task_of(valley(), asked(cost=100), valley_reach())
    points = curve(task, asked(cost=100), PATIENT)
    # Only Aa is within 10 minutes now.
    assert [(point.hubs, point.now, point.people, point.most) for point in points] == [
        (1, 1, 1_241, 1_241),
        (2, 1, 1_261, 1_261),
        (3, 1, 1_261, 1_261),
    ]
    assert [point.euros for point in points[:2]] == [100.0, 200.0]


def test_a_curve_ends_when_it_is_told_to() -> None:
    task = task_of(valley(), asked(), valley_reach())
    assert curve(task, asked(), replace(PATIENT, tell=lambda _step: False)) == ()


def parts(question: Question) -> list[Part]:
    """Who is asked about, with the made-up times by bike."""
    (people,) = travellers(valley(), question, ("bike",), 0)
    return [part_of(people, [toy_comparison()])]


def test_figures_count_the_people_asked_about() -> None:
    # Before 2, 20 and no minutes, after 2, 3 and 9; the mean is over those who reach one before: (1 x 2 + 20 x 20) / 21.
    found = figures(valley(), asked(), parts(asked()))
    assert (found.people, found.within_before, found.within_after) == (1_261, 1, 1_261)
    assert (found.worst_before_min, found.worst_before) == (None, "Cee")
    assert (found.worst_after_min, found.worst_after) == (9.0, "Cee")
    assert found.mean_before_min == pytest.approx(402 / 21)
    assert found.mean_after_min == pytest.approx(62 / 21)
    # Nobody in the toy region is 75 or older.
    old = figures(valley(), asked(who="75plus"), parts(asked(who="75plus")))
    assert (old.people, old.within_after, old.mean_after_min) == (0, 0, None)


def made_view(question: Question, within: tuple[int, int] = (310, 1_550), **changes: Any) -> WhereView:
    """View with two proposed hubs and made-up figures."""
    hubs = tuple(PlaceHub(place_id=name, kinds=("gp",)) for name in ("bee", "cee"))
    found = Found(hubs, (), (), 0, 0, 270, 1_600.0, 0.032, 4.2, is_quick=True)
    made = Figures(5_000, within[0], within[1], 7.94, 6.21, 41.0, 25.0, worst_before="Aa", worst_after="Cee")
    design = view_of(*within, (HUB_IN_BEE, HUB_NEAR_CEE))
    return replace(WhereView(question, found, made, design, ()), **changes)


@pytest.mark.parametrize(
    ("changes", "dutch", "english"),
    [
        (
            {},
            "Met hubs in Bee en bij Cee krijgen 1.240 inwoners een huisarts binnen 10 minuten fietsen.",
            "With hubs in Bee and near Cee, 1,240 inhabitants get a GP within 10 minutes by bike.",
        ),
        (
            {"who": "75plus"},
            "Met hubs in Bee en bij Cee krijgen 1.240 inwoners van 75 jaar of ouder een huisarts binnen 10 minuten fietsen.",
            "With hubs in Bee and near Cee, 1,240 inhabitants of 75 and older get a GP within 10 minutes by bike.",
        ),
        (
            {"aim": "time"},
            "Met hubs in Bee en bij Cee duurt de reis naar de huisarts voor alle inwoners gemiddeld 6,2 minuten; nu is dat 7,9.",
            "With hubs in Bee and near Cee, the trip to the GP takes all inhabitants 6.2 minutes on average; now it is 7.9.",
        ),
        (
            {"aim": "worst"},
            "Met hubs in Bee en bij Cee duurt de langste reis naar de huisarts 25 minuten, vanuit Cee; nu is dat 41 minuten, vanuit Aa.",
            "With hubs in Bee and near Cee, the longest trip to the GP is 25 minutes, from Cee; now it is 41 minutes, from Aa.",
        ),
        (
            {"aim": "fewest", "who": "without_car"},
            "Met 2 hubs heeft 31% van de inwoners zonder auto een huisarts binnen 10 minuten fietsen; nu is dat 6%.",
            "With 2 hubs, 31% of inhabitants without a car have a GP within 10 minutes by bike; now it is 6%.",
        ),
    ],
)
def test_the_headline_speaks_of_the_aim(changes: dict[str, Any], dutch: str, english: str) -> None:
    view = made_view(asked(**changes))
    assert where_headline(view, NL) == dutch
    assert where_headline(view, EN) == english


def test_one_person_is_singular_and_none_is_said_so() -> None:
    assert "krijgt 1 inwoner een huisarts" in where_headline(made_view(asked(), (310, 311)), NL)
    assert "komt er niemand bij" in where_headline(made_view(asked(), (310, 310)), NL)


def test_when_no_hub_is_needed_it_is_said() -> None:
    view = made_view(asked(aim="fewest"), (4_800, 4_800))
    none = replace(view, found=replace(view.found, hubs=()))
    assert (
        where_headline(none, NL)
        == "Er is geen hub nodig: nu al heeft 96% van alle inwoners een huisarts binnen 10 minuten fietsen."
    )


def test_the_proof_says_what_is_sure() -> None:
    found = made_view(asked()).found
    assert proof(asked(), found, NL) == (
        "Dit is een snel antwoord, gevonden in 4 seconden. Een andere keuze uit de 270 plekken kan beter zijn, maar hooguit 4%: "
        "meer dan 1.600 inwoners binnen 10 minuten kan niet."
    )
    assert proof(asked(), replace(found, gap_share=0.0), NL) == (
        "Dit staat vast: geen andere keuze uit de 270 plekken is beter. Het zoeken duurde 4 seconden."
    )
    assert "nog niet bekend" in proof(asked(aim="fewest"), replace(found, bound=-INF, gap_share=INF), NL)
    assert "nog beter" in proof(asked(), replace(found, is_quick=False), NL)


@pytest.mark.parametrize(
    ("aim", "dutch"),
    [
        ("within", "meer dan 7 inwoners binnen 10 minuten kan niet"),
        ("time", "gemiddeld minder dan 6,8 minuten kan niet"),
        ("worst", "een langste reis onder 6,8 minuten kan niet"),
        ("fewest", "met minder dan 7 hubs kan het niet"),
    ],
)
def test_a_bound_is_told_in_the_terms_of_the_aim(aim: str, dutch: str) -> None:
    assert bound_in_words(asked(aim=aim), 6.8, NL) == dutch


def test_a_gap_is_rounded_up() -> None:
    assert [gap_in_words(share, NL) for share in (0.0004, 0.011, 0.5)] == ["1%", "2%", "50%"]
    assert gap_in_words(INF, EN) == "an unknown share"


def test_progress_curve_and_left_out_sites_are_told() -> None:
    assert "Er loopt nog een andere" in progress_sentence(None, is_waiting=True, texts=NL)
    assert (
        progress_sentence(Step(INF, 0.0, 1.0), is_waiting=False, texts=NL) == "De beste keuze wordt gezocht."
    )
    assert progress_sentence(Step(100.0, 97.0, 2.0), is_waiting=False, texts=NL) == (
        "Het zoeken is bezig: na 2 seconden kan een andere keuze hooguit 3% beter zijn."
    )
    points = tuple(CurvePoint(n, 500, 1_000 * n + 500, 9_000, 0.0) for n in range(1, 6))
    assert curve_sentence(points, asked(), NL) == (
        "Zo veel krijgen een huisarts binnen 10 minuten fietsen: 1.000 inwoners met 1 hub, 3.000 inwoners met 3 hubs en 5.000 inwoners met 5 "
        "hubs."
    )
    assert left_out_sentence((("sites that have a hub already", 2),), NL) == (
        "Plekken die niet meedoen: 2 (er is al een hub)."
    )


def test_a_question_survives_its_link() -> None:
    spots = ((6.7, 52.8), (-68.25, 12.15))
    usual = ("75plus", "fewest", 7, 75, "village_hall", ("a", "b"), ("c",), 250, 40_000, 90_000, 2040)
    ask = Ask(*usual, "mix", spots, 2035, 900, 4)  # type: ignore[arg-type]
    assert read_ask(ask_query(ask)) == ask
    assert ask_query(Ask()) == {}


@pytest.mark.parametrize(
    "query",
    [
        {"who": "nobody", "aim": "war", "sites": "moon", "hubs": "11", "share": "33"},
        {"hubs": "-1", "least": "9" * 400, "cost": "1e9", "budget": "\u0664", "year": "9999"},
        {"fixed": "x" * 101, "forbidden": ","},
        {"by": "rocket", "points": "6.7:52.8,here", "later": "soon", "most": "-5", "apart": "51"},
        {"points": "6.7:95.0"},
        {"points": "\u0666.7:52.8"},
        {"points": "6.7:52.8;" * 99},
    ],
)
def test_a_hostile_question_is_the_default(query: dict[str, str]) -> None:
    assert read_ask(query) == Ask()


def test_searches_take_turns_and_can_be_stopped() -> None:
    lock, go = Lock(), Event()

    def patient(tell: Any) -> str:
        while tell(Step(2.0, 1.0, 0.0)):
            go.wait(0.01)
        return "best so far"

    first, second = Search("first", patient, lock), Search("second", lambda _tell: "at once", lock)
    first.start()
    while first.last is None:
        time.sleep(0.001)
    second.start()
    assert (first.is_waiting, second.is_waiting, second.is_over) == (False, True, False)
    first.stop()
    for search in (first, second):
        search.join(10.0)
    assert (first.found, second.found) == ("best so far", "at once")


def test_a_search_that_is_refused_keeps_the_reason() -> None:
    def refused(_tell: Any) -> None:
        raise ScenarioError("too little")

    search = Search("x", refused, Lock())
    search.start()
    search.join(10.0)
    assert (search.is_over, search.found, str(search.error)) == (True, None, "too little")


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> ready.WorkedOut:
    """Give the made-up times with any hub, those of now without."""
    del kind, mode
    both = toy_comparison()
    return ready.WorkedOut(world, both if scenario.edits else Comparison(both.before, both.before))


def opened(choices: Choices, texts: Texts) -> World:
    return replace(opened_without_network(choices, texts), network=valley().network)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """Return the app at the page, over the made-up region."""
    st.cache_resource.clear()
    for module in (session, acts, asked_for):
        monkeypatch.setattr(module, "opened", opened)
    for module in (asked_for, ready, searched):
        monkeypatch.setattr(module, "worked_out", worked_out)
    for module in (asked_for, ready, searched):
        monkeypatch.setattr(module, "with_scenario", with_scenario)
    monkeypatch.setattr(searched, "reached", lambda *_: valley_reach())
    monkeypatch.setattr(ready, "LIBRARY", tmp_path / "library.sqlite")
    monkeypatch.setattr("ui.maps.main_roads", lambda _world: [])
    monkeypatch.setattr("ui.maps.service_stops", lambda _world: [])
    monkeypatch.setattr("ui.tool_panel.line_names", lambda _world: ())
    begin_at(monkeypatch, "waar-een-hub")
    yield AppTest.from_file(str(APP), default_timeout=60)
    st.cache_resource.clear()


def test_the_page_answers_before_anything_is_chosen(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    assert not app.exception
    assert not app.error
    assert "Met een hub in Cee krijgen 1.260 inwoners een huisarts binnen 10 minuten fietsen." in shown(app)
    assert app.table[0].value.index.tolist() == ["Cee"]


def test_choices_of_the_page_go_into_the_link(app: AppTest) -> None:
    app.run()
    app.selectbox(key="ask-aim").select("worst").run()
    app.select_slider(key="ask-hubs").set_value(1).run()
    app.multiselect(key="ask-fixed").select("bee").run()
    assert not app.error
    query = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    assert query == {"aim": "worst", "hubs": "1", "fixed": "bee"}
    assert app.table[0].value.index.tolist() == ["Bee"]


def test_as_few_hubs_as_will_do_are_found_at_once(app: AppTest) -> None:
    # Swaps do not find a set that reaches a share; 1 + 1,240 of 1,261 people is 98 %.
    app.query_params["aim"], app.query_params["share"] = "fewest", "95"
    app.run()
    assert not app.error
    assert (
        "Met 1 hub heeft 100% van alle inwoners een huisarts binnen 10 minuten fietsen; nu is dat 0%."
        in shown(app)
    )


def test_conditions_that_contradict_are_said_in_dutch(app: AppTest) -> None:
    app.query_params["fixed"], app.query_params["forbidden"] = "bee", "bee"
    app.run()
    assert [error.value for error in app.error] == [NL.say(NO_ANSWER)]
    assert "Er is geen keuze die aan alle voorwaarden voldoet." in shown(app)
    app.multiselect(key="ask-forbidden").unselect("bee").run()
    assert not app.error


@pytest.mark.parametrize("who", ["all", "75plus", "without_car"])
def test_the_page_can_be_read_in_english(app: AppTest, who: Who) -> None:
    app.query_params["lang"], app.query_params["who"], app.query_params["hubs"] = "en", who, "1"
    app.run()
    assert not app.exception
    assert "inwoners" not in shown(app)


def test_a_curve_is_worked_out_in_the_background_and_drawn(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    app.button(key="where-curve").click().run()
    search = app.session_state[session.STATE].curve
    search.join(30.0)
    app.run()
    assert not app.exception
    # The 1,240 of Cee with one hub, those of Bee as well with two or three.
    assert app.table[-1].value["Meer dan nu"].tolist() == ["1.240", "1.260", "1.260"]


def test_what_an_exact_search_found_is_there_for_everybody(app: AppTest) -> None:
    app.run()
    search = searched.exact_search(valley(), asked(), NL)
    assert searched.best_known(valley(), asked()) is None
    search.start()
    search.join(30.0)
    found = searched.best_known(valley(), asked())
    assert found is not None
    assert not found.is_quick
    assert [site.name for site in found.sites] == ["Cee"]


def test_the_proposal_opens_on_the_page_of_the_planner(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    app.button(key="where-open").click().run()
    assert not app.exception
    state = app.session_state[session.STATE]
    assert state.scenario.edits[0].place_id == "cee"
    assert state.page == "design"
