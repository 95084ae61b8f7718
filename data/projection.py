"""Longitude and latitude at the borders, projected metres inside."""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from data.columns import Floats
from data.errors import InputError

if TYPE_CHECKING:
    from pyproj import CRS, Geod, Transformer

# pyproj, which opens the database of PROJ, is imported by the functions that need it: a ready region has metres already.

WGS84 = "EPSG:4326"
CODE = re.compile(r"\w+:\w+")
"""A coordinate system by its code, such as EPSG:28992."""
IN_METRES = re.compile(r"EPSG:(28992|32[67](0[1-9]|[1-5]\d|60))")
"""RD and the UTM zones of WGS84: their codes need no looking up to know that they measure in metres."""
FEW = 1000
"""Points whose conversion is kept."""
SHIFT_MAX_M = 10.0
"""Parameters of a datum shift differ by a few metres from one publication to the next; without any it is tens to hundreds."""


@lru_cache(maxsize=1)
def geod() -> Geod:
    """Lengths over the ellipsoid of WGS84."""
    from pyproj import Geod  # noqa: PLC0415

    return Geod(ellps="WGS84")


@lru_cache(maxsize=8)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer  # noqa: PLC0415

    return Transformer.from_crs(source, target, always_xy=True)


@lru_cache(maxsize=1)
def _converter() -> Executor:
    """The one thread that converts: pyproj makes a transformer anew in each, 20 ms for RD, and the app has a thread for every click."""
    return ThreadPoolExecutor(1, "projection")


if sys.platform != "win32":
    # A process that is forked from this one has none of its threads, and makes its own.
    os.register_at_fork(after_in_child=_converter.cache_clear)


def _converted(source: str, target: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if x.size > FEW:
        return _by_thread(source, target, x, y)
    x_there, y_there = _of_few(source, target, x.tobytes(), y.tobytes())
    return x_there.reshape(x.shape).copy(), y_there.reshape(y.shape).copy()


@lru_cache(maxsize=200)
def _of_few(source: str, target: str, x: bytes, y: bytes) -> tuple[Floats, Floats]:
    """The villages and services of a map are asked for at every click: they are not sent to the other thread again."""
    return _by_thread(source, target, np.frombuffer(x), np.frombuffer(y))


def _by_thread(source: str, target: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    def convert() -> tuple[Floats, Floats]:
        return _transformer(source, target).transform(x, y)

    x_there, y_there = _converter().submit(convert).result()
    return np.asarray(x_there, dtype=np.float64), np.asarray(y_there, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected coordinate system in metres, named by its code, for example ``EPSG:28992``.

    Raises
    ------
    InputError
        When the code is unknown or does not measure in metres, or a description in words of its own does not tell how it
        lies to WGS84.

    """

    crs: str

    def __post_init__(self) -> None:
        if IN_METRES.fullmatch(self.crs):
            return
        crs = _known(self.crs)
        if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            msg = f"'{self.crs}' does not measure in metres. Use a projected system such as EPSG:28992."
            raise InputError(msg)
        refuse_without_datum(self.crs)

    def reaches(self, lon_deg: Floats, lat_deg: Floats) -> bool:
        """Whether all points lie within a degree of the area the system is made for."""
        area = _known(self.crs).area_of_use
        if area is None:
            return True
        width = (area.east - area.west) % 360.0
        east_of_west = (lon_deg - area.west + 1) % 360.0
        in_band = (lat_deg >= area.south - 1) & (lat_deg <= area.north + 1)
        return bool((in_band & (east_of_west <= width + 2)).all())

    def to_metres(self, lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats]:
        """Projected (x, y) in metres of WGS84 points; a point outside the system's reach becomes inf."""
        return _converted(WGS84, self.crs, lon_deg, lat_deg)

    def to_lonlat(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
        """WGS84 (longitude, latitude) in degrees of projected points."""
        return _converted(self.crs, WGS84, x_m, y_m)


def _known(text: str) -> CRS:
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        msg = f"'{text}' is no coordinate system that is known here. Use a code such as EPSG:28992."
        raise InputError(msg) from error


def lonlat_of(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """WGS84 (longitude, latitude) in degrees of points in any system, easting or longitude first.

    Raises
    ------
    InputError
        When the system is unknown, or does not tell how it lies to WGS84.

    """
    _known(crs)
    refuse_without_datum(crs)
    return _converted(crs, WGS84, x, y)


@lru_cache(maxsize=8)
def refuse_without_datum(text: str) -> None:
    """Refuse a description of a coordinate system that lacks the datum shift, or has another than the system of its name.

    PROJ then takes the one datum for the other ("ballpark"): in the Netherlands that is 126 m off.
    """
    if CODE.fullmatch(text):
        return
    from pyproj import CRS, Transformer  # noqa: PLC0415
    from pyproj.exceptions import ProjError  # noqa: PLC0415

    crs = CRS.from_user_input(text)
    known = (crs.source_crs if crs.is_bound and crs.source_crs else crs).to_epsg()
    advice = f"Write EPSG:{known} instead." if known else "Write the code of the system, such as EPSG:28992."
    try:
        shifted = Transformer.from_crs(WGS84, text, always_xy=True, allow_ballpark=False)
    except ProjError as error:
        msg = f"'{text}' does not tell how its datum lies to WGS84; positions would be off by up to hundreds of metres. {advice}"
        raise InputError(msg) from error
    area = CRS.from_epsg(known).area_of_use if known else None
    if area is None:
        return
    middle = (area.west + area.east) / 2, (area.south + area.north) / 2
    x_m, y_m = _converted(WGS84, f"EPSG:{known}", np.array(middle[0]), np.array(middle[1]))
    off_m = float(np.hypot(*np.subtract(shifted.transform(*middle), (x_m, y_m))))
    if off_m > SHIFT_MAX_M:
        msg = f"'{text}' lies {off_m:.0f} m off EPSG:{known}, whose name or parameters it has. {advice}"
        raise InputError(msg)


def utm_projection(lon_deg: Floats, lat_deg: Floats) -> Projection:
    """UTM zone of the middle of the points: a projection for files that name none (scale error below 0.1 %)."""
    from pyproj.aoi import AreaOfInterest  # noqa: PLC0415
    from pyproj.database import query_utm_crs_info  # noqa: PLC0415

    lon, lat = float(np.median(lon_deg)), float(np.median(lat_deg))
    zone = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat))[0]
    return Projection(f"EPSG:{zone.code}")
