"""The local streets of every place: a bent grid as large as its inhabitants need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from data.columns import Bools, Floats, Int32s, Int64s, Strings
from data.generator.bends import generator_for
from data.generator.facts import Facts
from data.generator.near import distance_m
from data.generator.rules import Rules

STREET, LIVING_STREET, FOOTWAY, CYCLEWAY, CONNECTION = (
    "residential",
    "living_street",
    "footway",
    "cycleway",
    "unclassified",
)
LEAST_CORNERS = 3


class Pattern(NamedTuple):
    """Street corners and the sides between them, of all places.

    Attributes
    ----------
    x_m, y_m
        (C,) float64.
    place
        (C,) int32, row of the places; the first corner of a place stands on its point.
    a, b
        (E,) int64, corners of a side.
    highway
        (E,) what the side is, an OSM highway value.

    """

    x_m: Floats
    y_m: Floats
    place: Int32s
    a: Int64s
    b: Int64s
    highway: Strings


class Shape(NamedTuple):
    """What the pattern of one place looks like."""

    n_corners: int
    block_m: float
    angle: float
    aspect: float
    radius_m: float


def draw_villages(facts: Facts, rules: Rules, seed: int) -> Pattern:
    """Streets of all places; a corner belongs to the nearest place of its postcode, in terms of its radius."""
    shapes = [_shape(facts, place, rules, seed) for place in range(len(facts.places.at.id))]
    at = np.column_stack([facts.places.at.x_m, facts.places.at.y_m])
    radius_m = np.array([shape.radius_m for shape in shapes])
    near = [
        np.flatnonzero(distance_m(at, one) < 2.2 * (own_m + radius_m))
        for one, own_m in zip(at, radius_m, strict=True)
    ]
    xy, places, sides, highways, n_corners = [], [], [], [], 0
    for place, shape in enumerate(shapes):
        others = near[place][facts.place_postcode[near[place]] == facts.place_postcode[place]]
        others = others[others != place]
        rng = generator_for(seed, f"streets of {facts.places.at.id[place]}")
        cells, corners = _corners(facts, place, shape, at[others], radius_m[others], rules, rng)
        ends, kinds = _sides(cells, corners, int(facts.places.inhabitants[place]), rules, rng)
        xy.append(corners)
        places.append(np.full(len(corners), place, dtype=np.int32))
        sides.append(ends + n_corners)
        highways.extend(kinds)
        n_corners += len(corners)
    points, ends = np.concatenate(xy), np.concatenate(sides)
    return Pattern(
        points[:, 0], points[:, 1], np.concatenate(places), ends[:, 0], ends[:, 1], tuple(highways)
    )


def _shape(facts: Facts, place: int, rules: Rules, seed: int) -> Shape:
    """Size from the inhabitants, direction and length from the stops that bear the name of the place."""
    rng = generator_for(seed, f"shape of {facts.places.at.id[place]}")
    inhabitants = int(facts.places.inhabitants[place])
    if inhabitants >= rules.town_inhabitants or facts.places.kind[place] == "quarter":
        density_per_ha = rules.density_town_per_ha
    elif inhabitants >= rules.hamlet_inhabitants:
        density_per_ha = rules.density_village_per_ha
    else:
        density_per_ha = rules.density_hamlet_per_ha
    block_m = rules.block_m if facts.places.in_region[place] else rules.block_around_m
    area_m2 = inhabitants / density_per_ha * 10_000
    angle, aspect = float(rng.uniform(0, np.pi)), float(rng.uniform(1.0, 1.6))
    own = np.flatnonzero(facts.stop_place == place)
    if len(own) > 1:
        spread = np.cov(np.vstack([facts.stops.x_m[own], facts.stops.y_m[own]]))
        size, axes = np.linalg.eigh(spread)
        angle = float(np.arctan2(axes[1, 1], axes[0, 1]))
        aspect = float(np.clip(np.sqrt(size[1] / max(size[0], 1.0)), 1.0, rules.most_aspect))
    if inhabitants < rules.ribbon_inhabitants:
        aspect = rules.ribbon_aspect
    n_corners = max(LEAST_CORNERS, round(area_m2 / block_m**2))
    return Shape(n_corners, block_m, angle, aspect, float(np.sqrt(n_corners * block_m**2 / np.pi)))


def _corners(
    facts: Facts,
    place: int,
    shape: Shape,
    others: Floats,
    radius_m: Floats,
    rules: Rules,
    rng: np.random.Generator,
) -> tuple[Int64s, Floats]:
    """Grid cells, (C, 2), and jittered points, (C, 2), of one place: its own, nearest first along its ellipse."""
    at = np.array([facts.places.at.x_m[place], facts.places.at.y_m[place]])
    reach = int(np.ceil(2.5 * shape.radius_m * np.sqrt(shape.aspect) / shape.block_m)) + 2
    axis = np.arange(-reach, reach + 1)
    cells = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    off_centre = (cells[:, :1] != 0) | (cells[:, 1:] != 0)
    moved = cells + rng.uniform(-rules.jitter_share, rules.jitter_share, cells.shape) * off_centre
    turn = np.array([[np.cos(shape.angle), np.sin(shape.angle)], [-np.sin(shape.angle), np.cos(shape.angle)]])
    points = at + (moved * shape.block_m) @ turn
    stretch = np.sqrt(shape.aspect)
    out = np.hypot(moved[:, 0] / stretch, moved[:, 1] * stretch)
    apart_m = distance_m(points, at)
    own = np.ones(len(cells), dtype=np.bool_)
    for other, other_radius_m in zip(others, radius_m, strict=True):
        own &= apart_m / shape.radius_m < distance_m(points, other) / other_radius_m
    own &= np.isin(facts.postcodes.at(points), facts.homes.postcode[facts.homes.place == place])
    own[out == 0] = True
    chosen = np.flatnonzero(own)
    chosen = chosen[np.argsort(out[chosen], kind="stable")][: shape.n_corners]
    chosen = chosen[_whole(cells[chosen])]
    return cells[chosen], points[chosen]


def _grid_sides(cells: Int64s) -> Int64s:
    """Pairs of rows of `cells`, (E, 2), that are neighbours on the grid."""
    row_of = {(int(u), int(v)): row for row, (u, v) in enumerate(cells)}
    pairs = [
        (row, row_of[step])
        for (u, v), row in row_of.items()
        for step in ((u + 1, v), (u, v + 1))
        if step in row_of
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _whole(cells: Int64s) -> Int64s:
    """Rows of `cells` that hang together with the first one."""
    sides = _grid_sides(cells)
    graph = coo_array((np.ones(len(sides)), sides.T), shape=(len(cells), len(cells)))
    _, label = connected_components(graph, directed=False)
    return np.flatnonzero(label == label[0])


def _sides(
    cells: Int64s, points: Floats, inhabitants: int, rules: Rules, rng: np.random.Generator
) -> tuple[Int64s, list[str]]:
    """Sides with a street or path, (E, 2), and their kinds; streets alone connect all corners."""
    sides = _grid_sides(cells)
    if inhabitants < rules.ribbon_inhabitants:
        # Jitter first: among sides of equal length a tree would favour one direction.
        length_m = distance_m(points[sides[:, 0]], points[sides[:, 1]])
        missing = ~_tree(sides, length_m, len(cells))
    else:
        luck = rng.uniform(0.01, 1, len(sides))
        missing = (luck > 1 - rules.missing_share) & ~_tree(sides, luck, len(cells))
    draw = rng.uniform(0, 1, len(sides))
    kinds = []
    for absent, chance in zip(missing.tolist(), draw.tolist(), strict=True):
        if not absent:
            kinds.append(LIVING_STREET if chance < rules.living_street_share else STREET)
        elif chance < rules.footway_share:
            kinds.append(FOOTWAY)
        elif chance < rules.footway_share + rules.cycleway_share:
            kinds.append(CYCLEWAY)
        else:
            kinds.append("")
    kept = np.array([bool(kind) for kind in kinds], dtype=np.bool_)
    if inhabitants < rules.hamlet_inhabitants:
        kinds = [CONNECTION if kind in (STREET, LIVING_STREET) else kind for kind in kinds]
    return sides[kept], [kind for kind in kinds if kind]


def _tree(sides: Int64s, weight: Floats, n_corners: int) -> Bools:
    """(E,) whether a side is part of the lightest tree over all corners."""
    rows, columns = sides.T.astype(np.int32)  # wider ones this search refuses up to scipy 1.17.0
    graph = coo_array((weight, (rows, columns)), shape=(n_corners, n_corners)).tocsr()
    chosen = {(int(a), int(b)) for a, b in zip(*minimum_spanning_tree(graph).nonzero(), strict=True)}
    return np.array([(int(a), int(b)) in chosen for a, b in sides], dtype=np.bool_)
