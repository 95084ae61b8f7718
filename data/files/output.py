"""Tables out: .csv, .parquet and .geojson, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from data.errors import InputError
from data.files.csv_text import harmless_table
from data.files.long_table import LongTable, framed, write_long_csv, write_long_parquet
from data.files.whole import write_files
from data.metadata.about import About, csv_on_the_web
from data.metadata.parquet import described

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


BESIDE = "-metadata.json"
"""End of the name of what stands beside a CSV and tells about it."""
FOREIGN = "application/vnd.geo+json"
"""By which GDAL knows the members that a GeoJSON file gets besides its features."""


def write_table(
    path: Path, table: pd.DataFrame | LongTable, about: About | None = None, *, keep_formulas: bool = False
) -> None:
    """Write a table as .csv, .parquet or .geojson (points from its columns lon and lat), whole or not at all.

    What `about` tells goes into the file, and beside a CSV into one that is named after it.

    Texts of a CSV that a spreadsheet would run get an apostrophe in front (`data.files.csv_text`), unless `keep_formulas`.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.

    """
    write_files(path.parent, table_writers(path, table, about, keep_formulas=keep_formulas))


def table_writers(
    path: Path, table: pd.DataFrame | LongTable, about: About | None = None, *, keep_formulas: bool = False
) -> dict[str, Callable[[Path], None]]:
    """What fills new files, by their names, with a table, as `write_table`; InputError when the ending is another."""
    csv = _write_csv if keep_formulas else _write_harmless_csv
    writers: dict[str, Callable[[Path], None]] = {
        ".csv": lambda beside: csv(beside, table),
        ".parquet": lambda beside: _write_parquet(beside, table, about),
        ".geojson": lambda beside: _write_geojson(beside, table, about),
    }
    if path.suffix not in writers:
        msg = f"{path}: results are written as {', '.join(writers)}; choose one of these endings."
        raise InputError(msg)
    found = {path.name: writers[path.suffix]}
    if about is not None and path.suffix == ".csv":
        names = list(table.columns)
        text = csv_on_the_web(about, path.name, names)
        found[f"{path.name}{BESIDE}"] = lambda beside: _write_text(beside, text)
    return found


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_harmless_csv(path: Path, table: pd.DataFrame | LongTable) -> None:
    _write_csv(path, table.harmless() if isinstance(table, LongTable) else harmless_table(table))


def _write_csv(path: Path, table: pd.DataFrame | LongTable) -> None:
    if isinstance(table, LongTable):
        write_long_csv(path, table)
    else:
        table.to_csv(path, index=False, lineterminator="\n")


def _write_parquet(path: Path, table: pd.DataFrame | LongTable, about: About | None) -> None:
    if isinstance(table, LongTable):
        write_long_parquet(path, table, about)
        return
    import pyarrow.parquet as pq  # noqa: PLC0415 -- for this alone

    pq.write_table(described(pa.Table.from_pandas(table, preserve_index=False), about), path)


def geo_frame(table: pd.DataFrame | Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Table with the points of its columns lon and lat (degrees) as geometry."""
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def foreign_members(about: About | None) -> dict[str, str]:
    """Options by which GDAL writes what is told of a table into a GeoJSON file, as RFC 7946 allows (6.1)."""
    if about is None:
        return {}
    told = {"type": "FeatureCollection", "features": [], "metadata": about.json_ld()}
    return {"NATIVE_DATA": json.dumps(told), "NATIVE_MEDIA_TYPE": FOREIGN}


def _write_geojson(path: Path, table: pd.DataFrame | LongTable, about: About | None) -> None:
    if not {"lon", "lat"} <= set(table.columns):
        msg = "This table has no positions; write it as .csv or .parquet."
        raise InputError(msg)
    # Its own name, or the file would carry that of the file it is written to first.
    geo_frame(framed(table)).to_file(path, driver="GeoJSON", layer="dorpshub", **foreign_members(about))
