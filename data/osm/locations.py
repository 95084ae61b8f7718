"""Where the nodes of an OSM file are, as libosmium has stored them in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.columns import Bools, Floats, Int64s

_STORED = np.dtype([("id", np.int64), ("x", np.int32), ("y", np.int32)])


def storage_in(path: Path) -> str:
    """Name of a location storage of libosmium (`sparse_file_array`) in a new file."""
    return f"sparse_file_array,{path}"


class Locations:
    """Nodes by id; `ids` are those of interest, which are looked up once.

    Attributes
    ----------
    ids
        (N,) int64, ascending.

    """

    def __init__(self, path: Path, ids: Int64s) -> None:
        stored = np.fromfile(path, _STORED)
        # The file is larger than what is in it. A table of nodes has no negative ids, see `_refuse_negative_ids` of the reader.
        stored = stored[stored["id"] > 0]
        if np.any(stored["id"][1:] < stored["id"][:-1]):
            stored = stored[np.argsort(stored["id"], kind="stable")]
        self._stored = stored
        self.ids = ids
        self._found = self._looked_up(ids)

    def __call__(self, ids: Int64s) -> tuple[Floats, Floats, Bools]:
        """(N,) float64 lon_deg and lat_deg and (N,) bool, whether the file gives a valid place."""
        row = np.searchsorted(self.ids, ids)
        if not np.array_equal(self.ids.take(row, mode="clip") if len(self.ids) else self.ids, ids):
            return self._looked_up(ids)
        lon_deg, lat_deg, known = self._found
        return lon_deg[row], lat_deg[row], known[row]

    @property
    def missing(self) -> Int64s:
        """Ids of interest that the file has not, or not before the ways."""
        return self.ids[~self._found[2]]

    def _looked_up(self, ids: Int64s) -> tuple[Floats, Floats, Bools]:
        if not len(self._stored):
            return np.zeros(len(ids)), np.zeros(len(ids)), np.zeros(len(ids), np.bool_)
        row = np.minimum(np.searchsorted(self._stored["id"], ids), len(self._stored) - 1)
        found = self._stored[row]
        # OSM stores whole 1e-7 degrees: dividing by 1e7 gives the decimal number as it was mapped.
        lon_deg, lat_deg = found["x"] / 1e7, found["y"] / 1e7
        return lon_deg, lat_deg, (found["id"] == ids) & (np.abs(lon_deg) <= 180.0) & (np.abs(lat_deg) <= 90.0)
