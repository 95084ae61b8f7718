"""A report of headings, paragraphs, tables and drawings, as Markdown or as one page of HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeAlias

from data.errors import InputError
from data.files.whole import write_file

Cell: TypeAlias = str | float
Say: TypeAlias = Callable[[str], str]
SUFFIXES = (".md", ".html")


@dataclass(frozen=True, slots=True)
class Words:
    """The language of a report: its code, its words for an English text, and its signs within numbers."""

    language: str
    say: Say
    thousands: str
    decimal: str

    def number(self, value: float, form: str) -> str:
        """Write a number, `form` being one of Python's such as ``,.2f`` or ``+.0%``."""
        signs = str.maketrans({",": self.thousands, ".": self.decimal})
        return format(value, form).translate(signs)

    def shown(self, cell: Cell) -> str:
        """Cell as text: whole numbers without a point, nothing for nan, and words for what is not reached."""
        if isinstance(cell, str):
            return cell
        if math.isnan(cell):
            return ""
        if math.isinf(cell):
            return self.say("not reached")
        return self.number(cell, ",.0f" if float(cell).is_integer() else ",.2f")


ENGLISH = Words("en", str, ",", ".")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the report."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG, with what it shows in words; Markdown has the words alone."""

    svg: str
    caption: str


Block: TypeAlias = Heading | Paragraph | Grid | Drawing


def check_suffix(path: Path) -> None:
    """Refuse another kind of report before anything is worked out for it.

    Raises
    ------
    InputError
        When the ending is another.

    """
    if path.suffix not in SUFFIXES:
        msg = f"{path}: reports are written as {' or '.join(SUFFIXES)}; choose one of these endings."
        raise InputError(msg)


def write_report(path: Path, blocks: Sequence[Block], words: Words) -> None:
    """Write a report as its ending says, whole or not at all.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.

    """
    check_suffix(path)
    text = markdown(blocks, words) if path.suffix == ".md" else html(blocks, words)

    def fill(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(path, fill)


def markdown(blocks: Sequence[Block], words: Words) -> str:
    """Text of a report in Markdown."""
    parts = []
    for block in blocks:
        match block:
            case Heading(text, level):
                parts.append(f"{'#' * level} {text}")
            case Paragraph(text):
                parts.append(text)
            case Grid(columns, rows):
                lines = [" | ".join(columns), "|".join("---" for _ in columns)]
                lines += [
                    " | ".join(words.shown(cell).replace("|", "/").replace("\n", " ") for cell in row)
                    for row in rows
                ]
                parts.append("\n".join(f"| {line} |" for line in lines))
            case Drawing(_, caption):
                parts.append(f"*{caption}*")
    return "\n\n".join(parts) + "\n"


def html(blocks: Sequence[Block], words: Words) -> str:
    """Text of a report as one page of HTML that loads nothing."""
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(_html(block, words) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _html(block: Block, words: Words) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Grid(columns, rows):
            head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
            lines = "".join(f"<tr>{''.join(_cell(cell, words) for cell in row)}</tr>" for row in rows)
            return (
                f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
            )
        case Drawing(svg, caption):
            return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _cell(cell: Cell, words: Words) -> str:
    kind = "" if isinstance(cell, str) else ' class="number"'
    return f"<td{kind}>{escape(words.shown(cell))}</td>"


STYLE = (
    "body{font:16px/1.5 sans-serif;color:#1c1b18;background:#fff;margin:0}main{max-width:62rem;margin:auto;padding:1rem}"
    "table{border-collapse:collapse;font-size:.9rem}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd;"
    "vertical-align:top}.number{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}"
    "figure{margin:1rem 0}svg{max-width:40rem;width:100%;height:auto;border:1px solid #ddd}figcaption{color:#555}"
)
