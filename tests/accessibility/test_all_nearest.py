"""Every kind from every origin in blocks on threads: the times of one kind at a time from all origins at once."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility import all_nearest
from accessibility.all_nearest import AllNearest
from accessibility.nearest_times import PERCENTS, nearest_times, of_kind, origin_access
from accessibility.origins import place_origins
from accessibility.travel_network import Points
from accessibility.travel_times import MODES
from accessibility.world import World, open_world, silent
from support.toys.region import write_toy_region

BY_NAME = {mode.name: mode for mode in MODES}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(tmp_path_factory.mktemp("toy") / "valley"), silent)


@pytest.mark.parametrize("name", ["walk", "transit", "bike_transit"])
def test_blocks_of_all_kinds_are_the_times_of_each_kind(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_nearest, "BLOCKS_PER_THREAD", 1)  # two blocks of the four places
    mode, facilities = BY_NAME[name], world.facilities
    kinds = ("gp", "supermarket", "hub")  # of the last there is none
    rows = [of_kind(facilities, kind) for kind in kinds]
    targets = [Points(facilities.x_m[row], facilities.y_m[row]) for row in rows]
    origins, found = place_origins(world.places), list[AllNearest]()
    all_nearest.all_nearest(world.network, origins.points, targets, mode, world.window, found.append, 2)
    found.sort(key=lambda block: block.begin)
    assert [(block.begin, block.end) for block in found] == [(0, 2), (2, 4)]
    access = origin_access(world.network, origins, mode, world.window)
    percents = [PERCENTS.index(percent) for percent in all_nearest.PERCENTS] if mode.rides else [0]
    for column, kind in enumerate(kinds):
        expected = nearest_times(world.network, access, facilities, kind, mode)
        seconds = np.concatenate([block.seconds[:, column] for block in found])
        assert np.array_equal(seconds, expected.percentiles_s[:, percents])
        served = np.concatenate([block.served_share[:, column] for block in found])
        assert np.array_equal(served, expected.served_share)
