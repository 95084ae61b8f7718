"""How long a search may take, and how far it is: the incumbent, its value, and the bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats

SAME = 1e-7
"""Relative difference that floating point sums and the solver's tolerances may make."""


class Step(NamedTuple):
    """Where a search stands: the best answer so far costs `value`, and none can cost less than `bound`."""

    value: float
    bound: float
    taken_s: float
    already: float = 0.0
    """What of both no hub brings about: the people who are within the limit as it is."""

    @property
    def gap_share(self) -> float:
        """By how much the answer could be better at most, as a share of what is at stake; inf while that is nothing."""
        gap, whole = abs(self.value - self.bound), abs(self.value - self.already)
        return gap / whole if whole else math.inf


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a search may take.

    Attributes
    ----------
    limit_s
        Seconds; the best answer by then is given, with its bound.
    clock
        Gives seconds: `time.perf_counter`, or a made-up one in tests.
    on_progress
        Called with every improvement, in the units of the objective that is minimised; returns whether to go on.

    """

    limit_s: float
    clock: Callable[[], float]
    on_progress: Callable[[Step], bool]


def ignore_progress(_step: Step) -> bool:
    """Go on, whatever the progress."""
    return True


@dataclass(slots=True)
class Incumbent:
    """The best set of sites that a search has found so far, and the best bound.

    Attributes
    ----------
    time_limit
        Of whoever asked.
    granularity
        Sums are multiples of this; 0 where they may be anything.
    best
        (C,) bool, the best set; None before one is found.
    value, bound
        What it costs, and what every set costs at least; inf when there is none.
    stopped
        Whether `on_progress` said so.
    site_bounds
        (C,) bound on any set that opens a site; None where nothing is known.

    """

    time_limit: TimeLimit
    granularity: float
    best: Bools | None = None
    value: float = np.inf
    bound: float = -np.inf
    stopped: bool = False
    site_bounds: Floats | None = None
    begin_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.begin_s = self.time_limit.clock()

    def any_set(self) -> Incumbent:
        """Search within the time that is left, which ends with the first set that is found."""
        rest = TimeLimit(self.left_s, self.time_limit.clock, lambda step: not np.isfinite(step.value))
        return Incumbent(rest, 0.0)

    @property
    def taken_s(self) -> float:
        """Seconds since the beginning."""
        return self.time_limit.clock() - self.begin_s

    @property
    def left_s(self) -> float:
        """Seconds left; 0 when stopped."""
        return 0.0 if self.stopped else max(0.0, self.time_limit.limit_s - self.taken_s)

    @property
    def is_proved(self) -> bool:
        """Whether no better set exists."""
        return self.value <= self.bound + SAME * abs(self.bound)

    @property
    def least(self) -> float:
        """What every set costs at least, as it is told: the value itself once that is proved."""
        return self.value if self.is_proved else self.bound

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do, or no time."""
        return self.is_proved or self.left_s == 0

    @property
    def cutoff(self) -> float:
        """A set that costs so much, or more, is no improvement."""
        return self.value - (self.granularity * (1 - 1e-3) if self.granularity else SAME * abs(self.value))

    def accept(self, is_open: Bools, value: float) -> None:
        """Take a set of sites for the incumbent if it is better."""
        if value < self.value - SAME * abs(value) or self.best is None:
            self.best, self.value = is_open.copy(), value
            self._report()

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is better; where sums have a granularity it goes up to the next multiple."""
        if self.granularity and np.isfinite(bound):
            bound = float(np.ceil(bound / self.granularity - 1e-6) * self.granularity)
        bound = min(bound, self.value)
        if bound > self.bound:
            self.bound = bound
            self._report()

    def raise_site_bounds(self, bounds: Floats) -> None:
        """Keep (C,) bounds on the sets that open each site."""
        self.site_bounds = bounds if self.site_bounds is None else np.maximum(self.site_bounds, bounds)

    def _report(self) -> None:
        if not self.time_limit.on_progress(Step(self.value, self.least, self.taken_s)):
            self.stopped = True
