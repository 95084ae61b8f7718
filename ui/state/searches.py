"""Long searches whose answers all visitors share: where hubs should go, and the check of a region's data."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import reduce
from secrets import token_hex
from threading import Lock

import streamlit as st

from accessibility.world import World, layer_files
from data.errors import DorpshubError, ScenarioError
from data.own.check import Base, Checked, check_files
from data.own.streets import StreetFacts, facts_of_file
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.uncertainty import load_ranges
from scenarios.comparison.compare import Comparison, compare
from scenarios.edits.apply import apply
from scenarios.edits.base import Spot
from scenarios.edits.scenario import Scenario
from scenarios.placement.incumbent import Step, TimeLimit, ignore_progress
from scenarios.placement.question import later_years, mode_named
from scenarios.placement.robustness import cases as robust_cases
from scenarios.placement.solve import best_answer, first_answer, resolved
from scenarios.placement.task import Task
from ui.state.background_job import Search, Tell
from ui.state.cache import N_SUMMARIES, key_of, with_scenario, worked_out
from ui.state.uploading import Draft
from ui.views.data_quality import QualityView, quality_view
from ui.views.design import DesignView, design_view
from ui.views.placement import CurvePoint, Found, curve, found_of
from ui.views.placement_link import SiteList
from ui.views.placement_task import (
    Question,
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
from ui.views.placement_weighing import RobustView, Trade, judged, robust_view, trades
from ui.words.i18n import Texts

N_REACHES, N_SPOTS = 8, 200
"""Times to all sites of a list: 37 MB for 16,500 inhabited cells and 280 sites; and to a clicked spot."""
QUICK_S, EXACT_S, CURVE_S = 5.0, 60.0, 4.0
"""Seconds that a first answer may take, an exact search, and each point of a curve or case of assumptions."""
SETTLING_S, MOST_SETTLED = 10.0, 30
"""Seconds that may go to the question which other sites are as good, and of how many it is asked."""


@dataclass(slots=True)
class Searched:
    """What was found, for whomever."""

    lock: Lock = field(default_factory=Lock)
    """Lets only one long search run: the other core is for everybody's clicks."""
    best: dict[tuple[object, ...], Found] = field(default_factory=dict)
    quality: dict[str, QualityView] = field(default_factory=dict)
    streets: dict[str, StreetFacts] = field(default_factory=dict)


@st.cache_resource(show_spinner=False)
def _searched() -> Searched:
    return Searched()


@st.cache_resource(show_spinner=False, max_entries=N_REACHES)
def _reach(key: tuple[object, ...], kind: str, mode: str, sites: SiteList, _world: World) -> Reach:
    del key
    return reach(_world, kind, mode_named(_world, mode), site_list(_world, sites))


@st.cache_resource(show_spinner=False, max_entries=N_SPOTS)
def _spot_reach(key: tuple[object, ...], kind: str, mode: str, spot: Spot, _world: World) -> Reach:
    del key
    return reach(_world, kind, mode_named(_world, mode), spot_sites(_world, (spot,)))


def reached(world: World, asked: Question, texts: Texts) -> Reach:
    """Sites asked for and the times to them, worked out once for all questions about them."""
    key, ask = (*key_of(world), asked.base), asked.ask
    with st.spinner(texts.say("The times from every home to every site are being worked out.")):
        by_mode = []
        for mode in modes_asked(asked, modes_in(world)):
            parts = [] if ask.sites == "points" else [_reach(key, asked.kind, mode, ask.sites, world)]
            parts += [_spot_reach(key, asked.kind, mode, spot, world) for spot in ask.points]
            by_mode.append(reduce(with_sites, parts))
    return numbered(reduce(with_modes, by_mode), world, ask.points)


def modes_in(world: World) -> tuple[str, ...]:
    """Names of the modes that the traveller has."""
    return tuple(mode.name for mode in world.modes)


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES)
def _quick(key: tuple[object, ...], asked: Question, _world: World, _known: Reach) -> Found:
    del key
    task = task_of(_world, asked, _known)
    patience = TimeLimit(QUICK_S, time.perf_counter, ignore_progress)
    try:
        answer = first_answer(task, patience)
    except ScenarioError:
        # Swaps alone seldom find a set that reaches a share; the exact search does, and says why when there is none.
        answer = best_answer(task, patience)
    return found_of(_world, asked, answer, is_quick=True)


def quick_answer(world: World, asked: Question, known: Reach) -> Found:
    """Answer a question of placement at once, or from the cache.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or a quick answer does not do.

    """
    return _quick(key_of(world), asked, world, known)


def best_known(world: World, asked: Question) -> Found | None:
    """Return what an exact search has found before, for whomever; None where there was none."""
    return _searched().best.get((*key_of(world), asked))


