"""What one visitor has chosen and done, and the link that mirrors it: the only session keys of the app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

import streamlit as st

from accessibility.asked import modes_in
from accessibility.world import World
from data.errors import DorpshubError, InputError, ScenarioError
from scenarios.edits.base import Spot
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.library import SavedScenario
from ui.sentences.design import no_service_sentence
from ui.state.background_job import Search
from ui.state.cache import opened
from ui.state.link import Choices, read_choices, to_query, unpack, unpack_all
from ui.state.regions import first_region, is_own, own_regions, regions
from ui.state.searches import quality_search
from ui.state.uploading import Uploading
from ui.views.data_quality import QualityView
from ui.views.filters import Which
from ui.views.placement import CurvePoint, Found
from ui.views.placement_link import Ask, ask_query, read_ask
from ui.views.placement_weighing import RobustView, Trade
from ui.words.i18n import Texts, mark, texts_in
from ui.words.words import KINDS, NOT_FOR_HUBS

Callback: TypeAlias = Callable[[str], None]
"""What is done when the widget of that key has changed."""
Tool: TypeAlias = Literal["hub", "move", "path", "line"]
TOOLS: tuple[Tool, ...] = get_args(Tool)
UNDO_STEPS = 50
STATE = "dorpshub"
MAP_KEY = "design-map"
VILLAGE_MAP_KEY = "village-map"


@dataclass(frozen=True, slots=True)
class Message:
    """What went wrong: a sentence to be translated, and the details for who wants them."""

    sentence: str
    details: str


NOT_HERE = mark("This change is not possible here. Is there a road nearby, and no hub yet? Try another spot.")
BAD_DAY = mark("The timetable of the day you chose cannot be used, so you see the usual day again.")
BAD_LINK = mark(
    "The scenario in this link cannot be used, so you start without changes. Was the whole link copied?"
)
OTHER_REGION = mark("Changes that do not fit this region were undone.")
REGION_GONE = mark(
    "The region of this link was removed. You can bring it back on the page About the data, at Your own data."
)
REGION_BROKEN = mark(
    "This region with data of your own cannot be opened, so you see the region that the app begins with. Check the files again."
)
BAD_FILE = mark("This file is not a scenario of this app. Choose a .json file that was saved here.")


@dataclass(slots=True)
class Visit:
    """What one visitor has chosen and done; lives in the session, mirrored in the link."""

    choices: Choices = field(default_factory=Choices)
    scenario: Scenario = EMPTY
    others: tuple[Scenario, ...] = ()
    """Scenarios that "Compare" puts beside it."""
    past: list[Scenario] = field(default_factory=list)
    offers: tuple[str, ...] = ("gp", "pharmacy", "supermarket")
    message: Message | None = None
    told: str = ""
    link: dict[str, str] | None = None
    page: str = ""
    if_impossible: str = ""
    acted: bool = False
    saved: SavedScenario | None = None
    """What was opened from the library or kept in it last."""
    deleted: list[str] = field(default_factory=list)
    """Ids of what this visitor deleted from the library."""
    tool: Tool = "hub"
    """What a click on the map of the planner does."""
    moving: str = ""
    """Id of the facility that the next click moves."""
    drawn: tuple[Spot, ...] = ()
    """Points of the path that is being drawn."""
    route: tuple[str, ...] = ()
    """Ids of the stops of the line that is being drawn."""
    cost_per_year: float = 0.0
    """Of the next hub."""
    ask: Ask = field(default_factory=Ask)
    """What is asked on "Where a hub?"."""
    search: Search[Found] | None = None
    curve: Search[tuple[CurvePoint, ...]] | None = None
    trade: Search[tuple[Trade, ...]] | None = None
    robust: Search[RobustView] | None = None
    """What is being searched there in the background."""
    pointing: bool = False
    """Whether a click on the map there adds a spot for a hub."""
    checking: Search[QualityView] | None = None
    """The check of the data that this visitor asked for."""
    way: str = ""
    """Page that a button leads to."""
    bands: set[str] = field(default_factory=set)
    """Keys of the scenarios of which it was asked how sure they are."""
    places_text: str = ""
    places_which: Which = "all"
    """Which places the tables show."""
    day_before: str | None = None
    """Date until the visitor chose another one just now; None when that was drawn."""
    uploading: Uploading = field(default_factory=Uploading)
    """Files that this visitor has brought."""
    guide: int = 1
    """Step of the guided first visit, 0 when it was closed or the visitor came by a link."""

    def change(self, scenario: Scenario, if_impossible: str) -> None:
        """Take a new scenario and remember the old one for undo; it may turn out not to fit the region."""
        self.if_impossible = if_impossible
        self.past = [*self.past[1 - UNDO_STEPS :], self.scenario]
        self.scenario = scenario

    def undo(self) -> None:
        """Go back to the scenario before the last change."""
        if not self.past:
            return
        if self.saved is not None and self.saved.scenario == self.scenario:
            # Back to before it was opened or kept: what now stands here must not be saved over it.
            self.saved = None
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
    state.choices, state.ask = read_choices(query), read_ask(query)
    if own_regions().is_removed(query.get("region", "")):
        state.uploading.removed.append(query["region"])
        state.message = Message(REGION_GONE, "")
    if first and query:
        state.guide = 0
    try:
        state.scenario = unpack(query["s"]) if query.get("s") else EMPTY
        state.others = unpack_all(query.get("others", ""))
    except ScenarioError as error:
        state.message, state.scenario, state.others = Message(BAD_LINK, str(error)), EMPTY, ()


def write_link() -> None:
    """Put the state into the link, so that reload, back and sharing keep it."""
    state = visit()
    query = to_query(state.choices, state.scenario, state.others) | ask_query(state.ask)
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    state.link, state.day_before = query, None


def world() -> World:
    """Open the region as the chosen traveller finds it, in the chosen hours; choices that it cannot meet are changed."""
    state = visit()
    found = _world_of(state)
    kinds, modes = kinds_in(found), modes_in(found)
    choices = state.choices
    if choices.kind not in kinds:
        choices = replace(choices, kind=kinds[0])
    if choices.mode not in modes:
        # Who loses the bike or the car goes by bus rather than all the way on foot.
        choices = replace(choices, mode="transit" if "transit" in modes else modes[0])
    state.choices = choices
    return found


def _world_of(state: Visit) -> World:
    """Open the region; where one of a visitor is gone or cannot be built, the one that the app begins with, and say so."""
    region = state.choices.region
    if region in regions():
        return _opened_on_date(state)
    try:
        if is_own(region):
            found = _opened_on_date(state)
            known = (name for name in state.uploading.known if name != region)
            state.uploading.known = (*known, region)
            return found
        state.message = Message(REGION_GONE, "")
    except DorpshubError as error:
        state.message = Message(REGION_BROKEN, str(error).replace(f"{own_regions().home}/", ""))
    state.choices = replace(state.choices, region=first_region())
    return _opened_on_date(state)


def _opened_on_date(state: Visit) -> World:
    """Open the region on the chosen date; where that cannot be used, on the usual one, with the reason as message."""
    try:
        found = opened(state.choices, texts())
    except InputError as error:
        if not state.choices.date:
            raise
        state.message = Message(BAD_DAY, str(error))
        state.choices = replace(state.choices, date="")
        return opened(state.choices, texts())
    wanted, known = state.choices.date, found.known_dates
    if wanted and wanted != found.region.service_date.isoformat():
        state.message = Message(no_service_sentence(dt.date.fromisoformat(wanted), known, texts()), "")
    if not known.is_other(found.region.service_date):
        state.choices = replace(state.choices, date="")
    return found


def ask_for_band(key: str) -> None:
    """Remember that this visitor wants to know how sure a scenario is."""
    act().bands.add(key)


def asked_for_band(scenario: Scenario) -> bool:
    """Whether it was asked how sure a scenario is."""
    return scenario.key in visit().bands


def check_data(world: World) -> None:
    """Check the data of the region, in the background."""
    state = act()
    state.checking = quality_search(world)
    state.checking.start()


def nothing() -> None:
    """Do nothing when a map is clicked that only shows."""


def take_message() -> Message | None:
    """Give the message for the visitor, once."""
    state = visit()
    message, state.message = state.message, None
    return message


def take_news() -> str:
    """Give the good news for the visitor, once."""
    state = visit()
    news, state.told = state.told, ""
    return news


def act() -> Visit:
    """Return the state for a change by the visitor, after which the page is ahead of the link."""
    state = visit()
    state.acted = True
    return state


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the choices; a control that was emptied keeps its value."""
    state, value = act(), st.session_state[widget]
    if value is not None:
        state.choices = replace(state.choices, **{name: value})
    if name == "region":
        state.if_impossible = OTHER_REGION


def choose_places(name: str, widget: str) -> None:
    """Take which places the tables show; it is not in the link, and a control that was emptied keeps its value."""
    if st.session_state[widget] is not None:
        setattr(visit(), name, st.session_state[widget])


def kinds_in(world: World) -> tuple[str, ...]:
    """Kinds that can be chosen: those that occur, and the hub."""
    present = {*world.facilities.kind, "hub"}
    return tuple(kind for kind in KINDS if kind in present)


def take_way() -> str:
    """Give the page that a button led to, once."""
    state = visit()
    way, state.way = state.way, ""
    return way


def hub_kinds(world: World) -> tuple[str, ...]:
    """Kinds that a hub can offer here."""
    return tuple(kind for kind in kinds_in(world) if kind not in NOT_FOR_HUBS)
