"""The linear and integer program of a question, in HiGHS, with rows added as they turn out to be needed.

Columns: one per site (whether it has a hub), one per demand of the goal (what it costs), and one per group of a rule on
shares (whether it is within the limit). Rows from the start: number, budget, pairs too close, sets that must be hit,
shares. Rows added later, "cuts", hold for every set of sites, so the program never excludes an answer and its bound is
always true; it is solved again until its best set breaks no cut.

Rows that hold for every set of sites, found where a solution of the program breaks them.

Costs (Benders decomposition, closed form of Duran-Mateluna, Ales & Elloumi 2023): for any multiplier u, a demand costs at
least `u - sum(max(u - cost[j], 0) * y[j])`. Proof: with no site open below u it costs u or more; otherwise it costs cost[k]
of its nearest open site k, and the sum takes off at least u - cost[k]. Only sites nearer than u occur, and u need never be
above the outside cost of the demand: that is how many of its nearest sites are provably enough. The strongest cut for given
shares has as u the cost of the site at which the shares of its nearest sites reach one.

Loads: see `nearest_at_most` and `nearest_at_least`, which are exact for whole sites.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus, HighsVarType, ObjSense

from data.columns import Bools, Floats, Int32s, Int64s, offsets
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.kernels import critical_multipliers, nearest_at_least, nearest_at_most
from scenarios.placement.problem import Cover, ReducedProblem

SCALE = 1e4
"""What the objective is scaled to, so that the solver's tolerances are small against it."""


class Cuts(NamedTuple):
    """Rows `lower <= values @ columns`, ragged."""

    offset: Int64s
    column: Int32s
    value: Floats
    lower: Floats


class Solution(NamedTuple):
    """What the solver came to."""

    opened: Floats
    """(C,) shares of the sites."""
    cost: Floats
    """(G,) of the demands of the goal, in their own units."""
    bound: float
    """No answer costs less; inf when there is none at all."""
    reduced: Floats
    """(C,) reduced costs of a linear program; zeros of an integer one."""
    on_the_way: tuple[Floats, ...] = ()
    """(C + ...,) columns of the sets that an integer program held for the best before it came to this one."""


