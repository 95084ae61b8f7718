"""Door-to-door times with public transport: over every departure of a window, to the nearest target or to each."""

from __future__ import annotations

from collections.abc import Sequence
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
from data.errors import InputError
from network.hierarchy.search import Nearest, reached_from
from network.hierarchy.within import as_within, within
from network.lanes import as_seconds
from network.streets.snap import Snapped
from network.transit.departures import Access, Departing, Window, access
from network.transit.event_sweep import as_targets, packed, plain
from network.transit.from_origin import stop_arrivals, times_to_doors
from network.transit.window_lanes import to_each
from network.transit.window_percentiles import to_nearest

ORIGINS_PER_BLOCK = 4096
"""So many origins at a time have a row for all stops in memory."""
FEW_TARGETS = 8
"""Fewer are searched one by one: lanes side by side would be mostly empty."""


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
    access_max_s, egress_max_s
        Longest way to the first stop by `street`, and by `egress` from the last.
    egress
        Street profile from the last stop on: what is parked at the first stop stays there.
    takes_bike
        Whether the bicycle comes along, in the trips that surely take it.
    on_demand
        How its on-demand ride is booked, see `accessibility.on_demand`: *prebooked* or *immediate*, on leaving; "" for a
        mode without one. It is nothing but that ride, also where another way is quicker.

    """

    name: str
    street: str
    rides: bool
    access_max_s: int = 30 * 60
    egress_max_s: int = 30 * 60
    egress: str = WALK
    takes_bike: bool = False
    on_demand: Literal["", "prebooked", "immediate"] = ""

    @property
    def is_timed(self) -> bool:
        """Whether its time depends on when one leaves."""
        return self.rides or bool(self.on_demand)


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
    TravelMode("on_demand", WALK, rides=False, on_demand="prebooked"),
)
"""Half an hour to the first stop and from the last is an assumption."""
TAKING_ALONG = (
    TravelMode("bike_on_board", "bike", rides=True, egress="bike", takes_bike=True),
    TravelMode("ebike_on_board", "ebike", rides=True, egress="ebike", takes_bike=True),
)
"""For who asks: few feeds say which trips take bicycles (bikes_allowed of GTFS), and most country buses do not."""


def modes_of(traveller: Traveller) -> tuple[TravelMode, ...]:
    """The modes that a traveller has the use of, with his or her own limits on foot."""
    limit_s = traveller.walk_max_s
    return tuple(
        replace(
            mode,
            access_max_s=limit_s if mode.street == WALK else mode.access_max_s,
            egress_max_s=limit_s if mode.egress == WALK else mode.egress_max_s,
        )
        for mode in MODES
        if mode.name in traveller.modes
    )


def refuse_out_of_reach(network: TravelNetwork, modes: Sequence[TravelMode], origins: Points) -> None:
    """Refuse a timetable that serves nobody.

    Raises
    ------
    InputError
        None of the stops is within the way to the first stop from any of the origins, by any of the modes that ride.

    """
    n_stops = len(network.service.stop_x_m)
    nearest_s = [
        (street_nearest(network, mode.street, origins, network.service.stops).seconds, mode.access_max_s)
        for mode in modes
        if mode.rides and n_stops
    ]
    if nearest_s and not any((seconds <= limit_s).any() for seconds, limit_s in nearest_s):
        minutes = max(limit_s for _, limit_s in nearest_s) / 60
        msg = (
            f"None of the {n_stops} stops of the timetable is within {minutes:g} minutes of any of the "
            f"{len(origins.x_m)} origins. Is it the timetable of another region? Give one that covers the streets."
        )
        raise InputError(msg)


def departing(network: TravelNetwork, mode: TravelMode, origins: Snapped, window: Window) -> Departing:
    """Origins with their ways to the first stop, by the mode's street profile, for each minute of the window."""
    slack_s = network.assumptions.first_boarding_slack_s
    row, stops = network.row(mode.street), snap_points(network, mode.street, network.service.stops)
    ways = access(within(network.search, row, origins, stops, mode.access_max_s), slack_s)
    return Departing(ways, window, network.assumptions.travel_max_s)


class WindowTimes(NamedTuple):
    """Times of O origins over the departures of a window, going by street where that is quicker."""

    percentiles_s: Floats
    """(O, Q) float64, each a time that occurs; inf where not that many departures have a connection."""
    target: Int32s
    """(O, Q) int32, row of a target reached in that time; -1 where none."""
    served_share: Floats
    """(O,) float64, share of the departures with a connection."""
    planned_s: Floats
    """(O,) float64, leaving at the best time in the hour: the median over the hours of the window."""
    missed_s: Floats
    """(O,) float64, the same at the worst time in the hour."""


