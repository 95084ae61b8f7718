"""Both ends of trips there and back, and what comes out of them: the tables that `network.rounds` and its kernels share.

A *base* is one way to set out and come back: a home with all its stops for who goes on foot, and a home with one stop
for who parks a bicycle there and must come back to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Int32s, Int64s
from network.changes import NEVER
from network.departures import Access, Worthwhile

NEVER_S = np.int32(NEVER)
"""Seconds, and clock time, of what cannot be done."""


class Bases(NamedTuple):
    """B ways to set out and come back.

    Attributes
    ----------
    row
        (B,) int32, row of the result that each belongs to, before `Destinations.row` is added.
    out
        From each base to the stops.
    back
        Ways from the stops to the ends of L searches for the way back, as `Access` from the ends would be.
    back_end, back_last_s
        (B,) int32, never decreasing: the end that each base is reached by, and the seconds from there home.
    out_direct_s, back_direct_s
        (B, F) int32, without public transport to and from each destination; never where that is not possible.

    """

    row: Int32s
    out: Access
    back: Access
    back_end: Int32s
    back_last_s: Int32s
    out_direct_s: Int32s
    back_direct_s: Int32s


class Destinations(NamedTuple):
    """F places to visit.

    Attributes
    ----------
    row
        (F,) int32, what to add to the row of a base to come to the row of the result: all 0 to take the best of them.
    egress_s
        (S, F) int32, from each stop to each; never where too far.
    access
        From each back to the stops.
    open_first
        (F + 1,) int64; destination f is open in the spans `open_first[f]:open_first[f + 1]`.
    opens, closes
        (T,) int32 clock times, rising and apart.

    """

    row: Int32s
    egress_s: Int32s
    access: Access
    open_first: Int64s
    opens: Int32s
    closes: Int32s

    def block(self, start: int, end: int) -> Destinations:
        """Only the destinations from `start` to before `end`."""
        first, last = self.access.first[start], self.access.first[end]
        ways = Access(
            self.access.first[start : end + 1] - first,
            self.access.stop[first:last],
            self.access.seconds[first:last],
        )
        spans = self.open_first[start : end + 1]
        return Destinations(
            self.row[start:end],
            np.ascontiguousarray(self.egress_s[:, start:end]),
            ways,
            spans - spans[0],
            self.opens[spans[0] : spans[-1]],
            self.closes[spans[0] : spans[-1]],
        )


class Limits(NamedTuple):
    """Longest travel time of either way, in seconds, and vehicles boarded at most on either, 0 for any number."""

    travel_max_s: int
    max_rides: int


class Away(NamedTuple):
    """Times away from home.

    Attributes
    ----------
    seconds
        (R, D) int32 for each row of the result and departure; never where it cannot be done.
    destination, base
        (R, D) int32, row of Destinations and of Bases with that time; -1 where it cannot be done.

    """

    seconds: Int32s
    destination: Int32s
    base: Int32s


class Back(NamedTuple):
    """How to get from the destinations of a block to B bases: one lane of `found` per end of the way back."""

    found: Worthwhile
    lane: Int32s
    last_s: Int32s
    direct_s: Int32s
    access: Access


class Appointments(NamedTuple):
    """The way to an appointment and back, for each row of the result: int32 clock times, never where it cannot be done.

    `destination` and `base` are -1 there.
    """

    departure: Int32s
    home: Int32s
    destination: Int32s
    base: Int32s
