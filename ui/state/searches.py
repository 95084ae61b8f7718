"""Long searches: where hubs should go, the check of a region's data, and that of a visitor's files."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from secrets import token_hex
from typing import NamedTuple, TypeVar

import numpy as np
import streamlit as st

from accessibility.asked import mode_of, modes_in
from accessibility.world import World, layer_files
from data.errors import DorpshubError, ScenarioError
from data.own.check import Base, Checked, check_files
from data.own.streets import StreetFacts, facts_of_file
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from scenarios.edits.apply import apply
from scenarios.edits.base import Spot
from scenarios.edits.scenario import Scenario
from scenarios.placement.incumbent import Step, TimeLimit, ignore_progress
from scenarios.placement.question import later_years
from scenarios.placement.robustness import cases as robust_cases
from scenarios.placement.solve import best_answer, first_answer, resolved
from scenarios.placement.task import Task
from scenarios.plan.question import PlanSites, lasting, states
from scenarios.plan.question import refuse_faults as refuse_plan
from scenarios.plan.regret import regret
from scenarios.plan.solve import best_plan
from scenarios.services.solve import best_answer as best_services
from ui.state import cache
from ui.state.background_job import Job, OnProgress
from ui.state.cached import cached, key_of, of_data
from ui.state.uploading import Draft
from ui.views.compare import Sureness
from ui.views.data_quality import QualityView, quality_view
from ui.views.placement.answer import Found, found_of
from ui.views.placement.link import SiteList
from ui.views.placement.plan import PlanFound, plan_found, plan_question, plan_task
from ui.views.placement.question import (
    PageQuestion,
    Reach,
    modes_asked,
    numbered,
    reach,
    reach_of,
    site_list,
    spot_sites,
    task_of,
    with_modes,
    with_sites,
)
from ui.views.placement.services import (
    ServicesFound,
    kinds_asked,
    known_services,
    services_found,
    services_task,
)
from ui.views.placement.weighing import RobustView, judged, robust_view
from ui.words.i18n import Texts

N_REACHES, N_SPOTS, REACHES_MB = 8, 200, 50
"""Times to all sites of a list: 9 MB for 16,500 inhabited cells and 280 sites; and to a clicked spot."""
QUICK_S, EXACT_S, CURVE_S = 5.0, 60.0, 4.0
"""Seconds that a first answer may take, an exact search, and each point of a curve or case of assumptions."""
SETTLING_S, MOST_SETTLED = 10.0, 30
"""Seconds that may go to the question which other sites are as good, and of how many it is asked."""
Result = TypeVar("Result")


class Asked(NamedTuple):
    """A question of placement, and the region and the scenario that it starts from."""

    region: World
    scenario: Scenario
    question: PageQuestion

    @property
    def world(self) -> World:
        """The region with the scenario."""
        return cache.with_scenario(self.region, self.scenario)


@cached(N_REACHES, most_mb=REACHES_MB)
def _reach(region: World, scenario: Scenario, kind: str, mode: str, sites: SiteList) -> Reach:
    world = cache.with_scenario(region, scenario)
    return reach(world, kind, mode_of(world, mode), site_list(world, sites))


@cached(N_SPOTS)
def _spot_reach(region: World, scenario: Scenario, kind: str, mode: str, spot: Spot) -> Reach:
    world = cache.with_scenario(region, scenario)
    return reach(world, kind, mode_of(world, mode), spot_sites(world, (spot,)))


def reached(asked: Asked, texts: Texts) -> Reach:
    """Sites asked for and the times to them, worked out once for all questions about them."""
    region, scenario, question = asked
    chosen, world = question.chosen, asked.world
    with st.spinner(texts.say("The times from every home to every site are being worked out.")):
        by_mode = []
        for mode in modes_asked(question, modes_in(world)):
            of = (region, scenario, question.kind, mode)
            parts = [] if chosen.sites == "points" else [_reach(*of, chosen.sites)]
            by_mode.append(reduce(with_sites, [*parts, *(_spot_reach(*of, spot) for spot in chosen.points)]))
    return numbered(reduce(with_modes, by_mode), world, chosen.points)


def _limit(limit_s: float, on_progress: OnProgress = ignore_progress) -> TimeLimit:
    return TimeLimit(limit_s, time.perf_counter, on_progress)


@cached(cache.N_SUMMARIES)
def quick_answer(asked: Asked, *, known: Reach) -> Found:
    """Answer a question of placement at once.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or a quick answer does not do.

    """
    task, limit = task_of(asked.world, asked.question, known), _limit(QUICK_S)
    try:
        answer = first_answer(task, limit)
    except ScenarioError:
        # Swaps alone seldom find a set that reaches a share; the exact search does, and says why when there is none.
        answer = best_answer(task, limit)
    return found_of(asked.world, asked.question, answer, is_quick=True)


@cached(cache.N_SUMMARIES)
def exact_answer(asked: Asked, *, known: Reach, on_progress: OnProgress) -> Found:
    """Answer a question of placement as well as can be."""
    answer = best_answer(task_of(asked.world, asked.question, known), _limit(EXACT_S, on_progress))
    best = Step(answer.value, answer.bound, answer.taken_s, answer.already)
    settled = resolved(answer, MOST_SETTLED, _limit(SETTLING_S, lambda _step: on_progress(best)))
    return found_of(asked.world, asked.question, settled, is_quick=False)


def exact_job(asked: Asked, texts: Texts) -> Job[Found]:
    """Make ready a search for the best answer, whose result all visitors share."""
    known = reached(asked, texts)

    def work(on_progress: OnProgress) -> Found:
        earlier = exact_answer.known(asked)
        if earlier is not None and not earlier.gap_share:
            return earlier
        return exact_answer.renew(asked, known=known, on_progress=on_progress)

    return Job(key_of(asked), work)


def weighing_job(
    asked: Asked, weigh: Callable[[Task, PageQuestion, TimeLimit], Result], texts: Texts
) -> Job[Result]:
    """Make ready what asks a question again and again: for every number of hubs, or every longest trip."""
    known = reached(asked, texts)

    def work(on_progress: OnProgress) -> Result:
        task = task_of(asked.world, asked.question, known)
        return weigh(task, asked.question, _limit(CURVE_S, on_progress))

    return Job(key_of(asked), work)


def services_job(asked: Asked, texts: Texts) -> Job[ServicesFound]:
    """Make ready the search for the best hubs with several services."""
    world, question = asked.world, asked.question
    kinds = kinds_asked(known_services(world), question)
    known = {kind: reached(asked_of(asked, kind), texts) for kind in kinds}

    def work(on_progress: OnProgress) -> ServicesFound:
        task = services_task(world, question, known)
        return services_found(world, question, best_services(task, _limit(EXACT_S, on_progress)))

    return Job(key_of(asked), work)


def plan_job(asked: Asked, texts: Texts) -> Job[PlanFound]:
    """Make ready the search for the best plan over years."""
    region, scenario, question = asked
    known = reached(asked, texts)
    whole = plan_question(region, question, tuple(known.times))
    parts = states(whole, scenario)
    worlds = [cache.with_scenario(region, part.scenario) for part in parts]

    def work(on_progress: OnProgress) -> PlanFound:
        refuse_plan(whole, region, scenario)
        found, by_mode = PlanSites(known.sites, np.zeros(len(known.sites.id), np.int64)), [dict(known.times)]
        if len(parts) > 1:
            # Something opens or closes meanwhile, so that times, and where a hub can stand, differ by year.
            found, modes = (
                lasting(known.sites, parts, worlds),
                [mode_of(region, name) for name in known.times],
            )
            again = [[reach_of(of, question.kind, mode, found.sites) for mode in modes] for of in worlds]
            by_mode = [dict(reduce(with_modes, of_modes).times) for of_modes in again]
        answer = best_plan(plan_task(region, whole, parts, by_mode, found), _limit(EXACT_S, on_progress))
        lost = regret(answer, _limit(SETTLING_S))
        return plan_found(region, whole, question.offers, scenario, answer, lost)

    return Job(key_of(asked), work)


def asked_of(asked: Asked, kind: str) -> Asked:
    """The same sites, for another kind of service and by the mode of the page alone."""
    chosen = replace(asked.question.chosen, by="mode")
    return asked._replace(question=replace(asked.question, kind=kind, chosen=chosen))


def robust_job(asked: Asked, ids: tuple[str, ...], texts: Texts) -> Job[RobustView]:
    """Make ready what other assumptions say of the sites with these ids."""
    (region, scenario, question), world = asked, asked.world
    known, ranges, kinds = reached(asked, texts), load_ranges(), load_facility_kinds()
    modes = [mode_of(world, name) for name in known.times]
    cases = robust_cases(ranges, modes, later_years(world, scenario, question.chosen.year or None))

    def task(drawn: World) -> Task:
        by_mode = [reach_of(drawn, question.kind, mode_of(drawn, name), known.sites) for name in known.times]
        return task_of(drawn, question, reduce(with_modes, by_mode))

    def work(on_progress: OnProgress) -> RobustView:
        judge = judged(task_of(world, question, known), ids)
        again = (lambda drawn: apply(drawn, scenario, kinds), task)
        return robust_view(region, judge, cases, ranges, again, _limit(CURVE_S, on_progress))

    return Job(key_of((asked, ids)), work)


@cached(cache.N_UPLOADED, of_data)
def checked_data(world: World) -> QualityView:
    """Check the data of a region."""
    return quality_view(world)


@cached(cache.N_UPLOADED, of_data)
def _source_streets(world: World) -> StreetFacts:
    (file,) = layer_files(world, "streets")
    return facts_of_file(file, load_facility_kinds())


def sure_job(world: World, scenarios: tuple[Scenario, ...], kind: str, mode: str) -> Job[Sureness]:
    """Make ready to work out how sure the comparison of each scenario is; the results are kept in the cache."""

    def work(on_progress: OnProgress) -> Sureness:
        def progress(number: int) -> Callable[[str, float], None]:
            def told(_step: str, share: float) -> None:
                if not on_progress(Step((number + share) / len(scenarios), 1.0, 0.0)):
                    raise DorpshubError("Stopped: another comparison is looked at.")

            return told

        found = [
            cache.sure(world, scenario, kind, mode, progress=progress(number))
            for number, scenario in enumerate(scenarios)
        ]
        return found[-1]

    return Job(key_of((world, scenarios, kind, mode)), work)


def file_job(world: World, draft: Draft) -> Job[Checked]:
    """Make ready the check of a visitor's files beside the region whose layers they replace; nobody else sees it."""

    def work(on_progress: OnProgress) -> Checked:
        def progress(_step: str, share: float) -> None:
            if not on_progress(Step(share, 1.0, 0.0)):
                raise DorpshubError("Stopped: there are other files to check.")

        grid = next(iter(layer_files(world, "population")), None)
        timetable = world.network.service.timetable
        base = Base(
            world.region,
            world.places,
            world.facilities,
            timetable,
            grid,
            world.outlines,
            layer_files(world, "timetable"),
            lambda: _source_streets(world),
        )
        out = draft.folder / f"check-{token_hex(8)}"
        return check_files(draft.files, base, draft.service_date, out, load_facility_kinds(), progress)

    return Job(draft, work)
