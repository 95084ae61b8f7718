"""Worlds of which only the headways are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accessibility.travel_network import with_timetable
from accessibility.world import World
from data.timetable import Headways


def at_unknown_times(world: World, n_samples: int) -> World:
    """Let every trip run at an unknown time within the half hour from its departure on, each by itself."""
    timetable = world.network.service.timetable
    trips = timetable.trips
    rows = np.arange(len(trips.id), dtype=np.int32)
    end = trips.call_departure[trips.call_offset[:-1]] + np.int32(1800)
    headways = Headways(rows, trips.id, np.full(len(rows), 1800, np.int32), end)
    assumed = replace(world.network.assumptions, headway_samples=n_samples)
    network = with_timetable(
        replace(world.network, assumptions=assumed),
        replace(timetable, trips=replace(trips, headways=headways)),
        world.projection,
    )
    return replace(world, network=network)
