"""The documentation as text: its pages, and what is written in them for others to type."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.files import DOCS

FENCED = re.compile(r"^([`:]{3,})(\S*).*?\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)


class Typed(NamedTuple):
    """A command as it is typed, and lines of what it says."""

    words: list[str]
    says: list[str]


def pages() -> list[Path]:
    """All pages of the site."""
    return sorted(path for path in DOCS.rglob("*") if path.suffix in {".md", ".ipynb"})


def text_of(page: Path) -> str:
    """Markdown of a page; of a notebook that of its cells."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def fenced(text: str, language: str) -> Iterator[str]:
    """Return what stands in the fenced blocks of one language or directive."""
    return (found[3] for found in FENCED.finditer(text) if found[2] == language)


def typed(text: str) -> Iterator[Typed]:
    """Commands of the console blocks of a page, each with the lines below it."""
    for block in fenced(text, "console"):
        for command in block.split("$ ")[1:]:
            first, *says = command.strip().splitlines()
            yield Typed(shlex.split(first), says)
