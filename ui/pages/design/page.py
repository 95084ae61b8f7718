"""The page "Design": place hubs and close services on the map, and see what changes."""

from __future__ import annotations

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.design import export, tools
from ui.pages.design.actions import MAP_KEY, Drawing, click_on_map, drag_on_map
from ui.pages.design.scenario import panel
from ui.sentences.design import details, headline
from ui.state import cache, session
from ui.state.reach import first_target, on_click
from ui.state.settle import settle_scenario
from ui.views.design import DesignView, kinds_in
from ui.widgets import page_frame, paper, reach
from ui.widgets.controls import controls
from ui.widgets.tables import draw_table, picked_rows
from ui.words.i18n import Texts


def page() -> None:
    """Read the choices, ask for the view, draw it."""
    with page_frame.notices("design", settle_scenario) as world:
        state = session.visit()
        view = cache.design_of(world, state.scenario, state.choices)
    render(world, view, session.texts())


def render(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the page: the answer, the map, the choices and the changes, and the table below.

    In this order they are read, and stand on a phone; a wide screen puts the map beside the rest (app.css).
    """
    state = session.visit()
    choices, drawing = state.choices, state.of(Drawing).points(world)
    page_frame.top(f"{texts.say('Design')} · {world.region.title}", world, texts)
    with st.container(key="design"):
        with st.container(key="design-answer"):
            page_frame.headline(headline(view, texts))
        with st.container(key="design-picture"):
            label = texts.say(
                "Map of {region}. Arrow keys move, plus and minus zoom, Enter places a hub in the centre."
            )
            data = layers.map_data(
                world,
                view,
                choices.show,
                texts,
                label,
                drawing=drawing,
                comparison=cache.of_cells(world, state.scenario, choices),
                picked=picked_rows(view),
            )
            scenario = state.scenario
            target = first_target(world, scenario)
            within = reach.reached(world, scenario, target)
            data = layers.with_areas(data, within, choices.show)
            draw_map(cache.base_layers(world), data, MAP_KEY, on_click(MAP_KEY, click_on_map), drag_on_map)
            tools.draw(world, view, texts)
            st.html(layers.legend_box(view, choices.show, texts, within))
            reach.draw(world, scenario, within, target, texts)
        with st.container(key="design-changes"):
            page_frame.details(details(view, texts))
            page_frame.basis(view.basis, view.mode, texts)
            kinds, modes = (cache.choosable(world, state.scenario, of) for of in (kinds_in, modes_in))
            controls(kinds, modes, choices, texts)
            panel(world, view, texts)
    draw_table(view, texts)
    paper.buttons(
        export.title_of(view, scenario, texts),
        lambda address, made: export.report(world, view, scenario, within, address, made, texts),
        texts,
    )
