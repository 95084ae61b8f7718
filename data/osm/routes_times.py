"""When the vehicles of a mapped route run: hours, headways and running times, from tags or by assumption."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.clock import span_s
from data.columns import Floats, Int64s
from data.on_demand.periods import Periods, service_periods
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.opening_hours.hours import read_hours
from data.projection import geod
from data.units import MPS_PER_KMH

_CONDITION = re.compile(r"([^@;()]+)@\s*(?:\(([^()]*)\)|([^@;()]+))\s*(?:;|$)")
_NO_SERVICE = frozenset({"no", "none", "no service", "no_service"})


class Vehicle(NamedTuple):
    """How a kind of route runs: its GTFS route type, the speed over the straight line between stops, and what a stop costs."""

    route: str
    route_type: int
    straight_kmh: float
    stop_s: float


@dataclass(frozen=True, slots=True)
class RouteAssumptions:
    """What is taken for granted about a route whose tags do not say it.

    Attributes
    ----------
    headway_s
        Between departures of a line in each direction: hourly, as rural lines run in the daytime (assumed).
    hours
        First and last departures, as opening_hours: a working day from 7 to 19 (assumed).
    peak_hours
        The same for routes of service=peak (assumed).
    night_hours
        The same for routes of by_night=only or service=night (assumed).
    seasons
        What the words of `seasonal` mean, as dates of opening_hours: the seasons of meteorology (assumed).
    holidays
        What opening_hours mean by public and school holidays.
    vehicles
        Bus: fitted to the hops in the timetables of Newport (Wales, 2023) and Heidelberg (2022), see decision 8, which
        also says how a tram there compares. The other kinds are assumed.

    """

    headway_s: int = 3600
    hours: str = "Mo-Fr 07:00-19:00"
    peak_hours: str = "Mo-Fr 06:30-08:30,15:30-18:00"
    night_hours: str = "Mo-Su 23:00-05:00"
    seasons: tuple[tuple[str, str], ...] = (
        ("spring", "Mar-May"),
        ("summer", "Jun-Aug"),
        ("autumn", "Sep-Nov"),
        ("winter", "Dec-Feb"),
    )
    holidays: Holidays = DUTCH_NORTH
    vehicles: tuple[Vehicle, ...] = (
        Vehicle("bus", 3, 37.0, 35.0),
        Vehicle("minibus", 3, 37.0, 35.0),
        Vehicle("trolleybus", 11, 37.0, 35.0),
        Vehicle("coach", 200, 67.0, 60.0),
        Vehicle("tram", 0, 37.0, 35.0),
        Vehicle("light_rail", 0, 42.0, 35.0),
        Vehicle("subway", 1, 42.0, 35.0),
        Vehicle("train", 2, 75.0, 60.0),
        Vehicle("monorail", 12, 42.0, 35.0),
        Vehicle("funicular", 7, 15.0, 35.0),
        Vehicle("ferry", 4, 17.0, 60.0),
    )


def conditional_headways(
    text: str, service_date: dt.date, holidays: Holidays
) -> tuple[tuple[int, Periods], ...] | None:
    """Headway and periods of each part of an interval:conditional such as "00:20 @ (Mo-Fr 10:00-16:00)".

    A headway of 0 stands for no service ("no @ (SH)"). None if a part cannot be read, or its hours are unknown.
    Source: OSM wiki, Conditional restrictions.
    """
    found = []
    for value, *conditions in _CONDITION.findall(text):
        headway_s = 0 if value.strip().lower() in _NO_SERVICE else span_s(value)
        hours = "".join(conditions).strip()
        periods = service_periods(hours, service_date, holidays)
        if headway_s is None or periods is None or read_hours(hours).in_doubt:
            return None
        found.append((headway_s, periods))
    return tuple(found) if found and not _CONDITION.sub("", text).strip() else None


def in_season(text: str, service_date: dt.date, assumptions: RouteAssumptions) -> bool | None:
    """Whether a route of `seasonal=text` runs on a day: "no", seasons or dates ("Apr-Oct"); None where it does not say."""
    if text.strip().lower() in ("", "no"):
        return True
    seasons = dict(assumptions.seasons)
    parts = [part.strip() for part in re.split("[;,]", text)]
    dates = "; ".join(seasons.get(part.lower(), part) for part in parts)
    periods = service_periods(dates, service_date, assumptions.holidays)
    return None if periods is None else bool(periods)


class Stretch(NamedTuple):
    """Hours with one headway: the first vehicle leaves some time in the first headway, the last before the end."""

    start: int
    end: int
    headway_s: int

    @property
    def starts(self) -> range:
        """Departures if the first leaves at the very start."""
        return range(self.start, self.end, self.headway_s)


def stretches(
    periods: Periods, headway_s: int, conditional: tuple[tuple[int, Periods], ...]
) -> list[Stretch]:
    """Cut the periods of a line where its headway changes; of conditions that overlap the last one holds.

    Where the headway is 0 no vehicle runs; one longer than its stretch becomes as long as that: a line runs at least
    once in its hours.
    """
    edges = {edge for _, hours in conditional for period in hours for edge in period}
    found: list[Stretch] = []
    for start, end in periods:
        cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
        pieces: list[Stretch] = []
        for begin, until in itertools.pairwise(cuts):
            headway = headway_s
            for value, hours in conditional:
                if any(opens <= begin < closes for opens, closes in hours):
                    headway = value
            if pieces and pieces[-1].headway_s == headway:
                begin = pieces.pop().start  # noqa: PLW2901 -- the cut was none for this line
            pieces.append(Stretch(begin, until, headway))
        found += [
            piece._replace(headway_s=min(piece.headway_s, piece.end - piece.start))
            for piece in pieces
            if piece.headway_s
        ]
    return found


def running_times(
    lon_deg: Floats, lat_deg: Floats, vehicle: Vehicle, duration_s: int | None
) -> tuple[Int64s, Int64s]:
    """Seconds from the first departure to each arrival and departure of a run along (N,) stops; both (N,) int64.

    Over the straight lines, with a stay at each stop but the first and the last, then stretched to `duration_s` where
    that is known.
    """
    hop_m = geod().inv(lon_deg[:-1], lat_deg[:-1], lon_deg[1:], lat_deg[1:])[2]
    ride_s = np.asarray(hop_m) / (vehicle.straight_kmh * MPS_PER_KMH)
    stay_s = np.full(len(lon_deg), vehicle.stop_s)
    stay_s[[0, -1]] = 0.0
    departure = np.cumsum(np.concatenate([[0.0], ride_s]) + stay_s)
    arrival = departure - stay_s
    scale = 1.0 if duration_s is None or arrival[-1] == 0 else duration_s / arrival[-1]
    return np.rint(arrival * scale).astype(np.int64), np.rint(departure * scale).astype(np.int64)
