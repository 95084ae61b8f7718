"""Which facilities of a kind each origin reaches, beyond the nearest: the several nearest, and all within a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accessibility.nearest_times import OriginAccess, of_kind
from accessibility.on_demand import on_demand_matrix
from accessibility.travel_network import Points, TravelNetwork, snap_points, street_matrix
from accessibility.travel_times import ORIGINS_PER_BLOCK, TravelMode, window_to_each
from data.columns import Floats, Int32s, Int64s, freeze
from data.places import Facilities
from network.hierarchy.search import matrix, nearest_k
from network.streets.snap import Snapped
from network.transit.departures import Access, Departing

MEDIAN = (50.0,)


@dataclass(frozen=True, slots=True, eq=False)
class KNearest:
    """The n nearest facilities of a kind from O origins, the nearest first.

    With public transport the times are medians over the departures to each facility by itself, and they are ranked by
    them; the median to the nearest at each departure, `nearest_times`, is never longer than the first of these.

    Attributes
    ----------
    seconds
        (O, n) float64; inf where not so many are reached.
    facility
        (O, n) int32, rows of Facilities; -1 likewise.
    metres
        (O, n) float64, along the street; inf likewise, and with public transport.

    """

    seconds: Floats
    facility: Int32s
    metres: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.seconds))


def k_nearest(
    network: TravelNetwork,
    access: OriginAccess,
    facilities: Facilities,
    kind: str,
    mode: TravelMode,
    n_nearest: int,
) -> KNearest:
    """The n nearest of a kind, which they are, and how far.

    `access` is what `nearest_times.origin_access` gives for this network and mode.
    """
    rows = of_kind(facilities, kind)
    name_of = np.append(rows, np.int32(-1))
    if not mode.rides and not mode.on_demand:
        targets = snap_points(network, mode.street, _points(facilities, rows))
        found = nearest_k(network.search, network.row(mode.street), access.snapped, targets, n_nearest)
        return KNearest(found.seconds, name_of[found.target], found.metres)
    seconds_of, facility_of = [], []
    for seconds in times_to_each(network, access, facilities, kind, mode):
        padded = np.pad(seconds, ((0, 0), (0, n_nearest)), constant_values=np.inf)
        target = np.argsort(padded, axis=1, kind="stable")[:, :n_nearest]
        ranked = np.take_along_axis(padded, target, axis=1)
        seconds_of.append(ranked)
        facility_of.append(name_of[np.where(np.isfinite(ranked), target, -1)])
    ranked_s = np.concatenate(seconds_of)
    return KNearest(ranked_s, np.concatenate(facility_of), np.full(ranked_s.shape, np.inf))


def times_to_each(
    network: TravelNetwork, access: OriginAccess, facilities: Facilities, kind: str, mode: TravelMode
) -> Iterator[Floats]:
    """(o, T) float64 seconds to every facility of a kind, a block of origins at a time; medians where one waits."""
    points = _points(facilities, of_kind(facilities, kind))
    if access.on_demand is not None:
        # Those who ride on demand wait alike in all blocks: there is one, of everybody.
        yield on_demand_matrix(network, access.on_demand, points, MEDIAN).percentiles_s[:, :, 0]
        return
    targets, row = snap_points(network, mode.street, points), network.row(mode.street)
    limit_s = network.assumptions.travel_max_s
    stops = network.service.stops
    egress_s = street_matrix(network, mode.egress, stops, points, mode.egress_max_s) if mode.rides else None
    for block in _blocks(access):
        direct_s = matrix(network.search, row, block.snapped, targets, limit_s if mode.rides else np.inf)
        if egress_s is None or block.departures is None:
            yield direct_s
        else:
            found = window_to_each(
                network, block.departures, egress_s, direct_s, MEDIAN, with_bikes=mode.takes_bike
            )
            yield found[:, :, 0]


@dataclass(frozen=True, slots=True, eq=False)
class Catchments:
    """All facilities of a kind within a limit of O origins.

    Attributes
    ----------
    facility
        (T,) int32, rows of Facilities of the kind.
    offset
        (O + 1,) int64; what origin o reaches are rows `offset[o]:offset[o + 1]` of the two below.
    target
        (W,) int32, row of `facility`, ascending per origin.
    seconds
        (W,) float64.

    """

    facility: Int32s
    offset: Int64s
    target: Int32s
    seconds: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.target), "facility", "offset")

    @property
    def n_origins(self) -> int:
        """Number of origins."""
        return len(self.offset) - 1

    @property
    def origin(self) -> Int64s:
        """(W,) int64, the origin of each row."""
        return np.repeat(np.arange(self.n_origins), np.diff(self.offset))

    def within(self, limit_s: float) -> Catchments:
        """The same with a shorter limit."""
        kept = self.seconds <= limit_s
        first = np.append(0, np.cumsum(kept))[self.offset].astype(np.int64)
        return Catchments(self.facility, first, self.target[kept], self.seconds[kept])


def catchments(
    network: TravelNetwork,
    access: OriginAccess,
    facilities: Facilities,
    kind: str,
    mode: TravelMode,
    limit_s: float,
) -> Catchments:
    """All within a limit, itself within; only what is within is kept, a block of origins at a time."""
    n_within, target, reached_s = [], [], []
    for seconds in times_to_each(network, access, facilities, kind, mode):
        origin, column = np.nonzero(seconds <= limit_s)
        n_within.append(np.bincount(origin, minlength=len(seconds)))
        target.append(column.astype(np.int32))
        reached_s.append(seconds[origin, column])
    first = np.append(0, np.cumsum(np.concatenate(n_within))).astype(np.int64)
    return Catchments(of_kind(facilities, kind), first, np.concatenate(target), np.concatenate(reached_s))


def part(access: OriginAccess, origin: Int64s) -> OriginAccess:
    """Some of the origins, in the order given; not of those who ride on demand."""
    if access.on_demand is not None:
        msg = "those who ride on demand are not told apart"
        raise ValueError(msg)
    snapped = Snapped._make(column[origin] for column in access.snapped)
    if access.departures is None:
        return OriginAccess(snapped, None)
    ways, window, travel_max_s = access.departures
    n_ways = np.diff(ways.offset)[origin]
    first = np.append(0, np.cumsum(n_ways)).astype(np.int64)
    way = np.repeat(ways.offset[origin] - first[:-1], n_ways) + np.arange(first[-1])
    return OriginAccess(
        snapped, Departing(Access(first, ways.stop[way], ways.seconds[way]), window, travel_max_s)
    )


def _blocks(access: OriginAccess) -> Iterator[OriginAccess]:
    """Blocks of origins one after the other, one empty block where there are none."""
    n_origins = len(access.snapped.edge)
    for begin in range(0, max(n_origins, 1), ORIGINS_PER_BLOCK):
        yield part(access, np.arange(begin, min(begin + ORIGINS_PER_BLOCK, n_origins)))


def _points(facilities: Facilities, rows: Int32s) -> Points:
    return Points(facilities.x_m[rows], facilities.y_m[rows])
