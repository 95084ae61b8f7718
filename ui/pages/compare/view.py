"""What the page "Compare" shows: the visitor's scenario and those beside it, each compared with the region as it is."""

from __future__ import annotations

from dataclasses import dataclass

from accessibility.world import World
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from ui.state import cache
from ui.state.date_actions import keep_day
from ui.state.session import BAD_LINK, Message, visit
from ui.state.settle import misfit
from ui.views.compare import CompareView, compare_view
from ui.views.design import hub_kinds
from ui.views.side_by_side import LETTERS
from ui.views.village import place_row


@dataclass(frozen=True, slots=True)
class Compared:
    """Scenarios beside each other, each compared with the region as it is.

    Attributes
    ----------
    scenarios, views
        What is compared.
    chosen
        Which of them the page tells of.
    is_example
        Whether the visitor has none yet.

    """

    scenarios: tuple[Scenario, ...]
    views: tuple[CompareView, ...]
    chosen: int
    is_example: bool

    @property
    def view(self) -> CompareView:
        """View of the one that the page tells of."""
        return self.views[self.chosen]


def settle_others(world: World) -> None:
    """Let go of scenarios that do not fit the region."""
    state = visit()
    others = tuple(other for other in state.others if not misfit(world, other))
    if others != state.others:
        keep_day("")
        state.message, state.others = Message(BAD_LINK, ""), others


def compared(world: World) -> Compared:
    """Views of the visitor's scenario and of those beside it; an example as long as there is none."""
    state = visit()
    is_example = state.scenario == EMPTY and not state.others
    first = example(world) if is_example else state.scenario
    scenarios = (first, *state.others) if first.edits or is_example else state.others
    views = tuple(_view(world, scenario) for scenario in scenarios)
    # One that was taken out since can no longer be told of: then it is the first.
    at = LETTERS.index(state.choices.letter)
    return Compared(scenarios, views, at if at < len(scenarios) else 0, is_example)


def _view(world: World, scenario: Scenario) -> CompareView:
    choices = visit().choices
    found = cache.worked_out(world, scenario, choices.kind, choices.mode)
    costs = cache.costs(world, scenario)
    return compare_view(
        world, found.after, scenario, found.comparison, costs, choices.limit, choices.without_car
    )


def example(world: World) -> Scenario:
    """Scenario for those who have none yet: a hub in the village that the app begins with."""
    place_id = world.places.id[place_row(world, visit().choices.place)]
    return Scenario("", "", (PlaceHub(place_id=place_id, kinds=hub_kinds(world)),))
