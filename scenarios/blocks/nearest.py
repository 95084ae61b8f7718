"""Times to the nearest of every kind, cut into blocks of origins and modes: a region is opened once by each worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from accessibility.asked import mode_of, traveller_named
from accessibility.nearest_times import (
    PERCENTS,
    NearestTimes,
    OriginAccess,
    nearest_times,
    origin_access,
    reasons,
)
from accessibility.origins import Origins, place_origins
from accessibility.travel_network import Points, snap_points
from accessibility.travel_times import TravelMode
from accessibility.world import NOT_IN_DATA, World, for_traveller, on_date, open_world
from data.files.parts import Columns
from data.parameters.facility_kinds import load_facility_kinds
from data.progress import Progress
from network.transit.departures import Window
from scenarios.blocks.workers import Workers, in_blocks
from scenarios.comparison.compare import Outcome
from scenarios.edits.apply import apply
from scenarios.edits.json_text import from_json

PER_BLOCK = 32_768
"""Origins of a block: the sweep of the timetable, which each block repeats, then takes a few per cent of its work."""
COLUMNS = ("seconds", "facility", "metres", "served_share", "planned_s", "missed_s")
OVER_DEPARTURES = tuple(f"p{percent:g}" for percent in PERCENTS)


@dataclass(frozen=True, slots=True)
class WorldOf:
    """Which world is looked at, in words and numbers: whoever opens it finds the same."""

    region: str
    """Name or folder."""
    date: dt.date
    traveller: str
    max_rides: int
    boarding_slack_s: int
    scenario: str
    """As JSON."""
    window: tuple[int, int, int, bool]
    """Fields of its `Window`."""


@dataclass(frozen=True, slots=True)
class NearestBlock:
    """The places `begin` to `end` of a world, by one mode, to the nearest of each kind."""

    world: WorldOf
    kinds: tuple[str, ...]
    mode: str
    begin: int
    end: int


def opened(of: WorldOf) -> World:
    """Open the region, and apply the scenario; raises as these do."""
    world = on_date(open_world(of.region), of.date)
    world = for_traveller(world, traveller_named(of.traveller))
    assumed = replace(
        world.network.assumptions, max_rides=of.max_rides, first_boarding_slack_s=of.boarding_slack_s
    )
    network = replace(world.network, assumptions=assumed)
    world = replace(world, network=network, window=Window(*of.window))
    return apply(world, from_json(of.scenario), load_facility_kinds())


_opened = lru_cache(maxsize=2)(opened)


def outcomes_in_blocks(
    world: World,
    of: WorldOf,
    kinds: Sequence[str],
    modes: Sequence[TravelMode],
    folder: Path,
    workers: Workers,
    progress: Progress,
) -> list[Outcome]:
    """Every kind by every mode from the places of a world, which is `opened(of)`; places stand for their residents."""
    origins = place_origins(world.places)
    n_origins = len(origins.place)
    blocks = [
        NearestBlock(of, tuple(kinds), mode.name, begin, min(begin + PER_BLOCK, n_origins))
        for mode in modes
        for begin in range(0, n_origins, PER_BLOCK)
    ]
    parts = in_blocks(times_of_block, blocks, folder, workers, progress)
    found = []
    for mode in modes:
        access = OriginAccess(snap_points(world.network, mode.street, origins.points), None)
        tables = [
            {name: column.reshape(len(kinds), -1) for name, column in part.columns.items()}
            for block, part in zip(blocks, parts, strict=True)
            if block.mode == mode.name
        ]
        for row, kind in enumerate(kinds):
            joined = {name: np.concatenate([table[name][row] for table in tables]) for name in tables[0]}
            times = NearestTimes(
                kind=kind,
                mode=mode,
                percentiles_s=np.column_stack([joined[name] for name in OVER_DEPARTURES]),
                n_samples=world.network.service.n_samples if mode.rides else 1,
                **{name: joined[name] for name in COLUMNS},
            )
            known = world.knows(kind)
            reason = (
                reasons(access, world.facilities, times) if known else (NOT_IN_DATA,) * len(times.seconds)
            )
            found.append(Outcome(world.places, times, reason, origins, times, known))
    return found


def times_of_block(block: NearestBlock) -> Columns:
    """Columns of `NearestTimes`, of the first kind from all origins, then of the next."""
    world = _opened(block.world)
    mode, origins = mode_of(world, block.mode), _part(place_origins(world.places), block.begin, block.end)
    access = origin_access(world.network, origins, mode, world.window)
    found = [nearest_times(world.network, access, world.facilities, kind, mode) for kind in block.kinds]
    columns = {name: np.concatenate([getattr(times, name) for times in found]) for name in COLUMNS}
    percentiles_s = np.concatenate([times.percentiles_s for times in found])
    return columns | dict(zip(OVER_DEPARTURES, percentiles_s.T, strict=True))


def _part(origins: Origins, begin: int, end: int) -> Origins:
    rows = slice(begin, end)
    points = Points(origins.points.x_m[rows], origins.points.y_m[rows])
    return Origins(
        points,
        origins.place[rows],
        origins.people_by_age[rows],
        origins.in_region[rows],
        origins.cars_per_household[rows],
    )
