"""Tables with an area in each row, as GeoJSON or GeoPackage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.columns import Floats
from data.errors import InputError
from data.files.geopackage import timeless
from data.files.ready_arrays import write_file
from data.projection import WGS84, Projection

if TYPE_CHECKING:
    import geopandas as gpd

DECIMALS = 6
"""Of degrees: a decimetre."""


def area_frame(table: pd.DataFrame, areas: NDArray[np.object_], crs: str) -> gpd.GeoDataFrame:
    """Table with an area in each row."""
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    return gpd.GeoDataFrame(table, geometry=areas, crs=crs)


def in_degrees(areas: NDArray[np.object_], projection: Projection) -> NDArray[np.object_]:
    """Areas in projected metres as longitude and latitude, rounded."""

    def turned(points: Floats) -> Floats:
        lon_deg, lat_deg = projection.to_lonlat(points[:, 0], points[:, 1])
        return np.column_stack([lon_deg.round(DECIMALS), lat_deg.round(DECIMALS)])

    found: NDArray[np.object_] = shapely.transform(areas, turned)
    return found


def frame_in_degrees(frame: gpd.GeoDataFrame, projection: Projection) -> gpd.GeoDataFrame:
    """Frame in projected metres in WGS84, as GeoJSON has it."""
    areas = in_degrees(frame.geometry.to_numpy(), projection)
    return area_frame(pd.DataFrame(frame.drop(columns="geometry")), areas, WGS84)


def write_areas(path: Path, frame: gpd.GeoDataFrame, projection: Projection) -> None:
    """Write a frame in projected metres as .gpkg, or in degrees as .geojson, whole or not at all.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.

    """
    writers: dict[str, Callable[[Path], None]] = {
        ".geojson": lambda beside: _write(beside, frame_in_degrees(frame, projection), "GeoJSON"),
        ".gpkg": lambda beside: _write(beside, frame, "GPKG"),
    }
    if path.suffix not in writers:
        msg = f"{path}: areas are written as {' or '.join(writers)}; choose one of these endings."
        raise InputError(msg)
    write_file(path, writers[path.suffix])


def _write(path: Path, frame: Any, driver: str) -> None:  # noqa: ANN401 -- a GeoDataFrame
    import pyogrio  # noqa: PLC0415

    path.unlink()
    with timeless():
        # A name of its own, or the file would carry that of the file it is written to first.
        pyogrio.write_dataframe(frame, path, layer="reach", driver=driver)
