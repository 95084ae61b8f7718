"""The proposal of the page "Where a hub?": the sites, the search for the best, and what else would do."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from scenarios.placement.incumbent import Step
from ui.pages.placement import actions
from ui.pages.placement.found import opening_button
from ui.sentences.placement import (
    apart_sentence,
    left_out_sentence,
    others_sentence,
    progress_sentence,
    travelling_sentences,
)
from ui.state import searches
from ui.state.background_job import Job
from ui.state.cached import key_of
from ui.state.searches import Asked
from ui.views.placement.answer import Found, PlacementView
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts


class Said(Protocol):
    """How far a search is, in a sentence."""

    def __call__(self, step: Step | None, *, is_waiting: bool, texts: Texts) -> str:
        """Say it."""


def proposal(asked: Asked, view: PlacementView, texts: Texts) -> None:
    """Draw the proposed sites, what to do with them, and the sites that would do as well."""
    say, found = texts.say, view.found
    st.subheader(say("Proposed sites"), anchor=False)
    if found.sites:
        plain_table(sites_table(view, texts))
        opening_button(say("Open in Design"), "placement-open", found, "primary")
    # A box that is always there: what comes and goes in it leaves the rest in its place.
    with st.container(key="placement-search-box"):
        search(asked, texts, is_certain=not found.gap_share, was_exact=not found.is_quick)
    _as_good(view, texts)
    for note in notes(view, texts):
        st.html(f'<p class="dh-note">{escape(note)}</p>')


def sites_table(view: PlacementView, texts: Texts) -> pd.DataFrame:
    """The proposed sites, with those for whom each is the nearest."""
    say = texts.say
    head = say("Inhabitants for whom it is the nearest")
    if view.question.chosen.who != "all":
        head = say("Of those asked about, it is the nearest for")
    rows = sorted(view.found.sites, key=lambda site: (-site.people, site.name))
    table = {say("Site"): [site.name for site in rows], head: [texts.number(site.people) for site in rows]}
    return pd.DataFrame(table).set_index(say("Site"))


def notes(view: PlacementView, texts: Texts) -> tuple[str, ...]:
    """What is told in small below the proposal."""
    told = (
        *travelling_sentences(view.question, texts),
        apart_sentence(view.question, texts),
        left_out_sentence(view.left_out, texts),
    )
    return tuple(filter(None, told))


def search(asked: Asked, texts: Texts, *, is_certain: bool, was_exact: bool) -> None:
    """Draw the button of the exact search, or how far it is."""
    job = actions.job_about("exact", key_of(asked))
    if job is not None and not job.is_over:
        progress(job, texts, progress_sentence)
    elif job is not None and job.error is not None:
        st.warning(texts.say(actions.NO_ANSWER))
        with st.expander(texts.say("Details")):
            st.text(texts.say_data(str(job.error)))
    elif not is_certain:
        label = texts.say("Search on for the best choice")
        if was_exact:
            label = texts.say("Search once more")
        st.button(
            label,
            key="placement-search",
            icon=":material/search:",
            on_click=actions.start,
            args=("exact", lambda: searches.exact_job(asked, texts)),
        )


def progress(job: Job[Any], texts: Texts, said: Said) -> None:
    """Show how far a job is, as `said` has it."""

    def sentence() -> str:
        return said(job.step, is_waiting=job.is_waiting, texts=texts)

    job_progress(job, sentence, actions.stop, texts)


def _as_good(view: PlacementView, texts: Texts) -> None:
    say, found = texts.say, view.found
    if not found.alternatives:
        return
    with st.expander(alternatives_title(found, texts), expanded=True):
        plain_table(alternatives_table(view, texts))
        if view.question.chosen.aim == "within":
            st.caption(say("The share is of the people whom the hubs bring within the limit."))
        if found.n_as_good > len(found.alternatives):
            st.caption(say("The best {count} of them.").format(count=len(found.alternatives)))
        if not found.gap_share and not found.is_quick:
            st.caption(others_sentence(found, texts))


def alternatives_title(found: Found, texts: Texts) -> str:
    """How many other sites would do as well."""
    title = texts.plural(
        "{count} other site is almost as good (within 1%)",
        "{count} other sites are almost as good (within 1%)",
        found.n_as_good,
    )
    return title.format(count=texts.number(found.n_as_good))


def alternatives_table(view: PlacementView, texts: Texts) -> pd.DataFrame:
    """Sites that would do as well, instead of which one, and how much worse."""
    say, others = texts.say, view.found.alternatives
    table = {
        say("Site"): [site.name for site in others],
        say("Instead of"): [site.instead_of or say("another combination") for site in others],
        say("Worse by"): [texts.percent_fine(site.loss_share) for site in others],
    }
    return pd.DataFrame(table).set_index(say("Site"))
