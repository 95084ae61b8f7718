"""What a visitor can do on the page "Where a hub?": ask, search on, stop, and open the proposal."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import streamlit as st

from ui.state.background_job import Job, about
from ui.state.session import Message, act, visit
from ui.views.placement.answer import Found
from ui.views.placement.link import MOST_NAMED, point_id
from ui.views.placement.plan import PlanFound
from ui.views.placement.services import ServicesFound
from ui.words.i18n import mark

JobName: TypeAlias = Literal["exact", "curve", "trade", "robust", "services", "plan"]
Openable: TypeAlias = Found | ServicesFound | PlanFound
"""What can be opened in Design."""
NO_ANSWER = mark(
    "These conditions do not go together. Ask for more hubs, a longer trip or a smaller share, or drop a condition."
)
OPENED = mark("These hubs are your scenario now. Undo brings the earlier one back.")
ADDED = mark("These hubs are added to your scenario. Undo takes them out again.")
TOO_MANY = mark("That is as many spots as can be compared. Take one out of the list first.")
DESIGN = "ontwerp"
MAP_KEY = "placement-map"


@dataclass(slots=True)
class PlacementPage:
    """State of the page, beside what is asked there."""

    jobs: dict[JobName, Job[Any]] = field(default_factory=dict)
    """What is worked out in the background."""
    pointing: bool = False
    """Whether a click on the map adds a spot for a hub."""


def choose(name: str, widget: str) -> None:
    """Copy the value of a widget into the question; a control that was emptied keeps its value."""
    value = st.session_state[widget]
    if value is not None:
        _ask(name, tuple(value) if isinstance(value, list) else value)
    if name == "sites":
        _ask("fixed", ())
        _ask("forbidden", ())


def switch(name: str, on: str | int, off: str | int, widget: str) -> None:
    """Ask for one of two things."""
    _ask(name, on if st.session_state[widget] else off)


def _ask(name: str, value: object) -> None:
    state = act()
    changed: dict[str, Any] = {name: value}
    state.placement = replace(state.placement, **changed)


def choose_points(widget: str) -> None:
    """Let go of the clicked spots that were taken out of the list."""
    state, left = act(), set(st.session_state[widget])
    chosen = state.placement
    gone = {point_id(spot) for spot in chosen.points} - left
    state.placement = replace(
        chosen,
        points=tuple(spot for spot in chosen.points if point_id(spot) in left),
        fixed=tuple(id_ for id_ in chosen.fixed if id_ not in gone),
        forbidden=tuple(id_ for id_ in chosen.forbidden if id_ not in gone),
    )


def point_with(widget: str) -> None:
    """Let a click on the map add a spot, or let it show only."""
    act().of(PlacementPage).pointing = bool(st.session_state[widget])


def click_on_map() -> None:
    """Add the clicked spot to where hubs may stand, if that is what a click does."""
    click = st.session_state[MAP_KEY].click
    if click is None or not visit().of(PlacementPage).pointing:
        return
    state = act()
    points = state.placement.points
    spot = (round(float(click["lng"]), 5), round(float(click["lat"]), 5))
    if len(points) == MOST_NAMED:
        state.message = Message(TOO_MANY, "")
    elif spot not in points:
        state.placement = replace(state.placement, points=(*points, spot))


def start(name: JobName, make: Callable[[], Job[Any]]) -> None:
    """Begin to work something out in the background; what else is under way for this visitor ends."""
    stop()
    job = act().of(PlacementPage).jobs[name] = make()
    job.start()


def stop() -> None:
    """End the jobs of this visitor with what they have found."""
    for job in act().of(PlacementPage).jobs.values():
        job.stop()


def job_about(name: JobName, what: Hashable) -> Job[Any] | None:
    """Return what works this very thing out for the visitor."""
    return about(visit().of(PlacementPage).jobs.get(name), what)


def open_in_design(found: Openable) -> None:
    """Add the proposed hubs to the visitor's scenario, and go to the page that shows it."""
    state = act()
    state.news = ADDED if state.scenario.edits else OPENED
    state.change(found.added_to(state.scenario), NO_ANSWER)
    state.choices = replace(state.choices, show="difference")
    state.redirect = DESIGN
