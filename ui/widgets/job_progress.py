"""Long work that goes on in the background: how far it is, and a button to end it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from ui.state.background_job import Job
from ui.words.i18n import Texts

POLL_S = 1.0


@st.fragment(run_every=POLL_S)
def job_progress(
    job: Job[Any], sentence: Callable[[], str], on_stop: Callable[[], None] | None, texts: Texts
) -> None:
    """Show how far a job is, without drawing the rest of the page again until it is over."""
    if job.is_over:
        st.rerun()
    with st.container(border=True, key=f"job-{job.number}"):
        st.html(f'<p class="dh-details" role="status">{escape(sentence())}</p>')
        if on_stop is not None:
            st.button(texts.say("Stop and keep the best so far"), key=f"stop-{job.number}", on_click=on_stop)
        st.caption(texts.say("You can leave this page meanwhile."))
