"""What is asked on the page "Home care rounds", in the link as plain words like the other choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ui.views.placement.link import one_of

CARE_MODES = ("bike", "ebike", "car")
MOST_STAFF, MOST_CLIENTS = 15, 120
"""What can be asked on the page; the command plans more."""
LONGEST_ID = 100
PREFIX = "care_"


@dataclass(frozen=True, slots=True)
class CareChoices:
    """What the visitor asks.

    Attributes
    ----------
    base, then_base
        Ids of places; "" for the one that the page begins with, and for the same base afterwards.
    staff, then_staff
        People in each shift; 0 for as many afterwards.
    mode
        One of `CARE_MODES`.
    clients
        How many are drawn; 0 for as many as home_care.toml says.

    """

    base: str = ""
    staff: int = 5
    mode: str = "ebike"
    clients: int = 0
    then_base: str = ""
    then_staff: int = 0


def care_query(chosen: CareChoices) -> dict[str, str]:
    """Its part of a link; only what differs from the usual."""
    usual = CareChoices()
    return {
        f"{PREFIX}{of.name}": str(getattr(chosen, of.name))
        for of in fields(CareChoices)
        if getattr(chosen, of.name) != getattr(usual, of.name)
    }


def read_care(query: Mapping[str, str]) -> CareChoices:
    """What a link says; what is missing or unknown is as usual."""
    usual = CareChoices()

    def number(name: str, least: int, most: int, default: int) -> int:
        text = query.get(f"{PREFIX}{name}", "")
        return int(text) if text in map(str, range(least, most + 1)) else default

    def place(name: str) -> str:
        text = query.get(f"{PREFIX}{name}", "")
        return text if len(text) <= LONGEST_ID else ""

    return CareChoices(
        base=place("base"),
        staff=number("staff", 1, MOST_STAFF, usual.staff),
        mode=one_of(query, f"{PREFIX}mode", CARE_MODES, usual.mode),
        clients=number("clients", 1, MOST_CLIENTS, usual.clients),
        then_base=place("then_base"),
        then_staff=number("then_staff", 1, MOST_STAFF, usual.then_staff),
    )


def unknown_care(query: Mapping[str, str]) -> tuple[str, ...]:
    """Those parts that say something unknown, as they stand in the link."""
    read = read_care(query)
    return tuple(
        f"{name}={query[name]}"
        for of in fields(CareChoices)
        if query.get(name := f"{PREFIX}{of.name}") and query[name] != str(getattr(read, of.name))
    )
