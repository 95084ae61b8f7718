"""Edits of people: how many there are, how they travel, and what they need not travel for."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from accessibility.population import population_in
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller
from data.errors import ScenarioError
from data.parameters.population import read_population_totals
from scenarios.edits.base import EditBase, Given, Group, Share


class ChangeYear(EditBase, frozen=True):
    """Let the population be that of another year."""

    year: int


class DigitalContacts(EditBase, frozen=True):
    """With broadband and help, this share of the contacts with a kind of service needs no travel."""

    kind: str
    share: Share


class ChangeTraveller(EditBase, frozen=True):
    """Let everybody travel as one kind of traveller does, see `accessibility.travellers`."""

    traveller: Literal["adult", "75plus", "ebike", "no_car", "frame", "pupil"]


PeopleEdit: TypeAlias = ChangeYear | DigitalContacts | ChangeTraveller


def _edited(world: World, edit: PeopleEdit, given: Given) -> World:
    match edit:
        case ChangeTraveller():
            return for_traveller(world, {of.id: of for of in TRAVELLERS}[edit.traveller])
        case ChangeYear():
            if edit.from_year is not None:
                raise ScenarioError("this says itself which year it is; leave out its from_year.")
            totals = read_population_totals(world.region.folder)
            places, grid = population_in(world.places, world.grid, totals, edit.year)
            return replace(world, places=places, grid=grid)
        case DigitalContacts():
            known = given.kinds.ids
            if edit.kind not in known:
                raise ScenarioError(f"there is no kind '{edit.kind}'; kinds are {', '.join(known)}.")
            if edit.kind in dict(world.digital_share):
                raise ScenarioError(
                    f"the digital share of '{edit.kind}' is given twice; keep one of the two."
                )
            return replace(world, digital_share=(*world.digital_share, (edit.kind, edit.share)))
        case _:
            assert_never(edit)


PEOPLE: Group[World, PeopleEdit] = Group(
    kinds=(ChangeYear, DigitalContacts, ChangeTraveller),
    part=lambda world: world,
    step=_edited,
    put=lambda _before, world: world,
    once=(ChangeYear, ChangeTraveller),
)
