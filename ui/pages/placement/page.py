"""The page "Where a hub?": ask the computer for sites, see what they bring, and open them as a scenario."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.scenario import Scenario
from scenarios.placement.question import is_known, tells_year
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.placement import actions, answer, plan, question, services, weighing
from ui.pages.placement.report import report
from ui.sentences.placement import placement_details, placement_headline
from ui.state import cache, searches, session
from ui.state.scenario_actions import NextHub
from ui.state.searches import Asked
from ui.state.settle import settle_mode, settle_scenario
from ui.views.design import basis_of, design_view, hub_kinds
from ui.views.edits import edit_views
from ui.views.placement.answer import PlacementView, figures, part_of
from ui.views.placement.question import PageQuestion, may_mix, travellers
from ui.widgets import page_frame, paper
from ui.widgets.tables import draw_table, picked_rows
from ui.words.i18n import Texts


def page() -> None:
    """Read the question, ask for the best answer so far, draw it."""
    with page_frame.notices("placement", settle_scenario, settle_question) as region:
        scenario = session.visit().scenario
        asked = Asked(region, scenario, page_question(cache.with_scenario(region, scenario)))
        try:
            view = placement_view(asked, session.texts())
        except ScenarioError as error:
            view = None
            page_frame.tell(session.Message(actions.NO_ANSWER, str(error)), session.texts())
    render(asked, view, session.texts())


def settle_question(region: World) -> None:
    """Change what cannot be asked of the region with the visitor's scenario."""
    state = session.visit()
    world, chosen = cache.with_scenario(region, state.scenario), state.placement
    modes, kinds = modes_in(world), hub_kinds(world)
    settle_mode(state, tuple(mode for mode in modes_in(region) if mode in modes))
    if state.choices.kind not in kinds:
        state.choices = replace(state.choices, kind=kinds[0])
    present = {"places", *world.facilities.kind, *(("points",) if chosen.points else ())}
    if chosen.sites not in present:
        chosen = replace(chosen, sites="places", fixed=(), forbidden=())
    if not may_mix(modes):
        chosen = replace(chosen, by="mode")
    years = [chosen.year or None, chosen.later or None]
    if tells_year(state.scenario) or not all(is_known(world, year) for year in years):
        chosen = replace(chosen, year=0, later=0)
    state.placement = chosen


def page_question(world: World) -> PageQuestion:
    """What the visitor asks of the region with the scenario."""
    state = session.visit()
    choices, offered = state.choices, {*state.of(NextHub).offers, state.choices.kind}
    offers = tuple(kind for kind in hub_kinds(world) if kind in offered)
    return PageQuestion(choices.kind, choices.mode, choices.limit, offers, state.placement)


def placement_view(asked: Asked, texts: Texts) -> PlacementView:
    """View of the best answer there is so far.

    Raises
    ------
    ScenarioError
        When the question contradicts itself.

    """
    (region, scenario, question), world, known = asked, asked.world, searches.reached(asked, texts)
    found = searches.exact_answer.known(asked) or searches.quick_answer(asked, known=known)
    both = (scenario, proposal := found.added_to(scenario))
    by_mode = {mode: cache.compared_with(region, both, question.kind, mode) for mode in known.times}
    parts = [
        part_of(people, [by_mode[mode] for mode in people.modes])
        for people in travellers(world, question, tuple(by_mode))
    ]
    comparison = cache.compared_with(region, both, question.kind, question.mode)
    after, hubs = cache.with_scenario(region, proposal), Scenario(edits=found.hubs)
    design = design_view(world, after, hubs, comparison, question.limit_min)
    if question.chosen.by == "mix":
        design = replace(design, basis=basis_of(world, "transit"))
    kept = edit_views(region, scenario)
    return PlacementView(question, found, figures(world, question, parts), design, known.left_out, kept)


def render(asked: Asked, view: PlacementView | None, texts: Texts) -> None:
    """Draw the answer, the map, the question and the sites, and what they are weighed against; without an answer the question."""
    world = asked.world
    page_frame.top(f"{texts.say('Where a hub?')} · {world.region.title}", world, texts)
    with st.container(key="placement"):
        with st.container(key="placement-answer"):
            if view is None:
                page_frame.headline(texts.say("No choice meets all conditions."), ())
            else:
                page_frame.headline(placement_headline(view, texts))
        with st.container(key="placement-picture"):
            if view is not None:
                _map(world, view, texts)
        with st.container(key="placement-sites"):
            if view is not None:
                page_frame.details(placement_details(view, texts))
                page_frame.basis(view.design.basis, view.rests_on, texts)
            question.draw(world, asked.question, texts)
            if view is None:
                answer.search(asked, texts, is_certain=False, was_exact=False)
            else:
                answer.proposal(asked, view, texts)
    if view is not None:
        weighed = (
            *weighing.curve(asked, texts),
            *weighing.trade(asked, texts),
            *weighing.robust(asked, view, texts),
            *services.several(asked, texts),
            *plan.over_years(asked, texts),
        )
        draw_table(view.design, texts)
        paper.buttons(
            texts.say("Where a hub?"),
            lambda address, made: report(world, view, weighed, address, made, texts),
            texts,
        )


def _map(world: World, view: PlacementView, texts: Texts) -> None:
    label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
    shown = replace(view.design, edits=(*view.kept, *view.design.edits))
    spots = view.question.chosen.points
    picked = picked_rows(view.design)
    data = layers.map_data(world, shown, "difference", texts, label, spots=spots, picked=picked)
    draw_map(cache.base_layers(world), data, actions.MAP_KEY, actions.click_on_map)
    st.html(layers.legend_box(view.design, "difference", texts))
