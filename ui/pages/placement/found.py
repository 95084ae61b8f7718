"""What was found below the proposal, as its parts draw it alike: sentences, a table, and the way to the page "Design"."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Literal

import pandas as pd
import streamlit as st

from ui.pages.placement import actions
from ui.paper.parts import table_of
from ui.paper.pdf import Part, Sentences
from ui.widgets.tables import plain_table


def paragraphs(sentences: tuple[str, ...]) -> None:
    """Draw sentences, a paragraph each."""
    st.html("".join(f"<p>{escape(sentence)}</p>" for sentence in sentences))


def opening_button(
    label: str, key: str, found: actions.Openable, kind: Literal["primary", "secondary"] = "secondary"
) -> None:
    """Draw the button that adds the hubs to the visitor's scenario."""
    st.button(
        label,
        key=key,
        type=kind,
        icon=":material/edit_location_alt:",
        on_click=actions.open_in_design,
        args=(found,),
    )


def told_in_full(
    sentences: tuple[str, ...], table: pd.DataFrame | None, *below: Callable[[], None]
) -> tuple[Part, ...]:
    """Draw sentences, their table and what stands below it, nothing but the sentences without table; gives it for paper."""
    paragraphs(sentences)
    if table is None:
        return (Sentences(sentences),)
    plain_table(table)
    for draw in below:
        draw()
    return Sentences(sentences), table_of("", table)
