"""What the pages show of school days, as plain frozen values: one village, or the whole region with who moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.parameters.school_days import SchoolKind
from scenarios.school.day import BIKE, SchoolDay
from scenarios.school.tables import (
    Counts,
    SchoolAnswer,
    counts,
    counts_by,
    in_region,
    main_school,
    mean_s,
    names_of,
)

MOST_MOVES, MOST_EXAMPLES = 10, 3
MINUTE_S = 60


class Nearest(NamedTuple):
    """The school that most pupils of a village have nearest, "" for none, and their mean minutes by bike to any, None for none."""

    school: str
    bike_min: float | None


class Move(NamedTuple):
    """Pupils who get another nearest school, "" for none; `counted` of them by the counts, None where nobody counted."""

    from_school: str
    to_school: str
    pupils: int
    counted: int | None
    before_min: float | None
    after_min: float | None


class BeforeBus(NamedTuple):
    """A school where the bell rings before the first bus: clock times."""

    school: str
    bell: int
    first_ride: int


@dataclass(frozen=True, slots=True)
class SchoolBasis:
    """What was asked: kind, ages, bell and margin in common, from which age pupils cycle alone, and what is assumed."""

    kind: str
    ages: tuple[int, int]
    bell: int
    margin_min: float
    from_age: int
    limit_min: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class VillageSchool:
    """Pupils of one village, now and with the changes."""

    village: str
    basis: SchoolBasis
    now: Counts
    then: Counts
    nearest: tuple[Nearest, Nearest]

    @property
    def is_changed(self) -> bool:
        """Whether the changes do anything to them."""
        return self.now != self.then or self.nearest[0] != self.nearest[1]


@dataclass(frozen=True, slots=True)
class RegionSchool:
    """Pupils of the region, now and with the changes.

    Attributes
    ----------
    moves, n_moves, moved
        The largest moves, how many there are, and pupils in all of them, those around the region too.
    before_bus, n_before_bus, n_with_stop
        Some schools where the bell rings before the first bus, with the changes; how many these are, and of how many.
    counted, modelled
        Pupils that were counted at the schools of the region, and those that the model sends there; None where nobody counted.

    """

    basis: SchoolBasis
    now: Counts
    then: Counts
    moves: tuple[Move, ...]
    n_moves: int
    moved: int
    before_bus: tuple[BeforeBus, ...]
    n_before_bus: int
    n_with_stop: int
    counted: int | None
    modelled: int | None


def school_kind(kinds: Sequence[SchoolKind], kind: str) -> str:
    """Return the kind if it has school days, else ""."""
    return kind if kind in {row.kind for row in kinds} else ""


def basis_of(day: SchoolDay) -> SchoolBasis:
    """What was asked of a school day."""
    question = day.question
    usual = question.days.arrive_by(question.kind)
    return SchoolBasis(
        question.kind,
        question.of.ages,
        usual + round(MINUTE_S * question.of.margin_min),
        question.of.margin_min,
        question.days.cycling.alone_from_age,
        round(question.limit_s / MINUTE_S),
        bool(question.assumed),
    )


def village_school(answer: SchoolAnswer, row: int) -> VillageSchool:
    """Pupils of the place in `row`."""
    sides = (answer.before, answer.after)
    found = [
        counts_by(side, np.where(side.world.residents.place == row, 0, -1).astype(np.int32), 1)[0]
        for side in sides
    ]
    nearest = tuple(_nearest(side, row) for side in sides)
    village = answer.before.world.places.name[row]
    return VillageSchool(village, basis_of(answer.before), found[0], found[1], (nearest[0], nearest[1]))


def _nearest(day: SchoolDay, row: int) -> Nearest:
    school = int(main_school(day)[row])
    seconds = float(mean_s(day, BIKE)[row])
    return Nearest(day.world.facilities.name[school] if school >= 0 else "", _minutes(seconds))


def _minutes(seconds: float) -> float | None:
    return seconds / MINUTE_S if np.isfinite(seconds) else None


def region_school(answer: SchoolAnswer) -> RegionSchool:
    """Pupils of the region, who moves, where the bell comes before the bus, and what was counted."""
    after, moved, rolls = answer.after, answer.moved, answer.rolls
    early = np.flatnonzero(after.is_before_bus)
    early = early[np.argsort(-after.first_ride[early], kind="stable")]
    names = after.world.facilities.name
    known = in_region(answer) & ~np.isnan(rolls.counted) & ~np.isnan(rolls.before)
    return RegionSchool(
        basis_of(answer.before),
        counts(answer.before),
        counts(after),
        _moves(answer),
        len(moved.pupils),
        round(float(moved.pupils.sum())),
        tuple(
            BeforeBus(names[after.school[at]], int(after.bell[at]), int(after.first_ride[at]))
            for at in early[:MOST_EXAMPLES].tolist()
        ),
        len(early),
        int(after.has_stop.sum()),
        round(float(rolls.counted[known].sum())) if known.any() else None,
        round(float(rolls.before[known].sum())) if known.any() else None,
    )


def _moves(answer: SchoolAnswer) -> tuple[Move, ...]:
    moved, names = answer.moved, [*names_of(answer), ""]
    return tuple(
        Move(
            names[moved.from_school[row]],
            names[moved.to_school[row]],
            round(float(moved.pupils[row])),
            None if np.isnan(moved.counted[row]) else round(float(moved.counted[row])),
            _minutes(float(moved.before_s[row])),
            _minutes(float(moved.after_s[row])),
        )
        for row in range(min(len(moved.pupils), MOST_MOVES))
    )
