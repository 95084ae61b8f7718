"""How far people come to a place, or get from it, as areas for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accessibility.asked import mode_of
from accessibility.reach.times import DIRECTIONS, LIMITS_MIN, Direction
from data.clock import parse_clock
from data.errors import InputError
from data.files.areas import degree_frame
from dorpshub.regions import Region
from network.transit.departures import Window
from scenarios.measures.reach import ReachQuestion, reach_tables

if TYPE_CHECKING:
    import geopandas as gpd


def reach(
    region: Region,
    target: str,
    mode: str = "bike",
    *,
    direction: Direction = "to",
    within_min: Sequence[float] = LIMITS_MIN,
    at: str | None = None,
) -> gpd.GeoDataFrame:
    """How far people come to a place, or get from it, in so many minutes: areas with their inhabitants.

    People are counted by the time from their own home. Areas are drawn along the streets reached and around the homes
    reached; an area of more minutes holds that of fewer.

    Parameters
    ----------
    region
        Where; with a scenario, as it is then.
    target
        A facility or a place, by id or name, or a kind of facility: the nearest of them.
    mode
        How one travels.
    direction
        to: how people come to it; from: how far one gets from it.
    within_min
        L limits in minutes, rising.
    at
        Departure of a mode that rides, HH:MM; over the window of the region when left out: then there are L rows for the
        best, the ordinary and the worst departure each.

    Returns
    -------
    A row per reading and limit: within_min, inhabitants, inhabitants_75plus, area_km2, and the area as geometry.

    Raises
    ------
    InputError
        When a name, time or limit cannot be used, or the mode's ride is on demand.

    Examples
    --------
    >>> from dorpshub import open_region, reach
    >>> areas = reach(open_region("zuid-oost-drenthe"), "gp", "bike", within_min=(5, 10))
    >>> areas["within_min"].tolist(), bool(areas["inhabitants"].is_monotonic_increasing)
    ([5, 10], True)

    """
    if direction not in DIRECTIONS:
        msg = f"Unknown direction '{direction}'. Directions are {', '.join(DIRECTIONS)}."
        raise InputError(msg)
    world = region.world
    window = world.window if at is None else Window(parse_clock(at), 60, 1)
    question = ReachQuestion(target, mode_of(world, mode), direction, tuple(within_min), window)
    return degree_frame(*reach_tables(question, [(region.scenario, world)]), world.projection)
