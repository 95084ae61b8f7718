"""The first step of every page run: choices that cannot be met are changed, with the reason as message.

After it the state stays as it is until the visitor does something; views are made from it and change nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from msgspec import structs

from accessibility.asked import modes_in
from accessibility.world import World
from data.errors import DorpshubError, InputError, ScenarioError
from scenarios.edits.scenario import EMPTY, Scenario
from ui.sentences.design import no_service_sentence
from ui.state import cache
from ui.state.date_actions import keep_day
from ui.state.regions import first_region, is_uploaded, regions, uploaded_regions
from ui.state.session import OTHER_REGION, REGION_GONE, Message, Visit, region, texts, visit
from ui.state.uploading import Uploading
from ui.views.design import kinds_in
from ui.words.i18n import mark

BAD_DAY = mark("The timetable of the day you chose cannot be used, so you see the usual day again.")
REGION_BROKEN = mark(
    "This region with data of your own cannot be opened, so you see the region that the app begins with. Check the files again."
)


def settle_region() -> World:
    """Open the region; where it, the date, the service or the way to travel is not to be had, take another."""
    state = visit()
    found = _open(state)
    if state.choices.kind not in (kinds := cache.choosable(found, state.scenario, kinds_in)):
        state.choices = replace(state.choices, kind=kinds[0])
    settle_mode(state, cache.choosable(found, state.scenario, modes_in))
    return found


def settle_mode(state: Visit, modes: tuple[str, ...]) -> None:
    """Take a way to travel that there is: without the bike or the car one goes by bus rather than all the way on foot."""
    if state.choices.mode not in modes:
        state.choices = replace(state.choices, mode="transit" if "transit" in modes else modes[0])


def _open(state: Visit) -> World:
    """Open the region; where one of a visitor is gone or cannot be built, the one that the app begins with."""
    name = state.choices.region
    if name in regions():
        return _on_date(state)
    try:
        if is_uploaded(name):
            found, uploading = _on_date(state), state.of(Uploading)
            uploading.known = (*(known for known in uploading.known if known != name), name)
            return found
        state.message = Message(REGION_GONE, "")
    except DorpshubError as error:
        state.message = Message(REGION_BROKEN, str(error).replace(f"{uploaded_regions().home}/", ""))
    state.choices = replace(state.choices, region=first_region())
    return _on_date(state)


def _on_date(state: Visit) -> World:
    """Open the region on the chosen date; where that cannot be used, on the usual one."""
    try:
        found = region()
    except InputError as error:
        if not state.choices.date:
            raise
        state.message = Message(BAD_DAY, str(error))
        state.choices = replace(state.choices, date="")
        return region()
    wanted, known, day = state.choices.date, found.known_dates, found.region.service_date
    if wanted and wanted != day.isoformat():
        state.message = Message(no_service_sentence(dt.date.fromisoformat(wanted), known, texts()), "")
    if not known.is_other(day):
        state.choices = replace(state.choices, date="")
    return found


def settle_scenario(world: World) -> None:
    """Undo changes that do not fit the region."""
    state = visit()
    while (reason := misfit(world, state.scenario)) is not None:
        if state.scenario == EMPTY:
            raise reason
        keep_day(str(reason))
        state.message = Message(state.if_impossible, str(reason))
        if state.if_impossible == OTHER_REGION:
            state.scenario = _fitting(world, state.scenario)
        else:
            state.scenario = state.past.pop() if state.past else EMPTY


def misfit(world: World, scenario: Scenario) -> ScenarioError | None:
    """Why a scenario does not fit the region; None where it does."""
    try:
        cache.with_scenario(world, scenario)
    except ScenarioError as error:
        return error
    return None


def _fitting(world: World, scenario: Scenario) -> Scenario:
    """Scenario with those of its changes that fit the region, in their order."""
    kept = structs.replace(scenario, edits=())
    for edit in scenario.edits:
        more = structs.replace(kept, edits=(*kept.edits, edit))
        kept = kept if misfit(world, more) else more
    return kept
