"""What one can do on "My village": choose it, try a change with one click, and save a correction.

The guided first visit: three steps that can be closed, only for those who come without a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import streamlit as st

from accessibility.world import World
from ui.pages.village import actions
from ui.pages.village.day_line import day_html, day_sentence, last_sentence
from ui.sentences.design import basis_sentence
from ui.sentences.edits import opening
from ui.state import session
from ui.views.design import as_departures
from ui.views.edits import EditView
from ui.views.village import VillageView
from ui.widgets import school
from ui.widgets.inputs import select
from ui.words.i18n import Texts, mark, plain
from ui.words.words import KINDS

ONE_CLICK = ("supermarket", "gp", "pharmacy")


def pick_village(world: World, view: VillageView, texts: Texts) -> None:
    """Draw the list of villages, in which one can type."""
    places = world.places
    rows = sorted(np.flatnonzero(places.in_region).tolist(), key=lambda row: places.name[row])
    names = {places.id[row]: f"{places.name[row]} ({places.municipality[row]})" for row in rows}
    label = texts.say("Your village: type or choose")
    select(label, names, view.id, "choose-place", actions.choose_village)


def panel(world: World, view: VillageView, edits: tuple[EditView, ...], texts: Texts) -> None:
    """Draw the one-click questions, and what can be done about a mistake."""
    # Whoever asks about school wants to know what its closure would do.
    _what_ifs(view, (*ONE_CLICK, school.asked_kind(world)), edits, texts)
    _correction(world, view, texts)


def _what_ifs(view: VillageView, kinds: tuple[str, ...], edits: tuple[EditView, ...], texts: Texts) -> None:
    with st.container(border=True, key="what-if"):
        st.html(f'<p class="dh-kicker">{escape(texts.say("What if"))}</p>')
        with st.container(horizontal=True, gap="small"):
            for kind in kinds:
                service = view.service(kind)
                if service is None or not service.nearest_id:
                    continue
                question = texts.say("What if {service} closes?").format(service=texts.say(KINDS[kind].the))
                _try(question, f"close-{kind}")
            _try(texts.say("What if a hub comes here?"), "hub")
        if edits:
            st.caption(plain(texts.say("You see: {change}.").format(change=opening(edits, texts))))
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
    """One question; that which is tried out is marked, and pressing it again ends it."""
    tried = session.visit().choices.what_if == what_if
    st.button(
        question,
        key=f"what-if-{what_if}",
        type="primary" if tried else "secondary",
        on_click=actions.try_out,
        args=("" if tried else what_if,),
    )


def _correction(world: World, view: VillageView, texts: Texts) -> None:
    services = {service.nearest_id: service for service in view.services if service.nearest_id}
    names = {
        of: world.facilities.name[world.facilities.id.index(of)]
        for of in services
        if of in world.facilities.id
    }
    with st.expander(texts.say("Something is wrong here: report it")):
        _report(world, view, names, texts)
        with st.form("correction"):
            st.write(
                texts.say(
                    "Does a service of the table no longer exist? Save it as a change in your own scenario: the figures "
                    "follow at once, and the link carries it to everybody you send it to."
                )
            )
            st.selectbox(
                texts.say("Which service has closed?"),
                tuple(names),
                index=None,
                key="correct",
                placeholder=texts.say("Choose a service"),
                format_func=lambda facility_id: names.get(facility_id, ""),
            )
            st.text_input(
                texts.say("What do you know about it? (may stay empty)"), key="correct-note", max_chars=300
            )
            st.form_submit_button(
                texts.say("Save the correction"),
                on_click=actions.correct,
                args=("correct", "correct-note"),
            )


def _report(world: World, view: VillageView, names: dict[str, str], texts: Texts) -> None:
    """A text about what is wrong, ready to be sent to whoever keeps the data."""
    other = {"stop": texts.say("A stop or a bus"), "else": texts.say("Something else")}
    about = st.selectbox(
        texts.say("What is wrong?"),
        (*names, *other),
        key="report-about",
        format_func=lambda name: names.get(name) or other.get(name, ""),
    )
    told = st.text_input(texts.say("What should it be?"), key="report-told", max_chars=500)
    letter = report_text(world, view, (names | other).get(about, ""), told, texts)
    st.text(letter.body)
    if world.region.keeper:
        words = texts.say("Send it by e-mail to {address}").format(address=world.region.keeper)
        st.html(f'<a class="dh-button" href="{escape(letter.link(world.region.keeper))}">{escape(words)}</a>')
    else:
        st.caption(texts.say("This region gives no address. Send the text to whoever showed you this page."))


class Letter(NamedTuple):
    """What is sent about a mistake in the data."""

    subject: str
    body: str

    def link(self, address: str) -> str:
        """Link that opens it as a new message."""
        return f"mailto:{address}?subject={quote(self.subject)}&body={quote(self.body)}"


def report_text(world: World, view: VillageView, about: str, told: str, texts: Texts) -> Letter:
    """Put together what is known of a mistake: the region and its date, the village, what it is about, and the link."""
    say = texts.say
    lines = (
        (say("Region"), world.region.title),
        (say("Day"), texts.day(world.region.service_date)),
        (say("Village"), f"{view.name} ({view.municipality})"),
        (say("It is about"), about),
        (say("It should be"), told.strip() or "..."),
        (say("Page"), session.address()),
    )
    body = "\n".join(f"{name}: {text}" for name, text in lines if text)
    return Letter(say("Something is wrong in the data of {village}").format(village=view.name), body)


def days(view: VillageView, texts: Texts) -> None:
    """Draw the trips there and back beside each other."""
    if not view.days:
        return
    by_bus = not all(day.is_on_foot for day in view.days)
    st.subheader(texts.say("There and back by bus") if by_bus else texts.say("There and back"), anchor=False)
    for column, day in zip(st.columns(len(view.days)), view.days, strict=True):
        with column:
            st.html(
                f'<p class="dh-details">{escape(day_sentence(day, view.name, texts))}</p>{day_html(day, texts)}'
                f'<p class="dh-note">{escape(last_sentence(day, texts))}</p>'
            )
    st.html(f'<p class="dh-basis">{escape(basis_sentence(as_departures(view.basis), "transit", texts))}</p>')


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
