"""Files of somebody's own that come beside what a region has: ids of their own, and what may be there already.

What stands in both is kept and told, never merged: two practices in one building are two, and only whoever brings a file
knows whether a row of it is the service that the region has.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.files.any_table import TableLayer
from data.places import Facilities, Places
from data.projection import Projection
from data.timetable import Timetable

SERVICES_M, PLACES_M, STOPS_M = 150.0, 500.0, 150.0
"""So close, what is of one kind or line may be the same. Services: in mapped areas no two whose names go together are closer
(see `twins` in facility_kinds.toml). Places: a village is hardly smaller than that. Stops: both sides of a crossing."""


BOTH_COUNT = "both count"
"""How a finding ends that is about what may be there twice."""


def with_own_ids(
    table: pd.DataFrame, layer: TableLayer, taken: tuple[str, ...]
) -> tuple[pd.DataFrame, BuildReport]:
    """Table in which no id is one of those that are taken: such ids get a number behind them."""
    ids, of_region = table["id"].tolist(), {*taken}
    known, made = of_region | {*ids}, []
    for id_ in ids:
        new = next(filter(lambda one: one not in known, _numbered(id_))) if id_ in of_region else id_
        known.add(new)
        made.append(new)
    what = "ids that the region has already, with a number behind them"
    return table.assign(id=made), finding(layer, "repaired", what, [id_ for id_ in ids if id_ in of_region])


def _numbered(id_: str) -> Iterator[str]:
    return (f"{id_}-{number}" for number in count(2))


def services_twice(region: Facilities, own: Facilities) -> BuildReport:
    """Services of which the region has one of the same kind within 150 m."""
    names = []
    for kind in sorted(set(own.kind) & set(region.kind)):
        here, there = (np.flatnonzero(np.array(table.kind) == kind) for table in (own, region))
        near = _near(_points(own)[here], _points(region)[there], SERVICES_M)
        names += [own.name[row] for row in here[near]]
    what = "services of which the region has one of that kind within 150 m: both count"
    return finding("facilities", "kept", what, names)


def places_twice(region: Places, own: Places) -> BuildReport:
    """Places of which the region has one within 500 m."""
    near = _near(_points(own), _points(region), PLACES_M)
    what = "places that lie within 500 m of one of the region: the inhabitants of both count"
    return finding("places", "kept", what, [own.name[row] for row in np.flatnonzero(near)])


def lines_twice(region: Timetable, own: Timetable, projection: Projection) -> BuildReport:
    """Lines of which the region has one of that name that calls within 150 m of a stop of theirs."""
    names = [
        name
        for name in sorted(set(own.trips.route) & set(region.trips.route))
        if _near(_stops(own, name, projection), _stops(region, name, projection), STOPS_M).any()
    ]
    what = "lines of which the region has one of that name along the same stops (within 150 m): the trips of both count"
    return finding("timetable", "kept", what, names)


def _points(table: Facilities | Places) -> Floats:
    return np.column_stack([table.x_m, table.y_m])


def _stops(timetable: Timetable, line: str, projection: Projection) -> Floats:
    """Where a line calls, (S, 2) projected metres."""
    trips = timetable.trips
    calls = np.repeat(np.array(trips.route) == line, np.diff(trips.call_offset))
    stops = np.unique(trips.call_stop[calls])
    return np.column_stack(
        projection.to_metres(timetable.stops.lon_deg[stops], timetable.stops.lat_deg[stops])
    )


def _near(points: Floats, others: Floats, within_m: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the points have one of the others within some metres."""
    if not len(points) or not len(others):
        return np.zeros(len(points), np.bool_)
    away_m, _ = cKDTree(others).query(points)
    return np.asarray(away_m <= within_m)