def exact_search(world: World, asked: Question, texts: Texts) -> Search[Found]:
    """Make ready a search for the best answer, whose result all visitors share."""
    store, known = _searched(), reached(world, asked, texts)
    key = (*key_of(world), asked)

    def work(tell: Tell) -> Found:
        earlier = store.best.get(key)
        if earlier is not None and not earlier.gap_share:
            return earlier
        answer = best_answer(task_of(world, asked, known), TimeLimit(EXACT_S, time.perf_counter, tell))
        others = TimeLimit(
            SETTLING_S,
            time.perf_counter,
            lambda _step: tell(Step(answer.value, answer.bound, answer.taken_s, answer.already)),
        )
        found = found_of(world, asked, resolved(answer, MOST_SETTLED, others), is_quick=False)
        while len(store.best) >= N_SUMMARIES:
            store.best.pop(next(iter(store.best)))
        store.best[key] = found
        return found

    return Search(asked, work, store.lock)


def curve_search(world: World, asked: Question, texts: Texts) -> Search[tuple[CurvePoint, ...]]:
    """Make ready the answers for every number of hubs."""
    known = reached(world, asked, texts)

    def work(tell: Tell) -> tuple[CurvePoint, ...]:
        patience = TimeLimit(CURVE_S, time.perf_counter, tell)
        return curve(task_of(world, asked, known), asked, patience)

    return Search(asked, work, _searched().lock)


def trade_search(world: World, asked: Question, texts: Texts) -> Search[tuple[Trade, ...]]:
    """Make ready the answers that trade people within the limit for a shorter longest trip."""
    known = reached(world, asked, texts)

    def work(tell: Tell) -> tuple[Trade, ...]:
        patience = TimeLimit(CURVE_S, time.perf_counter, tell)
        return trades(task_of(world, asked, known), asked, patience)

    return Search(asked, work, _searched().lock)


def robust_search(
    worlds: tuple[World, World], scenario: Scenario, asked: Question, ids: tuple[str, ...], texts: Texts
) -> Search[RobustView]:
    """Make ready what other assumptions say of the sites with these ids; `worlds` are without and with the scenario."""
    region, world = worlds
    known, ranges, kinds = reached(world, asked, texts), load_ranges(), load_facility_kinds()
    modes = [mode_named(world, name) for name in known.times]
    cases = robust_cases(ranges, modes, later_years(world, scenario, asked.ask.year or None))

    def ask(drawn: World) -> Task:
        by_mode = [reach_of(drawn, asked.kind, mode_named(drawn, name), known.sites) for name in known.times]
        return task_of(drawn, asked, reduce(with_modes, by_mode))

    def work(tell: Tell) -> RobustView:
        judge = judged(task_of(world, asked, known), ids)
        again = (lambda drawn: apply(drawn, scenario, kinds), ask)
        return robust_view(region, judge, cases, ranges, again, TimeLimit(CURVE_S, time.perf_counter, tell))

    return Search((asked, ids), work, _searched().lock)


def quality_known(world: World) -> QualityView | None:
    """Return what was found when the data of the region were checked; None before that."""
    return _searched().quality.get(world.digest)


def quality_search(world: World) -> Search[QualityView]:
    """Make ready the check of a region's data, of which all visitors see the result."""
    store = _searched()

    def work(tell: Tell) -> QualityView:
        del tell
        if world.digest not in store.quality:
            store.quality[world.digest] = quality_view(world)
        return store.quality[world.digest]

    return Search(world.digest, work, store.lock)


def compared_with(world: World, scenarios: tuple[Scenario, Scenario], kind: str, mode: str) -> Comparison:
    """Compare two scenarios of a region with each other."""
    before, after = (worked_out(world, scenario, kind, mode).comparison.after for scenario in scenarios)
    return compare(before, after)


def file_search(world: World, draft: Draft) -> Search[Checked]:
    """Make ready the check of a visitor's files beside the region whose layers they replace; only he or she sees it."""
    store = _searched()

    def streets() -> StreetFacts:
        if world.digest not in store.streets:
            (file,) = layer_files(world, "streets")
            store.streets[world.digest] = facts_of_file(file, load_facility_kinds())
        return store.streets[world.digest]

    def work(tell: Tell) -> Checked:
        def progress(_step: str, share: float) -> None:
            if not tell(Step(share, 1.0, 0.0)):
                raise DorpshubError("Stopped: there are other files to check.")

        grid = next(iter(layer_files(world, "population")), None)
        timetable = world.network.service.timetable
        base = Base(world.region, world.places, world.facilities, timetable, grid, world.outlines, streets)
        out = draft.folder / f"check-{token_hex(8)}"
        return check_files(draft.files, base, draft.service_date, out, load_facility_kinds(), progress)

    return Search(draft, work, store.lock)


def design_of_hubs(
    region: World, world: World, scenario: Scenario, found: Found, asked: Question
) -> DesignView:
    """View of the proposed hubs for the map and the table of places; `world` is with the visitor's scenario."""
    proposal = found.added_to(scenario)
    comparison = compared_with(region, (scenario, proposal), asked.kind, asked.mode)
    after = with_scenario(region, proposal)
    return design_view(world, after, Scenario("", "", found.hubs), comparison, asked.limit_min)
