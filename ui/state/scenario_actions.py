"""What a visitor can do to the scenario: the callbacks of buttons, lists and the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import streamlit as st
from msgspec import structs

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.base import Spot
from scenarios.edits.facilities import CloseFacility, MoveFacility, OpenFacility, PlaceHub
from scenarios.edits.json_text import from_json
from scenarios.edits.lines import AddLine, ChangeHeadway
from scenarios.edits.people import ChangeYear
from scenarios.edits.scenario import EMPTY, Edit
from scenarios.edits.streets import DrawPath
from ui.state.cache import opened
from ui.state.current_views import tried_out
from ui.state.session import (
    BAD_FILE,
    BAD_LINK,
    MAP_KEY,
    NOT_HERE,
    VILLAGE_MAP_KEY,
    Message,
    act,
    hub_kinds,
    texts,
    visit,
)
from ui.views.design import nearest_inside, nearest_stop
from ui.words.i18n import mark
from ui.words.words import KINDS

SCENARIO_MB = 2
"""Of a saved scenario; files with data may be larger."""
KEPT = mark("This is now part of your scenario. You find it on the page Design.")
LINE_INCOMPLETE = mark("Give the new line a name and click on at least two stops.")
CORRECTED = mark("Thank you. The correction is in your scenario: send the link of this page to pass it on.")


def choose_offers(widget: str) -> None:
    """Set what the next hub offers; a hub offers at least one kind."""
    if st.session_state[widget]:
        act().offers = tuple(st.session_state[widget])


def click_on_map() -> None:
    """Do with a click on the map what the chosen tool says."""
    click = st.session_state[MAP_KEY].click
    if click is None:
        return
    state = act()
    spot = (round(float(click["lng"]), 5), round(float(click["lat"]), 5))
    if state.tool == "path":
        state.drawn = (*state.drawn, spot)
    elif state.tool == "line":
        stop = nearest_stop(opened(state.choices, texts()), *spot)
        if stop and stop not in state.route[-1:]:
            state.route = (*state.route, stop)
    else:
        _stand(click, spot)


def _stand(click: dict[str, Any], spot: Spot) -> None:
    """Place a hub, or move what was chosen, where the map was clicked: in a place, or on open ground."""
    world, state = opened(visit().choices, texts()), act()
    place_id = world.places.id[int(click["id"])] if click["layer"] == "places" else None
    lon_deg, lat_deg = (None, None) if place_id else spot
    if state.tool == "move" and state.moving:
        add(MoveFacility(facility_id=state.moving, place_id=place_id, lon_deg=lon_deg, lat_deg=lat_deg))
        state.tool, state.moving = "hub", ""
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
    state = visit()
    return PlaceHub(
        place_id=place_id,
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        building_id=building_id,
        kinds=tuple(kind for kind in hub_kinds(world) if kind in state.offers),
        cost_per_year=state.cost_per_year,
    )


def place_hub_in_building(widget: str) -> None:
    """Place a hub in a village hall chosen in a list."""
    if building_id := st.session_state[widget]:
        st.session_state[widget] = None
        add(_hub(opened(visit().choices, texts()), building_id=building_id))


def choose_cost(widget: str) -> None:
    """Set what the next hub costs a year."""
    act().cost_per_year = float(st.session_state[widget] or 0.0)


def choose_tool(widget: str) -> None:
    """Set what a click on the map does; what was half drawn is let go."""
    state = act()
    state.tool, state.drawn, state.route = st.session_state[widget] or "hub", (), ()


def choose_moving(widget: str) -> None:
    """Choose what the next click on the map moves."""
    state = act()
    state.moving = st.session_state[widget] or ""


def let_go() -> None:
    """Forget the last point or stop of what is being drawn."""
    state = act()
    state.drawn, state.route = state.drawn[:-1], state.route[:-1]


def finish_path(kind: Literal["cycle_path", "road"]) -> None:
    """Make the drawn points a path or a road."""
    state = act()
    if len(state.drawn) >= 2:
        add(DrawPath(line=state.drawn, kind=kind))
    state.drawn = ()


def finish_line() -> None:
    """Make the clicked stops a new line, with what was filled in beside the map."""
    state = act()
    name = str(st.session_state["line-name"]).strip()
    if len(state.route) < 2 or not name:
        state.message = Message(LINE_INCOMPLETE, "")
        return
    add(
        AddLine(
            name=name,
            stops=state.route,
            headway_min=float(st.session_state["line-headway"]),
            first="07:00",
            last="21:00",
            speed_kmh=float(st.session_state["line-speed"]),
        )
    )
    state.route = ()


def change_headway(line_widget: str, minutes_widget: str) -> None:
    """Let a line run at another interval."""
    if line := st.session_state[line_widget]:
        st.session_state[line_widget] = None
        add(ChangeHeadway(line=line, headway_min=float(st.session_state[minutes_widget])))


def open_service(kind_widget: str, place_widget: str) -> None:
    """Open a service in a place."""
    kind, place_id = st.session_state[kind_widget], st.session_state[place_widget]
    if kind and place_id:
        places = opened(visit().choices, texts()).places
        name = f"{texts().say(KINDS[kind].label)} {places.name[places.id.index(place_id)]}"
        st.session_state[place_widget] = None
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
        st.session_state[widget] = None
        add(CloseFacility(facility_id))


def add(edit: Edit) -> None:
    """Add a change to the scenario; the same change twice would mean nothing."""
    state = act()
    if edit not in state.scenario.edits:
        edits = (*state.scenario.edits, edit)
        state.change(structs.replace(state.scenario, edits=edits), NOT_HERE)
    if state.choices.show == "before":
        state.choices = replace(state.choices, show="after")


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


def choose_village(widget: str) -> None:
    """Go to another village; what was tried out for the old one ends."""
    state = act()
    state.choices = replace(state.choices, place=st.session_state[widget], what_if="")


def choose_village_from_map() -> None:
    """Go to the village that was clicked, or to the nearest one of the region."""
    click = st.session_state[VILLAGE_MAP_KEY].click
    if click is None:
        return
    world = opened(visit().choices, texts())
    places = world.places
    row = (
        int(click["id"]) if click["layer"] == "places" else nearest_inside(world, click["lng"], click["lat"])
    )
    state = act()
    state.choices = replace(state.choices, place=places.id[row], what_if="")


def try_out(what_if: str) -> None:
    """Try one change out for the village, beside the visitor's scenario."""
    state = act()
    state.choices = replace(state.choices, what_if=what_if)


def stop_trying() -> None:
    """Show the village as it is now; a scenario of the visitor is put aside, and undo brings it back."""
    state = act()
    if not state.choices.what_if:
        state.change(EMPTY, BAD_LINK)
    state.choices = replace(state.choices, what_if="")


def keep_what_if() -> None:
    """Make what was tried out part of the visitor's own scenario."""
    state = act()
    tried = tried_out()
    state.choices = replace(state.choices, what_if="")
    for edit in tried.edits:
        add(edit)
    state.told = KEPT


def correct(widget: str, note_widget: str) -> None:
    """Save that a service has closed as an edit of the visitor's scenario, with what is known about it as its note."""
    facility_id, note = st.session_state[widget], str(st.session_state[note_widget]).strip()
    if not facility_id:
        return
    add(CloseFacility(facility_id))
    state = act()
    if note:
        notes = "\n".join(filter(None, (state.scenario.note, f"{facility_id}: {note}")))
        state.scenario = structs.replace(state.scenario, note=notes)
    state.choices = replace(state.choices, what_if="")
    state.told = CORRECTED
