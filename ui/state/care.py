"""Rounds of home care, planned in the background."""

from __future__ import annotations

from accessibility.world import World
from scenarios.edits.scenario import Scenario
from scenarios.placement.incumbent import Step
from scenarios.rounds.solve import STEPS_PER_VISIT
from ui.state import cache
from ui.state.background_job import Job, OnProgress
from ui.state.cached import key_of
from ui.views.care import CareView, care_view
from ui.views.care_link import CareChoices


def care_key(region: World, scenario: Scenario, chosen: CareChoices) -> object:
    """What a plan is the answer to."""
    return key_of((region, scenario, chosen))


def care_job(region: World, scenario: Scenario, chosen: CareChoices) -> Job[CareView]:
    """Make ready the search for rounds without and with the visitor's scenario, and what else is to change."""

    def work(on_progress: OnProgress) -> CareView:
        after = cache.with_scenario(region, scenario) if scenario.edits else region
        return care_view(
            region, after, chosen, lambda share: on_progress(Step(share, 1.0, 0.0)), STEPS_PER_VISIT
        )

    return Job(care_key(region, scenario, chosen), work)
