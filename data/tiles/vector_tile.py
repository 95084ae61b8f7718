"""One vector tile as bytes: Mapbox Vector Tile Specification 2.1, https://github.com/mapbox/vector-tile-spec."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.columns import Int64s

EXTENT = 4096
"""Units of a tile in both directions."""
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
LINE, POLYGON = 2, 3
_VERSION, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT = 15, 1, 2, 3, 4, 5
_TAGS, _TYPE, _GEOMETRY = 2, 3, 4


class TileFeature(NamedTuple):
    """Parts of one kind: lines, or the rings of polygons."""

    properties: tuple[tuple[str, str], ...]
    points: Int64s
    """(P, 2) int64, in units of the tile, y downwards; a ring repeats its first point."""
    offset: Int64s
    """(parts + 1,) int64; the points of part p are `points[offset[p]:offset[p + 1]]`."""
    is_area: bool


def encode_tile(layers: Iterable[tuple[str, Sequence[TileFeature]]]) -> bytes:
    """Write layers by name; parts that shrink to less than a line or a ring are left out, and what is then empty too."""
    parts = (_layer(name, features) for name, features in layers)
    return b"".join(_message(3, layer) for layer in parts if layer)


def _layer(name: str, features: Sequence[TileFeature]) -> bytes:
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    drawn = []
    for feature in features:
        if not len(commands := _commands(feature)):
            continue
        tags = [
            number
            for key, value in feature.properties
            for number in (keys.setdefault(key, len(keys)), values.setdefault(value, len(values)))
        ]
        kind = _key(_TYPE, 0) + _varint(POLYGON if feature.is_area else LINE)
        drawn.append(
            _message(
                _FEATURE, _message(_TAGS, _varints(tags)) + kind + _message(_GEOMETRY, _varints(commands))
            )
        )
    if not drawn:
        return b""
    return b"".join(
        (
            _key(_VERSION, 0) + _varint(2),
            _message(_NAME, name.encode()),
            *drawn,
            *(_message(_KEY, key.encode()) for key in keys),
            *(_message(_VALUE, _message(1, value.encode())) for value in values),
            _key(_EXTENT, 0) + _varint(EXTENT),
        )
    )


def _commands(feature: TileFeature) -> Int64s:
    """Geometry of a feature as the command integers of the specification, 4.3."""
    part = np.repeat(np.arange(len(feature.offset) - 1), np.diff(feature.offset))
    moved = np.ones(len(part), dtype=bool)
    moved[1:] = (feature.points[1:] != feature.points[:-1]).any(axis=1) | (part[1:] != part[:-1])
    if feature.is_area and len(moved):
        # A ring is closed by its command: the point that repeats the first goes.
        ends = feature.offset[1:] - 1
        first = feature.points[feature.offset[:-1]]
        moved[ends] &= (feature.points[ends] != first).any(axis=1)
    length = np.bincount(part[moved], minlength=len(feature.offset) - 1)
    fits = length >= (3 if feature.is_area else 2)
    kept = moved & fits[part]
    points, length = feature.points[kept], length[fits]
    if not len(length):
        return np.empty(0, dtype=np.int64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    zigzag = ((steps << 1) ^ (steps >> 63)).ravel()
    start = 2 * np.concatenate([[0], np.cumsum(length)[:-1]])
    stop = start + 2 * length
    commands = [(start, np.full(len(start), 1 << 3 | MOVE_TO)), (start + 2, (length - 1) << 3 | LINE_TO)]
    if feature.is_area:
        commands.append((stop, np.full(len(stop), 1 << 3 | CLOSE_PATH)))
    at, numbers = (np.concatenate(column) for column in zip(*commands, strict=True))
    # Where the end of one ring and the start of the next meet, the close comes first.
    order = np.lexsort((numbers & 7 != CLOSE_PATH, at))
    return np.insert(zigzag, at[order], numbers[order])


def _varints(values: Sequence[int] | Int64s) -> bytes:
    """Numbers of at least 0, below 2**35, in base 128, the lowest digit first."""
    numbers = np.asarray(values, dtype=np.int64)
    n_bytes = np.searchsorted(2 ** (7 * np.arange(1, 5)), numbers, side="right") + 1
    end = np.cumsum(n_bytes)
    written: NDArray[np.uint8] = np.zeros(int(end[-1]) if len(end) else 0, dtype=np.uint8)
    for digit in range(5):
        rows = n_bytes > digit
        more = (n_bytes[rows] > digit + 1).astype(np.int64) << 7
        written[(end - n_bytes)[rows] + digit] = (numbers[rows] >> (7 * digit) & 127) | more
    return written.tobytes()


def _varint(value: int) -> bytes:
    """Write one number likewise; most are below 128."""
    digits = bytearray()
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    digits.append(value)
    return bytes(digits)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _message(field: int, body: bytes) -> bytes:
    return _key(field, 2) + _varint(len(body)) + body
