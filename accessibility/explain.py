"""Why a time is what it is: the legs of one way from door to door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.travel_network import Points, TravelNetwork, snap_points, street_matrix, street_nearest
from accessibility.travel_times import TravelMode, departing, egress_to_nearest
from data.clock import clock_text
from network.departures import Access, Departing, Window, access, worthwhile
from network.event_sweep import as_seconds, as_targets, packed, plain, sweep
from network.events import build_events, mirrored
from network.journeys import Journey, Timetabled, explain
from network.windows import window_values


@dataclass(frozen=True, slots=True)
class Way:
    """The quickest way from an origin to the nearest of some targets at one departure.

    Attributes
    ----------
    departure, arrival
        Clock times, seconds after midnight.
    target
        Row of the targets.
    journey
        Its rides; None where the streets alone are quicker.

    """

    departure: int
    arrival: int
    target: int
    journey: Journey | None


def way_leaving(
    network: TravelNetwork, mode: TravelMode, origin: Points, targets: Points, departure: int
) -> Way | None:
    """Earliest arrival of one who leaves at `departure`, equal in time to the profile; None without any connection.

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
    direct = street_nearest(network, mode.street, origin, targets)
    journey, target, quickest_s = None, int(direct.target[0]), float(direct.seconds[0])
    if mode.rides:
        service = network.service
        leaving = departing(
            network, mode, snap_points(network, mode.street, origin), Window(departure, 60, 1)
        )
        egress = egress_to_nearest(network, mode, targets)
        table = sweep(service.events, egress[:, None])
        no_street = packed(np.array([np.inf]), np.array([0], np.int32))
        value = window_values(worthwhile(service.events, table), 0, leaving, no_street)[0, 0]
        if as_seconds(value) < quickest_s:
            quickest_s, target = float(as_seconds(value)), int(as_targets(value))
            timetabled = Timetabled(service.events, service.timetable.trips, service.changes)
            access_s = _access_s(leaving.access, len(service.stop_x_m))
            journey = explain(timetabled, egress, access_s, departure, 0)
    if quickest_s > network.assumptions.travel_max_s:
        return None
    return Way(departure, departure + round(quickest_s), target, journey)


def way_arriving(
    network: TravelNetwork, mode: TravelMode, origin: Points, targets: Points, arrival: int
) -> Way | None:
    """Latest departure of one who must be there by `arrival`; None without any connection.

    The timetable runs backward in time: from the target at minus the arrival, with the ways to the first stop as the
    last walk.
    """
    limits, service = network.assumptions, network.service
    latest_s = float(street_nearest(network, mode.street, origin, targets).seconds[0])
    if mode.rides:
        backward = build_events(*mirrored(service.timetable.trips, service.changes))
        access_s = street_matrix(network, mode.street, origin, service.stops, mode.access_max_s)[0]
        table = sweep(backward, plain(access_s)[:, None])
        egress_s = as_seconds(egress_to_nearest(network, mode, targets))
        leaving = Departing(access(egress_s[None]), Window(-arrival, 60, 1), limits.travel_max_s)
        no_street = plain(np.array([np.inf]))
        value = window_values(worthwhile(backward, table), 0, leaving, no_street)[0, 0]
        latest_s = min(latest_s, float(as_seconds(value)))
    if latest_s > limits.travel_max_s:
        return None
    return way_leaving(network, mode, origin, targets, arrival - round(latest_s))


def legs_in_words(network: TravelNetwork, way: Way, target: str) -> tuple[str, ...]:
    """One line per leg: walks, waits, rides with line, direction and clock times; `target` is its name."""
    if way.journey is None:
        return (
            f"{clock_text(way.departure)}  by street, {_minutes(way.arrival - way.departure)}, to {target}",
        )
    timetable = network.service.timetable
    trips, stop_name = timetable.trips, timetable.stops.name
    lines, at = [], way.departure
    for leg in way.journey.legs:
        boarding, alighting = (stop_name[trips.call_stop[call]] for call in (leg.from_call, leg.to_call))
        there = at + leg.walk_s
        lines.append(
            f"{clock_text(at)}  {_minutes(leg.walk_s)} to {boarding}, wait {_minutes(leg.departure - there)}"
        )
        heading = trips.headsign[leg.trip] or stop_name[trips.call_stop[trips.call_first[leg.trip + 1] - 1]]
        lines.append(
            f"{clock_text(leg.departure)}  line {trips.route[leg.trip]} towards {heading}, "
            f"at {alighting} {clock_text(leg.arrival)}"
        )
        at = leg.arrival
    lines.append(f"{clock_text(at)}  {_minutes(way.journey.egress_s)} on foot to {target}")
    return tuple(lines)


def _access_s(ways: Access, n_stops: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """(S,) int32 seconds from the one origin to each stop, never where too far."""
    seconds = plain(np.full(n_stops, np.inf))
    seconds[ways.stop] = ways.seconds
    return seconds


def _minutes(seconds: int) -> str:
    return f"{round(seconds / 60)} min"
