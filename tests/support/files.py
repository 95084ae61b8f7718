"""Where the files that tests read are, from whatever folder a test stands in."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
APP = ROOT / "streamlit_app.py"
DOCS = ROOT / "docs"
GOLDEN = TESTS / "golden"
FACTS = ROOT / "data" / "regions" / "zuid-oost-drenthe" / "facts"
SHARED = ROOT.parent / "shared" / "data"
"""Real maps and timetables beside the project; tests that need them are skipped where they are not there."""


def file_of(name: str) -> Path:
    """Find the only test file of this name, in whatever folder it stands."""
    (found,) = TESTS.rglob(name)
    return found
