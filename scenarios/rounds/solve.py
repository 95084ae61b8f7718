"""Rounds by OR-Tools, guarded: it is handed whole seconds, stops by a count of steps, and hands back an order of visits.

OR-Tools (Perron and Furnon, Google) searches by guided local search: a good plan, without proof that none is better. What it
says of costs is not read; `scenarios.rounds.verify` works everything out again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from data.columns import Int64s
from data.errors import DorpshubError
from data.extras import of_extra
from scenarios.rounds.task import NOT_PLANNED, Plan, Reason, RoundsTask, alone
from scenarios.rounds.verify import timed

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp

HORIZON_S = 2 * 24 * 3600
"""No clock time of a task lies beyond it: shifts end before midnight, or shortly after."""
NO_WAY_S = 10 * HORIZON_S
"""Stands for a way that there is not: longer than any day, so that no round can hold it."""
STEPS_PER_VISIT = 20_000
"""How long is searched, in looks of the solver at its limit: some two seconds for 50 visits on one core, seven for 100."""
LOOK_EVERY = 2000
GUARD_S = 24 * 3600
"""OR-Tools warns of a search without a limit of time. Never met: the count of steps ends it."""
OnShare: TypeAlias = Callable[[float], bool]
"""Told which share of the search is done; says whether to go on."""


def ignore_share(_share: float) -> bool:
    """Go on, however far it is."""
    return True


def refuse_without_solver() -> None:
    """Raise InputError, with what to install, where OR-Tools is not."""
    with of_extra("rounds"):
        import ortools  # noqa: F401, PLC0415 -- an extra


class _Steps:
    """Counts the looks of the solver at its limit: the same on every machine, which seconds are not."""

    def __init__(self, most: int, on_share: OnShare) -> None:
        self.n, self._most, self._on_share = 0, most, on_share
        self.has_plan = False
        self.error: Exception | None = None

    def is_over(self) -> bool:
        """Whether to stop. An error may not pass through the solver, so it is kept for afterwards."""
        self.n += 1
        if self.error is None and self.n % LOOK_EVERY == 0:
            try:
                if not self._on_share(min(self.n / self._most, 1.0)):
                    self._most = 0
            except Exception as error:  # noqa: BLE001 -- raised again once the solver is done
                self.error = error
        return self.has_plan and (self.n > self._most or self.error is not None)

    def found(self) -> None:
        """Note that there is a plan: before it a search that ends has nothing."""
        self.has_plan = True


def solve(
    task: RoundsTask,
    steps_per_visit: int = STEPS_PER_VISIT,
    start: Plan | None = None,
    on_share: OnShare = ignore_share,
) -> Plan:
    """Plan that makes as many visits as it can, and of such plans one with little travel.

    Parameters
    ----------
    task
        With V visits.
    steps_per_visit
        How long to search; the same steps give the same plan.
    start
        A plan of the same visits to begin from, of another task; it is left out where it does not fit this one.
    on_share
        Told how far the search is.

    Returns
    -------
    A plan whose times keep all rules, see `verify`; what nobody can make, or nobody has room for, is left out with its reason.

    Raises
    ------
    InputError
        When OR-Tools is not installed.
    DorpshubError
        When the solver's order of visits does not keep the rules after all.

    """
    reason = alone(task)
    rows = np.flatnonzero([not why for why in reason])
    rounds: tuple[tuple[int, ...], ...] = ((),) * len(task.staff.base)
    begin_s = np.full(len(reason), NOT_PLANNED, np.int64)
    if len(rows):
        rounds, begin_s = _solved(task, rows, steps_per_visit, start, on_share)
    why: list[Reason] = [
        "" if begin != NOT_PLANNED else of or "no_room"
        for begin, of in zip(begin_s.tolist(), reason, strict=True)
    ]
    return timed(task, rounds, begin_s, tuple(why))


def _solved(
    task: RoundsTask, rows: Int64s, steps_per_visit: int, start: Plan | None, on_share: OnShare
) -> tuple[tuple[tuple[int, ...], ...], Int64s]:
    """Rounds, and when each visit begins, of the rows of the visits that somebody can make."""
    with of_extra("rounds"):
        from ortools.constraint_solver import pywrapcp  # noqa: PLC0415 -- an extra

    # A base at which nobody works would be a stop that must be visited.
    used, base = np.unique(task.staff.base, return_inverse=True)
    n_bases = len(used)
    stops = np.concatenate([used, task.stop[rows]])
    seconds = task.seconds[np.ix_(stops, stops)]
    whole = np.where(np.isfinite(seconds), seconds, NO_WAY_S).astype(np.int64)
    bases = base.ravel().tolist()
    manager = pywrapcp.RoutingIndexManager(len(stops), len(bases), bases, bases)
    model = pywrapcp.RoutingModel(manager)
    index = [manager.NodeToIndex(n_bases + at) for at in range(len(rows))]
    time = _told(task, rows, whole, (manager, model, index))
    steps = _Steps(steps_per_visit * len(rows), on_share)
    model.AddAtSolutionCallback(steps.found)
    model.AddSearchMonitor(model.solver().CustomLimit(steps.is_over))
    parameters = _parameters(pywrapcp)
    model.CloseModelWithParameters(parameters)
    found = None
    if start is not None:
        at = {int(row): index[number] for number, row in enumerate(rows)}
        # Who is not there any more leaves his or her visits to be planned anew.
        rounds_then = (*start.rounds, *((),) * len(bases))[: len(bases)]
        known = [[at[visit] for visit in round_ if visit in at] for round_ in rounds_then]
        begun = model.ReadAssignmentFromRoutes(known, True)
        found = None if begun is None else model.SolveFromAssignmentWithParameters(begun, parameters)
    if found is None:
        found = model.SolveWithParameters(parameters)
    if steps.error is not None:
        raise steps.error
    if found is None:
        raise DorpshubError(
            "No plan was found, not even one without visits: that is a mistake of the program. Report it."
        )
    begin_s = np.full(len(task.visits.client), NOT_PLANNED, np.int64)
    rounds = []
    for person in range(len(bases)):
        round_, at_index = [], model.Start(person)
        while True:
            at_index = found.Value(model.NextVar(at_index))
            if model.IsEnd(at_index):
                break
            visit = int(rows[manager.IndexToNode(at_index) - n_bases])
            round_.append(visit)
            begin_s[visit] = found.Min(time.CumulVar(at_index))
        rounds.append(tuple(round_))
    return tuple(rounds), begin_s


def _told(
    task: RoundsTask, rows: Int64s, whole: Int64s, parts: tuple[Any, pywrapcp.RoutingModel, list[int]]
) -> pywrapcp.RoutingDimension:
    """Tell the model everything; `whole` are seconds between the bases and the visits, in this order."""
    (manager, model, index), staff, visits = parts, task.staff, task.visits
    n_bases = len(whole) - len(rows)
    care_s = np.concatenate([np.zeros(n_bases, np.int64), visits.care_s[rows]])
    # Tables, not callbacks: what a callback gives as a fraction costs nothing, and the plan is called the best.
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(whole.tolist()))
    lasts = model.RegisterTransitMatrix((whole + care_s[:, None]).tolist())
    model.AddDimension(lasts, HORIZON_S, HORIZON_S, False, "time")
    time, solver = model.GetDimensionOrDie("time"), model.solver()
    # One visit more is worth more than all ways of any plan together.
    worth = int(whole[whole < NO_WAY_S].max(initial=0)) * (len(rows) + len(staff.base)) + 1
    for at, row in zip(index, rows.tolist(), strict=True):
        time.CumulVar(at).SetRange(int(visits.earliest_s[row]), int(visits.latest_s[row]))
        model.AddDisjunction([at], worth)
    at_stop_s = [int(care_s[manager.IndexToNode(at)]) for at in range(model.Size())]
    for person in range(len(staff.base)):
        for end in (model.Start(person), model.End(person)):
            time.CumulVar(end).SetRange(int(staff.start_s[person]), int(staff.end_s[person]))
        if staff.break_s[person]:
            # Breaks are neither optional nor read back, both of which OR-Tools does ill: `timed` finds their place again.
            pause = solver.FixedDurationIntervalVar(
                int(staff.break_from_s[person]),
                int(staff.break_until_s[person]),
                int(staff.break_s[person]),
                False,
                f"break {person}",
            )
            time.SetBreakIntervalsOfVehicle([pause], person, at_stop_s)
    number = {row: at for at, row in zip(index, rows.tolist(), strict=True)}
    for one, other in visits.pairs():
        if one not in number or other not in number:
            continue
        apart_s = int(visits.care_s[one]) + task.gap_s
        if visits.latest_s[one] + apart_s > visits.earliest_s[other]:
            # Only where both are made: a visit that is left out keeps a time of its own, which binds nobody.
            made = model.ActiveVar(number[one]) + model.ActiveVar(number[other])
            later = time.CumulVar(number[other]) + 2 * HORIZON_S * 2
            solver.Add(later - 2 * HORIZON_S * made >= time.CumulVar(number[one]) + apart_s)
    return time


def _parameters(pywrapcp: Any) -> Any:  # noqa: ANN401 -- of OR-Tools, which has no types
    from ortools.constraint_solver import routing_enums_pb2 as kinds  # noqa: PLC0415 -- an extra

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = kinds.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.time_limit.seconds = GUARD_S
    parameters.local_search_metaheuristic = kinds.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    return parameters
