"""How fast a mode goes along a way it may use.

Speed limits as they are tagged (OSM wiki: Key:maxspeed, Key:source:maxspeed, Key:zone:traffic, Speed limits).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from data.clock import span_s
from data.streets import TagSet
from data.units import MPS_PER_KMH
from network.modes.access import Direction

_KMH_PER_UNIT = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_NUMBERED_ZONE = re.compile(r"([A-Z]{2})(?:-[A-Z]{2,3})?:(?:zone:?)?(\d+)")

ADVISORY_KMH = 130.0
"""Driven at most where there is no limit: the German advisory speed."""
WALKING_PACE_KMH = 6.0
"""`maxspeed=walk`: courts take 4 to 7 km/h for walking pace; an assumption between them."""

_BUILT_UP_LIMIT_KMH = 50.0
"""A limit up to this one is taken for a built-up area, where no zone is tagged."""

# urban, rural, expressway (`trunk`), motorway, living street. Legal defaults per country as listed in the OSM wiki, page
# "Speed limits"; None where a country has none that holds everywhere.
_COUNTRY_KMH: dict[str, tuple[float | None, float | None, float | None, float | None, float | None]] = {
    # RVV 1990, articles 20, 21 and 45; motorways 100 between 6 and 19 h since 2020, when services are open.
    "NL": (50, 80, 100, 100, 15),
    # Flanders and Brussels 70, Wallonia 90: the lower where only the country is tagged.
    "BE": (50, 70, 120, 120, 20),
    "BE-VLG": (50, 70, None, None, 20),
    "BE-WAL": (50, 90, None, None, 20),
    "BE-BRU": (30, 70, None, None, 20),
    "DE": (50, 100, None, ADVISORY_KMH, WALKING_PACE_KMH),
    "LU": (50, 90, None, 130, 20),
    "FR": (50, 80, 110, 130, 20),
    "CH": (50, 80, 100, 120, 20),
    "LI": (50, 80, None, None, 20),
    "AT": (50, 100, 100, 130, WALKING_PACE_KMH),
    "DK": (50, 80, None, 130, 15),
    "PL": (50, 90, 100, 140, 20),
    "CZ": (50, 90, 110, 130, 20),
    "IT": (50, 90, 110, 130, None),
    "PT": (50, 90, 100, 120, 20),
}
_CONTEXTS = ("urban", "rural", "trunk", "motorway", "living_street")
_MPH = _KMH_PER_UNIT["mph"]

ZONE_KMH: dict[str, float] = {
    **{
        f"{country}:{context}": kmh
        for country, row in _COUNTRY_KMH.items()
        for context, kmh in zip(_CONTEXTS, row, strict=True)
        if kmh is not None
    },
    # Highway Code, rule 124: 30, 60, 70 and 70 mph.
    "GB:nsl_restricted": 30 * _MPH,
    "GB:urban": 30 * _MPH,
    "GB:nsl_single": 60 * _MPH,
    "GB:rural": 60 * _MPH,
    "GB:nsl_dual": 70 * _MPH,
    "GB:nsl_motorway": 70 * _MPH,
    "GB:motorway": 70 * _MPH,
    "BE:cyclestreet": 30,
    "DE:bicycle_road": 30,
    "AT:bicycle_road": 30,
}
"""km/h of tagged zones; numbered ones (`NL:zone30`, `DE:zone:30`, `GB:zone20`) are read from their number."""

_BUILT_UP_CONTEXTS = frozenset(["urban", "living_street", "nsl_restricted", "cyclestreet", "bicycle_road"])
_OPEN_CONTEXTS = frozenset(["rural", "trunk", "motorway", "nsl_single", "nsl_dual", "nsl_motorway"])

ZONE_KEYS = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
"""Where a zone is tagged, in the order in which they stand in for a missing `maxspeed`."""

KIND_KMH: dict[str, float] = {
    "motorway": 100,
    "motorway_link": 80,
    "trunk": 100,
    "trunk_link": 80,
    **dict.fromkeys(["primary", "primary_link", "secondary", "secondary_link"], 80),
    **dict.fromkeys(["tertiary", "tertiary_link", "track", "busway"], 60),
    **dict.fromkeys(["unclassified", "road"], 50),
    "residential": 30,
    "living_street": 15,
}
"""km/h where nothing is tagged, an assumption that is reported: the Dutch legal defaults, but 60 and 30 km/h where zones
of that speed are the rule (Duurzaam Veilig: access roads outside and inside built-up areas). Minor roads lie in villages
and between them and are narrow: cars are given 40 km/h there, 0.8 of 50, near the 0.70 of a 60 km/h zone that floating cars
drive on roads of the lowest class (Perola 2023)."""
_OTHER_KMH = 30.0
_BUILT_UP_KINDS = frozenset(["residential", "living_street"])
_IMPLIED_KMH = {("cyclestreet", "yes"): 30.0, ("bicycle_road", "yes"): 30.0, ("motorroad", "yes"): 100.0}
"""Limits that come with a tag: cycle streets 30 km/h (by law in BE and DE, the CROW advice in NL), Dutch `autoweg` 100."""


class Limit(NamedTuple):
    """Speed limit of a way in one direction."""

    kmh: float
    is_built_up: bool
    is_assumed: bool
    """Whether nothing tagged says so and the kind of street decided."""


def speed_limit(tags: Mapping[str, str], kind: str, direction: Direction) -> Limit:
    """Limit in one direction: the signed one, else that of a tagged zone, else what another tag or the kind implies.

    A way is built-up where a tagged zone says so; without one, where the limit is at most 50 km/h or the kind is
    residential or living street.
    """
    tagged = (f"maxspeed:{direction}", "maxspeed", *ZONE_KEYS)
    values = [tags[key] for key in tagged if key in tags]
    tagged_kmh = next((kmh for kmh in map(parse_limit, values) if kmh is not None), None)
    implied_kmh = next((kmh for tag, kmh in _IMPLIED_KMH.items() if tags.get(tag[0]) == tag[1]), None)
    kmh = tagged_kmh or implied_kmh or KIND_KMH.get(kind, _OTHER_KMH)
    contexts = {value.partition(":")[2] for value in values}
    if contexts & _BUILT_UP_CONTEXTS:
        is_built_up = True
    elif contexts & _OPEN_CONTEXTS:
        is_built_up = False
    else:
        is_built_up = kmh <= _BUILT_UP_LIMIT_KMH or kind in _BUILT_UP_KINDS
    return Limit(kmh, is_built_up, is_assumed=tagged_kmh is None and implied_kmh is None)


@cache
def parse_limit(value: str) -> float | None:
    """Limit in km/h of a value of `maxspeed=*` or a zone key, None where it gives none (`signals`, `sign`, a typo).

    Of several values (`50;30`) the lowest holds.
    """
    found = [kmh for kmh in map(_parse_one, value.split(";")) if kmh is not None]
    return min(found, default=None)


def _parse_one(value: str) -> float | None:
    text = value.strip()
    if text == "none":
        return ADVISORY_KMH
    if text == "walk":
        return WALKING_PACE_KMH
    if text in ZONE_KMH:
        return ZONE_KMH[text]
    if number := _NUMBER.fullmatch(text):
        return float(number[1]) * _KMH_PER_UNIT[number[2] or ""] or None  # a limit of 0 is a mistake
    if zone := _NUMBERED_ZONE.fullmatch(text):
        return float(zone[2]) * _KMH_PER_UNIT["mph" if zone[1] == "GB" else ""] or None
    return None


@dataclass(frozen=True, slots=True)
class SpeedRules:
    """Speeds of one mode; a share multiplies, a cap limits, what is not listed changes nothing.

    Attributes
    ----------
    cruise_mps
        Speed on a good, level way with nothing to hold the traveller up.
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
        share
        for key, shares in condition_tables(rules)
        if key in tags
        for share in known_shares(tags[key], shares)
    ]
    if not found and kind in rules.assumed_surface:
        return rules.surface_share[rules.assumed_surface[kind]]
    return min(found, default=1.0)


def ferry_seconds(tags: TagSet) -> float | None:
    """Seconds a crossing takes by its `duration`; None where the way is no ferry or has none that can be read."""
    return _ferry_span(tags, "duration")


def ferry_wait_s(tags: TagSet) -> float:
    """Seconds waited for a ferry: half of its `interval`, as whoever comes at any time does; 0 where none can be read."""
    return (_ferry_span(tags, "interval") or 0.0) / 2


def _ferry_span(tags: TagSet, key: str) -> float | None:
    lookup = dict(tags)
    return span_s(lookup.get(key, "")) if lookup.get("route") == "ferry" else None
