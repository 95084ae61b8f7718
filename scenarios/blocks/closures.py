"""Every closure of a kind, cut into blocks of residents: each feels only what happens to his or her own ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accessibility.asked import mode_of
from accessibility.closures import Closures, closures
from accessibility.nearest_times import of_kind, origin_access
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.files.parts import Columns
from data.progress import Progress
from scenarios.blocks.nearest import PER_BLOCK, WorldOf, opened_once, part_of
from scenarios.blocks.workers import Workers, in_blocks

NONE = -1
"""Instead of a facility that closes: the time as it is, or with one closed."""


@dataclass(frozen=True, slots=True)
class ClosuresBlock:
    """Every closure of a kind for the residents `begin` to `end` of a world, by one mode."""

    world: WorldOf
    kind: str
    mode: str
    pairs: bool
    begin: int
    end: int


def closures_in_blocks(
    world: World,
    of: WorldOf,
    kind: str,
    mode: TravelMode,
    folder: Path,
    workers: Workers,
    progress: Progress,
    *,
    pairs: bool,
) -> Closures:
    """Close every facility of a kind for the residents of a world, which is `opened(of)`: what `closures` gives."""
    n_origins = len(world.residents.place)
    blocks = [
        ClosuresBlock(of, kind, mode.name, pairs, begin, min(begin + PER_BLOCK, n_origins))
        for begin in range(0, n_origins, PER_BLOCK)
    ]
    parts = in_blocks(closures_of_block, blocks, folder, workers, progress)
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    order = np.lexsort([columns[name] for name in ("origin", "other", "one")])
    one, other, origin, after_s = (columns[name][order] for name in ("one", "other", "origin", "after_s"))
    is_open, is_pair = one == NONE, other != NONE
    is_single = ~is_open & ~is_pair
    return Closures(
        facility=of_kind(world.facilities, kind),
        seconds=after_s[is_open],
        closed=one[is_single],
        origin=origin[is_single],
        after_s=after_s[is_single],
        pair=np.column_stack([one, other])[is_pair],
        pair_origin=origin[is_pair],
        pair_after_s=after_s[is_pair],
    )


def closures_of_block(block: ClosuresBlock) -> Columns:
    """Seconds of each resident with nothing closed, with one facility closed and with two, in one long table."""
    world = opened_once(block.world)
    mode, residents = mode_of(world, block.mode), part_of(world.residents, block.begin, block.end)
    access = origin_access(world.network, residents, mode, world.window)
    found = closures(world.network, access, world.facilities, block.kind, mode, pairs=block.pairs)
    n_open, n_single = len(found.seconds), len(found.closed)
    nobody = np.full(n_open, NONE, np.int32)
    return {
        "one": np.concatenate([nobody, found.closed, found.pair[:, 0]]).astype(np.int32),
        "other": np.concatenate([nobody, np.full(n_single, NONE), found.pair[:, 1]]).astype(np.int32),
        "origin": np.concatenate([np.arange(n_open), found.origin, found.pair_origin]).astype(np.int32)
        + np.int32(block.begin),
        "after_s": np.concatenate([found.seconds, found.after_s, found.pair_after_s]),
    }
