"""Questions in which more is better: their answers, and their searches before an incumbent, which knows only of costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenarios.placement.incumbent import SAME, Incumbent, Step, TimeLimit


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """What an answer gains, and how far that can be from the best.

    Attributes
    ----------
    value, bound
        In the unit of the question. No answer gains more than `bound`.
    taken_s
        Seconds that the search took.

    """

    value: float
    bound: float
    taken_s: float

    @property
    def gap_share(self) -> float:
        """By how much a better answer could be better at most; 0 when there is none."""
        gap = self.bound - self.value
        if gap <= SAME * max(self.value, 1.0):
            return 0.0
        return gap / self.value if self.value else np.inf

    @property
    def is_proved(self) -> bool:
        """Whether no answer is better."""
        return self.gap_share == 0


def to_gain(time_limit: TimeLimit, most: float) -> Incumbent:
    """Incumbent of a search in which nothing gains more than `most`: what is gained, it counts as a cost below 0."""

    def on_progress(step: Step) -> bool:
        return time_limit.on_progress(Step(-step.value, -step.bound, step.taken_s))

    incumbent = Incumbent(replace(time_limit, on_progress=on_progress), 0.0)
    incumbent.raise_bound(-most)
    return incumbent


def gained(incumbent: Incumbent) -> float:
    """What the best answer so far gains; 0 before there is one."""
    return -incumbent.value if incumbent.best is not None else 0.0
