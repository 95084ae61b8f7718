"""What a visitor can do with the library: the callbacks of its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import streamlit as st
from msgspec import structs

from scenarios.edits.amend import tidied
from scenarios.edits.scenario import Scenario
from ui.state import cache
from ui.state.session import BAD_FILE, Message, act, texts, visit
from ui.words.i18n import mark

SAVED = mark("The scenario is in the library.")
SAVED_APART = mark(
    "Somebody else had changed this scenario meanwhile. Yours is kept beside it, as a new one."
)
DELETED = mark("The scenario was deleted. You can bring it back.")
COPY = mark("copy")
NO_NAME = mark("Give the scenario a name first, so that others know what it is.")
NOTHING = mark("There is nothing to keep yet: first change something.")


@dataclass(slots=True)
class Deleted:
    """What this visitor deleted from the library."""

    ids: list[str] = field(default_factory=list)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _typed() -> tuple[Scenario, str]:
    """The visitor's scenario with the name and note that were typed, and the author."""
    state = visit()
    name, note, author = (
        str(st.session_state[key]).strip() for key in ("library-name", "library-note", "library-author")
    )
    return structs.replace(state.scenario, name=name, note=note), author


def _can_be_kept(scenario: Scenario) -> bool:
    """Whether there is something to keep, under a name; if not, that is said."""
    missing = (NO_NAME if not scenario.name else "") or (NOTHING if not scenario.edits else "")
    if missing:
        act().message = Message(missing, "")
    return not missing


def keep() -> None:
    """Keep the visitor's scenario as a new one."""
    state, (scenario, author) = act(), _typed()
    if not _can_be_kept(scenario):
        return
    state.scenario = scenario
    state.saved = cache.library().add(state.choices.region, state.scenario, author, _now())
    state.news = SAVED


def save() -> None:
    """Save over the scenario that was opened, or beside it when another did so meanwhile."""
    state = act()
    read = state.saved
    scenario, author = _typed()
    if read is None or not _can_be_kept(scenario):
        return
    state.scenario = scenario
    state.saved = cache.library().save(read, state.scenario, author, _now())
    state.news = SAVED if state.saved.id == read.id else SAVED_APART


def open_one(id_: str) -> None:
    """Take a scenario of the library as the visitor's own; what was there before can be undone."""
    state = act()
    if (row := cache.library().get(id_)) is None:
        return
    state.change(row.scenario, BAD_FILE)
    state.saved = row
    st.session_state["library-author"] = row.author


def copy(id_: str) -> None:
    """Keep a copy, and open it."""
    row = cache.library().get(id_)
    if row is None:
        return
    name = f"{row.scenario.name} ({texts().say(COPY)})".strip()
    copied = cache.library().add(row.region, structs.replace(row.scenario, name=name), row.author, _now())
    open_one(copied.id)


def delete(id_: str) -> None:
    """Delete a scenario; it can be brought back."""
    state = act()
    cache.library().delete(id_)
    state.of(Deleted).ids.append(id_)
    state.news = DELETED


def restore() -> None:
    """Bring back what was deleted last."""
    if ids := act().of(Deleted).ids:
        cache.library().restore(ids.pop())


def compare_with(widget: str) -> None:
    """Put scenarios of the library beside the visitor's own on the page "Compare"."""
    state = act()
    rows = (cache.library().get(id_) for id_ in st.session_state[widget])
    state.others = tuple(tidied(row.scenario) for row in rows if row is not None)
