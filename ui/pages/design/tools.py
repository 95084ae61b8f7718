"""How to change things on the page "Design": one list of all that can be changed, and the form of what was chosen.

Where a change has a place, a click on the map fills it in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import streamlit as st

from accessibility.world import World
from ui.pages.design import actions, facilities, lines, people, streets
from ui.pages.design.actions import Drawing, Tool
from ui.state import session
from ui.views.design import DesignView
from ui.widgets.inputs import select
from ui.words.i18n import Texts, mark

TOOL_WORDS: dict[Tool, str] = {
    "hub": mark("Place a hub"),
    "move": mark("Move a hub or a service"),
    "open": mark("Open a service"),
    "close": mark("Close a service"),
    "hours": mark("Change opening hours"),
    "size": mark("Change the size of a service"),
    "line": mark("Draw a bus line"),
    "headway": mark("Let a line run more or less often"),
    "span": mark("Let a line start or stop at another time"),
    "line_speed": mark("Let a line go faster or slower"),
    "stop": mark("Add or skip a stop"),
    "reroute": mark("Lead a line another way"),
    "no_line": mark("Drop a line"),
    "path": mark("Draw a cycle path or road"),
    "street": mark("Close a road"),
    "area": mark("Close the roads of an area"),
    "limit": mark("Change a speed limit"),
    "on_demand": mark("Add rides on demand"),
    "no_on_demand": mark("Drop rides on demand"),
    "digital": mark("Let visits go online"),
    "year": mark("Count the inhabitants of another year"),
    "traveller": mark("Let everybody travel as one group"),
}
Form: TypeAlias = Callable[[World, DesignView, Texts], None]
FORMS: dict[Tool, Form] = {
    "hub": facilities.hub,
    "move": facilities.move,
    "open": facilities.opening,
    "close": facilities.closure,
    "hours": facilities.hours,
    "size": facilities.size,
    "line": lines.new_line,
    "headway": lines.headway,
    "span": lines.span,
    "line_speed": lines.speed,
    "stop": lines.stop,
    "reroute": lines.reroute,
    "no_line": lines.no_line,
    "path": streets.path,
    "street": streets.street,
    "area": streets.area,
    "limit": streets.limit,
    "on_demand": people.on_demand,
    "no_on_demand": people.no_on_demand,
    "digital": people.digital,
    "year": people.year,
    "traveller": people.traveller,
}


def draw(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the list of all that can be changed, and the form of what was chosen."""
    tool = session.visit().of(Drawing).tool
    words = {name: texts.say(word) for name, word in TOOL_WORDS.items()}
    with st.container(border=True, gap="small", key="tools"):
        _steps(texts)
        select(texts.say("What do you want to change?"), words, tool, "tool", actions.choose_tool)
        FORMS[tool](world, view, texts)


def _steps(texts: Texts) -> None:
    """Undo and redo, beside the map."""
    state = session.visit()
    # The box is always there, so that the form keeps its place.
    with st.container(horizontal=True, gap="small", key="steps"):
        if state.past:
            st.button(texts.say("Undo"), icon=":material/undo:", key="undo", on_click=actions.undo)
        if state.undone:
            st.button(texts.say("Redo"), icon=":material/redo:", key="redo", on_click=actions.redo)
