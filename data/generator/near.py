"""Nearest neighbours among points of the plane."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from data.columns import Floats, Int64s


def nearest(targets: Floats, points: Floats) -> tuple[Floats, Int64s]:
    """Metres to, and row of, the nearest of `targets`, (T, 2), for each of `points`, (K, 2)."""
    distance_m, row = cKDTree(targets).query(points)
    return np.asarray(distance_m, dtype=np.float64), np.asarray(row, dtype=np.int64)


def distance_m(points: Floats, other: Floats) -> Floats:
    """Metres between points, (..., 2), row by row or to one point."""
    return np.asarray(np.linalg.norm(points - other, axis=-1), dtype=np.float64)
