"""Names of files: which scenario, what, and the day."""

from __future__ import annotations

from datetime import date

import pytest

from ui.words.file_names import file_name

DAY = date(2026, 10, 6)


@pytest.mark.parametrize(
    ("subject", "what", "name"),
    [
        ("Hub in Valthe", "", "hub-in-valthe-2026-10-06.csv"),
        ("Hub in Valthe", "wie er wint", "hub-in-valthe-wie-er-wint-2026-10-06.csv"),
        ("'t Haantje & Gro\u00ebnhof", "", "t-haantje-gro\u00ebnhof-2026-10-06.csv"),
        # Nothing in a name leads to another folder, hides the file, or is refused by a computer.
        ("../../etc/passwd", "", "etc-passwd-2026-10-06.csv"),
        (".verborgen", "", "verborgen-2026-10-06.csv"),
        ("con", "", "con-2026-10-06.csv"),
        ("a\x00b\nc:d|e", "", "a-b-c-d-e-2026-10-06.csv"),
        ("\u5b66\u6821", "", "\u5b66\u6821-2026-10-06.csv"),
        ("***", "", "2026-10-06.csv"),
        ("x" * 100, "", "x" * 60 + "-2026-10-06.csv"),
    ],
)
def test_a_name_says_what_and_when(subject: str, what: str, name: str) -> None:
    assert file_name(subject, what, DAY, "csv") == name
