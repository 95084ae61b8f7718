"""Times from every origin to every destination: any files, no region needed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accessibility.travel_network import WALK, Points, Progress, TravelNetwork, street_matrix
from accessibility.travel_times import TravelMode, percentiles, ride, window_to_nearest
from data.columns import Floats, Int32s
from network.search import Nearest

ORIGINS_PER_BLOCK = 200
"""Bounds the table of arrivals by vehicle to some hundred megabytes."""


class OdTimes(NamedTuple):
    """Seconds of one mode; inf where not reached within the longest time."""

    mode: TravelMode
    seconds: Floats
    """(O, D, Q) float64; Q percentiles for a mode that rides, otherwise 1."""


def od_times(
    network: TravelNetwork,
    mode: TravelMode,
    origins: Points,
    destinations: Points,
    departures: Int32s,
    percents: tuple[float, ...],
    progress: Progress,
) -> OdTimes:
    """Times of one mode over `departures`, which a mode that does not ride leaves unused."""
    limit_s = network.assumptions.travel_max_s
    direct_s = street_matrix(network, mode.street, origins, destinations, limit_s)
    if not mode.rides:
        return OdTimes(mode, direct_s[:, :, None])
    seconds = np.empty((*direct_s.shape, len(percents)))
    stops = Points(np.empty(0), np.empty(0)) if network.service is None else network.service.stops
    egress_s = street_matrix(network, WALK, stops, destinations, network.assumptions.access_max_s)
    n_origins = len(origins.x_m)
    for first in range(0, n_origins, ORIGINS_PER_BLOCK):
        block = slice(first, first + ORIGINS_PER_BLOCK)
        rides = ride(network, mode, Points(origins.x_m[block], origins.y_m[block]), departures, progress)
        for destination in range(direct_s.shape[1]):
            window = window_to_nearest(
                rides,
                _only(egress_s[:, destination]),
                _only(direct_s[block, destination]),
                limit_s,
            )
            seconds[block, destination] = percentiles(window.seconds, percents)
    return OdTimes(mode, seconds)


def _only(seconds: Floats) -> Nearest:
    """Times to one destination, put as times to the nearest of one."""
    return Nearest(
        seconds, np.where(np.isfinite(seconds), 0, -1).astype(np.int32), np.full(len(seconds), np.inf)
    )
