"""Parts of the page "Compare": the maps, municipalities, how sure it is, and the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from accessibility.world import World
from scenarios.edits.scenario import Scenario
from ui.map import layers
from ui.map.component import draw_map
from ui.map.focus import together
from ui.pages.compare.view import Compared
from ui.paper import parts as on_paper
from ui.paper.pdf import Part, Report
from ui.sentences.compare import equity_sentences, odds_words, sure_sentence
from ui.sentences.costs import cost_details, cost_table, costs, sources
from ui.sentences.edits import opening
from ui.state import cache, searches, session
from ui.state.background_job import Job
from ui.state.link import WITHOUT_CAR_PCT
from ui.views.compare import CompareView, Sureness
from ui.views.side_by_side import Side
from ui.widgets import paper
from ui.widgets.comparison_report import areas_table, equity_table, parts
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import pick_on_map, picked_rows, plain_table
from ui.words.i18n import Texts, plain

WITHOUT_CAR = "choose-without-car"


@dataclass(slots=True)
class Working:
    """What is being worked out for this visitor: how sure the comparisons are."""

    job: Job[Sureness] | None = None


def names(compared: Compared, texts: Texts) -> tuple[str, ...]:
    """What the scenarios are called: by their own names, or by what they change; never two alike."""
    found: list[str] = []
    for scenario, view in zip(compared.scenarios, compared.views, strict=True):
        name = scenario.name or opening(view.design.edits, texts) or texts.say("No changes")
        found.append(name if name not in found else f"{name} ({len(found) + 1})")
    return tuple(found)


def sureness(world: World, compared: Compared) -> tuple[Sureness | None, ...]:
    """How sure each comparison is, None where that is not known yet."""
    design = compared.view.design
    return tuple(
        cache.sure.known(world, scenario, design.kind, design.mode) for scenario in compared.scenarios
    )


def money(view: CompareView, texts: Texts) -> None:
    """Say what it costs, change by change, and what that rests on."""
    if not view.costs.lines:
        return
    st.subheader(texts.say("What it costs"), anchor=False)
    st.html(f'<p class="dh-details">{escape(" ".join((costs(view, texts), *cost_details(view, texts))))}</p>')
    plain_table(cost_table(view, texts))
    if told := sources(view, texts):
        st.caption(f"{texts.say('Sources of the rates')}: {plain('; '.join(told))}.")


def areas(view: CompareView, texts: Texts) -> None:
    """Draw the municipalities."""
    st.subheader(texts.say("By municipality"), anchor=False)
    plain_table(areas_table(view, texts))


def without_car(view: CompareView, texts: Texts) -> None:
    """Say who has no car, and how much of the gain is theirs; another number of them can be tried out."""
    st.subheader(texts.say("Who has no car"), anchor=False)
    st.html(f'<p class="dh-details">{escape(" ".join(equity_sentences(view, texts)))}</p>')
    st.session_state[WITHOUT_CAR] = view.without_car_pct
    st.select_slider(
        texts.say("What if more or fewer people had no car?"),
        WITHOUT_CAR_PCT,
        key=WITHOUT_CAR,
        format_func=lambda percent: odds_words(percent, texts),
        on_change=session.choose,
        args=("without_car", WITHOUT_CAR),
    )
    plain_table(equity_table(view, texts))
    st.caption(
        texts.say(
            "Nobody has counted who has no car. It follows from the cars per household of each district and from how many "
            "people of each age drive in the country. Between brackets stands how few or how many it may be."
        )
    )


def sure(world: World, compared: Compared, texts: Texts) -> None:
    """Say how sure the comparison is; what is not known yet of any of them is worked out meanwhile, by itself."""
    design = compared.view.design
    st.subheader(texts.say("If it turns out worse"), anchor=False)
    known = sureness(world, compared)
    if (found := known[compared.chosen]) is not None:
        st.html(f'<p class="dh-details">{escape(sure_sentence(found, texts))}</p>')
    if None in known:
        _work_out(world, compared.scenarios, (design.kind, design.mode), texts)
    st.caption(
        texts.say(
            "The comparison was made again and again with other walking speeds, change times, car speeds and places of "
            "modelled services, before and after alike."
        )
    )


def _work_out(world: World, scenarios: tuple[Scenario, ...], asked: tuple[str, str], texts: Texts) -> None:
    """Show how far the work is; begin it when nothing of the kind is under way."""
    working = session.visit().of(Working)
    job = searches.sure_job(world, scenarios, *asked)
    if working.job is None or working.job.about != job.about:
        if working.job is not None:
            working.job.stop()
        working.job = job
        job.start()
    job = working.job
    if job.is_over and job.error is not None:
        st.write(texts.say("How sure it is could not be worked out. Load the page again to try once more."))
        return
    job_progress(job, lambda: _progress(job, texts), None, texts)


def _progress(job: Job[Sureness], texts: Texts) -> str:
    if job.is_waiting:
        return texts.say("Another search comes first; this one begins as soon as that is over.")
    share = job.step.value if job.step is not None else 0.0
    sentence = texts.say("How sure these figures are is being worked out: {share}.")
    return sentence.format(share=texts.percent(share))


def print_button(
    world: World, compared: Compared, beside: tuple[Side, ...], school_day: tuple[Part, ...], texts: Texts
) -> None:
    """Offer the comparison on paper, with what is known then of how sure it is."""
    design, heading = compared.view.design, texts.sentence_list(tuple(side.name for side in beside))

    def make(address: str, made: date) -> Report:
        told = (*parts(world, beside, compared.views, texts), *school_day)
        return on_paper.report(world, heading, told, (design.basis, design.mode), address, made, texts)

    paper.buttons(heading, make, texts)


def maps_beside(world: World, compared: Compared, names: tuple[str, ...], texts: Texts) -> None:
    """One map, or several that move together, with one legend; a click picks a place in all of them and in the table."""
    label = texts.say(
        "Map of {region}. Arrow keys move, plus and minus zoom, Enter picks the place in the centre."
    )
    several, choices = len(compared.views) > 1, session.visit().choices
    drawn = [
        layers.map_data(
            world,
            view.design,
            "difference",
            texts,
            label,
            comparison=cache.of_cells(world, scenario, choices),
            picked=picked_rows(view.design),
        )
        for scenario, view in zip(compared.scenarios, compared.views, strict=True)
    ]
    shared = {"linked": True, "focus": together([data["focus"] for data in drawn])}
    with st.container(key=f"compare-maps-{len(drawn)}"):
        for number, (name, data) in enumerate(zip(names, drawn, strict=True)):
            with st.container(key=f"compare-one-{number}"):
                if several:
                    st.html(f'<p class="dh-details"><b>{escape(name)}</b></p>')
                key = f"compare-map-{number}"
                draw_map(cache.base_layers(world), data | shared, key, partial(pick_on_map, key))
    st.html(layers.legend_box(compared.views[0].design, "difference", texts))
