"""Edits of facilities: opening, closing, moving, and what they offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, assert_never

import numpy as np

from accessibility.travel_network import WALK, Points, snap_points
from accessibility.world import World
from data.columns import Int64s, stacked, take
from data.errors import ScenarioError
from data.opening_hours.hours import read_hours
from data.parameters.facility_kinds import FacilityKinds
from data.places import Facilities
from scenarios.edits.base import EditBase, Given, Group, Latitude, Longitude, NotNegative, Positive

HUB = "hub"
HUB_ID, NEW_ID = "hub-", "new-"
"""What the ids of the hubs and of the single services of a scenario begin with."""


class Sited(EditBase, frozen=True, kw_only=True):
    """Something that stands in a place, at a point, or in an existing building: exactly one of these is given.

    Attributes
    ----------
    place_id
        Id of a place.
    lon_deg, lat_deg
        WGS84.
    building_id
        Id of a facility, a village hall for instance.

    """

    place_id: str | None = None
    lon_deg: Longitude | None = None
    lat_deg: Latitude | None = None
    building_id: str | None = None

    @property
    def site_id(self) -> str:
        """The same for the same site; "" where none is given, which is refused when the edit is applied."""
        if self.place_id is not None:
            return self.place_id
        if self.building_id is not None:
            return self.building_id
        if self.lon_deg is None or self.lat_deg is None:
            return ""
        return f"{self.lon_deg:.5f}-{self.lat_deg:.5f}"


class PlaceHub(Sited, frozen=True, kw_only=True):
    """Open a hub that offers some kinds of service.

    Attributes
    ----------
    kinds
        Kinds of facility it offers.
    opening
        Opening hours as OpenStreetMap writes them; "" where nothing is said about them.
    cost_per_year
        Euros; None where nothing is said about it, which is not the same as nothing to pay.

    """

    kinds: tuple[str, ...]
    opening: str = ""
    cost_per_year: NotNegative | None = None

    @property
    def hub_id(self) -> str:
        """Id of the facilities this edit adds: the same site always has the same id."""
        return f"{HUB_ID}{self.site_id}"


class OpenFacility(Sited, frozen=True, kw_only=True):
    """Open a single service; `units` is its size in units of the kind (GP practices, tills)."""

    kind: str
    name: str
    units: Positive = 1.0
    opening: str = ""

    @property
    def facility_id(self) -> str:
        """Id of the facility this edit adds: the same kind at the same site always has the same id."""
        return f"{NEW_ID}{self.kind}-{self.site_id}"


class MoveFacility(Sited, frozen=True, kw_only=True):
    """Move a facility to another site; a hub takes all it offers along, and one of a scenario is called after where it stands."""

    facility_id: str


class CloseFacility(EditBase, frozen=True):
    """Close a facility; a hub with all it offers."""

    facility_id: str


class ChangeOpening(EditBase, frozen=True):
    """Give a facility, or a hub and all it offers, other opening hours."""

    facility_id: str
    opening: str


class ChangeCapacity(EditBase, frozen=True):
    """Give a facility another size, in units of its kind (GP practices, tills)."""

    facility_id: str
    units: Positive


FacilityEdit: TypeAlias = (
    PlaceHub | OpenFacility | MoveFacility | CloseFacility | ChangeOpening | ChangeCapacity
)


def _edited(facilities: Facilities, edit: FacilityEdit, given: Given) -> Facilities:
    world = replace(given.world, facilities=facilities)
    match edit:
        case PlaceHub():
            return _with_hub(world, edit, given.kinds)
        case OpenFacility():
            return _with_facility(world, edit, given.kinds)
        case MoveFacility():
            rows, site = rows_of(facilities, edit.facility_id), _site(world, edit)
            x_m, y_m = facilities.x_m.copy(), facilities.y_m.copy()
            x_m[rows], y_m[rows] = site.x_m[0], site.y_m[0]
            name = list(facilities.name)
            if edit.facility_id.startswith(HUB_ID):
                for row in rows:
                    name[row] = _hub_name(world, site)
            return replace(facilities, x_m=x_m, y_m=y_m, name=tuple(name))
        case CloseFacility():
            gone = rows_of(facilities, edit.facility_id)
            return take(facilities, np.delete(np.arange(len(facilities.id)), gone))
        case ChangeOpening():
            rows = rows_of(facilities, edit.facility_id)
            _check_opening(edit.opening)
            opening = list(facilities.opening)
            for row in rows:
                opening[row] = edit.opening
            return replace(facilities, opening=tuple(opening))
        case ChangeCapacity():
            units = facilities.units.copy()
            units[rows_of(facilities, edit.facility_id)] = edit.units
            return replace(facilities, units=units)
        case _:
            assert_never(edit)


def rows_of(facilities: Facilities, facility_id: str) -> Int64s:
    """Rows of a facility: one, or for a hub its own and one for each kind it offers.

    Raises
    ------
    ScenarioError
        When there is no such facility.

    """
    inside = f"{facility_id}/"
    rows = [row for row, name in enumerate(facilities.id) if name == facility_id or name.startswith(inside)]
    if facility_id not in facilities.id:
        raise ScenarioError(
            f"there is no open facility '{facility_id}'; pick an id from the facilities table."
        )
    return np.array(rows, np.int64)


def _with_hub(world: World, edit: PlaceHub, kinds: FacilityKinds) -> Facilities:
    """One row for the hub itself and one for each kind it offers, all at the same point."""
    _check_kinds(edit.kinds, kinds, "offered")
    site = _site(world, edit)
    offered = tuple(dict.fromkeys(edit.kinds))
    ids = (edit.hub_id, *(f"{edit.hub_id}/{kind}" for kind in offered))
    return _with_rows(world, ids, (HUB, *offered), _hub_name(world, site), site, 1.0, edit.opening)


def _with_facility(world: World, edit: OpenFacility, kinds: FacilityKinds) -> Facilities:
    _check_kinds((edit.kind,), kinds, "opened")
    site = _site(world, edit)
    return _with_rows(world, (edit.facility_id,), (edit.kind,), edit.name, site, edit.units, edit.opening)


def _with_rows(
    world: World,
    ids: tuple[str, ...],
    kinds: tuple[str, ...],
    name: str,
    site: Points,
    units: float,
    opening: str,
) -> Facilities:
    if ids[0] in world.facilities.id:
        raise ScenarioError(f"there is one here already ('{ids[0]}').")
    _check_opening(opening)
    n_rows = len(ids)
    rows = Facilities(
        id=ids,
        kind=kinds,
        name=(name,) * n_rows,
        x_m=np.repeat(site.x_m, n_rows),
        y_m=np.repeat(site.y_m, n_rows),
        units=np.full(n_rows, units),
        opening=(opening,) * n_rows,
        modelled=np.full(n_rows, fill_value=True),
        date=("",) * n_rows,
        position_modelled=np.zeros(n_rows, np.bool_),
        position_m=np.zeros(n_rows),
    )
    return stacked(world.facilities, rows)


def _check_kinds(offered: tuple[str, ...], kinds: FacilityKinds, done: str) -> None:
    unknown = [kind for kind in offered if kind not in kinds.ids or kind == HUB]
    if unknown:
        known = ", ".join(kind for kind in kinds.ids if kind != HUB)
        raise ScenarioError(f"the kind {', '.join(unknown)} cannot be {done}; kinds are {known}.")


def _check_opening(opening: str) -> None:
    if opening:
        read_hours(opening)


def _site(world: World, edit: Sited) -> Points:
    """The one point where something stands, near a street."""
    at_point = (edit.lon_deg is not None, edit.lat_deg is not None)
    ways = (edit.place_id is not None, edit.building_id is not None, any(at_point))
    if sum(ways) != 1 or any(at_point) != all(at_point):
        raise ScenarioError("give either a place, a building, or a point with both lon_deg and lat_deg.")
    site = _point(world, edit)
    if not np.isfinite(site.x_m[0]) or not snap_points(world.network, WALK, site).is_attached[0]:
        raise ScenarioError(f"no street is near '{edit.site_id}'; pick a site closer to a road.")
    return site


def _point(world: World, edit: Sited) -> Points:
    places, facilities = world.places, world.facilities
    if edit.place_id is not None:
        if edit.place_id not in places.id:
            raise ScenarioError(f"there is no place '{edit.place_id}'.")
        row = [places.id.index(edit.place_id)]
        return Points(places.x_m[row], places.y_m[row])
    if edit.building_id is not None:
        row = rows_of(facilities, edit.building_id)[:1].tolist()
        return Points(facilities.x_m[row], facilities.y_m[row])
    assert edit.lon_deg is not None and edit.lat_deg is not None  # noqa: S101, PT018 -- checked by `_site`
    return Points(*world.projection.to_metres(np.array([edit.lon_deg]), np.array([edit.lat_deg])))


def _hub_name(world: World, site: Points) -> str:
    """Called after the nearest place."""
    places = world.places
    return f"Hub {places.name[int(np.argmin(np.hypot(places.x_m - site.x_m, places.y_m - site.y_m)))]}"


FACILITIES: Group[Facilities, FacilityEdit] = Group(
    kinds=(PlaceHub, OpenFacility, MoveFacility, CloseFacility, ChangeOpening, ChangeCapacity),
    part=lambda world: world.facilities,
    step=_edited,
    put=lambda world, facilities: replace(world, facilities=facilities),
)
