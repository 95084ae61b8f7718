"""The closure stress test over all cells of the embedded region: against five seconds, and against really closing."""

from __future__ import annotations

import numpy as np
from benchmarks.measure import Row, dearer, demand_equal, quicker, side_by_side

from accessibility.closures import Closures, closures
from accessibility.nearest_times import OriginAccess, nearest_times, origin_access
from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.columns import take
from data.places import Facilities
from data.study_area.region_toml import embedded_regions

KIND = "gp"
MODES = ("bike", "transit")
BUDGET_MS = 5000.0
N_REALLY_CLOSED = 6
ROUNDS = 5


def rows() -> list[Row]:
    """Every GP of the region closed by itself, for the first embedded region."""
    world = open_world(embedded_regions()[0], lambda _label, _share: None)
    by_name = {mode.name: mode for mode in world.modes}
    return [row for name in MODES for row in _closures(world, by_name[name])]


def _closures(world: World, mode: TravelMode) -> list[Row]:
    access = origin_access(world.network, world.residents, mode, world.window)

    def engine() -> Closures:
        return closures(world.network, access, world.facilities, KIND, mode, pairs=False)

    found = engine()
    n_facilities = len(found.facility)
    chosen = np.linspace(0, n_facilities - 1, N_REALLY_CLOSED).astype(int).tolist()
    left = [_without(world.facilities, int(found.facility[closed])) for closed in chosen]
    for closed, facilities in zip(chosen, left, strict=True):
        after_s = found.seconds.copy()
        felt = found.closed == closed
        after_s[found.origin[felt]] = found.after_s[felt]
        really = nearest_times(world.network, access, facilities, KIND, mode).seconds
        demand_equal(f"closure of {world.facilities.id[found.facility[closed]]}", after_s, really)

    def peer() -> None:
        for facilities in left:
            nearest_times(world.network, access, facilities, KIND, mode)

    times = side_by_side(
        {"engine": engine, "closing": peer, "start": lambda: _access(world, mode)}, ROUNDS, 1
    )
    question = f"every one of {n_facilities} GPs closed, by {mode.name}"
    network = f"{world.region.name}, {len(access.snapped.edge):,} cells"
    all_closed_ms = times["closing"] * n_facilities / N_REALLY_CLOSED
    with_start_ms = times["engine"] + times["start"]
    return [
        dearer(question, network, "five seconds, setting out included", (with_start_ms, BUDGET_MS), 1.0),
        quicker(question, network, "closing each and asking again", (times["engine"], all_closed_ms), None),
    ]


def _access(world: World, mode: TravelMode) -> OriginAccess:
    return origin_access(world.network, world.residents, mode, world.window)


def _without(facilities: Facilities, row: int) -> Facilities:
    return take(facilities, np.delete(np.arange(len(facilities.id)), row))
