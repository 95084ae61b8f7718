"""The page "Where a hub?": its question in the link, its answer, what it says, and its searches in the background.

    Aa (1, has the GP) --- Bee (20) --- Cee (1,240)

By bike Bee is 20 minutes from Aa, and Cee reaches no GP now.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from accessibility.asked import modes_in
from accessibility.assumptions import Assumptions
from accessibility.travel_times import MODES
from accessibility.world import World
from data.errors import ScenarioError
from data.on_demand.services import NO_ON_DEMAND
from data.packed import unpacked
from data.parameters.uncertainty import load_ranges
from scenarios.comparison.compare import Comparison
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.placement import robustness
from scenarios.placement.incumbent import Step, TimeLimit, ignore_progress
from scenarios.placement.robustness import Variant, cases
from scenarios.placement.sites import place_sites
from scenarios.placement.solve import best_answer
from scenarios.placement.times import Times
from support.files import APP
from support.toys.app import opened as opened_without_network
from support.toys.app import over_toys, shown
from support.toys.ui import (
    CLOSED_GP,
    HUB_IN_BEE,
    HUB_NEAR_CEE,
    begin_at,
    toy_comparison,
    toy_times,
    toy_world,
    view_of,
)
from ui.pages.placement.actions import ADDED, MAP_KEY, NO_ANSWER, TOO_MANY, PlacementPage, click_on_map
from ui.pages.placement.weighing import case_table, count_table, trade_table
from ui.sentences.placement import (
    apart_sentence,
    bound_in_words,
    curve_sentence,
    gap_in_words,
    kept_sentences,
    left_out_sentence,
    others_sentence,
    placement_headline,
    progress_sentence,
    proof,
    travelling_sentences,
)
from ui.sentences.placement_weighing import case_words, robust_sentences, step_sentence, trade_sentence
from ui.state import cache, searches, session
from ui.state.background_job import Job
from ui.state.cached import forget_all
from ui.state.link import Choices, pack
from ui.views.edits import EditView
from ui.views.placement.answer import (
    Figures,
    Found,
    Part,
    PlacementView,
    figures,
    found_of,
    part_of,
)
from ui.views.placement.link import (
    MOST_NAMED,
    PlacementChoices,
    Who,
    placement_query,
    point_id,
    read_placement,
)
from ui.views.placement.question import (
    PageQuestion,
    Reach,
    modes_asked,
    numbered,
    said_value,
    spot_names,
    spot_sites,
    task_of,
    travellers,
    with_sites,
)
from ui.views.placement.weighing import (
    CaseView,
    CurvePoint,
    RobustView,
    Trade,
    curve,
    judged,
    robust_view,
    trades,
)
from ui.words.i18n import Texts, texts_in

NL, EN = texts_in("nl"), texts_in("en")
INF = float("inf")
PATIENT = TimeLimit(60.0, time.perf_counter, ignore_progress)
ASKED = PageQuestion("gp", "bike", 10, ("gp",), PlacementChoices(hubs=1))


def valley() -> World:
    """The toy region with the one number of its network that a question needs."""
    return replace(
        toy_world(), network=cast("Any", SimpleNamespace(assumptions=Assumptions(), on_demand=NO_ON_DEMAND))
    )


def valley_reach() -> Reach:
    """Own village 0 s; Aa - Bee 20 min, Bee - Cee 25 min, Aa - Cee 45 min. The GP in Aa is 2 min away in Aa itself."""
    seconds = np.array([[0.0, 1200.0, 2700.0], [1200.0, 0.0, 1500.0], [2700.0, 1500.0, 0.0]])
    return Reach(place_sites(valley(), 0.0), (), {"bike": Times(seconds, np.array([120.0, 1200.0, INF]))})


def asked(**changes: Any) -> PageQuestion:
    return replace(ASKED, chosen=replace(ASKED.chosen, **changes))


def answer_of(question: PageQuestion) -> Found:
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
        # Cee's 1,240 go to whichever hub there is: none may stand where it can take but 1,239.
        ({"hubs": 2, "most": 1_240}, {"Bee", "Cee"}),
        ({"hubs": 2, "most": 1_239}, set()),
        # Bee and Cee are 6.7 km apart, with 0.1 degree between them at 52.8 degrees north.
        ({"hubs": 2, "apart": 6}, {"Bee", "Cee"}),
        ({"hubs": 2, "apart": 7}, {"Cee"}),
    ],
)
def test_sites_follow_aim_and_conditions(changes: dict[str, Any], names: set[str]) -> None:
    found = answer_of(asked(**changes))
    assert {site.name for site in found.sites} == names
    assert found.gap_share == 0


def mixed_reach() -> Reach:
    """By bus nobody gets anywhere; by car everything is ten times as near as by bike."""
    bike = valley_reach().times["bike"]
    bus = Times(np.full((3, 3), INF), np.full(3, INF))
    car = Times(unpacked(bike.to_sites) / 10, bike.existing / 10)
    return replace(valley_reach(), times={"bike": bike, "transit": bus, "car": car})


def test_each_group_travels_in_its_own_way() -> None:
    question = asked(by="mix")
    carless, others = travellers(valley(), question, ("bike", "transit", "car"))
    # All are from 20 to 64, of whom 16 % have no car (data/parameters/behaviour.toml).
    # 16 % of 1, 20, 1,240 and, outside the region, 9,000: of the running totals 0, 3, 202 and 1,642.
    assert carless.asked.tolist() == [0, 3, 199, 1_440]
    assert (carless.asked + others.asked).tolist() == [1, 20, 1_240, 9_000]
    assert (carless.modes, others.modes) == (("bike", "transit"), ("bike", "transit", "car"))
    task = task_of(valley(), question, mixed_reach())
    assert task.demand.people.tolist() == [0, 3, 199, 1, 17, 1_041]
    # From Bee to Aa it takes 20 minutes by bike, 2 by car.
    assert task.demand.existing_s.tolist() == [120.0, 1_200.0, INF, 12.0, 120.0, INF]
    found = found_of(valley(), question, best_answer(task, PATIENT), is_quick=False)
    assert [(site.name, site.people) for site in found.sites] == [("Cee", 1_240)]
    # Those with a car are near Cee from Bee and Aa as well: 1,240 there, and 17 and 1 by car; the 3 in Bee are not.
    assert found.bound == 1_258


def test_of_people_without_a_car_only_they_are_asked_about() -> None:
    carless, others = travellers(valley(), asked(by="mix", who="without_car", least=10), ("bike", "car"))
    assert carless.asked.tolist() == [0, 3, 199, 1_440]
    assert others.asked.sum() == 0
    # ... but a hub lives of everybody.
    assert (carless.everybody + others.everybody).tolist() == [1, 20, 1_240, 9_000]
    assert len(travellers(valley(), asked(by="mix", who="without_car"), ("bike", "car"))) == 1


def test_of_several_modes_the_quickest_counts_in_the_figures() -> None:
    question = asked(by="mix")
    carless, others = travellers(valley(), question, ("bike", "car"))
    slow, both = toy_comparison(), toy_comparison()
    outcome = both.before
    quick = Comparison(
        replace(outcome, resident_times=toy_times((60.0, 60.0, 60.0, 60.0), (0, 0, 0, 0))), both.after
    )
    found = figures(valley(), question, [part_of(carless, [slow]), part_of(others, [slow, quick])])
    # Before, all with a car are within 10 minutes: 1 + 17 + 1,041; of those without one nobody, as 16 % of one person is none.
    assert (found.people, found.within_before) == (1_261, 1_059)


def test_clicked_spots_are_sites_with_a_name_of_their_own() -> None:
    spots = ((6.71, 52.8), (6.79, 52.81))
    assert spot_names(valley(), spots) == {"6.71000-52.80000": "Bee (1)", "6.79000-52.81000": "Cee (2)"}
    one = Reach(spot_sites(valley(), spots[:1]), (), {"bike": Times(np.full((1, 3), 60.0), np.full(3, INF))})
    other = Reach(spot_sites(valley(), spots[1:]), (("sites without a street near", 1),), one.times)
    known = numbered(with_sites(one, other), valley(), spots)
    assert known.sites.name == ("Bee (1)", "Cee (2)")
    assert known.sites.id == tuple(map(point_id, spots))
    assert known.times["bike"].to_sites.shape == (2, 3)
    assert known.left_out == (("sites without a street near", 1),)


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
    assert curve(task, asked(), replace(PATIENT, on_progress=lambda _step: False)) == ()


def parts(question: PageQuestion) -> list[Part]:
    """Who is asked about, with the made-up times by bike."""
    (people,) = travellers(valley(), question, ("bike",))
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


def test_a_shorter_longest_trip_costs_people_nearby() -> None:
    # With one hub, in Cee 1 + 1,240 are within 10 minutes and Bee has 20 minutes; in Bee 1 + 20, and Cee has 25. So Cee is best in both.
    (best,) = trades(task_of(valley(), asked(), valley_reach()), asked(), PATIENT)
    assert best == Trade(1_241, 1, 20.0, ("Cee",), is_proved=True)
    assert trade_sentence((best,), asked(), NL).startswith("Eén keuze is in beide de beste")
    found = (best, Trade(1_000, 1, 12.0, ("Bee",), is_proved=True))
    assert trade_sentence(found, asked(), NL) == (
        "Bij de keuze die de meeste mensen helpt, duurt de langste reis 20 minuten. Mag de langste reis niet meer dan 12 minuten "
        "duren, dan worden 241 inwoners minder geholpen."
    )
    unreached = replace(best, worst_min=None)
    assert "kan niet iedereen een huisarts bereiken" in trade_sentence((unreached, found[1]), asked(), NL)
    assert "Wat er ook wordt gekozen" in trade_sentence((unreached,), asked(), NL)
    assert trade_table(found, EN)["Hubs in"].tolist() == ["Cee", "Bee"]
    stopped = replace(PATIENT, on_progress=lambda _step: False)
    assert trades(task_of(valley(), asked(), valley_reach()), asked(), stopped) == ()


SEEN = tuple(cases(load_ranges(), MODES[:1], (2029, 2040)))


def robust_found(n_cases: int, regret: float) -> RobustView:
    """Cee in all cases, Bee instead of Aa in all but one, where the proposal of Aa and Cee is as good."""
    worse = CaseView(SEEN[-1], regret, ("Bee", "Cee"))
    same = CaseView(SEEN[1], 0.0, ("Aa", "Cee"))
    seen = (same, *[replace(worse, regret_share=0.005)] * (n_cases - 2), worse)
    counts = (("Cee", True, n_cases), ("Bee", False, n_cases - 1), ("Aa", True, 1))
    return RobustView(counts, seen, n_cases, n_cases - (regret > 0.01), n_cases)


def test_how_sure_a_proposal_is_is_told_in_whole_sentences() -> None:
    assert robust_sentences(robust_found(20, 0.034), NL) == (
        "In 19 van de 20 berekeningen is deze keuze de beste, of hooguit 1% slechter dan de beste.",
        "Op zijn slechtst is ze 3,40% slechter dan de beste: de inwoners van 2040.",
        "Cee staat in 20 van de 20 berekeningen bij de beste 2.",
        "Aa staat in 1 van de 20 berekeningen bij de beste 2.",
    )
    assert "In een ervan voldoet ze niet aan een voorwaarde: de inwoners van 2040." in robust_sentences(
        robust_found(20, INF), NL
    )
    early = replace(robust_found(5, 0.0), n_asked=20)
    assert "Er waren 20 berekeningen bedoeld; het zoeken is eerder gestopt." in robust_sentences(early, NL)
    nothing = RobustView((), (), 0, 0, 20)
    assert robust_sentences(nothing, EN) == ("The search was stopped before anything was known.",)
    one = replace(early, counts=(("Cee", True, 5),))
    assert "Cee is in 5 van de 5 berekeningen de beste plek." in robust_sentences(one, NL)


def test_tables_of_a_robust_choice() -> None:
    found = replace(robust_found(4, INF), n_asked=4)
    assert count_table(found, NL)["Bij de beste in"].tolist() == ["4 van de 4", "3 van de 4", "1 van de 4"]
    assert count_table(found, EN)["Proposed"].tolist() == ["yes", "no", "yes"]
    written = case_table(found, NL)
    assert written["Voorstel is slechter"].tolist() == ["0,00%", "0,50%", "0,50%", "kan dan niet"]
    unanswered = replace(found, cases=(CaseView(SEEN[0], None, ()),))
    assert case_table(unanswered, NL)["Voorstel is slechter"].tolist() == ["geen antwoord"]


def test_every_case_has_words_of_its_own() -> None:
    every = cases(load_ranges(), MODES, (2040,))
    said = [case_words(case, number, NL) for number, case in enumerate(every)]
    assert len(set(said)) == len(every) == 21
    assert said[0] == "de getallen waarmee hier overal wordt gerekend"
    assert "lopen op 85% van het tempo" in said
    assert "overstappen duurt 0,5 keer zo lang" in said
    assert "auto's op 110% van de snelheid" in said


def test_a_proposal_is_judged_in_every_case_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(valley(), asked(), valley_reach())
    # Later everybody lives in Bee: there a hub in Cee brings nobody near whom Aa's GP does not.
    moved = replace(task.demand, people=np.array([0.0, 1_261.0, 0.0]))
    told = [Variant("now", task.demand, (), ()), Variant("later", moved, (), ())]
    monkeypatch.setattr("ui.views.placement.weighing.variants", lambda *_: iter(told))
    again = (lambda world: world, lambda _world: task)
    found = robust_view(valley(), judged(task, ("cee",)), SEEN[:2], load_ranges(), again, PATIENT)
    assert found.counts == (("Bee", False, 1), ("Cee", True, 1))
    # In Cee none of Bee's people are within the limit, in Bee all are.
    assert [(case.regret_share, case.best) for case in found.cases] == [(0.0, ("Cee",)), (1.0, ("Bee",))]
    assert (found.n_answered, found.n_as_good, found.n_asked) == (2, 1, 2)
    assert found.worst == found.cases[1]
    stopped = replace(PATIENT, on_progress=lambda _step: False)
    none = robust_view(valley(), judged(task, ("cee",)), SEEN[:2], load_ranges(), again, stopped)
    assert (none.n_answered, none.cases, none.worst) == (0, (), None)


def test_what_the_visitor_changed_is_said_to_stay() -> None:
    assert kept_sentences((), NL) == ()
    kept = (HUB_IN_BEE, HUB_NEAR_CEE, CLOSED_GP, EditView("year", "", near=False, kinds=(), value="2030"))
    assert kept_sentences(kept, NL) == (
        "Uw 2 hubs blijven staan.",
        "De voorziening die u sluit, blijft dicht.",
        "Er telt nog 1 wijziging uit uw scenario mee.",
        "Wat hier wordt voorgesteld, komt daarbij; met \u2018nu\u2019 is bedoeld: met uw wijzigingen.",
    )
    assert kept_sentences((HUB_IN_BEE,), EN)[0] == "Your hub stays."


def test_a_mix_is_explained_and_a_single_mode_is_not() -> None:
    assert travelling_sentences(asked(), NL) == ()
    said = travelling_sentences(asked(by="mix"), NL)
    assert said[0].startswith("Iedereen die geen auto heeft, neemt de bus of de fiets")
    assert said[1] == "De kaart en de tabel met plaatsen gaan over \u00e9\u00e9n manier van reizen: fiets."
    assert "dezelfde hub" in apart_sentence(asked(by="mix"), NL)
    view = made_view(asked(by="mix"))
    assert view.rests_on == "mix"
    assert placement_headline(view, NL).endswith("binnen 10 minuten naar een huisarts reizen.")


def test_what_is_not_told_as_good_is_settled_or_not() -> None:
    found = made_view(asked()).found
    assert others_sentence(found, NL) == "Geen andere plek is zo goed: dat staat vast."
    assert others_sentence(replace(found, n_undecided=3), NL) == (
        "Van 3 andere plekken is niet zeker of ze net zo goed zijn."
    )


def test_progress_counts_calculations() -> None:
    assert step_sentence(Step(3.0, 8.0, 1.0), is_waiting=False, texts=NL) == (
        "Klaar: 3 van hooguit 8 berekeningen."
    )
    assert "Er loopt nog een andere" in step_sentence(None, is_waiting=True, texts=NL)


def made_view(
    question: PageQuestion, within: tuple[int, int] = (310, 1_550), **changes: Any
) -> PlacementView:
    """View with two proposed hubs and made-up figures."""
    hubs = tuple(PlaceHub(place_id=name, kinds=("gp",)) for name in ("bee", "cee"))
    found = Found(hubs, (), (), 0, 0, 270, 1_600.0, 0.032, 4.2, is_quick=True)
    made = Figures(5_000, within[0], within[1], 7.94, 6.21, 41.0, 25.0, worst_before="Aa", worst_after="Cee")
    design = view_of(*within, (HUB_IN_BEE, HUB_NEAR_CEE))
    return replace(PlacementView(question, found, made, design, ()), **changes)


@pytest.mark.parametrize(
    ("changes", "dutch", "english"),
    [
        (
            {},
            "Met hubs in Bee en bij Cee kunnen 1.240 inwoners meer dan nu binnen 10 minuten naar een huisarts fietsen.",
            "With hubs in Bee and near Cee, 1,240 inhabitants get a GP within 10 minutes by bike.",
        ),
        (
            {"who": "75plus"},
            "Met hubs in Bee en bij Cee kunnen 1.240 inwoners van 75 jaar of ouder meer dan nu binnen 10 minuten naar een huisarts fietsen.",
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
            "Met 2 hubs kan 31% van de inwoners zonder auto binnen 10 minuten naar een huisarts fietsen; nu is dat 6%.",
            "With 2 hubs, 31% of inhabitants without a car have a GP within 10 minutes by bike; now it is 6%.",
        ),
    ],
)
def test_the_headline_speaks_of_the_aim(changes: dict[str, Any], dutch: str, english: str) -> None:
    view = made_view(asked(**changes))
    assert placement_headline(view, NL) == dutch
    assert placement_headline(view, EN) == english


def test_one_person_is_singular_and_none_is_said_so() -> None:
    assert "kan 1 inwoner meer dan nu binnen" in placement_headline(made_view(asked(), (310, 311)), NL)
    assert "kan niemand meer dan nu binnen" in placement_headline(made_view(asked(), (310, 310)), NL)


def test_when_no_hub_is_needed_it_is_said() -> None:
    view = made_view(asked(aim="fewest"), (4_800, 4_800))
    none = replace(view, found=replace(view.found, hubs=()))
    assert (
        placement_headline(none, NL)
        == "Er is geen hub nodig: nu al kan 96% van alle inwoners binnen 10 minuten naar een huisarts fietsen."
    )


def test_the_proof_says_what_is_sure() -> None:
    found = made_view(asked()).found
    assert proof(asked(), found, NL) == (
        "Dit is een snel antwoord, gevonden in 4 seconden. Een andere keuze uit de 270 plekken kan beter zijn, maar "
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


def test_progress_curve_and_left_out_sites_are_told() -> None:
    assert "Er loopt nog een andere" in progress_sentence(None, is_waiting=True, texts=NL)
    assert (
        progress_sentence(Step(INF, 0.0, 1.0), is_waiting=False, texts=NL) == "De beste keuze wordt gezocht."
    )
    assert progress_sentence(Step(100.0, 97.0, 2.0), is_waiting=False, texts=NL) == (
        "Na 2 seconden zoeken is er een keuze gevonden. Een andere kan nog 3% beter zijn, meer niet."
    )
    points = tuple(CurvePoint(n, 500, 1_000 * n + 500, 9_000, 0.0) for n in range(1, 6))
    assert curve_sentence(points, asked(), NL) == (
        "Zo veel kunnen er meer dan nu binnen 10 minuten naar een huisarts fietsen: 1.000 inwoners met 1 hub, 3.000 inwoners met 3 hubs en 5.000 inwoners met 5 "
        "hubs."
    )
    assert left_out_sentence((("sites that have a hub already", 2),), NL) == (
        "Plekken die niet meedoen: 2 (er is al een hub)."
    )


def test_a_question_survives_its_link() -> None:
    spots = ((6.7, 52.8), (-68.25, 12.15))
    usual = ("75plus", "fewest", 7, 75, "village_hall", ("a", "b"), ("c",), 250, 40_000, 90_000, 2040)
    ask = PlacementChoices(*usual, "mix", spots, 2035, 900, 4)  # type: ignore[arg-type]
    assert read_placement(placement_query(ask)) == ask
    assert placement_query(PlacementChoices()) == {}


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
    assert read_placement(query) == PlacementChoices()


def test_searches_take_turns_and_can_be_stopped() -> None:
    go = Event()

    def patient(tell: Any) -> str:
        while tell(Step(2.0, 1.0, 0.0)):
            go.wait(0.01)
        return "best so far"

    first, second = Job("first", patient), Job("second", lambda _on_progress: "at once")
    first.start()
    while first.step is None:
        time.sleep(0.001)
    second.start()
    assert (first.is_waiting, second.is_waiting, second.is_over) == (False, True, False)
    first.stop()
    for job in (first, second):
        job.join(10.0)
    assert (first.result, second.result) == ("best so far", "at once")


def test_a_search_that_is_refused_keeps_the_reason() -> None:
    def refused(_tell: Any) -> None:
        raise ScenarioError("too little")

    job = Job("x", refused)
    job.start()
    job.join(10.0)
    assert (job.is_over, job.result, str(job.error)) == (True, None, "too little")


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> cache.WorkedOut:
    """Give the made-up times with any hub, those of now without."""
    del kind, mode
    both = toy_comparison()
    return cache.WorkedOut(world, both if scenario.edits else Comparison(both.before, both.before))


def opened(choices: Choices, texts: Texts) -> World:
    return replace(opened_without_network(choices, texts), network=valley().network)


def reached(asked: searches.Asked, texts: Texts) -> Reach:
    """Give the made-up times of the modes that are asked for."""
    del texts
    known, asked_modes = mixed_reach(), modes_asked(asked.question, modes_in(asked.region))
    walk = dict.fromkeys(asked_modes, known.times["bike"])
    return replace(known, times={mode: known.times.get(mode, walk[mode]) for mode in asked_modes})


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """Return the app at the page, over the made-up region."""
    over_toys(monkeypatch, tmp_path)
    monkeypatch.setattr(cache, "opened", opened)
    monkeypatch.setattr(cache, "worked_out", worked_out)
    monkeypatch.setattr(searches, "reached", reached)
    begin_at(monkeypatch, "waar-een-hub")
    yield AppTest.from_file(str(APP), default_timeout=60)
    forget_all()


def test_the_page_answers_before_anything_is_chosen(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    assert not app.exception
    assert not app.error
    assert (
        "Met een hub in Cee kunnen 1.260 inwoners meer dan nu binnen 10 minuten naar een huisarts fietsen."
        in shown(app)
    )
    assert app.table[0].value.index.tolist() == ["Cee"]


def test_choices_of_the_page_go_into_the_link(app: AppTest) -> None:
    app.run()
    app.selectbox(key="question-aim").select("worst").run()
    app.select_slider(key="question-hubs").set_value(1).run()
    app.multiselect(key="question-fixed").select("bee").run()
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
        "Met 1 hub kan 100% van alle inwoners binnen 10 minuten naar een huisarts fietsen; nu is dat 0%."
        in shown(app)
    )


def test_conditions_that_contradict_are_said_in_dutch(app: AppTest) -> None:
    app.query_params["fixed"], app.query_params["forbidden"] = "bee", "bee"
    app.run()
    assert [error.value for error in app.error] == [NL.say(NO_ANSWER)]
    assert "Er is geen keuze die aan alle voorwaarden voldoet." in shown(app)
    app.multiselect(key="question-forbidden").unselect("bee").run()
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
    app.button(key="placement-curve").click().run()
    app.session_state[session.STATE].of(PlacementPage).jobs["curve"].join(30.0)
    app.run()
    assert not app.exception
    # The 1,240 of Cee with one hub, those of Bee as well with two or three.
    assert app.table[-1].value["Meer dan nu"].tolist() == ["1.240", "1.260", "1.260"]
    # Another traveller has other times: the curve of the first is not hers.
    app.selectbox(key="choose-traveller").select("no_car").run()
    assert app.button(key="placement-curve").label == NL.say("Work out 1 to 10 hubs")


def several_of(app: AppTest, money: str, **more: str) -> AppTest:
    """Ask what hubs should offer for a budget, and wait for it."""
    app.query_params["hubs"], app.query_params["money"] = "1", money
    for name, value in more.items():
        app.query_params[name] = value
    app.run()
    app.button(key="placement-services").click().run()
    app.session_state[session.STATE].of(PlacementPage).jobs["services"].join(30.0)
    return app.run()


def test_what_a_hub_should_offer_is_worked_out_for_a_budget(app: AppTest) -> None:
    # 60,000 euros pay for a hub (30,000) and a pharmacy point (30,000), with room for the 1,240 of Cee. A GP for four hours
    # (27,600) would have room for 358 of them, and a shop costs too much beside a hub.
    several_of(app, "60000")
    assert not app.exception
    table = app.table[-1].value
    assert table.index.tolist() == ["Cee"]
    assert table["Apotheek"].tolist() == ["15 uur per week, 1 balie, voor 1.240 mensen"]
    assert table["Huisarts"].tolist() == table["Supermarkt"].tolist() == ["\u2013"]
    assert table["Euro per jaar"].tolist() == ["60.000"]
    assert "1 hub kost 60.000 euro per jaar; er is 60.000 euro." in shown(app)
    # The 20 of Bee lack a pharmacy as well.
    assert (
        "Nu kunnen 1.260 mensen niet binnen 10 minuten naar een apotheek fietsen; 1.240 van hen kunnen dat dan wel."
        in shown(app)
    )
    assert "Geen andere keuze helpt meer mensen: dat staat vast." in shown(app)


def test_what_hubs_offer_becomes_the_scenario(app: AppTest) -> None:
    several_of(app, "60000")
    app.button(key="placement-services-open").click().run()
    (hub,) = app.session_state[session.STATE].scenario.edits
    assert hub == PlaceHub(place_id="cee", kinds=("pharmacy",), cost_per_year=60_000)


def test_a_budget_that_buys_nothing_is_said_in_dutch(app: AppTest) -> None:
    several_of(app, "50000")
    assert not app.exception
    details = [text.value for text in app.text]
    assert any(
        "Voor € 50.000 per jaar is niets te krijgen: de goedkoopste hub met de goedkoopste voorziening kost € 57.600 per jaar."
        in text
        for text in details
    )


def test_services_of_a_link_that_no_hub_can_offer_are_the_usual_ones(app: AppTest) -> None:
    app.query_params["services"], app.query_params["money"] = "bakery", "5"
    app.run()
    assert not app.exception
    assert app.multiselect(key="question-services").value == ["gp", "pharmacy", "supermarket"]
    app.multiselect(key="question-services").unselect("gp").run()
    assert app.query_params["services"] in ("pharmacy,supermarket", ["pharmacy,supermarket"])


FORECAST = """
base_year = 2021

