"""Tiles in one file: PMTiles 3, https://github.com/protomaps/PMTiles, so that other programs open them too."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Address = tuple[int, int, int]
"""Zoom, column from the west, row from the north, in Web Mercator."""


def write_archive(
    path: Path,
    tiles: Iterable[tuple[Address, bytes]],
    bounds: tuple[float, float, float, float],
    about: dict[str, Any],
) -> None:
    """Write vector tiles with `about` as their description; tiles in the order of their numbers make the smallest file.

    `bounds` are west, south, east and north in degrees. Nothing is written where there is no tile.
    """
    from pmtiles.tile import Compression, TileType, zxy_to_tileid  # noqa: PLC0415
    from pmtiles.writer import write  # noqa: PLC0415

    numbered = sorted((zxy_to_tileid(*address), data) for address, data in tiles)
    if not numbered:
        return
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 0,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    with write(str(path)) as archive:
        for number, data in numbered:
            archive.write_tile(number, gzip.compress(data, mtime=0))
        archive.finalize(header, about)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of which the index is held in memory."""

    path: Path
    index: dict[int, tuple[int, int]]
    """First byte and number of bytes by the number of the tile."""
    zooms: tuple[int, int]

    def tile(self, address: Address) -> bytes | None:
        """Tile as it is kept (gzip), None where there is nothing to draw."""
        from pmtiles.tile import zxy_to_tileid  # noqa: PLC0415

        zoom, column, row = address
        if not (0 <= zoom <= self.zooms[1] and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom):
            return None
        if (found := self.index.get(zxy_to_tileid(zoom, column, row))) is None:
            return None
        start, length = found
        with self.path.open("rb") as file:
            return os.pread(file.fileno(), length, start)


def open_archive(path: Path) -> Archive | None:
    """Open an archive; None where there is no file."""
    from pmtiles.tile import deserialize_directory, deserialize_header  # noqa: PLC0415

    if not path.is_file():
        return None
    with path.open("rb") as file:
        header = deserialize_header(file.read(127))

        def entries(offset: int, length: int) -> list[tuple[int, int, int]]:
            found = []
            file.seek(offset)
            for entry in deserialize_directory(file.read(length)):
                if entry.run_length:
                    numbers = range(entry.tile_id, entry.tile_id + entry.run_length)
                    found += [
                        (number, header["tile_data_offset"] + entry.offset, entry.length)
                        for number in numbers
                    ]
                else:
                    found += entries(header["leaf_directory_offset"] + entry.offset, entry.length)
            return found

        index = {
            number: (start, length)
            for number, start, length in entries(header["root_offset"], header["root_length"])
        }
    return Archive(path, index, (header["min_zoom"], header["max_zoom"]))
