"""From every place to its nearest facility of a kind, by one mode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.travel_network import Points, snap_points, street_nearest
from accessibility.travel_times import TravelMode, departing, window_to_nearest
from accessibility.world import World
from data.columns import Bools, Floats, Int32s, Strings, freeze
from network.departures import Departing, Window
from network.search import Nearest

PERCENTS = (5.0, 25.0, 50.0, 75.0, 95.0)


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTimes:
    """One row per place.

    Attributes
    ----------
    kind, mode
        Kind of facility and name of the mode.
    seconds
        (P,) float64, door to door; with public transport the median over the departures. inf where not reached.
    facility
        (P,) int32, row of Facilities reached (in the median time); -1 where none.
    metres
        (P,) float64, along the street; inf where not reached and with public transport.
    percentiles_s
        (P, 5) float64, `PERCENTS` over the departures of the window; the time itself for street modes.
    served_share
        (P,) float64, share of the departures with any connection, 0 to 1.
    reason
        (P,) strings, why a place is not reached; "" where it is.

    """

    kind: str
    mode: str
    seconds: Floats
    facility: Int32s
    metres: Floats
    percentiles_s: Floats
    served_share: Floats
    reason: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.seconds))


def place_departing(world: World, mode: TravelMode) -> Departing | None:
    """All places, leaving in the region's window; None for a mode that does not ride.

    No edit of facilities changes it, so one serves a region and all its scenarios.
    """
    if not mode.rides:
        return None
    n_minutes = (world.region.window_end - world.region.window_start) // 60
    return departing(
        world.network, mode, world.place_points, Window(world.region.window_start, 60, n_minutes)
    )


def place_times(world: World, kind: str, mode: TravelMode, leaving: Departing | None) -> PlaceTimes:
    """Time of every place to its nearest facility of `kind`.

    Parameters
    ----------
    world
        Region or scenario.
    kind
        Kind of facility; without any, no place is reached.
    mode
        How people travel.
    leaving
        What `place_departing` gives for the mode.

    """
    if mode.rides != (leaving is not None):
        msg = f"mode {mode.name} needs its departures, and only a mode that rides has them"
        raise ValueError(msg)
    rows = np.array([row for row, of in enumerate(world.facilities.kind) if of == kind], np.int32)
    targets = Points(world.facilities.x_m[rows], world.facilities.y_m[rows])
    direct = street_nearest(world.network, mode.street, world.place_points, targets)
    if leaving is None:
        return _by_street(world, kind, mode, rows, direct)
    found = window_to_nearest(world.network, leaving, targets, direct, PERCENTS)
    median = PERCENTS.index(50.0)
    seconds = found.percentiles_s[:, median].copy()
    return PlaceTimes(
        kind=kind,
        mode=mode.name,
        seconds=seconds,
        facility=_facility(rows, found.target[:, median]),
        metres=np.full(len(seconds), np.inf),
        percentiles_s=found.percentiles_s,
        served_share=found.served_share,
        reason=_reasons(world, mode, rows, np.isfinite(seconds)),
    )


def _by_street(world: World, kind: str, mode: TravelMode, rows: Int32s, found: Nearest) -> PlaceTimes:
    reached = np.isfinite(found.seconds)
    return PlaceTimes(
        kind=kind,
        mode=mode.name,
        seconds=found.seconds,
        facility=_facility(rows, found.target),
        metres=found.metres,
        percentiles_s=np.repeat(found.seconds[:, None], len(PERCENTS), axis=1),
        served_share=reached.astype(np.float64),
        reason=_reasons(world, mode, rows, reached),
    )


def _facility(rows: Int32s, target: Int32s) -> Int32s:
    """Rows of Facilities for rows of the targets; -1 stays -1."""
    return np.append(rows, np.int32(-1))[target].astype(np.int32)


def _reasons(world: World, mode: TravelMode, rows: Int32s, reached: Bools) -> Strings:
    if not len(rows):
        return ("no facility of this kind",) * len(reached)
    off_street = snap_points(world.network, mode.street, world.place_points).edge < 0
    other = "no connection in at least half of the departures" if mode.rides else "no way over the streets"
    return tuple(
        "" if ok else "no street within reach" if off else other
        for ok, off in zip(reached, off_street, strict=True)
    )
