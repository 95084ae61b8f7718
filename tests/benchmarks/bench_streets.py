"""The street engine against SciPy, pandana, igraph and OSRM, on real contracted networks.

Whatever is compared has been checked to give the same answers first: equal seconds where the graph is the same.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from benchmarks import osrm
from benchmarks.measure import Row, dearer, demand_equal, missing, quicker, side_by_side
from benchmarks.networks import (
    CAR,
    WALK,
    Directed,
    Real,
    as_graph,
    directed,
    real_networks,
    scattered,
    some_nodes,
)
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.columns import Floats
from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from network.hierarchy.arcs import Arcs, masked_arcs
from network.hierarchy.hierarchy import customise, elimination_order, symbolic
from network.hierarchy.incremental import edited_search
from network.hierarchy.packing import pack, unpack
from network.hierarchy.search import ModeSearch, StreetSearch, in_seconds, matrix, pruned
from network.hierarchy.sweep import Seeds, search
from network.lanes import as_seconds, unreached
from network.modes.modes import PROFILES
from network.streets.incremental import reassemble
from network.streets.mapped import MappedStreets
from network.streets.paths import NewPath, draw_path
from network.streets.snap import snap
from network.streets.snap_index import snap_indexes
from network.streets.street_edits import close, limit_speed

N_FACILITIES = 50
N_SOURCES_CHECKED = 4
N_POINTS = 1200
N_MODES = 5
N_EDITED = 8
PATH_M = 800.0
KINDS_IN_A_ROW = 10
"""Searches in a turn: a question is asked for one kind of facility after the other."""
SCIPY_TARGET, PANDANA_TARGET, ALL_TARGET, OSRM_TARGET, PREPARE_TARGET, EDIT_TARGET = 20, 300, 100, 12, 3, 5
INSTALL = "not installed: run `make bench`, which installs it"


def rows() -> list[Row]:
    """Measure everything."""
    networks = real_networks()
    by_network = [row for real in networks for row in (*nearest(real), *one_to_all(real), *edit(real))]
    mapped = next((real for real in networks if real.file), None)
    if mapped is None:
        return by_network
    return [*by_network, many_to_many(mapped), preparation(mapped)]


def nearest(real: Real) -> list[Row]:
    """The nearest of fifty facilities, and which, from every node on foot: one lane of packed seconds, metres and number."""
    network = real.search.network
    arcs_ahead = directed(network, WALK)
    graph = as_graph(network.n_nodes, arcs_ahead, backward=True)
    facility = some_nodes(real, WALK, N_FACILITIES, seed=1)
    zeros = np.zeros(N_FACILITIES, np.int64)
    seeds = Seeds(facility, zeros, pack(zeros, 0.0, np.arange(N_FACILITIES)))
    arcs = real.search.modes[WALK].sweep.turned()

    def engine() -> object:
        return search(arcs, seeds, 1, np.int64)

    found = unpack(search(arcs, seeds, 1, np.int64)[arcs.row, 0])
    expected = dijkstra(graph, indices=facility, min_only=True)
    demand_equal("nearest", found.seconds, expected)
    own = dijkstra(graph, indices=facility)
    reached = np.flatnonzero(np.isfinite(expected))
    demand_equal("which is nearest", own[found.target[reached], reached], expected[reached])
    rivals: dict[str, Callable[[], object]] = {
        "engine": engine,
        "SciPy, seconds alone": lambda: dijkstra(graph, indices=facility, min_only=True),
        "SciPy, with identity": lambda: dijkstra(
            graph, indices=facility, min_only=True, return_predecessors=True
        ),
    }
    in_a_row = side_by_side(rivals, 15, KINDS_IN_A_ROW)
    one_by_one = side_by_side(rivals, 31, 1)
    question = "nearest of 50 with identity, every node, one lane"
    table = [
        quicker(question, real.title, peer, (in_a_row["engine"], in_a_row[peer]), SCIPY_TARGET)
        for peer in ("SciPy, with identity", "SciPy, seconds alone")
    ]
    peer = "SciPy, with identity"
    alone = "the same, one search at a time with the peer's in between: caches and branch predictor cold"
    table.append(quicker(alone, real.title, peer, (one_by_one["engine"], one_by_one[peer]), None))
    return [*table, _pandana(real, arcs_ahead, facility, expected, engine)]


def _pandana(
    real: Real, arcs: Directed, facility: NDArray[np.int64], expected: Floats, engine: Callable[[], object]
) -> Row:
    """Pandana's nearest_pois with the number of the facility, as far as the farthest node."""
    question, peer = "nearest of 50 with identity, every node, one lane", "pandana nearest_pois"
    if importlib.util.find_spec("pandana") is None:
        return missing(question, real.title, peer, PANDANA_TARGET, INSTALL)
    import pandana  # noqa: PLC0415 -- an optional peer
    import pandas as pd  # noqa: PLC0415 -- only for pandana

    # Facilities are matched to nodes by place alone: places in a row keep junctions and their copies apart.
    place = pd.Series(np.arange(real.search.network.n_nodes, dtype=np.float64))
    aside = pd.Series(np.zeros(len(place)))
    ends = pd.Series(arcs.tail), pd.Series(arcs.head)
    weights = pd.DataFrame({"seconds": arcs.seconds})
    peer_network = pandana.Network(place, aside, *ends, weights, twoway=False)
    is_reached = np.isfinite(expected)
    farthest_s = float(expected[is_reached].max()) + 1
    peer_network.set_pois(
        "facility", farthest_s, 1, pd.Series(place.to_numpy()[facility]), pd.Series(np.zeros(N_FACILITIES))
    )

    def rival() -> Floats:
        found = peer_network.nearest_pois(farthest_s, "facility", include_poi_ids=True)
        return np.asarray(found[1], np.float64)

    # Pandana counts in thousandths of a second.
    demand_equal("pandana", np.rint(rival()[is_reached]), expected[is_reached])
    times = side_by_side({"engine": engine, "peer": rival}, 5, 3)
    return quicker(question, real.title, peer, (times["engine"], times["peer"]), PANDANA_TARGET)


