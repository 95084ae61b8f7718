"""Where hubs could stand in a world, and hubs that were placed as a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from accessibility.travel_network import WALK, Points, snap_points
from accessibility.world import World
from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int64s, Strings, stacked, take
from data.errors import InputError
from data.files.tables import read_points, read_table
from data.places import Facilities
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.placement.task import Sites


def place_sites(world: World, cost_per_year: float) -> Sites:
    """Every place of the region, at its point."""
    places = world.places
    rows = np.flatnonzero(places.in_region)
    ids = tuple(places.id[row] for row in rows)
    return Sites(
        id=ids,
        name=tuple(places.name[row] for row in rows),
        x_m=places.x_m[rows],
        y_m=places.y_m[rows],
        cost_per_year=np.full(len(rows), cost_per_year),
        place_id=ids,
        building_id=("",) * len(rows),
    )


def building_sites(world: World, kinds: tuple[str, ...], cost_per_year: float) -> Sites:
    """Facilities of some kinds in the region, village halls and schools for instance, that a hub could move into.

    A facility is in the region when the place nearest to it is.
    """
    facilities, places = world.facilities, world.places
    rows = np.flatnonzero([kind in kinds for kind in facilities.kind])
    at, of = (
        np.column_stack([facilities.x_m[rows], facilities.y_m[rows]]),
        np.column_stack([places.x_m, places.y_m]),
    )
    rows = rows[places.in_region[KDTree(of).query(at)[1]]] if len(rows) else rows
    ids = tuple(facilities.id[row] for row in rows)
    return Sites(
        id=ids,
        name=tuple(facilities.name[row] for row in rows),
        x_m=facilities.x_m[rows],
        y_m=facilities.y_m[rows],
        cost_per_year=np.full(len(rows), cost_per_year),
        place_id=("",) * len(rows),
        building_id=ids,
    )


def closed_sites(before: World, after: World, kinds: tuple[str, ...], cost_per_year: float) -> Sites:
    """Facilities of some kinds that are closed after a scenario and were open before: shops that stand empty."""
    gone: Facilities = before.facilities
    rows = [
        row for row, name in enumerate(gone.id) if gone.kind[row] in kinds and name not in after.facilities.id
    ]
    points = Points(gone.x_m[rows], gone.y_m[rows])
    ids = tuple(gone.id[row] for row in rows)
    return _at_points(ids, tuple(gone.name[row] for row in rows), points, np.full(len(rows), cost_per_year))


def point_sites(world: World, lon_deg: Floats, lat_deg: Floats, cost_per_year: float) -> Sites:
    """Points, WGS84, named after their coordinates."""
    ids = tuple(f"{lon:.5f}-{lat:.5f}" for lon, lat in zip(lon_deg, lat_deg, strict=True))
    points = Points(*world.projection.to_metres(lon_deg, lat_deg))
    return _at_points(ids, ids, points, np.full(len(ids), cost_per_year))


def listed_sites(world: World, path: Path, cost_per_year: float) -> Sites:
    """Sites of a table with id, lon, lat, and name and cost_per_year if there are such columns.

    Raises
    ------
    InputError
        When the table cannot be read, with all bad rows of a column at once.

    """
    ids, lon_deg, lat_deg = read_points(path)
    table = read_table(path, ("id", "lon", "lat"))
    names = tuple(table["name"].astype(str)) if "name" in table else ids
    cost = np.full(len(ids), cost_per_year)
    if "cost_per_year" in table:
        cost = pd.to_numeric(table["cost_per_year"], errors="coerce").to_numpy(np.float64)
        wrong = [ids[row] for row in np.flatnonzero(~(cost >= 0) | ~np.isfinite(cost))]
        if wrong:
            msg = f"{path}: cost_per_year must be a number of euros, 0 or more; it is not for {', '.join(wrong[:5])}."
            raise InputError(msg)
    return _at_points(ids, names, Points(*world.projection.to_metres(lon_deg, lat_deg)), cost)


def _at_points(ids: Strings, names: Strings, points: Points, cost: Floats) -> Sites:
    nothing = ("",) * len(ids)
    return Sites(ids, names, np.asarray(points.x_m), np.asarray(points.y_m), cost, nothing, nothing)


def usable(world: World, *lists: Sites) -> tuple[Sites, BuildReport]:
    """All sites of the lists where a hub can be opened, each once; the others are reported with the reason."""
    sites = lists[0]
    for more in lists[1:]:
        sites = stacked(sites, more)
    off_street: Bools = ~snap_points(world.network, WALK, Points(sites.x_m, sites.y_m)).is_attached
    seen: set[str] = set()
    again = np.zeros(len(sites.id), bool)
    for row, name in enumerate(sites.id):
        again[row] = name in seen
        seen.add(name)
    taken = np.array(
        [hub_at(world, sites, row).hub_id in world.facilities.id for row in range(len(sites.id))], bool
    )
    report = BuildReport()
    for what, rows in (
        ("sites without a street near", off_street),
        ("sites listed twice: the first counts", again),
        ("sites that have a hub already", taken),
    ):
        report += finding("sites", "dropped", what, [sites.name[row] for row in np.flatnonzero(rows)])
    return take(sites, np.flatnonzero(~off_street & ~again & ~taken)), report


def hub_at(world: World, sites: Sites, row: int, kinds: tuple[str, ...] = (), opening: str = "") -> PlaceHub:
    """Edit that opens a hub at a site."""
    cost = float(sites.cost_per_year[row])
    if sites.place_id[row]:
        return PlaceHub(place_id=sites.place_id[row], kinds=kinds, opening=opening, cost_per_year=cost)
    if sites.building_id[row]:
        return PlaceHub(building_id=sites.building_id[row], kinds=kinds, opening=opening, cost_per_year=cost)
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[[row]], sites.y_m[[row]])
    # To a centimetre, so that the scenario file stays readable.
    lon, lat = round(float(lon_deg[0]), 7), round(float(lat_deg[0]), 7)
    return PlaceHub(lon_deg=lon, lat_deg=lat, kinds=kinds, opening=opening, cost_per_year=cost)


def as_scenario(
    world: World, sites: Sites, chosen: Int64s, kinds: tuple[str, ...], name: str, note: str
) -> Scenario:
    """Scenario that opens a hub with these kinds of service at the chosen rows of the sites."""
    return Scenario(name, note, tuple(hub_at(world, sites, int(row), kinds) for row in chosen))
