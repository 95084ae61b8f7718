"""An audit that could ask nobody is no audit that found nothing."""

from __future__ import annotations

from typing import Any

import pytest
from supply.audit import CLEAN, HOLES, NOT_CHECKED, told

FINE = {"name": "click", "version": "8.5.1", "vulns": []}
HOLE = {"name": "tiles", "version": "1.0", "vulns": [{"id": "GHSA-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "numba", "skip_reason": "the service does not answer"}


@pytest.mark.parametrize(
    ("packages", "installed", "code", "words"),
    [
        ([FINE], 1, CLEAN, "1 of 1 packages checked, 0 known holes."),
        ([FINE, HOLE], 2, HOLES, "tiles 1.0: GHSA-1, mended in 1.1"),
        ([FINE, SKIPPED], 2, NOT_CHECKED, "NOT CHECKED: numba, the service does not answer"),
        # Five are installed, the answer is about one of them: four were never looked at.
        ([FINE], 5, NOT_CHECKED, "NOT CHECKED: 4 packages of which the answer says nothing"),
        ([], 0, NOT_CHECKED, "0 of 0 packages checked, 0 known holes."),
        # A hole is worse than not knowing, and what is not known is told beside it.
        ([HOLE, SKIPPED], 2, HOLES, "NOT CHECKED: numba, the service does not answer"),
    ],
)
def test_what_was_not_checked_is_no_success(
    packages: list[dict[str, Any]], installed: int, code: int, words: str
) -> None:
    ended, lines = told({"dependencies": packages}, installed)
    assert ended == code
    assert words in lines
