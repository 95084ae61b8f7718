"""Regions made ready, and scenarios worked out: what the pages show, from the caches that all visitors share."""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import pandas as pd
import streamlit as st

from accessibility.asked import mode_of, traveller_named
from accessibility.closures import closures
from accessibility.nearest_times import renumbered, same_services
from accessibility.travellers import TRAVELLERS
from accessibility.world import BASE_MAP, World, for_traveller, on_date, open_world
from data.errors import ScenarioError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.hub_services import load_hub_services
from data.parameters.rates import load_rates
from data.parameters.school_days import load_school_days
from data.parameters.uncertainty import load_ranges
from data.progress import Progress
from data.study_area.published_figures import Control, read_control
from data.tiles.archive import Archive, open_archive
from network.transit.departures import Window
from scenarios.comparison.compare import Comparison, Outcome, WorldAccess, compare, outcome, world_access
from scenarios.comparison.uncertainty import bands
from scenarios.costs.costs import Costs, changes_lines, costs_of
from scenarios.costs.vehicle_hours import YearDay, year_of
from scenarios.edits.apply import apply
from scenarios.edits.facilities import FACILITIES
from scenarios.edits.people import ChangeYear, DigitalContacts
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.library import Library, open_library
from scenarios.measures.closures import stress_singles, stress_table
from scenarios.school.day import school_day
from scenarios.school.question import question_of
from scenarios.school.tables import SchoolAnswer, answered
from ui.map import layers, served
from ui.state.cached import Cached, cached, of_data
from ui.state.link import Choices
from ui.state.regions import location, regions, uploaded_regions
from ui.views.area import AreaQuestion, Ground, ground_of
from ui.views.compare import Sureness, sureness
from ui.views.day import DayView, day_view
from ui.views.design import DesignView, design_view
from ui.views.school import school_kind
from ui.views.village import Summary, summary
from ui.words.i18n import Texts
from ui.words.words import AT_SCHOOL, HOURS

HOUR_S = 3600
LIBRARY = Path.home() / ".dorpshub" / "library.sqlite"
"""Where the library of scenarios is kept: outside the program, so that an update leaves it alone."""
N_SHARED, N_UPLOADED, N_DATES = 1000, 12, 6
"""How many regions stay open: those for everybody all of them, those of visitors, and those on other dates than the usual."""
N_OUTCOMES, N_ACCESS, N_SUMMARIES = 30, 12, 400
OUTCOMES_MB, ACCESS_MB = 40, 45
"""How many results are kept: 1 to 3 MB for an outcome of 36,000 cells; 1 to 9 MB for the ways to the stops, 33 for all modes."""
SAME_NETWORK = (*FACILITIES.kinds, ChangeYear, DigitalContacts)
"""Edits that leave streets, timetables and pace as they are."""
DAYTIME = Window(9 * HOUR_S, 60, 60)
"""Stands for all hours where they make no difference."""
BUILDING = Lock()
"""Lets only one region or date be made ready."""
Result = TypeVar("Result")


class Opened(NamedTuple):
    """A region on a date: as an adult finds it, and as each traveller does."""

    adult: World
    by_traveller: Cached[..., World]


@dataclass(frozen=True, slots=True, eq=False)
class WorkedOut:
    """A scenario worked out: the world it makes, and the comparison with the world as it is."""

    after: World
    comparison: Comparison


def library() -> Library:
    """Open the library of scenarios."""
    return _library(LIBRARY)


@cached(1)
def _library(path: Path) -> Library:
    return open_library(path)


def opened(choices: Choices, texts: Texts) -> World:
    """Open a region for a traveller, date and hours; what is asked for the first time is built, with its progress shown.

    A date that the timetable does not cover is the usual one.
    """
    uploaded_regions().opened(choices.region)
    waiting = texts.say("The region is being prepared. This happens once and takes a few minutes at most.")
    found = _with_bar(_shared if choices.region in regions() else _uploaded, waiting, texts, choices.region)
    if choices.date in map(dt.date.isoformat, found.adult.known_dates.dates):
        waiting = texts.say("The timetable of this day is being read. This happens once.")
        found = _with_bar(_dated, waiting, texts, found.adult, choices.date)
    world = _with_bar(found.by_traveller, waiting, texts, choices.traveller)
    if choices.hours == AT_SCHOOL:
        return replace(world, window=school_window(world, choices.kind))
    return replace(world, window=window_of(choices.hours)) if choices.hours else world


def _opened(region: str, *, progress: Progress) -> Opened:
    with BUILDING:
        adult = open_world(location(region), progress)
    if region in regions():
        # Streamlit looks for garbage after every click; what stays for ever need not be looked through each time.
        gc.collect()
        gc.freeze()
    return _for_all(adult)


