"""Forms of changes to roads on the page "Design", each with what it does."""

from __future__ import annotations

from typing import Literal, get_args

import streamlit as st

from accessibility.world import World
from scenarios.edits.base import Spot
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath, StreetMode
from ui.pages.design import actions
from ui.pages.design.actions import Drawing
from ui.state import session
from ui.state.scenario_actions import add
from ui.views.design import DesignView
from ui.words.i18n import Texts, mark
from ui.words.words import MODES

NO_ROAD = mark("First click on the road on the map, or give its number or name.")
NO_AREA = mark("First click on at least two corners of the area.")
NO_ONE = mark("First choose for whom it closes.")
TOO_SHORT = mark("First click on at least two points of the path.")
CLOSED = mark(
    "Nobody can travel through any more; those who live along it can still come and go. Buses keep their timetable."
)


def path(world: World, view: DesignView, texts: Texts) -> None:
    """A path or road along the points that are clicked."""
    del world, view
    drawn = session.visit().of(Drawing).drawn
    st.caption(
        texts.say(
            "Click the points of the path; begin and end at an existing road. Points so far: {count}."
        ).format(count=texts.number(len(drawn)))
    )
    with st.container(horizontal=True, gap="small"):
        label = texts.say("Make it a cycle path")
        st.button(label, key="path-cycle", on_click=_finish_path, args=("cycle_path",))
        st.button(texts.say("Make it a road"), key="path-road", on_click=_finish_path, args=("road",))
        if drawn:
            st.button(texts.say("Last point back"), key="path-back", on_click=actions.let_go)


def _finish_path(kind: Literal["cycle_path", "road"]) -> None:
    drawing = session.act().of(Drawing)
    if len(drawing.drawn) < 2:
        actions.tell(TOO_SHORT)
        return
    add(DrawPath(line=drawing.drawn, kind=kind))
    drawing.drawn = ()


def street(world: World, view: DesignView, texts: Texts) -> None:
    """A road that closes: where one clicks, or all of a name."""
    del world, view
    _pick_road(texts)
    _pick_modes(texts)
    st.button(texts.say("Close the road"), key="street-done", on_click=_close_street)


def _close_street() -> None:
    found = _road()
    if found and (modes := _modes()):
        road, at = found
        add(CloseStreets(road=road, at=at, modes=modes))
        actions.clear_drawing()


def area(world: World, view: DesignView, texts: Texts) -> None:
    """All roads of an area close."""
    del world, view
    drawn = session.visit().of(Drawing).drawn
    sentence = texts.say(
        "Click the corners of the area, or two opposite ones of a box. Corners so far: {count}."
    )
    st.caption(sentence.format(count=texts.number(len(drawn))))
    _pick_modes(texts)
    with st.container(horizontal=True, gap="small"):
        st.button(texts.say("Close these roads"), key="area-done", on_click=_close_area)
        if drawn:
            st.button(texts.say("Last point back"), key="area-back", on_click=actions.let_go)


def _close_area() -> None:
    drawing = session.act().of(Drawing)
    if len(drawing.drawn) < 2:
        actions.tell(NO_AREA)
    elif modes := _modes():
        add(CloseStreets(area=drawing.drawn, modes=modes))
        drawing.drawn = ()


def limit(world: World, view: DesignView, texts: Texts) -> None:
    """Another speed limit of a road: where one clicks, or all of a name."""
    del world, view
    _pick_road(texts)
    st.number_input(texts.say("Speed limit (km/h)"), 15, 130, 60, 5, key="limit-kmh")
    st.button(texts.say("Change the limit"), key="limit-done", on_click=_change_limit)


def _change_limit() -> None:
    if found := _road():
        road, at = found
        add(ChangeSpeedLimit(road=road, at=at, limit_kmh=int(st.session_state["limit-kmh"])))
        actions.clear_drawing()


def _pick_road(texts: Texts) -> None:
    drawn = session.visit().of(Drawing).drawn
    here = texts.say("You clicked on a point of the road. Click again for another one.")
    st.caption(here if drawn else texts.say("Click on the road on the map."))
    label = texts.say("Or the number or name of the whole road")
    st.text_input(label, key="road", max_chars=80, placeholder="N34")


def _road() -> tuple[str, Spot | None] | None:
    """Name and point of the road that is meant; where none is, that is said."""
    drawn, road = session.act().of(Drawing).drawn, str(st.session_state.get("road", "")).strip()
    if not drawn and not road:
        actions.tell(NO_ROAD)
        return None
    return road, drawn[0] if drawn else None


def _pick_modes(texts: Texts) -> None:
    st.pills(
        texts.say("Closed for"),
        get_args(StreetMode),
        selection_mode="multi",
        default=get_args(StreetMode),
        key="street-modes",
        format_func=lambda mode: texts.say(MODES[mode].label),
    )
    st.caption(texts.say(CLOSED))


def _modes() -> tuple[StreetMode, ...]:
    """Ways to travel for which it closes; where none is chosen, that is said."""
    modes: tuple[StreetMode, ...] = tuple(st.session_state["street-modes"] or ())
    if not modes:
        actions.tell(NO_ONE)
    return modes
