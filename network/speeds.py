"""How fast a mode goes along a way it may use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.streets import TagSet
from network.access import Direction
from network.limits import MPS_PER_KMH, speed_limit

_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_ISO = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_MINUTES = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class SpeedRules:
    """Speeds of one mode; a share multiplies, a cap limits, what is not listed changes nothing.

    Attributes
    ----------
    cruise_mps
        Speed on a good, level way with nothing to hold the traveller up.
    pushed_mps
        Speed when dismounted.
    limit_share_built_up, limit_share_rural
        Share of the speed limit that is driven; inf for a mode that no limit holds up.
    kind_share
        By kind of street.
    kind_cap_mps
        By kind of street, and by the value of `service=*`.
    carried_mps
        Kinds on which the traveller is carried, at the speed of the carrier (a ferry without a duration).
    surface_share, smoothness_share, tracktype_share
        By the value of the tag; the worst of those tagged holds. A share of 0 closes the way.
    assumed_surface
        Surface by kind of street where neither surface, smoothness nor tracktype is tagged; elsewhere a good one.

    """

    cruise_mps: float
    pushed_mps: float
    limit_share_built_up: float
    limit_share_rural: float
    kind_share: Mapping[str, float]
    kind_cap_mps: Mapping[str, float]
    carried_mps: Mapping[str, float]
    surface_share: Mapping[str, float]
    smoothness_share: Mapping[str, float]
    tracktype_share: Mapping[str, float]
    assumed_surface: Mapping[str, str]


def speed_mps(tags: Mapping[str, str], kind: str, rules: SpeedRules, direction: Direction) -> float:
    """Metres per second in one direction, on the vehicle; 0 where the surface stops the mode."""
    if kind in rules.carried_mps:
        return rules.carried_mps[kind]
    limit = speed_limit(tags, kind, direction)
    share = rules.limit_share_built_up if limit.is_built_up else rules.limit_share_rural
    free_mps = min(
        rules.cruise_mps * rules.kind_share.get(kind, 1.0),
        limit.kmh * MPS_PER_KMH * share,
        rules.kind_cap_mps.get(kind, float("inf")),
        rules.kind_cap_mps.get(tags.get("service", ""), float("inf")),
    )
    return free_mps * _condition(tags, kind, rules)


def pushed_mps(kind: str, rules: SpeedRules) -> float:
    """Metres per second when dismounted."""
    return rules.pushed_mps * rules.kind_share.get(kind, 1.0)


def condition_tables(rules: SpeedRules) -> tuple[tuple[str, Mapping[str, float]], ...]:
    """Keys that tell the state of a way, each with its table of shares."""
    return (
        ("surface", rules.surface_share),
        ("smoothness", rules.smoothness_share),
        ("tracktype", rules.tracktype_share),
    )


def known_shares(value: str, shares: Mapping[str, float]) -> list[float]:
    """Shares of the parts of a value such as `asphalt;sand` or `paving_stones:30`, those unknown left out."""
    parts = [part.strip() for part in value.split(";")]
    found = [shares.get(part, shares.get(part.partition(":")[0])) for part in parts]
    return [share for share in found if share is not None]


def _condition(tags: Mapping[str, str], kind: str, rules: SpeedRules) -> float:
    """Share of the speed that the state of the way leaves over."""
    found = [
        share for key, shares in condition_tables(rules) for share in known_shares(tags.get(key, ""), shares)
    ]
    if not found and kind in rules.assumed_surface:
        return rules.surface_share[rules.assumed_surface[kind]]
    return min(found, default=1.0)


def ferry_seconds(tags: TagSet) -> float | None:
    """Seconds a crossing takes: `duration` as HH:MM, HH:MM:SS, minutes or ISO 8601 (OSM wiki: Key:duration).

    None where the way is no ferry, has no duration, or one that cannot be read or is zero.
    """
    lookup = dict(tags)
    if lookup.get("route") != "ferry":
        return None
    text = lookup.get("duration", "").strip()
    if parts := _CLOCK.fullmatch(text) or _ISO.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return float(hours * 3600 + minutes * 60 + seconds) or None
    return float(text) * 60 or None if _MINUTES.fullmatch(text) else None
