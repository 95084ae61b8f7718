"""Three real towns and the embedded region as networks to search."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from accessibility.world import open_world
from data.columns import Floats
from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import utm_projection
from data.study_area.region_toml import embedded_regions
from network.hierarchy.search import StreetSearch, build_street_search
from network.modes.modes import PROFILES
from network.streets.network import build_street_network
from support.files import SHARED

FILES = {
    "newport": SHARED / "newport" / "newport-2023-06-13.osm.pbf",
    "heidelberg": SHARED / "heidelberg" / "heidelberg.test.pbf",
    "liechtenstein": SHARED / "liechtenstein" / "liechtenstein.osm.pbf",
}
NETWORKS = (*FILES, *embedded_regions())


@lru_cache(maxsize=1)
def real_search(name: str) -> StreetSearch:
    """One real network at a time, made ready."""
    if name not in FILES:
        return open_world(name, lambda _label, _share: None).network.search
    if not FILES[name].exists():
        pytest.skip(f"the shared test data of {name} is not here")
    streets = read_osm(FILES[name], load_facility_kinds()).streets
    projection = utm_projection(streets.lon_deg, streets.lat_deg)
    return build_street_search(build_street_network(streets, PROFILES, projection)[0])


def scattered(streets: StreetSearch, n_points: int, seed: int) -> tuple[Floats, Floats]:
    """Points within some hundred metres of random junctions."""
    random = np.random.default_rng(seed)
    node = random.integers(streets.network.n_nodes, size=n_points)
    away_m = random.normal(0, 150, (2, n_points))
    return streets.network.node_x_m[node] + away_m[0], streets.network.node_y_m[node] + away_m[1]
