"""How often Python looks for cycles of objects that nobody holds any more."""

from __future__ import annotations

import gc

USUAL = gc.get_threshold()
SELDOM = 100_000, 50, 100
"""After how many new objects; with Python's own numbers a tenth of the time of a short answer goes there."""


def look_seldom() -> None:
    """For a process that answers one question: hardly any cycles are made here, and it soon ends."""
    gc.set_threshold(*SELDOM)


def look_as_usual() -> None:
    """For a process that serves for days."""
    gc.set_threshold(*USUAL)


def look_no_more() -> None:
    """For a process that is about to end: Python would look once more through all that was ever loaded, a quarter of `explain`."""
    gc.freeze()
