"""Where the trains of a GTFS feed run: the lines of shapes.txt that trips by rail follow."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

RAIL_TYPES = (2, *range(100, 118))
"""GTFS route types of trains, extended ones included."""
Line: TypeAlias = list[list[float]]
"""Points (longitude, latitude)."""


def rail_tracks(feed: Path) -> list[Line]:
    """Tracks of the trains of a GTFS zip or folder, each once whatever its direction; none where the feed draws none.

    A drawing only: tables that are missing or cannot be read leave the map without tracks.
    """
    try:
        routes = _table(feed, "routes", ("route_id", "route_type"))
        trips = _table(feed, "trips", ("route_id", "shape_id"))
        by_rail = set(routes["route_id"][np.isin(routes["route_type"], [str(kind) for kind in RAIL_TYPES])])
        wanted = sorted(
            {
                shape
                for shape, route in zip(trips["shape_id"], trips["route_id"], strict=True)
                if route in by_rail
            }
        )
        if not any(wanted):
            return []
        shapes = _table(feed, "shapes", ("shape_id", "shape_pt_sequence", "shape_pt_lon", "shape_pt_lat"))
        number = shapes["shape_pt_sequence"].astype(np.int64)
        points = np.column_stack([shapes[f"shape_pt_{axis}"].astype(np.float64) for axis in ("lon", "lat")])
    except (KeyError, FileNotFoundError, zipfile.BadZipFile, pa.ArrowInvalid, ValueError):
        return []
    tracks: dict[tuple[tuple[float, ...], ...], Line] = {}
    for shape in wanted:
        rows = np.flatnonzero(shapes["shape_id"] == shape)
        line = points[rows[np.argsort(number[rows], kind="stable")]].tolist()
        there = tuple(map(tuple, line))
        if len(line) > 1 and there[::-1] not in tracks:
            tracks[there] = line
    return list(tracks.values())


def _table(feed: Path, name: str, columns: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Columns of a table as text, sorted as in the file."""
    if feed.is_dir():
        text = (feed / f"{name}.txt").read_bytes()
    else:
        with zipfile.ZipFile(feed) as archive:
            text = archive.read(f"{name}.txt")
    types = dict.fromkeys(columns, pa.string())
    options = pa_csv.ConvertOptions(include_columns=list(columns), column_types=types)
    read = pa_csv.read_csv(io.BytesIO(text), convert_options=options)
    return {column: read[column].to_numpy() for column in columns}
