"""Times for runs of which only the headway is published: several samples of the timetable, which count alike.

Nobody knows when the first run comes, so no single time of it is right: a fixed one is wrong for those who wait longer, half
a headway for both ends. All runs of a group shift as one, by a phase anywhere within their headway, in every sample anew
and independently of all other groups. Over M samples the phases of one group lie in M equal parts of its headway, one
anywhere in each, in an order of its own (Latin hypercube, McKay, Beckman and Conover 1979): one line alone is sampled
evenly. What two lines have to do with each other is left to chance, as it must be: see decision 18.

What decides the phases of a group is what it does, not what it is called: where and when its runs call, and how often they
come. So other names leave the answer as it is, and a scenario changes the phases of no line that it leaves alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from data.columns import Floats, Int32s, Int64s
from data.timetable import NO_HEADWAYS, Stops, Timetable, Trips
from network.transit.event_graph import EventGraph

KEPT_BYTES = 2**28
"""Graphs that are kept for the next search take no more; the others are made again, which takes longer than to search them."""
DEGREES_PER_STEP = 1e-6
"""Stops are told apart by their places to this, about a decimetre."""


def headway_shifts(timetable: Timetable, n_samples: int) -> Int32s:
    """(M, F) int32, seconds by which each of the F runs by headway comes later, from 0 to below its headway.

    M is `n_samples`, or 1 where the timetable has no headways.
    """
    headways = timetable.trips.headways
    if not len(headways.trip):
        return np.zeros((1, 0), np.int32)
    names, group = np.unique(np.array(headways.group, object), return_inverse=True)
    seeds = _seeds(timetable.trips, timetable.stops, group, len(names))
    phase = np.array([_phases(seed, n_samples) for seed in seeds])
    return np.floor(phase.T[:, group] * headways.headway_s).astype(np.int32)


def shifted(trips: Trips, shift_s: Int32s) -> Trips:
    """Trips whose runs by headway come so many seconds later, (F,); row for row those that were given.

    A run that would start at the end of its period or later does not run: nobody may board or leave it.
    """
    headways = trips.headways
    if not len(headways.trip):
        return trips
    of_trip = np.zeros(len(trips.id), np.int32)
    of_trip[headways.trip] = shift_s
    starts = trips.call_departure[trips.call_offset[headways.trip]] + shift_s
    runs = np.ones(len(trips.id), np.bool_)
    runs[headways.trip[starts >= headways.end]] = False
    n_calls = np.diff(trips.call_offset)
    of_call, runs_here = np.repeat(of_trip, n_calls), np.repeat(runs, n_calls)
    return replace(
        trips,
        call_arrival=trips.call_arrival + of_call,
        call_departure=trips.call_departure + of_call,
        call_pickup=trips.call_pickup & runs_here,
        call_dropoff=trips.call_dropoff & runs_here,
        headways=NO_HEADWAYS,
    )


class SampledGraphs:
    """Event graphs of all samples, one after the other; made when they are asked for, as a city has gigabytes of them."""

    def __init__(self, n_samples: int, make: Callable[[int], EventGraph]) -> None:
        self._make, self._n_samples, self._room = make, n_samples, KEPT_BYTES
        self._kept: dict[int, EventGraph] = {}

    def __len__(self) -> int:
        """Number of samples."""
        return self._n_samples

    def __iter__(self) -> Iterator[EventGraph]:
        """All graphs in their order."""
        return (self[sample] for sample in range(self._n_samples))

    def __getitem__(self, sample: int) -> EventGraph:
        """Graph of one sample."""
        graph = self._kept.get(sample)
        if graph is None:
            graph = self._make(sample)
            self._room -= sum(column.nbytes for column in graph)
            if self._room >= 0:
                self._kept[sample] = graph
        return graph


Graphs: TypeAlias = tuple[EventGraph, ...] | SampledGraphs
"""Event graphs of one timetable that count alike: one, or one per sample."""


def _phases(seed: bytes, n_samples: int) -> Floats:
    """(M,) float64 phases from 0 to below 1, one in each of M equal parts, in any order."""
    rng = np.random.default_rng(int.from_bytes(seed, "big"))
    phases: Floats = (rng.permutation(n_samples) + rng.random(n_samples)) / n_samples
    return phases


def _seeds(trips: Trips, stops: Stops, group: Int64s, n_groups: int) -> list[bytes]:
    """Seed of each group: its content, and which it is among groups of the same content."""
    place = np.rint(np.column_stack([stops.lon_deg, stops.lat_deg]) / DEGREES_PER_STEP).astype(np.int64)
    takes_bike = np.zeros(len(trips.id), np.bool_)
    takes_bike[trips.with_bikes] = True
    runs: list[list[bytes]] = [[] for _ in range(n_groups)]
    headways = trips.headways
    for row, trip in enumerate(headways.trip.tolist()):
        calls = slice(trips.call_offset[trip], trips.call_offset[trip + 1])
        rules = np.array([headways.headway_s[row], headways.end[row], takes_bike[trip]], np.int64)
        columns = (
            rules,
            place[trips.call_stop[calls]],
            trips.call_arrival[calls],
            trips.call_departure[calls],
            trips.call_pickup[calls],
            trips.call_dropoff[calls],
        )
        runs[group[row]].append(hashlib.sha256(b"".join(column.tobytes() for column in columns)).digest())
    n_alike: Counter[bytes] = Counter()
    seeds = []
    for digests in runs:
        content = hashlib.sha256(b"".join(sorted(digests))).digest()
        seeds.append(hashlib.sha256(content + n_alike[content].to_bytes(4, "big")).digest()[:16])
        n_alike[content] += 1
    return seeds
