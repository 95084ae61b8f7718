"""One way to run HiGHS on a program of whole columns and shares, for the questions that are one program."""

from __future__ import annotations

import highspy
import numpy as np
from highspy import HighsStatus, HighsVarType

from scenarios.placement.incumbent import Incumbent


def solved_whole(
    highs: highspy.Highs, n_whole: int, first_whole: int, unit: float, incumbent: Incumbent
) -> bool:
    """Solve a program whose first `n_whole` columns are whole from `first_whole` on; tell whether any of them are.

    `incumbent` is told of the bound, in `unit`, and stops the search. Raises RuntimeError when the solver fails.
    """
    is_whole = first_whole < n_whole
    every = np.arange(n_whole, dtype=np.int32)
    kinds = np.where(every < first_whole, HighsVarType.kContinuous.value, HighsVarType.kInteger.value)
    highs.changeColsIntegrality(len(every), every, kinds.astype(np.uint8))
    highs.setOptionValue("time_limit", highs.getRunTime() + incumbent.left_s)

    def report(event: highspy.highs.HighsCallbackEvent) -> None:
        if np.isfinite(event.data_out.mip_dual_bound):
            incumbent.raise_bound(-event.data_out.mip_dual_bound * unit)
        if incumbent.stopped or incumbent.is_proved:
            event.interrupt()

    if is_whole:
        highs.cbMipInterrupt += report
    status = highs.run()
    if is_whole:
        highs.cbMipInterrupt -= report
    if status == HighsStatus.kError:
        msg = f"HiGHS fails on a model of {highs.getNumCol()} columns and {highs.getNumRow()} rows"
        raise RuntimeError(msg)
    return is_whole
