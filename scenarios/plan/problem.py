"""A plan as the solver sees it: sets of sites of which one is enough, and what each is worth in every year.

Most people within the limit: whoever lacks a service is helped from the year on in which one of the sites within reach opens.
Least time is the same: the time that somebody saves is a sum over the steps by which sites are nearer, and a step is gained
as soon as one of the sites that are at least so near is open. So both are coverage (Church & ReVelle 1974) over years, and
what else opens or closes meanwhile only makes other sets of some years. Equal sets are one.

A plan is the (C,) row of the year in which each site opens; T, the number of years, for never.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from data.columns import Bools, Floats, Int32s, Int64s, offsets
from scenarios.placement.problem import Cover, distinct_sets
from scenarios.placement.task import Demand, LeastTime, MostWithin, rows_of_ids
from scenarios.plan.task import PlanObjective, PlanTask

CENT = 1e-6
"""Euros that sums of money may differ by."""
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class PlanProblem:
    """C sites in the order of their ids, G sets of them, T years.

    Attributes
    ----------
    site
        (C,) rows of the task's sites.
    cost, opening_cost
        (C,) euros per year that it is open, and in the year in which it opens.
    first, last
        (C,) int64, rows of the first year in which it may open, and of the last in which it must; T where it need not.
    cover
        Sets of sites.
    site_offset, group
        Sets of each site.
    weight, tail
        (G, T) float64, discounted persons or hours of each year; and (G, T + 1), from each year on to the end.
    budget, carry_over
        (T,) euros, and whether what is left of them can be spent later.
    n_hubs, per_year
        As in the rules; C where nothing is said.

    """

    site: Int64s
    cost: Floats
    opening_cost: Floats
    first: Int64s
    last: Int64s
    cover: Cover
    site_offset: Int64s
    group: Int32s
    weight: Floats
    tail: Floats
    budget: Floats
    carry_over: bool
    n_hubs: int
    per_year: int

    @property
    def n_years(self) -> int:
        """How many years there are."""
        return len(self.budget)

    @property
    def must(self) -> Bools:
        """(C,) sites that must have a hub."""
        return np.asarray(self.last < self.n_years)

    @property
    def never(self) -> Int64s:
        """Plan in which nothing opens."""
        return np.full(len(self.site), self.n_years)

    def helped_from(self, opens: Int64s) -> Int64s:
        """(G,) row of the year from which on one site of each set is open."""
        if not self.cover.n_sets:
            return np.empty(0, np.int64)
        return np.asarray(np.minimum.reduceat(opens[self.cover.site], self.cover.offset[:-1]))

    def value(self, opens: Int64s) -> float:
        """Discounted persons or hours that a plan brings, added up over the years."""
        rows = np.arange(self.cover.n_sets)
        return float(self.tail[rows, self.helped_from(opens)].sum())

    def spent(self, opens: Int64s) -> Floats:
        """(T,) euros of each year."""
        years = np.arange(self.n_years)
        running = (self.cost[:, None] * (opens[:, None] <= years)).sum(axis=0)
        return np.asarray(running + (self.opening_cost[:, None] * (opens[:, None] == years)).sum(axis=0))

    def left(self, opens: Int64s) -> Floats:
        """(T,) euros that a plan leaves: of each year, or of all years up to it where they can be carried over."""
        left = self.budget - self.spent(opens)
        return np.cumsum(left) if self.carry_over else left

    def left_in_the_end(self, opens: Int64s) -> float:
        """Euros that the budget of the last year has beside what keeps the hubs open."""
        return float(self.budget[-1] - self.cost[opens < self.n_years].sum())

    def keeps_to_rules(self, opens: Int64s) -> bool:
        """Whether a plan is an answer at all."""
        is_open = opens < self.n_years
        in_year = np.bincount(opens[is_open], minlength=1)
        return bool(
            (self.left(opens) >= -CENT).all()
            and self.left_in_the_end(opens) >= -CENT
            and is_open.sum() <= self.n_hubs
            and in_year.max() <= self.per_year
            and (opens[is_open] >= self.first[is_open]).all()
            and (opens[self.must] <= self.last[self.must]).all()
        )


def reduce_task(task: PlanTask) -> PlanProblem:
    """Sort, merge and shorten a task that `check` has found no fault with."""
    sites, rules, n_years = task.sites, task.rules, len(task.years)
    order = np.array(sorted(range(len(sites.id)), key=sites.id.__getitem__), np.int64)
    ids = tuple(sites.id[row] for row in order)
    first = task.first[order].copy()
    last = np.where(rows_of_ids(ids, rules.fixed), n_years - 1, n_years)
    given = dict(rules.opens)
    for row, name in enumerate(ids):
        if name in given:
            first[row] = last[row] = task.years.index(given[name])
    first[rows_of_ids(ids, rules.forbidden)] = n_years
    n_hubs = len(order) if rules.n_hubs is None else rules.n_hubs
    per_year = len(order) if rules.per_year is None else rules.per_year
    whole = PlanProblem(
        order,
        sites.cost_per_year[order],
        task.opening_cost[order],
        first,
        last,
        *_sets(task, order),
        np.empty((0, 0)),
        np.array(rules.budget, np.float64),
        rules.carry_over,
        n_hubs,
        per_year,
    )
    return without_useless(whole)


class _Sets(NamedTuple):
    cover: Cover
    site_offset: Int64s
    group: Int32s
    weight: Floats


def _sets(task: PlanTask, order: Int64s) -> _Sets:
    """Sets of sites of all years, and what they are worth in each."""
    tables: list[Bools] = []
    weights: list[Floats] = []
    # Years with the same times have the same sets, and differ in people only.
    states: dict[tuple[int, int], list[int]] = {}
    for row, demand in enumerate(task.demands):
        states.setdefault((id(demand.to_sites), id(demand.existing_s)), []).append(row)
    for rows in states.values():
        table, of, gain = _steps(task.objective, task.demands[rows[0]], order)
        weight = np.zeros((len(table), len(task.years)))
        for row in rows:
            weight[:, row] = task.demands[row].people[of] * gain * task.weights[row]
        tables.append(table)
        weights.append(weight)
    return _merged(np.concatenate(tables), np.concatenate(weights))


def _merged(table: Bools, weight: Floats) -> _Sets:
    """Equal sets as one, those without sites or worth left out."""
    some = weight.any(axis=1)
    cover, of = distinct_sets(np.ascontiguousarray(table[some]))
    kept, n_sites = of >= 0, table.shape[1]
    total = np.zeros((cover.n_sets, weight.shape[1]))
    np.add.at(total, of[kept], weight[some][kept])
    group = np.repeat(np.arange(cover.n_sets), np.diff(cover.offset))
    by_site = np.argsort(cover.site, kind="stable")
    return _Sets(
        cover,
        offsets(np.bincount(cover.site, minlength=n_sites)),
        group[by_site].astype(np.int32),
        total,
    )


def _steps(objective: PlanObjective, demand: Demand, order: Int64s) -> tuple[Bools, Int64s, Floats]:
    """(N, C) sets of sites, (N,) the demand that each is about, and (N,) what a person gains when one of them is open."""
    seconds = demand.seconds[order].T
    if isinstance(objective, MostWithin):
        table = (seconds <= objective.limit_s) & (demand.existing_s > objective.limit_s)[:, None]
        rows = np.flatnonzero(table.any(axis=1))
        return table[rows], rows, np.ones(len(rows))
    now, there = _counted(objective, demand.existing_s), _counted(objective, seconds)
    near = np.argsort(there, axis=1, kind="stable")
    ranked = np.minimum(np.take_along_axis(there, near, axis=1), now[:, None])
    upto = np.append(ranked[:, 1:], now[:, None], axis=1)
    inside, tables, of, gains = np.zeros(there.shape, bool), [], [], []
    every = np.arange(len(there))
    for rank in range(there.shape[1]):
        inside[every, near[:, rank]] = True
        rows = np.flatnonzero(upto[:, rank] > ranked[:, rank])
        tables.append(inside[rows])
        of.append(rows)
        gains.append((upto[rows, rank] - ranked[rows, rank]) / SECONDS_PER_HOUR)
    return np.concatenate(tables), np.concatenate(of), np.concatenate(gains)


def _counted(objective: LeastTime, seconds: Floats) -> Floats:
    return np.asarray(np.maximum(seconds - objective.beyond_s, 0.0))


def without_useless(problem: PlanProblem) -> PlanProblem:
    """The same without sites that another one replaces: no dearer, no later, and in all sets in which they are.

    Whatever plan has such a site is no worse with the other in its place, or without it where it has both.
    """
    n_sites = len(problem.site)
    sizes = np.diff(problem.cover.offset)
    shape = (problem.cover.n_sets, n_sites)
    inside = csr_array(
        (np.ones(len(problem.cover.site)), problem.cover.site, problem.cover.offset), shape=shape
    )
    common = (inside.T @ inside).toarray()
    n_sets = common.diagonal()
    # [a, b]: b replaces a.
    instead = common >= n_sets[:, None]
    for column in (problem.cost, problem.opening_cost, problem.first):
        instead &= column[None, :] <= column[:, None]
    instead &= ~problem.must[:, None] & ~problem.must[None, :]
    np.fill_diagonal(instead, val=False)
    # Of sites that replace each other the first one stays.
    instead &= ~(instead.T & np.tri(n_sites, dtype=bool).T)
    useful = ~instead.any(axis=1) & (problem.first < problem.n_years) & ((n_sets > 0) | problem.must)
    kept = np.flatnonzero(useful)
    table = np.zeros(shape, bool)
    table[np.repeat(np.arange(len(sizes)), sizes), problem.cover.site] = True
    return with_sets(problem, kept, _merged(table[:, kept], problem.weight))


def with_sets(problem: PlanProblem, kept: Int64s, sets: _Sets) -> PlanProblem:
    """The same with some of the sites, and the sets of these."""
    columns = {
        name: getattr(problem, name)[kept] for name in ("site", "cost", "opening_cost", "first", "last")
    }
    tail = np.zeros((len(sets.weight), problem.n_years + 1))
    tail[:, :-1] = np.cumsum(sets.weight[:, ::-1], axis=1)[:, ::-1]
    return replace(
        problem,
        **columns,
        cover=sets.cover,
        site_offset=sets.site_offset,
        group=sets.group,
        weight=sets.weight,
        tail=tail,
    )
