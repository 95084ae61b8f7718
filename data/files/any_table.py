"""Tables as spreadsheets and maps save them: whatever the separator, the alphabet code and the coordinate system."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely.geometry
from pyproj.exceptions import ProjError

from data.build_report import N_EXAMPLES, BuildReport, finding
from data.columns import Floats
from data.errors import InputError
from data.files.faults import Fault, OwnFaultError, refuse_other_content
from data.files.rows import as_text, numbered, parquet_frame, value_text
from data.json_text import json_of
from data.limits import TABLE_CELLS, TABLE_MB, TABLE_ROWS, refuse_packing
from data.projection import WGS84, lonlat_of

TableLayer: TypeAlias = Literal["facilities", "places"]
SEPARATORS = ",;\t|"
_TABLES = ("text", "JSON", "a Parquet table")
_UNREADABLE = (pa.ArrowException, shapely.errors.ShapelyError, ProjError)
"""What the libraries of Parquet, of shapes and of coordinate systems raise besides."""
FEW_ROWS = 1000
"""Unpacked at a time, to see how large they are."""
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
            return _geojson(path, name, layer)
        if content == "a Parquet table":
            return _parquet(path, name, layer)
        return _csv(path, name, layer)
    except InputError as error:
        raise OwnFaultError(Fault("unusable", name, {}, str(error))) from error
    except (ValueError, KeyError, TypeError, OSError, AttributeError, csv.Error, *_UNREADABLE) as error:
        words = str(error).strip().splitlines()
        raise OwnFaultError(Fault("damaged", name, {}, words[0] if words else "")) from error


def _parquet(path: Path, name: str, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    _refuse_large_parquet(path, name)
    if _GEO not in (pq.read_schema(path).metadata or {}):
        return numbered(parquet_frame(path).apply(as_text), "row", 1), BuildReport()
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    frame = gpd.read_parquet(path)
    crs = frame.crs.to_json() if frame.crs is not None else WGS84
    shapes = frame.geometry.to_list()
    columns = frame.drop(columns=frame.columns[frame.dtypes == "geometry"])
    table = numbered(pd.DataFrame(columns).apply(as_text), "row", 1)
    return _located(table, shapes, crs, layer)


def _refuse_large(name: str, n_rows: int, n_columns: int) -> None:
    """Refuse a table of more rows or values than can be used, before it is made."""
    TABLE_ROWS.refuse_beyond(name, n_rows)
    TABLE_CELLS.refuse_beyond(name, n_rows * n_columns)


def _refuse_large_parquet(path: Path, name: str) -> None:
    """Refuse a Parquet file that is large once unpacked: a value that occurs in each row is there once."""
    with pq.ParquetFile(path) as file:
        _refuse_large(name, file.metadata.num_rows, file.metadata.num_columns)
        groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
        refuse_packing(name, path.stat().st_size, sum(group.total_byte_size for group in groups))
        n_bytes = 0
        for batch in file.iter_batches(batch_size=FEW_ROWS):
            n_bytes += batch.nbytes
            TABLE_MB.refuse_beyond(name, n_bytes / 2**20)


def _geojson(path: Path, name: str, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Properties of the features, with the point of each."""
    content = json_of(path.read_bytes())
    features = content["features"]
    rows = [
        {key: value_text(value) for key, value in (feature.get("properties") or {}).items()}
        for feature in features
    ]
    _refuse_large(name, len(rows), len({key for row in rows for key in row}))
    table = numbered(pd.DataFrame(rows, index=range(len(rows)), dtype=object).fillna(""), "feature", 1)
    return _located(table, [_shape(feature.get("geometry")) for feature in features], _crs_of(content), layer)


def _shape(geometry: dict[str, Any] | None) -> shapely.Geometry | None:
    """Shape of a GeoJSON geometry, None where it has none or one that cannot be."""
    try:
        shape = shapely.geometry.shape(geometry) if geometry else None
        return shape if shape is not None and np.isfinite(shapely.get_coordinates(shape)).all() else None
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


def _csv(path: Path, name: str, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
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
    line = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=line.count)
    if separator != ",":
        shown = "tab" if separator == "\t" else separator
        report += finding(
            layer, "repaired", "files whose columns are not separated by a comma, read as such", [shown]
        )
    starts, rows = _split(text.rstrip(), separator)
    _refuse_large(name, len(rows) - 1, max(map(len, rows), default=0))
    return _table_of(starts, rows), report


def _split(text: str, separator: str) -> tuple[list[int], list[list[str]]]:
    """Rows of a text from its header on, and the line on which each begins; csv.Error for a quote that is not closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    starts: list[int] = []
    rows: list[list[str]] = []
    end = 0
    for row in reader:
        if rows or any(value.strip() for value in row):
            starts.append(end + 1)
            rows.append(row)
        end = reader.line_num
    return starts, rows


def _table_of(starts: list[int], rows: list[list[str]]) -> pd.DataFrame:
    """Table of rows below their header, in which what is missing at the end of a row is blank.

    Raises
    ------
    ValueError
        With the lines that have more values than the header has names, so that some would have no column.

    """
    header, *below = rows or [[]]
    long = [
        f"line {start} has {len(row)} values"
        for start, row in zip(starts[1:], below, strict=True)
        if any(value.strip() for value in row[len(header) :])
    ]
    if long:
        msg = f"{'; '.join(long[:N_EXAMPLES])}, and the header {len(header)} names: is a comma in a name without quotes?"
        raise ValueError(msg)
    names = [
        name if name and name not in header[:number] else f"{name or 'no name'} {number + 1}"
        for number, name in enumerate(header)
    ]
    blank = [""] * len(names)
    cells = [[*row, *blank][: len(names)] for row in below]
    return pd.DataFrame(cells, index=pd.Index(starts[1:], name="line"), columns=names, dtype=object)
