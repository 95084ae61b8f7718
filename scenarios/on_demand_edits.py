"""Edits of rides that are ordered."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from accessibility.world import World
from data.errors import ScenarioError
from data.on_demand.periods import service_periods
from data.on_demand.services import NO_LIMIT_M, Area, Booked, OnDemand, Pole, Rings, within
from data.timetable import Stops
from scenarios.areas import corners_of
from scenarios.edits_of_on_demand import AddOnDemand, DropOnDemand, OnDemandEdit

SOURCE = "scenario"


def edited(world: World, booked: Booked, edit: OnDemandEdit) -> Booked:
    """Services after an edit.

    Raises
    ------
    ScenarioError, InputError
        When the edit is not possible here, with the reason and what to do.

    """
    services = booked.services
    match edit:
        case AddOnDemand():
            if any(edit.name.casefold() in {of.id.casefold(), of.name.casefold()} for of in services):
                raise ScenarioError(
                    f"there is a service '{edit.name}' already; give the new one another name."
                )
            return Booked((*services, _service(world, edit)), world.projection)
        case DropOnDemand():
            wanted = edit.service.casefold()
            kept = tuple(of for of in services if wanted not in {of.id.casefold(), of.name.casefold()})
            if len(kept) == len(services):
                known = ", ".join(of.id for of in services) or "none"
                raise ScenarioError(
                    f"there is no service '{edit.service}' to order rides from; there are: {known}."
                )
            return Booked(kept, booked.projection)
        case _:
            assert_never(edit)


def _service(world: World, edit: AddOnDemand) -> OnDemand:
    area = _area(world, edit)
    day = world.region.service_date
    periods = service_periods(edit.hours, day)
    if periods is None:
        raise ScenarioError(
            f"the hours '{edit.hours}' cannot be read; write them as OpenStreetMap does: 'Mo-Fr 07:00-19:00'."
        )
    if not periods:
        raise ScenarioError(
            f"the hours '{edit.hours}' hold no ride on the day that is looked at, {day.isoformat()}."
        )
    max_m = edit.max_km * 1000 or NO_LIMIT_M
    if edit.min_km * 1000 >= max_m:
        raise ScenarioError(
            f"no ride is both longer than {edit.min_km:g} km and shorter than {edit.max_km:g} km."
        )
    return OnDemand(
        id=edit.name,
        name=edit.name,
        pickup=area,
        dropoff=area,
        hours=edit.hours,
        periods=periods,
        lead_s=round(edit.lead_min * 60),
        margin_s=round(edit.margin_min * 60),
        min_m=edit.min_km * 1000,
        max_m=max_m,
        detour=edit.detour,
        source=SOURCE,
        date=day.isoformat(),
    )


def _area(world: World, edit: AddOnDemand) -> Area:
    zone = _zone(world, edit)
    if not edit.at_stops:
        return Area(outlines=zone)
    stops: Stops = world.network.service.timetable.stops
    inside = np.flatnonzero(within(zone, stops.lon_deg, stops.lat_deg))
    poles = dict.fromkeys(
        Pole(stops.name[row], float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in inside.tolist()
    )
    if not poles:
        raise ScenarioError(
            "no stop of the timetable lies in the zone; draw a larger one, or go to the door."
        )
    return Area(stops=tuple(poles))


def _zone(world: World, edit: AddOnDemand) -> tuple[Rings, ...]:
    if bool(edit.municipalities) == bool(edit.zone):
        raise ScenarioError("say where it runs: either municipalities, or the corners of a zone.")
    if edit.zone:
        corners = corners_of(edit.zone, world.projection)
        return ((tuple(corners) + corners[:1],),)
    rings = {outline.name: outline.rings for outline in world.outlines}
    unknown = [name for name in edit.municipalities if name not in rings]
    if unknown:
        raise ScenarioError(
            f"there are no outlines of {', '.join(unknown)}; there are those of {', '.join(rings) or 'none'}."
        )
    return tuple(rings[name] for name in edit.municipalities)
