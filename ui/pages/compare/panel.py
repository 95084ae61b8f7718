"""Parts of the page "Compare": the maps, totals beside each other, municipalities, how sure it is, and the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from accessibility.world import World
from scenarios.edits.scenario import Scenario
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.compare.view import Compared
from ui.paper.pdf import pdf
from ui.sentences.compare import sure_sentence
from ui.sentences.design import headline
from ui.sentences.edits import opening
from ui.state import cache, searches, session
from ui.state.background_job import Job
from ui.views.compare import CompareView, Sureness
from ui.widgets.comparison_report import areas_table, report
from ui.widgets.downloads import today
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import picked_rows, plain_table
from ui.words.file_names import file_name
from ui.words.i18n import Texts


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


def totals(compared: Compared, names: tuple[str, ...], texts: Texts) -> pd.DataFrame:
    """The scenarios beside each other in numbers."""
    say, views = texts.say, compared.views
    return pd.DataFrame(
        {
            say("Scenario"): list(names),
            say("Within {limit} minutes").format(limit=views[0].design.limit_min): [
                texts.number(view.all_ages.after) for view in views
            ],
            say("Of these 75 and older"): [texts.number(view.old.after) for view in views],
            say("Gain"): [texts.number(view.design.inhabitants_with("shorter", "won")) for view in views],
            say("Lose"): [texts.number(view.design.inhabitants_with("longer", "lost")) for view in views],
            say("Euros a year"): [
                say("not known") if view.cost_per_year is None else texts.number(round(view.cost_per_year))
                for view in views
            ],
        }
    ).set_index(say("Scenario"))


def areas(view: CompareView, texts: Texts) -> None:
    """Draw the municipalities."""
    st.subheader(texts.say("By municipality"), anchor=False)
    plain_table(areas_table(view, texts))


def sure(world: World, compared: Compared, names: tuple[str, ...], texts: Texts) -> None:
    """Say how sure each comparison is; what is not known yet is worked out meanwhile, by itself."""
    design = compared.views[0].design
    st.subheader(texts.say("If it turns out worse"), anchor=False)
    is_known = True
    for name, scenario in zip(names, compared.scenarios, strict=True):
        found = cache.sure.known(world, scenario, design.kind, design.mode)
        if found is None:
            is_known = False
            continue
        head = f"{name}: " if len(names) > 1 else ""
        st.html(f'<p class="dh-details">{escape(head + sure_sentence(found, texts))}</p>')
    if not is_known:
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


def pdf_button(world: World, view: CompareView, name: str, texts: Texts) -> None:
    """Offer the comparison as an A4 PDF, typeset only when it is asked for."""
    st.download_button(
        texts.say("Download as PDF (A4)"),
        lambda: pdf(report(world, view, name, texts)),
        file_name(name, texts.say("comparison"), today(), "pdf"),
        "application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )


def maps_beside(world: World, compared: Compared, names: tuple[str, ...], texts: Texts) -> None:
    """One map, or several that move together, with one legend."""
    label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
    columns = st.columns(min(len(compared.views), 2))
    for number, (name, view) in enumerate(zip(names, compared.views, strict=True)):
        with columns[number % 2]:
            if len(compared.views) > 1:
                st.html(
                    f'<p class="dh-details"><b>{escape(name)}</b>: {escape(headline(view.design, texts))}</p>'
                )
            data = layers.map_data(
                world,
                view.design,
                "difference",
                texts,
                label,
                comparison=cache.of_cells(world, compared.scenarios[number], session.visit().choices),
                picked=picked_rows(view.design),
            ) | {"linked": True}
            draw_map(cache.base_layers(world), data, f"compare-map-{number}", lambda: None)
    st.html(layers.legend_box(compared.views[0].design, "difference", texts))
