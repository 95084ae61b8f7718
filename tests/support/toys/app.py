"""The app over made-up worlds: what it opens, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from accessibility.asked import mode_of, traveller_named
from accessibility.world import World
from data.errors import ScenarioError
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import Scenario
from support.files import APP
from support.toys.ui import begin_at, toy_comparison, toy_day, toy_world
from ui.state import cache, session
from ui.state.cached import forget_all
from ui.state.link import Choices
from ui.views.compare import Sureness
from ui.views.day import DayView
from ui.views.village import Summary, summary
from ui.words.i18n import Texts


@contextmanager
def app_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, region: Path, page: str = ""
) -> Iterator[AppTest]:
    """Give the app over a region on the disk, with a library of its own, at a page or where it begins; nothing stays in caches."""
    forget_all()
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", str(region)])
    monkeypatch.setattr(cache, "LIBRARY", tmp_path / "library.sqlite")
    if page:
        begin_at(monkeypatch, page)
    try:
        yield AppTest.from_file(str(APP), default_timeout=120)
    finally:
        forget_all()


def state(app: AppTest) -> session.Visit:
    """Return what is kept of the visitor."""
    found: session.Visit = app.session_state[session.STATE]
    return found


def opened(choices: Choices, texts: Texts) -> World:
    """Give the made-up region to any traveller at any hours."""
    del texts
    window = cache.window_of(choices.hours) if choices.hours else toy_world().window
    return replace(toy_world(), traveller=traveller_named(choices.traveller), window=window)


def with_scenario(world: World, scenario: Scenario) -> World:
    """Leave the made-up region as it is; a facility that does not exist is refused as in the real one."""
    known = set(world.facilities.id)
    for edit in scenario.edits:
        if isinstance(edit, CloseFacility) and edit.facility_id not in known:
            raise ScenarioError(f"there is no facility '{edit.facility_id}'")
    return world


def worked_out(world: World, scenario: Scenario, kind: str, mode: str) -> cache.WorkedOut:
    """Give the made-up comparison whatever is asked."""
    del scenario, kind, mode
    return cache.WorkedOut(world, toy_comparison())


def summed_up(world: World, scenario: Scenario, kind: str, mode: str) -> Summary:
    """Give the made-up times, those of before without a scenario, as if they were of any kind and mode."""
    del kind
    comparison = toy_comparison()
    found = summary(comparison.after if scenario.edits else comparison.before)
    return found._replace(times=replace(found.times, mode=mode_of(world, mode)))


def day_of(world: World, scenario: Scenario, row: int, kind: str, mode: str) -> DayView:
    """Give the made-up day."""
    del world, scenario, row
    return toy_day(kind, mode)


class Known:
    """Knows at once how sure a comparison is: that of 10 people, of whom one is too uncertain."""

    def known(self, *asked: object) -> Sureness:
        """Give it, whatever is asked."""
        del asked
        return Sureness(7, 2, 1, -4.0, -3.0)


def over_toys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the app open the made-up region: nothing is built and no travel time is computed."""
    forget_all()
    for made in (opened, with_scenario, worked_out, summed_up, day_of):
        monkeypatch.setattr(cache, made.__name__, made)
    monkeypatch.setattr(cache, "LIBRARY", tmp_path / "library.sqlite")
    for module in ("layers", "svg"):
        monkeypatch.setattr(f"ui.map.{module}.train_tracks", lambda _world: [])
    monkeypatch.setattr("ui.map.svg.roads", lambda _world, _frame: ([], []))
    monkeypatch.setattr("ui.map.layers.service_stops", lambda _world: [])
    monkeypatch.setattr("ui.pages.design.lines.line_names", lambda _world: ("27", "59"))
    monkeypatch.setattr(cache, "sure", Known())


def shown(app: AppTest) -> str:
    """Return all html of the page as one text."""
    return " ".join(str(element.proto.body) for element in app.get("html"))
