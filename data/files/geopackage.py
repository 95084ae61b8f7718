"""GeoPackages whose layers bring their style along, and which are the same to the byte for the same contents."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.columns import Floats
from data.files.qml import Category, categorised, document
from data.metadata.about import About
from data.metadata.geopackage import columns_in, tell

if TYPE_CHECKING:
    import pandas as pd

TIME_OF_ALL = "2000-01-01T00:00:00.000Z"
"""Instead of the time of writing, so that equal contents make equal files."""
CREATE_STYLES = """CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
ADD_STYLE = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
    styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
    VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', '', ?)"""
ADD_CONTENTS = """INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
    VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles of the layers, for QGIS', ?)"""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Points or square cells with a row of `table` each.

    Attributes
    ----------
    name, table
        Name of the layer and its columns.
    x_m, y_m
        (N,) float64, projected metres.
    cell_m
        Side of the cells around the points; 0 for points.
    column, categories
        What its colours stand for.
    about
        What is told of it.

    """

    name: str
    table: pd.DataFrame
    x_m: Floats
    y_m: Floats
    cell_m: float
    column: str
    categories: Sequence[Category]
    about: About


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn, as `data.files.qml` has it, and the column that its colours tell."""

    renderer: str
    column: str


NO_STYLE = Style("", "")
"""Of a table."""


@contextmanager
def timeless() -> Iterator[None]:
    """Let what is written meanwhile carry no time of writing."""
    import pyogrio  # noqa: PLC0415 -- takes a second to import

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": TIME_OF_ALL})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def fill_geopackage(
    path: Path, layers: Sequence[Layer], tables: Mapping[str, tuple[pd.DataFrame, About]], crs: str
) -> None:
    """Make a new GeoPackage of layers and tables, with what is told of each; OSError where it cannot be written."""
    with disk_told():
        _fill(path, layers, tables, crs)


@contextmanager
def disk_told() -> Iterator[None]:
    """Turn what GDAL and SQLite raise on a full disk into an OSError."""
    try:
        yield
    except (sqlite3.Error, RuntimeError) as error:  # so GDAL and SQLite say that a disk is full
        raise OSError(errno.EIO, str(error)) from error


def _fill(
    path: Path, layers: Sequence[Layer], tables: Mapping[str, tuple[pd.DataFrame, About]], crs: str
) -> None:
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import
    import pyogrio  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    with timeless():
        for layer in layers:
            half_m = layer.cell_m / 2
            x_m, y_m = layer.x_m, layer.y_m
            shapes = (
                shapely.box(x_m - half_m, y_m - half_m, x_m + half_m, y_m + half_m)
                if layer.cell_m
                else shapely.points(x_m, y_m)
            )
            frame = gpd.GeoDataFrame(layer.table, geometry=shapes, crs=crs)
            pyogrio.write_dataframe(frame, path, layer=layer.name, driver="GPKG")
        for name, (table, _) in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG")
    styles = {
        layer.name: Style(categorised(layer.column, layer.categories, areas=layer.cell_m > 0), layer.column)
        for layer in layers
    }
    told = {layer.name: layer.about for layer in layers} | {
        name: about for name, (_, about) in tables.items()
    }
    style_and_tell(path, styles, told)


def style_and_tell(path: Path, styles: Mapping[str, Style], told: Mapping[str, About]) -> None:
    """Add styles of layers to a whole GeoPackage, and what is told of layers and tables, by their names.

    It comes last: who writes a layer again with GDAL takes away what is told of it.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(CREATE_STYLES)
        database.execute(ADD_CONTENTS, (TIME_OF_ALL,))
        for name, about in told.items():
            style, columns = styles.get(name, NO_STYLE), columns_in(database, name)
            aliases = {of.name: of.label for of in about.entry.columns_of(columns)}
            qml, geometry = document(style.renderer, aliases), "geom" if style.renderer else ""
            database.execute(ADD_STYLE, (name, geometry, name[:30], qml, style.column, TIME_OF_ALL))
        tell(database, told, TIME_OF_ALL)
