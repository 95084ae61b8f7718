"""A matrix of times cut into blocks of destinations: origins are reached for every one of them by the same ways to the stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accessibility.assumptions import Assumptions
from accessibility.od_matrix import OdTimes, od_times
from accessibility.travel_network import Points, Service, TravelNetwork, travel_network
from accessibility.travel_times import TravelMode
from data.columns import Floats
from data.files.parts import Columns
from data.files.ready_arrays import open_table, save_table
from data.files.whole import write_folder
from data.on_demand.services import OnDemandServices
from data.progress import Progress
from network.hierarchy.search import StreetSearch
from network.modes.modes import Profile
from network.transit.departures import Window
from scenarios.blocks.workers import Workers, in_blocks

READY = "network"
PER_BLOCK = {True: 256, False: 4096}
"""Destinations of a block, of modes whose times hang on the departure and of others: some seconds of work each."""


@dataclass(frozen=True, slots=True)
class MatrixBlock:
    """From all origins to the destinations `begin` to `end`, over the network in a folder."""

    folder: Path
    profiles: tuple[Profile, ...]
    assumptions: Assumptions
    on_demand: OnDemandServices
    mode: TravelMode
    window: Window
    percents: tuple[float, ...]
    begin: int
    end: int


class Ready(NamedTuple):
    """What a folder holds."""

    network: TravelNetwork
    origins: Points
    destinations: Points


def od_times_in_blocks(
    network: TravelNetwork,
    modes: Sequence[TravelMode],
    origins: Points,
    destinations: Points,
    window: Window,
    percents: tuple[float, ...],
    folder: Path,
    workers: Workers,
    progress: Progress,
) -> list[OdTimes]:
    """`od_matrix.od_times` of every mode, worked out by `workers`; parts and network are kept in `folder`, which they can read."""
    write_folder(folder / READY, lambda beside: _save(beside, Ready(network, origins, destinations)))
    n_targets = len(destinations.x_m)
    blocks = [
        MatrixBlock(
            folder=(folder / READY).absolute(),
            profiles=network.profiles,
            assumptions=network.assumptions,
            on_demand=network.on_demand,
            mode=mode,
            window=window,
            percents=percents,
            begin=begin,
            end=min(begin + PER_BLOCK[mode.is_timed], n_targets),
        )
        for mode in modes
        for begin in range(0, n_targets, PER_BLOCK[mode.is_timed])
    ]
    parts = in_blocks(times_of_block, blocks, folder, workers, progress)
    found = []
    for mode in modes:
        of_mode = [
            _table(part.columns, len(origins.x_m))
            for block, part in zip(blocks, parts, strict=True)
            if block.mode == mode
        ]
        n_samples = network.service.n_samples if mode.rides else 1
        found.append(OdTimes(mode, np.concatenate(of_mode, axis=1), n_samples))
    return found


def times_of_block(block: MatrixBlock) -> Columns:
    """Columns of percentiles, a row per origin and destination."""
    ready, origins, destinations = _opened(block.folder)
    network = replace(
        ready, profiles=block.profiles, assumptions=block.assumptions, on_demand=block.on_demand
    )
    rows = slice(block.begin, block.end)
    some = Points(destinations.x_m[rows], destinations.y_m[rows])
    seconds = od_times(network, block.mode, origins, some, block.window, block.percents).seconds
    return {f"p{column}": seconds[:, :, column].ravel() for column in range(seconds.shape[2])}


def _table(columns: Columns, n_origins: int) -> Floats:
    """(O, D, Q) float64 of the columns of a block."""
    return np.stack([column.reshape(n_origins, -1) for column in columns.values()], axis=2)


def _save(folder: Path, ready: Ready) -> None:
    save_table(folder / "search", ready.network.search)
    save_table(folder / "service", ready.network.service)
    save_table(folder / "origins", ready.origins)
    save_table(folder / "destinations", ready.destinations)


@lru_cache(maxsize=1)
def _opened(folder: Path) -> Ready:
    """What `_save` wrote, by memory map; what is no array comes with each block."""
    search, service = open_table(StreetSearch, folder / "search"), open_table(Service, folder / "service")
    network = travel_network(search, service, (), Assumptions())
    return Ready(network, *(open_table(Points, folder / name) for name in ("origins", "destinations")))
