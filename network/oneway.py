"""In which directions a way is open to those who may use it (OSM wiki: Key:oneway, Key:oneway:bicycle, Key:cycleway)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    has_contraflow
        Whether a cycle lane or track against the direction of a one-way street opens it both ways.

    """

    keys: tuple[str, ...]
    implied_kinds: frozenset[str]
    implied_junctions: frozenset[str]
    has_contraflow: bool


def directions(tags: Mapping[str, str], kind: str, rules: OnewayRules) -> tuple[bool, bool]:
    """Whether a way is open forward and backward, access aside.

    The most specific key with a known value decides. Only the general `oneway` gives way to a contraflow lane
    (`cycleway=opposite`, `opposite_lane`, ..., or `cycleway:left:oneway=-1` and the like); `oneway:bicycle` is final.
    """
    for key in reversed(rules.keys):
        found = ONEWAY_VALUES.get(tags.get(key, ""))
        if found is not None:
            is_general = key == rules.keys[0]
            return _BOTH if is_general and rules.has_contraflow and _contraflow(tags) else found
    if tags.get("junction") in rules.implied_junctions or kind in rules.implied_kinds:
        return _ALONG
    return _BOTH


def _contraflow(tags: Mapping[str, str]) -> bool:
    return any(
        tags.get(side, "").startswith("opposite") or tags.get(f"{side}:oneway") in {"-1", "no"}
        for side in _SIDES
    )
