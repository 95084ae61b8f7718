"""Where doors are looked for: the streets of each mode as lines that are searchable by place.

They take more memory than all else that a search reads, and as long to make as to open a region; who asks only for points
whose doors are known never makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.columns import Bools, Floats, Int32s, Int64s
from network.streets.mapped import MappedStreets, first_alike
from network.streets.trip_ends import attached

NOT_STOOD_ON = frozenset(["", "motorway", "motorway_link"])
"""Classes of passed ways on which nobody stands: ferries have none."""
POND_M = 100.0
"""Closed water that is no wider and no longer than this hides nothing: one walks round it. An assumption."""


class Lines(NamedTuple):
    """Edges searchable by place."""

    edge: Int32s
    """(L,) int32, edges in the tree, ascending."""
    line: NDArray[np.object_]
    """(L,) shapely LineStrings."""
    tree: shapely.STRtree


class KnownDoors(NamedTuple):
    """Doors of K points that were looked for before: those of a region's own points are kept with it.

    Attributes
    ----------
    max_m
        Reach within which they were looked for.
    place
        (K,) complex128, x + iy in projected metres, ascending, none of them twice.
    edge, fraction, off_m
        (K, 2), as in `Snapped`, but `off_m` is inf where there is no door.

    """

    max_m: float
    place: NDArray[np.complex128]
    edge: Int64s
    fraction: Floats
    off_m: Floats


NO_DOORS = KnownDoors(
    0.0, np.empty(0, np.complex128), np.empty((0, 2), np.int64), np.empty((0, 2)), np.empty((0, 2))
)


class Parts(NamedTuple):
    """The streets of one mode by what they are to doors.

    Attributes
    ----------
    main
        Edges with doors on them, from and to which one comes over the largest part of the network.
    passed
        The others of that part (bridges, tunnels, ferries, motorways): only for points that have nothing else in reach.
    built
        Those of them that one may stand on: bridges and tunnels, for points that lie on them.
    apart
        Edges with doors that hang together with no such edge.
    water
        Lines of water: what lies behind them is not seen.

    """

    main: Lines
    passed: Lines
    built: Lines
    apart: Lines
    water: shapely.STRtree


@dataclass(frozen=True, slots=True, eq=False)
class SnapIndex:
    """Edges that points may be attached to in one mode, on the streets before all edits: doors stay where they are."""

    streets: DoorStreets
    mode: int
    known: KnownDoors
    """Doors that need not be looked for."""

    @property
    def parts(self) -> Parts:
        """The streets by what they are to doors; made when they are first asked for."""
        return self.streets.parts(self.mode)


class DoorStreets:
    """Streets before all edits, of which the lines of each mode are made when they are first asked for, from any thread."""

    def __init__(self, mapped: MappedStreets) -> None:
        self._mapped = mapped
        self._made: dict[int, Parts] = {}
        self._lock = Lock()

    def like(self, mode: int) -> int:
        """Return the first mode that goes the same ways and so has the same doors: bikes and e-bikes do."""
        with self._lock:
            return self._like[mode]

    def parts(self, mode: int) -> Parts:
        """Lines of one mode; those that go the same ways share theirs."""
        like = self.like(mode)
        with self._lock:
            if like not in self._made:
                self._made[like] = self._parts(like)
            return self._made[like]

    @cached_property
    def _usable(self) -> Bools:
        mapped = self._mapped
        usable: Bools = np.any(mapped.ends_mps[:, mapped.edge_speed] > 0, axis=2)
        return usable

    @cached_property
    def _is_main(self) -> Bools:
        return attached(self._mapped)

    @cached_property
    def _like(self) -> list[int]:
        return first_alike(self._usable, self._is_main)

    @cached_property
    def _lines(self) -> NDArray[np.object_]:
        return edge_lines(self._mapped)

    @cached_property
    def _water(self) -> shapely.STRtree:
        return _shores(self._mapped)

    def _parts(self, mode: int) -> Parts:
        mapped, main = self._mapped, self._is_main[mode]
        has_doors = mapped.has_doors[mapped.edge_speed]
        is_stood_on = np.array([name not in NOT_STOOD_ON for name in mapped.road_class])[mapped.edge_road]
        apart = self._usable[mode] & ~main
        rows = (main & has_doors, main & ~has_doors, main & is_stood_on & ~has_doors, apart & has_doors)
        main_lines, passed, built, apart_lines = (
            _searchable(self._lines, np.flatnonzero(row)) for row in rows
        )
        return Parts(main_lines, passed, built, apart_lines, self._water)


def snap_indexes(mapped: MappedStreets, known: tuple[KnownDoors, ...] = ()) -> tuple[SnapIndex, ...]:
    """Index of every mode; `mapped` are the streets before all edits, ValueError where they are not.

    `known` are doors by mode, of the first of them or of none.
    """
    if not np.array_equal(mapped.base_edge, np.arange(mapped.n_edges)):
        msg = "doors are found on the streets before all edits"
        raise ValueError(msg)
    streets, n_modes = DoorStreets(mapped), len(mapped.speed_mps)
    doors = (*known, *[NO_DOORS] * n_modes)[:n_modes]
    return tuple(SnapIndex(streets, mode, of_mode) for mode, of_mode in enumerate(doors))


def edge_lines(mapped: MappedStreets) -> NDArray[np.object_]:
    """(E,) shapely LineStrings of all edges, projected metres; the indexes of all modes share them."""
    return _line_strings(mapped.vertex_offset, mapped.vertex_x_m, mapped.vertex_y_m)


def _line_strings(offset: Int64s, x_m: Floats, y_m: Floats) -> NDArray[np.object_]:
    line = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    return np.asarray(shapely.linestrings(np.column_stack([x_m, y_m]), indices=line))


def _shores(mapped: MappedStreets) -> shapely.STRtree:
    """All lines of water but the shores of ponds."""
    lines = _line_strings(mapped.water_offset, mapped.water_x_m, mapped.water_y_m)
    west, south, east, north = shapely.bounds(lines).reshape(-1, 4).T
    is_pond = shapely.is_closed(lines) & (np.maximum(east - west, north - south) <= POND_M)
    return shapely.STRtree(lines[~is_pond])


def _searchable(lines: NDArray[np.object_], edge: Int64s) -> Lines:
    return Lines(edge.astype(np.int32), lines[edge], shapely.STRtree(lines[edge]))
