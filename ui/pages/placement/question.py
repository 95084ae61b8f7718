"""The question of the page "Where a hub?": what everybody chooses, and folded away what few people need."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from data.parameters.behaviour import load_behaviour
from scenarios.placement.question import last_year, tells_year
from ui.pages.placement import actions
from ui.pages.placement.actions import PlacementPage
from ui.sentences.placement import AIM_WORDS, SITE_WORDS, WHO_WORDS
from ui.state import session
from ui.views.design import hub_kinds
from ui.views.placement.link import (
    AIMS,
    LEAST_EUROS,
    MOST_APART_KM,
    MOST_EUROS,
    MOST_HUBS,
    MOST_NAMED,
    MOST_PEOPLE,
    SHARES_PCT,
    SITE_LISTS,
    WHO,
    PlacementChoices,
)
from ui.views.placement.question import PageQuestion, may_mix, site_list, spot_names
from ui.widgets.controls import pick_kind_and_mode, pick_limit
from ui.widgets.inputs import select, toggle, whole_number
from ui.words.i18n import Texts

CONDITIONS = ("by", "points", "fixed", "forbidden", "apart", "least", "most", "cost", "budget", "year")
"""What is folded away as long as nothing of it is asked."""


def draw(world: World, question: PageQuestion, texts: Texts) -> None:
    """Draw what can be asked; what few people need is folded away."""
    chosen, say = question.chosen, texts.say
    with st.container(key="placement-question"):
        pick_kind_and_mode(hub_kinds(world), modes_in(world), session.visit().choices, texts)
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            _choose(say("For whom"), "who", {who: say(WHO_WORDS[who]) for who in WHO}, chosen.who)
        with right:
            _choose(say("What matters most"), "aim", {aim: say(AIM_WORDS[aim]) for aim in AIMS}, chosen.aim)
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            _how_many(question, texts)
        with right:
            here = {"places", *world.facilities.kind, *(("points",) if chosen.points else ())}
            lists = {name: say(SITE_WORDS[name]) for name in SITE_LISTS if name in here}
            _choose(say("Where hubs may stand"), "sites", lists, chosen.sites)
        pick_limit(question.limit_min, texts)
        with st.expander(say("More conditions"), expanded=_has_conditions(question)):
            _conditions(world, question, texts)


def _has_conditions(question: PageQuestion) -> bool:
    usual = PlacementChoices()
    return any(getattr(question.chosen, name) != getattr(usual, name) for name in CONDITIONS)


def _choose(label: str, name: str, words: dict[Any, str], chosen: str | int) -> None:
    select(label, words, chosen, f"question-{name}", actions.choose, name)


def _how_many(question: PageQuestion, texts: Texts) -> None:
    """Draw how many hubs there may be, or how many people they must serve."""
    if question.chosen.aim == "fewest":
        shares = {share: texts.percent(share / 100) for share in SHARES_PCT}
        _choose(texts.say("How many of them within the limit"), "share", shares, question.chosen.share)
        return
    st.session_state["question-hubs"] = question.chosen.hubs
    st.select_slider(
        texts.say("How many hubs"),
        tuple(range(1, MOST_HUBS + 1)),
        key="question-hubs",
        on_change=actions.choose,
        args=("hubs", "question-hubs"),
    )


def _conditions(world: World, question: PageQuestion, texts: Texts) -> None:
    """Draw how groups travel, which sites must or may not get a hub, what a hub needs, takes and costs, and the year."""
    chosen, say = question.chosen, texts.say
    _travelling(world, question, texts)
    _points(world, question, texts)
    sites = site_list(world, chosen.sites)
    names = dict(sorted(zip(sites.id, sites.name, strict=True), key=lambda pair: pair[1]))
    names |= _near(spot_names(world, chosen.points), texts)
    _some(say("There must be a hub in"), "fixed", names, chosen.fixed, texts)
    _some(say("There may be no hub in"), "forbidden", names, chosen.forbidden, texts)
    _whole(
        say("Kilometres between two hubs, at least (0: any number)"), "apart", MOST_APART_KM, 1, chosen.apart
    )
    least = say("Inhabitants for whom a hub must be the nearest, at least")
    _whole(least, "least", MOST_PEOPLE, 100, chosen.least)
    _later(world, question, texts)
    most = say("Inhabitants for whom a hub may be the nearest, at most (0: any number)")
    _whole(most, "most", MOST_PEOPLE, 100, chosen.most)
    _whole(say("A hub costs, in euros a year (0: not known)"), "cost", MOST_EUROS, 5_000, chosen.cost)
    budget = say("There is for all hubs, in euros a year (0: no limit)")
    _whole(budget, "budget", MOST_EUROS, 5_000, chosen.budget)
    if chosen.budget and not chosen.cost:
        st.caption(say("The budget counts as soon as you say what a hub costs."))
    if (year := last_year(world)) and not tells_year(session.visit().scenario):
        _year(say("Count with the inhabitants of {year} (a forecast)"), "year", year, chosen.year)


def _travelling(world: World, question: PageQuestion, texts: Texts) -> None:
    """Draw whether each group travels in its own way, with the source of the share without a car."""
    if not may_mix(modes_in(world)):
        return
    source = load_behaviour(world.region.folder).without_car.source
    help_text = texts.say("How many people have no car: {source}").format(source=texts.say_data(source))
    label = texts.say("People without a car go by bus or bike, the others by whatever is quickest")
    is_mix = question.chosen.by == "mix"
    toggle(label, "question-by", actions.switch, "by", "mix", "mode", is_on=is_mix, help_text=help_text)


def _points(world: World, question: PageQuestion, texts: Texts) -> None:
    """Draw whether a click on the map adds a spot, and the spots so far."""
    label = texts.say("A click on the map adds a spot where a hub may stand")
    pointing = session.visit().of(PlacementPage).pointing
    toggle(label, "question-pointing", actions.point_with, is_on=pointing)
    if question.chosen.points:
        names = _near(spot_names(world, question.chosen.points), texts)
        st.session_state["question-points"] = list(names)
        st.multiselect(
            texts.say("Your own spots"),
            tuple(names),
            key="question-points",
            format_func=lambda id_: names.get(id_, id_),
            on_change=actions.choose_points,
            args=("question-points",),
        )


def _near(names: dict[str, str], texts: Texts) -> dict[str, str]:
    return {id_: texts.say("near {place}").format(place=name) for id_, name in names.items()}


def _later(world: World, question: PageQuestion, texts: Texts) -> None:
    """Draw whether the least number of inhabitants must be there in the last year as well."""
    year = last_year(world)
    chosen = question.chosen
    if chosen.least and year and not chosen.year and not tells_year(session.visit().scenario):
        _year(texts.say("... and as many in {year} (a forecast)"), "later", year, chosen.later)


def _year(label: str, name: Literal["year", "later"], year: int, chosen: int) -> None:
    key = f"question-{name}"
    toggle(label.format(year=year), key, actions.switch, name, year, 0, is_on=bool(chosen))


def _some(label: str, name: str, names: dict[str, str], chosen: tuple[str, ...], texts: Texts) -> None:
    key = f"question-{name}"
    st.session_state[key] = [id_ for id_ in chosen if id_ in names]
    st.multiselect(
        label,
        tuple(names),
        key=key,
        format_func=lambda id_: names[id_],
        max_selections=MOST_NAMED,
        placeholder=texts.say("Nothing chosen"),
        on_change=actions.choose,
        args=(name, key),
    )


def budget_input(label: str, name: str, euros: int) -> None:
    """Draw a budget of every year without which nothing can be asked."""
    whole_number(label, euros, LEAST_EUROS, MOST_EUROS, 10_000, f"question-{name}", actions.choose, name)


def _whole(label: str, name: str, most: int, step: int, value: int) -> None:
    whole_number(label, value, 0, most, step, f"question-{name}", actions.choose, name)
