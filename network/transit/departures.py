"""Who leaves when, and which departures of a stop are worth waiting for, from the table of a sweep.

At a stop only those departures count that arrive earlier than every later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from data.columns import Int32s, Int64s
from network.hierarchy.within import Within
from network.jit import kernel
from network.lanes import unreached
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import Clocks

HOUR_S = 3600


class Window(NamedTuple):
    """Regular clock times at which people leave, or by which they must be there: `first`, `first + step_s`, ..., `n` >= 1.

    By each of the times those who must be there leave as late as they can; their time is from leaving until then.
    """

    first: int
    step_s: int
    n: int
    arrives: bool = False
    """Whether the times are those of arrival."""

    @property
    def last(self) -> int:
        """The last of the times."""
        return self.first + self.step_s * (self.n - 1)

    @property
    def clocks(self) -> Int32s:
        """(n,) int32 clock times."""
        return (self.first + self.step_s * np.arange(self.n)).astype(np.int32)

    @property
    def hours(self) -> Int64s:
        """(H + 1,) int64, the clock time with which each hour begins, and the number of them.

        What is left over is shared out: parts are alike in length, none below an hour if the window has one.
        """
        n_hours = max(1, self.n * self.step_s // HOUR_S)
        return np.arange(n_hours + 1, dtype=np.int64) * self.n // n_hours

    @property
    def forward(self) -> Window:
        """As departures: those of the mirrored timetable where the times are of arrival, the last of which comes first."""
        return Window(-self.last, self.step_s, self.n) if self.arrives else self


class Access(NamedTuple):
    """Ways from O origins to stops."""

    offset: Int64s
    """(O + 1,) int64; the ways from origin o are rows `offset[o]:offset[o + 1]`."""
    stop: Int32s
    """(A,) int32."""
    seconds: Int32s
    """(A,) int32, from leaving the origin to being ready to board."""


class Departing(NamedTuple):
    """Who leaves, or must be there, when, and for how long at most."""

    access: Access
    """From O origins to the stops."""
    window: Window
    """When all of them leave or must be there."""
    travel_max_s: int
    """What takes longer counts as never."""


class ParetoDepartures(NamedTuple):
    """Departures worth waiting for, per lane and stop, ever later and arriving ever later.

    Attributes
    ----------
    begin
        (K, S) int64; those of lane k at stop s are `[k, begin[k, s]:end[s]]`.
    end
        (S,) int64.
    departure
        (K, W) int32 clock times at the stop.
    arrival
        (K, W) clock times at the destination, of the lanes' type.

    """

    begin: Int64s
    end: Int64s
    departure: Int32s
    arrival: Clocks


class Pool(NamedTuple):
    """Departures worth waiting for of M samples, in one lane; those of one stop ever later and arriving ever later.

    Attributes
    ----------
    offset
        (M, S + 1) int64; those of a sample at stop s are rows `offset[s]:offset[s + 1]`.
    departure, arrival
        (R,), as in ParetoDepartures.

    """

    offset: Int64s
    departure: Int32s
    arrival: Clocks


def access(ways: Within, slack_s: int = 0) -> Access:
    """Ways to the stops within reach; one must be there `slack_s` before boarding."""
    return Access(ways.offset, ways.target, ways.seconds + np.int32(slack_s))


def pareto_departures(graph: EventGraph, table: Clocks) -> ParetoDepartures:
    """Sort out the departures of each stop in the (N + 1, K) table of a sweep."""
    n_lanes, n_stops, n_waits = table.shape[1], len(graph.wait_offset) - 1, len(graph.wait_event)
    begin = np.empty((n_lanes, n_stops), np.int64)
    departure, arrival = np.empty((n_lanes, n_waits), np.int32), np.empty((n_lanes, n_waits), table.dtype)
    found = ParetoDepartures(begin, graph.wait_offset[1:], departure, arrival)
    _sort_out(graph, table, found, table.dtype.type(unreached(table.dtype)))
    return found


@kernel
def _sort_out(graph: EventGraph, table: Clocks, found: ParetoDepartures, top: np.signedinteger[Any]) -> None:
    """Fill `found`: from the last departure of a stop to the first, keep those that arrive earlier."""
    for stop in range(len(found.end)):
        for lane in range(table.shape[1]):
            at, earliest = found.end[stop], top
            for wait in range(found.end[stop] - 1, graph.wait_offset[stop] - 1, -1):
                arrival = table[graph.wait_event[wait], lane]
                if arrival < earliest:
                    at, earliest = at - 1, arrival
                    found.departure[lane, at] = graph.wait_departure[wait]
                    found.arrival[lane, at] = arrival
            found.begin[lane, stop] = at


def caught_in(found: ParetoDepartures, departing: Departing) -> Pool:
    """Only what somebody may catch who leaves in the window, of the one lane of one sample."""
    first, last = boarding_span(departing)
    offset, rows = caught_rows(found.begin[0], found.end, found.departure[0], first, last)
    return Pool(offset[None], found.departure[0, rows], found.arrival[0, rows])


def pooled(samples: Sequence[Pool]) -> Pool:
    """Several samples, one after the other."""
    n_rows = np.cumsum([0, *(len(of.departure) for of in samples)])[:-1]
    return Pool(
        np.concatenate([of.offset + before for of, before in zip(samples, n_rows, strict=True)]),
        np.concatenate([of.departure for of in samples]),
        np.concatenate([of.arrival for of in samples]),
    )


def boarding_span(departing: Departing) -> tuple[int, int]:
    """First and last clock time at which somebody may be ready to board at the first stop."""
    window = departing.window
    if window.arrives:
        return window.first - departing.travel_max_s, window.last
    return window.first, window.last + int(departing.access.seconds.max(initial=0))


@kernel
def caught_rows(
    begin: Int64s, end: Int64s, departure: Int32s, first: int, last: int
) -> tuple[Int64s, Int64s]:
    """Rows of the departures of each stop, `begin[s]:end[s]`, from `first` to the first one at or after `last`.

    (S + 1,) where those of each stop begin, and all of them.
    """
    offset, rows = np.zeros(len(end) + 1, np.int64), np.empty(len(departure), np.int64)
    for stop in range(len(end)):
        start = first_at(departure, begin[stop], end[stop], first)
        stay = min(first_at(departure, start, end[stop], last) + 1, end[stop])
        offset[stop + 1] = offset[stop] + stay - start
        rows[offset[stop] : offset[stop + 1]] = np.arange(start, stay)
    return offset, rows[: offset[-1]]
