"""The page "My village": one village, its services, and what happens when one closes or a hub comes."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.village import actions
from ui.pages.village.panel import days, guide, panel, pick_village
from ui.pages.village.report import report
from ui.pages.village.table import comparison_table, services_html
from ui.pages.village.view import settle_village, shown, village
from ui.sentences.design import headline
from ui.sentences.village import own_mode, village_details, village_headline
from ui.state import cache, session
from ui.state.reach import on_click
from ui.state.settle import settle_scenario
from ui.views.design import DesignView, kinds_in
from ui.views.village import VillageView
from ui.widgets import page_frame, paper, reach, school
from ui.widgets.controls import pick_kind_and_mode
from ui.widgets.tables import draw_table, picked_rows, plain_table
from ui.words.i18n import Texts


def page() -> None:
    """Read the choices, ask for the views, draw them."""
    with page_frame.notices("village", settle_scenario, settle_village) as world:
        scenario = shown(world)
        view, around = village(world, scenario), cache.design_of(world, scenario, session.visit().choices)
    render(world, view, around, session.texts())


def render(world: World, view: VillageView, around: DesignView, texts: Texts) -> None:
    """Draw the page: the answer, the map, the table of services, what can be tried, and how others fare.

    In this order they are read, and stand on a phone; a wide screen puts the map beside the rest (app.css).
    """
    page_frame.top(f"{texts.say('My village')} · {view.municipality}", world, texts)
    guide(texts)
    choices, scenario = session.visit().choices, shown(world)
    with st.container(key="village"):
        with st.container(key="village-answer"):
            pick_village(world, view, texts)
            page_frame.headline(village_headline(view, around.edits, texts))
        with st.container(key="village-picture"):
            show: layers.Show = "difference" if around.edits else "before"
            st.html(f'<p class="dh-details">{escape(headline(around, texts))}</p>')
            label = texts.say(
                "Map of {region}. Arrow keys move, plus and minus zoom, Enter chooses the village in the centre."
            )
            data = layers.map_data(
                world,
                around,
                show,
                texts,
                label,
                chosen=view.row,
                comparison=cache.of_cells(world, scenario, choices),
                picked=picked_rows(around),
            )
            within = reach.reached(world, scenario, view.id)
            data = layers.with_areas(data, within, show)
            clicked = on_click(actions.MAP_KEY, actions.choose_village_from_map)
            draw_map(cache.base_layers(world), data, actions.MAP_KEY, clicked)
            st.html(layers.legend_box(around, show, texts, within))
            kinds, modes = (cache.choosable(world, scenario, of) for of in (kinds_in, modes_in))
            pick_kind_and_mode(kinds, modes, choices, texts)
            reach.draw(world, scenario, within, view.id, texts)
        with st.container(key="village-more"):
            page_frame.details(village_details(view, choices.kind, texts))
            page_frame.basis(view.basis, "transit", texts)
            st.html(services_html(view, texts))
            panel(world, view, around.edits, texts)
    school_day = school.of_village(world, scenario, view.row, texts)
    days(view, texts)
    st.subheader(texts.say("How others fare"), anchor=False)
    plain_table(comparison_table(view, own_mode(view), texts))
    with st.expander(texts.say("All places of the map as a table")):
        draw_table(around, texts)
    paper.buttons(
        view.name,
        lambda address, made: report(world, view, around, within, school_day, address, made, texts),
        texts,
    )
