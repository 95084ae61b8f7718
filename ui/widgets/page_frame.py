"""What stands on every page: style, language, heading, messages, and the line that says what figures rest on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from accessibility.world import World
from data.study_area.dates import trips_of_day
from ui.sentences.design import (
    basis_sentence,
    counting_sentence,
    layer_name,
    modelled_sentence,
    other_day_sentence,
)
from ui.state import cache, date_actions, regions, session
from ui.state.link import Choices
from ui.state.settle import settle_region
from ui.state.uploading import Uploading
from ui.views.design import Basis
from ui.widgets.inputs import segments, select
from ui.words.i18n import LANGUAGES, Texts, plain
from ui.words.words import AT_SCHOOL, HOURS, ORIGINS, TRAVELLERS

STYLE = Path(__file__).with_name("app.css")
HOUSE_STYLE = Path.home() / ".dorpshub" / "house.css"
"""A style sheet of whoever runs the app, laid over ours where it is there: docs/howto/house-style.md."""
COPY_SCRIPT = Path(__file__).with_name("copy_link.js").read_text(encoding="utf-8")
FRAME_SCRIPT = Path(__file__).with_name("frame.js").read_text(encoding="utf-8")
"""Scripts that stand in a page as they are: the content policy names each by its digest, so words go beside them."""


def top(kicker: str, world: World, texts: Texts) -> None:
    """Draw style, language switch, who travels where and when, and the name of the page."""
    st.html(f"<style>{styles(HOUSE_STYLE)}{_built_in_words(texts)}</style>")
    languages = {language: language.upper() for language in LANGUAGES}
    label = texts.say("Language")
    segments(
        label, languages, texts.language, "language", session.choose, "lang", label_visibility="collapsed"
    )
    _bar(world, session.visit().choices, texts)
    st.html(
        f'<p class="dh-kicker" data-page-language="{texts.language}">{escape(kicker)}</p><script>{FRAME_SCRIPT}</script>',
        unsafe_allow_javascript=True,
    )


def styles(house: Path) -> str:
    """Return our style sheet, and after it that of the house where it has one: of two rules the last counts."""
    ours = STYLE.read_text(encoding="utf-8")
    return ours + house.read_text(encoding="utf-8") if house.is_file() else ours


def _bar(world: World, choices: Choices, texts: Texts) -> None:
    """Draw the choices of every page: region, traveller, day and hours."""
    titles = regions.titles((*session.visit().of(Uploading).known, choices.region))
    travellers = {id_: texts.say(words.label) for id_, words in TRAVELLERS.items()}
    day = texts.short_day(world.region.service_date)
    hours = {"": (world.region.window_start, world.region.window_end)}
    hours |= {name: (first * 3600, last * 3600) for name, (first, last) in HOURS.items()}
    default = hours[""]
    options = {
        name: f"{day}, {texts.span(*span)}" for name, span in hours.items() if name == "" or span != default
    }
    at_school = texts.clock(cache.school_window(world, choices.kind).first)
    options[AT_SCHOOL] = f"{day}, {texts.say('at school by {time}').format(time=at_school)}"

    def pick(label: str, name: str, words: dict[str, str], chosen: str) -> None:
        key = f"choose-{name}"
        select(label, words, chosen, key, session.choose, name, label_visibility="collapsed", width=270)

    _opener((travellers[choices.traveller], options[choices.hours], titles.get(choices.region, "")), texts)
    with st.container(horizontal=True, gap="small", key="bar"):
        pick(texts.say("Region"), "region", titles, choices.region)
        pick(texts.say("Who travels"), "traveller", travellers, choices.traveller)
        _pick_date(world, texts)
        pick(texts.say("Day and hours"), "hours", options, choices.hours)
    day_seen = world.region.service_date
    if world.known_dates.is_other(day_seen):
        trips = trips_of_day(world.network.service.timetable)
        sentence = other_day_sentence(trips, day_seen, world.known_dates, texts)
        st.html(f'<p class="dh-basis">{escape(sentence)}</p>')


def _opener(chosen: tuple[str, ...], texts: Texts) -> None:
    """Draw what is chosen as one line, which on a phone opens the choices (app.css, frame.js)."""
    line = " \u00b7 ".join(filter(None, chosen))
    label = texts.say("Change: {chosen}").format(chosen=line)
    st.html(
        f'<button type="button" class="dh-opener" aria-expanded="false" aria-label="{escape(label)}">'
        f"<span>{escape(line)}</span></button>"
    )


def _pick_date(world: World, texts: Texts) -> None:
    """Draw the choice of the day, where there is one."""
    known = world.known_dates
    if len(known.dates) < 2:
        return
    st.session_state["choose-date"] = world.region.service_date
    st.date_input(
        texts.say("Day"),
        min_value=min(known.dates[0], known.usual),
        max_value=max(known.dates[-1], known.usual),
        key="choose-date",
        format="DD-MM-YYYY",
        label_visibility="collapsed",
        width=150,
        on_change=date_actions.choose_date,
        args=("choose-date", known),
    )


def _built_in_words(texts: Texts) -> str:
    """Words of Streamlit's own controls, which know English only; app.css puts them in the place of the English ones."""
    words = {
        "upload": texts.say("Choose a file"),
        "skip": texts.say("Skip to the page"),
        "enter": texts.say("Press Enter"),
        "too-large": texts.say("This file is too large (more than 2 MB)."),
    }
    return ":root {" + "".join(f"--dh-{name}: {json.dumps(word)};" for name, word in words.items()) + "}"


