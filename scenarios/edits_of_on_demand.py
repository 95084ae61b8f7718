"""Edits of rides that are ordered: a new service with its zone and rules, and one taken away."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from scenarios.edit_base import EditBase, NotNegative, Spot

Minutes: TypeAlias = Annotated[float, Meta(ge=0, le=7 * 24 * 60)]
Corners: TypeAlias = Annotated[tuple[Spot, ...], Meta(max_length=1000)]


class AddOnDemand(EditBase, frozen=True, kw_only=True):
    """Let people order rides within a zone, see `data.on_demand.OnDemand`.

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
        From ordering to the earliest pick-up, and from the agreed time to the departure.
    min_km, max_km
        Shorter and longer rides are refused; 0 for no longest one.
    detour
        Time of the ride over that of a car that goes straight there.

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
    detour: Annotated[float, Meta(ge=1)]


class DropOnDemand(EditBase, frozen=True):
    """Take a service away, by its id or name."""

    service: str


OnDemandEdit: TypeAlias = AddOnDemand | DropOnDemand
