"""What a visitor can do to the scenario on several pages, and what the next hub is like."""

from __future__ import annotations

from dataclasses import dataclass, replace

from accessibility.world import World
from scenarios.edits.amend import with_edit
from scenarios.edits.facilities import Sited
from scenarios.edits.scenario import Edit
from ui.state.session import NOT_HERE, NOT_POSSIBLE, act
from ui.views.design import hub_kinds


@dataclass(slots=True)
class NextHub:
    """What the next hub offers, and costs a year."""

    offers: tuple[str, ...] = ("gp", "pharmacy", "supermarket")
    cost_per_year: float | None = None

    def kinds(self, world: World) -> tuple[str, ...]:
        """What of it a hub can offer here."""
        return tuple(kind for kind in hub_kinds(world) if kind in self.offers)


def add(edit: Edit) -> None:
    """Add a change to the scenario, in the place of an earlier one about the same thing."""
    state = act()
    changed = with_edit(state.scenario, edit)
    if changed != state.scenario:
        state.change(changed, NOT_HERE if isinstance(edit, Sited) else NOT_POSSIBLE)
    if state.choices.show == "before":
        state.choices = replace(state.choices, show="after")
