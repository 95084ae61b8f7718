"""Comparisons as tables: per place and per cell, with the legs that changed, and who wins and loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from accessibility.nearest_times import of_kind
from accessibility.travel_network import Points
from accessibility.ways import leg_names, ways_leaving
from accessibility.world import World
from data.columns import Bools, Floats, Int32s, Strings
from data.files.long_table import LongTable, Texts, long_table, stacked_tables, whole_numbers
from scenarios.comparison.compare import Comparison, Group, Outcome, change_of, effect
from scenarios.comparison.report import Cells, basis, comparison_columns, place_columns

LEGS = ("before_legs", "after_legs", "changed_legs")
UNKNOWN = "unknown"
"""Change of a time to a kind of which it is unknown where it is."""
NO_CHANGE_S = 0.5
"""Times are whole seconds: less than this is none."""


class Compared(NamedTuple):
    """Two named worlds and what came of comparing them."""

    before_name: str
    after_name: str
    before: World
    after: World
    results: Sequence[Comparison]


def places_table(compared: Sequence[Compared], *, with_legs: bool) -> LongTable:
    """One row per pair of scenarios, place, kind and mode: before, after, difference, what that means, changed legs."""
    tables = []
    for pair in compared:
        places = long_table(place_columns(pair.before)).columns
        for result in pair.results:
            before_s, after_s = result.before.times.seconds, result.after.times.seconds
            columns: Cells = {"before_scenario": pair.before_name, "after_scenario": pair.after_name}
            columns |= comparison_columns(pair.before, pair.after, places, result)
            columns["change"] = _change(result, before_s, after_s)
            if with_legs:
                points = Points(pair.before.places.x_m, pair.before.places.y_m)
                columns |= _legs(pair, result, points, before_s != after_s)
            tables.append(long_table(columns))
    return stacked_tables(tables)


def _change(result: Comparison, before_s: Floats, after_s: Floats) -> str | list[str]:
    """What happens to each time."""
    if not result.known:
        return UNKNOWN
    change: list[str] = change_of(before_s, after_s, NO_CHANGE_S).tolist()
    return change


def cells_table(compared: Sequence[Compared], *, with_legs: bool) -> LongTable:
    """One row per pair of scenarios, population cell, kind and mode; of a region without cells there are none."""
    tables = []
    for pair in compared:
        if pair.before.grid is None or pair.after.grid is None:
            continue
        for result in pair.results:
            old, new = result.before.resident_times, result.after.resident_times
            points = result.before.residents.points
            lon_deg, lat_deg = pair.before.projection.to_lonlat(*points)
            place = result.before.residents.place
            columns: Cells = {
                "before_scenario": pair.before_name,
                "after_scenario": pair.after_name,
                "cell": np.arange(len(place)),
                "place_id": _named(pair.before.places.id, place),
                "in_region": result.before.residents.in_region,
                "inhabitants": result.after.residents.people,
                "lon": lon_deg.round(6),
                "lat": lat_deg.round(6),
                "kind": old.kind,
                "mode": old.mode.name,
                "before_s": whole_numbers(old.seconds),
                "after_s": whole_numbers(new.seconds),
                "difference_s": whole_numbers(result.resident_difference_s),
                "change": _change(result, old.seconds, new.seconds),
                "before_facility_id": _named(pair.before.facilities.id, old.facility),
                "after_facility_id": _named(pair.after.facilities.id, new.facility),
            }
            columns |= basis(pair.before, old.mode)
            if with_legs:
                columns |= _legs(pair, result, points, old.seconds != new.seconds)
            tables.append(long_table(columns))
    return stacked_tables(tables)


def winners_table(compared: Sequence[Compared], same_below_s: float) -> LongTable:
    """One row per pair of scenarios, kind, mode and change: inhabitants of the region and their mean gain or loss."""
    rows = [
        (pair, result.before.times, change, group)
        for pair in compared
        for result in pair.results
        for change, group in _groups(result, same_below_s).items()
    ]
    return long_table(
        {
            "before_scenario": [pair.before_name for pair, *_ in rows],
            "after_scenario": [pair.after_name for pair, *_ in rows],
            "kind": [times.kind for _, times, *_ in rows],
            "mode": [times.mode.name for _, times, *_ in rows],
            "change": [change for *_, change, _ in rows],
            "inhabitants": np.array([group.people for *_, group in rows], np.int64),
            "mean_difference_s": np.array([round(group.mean_s, 1) for *_, group in rows]),
        }
    )


def _groups(result: Comparison, same_below_s: float) -> dict[str, Group]:
    """People of the region by what happens to them; all together where that is unknown."""
    residents = result.after.residents
    if not result.known:
        return {UNKNOWN: Group(int(residents.people[residents.in_region].sum(dtype=np.int64)), 0.0)}
    return dict(effect(result, residents.people, same_below_s).items())


def _legs(pair: Compared, result: Comparison, points: Points, chosen: Bools) -> Cells:
    """Legs before and after, and which of them are gone (-) or new (+), of the chosen points; "" for all others.

    Of a mode that rides they are those of the departure in the middle of the window.
    """
    rows = np.flatnonzero(chosen)
    some = Points(points.x_m[rows], points.y_m[rows])
    sides = [
        _leg_lists(world, side, some)
        for world, side in ((pair.before, result.before), (pair.after, result.after))
    ]
    columns = {name: [""] * len(chosen) for name in LEGS}
    for row, old, new in zip(rows.tolist(), *sides, strict=True):
        changed = [f"- {leg}" for leg in old if leg not in new] + [
            f"+ {leg}" for leg in new if leg not in old
        ]
        for name, legs in zip(LEGS, (old, new, changed), strict=True):
            columns[name][row] = "; ".join(legs)
    return {**columns}


def _leg_lists(world: World, side: Outcome, points: Points) -> list[Strings]:
    times, window, facilities = side.times, world.window, world.facilities
    rows = of_kind(facilities, times.kind)
    if not len(rows) or not len(points.x_m):
        return [()] * len(points.x_m)
    targets = Points(facilities.x_m[rows], facilities.y_m[rows])
    middle = window.first + window.step_s * (window.n // 2)
    ways = ways_leaving(world.network, times.mode, points, targets, middle)
    stop_name = world.network.service.timetable.stops.name
    return [leg_names(way, stop_name, facilities.name[rows[way.target]] if way else "") for way in ways]


def _named(names: Strings, rows: Int32s) -> Texts:
    """Name of each row, "" for -1."""
    return Texts((*names, ""), np.where(rows < 0, len(names), rows).astype(np.int32))
