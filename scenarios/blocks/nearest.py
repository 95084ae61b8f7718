"""Times to the nearest of every kind, cut into blocks of origins and modes: a region is opened once by each worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from accessibility.asked import mode_of, mode_or_none, traveller_named
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
from scenarios.comparison.compare import Comparison, Outcome, compare
from scenarios.edits.apply import apply
from scenarios.edits.json_text import from_json, to_json
from scenarios.edits.scenario import Scenario

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
    """The places `begin` to `end` of a world, or its residents, by one mode to the nearest of each kind."""

    world: WorldOf
    kinds: tuple[str, ...]
    mode: str
    of_residents: bool
    begin: int
    end: int


def world_of(world: World, scenario: Scenario, traveller: str, window: Window) -> WorldOf:
    """The region of a world with a scenario, for a traveller who may board as often and as late as in that world."""
    assumed = world.network.assumptions
    return WorldOf(
        str(world.region.folder.absolute()),
        world.region.service_date,
        traveller,
        assumed.max_rides,
        assumed.first_boarding_slack_s,
        to_json(scenario),
        (window.first, window.step_s, window.n, window.arrives),
    )


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


opened_once = lru_cache(maxsize=2)(opened)
"""On a worker, which has block after block of the same worlds."""


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
    asked = [_Asked(world, of, mode, of_residents=False) for mode in modes]
    found = _in_blocks(asked, kinds, folder, workers, progress)
    origins = place_origins(world.places)
    return [
        _outcome(world, origins, times, times)
        for of_mode in (found[one] for one in asked)
        for times in of_mode
    ]


def comparisons_in_blocks(
    worlds: Sequence[World],
    of: Sequence[WorldOf],
    kinds: Sequence[str],
    modes: Sequence[str],
    folder: Path,
    workers: Workers,
    progress: Progress,
) -> list[list[Comparison]]:
    """The first of some worlds, which are `opened` of `of`, with each of the others: what `compare_worlds` gives."""
    asked = [
        _Asked(world, one, mode, of_residents)
        for world, one in zip(worlds, of, strict=True)
        for mode in (mode_or_none(world, name) for name in modes)
        if mode is not None
        for of_residents in ([False] if world.grid is None else [False, True])
    ]
    found = _in_blocks(asked, kinds, folder, workers, progress)
    sides = []
    for world, one in zip(worlds, of, strict=True):
        places = {of.mode.name: times for of, times in found.items() if of.of == one and not of.of_residents}
        homes = {of.mode.name: times for of, times in found.items() if of.of == one and of.of_residents}
        sides.append(
            {
                name: [
                    _outcome(world, world.residents, times, at_home)
                    for times, at_home in zip(of_mode, homes.get(name, of_mode), strict=True)
                ]
                for name, of_mode in places.items()
            }
        )
    before, *afters = sides
    return [
        [
            compare(old, new)
            for name in modes
            if name in before and name in after
            for old, new in zip(before[name], after[name], strict=True)
        ]
        for after in afters
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """All kinds by one mode, from the places or the residents of a world, which is `opened(of)`."""

    world: World
    of: WorldOf
    mode: TravelMode
    of_residents: bool


def _in_blocks(
    asked: Sequence[_Asked], kinds: Sequence[str], folder: Path, workers: Workers, progress: Progress
) -> dict[_Asked, list[NearestTimes]]:
    """Times to each kind, for all that is asked."""
    blocks = {
        one: [
            NearestBlock(
                one.of, tuple(kinds), one.mode.name, one.of_residents, begin, min(begin + PER_BLOCK, n)
            )
            for n in [len(_origins(one.world, of_residents=one.of_residents).place)]
            for begin in range(0, n, PER_BLOCK)
        ]
        for one in asked
    }
    every = [block for of_one in blocks.values() for block in of_one]
    parts = iter(in_blocks(times_of_block, every, folder, workers, progress))
    found = {}
    for one, of_one in blocks.items():
        tables = [
            {name: column.reshape(len(kinds), -1) for name, column in part.columns.items()}
            for part in islice(parts, len(of_one))
        ]
        joined = {name: np.concatenate([table[name] for table in tables], axis=1) for name in tables[0]}
        found[one] = [
            NearestTimes(
                kind=kind,
                mode=one.mode,
                percentiles_s=np.column_stack([joined[name][row] for name in OVER_DEPARTURES]),
                n_samples=one.world.network.service.n_samples if one.mode.rides else 1,
                **{name: joined[name][row] for name in COLUMNS},
            )
            for row, kind in enumerate(kinds)
        ]
    return found


def _outcome(world: World, residents: Origins, times: NearestTimes, resident_times: NearestTimes) -> Outcome:
    points = place_origins(world.places).points
    access = OriginAccess(snap_points(world.network, times.mode.street, points), None)
    known = world.knows(times.kind)
    reason = reasons(access, world.facilities, times) if known else (NOT_IN_DATA,) * len(times.seconds)
    return Outcome(world.places, times, reason, residents, resident_times, known)


def times_of_block(block: NearestBlock) -> Columns:
    """Columns of `NearestTimes`, of the first kind from all origins, then of the next."""
    world = opened_once(block.world)
    mode, every = mode_of(world, block.mode), _origins(world, of_residents=block.of_residents)
    access = origin_access(world.network, part_of(every, block.begin, block.end), mode, world.window)
    found = [nearest_times(world.network, access, world.facilities, kind, mode) for kind in block.kinds]
    columns = {name: np.concatenate([getattr(times, name) for times in found]) for name in COLUMNS}
    percentiles_s = np.concatenate([times.percentiles_s for times in found])
    return columns | dict(zip(OVER_DEPARTURES, percentiles_s.T, strict=True))


def _origins(world: World, *, of_residents: bool) -> Origins:
    return world.residents if of_residents else place_origins(world.places)


def part_of(origins: Origins, begin: int, end: int) -> Origins:
    """Those from one row up to another."""
    rows = slice(begin, end)
    points = Points(origins.points.x_m[rows], origins.points.y_m[rows])
    return Origins(
        points,
        origins.place[rows],
        origins.people_by_age[rows],
        origins.in_region[rows],
        origins.cars_per_household[rows],
    )
