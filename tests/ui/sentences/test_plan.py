"""Edits that hold from a year on, and plans over years, in words: what is not there yet is told in a list and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from support.toys.ui import CLOSED_GP, HUB_IN_BEE, toy_world
from ui.pages.placement.plan import plan_table
from ui.sentences.edits import edit_title, opening
from ui.sentences.placement_plan import plan_basis, plan_sentences, year_sentence
from ui.views.edits import edit_views
from ui.views.placement.link import PlacementChoices, placement_query, read_placement
from ui.views.placement.plan import PlanFound, PlanYear
from ui.views.placement.question import PageQuestion
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
ASKED = PageQuestion("gp", "bike", 10, ("gp",), PlacementChoices())
PLAN = Scenario(
    edits=(PlaceHub(place_id="bee", kinds=("gp",), from_year=2030), CloseFacility("gp-aa", from_year=2035))
)
FOUND = PlanFound(
    hubs=(PlaceHub(place_id="bee", kinds=("gp",), from_year=2027),),
    years=(
        PlanYear(2027, ("Bee",), (), 1300, 1240, 80_000),
        PlanYear(2028, (), (CLOSED_GP,), 1250, 1200, 30_000),
    ),
    budget=100_000,
    opening=50_000,
    cost=30_000,
    carries_over=False,
    rate=0.0225,
    gap_share=0.0,
    end=1250,
    lost_greedy=0.05,
    lost_ordered=0.02,
)


def test_a_change_says_from_which_year_it_holds() -> None:
    dated = replace(HUB_IN_BEE, from_year=2030)
    assert (edit_title(dated, NL), edit_title(dated, EN)) == (
        "Hub in Bee, vanaf 2030",
        "Hub in Bee, from 2030",
    )
    assert edit_title(HUB_IN_BEE, NL) == "Hub in Bee"


def test_what_does_not_hold_yet_is_listed_and_not_said() -> None:
    views = edit_views(toy_world(), PLAN.at(2031))
    assert [(view.action, view.from_year, view.holds) for view in views] == [
        ("hub", 2030, True),
        ("closure", 2035, False),
        ("year", None, True),
    ]
    assert opening(views, NL) == "Met een hub in Bee en met de bevolking van 2031"
    # Without a year it is the end of the plan.
    assert opening(edit_views(toy_world(), PLAN), NL) == "Met een hub in Bee en zonder GP Aa"


def test_a_plan_is_told_with_what_looking_at_the_end_would_lose() -> None:
    first, brings, sure, end = plan_sentences(FOUND, ASKED, NL)
    assert first == "Eerst komt er een hub in Bee, in 2027. In 2028 is er 1 hub."
    assert brings == (
        "Dankzij de hubs krijgen 1.240 inwoners in 2027 een huisarts binnen 10 minuten fietsen, en 1.200 inwoners in 2028."
    )
    assert sure == "Geen ander plan helpt meer mensen eerder: dat is bewezen."
    assert end == (
        "Wie alleen naar 2028 kijkt, kiest hubs die dan goed zijn voor 1.250 inwoners, tegen 1.200 inwoners met dit plan. "
        "Maar tot die tijd leveren die hubs 2,00% minder op in hun beste volgorde, en 5,00% minder als steeds eerst de hub komt die "
        "meteen het meeste helpt."
    )
    unsure = plan_sentences(replace(FOUND, gap_share=0.013, end=None), ASKED, EN)
    assert unsure[2:] == ("Another plan may bring 1.30% more at most.",)
    assert "Elk jaar telt 2,25% minder dan het jaar ervoor." in plan_basis(FOUND, NL)
    assert "cars per household stay as they are. What is left of a year is kept" in plan_basis(
        replace(FOUND, carries_over=True), EN
    )


def test_a_plan_without_hubs_says_so() -> None:
    (said,) = plan_sentences(replace(FOUND, hubs=()), ASKED, EN)
    assert said == "No hub is planned: nobody would be nearer to a GP because of one."


def test_the_time_line_has_a_row_for_each_year() -> None:
    table = plan_table(FOUND, EN)
    assert table.reset_index().to_numpy().tolist() == [
        ["2027", "Hub in Bee", "1,300", "1,240", "80,000"],
        ["2028", "Closed: GP Aa", "1,250", "1,200", "30,000"],
    ]
    assert year_sentence(FOUND.years[0], ASKED, EN) == (
        "In 2027 1,300 inhabitants have a GP within 10 minutes by bike, of whom 1,240 because of the hubs."
    )


@pytest.mark.parametrize(
    ("query", "yearly", "keep"),
    [({"yearly": "80000", "keep": "1"}, 80_000, 1), ({"yearly": "-1", "keep": "2"}, 0, 0), ({}, 0, 0)],
)
def test_the_money_of_a_plan_is_in_the_link(query: dict[str, str], yearly: int, keep: int) -> None:
    chosen = read_placement(query)
    assert (chosen.yearly, chosen.keep) == (yearly, keep)
    assert placement_query(chosen) == (query if yearly else {})
