"""Edits of people: how many there are, how they travel, and what they need not travel for."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from accessibility.population import population_in
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller
from data.errors import ScenarioError
from data.parameters.facility_kinds import FacilityKinds
from data.parameters.population import read_population_totals
from scenarios.edits.scenario import ChangeTraveller, ChangeYear, DigitalContacts, PeopleEdit


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
        case ChangeYear():
            totals = read_population_totals(world.region.folder)
            places, grid = population_in(world.places, world.grid, totals, edit.year)
            return replace(world, places=places, grid=grid)
        case DigitalContacts():
            if edit.kind not in kinds.ids:
                raise ScenarioError(f"there is no kind '{edit.kind}'; kinds are {', '.join(kinds.ids)}.")
            if edit.kind in dict(world.digital_share):
                raise ScenarioError(
                    f"the digital share of '{edit.kind}' is given twice; keep one of the two."
                )
            return replace(world, digital_share=(*world.digital_share, (edit.kind, edit.share)))
        case _:
            assert_never(edit)
