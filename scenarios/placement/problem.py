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

from data.columns import Bools, Floats, Int32s, Int64s
from scenarios.placement.kernels import CandidateLists, as_lists, assign
from scenarios.placement.task import (
    CapacityConstraint,
    Fewest,
    LeastTime,
    LeastWorst,
    MostWithin,
    Rules,
    ShareConstraint,
    Task,
    disutility_of,
    rows_of_ids,
)


class Cover(NamedTuple):
    """Sets of sites, G of them, as ragged rows."""

    first: Int64s
    site: Int32s

    def hit(self, is_open: Bools) -> Bools:
        """(G,) bool, whether any site of each set is open."""
        hits = np.concatenate([[0], np.cumsum(is_open[self.site])])
        return np.asarray(hits[self.first[1:]] > hits[self.first[:-1]])


def covering(nearness: CandidateLists, limit_s: float, counted: Bools) -> tuple[Cover, Int64s]:
    """Different sets of sites within a limit of the `counted` demands, and the set of each demand; -1 where none."""
    n_demands, n_sites = len(nearness.outside_cost), int(nearness.site.max(initial=-1)) + 1
    demand = np.repeat(np.arange(n_demands), np.diff(nearness.first))
    within = (nearness.cost <= limit_s) & counted[demand]
    table = np.zeros((n_demands, n_sites), bool)
    table[demand[within], nearness.site[within]] = True
    some = np.flatnonzero(table.any(axis=1))
    of = np.full(n_demands, -1, np.int64)
    if not len(some):
        return Cover(np.zeros(1, np.int64), np.empty(0, np.int32)), of
    bits = np.packbits(table[some], axis=1)
    rows = np.ascontiguousarray(bits).view(np.dtype((np.void, bits.shape[1])))[:, 0]
    _, kept, of[some] = np.unique(rows, return_index=True, return_inverse=True)
    sparse = csr_array(table[some[kept]])
    return Cover(sparse.indptr.astype(np.int64), sparse.indices.astype(np.int32)), of


def joined(covers: list[Cover]) -> Cover:
    """The sets of several covers, one after the other."""
    sizes = [np.diff(cover.first) for cover in covers]
    first = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, np.int64), *sizes]))]).astype(np.int64)
    return Cover(first, np.concatenate([np.empty(0, np.int32), *(cover.site for cover in covers)]))


def summed(row: NDArray[np.integer[Any]], values: Floats, n_rows: int) -> Floats:
    """(n_rows,) float64, sums of the values by row."""
    sums: Floats = np.bincount(row, values, n_rows).astype(np.float64, copy=False)
    return sums


BIG = 10.0
"""So many times the longest time counts, while searching, for somebody who must reach a hub and does not yet."""


class CoverConstraint(NamedTuple):
    """At least `needed` of the `people`, (G,), must have a site of their set open."""

    cover: Cover
    people: Floats
    needed: float
    of: ShareConstraint


class CoreLoad(NamedTuple):
    """A rule on loads, with the people of the merged demands."""

    people: Floats
    at_least: float
    at_most: Floats
    of: CapacityConstraint


@dataclass(frozen=True, slots=True, eq=False)
class ReducedProblem:
    """C sites in the order of their ids, D merged demands.

    Attributes
    ----------
    site
        (C,) rows of the task's sites.
    cost, fixed, allowed
        (C,) euros per year, whether it must have a hub, whether it may.
    apart
        (C, C) bool, pairs that are too close to each other.
    nearness
        Lists by seconds; elsewhere is what exists already, inf where nothing.
    people
        (D,) persons of the objective.
    goal
        Lists of what is added up, G demands; empty for objectives that add nothing up.
    constant
        What is added in any case.
    step
        Sums are multiples of this; 0 where they may be anything.
    site_price
        (C,) what a hub itself adds to the sum.
    must
        Sets of sites of which one must be open.
    cover_constraints
        Row of the merged demand behind each.
    needs, loads
        The rules on shares and loads.
    group
        Row of the merged demand of every demand of the task.

    """

    site: Int64s
    rules: Rules
    cost: Floats
    fixed: Bools
    allowed: Bools
    apart: Bools
    nearness: CandidateLists
    people: Floats
    goal: CandidateLists
    constant: float
    step: float
    site_price: Floats
    must: Cover
    cover_constraints: Int64s
    needs: tuple[CoverConstraint, ...]
    loads: tuple[CoreLoad, ...]
    group: Int64s

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.site)

    def value(self, is_open: Bools) -> float:
        """Sum with the sites of `is_open`, (C,)."""
        price = float(self.site_price[is_open].sum())
        return self.constant + price + float(assign(self.goal, is_open).best.sum())

    def load(self, rule: CoreLoad, is_open: Bools) -> Floats:
        """(C,) persons for whom each site is the nearest."""
        site = assign(self.nearness, is_open).site
        return summed(site[site >= 0], rule.people[site >= 0], self.n_sites)

    def keeps_to_rules(self, is_open: Bools) -> bool:
        """Whether a set of sites is an answer at all."""
        chosen = np.flatnonzero(is_open)
        simple = (
            len(chosen) <= self.rules.n_hubs
            and self.cost[chosen].sum() <= self.rules.budget + 1e-6
            and not (is_open & ~self.allowed).any()
            and not (self.fixed & ~is_open).any()
            and not self.apart[np.ix_(chosen, chosen)].any()
        )
        return bool(simple) and self.serves_as_asked(is_open)

    def serves_as_asked(self, is_open: Bools) -> bool:
        """Whether those who must be reached are, and loads are within their bounds."""
        if not self.must.hit(is_open).all():
            return False
        for need in self.needs:
            if need.people[need.cover.hit(is_open)].sum() < need.needed - 1e-6:
                return False
        for rule in self.loads:
            load = self.load(rule, is_open)
            if (load[is_open] < rule.at_least - 1e-6).any() or (load > rule.at_most + 1e-6).any():
                return False
        return True


