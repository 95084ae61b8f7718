"""A good plan at once: greedy, and again without one hub after the other, until that helps no more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int64s
from network.jit import kernel
from scenarios.placement.incumbent import SAME, Incumbent
from scenarios.plan.problem import CENT, PlanProblem

FREE = 1e-6
"""Euros that what costs nothing is taken to cost, so that what is gained per euro stays finite."""

ROUNDING = 1e-12
"""Relative difference between sums of the same numbers in another order."""


@kernel
def opening_gains(
    site_offset: NDArray[np.int64],
    group: NDArray[np.int32],
    tail: NDArray[np.float64],
    helped_from: NDArray[np.int64],
    gain: NDArray[np.float64],
) -> None:
    """Put into `gain`, (C, T), what opening each site in each year adds to a plan."""
    for site in range(len(site_offset) - 1):
        for of in group[site_offset[site] : site_offset[site + 1]]:
            now = tail[of, helped_from[of]]
            for year in range(helped_from[of]):
                gain[site, year] += tail[of, year] - now


def gains(problem: PlanProblem, opens: Int64s) -> Floats:
    """(C, T) what opening each site in each year adds."""
    found = np.zeros((len(problem.site), problem.n_years))
    opening_gains(problem.site_offset, problem.group, problem.tail, problem.helped_from(opens), found)
    return found


def possible(problem: PlanProblem, opens: Int64s) -> Bools:
    """(C, T) whether each site can open in each year beside what a plan has already, as far as rules and money go."""
    n_years, left = problem.n_years, problem.left(opens)
    years, is_open = np.arange(n_years), opens < problem.n_years
    in_year = np.bincount(opens[is_open], minlength=n_years)[:n_years]
    fine = (years >= problem.first[:, None]) & (years <= problem.last[:, None]) & ~is_open[:, None]
    fine &= (in_year < problem.per_year) & bool(is_open.sum() < problem.n_hubs)
    fine &= (problem.cost <= problem.left_in_the_end(opens) + CENT)[:, None]
    for year in years:
        later = years[year:]
        n_paid = later - year + 1 if problem.carry_over else np.ones(len(later))
        opening = np.full(len(later), 1.0) if problem.carry_over else (later == year).astype(np.float64)
        needed = problem.cost[:, None] * n_paid + problem.opening_cost[:, None] * opening
        fine[:, year] &= (needed <= left[later] + CENT).all(axis=1)
    return np.asarray(fine)


def filled(problem: PlanProblem, opens: Int64s, banned: int = -1, *, per_euro: bool = False) -> Int64s:
    """A plan with whatever else the rules allow, those that must be there first; nothing new at the `banned` site."""
    opens = opens.copy()
    years = np.arange(problem.n_years)
    euros = problem.opening_cost[:, None] + problem.cost[:, None] * (problem.n_years - years) + FREE
    while True:
        fine, waiting = possible(problem, opens), problem.must & (opens == problem.n_years)
        if waiting.any():
            fine &= waiting[:, None]
        elif banned >= 0:
            fine[banned] = False
        gain = gains(problem, opens)
        fine &= (gain > 0) | waiting[:, None]
        if not fine.any():
            return opens
        rate = np.where(fine, gain / euros if per_euro else gain, -1.0)
        site, year = np.unravel_index(int(np.argmax(rate)), rate.shape)
        opens[site] = year


def attempt(problem: PlanProblem, incumbent: Incumbent, opens: Int64s) -> bool:
    """Accept a plan if it is better and keeps to the rules; whether it was."""
    value = -problem.value(opens)
    is_better = incumbent.best is None or value < incumbent.value - SAME * abs(incumbent.value)
    if is_better and problem.keeps_to_rules(opens):
        incumbent.accept(table_of(problem, opens), value)
        return True
    return False


def table_of(problem: PlanProblem, opens: Int64s) -> Bools:
    """(C, T) whether each site is open in each year."""
    return np.asarray(opens[:, None] <= np.arange(problem.n_years))


def opens_of(table: Bools) -> Int64s:
    """(C,) row of the year in which each site opens."""
    return np.asarray(table.shape[1] - table.sum(axis=1), np.int64)


def not_before_needed(problem: PlanProblem, opens: Int64s) -> Int64s:
    """A plan that brings as much in which no hub opens before it helps anybody, nor one that helps nobody at all."""
    value, opens = problem.value(opens), opens.copy()
    for site in np.argsort(-opens, kind="stable"):
        latest = int(problem.last[site])
        for year in range(latest, int(opens[site]), -1):
            later = opens.copy()
            later[site] = year
            if problem.value(later) >= value - ROUNDING * value and problem.keeps_to_rules(later):
                opens = later
                break
    return opens


def first_plan(problem: PlanProblem, incumbent: Incumbent) -> None:
    """Accept a greedy plan, and improve it."""
    for per_euro in (False, True):
        attempt(problem, incumbent, filled(problem, problem.never, per_euro=per_euro))
    improve(problem, incumbent)


def improve(problem: PlanProblem, incumbent: Incumbent) -> None:
    """Let each hub of the plan give way to something else, and each two change their years, while that helps."""
    is_better = incumbent.best is not None
    while is_better and not incumbent.is_over:
        is_better = _better(problem, incumbent)


def _better(problem: PlanProblem, incumbent: Incumbent) -> bool:
    best = incumbent.best
    assert best is not None  # noqa: S101 -- only then is it asked
    opens = opens_of(best)
    hubs = np.flatnonzero(opens < problem.n_years)
    for hub in hubs:
        if incumbent.is_over:
            return False
        without = opens.copy()
        without[hub] = problem.n_years
        for per_euro in (False, True):
            for banned in (hub, -1):
                more = filled(problem, without, -1 if problem.must[hub] else int(banned), per_euro=per_euro)
                if attempt(problem, incumbent, more):
                    return True
    for one in hubs:
        for other in hubs[opens[hubs] > opens[one]]:
            turned = opens.copy()
            turned[one], turned[other] = opens[other], opens[one]
            if attempt(problem, incumbent, turned):
                return True
    return False
