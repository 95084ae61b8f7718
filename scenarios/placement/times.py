"""Who would travel to a hub, and how long each of them takes to every site, from a world.

Everybody is taken to go to one hub or facility: the one with the least time by whatever of his or her modes is quickest.
With public transport the time to each is a percentile over the departures of the window, to that one; who would take
another hub at another minute of the day does a little better than that, so answers are on the safe side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.nearest_times import of_kind
from accessibility.od_matrix import od_times
from accessibility.origins import Origins
from accessibility.round_trips import Visited, facilities_visited, round_trips
from accessibility.travel_network import Points
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Floats, Int64s, freeze
from data.opening_hours.hours import opening_s
from data.packed import Packed, joined, least, packed
from data.parameters.visits import Visit
from network.transit.departures import Window
from scenarios.placement.task import Demand, Sites


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """People who travel alike.

    Attributes
    ----------
    name
        For messages, "75+ without a car" for instance.
    people
        (O,) float64, how many of them start at each origin, of any year, times what a visit of theirs counts.
    modes
        What they have the use of; each takes the quickest.

    """

    name: str
    people: Floats
    modes: tuple[TravelMode, ...]

    def __post_init__(self) -> None:
        freeze(self, len(self.people), "modes")


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Seconds of one mode from O origins.

    Attributes
    ----------
    to_sites
        (C, O) packed, see `data.packed`; inf where not reached.
    existing
        (O,) float64, to the nearest facility that is open; inf where none.

    """

    to_sites: Packed
    existing: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "to_sites", packed(self.to_sites))
        freeze(self, len(self.existing), "to_sites")


def counted(origins: Origins) -> Int64s:
    """Rows of the origins of the region where anybody lives."""
    return np.flatnonzero(origins.in_region & (origins.people > 0))


def some_origins(origins: Origins, rows: Int64s) -> Origins:
    """Some rows of the origins."""
    points = Points(origins.points.x_m[rows], origins.points.y_m[rows])
    return Origins(
        points,
        origins.place[rows],
        origins.people_by_age[rows],
        origins.in_region[rows],
        origins.cars_per_household[rows],
    )


def times(world: World, kind: str, sites: Sites, origins: Origins, mode: TravelMode, percent: float) -> Times:
    """Times to all sites, and to what there is of a kind already.

    `percent` is of the departures of the window, for a mode that rides: 50 for an ordinary one.
    """
    rows, facilities = of_kind(world.facilities, kind), world.facilities
    x_m, y_m = np.append(sites.x_m, facilities.x_m[rows]), np.append(sites.y_m, facilities.y_m[rows])
    found = od_times(world.network, mode, origins.points, Points(x_m, y_m), world.window, (percent,))
    seconds = found.seconds[:, :, 0]
    n_sites = len(sites.id)
    return Times(seconds[:, :n_sites].T, seconds[:, n_sites:].min(axis=1, initial=np.inf))


class RoundTrip(NamedTuple):
    """How a trip there and back is counted.

    Attributes
    ----------
    visit
        How long the visit takes, and when a hub is open.
    window
        When people leave home.
    percent
        Of the departures that can be done, from the trip planned best to the worst.

    """

    visit: Visit
    window: Window
    percent: float


def tour_times(
    world: World,
    kind: str,
    sites: Sites,
    origins: Origins,
    mode: TravelMode,
    trip: RoundTrip,
    progress: Callable[[str, float], None],
) -> Times:
    """Times away from home for a visit to each site, and to the best of what there is of a kind: the visit included.

    The time to a site is a percentile of the trips to that one alone, as in `times`. One search per site: for places, not
    for thousands of cells.

    Raises
    ------
    InputError
        For a mode whose ride is on demand.

    """
    network, n_sites = world.network, len(sites.id)
    day, holidays = world.region.service_date, world.region.holidays
    hours, row = (opening_s(trip.visit.opening_hours, day, holidays),), np.zeros(1, np.int32)
    to_sites = np.empty((n_sites, len(origins.place)))
    for site in range(n_sites):
        progress("trips there and back", site / n_sites)
        at = Points(sites.x_m[[site]], sites.y_m[[site]])
        there = Visited(row, at, hours, trip.visit.stay_s)
        found = round_trips(network, mode, origins.points, there, trip.window)
        to_sites[site] = found.percentile_s(trip.percent)
    existing = np.full(len(origins.place), np.inf)
    if len((there := facilities_visited(world.facilities, kind, trip.visit, day, holidays)).row):
        found = round_trips(network, mode, origins.points, there, trip.window)
        existing = found.percentile_s(trip.percent)
    progress("trips there and back", 1.0)
    return Times(to_sites, existing)


def demand(names: Sequence[str], groups: Sequence[Group], by_mode: dict[str, Times]) -> Demand:
    """Demand of all groups, a block of O rows for each.

    `names` are of the O origins; `by_mode` holds times by name of the mode, ready matrices of round trips or of an on-demand
    service included.
    """
    to_sites, existing, labels = [], [], []
    for group in groups:
        of = [by_mode[mode.name] for mode in group.modes]
        to_sites.append(least([found.to_sites for found in of]))
        existing.append(np.minimum.reduce([found.existing for found in of]))
        labels += [f"{name} ({group.name})" if len(groups) > 1 else name for name in names]
    return Demand(
        name=tuple(labels),
        people=np.concatenate([group.people for group in groups]),
        existing_s=np.concatenate(existing),
        to_sites=to_sites[0] if len(groups) == 1 else joined(to_sites, axis=1),
    )


def origin_names(world: World, origins: Origins) -> list[str]:
    """Names of the places that origins belong to."""
    names = [*world.places.name, "no place"]
    return [names[row] for row in origins.place]
