"""Inner loops of placement: which open site is best for whom, what a swap changes, and bounds and cuts on the sum.

All work on `CandidateLists`: for each of D demands only those sites that beat what it has without any of them, best first. Most
loops stop at the first site that no longer matters, so they touch a small share of a full table.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, offsets
from data.packed import Packed, blocks, unpacked
from network.jit import kernel


class CandidateLists(NamedTuple):
    """Sites that beat `outside_cost`, per demand, in ascending order of cost and then of site."""

    offset: Int64s
    """(D + 1,) int64; those of demand d are rows `offset[d]:offset[d + 1]`."""
    site: Int32s
    """(N,) int32."""
    cost: Floats
    """(N,) float64, below `outside_cost` of the demand."""
    outside_cost: Floats
    """(D,) float64, finite; what a demand costs without any of the sites."""

    @property
    def demand(self) -> Int64s:
        """(N,) int64, the demand of each row."""
        return np.repeat(np.arange(len(self.outside_cost)), np.diff(self.offset))

    def only(self, kept: Bools, outside_cost: Floats) -> CandidateLists:
        """The rows that are kept, (N,), with other outside costs."""
        n_kept = np.bincount(self.demand[kept], minlength=len(outside_cost))
        return CandidateLists(offsets(n_kept), self.site[kept], self.cost[kept], outside_cost)

    def without_empty(self, demands: Bools) -> CandidateLists:
        """Lists of some demands, (D,) bool; those of the others must be empty."""
        return self._replace(
            offset=self.offset[np.append(demands, True)], outside_cost=self.outside_cost[demands]
        )


SITE_BITS = 20
"""Room for a million sites beside the rank of a cost in one sortable number."""


def as_lists(cost: Packed, outside_cost: Floats) -> CandidateLists:
    """Lists of a (D, C) table of costs, which are 0 or more, inf where not reached."""
    parts = [_listed(unpacked(cost[rows]), outside_cost[rows]) for rows in blocks(cost.shape)]
    n_better, site, of_lists = (np.concatenate(column) for column in zip(*parts, strict=True))
    return CandidateLists(offsets(n_better), site, of_lists, outside_cost)


def _listed(cost: Floats, outside_cost: Floats) -> tuple[Int64s, Int32s, Floats]:
    """(D,) how many sites beat what is outside, then those sites and their costs, row after row."""
    beats = cost < outside_cost[:, None]
    n_better: Int64s = beats.sum(axis=1)
    demand, site = np.nonzero(beats)
    better = cost[beats]
    # Whole numbers are their own rank. Sorting ranks and sites together is quick, and breaks ties by site.
    is_whole = not (better % 1).any() and better.max(initial=0.0) < 2.0**40
    rank = better.astype(np.int64) if is_whole else np.unique(better, return_inverse=True)[1]
    keys = np.full(cost.shape, np.iinfo(np.int64).max)
    keys[beats] = (rank << SITE_BITS) | site
    keys.sort(axis=1)
    in_order = keys[np.arange(cost.shape[1]) < n_better[:, None]] & ((1 << SITE_BITS) - 1)
    return n_better, in_order.astype(np.int32), cost[demand, in_order]


class Served(NamedTuple):
    """What D demands come to with some sites open."""

    site: Int32s
    """(D,) int32, best open site; -1 where none beats `outside_cost`."""
    best: Floats
    """(D,) float64, its cost, or the `outside_cost`."""
    second: Floats
    """(D,) float64, cost were the best site closed."""


def assign(lists: CandidateLists, is_open: Bools) -> Served:
    """Best and second best of the open sites for every demand; `is_open` is (C,)."""
    n_demands = len(lists.outside_cost)
    served = Served(np.full(n_demands, -1, np.int32), lists.outside_cost.copy(), lists.outside_cost.copy())
    _serve(lists, is_open, served)
    return served


@kernel
def _serve(lists: CandidateLists, is_open: Bools, served: Served) -> None:
    """Fill `served`, which holds -1 and the outside costs."""
    for demand in range(len(lists.outside_cost)):
        n_found = 0
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            if not is_open[lists.site[row]]:
                continue
            if n_found == 1:
                served.second[demand] = lists.cost[row]
                break
            served.site[demand] = lists.site[row]
            served.best[demand] = lists.cost[row]
            n_found = 1


@kernel
def opening_gain(lists: CandidateLists, best: Floats, gain: Floats) -> None:
    """Add to `gain`, (C,), by how much opening each site lowers the sum of `best`, (D,)."""
    for demand in range(len(best)):
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            saved = best[demand] - lists.cost[row]
            if saved <= 0:
                break
            gain[lists.site[row]] += saved


@kernel
def swap_extra(
    lists: CandidateLists, served: Served, open_index: Int32s, loss: Floats, extra: Floats
) -> None:
    """Prepare all swaps at once (Resende & Werneck 2007, On the implementation of a swap-based local search procedure).

    Opening i and closing the open site in slot r changes the sum by `loss[r] - gain[i] - extra[i, r]`.

    Parameters
    ----------
    lists, served
        And what they come to with the open sites.
    open_index
        (C,) int32, number of an open site among the open ones; not read for others.
    loss, extra
        (R,) and (C, R) float64, zeros; filled.

    """
    for demand in range(len(served.best)):
        if served.site[demand] < 0:
            continue
        best, second = served.best[demand], served.second[demand]
        out = open_index[served.site[demand]]
        loss[out] += second - best
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            if lists.cost[row] >= second:
                break
            extra[lists.site[row], out] += second - max(lists.cost[row], best)


@kernel
def reduced_costs(lists: CandidateLists, multiplier: Floats, reduced: Floats) -> None:
    """Subtract from `reduced`, (C,), what each site saves at the multipliers: the sum of max(multiplier - cost, 0)."""
    for demand in range(len(multiplier)):
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            saved = multiplier[demand] - lists.cost[row]
            if saved <= 0:
                break
            reduced[lists.site[row]] -= saved


@kernel
def times_served(lists: CandidateLists, multiplier: Floats, is_open: Bools, count: Floats) -> None:
    """Fill `count`, (D,), with the number of open sites that cost less than the multiplier."""
    for demand in range(len(multiplier)):
        found = 0.0
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            if lists.cost[row] >= multiplier[demand]:
                break
            if is_open[lists.site[row]]:
                found += 1.0
        count[demand] = found


@kernel
def critical_multipliers(lists: CandidateLists, opened: Floats, multiplier: Floats, total: Floats) -> None:
    """Fill `multiplier`, (D,), with the cost of the last site needed when `opened`, (C,), shares of sites are open.

    `total`, (D,), becomes the cost when each demand takes the shares of its best sites until it has one whole, and the
    rest at the outside cost: the optimum of its part of the linear program, of which the multiplier is the dual.
    """
    for demand in range(len(multiplier)):
        left, cost = 1.0, 0.0
        at = lists.outside_cost[demand]
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            share = opened[lists.site[row]]
            if share <= 0.0:
                continue
            if share >= left - 1e-12:
                at = lists.cost[row]
                break
            left -= share
            cost += share * lists.cost[row]
        multiplier[demand] = at
        total[demand] = cost + left * at


@kernel
def nearest_at_most(
    lists: CandidateLists, people: Floats, opened: Floats, own: Floats, others: Floats
) -> None:
    """Most persons that can have each site as their nearest, as a linear bound that is exact where shares are 0 or 1.

    Parameters
    ----------
    lists
        By travel time.
    people
        (D,) float64.
    opened
        (C,) float64, shares 0 to 1.
    own, others
        (C,) and (C, C) float64, zeros; filled so that, whatever is open, at most
        `own[j] * y[j] + sum(others[j, k] * (1 - y[k]) for k)` persons have site j as their nearest: nobody has j without
        j being open, and nobody has j while a nearer k is open.

    """
    for demand in range(len(people)):
        nearer, most = -1, 0.0
        for row in range(lists.offset[demand], lists.offset[demand + 1]):
            site = lists.site[row]
            share = opened[site]
            if share <= 0.0:
                continue
            if nearer < 0 or share <= 1.0 - most:
                own[site] += people[demand]
            else:
                others[site, nearer] += people[demand]
            if share > most:
                nearer, most = site, share


@kernel
def nearest_at_least(
    lists: CandidateLists, people: Floats, opened: Floats, own: Floats, others: Floats
) -> None:
    """Fewest persons that can have each site as their nearest; arguments as `nearest_at_most`.

    Whatever is open, at least `own[j] * y[j] - sum(others[j, k] * y[k] for k)` persons have site j as their nearest: those
    of some demands, less those for whom a nearer site is open.
    """
    for demand in range(len(people)):
        begin, nearer = lists.offset[demand], 0.0
        for row in range(begin, lists.offset[demand + 1]):
            site = lists.site[row]
            if opened[site] > nearer:
                own[site] += people[demand]
                for before in range(begin, row):
                    others[site, lists.site[before]] += people[demand]
            nearer += opened[site]
            if nearer >= 1.0:
                break
