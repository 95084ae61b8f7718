"""How sure a difference is: the same comparison again and again with other assumptions, before and after alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from accessibility.nearest_times import NearestTimes, nearest_times, origin_access
from accessibility.origins import Origins, place_origins
from accessibility.travel_network import with_streets
from accessibility.world import World, for_traveller
from data.columns import Floats
from data.parameters.uncertainty import Range, Ranges
from network.hierarchy.arcs import full_arc_mask
from network.hierarchy.search import StreetSearch, customised, unthinned
from network.streets.network import assemble
from scenarios.comparison.compare import difference

Sure: TypeAlias = Literal["certain", "likely", "too uncertain"]
SURE: tuple[Sure, ...] = get_args(Sure)
SIGNS = np.array(["shorter", "same", "longer"])


class Draw(NamedTuple):
    """One choice of all assumptions: shares of the numbers that are used, and where modelled sites stand."""

    walking_speed: float
    change_time: float
    car_speed: float
    sites: int
    """Seed of the places of modelled facilities; 0 for where they are put."""


AS_USED = Draw(1.0, 1.0, 1.0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """What comes of all runs for the O origins, places or residents, of one kind and mode.

    Attributes
    ----------
    kind, mode
        Names.
    before_s, after_s, difference_s
        (O, 3) float64: with the assumptions as used, the least and the most of all runs.
    sign
        (O,) what most runs say: "shorter", "same" or "longer"; of equally many what the assumptions as used say.
    sure
        (O,) of `SURE`: whether all runs say so, most of them, or too few.

    """

    kind: str
    mode: str
    before_s: Floats
    after_s: Floats
    difference_s: Floats
    sign: NDArray[np.str_]
    sure: NDArray[np.str_]


def draws(ranges: Ranges) -> list[Draw]:
    """As used, each end of each range on its own, then all of them together by Latin hypercube."""
    spans: tuple[Range, ...] = (ranges.walking_speed, ranges.change_time, ranges.car_speed)
    found = [AS_USED]
    for place, span in enumerate(spans):
        for end in (span.low, span.high):
            values = [1.0, 1.0, 1.0]
            values[place] = end
            found.append(Draw(values[0], values[1], values[2], 0))
    found.append(AS_USED._replace(sites=1))
    if ranges.runs:
        unit = latin_hypercube(ranges.runs, len(spans), ranges.seed)
        for number, row in enumerate(unit.tolist(), start=2):
            values = [
                span.low + share * (span.high - span.low) for span, share in zip(spans, row, strict=True)
            ]
            found.append(Draw(values[0], values[1], values[2], number))
    return found


def latin_hypercube(n: int, d: int, seed: int) -> Floats:
    """(n, d) float64 between 0 and 1: each column has one number in each n-th, in an order of its own.

    McKay, Beckman & Conover (1979). The numbers are those of `scipy.stats.qmc`, which would take a second and 40 MB to
    import, in every server from the first comparison on.
    """
    (rng,) = np.random.default_rng(seed).spawn(1)
    within = rng.uniform(size=(n, d))
    order = np.tile(np.arange(1, n + 1), (d, 1))
    for column in order:
        rng.shuffle(column)
    return np.asarray((order.T - within) / n)


def bands(
    world: World,
    change: Callable[[World], tuple[World, World]],
    kinds: Sequence[str],
    modes: Sequence[str],
    ranges: Ranges,
    progress: Callable[[str, float], None],
    origins: Callable[[World], Origins] = lambda world: place_origins(world.places),
) -> list[Band]:
    """Bands of the times of all places, or of other origins.

    Parameters
    ----------
    world
        The region as it is.
    change
        Makes the world before and the world after of a region with certain assumptions: applies the scenarios.
    kinds, modes
        Kinds of facility and names of modes, of those that both travellers have.
    ranges
        How far assumptions may be off.
    progress
        Told what is being done and the share of it that is finished.
    origins
        From where people set out, of a world.

    """
    found: dict[tuple[str, str], list[tuple[Floats, Floats]]] = {}
    chosen = draws(ranges)
    for number, draw in enumerate(chosen):
        progress("other assumptions", number / len(chosen))
        before, after = (with_change_time(of, draw) for of in change(drawn(world, draw, ranges)))
        old, new = (_times(of, origins(of), kinds, modes) for of in (before, after))
        for key in old.keys() & new.keys():
            found.setdefault(key, []).append((old[key].seconds, new[key].seconds))
    progress("other assumptions", 1.0)
    order = [(kind, mode) for mode in modes for kind in kinds if (kind, mode) in found]
    return [_band(*key, found[key], ranges.likely_share) for key in order]


def _band(kind: str, mode: str, runs: list[tuple[Floats, Floats]], likely_share: float) -> Band:
    before_s, after_s = (np.stack(side) for side in zip(*runs, strict=True))
    difference_s = np.stack([difference(old, new) for old, new in runs])
    sign = np.sign(difference_s).astype(np.int64)
    n_runs = len(runs)
    votes = np.stack([(sign == of).sum(axis=0) for of in (-1, 0, 1)])
    most = votes.argmax(axis=0) - 1
    as_used = np.take_along_axis(votes, sign[:1] + 1, axis=0)[0]
    most = np.where(as_used == votes.max(axis=0), sign[0], most)
    share = votes.max(axis=0) / n_runs
    sure = np.select([share == 1, share >= likely_share], SURE[:2], SURE[2])
    old, new, between = [
        np.stack([of[0], of.min(axis=0), of.max(axis=0)], axis=1) for of in (before_s, after_s, difference_s)
    ]
    return Band(kind, mode, old, new, between, SIGNS[most + 1], sure)


def _times(
    world: World, origins: Origins, kinds: Sequence[str], modes: Sequence[str]
) -> dict[tuple[str, str], NearestTimes]:
    found = {}
    for mode in world.modes:
        if mode.name in modes:
            access = origin_access(world.network, origins, mode, world.window)
            for kind in kinds:
                times = nearest_times(world.network, access, world.facilities, kind, mode)
                found[kind, mode.name] = times
    return found


def drawn(world: World, draw: Draw, ranges: Ranges) -> World:
    """Region with other speeds on foot and by car, and its modelled facilities elsewhere."""
    if draw == AS_USED:
        return world
    network, facilities = world.network, world.facilities
    if (draw.walking_speed, draw.car_speed) != (1.0, 1.0):
        profiles, mapped = network.profiles, network.streets.mapped
        share = np.array(
            [
                draw.walking_speed
                if of.cruises_on_foot
                else draw.car_speed
                if of.obeys_turn_restrictions
                else 1.0
                for of in profiles
            ]
        )
        # Every mode is on foot off the street.
        profiles = tuple(
            replace(
                of,
                speed=replace(of.speed, cruise_mps=of.speed.cruise_mps * by),
                off_street_mps=of.off_street_mps * draw.walking_speed,
            )
            for of, by in zip(profiles, share.tolist(), strict=True)
        )
        streets = assemble(replace(mapped, speed_mps=mapped.speed_mps * share[:, None, None]))
        hierarchy = network.search.hierarchy
        every = full_arc_mask(hierarchy)
        modes = [unthinned(hierarchy, weights, every) for weights in customised(streets, hierarchy)]
        ready = StreetSearch(streets, hierarchy, tuple(modes))
        network = with_streets(replace(network, profiles=profiles), ready)
    if draw.sites:
        rng = np.random.default_rng((ranges.seed, draw.sites))
        away_m = ranges.modelled_sites.radius_m * np.sqrt(rng.random(len(facilities.id)))
        angle = 2 * np.pi * rng.random(len(facilities.id))
        away_m = np.where(facilities.position_modelled, away_m, 0.0)
        facilities = replace(
            facilities,
            x_m=facilities.x_m + away_m * np.cos(angle),
            y_m=facilities.y_m + away_m * np.sin(angle),
        )
    return replace(world, network=network, facilities=facilities)


def with_change_time(world: World, draw: Draw) -> World:
    """World whose traveller needs another time to change, whoever a scenario made that."""
    change_s = max(round(world.traveller.min_transfer_s * draw.change_time), 1)
    if change_s == world.traveller.min_transfer_s:
        return world
    return for_traveller(world, replace(world.traveller, min_transfer_s=change_s))
