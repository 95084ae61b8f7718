"""Car times beside OSRM's: between points at streets, and along single roads by class; printed as tables of docs/car-times.md.

PYTHONPATH=.:tests .venv/bin/python -m benchmarks.car_times
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from benchmarks import osrm
from benchmarks.networks import CAR, FILES, Real, read_real, scattered

from data.columns import Floats
from network.hierarchy.search import matrix
from network.modes.modes import PROFILES
from network.streets.mapped import THROUGH
from network.streets.snap import snap
from network.streets.snap_index import snap_indexes
from support.files import SHARED

WITH_A_COUNTRY = {"Liechtenstein": SHARED / "liechtenstein" / "liechtenstein.osm.pbf", **FILES}
N_POINTS, NEAR_M = 1200, 25.0
N_ROADS, LONG_M, SOME = 150, 200.0, 8
CLASSES = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service")
PERCENTS = (50, 5, 95)


def main() -> None:
    """Print a row per network, and one per class of road in it."""
    for name, path in WITH_A_COUNTRY.items():
        real = read_real(name, path)
        with osrm.serving(path, PROFILES[CAR].name) as port:
            _print(name, "between points", _between_points(real, port), "")
            for road_class, kmh, ratio in _along_roads(real, port):
                _print(name, road_class, ratio, f"{np.median(kmh):.0f}")


def _print(name: str, what: str, ratio: Floats, kmh: str) -> None:
    middle, low, high = np.percentile(ratio, PERCENTS)
    sys.stdout.write(
        f"| {name} | {what} | {len(ratio):,} | {kmh} | {middle:.2f} | {low:.2f} to {high:.2f} |\n"
    )


def _between_points(real: Real, port: int) -> Floats:
    """Our seconds of driving over OSRM's, of pairs more than a minute apart and within some metres of a street.

    OSRM starts and ends at the nearest street; our walk to it is left out.
    """
    network = real.search.network
    points = snap(
        network, CAR, PROFILES[CAR], snap_indexes(network.mapped)[CAR], *scattered(real, N_POINTS, seed=4)
    )
    rival = osrm.table(port, *real.projection.to_lonlat(points.x_m, points.y_m))
    walk_s = points.off_street_s[:, 0]
    found = matrix(real.search, CAR, points, points, np.inf) - walk_s[:, None] - walk_s
    near = points.off_street_m[:, 0] < NEAR_M
    both = np.isfinite(found) & (rival > 60) & near[:, None] & near
    return np.asarray(found[both] / rival[both])


def _along_roads(real: Real, port: int) -> Iterator[tuple[str, Floats, Floats]]:
    """Per class our km/h and our seconds over OSRM's between a fifth and four fifths of some long edges."""
    mapped = real.search.network.mapped
    of_class = np.array(mapped.road_class)[mapped.edge_road]
    ahead_mps = mapped.speed_mps[CAR, mapped.edge_speed, 0]
    usable = (ahead_mps > 0) & (mapped.use[CAR, mapped.edge_speed, 0] == THROUGH)
    for road_class in CLASSES:
        edges = np.flatnonzero(usable & (mapped.edge_length_m > LONG_M) & (of_class == road_class))
        edges = np.random.default_rng(7).permutation(edges)[:N_ROADS]
        if len(edges) < SOME:
            continue
        places = [_place(real, edge, share) for edge in edges.tolist() for share in (0.2, 0.8)]
        found = osrm.table(port, *real.projection.to_lonlat(*np.array(places).T))
        rival = found[np.arange(0, len(places), 2), np.arange(1, len(places), 2)]
        seconds = 0.6 * mapped.edge_length_m[edges] / ahead_mps[edges]
        is_told = rival > 0
        yield road_class, ahead_mps[edges] * 3.6, seconds[is_told] / rival[is_told]


def _place(real: Real, edge: int, share: float) -> tuple[float, float]:
    mapped = real.search.network.mapped
    line = slice(mapped.vertex_offset[edge], mapped.vertex_offset[edge + 1])
    x_m, y_m = mapped.vertex_x_m[line], mapped.vertex_y_m[line]
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    at_m = share * along_m[-1]
    return float(np.interp(at_m, along_m, x_m)), float(np.interp(at_m, along_m, y_m))


if __name__ == "__main__":
    main()
