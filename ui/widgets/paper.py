"""What pages put on paper besides the parts of all reports: how far one gets; and the buttons to print a page and copy its link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from accessibility.world import World
from data.extras import installed
from ui.map.layers import Show
from ui.paper.parts import map_of, table_of
from ui.paper.pdf import Heading, Part, Report, Sentences, pdf
from ui.sentences.reach import reach_basis, reach_sentence
from ui.state import session
from ui.views.design import DesignView
from ui.views.reach import ReachView
from ui.widgets import reach
from ui.widgets.downloads import today
from ui.widgets.page_frame import copy_button
from ui.words.file_names import file_name
from ui.words.i18n import Texts


def reach_parts(
    world: World,
    view: DesignView,
    show: Show,
    within: ReachView | None,
    texts: Texts,
    chosen: int | None = None,
) -> tuple[Part, ...]:
    """How far one gets, where the page shows it: the sentence, the areas, and who lives within them."""
    if within is None:
        return ()
    sentence = reach_sentence(within, texts)
    return (
        Heading(texts.say("How far one gets")),
        Sentences((sentence,)),
        map_of(world, view, show, sentence, texts, chosen=chosen, within=within),
        table_of("", reach.table(within, texts)),
        Sentences((reach_basis(within, texts),)),
    )


def buttons(title: str, make: Callable[[str, dt.date], Report], texts: Texts) -> None:
    """Draw the buttons to print the page, typeset when it is asked for, and to copy its link.

    `make` is given the link of the page and the day.
    """
    address, made, can_print = session.address(), today(), installed("paper")
    without = texts.say(
        "Printing is not possible here: the part 'paper' of the program is not installed. Ask the keeper of this server."
    )
    with st.container(horizontal=True, gap="small", key="paper"):
        st.download_button(
            texts.say("Print this page (PDF, A4)"),
            lambda: pdf(make(address, made)),
            file_name(title, "", made, "pdf"),
            "application/pdf",
            icon=":material/print:",
            on_click="ignore",
            disabled=not can_print,
            help=None if can_print else without,
        )
        copy_button(texts.say("Copy the link to share"), "", texts)
