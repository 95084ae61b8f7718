"""How to change things on the page "Design": what a click on the map does, and the lists beside it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from accessibility.world import World
from data.errors import DorpshubError
from data.parameters.population import read_population_totals
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.people import ChangeYear
from ui.pages.design import actions
from ui.pages.design.actions import Drawing, Tool
from ui.state import session
from ui.state.scenario_actions import NextHub
from ui.views.design import DesignView, hub_kinds
from ui.widgets.inputs import segments, select
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, NOT_FOR_HUBS

TOOL_WORDS: dict[Tool, str] = {
    "hub": mark("Place a hub"),
    "move": mark("Move"),
    "path": mark("Draw a path"),
    "line": mark("Draw a bus line"),
}
AS_IN_THE_DATA = 0
"""Choice of the year of the data; with None the list would show nothing as chosen."""
DEAREST = 10_000_000.0


def draw(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the tools: what a click does, then the lists."""
    tool = session.visit().of(Drawing).tool
    with st.container(border=True, gap="small"):
        words = {name: texts.say(word) for name, word in TOOL_WORDS.items()}
        segments(texts.say("A click on the map"), words, tool, "tool", actions.choose_tool)
        {"hub": _hub, "move": _move, "path": _path, "line": _line}[tool](world, view, texts)
    with st.expander(texts.say("Close or open a service")):
        _close(world, view, texts)
        _open(world, texts)
    with st.expander(texts.say("Buses and inhabitants")):
        _headway(world, texts)
        _year(world, texts)


def _hub(world: World, view: DesignView, texts: Texts) -> None:
    kinds, next_hub = hub_kinds(world), session.visit().of(NextHub)
    st.session_state["offers"] = list(next_hub.kinds(world))
    st.pills(
        texts.say("A new hub offers"),
        kinds,
        selection_mode="multi",
        key="offers",
        format_func=lambda kind: texts.say(KINDS[kind].label),
        on_change=actions.choose_offers,
        args=("offers",),
    )
    st.session_state["hub-cost"] = next_hub.cost_per_year
    st.number_input(
        texts.say("It costs, in euros a year (0: not known)"),
        min_value=0.0,
        max_value=DEAREST,
        step=5000.0,
        format="%.0f",
        key="hub-cost",
        on_change=actions.choose_cost,
        args=("hub-cost",),
    )
    select(
        texts.say("Or in a village hall"),
        _facilities(world, ("village_hall",)),
        None,
        "hub-in-hall",
        actions.place_hub_in_building,
        placeholder=texts.say("Choose a village hall"),
    )
    del view


def _move(world: World, view: DesignView, texts: Texts) -> None:
    names = {edit.hub_id: title for edit, title in _own_hubs(view)} | _facilities(world, (view.kind,))
    label, moving = texts.say("Choose what moves, then click where to"), session.visit().of(Drawing).moving
    words = texts.say("Choose what moves")
    select(label, names, moving, "moving", actions.choose_moving, placeholder=words)


def _own_hubs(view: DesignView) -> list[tuple[PlaceHub, str]]:
    edits = session.visit().scenario.edits
    return [
        (edit, f"Hub {seen.name}")
        for edit, seen in zip(edits, view.edits, strict=True)
        if isinstance(edit, PlaceHub)
    ]


def _path(world: World, view: DesignView, texts: Texts) -> None:
    del world, view
    drawn = session.visit().of(Drawing).drawn
    st.caption(
        texts.say(
            "Click the points of the path; begin and end at an existing road. Points so far: {count}."
        ).format(count=texts.number(len(drawn)))
    )
    finish, begun = actions.finish_path, len(drawn) < 2
    with st.container(horizontal=True, gap="small"):
        label = texts.say("Make it a cycle path")
        st.button(label, key="path-cycle", disabled=begun, on_click=finish, args=("cycle_path",))
        label = texts.say("Make it a road")
        st.button(label, key="path-road", disabled=begun, on_click=finish, args=("road",))
        label = texts.say("Last point back")
        st.button(label, key="path-back", disabled=not drawn, on_click=actions.let_go)


