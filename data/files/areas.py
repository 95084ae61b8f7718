"""Tables with an area in each row, as GeoJSON or GeoPackage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.columns import Floats
from data.errors import InputError
from data.files.geopackage import Style, disk_told, style_and_tell, timeless
from data.files.output import foreign_members
from data.files.qml import within
from data.files.whole import write_file
from data.metadata.about import About
from data.projection import WGS84, Projection

if TYPE_CHECKING:
    import geopandas as gpd

DECIMALS = 6
"""Of degrees: a decimetre."""
LAYER = "reach"


def in_degrees(areas: NDArray[np.object_], projection: Projection) -> NDArray[np.object_]:
    """Areas in projected metres as longitude and latitude, rounded."""

    def turned(points: Floats) -> Floats:
        lon_deg, lat_deg = projection.to_lonlat(points[:, 0], points[:, 1])
        return np.column_stack([lon_deg.round(DECIMALS), lat_deg.round(DECIMALS)])

    found: NDArray[np.object_] = shapely.transform(areas, turned)
    return found


def degree_frame(table: pd.DataFrame, areas: NDArray[np.object_], projection: Projection) -> gpd.GeoDataFrame:
    """Table with an area in each row, given in projected metres, in WGS84."""
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    return gpd.GeoDataFrame(table, geometry=in_degrees(areas, projection), crs=WGS84)


def write_areas(
    path: Path, table: pd.DataFrame, areas: NDArray[np.object_], projection: Projection, about: About
) -> None:
    """Write a table with areas in projected metres: as they are in .gpkg, in degrees in .geojson; whole or not at all.

    A GeoPackage brings a style along, by the column within_min; both say what `about` tells.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.

    """
    writers = {".geojson": "GeoJSON", ".gpkg": "GPKG"}
    if path.suffix not in writers:
        msg = f"{path}: areas are written as {' or '.join(writers)}; choose one of these endings."
        raise InputError(msg)
    write_file(path, lambda beside: _write(beside, table, areas, projection, about, writers[path.suffix]))


def _write(
    path: Path,
    table: pd.DataFrame,
    areas: NDArray[np.object_],
    projection: Projection,
    about: About,
    driver: str,
) -> None:
    import geopandas as gpd  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    in_metres = driver == "GPKG"
    frame = (
        gpd.GeoDataFrame(table, geometry=areas, crs=projection.crs)
        if in_metres
        else degree_frame(table, areas, projection)
    )
    with disk_told():
        with timeless():
            options = {} if in_metres else foreign_members(about)
            pyogrio.write_dataframe(frame, path, layer=LAYER, driver=driver, **options)
        if in_metres:
            limits = sorted(set(table["within_min"]))
            style_and_tell(path, {LAYER: Style(within("within_min", limits), "within_min")}, {LAYER: about})
