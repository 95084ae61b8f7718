"""How much memory there is, so that what would not fit is refused before it is begun; and what is free is given back."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

from data.errors import InputError

CGROUP = Path("/sys/fs/cgroup/memory.max")
"""Limit of a container (control groups, version 2), "max" for none."""

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""Numbers of malloc.h."""
N_ARENAS, OWN_BLOCK_BYTES = 2, 2**16
"""Heaps; and from what size on an array is a block of its own: half of glibc's first choice, so that a column of 10,000 homes is."""


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


def give_back_free_memory() -> None:
    """Let a process that runs for long give arrays back to the system when they are let go; for all of its threads.

    The allocator of most Linux systems (glibc) keeps eight heaps a core and, once it has seen a large array, keeps arrays up to
    32 MB in them, where what lives longer holds the rest. See `mallopt(3)`. Elsewhere nothing is done. Arrow, which keeps a
    heap of its own, is told to take the one of the system; it looks for that when it is first used.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    tune = _of_glibc("mallopt")
    if tune is not None:
        tune(_ARENA_MAX, N_ARENAS)
        tune(_MMAP_THRESHOLD, OWN_BLOCK_BYTES)


def sweep_heaps() -> None:
    """Give back what lies free between what is in use: long work leaves heaps full of holes. See `malloc_trim(3)`."""
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_glibc(name: str) -> Callable[..., int] | None:
    """Function of the allocator; None where there is another one."""
    found: Callable[..., int] | None = None
    if sys.platform == "linux":
        found = getattr(ctypes.CDLL(None), name, None)  # musl has none
    return found
