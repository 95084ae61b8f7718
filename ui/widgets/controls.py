"""The choices above the map: which service, how one travels, the limit, and what the map shows."""

from __future__ import annotations

import streamlit as st

from ui.map.layers import SHOWS
from ui.state import session
from ui.state.link import LIMITS_MIN, Choices
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MODES

SHOW_WORDS = {"before": mark("Now"), "after": mark("With the changes"), "difference": mark("Difference")}


def controls(kinds: tuple[str, ...], modes: tuple[str, ...], choices: Choices, texts: Texts) -> None:
    """Draw the choices, two by two."""
    with st.container(key="controls"):
        pick_kind_and_mode(kinds, modes, choices, texts)
        limit, show = st.columns(2, vertical_alignment="bottom")
    with limit:
        pick_limit(choices.limit, texts)
    with show:
        _show_switch(choices, texts)


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
        labels = {kind: texts.say(KINDS[kind].label) for kind in kinds}
        _select(texts.say("Service"), "kind", kinds, labels, choices.kind)
    with travel:
        labels = {mode: texts.say(MODES[mode].label) for mode in modes}
        _select(texts.say("How one travels"), "mode", modes, labels, choices.mode)


def _select(label: str, name: str, options: tuple[str, ...], words: dict[str, str], chosen: str) -> None:
    key = f"choose-{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda option: words[option],
        on_change=session.choose,
        args=(name, key),
    )


def _show_switch(choices: Choices, texts: Texts) -> None:
    """Let the map show the travel times now, with the changes, or the difference."""
    st.session_state["choose-show"] = choices.show
    st.segmented_control(
        texts.say("The map shows"),
        SHOWS,
        key="choose-show",
        format_func=lambda show: texts.say(SHOW_WORDS[show]),
        width="stretch",
        on_change=session.choose,
        args=("show", "choose-show"),
    )
