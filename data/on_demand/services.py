"""On-demand rides: who may be taken from where to where, when, and how long that takes compared with a car.

A service of this kind is never part of a `Timetable`: it goes where it is asked to, not along its stops. What it runs by
does not depend on a region, so that services can be put beside each other, added and left out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import NamedTuple

import msgspec
import numpy as np
import shapely

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Strings
from data.on_demand.periods import Periods
from data.outlines import Rings
from data.projection import Projection
from data.timetable import Timetable

NO_LIMIT_M = 1_000_000.0
"""`max_m` of a service that takes rides of any length: a number that JSON can hold, longer than any ride."""


class Pole(NamedTuple):
    """A stop where an on-demand vehicle comes."""

    name: str
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where rides begin or end: at the stops, if there are any, else at any door within one of the outlines."""

    outlines: tuple[Rings, ...] = ()
    stops: tuple[Pole, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.outlines) == bool(self.stops):
            msg = "an area is either outlines or stops"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class OnDemand:
    """One service on one day. Rides go from `pickup` to `dropoff`, which for a zone are the same.

    Attributes
    ----------
    id, name
        The id is unique among the services of a region.
    hours, periods
        When passengers are picked up: in words, and as clock times of the service day.
    lead_s
        From booking to the earliest pick-up.
    margin_s
        From the agreed time to the departure, on average or at most as the source has it: the vehicle may come later
        than agreed, and one has to be ready.
    min_m, max_m
        Length of the ride along the streets, as a car goes; a shorter or longer one is refused.
    detour
        Time of the ride over that of a car that goes straight there: others are picked up on the way.
    source, date
        Where the facts come from, in words.
    assumed
        Names of those of the fields above that no source gives.

    """

    id: str
    name: str
    pickup: Area
    dropoff: Area
    hours: str
    periods: Periods
    lead_s: int
    margin_s: int
    min_m: float
    max_m: float
    detour: float
    source: str
    date: str
    assumed: Strings = ()


class OnDemandServices(NamedTuple):
    """Services of a region, whose zones and stops lie on the map by its projection."""

    services: tuple[OnDemand, ...]
    projection: Projection


NO_ON_DEMAND = OnDemandServices((), Projection("EPSG:28992"))
"""No services, for which any projection will do."""


def to_json(services: tuple[OnDemand, ...]) -> str:
    """Services as text, see `from_json`."""
    return json.dumps([asdict(service) for service in services])


def from_json(text: str) -> tuple[OnDemand, ...]:
    """Read back what `to_json` gave."""
    return msgspec.json.decode(text, type=tuple[OnDemand, ...])


def within(outlines: tuple[Rings, ...], lon_deg: Floats, lat_deg: Floats) -> Bools:
    """(P,) bool, whether each point lies in one of the outlines or on its edge.

    A point is in an outline if it is in an odd number of its rings: in the outer one, but in no hole.
    """
    inside = np.zeros(len(lon_deg), np.bool_)
    for rings in outlines:
        n_rings = np.zeros(len(lon_deg), np.int64)
        for ring in rings:
            polygon = shapely.Polygon(ring)
            shapely.prepare(polygon)
            n_rings += shapely.intersects_xy(polygon, lon_deg, lat_deg)
        inside |= n_rings % 2 == 1
    return inside


# --- on demand, written as a timetable -------------------------------------------------------------------------------

MIN_STOPS = 5
"""Two or three stops with shuttles between all of them are common; five would be twenty lines without any stop between."""
MIN_SHARE = 0.8
"""Of all other stops of such a group, so many have a trip from and a trip to each stop: not every pair need be there."""


def looks_on_demand(timetable: Timetable) -> BuildReport:
    """Find groups of stops that trips of two calls connect each with each: an on-demand service coded as trips.

    Feeds that cannot say "from any of these stops to any other" write a trip for every pair. Read as a timetable they
    promise a ride that nobody makes unless it is booked. The trips are kept, as only who knows the service can tell.

    A group is what remains of the stops of two-call trips when, over and over, the stop with the fewest partners is
    left out, until each has trips to and from at least `MIN_SHARE` of the others; it counts from `MIN_STOPS` stops.
    (Peeling by least degree: Charikar 2000, Greedy approximation algorithms for finding dense components in a graph.)
    """
    trips = timetable.trips
    first = trips.call_offset[:-1][np.diff(trips.call_offset) == 2]
    stations, pair = np.unique(
        timetable.stops.station[trips.call_stop[np.stack([first, first + 1])]], return_inverse=True
    )
    pair = pair.reshape(2, -1)
    linked = np.zeros((len(stations), len(stations)), np.bool_)
    linked[pair[0], pair[1]] = True
    np.fill_diagonal(linked, val=False)
    name_of = dict(
        zip(timetable.stops.station[::-1].tolist(), timetable.stops.name[::-1], strict=True)
    )  # of several stops of a station the first
    report = BuildReport()
    left = np.ones(len(stations), np.bool_)
    while len(group := _dense(linked, left)):
        left[group] = False
        what = (
            f"stops in a group of {len(group)} that trips of two calls connect each with each: this looks like an "
            "on-demand service written as trips, which run only when booked"
        )
        report += finding("timetable", "kept", what, [name_of[int(stations[stop])] for stop in group])
    return report


def _dense(linked: Bools, left: Bools) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Rows of a group of at least `MIN_STOPS` among those `left`, none where there is no such group."""
    rows = np.flatnonzero(left)
    among = linked[np.ix_(rows, rows)]
    n_to, n_from = among.sum(axis=1), among.sum(axis=0)
    alive = np.ones(len(rows), np.bool_)
    for n_alive in range(len(rows), MIN_STOPS - 1, -1):
        n_partners = np.where(alive, np.minimum(n_to, n_from), len(rows))
        loosest = int(n_partners.argmin())
        if n_partners[loosest] >= MIN_SHARE * (n_alive - 1):
            return rows[alive]
        alive[loosest] = False
        n_to, n_from = n_to - among[:, loosest], n_from - among[loosest]
    return np.empty(0, np.int64)
