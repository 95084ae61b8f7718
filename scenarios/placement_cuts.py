"""Rows that hold for every set of sites, found where a solution of the program breaks them.

Costs (Benders decomposition, closed form of Duran-Mateluna, Ales & Elloumi 2023): for any price u, a demand costs at least
`u - sum(max(u - cost[j], 0) * y[j])`. Proof: with no site open below u it costs u or more; otherwise it costs cost[k] of its
nearest open site k, and the sum takes off at least u - cost[k]. Only sites nearer than u occur, and u need never be above
what the demand has elsewhere: that is how many of its nearest sites are provably enough. The strongest cut for given
shares has as u the cost of the site at which the shares of its nearest sites reach one.

Loads: see `nearest_at_most` and `nearest_at_least`, which are exact for whole sites.
"""

from __future__ import annotations

import numpy as np

from data.columns import Bools, Floats
from network.placement_kernels import critical_prices, nearest_at_least, nearest_at_most
from scenarios.placement_core import Core
from scenarios.placement_model import Cuts, Found

SLACK = 1e-6
"""Share by which a solution must break a row before it is added."""


def cost_cuts(core: Core, found: Found) -> Cuts:
    """Rows of the demands whose cost the program puts too low."""
    goal = core.goal
    price, total = np.empty(len(goal.elsewhere)), np.empty(len(goal.elsewhere))
    critical_prices(goal, found.opened, price, total)
    return priced_cuts(
        core, price, total - found.cost > SLACK * np.maximum(total, 1e-9) + 1e-9 * goal.elsewhere
    )


def priced_cuts(core: Core, price: Floats, wanted: Bools) -> Cuts:
    """Rows of the `wanted` demands at their `price`, (G,), scaled so that the largest coefficient is 1."""
    goal = core.goal
    sizes = np.diff(goal.first)
    demand = np.repeat(np.arange(len(price)), sizes)
    used = wanted[demand] & (goal.cost < price[demand])
    rows = np.flatnonzero(wanted)
    n_used = np.bincount(demand[used], minlength=len(price))[rows]
    first = np.concatenate([[0], np.cumsum(n_used + 1)]).astype(np.int64)
    ends = np.cumsum(n_used)
    unit = np.maximum(price[rows], 1e-9)
    column = np.insert(goal.site[used], ends, (core.n_sites + rows).astype(np.int32))
    value = np.insert((price[demand] - goal.cost)[used], ends, 1.0)
    return Cuts(first, column, value / np.repeat(unit, n_used + 1), price[rows] / unit)


def load_cuts(core: Core, opened: Floats) -> Cuts:
    """Rows of the sites of which a rule on loads is broken."""
    rows: list[tuple[Floats, float]] = []
    for rule in core.loads:
        shape = (core.n_sites, core.n_sites)
        own, others = np.zeros(core.n_sites), np.zeros(shape)
        if rule.at_least > 0:
            nearest_at_most(core.nearness, rule.people, opened, own, others)
            # own y_j + sum others (1 - y_k) >= at_least y_j
            for site in np.flatnonzero(opened > 0):
                row = -others[site]
                row[site] += own[site] - rule.at_least
                rows.append((row / rule.at_least, -float(others[site].sum()) / rule.at_least))
        if np.isfinite(rule.at_most).any():
            own, others = np.zeros(core.n_sites), np.zeros(shape)
            nearest_at_least(core.nearness, rule.people, opened, own, others)
            for site in np.flatnonzero((opened > 0) & np.isfinite(rule.at_most)):
                row = others[site].copy()
                row[site] += rule.at_most[site] - own[site]
                rows.append((row / max(rule.at_most[site], 1.0), 0.0))
    broken = [(row, lower) for row, lower in rows if row @ opened < lower - SLACK]
    if not broken:
        return Cuts(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0), np.empty(0))
    table = np.stack([row for row, _ in broken])
    row_of, column = np.nonzero(table)
    first = np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=len(table)))]).astype(np.int64)
    lower = np.array([of for _, of in broken])
    return Cuts(first, column.astype(np.int32), table[row_of, column], lower)