_shared, _uploaded = cached(N_SHARED)(_opened), cached(N_UPLOADED)(_opened)


@cached(N_DATES, of_data)
def _dated(usual: World, date: str, *, progress: Progress) -> Opened:
    with BUILDING:
        return _for_all(on_date(usual, dt.date.fromisoformat(date), progress))


def _for_all(adult: World) -> Opened:
    def made(traveller: str, *, progress: Progress) -> World:
        del progress
        return for_traveller(adult, traveller_named(traveller))

    return Opened(adult, Cached(made, len(TRAVELLERS)))


def school_window(world: World, kind: str) -> Window:
    """Be at school before its bell: that of the kind, or of the first that has one; errors as of `load_school_days`.

    Bells of single schools count in `school_answer` only.
    """
    days = load_school_days(world.region.folder)
    own = school_kind(days.kinds, kind) or days.kinds[0].kind
    return Window(days.arrive_by(own), 60, 1, arrives=True)


@cached(N_ACCESS, most_mb=ACCESS_MB)
def school_answer(world: World, scenario: Scenario, kind: str) -> SchoolAnswer:
    """School day of a kind of school, with a scenario and without; ScenarioError as `worked_out`."""
    question = question_of(world, kind)
    before = school_day(world, question)
    changed = bool(scenario.edits)
    return answered(before, school_day(with_scenario(world, scenario), question) if changed else before)


def window_of(hours: str) -> Window:
    """Every minute of the hours that are called so in a link."""
    first, last = HOURS[hours]
    return Window(first * HOUR_S, 60, (last - first) * 60)


def _with_bar(function: Cached[..., Result], sentence: str, texts: Texts, *asked: object) -> Result:
    """Result from the cache, or worked out under a sentence and a bar that moves."""
    if (found := function.known(*asked)) is not None:
        return found
    with _waiting(sentence, texts) as progress:
        return function(*asked, progress=progress)


@contextmanager
def _waiting(sentence: str, texts: Texts) -> Iterator[Progress]:
    """Show a sentence and a bar that moves while something long is done, and nothing afterwards."""
    box = st.empty()
    with box.container(border=True):
        st.write(sentence)
        bar = st.progress(0.0)

    def progress(step: str, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text=texts.say_data(step))

    try:
        yield progress
    finally:
        box.empty()


@cached(2 * N_DATES, of_data)
def published(world: World) -> tuple[Control, ...]:
    """Published figures of a region."""
    return read_control(world.region)


def base_layers(world: World) -> dict[str, Any]:
    """Where a browser finds what no choice but the date changes of a map: layers, and tiles with their zooms if it has any."""
    digest, content, archive = _base_map(world)
    found: dict[str, Any] = {"layers": served.layers_address(digest, content), "tiles": None}
    if archive is not None:
        tiles = served.tiles_address(world.ready.name, archive)
        found |= {"tiles": tiles, "zooms": list(archive.zooms)}
    return found


@cached(2 * N_DATES, of_data)
def _base_map(world: World) -> tuple[str, bytes, Archive | None]:
    """Layers as JSON with their digest, and the tiles."""
    content = json.dumps(layers.base_layers(world)).encode()
    return sha256(content).hexdigest()[:32], content, open_archive(world.ready / BASE_MAP)


@cached(N_OUTCOMES)
def with_scenario(world: World, scenario: Scenario) -> World:
    """World with a scenario, ScenarioError where it does not fit; all caches are asked about worlds without one."""
    return apply(world, scenario, load_facility_kinds())


def choosable(world: World, scenario: Scenario, of: Callable[[World], tuple[str, ...]]) -> tuple[str, ...]:
    """Kinds or modes to choose from: those of the region, and those that only a scenario brings."""
    try:
        after = with_scenario(world, scenario)
    except ScenarioError:
        return of(world)
    return tuple(dict.fromkeys((*of(world), *of(after))))


def of_network(scenario: Scenario) -> Scenario:
    """Those of its changes that make streets, timetables or pace others."""
    return Scenario(
        edits=tuple(edit for edit in scenario.in_force.edits if not isinstance(edit, SAME_NETWORK))
    )


@cached(N_ACCESS, most_mb=ACCESS_MB)
def access(world: World, network_edits: Scenario, mode: str) -> WorldAccess:
    """How everybody sets out by a mode, `network_edits` being those of the changes that `of_network` gives."""
    return world_access(with_scenario(world, network_edits), mode_of(world, mode))


def _made(world: World, scenario: Scenario, kind: str, mode: str) -> Outcome:
    ways = access(world, of_network(scenario), mode)
    return outcome(with_scenario(world, scenario), kind, mode_of(world, mode), ways)