def build_core(task: Task) -> ReducedProblem:
    """Sort, merge and reduce a task that `placement_conflicts.check` has found no fault with."""
    sites, rules = task.sites, task.rules
    site = np.array(sorted(range(len(sites.id)), key=sites.id.__getitem__), np.int64)
    ids = tuple(sites.id[row] for row in site)
    shares, loads = rules.shares, rules.loads
    weights = np.stack(
        [task.demand.people, *(rule.people for rule in shares), *(rule.people for rule in loads)]
    )
    seconds, existing_s, group, weights = _merged(task.demand.seconds[site], task.demand.existing_s, weights)
    nearness = as_lists(seconds, existing_s)
    people, of_share, of_load = weights[0], weights[1 : 1 + len(shares)], weights[1 + len(shares) :]
    goal, constant, step = _goal(task, nearness, people)
    must, cover_constraints, needs = _coverage(
        rules, task, nearness, people, list(zip(shares, of_share, strict=True))
    )
    cost = sites.cost_per_year[site]
    by_cost = isinstance(task.objective, Fewest) and task.objective.by == "cost"
    price = cost if by_cost else np.full(len(site), float(isinstance(task.objective, Fewest)))
    if isinstance(task.objective, Fewest):
        step = float(not (price % 1).any())
    return ReducedProblem(
        site=site,
        rules=rules,
        cost=cost,
        fixed=rows_of_ids(ids, rules.fixed),
        allowed=~rows_of_ids(ids, rules.forbidden),
        apart=_too_close(sites.x_m[site], sites.y_m[site], rules.apart_m),
        nearness=nearness,
        people=people,
        goal=goal,
        constant=constant,
        step=step,
        site_price=price,
        must=must,
        cover_constraints=cover_constraints,
        needs=needs,
        loads=tuple(
            CoreLoad(of, rule.at_least, rule.at_most[site], rule)
            for rule, of in zip(loads, of_load, strict=True)
        ),
        group=group,
    )


def _merged(seconds: Floats, existing_s: Floats, weights: Floats) -> tuple[Floats, Floats, Int64s, Floats]:
    """(D, C) seconds and (D,) existing of the merged demands, the group of each demand, and (W, D) weights added up."""
    table = np.empty((len(existing_s), len(seconds) + 1))
    table[:, 0] = existing_s
    table[:, 1:] = seconds.T
    np.copyto(table[:, 1:], np.inf, where=table[:, 1:] >= existing_s[:, None])
    rows = table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1])))[:, 0]
    _, kept, group = np.unique(rows, return_index=True, return_inverse=True)
    added = np.stack([summed(group, of, len(kept)) for of in weights])
    return table[kept, 1:], table[kept, 0], group.astype(np.int64), added


