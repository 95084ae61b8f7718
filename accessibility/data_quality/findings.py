"""What checks of a region's data find: counts with examples and places, and tables, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.world import World
from data.build_report import N_EXAMPLES
from data.columns import Floats, Int32s, Int64s

Section: TypeAlias = Literal["streets", "timetable", "places", "facilities", "population"]
SECTIONS: tuple[Section, ...] = ("streets", "timetable", "places", "facilities", "population")
MAX_SPOTS = 500
"""No more places of one check are drawn."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map that a check is about; degrees."""

    name: str
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Check:
    """One figure.

    Attributes
    ----------
    section
        What it is about.
    what
        What was counted.
    count, total
        How many, and of how many; `total` is 0 where there is no such number.
    action
        What was done about them: kept, assumed, repaired or dropped; "" where nothing need be done.
    examples
        A few of them.
    spots
        Where they are, as far as they are anywhere.

    """

    section: Section
    what: str
    count: int
    total: int = 0
    action: str = ""
    examples: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()

    @property
    def share(self) -> float:
        """Share of the total; nan where there is none."""
        return self.count / self.total if self.total else np.nan


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side, in words and numbers; the first column names the row."""

    section: Section
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """All checks of a region."""

    title: str
    service_date: str
    checks: tuple[Check, ...]
    tables: tuple[Table, ...]

    def to_rows(self) -> list[dict[str, str | float]]:
        """One plain row per check, fit for tables and JSON."""
        return [
            {
                "section": check.section,
                "what": check.what,
                "count": check.count,
                "total": check.total,
                "action": check.action,
                "examples": "; ".join(check.examples),
            }
            for check in self.checks
        ]


def spotted(
    world: World,
    check: Check,
    rows: Int32s | Int64s,
    names: Sequence[str],
    xy: tuple[Floats, Floats],
) -> Check:
    """Check with the examples and places of `rows`; `names` and `xy` are of all rows, in metres."""
    lon_deg, lat_deg = world.projection.to_lonlat(xy[0][rows], xy[1][rows])
    spots = tuple(
        Spot(names[row], round(float(lon), 6), round(float(lat), 6))
        for row, lon, lat in zip(rows[:MAX_SPOTS].tolist(), lon_deg, lat_deg, strict=False)
    )
    return Check(
        check.section,
        check.what,
        len(rows),
        check.total,
        check.action,
        tuple(names[row] for row in rows[:N_EXAMPLES].tolist()),
        spots,
    )


class Municipalities:
    """The municipalities of a region, and which one a point lies in."""

    def __init__(self, world: World) -> None:
        self.names = tuple(outline.name for outline in world.outlines)
        self._shapes: NDArray[np.object_] = np.array(
            [_even_odd(outline.rings) for outline in world.outlines], object
        )
        self._world = world

    def of(self, xy: tuple[Floats, Floats]) -> Int32s:
        """(P,) int32, row of the municipality of points in metres; -1 outside."""
        found = np.full(len(xy[0]), -1, np.int32)
        if len(self.names):
            lon_deg, lat_deg = self._world.projection.to_lonlat(*xy)
            point, area = shapely.STRtree(self._shapes).query(shapely.points(lon_deg, lat_deg), "intersects")
            found[point[::-1]] = area[::-1]
        return found


def _even_odd(rings: Iterable[Sequence[tuple[float, float]]]) -> shapely.Geometry:
    """Area inside an odd number of the rings: holes and islands need not be told apart."""
    area: shapely.Geometry = shapely.Polygon()
    for ring in rings:
        area = shapely.symmetric_difference(area, shapely.make_valid(shapely.Polygon(ring)))
    return area
