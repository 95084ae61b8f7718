"""Paper: what a page says as an A4 PDF, and a map as a picture, typeset by typst without a browser.

Text goes in as data, so nothing in it is taken for markup or code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from data.extras import of_extra

if TYPE_CHECKING:
    from typst import PDFStandard  # in its stubs only

TEMPLATE = Path(__file__).with_name("paper.typ")
PICTURE = Path(__file__).with_name("picture.typ")
PIXELS_PER_INCH = 192
STANDARDS: list[PDFStandard] = ["ua-1", "a-2a"]
"""PDF/UA for those who have it read to them; only with it is the title shown instead of the name of the file."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Begins a part of a booklet, on a new page."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """Paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map or chart, what it shows for those who do not see it, and what stands below it ("" for nothing)."""

    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Drawings:
    """Drawings two by two."""

    of: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title ("" for none); the first column is text, the others are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part: TypeAlias = Chapter | Heading | Sentences | Points | Drawing | Drawings | Table


@dataclass(frozen=True, slots=True)
class Link:
    """Where the page is found again: its address, what is read in its place, its square code ("" for none), and what that is called."""

    address: str
    said: str
    code: str
    alt: str


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on paper, all of it finished text.

    Attributes
    ----------
    language
        Of the text, for hyphens and for screen readers.
    kicker, title
        Head of the first page.
    parts
        The answer: sentences, maps, tables.
    notes
        What the figures rest on, and where they come from.
    made, foot
        Day it was made, and what stands at the foot of every page.
    link
        None where there is no address.

    """

    language: str
    kicker: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    made: date
    foot: str
    link: Link | None = None


def pdf(report: Report) -> bytes:
    """Typeset a report as a PDF for people who see it and for those who have it read to them."""
    data = {
        "language": report.language,
        "kicker": report.kicker,
        "title": report.title,
        "parts": [{"is": type(part).__name__} | asdict(part) for part in report.parts],
        "notes": report.notes,
        "date": (report.made.year, report.made.month, report.made.day),
        "foot": report.foot,
        "link": None if report.link is None else asdict(report.link),
    }
    return _typeset(TEMPLATE, data, "pdf")


def png(report: Report) -> bytes:
    """Draw the first map of a report with the first sentence and what it rests on as a picture."""
    drawn = next(part for part in report.parts if isinstance(part, Drawing))
    said = next(part.texts for part in report.parts if isinstance(part, Sentences))
    data = {
        "language": report.language,
        "title": report.title,
        "sentences": said[:1],
        "svg": drawn.svg,
        "notes": report.notes[:1],
    }
    return _typeset(PICTURE, data, "png")


def _typeset(template: Path, data: Mapping[str, object], made_as: Literal["pdf", "png"]) -> bytes:
    with of_extra("paper"):
        import typst  # noqa: PLC0415 -- an extra

    # Only the fonts that come with typst: a report looks the same wherever it is made.
    made = typst.compile(
        template.read_bytes(),
        format=made_as,
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=STANDARDS,
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document, or one page
    return made
