"""Who may use a way or pass a barrier, read from OSM's access tags.

Source of the rules: OSM wiki, Key:access (the hierarchy: a more specific key overrules a more general one) and "OSM tags
for routing/Access restrictions" (what a kind of street implies where nothing is tagged), with the Dutch rules first.

In which directions a way is open to those who may use it (OSM wiki: Key:oneway, Key:oneway:bicycle, Key:cycleway,
Key:cycleway:right:oneway).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["forward", "backward"]

NEVER = frozenset(
    [
        *("construction", "proposed", "planned", "no", "abandoned", "disused", "razed", "demolished"),
        *("dismantled", "removed", "historic", "raceway", "bus_guideway", "escape", "emergency_bay"),
        *("rest_area", "services", "via_ferrata", "ladder"),
    ]
)
"""Kinds nobody travels on whatever else is tagged: not there, not for traffic, or not a line to travel along."""

LOCKABLE = frozenset(
    [
        *("gate", "swing_gate", "sliding_gate", "wicket_gate", "kissing_gate", "hampshire_gate", "door"),
        *("turnstile", "full-height_turnstile", "coupure"),
    ]
)
"""Barriers that nobody passes when locked; one walks round a locked bollard, chain or boom."""


class Passage(IntEnum):
    """How a traveller may go along a way."""

    CLOSED = 0
    ENDS = 1
    """As the first or the last part of a trip, never as a way through."""
    OPEN = 2


@dataclass(frozen=True, slots=True)
class AccessRules:
    """How one mode reads access tags.

    Attributes
    ----------
    keys
        Access keys that concern the mode, from general to specific.
    opening_keys
        Keys whose permission opens a kind of street that is closed by default. `access=yes` on a cycleway admits
        nobody new: it means everyone for whom the way is meant.
    values
        What a value of an access key means; a value not listed is skipped, as if it were not there, and reported.
    by_kind
        What a kind of street means where no access key decides; a kind not listed is closed and reported.
    implied
        Single tags that overrule the kind, still below the access keys; the first that fits decides.
    barriers
        The `barrier=*` of a node on the way: whether the mode passes where no access key decides.
    unknown_barrier_open
        The same for any other barrier; such barriers are reported.

    """

    keys: tuple[str, ...]
    opening_keys: frozenset[str]
    values: Mapping[str, Passage]
    by_kind: Mapping[str, Passage]
    implied: Mapping[tuple[str, str], Passage]
    barriers: Mapping[str, bool]
    unknown_barrier_open: bool


def street_kind(tags: Mapping[str, str]) -> str:
    """Return the highway class, or `ferry` or `platform`, or nothing where the tags make no street.

    OSM wiki: Key:highway, Tag:route=ferry, Tag:railway=platform, Tag:public_transport=platform.
    """
    if tags.get("route") == "ferry":
        return "ferry"
    if "highway" in tags:
        return tags["highway"]
    if "platform" in (tags.get("railway"), tags.get("public_transport")):
        return "platform"
    return ""


def passage(tags: Mapping[str, str], rules: AccessRules, direction: Direction) -> Passage:
    """How the mode may go along a way in one direction, one-way rules aside.

    The most specific key with a value that is understood decides; `key:forward` and `key:backward` go before `key`.
    Bus lanes need no rule of their own: `bus=yes` beside `access=no` or `motor_vehicle=no` leaves the way closed for
    cars. Conditional values are not read.
    """
    kind = street_kind(tags)
    if kind in NEVER:
        return Passage.CLOSED
    implied = (found for tag, found in rules.implied.items() if tags.get(tag[0]) == tag[1])
    default = next(implied, rules.by_kind.get(kind, Passage.CLOSED))
    for key in reversed(rules.keys):
        for tagged in (tags.get(f"{key}:{direction}"), tags.get(key)):
            allowed = _read(tagged, rules)
            if allowed is not None:
                return allowed if key in rules.opening_keys else min(allowed, default)
    return default


_NO_TUNNEL = frozenset(["no", "building_passage"])
_BURIED = frozenset(["underground", "underwater"])


def has_doors(tags: Mapping[str, str]) -> bool:
    """Whether doors may open on a way; others are passed, not entered from the side.

    Nobody boards a ferry in mid-river, and no door opens on a bridge, in a tunnel, on a motorway or `autoweg`, of which many
    are trunk roads that only keep walkers off, by a tag or by the rules of the country. Arcades and malls (`covered`,
    `indoor`) have doors at street level, passages through buildings too.
    """
    kind = tags.get("highway", "").removesuffix("_link")
    if tags.get("route") == "ferry" or kind == "motorway" or (kind == "trunk" and tags.get("foot") == "no"):
        return False
    if tags.get("motorroad") == "yes" or tags.get("location") in _BURIED:
        return False
    if tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") not in _NO_TUNNEL:
        return False
    is_at_street_level = all("0" in _parts(tags.get(key, "0")) for key in ("layer", "level"))
    return is_at_street_level or not _is_inside(tags)


def _is_inside(tags: Mapping[str, str]) -> bool:
    """Whether a way runs under a roof, where another level has other doors."""
    return (
        any(tags.get(key, "no") != "no" for key in ("covered", "indoor")) or tags.get("highway") == "corridor"
    )


def barrier_passage(tags: Mapping[str, str], rules: AccessRules) -> Passage:
    """How the mode passes a node with these tags (OSM wiki: Key:barrier, Key:locked).

    Access keys say who may pass the barrier and overrule what it usually stops. Without a barrier they are not read: on
    a crossing, `bicycle=no` speaks of those who cross the street, not of those who follow it.
    """
    barrier = tags.get("barrier")
    if barrier is None:
        return Passage.OPEN
    for key in reversed(rules.keys):
        allowed = _read(tags.get(key), rules)
        if allowed is not None:
            return allowed
    if tags.get("locked") == "yes" and barrier in LOCKABLE:
        return Passage.CLOSED
    return Passage.OPEN if rules.barriers.get(barrier, rules.unknown_barrier_open) else Passage.CLOSED


def understands(value: str, rules: AccessRules) -> bool:
    """Whether the mode can read a value of an access key, or part of a list of values."""
    return _read(value, rules) is not None


def _read(value: str | None, rules: AccessRules) -> Passage | None:
    """Meaning of a value; of several (`agricultural;destination`) the widest permission holds."""
    if not value:
        return None
    return max((rules.values[part] for part in _parts(value) if part in rules.values), default=None)


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(";")]


REVERSIBLE = "reversible"

_BOTH, _ALONG, _AGAINST, _NEITHER = (True, True), (True, False), (False, True), (False, False)

ONEWAY_VALUES = {
    **dict.fromkeys(["yes", "1", "true"], _ALONG),
    **dict.fromkeys(["-1", "reverse"], _AGAINST),
    # Alternating traffic has green both ways, one after the other.
    **dict.fromkeys(["no", "0", "false", "alternating"], _BOTH),
    # The direction changes with the hour, which one speed per edge cannot tell: closed, and reported.
    REVERSIBLE: _NEITHER,
}
"""(forward, backward) of the values of `oneway=*`; any other value is skipped and reported."""

_SIDES = ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right")
_ELSEWHERE = frozenset(["no", "none", "separate"])
"""A cycleway that is not there, or that is mapped as a way of its own."""
_OPENING = frozenset(["yes", "designated", "permissive", "official", "optional_sidepath"])


@dataclass(frozen=True, slots=True)
class OnewayRules:
    """How one mode reads one-way tags.

    Attributes
    ----------
    keys
        One-way keys that bind the mode, from general to specific.
    implied_kinds
        Kinds of street that are one-way where no key says otherwise.
    implied_junctions
        Values of `junction=*` that are one-way where no key says otherwise.
    contraflow_key
        Access key whose permission against the direction of a one-way street opens it both ways, as a cycle lane or track
        that leads against it does; "" for a mode that has no such ways.

    """

    keys: tuple[str, ...]
    implied_kinds: frozenset[str]
    implied_junctions: frozenset[str]
    contraflow_key: str


def directions(tags: Mapping[str, str], kind: str, rules: OnewayRules) -> tuple[bool, bool]:
    """Whether a way is open forward and backward, access aside.

    The most specific key with a known value decides. Only the general `oneway`, and what a kind or junction implies, give
    way to what leads against it: `bicycle:backward=yes`, `cycleway=opposite`, `opposite_lane`, ..., on either side too, or
    `cycleway:left:oneway=-1` and the like. `oneway:bicycle` is final.
    """
    for key in reversed(rules.keys[1:]):
        found = ONEWAY_VALUES.get(tags.get(key, ""))
        if found is not None:
            return found
    is_implied = tags.get("junction") in rules.implied_junctions or kind in rules.implied_kinds
    found = ONEWAY_VALUES.get(tags.get(rules.keys[0], ""), _ALONG if is_implied else _BOTH)
    leads_against = rules.contraflow_key and found != _BOTH and _contraflow(tags, found, rules.contraflow_key)
    return _BOTH if leads_against else found


def _contraflow(tags: Mapping[str, str], oneway: tuple[bool, bool], key: str) -> bool:
    """Whether something leads against a one-way street; directions are those of the way as it is drawn."""
    against = "forward" if oneway == _AGAINST else "backward"
    if tags.get(f"{key}:{against}") in _OPENING:
        return True
    for side in _SIDES:
        cycleway = tags.get(side, "")
        flow = ONEWAY_VALUES.get(tags.get(f"{side}:oneway", ""), _NEITHER)
        if cycleway.startswith("opposite") or (cycleway not in _ELSEWHERE and flow[against == "backward"]):
            return True
    return False
