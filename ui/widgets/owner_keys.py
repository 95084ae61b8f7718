"""Keys of the scenarios that a visitor may change and delete: kept in the browser, and carried by an owner's link.

They stand in the storage of the browser (localStorage), not in a cookie: so they are not sent along with every request, and every
window of that browser has them. An owner's link carries one behind its #, which no server and no log gets to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from scenarios.edits.scenario import EMPTY
from scenarios.library import SavedScenario
from ui.sentences import privacy
from ui.state.link import Choices, to_query
from ui.state.session import visit
from ui.words.i18n import Texts

SCRIPT = Path(__file__).with_name("owner_keys.js")
KEY = "owner-keys"
ID, SECRET = re.compile(r"[0-9a-f]{32}"), re.compile(r"[\w-]{43}", re.ASCII)
MOST_KEYS = 2000


@dataclass(slots=True)
class OwnerKeys:
    """Keys by id of the scenario, as far as the browser has told them or they were made in this visit."""

    by_id: dict[str, str] = field(default_factory=dict)
    visit: str = field(default_factory=lambda: token_hex(8))
    """Tells this visit from others of the same window."""
    forgotten: dict[str, str] = field(default_factory=dict)
    """Those that the visitor let go of in this visit, who may want them back."""
    forgetting: str = ""
    """Tells one wish to forget from the next; "" before the first."""

    def of(self, row: SavedScenario) -> str:
        """Key of a scenario, "" where there is none."""
        return self.by_id.get(row.id, "")

    def owns(self, row: SavedScenario | None) -> bool:
        """Whether this visitor may change and delete a scenario."""
        return row is not None and row.is_of(self.of(row))

    def take(self, told: Mapping[str, Any]) -> None:
        """Take what a browser says it keeps, as far as it may be keys; what is known already stays, unless it was forgotten there."""
        if told.get("forgotten"):
            self.by_id = {}
        keys = told["keys"] if isinstance(told.get("keys"), dict) else {}
        for id_, key in list(keys.items())[:MOST_KEYS]:
            if ID.fullmatch(str(id_)) and SECRET.fullmatch(str(key)):
                self.by_id.setdefault(str(id_), str(key))

    def forget(self) -> None:
        """Let go of all keys, in this visit and in the browser."""
        self.forgotten, self.by_id = self.forgotten | self.by_id, {}
        self.forgetting = token_hex(8)

    def bring_back(self) -> None:
        """Have the keys again that were let go of in this visit."""
        self.by_id, self.forgotten = self.forgotten | self.by_id, {}


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component("dorpshub_owner_keys", js=SCRIPT.read_text(encoding="utf-8"))


def draw(on_told: Callable[[], None]) -> None:
    """Let the browser keep the keys of this visit and tell those that it has; then `on_told` is called."""
    keys = visit().of(OwnerKeys)
    data = {"keys": keys.by_id, "visit": keys.visit, "forgetting": keys.forgetting}
    _component()(key=KEY, data=data, on_told_change=on_told)


def take() -> None:
    """Take the keys that the browser keeps."""
    visit().of(OwnerKeys).take(st.session_state[KEY].told or {})


def draw_forgetting(texts: Texts) -> None:
    """Draw the button with which this browser forgets its keys, and the one that brings them back."""
    keys = visit().of(OwnerKeys)
    if keys.by_id:
        st.caption(texts.say(privacy.KEYS))
        st.button(texts.say("Forget my keys"), key="forget-keys", on_click=keys.forget)
    elif not keys.forgotten:
        st.caption(texts.say(privacy.NO_KEYS))
    if keys.forgotten:
        st.caption(texts.say(privacy.FORGOTTEN))
        st.button(
            texts.say("Bring my keys back"),
            key="bring-keys-back",
            icon=":material/undo:",
            on_click=keys.bring_back,
        )


def owner_link(row: SavedScenario) -> str:
    """Address that opens a scenario and makes whoever has it an owner; "" where there is no browser to ask."""
    found, choices = st.context.url, visit().choices
    if not found:
        return ""
    query = urlencode(to_query(Choices(lang=choices.lang, region=row.region), EMPTY))
    return f"{found}{'?' if query else ''}{query}#eigenaar={row.id}.{visit().of(OwnerKeys).of(row)}"
