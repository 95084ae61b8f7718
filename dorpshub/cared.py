"""Rounds of home care, for notebooks and the command: from bases to clients, before and after a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from accessibility.travel_network import Points
from accessibility.world import World
from data.errors import InputError
from data.files.care_visits import COLUMNS, care_visits_of
from data.files.rows import Rows, numbered
from data.files.tables import complete
from data.parameters.home_care import load_home_care, span_of
from dorpshub.regions import Names, Region, names_of
from scenarios.rounds.answer import CareAnswer, answered, compared
from scenarios.rounds.clients import WITHIN_MIN, Demand, Drawing, demand_of, drawn, listed
from scenarios.rounds.question import CareQuestion, base_rows, refuse_faults, usual_question
from scenarios.rounds.solve import STEPS_PER_VISIT
from scenarios.rounds.tables import plan_table, villages_table


def care_rounds(
    region: Region,
    bases: Names,
    *,
    staff: int = 5,
    mode: str = "ebike",
    clients: pd.DataFrame | str | Path | None = None,
    n_clients: int | None = None,
    within_min: float = WITHIN_MIN,
    seed: int = 1,
    shifts: Sequence[str] = (),
    break_min: float | None = None,
    gap_min: float | None = None,
    then: Region | None = None,
    then_bases: Names = None,
    then_staff: int | None = None,
    then_mode: str = "",
    by_stop: bool = False,
    steps_per_visit: int = STEPS_PER_VISIT,
) -> pd.DataFrame:
    """Rounds of home care: who visits which client when, and how much travel that takes in each village.

    Needs the extra `rounds`. Shares of people with home care, visits, shifts and breaks are those of
    data/parameters/home_care.toml, or of a file of that name in the folder of the region.

    Parameters
    ----------
    region
        Before a change, if there is one.
    bases
        Ids or names of places where people begin and end.
    staff
        People in each shift at each base.
    mode
        bike, ebike, car or walk.
    clients
        Visits as a table or file: client, place (or lon, lat), minutes, from, until (HH:MM, when the visit may begin); one row
        per visit. Drawn when left out.
    n_clients, within_min, seed
        How many are drawn, from the people with home care within so many minutes of a base; another seed draws others.
    shifts
        "07:00-15:00" and so on.
    break_min, gap_min
        Minutes of the break of a long shift, and the least between two visits of one client.
    then, then_bases, then_staff, then_mode
        What changes: the region with a scenario, other bases, another number of people, another mode.
    by_stop
        Every stop of every round instead of villages.
    steps_per_visit
        How long to search. The same steps give the same plan.

    Returns
    -------
    A row per village with clients: clients, visits, planned, travel_s, travel_per_client_s, and with a change the same
    afterwards and difference_s. With `by_stop` a row per stop: plan, person, base, stop, act, client, place, begin, end,
    travel_s, reason; visits that are not planned come last, with the reason.

    Raises
    ------
    InputError
        When a name, number or row cannot be used, or OR-Tools is not installed.
    ScenarioError
        When no visit at all can be made, and why.

    Examples
    --------
    >>> from dorpshub import care_rounds, open_region
    >>> table = care_rounds(open_region("zuid-oost-drenthe"), "Exloo", staff=1, n_clients=4, steps_per_visit=500)
    >>> int(table["clients"].sum())
    4

    """
    first = CareInput(
        tuple(names_of(bases or ())),
        staff,
        mode,
        tuple(shifts),
        break_min,
        gap_min,
        n_clients,
        within_min,
        seed,
    )
    world = region.world
    if isinstance(clients, pd.DataFrame):
        rows = Rows("clients", numbered(complete(Path("clients"), clients, COLUMNS), "row", 1))
        demand = demand_of(world, care_visits_of(rows, world.places, world.projection))
    else:
        demand = demand_asked(world, first, None if clients is None else Path(clients))
    changed = changed_input(first, tuple(names_of(then_bases or ())), then_staff, then_mode)
    question = question_of(world, first)
    if then is None and changed == first:
        answers = [("now", answered(world, question, demand, steps_per_visit))]
    else:
        other = world if then is None else then.world
        if other.places.id != world.places.id:
            msg = f"{region} and {then} do not have the same places: compare one region with itself."
            raise InputError(msg)
        pair = ((world, question), (other, question_of(other, changed)))
        answers = list(zip(("before", "after"), compared(*pair, demand, steps_per_visit), strict=True))
    return plan_table(answers) if by_stop else by_village(answers)


@dataclass(frozen=True, slots=True)
class CareInput:
    """What is asked, as it is said; see `care_rounds`."""

    bases: tuple[str, ...]
    staff: int
    mode: str
    shifts: tuple[str, ...] = ()
    break_min: float | None = None
    gap_min: float | None = None
    n_clients: int | None = None
    within_min: float = WITHIN_MIN
    seed: int = 1


def changed_input(first: CareInput, bases: tuple[str, ...], staff: int | None, mode: str) -> CareInput:
    """What is asked after a change: what is not said again stays."""
    return replace(
        first,
        bases=bases or first.bases,
        staff=first.staff if staff is None else staff,
        mode=mode or first.mode,
    )


def question_of(world: World, asked: CareInput) -> CareQuestion:
    """The question in seconds, with what home_care.toml says where nothing is said; InputError for what contradicts itself."""
    known = load_home_care(world.region.folder).staff
    question = usual_question(known, asked.bases, asked.staff, asked.mode)
    if asked.shifts:
        question = replace(question, shifts=_shifts(asked.shifts))
    if asked.break_min is not None:
        question = replace(question, break_min=asked.break_min)
    if asked.gap_min is not None:
        question = replace(question, gap_min=asked.gap_min)
    refuse_faults(question)
    return question


def _shifts(texts: Sequence[str]) -> tuple[tuple[int, int], ...]:
    shifts, faults = [], []
    for text in texts:
        begin, _, end = text.replace("\N{EN DASH}", "-").partition("-")
        try:
            shifts.append(span_of((begin.strip(), end.strip())))
        except InputError:
            faults.append(f"'{text}'")
    if faults:
        msg = f"Shifts {', '.join(faults)}: write from when to when, such as 07:00-15:00."
        raise InputError(msg)
    return tuple(shifts)


def demand_asked(world: World, asked: CareInput, clients: Path | None) -> Demand:
    """Clients of a list, or drawn around the bases; errors as `care_rounds`."""
    question = question_of(world, asked)
    if clients is not None:
        return listed(world, clients)
    care, rows = load_home_care(world.region.folder), base_rows(world, question)
    drawing = Drawing(asked.n_clients or care.clients.n_clients, asked.within_min, asked.seed)
    if asked.n_clients is not None and asked.n_clients < 1:
        drawing = replace(drawing, n_clients=asked.n_clients)
    bases = Points(np.asarray(world.places.x_m[rows]), np.asarray(world.places.y_m[rows]))
    return drawn(world, care, bases, asked.mode, drawing)


def by_village(answers: Sequence[tuple[str, CareAnswer]]) -> pd.DataFrame:
    """Table by village of one plan, or of one before and one after."""
    return villages_table(*(answer for _, answer in answers))
