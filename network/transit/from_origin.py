"""Times from one origin to many doors over a window of departures, the way round that a sweep goes by itself.

A pass over the mirrored timetable has the origin for its destination: with the departures of that timetable that are worth
waiting for it tells, for every stop, until when one may leave to be there by each arrival. So for every departure of the
window the earliest arrival at every stop is known, and each door takes the best of the stops it is walked to from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit.departures import Access, ParetoDepartures, Window, pareto_departures
from network.transit.event_graph import EventGraph
from network.transit.event_sweep import plain, sweep, sweep_rides
from network.transit.window_percentiles import ranks_of


def stop_arrivals(mirror: EventGraph, boarding_s: Floats, window: Window, max_rides: int = 0) -> Int32s:
    """Earliest arrival by vehicle at every stop where one may alight, for each departure.

    Parameters
    ----------
    mirror
        Of the mirrored timetable, S stops.
    boarding_s
        (S,) seconds from leaving the origin to being ready to board; inf where that is too far.
    window
        D departures.
    max_rides
        Vehicles boarded at most, 0 for any number.

    Returns
    -------
    (S, D) int32 clock times, `UNREACHED_INT32` where no vehicle brings one.

    """
    lane = plain(boarding_s)[:, None]
    table = sweep_rides(mirror, lane, max_rides) if max_rides else sweep(mirror, lane)
    found = pareto_departures(mirror, table)
    arrivals = np.full((len(boarding_s), window.n), UNREACHED_INT32, np.int32)
    _each_departure(found, window.clocks, arrivals)
    return arrivals


@kernel
def _each_departure(found: ParetoDepartures, clocks: Int32s, arrivals: Int32s) -> None:
    """Fill `arrivals`: later rows of a stop are earlier arrivals, for which one leaves earlier."""
    departure, arrival = found.departure[0], found.arrival[0]
    for stop in range(len(arrivals)):
        row = found.end[stop] - 1
        for at in range(len(clocks)):
            while row >= found.begin[0, stop] and -arrival[row] < clocks[at]:
                row -= 1
            if row < found.begin[0, stop]:
                break
            arrivals[stop, at] = -departure[row]


def times_to_doors(
    arrivals: NDArray[np.int32],
    ways: Access,
    direct_s: Floats,
    window: Window,
    percents: tuple[float, ...],
    travel_max_s: int,
) -> Floats:
    """Percentiles of the seconds to each door, over the departures of all samples.

    Parameters
    ----------
    arrivals
        (M, S, D) int32, `stop_arrivals` of M samples of the timetable that count alike.
    ways
        To O doors from the stops they are within reach of; of each door, the stops.
    direct_s
        (O,) seconds without public transport.
    window, travel_max_s
        As for `Departing`.
    percents
        Q percentages; each is a time that occurs, as of `window_statistics`.

    Returns
    -------
    (O, Q) float64 seconds, inf where not that many departures get there in time.

    """
    n_samples, _, n_departures = arrivals.shape
    rank = ranks_of(percents, n_samples * n_departures)
    values = np.empty((len(direct_s), len(rank)), np.int32)
    _ranked_times(arrivals, ways, plain(direct_s), window.clocks, rank, travel_max_s, values)
    return as_seconds(values)


@kernel
def _ranked_times(
    arrivals: NDArray[np.int32],
    ways: Access,
    direct: Int32s,
    clocks: Int32s,
    rank: Int64s,
    travel_max_s: int,
    values: Int32s,
) -> None:
    """Fill `values`, (O, Q), from the times of every departure of every sample in their order."""
    n_samples, _, n_departures = arrivals.shape
    seconds = np.empty((n_samples, n_departures), np.int32)
    for door in range(len(direct)):
        otherwise = direct[door] if direct[door] <= travel_max_s else UNREACHED_INT32
        first, end = ways.offset[door], ways.offset[door + 1]
        if first == end:
            values[door] = otherwise
            continue
        seconds[:] = otherwise
        for sample in range(n_samples):
            for way in range(first, end):
                at_stop, walk = arrivals[sample, ways.stop[way]], ways.seconds[way]
                for at in range(n_departures):
                    if at_stop[at] < UNREACHED_INT32:
                        taken = at_stop[at] + walk - clocks[at]
                        if taken <= travel_max_s:
                            seconds[sample, at] = min(seconds[sample, at], taken)
        ordered = np.sort(seconds.ravel())
        for row in range(len(rank)):
            values[door, row] = ordered[rank[row]]
