"""The closure stress test: every facility of a kind closed by itself, then every two together, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from accessibility.closures import Closures
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Floats, Int32s, Int64s, freeze
from scenarios.comparison.compare import difference
from scenarios.comparison.report import basis, whole

MINUTE_S = 60
OLDEST = 3
"""Column of `data.places.AGE_BANDS` told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class StressTest:
    """What each closure, or each pair of closures, comes to for the inhabitants of the region.

    Attributes
    ----------
    closed
        (C, n) int32, rows of Facilities that close: one each, or two.
    people, people_75plus
        (C,) int64, persons whose time gets longer, those who reach none any more among them.
    people_lost
        (C,) int64, persons who reach none any more.
    added_s
        (C,) float64, seconds added per person of `people` who still reaches one; 0 where there is none.
    worst_origin
        (C,) int32, inhabited origin to which most is added; -1 where nobody's time gets longer.
    worst_added_s
        (C,) float64, what is added there; inf where it reaches none any more, 0 where there is no such origin.

    """

    closed: Int32s
    people: Int64s
    people_75plus: Int64s
    people_lost: Int64s
    added_s: Floats
    worst_origin: Int32s
    worst_added_s: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.people))


def stress_singles(world: World, found: Closures) -> StressTest:
    """Every facility closed by itself; origins are the residents of the world."""
    n_facilities = len(found.facility)
    added_s = difference(found.seconds[found.origin], found.after_s)
    sums = [_summed(found.closed, column, n_facilities) for column in _counted(world, found.origin, added_s)]
    worst = _worst(found.closed, found.origin, added_s, _people(world)[found.origin], n_facilities)
    return _stress(found.facility[:, None], sums, worst)


def stress_pairs(world: World, found: Closures) -> StressTest:
    """Every two facilities closed together.

    An origin that feels both closures at once is counted with what both do to it, every other with what one does: the
    sums of the two, put right at these origins.
    """
    n_facilities = len(found.facility)
    one, other = np.triu_indices(n_facilities, 1)
    key_of = np.full((n_facilities, n_facilities), -1, np.int64)
    key_of[one, other] = np.arange(len(one))
    pair = key_of[found.pair[:, 0], found.pair[:, 1]]
    added_s = difference(found.seconds[found.origin], found.after_s)
    both_s = difference(found.seconds[found.pair_origin], found.pair_after_s)
    alone = _counted(world, found.origin, added_s)
    together = _counted(world, found.pair_origin, both_s)
    single = [_row_of(found, found.pair[:, side], found.pair_origin) for side in (0, 1)]
    sums = []
    for alone_column, together_column in zip(alone, together, strict=True):
        put_right = together_column.copy()
        for row in single:
            put_right -= np.append(alone_column, 0)[row]
        by_facility = _summed(found.closed, alone_column, n_facilities)
        sums.append(by_facility[one] + by_facility[other] + _summed(pair, put_right, len(one)))
    people = _people(world)
    worst = _worst(found.closed, found.origin, added_s, people[found.origin], n_facilities)
    # Closing the second never helps, so what the two do alone is no more than the truth at origins that feel both.
    case = np.concatenate([np.arange(len(one)), np.arange(len(one)), pair])
    origin = np.concatenate([worst[0][one], worst[0][other], found.pair_origin])
    most_s = np.concatenate([worst[1][one], worst[1][other], both_s])
    worst = _worst(case, origin, most_s, np.append(people, 0)[origin], len(one))
    return _stress(np.column_stack([found.facility[one], found.facility[other]]), sums, worst)


def _people(world: World) -> Int32s:
    """(O,) persons who count: residents of the region."""
    return np.where(world.residents.in_region, world.residents.people, 0).astype(np.int32)


def _counted(world: World, origin: Int32s, added_s: Floats) -> list[Int64s]:
    """Persons with a longer time, those of 75 and over, those who reach none, and whole person-seconds, per row."""
    people = _people(world)[origin].astype(np.int64)
    oldest = np.where(people > 0, world.residents.people_by_age[origin, OLDEST], 0).astype(np.int64)
    longer, lost = added_s > 0, np.isinf(added_s)
    person_s = people * np.where(lost, 0, added_s).astype(np.int64)
    return [people * longer, oldest * longer, people * lost, person_s]


