"""The page "Where a hub?": ask the computer for sites, see what they bring, and open them as a scenario."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from accessibility.world import World
from ui.map import layers
from ui.map.component import draw_map
from ui.map.legend import legend_html
from ui.pages.placement import actions, answer, question, weighing
from ui.sentences.placement import where_details, where_headline
from ui.state import cache, session
from ui.views.placement import WhereView
from ui.views.placement_task import Question
from ui.widgets import page_frame
from ui.widgets.tables import draw_table
from ui.words.i18n import Texts


def page() -> None:
    """Read the question, ask for the best answer so far, draw it."""
    session.follow_link("where")
    with page_frame.notices():
        region = session.world()
        world = actions.start(region)
        asked = actions.question(world)
        view = actions.where(region, world, asked)
        page_frame.message(session.texts())
    render((region, world), asked, view, session.texts())
    session.write_link()


def render(worlds: tuple[World, World], asked: Question, view: WhereView | None, texts: Texts) -> None:
    """Draw the answer and the question, the map, the sites, and what they are weighed against; without an answer the question.

    `worlds` are the region, and what the visitor's scenario makes of it.
    """
    region, world = worlds
    page_frame.top(f"{texts.say('Where a hub?')} · {world.region.title}", world, texts)
    with st.container(key="where"):
        with st.container(key="where-answer"):
            if view is None:
                page_frame.headline(texts.say("No choice meets all conditions."), ())
            else:
                page_frame.headline(where_headline(view, texts), where_details(view, texts))
                page_frame.basis(view.design.basis, view.rests_on, texts)
            question.question(world, asked, texts)
        with st.container(key="where-picture"):
            if view is not None:
                _map(world, view, texts)
        with st.container(key="where-sites"):
            if view is None:
                answer.search(world, asked, texts, is_certain=False, was_exact=False)
            else:
                answer.proposal(world, view, texts)
    if view is not None:
        weighing.curve(world, asked, texts)
        weighing.trade(world, asked, texts)
        weighing.robust(region, world, view, texts)
        draw_table(view.design, texts)


def _map(world: World, view: WhereView, texts: Texts) -> None:
    label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
    shown = replace(view.design, edits=(*view.kept, *view.design.edits))
    data = layers.map_data(
        world,
        shown,
        "difference",
        texts,
        label.format(region=world.region.title),
        spots=view.question.ask.points,
    )
    draw_map(cache.base_layers(world.region.name, world), data, actions.MAP_KEY, actions.click_on_map)
    st.html(legend_html(layers.legend(view.design, "difference", texts), view.design.kind, texts))
