"""What one visitor has chosen and done, and the link that mirrors it: the only session keys of the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

import streamlit as st

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edit_base import Spot
from scenarios.edits import EMPTY, PlaceHub, Scenario
from scenarios.shelf import Shelved
from ui.compare_views import CompareView, compare_view
from ui.i18n import Texts, mark, texts_in
from ui.links import Choices, read_choices, to_query, unpack, unpack_all
from ui.quality_views import QualityView
from ui.ready import day_of, opened, quality_search, summed_up, with_scenario, worked_out
from ui.views import DesignView, design_view
from ui.village_views import VillageView, place_row, village_view, what_if
from ui.where_ask import Ask, ask_query, read_ask
from ui.where_search import Search
from ui.where_views import CurvePoint, Found
from ui.words import KINDS, NOT_FOR_HUBS, VILLAGE_KINDS, VILLAGE_MODES

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
BAD_LINK = mark(
    "The scenario in this link cannot be used, so you start without changes. Was the whole link copied?"
)
BAD_FILE = mark("This file is not a scenario of this app. Choose a .json file that was saved here.")


@dataclass(frozen=True, slots=True)
class Compared:
    """Scenarios beside each other, each compared with the region as it is."""

    scenarios: tuple[Scenario, ...]
    views: tuple[CompareView, ...]
    is_example: bool


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
    shelved: Shelved | None = None
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
    """What is being searched there in the background."""
    checking: Search[QualityView] | None = None
    """The check of the data that this visitor asked for."""
    way: str = ""
    """Page that a button leads to."""
    bands: set[str] = field(default_factory=set)
    """Keys of the scenarios of which it was asked how sure they are."""
    guide: int = 1
    """Step of the guided first visit, 0 when it was closed or the visitor came by a link."""

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
    state.choices, state.ask = read_choices(query), read_ask(query)
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
    state.link = query


def world() -> World:
    """Open the region as the chosen traveller finds it, in the chosen hours; choices that it cannot meet are changed."""
    state = visit()
    found = opened(state.choices, texts())
    kinds, modes = kinds_in(found), tuple(mode.name for mode in found.modes)
    choices = state.choices
    if choices.kind not in kinds:
        choices = replace(choices, kind=kinds[0])
    if choices.mode not in modes:
        # Who loses the bike or the car goes by bus rather than all the way on foot.
        choices = replace(choices, mode="transit" if "transit" in modes else modes[0])
    state.choices = choices
    return found


def design(world: World) -> DesignView:
    """View of the visitor's scenario; one that does not fit the region is undone, with the reason as message."""
    fit(world)
    return design_of(world, visit().scenario)


def fit(world: World) -> None:
    """Undo changes that do not fit the region, with the reason as message."""
    state = visit()
    while True:
        try:
            with_scenario(world, state.scenario)
        except ScenarioError as error:
            if state.scenario == EMPTY:
                raise
            state.message = Message(state.if_impossible, str(error))
            state.scenario = state.past.pop() if state.past else EMPTY
        else:
            return


def design_of(world: World, scenario: Scenario) -> DesignView:
    """View of any scenario that fits the region, for the kind, mode and limit that are chosen."""
    choices = visit().choices
    found = worked_out(world, scenario, choices.kind, choices.mode)
    return design_view(world, found.after, scenario, found.comparison, choices.limit)


def compared(world: World) -> Compared:
    """Views of the visitor's scenario and of those beside it; an example as long as there is none."""
    fit(world)
    state, choices = visit(), visit().choices
    others = tuple(other for other in state.others if _fits(world, other))
    if others != state.others:
        state.message, state.others = Message(BAD_LINK, ""), others
    is_example = state.scenario == EMPTY and not others
    first = example(world) if is_example else state.scenario
    scenarios = (first, *others) if first.edits or is_example else others
    found = [(of, worked_out(world, of, choices.kind, choices.mode)) for of in scenarios]
    views = tuple(compare_view(world, made.after, of, made.comparison, choices.limit) for of, made in found)
    return Compared(scenarios, views, is_example)


def _fits(world: World, scenario: Scenario) -> bool:
    try:
        with_scenario(world, scenario)
    except ScenarioError:
        return False
    return True


def example(world: World) -> Scenario:
    """Scenario for who has none yet: a hub in the village that the app begins with."""
    place_id = world.places.id[place_row(world, visit().choices.place)]
    return Scenario("", "", (PlaceHub(place_id=place_id, kinds=hub_kinds(world)),))


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


def drawing(world: World) -> tuple[Spot, ...]:
    """Points of what is being drawn on the map of the planner."""
    state = visit()
    if not state.route:
        return state.drawn
    stops = world.network.service.timetable.stops
    rows = [stops.id.index(stop) for stop in state.route if stop in stops.id]
    return tuple((float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in rows)


def nothing() -> None:
    """Do nothing when a map is clicked that only shows."""


def village(world: World) -> tuple[VillageView, DesignView]:
    """View of the chosen village, and of all places around it, with what is tried out or the visitor's scenario."""
    fit(world)
    state = visit()
    state.choices = replace(state.choices, place=world.places.id[place_row(world, state.choices.place)])
    scenario = tried_out() if state.choices.what_if else state.scenario
    try:
        with_scenario(world, scenario)
    except ScenarioError as error:
        state.message = Message(NOT_HERE, str(error))
        state.choices, scenario = replace(state.choices, what_if=""), state.scenario
    return _village(world, scenario), design_of(world, scenario)


def _village(world: World, scenario: Scenario) -> VillageView:
    row = place_row(world, visit().choices.place)
    modes = tuple(mode.name for mode in world.modes if mode.name in VILLAGE_MODES)
    found = {
        kind: tuple(
            (summed_up(world, EMPTY, kind, mode), summed_up(world, scenario, kind, mode)) for mode in modes
        )
        for kind in VILLAGE_KINDS
        if kind in (*world.facilities.kind, "hub")
    }
    days = tuple(
        day_of(world, scenario, row, kind, "transit")
        for kind in dict.fromkeys(("supermarket", visit().choices.kind))
        if "transit" in modes and kind in found and kind in world.facilities.kind
    )
    return village_view((world, with_scenario(world, scenario)), row, found, days)


def tried_out() -> Scenario:
    """Scenario that is tried out for the chosen village; empty where there is nothing to try."""
    state = visit()
    found = opened(state.choices, texts())
    kinds = tuple(kind for kind in hub_kinds(found) if kind in state.offers)
    return what_if(state.choices.what_if, _village(found, EMPTY), kinds) or EMPTY


def take_message() -> Message | None:
    """Give the message for the visitor, once."""
    state = visit()
    message, state.message = state.message, None
    return message


def take_way() -> str:
    """Give the page that a button led to, once."""
    state = visit()
    way, state.way = state.way, ""
    return way


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


def kinds_in(world: World) -> tuple[str, ...]:
    """Kinds that can be chosen: those that occur, and the hub."""
    present = {*world.facilities.kind, "hub"}
    return tuple(kind for kind in KINDS if kind in present)


def hub_kinds(world: World) -> tuple[str, ...]:
    """Kinds that a hub can offer here."""
    return tuple(kind for kind in kinds_in(world) if kind not in NOT_FOR_HUBS)
