"""Part of the page "About the data": what was checked, and the results beside published figures."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui.sentences.design import layer_name
from ui.state import searches, session
from ui.state.background_job import Job, about
from ui.views.data_quality import QualityView, report_html
from ui.widgets.downloads import today
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import plain_table
from ui.words.file_names import file_name
from ui.words.i18n import Texts


@dataclass(slots=True)
class Checking:
    """The check that this visitor asked for, of which all visitors see the result."""

    job: Job[QualityView] | None = None


def draw(world: World, texts: Texts) -> None:
    """Offer the check, show that it is under way, or what it found."""
    st.subheader(texts.say("How good are the data?"), anchor=False)
    found, job = searches.checked_data.known(world), about(session.visit().of(Checking).job, world.digest)
    if found is not None:
        tables(found, texts)
        _download(world, found, texts)
    elif job is not None and not job.is_over:
        sentence = texts.say("The data are being checked. That takes a minute or two.")
        job_progress(job, lambda: sentence, None, texts)
    else:
        if job is not None:
            st.warning(texts.say("The check broke off. Try again, or look at the page later."))
        st.write(
            texts.say(
                "All layers are looked through for mistakes, and distances and numbers are put beside published figures."
            )
        )
        st.button(texts.say("Check the data"), key="check-data", on_click=_check, args=(world,))


def _check(world: World) -> None:
    job = session.act().of(Checking).job = Job(world.digest, lambda _: searches.checked_data(world))
    job.start()


def _download(world: World, found: QualityView, texts: Texts) -> None:
    """Offer everything on one page, with maps and examples; it is written when it is asked for."""
    st.download_button(
        texts.say("Download the whole report, with maps"),
        lambda: report_html(world, found, texts),
        file_name(world.region.title, texts.say("data-quality"), today(), "html"),
        "text/html",
        key="quality-report",
        on_click="ignore",
    )


def tables(found: QualityView, texts: Texts) -> None:
    """Draw what was looked for and found, and the published figures."""
    st.write(texts.say("A zero is good news: it was looked for, and not found."))
    plain_table(checks_table(found, texts))
    st.subheader(texts.say("Beside published figures"), anchor=False)
    if not found.published:
        st.write(texts.say("Of this region no published figures are at hand."))
        return
    plain_table(published_table(found, texts))
    if found.n_left_out:
        sentence = texts.plural(
            "{count} published figure has no like here.",
            "{count} published figures have no like here.",
            found.n_left_out,
        )
        st.caption(sentence.format(count=texts.number(found.n_left_out)))


def checks_table(found: QualityView, texts: Texts) -> pd.DataFrame:
    """One row per check."""
    say, rows = texts.say, found.checks
    return pd.DataFrame(
        {
            say("Layer"): [layer_name(row.section, texts) for row in rows],
            say("What was looked for"): [texts.say_data(row.what) for row in rows],
            say("How often"): [texts.number(row.count) for row in rows],
            say("Of"): [texts.number(row.total) if row.total else "" for row in rows],
            say("For example"): ["; ".join(map(texts.say_data, row.examples[:3])) for row in rows],
        }
    ).set_index(say("Layer"))


def published_table(found: QualityView, texts: Texts) -> pd.DataFrame:
    """One row per published figure."""
    say, rows = texts.say, found.published
    return pd.DataFrame(
        {
            say("Figure"): [f"{texts.say_data(row.what)} ({texts.say_data(row.unit)})" for row in rows],
            say("Area"): [row.area for row in rows],
            say("Year"): [texts.say_data(row.year) for row in rows],
            say("Published"): [texts.number(row.published) for row in rows],
            say("Worked out here"): [
                texts.number(row.here) if isfinite(row.here) else say("not reached") for row in rows
            ],
            say("Difference"): [off(row.off_share, texts) for row in rows],
            say("Likely reason"): ["; ".join(map(texts.say_data, row.reasons)) for row in rows],
        }
    ).set_index(say("Figure"))


def off(share: float, texts: Texts) -> str:
    """A difference in whole percents with its sign."""
    if not isfinite(share):
        return ""
    sign = "+" if round(share * 100) > 0 else "\u2212" if round(share * 100) < 0 else ""
    return sign + texts.percent(abs(share))
