"""Tables as spreadsheets and maps save them: whatever the separator, the alphabet code and the coordinate system."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely.geometry

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.errors import InputError
from data.files.faults import Fault, OwnFaultError, refuse_other_content
from data.files.rows import as_text, numbered, parquet_frame, value_text
from data.projection import WGS84, lonlat_of

TableLayer: TypeAlias = Literal["facilities", "places"]
SEPARATORS = ",;\t|"
_TABLES = ("text", "JSON", "a Parquet table")
_GEO = b"geo"
"""Key of the metadata of GeoParquet."""


def load_table(path: Path, name: str, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Read a CSV, GeoJSON or (Geo)Parquet file as text columns, with what had to be understood in another way.

    Points of a map are in columns lon and lat (WGS84). The index calls the rows as the file has them: line 2, row 1,
    feature 1.

    Raises
    ------
    OwnFaultError
        When it is something else, or damaged.

    """
    content = refuse_other_content(path, name, _TABLES)
    try:
        if content == "JSON":
            return _geojson(path, layer)
        if content == "a Parquet table":
            return _parquet(path, layer)
        return _csv(path, layer)
    except InputError as error:
        raise OwnFaultError(Fault("unusable", name, {}, str(error))) from error
    except (ValueError, KeyError, TypeError, OSError, AttributeError) as error:
        words = str(error).strip().splitlines()
        raise OwnFaultError(Fault("damaged", name, {}, words[0] if words else "")) from error


def _parquet(path: Path, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    if _GEO not in (pq.read_schema(path).metadata or {}):
        return numbered(parquet_frame(path).apply(as_text), "row", 1), BuildReport()
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    frame = gpd.read_parquet(path)
    crs = frame.crs.to_json() if frame.crs is not None else WGS84
    shapes = frame.geometry.to_list()
    columns = frame.drop(columns=frame.columns[frame.dtypes == "geometry"])
    table = numbered(pd.DataFrame(columns).apply(as_text), "row", 1)
    return _located(table, shapes, crs, layer)


def _geojson(path: Path, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Properties of the features, with the point of each."""
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    features = content["features"]
    rows = [
        {key: value_text(value) for key, value in (feature.get("properties") or {}).items()}
        for feature in features
    ]
    table = numbered(pd.DataFrame(rows, index=range(len(rows)), dtype=object).fillna(""), "feature", 1)
    return _located(table, [_shape(feature.get("geometry")) for feature in features], _crs_of(content), layer)


def _shape(geometry: dict[str, Any] | None) -> shapely.Geometry | None:
    """Shape of a GeoJSON geometry, None where it has none or one that cannot be."""
    try:
        return shapely.geometry.shape(geometry) if geometry else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return None


def _crs_of(content: dict[str, Any]) -> str:
    """Coordinate system of a GeoJSON: that of its member `crs` (GeoJSON of 2008), else WGS84 (RFC 7946)."""
    named = content.get("crs")
    if named is None:
        return WGS84
    properties = named["properties"]
    return f"EPSG:{properties['code']}" if "code" in properties else str(properties["name"])


def _located(
    table: pd.DataFrame, shapes: Sequence[shapely.Geometry | None], crs: str, layer: TableLayer
) -> tuple[pd.DataFrame, BuildReport]:
    """Table with the point of each shape in columns lon and lat, of an outline a point inside it.

    A row without a shape keeps the lon and lat that it may have; without these it is left out.
    """
    geometries = np.empty(len(table), object)
    geometries[:] = shapes
    inside = shapely.point_on_surface(shapely.make_valid(geometries))
    inside[shapely.is_empty(inside)] = None
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    lon_deg, lat_deg = lonlat_of(crs, x, y)
    known = np.isfinite(lon_deg) & np.isfinite(lat_deg)
    for column, degrees in (("lon", lon_deg), ("lat", lat_deg)):
        table[column] = np.where(known, _degrees(degrees), table.get(column, ""))
    outlines = table.index[known & (shapely.get_type_id(geometries) > 0)]
    report = finding(layer, "repaired", "outlines, of which a point inside is taken", outlines)
    if (
        crs != WGS84
        and known.any()
        and not (np.allclose(x[known], lon_deg[known]) and np.allclose(y[known], lat_deg[known]))
    ):
        what = "positions in the coordinate system that the file names, read in it"
        report += finding(layer, "repaired", what, table.index[known])
    nowhere = np.asarray((table["lon"] == "") | (table["lat"] == ""))
    names = [f"{table.index.name} {row}" for row in table.index[nowhere]]
    return table[~nowhere], report + finding(layer, "dropped", "rows without a position on the map", names)


def _degrees(values: Floats) -> list[str]:
    return [f"{value:.7f}" for value in values]


def _csv(path: Path, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    raw, report = path.read_bytes(), BuildReport()
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = raw.decode(encoding, errors="strict")
    if encoding != "utf-8-sig":
        report += finding(
            layer, "repaired", "files in another alphabet code than UTF-8, read as such", [encoding]
        )
    lines = text.splitlines()
    above = next((number for number, line in enumerate(lines) if line.strip()), 0)
    header = lines[above] if lines else ""
    separator = max(SEPARATORS, key=header.count)
    if separator != ",":
        shown = "tab" if separator == "\t" else separator
        report += finding(
            layer, "repaired", "files whose columns are not separated by a comma, read as such", [shown]
        )
    table = pd.read_csv(
        io.StringIO(text.rstrip()),
        sep=separator,
        dtype=str,
        keep_default_na=False,
        quoting=csv.QUOTE_MINIMAL,
        index_col=False,
        skiprows=above,
        skip_blank_lines=False,
    )
    # Lines without any separator have nothing in the columns after the first.
    return numbered(table.fillna(""), "line", above + 2), report
