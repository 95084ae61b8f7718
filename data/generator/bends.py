"""The course of a road of which only the ends and the length are known."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy.optimize import brentq

from data.columns import Bools, Floats, Int64s
from data.generator.facts import Facts
from data.generator.rules import Rules
from data.projection import geod

STRAIGHT = 1.0003
"""A road less than 0.03 % longer than the straight line is drawn straight: the metres are rounded to whole ones."""


class Roads(NamedTuple):
    """The links as lines of points.

    Attributes
    ----------
    x_m, y_m
        (N,) float64; the first rows are the stops, then the bends.
    first, node
        (L + 1,) and (R,) int64; link l runs over `node[first[l]:first[l + 1]]`.

    """

    x_m: Floats
    y_m: Floats
    offset: Int64s
    node: Int64s

    def pieces(self) -> tuple[Int64s, Int64s, Int64s]:
        """Straight pieces of all links in order: rows of both ends, and the link."""
        link = np.repeat(np.arange(len(self.offset) - 1), np.diff(self.offset))
        inner = np.flatnonzero(link[1:] == link[:-1])
        return self.node[inner], self.node[inner + 1], link[inner]


def generator_for(seed: int, name: str) -> np.random.Generator:
    """Random numbers that belong to one thing: changing another thing does not change them."""
    return np.random.default_rng([seed, crc32(name.encode())])


def bend(start: Floats, end: Floats, length_m: float, rules: Rules, rng: np.random.Generator) -> Floats:
    """Points, (K, 2), of a waving line from `start` to `end` that is `length_m` long; straight where it cannot be longer.

    The offset from the straight line is an uneven sine with as many half waves as keep it small; only its amplitude is
    solved for, and the length grows with it, so there is exactly one.
    """
    vector = end - start
    straight_m = float(np.hypot(*vector))
    n_pieces = max(2, int(np.ceil(length_m / rules.vertex_spacing_m)))
    if length_m <= straight_m * STRAIGHT:
        return start + np.linspace(0, 1, n_pieces + 1)[:, None] * vector
    normal = np.array([-vector[1], vector[0]]) / straight_m
    side, luck = rng.choice([-1.0, 1.0]), rng.uniform(-1, 1, 3)
    most_m = min(rules.most_offset_m, rules.most_offset_share * straight_m)
    for n_waves in range(max(1, round(straight_m / rules.half_wave_m)), rules.most_waves + 1):
        share = np.linspace(0, 1, max(n_pieces, 6 * n_waves) + 1)
        wave = _wave(share, n_waves, luck)
        steps = (np.diff(share) * straight_m, np.diff(wave), length_m)
        amplitude_m = float(brentq(_excess, 0.0, length_m, args=steps, xtol=1e-4))
        if amplitude_m * np.abs(wave).max() <= most_m:
            break
    offset_m = side * amplitude_m * wave
    offset_m[[0, -1]] = 0.0
    points: Floats = start + share[:, None] * vector + offset_m[:, None] * normal
    return points


def _excess(amplitude_m: float, along_m: Floats, step: Floats, length_m: float) -> float:
    return float(np.hypot(along_m, amplitude_m * step).sum() - length_m)


def _wave(share: Floats, n_waves: int, luck: Floats) -> Floats:
    """Sine of `n_waves` half waves of unequal length and height, 0 at both ends; `luck` is (3,) in -1 to 1."""
    turn = 2 * np.pi * share
    # The warped share still runs from 0 to 1 without turning back, because the slopes stay above 0.15.
    warped = (
        share + 0.5 * luck[0] * np.sin(turn) / (2 * np.pi) + 0.35 * luck[1] * np.sin(2 * turn) / (4 * np.pi)
    )
    wave: Floats = np.sin(np.pi * n_waves * warped) * (1 + 0.4 * np.sin(1.5 * turn + np.pi * luck[2]))
    return wave


def draw_links(facts: Facts, rules: Rules, seed: int) -> tuple[Roads, Bools]:
    """Bend every link to its driven metres; also (L,) whether its metres were below the straight line."""
    stops, links = facts.stops, facts.links
    a, b = links.from_stop, links.to_stop
    _, _, straight_m = geod().inv(stops.lon_deg[a], stops.lat_deg[a], stops.lon_deg[b], stops.lat_deg[b])
    planar_m = np.hypot(stops.x_m[a] - stops.x_m[b], stops.y_m[a] - stops.y_m[b])
    # The national grid is some millimetres per hundred metres off; the metres are true ones.
    length_m = links.length_m * planar_m / straight_m
    xy = np.column_stack([stops.x_m, stops.y_m])
    points, rows, n_nodes = [xy], [], len(xy)
    for link in range(len(a)):
        rng = generator_for(seed, f"{stops.id[a[link]]}|{stops.id[b[link]]}")
        inner = bend(xy[a[link]], xy[b[link]], float(length_m[link]), rules, rng)[1:-1]
        rows.append(np.array([a[link], *range(n_nodes, n_nodes + len(inner)), b[link]], dtype=np.int64))
        points.append(inner)
        n_nodes += len(inner)
    all_points = np.concatenate(points)
    first = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    roads = Roads(all_points[:, 0], all_points[:, 1], first, np.concatenate(rows))
    return roads, np.asarray(links.length_m < straight_m, dtype=np.bool_)
