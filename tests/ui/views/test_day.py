"""The day of "My village" on the toy valley (drawn in toys/region.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accessibility.round_trips import WHOLE_DAY, facilities_visited, round_trips
from accessibility.travel_network import Points
from accessibility.travel_times import MODES
from accessibility.world import open_world
from data.parameters.visits import load_visits
from support.toys.headways import at_unknown_times
from support.toys.region import write_toy_region
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


def test_a_day_of_unknown_times_is_read_by_the_clock(tmp_path: Path) -> None:
    # Departures come sample after sample there, so the last column is not the last of the day.
    published = open_world(write_toy_region(tmp_path / "valley"), lambda _label, _share: None)
    world = at_unknown_times(published, 3)
    view = day_view(world, WEST, "supermarket", BY_NAME["transit"])
    visit = load_visits().of_kind("supermarket")
    shop = facilities_visited(
        world.facilities, "supermarket", visit, world.region.service_date, world.region.holidays
    )
    home = Points(world.places.x_m[[WEST]], world.places.y_m[[WEST]])
    day = round_trips(world.network, BY_NAME["transit"], home, shop, WHOLE_DAY)
    done = day.departure[np.isfinite(day.tour_s[0])]
    assert view.last_done == max(done.tolist())
    assert done.tolist() != sorted(done.tolist())
    # An ordinary trip of the hours is told, from leaving home until being back, by the times of one sample.
    assert world.window.first <= view.steps[0].start < world.window.first + world.window.n * 60
    assert view.steps[-1].end - view.steps[0].start in day.tour_s[0]
