"""The linear and integer program of several services, in HiGHS.

Columns: whether each site has a hub, which sizes it has, how many hubs and how many of each size there are in all (so that
what a budget buys can be settled before it is settled where: with these alone whole the bound is most often exact), and which share of each group goes to each site within reach.
Rows: those sums, the budget, the number of hubs, one size of a service where there is a hub; nobody goes to a service that is
not there, nor twice; every service has no more people than room, and no fewer than it needs. For whole hubs and sizes that is
the flow of `scenarios.services.problem`, least use included, so that the program says what the question says.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from data.columns import Floats, Int64s
from scenarios.placement.whole import WholeProgram
from scenarios.services.problem import UNIT, Service, ServicesProblem


class ServicesProgram(WholeProgram):
    """A question of several services as a program."""

    def __init__(self, problem: ServicesProblem, gain: float) -> None:
        """Columns and rows, where about `gain` people are served."""
        self.problem = problem
        n_sites, n_sizes = problem.useful.shape
        self.first_size = n_sites
        sizes = slice(n_sites, n_sites + n_sites * n_sizes)
        super().__init__(sizes, problem.useful.shape, 1 + n_sizes, gain)
        self.columns(np.zeros(n_sites), problem.fixed.astype(np.float64), problem.allowed.astype(np.float64))
        useful = problem.useful.ravel().astype(np.float64)
        self.columns(np.zeros(len(useful)), np.zeros(len(useful)), useful)
        self.columns(np.zeros(1 + n_sizes), np.zeros(1 + n_sizes), np.full(1 + n_sizes, float(n_sites)))
        self._hubs()
        for service in problem.services:
            self._going(service)

    def _rows(self, lower: float, upper: float, row: Int64s, column: Int64s, value: Floats) -> None:
        """Add rows with the same bounds from (row, column, value); rows without any value are left out."""
        names, row = np.unique(row, return_inverse=True)
        table = csr_array((value, (row, column)), shape=(len(names), self.highs.getNumCol()))
        if len(names):
            low, high = np.full(len(names), lower), np.full(len(names), upper)
            begin, columns = table.indptr[:-1].astype(np.int32), table.indices.astype(np.int32)
            self.highs.addRows(len(names), low, high, table.nnz, begin, columns, table.data)

    def size_columns(self, site: Int64s, size: Int64s) -> Int64s:
        """Columns of sizes at sites."""
        return np.asarray(self.first_size + site * self.problem.useful.shape[1] + size)

    def _hubs(self) -> None:
        problem = self.problem
        n_sites, n_sizes = problem.useful.shape
        sites, one = np.arange(n_sites), np.zeros(n_sites, np.int64)
        site, size = (of.ravel() for of in np.indices(problem.useful.shape))
        sizes = self.size_columns(site, size)
        self._rows(-np.inf, problem.n_hubs, one, sites, np.ones(n_sites))
        self._rows(
            0.0, 0.0, np.zeros(n_sites + 1, np.int64), np.append(sites, self.first_sum), _ending(n_sites)
        )
        sums = self.first_sum + 1 + np.arange(n_sizes)
        row, column = np.concatenate([size, np.arange(n_sizes)]), np.concatenate([sizes, sums])
        self._rows(0.0, 0.0, row, column, np.concatenate([np.ones(len(size)), -np.ones(n_sizes)]))
        if problem.budget < np.inf:
            unit = max(problem.budget, 1.0)
            cost = np.concatenate([problem.hub_cost, problem.size_cost[size]]) / unit
            column = np.concatenate([sites, sizes])
            self._rows(-np.inf, problem.budget / unit, np.zeros(len(column), np.int64), column, cost)
        for service in problem.services:
            own = problem.service_of[size] == problem.services.index(service)
            row, column = np.concatenate([site[own], sites]), np.concatenate([sizes[own], sites])
            value = np.concatenate([np.ones(own.sum()), -np.ones(n_sites)])
            self._rows(-np.inf, 0.0, row, column, value)
        fixed = np.flatnonzero(problem.fixed)
        own = problem.fixed[site]
        row, column = np.concatenate([site[own], fixed]), np.concatenate([sizes[own], fixed])
        self._rows(0.0, np.inf, row, column, np.concatenate([np.ones(own.sum()), -np.ones(len(fixed))]))

    def _going(self, service: Service) -> None:
        """Shares of groups that go to sites, in the order of the rows of the groups."""
        problem, own = self.problem, np.arange(service.sizes.start, service.sizes.stop)
        n_pairs, group, site = len(service.site), service.group_of, service.site.astype(np.int64)
        people = service.people[group] / UNIT
        begin = self.columns(service.weight * people / self.unit, np.zeros(n_pairs), np.ones(n_pairs))
        pair = np.arange(n_pairs)
        self._rows(-np.inf, 1.0, group, begin + pair, np.ones(n_pairs))
        there = self.size_columns(site[:, None], own).ravel()
        row, column = np.concatenate([pair, np.repeat(pair, len(own))]), np.append(begin + pair, there)
        self._rows(-np.inf, 0.0, row, column, np.append(np.ones(n_pairs), -np.ones(len(there))))
        sites = np.unique(site)
        at = self.size_columns(sites[:, None], own).ravel()
        row, column = np.append(site, np.repeat(sites, len(own))), np.append(begin + pair, at)
        near = service.at_sites(service.people.astype(np.float64))[sites]
        room = np.minimum(problem.room[own], near[:, None]).ravel()
        unit = max(float(room.max(initial=1.0)) / UNIT, 1.0)
        self._rows(-np.inf, 0.0, row, column, np.append(people, -room / UNIT) / unit)
        least = np.tile(problem.least[own], len(sites))
        if least.any():
            self._rows(0.0, np.inf, row, column, np.append(people, -least / UNIT) / unit)


def _ending(count: int) -> Floats:
    """Ones, and -1 at the end."""
    return np.append(np.ones(count), -1.0)
