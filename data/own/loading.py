"""Tables as spreadsheets and maps save them: whatever the separator and the alphabet code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Literal, TypeAlias

import pandas as pd
import shapely.geometry

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.own.faults import Fault, OwnFaultError, refuse_other_content

TableLayer: TypeAlias = Literal["facilities", "places"]
SEPARATORS = ",;\t|"
_TABLES = ("text", "JSON", "a Parquet table")


def load_table(path: Path, name: str, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Read a CSV, GeoJSON or Parquet file as text columns, with what had to be understood in another way.

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
            return pd.read_parquet(path).astype(str), BuildReport()
        return _csv(path, layer)
    except (ValueError, KeyError, TypeError, OSError, AttributeError, InputError) as error:
        words = str(error).strip().splitlines()
        raise OwnFaultError(Fault("damaged", name, {}, words[0] if words else "")) from error


def _geojson(path: Path, layer: TableLayer) -> tuple[pd.DataFrame, BuildReport]:
    """Properties of the features, with the point of each; of an outline a point inside it."""
    features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    points = [shape.representative_point() for shape in shapes]
    outlines = [row + 1 for row, shape in enumerate(shapes) if shape.geom_type != "Point"]
    rows = [
        {key: "" if value is None else str(value) for key, value in (feature["properties"] or {}).items()}
        for feature in features
    ]
    table = pd.DataFrame(rows, dtype=str).fillna("")
    table["lon"] = [f"{point.x:.7f}" for point in points]
    table["lat"] = [f"{point.y:.7f}" for point in points]
    return table, finding(layer, "repaired", "outlines, of which a point inside is taken", outlines)


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
    header = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=header.count)
    if separator != ",":
        shown = "tab" if separator == "\t" else separator
        report += finding(
            layer, "repaired", "files whose columns are not separated by a comma, read as such", [shown]
        )
    table = pd.read_csv(
        io.StringIO(text),
        sep=separator,
        dtype=str,
        keep_default_na=False,
        quoting=csv.QUOTE_MINIMAL,
        index_col=False,
    )
    return table, report
