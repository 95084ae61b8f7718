"""The area somebody wishes for, and the boxes that cut it out of national files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely

from data.columns import Bools, Floats
from data.errors import InputError
from data.projection import Projection


@dataclass(frozen=True, slots=True)
class Municipalities:
    """An area named by its municipalities."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.names or not all(name.strip() for name in self.names):
            msg = "Name one or more municipalities, separated by commas."
            raise InputError(msg)


@dataclass(frozen=True, slots=True)
class Box:
    """An area between two meridians and two parallels, WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            msg = (
                f"{self.west:g},{self.south:g},{self.east:g},{self.north:g} is no box: write west,south,east,north in "
                "degrees, for example 6.5,52.6,7.1,53.1."
            )
            raise InputError(msg)

    @property
    def polygon(self) -> shapely.Polygon:
        """The box in degrees."""
        return shapely.box(self.west, self.south, self.east, self.north)

    def holds(self, lon_deg: Floats, lat_deg: Floats) -> Bools:
        """(P,) whether points lie in the box, its edge included."""
        in_width = (lon_deg >= self.west) & (lon_deg <= self.east)
        return np.asarray(in_width & (lat_deg >= self.south) & (lat_deg <= self.north))

    @property
    def text(self) -> str:
        """West,south,east,north, as addresses ask for a box."""
        return ",".join(f"{value:.5f}" for value in (self.west, self.south, self.east, self.north))


Area: TypeAlias = Municipalities | Box


def along_edges(west: float, south: float, east: float, north: float) -> tuple[Floats, Floats]:
    """Points along the edges of a box: projected they are bent, so that its corners alone do not tell how far it reaches."""
    along = np.linspace(0.0, 1.0, 21)
    x = west + (east - west) * np.concatenate([along, along, np.zeros(21), np.ones(21)])
    y = south + (north - south) * np.concatenate([np.zeros(21), np.ones(21), along, along])
    return x, y


def box_around(shape: shapely.Geometry, projection: Projection, buffer_m: float) -> Box:
    """Smallest box in degrees that holds all points within `buffer_m` (metres) of `shape` (degrees) and a little more."""
    corners = shapely.get_coordinates(shape)
    x_m, y_m = projection.to_metres(corners[:, 0], corners[:, 1])
    lon_deg, lat_deg = projection.to_lonlat(
        *along_edges(x_m.min() - buffer_m, y_m.min() - buffer_m, x_m.max() + buffer_m, y_m.max() + buffer_m)
    )
    return Box(float(lon_deg.min()), float(lat_deg.min()), float(lon_deg.max()), float(lat_deg.max()))
