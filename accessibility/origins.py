"""Who starts where: the places of a region, or its population cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accessibility.travel_network import Points
from data.columns import Bools, Floats, Int32s, freeze
from data.places import Places, PopulationGrid


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Points where people start.

    Attributes
    ----------
    points
        O points.
    place
        (O,) int32, row of Places each belongs to; -1 where none.
    people_by_age
        (O, 4) int32, persons in the bands of `data.places.AGE_BANDS`.
    in_region
        (O,) bool, whether its people count in totals.
    cars_per_household
        (O,) float64, of the place; nan where unknown.

    """

    points: Points
    place: Int32s
    people_by_age: Int32s
    in_region: Bools
    cars_per_household: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.place), "points")

    @property
    def people(self) -> Int32s:
        """(O,) int32, persons of all ages."""
        total: Int32s = self.people_by_age.sum(axis=1, dtype="int32")
        return total


def place_origins(places: Places) -> Origins:
    """Everybody starts at the point of his or her place."""
    rows = np.arange(len(places.id), dtype=np.int32)
    return Origins(
        Points(places.x_m, places.y_m),
        rows,
        places.inhabitants_by_age,
        places.in_region,
        places.cars_per_household,
    )


def cell_origins(places: Places, grid: PopulationGrid) -> Origins:
    """Everybody starts in the middle of his or her cell; a cell counts in totals when its place does."""
    in_region = np.append(places.in_region, False)[grid.place]
    cars = np.append(places.cars_per_household, np.nan)[grid.place]
    return Origins(Points(grid.x_m, grid.y_m), grid.place, grid.inhabitants_by_age, in_region, cars)
