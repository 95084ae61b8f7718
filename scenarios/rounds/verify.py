"""Plans looked at without the solver: when each leaves and has a break, whether every rule is kept, and what the ways cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.clock import clock_text
from data.columns import Floats, Int64s
from data.errors import DorpshubError
from scenarios.rounds.task import NOT_PLANNED, Plan, Reason, RoundsTask


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What a plan comes to, worked out again from the ways alone.

    Attributes
    ----------
    travel_s, care_s, wait_s
        (S,) float64, seconds on the way, at clients and waiting, of each who goes out.
    client_s
        (K,) float64, seconds of travel that each client accounts for: half of a way between two clients for each of them,
        and the ways from and to the base whole. They add up to `travel_s`.

    """

    travel_s: Floats
    care_s: Floats
    wait_s: Floats
    client_s: Floats

    @property
    def total_s(self) -> float:
        """Seconds on the way of all together."""
        return float(self.travel_s.sum())

    @property
    def travel_share(self) -> float:
        """Part of the time on the way and at clients that goes to the way; 0 where nobody goes out."""
        whole = self.total_s + float(self.care_s.sum())
        return self.total_s / whole if whole else 0.0


def timed(
    task: RoundsTask, rounds: tuple[tuple[int, ...], ...], begin_s: Int64s, reason: tuple[Reason, ...]
) -> Plan:
    """Plan of rounds whose visits begin at these times: each leaves as late as he or she can, and has a break in a free time.

    Raises
    ------
    DorpshubError
        When that keeps not all rules.

    """
    n_staff = len(rounds)
    leave_s, back_s, break_s = (np.full(n_staff, NOT_PLANNED, np.int64) for _ in range(3))
    for person, round_ in enumerate(rounds):
        if round_:
            leave_s[person], back_s[person], break_s[person] = _ends(task, person, round_, begin_s)
    plan = Plan(rounds, begin_s, leave_s, back_s, break_s, reason)
    refuse_broken(task, plan)
    return plan


def _ends(task: RoundsTask, person: int, round_: tuple[int, ...], begin_s: Int64s) -> tuple[int, int, int]:
    """When somebody leaves the base, is back, and begins the break (`NOT_PLANNED` for none, or where none fits)."""
    staff, care_s, ways = task.staff, task.visits.care_s, task.way_s(person, round_)
    leave = int(begin_s[round_[0]] - ways[0])
    done = [int(begin_s[visit] + care_s[visit]) for visit in round_]
    back = int(done[-1] + ways[-1])
    length = int(staff.break_s[person])
    if not length:
        return leave, back, NOT_PLANNED
    start, end = int(staff.start_s[person]), int(staff.end_s[person])
    first, last = int(staff.break_from_s[person]), int(staff.break_until_s[person])
    for visit, free_from, way in zip(round_[1:], done[:-1], ways[1:-1], strict=True):
        begin = max(free_from, first)
        if begin <= last and begin + length <= begin_s[visit] and free_from + way + length <= begin_s[visit]:
            return leave, back, begin
    begin = max(back, first)
    if begin <= last and begin + length <= end:
        return leave, back, begin
    begin = max(start, first)
    if begin <= last and begin + length <= leave:
        return leave, back, begin
    begin = max(done[-1], first)
    if begin <= last and max(begin, back) + length <= end:
        return leave, max(begin, back) + length, begin
    # On the way out, which then begins that much earlier.
    begin = max(leave - length, first)
    if leave - length >= start and begin <= min(last, int(begin_s[round_[0]]) - length):
        return leave - length, back, begin
    return leave, back, NOT_PLANNED


