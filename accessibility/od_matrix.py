"""Times from every origin to every destination: any files, no region needed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from accessibility.assumptions import Assumptions
from accessibility.on_demand import OnDemandRequest, on_demand_access, on_demand_matrix
from accessibility.travel_network import (
    Points,
    TravelNetwork,
    build_travel_network,
    snap_points,
    street_matrix,
)
from accessibility.travel_times import TravelMode, departing, window_to_each
from data.build_report import BuildReport
from data.columns import Floats
from data.on_demand.services import OnDemandServices
from data.progress import Progress
from data.projection import Projection
from data.streets import StreetMap
from data.study_area.public_transport import PublicTransport
from network.modes.modes import Profile
from network.transit.departures import Window


class OdTimes(NamedTuple):
    """Seconds of one mode; inf where not reached within the longest time."""

    mode: TravelMode
    seconds: Floats
    """(O, D, Q) float64; Q percentiles for a mode that rides or is on demand, otherwise 1."""
    n_samples: int = 1
    """Draws of the times over which the percentiles are taken: 1 unless the timetable gives headways only."""


def od_network(
    streets: StreetMap,
    transport: PublicTransport,
    projection: Projection,
    profiles: tuple[Profile, ...],
    assumptions: Assumptions,
    progress: Progress,
) -> tuple[TravelNetwork, BuildReport]:
    """Streets with the timetable and the on-demand services, and what was met on the way."""
    network, report = build_travel_network(
        streets, transport.timetable, projection, profiles, assumptions, progress
    )
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