def one_to_all(real: Real) -> list[Row]:
    """From many sources to every node on foot, per source."""
    network = real.search.network
    arcs_ahead = directed(network, WALK)
    graph = as_graph(network.n_nodes, arcs_ahead, backward=False)
    weights, arc_mask, _ = real.search.modes[WALK]
    arcs = in_seconds(masked_arcs(real.search.hierarchy, weights, arc_mask))
    lanes: tuple[tuple[int, DTypeLike], ...] = ((32, np.int32), (64, np.int32), (64, np.uint16))
    return [*(_scipy_to_all(real, arcs, graph, *of) for of in lanes), _igraph_to_all(real, arcs, arcs_ahead)]


def _scipy_to_all(real: Real, arcs: Arcs, graph: csr_array, n_lanes: int, dtype: DTypeLike) -> Row:
    """SciPy's heap, source by source."""
    seeds = _a_lane_each(some_nodes(real, WALK, n_lanes, seed=2))
    some = seeds.node[:N_SOURCES_CHECKED]
    found = as_seconds(search(arcs, seeds, n_lanes, dtype)[arcs.row, : len(some)]).T
    expected = dijkstra(graph, indices=some)
    # What is farther than the lanes can tell counts as not reached.
    demand_equal("one to all", found, np.where(expected < unreached(dtype), expected, np.inf))
    rivals: dict[str, Callable[[], object]] = {
        "engine": lambda: search(arcs, seeds, n_lanes, dtype),
        "peer": lambda: dijkstra(graph, indices=some),
    }
    times = side_by_side(rivals, 11, 3)
    question = f"one to all, per source, {n_lanes} lanes of {np.dtype(dtype).name}"
    per_source = times["engine"] / n_lanes, times["peer"] / len(some)
    return quicker(question, real.title, "SciPy dijkstra", per_source, ALL_TARGET)


def _igraph_to_all(real: Real, arcs: Arcs, arcs_ahead: Directed) -> Row:
    """The heap of igraph, in C, source by source; told for orientation."""
    n_lanes = 64
    question, peer = f"one to all, per source, {n_lanes} lanes of int32", "igraph distances"
    if importlib.util.find_spec("igraph") is None:
        return missing(question, real.title, peer, None, INSTALL)
    import igraph  # noqa: PLC0415 -- an optional peer

    ends = np.column_stack([arcs_ahead.tail, arcs_ahead.head])
    peer_graph = igraph.Graph(real.search.network.n_nodes, ends, directed=True)
    seeds = _a_lane_each(some_nodes(real, WALK, n_lanes, seed=2))
    some = seeds.node[:N_SOURCES_CHECKED].tolist()

    def rival() -> Floats:
        return np.array(peer_graph.distances(source=some, weights=arcs_ahead.seconds), np.float64)

    found = as_seconds(search(arcs, seeds, n_lanes, np.int32)[arcs.row, : len(some)]).T
    demand_equal("igraph", found, rival())
    times = side_by_side({"engine": lambda: search(arcs, seeds, n_lanes, np.int32), "peer": rival}, 7, 1)
    per_source = times["engine"] / n_lanes, times["peer"] / len(some)
    return quicker(question, real.title, peer, per_source, None)


def _a_lane_each(node: NDArray[np.int64]) -> Seeds:
    return Seeds(node, np.arange(len(node)), np.zeros(len(node), np.int64))


