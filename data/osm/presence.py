"""What the tags of a feature say of whether it is there: gone, yet to come, closed, or not for the public.

Sources: OSM wiki, Lifecycle prefix, Key:start_date, Key:end_date, Key:opening_date, Key:access.
"""

from __future__ import annotations

import datetime as dt
import re

from data.osm.dates import Span, date_span
from data.osm.hours_over import HOURS_CLOSED, HOURS_ENDED, SAYS_CLOSED, hours_over
from data.parameters.facility_kinds import FacilityKinds, Tags

GONE = (
    "disused",
    "abandoned",
    "demolished",
    "razed",
    "removed",
    "destroyed",
    "dismantled",
    "closed",
    "vacant",
    "former",
)
"""Stages of the end, as key (disused=yes), as prefix of a key (disused:shop=...), of a building, or as a status."""
TO_COME = ("construction", "proposed", "planned")
"""Stages of the beginning, written in the same ways."""
STAGES = (*GONE, *TO_COME, "was")
"""Prefixes of what is no more, or not yet."""
_RUINS = ("ruins", "ruined", "collapsed")
_NOT_WORKING = ("decommissioned", "inactive", "permanently_closed")
_PREFIXES = tuple(f"{stage}:" for stage in STAGES)
FORMER_KEYS = frozenset(
    f"{stage}:{key}"
    for stage in (
        "disused",
        "abandoned",
        "was",
        "closed",
        "demolished",
        "removed",
        "construction",
        "proposed",
    )
    for key in ("amenity", "shop")
)
"""The usual keys of what is no more, or not yet: features are looked up by these. Each costs time on all features of a map;
a feature with a rarer one is no facility either, but is told of only where it has a key of another."""

_CLOSED_NAME = re.compile(
    rf"\({SAYS_CLOSED}\)|[-\u2013,:] *{SAYS_CLOSED}$|\w (?:gesloten|closed|geschlossen)$|^{SAYS_CLOSED} *[-\u2013,:]",
    re.IGNORECASE,
)
"""Coop (gesloten), but neither Coop (zondag gesloten) nor what stands in a former school."""

STAGE_GONE = "facilities that are disused, abandoned or demolished"
STAGE_TO_COME = "facilities that are planned or under construction"
FORMER = "facilities that only a lifecycle prefix tells of, such as disused:shop"
ENDED = "facilities whose end_date has passed"
NOT_YET = "facilities whose opening_date or start_date is yet to come"
NAME_CLOSED = "facilities whose name says that they are closed"
NO_ACCESS = "facilities that let no public in (access=private or no)"
REASONS = (
    STAGE_GONE,
    STAGE_TO_COME,
    FORMER,
    ENDED,
    NOT_YET,
    HOURS_CLOSED,
    HOURS_ENDED,
    NAME_CLOSED,
    NO_ACCESS,
)
"""Why a facility is not there, as reports tell it."""
UNREADABLE_DATE = "facilities with an opening or end date that cannot be read, taken to be open"


def why_absent(tags: Tags, day: dt.date) -> str:
    """Why a feature with `tags` is not there for anybody on `day`; "" where nothing says so.

    A date that leaves room for doubt (a year, "~1990") counts only when all of it has passed, or is yet to come.
    """
    opens = [span for key in ("opening_date", "start_date") if (span := _span(tags, key))]
    ends = _span(tags, "end_date")
    if _at_stage(tags, GONE):
        return STAGE_GONE
    if _at_stage(tags, TO_COME):
        return STAGE_TO_COME
    if ends and ends[1] < day:
        return ENDED
    if any(span[0] > day for span in opens):
        return NOT_YET
    if _CLOSED_NAME.search(tags.get("name", "")):
        return NAME_CLOSED
    return hours_over(tags.get("opening_hours", ""), day)


def lets_nobody_in(tags: Tags) -> bool:
    """Whether the public has no access."""
    return tags.get("access", "").strip().lower() in ("private", "no")


def has_unreadable_date(tags: Tags) -> bool:
    """Whether a date that decides about a feature cannot be read."""
    return any(
        key in tags and date_span(tags[key]) is None for key in ("opening_date", "start_date", "end_date")
    )


def former_kinds(tags: Tags, kinds: FacilityKinds) -> list[str]:
    """Kinds that a feature is of by tags with a lifecycle prefix alone: what it was, or will be."""
    former = {key.partition(":")[2]: value for key, value in tags.items() if key.startswith(_PREFIXES)}
    if not former:
        return []
    now = {kind for kind, _ in kinds.matches(tags)}
    return [kind for kind, _ in kinds.matches({**tags, **former}) if kind not in now]


def _at_stage(tags: Tags, stages: tuple[str, ...]) -> bool:
    """Whether the feature, or the building that it is in, is at one of the stages."""
    ruins = (*stages, *_RUINS) if stages is GONE else stages
    if any(_says_yes(tags.get(stage)) for stage in ruins):
        return True
    if any(tags.get(key, "").strip().lower() in ruins for key in ("building", "landuse")):
        return True
    if "building" not in tags and any(_says_yes(tags.get(f"{stage}:building")) for stage in stages):
        return True
    status = {tags.get(key, "").strip().lower() for key in ("operational_status", "status", "lifecycle")}
    return not status.isdisjoint(
        (*ruins, *_NOT_WORKING) if stages is GONE else (*stages, "under_construction")
    )


def _says_yes(value: str | None) -> bool:
    return value is not None and value.strip().lower() not in ("", "no")


def _span(tags: Tags, key: str) -> Span | None:
    return date_span(tags[key]) if key in tags else None
