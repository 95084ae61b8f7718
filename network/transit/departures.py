"""Who leaves when, and which departures of a stop are worth waiting for, from the table of a sweep.

At a stop only those departures count that arrive earlier than every later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import unreached
from network.transit.event_graph import EventGraph
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

    first: Int64s
    """(O + 1,) int64; the ways from origin o are rows `first[o]:first[o + 1]`."""
    stop: Int32s
    """(A,) int32."""
    seconds: Int32s
    """(A,) int32."""


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


def access(seconds: Floats) -> Access:
    """Ways from an (O, S) table of whole seconds, inf where a stop is too far."""
    origin, stop = np.nonzero(np.isfinite(seconds))
    first = np.zeros(len(seconds) + 1, np.int64)
    np.cumsum(np.bincount(origin, minlength=len(seconds)), out=first[1:])
    return Access(first, stop.astype(np.int32), seconds[origin, stop].astype(np.int32))


def joined(ways: Sequence[Access]) -> Access:
    """Ways of several blocks of origins, one after the other."""
    n_ways = np.concatenate([np.diff(block.first) for block in ways])
    return Access(
        np.concatenate([[0], np.cumsum(n_ways)]),
        np.concatenate([block.stop for block in ways]),
        np.concatenate([block.seconds for block in ways]),
    )


def pareto_departures(graph: EventGraph, table: NDArray[np.integer[Any]], first: int = 0) -> ParetoDepartures:
    """Sort out the departures of each stop in the (N + 1, K) table of a sweep; of a short one `first` is its start."""
    n_lanes, n_stops, n_waits = table.shape[1], len(graph.wait_first) - 1, len(graph.wait_event)
    is_short = table.dtype == np.uint16
    begin = np.empty((n_lanes, n_stops), np.int64)
    departure = np.empty((n_lanes, n_waits), np.int32)
    arrival = np.empty((n_lanes, n_waits), np.int32 if is_short else table.dtype)
    found = ParetoDepartures(begin, graph.wait_first[1:], departure, arrival)
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
            for wait in range(found.end[stop] - 1, graph.wait_first[stop] - 1, -1):
                arrival = as_lane(table[graph.wait_event[wait], lane])
                if arrival < earliest:
                    at, earliest = at - 1, arrival
                    found.departure[lane, at] = graph.wait_departure[wait]
                    found.arrival[lane, at] = arrival + first
            found.begin[lane, stop] = at
