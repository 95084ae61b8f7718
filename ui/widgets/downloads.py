"""Files to take away: named after scenario and day, and tables for spreadsheets of either kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from data.files.csv_text import COMMAS, SEMICOLONS, CsvForm, spreadsheet_bytes
from ui.sentences.columns import scenario_title
from ui.state import session
from ui.words.file_names import file_name
from ui.words.i18n import Texts, mark

FORM_WORDS = {SEMICOLONS: mark("CSV with semicolons"), COMMAS: mark("CSV with commas")}


def today() -> date:
    """Day by which files are named."""
    return date.today()  # noqa: DTZ011 -- the day on the clock of whoever runs the app


def forms(texts: Texts) -> tuple[CsvForm, CsvForm]:
    """Both ways to write a CSV, first the one that a spreadsheet in the language of the page reads."""
    return (SEMICOLONS, COMMAS) if texts.language == "nl" else (COMMAS, SEMICOLONS)


def scenario_file(what: str, ending: str, texts: Texts) -> str:
    """Name of a file about the scenario of this visitor."""
    return file_name(scenario_title(session.visit().scenario, texts), what, today(), ending)


def csv_buttons(label: str, table: Callable[[], pd.DataFrame], name: str, key: str, texts: Texts) -> None:
    """Draw the buttons to take a table away as CSV, in either form; it is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for number, form in enumerate(forms(texts)):
            st.download_button(
                f"{label} ({texts.say(FORM_WORDS[form])})",
                lambda form=form: spreadsheet_bytes(table(), form),  # type: ignore[misc]
                name,
                "text/csv",
                key=f"{key}-{number}",
                type="tertiary" if number else "secondary",
                icon=":material/download:",
                on_click="ignore",
            )
