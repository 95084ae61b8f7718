"""What a visitor can do on the page "Design": the callbacks of the map, of what is drawn on it, and of the list of changes.

Those of the forms of single changes stand beside the forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import streamlit as st
from msgspec import structs

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.amend import tidied, without_edit
from scenarios.edits.base import Spot
from scenarios.edits.facilities import CloseFacility, MoveFacility, OpenFacility, PlaceHub
from scenarios.edits.json_text import from_json
from scenarios.edits.scenario import EMPTY
from ui.state.scenario_actions import NextHub, add
from ui.state.session import BAD_FILE, BAD_LINK, NOT_HERE, Message, act, region, texts, visit
from ui.views.design import nearest_stop
from ui.views.edits import nearest_place
from ui.words.i18n import mark
from ui.words.words import KINDS

Tool: TypeAlias = Literal[
    "hub",
    "move",
    "open",
    "close",
    "hours",
    "size",
    "line",
    "headway",
    "span",
    "line_speed",
    "stop",
    "reroute",
    "no_line",
    "path",
    "street",
    "area",
    "limit",
    "on_demand",
    "no_on_demand",
    "digital",
    "year",
    "traveller",
]
TOOLS: tuple[Tool, ...] = get_args(Tool)
POINTS: tuple[Tool, ...] = ("path", "area", "on_demand")
"""Tools for which one clicks several points."""
ONE_POINT: tuple[Tool, ...] = ("street", "limit")
STOPS: tuple[Tool, ...] = ("line", "reroute")
SERVICES: tuple[Tool, ...] = ("close", "hours", "size")
MAP_KEY = "design-map"
SCENARIO_MB = 2
"""Of a saved scenario; files with data may be larger."""
CHOOSE_FIRST = mark("First choose what moves: click on its mark on the map, or choose it in the list.")
NO_SERVICE = mark("There is no service here. Click on the mark of a service, or choose it in the list.")
NO_PLACE = mark("This change has no place on the map. Fill it in beside the map.")
NO_STOPS = mark("There is no timetable here, so there are no stops to click on.")
NO_NAME = mark("Give it a name first.")


@dataclass(slots=True)
class Drawing:
    """What a click on the map does, and what was begun with it."""

    tool: Tool = "hub"
    facility: str = ""
    """Id of the facility that is chosen, to be moved or changed."""
    drawn: tuple[Spot, ...] = ()
    """Points of the path, or corners of the area that is being drawn."""
    route: tuple[str, ...] = ()
    """Ids of the stops that were clicked."""

    def points(self, world: World) -> tuple[Spot, ...]:
        """Points that were clicked, or the stops."""
        if not self.route:
            return self.drawn
        stops = world.network.service.timetable.stops
        rows = [stops.id.index(stop) for stop in self.route if stop in stops.id]
        return tuple((float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in rows)


def tell(sentence: str) -> None:
    """Say why nothing happens."""
    act().message = Message(sentence, "")


def click_on_map() -> None:
    """Do with a click on the map what the chosen tool says, or say why nothing can be done."""
    click = st.session_state[MAP_KEY].click
    if click is None:
        return
    drawing, spot = act().of(Drawing), _spot(click)
    if drawing.tool in POINTS:
        drawing.drawn = (*drawing.drawn, spot)
    elif drawing.tool in ONE_POINT:
        drawing.drawn = (spot,)
    elif drawing.tool in STOPS or drawing.tool == "stop":
        _at_stop(drawing, spot)
    elif drawing.tool in SERVICES:
        _at_service(drawing, click)
    elif drawing.tool in {"hub", "open", "move"}:
        _stand(drawing, click)
    else:
        tell(NO_PLACE)


def _spot(click: dict[str, Any]) -> Spot:
    return round(float(click["lng"]), 5), round(float(click["lat"]), 5)


def _at_stop(drawing: Drawing, spot: Spot) -> None:
    stop = nearest_stop(region(), *spot)
    if not stop:
        tell(NO_STOPS)
    elif drawing.tool == "stop":
        drawing.route = (stop,)
    elif stop not in drawing.route[-1:]:
        drawing.route = (*drawing.route, stop)


def _at_service(drawing: Drawing, click: dict[str, Any]) -> None:
    facility_id = click.get("facility") or ""
    if not facility_id:
        tell(NO_SERVICE)
    elif drawing.tool == "close":
        add(CloseFacility(facility_id))
    else:
        drawing.facility = facility_id


def _stand(drawing: Drawing, click: dict[str, Any]) -> None:
    """Place a hub or a service, or move what was chosen, where the map was clicked: in a place, or on open ground."""
    if drawing.tool == "move" and not drawing.facility:
        if facility_id := click.get("facility"):
            drawing.facility = facility_id
        else:
            tell(CHOOSE_FIRST)
        return
    site = _site(click)
    if drawing.tool == "move":
        move(drawing.facility, site)
    elif drawing.tool == "open":
        kind = str(st.session_state.get("open-kind") or "gp")
        add(OpenFacility(kind=kind, name=new_name(kind, click), **site))
    else:
        add(hub(region(), **site))


def _site(click: dict[str, Any]) -> dict[str, Any]:
    """The place that was clicked, or the point on open ground."""
    if click["layer"] == "places":
        return {"place_id": region().places.id[int(click["id"])]}
    lon_deg, lat_deg = _spot(click)
    return {"lon_deg": lon_deg, "lat_deg": lat_deg}


def new_name(kind: str, click: dict[str, Any]) -> str:
    """Name of a new service: its kind and the place."""
    world, label = region(), texts().say(KINDS[kind].label)
    on_place = click["layer"] == "places"
    near = world.places.name[int(click["id"])] if on_place else nearest_place(world, *_spot(click))
    return f"{label} {near}"


def move(facility_id: str, site: dict[str, Any]) -> None:
    """Move a facility; afterwards nothing is chosen any more."""
    add(MoveFacility(facility_id=facility_id, **site))
    visit().of(Drawing).facility = ""


def drag_on_map() -> None:
    """Move the hub whose pin was dragged to where it was let go."""
    if (dragged := st.session_state[MAP_KEY].drag) is not None:
        act()
        move(dragged["facility"], _site(dragged))


def hub(
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


def choose_tool(widget: str) -> None:
    """Set what a click on the map does; what was half drawn is let go."""
    drawing = act().of(Drawing)
    drawing.tool = st.session_state[widget] or "hub"
    drawing.facility, drawing.drawn, drawing.route = "", (), ()


def choose_facility(widget: str) -> None:
    """Choose what is moved or changed."""
    act().of(Drawing).facility = st.session_state[widget] or ""


def let_go() -> None:
    """Forget the last point or stop of what is being drawn."""
    drawing = act().of(Drawing)
    drawing.drawn, drawing.route = drawing.drawn[:-1], drawing.route[:-1]


def clear_drawing() -> None:
    """Begin to draw anew."""
    drawing = act().of(Drawing)
    drawing.drawn, drawing.route = (), ()


def remove(number: int) -> None:
    """Take one change out of the scenario."""
    state = act()
    state.change(without_edit(state.scenario, number), NOT_HERE)


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
        state.change(tidied(from_json(upload.getvalue().decode("utf-8"))), BAD_FILE)
    except (UnicodeDecodeError, ScenarioError) as error:
        state.message = Message(BAD_FILE, str(error))


def clear() -> None:
    """Start again with an empty scenario."""
    act().change(EMPTY, BAD_LINK)


def undo() -> None:
    """Undo the last change."""
    act().undo()


def redo() -> None:
    """Take the change back that was undone last."""
    act().redo()
