"""The first step of a page run changes what cannot be met; the views after it change nothing."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import streamlit as st

from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from support.toys.app import over_toys
from ui.pages.compare.view import compared, settle_others
from ui.pages.design.actions import Drawing
from ui.pages.placement.page import page_question
from ui.pages.village.view import settle_village, shown, village
from ui.state import cache, session
from ui.state.link import Choices
from ui.state.scenario_actions import NextHub
from ui.state.settle import settle_region, settle_scenario

HUB = Scenario("Hub", "", (PlaceHub(place_id="bee", kinds=("gp",)),))
ELSEWHERE = Scenario("Elsewhere", "", (CloseFacility("elsewhere"),))


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> session.Visit:
    """Return the state of a visitor of the made-up region, outside any page."""
    over_toys(monkeypatch, tmp_path)
    state = session.Visit(choices=Choices(region="zuid-oost-drenthe"))
    monkeypatch.setattr(st, "session_state", {session.STATE: state})
    state.of(NextHub)
    return state


def settle() -> None:
    for step in (settle_scenario, settle_others, settle_village):
        step(settle_region())


def test_a_part_of_the_state_is_made_once_and_is_of_one_visitor(visit: session.Visit) -> None:
    visit.of(Drawing).tool = "path"
    assert visit.of(Drawing).tool == "path"
    assert session.Visit().of(Drawing).tool == "hub"


def test_what_cannot_be_met_is_changed_once(visit: session.Visit) -> None:
    visit.choices = Choices(visit.choices.lang, visit.choices.region, "75plus", kind="library", place="gone")
    visit.scenario, visit.others, visit.if_impossible = ELSEWHERE, (HUB, ELSEWHERE), session.BAD_LINK
    settle()
    # Nobody of 75 has a bike here, the region has no library, and Cee is nearest in size to a usual village.
    assert (visit.choices.mode, visit.choices.kind, visit.choices.place) == ("transit", "gp", "cee")
    assert visit.scenario == EMPTY
    assert [other.name for other in visit.others] == ["Hub"]
    assert visit.message is not None
    settled = deepcopy(visit)
    settle()
    assert visit == settled


def test_what_cannot_be_tried_out_is_let_go_of_with_a_message(
    visit: session.Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.village.view.what_if", lambda *_: ELSEWHERE.edits[0])
    visit.choices = Choices(region=visit.choices.region, what_if="hub")
    settle()
    assert visit.choices.what_if == ""
    assert visit.message is not None
    assert visit.message.sentence == session.NOT_HERE


def test_views_change_nothing(visit: session.Visit) -> None:
    visit.scenario, visit.others = HUB, (HUB,)
    visit.choices = Choices(region=visit.choices.region, what_if="hub")
    settle()
    settled, world = deepcopy(visit), settle_region()
    village(world, shown(world))
    compared(world)
    cache.design_of(world, visit.scenario, visit.choices)
    page_question(world)
    assert visit == settled
