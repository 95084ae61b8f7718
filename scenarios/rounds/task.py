"""What a solver of rounds is told, and the plan that it gives: clients, visits, staff, and the ways between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s, Strings, freeze

Reason: TypeAlias = Literal["", "no_way", "no_shift", "too_far", "no_room"]
"""Why a visit is not planned: no base reaches the client and gets back; it may begin in no shift; way, visit and way back do
not fit into a shift; nobody has room. "" for one that is planned."""
NOT_PLANNED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Clients:
    """Who is visited.

    Attributes
    ----------
    id
        (K,) strings.
    place
        (K,) int32, row of Places; -1 where none.
    x_m, y_m
        (K,) float64, projected metres.

    """

    id: Strings
    place: Int32s
    x_m: Floats
    y_m: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """What is to be done: one row per visit.

    Attributes
    ----------
    client
        (V,) int32, row of the clients.
    care_s
        (V,) int64, seconds at the client's.
    earliest_s, latest_s
        (V,) int64, clock times between which the visit must begin.

    """

    client: Int32s
    care_s: Int64s
    earliest_s: Int64s
    latest_s: Int64s

    def __post_init__(self) -> None:
        freeze(self, len(self.client))

    def pairs(self) -> list[tuple[int, int]]:
        """Visits of one client that follow each other in the day, by when they may begin."""
        order = np.lexsort((np.arange(len(self.client)), self.latest_s, self.earliest_s, self.client))
        rows = order.tolist()
        return [
            (one, other) for one, other in itertools.pairwise(rows) if self.client[one] == self.client[other]
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """Who goes: one row per person and shift.

    Attributes
    ----------
    base
        (S,) int32, row of the bases.
    start_s, end_s
        (S,) int64, clock times of the shift: nobody leaves before it or is back after it.
    break_s
        (S,) int64, seconds of the break; 0 for none.
    break_from_s, break_until_s
        (S,) int64, clock times between which it must begin.

    """

    base: Int32s
    start_s: Int64s
    end_s: Int64s
    break_s: Int64s
    break_from_s: Int64s
    break_until_s: Int64s

    def __post_init__(self) -> None:
        freeze(self, len(self.base))


@dataclass(frozen=True, slots=True, eq=False)
class RoundsTask:
    """A task of rounds.

    Attributes
    ----------
    seconds
        (B + K, B + K) float64, whole seconds from every base and client (in this order) to every other; inf where there is
        no way.
    visits, staff
        What is to be done, and who goes.
    gap_s
        Least seconds between the end of a visit and the next of the same client.

    """

    seconds: Floats
    visits: Visits
    staff: Staff
    n_bases: int
    gap_s: int

    def __post_init__(self) -> None:
        self.seconds.setflags(write=False)
        if not np.array_equal(self.seconds, np.ceil(self.seconds)):
            msg = "seconds between stops must be whole"
            raise ValueError(msg)

    @property
    def stop(self) -> NDArray[np.int64]:
        """(V,) int64, row of `seconds` of each visit."""
        return self.visits.client.astype(np.int64) + self.n_bases

    def way_s(self, staff: int, round_: tuple[int, ...]) -> list[float]:
        """Seconds of the legs of a round, that out and that back included; none where nobody goes out."""
        base, stop = int(self.staff.base[staff]), self.stop
        stops = [base, *(int(stop[visit]) for visit in round_), base] if round_ else []
        return [float(self.seconds[one, other]) for one, other in itertools.pairwise(stops)]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Who visits whom when.

    Attributes
    ----------
    rounds
        (S) tuples of rows of the visits, in the order in which they are made.
    begin_s
        (V,) int64, clock time at which each visit begins; `NOT_PLANNED` for those that nobody makes.
    leave_s, back_s
        (S,) int64, clock times at which each leaves the base and is back; `NOT_PLANNED` for those who stay in.
    break_s
        (S,) int64, clock time at which the break of each who goes out begins; `NOT_PLANNED` for none.
    reason
        (V) reasons, "" for planned visits.

    """

    rounds: tuple[tuple[int, ...], ...]
    begin_s: Int64s
    leave_s: Int64s
    back_s: Int64s
    break_s: Int64s
    reason: tuple[Reason, ...]

    def __post_init__(self) -> None:
        for column in (self.begin_s, self.leave_s, self.back_s, self.break_s):
            column.setflags(write=False)

    @property
    def n_planned(self) -> int:
        """How many visits are made."""
        return int(np.count_nonzero(self.begin_s != NOT_PLANNED))

    @property
    def n_staff(self) -> int:
        """How many go out."""
        return sum(bool(round_) for round_ in self.rounds)


def alone(task: RoundsTask) -> tuple[Reason, ...]:
    """Why each visit can be made by nobody, even as the only one of a round; "" for those that somebody can make."""
    return tuple(_alone(task, visit) for visit in range(len(task.visits.client)))


def _alone(task: RoundsTask, visit: int) -> Reason:
    visits, staff, stop = task.visits, task.staff, int(task.stop[visit])
    out_s, home_s = task.seconds[staff.base, stop], task.seconds[stop, staff.base]
    if not np.isfinite(out_s + home_s).any():
        return "no_way"
    earliest, latest, care_s = (
        int(column[visit]) for column in (visits.earliest_s, visits.latest_s, visits.care_s)
    )
    if not ((staff.start_s <= latest) & (staff.end_s >= earliest + care_s)).any():
        return "no_shift"
    fits = any(_fits(task, row, visit) for row in range(len(staff.base)))
    return "" if fits else "too_far"


def _fits(task: RoundsTask, row: int, visit: int) -> bool:
    """Whether somebody can make a visit as the only one, the break before, on the way, or after."""
    visits, staff, stop = task.visits, task.staff, int(task.stop[visit])
    base = int(staff.base[row])
    out_s, home_s = float(task.seconds[base, stop]), float(task.seconds[stop, base])
    start, end = float(staff.start_s[row]), float(staff.end_s[row])
    earliest, latest = float(visits.earliest_s[visit]), float(visits.latest_s[visit])
    care_s, break_s = float(visits.care_s[visit]), float(staff.break_s[row])
    first, last = float(staff.break_from_s[row]), float(staff.break_until_s[row])
    begin = max(start + out_s, earliest)
    back = begin + care_s + home_s
    if not break_s:
        return begin <= latest and back <= end
    # A break before the visit: at the base, or on the way. One after it: on the way, or at the base.
    later = max(start + out_s, first) + break_s
    before = start <= last and max(later, earliest) <= latest
    before = before and max(later, earliest) + care_s + home_s <= end
    done = begin + care_s
    after = begin <= latest and done <= last and max(done + home_s, first) + break_s <= end
    home = begin <= latest and back <= last and max(back, first) + break_s <= end
    return before or after or home
