"""Streets and public transport tied together: everything that decides how long a way takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accessibility.assumptions import Assumptions
from accessibility.travellers import Traveller
from data.build_report import BuildReport, finding
from data.columns import Floats, Int32s
from data.files.ready_arrays import save_table
from data.on_demand.services import NO_ON_DEMAND, OnDemandServices
from data.progress import Progress
from data.projection import Projection
from data.streets import StreetMap
from data.timetable import NO_TIMETABLE, Timetable, Transfers, Trips, picked
from network.hierarchy import search
from network.hierarchy.packing import MAX_SECONDS
from network.hierarchy.search import NETWORK, Nearest, StreetSearch, build_street_search
from network.hierarchy.within import Within, nobody, within
from network.modes.modes import PROFILES, Profile
from network.streets.network import StreetNetwork, build_street_network
from network.streets.snap import Snapped, known_doors, on_passed, snap
from network.streets.snap_index import KnownDoors, SnapIndex, snap_indexes
from network.transit.event_graph import EventGraph, build_events, mirrored
from network.transit.headway_samples import Graphs, SampledGraphs, headway_shifts, shifted
from network.transit.journeys import Timetabled
from network.transit.transfers import TransferTimes, transfer_times

WALK = "walk"
"""The profile of access, change and egress on foot."""


class Points(NamedTuple):
    """P points in projected metres."""

    x_m: Floats
    y_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """Public transport of one day, tied to the streets; without a timetable it has no stops and no events.

    Attributes
    ----------
    timetable
        As published; where it gives headways only, `timed` tells the trips of a sample.
    transfer_times
        Between its stops.
    events, events_with_bikes
        Event graph of all trips, and of those that take bicycles along; of the first sample where there are several.
    n_samples
        Samples of the times, 1 where every time is published.
    stop_x_m, stop_y_m
        (S,) float64 places of the stops.

    """

    timetable: Timetable
    transfer_times: TransferTimes
    events: EventGraph
    events_with_bikes: EventGraph
    n_samples: int
    stop_x_m: Floats
    stop_y_m: Floats

    def graphs(self, *, with_bikes: bool, backward: bool = False) -> Graphs:
        """Event graphs that count alike, of all trips or only of those that take bicycles along: one per sample.

        `backward` gives those of the mirrored timetable, on which arriving by a clock time is leaving at minus that time.
        """
        if self.n_samples == 1 and not backward:
            return (self.events_with_bikes if with_bikes else self.events,)
        return _sampled_graphs(self, with_bikes, backward)

    def timed(self, sample: int, *, with_bikes: bool) -> Timetabled:
        """One of the `graphs` with the trips that it was made of."""
        trips = _sampled_trips(self, sample)
        graph = self.graphs(with_bikes=with_bikes)[sample]
        return Timetabled(graph, _with_bikes(trips) if with_bikes else trips, self.transfer_times)

    @property
    def stops(self) -> Points:
        """(S,) points of the stops."""
        return Points(self.stop_x_m, self.stop_y_m)


@dataclass(frozen=True, slots=True, eq=False)
class TravelNetwork:
    """Streets for the modes of `profiles`, with an index of places per mode, and the service that runs on them.

    Attributes
    ----------
    indexes
        Of the streets before all edits, so that nobody's door moves.
    walk
        Name of the profile that stands in for `WALK`: the traveller's own pace.
    on_demand
        On-demand services.

    """

    search: StreetSearch
    profiles: tuple[Profile, ...]
    indexes: tuple[SnapIndex, ...]
    service: Service
    assumptions: Assumptions
    walk: str = WALK
    on_demand: OnDemandServices = NO_ON_DEMAND

    @property
    def streets(self) -> StreetNetwork:
        """The contracted streets."""
        return self.search.network

    def row(self, street: str) -> int:
        """Row of the profile called `street`, or of what stands in for it."""
        name = self.walk if street == WALK else street
        return [profile.name for profile in self.profiles].index(name)


def build_travel_network(
    streets: StreetMap,
    timetable: Timetable,
    projection: Projection,
    profiles: tuple[Profile, ...],
    assumptions: Assumptions,
    progress: Progress,
) -> tuple[TravelNetwork, BuildReport]:
    """Contract the streets, attach the stops, and work out the walks between them."""
    progress("streets to network", 0.0)
    ready, report = ready_search(streets, profiles, projection)
    network = travel_network(ready, no_service(), profiles, assumptions)
    network, apart = build_service(network, timetable, projection, progress)
    return network, report + apart


def write_streets(
    folder: Path, streets: StreetMap, projection: Projection, profiles: tuple[Profile, ...]
) -> BuildReport:
    """Contract the streets into a new folder, where `write_street_search` makes them ready for searches.

    Whoever calls may let go of the streets in between: those of a country as mapped take more than what is made of them.
    """
    contracted, report = build_street_network(streets, profiles, projection)
    save_table(folder / NETWORK, contracted)
    return report


def ready_search(
    streets: StreetMap,
    profiles: tuple[Profile, ...],
    projection: Projection,
    kept: tuple[Profile, ...] | None = None,
) -> tuple[StreetSearch, BuildReport]:
    """Contract the streets and make them ready for searches by the profiles `kept`, None for all."""
    contracted, report = build_street_network(streets, profiles, projection, kept)
    return build_street_search(contracted), report


def build_service(
    network: TravelNetwork, timetable: Timetable, projection: Projection, progress: Progress
) -> tuple[TravelNetwork, BuildReport]:
    """Attach the stops of a timetable to the streets, and say which of them are far from any, or from each other."""
    progress("walks between stops", 0.5)
    network = with_timetable(network, timetable, projection)
    progress("walks between stops", 1.0)
    return network, _far_stops(network) + _void_rules(network.service)


def travel_network(
    ready: StreetSearch,
    service: Service,
    profiles: tuple[Profile, ...],
    assumptions: Assumptions,
    known: tuple[KnownDoors, ...] = (),
) -> TravelNetwork:
    """Put ready parts together; only the indexes for snapping are made anew, with the doors that are known by profile."""
    return TravelNetwork(ready, profiles, snap_indexes(ready.network.mapped, known), service, assumptions)


class ReadyDoors(NamedTuple):
    """Doors of a region's own points, for each of the first profiles."""

    by_profile: tuple[KnownDoors, ...]


