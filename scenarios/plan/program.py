"""The linear and integer program of a plan, in HiGHS.

Columns: whether each site is open in each year, how many are open in each (so that how many a budget pays for can be settled
before it is settled where), and which share of each set is helped in each. Rows: a hub stays open; those sums; the money of
each year; how many there are, and open in a year; no set is helped without one of its sites.

Years can be taken together, for a program that is too large otherwise: a set is helped in all years of a block as soon as one
of its sites is open at the end of it, and the money of the block is one sum. That allows more than the question does, so its
bound is as true, and it is the question itself where every block is a year.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from data.columns import Floats, Int64s
from scenarios.placement.whole import WholeProgram
from scenarios.plan.problem import PlanProblem


class PlanProgram(WholeProgram):
    """A plan as a program over B blocks of years, which end with the rows `ends`."""

    def __init__(self, problem: PlanProblem, ends: Int64s, gain: float) -> None:
        """Columns and rows, where about `gain` is gained."""
        self.problem, self.ends = problem, ends
        self.lengths = np.diff(ends, prepend=-1)
        self.n_sites, self.n_blocks = len(problem.site), len(ends)
        shape = (self.n_sites, self.n_blocks)
        super().__init__(slice(self.n_sites * self.n_blocks), shape, self.n_blocks, gain)
        lower = (problem.last[:, None] <= ends).astype(np.float64).ravel()
        upper = (problem.first[:, None] <= ends).astype(np.float64).ravel()
        self.columns(np.zeros(self.first_sum), lower, upper)
        most = float(min(problem.n_hubs, self.n_sites))
        self.columns(np.zeros(self.n_blocks), np.zeros(self.n_blocks), np.full(self.n_blocks, most))
        self._hubs()
        self._money()
        self._helped()

    def _rows(self, lower: Floats, upper: Floats, row: Int64s, column: Int64s, value: Floats) -> None:
        """Add rows from (row, column, value)."""
        if len(lower):
            table = csr_array((value, (row, column)), shape=(len(lower), self.highs.getNumCol()))
            begin, columns = table.indptr[:-1].astype(np.int32), table.indices.astype(np.int32)
            self.highs.addRows(len(lower), lower, upper, table.nnz, begin, columns, table.data)

    def _at(self, site: Int64s, block: Int64s) -> Int64s:
        """Columns of sites in blocks."""
        return np.asarray(site * self.n_blocks + block)

    def _hubs(self) -> None:
        """Open stays open; sums of the hubs, and how many may open in a block."""
        problem, none = self.problem, -np.inf
        site, block = (of.ravel() for of in np.indices((self.n_sites, self.n_blocks)))
        later = block > 0
        row = np.arange(int(later.sum()))
        columns = np.concatenate([self._at(site, block)[later], self._at(site, block - 1)[later]])
        value = np.repeat([1.0, -1.0], len(row))
        self._rows(np.zeros(len(row)), np.full(len(row), np.inf), np.tile(row, 2), columns, value)
        blocks = np.arange(self.n_blocks)
        row, column = np.append(block, blocks), np.append(self._at(site, block), self.first_sum + blocks)
        value = np.append(np.ones(len(site)), -np.ones(self.n_blocks))
        self._rows(np.zeros(self.n_blocks), np.zeros(self.n_blocks), row, column, value)
        if problem.per_year < self.n_sites:
            row = np.append(blocks, blocks[1:])
            column = self.first_sum + np.append(blocks, blocks[:-1])
            value = np.append(np.ones(self.n_blocks), -np.ones(self.n_blocks - 1))
            self._rows(
                np.full(self.n_blocks, none),
                problem.per_year * self.lengths.astype(float),
                row,
                column,
                value,
            )

    def _money(self) -> None:
        """What is spent by the end of each block, or in it, and in its last year."""
        problem = self.problem
        site, block = (of.ravel() for of in np.indices((self.n_sites, self.n_blocks)))
        cost, opening = problem.cost[site], problem.opening_cost[site]
        # A block costs its last year and the opening with what is open then, and its other years with what was open before.
        before = block > 0
        here, earlier = cost + opening, (cost * (self.lengths[block] - 1) - opening)[before]
        row = np.append(block, block[before])
        column = np.append(self._at(site, block), self._at(site, block - 1)[before])
        spent = csr_array((np.append(here, earlier), (row, column)), shape=(self.n_blocks, self.first_sum))
        starts = np.append(0, self.ends[:-1] + 1)
        budget = np.add.reduceat(problem.budget, starts)
        if problem.carry_over:
            spent = csr_array(np.tri(self.n_blocks)) @ spent
            budget = np.cumsum(budget)
        # At the end of a block a year pays for itself where nothing is kept; in the end it always does.
        alone = np.full(self.n_blocks, np.inf if problem.carry_over else 0.0)
        alone[-1] = 0.0
        rows = csr_array((cost, (block, self._at(site, block))), shape=spent.shape)
        self._paid(rows, problem.budget[self.ends] + alone)
        self._paid(csr_array(spent), budget)

    def _paid(self, spent: csr_array, budget: Floats) -> None:
        # Coefficients near 1: the solver's tolerance is absolute.
        unit = np.where(np.isfinite(budget), np.maximum(budget, 1.0), 1.0)
        table = spent.tocoo()
        none = np.full(self.n_blocks, -np.inf)
        self._rows(
            none,
            budget / unit,
            table.row.astype(np.int64),
            table.col.astype(np.int64),
            table.data / unit[table.row],
        )

    def _helped(self) -> None:
        """Shares of the sets, a block of years after the other; those without worth are left out."""
        problem = self.problem
        starts = np.append(0, self.ends[:-1] + 1)
        worth = (
            np.add.reduceat(problem.weight, starts, axis=1)
            if len(problem.weight)
            else np.empty((0, self.n_blocks))
        )
        group, block = np.nonzero(worth > 0)
        n_shares = len(group)
        begin = self.columns(worth[group, block] / self.unit, np.zeros(n_shares), np.ones(n_shares))
        share = np.arange(n_shares)
        sizes = np.diff(problem.cover.offset)[group]
        row = np.repeat(share, sizes)
        place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        site = problem.cover.site[np.repeat(problem.cover.offset[group], sizes) + place].astype(np.int64)
        column = np.append(self._at(site, np.repeat(block, sizes)), begin + share)
        value = np.append(np.ones(len(row)), -np.ones(n_shares))
        self._rows(np.zeros(n_shares), np.full(n_shares, np.inf), np.append(row, share), column, value)