def _goal(task: Task, nearness: CandidateLists, people: Floats) -> tuple[CandidateLists, float, float]:
    """Lists of what is added up, the constant part, and the step of sums."""
    objective, cap_s = task.objective, task.rules.unreached_s
    whole = not (people % 1).any()
    match objective:
        case LeastTime():
            disutility = disutility_of(task)
            counted = people[np.repeat(np.arange(len(people)), np.diff(nearness.first))] > 0
            longest_s = nearness.cost[counted].max(initial=1.0)
            outside_cost = np.minimum(nearness.outside_cost, cap_s)
            unreached = BIG * disutility(np.array([longest_s]))[0]
            finite = np.isfinite(outside_cost)
            outside_cost = np.where(finite, disutility(np.where(finite, outside_cost, 0.0)), unreached)
            goal, constant = _priced(
                nearness, disutility(np.minimum(nearness.cost, cap_s)), outside_cost, people
            )
            exact = (
                whole
                and objective.inequality_aversion == 0
                and not (goal.cost % 1).any()
                and constant % 1 == 0
            )
            return goal, constant, float(exact and not (goal.outside_cost % 1).any())
        case MostWithin(limit_s=limit_s):
            outside = (nearness.outside_cost > limit_s).astype(np.float64)
            cover, of = covering(nearness, limit_s, (people > 0) & (outside > 0))
            number = summed(of[of >= 0], people[of >= 0], len(cover.first) - 1)
            never = float(people[(of < 0) & (outside > 0)].sum())
            return (
                CandidateLists(cover.first, cover.site, np.zeros(len(cover.site)), number),
                never,
                float(whole),
            )
        case _:
            return (
                CandidateLists(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0), np.empty(0)),
                0.0,
                0.0,
            )


def _priced(
    nearness: CandidateLists, cost: Floats, outside_cost: Floats, people: Floats
) -> tuple[CandidateLists, float]:
    """Lists with other costs in the same order, times people, and the constant of demands that no site helps."""
    demand = np.repeat(np.arange(len(outside_cost)), np.diff(nearness.first))
    kept = (cost < outside_cost[demand]) & (people[demand] > 0)
    n_kept = np.bincount(demand[kept], minlength=len(outside_cost))
    helped = n_kept > 0
    first = np.concatenate([[0], np.cumsum(n_kept[helped])])
    constant = float((outside_cost * people)[~helped].sum())
    return CandidateLists(
        first, nearness.site[kept], (cost * people[demand])[kept], (outside_cost * people)[helped]
    ), constant


def floors(goal: CandidateLists) -> Floats:
    """(G,) least cost of each demand, with everything open."""
    if not len(goal.cost):
        return goal.outside_cost
    return np.where(
        np.diff(goal.first) > 0, goal.cost[np.minimum(goal.first[:-1], len(goal.cost) - 1)], goal.outside_cost
    )


def capped(core: ReducedProblem, value: float) -> ReducedProblem:
    """Core that tells all sets apart that cost less than `value`, and puts the others at that or more."""
    goal = core.goal
    if not np.isfinite(value) or not len(goal.outside_cost):
        return core
    floor = floors(goal)
    cap = np.minimum(goal.outside_cost, floor + max(value - core.constant - float(floor.sum()), 0.0))
    demand = np.repeat(np.arange(len(cap)), np.diff(goal.first))
    kept = goal.cost < cap[demand]
    first = np.concatenate([[0], np.cumsum(np.bincount(demand[kept], minlength=len(cap)))])
    step = core.step if not (cap % 1).any() else 0.0
    return replace(core, goal=CandidateLists(first, goal.site[kept], goal.cost[kept], cap), step=step)


def _coverage(
    rules: Rules,
    task: Task,
    nearness: CandidateLists,
    people: Floats,
    shares: list[tuple[ShareConstraint, Floats]],
) -> tuple[Cover, Int64s, tuple[CoverConstraint, ...]]:
    """Sets of which one must be open, the demand behind each, and the needs of shares below 1."""
    musts: list[tuple[float, Bools]] = []
    must_reach = rules.unreached_s == np.inf and isinstance(task.objective, LeastTime | LeastWorst)
    if rules.longest_s < np.inf or must_reach:
        limit_s = min(rules.longest_s, np.finfo(np.float64).max)
        musts.append((limit_s, (nearness.outside_cost > limit_s) & (people > 0)))
    needs = []
    for share, of in shares:
        missing = (nearness.outside_cost > share.limit_s) & (of > 0)
        if share.share == 1:
            musts.append((share.limit_s, missing))
            continue
        cover, group = covering(nearness, share.limit_s, missing)
        number = summed(group[group >= 0], of[group >= 0], len(cover.first) - 1)
        needed = share.share * float(of.sum()) - float(of[nearness.outside_cost <= share.limit_s].sum())
        if needed > 0:
            needs.append(CoverConstraint(cover, number, needed, share))
    covers, behind = [], []
    for limit_s, missing in musts:
        cover, group = covering(nearness, limit_s, missing)
        covers.append(cover)
        rows = np.zeros(len(cover.first) - 1, np.int64)
        rows[group[group >= 0]] = np.flatnonzero(group >= 0)
        behind.append(rows)
    return joined(covers), np.concatenate([np.empty(0, np.int64), *behind]), tuple(needs)


def _too_close(x_m: Floats, y_m: Floats, apart_m: float) -> Bools:
    distance_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    close: Bools = distance_m < apart_m
    np.fill_diagonal(close, val=False)
    return close
