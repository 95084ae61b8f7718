"""The page "Home care rounds": a base, people and clients, and how much travel a day takes, now and after a change."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from accessibility.world import World
from scenarios.edits.scenario import Scenario
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.care import actions
from ui.sentences.care import (
    care_basis,
    care_headline,
    care_progress,
    care_sentences,
    round_words,
    village_words,
)
from ui.sentences.edits import edit_title
from ui.state import cache, session
from ui.state.care import care_job, care_key
from ui.state.settle import settle_scenario
from ui.views.care import CareView, care_modes, first_base, usual_clients
from ui.views.care_link import MOST_CLIENTS, MOST_STAFF, CareChoices
from ui.views.design import DesignView
from ui.views.edits import edit_views
from ui.widgets import page_frame
from ui.widgets.inputs import segments, select, whole_number
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts
from ui.words.words import MODES


def page() -> None:
    """Read the question, ask for the plan, draw it."""
    with page_frame.notices("care", settle_scenario, settle_care) as region:
        state = session.visit()
        scenario, chosen = state.scenario, state.care
        shown = cache.design_of(region, scenario, replace(state.choices, kind="gp", mode=chosen.mode))
    render(region, scenario, chosen, shown, session.texts())


def settle_care(region: World) -> None:
    """Change what cannot be asked of the region."""
    state = session.visit()
    chosen, known, modes = state.care, set(region.places.id), care_modes(region)
    if chosen.base not in known:
        chosen = replace(chosen, base="")
    if chosen.then_base not in known or chosen.then_base == base_of(region, chosen):
        chosen = replace(chosen, then_base="")
    if chosen.mode not in modes and modes:
        chosen = replace(chosen, mode=modes[0])
    state.care = chosen


def base_of(region: World, chosen: CareChoices) -> str:
    """Id of the base: that which was chosen, or else the one that the page begins with."""
    return chosen.base or first_base(region)


def render(region: World, scenario: Scenario, chosen: CareChoices, shown: DesignView, texts: Texts) -> None:
    """Draw the question, and the answer or the button that asks for it."""
    say = texts.say
    page_frame.top(f"{say('Home care rounds')} \u00b7 {region.region.title}", region, texts)
    if chosen.mode not in care_modes(region):
        page_frame.headline(say("This traveller has no bike and no car. Choose another one above."))
        return
    job = actions.job_about(care_key(region, scenario, chosen))
    found = None if job is None or not job.is_over else job.result
    if found is None:
        page_frame.headline(
            say("How far does the home care team travel?"),
            (
                say(
                    "Clients are drawn by chance from the people of 65 and over around the base. Planning takes half a minute at most."
                ),
            ),
        )
    else:
        page_frame.headline(care_headline(found, texts), care_sentences(found, texts))
    _ask(region, scenario, chosen, texts)
    if job is not None and not job.is_over:
        job_progress(
            job, lambda: care_progress(job.step, is_waiting=job.is_waiting, texts=texts), actions.stop, texts
        )
    elif job is not None and job.error is not None:
        st.warning(say(actions.NO_ANSWER))
        with st.expander(say("Details"), expanded=True):
            st.text(texts.say_data(str(job.error)))
    if found is None and (job is None or job.is_over):
        st.button(
            say("Plan the rounds"),
            key="care-start",
            icon=":material/route:",
            on_click=actions.start,
            args=(lambda: care_job(region, scenario, chosen),),
        )
    if found is not None:
        _answer(region, shown, found, texts)


def _ask(region: World, scenario: Scenario, chosen: CareChoices, texts: Texts) -> None:
    """Draw what is asked: now, and what changes."""
    say, places, base = texts.say, region.places, base_of(region, chosen)
    names = {places.id[row]: places.name[row] for row in _by_name(region)}
    one, two, three, four = st.columns(4, vertical_alignment="bottom")
    with one:
        select(say("Base of the team"), names, base, "care-base", actions.choose, "base")
    with two:
        _number(say("People in each shift"), chosen.staff, 1, MOST_STAFF, "staff")
    with three:
        # Without a choice as many as the table of home care says.
        _number(say("Clients"), chosen.clients or usual_clients(region), 1, MOST_CLIENTS, "clients")
    with four:
        words = {mode: say(MODES[mode].label) for mode in care_modes(region)}
        segments(say("How they go"), words, chosen.mode, "care-mode", actions.choose, "mode")
    st.subheader(say("What if"), anchor=False)
    other, staff, _ = st.columns((1, 1, 2), vertical_alignment="bottom")
    with other:
        same = {"": say("the same base")} | {id_: name for id_, name in names.items() if id_ != base}
        select(
            say("The team moves to"), same, chosen.then_base, "care-then-base", actions.choose, "then_base"
        )
    with staff:
        _number(
            say("People in each shift then"), chosen.then_staff or chosen.staff, 1, MOST_STAFF, "then_staff"
        )
    if scenario.edits:
        changes = "".join(
            f"<li>{escape(edit_title(edit, texts))}</li>" for edit in edit_views(region, scenario)
        )
        st.html(
            f'<p class="dh-kicker">{escape(say("Your scenario counts as well"))}</p><ul class="dh-changes">{changes}</ul>'
        )


def _number(label: str, value: int, least: int, most: int, name: str) -> None:
    whole_number(label, value, least, most, 1, f"care-{name}", actions.choose, name)


def _by_name(region: World) -> list[int]:
    places = region.places
    rows = [row for row in range(len(places.id)) if places.in_region[row]]
    return sorted(rows, key=lambda row: places.name[row].casefold())


def _answer(region: World, shown: DesignView, found: CareView, texts: Texts) -> None:
    """Draw the rounds on the map, and the villages as a table."""
    say = texts.say
    label = say("Map of {region} with the rounds. Arrow keys move, plus and minus zoom.")
    data = layers.with_rounds(
        layers.map_data(region, shown, "after", texts, label),
        tuple(
            (village.row, village_minutes(found, number), village_words(village, texts))
            for number, village in enumerate(found.villages)
        ),
        tuple((round_words(round_, texts), round_.line) for round_ in found.rounds),
        (found.base_spot, (found.after or found.before).base),
        found.mode,
    )
    draw_map(cache.base_layers(region), data, actions.MAP_KEY, lambda: None)
    st.caption(
        say(
            "Lines are the rounds, the sign is the base. Villages with clients have the colour of the minutes on the way for each client."
        )
    )
    st.subheader(say("By village"), anchor=False)
    plain_table(villages_table(found, texts))
    st.html(f'<p class="dh-note">{escape(care_basis(found, texts))}</p>')


def village_minutes(found: CareView, number: int) -> float | None:
    """Minutes by which a village is coloured: of the plan that the map shows."""
    village = found.villages[number]
    return village.before_min if found.after is None else village.after_min


def villages_table(found: CareView, texts: Texts) -> pd.DataFrame:
    """One row per village: clients, visits, and minutes on the way for each client, also after the change."""
    say = texts.say

    def minutes(value: float | None) -> str:
        return say("nobody is visited") if value is None else texts.decimal(value)

    rows = []
    for village in found.villages:
        row = {
            say("Village"): village.name,
            say("Clients"): texts.number(village.clients),
            say("Visits"): texts.number(village.visits),
            say("Planned"): texts.number(village.planned),
            say("Minutes on the way for each client"): minutes(village.before_min),
        }
        if found.after is not None:
            row[say("Planned then")] = texts.number(village.planned_after)
            row[say("Minutes then")] = minutes(village.after_min)
        rows.append(row)
    return pd.DataFrame(rows).set_index(say("Village"))
