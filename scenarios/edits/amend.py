"""One more edit of a scenario, and one less: what is about the same thing becomes one edit, so that a list of edits says how things end up."""

from __future__ import annotations

from functools import reduce
from typing import TypeAlias

from msgspec import structs

from scenarios.edits.facilities import (
    ChangeCapacity,
    ChangeOpening,
    CloseFacility,
    MoveFacility,
    OpenFacility,
    PlaceHub,
    Sited,
)
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from scenarios.edits.scenario import Edit, Scenario

Edits: TypeAlias = tuple[Edit, ...]
Placed: TypeAlias = PlaceHub | OpenFacility
SITE = ("place_id", "lon_deg", "lat_deg", "building_id")
ABOUT = (MoveFacility, CloseFacility, ChangeOpening, ChangeCapacity)
"""Edits of a facility that is there already."""


def with_edit(scenario: Scenario, edit: Edit) -> Scenario:
    """Scenario with one more edit and the same effect as with it at the end; what it overrules is changed or left out.

    A hub of the scenario that is moved is placed elsewhere, and one that is closed is not placed at all.
    """
    return structs.replace(scenario, edits=_with(scenario.edits, edit))


def without_edit(scenario: Scenario, number: int) -> Scenario:
    """Scenario without one of its edits, and without those about what only that one brought."""
    edit = scenario.edits[number]
    rest = (*scenario.edits[:number], *scenario.edits[number + 1 :])
    if isinstance(edit, PlaceHub | OpenFacility):
        rest = tuple(of for of in rest if not _needs(of, placed_id(edit)))
    return structs.replace(scenario, edits=rest)


def tidied(scenario: Scenario) -> Scenario:
    """Scenario with the same effect in which every thing has one edit."""
    found = structs.replace(scenario, edits=())
    ids: list[tuple[str, str]] = []
    for edit in scenario.edits:
        # Later edits call a hub by the id of where it was placed first.
        said = reduce(lambda of, pair: _renamed(of, *pair), ids, edit)
        before, found = found, with_edit(found, said)
        if isinstance(said, MoveFacility):
            ids += _new_ids(before, found, said.facility_id)
    return found


def _new_ids(before: Scenario, after: Scenario, facility_id: str) -> list[tuple[str, str]]:
    """The old and the new id of what was placed elsewhere, nothing where it keeps its id."""
    old, new = (
        {placed_id(of) for of in side.edits if isinstance(of, PlaceHub | OpenFacility)}
        for side in (before, after)
    )
    return [(facility_id, of) for of in new - old if facility_id in old - new]


def placed_id(edit: Placed) -> str:
    """Id of what an edit brings."""
    return edit.hub_id if isinstance(edit, PlaceHub) else edit.facility_id


def site_in_the_end(scenario: Scenario, edit: Placed) -> Sited:
    """Where what an edit brings ends up: at its own site, or where a later edit moves it."""
    moves = [
        of for of in scenario.edits if isinstance(of, MoveFacility) and of.facility_id == placed_id(edit)
    ]
    return moves[-1] if moves else edit


def _with(edits: Edits, edit: Edit) -> Edits:
    match edit:
        case MoveFacility() | CloseFacility() | ChangeOpening() | ChangeCapacity():
            if any(isinstance(of, Sited) and of.building_id == edit.facility_id for of in edits):
                return (*edits, edit)  # something stands in it: where that is depends on the order
            placed = [
                of
                for of in edits
                if isinstance(of, PlaceHub | OpenFacility) and placed_id(of) == edit.facility_id
            ]
            if placed and not edit.lasts_as_long_as(placed[0]):
                return (*edits, edit)  # it was there before
            return _amended(edits, placed[0], edit) if placed else _in_place(edits, edit)
        case ChangeYear() | ChangeTraveller() | DigitalContacts():
            return _in_place(edits, edit)
        case _:
            return edits if edit in edits else (*edits, edit)


def _in_place(edits: Edits, edit: Edit) -> Edits:
    """Edits with one in the place of that which says the same of the same thing, at the end where there is none."""
    overruled = [_overrules(edit, of) for of in edits]
    if not any(overruled):
        return (*edits, edit)
    first = overruled.index(True)
    kept = tuple(of for of, gone in zip(edits, overruled, strict=True) if not gone)
    return (*kept[:first], edit, *kept[first:])


def _overrules(edit: Edit, earlier: Edit) -> bool:
    """Whether nothing of an earlier edit is left after this one, in any year."""
    if not edit.lasts_as_long_as(earlier):
        return False
    if isinstance(edit, CloseFacility):
        return isinstance(earlier, ABOUT) and earlier.facility_id == edit.facility_id
    if type(edit) is not type(earlier):
        return False
    if isinstance(edit, DigitalContacts) and isinstance(earlier, DigitalContacts):
        return edit.kind == earlier.kind
    if isinstance(edit, MoveFacility) and isinstance(earlier, MoveFacility):
        return _is_of(earlier.facility_id, edit.facility_id)  # a hub takes along what it offers
    return not isinstance(edit, ABOUT) or (
        isinstance(earlier, ABOUT) and edit.facility_id == earlier.facility_id
    )


def _amended(
    edits: Edits, placed: Placed, edit: MoveFacility | CloseFacility | ChangeOpening | ChangeCapacity
) -> Edits:
    """Edits in which what the scenario brings itself is brought as `edit` would have it."""
    if isinstance(edit, CloseFacility):
        return tuple(of for of in edits if of is not placed and not _needs(of, edit.facility_id))
    if isinstance(edit, ChangeOpening):
        return _swapped(edits, placed, structs.replace(placed, opening=edit.opening))
    if isinstance(edit, ChangeCapacity):
        if isinstance(placed, PlaceHub):
            return _in_place(edits, edit)
        return _swapped(edits, placed, structs.replace(placed, units=edit.units))
    moved = structs.replace(placed, **{name: getattr(edit, name) for name in SITE})
    old, new = placed_id(placed), placed_id(moved)
    ids = {placed_id(of) for of in edits if isinstance(of, PlaceHub | OpenFacility) and of is not placed}
    if new in ids or edit.building_id == old:
        return _in_place(edits, edit)
    return tuple(_renamed(of, old, new) for of in _swapped(edits, placed, moved) if not _overrules(edit, of))


def _swapped(edits: Edits, old: Edit, new: Edit) -> Edits:
    return tuple(new if of is old else of for of in edits)


def _renamed(edit: Edit, old: str, new: str) -> Edit:
    """Edit about, or in, a facility that has another id now; a hub's own services have its id in front."""
    ids = {
        name: getattr(edit, name) for name in ("facility_id", "building_id") if name in edit.__struct_fields__
    }
    ids = {name: new + of.removeprefix(old) for name, of in ids.items() if of is not None and _is_of(of, old)}
    return structs.replace(edit, **ids)


def _needs(edit: Edit, facility_id: str) -> bool:
    """Whether an edit is about a facility, about what it offers, or stands in it."""
    named = edit.facility_id if isinstance(edit, ABOUT) else None
    within = edit.building_id if isinstance(edit, Sited) else None
    return any(of is not None and _is_of(of, facility_id) for of in (named, within))


def _is_of(named: str, facility_id: str) -> bool:
    return named == facility_id or named.startswith(f"{facility_id}/")
