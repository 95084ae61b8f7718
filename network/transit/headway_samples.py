"""Times for runs of which only the headway is published: several samples of the timetable, which count alike.

Nobody knows when the first run comes, so no single time of it is right: a fixed one is wrong for who waits longer, half a
headway for both ends. Each group of runs shifts as one, by a phase within its headway. Over M samples the phases of a group
are the middles of M equal parts of its headway, in an order of its own (Latin hypercube, McKay, Beckman and Conover 1979):
one line alone is sampled evenly, two lines in M of the M x M combinations. The order depends only on the name of the
group, so that a scenario changes the phases of no other line.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from data.columns import Int64s
from data.timetable import NO_HEADWAYS, Trips, picked


def headway_samples(trips: Trips, n_samples: int) -> tuple[Trips, ...]:
    """The trips with all their times, `n_samples` ways; without headways once, as they are.

    A run that would start at the end of its period or later does not start; the others keep their order.
    """
    headways = trips.headways
    if not len(headways.trip):
        return (trips,)
    names, group = np.unique(np.array(headways.group, object), return_inverse=True)
    turn = np.array([_order(name, n_samples) for name in names])
    # The middle of part `turn` of `n_samples` parts of the headway.
    shift_s = (2 * turn[group] + 1) * headways.headway_s[:, None].astype(np.int64) // (2 * n_samples)
    return tuple(_shifted(trips, shift_s[:, sample]) for sample in range(n_samples))


def _order(group: str, n_samples: int) -> Int64s:
    """Which part of its headway a group takes in each sample."""
    seed = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).permutation(n_samples).astype(np.int64)


def _shifted(trips: Trips, shift_s: Int64s) -> Trips:
    """Trips whose runs by headway come so many seconds later, without those that would start too late."""
    headways = trips.headways
    of_trip = np.zeros(len(trips.id), np.int32)
    of_trip[headways.trip] = shift_s
    of_call = np.repeat(of_trip, np.diff(trips.call_first))
    arrival, departure = trips.call_arrival + of_call, trips.call_departure + of_call
    starts = departure[trips.call_first[headways.trip]]
    kept = np.setdiff1d(np.arange(len(trips.id)), headways.trip[starts >= headways.end])
    moved = replace(trips, call_arrival=arrival, call_departure=departure, headways=NO_HEADWAYS)
    return picked(moved, kept.astype(np.int64))
