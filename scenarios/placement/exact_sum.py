"""The exact answer where something is added up: least time, most people within a limit, fewest hubs.

1. Greedy and swaps give a warm start. 2. Lagrangian multipliers give a bound and exclude sites. 3. The linear program, begun
with the cuts of those multipliers and grown by those its solutions violate, gives a better bound and excludes more.
4. The integer program over the sites that are left is solved again with the cuts its best set violates, until it violates
none: then its cost is the bound. Every stage only ever leaves out what cannot be better than the incumbent.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.columns import Floats
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.kernels import assign
from scenarios.placement.lagrangian import Multipliers
from scenarios.placement.local_search import attempt, first_set
from scenarios.placement.milp import SCALE, Program, Solution, cost_cuts, load_cuts, multiplier_cuts
from scenarios.placement.problem import NO_LISTS, ReducedProblem, floors

STALLED = 1e-5
"""A round of the linear program that lifts the bound by less than this share of it is the last but for whole sites."""


def warm_start(core: ReducedProblem, incumbent: Incumbent) -> None:
    """Accept a first set, if greedy and swaps find one that keeps to the rules."""
    is_open = first_set(core)
    if core.keeps_to_rules(is_open):
        incumbent.accept(is_open, core.value(is_open))


def find_feasible(core: ReducedProblem, incumbent: Incumbent) -> None:
    """Accept any set that keeps to the rules, where greedy and swaps found none; or prove that there is none."""
    if incumbent.best is not None:
        return
    trial = incumbent.any_set()
    branch_and_cut(replace(core, goal=NO_LISTS, constant=0.0), trial)
    if trial.best is not None:
        attempt(core, incumbent, trial.best)
    elif trial.bound == np.inf:
        incumbent.raise_bound(np.inf)


def branch_and_cut(core: ReducedProblem, incumbent: Incumbent, known: Multipliers | None = None) -> None:
    """Search on until the incumbent is proved, or time is up; without any set at the end there is none, or no time.

    `known` are the Lagrangian multipliers, if there are any.

    Raises
    ------
    RuntimeError
        When the solver contradicts itself.

    """
    if incumbent.is_over:
        return
    program = _program(core, incumbent, known)
    if not _lp_loop(core, incumbent, program):
        return
    while not incumbent.is_over:
        solution = program.whole(incumbent)
        if solution is None or not _accept(core, incumbent, program, solution):
            return


def _program(core: ReducedProblem, incumbent: Incumbent, known: Multipliers | None) -> Program:
    goal = core.goal
    value = incumbent.value if incumbent.best is not None else core.value(core.fixed)
    program = Program(core, floors(goal), max(abs(value), 1.0) / SCALE)
    everyone = np.ones(len(goal.outside_cost), bool)
    if not (goal.cost > 0).any():
        # Costs are all or nothing: one cut each says everything.
        program.add(multiplier_cuts(core, goal.outside_cost, everyone))
    else:
        if known is not None:
            program.add(multiplier_cuts(core, known.multiplier, everyone))
        if incumbent.best is not None:
            program.add(multiplier_cuts(core, assign(goal, incumbent.best).second, everyone))
    if known is not None:
        _fix_by_reduced_cost(core, incumbent, program, known)
    return program


def _fix_by_reduced_cost(
    core: ReducedProblem, incumbent: Incumbent, program: Program, known: Multipliers
) -> None:
    if np.isfinite(known.bound) and incumbent.best is not None:
        cutoff = incumbent.cutoff
        out = (known.bound_if_open(core) > cutoff) & ~core.fixed
        program.close(out, (known.bound_if_closed(core) > cutoff) & core.allowed & ~out)


def _lp_loop(core: ReducedProblem, incumbent: Incumbent, program: Program) -> bool:
    """Grow the linear program; False when it shows that there is no (other) answer, or when time is up."""
    last = -np.inf
    while not incumbent.is_over:
        solution = program.relaxed(incumbent)
        if solution is None:
            return False
        if solution.bound == np.inf:
            incumbent.raise_bound(incumbent.value)
            return False
        duals = Multipliers(solution.bound, np.empty(0), solution.reduced)
        incumbent.raise_bound(solution.bound)
        incumbent.raise_site_bounds(duals.bound_if_open(core))
        _round(core, incumbent, solution.opened)
        if not _add_cuts(core, program, solution) or solution.bound - last < STALLED * abs(solution.bound):
            _fix_by_reduced_cost(core, incumbent, program, duals)
            return not incumbent.is_over
        last = solution.bound
    return False


def _add_cuts(core: ReducedProblem, program: Program, solution: Solution) -> bool:
    """Add the rows that a solution violates; whether there are any."""
    cuts = cost_cuts(core, solution), load_cuts(core, solution.opened)
    for rows in cuts:
        program.add(rows)
    return any(len(rows.lower) for rows in cuts)


def _round(core: ReducedProblem, incumbent: Incumbent, opened: Floats) -> None:
    """Try the sites with the largest shares, and what swaps make of them."""
    order = np.lexsort((np.arange(core.n_sites), -opened))[: core.rules.n_hubs]
    is_open = core.fixed.copy()
    is_open[order[opened[order] > 1e-6]] = True
    attempt(core, incumbent, is_open)


def _cut_off(core: ReducedProblem, incumbent: Incumbent, program: Program, columns: Floats) -> None:
    """Cut a set that the integer program held for the best on its way: the next one need not go there again."""
    opened = np.rint(columns[: core.n_sites])
    attempt(core, incumbent, opened > 0.5)
    cost = columns[core.n_sites : core.n_sites + len(core.goal.outside_cost)]
    _add_cuts(core, program, Solution(opened, cost, 0.0, opened))


def _accept(core: ReducedProblem, incumbent: Incumbent, program: Program, solution: Solution) -> bool:
    """Accept what the integer program came to; False when that settles the question."""
    incumbent.raise_bound(solution.bound)
    if solution.bound == np.inf or incumbent.is_proved:
        return False
    is_open = solution.opened > 0.5
    attempt(core, incumbent, is_open)
    if _add_cuts(core, program, solution) or incumbent.is_over:
        for columns in solution.on_the_way:
            _cut_off(core, incumbent, program, columns)
        return True
    # No row is violated: the program's best set costs what the program says, up to its tolerances.
    if incumbent.best is None or core.value(is_open) > solution.bound + 1e-5 * abs(solution.bound) + 1e-6:
        msg = f"the program's bound {solution.bound} is not what its set costs, {core.value(is_open)}, or it breaks a rule"
        raise RuntimeError(msg)
    incumbent.raise_bound(incumbent.value)
    return False
