"""Inhabitants in squares of 100 m, out of the national GeoPackage in its zip."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyogrio

from data.columns import Floats, Int32s, freeze
from data.download import Downloader, SourceError
from data.live.area import Box
from data.live.columns import find_column
from data.projection import Projection
from data.sources import Source
from data.stored import Fetched

CELL_M = 100.0
SECRET = -1
"""A number that the publisher keeps to itself (-99997 and other negative numbers in the file)."""
BANDS = ("from_0", "from_15", "from_25", "from_45", "from_65")
RD = "EPSG:28992"
_CHUNK_BYTES = 2**22


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Squares of 100 m with inhabitants.

    Attributes
    ----------
    x_m, y_m
        (C,) float64, centre in RD New (EPSG:28992).
    inhabitants
        (C,) int32, rounded by CBS to 5; `SECRET` where secret.
    by_age
        (C, 5) int32, from 0, 15, 25, 45 and 65 years, likewise.

    """

    x_m: Floats
    y_m: Floats
    inhabitants: Int32s
    by_age: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.x_m))


def read_squares(download: Downloader, source: Source, box: Box, scratch: Path) -> tuple[Squares, Fetched]:
    """Squares in `box`, from the newest edition; the GeoPackage is unpacked below `scratch` for as long as it is read.

    Raises
    ------
    SourceError
        When no edition can be had, or it lacks a column.

    """

    def use(address: str) -> tuple[Squares, Fetched]:
        fetched = download.get(source, address, "zip")
        try:
            with TemporaryDirectory(dir=scratch, prefix=".squares-") as folder:
                return _squares(_unpacked(fetched.path, Path(folder)), source, box), fetched
        except (zipfile.BadZipFile, zlib.error, EOFError, pyogrio.errors.DataSourceError) as error:
            raise SourceError(f"{fetched.url} cannot be read ({error}).") from error

    return download.first(source, use)


def _unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".gpkg")]
        if len(names) != 1:
            raise SourceError(f"{path.name} holds {len(names)} GeoPackages, not one.")
        target = folder / "squares.gpkg"
        with archive.open(names[0]) as packed, target.open("wb") as out:
            while chunk := packed.read(_CHUNK_BYTES):
                out.write(chunk)
    return target


def _squares(path: Path, source: Source, box: Box) -> Squares:
    names = list(pyogrio.read_info(path)["fields"])
    ours = ("cell", "inhabitants", *BANDS)
    wanted = [find_column(source, name, names) for name in ours]
    meta, _, _, columns = pyogrio.raw.read(path, columns=wanted, read_geometry=False, bbox=_bounds_m(box))
    found = dict(zip(meta["fields"], columns, strict=True))
    cell = np.asarray(found[wanted[0]], np.str_)
    if len(cell) and not np.char.startswith(cell, "E").all():
        raise SourceError(f"{source.credit}: squares are called {cell[0]}, not like E2345N5678.")
    east_north = [name[1:].split("N") for name in cell]
    corner_m = np.array(east_north, np.float64).reshape(-1, 2) * CELL_M
    counts = np.stack([_counts(found[name]) for name in wanted[1:]], axis=1)
    lived_in = counts[:, 0] != 0
    centre_m = corner_m[lived_in] + CELL_M / 2
    return Squares(centre_m[:, 0], centre_m[:, 1], counts[lived_in, 0], counts[lived_in, 1:])


def _counts(column: object) -> Int32s:
    """Whole numbers; what is negative is secret, what is missing is nobody."""
    values = np.nan_to_num(np.asarray(column, np.float64))
    counts: Int32s = np.where(values < 0, SECRET, values).astype(np.int32)
    return counts


def _bounds_m(box: Box) -> tuple[float, float, float, float]:
    along = np.linspace(0.0, 1.0, 21)
    lon_deg = box.west + (box.east - box.west) * np.concatenate([along, along, 0 * along, 0 * along + 1])
    lat_deg = box.south + (box.north - box.south) * np.concatenate([0 * along, 0 * along + 1, along, along])
    x_m, y_m = Projection(RD).to_metres(lon_deg, lat_deg)
    return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())
