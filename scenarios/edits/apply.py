"""A scenario applied to a world: a new world comes out, and the old one is as it was.

The groups of edits take their turns, whatever their order in the scenario: streets (paths drawn last), timetable,
rides on demand, facilities, people. Within a group they are applied in the order of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, get_args

import numpy as np

from accessibility.travel_network import Points, TravelNetwork, street_nearest, with_streets, with_timetable
from accessibility.world import World
from data.errors import DorpshubError, ScenarioError
from data.parameters.facility_kinds import FacilityKinds
from data.timetable import Timetable
from network.hierarchy.incremental import edited_search
from network.streets.incremental import reassemble
from network.streets.mapped import MappedStreets
from scenarios.edits import facilities, line_runs, on_demand, people
from scenarios.edits import streets as edits_streets
from scenarios.edits.lines import TimetableEdit
from scenarios.edits.on_demand import OnDemandEdit
from scenarios.edits.scenario import ChangeTraveller, ChangeYear, FacilityEdit, PeopleEdit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets, DrawPath, StreetEdit

Value = TypeVar("Value")
CAR = "car"


class _Turns:
    """The edits of a scenario, and what was wrong with those that had their turn."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.problems: dict[int, str] = {}

    def take(self, group: object, value: Value, step: Callable[[Value, Any], Value]) -> Value:
        """Apply the edits of one group, one after the other."""
        for number, edit in enumerate(self.scenario.edits, start=1):
            if isinstance(edit, get_args(group) or (group,)):
                try:
                    value = step(value, edit)
                except DorpshubError as error:
                    self._refuse(number, str(error))
        return value

    def refuse_twice(self, *kinds: type) -> None:
        """Refuse what can be said only once."""
        for kind in kinds:
            numbers = [
                number for number, edit in enumerate(self.scenario.edits, start=1) if isinstance(edit, kind)
            ]
            for number in numbers[1:]:
                self._refuse(number, f"edit {numbers[0]} says this already; keep one of the two.")

    def _refuse(self, number: int, reason: str) -> None:
        self.problems[number] = f"edit {number} ({type(self.scenario.edits[number - 1]).__name__}): {reason}"


def apply(world: World, scenario: Scenario, kinds: FacilityKinds) -> World:
    """World with the edits of a scenario.

    Raises
    ------
    ScenarioError
        With every bad edit, by number and reason, one on a line; then nothing is applied.

    """
    turns = _Turns(scenario)
    after = replace(world, network=_network(world, turns))
    booked = turns.take(
        OnDemandEdit,
        world.network.booked,
        lambda so_far, edit: on_demand.edited(world, so_far, edit),
    )
    if booked is not world.network.booked:
        after = replace(after, network=replace(after.network, booked=booked))
    after = turns.take(
        FacilityEdit,
        after,
        lambda so_far, edit: replace(so_far, facilities=facilities.edited(so_far, edit, kinds)),
    )
    after = turns.take(PeopleEdit, after, lambda so_far, edit: people.edited(so_far, edit, kinds))
    turns.refuse_twice(ChangeYear, ChangeTraveller)
    if turns.problems:
        raise ScenarioError(
            "\n".join(["Nothing was changed.", *(turns.problems[n] for n in sorted(turns.problems))])
        )
    return after


def _network(world: World, turns: _Turns) -> TravelNetwork:
    """Network with the edits of streets and timetable, the very same where there are none."""
    network, projection = world.network, world.projection
    mapped = network.streets.mapped

    def step(streets: MappedStreets, edit: StreetEdit) -> MappedStreets:
        return edits_streets.edited(streets, edit, network.profiles, projection)

    streets = turns.take(CloseStreets | ChangeSpeedLimit, mapped, step)
    # A path splits the streets it crosses: drawn first, it would change which streets lie within an area.
    streets = turns.take(DrawPath, streets, step)
    if streets is not mapped:
        network = with_streets(network, edited_search(network.search, reassemble(network.streets, streets)))
    timetable = turns.take(
        TimetableEdit,
        network.service.timetable,
        lambda so_far, edit: line_runs.edited(so_far, edit, _road_metres(network, so_far)),
    )
    if timetable is not network.service.timetable:
        network = with_timetable(network, timetable, projection)
    return network


def _road_metres(network: TravelNetwork, timetable: Timetable) -> line_runs.RoadMetres:
    """Metres by car between stops, of which edits of the timetable add none."""
    assert timetable.stops is network.service.timetable.stops  # noqa: S101
    x_m, y_m = network.service.stops

    def metres(one: int, other: int) -> float:
        start, end = (Points(x_m[[row]], y_m[[row]]) for row in (one, other))
        return float(np.asarray(street_nearest(network, CAR, start, end).metres)[0])

    return metres
