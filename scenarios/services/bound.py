"""A bound without a linear program: prices on people, so that sites and services can be judged one by one.

Let being served by one hub too many cost a group `price` a person, 0 to 1 of what it counts. Then every service of every site
takes, for itself, those with the lowest prices until it is full, and what is left is a choice under a budget, which a price
on euros settles. Whatever the prices, the sum is no less than any choice serves (Geoffrion 1974, Lagrangean relaxation); a
subgradient makes them better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats
from network.jit import kernel
from scenarios.placement.gained import gained
from scenarios.placement.incumbent import Incumbent
from scenarios.services.problem import UNIT, Service, ServicesProblem

STEPS = 16
"""Halvings of the threshold above which a full service takes people: it need not be exact for a true bound."""
EURO_STEPS = 24
"""Halvings of the price of a euro."""
PATIENCE = 10
"""Rounds without a better bound before the steps become half as long."""


@kernel
def mass_above(
    rows: NDArray[np.int32], people: NDArray[np.float64], price: NDArray[np.float64], threshold: float
) -> float:
    """People of the groups in `rows` who are worth more than a threshold."""
    mass = 0.0
    for of in rows:
        if 1.0 - price[of] > threshold:
            mass += people[of]
    return mass


@kernel
def worth_it(
    rows: NDArray[np.int32], people: NDArray[np.float64], price: NDArray[np.float64], room: float
) -> float:
    """From what worth on a service takes people, where its room is too little for all."""
    low, high = 0.0, 1.0
    for _step in range(STEPS):
        middle = 0.5 * (low + high)
        if mass_above(rows, people, price, middle) > room:
            low = middle
        else:
            high = middle
    return high


@kernel
def knapsacks(
    site_offset: NDArray[np.int64],
    group: NDArray[np.int32],
    people: NDArray[np.float64],
    price: NDArray[np.float64],
    room: NDArray[np.float64],
    gain: NDArray[np.float64],
    threshold: NDArray[np.float64],
) -> None:
    """Put into `gain`, (C, K), what each size is worth at most at each site, and into `threshold` from what worth on it takes."""
    for site in range(len(site_offset) - 1):
        rows = group[site_offset[site] : site_offset[site + 1]]
        total = mass_above(rows, people, price, 0.0)
        for size in range(len(room)):
            least = 0.0 if total <= room[size] else worth_it(rows, people, price, room[size])
            worth = room[size] * least
            for of in rows:
                worth += people[of] * max(0.0, 1.0 - price[of] - least)
            gain[site, size] = worth
            threshold[site, size] = least


@kernel
def add_taken(
    site_offset: NDArray[np.int64],
    group: NDArray[np.int32],
    people: NDArray[np.float64],
    price: NDArray[np.float64],
    room: NDArray[np.float64],
    share: NDArray[np.float64],
    threshold: NDArray[np.float64],
    taken: NDArray[np.float64],
) -> None:
    """Add to `taken`, (G,), whom the chosen shares, (C, K), of the sizes take."""
    slack = 2.0 / 2.0**STEPS
    for site in range(len(site_offset) - 1):
        rows = group[site_offset[site] : site_offset[site + 1]]
        for size in range(len(room)):
            if share[site, size] <= 0.0:
                continue
            above = max(0.0, threshold[site, size] - slack)
            mass = mass_above(rows, people, price, above)
            part = share[site, size] * min(1.0, room[size] / max(mass, 1e-9))
            for of in rows:
                if 1.0 - price[of] > above:
                    taken[of] += part * people[of]


class Chosen(NamedTuple):
    """What is best under the budget when every size has a worth of its own: the bound, and (C, K) shares of the sizes."""

    value: float
    share: Floats


def best_under_budget(problem: ServicesProblem, worth: Floats) -> Chosen:
    """Bound on sums of (C, K) `worth` under the rules, by the price of a euro that makes it least, and the shares at it."""
    free = _at_euro_price(problem, worth, 0.0)
    if _euros(problem, free.share) <= problem.budget:
        return free
    # What brings most people per euro alone; at this price nothing is worth its euros.
    alone = np.where(problem.useful, worth / np.maximum(problem.size_cost, 1.0), 0.0)
    together = np.where(problem.useful, worth, 0.0).sum(axis=1) / np.maximum(problem.hub_cost, 1.0)
    low, high = 0.0, float(max(alone.max(initial=0.0), together.max(initial=0.0)))
    over, under = free, _at_euro_price(problem, worth, high)
    for _step in range(EURO_STEPS):
        middle = 0.5 * (low + high)
        found = _at_euro_price(problem, worth, middle)
        if _euros(problem, found.share) > problem.budget:
            low, over = middle, found
        else:
            high, under = middle, found
    more, less = _euros(problem, over.share), _euros(problem, under.share)
    part = np.clip((problem.budget - less) / max(more - less, 1e-9), 0.0, 1.0)
    return Chosen(min(over.value, under.value), part * over.share + (1 - part) * under.share)


def _euros(problem: ServicesProblem, share: Floats) -> float:
    return float(problem.hub_cost @ share.max(axis=1) + (share @ problem.size_cost).sum())


def _at_euro_price(problem: ServicesProblem, worth: Floats, euro: float) -> Chosen:
    net = np.where(problem.useful, worth - euro * problem.size_cost, -np.inf)
    best, picked = np.zeros(len(net)), np.zeros(net.shape)
    rows = np.arange(len(net))
    for service in problem.services:
        own = service.sizes
        size = own.start + np.argmax(net[:, own], axis=1)
        gain = net[rows, size]
        picked[rows[gain > 0], size[gain > 0]] = 1.0
        best += np.maximum(gain, 0.0)
    best -= euro * problem.hub_cost
    order = np.lexsort((rows, -best, ~problem.fixed))[: problem.n_hubs]
    chosen = order[(best[order] > 0) | problem.fixed[order]]
    share = np.zeros(net.shape)
    share[chosen] = picked[chosen]
    spent = euro * problem.budget if euro else 0.0
    return Chosen(float(best[chosen].sum()) + spent, share)


def raise_bound(problem: ServicesProblem, incumbent: Incumbent, rounds: int) -> None:
    """Make prices better for so many rounds, or until time is up, and tell the incumbent of the bound."""
    people = [service.people.astype(np.float64) / UNIT for service in problem.services]
    prices = [np.zeros(len(of)) for of in people]
    step, since, best = 1.0, 0, np.inf
    for _round in range(rounds):
        if incumbent.is_over:
            return
        worth, thresholds = np.empty(problem.useful.shape), []
        for service, of, price in zip(problem.services, people, prices, strict=True):
            gain, threshold = _judged(problem, service, of, price)
            worth[:, service.sizes] = gain * service.weight
            thresholds.append(threshold)
        chosen = best_under_budget(problem, worth)
        fixed = sum(
            service.weight * float(price @ of)
            for service, of, price in zip(problem.services, people, prices, strict=True)
        )
        value = chosen.value + fixed
        incumbent.raise_bound(-value)
        since = 0 if value < best - 1e-9 * abs(best) else since + 1
        best = min(best, value)
        if since == PATIENCE:
            step, since = step / 2, 0
        gaps = [
            1.0 - _taken(problem, service, of, price, chosen.share, threshold) / np.maximum(of, 1e-9)
            for service, of, price, threshold in zip(
                problem.services, people, prices, thresholds, strict=True
            )
        ]
        steepness = sum(
            service.weight * float(of @ gap**2)
            for service, of, gap in zip(problem.services, people, gaps, strict=True)
        )
        if steepness <= 0:
            return
        target = gained(incumbent)
        length = step * max(value - target, 1e-3 * value) / steepness
        prices = [np.clip(price - length * gap, 0.0, 1.0) for price, gap in zip(prices, gaps, strict=True)]


def _judged(
    problem: ServicesProblem, service: Service, people: Floats, price: Floats
) -> tuple[Floats, Floats]:
    room = problem.room[service.sizes] / UNIT
    gain, threshold = np.zeros((len(problem.site), len(room))), np.zeros((len(problem.site), len(room)))
    knapsacks(service.site_offset, service.group, people, price, room, gain, threshold)
    return gain, threshold


def _taken(
    problem: ServicesProblem,
    service: Service,
    people: Floats,
    price: Floats,
    share: Floats,
    threshold: Floats,
) -> Floats:
    taken = np.zeros(len(people))
    own = np.ascontiguousarray(share[:, service.sizes])
    room = problem.room[service.sizes] / UNIT
    add_taken(service.site_offset, service.group, people, price, room, own, threshold, taken)
    return taken
