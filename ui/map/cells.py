"""Population cells on the map: where they lie, sent once, and the class of each, sent with every change."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats
from data.places import PopulationGrid
from data.projection import Projection
from scenarios.comparison.compare import Comparison
from ui.map.legend import (
    BETTER_COLOURS,
    DIFFERENCE_BREAKS_MIN,
    MINUTE_COLOURS,
    WORSE_COLOURS,
    breaks_for,
    difference_legend,
    minutes_legend,
)
from ui.words.i18n import Texts

CELL_M = 100.0
STEPS = 65_535
SECONDS_PER_MINUTE = 60.0
NOBODY = 255
"""Class of a cell of which nothing is drawn: nobody counts there."""
UNREACHED_COLOUR = "#8d9795"
"""Squares of four points are too small for a hatch."""


def placed_cells(grid: PopulationGrid, projection: Projection) -> dict[str, Any]:
    """Box around the middles of the cells in degrees, how many cells it is wide, and each middle as two parts of 65,535 of it."""
    lon, lat = projection.to_lonlat(grid.x_m, grid.y_m)
    lon, lat = np.round(lon, 7), np.round(lat, 7)
    west, south, east, north = float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
    # A box of one cell wide would have no inside.
    half = CELL_M / 2 / 111_320.0
    west, south, east, north = west - half, south - half, east + half, north + half
    at = np.column_stack([(lon - west) / (east - west), (lat - south) / (north - south)])
    wide_m = (east - west) * 111_320.0 * float(np.cos(np.radians((south + north) / 2)))
    return {
        "bounds": [west, south, east, north],
        "across": round(wide_m / CELL_M, 2),
        "at": _packed(np.rint(at * STEPS).astype("<u2")),
    }


def cell_classes(
    comparison: Comparison, mode: str, show: Literal["before", "after", "difference"], texts: Texts
) -> dict[str, Any]:
    """Class of every cell, and the colour and words of each class; "" for a colour leaves the ground as it is."""
    before, after = (
        outcome.resident_times.seconds / SECONDS_PER_MINUTE
        for outcome in (comparison.before, comparison.after)
    )
    if show == "difference":
        classes, colours = difference_classes(before, after)
        legend = difference_legend(texts)
        words = [entry.text for entry in legend]
    else:
        classes = np.searchsorted(breaks_for(mode), before if show == "before" else after).astype(np.uint8)
        classes[~np.isfinite(before if show == "before" else after)] = len(MINUTE_COLOURS)
        colours = (*MINUTE_COLOURS, UNREACHED_COLOUR)
        words = [entry.text for entry in minutes_legend(mode, texts)]
    residents = comparison.after.residents
    classes[~residents.in_region | (residents.people == 0)] = NOBODY
    return {"classes": _packed(classes), "colours": list(colours), "texts": words}


def difference_classes(before_min: Floats, after_min: Floats) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """(C,) uint8 classes in the order of the legend of differences, and their colours."""
    n = len(DIFFERENCE_BREAKS_MIN)
    never = np.isinf(before_min) & np.isinf(after_min)
    with np.errstate(invalid="ignore"):
        longer = np.where(never, 0.0, after_min - before_min)
    size = np.searchsorted(DIFFERENCE_BREAKS_MIN, np.abs(longer), side="right")
    classes = np.where(longer < 0, n - size, n + size).astype(np.uint8)
    classes[never] = 2 * n + 1
    return classes, (*reversed(BETTER_COLOURS), "", *WORSE_COLOURS, UNREACHED_COLOUR)


def _packed(values: NDArray[Any]) -> str:
    return b64encode(values.tobytes()).decode()
