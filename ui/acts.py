"""What a visitor can do to the scenario: the callbacks of buttons, lists and the map."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from msgspec import structs

from data.errors import ScenarioError
from scenarios.edits import EMPTY, CloseFacility, Edit, PlaceHub
from scenarios.library import from_json
from ui.i18n import mark
from ui.ready import opened
from ui.session import (
    BAD_FILE,
    BAD_LINK,
    MAP_KEY,
    NOT_HERE,
    VILLAGE_MAP_KEY,
    Message,
    act,
    hub_kinds,
    texts,
    tried_out,
    visit,
)
from ui.views import nearest_inside

KEPT = mark("This is now part of your scenario. You find it on the page Design.")
CORRECTED = mark("Thank you. The correction is in your scenario: send the link of this page to pass it on.")


def choose_offers(widget: str) -> None:
    """Set what the next hub offers; a hub offers at least one kind."""
    if st.session_state[widget]:
        act().offers = tuple(st.session_state[widget])


def place_hub_from_map() -> None:
    """Place a hub where the map was clicked: in a place, or on open ground."""
    click = st.session_state[MAP_KEY].click
    if click is None:
        return
    world = opened(visit().choices, texts())
    state = act()
    offers = tuple(kind for kind in hub_kinds(world) if kind in state.offers)
    if click["layer"] == "places":
        hub = PlaceHub(place_id=world.places.id[int(click["id"])], kinds=offers)
    else:
        lon_deg, lat_deg = (round(float(click[name]), 5) for name in ("lng", "lat"))
        hub = PlaceHub(lon_deg=lon_deg, lat_deg=lat_deg, kinds=offers)
    add(hub)


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