def _line(world: World, view: DesignView, texts: Texts) -> None:
    del view
    stops, route = world.network.service.timetable.stops, session.visit().of(Drawing).route
    names = " \u2192 ".join(stops.name[stops.id.index(stop)] for stop in route)
    st.caption(texts.say("Click on the stops of the line, in order: each click takes the nearest one."))
    if names:
        st.write(names)
    name, headway, speed = st.columns(3)
    name.text_input(texts.say("Name of the line"), key="line-name", max_chars=20)
    headway.number_input(texts.say("Every how many minutes"), 5, 240, 60, 5, key="line-headway")
    speed.number_input(texts.say("Speed (km/h)"), 10, 100, 35, 5, key="line-speed")
    with st.container(horizontal=True, gap="small"):
        label = texts.say("Let the line run")
        st.button(label, key="line-done", disabled=len(route) < 2, on_click=actions.finish_line)
        st.button(texts.say("Last stop back"), key="line-back", disabled=not route, on_click=actions.let_go)


def _close(world: World, view: DesignView, texts: Texts) -> None:
    edits = session.visit().scenario.edits
    closed = {edit.facility_id for edit in edits if isinstance(edit, CloseFacility)}
    names = {id_: name for id_, name in _facilities(world, (view.kind,)).items() if id_ not in closed}
    label = texts.say("Close {service}").format(service=texts.say(KINDS[view.kind].one))
    select(label, names, None, "close", actions.close_chosen, placeholder=texts.say("Choose what closes"))


def _open(world: World, texts: Texts) -> None:
    kinds = tuple(
        kind for kind in KINDS if kind != "hub" and (kind in world.facilities.kind or kind in NOT_FOR_HUBS)
    )
    places = world.places
    rows = sorted(np.flatnonzero(places.in_region).tolist(), key=lambda row: places.name[row])
    names = {places.id[row]: places.name[row] for row in rows}
    kind, place = st.columns(2)
    kind.selectbox(
        texts.say("Open"), kinds, key="open-kind", format_func=lambda of: texts.say(KINDS[of].label)
    )
    label, words = texts.say("in the village"), texts.say("Choose a village")
    with place:
        select(label, names, None, "open-place", actions.open_service, "open-kind", placeholder=words)


def _headway(world: World, texts: Texts) -> None:
    lines = line_names(world)
    if not lines:
        return
    line, minutes = st.columns(2)
    minutes.number_input(texts.say("Every how many minutes"), 5, 240, 30, 5, key="headway-minutes")
    label, words = texts.say("Let a line run more or less often"), texts.say("Choose a line")
    names = {name: name for name in lines}
    with line:
        select(
            label, names, None, "headway-line", actions.change_headway, "headway-minutes", placeholder=words
        )


def line_names(world: World) -> tuple[str, ...]:
    """Names of the lines, short ones first; none without a timetable."""
    return tuple(sorted(set(world.network.service.timetable.trips.route), key=lambda name: (len(name), name)))


def _year(world: World, texts: Texts) -> None:
    try:
        totals = read_population_totals(world.region.folder)
    except DorpshubError:
        st.caption(texts.say("Of this region no forecast of its population is at hand."))
        return
    chosen = next(
        (edit.year for edit in session.visit().scenario.edits if isinstance(edit, ChangeYear)), AS_IN_THE_DATA
    )
    years = {AS_IN_THE_DATA: str(totals.base_year)}
    years |= {year: str(year) for year in range(totals.base_year + 1, totals.last_year + 1)}
    chosen = chosen if chosen in years else AS_IN_THE_DATA
    select(texts.say("Population of the year"), years, chosen, "year", actions.choose_year)


def _facilities(world: World, kinds: tuple[str, ...]) -> dict[str, str]:
    """Names of all facilities of some kinds by their ids, in order of their names."""
    facilities = world.facilities
    rows = [row for row, kind in enumerate(facilities.kind) if kind in kinds]
    return {
        facilities.id[row]: facilities.name[row] for row in sorted(rows, key=lambda row: facilities.name[row])
    }
