"""Inhabitants in squares of 100 m, out of the national GeoPackage in its zip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.columns import Floats, Int32s, freeze
from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Source
from data.live.area import Box
from data.live.geopackages import BANDS, features_in, read_zipped

CELL_M = 100.0
CELL = re.compile(r"E(\d{1,4})N(\d{1,4})", re.ASCII)
"""Name of a square: its corner in the south-west, in hundreds of metres of RD New."""


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Spots with inhabitants: squares of 100 m, or what stands in for them.

    Attributes
    ----------
    x_m, y_m
        (C,) float64, centre in RD New (EPSG:28992).
    inhabitants
        (C,) int32, rounded by CBS to 5; `SECRET` where secret.
    by_age
        (C, 5) int32, from 0, 15, 25, 45 and 65 years, likewise.
    noun
        What they are called in reports, in the plural.

    """

    x_m: Floats
    y_m: Floats
    inhabitants: Int32s
    by_age: Int32s
    noun: str = "squares"

    def __post_init__(self) -> None:
        freeze(self, len(self.x_m))


def read_squares(download: Downloader, source: Source, box: Box, scratch: Path) -> tuple[Squares, Fetched]:
    """Squares in `box`, from the newest edition; the GeoPackage is unpacked below `scratch` for as long as it is read.

    Raises
    ------
    SourceError
        When no edition can be had, or it lacks a column.

    """
    return read_zipped(download, source, scratch, lambda path: _squares(path, source, box))


def _squares(path: Path, source: Source, box: Box) -> Squares:
    found = features_in(path, source, ("cell", "inhabitants", *BANDS), box, shapes=False)
    names = [str(name) for name in found.columns["cell"]]
    cells = [CELL.fullmatch(name) for name in names]
    if None in cells:
        raise SourceError(f"A square is called {names[cells.index(None)]}, not like E2345N5678.")
    corner_m = np.array([cell.groups() for cell in cells if cell], np.float64).reshape(-1, 2) * CELL_M
    people = found.people()
    lived_in = people[:, 0] != 0
    centre_m = corner_m[lived_in] + CELL_M / 2
    return Squares(centre_m[:, 0], centre_m[:, 1], people[lived_in, 0], people[lived_in, 1:])
