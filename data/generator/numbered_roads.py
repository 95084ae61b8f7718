"""Roads with a number, as the facts tables give them: their junctions in order, each by the stop or place it lies at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.columns import Floats, Strings
from data.generator.tables import Problems, facts_table, floats, strings

FAST = {"motorway": "motorway", "autoweg": "trunk"}
"""Classes of roads that are entered at their junctions only, and their OSM highway value."""
ROAD = "road"


class Pin(NamedTuple):
    """What a junction lies at: row of a stop, -1 for a place, and metres."""

    stop: int
    x_m: float
    y_m: float


class NumberedRoad(NamedTuple):
    """One road by its junctions in order.

    Attributes
    ----------
    ref
        Its numbers as OSM writes them: "A37;E233".
    kind
        ``motorway``, ``autoweg`` or ``road``.
    at
        (J,) id of the stop or place each junction lies at.
    stop
        (J,) row of that stop, -1 where it is a place.
    x_m, y_m
        (J,) metres, of that stop or place.
    limit_kmh
        (J - 1,) limits from each junction to the next; 0 where those of the links hold.

    """

    ref: str
    kind: str
    at: Strings
    stop: tuple[int, ...]
    x_m: Floats
    y_m: Floats
    limit_kmh: tuple[int, ...]


def read_numbered_roads(
    folder: Path, pins: Mapping[str, Pin], problems: Problems
) -> tuple[NumberedRoad, ...]:
    """Roads of roads.csv in its order, pinned to stops and places by id; contradictions are added to `problems`."""
    table = facts_table(folder, "roads", "road seq at class limit_kmh origin source")
    kinds, at = strings(table, "class"), strings(table, "at")
    rows_of: dict[str, list[int]] = {}
    for row, ref in enumerate(strings(table, "road")):
        rows_of.setdefault(ref, []).append(row)
        if at[row] not in pins:
            problems.append(f"roads.csv row {row + 2}: at '{at[row]}' is neither a stop nor a place")
        if kinds[row] not in (*FAST, ROAD) or kinds[row] != kinds[rows_of[ref][0]]:
            problems.append(
                f"roads.csv row {row + 2}: class '{kinds[row]}' is not one of {', '.join(FAST)} or {ROAD}, one per road"
            )
        if kinds[row] == ROAD and at[row] in pins and pins[at[row]].stop < 0:
            problems.append(
                f"roads.csv row {row + 2}: a road over the links needs a stop, and '{at[row]}' is a place"
            )
    roads = []
    for ref, rows in rows_of.items():
        kind = kinds[rows[0]]
        limits = (
            floats(table.iloc[rows[:-1]], "roads", "limit_kmh", problems)
            if kind in FAST
            else np.zeros(len(rows) - 1)
        )
        found = [pins.get(at[row], Pin(-1, np.nan, np.nan)) for row in rows]
        if len(rows) == 1:
            problems.append(
                f"roads.csv row {rows[0] + 2}: '{ref}' has one junction; a road needs two or more"
            )
        roads.append(
            NumberedRoad(
                ref,
                kind,
                tuple(at[row] for row in rows),
                tuple(pin.stop for pin in found),
                np.array([pin.x_m for pin in found]),
                np.array([pin.y_m for pin in found]),
                tuple(int(limit) for limit in np.nan_to_num(limits)),
            )
        )
    return tuple(roads)
