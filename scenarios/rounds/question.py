"""A person's question of rounds: bases, staff, shifts, mode; and what it comes to for the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.asked import ALL_MODES, mode_of, place_row
from accessibility.travel_network import Points, street_matrix
from accessibility.world import World
from data.clock import clock_text
from data.columns import Floats
from data.errors import InputError, ScenarioError
from data.parameters.home_care import CareStaff
from scenarios.rounds.clients import Demand
from scenarios.rounds.task import Reason, RoundsTask, Staff, alone

MOST_STAFF, MOST_VISITS = 60, 400
"""Of one plan: a large team; beyond it the search takes minutes, and teams plan apart anyway."""
END_OF_DAY_S = 30 * 3600
"""6:00 of the next day: a night shift goes on past midnight."""
WAY_MAX_S = 4 * 3600
"""No way between two visits takes longer."""


@dataclass(frozen=True, slots=True)
class CareQuestion:
    """What somebody wants to know, in plain values.

    Attributes
    ----------
    bases
        Ids or names of places where people begin and end.
    staff
        People in each shift at each base.
    shifts
        From when to when, seconds after midnight.
    mode
        How they go: a mode that does not ride.
    break_min
        Minutes of the break of a shift of more than `break_above_h` hours; it begins `break_margin_h` hours after the start
        of the shift at the earliest, and ends so many hours before its end.
    gap_min
        Least minutes between the end of a visit and the next of the same client.

    """

    bases: tuple[str, ...]
    staff: int
    shifts: tuple[tuple[int, int], ...]
    mode: str
    break_min: float
    break_above_h: float
    break_margin_h: float
    gap_min: float


def usual_question(known: CareStaff, bases: tuple[str, ...], staff: int, mode: str) -> CareQuestion:
    """Question with the shifts, breaks and gap of home_care.toml."""
    return CareQuestion(
        bases,
        staff,
        known.shifts_s,
        mode,
        known.break_min,
        known.break_above_h,
        known.break_margin_h,
        known.gap_min,
    )


def refuse_faults(question: CareQuestion) -> None:
    """Refuse what contradicts itself, all at once.

    Raises
    ------
    InputError
        With one fault after the other.

    """
    faults = []
    if not question.bases:
        faults.append("no base is named: say from which place people go")
    if len(set(question.bases)) < len(question.bases):
        faults.append("a base is named twice")
    if question.staff < 1:
        faults.append(
            f"there are {question.staff} people in a shift: without staff nobody is visited; ask for 1 or more"
        )
    n_staff = question.staff * len(question.bases) * len(question.shifts)
    if n_staff > MOST_STAFF:
        faults.append(
            f"{question.staff} people at {len(question.bases)} bases in {len(question.shifts)} shifts are {n_staff}, and at "
            f"most {MOST_STAFF} can be planned together: ask for each base apart"
        )
    if not question.shifts:
        faults.append("no shift is named: say from when to when people work")
    for start, end in question.shifts:
        faults += _shift_faults(question, start, end)
    if not 0 <= question.gap_min <= 1440:
        faults.append(f"visits of one client are {question.gap_min:g} minutes apart: give 0 to 1440")
    mode = ALL_MODES.get(question.mode)
    if mode is not None and (mode.is_timed or mode.on_demand):
        faults.append(
            f"nobody makes rounds by {mode.name}, which comes when it comes: go by bike, ebike, car or walk"
        )
    if faults:
        # A line each, as pages translate line by line.
        msg = "\n".join(["These rounds cannot be planned:", *faults])
        raise InputError(msg)


def _shift_faults(question: CareQuestion, start: int, end: int) -> list[str]:
    called = f"the shift {clock_text(start)}-{clock_text(end)}"
    if not 0 <= start < end <= END_OF_DAY_S:
        return [f"{called} must begin before it ends, and end by {clock_text(END_OF_DAY_S)}"]
    if question.break_min < 0:
        return [f"a break of {question.break_min:g} minutes is none: give 0 or more"]
    if not _has_break(question, start, end):
        return []
    break_s, margin_s = question.break_min * 60, question.break_margin_h * 3600
    if break_s >= end - start:
        return [f"the break of {question.break_min:g} minutes is as long as {called}"]
    if start + margin_s + break_s > end - margin_s:
        return [
            f"in {called} no break of {question.break_min:g} minutes lies {question.break_margin_h:g} hours from both ends"
        ]
    return []


def _has_break(question: CareQuestion, start: int, end: int) -> bool:
    return question.break_min > 0 and end - start > question.break_above_h * 3600


def staff_of(question: CareQuestion) -> Staff:
    """Everybody who can go out: by base, then by shift, so that a question of fewer people has the same in the first rows."""
    rows = [
        (base, shift)
        for _ in range(question.staff)
        for base in range(len(question.bases))
        for shift in question.shifts
    ]
    base = np.array([base for base, _ in rows], np.int32)
    start, end = np.array([shift for _, shift in rows], np.int64).T.copy()
    paused = np.array([_has_break(question, *shift) for _, shift in rows], np.bool_)
    break_s = np.where(paused, round(question.break_min * 60), 0).astype(np.int64)
    margin_s = round(question.break_margin_h * 3600)
    return Staff(base, start, end, break_s, start + margin_s, end - margin_s - break_s)


def base_rows(world: World, question: CareQuestion) -> list[int]:
    """Rows of the places of the bases.

    Raises
    ------
    InputError
        When there is no such place, all of them at once.

    """
    rows, faults = [], []
    for base in question.bases:
        try:
            rows.append(place_row(world, base))
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise InputError(" ".join(faults))
    if len(set(rows)) < len(rows):
        raise InputError("Two bases are one and the same place: name each once.")
    return rows


def whole_seconds(world: World, mode: str, points: Points) -> Floats:
    """(N, N) float64, seconds between points rounded up to whole ones; inf where there is no way."""
    by = mode_of(world, mode)
    return np.asarray(np.ceil(street_matrix(world.network, by.street, points, points, WAY_MAX_S)))


def task_of(world: World, question: CareQuestion, demand: Demand) -> RoundsTask:
    """Put the question to the solver.

    Raises
    ------
    InputError
        When a base is no place, or there are more visits than can be planned together.
    ScenarioError
        When no visit at all can be made, and why.

    """
    n_visits = len(demand.visits.client)
    if n_visits > MOST_VISITS:
        msg = f"There are {n_visits} visits, and at most {MOST_VISITS} can be planned together: take fewer clients, or teams apart."
        raise InputError(msg)
    rows, places, clients = base_rows(world, question), world.places, demand.clients
    points = Points(
        np.concatenate([places.x_m[rows], clients.x_m]), np.concatenate([places.y_m[rows], clients.y_m])
    )
    task = RoundsTask(
        whole_seconds(world, question.mode, points),
        demand.visits,
        staff_of(question),
        len(rows),
        round(question.gap_min * 60),
    )
    _refuse_hopeless(task)
    return task


def _refuse_hopeless(task: RoundsTask) -> None:
    """Refuse a task of which not a single visit can be made, in words."""
    reasons = alone(task)
    if not reasons or not all(reasons):
        return
    said: dict[Reason, str] = {
        "no_way": "no base has a way there and back by this mode.",
        "no_shift": "nobody works when they may begin.",
        "too_far": "way, visit, break and way back do not fit into any shift.",
    }
    told = [f"Of {reasons.count(why)} visits: {words}" for why, words in said.items() if why in reasons]
    head = f"None of the {len(reasons)} visits can be made. Choose longer or other shifts, another base or another mode."
    msg = "\n".join([head, *told])
    raise ScenarioError(msg)
