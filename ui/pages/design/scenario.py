"""The panel beside the map: the changes made so far, and how to make, undo, keep and open them."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.world import World
from scenarios.edits.json_text import to_json
from ui.pages.design import actions, closures, export, library
from ui.sentences.edits import edit_detail, edit_title
from ui.state import session
from ui.views.design import DesignView
from ui.widgets.downloads import scenario_file
from ui.widgets.upload_link import upload_link
from ui.words.i18n import Texts, plain


def panel(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the panel."""
    _numbers(view, texts)
    _changes(view, texts)
    closures.draw(world, view, texts)
    library.draw(world, texts)
    _keep(texts)
    export.draw(world, view, texts)
    upload_link(texts)


def _numbers(view: DesignView, texts: Texts) -> None:
    difference = view.within_after - view.within_before
    sign = "+" if difference > 0 else "\u2212" if difference < 0 else ""
    cells = (
        (texts.say("Now"), texts.number(view.within_before)),
        (texts.say("With the changes"), texts.number(view.within_after)),
        (texts.say("Difference"), sign + texts.number(abs(difference))),
    )
    title = texts.say("Inhabitants within {limit} minutes").format(limit=view.limit_min)
    drawn = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(number)}</dd></div>" for name, number in cells)
    st.html(f'<p class="dh-kicker">{escape(title)}</p><dl class="dh-numbers">{drawn}</dl>')


def _changes(view: DesignView, texts: Texts) -> None:
    title, nothing = (
        texts.say("Changes"),
        texts.say("Nothing has been changed yet. Click on the map to place a hub."),
    )
    with st.container(border=True, gap="small"):
        st.html(f'<p class="dh-kicker">{escape(title)}</p>')
        if not view.edits:
            st.html(f'<p class="dh-empty">{escape(nothing)}</p>')
        for number, edit in enumerate(view.edits):
            line, button = st.columns([5, 1], vertical_alignment="center")
            title = edit_title(edit, texts)
            line.html(
                f'<div class="dh-edit"><b>{escape(title)}</b><span>{escape(edit_detail(edit, texts))}</span></div>'
            )
            remove = plain(texts.say("Take out: {change}").format(change=title))
            button.button(
                "✕",
                key=f"remove-{number}",
                help=remove,
                type="tertiary",
                on_click=actions.remove,
                args=(number,),
            )
        if view.edits:
            st.button(texts.say("Start again"), key="clear", type="tertiary", on_click=actions.clear)


def _keep(texts: Texts) -> None:
    scenario = session.visit().scenario
    with st.expander(texts.say("Keep or open a scenario")):
        st.session_state["name"] = scenario.name
        st.text_input(
            texts.say("Name"),
            key="name",
            max_chars=80,
            placeholder=texts.say("My scenario"),
            on_change=actions.rename,
            args=("name",),
        )
        st.download_button(
            texts.say("Save as a file"),
            to_json(scenario),
            scenario_file("scenario", "json", texts),
            "application/json",
            icon=":material/download:",
            disabled=not scenario.edits,
            on_click="ignore",
        )
        if not scenario.edits:
            st.caption(texts.say("There is nothing to keep yet: first change something."))
        st.file_uploader(
            texts.say("Open a file"),
            max_upload_size=actions.SCENARIO_MB,
            key="upload",
            on_change=actions.load_upload,
            args=("upload",),
        )
        st.caption(texts.say("The link in the address bar holds this scenario too: copy it to share."))
