"""A short run of the kills, the same each time; `make kills` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from live_server import serve
from robustness.acts import ACTS
from robustness.kills import tally


@pytest.mark.skipif(sys.platform == "win32", reason="no signal 9")
@pytest.mark.parametrize("number", range(len(ACTS)), ids=[act.name for act in ACTS])
def test_a_kill_loses_nothing_that_was_told_and_leaves_nothing_half_written_or_behind(
    number: int, tmp_path: Path
) -> None:
    with serve() as site:
        found = tally(number, 1, 1, tmp_path, site)
    assert (found.kills, found.failed) == (1, [])