def ready_doors(network: TravelNetwork, points: Sequence[Points]) -> ReadyDoors:
    """Find the doors of all points for the profiles of an adult."""
    x_m, y_m = (np.concatenate(axis) for axis in zip(*points, strict=True))
    of = zip(network.indexes, network.profiles[: len(PROFILES)], strict=False)
    return ReadyDoors(tuple(known_doors(index, profile, x_m, y_m) for index, profile in of))


def with_timetable(network: TravelNetwork, timetable: Timetable, projection: Projection) -> TravelNetwork:
    """Network with the trips of another timetable, its stops attached to the streets."""
    stops = Points(*projection.to_metres(timetable.stops.lon_deg, timetable.stops.lat_deg))
    return replace(network, service=_service(network, timetable, stops))


def with_streets(network: TravelNetwork, ready: StreetSearch) -> TravelNetwork:
    """Network over edited streets, the walks between stops included; doors stay where they are."""
    return _renewed(replace(network, search=ready))


def as_traveller(network: TravelNetwork, traveller: Traveller) -> TravelNetwork:
    """Network at the pace of a traveller, with the change time that he or she needs."""
    assumptions = replace(network.assumptions, min_transfer_s=traveller.min_transfer_s)
    if traveller.walk == network.walk and assumptions == network.assumptions:
        return network
    return _renewed(replace(network, walk=traveller.walk, assumptions=assumptions))


def _renewed(network: TravelNetwork) -> TravelNetwork:
    """Work out the changes again after streets, pace or change time are others."""
    service = network.service
    return replace(network, service=_service(network, service.timetable, service.stops))


def _service(network: TravelNetwork, timetable: Timetable, stops: Points) -> Service:
    walks = _walks(network, timetable.transfers, stops)
    ways = transfer_times(walks, timetable.transfers, network.assumptions.min_transfer_s)
    return _tied(timetable, ways, stops, network.assumptions.headway_samples)


def _walks(network: TravelNetwork, transfers: Transfers, stops: Points) -> Within:
    """Walks from stop to stop, as far as the longest walk for a change, or the time of a rule."""
    mode = network.row(WALK)
    limit_s = network.assumptions.transfer_walk_max_m / network.profiles[mode].speed.cruise_mps
    at_stops = snap_points(network, WALK, stops)
    walks = within(network.search, mode, at_stops, at_stops, limit_s)
    # Whoever publishes a longer time means that people do walk so far there.
    n_stops = max(len(stops.x_m), 1)
    longer = np.flatnonzero(transfers.min_s > limit_s)
    ruled = transfers.from_stop[longer].astype(np.int64) * n_stops + transfers.to_stop[longer]
    ruled, last = np.unique(ruled[::-1], return_index=True)
    from_stop, to_stop = np.divmod(ruled, n_stops)
    min_s = transfers.min_s[longer][::-1][last]
    if not len(ruled):
        return walks
    one, start = np.unique(from_stop, return_inverse=True)
    other, end = np.unique(to_stop, return_inverse=True)
    starts, ends = (Snapped._make(column[rows] for column in at_stops) for rows in (one, other))
    far = within(network.search, mode, starts, ends, min(int(min_s.max()), MAX_SECONDS - 1))
    far_s = far.between(start, end)
    new = (far_s <= min_s) & np.isinf(walks.between(from_stop, to_stop))
    return walks.merged(from_stop[new], to_stop[new], far_s[new].astype(np.int32))


