"""How far one gets from a place or to it, as a table with an area in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from accessibility.asked import targets_named, window_text
from accessibility.nearest_times import origin_access
from accessibility.reach.areas import Areas
from accessibility.reach.reach import Reach, Side, reach
from accessibility.reach.times import Direction, Ground, ground_of, refuse_unreadable
from accessibility.travel_network import Points
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.errors import InputError
from network.transit.departures import Window
from scenarios.comparison.report import basis

LONGEST_MIN = 240


@dataclass(frozen=True, slots=True)
class ReachQuestion:
    """What is asked about the reach of a place.

    Attributes
    ----------
    target
        A kind of facility (the nearest of them), a facility or a place, by id or name.
    mode, direction
        How, and whether to it or from it.
    limits_min
        Minutes, each more than 0, in rising order.
    window
        Departures of a mode that rides.

    """

    target: str
    mode: TravelMode
    direction: Direction
    limits_min: tuple[float, ...]
    window: Window

    def __post_init__(self) -> None:
        limits = self.limits_min
        if not limits or list(limits) != sorted(set(limits)) or limits[0] <= 0 or limits[-1] > LONGEST_MIN:
            told = ", ".join(f"{limit:g}" for limit in limits)
            msg = f"Minutes '{told}': give some from above 0 to {LONGEST_MIN}, each more than the one before it."
            raise InputError(msg)
        refuse_unreadable(self.mode)


def reach_tables(
    question: ReachQuestion, named_worlds: Sequence[tuple[str, World]]
) -> tuple[pd.DataFrame, Areas]:
    """One row per world, reading and limit: who lives within; and the areas of the rows, in projected metres.

    Parameters
    ----------
    question
        What is asked.
    named_worlds
        A region with its scenarios, each with its name. Where one of them has no such facility nobody reaches it there.

    Raises
    ------
    InputError
        When none of them has what the question asks about.

    """
    places = [_targets(world, question.target) for _, world in named_worlds]
    if all(place is None for place in places):
        targets_named(named_worlds[0][1], question.target)
    sides = [
        Side(world, _ground(world, question), Points(np.empty(0), np.empty(0)) if at is None else at)
        for (_, world), at in zip(named_worlds, places, strict=True)
    ]
    limits_s = [60.0 * limit for limit in question.limits_min]
    found = reach(sides, question.direction, question.window, limits_s)
    rows = [
        _rows(name, world, question, one)
        for (name, world), of_world in zip(named_worlds, found, strict=True)
        for one in of_world
    ]
    areas = np.concatenate([one.areas for of_world in found for one in of_world])
    return pd.concat(rows, ignore_index=True), areas


def _targets(world: World, text: str) -> Points | None:
    """Where it is, None where this world has none."""
    try:
        return targets_named(world, text)[1]
    except InputError:
        return None


def _ground(world: World, question: ReachQuestion) -> Ground:
    residents = origin_access(world.network, world.residents, question.mode, world.window)
    return ground_of(world, question.mode, residents, question.direction)


def _rows(name: str, world: World, question: ReachQuestion, found: Reach) -> pd.DataFrame:
    columns: dict[str, object] = {
        "scenario": name,
        "target": question.target,
        "direction": question.direction,
        "mode": question.mode.name,
        "reading": found.reading,
        "within_min": list(question.limits_min),
        "inhabitants": found.within.people,
        "inhabitants_75plus": found.within.people_75plus,
        "area_km2": _km2(found.areas),
    }
    columns |= basis(world, question.mode)
    if question.mode.rides:
        columns["window"] = window_text(question.window)
    return pd.DataFrame(columns)


def _km2(areas: Areas) -> list[float]:
    return [round(float(km2), 2) for km2 in shapely.area(areas) / 1e6]
