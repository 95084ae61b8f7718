"""The way to the panel "Your own data" from another page."""

from __future__ import annotations

import streamlit as st

from ui.state.session import act
from ui.state.uploading import Uploading
from ui.words.i18n import Texts

ABOUT = "gegevens"


def upload_link(texts: Texts) -> None:
    """Draw the button that leads there."""
    st.button(
        texts.say("Use your own data"),
        key="upload-data",
        icon=":material/upload_file:",
        on_click=_open_panel,
    )


def _open_panel() -> None:
    state = act()
    state.of(Uploading).is_open, state.redirect = True, ABOUT
