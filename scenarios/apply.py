"""A scenario applied to a world: a new world comes out, and the old one is as it was.

The groups of edits take their turns, whatever their order in the scenario; within a group they are applied in the order
of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, get_args

from accessibility.world import World
from data.errors import DorpshubError, ScenarioError
from data.features import FacilityKinds
from scenarios import facility_edits
from scenarios.edits import FacilityEdit, Scenario

Value = TypeVar("Value")


def apply(world: World, scenario: Scenario, kinds: FacilityKinds) -> World:
    """World with the edits of a scenario.

    Raises
    ------
    ScenarioError
        With every bad edit, by number and reason; then nothing is applied.

    """
    problems: dict[int, str] = {}

    def turn(group: object, value: Value, step: Callable[[Value, Any], Value]) -> Value:
        """Apply the edits of one group, one after the other."""
        for number, edit in enumerate(scenario.edits, start=1):
            if isinstance(edit, get_args(group)):
                try:
                    value = step(value, edit)
                except DorpshubError as error:
                    problems[number] = f"edit {number} ({type(edit).__name__}): {error}"
        return value

    after = turn(
        FacilityEdit,
        world,
        lambda so_far, edit: replace(so_far, facilities=facility_edits.edited(so_far, edit, kinds)),
    )
    if problems:
        raise ScenarioError(" ".join(["Nothing was changed.", *(problems[n] for n in sorted(problems))]))
    return after
