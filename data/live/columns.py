"""Columns of a source found by their stem: publishers number them anew with each edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from data.download.download import SourceError
from data.download.sources import Source


def find_column(source: Source, ours: str, names: Iterable[str]) -> str:
    """Name in the source of our column `ours`: one of its known names, with or without a number at its end.

    Raises
    ------
    SourceError
        With the names that were looked for, what there is, and where to add another.

    """
    there = list(names)
    known = dict(source.columns)[ours]
    for stem in known:
        pattern = re.compile(rf"{re.escape(stem)}(_\d+)?", re.IGNORECASE)
        for name in there:
            if pattern.fullmatch(name.strip()):
                return name
    msg = (
        f"There is no column {' or '.join(known)}; there are {', '.join(sorted(there)[:40])}. "
        f"Add the new name to columns.{ours} of {source.where}."
    )
    raise SourceError(msg)


def text_of(source: Source, ours: str, fields: Mapping[str, Any]) -> str:
    """Value of our column `ours` in one record, without the blanks around it."""
    return str(fields[find_column(source, ours, fields)]).strip()
