"""The real street networks that the benchmarks run on, and the same streets as the peers want them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from accessibility.world import open_world
from data.columns import Floats, Int32s
from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import Projection, utm_projection
from data.study_area.region_toml import embedded_regions
from network.hierarchy.search import StreetSearch, build_street_search
from network.modes.modes import PROFILES
from network.streets.network import CLOSED_S, StreetNetwork, build_street_network
from network.streets.trip_ends import attached
from support.files import SHARED

FILES = {
    "Newport": SHARED / "newport" / "newport-2023-06-13.osm.pbf",
    "Heidelberg": SHARED / "heidelberg" / "heidelberg.test.pbf",
}
WALK, CAR = ([profile.name for profile in PROFILES].index(name) for name in ("walk", "car"))


class Real(NamedTuple):
    """A contracted network made ready for searches."""

    name: str
    search: StreetSearch
    projection: Projection
    file: Path | None
    """The file of streets it was read from; None for an embedded region."""

    @property
    def title(self) -> str:
        """Name and size."""
        return f"{self.name}, {self.search.network.n_nodes:,} nodes"


@lru_cache(maxsize=1)
def real_networks() -> tuple[Real, ...]:
    """All that are here, the largest first."""
    found = [read_real(name, path) for name, path in FILES.items() if path.exists()]
    for region in embedded_regions():
        world = open_world(region, lambda _label, _share: None)
        found.append(Real(region, world.network.search, world.projection, None))
    return tuple(sorted(found, key=lambda real: real.search.network.n_nodes, reverse=True))


def read_real(name: str, path: Path) -> Real:
    """Streets of a file, ready for searches."""
    streets = read_osm(path, load_facility_kinds()).streets
    projection = utm_projection(streets.lon_deg, streets.lat_deg)
    network, _ = build_street_network(streets, PROFILES, projection)
    return Real(name, build_street_search(network), projection, path)


class Directed(NamedTuple):
    """Arcs of one mode: of parallel ones the quickest, no closed ones, no loops, sorted by tail and head."""

    tail: Int32s
    head: Int32s
    seconds: Floats


def directed(network: StreetNetwork, mode: int) -> Directed:
    """Streets of `network` as its mode may travel them."""
    tail = np.concatenate([network.edge_tail, network.edge_head])
    head = np.concatenate([network.edge_head, network.edge_tail])
    seconds = np.concatenate([network.forward_s[mode], network.backward_s[mode]])
    order = np.lexsort((seconds, head, tail))
    order = order[(seconds[order] < CLOSED_S) & (tail[order] != head[order])]
    again = (np.diff(tail[order], prepend=-1) == 0) & (np.diff(head[order], prepend=-1) == 0)
    kept = order[~again]
    return Directed(tail[kept], head[kept], seconds[kept].astype(np.float64))


def as_graph(n_nodes: int, arcs: Directed, *, backward: bool) -> csr_array:
    """SciPy's graph of the arcs, turned round for searches towards a node."""
    shape = (n_nodes, n_nodes)
    first = np.searchsorted(arcs.tail, np.arange(n_nodes + 1)).astype(np.int32)
    graph = csr_array((arcs.seconds, arcs.head, first), shape=shape)
    return csr_array(graph.T.tocsr()) if backward else graph


def scattered(real: Real, n_points: int, seed: int) -> tuple[Floats, Floats]:
    """Points some hundred metres around random junctions, in projected metres."""
    random = np.random.default_rng(seed)
    network = real.search.network
    node = random.integers(network.n_nodes, size=n_points)
    away_m = random.normal(0, 150, (2, n_points))
    return network.node_x_m[node] + away_m[0], network.node_y_m[node] + away_m[1]


def some_nodes(real: Real, mode: int, n_chosen: int, seed: int) -> NDArray[np.int64]:
    """Different random junctions at the ends of edges to which points of this mode are attached."""
    network = real.search.network
    usable = attached(network.mapped)[mode].nonzero()[0]
    ends = np.unique(np.concatenate([network.edge_tail[usable], network.edge_head[usable]])).astype(np.int64)
    return np.random.default_rng(seed).choice(ends, n_chosen, replace=False)
