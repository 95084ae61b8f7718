"""Who leaves when, and which departures of a stop are worth waiting for, from the table of a sweep.

At a stop only those departures count that arrive earlier than every later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Int32s, Int64s
from network.hierarchy.within import Within
from network.jit import kernel
from network.lanes import unreached
from network.transit.event_graph import EventGraph, first_at
from network.transit.event_sweep import Clocks

HOUR_S = 3600


class Window(NamedTuple):
    """Departures at regular times: `first`, `first + step_s` and so on, `n` >= 1 of them."""

    first: int
    step_s: int
    n: int

    @property
    def departures(self) -> Int32s:
        """(n,) int32 clock times."""
        return (self.first + self.step_s * np.arange(self.n)).astype(np.int32)

    @property
    def hours(self) -> Int64s:
        """(H + 1,) int64, the departure with which each hour begins, and the number of departures.

        What is left over is shared out: parts are alike in length, none below an hour if the window has one.
        """
        n_hours = max(1, self.n * self.step_s // HOUR_S)
        return np.arange(n_hours + 1, dtype=np.int64) * self.n // n_hours

    def mirrored(self) -> Window:
        """Return the same clock times, of arrival, as departures of the mirrored timetable: the last comes first."""
        return Window(-(self.first + self.step_s * (self.n - 1)), self.step_s, self.n)


class Access(NamedTuple):
    """Ways from O origins to stops."""

    offset: Int64s
    """(O + 1,) int64; the ways from origin o are rows `offset[o]:offset[o + 1]`."""
    stop: Int32s
    """(A,) int32."""
    seconds: Int32s
    """(A,) int32, from leaving the origin to being ready to board."""


class Departing(NamedTuple):
    """Who leaves when, and for how long at most."""

    access: Access
    """From O origins to the stops."""
    window: Window
    """When all of them leave."""
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
    """Departures worth waiting for of M samples in K lanes; those of one stop ever later and arriving ever later.

    Attributes
    ----------
    begin, end
        (M, K, S) and (M, K or 1, S) int64; those of a sample and lane at stop s are columns `begin[s]:end[s]`.
    departure, arrival
        (K or 1, R), a row per lane or one of all, as in ParetoDepartures.

    """

    begin: Int64s
    end: Int64s
    departure: Int32s
    arrival: Clocks


def access(ways: Within, slack_s: int = 0) -> Access:
    """Ways to the stops within reach; one must be there `slack_s` before boarding."""
    return Access(ways.offset, ways.target, ways.seconds + np.int32(slack_s))


def pareto_departures(graph: EventGraph, table: NDArray[np.integer[Any]], first: int = 0) -> ParetoDepartures:
    """Sort out the departures of each stop in the (N + 1, K) table of a sweep; of a short one `first` is its start."""
    n_lanes, n_stops, n_waits = table.shape[1], len(graph.wait_offset) - 1, len(graph.wait_event)
    is_short = table.dtype == np.uint16
    begin = np.empty((n_lanes, n_stops), np.int64)
    departure = np.empty((n_lanes, n_waits), np.int32)
    arrival = np.empty((n_lanes, n_waits), np.int32 if is_short else table.dtype)
    found = ParetoDepartures(begin, graph.wait_offset[1:], departure, arrival)
    _sort_out(graph, table, found, arrival.dtype.type(unreached(table.dtype)), arrival.dtype.type(first))
    return found


@kernel
def _sort_out(
    graph: EventGraph,
    table: NDArray[np.integer[Any]],
    found: ParetoDepartures,
    top: np.signedinteger[Any],
    first: np.signedinteger[Any],
) -> None:
    """Fill `found`: from the last departure of a stop to the first, keep those that arrive earlier."""
    as_lane = found.arrival.dtype.type
    for stop in range(len(found.end)):
        for lane in range(table.shape[1]):
            at, earliest = found.end[stop], top
            for wait in range(found.end[stop] - 1, graph.wait_offset[stop] - 1, -1):
                arrival = as_lane(table[graph.wait_event[wait], lane])
                if arrival < earliest:
                    at, earliest = at - 1, arrival
                    found.departure[lane, at] = graph.wait_departure[wait]
                    found.arrival[lane, at] = arrival + first
            found.begin[lane, stop] = at


def caught_in(found: ParetoDepartures, departing: Departing) -> Pool:
    """Only what somebody may catch who leaves in the window, of one sample."""
    begin, end, departure, arrival = _caught(found, *boarding_span(departing))
    return Pool(begin[None], end[None], departure[None], arrival[None])


def pooled(samples: Sequence[ParetoDepartures | Pool]) -> Pool:
    """One sample as it is, or several as `caught_in` leaves them, one after the other."""
    if isinstance(samples[0], ParetoDepartures):
        (found,) = samples
        return Pool(found.begin[None], found.end[None, None], found.departure, found.arrival)
    n_rows = np.cumsum([0, *(of.departure.size for of in samples)])[:-1]
    return Pool(
        np.concatenate([of.begin + before for of, before in zip(samples, n_rows, strict=True)]),
        np.concatenate([of.end + before for of, before in zip(samples, n_rows, strict=True)]),
        np.concatenate([of.departure for of in samples], axis=1),
        np.concatenate([of.arrival for of in samples], axis=1),
    )


def boarding_span(departing: Departing) -> tuple[int, int]:
    """First and last clock time at which somebody may be ready to board at the first stop."""
    window = departing.window
    last = window.first + window.step_s * (window.n - 1)
    return window.first, last + int(departing.access.seconds.max(initial=0))


@kernel
def _caught(found: ParetoDepartures, first: int, last: int) -> tuple[Int64s, Int64s, Int32s, Clocks]:
    """Rows from `first` to the first one at or after `last`: begin and end, (K, S), and (R,) departure and arrival."""
    begin, end = np.empty_like(found.begin), np.empty_like(found.begin)
    n_rows = 0
    for lane in range(len(begin)):
        departures = found.departure[lane]
        for stop in range(len(found.end)):
            begin[lane, stop] = first_at(departures, found.begin[lane, stop], found.end[stop], first)
            end[lane, stop] = first_at(departures, begin[lane, stop], found.end[stop], last)
            end[lane, stop] = min(end[lane, stop] + 1, found.end[stop])
            n_rows += end[lane, stop] - begin[lane, stop]
    departure, arrival = np.empty(n_rows, np.int32), np.empty(n_rows, found.arrival.dtype)
    n_rows = 0
    for lane in range(len(begin)):
        for stop in range(len(found.end)):
            rows = slice(begin[lane, stop], end[lane, stop])
            n_here = rows.stop - rows.start
            departure[n_rows : n_rows + n_here] = found.departure[lane, rows]
            arrival[n_rows : n_rows + n_here] = found.arrival[lane, rows]
            begin[lane, stop], end[lane, stop] = n_rows, n_rows + n_here
            n_rows += n_here
    return begin, end, departure, arrival
