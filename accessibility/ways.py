"""The ways of many origins at one departure, and the legs they are made of in short words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from accessibility.explain import Way
from accessibility.travel_network import Points, TravelNetwork, snap_points, street_nearest
from accessibility.travel_times import TravelMode, departing, egress_to_nearest
from data.columns import Int32s, Int64s
from network.lanes import as_seconds
from network.transit.departures import Departing, Window, pareto_departures
from network.transit.event_graph import EventGraph
from network.transit.event_sweep import Clocks, as_targets, plain, sweep, sweep_rides
from network.transit.journeys import Journey, Lane, explain
from network.transit.window_percentiles import window_values


def ways_leaving(
    network: TravelNetwork, mode: TravelMode, origins: Points, targets: Points, departure: int
) -> list[Way | None]:
    """Way of every origin, as `explain.way_leaving` finds it for one, by one pass over the timetable for all."""
    service, limits = network.service, network.assumptions
    direct = street_nearest(network, mode.street, origins, targets)
    n_origins = len(direct.seconds)
    seconds, target = direct.seconds.copy(), direct.target.copy()
    journeys: list[Journey | None] = [None] * n_origins
    chosen = np.zeros(n_origins, np.int64)
    trips = {0: service.timed(0, with_bikes=mode.takes_bike).trips}
    if mode.rides and n_origins:
        snapped = snap_points(network, mode.street, origins)
        leaving = departing(network, mode, snapped, Window(departure, 60, 1))
        egress = egress_to_nearest(network, mode, targets)
        values = np.stack(
            [
                _by_vehicle(graph, egress, leaving, limits.max_rides)
                for graph in service.graphs(with_bikes=mode.takes_bike)
            ]
        )
        by_sample = np.minimum(as_seconds(values), seconds)
        chosen = np.argsort(by_sample, axis=0, kind="stable")[len(values) // 2]
        value = values[chosen, np.arange(n_origins)]
        rides = as_seconds(value) < seconds
        seconds[rides], target[rides] = as_seconds(value)[rides], as_targets(value)[rides]
        for sample in np.unique(chosen[rides]).tolist():
            timed = service.timed(sample, with_bikes=mode.takes_bike)
            trips[sample] = timed.trips
            lane = Lane(egress, sweep(timed.graph, egress[:, None])[:, 0])
            for row in np.flatnonzero(rides & (chosen == sample)).tolist():
                access_s = _access_s(leaving, row, len(service.stop_x_m))
                journeys[row] = explain(
                    timed, lane, access_s, departure, limits.max_rides, limits.first_boarding_slack_s
                )
    return [
        Way(
            mode,
            departure,
            departure + round(of),
            int(to),
            journey,
            trips[sample if journey else 0],
            sample if journey else 0,
            service.n_samples,
        )
        if of <= limits.travel_max_s
        else None
        for of, to, journey, sample in zip(
            seconds.tolist(), target.tolist(), journeys, chosen.tolist(), strict=True
        )
    ]


def _by_vehicle(graph: EventGraph, egress: Int64s, leaving: Departing, max_rides: int) -> Clocks:
    """(O,) packed seconds by public transport, at the one departure."""
    table = sweep_rides(graph, egress[:, None], max_rides) if max_rides else sweep(graph, egress[:, None])
    no_street = np.full(len(leaving.access.offset) - 1, table[-1, 0])
    return window_values(pareto_departures(graph, table), 0, leaving, no_street)[:, 0]


def _access_s(leaving: Departing, origin: int, n_stops: int) -> Int32s:
    """(S,) int32 seconds until one origin is ready to board at each stop, unreached where too far."""
    ways = leaving.access
    rows = slice(ways.offset[origin], ways.offset[origin + 1])
    seconds = plain(np.full(n_stops, np.inf))
    seconds[ways.stop[rows]] = ways.seconds[rows]
    return seconds


def leg_names(way: Way | None, stop_name: Sequence[str], target: str) -> tuple[str, ...]:
    """Legs of a way, each with its minutes: by street, by line from stop to stop; none where there is no way."""
    if way is None:
        return ()
    if way.journey is None:
        return (f"{way.mode.street} {_minutes(way.arrival - way.departure)} to {target}",)
    trips, legs, by, at = way.trips, list[str](), way.mode.street, way.departure
    for leg in way.journey.legs:
        boarding, alighting = (stop_name[trips.call_stop[call]] for call in (leg.from_call, leg.to_call))
        if not leg.is_in_seat:
            wait_s = leg.departure - at - leg.walk_s
            legs += [f"{by} {_minutes(leg.walk_s)} to {boarding}", f"wait {_minutes(wait_s)}"]
        legs.append(f"line {trips.route[leg.trip]} {_minutes(leg.arrival - leg.departure)} to {alighting}")
        by, at = "walk", leg.arrival
    return (*legs, f"{way.mode.egress} {_minutes(way.journey.egress_s)} to {target}")


def _minutes(seconds: int) -> str:
    return f"{round(seconds / 60)} min"
