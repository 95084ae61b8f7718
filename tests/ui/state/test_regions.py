"""Which regions the app offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from toy_region import write_toy_region

from ui.state import cache
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


def test_what_was_opened_first_is_closed_when_much_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    # Embedded regions stay on their usual date; of regions of visitors the newest 12 stay, of other dates the newest 6.
    monkeypatch.setattr(cache, "regions", lambda: {"embedded": ""})
    world: Any = object()
    worlds = {("embedded", "adult", ""): world}
    worlds |= {(f"own-{number}", "adult", ""): world for number in range(14)}
    worlds |= {
        ("embedded", who, f"2026-10-{day:02}"): world for day in range(1, 9) for who in ("adult", "pupil")
    }
    cache._close_oldest(worlds)
    assert ("embedded", "adult", "") in worlds
    assert [name for name, _, _ in worlds if name.startswith("own-")] == [
        f"own-{number}" for number in range(2, 14)
    ]
    assert sorted({date for _, _, date in worlds if date}) == [f"2026-10-{day:02}" for day in range(3, 9)]
    assert sum(who == "pupil" for _, who, _ in worlds) == cache.N_DATES
