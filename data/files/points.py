"""Tables of points, as they are asked about: id, lon, lat; those without fault are read without pandas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from data.build_report import N_EXAMPLES
from data.columns import Bools, Floats, Strings
from data.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MARGIN_DEG = 0.1
"""Points up to about 10 km outside the streets may still be a place at the edge; further out they are a mistake."""
POINT_COLUMNS = ("id", "lon", "lat")


class Located(Protocol):
    """Anything with longitudes and latitudes in degrees."""

    @property
    def lon_deg(self) -> Floats:
        """(N,) float64."""

    @property
    def lat_deg(self) -> Floats:
        """(N,) float64."""


def read_points(path: Path) -> tuple[Strings, Floats, Floats]:
    """Ids, longitudes and latitudes of a table with the columns id, lon, lat; InputError with every row that cannot be used."""
    plain = _plain_points(path) if path.suffix != ".parquet" else None
    if plain is not None:
        return plain
    from data.files.tables import read_table  # noqa: PLC0415 -- takes half a second, for who has faults to be told

    return points_of(path, read_table(path, POINT_COLUMNS))


def points_of(path: Path, table: pd.DataFrame) -> tuple[Strings, Floats, Floats]:
    """Ids, longitudes and latitudes of a table; `path` is what messages call it."""
    from data.files.rows import Rows  # noqa: PLC0415 -- as above
    from data.files.tables import complete  # noqa: PLC0415

    rows = Rows(str(path), complete(path, table, POINT_COLUMNS))
    ids, (lon_deg, lat_deg) = rows.ids(), rows.lonlat()
    rows.refuse()
    return ids, lon_deg, lat_deg


def _plain_points(path: Path) -> tuple[Strings, Floats, Floats] | None:
    """Points of a CSV table in which nothing is wrong or out of the ordinary; None where it must be looked at closely."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        columns = list(zip(*rows, strict=True))
        ids, lon, lat = (columns[header.index(name)] for name in POINT_COLUMNS)
        lon_deg, lat_deg = (np.array([_degrees(text) for text in texts]) for texts in (lon, lat))
    except (OSError, ValueError, IndexError, csv.Error):
        return None
    is_plain = (
        len(columns) == len(header) == len(set(header))
        and all(ids)
        and len(set(ids)) == len(ids)
        and (np.abs(lon_deg) <= 180).all()
        and (np.abs(lat_deg) <= 90).all()
    )
    return (ids, lon_deg, lat_deg) if is_plain else None


def _degrees(text: str) -> float:
    if not text.isascii() or "_" in text:  # Python reads more as a number than a table means by one
        raise ValueError
    return float(text)


def refuse_far_points(path: Path, ids: Strings, lon_deg: Floats, lat_deg: Floats, streets: Located) -> None:
    """Refuse points that lie well outside the area of the streets; a slip such as swapped columns is named.

    Raises
    ------
    InputError
        With the ids of the first few points.

    """
    west, east = streets.lon_deg.min() - MARGIN_DEG, streets.lon_deg.max() + MARGIN_DEG
    south, north = streets.lat_deg.min() - MARGIN_DEG, streets.lat_deg.max() + MARGIN_DEG

    def outside(lon: Floats, lat: Floats) -> Bools:
        return np.asarray((lon < west) | (lon > east) | (lat < south) | (lat > north))

    far = np.flatnonzero(outside(lon_deg, lat_deg))
    if not len(far):
        return
    shown = "; ".join(
        f"'{ids[row]}' at lon {lon_deg[row]:.4f}, lat {lat_deg[row]:.4f}" for row in far[:N_EXAMPLES]
    )
    area = f"lon {west:.2f} to {east:.2f}, lat {south:.2f} to {north:.2f}"
    swapped = not outside(lat_deg[far], lon_deg[far]).any()
    advice = (
        "The columns lon and lat look swapped."
        if swapped
        else "Remove these points or use streets of their area."
    )
    msg = f"{path}: {len(far)} of {len(ids)} points lie far from any street ({shown}); the streets cover {area}. {advice}"
    raise InputError(msg)
