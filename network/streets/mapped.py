"""Streets as edges between junctions, before any of it is turned into seconds: what street edits change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int8s, Int32s, Int64s, Strings, freeze
from network.jit import kernel

ENDS_ONLY, SHUT, THROUGH, BLIND, UNPUSHED = range(5)
"""How a mode uses a street: as the first or last part of a trip; the same since an edit has closed it; as a way through; as
the end of a trip, but since it leads nowhere else there is no harm in calling it a way through, which spares the network
the copies of `network.streets.trip_ends`; not at all, dismounted neither: a ferry that takes no bicycles."""


@dataclass(frozen=True, slots=True, eq=False)
class MappedStreets:
    """Edges along the mapped ways, for M modes; `network.streets.network.assemble` makes a `StreetNetwork` of them.

    Each edge has two *ends*: row 2 e of anything by end is the tail of edge e and row 2 e + 1 its head.

    Attributes
    ----------
    node_x_m, node_y_m
        (N,) float64, junctions in projected metres.
    node_closed
        (M, N) bool, barriers that the mode may reach but not leave.
    has_signals
        (N,) bool, traffic lights.
    edge_tail, edge_head
        (E,) int32, junctions at the two ends; parallel edges and loops occur.
    edge_length_m
        (E,) float64, geodesic length along the mapped line.
    edge_speed
        (E,) int32, row of the speed table.
    edge_road
        (E,) int32, row of the road columns: the road that most of the edge is part of. The first is unknown.
    road_class, road_ref, road_name
        (R,) strings, `highway=*`, number and name as mapped, "" where there is none.
    speed_mps
        (M, K, 2) float64, metres per second from tail to head and from head to tail; 0 where not allowed. What a mode
        does as another one is not in it, see `passing_mps`.
    use
        (M, K, 2) int8, `ENDS_ONLY`, `SHUT`, `THROUGH` or `BLIND`; where the speed is 0, `UNPUSHED` or of no meaning.
    has_doors
        (K,) bool, whether points are attached; False for what is passed, not entered: bridges, tunnels, ferries.
    pushed_as
        (M,) int32, row of the mode as which one goes where that is quicker: whoever cycles may push; the mode itself
        for none.
    forbidden
        (F, 2) int64, turns that restrictions forbid: the end by which one arrives at a junction and the end by which one
        must not go on.
    forbidden_over, forbidden_over_offset
        (O,) and (Q + 1,) int64, courses over streets between, see `network.streets.turns.Forbidden`.
    is_bound
        (M,) bool, modes that obey these.
    signals_s, give_way_s
        (M,) float64, delays of the mode's profile.
    base_edge, base_span
        (E,) int32 and (E, 2) float64, the edge before all edits that an edge is part of, -1 for a new path, and from
        where to where along it, as shares of its length. Doors are found on the streets before all edits.
    vertex_offset
        (E + 1,) int64; the line of edge e is the vertices `vertex_offset[e]:vertex_offset[e + 1]`, tail first.
    vertex_x_m, vertex_y_m
        (X,) float64, projected metres.
    water_offset, water_x_m, water_y_m
        (V + 1,) int64 and (P,) float64, lines of water over which nobody sees a door, projected metres.

    """

    node_x_m: Floats
    node_y_m: Floats
    node_closed: Bools
    has_signals: Bools
    edge_tail: Int32s
    edge_head: Int32s
    edge_length_m: Floats
    edge_speed: Int32s
    edge_road: Int32s
    road_class: Strings
    road_ref: Strings
    road_name: Strings
    speed_mps: Floats
    use: Int8s
    has_doors: Bools
    pushed_as: Int32s
    forbidden: Int64s
    forbidden_over: Int64s
    forbidden_over_offset: Int64s
    is_bound: Bools
    signals_s: Floats
    give_way_s: Floats
    base_edge: Int32s
    base_span: Floats
    vertex_offset: Int64s
    vertex_x_m: Floats
    vertex_y_m: Floats
    water_offset: Int64s
    water_x_m: Floats
    water_y_m: Floats

    def __post_init__(self) -> None:
        nodes = ("node_x_m", "node_y_m", "node_closed", "has_signals")
        modes = ("speed_mps", "use", "has_doors", "pushed_as", "is_bound", "signals_s", "give_way_s")
        turns = ("forbidden", "forbidden_over", "forbidden_over_offset")
        roads = ("road_class", "road_ref", "road_name")
        lines = ("vertex_offset", "vertex_x_m", "vertex_y_m", "water_offset", "water_x_m", "water_y_m")
        freeze(self, len(self.edge_tail), *nodes, *modes, *turns, *roads, *lines)

    @property
    def n_nodes(self) -> int:
        """Number of junctions."""
        return len(self.node_x_m)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_tail)

    def unedited(self) -> MappedStreets:
        """Return the same streets as if they had been mapped so: doors are found on them."""
        spans = np.tile([0.0, 1.0], (self.n_edges, 1))
        return replace(self, base_edge=np.arange(self.n_edges, dtype=np.int32), base_span=spans)

    def of_modes(self, row: list[int]) -> MappedStreets:
        """Return the same streets for some of the modes, in that order; those as which they are pushed must be among them."""
        per_mode = ("node_closed", "speed_mps", "use", "is_bound", "signals_s", "give_way_s")
        pushed_as = np.array([row.index(self.pushed_as[mode]) for mode in row], np.int32)
        return replace(self, pushed_as=pushed_as, **{name: getattr(self, name)[row] for name in per_mode})

    @property
    def passing_mps(self) -> Floats:
        """(M, K, 2) float64, metres per second on the way through, dismounted where that is quicker."""
        return self.mps_as(THROUGH, BLIND)

    @property
    def ends_mps(self) -> Floats:
        """(M, K, 2) float64, metres per second at the beginning and the end of a trip, dismounted where that is quicker."""
        return self.mps_as(ENDS_ONLY, SHUT, THROUGH, BLIND)

    def mps_as(self, *uses: int) -> Floats:
        """(M, K, 2) float64, metres per second in some uses, dismounted where that is quicker."""
        is_meant = np.zeros(UNPUSHED + 1, np.bool_)
        is_meant[list(uses)] = True
        own_mps = np.where(is_meant[self.use], self.speed_mps, 0.0)
        pushed_mps = own_mps[self.pushed_as]
        if BLIND in uses:
            # What leads a rider nowhere else is pushed along as it is ridden, however those on foot may use it.
            pushed_mps = np.where(self.use == BLIND, self.speed_mps[self.pushed_as], pushed_mps)
        return np.maximum(own_mps, np.where(self.use == UNPUSHED, 0.0, pushed_mps))

    @property
    def end_node(self) -> Int32s:
        """(2 E,) int32, junction at each end."""
        return np.column_stack([self.edge_tail, self.edge_head]).ravel()

    def touching(self, west: float, south: float, east: float, north: float) -> Bools:
        """(E,) bool, edges whose own box meets a box of projected metres: no other can lie in it."""
        return _meets_box(self.vertex_offset, self.vertex_x_m, self.vertex_y_m, (west, south), (east, north))

    def courses_over(self) -> list[tuple[int, ...]]:
        """Each forbidden course over streets between."""
        over, first = self.forbidden_over.tolist(), self.forbidden_over_offset.tolist()
        return [tuple(over[start:stop]) for start, stop in pairwise(first)]

    def ends_at(self) -> EndsAt:
        """Ends at each junction."""
        return EndsAt(*rows_by(self.end_node, self.n_nodes))


class EndsAt(NamedTuple):
    """Ragged rows: the ends at each of N nodes, ascending."""

    offset: Int64s
    """(N + 1,) int64."""
    end: Int32s
    """(2 E,) int32."""


def first_alike(*of_modes: NDArray[Any]) -> list[int]:
    """(M,) the first mode of which all rows are the same as those of each: bikes and e-bikes go the same ways."""
    n_modes = len(of_modes[0])
    return [
        next(
            one for one in range(mode + 1) if all(np.array_equal(rows[one], rows[mode]) for rows in of_modes)
        )
        for mode in range(n_modes)
    ]


@kernel
def _meets_box(
    first: Int64s, x_m: Floats, y_m: Floats, low: tuple[float, float], high: tuple[float, float]
) -> Bools:
    """(E,) bool, whether the box around each line meets the box between two corners."""
    meets = np.zeros(len(first) - 1, np.bool_)
    for edge in range(len(meets)):
        left, right, bottom, top = np.inf, -np.inf, np.inf, -np.inf
        for vertex in range(first[edge], first[edge + 1]):
            left, right = min(left, x_m[vertex]), max(right, x_m[vertex])
            bottom, top = min(bottom, y_m[vertex]), max(top, y_m[vertex])
        meets[edge] = left <= high[0] and right >= low[0] and bottom <= high[1] and top >= low[1]
    return meets


@kernel
def rows_by(key: Int32s, n_keys: int) -> tuple[Int64s, Int32s]:
    """Ragged rows: the places of every key 0, 1, ... `n_keys` - 1 in `key`, ascending."""
    first = np.zeros(n_keys + 1, np.int64)
    for row in range(len(key)):
        first[key[row] + 1] += 1
    for at in range(n_keys):
        first[at + 1] += first[at]
    free = first[:-1].copy()
    rows = np.empty(len(key), np.int32)
    for row in range(len(key)):
        rows[free[key[row]]] = row
        free[key[row]] += 1
    return first, rows
