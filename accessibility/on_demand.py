"""On-demand rides, door to door or from stop to stop, over every departure of a window.

What the seconds mean: from leaving home until arriving, with

- the walk to the stop, where the service has stops, and in any case
- the wait until the vehicle may be there: *prebooked*, none within the hours of the service, so this is a
  planned ride; *immediate*, booked on leaving, the lead that the service asks for, so this is a ride decided upon at
  that moment (the walk to the stop is done in that time);
- the margin between the agreed pick-up and the departure;
- the ride, as long as a car takes that goes straight there over the streets, times the detour;
- the walk from the stop.

One who leaves before the service opens waits until it does, as at a bus stop. One who must be there by a clock time is
picked up as late as that and the hours of the service allow, and the seconds are until that time.

There is no ride outside the zones, none shorter than `min_m` or longer than `max_m` (metres of a car's quickest way from
pick-up to drop-off, without detour), and going on foot instead is no part of this: of several services and targets the
quickest ride counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np

from accessibility.travel_network import (
    WALK,
    Points,
    TravelNetwork,
    street_matrix,
    street_nearest,
    street_within,
)
from data.columns import Bools, Floats, Int32s, Int64s
from data.on_demand.periods import Periods
from data.on_demand.services import Area, OnDemand, OnDemandServices, within
from data.projection import Projection
from network.hierarchy.packing import MAX_SECONDS, Unpacked, lower_by_detours, pack, unpack
from network.hierarchy.search import measured_matrix
from network.lanes import UNREACHED_INT64
from network.streets.snap import Snapped, snap
from network.transit.departures import Access, Window, access

VEHICLE = "car"
"""Street profile of the vehicles."""
POINTS_PER_BLOCK = 2048
"""So many origins or pick-ups at a time have a row for all drop-offs, or for all departures, in memory."""

Booking: TypeAlias = Literal["prebooked", "immediate"]
Table = TypeVar("Table", Snapped, Unpacked)


class OnDemandRequest(NamedTuple):
    """When people leave or must be there, how they book, and how far they walk to a stop and from one."""

    window: Window
    booking: Booking
    access_max_s: int
    egress_max_s: int


class Boarding(NamedTuple):
    """How O origins get to one service."""

    service: OnDemand
    access: Access
    """Ways to its P pick-ups, in the place of stops; from a door there is one of no seconds."""
    points: Snapped
    """(P,) pick-ups on the streets of the vehicle."""


class OnDemandAccess(NamedTuple):
    """How O origins get to every service: no edit of facilities changes it."""

    request: OnDemandRequest
    boardings: tuple[Boarding, ...]
    n_origins: int
    projection: Projection


class RideTimes(NamedTuple):
    """Times over the departures of a window, for the shape of origins, or of origins and targets."""

    percentiles_s: Floats
    """(..., Q) float64, each a time that occurs; inf where not that many departures have a ride."""
    target: Int32s
    """(..., Q) int32, row of a target reached in that time; -1 where none."""
    metres: Floats
    """(..., Q) float64, of that ride along the streets, without detour; inf where none."""
    served_share: Floats
    """(...,) float64, share of the departures with a ride."""
    planned_s: Floats
    """(...,) float64, leaving at the best time in the hour: the median over the hours of the window."""
    missed_s: Floats
    """(...,) float64, the same at the worst time in the hour."""


def on_demand_access(
    network: TravelNetwork, services: OnDemandServices, request: OnDemandRequest, origins: Points
) -> OnDemandAccess:
    """Find which origins lie in which zone, and their ways on foot to which stops."""
    boardings = []
    for service in services.services:
        if service.pickup.stops:
            stops = _stops(services.projection, service.pickup)
            points, ways = stops, access(street_within(network, WALK, origins, stops, request.access_max_s))
        else:
            inside = _within(services.projection, service.pickup, origins)
            row = np.flatnonzero(inside)
            points = Points(origins.x_m[row], origins.y_m[row])
            first = np.concatenate([[0], np.cumsum(inside)]).astype(np.int64)
            ways = Access(first, np.arange(len(row), dtype=np.int32), np.zeros(len(row), np.int32))
        boardings.append(Boarding(service, ways, _stops_of_vehicle(network, points)))
    return OnDemandAccess(request, tuple(boardings), len(origins.x_m), services.projection)


def on_demand_nearest(
    network: TravelNetwork, out: OnDemandAccess, targets: Points, percents: tuple[float, ...]
) -> RideTimes:
    """Times of every origin to the target reached first; arrays are (O, Q)."""
    best = []
    for boarding in out.boardings:
        dropoff = boarding.service.dropoff
        if dropoff.stops:
            drops = _stops(out.projection, dropoff)
            walk = street_nearest(network, WALK, drops, targets)
            far = walk.seconds > out.request.egress_max_s
            egress = _packed(np.where(far, np.inf, walk.seconds), 0.0, walk.target)
        else:
            row = np.flatnonzero(_within(out.projection, dropoff, targets))
            drops = Points(targets.x_m[row], targets.y_m[row])
            egress = pack(np.zeros(len(row), np.int64), 0.0, row)
        best.append(_best_rides(network, boarding, drops, egress[:, None])[:, 0])
    return _over_window(network, out, best, percents)


def on_demand_matrix(
    network: TravelNetwork, out: OnDemandAccess, targets: Points, percents: tuple[float, ...]
) -> RideTimes:
    """Times of every origin to every target, see `on_demand_nearest`; arrays are (O, T, Q)."""
    n_targets = len(targets.x_m)
    best = []
    for boarding in out.boardings:
        dropoff = boarding.service.dropoff
        if dropoff.stops:
            drops = _stops(out.projection, dropoff)
            egress_s = street_matrix(network, WALK, drops, targets, out.request.egress_max_s)
        else:
            row = np.flatnonzero(_within(out.projection, dropoff, targets))
            drops = Points(targets.x_m[row], targets.y_m[row])
            egress_s = np.full((len(row), n_targets), np.inf)
            egress_s[np.arange(len(row)), row] = 0.0
        egress = _packed(egress_s, 0.0, np.arange(n_targets))
        best.append(_best_rides(network, boarding, drops, egress))
    lanes = [
        _over_window(network, out, [values[:, lane] for values in best], percents)
        for lane in range(n_targets)
    ]
    if not lanes:
        shape = (out.n_origins, 0, len(percents))
        return RideTimes(
            np.empty(shape),
            np.empty(shape, np.int32),
            np.empty(shape),
            *(np.empty(shape[:2]) for _ in ("share", "planned", "missed")),
        )
    return RideTimes(*(np.stack(column, axis=1) for column in zip(*lanes, strict=True)))


def _stops_of_vehicle(network: TravelNetwork, points: Points) -> Snapped:
    """Points on the streets of the vehicle, which is not parked there."""
    row = network.row(VEHICLE)
    passing = replace(network.profiles[row], terminal_s=0.0)
    return snap(network.search.network, row, passing, network.indexes[row], points.x_m, points.y_m)


def _stops(projection: Projection, area: Area) -> Points:
    lon_deg, lat_deg = (np.array([stop[axis] for stop in area.stops]) for axis in (1, 2))
    return Points(*projection.to_metres(lon_deg, lat_deg))


def _within(projection: Projection, area: Area, points: Points) -> Bools:
    return within(area.outlines, *projection.to_lonlat(points.x_m, points.y_m))


def _packed(seconds: Floats, metres: Floats | float, target: Int32s | Int64s) -> Int64s:
    """Pack seconds that may be inf, with metres and targets where they are not."""
    reached = np.isfinite(seconds)
    whole = np.where(reached, seconds, MAX_SECONDS).astype(np.int64)
    return pack(whole, np.where(reached, metres, 0.0), np.where(reached, target, 0))


def _best_rides(network: TravelNetwork, boarding: Boarding, drops: Points, egress: Int64s) -> Int64s:
    """(P, K) packed rides from every pick-up on: seconds with detour and egress, metres of the ride, target.

    `egress`, (Q, K), is packed: in K lanes, from each drop-off on.
    """
    service, points = boarding.service, boarding.points
    ends = _stops_of_vehicle(network, drops)
    best = np.full((len(points.edge), egress.shape[1]), UNREACHED_INT64)
    for begin in range(0, len(points.edge), POINTS_PER_BLOCK):
        block = slice(begin, begin + POINTS_PER_BLOCK)
        starts = _picked(points, block)
        direct = measured_matrix(network.search, network.row(VEHICLE), starts, ends)
        lower_by_detours(best[block], direct, egress, service.detour, (service.min_m, service.max_m))
    return best


def _over_window(
    network: TravelNetwork, out: OnDemandAccess, best: list[Int64s], percents: tuple[float, ...]
) -> RideTimes:
    """Percentiles over the departures of the quickest ride, where `best` are the rides of each service, (P,) packed."""
    window = out.request.window.forward
    rank = np.ceil(np.true_divide(percents, 100) * (window.n - 1)).astype(np.int64)
    hour, middle = window.hours[:-1], (len(window.hours) - 1) // 2
    values = np.empty((out.n_origins, len(rank)), np.int64)
    served_share = np.empty(out.n_origins)
    by_hour = np.empty((2, out.n_origins), np.int64)
    boarded = [(boarding, unpack(rides)) for boarding, rides in zip(out.boardings, best, strict=True)]
    for begin in range(0, out.n_origins, POINTS_PER_BLOCK):
        block = slice(begin, min(begin + POINTS_PER_BLOCK, out.n_origins))
        of_block = np.full((block.stop - begin, window.n), UNREACHED_INT64)
        for boarding, rides in boarded:
            ways = _ways(boarding.access, begin, block.stop, rides)
            _take_better(of_block, boarding.service, ways, out.request, network.assumptions.travel_max_s)
        for row, extreme in enumerate((np.minimum, np.maximum)):
            by_hour[row, block] = np.sort(extreme.reduceat(of_block, hour, axis=1), axis=1)[:, middle]
        of_block.sort(axis=1)
        values[block] = of_block[:, rank]
        served_share[block] = (of_block < UNREACHED_INT64).mean(axis=1)
    found = unpack(values)
    return RideTimes(found.seconds, found.target, found.metres, served_share, *unpack(by_hour).seconds)


class _Ways(NamedTuple):
    """Ways from a block of origins to pick-ups, and the quickest ride from there on; only where there is one."""

    origin: Int64s
    walk_s: Int32s
    ride: Unpacked


def _ways(ways: Access, begin: int, end: int, rides: Unpacked) -> _Ways:
    rows = slice(ways.offset[begin], ways.offset[end])
    origin = np.repeat(np.arange(end - begin), np.diff(ways.offset[begin : end + 1]))
    pickup = ways.stop[rows]
    reached = np.isfinite(rides.seconds[pickup])
    return _Ways(origin[reached], ways.seconds[rows][reached], _picked(rides, pickup[reached]))


def _take_better(
    best: Int64s, service: OnDemand, ways: _Ways, request: OnDemandRequest, travel_max_s: int
) -> None:
    """Lower `best`, (O, D) packed, in place, to what a service offers at each departure, of arrivals the last first."""
    if not len(ways.origin):
        return
    lead_s = service.lead_s if request.booking == "immediate" else 0
    before_s, after_s = np.maximum(ways.walk_s, lead_s), service.margin_s + ways.ride.seconds
    periods = service.periods
    if request.window.arrives:
        # Backward in time the ride comes before the pick-up, and the last moment of a period is its first.
        before_s, after_s = after_s, before_s
        periods = tuple((1 - end, 1 - start) for start, end in reversed(periods))
    steady = np.full(len(best), UNREACHED_INT64)
    is_known = False
    for column, departure in enumerate(request.window.forward.clocks.tolist()):
        first, last = departure + int(before_s.min()), departure + int(before_s.max())
        # Whatever the minute: who leaves well within the hours of a service never waits for it to open.
        is_steady = any(start <= first and last < end for start, end in periods)
        if is_steady and is_known:
            np.minimum(best[:, column], steady, out=best[:, column])
            continue
        pickup = next_pickup(periods, departure + before_s)
        seconds = pickup - departure + after_s
        seconds[seconds > travel_max_s] = np.inf
        offers = _packed(seconds, ways.ride.metres, ways.ride.target)
        np.minimum.at(best[:, column], ways.origin, offers)
        if is_steady:
            np.minimum.at(steady, ways.origin, offers)
            is_known = True


def next_pickup(periods: Periods, ready: Int64s | Int32s) -> Floats:
    """First clock time from `ready` on at which a service picks up, inf where it does not any more that day."""
    opens, closes = np.array(periods, np.float64).T
    row = np.searchsorted(closes, ready, side="right")
    pickup: Floats = np.maximum(ready, np.append(opens, np.inf)[row])
    return pickup


def _picked(table: Table, rows: slice | Int32s) -> Table:
    """Some rows of a NamedTuple of columns."""
    return table._replace(**{name: column[rows] for name, column in table._asdict().items()})
