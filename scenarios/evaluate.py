"""What a scenario changes, place by place and in total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.indicators import mean_seconds, people_unreached, people_within
from accessibility.place_times import PlaceTimes, place_times
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Floats
from data.places import Places
from network.departures import Departing


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


def compare(
    before: World, after: World, kind: str, mode: TravelMode, leaving: Departing | None
) -> Comparison:
    """Times of both worlds for one kind and mode; `leaving` as `place_departing` gives it for either.

    Raises
    ------
    ValueError
        When the worlds differ in streets or timetable: then they do not leave the same way.

    """
    if before.network is not after.network or before.places is not after.places:
        msg = "the two worlds do not share their network and places"
        raise ValueError(msg)
    return Comparison(
        before.places, place_times(before, kind, mode, leaving), place_times(after, kind, mode, leaving)
    )
