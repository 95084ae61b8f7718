"""How far one gets in so many minutes, before and after a change: people counted at home, areas drawn alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accessibility.reach.areas import MOST_PIXELS, Areas, reach_areas
from accessibility.reach.times import (
    Direction,
    Ground,
    PeopleWithin,
    Reading,
    people_within,
    readings,
)
from accessibility.travel_network import Points
from accessibility.world import World
from network.transit.departures import Window


class Reach(NamedTuple):
    """What lies within L limits of a place."""

    reading: str
    """*best*, *ordinary* or *worst* over the departures, the clock time of the only one, or "" where none is waited for."""
    within: PeopleWithin
    areas: Areas


class Side(NamedTuple):
    """A world with what `ground_of` makes of it for the mode, and the places asked about, any number of them."""

    world: World
    ground: Ground
    targets: Points


def reach(
    sides: Sequence[Side],
    direction: Direction,
    window: Window,
    limits_s: Sequence[float],
    most_pixels: int = MOST_PIXELS,
) -> list[tuple[Reach, ...]]:
    """How far one gets on each side, to the nearest target or from it, in every reading of the window.

    Raises
    ------
    InputError
        As `times.refuse_unreadable`.

    """
    found = [readings(side.world.network, side.ground, side.targets, direction, window) for side in sides]
    network, mode = sides[0].world.network, sides[0].ground.mode
    land_mps = network.profiles[network.row(mode.street)].off_street_mps
    standing = [one.standing for of_side in found for one in of_side]
    areas = iter(reach_areas(standing, limits_s, land_mps, most_pixels))
    return [
        tuple(_reach(side, one, limits_s, next(areas)) for one in of_side)
        for side, of_side in zip(sides, found, strict=True)
    ]


def _reach(side: Side, one: Reading, limits_s: Sequence[float], areas: Areas) -> Reach:
    return Reach(one.name, people_within(side.world.residents, one.standing.home_s, limits_s), areas)
