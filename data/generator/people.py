"""Inhabitants in cells of 100 m that add up to the places, and to the postcodes whose outline they lie in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, distinct
from data.generator.bends import generator_for
from data.generator.draft import Draft
from data.generator.facts import Facts
from data.generator.near import distance_m, nearest
from data.generator.postcodes import largest_remainder
from data.generator.rules import Rules
from data.generator.villages import Pattern


class People(NamedTuple):
    """Cells with inhabitants: (C,) centres in metres, row of the place, and (C, 4) persons by age."""

    x_m: Floats
    y_m: Floats
    place: Int32s
    inhabitants_by_age: Int32s


class _Cells(NamedTuple):
    """Cells, (C, 2) in whole cells of the grid, with the row of `Facts.homes` that they belong to."""

    cells: Int64s
    home: Int32s


def settle(facts: Facts, draft: Draft, pattern: Pattern, corner: Int64s, rules: Rules, seed: int) -> People:
    """Spread the inhabitants of every place over the cells of its streets and, outside towns, over farms.

    Every band of every home (place and postcode) adds up exactly, within the outline of the postcode.
    """
    corner_xy = np.column_stack([draft.x_m[corner], draft.y_m[corner]])
    built = _built_cells(facts, corner_xy, pattern, rules)
    farms = _farm_cells(facts, draft, built, rules, seed)
    cells = np.concatenate([built.cells, farms.cells])
    home = np.concatenate([built.home, farms.home])
    is_farm = np.arange(len(cells)) >= len(built.cells)
    order = np.argsort(home, kind="stable")
    cells, home, is_farm = cells[order], home[order], is_farm[order]
    centre_m = _centres_m(cells, rules)
    first = np.searchsorted(home, np.arange(len(facts.homes.place) + 1))
    persons = np.zeros((len(cells), facts.homes.inhabitants_by_age.shape[1]), dtype=np.int32)
    places = facts.places.at
    for row, by_age in enumerate(facts.homes.inhabitants_by_age):
        here, place = slice(first[row], first[row + 1]), facts.homes.place[row]
        rng = generator_for(seed, f"people of {places.id[place]}")
        from_centre_m = distance_m(centre_m[here], np.array([places.x_m[place], places.y_m[place]]))
        weight = _weights(from_centre_m, is_farm[here], int(by_age.sum()), rules, rng)
        for band, total in enumerate(by_age):
            persons[here, band] = largest_remainder(weight, int(total))
    lived_in = np.flatnonzero(persons.any(axis=1))
    place = facts.homes.place[home[lived_in]]
    return People(centre_m[lived_in, 0], centre_m[lived_in, 1], place, persons[lived_in])


def _weights(
    from_centre_m: Floats, is_farm: Bools, n_people: int, rules: Rules, rng: np.random.Generator
) -> Floats:
    """Expected share of each cell: less towards the edge of the place, little on farms."""
    n_built = int((~is_farm).sum())
    edge_m = max(float(from_centre_m[~is_farm].max(initial=0.0)), float(rules.cell_m))
    weight: Floats = np.exp(
        -rules.outward_decay * from_centre_m / edge_m
        + rules.weight_spread * rng.standard_normal(len(from_centre_m))
    )
    if is_farm.any():
        share = _farm_share(n_built, n_people, rules)
        on_farms = weight[~is_farm].sum() * share / (1 - share) if n_built else 1.0
        weight[is_farm] = on_farms / is_farm.sum()
    return weight


def _farm_share(n_built: int, n_people: int, rules: Rules) -> float:
    """Share of the people who live outside the built-up cells: those at least for whom there is no room in them."""
    return max(rules.farm_share, 1 - n_built * rules.crowded_persons / max(n_people, 1))


def _centres_m(cells: Int64s, rules: Rules) -> Floats:
    return (cells.astype(np.float64) + 0.5) * rules.cell_m


def _homes_at(facts: Facts, place: Int32s, postcode: Int32s) -> Int32s:
    """(N,) int32, row of `Facts.homes` of a place and postcode, -1 where nobody of that place lives in it."""
    rows = {
        (int(place), int(postcode)): row
        for row, (place, postcode) in enumerate(zip(facts.homes.place, facts.homes.postcode, strict=True))
    }
    pairs = zip(place.tolist(), postcode.tolist(), strict=True)
    return np.array([rows.get(pair, -1) for pair in pairs], dtype=np.int32)


def _built_cells(facts: Facts, corner_xy: Floats, pattern: Pattern, rules: Rules) -> _Cells:
    """Cells within half a block of a corner of the nearest place, where its people are counted.

    A home without one has the cell of its place's own point, or the nearest free one to it within the outline.
    """
    block_m = np.where(facts.places.in_region, rules.block_m, rules.block_around_m)[pattern.place]
    step = np.stack(np.meshgrid([-0.45, 0.0, 0.45], [-0.45, 0.0, 0.45]), axis=-1).reshape(-1, 1, 2)
    near = np.floor((corner_xy + step * block_m[:, None]) / rules.cell_m).astype(np.int64)
    points = np.column_stack([facts.places.at.x_m, facts.places.at.y_m])
    own = np.floor(points / rules.cell_m).astype(np.int64)
    cells = np.unique(np.concatenate([near.reshape(-1, 2), own]), axis=0)
    centre_m = _centres_m(cells, rules)
    _, corner = nearest(corner_xy, centre_m)
    place = pattern.place[corner].copy()
    row_of = {(int(x), int(y)): row for row, (x, y) in enumerate(cells)}
    for one, (x, y) in enumerate(own):
        place[row_of[int(x), int(y)]] = one
    home = _homes_at(facts, place, facts.postcodes.at(centre_m))
    lived_in = home >= 0
    cells, home = cells[lived_in], home[lived_in]
    taken = {(int(x), int(y)) for x, y in cells}
    found = []
    for row in np.setdiff1d(np.arange(len(facts.homes.place)), home):
        if facts.homes.postcode[row] == facts.place_postcode[facts.homes.place[row]]:
            cell = _free_cell(
                facts, points[facts.homes.place[row]], int(facts.homes.postcode[row]), taken, rules
            )
            found.append((int(row), cell))
            taken.add(cell)
    more = np.array([cell for _, cell in found], dtype=np.int64).reshape(-1, 2)
    rows = np.array([row for row, _ in found], dtype=np.int32)
    return _Cells(np.concatenate([cells, more]), np.concatenate([home, rows]))


def _free_cell(
    facts: Facts, point: Floats, postcode: int, taken: set[tuple[int, int]], rules: Rules
) -> tuple[int, int]:
    """Cell nearest to a point among those of the postcode in which nobody lives yet."""
    axis = np.arange(-rules.own_cell_reach, rules.own_cell_reach + 1)
    around = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    cells = np.floor(point / rules.cell_m).astype(np.int64) + around
    centre_m = _centres_m(cells, rules)
    free = facts.postcodes.at(centre_m) == postcode
    free &= np.array([(int(x), int(y)) not in taken for x, y in cells])
    rows = np.flatnonzero(free)
    x, y = cells[rows[np.argmin(distance_m(centre_m[rows], point))]]
    return int(x), int(y)


def _farm_cells(facts: Facts, draft: Draft, built: _Cells, rules: Rules, seed: int) -> _Cells:
    """Cells along roads outside the built-up cells, drawn for the nearest place of the postcode they lie in.

    As many as the farms of a home need; those within reach of its place first, then the nearest.
    """
    edges = draft.edges("car")
    rows = distinct(np.concatenate([edges.a, edges.b]))
    cells = np.unique(
        np.floor(np.column_stack([draft.x_m[rows], draft.y_m[rows]]) / rules.cell_m).astype(np.int64), axis=0
    )
    taken = {(int(x), int(y)) for x, y in built.cells}
    cells = cells[[(int(x), int(y)) not in taken for x, y in cells]]
    centre_m = _centres_m(cells, rules)
    postcode, homes = facts.postcodes.at(centre_m), facts.homes
    to_place_m = np.full(len(cells), np.inf)
    own = np.full(len(cells), -1, dtype=np.int64)
    points = np.column_stack([facts.places.at.x_m, facts.places.at.y_m])[homes.place]
    for code in np.unique(homes.postcode):
        inside, of_code = np.flatnonzero(postcode == code), np.flatnonzero(homes.postcode == code)
        if len(inside):
            to_place_m[inside], found = nearest(points[of_code], centre_m[inside])
            own[inside] = of_code[found]
    order = np.argsort(own, kind="stable")
    first = np.searchsorted(own[order], np.arange(len(homes.place) + 1))
    n_built = np.bincount(built.home, minlength=len(homes.place))
    n_people = homes.inhabitants_by_age.sum(axis=1)
    chosen = []
    for row, place in enumerate(homes.place.tolist()):
        is_town = (
            facts.places.kind[place] == "quarter" or facts.places.inhabitants[place] >= rules.town_inhabitants
        )
        share = _farm_share(int(n_built[row]), int(n_people[row]), rules)
        if is_town and share <= rules.farm_share:
            continue
        here = order[first[row] : first[row + 1]]
        rng = generator_for(seed, f"farms of {facts.places.at.id[place]}")
        near = rng.permutation(here[to_place_m[here] < rules.farm_reach_m])
        far = here[to_place_m[here] >= rules.farm_reach_m]
        far = far[np.argsort(to_place_m[far], kind="stable")] if homes.postcode[row] >= 0 else far[:0]
        n_farms = round(share * int(n_people[row]) / rules.farm_persons)
        chosen.append(np.concatenate([near, far])[:n_farms])
    picked = np.concatenate(chosen)
    return _Cells(cells[picked], own[picked].astype(np.int32))
