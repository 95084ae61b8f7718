"""What a visitor can do on the page "Where a hub?": ask, search on, stop, and open the proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from data.errors import ScenarioError
from scenarios.placement.question import is_known, tells_year
from ui.state import cache, searches
from ui.state import current_views as asked_for
from ui.state.background_job import Search
from ui.state.session import Message, act, hub_kinds, texts, visit
from ui.views.design import basis_of
from ui.views.edits import edit_views
from ui.views.placement import CurvePoint, Found, WhereView, figures, part_of
from ui.views.placement_link import MOST_NAMED, Ask, point_id
from ui.views.placement_task import Question, may_mix, travellers
from ui.views.placement_weighing import RobustView, Trade
from ui.words.i18n import mark

NO_ANSWER = mark(
    "These conditions do not go together. Ask for more hubs, a longer trip or a smaller share, or drop a condition."
)
OPENED = mark("These hubs are your scenario now. Undo brings the earlier one back.")
ADDED = mark("These hubs are added to your scenario. Undo takes them out again.")
TOO_MANY = mark("That is as many spots as can be compared. Take one out of the list first.")
DESIGN = "ontwerp"
MAP_KEY = "where-map"


def start(world: World) -> World:
    """World from which the question starts: with the visitor's scenario, undone as far as it does not fit."""
    asked_for.fit(world)
    return cache.with_scenario(world, visit().scenario)


def question(world: World) -> Question:
    """What the visitor asks of the world it starts from; choices that cannot be met there are changed."""
    state, kinds = visit(), hub_kinds(world)
    if state.choices.kind not in kinds:
        state.choices = replace(state.choices, kind=kinds[0])
    choices, ask, present = state.choices, state.ask, {"places", *world.facilities.kind}
    if ask.points:
        present.add("points")
    if ask.sites not in present:
        ask = replace(ask, sites="places", fixed=(), forbidden=())
    if not may_mix(modes_in(world)):
        ask = replace(ask, by="mode")
    if tells_year(state.scenario) or not (
        is_known(world, ask.year or None) and is_known(world, ask.later or None)
    ):
        ask = replace(ask, year=0, later=0)
    state.ask = ask
    offers = tuple(kind for kind in kinds if kind in {*state.offers, choices.kind})
    base = state.scenario.key if state.scenario.edits else ""
    return Question(choices.kind, choices.mode, choices.limit, offers, ask, base)


def where(region: World, world: World, asked: Question) -> WhereView | None:
    """View of the best answer there is so far; None, with a message, where the question contradicts itself."""
    state = visit()
    scenario, known = state.scenario, searches.reached(world, asked, texts())
    try:
        found = searches.best_known(world, asked) or searches.quick_answer(world, asked, known)
    except ScenarioError as error:
        state.message = Message(NO_ANSWER, str(error))
        return None
    both = (scenario, found.added_to(scenario))
    by_mode = {mode: searches.compared_with(region, both, asked.kind, mode) for mode in known.times}
    parts = [
        part_of(people, [by_mode[mode] for mode in people.modes])
        for people in travellers(world, asked, tuple(by_mode))
    ]
    design = searches.design_of_hubs(region, world, scenario, found, asked)
    if asked.ask.by == "mix":
        design = replace(design, basis=basis_of(world, "transit"))
    kept = edit_views(region, scenario)
    return WhereView(asked, found, figures(world, asked, parts), design, known.left_out, kept)


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the question; a control that was emptied keeps its value."""
    state, value = act(), st.session_state[widget]
    if value is not None:
        changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
        state.ask = replace(state.ask, **changed)
    if name == "sites":
        state.ask = replace(state.ask, fixed=(), forbidden=())


def choose_points(widget: str) -> None:
    """Let go of the clicked spots that were taken out of the list."""
    state, left = act(), set(st.session_state[widget])
    gone = {point_id(spot) for spot in state.ask.points} - left
    state.ask = replace(
        state.ask,
        points=tuple(spot for spot in state.ask.points if point_id(spot) in left),
        fixed=tuple(id_ for id_ in state.ask.fixed if id_ not in gone),
        forbidden=tuple(id_ for id_ in state.ask.forbidden if id_ not in gone),
    )


def point_with(widget: str) -> None:
    """Let a click on the map add a spot, or let it show only."""
    act().pointing = bool(st.session_state[widget])


def click_on_map() -> None:
    """Add the clicked spot to where hubs may stand, if that is what a click does."""
    click = st.session_state[MAP_KEY].click
    if click is None or not visit().pointing:
        return
    state = act()
    spot = (round(float(click["lng"]), 5), round(float(click["lat"]), 5))
    if len(state.ask.points) == MOST_NAMED:
        state.message = Message(TOO_MANY, "")
    elif spot not in state.ask.points:
        state.ask = replace(state.ask, points=(*state.ask.points, spot))


def travel_as(widget: str) -> None:
    """Let each group travel in its own way, or all alike."""
    state = act()
    state.ask = replace(state.ask, by="mix" if st.session_state[widget] else "mode")


def count_in(name: Literal["year", "later"], widget: str, year: int) -> None:
    """Count with the inhabitants of a later year, or with those of the data."""
    state = act()
    changed: dict[str, Any] = {name: year if st.session_state[widget] else 0}
    state.ask = replace(state.ask, **changed)


def search_on(world: World, asked: Question) -> None:
    """Search for the best answer, in the background; an earlier search of this visitor ends."""
    state = act()
    stop()
    state.search = searches.exact_search(world, asked, texts())
    state.search.start()


def draw_curve(world: World, asked: Question) -> None:
    """Find the best answers for every number of hubs, in the background."""
    state = act()
    stop()
    state.curve = searches.curve_search(world, curve_question(asked), texts())
    state.curve.start()


def weigh(world: World, asked: Question) -> None:
    """Find what a shorter longest trip costs, in the background."""
    state = act()
    stop()
    state.trade = searches.trade_search(world, trade_question(asked), texts())
    state.trade.start()


def try_assumptions(region: World, world: World, view: WhereView) -> None:
    """Ask again with other assumptions, years and modelled services, in the background."""
    state = act()
    stop()
    ids, scenario = proposed(view), state.scenario
    state.robust = searches.robust_search((region, world), scenario, view.question, ids, texts())
    state.robust.start()


def stop() -> None:
    """End the searches of this visitor with what they have found."""
    state = act()
    for search in (state.search, state.curve, state.trade, state.robust):
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


def trade_about(asked: Question) -> Search[tuple[Trade, ...]] | None:
    """Return the visitor's search for what the worst-off cost in this question."""
    trade = visit().trade
    return trade if trade is not None and trade.about == trade_question(asked) else None


def trade_question(asked: Question) -> Question:
    """Return the question that the trade answers: whatever the aim."""
    default = Ask()
    return replace(asked, ask=replace(asked.ask, aim=default.aim, share=default.share))


def robust_about(view: WhereView) -> Search[RobustView] | None:
    """Return the visitor's search for how sure this very proposal is."""
    robust = visit().robust
    return robust if robust is not None and robust.about == (view.question, proposed(view)) else None


def proposed(view: WhereView) -> tuple[str, ...]:
    """Return the ids of the proposed sites."""
    return tuple(sorted(site.id for site in view.found.sites))


def open_in_design(view: WhereView) -> None:
    """Add the proposal to the visitor's scenario, and go to the page that shows it."""
    state = act()
    state.told = ADDED if state.scenario.edits else OPENED
    state.change(view.found.added_to(state.scenario), NO_ANSWER)
    state.choices = replace(state.choices, show="difference")
    state.way = DESIGN
