"""Who goes to another school after a change, and what each school then has: pupils, counts, and room where it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.world import World
from data.columns import Floats, Int32s, Int64s, Strings, freeze
from scenarios.school.day import BIKE, SchoolDay, Way

NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Pupils who go to another school than before, or to one at last, or to none any more: one row per pair of schools.

    Attributes
    ----------
    school
        (N,) ids of all schools before and after, those before first.
    from_school, to_school
        (M,) int32, rows of `school`; -1 for none.
    pupils
        (M,) float64, of the changed world.
    counted
        (M,) float64, likewise of the pupils that were counted at the school they leave: as many of them go to each other
        school as of the modelled ones; nan where nobody counted them.
    before_s, after_s
        (M,) float64, mean over the pupils, by bike; inf where there is no school on that side.

    """

    school: Strings
    from_school: Int32s
    to_school: Int32s
    pupils: Floats
    counted: Floats
    before_s: Floats
    after_s: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.pupils), "school")


def moves(before: SchoolDay, after: SchoolDay) -> Moves:
    """Compare who goes where, by bike, on both sides; origins are the same, most pupils first."""
    old, new = before.ways[BIKE], after.ways[BIKE]
    ids = school_ids(before, after)
    number = {id_: row for row, id_ in enumerate(ids)}
    goes_from, goes_to = (_numbers(side.world, way, number) for side, way in ((before, old), (after, new)))
    pupils = after.pupils
    moved = np.flatnonzero((goes_from != goes_to) & (pupils > 0))
    # One key per pair: nowhere comes first on both sides.
    key = (goes_from[moved] + 1) * (len(ids) + 1) + goes_to[moved] + 1
    pairs, of = np.unique(key, return_inverse=True)
    weight = pupils[moved]
    total: Floats = np.bincount(of, weight, len(pairs)).astype(np.float64)
    means = [_mean(way.seconds[moved], weight, of, total) for way in (old, new)]
    order = np.lexsort((pairs, -total))
    first, second = (part.astype(np.int32)[order] - 1 for part in np.divmod(pairs, len(ids) + 1))
    # Who leaves is told by the pupils of the changed world on both sides: then no school loses more than it has.
    start = np.bincount(goes_from + 1, pupils, len(ids) + 1)[first + 1]
    counted = np.append(_counted(before, number), np.nan)[first] * total[order] / start
    return Moves(ids, first, second, total[order], counted, means[0][order], means[1][order])


def _mean(seconds: Floats, weight: Floats, of: Int64s, total: Floats) -> Floats:
    """Means by pair; inf where one is not reached, for then nobody of the pair reaches one."""
    summed: Floats = (
        np.bincount(of, weight * np.where(np.isfinite(seconds), seconds, 0.0), len(total)) / total
    )
    unreached = np.bincount(of, ~np.isfinite(seconds), len(total)) > 0
    return np.where(unreached, np.inf, summed)


def _numbers(world: World, way: Way, number: dict[str, int]) -> Int64s:
    """(O,) rows among all schools, by id: rows of Facilities change with what opens and closes."""
    names = [number.get(id_, NOWHERE) for id_ in world.facilities.id]
    return np.array([*names, NOWHERE], np.int64)[way.school]


def school_ids(before: SchoolDay, after: SchoolDay) -> Strings:
    """Ids of the schools of both sides, each once, those before first."""
    both = [side.world.facilities.id[row] for side in (before, after) for row in side.school]
    return tuple(dict.fromkeys(both))


@dataclass(frozen=True, slots=True, eq=False)
class Rolls:
    """Pupils of N schools, those of `school_ids`.

    Attributes
    ----------
    before, after
        (N,) float64, pupils for whom it is the nearest by bike, in the region and around it; nan where there is no such
        school on that side.
    counted
        (N,) float64, pupils that were counted there; nan where nobody counted.
    counted_after
        (N,) float64, those who stay and those who come, see `Moves.counted`; nan where one of these is unknown, and where
        there is no such school any more.
    room
        (N,) float64, pupils it has room for; nan where unknown.

    """

    before: Floats
    after: Floats
    counted: Floats
    counted_after: Floats
    room: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.room))


def rolls(before: SchoolDay, after: SchoolDay, moved: Moves) -> Rolls:
    """Add up the pupils of each school."""
    number = {id_: row for row, id_ in enumerate(moved.school)}
    counted, now, then = _counted(before, number), _there(before, number), _there(after, number)
    counted_after = np.where(np.isnan(then), np.nan, counted)
    for school, sign in ((moved.from_school, -1.0), (moved.to_school, 1.0)):
        np.add.at(counted_after, school[school >= 0], sign * moved.counted[school >= 0])
    room = np.full(len(number), np.nan)
    for known in before.question.days.schools:
        if known.room is not None and known.id in number:
            room[number[known.id]] = known.room
    return Rolls(now, then, counted, counted_after, room)


def _there(day: SchoolDay, number: dict[str, int]) -> Floats:
    """(N,) pupils for whom each school is the nearest; nan where there is none of that id."""
    goes = _numbers(day.world, day.ways[BIKE], number)
    pupils = np.bincount(goes + 1, day.pupils, len(number) + 1)[1:]
    found = np.full(len(number), np.nan)
    rows = [number[day.world.facilities.id[row]] for row in day.school]
    found[rows] = pupils[rows]
    return found


def _counted(before: SchoolDay, number: dict[str, int]) -> Floats:
    """(N,) pupils that the data count; a size of 1 says that nobody knows it."""
    found, facilities = np.full(len(number), np.nan), before.world.facilities
    for row in before.school:
        if facilities.units[row] != 1.0:
            found[number[facilities.id[row]]] = facilities.units[row]
    return found
