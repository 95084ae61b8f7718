"""The exact answer where something is added up: least time, most people within a limit, fewest hubs.

1. Greedy and swaps give a set in hand. 2. Lagrangian prices give a bound and rule out sites. 3. The linear program,
begun with the cuts of those prices and grown by those its solutions break, gives a better bound and rules out more.
4. The integer program over the sites that are left is solved again with the cuts its best set breaks, until it breaks
none: then its cost is the bound. Every stage only ever leaves out what cannot be better than the set in hand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.columns import Floats
from scenarios.placement.incumbent import Search, TimeLimit
from scenarios.placement.kernels import CandidateLists, assign
from scenarios.placement.lagrangian import ROUNDS, Prices, best_prices
from scenarios.placement.local_search import attempt, first_set
from scenarios.placement.milp import SCALE, Found, Program, cost_cuts, load_cuts, priced_cuts
from scenarios.placement.problem import ReducedProblem, floors

STALLED = 1e-5
"""A round of the linear program that lifts the bound by less than this share of it is the last but for whole sites."""


def start(core: ReducedProblem, search: Search) -> None:
    """Put a first set in hand, if greedy and swaps find one that keeps to the rules."""
    is_open = first_set(core)
    if core.keeps_to_rules(is_open):
        search.found(is_open, core.value(is_open))


def find_feasible(core: ReducedProblem, search: Search) -> None:
    """Put any set in hand that keeps to the rules, where greedy and swaps found none; or prove that there is none."""
    if search.best is not None:
        return
    empty = CandidateLists(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0), np.empty(0))
    trial = Search(
        TimeLimit(search.left_s, search.patience.clock, lambda step: not np.isfinite(step.value)), 0.0
    )
    finish(replace(core, goal=empty, constant=0.0), trial, prices(core, trial))
    if trial.best is not None:
        attempt(core, search, trial.best)
    elif trial.bound == np.inf:
        search.proved(np.inf)


def prices(core: ReducedProblem, search: Search, rounds: int = ROUNDS) -> Prices:
    """Lagrangian prices; of a question without goal, or without a set in hand, those that say nothing."""
    if search.best is None or not len(core.goal.outside_cost):
        nothing = np.zeros(core.n_sites)
        return Prices(-np.inf, np.zeros(len(core.goal.outside_cost)), nothing)
    return best_prices(core, search, rounds)


def finish(core: ReducedProblem, search: Search, known: Prices) -> None:
    """Search on until the best set is proved, or time is up; without any set at the end there is none, or no time."""
    if search.is_over:
        return
    program = _program(core, search, known)
    if not _relax(core, search, program):
        return
    while not search.is_over:
        found = program.whole(search)
        if found is None or not _take(core, search, program, found):
            return


def _program(core: ReducedProblem, search: Search, known: Prices) -> Program:
    goal = core.goal
    value = search.value if search.best is not None else core.value(core.fixed)
    program = Program(core, floors(goal), max(abs(value), 1.0) / SCALE)
    everyone = np.ones(len(goal.outside_cost), bool)
    if not (goal.cost > 0).any():
        # Costs are all or nothing: one cut each says everything.
        program.add(priced_cuts(core, goal.outside_cost, everyone))
    else:
        if np.isfinite(known.bound):
            program.add(priced_cuts(core, known.price, everyone))
        if search.best is not None:
            program.add(priced_cuts(core, assign(goal, search.best).second, everyone))
    _rule_out(core, search, program, known)
    return program


def _rule_out(core: ReducedProblem, search: Search, program: Program, known: Prices) -> None:
    if np.isfinite(known.bound) and search.best is not None:
        worthless = search.worthless
        out = (known.with_site(core) > worthless) & ~core.fixed
        program.close(out, (known.without_site(core) > worthless) & core.allowed & ~out)


def _relax(core: ReducedProblem, search: Search, program: Program) -> bool:
    """Grow the linear program; False when it shows that there is no (other) answer, or when time is up."""
    last = -np.inf
    while not search.is_over:
        found = program.relaxed(search)
        if found is None:
            return False
        if found.bound == np.inf:
            search.proved(search.value)
            return False
        search.proved(found.bound)
        search.proved_with(Prices(found.bound, np.empty(0), found.reduced).with_site(core))
        _round_off(core, search, found.opened)
        cuts, loads = cost_cuts(core, found), load_cuts(core, found.opened)
        program.add(cuts)
        program.add(loads)
        if not len(cuts.lower) + len(loads.lower) or found.bound - last < STALLED * abs(found.bound):
            _rule_out(core, search, program, Prices(found.bound, np.empty(0), found.reduced))
            return not search.is_over
        last = found.bound
    return False


def _round_off(core: ReducedProblem, search: Search, opened: Floats) -> None:
    """Try the sites with the largest shares, and what swaps make of them."""
    order = np.lexsort((np.arange(core.n_sites), -opened))[: core.rules.n_hubs]
    is_open = core.fixed.copy()
    is_open[order[opened[order] > 1e-6]] = True
    attempt(core, search, is_open)


def _cut_off(core: ReducedProblem, search: Search, program: Program, columns: Floats) -> None:
    """Cut a set that the integer program held for the best on its way: the next one need not go there again."""
    opened = np.rint(columns[: core.n_sites])
    attempt(core, search, opened > 0.5)
    cost = columns[core.n_sites : core.n_sites + len(core.goal.outside_cost)]
    program.add(cost_cuts(core, Found(opened, cost, 0.0, opened)))
    program.add(load_cuts(core, opened))


def _take(core: ReducedProblem, search: Search, program: Program, found: Found) -> bool:
    """Take what the integer program came to; False when that settles the question."""
    search.proved(found.bound)
    if found.bound == np.inf or search.is_proved:
        return False
    is_open = found.opened > 0.5
    attempt(core, search, is_open)
    cuts, loads = cost_cuts(core, found), load_cuts(core, found.opened)
    program.add(cuts)
    program.add(loads)
    if len(cuts.lower) + len(loads.lower) or search.is_over:
        for columns in found.on_the_way:
            _cut_off(core, search, program, columns)
        return True
    # No row is broken: the program's best set costs what the program says, up to its tolerances.
    if search.best is None or core.value(is_open) > found.bound + 1e-5 * abs(found.bound) + 1e-6:
        msg = f"the program's bound {found.bound} is not what its set costs, {core.value(is_open)}, or it breaks a rule"
        raise RuntimeError(msg)
    search.proved(search.value)
    return False