class Silent(highspy.Highs):
    """A solver that prints nothing: the first thing its constructor does to itself already prints a banner."""

    def enableCallbacks(self) -> None:  # noqa: N802 -- the library's name
        """Turn output off before anything else."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Program:
    """A question as a program; `is_whole` sites are binary, the others of a first stage still shares."""

    def __init__(self, core: ReducedProblem, floor: Floats, scale: float) -> None:
        """Columns and first rows; `floor`, (G,), is the least that each demand costs."""
        self.core, self.scale = core, scale
        self.n_goal = len(core.goal.outside_cost)
        self.highs = Silent()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 1e-7)
        self.highs.setOptionValue("random_seed", 1)
        self.highs.changeObjectiveSense(ObjSense.kMinimize)
        self._columns(
            core.opening_cost / scale, np.where(core.fixed, 1.0, 0.0), np.where(core.allowed, 1.0, 0.0)
        )
        self._columns(np.full(self.n_goal, 1 / scale), floor, core.goal.outside_cost)
        self._first_rows()

    def _columns(self, cost: Floats, lower: Floats, upper: Floats) -> int:
        """Add columns and return the first."""
        begin: int = self.highs.getNumCol()
        if len(cost):
            none = np.empty(0, np.int32)
            self.highs.addCols(len(cost), cost, lower, upper, 0, none, none, np.empty(0))
        return begin

    def _first_rows(self) -> None:
        core = self.core
        every = np.arange(core.n_sites, dtype=np.int32)
        self._row(-np.inf, core.rules.n_hubs, every, np.ones(core.n_sites))
        if core.rules.budget < np.inf:
            # Coefficients near 1: the solver's tolerance is absolute.
            unit = max(core.rules.budget, 1.0)
            self._row(-np.inf, core.rules.budget / unit, every, core.cost / unit)
        for clique in cliques(core.conflicts & core.allowed & core.allowed[:, None]):
            self._row(-np.inf, 1.0, clique, np.ones(len(clique)))
        self._sets(core.cover_constraints)
        for need in core.partial_covers:
            self._need(need.cover, need.people, need.needed)

    def _row(self, lower: float, upper: float, column: Int32s, value: Floats) -> None:
        self.highs.addRow(lower, upper, len(column), column.astype(np.int32), value)

    def _sets(self, cover: Cover) -> None:
        self.add(Cuts(cover.offset, cover.site, np.ones(len(cover.site)), np.ones(len(cover.offset) - 1)))

    def _need(self, cover: Cover, people: Floats, needed: float) -> None:
        """A column per group, 1 when it is within the limit."""
        n_groups = len(people)
        begin = self._columns(np.zeros(n_groups), np.zeros(n_groups), np.ones(n_groups))
        own = np.arange(begin, begin + n_groups, dtype=np.int32)
        sizes = np.diff(cover.offset)
        offset = offsets(sizes + 1)
        column, value = np.insert(cover.site, cover.offset[1:], own), np.ones(len(cover.site) + n_groups)
        value[offset[1:] - 1] = -1.0
        self.add(Cuts(offset, column, value, np.zeros(n_groups)))
        unit = max(needed, 1.0)
        self._row(needed / unit, np.inf, own, people / unit)

    def add(self, cuts: Cuts) -> None:
        """Add rows that every answer keeps to."""
        n_rows = len(cuts.lower)
        if n_rows:
            top = np.full(n_rows, np.inf)
            starts = cuts.offset[:-1].astype(np.int32)
            self.highs.addRows(n_rows, cuts.lower, top, len(cuts.value), starts, cuts.column, cuts.value)

    def close(self, out: Bools, into: Bools) -> None:
        """Fix sites that no better set opens at 0, and those that each better set opens at 1."""
        changed = np.flatnonzero(out | into).astype(np.int32)
        if len(changed):
            value = np.where(into[changed], 1.0, 0.0)
            self.highs.changeColsBounds(len(changed), changed, value, value)

    def relaxed(self, incumbent: Incumbent) -> Solution | None:
        """Solve with shares of sites; None when time is up."""
        return self._solve(incumbent, HighsVarType.kContinuous)

    def whole(self, incumbent: Incumbent) -> Solution | None:
        """Solve with whole sites, telling `incumbent` of the bound as it rises; None when time is up before there is one."""
        return self._solve(incumbent, HighsVarType.kInteger)

    def _solve(self, incumbent: Incumbent, kind: HighsVarType) -> Solution | None:
        core, highs = self.core, self.highs
        every = np.arange(core.n_sites, dtype=np.int32)
        highs.changeColsIntegrality(core.n_sites, every, np.full(core.n_sites, kind.value, np.uint8))
        highs.setOptionValue("time_limit", highs.getRunTime() + incumbent.left_s)
        is_whole = kind == HighsVarType.kInteger

        def report(event: highspy.highs.HighsCallbackEvent) -> None:
            if np.isfinite(event.data_out.mip_dual_bound):
                incumbent.raise_bound(event.data_out.mip_dual_bound * self.scale + core.constant)
            if incumbent.stopped or incumbent.is_proved:
                event.interrupt()

        better: list[Floats] = []

        def keep(event: highspy.highs.HighsCallbackEvent) -> None:
            better.append(np.array(event.data_out.mip_solution, np.float64))

        if is_whole:
            highs.cbMipInterrupt += report
            highs.cbMipImprovingSolution += keep
        status = highs.run()
        if is_whole:
            highs.cbMipInterrupt -= report
            highs.cbMipImprovingSolution -= keep
        if status == HighsStatus.kError:
            msg = f"HiGHS fails on a model of {highs.getNumCol()} columns and {highs.getNumRow()} rows"
            raise RuntimeError(msg)
        solution = self._solution(is_whole=is_whole)
        return solution and solution._replace(on_the_way=tuple(better))

    def _solution(self, *, is_whole: bool) -> Solution | None:
        core, state = self.core, self.highs.getModelStatus()
        nothing = np.zeros(core.n_sites)
        if state in {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}:
            return Solution(nothing, np.zeros(self.n_goal), np.inf, nothing)
        solution = self.highs.getSolution()
        info = self.highs.getInfo()
        if not solution.value_valid or (not is_whole and state != HighsModelStatus.kOptimal):
            return None
        value = np.asarray(solution.col_value)
        bound = info.mip_dual_bound if is_whole else info.objective_function_value
        reduced = nothing if is_whole else np.asarray(solution.col_dual)[: core.n_sites] * self.scale
        opened = np.rint(value[: core.n_sites]) if is_whole else np.clip(value[: core.n_sites], 0.0, 1.0)
        cost = value[core.n_sites : core.n_sites + self.n_goal]
        return Solution(opened, cost, bound * self.scale + core.constant, reduced)


def cliques(conflicts: Bools) -> list[Int32s]:
    """Sets of sites of which all pairs are too close, such that every pair is in one: grown greedily.

    A row per set is as true as a row per pair, and leaves fewer shares of sites.
    """
    left = conflicts.copy()
    sets = []
    for one, other in itertools.product(range(len(conflicts)), repeat=2):
        if one >= other or not left[one, other]:
            continue
        members = [one, other]
        common = conflicts[one] & conflicts[other]
        while common.any():
            member = int(np.argmax(common))
            members.append(member)
            common = common & conflicts[member]
        left[np.ix_(members, members)] = False
        sets.append(np.array(sorted(members), np.int32))
    return sets


SLACK = 1e-6
"""Share by which a solution must break a row before it is added."""


def cost_cuts(core: ReducedProblem, solution: Solution) -> Cuts:
    """Rows of the demands whose cost the program puts too low."""
    goal = core.goal
    multiplier, total = np.empty(len(goal.outside_cost)), np.empty(len(goal.outside_cost))
    critical_multipliers(goal, solution.opened, multiplier, total)
    return multiplier_cuts(
        core, multiplier, total - solution.cost > SLACK * np.maximum(total, 1e-9) + 1e-9 * goal.outside_cost
    )


def multiplier_cuts(core: ReducedProblem, multiplier: Floats, wanted: Bools) -> Cuts:
    """Rows of the `wanted` demands at their `multiplier`, (G,), scaled so that the largest coefficient is 1."""
    goal = core.goal
    demand = goal.demand
    used = wanted[demand] & (goal.cost < multiplier[demand])
    rows = np.flatnonzero(wanted)
    n_used = np.bincount(demand[used], minlength=len(multiplier))[rows]
    offset = offsets(n_used + 1)
    ends = np.cumsum(n_used)
    unit = np.maximum(multiplier[rows], 1e-9)
    column = np.insert(goal.site[used], ends, (core.n_sites + rows).astype(np.int32))
    value = np.insert((multiplier[demand] - goal.cost)[used], ends, 1.0)
    return Cuts(offset, column, value / np.repeat(unit, n_used + 1), multiplier[rows] / unit)


def load_cuts(core: ReducedProblem, opened: Floats) -> Cuts:
    """Rows of the sites of which a rule on loads is broken."""
    rows: list[tuple[Floats, float]] = []
    for rule in core.capacities:
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
    offset = offsets(np.bincount(row_of, minlength=len(table)))
    lower = np.array([of for _, of in broken])
    return Cuts(offset, column.astype(np.int32), table[row_of, column], lower)
