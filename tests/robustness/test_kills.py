"""A short run of the kills, the same each time: a folder of several files, a download, and a library. `make kills` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from robustness.acts import ACTS
from robustness.kills import tally

from support.live_server import serve


@pytest.mark.skipif(sys.platform == "win32", reason="no signal 9")
@pytest.mark.parametrize("name", ["own region", "fetch again", "scenarios in the library"])
def test_a_kill_loses_nothing_that_was_told_and_leaves_nothing_half_written_or_behind(
    name: str, tmp_path: Path
) -> None:
    number = [act.name for act in ACTS].index(name)
    with serve() as site:
        found = tally(number, 1, 1, tmp_path, site)
    assert (found.kills, found.failed) == (1, [])
