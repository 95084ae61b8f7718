"""Places of the register of addresses (BAG): areas that divide the country, each given a spot on the map."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

from data.build_report import BuildReport, finding
from data.columns import take
from data.live.areas import Areas
from data.live.squares import Squares
from data.osm.features import PLACE_KINDS, OsmPlaces
from data.projection import Projection

CORE_M = 500.0
"""A place without one of its name on the map lies at the square with most people within this distance."""


def registered_places(
    mapped: OsmPlaces, areas: Areas, squares: Squares | None, projection: Projection
) -> tuple[OsmPlaces, BuildReport]:
    """Places of the register, in the order of `areas`, and behind them those of the map that lie in none of these.

    A place lies, and is of the kind, as the map's largest place of its name inside its outline. Where the map has none
    it is a village at the square with most people within `CORE_M`; without squares, at a point inside its outline.

    Parameters
    ----------
    mapped
        Places of the map.
    areas
        Outlines of the register's places, degrees.
    squares
        Where people live, None where that is not known.
    projection
        Of the squares.

    """
    of_mapped, core = areas.holding(mapped.lon_deg, mapped.lat_deg), _cores(areas, squares, projection)
    rank = [PLACE_KINDS.index(kind) for kind in mapped.kind]
    spots, unmapped, used = [], [], set()
    for row, (name, code) in enumerate(zip(areas.name, areas.code, strict=True)):
        same = [
            at
            for at in np.flatnonzero(of_mapped == row).tolist()
            if mapped.name[at].casefold() == name.casefold()
        ]
        if same:
            at = min(same, key=lambda at: rank[at])
            used.add(at)
            spots.append(
                (
                    f"bag/{code}",
                    name,
                    mapped.kind[at],
                    mapped.lon_deg[at],
                    mapped.lat_deg[at],
                    mapped.population[at],
                )
            )
        else:
            unmapped.append(name)
            spots.append((f"bag/{code}", name, "village", *core[row], -1))
    others = take(mapped, np.flatnonzero(of_mapped < 0))
    left = [name for at, name in enumerate(mapped.name) if of_mapped[at] >= 0 and at not in used]
    ids, names, kinds, lon_deg, lat_deg, population = zip(*spots, strict=True) if spots else ((),) * 6
    places = OsmPlaces(
        (*ids, *others.id),
        (*names, *others.name),
        (*kinds, *others.kind),
        np.concatenate([np.array(lon_deg, np.float64), others.lon_deg]),
        np.concatenate([np.array(lat_deg, np.float64), others.lat_deg]),
        np.concatenate([np.array(population, np.int32), others.population]),
    )
    report = finding(
        "places", "assumed", "registered places that are not on the map: put where most people live", unmapped
    )
    what = "places of the map that are not registered: part of the registered place around them"
    return places, report + finding("places", "dropped", what, left)


def _cores(areas: Areas, squares: Squares | None, projection: Projection) -> list[tuple[float, float]]:
    """Degrees of the middle of each area's people, else of a point inside it."""
    inside = shapely.get_coordinates(shapely.point_on_surface(areas.shape)).tolist()
    cores = [(float(lon), float(lat)) for lon, lat in inside]
    if squares is None or not len(areas.name):
        return cores
    xy = np.column_stack([squares.x_m, squares.y_m])
    near = cKDTree(xy).query_ball_point(xy, CORE_M)
    people = np.maximum(squares.inhabitants, 0)
    around = np.array([people[rows].sum() for rows in near])
    lon_deg, lat_deg = projection.to_lonlat(squares.x_m, squares.y_m)
    area = areas.holding(lon_deg, lat_deg)
    for row in np.unique(area[area >= 0]).tolist():
        here = np.flatnonzero(area == row)
        at = here[np.argmax(around[here])]
        cores[row] = (float(lon_deg[at]), float(lat_deg[at]))
    return cores
