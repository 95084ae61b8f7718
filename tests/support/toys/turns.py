"""A crossing with a forbidden turn, and what tells times apart on it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import strategies as st

from data.streets import StreetMap
from network.streets.network import StreetNetwork
from support.toys.networks import street_map
from support.toys.streets import STREET, at, matrix, nearest

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
Turn = tuple[int, str, int | tuple[int, ...], bool]
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


KINDS = (STREET, STREET, ONE_WAY, {"highway": "footway"})


@st.composite
def restricted_maps(draw: st.DrawFn) -> StreetMap:
    """Up to nine nodes, streets of one to three segments or closed rings, restrictions where streets meet, a barrier."""
    n_nodes = draw(st.integers(3, 9))
    names = "ABCDEFGHI"[:n_nodes]
    points = {
        name: (100.0 * (row % 3) + 7 * row, 100.0 * (row // 3) - 3 * row) for row, name in enumerate(names)
    }
    ways, segments = [], set[frozenset[str]]()
    for _ in range(draw(st.integers(2, 12))):
        word = "".join(draw(st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True)))
        if len(word) == 3 and draw(st.booleans()):
            word += word[0]
        new = {frozenset(pair) for pair in pairwise(word)}
        if segments.isdisjoint(new):
            segments |= new
            ways.append((word, draw(st.sampled_from(KINDS))))
    meetings = [
        (one, name, other)
        for name in names
        for one in range(len(ways))
        for other in range(len(ways))
        if name in ways[one][0] and name in ways[other][0]
    ]
    # Three ways in a row: over the second from where the first meets it to where it meets the third.
    rows = [
        (one, name + further, (two, three))
        for one, name, two in meetings
        for other, further, three in meetings
        if two == other and one != two != three and name != further
    ]
    wanted = st.sampled_from(meetings) | st.sampled_from(rows) if rows else st.sampled_from(meetings)
    chosen = draw(st.lists(st.tuples(wanted, st.booleans()), max_size=6))
    barriers = draw(st.lists(st.sampled_from(names), max_size=1))
    turns = [(*meeting, only) for meeting, only in chosen]
    return street_map(points, ways, {name: {"barrier": "bollard"} for name in barriers}, turns)
