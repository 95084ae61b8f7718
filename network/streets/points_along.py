"""Points along the streets themselves, close together: where else than at home one may stand, for areas within reach."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Floats, Int32s, offsets
from network.modes.modes import Profile
from network.streets.mapped import MappedStreets
from network.streets.network import StreetNetwork
from network.streets.snap import Snapped, doors_at

BETWEEN_LINES_M = 1.0
"""Keeps the lines of streets apart on the one axis along which they lie behind each other."""


class StreetPoints(NamedTuple):
    """P points on mapped edges."""

    edge: Int32s
    fraction: Floats
    """(P,) float64, place along the edge, 0 at its tail and 1 at its head."""
    x_m: Floats
    y_m: Floats


def points_along(mapped: MappedStreets, edges: Int32s, piece_m: float) -> StreetPoints:
    """Middles of the pieces, all of one edge alike and none longer than `piece_m`, that some edges are cut in."""
    n_pieces = np.maximum(np.ceil(mapped.edge_length_m[edges] / piece_m), 1).astype(np.int64)
    first = offsets(n_pieces)
    piece = np.arange(first[-1]) - np.repeat(first[:-1], n_pieces)
    fraction = (piece + 0.5) / np.repeat(n_pieces, n_pieces)
    edge = np.repeat(edges, n_pieces)
    step_m = np.hypot(np.diff(mapped.vertex_x_m), np.diff(mapped.vertex_y_m))
    step_m[mapped.vertex_offset[1:-1] - 1] = BETWEEN_LINES_M
    along_m = np.concatenate([[0.0], np.cumsum(step_m)])
    begin_m, end_m = along_m[mapped.vertex_offset[:-1][edge]], along_m[mapped.vertex_offset[1:][edge] - 1]
    at_m = begin_m + fraction * (end_m - begin_m)
    x_m, y_m = (np.interp(at_m, along_m, column) for column in (mapped.vertex_x_m, mapped.vertex_y_m))
    return StreetPoints(edge.astype(np.int32), fraction, x_m, y_m)


def doors_on(network: StreetNetwork, mode: int, profile: Profile, points: StreetPoints) -> Snapped:
    """Doors of whoever stands on the streets at these points."""
    on, none = np.zeros(len(points.edge)), np.full(len(points.edge), np.inf)
    edge = np.stack([points.edge, np.full_like(points.edge, -1)], axis=1)
    fraction, off_m = np.stack([points.fraction, on], axis=1), np.stack([on, none], axis=1)
    return doors_at(network, mode, profile, (points.x_m, points.y_m), edge, fraction, off_m)
