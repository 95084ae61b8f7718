"""There and back: how long people are away from home for a visit, for every departure of the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from accessibility.nearest_times import of_kind
from accessibility.travel_network import (
    Points,
    Service,
    TravelNetwork,
    no_service,
    street_matrix,
    street_within,
)
from accessibility.travel_times import TravelMode
from data.columns import Floats, Int32s, freeze
from data.errors import InputError
from data.opening_hours.holidays import Holidays
from data.opening_hours.hours import hours_on, opening_s, readable
from data.parameters.visits import Visit
from data.places import Facilities
from network.hierarchy.within import Within
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit.departures import Access, Window, access
from network.transit.event_sweep import plain
from network.transit.round_trips import Destinations, Limits, TourStarts, appointments, tour_times

WHOLE_DAY = Window(7 * 3600, 60, 15 * 60)
"""A departure each minute from 7:00 to 22:00."""


SHARE = 19
"""Of several samples of the times each is asked for one in so many departures: a day of all would be a table of millions.
A prime, so that the departures of one sample fall on different minutes of every usual headway."""


class Visited(NamedTuple):
    """F places to visit.

    Attributes
    ----------
    row
        (F,) int32, rows of the table they come from.
    points
        Where they are.
    hours
        (F,) for each the spans in which it is open, as `data.opening_hours.opening_s` gives them.
    stay_s
        Seconds that a visit takes.

    """

    row: Int32s
    points: Points
    hours: tuple[tuple[tuple[int, int], ...], ...]
    stay_s: int


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrips:
    """Times away from home, one row per origin and one column per departure.

    Where the timetable has several samples, the departures of the window are shared out among them, see `shared_out`.

    Attributes
    ----------
    mode, window, stay_s
        How people travel, when they leave, and the seconds of the visit.
    departure
        (D,) int32, clock time of each column.
    tour_s
        (O, D) float64, from leaving home until being back; inf where it cannot be done: closed, or no way back.
    visited
        (O, D) int32, row of what is visited, the same both ways; -1 where it cannot be done.

    """

    mode: TravelMode
    window: Window
    stay_s: int
    departure: Int32s
    tour_s: Floats
    visited: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.tour_s), "window", "departure")

    def percentile_s(self, percent: float) -> Floats:
        """(O,) float64 seconds, over the departures that can be done, a time that occurs; inf where there is none.

        0 is the trip planned best, 50 an ordinary one, and 100 the worst.
        """
        ordered = np.sort(self.tour_s, axis=1)
        n_done = np.isfinite(self.tour_s).sum(axis=1)
        place = np.ceil(np.maximum(n_done - 1, 0) * percent / 100).astype(np.int64)
        found: Floats = ordered[np.arange(len(ordered)), place]
        return found

    def share_above(self, limit_s: float) -> Floats:
        """(O,) float64, share of all departures that can be done but take longer than `limit_s`, 0 to 1."""
        share: Floats = (np.isfinite(self.tour_s) & (self.tour_s > limit_s)).mean(axis=1)
        return share

    @property
    def undone_share(self) -> Floats:
        """(O,) float64, share of all departures that cannot be done, 0 to 1."""
        share: Floats = np.isinf(self.tour_s).mean(axis=1)
        return share


@dataclass(frozen=True, slots=True, eq=False)
class AppointmentTrips:
    """The way to an appointment and back, one row per origin.

    Attributes
    ----------
    departure, home
        (O,) float64 clock times of leaving as late as possible and of being back; inf where it cannot be done.
    visited
        (O,) int32, row of what is visited; -1 where it cannot be done.

    """

    departure: Floats
    home: Floats
    visited: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.visited))

    @property
    def tour_s(self) -> Floats:
        """(O,) float64 seconds; inf where it cannot be done."""
        done = np.isfinite(self.home)
        return np.where(done, np.where(done, self.home, 0.0) - np.where(done, self.departure, 0.0), np.inf)


@cache
def _spans(text: str, day: dt.date, holidays: Holidays) -> tuple[tuple[int, int], ...]:
    return opening_s(text, day, holidays)


def facilities_visited(
    facilities: Facilities, kind: str, visit: Visit, day: dt.date, holidays: Holidays
) -> Visited:
    """All facilities of a kind, open at their own hours on `day`, or at those of `visit` where theirs cannot be read."""
    rows = of_kind(facilities, kind)
    texts = [facilities.opening[row] for row in rows]
    hours = tuple(_spans(text if readable(text) else visit.opening_hours, day, holidays) for text in texts)
    return Visited(rows, Points(facilities.x_m[rows], facilities.y_m[rows]), hours, visit.stay_s)


def told_hours(
    facilities: Facilities, kind: str, visit: Visit, day: dt.date, holidays: Holidays
) -> tuple[str, ...]:
    """Sentences about the hours of a kind that were not simply there to be read, each with the name of the facility."""
    told = []
    for row in of_kind(facilities, kind):
        name, text = facilities.name[row] or facilities.id[row], facilities.opening[row]
        if readable(text):
            told += [f"{name}: {note}." for note in hours_on(text, day, holidays).notes]
        elif text:
            told.append(f"{name}: '{text}' cannot be read; usual hours count, {visit.opening_hours}.")
    return tuple(told)


def round_trips(
    network: TravelNetwork, mode: TravelMode, origins: Points, visited: Visited, window: Window
) -> RoundTrips:
    """Leave home at each departure of `window`, visit the place that brings one back first, and come home.

    The way out and the way back may each take the longest travel time. Those who go by bicycle to a stop come back to
    that stop for it; those who walk may take any.
    """
    to_row = np.zeros(len(visited.row), np.int32)
    return _round_trips(network, mode, origins, visited, window, to_row)


def round_trips_to_each(
    network: TravelNetwork, mode: TravelMode, origin: Points, visited: Visited, window: Window
) -> RoundTrips:
    """From one origin to each of F places and back, one row per place: the round of a carer who starts from a base."""
    if len(origin.x_m) != 1:
        msg = f"rounds start from one base, not from {len(origin.x_m)}"
        raise ValueError(msg)
    to_row = np.arange(len(visited.row), dtype=np.int32)
    return _round_trips(network, mode, origin, visited, window, to_row)


def _round_trips(
    network: TravelNetwork,
    mode: TravelMode,
    origins: Points,
    visited: Visited,
    window: Window,
    to_row: Int32s,
) -> RoundTrips:
    of = tour_inputs(network, mode, origins, visited, to_row)
    graphs = of.service.graphs(with_bikes=mode.takes_bike)
    windows = shared_out(window, len(graphs))
    samples = [
        tour_times(graph, of.starts, of.there, of_sample, visited.stay_s, of.limits)
        for graph, of_sample in zip(graphs, windows, strict=True)
    ]
    seconds, destination = (
        np.concatenate([getattr(sample, column) for sample in samples], axis=1)
        for column in ("seconds", "destination")
    )
    departure = np.concatenate([of_sample.clocks for of_sample in windows])
    return RoundTrips(
        mode,
        window,
        visited.stay_s,
        departure,
        as_seconds(seconds),
        _visited_rows(visited, destination),
    )


def shared_out(window: Window, n_samples: int) -> list[Window]:
    """Departures of the window that each sample is asked for: all of them where there is one sample, else in turn."""
    n_turns = min(SHARE if n_samples > 1 else 1, n_samples, window.n)
    turns = [
        Window(window.first + window.step_s * turn, window.step_s * n_turns, -(-(window.n - turn) // n_turns))
        for turn in range(n_turns)
    ]
    return [turns[sample % n_turns] for sample in range(n_samples)]


def appointment_trips(
    network: TravelNetwork, mode: TravelMode, origins: Points, visited: Visited, start: int
) -> AppointmentTrips:
    """Be there at clock time `start`, as late as possible from home, and go home when the visit is over.

    What is not open during the whole visit is left out; of the others counts the one with the least time away.
    """
    of = tour_inputs(network, mode, origins, visited, np.zeros(len(visited.row), np.int32))
    graphs = of.service.graphs(with_bikes=mode.takes_bike)
    if len(graphs) > 1:
        msg = (
            "An appointment needs a timetable with times, and some lines here publish only a headway. "
            "Ask for the trips of a whole day instead."
        )
        raise InputError(msg)
    found = appointments(graphs[0], of.starts, of.there, (start, start + visited.stay_s), of.limits)
    return AppointmentTrips(
        as_seconds(found.departure), as_seconds(found.home), _visited_rows(visited, found.destination)
    )


def _visited_rows(visited: Visited, found: Int32s) -> Int32s:
    return np.append(visited.row, np.int32(-1))[found].astype(np.int32)


class TourInputs(NamedTuple):
    """What tours are searched with: both ends, and the service that runs between them: an empty one for a mode that does not ride."""

    service: Service
    starts: TourStarts
    there: Destinations
    limits: Limits


def tour_inputs(
    network: TravelNetwork, mode: TravelMode, origins: Points, visited: Visited, to_row: Int32s
) -> TourInputs:
    """Ways from O origins to F places and to the stops of both, all by street; `to_row` as in `Destinations`."""
    if mode.on_demand:
        msg = f"Trips there and back are not worked out for {mode.name}: choose a mode that is not on demand."
        raise InputError(msg)
    assumed, service = network.assumptions, network.service if mode.rides else no_service()
    limit_s = assumed.travel_max_s
    outbound_direct_s = plain(street_matrix(network, mode.street, origins, visited.points, limit_s))
    inbound_direct_s = plain(street_matrix(network, mode.street, visited.points, origins, limit_s).T)
    out = street_within(network, mode.street, origins, service.stops, mode.access_max_s)
    back = street_within(network, mode.street, service.stops, origins, mode.access_max_s)
    egress_s = street_matrix(network, mode.egress, service.stops, visited.points, mode.egress_max_s)
    to_stops = street_within(network, mode.egress, visited.points, service.stops, mode.egress_max_s)
    slack_s, row = assumed.first_boarding_slack_s, np.arange(len(origins.x_m), dtype=np.int32)
    starts = TourStarts(
        row,
        access(out, slack_s),
        access(back.turned(len(row))),
        row,
        np.zeros_like(row),
        outbound_direct_s,
        inbound_direct_s,
    )
    if mode.rides and mode.street != mode.egress:
        starts = _parking(starts, back)
    n_spans = [len(spans) for spans in visited.hours]
    spans = np.array([span for spans in visited.hours for span in spans], np.int32).reshape(-1, 2)
    there = Destinations(
        row=to_row,
        egress_s=plain(egress_s),
        access=access(to_stops, slack_s),
        open_offset=np.cumsum([0, *n_spans]),
        opens=spans[:, 0].copy(),
        closes=spans[:, 1].copy(),
    )
    return TourInputs(service, starts, there, Limits(limit_s, assumed.max_rides))


def _parking(homes: TourStarts, back: Within) -> TourStarts:
    """Tour starts of those who leave a vehicle at a stop and must come back to it: one without a stop, then one for each such stop.

    `back` is from the stops to the homes. The search for the way back ends at the stop, so that all homes that park there
    share it.
    """
    out_s = Within(*homes.outbound).between(back.target.astype(np.int64), back.origin)
    both = np.isfinite(out_s)
    origin, stop, back_s = back.target[both], back.origin[both], back.seconds[both]
    n_homes, n_parked = len(homes.row), len(origin)
    parked_at, end = np.unique(stop, return_inverse=True)
    none = np.full((n_parked, homes.outbound_direct_s.shape[1]), UNREACHED_INT32, np.int32)
    return TourStarts(
        row=np.concatenate([homes.row, homes.row[origin]]),
        outbound=Access(
            np.maximum(np.arange(n_homes + n_parked + 1) - n_homes, 0),
            stop.astype(np.int32),
            out_s[both].astype(np.int32),
        ),
        inbound=Access(
            np.maximum(np.arange(len(parked_at) + 2) - 1, 0),
            parked_at.astype(np.int32),
            np.zeros(len(parked_at), np.int32),
        ),
        inbound_end=np.concatenate([np.zeros(n_homes, np.int32), (end + 1).astype(np.int32)]),
        inbound_last_s=np.concatenate([np.zeros(n_homes, np.int32), back_s]),
        outbound_direct_s=np.concatenate([homes.outbound_direct_s, none]),
        inbound_direct_s=np.concatenate([homes.inbound_direct_s, none]),
    )
