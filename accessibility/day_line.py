"""One trip to a service and back, told from leaving home until being home again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.assumptions import Assumptions
from accessibility.round_trips import TourInputs, Visited, tour_inputs
from accessibility.travel_network import Points, TravelNetwork
from accessibility.travel_times import TravelMode
from data.columns import Int32s
from network.lanes import UNREACHED_INT32
from network.transit.departures import Access, Window
from network.transit.event_sweep import sweep
from network.transit.journeys import Journey, Lane, Timetabled, explain
from network.transit.round_trips import TourStarts, tour_times


class Way(NamedTuple):
    """One way, between clock times; `journey` is None where the streets alone are quicker."""

    departure: int
    arrival: int
    journey: Journey | None


@dataclass(frozen=True, slots=True)
class DayLine:
    """There, a visit, and back.

    Attributes
    ----------
    out, back
        The two ways.
    visit_start, visit_end
        Clock times; before the start one may wait for the doors to open.
    visited
        Row of what is visited.

    """

    out: Way
    visit_start: int
    visit_end: int
    back: Way
    visited: int

    @property
    def tour_s(self) -> int:
        """Seconds from leaving home until being back."""
        return self.back.arrival - self.out.departure


def day_line(
    network: TravelNetwork, mode: TravelMode, origin: Points, visited: Visited, departure: int
) -> DayLine | None:
    """Tell the trip behind one time of `round_trips.round_trips`, equal to it to the second; None if it cannot be done.

    Where the timetable gives headways only, it is the trip of the sample with the middle time.
    """
    if len(origin.x_m) != 1:
        msg = f"a day is told from one home, not from {len(origin.x_m)}"
        raise ValueError(msg)
    of = tour_inputs(network, mode, origin, visited, np.zeros(len(visited.row), np.int32))
    window = Window(departure, 60, 1)
    samples = [
        tour_times(graph, of.starts, of.there, window, visited.stay_s, of.limits)
        for graph in of.service.graphs(with_bikes=mode.takes_bike)
    ]
    # Of several samples of the times the one with the middle time, of two the lower.
    by_time = sorted(range(len(samples)), key=lambda number: int(samples[number].seconds[0, 0]))
    sample = by_time[(len(samples) - 1) // 2]
    found, timed = samples[sample], of.service.timed(sample, with_bikes=mode.takes_bike)
    start, target = int(found.start[0, 0]), int(found.destination[0, 0])
    if start < 0:
        return None
    n_stops = len(of.service.stops.x_m)
    out = _way(
        timed,
        network.assumptions,
        _to_stops(of.starts.outbound, start, n_stops),
        of.there.egress_s[:, target],
        (departure, int(of.starts.outbound_direct_s[start, target])),
    )
    leave = _visit_end(of, target, out.arrival, visited.stay_s)
    back = _way(
        timed,
        network.assumptions,
        _to_stops(of.there.access, target, n_stops),
        _home(of.starts, start, n_stops),
        (leave, int(of.starts.inbound_direct_s[start, target])),
    )
    told = DayLine(out, leave - visited.stay_s, leave, back, int(visited.row[target]))
    if told.tour_s != found.seconds[0, 0]:
        msg = f"the trip told takes {told.tour_s} s, the time found is {found.seconds[0, 0]} s"
        raise AssertionError(msg)
    return told


def _home(starts: TourStarts, start: int, n_stops: int) -> Int32s:
    """(S,) int32 seconds from each stop home, unreached where too far."""
    to_end = _to_stops(starts.inbound, int(starts.inbound_end[start]), n_stops)
    return np.where(to_end < UNREACHED_INT32, to_end + starts.inbound_last_s[start], UNREACHED_INT32).astype(
        np.int32
    )


def _visit_end(of: TourInputs, target: int, arrival: int, stay_s: int) -> int:
    spans = slice(of.there.open_offset[target], of.there.open_offset[target + 1])
    starts = np.maximum(of.there.opens[spans], arrival)
    return int(starts[starts + stay_s <= of.there.closes[spans]][0]) + stay_s


def _way(
    timed: Timetabled, assumed: Assumptions, access_s: Int32s, egress_s: Int32s, leaving: tuple[int, int]
) -> Way:
    """Quickest of the streets alone and of public transport; the streets where both take as long.

    `leaving` are the clock time and the seconds over the streets alone.
    """
    departure, direct_s = leaving
    egress = np.ascontiguousarray(egress_s)[:, None]
    lane = Lane(egress[:, 0], sweep(timed.graph, egress)[:, 0])
    journey = explain(timed, lane, access_s, departure, assumed.max_rides, assumed.first_boarding_slack_s)
    if journey is None or departure + direct_s <= journey.arrival:
        return Way(departure, departure + direct_s, None)
    return Way(departure, journey.arrival, journey)


def _to_stops(ways: Access, row: int, n_stops: int) -> Int32s:
    """(S,) int32 seconds from or to each stop, unreached where too far."""
    seconds = np.full(n_stops, UNREACHED_INT32, np.int32)
    of_row = slice(ways.offset[row], ways.offset[row + 1])
    seconds[ways.stop[of_row]] = ways.seconds[of_row]
    return seconds
