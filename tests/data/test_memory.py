"""What does not fit is refused before, with what it would need."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from data import memory
from data.errors import InputError
from data.memory import memory_bytes, refuse_beyond_memory

GB = 2**30


def test_a_container_has_no_more_than_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "CGROUP", limit)
    limit.write_text("max\n")
    of_machine = memory_bytes()
    assert of_machine > 0
    limit.write_text("1048576\n")
    assert memory_bytes() == 1048576
    limit.unlink()
    assert memory_bytes() == of_machine


def test_what_fits_passes_and_what_does_not_is_told_with_its_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "memory_bytes", lambda: 8.0 * GB)
    refuse_beyond_memory("A matrix", 8 * GB, "Ask for less.")
    with pytest.raises(
        InputError,
        match=r"A matrix would take about 12 GB of memory, and this machine has 8\. Ask for less\.",
    ):
        refuse_beyond_memory("A matrix", 12 * GB, "Ask for less.")


OF_GLIBC = pytest.mark.skipif(
    sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="of glibc alone"
)


@OF_GLIBC
def test_what_is_let_go_is_given_back_though_something_lives_behind_it() -> None:
    """Forty arrays of 4 MB, each with a small one after it that stays: once they are let go the process is small again."""
    script = """
import numpy as np, os
from data.memory import give_back_free_memory
give_back_free_memory()
np.ones(2**21).sum()  # of 16 MB: after the like of it glibc would keep all smaller arrays in its heap
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
before, kept = resident(), []
large = []
for _ in range(40):
    large.append(np.ones(2**19))
    kept.append(np.ones(2**10))
most = resident()
del large
print(before, most, resident())
"""
    told = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    before_mb, most_mb, after_mb = map(float, told.stdout.split())
    assert most_mb - before_mb > 150
    assert after_mb - before_mb < 10


@OF_GLIBC
def test_holes_between_what_is_in_use_are_given_back() -> None:
    """A hundred MB in blocks of 32 kB, of which every fourth one stays: three quarters are given back by a sweep."""
    script = """
import numpy as np, os
from data.memory import give_back_free_memory, sweep_heaps
give_back_free_memory()
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
before = resident()
blocks = [np.ones(2**12) for _ in range(3200)]
kept = blocks[::4]
del blocks
holes = resident()
sweep_heaps()
print(before, holes, resident())
"""
    told = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    before_mb, holes_mb, after_mb = map(float, told.stdout.split())
    assert holes_mb - before_mb > 90
    # A quarter of a hundred MB, and at each block a page or two that it has a part of.
    assert after_mb - before_mb < 45
