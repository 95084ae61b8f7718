"""Inputs that show what the state says, and hand every change to a callback, with the key of the widget as its last argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Literal, TypeVar

import streamlit as st

from ui.words.i18n import Texts, mark

QUARTER_S = 900
DAYS = {
    "Mo-Fr": mark("Monday to Friday"),
    "Mo-Sa": mark("Monday to Saturday"),
    "Mo-Su": mark("Every day"),
    "Sa-Su": mark("In the weekend"),
}
"""Days of opening to choose from, as OpenStreetMap writes them."""
Option = TypeVar("Option")


def select(
    label: str,
    words: Mapping[Option, str],
    chosen: Option | None,
    key: str,
    on_change: Callable[..., None],
    *args: object,
    placeholder: str | None = None,
    label_visibility: Literal["visible", "collapsed"] = "visible",
    width: int | Literal["stretch"] = "stretch",
) -> None:
    """Draw a list of options in words; with nothing, or what is not among them, chosen it shows the placeholder."""
    st.session_state[key] = chosen if chosen in words else None
    st.selectbox(
        label,
        tuple(words),
        key=key,
        format_func=lambda option: words.get(option, ""),
        placeholder=placeholder,
        label_visibility=label_visibility,
        width=width,
        on_change=on_change,
        args=(*args, key),
    )


def segments(
    label: str,
    words: Mapping[Option, str],
    chosen: Option,
    key: str,
    on_change: Callable[..., None],
    *args: object,
    label_visibility: Literal["visible", "collapsed"] = "visible",
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Draw a few options beside each other."""
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        tuple(words),
        key=key,
        format_func=lambda option: words[option],
        label_visibility=label_visibility,
        width=width,
        on_change=on_change,
        args=(*args, key),
    )


def whole_number(
    label: str,
    value: int,
    least: int,
    most: int,
    step: int,
    key: str,
    on_change: Callable[..., None],
    *args: object,
) -> None:
    """Draw a whole number that can be typed, or changed in steps."""
    st.session_state[key] = value
    st.number_input(
        label, least, most, step=step, format="%d", key=key, on_change=on_change, args=(*args, key)
    )


def toggle(
    label: str,
    key: str,
    on_change: Callable[..., None],
    *args: object,
    is_on: bool,
    help_text: str | None = None,
) -> None:
    """Draw a switch."""
    st.session_state[key] = is_on
    st.toggle(label, key=key, help=help_text, on_change=on_change, args=(*args, key))


def clock(label: str, at: time, key: str) -> None:
    """Draw a choice of a time of day."""
    st.time_input(label, at, key=key, step=QUARTER_S)


def open_hours(key: str, texts: Texts) -> None:
    """Draw a choice of days and hours, for `read_hours`."""
    days, start, end = st.columns(3)
    words = {name: texts.say(word) for name, word in DAYS.items()}
    days.selectbox(texts.say("Days"), tuple(DAYS), key=f"{key}-days", format_func=lambda name: words[name])
    with start:
        clock(texts.say("From"), time(9), f"{key}-from")
    with end:
        clock(texts.say("Until"), time(17), f"{key}-until")


def read_hours(key: str) -> str:
    """Days and hours that were chosen, as OpenStreetMap writes them."""
    start, end = (st.session_state[f"{key}-{name}"] for name in ("from", "until"))
    return f"{st.session_state[f'{key}-days']} {start:%H:%M}-{end:%H:%M}"
