"""When the vehicles of a mapped route run: hours, headways and running times, from tags or by assumption."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from data.columns import Floats, Int64s
from data.errors import InputError
from data.opening_hours import DAY_S, opening_s
from data.projection import GEOD

MPS_PER_KMH = 1 / 3.6
_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):(?=[0-5]\d(?::|$)))?(?P<m>\d{1,4})(?::(?P<s>[0-5]\d))?")
_ISO = re.compile(r"PT(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?")
_CONDITION = re.compile(r"([^@;()]+)@\s*\(([^()]*)\)\s*(?:;|$)")

Periods: TypeAlias = tuple[tuple[int, int], ...]
"""Start and end of each period, seconds after midnight of the service day; negative on the day before."""


class Vehicle(NamedTuple):
    """How a kind of route runs: the GTFS route type, the speed between stops, and the seconds that a stop costs."""

    route: str
    route_type: int
    cruise_kmh: float
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
    detour
        Length of the way over the straight line from stop to stop; 1.20 is that of the bus routes of Heidelberg
        along their mapped ways (decision 8).
    vehicles
        Bus: fitted to the 11,969 hops in the timetables of Newport (Wales, 2023) and Heidelberg (2022), see decision
        8; a tram runs like a bus there. The other kinds are assumed.

    """

    headway_s: int = 3600
    hours: str = "Mo-Fr 07:00-19:00"
    peak_hours: str = "Mo-Fr 06:30-08:30,15:30-18:00"
    night_hours: str = "Mo-Su 23:00-05:00"
    detour: float = 1.2
    vehicles: tuple[Vehicle, ...] = (
        Vehicle("bus", 3, 40.0, 25.0),
        Vehicle("minibus", 3, 40.0, 25.0),
        Vehicle("trolleybus", 11, 40.0, 25.0),
        Vehicle("coach", 200, 80.0, 60.0),
        Vehicle("tram", 0, 40.0, 25.0),
        Vehicle("light_rail", 0, 50.0, 25.0),
        Vehicle("subway", 1, 50.0, 25.0),
        Vehicle("train", 2, 90.0, 60.0),
        Vehicle("monorail", 12, 50.0, 25.0),
        Vehicle("funicular", 7, 15.0, 25.0),
        Vehicle("ferry", 4, 20.0, 60.0),
    )


def span_s(text: str) -> int | None:
    """Seconds of an interval or duration: minutes, HH:MM, HH:MM:SS or ISO 8601 such as PT1H25M; None if it is none.

    Source: OSM wiki, Key:interval and Key:duration.
    """
    found = _CLOCK.fullmatch(text.strip()) or _ISO.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(found[part] or 0) for part in "hms")
    return 3600 * hours + 60 * minutes + seconds or None


def service_periods(text: str, service_date: dt.date) -> Periods | None:
    """Whole periods in which opening_hours `text` is open that touch the service day, None if it cannot be read.

    One of the night before starts below 0, and one past midnight ends above 86,400 seconds.
    """
    try:
        before, today = (opening_s(text, service_date - dt.timedelta(days=days)) for days in (1, 0))
    except InputError:
        return None
    joined: list[tuple[int, int]] = []
    # What is open at midnight is there twice: from its start on the day before, and from 0.
    for start, end in sorted([(start - DAY_S, end - DAY_S) for start, end in before] + list(today)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(period for period in joined if period[1] > 0)


def conditional_headways(text: str, service_date: dt.date) -> tuple[tuple[int, Periods], ...] | None:
    """Headway and periods of each part of an interval:conditional such as "00:20 @ (Mo-Fr 10:00-16:00)".

    None if a part cannot be read. Source: OSM wiki, Conditional restrictions.
    """
    parts = _CONDITION.findall(text)
    read = [(span_s(value), service_periods(hours, service_date)) for value, hours in parts]
    complete = tuple((value, hours) for value, hours in read if value is not None and hours is not None)
    left = _CONDITION.sub("", text).strip()
    return complete if parts and not left and len(complete) == len(parts) else None


def departures(periods: Periods, headway_s: Callable[[int], int]) -> list[int]:
    """Departures of each period, `headway_s` (of the time) apart, with as much room before the first as after the last.

    So both directions of a line are each other's mirror image in time, as in a regular-interval timetable.
    """
    found: list[int] = []
    for start, end in periods:
        times = [start]
        while (following := times[-1] + headway_s(times[-1])) <= end:
            times.append(following)
        room = (end - times[-1]) // 2
        found += [time + room for time in times]
    return found


def running_times(
    lon_deg: Floats, lat_deg: Floats, vehicle: Vehicle, detour: float, duration_s: int | None
) -> tuple[Int64s, Int64s]:
    """Seconds from the first departure to each arrival and departure of a run along (N,) stops; both (N,) int64.

    Over the straight lines times `detour`, with a stay at each stop but the first and the last, then stretched to
    `duration_s` where that is known.
    """
    hop_m = GEOD.inv(lon_deg[:-1], lat_deg[:-1], lon_deg[1:], lat_deg[1:])[2]
    ride_s = np.asarray(hop_m) * detour / (vehicle.cruise_kmh * MPS_PER_KMH)
    stay_s = np.full(len(lon_deg), vehicle.stop_s)
    stay_s[[0, -1]] = 0.0
    departure = np.cumsum(np.concatenate([[0.0], ride_s]) + stay_s)
    arrival = departure - stay_s
    scale = 1.0 if duration_s is None or arrival[-1] == 0 else duration_s / arrival[-1]
    return np.rint(arrival * scale).astype(np.int64), np.rint(departure * scale).astype(np.int64)
