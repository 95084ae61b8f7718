"""A good answer at once: greedy, then the best swap until none helps.

Every round prices all swaps of an open for a closed site in one pass over the lists (Resende & Werneck 2007).
"""

from __future__ import annotations

import numpy as np

from data.columns import Bools, Floats, Int64s
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.kernels import CandidateLists, assign, opening_gain, swap_extra
from scenarios.placement.problem import BIG, ReducedProblem, joined

BETTER = 1e-9
"""A swap must save this share of the sum, so that rounding never goes in circles."""


def guide(core: ReducedProblem) -> CandidateLists:
    """Lists to search along: what is added up, and dearly whoever must be reached and is not."""
    goal = core.goal
    dear = BIG * max(
        float(goal.outside_cost.max(initial=0.0)), float(core.opening_cost.max(initial=0.0)), 1.0
    )
    covers = [core.cover_constraints, *(need.cover for need in core.partial_covers)]
    fines = [
        np.full(len(core.cover_constraints.offset) - 1, dear),
        *(dear * need.people / need.needed for need in core.partial_covers),
    ]
    asked, fine = joined(covers), np.concatenate(fines)
    return CandidateLists(
        np.concatenate([goal.offset, goal.offset[-1] + asked.offset[1:]]),
        np.concatenate([goal.site, asked.site]),
        np.concatenate([goal.cost, np.zeros(len(asked.site))]),
        np.concatenate([goal.outside_cost, fine]),
    )


def attempt(core: ReducedProblem, incumbent: Incumbent, is_open: Bools) -> None:
    """Take a set, and what swaps make of it, if it keeps to the rules and is better."""
    for trial in (is_open, swapped(core, guide(core), is_open)):
        if core.keeps_to_rules(trial):
            incumbent.accept(trial, core.value(trial))


def first_set(core: ReducedProblem) -> Bools:
    """(C,) bool, a set found by greedy and swaps; it may break rules on shares and loads where it cannot mend them."""
    lists = guide(core)
    sets = [swapped(core, lists, greedy(core, lists, core.fixed, by_cost=False))]
    if core.rules.budget < np.inf or core.opening_cost.any():
        sets.append(swapped(core, lists, greedy(core, lists, core.fixed, by_cost=True)))
    sets = [_settled(core, lists, is_open) for is_open in sets]
    if len(sets) == 1:
        return sets[0]
    return min(sets, key=lambda is_open: (not core.keeps_to_rules(is_open), core.value(is_open)))


def _settled(core: ReducedProblem, lists: CandidateLists, is_open: Bools) -> Bools:
    """Close what is too much, and swap once more within the rules, without the fines for breaking them."""
    is_open = _pruned(core, _shed(core, is_open))
    if (core.partial_covers or core.capacities) and core.keeps_to_rules(is_open):
        return swapped(core, core.goal if len(core.goal.outside_cost) else lists, is_open)
    return is_open


def _pruned(core: ReducedProblem, is_open: Bools) -> Bools:
    """Close hubs, the dearest first, that the rules can do without, where hubs are what is counted."""
    is_open = is_open.copy()
    if core.opening_cost.any():
        for site in np.argsort(-core.opening_cost, kind="stable"):
            if is_open[site] and not core.fixed[site]:
                is_open[site] = False
                is_open[site] = not core.keeps_to_rules(is_open)
    return is_open


def greedy(core: ReducedProblem, lists: CandidateLists, is_open: Bools, *, by_cost: bool) -> Bools:
    """Open the site that saves most, or most per euro, as long as one saves anything and the rules leave room."""
    is_open = is_open.copy()
    best = assign(lists, is_open).best
    while is_open.sum() < core.rules.n_hubs:
        if core.opening_cost.any() and core.serves_as_asked(is_open):
            break
        gain = np.zeros(core.n_sites)
        opening_gain(lists, best, gain)
        gain -= core.opening_cost
        gain[~_may_open(core, is_open)] = 0.0
        rate = gain / np.maximum(core.cost, 1e-9) if by_cost else gain
        site = int(np.argmax(rate))
        if gain[site] <= 0:
            break
        is_open[site] = True
        best = assign(lists, is_open).best
    return is_open


def _may_open(core: ReducedProblem, is_open: Bools) -> Bools:
    """(C,) bool, sites that may be opened beside those that are open."""
    left = core.rules.budget - core.cost[is_open].sum() + 1e-6
    near = core.conflicts[is_open].any(axis=0)
    return np.asarray(core.allowed & ~is_open & (core.cost <= left) & ~near)


def swap_changes(core: ReducedProblem, lists: CandidateLists, is_open: Bools) -> tuple[Int64s, Floats, float]:
    """Price all swaps: R open sites, (C, R) by how much opening one site and closing another changes the sum, and the sum.

    inf where the rules on sites do not allow it.
    """
    opened = np.flatnonzero(is_open)
    open_index = np.zeros(core.n_sites, np.int32)
    open_index[opened] = np.arange(len(opened))
    served = assign(lists, is_open)
    loss, extra = np.zeros(len(opened)), np.zeros((core.n_sites, len(opened)))
    swap_extra(lists, served, open_index, loss, extra)
    gain = np.zeros(core.n_sites)
    opening_gain(lists, served.best, gain)
    cost = core.opening_cost
    change: Floats = loss - gain[:, None] - extra + cost[:, None] - cost[opened]
    left = core.rules.budget - core.cost[is_open].sum() + 1e-6
    clashes = core.conflicts[:, opened]
    free = clashes.sum(axis=1)[:, None] == clashes
    affordable = core.cost[:, None] - core.cost[opened] <= left
    may = (core.allowed & ~is_open)[:, None] & ~core.fixed[opened] & free & affordable
    change[~may] = np.inf
    return opened, change, float(served.best.sum()) + float(cost[is_open].sum())


def swapped(core: ReducedProblem, lists: CandidateLists, is_open: Bools) -> Bools:
    """Swap, best first, and add where there is room, until nothing helps any more.

    A set that keeps to the rules on shares and loads keeps to them all along.
    """
    is_open = is_open.copy()
    ruled = bool(core.partial_covers or core.capacities)
    strict = ruled and core.keeps_to_rules(is_open)
    while True:
        opened, change, total = swap_changes(core, lists, is_open)
        better = np.flatnonzero(change.ravel() < -BETTER * total)
        better = better[np.argsort(change.ravel()[better], kind="stable")]
        for move in better if strict else better[:1]:
            trial = is_open.copy()
            trial[opened[move % len(opened)]], trial[move // len(opened)] = False, True
            if not strict or core.keeps_to_rules(trial):
                is_open = trial
                break
        else:
            fuller = greedy(core, lists, is_open, by_cost=False)
            if (fuller == is_open).all() or (strict and not core.keeps_to_rules(fuller)):
                break
            is_open = fuller
    return is_open


def _shed(core: ReducedProblem, is_open: Bools) -> Bools:
    """Close the hubs that the fewest go to until each has enough."""
    is_open = is_open.copy()
    while core.capacities:
        short = np.zeros(core.n_sites)
        for rule in core.capacities:
            if rule.at_least > 0:
                short = np.maximum(short, 1 - core.load(rule, is_open) / rule.at_least)
        short[~is_open | core.fixed] = 0.0
        worst = int(np.argmax(short))
        if short[worst] <= 0:
            break
        is_open[worst] = False
    return is_open
