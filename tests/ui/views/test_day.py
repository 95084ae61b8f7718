"""The day of "My village" on the toy valley (drawn in toy_region.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_region import write_toy_region

from accessibility.travel_times import MODES
from accessibility.world import open_world
from ui.views.day import day_view

BY_NAME = {mode.name: mode for mode in MODES}
WEST = 0


@pytest.mark.parametrize(
    ("hours", "assumed"), [("when the flag is out", True), ("08.00-20.00", False), ("", True)]
)
def test_a_shop_with_hours_in_any_words_leaves_the_page_full(
    tmp_path: Path, hours: str, assumed: object
) -> None:
    folder = write_toy_region(tmp_path / "valley")
    table = folder / "facilities.csv"
    head, gp, shop = table.read_text().splitlines()
    table.write_text(f"{head},opening_hours\n{gp},\n{shop},{hours}\n")
    world = open_world(folder, lambda _label, _share: None)
    day = day_view(world, WEST, "supermarket", BY_NAME["walk"])
    # 4 km either way at 1.33 m/s (50 min 8 s) and half an hour in the shop, from 8 to 20 in each case.
    assert day.ordinary_min == pytest.approx(2 * 50.13 + 30, abs=0.1)
    assert day.steps
    assert day.visited == "Supermarket east"
    assert day.assumed_hours is assumed
