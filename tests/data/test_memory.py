"""What does not fit is refused before, with what it would need."""

from __future__ import annotations

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
