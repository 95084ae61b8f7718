"""Door-to-door times with public transport: over every departure of a window, to the nearest target or to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.travel_network import WALK, Points, TravelNetwork, street_matrix, street_nearest
from data.columns import Floats, Int32s, Int64s
from network.departures import Departing, Window, access
from network.event_sweep import as_seconds, as_targets, packed, plain
from network.search import Nearest
from network.windows import door_to_door


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


def departing(network: TravelNetwork, mode: TravelMode, origins: Points, window: Window) -> Departing:
    """Origins with their ways to the first stop, by the mode's street profile, leaving at each minute of the window."""
    limits = network.assumptions
    access_s = street_matrix(network, mode.street, origins, network.service.stops, limits.access_max_s)
    return Departing(access(access_s), window, limits.travel_max_s)


class WindowTimes(NamedTuple):
    """Times of O origins over the departures of a window, going by street where that is quicker."""

    percentiles_s: Floats
    """(O, Q) float64, each a time that occurs; inf where not that many departures have a connection."""
    target: Int32s
    """(O, Q) int32, row of a target reached in that time; -1 where none."""
    served_share: Floats
    """(O,) float64, share of the departures with a connection."""


def window_to_nearest(
    network: TravelNetwork, leaving: Departing, targets: Points, direct: Nearest, percents: tuple[float, ...]
) -> WindowTimes:
    """Best of walking on from any stop to its nearest target and of `direct`, the way over the streets alone."""
    egress, by_street = egress_to_nearest(network, targets), packed(direct.seconds, direct.target)
    found = door_to_door(network.service.events, egress[:, None], leaving, by_street[:, None], percents)
    values = found.values[:, 0]
    return WindowTimes(as_seconds(values), as_targets(values), found.served_share[:, 0])


def egress_to_nearest(network: TravelNetwork, targets: Points) -> Int64s:
    """(S,) int64, seconds and target packed: from each stop to its nearest target on foot, within the access limit."""
    walk = street_nearest(network, WALK, network.service.stops, targets)
    seconds = np.where(walk.seconds > network.assumptions.access_max_s, np.inf, walk.seconds)
    return packed(seconds, walk.target)


def window_to_each(
    network: TravelNetwork, leaving: Departing, targets: Points, direct_s: Floats, percents: tuple[float, ...]
) -> Floats:
    """(O, T, Q) float64, percentiles to every target; `direct_s` is (O, T), over the streets alone."""
    limit_s = network.assumptions.access_max_s
    egress_s = street_matrix(network, WALK, network.service.stops, targets, limit_s)
    found = door_to_door(network.service.events, plain(egress_s), leaving, plain(direct_s), percents)
    return as_seconds(found.values)
