"""What leads from page to page beside the bar of Streamlit: the names of the pages at the foot of a phone, and the footer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import Page

ICONS = (
    ":material/home:",
    ":material/compare_arrows:",
    ":material/edit_location_alt:",
    ":material/search:",
    ":material/route:",
    ":material/info:",
)


def names_of_pages(pages: Sequence[Page]) -> None:
    """Draw the names of the pages side by side; app.css shows them at the foot of a phone only."""
    with st.container(horizontal=True, key="pages", gap=None):
        for page, icon in zip(pages, ICONS, strict=True):
            st.page_link(page, icon=icon)


def footer(statements: Sequence[Page]) -> None:
    """Draw what stands below every page: links to what is said about the app itself."""
    with st.container(horizontal=True, key="footer"):
        for page in statements:
            st.page_link(page)
