"""What a visitor can do on the page "Design": the callbacks of buttons, lists and the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import streamlit as st
from msgspec import structs

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.base import Spot
from scenarios.edits.facilities import CloseFacility, MoveFacility, OpenFacility, PlaceHub
from scenarios.edits.json_text import from_json
from scenarios.edits.lines import AddLine, ChangeHeadway
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import EMPTY
from scenarios.edits.streets import DrawPath
from ui.state.scenario_actions import NextHub, add
from ui.state.session import BAD_FILE, BAD_LINK, NOT_HERE, Message, act, region, texts, visit
from ui.views.design import nearest_stop
from ui.words.i18n import mark
from ui.words.words import KINDS

Tool: TypeAlias = Literal["hub", "move", "path", "line"]
MAP_KEY = "design-map"
SCENARIO_MB = 2
"""Of a saved scenario; files with data may be larger."""
LINE_INCOMPLETE = mark("Give the new line a name and click on at least two stops.")


@dataclass(slots=True)
class Drawing:
    """What a click on the map does, and what was begun with it."""

    tool: Tool = "hub"
    moving: str = ""
    """Id of the facility that the next click moves."""
    drawn: tuple[Spot, ...] = ()
    """Points of the path that is being drawn."""
    route: tuple[str, ...] = ()
    """Ids of the stops of the line that is being drawn."""

    def points(self, world: World) -> tuple[Spot, ...]:
        """Points of the path, or the stops of the line."""
        if not self.route:
            return self.drawn
        stops = world.network.service.timetable.stops
        rows = [stops.id.index(stop) for stop in self.route if stop in stops.id]
        return tuple((float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in rows)


def choose_offers(widget: str) -> None:
    """Set what the next hub offers; a hub offers at least one kind."""
    if st.session_state[widget]:
        act().of(NextHub).offers = tuple(st.session_state[widget])


def click_on_map() -> None:
    """Do with a click on the map what the chosen tool says."""
    click = st.session_state[MAP_KEY].click
    if click is None:
        return
    drawing = act().of(Drawing)
    spot = (round(float(click["lng"]), 5), round(float(click["lat"]), 5))
    if drawing.tool == "path":
        drawing.drawn = (*drawing.drawn, spot)
    elif drawing.tool == "line":
        stop = nearest_stop(region(), *spot)
        if stop and stop not in drawing.route[-1:]:
            drawing.route = (*drawing.route, stop)
    else:
        _stand(click, spot)


def _stand(click: dict[str, Any], spot: Spot) -> None:
    """Place a hub, or move what was chosen, where the map was clicked: in a place, or on open ground."""
    world, drawing = region(), visit().of(Drawing)
    place_id = world.places.id[int(click["id"])] if click["layer"] == "places" else None
    lon_deg, lat_deg = (None, None) if place_id else spot
    if drawing.tool == "move" and drawing.moving:
        add(MoveFacility(facility_id=drawing.moving, place_id=place_id, lon_deg=lon_deg, lat_deg=lat_deg))
        drawing.tool, drawing.moving = "hub", ""
        return
    add(_hub(world, place_id=place_id, lon_deg=lon_deg, lat_deg=lat_deg))


def _hub(
    world: World,
    *,
    place_id: str | None = None,
    lon_deg: float | None = None,
    lat_deg: float | None = None,
    building_id: str | None = None,
) -> PlaceHub:
    """Hub with what the next one offers and costs."""
    next_hub = visit().of(NextHub)
    return PlaceHub(
        place_id=place_id,
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        building_id=building_id,
        kinds=next_hub.kinds(world),
        cost_per_year=next_hub.cost_per_year,
    )


def place_hub_in_building(widget: str) -> None:
    """Place a hub in a village hall chosen in a list."""
    if building_id := st.session_state[widget]:
        add(_hub(region(), building_id=building_id))


def choose_cost(widget: str) -> None:
    """Set what the next hub costs a year."""
    act().of(NextHub).cost_per_year = float(st.session_state[widget] or 0.0)


def choose_tool(widget: str) -> None:
    """Set what a click on the map does; what was half drawn is let go."""
    drawing = act().of(Drawing)
    drawing.tool, drawing.drawn, drawing.route = st.session_state[widget] or "hub", (), ()


def choose_moving(widget: str) -> None:
    """Choose what the next click on the map moves."""
    act().of(Drawing).moving = st.session_state[widget] or ""


def let_go() -> None:
    """Forget the last point or stop of what is being drawn."""
    drawing = act().of(Drawing)
    drawing.drawn, drawing.route = drawing.drawn[:-1], drawing.route[:-1]


def finish_path(kind: Literal["cycle_path", "road"]) -> None:
    """Make the drawn points a path or a road."""
    drawing = act().of(Drawing)
    if len(drawing.drawn) >= 2:
        add(DrawPath(line=drawing.drawn, kind=kind))
    drawing.drawn = ()


def finish_line() -> None:
    """Make the clicked stops a new line, with what was filled in beside the map."""
    state = act()
    drawing, name = state.of(Drawing), str(st.session_state["line-name"]).strip()
    if len(drawing.route) < 2 or not name:
        state.message = Message(LINE_INCOMPLETE, "")
        return
    add(
        AddLine(
            name=name,
            stops=drawing.route,
            headway_min=float(st.session_state["line-headway"]),
            first="07:00",
            last="21:00",
            speed_kmh=float(st.session_state["line-speed"]),
        )
    )
    drawing.route = ()


def change_headway(minutes_widget: str, line_widget: str) -> None:
    """Let a line run at another interval."""
    if line := st.session_state[line_widget]:
        add(ChangeHeadway(line=line, headway_min=float(st.session_state[minutes_widget])))


def open_service(kind_widget: str, place_widget: str) -> None:
    """Open a service in a place."""
    kind, place_id = st.session_state[kind_widget], st.session_state[place_widget]
    if kind and place_id:
        places = region().places
        name = f"{texts().say(KINDS[kind].label)} {places.name[places.id.index(place_id)]}"
        add(OpenFacility(kind=kind, name=name, place_id=place_id))


def choose_year(widget: str) -> None:
    """Let the population be that of a year; 0 is that of the data."""
    state, year = act(), st.session_state[widget]
    edits = tuple(edit for edit in state.scenario.edits if not isinstance(edit, ChangeYear))
    added = (ChangeYear(year=int(year)),) if year else ()
    state.change(structs.replace(state.scenario, edits=(*edits, *added)), NOT_HERE)


def close_chosen(widget: str) -> None:
    """Close the facility chosen in a list."""
    if facility_id := st.session_state[widget]:
        add(CloseFacility(facility_id))


def remove(number: int) -> None:
    """Take one change out of the scenario."""
    state = act()
    edits = state.scenario.edits
    state.change(structs.replace(state.scenario, edits=edits[:number] + edits[number + 1 :]), NOT_HERE)


def rename(widget: str) -> None:
    """Give the scenario the name that was typed."""
    state = act()
    state.scenario = structs.replace(state.scenario, name=str(st.session_state[widget]).strip())


def load_upload(widget: str) -> None:
    """Take the scenario of an uploaded file, or say what is wrong with it."""
    upload, state = st.session_state[widget], act()
    if upload is None:
        return
    if upload.size > SCENARIO_MB * 2**20:  # the browser refuses it already, unless it was told otherwise
        state.message = Message(BAD_FILE, "")
        return
    try:
        state.change(from_json(upload.getvalue().decode("utf-8")), BAD_FILE)
    except (UnicodeDecodeError, ScenarioError) as error:
        state.message = Message(BAD_FILE, str(error))


def clear() -> None:
    """Start again with an empty scenario."""
    act().change(EMPTY, BAD_LINK)


def undo() -> None:
    """Undo the last change."""
    act().undo()
