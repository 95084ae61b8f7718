"""Edits of on-demand services: a new service with its zone and rules, and one taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, TypeAlias, assert_never

import numpy as np
from msgspec import Meta

from accessibility.world import World
from data.errors import ScenarioError
from data.on_demand.periods import service_periods
from data.on_demand.services import NO_LIMIT_M, Area, OnDemand, OnDemandServices, Pole, within
from data.outlines import Rings
from data.timetable import Stops
from scenarios.edits.areas import corners_of
from scenarios.edits.base import Corners, EditBase, Given, Group, NotNegative

Minutes: TypeAlias = Annotated[float, Meta(ge=0, le=7 * 24 * 60)]


class AddOnDemand(EditBase, frozen=True, kw_only=True):
    """Let people book rides within a zone, see `data.on_demand.services.OnDemand`.

    Attributes
    ----------
    name
        No service of the region has it yet.
    municipalities, zone
        Where it runs: municipalities of the region by name, or the corners of an area, two opposite ones for a box.
    at_stops
        Whether it takes people only from and to the stops of the timetable within the zone, not to their doors.
    hours
        When people are picked up, as OpenStreetMap writes opening hours.
    lead_min, margin_min
        From booking to the earliest pick-up, and from the agreed time to the departure.
    min_km, max_km
        Shorter and longer rides are refused; 0 for no longest one.
    detour
        Time of the ride over that of a car that goes straight there.
    rides_per_year
        How many are reckoned with, for what it costs; None where nobody has said so, which is not the same as no rides.

    """

    name: Annotated[str, Meta(min_length=1)]
    municipalities: tuple[str, ...] = ()
    zone: Corners = ()
    at_stops: bool = False
    hours: str
    lead_min: Minutes
    margin_min: Minutes
    min_km: NotNegative = 0.0
    max_km: NotNegative = 0.0
    detour: Annotated[float, Meta(ge=1, le=100)]
    rides_per_year: NotNegative | None = None


class DropOnDemand(EditBase, frozen=True):
    """Take a service away, by its id or name."""

    service: str


OnDemandEdit: TypeAlias = AddOnDemand | DropOnDemand


SOURCE = "scenario"


def _edited(on_demand: OnDemandServices, edit: OnDemandEdit, given: Given) -> OnDemandServices:
    services = on_demand.services
    match edit:
        case AddOnDemand():
            if any(edit.name.casefold() in {of.id.casefold(), of.name.casefold()} for of in services):
                raise ScenarioError(
                    f"there is a service '{edit.name}' already; give the new one another name."
                )
            return OnDemandServices((*services, _service(given.world, edit)), given.world.projection)
        case DropOnDemand():
            wanted = edit.service.casefold()
            kept = tuple(of for of in services if wanted not in {of.id.casefold(), of.name.casefold()})
            if len(kept) == len(services):
                known = ", ".join(of.id for of in services) or "none"
                raise ScenarioError(
                    f"there is no service '{edit.service}' to book rides from; there are: {known}."
                )
            return OnDemandServices(kept, on_demand.projection)
        case _:
            assert_never(edit)


def _service(world: World, edit: AddOnDemand) -> OnDemand:
    area = _area(world, edit)
    day = world.region.service_date
    periods = service_periods(edit.hours, day, world.region.holidays)
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


ON_DEMAND: Group[OnDemandServices, OnDemandEdit] = Group(
    kinds=(AddOnDemand, DropOnDemand),
    part=lambda world: world.network.on_demand,
    step=_edited,
    put=lambda world, on_demand: replace(world, network=replace(world.network, on_demand=on_demand)),
)
