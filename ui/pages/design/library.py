"""The library on the page "Design": keep, open, compare, copy, rename and delete scenarios."""

from __future__ import annotations

import streamlit as st

from accessibility.world import World
from scenarios.library import SavedScenario
from ui.pages.design import library_actions
from ui.state import cache, session
from ui.state.link import MOST_OTHERS
from ui.words.i18n import Texts


def draw(world: World, texts: Texts) -> None:
    """Draw the library."""
    rows = cache.library().rows(world.region.name)
    # The title stays the same whatever is kept: with another one the browser would close the box.
    with st.expander(texts.say("Library of scenarios")):
        st.caption(
            texts.say(
                "Everybody who uses this installation sees the library. Nobody can overwrite what another has saved."
            )
        )
        _keep(texts)
        if rows:
            count = texts.plural("{count} scenario", "{count} scenarios", len(rows))
            st.caption(count.format(count=texts.number(len(rows))))
            _choose(rows, texts)
        else:
            st.write(texts.say("The library is still empty."))
        if session.visit().of(library_actions.Deleted).ids:
            st.button(
                texts.say("Bring back the deleted scenario"),
                key="library-restore",
                icon=":material/undo:",
                on_click=library_actions.restore,
            )


def _keep(texts: Texts) -> None:
    state = session.visit()
    words = (state.scenario.name, state.scenario.note)
    if st.session_state.get("library-words") != words:
        # Another scenario, or another name for it: the fields follow; what is being typed stays otherwise.
        st.session_state["library-words"] = words
        st.session_state["library-name"], st.session_state["library-note"] = words
    with st.form("library-keep", border=True):
        name, author = st.columns(2)
        name.text_input(texts.say("Name"), key="library-name", max_chars=80)
        author.text_input(texts.say("Author"), key="library-author", max_chars=80)
        st.text_area(texts.say("Note"), key="library-note", max_chars=2000, height=80)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(texts.say("Keep as new"), on_click=library_actions.keep)
            if state.saved is not None:
                st.form_submit_button(texts.say("Save changes"), on_click=library_actions.save)


def _choose(rows: tuple[SavedScenario, ...], texts: Texts) -> None:
    by_id = {row.id: row for row in rows}
    chosen = st.selectbox(
        texts.say("Scenario in the library"),
        tuple(by_id),
        key="library-chosen",
        format_func=lambda id_: _label(by_id[id_], texts) if id_ in by_id else "",
    )
    row = by_id.get(chosen)
    if row is None:
        return
    if row.scenario.note:
        st.text(row.scenario.note)
    with st.container(horizontal=True, gap="small"):
        st.button(texts.say("Open"), key="library-open", on_click=library_actions.open_one, args=(row.id,))
        st.button(texts.say("Copy"), key="library-copy", on_click=library_actions.copy, args=(row.id,))
        st.button(texts.say("Delete"), key="library-delete", on_click=library_actions.delete, args=(row.id,))
    st.multiselect(
        texts.say("Put beside it on the page Compare (at most three)"),
        tuple(by_id),
        key="library-others",
        max_selections=MOST_OTHERS,
        format_func=lambda id_: _label(by_id[id_], texts) if id_ in by_id else "",
        placeholder=texts.say("Choose scenarios"),
        on_change=library_actions.compare_with,
        args=("library-others",),
    )


def _label(row: SavedScenario, texts: Texts) -> str:
    name = row.scenario.name or texts.say("Without a name")
    parts = (name, row.author, texts.date_of_source(row.changed[:10]))
    return " \u00b7 ".join(part for part in parts if part)
