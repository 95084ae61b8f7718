"""Door-to-door times with public transport: over every departure of a window, to the nearest target or to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from accessibility.travel_network import (
    WALK,
    Points,
    TravelNetwork,
    snap_points,
    street_nearest,
)
from accessibility.travellers import Traveller
from data.columns import Floats, Int32s, Int64s
from network.departures import Access, Departing, Window, access
from network.event_sweep import as_seconds, as_targets, packed, plain
from network.search import Nearest, matrix
from network.snap import Snapped
from network.windows import door_to_door

ORIGINS_PER_BLOCK = 4096
"""So many origins at a time have a row for all stops in memory."""


@dataclass(frozen=True, slots=True)
class TravelMode:
    """A way to travel.

    Attributes
    ----------
    name
        As in options and exports.
    street
        Street profile for the whole way, and as far as the first stop when it rides along.
    rides
        Whether it takes public transport where that is quicker.
    order
        When its ride is ordered, see `accessibility.on_demand`: *ahead* or *now*, on leaving; "" for a mode without. It
        is nothing but that ride, also where another way is quicker.
    access_max_s, egress_max_s
        Longest way to the first stop by `street`, and on foot from the last.

    """

    name: str
    street: str
    rides: bool
    access_max_s: int = 30 * 60
    egress_max_s: int = 30 * 60
    order: Literal["", "ahead", "now"] = ""


MODES = (
    TravelMode("walk", WALK, rides=False),
    TravelMode("bike", "bike", rides=False),
    TravelMode("ebike", "ebike", rides=False),
    TravelMode("car", "car", rides=False),
    TravelMode("transit", WALK, rides=True),
    # The bike stays at the stop.
    TravelMode("bike_transit", "bike", rides=True),
    TravelMode("ebike_transit", "ebike", rides=True),
    # On foot to the stop where the service has stops.
    TravelMode("on_demand", WALK, rides=False, order="ahead"),
)
"""Half an hour to the first stop and from the last is an assumption."""


def modes_of(traveller: Traveller) -> tuple[TravelMode, ...]:
    """The modes that a traveller has the use of, with his or her own limits on foot."""
    limit_s = traveller.walk_max_s
    return tuple(
        replace(
            mode, access_max_s=limit_s if mode.street == WALK else mode.access_max_s, egress_max_s=limit_s
        )
        for mode in MODES
        if mode.name in traveller.modes
    )


def departing(network: TravelNetwork, mode: TravelMode, origins: Snapped, window: Window) -> Departing:
    """Origins with their ways to the first stop, by the mode's street profile, leaving at each minute of the window."""
    row, stops = network.row(mode.street), snap_points(network, mode.street, network.service.stops)
    ways = []
    for begin in range(0, max(len(origins.edge), 1), ORIGINS_PER_BLOCK):
        block = Snapped(*(column[begin : begin + ORIGINS_PER_BLOCK] for column in origins))
        ways.append(access(matrix(network.search, row, block, stops, mode.access_max_s)))
    return Departing(_joined(ways), window, network.assumptions.travel_max_s)


def _joined(ways: list[Access]) -> Access:
    """Ways of several blocks of origins, one after the other."""
    n_ways = np.concatenate([np.diff(block.first) for block in ways])
    first = np.concatenate([[0], np.cumsum(n_ways)])
    return Access(
        first,
        np.concatenate([block.stop for block in ways]),
        np.concatenate([block.seconds for block in ways]),
    )


class WindowTimes(NamedTuple):
    """Times of O origins over the departures of a window, going by street where that is quicker."""

    percentiles_s: Floats
    """(O, Q) float64, each a time that occurs; inf where not that many departures have a connection."""
    target: Int32s
    """(O, Q) int32, row of a target reached in that time; -1 where none."""
    served_share: Floats
    """(O,) float64, share of the departures with a connection."""


def window_to_nearest(
    network: TravelNetwork, leaving: Departing, egress: Int64s, direct: Nearest, percents: tuple[float, ...]
) -> WindowTimes:
    """Best of going on from any stop by `egress`, see `egress_to_nearest`, and of `direct`, over the streets alone."""
    by_street = packed(direct.seconds, direct.target)
    found = door_to_door(network.service.events, egress[:, None], leaving, by_street[:, None], percents)
    values = found.values[:, 0]
    return WindowTimes(as_seconds(values), as_targets(values), found.served_share[:, 0])


def egress_to_nearest(network: TravelNetwork, mode: TravelMode, targets: Points) -> Int64s:
    """(S,) int64, seconds and target packed: from each stop to its nearest target on foot, within the mode's limit."""
    walk = street_nearest(network, WALK, network.service.stops, targets)
    seconds = np.where(walk.seconds > mode.egress_max_s, np.inf, walk.seconds)
    return packed(seconds, walk.target)


def window_to_each(
    network: TravelNetwork,
    leaving: Departing,
    egress_s: Floats,
    direct_s: Floats,
    percents: tuple[float, ...],
) -> Floats:
    """(O, T, Q) float64, percentiles to every target.

    `egress_s` is (S, T), from every stop on, and `direct_s` (O, T), over the streets alone.
    """
    found = door_to_door(network.service.events, plain(egress_s), leaving, plain(direct_s), percents)
    return as_seconds(found.values)
