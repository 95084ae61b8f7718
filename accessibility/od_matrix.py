"""Times from every origin to every destination: any files, no region needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from accessibility.on_demand import VEHICLE, OnDemandRequest, on_demand_access, on_demand_matrix
from accessibility.travel_network import (
    Points,
    TravelNetwork,
    build_service,
    snap_points,
    street_matrix,
)
from accessibility.travel_times import TravelMode, departing, window_to_each
from data.build_report import BuildReport
from data.columns import Floats, Strings
from data.files.long_table import Column, LongTable, Texts, whole_numbers
from data.on_demand.services import OnDemandServices
from data.progress import Progress
from data.projection import Projection
from network.modes.modes import WALK, Profile
from network.transit.departures import Window

if TYPE_CHECKING:
    from data.study_area.public_transport import PublicTransport


class OdTimes(NamedTuple):
    """Seconds of one mode; inf where not reached within the longest time."""

    mode: TravelMode
    seconds: Floats
    """(O, D, Q) float64; Q percentiles for a mode that rides or is on demand, otherwise 1."""
    n_samples: int = 1
    """Draws of the times over which the percentiles are taken: 1 unless the timetable gives headways only."""


def profiles_used(modes: Sequence[TravelMode], profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
    """Those of the profiles on whose streets some of the modes go, in their order."""
    used = {mode.street for mode in modes}
    for mode in modes:
        used |= {mode.egress, WALK.name} if mode.is_timed else set()  # on foot from stop to stop
        used |= {VEHICLE} if mode.on_demand else set()
    used |= {profile.pushed_as for profile in profiles if profile.name in used}
    return tuple(profile for profile in profiles if profile.name in used)


def od_network(
    streets: TravelNetwork, transport: PublicTransport, projection: Projection, progress: Progress
) -> tuple[TravelNetwork, BuildReport]:
    """Streets with the timetable and the on-demand services, and what was met on the way."""
    network, report = build_service(streets, transport.timetable, projection, progress)
    network = replace(network, on_demand=OnDemandServices(transport.on_demand, projection))
    return network, transport.report + report


def od_times(
    network: TravelNetwork,
    mode: TravelMode,
    origins: Points,
    destinations: Points,
    window: Window,
    percents: tuple[float, ...],
) -> OdTimes:
    """Times of one mode over the departures of `window`, which a mode that does not ride leaves unused."""
    if mode.on_demand:
        how = OnDemandRequest(window, mode.on_demand, mode.access_max_s, mode.egress_max_s)
        out = on_demand_access(network, network.on_demand, how, origins)
        return OdTimes(mode, on_demand_matrix(network, out, destinations, percents).percentiles_s)
    limit_s = network.assumptions.travel_max_s
    direct_s = street_matrix(network, mode.street, origins, destinations, limit_s)
    if not mode.rides:
        return OdTimes(mode, direct_s[:, :, None])
    leaving = departing(network, mode, snap_points(network, mode.street, origins), window)
    service = network.service
    egress_s = street_matrix(network, mode.egress, service.stops, destinations, mode.egress_max_s)
    seconds = window_to_each(network, leaving, egress_s, direct_s, percents, with_bikes=mode.takes_bike)
    return OdTimes(mode, seconds, service.n_samples)


def matrix_table(
    origin_id: Strings, destination_id: Strings, results: Sequence[OdTimes], percents: tuple[float, ...]
) -> LongTable:
    """One row per mode, origin and destination, unreached ones kept with empty times."""
    n_origins, n_destinations, n_modes = len(origin_id), len(destination_id), len(results)
    riding = [f"travel_time_p{percent:g}_s" for percent in percents]
    on_street = ["travel_time_s"] if any(not result.mode.is_timed for result in results) else []
    on_board = riding if any(result.mode.is_timed for result in results) else []
    origin, destination, mode = (np.arange(n, dtype=np.int32) for n in (n_origins, n_destinations, n_modes))
    n_pairs = n_origins * n_destinations

    def seconds(result: OdTimes, name: str) -> Floats:
        names = riding if result.mode.is_timed else ["travel_time_s"]
        return result.seconds[:, :, names.index(name)].ravel() if name in names else np.full(n_pairs, np.inf)

    columns: dict[str, Column] = {
        "origin_id": Texts(origin_id, np.tile(np.repeat(origin, n_destinations), n_modes)),
        "destination_id": Texts(destination_id, np.tile(destination, n_origins * n_modes)),
        "mode": Texts(tuple(result.mode.name for result in results), np.repeat(mode, n_pairs)),
    }
    if on_board:
        columns["n_draws"] = np.repeat(np.array([result.n_samples for result in results], np.int64), n_pairs)
    for name in on_street + on_board:
        columns[name] = whole_numbers(np.concatenate([seconds(result, name) for result in results]))
    return LongTable(columns)
