"""Tables of CBS through OData, page by page: some columns of some regions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from data.columns import Floats, Strings, freeze
from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Source
from data.json_text import json_of
from data.live.columns import find_column

PAGE_ROWS = 10_000
"""The most rows that CBS gives at a time; where it says nothing of a next page, a full one has a next."""
MAX_PAGES = 50
CODE = "code"


@dataclass(frozen=True, slots=True, eq=False)
class RegionFigures:
    """Figures of some regions.

    Attributes
    ----------
    code
        (R,) strings, codes of CBS.
    names
        Our names of the columns.
    figures
        (R, K) float64, nan where the publisher gives none.
    title, year
        Of the table; "" where it does not say.

    """

    code: Strings
    names: Strings
    figures: Floats
    title: str
    year: str

    def __post_init__(self) -> None:
        freeze(self, len(self.code), "names")


def read_figures(
    download: Downloader, source: Source, wanted: Callable[[str], bool]
) -> tuple[RegionFigures, Fetched]:
    """Figures of the regions whose code is `wanted`, from the first table of `source` that has any.

    Raises
    ------
    SourceError
        When no table has a figure for them: the newest edition is often published before its distances are.

    """
    return download.first(source, lambda address: _figures(download, source, address, wanted))


def _figures(
    download: Downloader, source: Source, address: str, wanted: Callable[[str], bool]
) -> tuple[RegionFigures, Fetched]:
    codes: list[str] = []
    rows: list[list[float]] = []
    columns: dict[str, str] = {}
    page, first, n_rows = address, None, 0
    for _ in range(MAX_PAGES):
        fetched = download.get(source, page, "json")
        first = first or fetched
        content = json_of(fetched.path.read_bytes())
        records = content.get("value") if isinstance(content, dict) else None
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise SourceError(f"{page} is no table of OData.")
        if records and not columns:
            columns = {ours: find_column(source, ours, records[0]) for ours, _ in source.columns}
        for record in records:
            code = str(record.get(columns[CODE], "")).strip()
            if wanted(code):
                codes.append(code)
                rows.append([_number(record.get(columns[ours])) for ours in columns if ours != CODE])
        n_rows += len(records)
        following = content.get("odata.nextLink") or content.get("@odata.nextLink") or ""
        if not isinstance(following, str):
            raise SourceError(f"{page} has a next page that is no address ({following!r}).")
        if not following and len(records) < PAGE_ROWS:
            break
        page = following or _skipping(address, n_rows)
    else:
        raise SourceError(f"{address} goes on for more than {MAX_PAGES} pages.")
    values = np.array(rows, np.float64).reshape(len(codes), max(len(columns) - 1, 0))
    if not np.isfinite(values).any():
        raise SourceError(f"{address} has no figures of the region (yet).")
    names = tuple(ours for ours in columns if ours != CODE)
    title = _title(download, source, address)
    year = (re.findall(r"\b20\d\d\b", title) or [""])[-1]
    return RegionFigures(tuple(codes), names, values, title, year), first


def _skipping(address: str, n_rows: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}$skip={n_rows}"


def _number(value: Any) -> float:  # noqa: ANN401 -- whatever the JSON holds
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


def _title(download: Downloader, source: Source, address: str) -> str:
    """Title of the table, from the table of contents beside it; "" where there is none."""
    parts = urlsplit(address)
    if not parts.scheme:
        return ""
    contents = parts.path.rsplit("/", 1)[0] + "/TableInfos"
    try:
        fetched = download.get(source, urlunsplit(parts._replace(path=contents)), "json")
        return str(json_of(fetched.path.read_bytes())["value"][0]["Title"])
    except (SourceError, KeyError, IndexError, TypeError):
        return ""
