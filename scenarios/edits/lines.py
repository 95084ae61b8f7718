"""Edits of the timetable: how often, from when to when, where along and how fast a line runs."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from scenarios.edits.base import Clock, ClockOrBlank, EditBase, NotNegative, Positive

Minutes: TypeAlias = Annotated[float, Meta(ge=1, le=24 * 60)]
Route: TypeAlias = Annotated[tuple[str, ...], Meta(min_length=2)]


class OnLine(EditBase, frozen=True, kw_only=True):
    """Something about a line.

    Attributes
    ----------
    line
        Short name of the line, as passengers see it.
    agency
        Its operator; needed only where several have a line of that name.
    towards
        Headsign of the direction; "" for all directions. A trip without a headsign heads for its last stop.

    """

    line: str
    agency: str = ""
    towards: str = ""


class ChangeHeadway(OnLine, frozen=True, kw_only=True):
    """Let a line leave at even intervals within a period, in each direction.

    Runs of the period are replaced; they keep the minute of the first of them. Each new run goes as the last one before
    it went that day: same stops, same times between them. Where the runs of a direction differ, the interval is that
    of the first stop which all of them share; without such a stop every pattern of stops has its own. An interval that
    divides the one before only adds runs.

    Attributes
    ----------
    headway_min
        Minutes between two runs.
    first, last
        First and last departure of the period, both within it; "" for the line's own first and last of the day.

    """

    headway_min: Minutes
    first: ClockOrBlank = ""
    last: ClockOrBlank = ""


class ChangeSpan(OnLine, frozen=True, kw_only=True):
    """Let a line run from a first to a last departure, in each direction.

    Runs outside are dropped. Towards both ends runs are added at the line's own most common interval, as in
    `ChangeHeadway`.
    """

    first: Clock
    last: Clock


class DropLine(OnLine, frozen=True, kw_only=True):
    """Take a line out of service, in one direction or all."""


class ChangeLineSpeed(OnLine, frozen=True, kw_only=True):
    """Let a line go faster or slower: 1.25 means that it takes four fifths of the time between stops.

    Departures from the first stop and the time spent at stops stay.
    """

    speed_share: Annotated[float, Meta(ge=0.1, le=10)]


class AddStop(OnLine, frozen=True, kw_only=True):
    """Call at one more stop, right after another one; after the last one the line goes on to it.

    The detour, in a straight line, is made at the trip's own mean speed, and stopping takes a while; all later calls
    come later by that. Trips that do not call at `after`, and those that call at the new stop already, stay as they are.
    """

    stop: str
    after: str


class SkipStop(OnLine, frozen=True, kw_only=True):
    """Call no longer at a stop; later calls come earlier by `saves_s` seconds, as far as the time between stops allows.

    A trip of which one call would be left is dropped.
    """

    stop: str
    saves_s: NotNegative = 0.0


class Reroute(OnLine, frozen=True, kw_only=True):
    """Go another way between two stops: `via` some stops, or none, instead of those between.

    That part is gone, in straight lines from stop to stop, at the trip's own mean speed. Trips that do not call at the
    two stops in this order stay as they are.
    """

    from_stop: str
    to_stop: str
    via: tuple[str, ...] = ()


class AddLine(EditBase, frozen=True, kw_only=True):
    """Run a new line along roads through stops of the timetable.

    Attributes
    ----------
    name, agency
        No line of this operator has the name yet.
    stops
        Ids or names of the stops, in order.
    headway_min, first, last
        From the first to the last departure a run at every so many minutes.
    speed_kmh
        Mean speed over the road by car, stopping included.
    both_ways
        Whether it comes back along the same stops, leaving at the same times.

    """

    name: str
    stops: Route
    headway_min: Minutes
    first: Clock
    last: Clock
    speed_kmh: Positive
    agency: str = ""
    both_ways: bool = True


LineEdit: TypeAlias = ChangeHeadway | ChangeSpan | DropLine | ChangeLineSpeed | AddStop | SkipStop | Reroute
TimetableEdit: TypeAlias = LineEdit | AddLine
