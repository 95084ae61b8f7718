"""A question of placement as the solvers see it: sorted, merged, and without what no site can change.

Everything is put into an order of its own first, sites by id and demand by its times, so that answers do not depend on
the order of rows.

What is left out, and why that changes nothing:

- Demands with equal times to all sites and to what exists are one demand with their people added: any set of hubs serves
  them alike. For coverage it is enough that the same sites are within the limit.
- Once a set of hubs is in hand (`capped`), a demand need not be told from worse by more than all demands together fall short
  of their nearest sites: a set that leaves it at `cap[d]` or more costs at least `cap[d]` and the least of all others,
  which is no better than the set in hand. Sites beyond the cap are left out for it.
- Of the sites only those are kept for a demand that beat what it has already: the nearest open facility is the minimum
  over all, and a minimum does not change when what is not below another of its terms is dropped. A demand with no site
  left is a constant.

Sets of sites that are near enough, one per group of demands for which they are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from data.columns import Bools, Floats, Int32s, Int64s, offsets
from data.packed import Packed, packed_rows, unpacked
from scenarios.placement.kernels import CandidateLists, as_lists, assign
from scenarios.placement.task import (
    Demand,
    Fewest,
    LeastTime,
    LeastWorst,
    MostWithin,
    Rules,
    Task,
    disutility_of,
    rows_of_ids,
)


class Cover(NamedTuple):
    """Sets of sites, G of them, as ragged rows."""

    offset: Int64s
    site: Int32s

    @property
    def n_sets(self) -> int:
        """Number of sets."""
        return len(self.offset) - 1

    def hit(self, is_open: Bools) -> Bools:
        """(G,) bool, whether any site of each set is open."""
        hits = offsets(is_open[self.site].astype(np.int64))
        return np.asarray(hits[self.offset[1:]] > hits[self.offset[:-1]])


NO_COVER = Cover(np.zeros(1, np.int64), np.empty(0, np.int32))
NO_LISTS = CandidateLists(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0), np.empty(0))


def covering(nearness: CandidateLists, limit_s: float, counted: Bools) -> tuple[Cover, Int64s]:
    """Different sets of sites within a limit of the `counted` demands, and the set of each demand; -1 where none."""
    n_demands, n_sites = len(nearness.outside_cost), int(nearness.site.max(initial=-1)) + 1
    demand = nearness.demand
    within = (nearness.cost <= limit_s) & counted[demand]
    table = np.zeros((n_demands, n_sites), bool)
    table[demand[within], nearness.site[within]] = True
    return distinct_sets(table)


def distinct_sets(table: Bools) -> tuple[Cover, Int64s]:
    """Different sets of sites in the rows of a (D, C) table, empty ones left out, and the set of each row; -1 where empty."""
    some = np.flatnonzero(table.any(axis=1))
    of = np.full(len(table), -1, np.int64)
    if not len(some):
        return NO_COVER, of
    bits = np.packbits(table[some], axis=1)
    rows = np.ascontiguousarray(bits).view(np.dtype((np.void, bits.shape[1])))[:, 0]
    _, kept, of[some] = np.unique(rows, return_index=True, return_inverse=True)
    sparse = csr_array(table[some[kept]])
    return Cover(sparse.indptr.astype(np.int64), sparse.indices.astype(np.int32)), of


def joined(covers: list[Cover]) -> Cover:
    """The sets of several covers, one after the other."""
    covers = [NO_COVER, *covers]
    sizes = np.concatenate([np.diff(cover.offset) for cover in covers])
    return Cover(offsets(sizes), np.concatenate([cover.site for cover in covers]))


def summed(row: NDArray[np.integer[Any]], values: Floats, n_rows: int) -> Floats:
    """(n_rows,) float64, sums of the values by row; those of row -1 are left out."""
    sums: Floats = np.bincount(row[row >= 0], values[row >= 0], n_rows).astype(np.float64, copy=False)
    return sums


BIG = 10.0
"""So many times the longest time counts, while searching, for somebody who must reach a hub and does not yet."""


class CoverConstraint(NamedTuple):
    """At least `needed` of the `people`, (G,), must have a site of their set open."""

    cover: Cover
    people: Floats
    needed: float


class Capacity(NamedTuple):
    """A rule on loads, with the people of the merged demands."""

    people: Floats
    at_least: float
    at_most: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ReducedProblem:
    """C sites in the order of their ids, D merged demands.

    Attributes
    ----------
    site
        (C,) rows of the task's sites.
    cost, fixed, allowed
        (C,) euros per year, whether it must have a hub, whether it may.
    conflicts
        (C, C) bool, pairs that are too close to each other.
    nearness
        Lists by seconds; outside is what exists already, inf where nothing.
    people
        (D,) persons of the objective.
    goal
        Lists of what is added up, G demands; empty for objectives that add nothing up.
    constant
        What is added in any case.
    granularity
        Sums are multiples of this; 0 where they may be anything.
    opening_cost
        (C,) what a hub itself adds to the sum.
    cover_constraints
        Sets of sites of which one must be open.
    partial_covers, capacities
        The rules on shares and loads.
    group
        Row of the merged demand of every demand of the task.

    """

    site: Int64s
    rules: Rules
    cost: Floats
    fixed: Bools
    allowed: Bools
    conflicts: Bools
    nearness: CandidateLists
    people: Floats
    goal: CandidateLists
    constant: float
    granularity: float
    opening_cost: Floats
    cover_constraints: Cover
    partial_covers: tuple[CoverConstraint, ...]
    capacities: tuple[Capacity, ...]
    group: Int64s

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.site)

    def value(self, is_open: Bools) -> float:
        """Sum with the sites of `is_open`, (C,)."""
        opening = float(self.opening_cost[is_open].sum())
        return self.constant + opening + float(assign(self.goal, is_open).best.sum())

    def load(self, rule: Capacity, is_open: Bools) -> Floats:
        """(C,) persons for whom each site is the nearest."""
        return summed(assign(self.nearness, is_open).site, rule.people, self.n_sites)

    def keeps_to_rules(self, is_open: Bools) -> bool:
        """Whether a set of sites is an answer at all."""
        chosen = np.flatnonzero(is_open)
        simple = (
            len(chosen) <= self.rules.n_hubs
            and self.cost[chosen].sum() <= self.rules.budget + 1e-6
            and not (is_open & ~self.allowed).any()
            and not (self.fixed & ~is_open).any()
            and not self.conflicts[np.ix_(chosen, chosen)].any()
        )
        return bool(simple) and self.serves_as_asked(is_open)

    def serves_as_asked(self, is_open: Bools) -> bool:
        """Whether those who must be reached are, and loads are within their bounds."""
        if not self.cover_constraints.hit(is_open).all():
            return False
        for need in self.partial_covers:
            if need.people[need.cover.hit(is_open)].sum() < need.needed - 1e-6:
                return False
        for rule in self.capacities:
            load = self.load(rule, is_open)
            if (load[is_open] < rule.at_least - 1e-6).any() or (load > rule.at_most + 1e-6).any():
                return False
        return True


def reduce_task(task: Task) -> ReducedProblem:
    """Sort, merge and reduce a task that `scenarios.placement.infeasibility.check` has found no fault with."""
    sites, rules = task.sites, task.rules
    site = np.array(sorted(range(len(sites.id)), key=sites.id.__getitem__), np.int64)
    ids = tuple(sites.id[row] for row in site)
    shares, loads = [of.people for of in rules.shares], [of.people for of in rules.loads]
    seconds, existing_s, group, merged = _merged(
        task.demand, site, np.stack([task.demand.people, *shares, *loads])
    )
    nearness = as_lists(seconds, existing_s)
    people, of_share, of_load = merged[0], merged[1 : 1 + len(shares)], merged[1 + len(shares) :]
    goal, constant, granularity = _goal(task, nearness, people)
    cover_constraints, partial_covers = _coverage(task, nearness, people, of_share)
    cost, opening_cost = sites.cost_per_year[site], np.zeros(len(site))
    if isinstance(task.objective, Fewest):
        opening_cost = cost if task.objective.by == "cost" else np.ones(len(site))
        granularity = _unit(opening_cost)
    return ReducedProblem(
        site=site,
        rules=rules,
        cost=cost,
        fixed=rows_of_ids(ids, rules.fixed),
        allowed=~rows_of_ids(ids, rules.forbidden),
        conflicts=_too_close(sites.x_m[site], sites.y_m[site], rules.apart_m),
        nearness=nearness,
        people=people,
        goal=goal,
        constant=constant,
        granularity=granularity,
        opening_cost=opening_cost,
        cover_constraints=cover_constraints,
        partial_covers=partial_covers,
        capacities=tuple(
            Capacity(of, rule.at_least, rule.at_most[site])
            for rule, of in zip(rules.loads, of_load, strict=True)
        ),
        group=group,
    )


def _merged(demand: Demand, site: Int64s, weights: Floats) -> tuple[Packed, Floats, Int64s, Floats]:
    """(D, C) seconds and (D,) existing of the merged demands, the group of each demand, and (W, D) weights added up."""

    def capped(rows: slice) -> Floats:
        """To what there is and to the sites in this order; inf where a site is no nearer."""
        seconds, existing_s = unpacked(demand.to_sites[:, rows][site]), demand.existing_s[rows]
        return np.column_stack([existing_s, np.where(seconds < existing_s, seconds, np.inf).T])

    table = packed_rows((len(demand.existing_s), 1 + len(site)), capped)
    rows = table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1])))[:, 0]
    _, kept, group = np.unique(rows, return_index=True, return_inverse=True)
    added = np.stack([summed(group, of, len(kept)) for of in weights])
    return table[kept, 1:], unpacked(table[kept, 0]), group.astype(np.int64), added


def _unit(*values: Floats) -> float:
    """1 where sums of these are whole, 0 where they may be anything."""
    return float(not any((of % 1).any() for of in values))


def _goal(task: Task, nearness: CandidateLists, people: Floats) -> tuple[CandidateLists, float, float]:
    """Lists of what is added up, the constant part, and the granularity of sums."""
    objective, cap_s = task.objective, task.rules.unreached_s
    match objective:
        case LeastTime():
            disutility = disutility_of(task)
            longest_s = nearness.cost[people[nearness.demand] > 0].max(initial=1.0)
            outside_cost = np.minimum(nearness.outside_cost, cap_s)
            unreached = BIG * disutility(np.array([longest_s]))[0]
            finite = np.isfinite(outside_cost)
            outside_cost = np.where(finite, disutility(np.where(finite, outside_cost, 0.0)), unreached)
            cost = disutility(np.minimum(nearness.cost, cap_s))
            goal, constant = _weighted(nearness, cost, outside_cost, people)
            units = _unit(people, goal.cost, goal.outside_cost, np.array([constant]))
            return goal, constant, units if objective.inequality_aversion == 0 else 0.0
        case MostWithin(limit_s=limit_s):
            outside = nearness.outside_cost > limit_s
            cover, of = covering(nearness, limit_s, (people > 0) & outside)
            number, unreachable = summed(of, people, cover.n_sets), float(people[(of < 0) & outside].sum())
            lists = CandidateLists(cover.offset, cover.site, np.zeros(len(cover.site)), number)
            return lists, unreachable, _unit(people)
        case _:
            return NO_LISTS, 0.0, 0.0


def _weighted(
    nearness: CandidateLists, cost: Floats, outside_cost: Floats, people: Floats
) -> tuple[CandidateLists, float]:
    """Lists with other costs in the same order, times people, and the constant of demands that no site helps."""
    demand, total = nearness.demand, outside_cost * people
    kept = (cost < outside_cost[demand]) & (people[demand] > 0)
    lists = nearness._replace(cost=cost * people[demand]).only(kept, total)
    helped = np.diff(lists.offset) > 0
    return lists.without_empty(helped), float(total[~helped].sum())


def floors(goal: CandidateLists) -> Floats:
    """(G,) least cost of each demand, with everything open."""
    least, some = goal.outside_cost.copy(), np.diff(goal.offset) > 0
    least[some] = goal.cost[goal.offset[:-1][some]]
    return least


def capped(core: ReducedProblem, value: float) -> ReducedProblem:
    """Core that tells all sets apart that cost less than `value`, and puts the others at that or more."""
    goal = core.goal
    if not np.isfinite(value) or not len(goal.outside_cost):
        return core
    floor = floors(goal)
    cap = np.minimum(goal.outside_cost, floor + max(value - core.constant - float(floor.sum()), 0.0))
    capped_goal = goal.only(goal.cost < cap[goal.demand], cap)
    return replace(core, goal=capped_goal, granularity=core.granularity * _unit(cap))


def _coverage(
    task: Task, nearness: CandidateLists, people: Floats, of_share: Floats
) -> tuple[Cover, tuple[CoverConstraint, ...]]:
    """Sets of which one must be open, and the rules on shares below 1."""
    rules, outside_s = task.rules, nearness.outside_cost
    every, partial = [], []
    must_reach = rules.unreached_s == np.inf and isinstance(task.objective, LeastTime | LeastWorst)
    if rules.longest_s < np.inf or must_reach:
        limit_s = min(rules.longest_s, np.finfo(np.float64).max)
        every.append(covering(nearness, limit_s, (outside_s > limit_s) & (people > 0))[0])
    for share, of in zip(rules.shares, of_share, strict=True):
        cover, group = covering(nearness, share.limit_s, (outside_s > share.limit_s) & (of > 0))
        needed = share.share * float(of.sum()) - float(of[outside_s <= share.limit_s].sum())
        if share.share == 1:
            every.append(cover)
        elif needed > 0:
            partial.append(CoverConstraint(cover, summed(group, of, cover.n_sets), needed))
    return joined(every), tuple(partial)


def _too_close(x_m: Floats, y_m: Floats, apart_m: float) -> Bools:
    distance_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    close: Bools = distance_m < apart_m
    np.fill_diagonal(close, val=False)
    return close
