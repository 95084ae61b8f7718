"""What a visitor can do on the page "Home care rounds": ask, begin, and stop."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ui.state.background_job import Job, about
from ui.state.session import act, visit
from ui.views.care import CareView
from ui.words.i18n import mark

MAP_KEY = "care-map"
NO_ANSWER = mark("These rounds cannot be planned. The details say why.")


@dataclass(slots=True)
class CarePage:
    """State of the page, beside what is asked there."""

    job: Job[CareView] | None = None


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the question; a control that was emptied keeps its value."""
    value = st.session_state[widget]
    if value is not None:
        state = act()
        changed: dict[str, Any] = {name: value}
        state.care = replace(state.care, **changed)


def start(make: Callable[[], Job[CareView]]) -> None:
    """Begin to plan in the background; what is under way for this page ends."""
    stop()
    page = act().of(CarePage)
    page.job = make()
    page.job.start()


def stop() -> None:
    """End the search with the best plan so far."""
    job = act().of(CarePage).job
    if job is not None:
        job.stop()


def job_about(what: Hashable) -> Job[CareView] | None:
    """Return what works this very question out."""
    return about(visit().of(CarePage).job, what)
