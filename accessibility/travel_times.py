"""Door-to-door times: on the streets alone, or with public transport over a window of departures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accessibility.travel_network import WALK, Points, Progress, TravelNetwork, street_matrix, street_nearest
from data.columns import Floats, Int32s
from network.search import Nearest
from network.transit import NEVER, vehicle_arrivals

ORIGINS_AT_ONCE = 40
"""Origins searched side by side: enough to drown Python's overhead, few enough for the processor's cache."""


@dataclass(frozen=True, slots=True)
class TravelMode:
    """A way to travel: the street profile for the whole way, or as far as the first stop when it rides along."""

    name: str
    street: str
    rides: bool


MODES = (
    TravelMode("walk", "walk", rides=False),
    TravelMode("bike", "bike", rides=False),
    TravelMode("ebike", "ebike", rides=False),
    TravelMode("car", "car", rides=False),
    TravelMode("transit", "walk", rides=True),
    TravelMode("bike_transit", "bike", rides=True),
)


class Rides(NamedTuple):
    """Earliest arrivals by vehicle of O origins, leaving at D clock times."""

    departures: Int32s
    """(D,) int32, seconds after midnight."""
    arrived: NDArray[np.int32]
    """(S, O, D) int32, clock time at each stop; `NEVER` where no vehicle brings one in time."""


def ride(
    network: TravelNetwork,
    mode: TravelMode,
    origins: Points,
    departures: NDArray[np.int32],
    progress: Progress,
) -> Rides:
    """Leave every origin at every departure, reach the first stop by the mode's street profile, and ride on."""
    service, assumptions = network.service, network.assumptions
    n_origins, n_departures = len(origins.x_m), len(departures)
    if service is None or not n_origins:
        return Rides(departures, np.empty((0, n_origins, n_departures), np.int32))
    access_s = street_matrix(network, mode.street, origins, service.stops, assumptions.access_max_s)
    n_stops = len(service.stops.x_m)
    arrived = np.empty((n_stops, n_origins, n_departures), np.int32)
    latest = int(departures.max()) + assumptions.travel_max_s
    for first in range(0, n_origins, ORIGINS_AT_ONCE):
        progress(f"{mode.name}: rides", first / n_origins)
        block = access_s[first : first + ORIGINS_AT_ONCE]
        ready = np.where(np.isfinite(block.T[:, :, None]), block.T[:, :, None] + departures, NEVER)
        lanes = ready.astype(np.int32).reshape(n_stops, -1)
        found = vehicle_arrivals(service.timetable.trips, service.changes, lanes, latest)
        arrived[:, first : first + ORIGINS_AT_ONCE] = found.reshape(n_stops, len(block), n_departures)
    progress(f"{mode.name}: rides", 1.0)
    return Rides(departures, arrived)


class WindowTimes(NamedTuple):
    """Times of O origins over D departures, street-only where that is quicker."""

    seconds: Floats
    """(O, D) float64, inf where there is no connection within the longest time that counts."""
    target: Int32s
    """(O, D) int32, row of the target reached; -1 where none."""


def window_to_nearest(rides: Rides, egress: Nearest, direct: Nearest, travel_max_s: float) -> WindowTimes:
    """Best of walking on from any stop and of going by street, per origin and departure.

    Parameters
    ----------
    rides
        Arrivals by vehicle.
    egress
        From each stop to its nearest target on foot; times beyond the access limit count as inf.
    direct
        From each origin to its nearest target over the streets alone.
    travel_max_s
        Longer times are no connection.

    """
    n_origins, n_departures = rides.arrived.shape[1:]
    best = np.broadcast_to(direct.seconds[:, None], (n_origins, n_departures)).copy()
    target = np.broadcast_to(direct.target[:, None], (n_origins, n_departures)).copy()
    for stop in np.flatnonzero(np.isfinite(egress.seconds[: len(rides.arrived)])):
        arrived = rides.arrived[stop]
        seconds = np.where(arrived < NEVER, arrived - rides.departures + egress.seconds[stop], np.inf)
        quicker = seconds < best
        best[quicker] = seconds[quicker]
        target[quicker] = egress.target[stop]
    late = best > travel_max_s
    best[late] = np.inf
    target[late] = -1
    return WindowTimes(best, target)


def egress_to_nearest(network: TravelNetwork, targets: Points) -> Nearest:
    """From each stop to its nearest target on foot, within the access limit."""
    if network.service is None:
        return Nearest(np.empty(0), np.empty(0, np.int32), np.empty(0))
    found = street_nearest(network, WALK, network.service.stops, targets)
    far = found.seconds > network.assumptions.access_max_s
    return Nearest(
        np.where(far, np.inf, found.seconds),
        np.where(far, -1, found.target).astype(np.int32),
        np.where(far, np.inf, found.metres),
    )


def percentiles(seconds: Floats, percents: tuple[float, ...]) -> Floats:
    """(O, Q) float64; each percentile is a time that occurs, the next higher one between two departures."""
    return np.moveaxis(np.percentile(seconds, percents, axis=-1, method="higher"), 0, -1)
