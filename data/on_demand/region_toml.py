"""On-demand services of region.toml for one day, with the zones, files and stops that their areas name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.points import read_points
from data.on_demand.periods import service_periods
from data.on_demand.rules import FIELDS, AreaRules, OnDemandRules
from data.on_demand.services import Area, OnDemand, Pole, within
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.outlines import Outline, Rings, read_outlines
from data.timetable import Stops


def read_on_demand(
    rules: Sequence[OnDemandRules],
    folder: Path,
    outlines: Sequence[Outline],
    stops: Stops,
    service_date: dt.date,
    holidays: Holidays = DUTCH_NORTH,
) -> tuple[tuple[OnDemand, ...], BuildReport]:
    """Services of a region on one day; those that have no hours on it are left out and counted.

    Parameters
    ----------
    rules
        What region.toml says.
    folder
        Of the files that it names.
    outlines, stops
        Of the region, and of its timetable.

    Raises
    ------
    InputError
        If outlines are unknown, a file cannot be read, or an area has no stop; with all unknown outlines at once.

    """
    rings = {outline.name: outline.rings for outline in outlines}
    areas = [area for of in rules for area in (of.pickup, of.dropoff)]
    unknown = sorted({name for area in areas for name in area.outlines} - set(rings))
    if unknown:
        msg = (
            f"On-demand services name outlines that the layer 'outlines' does not have: {', '.join(unknown)}. "
            f"It has {', '.join(sorted(rings)) or 'none'}."
        )
        raise InputError(msg)
    services = []
    for of in rules:
        fields = {name: getattr(of, name) for name in FIELDS}
        pickup, dropoff = (_area(of.id, area, folder, rings, stops) for area in (of.pickup, of.dropoff))
        periods = service_periods(of.hours, service_date, holidays) or ()
        services.append(OnDemand(pickup=pickup, dropoff=dropoff, periods=periods, **fields))
    idle = [service.id for service in services if not service.periods]
    report = finding("on demand", "dropped", f"services without hours on {service_date.isoformat()}", idle)
    running = tuple(service for service in services if service.periods)
    what = "rules of on-demand services that no source gives"
    assumed = [f"{service.id}: {name}" for service in running for name in service.assumed]
    return running, report + finding("on demand", "assumed", what, assumed)


def _area(service: str, rules: AreaRules, folder: Path, rings: Mapping[str, Rings], stops: Stops) -> Area:
    zone: tuple[Rings, ...] = tuple(rings[name] for name in rules.outlines)
    if rules.file:
        zone = tuple(outline.rings for outline in read_outlines(folder / rules.file))
    if not rules.stops and not rules.stops_file:
        return Area(outlines=zone)
    if rules.stops:
        name, lon_deg, lat_deg = stops.name, stops.lon_deg, stops.lat_deg
    else:
        name, lon_deg, lat_deg = read_points(folder / rules.stops_file)
    inside = within(zone, lon_deg, lat_deg) if zone else np.ones(len(name), np.bool_)
    # A stop with transfer rules of its own has several rows in a timetable.
    poles = tuple(
        dict.fromkeys(
            Pole(name[row], float(lon_deg[row]), float(lat_deg[row])) for row in np.flatnonzero(inside)
        )
    )
    if not poles:
        msg = f"The on-demand service '{service}' has no stop in its zone. Give another zone, or other stops."
        raise InputError(msg)
    return Area(stops=poles)
