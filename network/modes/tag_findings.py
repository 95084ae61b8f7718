"""What in the tags of streets was assumed or left aside, for the build report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.build_report import N_EXAMPLES, Action, BuildReport, Finding, finding
from data.streets import TagSet
from network.modes.access import (
    NEVER,
    ONEWAY_VALUES,
    REVERSIBLE,
    AccessRules,
    OnewayRules,
    Passage,
    passage,
    street_kind,
    understands,
)
from network.modes.speeds import (
    SpeedRules,
    condition_tables,
    ferry_seconds,
    known_shares,
    parse_limit,
    speed_limit,
)

Tags: TypeAlias = dict[str, str]
_LAYER = "streets"
_LIMIT_KEYS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How all modes together read tags; `limited` are the access rules of those that speed limits hold up."""

    access: tuple[AccessRules, ...]
    oneway: tuple[OnewayRules, ...]
    speed: tuple[SpeedRules, ...]
    limited: tuple[AccessRules, ...]


def tag_findings(
    tag_sets: Sequence[TagSet], n_ways_by_set: NDArray[np.integer], rules: ReadingRules
) -> BuildReport:
    """Count the ways, by their combination of tags, of which something was assumed or not read.

    A finding counts ways, its examples are the most frequent tags. Barriers stand on nodes, of which no number is given:
    there the different values are counted.
    """
    tagged = [(dict(tags), int(count)) for tags, count in zip(tag_sets, n_ways_by_set, strict=True)]
    ways = [(tags, count) for tags, count in tagged if count]
    report = BuildReport()
    for action, what, look in _checks(rules):
        report += _counted(ways, action, what, look)
    known = {barrier for access in rules.access for barrier in access.barriers}
    barriers = {tags["barrier"] for tags, _ in tagged if "barrier" in tags}
    return report + finding(
        _LAYER, "assumed", "values of barrier=* not known, taken to stop cars only", sorted(barriers - known)
    )


def _counted(
    ways: list[tuple[Tags, int]], action: Action, what: str, look: Callable[[Tags], list[str]]
) -> BuildReport:
    n_ways, examples = 0, Counter[str]()
    for tags, count in ways:
        found = look(tags)
        n_ways += count if found else 0
        for name in found:
            examples[name] += count
    if not n_ways:
        return BuildReport()
    names = tuple(name for name, _ in examples.most_common(N_EXAMPLES))
    return BuildReport((Finding(_LAYER, action, what, n_ways, names),))


def _checks(rules: ReadingRules) -> list[tuple[Action, str, Callable[[Tags], list[str]]]]:
    kinds = NEVER.union(*(access.by_kind for access in rules.access))
    oneway_keys = {key for oneway in rules.oneway for key in oneway.keys}

    def unknown_access(tags: Tags) -> list[str]:
        return sorted(
            {
                f"{name}={tags[name]}"
                for access in rules.access
                for key in access.keys
                for name in (key, f"{key}:forward", f"{key}:backward")
                if name in tags and not understands(tags[name], access)
            }
        )

    def unknown_kind(tags: Tags) -> list[str]:
        kind = street_kind(tags)
        return [] if kind in kinds else [f"highway={kind}"]

    def assumed_limit(tags: Tags) -> list[str]:
        kind = street_kind(tags)
        open_ways = (
            speed_limit(tags, kind, direction).is_assumed
            for access in rules.limited
            for direction in ("forward", "backward")
            if passage(tags, access, direction) is Passage.OPEN and kind != "ferry"
        )
        return [f"highway={kind}"] if any(open_ways) else []

    def unknown_oneway(tags: Tags) -> list[str]:
        return [
            f"{key}={tags[key]}"
            for key in sorted(oneway_keys & tags.keys())
            if tags[key] not in ONEWAY_VALUES
        ]

    return [
        ("dropped", "ways with conditional tags, which are not read", _conditional),
        ("dropped", "ways of a kind no mode knows", unknown_kind),
        ("dropped", "ways with a reversible direction, closed to vehicles", _reversible),
        ("assumed", "ways with an access value not understood, which is skipped", unknown_access),
        ("assumed", "ways with a one-way value not understood, open in both directions", unknown_oneway),
        ("assumed", "ways open to cars whose speed limit follows from their kind", assumed_limit),
        ("assumed", "ways with a maxspeed not understood", _unknown_limit),
        ("assumed", "ways with a surface not known, taken for a usual one", _unknown_surface(rules)),
        ("assumed", "ferries with a duration that cannot be read", _unknown_duration),
    ]


def _conditional(tags: Tags) -> list[str]:
    return [key for key in tags if key.endswith(":conditional")]


def _reversible(tags: Tags) -> list[str]:
    return [f"{key}={value}" for key, value in tags.items() if key == "oneway" and value == REVERSIBLE]


def _unknown_limit(tags: Tags) -> list[str]:
    return [f"{key}={tags[key]}" for key in _LIMIT_KEYS if key in tags and parse_limit(tags[key]) is None]


def _unknown_surface(rules: ReadingRules) -> Callable[[Tags], list[str]]:
    def look(tags: Tags) -> list[str]:
        return sorted(
            {
                f"{key}={tags[key]}"
                for speed in rules.speed
                for key, shares in condition_tables(speed)
                if key in tags and not known_shares(tags[key], shares)
            }
        )

    return look


def _unknown_duration(tags: Tags) -> list[str]:
    unread = (
        "duration" in tags and street_kind(tags) == "ferry" and ferry_seconds(tuple(tags.items())) is None
    )
    return [f"duration={tags['duration']}"] if unread else []