def edit(real: Real) -> list[Row]:
    """From an edit of the mapped streets to a search that is ready in all modes, as a scenario needs it."""
    network = real.search.network
    streets, edge = (
        network.mapped,
        np.random.default_rng(4).integers(network.mapped.n_edges, size=N_EDITED, dtype=np.int32),
    )
    graph = as_graph(network.n_nodes, directed(network, WALK), backward=False)
    source = some_nodes(real, WALK, 1, seed=3)
    x_m, y_m = network.node_x_m[source[0]], network.node_y_m[source[0]]
    n_modes = len(network.speed_mps)
    speed_mps = np.where(np.arange(n_modes) == CAR, 0.0, 4.0)[:, None].repeat(2, axis=1)
    path = NewPath(x_m + np.array([0.0, PATH_M]), y_m + np.array([0.0, 0.0]), speed_mps)
    every = range(n_modes)
    edits: dict[str, Callable[[], MappedStreets]] = {
        "a limit of 30 km/h on 8 streets": lambda: limit_speed(streets, edge, [CAR], "both", 30 / 3.6),
        "8 streets closed to all": lambda: close(streets, edge, every, "both"),
        "a cycle path of 800 m drawn": lambda: draw_path(streets, path, PATH_M).streets,
    }
    times = side_by_side(
        {
            **{name: partial(_ready, real.search, made) for name, made in edits.items()},
            "peer": lambda: dijkstra(graph, indices=source),
        },
        9,
        2,
    )
    question, peer = "street edit, ready in all modes, in single-source searches", "SciPy dijkstra"
    return [
        dearer(f"{question}: {name}", real.title, peer, (times[name], times["peer"]), EDIT_TARGET)
        for name in edits
    ]


def _ready(old: StreetSearch, made: Callable[[], MappedStreets]) -> StreetSearch:
    return edited_search(old, reassemble(old.network, made()))


def many_to_many(real: Real) -> Row:
    """Seconds by car between 1,200 points anywhere, snapping included."""
    question, peer = (
        f"matrix of {N_POINTS:,} x {N_POINTS:,} points by car, snapping included",
        "OSRM table, CH",
    )
    if real.file is None or not osrm.is_here():
        why = "OSRM's programs are not in the environment: run `make bench`, which unpacks its wheel"
        return missing(question, real.title, peer, OSRM_TARGET, why)
    network, profile = real.search.network, PROFILES[CAR]
    index = snap_indexes(network.mapped)[CAR]
    x_m, y_m = scattered(real, N_POINTS, seed=4)
    lon_deg, lat_deg = real.projection.to_lonlat(x_m, y_m)

    def engine() -> Floats:
        points = snap(network, CAR, profile, index, x_m, y_m)
        return matrix(real.search, CAR, points, points, np.inf)

    with osrm.serving(real.file, profile.name) as port:
        rival = osrm.table(port, lon_deg, lat_deg)
        times = side_by_side({"engine": engine, "peer": lambda: osrm.table(port, lon_deg, lat_deg)}, 5, 1)
    row = quicker(question, real.title, peer, (times["engine"], times["peer"]), OSRM_TARGET)
    return replace(row, note=_agreement(engine(), rival))


def _agreement(found: Floats, expected: Floats) -> str:
    """How near the answers are; they cannot be equal, for OSRM has speeds and turn costs of its own.

    Raises
    ------
    ValueError
        When they are so far apart that something else must have been asked.

    """
    both = np.isfinite(found) & np.isfinite(expected) & (expected > 60)
    share = both.mean()
    ratio = found[both] / expected[both]
    low, middle, high = np.percentile(ratio, (5, 50, 95))
    if share < 0.8 or not 0.5 < middle < 2:
        msg = f"OSRM answers something else: {share:.0%} of the pairs comparable, times {middle:.2f} as long"
        raise ValueError(msg)
    return (
        f"OSRM has its own speeds and turn costs: our times are {middle:.2f} of OSRM's (5 to 95 %: {low:.2f} to "
        f"{high:.2f}), {share:.0%} of the pairs compared"
    )


def preparation(real: Real) -> Row:
    """Order, fill, and five modes customised and thinned, against reading the file of streets."""
    network, file = real.search.network, real.file
    if file is None:
        msg = "preparation is measured on a network read from a file"
        raise ValueError(msg)
    tail, head = network.edge_tail, network.edge_head
    kinds = load_facility_kinds()
    modes = [mode % len(PROFILES) for mode in range(N_MODES)]

    def engine() -> list[ModeSearch]:
        hierarchy = symbolic(elimination_order(network.n_nodes, tail, head), tail, head)
        both = (network.forward_s, network.backward_s)
        return [
            pruned(
                hierarchy,
                customise(hierarchy, *(pack(side[mode], network.edge_length_m, 0) for side in both)),
            )
            for mode in modes
        ]

    times = side_by_side({"engine": engine, "peer": lambda: read_osm(file, kinds)}, 3, 1)
    question = f"preparation: order, fill, {N_MODES} modes customised and thinned"
    return dearer(
        question, real.title, "reading the pbf (pyosmium)", (times["engine"], times["peer"]), PREPARE_TARGET
    )
