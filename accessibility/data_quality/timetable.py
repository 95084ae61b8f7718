"""Checks of a timetable: its days, speeds no vehicle reaches, stops far from a street, lines per municipality."""

from __future__ import annotations

import numpy as np

from accessibility.data_quality.findings import Check, Municipalities, Table, spotted
from accessibility.travel_network import WALK, snap_points
from accessibility.world import GENERATED, World
from data.columns import Floats, Int32s, Int64s
from data.gtfs.calendar import day_number, valid_period
from data.gtfs.days import trips_per_day
from data.gtfs.timetable import feed_names

ROAD_KMH, RAIL_KMH = 120.0, 250.0
"""Faster as the crow flies no bus and no Dutch train goes."""
RAIL_TYPES = (1, 2, *range(100, 118), *range(400, 405))
FAR_M = 100.0
"""A stop further from any street is drawn in the wrong place, or its street is not mapped."""
DAYTIME = (7 * 3600, 19 * 3600)
KMH = 3.6


def timetable_checks(world: World, places: Municipalities) -> tuple[list[Check], list[Table]]:
    """Checks of the service day, and what each municipality has of it; nothing for a region without a timetable."""
    service = world.network.service
    stops = service.timetable.stops
    if not len(stops.id):
        return [Check("timetable", "regions without a timetable", 1, 1)], []
    snapped = snap_points(world.network, WALK, service.stops)
    far = np.flatnonzero(~snapped.is_attached | (snapped.walked_m > FAR_M)).astype(np.int32)
    xy = (service.stop_x_m, service.stop_y_m)
    what = f"stops further than {FAR_M:.0f} m from any street one may walk on"
    checks = [
        spotted(world, Check("timetable", what, 0, len(stops.id)), far, stops.name, xy),
        _too_fast(world),
        _still(world),
    ]
    return checks, [_days(world), _origins(world), _lines(world, places)]


def _hops(world: World) -> tuple[Int32s, Floats, Floats]:
    """Call before each hop, metres as the crow flies, seconds from departure to arrival."""
    service = world.network.service
    trips = service.timetable.trips
    call = np.arange(len(trips.call_stop) - 1, dtype=np.int32)
    call = np.setdiff1d(call, trips.call_offset[1:-1] - 1).astype(np.int32)
    here, there = trips.call_stop[call], trips.call_stop[call + 1]
    metres = np.hypot(
        service.stop_x_m[there] - service.stop_x_m[here], service.stop_y_m[there] - service.stop_y_m[here]
    )
    seconds = (trips.call_arrival[call + 1] - trips.call_departure[call]).astype(np.float64)
    return call, metres, seconds


def _too_fast(world: World) -> Check:
    """Hops that no vehicle makes in that time; up to a minute more, as times are often rounded down to minutes."""
    trips = world.network.service.timetable.trips
    call, metres, seconds = _hops(world)
    trip = np.searchsorted(trips.call_offset, call, side="right") - 1
    limit = np.where(np.isin(trips.route_type[trip], RAIL_TYPES), RAIL_KMH, ROAD_KMH)
    found = np.flatnonzero(metres / (seconds + 60.0) * KMH > limit)
    return _of_hops(world, "rides between two stops faster than a vehicle goes", call, found)


def _still(world: World) -> Check:
    """Hops over more than 2 km that take no time at all: a time that was forgotten."""
    call, metres, seconds = _hops(world)
    found = np.flatnonzero((seconds <= 0) & (metres > 2000.0))
    return _of_hops(world, "rides of more than 2 km that take no time", call, found)


def _of_hops(world: World, what: str, call: Int32s, found: Int64s) -> Check:
    service = world.network.service
    trips, stops = service.timetable.trips, service.timetable.stops
    trip = np.searchsorted(trips.call_offset, call, side="right") - 1
    here, there = trips.call_stop[call], trips.call_stop[call + 1]
    names = [
        f"line {trips.route[row]}: {stops.name[one]} - {stops.name[other]}"
        for row, one, other in zip(trip, here, there, strict=True)
    ]
    xy = (service.stop_x_m[here], service.stop_y_m[here])
    return spotted(world, Check("timetable", what, 0, len(call)), found, names, xy)


def _days(world: World) -> Table:
    """Validity of each feed, and how the service date compares with its busiest day."""
    region = world.region
    rows: list[tuple[str | float, ...]] = []
    for source in region.layer("timetable"):
        days = trips_per_day(source.path(region.folder, world.ready / GENERATED))
        at = day_number(region.service_date) - days.first_day
        today = int(days.trips[at]) if 0 <= at < len(days.trips) else 0
        first, last = valid_period(days) or ("", "")
        rows.append((source.file, first, last, len(days.service_days), today, int(days.trips.max(initial=0))))
    return Table(
        "timetable",
        "Validity",
        (
            "feed",
            "first day",
            "last day",
            "days with service",
            "trips on the service date",
            "on the busiest day",
        ),
        tuple(rows),
    )


def _origins(world: World) -> Table:
    """Lines of the service date, and whether the timetable they come from is observed or modelled."""
    trips = world.network.service.timetable.trips
    sources = world.region.layer("timetable")
    # Trips of several feeds bear the name of theirs; where the origins are the same it does not matter which.
    names = feed_names([source.path(world.region.folder, world.ready / GENERATED) for source in sources])
    origin_of = dict(zip(names, (source.origin for source in sources), strict=True))
    only = sources[0].origin if len({source.origin for source in sources}) == 1 else ""
    lines: dict[tuple[str, str, str], int] = {}
    for trip, line, operator in zip(trips.id, trips.route, trips.agency, strict=True):
        # What no feed tells is mapped routes, whose times are always modelled.
        key = (line, operator, only or origin_of.get(trip.partition(":")[0], "modelled"))
        lines[key] = lines.get(key, 0) + 1
    rows = tuple((*key, lines[key]) for key in sorted(lines, key=lambda key: (len(key[0]), key)))
    return Table("timetable", "Lines", ("line", "operator", "origin", "trips on the service date"), rows)


def _lines(world: World, places: Municipalities) -> Table:
    service = world.network.service
    trips = service.timetable.trips
    of_stop = places.of((service.stop_x_m, service.stop_y_m))
    trip = np.repeat(np.arange(len(trips.id)), np.diff(trips.call_offset))
    by_day = (trips.call_departure >= DAYTIME[0]) & (trips.call_departure < DAYTIME[1])
    rows: list[tuple[str | float, ...]] = []
    for row, name in enumerate(places.names):
        here = of_stop[trips.call_stop] == row
        lines = sorted(
            {trips.route[one] for one in np.unique(trip[here])}, key=lambda text: (len(text), text)
        )
        n_stops = int((of_stop == row).sum())
        rows.append((name, len(lines), n_stops, int((here & by_day).sum()), ", ".join(lines)))
    columns = ("municipality", "lines", "stops", "calls from 7 to 19 h", "which lines")
    return Table("timetable", "Lines per municipality", columns, tuple(rows))
