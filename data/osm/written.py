"""What libosmium writes while it reads an OSM file, far quicker than it makes Python objects: ways and the places of nodes.

Ways are lines of text (OPL), places of nodes a table in a file.

Format: https://osmcode.org/opl-file-format. Of each way a line like `w123 v1 dV Thighway=path,name=Aa%20%Bee Nn1,n2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium

from data.columns import Bools, Floats, Int64s
from data.parameters.facility_kinds import Tags

BLOCK = 1 << 24
"""Characters of lines that are taken at once."""
_ESCAPED = re.compile("%([0-9a-f]+)%")
"""A character that has a meaning in the format, by its number."""


class WayBlock(NamedTuple):
    """Ways that follow each other in a file: W of them with R nodes and S different combinations of tags.

    Attributes
    ----------
    id
        (W,) int64.
    offset, refs
        (W + 1,) and (R,) int64: the ids of the nodes of way w are `refs[offset[w]:offset[w + 1]]`.
    tag_sets
        Combinations of tags, in the order in which they are met.
    tags
        (W,) int64, row of the combination of each way.

    """

    id: Int64s
    offset: Int64s
    refs: Int64s
    tag_sets: tuple[Tags, ...]
    tags: Int64s

    @property
    def is_closed(self) -> Bools:
        """(W,) bool, whether a way ends where it begins."""
        found = np.diff(self.offset) > 0
        found[found] = self.refs[self.offset[:-1][found]] == self.refs[self.offset[1:][found] - 1]
        return found


def writer_of_lines(path: Path) -> osmium.SimpleWriter:
    """Write all objects that it meets, as a handler or filter, as lines to a file; to be closed before these are read."""
    # Without the version it would not be told either which objects have been deleted.
    return osmium.SimpleWriter(osmium.io.File(str(path), "opl,add_metadata=version"))


def read_ways(path: Path) -> Iterator[WayBlock]:
    """Ways among the lines of a file, in their order, without those that have been deleted."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        while some := lines.readlines(BLOCK):
            ways = [line.split(" ") for line in some if line[0] == "w"]
            alive = [way for way in ways if way[2] == "dV"]
            if alive:
                yield _block(alive)


def _block(ways: list[list[str]]) -> WayBlock:
    """Ways from their five words each; many have the same tags, which are taken apart once."""
    row: dict[str, int] = {}
    names, _, _, tags, nodes = zip(*ways, strict=True)
    number = [row.setdefault(text, len(row)) for text in tags]
    n_refs = [text.count("n") for text in nodes]
    refs = "".join(nodes).replace("N", "").replace("n", "").replace("\n", ",")
    # A way without nodes leaves nothing between two commas.
    written = refs if all(n_refs) else ",".join(filter(None, refs.split(",")))
    return WayBlock(
        id=np.array([int(name[1:]) for name in names], np.int64),
        offset=np.append(0, np.cumsum(n_refs, dtype=np.int64)),
        refs=np.fromstring(written.removesuffix(","), np.int64, sep=","),
        tag_sets=tuple(_tags(text[1:]) for text in row),
        tags=np.array(number, np.int64),
    )


def _tags(text: str) -> dict[str, str]:
    if not text:
        return {}
    pairs = [pair.split("=") for pair in text.split(",")]
    if "%" in text:
        return {_plain(key): _plain(value) for key, value in pairs}
    return {key: value for key, value in pairs}  # noqa: C416 -- `dict` knows no lists of two


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    """Text with its escaped characters as they are."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "%" in text else text


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
