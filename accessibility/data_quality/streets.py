"""Checks of streets: pieces apart, speeds nobody drives, roads without a junction."""

from __future__ import annotations

import numpy as np

from accessibility.data_quality.findings import Check, Table, spotted
from accessibility.data_quality.road_distance import CAR
from accessibility.world import World
from data.columns import Bools, Floats
from network.modes.modes import PROFILES
from network.streets.trip_ends import attached

FAST_KMH, SLOW_KMH = 130.0, 8.0
"""Faster than any Dutch or German advisory limit; slower than a bicycle."""
SLOW_FROM_M = 200.0
"""Short slow stretches are driveways and woonerven."""
LONG_M = 10_000.0
"""Few roads run this far without a side road; ferries may."""
KMH = 3.6


def street_checks(world: World) -> tuple[list[Check], list[Table]]:
    """Checks of the mapped streets, and how long they are for each mode."""
    network = world.network
    streets = network.streets
    n_mapped = streets.mapped.n_edges
    middle = _middles(world)
    names = [f"edge {edge} at {x:.0f}, {y:.0f}" for edge, (x, y) in enumerate(zip(*middle, strict=True))]
    length_m = streets.edge_length_m[:n_mapped]

    def check(what: str, found: Bools, total: int) -> Check:
        return spotted(world, Check("streets", what, 0, total), np.flatnonzero(found), names, middle)

    checks, rows, is_main = [], [], attached(streets.mapped)
    for mode in PROFILES:
        row = network.row(mode.name)
        usable = (streets.speed_mps[row, streets.edge_speed[:n_mapped]] > 0).any(axis=1)
        apart = usable & ~is_main[row]
        checks.append(
            check(f"streets cut off from the main network of mode {mode.name}", apart, int(usable.sum()))
        )
        km, apart_km = length_m[usable].sum() / 1000, length_m[apart].sum() / 1000
        rows.append((mode.name, int(usable.sum()), round(float(km), 1), round(float(apart_km), 1)))
    kmh = streets.speed_mps[network.row(CAR), streets.edge_speed[:n_mapped]].max(axis=1) * KMH
    n_driven = int((kmh > 0).sum())
    slow = (kmh > 0) & (kmh < SLOW_KMH) & (length_m > SLOW_FROM_M)
    checks += [
        check(f"roads driven faster than {FAST_KMH:.0f} km/h", kmh > FAST_KMH, n_driven),
        check(
            f"roads of more than {SLOW_FROM_M:.0f} m driven slower than {SLOW_KMH:.0f} km/h", slow, n_driven
        ),
        check(
            f"roads of more than {LONG_M / 1000:.0f} km without a junction",
            (kmh > 0) & (length_m > LONG_M),
            n_driven,
        ),
    ]
    table = Table(
        "streets",
        "Streets per mode",
        ("mode", "edges", "km", "km cut off"),
        tuple(rows),
        "Edges lead from junction to junction. What is cut off serves trips among those who live on it.",
    )
    return checks, [table, _numbered(world)]


def _numbered(world: World) -> Table:
    """Length of the roads with a number, and how much of each is closed to cyclists."""
    mapped = world.network.streets.mapped
    bike = world.network.row("bike")
    by_bike = (mapped.speed_mps[bike, mapped.edge_speed] > 0).any(axis=1)
    length_km = mapped.edge_length_m / 1000
    numbers = [refs.split(";") for refs in mapped.road_ref]
    rows = []
    for number in sorted({one for refs in numbers for one in refs if one}):
        here = np.array([number in refs for refs in numbers])[mapped.edge_road]
        open_km = length_km[here & by_bike].sum()
        rows.append((number, round(float(length_km[here].sum()), 1), round(float(open_km), 1)))
    return Table("streets", "Roads with a number", ("road", "km", "km open to bicycles"), tuple(rows))


def _middles(world: World) -> tuple[Floats, Floats]:
    """(E,) metres, a vertex in the middle of each mapped edge."""
    streets = world.network.streets
    first = streets.vertex_offset[:-1]
    at = (first + streets.vertex_offset[1:] - 1) // 2
    return streets.vertex_x_m[at], streets.vertex_y_m[at]
