"""What a visitor can do with the library: the callbacks of its buttons."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st
from msgspec import structs

from data.errors import InputError, ScenarioError
from data.limits import OWN_SCENARIOS
from scenarios.edits.amend import tidied
from scenarios.edits.scenario import Scenario
from scenarios.library import SavedScenario, new_key
from ui.state import cache
from ui.state.session import BAD_FILE, Message, act, texts, visit
from ui.widgets.owner_keys import KEY, OwnerKeys
from ui.words.i18n import mark

SAVED = mark("The scenario is in the library.")
SAVED_APART = mark(
    "Somebody else had changed this scenario meanwhile. Yours is kept beside it, as a new one."
)
DELETED = mark("The scenario was deleted. You can bring it back.")
RESTORED = mark("The scenario is back in the library.")
EARLIER = mark("The earlier version is back. What stood there is now an earlier version itself.")
YOURS = mark("This scenario is yours now, in this browser too: you can change and delete it.")
YOURS_DELETED = mark(
    "This scenario was deleted. It is yours in this browser too, so you can bring it back in the library below."
)
NOT_YOURS = mark("You cannot change or delete this scenario: this browser is not that of its owner.")
BAD_LINK = mark("This owner's link does not fit any scenario. Was the whole link copied?")
COPY = mark("copy")
NO_NAME = mark("Give the scenario a name first, so that others know what it is.")
NOT_KEPT = mark("The library did not take this. The details say why.")
NOTHING = mark("There is nothing to keep yet: first change something.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _typed() -> tuple[Scenario, str]:
    """The visitor's scenario with the name and note that were typed, and the author."""
    state = visit()
    name, note, author = (
        str(st.session_state.get(key, "")).strip()
        for key in ("library-name", "library-note", "library-author")
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
    if (added := _added(state.choices.region, scenario, author)) is not None:
        state.saved, state.news = added, SAVED


def _added(region: str, scenario: Scenario, author: str) -> SavedScenario | None:
    """Keep a scenario as the visitor's own; None (which is said) where there is no room for it."""
    key, keys, library = new_key(), visit().of(OwnerKeys).by_id, cache.library()
    try:
        n_own = sum(row.is_of(keys.get(row.id, "")) for row in library.rows(region))
        OWN_SCENARIOS.refuse_beyond("The library", n_own + 1)
        row = library.add(region, scenario, author, _now(), key)
    except InputError as error:
        act().message = Message(NOT_KEPT, str(error))
        return None
    keys[row.id] = key
    st.session_state["library-chosen"] = row.id
    return row


def save() -> None:
    """Save over the visitor's own scenario that was opened, or beside it when it was saved elsewhere meanwhile."""
    state = act()
    read = state.saved
    scenario, author = _typed()
    if read is None or not _can_be_kept(scenario):
        return
    if (saved := _saved(read, scenario, author)) is not None:
        state.scenario, state.saved = scenario, saved
        state.news = SAVED if saved.id == read.id else SAVED_APART


def _saved(read: SavedScenario, scenario: Scenario, author: str) -> SavedScenario | None:
    """Save over a scenario of the library, None (which is said) where it is not the visitor's own, or the library cannot take it."""
    keys = visit().of(OwnerKeys)
    if not keys.owns(read):
        act().message = Message(NOT_YOURS, "")
        return None
    try:
        saved = cache.library().save(read, scenario, author, _now(), keys.of(read))
    except InputError as error:
        act().message = Message(NOT_KEPT, str(error))
        return None
    keys.by_id[saved.id] = keys.of(read)
    return saved


def open_one(id_: str) -> None:
    """Take a scenario of the library as what is worked on; what was there before can be undone."""
    state = act()
    if (row := cache.library().get(id_)) is None:
        return
    state.change(row.scenario, BAD_FILE)
    state.saved = row
    if state.of(OwnerKeys).owns(row):
        st.session_state["library-author"] = row.author


def copy(id_: str) -> None:
    """Keep a copy as the visitor's own, and open it."""
    row = cache.library().get(id_)
    if row is None:
        return
    name = f"{row.scenario.name} ({texts().say(COPY)})".strip()
    author = str(st.session_state.get("library-author", "")).strip()
    copied = _added(row.region, structs.replace(row.scenario, name=name), author)
    if copied is not None:
        open_one(copied.id)


def delete(id_: str) -> None:
    """Delete a scenario of the visitor's own; it can be brought back."""
    if _hidden(id_, hidden=True):
        st.session_state["library-deleted"] = id_
        act().news = DELETED


def restore(widget: str) -> None:
    """Bring back the deleted scenario that is chosen."""
    if (id_ := st.session_state[widget]) and _hidden(id_, hidden=False):
        st.session_state["library-chosen"] = id_
        act().news = RESTORED


def _hidden(id_: str, *, hidden: bool) -> bool:
    """Whether a scenario could be deleted or restored; if not, that is said."""
    library, key = cache.library(), act().of(OwnerKeys).by_id.get(id_, "")
    try:
        (library.delete if hidden else library.restore)(id_, key)
    except ScenarioError:
        act().message = Message(NOT_YOURS, "")
        return False
    except InputError as error:
        act().message = Message(NOT_KEPT, str(error))
        return False
    return True


def bring_back(id_: str, widget: str) -> None:
    """Make the earlier version that is chosen the last one, and open it; what is the last one now becomes an earlier one."""
    state, row = act(), cache.library().get(id_)
    found = {one.version: one for one in cache.library().earlier(row)} if row is not None else {}
    version = found.get(st.session_state[widget])
    if row is not None and version is not None and _saved(row, version.scenario, version.author) is not None:
        open_one(id_)
        state.news = EARLIER


def take_keys() -> None:
    """Take the keys that the browser keeps, and the one that an owner's link has brought."""
    told = st.session_state[KEY].told or {}
    visit().of(OwnerKeys).take(told)
    if isinstance(link := told.get("link"), dict):
        _take_link(str(link.get("id")), str(link.get("key")))


def _take_link(id_: str, key: str) -> None:
    state, library = act(), cache.library()
    row, is_deleted = library.get(id_), bool(library.deleted(state.choices.region, {id_: key}))
    if not is_deleted and (row is None or not row.is_of(key)):
        state.message = Message(BAD_LINK, "")
        return
    state.of(OwnerKeys).by_id[id_] = key
    if is_deleted:
        st.session_state["library-deleted"] = id_
        state.news = YOURS_DELETED
    else:
        st.session_state["library-chosen"] = id_
        open_one(id_)
        state.news = YOURS


def compare_with(widget: str) -> None:
    """Put scenarios of the library beside the visitor's own on the page "Compare"."""
    state = act()
    rows = (cache.library().get(id_) for id_ in st.session_state[widget])
    state.others = tuple(tidied(row.scenario) for row in rows if row is not None)
