"""Streets on maps small enough to draw, and random ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from data.columns import Floats
from data.streets import StreetMap
from network.hierarchy import search
from network.hierarchy.search import Nearest, build_street_search
from network.modes.modes import PROFILES
from network.streets.network import StreetNetwork, build_street_network
from network.streets.snap import Snapped, snap
from network.streets.snap_index import snap_indexes
from support.toys.networks import CORNER_M, RD, street_map

WALK, BIKE, EBIKE, CAR = range(4)
STREET = {"highway": "residential"}
LINE = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (300, 0)}


def built(streets: StreetMap) -> StreetNetwork:
    return build_street_network(streets, PROFILES, RD)[0]


def at(network: StreetNetwork, mode: int, *points: tuple[float, float]) -> Snapped:
    """Points attached to the streets as they are, as if nothing had been edited."""
    xy = np.array(points, np.float64).reshape(-1, 2) + CORNER_M
    network = replace(network, mapped=network.mapped.unedited())
    return snap(network, mode, PROFILES[mode], snap_indexes(network.mapped)[mode], xy[:, 0], xy[:, 1])


def has_streets(network: StreetNetwork, mode: int) -> bool:
    """Whether the mode has a street with doors."""
    parts = snap_indexes(network.mapped)[mode].parts
    return any(len(part.edge) for part in (parts.main, parts.passed, parts.apart))


LIGHTS = {"highway": "traffic_signals"}
TAGS = (
    STREET,
    {"highway": "residential", "oneway": "yes"},
    {"highway": "footway"},
    {"highway": "cycleway"},
    {"highway": "tertiary", "maxspeed": "80"},
)


@st.composite
def random_maps(draw: st.DrawFn) -> StreetMap:
    """Up to twelve nodes on a rough grid, up to ten ways of two to four nodes, some barriers."""
    n_nodes = draw(st.integers(2, 12))
    names = "ABCDEFGHIJKL"[:n_nodes]
    points = {
        name: (100.0 * (row % 4) + 3 * row, 100.0 * (row // 4) - 2 * row) for row, name in enumerate(names)
    }
    ways = []
    for _ in range(draw(st.integers(1, 10))):
        word = draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True))
        ways.append(("".join(word), draw(st.sampled_from(TAGS))))
    barriers = draw(st.lists(st.sampled_from(names), max_size=2))
    return street_map(points, ways, {name: {"barrier": "bollard"} for name in barriers})


def matrix(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> Floats:
    return search.matrix(build_street_search(network), mode, origins, targets, np.inf)


def nearest(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> Nearest:
    return search.nearest(build_street_search(network), mode, origins, targets)


def straight(network: StreetNetwork, mode: int, points: Snapped, one: int, other: int) -> float:
    """Seconds along an edge that both points have a door on, by the speed in that direction; inf where there is none.

    Nobody goes out of the door to where one is already.
    """
    found = [np.inf]
    for edge in set(points.edge[one].tolist()) & set(points.edge[other].tolist()) - {-1}:
        at_one, at_other = (
            (one, points.edge[one].tolist().index(edge)),
            (other, points.edge[other].tolist().index(edge)),
        )
        step = points.fraction[at_other] - points.fraction[at_one]
        speed_mps = network.speed_mps[mode, network.edge_speed[edge], 0 if step >= 0 else 1]
        metres = abs(step) * network.edge_length_m[edge]
        if metres == 0 or speed_mps > 0:
            ride_s = round(metres / speed_mps) if metres > 0 else 0
            off_s = points.off_street_s[at_one] + points.off_street_s[at_other]
            is_there = (points.x_m[one], points.y_m[one]) == (points.x_m[other], points.y_m[other])
            found.append(0.0 if is_there else float(ride_s + off_s))
    return min(found)
