"""What one can do on "My village": choose it, try a change with one click, and save a correction.

The guided first visit: three steps that can be closed, only for those who come without a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from accessibility.world import World
from ui.pages.village import actions
from ui.pages.village.day_line import day_html, day_sentence, last_sentence
from ui.sentences.design import basis_sentence
from ui.sentences.edits import opening
from ui.state import session
from ui.views.edits import EditView
from ui.views.village import VillageView
from ui.widgets.inputs import select
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS

ONE_CLICK = ("supermarket", "gp", "pharmacy")


def pick_village(world: World, view: VillageView, texts: Texts) -> None:
    """Draw the list of villages, in which one can type."""
    places = world.places
    rows = sorted(np.flatnonzero(places.in_region).tolist(), key=lambda row: places.name[row])
    names = {places.id[row]: f"{places.name[row]} ({places.municipality[row]})" for row in rows}
    label = texts.say("Your village: type or choose")
    select(label, names, view.id, "choose-place", actions.choose_village)


def panel(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> None:
    """Draw the one-click questions and the form for a correction."""
    _what_ifs(view, edits, texts)
    _correction(view, texts)


def _what_ifs(view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> None:
    with st.container(border=True, key="what-if"):
        st.html(f'<p class="dh-kicker">{escape(texts.say("What if"))}</p>')
        with st.container(horizontal=True, gap="small"):
            for kind in ONE_CLICK:
                service = view.service(kind)
                if service is None or not service.nearest_id:
                    continue
                question = texts.say("What if {service} closes?").format(service=texts.say(KINDS[kind].the))
                _try(question, f"close-{kind}")
            _try(texts.say("What if a hub comes here?"), "hub")
        if edits:
            st.caption(texts.say("You see: {change}.").format(change=opening(edits, texts)))
            with st.container(horizontal=True, gap="small"):
                st.button(
                    texts.say("Back to how it is now"),
                    key="what-if-back",
                    on_click=actions.stop_trying,
                )
                st.button(
                    texts.say("Keep in my scenario"),
                    key="what-if-keep",
                    on_click=actions.keep_what_if,
                )


def _try(question: str, what_if: str) -> None:
    st.button(question, key=f"what-if-{what_if}", on_click=actions.try_out, args=(what_if,))


def _correction(view: VillageView, texts: Texts) -> None:
    services = {service.nearest_id: service for service in view.services if service.nearest_id}
    with st.expander(texts.say("Something is wrong here: report it")), st.form("correction"):
        st.write(
            texts.say(
                "Does a service of the table no longer exist? Save it as a change in your own scenario: the figures "
                "follow at once, and the link carries it to everybody you send it to."
            )
        )
        st.selectbox(
            texts.say("Which service has closed?"),
            tuple(services),
            index=None,
            key="correct",
            placeholder=texts.say("Choose a service"),
            format_func=lambda facility_id: services[facility_id].nearest if facility_id in services else "",
        )
        st.text_input(
            texts.say("What do you know about it? (may stay empty)"), key="correct-note", max_chars=300
        )
        st.form_submit_button(
            texts.say("Save the correction"),
            on_click=actions.correct,
            args=("correct", "correct-note"),
        )


def days(view: VillageView, texts: Texts) -> None:
    """Draw the trips there and back beside each other."""
    if not view.days:
        return
    st.subheader(texts.say("There and back by bus"), anchor=False)
    for column, day in zip(st.columns(len(view.days)), view.days, strict=True):
        with column:
            st.html(
                f'<p class="dh-details">{escape(day_sentence(day, view.name, texts))}</p>{day_html(day, texts)}'
                f'<p class="dh-note">{escape(last_sentence(day, texts))}</p>'
            )
    st.html(f'<p class="dh-basis">{escape(basis_sentence(view.basis, "transit", texts))}</p>')


STEPS = (
    mark("1. Choose your village: type its name above the sentence, or click on the map."),
    mark(
        "2. Read the table: how many minutes it takes to the GP, the shop and more, with each way to travel."
    ),
    mark(
        "3. Try something: press a button to see what happens when a service closes or a village hub comes."
    ),
)


@dataclass(slots=True)
class Guide:
    """The guided first visit."""

    step: int = 1
    """0 when it was closed."""


def guide(texts: Texts) -> None:
    """Draw the step that is due, nothing once the guide was closed or when the visitor came by a link."""
    state = session.visit()
    step = 0 if state.came_by_link else state.of(Guide).step
    # The box is always there, so that the map below it keeps its place when the guide goes.
    box = st.container(key="guide-box")
    if not step:
        return
    with box, st.container(border=True, key="guide", horizontal=True, vertical_alignment="center"):
        st.write(texts.say(STEPS[step - 1]))
        last = step == len(STEPS)
        if not last:
            st.button(texts.say("Next step"), key="guide-next", on_click=_go, args=(step + 1,))
        close = texts.say("Done") if last else texts.say("Close this guide")
        st.button(close, key="guide-close", type="tertiary", on_click=_go, args=(0,))


def _go(step: int) -> None:
    session.act().of(Guide).step = step
