"""What each closure of one facility of a kind, and of two, does to the time of every origin: exact, without redoing all.

Only who goes to a facility feels its closure. By street that is the origin whose nearest it is, and its time afterwards
is the one to its second nearest, or third nearest when the second closes as well. With public transport an origin may go
to different facilities at different departures, and a median of minimums is no minimum of medians: so for every closure
the day is swept again without the facility, but read only at the origins that go there at any departure of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accessibility.catchments import k_nearest, part
from accessibility.nearest_times import OriginAccess, nearest_times, of_kind
from accessibility.travel_network import Points, TravelNetwork, snap_points
from accessibility.travel_times import ORIGINS_PER_BLOCK, TravelMode
from data.columns import Floats, Int32s, Int64s, freeze, take
from data.errors import InputError
from data.places import Facilities
from network.hierarchy.search import NearestK, nearest_k
from network.hierarchy.sweep import LANES_PER_PASS
from network.lanes import as_seconds
from network.transit.departures import ParetoDepartures, pareto_departures
from network.transit.event_sweep import Clocks, as_targets, packed, sweep, sweep_rides
from network.transit.window_percentiles import window_values

N_NEAREST = 3
"""With two closed, one of the three nearest is left."""
MEDIAN_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Closures:
    """Times of O origins as they are, and where closures of the T facilities of a kind change who goes where.

    Attributes
    ----------
    facility
        (T,) int32, rows of Facilities.
    seconds
        (O,) float64, nothing closed.
    closed, origin, after_s
        (A,) row of `facility` that closes, row of the origin, its seconds then; an origin not named for a facility has
        the same time without it. Ordered by `closed`, then `origin`.
    pair, pair_origin, pair_after_s
        (B, 2) rows of `facility` that close together, the lower first, (B,) origin, (B,) its seconds then; an origin not
        named for a pair has its time with one of the two closed, or with none. Empty unless pairs were asked for.

    """

    facility: Int32s
    seconds: Floats
    closed: Int32s
    origin: Int32s
    after_s: Floats
    pair: Int32s
    pair_origin: Int32s
    pair_after_s: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.closed), "facility", "seconds", "pair", "pair_origin", "pair_after_s")


def closures(
    network: TravelNetwork,
    access: OriginAccess,
    facilities: Facilities,
    kind: str,
    mode: TravelMode,
    *,
    pairs: bool,
) -> Closures:
    """Close every facility of a kind by itself, and every two together when `pairs`.

    `access` is what `nearest_times.origin_access` gives for this network and mode; the times are those of `nearest_times`.

    Raises
    ------
    InputError
        For pairs of an on-demand mode, which would take a search for each of them.

    """
    if mode.on_demand:
        if pairs:
            msg = f"Closures two by two are not worked out for {mode.name}; close one by one, or choose another mode."
            raise InputError(msg)
        return _by_asking(network, access, facilities, kind, mode)
    if access.departures is None:
        return _by_street(network, access, facilities, kind, mode, pairs=pairs)
    return _by_transit(network, access, facilities, kind, mode, pairs=pairs)


def _by_street(
    network: TravelNetwork,
    access: OriginAccess,
    facilities: Facilities,
    kind: str,
    mode: TravelMode,
    *,
    pairs: bool,
) -> Closures:
    rows = of_kind(facilities, kind)
    near = k_nearest(network, access, facilities, kind, mode, N_NEAREST)
    number = np.searchsorted(rows, near.facility).astype(np.int32)
    goes = np.flatnonzero(near.facility[:, 0] >= 0)
    goes = goes[np.argsort(number[goes, 0], kind="stable")]
    on = np.flatnonzero(near.facility[:, 1] >= 0) if pairs else np.empty(0, np.int64)
    return Closures(
        facility=rows,
        seconds=near.seconds[:, 0].copy(),
        closed=number[goes, 0],
        origin=goes.astype(np.int32),
        after_s=near.seconds[goes, 1],
        pair=np.sort(number[on, :2], axis=1),
        pair_origin=on.astype(np.int32),
        pair_after_s=near.seconds[on, 2],
    )


def _by_asking(
    network: TravelNetwork, access: OriginAccess, facilities: Facilities, kind: str, mode: TravelMode
) -> Closures:
    """Close each facility and search again: for on-demand rides, of which nothing tells who goes where at every departure."""
    rows = of_kind(facilities, kind)
    seconds = nearest_times(network, access, facilities, kind, mode).seconds
    closed, origin, after_s = [np.empty(0, np.int32)], [np.empty(0, np.int32)], [np.empty(0)]
    for number, row in enumerate(rows):
        left = take(facilities, np.delete(np.arange(len(facilities.id)), row))
        without_s = nearest_times(network, access, left, kind, mode).seconds
        felt = np.flatnonzero(without_s != seconds)
        closed.append(np.full(len(felt), number, np.int32))
        origin.append(felt.astype(np.int32))
        after_s.append(without_s[felt])
    return Closures(
        facility=rows,
        seconds=seconds.copy(),
        closed=np.concatenate(closed),
        origin=np.concatenate(origin),
        after_s=np.concatenate(after_s),
        pair=np.empty((0, 2), np.int32),
        pair_origin=np.empty(0, np.int32),
        pair_after_s=np.empty(0),
    )


class _Ways(NamedTuple):
    """How one rides, and the nearest facilities of a kind from the stops on, and by the mode's street from the origins."""

    mode: TravelMode
    access: OriginAccess
    egress: NearestK
    direct: NearestK


