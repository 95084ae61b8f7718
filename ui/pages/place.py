"""The page "Where a hub?": let the computer propose sites, and open the proposal as a scenario."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.world import World
from ui import chrome, maps, place_panel, ready, session
from ui.i18n import Texts
from ui.legend import legend_html
from ui.map_component import draw_map
from ui.place_views import PlaceView
from ui.sentences import details, headline
from ui.tables import draw_table
from ui.views import DesignView


def page() -> None:
    """Read the question, find the answer, draw it."""
    session.follow_link("place")
    with chrome.notices():
        world = session.world()
        found = session.placed(world)
        view = session.design_of(world, found.scenario)
        chrome.message(session.texts())
    render(world, found, view, session.texts())
    session.write_link()


def render(world: World, found: PlaceView, view: DesignView, texts: Texts) -> None:
    """Draw the question, the proposal and how sure it is, the map, and what it does place by place."""
    chrome.top(f"{texts.say('Where a hub?')} · {world.region.title}", world, texts)
    with st.container(key="village"):
        with st.container(key="village-answer"):
            place_panel.question(world, session.visit().choices, texts)
            chrome.headline(
                headline(view, texts), (place_panel.answer_sentence(found, texts), *details(view, texts))
            )
            chrome.basis(view.basis, view.mode, texts)
            place_panel.proposal(found, texts)
        with st.container(key="village-picture"):
            label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
            data = maps.map_data(world, view, "difference", texts, label.format(region=world.region.title))
            draw_map(ready.base_layers(world.region.name, world), data, "place-map", session.nothing)
            st.html(legend_html(maps.legend(view, "difference", texts), view.kind, texts))
    sentence = texts.say(
        "Inhabitants start at the dot of their village here, so that the search is quick; the figures above count them where they live."
    )
    st.html(f'<p class="dh-note">{escape(sentence)}</p>')
    draw_table(view, texts)
