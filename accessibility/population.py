"""The population of another year: totals of a forecast spread over places and cells so that they match exactly.

Each age band of a group of municipalities grows or shrinks alike in all its places and cells. So a village with many
elderly ages with them, and shrinks with its young; who moves from one village to another is not foreseen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accessibility.world import World
from data.columns import Bools, Floats, Int32s, Int64s, Strings
from data.errors import InputError
from data.parameters.population import PopulationTotal, PopulationTotals, read_population_totals
from data.places import AGE_BANDS, Places, PopulationGrid


def in_year(world: World, year: int) -> World:
    """World, as its region's files have it, with the population of another year.

    Raises
    ------
    InputError
        As `population_in`, and RegionError when the region has no population.toml, or one that cannot be used.

    """
    places, grid = population_in(world.places, world.grid, read_population_totals(world.region.folder), year)
    return replace(world, places=places, grid=grid)


def population_in(
    places: Places, grid: PopulationGrid | None, totals: PopulationTotals, year: int
) -> tuple[Places, PopulationGrid | None]:
    """Places and cells with the inhabitants of `year`; those of the base year come back as they are.

    Parameters
    ----------
    places, grid
        Inhabitants of the base year; the cells of a place add up to it.
    totals
        What is known of later years; between the base year and a total, and between two totals, the line is straight.
    year
        From the base year to the last year of the totals.

    Returns
    -------
    The same places and cells with other inhabitants. In every group of municipalities the total of a year is met to the
    person, and so is its number by age; the cells of a place add up to it. Places outside the groups, and outside the
    region, stay as they are, see `without_forecast`.

    Raises
    ------
    InputError
        When the year is out of reach, or the totals do not fit the places.

    """
    if not totals.base_year <= year <= totals.last_year:
        msg = (
            f"the population is known for {totals.base_year} to {totals.last_year}, not for {year}; "
            "choose a year in between."
        )
        raise InputError(msg)
    groups = [(_inside(places, names), of_group) for names, of_group in totals.groups.items()]
    _refuse_unfit(places, totals)
    if year == totals.base_year:
        return places, grid
    by_age, changed = places.inhabitants_by_age.copy(), np.zeros(len(places.id), np.bool_)
    for inside, of_group in groups:
        base = places.inhabitants_by_age[inside]
        target = _by_age(base.sum(axis=0, dtype=np.int64), totals.base_year, of_group, year)
        one = np.zeros(len(base), np.int32)
        by_age[inside] = np.stack(
            [apportion(base[:, band], one, target[[band]]) for band in range(len(AGE_BANDS))], axis=1
        )
        changed |= inside
    after = replace(places, inhabitants_by_age=by_age, modelled=places.modelled | changed)
    return after, None if grid is None else _spread(grid, by_age)


def without_forecast(places: Places, totals: PopulationTotals) -> Strings:
    """Municipalities of the region that keep the inhabitants of the base year, because no total speaks of them."""
    spoken_of = np.zeros(len(places.id), np.bool_)
    for names in totals.groups:
        spoken_of |= _inside(places, names)
    left = np.flatnonzero(places.in_region & ~spoken_of)
    return tuple(sorted({places.municipality[row] for row in left}))


def apportion(base: Int32s, group: Int32s, target: Int64s) -> Int32s:
    """Whole shares of each group's target in proportion to `base`, that add up exactly.

    Parameters
    ----------
    base
        (N,) persons now.
    group
        (N,) int32, row of `target` each belongs to.
    target
        (G,) persons of each group; 0 where its base is 0.

    Returns
    -------
    (N,) int32. The running total of a group is rounded, not each share: every share is the next whole number above or
    below its exact value, as in the largest remainder, but equal shares get their remainders evenly along the rows,
    where the largest remainder would favour the first of them, one corner of the map.

    """
    order = np.argsort(group, kind="stable")
    sorted_base, sorted_group = base[order].astype(np.int64), group[order]
    in_group = np.bincount(group, base, minlength=len(target)).astype(np.int64)
    if (target[in_group == 0] != 0).any():
        msg = "a group without anybody cannot grow"
        raise ValueError(msg)
    running = np.cumsum(sorted_base)
    before = (np.cumsum(in_group) - in_group)[sorted_group]
    whole, goal = np.maximum(in_group, 1)[sorted_group], target[sorted_group]
    # Integers throughout: rounded half up without a rounding error, for up to two thousand million persons.
    end = (2 * (running - before) * goal + whole) // (2 * whole)
    begin = (2 * (running - before - sorted_base) * goal + whole) // (2 * whole)
    shares = np.empty(len(base), np.int32)
    shares[order] = end - begin
    return shares


def _by_age(base: Int64s, base_year: int, of_group: tuple[PopulationTotal, ...], year: int) -> Int64s:
    """(4,) whole persons by age in `year`, on the line between the known years around it."""
    years = [base_year, *(total.year for total in of_group)]
    known = np.stack([base.astype(np.float64), *(_shared(base, total) for total in of_group)])
    exact = np.array([np.interp(year, years, known[:, band]) for band in range(len(base))])
    people = round(float(np.interp(year, years, [base.sum(), *(total.inhabitants for total in of_group)])))
    whole: Int64s = np.floor(exact).astype(np.int64)
    # Largest remainder over four bands; the floors of parts never exceed the whole.
    rest = np.argsort(whole - exact, kind="stable")[: max(people - int(whole.sum()), 0)]
    whole[rest] += 1
    return whole


def _shared(base: Int64s, total: PopulationTotal) -> Floats:
    """(4,) float64 persons by age of one total; bands without a share divide the rest as in the base year."""
    shares = np.array([total.age_shares.get(band, np.nan) for band in AGE_BANDS])
    open_ = np.isnan(shares)
    left = 1.0 - shares[~open_].sum()
    shares[open_] = left * base[open_] / max(base[open_].sum(), 1)
    return shares * total.inhabitants


def _spread(grid: PopulationGrid, by_age: Int32s) -> PopulationGrid:
    """Cells that add up to the places; those of no place stay as they are."""
    cells = grid.inhabitants_by_age.copy()
    placed = np.flatnonzero(grid.place >= 0)
    place = grid.place[placed]
    for band in range(len(AGE_BANDS)):
        cells[placed, band] = apportion(cells[placed, band], place, by_age[:, band].astype(np.int64))
    return replace(grid, inhabitants_by_age=cells)


def _inside(places: Places, names: Strings) -> Bools:
    """(P,) bool, places of the region in these municipalities; all of them where none is named."""
    if not names:
        return np.asarray(places.in_region)
    return places.in_region & np.isin(np.array(places.municipality, dtype=np.str_), names)


def _refuse_unfit(places: Places, totals: PopulationTotals) -> None:
    """Refuse totals of municipalities that are not here, and of ages that nobody has now."""
    faults = []
    for names, of_group in totals.groups.items():
        absent = [name for name in names if not _inside(places, (name,)).any()]
        faults += [f"no place of the region lies in '{name}'" for name in absent]
        if absent:
            continue
        base = places.inhabitants_by_age[_inside(places, names)].sum(axis=0, dtype=np.int64)
        for total in of_group:
            grown = (_shared(base, total) > 0) & (base == 0)
            # The rest must have somebody to go to as well.
            unplaced = total.inhabitants - float(_shared(base, total).sum())
            if grown.any() or unplaced >= 1:
                faults.append(
                    f"in {total.year} {', '.join(names) or 'the region'} has people of an age that nobody has in "
                    f"{totals.base_year}, so they cannot be given a place"
                )
    if faults:
        msg = f"the population totals do not fit the places: {'; '.join(faults)}. Mend population.toml."
        raise InputError(msg)
