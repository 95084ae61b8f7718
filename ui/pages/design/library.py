"""The library on the page "Design": keep, open, compare and copy scenarios; change, delete and bring back one's own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import streamlit as st

from accessibility.world import World
from scenarios.library import Library, SavedScenario, set_aside
from ui.pages.design import library_actions
from ui.state import cache, session
from ui.state.link import MOST_OTHERS
from ui.widgets import owner_keys
from ui.widgets.owner_keys import OwnerKeys
from ui.widgets.page_frame import copy_button
from ui.words.i18n import Texts, plain


def draw(world: World, texts: Texts) -> None:
    """Draw the library."""
    owner_keys.draw(library_actions.take_keys)
    library, keys = cache.library(), session.visit().of(OwnerKeys)
    rows, damaged = library.rows(world.region.name), library.damaged(world.region.name)
    # The title stays the same whatever is kept: with another one the browser would close the box.
    with st.expander(texts.say("Library of scenarios")):
        st.caption(
            texts.say(
                "Everybody who uses this installation sees the library. Only the owner of a scenario can change or delete it; others "
                "can copy it. Whether you are the owner is remembered by this browser."
            )
        )
        _tell_of_file(library, texts)
        _keep(keys, texts)
        if rows:
            count = texts.plural("{count} scenario", "{count} scenarios", len(rows))
            st.caption(count.format(count=texts.number(len(rows))))
            _choose(rows, keys, texts)
        elif not damaged:
            st.write(texts.say("The library is still empty."))
        for name in dict.fromkeys(one.name for one in damaged):
            told = texts.say(
                "The scenario {name} is damaged and cannot be opened. It stays in the library as it is. Ask whoever manages this "
                "installation to put back a copy of the library."
            )
            st.warning(told.format(name=plain(name) or texts.say("Without a name")))
        _deleted(library.deleted(world.region.name, keys.by_id), texts)
        if keys.by_id or keys.forgotten:
            owner_keys.draw_forgetting(texts)


def _tell_of_file(library: Library, texts: Texts) -> None:
    """Tell of a damaged library that was set aside, and of a copy that could not be made."""
    for path in set_aside(library.path)[:1]:
        told = texts.say(
            "The library was damaged. The last copy of it was put in its place: scenarios that were kept or changed after "
            "that copy are missing. Whoever manages this installation finds the damaged file as {name}."
        )
        st.warning(plain(told.format(name=path.name)))
    if library.no_copy:
        st.warning(plain(texts.say_data(library.no_copy)))


def _keep(keys: OwnerKeys, texts: Texts) -> None:
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
            if keys.owns(state.saved):
                st.form_submit_button(texts.say("Save changes"), on_click=library_actions.save)


def _choose(rows: tuple[SavedScenario, ...], keys: OwnerKeys, texts: Texts) -> None:
    row = _picked(texts.say("Scenario in the library"), rows, "library-chosen", texts)
    if row is None:
        return
    if row.scenario.note:
        st.text(row.scenario.note)
    is_own = keys.owns(row)
    with st.container(horizontal=True, gap="small"):
        st.button(texts.say("Open"), key="library-open", on_click=library_actions.open_one, args=(row.id,))
        st.button(texts.say("Copy"), key="library-copy", on_click=library_actions.copy, args=(row.id,))
        if is_own:
            st.button(
                texts.say("Delete"), key="library-delete", on_click=library_actions.delete, args=(row.id,)
            )
    if is_own:
        _own(row, texts)
    else:
        st.caption(texts.say("This scenario is somebody else's: you can open and copy it."))
    by_id = {row.id: row for row in rows}
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


def _picked(label: str, rows: tuple[SavedScenario, ...], key: str, texts: Texts) -> SavedScenario | None:
    by_id = {row.id: row for row in rows}
    if st.session_state.get(key) not in by_id:
        st.session_state.pop(key, None)  # it was deleted, or is of another region
    chosen = st.selectbox(
        label,
        tuple(by_id),
        key=key,
        format_func=lambda id_: _label(by_id[id_], texts) if id_ in by_id else "",
    )
    return by_id.get(chosen)


def _own(row: SavedScenario, texts: Texts) -> None:
    """Draw what only the owner has: a link to take along, and what the scenario was before."""
    say = texts.say
    st.caption(say("This scenario is yours."))
    if link := owner_keys.owner_link(row):
        copy_button(say("Copy the owner's link"), link, texts)
        st.caption(
            say(
                "Whoever has this link can change and delete the scenario. Keep it for yourself: it is the only way to your scenario "
                "from another computer, or when this browser has forgotten it."
            )
        )
    library = cache.library()
    if n_damaged := len(library.damaged_versions(row)):
        told = texts.plural(
            "{count} earlier version of this scenario is damaged and cannot be brought back.",
            "{count} earlier versions of this scenario are damaged and cannot be brought back.",
            n_damaged,
        )
        st.caption(told.format(count=texts.number(n_damaged)))
    if earlier := {one.version: one for one in library.earlier(row)}:
        st.selectbox(
            say("Earlier versions"),
            tuple(earlier),
            key="library-earlier",
            format_func=lambda version: _moment(earlier[version], texts) if version in earlier else "",
        )
        st.button(
            say("Bring back this version"),
            key="library-bring-back",
            icon=":material/undo:",
            on_click=library_actions.bring_back,
            args=(row.id, "library-earlier"),
        )


def _deleted(rows: tuple[SavedScenario, ...], texts: Texts) -> None:
    if not rows:
        return
    _picked(texts.say("Scenarios that you deleted"), rows, "library-deleted", texts)
    st.button(
        texts.say("Bring back the deleted scenario"),
        key="library-restore",
        icon=":material/undo:",
        on_click=library_actions.restore,
        args=("library-deleted",),
    )


def _label(row: SavedScenario, texts: Texts) -> str:
    name = row.scenario.name or texts.say("Without a name")
    parts = (name, row.author, texts.date_of_source(row.changed[:10]))
    return " \u00b7 ".join(part for part in parts if part)


def _moment(row: SavedScenario, texts: Texts) -> str:
    """An earlier version by its name and when it was saved, on the clock of the reader: the hour tells those of one day apart."""
    zone = timezone(-timedelta(minutes=st.context.timezone_offset or 0))
    saved = datetime.fromisoformat(row.changed).astimezone(zone)
    clock = texts.clock(saved.hour * 3600 + saved.minute * 60)
    return f"{row.scenario.name} \u00b7 {texts.date_of_source(saved.date().isoformat())}, {clock}"
