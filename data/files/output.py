"""Tables out: .csv, .parquet and .geojson, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import InputError
from data.files.csv_text import harmless_table
from data.files.long_table import LongTable, write_long_csv, write_long_parquet
from data.files.whole import write_file

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def write_table(path: Path, table: pd.DataFrame | LongTable, *, keep_formulas: bool = False) -> None:
    """Write a table as .csv, .parquet or .geojson (points from its columns lon and lat), whole or not at all.

    Texts of a CSV that a spreadsheet would run get an apostrophe in front (`data.files.csv_text`), unless `keep_formulas`.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.

    """
    write_file(path, table_writer(path, table, keep_formulas=keep_formulas))


def table_writer(
    path: Path, table: pd.DataFrame | LongTable, *, keep_formulas: bool = False
) -> Callable[[Path], None]:
    """What fills a new file of the ending of `path` with a table, as `write_table`; InputError when the ending is another."""
    csv = _write_csv if keep_formulas else _write_harmless_csv
    writers = {".csv": csv, ".parquet": _write_parquet, ".geojson": _write_geojson}
    if path.suffix not in writers:
        msg = f"{path}: results are written as {', '.join(writers)}; choose one of these endings."
        raise InputError(msg)
    return lambda beside: writers[path.suffix](beside, table)


def _write_harmless_csv(path: Path, table: pd.DataFrame | LongTable) -> None:
    _write_csv(path, table.harmless() if isinstance(table, LongTable) else harmless_table(table))


def _write_csv(path: Path, table: pd.DataFrame | LongTable) -> None:
    if isinstance(table, LongTable):
        write_long_csv(path, table)
    else:
        table.to_csv(path, index=False, lineterminator="\n")


def _write_parquet(path: Path, table: pd.DataFrame | LongTable) -> None:
    if isinstance(table, LongTable):
        write_long_parquet(path, table)
    else:
        table.to_parquet(path, index=False)


def geo_frame(table: pd.DataFrame | Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Table with the points of its columns lon and lat (degrees) as geometry."""
    import geopandas as gpd  # noqa: PLC0415 -- takes a second to import

    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def _write_geojson(path: Path, table: pd.DataFrame | LongTable) -> None:
    if isinstance(table, LongTable) or not {"lon", "lat"} <= set(table.columns):
        msg = "This table has no positions; write it as .csv or .parquet."
        raise InputError(msg)
    # Its own name, or the file would carry that of the file it is written to first.
    geo_frame(table).to_file(path, driver="GeoJSON", layer="dorpshub")
