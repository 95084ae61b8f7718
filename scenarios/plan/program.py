"""The linear and integer program of a plan, in HiGHS.

Columns: whether each site is open in each year, how many are open in each (so that how many a budget pays for can be settled
before it is settled where), and which share of each set is helped in each. Rows: a hub stays open; those sums; the money of
each year; how many there are, and open in a year; no set is helped without one of its sites.

Years can be taken together, for a program that is too large otherwise: a set is helped in all years of a block as soon as one
of its sites is open at the end of it, and the money of the block is one sum. That allows more than the question does, so its
bound is as true, and it is the question itself where every block is a year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from highspy import HighsModelStatus, ObjSense
from scipy.sparse import csr_array

from data.columns import Floats, Int64s
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.milp import SCALE, Silent
from scenarios.placement.whole import solved_whole
from scenarios.plan.problem import PlanProblem


class Solution(NamedTuple):
    """What the solver came to: (C, B) shares of the sites that are open, and the most that is gained; -inf without any plan."""

    opened: Floats
    most: float


class PlanProgram:
    """A plan as a program over B blocks of years, which end with the rows `ends`."""

    def __init__(self, problem: PlanProblem, ends: Int64s, scale: float) -> None:
        """Columns and rows; what is gained is divided by `scale` / SCALE, so that tolerances are small against it."""
        self.problem, self.ends, self.unit = problem, ends, scale / SCALE
        self.lengths = np.diff(ends, prepend=-1)
        self.n_sites, self.n_blocks = len(problem.site), len(ends)
        self.first_sum = self.n_sites * self.n_blocks
        self.n_whole = self.first_sum + self.n_blocks
        self.highs = Silent()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 1e-7)
        self.highs.setOptionValue("random_seed", 1)
        self.highs.changeObjectiveSense(ObjSense.kMaximize)
        lower = (problem.last[:, None] <= ends).astype(np.float64).ravel()
        upper = (problem.first[:, None] <= ends).astype(np.float64).ravel()
        self._columns(np.zeros(self.first_sum), lower, upper)
        most = float(min(problem.n_hubs, self.n_sites))
        self._columns(np.zeros(self.n_blocks), np.zeros(self.n_blocks), np.full(self.n_blocks, most))
        self._hubs()
        self._money()
        self._helped()

    def _columns(self, gain: Floats, lower: Floats, upper: Floats) -> int:
        """Add columns and return the first."""
        begin: int = self.highs.getNumCol()
        if len(gain):
            none = np.empty(0, np.int32)
            self.highs.addCols(len(gain), gain, lower, upper, 0, none, none, np.empty(0))
        return begin

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
        begin = self._columns(worth[group, block] / self.unit, np.zeros(n_shares), np.ones(n_shares))
        share = np.arange(n_shares)
        sizes = np.diff(problem.cover.offset)[group]
        row = np.repeat(share, sizes)
        place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        site = problem.cover.site[np.repeat(problem.cover.offset[group], sizes) + place].astype(np.int64)
        column = np.append(self._at(site, np.repeat(block, sizes)), begin + share)
        value = np.append(np.ones(len(row)), -np.ones(n_shares))
        self._rows(np.zeros(n_shares), np.full(n_shares, np.inf), np.append(row, share), column, value)

    def relaxed(self, incumbent: Incumbent) -> Solution | None:
        """Solve with shares of hubs; None when time is up."""
        return self._solve(incumbent, self.n_whole)

    def whole_sums(self, incumbent: Incumbent) -> Solution | None:
        """Solve with whole numbers of hubs in each block, wherever they are, telling `incumbent` of the bound."""
        return self._solve(incumbent, self.first_sum)

    def whole(self, incumbent: Incumbent) -> Solution | None:
        """Solve with whole hubs, telling `incumbent` of the bound; None when time is up before there is a plan."""
        return self._solve(incumbent, 0)

    def _solve(self, incumbent: Incumbent, first_whole: int) -> Solution | None:
        """Solve with the columns of hubs and sums whole from one of them on."""
        is_whole = solved_whole(self.highs, self.n_whole, first_whole, self.unit, incumbent)
        return self._solution(is_whole=is_whole)

    def _solution(self, *, is_whole: bool) -> Solution | None:
        shape, state = (self.n_sites, self.n_blocks), self.highs.getModelStatus()
        if state in {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}:
            return Solution(np.zeros(shape), -np.inf)
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        if not solution.value_valid or (not is_whole and state != HighsModelStatus.kOptimal):
            return None
        opened = np.asarray(solution.col_value)[: self.first_sum].reshape(shape)
        most = info.mip_dual_bound if is_whole else info.objective_function_value
        return Solution(np.clip(opened, 0.0, 1.0), most * self.unit)
