"""A scenario applied to a world: a new world comes out, and the old one is as it was.

The groups of edits take their turns, whatever their order in the scenario. Within a group they are applied in the order
of the years from which they hold, those that always hold first, and else in the order of the scenario.
"""

from __future__ import annotations

from typing import Any

from accessibility.world import World
from data.errors import DorpshubError, ScenarioError
from data.parameters.facility_kinds import FacilityKinds
from scenarios.edits.base import Given, Group, Kind, Part
from scenarios.edits.facilities import FACILITIES
from scenarios.edits.lines import LINES
from scenarios.edits.on_demand import ON_DEMAND
from scenarios.edits.people import PEOPLE
from scenarios.edits.scenario import Scenario
from scenarios.edits.streets import STREETS

GROUPS: tuple[Group[Any, Any], ...] = (STREETS, LINES, ON_DEMAND, FACILITIES, PEOPLE)
"""In the order of their turns."""


def apply(world: World, scenario: Scenario, kinds: FacilityKinds) -> World:
    """World with the edits of a scenario.

    Raises
    ------
    ScenarioError
        With every bad edit, by number and reason, one on a line; then nothing is applied.

    """
    problems: dict[int, str] = {}
    for group in GROUPS:
        world, found = _after_turn(group, Given(world, kinds), scenario)
        problems |= found
    if problems:
        raise ScenarioError("\n".join(["Nothing was changed.", *(problems[n] for n in sorted(problems))]))
    return world


def _after_turn(group: Group[Part, Kind], given: Given, scenario: Scenario) -> tuple[World, dict[int, str]]:
    """World with the edits of one group, the very same where there are none, and what was wrong by number of the edit."""
    own = {
        number: edit
        for number, edit in enumerate(scenario.edits, start=1)
        if isinstance(edit, group.kinds) and scenario.holds(edit)
    }
    before = after = group.part(given.world)
    problems: dict[int, str] = {}
    for number, edit in sorted(
        own.items(), key=lambda item: (isinstance(item[1], group.last), item[1].from_year or 0)
    ):
        try:
            if isinstance(edit, group.once):
                _check_first(number, edit, own)
            after = group.step(after, edit, given)
        except DorpshubError as error:
            problems[number] = f"edit {number} ({type(edit).__name__}): {error}"
    return given.world if after is before else group.put(given.world, after), problems


def _check_first(number: int, edit: Kind, own: dict[int, Kind]) -> None:
    """Refuse what can be said only once."""
    first = next(other for other, of in own.items() if type(of) is type(edit))
    if first < number:
        raise ScenarioError(f"edit {first} says this already; keep one of the two.")
