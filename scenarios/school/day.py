"""How pupils come to the nearest school before its bell, by each of their ways, and whether a bus is there in time.

Pupils are the people of 0 to 19, spread evenly over those twenty years of age. Everybody goes to the nearest school of the
kind. Each school may ring at its own time, so with public transport the best of the nearest schools of each bell counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility.asked import modes_in, traveller_named
from accessibility.nearest_times import nearest_times, of_kind, origin_access
from accessibility.travel_network import Points, street_matrix
from accessibility.travel_times import TravelMode
from accessibility.world import World, for_traveller
from data.columns import Bools, Floats, Int32s, freeze, take
from data.parameters.school_days import bell_of
from network.transit.departures import Window
from scenarios.school.question import SchoolQuestion

PUPIL = "pupil"
"""Whose pace, modes and limits count, whoever the traveller of the world is."""
WALK, BIKE, BUS = "walk", "bike", "transit"
WAYS = (WALK, BIKE, BUS, "bike_transit")
YOUNGEST = 0
"""Column of `data.places.AGE_BANDS` that pupils are of."""


class Way(NamedTuple):
    """By one mode: (O,) float64 seconds, inf where not reached, and (O,) int32 rows of Facilities, -1 likewise.

    With public transport the seconds are from leaving home, as late as one can, until the school must be reached.
    """

    seconds: Floats
    school: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class SchoolDay:
    """A school day of O origins, those of `world.residents`, and T schools.

    Attributes
    ----------
    world
        As pupils find it; its window is the time by which they must be there, where the school has no bell of its own.
    question
        What was asked.
    young, alone
        (O,) float64, pupils who are too young to cycle alone, and the others.
    ways
        By name of the mode, of those that pupils have.
    school
        (T,) int32, rows of Facilities.
    bell, arrive_by
        (T,) int32, clock times.
    first_ride
        (T,) float64, clock time at which the first bus or train brings one to the door, on foot from the stop; inf where
        none does. Earlier ones than the longest trip before the time of arrival are of the night before.

    """

    world: World
    question: SchoolQuestion
    young: Floats
    alone: Floats
    ways: dict[str, Way]
    school: Int32s
    bell: Int32s
    arrive_by: Int32s
    first_ride: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.school), "young", "alone")

    @property
    def pupils(self) -> Floats:
        """(O,) float64, all pupils."""
        total: Floats = self.young + self.alone
        return total

    @property
    def is_far(self) -> Bools:
        """(O,) bool, whether the nearest school is beyond the limit by bike, those who reach none among them."""
        far: Bools = self.ways[BIKE].seconds > self.question.limit_s
        return far

    @property
    def walks(self) -> Bools:
        """(O,) bool, whether the nearest school is within the limit on foot."""
        near: Bools = self.ways[WALK].seconds <= self.question.limit_s
        return near

    @property
    def has_bus(self) -> Bools:
        """(O,) bool, whether a bus or train brings pupils to school in time, quicker than walking all the way."""
        if BUS not in self.ways:
            return np.zeros(len(self.young), np.bool_)
        rides: Bools = self.ways[BUS].seconds < self.ways[WALK].seconds
        return rides

    @property
    def has_stop(self) -> Bools:
        """(T,) bool, whether any bus or train stops within a walk of the school."""
        return np.isfinite(self.first_ride)

    @property
    def is_before_bus(self) -> Bools:
        """(T,) bool, whether the bell rings before the first bus of the day can bring anybody."""
        return self.has_stop & (self.first_ride > self.bell)


def school_day(world: World, question: SchoolQuestion) -> SchoolDay:
    """Work out the school day of a world, with or without a scenario."""
    pupil = for_traveller(world, traveller_named(PUPIL))
    usual = question.days.arrive_by(question.kind)
    pupil = replace(pupil, window=Window(usual, 60, 1, arrives=True))
    rows = of_kind(world.facilities, question.kind)
    bell, arrive_by = _bells(pupil, question, rows)
    young, alone = question.of.shares(question.days.cycling.alone_from_age)
    people = pupil.residents.people_by_age[:, YOUNGEST].astype(np.float64)
    modes = {mode.name: mode for mode in pupil.modes if mode.name in modes_in(pupil)}
    return SchoolDay(
        pupil,
        question,
        people * young,
        people * alone,
        {name: _way(pupil, question.kind, modes[name], rows, arrive_by) for name in WAYS if name in modes},
        rows,
        bell,
        arrive_by,
        _first_rides(pupil, modes[BUS], rows, arrive_by) if BUS in modes else np.full(len(rows), np.inf),
    )


def _bells(world: World, question: SchoolQuestion, rows: Int32s) -> tuple[Int32s, Int32s]:
    """(T,) bells of the schools, and when pupils must be there; schools of a scenario ring as their kind does."""
    own = {school.id: school.bell for school in question.days.schools if school.bell is not None}
    bells = np.array([bell_of(own.get(world.facilities.id[row], question.of.bell)) for row in rows], np.int32)
    margin_s = round(60 * question.of.margin_min)
    return bells, np.maximum(bells - margin_s, 0).astype(np.int32)


def _way(world: World, kind: str, mode: TravelMode, rows: Int32s, arrive_by: Int32s) -> Way:
    """By one mode to the nearest school; where the timetable counts, to the nearest of each bell, and the best of these."""
    n_origins = len(world.residents.place)
    best = Way(np.full(n_origins, np.inf), np.full(n_origins, -1, np.int32))
    # On the street no clock counts: all schools are one group then.
    group = arrive_by if mode.is_timed else np.full(len(rows), world.window.first, np.int32)
    for clock in np.unique(group).tolist():
        schools = rows[group == clock]
        access = origin_access(world.network, world.residents, mode, Window(clock, 60, 1, arrives=True))
        found = nearest_times(world.network, access, take(world.facilities, schools), kind, mode)
        row = np.append(schools, np.int32(-1))[found.facility]
        # Of schools that are as near the first, whichever bell it has.
        as_near = np.isfinite(found.seconds) & (found.seconds == best.seconds) & (row < best.school)
        sooner = (found.seconds < best.seconds) | as_near
        best = Way(
            np.where(sooner, found.seconds, best.seconds),
            np.where(sooner, row, best.school).astype(np.int32),
        )
    return best


def _first_rides(world: World, mode: TravelMode, rows: Int32s, arrive_by: Int32s) -> Floats:
    """(T,) when the first bus or train that may still be meant for this day brings one to each school.

    Of lines that publish a headway only, the earliest time at which one may come counts.
    """
    network, of = world.network, world.facilities
    trips, stops = network.service.timetable.trips, network.service.stops
    if not len(stops.x_m) or not len(rows):
        return np.full(len(rows), np.inf)
    walk_s = street_matrix(network, mode.egress, stops, Points(of.x_m[rows], of.y_m[rows]), mode.egress_max_s)
    alights = trips.call_dropoff.copy()
    alights[trips.call_offset[:-1]] = False
    call = np.flatnonzero(alights)
    call = call[np.argsort(trips.call_arrival[call], kind="stable")]
    stop, arrival = trips.call_stop[call], trips.call_arrival[call]
    first = np.full(len(rows), np.inf)
    for number in range(len(rows)):
        there = arrival + walk_s[stop, number]
        meant = there[there >= arrive_by[number] - network.assumptions.travel_max_s]
        first[number] = meant.min(initial=np.inf)
    return first
