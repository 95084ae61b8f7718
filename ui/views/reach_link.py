"""What is chosen of how far one gets, and its part of the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from accessibility.reach.times import DIRECTIONS, READINGS
from data.clock import clock_text, parse_clock
from data.errors import InputError
from ui.views.placement.link import one_of

Shown: TypeAlias = Literal["", "to", "from"]
SHOWN: tuple[Shown, ...] = ("", *DIRECTIONS)
AT_A_TIME = "at"
"""Reading of one departure."""
DAY, STEP_S = (5 * 3600, 24 * 3600), 600
"""Departures that can be chosen."""
LONGEST_ID = 100
NAMES = ("reach", "reach_of", "reach_when")


@dataclass(frozen=True, slots=True)
class Reaching:
    """What is shown of how far one gets.

    Attributes
    ----------
    direction
        To the place or from it; "" while nothing is shown.
    target
        Id of a hub, service or village; "" for what the page begins with.
    reading, departure
        *best*, *ordinary* or *worst* over the departures, or `AT_A_TIME` and the clock time.

    """

    direction: Shown = ""
    target: str = ""
    reading: str = "ordinary"
    departure: int = 9 * 3600


def reach_query(chosen: Reaching) -> dict[str, str]:
    """Its part of a link: nothing while it is not shown."""
    if not chosen.direction:
        return {}
    when = clock_text(chosen.departure) if chosen.reading == AT_A_TIME else chosen.reading
    query = {"reach": chosen.direction, "reach_of": chosen.target, "reach_when": when}
    return {name: text for name, text in query.items() if text}


def read_reaching(query: Mapping[str, str]) -> Reaching:
    """What a link says; what is missing or unknown is as usual."""
    usual, when, target = Reaching(), query.get("reach_when", ""), query.get("reach_of", "")
    departure = _departure(when)
    return Reaching(
        direction=one_of(query, "reach", SHOWN, usual.direction),
        target=target if len(target) <= LONGEST_ID else "",
        reading=when if when in READINGS else usual.reading if departure is None else AT_A_TIME,
        departure=usual.departure if departure is None else departure,
    )


def unknown_reaching(query: Mapping[str, str]) -> tuple[str, ...]:
    """Those parts that say something unknown, as they stand in the link."""
    known = reach_query(read_reaching(query))
    return tuple(
        f"{name}={query[name]}" for name in NAMES if query.get(name) and known.get(name) != query[name]
    )


def _departure(text: str) -> int | None:
    try:
        departure = parse_clock(text)
    except InputError:
        return None
    return departure if departure in range(*DAY, STEP_S) else None
