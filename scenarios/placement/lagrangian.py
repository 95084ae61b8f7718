"""A bound that no set of sites can beat, and the sites that no best set holds, by Lagrangian relaxation.

Relax the rule that every demand is served once, with a multiplier `u[d]` for each, and let each open site serve whoever it
saves anything: for any multipliers their sum, less what the best sites save, is at most the cost of any set that keeps to the
number of hubs and the budget (Geoffrion 1974; Beasley 1993 for the p-median). The best multipliers give the bound of the
linear program. They are looked for by subgradient steps, which cost a pass over the lists each.

The rule on number and budget enters with a multiplier of its own, `per_hub` or `per_euro`, so the bound is
`sum(u) - per_hub * n - per_euro * budget + sum(min(0, r))` with `r` the reduced cost of a site. A site with r > 0
that is opened nevertheless adds r, one with r < 0 that is left closed adds -r: where that passes the cost of the incumbent,
no better set opens, or closes, it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import Bools, Floats, Int64s
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.kernels import assign, reduced_costs, times_served
from scenarios.placement.local_search import attempt
from scenarios.placement.problem import ReducedProblem, floors

ROUNDS = 600
START = 0.4
"""Multipliers begin this share of the way from the cost of the best open site to that of the second."""
SLOW_AFTER = 15
"""Rounds without a better bound after which steps are halved."""
SMALLEST_STEP = 1e-3
TRY_EVERY = 40
"""Rounds after which the sites that the relaxation opens are tried as an answer."""
INERTIA = 0.3
"""Share of the last direction in the next one (Camerini, Fratta & Maffioli 1975)."""


@dataclass(frozen=True, slots=True, eq=False)
class Multipliers:
    """Multipliers and what they prove.

    Attributes
    ----------
    bound
        No set that keeps to the rules costs less.
    multiplier
        (G,) of the demands of the goal.
    reduced
        (C,) `r`, see the module.

    """

    bound: float
    multiplier: Floats
    reduced: Floats

    def bound_if_open(self, core: ReducedProblem) -> Floats:
        """(C,) bound on any set that opens a site."""
        held = np.where(core.fixed, 0.0, np.maximum(self.reduced, 0.0))
        return np.asarray(np.where(core.allowed, self.bound + held, np.inf))

    def bound_if_closed(self, core: ReducedProblem) -> Floats:
        """(C,) bound on any set that leaves a site closed."""
        held = np.where(core.allowed, np.maximum(-self.reduced, 0.0), 0.0)
        return np.asarray(np.where(core.fixed, np.inf, self.bound + held))


def best_multipliers(core: ReducedProblem, incumbent: Incumbent, rounds: int) -> Multipliers:
    """Multipliers from subgradient steps; the bound goes to `incumbent`, whose set must be there."""
    assert incumbent.best is not None  # noqa: S101 -- steps are as long as the gap to it
    lists = core.goal
    floor = floors(lists)
    served = assign(lists, incumbent.best)
    multiplier = served.best + START * (served.second - served.best)
    best = Multipliers(-np.inf, multiplier, np.zeros(core.n_sites))
    direction, pace, waited = np.zeros(len(multiplier)), 1.0, 0
    count = np.empty(len(multiplier))
    for number in range(rounds):
        bound, reduced, is_open = _relaxed(core, multiplier)
        if number % TRY_EVERY == TRY_EVERY - 1 or number == rounds - 1:
            attempt(core, incumbent, is_open)
        if bound > best.bound + 1e-7 * abs(bound):
            best, waited = Multipliers(bound, multiplier.copy(), reduced), 0
            incumbent.raise_bound(bound)
        else:
            waited += 1
        if incumbent.is_over or pace < SMALLEST_STEP:
            break
        if waited >= SLOW_AFTER:
            pace, waited = pace / 2, 0
        times_served(lists, multiplier, is_open, count)
        direction = (1 - count) + INERTIA * direction
        length = float((direction**2).sum())
        if length == 0:
            break
        step = pace * max(incumbent.value - bound, 1e-6 * abs(incumbent.value)) / length
        multiplier = np.clip(multiplier + step * direction, floor, lists.outside_cost)
    incumbent.raise_site_bounds(best.bound_if_open(core))
    return best


def _relaxed(core: ReducedProblem, multiplier: Floats) -> tuple[float, Floats, Bools]:
    """Bound, reduced costs of the sites, and the sites that the relaxation opens, for multipliers."""
    saved = core.opening_cost.copy()
    reduced_costs(core.goal, multiplier, saved)
    base = core.constant + float(multiplier.sum())
    free = np.flatnonzero(core.allowed & ~core.fixed).astype(np.int64)
    options = [_by_number(core, saved, free)]
    if core.rules.budget < np.inf:
        options.append(_by_budget(core, saved, free))
    best = max(options, key=lambda option: option[0])
    return base + best[0], best[1], best[2]


def _by_number(core: ReducedProblem, saved: Floats, free: Int64s) -> tuple[float, Floats, Bools]:
    """The sites that save most, as many as there may be."""
    n_free = core.rules.n_hubs - int(core.fixed.sum())
    order = free[np.argsort(saved[free], kind="stable")]
    chosen = order[:n_free]
    chosen = chosen[saved[chosen] < 0]
    next_best = saved[order[n_free]] if len(order) > n_free else 0.0
    per_hub = max(0.0, -float(next_best))
    is_open = core.fixed.copy()
    is_open[chosen] = True
    return float(saved[is_open].sum()), np.where(core.fixed, saved, saved + per_hub), is_open


def _by_budget(core: ReducedProblem, saved: Floats, free: Int64s) -> tuple[float, Floats, Bools]:
    """The sites that save most per euro, the last of them in part (Dantzig 1957)."""
    left = core.rules.budget - float(core.cost[core.fixed].sum())
    useful = free[saved[free] < 0]
    rate = saved[useful] / np.maximum(core.cost[useful], 1e-12)
    order = useful[np.argsort(rate, kind="stable")]
    spent = np.cumsum(core.cost[order])
    n_whole = int(np.searchsorted(spent, left * (1 + 1e-12) + 1e-9, side="right"))
    per_euro = 0.0
    if n_whole < len(order):
        per_euro = -float(saved[order[n_whole]]) / float(core.cost[order[n_whole]])
    reduced = np.where(core.fixed, saved, saved + per_euro * core.cost)
    bound = float(saved[core.fixed].sum()) - per_euro * left + float(np.minimum(reduced[free], 0.0).sum())
    is_open = core.fixed.copy()
    is_open[order[:n_whole]] = True
    return bound, reduced, is_open
