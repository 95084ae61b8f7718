"""Paper: a comparison as an A4 PDF, and the map as a picture, typeset by typst without a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("paper.typ")
PICTURE = Path(__file__).with_name("picture.typ")
PIXELS_PER_INCH = 192


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title; the first column is text, the others are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on paper, all of it finished text.

    Attributes
    ----------
    language
        Of the text, for hyphens and for screen readers.
    kicker, title, changes
        Head of the page, and what was changed, line by line.
    sentences
        The answer.
    map_svg
        The map with its legend.
    tables
        Below the map.
    notes
        What the figures rest on, and where they come from.

    """

    language: str
    kicker: str
    title: str
    changes: tuple[str, ...]
    sentences: tuple[str, ...]
    map_svg: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def pdf(report: Report) -> bytes:
    """Typeset a report; text goes in as data, so nothing in it is taken for markup."""
    data = {
        "language": report.language,
        "kicker": report.kicker,
        "title": report.title,
        "changes": report.changes,
        "sentences": report.sentences,
        "tables": [{"title": table.title, "head": table.head, "rows": table.rows} for table in report.tables],
        "notes": report.notes,
    }
    made = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data), "map": report.map_svg}
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document
    return made


def png(report: Report) -> bytes:
    """Draw the map with its sentence and sources as a picture."""
    data = {"title": report.title, "sentences": report.sentences[:1], "notes": report.notes[:1]}
    made = typst.compile(
        PICTURE.read_bytes(),
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(data), "map": report.map_svg},
    )
    assert isinstance(made, bytes)  # noqa: S101 - one page
    return made
