"""The page "Compare": what a scenario means, with nothing to set; up to four scenarios beside each other."""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from accessibility.world import World
from ui.pages.compare import area_report, board, panel
from ui.pages.compare.bars import bars_html
from ui.pages.compare.curves import draw_curves
from ui.pages.compare.view import Compared, compared, settle_others
from ui.sentences.compare import three_sentences
from ui.sentences.design import headline
from ui.sentences.edits import edit_line
from ui.sentences.side_by_side import best_details, best_headline, title
from ui.state import session
from ui.state.settle import settle_scenario
from ui.widgets import page_frame, school
from ui.widgets.tables import draw_table
from ui.words.i18n import Texts


def page() -> None:
    """Read the link, ask for the views, draw them."""
    with page_frame.notices("compare", settle_scenario, settle_others) as world:
        found = compared(world)
    render(world, found, session.texts())


def render(world: World, found: Compared, texts: Texts) -> None:
    """Draw the scenarios side by side, with their maps and curves; then, of one of them, all there is to tell."""
    page_frame.top(f"{texts.say('Compare')} \u00b7 {world.region.title}", world, texts)
    if found.is_example:
        st.info(
            texts.say(
                "Nothing has been changed yet. This is an example, so that you see what the page tells."
            )
        )
    beside = board.beside(world, found, panel.names(found, texts))
    several, first = len(beside) > 1, found.views[0].design
    titles = tuple(title(side) if several else side.name for side in beside)
    with st.container(key="compare"):
        with st.container(key="compare-answer"):
            if several:
                page_frame.headline(best_headline(beside, first.kind, texts))
                st.html(board.beside_html(beside, first.limit_min, texts))
            else:
                _tell(found, texts)
        with st.container(key="compare-picture"):
            panel.maps_beside(world, found, titles, texts)
        with st.container(key="compare-more"):
            if several:
                page_frame.details(best_details(beside, texts))
            draw_curves(tuple(zip(titles, found.views, strict=True)), found.view, texts)
    if several:
        board.pick_scenario(beside, found.chosen, texts)
        _tell(found, texts, level=2)
    _tell_more(world, found, texts)
    school_day = school.of_region(world, found.scenarios[found.chosen], texts)
    panel.print_button(world, found, beside, school_day, texts)
    area_report.draw(world, found, texts)


def _tell(found: Compared, texts: Texts, level: Literal[1, 2] = 1) -> None:
    """Draw what was changed, and who gains, who loses and what it costs."""
    design = found.view.design
    changes = "".join(f"<li>{escape(edit_line(edit, texts))}</li>" for edit in design.edits)
    st.html(
        f'<p class="dh-kicker">{escape(texts.say("What was changed"))}</p><ul class="dh-changes">{changes}</ul>'
    )
    page_frame.headline(headline(design, texts), three_sentences(found.view, texts), level)
    page_frame.basis(design.basis, design.mode, texts)


def _tell_more(world: World, found: Compared, texts: Texts) -> None:
    """Draw the bars, the municipalities, the places, and how sure it is."""
    view = found.view
    limit = view.design.limit_min
    st.subheader(texts.say("Inhabitants within {limit} minutes").format(limit=limit), anchor=False)
    st.html(bars_html(view, texts))
    st.caption(texts.say("{limit} minutes is a choice made here, not a legal norm.").format(limit=limit))
    panel.money(view, texts)
    panel.areas(view, texts)
    panel.without_car(view, texts)
    draw_table(view.design, texts)
    panel.sure(world, found, texts)
