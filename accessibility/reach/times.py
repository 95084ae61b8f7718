"""How long it takes to a facility from everywhere, or from it to everywhere: from each home, and along the streets.

*To* it is how people come to a service; *from* it how far one gets out of a village. The two differ where streets are
one-way, and by public transport altogether.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from accessibility.groups import BANDS
from accessibility.nearest_times import OriginAccess
from accessibility.origins import Origins
from accessibility.reach.areas import Standing
from accessibility.travel_network import Points, TravelNetwork, snap_points
from accessibility.travel_times import (
    TravelMode,
    alighting,
    departing,
    egress_to_nearest,
    window_from_nearest,
    window_to_nearest,
)
from accessibility.world import World
from data.clock import clock_text
from data.columns import Floats, Int64s
from data.errors import InputError
from network.hierarchy.search import nearest, reached_from
from network.hierarchy.within import Within, joined
from network.streets.points_along import StreetPoints, doors_on, points_along
from network.streets.snap import Snapped
from network.transit.departures import Access, Departing, Window

Direction: TypeAlias = Literal["to", "from"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
LIMITS_MIN = (5, 10, 15, 30, 45, 60)
READINGS = {"best": 0.0, "ordinary": 50.0, "worst": 100.0}
"""Percentiles over the departures of a window."""
PIECE_M, TIMED_PIECE_M = 50.0, 100.0
"""A stretch of street counts by its middle. Ways to all stops make a point by public transport ten times as dear."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where people may stand, made ready for a mode: no edit of facilities changes it.

    Attributes
    ----------
    mode
        How people travel.
    streets
        P points along the streets that have doors.
    homes
        O homes.
    doors
        Of the points and then of the homes.
    departures
        Their ways to the first stop; None for a mode that does not ride, and where the reach is asked from a place.
    alightings
        Ways from the last stop to them; None for a mode that does not ride, and where the reach is asked to a place.

    """

    mode: TravelMode
    streets: StreetPoints
    homes: Points
    doors: Snapped
    departures: Departing | None
    alightings: Access | None


class Reading(NamedTuple):
    """Where people stand in the best, ordinary or worst case, at one departure (its clock time), or always ("")."""

    name: str
    standing: Standing


def refuse_unreadable(mode: TravelMode) -> None:
    """InputError where the reach of a mode is not worked out."""
    if mode.on_demand:
        msg = f"How far {mode.name} reaches depends on who else orders a ride, and is not worked out. Choose another mode."
        raise InputError(msg)


def ground_of(world: World, mode: TravelMode, residents: OriginAccess, direction: Direction) -> Ground:
    """Streets that have doors, and the homes of the residents, made ready for a mode and a direction.

    `residents` is what `nearest_times.origin_access` gives for them.
    """
    network = world.network
    row, mapped = network.row(mode.street), network.streets.mapped
    is_open = np.any(mapped.ends_mps[row] > 0, axis=1) & mapped.has_doors
    edges = np.flatnonzero(is_open[mapped.edge_speed]).astype(np.int32)
    streets = points_along(mapped, edges, TIMED_PIECE_M if mode.rides else PIECE_M)
    in_street = doors_on(network.streets, row, network.profiles[row], streets)
    doors = _together(in_street, residents.snapped)
    departures, alightings = residents.departures, None
    if departures is not None and direction == "from":
        egress = network.row(mode.egress)
        in_egress = doors_on(network.streets, egress, network.profiles[egress], streets)
        at_homes = snap_points(network, mode.egress, world.residents.points)
        alightings = alighting(network, mode, _together(in_egress, at_homes))
        departures = None
    elif departures is not None:
        leaving = departing(network, mode, in_street, world.window)
        departures = leaving._replace(
            access=Access(*joined([Within(*leaving.access), Within(*departures.access)]))
        )
    return Ground(mode, streets, world.residents.points, doors, departures, alightings)


def _together(first: Snapped, then: Snapped) -> Snapped:
    """Points of both, one after the other."""
    return Snapped._make(np.concatenate([one, other]) for one, other in zip(first, then, strict=True))


def readings(
    network: TravelNetwork, ground: Ground, targets: Points, direction: Direction, window: Window
) -> tuple[Reading, ...]:
    """Seconds to the nearest of some targets, or from it; inf everywhere where there is none.

    Parameters
    ----------
    network, ground
        What `ground_of` gives for a world with this network, and this direction.
    targets, direction
        Where to, or where from.
    window
        Departures of a mode that rides; a single one is read by itself, several in the best, ordinary and worst case.

    Raises
    ------
    InputError
        As `refuse_unreadable`.

    """
    mode, row = ground.mode, network.row(ground.mode.street)
    refuse_unreadable(mode)
    names: dict[str, float] = {clock_text(window.first): 0.0} if window.n == 1 else READINGS
    percents = tuple(names.values())
    there = snap_points(network, mode.street, targets)
    if direction == "from":
        direct_s = reached_from(network.search, row, there, ground.doors)
        if ground.alightings is None:
            return (_reading("", ground, direct_s),)
        found_s = window_from_nearest(network, mode, targets, window, ground.alightings, direct_s, percents)
        return tuple(_reading(name, ground, of) for name, of in zip(names, found_s.T, strict=True))
    direct = nearest(network.search, row, ground.doors, there)
    if ground.departures is None:
        return (_reading("", ground, direct.seconds),)
    found = window_to_nearest(
        network,
        ground.departures._replace(window=window),
        egress_to_nearest(network, mode, targets),
        direct,
        percents,
        with_bikes=mode.takes_bike,
    )
    return tuple(
        _reading(name, ground, seconds) for name, seconds in zip(names, found.percentiles_s.T, strict=True)
    )


def _reading(name: str, ground: Ground, seconds: Floats) -> Reading:
    streets, homes, n_streets = ground.streets, ground.homes, len(ground.streets.edge)
    return Reading(
        name,
        Standing(streets.x_m, streets.y_m, seconds[:n_streets], homes.x_m, homes.y_m, seconds[n_streets:]),
    )


class PeopleWithin(NamedTuple):
    """Residents of the region within each of L limits, each counted by the time from his or her own home."""

    people: Int64s
    """(L,) persons of all ages."""
    people_75plus: Int64s


def people_within(residents: Origins, seconds: Floats, limits_s: Sequence[float]) -> PeopleWithin:
    """Count those whose `seconds`, (O,), are at most each limit."""
    by_age = np.where(residents.in_region[:, None], residents.people_by_age, 0).astype(np.int64)
    within = [by_age[seconds <= limit_s].sum(axis=0) for limit_s in limits_s]
    total = np.array(within).reshape(len(within), by_age.shape[1])
    return PeopleWithin(total.sum(axis=1), total[:, BANDS["75plus"]].sum(axis=1))
