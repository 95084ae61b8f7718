"""How long a search may take, and what it has found and proved so far."""

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
    tell
        Told of every improvement, in the units of the objective that is minimised; returns whether to go on.

    """

    limit_s: float
    clock: Callable[[], float]
    tell: Callable[[Step], bool]


def never_told(_step: Step) -> bool:
    """Go on without taking notice."""
    return True


@dataclass(slots=True)
class Search:
    """A search under way: the best set of sites so far, and the best bound.

    Attributes
    ----------
    patience
        Of who asked.
    step
        Sums are multiples of this; 0 where they may be anything.
    best
        (C,) bool, the best set; None before one is found.
    value, bound
        What it costs, and what every set costs at least; inf when there is none.
    stopped
        Whether whoever was told said so.
    with_site
        (C,) bound on any set that opens a site; None where nothing is known.

    """

    patience: TimeLimit
    step: float
    best: Bools | None = None
    value: float = np.inf
    bound: float = -np.inf
    stopped: bool = False
    with_site: Floats | None = None
    start: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.start = self.patience.clock()

    @property
    def taken_s(self) -> float:
        """Seconds since the start."""
        return self.patience.clock() - self.start

    @property
    def left_s(self) -> float:
        """Seconds left; 0 when told to stop."""
        return 0.0 if self.stopped else max(0.0, self.patience.limit_s - self.taken_s)

    @property
    def is_proved(self) -> bool:
        """Whether no better set exists."""
        return self.value <= self.bound + SAME * abs(self.bound)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do, or no time."""
        return self.is_proved or self.left_s == 0

    @property
    def worthless(self) -> float:
        """A set that costs so much, or more, is no improvement."""
        return self.value - (self.step * (1 - 1e-3) if self.step else SAME * abs(self.value))

    def found(self, is_open: Bools, value: float) -> None:
        """Keep a set of sites if it is better."""
        if value < self.value - SAME * abs(value) or self.best is None:
            self.best, self.value = is_open.copy(), value
            self._tell()

    def proved(self, bound: float) -> None:
        """Keep a bound if it is better; where sums come in steps it goes up to the next one."""
        if self.step and np.isfinite(bound):
            bound = float(np.ceil(bound / self.step - 1e-6) * self.step)
        bound = min(bound, self.value)
        if bound > self.bound:
            self.bound = bound
            self._tell()

    def proved_with(self, bounds: Floats) -> None:
        """Keep (C,) bounds on the sets that open each site."""
        self.with_site = bounds if self.with_site is None else np.maximum(self.with_site, bounds)

    def _tell(self) -> None:
        bound = self.value if self.is_proved else self.bound
        if not self.patience.tell(Step(self.value, bound, self.taken_s)):
            self.stopped = True
