"""School days as tables: places, schools, and who moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility.data_quality.flows import FlowCheck
from data.clock import clock_text
from data.columns import Bools, Floats, Int32s
from scenarios.comparison import report
from scenarios.school.day import BIKE, WAYS, SchoolDay
from scenarios.school.moves import Moves, Rolls, moves, rolls


class Counts(NamedTuple):
    """Pupils of some homes, as expected numbers.

    Attributes
    ----------
    pupils
        All.
    far, far_with_bus
        Whose nearest school is beyond the limit by bike, and of these those whom a bus or train brings there in time, quicker
        than walking.
    unreached
        Who reach none by bike.
    young, walking
        Too young to cycle alone, and of these those within the limit on foot: the others are brought.
    cycling
        Old enough, and within the limit by bike.

    """

    pupils: float
    far: float
    far_with_bus: float
    unreached: float
    young: float
    walking: float
    cycling: float

    @property
    def brought(self) -> float:
        """Too young to cycle alone, and beyond the limit on foot."""
        return self.young - self.walking


@dataclass(frozen=True, slots=True, eq=False)
class SchoolAnswer:
    """A school day without and with a change, who moves, and what was counted; without a scenario both sides are one."""

    before: SchoolDay
    after: SchoolDay
    moved: Moves
    rolls: Rolls
    observed: FlowCheck | None = None


def answered(before: SchoolDay, after: SchoolDay, observed: FlowCheck | None = None) -> SchoolAnswer:
    """Put two sides together."""
    moved = moves(before, after)
    return SchoolAnswer(before, after, moved, rolls(before, after, moved), observed)


def counts_by(day: SchoolDay, group: Int32s, n_groups: int) -> list[Counts]:
    """Counts of homes by group, (O,) rows of the groups; those of none are below 0 and left out."""
    kept = group >= 0
    is_far = day.is_far

    def summed(people: Floats, which: Bools) -> list[float]:
        found: list[float] = np.bincount(group[kept], np.where(which, people, 0.0)[kept], n_groups).tolist()
        return found

    everybody = np.ones(len(kept), np.bool_)

    columns = (
        summed(day.pupils, everybody),
        summed(day.pupils, is_far),
        summed(day.pupils, is_far & day.has_bus),
        summed(day.pupils, np.isinf(day.ways[BIKE].seconds)),
        summed(day.young, everybody),
        summed(day.young, day.walks),
        summed(day.alone, ~is_far),
    )
    return [Counts(*row) for row in zip(*columns, strict=True)]


def counts(day: SchoolDay) -> Counts:
    """Counts of the whole region."""
    inside = np.where(day.world.residents.in_region, 0, -1).astype(np.int32)
    return counts_by(day, inside, 1)[0]


def places_table(answer: SchoolAnswer) -> pd.DataFrame:
    """One row per place: its pupils, the school that most of them have nearest, mean times, and who is far or brought."""
    before, after = answer.before, answer.after
    columns = report.place_columns(before.world) | {"kind": before.question.kind}
    for end, day in (("", before), ("_after", after)):
        n_places = len(day.world.places.id)
        place = day.world.residents.place
        found = counts_by(day, place, n_places)
        columns |= {
            f"pupils{end}": [round(row.pupils, 1) for row in found],
            f"too_young{end}": [round(row.young, 1) for row in found],
            f"far{end}": [round(row.far, 1) for row in found],
            f"far_with_bus{end}": [round(row.far_with_bus, 1) for row in found],
            f"cycling{end}": [round(row.cycling, 1) for row in found],
            f"walking{end}": [round(row.walking, 1) for row in found],
            f"brought{end}": [round(row.brought, 1) for row in found],
        }
        school = main_school(day)
        ids, names = day.world.facilities.id, day.world.facilities.name
        columns[f"school_id{end}"] = [ids[row] if row >= 0 else "" for row in school]
        columns[f"school{end}"] = [names[row] if row >= 0 else "" for row in school]
        for mode in WAYS:
            times = mean_s(day, mode) if mode in day.ways else np.full(n_places, np.inf)
            columns[f"{mode}{end}_s"] = report.whole(times)
    return pd.DataFrame(columns | _basis(before))


def main_school(day: SchoolDay) -> Int32s:
    """(P,) row of Facilities that most pupils of each place have nearest by bike; -1 where none does."""
    place, school, pupils = day.world.residents.place, day.ways[BIKE].school, day.pupils
    kept = np.flatnonzero((place >= 0) & (school >= 0) & (pupils > 0))
    found = np.full(len(day.world.places.id), -1, np.int32)
    key = place[kept].astype(np.int64) * (len(day.world.facilities.id) + 1) + school[kept]
    pairs, of = np.unique(key, return_inverse=True)
    total = np.bincount(of, pupils[kept], len(pairs))
    where, which = np.divmod(pairs, len(day.world.facilities.id) + 1)
    # The last that is written stays: most pupils, and of equal ones the first school.
    order = np.lexsort((-which, total))
    found[where[order]] = which[order]
    return found


def mean_s(day: SchoolDay, mode: str) -> Floats:
    """(P,) mean seconds by a mode over those pupils of each place who reach one; inf where nobody does."""
    place, seconds = day.world.residents.place, day.ways[mode].seconds
    kept = np.flatnonzero((place >= 0) & np.isfinite(seconds) & (day.pupils > 0))
    n_places = len(day.world.places.id)
    people = np.bincount(place[kept], day.pupils[kept], n_places)
    summed = np.bincount(place[kept], day.pupils[kept] * seconds[kept], n_places)
    means: Floats = np.divide(summed, people, out=np.full(n_places, np.inf), where=people > 0)
    return means


def schools_table(answer: SchoolAnswer) -> pd.DataFrame:
    """One row per school before or after: its bell, its pupils by the model and as counted, room, and its first bus."""
    before, of = answer.before, answer.rolls
    sides = _latest(answer)
    own = {school.id: school for school in before.question.days.schools}
    facilities = [(day.world.facilities, day.school[at]) for day, at in sides]
    x_m, y_m = (np.array([getattr(of, name)[row] for of, row in facilities]) for name in ("x_m", "y_m"))
    lon_deg, lat_deg = before.world.projection.to_lonlat(x_m, y_m)
    assumed = [
        (known.assumed if (known := own.get(id_)) is not None and known.bell else before.question.of.assumed)
        for id_ in answer.moved.school
    ]
    return pd.DataFrame(
        {
            "facility_id": answer.moved.school,
            "facility": [of.name[row] for of, row in facilities],
            "kind": before.question.kind,
            "lon": lon_deg.round(5),
            "lat": lat_deg.round(5),
            "in_region": in_region(answer),
            "bell": [clock_text(int(day.bell[at])) for day, at in sides],
            "bell_assumed": assumed,
            "be_there_by": [clock_text(int(day.arrive_by[at])) for day, at in sides],
            "first_ride": [
                clock_text(int(day.first_ride[at])) if np.isfinite(day.first_ride[at]) else ""
                for day, at in sides
            ],
            "bell_before_first_ride": [bool(day.is_before_bus[at]) for day, at in sides],
            "pupils": of.before.round(1),
            "pupils_after": of.after.round(1),
            "pupils_counted": of.counted.round(1),
            "pupils_counted_after": of.counted_after.round(1),
            "room": of.room,
            "over_room": np.where(np.isnan(of.room), np.nan, np.maximum(of.counted_after - of.room, 0)).round(
                1
            ),
        }
    )


def _latest(answer: SchoolAnswer) -> list[tuple[SchoolDay, int]]:
    """Each school as it is after the change, or was before where it is gone: its side, and its row there."""
    found: dict[str, tuple[SchoolDay, int]] = {}
    for day in (answer.before, answer.after):
        found |= {day.world.facilities.id[row]: (day, at) for at, row in enumerate(day.school.tolist())}
    return [found[id_] for id_ in answer.moved.school]


def in_region(answer: SchoolAnswer) -> Bools:
    """(N,) bool, whether the place nearest to each school, straight-line, is one of the region."""
    places = answer.before.world.places
    found = np.empty(len(answer.moved.school), np.bool_)
    for number, (day, at) in enumerate(_latest(answer)):
        of, row = day.world.facilities, day.school[at]
        squared = (places.x_m - of.x_m[row]) ** 2 + (places.y_m - of.y_m[row]) ** 2
        found[number] = places.in_region[squared.argmin()]
    return found


def moves_table(answer: SchoolAnswer) -> pd.DataFrame:
    """One row per pair of schools between which pupils move, most of them first."""
    names, moved = names_of(answer), answer.moved

    def of(rows: Int32s, texts: list[str]) -> list[str]:
        return [texts[row] if row >= 0 else "" for row in rows.tolist()]

    return pd.DataFrame(
        {
            "kind": answer.before.question.kind,
            "from_id": of(moved.from_school, [*moved.school]),
            "from": of(moved.from_school, names),
            "to_id": of(moved.to_school, [*moved.school]),
            "to": of(moved.to_school, names),
            "pupils": moved.pupils.round(1),
            "pupils_counted": moved.counted.round(1),
            "bike_s": report.whole(moved.before_s),
            "bike_after_s": report.whole(moved.after_s),
        }
    )


def names_of(answer: SchoolAnswer) -> list[str]:
    """Names of all schools before and after."""
    return [day.world.facilities.name[day.school[at]] for day, at in _latest(answer)]


def _basis(day: SchoolDay) -> dict[str, object]:
    bus = next((mode for mode in day.world.modes if mode.rides), day.world.modes[0])
    return report.basis(day.world, bus)
