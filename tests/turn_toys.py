"""A crossing with a forbidden turn, and what tells times apart on it."""

from __future__ import annotations

import pytest
from street_toys import STREET, at, matrix, nearest

from network.streets.network import StreetNetwork

ONE_WAY = STREET | {"oneway": "yes"}
POINTS = {
    "A": (0, 0),
    "B": (100, 0),
    "C": (200, 0),
    "E": (100, 100),
    "F": (200, 100),
    "G": (100, 200),
    "H": (100, -200),
}
WAYS = [
    ("AB", STREET),
    ("BE", STREET),
    ("BC", ONE_WAY),
    ("CF", STREET),
    ("FE", STREET),
    ("EG", STREET),
    ("HB", STREET),
]
AB, BE, BC, CF, FE, EG, HB = range(7)
Turn = tuple[int, str, int, bool]
NO_LEFT: Turn = (AB, "B", BE, False)
A, B, C, E, G, H = (POINTS[name] for name in "ABCEGH")


def metres(
    network: StreetNetwork, mode: int, origin: tuple[float, float], target: tuple[float, float]
) -> float:
    """Metres along the quickest way; every street of these maps is equally quick."""
    found = nearest(network, mode, at(network, mode, origin), at(network, mode, target))
    table = matrix(network, mode, at(network, mode, origin), at(network, mode, target))
    assert table[0, 0] == found.seconds[0]
    return float(found.metres[0])


def about(expected: float) -> object:
    """Equal up to a decimetre per edge."""
    return pytest.approx(expected, abs=1)
