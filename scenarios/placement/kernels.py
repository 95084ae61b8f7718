"""Inner loops of placement: which open site is best for whom, what a swap changes, and bounds and cuts on the sum.

All work on `CandidateLists`: for each of D demands only those sites that beat what it has without any of them, best first. Most
loops stop at the first site that no longer matters, so they touch a small share of a full table.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s
from network.jit import kernel


class CandidateLists(NamedTuple):
    """Sites that beat `outside_cost`, per demand, in ascending order of cost and then of site."""

    first: Int64s
    """(D + 1,) int64; those of demand d are rows `first[d]:first[d + 1]`."""
    site: Int32s
    """(N,) int32."""
    cost: Floats
    """(N,) float64, below `outside_cost` of the demand."""
    outside_cost: Floats
    """(D,) float64, finite; what a demand costs without any of the sites."""


SITE_BITS = 20
"""Room for a million sites beside the rank of a cost in one sortable number."""


def as_lists(cost: Floats, outside_cost: Floats) -> CandidateLists:
    """Lists of a (D, C) table of costs, which are 0 or more, inf where not reached."""
    beats = cost < outside_cost[:, None]
    first = np.zeros(len(cost) + 1, np.int64)
    np.cumsum(beats.sum(axis=1), out=first[1:])
    demand, site = np.nonzero(beats)
    worth = cost[beats]
    # Whole numbers are their own rank. Sorting ranks and sites together is quick, and breaks ties by site.
    is_whole = not (worth % 1).any() and worth.max(initial=0.0) < 2.0**40
    rank = worth.astype(np.int64) if is_whole else np.unique(worth, return_inverse=True)[1]
    keys = np.full(cost.shape, np.iinfo(np.int64).max)
    keys[beats] = (rank << SITE_BITS) | site
    keys.sort(axis=1)
    in_order = keys[np.arange(cost.shape[1]) < np.diff(first)[:, None]] & ((1 << SITE_BITS) - 1)
    return CandidateLists(first, in_order.astype(np.int32), cost[demand, in_order], outside_cost)


class Served(NamedTuple):
    """What D demands come to with some sites open."""

    site: Int32s
    """(D,) int32, best open site; -1 where none beats elsewhere."""
    best: Floats
    """(D,) float64, its cost, or that of elsewhere."""
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
    """Fill `served`, which holds -1 and elsewhere."""
    for demand in range(len(lists.outside_cost)):
        n_found = 0
        for row in range(lists.first[demand], lists.first[demand + 1]):
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
        for row in range(lists.first[demand], lists.first[demand + 1]):
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
        for row in range(lists.first[demand], lists.first[demand + 1]):
            if lists.cost[row] >= second:
                break
            extra[lists.site[row], out] += second - max(lists.cost[row], best)


@kernel
def reduced_costs(lists: CandidateLists, price: Floats, reduced: Floats) -> None:
    """Subtract from `reduced`, (C,), what each site saves at a `price`, (D,), per demand: the sum of max(price - cost, 0)."""
    for demand in range(len(price)):
        for row in range(lists.first[demand], lists.first[demand + 1]):
            saved = price[demand] - lists.cost[row]
            if saved <= 0:
                break
            reduced[lists.site[row]] -= saved


@kernel
def times_served(lists: CandidateLists, price: Floats, is_open: Bools, count: Floats) -> None:
    """Fill `count`, (D,), with the number of open sites that cost less than the price."""
    for demand in range(len(price)):
        found = 0.0
        for row in range(lists.first[demand], lists.first[demand + 1]):
            if lists.cost[row] >= price[demand]:
                break
            if is_open[lists.site[row]]:
                found += 1.0
        count[demand] = found


@kernel
def critical_prices(lists: CandidateLists, opened: Floats, price: Floats, total: Floats) -> None:
    """Fill `price`, (D,), with the cost of the last site needed when `opened`, (C,), shares of sites are open.

    `total`, (D,), becomes the cost when each demand takes the shares of its best sites until it has one whole, and the
    rest from elsewhere: the optimum of its part of the linear program, of which the price is the dual.
    """
    for demand in range(len(price)):
        left, cost = 1.0, 0.0
        at = lists.outside_cost[demand]
        for row in range(lists.first[demand], lists.first[demand + 1]):
            share = opened[lists.site[row]]
            if share <= 0.0:
                continue
            if share >= left - 1e-12:
                at = lists.cost[row]
                break
            left -= share
            cost += share * lists.cost[row]
        price[demand] = at
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
        for row in range(lists.first[demand], lists.first[demand + 1]):
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
        begin, nearer = lists.first[demand], 0.0
        for row in range(begin, lists.first[demand + 1]):
            site = lists.site[row]
            if opened[site] > nearer:
                own[site] += people[demand]
                for before in range(begin, row):
                    others[site, lists.site[before]] += people[demand]
            nearer += opened[site]
            if nearer >= 1.0:
                break
