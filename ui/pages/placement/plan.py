"""A plan over years, below the proposal: the money of every year, what comes first, a time line, and the map of a year."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accessibility.world import World
from scenarios.edits.scenario import Scenario
from scenarios.plan.question import planned_years
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.placement import actions
from ui.pages.placement.found import opening_button, paragraphs, told_in_full
from ui.pages.placement.question import budget_input
from ui.pages.placement.weighing import worked_out
from ui.paper.pdf import Part
from ui.sentences.placement import progress_sentence
from ui.sentences.placement_plan import plan_basis, plan_sentences, year_sentence, year_words
from ui.state import cache, searches
from ui.state.cached import key_of
from ui.state.searches import Asked
from ui.views.design import design_view
from ui.views.placement.plan import PlanFound, can_plan, euros_asked, years_asked
from ui.views.placement.question import PageQuestion
from ui.widgets.inputs import select, toggle
from ui.words.i18n import Texts

MAP_KEY, YEAR_KEY = "placement-plan-map", "placement-plan-year"


def over_years(asked: Asked, texts: Texts) -> tuple[Part, ...]:
    """Draw the money of every year, and the best plan once that was asked for; gives what it shows for paper."""
    say, title = texts.say, texts.say("What first?")
    if not can_plan(asked.region, asked.scenario):
        return ()
    promise = say(
        "There is money every year, and the population changes. Sought is which hub should open in which year, so that most people "
        "are helped soonest. Changes of your scenario count from the year that they have. That takes a minute at most."
    )
    return worked_out(
        title,
        ("plan", key_of(asked)),
        promise,
        (say("Make a plan"), ":material/calendar_month:"),
        lambda: searches.plan_job(asked, texts),
        lambda found: _drawn(found, asked, texts),
        texts,
        lambda: _asked(asked.region, asked.question, texts),
        progress_sentence,
    )


def _asked(region: World, question: PageQuestion, texts: Texts) -> None:
    """Draw the budget of a year, whether what is left is kept, and which years the plan is for."""
    money, kept = st.columns(2, vertical_alignment="bottom")
    with money:
        budget_input(texts.say("Budget for hubs, in euros of every year"), "yearly", euros_asked(question))
    with kept:
        label = texts.say("Keep what is left for later years")
        toggle(label, "question-keep", actions.switch, "keep", 1, 0, is_on=bool(question.chosen.keep))
    first, last = planned_years(region)
    begin, end = years_asked(region, question)
    of_first, of_last = st.columns(2)
    with of_first:
        _year(texts.say("First year of the plan"), range(first, end + 1), begin, "years_from")
    with of_last:
        _year(texts.say("Last year"), range(begin, last + 1), end, "years_to")


def _year(label: str, years: range, chosen: int, name: str) -> None:
    select(label, {year: str(year) for year in years}, chosen, f"question-{name}", actions.choose, name)


def plan_table(found: PlanFound, texts: Texts) -> pd.DataFrame:
    """The time line: a row per year, what opens and closes, whom the hubs help, and what is spent."""
    say, years = texts.say, found.years
    table = {
        say("Year"): [str(year.year) for year in years],
        say("What happens"): [year_words(year, texts) for year in years],
    }
    if years[0].within is None:
        table[say("Hours saved")] = [texts.number(year.gained) for year in years]
    else:
        table[say("Within the limit")] = [texts.number(year.within or 0) for year in years]
        table[say("Because of the hubs")] = [texts.number(year.gained) for year in years]
    table[say("Euros spent")] = [texts.number(year.euros) for year in years]
    return pd.DataFrame(table).set_index(say("Year"))


def _drawn(found: PlanFound, asked: Asked, texts: Texts) -> tuple[Part, ...]:
    told = (*plan_sentences(found, asked.question, texts), plan_basis(found, texts))
    return told_in_full(
        told,
        plan_table(found, texts) if found.hubs else None,
        lambda: _map_of_year(found, asked, texts),
        lambda: opening_button(texts.say("Open this plan in Design"), "placement-plan-open", found),
    )


def _map_of_year(found: PlanFound, asked: Asked, texts: Texts) -> None:
    """Draw a slider of the years, and what the plan changes in the chosen one."""
    years = tuple(year.year for year in found.years)
    if st.session_state.get(YEAR_KEY) not in years:
        st.session_state[YEAR_KEY] = years[-1]
    year = st.select_slider(texts.say("The map of the year"), years, key=YEAR_KEY)
    paragraphs((year_sentence(found.years[years.index(year)], asked.question, texts),))
    (region, scenario, question) = asked
    before, plan = scenario.at(year), found.added_to(scenario).at(year)
    with st.spinner(texts.say("The map of {year} is being worked out.").format(year=year)):
        comparison = cache.compared_with(region, (before, plan), question.kind, question.mode)
        worlds = cache.with_scenario(region, before), cache.with_scenario(region, plan)
    hubs = Scenario(edits=found.hubs).at(year)
    view = design_view(*worlds, hubs, comparison, question.limit_min)
    label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
    data = layers.map_data(worlds[0], view, "difference", texts, label)
    draw_map(cache.base_layers(region), data, MAP_KEY, lambda: None)
    st.html(layers.legend_box(view, "difference", texts))