class _Tasks(NamedTuple):
    """Closures to work out: what closes, (C, n) numbers of facilities, and which origins, ragged, may feel it."""

    closed: Int32s
    offset: Int64s
    origin: Int32s


class _Felt(NamedTuple):
    """Seconds of every row of the tasks, and who goes where: (U,) row, and (U,) a facility it goes to."""

    seconds: Floats
    row: Int64s
    goes_to: Int64s


def _by_transit(
    network: TravelNetwork,
    access: OriginAccess,
    facilities: Facilities,
    kind: str,
    mode: TravelMode,
    *,
    pairs: bool,
) -> Closures:
    rows = of_kind(facilities, kind)
    points = Points(facilities.x_m[rows], facilities.y_m[rows])
    stops, at_end = (snap_points(network, mode.egress, each) for each in (network.service.stops, points))
    egress = nearest_k(network.search, network.row(mode.egress), stops, at_end, N_NEAREST)
    within_s = np.where(egress.seconds > mode.egress_max_s, np.inf, egress.seconds)
    arrival = snap_points(network, mode.street, points)
    direct = nearest_k(network.search, network.row(mode.street), access.snapped, arrival, N_NEAREST)
    ways = _Ways(mode, access, egress._replace(seconds=within_s), direct)
    n_origins, n_facilities = len(access.snapped.edge), len(rows)
    everybody = np.arange(n_origins, dtype=np.int32)
    nothing = _Tasks(np.empty((1, 0), np.int32), np.array([0, n_origins]), everybody)
    before = _work_out(network, ways, nothing, n_facilities)
    singles = _tasks(before.goes_to[:, None], before.row, n_facilities)
    after = _work_out(network, ways, singles, n_facilities)
    both = _pairs(singles, after, n_facilities) if pairs else _no_tasks()
    together = _work_out(network, ways, both, n_facilities)
    return Closures(
        facility=rows,
        seconds=before.seconds,
        closed=_repeated(singles)[:, 0],
        origin=singles.origin,
        after_s=after.seconds,
        pair=_repeated(both),
        pair_origin=both.origin,
        pair_after_s=together.seconds,
    )


def _tasks(closed: NDArray[np.integer], origin: NDArray[np.integer], n_facilities: int) -> _Tasks:
    """Group rows of (facilities that close, origin) by what closes, each origin once."""
    n_closed = closed.shape[1]
    key = closed.astype(np.int64) @ (n_facilities ** np.arange(n_closed - 1, -1, -1, dtype=np.int64))
    order = np.lexsort((origin, key))
    key, origin, closed = key[order], origin[order], closed[order]
    if len(key):
        fresh = np.append(True, (np.diff(key) != 0) | (np.diff(origin) != 0))
        key, origin, closed = key[fresh], origin[fresh], closed[fresh]
    _, begin = np.unique(key, return_index=True)
    first = np.append(begin, len(key)).astype(np.int64)
    return _Tasks(closed[begin].astype(np.int32), first, origin.astype(np.int32))


