"""Why a time is what it is: the legs of one way from door to door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.travel_network import Points, TravelNetwork, snap_points, street_nearest
from accessibility.travel_times import TravelMode, departing, egress_to_nearest
from data.clock import clock_text
from data.columns import Int32s
from data.errors import InputError
from data.timetable import Trips
from network.lanes import as_seconds
from network.transit.departures import Access, Departing, Window, pareto_departures
from network.transit.event_graph import EventGraph
from network.transit.event_sweep import Clocks, as_targets, plain, sweep, sweep_rides
from network.transit.journeys import Journey, Lane, Leg, explain
from network.transit.window_percentiles import window_values

GOING = {"walk": "on foot", "bike": "by bike", "ebike": "by e-bike", "car": "by car"}
"""How one goes by each street profile, in words."""


@dataclass(frozen=True, slots=True)
class Way:
    """The quickest way from an origin to the nearest of some targets at one departure.

    Attributes
    ----------
    mode
        How one travels.
    departure, arrival
        Clock times, seconds after midnight.
    target
        Row of the targets.
    journey
        Its rides; None where the streets alone are as quick.
    trips
        What the legs of the journey are rows of.
    sample, n_samples
        Where the timetable gives headways only: of so many samples of its times the one with the middle time, of two the
        longer. Otherwise there is one.

    """

    mode: TravelMode
    departure: int
    arrival: int
    target: int
    journey: Journey | None
    trips: Trips
    sample: int = 0
    n_samples: int = 1


class _Riding(NamedTuple):
    """Setting out at one departure in one sample."""

    seconds: float
    target: int
    lane: Lane


def way_leaving(
    network: TravelNetwork, mode: TravelMode, origin: Points, targets: Points, departure: int
) -> Way | None:
    """Earliest arrival of one who leaves at `departure`, equal in time to the profile; None without any connection.

    An on-demand ride has no legs by the clock: InputError.

    Parameters
    ----------
    network, mode
        How one travels; a mode that does not ride goes by street.
    origin
        One point.
    targets
        The nearest in time is taken.
    departure
        Clock time.

    """
    _refuse_on_demand(mode)
    return _way(network, mode, (origin, targets), departure, range(network.service.n_samples))


def _refuse_on_demand(mode: TravelMode) -> None:
    if mode.on_demand:
        msg = f"A way by {mode.name} is one ride on demand: it has no legs to tell. Choose another mode."
        raise InputError(msg)


def way_arriving(
    network: TravelNetwork, mode: TravelMode, origin: Points, targets: Points, arrival: int
) -> Way | None:
    """Way of one who must be there by `arrival` and leaves as late as possible; None without any connection."""
    _refuse_on_demand(mode)
    service, limits = network.service, network.assumptions
    street_s = float(street_nearest(network, mode.street, origin, targets).seconds[0])
    latest_s, samples = street_s, range(service.n_samples)
    if mode.rides:
        by_then = Window(arrival, 60, 1, arrives=True)
        leaving = departing(network, mode, snap_points(network, mode.street, origin), by_then)
        egress, graphs = egress_to_nearest(network, mode, targets), service.graphs(with_bikes=mode.takes_bike)
        by_ride = [_riding(graphs[sample], egress, leaving, limits.max_rides).seconds for sample in samples]
        middle = _middle([min(seconds, street_s) for seconds in by_ride])
        latest_s, samples = min(by_ride[middle], street_s), range(middle, middle + 1)
    if latest_s > limits.travel_max_s:
        return None
    return _way(network, mode, (origin, targets), arrival - round(latest_s), samples)


def _way(
    network: TravelNetwork,
    mode: TravelMode,
    ends: tuple[Points, Points],
    departure: int,
    samples: Sequence[int],
) -> Way | None:
    """Way from the origin to the targets in the middle one of some samples."""
    origin, targets = ends
    service, limits = network.service, network.assumptions
    direct = street_nearest(network, mode.street, origin, targets)
    journey, target, quickest_s = None, int(direct.target[0]), float(direct.seconds[0])
    trips, sample = service.timetable.trips, 0
    if mode.rides:
        leaving = departing(
            network, mode, snap_points(network, mode.street, origin), Window(departure, 60, 1)
        )
        egress, graphs = egress_to_nearest(network, mode, targets), service.graphs(with_bikes=mode.takes_bike)
        seconds = [_riding(graphs[number], egress, leaving, limits.max_rides).seconds for number in samples]
        sample = samples[_middle([min(by_ride, quickest_s) for by_ride in seconds])]
        riding = _riding(graphs[sample], egress, leaving, limits.max_rides)
        if riding.seconds < quickest_s:
            quickest_s, target = riding.seconds, riding.target
            timetabled = service.timed(sample, with_bikes=mode.takes_bike)
            access_s = _access_s(leaving.access, len(service.stop_x_m))
            slack_s = limits.first_boarding_slack_s
            journey = explain(timetabled, riding.lane, access_s, departure, limits.max_rides, slack_s)
            trips = timetabled.trips
    if quickest_s > limits.travel_max_s:
        return None
    return Way(
        mode, departure, departure + round(quickest_s), target, journey, trips, sample, service.n_samples
    )


def _riding(graph: EventGraph, egress: Clocks, leaving: Departing, max_rides: int) -> _Riding:
    value, lane = _setting_out(graph, egress, leaving, max_rides)
    return _Riding(float(as_seconds(value)), int(as_targets(value)), lane)


def _setting_out(
    graph: EventGraph, egress: Clocks, leaving: Departing, max_rides: int
) -> tuple[Clocks, Lane]:
    """Seconds by vehicle of the one origin at the one departure, and the search without a limit on rides."""
    table = sweep(graph, egress[:, None])
    limited = sweep_rides(graph, egress[:, None], max_rides) if max_rides else table
    no_street = np.full(1, limited[-1, 0])
    value = window_values(pareto_departures(graph, limited), 0, leaving, no_street)[0, 0]
    return value, Lane(egress, table[:, 0])


def _middle(values: Sequence[float]) -> int:
    """Row of the middle value, of two the greater."""
    return int(np.argsort(values, kind="stable")[len(values) // 2])


def legs_in_words(way: Way, stop_name: Sequence[str], target: str) -> tuple[str, ...]:
    """One line per leg: walks, waits, rides with line, direction and clock times; `target` is its name."""
    going = GOING[way.mode.street]
    if way.journey is None:
        return (
            f"{clock_text(way.departure)}  {going}, {_minutes(way.arrival - way.departure)}, to {target}",
        )
    trips, lines, at, here = way.trips, list[str](), way.departure, -1
    for leg in way.journey.legs:
        stop, next_stop = (int(trips.call_stop[call]) for call in (leg.from_call, leg.to_call))
        ride = f"line {trips.route[leg.trip]} towards {_heading(trips, stop_name, leg)}, "
        ride += f"at {stop_name[next_stop]} {clock_text(leg.arrival)}"
        if leg.is_in_seat:
            lines.append(f"{clock_text(leg.departure)}  stay seated, the vehicle goes on as {ride}")
        else:
            wait = f"wait {_minutes(leg.departure - at - leg.walk_s)}"
            if here < 0:
                lines.append(f"{clock_text(at)}  {going} {_minutes(leg.walk_s)} to {stop_name[stop]}, {wait}")
            elif here == stop:
                wait = f"wait {_minutes(leg.departure - at)}"
                lines.append(f"{clock_text(at)}  change at {stop_name[stop]}, {wait}")
            else:
                on_foot = f"{_minutes(leg.walk_s)} on foot"
                lines.append(f"{clock_text(at)}  change, {on_foot} to {stop_name[stop]}, {wait}")
            lines.append(f"{clock_text(leg.departure)}  {ride}")
        at, here = leg.arrival, next_stop
    last = GOING[way.mode.egress]
    lines.append(f"{clock_text(at)}  {last} {_minutes(way.journey.egress_s)} to {target}")
    return tuple(lines)


def _heading(trips: Trips, stop_name: Sequence[str], leg: Leg) -> str:
    """What is written on the vehicle, or the name of its last stop."""
    return trips.headsign[leg.trip] or stop_name[trips.call_stop[trips.call_offset[leg.trip + 1] - 1]]


def typical_in_words(way: Way) -> str:
    """What must be said where a time is only a typical one; "" where every time is published."""
    if way.n_samples == 1 or way.journey is None:
        return ""
    return (
        f"Some lines publish a headway and no times: this is sample {way.sample + 1} of {way.n_samples}, "
        "the one with the middle time."
    )


def _access_s(ways: Access, n_stops: int) -> Int32s:
    """(S,) int32 seconds until the one origin is ready to board at each stop, unreached where too far."""
    seconds = plain(np.full(n_stops, np.inf))
    seconds[ways.stop] = ways.seconds
    return seconds


def _minutes(seconds: int) -> str:
    return f"{round(seconds / 60)} min"
