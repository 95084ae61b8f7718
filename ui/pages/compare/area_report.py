"""The button for the report of a municipality, made of the scenario that the page tells of, or of hubs that are proposed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from accessibility.world import World
from ui.pages.compare.view import Compared
from ui.paper.area import area_report
from ui.paper.pdf import pdf
from ui.state import cache, session
from ui.views.area import AreaQuestion, area_view, municipalities
from ui.widgets.downloads import today
from ui.widgets.inputs import select
from ui.words.file_names import file_name
from ui.words.i18n import Texts

KEY = "report-area"


@dataclass(slots=True)
class Reporting:
    """Of which municipality a report is wanted; "" for the whole region."""

    name: str = ""


def draw(world: World, found: Compared, texts: Texts) -> None:
    """Draw the choice of the municipality, and the button; the report is made when it is asked for."""
    words = {"": texts.say("The whole region")} | {name: name for name in municipalities(world)}
    wanted = session.visit().of(Reporting)
    name = wanted.name if wanted.name in words else ""
    title, address, made = texts.say("Report of a municipality"), session.address(), today()
    st.subheader(title, anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        select(texts.say("Of which municipality?"), words, name, KEY, _choose, width=270)
        st.download_button(
            texts.say("Make the report (PDF, A4)"),
            lambda: report(world, found, name, address, texts),
            file_name(name or world.region.title, title, made, "pdf"),
            "application/pdf",
            icon=":material/description:",
            on_click="ignore",
        )
    st.caption(
        texts.say(
            "Who lives there now and later, how near services are, what the changes of this page do, and what is uncertain. "
            "Without changes of your own the report proposes places for hubs. Making it takes half a minute."
        )
    )


def report(world: World, found: Compared, name: str, address: str, texts: Texts) -> bytes:
    """The report as a PDF."""
    design, scenario = found.view.design, None if found.is_example else found.scenarios[found.chosen]
    question = AreaQuestion(design.kind, design.mode, design.limit_min)
    sure = None
    if scenario is not None and not name:
        # What is known of it is about the people of the whole region.
        sure = cache.sure.known(world, scenario, design.kind, design.mode)
    view = area_view(cache.area_ground(world, question), name, scenario, sure=sure)
    return pdf(area_report(world, [view], address, today(), texts))


def _choose(widget: str) -> None:
    """Take the municipality that was picked."""
    if (name := st.session_state[widget]) is not None:
        session.act().of(Reporting).name = name
