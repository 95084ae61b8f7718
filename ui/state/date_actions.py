"""What a visitor does with the day: choose another one, which is not taken where it cannot be."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.study_area.dates import ServiceDates
from ui.sentences.design import no_service_sentence
from ui.state.session import Message, act, texts, visit
from ui.words.i18n import mark

NOT_THAT_DAY = mark(
    "Not everything that you changed is possible on the day you chose, so the day stays as it was."
)


def choose_date(widget: str, known: ServiceDates) -> None:
    """Take the date of a widget; one without service keeps the date as it was, with the reason as message."""
    state, day = act(), st.session_state[widget]
    if day is None:
        return
    if day != known.usual and day not in known.dates:
        state.message = Message(no_service_sentence(day, known, texts()), "")
        return
    state.day_before = state.choices.date
    state.choices = replace(state.choices, date=day.isoformat() if day != known.usual else "")


def keep_day(reason: str) -> None:
    """Go back to the day before the choice of another one, on which a scenario does not fit; else do nothing."""
    state = visit()
    if state.day_before is None:
        return
    state.choices = replace(state.choices, date=state.day_before)
    state.day_before = None
    state.message = Message(NOT_THAT_DAY, reason)
    st.rerun()
