"""Places of the map with the people who live around them, as the tables of a region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s
from data.files.tables import AGE_COLUMNS
from data.live.area import Area, Box
from data.live.areas import NO_AREAS, Areas
from data.live.people import Cells, settle
from data.live.squares import Squares
from data.names import ids_of
from data.osm.features import OsmFacilities, OsmPlaces
from data.places import AGE_SHARES
from data.projection import Projection


@dataclass(frozen=True, slots=True, eq=False)
class Where:
    """The area asked for, and the municipalities in and around it.

    Attributes
    ----------
    shape
        The area in degrees.
    municipalities
        All of the country; none where no outlines are known.

    """

    shape: shapely.Geometry
    municipalities: Areas

    def inside(self, lon_deg: Floats, lat_deg: Floats) -> Bools:
        """(P,) bool, whether points lie in the area."""
        shapely.prepare(self.shape)
        return np.asarray(shapely.intersects_xy(self.shape, lon_deg, lat_deg), np.bool_)

    def municipality(self, lon_deg: Floats, lat_deg: Floats) -> Int32s:
        """(P,) int32, row of the municipality of each point; -1 where none."""
        if not len(self.municipalities.name):
            return np.full(len(lon_deg), -1, np.int32)
        return self.municipalities.holding(lon_deg, lat_deg)


def where(area: Area, municipalities: Areas) -> Where:
    """Shape of an area; `municipalities` are all that are known.

    Raises
    ------
    InputError
        When a municipality does not exist.

    """
    if isinstance(area, Box):
        return Where(area.polygon, municipalities)
    rows = municipalities.rows_of(area.names)
    return Where(shapely.union_all(municipalities.shape[rows]), municipalities)


def outlines_of(place: Where, title: str) -> Areas:
    """Municipalities cut to the area; the area itself, called `title`, where none are known."""
    areas = place.municipalities
    cut = np.asarray(shapely.intersection(areas.shape, place.shape))
    # What is left of a neighbour along a common border is no area.
    rows = np.flatnonzero(shapely.area(cut) > 0.001 * shapely.area(place.shape)).tolist()
    if not rows:
        return Areas((title,), ("",), np.array([place.shape], object))
    return Areas(areas.picked(rows).name, areas.picked(rows).code, cut[rows])


def country_of(place: Where, box: Box) -> Areas:
    """The part of the country in `box`; nothing where no outlines are known."""
    if not len(place.municipalities.name):
        return NO_AREAS
    shape = shapely.intersection(shapely.union_all(place.municipalities.shape), box.polygon)
    return Areas(("country",), ("",), np.array([shape], object))


def place_tables(
    found: OsmPlaces,
    place: Where,
    squares: Squares | None,
    projection: Projection,
    secret_persons: int,
    homes: Areas = NO_AREAS,
) -> tuple[pd.DataFrame, pd.DataFrame | None, BuildReport]:
    """Table of places and, where there are squares, of population cells.

    People of a square belong to the place in whose outline it lies, if `homes` are the outlines of the first places;
    else to the nearest place in the same municipality. Without squares a place has the population of its tag, by the
    ages of the country.

    Raises
    ------
    InputError
        When no place lies in the area.

    """
    inside = place.inside(found.lon_deg, found.lat_deg)
    municipality = place.municipality(found.lon_deg, found.lat_deg)
    names = tuple(
        place.municipalities.name[row] if row >= 0 and within else ""
        for row, within in zip(municipality, inside, strict=True)
    )
    if squares is None:
        by_age, report = _tagged(found)
        grid = None
    else:
        cells, report = _cells(found, place, squares, projection, secret_persons, homes)
        by_age = cells.by_place(len(found.id))
        grid = pd.DataFrame(
            {"x_m": cells.x_m, "y_m": cells.y_m}
            | {column: cells.inhabitants_by_age[:, band] for band, column in enumerate(AGE_COLUMNS)}
        )
    ids = ids_of(found.name, names)
    table = pd.DataFrame(
        {
            "id": ids,
            "name": found.name,
            "municipality": names,
            "kind": found.kind,
            "lon": np.round(found.lon_deg, 7),
            "lat": np.round(found.lat_deg, 7),
            **{column: by_age[:, band] for band, column in enumerate(AGE_COLUMNS)},
            "in_region": np.where(inside, "true", "false"),
            "origin": "modelled" if squares is None else "observed",
        }
    )
    if grid is not None:
        grid.insert(2, "place_id", np.array(ids)[cells.place])
    nobody = (ids[row] for row in np.flatnonzero(inside & (by_age.sum(axis=1) == 0)))
    return table, grid, report + finding("places", "kept", "places of the area without inhabitants", nobody)


def facility_table(found: OsmFacilities) -> pd.DataFrame:
    """Table of facilities."""
    return pd.DataFrame(
        {
            "id": found.id,
            "kind": found.kind,
            "name": found.name,
            "lon": np.round(found.lon_deg, 7),
            "lat": np.round(found.lat_deg, 7),
            "units": 1,
            "origin": "observed",
            "opening_hours": found.opening,
        }
    )


def _tagged(found: OsmPlaces) -> tuple[Int32s, BuildReport]:
    """(P, 4) persons of the population tags."""
    unknown = found.population < 0
    inhabitants = np.where(unknown, 0, found.population)
    by_age = np.floor(inhabitants[:, None] * np.array(AGE_SHARES)).astype(np.int32)
    by_age[:, 1] += inhabitants - by_age.sum(axis=1, dtype=np.int32)
    without = (name for name, missing in zip(found.name, unknown, strict=True) if missing)
    report = finding("places", "assumed", "place without a population tag: counted as nobody", without)
    what = "age bands of a place from the shares of the Netherlands in 2018"
    return by_age, report + finding("places", "assumed", what, found.name)


def _cells(
    found: OsmPlaces,
    place: Where,
    squares: Squares,
    projection: Projection,
    secret_persons: int,
    homes: Areas,
) -> tuple[Cells, BuildReport]:
    lon_deg, lat_deg = projection.to_lonlat(squares.x_m, squares.y_m)
    place_xy = np.column_stack(projection.to_metres(found.lon_deg, found.lat_deg))
    cell_xy = np.column_stack([squares.x_m, squares.y_m])
    # The group of a point: its municipality, and whether it lies in the area.
    of_place = 2 * place.municipality(found.lon_deg, found.lat_deg) + place.inside(
        found.lon_deg, found.lat_deg
    )
    of_cell = 2 * place.municipality(lon_deg, lat_deg) + place.inside(lon_deg, lat_deg)
    nearest = np.full(len(of_cell), -1, np.int32)
    for group in np.unique(of_cell):
        rows = np.flatnonzero(of_place == group)
        if len(rows):
            at = np.flatnonzero(of_cell == group)
            nearest[at] = rows[cKDTree(place_xy[rows]).query(cell_xy[at])[1]]
    astray = np.flatnonzero(nearest < 0)
    for in_area in (0, 1):
        rows = np.flatnonzero(of_place % 2 == in_area)
        rows = rows if len(rows) else np.arange(len(of_place))
        at = astray[of_cell[astray] % 2 == in_area]
        nearest[at] = rows[cKDTree(place_xy[rows]).query(cell_xy[at])[1]] if len(at) else nearest[at]
    home = homes.holding(lon_deg, lat_deg)
    # The part of a place beyond the edge of the area is not counted with the rest of it.
    own = (home >= 0) & (of_place[home] == of_cell)
    nearest[own] = home[own]
    cells, report = settle(squares, nearest, secret_persons)
    what = f"{squares.noun} in a municipality without a place of its own: given to the nearest one"
    names = (f"E{squares.x_m[row] // 100:.0f}N{squares.y_m[row] // 100:.0f}" for row in astray)
    return cells, report + finding("population", "assumed", what, names)
