"""Single ways told leg by leg, for notebooks and the command."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accessibility.asked import mode_of, place_row, targets_named
from accessibility.explain import legs_in_words, typical_in_words, way_arriving, way_leaving
from accessibility.travel_network import Points
from data.clock import clock_text, parse_clock
from data.columns import Strings
from data.errors import InputError
from dorpshub.regions import Region, day_text


@dataclass(frozen=True, slots=True)
class Explained:
    """One way from door to door, in numbers and words; as text it is what `dorpshub explain` prints.

    Attributes
    ----------
    origin, target, mode
        Names.
    date
        Service day.
    departure_s, arrival_s
        Seconds after midnight of that day; None without a connection.
    legs
        A line for each leg.
    note
        What must be said beside it.

    """

    origin: str
    target: str
    mode: str
    date: dt.date
    departure_s: int | None
    arrival_s: int | None
    legs: Strings
    note: str

    def __str__(self) -> str:
        if self.departure_s is None or self.arrival_s is None:
            return self.note
        minutes = round((self.arrival_s - self.departure_s) / 60)
        head = (
            f"{self.origin} to {self.target}, {self.mode}, {day_text(self.date)}: {minutes} min, "
            f"{clock_text(self.departure_s)} to {clock_text(self.arrival_s)}"
        )
        return "\n".join([head, *(f"  {leg}" for leg in self.legs), *([self.note] if self.note else [])])


def explain(
    region: Region,
    origin: str,
    target: str,
    mode: str = "transit",
    *,
    at: str | None = None,
    arrive_by: str | None = None,
) -> Explained:
    """Tell the legs of one way: walks, waits, rides and changes.

    Parameters
    ----------
    region
        Where.
    origin
        Id or name of a place.
    target
        Id or name of a place, or a kind of facility: the nearest in time.
    mode
        How one travels.
    at, arrive_by
        One of them, HH:MM: when one leaves, or must be there, leaving as late as possible.

    Raises
    ------
    InputError
        When a name or time cannot be used, or the mode's ride is on demand.

    Examples
    --------
    >>> from dorpshub import explain, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> way = explain(region, region.places["place_id"][0], "gp", "bike", at="09:00")
    >>> way.departure_s
    32400

    """
    if (at is None) == (arrive_by is None):
        raise InputError("Say either when to leave (at) or when to be there (arrive_by), as HH:MM.")
    world, by = region.world, mode_of(region.world, mode)
    row = place_row(world, origin)
    start = Points(world.places.x_m[[row]], world.places.y_m[[row]])
    names, targets = targets_named(world, target)
    home, date = world.places.name[row], world.region.service_date
    find, clock = (way_leaving, at) if at is not None else (way_arriving, arrive_by)
    seconds = parse_clock(clock or "")
    way = find(world.network, by, start, targets, seconds)
    if way is None:
        hours = world.network.assumptions.travel_max_s / 3600
        when = f"{'leaving at' if at is not None else 'to be there by'} {clock_text(seconds)}"
        note = f"There is no connection from {home} within {hours:g} hours on {day_text(date)}, {when}."
        return Explained(home, target, by.name, date, None, None, (), note)
    there = names[way.target]
    legs = legs_in_words(way, world.network.service.timetable.stops.name, there)
    return Explained(home, there, by.name, date, way.departure, way.arrival, legs, typical_in_words(way))
