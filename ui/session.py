"""What one visitor has chosen and done, and the link that mirrors it: the only session keys of the app."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st
from msgspec import structs

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits import EMPTY, CloseFacility, PlaceHub, Scenario
from scenarios.library import from_json
from ui.i18n import Texts, mark, texts_in
from ui.links import Choices, read_choices, to_query, unpack
from ui.ready import opened, worked_out
from ui.views import DesignView, design_view
from ui.words import KINDS, NOT_FOR_HUBS

UNDO_STEPS = 50
STATE = "dorpshub"
MAP_KEY = "design-map"


@dataclass(frozen=True, slots=True)
class Message:
    """What went wrong: a sentence to be translated, and the details for who wants them."""

    sentence: str
    details: str


NOT_HERE = mark("This change is not possible here. Is there a road nearby, and no hub yet? Try another spot.")
BAD_LINK = mark(
    "The scenario in this link cannot be used, so you start without changes. Was the whole link copied?"
)
BAD_FILE = mark("This file is not a scenario of this app. Choose a .json file that was saved here.")


@dataclass(slots=True)
class Visit:
    """What one visitor has chosen and done; lives in the session, mirrored in the link."""

    choices: Choices = field(default_factory=Choices)
    scenario: Scenario = EMPTY
    past: list[Scenario] = field(default_factory=list)
    offers: tuple[str, ...] = ("gp", "pharmacy", "supermarket")
    message: Message | None = None
    link: dict[str, str] | None = None
    page: str = ""
    if_impossible: str = ""
    acted: bool = False

    def change(self, scenario: Scenario, if_impossible: str) -> None:
        """Take a new scenario and remember the old one for undo; it may turn out not to fit the region."""
        self.if_impossible = if_impossible
        self.past = [*self.past[1 - UNDO_STEPS :], self.scenario]
        self.scenario = scenario

    def undo(self) -> None:
        """Go back to the scenario before the last change."""
        if self.past:
            self.scenario = self.past.pop()


def visit() -> Visit:
    """Return the state of this visitor."""
    if STATE not in st.session_state:
        st.session_state[STATE] = Visit()
    state: Visit = st.session_state[STATE]
    return state


def texts() -> Texts:
    """Texts in the language of this visitor."""
    return texts_in(visit().choices.lang)


def first_texts() -> Texts:
    """Texts before the page has looked at its link: a link that was opened decides, else what was chosen earlier."""
    state, query = visit(), st.query_params.to_dict()
    return (
        texts_in(read_choices(query).lang) if query and query != state.link and not state.acted else texts()
    )


def follow_link(page: str) -> None:
    """Take the state from the link when the visitor opened one or went back; a mere change of page keeps it."""
    state, query = visit(), st.query_params.to_dict()
    first, moved, acted = state.link is None, state.page != page, state.acted
    state.page, state.acted = page, False
    # After an act in the page the browser may still hold the link from before it: then the page is ahead.
    if query == state.link or acted or (moved and not first and not query):
        return
    state.link, state.if_impossible = query, BAD_LINK
    state.choices = read_choices(query)
    if (packed := query.get("s", "")) == "":
        state.scenario = EMPTY
        return
    try:
        state.scenario = unpack(packed)
    except ScenarioError as error:
        state.message, state.scenario = Message(BAD_LINK, str(error)), EMPTY


def write_link() -> None:
    """Put the state into the link, so that reload, back and sharing keep it."""
    state = visit()
    query = to_query(state.choices, state.scenario)
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    state.link = query


def design(world: World) -> DesignView:
    """View of the scenario; one that does not fit the region is undone, with the reason as message."""
    state = visit()
    choices = state.choices
    try:
        found = worked_out(world, state.scenario, choices.kind, choices.mode)
    except ScenarioError as error:
        if state.scenario == EMPTY:
            raise
        state.message = Message(state.if_impossible, str(error))
        state.scenario = state.past.pop() if state.past else EMPTY
        return design(world)
    return design_view(world, found.after, state.scenario, found.comparison, choices.limit)


def take_message() -> Message | None:
    """Give the message for the visitor, once."""
    state = visit()
    message, state.message = state.message, None
    return message


def _act() -> Visit:
    state = visit()
    state.acted = True
    return state


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the choices; a control that was emptied keeps its value."""
    state, value = _act(), st.session_state[widget]
    if value is not None:
        state.choices = replace(state.choices, **{name: value})


def choose_offers(widget: str) -> None:
    """Set what the next hub offers; a hub offers at least one kind."""
    if st.session_state[widget]:
        _act().offers = tuple(st.session_state[widget])


def place_hub_from_map() -> None:
    """Place a hub where the map was clicked: in a place, or on open ground."""
    click, world = st.session_state[MAP_KEY].click, opened(texts())
    if click is None:
        return
    state = _act()
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


def add(edit: PlaceHub | CloseFacility) -> None:
    """Add a change to the scenario; the same change twice would mean nothing."""
    state = _act()
    if edit not in state.scenario.edits:
        state.change(structs.replace(state.scenario, edits=(*state.scenario.edits, edit)), NOT_HERE)
    if state.choices.show == "before":
        state.choices = replace(state.choices, show="after")


def remove(number: int) -> None:
    """Take one change out of the scenario."""
    state = _act()
    edits = state.scenario.edits
    state.change(structs.replace(state.scenario, edits=edits[:number] + edits[number + 1 :]), NOT_HERE)


def rename(widget: str) -> None:
    """Give the scenario the name that was typed."""
    state = _act()
    state.scenario = structs.replace(state.scenario, name=str(st.session_state[widget]).strip())


def load_upload(widget: str) -> None:
    """Take the scenario of an uploaded file, or say what is wrong with it."""
    upload, state = st.session_state[widget], _act()
    if upload is None:
        return
    try:
        state.change(from_json(upload.getvalue().decode("utf-8")), BAD_FILE)
    except (UnicodeDecodeError, ScenarioError) as error:
        state.message = Message(BAD_FILE, str(error))


def clear() -> None:
    """Start again with an empty scenario."""
    _act().change(EMPTY, BAD_LINK)


def undo() -> None:
    """Undo the last change."""
    _act().undo()


def kinds_in(world: World) -> tuple[str, ...]:
    """Kinds that can be chosen: those that occur, and the hub."""
    present = {*world.facilities.kind, "hub"}
    return tuple(kind for kind in KINDS if kind in present)


def hub_kinds(world: World) -> tuple[str, ...]:
    """Kinds that a hub can offer here."""
    return tuple(kind for kind in kinds_in(world) if kind not in NOT_FOR_HUBS)
