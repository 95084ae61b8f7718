"""The page "Design": place hubs and close services on the map, and see what changes."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.world import World
from ui import chrome, maps, ready, session
from ui.classes import SAME_COLOUR, LegendEntry
from ui.controls import controls
from ui.i18n import Texts
from ui.map_component import draw_map
from ui.scenario_panel import panel
from ui.sentences import details, headline
from ui.tables import draw_table
from ui.views import DesignView
from ui.words import KINDS


def page() -> None:
    """Read the choices, ask for the view, draw it."""
    session.follow_link("design")
    with chrome.notices():
        world = ready.opened(session.texts())
        view = session.design(world)
        chrome.message(session.texts())
    render(world, view, session.texts())
    session.write_link()


def render(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the page: the answer and the choices, the map, the changes, and the table below.

    In this order they are read, and stand on a phone; a wide screen puts the map beside the rest (app.css).
    """
    choices = session.visit().choices
    title = texts.say("Design")
    chrome.top(f"{title} · {world.region.title}", texts)
    with st.container(key="design"):
        with st.container(key="design-answer"):
            chrome.headline(headline(view, texts), details(view, texts))
            chrome.basis(view.basis, view.mode, texts)
            controls(session.kinds_in(world), choices, texts)
        with st.container(key="design-picture"):
            base = ready.base_layers(world.region.name, world)
            data = maps.map_data(world, view, choices.show, texts)
            draw_map(base, data, session.MAP_KEY, session.place_hub_from_map)
            st.html(_legend(maps.legend(view, choices.show, texts), view.kind, texts))
        with st.container(key="design-changes"):
            panel(world, view, texts)
    draw_table(view, texts)


def _legend(entries: tuple[LegendEntry, ...], kind: str, texts: Texts) -> str:
    drawn = "".join(f"<li>{_swatch(entry.colour)}{escape(entry.text)}</li>" for entry in entries)
    words, hub, size = (
        KINDS[kind],
        texts.say("Hub in this scenario"),
        texts.say("A larger circle: more inhabitants"),
    )
    letter, label = texts.say(words.letter).rpartition("|")[2], texts.say(words.label)
    drawn += (
        f'<li><span class="dh-dot"></span><span class="dh-letter">{escape(letter)}</span>{escape(label)}</li>'
    )
    drawn += f'<li><span class="dh-hub"></span>{escape(hub)}</li><li>{escape(size)}</li>'
    return f'<ul class="dh-legend">{drawn}</ul>'


def _swatch(colour: str | None) -> str:
    named = {None: "dh-hatch", SAME_COLOUR: "dh-same"}
    look = (
        f'class="dh-swatch {named[colour]}"'
        if colour in named
        else f'class="dh-swatch" style="background:{colour}"'
    )
    return f"<span {look}></span>"
