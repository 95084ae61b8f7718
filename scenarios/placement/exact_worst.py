"""The exact answer for the worst-off: the least time within which hubs can be for everybody (p-center).

A time T will do when the rules leave a set of sites with one within T of everybody who has nothing that near already.
Only times that occur can be the answer, so they are halved until one is left (Minieka 1970). Few of the sets within T
matter: the program begins with those of the worst off and gets the sets of whoever a solution leaves out (Contardo,
Iori & Kramer 2019).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.columns import Bools, Floats, Int64s
from scenarios.placement.exact_sum import branch_and_cut
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.kernels import assign
from scenarios.placement.local_search import first_set
from scenarios.placement.problem import Cover, ReducedProblem, joined

ROWS_AT_ONCE = 50
"""Sets of left-out demands that are added at a time."""


def worst_s(core: ReducedProblem, is_open: Bools) -> float:
    """Seconds of the worst-off demand with people."""
    best = np.minimum(assign(core.nearness, is_open).best, core.rules.unreached_s)
    return float(best[core.people > 0].max(initial=0.0))


def warm_start_worst(core: ReducedProblem, incumbent: Incumbent) -> None:
    """Halve the times with greedy and swaps alone; a floor is what nobody could do better than."""
    times = _times(core)
    incumbent.raise_bound(float(times[0]))
    low, high = 0, len(times) - 1
    while low <= high:
        middle = (low + high) // 2
        is_open = first_set(within(core, times[middle], _everybody(core)))
        if core.keeps_to_rules(is_open):
            incumbent.accept(is_open, worst_s(core, is_open))
        low, high = (low, middle - 1) if incumbent.value <= times[middle] else (middle + 1, high)


def bisect_worst(core: ReducedProblem, incumbent: Incumbent) -> None:
    """Halve the times that are left until one is proved, or time is up."""
    times = _times(core)
    asked = _worst_off(core, core.fixed, _everybody(core))
    while not incumbent.is_over:
        open_times = times[(times >= incumbent.bound) & (times < incumbent.value)]
        if not len(open_times):
            incumbent.raise_bound(incumbent.value)
            return
        limit_s = float(open_times[(len(open_times) - 1) // 2])
        is_open, asked, is_settled = _within(core, limit_s, asked, incumbent)
        if is_open is not None:
            incumbent.accept(is_open, worst_s(core, is_open))
        elif is_settled:
            later = times[times > limit_s]
            incumbent.raise_bound(float(later[0]) if len(later) else np.inf)
        else:
            return


def _times(core: ReducedProblem) -> Floats:
    """Times that the answer can be, ascending: none below what the worst off have with everything open."""
    floor_s = worst_s(core, core.allowed)
    occurring = np.concatenate([core.nearness.cost, core.nearness.outside_cost, [core.rules.unreached_s]])
    occurring = np.unique(occurring[np.isfinite(occurring)])
    return occurring[occurring >= floor_s]


def _everybody(core: ReducedProblem) -> Int64s:
    return np.flatnonzero(core.people > 0)


def within(core: ReducedProblem, limit_s: float, demands: Int64s) -> ReducedProblem:
    """The question whether there is a set with a site within `limit_s` of the `demands` that have nothing as near."""
    near = core.nearness
    missing = np.minimum(near.outside_cost, core.rules.unreached_s) > limit_s
    missing &= np.isin(np.arange(len(missing)), demands)
    sets = near.only((near.cost <= limit_s) & missing[near.demand], near.outside_cost).without_empty(missing)
    cover = Cover(sets.offset, sets.site)
    return replace(core, cover_constraints=joined([core.cover_constraints, cover]))


def _worst_off(core: ReducedProblem, is_open: Bools, among: Int64s) -> Int64s:
    """Rows of the demands with the longest times."""
    best = assign(core.nearness, is_open).best[among]
    return np.sort(among[np.argsort(-best, kind="stable")[:ROWS_AT_ONCE]])


def _within(
    core: ReducedProblem, limit_s: float, asked: Int64s, incumbent: Incumbent
) -> tuple[Bools | None, Int64s, bool]:
    """A set within the limit for everybody, if there is one; the demands that had to be asked; whether it is settled."""
    everybody = _everybody(core)
    while True:
        sub = within(core, limit_s, asked)
        trial = incumbent.any_set()
        branch_and_cut(sub, trial)
        if trial.best is None:
            return None, asked, trial.bound == np.inf
        best = np.minimum(assign(core.nearness, trial.best).best, core.rules.unreached_s)
        left_out = everybody[best[everybody] > limit_s]
        if not len(left_out):
            return trial.best, asked, True
        asked = np.union1d(asked, _worst_off(core, trial.best, left_out))