def faults(task: RoundsTask, plan: Plan) -> list[str]:
    """Every rule that a plan breaks, in words: plain loops that know nothing of the solver."""
    visits, staff, found = task.visits, task.staff, list[str]()
    made = [visit for round_ in plan.rounds for visit in round_]
    for visit in range(len(visits.client)):
        n_times, begin = made.count(visit), int(plan.begin_s[visit])
        if n_times > 1:
            found.append(f"visit {visit} is made {n_times} times")
        if (n_times == 0) != (begin == NOT_PLANNED) or (n_times == 0) != bool(plan.reason[visit]):
            found.append(f"visit {visit} is told otherwise than it is made")
        if n_times and not visits.earliest_s[visit] <= begin <= visits.latest_s[visit]:
            found.append(f"visit {visit} begins at {clock_text(begin)}, when it may not")
    for person, round_ in enumerate(plan.rounds):
        found += _faults_of_round(task, plan, person, round_)
    for one, other in visits.pairs():
        if one in made and other in made:
            apart = int(plan.begin_s[other] - plan.begin_s[one] - visits.care_s[one])
            if apart < task.gap_s:
                found.append(f"visits {one} and {other} of one client are {apart} s apart")
    if len(plan.rounds) != len(staff.base):
        found.append(f"{len(plan.rounds)} rounds for {len(staff.base)} people")
    return found


def _faults_of_round(task: RoundsTask, plan: Plan, person: int, round_: tuple[int, ...]) -> list[str]:
    """Rules that the round of one person breaks."""
    staff, found = task.staff, list[str]()
    leave, back, pause = (int(column[person]) for column in (plan.leave_s, plan.back_s, plan.break_s))
    if not round_:
        return [f"person {person} stays in and has times"] if (leave, back) != (NOT_PLANNED,) * 2 else []
    length = int(staff.break_s[person])
    if leave < staff.start_s[person] or back > staff.end_s[person]:
        found.append(f"person {person} is out beyond the shift")
    free, at = leave, int(staff.base[person])
    pauses = 0
    # The way home is a leg like any other, to a stop without a visit.
    for visit in (*round_, None):
        to = int(staff.base[person]) if visit is None else task.n_bases + int(task.visits.client[visit])
        arrive_by = back if visit is None else int(plan.begin_s[visit])
        here = bool(length) and free <= pause and pause + length <= arrive_by
        pauses += here
        way_s = task.seconds[at, to]
        if not free + way_s + (length if here else 0) <= arrive_by:
            found.append(
                f"person {person} cannot be at {'the base' if visit is None else f'visit {visit}'} in time"
            )
        if visit is not None:
            free, at = arrive_by + int(task.visits.care_s[visit]), to
    if length:
        at_base = (staff.start_s[person] <= pause and pause + length <= leave) or (
            back <= pause and pause + length <= staff.end_s[person]
        )
        in_time = staff.break_from_s[person] <= pause <= staff.break_until_s[person]
        if not in_time or pauses + at_base < 1:
            found.append(f"person {person} has no break")
    return found


def refuse_broken(task: RoundsTask, plan: Plan) -> None:
    """Refuse a plan that breaks a rule: nobody may be shown it.

    Raises
    ------
    DorpshubError
        With every rule that is broken.

    """
    if broken := faults(task, plan):
        msg = (
            f"The plan that was found breaks rules ({'; '.join(broken)}), so it is not shown. That is a mistake of the program: "
            "ask again with other numbers, and report it."
        )
        raise DorpshubError(msg)


def costs(task: RoundsTask, plan: Plan) -> Costs:
    """What a plan comes to."""
    n_staff, n_clients = len(plan.rounds), len(task.seconds) - task.n_bases
    travel_s, care_s, wait_s = (np.zeros(n_staff) for _ in range(3))
    client_s = np.zeros(n_clients)
    for person, round_ in enumerate(plan.rounds):
        if not round_:
            continue
        ways = task.way_s(person, round_)
        travel_s[person] = sum(ways)
        care_s[person] = sum(int(task.visits.care_s[visit]) for visit in round_)
        out_s = int(plan.back_s[person] - plan.leave_s[person])
        on_the_way = plan.leave_s[person] <= plan.break_s[person] < plan.back_s[person]
        pause_s = int(task.staff.break_s[person]) if on_the_way else 0
        wait_s[person] = out_s - travel_s[person] - care_s[person] - pause_s
        for place, visit in enumerate(round_):
            before, after = ways[place], ways[place + 1]
            share = (before if place == 0 else before / 2) + (
                after if place == len(round_) - 1 else after / 2
            )
            client_s[task.visits.client[visit]] += share
    return Costs(travel_s, care_s, wait_s, client_s)
