"""Outlines of municipalities and neighbourhoods, from OGC API Features or a GeoJSON file, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import shapely
import shapely.geometry
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s, Strings, freeze
from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Source
from data.errors import InputError, nearest
from data.json_text import json_of
from data.live.columns import text_of
from data.outlines import area_of

MAX_PAGES = 200
"""More pages than any of these collections has: a server that sends round in a circle is left."""
DIGITS = 6
"""Decimals of a degree in files, about a decimetre."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Named areas.

    Attributes
    ----------
    name, code
        (A,) strings; codes as CBS writes them, such as GM0114 and BU01140000.
    shape
        (A,) shapely (multi)polygons in degrees.

    """

    name: Strings
    code: Strings
    shape: NDArray[np.object_]

    def __post_init__(self) -> None:
        freeze(self, len(self.name))

    def picked(self, rows: Sequence[int]) -> Areas:
        """Only the areas of `rows`."""
        return Areas(
            tuple(self.name[row] for row in rows),
            tuple(self.code[row] for row in rows),
            self.shape[list(rows)],
        )

    def touching(self, shape: shapely.Geometry) -> Areas:
        """Only the areas that a shape, in degrees, meets."""
        return self.picked(np.flatnonzero(shapely.intersects(self.shape, shape)).tolist())

    def rows_of(self, names: Sequence[str]) -> list[int]:
        """Rows of the areas with these names, whatever their capitals.

        Raises
        ------
        InputError
            With all names that do not occur, and those that look like them.

        """
        row_of = {name.casefold(): row for row, name in enumerate(self.name)}
        unknown = []
        for name in names:
            if name.strip().casefold() not in row_of:
                like = nearest(name, self.name)
                meant = f" (did you mean {', '.join(like)}?)" if like else ""
                unknown.append(f"'{name.strip()}'{meant}")
        if unknown:
            msg = f"There is no municipality called {', '.join(unknown)}. Write names as on the municipality's own site."
            raise InputError(msg)
        return [row_of[name.strip().casefold()] for name in names]

    def __add__(self, other: Areas) -> Areas:
        return Areas(
            self.name + other.name, self.code + other.code, np.concatenate([self.shape, other.shape])
        )

    def pairs(self, lon_deg: Floats, lat_deg: Floats) -> tuple[Int64s, Int64s]:
        """(K,) int64 twice: each point in each area that holds it, as rows of points and of areas."""
        points, areas = shapely.STRtree(self.shape).query(shapely.points(lon_deg, lat_deg), "intersects")
        return np.asarray(points, np.int64), np.asarray(areas, np.int64)

    def holding(self, lon_deg: Floats, lat_deg: Floats) -> Int32s:
        """(P,) int32, row of an area that each point lies in; -1 where none."""
        found = np.full(len(lon_deg), -1, np.int32)
        point, area = self.pairs(lon_deg, lat_deg)
        found[point[::-1]] = area[::-1]  # of several the first, on a border both are right
        return found


NO_AREAS = Areas((), (), np.empty(0, object))


def read_areas(download: Downloader, source: Source) -> tuple[Areas, Fetched]:
    """All areas of a source, from its first address that gives any.

    Raises
    ------
    SourceError
        When no address gives named areas.

    """
    return download.first(source, lambda address: _all_pages(download, source, address))


def write_areas(path: Path, areas: Areas) -> None:
    """Write a GeoJSON FeatureCollection with the properties name and code."""
    rounded = shapely.transform(areas.shape, lambda corners: np.round(corners, DIGITS))
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code},
            "geometry": shapely.geometry.mapping(shape),
        }
        for name, code, shape in zip(areas.name, areas.code, rounded, strict=True)
    ]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )


def load_areas(path: Path) -> Areas:
    """Read back what `write_areas` wrote, or any GeoJSON of named polygons.

    Raises
    ------
    InputError
        When the file is no such GeoJSON.

    """
    try:
        features = json_of(path.read_bytes())["features"]
        properties = [feature["properties"] for feature in features]
        return Areas(
            tuple(str(of["name"]) for of in properties),
            tuple(str(of.get("code", "")) for of in properties),
            _shapes([feature["geometry"] for feature in features]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        msg = f"{path}: expected a GeoJSON FeatureCollection of named (multi)polygons in WGS84 ({error!r})."
        raise InputError(msg) from error


def load_if_there(path: Path) -> Areas:
    """Areas of a file as `load_areas`; none where there is no file."""
    return load_areas(path) if path.is_file() else NO_AREAS


def _all_pages(download: Downloader, source: Source, address: str) -> tuple[Areas, Fetched]:
    names: list[str] = []
    codes: list[str] = []
    geometries: list[Any] = []
    page, first = address, None
    for _ in range(MAX_PAGES):
        fetched = download.get(source, page, "json")
        first = first or fetched
        content = json_of(fetched.path.read_bytes())
        try:
            for feature in content["features"]:
                names.append(text_of(source, "name", feature["properties"]))
                code = text_of(source, "code", feature["properties"])
                codes.append(_code(code) if source.id == "outlines" else code)
                geometries.append(feature["geometry"])
            links = [
                urljoin(page, link["href"]) for link in content.get("links", []) if link.get("rel") == "next"
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"{page} is no GeoJSON of areas ({error!r}).") from error
        if not links:
            break
        page = links[0]
    else:
        raise SourceError(f"{address} goes on for more than {MAX_PAGES} pages.")
    if not names:
        raise SourceError(f"{address} holds no areas.")
    try:
        return Areas(tuple(names), tuple(codes), _shapes(geometries)), first
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise SourceError(f"{address} has an area without a readable outline ({error!r}).") from error


def _shapes(geometries: Sequence[Any]) -> NDArray[np.object_]:
    shapes = np.empty(len(geometries), object)
    shapes[:] = [area_of(geometry) for geometry in geometries]
    valid: NDArray[np.object_] = np.asarray(shapely.make_valid(shapes))
    return valid


def _code(text: str) -> str:
    """CBS code of a municipality that the cadastre writes as four digits."""
    return f"GM{text}" if re.fullmatch(r"\d{4}", text) else text
