"""The page "Compare": what a scenario means, with nothing to set; up to four scenarios beside each other."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.world import World
from ui.pages.compare import panel
from ui.pages.compare.bars import bars_html, draw_curves
from ui.pages.compare.view import Compared, compared, settle_others
from ui.sentences.compare import three_sentences
from ui.sentences.design import headline
from ui.sentences.edits import edit_title
from ui.state import session
from ui.state.settle import settle_scenario
from ui.widgets import page_frame
from ui.widgets.comparison_report import totals
from ui.widgets.tables import draw_table, plain_table
from ui.words.i18n import Texts


def page() -> None:
    """Read the link, ask for the views, draw them."""
    with page_frame.notices("compare", settle_scenario, settle_others) as world:
        found = compared(world)
    render(world, found, session.texts())


def render(world: World, found: Compared, texts: Texts) -> None:
    """Draw what was changed, the sentences, the maps, the bars, and who wins and loses."""
    first = found.views[0]
    page_frame.top(f"{texts.say('Compare')} · {world.region.title}", world, texts)
    if found.is_example:
        st.info(
            texts.say(
                "Nothing has been changed yet. This is an example, so that you see what the page tells."
            )
        )
    names = panel.names(found, texts)
    changes = "".join(f"<li>{escape(edit_title(edit, texts))}</li>" for edit in first.design.edits)
    st.html(
        f'<p class="dh-kicker">{escape(texts.say("What was changed"))}</p><ul class="dh-changes">{changes}</ul>'
    )
    page_frame.headline(headline(first.design, texts), three_sentences(first, texts))
    page_frame.basis(first.design.basis, first.design.mode, texts)
    panel.maps_beside(world, found, names, texts)
    if len(found.views) > 1:
        plain_table(totals(names, found.views, panel.sureness(world, found), texts))
    limit = first.design.limit_min
    st.subheader(texts.say("Inhabitants within {limit} minutes").format(limit=limit), anchor=False)
    st.html(bars_html(first, texts))
    st.caption(texts.say("{limit} minutes is a choice made here, not a legal norm.").format(limit=limit))
    draw_curves(tuple(zip(names, found.views, strict=True)), texts)
    panel.areas(first, texts)
    draw_table(first.design, texts)
    panel.sure(world, found, names, texts)
    panel.print_button(world, found, names, texts)
