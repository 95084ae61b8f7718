"""Oracle for `network.hierarchy.search`: the same questions answered by SciPy's Dijkstra, the plainest right search.

Seconds are whole numbers held in float64; "not reached" is inf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.columns import Floats, Int32s
from network.hierarchy.search import Nearest, origin_ends, target_ends
from network.streets.network import CLOSED_S, StreetNetwork
from network.streets.snap import Snapped, same_edge


def nearest(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped) -> Nearest:
    """Search backward from all targets at once and read the result at the origins."""
    n_targets, n_origins = len(targets.edge), len(origins.edge)
    result = Nearest(np.full(n_origins, np.inf), np.full(n_origins, -1, np.int32), np.full(n_origins, np.inf))
    if not n_targets or not n_origins:
        return result
    seconds, metres = _arcs_backward(network, mode, targets)
    sources = np.arange(network.n_nodes, network.n_nodes + n_targets)
    reached_s, predecessor, source = dijkstra(
        seconds, indices=sources, min_only=True, return_predecessors=True
    )
    reached_m = _metres_along(predecessor, metres)
    target = np.where(np.isfinite(reached_s), source - network.n_nodes, -1)
    starts = origin_ends(network, mode, origins)
    for end in range(len(starts.node)):
        node, row = starts.node[[end]], starts.point[[end]]
        to_s = np.where(starts.seconds[[end]] < CLOSED_S, starts.seconds[[end]], np.inf)
        _improve(result, row, to_s + reached_s[node], target[node], reached_m[node] + starts.metres[[end]])
    direct = same_edge(network, mode, origins, targets)
    order = np.lexsort((direct.seconds, direct.origin))
    origin, first = np.unique(direct.origin[order], return_index=True)
    best = order[first]
    direct_s = np.where(direct.seconds[best] < CLOSED_S, direct.seconds[best], np.inf)
    _improve(result, origin, direct_s, direct.target[best], direct.metres[best])
    return result


def matrix(network: StreetNetwork, mode: int, origins: Snapped, targets: Snapped, limit_s: float) -> Floats:
    """(O, T) float64 seconds from every origin to every target; inf where not reached within `limit_s`."""
    seconds = np.full((len(origins.edge), len(targets.edge)), np.inf)
    if not seconds.size:
        return seconds
    graph, _ = _arcs_backward(network, mode, targets)
    starts = origin_ends(network, mode, origins)
    to_s = np.where(starts.seconds < CLOSED_S, starts.seconds, np.inf)
    for target in range(len(targets.edge)):
        reached_s = dijkstra(graph, indices=np.array([network.n_nodes + target]), limit=limit_s)[0]
        np.minimum.at(seconds[:, target], starts.point, to_s + reached_s[starts.node])
    direct = same_edge(network, mode, origins, targets)
    direct_s = np.where(direct.seconds < CLOSED_S, direct.seconds, np.inf)
    np.minimum.at(seconds, (direct.origin, direct.target), direct_s)
    seconds[seconds > limit_s] = np.inf
    return seconds


def _improve(
    result: Nearest, row: NDArray[np.integer], seconds: Floats, target: Int32s, metres: Floats
) -> None:
    """Lower `result`, in place, at the rows where the new way is quicker."""
    quicker = seconds < result.seconds[row]
    at = row[quicker]
    result.seconds[at] = seconds[quicker]
    result.target[at] = target[quicker]
    result.metres[at] = metres[quicker]


def _arcs_backward(network: StreetNetwork, mode: int, targets: Snapped) -> tuple[csr_array, csr_array]:
    """Seconds and metres of all arcs turned round, (N + T, N + T): row N + t is target t; parallel arcs keep the quickest."""
    tail, head, length_m = network.edge_tail, network.edge_head, network.edge_length_m
    ends = target_ends(network, mode, targets)
    rows = np.concatenate([head, tail, network.n_nodes + ends.point])
    columns = np.concatenate([tail, head, ends.node])
    seconds = np.concatenate([network.forward_s[mode], network.backward_s[mode], ends.seconds])
    metres = np.concatenate([length_m, length_m, ends.metres])
    order = np.lexsort((metres, seconds, columns, rows))
    order = order[seconds[order] < CLOSED_S]
    repeated = (np.diff(rows[order], prepend=-1) == 0) & (np.diff(columns[order], prepend=-1) == 0)
    kept = order[~repeated]
    n_rows = network.n_nodes + len(targets.edge)
    first = np.zeros(n_rows + 1, np.int32)
    np.cumsum(np.bincount(rows[kept], minlength=n_rows), out=first[1:])
    column = columns[kept].astype(np.int32)

    def arcs(values: NDArray[np.float64]) -> csr_array:
        return csr_array((values, column, first), shape=(n_rows, n_rows))

    return arcs(seconds[kept].astype(np.float64)), arcs(metres[kept])


def _metres_along(predecessor: Int32s, metres: csr_array) -> Floats:
    """(N + T,) float64, metres from each node along its branch of the search tree; 0 off the tree.

    Each round doubles the part of the branch that is added up.
    """
    n_rows = len(predecessor)
    node = np.flatnonzero(predecessor >= 0)
    row = np.repeat(np.arange(n_rows, dtype=np.int64), np.diff(metres.indptr))
    entry = np.searchsorted(row * n_rows + metres.indices, predecessor[node].astype(np.int64) * n_rows + node)
    total = np.full(n_rows, 0.0)
    total[node] = metres.data[entry]
    ahead = np.where(predecessor >= 0, predecessor, np.arange(n_rows))
    while (ahead[ahead] != ahead).any():
        total += total[ahead]
        ahead = ahead[ahead]
    return total
