"""Inhabitants in cells of 100 m that add up to the places."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s
from data.generator.bends import generator_for
from data.generator.draft import Draft
from data.generator.facts import Facts
from data.generator.near import distance_m, nearest
from data.generator.rules import Rules
from data.generator.villages import Pattern


class People(NamedTuple):
    """Cells with inhabitants: (C,) centres in metres, row of the place, and (C, 4) persons by age."""

    x_m: Floats
    y_m: Floats
    place: Int32s
    inhabitants_by_age: Int32s


def settle(facts: Facts, draft: Draft, pattern: Pattern, corner: Int64s, rules: Rules, seed: int) -> People:
    """Spread the inhabitants of every place over the cells of its streets and, outside towns, over farms.

    Every band of every place adds up exactly.
    """
    corner_xy = np.column_stack([draft.x_m[corner], draft.y_m[corner]])
    built, built_place = _built_cells(facts, corner_xy, pattern, rules)
    farms, farm_place = _farm_cells(facts, draft, built, rules, seed)
    cells, place = np.concatenate([built, farms]), np.concatenate([built_place, farm_place])
    is_farm = np.arange(len(cells)) >= len(built)
    order = np.argsort(place, kind="stable")
    cells, place, is_farm = cells[order], place[order], is_farm[order]
    centre_m = (cells + 0.5) * rules.cell_m
    first = np.searchsorted(place, np.arange(len(facts.places.at.id) + 1))
    persons = np.zeros((len(cells), facts.places.inhabitants_by_age.shape[1]), dtype=np.int32)
    for row, (start, end) in enumerate(pairwise(first.tolist())):
        at = np.array([facts.places.at.x_m[row], facts.places.at.y_m[row]])
        rng = generator_for(seed, f"people of {facts.places.at.id[row]}")
        weight = _weights(distance_m(centre_m[start:end], at), is_farm[start:end], rules, rng)
        for band, total in enumerate(facts.places.inhabitants_by_age[row]):
            persons[start:end, band] = largest_remainder(weight, int(total))
    lived_in = np.flatnonzero(persons.any(axis=1))
    return People(centre_m[lived_in, 0], centre_m[lived_in, 1], place[lived_in], persons[lived_in])


def largest_remainder(weight: Floats, total: int) -> Int32s:
    """Whole shares of `total` in proportion to `weight`, (C,) int32, that add up exactly (Hamilton's method)."""
    exact = weight / weight.sum() * total
    shares: Int32s = np.floor(exact).astype(np.int32)
    rest = np.argsort(shares - exact, kind="stable")[: total - int(shares.sum())]
    shares[rest] += 1
    return shares


def _weights(from_centre_m: Floats, is_farm: Bools, rules: Rules, rng: np.random.Generator) -> Floats:
    """Expected share of each cell: less towards the edge of the place, little on farms."""
    edge_m = max(float(from_centre_m[~is_farm].max()), float(rules.cell_m))
    weight: Floats = np.exp(
        -rules.outward_decay * from_centre_m / edge_m
        + rules.weight_spread * rng.standard_normal(len(from_centre_m))
    )
    if is_farm.any():
        weight[is_farm] = weight[~is_farm].sum() * rules.farm_share / (1 - rules.farm_share) / is_farm.sum()
    return weight


def _built_cells(facts: Facts, corner_xy: Floats, pattern: Pattern, rules: Rules) -> tuple[Int64s, Int32s]:
    """Cells, (C, 2) in whole cells of the grid, within half a block of a corner, and the place of the nearest corner.

    The cell of a place's own point is always its own, so that no place is without one.
    """
    block_m = np.where(facts.places.in_region, rules.block_m, rules.block_around_m)[pattern.place]
    step = np.stack(np.meshgrid([-0.45, 0.0, 0.45], [-0.45, 0.0, 0.45]), axis=-1).reshape(-1, 1, 2)
    near = np.floor((corner_xy + step * block_m[:, None]) / rules.cell_m).astype(np.int64)
    own = np.floor(np.column_stack([facts.places.at.x_m, facts.places.at.y_m]) / rules.cell_m).astype(
        np.int64
    )
    cells = np.unique(np.concatenate([near.reshape(-1, 2), own]), axis=0)
    _, corner = nearest(corner_xy, (cells + 0.5) * rules.cell_m)
    place = pattern.place[corner].copy()
    row_of = {(int(x), int(y)): row for row, (x, y) in enumerate(cells)}
    for one, (x, y) in enumerate(own):
        place[row_of[int(x), int(y)]] = one
    return cells, place


def _farm_cells(facts: Facts, draft: Draft, built: Int64s, rules: Rules, seed: int) -> tuple[Int64s, Int32s]:
    """Cells along roads outside the built-up cells, drawn for the nearest place, as many as its farms need."""
    edges = draft.edges("car")
    rows = np.unique(np.concatenate([edges.a, edges.b]))
    cells = np.unique(
        np.floor(np.column_stack([draft.x_m[rows], draft.y_m[rows]]) / rules.cell_m).astype(np.int64), axis=0
    )
    taken = {(int(x), int(y)) for x, y in built}
    cells = cells[[(int(x), int(y)) not in taken for x, y in cells]]
    places = np.column_stack([facts.places.at.x_m, facts.places.at.y_m])
    to_place_m, own_place = nearest(places, (cells.astype(np.float64) + 0.5) * rules.cell_m)
    chosen = []
    for place in range(len(places)):
        if facts.places.kind[place] == "quarter" or facts.places.inhabitants[place] >= rules.town_inhabitants:
            continue
        near = np.flatnonzero((own_place == place) & (to_place_m < rules.farm_reach_m))
        n_farms = round(rules.farm_share * int(facts.places.inhabitants[place]) / rules.farm_persons)
        rng = generator_for(seed, f"farms of {facts.places.at.id[place]}")
        chosen.append(rng.permutation(near)[:n_farms])
    picked = np.concatenate(chosen)
    return cells[picked], own_place[picked].astype(np.int32)
