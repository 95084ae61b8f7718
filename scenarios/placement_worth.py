"""What a travel time counts for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Floats
from scenarios.placement_task import LeastTime, Task


class Worth(NamedTuple):
    """What a time counts for: beyond a limit, or as Kolm and Pollak have it."""

    beyond_s: float
    kappa: float
    longest_s: float

    def __call__(self, seconds: Floats) -> Floats:
        """Cost of one person."""
        counted = np.maximum(seconds - self.beyond_s, 0.0)
        if self.kappa == 0:
            return counted
        # Relative to the longest time, so that the exponential stays within 0 and 1; it need not end there.
        worth: Floats = np.exp(self.kappa * (counted - self.longest_s))
        return worth

    def equivalent(self, mean: float) -> float:
        """Seconds that everybody would have, of the same mean cost."""
        return self.longest_s + float(np.log(mean)) / self.kappa if self.kappa else mean


def worth_of(task: Task) -> Worth:
    """Of the objective. The scale of an aversion is that of the times as they are now (Logan and others 2021).

    Who has nothing now has what not reaching any counts as, or else the time to the farthest site.
    """
    objective, seconds = task.objective, task.demand.seconds
    assert isinstance(objective, LeastTime)  # noqa: S101 -- only this one is asked
    if objective.aversion == 0:
        return Worth(objective.beyond_s, 0.0, 0.0)
    farthest_s = np.where(np.isfinite(seconds), seconds, 0.0).max(axis=0, initial=0.0)
    now_s = np.minimum(task.demand.existing_s, task.rules.unreached_s)
    counted = np.maximum(np.where(np.isfinite(now_s), now_s, farthest_s) - objective.beyond_s, 0.0)
    fine = np.isfinite(counted) & (task.demand.people > 0)
    counted, people = counted[fine], task.demand.people[fine]
    squares = float((people * counted**2).sum())
    kappa = objective.aversion * float((people * counted).sum()) / squares if squares else 0.0
    return Worth(objective.beyond_s, kappa, float(counted.max(initial=0.0)))
