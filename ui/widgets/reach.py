"""The panel beside a map that tells how far one gets, and what the map draws of it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from accessibility.reach.times import READINGS
from accessibility.world import World
from data.errors import DorpshubError
from scenarios.edits.scenario import Scenario
from ui.sentences.reach import READING_WORDS, reach_basis, reach_sentence
from ui.state import cache, reach
from ui.state.session import visit
from ui.views.reach import ReachView, target_names
from ui.views.reach_link import AT_A_TIME, DAY, STEP_S, Reaching
from ui.widgets.inputs import segments, select, toggle
from ui.words.i18n import Texts, mark
from ui.words.words import TIMETABLE_MODES

WAY_WORDS = {"to": mark("Come here"), "from": mark("Leave from here")}
NOT_BY = mark("For rides that are ordered this is not worked out. Choose another way of travelling.")
GONE = mark("Choose a hub, a service or a village in the list, or click on one.")


def reached(world: World, scenario: Scenario, default: str) -> ReachView | None:
    """What is to be shown, None where nothing is or can be; `default` is the id of what the page begins with."""
    state = visit()
    of, choices = state.reaching, state.choices
    if not of.direction or choices.mode == "on_demand":
        return None
    # What has no departures has no readings either.
    timed = choices.mode in TIMETABLE_MODES
    when = (of.reading, of.departure if of.reading == AT_A_TIME else 0) if timed else ("", 0)
    try:
        target = of.target or default
        return reach.reached(world, scenario, of.direction, target, choices.mode, *when, choices.limit)
    except DorpshubError:
        return None


def draw(world: World, scenario: Scenario, view: ReachView | None, default: str, texts: Texts) -> None:
    """Draw the switch, and while it is on the choices, the sentence and the table."""
    state = visit()
    of, choices = state.reaching, state.choices
    toggle(texts.say("Show how far one gets"), "reach-on", reach.show, is_on=bool(of.direction))
    if not of.direction:
        return
    with st.container(border=True, key="reach", gap="small"):
        if choices.mode == "on_demand":
            st.write(texts.say(NOT_BY))
            return
        ways = {way: texts.say(word) for way, word in WAY_WORDS.items()}
        segments(texts.say("Which way"), ways, of.direction, "reach-way", reach.choose, "direction")
        names = target_names(cache.with_scenario(world, scenario), choices.kind)
        label = texts.say("To which hub, service or village? You can also click on the map")
        if of.direction == "from":
            label = texts.say("From which hub, service or village? You can also click on the map")
        placeholder = texts.say("Choose a place")
        select(
            label,
            names,
            of.target or default,
            "reach-target",
            reach.choose,
            "target",
            placeholder=placeholder,
        )
        if choices.mode in TIMETABLE_MODES:
            _departures(of, texts)
        if view is None:
            st.write(texts.say(GONE))
            return
        st.html(f'<p class="dh-details">{escape(reach_sentence(view, texts))}</p>')
        st.table(table(view, texts))
        st.html(f'<p class="dh-basis">{escape(reach_basis(view, texts))}</p>')


def _departures(of: Reaching, texts: Texts) -> None:
    words = {name: texts.say(READING_WORDS[name]) for name in READINGS}
    words |= {AT_A_TIME: texts.say("Leaving at")}
    segments(texts.say("Which departure"), words, of.reading, "reach-reading", reach.choose, "reading")
    if of.reading == AT_A_TIME:
        st.session_state["reach-departure"] = of.departure
        st.select_slider(
            texts.say("Leaving at"),
            tuple(range(*DAY, STEP_S)),
            key="reach-departure",
            format_func=texts.clock,
            on_change=reach.choose,
            args=("departure", "reach-departure"),
        )


def table(view: ReachView, texts: Texts) -> pd.DataFrame:
    """One row per limit: people and those of 75 and older, with the changes, and now where that is another thing."""
    columns = {texts.say("Inhabitants"): [row.after for row in view.rows]}
    columns |= {texts.say("75 or older"): [row.after_75plus for row in view.rows]}
    if view.is_changed:
        columns |= {texts.say("Inhabitants now"): [row.before for row in view.rows]}
        columns |= {texts.say("75 or older now"): [row.before_75plus for row in view.rows]}
    numbers = {name: [texts.number(count) for count in counts] for name, counts in columns.items()}
    within = [texts.say("up to {minutes} min").format(minutes=row.within_min) for row in view.rows]
    return pd.DataFrame(numbers, index=pd.Index(within, name=texts.say("Within")))
