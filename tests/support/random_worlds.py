"""Small worlds made from a seed: a torn grid of streets, a few places and services, and bus lines along the streets.

Far away, at the end of a road of 60 km, runs a line that nobody in the places can reach within the longest travel time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np

from accessibility.assumptions import Assumptions
from accessibility.travel_network import build_travel_network
from accessibility.travellers import ALL_PROFILES
from accessibility.world import World
from data.build_report import BuildReport
from data.places import Facilities, Places
from data.study_area.region_toml import Region
from data.timetable import Stops, Timetable
from network.transit.departures import Window
from support.toys.networks import CORNER_M, NO_RULES, RD, clock, street_map, trips

SIDE = 4
STEP_M = 900.0
N_PLACES = 6
KINDS = ("gp", "supermarket")
FAR = ("far one", "far two")
LINES = ("1", "2")
REGION = Region(
    name="random",
    title="Random",
    folder=Path("nowhere"),
    crs="EPSG:28992",
    service_date=dt.date(2026, 10, 6),
    window_start=clock("9:00"),
    window_end=clock("10:00"),
    facts="",
    seed=0,
    layers=(),
)


def random_world(seed: int) -> World:
    """One of many worlds; every street and stop lies within reach of the others, on some way."""
    rng = np.random.default_rng(seed)
    names = [chr(ord("A") + node) for node in range(SIDE * SIDE)]
    points = {
        name: (
            STEP_M * (node % SIDE) + float(rng.integers(-200, 200)),
            STEP_M * (node // SIDE) + float(rng.integers(-200, 200)),
        )
        for node, name in enumerate(names)
    }
    points |= {"y": (-60_000.0, 0.0), "z": (-61_000.0, 0.0)}
    tags = [
        {"highway": "residential"},
        {"highway": "tertiary", "ref": "N1"},
        {"highway": "cycleway", "foot": "yes"},
    ]
    ways = [("".join(names[row * SIDE : row * SIDE + SIDE]), tags[1]) for row in range(SIDE)]
    for column in range(SIDE):
        for row in range(SIDE - 1):
            if column == 0 or rng.random() < 0.6:
                pair = names[row * SIDE + column] + names[row * SIDE + column + SIDE]
                ways.append((pair, tags[int(rng.integers(0, 3)) if column else 0]))
    ways += [("Ay", tags[1]), ("yz", tags[1])]
    streets = street_map(points, ways)
    network, _ = build_travel_network(
        streets, _timetable(rng, names, points), RD, ALL_PROFILES, Assumptions(), lambda _label, _share: None
    )
    chosen = rng.choice(len(names), N_PLACES, replace=False)
    place_xy = (
        np.array([points[names[node]] for node in chosen]) + CORNER_M + rng.integers(-60, 60, (N_PLACES, 2))
    )
    return World(
        region=REGION,
        digest=f"random {seed}",
        projection=RD,
        places=_places(rng, place_xy),
        facilities=_facilities(rng, place_xy),
        grid=None,
        outlines=(),
        network=network,
        report=BuildReport(),
        window=Window(clock("9:00"), 60, 60),
    )


def _timetable(
    rng: np.random.Generator, names: list[str], points: dict[str, tuple[float, float]]
) -> Timetable:
    """Two lines each way over the grid and one that is far away; even headways all day."""
    stop_names = [*names, *FAR]
    xy = np.array([points[name] for name in [*names, "y", "z"]]) + CORNER_M
    lon_deg, lat_deg = RD.to_lonlat(xy[:, 0], xy[:, 1])
    runs, route, headsign = [], [], []
    for line, course in [
        *((line, rng.choice(len(names), int(rng.integers(2, 6)), replace=False)) for line in LINES),
        ("far", np.array([len(names), len(names) + 1])),
    ]:
        headway_s = int(rng.choice([20, 40, 60])) * 60
        start = clock("7:00") + 60 * int(rng.integers(0, 20))
        for way in (course, course[::-1]):
            at = np.cumsum(rng.integers(2, 9, len(way)) * 60)
            for leaves in range(start, clock("20:00"), headway_s):
                runs.append(
                    [(int(stop), leaves + int(s), leaves + int(s)) for stop, s in zip(way, at, strict=True)]
                )
                route.append(line)
                headsign.append(stop_names[int(way[-1])])
    made = replace(trips(runs), route=tuple(route), headsign=tuple(headsign), agency=("A",) * len(runs))
    stops = Stops(
        tuple(stop_names), tuple(stop_names), np.arange(len(stop_names), dtype=np.int32), lon_deg, lat_deg
    )
    return Timetable("2026-10-06", stops, made, NO_RULES)


def _places(rng: np.random.Generator, xy: np.ndarray) -> Places:
    names = tuple(f"place {row}" for row in range(N_PLACES))
    return Places(
        id=names,
        name=names,
        municipality=("M",) * N_PLACES,
        kind=("village",) * N_PLACES,
        x_m=xy[:, 0].copy(),
        y_m=xy[:, 1].copy(),
        inhabitants_by_age=rng.integers(0, 300, (N_PLACES, 4)).astype(np.int32),
        in_region=np.ones(N_PLACES, np.bool_),
        modelled=np.zeros(N_PLACES, np.bool_),
        cars_per_household=np.full(N_PLACES, np.nan),
    )


def _facilities(rng: np.random.Generator, place_xy: np.ndarray) -> Facilities:
    """One or two of each kind, some of them modelled."""
    kinds = [kind for kind in KINDS for _ in range(int(rng.integers(1, 3)))]
    at = place_xy[rng.choice(N_PLACES, len(kinds), replace=False)]
    ids = tuple(f"{kind}-{row}" for row, kind in enumerate(kinds))
    return Facilities(
        id=ids,
        kind=tuple(kinds),
        name=ids,
        x_m=at[:, 0].copy(),
        y_m=at[:, 1].copy(),
        units=np.ones(len(ids)),
        opening=("",) * len(ids),
        modelled=np.arange(len(ids)) % 2 == 0,
        date=("",) * len(ids),
        position_modelled=np.arange(len(ids)) % 2 == 0,
        position_m=np.full(len(ids), np.nan),
    )
