"""How much memory there is, so that what would not fit is refused before it is begun."""

from __future__ import annotations

import os
from pathlib import Path

from data.errors import InputError

CGROUP = Path("/sys/fs/cgroup/memory.max")
"""Limit of a container (control groups, version 2), "max" for none."""


def memory_bytes() -> float:
    """Memory of this machine, or of the container; inf where neither can be told."""
    try:
        machine = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        machine = float("inf")
    try:
        return min(machine, float(CGROUP.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return machine


def refuse_beyond_memory(what: str, needed_bytes: float, advice: str) -> None:
    """Refuse what needs more memory than there is.

    Raises
    ------
    InputError
        With what would be needed.

    """
    there = memory_bytes()
    if needed_bytes > there:
        gb = 2**30
        msg = f"{what} would take about {needed_bytes / gb:,.0f} GB of memory, and this machine has {there / gb:.0f}. {advice}"
        raise InputError(msg)
