"""What the charts of several pages have in common."""

from __future__ import annotations

from typing import Any

from ui.words.i18n import Texts

COLOURS = ("#1f8f86", "#d1571f", "#8a6bd1", "#3b82c4")
"""Of up to four scenarios, each with three to one against the light and the dark page."""
DASHES = ([1, 0], [8, 3], [2, 2], [12, 4, 2, 4])


def in_language(texts: Texts) -> dict[str, Any]:
    """Settings of a chart that write its numbers as the reader does."""
    decimal, thousands = (",", ".") if texts.language == "nl" else (".", ",")
    number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": number}}
