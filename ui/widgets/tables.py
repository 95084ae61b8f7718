"""The table below the map: the same figures, sortable, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from ui.sentences.design import modelled_sentence
from ui.state import session
from ui.views.design import DesignView, PlaceRow, order
from ui.views.filters import WHICH_WORDS, Which, filtered
from ui.widgets.downloads import csv_buttons, scenario_file
from ui.widgets.inputs import segments
from ui.words.i18n import Texts, mark, plain

DASH = "\u2013"
HEIGHT_PX, ROWS_THAT_FIT = 420, 10
MODELLED_WORDS = {"inhabitants": mark("number of inhabitants"), "service": mark("service")}
CHANGE_WORDS = {
    "shorter": mark("shorter"),
    "longer": mark("longer"),
    "same": mark("less than a minute"),
    "won": mark("reached for the first time"),
    "lost": mark("no longer reached"),
    "never": mark("not reached"),
}


@dataclass(slots=True)
class TableFilter:
    """Which places the tables show: a part of a name, and how they fare; not in the link."""

    text: str = ""
    which: Which = "all"
    picked: tuple[int, ...] = ()
    """Rows of the places that are picked in a table, on a map or on a curve: all of these mark them."""
    on_top: tuple[int, ...] = ()
    """Of those the ones that were picked elsewhere: they stand first in the tables, where they are seen."""
    has_picked: bool = False
    """Whether the map does not show yet what was picked."""


def ordered(rows: Sequence[PlaceRow], on_top: tuple[int, ...]) -> list[PlaceRow]:
    """Rows as a table shows them: those `on_top` first, then by `order`."""
    return sorted(rows, key=lambda row: (row.row not in on_top, order(row)))


def place_table(view: DesignView, texts: Texts, on_top: tuple[int, ...] = ()) -> pd.DataFrame:
    """Build one row per place with words and minutes (one decimal); a place that is not reached has no minutes.

    The rows `on_top` come first.
    """
    say, rows = texts.say, ordered(view.rows, on_top)
    return pd.DataFrame(
        {
            say("Place"): [row.name for row in rows],
            say("Municipality"): [row.municipality for row in rows],
            say("Inhabitants"): [row.inhabitants for row in rows],
            say("Now (min)"): _minutes([row.before_min for row in rows]),
            say("With the changes (min)"): _minutes([row.after_min for row in rows]),
            say("Difference (min)"): _minutes([row.difference_min for row in rows]),
            say("Change"): [say(CHANGE_WORDS[row.change]) for row in rows],
            say("Goes to, now"): [row.facility_before for row in rows],
            say("Goes to, with the changes"): [row.facility_after for row in rows],
            say("Modelled"): [_modelled(row, texts) for row in rows],
        }
    )


def _modelled(row: PlaceRow, texts: Texts) -> str:
    """What of this row was made by a rule, beside the layers that all rows rest on."""
    parts = (("inhabitants", row.modelled_inhabitants), ("service", row.modelled_service))
    return texts.sentence_list(tuple(texts.say(MODELLED_WORDS[name]) for name, is_so in parts if is_so))


def _minutes(values: list[float | None]) -> pd.Series[float]:
    return pd.Series(values, dtype="float64").round(1)


def in_words(table: pd.DataFrame, texts: Texts) -> Styler:
    """Write the numbers in the language of the reader; the table still sorts by their values."""
    names = ("Now (min)", "With the changes (min)", "Difference (min)")
    inhabitants: list[Hashable] = [texts.say("Inhabitants")]
    minutes: list[Hashable] = [texts.say(name) for name in names]
    whole: Callable[[Any], str] = texts.number
    one_decimal: Callable[[Any], str] = texts.decimal
    # A name drawn by chance, as pandas gives it, would be another table at every click: sent and drawn again.
    written = table.style.set_uuid("places").format(whole, subset=inhabitants)
    return written.format(one_decimal, subset=minutes, na_rep=DASH)


def plain_table(table: pd.DataFrame) -> None:
    """Draw a small table whole; names in it are shown as they are, never taken for markup."""
    written = table.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)
    written.index = written.index.map(lambda name: plain(str(name)))
    written.columns = written.columns.map(lambda name: plain(str(name)))
    written.index.name = plain(str(table.index.name)) if table.index.name else None
    st.table(written)


def picked_rows(view: DesignView) -> tuple[int, ...]:
    """Rows of the places that are picked, in the table or elsewhere."""
    picked = session.visit().of(TableFilter).picked
    return tuple(row.row for row in view.rows if row.row in picked)


def pick(rows: Iterable[int]) -> None:
    """Pick places elsewhere than in a table."""
    chosen = session.visit().of(TableFilter)
    chosen.picked = chosen.on_top = tuple(sorted(rows))


def pick_on_map(map_key: str) -> None:
    """Pick the place of a map that was clicked, or let go of it; a click beside all places changes nothing."""
    click = st.session_state[map_key].click
    if click is None or click["layer"] != "places":
        return
    session.act()
    pick({*session.visit().of(TableFilter).picked} ^ {int(click["id"])})


@st.fragment
def draw_table(view: DesignView, texts: Texts) -> None:
    """Draw the table, what chooses among its places, and its download; a choice redraws the table alone."""
    chosen = session.visit().of(TableFilter)
    if chosen.has_picked:
        chosen.has_picked = False
        st.rerun()  # of the whole page: the map stands outside this fragment
    say, total, head = (
        texts.say,
        len(view.rows),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"),
    )
    rows = filtered(view.rows, *_choose_places(view, texts))
    table = place_table(replace(view, rows=rows), texts, chosen.on_top)
    is_part = len(rows) < total
    with head:
        st.subheader(say("All places"), anchor=False, width="content")
        if rows:
            csv_buttons(
                say("Download these places") if is_part else say("Download table"),
                lambda: table,
                scenario_file(say("selection") if is_part else say("places"), "csv", texts),
                "places-csv",
                texts,
            )
    if not rows:
        sentence = say(
            "No place fits this choice. Clear the box, or choose all, to see all {total} places again."
        )
        st.info(sentence.format(total=texts.number(total)))
        return
    if is_part:
        sentence = texts.plural(
            "You see {count} of {total} places. The download holds this place only.",
            "You see {count} of {total} places. The download holds these places only.",
            len(rows),
        )
        st.caption(sentence.format(count=texts.number(len(rows)), total=texts.number(total)))
    listed = tuple(row.row for row in ordered(rows, chosen.on_top))
    # A table in another order is another one: what is picked goes along by place, not by line. So is one whose places were
    # picked elsewhere, as Streamlit keeps the ticks of one that it knows.
    key = f"places-{crc32(repr((listed, chosen.on_top)).encode())}"
    st.dataframe(
        in_words(table, texts),
        key=key,
        on_select=partial(_pick, key, listed),
        selection_mode="multi-row",
        selection_default={
            "selection": {"rows": [line for line, row in enumerate(listed) if row in chosen.picked]}
        },
        hide_index=True,
        height=HEIGHT_PX if len(rows) > ROWS_THAT_FIT else "auto",
        column_config={table.columns[0]: st.column_config.TextColumn(pinned=True)},
    )
    st.caption(
        say("A dash means: not reached. Click on a column to sort, or tick places to mark them on the map.")
    )
    if sentence := modelled_sentence(view.basis, texts):
        st.caption(plain(sentence))


def _choose_places(view: DesignView, texts: Texts) -> tuple[str, Which]:
    """Draw the box for a name and, where something changes, the choice of who gains or loses."""
    chosen = session.visit().of(TableFilter)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.session_state["places-text"] = chosen.text
        st.text_input(
            texts.say("Search a place or municipality"),
            key="places-text",
            width=300,
            icon=":material/search:",
            on_change=_choose_text,
            args=("places-text",),
        )
        if not view.edits:
            return chosen.text, "all"
        words = {which: texts.say(word) for which, word in WHICH_WORDS.items()}
        segments(texts.say("Which villages"), words, chosen.which, "places-which", _choose_which)
    return chosen.text, chosen.which


def _pick(key: str, listed: tuple[int, ...]) -> None:
    """Take which places are ticked; those that the table does not list now stay picked."""
    chosen = session.visit().of(TableFilter)
    ticked = {listed[line] for line in st.session_state[key]["selection"]["rows"]}
    chosen.picked = tuple(sorted(ticked | (set(chosen.picked) - set(listed))))
    chosen.has_picked = True


def _choose_text(widget: str) -> None:
    session.visit().of(TableFilter).text = st.session_state[widget]


def _choose_which(widget: str) -> None:
    """Take which places the table shows; a control that was emptied keeps its value."""
    chosen = session.visit().of(TableFilter)
    chosen.which = st.session_state[widget] or chosen.which