[[total]]
year = 2030
inhabitants = 631
origin = "modelled"
source = "made by hand: half of the 1,261 of now"
"""


@pytest.fixture
def planned(app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    """Return the app at the page, over the region with a forecast."""
    (tmp_path / "population.toml").write_text(FORECAST, encoding="utf-8")

    def with_forecast(choices: Choices, texts: Texts) -> World:
        world = opened(choices, texts)
        return replace(world, region=replace(world.region, folder=tmp_path))

    monkeypatch.setattr(cache, "opened", with_forecast)
    return app


def plan_of(app: AppTest, **more: str) -> AppTest:
    """Ask what comes first, and wait for it."""
    app.query_params["hubs"] = "1"
    for name, value in more.items():
        app.query_params[name] = value
    app.run()
    app.button(key="placement-plan").click().run()
    app.session_state[session.STATE].of(PlacementPage).jobs["plan"].join(30.0)
    return app.run()


def test_what_comes_first_is_worked_out_for_the_money_of_every_year(planned: AppTest) -> None:
    # 110,000 euros open one hub in 2027 (50,000 + 30,000), and a second beside it in 2028 (30,000 + 80,000): Cee, where most
    # people are, and then Bee. By 2027 two thirds of the 1,261 have a third fewer of the way to 631.
    plan_of(planned, yearly="110000")
    assert not planned.exception
    table = planned.table[-1].value
    assert table.index.tolist() == ["2027", "2028", "2029", "2030"]
    assert table["Wat er gebeurt"].tolist() == ["Hub in Cee", "Hub in Bee", "\u2013", "\u2013"]
    assert table["Uitgegeven, in euro"].tolist() == ["80.000", "110.000", "60.000", "60.000"]
    assert table["Binnen de reistijd"].tolist()[-1] == "631"
    text = shown(planned)
    assert "Eerst komt er een hub in Cee, in 2027. In 2030 zijn er 2 hubs." in text
    assert "Geen ander plan helpt meer mensen eerder: dat is bewezen." in text
    assert "Wie alleen naar 2030 kijkt, kiest even goed" in text
    assert "Wat in een jaar overblijft, vervalt." in text
    # The map is that of the last year until another one is chosen.
    assert (
        "In 2030 hebben 631 inwoners een huisarts binnen 10 minuten fietsen, van wie 630 dankzij de hubs."
        in text
    )
    planned.select_slider(key="placement-plan-year").set_value(2027).run()
    assert not planned.exception
    assert "In 2027 hebben" in shown(planned)


def test_a_plan_opens_in_design_as_a_scenario_with_years(planned: AppTest) -> None:
    plan_of(planned, yearly="110000", keep="1")
    assert "Wat in een jaar overblijft, wordt bewaard voor later." in shown(planned)
    planned.button(key="placement-plan-open").click().run()
    assert not planned.exception
    state = planned.session_state[session.STATE]
    assert [(edit.place_id, edit.from_year) for edit in state.scenario.edits] == [
        ("cee", 2027),
        ("bee", 2028),
    ]
    assert {edit.cost_per_year for edit in state.scenario.edits} == {30_000}
    assert state.page == "design"


def test_a_plan_is_for_the_years_that_are_chosen(planned: AppTest) -> None:
    plan_of(planned, yearly="110000", years_from="2028", years_to="2029")
    assert planned.table[-1].value.index.tolist() == ["2028", "2029"]
    # Other years are another plan, which nobody has asked for yet; they stand in the state, and so in the link.
    assert planned.selectbox(key="question-years_from").options == ["2027", "2028", "2029"]
    assert planned.selectbox(key="question-years_to").options == ["2028", "2029", "2030"]
    planned.selectbox(key="question-years_from").set_value(2027).run()
    planned.selectbox(key="question-years_to").set_value(2028).run()
    assert not planned.exception
    asked = planned.session_state[session.STATE].placement
    assert (asked.years_from, asked.years_to) == (2027, 2028)
    planned.button(key="placement-plan").click().run()
    planned.session_state[session.STATE].of(PlacementPage).jobs["plan"].join(30.0)
    planned.run()
    assert planned.table[-1].value.index.tolist() == ["2027", "2028"]


@pytest.mark.parametrize("years", [("2026", "2031"), ("2029", "2028"), ("x", "")])
def test_years_of_a_link_that_cannot_be_planned_are_the_usual_ones(
    planned: AppTest, years: tuple[str, str]
) -> None:
    plan_of(planned, yearly="110000", years_from=years[0], years_to=years[1])
    assert not planned.exception
    assert planned.table[-1].value.index.tolist() == ["2027", "2028", "2029", "2030"]


def test_hours_are_planned_where_time_is_the_aim(planned: AppTest) -> None:
    plan_of(planned, yearly="80000", aim="time")
    assert not planned.exception
    assert "Bespaarde uren" in planned.table[-1].value.columns
    assert "Als iedereen één keer naar een huisarts gaat, besparen de hubs" in shown(planned)


def test_a_plan_that_no_money_pays_for_is_refused_in_dutch(planned: AppTest) -> None:
    plan_of(planned, yearly="70000")
    assert not planned.exception
    said = "de goedkoopste hub kost € 80.000 in het eerste jaar, en in het beste jaar is er € 70.000."
    assert any(said in text.value for text in planned.text)


def test_without_a_forecast_or_in_a_year_there_is_nothing_to_plan(app: AppTest) -> None:
    app.run()
    assert "placement-plan" not in {button.key for button in app.button}


def test_what_an_exact_search_found_is_there_for_everybody(app: AppTest) -> None:
    app.run()
    of = searches.Asked(valley(), EMPTY, asked())
    job = searches.exact_job(of, NL)
    assert searches.exact_answer.known(of) is None
    job.start()
    job.join(30.0)
    found = searches.exact_answer.known(of)
    assert found is not None
    assert not found.is_quick
    assert [site.name for site in found.sites] == ["Cee"]


def test_the_proposal_opens_on_the_page_of_the_planner(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    app.button(key="placement-open").click().run()
    assert not app.exception
    state = app.session_state[session.STATE]
    assert state.scenario.edits[0].place_id == "cee"
    assert state.page == "design"


def test_a_hub_of_the_visitor_stays_and_the_proposal_is_added_to_it(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.query_params["s"] = pack(Scenario("Mine", "", (PlaceHub(place_id="bee", kinds=("gp",)),)))
    app.run()
    assert not app.exception
    assert "Uw hub blijft staan. Wat hier wordt voorgesteld, komt daarbij" in shown(app)
    app.button(key="placement-open").click().run()
    state = app.session_state[session.STATE]
    assert [edit.place_id for edit in state.scenario.edits] == ["bee", "cee"]
    assert state.scenario.name == "Mine"
    assert NL.say(ADDED) in [news.value for news in app.success]
    app.button(key="undo").click().run()
    assert [edit.place_id for edit in app.session_state[session.STATE].scenario.edits] == ["bee"]


def test_groups_distance_and_capacity_go_into_the_link(app: AppTest) -> None:
    app.run()
    app.toggle(key="question-by").set_value(True).run()
    app.number_input(key="question-apart").set_value(3).run()
    app.number_input(key="question-most").set_value(2_000).run()
    assert not app.exception
    query = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    assert query == {"by": "mix", "apart": "3", "most": "2000"}
    assert "Ieder met wat het snelst is" in shown(app)
    app.toggle(key="question-by").set_value(False).run()
    assert "by" not in app.query_params


def test_a_traveller_who_has_no_car_is_not_offered_a_mix_with_one(app: AppTest) -> None:
    app.query_params["by"], app.query_params["traveller"] = "mix", "75plus"
    app.run()
    assert not app.exception
    assert "question-by" not in [toggle.key for toggle in app.toggle]
    assert "by" not in app.query_params


@pytest.mark.parametrize("name", ["year", "later"])
def test_a_year_of_which_nothing_is_known_is_left_out(app: AppTest, name: str) -> None:
    # The made-up region has no forecast at all.
    app.query_params[name], app.query_params["least"] = "2040", "10"
    app.run()
    assert not app.exception
    assert not app.error
    assert name not in app.query_params


def test_clicked_spots_are_listed_and_can_be_taken_out(app: AppTest) -> None:
    app.query_params["points"], app.query_params["sites"] = "6.71:52.8,6.79:52.81", "points"
    app.query_params["fixed"] = "6.71000-52.80000"
    app.run()
    assert not app.exception
    spots = app.multiselect(key="question-points")
    assert spots.options == ["bij Bee (1)", "bij Cee (2)"]
    spots.unselect("6.71000-52.80000").run()
    # What must have a hub goes with the spot.
    assert app.session_state[session.STATE].placement.points == ((6.79, 52.81),)
    assert "fixed" not in app.query_params
    app.multiselect(key="question-points").unselect("6.79000-52.81000").run()
    assert app.session_state[session.STATE].placement.sites == "places"


def click(monkeypatch: pytest.MonkeyPatch, state: session.Visit, lng: float) -> None:
    """Click on the map of the page."""
    at = {"lng": lng, "lat": 52.800004, "id": None, "layer": None}
    monkeypatch.setattr(st, "session_state", {session.STATE: state, MAP_KEY: SimpleNamespace(click=at)})
    click_on_map()


def test_a_click_adds_a_spot_only_when_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    state = session.Visit()
    click(monkeypatch, state, 6.7)
    assert not state.placement.points
    state.of(PlacementPage).pointing = True
    click(monkeypatch, state, 6.7)
    click(monkeypatch, state, 6.7)
    assert list(state.placement.points) == [(6.7, 52.8)]
    for number in range(MOST_NAMED):
        click(monkeypatch, state, 6.8 + number / 100)
    assert len(state.placement.points) == MOST_NAMED
    assert state.message == session.Message(TOO_MANY, "")


def test_the_longest_trip_is_weighed_in_the_background(app: AppTest) -> None:
    app.query_params["hubs"] = "1"
    app.run()
    app.button(key="placement-trade").click().run()
    app.session_state[session.STATE].of(PlacementPage).jobs["trade"].join(30.0)
    app.run()
    assert not app.exception
    assert "Eén keuze is in beide de beste" in shown(app)
    assert app.table[-1].value.index.tolist() == ["20"]


def test_other_assumptions_are_tried_in_the_background(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "apply", lambda world, _scenario, _kinds: world)
    monkeypatch.setattr(searches, "reach_of", lambda *_: valley_reach())
    monkeypatch.setattr(robustness, "drawn", lambda world, _draw, _ranges: world)
    monkeypatch.setattr(robustness, "with_change_time", lambda world, _draw: world)
    app.query_params["hubs"] = "1"
    app.run()
    app.button(key="placement-robust").click().run()
    app.session_state[session.STATE].of(PlacementPage).jobs["robust"].join(30.0)
    app.run()
    assert not app.exception
    # By bike: as used, two paces on foot, modelled services elsewhere, and the drawn ones; nothing is known of later years.
    n_cases = 4 + load_ranges().runs
    assert f"Cee is in {n_cases} van de {n_cases} berekeningen de beste plek." in shown(app)
    assert len(app.table[-1].value) == n_cases
