"""What the charts of several pages have in common."""

from __future__ import annotations

from typing import Any

from ui.words.i18n import Texts


def in_language(texts: Texts) -> dict[str, Any]:
    """Settings of a chart that write its numbers as the reader does."""
    decimal, thousands = (",", ".") if texts.language == "nl" else (".", ",")
    number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": number}}
