"""From very many origins to the nearest of every kind, by one mode: block by block on threads, with no table of minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from accessibility.travel_network import Points, TravelNetwork, snap_points
from accessibility.travel_times import TravelMode, egress_to_nearest
from data.columns import Floats
from network.hierarchy.search import nearest
from network.hierarchy.within import reached_from, targets_within
from network.lanes import as_seconds
from network.streets.snap import Snapped
from network.transit.departures import Departing, Window, access
from network.transit.event_sweep import packed
from network.transit.window_percentiles import to_nearest

BLOCKS_PER_THREAD = 2
"""Each block sweeps the timetable anew, so that their number must not grow with the network; two share the work evenly enough."""
PERCENTS = (0.0, 25.0, 50.0, 75.0, 100.0)
"""Best, quarters and worst, over every departure of the window."""


class AllNearest(NamedTuple):
    """From the origins `begin` to `end` to the nearest of K kinds."""

    begin: int
    end: int
    seconds: Floats
    """(o, K, 5) float64, `PERCENTS`, or (o, K, 1) by street; inf where not reached."""
    served_share: Floats
    """(o, K) float64, share of the departures with a connection; by street whether one is reached."""


def all_nearest(
    network: TravelNetwork,
    origins: Points,
    targets: Sequence[Points],
    mode: TravelMode,
    window: Window,
    write: Callable[[AllNearest], None],
    n_threads: int,
) -> None:
    """Hand the times of every block to `write`, on the thread that worked them out; in any order.

    Parameters
    ----------
    network
        With published times: where there are headways only, each of their samples is swept for every block.
    origins, targets
        O points, and those of each of K kinds.
    mode
        By street or by a vehicle that runs by the clock.
    window, write, n_threads
        When people leave, what is done with the times, and how many blocks are worked out side by side.

    """
    row = network.row(mode.street)
    starts = snap_points(network, mode.street, origins)

    def by_street(kind: Points) -> np.ndarray:
        found = nearest(network.search, row, starts, snap_points(network, mode.street, kind))
        return packed(found.seconds, found.target)

    with ThreadPoolExecutor(n_threads) as pool:
        direct = np.column_stack(list(pool.map(by_street, targets)))
        n_per_block = max(1, -(-len(direct) // (BLOCKS_PER_THREAD * n_threads)))
        begins = range(0, len(direct), n_per_block)
        if mode.rides:
            egress = list(pool.map(lambda kind: egress_to_nearest(network, mode, kind), targets))
            stops = snap_points(network, mode.street, network.service.stops)
            near = targets_within(network.search, row, stops, mode.access_max_s)
            graphs = network.service.graphs(with_bikes=mode.takes_bike)

            def ride(begin: int) -> None:
                end = min(begin + n_per_block, len(direct))
                block = Snapped._make(column[begin:end] for column in starts)
                assumed = network.assumptions
                ways = access(reached_from(network.search, row, block, near), assumed.first_boarding_slack_s)
                leaving = Departing(ways, window, assumed.travel_max_s)
                found = [
                    to_nearest(graphs, to_kind, leaving, direct[begin:end, kind], PERCENTS, assumed.max_rides)
                    for kind, to_kind in enumerate(egress)
                ]
                values = np.stack([of.values for of in found], axis=1)
                shares = np.column_stack([of.served_share for of in found])
                write(AllNearest(begin, end, as_seconds(values), shares))

            list(pool.map(ride, begins))
        else:

            def go(begin: int) -> None:
                end = min(begin + n_per_block, len(direct))
                seconds = as_seconds(direct[begin:end])
                write(AllNearest(begin, end, seconds[:, :, None], np.isfinite(seconds).astype(np.float64)))

            list(pool.map(go, begins))
