"""What a visitor can do on the page "My village": choose it, try a change, keep it, and save a correction."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from msgspec import structs

from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import EMPTY
from ui.pages.village.view import tried_edit
from ui.state.scenario_actions import add
from ui.state.session import BAD_LINK, Message, act, region
from ui.views.design import nearest_inside
from ui.widgets.tables import pick
from ui.words.i18n import mark

MAP_KEY = "village-map"
KEPT = mark("This is now part of your scenario. You find it on the page Design.")
NOTHING_CHOSEN = mark("First choose which service has closed.")
CORRECTED = mark("Thank you. The correction is in your scenario: send the link of this page to pass it on.")


def choose_village(widget: str) -> None:
    """Go to another village."""
    _go_to(region().places.id.index(st.session_state[widget]))


def _go_to(row: int) -> None:
    """Go to the place in `row`, and mark it in the tables; what was tried out for the old one ends."""
    state = act()
    state.choices = replace(state.choices, place=region().places.id[row], what_if="")
    pick({row})


def choose_village_from_map() -> None:
    """Go to the village that was clicked, or to the nearest one of the region."""
    click = st.session_state[MAP_KEY].click
    if click is None:
        return
    is_place = click["layer"] == "places"
    _go_to(int(click["id"]) if is_place else nearest_inside(region(), click["lng"], click["lat"]))


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
    tried = tried_edit(region())
    state.choices = replace(state.choices, what_if="")
    if tried is not None:
        add(tried)
    state.news = KEPT


def correct(widget: str, note_widget: str) -> None:
    """Save that a service has closed as an edit of the visitor's scenario, with what is known about it as its note."""
    facility_id = st.session_state.get(widget)
    note = str(st.session_state.get(note_widget, "")).strip()
    if not facility_id:
        act().message = Message(NOTHING_CHOSEN, "")
        return
    add(CloseFacility(facility_id))
    state = act()
    if note:
        notes = "\n".join(filter(None, (state.scenario.note, f"{facility_id}: {note}")))
        state.scenario = structs.replace(state.scenario, note=notes)
    state.choices = replace(state.choices, what_if="")
    state.news = CORRECTED
