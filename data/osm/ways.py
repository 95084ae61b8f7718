"""Ways of an OSM file by way of lines of text (OPL), which libosmium writes far quicker than it makes Python objects.

Format: https://osmcode.org/opl-file-format. Of each way a line like `w123 v1 dV Thighway=path,name=Aa%20%Bee Nn1,n2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import osmium

from data.parameters.facility_kinds import Tags

_ESCAPED = re.compile("%([0-9a-f]+)%")
"""A character that has a meaning in the format, by its number."""


class Way(NamedTuple):
    """A way with the ids of its nodes."""

    id: int
    refs: list[int]
    tags: Tags

    @property
    def is_closed(self) -> bool:
        """Whether it ends where it begins."""
        return len(self.refs) > 0 and self.refs[0] == self.refs[-1]


def writer_of_lines(path: Path) -> osmium.SimpleWriter:
    """Write all objects that it meets, as a handler or filter, as lines to a file; to be closed before these are read."""
    # Without the version it would not be told either which objects have been deleted.
    return osmium.SimpleWriter(osmium.io.File(str(path), "opl,add_metadata=version"))


def read_ways(path: Path) -> Iterator[Way]:
    """Ways among the lines of a file, in their order, without those that have been deleted."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line[0] == "w":
                name, _, visible, tags, refs = line.split(" ")
                if visible == "dV":
                    yield Way(int(name[1:]), _refs(refs[2:]), _tags(tags[1:]))


def _refs(text: str) -> list[int]:
    """Ids of `1,n2,n3` and a line break."""
    return [int(ref) for ref in text.split(",n")] if len(text) > 0 and text != "\n" else []


def _tags(text: str) -> dict[str, str]:
    if not text:
        return {}
    pairs = [pair.split("=") for pair in text.split(",")]
    if "%" in text:
        return {_plain(key): _plain(value) for key, value in pairs}
    return {key: value for key, value in pairs}  # noqa: C416 -- `dict` knows no lists of two


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    """Text with its escaped characters as they are."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "%" in text else text
