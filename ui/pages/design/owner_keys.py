"""Keys of the scenarios that a visitor may change and delete: kept in the browser, and carried by an owner's link.

They stand in the storage of the browser (localStorage), not in a cookie: so they are not sent along with every request, and every
window of that browser has them. An owner's link carries one behind its #, which no server and no log gets to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from scenarios.edits.scenario import EMPTY
from scenarios.library import SavedScenario
from ui.state.link import Choices, to_query
from ui.state.session import visit

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

    def of(self, row: SavedScenario) -> str:
        """Key of a scenario, "" where there is none."""
        return self.by_id.get(row.id, "")

    def owns(self, row: SavedScenario | None) -> bool:
        """Whether this visitor may change and delete a scenario."""
        return row is not None and row.is_of(self.of(row))

    def take(self, told: object) -> None:
        """Take what a browser says it keeps, as far as it may be keys; what is known already stays."""
        keys = told if isinstance(told, dict) else {}
        for id_, key in list(keys.items())[:MOST_KEYS]:
            if ID.fullmatch(str(id_)) and SECRET.fullmatch(str(key)):
                self.by_id.setdefault(str(id_), str(key))


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component("dorpshub_owner_keys", js=SCRIPT.read_text(encoding="utf-8"))


def draw(on_told: Callable[[], None]) -> None:
    """Let the browser keep the keys of this visit and tell those that it has; then `on_told` is called."""
    keys = visit().of(OwnerKeys)
    _component()(key=KEY, data={"keys": keys.by_id, "visit": keys.visit}, on_told_change=on_told)


def owner_link(row: SavedScenario) -> str:
    """Address that opens a scenario and makes whoever has it an owner; "" where there is no browser to ask."""
    found, choices = st.context.url, visit().choices
    if not found:
        return ""
    query = urlencode(to_query(Choices(lang=choices.lang, region=row.region), EMPTY))
    return f"{found}{'?' if query else ''}{query}#eigenaar={row.id}.{visit().of(OwnerKeys).of(row)}"
