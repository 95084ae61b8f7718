"""What is searched for the measures of one world, and the yardsticks it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.catchments import Catchments, catchments, k_nearest
from accessibility.nearest_times import NearestTimes, OriginAccess, nearest_times
from accessibility.opportunities import cumulative, demand_by_age, floating_catchment, gravity
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Floats
from data.parameters.behaviour import Behaviour
from data.parameters.norms import NO_NORM, Group, Norms

MINUTE_S = 60
N_CHOICES = 2
"""The nearest, and the one to choose instead."""


class Limit(NamedTuple):
    """One limit of time or of metres, the other one infinite."""

    limit_s: float
    limit_m: float
    people: Group
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What times are held against.

    Attributes
    ----------
    norms, behaviour
        As the region has them.
    limits_s
        Limits to look at besides the norms.
    language
        Of the text of a norm, "nl" or "en".
    odds
        Ends of the range of the odds of being without a car, as shares of those that are used.

    """

    norms: Norms
    behaviour: Behaviour
    limits_s: tuple[float, ...]
    language: str
    odds: tuple[float, float] = (1.0, 1.0)

    def limits_of(self, kind: str, mode: TravelMode) -> tuple[Limit, ...]:
        """Limits of the norms, then the others."""
        norms = [
            Limit(
                norm.limit_s or np.inf,
                norm.limit_m or np.inf,
                norm.people,
                norm.source,
                norm.text(self.language),
            )
            for norm in self.norms.of(kind, mode.name)
            # Public transport has no metres.
            if norm.limit_s or not mode.rides
        ]
        laid_down = {limit.limit_s for limit in norms}
        others = [limit_s for limit_s in self.limits_s if limit_s not in laid_down]
        return (*norms, *(Limit(limit_s, np.inf, "all", NO_NORM, "") for limit_s in others))


class Found(NamedTuple):
    """What was searched for one kind and mode, for the residents of a world."""

    times: NearestTimes
    second_s: Floats
    """(O,) seconds to the second nearest."""
    opportunities: dict[str, tuple[Floats, str]]
    """Facilities within reach and places per person by name of the measure: (O,) each, and its source."""


def find(world: World, access: OriginAccess, kind: str, mode: TravelMode, yardsticks: Yardsticks) -> Found:
    """Search everything for one kind and mode; `access` is of the residents."""
    network, facilities = world.network, world.facilities
    times = nearest_times(network, access, facilities, kind, mode)
    several = k_nearest(network, access, facilities, kind, mode, N_CHOICES)
    behaviour = yardsticks.behaviour
    limits_s = [limit.limit_s for limit in yardsticks.limits_of(kind, mode) if np.isfinite(limit.limit_s)]
    far_s = behaviour.catchment.gravity_minutes * MINUTE_S
    reach = catchments(network, access, facilities, kind, mode, max([far_s, *limits_s]))
    opportunities = _opportunities(world, reach, sorted(set(limits_s)), behaviour)
    return Found(times, several.seconds[:, 1], opportunities | _floating(world, reach, kind, behaviour))


def _opportunities(
    world: World, reach: Catchments, limits_s: list[float], behaviour: Behaviour
) -> dict[str, tuple[Floats, str]]:
    """Facilities within each limit, and units weighed by each decay."""
    units = world.facilities.units[reach.facility]
    one_each = np.ones(len(units))
    near = reach.within(behaviour.catchment.gravity_minutes * MINUTE_S)
    return {
        f"facilities_within_{limit_s / MINUTE_S:g}_min": (cumulative(reach, one_each, limit_s), "")
        for limit_s in limits_s
    } | {
        f"gravity_{decay.name}": (gravity(near, units, decay), decay.source)
        for decay in behaviour.decays
        if decay.form != "steps"
    }


def _floating(
    world: World, reach: Catchments, kind: str, behaviour: Behaviour
) -> dict[str, tuple[Floats, str]]:
    """Places per person where capacity and contacts by age are known of the kind."""
    capacity, contacts = behaviour.capacity_of(kind), behaviour.contacts_with(kind)
    if capacity is None or contacts is None:
        return {}
    near = reach.within(behaviour.catchment.minutes * MINUTE_S)
    demand = demand_by_age(world.residents.people_by_age, np.array(contacts.per_year), contacts.average)
    places = world.facilities.units[reach.facility] * capacity.people_per_unit
    return {
        name: (floating_catchment(near, places, demand, decay).per_person, capacity.source)
        for name, decay in (
            ("places_per_person_2sfca", None),
            ("places_per_person_e2sfca", behaviour.decay("e2sfca")),
        )
    }