def _tied(timetable: Timetable, ways: TransferTimes, stops: Points, n_samples: int) -> Service:
    shift_s = headway_shifts(timetable, n_samples)
    trips = shifted(timetable.trips, shift_s[0])
    return Service(
        timetable,
        ways,
        build_events(trips, ways),
        build_events(_with_bikes(trips), ways),
        len(shift_s),
        stops.x_m,
        stops.y_m,
    )


@lru_cache(maxsize=4)
def _shifts(service: Service) -> Int32s:
    return headway_shifts(service.timetable, service.n_samples)


def _sampled_trips(service: Service, sample: int) -> Trips:
    return shifted(service.timetable.trips, _shifts(service)[sample])


@lru_cache(maxsize=4)
def _sampled_graphs(service: Service, with_bikes: bool, backward: bool) -> SampledGraphs:  # noqa: FBT001 -- keys
    def graph(sample: int) -> EventGraph:
        trips, ways = _sampled_trips(service, sample), service.transfer_times
        trips = _with_bikes(trips) if with_bikes else trips
        return build_events(*(mirrored(trips, ways) if backward else (trips, ways)))

    return SampledGraphs(service.n_samples, graph)


def _with_bikes(trips: Trips) -> Trips:
    """Only the trips that take bicycles along."""
    return picked(trips, trips.with_bikes.astype(np.int64))


def _far_stops(network: TravelNetwork) -> BuildReport:
    """Stops that no street leads to, and those that nothing leads to but what is passed."""
    name, walk = network.service.timetable.stops.name, network.profiles[network.row(WALK)]
    found = snap_points(network, WALK, network.service.stops)
    far = f"stops further than {walk.max_snap_m:.0f} m from any street: nobody gets there on foot"
    passed = "stops with nothing in reach but what is passed: a bridge, tunnel or ferry"
    return finding(
        "timetable", "kept", far, [name[stop] for stop in np.flatnonzero(~found.is_attached).tolist()]
    ) + finding(
        "timetable",
        "kept",
        passed,
        [name[stop] for stop in np.flatnonzero(on_passed(network.streets, found)).tolist()],
    )


def _void_rules(service: Service) -> BuildReport:
    """Transfer times between stops that nobody walks between in that time."""
    rules, ways, stops = service.timetable.transfers, service.transfer_times, service.timetable.stops
    n_stops = len(stops.id)
    walked = np.repeat(np.arange(n_stops), np.diff(ways.offset)) * n_stops + ways.to_stop
    void = (rules.min_s >= 0) & ~np.isin(rules.from_stop.astype(np.int64) * n_stops + rules.to_stop, walked)
    pairs = zip(rules.from_stop[void], rules.to_stop[void], strict=True)
    what = "transfer times between stops too far apart to walk in that time: there is no transfer"
    return finding("timetable", "dropped", what, [f"{stops.name[a]} to {stops.name[b]}" for a, b in pairs])


def no_service() -> Service:
    """Return a service without stops and trips."""
    ways = transfer_times(nobody(0), NO_TIMETABLE.transfers, 1)
    return _tied(NO_TIMETABLE, ways, Points(np.empty(0), np.empty(0)), 1)


def snap_points(network: TravelNetwork, street: str, points: Points) -> Snapped:
    """Attach points to the streets of one profile."""
    row = network.row(street)
    return snap(
        network.search.network, row, network.profiles[row], network.indexes[row], points.x_m, points.y_m
    )


def street_nearest(network: TravelNetwork, street: str, origins: Points, targets: Points) -> Nearest:
    """Quickest target of each origin over the streets."""
    origin, target = (snap_points(network, street, points) for points in (origins, targets))
    return search.nearest(network.search, network.row(street), origin, target)


def street_matrix(
    network: TravelNetwork, street: str, origins: Points, targets: Points, limit_s: float
) -> Floats:
    """(O, T) float64 seconds over the streets; inf beyond `limit_s`."""
    origin, target = (snap_points(network, street, points) for points in (origins, targets))
    return search.matrix(network.search, network.row(street), origin, target, limit_s)


def street_within(
    network: TravelNetwork, street: str, origins: Points, targets: Points, limit_s: float
) -> Within:
    """Seconds over the streets to the targets within `limit_s`."""
    origin, target = (snap_points(network, street, points) for points in (origins, targets))
    return within(network.search, network.row(street), origin, target, limit_s)
