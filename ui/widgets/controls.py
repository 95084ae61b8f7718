"""The choices above the map: which service, how one travels, the limit, and what the map shows."""

from __future__ import annotations

import streamlit as st

from ui.map.layers import Show
from ui.state import session
from ui.state.link import LIMITS_MIN, Choices
from ui.widgets.inputs import segments, select
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MODES

SHOW_WORDS: dict[Show, str] = {
    "before": mark("Now"),
    "after": mark("With the changes"),
    "difference": mark("Difference"),
}


def controls(kinds: tuple[str, ...], modes: tuple[str, ...], choices: Choices, texts: Texts) -> None:
    """Draw the choices, two by two."""
    with st.container(key="controls"):
        pick_kind_and_mode(kinds, modes, choices, texts)
        limit, show = st.columns(2, vertical_alignment="bottom")
    with limit:
        pick_limit(choices.limit, texts)
    with show:
        words = {name: texts.say(word) for name, word in SHOW_WORDS.items()}
        segments(
            texts.say("The map shows"),
            words,
            choices.show,
            "choose-show",
            session.choose,
            "show",
            width="stretch",
        )


def pick_limit(limit_min: int, texts: Texts) -> None:
    """Draw the choice of the minutes within which a service counts as near."""
    st.session_state["choose-limit"] = limit_min
    st.select_slider(
        texts.say("Within how many minutes?"),
        LIMITS_MIN,
        key="choose-limit",
        format_func=lambda minutes: texts.say("{minutes} min").format(minutes=minutes),
        on_change=session.choose,
        args=("limit", "choose-limit"),
    )


def pick_kind_and_mode(
    kinds: tuple[str, ...], modes: tuple[str, ...], choices: Choices, texts: Texts
) -> None:
    """Draw the choice of a service and of a way to travel, side by side."""
    service, travel = st.columns(2, vertical_alignment="bottom")
    with service:
        words = {kind: texts.say(KINDS[kind].label) for kind in kinds}
        select(texts.say("Service"), words, choices.kind, "choose-kind", session.choose, "kind")
    with travel:
        words = {mode: texts.say(MODES[mode].label) for mode in modes}
        select(texts.say("How one travels"), words, choices.mode, "choose-mode", session.choose, "mode")
