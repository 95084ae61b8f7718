"""A good choice of hubs and services at once: greedy, and again without one hub after the other."""

from __future__ import annotations

import numpy as np

from data.columns import Bools, Floats, Int64s
from scenarios.placement.incumbent import Incumbent
from scenarios.services.problem import ServicesProblem, hubs_of

FREE = 1e-6
"""Euros that what costs nothing is taken to cost, so that people per euro stay finite."""
MOST_TRIALS = 12
"""Hubs and services without which greedy is tried again, each time that this helped."""


class _Filling:
    """A choice that grows by what brings most people per euro, and the people whom it leaves without a service."""

    def __init__(self, problem: ServicesProblem, choice: Bools, banned: Bools, *, per_euro: bool) -> None:
        flows = problem.flows(choice)
        self.per_euro = per_euro
        self.problem, self.choice, self.banned = problem, choice.copy(), banned
        self.left = [
            (service.people - flow.of_group).astype(np.float64)
            for service, flow in zip(problem.services, flows, strict=True)
        ]
        self.load = np.stack([flow.at_site for flow in flows], axis=1).astype(np.float64)

    def grow(self) -> bool:
        """Add the services at one site that bring most people per euro; False when nothing more can be had."""
        problem, is_open = self.problem, hubs_of(self.choice)
        gain, cost, size = self._best_sizes()
        total, euros = np.cumsum(gain, axis=1), np.cumsum(cost, axis=1)
        euros += np.where(is_open, 0.0, problem.hub_cost)[:, None]
        fine = (gain > 0) & (euros <= self._budget(is_open)[:, None] + 1e-6) & self._may(is_open)[:, None]
        if not fine.any():
            return False
        rate = np.where(fine, total / (euros + FREE) if self.per_euro else total, -1.0)
        site, last = np.unravel_index(int(np.argmax(rate)), rate.shape)
        for new in size[site, : last + 1]:
            self._take(int(site), int(new))
        return True

    def _may(self, is_open: Bools) -> Bools:
        """(C,) sites that may get more now: those that must have a hub come first."""
        problem = self.problem
        waiting = problem.fixed & ~is_open
        if waiting.any():
            return waiting
        return np.asarray(~self.banned & (is_open | (is_open.sum() < problem.n_hubs)))

    def _budget(self, is_open: Bools) -> Floats:
        """(C,) euros that may be spent at each site, with enough kept for the others that must have a hub."""
        problem = self.problem
        cheapest = np.where(problem.useful, problem.size_cost, np.inf).min(axis=1)
        waiting = np.where(problem.fixed & ~is_open, problem.hub_cost + cheapest, 0.0)
        return np.asarray(problem.budget - problem.cost(self.choice) - (waiting.sum() - waiting))

    def _best_sizes(self) -> tuple[Floats, Floats, Int64s]:
        """(C, S) people and euros that the best size of each service adds, most people per euro first, and the sizes."""
        problem, shape = self.problem, self.choice.shape
        gain, cost = np.zeros(shape), np.full(shape, np.inf)
        for row, service in enumerate(problem.services):
            own, load, near = service.sizes, self.load[:, row], service.at_sites(self.left[row])
            has = self.choice[:, own]
            now = np.where(has, problem.size_cost[own], 0.0).sum(axis=1)
            more = np.minimum(problem.room[own] - load[:, None], near[:, None])
            fine = problem.useful[:, own] & ~has & (load + near >= problem.least[own, None]).T & (more > 0)
            gain[:, own] = np.where(fine, more * service.weight, 0.0)
            cost[:, own] = np.maximum(problem.size_cost[own] - now[:, None], 0.0)
        rate, starts = gain / (cost + FREE), [service.sizes for service in problem.services]
        best = np.stack([own.start + np.argmax(rate[:, own], axis=1) for own in starts], axis=1)
        order = np.argsort(-np.take_along_axis(rate, best, axis=1), axis=1, kind="stable")
        size = np.take_along_axis(best, order, axis=1)
        return np.take_along_axis(gain, size, axis=1), np.take_along_axis(cost, size, axis=1), size

    def _take(self, site: int, size: int) -> None:
        """Give a site a size of a service, and people to it, first those who can go to few others."""
        row = int(self.problem.service_of[size])
        service, left = self.problem.services[row], self.left[row]
        self.choice[site, service.sizes] = False
        self.choice[site, size] = True
        groups = service.group[service.site_offset[site] : service.site_offset[site + 1]]
        free = float(self.problem.room[size]) - self.load[site, row]
        before = np.cumsum(left[groups]) - left[groups]
        taken = np.clip(free - before, 0.0, left[groups])
        left[groups] -= taken
        self.load[site, row] += taken.sum()


def filled(problem: ServicesProblem, choice: Bools, banned: Bools, *, per_euro: bool = True) -> Bools:
    """A choice with whatever else the rules allow; nothing new at the `banned` sites, (C,).

    What brings most people per euro comes first, or what brings most people.
    """
    filling = _Filling(problem, choice, banned, per_euro=per_euro)
    while filling.grow():
        pass
    return filling.choice


def first_choice(problem: ServicesProblem, incumbent: Incumbent) -> None:
    """Accept a greedy choice, and what becomes of it without each of its hubs, and each of its services, while that helps."""
    nobody = np.zeros(len(problem.site), np.bool_)
    for per_euro in (True, False):
        attempt(problem, incumbent, filled(problem, problem.nothing, nobody, per_euro=per_euro))
    is_better = incumbent.best is not None
    while is_better and not incumbent.is_over:
        is_better = any(
            attempt(problem, incumbent, filled(problem, without, banned))
            for without, banned in _without_one(problem, incumbent)
            if not incumbent.is_over
        )


def _without_one(problem: ServicesProblem, incumbent: Incumbent) -> list[tuple[Bools, Bools]]:
    """The incumbent without each hub, and without each service, at whose site nothing may come instead: a few, in turns."""
    best = incumbent.best
    assert best is not None  # noqa: S101 -- only then is it asked
    hubs = [(site, slice(None)) for site in np.flatnonzero(hubs_of(best) & ~problem.fixed)]
    services = [(site, size) for site, size in np.argwhere(best)]
    trials: list[tuple[Bools, Bools]] = []
    for site, sizes in [*hubs, *services][:MOST_TRIALS]:
        without, banned = best.copy(), np.zeros(len(problem.site), np.bool_)
        without[site, sizes], banned[site] = False, True
        trials.append((without, banned))
    return trials


def attempt(problem: ServicesProblem, incumbent: Incumbent, choice: Bools) -> bool:
    """Accept a choice if it is better and keeps to the rules; whether it was."""
    before, value = incumbent.value, -problem.value(choice)
    if (value < before or incumbent.best is None) and problem.keeps_to_rules(choice):
        incumbent.accept(choice, value)
    return incumbent.value < before
