"""The guided first visit: three steps that can be closed, only for who comes without a link."""

from __future__ import annotations

import streamlit as st

from ui.state import session
from ui.words.i18n import Texts, mark

STEPS = (
    mark("1. Choose your village: type its name above the sentence, or click on the map."),
    mark(
        "2. Read the table: how many minutes it takes to the GP, the shop and more, with each way to travel."
    ),
    mark(
        "3. Try something: press a button to see what happens when a service closes or a village hub comes."
    ),
)


def draw(texts: Texts) -> None:
    """Draw the step that is due, nothing once the guide was closed."""
    step = session.visit().guide
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
    session.act().guide = step
