"""A scenario is a named list of edits; applying it gives a new world and leaves the old one as it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TypeAlias, assert_never

import numpy as np

from accessibility.travel_network import WALK, Points, snap_points
from accessibility.world import World
from data.errors import ScenarioError
from data.features import FacilityKinds
from data.places import Facilities

HUB = "hub"


@dataclass(frozen=True, slots=True)
class PlaceHub:
    """Open a hub in a place, or at a point, that offers some kinds of service.

    Either `place_id` or both `lon_deg` and `lat_deg` (WGS84) are given, the other is None.
    """

    place_id: str | None
    lon_deg: float | None
    lat_deg: float | None
    kinds: tuple[str, ...]

    @property
    def hub_id(self) -> str:
        """Id of the facilities this edit adds: the same site always has the same id."""
        if self.place_id is not None:
            return f"hub-{self.place_id}"
        return f"hub-{self.lon_deg:.5f}-{self.lat_deg:.5f}"


@dataclass(frozen=True, slots=True)
class CloseFacility:
    """Close one facility of the region."""

    facility_id: str


Edit: TypeAlias = PlaceHub | CloseFacility


@dataclass(frozen=True, slots=True)
class Scenario:
    """What changes, under a name people can talk about."""

    name: str
    note: str
    edits: tuple[Edit, ...]

    @property
    def key(self) -> str:
        """SHA-256 of what changes, kind of each edit included: equal for equal effects, whatever the name."""
        rows = [[type(edit).__name__, asdict(edit)] for edit in self.edits]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


EMPTY = Scenario("", "", ())


def apply(world: World, scenario: Scenario, kinds: FacilityKinds) -> World:
    """World with the edits of a scenario.

    Raises
    ------
    ScenarioError
        With every bad edit, by number and reason; then nothing is applied.

    """
    problems: list[str] = []
    facilities = world.facilities
    for number, edit in enumerate(scenario.edits, start=1):
        reason = _problem(replace(world, facilities=facilities), edit, kinds)
        if reason:
            problems.append(f"edit {number} ({type(edit).__name__}): {reason}")
        else:
            facilities = _applied(world, facilities, edit)
    if problems:
        raise ScenarioError("Nothing was changed. " + " ".join(problems))
    return replace(world, facilities=facilities)


def _problem(world: World, edit: Edit, kinds: FacilityKinds) -> str:
    match edit:
        case PlaceHub():
            return _hub_problem(world, edit, kinds)
        case CloseFacility(facility_id=facility_id):
            if facility_id not in world.facilities.id:
                return f"there is no open facility '{facility_id}'; pick an id from the facilities table."
            return ""
        case _:
            assert_never(edit)


def _hub_problem(world: World, edit: PlaceHub, kinds: FacilityKinds) -> str:
    unknown = [kind for kind in edit.kinds if kind not in kinds.ids or kind == HUB]
    if unknown:
        return f"a hub cannot offer {', '.join(unknown)}; kinds are {', '.join(set(kinds.ids) - {HUB})}."
    in_place, at_point = edit.place_id is not None, edit.lon_deg is not None and edit.lat_deg is not None
    if in_place == at_point or (in_place and (edit.lon_deg is not None or edit.lat_deg is not None)):
        return "give either a place, or a point with both lon_deg and lat_deg."
    if in_place and edit.place_id not in world.places.id:
        return f"there is no place '{edit.place_id}'."
    if edit.hub_id in world.facilities.id:
        return f"there is a hub here already ('{edit.hub_id}')."
    site = _site(world, edit)
    if not np.isfinite(site.x_m[0]) or snap_points(world.network, WALK, site).edge[0] < 0:
        return f"no street is near '{edit.hub_id}'; pick a site closer to a road."
    return ""


def _site(world: World, edit: PlaceHub) -> Points:
    """The one point where the hub stands."""
    if edit.place_id is not None:
        row = [world.places.id.index(edit.place_id)]
        return Points(world.places.x_m[row], world.places.y_m[row])
    return Points(*world.projection.to_metres(np.array([edit.lon_deg]), np.array([edit.lat_deg])))


def _applied(world: World, facilities: Facilities, edit: Edit) -> Facilities:
    match edit:
        case PlaceHub():
            return _with_hub(world, facilities, edit)
        case CloseFacility(facility_id=facility_id):
            return _without(facilities, facility_id)
        case _:
            assert_never(edit)


def _with_hub(world: World, facilities: Facilities, edit: PlaceHub) -> Facilities:
    """One row for the hub itself and one for each kind it offers, all at the same point."""
    (x_m,), (y_m,) = _site(world, edit)
    nearest_place = np.argmin(np.hypot(world.places.x_m - x_m, world.places.y_m - y_m))
    name = f"Hub {world.places.name[nearest_place]}"
    offered = tuple(dict.fromkeys(edit.kinds))
    n_rows = 1 + len(offered)
    return Facilities(
        id=(*facilities.id, edit.hub_id, *(f"{edit.hub_id}/{kind}" for kind in offered)),
        kind=(*facilities.kind, HUB, *offered),
        name=facilities.name + (name,) * n_rows,
        x_m=np.append(facilities.x_m, [x_m] * n_rows),
        y_m=np.append(facilities.y_m, [y_m] * n_rows),
        units=np.append(facilities.units, [1.0] * n_rows),
        modelled=np.append(facilities.modelled, [True] * n_rows),
    )


def _without(facilities: Facilities, facility_id: str) -> Facilities:
    row = facilities.id.index(facility_id)
    return Facilities(
        id=facilities.id[:row] + facilities.id[row + 1 :],
        kind=facilities.kind[:row] + facilities.kind[row + 1 :],
        name=facilities.name[:row] + facilities.name[row + 1 :],
        x_m=np.delete(facilities.x_m, row),
        y_m=np.delete(facilities.y_m, row),
        units=np.delete(facilities.units, row),
        modelled=np.delete(facilities.modelled, row),
    )
