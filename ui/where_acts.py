"""What a visitor can do on the page "Where a hub?": ask, search on, stop, and open the proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from accessibility.world import World
from data.errors import ScenarioError
from ui import ready, searched
from ui.i18n import mark
from ui.session import Message, act, hub_kinds, texts, visit
from ui.where_ask import Ask
from ui.where_search import Search
from ui.where_views import CurvePoint, Found, Question, WhereView, figures

NO_ANSWER = mark(
    "These conditions do not go together. Ask for more hubs, a longer trip or a smaller share, or drop a condition."
)
OPENED = mark("These hubs are your scenario now. Undo brings the earlier one back.")
DESIGN = "ontwerp"


def question(world: World) -> Question:
    """What the visitor asks; choices that a hub cannot meet are changed."""
    state, kinds = visit(), hub_kinds(world)
    if state.choices.kind not in kinds:
        state.choices = replace(state.choices, kind=kinds[0])
    choices, present = state.choices, {"places", *world.facilities.kind}
    if state.ask.sites not in present:
        state.ask = replace(state.ask, sites="places", fixed=(), forbidden=())
    offers = tuple(kind for kind in kinds if kind in {*state.offers, choices.kind})
    return Question(choices.kind, choices.mode, choices.limit, offers, state.ask)


def where(world: World, asked: Question) -> WhereView | None:
    """View of the best answer there is so far; None, with a message, where the question contradicts itself."""
    state = visit()
    known = searched.reached(world, asked, texts())
    try:
        found = searched.best_known(world, asked) or searched.quick_answer(world, asked, known)
    except ScenarioError as error:
        state.message = Message(NO_ANSWER, str(error))
        return None
    made = ready.worked_out(world, found.scenario, asked.kind, asked.mode)
    design = searched.design_of_hubs(world, found, asked)
    return WhereView(asked, found, figures(world, asked, made.comparison), design, known.left_out)


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the question; a control that was emptied keeps its value."""
    state, value = act(), st.session_state[widget]
    if value is not None:
        changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
        state.ask = replace(state.ask, **changed)
    if name == "sites":
        state.ask = replace(state.ask, fixed=(), forbidden=())


def count_in(widget: str, year: int) -> None:
    """Count with the inhabitants of a later year, or with those of the data."""
    state = act()
    state.ask = replace(state.ask, year=year if st.session_state[widget] else 0)


def search_on(world: World, asked: Question) -> None:
    """Search for the best answer, in the background; an earlier search of this visitor ends."""
    state = act()
    stop()
    state.search = searched.exact_search(world, asked, texts())
    state.search.start()


def draw_curve(world: World, asked: Question) -> None:
    """Find the best answers for every number of hubs, in the background."""
    state = act()
    stop()
    state.curve = searched.curve_search(world, curve_question(asked), texts())
    state.curve.start()


def stop() -> None:
    """End the searches of this visitor with what they have found."""
    state = act()
    for search in (state.search, state.curve):
        if search is not None:
            search.stop()


def search_about(asked: Question) -> Search[Found] | None:
    """Return the visitor's search for the answer to this question."""
    search = visit().search
    return search if search is not None and search.about == asked else None


def curve_about(asked: Question) -> Search[tuple[CurvePoint, ...]] | None:
    """Return the visitor's search for the curve of this question."""
    curve = visit().curve
    return curve if curve is not None and curve.about == curve_question(asked) else None


def curve_question(asked: Question) -> Question:
    """Return the question that a curve answers: whatever the aim and the number of hubs."""
    default = Ask()
    ask = replace(asked.ask, aim=default.aim, hubs=default.hubs, share=default.share, budget=default.budget)
    return replace(asked, ask=ask)


def open_in_design(view: WhereView) -> None:
    """Make the proposal the visitor's scenario, and go to the page that shows it."""
    state = act()
    state.change(view.found.scenario, NO_ANSWER)
    state.choices = replace(state.choices, show="difference")
    state.told, state.way = OPENED, DESIGN
