"""Edits of people: how they travel."""

from __future__ import annotations

from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller
from data.errors import ScenarioError
from data.features import FacilityKinds
from scenarios.edits import ChangeTraveller, ChangeYear, DigitalContacts, PeopleEdit


def edited(world: World, edit: PeopleEdit, kinds: FacilityKinds) -> World:
    """World after an edit.

    Raises
    ------
    ScenarioError, InputError
        When the edit is not possible here, with the reason and what to do.

    """
    match edit:
        case ChangeTraveller():
            return for_traveller(world, {of.id: of for of in TRAVELLERS}[edit.traveller])
        case ChangeYear() | DigitalContacts():
            raise ScenarioError(f"{type(edit).__name__} is not supported")
