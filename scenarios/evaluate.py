"""What a scenario changes, place by place and in total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.indicators import mean_seconds, people_unreached, people_within
from accessibility.place_times import PlaceTimes, departures, place_times
from accessibility.travel_network import Progress
from accessibility.travel_times import Rides, TravelMode, ride
from accessibility.world import World
from data.columns import Floats
from data.places import Places


def place_rides(world: World, mode: TravelMode, progress: Progress) -> Rides | None:
    """Arrivals by vehicle from all places over the region's window; None for a mode that does not ride.

    No edit of facilities changes them, so one table serves a region and all its scenarios.
    """
    if not mode.rides:
        return None
    return ride(world.network, mode, world.place_points, departures(world), progress)


@dataclass(frozen=True, slots=True)
class Totals:
    """One side of a comparison in numbers, inhabitants of the region only."""

    people: int
    people_within: int
    people_unreached: int
    mean_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The same places, departures and snaps, before and after."""

    places: Places
    before: PlaceTimes
    after: PlaceTimes

    @property
    def difference_s(self) -> Floats:
        """(P,) float64, after minus before: 0 where neither is reached, -inf newly reached, inf no longer reached."""
        before, after = self.before.seconds, self.after.seconds
        neither = ~np.isfinite(before) & ~np.isfinite(after)
        return np.where(neither, 0.0, np.where(neither, 0.0, after) - np.where(neither, 0.0, before))

    def totals(self, limit_s: float) -> tuple[Totals, Totals]:
        """Totals before and after; `limit_s` itself counts as within."""
        inside = self.places.in_region
        people = self.places.inhabitants[inside]

        def total(times: PlaceTimes) -> Totals:
            seconds = times.seconds[inside]
            return Totals(
                people=int(people.sum(dtype=np.int64)),
                people_within=people_within(seconds, people, limit_s),
                people_unreached=people_unreached(seconds, people),
                mean_s=mean_seconds(seconds, people),
            )

        return total(self.before), total(self.after)


def compare(before: World, after: World, kind: str, mode: TravelMode, rides: Rides | None) -> Comparison:
    """Times of both worlds for one kind and mode; `rides` as `place_rides` gives them for either.

    Raises
    ------
    ValueError
        When the worlds differ in streets or timetable: then one table of rides cannot serve both.

    """
    if before.network is not after.network or before.places is not after.places:
        msg = "the two worlds do not share their network and places"
        raise ValueError(msg)
    return Comparison(
        before.places, place_times(before, kind, mode, rides), place_times(after, kind, mode, rides)
    )
