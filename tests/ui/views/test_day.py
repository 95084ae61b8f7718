"""One trip to a service and back as plain values, on the toy valley (drawn in toy_region.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from headway_toys import at_unknown_times
from toy_region import write_toy_region

from accessibility.round_trips import WHOLE_DAY, facilities_visited, round_trips
from accessibility.travel_network import Points
from accessibility.travel_times import MODES
from accessibility.world import open_world
from data.parameters.visits import load_visits
from ui.views.day import day_view

WEST = 0
TRANSIT = next(mode for mode in MODES if mode.name == "transit")


def test_a_day_of_unknown_times_is_read_by_the_clock(tmp_path: Path) -> None:
    # Departures come sample after sample there, so the last column is not the last of the day.
    published = open_world(write_toy_region(tmp_path / "valley"), lambda _label, _share: None)
    world = at_unknown_times(published, 3)
    view = day_view(world, WEST, "supermarket", TRANSIT)
    visit = load_visits().of_kind("supermarket")
    shop = facilities_visited(world.facilities, "supermarket", visit, world.region.service_date)
    home = Points(world.places.x_m[[WEST]], world.places.y_m[[WEST]])
    day = round_trips(world.network, TRANSIT, home, shop, WHOLE_DAY)
    done = day.departure[np.isfinite(day.away_s[0])]
    assert view.last_done == max(done.tolist())
    assert done.tolist() != sorted(done.tolist())
    # An ordinary trip of the hours is told, from leaving home until being back, by the times of one sample.
    assert world.window.first <= view.steps[0].start < world.window.first + world.window.n * 60
    assert view.steps[-1].end - view.steps[0].start in day.away_s[0]
