"""Questions of the most that is gained as one program in HiGHS: hubs that are whole, how many there are, and shares of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from highspy import HighsModelStatus, HighsStatus, HighsVarType, ObjSense
from highspy.highs import HighsCallbackEvent

from data.columns import Floats
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.milp import SCALE, Silent


class Solution(NamedTuple):
    """What the solver came to."""

    shares: Floats
    """Of what is told, 0 to 1."""
    most: float
    """No answer gains more; -inf when there is none at all."""


class WholeProgram:
    """A program whose columns begin with hubs and what they have, followed by sums of these, all of them whole in the end.

    Whoever fills it says which columns before the sums a solution tells of, as a table of which `shape`, how many sums there
    are, and about how much is gained: that is what the objective is scaled by, so that tolerances are small against it.
    """

    def __init__(self, told: slice, shape: tuple[int, int], n_sums: int, gain: float) -> None:
        self.told, self.shape = told, shape
        self.first_sum, self.n_whole = told.stop, told.stop + n_sums
        self.unit = gain / SCALE
        self.highs = Silent()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 1e-7)
        self.highs.setOptionValue("random_seed", 1)
        self.highs.changeObjectiveSense(ObjSense.kMaximize)

    def columns(self, gain: Floats, lower: Floats, upper: Floats) -> int:
        """Add columns and return the first."""
        begin: int = self.highs.getNumCol()
        if len(gain):
            none = np.empty(0, np.int32)
            self.highs.addCols(len(gain), gain, lower, upper, 0, none, none, np.empty(0))
        return begin

    def relaxed(self, incumbent: Incumbent) -> Solution | None:
        """Solve with shares of everything; None when time is up."""
        return self._solve(incumbent, self.n_whole)

    def whole_sums(self, incumbent: Incumbent) -> Solution | None:
        """Solve with whole sums, wherever what they count may be, telling `incumbent` of the bound."""
        return self._solve(incumbent, self.first_sum)

    def whole(self, incumbent: Incumbent) -> Solution | None:
        """Solve with all whole, telling `incumbent` of the bound; None when time is up before there is an answer."""
        return self._solve(incumbent, 0)

    def _solve(self, incumbent: Incumbent, first_whole: int) -> Solution | None:
        """Solve with the columns of hubs and sums whole from one of them on. Raises RuntimeError when the solver fails."""
        is_whole = first_whole < self.n_whole
        every = np.arange(self.n_whole, dtype=np.int32)
        kinds = np.where(every < first_whole, HighsVarType.kContinuous.value, HighsVarType.kInteger.value)
        self.highs.changeColsIntegrality(len(every), every, kinds.astype(np.uint8))
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + incumbent.left_s)

        def report(event: HighsCallbackEvent) -> None:
            if np.isfinite(event.data_out.mip_dual_bound):
                incumbent.raise_bound(-event.data_out.mip_dual_bound * self.unit)
            if incumbent.stopped or incumbent.is_proved:
                event.interrupt()

        if is_whole:
            self.highs.cbMipInterrupt += report
        status = self.highs.run()
        if is_whole:
            self.highs.cbMipInterrupt -= report
        if status == HighsStatus.kError:
            msg = f"HiGHS fails on a model of {self.highs.getNumCol()} columns and {self.highs.getNumRow()} rows"
            raise RuntimeError(msg)
        return self._solution(is_whole=is_whole)

    def _solution(self, *, is_whole: bool) -> Solution | None:
        state = self.highs.getModelStatus()
        if state in {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}:
            return Solution(np.zeros(self.shape), -np.inf)
        solution, info = self.highs.getSolution(), self.highs.getInfo()
        if not solution.value_valid or (not is_whole and state != HighsModelStatus.kOptimal):
            return None
        shares = np.asarray(solution.col_value)[self.told].reshape(self.shape)
        most = info.mip_dual_bound if is_whole else info.objective_function_value
        return Solution(np.clip(shares, 0.0, 1.0), most * self.unit)


def search_program(
    program: WholeProgram, incumbent: Incumbent, begin_again: Callable[[Floats], None], *, exact: bool
) -> None:
    """Bound the incumbent by shares, by whole sums and by all whole, or by shares alone, and begin again from each of them."""
    for solve in (program.relaxed, program.whole_sums, program.whole) if exact else (program.relaxed,):
        solution = None if incumbent.is_over else solve(incumbent)
        if solution is None:
            return
        incumbent.raise_bound(-solution.most)
        if solution.most == -np.inf:
            return
        begin_again(solution.shares)
