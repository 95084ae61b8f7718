"""Inhabitants per postcode by age: areas to compare with (PC4), and spots that stand in for squares (PC6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Int32s, freeze
from data.download.cache import Fetched
from data.download.download import Downloader
from data.download.sources import Source
from data.live.area import Box
from data.live.areas import Areas
from data.live.geopackages import BANDS, RD, SECRET, Features, features_in, read_zipped
from data.live.squares import Squares
from data.projection import Projection
from data.study_area.published_figures import AGED, INHABITANTS, POSTCODE, Control

MOSTLY = 0.5
"""A postcode is of the region when more than this share of its land is."""


@dataclass(frozen=True, slots=True, eq=False)
class Postcodes:
    """Postcodes of four figures with their inhabitants.

    Attributes
    ----------
    areas
        Outlines, called "postcode 7811" with the code PC7811.
    inhabitants, aged
        (A,) int32, all and those of 65 and over; rounded by CBS to 5, `SECRET` where secret.
    year
        Of the figures, "" where the file's name does not tell.

    """

    areas: Areas
    inhabitants: Int32s
    aged: Int32s
    year: str

    def __post_init__(self) -> None:
        freeze(self, len(self.areas.name), "areas")

    def rows(self, source: Source) -> list[Control]:
        """Figures to compare with; secret ones are none."""
        return [
            Control(
                *(f"{short}-{code}", indicator, name, code, self.year, float(value), "persons"),
                *(source.credit, "rounded to 5", "observed", np.nan, np.nan),
            )
            for short, indicator, values in (
                ("inhabitants", INHABITANTS, self.inhabitants),
                ("inhabitants-65plus", AGED, self.aged),
            )
            for name, code, value in zip(self.areas.name, self.areas.code, values.tolist(), strict=True)
            if value != SECRET
        ]


def read_postcodes(
    download: Downloader, source: Source, box: Box, shape: shapely.Geometry, scratch: Path
) -> tuple[Postcodes, Fetched]:
    """Postcodes of four figures that lie mostly in `shape`, degrees, from the newest edition.

    Raises
    ------
    SourceError
        When no edition can be had, or it lacks a column.

    """

    def use(path: Path) -> Postcodes:
        found = features_in(path, source, ("postcode", "inhabitants", *BANDS), box, shapes=True)
        projection = Projection(RD)
        outline = shapely.transform(
            _shapes(found), lambda xy: np.column_stack(projection.to_lonlat(xy[:, 0], xy[:, 1]))
        )
        inside = shapely.area(shapely.intersection(outline, shape)) > MOSTLY * shapely.area(outline)
        rows = np.flatnonzero(inside)
        numbers = [str(found.columns["postcode"][row]).strip() for row in rows]
        areas = Areas(
            tuple(f"postcode {number}" for number in numbers),
            tuple(f"{POSTCODE}{number}" for number in numbers),
            outline[rows],
        )
        people = found.people()[rows]
        return Postcodes(areas, people[:, 0], people[:, -1], "")

    postcodes, fetched = read_zipped(download, source, scratch, use)
    year = re.search(r"_(20\d\d)(?=[_.])", fetched.url)
    return (
        Postcodes(postcodes.areas, postcodes.inhabitants, postcodes.aged, year[1] if year else ""),
        fetched,
    )


def read_full_postcodes(
    download: Downloader, source: Source, box: Box, scratch: Path
) -> tuple[Squares, Fetched]:
    """Spots of the postcodes of four figures and two letters in `box`: some twenty addresses each.

    Raises
    ------
    SourceError
        When no edition can be had, or it lacks a column.

    """

    def use(path: Path) -> Squares:
        found = features_in(path, source, ("postcode", "inhabitants", *BANDS), box, shapes=True)
        spot = shapely.get_coordinates(shapely.point_on_surface(_shapes(found)))
        people = found.people()
        lived_in = people[:, 0] != 0
        x_m, y_m = spot[lived_in].T
        return Squares(
            x_m.copy(), y_m.copy(), people[lived_in, 0], people[lived_in, 1:], noun="full postcodes"
        )

    return read_zipped(download, source, scratch, use)


def _shapes(found: Features) -> NDArray[np.object_]:
    return np.asarray(shapely.make_valid(shapely.from_wkb(found.wkb)), object)
