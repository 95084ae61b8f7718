"""What the charts of several pages have in common."""

from __future__ import annotations

from typing import Any

from ui.words.i18n import Texts

COLOURS = ("#8b867c", "#0b5d59", "#c2410c", "#5b3f8c", "#1b5d9b")
DASHES = ([6, 4], [1, 0], [8, 3, 2, 3], [2, 2], [12, 4])
"""Of the curves of now, and of up to four scenarios."""


def in_language(texts: Texts) -> dict[str, Any]:
    """Settings of a chart that write its numbers as the reader does."""
    decimal, thousands = (",", ".") if texts.language == "nl" else (".", ",")
    number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": number}}
