"""A GeoPackage in the zip of its publisher, of which some columns in a box are read."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.columns import Int32s
from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Source
from data.live.area import Box, along_edges
from data.live.columns import find_column
from data.places import PERSONS_MAX
from data.projection import Projection

RD = "EPSG:28992"
SECRET = -1
"""A number that the publisher keeps to itself (-99997 and other negative numbers in the file)."""
BANDS = ("from_0", "from_15", "from_25", "from_45", "from_65")
_CHUNK_BYTES = 2**22

Result = TypeVar("Result")
_UNREADABLE = ("DataSource", "DataLayer", "Feature", "Field", "Geometry", "CRS")
"""What GDAL finds fault with in a GeoPackage that is damaged, on opening it or anywhere later."""


class Features(NamedTuple):
    """Columns by our names, and geometries as WKB where they were asked for, one row per feature."""

    columns: dict[str, NDArray[Any]]
    wkb: NDArray[np.object_] | None

    def people(self) -> Int32s:
        """(F, 6) int32: inhabitants, then by the ages of `BANDS`; `SECRET` where secret. SourceError where these are no persons."""
        return np.stack([_counts(name, self.columns[name]) for name in ("inhabitants", *BANDS)], axis=1)


def read_zipped(
    download: Downloader, source: Source, scratch: Path, use: Callable[[Path], Result]
) -> tuple[Result, Fetched]:
    """Return what `use` makes of the GeoPackage of the newest edition; it is unpacked below `scratch` for so long.

    Raises
    ------
    SourceError
        When no edition can be had or read.

    """
    from pyogrio import errors  # noqa: PLC0415 -- GDAL: 35 MB that only who fetches or writes areas needs

    unreadable = [getattr(errors, f"{what}Error") for what in _UNREADABLE]

    def at(address: str) -> tuple[Result, Fetched]:
        fetched = download.get(source, address, "zip")
        try:
            with TemporaryDirectory(dir=scratch, prefix=f".{source.id}-") as folder:
                return use(_unpacked(fetched.path, Path(folder))), fetched
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, *unreadable) as error:
            raise SourceError(f"{fetched.url} cannot be read ({error}).") from error

    return download.first(source, at)


def features_in(path: Path, source: Source, ours: Sequence[str], box: Box, *, shapes: bool) -> Features:
    """Features of a GeoPackage in RD New that meet `box`: the columns `ours`, and their shapes if these are wanted.

    Raises
    ------
    SourceError
        When it lacks a column.

    """
    import pyogrio  # noqa: PLC0415 -- as in `read_zipped`

    with warnings.catch_warnings():
        # GDAL warns of what is not read here: the system of coordinates, other layers, a third or fourth coordinate.
        warnings.simplefilter("ignore")
        if not len(pyogrio.list_layers(path)):
            raise SourceError("The GeoPackage has no layer.")
        names = list(pyogrio.read_info(path)["fields"])
        wanted = [find_column(source, name, names) for name in ours]
        meta, _, wkb, columns = pyogrio.raw.read(
            path, columns=wanted, read_geometry=shapes, bbox=_bounds_m(box), force_2d=True
        )
    found = dict(zip(meta["fields"], columns, strict=True))
    return Features({name: found[theirs] for name, theirs in zip(ours, wanted, strict=True)}, wkb)


def _unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".gpkg")]
        if len(names) != 1:
            raise SourceError(f"{path.name} holds {len(names)} GeoPackages, not one.")
        target = folder / "features.gpkg"
        with archive.open(names[0]) as packed, target.open("wb") as out:
            while chunk := packed.read(_CHUNK_BYTES):
                out.write(chunk)
    return target


def _counts(name: str, column: object) -> Int32s:
    """Whole numbers; what is negative is secret, what is missing is nobody. SourceError for what is no number of persons."""
    try:
        values = np.asarray(column, np.float64)
    except (ValueError, TypeError) as error:
        raise SourceError(f"The column of {name} in the GeoPackage holds no numbers ({error}).") from error
    absurd = values[np.isinf(values) | (values > PERSONS_MAX)]
    if len(absurd):
        raise SourceError(
            f"The column of {name} in the GeoPackage holds {absurd[0]:g}, which is no number of persons."
        )
    counts: Int32s = np.where(values < 0, SECRET, np.nan_to_num(values)).astype(np.int32)
    return counts


def _bounds_m(box: Box) -> tuple[float, float, float, float]:
    x_m, y_m = Projection(RD).to_metres(*along_edges(box.west, box.south, box.east, box.north))
    return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())
