"""Long searches whose answers all visitors share: where hubs should go, and the check of a region's data."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from secrets import token_hex
from threading import Lock

import streamlit as st

from accessibility.world import World, layer_files
from data.errors import DorpshubError, ScenarioError
from data.features import load_facility_kinds
from data.own.check import Base, Checked, check_files
from data.own.streets import StreetFacts, facts_of_file
from scenarios.placement import best_answer, first_answer
from scenarios.placement_search import Patience, Step, never_told
from ui.i18n import Texts
from ui.quality_views import QualityView, quality_view
from ui.ready import N_SUMMARIES, key_of, mode_of, worked_out
from ui.upload_state import Draft
from ui.views import DesignView, design_view
from ui.where_ask import SiteList
from ui.where_search import Search, Tell
from ui.where_views import CurvePoint, Found, Question, Reach, curve, found_of, reach, task_of

N_REACHES = 6
"""Times to all sites: 37 MB for 16,500 inhabited cells and 280 sites."""
QUICK_S, EXACT_S, CURVE_S = 5.0, 60.0, 4.0
"""Seconds that a first answer may take, an exact search, and each point of a curve."""


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
    return reach(_world, kind, mode_of(_world, mode), sites)


def reached(world: World, asked: Question, texts: Texts) -> Reach:
    """Sites of the list asked for and the times to them, worked out once for all questions about them."""
    with st.spinner(texts.say("The times from every home to every site are being worked out.")):
        return _reach(key_of(world), asked.kind, asked.mode, asked.ask.sites, world)


@st.cache_resource(show_spinner=False, max_entries=N_SUMMARIES)
def _quick(key: tuple[object, ...], asked: Question, _world: World, _known: Reach) -> Found:
    del key
    task = task_of(_world, asked, mode_of(_world, asked.mode), _known)
    patience = Patience(QUICK_S, time.perf_counter, never_told)
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
    store, known, mode = _searched(), reached(world, asked, texts), mode_of(world, asked.mode)
    key = (*key_of(world), asked)

    def work(tell: Tell) -> Found:
        earlier = store.best.get(key)
        if earlier is not None and not earlier.gap_share:
            return earlier
        answer = best_answer(task_of(world, asked, mode, known), Patience(EXACT_S, time.perf_counter, tell))
        found = found_of(world, asked, answer, is_quick=False)
        while len(store.best) >= N_SUMMARIES:
            store.best.pop(next(iter(store.best)))
        store.best[key] = found
        return found

    return Search(asked, work, store.lock)


def curve_search(world: World, asked: Question, texts: Texts) -> Search[tuple[CurvePoint, ...]]:
    """Make ready the answers for every number of hubs."""
    known, mode = reached(world, asked, texts), mode_of(world, asked.mode)

    def work(tell: Tell) -> tuple[CurvePoint, ...]:
        patience = Patience(CURVE_S, time.perf_counter, tell)
        return curve(task_of(world, asked, mode, known), asked, patience)

    return Search(asked, work, _searched().lock)


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
        service = world.network.service
        base = Base(
            world.region,
            world.places,
            world.facilities,
            service.timetable,
            grid,
            world.outlines,
            streets,
        )
        out = draft.folder / f"check-{token_hex(8)}"
        return check_files(draft.files, base, draft.service_date, out, load_facility_kinds(), progress)

    return Search(draft, work, store.lock)


def design_of_hubs(world: World, found: Found, asked: Question) -> DesignView:
    """View of the proposed hubs for the map and the table of places."""
    made = worked_out(world, found.scenario, asked.kind, asked.mode)
    return design_view(world, made.after, found.scenario, made.comparison, asked.limit_min)
