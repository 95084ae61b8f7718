"""The ways of many origins at one departure, and the legs they are made of in short words."""

from __future__ import annotations

import numpy as np

from accessibility.explain import Way
from accessibility.travel_network import Points, TravelNetwork, snap_points, street_nearest
from accessibility.travel_times import TravelMode, departing, egress_to_nearest
from data.columns import Bools
from network.departures import Access, Departing, Window, worthwhile
from network.event_sweep import as_seconds, as_targets, packed, plain, sweep
from network.journeys import Lane, Timetabled, explain
from network.windows import window_values


def ways_leaving(
    network: TravelNetwork, mode: TravelMode, origins: Points, targets: Points, departure: int
) -> list[Way | None]:
    """Way of every origin, as `explain.way_leaving` finds it for one, by one pass over the timetable for all."""
    direct = street_nearest(network, mode.street, origins, targets)
    seconds, target = direct.seconds.copy(), direct.target.copy()
    journeys = [None] * len(seconds)
    if mode.rides:
        service = network.service
        snapped = snap_points(network, mode.street, origins)
        leaving = departing(network, mode, snapped, Window(departure, 60, 1))
        egress = egress_to_nearest(network, mode, targets)
        table = sweep(service.events, egress[:, None])
        no_street = packed(np.full(len(seconds), np.inf), np.zeros(len(seconds), np.int32))
        value = window_values(worthwhile(service.events, table), 0, leaving, no_street)[:, 0]
        rides: Bools = as_seconds(value) < seconds
        seconds[rides], target[rides] = as_seconds(value)[rides], as_targets(value)[rides]
        timetabled = Timetabled(service.events, service.timetable.trips, service.changes)
        lane = Lane(egress, table[:, 0])
        for row in np.flatnonzero(rides).tolist():
            access_s = plain(np.full(len(service.stop_x_m), np.inf))
            own = _of(leaving, row)
            access_s[own.stop] = own.seconds
            journeys[row] = explain(timetabled, lane, access_s, departure)  # type: ignore[call-overload]
    longest_s = network.assumptions.travel_max_s
    return [
        Way(departure, departure + round(of), int(to), journey) if of <= longest_s else None
        for of, to, journey in zip(seconds.tolist(), target.tolist(), journeys, strict=True)
    ]


def _of(leaving: Departing, origin: int) -> Access:
    ways = leaving.access
    rows = slice(ways.first[origin], ways.first[origin + 1])
    return Access(np.array([0, rows.stop - rows.start]), ways.stop[rows], ways.seconds[rows])


def leg_names(network: TravelNetwork, mode: TravelMode, way: Way | None, target: str) -> tuple[str, ...]:
    """Legs of a way, each with its minutes: by street, by line from stop to stop; none where there is no way."""
    if way is None:
        return ()
    if way.journey is None:
        return (f"{mode.street} {_minutes(way.arrival - way.departure)} to {target}",)
    timetable = network.service.timetable
    trips, name = timetable.trips, timetable.stops.name
    legs, by, at = [], mode.street, way.departure
    for leg in way.journey.legs:
        boarding, alighting = (name[trips.call_stop[call]] for call in (leg.from_call, leg.to_call))
        wait_s = leg.departure - at - leg.walk_s
        legs += [f"{by} {_minutes(leg.walk_s)} to {boarding}", f"wait {_minutes(wait_s)}"]
        legs.append(f"line {trips.route[leg.trip]} {_minutes(leg.arrival - leg.departure)} to {alighting}")
        by, at = "walk", leg.arrival
    return (*legs, f"walk {_minutes(way.journey.egress_s)} to {target}")


def _minutes(seconds: int) -> str:
    return f"{round(seconds / 60)} min"
