"""Published figures of CBS for the municipalities and neighbourhoods of a region."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Source, Sources
from data.live.areas import Areas
from data.live.odata import read_figures
from data.study_area.published_figures import AGED, CARS, INHABITANTS, Control


class Indicator(NamedTuple):
    """How a column of ours is called in the table of figures."""

    short: str
    indicator: str
    unit: str
    note: str


_OVER_ROADS = "over car roads, from the home address, person-weighted"
INDICATORS = {
    "gp_km": Indicator("gp", "mean distance to GP practice", "km", _OVER_ROADS),
    "supermarket_km": Indicator(
        "supermarket",
        "mean distance to large supermarket",
        "km",
        f"{_OVER_ROADS}; large is 150 m2 of sales floor or more",
    ),
    "inhabitants": Indicator("inhabitants", INHABITANTS, "persons", "rounded to 5"),
    "aged_65_plus": Indicator("inhabitants-65plus", AGED, "persons", "rounded to 5"),
    "cars": Indicator(
        "cars", CARS, "cars", "private cars on 1 January, also of people without a household here"
    ),
}


class Figures(NamedTuple):
    """Rows of the table of published figures, and what became of each source."""

    rows: list[Control]
    used: list[tuple[Fetched | None, str, Source]]


def rows_from(download: Downloader, sources: Sources, areas: Areas, wanted: Callable[[str], bool]) -> Figures:
    """Figures of the regions that are `wanted` by code, named as in `areas`; a source that fails is told of."""
    name_of = dict(zip(areas.code, areas.name, strict=True))
    found = Figures([], [])
    for source in map(sources.source, ("nearby", "key_figures", "cars")):
        try:
            figures, fetched = read_figures(download, source, wanted)
        except SourceError as error:
            found.used.append((None, str(error), source))
            continue
        found.used.append((fetched, "", source))
        for code, values in zip(figures.code, figures.figures, strict=True):
            for column, value in zip(figures.names, values.tolist(), strict=True):
                if np.isfinite(value):
                    short, indicator, unit, note = INDICATORS[column]
                    title = figures.title or source.credit
                    row = Control(
                        f"{short}-{code}",
                        indicator,
                        name_of.get(code, code),
                        code,
                        figures.year,
                        value,
                        unit,
                        f"CBS, {title}" if figures.title else title,
                        note,
                        "observed",
                        np.nan,
                        np.nan,
                    )
                    found.rows.append(row)
    return found
