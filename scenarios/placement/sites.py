"""Where hubs could stand in a world, and hubs that were placed as a scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd
from msgspec import structs
from scipy.spatial import KDTree

from accessibility.travel_network import WALK, Points, snap_points
from accessibility.world import World
from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int64s, Strings, stacked, take
from data.errors import InputError
from data.files.points import read_points
from data.files.tables import read_table
from data.places import Facilities, Places
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from scenarios.placement.task import Sites


def place_sites(world: World, cost_per_year: float) -> Sites:
    """Every place of the region, at its point."""
    places = world.places
    sites = _at_rows(places, np.flatnonzero(places.in_region), cost_per_year)
    return replace(sites, place_id=sites.id)


def building_sites(world: World, kinds: tuple[str, ...], cost_per_year: float) -> Sites:
    """Facilities of some kinds in the region, village halls and schools for instance, that a hub could move into.

    A facility is in the region when the place nearest to it is.
    """
    facilities, places = world.facilities, world.places
    rows = np.flatnonzero([kind in kinds for kind in facilities.kind])
    at, of = (np.column_stack([table.x_m, table.y_m]) for table in (facilities, places))
    rows = rows[places.in_region[KDTree(of).query(at[rows])[1]]] if len(rows) else rows
    sites = _at_rows(facilities, rows, cost_per_year)
    return replace(sites, building_id=sites.id)


def closed_sites(before: World, after: World, kinds: tuple[str, ...], cost_per_year: float) -> Sites:
    """Facilities of some kinds that are closed after a scenario and were open before: shops that stand empty."""
    was, still = before.facilities, set(after.facilities.id)
    gone = [kind in kinds and name not in still for kind, name in zip(was.kind, was.id, strict=True)]
    return _at_rows(was, np.flatnonzero(gone), cost_per_year)


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


def _at_rows(table: Places | Facilities, rows: Int64s, cost_per_year: float) -> Sites:
    ids, names = (tuple(column[row] for row in rows) for column in (table.id, table.name))
    return _at_points(ids, names, Points(table.x_m[rows], table.y_m[rows]), np.full(len(rows), cost_per_year))


def usable(world: World, *lists: Sites) -> tuple[Sites, BuildReport]:
    """All sites of the lists where a hub can be opened, each once; the others are reported with the reason."""
    sites = reduce(stacked, lists)
    every = range(len(sites.id))
    off_street: Bools = ~snap_points(world.network, WALK, Points(sites.x_m, sites.y_m)).is_attached
    first = {name: row for row, name in reversed(list(enumerate(sites.id)))}
    again = np.array([first[name] != row for row, name in enumerate(sites.id)], bool)
    taken = np.array([hub_at(world, sites, row).hub_id in world.facilities.id for row in every], bool)
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
    # A site without a cost has a 0 here: nothing was said about it.
    cost = float(sites.cost_per_year[row]) or None
    hub = PlaceHub(kinds=kinds, opening=opening, cost_per_year=cost)
    if sites.place_id[row]:
        return structs.replace(hub, place_id=sites.place_id[row])
    if sites.building_id[row]:
        return structs.replace(hub, building_id=sites.building_id[row])
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[[row]], sites.y_m[[row]])
    # To a centimetre, so that the scenario file stays readable.
    lon, lat = round(float(lon_deg[0]), 7), round(float(lat_deg[0]), 7)
    return structs.replace(hub, lon_deg=lon, lat_deg=lat)


def as_scenario(
    world: World, sites: Sites, chosen: Int64s, kinds: tuple[str, ...], name: str, note: str
) -> Scenario:
    """Scenario that opens a hub with these kinds of service at the chosen rows of the sites."""
    return Scenario(name, note, tuple(hub_at(world, sites, int(row), kinds) for row in chosen))