def _no_tasks() -> _Tasks:
    return _Tasks(np.empty((0, 2), np.int32), np.zeros(1, np.int64), np.empty(0, np.int32))


def _repeated(tasks: _Tasks) -> Int32s:
    """(rows, n) what closes, for every origin of the tasks."""
    return np.repeat(tasks.closed, np.diff(tasks.offset), axis=0)


def _pairs(singles: _Tasks, after: _Felt, n_facilities: int) -> _Tasks:
    """Two facilities and an origin that, with the one closed, goes to the other."""
    pair = np.column_stack([_repeated(singles)[after.row, 0], after.goes_to])
    return _tasks(np.sort(pair, axis=1), singles.origin[after.row], n_facilities)


def _work_out(network: TravelNetwork, ways: _Ways, tasks: _Tasks, n_facilities: int) -> _Felt:
    """Sweep the day once per closure, a block of lanes at a time, and read it at the origins that may feel it."""
    seconds = np.empty(len(tasks.origin))
    rows, goes_to = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    n_per_pass = max(1, LANES_PER_PASS // network.service.n_samples)
    n_per_block = max(1, ORIGINS_PER_BLOCK // network.service.n_samples)
    for begin in range(0, len(tasks.closed), n_per_pass):
        block = range(begin, min(begin + n_per_pass, len(tasks.closed)))
        egress = np.stack([_without(ways.egress, tasks.closed[task]) for task in block], axis=1)
        samples = _swept(network, ways.mode, egress)
        for lane, task in enumerate(block):
            for low in range(tasks.offset[task], tasks.offset[task + 1], n_per_block):
                high = min(low + n_per_block, int(tasks.offset[task + 1]))
                values = _values(
                    samples, lane, ways, tasks.origin[low:high].astype(np.int64), tasks.closed[task]
                )
                middle = int(np.ceil(MEDIAN_SHARE * (values.shape[1] - 1)))
                seconds[low:high] = as_seconds(np.partition(values, middle, axis=1)[:, middle])
                # The column beyond the last takes the departures without a connection.
                used = np.zeros((high - low, n_facilities + 1), np.bool_)
                used[np.arange(high - low)[:, None], as_targets(values)] = True
                row, column = np.nonzero(used[:, :-1])
                rows.append(row + low)
                goes_to.append(column)
    return _Felt(seconds, np.concatenate(rows), np.concatenate(goes_to))


def _swept(network: TravelNetwork, mode: TravelMode, egress: Int64s) -> list[ParetoDepartures]:
    """Departures worth waiting for of every sample of the timetable."""
    max_rides = network.assumptions.max_rides
    return [
        pareto_departures(graph, sweep_rides(graph, egress, max_rides) if max_rides else sweep(graph, egress))
        for graph in network.service.graphs(with_bikes=mode.takes_bike)
    ]


def _values(
    samples: list[ParetoDepartures], lane: int, ways: _Ways, origin: Int64s, closed: Int32s
) -> Clocks:
    """(o, D) packed seconds and facility of every departure of all samples, for some origins, with some closed."""
    departing = part(ways.access, origin).departures
    assert departing is not None  # noqa: S101 -- public transport has its departures
    direct = _without(NearestK._make(column[origin] for column in ways.direct), closed)
    return np.concatenate([window_values(found, lane, departing, direct) for found in samples], axis=1)


def _without(several: NearestK, closed: Int32s) -> Int64s:
    """Packed seconds and number of the nearest facility that is not closed; fewer close than there are nearest."""
    is_open = ~np.isin(several.target, closed)
    column = is_open.argmax(axis=1)[:, None]
    seconds = np.take_along_axis(several.seconds, column, axis=1)[:, 0]
    target = np.take_along_axis(several.target, column, axis=1)[:, 0]
    return packed(seconds, target)