_outcome = cached(N_OUTCOMES, most_mb=OUTCOMES_MB)(_made)


def summed_up(world: World, scenario: Scenario, kind: str, mode: str) -> Summary:
    """Times of all places and means of the municipalities; ScenarioError as `worked_out`."""
    if not mode_of(world, mode).is_timed:
        # The same at any hour: worked out once for all of them.
        world = replace(world, window=DAYTIME)
    return _summed_up(world, scenario, kind, mode)


@cached(N_SUMMARIES)
def _summed_up(world: World, scenario: Scenario, kind: str, mode: str) -> Summary:
    # Not through the cache of outcomes: a page of thirty of them would push all others out.
    return _as_without(world, scenario, kind, mode) or summary(_made(world, scenario, kind, mode))


def _as_without(world: World, scenario: Scenario, kind: str, mode: str) -> Summary | None:
    """Summary without what a scenario does to services, where that leaves those of this kind as they are; None elsewhere."""
    after, edits = with_scenario(world, scenario), scenario.in_force.edits
    others = Scenario(edits=tuple(edit for edit in edits if not isinstance(edit, FACILITIES.kinds)))
    if len(others.edits) == len(edits):
        return None
    try:
        before = with_scenario(world, others)
    except ScenarioError:
        return None  # what is left builds on what is not
    rows = same_services(before.facilities, after.facilities, kind)
    if rows is None:
        return None
    found = _summed_up(world, others, kind, mode)
    return found._replace(times=renumbered(found.times, rows))


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> WorkedOut:
    """Work out a scenario for one kind and mode, or take it from the cache.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the region.

    """
    before, after = (_outcome(world, applied, kind, mode) for applied in (EMPTY, scenario))
    return WorkedOut(with_scenario(world, scenario), compare(before, after))


@cached(N_DATES, of_data)
def _year(world: World) -> tuple[YearDay, ...]:
    return year_of(world)


@cached(N_SUMMARIES, of_data)
def costs(world: World, scenario: Scenario) -> Costs:
    """What a scenario costs, by the rates of its region: the same whoever travels, and when."""
    folder = world.region.folder
    year = _year(world) if changes_lines(scenario) else ()
    return costs_of(world, year, scenario, load_rates(folder), load_hub_services(folder))


def of_cells(world: World, scenario: Scenario, choices: Choices) -> Comparison | None:
    """Comparison that the population cells of a map show; None in a region without cells."""
    if world.grid is None:
        return None
    return worked_out(world, scenario, choices.kind, choices.mode).comparison


def compared_with(world: World, scenarios: tuple[Scenario, Scenario], kind: str, mode: str) -> Comparison:
    """Compare two scenarios of a region with each other."""
    before, after = (worked_out(world, scenario, kind, mode).comparison.after for scenario in scenarios)
    return compare(before, after)


def design_of(world: World, scenario: Scenario, choices: Choices) -> DesignView:
    """View of a scenario that fits the region, for the kind, mode and limit that are chosen."""
    found = worked_out(world, scenario, choices.kind, choices.mode)
    return design_view(world, found.after, scenario, found.comparison, choices.limit)


@cached(N_SUMMARIES)
def day_of(world: World, scenario: Scenario, row: int, kind: str, mode: str) -> DayView:
    """Trip from a place to a service and back; ScenarioError as `worked_out`."""
    return day_view(with_scenario(world, scenario), row, kind, mode_of(world, mode))


@cached(N_SUMMARIES)
def sure(world: World, scenario: Scenario, kind: str, mode: str, *, progress: Progress) -> Sureness:
    """How sure the differences of a scenario are: a minute of work, for `searches.sure_job`."""

    def change(drawn: World) -> tuple[World, World]:
        return drawn, apply(drawn, scenario, load_facility_kinds())

    (band,) = bands(world, change, (kind,), (mode,), load_ranges(), progress, lambda of: of.residents)
    return sureness(with_scenario(world, scenario).residents, band)


@cached(2)
def area_ground(world: World, question: AreaQuestion) -> Ground:
    """What reports of the municipalities of a region share."""
    return ground_of(world, question)


@cached(N_ACCESS)
def stressed(world: World, scenario: Scenario, kind: str, mode: str) -> pd.DataFrame:
    """Every facility of a kind closed by itself, the worst first."""
    after, by = with_scenario(world, scenario), mode_of(world, mode)
    ways = access(world, of_network(scenario), mode).residents
    found = closures(after.network, ways, after.facilities, kind, by, pairs=False)
    return stress_table(after, kind, by, stress_singles(after, found))
