"""Forms of changes to bus lines on the page "Design", each with what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import streamlit as st

from accessibility.world import World
from scenarios.edits.line_courses import AddStop, ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine
from ui.pages.design import actions
from ui.pages.design.actions import Drawing
from ui.state import session
from ui.state.scenario_actions import add
from ui.views.design import DesignView
from ui.views.lines import line_names, stop_names, stops_of_line
from ui.widgets.inputs import clock
from ui.words.i18n import Texts, mark, plain

NO_LINE = mark("First choose a line.")
TOO_FEW_STOPS = mark("Click on at least two stops.")
NO_STOP = mark("First click on a stop.")
LINE_INCOMPLETE = mark("Give the new line a name and click on at least two stops.")


def new_line(world: World, view: DesignView, texts: Texts) -> None:
    """A new line along the stops that are clicked."""
    del view
    route = session.visit().of(Drawing).route
    st.caption(texts.say("Click on the stops of the line, in order: each click takes the nearest one."))
    if route:
        st.text(" \u2192 ".join(stop_names(world, route)))
    name, every, speed_kmh = st.columns(3)
    name.text_input(texts.say("Name of the line"), key="line-name", max_chars=20)
    every.number_input(texts.say("Every how many minutes"), 5, 240, 60, 5, key="line-headway")
    speed_kmh.number_input(texts.say("Speed (km/h)"), 10, 100, 35, 5, key="line-speed")
    _period("line", texts)
    with st.container(horizontal=True, gap="small"):
        st.button(texts.say("Add the line"), key="line-done", on_click=_finish_line)
        if route:
            st.button(texts.say("Last stop back"), key="line-back", on_click=actions.let_go)


def _finish_line() -> None:
    drawing, name = session.act().of(Drawing), str(st.session_state.get("line-name", "")).strip()
    if len(drawing.route) < 2 or not name:
        actions.tell(LINE_INCOMPLETE)
        return
    first, last = _read_period("line")
    add(
        AddLine(
            name=name,
            stops=drawing.route,
            headway_min=float(st.session_state["line-headway"]),
            first=first,
            last=last,
            speed_kmh=float(st.session_state["line-speed"]),
        )
    )
    drawing.route = ()


def headway(world: World, view: DesignView, texts: Texts) -> None:
    """Another interval of a line."""
    del view
    _pick_line(world, texts)
    st.number_input(texts.say("Every how many minutes"), 5, 240, 30, 5, key="headway-minutes")
    _done(texts.say("Change the line"), _change_headway)


def _change_headway(line: str) -> None:
    add(ChangeHeadway(line=line, headway_min=float(st.session_state["headway-minutes"])))


def span(world: World, view: DesignView, texts: Texts) -> None:
    """Another first and last departure of a line."""
    del view
    _pick_line(world, texts)
    _period("span", texts)
    _done(texts.say("Change the line"), _change_span)


def _change_span(line: str) -> None:
    first, last = _read_period("span")
    add(ChangeSpan(line=line, first=first, last=last))


def speed(world: World, view: DesignView, texts: Texts) -> None:
    """Another speed of a line."""
    del view
    _pick_line(world, texts)
    st.number_input(texts.say("Speed, in percent of what it is now"), 50, 200, 120, 5, key="line-percent")
    _done(texts.say("Change the line"), _change_speed)


def _change_speed(line: str) -> None:
    add(ChangeLineSpeed(line=line, speed_share=st.session_state["line-percent"] / 100))


def no_line(world: World, view: DesignView, texts: Texts) -> None:
    """A line that goes."""
    del view
    _pick_line(world, texts)
    _done(texts.say("Drop this line"), lambda line: add(DropLine(line=line)))


def stop(world: World, view: DesignView, texts: Texts) -> None:
    """A stop that a line calls at as well, or no longer."""
    del view
    line = _pick_line(world, texts)
    st.caption(texts.say("Click on a stop: the nearest one is taken."))
    route = session.visit().of(Drawing).route
    if not line or not route:
        return
    (name,) = stop_names(world, route[:1])
    course = stops_of_line(world, line)
    if route[0] in course:
        st.text(texts.say("Line {line} calls at {stop}.").format(line=line, stop=name))
        _done(texts.say("Skip this stop"), lambda of: _at_stop(SkipStop(line=of, stop=route[0])))
        return
    after: dict[str, str] = dict(zip(course, stop_names(world, course), strict=True))
    st.selectbox(
        texts.say("{stop}, right after").format(stop=plain(name)),
        tuple(after),
        key="stop-after",
        format_func=lambda of: after.get(of, ""),
    )
    _done(
        texts.say("Add this stop"),
        lambda of: _at_stop(AddStop(line=of, stop=route[0], after=st.session_state["stop-after"])),
    )


def _at_stop(edit: AddStop | SkipStop) -> None:
    add(edit)
    actions.clear_drawing()


def reroute(world: World, view: DesignView, texts: Texts) -> None:
    """Another way of a line between two stops."""
    del view
    _pick_line(world, texts)
    route = session.visit().of(Drawing).route
    st.caption(
        texts.say(
            "Click on the stop where the line leaves its way, on the stops it calls at instead, and on the stop where it is back."
        )
    )
    if route:
        st.text(" \u2192 ".join(stop_names(world, route)))
        st.button(texts.say("Last stop back"), key="line-back", on_click=actions.let_go)
    _done(texts.say("Change the line"), _change_route)


def _change_route(line: str) -> None:
    drawing = session.visit().of(Drawing)
    if len(drawing.route) < 2:
        actions.tell(TOO_FEW_STOPS)
        return
    first, *via, last = drawing.route
    add(Reroute(line=line, from_stop=first, to_stop=last, via=tuple(via)))
    drawing.route = ()


def _pick_line(world: World, texts: Texts) -> str:
    """Draw the list of lines, and give the one that is chosen."""
    names = line_names(world)
    if not names:
        st.caption(texts.say("There is no timetable here, so there are no lines to change."))
        return ""
    chosen = st.selectbox(
        texts.say("Line"), names, index=None, key="line", placeholder=texts.say("Choose a line")
    )
    return chosen or ""


def _done(label: str, change: Callable[[str], None]) -> None:
    """Draw the button that makes the change of the chosen line, or says that none is chosen."""
    st.button(label, key="line-change", on_click=_with_line, args=(change,))


def _with_line(change: Callable[[str], None]) -> None:
    session.act()
    if line := st.session_state.get("line"):
        change(line)
    else:
        actions.tell(NO_LINE)


def _period(key: str, texts: Texts) -> None:
    first, last = st.columns(2)
    with first:
        clock(texts.say("First departure"), time(7), f"{key}-first")
    with last:
        clock(texts.say("Last departure"), time(21), f"{key}-last")


def _read_period(key: str) -> tuple[str, str]:
    first, last = (st.session_state[f"{key}-{end}"].strftime("%H:%M") for end in ("first", "last"))
    return first, last