def window_to_nearest(
    network: TravelNetwork,
    leaving: Departing,
    egress: Int64s,
    direct: Nearest,
    percents: tuple[float, ...],
    *,
    with_bikes: bool = False,
) -> WindowTimes:
    """Best of going on from any stop by `egress`, see `egress_to_nearest`, and of `direct`, over the streets alone.

    `with_bikes` rides only trips that take bicycles along.
    """
    by_street, graphs = packed(direct.seconds, direct.target), network.service.graphs(with_bikes=with_bikes)
    found = to_nearest(graphs, egress, leaving, by_street, percents, network.assumptions.max_rides)
    return WindowTimes(
        as_seconds(found.values),
        as_targets(found.values),
        found.served_share,
        as_seconds(found.planned),
        as_seconds(found.missed),
    )


def alighting(network: TravelNetwork, mode: TravelMode, doors: Snapped) -> Access:
    """Ways to O doors from the stops, as and as far as the mode goes from the last of them; `doors` are snapped for that."""
    row, stops = network.row(mode.egress), snap_points(network, mode.egress, network.service.stops)
    from_stops = within(network.search, row, stops, doors, mode.egress_max_s)
    return access(from_stops.turned(len(doors.edge)))


def window_from_nearest(
    network: TravelNetwork,
    mode: TravelMode,
    origins: Points,
    window: Window,
    to_doors: Access,
    direct_s: Floats,
    percents: tuple[float, ...],
) -> Floats:
    """(O, Q) float64, percentiles over the departures of the window from the nearest of some origins to each door.

    `to_doors` is what `alighting` gives for them, and `direct_s` (O,), over the streets alone.
    """
    service, assumptions = network.service, network.assumptions
    there, stops = (snap_points(network, mode.street, points) for points in (origins, service.stops))
    way = reached_from(network.search, network.row(mode.street), there, stops)
    boarding_s = np.where(way <= mode.access_max_s, way + assumptions.first_boarding_slack_s, np.inf)
    arrivals = np.stack(
        [
            stop_arrivals(mirror, boarding_s, window, assumptions.max_rides)
            for mirror in service.graphs(with_bikes=mode.takes_bike, backward=True)
        ]
    )
    return times_to_doors(arrivals, to_doors, direct_s, window, percents, assumptions.travel_max_s)


def egress_to_nearest(network: TravelNetwork, mode: TravelMode, targets: Points) -> Int64s:
    """(S,) int64, seconds and target packed: from each stop to its nearest target, as and as far as the mode goes."""
    way = street_nearest(network, mode.egress, network.service.stops, targets)
    seconds = np.where(way.seconds > mode.egress_max_s, np.inf, way.seconds)
    return packed(seconds, way.target)


def window_to_each(
    network: TravelNetwork,
    leaving: Departing,
    egress_s: Floats,
    direct_s: Floats,
    percents: tuple[float, ...],
    *,
    with_bikes: bool = False,
) -> Floats:
    """(O, T, Q) float64, percentiles to every target.

    `egress_s` is (S, T), from every stop on, and `direct_s` (O, T), over the streets alone.
    """
    service, max_rides, window = network.service, network.assumptions.max_rides, leaving.window
    direct = plain(direct_s)
    if direct.shape[1] < FEW_TARGETS:
        graphs, egress = service.graphs(with_bikes=with_bikes), plain(egress_s)
        by_target = [
            to_nearest(graphs, egress[:, row], leaving, direct[:, row], percents, max_rides).values
            for row in range(direct.shape[1])
        ]
        nobody = np.empty((len(direct), 0, len(percents)))
        return as_seconds(np.stack(by_target, axis=1)) if by_target else nobody
    to_targets = access(as_within(egress_s.T))
    if not window.arrives:
        graphs = service.graphs(with_bikes=with_bikes)
        return as_seconds(to_each(graphs, to_targets, leaving, direct, percents, max_rides).seconds)
    # Backward in time targets leave, and origins are where they go.
    graphs = service.graphs(with_bikes=with_bikes, backward=True)
    back = Departing(to_targets, window.forward, leaving.travel_max_s)
    found = to_each(graphs, leaving.access, back, np.ascontiguousarray(direct.T), percents, max_rides)
    return as_seconds(found.seconds.swapaxes(0, 1))
