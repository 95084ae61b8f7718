"""The state of the app in its link: choices in plain words, the scenario compressed."""

from __future__ import annotations

import datetime as dt
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from accessibility.travellers import ADULT
from data.errors import ScenarioError
from scenarios.edits.amend import tidied
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.scenario import EMPTY, Scenario
from ui.map.layers import SHOWS, Show
from ui.state.regions import first_region, is_uploaded, regions
from ui.views.placement.link import one_of
from ui.views.side_by_side import LETTERS
from ui.words.i18n import LANGUAGES
from ui.words.words import AT_SCHOOL, HOURS, KINDS, MODES, TRAVELLERS

WITHOUT_CAR_PCT = (50, 67, 80, 100, 125, 150, 200)
"""Odds of being without a car that can be tried out, in per cent of those that are used."""
LIMITS_MIN = tuple(range(5, 65, 5))
WHAT_IFS = ("hub", *(f"close-{kind}" for kind in KINDS))
LONGEST_ID = 100
SEPARATOR = "."
"""Between the scenarios of a link; no packed scenario holds it."""
MOST_OTHERS = len(LETTERS) - 1
LARGEST_SCENARIO_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What the visitor has chosen; the defaults give a whole answer on the first screen.

    Attributes
    ----------
    lang, region, traveller, date, hours
        Of every page; no date (ISO) and no hours are those of the region.
    kind, mode, limit, show
        What the map is about.
    place
        Id of the village of "My village"; "" for the one it begins with.
    what_if
        What is tried out for that village: nothing, "hub", or "close-" and a kind.
    letter
        Of the scenario that "Compare" tells of, where there are several.
    without_car
        How many people have no car on that page, one of `WITHOUT_CAR_PCT`.

    """

    lang: str = "nl"
    region: str = field(default_factory=first_region)
    traveller: str = ADULT.id
    date: str = ""
    hours: str = ""
    kind: str = "gp"
    mode: str = "bike"
    limit: int = 10
    show: Show = "after"
    place: str = ""
    what_if: str = ""
    letter: str = LETTERS[0]
    without_car: int = 100


def read_choices(query: Mapping[str, str]) -> Choices:
    """Choices in a link; a value that is missing or unknown is the default, as on a first visit."""
    default = Choices()
    limit, without_car = query.get("limit", ""), query.get("without_car", "")
    place = query.get("place", "")
    return Choices(
        lang=one_of(query, "lang", LANGUAGES, default.lang),
        region=_region(query.get("region", default.region), default.region),
        traveller=one_of(query, "traveller", TRAVELLERS, default.traveller),
        date=_iso_date(query.get("date", "")),
        hours=one_of(query, "hours", (*HOURS, AT_SCHOOL), default.hours),
        kind=one_of(query, "kind", KINDS, default.kind),
        mode=one_of(query, "mode", MODES, default.mode),
        limit=int(limit) if limit in map(str, LIMITS_MIN) else default.limit,
        show=one_of(query, "show", SHOWS, default.show),
        place=place if len(place) <= LONGEST_ID else default.place,
        what_if=one_of(query, "what_if", WHAT_IFS, default.what_if),
        letter=one_of(query, "letter", LETTERS, default.letter),
        without_car=int(without_car) if without_car in map(str, WITHOUT_CAR_PCT) else default.without_car,
    )


def unknown_words(query: Mapping[str, str]) -> tuple[str, ...]:
    """Those parts of a link that say something unknown, as they stand there: their choice is the usual one instead."""
    read = read_choices(query)
    names = [of.name for of in fields(Choices) if of.name != "place"]
    return tuple(
        f"{name}={query[name]}"
        for name in names
        if query.get(name) and query[name] != str(getattr(read, name))
    )


def _region(name: str, default: str) -> str:
    """Region of that name: one of those for everybody, or one that only those who have its link know."""
    return name if name in regions() or is_uploaded(name) else default


def _iso_date(text: str) -> str:
    """A date written as 2026-10-06, anything else is none; whether the timetable covers it the region knows."""
    try:
        return text if dt.date.fromisoformat(text).isoformat() == text else ""
    except ValueError:
        return ""


def to_query(choices: Choices, scenario: Scenario, others: tuple[Scenario, ...] = ()) -> dict[str, str]:
    """Query of a link; only what differs from the defaults, so that the first link stays short."""
    default = Choices()
    names = [field.name for field in fields(Choices)]
    query = {
        name: str(getattr(choices, name))
        for name in names
        if getattr(choices, name) != getattr(default, name)
    }
    packed = {"s": pack(scenario) if scenario != EMPTY else "", "others": SEPARATOR.join(map(pack, others))}
    return query | {name: text for name, text in packed.items() if text}


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
        return tidied(from_json(raw.decode()))
    except (zlib.error, Base64Error, UnicodeError, ValueError) as error:
        raise ScenarioError(damaged) from error


def unpack_all(text: str) -> tuple[Scenario, ...]:
    """Read back several scenarios, at most as many as are compared; ScenarioError as `unpack`."""
    return tuple(unpack(part) for part in text.split(SEPARATOR)[:MOST_OTHERS] if part)
