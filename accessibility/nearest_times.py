"""From every origin to its nearest facility of a kind, by one mode."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from accessibility.on_demand import (
    OnDemandAccess,
    OnDemandRequest,
    RideTimes,
    on_demand_access,
    on_demand_nearest,
)
from accessibility.origins import Origins
from accessibility.travel_network import Points, TravelNetwork, snap_points
from accessibility.travel_times import TravelMode, departing, egress_to_nearest, window_to_nearest
from data.columns import Bools, Floats, Int32s, Strings, freeze
from data.places import Facilities
from network.hierarchy.search import Nearest, nearest
from network.streets.snap import Snapped
from network.transit.departures import Departing, Window

PERCENTS = (0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0)
"""Of all departures of the window."""
MEDIAN = PERCENTS.index(50.0)


@dataclass(frozen=True, slots=True, eq=False)
class NearestTimes:
    """One row per origin.

    Three readings tell what waiting is to a resident: `planned_s`, `seconds` and `missed_s`, leaving at the best, at any
    and at the worst time. Nobody picks the best departure of a whole day, but of the hour in which he or she must go: so
    the best and the worst are taken of each hour of the window, and then the median over the hours, as for any
    departure. In a window of one hour they are simply the least, the median and the most.

    Attributes
    ----------
    kind
        Kind of facility.
    mode
        How people travel.
    seconds
        (O,) float64, door to door; with public transport the median over the departures. inf where not reached.
    facility
        (O,) int32, row of Facilities reached (in the median time); -1 where none.
    metres
        (O,) float64, along the street; inf where not reached and with public transport; of an on-demand ride in the
        median time, without detour.
    percentiles_s
        (O, 7) float64, `PERCENTS` over the departures of the window; the time itself for street modes.
    served_share
        (O,) float64, share of the departures with any connection, 0 to 1.
    planned_s, missed_s
        (O,) float64, well planned: the best departure in the hour; just missed: the worst. For street modes the time
        itself.
    n_samples
        Draws of the times over which all these are taken: 1 unless the timetable gives headways only.

    """

    kind: str
    mode: TravelMode
    seconds: Floats
    facility: Int32s
    metres: Floats
    percentiles_s: Floats
    served_share: Floats
    planned_s: Floats
    missed_s: Floats
    n_samples: int = 1

    def __post_init__(self) -> None:
        freeze(self, len(self.seconds))


class OriginAccess(NamedTuple):
    """How O origins set out by one mode: no edit of facilities changes it, so one serves all kinds and scenarios."""

    snapped: Snapped
    """Where they enter the streets."""
    departures: Departing | None
    """When they leave, and their ways to the first stop; None for a mode that does not ride."""
    on_demand: OnDemandAccess | None = None
    """When they leave, and their ways to each on-demand service; None for any other mode."""


def origin_access(network: TravelNetwork, origins: Origins, mode: TravelMode, window: Window) -> OriginAccess:
    """All origins, leaving in the window."""
    snapped = snap_points(network, mode.street, origins.points)
    if mode.on_demand:
        how = OnDemandRequest(window, mode.on_demand, mode.access_max_s, mode.egress_max_s)
        return OriginAccess(snapped, None, on_demand_access(network, network.on_demand, how, origins.points))
    return OriginAccess(snapped, departing(network, mode, snapped, window) if mode.rides else None)


def of_kind(facilities: Facilities, kind: str) -> Int32s:
    """Rows of the facilities of a kind."""
    return np.array([row for row, of in enumerate(facilities.kind) if of == kind], np.int32)


def same_services(before: Facilities, after: Facilities, kind: str) -> tuple[Int32s, Int32s] | None:
    """Rows of a kind in two tables that hold the very same services of it in the same order; None where they do not."""
    rows = of_kind(before, kind), of_kind(after, kind)
    for column in fields(Facilities):
        one, other = (
            np.array([getattr(of, column.name)[row] for row in here])
            for of, here in zip((before, after), rows, strict=True)
        )
        if not np.array_equal(one, other, equal_nan=one.dtype == other.dtype == np.float64):
            return None
    return rows


def renumbered(times: NearestTimes, rows: tuple[Int32s, Int32s]) -> NearestTimes:
    """The same times, of the same services in another table, see `same_services`."""
    before, after = rows
    if not len(before):
        return times
    there = after[np.searchsorted(before, np.maximum(times.facility, before[0]))]
    return replace(times, facility=np.where(times.facility < 0, np.int32(-1), there))


def nearest_times(
    network: TravelNetwork, access: OriginAccess, facilities: Facilities, kind: str, mode: TravelMode
) -> NearestTimes:
    """Time of every origin to its nearest facility of `kind`.

    Parameters
    ----------
    network
        Streets and service.
    access
        What `origin_access` gives for this network and mode.
    facilities, kind
        What there is, and which of it counts; without any, no origin reaches one.
    mode
        How people travel.

    """
    if mode.rides != (access.departures is not None) or bool(mode.on_demand) != (
        access.on_demand is not None
    ):
        msg = f"mode {mode.name} needs its departures, and only a mode that rides or is on demand has them"
        raise ValueError(msg)
    rows = of_kind(facilities, kind)
    targets = Points(facilities.x_m[rows], facilities.y_m[rows])
    if access.on_demand is not None:
        return _by_on_demand(
            kind, mode, rows, on_demand_nearest(network, access.on_demand, targets, PERCENTS)
        )
    arrival = snap_points(network, mode.street, targets)
    direct = nearest(network.search, network.row(mode.street), access.snapped, arrival)
    if access.departures is None:
        return _by_street(kind, mode, rows, direct)
    egress = egress_to_nearest(network, mode, targets)
    found = window_to_nearest(
        network, access.departures, egress, direct, PERCENTS, with_bikes=mode.takes_bike
    )
    seconds = found.percentiles_s[:, MEDIAN].copy()
    return NearestTimes(
        kind=kind,
        mode=mode,
        seconds=seconds,
        facility=_facility(rows, found.target[:, MEDIAN]),
        metres=np.broadcast_to(np.inf, len(seconds)),
        percentiles_s=found.percentiles_s,
        served_share=found.served_share,
        planned_s=found.planned_s,
        missed_s=found.missed_s,
        n_samples=network.service.n_samples,
    )


def _by_street(kind: str, mode: TravelMode, rows: Int32s, found: Nearest) -> NearestTimes:
    return NearestTimes(
        kind=kind,
        mode=mode,
        seconds=found.seconds,
        facility=_facility(rows, found.target),
        metres=found.metres,
        percentiles_s=np.broadcast_to(found.seconds[:, None], (len(found.seconds), len(PERCENTS))),
        served_share=np.isfinite(found.seconds).astype(np.float64),
        planned_s=found.seconds,
        missed_s=found.seconds,
    )


def _by_on_demand(kind: str, mode: TravelMode, rows: Int32s, found: RideTimes) -> NearestTimes:
    seconds = found.percentiles_s[:, MEDIAN].copy()
    return NearestTimes(
        kind=kind,
        mode=mode,
        seconds=seconds,
        facility=_facility(rows, found.target[:, MEDIAN]),
        metres=found.metres[:, MEDIAN].copy(),
        percentiles_s=found.percentiles_s,
        served_share=found.served_share,
        planned_s=found.planned_s,
        missed_s=found.missed_s,
    )


def _facility(rows: Int32s, target: Int32s) -> Int32s:
    """Rows of Facilities for rows of the targets; -1 stays -1."""
    return np.append(rows, np.int32(-1))[target].astype(np.int32)


def reasons(access: OriginAccess, facilities: Facilities, times: NearestTimes) -> Strings:
    """(O,) strings, why an origin reaches none; "" where it does. Access and facilities are those of the times."""
    reached: Bools = np.isfinite(times.seconds)
    if times.kind not in facilities.kind:
        return ("no facility of this kind",) * len(reached)
    off_street = ~access.snapped.is_attached
    other = "no way over the streets"
    if times.mode.rides:
        other = "no connection in at least half of the departures"
    elif times.mode.on_demand:
        other = "no ride can be booked: outside the zones or hours, or too short or too long"
    return tuple(
        "" if ok else "no street within reach" if off else other
        for ok, off in zip(reached, off_street, strict=True)
    )
