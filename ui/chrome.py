"""What stands on every page: style, language, heading, messages, and the line that says what figures rest on."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import session
from ui.i18n import LANGUAGES, Texts
from ui.sentences import basis_sentence, counting_sentence, layer_name, modelled_sentence
from ui.views import Basis
from ui.words import ORIGINS

STYLE = Path(__file__).with_name("app.css")


def top(kicker: str, texts: Texts) -> None:
    """Draw style, name of the page and language switch."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}{_built_in_words(texts)}</style>")
    st.session_state["language"] = texts.language
    st.segmented_control(
        texts.say("Language"),
        LANGUAGES,
        key="language",
        format_func=str.upper,
        label_visibility="collapsed",
        width="content",
        on_change=session.choose,
        args=("lang", "language"),
    )
    # The language of the text is marked for screen readers and for the browser's own translation.
    marked = f"<script>document.documentElement.lang = '{texts.language}'</script>"
    st.html(f'<p class="dh-kicker">{escape(kicker)}</p>{marked}', unsafe_allow_javascript=True)


def _built_in_words(texts: Texts) -> str:
    """Words of Streamlit's own controls, which know English only; app.css puts them in the place of the English ones."""
    words = {
        "upload": texts.say("Choose a file"),
        "skip": texts.say("Skip to the page"),
        "too-large": texts.say("This file is too large (more than 2 MB)."),
    }
    return ":root {" + "".join(f"--dh-{name}: {json.dumps(word)};" for name, word in words.items()) + "}"


def notices() -> DeltaGenerator:
    """Return the box for what comes and goes; it is always there, so that nothing below it changes its place."""
    return st.container(key="notices")


def message(texts: Texts) -> None:
    """Tell the visitor what went wrong, with the details folded away."""
    if told := session.take_message():
        st.error(texts.say(told.sentence))
        with st.expander(texts.say("Details")):
            st.text(told.details)


def headline(sentence: str, details: tuple[str, ...]) -> None:
    """Draw the answer in one sentence, and the sentences behind it."""
    st.html(
        f'<h1 class="dh-headline" aria-live="polite">{escape(sentence)}</h1>'
        f'<p class="dh-details">{escape(" ".join(details))}</p>'
    )


def basis(rests_on: Basis, mode: str, texts: Texts) -> None:
    """Say what the figures rest on; the mark "modelled" opens the reason."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="basis"):
        st.html(f'<p class="dh-basis">{escape(basis_sentence(rests_on, mode, texts))}</p>', width="content")
        if sentence := modelled_sentence(rests_on, texts):
            with st.popover(texts.say("modelled"), type="tertiary", width="content"):
                st.write(sentence)
                st.write(counting_sentence(rests_on, texts))
                for layer in rests_on.layers:
                    origin = texts.say(ORIGINS[layer.origin])
                    st.caption(
                        f"**{layer_name(layer.layer, texts)}** · {origin} · {texts.say_data(layer.source)}, "
                        f"{texts.date_of_source(layer.date)}"
                    )