@contextmanager
def notices(page: str, *settling: Callable[[World], None]) -> Iterator[World]:
    """Begin a page: follow the link, settle the choices, and give the region.

    What comes and goes is told in a box that is always there, so that nothing below it changes its place. Views are made
    within it too: waiting for them is shown there.
    """
    session.follow_link(page)
    with st.container(key="notices"):
        world = settle_region()
        for settle in settling:
            settle(world)
        session.write_link()
        texts = session.texts()
        if news := session.take_news():
            st.success(texts.say(news))
        if message := session.take_message():
            tell(message, texts)
        yield world


def tell(message: session.Message, texts: Texts) -> None:
    """Say what went wrong, with the details folded away."""
    st.error(texts.say(message.sentence))
    if message.details:
        with st.expander(texts.say("Details")):
            st.text(texts.say_data(message.details))


def headline(sentence: str, behind: tuple[str, ...] = (), level: Literal[1, 2] = 1) -> None:
    """Draw the answer in one sentence, and the sentences behind it; of a page with several answers the others on level 2."""
    st.html(f'<h{level} class="dh-headline" aria-live="polite">{escape(sentence)}</h{level}>')
    if behind:
        details(behind)


def details(sentences: tuple[str, ...]) -> None:
    """Draw the sentences behind the answer."""
    st.html(f'<p class="dh-details">{escape(" ".join(sentences))}</p>')


def basis(rests_on: Basis, mode: str, texts: Texts) -> None:
    """Say what the figures rest on; the mark "modelled" opens the reason."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="basis"):
        st.html(f'<p class="dh-basis">{escape(basis_sentence(rests_on, mode, texts))}</p>', width="content")
        if sentence := modelled_sentence(rests_on, texts):
            with st.popover(texts.say("modelled"), type="tertiary", width="content"):
                st.write(plain(sentence))
                st.write(counting_sentence(rests_on, texts))
                for layer in rests_on.layers:
                    origin = texts.say(ORIGINS[layer.origin])
                    st.caption(
                        f"**{plain(layer_name(layer.layer, texts))}** · {origin} · {plain(texts.say_data(layer.source))}, "
                        f"{plain(texts.date_of_source(layer.date))}"
                    )


def copy_button(label: str, link: str, texts: Texts) -> None:
    """Draw a button that copies a link, "" for that of the page as it is by then."""
    words = {"copy": label, "copied": texts.say("Copied")} | ({"link": link} if link else {})
    given = " ".join(f'data-{name}="{escape(word)}"' for name, word in words.items())
    st.html(
        f'<button type="button" class="dh-button dh-copy" {given}>{escape(label)}</button><script>{COPY_SCRIPT}</script>',
        unsafe_allow_javascript=True,
        width="content",
    )
