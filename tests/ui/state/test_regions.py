"""Which regions the app offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.toys.region import write_toy_region
from ui.state.link import Choices, read_choices
from ui.state.regions import first_region, regions


def test_without_a_folder_there_are_the_embedded_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", "zuid-oost-drenthe"])
    assert regions() == {"zuid-oost-drenthe": "zuid-oost-drenthe"}


def test_a_folder_named_at_the_start_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", str(folder), str(tmp_path)])
    # The second folder holds no region.toml.
    assert regions() == {"valley": str(folder), "zuid-oost-drenthe": "zuid-oost-drenthe"}
    assert first_region() == Choices().region == "valley"
    assert read_choices({"region": "zuid-oost-drenthe"}).region == "zuid-oost-drenthe"
    # A link cannot open a folder that was not named.
    assert read_choices({"region": str(folder)}).region == "valley"
