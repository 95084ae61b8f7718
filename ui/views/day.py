"""One trip to a service and back as plain values: the day line of "My village"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from accessibility.day_line import DayLine, Way, day_line
from accessibility.round_trips import WHOLE_DAY, facilities_visited, round_trips
from accessibility.travel_network import Points
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Floats, Int32s
from data.opening_hours.hours import readable
from data.parameters.visits import load_visits
from network.transit.departures import Window
from ui.views.design import departures_of, minutes
from ui.words.words import TIMETABLE_MODES

StepKind: TypeAlias = Literal["street", "wait", "ride", "open", "visit"]
LONG_S = 3 * 3600.0
ORDINARY = 50.0


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the trip, between clock times.

    Attributes
    ----------
    what
        On the street, waiting for a bus, riding, waiting for the doors to open, or the visit.
    start, end
        Seconds after midnight.
    line, name
        Line that is ridden; the stop or service to which the step leads.

    """

    what: StepKind
    start: int
    end: int
    line: str
    name: str


@dataclass(frozen=True, slots=True)
class DayView:
    """An ordinary trip there and back, and how it is over the whole day; None where it cannot be done at all.

    Attributes
    ----------
    kind, mode
        What is visited, and how.
    steps
        Of one trip that takes as long as the ordinary one, the first such in the chosen hours; none where there is none.
    best_min, ordinary_min, worst_min
        Minutes away from home.
    undone_share, long_share
        Of the departures of the day: without a way to do it, and longer than three hours.
    first, last
        Clock times of the departures of the day that are counted, and of the last one with which it can be done.

    """

    kind: str
    mode: str
    steps: tuple[Step, ...]
    visited: str
    stay_min: int
    assumed_hours: bool
    best_min: float | None
    ordinary_min: float | None
    worst_min: float | None
    undone_share: float
    long_share: float
    first: int
    last: int
    last_done: int | None

    @property
    def away_min(self) -> float | None:
        """Minutes of the trip that is told."""
        return float(clock_minutes(self.steps[0].start, self.steps[-1].end)) if self.steps else None

    @property
    def is_on_foot(self) -> bool:
        """Whether the trip that is told takes no bus, though one might be taken."""
        return (
            bool(self.steps)
            and self.mode in TIMETABLE_MODES
            and not any(step.what == "ride" for step in self.steps)
        )


def clock_minutes(start: int, end: int) -> int:
    """Minutes between two times as a clock without seconds shows them, so that what is told adds up."""
    return end // 60 - start // 60


def day_view(world: World, row: int, kind: str, mode: TravelMode) -> DayView:
    """Work out the round trips from the place in `row` to a service of `kind`, and tell an ordinary one of the hours."""
    visit = load_visits().of_kind(kind)
    visited = facilities_visited(
        world.facilities, kind, visit, world.region.service_date, world.region.holidays
    )
    home = Points(world.places.x_m[[row]], world.places.y_m[[row]])
    day = round_trips(world.network, mode, home, visited, WHOLE_DAY)
    done = np.flatnonzero(np.isfinite(day.tour_s[0]))
    departure = _ordinary_departure(departures_of(world.window), day.departure, day.tour_s[0])
    told = None if departure is None else day_line(world.network, mode, home, visited, departure)
    steps = () if told is None else _steps(world, told)
    best, ordinary, worst = (float(day.percentile_s(percent)[0]) for percent in (0.0, ORDINARY, 100.0))
    return DayView(
        kind=kind,
        mode=mode.name,
        steps=steps,
        visited="" if told is None else world.facilities.name[told.visited],
        stay_min=visit.stay_min,
        assumed_hours=told is not None and not readable(world.facilities.opening[told.visited]),
        best_min=minutes(best),
        ordinary_min=minutes(ordinary),
        worst_min=minutes(worst),
        undone_share=float(day.undone_share[0]),
        long_share=float(day.share_above(LONG_S)[0]),
        first=WHOLE_DAY.first,
        last=WHOLE_DAY.first + WHOLE_DAY.n * WHOLE_DAY.step_s,
        last_done=int(day.departure[done].max()) if len(done) else None,
    )


def _ordinary_departure(window: Window, departures: Int32s, tour_s: Floats) -> int | None:
    """First departure within the hours that takes as long as the median of those hours; None where none can be done."""
    end = window.first + window.n * window.step_s
    inside = (departures >= window.first) & (departures < end) & np.isfinite(tour_s)
    if not inside.any():
        return None
    ordered = np.sort(tour_s[inside])
    median_s = ordered[(len(ordered) - 1) // 2]
    return int(departures[inside & (tour_s == median_s)].min())


def _steps(world: World, told: DayLine) -> tuple[Step, ...]:
    shop = world.facilities.name[told.visited]
    steps = _way_steps(world, told.out, shop)
    if told.visit_start > told.out.arrival:
        steps.append(Step("open", told.out.arrival, told.visit_start, "", shop))
    steps.append(Step("visit", told.visit_start, told.visit_end, "", shop))
    return tuple(steps + _way_steps(world, told.back, ""))


def _way_steps(world: World, way: Way, to: str) -> list[Step]:
    """Steps of one way; `to` is the service, "" for home."""
    if way.journey is None:
        return [Step("street", way.departure, way.arrival, "", to)]
    timetable = world.network.service.timetable
    trips, stop_name = timetable.trips, timetable.stops.name
    steps, at = [], way.departure
    for leg in way.journey.legs:
        boarding, alighting = (stop_name[trips.call_stop[call]] for call in (leg.from_call, leg.to_call))
        there = at + leg.walk_s
        steps += [
            Step("street", at, there, "", boarding),
            Step("wait", there, leg.departure, "", boarding),
            Step("ride", leg.departure, leg.arrival, trips.route[leg.trip], alighting),
        ]
        at = leg.arrival
    steps.append(Step("street", at, way.arrival, "", to))
    return [step for step in steps if step.end > step.start]
