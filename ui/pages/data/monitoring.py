"""Part of the page "About the data": what really happened, out of a file with yearly figures, beside what a scenario promised."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st

from accessibility.world import World
from data.errors import InputError
from data.study_area.yearly_figures import YearlyFigures, read_yearly
from scenarios.edits.scenario import Scenario
from scenarios.monitoring.series import Series, followed
from ui.sentences.monitoring import followed_sentences, signed, verdict_words
from ui.state import cache, session
from ui.state.background_job import Job
from ui.state.settle import misfit
from ui.views.monitoring import FollowedRow, FollowedView, followed_view
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts, mark, plain

UPLOAD = "monitor-file"
MOST_MB = 5
MOST_SHOWN = 200
NOT_READ = mark("This file cannot be used. The details say which rows are wrong.")
EXAMPLE = (
    "year,area,code,indicator,value,unit,definition,source\n"
    "2023,Emmen,,mean distance to GP practice,1.1,km,by road,CBS\n"
    "2025,Emmen,,mean distance to GP practice,0.9,km,by road,CBS\n"
    "2025,Valthe,valthe,visits to the hub,310,visits a year,,own count\n"
)


@dataclass(slots=True)
class Monitoring:
    """The figures of this visitor, for as long as the visit lasts; nothing of them is kept on disk."""

    name: str = ""
    digest: str = ""
    figures: YearlyFigures | None = None
    job: Job[tuple[Series, ...]] | None = None


def draw(world: World, texts: Texts) -> None:
    """Take a file, and show what changed beside what the visitor's scenario promised."""
    say, state = texts.say, session.visit().of(Monitoring)
    st.subheader(say("What really happened"), anchor=False)
    with st.expander(say("Put yearly figures beside the model"), expanded=state.figures is not None):
        st.write(
            say(
                "Bring a table with figures of several years, published or counted by yourself. What changed then stands beside what "
                "your scenario promises of the same. Your file is read, and not kept."
            )
        )
        st.code(EXAMPLE, language=None)
        st.file_uploader(
            say("Yearly figures (.csv or .parquet)"),
            type=["csv", "parquet"],
            max_upload_size=MOST_MB,
            key=UPLOAD,
            on_change=take,
        )
        if state.figures is not None:
            _found(world, state, texts)


def take() -> None:
    """Read the file of the upload field, or say what is wrong with it."""
    state, file = session.act(), st.session_state.get(UPLOAD)
    mine = state.of(Monitoring)
    if mine.job is not None:
        mine.job.stop()
    state.parts[Monitoring] = mine = Monitoring()
    if file is None:
        return
    content = bytes(file.getbuffer())
    try:
        mine.figures = read_bytes(file.name, content)
    except InputError as error:
        state.message = session.Message(NOT_READ, str(error).replace("; ", "\n"))
        return
    mine.name, mine.digest = file.name, sha256(content).hexdigest()


def read_bytes(name: str, content: bytes) -> YearlyFigures:
    """Yearly figures of an uploaded file; InputError as `read_yearly`, with the name that its owner knows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"figures{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            return read_yearly(path)
        except InputError as error:
            raise InputError(str(error).replace(str(path), name)) from error


def _found(world: World, state: Monitoring, texts: Texts) -> None:
    """Show what was found, or that it is being worked out."""
    scenario = session.visit().scenario
    if misfit(world, scenario):
        scenario = Scenario()
    about = (world.digest, scenario.key, state.digest)
    if state.job is None or state.job.about != about:
        if state.job is not None:
            state.job.stop()
        state.job = _job(world, scenario, state, about)
        state.job.start()
    job = state.job
    if not job.is_over:
        job_progress(job, lambda: texts.say("Your figures are put beside the model."), None, texts)
    elif job.result is None:
        st.warning(texts.say("The comparison broke off. Choose your file again."))
        if job.error is not None:
            st.text(texts.say_data(str(job.error)))
    else:
        _drawn(followed_view(job.result), state, texts)


def _job(
    world: World, scenario: Scenario, state: Monitoring, about: tuple[str, str, str]
) -> Job[tuple[Series, ...]]:
    figures = state.figures

    def work(_: object) -> tuple[Series, ...]:
        after = cache.with_scenario(world, scenario) if scenario.edits else None
        return () if figures is None else followed(figures, world, after, None, None)

    return Job(about, work)


def _drawn(view: FollowedView, state: Monitoring, texts: Texts) -> None:
    st.html(f'<p class="dh-details">{escape(" ".join(followed_sentences(view, texts)))}</p>')
    st.caption(plain(state.name))
    plain_table(followed_table(view, texts).head(MOST_SHOWN))
    if (more := len(view.rows) - MOST_SHOWN) > 0:
        st.caption(
            texts.plural("And {count} more series.", "And {count} more series.", more).format(
                count=texts.number(more)
            )
        )


def followed_table(view: FollowedView, texts: Texts) -> pd.DataFrame:
    """One row per series."""
    say, rows = texts.say, view.rows

    def change(row: FollowedRow) -> str:
        if row.change is None or row.rounding is None:
            return say("unknown")
        return say("{change} (give or take {rounding})").format(
            change=signed(row.change, texts), rounding=texts.number(row.rounding)
        )

    def figure(value: float | None, year: int | None) -> str:
        return say("unknown") if value is None else f"{texts.number(value)} ({year})"

    return pd.DataFrame(
        {
            say("Area"): [row.area for row in rows],
            say("Figure"): [f"{texts.say_data(row.indicator)} ({texts.say_data(row.unit)})" for row in rows],
            say("First"): [figure(row.first, row.first_year) for row in rows],
            say("Last"): [figure(row.last, row.last_year) for row in rows],
            say("Change"): [change(row) for row in rows],
            say("Promised"): [signed(row.promised, texts) for row in rows],
            say("That is"): [verdict_words(row, texts) for row in rows],
        }
    ).set_index(say("Area"))
