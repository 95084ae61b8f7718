"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, float], None]
"""Takes the step that is under way, in words, and the share of it that is done, 0 to 1."""

WAITING = "waiting for "
"""How a step begins that is nothing but waiting for somebody else."""
PATIENT_S = 1.0
"""Nobody is told of a shorter wait."""


@contextmanager
def waiting(progress: Progress, whom: str) -> Iterator[None]:
    """Tell from another thread, once, that `whom` has not answered for `PATIENT_S` while the block runs."""
    timer = Timer(PATIENT_S, progress, (f"{WAITING}{whom}", 0.0))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
