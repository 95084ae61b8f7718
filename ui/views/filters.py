"""Which places a table shows: those that a text names, and those that gain or lose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, get_args

from scenarios.comparison.compare import Change
from ui.views.design import PlaceRow
from ui.words.i18n import mark

Which = Literal["all", "better", "worse"]
WHICH_WORDS: dict[Which, str] = {
    "all": mark("All"),
    "better": mark("Better off"),
    "worse": mark("Worse off"),
}
CHANGES: dict[Which, frozenset[Change]] = {
    "all": frozenset(get_args(Change)),
    "better": frozenset({"shorter", "won"}),
    "worse": frozenset({"longer", "lost"}),
}


def filtered(rows: Sequence[PlaceRow], text: str, which: Which) -> tuple[PlaceRow, ...]:
    """Rows whose place or municipality holds every word of `text`, and to which a change of `which` happens, in their order.

    Capitals, accents and marks between words make no difference: "exloermond" finds 2e Exloërmond, "emmen bargeres" finds
    Emmen - Bargeres. A text without a letter or digit names everything.
    """
    wanted = plain(text).split()
    return tuple(
        row
        for row in rows
        if row.change in CHANGES[which]
        and all(word in plain(f"{row.name} {row.municipality}") for word in wanted)
    )


def plain(text: str) -> str:
    """Text without capitals, accents and marks, its words parted by single spaces."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"\w+", bare))
