"""Hubs with several services, below the proposal: what they may offer and what there is to spend, and what is best then."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ui.pages.placement import actions
from ui.pages.placement.found import opening_button, told_in_full
from ui.pages.placement.question import budget_input
from ui.pages.placement.weighing import worked_out
from ui.paper.pdf import Part
from ui.sentences.placement import progress_sentence
from ui.sentences.placement_services import basis_sentence, service_words, services_sentences
from ui.state import searches
from ui.state.cached import key_of
from ui.state.searches import Asked
from ui.views.placement.question import PageQuestion
from ui.views.placement.services import (
    ServicesFound,
    budget_asked,
    kinds_asked,
    known_services,
)
from ui.words.i18n import Texts
from ui.words.words import KINDS


def several(asked: Asked, texts: Texts) -> tuple[Part, ...]:
    """Draw what hubs may offer, and the best of them once that was asked for; gives what it shows for paper."""
    say, title = texts.say, texts.say("What should a hub offer?")
    promise = say(
        "Hubs can offer several services together. For a budget the best places are sought, and what each hub should offer. "
        "That takes a minute at most."
    )
    return worked_out(
        title,
        ("services", key_of(asked)),
        promise,
        (say("Choose places and services"), ":material/add_business:"),
        lambda: searches.services_job(asked, texts),
        lambda found: _drawn(found, asked.question, texts),
        texts,
        lambda: _asked(asked, texts),
        progress_sentence,
    )


def _asked(asked: Asked, texts: Texts) -> None:
    """Draw the services that a hub may offer, and the budget."""
    known, say = known_services(asked.world), texts.say
    kinds, money = st.columns(2, vertical_alignment="bottom")
    st.session_state["question-services"] = list(kinds_asked(known, asked.question))
    kinds.multiselect(
        say("What a hub may offer"),
        known.kinds,
        key="question-services",
        format_func=lambda kind: say(KINDS[kind].label),
        on_change=actions.choose,
        args=("services", "question-services"),
    )
    with money:
        budget_input(
            say("Budget for hubs and services, in euros a year"), "money", budget_asked(asked.question)
        )


def services_table(found: ServicesFound, texts: Texts) -> pd.DataFrame:
    """One row per site, a column per service, and what the hub costs with all it offers."""
    say = texts.say
    rows = []
    for site in found.sites:
        words = {of.kind: service_words(of, texts) for of in site.services}
        row = {say("Site"): site.name}
        row |= {say(KINDS[of.kind].label): words.get(of.kind, "\u2013") for of in found.served}
        rows.append(row | {say("Euros a year"): texts.number(site.euros)})
    return pd.DataFrame(rows).set_index(say("Site"))


def _drawn(found: ServicesFound, question: PageQuestion, texts: Texts) -> tuple[Part, ...]:
    told = (*services_sentences(found, question, texts), basis_sentence(texts))
    return told_in_full(
        told,
        services_table(found, texts) if found.sites else None,
        lambda: opening_button(texts.say("Open these hubs in Design"), "placement-services-open", found),
    )
