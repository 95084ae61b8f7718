"""What one visitor has chosen and done, and the link that mirrors it: the only session keys of the app.

What only one page or widget knows of stands beside it, as a small class of its own; `Visit.of` gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st

from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.amend import tidied
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.library import SavedScenario
from ui.state import cache
from ui.state.link import Choices, read_choices, to_query, unknown_words, unpack, unpack_all
from ui.state.regions import uploaded_regions
from ui.state.uploading import Uploading
from ui.views.care_link import CareChoices, care_query, read_care, unknown_care
from ui.views.placement.link import PlacementChoices, placement_query, read_placement
from ui.views.reach_link import Reaching, reach_query, read_reaching, unknown_reaching
from ui.words.i18n import Texts, mark, texts_in

Part = TypeVar("Part")
UNDO_STEPS = 50
STATE = "dorpshub"


@dataclass(frozen=True, slots=True)
class Message:
    """What went wrong: a sentence to be translated, and the details for those who want them."""

    sentence: str
    details: str


NOT_HERE = mark("This change is not possible here. Is there a road nearby, and no hub yet? Try another spot.")
NOT_POSSIBLE = mark("This change cannot be made. The details say why.")
BAD_LINK = mark(
    "The scenario in this link cannot be used, so you start without changes. Was the whole link copied?"
)
OTHER_REGION = mark("Changes that do not fit this region were undone.")
REGION_GONE = mark(
    "The region of this link was removed. You can bring it back on the page About the data, at Your own data."
)
UNKNOWN_WORDS = mark("A part of this link is not known here. There you see the usual choice instead.")
BAD_FILE = mark("This file is not a scenario of this app. Choose a .json file that was saved here.")


@dataclass(slots=True)
class Visit:
    """What all pages share of one visitor; lives in the session."""

    choices: Choices = field(default_factory=Choices)
    placement: PlacementChoices = field(default_factory=PlacementChoices)
    reaching: Reaching = field(default_factory=Reaching)
    care: CareChoices = field(default_factory=CareChoices)
    scenario: Scenario = EMPTY
    others: tuple[Scenario, ...] = ()
    """Scenarios that "Compare" puts beside it. This and what stands above is in the link."""
    past: list[Scenario] = field(default_factory=list)
    undone: list[Scenario] = field(default_factory=list)
    """What `redo` brings back, the next one last."""
    if_impossible: str = ""
    """What is said when the last change turns out not to fit the region."""
    saved: SavedScenario | None = None
    """What the scenario was opened from, or kept as, in the library last."""
    message: Message | None = None
    news: str = ""
    link: dict[str, str] | None = None
    came_by_link: bool = False
    page: str = ""
    redirect: str = ""
    """Page that a button leads to."""
    acted: bool = False
    """Whether the page is ahead of the link."""
    day_before: str | None = None
    """Date until the visitor chose another one just now; None when that was drawn."""
    parts: dict[type[Any], Any] = field(default_factory=dict)

    def of(self, kind: type[Part]) -> Part:
        """State of one page or widget, as it is at first when it was not asked for yet."""
        found: Part = self.parts.setdefault(kind, kind())
        return found

    def change(self, scenario: Scenario, if_impossible: str) -> None:
        """Take a new scenario and remember the old one for undo; it may turn out not to fit the region."""
        self.if_impossible = if_impossible
        self.past, self.undone = [*self.past[1 - UNDO_STEPS :], self.scenario], []
        self.scenario = tidied(scenario)

    def undo(self) -> None:
        """Go back to the scenario before the last change."""
        if not self.past:
            return
        if self.saved is not None and tidied(self.saved.scenario) == self.scenario:
            # Back to before it was opened or kept: what now stands here must not be saved over it.
            self.saved = None
        self.undone.append(self.scenario)
        self.scenario = self.past.pop()

    def redo(self) -> None:
        """Take the change back that was undone last."""
        if self.undone:
            self.past.append(self.scenario)
            self.scenario = self.undone.pop()


def visit() -> Visit:
    """Return the state of this visitor."""
    if STATE not in st.session_state:
        st.session_state[STATE] = Visit()
    state: Visit = st.session_state[STATE]
    return state


def act() -> Visit:
    """Return the state for a change by the visitor, after which the page is ahead of the link."""
    state = visit()
    state.acted = True
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


def region() -> World:
    """Region as the visitor sees it now, without a scenario."""
    return cache.opened(visit().choices, texts())


def follow_link(page: str) -> None:
    """Take the state from the link when the visitor opened one or went back; a mere change of page keeps it."""
    state, query = visit(), st.query_params.to_dict()
    first, moved, acted = state.link is None, state.page != page, state.acted
    state.page, state.acted = page, False
    # After an act in the page the browser may still hold the link from before it: then the page is ahead.
    if query == state.link or acted or (moved and not first and not query):
        return
    state.link, state.if_impossible = query, BAD_LINK
    state.choices, state.placement = read_choices(query), read_placement(query)
    state.reaching, state.care = read_reaching(query), read_care(query)
    if words := (*unknown_words(query), *unknown_reaching(query), *unknown_care(query)):
        state.message = Message(UNKNOWN_WORDS, "\n".join(words))
    if uploaded_regions().is_removed(query.get("region", "")):
        state.of(Uploading).removed.append(query["region"])
        state.message = Message(REGION_GONE, "")
    state.came_by_link = state.came_by_link or bool(first and query)
    try:
        state.scenario = unpack(query["s"]) if query.get("s") else EMPTY
        state.others = unpack_all(query.get("others", ""))
    except ScenarioError as error:
        state.message, state.scenario, state.others = Message(BAD_LINK, str(error)), EMPTY, ()


def write_link() -> None:
    """Put the state into the link, so that reload, back and sharing keep it."""
    state = visit()
    query = to_query(state.choices, state.scenario, state.others)
    query |= placement_query(state.placement) | reach_query(state.reaching)
    query |= care_query(state.care)
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    state.link, state.day_before = query, None


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the choices; a control that was emptied keeps its value."""
    state, value = act(), st.session_state[widget]
    if value is not None:
        state.choices = replace(state.choices, **{name: value})
    if name == "region":
        state.if_impossible = OTHER_REGION


def address() -> str:
    """Link of the page as it is now; "" where there is no browser to ask."""
    found = st.context.url
    return f"{found}?{urlencode(visit().link or {})}" if found else ""


def take_message() -> Message | None:
    """Give the message for the visitor, once."""
    state = visit()
    message, state.message = state.message, None
    return message


def take_news() -> str:
    """Give the good news for the visitor, once."""
    state = visit()
    news, state.news = state.news, ""
    return news


def take_redirect() -> str:
    """Give the page that a button led to, once."""
    state = visit()
    page, state.redirect = state.redirect, ""
    return page
