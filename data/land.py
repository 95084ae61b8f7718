"""What a map shows beside streets: water, woods, built-up areas and railways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import freeze

LandKind: TypeAlias = Literal["water", "wood", "built", "river", "stream", "rail"]
"""Areas (water, wood, built) and lines (river, stream, rail)."""


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Areas and lines that help to recognise the land; they count for no travel time.

    Attributes
    ----------
    kind
        (N,) kinds.
    shape
        (N,) object, shapely polygons, multipolygons and lines in WGS84 degrees, longitude first.

    """

    kind: tuple[LandKind, ...]
    shape: NDArray[np.object_]

    def __post_init__(self) -> None:
        freeze(self, len(self.kind))


NO_LAND = Land((), np.empty(0, dtype=object))