def _summed(row: NDArray[np.integer[Any]], values: Int64s, n_rows: int) -> Int64s:
    """(n_rows,) int64, exact sums; person-seconds stay far below 2**53."""
    return np.rint(np.bincount(row, values, minlength=n_rows)).astype(np.int64)


def _row_of(found: Closures, closed: Int32s, origin: Int32s) -> Int64s:
    """Row of the single closure of a facility at an origin; one beyond the last where the origin does not feel it."""
    n_origins = max(len(found.seconds), 1)
    key = found.closed.astype(np.int64) * n_origins + found.origin
    wanted = closed.astype(np.int64) * n_origins + origin
    row = np.searchsorted(key, wanted)
    there = np.append(key, -1)[row] == wanted
    return np.where(there, row, len(key))


def _worst(
    case: NDArray[np.integer[Any]], origin: Int32s, added_s: Floats, people: Int32s, n_cases: int
) -> tuple[Int32s, Floats]:
    """Origin of each case to which most is added, and how much; of equal ones the most inhabited, then the first."""
    counts = np.flatnonzero((people > 0) & (added_s > 0))
    order = counts[np.lexsort((origin[counts], -people[counts], -added_s[counts], case[counts]))]
    which, begin = np.unique(case[order], return_index=True)
    at, most_s = np.full(n_cases, -1, np.int32), np.zeros(n_cases)
    at[which], most_s[which] = origin[order[begin]], added_s[order[begin]]
    return at, most_s


def _stress(closed: Int32s, sums: list[Int64s], worst: tuple[Int32s, Floats]) -> StressTest:
    people, oldest, lost, person_s = sums
    still = np.maximum(people - lost, 1)
    return StressTest(closed, people, oldest, lost, person_s / still, *worst)


def stress_table(world: World, kind: str, mode: TravelMode, tested: StressTest) -> pd.DataFrame:
    """One row per closure, the worst first: most people left without, then most time added to all together."""
    facilities, places, residents = world.facilities, world.places, world.residents
    person_s = tested.added_s * (tested.people - tested.people_lost)
    order = np.lexsort((np.arange(len(tested.people)), -person_s, -tested.people_lost))
    columns: dict[str, object] = {"rank": np.arange(1, len(order) + 1), "kind": kind, "mode": mode.name}
    for number in range(tested.closed.shape[1]):
        rows = tested.closed[order, number]
        name = "closed" if number == 0 else "closed_too"
        columns[f"{name}_id"] = [facilities.id[row] for row in rows]
        columns[name] = [facilities.name[row] for row in rows]
        columns[f"{name}_modelled"] = facilities.modelled[rows]
    place = np.where(tested.worst_origin >= 0, residents.place[tested.worst_origin], -1)[order]
    columns |= {
        "people_affected": tested.people[order],
        "people_75plus_affected": tested.people_75plus[order],
        "people_left_without": tested.people_lost[order],
        "added_s": whole(tested.added_s[order]),
        "added_person_min": (person_s[order] / MINUTE_S).round(),
        "worst_place_id": [places.id[row] if row >= 0 else "" for row in place],
        "worst_place": [places.name[row] if row >= 0 else "" for row in place],
        "worst_added_s": whole(tested.worst_added_s[order]),
        "worst_left_without": np.isinf(tested.worst_added_s[order]),
    }
    return pd.DataFrame(columns | basis(world, mode))


def stress_lines(table: pd.DataFrame) -> list[str]:
    """Rows of a stress table in words."""
    lines = []
    for row in table.to_dict("records"):
        closed = " and ".join(row[name] for name in ("closed", "closed_too") if name in row)
        lines.append(
            f"{row['rank']}. {closed}: {row['people_affected']:,} people ({row['people_75plus_affected']:,} of 75 and over), "
            f"on average {row['added_s'] / MINUTE_S:.1f} min more, {row['people_left_without']:,} left without; "
            f"worst in {row['worst_place'] or 'no place'}"
        )
    return lines
