"""The state of the app in its link: choices in plain words, the scenario compressed."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import ScenarioError
from scenarios.edits import EMPTY, Scenario
from scenarios.library import from_json, to_json
from ui.i18n import LANGUAGES
from ui.maps import SHOWS, Show
from ui.words import KINDS, MODES

LIMITS_MIN = tuple(range(5, 65, 5))
LARGEST_SCENARIO_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What the visitor has chosen; the defaults give a whole answer on the first screen."""

    lang: str = "nl"
    kind: str = "gp"
    mode: str = "bike"
    limit: int = 10
    show: Show = "after"


def read_choices(query: Mapping[str, str]) -> Choices:
    """Choices in a link; a value that is missing or unknown is the default, as on a first visit."""
    default = Choices()
    limit = query.get("limit", "")
    shows: dict[str, Show] = {show: show for show in SHOWS}
    return Choices(
        lang=_one_of(query, "lang", LANGUAGES, default.lang),
        kind=_one_of(query, "kind", tuple(KINDS), default.kind),
        mode=_one_of(query, "mode", tuple(MODES), default.mode),
        limit=int(limit) if limit in map(str, LIMITS_MIN) else default.limit,
        show=shows.get(query.get("show", ""), default.show),
    )


def _one_of(query: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = query.get(name, default)
    return value if value in allowed else default


def to_query(choices: Choices, scenario: Scenario) -> dict[str, str]:
    """Query of a link; only what differs from the defaults, so that the first link stays short."""
    default = Choices()
    names = ("lang", "kind", "mode", "limit", "show")
    query = {
        name: str(getattr(choices, name))
        for name in names
        if getattr(choices, name) != getattr(default, name)
    }
    return query | ({"s": pack(scenario)} if scenario != EMPTY else {})


def pack(scenario: Scenario) -> str:
    """Write a scenario as text that fits in a link."""
    return urlsafe_b64encode(zlib.compress(to_json(scenario).encode(), 9)).decode().rstrip("=")


def unpack(text: str) -> Scenario:
    """Read back what `pack` wrote; ScenarioError for a damaged link."""
    damaged = (
        "The scenario in this link is damaged. Copy the whole link again, or start with an empty scenario."
    )
    try:
        reader = zlib.decompressobj()
        # The limit keeps a crafted link from filling the memory.
        raw = reader.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), LARGEST_SCENARIO_BYTES)
        if not reader.eof:
            raise ScenarioError(damaged)
        return from_json(raw.decode())
    except (zlib.error, Base64Error, UnicodeError, ValueError) as error:
        raise ScenarioError(damaged) from error
