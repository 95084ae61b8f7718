"""Where people live and what they travel to."""

from __future__ import annotations

from dataclasses import dataclass

from data.columns import Bools, Floats, Int32s, Strings, freeze

PERSONS_MAX = 2**31 - 1
"""Of one row, as columns of persons can hold; the largest town has a fiftieth of it."""
AGE_BANDS = ("0_19", "20_64", "65_74", "75plus")
AGE_SHARES = (0.222, 0.589, 0.109, 0.080)
"""Shares of the age bands in the Netherlands on 1 January 2018 (CBS), where a source gives only a total."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Villages, hamlets and quarters of towns: one row per place.

    Attributes
    ----------
    id, name, municipality, kind
        (P,) strings; `municipality` is "" outside the region.
    x_m, y_m
        (P,) float64, projected metres.
    inhabitants_by_age
        (P, 4) int32, persons in the bands of `AGE_BANDS`.
    in_region
        (P,) bool; the others are surroundings: destinations, not part of any total.
    modelled
        (P,) bool, whether the number of inhabitants rests on a rule instead of a count.
    cars_per_household
        (P,) float64, of the district or municipality; nan where unknown.

    """

    id: Strings
    name: Strings
    municipality: Strings
    kind: Strings
    x_m: Floats
    y_m: Floats
    inhabitants_by_age: Int32s
    in_region: Bools
    modelled: Bools
    cars_per_household: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))

    @property
    def inhabitants(self) -> Int32s:
        """(P,) int32, persons of all ages."""
        total: Int32s = self.inhabitants_by_age.sum(axis=1, dtype="int32")
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Facilities:
    """Services people travel to: one row per service and location.

    Attributes
    ----------
    id, kind, name
        (F,) strings; a hub that offers three kinds is three rows plus one of kind `hub`.
    x_m, y_m
        (F,) float64, projected metres.
    units
        (F,) float64, size in units of the kind (GP practices, pupils, tills); 1 where unknown.
    opening
        (F,) strings, opening hours as OpenStreetMap writes them ("Mo-Fr 08:00-17:00"); "" where unknown.
    modelled
        (F,) bool, whether a rule says that it is there.
    date
        (F,) strings, day, month or year of what is known of it ("2026-07-28"); "" where unknown.
    position_modelled
        (F,) bool, whether it stands where a rule put it: on the point of its village.
    position_m
        (F,) float64, half of the positions found in the same way are at most this far off; nan where unknown.

    """

    id: Strings
    kind: Strings
    name: Strings
    x_m: Floats
    y_m: Floats
    units: Floats
    opening: Strings
    modelled: Bools
    date: Strings
    position_modelled: Bools
    position_m: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class PopulationGrid:
    """Inhabitants in cells of 100 m.

    Attributes
    ----------
    x_m, y_m
        (C,) float64, centre of the cell, projected metres.
    place
        (C,) int32, row of Places the cell belongs to; -1 where none.
    inhabitants_by_age
        (C, 4) int32, persons in the bands of `AGE_BANDS`.

    """

    x_m: Floats
    y_m: Floats
    place: Int32s
    inhabitants_by_age: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.x_m))
