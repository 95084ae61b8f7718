"""The changes of a scenario as plain values with names and positions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

import numpy as np

from accessibility.digital import digital_reach
from accessibility.world import World
from scenarios.edits.amend import site_in_the_end
from scenarios.edits.base import Spot
from scenarios.edits.facilities import (
    ChangeCapacity,
    ChangeOpening,
    CloseFacility,
    FacilityEdit,
    MoveFacility,
    OpenFacility,
    PlaceHub,
    Sited,
)
from scenarios.edits.line_courses import AddStop, ChangeLineSpeed, Reroute, SkipStop
from scenarios.edits.lines import AddLine, ChangeHeadway, ChangeSpan, DropLine, TimetableEdit
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath, StreetEdit, course

FacilityAction: TypeAlias = Literal["hub", "opening", "move", "closure", "hours", "size"]
LineAction: TypeAlias = Literal[
    "headway", "span", "no_line", "line_speed", "new_stop", "no_stop", "reroute", "new_line"
]
Action: TypeAlias = (
    Literal["digital", "year", "traveller", "path", "no_street", "limit", "on_demand", "no_on_demand"]
    | FacilityAction
    | LineAction
)


@dataclass(frozen=True, slots=True)
class EditView:
    """One change of the scenario in plain values.

    Attributes
    ----------
    action
        What is done.
    name
        The place, the service, the line or the road it is about, "" where it is about none.
    near
        Whether the place `name` is only the nearest one.
    kinds
        Kinds of service concerned.
    lon_deg, lat_deg
        Where on the map; None for what has no single spot.
    value
        What it becomes, as the edit has it: opening hours, size, share, year, minutes, modes that may not go there; ""
        where there is nothing to say.
    lines
        Points (longitude, latitude) of what is drawn as lines: a new path, a new bus line, the streets that are closed
        or get another speed limit.
    cost_per_year
        Euros, None where nothing is said about it.
    left_out
        Of contacts that go online the inhabitants who cannot, as they have no fast internet or nobody knows; None where the region
        says nothing of it.
    facility_id
        Of what the scenario places or changes, "" for what is no facility.
    from_year
        The year from which it holds; None for always.
    holds
        Whether it holds in the year that the scenario is in.

    """

    action: Action
    name: str
    near: bool
    kinds: tuple[str, ...]
    lon_deg: float | None = None
    lat_deg: float | None = None
    value: str = ""
    lines: tuple[tuple[Spot, ...], ...] = ()
    cost_per_year: float | None = None
    facility_id: str = ""
    left_out: float | None = None
    from_year: int | None = None
    holds: bool = True


def edit_views(world: World, scenario: Scenario) -> tuple[EditView, ...]:
    """The changes of a scenario with names and positions, in order."""
    return tuple(
        replace(_edit_view(world, scenario, edit), from_year=edit.from_year, holds=scenario.holds(edit))
        for edit in scenario.edits
    )


def _edit_view(world: World, scenario: Scenario, edit: Edit) -> EditView:
    match edit:
        case DigitalContacts():
            reach = digital_reach(world)
            view = EditView("digital", "", near=False, kinds=(edit.kind,), value=f"{edit.share:g}")
            return view if reach is None else replace(view, left_out=reach.left_out)
        case ChangeYear():
            return EditView("year", "", near=False, kinds=(), value=str(edit.year))
        case ChangeTraveller():
            return EditView("traveller", "", near=False, kinds=(), value=edit.traveller)
        case AddOnDemand():
            return EditView("on_demand", edit.name, near=False, kinds=(), value=edit.hours)
        case DropOnDemand():
            return EditView("no_on_demand", _service_name(world, edit.service), near=False, kinds=())
        case DrawPath() | CloseStreets() | ChangeSpeedLimit():
            return _street_view(world, edit)
        case (
            PlaceHub()
            | OpenFacility()
            | MoveFacility()
            | CloseFacility()
            | ChangeOpening()
            | ChangeCapacity()
        ):
            return _of_facility(world, scenario, edit)
        case _:
            return _line_view(world, edit)


def _of_facility(world: World, scenario: Scenario, edit: FacilityEdit) -> EditView:
    """View with where things stand in the end: a hub that a later edit moves is told where it comes to stand."""
    match edit:
        case PlaceHub():
            hub = _at_site(world, scenario, site_in_the_end(scenario, edit), "hub", edit.kinds)
            return replace(hub, value=edit.opening, cost_per_year=edit.cost_per_year, facility_id=edit.hub_id)
        case OpenFacility():
            opened = _at_site(world, scenario, site_in_the_end(scenario, edit), "opening", (edit.kind,))
            return replace(opened, value=edit.name, facility_id=edit.facility_id)
        case MoveFacility():
            old = _facility_view(world, scenario, edit.facility_id, "move")
            moved = _at_site(world, scenario, edit, "move", old.kinds)
            return replace(moved, value=old.name, facility_id=edit.facility_id)
        case CloseFacility():
            return _facility_view(world, scenario, edit.facility_id, "closure")
        case ChangeOpening():
            return replace(_facility_view(world, scenario, edit.facility_id, "hours"), value=edit.opening)
        case ChangeCapacity():
            return replace(_facility_view(world, scenario, edit.facility_id, "size"), value=f"{edit.units:g}")
        case _:
            assert_never(edit)


def _at_site(
    world: World, scenario: Scenario, edit: Sited, action: Action, kinds: tuple[str, ...]
) -> EditView:
    """View of what stands in a place, in a building, or at a point."""
    places = world.places
    if edit.place_id is not None:
        row = places.id.index(edit.place_id)
        lon_deg, lat_deg = _lonlat(world, places.x_m[row], places.y_m[row])
        return EditView(action, places.name[row], near=False, kinds=kinds, lon_deg=lon_deg, lat_deg=lat_deg)
    if edit.building_id is not None:
        building = _facility_view(world, scenario, edit.building_id, action)
        return replace(building, kinds=kinds)
    assert edit.lon_deg is not None and edit.lat_deg is not None  # noqa: S101, PT018 - the only way left
    name = nearest_place(world, edit.lon_deg, edit.lat_deg)
    return EditView(action, name, near=True, kinds=kinds, lon_deg=edit.lon_deg, lat_deg=edit.lat_deg)


def _facility_view(world: World, scenario: Scenario, facility_id: str, action: Action) -> EditView:
    """View of what happens to a facility of the world, or to one that the scenario itself brings."""
    facilities = world.facilities
    if facility_id in facilities.id:
        row = facilities.id.index(facility_id)
        lon_deg, lat_deg = _lonlat(world, facilities.x_m[row], facilities.y_m[row])
        return EditView(
            action,
            facilities.name[row],
            near=False,
            kinds=(facilities.kind[row],),
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            facility_id=facility_id,
        )
    for edit in scenario.edits:
        if isinstance(edit, OpenFacility) and edit.facility_id == facility_id:
            opened = _at_site(world, scenario, site_in_the_end(scenario, edit), action, (edit.kind,))
            return replace(opened, name=edit.name, near=False, facility_id=facility_id)
        if isinstance(edit, PlaceHub) and edit.hub_id == facility_id.partition("/")[0]:
            hub = _at_site(world, scenario, site_in_the_end(scenario, edit), action, edit.kinds)
            return replace(hub, name=f"Hub {hub.name}", near=False, facility_id=facility_id)
    return EditView(action, facility_id, near=False, kinds=(), facility_id=facility_id)


def _street_view(world: World, edit: StreetEdit) -> EditView:
    if isinstance(edit, DrawPath):
        near = nearest_place(world, *edit.line[0])
        return EditView("path", near, near=True, kinds=(), value=edit.kind, lines=(edit.line,))
    action: Action = "limit" if isinstance(edit, ChangeSpeedLimit) else "no_street"
    value = str(edit.limit_kmh) if isinstance(edit, ChangeSpeedLimit) else " ".join(edit.modes)
    name = edit.road or ", ".join(edit.classes)
    view = EditView(action, name, near=False, kinds=(), value=value, lines=course(world, edit))
    spot = edit.at or _middle(edit.area)
    if spot is None:
        return view
    view = replace(view, lon_deg=spot[0], lat_deg=spot[1])
    return view if view.name else replace(view, name=nearest_place(world, *spot), near=True)


def _middle(area: tuple[Spot, ...]) -> Spot | None:
    """Middle of the corners of an area; None of none."""
    if not area:
        return None
    return sum(lon for lon, _ in area) / len(area), sum(lat for _, lat in area) / len(area)


def _line_view(world: World, edit: TimetableEdit) -> EditView:
    view = EditView("headway", edit.name if isinstance(edit, AddLine) else edit.line, near=False, kinds=())
    match edit:
        case ChangeHeadway():
            return replace(view, value=f"{edit.headway_min:g}")
        case ChangeSpan():
            return replace(view, action="span", value=f"{edit.first}-{edit.last}")
        case DropLine():
            return replace(view, action="no_line")
        case ChangeLineSpeed():
            return replace(view, action="line_speed", value=f"{edit.speed_share:g}")
        case AddStop():
            return replace(view, action="new_stop", value=_stop_name(world, edit.stop))
        case SkipStop():
            return replace(view, action="no_stop", value=_stop_name(world, edit.stop))
        case Reroute():
            ends = (_stop_name(world, stop) for stop in (edit.from_stop, edit.to_stop))
            return replace(view, action="reroute", value=" \u2013 ".join(ends))
        case AddLine():
            return replace(
                view,
                action="new_line",
                value=f"{edit.headway_min:g}",
                lines=(_stops_line(world, edit.stops),),
            )
        case _:
            assert_never(edit)


def _service_name(world: World, service: str) -> str:
    """Name of an on-demand service given by id or name."""
    return next((one.name for one in world.network.on_demand.services if one.id == service), service)


def _stop_name(world: World, stop: str) -> str:
    """Name of a stop given by id or name."""
    stops = world.network.service.timetable.stops
    return stops.name[stops.id.index(stop)] if stop in stops.id else stop


def _stops_line(world: World, route: tuple[str, ...]) -> tuple[Spot, ...]:
    """Points of the stops of a line."""
    stops = world.network.service.timetable.stops
    rows = [(stops.id if stop in stops.id else stops.name).index(stop) for stop in route]
    return tuple((float(stops.lon_deg[row]), float(stops.lat_deg[row])) for row in rows)


def _lonlat(world: World, x_m: float, y_m: float) -> tuple[float, float]:
    lon, lat = world.projection.to_lonlat(np.array([x_m]), np.array([y_m]))
    return float(lon[0]), float(lat[0])


def nearest_place(world: World, lon_deg: float, lat_deg: float) -> str:
    """Name of the place closest to a point, straight-line."""
    x_m, y_m = world.projection.to_metres(np.array([lon_deg]), np.array([lat_deg]))
    squared = (world.places.x_m - x_m[0]) ** 2 + (world.places.y_m - y_m[0]) ** 2
    return world.places.name[int(squared.argmin())]
